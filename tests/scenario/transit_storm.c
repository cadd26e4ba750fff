/* A storm in the hub's own AS, made up from a seed: routes of customers, peers, upstreams and routers of its own come
 * and go, sessions are lost, plans come, come late and do not come, the hub's process goes and returns. After each line
 * every session must hold what the reference says, and what the hub's own table says. */
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "scenario/transit.h"

enum { PREFIXES = 8, PRINTED = 40 };

static const char *const exits[] = {"c1", "c2", "c3", "u1", "u2", "u3", "p1", "i1", "i2"};
static const char *const sites_of_exits[] = {"KHI", "SIN", "FRA", "SIN", "FRA",
					     "MRS", "KHI", "MRS", "FRA"};
static const unsigned numbers[] = {64601, 64601, 64602, 64603, 64603, 64604, 64605, 64500, 64500};
static const char *const sites[] = {"KHI", "SIN", "FRA", "MRS"};
enum { EXITS = sizeof(exits) / sizeof(exits[0]), SITES = sizeof(sites) / sizeof(sites[0]) };

struct storm_of_transit {
	struct scenario *s;
	uint64_t state;
	unsigned number; /* of the newest plan */
};

static unsigned
below(struct storm_of_transit *storm, unsigned limit)
{
	storm->state += 0x9e3779b97f4a7c15u;
	return (unsigned)(hash_u64(storm->state) % limit);
}

static const char *
hub_text(struct storm_of_transit *storm)
{
	static const char members[] =
		"members:\n"
		"  - {asn: 64601, name: C, kind: carrier,\n"
		"     ports: [{id: c1p, speed: 10G, ipv4: 192.0.2.11, ipv6: \"2001:db8:100::11\", "
		"site: KHI},"
		" {id: c2p, speed: 10G, ipv4: 192.0.2.12, ipv6: \"2001:db8:100::12\", site: "
		"SIN}],\n"
		"     sessions: [{id: c1, port: c1p, transit: customer, families: [ipv4, ipv6]},"
		" {id: c2, port: c2p, transit: customer, add_path: send, add_path_max: 2, "
		"families: [ipv4, "
		"ipv6]}]}\n"
		"  - {asn: 64602, name: D, kind: carrier, ports: [{id: c3p, speed: 10G, ipv4: "
		"192.0.2.13, ipv6: \"2001:db8:100::13\", site: FRA}],\n"
		"     sessions: [{id: c3, port: c3p, transit: customer, families: [ipv4, ipv6]}]}\n"
		"  - {asn: 64603, name: U, kind: carrier,\n"
		"     ports: [{id: u1p, speed: 10G, ipv4: 192.0.2.14, ipv6: \"2001:db8:100::14\", "
		"site: SIN},"
		" {id: u2p, speed: 10G, ipv4: 192.0.2.15, ipv6: \"2001:db8:100::15\", site: "
		"FRA}],\n"
		"     sessions: [{id: u1, port: u1p, transit: upstream, families: [ipv4, ipv6]},"
		" {id: u2, port: u2p, transit: upstream, families: [ipv4, ipv6]}]}\n"
		"  - {asn: 64604, name: V, kind: carrier, ports: [{id: u3p, speed: 10G, ipv4: "
		"192.0.2.16, ipv6: \"2001:db8:100::16\", site: MRS}],\n"
		"     sessions: [{id: u3, port: u3p, transit: upstream, families: [ipv4, ipv6]}]}\n"
		"  - {asn: 64605, name: P, kind: carrier, ports: [{id: p1p, speed: 10G, ipv4: "
		"192.0.2.17, ipv6: \"2001:db8:100::17\", site: KHI}],\n"
		"     sessions: [{id: p1, port: p1p, transit: peer, families: [ipv4, ipv6]}]}\n"
		"  - {asn: 64500, name: Own, kind: carrier,\n"
		"     ports: [{id: i1p, speed: 10G, ipv4: 192.0.2.18, ipv6: \"2001:db8:100::18\", "
		"site: MRS},"
		" {id: i2p, speed: 10G, ipv4: 192.0.2.19, ipv6: \"2001:db8:100::19\", site: "
		"FRA}],\n"
		"     sessions: [{id: i1, port: i1p, transit: internal, add_path: send, families: "
		"[ipv4, ipv6]},"
		" {id: i2, port: i2p, transit: internal, families: [ipv4, ipv6]}]}\n"
		"  - {asn: 64606, name: R, kind: access, ports: [{id: r1p, speed: 10G, ipv4: "
		"192.0.2.20, ipv6: \"2001:db8:100::20\", site: KHI}],\n"
		"     sessions: [{id: r1, port: r1p, families: [ipv4, ipv6]}]}\n";
	return arena_printf(
		storm->s->arena,
		"hub: {name: Test Exchange, asn: 64500, router_id: 192.0.2.1}\n"
		"lans: [{name: peering, ipv4: 192.0.2.0/24, ipv6: \"2001:db8:100::/64\"}]\n"
		"policy: {role: off, allow_asns: [64496-65534], allow_prefixes: [203.0.113.0/24, "
		"198.18.0.0/15, \"2001:db8:a000::/36\"]}\n"
		"sites: [{id: KHI, name: K, number: 1}, {id: SIN, name: S, number: 2}, {id: FRA, "
		"name: F, number: 3}, {id: MRS, name: M, number: 4}]\n"
		"transit: {routers: [{site: KHI, ipv4: 192.0.2.101, ipv6: \"2001:db8:100::101\"}, "
		"{site: FRA, ipv4: 192.0.2.103, ipv6: \"2001:db8:100::103\"}],\n"
		"  tell_percent: 0, hold_s: 4, return_s: 6, cost: %s}\n%s",
		below(storm, 3) ? "interior" : "before-path", members);
}

