/* Optimal flows by linear programs on ways, which are found as they are needed (column generation:
 * Ford and Fulkerson 1958).
 *
 * One program does for all objectives. A scalar s goes with the ways: demands ask for
 * volume + gain * s, arcs carry capacity + slope * s.
 *
 *                   volume  gain  capacity  slope  s
 *   cost, throughput  asked    0  capacity      0  none
 *   utilisation       asked    0         0  capac. the utilisation, as small as can be
 *   fairest        as settled  1  capacity      0  what the unsettled get, as large as can be
 *
 * What a demand is not served is a way without arcs whose cost is above all else, so that there
 * always is a solution. One way of each demand, its key, is no column: it carries what the others
 * leave, its load stands on the right hand sides, and only that it is not below 0 is a row of its
 * own, and even that is a bound until the demand has a third way. Most demands never need a second
 * one, so the program has little more than a row per arc, whatever the number of demands (after
 * Barnhart, Hane, Johnson and Sigismondi, 1995).
 *
 * With the duals of the arcs as lengths, a way that is shorter than those there are makes a better
 * solution; and whatever the lengths, the demands on their shortest ways are a bound on all
 * solutions (Lagrange). It ends when the two meet. */
#include "corridor/corridor_flow_program.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS_MAX = 2000, NO_COLUMN = -1 };

/* Where value and bound have met. */
#define CLOSE_ENOUGH 1e-9
/* By how much of its length, and by how much at least, a new way must be shorter. */
#define SHORTER       1e-9
#define SHORTER_LEAST 1e-12
/* What every arc costs at least, so that of equals the way of fewer arcs is taken. */
#define HOP 1e-14

bool
flow_program_has_s(const struct flow_program *lp)
{
	return lp->objective == CORRIDOR_FLOW_UTILISATION || lp->objective == CORRIDOR_FLOW_FAIREST;
}

static bool
may_be_unserved(const struct flow_program *lp)
{
	return !flow_program_has_s(lp);
}

static const uint32_t *
arcs_of(const struct flow_program *lp, uint32_t way, uint32_t *count)
{
	*count = lp->ways.all[way].count;
	return lp->ways.arcs + lp->ways.all[way].first;
}

static double
arc_cost(const struct flow_program *lp, uint32_t class, uint32_t arc)
{
	if (lp->objective != CORRIDOR_FLOW_COST)
		return 0;
	return (double)(lp->in->cost[class][arc / 2] >> CORRIDOR_HOP_BITS) / lp->cost_unit;
}

/* Makes the newest of `ways` one of its demand's. */
static int
enlist(struct flow_program *lp, bool unserved)
{
	uint32_t way = (uint32_t)lp->ways.count - 1;
	if (way >= lp->info_room) {
		size_t room = lp->ways.room;
		void *info = reallocarray(lp->info, room, sizeof(*lp->info));
		if (!info)
			return -1;
		lp->info = info;
		lp->info_room = room;
	}
	uint32_t count, demand = lp->ways.all[way].demand;
	const uint32_t *arcs = arcs_of(lp, way, &count);
	struct flow_program_way info = {.before = lp->demands[demand].last,
					.column = NO_COLUMN,
					.cost = unserved ? lp->unserved : 0,
					.unserved = unserved};
	for (uint32_t i = 0; i < count; i++)
		info.cost += arc_cost(lp, lp->in->demands[demand].class, arcs[i]);
	lp->info[way] = info;
	lp->demands[demand].last = way;
	return 0;
}

/* Of a way, under the duals of now. */
static double
length_of(const struct flow_program *lp, uint32_t way)
{
	uint32_t count;
	const uint32_t *arcs = arcs_of(lp, way, &count);
	double length = lp->info[way].cost;
	for (uint32_t i = 0; i < count; i++)
		length += lp->dual[arcs[i]];
	return length;
}

