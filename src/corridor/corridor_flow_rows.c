/* Rows of arcs in the linear program of corridor_flow_program.c, which come as they are needed.
 *
 * Most segments are never full in a large network: their rows would say nothing, and yet each step of
 * the simplex method would go through them. So the program begins without any. What a solution lays
 * over an arc that has no row is added up, and the arcs that it overloads get theirs; that is a cut
 * (Dantzig, Fulkerson and Johnson 1954) of the solution, which the dual simplex method mends from
 * where it is. An arc without a row has the dual 0, as it would have with a row that is not full, so
 * new ways and the bound are none the worse. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_flow_program.h"

/* What is lost of a number beside one that is so much larger. */
#define NOISE 1e-13
/* By how much an arc may be above what it carries: what the solver takes for nothing. */
#define TOLERANCE 1e-9

/* With so few arcs all get theirs at once: solving again costs more than rows that say nothing. */
enum { ARCS_FEW = 1000 };

uint32_t
flow_rows_differ(struct flow_program *lp, uint32_t way)
{
	struct flow_program_difference *out = &lp->difference;
	uint32_t count, key_count, n = 0;
	const uint32_t *arcs = flow_program_arcs(lp, way, &count);
	const uint32_t *key =
		flow_program_arcs(lp, lp->demands[lp->ways.all[way].demand].key, &key_count);
	for (uint32_t k = 0; k < key_count; k++)
		out->mark[key[k]] = 1;
	for (uint32_t i = 0; i < count; i++) {
		bool shared = out->mark[arcs[i]];
		out->mark[arcs[i]] = 0;
		if (shared)
			continue;
		out->arcs[n] = arcs[i];
		out->more[n++] = 1;
	}
	for (uint32_t k = 0; k < key_count; k++) {
		if (!out->mark[key[k]])
			continue;
		out->mark[key[k]] = 0;
		out->arcs[n] = key[k];
		out->more[n++] = -1;
	}
	return n;
}

/* Noise of adding up is nothing. */
double
flow_rows_left(const struct flow_program *lp, size_t arc)
{
	double left = lp->capacity[arc] - lp->key_load[arc];
	if (isinf(left))
		return left;
	return fabs(left) > NOISE * (lp->capacity[arc] + lp->key_load[arc]) ? left : 0;
}

/* What the solution lays on each arc beyond what it may carry: lp->load. Returns the most. */
static double
find_excess(struct flow_program *lp)
{
	const double *on = lp->clp->Clp_getColSolution(lp->model);
	double most = 0;
	for (size_t a = 0; a < lp->arcs; a++)
		lp->load[a] = (lp->key_gain[a] - lp->slope[a]) * on[0] - flow_rows_left(lp, a);
	for (size_t c = 1; c < lp->column_count; c++) {
		if (on[c] == 0)
			continue;
		uint32_t count = flow_rows_differ(lp, lp->column_way[c]);
		for (uint32_t i = 0; i < count; i++)
			lp->load[lp->difference.arcs[i]] += lp->difference.more[i] * on[c];
	}
	for (size_t a = 0; a < lp->arcs; a++)
		if (lp->row[a] == FLOW_NO_ROW)
			most = fmax(most, lp->load[a]);
	return most;
}

/* Rows with their entries, one behind the other. */
struct rows {
	int count;
	CoinBigIndex *starts, *ends; /* of each */
	int *columns;
	double *elements, *lower, *upper;
};

static void
put(struct rows *rows, int row, int column, double element)
{
	CoinBigIndex place = rows->ends[row]++;
	rows->columns[place] = column;
	rows->elements[place] = element;
}

/* Goes through what columns have in rows from `first` on, and counts it, or puts it there. */
static void
go_through(struct flow_program *lp, struct rows *rows, int first, bool counts)
{
	for (size_t a = 0; a < lp->arcs; a++) {
		double element = lp->key_gain[a] - lp->slope[a];
		if (lp->row[a] < first || element == 0)
			continue;
		if (counts)
			rows->ends[lp->row[a] - first]++;
		else
			put(rows, lp->row[a] - first, 0, element);
	}
	for (size_t c = 1; c < lp->column_count; c++) {
		uint32_t count = flow_rows_differ(lp, lp->column_way[c]);
		for (uint32_t i = 0; i < count; i++) {
			int row = lp->row[lp->difference.arcs[i]];
			if (row < first)
				continue;
			if (counts)
				rows->ends[row - first]++;
			else
				put(rows, row - first, (int)c, lp->difference.more[i]);
		}
	}
}

/* Adds those that have got a number from `first` on. 0, or -1 without memory. */
static int
add(struct flow_program *lp, int first)
{
	struct rows r = {.count = lp->rows - first};
	size_t count = (size_t)r.count;
	int failed = -1;
	r.starts = calloc(count + 1, sizeof(*r.starts));
	r.ends = calloc(count + 1, sizeof(*r.ends));
	r.lower = calloc(count + 1, sizeof(*r.lower));
	r.upper = calloc(count + 1, sizeof(*r.upper));
	if (!r.starts || !r.ends || !r.lower || !r.upper)
		goto out;
	go_through(lp, &r, first, true);
	for (int i = 0; i < r.count; i++) {
		r.starts[i + 1] = r.starts[i] + r.ends[i];
		r.ends[i] = r.starts[i];
		r.lower[i] = -INFINITY;
	}
	r.columns = calloc((size_t)r.starts[count] + 1, sizeof(*r.columns));
	r.elements = calloc((size_t)r.starts[count] + 1, sizeof(*r.elements));
	if (!r.columns || !r.elements)
		goto out;
	go_through(lp, &r, first, false);
	for (size_t a = 0; a < lp->arcs; a++)
		if (lp->row[a] >= first)
			r.upper[lp->row[a] - first] = flow_rows_left(lp, a);
	lp->clp->Clp_addRows(lp->model, r.count, r.lower, r.upper, r.starts, r.columns, r.elements);
	failed = 0;
out:
	free(r.starts);
	free(r.ends);
	free(r.lower);
	free(r.upper);
	free(r.columns);
	free(r.elements);
	return failed;
}

int
flow_rows_add(struct flow_program *lp)
{
	double most = find_excess(lp);
	double least = lp->arcs <= ARCS_FEW ? -INFINITY : TOLERANCE;
	int first = lp->rows;
	if (most <= TOLERANCE)
		return 0;
	for (size_t a = 0; a < lp->arcs; a++)
		if (lp->row[a] == FLOW_NO_ROW && lp->load[a] >= least)
			lp->row[a] = lp->rows++;
	return add(lp, first) < 0 ? -1 : lp->rows - first;
}
