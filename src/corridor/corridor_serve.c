/* The demands of a hub laid on a plan. */
#include "corridor/corridor_serve.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "corridor/corridor_search.h"

/* The arcs that a demand fills at present. */
struct filling {
	uint32_t demand;
	uint32_t *arcs; /* room for one into each site */
	size_t count;
	bool growing;
	bool crosses; /* a watched segment */
};

struct corridor_serve {
	const struct corridor_plan *plan;
	struct arena *arena;
	struct corridor_search *search;
	uint64_t *asked_bps;      /* of each demand */
	const uint64_t **costs;   /* of each demand: closed where it may not go */
	uint64_t *open;           /* costs without what single demands avoid */
	uint64_t *cost;           /* of one search */
	struct filling *fillings; /* of demands that ask for something, by priority */
	size_t filling_count;
	uint32_t *users;     /* of each arc: fillings that grow over it */
	bool *full;          /* arcs */
	const bool *watched; /* segments, or NULL */
	struct corridor_service service;
};

static uint64_t
rate_of(const struct hub *hub, uint32_t index, double years)
{
	const struct hub_demand *demand = &hub->demands[index];
	double percent = isnan(demand->growth_percent) ? hub->corridor.growth_percent
						       : demand->growth_percent;
	double gbps = demand->gbps * pow(1 + percent / 100, years);
	/* As much as no cable carries is no demand. */
	return gbps > 0 && gbps < 1e9 ? (uint64_t)(gbps * 1e9 + 0.5) : 0;
}

/* What a demand may not cross is closed for it alone. */
static int
take_costs(struct corridor_serve *s, uint32_t demand)
{
	const struct hub_demand *d = &s->plan->hub->demands[demand];
	size_t size = s->plan->graph->segment_count * sizeof(*s->open);
	const struct corridor_relation *r = &s->plan->classes[CORRIDOR_COUNTRIES];
	s->costs[demand] = s->open;
	if (d->avoid_count == 0)
		return 0;
	uint64_t *own = arena_take(s->arena, size + 1);
	if (!own)
		return -1;
	memcpy(own, s->open, size);
	for (size_t i = 0; i < d->avoid_count; i++) {
		uint32_t name = corridor_plan_name(s->plan, CORRIDOR_COUNTRIES, d->avoid[i].code);
		if (name == HUB_NONE)
			continue;
		for (uint32_t k = r->first_segment[name]; k < r->first_segment[name + 1]; k++)
			own[r->segments[k]] = CORRIDOR_CLOSED;
	}
	s->costs[demand] = own;
	return 0;
}

static int
take_demands(struct corridor_serve *s, double years)
{
	const struct hub *hub = s->plan->hub;
	for (uint32_t i = 0; i < hub->demand_count; i++) {
		s->asked_bps[i] = rate_of(hub, i, years);
		if (take_costs(s, i) < 0)
			return -1;
		if (!s->asked_bps[i])
			continue;
		/* In the order of the file among equals. */
		size_t at = s->filling_count++;
		while (at > 0 && hub->demands[s->fillings[at - 1].demand].priority >
					 hub->demands[i].priority) {
			s->fillings[at] = s->fillings[at - 1];
			at--;
		}
		s->fillings[at] = (struct filling){
			.demand = i,
			.arcs = arena_take(s->arena,
					   (s->plan->graph->site_count + 1) * sizeof(uint32_t)),
		};
		if (!s->fillings[at].arcs)
			return -1;
	}
	return 0;
}