static bool
is_group_start(const struct flow_program *lp, size_t i)
{
	const struct corridor_flow_demand *d = &lp->in->demands[lp->order[i]];
	const struct corridor_flow_demand *e = i ? &lp->in->demands[lp->order[i - 1]] : NULL;
	return !e || d->class != e->class || d->from != e->from;
}

/* Shortest ways from the start of demand number i of the order, by cost and duals. */
static void
run_tree(struct flow_program *lp, size_t i)
{
	const struct corridor_flow_demand *d = &lp->in->demands[lp->order[i]];
	for (uint32_t a = 0; a < lp->arcs; a++)
		lp->length[a] = flow_arc_open(lp->in, d->class, a, lp->cut)
					? arc_cost(lp, d->class, a) + lp->dual[a]
					: INFINITY;
	corridor_flow_tree_run(lp->tree, lp->length, d->from);
}

/* Appends the way to `to` that the tree has. */
static int
take_way(struct flow_ways *ways, const struct flow_program *lp, uint32_t demand)
{
	if (flow_ways_add(ways, demand) < 0)
		return -1;
	size_t first = ways->arc_count;
	uint32_t arc, site = lp->in->demands[demand].to;
	while ((arc = corridor_flow_tree_arc(lp->tree, site)) != UINT32_MAX) {
		if (flow_ways_arc(ways, arc) < 0)
			return -1;
		site = flow_arc_start(lp->in->graph, arc);
	}
	for (size_t i = first, k = ways->arc_count; i + 1 < k; i++) {
		uint32_t swap = ways->arcs[i];
		ways->arcs[i] = ways->arcs[--k];
		ways->arcs[k] = swap;
	}
	return 0;
}

/* The key of each demand that can be reached: its shortest way by the duals of now. */
int
flow_program_keys(struct flow_program *lp)
{
	for (size_t i = 0; i < lp->in->demand_count; i++) {
		uint32_t demand = lp->order[i];
		const struct corridor_flow_demand *d = &lp->in->demands[demand];
		struct flow_program_demand *out = &lp->demands[demand];
		*out = (struct flow_program_demand){
			.last = UINT32_MAX, .key = UINT32_MAX, .row = -1};
		if (is_group_start(lp, i))
			run_tree(lp, i);
		if (d->bps == 0 || d->from == d->to ||
		    corridor_flow_tree_length(lp->tree, d->to) == INFINITY)
			continue;
		out->volume = (double)d->bps / lp->unit_bps;
		if (take_way(&lp->ways, lp, demand) < 0 || enlist(lp, false) < 0)
			return -1;
		out->key = out->last;
	}
	return 0;
}

/* Loads of the keys, and how they grow with s. */
void
flow_program_load_keys(struct flow_program *lp)
{
	memset(lp->key_load, 0, lp->arcs * sizeof(*lp->key_load));
	memset(lp->key_gain, 0, lp->arcs * sizeof(*lp->key_gain));
	for (size_t d = 0; d < lp->in->demand_count; d++) {
		const struct flow_program_demand *demand = &lp->demands[d];
		if (demand->key == UINT32_MAX)
			continue;
		uint32_t count;
		const uint32_t *arcs = arcs_of(lp, demand->key, &count);
		for (uint32_t i = 0; i < count; i++) {
			lp->key_load[arcs[i]] += demand->volume;
			lp->key_gain[arcs[i]] += demand->gain;
		}
	}
}

