/* What the corridor gains when candidates are built: conditions of a set, and its outcome. */
#include "corridor/corridor_next.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_connected.h"
#include "corridor/corridor_corners.h"
#include "corridor/corridor_next_parts.h"
#include "corridor/corridor_search.h"

/* Three seconds a year, of the demands as a whole: time is better spent on the large ones. */
static const double gap = 1e-7, widest_gap = 1e-3;

const char *
corridor_gain_word(enum corridor_gain gain)
{
	static const char *const words[] = {
		[CORRIDOR_GAIN_AVAILABILITY] = "availability",
		[CORRIDOR_GAIN_TRAFFIC] = "traffic",
		[CORRIDOR_GAIN_LATENCY] = "latency",
		[CORRIDOR_GAIN_REVENUE] = "revenue",
		[CORRIDOR_GAIN_NPV] = "npv",
	};
	assert(gain < CORRIDOR_GAINS);
	return words[gain];
}

/* --- which segments --- */

static bool
has(const uint32_t *list, size_t count, uint32_t segment)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == segment)
			return true;
	return false;
}

static void
find_open(struct corridor_next *next)
{
	const struct hub *hub = next->ask.plan->hub;
	const struct corridor_conditions *c = next->ask.conditions;
	for (uint32_t i = 0; i < hub->candidate_count; i++) {
		const struct hub_candidate *candidate = &hub->candidates[i];
		size_t missing = 0;
		for (size_t k = 0; k < candidate->segment_count; k++) {
			uint32_t s = candidate->segments[k];
			bool there = next->ask.today->segments[s].there ||
				     (c && has(c->with, c->with_count, s));
			missing += !there;
			next->taken[s] |= !there;
		}
		if (missing)
			next->open[next->open_count++] = i;
	}
}

/* Those of the question, with the segments of a set and without those of all other candidates. */
static int
conditions_of(struct corridor_conditions *out, struct arena *arena,
	      const struct corridor_next *next, const uint32_t *set, size_t count)
{
	static const struct corridor_conditions none;
	const struct hub *hub = next->ask.plan->hub;
	*out = next->ask.conditions ? *next->ask.conditions : none;
	bool *built = arena_take(arena, hub->segment_count + 1);
	uint32_t *with =
		arena_take(arena, (out->with_count + hub->segment_count + 1) * sizeof(*with));
	uint32_t *without =
		arena_take(arena, (out->without_count + hub->segment_count + 1) * sizeof(*with));
	if (!built || !with || !without)
		return -1;
	if (out->with_count)
		memcpy(with, out->with, out->with_count * sizeof(*with));
	if (out->without_count)
		memcpy(without, out->without, out->without_count * sizeof(*without));
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < hub->candidates[set[i]].segment_count; k++)
			built[hub->candidates[set[i]].segments[k]] = true;
	for (uint32_t s = 0; s < hub->segment_count; s++) {
		if (built[s])
			with[out->with_count++] = s;
		else if (next->taken[s])
			without[out->without_count++] = s;
	}
	out->with = with;
	out->without = without;
	return 0;
}

/* --- flow --- */

struct weighing {
	struct corridor_next *next;
	struct arena *arena;
	struct corridor_conditions conditions;
	struct corridor_flow_case the_case; /* as told */
	struct corridor_outcome *out;
	const uint32_t *set;
	size_t count;
	struct corridor_next_depth depth;
};

static double
least(double a, double b)
{
	return b < a ? b : a;
}

static double
most(double a, double b)
{
	return b > a ? b : a;
}

