/* Hub files, registries and ROAs made up from a seed, for storms among many members. What a session agrees on in its
 * OPEN stays the same from one variant of a file to the next; policies, rules and limits change. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "scenario/storm.h"

enum { GONE_EACH = 8, GONE = 5, LARGE_EACH = 7, RULES_MAX = 3 };

/* A number below `limit` that is the same whenever it is asked for. */
static unsigned
fixed(const struct storm *storm, unsigned member, unsigned what, unsigned limit)
{
	uint64_t key = storm->seed * 1000003u + (uint64_t)member * 1009u + what;
	return (unsigned)(hash_u64(key) % limit);
}

/* The same, for each variant. */
static unsigned
varied(const struct storm *storm, unsigned member, unsigned what, unsigned limit)
{
	return fixed(storm, member + (storm->variant + 1) * 4096, what, limit);
}

uint32_t
storm_asn(unsigned member)
{
	return member % LARGE_EACH == 3 ? 4200000000u + member : 64801 + member;
}

static const char *
pick(unsigned number, const char *a, const char *b, const char *c)
{
	return number == 0 ? a : number == 1 ? b : c;
}

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
put_member(const struct storm *storm, struct buf *to, unsigned i)
{
	unsigned weight = varied(storm, i, 1, 3), weight2 = varied(storm, i, 2, 3);
	unsigned add_path = fixed(storm, i, 3, 6), limited = varied(storm, i, 4, 6) == 0;
	buf_printf(to, "  - asn: %u\n    name: Member %u\n    kind: access\n", storm_asn(i), i);
	buf_printf(to,
		   "    policy: {refusal: %s, graceful_shutdown: %s, blackhole: {announce: %s, "
		   "receive: %s}, irr: {origin: \"%s\", prefix: \"%s\", longer: %s}}\n",
		   pick(varied(storm, i, 5, 3), "refuse", "tag", "tag-and-refuse"),
		   varied(storm, i, 6, 4) ? "true" : "false",
		   varied(storm, i, 7, 3) ? "true" : "false",
		   varied(storm, i, 8, 4) ? "true" : "false", pick(weight, "off", "tag", "refuse"),
		   pick(weight2, "off", "tag", "refuse"),
		   varied(storm, i, 9, 2) ? "true" : "false");
	put_rules(storm, to, "announce", i);
	put_rules(storm, to, "receive", i);
	buf_printf(to,
		   "    ports: [{speed: 10G, ipv4: 172.16.%u.%u, ipv6: \"2001:db8:100::%x\"}]\n",
		   1 + i / 200, 1 + i % 200, 1 + i);
	buf_printf(to, "    sessions: [{families: [ipv4, ipv6], passive: true, add_path: \"%s\"",
		   add_path > 3 ? "both" : pick(add_path, "receive", "send", "off"));
	bool sends = add_path == 1 || add_path > 3;
	if (sends && fixed(storm, i, 10, 2))
		buf_str(to, ", add_path_max: 2");
	if (fixed(storm, i, 11, 3))
		buf_printf(to, ", graceful_restart: true, stale_time_s: %u",
			   fixed(storm, i, 12, 2) * 5);
	buf_printf(to, ", collector: %s, prepend_hub_as: %s",
		   fixed(storm, i, 13, 12) == 7 ? "true" : "false",
		   varied(storm, i, 14, 10) == 3 ? "true" : "false");
	if (limited)
		buf_printf(to,
			   ", max_prefixes_ipv4: %u, max_prefixes_action: block, "
			   "max_prefixes_count_refused: false",
			   2 + varied(storm, i, 15, 4));
	buf_str(to, "}]\n");
}

