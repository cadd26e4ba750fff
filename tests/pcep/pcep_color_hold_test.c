/* Ways of colors are held: left at once when they can no longer be gone, and only then for what proves itself. */
#include "base/hash.h"
#include "pcep/pcep_color.h"

#include "pcep_world.h"
#include "tap.h"

enum { AB, BC, AC, CD, SEGMENTS };

#define OVER_B "16002 (10.0.0.2), 16009 (10.0.0.9)"
#define DIRECT "24003 (to 10.1.0.2)"

static struct world world;
static struct pcep_color_ways ways;
static enum corridor_live live[SEGMENTS];

static void
begin(const char *pcep, const char *color)
{
	char more[600];
	(void)snprintf(more, sizeof(more),
		       "%ssr_colors: [{color: 100, from: [r1], to: [r3], %s}]\n", pcep, color);
	world = world_with("in service", more);
	memset(live, 0, sizeof(live));
	if (pcep_color_ways_find(&ways, &world.plan, live) < 0)
		abort();
}

static void
end(void)
{
	pcep_color_ways_fini(&ways);
	world_fini(&world);
}

static void
set(int segment, enum corridor_live to)
{
	live[segment] = to;
	world.corridor->segments[segment].there = to != CORRIDOR_CUT;
}

/* Looks at all again after so many seconds, and says the first way. */
static const char *
at(int64_t second)
{
	static struct buf text;
	static struct pcep_route route;
	struct pcep_color_ways next;
	struct pcep_color_held held = {&ways, second * 1000};
	if (pcep_color_ways_hold(&next, &world.plan, live, &held) < 0)
		return "no memory";
	pcep_color_ways_fini(&ways);
	ways = next;
	buf_clear(&text);
	if (ways.ways[0].hop_count) {
		pcep_color_route(&route, &ways.ways[0]);
		pcep_route_text(&text, &route);
	} else {
		buf_str(&text, "none");
	}
	if (ways.ways[0].waits)
		buf_str(&text, ", waits");
	buf_u8(&text, 0);
	return (const char *)text.data;
}

static void
returns(void)
{
	begin("", "return_s: 20");
	is_str(at(0), OVER_B, "at first it is the best way");
	set(BC, CORRIDOR_CUT);
	is_str(at(10), DIRECT, "what is cut is left at once");
	set(BC, CORRIDOR_UP);
	is_str(at(11), DIRECT ", waits", "what is restored has to prove itself");
	is_int(ways.due_ms, 31000, "until a moment that is told");
	is_int((long long)ways.waiting, 1, "and counted");
	is_str(at(25), DIRECT ", waits", "for a while");
	set(BC, CORRIDOR_CUT);
	is_str(at(26), DIRECT, "if it is cut again meanwhile");
	set(BC, CORRIDOR_UP);
	is_str(at(27), DIRECT ", waits", "that begins anew");
	is_str(at(46), DIRECT ", waits", "to the second");
	is_str(at(47), OVER_B, "then it is gone again");
	ok(ways.due_ms == INT64_MAX && !ways.waiting, "and nothing waits any more");
	end();
}

static void
drained(void)
{
	begin("", "return_s: 20");
	set(BC, CORRIDOR_DRAINED);
	is_str(at(10), DIRECT, "what is drained is left at once, where there is another");
	set(AC, CORRIDOR_CUT);
	is_str(at(11), OVER_B, "and gone where there is none");
	set(AC, CORRIDOR_UP);
	is_str(at(12), OVER_B ", waits", "one that is not drained has to prove itself");
	is_str(at(32), DIRECT, "before it is gone");
	end();
}

static void
without_any(void)
{
	begin("", "avoid: ['site:B'], return_s: 20");
	is_str(at(0), DIRECT, "a color that has one way");
	set(AC, CORRIDOR_CUT);
	is_str(at(1), "none", "has none when that is cut");
	set(AC, CORRIDOR_UP);
	is_str(at(2), "none, waits", "and not again at once");
	is_int((long long)ways.missing, 1, "but is missing");
	is_str(at(22), DIRECT, "when it is there for a while it is");
	end();
}

static void
budget(void)
{
	begin("steering: {moves: 3, half_life_s: 100}\n", "return_s: 0");
	int64_t now = 0;
	int moved = 0;
	for (int i = 0; i < 10; i++) {
		set(BC, CORRIDOR_CUT);
		(void)at(now += 2);
		set(BC, CORRIDOR_UP);
		moved += strcmp(at(now += 2), OVER_B) == 0;
	}
	is_int(moved, 1,
	       "a segment that flaps moves ways away, and back only as long as the budget is not "
	       "spent");
	is_str(at(now), DIRECT ", waits", "what would be better waits");
	ok(ways.due_ms > now * 1000 && ways.due_ms <= now * 1000 + 10000, "and is looked at again");
	while (now < 1000 && strcmp(at(now), OVER_B) != 0)
		now += 5;
	ok(now > 50 && now < 1000, "until there is something to be spent again (after %lld s)",
	   (long long)now);
	end();
}