/* What the flow of one corner brings. */
static int
take_flow(struct weighing *w, enum corridor_outlook corner,
	  const struct corridor_flow_instance *instance, const struct corridor_flow *flow)
{
	struct corridor_takings takings = {w->next->ask.plan, instance, flow,
					   w->next->taken,    w->set,   w->count};
	struct corridor_outcome *out = w->out;
	double poor_usd, poor_npv, rich_usd, rich_npv;
	out->served_gbps[corner] = (double)flow->served_total_bps / 1e9;
	if (corner == CORRIDOR_AS_TOLD) {
		out->asked_gbps = (double)flow->asked_total_bps / 1e9;
		if (corridor_deal_of(out, &takings) < 0)
			return -1;
	}
	if (!w->depth.ranges)
		return 0;
	if (corridor_deal_at(&poor_usd, &poor_npv, &takings, CORRIDOR_DEAL_POOR) < 0 ||
	    corridor_deal_at(&rich_usd, &rich_npv, &takings, CORRIDOR_DEAL_RICH) < 0)
		return -1;
	out->usd_a_year.low = least(out->usd_a_year.low, poor_usd);
	out->usd_a_year.high = most(out->usd_a_year.high, rich_usd);
	out->npv_usd.low = least(out->npv_usd.low, poor_npv);
	out->npv_usd.high = most(out->npv_usd.high, rich_npv);
	return 0;
}

/* The demands under some conditions. */
static struct corridor_flow_ask
flow_ask(const struct corridor_next *next, const struct corridor_conditions *conditions)
{
	return (struct corridor_flow_ask){
		.plan = next->ask.plan,
		.conditions = conditions,
		.measure = CORRIDOR_BY_PRICE,
		.now = next->ask.now,
		.batch = next->ask.batch,
	};
}

int
corridor_next_case(struct corridor_flow_case *out, struct arena *arena,
		   const struct corridor_next *next, const uint32_t *set, size_t count)
{
	struct corridor_conditions conditions;
	errno = ENOMEM;
	if (conditions_of(&conditions, arena, next, set, count) < 0)
		return -1;
	struct corridor_flow_ask ask = flow_ask(next, &conditions);
	return corridor_flow_case_of(out, arena, &ask, CORRIDOR_AS_TOLD);
}

int
corridor_next_lay(struct corridor_laid *out, struct arena *arena, const struct corridor_next *next,
		  const uint32_t *set, size_t count)
{
	if (corridor_next_case(&out->the_case, arena, next, set, count) < 0)
		return -1;
	out->flow = corridor_flow_cheapest(&out->work, &out->optimal, &out->the_case.instance);
	return out->flow ? 0 : -1;
}

static int
solve(struct weighing *w, enum corridor_outlook corner, const struct corridor_flow_instance *in)
{
	struct corridor_flow_work *work;
	const struct corridor_flow *flow = corridor_flow_cheapest(&work, &w->out->optimal, in);
	int result = flow ? take_flow(w, corner, in, flow) : -1;
	int error = errno;
	corridor_flow_free(work);
	errno = error;
	return result;
}

static int
lay(struct weighing *w)
{
	struct corridor_flow_ask flow = flow_ask(w->next, &w->conditions);
	struct corridor_corners corners;
	double *served = w->out->served_gbps;
	if (!w->depth.ranges) {
		for (int c = 0; c < CORRIDOR_CORNERS; c++)
			served[c] = NAN;
		return corridor_flow_case_of(&w->the_case, w->arena, &flow, CORRIDOR_AS_TOLD) < 0
			       ? -1
			       : solve(w, CORRIDOR_AS_TOLD, &w->the_case.instance);
	}
	if (corridor_corners_of(&corners, w->arena, &flow) < 0)
		return -1;
	for (int c = 0; c < CORRIDOR_CORNERS; c++) {
		enum corridor_outlook like = corners.like[c];
		if (like != (enum corridor_outlook)c)
			served[c] = served[like];
		else if (solve(w, like, &corners.cases[c].instance) < 0)
			return -1;
	}
	w->the_case = corners.cases[CORRIDOR_AS_TOLD];
	return 0;
}

/* --- ways --- */

