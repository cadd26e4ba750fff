/* Plans of reach: against all sets where there are few places, against plain ways where there are
 * more, and that what is said of years, budgets and bounds holds. */
#include "corridor/corridor_reach_plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "corridor/corridor_geo.h"
#include "corridor/corridor_reach_tree.h"
#include "reach.h"
#include "tap.h"

struct made {
	struct corridor_reach_input input;
	struct corridor_reach_settings settings;
	struct corridor_reach_net *net;
	struct corridor_reach_plan plan;
	struct corridor_complaint complaint;
	bool good;
};

static struct made
make(struct corridor_reach_input input, const struct hub *hub, const struct hub_reach *wanted)
{
	struct made m = {.input = input};
	if (corridor_reach_settle(&m.settings, wanted, &m.input, &m.complaint) < 0)
		return m;
	m.net = corridor_reach_net_new(&m.input, hub, &m.settings, &m.complaint);
	m.good = m.net &&
		 corridor_reach_plan_make(&m.plan, m.net, &m.input, &m.settings, &m.complaint) == 0;
	return m;
}

static void
made_fini(struct made *m)
{
	corridor_reach_plan_fini(&m->plan);
	corridor_reach_net_free(m->net);
	arena_free(m->input.arena);
}

/* --- costs, worked out by other means than the plan's --- */

static double
dollars_between(const struct made *m, size_t a, size_t b)
{
	const struct corridor_reach_place *p = &m->net->places[a], *q = &m->net->places[b];
	const struct corridor_reach_settings *s = &m->settings;
	double km = corridor_geo_distance_km(p->latitude, p->longitude, q->latitude, q->longitude);
	return km * (s->road[p->terrain].value + s->road[q->terrain].value) / 2 *
	       (s->km[p->terrain].value + s->km[q->terrain].value) / 2;
}

static double
dollars_from_network(const struct made *m, size_t place)
{
	const struct corridor_reach_place *p = &m->net->places[place];
	double km = INFINITY;
	for (size_t i = 0; i < m->input.tower_count; i++) {
		const struct corridor_reach_tower *t = &m->input.towers[i];
		if (t->on_fibre)
			km = fmin(km, corridor_geo_distance_km(p->latitude, p->longitude,
							       t->latitude, t->longitude));
	}
	return km * m->settings.road[p->terrain].value * m->settings.km[p->terrain].value +
	       m->settings.upgrade.value;
}

/* The shortest forest over a set, by Prim: from all pairs. */
static double
dollars_of_set(const struct made *m, uint32_t set)
{
	double best[16], sum = 0;
	size_t n = m->net->place_count;
	for (size_t i = 0; i < n; i++)
		best[i] = dollars_from_network(m, i);
	for (uint32_t left = set; left;) {
		size_t next = n;
		for (size_t i = 0; i < n; i++)
			if (left >> i & 1 && (next == n || best[i] < best[next]))
				next = i;
		sum += best[next] + m->settings.site.value +
		       m->settings.shared.value * (double)(m->net->places[next].count - 1);
		left &= ~(UINT32_C(1) << next);
		for (size_t i = 0; i < n; i++)
			best[i] = fmin(best[i], dollars_between(m, next, i));
	}
	return sum;
}

static double
least_of_all_sets(const struct made *m, int64_t weight)
{
	double least = INFINITY;
	for (uint32_t set = 0; set < UINT32_C(1) << m->net->place_count; set++) {
		int64_t sum = m->net->weight_on;
		for (size_t i = 0; i < m->net->place_count; i++)
			sum += set >> i & 1 ? m->net->places[i].weight : 0;
		if (sum >= weight)
			least = fmin(least, dollars_of_set(m, set));
	}
	return least;
}

/* Takes the cheapest place next to what is there, or that which brings most for its money, until it
 * is enough. */
