/* Cheapest ways from one site to others (Dijkstra), in a workspace that is used again and again
 * without allocating. Ties are broken by the data alone: of ways of equal cost, the one that comes
 * into each site by the segment that stands first in the hub file. */
#pragma once

#include <stdint.h>

#include "corridor/corridor_graph.h"

struct corridor_search;

/* A workspace for `graph`, which must outlive it. NULL if there is no memory. */
struct corridor_search *corridor_search_new(const struct corridor_graph *graph);
void corridor_search_free(struct corridor_search *search);

/* From `from` to every site, or until the way to `to` is settled (HUB_NONE: every site). `cost`
 * holds one number per segment; the sum along a way must not overflow. */
void corridor_search_run(struct corridor_search *search, const uint64_t *cost, uint32_t from,
			 uint32_t to);

/* To `to` alone, straight there (A*). `left` says for each site what a way from it to `to` costs at
 * least, as a run from `to` found it with costs that were nowhere above `cost`. The way is that of a run, ties too; of other sites nothing
 * is known afterwards. */
void corridor_search_toward(struct corridor_search *search, const uint64_t *cost, uint32_t from,
			    uint32_t to, const uint64_t *left);

/* corridor_search_run in two steps, with sites that may not be entered closed in between. */
void corridor_search_reset(struct corridor_search *search);
void corridor_search_close(struct corridor_search *search, uint32_t site);
void corridor_search_go(struct corridor_search *search, const uint64_t *cost, uint32_t from,
			uint32_t to);

/* What `base`, run to every site, would have found with `segment` closed: only the sites behind
 * that segment are looked at again. `cost` is that of the run of `base`, but with the segment
 * closed; `search` is another workspace of the same graph. The result is that of a run with `cost`,
 * ties too. */
void corridor_search_cut(struct corridor_search *search, const struct corridor_search *base,
			 const uint64_t *cost, uint32_t segment);

/* For many cuts of one base: each then costs no more than what lies behind it, else the whole graph
 * is copied for each. Until the next run, reset or follow of `search`, `base` must not change. */
void corridor_search_follow(struct corridor_search *search, const struct corridor_search *base);

/* After a run: the cost of the way to `site`, CORRIDOR_CLOSED if there is none. Only the costs of
 * settled sites count: all of them, or `to`. */
uint64_t corridor_search_cost(const struct corridor_search *search, uint32_t site);
/* The segment by which the way comes into `site`; HUB_NONE at the start. */
uint32_t corridor_search_segment(const struct corridor_search *search, uint32_t site);
/* The site before `site` on the way; HUB_NONE at the start. */
uint32_t corridor_search_before(const struct corridor_search *search, uint32_t site);
