/* Which ways a demand may go: what the segments cost it, and the cheapest way for that.
 *
 * The costs of a class stay from one search to the next, and what was closed in between is opened
 * again one by one: under a cut that is a handful of segments, not all. A demand that looks for ways
 * again and again does so by A*: nothing is ever cheaper than with all open, so what is then left
 * from each site to its end is a bound that leads straight there. */
#include <stdlib.h>

#include "corridor/corridor_flow_parts.h"
#include "corridor/corridor_search.h"
#include "corridor/corridor_ways.h"

/* What the bounds of a workspace may take; who comes after that looks without. */
enum { LEFT_OCTETS_MAX = 32 << 20 };

/* What a segment costs a class when nothing is cut or full: one without capacity in either
 * direction is as good as closed. A direction without capacity is left to the solvers, which never
 * lay anything on it. */
static uint64_t
open_cost(const struct corridor_flow_instance *in, uint32_t class, uint32_t segment)
{
	bool open = flow_arc_open(in, class, 2 * segment, NULL) ||
		    flow_arc_open(in, class, 2 * segment + 1, NULL);
	return open ? in->cost[class][segment] : CORRIDOR_CLOSED;
}

void
flow_close(struct corridor_flow_work *work, uint32_t segment)
{
	if (work->cost[segment] == CORRIDOR_CLOSED)
		return;
	work->cost[segment] = CORRIDOR_CLOSED;
	work->closed[work->closed_count++] = segment;
}

void
flow_costs(struct corridor_flow_work *work, uint32_t class)
{
	const struct corridor_flow_instance *in = &work->instance;
	for (size_t i = 0; i < work->closed_count && work->cost_class == class; i++)
		work->cost[work->closed[i]] = open_cost(in, class, work->closed[i]);
	for (uint32_t s = 0; s < in->graph->segment_count && work->cost_class != class; s++)
		work->cost[s] = open_cost(in, class, s);
	work->closed_count = 0;
	work->cost_class = class;
	for (size_t i = 0; i < work->cut_count; i++)
		flow_close(work, work->cuts[i]);
}

void
flow_cut(struct corridor_flow_work *work, const bool *cut)
{
	work->cut_count = 0;
	for (uint32_t s = 0; cut && s < work->instance.graph->segment_count; s++)
		if (cut[s])
			work->cuts[work->cut_count++] = s;
}

/* What a way of a class from each site to `to` costs with all open; NULL: it is not known. */
static const uint64_t *
reckon_left(struct flow_left *left, struct corridor_flow_work *work, uint32_t class, uint32_t to)
{
	const struct corridor_flow_instance *in = &work->instance;
	size_t sites = in->graph->site_count, octets = sites * sizeof(*left->cost);
	if (left->cost)
		return left->cost;
	if (work->left_octets + octets > LEFT_OCTETS_MAX)
		return NULL;
	uint64_t *open = calloc(in->graph->segment_count + 1, sizeof(*open));
	uint64_t *cost = calloc(sites + 1, sizeof(*cost));
	if (!open || !cost) {
		free(open);
		free(cost);
		return NULL;
	}
	for (uint32_t s = 0; s < in->graph->segment_count; s++)
		open[s] = open_cost(in, class, s);
	corridor_search_run(work->search, open, to, HUB_NONE);
	for (uint32_t i = 0; i < sites; i++)
		cost[i] = corridor_search_cost(work->search, i);
	free(open);
	work->left_octets += octets;
	return left->cost = cost;
}

/* What is left from each site to the end of a demand, from the second time on that a way there is
 * looked for; NULL: it is not known. */
static const uint64_t *
left_of(struct corridor_flow_work *work, uint32_t demand)
{
	const struct corridor_flow_demand *d = &work->instance.demands[demand];
	struct flow_left *left = &work->left[work->left_like[demand]];
	if (left->asked)
		return reckon_left(left, work, d->class, d->to);
	left->asked = true;
	return left->cost;
}

