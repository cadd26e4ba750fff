/* Hub files, registries, ROAs and ASPAs made up from a seed, for storms among many members. What a session agrees on in
 * its OPEN stays the same from one variant of a file to the next; policies, profiles, rules and limits change. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "scenario/storm.h"

enum { GONE_EACH = 8, GONE = 5, LARGE_EACH = 7, RULES_MAX = 3, HUB = 4095 };

unsigned
storm_fixed(const struct storm *storm, unsigned member, unsigned what, unsigned limit)
{
	uint64_t key = storm->seed * 1000003u + (uint64_t)member * 1009u + what;
	return (unsigned)(hash_u64(key) % limit);
}

/* The same, for each variant. */
static unsigned
varied(const struct storm *storm, unsigned member, unsigned what, unsigned limit)
{
	return storm_fixed(storm, member + (storm->variant + 1) * 4096, what, limit);
}

uint32_t
storm_asn(unsigned member)
{
	return member % LARGE_EACH == 3 ? 4200000000u + member : 64801 + member;
}

uint32_t
storm_hub_asn(const struct storm *storm)
{
	return storm_fixed(storm, HUB, 40, 5) ? 64500 : 4200009999u;
}

/* A third of the first are IPv6; then hosts and others that are too long; then what is nobody's to announce, and what
 * lies around others. */
const char *
storm_prefix_at(struct storm *storm, unsigned number)
{
	static const char *const odd[] = {
		"10.1.0.0/16",          "198.0.0.0/7",   "172.16.5.0/24",
		"2001:db8:a001:1::/64", "4000:db8::/32", "2001:db8:100::/64",
		"2001:db8:a003::7/128", "198.18.0.0/21", "2001:db8:a000::/40",
		"2001:db8:a006::9/128", "23.0.0.0/12",
	};
	struct arena *arena = storm->s->arena;
	if (number >= 33)
		return odd[number - 33];
	if (number >= 29)
		return arena_printf(arena, "198.18.%u.0/25", number - 24);
	if (number >= 24)
		return arena_printf(arena, "198.18.%u.7/32", number - 24);
	return arena_printf(arena, number % 3 ? "198.18.%u.0/24" : "2001:db8:a%03u::/48", number);
}

const char *
storm_prefix(struct storm *storm)
{
	unsigned most = storm_below(storm, 3) ? 24 : STORM_PREFIXES;
	return storm_prefix_at(storm, storm_below(storm, most));
}

static const char *
pick(unsigned number, const char *a, const char *b, const char *c)
{
	return number == 0 ? a : number == 1 ? b : c;
}

static const char *
yes(unsigned number)
{
	return number ? "true" : "false";
}

/* --- members --- */

static void
put_rules(const struct storm *storm, struct buf *to, const char *name, unsigned member)
{
	static const char *const spaces[] = {"", "", ", prefix: 198.18.0.0/21",
					     ", prefix: 198.18.8.0/21",
					     ", prefix: \"2001:db8:a000::/36\""};
	unsigned what = *name * 16u, count = varied(storm, member, what, 8);
	if (!count || count > RULES_MAX)
		return;
	buf_printf(to, "    %s:\n", name);
	for (unsigned i = 0; i < count; i++) {
		unsigned peer = varied(storm, member, what + 4 * i + 1, storm->members);
		unsigned action = varied(storm, member, what + 4 * i + 2, 3);
		peer -= peer % GONE_EACH == GONE; /* one that is always there */
		buf_str(to, "      - {");
		if (varied(storm, member, what + 4 * i + 3, 4))
			buf_printf(to, "peer: %u, ", storm_asn(peer));
		buf_printf(to, "action: %s%s", pick(action, "accept", "deny", "prepend"),
			   action == 2 ? ", prepend: " : "");
		if (action == 2)
			buf_printf(to, "%u", 1 + varied(storm, member, what + 4 * i + 4, 3));
		buf_printf(to, "%s}\n", spaces[varied(storm, member, what + 4 * i + 5, 5)]);
	}
}

