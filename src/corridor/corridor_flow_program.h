/* A linear program on ways that finds its ways itself: what corridor_flow_optimise.c sets up and
 * reads, corridor_flow_program.c solves, and corridor_flow_model.c and corridor_flow_rows.c hand to CLP.
 * Used by these only. */
#pragma once

#include "corridor/corridor_clp_io.h"
#include "corridor/corridor_flow_parts.h"
#include "corridor/corridor_flow_tree.h"

enum { FLOW_NO_COLUMN = -1, FLOW_NO_ROW = -1 };

/* The row of all that is not served; those of arcs come as they are needed. */
enum { FLOW_LACK_ROW = 0 };

/* What a way is to the program. */
struct flow_program_way {
	uint32_t before; /* the way of the same demand that was found before; UINT32_MAX: none */
	int column;      /* FLOW_NO_COLUMN: a key, or not yet there */
	double cost;
	bool unserved;
};

struct flow_program_demand {
	uint32_t last;    /* way found last; UINT32_MAX: cannot be reached, or asks nothing */
	uint32_t key;     /* way */
	int row;          /* that the key is not below 0; -1: a bound is enough */
	uint32_t columns; /* ways that are columns */
	double volume, gain;
	double held;   /* length of the shortest of these ways */
	double length; /* of the shortest way there is */
};

/* A way that would do good. */
struct flow_program_offer {
	double good;
	uint32_t way; /* among the offered */
};

/* Where a way differs from the key of its demand. */
struct flow_program_difference {
	uint32_t *arcs;
	double *more; /* of each of these: 1 the way has it, -1 the key */
	int8_t *mark; /* scratch of each arc: 0 between calls */
};

struct flow_program {
	struct corridor_flow_work *work;
	const struct corridor_flow_instance *in;
	const bool *cut;
	enum corridor_objective objective;
	const struct flow_pinning *pinning; /* NULL: none */
	const struct corridor_clp *clp;
	Clp_Simplex *model;
	size_t arcs;                /* number `arcs` stands for all that is not served */
	double unit_bps, cost_unit; /* of rates and costs in the program */
	double sum_bps, sum_of;     /* the unit is the mean: this sum of so many */
	double cost_most;           /* of all segments together */
	bool by_cost;               /* else what is not served costs 1 a unit, and arcs nothing */
	struct flow_ways ways;
	struct flow_program_way *info; /* of each way */
	size_t info_room;
	struct flow_program_demand *demands;
	uint32_t *order;       /* demands by class and start */
	double s_cost, s_most; /* of s: its cost, and how large it may be */
	double *capacity, *slope, *key_load, *key_gain; /* of each arc, and the row behind them */
	double *dual, *length;
	double *crowd; /* of each arc: what lengths have beside the dual; 0 but for look_beside */
	uint32_t length_class; /* whose arcs have these lengths; UINT32_MAX: nobody's */
	struct corridor_flow_tree *tree;
	struct flow_ways offered;
	struct flow_program_offer *offers;
	size_t offer_count, offer_room;
	uint32_t *column_way; /* of each column but s, which is column 0 */
	size_t column_count, column_room;
	int rows;
	int *row; /* of each arc, and of what is not served; FLOW_NO_ROW: not yet there */
	struct flow_program_difference difference;
	double *load; /* scratch of each arc */
	double bound;
};

/* The key of each demand that can be reached: its shortest way by the duals of now. 0, or -1 without
 * memory. */
int flow_program_keys(struct flow_program *lp);
/* Takes in the ways of work->lead. 0, or -1 without memory. */
int flow_program_follow(struct flow_program *lp);
/* Goes by what arcs cost from now on, with no more unserved than capacity[arcs]; or again by what is
 * not served. 0, or -1 without memory. */
int flow_program_go_by(struct flow_program *lp, bool cost);
/* Lets a demand not be served. 0, or -1 without memory. */
int flow_program_let_unserved(struct flow_program *lp, uint32_t demand);
/* How large s may be from now on. */
void flow_program_limit(struct flow_program *lp, double most);
/* A demand asks for this volume from now on, whatever s is. */
void flow_program_settle(struct flow_program *lp, uint32_t demand, double volume);
/* Solves, first from the ways that are there, later from the last solution, and takes ways in until
 * nothing is gained. 0, or -1 and errno. */
int flow_program_solve(struct flow_program *lp);
/* After it: the ways that pinned demands would rather have. 0, or -1 without memory. */
int flow_program_wish(struct flow_program *lp);
/* The value of the solution, in the program's units. */
double flow_program_value(const struct flow_program *lp);
/* What a way that is no key carries in the solution; 0 for a key. */
double flow_program_on(const struct flow_program *lp, uint32_t way);
/* Loads of the keys if these carried all. */
void flow_program_load_keys(struct flow_program *lp);
bool flow_program_has_s(const struct flow_program *lp);

static inline const uint32_t *
flow_program_arcs(const struct flow_program *lp, uint32_t way, uint32_t *count)
{
	*count = lp->ways.all[way].count;
	return lp->ways.arcs + lp->ways.all[way].first;
}

/* The only way that a demand may have, among those of `pinning`; NULL: it may have any. */
static inline const struct corridor_flow_way *
flow_program_pin(const struct flow_program *lp, uint32_t demand)
{
	if (!lp->pinning || !lp->pinning->of || lp->pinning->of[demand] == UINT32_MAX)
		return NULL;
	return &lp->pinning->ways->all[lp->pinning->of[demand]];
}

/* A rate in the program's unit: the same number whatever all rates are multiplied by, and so the same
 * solution. */
static inline double
flow_program_units(const struct flow_program *lp, uint64_t bps)
{
	return (double)bps * lp->sum_of / lp->sum_bps;
}

/* --- corridor_flow_model.c --- */

/* A new program without ways. 0, or -1 without memory. */
int flow_model_begin(struct flow_program *lp);
/* Makes columns of ways from `first` on that are no keys. 0, or -1 without memory. */
int flow_model_add(struct flow_program *lp, uint32_t first);
/* Solves it from where it is. 0, or -1 and errno: EDOM when CLP gives up, ENOMEM. */
int flow_model_run(struct flow_program *lp);

/* --- corridor_flow_rows.c --- */

/* The arcs that only a way, or only the key of its demand, has: lp->difference. Returns how many. */
uint32_t flow_rows_differ(struct flow_program *lp, uint32_t way);
/* What the keys leave of an arc. */
double flow_rows_left(const struct flow_program *lp, size_t arc);
/* Adds rows of arcs that the solution overloads. How many; -1 without memory. */
int flow_rows_add(struct flow_program *lp);
