/* A solution of flow, checked against nothing but its instance. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "corridor/corridor_flow_parts.h"

/* Follows a way. NULL, or what is wrong; `seen` is of the sites of the way before, by its number.
 */
static const char *
wrong_with_way(const struct corridor_flow_instance *in, const struct corridor_flow *flow,
	       size_t number, const bool *cut, size_t *seen)
{
	const struct corridor_flow_way *way = &flow->ways[number];
	if (way->demand >= in->demand_count)
		return "a way of no demand";
	if (way->bps == 0)
		return "a way that carries nothing";
	const struct corridor_flow_demand *d = &in->demands[way->demand];
	uint32_t at = d->from;
	seen[at] = number + 1;
	for (uint32_t i = 0; i < way->count; i++) {
		uint32_t arc = flow->arcs[way->first + i];
		if (arc >= flow_arc_count(in) || !flow_arc_open(in, d->class, arc, cut))
			return "a way over an arc that its demand may not use";
		if (flow_arc_start(in->graph, arc) != at)
			return "a way with a gap";
		at = flow_arc_end(in->graph, arc);
		if (seen[at] == number + 1)
			return "a way that touches a site twice";
		seen[at] = number + 1;
	}
	return at == d->to ? NULL : "a way that does not end where its demand does";
}

static const char *
wrong_with_sums(const struct corridor_flow_instance *in, const struct corridor_flow *flow,
		enum corridor_objective objective, uint64_t *served, uint64_t *load)
{
	for (size_t i = 0; i < flow->way_count; i++) {
		const struct corridor_flow_way *way = &flow->ways[i];
		served[way->demand] += way->role == CORRIDOR_WAY_WORKING ? way->bps : 0;
		for (uint32_t k = 0; k < way->count && way->role != CORRIDOR_WAY_SPARE; k++)
			load[flow->arcs[way->first + k]] += way->bps;
	}
	for (size_t i = 0; i + 1 < flow->way_count; i++) {
		const struct corridor_flow_way *way = &flow->ways[i];
		if (way[0].demand == way[1].demand && in->demands[way->demand].whole &&
		    way[1].role == CORRIDOR_WAY_WORKING)
			return "a demand that is split and must not be";
	}
	uint64_t total = 0;
	for (size_t i = 0; i < in->demand_count; i++) {
		total += served[i];
		if (served[i] != flow->served_bps[i])
			return "ways do not add up to what is served";
		if (served[i] > in->demands[i].bps)
			return "more is served than asked";
	}
	if (total != flow->served_total_bps)
		return "demands do not add up to all that is served";
	for (size_t a = 0; a < flow_arc_count(in); a++) {
		if (load[a] != flow->load_bps[a])
			return "ways do not add up to the load";
		double most = (double)in->capacity_bps[a];
		if (objective == CORRIDOR_FLOW_UTILISATION)
			most = ceil(most * flow->utilisation * (1 + 1e-12));
		if ((double)(load[a] + flow->reserved_bps[a]) > most)
			return "a load above the capacity";
	}
	return NULL;
}

const char *
corridor_flow_check(const struct corridor_flow_instance *instance, const struct corridor_flow *flow,
		    enum corridor_objective objective, const bool *cut)
{
	assert(instance && flow);
	const char *wrong = NULL;
	size_t *seen = calloc(instance->graph->site_count + 1, sizeof(*seen));
	uint64_t *served = calloc(instance->demand_count + 1, sizeof(*served));
	uint64_t *load = calloc(flow_arc_count(instance) + 1, sizeof(*load));
	if (!seen || !served || !load)
		wrong = "no memory to check";
	for (size_t i = 0; i < flow->way_count && !wrong; i++)
		wrong = wrong_with_way(instance, flow, i, cut, seen);
	if (!wrong)
		wrong = wrong_with_sums(instance, flow, objective, served, load);
	free(seen);
	free(served);
	free(load);
	return wrong;
}
