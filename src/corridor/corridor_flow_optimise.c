/* The objectives of flow that are linear programs: set up for corridor_flow_program.c, and what it
 * finds turned into whole bit/s again. */
#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_flow_program.h"

static int
by_start(const void *a, const void *b, void *demands)
{
	const struct corridor_flow_demand *all = demands;
	uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
	if (all[i].class != all[k].class)
		return all[i].class < all[k].class ? -1 : 1;
	if (all[i].from != all[k].from)
		return all[i].from < all[k].from ? -1 : 1;
	return i < k ? -1 : 1;
}

/* Costs in units of the cheapest segment that costs anything, or of a billionth of the dearest, so that
 * the optimum tells them apart. */
static void
choose_cost_unit(struct flow_program *lp)
{
	const struct corridor_flow_instance *in = lp->in;
	double dearest = 1, cheapest = INFINITY, costs = 0;
	for (size_t s = 0; s < in->graph->segment_count; s++) {
		double most = 0;
		for (size_t c = 0; c < in->class_count; c++) {
			double cost = (double)(in->cost[c][s] >> CORRIDOR_HOP_BITS);
			if (in->cost[c][s] == CORRIDOR_CLOSED)
				continue;
			most = fmax(most, cost);
			cheapest = cost > 0 ? fmin(cheapest, cost) : cheapest;
		}
		dearest = fmax(dearest, most);
		costs += most;
	}
	lp->cost_unit = fmax(fmin(cheapest, dearest), dearest / 1e9);
	lp->cost_most = costs / lp->cost_unit;
}

/* Rates in units of the mean capacity: numbers near 1 for a solver that works with tolerances. */
static void
choose_units(struct flow_program *lp)
{
	double sum = 0;
	size_t open = 0;
	for (uint32_t a = 0; a < lp->arcs; a++) {
		uint64_t capacity = lp->cut && lp->cut[a / 2] ? 0 : lp->in->capacity_bps[a];
		sum += (double)capacity;
		open += capacity > 0;
	}
	lp->sum_bps = open ? sum : 1;
	lp->sum_of = open ? (double)open : 1;
	lp->unit_bps = lp->sum_bps / lp->sum_of;
	choose_cost_unit(lp);
}

static void
choose_capacities(struct flow_program *lp)
{
	for (uint32_t a = 0; a < lp->arcs; a++) {
		bool cut = lp->cut && lp->cut[a / 2];
		double capacity = cut ? 0 : flow_program_units(lp, lp->in->capacity_bps[a]);
		bool grows = lp->objective == CORRIDOR_FLOW_UTILISATION;
		lp->capacity[a] = grows ? 0 : capacity;
		lp->slope[a] = grows ? capacity : 0;
		/* The first keys: for the utilisation, ways over large segments. */
		lp->dual[a] = grows && capacity > 0 ? 1 / capacity : 1e-6;
	}
	lp->capacity[lp->arcs] = INFINITY;
	lp->s_cost = lp->objective == CORRIDOR_FLOW_UTILISATION ? 1
		     : lp->objective == CORRIDOR_FLOW_FAIREST   ? -1
								: 0;
	lp->s_most = lp->objective == CORRIDOR_FLOW_UTILISATION ? INFINITY : 0;
}

static int
program_init(struct flow_program *lp)
{
	size_t demands = lp->in->demand_count;
	lp->demands = calloc(demands + 1, sizeof(*lp->demands));
	lp->order = calloc(demands + 1, sizeof(*lp->order));
	lp->capacity = calloc(lp->arcs + 1, sizeof(*lp->capacity));
	lp->slope = calloc(lp->arcs + 1, sizeof(*lp->slope));
	lp->key_load = calloc(lp->arcs + 1, sizeof(*lp->key_load));
	lp->key_gain = calloc(lp->arcs + 1, sizeof(*lp->key_gain));
	lp->dual = calloc(lp->arcs + 1, sizeof(*lp->dual));
	lp->length = calloc(lp->arcs + 1, sizeof(*lp->length));
	lp->crowd = calloc(lp->arcs + 1, sizeof(*lp->crowd));
	lp->row = calloc(lp->arcs + 1, sizeof(*lp->row));
	lp->load = calloc(lp->arcs + 1, sizeof(*lp->load));
	lp->difference.arcs = calloc(lp->arcs + 1, sizeof(*lp->difference.arcs));
	lp->difference.more = calloc(lp->arcs + 1, sizeof(*lp->difference.more));
	lp->difference.mark = calloc(lp->arcs + 1, sizeof(*lp->difference.mark));
	lp->tree = corridor_flow_tree_new(lp->in->graph);
	if (!lp->demands || !lp->order || !lp->capacity || !lp->slope || !lp->crowd ||
	    !lp->key_load || !lp->key_gain || !lp->dual || !lp->length || !lp->row || !lp->load ||
	    !lp->difference.arcs || !lp->difference.more || !lp->difference.mark || !lp->tree)
		return -1;
	for (uint32_t i = 0; i < demands; i++)
		lp->order[i] = i;
	qsort_r(lp->order, demands, sizeof(*lp->order), by_start, (void *)lp->in->demands);
	choose_units(lp);
	choose_capacities(lp);
	/* The first keys are cheap ones. */
	lp->by_cost = lp->objective == CORRIDOR_FLOW_COST;
	return flow_program_keys(lp) < 0 ? -1 : flow_program_follow(lp);
}

