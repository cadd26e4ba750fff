/* The corridor as of a day. */
#include "corridor/corridor_plan.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "corridor/corridor_plan_parts.h"
#include "corridor/corridor_price.h"

/* How sure a number is that says nothing of its bounds. */
static double
spread_of(enum hub_confidence confidence)
{
	switch (confidence) {
	case HUB_SEEN:
		return 0.01;
	case HUB_DERIVED:
		return 0.10;
	case HUB_ESTIMATED:
	case HUB_UNSTATED:
		break;
	}
	return 0.20;
}

struct corridor_fact
corridor_fact_of(double value, const struct hub_basis *basis)
{
	enum hub_confidence confidence =
		basis->confidence == HUB_UNSTATED ? HUB_ESTIMATED : basis->confidence;
	double spread = spread_of(confidence) * fabs(value);
	return (struct corridor_fact){
		.value = value,
		.low = isnan(value) || isnan(basis->low) ? value - spread : basis->low,
		.high = isnan(value) || isnan(basis->high) ? value + spread : basis->high,
		.basis = confidence,
		.source = basis->source,
	};
}

struct corridor_fact
corridor_fact_assumed(double value, double spread)
{
	return (struct corridor_fact){
		.value = value,
		.low = value / spread,
		.high = value * spread,
		.basis = HUB_ESTIMATED,
	};
}

void
corridor_grounds_add(struct corridor_grounds *grounds, const struct corridor_fact *fact,
		     double weight)
{
	grounds->value += weight * fact->value;
	grounds->low += weight * fact->low;
	grounds->high += weight * fact->high;
	grounds->facts++;
	if (fact->basis == HUB_DERIVED)
		grounds->derived += weight * fact->value;
	if (fact->basis == HUB_ESTIMATED) {
		grounds->estimated += weight * fact->value;
		grounds->estimates++;
	}
}

double
corridor_grounds_share(const struct corridor_grounds *grounds)
{
	return grounds->value > 0 ? grounds->estimated / grounds->value : 0;
}

/* The year that a text begins with or has in it: "2017-06", "Nov 2008", "planned (end 2026)". 0 if
 * none. */
static int
year_in(const char *text)
{
	for (const char *c = text ? text : ""; *c; c++) {
		size_t digits = strspn(c, "0123456789");
		if (digits == 4 && (c[0] == '1' || c[0] == '2'))
			return atoi(c);
		if (digits)
			c += digits - 1;
	}
	return 0;
}

/* Is it never to be, as far as anybody knows? */
static bool
is_given_up(const char *status)
{
	return strncasecmp(status, "planned", 7) != 0 && strncasecmp(status, "studied", 7) != 0 &&
	       strncasecmp(status, "agreed", 6) != 0;
}

int
corridor_segment_year(const struct hub_segment *segment)
{
	int year = year_in(segment->in_service);
	return year ? year : year_in(segment->status);
}

/* The year from which what carries traffic today does so; 0: not told. What is in service may have
 * years of other things in its status, "landed Dec 2024" is its beginning. */
static int
year_begun(const struct hub_segment *s)
{
	int year = year_in(s->in_service);
	bool told = year || !s->status || strncasecmp(s->status, "in service", 10) == 0;
	return told ? year : year_in(s->status);
}

bool
corridor_plan_overdue(const struct corridor_plan *plan, uint32_t segment, struct utc_s today)
{
	assert(plan && segment < plan->hub->segment_count);
	const struct hub_segment *s = &plan->hub->segments[segment];
	uint32_t cable = plan->segments[segment].cable;
	int year = corridor_segment_year(s);
	if (s->usable || is_given_up(s->status) || s->from.s ||
	    (cable != HUB_NONE && plan->hub->cables[cable].from.s) ||
	    (s->until.s && s->until.s <= today.s))
		return false;
	return year && year < utc_to_date(today).year;
}

int
corridor_plan_first_year(const struct corridor_plan *plan)
{
	int first = 0;
	for (size_t i = 0; i < plan->hub->segment_count; i++) {
		const struct hub_segment *s = &plan->hub->segments[i];
		int year = s->from.s ? utc_to_date(s->from).year : year_begun(s);
		if ((s->usable || s->from.s) && year && (!first || year < first))
			first = year;
	}
	return first;
}

static bool
there_by_status(const struct hub_segment *s, struct corridor_day day)
{
	int year = s->usable ? year_begun(s) : year_in(s->in_service);
	struct utc_date asked = utc_to_date(day.at);
	bool year_is_over = asked.month == 12 && asked.day == 31;
	if (!day.planned)
		return s->usable;
	if (s->usable)
		return year == 0 || year <= asked.year;
	if (is_given_up(s->status) || day.at.s <= day.today.s)
		return false;
	if (!year)
		year = year_in(s->status);
	/* By the end of the year that it is planned for. */
	return year != 0 && (year < asked.year || (year == asked.year && year_is_over));
}