/* How long the shortest ways are, weighed by traffic; with no set, which demands have one. */
static int
take_latency(struct weighing *w)
{
	const struct corridor_plan *plan = w->next->ask.plan;
	const struct corridor_flow_instance *in = &w->the_case.instance;
	uint64_t *cost = arena_take(w->arena, (plan->hub->segment_count + 1) * sizeof(*cost));
	struct corridor_search *search = cost ? corridor_search_new(plan->graph) : NULL;
	double ms = 0, gbps = 0;
	errno = ENOMEM;
	if (!search)
		return -1;
	for (size_t i = 0; i < in->demand_count; i++) {
		const struct corridor_flow_demand *d = &in->demands[i];
		double rate = (double)d->bps / 1e9;
		if (d->bps == 0)
			continue;
		for (uint32_t s = 0; s < plan->hub->segment_count; s++)
			cost[s] = in->cost[d->class][s] == CORRIDOR_CLOSED
					  ? CORRIDOR_CLOSED
					  : corridor_plan_cost(plan, s, CORRIDOR_BY_LENGTH);
		corridor_search_run(search, cost, d->from, d->to);
		uint64_t length = corridor_search_cost(search, d->to);
		if (length == CORRIDOR_CLOSED)
			continue;
		w->out->linked_gbps += rate;
		if (w->count == 0)
			w->next->linked[i] = true;
		if (!w->next->linked[i])
			continue;
		ms += rate * corridor_round_trip_ms(corridor_cost_km(length));
		gbps += rate;
	}
	corridor_search_free(search);
	w->out->ms = gbps > 0 ? ms / gbps : NAN;
	return 0;
}

/* Hours a year in which a demand has no way, and how far off that may be. 0, or -1. */
static int
find_down(struct corridor_range *out, struct weighing *w, const struct corridor_flow_demand *d,
	  bool *open)
{
	double mean = w->out->asked_gbps * 1e9 / (double)w->the_case.instance.demand_count;
	double enough = fmin(widest_gap, gap * fmax(1, mean / (double)d->bps));
	const struct corridor_plan *plan = w->next->ask.plan;
	const uint64_t *cost = w->the_case.instance.cost[d->class];
	struct corridor_connected connected;
	for (size_t s = 0; s < plan->hub->segment_count; s++)
		open[s] = cost[s] != CORRIDOR_CLOSED;
	if (corridor_connected(&connected, plan->graph, open, &plan->parts,
			       (struct corridor_ends){d->from, d->to}, enough) < 0)
		return -1;
	free(connected.blame);
	out->low = corridor_availability_downtime_h(connected.high);
	out->high = corridor_availability_downtime_h(connected.low);
	out->value = out->low + (out->high - out->low) / 2;
	return 0;
}

static bool
alike(const struct corridor_flow_demand *a, const struct corridor_flow_demand *b)
{
	return a->from == b->from && a->to == b->to && a->class == b->class;
}

static int
take_availability(struct weighing *w)
{
	const struct corridor_flow_instance *in = &w->the_case.instance;
	bool *open = arena_take(w->arena, w->next->ask.plan->hub->segment_count + 1);
	struct corridor_range *down = arena_take(w->arena, (in->demand_count + 1) * sizeof(*down));
	double sum = 0, error = 0, gbps = 0;
	errno = ENOMEM;
	if (!open || !down)
		return -1;
	for (size_t i = 0; i < in->demand_count; i++) {
		const struct corridor_flow_demand *d = &in->demands[i];
		if (d->bps == 0)
			continue;
		size_t same = 0;
		while (same < i && (!alike(&in->demands[same], d) || in->demands[same].bps == 0))
			same++;
		if (same < i)
			down[i] = down[same];
		else if (find_down(&down[i], w, d, open) < 0)
			return -1;
		double rate = (double)d->bps / 1e9;
		sum += down[i].value * rate;
		error += (down[i].high - down[i].value) * rate;
		gbps += rate;
	}
	w->out->down_h = gbps > 0 ? sum / gbps : NAN;
	w->out->down_error_h = gbps > 0 ? error / gbps : NAN;
	return 0;
}

/* --- the whole --- */

static void
take_costs(struct weighing *w)
{
	const struct hub *hub = w->next->ask.plan->hub;
	w->out->cost = (struct corridor_cost){0};
	for (size_t i = 0; i < w->count; i++) {
		struct corridor_cost one =
			corridor_candidate_cost(hub, &hub->candidates[w->set[i]]);
		corridor_cost_add(&w->out->cost, &one);
	}
}