/* A new picture: names are the same, numbers are not. */
static void
pictures(void)
{
	static const char more[] = "return_s: 20";
	begin("", more);
	set(BC, CORRIDOR_CUT);
	(void)at(1);
	world_fini(&world);
	world = world_with("in service",
			   "sr_colors: [{color: 7, from: [r4], to: [r2]}, {color: 100, from: "
			   "[r1], to: [r3], return_s: 20}]\n");
	memset(live, 0, sizeof(live));
	struct pcep_color_ways next;
	struct pcep_color_held held = {&ways, 2000};
	if (pcep_color_ways_hold(&next, &world.plan, live, &held) < 0)
		abort();
	ok(next.ways[0].hop_count && !next.ways[0].waits,
	   "a color that is new begins with the best");
	ok(next.ways[1].waits && next.ways[1].step_count == 1,
	   "what is held outlives a new hub file, under its own name");
	pcep_color_ways_fini(&ways);
	ways = next;
	world_fini(&world);
	world = world_with("in service", "sr_colors: [{color: 100, from: [r1], to: [r3], by: hops, "
					 "avoid: [RU]}]\n");
	is_str(at(3), DIRECT, "a color that asks for something else begins anew");
	end();
}

/* Whatever is cut, drained and restored: no way is ever over what is cut, none is missing that was there all along,
 * and after a quiet time all are the best. */
static void
random_histories(void)
{
	bool over_cut = false, lost = false, settled = true;
	for (uint64_t seed = 1; seed <= 40; seed++) {
		begin("", "return_s: 10");
		int64_t now = 0;
		for (uint64_t i = 0; i < 60; i++) {
			uint64_t r = hash_u64(seed << 32 | i);
			static const enum corridor_live states[] = {
				CORRIDOR_UP, CORRIDOR_CUT, CORRIDOR_DRAINED, CORRIDOR_WORK};
			set((int)(r % SEGMENTS), states[r >> 8 & 3]);
			const char *is = at(now += (int64_t)(r >> 16 & 15));
			const struct pcep_color_way *way = &ways.ways[0];
			for (size_t s = 0; s < way->step_count; s++)
				over_cut |= live[way->steps[s]] == CORRIDOR_CUT;
			bool open = live[AC] != CORRIDOR_CUT ||
				    (live[AB] != CORRIDOR_CUT && live[BC] != CORRIDOR_CUT);
			lost |= open && !way->hop_count && !way->waits;
			(void)is;
		}
		for (int s = 0; s < SEGMENTS; s++)
			set(s, CORRIDOR_UP);
		(void)at(now += 1);
		(void)at(now += 100000);
		settled &= strcmp(at(now), OVER_B) == 0;
		end();
	}
	ok(!over_cut, "no way is ever held over what is cut");
	ok(!lost, "none is missing for long while there is one");
	ok(settled, "after a quiet time all are the best there are");
}

/* The ways from r5, which BGP tells, to r3: "way | backup". */
static const char *
both_at(int64_t second)
{
	static struct buf text;
	static struct pcep_route route;
	struct pcep_color_ways next;
	struct pcep_color_held held = {&ways, second * 1000};
	if (pcep_color_ways_hold(&next, &world.plan, live, &held) < 0)
		return "no memory";
	pcep_color_ways_fini(&ways);
	ways = next;
	buf_clear(&text);
	for (size_t i = 0; i < ways.count; i++) {
		buf_str(&text, ways.ways[i].backup ? " | " : "");
		buf_str(&text, ways.ways[i].hop_count ? "" : "none");
		pcep_color_route(&route, &ways.ways[i]);
		if (route.count)
			pcep_route_text(&text, &route);
		buf_str(&text, ways.ways[i].waits ? ", waits" : "");
	}
	buf_u8(&text, 0);
	return (const char *)text.data;
}

#define BY_BGP                                                                                     \
	"    - {name: r5, session: s, loopback: 10.0.0.5, site: A, adjacencies:"                   \
	" [{segment: AC, label: 24003, local: 10.1.0.1, remote: 10.1.0.2}]}\n"                     \
	"lans: [{name: L, ipv4: 192.0.2.0/24}]\n"                                                  \
	"members: [{asn: 64501, name: M, kind: access,"                                            \
	" ports: [{id: p, speed: 10G, ipv4: 192.0.2.11}], sessions: [{id: s, sr_policy: yes}]}]\n"