static void
program_fini(struct flow_program *lp)
{
	if (lp->model)
		lp->clp->Clp_deleteModel(lp->model);
	flow_ways_fini(&lp->ways);
	flow_ways_fini(&lp->offered);
	corridor_flow_tree_free(lp->tree);
	free(lp->info);
	free(lp->demands);
	free(lp->order);
	free(lp->offers);
	free(lp->capacity);
	free(lp->slope);
	free(lp->key_load);
	free(lp->key_gain);
	free(lp->dual);
	free(lp->length);
	free(lp->crowd);
	free(lp->column_way);
	free(lp->row);
	free(lp->load);
	free(lp->difference.arcs);
	free(lp->difference.more);
	free(lp->difference.mark);
}

/* Those whose key goes over an arc that the keys overload may stay unserved from the start; so
 * there is a solution from the start. */
static int
let_overloaded_unserved(struct flow_program *lp)
{
	flow_program_load_keys(lp);
	for (uint32_t d = 0; d < lp->in->demand_count; d++) {
		uint32_t key = lp->demands[d].key;
		bool over = false;
		if (key == UINT32_MAX)
			continue;
		const struct corridor_flow_way *way = &lp->ways.all[key];
		for (uint32_t i = 0; i < way->count; i++) {
			uint32_t arc = lp->ways.arcs[way->first + i];
			over |= lp->key_load[arc] > lp->capacity[arc];
		}
		if (over && flow_program_let_unserved(lp, d) < 0)
			return -1;
	}
	return 0;
}

static double
asked_of(const struct flow_program *lp, size_t demand)
{
	return flow_program_units(lp, lp->in->demands[demand].bps);
}

/* Settles those who have all they ask at a level that everybody can have. */
static size_t
settle_served(struct flow_program *lp, bool *settled, double s)
{
	size_t count = 0;
	for (uint32_t d = 0; d < lp->in->demand_count; d++) {
		if (settled[d] || s < asked_of(lp, d) * (1 - 1e-12))
			continue;
		settled[d] = true;
		flow_program_settle(lp, d, asked_of(lp, d));
		count++;
	}
	return count;
}

/* Settles those whose getting more would cost others theirs: their ways have a length under the
 * duals, and in no solution can they get more. */
static size_t
settle_stuck(struct flow_program *lp, bool *settled, double s)
{
	size_t count = 0;
	double longest = 0;
	for (size_t d = 0; d < lp->in->demand_count; d++)
		if (!settled[d])
			longest = fmax(longest, lp->demands[d].length);
	for (uint32_t d = 0; d < lp->in->demand_count; d++) {
		if (settled[d] || lp->demands[d].length <= 1e-6 * longest)
			continue;
		settled[d] = true;
		flow_program_settle(lp, d, s);
		count++;
	}
	return count;
}

/* The least and the most that an unsettled demand asks; the least is INFINITY when there is none. */
static void
range_asked(double range[2], const struct flow_program *lp, const bool *settled)
{
	range[0] = INFINITY;
	range[1] = 0;
	for (size_t d = 0; d < lp->in->demand_count; d++) {
		if (settled[d])
			continue;
		range[0] = fmin(range[0], asked_of(lp, d));
		range[1] = fmax(range[1], asked_of(lp, d));
	}
}

/* Level by level: raises all who are not settled as if they asked without end, so that the level is
 * one that all can have, or more than some ask; these get what they ask, and the others can rise
 * further. When nobody asks less, it is as high as it can be, and who is stuck stays there. The
 * program goes on from where it was each time. */