/* A row per arc, and s; no ways yet. */
static int
begin_model(struct flow_program *lp)
{
	const struct corridor_clp *clp = lp->clp;
	size_t n = lp->arcs;
	double *lower = calloc(n + 1, sizeof(*lower)), *upper = calloc(n + 1, sizeof(*upper));
	double *element = calloc(n + 1, sizeof(*element));
	int *row = calloc(n + 1, sizeof(*row));
	int failed = -1;
	if (!lower || !upper || !element || !row)
		goto out;
	flow_program_load_keys(lp);
	CoinBigIndex start[2] = {0, 0};
	double cost = lp->s_cost, zero = 0, most = flow_program_has_s(lp) ? lp->s_most : 0;
	for (size_t d = 0; d < lp->in->demand_count; d++)
		if (lp->demands[d].key != UINT32_MAX)
			cost += lp->demands[d].gain * lp->info[lp->demands[d].key].cost;
	for (size_t a = 0; a < n; a++) {
		lower[a] = -INFINITY;
		upper[a] = lp->capacity[a] - lp->key_load[a];
		double value = lp->key_gain[a] - lp->slope[a];
		if (value == 0)
			continue;
		row[start[1]] = (int)a;
		element[start[1]++] = value;
	}
	if (lp->model)
		clp->Clp_deleteModel(lp->model);
	lp->model = clp->Clp_newModel();
	if (!lp->model)
		goto out;
	clp->Clp_setLogLevel(lp->model, 0);
	clp->Clp_setDualTolerance(lp->model, 1e-9);
	clp->Clp_setPrimalTolerance(lp->model, 1e-9);
	clp->Clp_loadProblem(lp->model, 1, (int)n, start, row, element, &zero, &most, &cost, lower,
			     upper);
	lp->rows = (int)n;
	lp->column_count = 1;
	for (size_t d = 0; d < lp->in->demand_count; d++) {
		lp->demands[d].row = -1;
		lp->demands[d].columns = 0;
	}
	for (size_t w = 0; w < lp->ways.count; w++)
		lp->info[w].column = NO_COLUMN;
	failed = 0;
out:
	free(lower);
	free(upper);
	free(element);
	free(row);
	return failed;
}

/* The row that says that the key carries no less than nothing: what is on the other ways, the
 * newest not among them yet, is no more than the volume. */
static int
add_row(struct flow_program *lp, uint32_t demand)
{
	struct flow_program_demand *d = &lp->demands[demand];
	double lower = -INFINITY, upper = d->volume;
	int columns[2];
	double elements[2];
	CoinBigIndex starts[2] = {0, 0};
	if (d->gain != 0) {
		columns[starts[1]] = 0;
		elements[starts[1]++] = -d->gain;
	}
	for (uint32_t w = d->last; w != UINT32_MAX; w = lp->info[w].before) {
		if (lp->info[w].column == NO_COLUMN)
			continue;
		assert(starts[1] < 2);
		columns[starts[1]] = lp->info[w].column;
		elements[starts[1]++] = 1;
	}
	lp->clp->Clp_addRows(lp->model, 1, &lower, &upper, starts, columns, elements);
	d->row = lp->rows++;
	return 0;
}

static int
note_column(struct flow_program *lp, uint32_t way)
{
	if (lp->column_count >= lp->column_room) {
		size_t room = lp->column_room ? 2 * lp->column_room : 256;
		void *ways = reallocarray(lp->column_way, room, sizeof(*lp->column_way));
		if (!ways)
			return -1;
		lp->column_way = ways;
		lp->column_room = room;
	}
	lp->info[way].column = (int)lp->column_count;
	lp->column_way[lp->column_count++] = way;
	return 0;
}

/* The entries of a way's column: its arcs less those of the key. Returns how many. */
static int
column_of(const struct flow_program *lp, uint32_t way, int *rows, double *elements)
{
	const struct flow_program_demand *d = &lp->demands[lp->ways.all[way].demand];
	uint32_t count, key_count;
	const uint32_t *arcs = arcs_of(lp, way, &count);
	const uint32_t *key = arcs_of(lp, d->key, &key_count);
	int n = 0;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t k = 0;
		while (k < key_count && key[k] != arcs[i])
			k++;
		if (k < key_count)
			continue;
		rows[n] = (int)arcs[i];
		elements[n++] = 1;
	}
	for (uint32_t k = 0; k < key_count; k++) {
		uint32_t i = 0;
		while (i < count && arcs[i] != key[k])
			i++;
		if (i < count)
			continue;
		rows[n] = (int)key[k];
		elements[n++] = -1;
	}
	if (d->row >= 0) {
		rows[n] = d->row;
		elements[n++] = 1;
	}
	return n;
}

