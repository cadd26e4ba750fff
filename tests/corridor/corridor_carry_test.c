/* Room for what passes: by hand, on hubs by chance, and on the shipped example. */
#include "corridor/corridor_carry.h"

#include <math.h>

#include "hubs.h"
#include "silkroad.h"
#include "tap.h"

enum { DEMANDS = 6 };

static const struct corridor_day today = {.at = {1795219200}};

struct passage {
	struct corridor_plan *plan;
	struct corridor_flow_case the_case;
	struct corridor_us us;
	struct corridor_worth worth;
	struct corridor_carry_ask ask;
};

static void
passage_of(struct passage *p, struct arena *arena, const struct hub *hub)
{
	*p = (struct passage){.plan = corridor_plan_new(hub, today)};
	p->ask.flow = (struct corridor_flow_ask){
		.plan = p->plan, .measure = CORRIDOR_BY_PRICE, .now = today.at};
	if (!p->plan ||
	    corridor_flow_case_of(&p->the_case, arena, &p->ask.flow, CORRIDOR_AS_TOLD) < 0)
		abort();
	p->ask.gbps = p->the_case.gbps;
}

static void
weigh(struct passage *p, struct arena *arena, struct corridor_named named)
{
	struct corridor_worth_ask ask = {p->plan, NULL, p->the_case.gbps,
					 p->the_case.instance.demands};
	if (corridor_us_of(&p->us, arena, p->plan, named) < 0 ||
	    corridor_worth_of(&p->worth, arena, &ask, &p->us) < 0)
		abort();
	p->ask.us = &p->us;
	p->ask.tolls = p->worth.tolls;
}

/* --- by hand --- */

/*
 *      S0: ours, 500 km
 *   P0 ════════════════ P1 ──── P2      S1: P1-P2, 100 km
 *    └──────────────────┘               S2: another's from P0 to P1, 900 km; S3: planned, as S0
 *
 * 600 Gbit/s go from P0 to P2 and 300 from P0 to P1, 800 from P1 to P2. All lines have 1 Tbit/s.
 */
static struct test_hub
by_hand(void)
{
	static const struct {
		uint32_t a, b;
		double km;
		bool usable;
	} lines[] = {{0, 1, 500, true}, {1, 2, 100, true}, {0, 1, 900, true}, {0, 1, 500, false}};
	static const struct {
		uint32_t from, to;
		double gbps;
	} wishes[] = {{0, 2, 600}, {0, 1, 300}, {1, 2, 800}};
	uint64_t seed = 1;
	struct test_hub t = hub_by_chance(&seed, 3, 4);
	for (size_t s = 0; s < 4; s++) {
		struct hub_segment *line = &t.hub.segments[s];
		line->a = lines[s].a;
		line->b = lines[s].b;
		line->length_km = lines[s].km;
		line->usable = lines[s].usable;
		line->status = line->usable ? "in service" : "a plan";
		line->country_count = line->srlg_count = 0;
		line->length_from.confidence = HUB_SEEN;
	}
	t.hub.demands = arena_take(t.arena, 3 * sizeof(*t.hub.demands));
	t.hub.demand_count = 3;
	for (size_t i = 0; i < 3; i++)
		t.hub.demands[i] = (struct hub_demand){
			.split = true,
			.from = wishes[i].from,
			.to = wishes[i].to,
			.gbps = wishes[i].gbps,
			.price = NAN,
			.growth_percent = NAN,
			.member = HUB_NONE,
			.basis = {.low = NAN, .high = NAN, .confidence = HUB_SEEN},
		};
	t.hub.candidates = arena_take(t.arena, sizeof(*t.hub.candidates));
	t.hub.candidate_count = 1;
	uint32_t *third = arena_take(t.arena, sizeof(*third));
	*third = 3;
	t.hub.candidates[0] =
		(struct hub_candidate){.id = "C", .segments = third, .segment_count = 1};
	t.hub.candidates[0].capex_musd = 10;
	return t;
}

