/* The toll ceiling: for each demand the cheapest way with our segments and the cheapest without, at
 * prices as told and at their bounds. */
#include "corridor/corridor_worth.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_money.h"
#include "corridor/corridor_names.h"
#include "corridor/corridor_search.h"
#include "corridor/corridor_ways.h"

enum end { VALUE, LOW, HIGH };

/* Where the prices of our segments and of the others stand. */
static const struct {
	enum end ours, others;
} cases[] = {{VALUE, VALUE}, {LOW, LOW}, {HIGH, HIGH}, {HIGH, LOW}, {LOW, HIGH}};

struct weighing {
	const struct corridor_worth_ask *ask;
	const struct corridor_us *us;
	struct arena *arena;      /* of the result */
	uint64_t *open;           /* cost under the conditions: closed, or not */
	uint64_t *with, *without; /* costs of one case, for one demand's avoidances */
	struct corridor_search *all, *others;
};

/* --- whose segments --- */

static int
us_new(bool **segments, bool **home, struct arena *arena, const struct hub *hub)
{
	*segments = arena_take(arena, (hub->segment_count + 1) * sizeof(**segments));
	*home = arena_take(arena, (hub->site_count + 1) * sizeof(**home));
	return *segments && *home ? 0 : -1;
}

static void
take_class(bool *segments, const struct corridor_relation *r, uint32_t name)
{
	for (uint32_t i = r->first_segment[name]; i < r->first_segment[name + 1]; i++)
		segments[r->segments[i]] = true;
}

int
corridor_us_of(struct corridor_us *out, struct arena *arena, const struct corridor_plan *plan,
	       struct corridor_named named)
{
	assert(out && arena && plan);
	const struct hub *hub = plan->hub;
	bool *segments, *home;
	if (us_new(&segments, &home, arena, hub) < 0)
		return -1;
	*out = (struct corridor_us){segments, home};
	if (named.index == HUB_NONE)
		return 0;
	if (named.kind == CORRIDOR_A_SEGMENT) {
		segments[named.index] = true;
	} else if (named.kind == CORRIDOR_A_SITE) {
		home[named.index] = true;
		for (uint32_t i = plan->graph->first_arc[named.index];
		     i < plan->graph->first_arc[named.index + 1]; i++)
			segments[plan->graph->arcs[i].segment] = true;
	} else {
		take_class(segments, &plan->classes[named.kind], named.index);
	}
	if (named.kind != CORRIDOR_A_COUNTRY)
		return 0;
	const char *code = corridor_named_id(plan, named);
	for (size_t i = 0; i < hub->site_count; i++)
		home[i] = strcmp(hub->sites[i].country.code, code) == 0;
	return 0;
}

int
corridor_us_of_party(struct corridor_us *out, struct arena *arena, const struct corridor_plan *plan,
		     uint32_t party)
{
	assert(out && arena && plan && party < plan->hub->party_count);
	const struct hub *hub = plan->hub;
	bool *segments, *home;
	if (us_new(&segments, &home, arena, hub) < 0)
		return -1;
	for (size_t i = 0; i < hub->parties[party].segment_count; i++)
		segments[hub->parties[party].segments[i]] = true;
	for (size_t c = 0; c < hub->cable_count; c++) {
		const struct hub_cable *cable = &hub->cables[c];
		for (size_t i = 0; cable->owner == party && i < cable->segment_count; i++)
			segments[cable->segments[i]] = true;
	}
	*out = (struct corridor_us){segments, home};
	return 0;
}

/* --- ways --- */

static double
price_at(const struct corridor_fact *price, enum end end)
{
	switch (end) {
	case LOW:
		return price->low;
	case HIGH:
		return price->high;
	case VALUE:
		break;
	}
	return price->value;
}

