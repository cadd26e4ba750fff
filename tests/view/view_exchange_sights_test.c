/* What is shown of what goes on beside routes: BFD, stations, MRT files, who is stuck, held down, or stale. In words (80
 * columns), as JSON, and as numbers for Prometheus. */
#include "exchange/exchange_sights.h"

#include <string.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "exchange/quiet_shell.h"
#include "hub_text.h"
#include "tap.h"
#include "view/view_exchange.h"
#include "view/view_text.h"

static const char picture[] =
	"hub: {name: T, asn: 64500, router_id: 192.0.2.1}\n"
	"lans: [{name: p, ipv4: 192.0.2.0/24, ipv6: \"2001:db8::/64\"}]\n"
	"stations:\n"
	"  - {name: archive, host: bmp.example.net}\n"
	"  - {name: second, host: 198.51.100.9, port: 5000, loc_rib: yes}\n"
	"dumps: {directory: /var/lib/mrt, keep_days: 30}\n"
	"members:\n"
	"  - {asn: 3001, name: \"Кыргызтелеком и партнёры по магистрали Бишкек\", "
	"kind: access, ports: [{speed: 1G, ipv4: 192.0.2.11}], "
	"sessions: [{bfd: yes}]}\n"
	"  - {asn: 3002, name: Two, kind: access, ports: [{speed: 1G, "
	"ipv6: \"2001:db8::1234:5678:9abc:def0\"}], sessions: [{bfd: yes}]}\n"
	"  - {asn: 3003, name: Three, kind: access, ports: [{speed: 1G, "
	"ipv4: 192.0.2.13}], sessions: [{enabled: no}]}\n";

static const struct bfd watched = {.state = BFD_DOWN,
				   .diagnostic = BFD_DIAGNOSTIC_EXPIRED,
				   .since = {40000000},
				   .packets_in = 7,
				   .packets_out = 900,
				   .downs = 2};

static const struct bfd *
see_bfd(void *context, unsigned slot)
{
	(void)context;
	return slot == 0 ? &watched : NULL;
}

static const uint64_t *
see_faults(void *context)
{
	static const uint64_t faults[BFD_FAULTS] = {
		[BFD_FAULT_DISTANCE] = 3, [BFD_FAULT_UNKNOWN] = 41};
	(void)context;
	return faults;
}

static size_t
see_stations(void *context, struct exchange_station *out, size_t max)
{
	(void)context;
	if (max < 2)
		return 0;
	out[0] = (struct exchange_station){.name = "archive",
					   .host = "bmp.example.net",
					   .port = 11019,
					   .state = STATION_WAITS,
					   .since = {90000000},
					   .next_try = {132000000},
					   .failures = 6,
					   .overruns = 1,
					   .error = "Connection refused",
					   .error_since = {90000000}};
	out[1] = (struct exchange_station){.name = "second",
					   .host = "198.51.100.9",
					   .port = 5000,
					   .state = STATION_IS_UP,
					   .caught_up = true,
					   .address = ip_v4(0xc6336409),
					   .since = {50000000},
					   .octets = 1981000000,
					   .connections = 1,
					   .error = ""};
	return 2;
}

static void
see_dumps(void *context, struct exchange_dumps *out)
{
	(void)context;
	out->directory = "/var/lib/mrt";
	out->keep_days = 30;
	out->table = (struct exchange_dump){.every_s = 7200,
					    .last = "rib.20261121.0800.gz",
					    .last_at = {1000000000},
					    .last_octets = 4096,
					    .writing = "",
					    .next = {1000003600},
					    .files = 5,
					    .error = ""};
	out->updates = (struct exchange_dump){.every_s = 900,
					      .last = "",
					      .writing = "updates.20261121.0815.gz",
					      .next = {1000000300},
					      .failures = 2,
					      .lost = 17,
					      .error = "No space left on device",
					      .error_at = {1000000090}};
}

static struct mono_us
see_full_since(void *context, unsigned slot)
{
	(void)context;
	return (struct mono_us){slot == 1 ? 58000000 : 0};
}

static const struct exchange_sights sights = {see_bfd, see_faults, see_stations, see_dumps,
					      see_full_since};

static char answer[65536];

/* The whole answer; text has to fit a terminal, JSON has to be JSON. */
static bool
ask(struct exchange *x, enum view_form form, const char *first, const char *second)
{
	struct buf out = {0};
	struct view_exchange_rest *rest;
	struct view_complaint complaint = {0};
	const char *words[] = {first, second};
	if (view_exchange_answer(&out, x, form, words, 2, &rest, &complaint) < 0)
		buf_str(&out, complaint.text);
	while (rest && view_exchange_rest_next(rest, x, &out))
		continue;
	view_exchange_rest_free(rest);
	buf_u8(&out, 0);
	bool good = out.length <= sizeof(answer);
	if (good)
		memcpy(answer, out.data, out.length);
	buf_fini(&out);
	if (good && form == VIEW_JSON) {
		struct arena *arena = arena_new();
		good = json_read(arena, answer, strlen(answer)) != NULL;
		arena_free(arena);
	}
	for (const char *line = answer; good && form == VIEW_TEXT && *line && *first == 's';) {
		char copy[1024];
		size_t length = strcspn(line, "\n");
		snprintf(copy, sizeof(copy), "%.*s", (int)length, line);
		if (view_width(copy) > VIEW_COLUMNS) {
			printf("# too wide: %s\n", copy);
			good = false;
		}
		line += length + (line[length] == '\n');
	}
	return good;
}

