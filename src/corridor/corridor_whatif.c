/* What a cut does.
 *
 * Filling looks at some segments and not at others; without one at which it has not
 * looked it would have come to the same. So a pair of cuts, of which one takes nothing that the run
 * under the other has looked at, does what the other does alone: most pairs need no run. */
#include "corridor/corridor_whatif.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct corridor_whatif {
	const struct corridor_plan *plan;
	struct arena *arena;
	struct corridor_flow_case the_case;
	struct corridor_flow_work *work;
	const struct corridor_flow *after;  /* of the last cut; the workspace's */
	uint64_t *before_bps, *before_cost; /* of each demand, without a cut */
	bool *cut;                          /* segments of the last cut */
	double *slower;                     /* scratch: for each demand that is, by how much */
};

/* Lays all demands: 0, or -1 without memory. */
static int
lay(struct corridor_whatif *w, const bool *cut)
{
	w->after = corridor_flow_solve(w->work, CORRIDOR_FLOW_PRIORITY, cut);
	return w->after ? 0 : -1;
}

/* 0, or -1 and errno. */
static int
prepare(struct corridor_whatif *w, const struct corridor_flow_ask *ask)
{
	size_t demands = w->plan->hub->demand_count;
	errno = ENOMEM;
	w->before_bps = arena_take(w->arena, (demands + 1) * sizeof(*w->before_bps));
	w->before_cost = arena_take(w->arena, (demands + 1) * sizeof(*w->before_cost));
	w->slower = arena_take(w->arena, (demands + 1) * sizeof(*w->slower));
	w->cut = arena_take(w->arena, w->plan->hub->segment_count + 1);
	if (!w->before_bps || !w->before_cost || !w->slower || !w->cut ||
	    corridor_flow_case_of(&w->the_case, w->arena, ask, CORRIDOR_AS_TOLD) < 0)
		return -1;
	w->work = corridor_flow_new(&w->the_case.instance, UINT32_MAX);
	if (!w->work || lay(w, NULL) < 0)
		return -1;
	memcpy(w->before_bps, w->after->served_bps, demands * sizeof(*w->before_bps));
	memcpy(w->before_cost, w->after->best_cost, demands * sizeof(*w->before_cost));
	return 0;
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
	corridor_flow_free(whatif->work);
	arena_free(whatif->arena);
}

/* May a segment carry anything, before any cut? */
static bool
is_open(const struct corridor_whatif *w, uint32_t segment)
{
	return w->the_case.instance.cost[0][segment] != CORRIDOR_CLOSED;
}

static uint64_t
asked_bps(const struct corridor_whatif *w, uint32_t demand)
{
	return w->the_case.instance.demands[demand].bps;
}

/* --- how often --- */

/* All at once by chance: as long as the repairs overlap. */
static struct corridor_outage
outage_together(struct corridor_outage a, struct corridor_outage b)
{
	return (struct corridor_outage){1 / (1 / a.hours + 1 / b.hours), a.down * b.down,
					a.down_low * b.down_low, a.down_high * b.down_high};
}

static void
take_outage(struct corridor_consequence *out, struct corridor_outage outage)
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
	bool taken = !cut[segment] && is_open(w, segment);
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
	return (struct corridor_whatif_demand){
		.asked_bps = asked_bps(whatif, demand),
		.before_bps = whatif->before_bps[demand],
		.after_bps = whatif->after->served_bps[demand],
		.before_ms = ms_of(whatif->before_cost[demand]),
		.after_ms = ms_of(whatif->after->best_cost[demand]),
	};
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
	uint64_t before = w->before_bps[demand], after = w->after->served_bps[demand];
	if (after >= before) {
		out->gained_bps += after - before;
		return;
	}
	double share = (double)(before - after) / (double)asked_bps(w, demand);
	out->reduced++;
	out->lost_bps += before - after;
	corridor_grounds_add(&out->lost, &w->the_case.gbps[demand], share);
}

static void
take_ways(struct corridor_consequence *out, const struct corridor_whatif *w)
{
	for (uint32_t d = 0; d < w->plan->hub->demand_count; d++) {
		uint64_t before = w->before_cost[d], after = w->after->best_cost[d];
		if (after == CORRIDOR_CLOSED && before != CORRIDOR_CLOSED) {
			out->parted++;
			out->parted_bps += w->before_bps[d];
		}
		if (after == CORRIDOR_CLOSED || after <= before)
			continue;
		double more = ms_of(after) - ms_of(before);
		w->slower[out->slower++] = more;
		if (more > out->worst_ms) {
			out->worst_ms = more;
			out->worst = d;
		}
	}
	qsort(w->slower, out->slower, sizeof(*w->slower), ascending);
	size_t half = out->slower / 2;
	if (out->slower)
		out->median_ms = out->slower % 2 ? w->slower[half]
						 : (w->slower[half - 1] + w->slower[half]) / 2;
}