#define BACKED "sr_colors: [{color: 100, from: [r5], to: [r3], backup: yes, return_s: 20}]\n"

static void
begin_with(const char *more)
{
	world = world_with("in service", more);
	memset(live, 0, sizeof(live));
	if (pcep_color_ways_find(&ways, &world.plan, live) < 0)
		abort();
}

/* A backup shares no segment and no risk with its way, is held as ways are, and is not there for PCEP. */
static void
backups(void)
{
	begin_with(BY_BGP BACKED);
	is_int((long long)ways.count, 2, "a way and its backup");
	is_str(both_at(0), OVER_B " | " DIRECT, "which stands apart from it");
	set(AC, CORRIDOR_CUT);
	is_str(both_at(1), OVER_B " | none", "a backup that is cut goes at once");
	is_int((long long)ways.missing, 0, "and is not missed as a way is");
	set(AC, CORRIDOR_UP);
	is_str(both_at(2), OVER_B " | none, waits", "and has to prove itself");
	is_str(both_at(22), OVER_B " | " DIRECT, "before it is there again");
	set(AB, CORRIDOR_CUT);
	is_str(both_at(23), DIRECT " | none", "the way itself takes its place, and is without");
	set(AB, CORRIDOR_UP);
	is_str(both_at(24), DIRECT ", waits | none, waits", "for a while");
	is_str(both_at(44), OVER_B " | " DIRECT, "then each is as it was");
	end();
	world = world_with("in service, srlg: SOUTH", BY_BGP BACKED);
	if (pcep_color_ways_find(&ways, &world.plan, live) < 0)
		abort();
	is_str(both_at(0), OVER_B " | none", "what shares a risk with a way is no backup of it");
	end();
	begin_with("sr_colors: [{color: 100, from: [r1], to: [r3], backup: yes}]\n");
	is_int((long long)ways.count, 1, "by PCEP there are none");
	end();
}

/* The ways from r5 as lists: "way (weight) + way (weight)". */
static const char *
lists_at(int64_t second)
{
	static struct buf text;
	static struct pcep_route route;
	(void)both_at(second);
	buf_clear(&text);
	for (size_t i = 0; i < ways.count; i++) {
		const struct pcep_color_way *way = &ways.ways[i];
		buf_str(&text, way->backup ? " | " : i ? " + " : "");
		if (!way->hop_count) {
			buf_str(&text, way->waits ? "none, waits" : "none");
			continue;
		}
		pcep_color_route(&route, way);
		pcep_route_text(&text, &route);
		buf_printf(&text, " (%u)", (unsigned)pcep_color_weight(&ways, way));
	}
	buf_u8(&text, 0);
	return (const char *)text.data;
}

/* Lists of one candidate path share no segment, go by what the narrowest of each carries, and are held as ways are. */
static void
lists(void)
{
#define LISTED                                                                                     \
	"sr_colors: [{color: 100, from: [r5], to: [r3], return_s: 20, lists: 2, lists_percent: "   \
	"%s}]\n"
	char more[900];
	(void)snprintf(more, sizeof(more), BY_BGP LISTED, "200");
	begin_with(more);
	is_str(lists_at(0), OVER_B " (1000) + " DIRECT " (100)", "two ways, with their weights");
	set(AC, CORRIDOR_DRAINED);
	is_str(lists_at(1), OVER_B " (1) + none", "a list is left when it is drained");
	is_int((long long)ways.missing, 0, "and is not missed");
	set(AC, CORRIDOR_UP);
	is_str(lists_at(2), OVER_B " (1) + none, waits", "and has to prove itself");
	is_str(lists_at(22), OVER_B " (1000) + " DIRECT " (100)", "before it is there again");
	set(AB, CORRIDOR_CUT);
	is_str(lists_at(23), DIRECT " (1) + none", "what is left of two has all of it");
	end();
	(void)snprintf(more, sizeof(more), BY_BGP LISTED, "100");
	begin_with(more);
	is_str(lists_at(0), OVER_B " (1) + none", "one that costs too much more is none");
	end();
	(void)snprintf(more, sizeof(more), BY_BGP LISTED, "200, backup: yes");
	begin_with(more);
	is_str(lists_at(0), OVER_B " (1000) + " DIRECT " (100) | none",
	       "a backup stands apart from all lists");
	end();
	begin_with(
		"sr_colors: [{color: 100, from: [r1], to: [r3], lists: 2, lists_percent: 200}]\n");
	is_int((long long)ways.count, 1, "by PCEP there is one");
	end();
}

int
main(void)
{
	returns();
	drained();
	without_any();
	backups();
	lists();
	budget();
	pictures();
	random_histories();
	return done_testing();
}
