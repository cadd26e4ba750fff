/* What to lease after a cut beside trying all there is to try, on small hubs. */
#include "corridor/corridor_whatif_lease.h"

#include "hubs.h"
#include "tap.h"
#include "triangle.h"

enum { HUBS = 400, SITES = 6, SEGMENTS = 10, DEMANDS = 3, UNITS_MAX = 5, DAYS = 60 };

#define UNIT   100000000000ull /* bit/s: capacities and demands are so many of it */
#define MONTHS (DAYS * 12 / 365.25)

/* One priority each: they do not grow side by side, and stay whole units. */
static void
demands_by_chance(struct test_hub *t, uint64_t *seed)
{
	t->hub.demands = arena_take(t->arena, DEMANDS * sizeof(*t->hub.demands));
	t->hub.demand_count = DEMANDS;
	for (uint32_t i = 0; i < DEMANDS; i++)
		t->hub.demands[i] = (struct hub_demand){
			.split = true,
			.id = arena_printf(t->arena, "D%u", i),
			.member = HUB_NONE,
			.basis = {.low = NAN, .high = NAN},
			.from = random_below(seed, SITES),
			.to = random_below(seed, SITES),
			.gbps = 100 * (1 + random_below(seed, UNITS_MAX)),
			.priority = i,
		};
	for (size_t s = 0; s < SEGMENTS; s++)
		t->hub.segments[s].design_tbps = 0.1 * (1 + random_below(seed, 5));
}

/* All ways of what stops, tried in every mixture. */
struct trial {
	const struct test_ways *ways;
	const struct corridor_plan *plan;
	unsigned room[2 * SEGMENTS]; /* units */
	unsigned best;
	double least; /* US dollars a month of a Mbit/s, for that many */
};

static uint32_t
arc_of(const struct trial *t, const struct corridor_path *way, size_t i)
{
	uint32_t s = way->segments[i];
	return 2 * s + (t->plan->graph->ends[s].a != way->sites[i]);
}

static void
try(struct trial *t, size_t first, unsigned left, unsigned laid, double cost)
{
	if (laid > t->best || (laid == t->best && cost < t->least)) {
		t->best = laid;
		t->least = cost;
	}
	for (size_t w = first; w < t->ways->count && left; w++) {
		const struct corridor_path *way = &t->ways->ways[w];
		bool fits = true;
		double price = 0;
		for (size_t i = 0; i < way->segment_count; i++) {
			fits &= t->room[arc_of(t, way, i)] > 0;
			price += t->plan->segments[way->segments[i]].price.value;
		}
		if (!fits)
			continue;
		for (size_t i = 0; i < way->segment_count; i++)
			t->room[arc_of(t, way, i)]--;
		try(t, w, left - 1, laid + 1, cost + price);
		for (size_t i = 0; i < way->segment_count; i++)
			t->room[arc_of(t, way, i)]++;
	}
}

/* What nobody else uses, in units, when `demand` has stopped and is laid nowhere. */
static void
leave_room(struct trial *t, struct corridor_flow_case *c, uint32_t demand, uint32_t cut)
{
	struct corridor_flow_work *work = corridor_flow_new(&c->instance, UINT32_MAX);
	const struct corridor_flow *flow = corridor_flow_solve(work, CORRIDOR_FLOW_PRIORITY, NULL);
	uint64_t room[2 * SEGMENTS];
	for (size_t a = 0; a < 2 * SEGMENTS; a++)
		room[a] = a / 2 == cut ? 0 : c->instance.capacity_bps[a] - flow->load_bps[a];
	for (size_t i = 0; i < flow->way_count; i++) {
		const struct corridor_flow_way *way = &flow->ways[i];
		bool stops = false;
		for (uint32_t k = 0; k < way->count; k++)
			stops |= flow->arcs[way->first + k] / 2 == cut;
		for (uint32_t k = 0; k < way->count && stops && way->demand == demand; k++)
			if (flow->arcs[way->first + k] / 2 != cut)
				room[flow->arcs[way->first + k]] += way->bps;
	}
	for (size_t a = 0; a < 2 * SEGMENTS; a++)
		t->room[a] = (unsigned)(room[a] / UNIT);
	corridor_flow_free(work);
}

struct tally {
	unsigned runs, as_much, as_cheap, some, not_all, sound;
};

/* Sums of ways and of segments are those of the whole, and the cheapest way comes first. */
static bool
adds_up(const struct corridor_leases *l)
{
	uint64_t bps = 0;
	double ways = 0, segments = 0, before = 0;
	bool ordered = true;
	for (size_t i = 0; i < l->way_count; i++) {
		bps += l->ways[i].bps;
		ways += l->ways[i].usd.value;
		ordered &= l->ways[i].usd_mbps_month >= before;
		before = l->ways[i].usd_mbps_month;
	}
	for (size_t i = 0; i < l->leased_count; i++)
		segments += l->leased[i].usd.value;
	return ordered && bps == l->back_bps && fabs(ways - l->usd.value) <= 1e-6 * ways &&
	       fabs(segments - l->usd.value) <= 1e-6 * segments;
}