static int
prepare(struct corridor_serve *s, const struct corridor_conditions *conditions, double years)
{
	size_t segments = s->plan->graph->segment_count + 1;
	size_t demands = s->plan->hub->demand_count + 1;
	struct corridor_service *out = &s->service;
	s->search = corridor_search_new(s->plan->graph);
	s->asked_bps = arena_take(s->arena, demands * sizeof(*s->asked_bps));
	s->costs = arena_take(s->arena, demands * sizeof(*s->costs));
	s->open = arena_take(s->arena, segments * sizeof(*s->open));
	s->cost = arena_take(s->arena, segments * sizeof(*s->cost));
	s->fillings = arena_take(s->arena, demands * sizeof(*s->fillings));
	s->users = arena_take(s->arena, 2 * segments * sizeof(*s->users));
	s->full = arena_take(s->arena, 2 * segments * sizeof(*s->full));
	out->served_bps = arena_take(s->arena, demands * sizeof(*out->served_bps));
	out->best_cost = arena_take(s->arena, demands * sizeof(*out->best_cost));
	out->load_bps = arena_take(s->arena, 2 * segments * sizeof(*out->load_bps));
	out->crossed_bps = arena_take(s->arena, demands * sizeof(*out->crossed_bps));
	out->looked = arena_take(s->arena, segments * sizeof(*out->looked));
	if (!s->search || !s->asked_bps || !s->costs || !s->open || !s->cost || !s->fillings ||
	    !s->users || !s->full || !out->served_bps || !out->best_cost || !out->load_bps ||
	    !out->crossed_bps || !out->looked)
		return -1;
	corridor_plan_costs(s->open, s->plan, conditions, CORRIDOR_BY_LENGTH);
	return take_demands(s, years);
}

struct corridor_serve *
corridor_serve_new(const struct corridor_plan *plan, const struct corridor_conditions *conditions,
		   double years)
{
	assert(plan);
	struct arena *arena = arena_new();
	struct corridor_serve *serve = arena ? arena_take(arena, sizeof(*serve)) : NULL;
	if (!serve) {
		arena_free(arena);
		return NULL;
	}
	*serve = (struct corridor_serve){.plan = plan, .arena = arena};
	if (prepare(serve, conditions, years) == 0)
		return serve;
	corridor_serve_free(serve);
	return NULL;
}

void
corridor_serve_free(struct corridor_serve *serve)
{
	if (!serve)
		return;
	corridor_search_free(serve->search);
	arena_free(serve->arena);
}

uint64_t
corridor_serve_asked_bps(const struct corridor_serve *serve, uint32_t demand)
{
	return serve->asked_bps[demand];
}

bool
corridor_serve_open(const struct corridor_serve *serve, uint32_t segment)
{
	return serve->open[segment] != CORRIDOR_CLOSED;
}

static uint64_t
room_of(const struct corridor_serve *s, uint32_t arc)
{
	return s->plan->segments[arc / 2].capacity_bps - s->service.load_bps[arc];
}

/* Takes the way that was found; false if some of it is full, which is closed for the next search. */
static bool
take_way(struct corridor_serve *s, struct filling *f)
{
	const struct hub_demand *d = &s->plan->hub->demands[f->demand];
	bool free_all_along = true;
	f->count = 0;
	f->crosses = false;
	for (uint32_t at = d->to; at != d->from; at = corridor_search_before(s->search, at)) {
		uint32_t segment = corridor_search_segment(s->search, at);
		uint32_t arc = 2 * segment + (s->plan->graph->ends[segment].b != at);
		s->service.looked[segment] = true;
		f->crosses |= s->watched && s->watched[segment];
		f->arcs[f->count++] = arc;
		if (s->full[arc]) {
			s->cost[segment] = CORRIDOR_CLOSED;
			free_all_along = false;
		}
	}
	return free_all_along;
}

/* The shortest way with room. `first`: that of the demand's first search is its best. */
static bool
find_way(struct corridor_serve *s, struct filling *f, const bool *cut, bool first)
{
	const struct hub_demand *d = &s->plan->hub->demands[f->demand];
	size_t segments = s->plan->graph->segment_count;
	memcpy(s->cost, s->costs[f->demand], segments * sizeof(*s->cost));
	for (size_t i = 0; cut && i < segments; i++)
		if (cut[i])
			s->cost[i] = CORRIDOR_CLOSED;
	for (;;) {
		corridor_search_run(s->search, s->cost, d->from, d->to);
		uint64_t cost = corridor_search_cost(s->search, d->to);
		if (first)
			s->service.best_cost[f->demand] = cost;
		first = false;
		if (cost == CORRIDOR_CLOSED)
			return false;
		if (take_way(s, f))
			return true;
	}
}