/* A sum that stays closed when a part is. */
static uint64_t
sum(uint64_t a, uint64_t b)
{
	return a >= CORRIDOR_CLOSED - b ? CORRIDOR_CLOSED : a + b;
}

/* Remembers the newest way, a demand's, for other cuts, with what is closed that a way could cross
 * for no more. */
static void
remember(struct corridor_flow_work *work, uint32_t demand, const struct flow_ways *ways,
	 uint64_t cost)
{
	const struct corridor_flow_instance *in = &work->instance;
	const struct corridor_flow_demand *d = &in->demands[demand];
	const struct corridor_flow_way *way = &ways->all[ways->count - 1];
	const uint64_t *left = work->left[work->left_like[demand]].cost;
	const uint64_t *gone =
		reckon_left(&work->gone[work->gone_like[demand]], work, d->class, d->from);
	struct flow_kept kept = {.cost = cost, .count = way->count};
	if (!left || !gone)
		return;
	for (size_t i = 0; i < work->closed_count; i++) {
		uint32_t s = work->closed[i];
		struct corridor_ends ends = in->graph->ends[s];
		uint64_t there = sum(gone[ends.a], left[ends.b]);
		uint64_t back = sum(gone[ends.b], left[ends.a]);
		uint64_t least = sum(there < back ? there : back, open_cost(in, d->class, s));
		if (least <= cost)
			work->near[kept.closed_count++] = s;
	}
	flow_memory_keep(&work->memory, demand, &kept, &ways->arcs[way->first], work->near);
}

/* The way that the last search found to `to`; nothing if there is none. */
static int
take_found(struct flow_ways *ways, const struct corridor_flow_work *work, uint32_t demand)
{
	const struct corridor_graph *graph = work->instance.graph;
	uint32_t to = work->instance.demands[demand].to;
	if (corridor_search_cost(work->search, to) == CORRIDOR_CLOSED)
		return 0;
	if (flow_ways_add(ways, demand) < 0)
		return -1;
	size_t first = ways->arc_count;
	for (uint32_t site = to; corridor_search_before(work->search, site) != HUB_NONE;
	     site = corridor_search_before(work->search, site)) {
		uint32_t s = corridor_search_segment(work->search, site);
		if (flow_ways_arc(ways, 2 * s + (graph->ends[s].b != site)) < 0)
			return -1;
	}
	for (size_t i = first, k = ways->arc_count; i + 1 < k; i++) {
		uint32_t arc = ways->arcs[i];
		ways->arcs[i] = ways->arcs[--k];
		ways->arcs[k] = arc;
	}
	return 0;
}

static int
find_bound(struct flow_ways *ways, struct corridor_flow_work *work, uint32_t demand, uint64_t *cost)
{
	const struct corridor_flow_demand *d = &work->instance.demands[demand];
	const struct corridor_graph *graph = work->instance.graph;
	struct corridor_path path;
	*cost = CORRIDOR_CLOSED;
	struct corridor_ways *search = corridor_ways_new(
		graph, work->cost, (struct corridor_ends){d->from, d->to}, d->over);
	int found = search ? corridor_ways_next(search, &path) : -1;
	corridor_ways_free(search);
	if (found != 1)
		return found;
	*cost = path.cost;
	int failed = flow_take_path(ways, graph, demand, &path);
	free(path.segments);
	return failed ? -1 : 1;
}

int
flow_find(struct flow_ways *ways, struct corridor_flow_work *work, uint32_t demand, bool bound,
	  uint64_t *cost)
{
	const struct corridor_flow_demand *d = &work->instance.demands[demand];
	if (bound)
		return find_bound(ways, work, demand, cost);
	const struct flow_kept *kept =
		work->cut_count ? flow_memory_find(&work->memory, demand, work->cost) : NULL;
	if (kept) {
		*cost = kept->cost;
		return flow_ways_copy(ways, demand, kept->all, kept->count) < 0 ? -1 : 1;
	}
	const uint64_t *left = left_of(work, demand);
	if (left)
		corridor_search_toward(work->search, work->cost, d->from, d->to, left);
	else
		corridor_search_run(work->search, work->cost, d->from, d->to);
	*cost = corridor_search_cost(work->search, d->to);
	if (*cost == CORRIDOR_CLOSED)
		return 0;
	if (take_found(ways, work, demand) < 0)
		return -1;
	if (work->cut_count && left)
		remember(work, demand, ways, *cost);
	return 1;
}

