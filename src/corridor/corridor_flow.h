/* Traffic laid on the corridor: who wants how much from where to where, what each direction of each
 * segment carries, and by which rule what does not fit is shared out. Rates are whole bit/s.
 *
 * An arc is one direction of a segment: 2 * segment runs from its end a to b, 2 * segment + 1 back.
 *
 *   instance ──► corridor_flow_new: the best way of each ──► corridor_flow_solve(objective, cut)
 *                                                                └──► struct corridor_flow
 *
 * The workspace is made once and asked again and again: under a cut who keeps
 * the best way need not look for it again. Two of the objectives fill ways one after the other; the
 * others are optima over all ways
 * there are, by linear programs whose ways are found as they are needed (corridor_flow_optimise.c), and
 * need CLP to be there. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corridor/corridor_disjoint.h"
#include "corridor/corridor_graph.h"
#include "hub/hub_corridor.h"

/* More than any cable, and exact as a double. */
#define CORRIDOR_FLOW_BPS_MAX ((uint64_t)1 << 53)

struct corridor_musts;

enum corridor_objective {
	/* All demands grow alike, each on the cheapest way that has room; who meets a full
	 * segment goes over to the next, and stays as it is when there is none. */
	CORRIDOR_FLOW_FAIR,
	/* The same class by class: what a lower number takes is gone for the higher. */
	CORRIDOR_FLOW_PRIORITY,
	/* As much as can be served, and that at the least cost. */
	CORRIDOR_FLOW_COST,
	/* All is served, and the fullest segment is as empty as can be; it may be above 100 %. */
	CORRIDOR_FLOW_UTILISATION,
	/* As much as can be served. */
	CORRIDOR_FLOW_THROUGHPUT,
	/* Fair over all ways there are: the least served gets as much as can be, then the next. */
	CORRIDOR_FLOW_FAIREST,
	CORRIDOR_OBJECTIVES,
};

struct corridor_flow_demand {
	uint32_t from, to; /* sites */
	uint32_t class;    /* whose costs, and what it may not use: index into `cost` */
	uint32_t priority; /* 0 goes first */
	uint64_t bps;      /* at most CORRIDOR_FLOW_BPS_MAX */
	/* Filling lays whom it protects first, in the order of the demands, on both of the ways
	 * that fail least together, over segments that carry something in both directions; no more
	 * than these have room for. The optima lay working ways
	 * alone. */
	enum hub_protection protect;
	/* NULL, or what its ways are to use: filling lays it on the cheapest of such ways that has
	 * room and then, unless it is `fixed`, on others. For demands without protection. The optima
	 * do not know of it. */
	const struct corridor_musts *over;
	bool fixed;
	/* All that is served of it goes one way: filling leaves it on the first that has room; the
	 * optima choose one (corridor_flow_whole.c). */
	bool whole;
};

/* Nothing of it is owned; all of it outlives the workspace. */
struct corridor_flow_instance {
	const struct corridor_graph *graph;
	const uint64_t *capacity_bps; /* of each arc, at most CORRIDOR_FLOW_BPS_MAX; 0: none */
	/* For each class, of each segment: as in corridor_search.h, CORRIDOR_CLOSED where the class
	 * may not go. */
	const uint64_t *const *cost;
	size_t class_count;
	const struct corridor_flow_demand *demands;
	size_t demand_count;
	/* What fails as one, from which a protected demand's second way is kept apart; NULL: each
	 * segment by itself. */
	const struct corridor_groups *groups;
};

enum corridor_way_role {
	CORRIDOR_WAY_WORKING,
	CORRIDOR_WAY_SECOND, /* carries the same once more */
	CORRIDOR_WAY_SPARE,  /* would carry it: its room is within reserved_bps */
};

/* Part of a demand on one way. */
struct corridor_flow_way {
	uint32_t demand;
	uint32_t first, count; /* its arcs, in order of travel: arcs[first] ... */
	uint64_t bps;          /* above 0 */
	enum corridor_way_role role;
};

