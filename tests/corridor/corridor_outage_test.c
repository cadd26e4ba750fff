/* How often names are down and for how long: cables beside their segments, groups beside the hub file's risks. */
#include <math.h>
#include <string.h>

#include "corridor/corridor_availability.h"
#include "corridor/corridor_whatif.h"
#include "hubs.h"
#include "tap.h"

enum { HUBS = 60, SITES = 8, SEGMENTS = 14 };

static bool
near(double got, double expected)
{
	return fabs(got - expected) <= 1e-12 * (1 + fabs(expected));
}

static bool
is_unknown(struct corridor_outage o)
{
	return isnan(o.hours) && isnan(o.down) && isnan(o.down_low) && isnan(o.down_high);
}

/* Up while all its segments are; how long one fault lasts is the mean over faults. */
static bool
is_cable(const struct corridor_plan *plan, const struct hub_cable *cable, struct corridor_outage o)
{
	double up[3] = {1, 1, 1}, faults = 0, hours = 0;
	for (size_t i = 0; i < cable->segment_count; i++) {
		uint32_t s = cable->segments[i];
		if (!plan->segments[s].there)
			continue;
		up[0] *= plan->parts.segments[s];
		up[1] *= plan->parts_low.segments[s];
		up[2] *= plan->parts_high.segments[s];
		faults += plan->segments[s].failures.value;
		hours += plan->segments[s].failures.value * plan->segments[s].repair_h;
	}
	if (faults == 0)
		return is_unknown(o);
	return near(o.hours, hours / faults) && near(o.down, 1 - up[0]) &&
	       near(o.down_high, 1 - up[1]) && near(o.down_low, 1 - up[2]) &&
	       o.down_low <= o.down && o.down <= o.down_high;
}

/* What the hub file says of it: so many days of so many times a year. */
static bool
is_risk(const struct hub *hub, bool country, const char *name, struct corridor_outage o)
{
	for (size_t i = 0; i < hub->risk_count; i++) {
		const struct hub_risk *r = &hub->risks[i];
		if ((r->kind == HUB_RISK_COUNTRY) != country || strcmp(r->id, name) != 0)
			continue;
		if (r->per_year == 0)
			return is_unknown(o);
		double down = 1 - corridor_availability_events(r->per_year, r->days);
		return near(o.down, down) && o.hours == 24 * r->days && o.down_low <= o.down &&
		       o.down <= o.down_high;
	}
	return is_unknown(o);
}

static void
by_chance(void)
{
	uint64_t seed = 47;
	unsigned cables = 0, cables_right = 0, risks = 0, risks_right = 0, segments = 0;
	for (int n = 0; n < HUBS; n++) {
		struct test_hub t = hub_by_chance(&seed, SITES, SEGMENTS);
		for (size_t s = 0; s < SEGMENTS; s++)
			t.hub.segments[s].medium = s % 3 ? "submarine" : "OPGW";
		struct corridor_plan *plan = plan_of(&t.hub);
		for (uint32_t i = 0; i < plan->classes[CORRIDOR_CABLES].count; i++, cables++)
			for (size_t c = 0; c < t.hub.cable_count; c++)
				if (strcmp(t.hub.cables[c].id,
					   plan->classes[CORRIDOR_CABLES].names[i]) == 0)
					cables_right += is_cable(
						plan, &t.hub.cables[c],
						corridor_whatif_outage(
							plan, (struct corridor_named){
								      CORRIDOR_A_CABLE, i}));
		static const enum corridor_kind kinds[] = {CORRIDOR_A_COUNTRY, CORRIDOR_A_RISK};
		for (int k = 0; k < 2; k++)
			for (uint32_t i = 0; i < plan->classes[kinds[k]].count; i++, risks++)
				risks_right += is_risk(
					&t.hub, k == 0, plan->classes[kinds[k]].names[i],
					corridor_whatif_outage(
						plan, (struct corridor_named){kinds[k], i}));
		for (uint32_t s = 0; s < SEGMENTS; s++) {
			struct corridor_outage o = corridor_whatif_outage(
				plan, (struct corridor_named){CORRIDOR_A_SEGMENT, s});
			segments += o.down == 1 - plan->parts.segments[s] &&
				    o.down_low == 1 - plan->parts_high.segments[s] &&
				    o.down_high == 1 - plan->parts_low.segments[s] &&
				    o.hours == plan->segments[s].repair_h;
		}
		corridor_plan_free(plan);
		test_hub_free(&t);
	}
	ok(cables > HUBS, "there are cables");
	is_int(cables_right, cables, "a cable is down while any of its segments is");
	ok(risks > 2 * HUBS, "and groups and countries");
	is_int(risks_right, risks, "which are down as the hub file says, or nobody knows");
	is_int(segments, HUBS * SEGMENTS, "a segment is down by itself");
}

int
main(void)
{
	by_chance();
	return done_testing();
}