static void
test_by_hand(void)
{
	struct test_hub t = by_hand();
	struct passage p;
	struct corridor_carry c;
	passage_of(&p, t.arena, &t.hub);
	weigh(&p, t.arena, (struct corridor_named){CORRIDOR_A_SEGMENT, 0});
	if (corridor_carry_of(&c, t.arena, &p.ask, 1) < 0)
		abort();
	ok(isnan(c.share[2]), "who goes elsewhere does not pass");
	ok(fabs(c.asked_gbps - 900) < 1e-6, "900 Gbit/s pass");
	ok(fabs(c.carried_gbps - 500) < 1e-6 && fabs(c.share[1] - 1) < 1e-9,
	   "of these 500 fit: beyond P1 others come first (%.3f)", c.carried_gbps);
	ok(c.full_count == 1 && c.full[0] == 1, "what is full is named");
	if (corridor_carry_of(&c, t.arena, &p.ask, 10) < 0)
		abort();
	ok(fabs(c.carried_gbps - 1000) < 1e-6, "ten times as much stays on our line, of 1 Tbit/s");
	struct corridor_carry_gain *gains;
	size_t count;
	struct corridor_carry before = c;
	p.us.segments = (const bool[]){true, false, false, true};
	if (corridor_carry_gains(&gains, &count, t.arena, &p.ask, 10, &before) < 0)
		abort();
	ok(count == 1 && gains[0].candidate == 0 && fabs(gains[0].gbps - 1000) < 1e-6 &&
		   fabs(gains[0].gbps_per_musd - 100) < 1e-9,
	   "a second line of ours gives room for as much again");
	corridor_plan_free(p.plan);
	test_hub_free(&t);
}

/* --- by chance --- */

static void
demands_by_chance(struct test_hub *t, uint64_t *seed)
{
	test_demands(t, DEMANDS);
	for (size_t i = 0; i < DEMANDS; i++) {
		struct hub_demand d = demand_by_chance(t, seed, i, 1, 400);
		d.priority = random_below(seed, 3);
		d.protect = random_below(seed, 4) ? HUB_PROTECT_NONE : HUB_PROTECT_ONE_PLUS_ONE;
		t->hub.demands[i] = d;
	}
}

/* Does it hold of any hub? `cut`: the same with our segments gone. */
static bool
holds(const struct passage *p, const struct corridor_carry *c, double times)
{
	double room = 0, sum = 0;
	for (size_t s = 0; s < p->plan->hub->segment_count; s++)
		room += p->us.segments[s] ? 2 * p->plan->segments[s].capacity_tbps.value * 1000 : 0;
	for (size_t i = 0; i < DEMANDS; i++) {
		enum corridor_toll_state state = p->worth.tolls[i].state;
		bool passes = state == CORRIDOR_TOLL_PASSES || state == CORRIDOR_TOLL_ONLY;
		double asked = p->ask.gbps[i].value * times;
		if (passes != !isnan(c->share[i]) || c->share[i] > 1)
			return false;
		sum += passes ? asked * c->share[i] : 0;
	}
	return fabs(sum - c->carried_gbps) < 1e-6 * (1 + sum) && c->carried_gbps <= room + 1e-6;
}