/* What segments cost in a case to who must not cross some countries, with ours and without. */
static void
lay_costs(struct weighing *w, size_t which, const struct hub_demand *demand)
{
	const struct corridor_plan *plan = w->ask->plan;
	for (size_t s = 0; s < plan->hub->segment_count; s++) {
		enum end end = w->us->segments[s] ? cases[which].ours : cases[which].others;
		w->with[s] = w->open[s] == CORRIDOR_CLOSED
				     ? CORRIDOR_CLOSED
				     : corridor_plan_cost_of_price(
					       price_at(&plan->segments[s].price, end));
	}
	for (size_t i = 0; i < demand->avoid_count; i++) {
		const struct corridor_relation *r = &plan->classes[CORRIDOR_COUNTRIES];
		uint32_t name = corridor_plan_name(plan, CORRIDOR_COUNTRIES, demand->avoid[i].code);
		if (name == HUB_NONE)
			continue;
		for (uint32_t k = r->first_segment[name]; k < r->first_segment[name + 1]; k++)
			w->with[r->segments[k]] = CORRIDOR_CLOSED;
	}
	for (size_t s = 0; s < plan->hub->segment_count; s++)
		w->without[s] = w->us->segments[s] ? CORRIDOR_CLOSED : w->with[s];
}

/* Dollars; a hop is none. NAN when there is no way. */
static double
dollars(uint64_t cost)
{
	return cost == CORRIDOR_CLOSED ? NAN : (double)(cost >> CORRIDOR_HOP_BITS) / 1e6;
}

static bool
rests_on_estimates(const struct weighing *w, const struct corridor_search *search, uint32_t to)
{
	uint32_t segment;
	for (uint32_t at = to; (segment = corridor_search_segment(search, at)) != HUB_NONE;
	     at = corridor_search_before(search, at))
		if (w->ask->plan->segments[segment].price.basis == HUB_ESTIMATED)
			return true;
	return false;
}

/* --- tolls --- */

/* What may be asked in the case that was just searched: 0 when it would not pass. */
static double
ceiling_of(double price, double other, double pays)
{
	double most = isnan(other) ? INFINITY : other - price;
	if (!isnan(pays))
		most = fmin(most, fmax(0, pays - price));
	return isinf(most) ? NAN : fmax(0, most);
}

static void
take_told(struct weighing *w, struct corridor_toll *toll, const struct hub_demand *demand)
{
	bool ours = isnan(toll->other) || toll->other > toll->price;
	if (isnan(toll->price))
		toll->state = CORRIDOR_TOLL_NO_WAY;
	else if (!ours)
		toll->state = CORRIDOR_TOLL_ELSEWHERE;
	else
		toll->state = isnan(toll->other) ? CORRIDOR_TOLL_ONLY : CORRIDOR_TOLL_PASSES;
	toll->estimated = toll->gbps.basis == HUB_ESTIMATED ||
			  rests_on_estimates(w, w->all, demand->to) ||
			  (!isnan(toll->other) && rests_on_estimates(w, w->others, demand->to));
}

/* The ceiling in one case, with the prices of the way and of the other. */
static void
take_ceiling(struct corridor_toll *toll, size_t which, double price, double other, double pays)
{
	double ceiling = isnan(price) ? 0 : ceiling_of(price, other, pays);
	if (which == 0) {
		toll->price = price;
		toll->other = other;
		toll->ceiling = (struct corridor_range){ceiling, ceiling, ceiling};
		return;
	}
	if (isnan(toll->ceiling.value))
		return;
	toll->ceiling.low = fmin(toll->ceiling.low, ceiling);
	toll->ceiling.high = fmax(toll->ceiling.high, ceiling);
}

/* One demand in one case, after the searches from where it begins. */
static void
weigh(struct weighing *w, size_t which, struct corridor_toll *toll, const struct hub_demand *demand)
{
	double price = dollars(corridor_search_cost(w->all, demand->to));
	double other = dollars(corridor_search_cost(w->others, demand->to));
	take_ceiling(toll, which, price, other, demand->price);
	if (which == 0)
		take_told(w, toll, demand);
}

/* --- who is bound --- */

