/* The parts of corridor_whatif; used by its files only. */
#pragma once

#include "corridor/corridor_corners.h"
#include "corridor/corridor_whatif.h"

/* What one corner loses. */
struct whatif_loss {
	uint64_t lost_bps, passing_bps, unserved_bps;
};

/* The demands of one corner, laid. */
struct whatif_corner {
	struct corridor_flow_work *work; /* NULL: it is like another */
	const struct corridor_flow *after;
	uint64_t *before_bps; /* of each demand, without a cut */
};

struct corridor_whatif {
	const struct corridor_plan *plan;
	struct arena *arena;
	struct corridor_corners corners;
	struct whatif_corner laid[CORRIDOR_CORNERS];
	struct corridor_range asked, unserved; /* Gbit/s without a cut */
	/* Without a cut, as told: the best way of each demand and what it costs. */
	uint64_t *before_cost;
	struct corridor_flow_way *before;
	uint32_t *before_arcs;
	bool *cut;    /* segments of the last cut */
	bool *inside; /* sites that it cuts as such, or in a country that it cuts */
	struct whatif_loss losses[CORRIDOR_CORNERS]; /* of those that are like themselves */
	struct corridor_delay *delay;                /* of each demand under it */
	uint8_t *on;    /* scratch: on which of two ways a segment is */
	double *slower; /* scratch: for each demand that is, by how much */
};

static inline const struct corridor_flow_instance *
whatif_told(const struct corridor_whatif *w)
{
	return &w->corners.cases[CORRIDOR_AS_TOLD].instance;
}

/* May a segment carry anything, before any cut? */
static inline bool
whatif_is_open(const struct corridor_whatif *w, uint32_t segment)
{
	return whatif_told(w)->cost[0][segment] != CORRIDOR_CLOSED;
}

/* Into w->cut what names take away, and nothing else; returns how many segments that were open. */
uint32_t whatif_mark(struct corridor_whatif *w, const struct corridor_named *names, size_t count);
/* Is a way over anything of w->cut? */
bool whatif_crosses(const struct corridor_whatif *w, const struct corridor_flow *flow,
		    const struct corridor_flow_way *way);
/* Lays a corner's demands. 0, or -1 without memory. */
int whatif_lay(struct corridor_whatif *w, int corner, const bool *cut);
/* The same for w->cut, and what that loses, into w->losses. */
int whatif_lose(struct corridor_whatif *w, int corner);
/* What the told corner, laid last for w->cut, comes to; without a range of what is lost. */
void whatif_consequence(struct corridor_consequence *out, struct corridor_whatif *w);
/* The range of what is lost, from w->losses. */
void whatif_take_losses(struct corridor_consequence *out, const struct corridor_whatif *w);

/* Both at once by chance: as long as the repairs overlap. */
struct corridor_outage whatif_together(struct corridor_outage a, struct corridor_outage b);
/* After the losses. */
void whatif_take_outage(struct corridor_consequence *out, struct corridor_outage outage);