const char *
storm_hub(struct storm *storm)
{
	struct buf text = {0};
	unsigned hub = 4095;
	buf_printf(&text,
		   "irr: {enabled: true}\n"
		   "communities: {pass_graceful_shutdown: %s}\n"
		   "hub: {name: Storm, asn: 64500, router_id: 172.16.0.1, graceful_shutdown: %s}\n"
		   "lans: [{name: peering, ipv4: 172.16.0.0/16, ipv6: \"2001:db8:100::/64\"}]\n",
		   varied(storm, hub, 9, 3) == 0 ? "true" : "false",
		   varied(storm, hub, 1, 4) == 0 ? "true" : "false");
	if (varied(storm, hub, 2, 3))
		buf_printf(&text, "blackhole: {ipv4: 172.16.0.66, no_export: %s}\n",
			   varied(storm, hub, 3, 2) ? "true" : "false");
	buf_printf(&text,
		   "policy:\n  role: \"%s\"\n  rov: \"%s\"\n  transit_free_asns: [64702]\n"
		   "  never_via_asns: [%u]\n  blackhole: {ipv4_min: 25}\n"
		   "  allow_asns: [64496-65534, 4200000000-4294967294]\n"
		   "  allow_prefixes: [198.18.0.0/15, \"2001:db8:a000::/36\"]\n",
		   fixed(storm, hub, 4, 2) ? "on" : "off",
		   varied(storm, hub, 5, 3) ? "refuse" : "off",
		   varied(storm, hub, 6, 2) ? 64703u : 64709u);
	buf_printf(&text, "  blocked: [198.18.%u.0/24, \"198.18.%u.0/24+\"]\nmembers:\n",
		   varied(storm, hub, 7, 16), varied(storm, hub, 8, 8));
	for (unsigned i = 0; i < storm->members; i++)
		if (i % GONE_EACH != GONE || storm->variant != 2)
			put_member(storm, &text, i);
	const char *kept = arena_copy(storm->s->arena, (const char *)text.data, text.length);
	buf_fini(&text);
	return kept;
}

/* --- the world around it --- */

const char *
storm_roas(struct storm *storm)
{
	struct reference_world *world = storm->s->world;
	struct buf text = {0};
	char prefix[PREFIX_TEXT];
	world->rpki = true;
	world->roa_count = storm_below(storm, REFERENCE_ROAS);
	for (size_t i = 0; i < world->roa_count; i++) {
		struct reference_roa *roa = &world->roas[i];
		const char *word = storm_below(storm, 8) ? storm_prefix(storm) : "198.18.0.0/20";
		prefix_parse(&roa->prefix, word);
		unsigned bits = ip_bits((enum ip_family)roa->prefix.ip.family);
		roa->max_length = roa->prefix.length;
		if (!storm_below(storm, 2) || roa->prefix.length == 20)
			roa->max_length +=
				(uint8_t)storm_below(storm, bits - roa->prefix.length < 5 ? 1 : 5);
		roa->asn = storm_below(storm, 2) ? 64700 + storm_below(storm, 3)
						 : storm_asn(storm_below(storm, storm->members));
		/* One that is there twice would be none for the table. */
		for (size_t j = 0; j < i; j++)
			if (prefix_equal(world->roas[j].prefix, roa->prefix))
				roa->asn = 65000 + (uint32_t)i;
		buf_printf(&text, "roa %s max %u as %u\n", prefix_format(prefix, roa->prefix),
			   roa->max_length, roa->asn);
	}
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
	r->origins[r->origin_count++] = r->member;
	for (unsigned asn = 64700; asn < 64702; asn++)
		if (storm_below(storm, 3))
			r->origins[r->origin_count++] = asn;
	buf_printf(to, "set AS%u as", r->member);
	for (size_t i = 0; i < r->origin_count; i++)
		buf_printf(to, " %u", r->origins[i]);
	buf_str(to, " prefixes");
	for (unsigned i = 0; i < STORM_PREFIXES; i++) {
		if (!storm_below(storm, 3))
			continue;
		prefix_parse(&r->prefixes[r->prefix_count], storm_prefix_at(storm, i));
		buf_printf(to, " %s", prefix_format(prefix, r->prefixes[r->prefix_count++]));
	}
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
	for (unsigned i = 0; i < storm->members; i++) {
		world->registered[i].member = storm_asn(i);
		register_member(storm, &text, &world->registered[i]);
	}
	const char *kept = arena_copy(storm->s->arena, (const char *)text.data, text.length);
	buf_fini(&text);
	return kept;
}
