/* The toll ceiling: small hubs by chance, where every way is tried; what must hold of any; and the
 * shipped example against the cheapest ways. */
#include "corridor/corridor_worth.h"

#include <math.h>

#include "corridor/corridor_best.h"
#include "corridor/corridor_flow_plan.h"
#include "corridor/corridor_money.h"
#include "corridor/corridor_musts.h"
#include "hubs.h"
#include "silkroad.h"
#include "tap.h"

enum { DEMANDS = 6, PRICES = 5 };

static const struct corridor_day today = {.at = {1795219200}};

static void
demands_by_chance(struct test_hub *t, uint64_t *seed, struct corridor_fact *gbps)
{
	static const struct hub_basis seen = {.low = NAN, .high = NAN, .confidence = HUB_SEEN};
	test_demands(t, DEMANDS);
	for (size_t i = 0; i < DEMANDS; i++) {
		struct hub_demand *d = &t->hub.demands[i];
		d->split = true;
		d->from = random_below(seed, (uint32_t)t->hub.site_count);
		d->to = random_below(seed, (uint32_t)t->hub.site_count);
		d->price = random_below(seed, 3) ? NAN : random_below(seed, 900) / 100.0;
		d->avoid_count = random_below(seed, 3) == 0;
		d->avoid = arena_take(t->arena, sizeof(*d->avoid));
		memcpy(d->avoid[0].code, hub_country_codes[random_below(seed, HUB_COUNTRIES)], 3);
		gbps[i] = corridor_fact_of(1 + random_below(seed, 500), &seen);
	}
}

static bool
crosses(const struct hub_segment *s, const struct country *avoid)
{
	for (size_t i = 0; i < s->country_count; i++)
		if (strcmp(s->countries[i].code, avoid->code) == 0)
			return true;
	return false;
}

/* The price of the cheapest of all ways, with ours or without; NAN: none. `which`: 0 as told, then
 * low-low, high-high, ours high, ours low. */
static double
by_trying(const struct corridor_plan *plan, const struct corridor_us *us,
	  const struct hub_demand *d, int which, bool without)
{
	const struct hub *hub = plan->hub;
	uint64_t *open = calloc(hub->segment_count + 1, sizeof(*open));
	double best = NAN;
	corridor_plan_costs(open, plan, NULL, CORRIDOR_BY_HOPS);
	for (size_t s = 0; s < hub->segment_count; s++)
		if ((without && us->segments[s]) ||
		    (d->avoid_count && crosses(&hub->segments[s], &d->avoid[0])))
			open[s] = CORRIDOR_CLOSED;
	struct test_ways ways =
		test_ways_of(plan->graph, open, (struct corridor_ends){d->from, d->to});
	for (size_t i = 0; i < ways.count; i++) {
		double sum = 0;
		for (size_t k = 0; k < ways.ways[i].segment_count; k++) {
			uint32_t s = ways.ways[i].segments[k];
			const struct corridor_fact *p = &plan->segments[s].price;
			bool high = which == 2 || which == (us->segments[s] ? 3 : 4);
			sum += which == 0 ? p->value : high ? p->high : p->low;
		}
		best = isnan(best) || sum < best ? sum : best;
	}
	test_ways_free(&ways);
	free(open);
	return best;
}

static double
ceiling_by_trying(double all, double other, double pays)
{
	if (isnan(all))
		return 0;
	double most = isnan(other) ? INFINITY : other - all;
	if (!isnan(pays) && most > fmax(0, pays - all))
		most = fmax(0, pays - all);
	return most;
}

/* Prices are reckoned in millionths of a dollar, rounded up for each segment. */
static bool
near(double a, double b)
{
	return (isnan(a) && isnan(b)) || fabs(a - b) < 1e-4;
}

static bool
is_as_tried(const struct corridor_plan *plan, const struct corridor_us *us, size_t i,
	    const struct corridor_toll *t)
{
	const struct hub_demand *d = &plan->hub->demands[i];
	double low = INFINITY, high = 0, value = 0;
	if (us->home[d->from] || us->home[d->to])
		return t->state == CORRIDOR_TOLL_HOME && t->usd_a_year.high == 0;
	for (int which = 0; which < PRICES; which++) {
		double ceiling = ceiling_by_trying(by_trying(plan, us, d, which, false),
						   by_trying(plan, us, d, which, true), d->price);
		value = which == 0 ? ceiling : value;
		low = fmin(low, ceiling);
		high = fmax(high, ceiling);
	}
	if (isinf(value))
		return t->state == CORRIDOR_TOLL_ONLY && isnan(t->ceiling.value);
	double usd = corridor_money_a_year(t->gbps.value, t->ceiling.value);
	return near(t->price, by_trying(plan, us, d, 0, false)) &&
	       near(t->other, by_trying(plan, us, d, 0, true)) && near(t->ceiling.value, value) &&
	       near(t->ceiling.low, low) && near(t->ceiling.high, high) &&
	       near(t->usd_a_year.value, usd);
}