/* By class, then start, then end. */
static int
by_ends(const void *a, const void *b, void *demands)
{
	const struct corridor_flow_demand *all = demands;
	const struct corridor_flow_demand *x = &all[*(const uint32_t *)a];
	const struct corridor_flow_demand *y = &all[*(const uint32_t *)b];
	if (x->class != y->class)
		return x->class < y->class ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->to > y->to) - (x->to < y->to);
}

/* The best way of a demand: that of `like`, the one before it in order, where it has the same
 * ends. */
static int
find_best(struct corridor_flow_work *work, uint32_t index, const uint32_t *like)
{
	const struct corridor_flow_demand *d = &work->instance.demands[index];
	const struct corridor_flow_demand *other = like ? &work->instance.demands[*like] : NULL;
	bool same_class = other && other->class == d->class;
	/* A search by one that is bound leaves no tree behind. */
	bool same_start = same_class && other->from == d->from && !other->over;
	if (same_start && other->to == d->to && !d->over) {
		work->best[index] = work->best[*like];
		work->best_cost[index] = work->best_cost[*like];
		return 0;
	}
	if (!same_class)
		flow_costs(work, d->class);
	if (d->over) {
		work->best[index] = (uint32_t)work->ways.count;
		int found = find_bound(&work->ways, work, index, &work->best_cost[index]);
		if (found == 0)
			work->best[index] = HUB_NONE;
		return found < 0 ? -1 : 0;
	}
	if (!same_start)
		corridor_search_run(work->search, work->cost, d->from, HUB_NONE);
	work->best_cost[index] = corridor_search_cost(work->search, d->to);
	bool none = work->best_cost[index] == CORRIDOR_CLOSED;
	work->best[index] = none ? HUB_NONE : (uint32_t)work->ways.count;
	return take_found(&work->ways, work, index);
}

/* By class, then end. */
static int
by_end(const void *a, const void *b, void *demands)
{
	const struct corridor_flow_demand *all = demands;
	uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
	if (all[i].class != all[k].class)
		return all[i].class < all[k].class ? -1 : 1;
	if (all[i].to != all[k].to)
		return all[i].to < all[k].to ? -1 : 1;
	return (i > k) - (i < k);
}

/* Demands of the same class and end share what is left. */
static void
share_left(struct corridor_flow_work *work, uint32_t *order)
{
	const struct corridor_flow_demand *all = work->instance.demands;
	size_t count = work->instance.demand_count;
	qsort_r(order, count, sizeof(*order), by_end, (void *)all);
	for (size_t i = 0; i < count; i++) {
		uint32_t d = order[i], before = i ? order[i - 1] : d;
		bool like = all[before].class == all[d].class && all[before].to == all[d].to;
		work->left_like[d] = i && like ? work->left_like[before] : d;
	}
}

int
flow_find_best(struct corridor_flow_work *work)
{
	size_t count = work->instance.demand_count;
	uint32_t *order = calloc(count + 1, sizeof(*order));
	if (!order)
		return -1;
	for (uint32_t i = 0; i < count; i++)
		order[i] = i;
	qsort_r(order, count, sizeof(*order), by_ends, (void *)work->instance.demands);
	int failed = 0;
	for (size_t i = 0; i < count && !failed; i++) {
		const struct corridor_flow_demand *all = work->instance.demands;
		uint32_t d = order[i], before = i ? order[i - 1] : d;
		bool like = all[before].class == all[d].class && all[before].from == all[d].from;
		work->gone_like[d] = i && like ? work->gone_like[before] : d;
		failed = find_best(work, d, i ? &order[i - 1] : NULL);
	}
	share_left(work, order);
	free(order);
	return failed;
}
