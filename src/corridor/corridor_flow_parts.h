/* The parts of corridor_flow; used by its files only. */
#pragma once

#include "corridor/corridor_flow.h"

/* Ways as arcs, one behind the other; grows. */
struct flow_ways {
	struct corridor_flow_way *all;
	size_t count, room;
	uint32_t *arcs;
	size_t arc_count, arc_room;
};

/* Begins a way of a demand, without arcs. 0, or -1 without memory. */
int flow_ways_add(struct flow_ways *ways, uint32_t demand);
/* Appends an arc to the way that was begun last. 0, or -1 without memory. */
int flow_ways_arc(struct flow_ways *ways, uint32_t arc);
/* Appends a whole way. 0, or -1 without memory. */
int flow_ways_copy(struct flow_ways *ways, uint32_t demand, const uint32_t *arcs, uint32_t count);
void flow_ways_clear(struct flow_ways *ways); /* keeps the room */
void flow_ways_fini(struct flow_ways *ways);

/* What is left from each site to the end of a demand when all is open: NULL while nobody knows. */
struct flow_left {
	uint64_t *cost;
	bool asked; /* a way there was looked for once */
};

/* A way that was tried, one of tries->ways, and what was tried after it. */
struct flow_try {
	uint32_t way, next; /* HUB_NONE: nothing yet */
};

struct flow_tries {
	struct flow_ways ways;
	struct flow_try *all;
	size_t count, room, demands;
	uint32_t *first; /* of each demand, HUB_NONE: none */
	bool is_base;    /* this run has no cut */
	/* What the run without a cut has left. */
	uint32_t *base_first;
	size_t base_count, base_ways, base_arcs;
};

/* A demand goes along what it has tried. */
struct flow_trail {
	struct flow_tries *tries;
	uint32_t demand;
	uint32_t last, next; /* HUB_NONE: none */
	bool left;           /* what it finds is not kept */
};

/* A way that a search found, and those closed at the time that could have led to another. */
struct flow_kept {
	uint64_t cost;
	uint32_t count, closed_count;
	uint32_t all[]; /* its arcs, then these segments */
};

enum { FLOW_KEPT = 32 };

/* What is kept of a demand, the oldest replaced first. */
struct flow_remembered {
	struct flow_kept *kept[FLOW_KEPT]; /* NULL: no more */
	uint32_t next;
};

struct flow_memory {
	struct flow_remembered *of; /* each demand */
	size_t demands, octets;
};

struct corridor_flow_work {
	struct corridor_flow_instance instance;
	uint32_t k;
	/* Without a cut: the cheapest way of each demand, HUB_NONE if there is none, and its cost.
	 * Demands of the same class and ends share it. */
	struct flow_ways ways;
	uint32_t *best;
	uint64_t *best_cost;
	/* Both ways of each protected demand, the working one first: pair[d] and the next; HUB_NONE
	 * if there are none; and how many groups they share. */
	struct flow_ways pairs;
	uint32_t *pair, *shared;
	/* What of each protected demand is laid without a cut, and the room reserved for it on each
	 * arc, by the rule (1: by priority, 0: not, -1: not reckoned yet). */
	uint64_t *kept_bps, *kept_reserved_bps;
	int kept_rule;
	struct corridor_search *search;
	/* What segments cost a class, and which of them are closed all the same. */
	uint64_t *cost;
	uint32_t cost_class; /* UINT32_MAX: none yet */
	uint32_t *closed;
	size_t closed_count;
	uint32_t *cuts; /* segments that are cut */
	size_t cut_count;
	struct flow_left *left; /* by the first demand of the same class and end: left_like[d] */
	uint32_t *left_like;
	struct flow_left *gone; /* the same from each site to the start: gone_like[d] */
	uint32_t *gone_like;
	size_t left_octets;
	uint32_t *near; /* scratch: closed segments */
	struct flow_memory memory;
	struct flow_tries tries;
	bool splits;           /* the optima heed no `whole` */
	struct flow_ways lead; /* what the optima begin with */
	struct corridor_flow flow;
	struct flow_ways laid;               /* behind flow.ways and flow.arcs */
	struct flow_ways bests;              /* behind flow.best_arcs */
	struct corridor_flow_way *best_ways; /* and flow.best */
};