static double
plain_growth(const struct made *m, int64_t weight, bool by_ratio)
{
	size_t n = m->net->place_count;
	double *best = calloc(n, sizeof(*best)), sum = 0;
	bool *in = calloc(n, sizeof(*in));
	int64_t on = m->net->weight_on;
	for (size_t i = 0; i < n; i++)
		best[i] = dollars_from_network(m, i);
	while (on < weight) {
		size_t next = n;
		double least = INFINITY;
		for (size_t i = 0; i < n; i++) {
			const struct corridor_reach_place *p = &m->net->places[i];
			double cost = best[i] + (double)p->site_cost / 100;
			double measure = by_ratio ? cost / (double)p->weight : cost;
			if (in[i] || measure >= least)
				continue;
			least = measure;
			next = i;
		}
		if (next == n)
			break;
		in[next] = true;
		on += m->net->places[next].weight;
		sum += best[next] + (double)m->net->places[next].site_cost / 100;
		for (size_t i = 0; i < n; i++)
			best[i] = fmin(best[i], dollars_between(m, next, i));
	}
	free(best);
	free(in);
	return sum;
}

/* --- few places --- */

static void
test_few(enum hub_reach_count count, uint32_t target, const char *what)
{
	enum { ROUNDS = 60 };
	int sound = 0, best = 0, plain = 0;
	double over = 0;
	for (uint64_t seed = 0; seed < ROUNDS; seed++) {
		struct hub_reach wanted = reach_plain;
		wanted.count = count;
		wanted.years = 1;
		wanted.targets = &target;
		wanted.target_count = 1;
		struct made m = make(reach_country(seed, 6 + seed % 6, 0), NULL, &wanted);
		const struct corridor_reach_year *y = &m.plan.years[0];
		double least = least_of_all_sets(&m, y->target), cost = (double)m.plan.cost / 100;
		double bound = (double)y->least_cost / 100;
		/* Each stretch is rounded to cents. */
		sound += bound <= least + 0.2 && cost >= least - 0.2 && y->weight_on >= y->target;
		best += cost <= least + 0.2;
		plain += cost <= plain_growth(&m, y->target, false) + 0.2 &&
			 cost <= plain_growth(&m, y->target, true) + 0.2;
		over += (cost - least) / least / ROUNDS;
		made_fini(&m);
	}
	ok(sound == ROUNDS, "no plan is below the best of all sets, no bound above it: %s", what);
	ok(plain == ROUNDS, "no plan is worse than plain growth: %s", what);
	ok(best * 10 >= ROUNDS * 9 && over < 0.01,
	   "nine of ten plans are the best there is, the others near it: %s", what);
	printf("# %d of %d are the best, %.2f %% over it on the whole\n", best, ROUNDS, 100 * over);
}

/* --- more places --- */

/* Each build hangs on one before it, years only go up, sums are sums, targets are met. */
static bool
is_sound(const struct made *m)
{
	const struct corridor_reach_plan *plan = &m->plan;
	bool *built = calloc(m->net->place_count + 1, sizeof(*built)), good = true;
	int64_t cost = 0, weight = m->net->weight_on;
	unsigned year = 0;
	for (size_t i = 0; i < plan->build_count; i++) {
		const struct corridor_reach_build *b = &plan->builds[i];
		for (; year < b->year; year++)
			good &= plan->years[year].cost_so_far == cost &&
				plan->years[year].weight_on == weight;
		good &= !built[b->place] && b->year >= year && b->year < plan->year_count;
		good &= b->from == CORRIDOR_REACH_ROOT || built[b->from];
		built[b->place] = true;
		cost += b->cost;
		weight += m->net->places[b->place].weight;
	}
	good &= plan->cost == cost && plan->years[plan->year_count - 1].weight_on == weight;
	for (unsigned y = 0; y < plan->year_count; y++)
		good &= plan->years[y].least_cost <= plan->years[y].cost_so_far &&
			plan->years[y].most_weight >= plan->years[y].weight_on;
	for (size_t i = 0; i < plan->curve_count; i++)
		good &= plan->curve[i].least_cost <= plan->curve[i].cost &&
			(i == 0 || (plan->curve[i].cost >= plan->curve[i - 1].cost &&
				    plan->curve[i].weight_on >= plan->curve[i - 1].weight_on));
	free(built);
	return good;
}

static bool
targets_met(const struct made *m)
{
	bool met = true;
	for (unsigned y = 0; y < m->plan.year_count; y++)
		met &= m->plan.years[y].weight_on >= m->plan.years[y].target;
	return met;
}

