/* Money over years: flows by chance against exact fractions, and what must hold of any flow. The reference formulas are
 * asked in corridor_formula_test.c. */
#include "corridor/corridor_money.h"

#include <math.h>

#include "corridor/corridor_lease.h"
#include "corridor/corridor_venture.h"
#include "graphs.h"
#include "tap.h"

static bool
near(double got, double expected, double tolerance)
{
	return fabs(got - expected) <= tolerance * fmax(1e-3, fabs(expected));
}

static bool
agree(FILE *made)
{
	double rate, worth, flow[CORRIDOR_FLOW_MAX], rates[CORRIDOR_FLOW_MAX];
	size_t count, rate_count;
	int payback;
	if (fscanf(made, "%lf %zu", &rate, &count) != 2 || count > CORRIDOR_FLOW_MAX)
		return false;
	for (size_t i = 0; i < count; i++)
		if (fscanf(made, "%lf", &flow[i]) != 1)
			return false;
	if (fscanf(made, "%lf %d %zu", &worth, &payback, &rate_count) != 3 ||
	    rate_count > CORRIDOR_FLOW_MAX)
		return false;
	for (size_t i = 0; i < rate_count; i++)
		if (fscanf(made, "%lf", &rates[i]) != 1)
			return false;
	struct corridor_irr irr;
	corridor_money_irr(&irr, flow, count);
	double size = 0;
	for (size_t i = 0; i < count; i++)
		size += fabs(flow[i]) * pow(1 + rate, -(double)i);
	bool same = fabs(corridor_money_npv(flow, count, rate) - worth) <= 1e-13 * size &&
		    corridor_money_payback(flow, count, rate) == payback && irr.count == rate_count;
	/* Roots that lie close are known less well than the flow. */
	for (size_t i = 0; same && i < rate_count; i++)
		same = fabs(irr.rates[i] - rates[i]) <= 1e-5 * (1 + fabs(rates[i]));
	if (!same) {
		printf("# %zu rates, expected %zu;", irr.count, rate_count);
		for (size_t i = 0; i < count; i++)
			printf(" %g", flow[i]);
		printf("\n");
	}
	return same;
}

static void
test_chance(unsigned cases, unsigned seed)
{
	char command[100];
	snprintf(command, sizeof(command), "python3 -B tests/corridor/random_money.py %u %u", cases,
		 seed);
	FILE *made = popen(command, "r");
	unsigned good = 0;
	for (unsigned i = 0; made && i < cases; i++)
		good += agree(made);
	int status = made ? pclose(made) : -1;
	ok(good == cases && status == 0,
	   "%u of %u flows of seed %u are worth what exact fractions say, at every rate of return",
	   good, cases, seed);
}

static void
test_rates(void)
{
	struct corridor_irr irr;
	corridor_money_irr(&irr, (double[]){-100, 230, -132}, 3);
	ok(irr.count == 2 && near(irr.rates[0], 0.1, 1e-9) && near(irr.rates[1], 0.2, 1e-9),
	   "money out, in and out again may return 10 and 20 percent at once");
	corridor_money_irr(&irr, (double[]){-100, 200, -101}, 3);
	ok(irr.count == 0, "and at times there is no rate at all");
	corridor_money_irr(&irr, (double[]){-100, 220, -121}, 3);
	ok(irr.count == 1 && near(irr.rates[0], 0.1, 1e-5), "or one that it only touches");
	corridor_money_irr(&irr, (double[]){5, 5, 5}, 3);
	ok(irr.count == 0, "what costs nothing has no rate of return");
	corridor_money_irr(&irr, (double[]){0, 0, 0}, 3);
	ok(irr.count == 0, "nor has nothing");
	corridor_money_irr(&irr, (double[]){0, -100, 0, 121, 0}, 5);
	ok(irr.count == 1 && near(irr.rates[0], 0.1, 1e-9), "years of nothing change no rate");
	corridor_money_irr(&irr, (double[]){-1000, 100, 100}, 3);
	ok(irr.count == 1 && irr.rates[0] < -0.6 && irr.rates[0] > -1,
	   "a loss returns less than nothing");
	double flow[CORRIDOR_FLOW_MAX];
	for (size_t i = 0; i < CORRIDOR_FLOW_MAX; i++)
		flow[i] = i ? 1e3 : -1e9;
	corridor_money_irr(&irr, flow, CORRIDOR_FLOW_MAX);
	ok(irr.count == 1 && fabs(corridor_money_npv(flow, CORRIDOR_FLOW_MAX, irr.rates[0])) < 1,
	   "the longest flow is solved too");
	for (size_t i = 0; i < CORRIDOR_FLOW_MAX; i++)
		flow[i] = i % 2 ? 2 : -1;
	corridor_money_irr(&irr, flow, CORRIDOR_FLOW_MAX);
	ok(irr.count == 1 && near(irr.rates[0], 1, 1e-9), "with as many changes of sign as years");
}