/* Makes columns of ways from `first` on that are no keys. */
static int
add_columns(struct flow_program *lp, uint32_t first)
{
	size_t count = lp->ways.count - first, places = 0;
	for (uint32_t w = first; w < lp->ways.count; w++) {
		struct flow_program_demand *d = &lp->demands[lp->ways.all[w].demand];
		if (w == d->key)
			continue;
		places += lp->ways.all[w].count + lp->ways.all[d->key].count + 1;
		if (d->row < 0 && (d->columns > 0 || d->gain != 0) &&
		    add_row(lp, lp->ways.all[w].demand) < 0)
			return -1;
		d->columns++;
	}
	CoinBigIndex *starts = calloc(count + 1, sizeof(*starts));
	int *rows = calloc(places + 1, sizeof(*rows));
	double *elements = calloc(places + 1, sizeof(*elements));
	double *lower = calloc(count + 1, sizeof(*lower));
	double *upper = calloc(count + 1, sizeof(*upper));
	double *cost = calloc(count + 1, sizeof(*cost));
	int failed = -1, n = 0;
	if (!starts || !rows || !elements || !lower || !upper || !cost)
		goto out;
	for (uint32_t w = first; w < lp->ways.count; w++) {
		const struct flow_program_demand *d = &lp->demands[lp->ways.all[w].demand];
		if (w == d->key)
			continue;
		starts[n + 1] =
			starts[n] + column_of(lp, w, &rows[starts[n]], &elements[starts[n]]);
		upper[n] = d->gain != 0 ? INFINITY : d->volume;
		cost[n++] = lp->info[w].cost - lp->info[d->key].cost;
		if (note_column(lp, w) < 0)
			goto out;
	}
	if (n)
		lp->clp->Clp_addColumns(lp->model, n, lower, upper, cost, starts, rows, elements);
	failed = 0;
out:
	free(starts);
	free(rows);
	free(elements);
	free(lower);
	free(upper);
	free(cost);
	return failed;
}

static void
read_duals(struct flow_program *lp)
{
	const double *price = lp->clp->Clp_getRowPrice(lp->model);
	double sum = 0;
	for (size_t a = 0; a < lp->arcs; a++) {
		lp->dual[a] = (price[a] < 0 ? -price[a] : 0) + HOP;
		sum += lp->dual[a] * lp->slope[a];
	}
	/* Any duals make a bound; these make the best of their kind: s costs what it brings. */
	for (size_t a = 0; a < lp->arcs && lp->objective == CORRIDOR_FLOW_UTILISATION && sum > 0;
	     a++)
		lp->dual[a] /= sum;
}

/* The shortest of the ways that a demand has. */
static double
shortest_held(const struct flow_program *lp, const struct flow_program_demand *d)
{
	double shortest = INFINITY;
	for (uint32_t w = d->last; w != UINT32_MAX; w = lp->info[w].before)
		shortest = fmin(shortest, length_of(lp, w));
	return shortest;
}

static int
offer(struct flow_program *lp, uint32_t demand, double good, bool unserved)
{
	if (unserved ? flow_ways_add(&lp->offered, demand) < 0
		     : take_way(&lp->offered, lp, demand) < 0)
		return -1;
	lp->offers[lp->offer_count++] =
		(struct flow_program_offer){good, (uint32_t)lp->offered.count - 1};
	return 0;
}