struct corridor_flow {
	uint64_t *served_bps; /* of each demand */
	uint64_t *load_bps;   /* of each arc */
	/* Of each arc: room that is kept besides, so that whatever one failure takes of the demands
	 * with shared protection finds it on their spare ways. */
	uint64_t *reserved_bps;
	/* Of filling: what the best way of each demand that asks for something costs, full or not,
	 * CORRIDOR_CLOSED: there is none; and the segments of every way that was looked at: without
	 * the others, whichever, a solution is the same. */
	uint64_t *best_cost;
	const struct corridor_flow_way *best; /* that way; its arcs: best_arcs[first] ... */
	const uint32_t *best_arcs;
	bool *looked;
	size_t way_count;
	struct corridor_flow_way *ways; /* by demand */
	uint32_t *arcs;
	uint64_t asked_total_bps, served_total_bps;
	/* What the optima would serve if everybody could be split. */
	uint64_t split_total_bps;
	/* The fullest arc, 1 when full. */
	double utilisation;
	/* What the objective came to and what no solution can be better than: the utilisation; the
	 * cost, in units of cost (without its hops) times Gbit/s; else the Gbit/s served, or for
	 * CORRIDOR_FLOW_FAIREST those of the least served. Filling has no bound: NAN. Where demands
	 * are whole the bound is what could be if they were split; of the cost, what serving as much
	 * as is served here would cost then. */
	double value, bound;
	/* How much the value would change by one more Gbit/s of an arc: above 0 better, 0 where
	 * there is room. Of all arcs; 0 for filling and CORRIDOR_FLOW_FAIREST. */
	double *worth;
	unsigned rounds; /* linear programs solved */
	size_t columns;  /* ways that these could choose from */
};

struct corridor_flow_work;

/* How many groups both ways of a protected demand share: 0 when no one failure takes both; HUB_NONE
 * when there are no two ways that share no segment, and it is laid as if it asked for no
 * protection. */
uint32_t corridor_flow_shared(const struct corridor_flow_work *work, uint32_t demand);

/* Filling spreads a demand over at most `k` ways (from 1 on; UINT32_MAX: as many as there are).
 * NULL and errno: EINVAL when
 * a demand's site or class is not there or a rate is too large, EOVERFLOW when all demands together
 * are, ENOMEM. */
struct corridor_flow_work *corridor_flow_new(const struct corridor_flow_instance *instance,
					     uint32_t k);
void corridor_flow_free(struct corridor_flow_work *work);

/* From now on the optima split whom they like, whole or not. */
void corridor_flow_let_split(struct corridor_flow_work *work);

/* From now on the optima begin with the ways of another solution, of demands between the same sites on
 * the same graph: the nearer it is, the sooner they end, and at the same value. It is copied. 0, or
 * -1 without memory. */
int corridor_flow_lead(struct corridor_flow_work *work, const struct corridor_flow *lead);

/* Lays the demands. `cut` tells for each segment whether it is cut; NULL: none is. The result is
 * the workspace's and holds until the next call. NULL and errno: ENOMEM; ENOTSUP when a linear
 * program is needed and CLP is not there; EDOM when CLP gave up. */
const struct corridor_flow *corridor_flow_solve(struct corridor_flow_work *work,
						enum corridor_objective objective, const bool *cut);

/* Looks at a solution without trust in whoever made it: every way runs from its demand's start to
 * its end over open arcs and touches no site twice; who is whole has one; ways add up to what is served, that is no more
 * than what is asked, and to the loads, which are no more than the capacity (of
 * CORRIDOR_FLOW_UTILISATION: than its utilisation of it). NULL when all is so, else what is not. */
const char *corridor_flow_check(const struct corridor_flow_instance *instance,
				const struct corridor_flow *flow, enum corridor_objective objective,
				const bool *cut);

/* "fair", "priority", "cost", "utilisation", "throughput", "fairest" */
const char *corridor_objective_word(enum corridor_objective objective);