static void
one_cut(struct tally *tally, struct test_hub *hub, const struct corridor_plan *plan, uint32_t cut)
{
	struct corridor_flow_ask ask = {.plan = plan};
	struct corridor_named name = {CORRIDOR_A_SEGMENT, cut};
	struct corridor_whatif *w = corridor_whatif_new(&ask);
	struct corridor_carried carried;
	struct corridor_leases l;
	uint64_t stops[DEMANDS];
	uint32_t stopped = 0, which = 0;
	if (!w || corridor_whatif_carried(&carried, stops, w, &name, 1) < 0 ||
	    corridor_whatif_lease(&l, hub->arena, w, &ask, &name, 1, DAYS) < 0)
		abort();
	for (uint32_t d = 0; d < DEMANDS; d++) {
		stopped += stops[d] > 0;
		which = stops[d] ? d : which;
	}
	tally->sound += adds_up(&l) && l.back_bps <= l.stops_bps && l.stops_bps == carried.bps;
	/* Several at once need not stay whole units in what is best. */
	struct corridor_flow_case c;
	if (stopped == 1 && corridor_flow_case_of(&c, hub->arena, &ask, CORRIDOR_AS_TOLD) == 0) {
		struct trial t = {.plan = plan};
		struct corridor_ends ends = {plan->hub->demands[which].from,
					     plan->hub->demands[which].to};
		struct test_ways ways = test_ways_of(plan->graph, c.instance.cost[0], ends);
		t.ways = &ways;
		leave_room(&t, &c, which, cut);
		try(&t, 0, (unsigned)(stops[which] / UNIT), 0, 0);
		double usd = t.least * (double)UNIT / 1e6 * MONTHS;
		tally->runs++;
		tally->as_much += l.back_bps == t.best * UNIT;
		tally->as_cheap += fabs(l.usd.value - usd) <= 1e-5 * usd;
		tally->some += t.best > 0;
		tally->not_all += t.best > 0 && t.best * UNIT < stops[which];
		test_ways_free(&ways);
	}
	corridor_whatif_free(w);
}

static void
trying(void)
{
	uint64_t seed = 42;
	struct tally tally = {0};
	for (int n = 0; n < HUBS; n++) {
		struct test_hub t = hub_by_chance(&seed, SITES, SEGMENTS);
		demands_by_chance(&t, &seed);
		struct corridor_plan *plan = corridor_plan_new(&t.hub, (struct corridor_day){0});
		if (!plan)
			abort();
		one_cut(&tally, &t, plan, (uint32_t)n % SEGMENTS);
		corridor_plan_free(plan);
		test_hub_free(&t);
	}
	ok(tally.runs > 100 && tally.some > 50 && tally.not_all > 5,
	   "of %u cuts that stop a demand %u can be mended by leases, %u in part", tally.runs,
	   tally.some, tally.not_all);
	is_int(tally.as_much, tally.runs, "as much is brought back as by any mixture of ways");
	is_int(tally.as_cheap, tally.runs, "for as little money");
	is_int(tally.sound, HUBS, "ways and segments add up to it, the cheapest way first");
}

/* Of 600 Gbit/s from A to C 300 go over B already, where there is room for 500. */
static void
by_hand(void)
{
	struct hub hub = triangle();
	struct corridor_plan *plan = corridor_plan_new(&hub, (struct corridor_day){0});
	struct corridor_flow_ask ask = {.plan = plan};
	struct corridor_whatif *w = corridor_whatif_new(&ask);
	struct corridor_named ac = {CORRIDOR_A_SEGMENT, 2};
	struct arena *arena = arena_new();
	struct corridor_leases l, longer;
	if (!w || corridor_whatif_lease(&l, arena, w, &ask, &ac, 1, 30) < 0 ||
	    corridor_whatif_lease(&longer, arena, w, &ask, &ac, 1, 60) < 0)
		abort();
	is_int((long long)l.stops_bps, 300000000000, "what crosses the cut stops");
	is_int((long long)l.back_bps, 200000000000, "as much comes back as there is room for");
	ok(l.leased_count == 2 && l.leased[0].segment != ac.index, "over the two other segments");
	ok(fabs(longer.usd.value - 2 * l.usd.value) <= 1e-9 * longer.usd.value && l.usd.value > 0,
	   "twice as long for twice the money");
	arena_free(arena);
	corridor_whatif_free(w);
	corridor_plan_free(plan);
}

int
main(void)
{
	by_hand();
	trying();
	return done_testing();
}
