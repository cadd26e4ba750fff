/* What sets of candidates can bring at most, against every set of up to a dozen: hubs by chance. */
#include <math.h>
#include <string.h>

#include "corridor/corridor_next_parts.h"
#include "hubs.h"
#include "tap.h"

enum { MOST = 12, DEMANDS = 6, SITES = 9, SEGMENTS = 30, LAST = 15 };

static const struct corridor_day today = {.at = {1795219200}};
static const struct corridor_next_depth shallow = {false, false};

/* The last segments are there only if they are built; two candidates may want the same one. */
static struct test_hub
make(uint64_t *seed, size_t candidates)
{
	struct test_hub t = hub_by_chance(seed, SITES, SEGMENTS);
	struct hub *hub = &t.hub;
	hub->demands = arena_take(t.arena, DEMANDS * sizeof(*hub->demands));
	hub->demand_count = DEMANDS;
	for (size_t i = 0; i < DEMANDS; i++)
		hub->demands[i] = (struct hub_demand){
			.id = "D",
			.split = true,
			.from = random_below(seed, (uint32_t)hub->site_count),
			.to = random_below(seed, (uint32_t)hub->site_count),
			.member = HUB_NONE,
			.gbps = 1 + random_below(seed, 1500),
			.price = NAN,
			.growth_percent = NAN,
			.basis = {.low = NAN, .high = NAN},
		};
	for (size_t i = 0; i < LAST; i++) {
		hub->segments[hub->segment_count - 1 - i].usable = false;
		hub->segments[hub->segment_count - 1 - i].status = "planned 2030";
	}
	hub->candidates = arena_take(t.arena, MOST * sizeof(*hub->candidates));
	hub->candidate_count = candidates;
	for (size_t i = 0; i < candidates; i++) {
		struct hub_candidate *c = &hub->candidates[i];
		uint32_t first = random_below(seed, LAST);
		*c = (struct hub_candidate){
			.id = arena_printf(t.arena, "N%zu", i),
			.segments = arena_take(t.arena, 2 * sizeof(*c->segments)),
			.segment_count = 1 + random_below(seed, 2),
			.capex_musd = 1 + random_below(seed, 60),
			.opex_percent = random_below(seed, 8),
			.years = 1 + random_below(seed, 25),
			.basis = {.low = NAN, .high = NAN},
		};
		for (uint32_t k = 0; k < c->segment_count; k++)
			c->segments[k] = (uint32_t)hub->segment_count - 1 - (first + k) % LAST;
	}
	return t;
}

/* The candidates of the bits of `which`; false: two of them want the same segment. */
static bool
set_of(uint32_t set[MOST], size_t *count, const struct corridor_next *next, unsigned which)
{
	*count = 0;
	for (uint32_t i = 0; i < MOST; i++) {
		if (!(which & 1U << i))
			continue;
		for (size_t k = 0; k < *count; k++)
			if (corridor_next_overlap(next, set[k], i))
				return false;
		set[(*count)++] = i;
	}
	return true;
}

/* What each takes in at most, and all of them. */
struct mosts {
	double one[MOST], all, base_dues;
};

static int
mosts_of(struct mosts *out, const struct corridor_next *next, const uint32_t *all, size_t count)
{
	struct corridor_candidates none = {NULL, 0}, built = {all, count};
	if (corridor_next_dues(&out->base_dues, next, none, none) < 0 ||
	    corridor_next_most_usd(&out->all, next, built, built, out->base_dues) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct corridor_candidates one = {&all[i], 1};
		double dues;
		if (corridor_next_dues(&dues, next, one, none) < 0 ||
		    corridor_next_most_usd(&out->one[i], next, built, one, dues) < 0)
			return -1;
	}
	return 0;
}

/* The bound for what may be had of all for a budget. */
static double
bound_of(const struct hub *hub, const struct corridor_next *next, const struct mosts *mosts,
	 bool npv, double budget)
{
	struct corridor_share shares[MOST];
	size_t count = 0;
	for (uint32_t i = 0; i < hub->candidate_count; i++) {
		double most = mosts->one[i], cost = 1e6 * hub->candidates[i].capex_musd;
		double gain = npv ? corridor_next_most_worth(next, i, most) - cost : most;
		if (most > 0 && gain > 0)
			shares[count++] = (struct corridor_share){most, gain / most, cost};
	}
	return corridor_next_shares_most(shares, count, mosts->all, budget);
}