static void
put_policy(const struct storm *storm, struct buf *to, unsigned i)
{
	unsigned weight = varied(storm, i, 1, 3), weight2 = varied(storm, i, 2, 3);
	buf_printf(to,
		   "    policy:\n      refusal: %s\n      graceful_shutdown: %s\n"
		   "      blackhole: {announce: %s, receive: %s}\n"
		   "      irr: {origin: \"%s\", prefix: \"%s\", longer: %s, roas_are_routes: %s",
		   pick(varied(storm, i, 5, 3), "refuse", "tag", "tag-and-refuse"),
		   yes(varied(storm, i, 6, 4)), yes(varied(storm, i, 7, 3)),
		   yes(varied(storm, i, 8, 4)), pick(weight, "off", "tag", "refuse"),
		   pick(weight2, "off", "tag", "refuse"), yes(varied(storm, i, 9, 2)),
		   yes(varied(storm, i, 20, 5)));
	if (!varied(storm, i, 21, 4))
		buf_printf(to, ", allow_origins: [64700-%u]", 64700 + varied(storm, i, 22, 2));
	if (!varied(storm, i, 23, 4))
		buf_printf(to,
			   ", allow_routes: [{prefix: \"198.18.0.0/%u+\", origin: %u}, {prefix: "
			   "\"2001:db8:a006::/48\"}]",
			   20 + varied(storm, i, 24, 3), 64700 + varied(storm, i, 25, 2));
	if (!varied(storm, i, 68, 6))
		buf_printf(to, ", allow_prefixes: [\"198.18.%u.0/24{24,25}\"]",
			   varied(storm, i, 69, 16));
	buf_str(to, "}\n");
	if (!storm_fixed(storm, i, 26, 8)) /* stands in the OPEN */
		buf_printf(to, "      role: \"%s\"\n",
			   storm_fixed(storm, HUB, 4, 2) ? "off" : "on");
	if (!varied(storm, i, 27, 4))
		buf_printf(to, "      rov: \"%s\"\n      rov_unknown: %s\n",
			   pick(varied(storm, i, 28, 3), "off", "tag", "refuse"),
			   yes(varied(storm, i, 29, 2)));
	if (!varied(storm, i, 30, 4))
		buf_printf(to, "      next_hop: %s\n",
			   pick(varied(storm, i, 31, 2), "same-as",
				"list\n      next_hops: [172.16.1.1, \"2001:db8:100::1:1\"]", ""));
	if (!varied(storm, i, 32, 6))
		buf_printf(to, "      blocked: [\"198.18.%u.0/24+\"]\n      first_as: false\n",
			   varied(storm, i, 33, 16));
	if (!varied(storm, i, 34, 8))
		buf_str(to, "      never_via_asns: [64701]\n      well_known: obey\n");
	if (!varied(storm, i, 60, 6))
		buf_printf(to, "      attach: [64998:%u, RS:4242:%u]\n", varied(storm, i, 61, 3),
			   varied(storm, i, 62, 3));
	if (!varied(storm, i, 73, 6))
		buf_printf(to, "      tag_only: [%s]\n",
			   pick(varied(storm, i, 74, 3), "next-hop, bogon-asns, martians",
				"path-length, transit-free, blocked, length",
				"as-set, never-via, communities, rov-unknown, own-lans, first-as"));
	if (!varied(storm, i, 63, 5))
		buf_printf(to,
			   "      hears: {rov_invalid: %s, rov_unknown: %s, not_registered: %s, "
			   "aspa_invalid: %s}\n",
			   yes(varied(storm, i, 64, 2)), yes(varied(storm, i, 65, 2)),
			   yes(varied(storm, i, 66, 2)), yes(varied(storm, i, 67, 2)));
}

static void
put_limit(const struct storm *storm, struct buf *to, unsigned i)
{
	static const char *const actions[] = {"block", "block", "restart", "shutdown", "warn"};
	if (varied(storm, i, 4, 5))
		return;
	const char *action = actions[varied(storm, i, 16, 5)];
	bool block = strcmp(action, "block") == 0;
	buf_printf(to,
		   ", max_prefixes_action: %s, max_prefixes_ipv4: %u, max_prefixes_ipv6: %u, "
		   "max_prefixes_count_refused: %s, max_prefixes_restart_s: 4",
		   action, (block ? 2 : 5) + varied(storm, i, 15, 4),
		   (block ? 1 : 3) + varied(storm, i, 17, 3), yes(varied(storm, i, 18, 2)));
}

