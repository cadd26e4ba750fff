/* Traffic summed up by one thing, and ports with counters beside samples. */
#include "view/view_meter_by.h"

#include "../meter/exchange.h"
#include "meter_asked.h"
#include "tap.h"
#include "view/view_meter.h"

enum { START = 1700000100 };

/* Member 0 is a cache and has two ports, member 2 is transit, and has a contract on a segment. */
static struct hub *
make_hub(void)
{
	struct hub *hub = exchange_new(4);
	hub->ports[3].member = 0;
	hub->member_count = 3;
	hub->members[0].name = "Silk, Road \"Cache\"";
	hub->ports[0].service = hub->ports[3].service = HUB_SERVICE_CACHE;
	hub->ports[2].service = HUB_SERVICE_TRANSIT;
	hub->sites = arena_take(hub->arena, 2 * sizeof(*hub->sites));
	hub->sites[0] = (struct hub_site){.id = "AKT", .latitude = NAN, .longitude = NAN};
	hub->sites[1] = (struct hub_site){.id = "SUM", .latitude = NAN, .longitude = NAN};
	hub->site_count = 2;
	hub->segments = arena_take(hub->arena, sizeof(*hub->segments));
	hub->segments[0] = (struct hub_segment){
		.id = "C01", .a = 0, .b = 1, .design_tbps = 1, .lit_tbps = NAN, .usable = true};
	hub->segment_count = 1;
	hub->contracts = arena_take(hub->arena, sizeof(*hub->contracts));
	uint32_t *segment = arena_take(hub->arena, sizeof(*segment));
	uint32_t *port = arena_take(hub->arena, sizeof(*port));
	*port = 2;
	hub->contracts[0] = (struct hub_contract){.id = "t",
						  .member = 2,
						  .ports = port,
						  .port_count = 1,
						  .segments = segment,
						  .segment_count = 1};
	hub->contract_count = 1;
	return hub;
}

/* Three ports are counted, and samples say half, all and twice of it; the fourth is not. */
static struct traffic_port ports[] = {
	{.port = "p0",
	 .counter_in = 4000000,
	 .counter_out = 1000000,
	 .counter_covered_s = 300,
	 .flow_in = 2000000,
	 .flow_out = 1000000,
	 .samples_in = 2000,
	 .samples_out = 1000,
	 .state = TRAFFIC_COUNTER,
	 .source = TRAFFIC_BY_SNMP,
	 .errors_in = 7,
	 .lost_ppm = 12345},
	{.port = "p1",
	 .counter_in = 1000000,
	 .counter_out = 3000000,
	 .counter_covered_s = 300,
	 .flow_in = 1000000,
	 .flow_out = 1500000,
	 .samples_in = 1000,
	 .samples_out = 1500,
	 .state = TRAFFIC_COUNTER,
	 .source = TRAFFIC_BY_SFLOW},
	{.port = "p2",
	 .counter_out = 1000000,
	 .counter_covered_s = 300,
	 .flow_out = 500000,
	 .samples_out = 500,
	 .state = TRAFFIC_COUNTER,
	 .source = TRAFFIC_BY_PUSH},
	{.port = "p3", .state = TRAFFIC_MISSING},
};
static struct traffic_pair pairs[] = {
	{0, 1, IP_V4, 1500000, 1500, 1500},
	{0, 2, IP_V6, 500000, 500, 500},
	{1, 0, IP_V4, 1000000, 1000, 1000},
};
static struct traffic_origin origins[] = {
	{0, false, {64900}, {'P', 'K'}, 1500000, 1500, {64512}},
	{0, false, {64901}, {'P', 'K'}, 500000, 500, {64512}},
	{1, true, {64900}, {'K', 'Z'}, 300000, 300, {64513}},
	{1, true, {0}, {'-', '-'}, 1200000, 1200, {0}},
};
static struct traffic_path paths[] = {
	{0, false, false, {64512, 64900}, 1500000, 1500},
	{0, false, true, {64512, 1, 2, 3}, 500000, 500},
	{1, true, false, {64513, 64900}, 300000, 300},
	{1, true, false, {0}, 1200000, 1200},
	{3, false, false, {64512, 64900}, 70000, 70}, /* another port of the first one's member */
};
static struct traffic_unattributed unattributed[] = {{"broadcast or multicast", 100000, 100},
						     {TRAFFIC_SEEN_AGAIN, 700000, 700},
						     {TRAFFIC_SEEN_ELSEWHERE, 700000, 700}};
static const struct traffic_batch batch = {
	.start = {START},
	.length_s = 300,
	.covered_s = 300,
	.ports = ports,
	.port_count = 4,
	.pairs = pairs,
	.pair_count = 3,
	.origins = origins,
	.origin_count = 4,
	.unattributed = unattributed,
	.unattributed_count = 3,
	.paths = paths,
	.path_count = 5,
};