static struct corridor_us
us_by_chance(const struct corridor_plan *plan, struct arena *arena, uint64_t *seed)
{
	struct corridor_us us;
	static const enum corridor_kind kinds[] = {CORRIDOR_A_COUNTRY, CORRIDOR_A_RISK,
						   CORRIDOR_A_CABLE, CORRIDOR_A_SITE,
						   CORRIDOR_A_SEGMENT};
	enum corridor_kind kind = kinds[random_below(seed, 5)];
	size_t count = kind == CORRIDOR_A_SITE      ? plan->hub->site_count
		       : kind == CORRIDOR_A_SEGMENT ? plan->hub->segment_count
						    : plan->classes[kind].count;
	uint32_t index = count ? random_below(seed, (uint32_t)count) : HUB_NONE;
	if (corridor_us_of(&us, arena, plan, (struct corridor_named){kind, index}) < 0)
		abort();
	return us;
}

/* A segment more from one end of a demand to the other, which is not ours. */
static void
add_rival(struct hub *hub, struct arena *arena, size_t demand, uint64_t *seed)
{
	struct hub_segment *more =
		arena_take(arena, (hub->segment_count + 1) * sizeof(*hub->segments));
	memcpy(more, hub->segments, hub->segment_count * sizeof(*more));
	struct hub_segment *s = &more[hub->segment_count++];
	*s = more[0];
	s->a = hub->demands[demand].from;
	s->b = hub->demands[demand].to;
	s->length_km = 1 + random_below(seed, 9000);
	s->usable = true;
	s->country_count = s->srlg_count = 0;
	hub->segments = more;
}

static void
test_chance(void)
{
	uint64_t seed = 5;
	unsigned tried = 0, same = 0, sums = 0, rivals = 0, tolls = 0, only = 0;
	enum { HUBS = 250 };
	for (int i = 0; i < HUBS; i++) {
		struct corridor_fact gbps[DEMANDS];
		struct corridor_worth worth, after;
		struct test_hub t = hub_by_chance(&seed, 7, 12);
		demands_by_chance(&t, &seed, gbps);
		struct corridor_plan *plan = corridor_plan_new(&t.hub, today);
		struct corridor_us us = us_by_chance(plan, t.arena, &seed);
		struct corridor_worth_ask ask = {plan, NULL, gbps, NULL};
		double sum = 0;
		if (corridor_worth_of(&worth, t.arena, &ask, &us) < 0)
			abort();
		for (size_t d = 0; d < DEMANDS; d++, tried++) {
			const struct corridor_toll *toll = &worth.tolls[d];
			same += is_as_tried(plan, &us, d, toll);
			sum += isnan(toll->usd_a_year.value) ? 0 : toll->usd_a_year.value;
			tolls += toll->ceiling.value > 0;
			only += toll->state == CORRIDOR_TOLL_ONLY;
		}
		sums += fabs(sum - worth.usd_a_year.value) <= 1e-9 * sum &&
			worth.usd_a_year.low <= sum && sum <= worth.usd_a_year.high * (1 + 1e-12);
		size_t d = random_below(&seed, DEMANDS);
		add_rival(&t.hub, t.arena, d, &seed);
		struct corridor_plan *more = corridor_plan_new(&t.hub, today);
		bool *ours = arena_take(t.arena, t.hub.segment_count * sizeof(*ours));
		memcpy(ours, us.segments, (t.hub.segment_count - 1) * sizeof(*ours));
		struct corridor_us them = {ours, us.home};
		ask.plan = more;
		if (corridor_worth_of(&after, t.arena, &ask, &them) < 0)
			abort();
		rivals += isnan(worth.tolls[d].ceiling.value) ||
			  after.tolls[d].ceiling.value <= worth.tolls[d].ceiling.value;
		corridor_plan_free(more);
		corridor_plan_free(plan);
		test_hub_free(&t);
	}
	is_int(same, tried, "price, other price, ceiling and bounds are those of trying all ways");
	is_int(sums, HUBS, "the worth is the sum of what is known, within its bounds");
	is_int(rivals, HUBS, "a rival from end to end never raises a ceiling");
	ok(tolls > 100 && only > 20, "%u ceilings above 0, %u with no other way", tolls, only);
}

