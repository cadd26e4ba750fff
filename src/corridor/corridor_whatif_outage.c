/* How often what a name stands for is down, and for how long. */
#include <assert.h>
#include <strings.h>

#include "corridor/corridor_whatif.h"

static struct corridor_outage
outage_of_cause(const struct corridor_plan *plan, enum corridor_class class, const char *name)
{
	for (size_t c = 0; c < plan->cause_groups.group_count; c++) {
		const struct hub_risk *risk = plan->causes[c].risk;
		bool country = risk->kind == HUB_RISK_COUNTRY;
		if (country == (class == CORRIDOR_COUNTRIES) && strcasecmp(risk->id, name) == 0)
			return (struct corridor_outage){
				24 * plan->causes[c].days, 1 - plan->parts.group[c],
				1 - plan->parts_high.group[c], 1 - plan->parts_low.group[c]};
	}
	return CORRIDOR_OUTAGE_UNKNOWN;
}

/* Any of its segments is down, each by itself. */
static struct corridor_outage
outage_of_cable(const struct corridor_plan *plan, uint32_t name)
{
	const struct corridor_relation *r = &plan->classes[CORRIDOR_CABLES];
	double up = 1, up_low = 1, up_high = 1, failures = 0, hours = 0;
	for (uint32_t k = r->first_segment[name]; k < r->first_segment[name + 1]; k++) {
		const struct corridor_segment *s = &plan->segments[r->segments[k]];
		if (!s->there)
			continue;
		up *= plan->parts.segments[r->segments[k]];
		up_low *= plan->parts_low.segments[r->segments[k]];
		up_high *= plan->parts_high.segments[r->segments[k]];
		failures += s->failures.value;
		hours += s->failures.value * s->repair_h;
	}
	if (!(failures > 0))
		return CORRIDOR_OUTAGE_UNKNOWN;
	return (struct corridor_outage){hours / failures, 1 - up, 1 - up_high, 1 - up_low};
}

struct corridor_outage
corridor_whatif_outage(const struct corridor_plan *plan, struct corridor_named name)
{
	assert(plan);
	uint32_t i = name.index;
	switch (name.kind) {
	case CORRIDOR_A_COUNTRY:
	case CORRIDOR_A_RISK:
		return outage_of_cause(plan, (enum corridor_class)name.kind,
				       plan->classes[name.kind].names[i]);
	case CORRIDOR_A_CABLE:
		return outage_of_cable(plan, i);
	case CORRIDOR_A_SEGMENT:
		return (struct corridor_outage){
			plan->segments[i].repair_h, 1 - plan->parts.segments[i],
			1 - plan->parts_high.segments[i], 1 - plan->parts_low.segments[i]};
	case CORRIDOR_AN_OPERATOR:
	case CORRIDOR_A_SITE:
	case CORRIDOR_KINDS:
		break;
	}
	return CORRIDOR_OUTAGE_UNKNOWN;
}