static struct corridor_venture
venture_by_chance(uint64_t *seed)
{
	struct corridor_venture v = {
		.phases = 1 + random_below(seed, 3),
		.opex = random_below(seed, 10) / 100.0,
		.years = 1 + random_below(seed, 25),
		.gbps = 100 + random_below(seed, 5000),
		.price = (1 + random_below(seed, 200)) / 100.0,
		.growth = random_below(seed, 60) / 100.0 - 0.1,
		.erosion = random_below(seed, 40) / 100.0 - 0.1,
		.most_gbps = random_below(seed, 2) ? 3000 : 0,
		.ramp_years = random_below(seed, 5),
		.discount = random_below(seed, 25) / 100.0,
	};
	for (size_t i = 0; i < v.phases; i++)
		v.capex[i] = 1e5 * (1 + random_below(seed, 900));
	return v;
}

static void
test_laws(void)
{
	uint64_t seed = 11;
	unsigned dear = 0, costly = 0, even = 0, full = 0;
	for (int i = 0; i < 2000; i++) {
		struct corridor_venture v = venture_by_chance(&seed), w = v;
		double worth = corridor_venture_npv(&v);
		double slack = 1e-6 * (1 + fabs(worth));
		w.capex[random_below(&seed, (uint32_t)v.phases)] += 1e6;
		dear += corridor_venture_npv(&w) <= worth;
		w = v;
		w.discount += 0.05;
		double flow[CORRIDOR_FLOW_MAX];
		size_t count = corridor_venture_flow(flow, &v);
		bool ordinary = true; /* out, then in */
		for (size_t k = v.phases; k < count; k++)
			ordinary &= flow[k] >= 0;
		/* Below 0 it may come nearer to 0. */
		costly += !ordinary || worth < 0 || corridor_venture_npv(&w) <= worth;
		w = v;
		w.price = corridor_venture_break_even_price(&v);
		even += fabs(corridor_venture_npv(&w)) < slack + 1;
		w = v;
		w.gbps = corridor_venture_break_even_gbps(&v);
		full += isnan(w.gbps) ? v.most_gbps > 0 && worth < slack
				      : fabs(corridor_venture_npv(&w)) < slack + 1;
	}
	is_int(dear, 2000, "what costs more to build is never worth more");
	is_int(costly, 2000, "an investment that pays is worth no more when money costs more");
	is_int(even, 2000, "at its break-even price it is worth nothing");
	is_int(full, 2000, "at its break-even filling too, or none would do");
}

static void
test_flow(void)
{
	struct corridor_venture v = {
		.capex = {10e6, 30e6},
		.phases = 2,
		.opex = 0.05,
		.years = 4,
		.gbps = 1000,
		.price = 0.5,
		.growth = 1,
		.most_gbps = 3000,
		.ramp_years = 2,
	};
	double flow[CORRIDOR_FLOW_MAX];
	static const double expected[] = {-10e6, -30e6, 1e6, 10e6, 16e6, 16e6};
	bool same = corridor_venture_flow(flow, &v) == 6;
	for (size_t i = 0; same && i < 6; i++)
		same = near(flow[i], expected[i], 1e-12);
	ok(same, "built in two years, filled in two, grown until full, with its running paid");
}

