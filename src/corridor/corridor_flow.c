/* Demands on the corridor: the workspace, its ways, and what a solution adds up to. */
#include "corridor/corridor_flow.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_flow_parts.h"
#include "corridor/corridor_search.h"

/* Room for so many more arcs, and an array also where there are none: a way from a site to itself has none, and begins
 * somewhere all the same. 0, or -1 without memory. */
static int
make_arc_room(struct flow_ways *ways, size_t more)
{
	size_t room = ways->arc_room ? ways->arc_room : 1024;
	if (ways->arcs && more <= ways->arc_room - ways->arc_count)
		return 0;
	while (room - ways->arc_count < more)
		room *= 2;
	void *arcs = room > UINT32_MAX ? NULL : reallocarray(ways->arcs, room, sizeof(*ways->arcs));
	if (!arcs)
		return -1;
	ways->arcs = arcs;
	ways->arc_room = room;
	return 0;
}

int
flow_ways_add(struct flow_ways *ways, uint32_t demand)
{
	if (ways->count == ways->room) {
		size_t room = ways->room ? 2 * ways->room : 64;
		void *all = reallocarray(ways->all, room, sizeof(*ways->all));
		if (!all)
			return -1;
		ways->all = all;
		ways->room = room;
	}
	if (make_arc_room(ways, 0) < 0)
		return -1;
	ways->all[ways->count++] =
		(struct corridor_flow_way){.demand = demand, .first = (uint32_t)ways->arc_count};
	return 0;
}

int
flow_ways_arc(struct flow_ways *ways, uint32_t arc)
{
	assert(ways->count);
	if (make_arc_room(ways, 1) < 0)
		return -1;
	ways->arcs[ways->arc_count++] = arc;
	ways->all[ways->count - 1].count++;
	return 0;
}

int
flow_ways_copy(struct flow_ways *ways, uint32_t demand, const uint32_t *arcs, uint32_t count)
{
	if (flow_ways_add(ways, demand) < 0 || make_arc_room(ways, count) < 0)
		return -1;
	if (count)
		memcpy(&ways->arcs[ways->arc_count], arcs, count * sizeof(*arcs));
	ways->arc_count += count;
	ways->all[ways->count - 1].count = count;
	return 0;
}

void
flow_ways_clear(struct flow_ways *ways)
{
	ways->count = ways->arc_count = 0;
}

void
flow_ways_fini(struct flow_ways *ways)
{
	free(ways->all);
	free(ways->arcs);
	*ways = (struct flow_ways){0};
}

int
flow_take_path(struct flow_ways *ways, const struct corridor_graph *graph, uint32_t demand,
	       const struct corridor_path *path)
{
	if (flow_ways_add(ways, demand) < 0)
		return -1;
	for (size_t i = 0; i < path->segment_count; i++) {
		uint32_t s = path->segments[i];
		if (flow_ways_arc(ways, 2 * s + (graph->ends[s].a != path->sites[i])) < 0)
			return -1;
	}
	return 0;
}

/* 0, or what is wrong as errno has it. */
static int
trouble_in(const struct corridor_flow_instance *in)
{
	uint64_t sum = 0;
	if (in->demand_count >= UINT32_MAX)
		return EINVAL;
	for (size_t i = 0; i < in->demand_count; i++) {
		const struct corridor_flow_demand *d = &in->demands[i];
		size_t sites = in->graph->site_count;
		if (d->from >= sites || d->to >= sites || d->class >= in->class_count ||
		    d->bps > CORRIDOR_FLOW_BPS_MAX)
			return EINVAL;
		sum += d->bps;
		if (sum > INT64_MAX)
			return EOVERFLOW;
	}
	for (size_t a = 0; a < flow_arc_count(in); a++)
		if (in->capacity_bps[a] > CORRIDOR_FLOW_BPS_MAX)
			return EINVAL;
	return 0;
}