/* The cheapest way at these costs: of those that it is bound to, else any if it may. 1, *out is to
 * be freed; 0: there is none; -1. */
static int
find_bound(struct corridor_path *out, const struct weighing *w, const uint64_t *cost, size_t i)
{
	const struct corridor_flow_demand *laid = &w->ask->laid[i];
	const struct corridor_musts *tries[] = {laid->over, NULL};
	int found = 0;
	for (size_t k = 0; k < (laid->fixed ? 1 : 2) && found == 0; k++) {
		struct corridor_ways *ways =
			corridor_ways_new(w->ask->plan->graph, cost,
					  (struct corridor_ends){laid->from, laid->to}, tries[k]);
		found = ways ? corridor_ways_next(ways, out) : -1;
		corridor_ways_free(ways);
	}
	return found;
}

/* Copies the segments of a way as told. 0, or -1. */
static int
keep_way(const uint32_t **way, size_t *count, struct weighing *w, const struct corridor_path *path)
{
	uint32_t *copy = arena_take(w->arena, (path->segment_count + 1) * sizeof(*copy));
	if (!copy)
		return -1;
	memcpy(copy, path->segments, path->segment_count * sizeof(*copy));
	*way = copy;
	*count = path->segment_count;
	return 0;
}

static bool
guessed(const struct weighing *w, const uint32_t *way, size_t count)
{
	for (size_t k = 0; k < count; k++)
		if (w->ask->plan->segments[way[k]].price.basis == HUB_ESTIMATED)
			return true;
	return false;
}

static void
take_bound(const struct weighing *w, struct corridor_toll *t)
{
	bool crosses = false;
	for (size_t k = 0; k < t->way_count; k++)
		crosses |= w->us->segments[t->way[k]];
	t->state = !t->way           ? CORRIDOR_TOLL_NO_WAY
		   : !crosses        ? CORRIDOR_TOLL_ELSEWHERE
		   : isnan(t->other) ? CORRIDOR_TOLL_ONLY
				     : CORRIDOR_TOLL_PASSES;
	t->estimated = t->gbps.basis == HUB_ESTIMATED || guessed(w, t->way, t->way_count) ||
		       guessed(w, t->other_way, t->other_count);
}

/* One demand that is bound, in one case. 0, or -1 without memory. */
static int
weigh_bound(struct weighing *w, size_t which, struct corridor_toll *toll, size_t i)
{
	const struct hub_demand *demand = &w->ask->plan->hub->demands[i];
	struct corridor_path way = {0}, other = {0};
	lay_costs(w, which, demand);
	int has_way = find_bound(&way, w, w->with, i);
	int has_other = has_way > 0 ? find_bound(&other, w, w->without, i) : 0;
	int result = has_way < 0 || has_other < 0 ? -1 : 0;
	if (result == 0)
		take_ceiling(toll, which, has_way ? dollars(way.cost) : NAN,
			     has_other ? dollars(other.cost) : NAN, demand->price);
	if (which == 0 && result == 0 && has_way)
		result = keep_way(&toll->way, &toll->way_count, w, &way);
	if (which == 0 && result == 0 && has_other)
		result = keep_way(&toll->other_way, &toll->other_count, w, &other);
	if (which == 0 && result == 0)
		take_bound(w, toll);
	free(way.segments);
	free(other.segments);
	return result;
}

/* Searches anew unless the demand before began at the same place and had nothing to avoid either.
 * 0, or -1 without memory. */
static int
weigh_all(struct weighing *w, struct corridor_toll *tolls, size_t which)
{
	const struct hub *hub = w->ask->plan->hub;
	const struct hub_demand *last = NULL;
	for (size_t i = 0; i < hub->demand_count; i++) {
		const struct hub_demand *demand = &hub->demands[i];
		if (tolls[i].state == CORRIDOR_TOLL_HOME || tolls[i].state == CORRIDOR_TOLL_UNKNOWN)
			continue;
		if (tolls[i].bound) {
			if (weigh_bound(w, which, &tolls[i], i) < 0)
				return -1;
			last = NULL;
			continue;
		}
		bool same = last && !last->avoid_count && !demand->avoid_count;
		if (!same)
			lay_costs(w, which, demand);
		if (!same || last->from != demand->from) {
			corridor_search_run(w->all, w->with, demand->from, HUB_NONE);
			corridor_search_run(w->others, w->without, demand->from, HUB_NONE);
		}
		weigh(w, which, &tolls[i], demand);
		last = demand;
	}
	return 0;
}