int
corridor_next_weigh(struct corridor_outcome *out, struct corridor_next *next, const uint32_t *set,
		    size_t count, struct corridor_next_depth depth)
{
	assert(out && next && (set || count == 0) && count <= CORRIDOR_SET_MAX);
	struct corridor_outcome outcome = {.down_h = NAN};
	struct weighing w = {
		.next = next,
		.arena = arena_new(),
		.out = &outcome,
		.set = set,
		.count = count,
		.depth = depth,
	};
	errno = ENOMEM;
	int result = w.arena ? conditions_of(&w.conditions, w.arena, next, set, count) : -1;
	if (result == 0)
		result = lay(&w);
	if (result == 0)
		result = take_latency(&w);
	if (result == 0 && depth.availability)
		result = take_availability(&w);
	if (result == 0) {
		take_costs(&w);
		*out = outcome;
	}
	int error = errno;
	arena_free(w.arena);
	errno = error;
	return result;
}

struct corridor_next *
corridor_next_new(const struct corridor_next_ask *ask, struct corridor_next_depth depth)
{
	assert(ask && ask->plan && ask->today && ask->plan->hub == ask->today->hub);
	const struct hub *hub = ask->plan->hub;
	struct arena *arena = arena_new();
	struct corridor_next *next = arena ? arena_take(arena, sizeof(*next)) : NULL;
	errno = ENOMEM;
	if (!next) {
		arena_free(arena);
		return NULL;
	}
	*next = (struct corridor_next){
		.ask = *ask,
		.arena = arena,
		.taken = arena_take(arena, hub->segment_count + 1),
		.open = arena_take(arena, (hub->candidate_count + 1) * sizeof(*next->open)),
		.linked = arena_take(arena, hub->demand_count + 1),
	};
	int result = next->taken && next->open && next->linked ? 0 : -1;
	if (result == 0) {
		find_open(next);
		result = corridor_next_weigh(&next->base, next, NULL, 0, depth);
	}
	if (result < 0) {
		int error = errno;
		arena_free(arena);
		errno = error;
		return NULL;
	}
	return next;
}

void
corridor_next_free(struct corridor_next *next)
{
	if (next)
		arena_free(next->arena);
}

const uint32_t *
corridor_next_open(const struct corridor_next *next, size_t *count)
{
	*count = next->open_count;
	return next->open;
}

const struct corridor_outcome *
corridor_next_base(const struct corridor_next *next)
{
	return &next->base;
}

bool
corridor_next_overlap(const struct corridor_next *next, uint32_t a, uint32_t b)
{
	const struct hub_candidate *x = &next->ask.plan->hub->candidates[a];
	const struct hub_candidate *y = &next->ask.plan->hub->candidates[b];
	for (size_t i = 0; i < x->segment_count; i++)
		if (has(y->segments, y->segment_count, x->segments[i]))
			return true;
	return false;
}

static double
difference(double more, double less)
{
	double same = 1e-9 * fmax(fabs(more), fabs(less));
	return fabs(more - less) <= same ? 0 : more - less;
}

double
corridor_next_gain(enum corridor_gain gain, const struct corridor_outcome *with,
		   const struct corridor_outcome *without)
{
	double hours = without->down_h - with->down_h;
	switch (gain) {
	case CORRIDOR_GAIN_AVAILABILITY:
		return fabs(hours) <= without->down_error_h + with->down_error_h ? 0 : hours;
	case CORRIDOR_GAIN_TRAFFIC:
		return difference(with->served_gbps[CORRIDOR_AS_TOLD],
				  without->served_gbps[CORRIDOR_AS_TOLD]);
	case CORRIDOR_GAIN_LATENCY:
		return difference(without->ms, with->ms);
	case CORRIDOR_GAIN_REVENUE:
		return difference(with->usd_a_year.value, without->usd_a_year.value);
	case CORRIDOR_GAIN_NPV:
		return difference(with->npv_usd.value, without->npv_usd.value);
	case CORRIDOR_GAINS:
		break;
	}
	return NAN;
}

double
corridor_next_gain_at_worst(const struct corridor_outcome *with,
			    const struct corridor_outcome *without)
{
	return difference(with->served_gbps[CORRIDOR_AT_WORST],
			  without->served_gbps[CORRIDOR_AT_WORST]);
}
