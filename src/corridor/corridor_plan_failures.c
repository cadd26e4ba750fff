/* How the segments of a plan fail: each by itself, and together from one cause. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "corridor/corridor_plan_parts.h"

bool
corridor_plan_under_water(const struct hub_segment *s)
{
	return (s->medium && strcasecmp(s->medium, "submarine") == 0) ||
	       (s->type && strcasecmp(s->type, "submarine") == 0);
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

void
corridor_plan_take_failures(struct corridor_segment *out, const struct hub *hub, uint32_t index)
{
	const struct hub_segment *s = &hub->segments[index];
	const struct hub_failure_rate *rate = rate_of(hub, index);
	struct corridor_fact per_1000_km;
	if (rate) {
		per_1000_km = corridor_fact_of(rate->per_1000_km_year, &rate->basis);
		out->repair_h = rate->repair_h;
	} else {
		const char *medium = corridor_plan_under_water(s) ? "submarine" : s->medium;
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

enum bound { LOW, VALUE, HIGH };

static double
at_bound(const struct corridor_fact *fact, enum bound bound)
{
	return bound == LOW ? fact->low : bound == HIGH ? fact->high : fact->value;
}

/* The availabilities if everything fails as often as its fact says at the bound. */
static int
take_parts(struct corridor_parts *out, const struct corridor_plan *plan, enum bound bound)
{
	size_t segment_count = plan->hub->segment_count, causes = plan->cause_groups.group_count;
	double *segments = arena_take(plan->arena, (segment_count + 1) * sizeof(*segments));
	double *group = arena_take(plan->arena, (causes + 1) * sizeof(*group));
	if (!segments || !group)
		return -1;
	for (size_t s = 0; s < segment_count; s++) {
		const struct corridor_segment *segment = &plan->segments[s];
		struct corridor_failure failure = {at_bound(&segment->failures, bound),
						   segment->repair_h};
		segments[s] = corridor_availability_cable(1000, failure);
	}
	for (size_t c = 0; c < causes; c++)
		group[c] = corridor_availability_events(at_bound(&plan->causes[c].per_year, bound),
							plan->causes[c].days);
	*out = (struct corridor_parts){segment_count, segments, &plan->cause_groups, group};
	return 0;
}

int
corridor_plan_take_causes(struct corridor_plan *plan)
{
	const struct hub *hub = plan->hub;
	const struct corridor_relation *r;
	size_t *count = &plan->cause_groups.group_count;
	plan->causes = arena_take(plan->arena, (hub->risk_count + 1) * sizeof(*plan->causes));
	if (!plan->causes)
		return -1;
	for (size_t i = 0; i < hub->risk_count; i++) {
		const struct hub_risk *risk = &hub->risks[i];
		if (!has_rate(risk) || relation_of_risk(plan, risk, &r) == HUB_NONE)
			continue;
		plan->causes[(*count)++] = (struct corridor_cause){
			.risk = risk,
			.per_year = corridor_fact_of(risk->per_year, &risk->basis),
			.days = risk->days,
			.unavailability =
				1 - corridor_availability_events(risk->per_year, risk->days),
		};
	}
	if (group_causes(plan) < 0 || take_parts(&plan->parts, plan, VALUE) < 0)
		return -1;
	/* Many failures make what is available low. */
	return take_parts(&plan->parts_low, plan, HIGH) < 0 ||
			       take_parts(&plan->parts_high, plan, LOW) < 0
		       ? -1
		       : 0;
}