/* All rows in one line: "name>to in/out(flow in/flow out)". */
static const char *
rows(enum traffic_what what, const struct hub *hub)
{
	static char text[1024];
	struct arena *arena = arena_new();
	struct view_by by;
	text[0] = '\0';
	if (view_meter_by(&by, what, hub, &batch, HUB_NONE, arena) < 0)
		return "no memory";
	for (size_t i = 0; i < by.count; i++) {
		const struct view_by_row *r = &by.rows[i];
		struct view_by_name name = view_meter_by_name(&by, r);
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
			       "%s%s%s %llu/%llu(%llu/%llu) ", name.text, name.to[0] ? ">" : "",
			       name.to, (unsigned long long)r->octets_in,
			       (unsigned long long)r->octets_out, (unsigned long long)r->flow_in,
			       (unsigned long long)r->flow_out);
	}
	arena_free(arena);
	return text;
}

static void
sums(void)
{
	struct hub *hub = make_hub();
	is_str(rows(TRAFFIC_WHAT_PAIR, hub),
	       "Silk, Road \"Cache\">Member 1 3000000/0(1500000/0) "
	       "Silk, Road \"Cache\">Member 2 1000000/0(500000/0) "
	       "Member 1>Silk, Road \"Cache\" 1000000/0(1000000/0) ",
	       "pairs of members, fitted to counters on both sides");
	is_str(rows(TRAFFIC_WHAT_MEMBER, hub),
	       "Silk, Road \"Cache\" 4000000/1000000(2000000/1000000) "
	       "Member 1 1000000/3000000(1000000/1500000) Member 2 0/1000000(0/500000) ",
	       "members by their counters, all ports together");
	is_str(rows(TRAFFIC_WHAT_PORT, hub),
	       "p0 4000000/1000000(2000000/1000000) p1 1000000/3000000(1000000/1500000) "
	       "p2 0/1000000(0/500000) p3 0/0(0/0) ",
	       "ports apart");
	is_str(rows(TRAFFIC_WHAT_SERVICE, hub),
	       "cache 4000000/1000000(2000000/1000000) peering 1000000/3000000(1000000/1500000) "
	       "transit 0/1000000(0/500000) ",
	       "services");
	is_str(rows(TRAFFIC_WHAT_AS, hub),
	       "AS64900 3000000/600000(1500000/300000) (no route) 0/2400000(0/1200000) "
	       "AS64901 1000000/0(500000/0) ",
	       "networks, each scaled as the port that it was seen at");
	is_str(rows(TRAFFIC_WHAT_MEMBER_AS, hub),
	       "Silk, Road \"Cache\">AS64900 3000000/0(1500000/0) "
	       "Member 1>(no route) 0/2400000(0/1200000) "
	       "Silk, Road \"Cache\">AS64901 1000000/0(500000/0) "
	       "Member 1>AS64900 0/600000(0/300000) ",
	       "the same of each member");
	is_str(rows(TRAFFIC_WHAT_NEXT_AS, hub),
	       "AS64512 Silk, Road \"Cache\" 4000000/0(2000000/0) (no route) "
	       "0/2400000(0/1200000) AS64513 Member 1 0/600000(0/300000) ",
	       "next networks, by name where it is a member's");
	is_str(rows(TRAFFIC_WHAT_COUNTRY, hub),
	       "PK 4000000/0(2000000/0) (not known) 0/2400000(0/1200000) KZ 0/600000(0/300000) ",
	       "countries");
	is_str(rows(TRAFFIC_WHAT_PATH, hub),
	       "AS64512 > 64512 64900 3070000/0(1570000/0) AS64513 > (no path) "
	       "0/2400000(0/1200000) AS64512 > 64512 1 2 3 ... 1000000/0(500000/0) "
	       "AS64513 > 64513 64900 0/600000(0/300000) ",
	       "ways beyond members, all ports of each together");
	is_str(rows(TRAFFIC_WHAT_FAMILY, hub),
	       "ipv4 4000000/0(2500000/0) ipv6 1000000/0(500000/0) ", "families");
	is_str(rows(TRAFFIC_WHAT_LOCAL, hub),
	       "between members here 4000000/0(2500000/0) to and from transit "
	       "1000000/0(500000/0) broadcast or multicast 100000/0(100000/0) ",
	       "what stays here, what goes on, and what cannot be told");
	is_str(rows(TRAFFIC_WHAT_SEGMENT, hub), "C01 0/999975(0/999975) ",
	       "segments of contracts, by what their ports counted, in whole bit/s");
	hub_free(hub);
}

