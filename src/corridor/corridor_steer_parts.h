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
};

struct corridor_steer {
	struct corridor_steer_setting setting;
	const struct hub *hub; /* the plan's */
	struct corridor_search *search;
	struct choice *choices;   /* ingress * exit_count + exit */
	uint64_t **policy_cost;   /* of each policy, of each segment, at the last event */
	uint64_t **calm_cost;     /* the same without load */
	uint64_t *cost;           /* of one ingress */
	uint64_t *present;        /* of each exit, what its way costs now */
	uint64_t *background_bps; /* of each segment, not steered */
	uint64_t *laid_bps;       /* with what is */
	uint64_t *capacity_bps;   /* lit, else designed */
	uint64_t *room_bps;       /* of that, what is there at present */
};

/* The choices as they are to be told: a copy of what is held, in which backups stand apart from the first
 * way's risks. Ways are the arena's, or those held. NULL without memory. */
struct choice *steer_told(const struct corridor_steer *steer, struct arena *arena);
/* Makes room for a way. False without memory. */
bool steer_reserve_steps(struct choice *choice, size_t count);

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