static void
test_more(enum hub_reach_count count, double gap, const char *what)
{
	uint32_t targets[] = {3000, 4500, 6000};
	struct hub_reach wanted = reach_plain;
	wanted.count = count;
	wanted.targets = targets;
	wanted.target_count = 3;
	struct made m = make(reach_country(5, 900, 10), NULL, &wanted);
	struct made again = make(reach_country(5, 900, 10), NULL, &wanted);
	const struct corridor_reach_year *last = &m.plan.years[2];
	ok(m.good && is_sound(&m) && targets_met(&m),
	   "a plan of three years is a forest in order, and meets its targets: %s", what);
	double cost = (double)m.plan.cost / 100;
	ok(cost <= plain_growth(&m, last->target, false) &&
		   cost <= plain_growth(&m, last->target, true),
	   "it costs no more than plain growth: %s", what);
	ok((double)m.plan.cost <= (double)last->least_cost * (1 + gap), "it is near the bound: %s",
	   what);
	printf("# %.2f %% above the bound; plain growth %.2f %%, by ratio %.2f %%\n",
	       100 * ((double)m.plan.cost / (double)last->least_cost - 1),
	       1e4 * plain_growth(&m, last->target, false) / (double)last->least_cost - 100,
	       1e4 * plain_growth(&m, last->target, true) / (double)last->least_cost - 100);
	ok(m.plan.build_count == again.plan.build_count &&
		   memcmp(m.plan.builds, again.plan.builds,
			  m.plan.build_count * sizeof(*m.plan.builds)) == 0,
	   "asked again it is the same: %s", what);
	const struct corridor_reach_point *end = &m.plan.curve[m.plan.curve_count - 1];
	struct corridor_reach_tree *tree = corridor_reach_tree_new(m.net);
	corridor_reach_tree_grow(tree, NULL, true);
	int64_t whole = corridor_reach_tree_cost(tree);
	ok(end->weight_on == m.net->weight_all && end->least_cost <= whole &&
		   whole - end->least_cost <= 2 && end->cost >= whole,
	   "with everything on fibre the bound is the shortest forest: %s", what);
	corridor_reach_tree_free(tree);
	made_fini(&m);
	made_fini(&again);
}

static void
test_budgets(void)
{
	uint64_t budgets[] = {3000000, 0, 9000000};
	uint32_t target = 10000;
	struct hub_reach wanted = reach_plain;
	wanted.budgets = budgets;
	wanted.budget_count = 3;
	struct made m = make(reach_country(6, 400, 10), NULL, &wanted);
	const struct corridor_reach_year *y = m.plan.years;
	ok(m.good && is_sound(&m) && y[0].cost_so_far <= 300000000 &&
		   y[1].cost_so_far <= 300000000 && y[2].cost_so_far <= 1200000000,
	   "what is spent by a year's end is never more than was there by then");
	ok(y[0].places > 0 && y[2].places > 0 && y[0].target < 0, "and it is spent");
	ok((double)y[2].cost_so_far > 0.99 * 1200000000, "nearly all of it");
	ok((double)(y[2].most_weight - y[2].weight_on) < 0.05 * (double)m.net->weight_all,
	   "no plan could have much more for it");
	size_t all = m.plan.build_count;
	made_fini(&m);
	wanted.targets = &target;
	wanted.target_count = 1;
	m = make(reach_country(6, 400, 10), NULL, &wanted);
	ok(m.good && is_sound(&m) && m.plan.build_count == all && !targets_met(&m),
	   "a target that the money does not reach is missed, and the money spent as before");
	made_fini(&m);
	target = 1000;
	m = make(reach_country(6, 400, 10), NULL, &wanted);
	ok(m.good && m.plan.build_count == 0 && targets_met(&m) && m.plan.cost == 0,
	   "nothing is built where the target is met today");
	made_fini(&m);
}

