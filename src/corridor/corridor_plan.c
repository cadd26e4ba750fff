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

/* Names as they are met, and which segments have them. */
struct gathering {
	struct arena *arena;
	struct corridor_relation *relation;
	const char **names;
	size_t room; /* places in `of` and in `names` */
	size_t used;
	bool failed;
};

static uint32_t
name_index(struct gathering *g, const char *name, size_t length)
{
	for (size_t i = 0; i < g->relation->count; i++)
		if (strlen(g->names[i]) == length && strncasecmp(g->names[i], name, length) == 0)
			return (uint32_t)i;
	char *copy = arena_copy(g->arena, name, length);
	if (!copy) {
		g->failed = true;
		return 0;
	}
	g->names[g->relation->count] = copy;
	return (uint32_t)g->relation->count++;
}

static void
gather(struct gathering *g, uint32_t segment, const char *name, size_t length)
{
	uint32_t index = name_index(g, name, length);
	struct corridor_relation *r = g->relation;
	for (size_t i = r->first[segment]; i < g->used; i++)
		if (r->of[i] == index)
			return;
	assert(g->used < g->room);
	r->of[g->used++] = index;
}

/* The parts of "AzerTelecom/Kazakhtelecom (railway)", without blanks around them and without what
 * is remarked in brackets. */
static const char *
operator_next(const char **rest, size_t *length)
{
	for (;;) {
		*rest += strspn(*rest, "/; \t");
		const char *start = *rest;
		if (!*start)
			return NULL;
		*rest += strcspn(start, "/;(");
		*length = (size_t)(*rest - start);
		if (**rest == '(') {
			*rest += strcspn(*rest, ")");
			*rest += strcspn(*rest, "/;");
		}
		while (*length && isspace((unsigned char)start[*length - 1]))
			(*length)--;
		if (*length)
			return start;
	}
}

static size_t
operators_of(const struct hub_segment *s)
{
	size_t count = 0, length;
	const char *rest = s->operators ? s->operators : "";
	while (operator_next(&rest, &length))
		count++;
	return count;
}

static size_t
names_of(const struct hub_segment *s, enum corridor_class class, uint32_t cable)
{
	switch (class) {
	case CORRIDOR_COUNTRIES:
		return s->country_count;
	case CORRIDOR_RISKS:
		return s->srlg_count;
	case CORRIDOR_OPERATORS:
		return operators_of(s);
	case CORRIDOR_CABLES:
		return cable != HUB_NONE;
	case CORRIDOR_CLASSES:
		break;
	}
	return 0;
}

static void
gather_segment(struct gathering *g, const struct corridor_plan *plan, uint32_t index,
	       enum corridor_class class)
{
	const struct hub_segment *s = &plan->hub->segments[index];
	uint32_t cable = plan->segments[index].cable;
	size_t length;
	const char *rest = s->operators ? s->operators : "", *name;
	switch (class) {
	case CORRIDOR_COUNTRIES:
		for (size_t i = 0; i < s->country_count; i++)
			gather(g, index, s->countries[i].code, strlen(s->countries[i].code));
		break;
	case CORRIDOR_RISKS:
		for (size_t i = 0; i < s->srlg_count; i++)
			gather(g, index, s->srlgs[i], strlen(s->srlgs[i]));
		break;
	case CORRIDOR_OPERATORS:
		while ((name = operator_next(&rest, &length)))
			gather(g, index, name, length);
		break;
	case CORRIDOR_CABLES:
		if (cable != HUB_NONE)
			gather(g, index, plan->hub->cables[cable].id,
			       strlen(plan->hub->cables[cable].id));
		break;
	case CORRIDOR_CLASSES:
		break;
	}
}

