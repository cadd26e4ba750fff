/* Small hubs for the tests, made by chance from a seed; and all simple ways of one. */
#pragma once

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "corridor/corridor_paths.h"
#include "corridor/corridor_plan.h"
#include "graphs.h"

enum { HUB_COUNTRIES = 5, HUB_GROUPS = 4, HUB_OPERATORS = 4, HUB_CABLES = 3, HUB_WAYS = 20000 };

struct test_hub {
	struct hub hub;
	struct arena *arena;
};

/* The plan of a hub on no day in particular. */
__attribute__((unused)) static struct corridor_plan *
plan_of(const struct hub *hub)
{
	struct corridor_plan *plan = corridor_plan_new(hub, (struct corridor_day){0});
	if (!plan)
		abort();
	return plan;
}

static const char *const hub_group_names[HUB_GROUPS] = {"DUCT", "SEA", "PASS", "STATION"};
static const char *const hub_country_codes[HUB_COUNTRIES] = {"AA", "BB", "CC", "DD", "EE"};
static const char *const hub_operator_names[HUB_OPERATORS] = {"Alpha", "Beta", "Gamma/Alpha",
							      "Delta"};

__attribute__((unused)) static void
segment_by_chance(struct test_hub *t, uint64_t *seed, struct hub_segment *s)
{
	s->id = arena_printf(t->arena, "S%zu", (size_t)(s - t->hub.segments));
	s->a = random_below(seed, (uint32_t)t->hub.site_count);
	s->b = random_below(seed, (uint32_t)t->hub.site_count);
	s->length_km = 1 + random_below(seed, 3000);
	s->great_circle_km = s->design_tbps = s->lit_tbps = NAN;
	s->length_from = (struct hub_basis){.low = NAN, .high = NAN};
	s->length_from.confidence = random_below(seed, 2) ? HUB_SEEN : HUB_ESTIMATED;
	s->usable = random_below(seed, 8) != 0;
	s->status = s->usable ? "in service" : "planned 2030";
	s->operators = hub_operator_names[random_below(seed, HUB_OPERATORS)];
	s->countries = arena_take(t->arena, 2 * sizeof(*s->countries));
	s->country_count = random_below(seed, 3);
	for (size_t i = 0; i < s->country_count; i++)
		memcpy(s->countries[i].code, hub_country_codes[random_below(seed, HUB_COUNTRIES)],
		       3);
	s->srlgs = arena_take(t->arena, sizeof(*s->srlgs));
	s->srlg_count = random_below(seed, 2);
	s->srlgs[0] = hub_group_names[random_below(seed, HUB_GROUPS)];
}

__attribute__((unused)) static struct test_hub
hub_by_chance(uint64_t *seed, size_t sites, size_t segments)
{
	struct test_hub t = {.arena = arena_new()};
	t.hub.corridor = (struct hub_corridor){.assumed_tbps = 1, .land_price = 1, .sea_price = 2};
	t.hub.sites = arena_take(t.arena, sites * sizeof(*t.hub.sites));
	t.hub.site_count = sites;
	for (size_t i = 0; i < sites; i++)
		t.hub.sites[i].id = arena_printf(t.arena, "P%zu", i);
	t.hub.segments = arena_take(t.arena, segments * sizeof(*t.hub.segments));
	t.hub.segment_count = segments;
	for (size_t i = 0; i < segments; i++)
		segment_by_chance(&t, seed, &t.hub.segments[i]);
	t.hub.cables = arena_take(t.arena, HUB_CABLES * sizeof(*t.hub.cables));
	t.hub.cable_count = HUB_CABLES;
	for (size_t c = 0; c < HUB_CABLES; c++) {
		struct hub_cable *cable = &t.hub.cables[c];
		cable->id = arena_printf(t.arena, "CABLE%zu", c);
		cable->segments = arena_take(t.arena, (segments + 1) * sizeof(uint32_t));
		for (size_t s = c; s < segments; s += 2 * HUB_CABLES)
			cable->segments[cable->segment_count++] = (uint32_t)s;
	}
	t.hub.risks = arena_take(t.arena, 5 * sizeof(*t.hub.risks));
	t.hub.risk_count = 5;
	for (size_t r = 0; r < 5; r++) {
		t.hub.risks[r] = (struct hub_risk){
			.id = r < 3 ? hub_group_names[r] : hub_country_codes[r],
			.kind = r < 3 ? HUB_RISK_SEA : HUB_RISK_COUNTRY,
			.per_year = random_below(seed, 4),
			.days = 1 + random_below(seed, 20),
			.basis = {.low = NAN, .high = NAN},
		};
	}
	return t;
}

