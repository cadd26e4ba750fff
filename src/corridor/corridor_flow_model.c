/* The linear program of corridor_flow_program.c as CLP has it: columns of ways, and what
 * changes of it between one solution and the next. */
#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_flow_program.h"

/* What is lost of a number beside one that is so much larger. */
#define DIGITS 1e-16
/* Of the solver. */
#define TOLERANCE      1e-9
#define TOLERANCE_MOST 1e-6

enum { ROW_MAX = 2 };

/* Many ways are as good as each other; costs that differ a little keep the solver from standing still,
 * and are put right at its end. CLP's word for: from the start. */
enum { PERTURB = 50 };

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
		const uint32_t *arcs = flow_program_arcs(lp, demand->key, &count);
		for (uint32_t i = 0; i < count; i++) {
			lp->key_load[arcs[i]] += demand->volume;
			lp->key_gain[arcs[i]] += demand->gain;
		}
	}
}

/* What is not served as a row, and s; no ways yet, and no arcs. */
int
flow_model_begin(struct flow_program *lp)
{
	const struct corridor_clp *clp = lp->clp;
	flow_program_load_keys(lp);
	CoinBigIndex start[2] = {0, 1};
	double cost = lp->s_cost, zero = 0, most = flow_program_has_s(lp) ? lp->s_most : 0;
	double lower = -INFINITY, upper = lp->capacity[lp->arcs];
	for (size_t d = 0; d < lp->in->demand_count; d++)
		if (lp->demands[d].key != UINT32_MAX)
			cost += lp->demands[d].gain * lp->info[lp->demands[d].key].cost;
	lp->model = clp->Clp_newModel();
	if (!lp->model)
		return -1;
	clp->Clp_setLogLevel(lp->model, 0);
	clp->Clp_setPerturbation(lp->model, PERTURB);
	int row = FLOW_LACK_ROW;
	/* A column that is in no row, as s could be between two settled levels, CLP leaves where it is. */
	double element = flow_program_has_s(lp);
	clp->Clp_loadProblem(lp->model, 1, 1, start, &row, &element, &zero, &most, &cost, &lower,
			     &upper);
	lp->rows = FLOW_LACK_ROW + 1;
	lp->column_count = 1;
	for (size_t a = 0; a < lp->arcs; a++)
		lp->row[a] = FLOW_NO_ROW;
	lp->row[lp->arcs] = FLOW_LACK_ROW;
	for (size_t d = 0; d < lp->in->demand_count; d++) {
		lp->demands[d].row = FLOW_NO_ROW;
		lp->demands[d].columns = 0;
	}
	for (size_t w = 0; w < lp->ways.count; w++)
		lp->info[w].column = FLOW_NO_COLUMN;
	return 0;
}

/* What is on the other ways that a demand has as columns, as a row: no more than the volume. */
static int
row_of(const struct flow_program *lp, const struct flow_program_demand *d, int *columns,
       double *elements)
{
	int n = 0;
	if (d->gain != 0) {
		columns[n] = 0;
		elements[n++] = -d->gain;
	}
	for (uint32_t w = d->last; w != UINT32_MAX; w = lp->info[w].before) {
		if (lp->info[w].column == FLOW_NO_COLUMN)
			continue;
		assert(n < ROW_MAX);
		columns[n] = lp->info[w].column;
		elements[n++] = 1;
	}
	return n;
}

/* Adds the rows that say that a key carries no less than nothing, of demands that have columns from
 * now on; while there is but one, its bound says so. 0, or -1 without memory. */