/* Turns "names of a segment" round into "segments of a name". */
static int
turn_round(struct corridor_relation *r, struct arena *arena, size_t segment_count)
{
	size_t places = r->first[segment_count];
	r->first_segment = arena_take(arena, (r->count + 1) * sizeof(*r->first_segment));
	r->segments = arena_take(arena, (places + 1) * sizeof(*r->segments));
	uint32_t *next = arena_take(arena, (r->count + 1) * sizeof(*next));
	if (!r->first_segment || !r->segments || !next)
		return -1;
	for (size_t i = 0; i < places; i++)
		r->first_segment[r->of[i] + 1]++;
	for (size_t n = 0; n < r->count; n++) {
		r->first_segment[n + 1] += r->first_segment[n];
		next[n] = r->first_segment[n];
	}
	for (size_t s = 0; s < segment_count; s++)
		for (uint32_t i = r->first[s]; i < r->first[s + 1]; i++)
			r->segments[next[r->of[i]]++] = (uint32_t)s;
	return 0;
}

static int
relate(struct corridor_plan *plan, enum corridor_class class)
{
	const struct hub *hub = plan->hub;
	struct gathering g = {.arena = plan->arena, .relation = &plan->classes[class]};
	for (size_t s = 0; s < hub->segment_count; s++)
		g.room += names_of(&hub->segments[s], class, plan->segments[s].cable);
	g.names = arena_take(g.arena, (g.room + 1) * sizeof(*g.names));
	g.relation->of = arena_take(g.arena, (g.room + 1) * sizeof(*g.relation->of));
	g.relation->first =
		arena_take(g.arena, (hub->segment_count + 1) * sizeof(*g.relation->first));
	if (!g.names || !g.relation->of || !g.relation->first)
		return -1;
	for (uint32_t s = 0; s < hub->segment_count; s++) {
		g.relation->first[s] = (uint32_t)g.used;
		gather_segment(&g, plan, s, class);
		g.relation->first[s + 1] = (uint32_t)g.used;
	}
	g.relation->names = g.names;
	return g.failed ? -1 : turn_round(g.relation, g.arena, hub->segment_count);
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

static bool
there_by_status(const struct hub_segment *s, struct corridor_day day)
{
	int year = year_in(s->in_service);
	struct utc_date asked = utc_to_date(day.at);
	bool year_is_over = asked.month == 12 && asked.day == 31;
	if (!day.planned)
		return s->usable;
	if (s->usable)
		return year == 0 || year <= asked.year;
	if (is_given_up(s->status))
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

/* How segments fail of which the hub file says nothing: buried cable as Bellcore had it in the
 * 1990s, submarine cable by 200 faults a year on 1.2 million km, cable on power lines by AFL; with
 * the repair times that planners use. */
static const struct {
	const char *medium;
	double per_1000_km_year, repair_h;
} usual_rates[] = {
	{"submarine", 0.167, 480},
	{"OPGW", 0.085, 12},
	{"aerial", 0.081, 12},
	{NULL, 2.13, 12}, /* all else */
};

static const struct hub_failure_rate *
rate_of(const struct hub *hub, uint32_t segment)
{
	const struct hub_failure_rate *found = NULL;
	const char *medium = hub->segments[segment].medium;
	for (size_t i = 0; i < hub->failure_rate_count; i++) {
		const struct hub_failure_rate *rate = &hub->failure_rates[i];
		for (size_t k = 0; k < rate->segment_count; k++)
			if (rate->segments[k] == segment)
				return rate;
		if (!found && rate->medium && medium && strcasecmp(rate->medium, medium) == 0)
			found = rate;
	}
	return found;
}

static bool
is_under_water(const struct hub_segment *s)
{
	return (s->medium && strcasecmp(s->medium, "submarine") == 0) ||
	       (s->type && strcasecmp(s->type, "submarine") == 0);
}

static void
take_failures(struct corridor_segment *out, const struct hub *hub, uint32_t index)
{
	const struct hub_segment *s = &hub->segments[index];
	const struct hub_failure_rate *rate = rate_of(hub, index);
	struct corridor_fact per_1000_km;
	if (rate) {
		per_1000_km = corridor_fact_of(rate->per_1000_km_year, &rate->basis);
		out->repair_h = rate->repair_h;
	} else {
		const char *medium = is_under_water(s) ? "submarine" : s->medium;
		size_t i = 0;
		while (usual_rates[i].medium &&
		       !(medium && strcasecmp(usual_rates[i].medium, medium) == 0))
			i++;
		per_1000_km = corridor_fact_assumed(usual_rates[i].per_1000_km_year, 1.5);
		out->repair_h = usual_rates[i].repair_h;
	}
	double thousands = s->length_km / 1000;
	out->failures = per_1000_km;
	out->failures.value *= thousands;
	out->failures.low *= out->length_km.low / 1000;
	out->failures.high *= out->length_km.high / 1000;
	struct corridor_failure failure = {per_1000_km.value, out->repair_h};
	out->unavailability = 1 - corridor_availability_cable(s->length_km, failure);
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
take_price(struct corridor_segment *out, const struct hub *hub, uint32_t index)
{
	const struct hub_segment *s = &hub->segments[index];
	for (size_t i = 0; i < hub->price_count; i++) {
		const struct hub_corridor_price *price = &hub->prices[i];
		for (size_t k = 0; k < price->segment_count; k++) {
			if (price->segments[k] == index) {
				out->price = corridor_fact_of(price->price, &price->basis);
				return;
			}
		}
	}
	double per_1000_km = is_under_water(s) ? hub->corridor.sea_price : hub->corridor.land_price;
	out->price = corridor_fact_assumed(per_1000_km * s->length_km / 1000, 2);
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
		out->length_km = corridor_fact_of(s->length_km, &s->length_from);
		take_capacity(out, hub, s);
		take_price(out, hub, i);
		take_failures(out, hub, i);
	}
	return 0;
}

/* The segments of a risk: of a group, or of a country. */
static uint32_t
relation_of_risk(const struct corridor_plan *plan, const struct hub_risk *risk,
		 const struct corridor_relation **relation)
{
	enum corridor_class class =
		risk->kind == HUB_RISK_COUNTRY ? CORRIDOR_COUNTRIES : CORRIDOR_RISKS;
	*relation = &plan->classes[class];
	return corridor_plan_name(plan, class, risk->id);
}

static bool
has_rate(const struct hub_risk *risk)
{
	return risk->per_year > 0 && risk->days > 0;
}

/* Lists the causes of each segment, in the order of causes. */
static int
group_causes(struct corridor_plan *plan)
{
	size_t segment_count = plan->hub->segment_count, places = 0;
	struct corridor_groups *g = &plan->cause_groups;
	g->first = arena_take(plan->arena, (segment_count + 1) * sizeof(*g->first));
	uint32_t *next = arena_take(plan->arena, (segment_count + 1) * sizeof(*next));
	const struct corridor_relation *r;
	if (!g->first || !next)
		return -1;
	for (size_t c = 0; c < g->group_count; c++) {
		uint32_t name = relation_of_risk(plan, plan->causes[c].risk, &r);
		for (uint32_t i = r->first_segment[name]; i < r->first_segment[name + 1]; i++)
			g->first[r->segments[i] + 1]++;
		places += r->first_segment[name + 1] - r->first_segment[name];
	}
	g->groups = arena_take(plan->arena, (places + 1) * sizeof(*g->groups));
	if (!g->groups)
		return -1;
	for (size_t s = 0; s < segment_count; s++) {
		g->first[s + 1] += g->first[s];
		next[s] = g->first[s];
	}
	for (size_t c = 0; c < g->group_count; c++) {
		uint32_t name = relation_of_risk(plan, plan->causes[c].risk, &r);
		for (uint32_t i = r->first_segment[name]; i < r->first_segment[name + 1]; i++)
			g->groups[next[r->segments[i]]++] = (uint32_t)c;
	}
	return 0;
}

static int
take_causes(struct corridor_plan *plan)
{
	const struct hub *hub = plan->hub;
	const struct corridor_relation *r;
	size_t *count = &plan->cause_groups.group_count;
	plan->causes = arena_take(plan->arena, (hub->risk_count + 1) * sizeof(*plan->causes));
	double *segments = arena_take(plan->arena, (hub->segment_count + 1) * sizeof(*segments));
	double *group = arena_take(plan->arena, (hub->risk_count + 1) * sizeof(*group));
	if (!plan->causes || !segments || !group)
		return -1;
	for (size_t i = 0; i < hub->risk_count; i++) {
		const struct hub_risk *risk = &hub->risks[i];
		if (!has_rate(risk) || relation_of_risk(plan, risk, &r) == HUB_NONE)
			continue;
		group[*count] = corridor_availability_events(risk->per_year, risk->days);
		plan->causes[(*count)++] = (struct corridor_cause){
			.risk = risk,
			.per_year = corridor_fact_of(risk->per_year, &risk->basis),
			.days = risk->days,
			.unavailability =
				1 - corridor_availability_events(risk->per_year, risk->days),
		};
	}
	for (size_t s = 0; s < hub->segment_count; s++)
		segments[s] = 1 - plan->segments[s].unavailability;
	if (group_causes(plan) < 0)
		return -1;
	plan->parts =
		(struct corridor_parts){hub->segment_count, segments, &plan->cause_groups, group};
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
		failed = relate(plan, (enum corridor_class) class) < 0 ? ENOMEM : 0;
	if (!failed && take_causes(plan) < 0)
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

uint32_t
corridor_plan_name(const struct corridor_plan *plan, enum corridor_class class, const char *name)
{
	assert(plan && class < CORRIDOR_CLASSES && name);
	for (size_t i = 0; i < plan->classes[class].count; i++)
		if (strcasecmp(plan->classes[class].names[i], name) == 0)
			return (uint32_t)i;
	return HUB_NONE;
}

bool
corridor_plan_has(const struct corridor_plan *plan, enum corridor_class class, uint32_t segment,
		  uint32_t name)
{
	const struct corridor_relation *r = &plan->classes[class];
	for (uint32_t i = r->first[segment]; i < r->first[segment + 1]; i++)
		if (r->of[i] == name)
			return true;
	return false;
}

/* Millionths of the unit, above a hop each. At most 2^31: CORRIDOR_SITES_MAX of them do not
 * overflow. */
static uint64_t
cost_of_number(double number)
{
	double millionths = ceil(number * 1e6);
	if (!(millionths > 1))
		millionths = 1;
	if (millionths > (double)INT32_MAX)
		millionths = (double)INT32_MAX;
	return (uint64_t)millionths << CORRIDOR_HOP_BITS | 1;
}

static double
down_with_causes(const struct corridor_plan *plan, uint32_t segment)
{
	double down = -log1p(-plan->segments[segment].unavailability);
	const struct corridor_groups *g = &plan->cause_groups;
	for (uint32_t i = g->first[segment]; i < g->first[segment + 1]; i++)
		down -= log1p(-plan->causes[g->groups[i]].unavailability);
	return down;
}

static uint64_t
cost_of(const struct corridor_plan *plan, uint32_t segment, enum corridor_measure measure)
{
	const struct corridor_segment *s = &plan->segments[segment];
	switch (measure) {
	case CORRIDOR_BY_LENGTH:
		return corridor_cost_of_length(s->length_cm);
	case CORRIDOR_BY_PRICE:
		return cost_of_number(s->price.value);
	case CORRIDOR_BY_UNAVAILABILITY:
		/* A way that is up half of the time costs 0.69: a thousandth of a millionth of
		 * that still counts. */
		return cost_of_number(1000 * down_with_causes(plan, segment));
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
		cost[s] = plan->segments[s].there ? cost_of(plan, s, measure) : CORRIDOR_CLOSED;
	for (size_t i = 0; i < c->with_count; i++)
		if (plan->segments[c->with[i]].length_cm)
			cost[c->with[i]] = cost_of(plan, c->with[i], measure);
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