static bool
is_there(const struct hub_segment *s, struct utc_s cable_from, struct corridor_day day)
{
	struct utc_s from = s->from.s ? s->from : cable_from;
	if (s->until.s && day.at.s >= s->until.s)
		return false;
	return from.s ? day.at.s >= from.s : there_by_status(s, day);
}

/* What its own pairs or design say, then its cable's, then what is lit, then the assumption. */
static void
take_capacity(struct corridor_segment *out, const struct hub *hub, const struct hub_segment *s)
{
	const struct hub_cable *cable = out->cable == HUB_NONE ? NULL : &hub->cables[out->cable];
	if (s->design_tbps > 0) {
		out->capacity_tbps = corridor_fact_of(s->design_tbps, &s->design_from);
	} else if (cable && cable->design_tbps > 0) {
		out->capacity_tbps = corridor_fact_of(cable->design_tbps, &cable->basis);
	} else if (s->lit_tbps > 0) {
		out->capacity_tbps = corridor_fact_of(s->lit_tbps, &s->lit_from);
	} else {
		out->capacity_tbps = corridor_fact_assumed(hub->corridor.assumed_tbps, 4);
		out->assumed = true;
	}
	out->capacity_bps = (uint64_t)(out->capacity_tbps.value * 1e12 + 0.5);
}

static void
take_price(struct corridor_segment *out, const struct hub *hub, uint32_t index, struct utc_s day)
{
	const struct hub_segment *s = &hub->segments[index];
	const struct hub_corridor_price *row = corridor_price_of_segment(hub, index, day);
	if (row) {
		out->price = corridor_price_on(row, hub->corridor.erosion_percent, day);
		out->priced = row->when;
		return;
	}
	double per_1000_km =
		corridor_plan_under_water(s) ? hub->corridor.sea_price : hub->corridor.land_price;
	out->price = corridor_fact_assumed(per_1000_km * s->length_km / 1000, 2);
}

static int
take_countries(struct corridor_segment *out, const struct hub *hub, const struct hub_segment *s,
	       struct arena *arena)
{
	out->countries = s->countries;
	out->country_count = s->country_count;
	if (s->country_count)
		return 0;
	const struct country *a = &hub->sites[s->a].country, *b = &hub->sites[s->b].country;
	struct country *ends = arena_take(arena, 2 * sizeof(*ends));
	if (!ends)
		return -1;
	if (a->code[0])
		ends[out->country_count++] = *a;
	if (b->code[0] && strcmp(a->code, b->code) != 0)
		ends[out->country_count++] = *b;
	out->countries = ends;
	return 0;
}

static int
take_segments(struct corridor_plan *plan)
{
	const struct hub *hub = plan->hub;
	plan->segments =
		arena_take(plan->arena, (hub->segment_count + 1) * sizeof(*plan->segments));
	if (!plan->segments)
		return -1;
	for (size_t i = 0; i < hub->segment_count; i++)
		plan->segments[i].cable = HUB_NONE;
	for (uint32_t c = 0; c < hub->cable_count; c++)
		for (size_t k = 0; k < hub->cables[c].segment_count; k++)
			plan->segments[hub->cables[c].segments[k]].cable = c;
	for (uint32_t i = 0; i < hub->segment_count; i++) {
		const struct hub_segment *s = &hub->segments[i];
		struct corridor_segment *out = &plan->segments[i];
		struct utc_s cable_from =
			out->cable == HUB_NONE ? (struct utc_s){0} : hub->cables[out->cable].from;
		out->length_cm = corridor_length_cm(s->length_km);
		out->there = out->length_cm && is_there(s, cable_from, plan->day);
		out->undated = out->there && plan->day.planned &&
			       plan->day.at.s < plan->day.today.s && !s->from.s && !cable_from.s &&
			       !year_begun(s);
		out->length_km = corridor_fact_of(s->length_km, &s->length_from);
		take_capacity(out, hub, s);
		take_price(out, hub, i, plan->day.at);
		corridor_plan_take_failures(out, hub, i);
		if (take_countries(out, hub, s, plan->arena) < 0)
			return -1;
	}
	return 0;
}