/* Room for what a workspace holds: 0, or -1 without memory. */
static int
make_room(struct corridor_flow_work *work)
{
	const struct corridor_flow_instance *instance = &work->instance;
	size_t arcs = flow_arc_count(instance), demands = instance->demand_count;
	size_t segments = instance->graph->segment_count;
	work->best = calloc(demands + 1, sizeof(*work->best));
	work->best_cost = calloc(demands + 1, sizeof(*work->best_cost));
	work->search = corridor_search_new(instance->graph);
	work->cost = calloc(segments + 1, sizeof(*work->cost));
	work->closed = calloc(segments + 1, sizeof(*work->closed));
	work->cuts = calloc(segments + 1, sizeof(*work->cuts));
	work->cost_class = UINT32_MAX;
	work->left = calloc(demands + 1, sizeof(*work->left));
	work->left_like = calloc(demands + 1, sizeof(*work->left_like));
	work->gone = calloc(demands + 1, sizeof(*work->gone));
	work->gone_like = calloc(demands + 1, sizeof(*work->gone_like));
	work->near = calloc(segments + 1, sizeof(*work->near));
	work->flow.served_bps = calloc(demands + 1, sizeof(*work->flow.served_bps));
	work->flow.best_cost = calloc(demands + 1, sizeof(*work->flow.best_cost));
	work->best_ways = calloc(demands + 1, sizeof(*work->best_ways));
	work->flow.looked = calloc(segments + 1, sizeof(*work->flow.looked));
	work->flow.load_bps = calloc(arcs + 1, sizeof(*work->flow.load_bps));
	work->flow.reserved_bps = calloc(arcs + 1, sizeof(*work->flow.reserved_bps));
	work->pair = calloc(demands + 1, sizeof(*work->pair));
	work->shared = calloc(demands + 1, sizeof(*work->shared));
	work->kept_bps = calloc(demands + 1, sizeof(*work->kept_bps));
	work->kept_reserved_bps = calloc(arcs + 1, sizeof(*work->kept_reserved_bps));
	work->kept_rule = -1;
	work->flow.worth = calloc(arcs + 1, sizeof(*work->flow.worth));
	return (!work->best || !work->best_cost || !work->search || !work->cost || !work->closed ||
		!work->cuts || !work->left || !work->left_like || !work->gone || !work->gone_like ||
		!work->near || !work->flow.served_bps || !work->flow.best_cost ||
		!work->best_ways || !work->flow.looked || !work->flow.load_bps ||
		!work->flow.worth || !work->flow.reserved_bps || !work->pair || !work->shared ||
		!work->kept_bps || !work->kept_reserved_bps)
		       ? -1
		       : 0;
}

struct corridor_flow_work *
corridor_flow_new(const struct corridor_flow_instance *instance, uint32_t k)
{
	assert(instance && instance->graph && k >= 1);
	int trouble = trouble_in(instance);
	if (trouble) {
		errno = trouble;
		return NULL;
	}
	struct corridor_flow_work *work = calloc(1, sizeof(*work));
	if (!work)
		return NULL;
	work->instance = *instance;
	work->k = k;
	if (make_room(work) < 0 || flow_tries_init(&work->tries, instance->demand_count) < 0 ||
	    flow_memory_init(&work->memory, instance->demand_count) < 0 ||
	    flow_find_best(work) < 0 || flow_pairs_find(work) < 0) {
		corridor_flow_free(work);
		errno = ENOMEM;
		return NULL;
	}
	return work;
}

void
corridor_flow_let_split(struct corridor_flow_work *work)
{
	assert(work);
	work->splits = true;
}

void
corridor_flow_free(struct corridor_flow_work *work)
{
	if (!work)
		return;
	flow_ways_fini(&work->ways);
	flow_ways_fini(&work->laid);
	flow_ways_fini(&work->pairs);
	flow_ways_fini(&work->bests);
	flow_ways_fini(&work->lead);
	flow_tries_fini(&work->tries);
	flow_memory_fini(&work->memory);
	free(work->best_ways);
	free(work->pair);
	free(work->shared);
	free(work->kept_bps);
	free(work->kept_reserved_bps);
	free(work->flow.reserved_bps);
	free(work->best);
	free(work->best_cost);
	corridor_search_free(work->search);
	free(work->cost);
	free(work->closed);
	free(work->cuts);
	for (size_t d = 0; work->left && d < work->instance.demand_count; d++)
		free(work->left[d].cost);
	for (size_t d = 0; work->gone && d < work->instance.demand_count; d++)
		free(work->gone[d].cost);
	free(work->left);
	free(work->left_like);
	free(work->gone);
	free(work->gone_like);
	free(work->near);
	free(work->flow.served_bps);
	free(work->flow.best_cost);
	free(work->flow.looked);
	free(work->flow.load_bps);
	free(work->flow.worth);
	free(work);
}

int
flow_note_best(struct corridor_flow_work *work, uint32_t demand, uint64_t cost,
	       const uint32_t *arcs, uint32_t count)
{
	if (work->flow.best_cost[demand] != CORRIDOR_CLOSED)
		return 0;
	if (flow_ways_copy(&work->bests, demand, arcs, count) < 0)
		return -1;
	work->flow.best_cost[demand] = cost;
	work->best_ways[demand] = work->bests.all[work->bests.count - 1];
	return 0;
}