static inline size_t
flow_arc_count(const struct corridor_flow_instance *in)
{
	return 2 * in->graph->segment_count;
}

static inline uint32_t
flow_arc_end(const struct corridor_graph *graph, uint32_t arc)
{
	return arc & 1 ? graph->ends[arc / 2].a : graph->ends[arc / 2].b;
}

static inline uint32_t
flow_arc_start(const struct corridor_graph *graph, uint32_t arc)
{
	return flow_arc_end(graph, arc ^ 1);
}

/* May a class use the arc? */
static inline bool
flow_arc_open(const struct corridor_flow_instance *in, uint32_t class, uint32_t arc,
	      const bool *cut)
{
	return in->capacity_bps[arc] && in->cost[class][arc / 2] != CORRIDOR_CLOSED &&
	       !(cut && cut[arc / 2]);
}

/* Nothing is laid from now on. */
void flow_begin(struct corridor_flow_work *work);
/* Sums and pointers of the result, of what is laid. */
void flow_add_up(struct corridor_flow_work *work);
/* --- corridor_flow_find.c --- */

/* What segments are cut from now on; NULL: none. */
void flow_cut(struct corridor_flow_work *work, const bool *cut);
/* work->cost becomes that of a class with what is cut, or has no capacity in either direction,
 * closed. */
void flow_costs(struct corridor_flow_work *work, uint32_t class);
/* Closes one more in work->cost, until flow_costs is called again. */
void flow_close(struct corridor_flow_work *work, uint32_t segment);
/* The best way of each demand, without a cut. 0, or -1 without memory. */
int flow_find_best(struct corridor_flow_work *work);
/* Appends the cheapest way of a demand by work->cost, over what it is bound to or any: 1; 0 if there
 * is none; -1 without memory. */
int flow_find(struct flow_ways *ways, struct corridor_flow_work *work, uint32_t demand, bool bound,
	      uint64_t *cost);
/* Appends a path as a way. 0, or -1 without memory. */
int flow_take_path(struct flow_ways *ways, const struct corridor_graph *graph, uint32_t demand,
		   const struct corridor_path *path);
/* The first that is told of a demand since flow_begin is its best way. 0, or -1 without memory. */
int flow_note_best(struct corridor_flow_work *work, uint32_t demand, uint64_t cost,
		   const uint32_t *arcs, uint32_t count);
/* Lays a way of so many bit/s, of which the arcs are these; nothing for 0. 0, or -1 without
 * memory. */
int flow_lay(struct corridor_flow_work *work, const struct corridor_flow_way *way,
	     const uint32_t *arcs);

/* --- corridor_flow_tries.c --- */

/* 0, or -1 without memory; flow_tries_fini is due in any case. */
int flow_tries_init(struct flow_tries *tries, size_t demands);
void flow_tries_fini(struct flow_tries *tries);
/* A run begins, with a cut or without. */
void flow_tries_begin(struct flow_tries *tries, bool cut);
/* It has ended: what was tried without a cut is kept for all runs until the next without one. */
void flow_tries_keep(struct flow_tries *tries);
/* From the beginning of what a demand has tried. */
struct flow_trail flow_trail_of(struct flow_tries *tries, uint32_t demand);
/* Appends the next way to those in use if that is what a search by `cost` would find (NULL: nothing
 * of it is known to be closed): 1; 0: search; -1 without memory. */
int flow_trail_ahead(struct flow_ways *used, struct flow_trail *trail, const uint64_t *cost);
/* The way of before has no room: what of it is full is closed from now on. */
void flow_trail_full(struct flow_trail *trail, const bool *full);
/* The newest of those in use was found by a search. 0, or -1 without memory. */
int flow_trail_found(struct flow_trail *trail, const struct flow_ways *used);

