/* The parts of corridor_steer; used by its files only. */
#pragma once

#include "base/arena.h"
#include "corridor/corridor_search.h"
#include "corridor/corridor_steer.h"

/* What using a segment that should not be used costs, in nanoseconds: more than any way over good ones,
 * and 128 that are full weigh as much as one that is drained. Sums over CORRIDOR_SITES_MAX do not overflow. */
#define STEER_COST_FULL    ((uint64_t)1 << 34)
#define STEER_COST_DRAINED ((uint64_t)1 << 41)

struct choice {
	bool known;    /* it has been worked out */
	uint64_t cost; /* as told; CORRIDOR_CLOSED: no way */
	uint32_t *steps;
	uint32_t step_count, step_room;
	struct corridor_damping damping;
	bool waits_for_other; /* way; else for another cost of the one it has */
};

/* Over which segments to which exit; HUB_NONE: none. */
struct steer_way {
	uint32_t exit;
	const uint32_t *steps;
	uint32_t step_count;
};

/* A stretch is a segment or, behind these, the port of an exit (corridor_steer_room.c). */
struct corridor_steer {
	struct corridor_steer_setting setting;
	const struct hub *hub; /* the plan's */
	/* What has to do with order goes by ids, not by the rows of the hub file: segments and ingresses. */
	uint32_t *by_rank;              /* segments */
	uint32_t *turns;                /* ingresses, as they are asked */
	struct corridor_graph *graph;   /* the plan's, of segments by rank */
	struct corridor_search *search; /* on it */
	uint64_t *ranked_cost;          /* of segments by rank */
	struct choice *choices;         /* ingress * exit_count + exit */
	bool *stays;              /* each ingress: on something full, as there is nothing better */
	uint32_t *port_first;     /* of each exit, the first that is on the same port */
	uint64_t **policy_cost;   /* of each policy, of each segment, at the last event */
	uint64_t **calm_cost;     /* the same without load */
	uint64_t *cost;           /* of one ingress, of each segment */
	uint64_t *exit_cost;      /* and what comes to it at each exit */
	uint64_t *present;        /* of each exit, what its way costs now */
	uint64_t *background_bps; /* of each stretch, not steered */
	uint64_t *laid_bps;       /* with what is */
	uint64_t *capacity_bps;   /* lit, else designed; of the port */
	uint64_t *room_bps;       /* of that, what is there at present */
	uint64_t *limit_bps;      /* of that, by the policy that grants least */
	/* What exits' members avoid (corridor_steer_keep.c). */
	bool **keeps; /* each: of each segment, is it closed on the ways there? */
	size_t keep_count;
	uint32_t *exit_keep; /* of each exit */
	bool *closes_more;   /* each keep, than the costs last compared with */
	uint64_t tried;      /* what placing was tried for in vain, as a hash; 0: nothing */
};

/* The choices as they are to be told: a copy of what is held, in which backups stand apart from the first
 * way's risks. Ways are the arena's, or those held. NULL without memory. */
struct choice *steer_told(const struct corridor_steer *steer, struct arena *arena);
/* Makes room for a way. False without memory. */
bool steer_reserve_steps(struct choice *choice, size_t count);

/* From an ingress's site by `cost` of each segment (hub's numbers), to all sites, over nothing that a keep
 * closes. */
void steer_search(const struct corridor_steer *steer, const uint64_t *cost, uint32_t from,
		  uint32_t keep);
/* The way that it found to a site. Returns how many steps; `steps` NULL: only that. */
uint32_t steer_found(const struct corridor_steer *steer, uint32_t *steps, uint32_t from,
		     uint32_t to);
/* May what comes in there go anywhere over that exit? */
bool steer_leads_on(const struct corridor_steer *steer, size_t ingress, size_t exit);
/* Is it better by more than the margin? */
bool steer_is_better(const struct corridor_steer *steer, uint64_t cost, uint64_t than);

/* --- corridor_steer_room.c --- */

/* The stretch that the exit's port is. */
uint32_t steer_door(const struct corridor_steer *steer, uint32_t exit);
void steer_take_event(struct corridor_steer *steer, const struct corridor_steer_event *event);
void steer_lay(struct corridor_steer *steer, const struct steer_way *way, uint64_t bps, bool on);
/* What an ingress holds, on its first way. */
void steer_lay_ingress(struct corridor_steer *steer, size_t ingress, bool on);
struct steer_way steer_first_way(const struct corridor_steer *steer, size_t ingress);
/* What segments and exits cost an ingress that is laid nowhere, into steer->cost and exit_cost. */
void steer_price_ingress(struct corridor_steer *steer, size_t ingress);
uint64_t steer_cost_of_way(const struct corridor_steer *steer, const struct steer_way *way);
/* What of a rate finds no room on a way. */
uint64_t steer_short_on(const struct corridor_steer *steer, const struct steer_way *way,
			uint64_t bps);

/* --- corridor_steer_keep.c --- */

/* False without memory. */
bool steer_take_keeps(struct corridor_steer *steer);
void steer_free_keeps(struct corridor_steer *steer);
/* Says in steer->closes_more which keeps close something that is open by these costs of each segment. */
void steer_compare_keeps(struct corridor_steer *steer, const uint64_t *cost);
/* Does the way keep to what is avoided behind its exit? */
bool steer_may_lead(const struct corridor_steer *steer, const struct steer_way *way);
/* The same of the way that the last search, from `from`, found to an exit. */
bool steer_found_may_lead(const struct corridor_steer *steer, uint32_t from, uint32_t exit);

/* --- corridor_steer_place.c: after a run, when something is over its limit --- */

/* 0, or -1 without memory: then not all that were to move have. */
int steer_place(struct corridor_steer *steer, const struct corridor_steer_event *event,
		struct corridor_steer_outcome *outcome);

/* --- corridor_steer_wish.c --- */

/* By flow, the way of each ingress that may move; exit HUB_NONE of the others, and of those for which there
 * is none. They must not be laid. 0, or -1 without memory or when it cannot be solved. */
int steer_wish(struct steer_way *wishes, const struct corridor_steer *steer, const bool *may_move,
	       struct arena *arena);

/* Marks of the segments and risks of one way; `mark` says which way. */
struct steer_marks {
	uint32_t *segments, *risks;
	uint32_t mark;
};

/* False without memory. */
bool steer_marks_init(struct steer_marks *marks, const struct corridor_plan *plan,
		      struct arena *arena);
void steer_mark_way(struct steer_marks *marks, const struct corridor_plan *plan,
		    const struct choice *way);
/* Is the segment one of the marked way's, or has it one of its risks? */
bool steer_is_marked(const struct steer_marks *marks, const struct corridor_plan *plan,
		     uint32_t segment);
bool steer_shares_with_marked(const struct steer_marks *marks, const struct corridor_plan *plan,
			      const struct choice *way);

/* 0: all is well; 1: over something full; 2: drained; 3: no way */
static inline int
steer_level(uint64_t cost)
{
	if (cost == CORRIDOR_CLOSED)
		return 3;
	return cost >= STEER_COST_DRAINED ? 2 : cost >= STEER_COST_FULL;
}
