/* What the view tells of the RPKI: its sources, and which ROAs speak about a route, and how. */
#include "view/view_exchange.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "exchange/bgp/bgp_as_path.h"
#include "exchange/quiet_shell.h"
#include "exchange/rpki/rpki_table.h"
#include "hub_text.h"
#include "tap.h"

static const char picture[] =
	"hub: {name: T, asn: 64500, router_id: 192.0.2.1}\n"
	"policy: {rov: refuse, bogon_asns: [0], martians: []}\n"
	"lans: [{name: p, ipv4: 192.0.2.0/24}]\nmembers:\n"
	"  - {asn: 3001, name: One, kind: access, ports: [{speed: 1G, ipv4: 192.0.2.11}], "
	"sessions: [{}]}\n";

static void
announce(struct rib *rib, const char *text)
{
	struct prefix prefix;
	uint8_t path[] = {BGP_AS_SEQUENCE, 1, 0, 0, 3001 >> 8, 3001 & 255};
	struct bgp_attrs attrs = {.as_path = cursor_of(path, sizeof(path)),
				  .as_hops = 1,
				  .first_as = {3001},
				  .origin_as = {3001},
				  .next_hop = ip_v4(0xc000020b)};
	struct rib_verdict verdict = {.plain = true};
	uint32_t set = rib_attrs_known(rib, 0, &attrs);
	prefix_parse(&prefix, text);
	if (!set)
		set = rib_attrs_intern(rib, &verdict);
	(void)rib_announce(rib, (struct rib_source){.slot = 0}, &prefix, set, 0, 0);
	rib_turn_end(rib);
}

static struct rpki_table *
make_table(void)
{
	struct rpki_table *table = rpki_table_new();
	int source = table ? rpki_source_add(table, RPKI_CACHE, "cache-1", 1) : -1;
	struct rpki_vrp vrps[] = {{.max_length = 24, .asn = {3001}},
				  {.max_length = 22, .asn = {3002}}};
	if (source < 0)
		return NULL;
	prefix_parse(&vrps[0].prefix, "198.18.0.0/24");
	prefix_parse(&vrps[1].prefix, "198.18.4.0/22");
	rpki_begin(table, (unsigned)source, RPKI_WHOLE);
	for (size_t i = 0; i < 2; i++)
		(void)rpki_announce(table, (unsigned)source, &vrps[i]);
	rpki_commit(table, (unsigned)source, false);
	return table;
}

/* Does the answer say so? JSON has to be JSON. */
static bool
says(struct exchange *x, enum view_form form, const char *const *words, const char *text)
{
	struct buf out = {0};
	struct view_exchange_rest *rest;
	struct view_complaint complaint = {0};
	size_t count = 0;
	while (words[count])
		count++;
	if (view_exchange_answer(&out, x, form, words, count, &rest, &complaint) < 0)
		buf_str(&out, complaint.text);
	buf_u8(&out, 0);
	const char *got = (const char *)out.data;
	bool good = strstr(got, text) != NULL;
	if (good && form == VIEW_JSON) {
		struct arena *arena = arena_new();
		good = json_read(arena, got, out.length - 1) != NULL;
		arena_free(arena);
	}
	if (!good)
		printf("# %s\n", got);
	buf_fini(&out);
	return good;
}

int
main(void)
{
	struct hub *hub = hub_of_text(picture);
	struct exchange *x = exchange_new(hub, 1, &quiet_shell, (struct mono_us){1});
	struct rpki_table *table = make_table();
	if (!x || !table)
		return 1;
	rib_session_open(exchange_rib(x, IP_V4), 0, &(struct rib_peer){.router_id = 1});
	announce(exchange_rib(x, IP_V4), "198.18.0.0/24");
	announce(exchange_rib(x, IP_V4), "198.18.4.0/24");
	exchange_use_rpki(x, table, (struct mono_us){2});

	const char *rpki[] = {"show", "rpki", NULL};
	ok(says(x, VIEW_TEXT, rpki, "* cache-1"), "the source in use is marked");
	ok(says(x, VIEW_TEXT, rpki, "2 IPv4 VRPs"), "with what it has");
	ok(says(x, VIEW_JSON, rpki, "\"in_use\":true,\"vrps_ipv4\":2"), "as JSON, too");
	const char *valid[] = {"explain", "198.18.0.0/24", NULL};
	ok(says(x, VIEW_TEXT, valid, "RPKI origin: valid"), "a valid route is told so");
	ok(says(x, VIEW_JSON, valid, "\"asn\":3001,\"fits\":true"), "with the ROA that fits");
	const char *invalid[] = {"explain", "198.18.4.0/24", NULL};
	ok(says(x, VIEW_TEXT, invalid, "FAILS  RPKI origin"), "an invalid one stands out");
	ok(says(x, VIEW_TEXT, invalid, "ROA     198.18.4.0/22-22 of AS3002 is for another origin"),
	   "with the ROA that speaks against it, and how");
	const char *mended[] = {"explain",          "198.18.4.0/24", "if", "roa",
				"198.18.4.0/22-24", "3001",          NULL};
	ok(says(x, VIEW_TEXT, mended, "RPKI origin: valid, if it were so"),
	   "another ROA would make it valid");
	const char *metrics[] = {"metrics", "exchange", NULL};
	ok(says(x, VIEW_TEXT, metrics, "sarai_rpki_records{kind=\"vrp_ipv4\"} 2"),
	   "the metrics tell how many there are");

	exchange_free(x);
	rpki_table_free(table);
	hub_free(hub);
	return done_testing();
}