/* --- corridor_flow_memory.c --- */

/* 0, or -1 without memory; flow_memory_fini is due in any case. */
int flow_memory_init(struct flow_memory *memory, size_t demands);
void flow_memory_fini(struct flow_memory *memory);
/* The way that a search by `cost`, without bounds, would find, if one that is kept is known to be
 * it; else NULL. */
const struct flow_kept *flow_memory_find(const struct flow_memory *memory, uint32_t demand,
					 const uint64_t *cost);
/* Keeps a way with its cost and counts as in `way`: its arcs, and the closed segments over which a
 * way could cost no more. Without room it does not. */
void flow_memory_keep(struct flow_memory *memory, uint32_t demand, const struct flow_kept *way,
		      const uint32_t *arcs, const uint32_t *closed);

/* --- corridor_flow_fill.c: into what is laid. 0, or -1 without memory --- */

/* One that still grows, on way number `way` of those in use. */
struct flow_grower {
	uint32_t demand, way;
	uint32_t ways;      /* that it was on, this one too */
	uint64_t since_bps; /* the level at which it went on this one */
	uint64_t asked_bps; /* the level at which it has all */
	bool bound;         /* it is to go over what it is bound to */
	bool grows;
};

/* An arc while demands grow. */
struct flow_growth {
	uint64_t since_bps; /* the level of which its room is */
	uint64_t
		full_bps; /* the level at which it is full, if nothing changes; UINT64_MAX: never */
	uint32_t growing; /* demands on it */
	bool is_busy;     /* among the busy ones */
};

struct flow_filling {
	struct corridor_flow_work *work;
	const struct corridor_flow_instance *in;
	const bool *cut;
	uint64_t *room_bps;         /* of each arc */
	bool *full;                 /* each arc */
	struct flow_growth *growth; /* of each arc */
	uint32_t *busy;             /* arcs on which anybody grows or grew */
	size_t busy_count;
	uint64_t soonest_bps;  /* no arc is full below this level but those that are marked */
	uint64_t level_bps;    /* what everybody has who grows */
	struct flow_ways used; /* every way that something was laid on */
	uint64_t *left_bps;    /* of each demand: what is to be laid by growing */
	struct flow_grower *growers;
	size_t grower_count; /* who grow no more are among them */
};

void flow_look_at(const struct flow_filling *f, const uint32_t *arcs, uint32_t count);
int flow_fill(struct corridor_flow_work *work, bool by_priority, const bool *cut);

/* --- corridor_flow_optimise.c: the same; and value, bound, worth. 0, or -1 and errno --- */

/* Conditions of a program, and what it wishes. */
struct flow_pinning {
	const struct flow_ways *ways;
	const uint32_t *of; /* of each demand: its only way among these; UINT32_MAX: any; NULL: of
			     * no demand */
	/* Of CORRIDOR_FLOW_COST, by what is to be served of all; UINT64_MAX: as much as can be. */
	uint64_t serve_bps;
	/* NULL, or takes for each pinned demand that would do better elsewhere, one at most, a way:
	 * by `good`, of each demand, what its rate times the way saves by the duals. */
	struct flow_ways *wishes;
	double *good;
};
int flow_optimise(struct corridor_flow_work *work, enum corridor_objective objective,
		  const bool *cut, const struct flow_pinning *pinning);

/* --- corridor_flow_whole.c: puts who is whole on one way, and lays all anew; as above --- */
int flow_whole(struct corridor_flow_work *work, enum corridor_objective objective, const bool *cut);

/* --- corridor_flow_protect.c: 0, or -1 without memory --- */
int flow_pairs_find(struct corridor_flow_work *work);
/* Lays a protected demand on both its ways, as much as they have room for; nothing of it is left to
 * grow. `f` has no cut. */
int flow_protect(struct flow_filling *f, uint32_t demand);
/* Lays what was kept without a cut on what the cut has left of both ways, in this order where they
 * share, and leaves the rest to grow. */
int flow_restore(struct flow_filling *f, const uint32_t *order);
