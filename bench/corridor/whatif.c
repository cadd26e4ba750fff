/* How long what-ifs take on examples/silkroad: all distances from three sites under every pair of
 * groups of shared risk, what every pair of cuts does to the demands, how often two sites are
 * connected, reckoned and by 20,000 draws. Prints the best of several rounds; nothing passes or
 * fails. Run from the project's folder; whatif_networkx.py does the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock_io.h"
#include "corridor/corridor_connected.h"
#include "corridor/corridor_search.h"
#include "corridor/corridor_whatif.h"
#include "hub/hub_file_io.h"

enum { ROUNDS = 5, SOURCES = 3, DRAWS = 20000 };

struct bench {
	struct corridor_plan *plan;
	struct corridor_search *search;
	uint64_t *cost, *cut;
	bool *open;
	uint32_t sources[SOURCES];
	double km; /* all distances together */
};

static void
close_group(uint64_t *cost, const struct corridor_plan *plan, uint32_t group)
{
	const struct corridor_relation *r = &plan->classes[CORRIDOR_RISKS];
	for (uint32_t i = r->first_segment[group]; i < r->first_segment[group + 1]; i++)
		cost[r->segments[i]] = CORRIDOR_CLOSED;
}

static size_t
pairs_of_risks(struct bench *b)
{
	size_t groups = b->plan->classes[CORRIDOR_RISKS].count, count = 0;
	size_t size = b->plan->hub->segment_count * sizeof(*b->cut);
	b->km = 0;
	for (uint32_t x = 0; x < groups; x++) {
		for (uint32_t y = x + 1; y < groups; y++, count++) {
			memcpy(b->cut, b->cost, size);
			close_group(b->cut, b->plan, x);
			close_group(b->cut, b->plan, y);
			for (size_t i = 0; i < SOURCES; i++) {
				corridor_search_run(b->search, b->cut, b->sources[i], HUB_NONE);
				for (uint32_t s = 0; s < b->plan->hub->site_count; s++) {
					uint64_t cost = corridor_search_cost(b->search, s);
					b->km += cost == CORRIDOR_CLOSED ? 0
									 : corridor_cost_km(cost);
				}
			}
		}
	}
	return count;
}

static size_t
pairs_of_segments(struct bench *b)
{
	struct corridor_consequences all;
	struct arena *arena = arena_new();
	struct corridor_flow_ask ask = {.plan = b->plan, .now = b->plan->day.at};
	struct corridor_whatif *w = corridor_whatif_new(&ask);
	if (!arena || !w || corridor_whatif_all(&all, w, CORRIDOR_A_SEGMENT, true, arena) < 0)
		exit(1);
	size_t count = all.count;
	corridor_whatif_free(w);
	arena_free(arena);
	return count;
}

static size_t
reckoned(struct bench *b)
{
	struct corridor_connected c;
	struct corridor_ends ends = {b->sources[0], b->sources[1]};
	if (corridor_connected(&c, b->plan->graph, b->open, &b->plan->parts, ends, 1e-8) < 0)
		exit(1);
	free(c.blame);
	return c.states;
}

static size_t
drawn(struct bench *b)
{
	uint64_t connected;
	struct corridor_ends ends = {b->sources[0], b->sources[1]};
	if (corridor_connected_draw(&connected, b->plan->graph, b->open, &b->plan->parts, ends,
				    DRAWS, 1) < 0)
		exit(1);
	return DRAWS;
}

static void
report(struct bench *b, const char *what, size_t (*work)(struct bench *))
{
	int64_t best_us = INT64_MAX;
	size_t count = 0;
	for (int i = 0; i < ROUNDS; i++) {
		struct mono_us start = clock_mono();
		count = work(b);
		int64_t took_us = clock_mono().us - start.us;
		best_us = took_us < best_us ? took_us : best_us;
	}
	printf("%-48s %6zu  %9.3f ms  %8.3f us each\n", what, count, (double)best_us / 1e3,
	       (double)best_us / (double)count);
}

static struct bench
prepare(const struct hub *hub)
{
	static const char *const names[SOURCES] = {"KHI", "FRA", "ALA"};
	struct bench b = {.plan = corridor_plan_new(hub, (struct corridor_day){.at = clock_utc()}),
			  .cost = calloc(hub->segment_count, sizeof(*b.cost)),
			  .cut = calloc(hub->segment_count, sizeof(*b.cut)),
			  .open = calloc(hub->segment_count, sizeof(*b.open))};
	if (!b.plan || !b.cost || !b.cut || !b.open ||
	    !(b.search = corridor_search_new(b.plan->graph)))
		exit(1);
	corridor_plan_costs(b.cost, b.plan, NULL, CORRIDOR_BY_LENGTH);
	for (size_t s = 0; s < hub->segment_count; s++)
		b.open[s] = b.cost[s] != CORRIDOR_CLOSED;
	for (uint32_t i = 0; i < hub->site_count; i++)
		for (size_t k = 0; k < SOURCES; k++)
			if (strcmp(hub->sites[i].id, names[k]) == 0)
				b.sources[k] = i;
	return b;
}

int
main(void)
{
	struct hub_report complaints;
	struct hub *hub = hub_file_read("examples/silkroad.yaml", hub_file_disk(), &complaints);
	hub_report_fini(&complaints);
	if (!hub) {
		fprintf(stderr, "examples/silkroad.yaml cannot be read\n");
		return 1;
	}
	struct bench b = prepare(hub);
	printf("examples/silkroad: what if\n");
	report(&b, "  distances from 3 sites, pairs of risks", pairs_of_risks);
	printf("  all distances together: %.0f km\n", b.km);
	report(&b, "  what pairs of segments do to the demands", pairs_of_segments);
	report(&b, "  Karachi-Frankfurt connected, states reckoned", reckoned);
	report(&b, "  Karachi-Frankfurt connected, draws", drawn);
	corridor_search_free(b.search);
	corridor_plan_free(b.plan);
	free(b.cost);
	free(b.cut);
	free(b.open);
	hub_free(hub);
	return 0;
}
