/* What a cut does: demands are laid as they are and under it, at every corner of what they rest on. */
#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_whatif_parts.h"

int
whatif_lay(struct corridor_whatif *w, int corner, const bool *cut)
{
	struct whatif_corner *laid = &w->laid[corner];
	laid->after = corridor_flow_solve(laid->work, CORRIDOR_FLOW_PRIORITY, cut);
	return laid->after ? 0 : -1;
}

/* The workspace of a corner, and its demands without a cut. 0, or -1 and errno. */
static int
begin_corner(struct corridor_whatif *w, int corner)
{
	struct whatif_corner *laid = &w->laid[corner];
	size_t demands = w->plan->hub->demand_count;
	if (w->corners.like[corner] != (enum corridor_outlook)corner) {
		laid->before_bps = w->laid[w->corners.like[corner]].before_bps;
		return 0;
	}
	errno = ENOMEM;
	laid->before_bps = arena_take(w->arena, (demands + 1) * sizeof(*laid->before_bps));
	if (!laid->before_bps)
		return -1;
	laid->work = corridor_flow_new(&w->corners.cases[corner].instance, UINT32_MAX);
	if (!laid->work || whatif_lay(w, corner, NULL) < 0)
		return -1;
	memcpy(laid->before_bps, laid->after->served_bps, demands * sizeof(*laid->before_bps));
	double asked = (double)laid->after->asked_total_bps / 1e9;
	double served = (double)laid->after->served_total_bps / 1e9;
	corridor_range_take(&w->asked, (enum corridor_outlook)corner, asked);
	corridor_range_take(&w->unserved, (enum corridor_outlook)corner, asked - served);
	return 0;
}

/* The best ways as they are before any cut. 0, or -1 without memory. */
static int
keep_ways(struct corridor_whatif *w)
{
	const struct corridor_flow *flow = w->laid[CORRIDOR_AS_TOLD].after;
	size_t demands = w->plan->hub->demand_count, arcs = 0;
	for (size_t d = 0; d < demands; d++)
		arcs += flow->best[d].count;
	w->before_arcs = arena_take(w->arena, (arcs + 1) * sizeof(*w->before_arcs));
	if (!w->before_arcs)
		return -1;
	arcs = 0;
	for (size_t d = 0; d < demands; d++) {
		w->before[d] = flow->best[d];
		w->before_cost[d] = flow->best_cost[d];
		w->before[d].first = (uint32_t)arcs;
		for (uint32_t i = 0; i < flow->best[d].count; i++)
			w->before_arcs[arcs++] = flow->best_arcs[flow->best[d].first + i];
	}
	return 0;
}

/* 0, or -1 and errno. */
static int
prepare(struct corridor_whatif *w, const struct corridor_flow_ask *ask)
{
	size_t demands = w->plan->hub->demand_count, segments = w->plan->hub->segment_count;
	errno = ENOMEM;
	w->before_cost = arena_take(w->arena, (demands + 1) * sizeof(*w->before_cost));
	w->before = arena_take(w->arena, (demands + 1) * sizeof(*w->before));
	w->slower = arena_take(w->arena, (demands + 1) * sizeof(*w->slower));
	w->delay = arena_take(w->arena, (demands + 1) * sizeof(*w->delay));
	w->cut = arena_take(w->arena, segments + 1);
	w->inside = arena_take(w->arena, w->plan->hub->site_count + 1);
	w->on = arena_take(w->arena, segments + 1);
	if (!w->before_cost || !w->before || !w->slower || !w->delay || !w->cut || !w->on ||
	    !w->inside || corridor_corners_of(&w->corners, w->arena, ask) < 0)
		return -1;
	for (int c = 0; c < CORRIDOR_CORNERS; c++)
		if (begin_corner(w, c) < 0)
			return -1;
	errno = ENOMEM;
	return keep_ways(w);
}

struct corridor_whatif *
corridor_whatif_new(const struct corridor_flow_ask *ask)
{
	assert(ask && ask->plan);
	struct arena *arena = arena_new();
	struct corridor_whatif *w = arena ? arena_take(arena, sizeof(*w)) : NULL;
	if (!w) {
		arena_free(arena);
		return NULL;
	}
	*w = (struct corridor_whatif){.plan = ask->plan, .arena = arena};
	if (prepare(w, ask) == 0)
		return w;
	int error = errno;
	corridor_whatif_free(w);
	errno = error;
	return NULL;
}