static void
test_chance(void)
{
	uint64_t seed = 11;
	unsigned good = 0, whole = 0, short_of = 0, named = 0, ranges = 0, tried = 0;
	unsigned within = 0, beyond = 0;
	enum { HUBS = 300 };
	for (int i = 0; i < HUBS; i++) {
		struct test_hub t = hub_by_chance(&seed, 7, 12);
		struct passage p;
		struct corridor_carries all;
		struct corridor_carry few, many;
		demands_by_chance(&t, &seed);
		passage_of(&p, t.arena, &t.hub);
		uint32_t country = random_below(&seed, (uint32_t)p.plan->classes[0].count);
		weigh(&p, t.arena, (struct corridor_named){CORRIDOR_A_COUNTRY, country});
		if (corridor_carry_corners(&all, t.arena, &p.ask, 1) < 0)
			abort();
		double times = corridor_carry_all(&p.ask);
		if (corridor_carry_of(&few, t.arena, &p.ask, 1e-6) < 0 ||
		    corridor_carry_of(&many, t.arena, &p.ask, times) < 0)
			abort();
		struct corridor_range gbps = corridor_carry_range(&all);
		bool inside = gbps.value == all.at[CORRIDOR_AS_TOLD].carried_gbps;
		for (int c = 0; c < CORRIDOR_CORNERS; c++)
			inside &= gbps.low <= all.at[c].carried_gbps &&
				  gbps.high >= all.at[c].carried_gbps;
		within += inside;
		const struct corridor_carry *worst = &all.at[CORRIDOR_AT_WORST];
		const struct corridor_carry *ease = &all.at[CORRIDOR_AT_EASE];
		beyond += gbps.low < worst->carried_gbps - 1e-6 ||
			  gbps.high > ease->carried_gbps + 1e-6;
		struct corridor_range usd = corridor_carry_worth(&all, &p.worth, DEMANDS);
		ranges += usd.value <= p.worth.usd_a_year.value * (1 + 1e-9) &&
			  usd.high <= p.worth.usd_a_year.high * (1 + 1e-9) &&
			  usd.low <= p.worth.usd_a_year.low * (1 + 1e-9);
		if (few.asked_gbps > 0) {
			tried++;
			good += holds(&p, &all.at[CORRIDOR_AS_TOLD], 1) && holds(&p, &many, times);
			whole += few.carried_gbps == few.asked_gbps || few.full_count > 0;
			short_of += many.carried_gbps < many.asked_gbps;
			named += many.carried_gbps == many.asked_gbps || many.full_count > 0;
		}
		corridor_plan_free(p.plan);
		test_hub_free(&t);
	}
	ok(tried > 80, "%u hubs where something passes", tried);
	is_int(good, tried, "what fits is no more than is asked, nor than our segments carry");
	is_int(whole, tried, "a little fits, unless others have filled the way");
	is_int(named, tried, "where not all fits, something is full");
	ok(short_of > tried / 2, "of all that could cross us not all fits (%u)", short_of);
	is_int(within, HUBS, "the range holds what is carried at every corner");
	ok(beyond > 0, "of which the worst and the best are not always the ends (%u)", beyond);
	is_int(ranges, HUBS, "what fits is worth no more than all");
}

static void
test_example(void)
{
	struct hub *hub = silkroad();
	struct arena *arena = arena_new();
	struct passage p;
	struct corridor_carry now, most;
	passage_of(&p, arena, hub);
	uint32_t pk = corridor_plan_name(p.plan, CORRIDOR_COUNTRIES, "PK");
	weigh(&p, arena, (struct corridor_named){CORRIDOR_A_COUNTRY, pk});
	if (corridor_carry_of(&now, arena, &p.ask, 1) < 0 ||
	    corridor_carry_of(&most, arena, &p.ask, corridor_carry_all(&p.ask)) < 0)
		abort();
	ok(fabs(now.carried_gbps - now.asked_gbps) < 1e-6,
	   "what passes Pakistan in the example fits today");
	ok(most.carried_gbps > 10 * now.carried_gbps && most.full_count > 5,
	   "there is room for %.0f times as much", most.carried_gbps / now.carried_gbps);
	p.ask.us = NULL;
	p.ask.tolls = NULL;
	if (corridor_carry_of(&now, arena, &p.ask, 1) < 0)
		abort();
	ok(fabs(now.carried_gbps / 13621 - 1) < 1e-3, "without a name all demands are carried");
	corridor_plan_free(p.plan);
	arena_free(arena);
	hub_free(hub);
}

int
main(void)
{
	test_by_hand();
	test_chance();
	test_example();
	return done_testing();
}