static int
raise_all(struct flow_program *lp, bool *settled)
{
	struct corridor_flow *flow = &lp->work->flow;
	double asked[2];
	flow->value = NAN;
	for (range_asked(asked, lp, settled); !isinf(asked[0]); range_asked(asked, lp, settled)) {
		flow_program_limit(lp, asked[1]);
		if (flow_program_solve(lp) < 0)
			return -1;
		double s = lp->clp->Clp_getColSolution(lp->model)[0];
		if (isnan(flow->value)) {
			flow->value = fmin(s, asked[0]) * lp->unit_bps / 1e9;
			flow->bound = s < asked[0] ? -lp->bound * lp->unit_bps / 1e9 : flow->value;
		}
		if (settle_served(lp, settled, s) || settle_stuck(lp, settled, s))
			continue;
		errno = EDOM;
		return -1;
	}
	flow_program_limit(lp, 0);
	return flow_program_solve(lp);
}

static int
solve_fairest(struct flow_program *lp)
{
	bool *settled = calloc(lp->in->demand_count + 1, sizeof(*settled));
	if (!settled) {
		errno = ENOMEM;
		return -1;
	}
	for (size_t d = 0; d < lp->in->demand_count; d++) {
		settled[d] = lp->demands[d].key == UINT32_MAX;
		lp->demands[d].volume = 0;
		lp->demands[d].gain = !settled[d];
	}
	int failed = raise_all(lp, settled);
	free(settled);
	return failed;
}

/* What each way carries, in whole bit/s, and what that loads the arcs with. */
struct rounding {
	uint64_t *on_way, *load;
};

/* The whole bit/s of one demand: columns as they are, the key what these leave. */
static void
round_demand(const struct flow_program *lp, struct rounding *r, uint32_t d)
{
	const struct flow_program_demand *demand = &lp->demands[d];
	uint64_t left = lp->in->demands[d].bps;
	if (lp->objective == CORRIDOR_FLOW_FAIREST) {
		double settled = demand->volume * lp->unit_bps;
		left = settled < (double)left ? (uint64_t)(settled + 0.5) : left;
	}
	uint64_t all = left;
	for (uint32_t w = demand->last; w != UINT32_MAX; w = lp->info[w].before) {
		double on = w == demand->key ? 0 : flow_program_on(lp, w) * lp->unit_bps;
		/* Less than tolerances of the solver is nothing. */
		if (on < 1e-7 * (double)lp->in->demands[d].bps)
			continue;
		r->on_way[w] = on < (double)left ? (uint64_t)(on + 0.5) : left;
		left -= r->on_way[w];
	}
	r->on_way[demand->key] = left < 16 && left < all ? 0 : left;
	for (uint32_t w = demand->last; w != UINT32_MAX; w = lp->info[w].before)
		for (uint32_t i = 0; i < lp->ways.all[w].count; i++)
			r->load[lp->ways.arcs[lp->ways.all[w].first + i]] += r->on_way[w];
}

/* The solver keeps to capacities within a tolerance; here they are kept exactly: what is above one
 * is taken from the ways over it. */
static void
trim(const struct flow_program *lp, struct rounding *r)
{
	for (uint32_t w = 0; w < lp->ways.count; w++) {
		const struct corridor_flow_way *way = &lp->ways.all[w];
		uint64_t over = 0;
		if (lp->info[w].unserved)
			continue;
		for (uint32_t i = 0; i < way->count; i++) {
			uint32_t arc = lp->ways.arcs[way->first + i];
			uint64_t capacity = lp->in->capacity_bps[arc];
			if (r->load[arc] > capacity && r->load[arc] - capacity > over)
				over = r->load[arc] - capacity;
		}
		over = over < r->on_way[w] ? over : r->on_way[w];
		r->on_way[w] -= over;
		for (uint32_t i = 0; i < way->count; i++)
			r->load[lp->ways.arcs[way->first + i]] -= over;
	}
}