/* --- lines --- */

static const char *
prefix(struct storm_of_transit *storm)
{
	unsigned n = below(storm, PREFIXES);
	return n % 4 == 3 ? arena_printf(storm->s->arena, "2001:db8:a%03x::/48", n)
			  : arena_printf(storm->s->arena, "198.18.%u.0/24", n);
}

static const char *
announcement(struct storm_of_transit *storm, unsigned exit)
{
	struct arena *arena = storm->s->arena;
	bool internal = numbers[exit] == 64500;
	const char *line =
		arena_printf(arena, "%s announces %s path %u", exits[exit], prefix(storm),
			     internal ? 65001 + below(storm, 2) : numbers[exit]);
	for (unsigned more = below(storm, 3); more > 0; more--)
		line = arena_printf(arena, "%s %u", line, 65010 + below(storm, 3));
	if (!below(storm, 6))
		line = arena_printf(arena, "%s origin incomplete", line);
	if (below(storm, 2))
		line = arena_printf(arena, "%s med %u", line, below(storm, 3));
	if (!internal)
		return line;
	line = arena_printf(arena, "%s attribute 5 40 %08x", line, below(storm, 2) ? 200 : 100);
	if (below(storm, 2))
		line = arena_printf(arena, "%s 9 80 0a0000%02x 10 80 0a0000fe%s", line,
				    1 + below(storm, 3), below(storm, 2) ? "0a0000fd" : "");
	return line;
}

/* From that site, or one member there, the exits in order. */
static const char *
ingress(struct storm_of_transit *storm, unsigned site, unsigned member)
{
	struct arena *arena = storm->s->arena;
	const char *open = "", *closed = "";
	unsigned metric = 10;
	static const unsigned steps[] = {1, 2, 4, 5, 7, 8}; /* each exit is met once */
	unsigned first = below(storm, EXITS), step = steps[below(storm, 6)];
	for (unsigned i = 0; i < EXITS; i++) {
		const char *exit = exits[(first + i * step) % EXITS];
		metric += below(storm, 3) * 10;
		if (!below(storm, 7))
			closed = arena_printf(arena, "%s %s:0:c", closed, exit);
		else if (below(storm, 12))
			open = arena_printf(arena, "%s %s:%u%s", open, exit, metric,
					    below(storm, 4) ? "" : ":b");
	}
	return arena_printf(arena, "from %s %u%s%s\n", sites[site], member, open, closed);
}