static void
test_masts(void)
{
	struct corridor_reach_input input = reach_country(1, 6, 0);
	uint32_t target = 10000;
	struct hub_reach wanted = reach_plain;
	wanted.targets = &target;
	wanted.target_count = 1;
	wanted.years = 1;
	/* 1 stands at the mast of 0, which is on fibre; 3 and 4 some metres from 2. */
	input.towers[1].latitude = input.towers[0].latitude + 0.0001;
	input.towers[1].longitude = input.towers[0].longitude;
	for (int i = 3; i <= 4; i++) {
		input.towers[i].latitude = input.towers[2].latitude;
		input.towers[i].longitude = input.towers[2].longitude + 0.0001 * (i - 3);
	}
	input.towers[5].latitude = NAN;
	struct made m = make(input, NULL, &wanted);
	ok(m.good && m.net->place_count == 2 && m.net->weight_all == 6 && m.net->weight_on == 1,
	   "towers of one mast are one place, and each of them counts");
	ok(m.net->places[0].on_mast && m.net->places[0].root_cost == 0 &&
		   m.net->places[0].site_cost == 200000,
	   "one at a mast that is on fibre needs a port and no trench");
	ok(m.net->places[1].count == 3 && m.net->places[1].site_cost == 450000 + 2 * 200000,
	   "each further tower of a mast costs less than the first");
	ok(m.plan.towers_built == 4 && !targets_met(&m) && m.plan.weight_most == 5,
	   "a tower without coordinates counts, and cannot be reached");
	made_fini(&m);
}

static void
test_far(void)
{
	uint32_t target = 10000;
	struct hub_reach wanted = reach_plain;
	wanted.targets = &target;
	wanted.target_count = 1;
	wanted.years = 1;
	wanted.stretch_max_km = 40;
	struct corridor_reach_input input = reach_country(2, 300, 60);
	input.towers[7].latitude = -20;
	struct made m = make(input, NULL, &wanted);
	bool short_ones = true;
	for (size_t i = 0; i < m.plan.build_count; i++)
		short_ones &= m.plan.builds[i].length_m <= 40 * 1000 * 2;
	ok(m.good && is_sound(&m) && short_ones && m.plan.unreached > 0 &&
		   m.plan.weight_most == (int64_t)(300 - m.plan.unreached),
	   "what stretches that may be built cannot reach is said to be out of reach");
	made_fini(&m);
	input = reach_country(2, 5, 0);
	input.towers[0].on_fibre = false;
	m = make(input, NULL, &wanted);
	ok(!m.good && strstr(m.complaint.text, "no existing fibre"),
	   "without existing fibre there is nothing to start from");
	made_fini(&m);
}

/* New fibre may start in the middle of a line, across the antimeridian too, and at sites. */
static void
test_sources(void)
{
	double latitudes[] = {-17, -17}, longitudes[] = {179.5, -179.5};
	struct corridor_reach_line line = {"cable", latitudes, longitudes, 2};
	struct hub_site sites[] = {{.id = "A", .latitude = -16, .longitude = 178},
				   {.id = "B", .latitude = -16.1, .longitude = 178}};
	struct hub_segment segment = {.id = "S", .a = 0, .b = 1, .usable = true};
	struct hub hub = {
		.sites = sites, .site_count = 2, .segments = &segment, .segment_count = 1};
	struct hub_reach wanted = reach_plain;
	struct corridor_reach_input input = reach_country(3, 3, 0);
	const double at[3][2] = {{-17.1, -179.999}, {-17, 179.9}, {-15.9, 178}};
	for (int i = 0; i < 3; i++) {
		input.towers[i].on_fibre = false;
		input.towers[i].latitude = at[i][0];
		input.towers[i].longitude = at[i][1];
	}
	input.lines = &line;
	input.line_count = 1;
	struct made m = make(input, &hub, &wanted);
	double latitude, longitude;
	if (!ok(m.good && m.net->place_count == 3, "lines and sites are enough to start from"))
		return;
	const struct corridor_reach_place *p = m.net->places;
	corridor_reach_start(&latitude, &longitude, m.net, &p[0]);
	ok(fabs(p[0].root_km - 11.12) < 0.1 && fabs(longitude + 179.999) < 0.001 &&
		   fabs(latitude + 17) < 0.001,
	   "from the point of a line that is nearest, where longitude jumps");
	ok(p[1].root_km < 0.1 && m.net->sources[p[1].source].kind == REACH_FROM_LINE,
	   "from the line itself");
	ok(m.net->sources[p[2].source].kind == REACH_FROM_SITE && fabs(p[2].root_km - 11.12) < 0.1,
	   "from a site");
	made_fini(&m);
}

