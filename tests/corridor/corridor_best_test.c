/* The best ways by every measure, with what is required and avoided, against all ways of small
 * hubs; and what must hold of ways whatever the numbers. */
#include "corridor/corridor_best.h"

#include "corridor/corridor_ways.h"
#include "hubs.h"
#include "tap.h"

enum { HUBS = 400, SITES = 8, SEGMENTS = 13 };

/* Conditions made by chance, and where their arrays are. */
struct chance {
	struct corridor_conditions c;
	uint32_t avoid[CORRIDOR_CLASSES], without, with;
	struct corridor_named require[3];
};

static void
conditions_by_chance(struct chance *out, const struct corridor_plan *plan, uint64_t *seed)
{
	*out = (struct chance){0};
	for (int class = 0; class < CORRIDOR_CLASSES; class ++) {
		size_t count = plan->classes[class].count;
		out->c.avoid[class] = &out->avoid[class];
		if (count && random_below(seed, 6) == 0) {
			out->avoid[class] = random_below(seed, (uint32_t)count);
			out->c.avoid_count[class] = 1;
		}
	}
	out->without = random_below(seed, SEGMENTS);
	out->with = random_below(seed, SEGMENTS);
	out->c.without = &out->without;
	out->c.without_count = random_below(seed, 4) == 0;
	out->c.with = &out->with;
	out->c.with_count = random_below(seed, 2);
	size_t wanted = random_below(seed, 4);
	out->c.require = out->require;
	for (size_t i = 0; i < wanted; i++) {
		enum corridor_kind kind = (enum corridor_kind)random_below(seed, CORRIDOR_KINDS);
		size_t count = kind == CORRIDOR_A_SITE      ? SITES
			       : kind == CORRIDOR_A_SEGMENT ? SEGMENTS
							    : plan->classes[kind].count;
		if (count)
			out->require[out->c.require_count++] =
				(struct corridor_named){kind, random_below(seed, (uint32_t)count)};
	}
}

static bool
uses(const struct corridor_plan *plan, const struct corridor_path *way, struct corridor_named named)
{
	for (size_t i = 0; i <= way->segment_count; i++) {
		if (named.kind == CORRIDOR_A_SITE && way->sites[i] == named.index)
			return true;
		if (i == way->segment_count || named.kind == CORRIDOR_A_SITE)
			continue;
		if (named.kind == CORRIDOR_A_SEGMENT
			    ? way->segments[i] == named.index
			    : corridor_plan_has(plan, (enum corridor_class)named.kind,
						way->segments[i], named.index))
			return true;
	}
	return false;
}

static bool
uses_all(const struct corridor_plan *plan, const struct corridor_path *way,
	 const struct corridor_conditions *c)
{
	for (size_t i = 0; i < c->require_count; i++)
		if (!uses(plan, way, c->require[i]))
			return false;
	return true;
}