static void
take_fullest(struct corridor_consequence *out, const struct corridor_whatif *w)
{
	for (uint32_t arc = 0; arc < 2 * w->plan->hub->segment_count; arc++) {
		if (!w->after->load_bps[arc])
			continue;
		double use = (double)w->after->load_bps[arc] /
			     (double)w->the_case.instance.capacity_bps[arc];
		if (use > out->utilisation) {
			out->utilisation = use;
			out->fullest = arc / 2;
		}
	}
}

/* Of the segments in w->cut. 0, or -1 without memory. */
static int
run(struct corridor_consequence *out, struct corridor_whatif *w)
{
	*out = (struct corridor_consequence){.fullest = HUB_NONE,
					     .outage = CORRIDOR_OUTAGE_UNKNOWN};
	if (lay(w, w->cut) < 0)
		return -1;
	for (uint32_t d = 0; d < w->plan->hub->demand_count; d++)
		take_loss(out, w, d);
	take_ways(out, w);
	take_fullest(out, w);
	return 0;
}

int
corridor_whatif_cut(struct corridor_consequence *out, struct corridor_whatif *whatif,
		    const struct corridor_named *names, size_t count)
{
	assert(out && whatif && (names || count == 0));
	struct corridor_outage outage = CORRIDOR_OUTAGE_UNKNOWN;
	uint32_t closed = 0;
	memset(whatif->cut, 0, whatif->plan->hub->segment_count);
	for (size_t i = 0; i < count; i++) {
		struct corridor_outage one = CORRIDOR_OUTAGE_UNKNOWN;
		if (names[i].index != HUB_NONE)
			one = corridor_whatif_outage(whatif->plan, names[i]);
		closed += mark(whatif->cut, whatif, names[i]);
		outage = i ? outage_together(outage, one) : one;
	}
	if (run(out, whatif) < 0)
		return -1;
	out->closed = closed;
	take_outage(out, outage);
	return 0;
}

static bool
crosses(const struct corridor_whatif *whatif, const struct corridor_flow_way *way)
{
	for (uint32_t k = 0; k < way->count; k++)
		if (whatif->cut[whatif->after->arcs[way->first + k] / 2])
			return true;
	return false;
}

/* What of a demand stops that has the ways from `from` up to `to`. What arrives over a second way
 * all the same does not; room that is kept carries nothing. */
static uint64_t
stopped(const struct corridor_whatif *whatif, size_t from, size_t to)
{
	uint64_t crossing = 0, arriving = 0;
	for (size_t i = from; i < to; i++) {
		const struct corridor_flow_way *way = &whatif->after->ways[i];
		if (way->role == CORRIDOR_WAY_WORKING && crosses(whatif, way))
			crossing += way->bps;
		if (way->role == CORRIDOR_WAY_SECOND && !crosses(whatif, way))
			arriving += way->bps;
	}
	return crossing > arriving ? crossing - arriving : 0;
}

int
corridor_whatif_carried(struct corridor_carried *out, struct corridor_whatif *whatif,
			const struct corridor_named *names, size_t count)
{
	assert(out && whatif && (names || count == 0));
	memset(whatif->cut, 0, whatif->plan->hub->segment_count);
	for (size_t i = 0; i < count; i++)
		mark(whatif->cut, whatif, names[i]);
	*out = (struct corridor_carried){0};
	if (lay(whatif, NULL) < 0)
		return -1;
	for (size_t from = 0, to; from < whatif->after->way_count; from = to) {
		uint32_t demand = whatif->after->ways[from].demand;
		for (to = from; to < whatif->after->way_count; to++)
			if (whatif->after->ways[to].demand != demand)
				break;
		uint64_t bps = stopped(whatif, from, to);
		out->bps += bps;
		out->served_bps += bps ? whatif->after->served_bps[demand] : 0;
	}
	return 0;
}

/* --- all of a kind --- */

/* A name of the kind that takes something away. */
struct single {
	struct corridor_named name;
	struct corridor_outage outage;
	struct corridor_consequence does;
	bool *cut, *looked;
};

struct sweep {
	struct corridor_whatif *w;
	struct arena *arena; /* of singles */
	struct single *singles;
	size_t count;
};