int
flow_lay(struct corridor_flow_work *work, const struct corridor_flow_way *way, const uint32_t *arcs)
{
	if (way->bps == 0)
		return 0;
	if (flow_ways_copy(&work->laid, way->demand, arcs, way->count) < 0)
		return -1;
	struct corridor_flow_way *laid = &work->laid.all[work->laid.count - 1];
	laid->bps = way->bps;
	laid->role = way->role;
	for (size_t i = 0; i < way->count && way->role != CORRIDOR_WAY_SPARE; i++)
		work->flow.load_bps[arcs[i]] += way->bps;
	if (way->role == CORRIDOR_WAY_WORKING)
		work->flow.served_bps[way->demand] += way->bps;
	return 0;
}

void
flow_add_up(struct corridor_flow_work *work)
{
	const struct corridor_flow_instance *in = &work->instance;
	struct corridor_flow *flow = &work->flow;
	flow->ways = work->laid.all;
	flow->way_count = work->laid.count;
	flow->arcs = work->laid.arcs;
	flow->best = work->best_ways;
	flow->best_arcs = work->bests.arcs;
	flow->asked_total_bps = flow->served_total_bps = 0;
	for (size_t i = 0; i < in->demand_count; i++) {
		flow->asked_total_bps += in->demands[i].bps;
		flow->served_total_bps += flow->served_bps[i];
	}
	flow->utilisation = 0;
	for (size_t a = 0; a < flow_arc_count(in); a++) {
		if (!flow->load_bps[a])
			continue;
		double full = (double)flow->load_bps[a] / (double)in->capacity_bps[a];
		flow->utilisation = full > flow->utilisation ? full : flow->utilisation;
	}
}

void
flow_begin(struct corridor_flow_work *work)
{
	const struct corridor_flow_instance *in = &work->instance;
	struct corridor_flow *flow = &work->flow;
	memset(flow->served_bps, 0, in->demand_count * sizeof(*flow->served_bps));
	memset(flow->looked, 0, in->graph->segment_count * sizeof(*flow->looked));
	for (size_t i = 0; i < in->demand_count; i++)
		flow->best_cost[i] = CORRIDOR_CLOSED;
	memset(flow->load_bps, 0, flow_arc_count(in) * sizeof(*flow->load_bps));
	memset(flow->reserved_bps, 0, flow_arc_count(in) * sizeof(*flow->reserved_bps));
	memset(flow->worth, 0, flow_arc_count(in) * sizeof(*flow->worth));
	memset(work->best_ways, 0, in->demand_count * sizeof(*work->best_ways));
	flow_ways_clear(&work->laid);
	flow_ways_clear(&work->bests);
}

int
corridor_flow_lead(struct corridor_flow_work *work, const struct corridor_flow *lead)
{
	assert(work && lead);
	flow_ways_clear(&work->lead);
	for (size_t i = 0; i < lead->way_count; i++) {
		const struct corridor_flow_way *way = &lead->ways[i];
		assert(way->demand < work->instance.demand_count);
		if (way->count && flow_ways_copy(&work->lead, way->demand, &lead->arcs[way->first],
						 way->count) < 0)
			return -1;
	}
	return 0;
}

const struct corridor_flow *
corridor_flow_solve(struct corridor_flow_work *work, enum corridor_objective objective,
		    const bool *cut)
{
	assert(work && objective < CORRIDOR_OBJECTIVES);
	struct corridor_flow *flow = &work->flow;
	flow_begin(work);
	flow->value = flow->bound = NAN;
	flow->rounds = 0;
	flow->columns = 0;
	bool fills = objective == CORRIDOR_FLOW_FAIR || objective == CORRIDOR_FLOW_PRIORITY;
	int failed = fills ? flow_fill(work, objective == CORRIDOR_FLOW_PRIORITY, cut)
			   : flow_optimise(work, objective, cut, NULL);
	if (failed)
		return NULL;
	flow_add_up(work);
	flow->split_total_bps = flow->served_total_bps;
	if (!fills && flow_whole(work, objective, cut) < 0)
		return NULL;
	if (fills)
		flow->value = (double)flow->served_total_bps / 1e9;
	return flow;
}

uint32_t
corridor_flow_shared(const struct corridor_flow_work *work, uint32_t demand)
{
	assert(work && demand < work->instance.demand_count);
	return work->pair[demand] == HUB_NONE ? HUB_NONE : work->shared[demand];
}

const char *
corridor_objective_word(enum corridor_objective objective)
{
	static const char *const words[CORRIDOR_OBJECTIVES] = {
		"fair", "priority", "cost", "utilisation", "throughput", "fairest"};
	return objective < CORRIDOR_OBJECTIVES ? words[objective] : "";
}