static int
lay_ways(struct flow_program *lp)
{
	struct rounding r = {.on_way = calloc(lp->ways.count + 1, sizeof(*r.on_way)),
			     .load = calloc(lp->arcs + 1, sizeof(*r.load))};
	int failed = r.on_way && r.load ? 0 : -1;
	for (uint32_t d = 0; d < lp->in->demand_count && !failed; d++)
		if (lp->demands[d].key != UINT32_MAX)
			round_demand(lp, &r, d);
	if (!failed && lp->objective != CORRIDOR_FLOW_UTILISATION)
		trim(lp, &r);
	for (uint32_t d = 0; d < lp->in->demand_count && !failed; d++) {
		const struct corridor_flow_demand *demand = &lp->in->demands[d];
		if (demand->from == demand->to)
			failed = flow_lay(
				lp->work,
				&(struct corridor_flow_way){.demand = d, .bps = demand->bps}, NULL);
		for (uint32_t w = lp->demands[d].last; w != UINT32_MAX && !failed;
		     w = lp->info[w].before) {
			struct corridor_flow_way way = lp->ways.all[w];
			way.bps = r.on_way[w];
			if (!lp->info[w].unserved)
				failed = flow_lay(lp->work, &way, &lp->ways.arcs[way.first]);
		}
	}
	free(r.on_way);
	free(r.load);
	if (failed)
		errno = ENOMEM;
	return failed;
}

/* What more of each arc would bring. */
static void
tell_worth(const struct flow_program *lp, double unit)
{
	for (uint32_t a = 0; a < lp->arcs; a++)
		lp->work->flow.worth[a] = lp->dual[a] > 1e-9 ? lp->dual[a] * unit : 0;
}

/* As much as can be served; and then, for the least cost, so that no less is. 0, or -1 and errno. */
static int
solve_most(struct flow_program *lp)
{
	struct corridor_flow *flow = &lp->work->flow;
	double gbps = lp->unit_bps / 1e9, asked = 0;
	if (let_overloaded_unserved(lp) < 0 || flow_program_go_by(lp, false) < 0) {
		errno = ENOMEM;
		return -1;
	}
	if (flow_program_solve(lp) < 0)
		return -1;
	tell_worth(lp, 1);
	for (size_t d = 0; d < lp->in->demand_count; d++)
		asked += lp->demands[d].volume;
	double lacking = fmax(flow_program_value(lp), 0);
	if (lp->pinning && lp->pinning->serve_bps != UINT64_MAX)
		lacking = fmax(lacking, asked - flow_program_units(lp, lp->pinning->serve_bps));
	flow->value = (asked - lacking) * gbps;
	flow->bound = (asked - lp->bound) * gbps;
	if (lp->objective == CORRIDOR_FLOW_THROUGHPUT)
		return 0;
	lp->capacity[lp->arcs] = lacking;
	if (flow_program_go_by(lp, true) < 0) {
		errno = ENOMEM;
		return -1;
	}
	if (flow_program_solve(lp) < 0)
		return -1;
	flow->bound = lp->bound * lp->cost_unit * gbps;
	/* The solver serves less by its tolerance, and where costs are a billion times each other that
	 * much shows: the bound has what all that is served costs. */
	flow->value = fmax(flow_program_value(lp) * lp->cost_unit * gbps, flow->bound);
	return 0;
}

static int
solve_utilisation(struct flow_program *lp)
{
	struct corridor_flow *flow = &lp->work->flow;
	if (flow_program_solve(lp) < 0)
		return -1;
	flow->value = flow_program_value(lp);
	flow->bound = lp->bound;
	tell_worth(lp, flow->value / (lp->unit_bps / 1e9));
	return 0;
}

int
flow_optimise(struct corridor_flow_work *work, enum corridor_objective objective, const bool *cut,
	      const struct flow_pinning *pinning)
{
	struct flow_program lp = {
		.work = work,
		.in = &work->instance,
		.cut = cut,
		.objective = objective,
		.pinning = pinning,
		.clp = corridor_clp_load(),
		.arcs = flow_arc_count(&work->instance),
	};
	int failed = -1;
	if (!lp.clp) {
		errno = ENOTSUP;
		return -1;
	}
	if (program_init(&lp) < 0) {
		errno = ENOMEM;
		goto out;
	}
	failed = objective == CORRIDOR_FLOW_FAIREST       ? solve_fairest(&lp)
		 : objective == CORRIDOR_FLOW_UTILISATION ? solve_utilisation(&lp)
							  : solve_most(&lp);
	work->flow.columns = lp.ways.count;
	if (!failed)
		failed = lay_ways(&lp);
	if (!failed && pinning && pinning->wishes)
		failed = flow_program_wish(&lp);
out:
	program_fini(&lp);
	return failed;
}