static void
test_party(void)
{
	uint64_t seed = 9;
	struct test_hub t = hub_by_chance(&seed, 7, 12);
	uint32_t own[] = {3, 7};
	struct hub_party parties[2] = {{.id = "none"}, {.id = "some"}};
	parties[1].segments = own;
	parties[1].segment_count = 2;
	t.hub.parties = parties;
	t.hub.party_count = 2;
	for (size_t c = 0; c < t.hub.cable_count; c++)
		t.hub.cables[c].owner = c == 1 ? 1 : HUB_NONE;
	struct corridor_plan *plan = corridor_plan_new(&t.hub, today);
	struct corridor_us us;
	char marks[13] = "";
	ok(plan && corridor_us_of_party(&us, t.arena, plan, 1) == 0, "what is a party's");
	for (size_t s = 0; s < 12; s++)
		marks[s] = us.segments[s] ? 'x' : '-';
	is_str(marks, "-x-x---x----", "are its segments and those of its cables");
	corridor_plan_free(plan);
	test_hub_free(&t);
}

static double
cheapest(const struct corridor_plan *plan, struct corridor_ends ends,
	 const struct corridor_conditions *conditions)
{
	struct corridor_best best;
	struct corridor_wanted wanted = {ends, 1, CORRIDOR_BY_PRICE, conditions};
	if (corridor_best_find(&best, plan, &wanted) < 0 || !best.paths.count)
		return NAN;
	double usd = (double)(best.paths.paths[0].cost >> CORRIDOR_HOP_BITS) / 1e6;
	corridor_paths_fini(&best.paths);
	return usd;
}

static void
test_example(void)
{
	struct hub *hub = silkroad();
	struct corridor_plan *plan = corridor_plan_new(hub, today);
	struct arena *arena = arena_new();
	struct corridor_flow_ask flow = {
		.plan = plan, .measure = CORRIDOR_BY_PRICE, .now = today.at};
	struct corridor_flow_case the_case;
	struct corridor_worth worth;
	struct corridor_us us;
	uint32_t pk = corridor_plan_name(plan, CORRIDOR_COUNTRIES, "PK");
	if (corridor_flow_case_of(&the_case, arena, &flow, CORRIDOR_AS_TOLD) < 0 ||
	    corridor_us_of(&us, arena, plan, (struct corridor_named){CORRIDOR_A_COUNTRY, pk}) < 0)
		abort();
	struct corridor_worth_ask ask = {plan, NULL, the_case.gbps, NULL};
	ok(corridor_worth_of(&worth, arena, &ask, &us) == 0, "what is passing Pakistan worth");
	struct corridor_conditions avoid = {0};
	avoid.avoid[CORRIDOR_COUNTRIES] = &pk;
	avoid.avoid_count[CORRIDOR_COUNTRIES] = 1;
	unsigned asked = 0, same = 0, home = 0;
	for (size_t i = 0; i < hub->demand_count; i++) {
		const struct hub_demand *d = &hub->demands[i];
		struct corridor_ends ends = {d->from, d->to};
		home += worth.tolls[i].state == CORRIDOR_TOLL_HOME;
		if (d->avoid_count || worth.tolls[i].state == CORRIDOR_TOLL_HOME)
			continue;
		asked++;
		same += near(worth.tolls[i].price, cheapest(plan, ends, NULL)) &&
			near(worth.tolls[i].other, cheapest(plan, ends, &avoid));
	}
	ok(asked > 20 && same == asked, "%u of %u demands: the prices are those of corridor path",
	   same, asked);
	is_int(home, 12, "what begins or ends in Pakistan does not pass it");
	ok(worth.usd_a_year.value > 0 && worth.estimated <= worth.usd_a_year.value,
	   "Pakistan's passage is worth something: %.1f million dollars a year",
	   worth.usd_a_year.value / 1e6);
	arena_free(arena);
	corridor_plan_free(plan);
	hub_free(hub);
}