void
corridor_whatif_free(struct corridor_whatif *whatif)
{
	if (!whatif)
		return;
	for (int c = 0; c < CORRIDOR_CORNERS; c++)
		corridor_flow_free(whatif->laid[c].work);
	arena_free(whatif->arena);
}

void
corridor_whatif_base(struct corridor_range *asked, struct corridor_range *unserved,
		     const struct corridor_whatif *whatif)
{
	*asked = whatif->asked;
	*unserved = whatif->unserved;
}

/* --- how often --- */

struct corridor_outage
whatif_together(struct corridor_outage a, struct corridor_outage b)
{
	return (struct corridor_outage){1 / (1 / a.hours + 1 / b.hours), a.down * b.down,
					a.down_low * b.down_low, a.down_high * b.down_high};
}

void
whatif_take_outage(struct corridor_consequence *out, struct corridor_outage outage)
{
	double (*hours)(double) = corridor_availability_downtime_h;
	out->outage = outage;
	out->gbit_hours = out->lost.value * outage.hours;
	out->gbit_hours_year = out->lost.value * hours(1 - outage.down);
	out->gbit_hours_year_low = out->lost.low * hours(1 - outage.down_low);
	out->gbit_hours_year_high = out->lost.high * hours(1 - outage.down_high);
}

/* --- what is cut --- */

/* Marks what a name takes away; returns how many segments that were open. */
static uint32_t
mark_one(bool *cut, const struct corridor_whatif *w, uint32_t segment)
{
	bool taken = !cut[segment] && whatif_is_open(w, segment);
	cut[segment] = true;
	return taken;
}

static uint32_t
mark(bool *cut, const struct corridor_whatif *w, struct corridor_named name)
{
	const struct corridor_graph *g = w->plan->graph;
	uint32_t taken = 0;
	if (name.index == HUB_NONE)
		return 0;
	if (name.kind == CORRIDOR_A_SEGMENT)
		return mark_one(cut, w, name.index);
	if (name.kind == CORRIDOR_A_SITE) {
		for (uint32_t i = g->first_arc[name.index]; i < g->first_arc[name.index + 1]; i++)
			taken += mark_one(cut, w, g->arcs[i].segment);
		return taken;
	}
	const struct corridor_relation *r = &w->plan->classes[name.kind];
	for (uint32_t i = r->first_segment[name.index]; i < r->first_segment[name.index + 1]; i++)
		taken += mark_one(cut, w, r->segments[i]);
	return taken;
}

/* Of segments, cables, groups and operators no site is a part. */
static void
mark_inside(struct corridor_whatif *w, struct corridor_named name)
{
	const struct hub *hub = w->plan->hub;
	if (name.index == HUB_NONE ||
	    (name.kind != CORRIDOR_A_SITE && name.kind != CORRIDOR_A_COUNTRY))
		return;
	if (name.kind == CORRIDOR_A_SITE) {
		w->inside[name.index] = true;
		return;
	}
	const char *code = w->plan->classes[CORRIDOR_A_COUNTRY].names[name.index];
	for (size_t i = 0; i < hub->site_count; i++)
		w->inside[i] |= strcmp(hub->sites[i].country.code, code) == 0;
}

uint32_t
whatif_mark(struct corridor_whatif *w, const struct corridor_named *names, size_t count)
{
	uint32_t closed = 0;
	memset(w->cut, 0, w->plan->hub->segment_count);
	memset(w->inside, 0, w->plan->hub->site_count);
	for (size_t i = 0; i < count; i++) {
		closed += mark(w->cut, w, names[i]);
		mark_inside(w, names[i]);
	}
	return closed;
}

/* --- what it does --- */

static double
ms_of(uint64_t cost)
{
	return cost == CORRIDOR_CLOSED ? NAN : corridor_round_trip_ms(corridor_cost_km(cost));
}

