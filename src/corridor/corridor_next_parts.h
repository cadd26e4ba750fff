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
/* The demands as they are told, with a set built. 0; or -1 and errno. */
int corridor_next_case(struct corridor_flow_case *out, struct arena *arena,
		       const struct corridor_next *next, const uint32_t *set, size_t count);
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

/* --- corridor_next_bound.c --- */
struct corridor_candidates {
	const uint32_t *all;
	size_t count;
};
/* What `of`, which are among `built`, can take in at most, US dollars a year, in any set that is part of
 * `built`; infinite when there is no CLP. `dues` are those of corridor_next_dues with nothing free, of
 * what is in each of these sets. 0; or -1 and errno. */
int corridor_next_most_usd(double *out, const struct corridor_next *next,
			   struct corridor_candidates built, struct corridor_candidates of,
			   double dues);
/* What one candidate can take in at most, by the capacities of its segments and all that is asked. */
double corridor_next_most_of(const struct corridor_next *next, uint32_t candidate);
/* What all demands pay a year for their ways with a set built, and for what is not served more than
 * for any way; segments of those in `free` cost nothing. INFINITY without CLP. 0; or -1. */
int corridor_next_dues(double *usd, const struct corridor_next *next,
		       struct corridor_candidates built, struct corridor_candidates free);
/* The worth of a candidate, its costs at once left out, that takes in this much in its first year:
 * at most. Never below 0. */
double corridor_next_most_worth(const struct corridor_next *next, uint32_t candidate, double usd);

/* What a candidate may add to a gain by money. */
struct corridor_share {
	double most_usd; /* that it takes in a year, at most */
	double rate;     /* gain for each dollar of these, at most */
	double cost_usd; /* of the budget, for all of these; 0: it is paid for already */
};
/* What shares gain at most that take in `most_usd` together (INFINITY: no limit) and cost no more than
 * `budget_usd`, if parts of them could be had. */
double corridor_next_shares_most(const struct corridor_share *shares, size_t count, double most_usd,
				 double budget_usd);
