/* What filling has tried, so that it need not search for the same way twice.
 *
 * A demand goes from its cheapest way on: what of a way is full is closed, and the cheapest way of
 * what is left is the next. Each time a way of it fills up it begins anew; and so it does under each
 * cut. So its ways are kept in a chain, in the order in which they were found:
 *
 *   first ──► way, its arcs that were full ──► way, ... ──► the last: it had room then
 *
 * A way of the chain is what a search would find when all that was closed when it was found is closed
 * now too, and nothing of the way itself is: closing what is on no cheapest way changes none. Within
 * a run what is full stays full, so only the way itself need be looked at. From one run to the next
 * chains of the run without a cut are kept, and each way tells what of it has to be full. Where a
 * chain does not go on, a search does, and what it finds is the chain of this run.
 *
 * There is one limit: beyond so many arcs nothing more is kept, and searches are made again. */
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_flow_parts.h"

enum { TRIED_ARCS_MAX = 8 << 20 };

/* Beside the number of an arc. */
#define WAS_FULL ((uint32_t)1 << 31)

int
flow_tries_init(struct flow_tries *tries, size_t demands)
{
	*tries = (struct flow_tries){.demands = demands};
	tries->first = calloc(demands + 1, sizeof(*tries->first));
	tries->base_first = calloc(demands + 1, sizeof(*tries->base_first));
	if (!tries->first || !tries->base_first)
		return -1;
	memset(tries->base_first, 0xff, demands * sizeof(*tries->base_first));
	return 0;
}

void
flow_tries_fini(struct flow_tries *tries)
{
	flow_ways_fini(&tries->ways);
	free(tries->all);
	free(tries->first);
	free(tries->base_first);
}

void
flow_tries_begin(struct flow_tries *tries, bool cut)
{
	if (!cut) {
		tries->base_count = tries->base_ways = tries->base_arcs = 0;
		memset(tries->base_first, 0xff, tries->demands * sizeof(*tries->base_first));
	}
	tries->is_base = !cut;
	tries->count = tries->base_count;
	tries->ways.count = tries->base_ways;
	tries->ways.arc_count = tries->base_arcs;
	memcpy(tries->first, tries->base_first, tries->demands * sizeof(*tries->first));
}

void
flow_tries_keep(struct flow_tries *tries)
{
	if (!tries->is_base)
		return;
	tries->base_count = tries->count;
	tries->base_ways = tries->ways.count;
	tries->base_arcs = tries->ways.arc_count;
	memcpy(tries->base_first, tries->first, tries->demands * sizeof(*tries->first));
}

struct flow_trail
flow_trail_of(struct flow_tries *tries, uint32_t demand)
{
	return (struct flow_trail){tries, demand, HUB_NONE, tries->first[demand], false};
}

/* Is its chain that of the run without a cut, in a run with one? */
static bool
is_foreign(const struct flow_trail *trail)
{
	uint32_t first = trail->tries->first[trail->demand];
	return !trail->tries->is_base && first != HUB_NONE && first < trail->tries->base_count;
}

int
flow_trail_ahead(struct flow_ways *used, struct flow_trail *trail, const uint64_t *cost)
{
	struct flow_tries *tries = trail->tries;
	if (trail->next == HUB_NONE)
		return 0;
	const struct corridor_flow_way *way = &tries->ways.all[tries->all[trail->next].way];
	const uint32_t *arcs = &tries->ways.arcs[way->first];
	for (uint32_t i = 0; i < way->count && cost; i++)
		if (cost[(arcs[i] & ~WAS_FULL) / 2] == CORRIDOR_CLOSED)
			return 0;
	if (flow_ways_add(used, trail->demand) < 0)
		return -1;
	for (uint32_t i = 0; i < way->count; i++)
		if (flow_ways_arc(used, arcs[i] & ~WAS_FULL) < 0)
			return -1;
	trail->last = trail->next;
	trail->next = tries->all[trail->last].next;
	return 1;
}

void
flow_trail_full(struct flow_trail *trail, const bool *full)
{
	struct flow_tries *tries = trail->tries;
	if (trail->last == HUB_NONE)
		return;
	const struct corridor_flow_way *way = &tries->ways.all[tries->all[trail->last].way];
	uint32_t *arcs = &tries->ways.arcs[way->first];
	bool foreign = is_foreign(trail);
	for (uint32_t i = 0; i < way->count; i++) {
		bool is = full[arcs[i] & ~WAS_FULL];
		if (foreign && !is && arcs[i] & WAS_FULL)
			trail->next = HUB_NONE;
		if (tries->is_base && is)
			arcs[i] |= WAS_FULL;
	}
}

/* A chain's new last; `way` is one of tries->ways. 0, or -1 without memory. */
static int
append(struct flow_trail *trail, uint32_t way)
{
	struct flow_tries *tries = trail->tries;
	if (tries->count == tries->room) {
		size_t room = tries->room ? 2 * tries->room : 256;
		void *all = reallocarray(tries->all, room, sizeof(*tries->all));
		if (!all)
			return -1;
		tries->all = all;
		tries->room = room;
	}
	uint32_t new = (uint32_t)tries->count++;
	tries->all[new] = (struct flow_try){way, HUB_NONE};
	if (trail->last == HUB_NONE)
		tries->first[trail->demand] = new;
	else
		tries->all[trail->last].next = new;
	trail->last = new;
	trail->next = HUB_NONE;
	return 0;
}

/* The chain of the run without a cut stays as it is: this run has its own, as far as it came. */
static int
leave(struct flow_trail *trail)
{
	struct flow_tries *tries = trail->tries;
	uint32_t until = trail->last;
	uint32_t at = tries->first[trail->demand];
	trail->last = HUB_NONE;
	for (bool more = until != HUB_NONE; more; at = tries->all[at].next) {
		more = at != until;
		if (append(trail, tries->all[at].way) < 0)
			return -1;
	}
	return 0;
}

int
flow_trail_found(struct flow_trail *trail, const struct flow_ways *used)
{
	struct flow_tries *tries = trail->tries;
	const struct corridor_flow_way *way = &used->all[used->count - 1];
	if (trail->left || tries->ways.arc_count + way->count > TRIED_ARCS_MAX) {
		trail->left = true;
		return 0;
	}
	if (is_foreign(trail) && leave(trail) < 0)
		return -1;
	if (flow_ways_copy(&tries->ways, trail->demand, &used->arcs[way->first], way->count) < 0)
		return -1;
	return append(trail, (uint32_t)tries->ways.count - 1);
}
