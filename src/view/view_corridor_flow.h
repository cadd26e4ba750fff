/* The parts of `corridor flow`; used by view_corridor_flow*.c only. */
#pragma once

#include "corridor/corridor_flow_plan.h"
#include "view/view_corridor_parts.h"

/* What a solution comes to at one end of the bounds. */
struct view_flow_total {
	uint64_t asked_bps, served_bps;
	double utilisation;
};

struct view_flow {
	const struct view_corridor *view;
	const struct corridor_plan *plan;
	struct arena *arena;
	struct corridor_terms terms;
	struct corridor_conditions conditions;
	enum corridor_objective objective;
	bool by_segment; /* CSV of segments, not of ways */
	bool unsplit;    /* every demand goes one way */
	struct corridor_flow_case the_case;
	struct corridor_flow_work *work;
	const struct corridor_flow *flow;
	struct view_flow_total totals[CORRIDOR_CORNERS];
	uint64_t *least_bps, *most_bps; /* served of each demand, over all corners */
};

/* What protection comes to; US dollars a month, NAN when a price is not known. */
struct view_flow_protection {
	size_t asked;        /* demands that ask for it */
	size_t apart;        /* of them: no one risk takes both ways */
	size_t alone;        /* of them: without a second way */
	uint64_t served_bps; /* of those that have one */
	double working;      /* what the working ways of all demands cost */
	double second;       /* what is laid or kept besides */
};

/* What one way is like. */
struct view_flow_way {
	struct corridor_grounds length_km, price;
	double availability;
	struct corridor_path path; /* in the arena */
};

/* 0, or -1 without memory. */
int view_flow_way_of(struct view_flow_way *out, const struct view_flow *f,
		     const struct corridor_flow_way *way);
/* Demands that ask for nothing because nobody measured them. */
size_t view_flow_unknown(const struct view_flow *f);
/* Demands that go one way only. */
size_t view_flow_whole(const struct view_flow *f);
/* The part of all that is asked that rests on estimates: 0 to 1. */
double view_flow_estimated(const struct view_flow *f);

struct view_flow_protection view_flow_protection(const struct view_flow *f);
/* True if the objective is met by filling, which lays second ways and keeps contracts. */
bool view_flow_fills(const struct view_flow *f);

/* --- view_corridor_flow_text.c: 0, or -1 without memory --- */
int view_flow_text(struct buf *out, const struct view_flow *f);