static size_t
names_of_kind(const struct corridor_plan *plan, enum corridor_kind kind)
{
	return kind == CORRIDOR_A_SEGMENT ? plan->hub->segment_count
	       : kind == CORRIDOR_A_SITE  ? plan->hub->site_count
					  : plan->classes[kind].count;
}

static int
single_init(struct single *out, struct sweep *sweep, struct corridor_named name)
{
	struct corridor_whatif *w = sweep->w;
	size_t segments = w->plan->hub->segment_count;
	*out = (struct single){.name = name, .outage = corridor_whatif_outage(w->plan, name)};
	out->cut = arena_take(sweep->arena, segments + 1);
	out->looked = arena_take(sweep->arena, segments + 1);
	if (!out->cut || !out->looked || corridor_whatif_cut(&out->does, w, &name, 1) < 0)
		return -1;
	out->does.cut[0] = name;
	out->does.names = 1;
	memcpy(out->cut, w->cut, segments);
	memcpy(out->looked, w->after->looked, segments);
	return 0;
}

static int
take_singles(struct sweep *sweep, enum corridor_kind kind)
{
	size_t count = names_of_kind(sweep->w->plan, kind);
	sweep->singles = arena_take(sweep->arena, (count + 1) * sizeof(*sweep->singles));
	if (!sweep->singles)
		return -1;
	for (uint32_t i = 0; i < count; i++) {
		struct single *s = &sweep->singles[sweep->count];
		if (single_init(s, sweep, (struct corridor_named){kind, i}) < 0)
			return -1;
		sweep->count += s->does.closed > 0;
	}
	return 0;
}

static bool
touches(const struct single *cut, const struct single *run, size_t segments)
{
	for (size_t i = 0; i < segments; i++)
		if (cut->cut[i] && run->looked[i])
			return true;
	return false;
}

/* 0, or -1 without memory. */
static int
take_pair(struct corridor_consequence *out, struct sweep *sweep, const struct single *a,
	  const struct single *b)
{
	struct corridor_whatif *w = sweep->w;
	size_t segments = w->plan->hub->segment_count;
	uint32_t closed = 0;
	for (uint32_t i = 0; i < segments; i++) {
		w->cut[i] = a->cut[i] || b->cut[i];
		closed += w->cut[i] && is_open(w, i);
	}
	if (!touches(b, a, segments))
		*out = a->does;
	else if (!touches(a, b, segments))
		*out = b->does;
	else if (run(out, w) < 0)
		return -1;
	out->cut[0] = a->name;
	out->cut[1] = b->name;
	out->names = 2;
	out->closed = closed;
	take_outage(out, outage_together(a->outage, b->outage));
	return 0;
}

static int
worse_first(const void *left, const void *right)
{
	const struct corridor_consequence *a = left, *b = right;
	if (a->lost_bps != b->lost_bps)
		return a->lost_bps > b->lost_bps ? -1 : 1;
	if (a->slower != b->slower)
		return a->slower > b->slower ? -1 : 1;
	if (a->worst_ms != b->worst_ms)
		return a->worst_ms > b->worst_ms ? -1 : 1;
	for (size_t i = 0; i < a->names; i++)
		if (a->cut[i].index != b->cut[i].index)
			return a->cut[i].index < b->cut[i].index ? -1 : 1;
	return 0;
}

static int
sweep_all(struct corridor_consequences *out, struct sweep *sweep, bool pairs, struct arena *arena)
{
	size_t n = sweep->count, count = pairs ? n * (n - (n > 0)) / 2 : n;
	if (pairs && n > CORRIDOR_WHATIF_PAIRED_MAX) {
		errno = E2BIG;
		return -1;
	}
	*out = (struct corridor_consequences){
		.all = arena_take(arena, (count + 1) * sizeof(*out->all))};
	if (!out->all) {
		errno = ENOMEM;
		return -1;
	}
	for (size_t a = 0; a < n; a++) {
		if (!pairs)
			out->all[out->count++] = sweep->singles[a].does;
		for (size_t b = a + 1; pairs && b < n; b++)
			if (take_pair(&out->all[out->count++], sweep, &sweep->singles[a],
				      &sweep->singles[b]) < 0)
				return -1;
	}
	for (size_t i = 0; i < out->count; i++)
		out->harmless += out->all[i].lost_bps == 0 && out->all[i].slower == 0;
	qsort(out->all, out->count, sizeof(*out->all), worse_first);
	return 0;
}