struct corridor_whatif_demand
corridor_whatif_demand(const struct corridor_whatif *whatif, uint32_t demand)
{
	assert(whatif && demand < whatif->plan->hub->demand_count);
	const struct whatif_corner *told = &whatif->laid[CORRIDOR_AS_TOLD];
	struct corridor_whatif_demand out = {
		.asked_bps = whatif_told(whatif)->demands[demand].bps,
		.before_bps = told->before_bps[demand],
		.after_bps = told->after->served_bps[demand],
		.before_ms = ms_of(whatif->before_cost[demand]),
		.after_ms = ms_of(told->after->best_cost[demand]),
		.delay = whatif->delay[demand],
	};
	if (isnan(out.before_ms) || isnan(out.after_ms))
		out.delay.ms = (struct corridor_range){NAN, NAN, NAN};
	for (int c = 0; c < CORRIDOR_CORNERS; c++) {
		const struct whatif_corner *laid = &whatif->laid[whatif->corners.like[c]];
		corridor_range_take(&out.lost_gbps, (enum corridor_outlook)c,
				    (double)corridor_less_bps(laid->before_bps[demand],
							      laid->after->served_bps[demand]) /
					    1e9);
	}
	return out;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void
take_loss(struct corridor_consequence *out, const struct corridor_whatif *w, uint32_t demand)
{
	const struct whatif_corner *told = &w->laid[CORRIDOR_AS_TOLD];
	uint64_t before = told->before_bps[demand], after = told->after->served_bps[demand];
	uint64_t lost = corridor_less_bps(before, after);
	out->gained_bps += corridor_less_bps(after, before);
	if (!lost)
		return;
	double share = (double)lost / (double)whatif_told(w)->demands[demand].bps;
	out->reduced++;
	out->lost_bps += lost;
	corridor_grounds_add(&out->lost, &w->corners.cases[CORRIDOR_AS_TOLD].gbps[demand], share);
}

enum { ON_BEFORE = 1, ON_AFTER = 2 };

static void
mark_way(uint8_t *on, const struct corridor_flow_way *way, const uint32_t *arcs, uint8_t which)
{
	for (uint32_t i = 0; i < way->count; i++)
		on[arcs[way->first + i] / 2] |= which;
}

/* Adds up the segments of a way that are on it alone. */
static void
add_alone(struct corridor_grounds *out, const struct corridor_whatif *w,
	  const struct corridor_flow_way *way, const uint32_t *arcs)
{
	for (uint32_t i = 0; i < way->count; i++) {
		uint32_t s = arcs[way->first + i] / 2;
		if (w->on[s] != (ON_BEFORE | ON_AFTER))
			corridor_grounds_add(out, &w->plan->segments[s].length_km, 1);
	}
}

/* How much longer the way of a demand is. What both ways have in common is as long in both. */
static struct corridor_delay
delay_of(struct corridor_whatif *w, uint32_t demand)
{
	const struct corridor_flow *flow = w->laid[CORRIDOR_AS_TOLD].after;
	const struct corridor_flow_way *before = &w->before[demand], *after = &flow->best[demand];
	struct corridor_grounds saved = {0}, more = {0};
	mark_way(w->on, before, w->before_arcs, ON_BEFORE);
	mark_way(w->on, after, flow->best_arcs, ON_AFTER);
	add_alone(&saved, w, before, w->before_arcs);
	add_alone(&more, w, after, flow->best_arcs);
	for (uint32_t i = 0; i < before->count; i++)
		w->on[w->before_arcs[before->first + i] / 2] = 0;
	for (uint32_t i = 0; i < after->count; i++)
		w->on[flow->best_arcs[after->first + i] / 2] = 0;
	double (*ms)(double) = corridor_round_trip_ms;
	double km = more.value + saved.value;
	return (struct corridor_delay){
		.slower = flow->best_cost[demand] > w->before_cost[demand],
		.ms = {ms(more.value - saved.value), ms(more.low - saved.high),
		       ms(more.high - saved.low)},
		.estimated = km > 0 ? (more.estimated + saved.estimated) / km : 0,
	};
}

/* The middle of what those are slowed down by who are, at one end of the bounds. */
static double
middle(struct corridor_whatif *w, size_t offset, size_t count)
{
	size_t half = count / 2, n = 0;
	for (uint32_t d = 0; d < w->plan->hub->demand_count; d++)
		if (w->delay[d].slower)
			w->slower[n++] = *(const double *)((const char *)&w->delay[d].ms + offset);
	qsort(w->slower, n, sizeof(*w->slower), ascending);
	assert(n == count);
	return count % 2 ? w->slower[half] : (w->slower[half - 1] + w->slower[half]) / 2;
}

static void
clamp(struct corridor_range *ms)
{
	ms->value = fmax(0, ms->value);
	ms->low = fmax(0, ms->low);
	ms->high = fmax(0, ms->high);
}

static void
take_ways(struct corridor_consequence *out, struct corridor_whatif *w)
{
	const struct whatif_corner *told = &w->laid[CORRIDOR_AS_TOLD];
	memset(w->delay, 0, w->plan->hub->demand_count * sizeof(*w->delay));
	for (uint32_t d = 0; d < w->plan->hub->demand_count; d++) {
		uint64_t before = w->before_cost[d], after = told->after->best_cost[d];
		if (after == CORRIDOR_CLOSED && before != CORRIDOR_CLOSED) {
			out->parted++;
			out->parted_bps += told->before_bps[d];
		}
		if (after == CORRIDOR_CLOSED || before == CORRIDOR_CLOSED || after == before)
			continue;
		w->delay[d] = delay_of(w, d);
		if (!w->delay[d].slower) {
			out->faster++;
			continue;
		}
		/* A cut shortens no shortest way, however long segments are. */
		clamp(&w->delay[d].ms);
		out->slower++;
		if (w->delay[d].ms.value > out->worst_ms.value) {
			out->worst_ms = w->delay[d].ms;
			out->worst = d;
		}
	}
	if (!out->slower)
		return;
	out->median_ms.value = middle(w, offsetof(struct corridor_range, value), out->slower);
	out->median_ms.low = middle(w, offsetof(struct corridor_range, low), out->slower);
	out->median_ms.high = middle(w, offsetof(struct corridor_range, high), out->slower);
}

static void
take_fullest(struct corridor_consequence *out, const struct corridor_whatif *w)
{
	const struct corridor_flow *after = w->laid[CORRIDOR_AS_TOLD].after;
	for (uint32_t arc = 0; arc < 2 * w->plan->hub->segment_count; arc++) {
		if (!after->load_bps[arc])
			continue;
		double use =
			(double)after->load_bps[arc] / (double)whatif_told(w)->capacity_bps[arc];
		if (use > out->utilisation) {
			out->utilisation = use;
			out->fullest = arc / 2;
		}
	}
	for (uint32_t s = 0; s < w->plan->hub->segment_count; s++) {
		bool used = after->load_bps[2 * s] || after->load_bps[2 * s + 1];
		out->used += used;
		out->assumed += used && w->plan->segments[s].assumed;
	}
}

void
whatif_consequence(struct corridor_consequence *out, struct corridor_whatif *w)
{
	*out = (struct corridor_consequence){.fullest = HUB_NONE,
					     .outage = CORRIDOR_OUTAGE_UNKNOWN};
	for (uint32_t d = 0; d < w->plan->hub->demand_count; d++)
		take_loss(out, w, d);
	take_ways(out, w);
	take_fullest(out, w);
}

int
whatif_lose(struct corridor_whatif *w, int corner)
{
	if (whatif_lay(w, corner, w->cut) < 0)
		return -1;
	const struct whatif_corner *laid = &w->laid[corner];
	struct whatif_loss all = {.unserved_bps = laid->after->asked_total_bps -
						  laid->after->served_total_bps};
	for (uint32_t d = 0; d < w->plan->hub->demand_count; d++) {
		const struct hub_demand *demand = &w->plan->hub->demands[d];
		uint64_t lost = corridor_less_bps(laid->before_bps[d], laid->after->served_bps[d]);
		all.lost_bps += lost;
		if (!w->inside[demand->from] && !w->inside[demand->to])
			all.passing_bps += lost;
	}
	w->losses[corner] = all;
	return 0;
}

void
whatif_take_losses(struct corridor_consequence *out, const struct corridor_whatif *w)
{
	struct corridor_range lost, unserved;
	for (int c = 0; c < CORRIDOR_CORNERS; c++) {
		const struct whatif_loss *loss = &w->losses[w->corners.like[c]];
		corridor_range_take(&lost, (enum corridor_outlook)c, (double)loss->lost_bps / 1e9);
		corridor_range_take(&out->passing, (enum corridor_outlook)c,
				    (double)loss->passing_bps / 1e9);
		corridor_range_take(&unserved, (enum corridor_outlook)c,
				    (double)loss->unserved_bps / 1e9);
	}
	/* Rounded once for all, not for each demand. */
	out->lost.value = lost.value;
	out->lost.low = lost.low;
	out->lost.high = lost.high;
	out->unserved = unserved;
}

int
corridor_whatif_cut(struct corridor_consequence *out, struct corridor_whatif *whatif,
		    const struct corridor_named *names, size_t count)
{
	assert(out && whatif && (names || count == 0));
	struct corridor_outage outage = CORRIDOR_OUTAGE_UNKNOWN;
	uint32_t closed = whatif_mark(whatif, names, count);
	for (size_t i = 0; i < count; i++) {
		struct corridor_outage one = CORRIDOR_OUTAGE_UNKNOWN;
		if (names[i].index != HUB_NONE)
			one = corridor_whatif_outage(whatif->plan, names[i]);
		outage = i ? whatif_together(outage, one) : one;
	}
	for (int c = 0; c < CORRIDOR_CORNERS; c++)
		if (whatif->laid[c].work && whatif_lose(whatif, c) < 0)
			return -1;
	whatif_consequence(out, whatif);
	whatif_take_losses(out, whatif);
	out->closed = closed;
	whatif_take_outage(out, outage);
	return 0;
}

bool
whatif_crosses(const struct corridor_whatif *whatif, const struct corridor_flow *flow,
	       const struct corridor_flow_way *way)
{
	for (uint32_t k = 0; k < way->count; k++)
		if (whatif->cut[flow->arcs[way->first + k] / 2])
			return true;
	return false;
}

/* What of a demand crosses the cut that has the ways from `from` up to `to`, and what of it stops: what
 * arrives over a second way all the same does not; room that is kept carries nothing. */
static uint64_t
stopped(uint64_t *crossing_bps, const struct corridor_whatif *whatif,
	const struct corridor_flow *flow, size_t from, size_t to)
{
	uint64_t crossing = 0, arriving = 0;
	for (size_t i = from; i < to; i++) {
		const struct corridor_flow_way *way = &flow->ways[i];
		if (way->role == CORRIDOR_WAY_WORKING && whatif_crosses(whatif, flow, way))
			crossing += way->bps;
		if (way->role == CORRIDOR_WAY_SECOND && !whatif_crosses(whatif, flow, way))
			arriving += way->bps;
	}
	*crossing_bps += crossing;
	return crossing > arriving ? crossing - arriving : 0;
}

/* What stops at one corner. 0, or -1 without memory. */
static int
carried_at(struct corridor_carried *out, uint64_t *stops_bps, struct corridor_whatif *whatif,
	   int corner)
{
	*out = (struct corridor_carried){0};
	memset(stops_bps, 0, whatif->plan->hub->demand_count * sizeof(*stops_bps));
	if (whatif_lay(whatif, corner, NULL) < 0)
		return -1;
	const struct corridor_flow *flow = whatif->laid[corner].after;
	for (size_t from = 0, to; from < flow->way_count; from = to) {
		uint32_t demand = flow->ways[from].demand;
		for (to = from; to < flow->way_count; to++)
			if (flow->ways[to].demand != demand)
				break;
		uint64_t bps = stopped(&out->crossing_bps, whatif, flow, from, to);
		stops_bps[demand] = bps;
		out->bps += bps;
		out->served_bps += bps ? flow->served_bps[demand] : 0;
	}
	return 0;
}

int
corridor_whatif_carried(struct corridor_carried *out, uint64_t *stops_bps,
			struct corridor_whatif *whatif, const struct corridor_named *names,
			size_t count)
{
	assert(out && stops_bps && whatif && (names || count == 0));
	struct corridor_carried at[CORRIDOR_CORNERS], told;
	whatif_mark(whatif, names, count);
	/* As told last, for what is left in `stops_bps`. */
	for (int c = CORRIDOR_CORNERS - 1; c >= 0; c--)
		if (whatif->laid[c].work && carried_at(&at[c], stops_bps, whatif, c) < 0)
			return -1;
	told = at[CORRIDOR_AS_TOLD];
	for (int c = 0; c < CORRIDOR_CORNERS; c++)
		corridor_range_take(&told.gbps, (enum corridor_outlook)c,
				    (double)at[whatif->corners.like[c]].bps / 1e9);
	*out = told;
	return 0;
}