static bool
says(const char *text)
{
	bool found = strstr(answer, text) != NULL;
	if (!found)
		printf("# not there: %s\n# in: %s\n", text, answer);
	return found;
}

static void
in_words(struct exchange *x)
{
	ok(ask(x, VIEW_TEXT, "show", "bfd") && says("BFD watches 2 sessions, 0 up"),
	   "BFD says how many it watches, and how many are up");
	ok(says("control detection time expired"), "why one is down");
	ok(says("begins when the BGP session has come up"), "and what another waits for");
	ok(says("41  from nobody who is expected") && says("3  from more than one hop away"),
	   "packets that are dropped are told by cause");
	ok(ask(x, VIEW_TEXT, "show", "bmp") && says("Connection refused, 00:00:30 ago") &&
		   says("next try in 12 s"),
	   "a station that cannot be reached says why, and when it is tried again");
	ok(says("1.98 GB") && says("fell behind 1 time"), "with what was sent and what was lost");
	ok(ask(x, VIEW_TEXT, "show", "mrt") && says("rib.20261121.0800.gz, 4.10 kB"),
	   "the last MRT file, with its size");
	ok(says("in 00:58:20, every 02:00:00"), "when the next one comes");
	ok(says("2 failed, 17 records lost") && says("No space left on device, 00:00:10 ago"),
	   "what failed, and why");
	ok(ask(x, VIEW_TEXT, "show", "sessions") && says("3 sessions: 0 well, 2 down"),
	   "sessions are counted by what is the matter");
	ok(says("disabled in the hub file"), "one that the hub file disables says so");
	exchange_peer_down(x, 0, NULL, (struct mono_us){120000000});
	ok(ask(x, VIEW_TEXT, "show", "sessions") && says("`member 3001 up` lets it come up"),
	   "one that the operator took down says how it comes up again");
	exchange_peer_up(x, 0, (struct mono_us){120000000});
}

static void
as_json(struct exchange *x)
{
	ok(ask(x, VIEW_JSON, "show", "bfd") && says("\"state\":\"down\"") && says("\"distance\":3"),
	   "BFD as JSON");
	ok(ask(x, VIEW_JSON, "show", "bmp") && says("\"overruns\":1") &&
		   says("\"hears\":[\"pre_policy\",\"loc_rib\"]"),
	   "stations as JSON");
	ok(ask(x, VIEW_JSON, "show", "mrt") && says("\"lost_records\":17") &&
		   says("\"last_octets\":4096"),
	   "MRT files as JSON");
	ok(ask(x, VIEW_JSON, "show", "sessions") &&
		   says("\"stuck_since\":\"2001-09-09T01:47:18Z\""),
	   "a session that takes nothing says since when");
	ok(says("\"bfd\":\"down\"") && says("\"held\":false"), "with its BFD and its keeper");
}

static void
as_incidents(struct exchange *x)
{
	ok(ask(x, VIEW_JSON, "show", "members") &&
		   says("\"text\":\"BMP station archive is not reached\"") &&
		   says("\"text\":\"An MRT file of updates could not be written\"") &&
		   says("\"detail\":\"No space left on device\",\"link\":\"#/exchange\""),
	   "what is broken beside BGP comes into the overview");
	ok(!strstr(answer, "station second") && !strstr(answer, "of the table"),
	   "and what is not broken does not");
}

static void
as_numbers(struct exchange *x)
{
	ok(ask(x, VIEW_TEXT, "metrics", "exchange") && says("sarai_bfd_session_up{asn=\"3001\",") &&
		   says("sarai_bfd_dropped_packets_total{cause=\"unknown\"} 41"),
	   "BFD in metrics");
	ok(says("sarai_bmp_station_up{station=\"archive\"} 0") &&
		   says("sarai_bmp_station_sent_bytes_total{station=\"second\"} 1981000000"),
	   "stations in metrics");
	ok(says("sarai_mrt_last_file_timestamp_seconds{kind=\"table\"} 1000000000") &&
		   says("sarai_mrt_failures_total{kind=\"updates\"} 2"),
	   "MRT files in metrics");
	ok(says("session=\"3002-1\"} 62") && says("# TYPE sarai_bgp_peer_stuck_seconds gauge"),
	   "who takes nothing, and for how long");
}

int
main(void)
{
	struct hub *hub = hub_of_text(picture);
	struct exchange_shell shell = quiet_shell;
	shell.sights = &sights;
	struct exchange *x = exchange_new(hub, 1, &shell, (struct mono_us){1});
	exchange_tick(x, (struct mono_us){120000000}, (struct utc_s){1000000100});
	in_words(x);
	as_json(x);
	as_numbers(x);
	as_incidents(x);
	exchange_free(x);

	shell.sights = NULL;
	x = exchange_new(hub, 1, &shell, (struct mono_us){1});
	ok(ask(x, VIEW_TEXT, "show", "bmp") && says("No station hears"),
	   "where there is nothing to see, that is said");
	ok(ask(x, VIEW_TEXT, "show", "mrt") && says("No MRT files are written"), "of files too");
	exchange_free(x);
	hub_free(hub);
	return done_testing();
}