int
corridor_whatif_all(struct corridor_consequences *out, struct corridor_whatif *whatif,
		    enum corridor_kind kind, bool pairs, struct arena *arena)
{
	assert(out && whatif && kind < CORRIDOR_KINDS && arena);
	struct sweep sweep = {.w = whatif, .arena = arena_new()};
	int result = sweep.arena ? take_singles(&sweep, kind) : -1;
	if (result < 0)
		errno = ENOMEM;
	else
		result = sweep_all(out, &sweep, pairs, arena);
	int failed = errno;
	arena_free(sweep.arena);
	errno = failed;
	return result;
}

/* --- in which order to mend --- */

struct mending {
	struct corridor_whatif *w;
	const struct corridor_named *names;
	size_t count;
	struct corridor_named *left; /* scratch */
	double *hours;               /* of each name */
};

/* Gbit/s lost as long as those of `names` are down that are not mended; NAN without memory. */
static double
lost_without(struct mending *m, const bool *mended)
{
	struct corridor_consequence c;
	size_t count = 0;
	for (size_t i = 0; i < m->count; i++)
		if (!mended[i])
			m->left[count++] = m->names[i];
	if (corridor_whatif_cut(&c, m->w, m->left, count) < 0)
		return NAN;
	return (double)c.lost_bps / 1e9;
}

/* The best of all orders: for each set that is mended first, the least that can be lost until it
 * is, from the sets with one less. */
static int
order_best(uint32_t *order, double *gbit_hours, struct mending *m)
{
	enum { SETS = 1 << CORRIDOR_WHATIF_ORDER_MAX };
	double least[SETS];
	uint32_t last[SETS] = {0};
	size_t sets = (size_t)1 << m->count;
	least[0] = 0;
	for (size_t set = 1; set < sets; set++)
		least[set] = INFINITY;
	for (size_t set = 0; set + 1 < sets; set++) {
		bool mended[CORRIDOR_WHATIF_ORDER_MAX] = {0};
		for (size_t i = 0; i < m->count; i++)
			mended[i] = set >> i & 1;
		double lost = lost_without(m, mended);
		if (isnan(lost))
			return -1;
		for (uint32_t i = 0; i < m->count; i++) {
			double then = least[set] + lost * m->hours[i];
			size_t next = set | (size_t)1 << i;
			if (mended[i] || then >= least[next])
				continue;
			least[next] = then;
			last[next] = i;
		}
	}
	*gbit_hours = least[sets - 1];
	for (size_t at = m->count, set = sets - 1; at > 0; set ^= (size_t)1 << order[at])
		order[--at] = last[set];
	return 0;
}

static int
order_greedy(uint32_t *order, double *gbit_hours, struct mending *m, bool *mended)
{
	double lost = lost_without(m, mended);
	*gbit_hours = 0;
	for (size_t at = 0; at < m->count && !isnan(lost); at++) {
		double best = -1, best_lost = lost;
		for (uint32_t i = 0; i < m->count; i++) {
			if (mended[i])
				continue;
			mended[i] = true;
			double then = lost_without(m, mended);
			mended[i] = false;
			if (isnan(then))
				return -1;
			double rate = (lost > then ? lost - then : 0) / m->hours[i];
			if (rate <= best)
				continue;
			best = rate;
			best_lost = then;
			order[at] = i;
		}
		*gbit_hours += lost * m->hours[order[at]];
		lost = best_lost;
		mended[order[at]] = true;
	}
	return isnan(lost) ? -1 : 0;
}

int
corridor_whatif_order(uint32_t *order, double *gbit_hours, struct corridor_whatif *whatif,
		      const struct corridor_named *names, size_t count)
{
	assert(order && gbit_hours && whatif && names && count > 0);
	struct mending m = {.w = whatif, .names = names, .count = count};
	struct arena *arena = arena_new();
	bool *mended = arena ? arena_take(arena, count) : NULL;
	m.left = arena ? arena_take(arena, count * sizeof(*m.left)) : NULL;
	m.hours = arena ? arena_take(arena, count * sizeof(*m.hours)) : NULL;
	int failed = mended && m.left && m.hours ? 0 : ENOMEM;
	for (size_t i = 0; i < count && !failed; i++) {
		m.hours[i] = names[i].index == HUB_NONE
				     ? NAN
				     : corridor_whatif_outage(whatif->plan, names[i]).hours;
		failed = m.hours[i] > 0 ? 0 : EDOM;
	}
	if (!failed &&
	    (count <= CORRIDOR_WHATIF_ORDER_MAX ? order_best(order, gbit_hours, &m)
						: order_greedy(order, gbit_hours, &m, mended)) < 0)
		failed = ENOMEM;
	arena_free(arena);
	errno = failed;
	return failed ? -1 : 0;
}
