/* What to lease after a cut.
 *
 * What stops is laid anew as demands of its own, on what the others leave of each segment, at the least
 * price: a linear program (CORRIDOR_FLOW_COST). Room that is kept for protected demands is not lent. */
#include "corridor/corridor_whatif_lease.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_whatif_parts.h"

#define MONTH_DAYS (365.25 / 12)

/* What nobody uses once what crosses the cut has stopped. */
static void
leave_room(uint64_t *room, const struct corridor_whatif *w)
{
	const struct corridor_flow *flow = w->laid[CORRIDOR_AS_TOLD].after;
	for (uint32_t a = 0; a < 2 * w->plan->hub->segment_count; a++) {
		uint64_t taken = flow->load_bps[a] + flow->reserved_bps[a];
		room[a] = corridor_less_bps(whatif_told(w)->capacity_bps[a], taken);
	}
	for (size_t i = 0; i < flow->way_count; i++) {
		const struct corridor_flow_way *way = &flow->ways[i];
		if (way->role == CORRIDOR_WAY_SPARE || !whatif_crosses(w, flow, way))
			continue;
		for (uint32_t k = 0; k < way->count; k++)
			room[flow->arcs[way->first + k]] += way->bps;
	}
	for (uint32_t a = 0; a < 2 * w->plan->hub->segment_count; a++)
		if (w->cut[a / 2])
			room[a] = 0;
}

/* Turns the case into that of what stops: 0, or -1 and errno. */
static int
take_stopped(struct corridor_leases *out, struct corridor_flow_case *lease, struct arena *arena,
	     struct corridor_whatif *w, const struct corridor_named *names, size_t count)
{
	size_t demands = w->plan->hub->demand_count;
	uint64_t *stops = arena_take(arena, (demands + 1) * sizeof(*stops));
	uint64_t *room = arena_take(arena, (2 * w->plan->hub->segment_count + 1) * sizeof(*room));
	struct corridor_flow_demand *asked = arena_take(arena, (demands + 1) * sizeof(*asked));
	struct corridor_carried carried;
	errno = ENOMEM;
	if (!stops || !room || !asked ||
	    corridor_whatif_carried(&carried, stops, w, names, count) < 0)
		return -1;
	leave_room(room, w);
	for (size_t d = 0; d < demands; d++) {
		asked[d] = lease->instance.demands[d];
		asked[d].bps = asked[d].fixed ? 0 : stops[d];
		asked[d].protect = HUB_PROTECT_NONE;
		out->fixed_bps += asked[d].fixed ? stops[d] : 0;
	}
	out->stops_bps = carried.bps;
	lease->instance.demands = asked;
	lease->instance.capacity_bps = room;
	return 0;
}

static int
cheapest_first(const void *a, const void *b)
{
	const struct corridor_leased_way *x = a, *y = b;
	if (x->usd_mbps_month != y->usd_mbps_month)
		return x->usd_mbps_month < y->usd_mbps_month ? -1 : 1;
	if (x->bps != y->bps)
		return x->bps > y->bps ? -1 : 1;
	if (x->demand != y->demand)
		return x->demand < y->demand ? -1 : 1;
	return (x->first > y->first) - (x->first < y->first);
}

static int
dearest_first(const void *a, const void *b)
{
	const struct corridor_leased_segment *x = a, *y = b;
	if (x->usd.value != y->usd.value)
		return x->usd.value > y->usd.value ? -1 : 1;
	return (x->segment > y->segment) - (x->segment < y->segment);
}

static void
take_way(struct corridor_leases *out, const struct corridor_plan *plan,
	 const struct corridor_flow *flow, const struct corridor_flow_way *way, double months)
{
	struct corridor_leased_way *leased = &out->ways[out->way_count++];
	double mbps = (double)way->bps / 1e6;
	*leased = (struct corridor_leased_way){
		.demand = way->demand, .bps = way->bps, .first = way->first, .count = way->count};
	for (uint32_t i = 0; i < way->count; i++) {
		uint32_t arc = flow->arcs[way->first + i], s = arc / 2;
		const struct corridor_fact *price = &plan->segments[s].price;
		struct corridor_leased_segment *on = &out->leased[s];
		leased->usd_mbps_month += price->value;
		corridor_grounds_add(&leased->usd, price, mbps * months);
		corridor_grounds_add(&on->usd, price, mbps * months);
		corridor_grounds_add(&out->usd, price, mbps * months);
		*(arc & 1 ? &on->back_bps : &on->there_bps) += way->bps;
	}
	out->back_bps += way->bps;
}

/* Reads the answer off the flow. 0, or -1 and errno. */
static int
take_flow(struct corridor_leases *out, struct arena *arena, const struct corridor_plan *plan,
	  const struct corridor_flow *flow, unsigned days)
{
	size_t arcs = 0, count = plan->hub->segment_count;
	for (size_t i = 0; i < flow->way_count; i++)
		arcs += flow->ways[i].count;
	uint32_t *segments = arena_take(arena, (arcs + 1) * sizeof(*segments));
	out->ways = arena_take(arena, (flow->way_count + 1) * sizeof(*out->ways));
	out->leased = arena_take(arena, (count + 1) * sizeof(*out->leased));
	errno = ENOMEM;
	if (!segments || !out->ways || !out->leased)
		return -1;
	for (size_t i = 0; i < arcs; i++)
		segments[i] = flow->arcs[i] / 2;
	out->segments = segments;
	memset(out->leased, 0, count * sizeof(*out->leased));
	for (uint32_t s = 0; s < count; s++)
		out->leased[s].segment = s;
	for (size_t i = 0; i < flow->way_count; i++)
		take_way(out, plan, flow, &flow->ways[i], days / MONTH_DAYS);
	for (uint32_t s = 0; s < count; s++)
		if (out->leased[s].there_bps || out->leased[s].back_bps)
			out->leased[out->leased_count++] = out->leased[s];
	if (out->way_count)
		qsort(out->ways, out->way_count, sizeof(*out->ways), cheapest_first);
	if (out->leased_count)
		qsort(out->leased, out->leased_count, sizeof(*out->leased), dearest_first);
	return 0;
}

int
corridor_whatif_lease(struct corridor_leases *out, struct arena *arena,
		      struct corridor_whatif *whatif, const struct corridor_flow_ask *ask,
		      const struct corridor_named *names, size_t count, unsigned days)
{
	assert(out && arena && whatif && ask && names && count > 0 && days > 0);
	struct corridor_flow_case lease;
	struct corridor_flow_ask by_price = *ask;
	struct corridor_leases leases = {0};
	struct corridor_flow_work *work = NULL;
	by_price.measure = CORRIDOR_BY_PRICE;
	if (corridor_flow_case_of(&lease, arena, &by_price, CORRIDOR_AS_TOLD) < 0 ||
	    take_stopped(&leases, &lease, arena, whatif, names, count) < 0)
		return -1;
	const struct corridor_flow *flow =
		corridor_flow_cheapest(&work, &leases.optimal, &lease.instance);
	int result = flow ? take_flow(&leases, arena, whatif->plan, flow, days) : -1;
	int error = errno;
	corridor_flow_free(work);
	errno = error;
	if (result == 0)
		*out = leases;
	return result;
}