struct corridor_plan *
corridor_plan_new(const struct hub *hub, struct corridor_day day)
{
	assert(hub);
	struct arena *arena = arena_new();
	struct corridor_plan *plan = arena ? arena_take(arena, sizeof(*plan)) : NULL;
	if (!plan) {
		arena_free(arena);
		errno = ENOMEM;
		return NULL;
	}
	*plan = (struct corridor_plan){.hub = hub, .day = day, .arena = arena};
	plan->graph = corridor_graph_of_hub(hub);
	int failed = plan->graph ? 0 : errno;
	if (!failed && take_segments(plan) < 0)
		failed = ENOMEM;
	for (int class = 0; class < CORRIDOR_CLASSES && !failed; class ++)
		failed = corridor_plan_relate(plan, (enum corridor_class) class) < 0 ? ENOMEM : 0;
	if (!failed && corridor_plan_take_causes(plan) < 0)
		failed = ENOMEM;
	if (failed) {
		corridor_plan_free(plan);
		errno = failed;
		return NULL;
	}
	return plan;
}

void
corridor_plan_free(struct corridor_plan *plan)
{
	if (!plan)
		return;
	corridor_graph_free(plan->graph);
	arena_free(plan->arena);
}

/* Millionths of the unit, above a hop. At most 2^31: CORRIDOR_SITES_MAX of them do not overflow. */
static uint64_t
cost_of_number(double number)
{
	double millionths = round(number * 1e6);
	if (!(millionths > 0))
		millionths = 0;
	if (millionths > (double)INT32_MAX)
		millionths = (double)INT32_MAX;
	return (uint64_t)millionths << CORRIDOR_HOP_BITS;
}

/* A way that is up half of the time costs 0.69: a thousandth of a millionth of that still counts.
 */
uint64_t
corridor_plan_cost_of_down(double unavailability)
{
	return cost_of_number(-1000 * log1p(-unavailability));
}

static uint64_t
down_with_causes(const struct corridor_plan *plan, uint32_t segment)
{
	uint64_t most = (uint64_t)INT32_MAX << CORRIDOR_HOP_BITS;
	uint64_t down = corridor_plan_cost_of_down(plan->segments[segment].unavailability);
	const struct corridor_groups *g = &plan->cause_groups;
	for (uint32_t i = g->first[segment]; i < g->first[segment + 1]; i++)
		down += corridor_plan_cost_of_down(plan->causes[g->groups[i]].unavailability);
	return down < most ? down : most;
}

uint64_t
corridor_plan_cost_of_price(double price)
{
	return cost_of_number(price > 1e-6 ? price : 1e-6) | 1;
}

uint64_t
corridor_plan_cost(const struct corridor_plan *plan, uint32_t segment,
		   enum corridor_measure measure)
{
	const struct corridor_segment *s = &plan->segments[segment];
	switch (measure) {
	case CORRIDOR_BY_LENGTH:
		return corridor_cost_of_length(s->length_cm);
	case CORRIDOR_BY_PRICE:
		return corridor_plan_cost_of_price(s->price.value);
	case CORRIDOR_BY_UNAVAILABILITY:
		return down_with_causes(plan, segment) | 1;
	case CORRIDOR_BY_HOPS:
		break;
	}
	return 1;
}

static void
close_site(uint64_t *cost, const struct corridor_graph *graph, uint32_t site)
{
	for (uint32_t i = graph->first_arc[site]; i < graph->first_arc[site + 1]; i++)
		cost[graph->arcs[i].segment] = CORRIDOR_CLOSED;
}

void
corridor_plan_costs(uint64_t *cost, const struct corridor_plan *plan,
		    const struct corridor_conditions *conditions, enum corridor_measure measure)
{
	static const struct corridor_conditions none;
	const struct corridor_conditions *c = conditions ? conditions : &none;
	size_t count = plan->hub->segment_count;
	assert(plan && (cost || count == 0));
	for (uint32_t s = 0; s < count; s++)
		cost[s] = plan->segments[s].there ? corridor_plan_cost(plan, s, measure)
						  : CORRIDOR_CLOSED;
	for (size_t i = 0; i < c->with_count; i++)
		if (plan->segments[c->with[i]].length_cm)
			cost[c->with[i]] = corridor_plan_cost(plan, c->with[i], measure);
	for (size_t i = 0; i < c->without_count; i++)
		cost[c->without[i]] = CORRIDOR_CLOSED;
	for (size_t i = 0; i < c->avoid_site_count; i++)
		close_site(cost, plan->graph, c->avoid_sites[i]);
	for (int class = 0; class < CORRIDOR_CLASSES; class ++) {
		const struct corridor_relation *r = &plan->classes[class];
		for (size_t i = 0; i < c->avoid_count[class]; i++) {
			uint32_t name = c->avoid[class][i];
			for (uint32_t k = r->first_segment[name]; k < r->first_segment[name + 1];
			     k++)
				cost[r->segments[k]] = CORRIDOR_CLOSED;
		}
	}
}
