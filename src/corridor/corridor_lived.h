/* What was lived through: from the journal of orders, how long each segment was cut in a span of time,
 * and how long two sites had no way because of it. */
#pragma once

#include "base/arena.h"
#include "corridor/corridor_plan.h"
#include "corridor/corridor_state.h"

struct corridor_lived_segment {
	uint32_t segment;
	uint32_t times;
	int64_t cut_s; /* above 0 */
};

struct corridor_lived {
	struct utc_s from, until; /* what is known of the span: the journal may begin later */
	bool whole;               /* it is all of it */
	int64_t down_s;           /* without any way */
	uint32_t times;
	struct corridor_lived_segment *segments; /* longest first; those that were cut */
	size_t segment_count;
};

/* A span of time, and what is asked of it. */
struct corridor_lived_ask {
	const struct corridor_plan *plan; /* nothing cut */
	const bool *open;                 /* segments that a way may use */
	struct corridor_ends ends;
	struct utc_s from, until;
	struct utc_s since; /* when the journal was begun; 0: nobody knows */
};

/* `events` as corridor_state_events has them, the oldest first. Arrays live in `arena`. 0, or -1
 * without memory. */
int corridor_lived(struct corridor_lived *out, struct arena *arena,
		   const struct corridor_lived_ask *ask, const struct corridor_event *events,
		   size_t count);