static void
test_worth(void)
{
	struct made m = make(reach_country(4, 200, 10), NULL, &reach_plain);
	const struct corridor_reach_plan *p = &m.plan;
	int64_t sum = 0;
	bool around = m.good;
	for (int i = HUB_SEEN; i <= HUB_ESTIMATED; i++)
		sum += p->cost_by_confidence[i];
	for (int i = 0; i < CORRIDOR_REACH_FACTORS; i++)
		around &= p->factors[i].low <= p->cost && p->cost <= p->factors[i].high &&
			  p->factors[CORRIDOR_REACH_FACTORS - 1].low <= p->factors[i].low &&
			  p->factors[i].high <= p->factors[CORRIDOR_REACH_FACTORS - 1].high;
	ok(around, "the ranges of figures lie around the plan, and in that of all together");
	ok(sum == p->cost && p->cost_by_confidence[HUB_DERIVED] > 0 && p->towers_estimated == 0,
	   "all of the money rests on something");
	ok(m.plan.year_count == 3 && m.settings.targets[2] == 6000,
	   "where nothing is said it is 60 percent in three years");
	made_fini(&m);
}

static void
test_settle(void)
{
	uint32_t falling[] = {4000, 3000};
	struct hub_reach wanted = reach_plain;
	wanted.targets = falling;
	wanted.target_count = 2;
	struct made m = make(reach_country(4, 20, 10), NULL, &wanted);
	ok(!m.good && strstr(m.complaint.text, "less than the year before"), "targets do not fall");
	made_fini(&m);
	wanted.years = 3;
	falling[1] = 5000;
	m = make(reach_country(4, 20, 10), NULL, &wanted);
	ok(!m.good && strstr(m.complaint.text, "2 targets and 0 budgets for 3 years"),
	   "there is one target, or one for each year");
	made_fini(&m);
	struct hub_reach_cost costs[] = {
		{HUB_REACH_KM, NULL, 4000000, {NAN, NAN, NULL, NULL, HUB_SEEN}},
		{HUB_REACH_SITE, NULL, 1000000, {NAN, NAN, NULL, NULL, HUB_DERIVED}},
		{HUB_REACH_SHARED, NULL, 500000, {NAN, NAN, NULL, NULL, HUB_UNSTATED}},
		{HUB_REACH_UPGRADE, NULL, 900000, {NAN, NAN, NULL, NULL, HUB_ESTIMATED}}};
	wanted = reach_plain;
	wanted.currency = (struct currency){"PKR"};
	wanted.costs = costs;
	wanted.cost_count = 3;
	m = make(reach_country(4, 20, 10), NULL, &wanted);
	ok(!m.good && strstr(m.complaint.text, "upgrade is not said; what stands for it is in USD"),
	   "in another currency all costs have to be said");
	made_fini(&m);
	wanted.cost_count = 4;
	m = make(reach_country(4, 20, 10), NULL, &wanted);
	const struct corridor_reach_settings *s = &m.settings;
	ok(m.good && fabs(s->km[1].low - 3960000) < 1 && fabs(s->site.high - 1100000) < 1 &&
		   fabs(s->shared.low - 400000) < 1,
	   "a range that is not said goes by how sure the figure is");
	made_fini(&m);
}

int
main(void)
{
	test_few(HUB_REACH_NUMBER, 6000, "by number");
	test_few(HUB_REACH_NUMBER, 3500, "by number, a third");
	test_few(HUB_REACH_TRAFFIC, 6000, "by traffic");
	test_more(HUB_REACH_NUMBER, 0.02, "by number");
	test_more(HUB_REACH_TRAFFIC, 0.10, "by traffic");
	test_budgets();
	test_masts();
	test_far();
	test_sources();
	test_worth();
	test_settle();
	return done_testing();
}