/* Room for so many demands, all of them still to be filled. */
__attribute__((unused)) static void
test_demands(struct test_hub *t, size_t count)
{
	t->hub.demands = arena_take(t->arena, count * sizeof(*t->hub.demands));
	t->hub.demand_count = count;
}

/* The demand `i` of a hub: between any two sites, of `least` Gbit/s and up to `spread` more. */
__attribute__((unused)) static struct hub_demand
demand_by_chance(struct test_hub *t, uint64_t *seed, size_t i, uint32_t least, uint32_t spread)
{
	struct hub_demand d = {
		.id = arena_printf(t->arena, "D%zu", i),
		.split = true,
		.member = HUB_NONE,
		.price = NAN,
		.growth_percent = NAN,
		.basis = {.low = NAN, .high = NAN},
	};
	d.from = random_below(seed, (uint32_t)t->hub.site_count);
	d.to = random_below(seed, (uint32_t)t->hub.site_count);
	d.gbps = least + random_below(seed, spread);
	return d;
}

__attribute__((unused)) static void
test_hub_free(struct test_hub *t)
{
	arena_free(t->arena);
}

/* All simple ways between two sites over segments of which the cost is not CORRIDOR_CLOSED, by
 * trying. */
struct test_ways {
	const struct corridor_graph *graph;
	const uint64_t *cost;
	uint32_t to;
	bool been[64];
	uint32_t segments[64], sites[64];
	size_t length;
	struct corridor_path *ways;
	size_t count;
};

__attribute__((unused)) static void
test_ways_walk(struct test_ways *w, uint32_t at)
{
	w->sites[w->length] = at;
	if (at == w->to) {
		if (w->count == HUB_WAYS)
			abort();
		uint32_t *numbers = calloc(2 * w->length + 1, sizeof(*numbers));
		memcpy(numbers, w->segments, w->length * sizeof(*numbers));
		memcpy(numbers + w->length, w->sites, (w->length + 1) * sizeof(*numbers));
		struct corridor_path way = {0, w->length, numbers, numbers + w->length};
		for (size_t i = 0; i < w->length; i++)
			way.cost += w->cost[w->segments[i]];
		w->ways[w->count++] = way;
		return;
	}
	w->been[at] = true;
	for (uint32_t i = w->graph->first_arc[at]; i < w->graph->first_arc[at + 1]; i++) {
		struct corridor_arc arc = w->graph->arcs[i];
		if (w->been[arc.to] || w->cost[arc.segment] == CORRIDOR_CLOSED)
			continue;
		w->segments[w->length++] = arc.segment;
		test_ways_walk(w, arc.to);
		w->length--;
	}
	w->been[at] = false;
}

__attribute__((unused)) static struct test_ways
test_ways_of(const struct corridor_graph *graph, const uint64_t *cost, struct corridor_ends ends)
{
	struct test_ways w = {.graph = graph, .cost = cost, .to = ends.b};
	w.ways = calloc(HUB_WAYS, sizeof(*w.ways));
	test_ways_walk(&w, ends.a);
	return w;
}

__attribute__((unused)) static void
test_ways_free(struct test_ways *w)
{
	for (size_t i = 0; i < w->count; i++)
		free(w->ways[i].segments);
	free(w->ways);
}
