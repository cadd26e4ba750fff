/* The demands of the example as an instance of flow: rates of the day, bounds, countries avoided,
 * members that nobody measured. */
#include "corridor/corridor_flow_plan.h"

#include <math.h>
#include <string.h>

#include "corridor/corridor_musts.h"
#include "silkroad.h"
#include "tap.h"

static size_t
demand_of(const struct hub *hub, const char *id)
{
	for (size_t i = 0; i < hub->demand_count; i++)
		if (strcmp(hub->demands[i].id, id) == 0)
			return i;
	abort();
}

static void
bound_to_cable(const struct hub *hub, const struct corridor_flow_case *told)
{
	size_t bound = demand_of(hub, "KHI-FRA-AAE1"), over = 0;
	const struct corridor_musts *musts = told->instance.demands[bound].over;
	for (size_t s = 0; s < hub->segment_count; s++)
		over += musts->segments[s] == 1 && strcmp(hub->segments[s].id, "M07") == 0;
	ok(musts->count == 1 && over == 1, "who has a contract for a cable is bound to it");
	ok(!told->instance.demands[demand_of(hub, "KHI-IST")].over, "who has none is not");
}

int
main(void)
{
	const struct utc_s now = {1767225600}, later = {1767225600 + 2 * 31557600};
	struct hub *hub = silkroad();
	struct arena *arena = arena_new();
	struct corridor_plan *today = corridor_plan_new(hub, (struct corridor_day){.at = now});
	struct corridor_plan *then =
		corridor_plan_new(hub, (struct corridor_day){.at = later, .planned = true});
	struct corridor_flow_ask ask = {.plan = today, .now = now};
	struct corridor_flow_case told, ease, worst, grown;
	size_t khi = demand_of(hub, "KHI-IST");
	ok(corridor_flow_case_of(&told, arena, &ask, CORRIDOR_AS_TOLD) == 0 &&
		   corridor_flow_case_of(&ease, arena, &ask, CORRIDOR_AT_EASE) == 0 &&
		   corridor_flow_case_of(&worst, arena, &ask, CORRIDOR_AT_WORST) == 0,
	   "the example is an instance");
	is_int((long long)told.instance.demands[khi].bps, 190000000000, "a rate as it is told");
	is_int((long long)ease.instance.demands[khi].bps, 130000000000, "at ease the low bound");
	is_int((long long)worst.instance.demands[khi].bps, 300000000000, "at worst the high one");
	bool ordered = true;
	for (size_t a = 0; a < 2 * hub->segment_count; a++)
		ordered &= worst.instance.capacity_bps[a] <= told.instance.capacity_bps[a] &&
			   told.instance.capacity_bps[a] <= ease.instance.capacity_bps[a];
	ok(ordered, "capacities the other way round");
	ask.plan = then;
	ok(corridor_flow_case_of(&grown, arena, &ask, CORRIDOR_AS_TOLD) == 0 &&
		   fabs(grown.gbps[khi].value - 190 * 1.1096 * 1.1096) < 1e-6,
	   "two years later it has grown twice");
	ask.now.s += 4 * 31557600;
	ok(corridor_flow_case_of(&grown, arena, &ask, CORRIDOR_AS_TOLD) == 0 &&
		   fabs(grown.gbps[khi].value - 190 / 1.1096 / 1.1096) < 1e-6,
	   "of a day two years ago it is as much less");
	ask.now = now;
	size_t first = demand_of(hub, "ALA-FRA-FIRST");
	uint32_t class = told.instance.demands[first].class;
	bool closed = hub->demands[first].avoid_count > 0 && class > 0;
	for (size_t s = 0; s < hub->segment_count; s++)
		for (size_t c = 0; c < hub->segments[s].country_count; c++)
			for (size_t k = 0; k < hub->demands[first].avoid_count; k++)
				if (strcmp(hub->segments[s].countries[c].code,
					   hub->demands[first].avoid[k].code) == 0)
					closed &= told.instance.cost[class][s] == CORRIDOR_CLOSED;
	ok(closed, "who avoids a country finds its segments closed");
	bound_to_cable(hub, &told);
	struct hub_demand *demand = &hub->demands[khi];
	demand->gbps = NAN;
	demand->member = 0;
	ask.plan = today;
	ok(corridor_flow_case_of(&told, arena, &ask, CORRIDOR_AS_TOLD) == 0 &&
		   told.states[khi] == CORRIDOR_DEMAND_UNKNOWN &&
		   told.instance.demands[khi].bps == 0,
	   "a member that nobody has measured asks for nothing, and is known to be unknown");
	struct traffic_port port = {.port = hub->ports[0].id,
				    .state = TRAFFIC_ESTIMATED,
				    .flow_in = 60 * 125000000ull,
				    .flow_out = 60 * 250000000ull};
	struct traffic_batch batch = {
		.length_s = 60, .covered_s = 60, .ports = &port, .port_count = 1};
	demand->member = hub->ports[0].member;
	ask.batch = &batch;
	ok(corridor_flow_case_of(&told, arena, &ask, CORRIDOR_AS_TOLD) == 0 &&
		   told.states[khi] == CORRIDOR_DEMAND_MEASURED &&
		   told.instance.demands[khi].bps == 2000000000,
	   "one that was measured asks for its larger direction");
	corridor_plan_free(today);
	corridor_plan_free(then);
	arena_free(arena);
	hub_free(hub);
	return done_testing();
}