static int
add_rows(struct flow_program *lp, uint32_t first)
{
	size_t most = lp->ways.count - first;
	double *lower = calloc(most + 1, sizeof(*lower)), *upper = calloc(most + 1, sizeof(*upper));
	double *elements = calloc(ROW_MAX * most + 1, sizeof(*elements));
	int *columns = calloc(ROW_MAX * most + 1, sizeof(*columns));
	CoinBigIndex *starts = calloc(most + 1, sizeof(*starts));
	int failed = lower && upper && elements && columns && starts ? 0 : -1, n = 0;
	for (uint32_t w = first; w < lp->ways.count && !failed; w++) {
		struct flow_program_demand *d = &lp->demands[lp->ways.all[w].demand];
		if (w == d->key)
			continue;
		if (d->row == FLOW_NO_ROW && (d->columns > 0 || d->gain != 0)) {
			starts[n + 1] = starts[n] +
					row_of(lp, d, &columns[starts[n]], &elements[starts[n]]);
			lower[n] = -INFINITY;
			upper[n++] = d->volume;
			d->row = lp->rows++;
		}
		d->columns++;
	}
	if (n)
		lp->clp->Clp_addRows(lp->model, n, lower, upper, starts, columns, elements);
	free(lower);
	free(upper);
	free(elements);
	free(columns);
	free(starts);
	return failed;
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
column_of(struct flow_program *lp, uint32_t way, int *rows, double *elements)
{
	const struct flow_program_demand *d = &lp->demands[lp->ways.all[way].demand];
	uint32_t count = flow_rows_differ(lp, way);
	int n = 0;
	for (uint32_t i = 0; i < count; i++) {
		if (lp->row[lp->difference.arcs[i]] == FLOW_NO_ROW)
			continue;
		rows[n] = lp->row[lp->difference.arcs[i]];
		elements[n++] = lp->difference.more[i];
	}
	if (d->row != FLOW_NO_ROW) {
		rows[n] = d->row;
		elements[n++] = 1;
	}
	return n;
}

/* Makes columns of ways from `first` on that are no keys. */
int
flow_model_add(struct flow_program *lp, uint32_t first)
{
	size_t count = lp->ways.count - first, places = 0;
	for (uint32_t w = first; w < lp->ways.count; w++) {
		struct flow_program_demand *d = &lp->demands[lp->ways.all[w].demand];
		if (w == d->key)
			continue;
		places += lp->ways.all[w].count + lp->ways.all[d->key].count + 1;
	}
	if (add_rows(lp, first) < 0)
		return -1;
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

double
flow_program_on(const struct flow_program *lp, uint32_t way)
{
	int column = lp->info[way].column;
	return column == FLOW_NO_COLUMN ? 0 : lp->clp->Clp_getColSolution(lp->model)[column];
}

void
flow_program_limit(struct flow_program *lp, double most)
{
	lp->s_most = most;
	if (lp->model)
		lp->clp->Clp_columnUpper(lp->model)[0] = most;
}

/* What the demand is asked beside s moves from the column of s to the right hand sides. */
void
flow_program_settle(struct flow_program *lp, uint32_t demand, double volume)
{
	struct flow_program_demand *d = &lp->demands[demand];
	double gain = d->gain, more = volume - d->volume;
	d->volume = volume;
	d->gain = 0;
	if (!lp->model)
		return;
	uint32_t count;
	const uint32_t *arcs = flow_program_arcs(lp, d->key, &count);
	double *upper = lp->clp->Clp_rowUpper(lp->model);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t a = arcs[i];
		lp->key_load[a] += more;
		lp->key_gain[a] -= gain;
		if (lp->row[a] == FLOW_NO_ROW)
			continue;
		upper[lp->row[a]] = flow_rows_left(lp, a);
		lp->clp->Clp_modifyCoefficient(lp->model, lp->row[a], 0,
					       lp->key_gain[a] - lp->slope[a], true);
	}
	if (d->row == FLOW_NO_ROW)
		return;
	upper[d->row] = volume;
	lp->clp->Clp_modifyCoefficient(lp->model, d->row, 0, 0, true);
}

/* Every program has a solution. Where settled demands fill a segment to the last bit, it is one that
 * keeps to capacities no better than the solver's tolerance, which may have to be larger. New rows
 * leave the duals as they are, so it goes on from these. */
static int
run_once(struct flow_program *lp, bool from_duals)
{
	double dual = lp->by_cost ? fmax(TOLERANCE, DIGITS * lp->cost_most) : TOLERANCE;
	lp->clp->Clp_setDualTolerance(lp->model, dual);
	for (double tolerance = TOLERANCE; tolerance <= TOLERANCE_MOST; tolerance *= 10) {
		lp->clp->Clp_setPrimalTolerance(lp->model, tolerance);
		if (from_duals)
			lp->clp->Clp_dual(lp->model, 0);
		else
			lp->clp->Clp_primal(lp->model, 0);
		lp->work->flow.rounds++;
		if (lp->clp->Clp_status(lp->model) == 0)
			return 0;
		from_duals = false;
	}
	return -1;
}

int
flow_model_run(struct flow_program *lp)
{
	bool from_duals = false;
	for (;;) {
		if (run_once(lp, from_duals) < 0) {
			errno = EDOM;
			return -1;
		}
		int more = flow_rows_add(lp);
		if (more == 0)
			return 0;
		if (more < 0) {
			errno = ENOMEM;
			return -1;
		}
		from_duals = true;
	}
}