/* All that must hold of one hub: how often it does not; counts sets and those that pay. */
static unsigned
test_hub(uint64_t *seed, size_t candidates, unsigned *sets, unsigned *paying)
{
	struct test_hub t = make(seed, candidates);
	struct corridor_plan *plan = corridor_plan_new(&t.hub, today);
	struct corridor_next_ask ask = {plan, plan, NULL, today.at, NULL};
	struct corridor_next *next = corridor_next_new(&ask, shallow);
	uint32_t all[MOST] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
	struct mosts mosts;
	double budget = 1e6 * (20 + random_below(seed, 200)), usd = 0, npv = 0;
	unsigned wrong = 0;
	if (!next || mosts_of(&mosts, next, all, candidates) < 0)
		abort();
	for (unsigned which = 1; which < 1U << candidates; which++) {
		uint32_t set[MOST];
		size_t count;
		struct corridor_outcome o;
		if (!set_of(set, &count, next, which))
			continue;
		if (corridor_next_weigh(&o, next, set, count, shallow) < 0)
			abort();
		double each = 0;
		for (size_t i = 0; i < count; i++)
			each += mosts.one[set[i]];
		wrong += o.usd_a_year.value > mosts.all || o.usd_a_year.value > each;
		++*sets;
		*paying += o.npv_usd.value > 0;
		if (o.cost.usd.value > budget)
			continue;
		usd = fmax(usd, o.usd_a_year.value);
		npv = fmax(npv, o.npv_usd.value);
	}
	wrong += bound_of(&t.hub, next, &mosts, false, budget) < usd;
	wrong += bound_of(&t.hub, next, &mosts, true, budget) < npv;
	for (int gain = CORRIDOR_GAIN_REVENUE; gain <= CORRIDOR_GAIN_NPV; gain++) {
		struct corridor_choice greedy, best;
		double most = gain == CORRIDOR_GAIN_NPV ? npv : usd;
		if (corridor_next_choose(&greedy, &best, next, (enum corridor_gain)gain, budget) <
		    0)
			abort();
		double got = corridor_next_gain((enum corridor_gain)gain, &best.outcome,
						corridor_next_base(next));
		wrong += !best.all || fabs(got - most) > 1e-9 * most || best.bound < got;
	}
	corridor_next_free(next);
	corridor_plan_free(plan);
	test_hub_free(&t);
	return wrong;
}

static void
test_sets(void)
{
	static const size_t candidates[] = {5, 7, 9, 10, 12};
	uint64_t seed = 91;
	unsigned wrong = 0, sets = 0, paying = 0;
	for (size_t i = 0; i < 4 * sizeof(candidates) / sizeof(candidates[0]); i++)
		wrong += test_hub(&seed, candidates[i / 4], &sets, &paying);
	is_int(wrong, 0, "no set brings more than its bounds, and the best of all is found");
	ok(sets > 2000 && paying > 100, "of %u sets, %u of which pay", sets, paying);
}

/* Both limits at once are less than each by itself. */
static void
test_shares(void)
{
	const struct corridor_share shares[] = {{10, 3, 30}, {10, 2, 5}, {10, 1, 0}};
	const struct {
		const char *name;
		double most_usd, budget_usd, gain;
	} cases[] = {
		{"without limits all is had", INFINITY, 35, 60},
		{"a limit of takings goes to what gains most for each dollar", 15, 35, 40},
		{"a budget buys what gains most for its cost, and what is paid is there", INFINITY,
		 20, 45},
		{"both together are a program of two rows", 15, 10, 85 / 3.0},
		{"nothing can be bought for nothing", INFINITY, 0, 10},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		double got = corridor_next_shares_most(shares, 3, cases[i].most_usd,
						       cases[i].budget_usd);
		ok(fabs(got - cases[i].gain) < 1e-6, "%s: %g", cases[i].name, got);
	}
	ok(corridor_next_shares_most(NULL, 0, 5, 5) == 0, "of nothing there is nothing");
}

int
main(void)
{
	test_shares();
	test_sets();
	return done_testing();
}