/* --- the answers --- */

static const char *
ask(struct buf *out, const struct meter *m, enum view_meter_form form, const char *line)
{
	return ask_meter(out, m, (struct utc_s){START + 305}, form, line);
}

static void
send(struct meter *m, int64_t s, bool counters)
{
	static uint32_t sequence;
	struct buf b = {0};
	struct frame f = {.from = 0, .to = 1, .vlan = 100, .length = 1000, .rate = 1000};
	uint32_t up_ms = (uint32_t)(10000000 + s * 1000);
	sequence++;
	sflow_header(&b, (struct sflow_numbers){0, sequence, up_ms}, 1);
	if (counters)
		sflow_counter_sample(&b, sequence, 1000, (uint64_t)s * 50000, 0);
	else
		sflow_flow_sample(&b, sequence, &f);
	meter_datagram(m, METER_SFLOW, ip_v4(0xc0000201), cursor_of(b.data, b.length),
		       (struct utc_s){START + s});
	buf_fini(&b);
}

static void
answers(void)
{
	struct hub *hub = make_hub();
	struct meter *m = meter_new(hub, 1, (struct utc_s){START});
	struct buf b = {0};
	for (int64_t s = 0; s <= 300; s += 20) {
		send(m, s, true);
		if (s < 200)
			send(m, s, false);
	}
	while (meter_tick(m, (struct utc_s){START + 360}))
		;
	ok(says(ask(&b, m, VIEW_METER_JSON, "show traffic by pair"), "\"by\":\"pair\"") &&
		   says((char *)b.data,
			"\"to\":\"Member 1\",\"flow_octets\":10000000,\"octets\":15000000,\"bps\":"
			"400000,\"samples\":10,\"error_percent\":61.98"),
	   "ten samples, brought to what was counted, may be off by 62 %%");
	ok(says(ask(&b, m, VIEW_METER_CSV, "show traffic by member limit 1"),
		"\"Silk, Road \"\"Cache\"\"\",10000000,15000000,0,0,10,61.98\r\n"),
	   "CSV quotes what has to be quoted");
	ok(!strstr(ask(&b, m, VIEW_METER_CSV, "show traffic by member limit 1"), "Member 1"),
	   "a limit limits");
	ok(says(ask(&b, m, VIEW_METER_JSON, "show ports"), "\"port\":\"p0\",\"asn\":64512") &&
		   says((char *)b.data, "\"service\":\"cache\"") &&
		   says((char *)b.data, "\"speed_bps\":400000000000") &&
		   says((char *)b.data, "\"if_index\":1000,\"if_index_by\":\"hub file\"") &&
		   says((char *)b.data, "\"state\":\"counter\",\"counters_by\":\"sflow\","
					"\"counters_covered_s\":300") &&
		   says((char *)b.data, "\"counters_compared\":null") &&
		   says((char *)b.data, "\"in\":{\"counter_octets\":15000000,") &&
		   says((char *)b.data, "\"samples\":10,\"ratio\":0.6666,"
					"\"error_percent\":61.98}"),
	   "ports tell counters, samples and their ratio");
	ok(says((char *)b.data, "\"in\":{\"counter_octets\":null,\"flow_octets\":0"),
	   "what was not counted is null, not 0");
	ok(says(ask(&b, m, VIEW_METER_TEXT, "show ports"), "  0.67     -"), "in text too");
	unsigned wide = 0;
	char line[64];
	for (int i = 0; i < TRAFFIC_WHATS; i++) {
		(void)snprintf(line, sizeof(line), "show traffic by %s",
			       traffic_what_name((enum traffic_what)i));
		wide += widest(ask(&b, m, VIEW_METER_TEXT, line)) > 80 || b.length < 60;
	}
	is_int(wide, 0, "all of them fit 80 columns");
	ok(widest(ask(&b, m, VIEW_METER_TEXT, "show ports")) <= 80, "so do ports");
	send(m, 301, false);
	ok(says(ask(&b, m, VIEW_METER_JSON, "show traffic by pair now"),
		"\"flow_octets\":1000000,\"octets\":1000000"),
	   "now is the open bin, as far as it is");
	static const char *const refused[] = {
		"show traffic by",          "show traffic by me",
		"show traffic by as limit", "show traffic by as limit x",
		"show traffic by as later", "show ports now",
	};
	unsigned wrong = 0;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		wrong += strcmp(ask(&b, m, VIEW_METER_JSON, refused[i]), "400") != 0;
	is_int(wrong, 0, "words that make no sense are refused");
	buf_fini(&b);
	meter_free(m);
	hub_free(hub);
}

int
main(void)
{
	sums();
	answers();
	return done_testing();
}