/* Looks for ways that are shorter than those there are, and reckons the bound. */
static int
price(struct flow_program *lp)
{
	double bound = 0, s_worth = lp->s_cost;
	lp->offer_count = lp->offered.count = lp->offered.arc_count = 0;
	for (size_t i = 0; i < lp->in->demand_count; i++) {
		struct flow_program_demand *d = &lp->demands[lp->order[i]];
		if (is_group_start(lp, i))
			run_tree(lp, i);
		if (d->key == UINT32_MAX)
			continue;
		double best = corridor_flow_tree_length(lp->tree, lp->in->demands[lp->order[i]].to);
		double held = shortest_held(lp, d);
		bool unserved = may_be_unserved(lp) && lp->unserved < best;
		if (unserved)
			best = lp->unserved;
		d->length = best;
		bound += d->volume * best;
		s_worth += d->gain * best;
		double volume = d->volume + d->gain * (isinf(lp->s_most) ? 0 : lp->s_most);
		if (held - best > SHORTER * held + SHORTER_LEAST &&
		    offer(lp, lp->order[i], volume * (held - best), unserved) < 0)
			return -1;
	}
	for (size_t a = 0; a < lp->arcs; a++) {
		bound -= lp->dual[a] * lp->capacity[a];
		s_worth -= lp->dual[a] * lp->slope[a];
	}
	if (s_worth < 0 && !isinf(lp->s_most))
		bound += s_worth * lp->s_most;
	if (bound > lp->bound)
		lp->bound = bound;
	return 0;
}

static int
by_good(const void *a, const void *b)
{
	const struct flow_program_offer *x = a, *y = b;
	if (x->good != y->good)
		return x->good > y->good ? -1 : 1;
	return (x->way > y->way) - (x->way < y->way);
}

/* Takes the best offers in. */
static int
take_offers(struct flow_program *lp)
{
	size_t most = lp->arcs / 4 + 50;
	uint32_t first = (uint32_t)lp->ways.count;
	qsort(lp->offers, lp->offer_count, sizeof(*lp->offers), by_good);
	for (size_t i = 0; i < lp->offer_count && i < most; i++) {
		const struct corridor_flow_way *w = &lp->offered.all[lp->offers[i].way];
		if (flow_ways_add(&lp->ways, w->demand) < 0)
			return -1;
		for (uint32_t k = 0; k < w->count; k++)
			if (flow_ways_arc(&lp->ways, lp->offered.arcs[w->first + k]) < 0)
				return -1;
		if (enlist(lp, may_be_unserved(lp) && w->count == 0) < 0)
			return -1;
	}
	return add_columns(lp, first);
}

/* What the program's solution comes to, with what the keys cost. */
double
flow_program_value(const struct flow_program *lp)
{
	double value = lp->clp->Clp_getObjValue(lp->model);
	for (size_t d = 0; d < lp->in->demand_count; d++)
		if (lp->demands[d].key != UINT32_MAX)
			value += lp->demands[d].volume * lp->info[lp->demands[d].key].cost;
	return value;
}

int
flow_program_let_unserved(struct flow_program *lp, uint32_t demand)
{
	return flow_ways_add(&lp->ways, demand) < 0 || enlist(lp, true) < 0 ? -1 : 0;
}

double
flow_program_on(const struct flow_program *lp, uint32_t way)
{
	int column = lp->info[way].column;
	return column == NO_COLUMN ? 0 : lp->clp->Clp_getColSolution(lp->model)[column];
}

int
flow_program_solve(struct flow_program *lp)
{
	lp->bound = -INFINITY;
	if (begin_model(lp) < 0 || add_columns(lp, 0) < 0) {
		errno = ENOMEM;
		return -1;
	}
	for (unsigned round = 0; round < ROUNDS_MAX; round++) {
		lp->clp->Clp_primal(lp->model, 0);
		lp->work->flow.rounds++;
		if (lp->clp->Clp_status(lp->model) != 0) {
			errno = EDOM;
			return -1;
		}
		read_duals(lp);
		if (price(lp) < 0) {
			errno = ENOMEM;
			return -1;
		}
		double value = flow_program_value(lp);
		if (lp->offer_count == 0 ||
		    value - lp->bound <= CLOSE_ENOUGH * fmax(fabs(value), 1e-3))
			return 0;
		if (take_offers(lp) < 0) {
			errno = ENOMEM;
			return -1;
		}
	}
	errno = EDOM;
	return -1;
}
