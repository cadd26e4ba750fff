/* What comes of orders, on a triangle by hand and on hubs by chance: going there and back again,
 * and what a cut does by itself. */
#include "corridor/corridor_whatif_change.h"

#include "hubs.h"
#include "tap.h"
#include "triangle.h"

enum { HUBS = 60, SITES = 8, SEGMENTS = 14, DEMANDS = 6 };
enum { AB, BC, AC };

static const enum corridor_live all_up[SEGMENTS];

static struct corridor_change
change_of(struct arena *arena, const struct corridor_plan *plan, const enum corridor_live *before,
	  const enum corridor_live *after)
{
	struct corridor_flow_ask ask = {.plan = plan};
	struct corridor_change change;
	if (corridor_whatif_change(&change, arena, &ask, before, after) < 0)
		abort();
	return change;
}

static bool
near(double got, double expected)
{
	return fabs(got - expected) <= 1e-9 * fabs(expected);
}

static void
cut(struct arena *arena, const struct corridor_plan *plan)
{
	const enum corridor_live without[3] = {[AC] = CORRIDOR_CUT};
	struct corridor_change c = change_of(arena, plan, all_up, without);
	is_int((long long)c.count, 2, "a cut concerns both demands");
	ok(c.all[0].before_bps == 400000000000 && c.all[0].after_bps == 400000000000 &&
		   c.all[1].before_bps == 200000000000 && c.all[1].after_bps == 100000000000,
	   "who comes later gets less");
	ok(near(c.lost_gbps.value, 100) && c.lost_gbps.low == 0 && near(c.lost_gbps.high, 240),
	   "with the range that a cut has");
	ok(c.slower == 2 && c.faster == 0 && c.moved == 2 && c.parted == 0 && c.gained_bps == 0,
	   "both go the long way");
	ok(c.all[0].before.count == 1 && c.all[0].before.segments[0] == AC &&
		   c.all[0].after.count == 2 &&
		   c.all[0].after.segments[0] + c.all[0].after.segments[1] == AB + BC,
	   "and which that is, is told");
	ok(near(c.all[0].more_ms.value, corridor_round_trip_ms(1000)) &&
		   near(c.all[0].more_ms.low, corridor_round_trip_ms(400)) &&
		   near(c.all[0].more_ms.high, corridor_round_trip_ms(1600)),
	   "and so much further");
	ok(near(c.all[0].before_ms, corridor_round_trip_ms(1000)) &&
		   near(c.all[0].after_ms, corridor_round_trip_ms(2000)),
	   "from the short way to the long one");
	c = change_of(arena, plan, without, all_up);
	ok(c.lost_gbps.high == 0 && c.gained_bps == 100000000000 && c.faster == 2 && c.slower == 0,
	   "restoring it brings back what the cut took");
	const enum corridor_live nothing[3] = {CORRIDOR_CUT, CORRIDOR_UP, CORRIDOR_CUT};
	c = change_of(arena, plan, without, nothing);
	ok(c.parted == 2 && near(c.lost_gbps.value, 500) && isnan(c.all[0].after_ms) &&
		   c.all[0].after.count == 0,
	   "without the last way nothing is left");
	ok(change_of(arena, plan, without, without).count == 0, "what stays concerns nobody");
}

static void
drain(struct arena *arena, const struct corridor_plan *plan)
{
	const enum corridor_live drained[3] = {[AC] = CORRIDOR_DRAINED};
	struct corridor_change c = change_of(arena, plan, all_up, drained);
	ok(c.lost_gbps.high == 0 && c.slower == 2 && c.moved == 2,
	   "what is drained is left while there is another way, and takes what has no room there");
	const enum corridor_live last[3] = {CORRIDOR_CUT, CORRIDOR_UP, CORRIDOR_WORK};
	c = change_of(arena, plan, drained, last);
	ok(c.parted == 0 && c.faster == 2, "where there is none it is used");
}

static void
contract(struct arena *arena)
{
	static const char *over[] = {"AB"};
	struct hub hub = triangle();
	hub.demands[0].over = over;
	hub.demands[0].over_count = 1;
	struct corridor_plan *plan = plan_of(&hub);
	const enum corridor_live without[3] = {[AB] = CORRIDOR_CUT};
	struct corridor_change c = change_of(arena, plan, all_up, without);
	ok(c.faster == 1 && c.all[0].demand == 0 &&
		   near(c.all[0].more_ms.value, -corridor_round_trip_ms(1000)),
	   "who is bound to the long way gets faster when that is cut");
	corridor_plan_free(plan);
}

static void
demands_by_chance(struct test_hub *t, uint64_t *seed)
{
	test_demands(t, DEMANDS);
	for (size_t i = 0; i < DEMANDS; i++) {
		t->hub.demands[i] = demand_by_chance(t, seed, i, 100, 1500);
		t->hub.demands[i].split = false;
		t->hub.demands[i].priority = random_below(seed, 2);
	}
}

/* From one state by chance to a cut of one more segment, beside what a what-if says of the cut. */
static void
by_chance(struct arena *arena)
{
	uint64_t seed = 43;
	unsigned as_cut = 0, back = 0;
	for (int n = 0; n < HUBS; n++) {
		struct test_hub t = hub_by_chance(&seed, SITES, SEGMENTS);
		demands_by_chance(&t, &seed);
		struct corridor_plan *plan = plan_of(&t.hub);
		uint32_t s = random_below(&seed, SEGMENTS);
		enum corridor_live after[SEGMENTS] = {0};
		after[s] = CORRIDOR_CUT;
		struct corridor_change there = change_of(arena, plan, all_up, after);
		struct corridor_change again = change_of(arena, plan, after, all_up);
		struct corridor_flow_ask ask = {.plan = plan};
		struct corridor_whatif *w = corridor_whatif_new(&ask);
		struct corridor_consequence c;
		struct corridor_named name = {CORRIDOR_A_SEGMENT, s};
		if (!w || corridor_whatif_cut(&c, w, &name, 1) < 0)
			abort();
		as_cut += there.lost_gbps.value == c.lost.value &&
			  there.lost_gbps.low == c.lost.low &&
			  there.lost_gbps.high == c.lost.high && there.parted == c.parted &&
			  there.gained_bps == c.gained_bps && there.slower == c.slower;
		back += again.gained_bps == c.lost_bps && again.faster == there.slower &&
			again.moved == there.moved;
		corridor_whatif_free(w);
		corridor_plan_free(plan);
		test_hub_free(&t);
	}
	is_int(as_cut, HUBS, "an order to cut does what a cut does");
	is_int(back, HUBS, "and to restore gives back what was lost");
}

int
main(void)
{
	struct arena *arena = arena_new();
	struct hub hub = triangle();
	struct corridor_plan *plan = plan_of(&hub);
	cut(arena, plan);
	drain(arena, plan);
	corridor_plan_free(plan);
	contract(arena);
	by_chance(arena);
	arena_free(arena);
	return done_testing();
}