static void
put_session(const struct storm *storm, struct buf *to, unsigned i, unsigned port, bool only_ipv6)
{
	unsigned key = i + port * 512, add_path = storm_fixed(storm, key, 3, 6);
	unsigned families = storm_fixed(storm, key, 35, 12);
	bool sends = add_path == 1 || add_path > 3;
	buf_printf(to, "      - {port: p%u-%u, families: [%s], passive: true, add_path: \"%s\"", i,
		   port,
		   families == 0   ? "ipv4"
		   : families == 1 ? "ipv6"
				   : "ipv4, ipv6",
		   add_path > 3 ? "both" : pick(add_path, "receive", "send", "off"));
	if (sends && storm_fixed(storm, key, 10, 2))
		buf_str(to, ", add_path_max: 2");
	if (sends && storm_fixed(storm, key, 59, 2))
		buf_printf(to, ", add_path_paths: %s, add_path_more: %u",
			   pick(storm_fixed(storm, key, 71, 2), "equal", "best", ""),
			   storm_fixed(storm, key, 72, 3));
	if (storm_fixed(storm, key, 11, 3))
		buf_printf(to, ", graceful_restart: true, stale_time_s: %u",
			   storm_fixed(storm, key, 12, 2) * 5);
	else
		buf_str(to, ", graceful_restart: false");
	buf_printf(to, ", collector: %s, prepend_hub_as: %s",
		   yes(storm_fixed(storm, key, 13, 12) == 7), yes(varied(storm, key, 14, 10) == 3));
	if (!varied(storm, key, 36, 6))
		buf_printf(to, ", rtt_ms: %u", 10 + 30 * varied(storm, key, 37, 4));
	if (!only_ipv6 && !storm_fixed(storm, key, 38, 6))
		buf_str(to, ", extended_next_hop: false");
	if (!storm_fixed(storm, key, 39, 4))
		buf_str(to, ", extended_messages: false, enhanced_refresh: false");
	put_limit(storm, to, key);
	buf_str(to, "}\n");
}

/* One in six has two ports, with a session each; one in ten of the others has an IPv6 address only. */
static void
put_member(const struct storm *storm, struct buf *to, unsigned i)
{
	unsigned ports = storm_fixed(storm, i, 50, 6) ? 1 : 2;
	bool only_ipv6 = ports == 1 && !storm_fixed(storm, i, 51, 10);
	buf_printf(to, "  - asn: %u\n    name: Member %u\n    kind: access\n", storm_asn(i), i);
	if (storm_asn(i) > UINT16_MAX && varied(storm, i, 70, 2))
		buf_printf(to, "    alias_asn: %u\n", STORM_ALIAS + i);
	put_policy(storm, to, i);
	put_rules(storm, to, "announce", i);
	put_rules(storm, to, "receive", i);
	buf_str(to, "    ports:\n");
	for (unsigned port = 0; port < ports; port++) {
		unsigned site = storm_fixed(storm, i + port * 512, 52, STORM_SITES + 1);
		buf_printf(to, "      - {id: p%u-%u, speed: 10G, ipv6: \"2001:db8:100::%x:%x\"", i,
			   port, port + 1, 1 + i);
		if (!only_ipv6)
			buf_printf(to, ", ipv4: 172.16.%u.%u", port * 100 + 1 + i / 200,
				   1 + i % 200);
		if (site < STORM_SITES)
			buf_printf(to, ", site: S%u", site + 1);
		buf_str(to, "}\n");
	}
	buf_str(to, "    sessions:\n");
	for (unsigned port = 0; port < ports; port++)
		put_session(storm, to, i, port, only_ipv6);
}

/* --- the hub --- */

static void
put_communities(const struct storm *storm, struct buf *to)
{
	static const char *const profiles[] = {"euro-ix",      "euro-ix",      "euro-ix",
					       "arouteserver", "arouteserver", "ixp-manager",
					       "de-cix"};
	unsigned usual = storm_fixed(storm, HUB, 41, 7), other = varied(storm, HUB, 42, 7);
	bool own = !varied(storm, HUB, 43, 3);
	buf_printf(to,
		   "communities:\n  profile: %s\n  pass_unknown_hub: %s\n"
		   "  pass_graceful_shutdown: %s\n",
		   profiles[storm->variant == 3 ? other : usual], yes(!varied(storm, HUB, 44, 4)),
		   yes(!varied(storm, HUB, 9, 3)));
	if (!varied(storm, HUB, 45, 3))
		buf_printf(to, "  tell_members: %s\n", yes(varied(storm, HUB, 46, 2)));
	if (own)
		buf_str(to,
			"  own:\n"
			"    - {action: prepend-to, prepend: 1, pattern: \"64990:P\"}\n"
			"    - {action: do-not-announce-slower, ms: 30, pattern: \"64991:30\"}\n"
			"    - {action: do-not-announce-to, pattern: \"64992:P\"}\n"
			"    - {action: announce-to-any, pattern: \"64993:30\"}\n");
}

