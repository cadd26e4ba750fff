/* What parts small hubs, against taking everything away in turn; and the reference answers. */
#include "corridor/corridor_cuts.h"

#include "corridor/corridor_search.h"
#include "hubs.h"
#include "tap.h"

enum { HUBS = 300, SITES = 9, SEGMENTS = 12 };

/* How many ordered pairs of sites reach each other without a segment, or without a site. */
static size_t
reached(const struct corridor_graph *g, uint64_t *cost, uint32_t segment, uint32_t without)
{
	struct corridor_search *search = corridor_search_new(g);
	uint64_t kept = segment == HUB_NONE ? 0 : cost[segment];
	size_t count = 0;
	if (segment != HUB_NONE)
		cost[segment] = CORRIDOR_CLOSED;
	for (uint32_t i = 0; i < g->site_count; i++) {
		if (i == without)
			continue;
		corridor_search_reset(search);
		if (without != HUB_NONE)
			corridor_search_close(search, without);
		corridor_search_go(search, cost, i, HUB_NONE);
		for (uint32_t k = 0; k < g->site_count; k++)
			count += k != without && k != i &&
				 corridor_search_cost(search, k) != CORRIDOR_CLOSED;
	}
	if (segment != HUB_NONE)
		cost[segment] = kept;
	corridor_search_free(search);
	return count;
}

/* The ordered pairs that need the site only as an end. */
static size_t
pairs_with(const struct corridor_graph *g, const uint64_t *cost, uint32_t site)
{
	struct corridor_search *search = corridor_search_new(g);
	size_t count = 0;
	corridor_search_run(search, cost, site, HUB_NONE);
	for (uint32_t k = 0; k < g->site_count; k++)
		count += k != site && corridor_search_cost(search, k) != CORRIDOR_CLOSED;
	corridor_search_free(search);
	return 2 * count;
}

static void
single(void)
{
	uint64_t seed = 9;
	unsigned segments_right = 0, sites_right = 0, bridges = 0, articulations = 0;
	for (int n = 0; n < HUBS; n++) {
		struct test_graph g = graph_by_chance(&seed, SITES, SEGMENTS, 10);
		bool segments[SEGMENTS], sites[SITES];
		if (corridor_cuts_single(segments, sites, g.graph, g.cost) < 0)
			abort();
		size_t all = reached(g.graph, g.cost, HUB_NONE, HUB_NONE);
		for (uint32_t i = 0; i < SEGMENTS; i++) {
			segments_right +=
				segments[i] == (reached(g.graph, g.cost, i, HUB_NONE) < all);
			bridges += segments[i];
		}
		for (uint32_t i = 0; i < SITES; i++) {
			size_t others = all - pairs_with(g.graph, g.cost, i);
			sites_right += sites[i] == (reached(g.graph, g.cost, HUB_NONE, i) < others);
			articulations += sites[i];
		}
		test_graph_free(&g);
	}
	ok(bridges > 100 && articulations > 100, "%u bridges, %u articulations", bridges,
	   articulations);
	is_int(segments_right, HUBS * SEGMENTS,
	       "a segment is told when without it some sites do not reach others");
	is_int(sites_right, HUBS * SITES, "and a site too");
}

/* The fewest names that hit all ways, by trying all sets of them; SIZE_MAX if none does. */
/* Is it the country of one of the ends? Nobody gets past that. */
static bool
is_of_ends(const struct corridor_plan *plan, struct corridor_ends ends, enum corridor_class class,
	   uint32_t name)
{
	const struct hub_site *sites = plan->hub->sites;
	return class == CORRIDOR_COUNTRIES &&
	       (corridor_plan_name(plan, class, sites[ends.a].country.code) == name ||
		corridor_plan_name(plan, class, sites[ends.b].country.code) == name);
}

static size_t
fewest(const struct corridor_plan *plan, const uint64_t *cost, struct corridor_ends ends,
       enum corridor_class class)
{
	const struct corridor_relation *r = &plan->classes[class];
	struct corridor_search *search = corridor_search_new(plan->graph);
	size_t best = SIZE_MAX;
	uint32_t aside = 0;
	for (uint32_t name = 0; name < r->count; name++)
		aside |= (uint32_t)is_of_ends(plan, ends, class, name) << name;
	for (uint32_t set = 0; set < 1u << r->count; set++) {
		uint64_t left[SEGMENTS];
		if (set & aside)
			continue;
		memcpy(left, cost, sizeof(left));
		for (uint32_t s = 0; s < SEGMENTS; s++)
			for (uint32_t k = r->first[s]; k < r->first[s + 1]; k++)
				if (set & 1u << r->of[k])
					left[s] = CORRIDOR_CLOSED;
		corridor_search_run(search, left, ends.a, ends.b);
		size_t count = (size_t)__builtin_popcount(set);
		if (corridor_search_cost(search, ends.b) == CORRIDOR_CLOSED && count < best)
			best = count;
	}
	corridor_search_free(search);
	return best;
}