/* By how much all can grow until one has what it asks for, or a segment is full. */
static uint64_t
largest_step(struct corridor_serve *s, const struct filling *from, const struct filling *to)
{
	uint64_t step = UINT64_MAX;
	for (const struct filling *f = from; f < to; f++)
		for (size_t i = 0; i < f->count; i++)
			s->users[f->arcs[i]] = 0;
	for (const struct filling *f = from; f < to; f++)
		for (size_t i = 0; f->growing && i < f->count; i++)
			s->users[f->arcs[i]]++;
	for (const struct filling *f = from; f < to; f++) {
		if (!f->growing)
			continue;
		uint64_t left = s->asked_bps[f->demand] - s->service.served_bps[f->demand];
		step = left < step ? left : step;
		for (size_t i = 0; i < f->count; i++) {
			uint64_t share = room_of(s, f->arcs[i]) / s->users[f->arcs[i]];
			step = share < step ? share : step;
		}
	}
	return step;
}

static void
grow(struct corridor_serve *s, struct filling *from, const struct filling *to, uint64_t step)
{
	for (struct filling *f = from; f < to; f++) {
		if (!f->growing)
			continue;
		s->service.served_bps[f->demand] += step;
		s->service.crossed_bps[f->demand] += f->crosses ? step : 0;
		for (size_t i = 0; i < f->count; i++)
			s->service.load_bps[f->arcs[i]] += step;
	}
	for (struct filling *f = from; f < to; f++)
		for (size_t i = 0; f->growing && i < f->count; i++)
			s->full[f->arcs[i]] |= room_of(s, f->arcs[i]) < s->users[f->arcs[i]];
}

static bool
has_full(const struct corridor_serve *s, const struct filling *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (s->full[f->arcs[i]])
			return true;
	return false;
}

/* Fills those of one priority. Every round one of them is done or a segment is full. */
static void
fill(struct corridor_serve *s, struct filling *from, const struct filling *to, const bool *cut)
{
	size_t growing = 0;
	for (struct filling *f = from; f < to; f++)
		growing += f->growing = find_way(s, f, cut, true);
	while (growing) {
		grow(s, from, to, largest_step(s, from, to));
		for (struct filling *f = from; f < to; f++) {
			if (!f->growing)
				continue;
			if (s->service.served_bps[f->demand] == s->asked_bps[f->demand])
				f->growing = false;
			else if (has_full(s, f))
				f->growing = find_way(s, f, cut, false);
			growing -= !f->growing;
		}
	}
}

void
corridor_serve_watch(struct corridor_serve *serve, const bool *segments)
{
	serve->watched = segments;
}

const struct corridor_service *
corridor_serve_run(struct corridor_serve *serve, const bool *cut)
{
	assert(serve);
	const struct hub *hub = serve->plan->hub;
	struct corridor_service *out = &serve->service;
	memset(out->served_bps, 0, hub->demand_count * sizeof(*out->served_bps));
	memset(out->crossed_bps, 0, hub->demand_count * sizeof(*out->crossed_bps));
	memset(out->looked, 0, hub->segment_count * sizeof(*out->looked));
	memset(out->load_bps, 0, 2 * hub->segment_count * sizeof(*out->load_bps));
	memset(serve->full, 0, 2 * hub->segment_count * sizeof(*serve->full));
	for (size_t i = 0; i < hub->demand_count; i++)
		out->best_cost[i] = CORRIDOR_CLOSED;
	for (size_t first = 0, next; first < serve->filling_count; first = next) {
		uint32_t priority = hub->demands[serve->fillings[first].demand].priority;
		next = first;
		while (next < serve->filling_count &&
		       hub->demands[serve->fillings[next].demand].priority == priority)
			next++;
		fill(serve, &serve->fillings[first], &serve->fillings[next], cut);
	}
	return out;
}