static void
put_hub_policy(const struct storm *storm, struct buf *to)
{
	buf_printf(to,
		   "policy:\n  role: \"%s\"\n  rov: \"%s\"\n  rov_unknown: %s\n  aspa: \"%s\"\n"
		   "  transit_free_asns: [64702]\n  never_via_asns: [%u]\n"
		   "  never_via_route_servers: %s\n  blackhole: {ipv4_min: 25, ipv6_min: 64}\n"
		   "  allow_asns: [64496-65534, 4200000000-4294967294]\n"
		   "  allow_prefixes: [198.18.0.0/15, \"2001:db8:a000::/36\"]\n"
		   "  as_path_max: %u\n  communities_max: %u\n  reject_own_lans: %s\n",
		   storm_fixed(storm, HUB, 4, 2) ? "on" : "off",
		   pick(varied(storm, HUB, 5, 3), "off", "tag", "refuse"),
		   yes(!varied(storm, HUB, 47, 6)),
		   pick(varied(storm, HUB, 48, 3), "off", "tag", "refuse"),
		   varied(storm, HUB, 6, 2) ? 64703u : 64709u, yes(varied(storm, HUB, 49, 4)),
		   varied(storm, HUB, 53, 2) ? 32u : 4u, varied(storm, HUB, 54, 3) ? 0u : 3u,
		   yes(varied(storm, HUB, 55, 4)));
	buf_printf(to, "  blocked: [198.18.%u.0/24, \"198.18.%u.0/24+\"]\n",
		   varied(storm, HUB, 7, 16), varied(storm, HUB, 8, 8));
}

static void
put_general(const struct storm *storm, struct buf *to)
{
	static const char *const countries[] = {"PK", "PK", "CN", "DE", "US"};
	unsigned hole = varied(storm, HUB, 2, 4);
	buf_printf(to,
		   "irr: {enabled: %s}\nhub: {name: Storm, asn: %u, router_id: 172.16.0.1, "
		   "graceful_shutdown: %s}\n"
		   "lans: [{name: peering, ipv4: 172.16.0.0/16, ipv6: \"2001:db8:100::/64\"}]\n",
		   yes(varied(storm, HUB, 56, 6)), storm_hub_asn(storm),
		   yes(!varied(storm, HUB, 1, 6)));
	if (hole)
		buf_printf(to, "blackhole: {%s%sno_export: %s, by_next_hop: %s}\n",
			   hole & 1 ? "ipv4: 172.16.0.66, " : "",
			   hole & 2 ? "ipv6: \"2001:db8:100::66\", " : "",
			   yes(varied(storm, HUB, 3, 2)), yes(varied(storm, HUB, 57, 3)));
	if (storm_fixed(storm, HUB, 58, 2))
		buf_str(to, "rpki: [{name: cache, host: 192.0.2.5}]\n");
	buf_str(to, "sites:\n");
	for (unsigned i = 0; i < STORM_SITES; i++)
		buf_printf(to, "  - {id: S%u, name: Site %u, number: %u, metro: %u, country: %s}\n",
			   i + 1, i + 1, i + 1, i < 2 ? 41 : 40 + i, countries[i]);
}

const char *
storm_hub(struct storm *storm)
{
	struct buf text = {0};
	put_general(storm, &text);
	put_communities(storm, &text);
	put_hub_policy(storm, &text);
	buf_str(&text, "members:\n");
	for (unsigned i = 0; i < storm->members; i++)
		if (i % GONE_EACH != GONE || storm->variant != 2)
			put_member(storm, &text, i);
	const char *kept = arena_copy(storm->s->arena, (const char *)text.data, text.length);
	buf_fini(&text);
	return kept;
}

/* --- the world around it --- */

static uint32_t
some_asn(struct storm *storm)
{
	return storm_below(storm, 2) ? 64700 + storm_below(storm, 5)
				     : storm_asn(storm_below(storm, storm->members));
}

static void
put_roa(struct storm *storm, struct buf *to, size_t number)
{
	struct reference_world *world = storm->s->world;
	struct reference_roa *roa = &world->roas[number];
	char prefix[PREFIX_TEXT];
	const char *word = storm_below(storm, 8) ? storm_prefix(storm) : "198.18.0.0/20";
	prefix_parse(&roa->prefix, word);
	unsigned bits = ip_bits((enum ip_family)roa->prefix.ip.family);
	roa->max_length = roa->prefix.length;
	if (!storm_below(storm, 2) || roa->prefix.length == 20)
		roa->max_length +=
			(uint8_t)storm_below(storm, bits - roa->prefix.length < 5 ? 1 : 5);
	roa->asn = storm_below(storm, 16) ? some_asn(storm) : 0; /* RFC 6483 section 4 */
	/* One that is there twice would be none for the table. */
	for (size_t j = 0; j < number; j++)
		if (prefix_equal(world->roas[j].prefix, roa->prefix))
			roa->asn = 65000 + (uint32_t)number;
	buf_printf(to, "roa %s max %u as %u\n", prefix_format(prefix, roa->prefix), roa->max_length,
		   roa->asn);
}

