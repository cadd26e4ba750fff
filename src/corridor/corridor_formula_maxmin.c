/* Fair shares on fixed routes, by the filling that lays the hub's demands. Each link becomes a segment;
 * where a route goes from one link over to the next a wide segment joins them, which is open to this
 * demand alone, so that every demand has one way and goes along each link in the same direction:
 *
 *   link 0: site 0 ──► site 1 ┄┄ of this demand alone ┄┄► site 2 ──► site 3 :link 1
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_flow.h"
#include "corridor/corridor_formula_parts.h"

enum { STEPS_MAX = 1024 }; /* links of all routes together */

/* The largest capacity becomes about as much, so that bits are finer than what is asked for. */
static const double filled_bps = 1e15;

struct shares {
	struct corridor_reckoning *r;
	const struct corridor_given *capacities, *demands;
	/* Links of all routes, one route after the other; first[d] up to first[d + 1] are those of
	 * demand d. */
	uint32_t steps[STEPS_MAX], first[CORRIDOR_LIST_MAX + 1];
	size_t routes;
	struct corridor_ends ends[CORRIDOR_LIST_MAX + STEPS_MAX];
	uint64_t capacity[2 * (CORRIDOR_LIST_MAX + STEPS_MAX)];
	const uint64_t *cost[CORRIDOR_LIST_MAX];
	struct corridor_flow_demand asked[CORRIDOR_LIST_MAX];
};

/* `route` is where it begins. */
static int
bad_route(const struct shares *s, const char *route, struct corridor_complaint *complaint)
{
	int length = (int)strcspn(route, ",");
	corridor_complain(
		complaint, 400,
		"max-min: routes: found \"%.*s\", expected links from 0 to %zu, each once, "
		"with + between, and a comma to the next route",
		length < 40 ? length : 40, route, s->capacities->count - 1);
	return -1;
}

/* "0,0+1,1" */
static int
read_routes(struct shares *s, const char *text, struct corridor_complaint *complaint)
{
	uint32_t steps = 0;
	for (const char *at = text, *route = text;;) {
		char *end;
		unsigned long link = strtoul(at, &end, 10);
		if (*at < '0' || *at > '9' || link >= s->capacities->count || steps == STEPS_MAX ||
		    s->routes == CORRIDOR_LIST_MAX || (*end && *end != '+' && *end != ','))
			return bad_route(s, route, complaint);
		for (uint32_t i = s->first[s->routes]; i < steps; i++)
			if (s->steps[i] == link)
				return bad_route(s, route, complaint);
		s->steps[steps++] = (uint32_t)link;
		if (*end != '+')
			s->first[++s->routes] = steps;
		if (!*end)
			return 0;
		at = end + 1;
		if (*end == ',')
			route = at;
	}
}

/* The segments, the demands, and what each may use. */
static int
build(struct shares *s, double bps_of_one, size_t *segments)
{
	size_t links = s->capacities->count, count = links;
	for (size_t l = 0; l < links; l++) {
		s->ends[l] = (struct corridor_ends){(uint32_t)(2 * l), (uint32_t)(2 * l + 1)};
		s->capacity[2 * l] = (uint64_t)llround(s->capacities->values[l] * bps_of_one);
	}
	for (size_t d = 0; d < s->routes; d++) {
		uint64_t *cost = arena_take(s->r->arena,
					    sizeof(s->ends) / sizeof(s->ends[0]) * sizeof(*cost));
		double least = INFINITY;
		if (!cost)
			return -1;
		for (size_t i = 0; i < links + STEPS_MAX; i++)
			cost[i] = CORRIDOR_CLOSED;
		for (uint32_t i = s->first[d]; i < s->first[d + 1]; i++) {
			uint32_t link = s->steps[i];
			cost[link] = corridor_cost_of_length(1);
			least = fmin(least, s->capacities->values[link]);
			if (i == s->first[d])
				continue;
			s->ends[count] = (struct corridor_ends){2 * s->steps[i - 1] + 1, 2 * link};
			s->capacity[2 * count] = CORRIDOR_FLOW_BPS_MAX;
			cost[count++] = corridor_cost_of_length(1);
		}
		s->cost[d] = cost;
		/* Nobody gets more than its narrowest link has. */
		s->asked[d] = (struct corridor_flow_demand){
			.from = 2 * s->steps[s->first[d]],
			.to = 2 * s->steps[s->first[d + 1] - 1] + 1,
			.class = (uint32_t)d,
			.bps = (uint64_t)llround(fmin(s->demands->values[d], least) * bps_of_one),
		};
	}
	*segments = count;
	return 0;
}

/* 0, or -1 and errno. */
static int
fill(struct shares *s, double bps_of_one, size_t segments)
{
	struct corridor_flow_instance in = {
		.graph = corridor_graph_new(2 * s->capacities->count, s->ends, segments),
		.capacity_bps = s->capacity,
		.cost = s->cost,
		.class_count = s->routes,
		.demands = s->asked,
		.demand_count = s->routes,
	};
	struct corridor_flow_work *work = in.graph ? corridor_flow_new(&in, 1) : NULL;
	const struct corridor_flow *flow =
		work ? corridor_flow_solve(work, CORRIDOR_FLOW_FAIR, NULL) : NULL;
	double total = 0;
	for (size_t d = 0; flow && d < s->routes; d++) {
		double share = (double)flow->served_bps[d] / bps_of_one;
		corridor_formula_tell(s->r, arena_printf(s->r->arena, "demand %zu", d), share,
				      "Gbit/s");
		total += share;
	}
	if (flow)
		corridor_formula_tell(s->r, "all together", total, "Gbit/s");
	int result = flow ? 0 : -1;
	corridor_flow_free(work);
	corridor_graph_free((struct corridor_graph *)in.graph);
	return result;
}

int
corridor_formula_maxmin(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	double most = 0;
	size_t segments;
	struct shares *s = arena_take(r->arena, sizeof(*s));
	if (!s) {
		r->failed = true;
		return 0;
	}
	*s = (struct shares){.r = r,
			     .capacities = corridor_formula_all(r, "capacities"),
			     .demands = corridor_formula_all(r, "demands")};
	if (read_routes(s, corridor_formula_all(r, "routes")->text, complaint) < 0)
		return -1;
	if (s->routes != s->demands->count) {
		corridor_complain(complaint, 400, "max-min: %zu routes and %zu demands", s->routes,
				  s->demands->count);
		return -1;
	}
	for (size_t l = 0; l < s->capacities->count; l++)
		most = fmax(most, s->capacities->values[l]);
	double bps_of_one = most > 0 ? filled_bps / most : 1;
	r->failed |= build(s, bps_of_one, &segments) < 0 || fill(s, bps_of_one, segments) < 0;
	return 0;
}