static void
play_plan(struct storm_of_transit *storm)
{
	struct arena *arena = storm->s->arena;
	const char *text =
		arena_printf(arena, "plan %u %u made up\n", ++storm->number, 2 + below(storm, 12));
	for (unsigned i = 0; i < EXITS; i++)
		text = arena_printf(arena, "%sexit %s %s\n", text, exits[i], sites_of_exits[i]);
	for (unsigned i = 0; i < SITES; i++) {
		/* Sites have numbers as they are met, which is by the exits: KHI SIN FRA MRS. */
		if (below(storm, 8))
			text = arena_printf(arena, "%s%s", text, ingress(storm, i, 0));
		if (!below(storm, 3))
			text = arena_printf(arena, "%s%s", text,
					    ingress(storm, i, numbers[below(storm, EXITS)]));
	}
	scenario_line(storm->s, "plan", text);
}

static void
play_return(struct storm_of_transit *storm)
{
	struct scenario *s = storm->s;
	scenario_line(s, "the hub leaves", NULL);
	scenario_line(s, "the hub returns", NULL);
	transit_forget(s);
	scenario_line(s, "everybody connects", NULL);
	scenario_line(s, "after 130s", NULL);
}

static const char *
connection(struct storm_of_transit *storm, unsigned exit)
{
	/* ADD-PATH is asked for by one of two; of the hub's it depends on the file. */
	return arena_printf(storm->s->arena, "%s connects%s", exits[exit],
			    below(storm, 2) ? " add-path receive" : "");
}

static struct member *
member_of(const struct scenario *s, const char *id)
{
	struct member *m = s->members;
	while (strcmp(m->id, id) != 0)
		m = m->next;
	return m;
}

static const char *
play_line(struct storm_of_transit *storm)
{
	struct arena *arena = storm->s->arena;
	unsigned what = below(storm, 40), exit = below(storm, EXITS);
	const char *text = "plan ...";
	bool up = member_up(member_of(storm->s, exits[exit]));
	if (what < 6) {
		play_plan(storm);
		return text;
	}
	if (what == 6 && !below(storm, 8)) {
		play_return(storm);
		return "the hub leaves and returns";
	}
	if (what < 12)
		text = arena_printf(arena, "after %us", 1 + below(storm, 5));
	else if (!up)
		text = connection(storm, exit);
	else if (what < 14)
		text = arena_printf(arena, "%s closes", exits[exit]);
	else if (what < 16)
		text = arena_printf(arena, "%s sends refresh ipv4", exits[exit]);
	else if (what < 18)
		text = arena_printf(arena, "r1 announces 198.18.%u.0/24 path 64606 65020",
				    below(storm, PREFIXES));
	else if (what < 22)
		text = arena_printf(arena, "%s withdraws %s", exits[exit], prefix(storm));
	else
		text = announcement(storm, exit);
	scenario_line(storm->s, text, NULL);
	return text;
}

static void
blow(struct storm_of_transit *storm, size_t number)
{
	struct scenario *s = storm->s;
	unsigned failed = s->failed;
	const char **lines = arena_take(s->arena, number * sizeof(*lines));
	size_t i = 0;
	for (; lines && i < number && s->failed == failed && !s->broken; i++) {
		lines[i] = play_line(storm);
		scenario_line(s, "transit holds what it should", NULL);
		if (i % 10 == 9)
			scenario_line(s, "all hold what the hub says", NULL);
	}
	if (s->failed == failed)
		return;
	printf("# the last lines:\n");
	for (size_t k = i > PRINTED ? i - PRINTED : 0; k < i; k++)
		printf("#   %s\n", lines[k]);
}

bool
transit_storm(struct scenario *s)
{
	struct storm_of_transit storm = {.s = s};
	uint64_t number, seed;
	bool quiet = s->quiet;
	if (!line_is(&s->line, "of") || !script_number(&number, line_take(&s->line)) ||
	    !line_is(&s->line, "lines from seed") || !script_number(&seed, line_take(&s->line)))
		return scenario_broken(s, "transit storm of N lines from seed S");
	struct line own = s->line;
	unsigned failed = s->failed;
	storm.state = seed;
	s->quiet = true;
	scenario_line(s, s->hub ? "apply" : "hub", hub_text(&storm));
	storm.number = (unsigned)transit_of(s)->words.plan.number;
	/* So that nothing is due at whole seconds. */
	scenario_line(s,
		      arena_printf(s->arena, "at %llums",
				   (unsigned long long)(s->now.us / 1000000 * 1000 + 1700)),
		      NULL);
	scenario_line(s, "everybody connects", NULL);
	blow(&storm, number);
	s->quiet = quiet;
	s->line = own;
	scenario_expect(s, s->failed == failed, "see above");
	return true;
}