/* The cheapest of all ways over `must` (or any, HUB_NONE), with ours or without; NAN: none. */
static double
by_trying_over(const struct corridor_plan *plan, const struct corridor_us *us,
	       struct corridor_ends ends, uint32_t must, bool without)
{
	uint64_t *open = calloc(plan->hub->segment_count + 1, sizeof(*open));
	double best = NAN;
	corridor_plan_costs(open, plan, NULL, CORRIDOR_BY_HOPS);
	for (size_t s = 0; s < plan->hub->segment_count; s++)
		if (without && us->segments[s])
			open[s] = CORRIDOR_CLOSED;
	struct test_ways ways = test_ways_of(plan->graph, open, ends);
	for (size_t i = 0; i < ways.count; i++) {
		bool over = must == HUB_NONE;
		double sum = 0;
		for (size_t k = 0; k < ways.ways[i].segment_count; k++) {
			over |= ways.ways[i].segments[k] == must;
			sum += plan->segments[ways.ways[i].segments[k]].price.value;
		}
		if (over && (isnan(best) || sum < best))
			best = sum;
	}
	test_ways_free(&ways);
	free(open);
	return best;
}

static bool
bound_as_tried(const struct corridor_plan *plan, const struct corridor_us *us, uint32_t must,
	       const struct corridor_flow_demand *laid, const struct corridor_toll *t)
{
	struct corridor_ends ends = {laid->from, laid->to};
	double price = by_trying_over(plan, us, ends, must, false);
	double other = by_trying_over(plan, us, ends, must, true);
	if (isnan(price) && !laid->fixed)
		price = by_trying_over(plan, us, ends, HUB_NONE, false);
	if (isnan(other) && !laid->fixed)
		other = by_trying_over(plan, us, ends, HUB_NONE, true);
	return near(t->price, price) && (isnan(price) || near(t->other, other)) &&
	       (isnan(price) || isnan(other) || other >= price || t->ceiling.value == 0);
}

/* A demand that is bound to one segment, in small hubs by chance. */
static void
test_bound(void)
{
	uint64_t seed = 77;
	unsigned tried = 0, same = 0, dearer = 0, fixed = 0;
	for (int i = 0; i < 300; i++) {
		struct corridor_fact gbps[DEMANDS];
		struct corridor_worth worth;
		struct test_hub t = hub_by_chance(&seed, 6, 10);
		demands_by_chance(&t, &seed, gbps);
		struct corridor_plan *plan = corridor_plan_new(&t.hub, today);
		struct corridor_us us = us_by_chance(plan, t.arena, &seed);
		struct corridor_flow_demand laid[DEMANDS] = {0};
		uint32_t must = random_below(&seed, (uint32_t)t.hub.segment_count);
		struct corridor_named named = {CORRIDOR_A_SEGMENT, must};
		struct corridor_conditions conditions = {.require = &named, .require_count = 1};
		struct corridor_musts musts;
		struct corridor_worth_ask ask = {plan, NULL, gbps, laid};
		struct hub_demand *d = &t.hub.demands[0];
		d->avoid_count = 0;
		d->price = NAN;
		laid[0] = (struct corridor_flow_demand){.from = d->from,
							.to = d->to,
							.over = &musts,
							.fixed = random_below(&seed, 2)};
		if (corridor_musts_of(&musts, t.arena, plan, &conditions) < 0 ||
		    corridor_worth_of(&worth, t.arena, &ask, &us) < 0)
			abort();
		const struct corridor_toll *toll = &worth.tolls[0];
		if (toll->state != CORRIDOR_TOLL_HOME && d->from != d->to) {
			tried++;
			same += bound_as_tried(plan, &us, must, &laid[0], toll);
			fixed += laid[0].fixed && toll->state == CORRIDOR_TOLL_ONLY;
			dearer += toll->state == CORRIDOR_TOLL_PASSES && toll->other < toll->price;
		}
		corridor_plan_free(plan);
		arena_free(t.arena);
	}
	ok(tried > 100 && same == tried, "%u of %u bound demands: priced as by trying all ways",
	   same, tried);
	ok(dearer > 3, "%u of them pass though another way were cheaper", dearer);
	ok(fixed > 10, "%u have no other way since they stay where they are bound", fixed);
}

int
main(void)
{
	test_chance();
	test_bound();
	test_party();
	test_example();
	return done_testing();
}