static int
compare_costs(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

/* The costs of all ways that will do, ascending; the caller frees them. */
static uint64_t *
all_costs(size_t *count, const struct corridor_plan *plan, const struct corridor_wanted *wanted)
{
	uint64_t cost[SEGMENTS];
	corridor_plan_costs(cost, plan, wanted->conditions, wanted->measure);
	struct test_ways all = test_ways_of(plan->graph, cost, wanted->ends);
	uint64_t *costs = calloc(all.count + 1, sizeof(*costs));
	*count = 0;
	for (size_t i = 0; i < all.count; i++)
		if (uses_all(plan, &all.ways[i], wanted->conditions))
			costs[(*count)++] = corridor_best_cost(plan, wanted->measure, &all.ways[i]);
	qsort(costs, *count, sizeof(*costs), compare_costs);
	test_ways_free(&all);
	return costs;
}

struct tally {
	unsigned questions, ways, counts, costs, required, loopless;
};

static bool
is_loopless(const struct corridor_path *way)
{
	for (size_t i = 0; i <= way->segment_count; i++)
		for (size_t j = 0; j < i; j++)
			if (way->sites[i] == way->sites[j])
				return false;
	return true;
}

static void
ask(struct tally *t, const struct corridor_plan *plan, const struct corridor_wanted *wanted)
{
	struct corridor_best best;
	size_t count;
	uint64_t *costs = all_costs(&count, plan, wanted);
	if (corridor_best_find(&best, plan, wanted) < 0)
		abort();
	t->questions++;
	t->counts += best.proven && best.paths.count == (count < wanted->k ? count : wanted->k);
	for (size_t i = 0; i < best.paths.count; i++) {
		const struct corridor_path *way = &best.paths.paths[i];
		t->ways++;
		t->costs += i < count && way->cost == costs[i] &&
			    corridor_best_cost(plan, wanted->measure, way) == way->cost;
		t->required += uses_all(plan, way, wanted->conditions);
		t->loopless += is_loopless(way);
	}
	corridor_paths_fini(&best.paths);
	free(costs);
}

static void
against_all_ways(void)
{
	static const char *const names[] = {"length", "price", "availability", "hops"};
	uint64_t seed = 77;
	for (int measure = 0; measure < 4; measure++) {
		struct tally t = {0};
		for (int i = 0; i < HUBS; i++) {
			struct test_hub h = hub_by_chance(&seed, SITES, SEGMENTS);
			struct corridor_plan *plan = plan_of(&h.hub);
			struct chance chance;
			conditions_by_chance(&chance, plan, &seed);
			struct corridor_wanted wanted = {.ends = {0, SITES - 1},
							 .k = 1 + random_below(&seed, 6),
							 .measure = (enum corridor_measure)measure,
							 .conditions = &chance.c};
			ask(&t, plan, &wanted);
			corridor_plan_free(plan);
			test_hub_free(&h);
		}
		ok(t.ways > 100, "by %s: %u questions have %u ways", names[measure], t.questions,
		   t.ways);
		is_int(t.counts, t.questions, "as many are found as there are, which is proven");
		is_int(t.costs, t.ways, "the n-th is as good as the n-th of all");
		is_int(t.required, t.ways, "each uses all that is required");
		is_int(t.loopless, t.ways, "and touches no site twice");
	}
}

static uint64_t
least(const struct corridor_plan *plan, const struct corridor_conditions *c,
      enum corridor_measure measure)
{
	struct corridor_wanted wanted = {{0, SITES - 1}, 1, measure, c};
	struct corridor_best best;
	if (corridor_best_find(&best, plan, &wanted) < 0)
		abort();
	uint64_t cost = best.paths.count ? best.paths.paths[0].cost : CORRIDOR_CLOSED;
	corridor_paths_fini(&best.paths);
	return cost;
}

/* What holds whatever the numbers are. */
static void
laws(void)
{
	uint64_t seed = 1234;
	unsigned avoided = 0, required = 0, added = 0, later = 0, stretched = 0;
	for (int i = 0; i < HUBS; i++) {
		struct test_hub h = hub_by_chance(&seed, SITES, SEGMENTS);
		struct corridor_plan *plan = plan_of(&h.hub);
		struct corridor_plan *in_2040 = corridor_plan_new(
			&h.hub,
			(struct corridor_day){.at = utc_month_start(2040, 1), .planned = true});
		struct chance chance;
		conditions_by_chance(&chance, plan, &seed);
		enum corridor_measure measure = (enum corridor_measure)(i % 4);
		struct corridor_conditions only = {0}, with = {0}, none = {0};
		only.require = chance.c.require;
		only.require_count = chance.c.require_count;
		memcpy(only.avoid, chance.c.avoid, sizeof(only.avoid));
		uint64_t plain = least(plan, &none, measure), longer = least(plan, &only, measure);
		required += longer >= plain;
		memcpy(only.avoid_count, chance.c.avoid_count, sizeof(only.avoid_count));
		avoided += least(plan, &only, measure) >= longer;
		with.with = chance.c.with;
		with.with_count = 1;
		added += least(plan, &with, measure) <= plain;
		later += least(in_2040, &none, measure) <= plain;
		corridor_plan_free(plan);
		h.hub.segments[random_below(&seed, SEGMENTS)].length_km *= 2;
		plan = plan_of(&h.hub);
		stretched += least(plan, &none, measure) >= plain;
		corridor_plan_free(plan);
		corridor_plan_free(in_2040);
		test_hub_free(&h);
	}
	is_int(required, HUBS, "to require something never makes a way better");
	is_int(avoided, HUBS, "nor to avoid something");
	is_int(added, HUBS, "a segment more never makes it worse");
	is_int(later, HUBS, "nor a later day by which only more is there");
	is_int(stretched, HUBS, "and a longer detour never makes it better");
}

/* A way over what two of its segments share pays for it once: that is why the sea wins. */
static void
shared_once(void)
{
	static const char *sea[] = {"SEA"};
	static struct country aa[] = {{"AA"}};
	static struct hub_site sites[] = {{.id = "A"}, {.id = "M"}, {.id = "N"}, {.id = "B"}};
	static struct hub_segment segments[] = {
		{.id = "W1", .a = 0, .b = 1, .srlgs = sea, .srlg_count = 1},
		{.id = "W2", .a = 1, .b = 3, .srlgs = sea, .srlg_count = 1},
		{.id = "L1", .a = 0, .b = 2},
		{.id = "L2", .a = 2, .b = 3, .countries = aa, .country_count = 1},
	};
	static struct hub_risk risks[] = {
		{.id = "SEA", .kind = HUB_RISK_SEA, .per_year = 1, .days = 4},
		{.id = "AA", .kind = HUB_RISK_COUNTRY, .per_year = 1, .days = 6},
	};
	struct hub hub = {.sites = sites,
			  .site_count = 4,
			  .segments = segments,
			  .segment_count = 4,
			  .risks = risks,
			  .risk_count = 2};
	for (size_t i = 0; i < 4; i++) {
		segments[i].length_km = 10;
		segments[i].usable = true;
		segments[i].status = "in service";
		segments[i].length_from = (struct hub_basis){.low = NAN, .high = NAN};
	}
	risks[0].basis = risks[1].basis = segments[0].length_from;
	struct corridor_plan *plan = plan_of(&hub);
	struct corridor_wanted wanted = {{0, 3}, 2, CORRIDOR_BY_UNAVAILABILITY, NULL};
	struct corridor_best best;
	uint64_t cost[4];
	corridor_plan_costs(cost, plan, NULL, CORRIDOR_BY_UNAVAILABILITY);
	ok(cost[0] + cost[1] > cost[2] + cost[3], "added up, the way by sea is down more often");
	if (ok(corridor_best_find(&best, plan, &wanted) == 0 && best.proven &&
		       best.paths.count == 2,
	       "both ways are found"))
		ok(best.paths.paths[0].segments[0] == 0 &&
			   corridor_availability_way(&best.paths.paths[0], &plan->parts) >
				   corridor_availability_way(&best.paths.paths[1], &plan->parts),
		   "but its storms hit both of its segments at once, so it goes first");
	corridor_paths_fini(&best.paths);
	corridor_plan_free(plan);
}

int
main(void)
{
	against_all_ways();
	laws();
	shared_once();
	return done_testing();
}
