/* What comes of the corridor going over from one state to another, before it does: of an order to
 * cut, drain, work on or restore, or of something that is built. Demands are laid in both, and compared one by one. */
#pragma once

#include "corridor/corridor_whatif.h"

/* The best way of a demand: its segments in order of travel, none where there is no way. */
struct corridor_changed_way {
	const uint32_t *segments;
	uint32_t count;
};

/* A demand that gets more or less, or goes another way. */
struct corridor_changed {
	uint32_t demand;
	uint64_t before_bps, after_bps;
	struct corridor_range lost_gbps; /* over all corners; 0: it may lose nothing */
	double before_ms, after_ms;      /* round trip of its best way; NAN: there is none */
	struct corridor_range more_ms;   /* below 0: it is faster; 0 without both */
	bool moved;                      /* its best way is another: */
	struct corridor_changed_way before, after; /* in the arena */
};

struct corridor_change {
	struct corridor_changed *all; /* in the order of the hub's demands */
	size_t count;
	struct corridor_range lost_gbps; /* by those that get less */
	uint64_t gained_bps;             /* by those that get more */
	uint32_t parted, slower, faster, moved;
};

/* From one state of each segment to another; the plan and the ask know of neither. The list lives in
 * the arena. 0, or -1 and errno as of corridor_whatif_new. */
int corridor_whatif_change(struct corridor_change *out, struct arena *arena,
			   const struct corridor_flow_ask *ask, const enum corridor_live *before,
			   const enum corridor_live *after);
/* The same of any two corridors with the same sites, segments and demands: of the plan of each and under its conditions. */
int corridor_whatif_compare(struct corridor_change *out, struct arena *arena,
			    const struct corridor_flow_ask *before,
			    const struct corridor_flow_ask *after);