static void
put_aspa(struct storm *storm, struct buf *to, size_t number)
{
	struct reference_world *world = storm->s->world;
	struct reference_aspa *aspa = &world->aspas[number];
	*aspa = (struct reference_aspa){.customer = 64700 + (uint32_t)number};
	if (number > 4)
		aspa->customer = storm_asn(storm_below(storm, storm->members));
	for (size_t j = 0; j < number; j++)
		if (world->aspas[j].customer == aspa->customer)
			aspa->customer = 65100 + (uint32_t)number;
	/* In ascending order: those in the middle of paths, then members. */
	if (!storm_below(storm, 6))
		aspa->providers[aspa->count++] = 0;
	for (unsigned asn = 64700; asn < 64703; asn++)
		if (storm_below(storm, 2) && asn != aspa->customer)
			aspa->providers[aspa->count++] = asn;
	unsigned member = storm_below(storm, storm->members);
	if (!aspa->count || storm_below(storm, 2))
		aspa->providers[aspa->count++] = storm_asn(member);
	buf_printf(to, "aspa %u providers", aspa->customer);
	for (size_t i = 0; i < aspa->count; i++)
		buf_printf(to, " %u", aspa->providers[i]);
	buf_str(to, "\n");
}

const char *
storm_roas(struct storm *storm)
{
	struct reference_world *world = storm->s->world;
	struct buf text = {0};
	world->rpki = true;
	world->roa_count = storm_below(storm, REFERENCE_ROAS);
	world->aspa_count = storm_below(storm, 2) ? storm_below(storm, REFERENCE_ASPAS) : 0;
	for (size_t i = 0; i < world->roa_count; i++)
		put_roa(storm, &text, i);
	for (size_t i = 0; i < world->aspa_count; i++)
		put_aspa(storm, &text, i);
	buf_u8(&text, 0);
	const char *kept = arena_str(storm->s->arena, (const char *)text.data);
	buf_fini(&text);
	return kept;
}

static void
register_member(struct storm *storm, struct buf *to, struct reference_registered *r)
{
	char prefix[PREFIX_TEXT];
	r->origin_count = r->prefix_count = 0;
	r->known = storm_below(storm, 10) != 0;
	r->origins[r->origin_count++] = r->member;
	for (unsigned asn = 64700; asn < 64702; asn++)
		if (storm_below(storm, 3))
			r->origins[r->origin_count++] = asn;
	for (unsigned i = 0; i < STORM_PREFIXES; i++)
		if (storm_below(storm, 3))
			prefix_parse(&r->prefixes[r->prefix_count++], storm_prefix_at(storm, i));
	if (!r->known)
		return;
	buf_printf(to, "set AS%u as", r->member);
	for (size_t i = 0; i < r->origin_count; i++)
		buf_printf(to, " %u", r->origins[i]);
	buf_str(to, " prefixes");
	for (size_t i = 0; i < r->prefix_count; i++)
		buf_printf(to, " %s", prefix_format(prefix, r->prefixes[i]));
	buf_str(to, "\n");
}

const char *
storm_registry(struct storm *storm)
{
	struct reference_world *world = storm->s->world;
	struct buf text = {0};
	if (!world->registered)
		world->registered =
			arena_take(storm->s->arena, storm->members * sizeof(*world->registered));
	if (!world->registered)
		abort();
	world->registry = true;
	world->registered_count = storm->members;
	world->flagged_count = 0;
	for (unsigned asn = 64704; asn < 64706; asn++) {
		if (storm_below(storm, 2))
			continue;
		world->flagged[world->flagged_count++] = asn;
		buf_printf(&text, "network %u never-via\n", asn);
	}
	for (unsigned i = 0; i < storm->members; i++) {
		world->registered[i].member = storm_asn(i);
		register_member(storm, &text, &world->registered[i]);
	}
	const char *kept = arena_copy(storm->s->arena, (const char *)text.data, text.length);
	buf_fini(&text);
	return kept;
}
