/* The parts of corridor_next; used by its files only. */
#pragma once

#include "corridor/corridor_next.h"

struct corridor_next {
	struct corridor_next_ask ask;
	struct arena *arena;
	bool *taken;    /* of segments: some candidate's that are not there yet, nor asked for */
	uint32_t *open; /* candidates */
	size_t open_count;
	bool *linked; /* of demands: in the base */
	struct corridor_outcome base;
};

/* Demands laid with a set of candidates. */
struct corridor_laid {
	struct corridor_flow_case the_case; /* lives in the arena */
	struct corridor_flow_work *work;    /* to be freed, also after a failure */
	const struct corridor_flow *flow;   /* *work's */
	bool optimal;                       /* as of corridor_flow_cheapest */
};

/* --- corridor_next.c --- */
/* As they are told, as much as can be served at the least price. 0; or -1 and errno. */
int corridor_next_lay(struct corridor_laid *out, struct arena *arena,
		      const struct corridor_next *next, const uint32_t *set, size_t count);

/* --- corridor_next_deal.c --- */
/* What a set takes in and costs, with the flow of an outlook. */
struct corridor_takings {
	const struct corridor_plan *plan;
	const struct corridor_flow_instance *instance;
	const struct corridor_flow *flow;
	const bool *taken; /* of segments: those that are built with candidates only */
	const uint32_t *set;
	size_t count;
};

/* From which end of their bounds prices and costs are taken. */
enum corridor_deal_end { CORRIDOR_DEAL_TOLD, CORRIDOR_DEAL_POOR, CORRIDOR_DEAL_RICH };

/* Writes money and costs of `out` from what is told; ranges are that value. 0, or -1 without
 * memory. */
int corridor_deal_of(struct corridor_outcome *out, const struct corridor_takings *takings);
/* The same takings at an end of the bounds: US dollars a year, and worth. 0, or -1. */
int corridor_deal_at(double *usd, double *npv_usd, const struct corridor_takings *takings,
		     enum corridor_deal_end end);