static bool
parts(const struct corridor_plan *plan, const uint64_t *cost, struct corridor_ends ends,
      enum corridor_class class, const struct corridor_name_cut *cut)
{
	struct corridor_search *search = corridor_search_new(plan->graph);
	uint64_t left[SEGMENTS];
	memcpy(left, cost, sizeof(left));
	for (uint32_t s = 0; s < SEGMENTS; s++)
		for (size_t i = 0; i < cut->count; i++)
			if (corridor_plan_has(plan, class, s, cut->names[i]))
				left[s] = CORRIDOR_CLOSED;
	corridor_search_run(search, left, ends.a, ends.b);
	bool parted = corridor_search_cost(search, ends.b) == CORRIDOR_CLOSED;
	corridor_search_free(search);
	return parted;
}

static void
names(void)
{
	uint64_t seed = 21;
	unsigned right = 0, questions = 0, possible = 0;
	for (int n = 0; n < HUBS; n++) {
		struct test_hub h = hub_by_chance(&seed, SITES, SEGMENTS);
		struct corridor_ends ends = {0, SITES - 1};
		if (n % 3 != 0)
			h.hub.sites[ends.a].country = (struct country){"AA"};
		if (n % 3 != 1)
			h.hub.sites[ends.b].country = (struct country){"BB"};
		struct corridor_plan *plan = plan_of(&h.hub);
		uint64_t cost[SEGMENTS];
		corridor_plan_costs(cost, plan, NULL, CORRIDOR_BY_LENGTH);
		for (int class = 0; class < CORRIDOR_CLASSES; class ++, questions++) {
			struct corridor_name_cut cut;
			size_t best = fewest(plan, cost, ends, (enum corridor_class) class);
			if (corridor_cuts_names(&cut, plan, cost, ends,
						(enum corridor_class) class) < 0)
				abort();
			possible += cut.possible;
			bool none = cut.parted ? best == 0 : best == SIZE_MAX;
			right += cut.proven &&
				 (cut.possible
					  ? (cut.count ? cut.count == best &&
								 parts(plan, cost, ends,
								       (enum corridor_class) class,
								       &cut)
						       : best > CORRIDOR_NAMES_CUT_MAX &&
								 best != SIZE_MAX)
					  : none);
		}
		corridor_plan_free(plan);
		test_hub_free(&h);
	}
	ok(possible > 50, "of %u questions %u have an answer", questions, possible);
	is_int(right, questions, "no fewer names than told part the ends, and those do");
}

static void
reference(void)
{
	struct csv csv = csv_read("tests/corridor/data/graph.csv");
	for (size_t i = 0; i < csv.rows; i++) {
		char path[128], got[8192] = "[";
		size_t length = 1, count = 0;
		if (strncmp(csv_get(&csv, i, "kind"), "bridges", 7) != 0)
			continue;
		snprintf(path, sizeof(path), "tests/corridor/data/%s.csv",
			 csv_get(&csv, i, "topology"));
		struct test_graph g = graph_from_table(path);
		bool *segments = calloc(g.graph->segment_count, sizeof(*segments));
		bool *sites = calloc(g.graph->site_count, sizeof(*sites));
		if (corridor_cuts_single(segments, sites, g.graph, g.cost) < 0)
			abort();
		for (uint32_t s = 0; s < g.graph->segment_count; s++) {
			if (!segments[s] || length + 20 > sizeof(got))
				continue;
			length += (size_t)snprintf(got + length, sizeof(got) - length, "%s(%u, %u)",
						   count++ ? ", " : "", g.graph->ends[s].a,
						   g.graph->ends[s].b);
		}
		strcpy(got + length, "]");
		is_int((long long)count, atoll(csv_get(&csv, i, "answer")), csv_get(&csv, i, "id"));
		is_str(got, csv_get(&csv, i, "detail"), "between these sites");
		free(segments);
		free(sites);
		test_graph_free(&g);
	}
	csv_fini(&csv);
}

int
main(void)
{
	single();
	names();
	reference();
	return done_testing();
}