/* 1000 dollars a month for 30 months, at ten percent: 12000 / 1.1 + 12000 / 1.21 + 6000 / 1.331 =
 * 10909.0909 + 9917.3554 + 4507.8888. A Gbit/s at 2 dollars a Mbit/s is sold for 24000 a year, and in
 * the half year that is left of the third for 12000. */
static void
test_lease(void)
{
	struct hub_candidate months = {.years = 25, .lease_months = 30};
	struct corridor_venture v = {
		.phases = 1,
		.years = corridor_candidate_years(&months),
		.last_year = corridor_candidate_last_year(&months),
		.gbps = 1,
		.price = 2,
		.lease_usd_month = 1000,
		.lease_months = 30,
		.discount = 0.1,
	};
	double flow[CORRIDOR_FLOW_MAX];
	ok(near(corridor_lease_worth(1000, 30, 0.1), 25334.3351, 1e-8) &&
		   near(corridor_lease_worth(1000, 30, 0), 30000, 1e-12) &&
		   corridor_lease_worth(1000, 0, 0.1) == 0,
	   "a lease is worth today what is paid at the end of each year, and of the last for its "
	   "months");
	ok(corridor_venture_flow(flow, &v) == 4 && flow[0] == 0 && near(flow[1], 12000, 1e-12) &&
		   near(flow[2], 12000, 1e-12) && near(flow[3], 6000, 1e-12),
	   "and what is leased is sold for so long");
	ok(near(corridor_venture_break_even_price(&v), 1, 1e-9) &&
		   near(corridor_venture_break_even_gbps(&v), 0.5, 1e-9),
	   "it breaks even at half its price, or half filled");
	ok(corridor_candidate_years(&(struct hub_candidate){.years = 25}) == 25 &&
		   corridor_candidate_last_year(&(struct hub_candidate){.years = 25}) == 1 &&
		   corridor_candidate_years(&(struct hub_candidate){.lease_months = 36}) == 3 &&
		   corridor_candidate_last_year(&(struct hub_candidate){.lease_months = 36}) == 1,
	   "what is not leased lasts its years, three years of lease are three");
	struct hub hub = {.corridor = {.discount_percent = 10}};
	struct hub_candidate both = {.capex_musd = 2,
				     .lease_usd_month = 1000,
				     .lease_months = 30,
				     .basis = {.low = 1, .high = 3},
				     .lease = {.low = 500, .high = 2000}};
	struct corridor_cost both_cost = corridor_candidate_cost(&hub, &both);
	struct corridor_range cost = both_cost.usd;
	ok(both_cost.capex_usd.value == 2e6 && near(both_cost.lease_usd.value, 25334.3351, 1e-8) &&
		   near(cost.value, 2025334.3351, 1e-8) && near(cost.low, 1012667.1675, 1e-8) &&
		   near(cost.high, 3050668.6702, 1e-8),
	   "an IRU costs its sum and its lease, each within its bounds");
	struct corridor_cost two = both_cost;
	corridor_cost_add(&two, &both_cost);
	ok(near(two.capex_usd.value, 4e6, 1e-12) && near(two.lease_usd.value, 50668.6702, 1e-8) &&
		   near(two.usd.low, 2 * cost.low, 1e-12) &&
		   near(two.usd.high, 2 * cost.high, 1e-12),
	   "two of them twice that, sum by sum");
}

int
main(int argc, char **argv)
{
	unsigned cases = argc > 1 ? (unsigned)atoi(argv[1]) : 150;
	test_rates();
	test_flow();
	test_laws();
	test_lease();
	test_chance(cases, argc > 2 ? (unsigned)atoi(argv[2]) : 1);
	return done_testing();
}