static void
begin(struct weighing *w, struct corridor_toll *tolls)
{
	const struct hub *hub = w->ask->plan->hub;
	for (size_t i = 0; i < hub->demand_count; i++) {
		const struct hub_demand *demand = &hub->demands[i];
		tolls[i] = (struct corridor_toll){
			.state = CORRIDOR_TOLL_ELSEWHERE,
			.gbps = w->ask->gbps[i],
			.price = NAN,
			.other = NAN,
			.bound = w->ask->laid && w->ask->laid[i].over,
		};
		if (w->us->home[demand->from] || w->us->home[demand->to])
			tolls[i].state = CORRIDOR_TOLL_HOME;
		else if (isnan(tolls[i].gbps.value))
			tolls[i].state = CORRIDOR_TOLL_UNKNOWN;
	}
}

static void
add_up(struct corridor_worth *out, size_t demands)
{
	for (size_t i = 0; i < demands; i++) {
		struct corridor_toll *t = &out->tolls[i];
		double gbps = isnan(t->gbps.value) ? 0 : t->gbps.value;
		out->demands[t->state]++;
		out->gbps[t->state] += gbps;
		if (isnan(t->ceiling.value)) {
			t->usd_a_year = (struct corridor_range){NAN, NAN, NAN};
			out->unpriced_gbps += gbps;
			continue;
		}
		if (isnan(t->gbps.value))
			continue;
		t->usd_a_year = (struct corridor_range){
			corridor_money_a_year(t->gbps.value, t->ceiling.value),
			corridor_money_a_year(t->gbps.low, t->ceiling.low),
			corridor_money_a_year(t->gbps.high, t->ceiling.high),
		};
		out->usd_a_year.value += t->usd_a_year.value;
		out->usd_a_year.low += t->usd_a_year.low;
		out->usd_a_year.high += t->usd_a_year.high;
		out->estimated += t->estimated ? t->usd_a_year.value : 0;
	}
}

int
corridor_worth_of(struct corridor_worth *out, struct arena *arena,
		  const struct corridor_worth_ask *ask, const struct corridor_us *us)
{
	assert(out && arena && ask && ask->plan && us);
	const struct hub *hub = ask->plan->hub;
	assert(ask->gbps || hub->demand_count == 0);
	size_t count = hub->segment_count + 1;
	struct corridor_worth worth = {
		.tolls = arena_take(arena, (hub->demand_count + 1) * sizeof(*worth.tolls)),
	};
	struct weighing w = {
		.ask = ask,
		.us = us,
		.arena = arena,
		.open = calloc(count, sizeof(*w.open)),
		.with = calloc(count, sizeof(*w.with)),
		.without = calloc(count, sizeof(*w.without)),
		.all = corridor_search_new(ask->plan->graph),
		.others = corridor_search_new(ask->plan->graph),
	};
	bool good = worth.tolls && w.open && w.with && w.without && w.all && w.others;
	if (good) {
		corridor_plan_costs(w.open, ask->plan, ask->conditions, CORRIDOR_BY_HOPS);
		begin(&w, worth.tolls);
		for (size_t i = 0; good && i < sizeof(cases) / sizeof(cases[0]); i++)
			good = weigh_all(&w, worth.tolls, i) == 0;
	}
	if (good) {
		add_up(&worth, hub->demand_count);
		*out = worth;
	}
	corridor_search_free(w.all);
	corridor_search_free(w.others);
	free(w.open);
	free(w.with);
	free(w.without);
	return good ? 0 : -1;
}
