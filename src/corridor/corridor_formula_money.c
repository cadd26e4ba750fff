/* Topics of money over years. */
#include <math.h>

#include "corridor/corridor_formula_parts.h"
#include "corridor/corridor_lease.h"
#include "corridor/corridor_money.h"
#include "corridor/corridor_target.h"
#include "corridor/corridor_venture.h"

#define one  corridor_formula_one
#define all  corridor_formula_all
#define tell corridor_formula_tell

static int
npv(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	const struct corridor_given *flow = all(r, "flow");
	tell(r, "net present value", corridor_money_npv(flow->values, flow->count, one(r, "rate")),
	     "MUSD");
	return 0;
}

static int
irr(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	const struct corridor_given *flow = all(r, "flow");
	struct corridor_irr irr;
	corridor_money_irr(&irr, flow->values, flow->count);
	for (size_t i = 0; i < irr.count; i++)
		tell(r, "internal rate of return", irr.rates[i], "/y");
	if (irr.count == 0)
		tell(r, "internal rate of return", NAN, "/y");
	return 0;
}

/* A year, or none. */
static double
year(int paid)
{
	return paid < 0 ? NAN : paid;
}

static int
payback(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	const struct corridor_given *flow = all(r, "flow");
	tell(r, "paid back by the end of year",
	     year(corridor_money_payback(flow->values, flow->count, one(r, "rate"))), "");
	tell(r, "the same without discount",
	     year(corridor_money_payback(flow->values, flow->count, 0)), "");
	return 0;
}

static int
revenue(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	tell(r, "revenue", corridor_money_a_year(one(r, "traffic"), one(r, "price")) / 1e6,
	     "MUSD/y");
	return 0;
}

static int
traffic(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	tell(r, "traffic", corridor_money_gbps_for(one(r, "revenue") * 1e6, one(r, "price")) / 1e3,
	     "Tbit/s");
	return 0;
}

static int
erosion(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	tell(r, "price then",
	     corridor_money_eroded(one(r, "price"), one(r, "erosion"), one(r, "years")),
	     "USD/Mbit/s/month");
	return 0;
}

static int
venture(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	const struct corridor_given *most = all(r, "capacity");
	struct corridor_venture v = {
		.capex = {one(r, "cost") * 1e6},
		.phases = 1,
		.opex = one(r, "running"),
		.years = (unsigned)one(r, "years"),
		.gbps = one(r, "traffic"),
		.price = one(r, "price"),
		.growth = one(r, "growth"),
		.erosion = one(r, "erosion"),
		.most_gbps = most->text ? most->values[0] : 0,
		.ramp_years = (unsigned)one(r, "ramp"),
		.discount = one(r, "rate"),
	};
	double flow[CORRIDOR_FLOW_MAX];
	struct corridor_irr rates;
	size_t count = corridor_venture_flow(flow, &v);
	corridor_money_irr(&rates, flow, count);
	tell(r, "net present value", corridor_venture_npv(&v) / 1e6, "MUSD");
	tell(r, "internal rate of return", rates.count == 1 ? rates.rates[0] : NAN, "/y");
	tell(r, "paid back by the end of year",
	     year(corridor_money_payback(flow, count, v.discount)), "");
	tell(r, "price of the first year that breaks even", corridor_venture_break_even_price(&v),
	     "USD/Mbit/s/month");
	tell(r, "traffic of the first year that breaks even", corridor_venture_break_even_gbps(&v),
	     "Gbit/s");
	return 0;
}

static int
target(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	struct corridor_target t = {.usd_a_year = one(r, "revenue") * 1e6,
				    .price = one(r, "price"),
				    .gbps = one(r, "traffic"),
				    .growth = one(r, "growth"),
				    .erosion = one(r, "erosion")};
	tell(r, "years until all traffic brings it", corridor_target_years(&t), "y");
	tell(r, "traffic that would bring it today", corridor_target_gbps(&t) / 1e3, "Tbit/s");
	return 0;
}

static int
lease(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	tell(r, "worth today",
	     corridor_lease_worth(one(r, "rent"), (unsigned)one(r, "months"), one(r, "rate")),
	     "MUSD");
	return 0;
}

#define RATE                                                                                       \
	{                                                                                          \
		"rate", CORRIDOR_A_YEARLY, "10%", -0.99, 1, false, false                           \
	}
#define FLOW                                                                                       \
	{                                                                                          \
		"flow", CORRIDOR_A_SUM, NULL, -1e9, 1e9, true, false                               \
	}
#define TRAFFIC                                                                                    \
	{                                                                                          \
		"traffic", CORRIDOR_A_TRAFFIC, NULL, 0, 1e9, false, false                          \
	}
#define PRICE                                                                                      \
	{                                                                                          \
		"price", CORRIDOR_A_PRICE, NULL, 1e-6, 1e6, false, false                           \
	}
#define REVENUE                                                                                    \
	{                                                                                          \
		"revenue", CORRIDOR_AN_INCOME, NULL, 0, 1e6, false, false                          \
	}
#define GROWTH                                                                                     \
	{                                                                                          \
		"growth", CORRIDOR_A_YEARLY, "0%", -0.99, 10, false, false                         \
	}
#define EROSION(usual)                                                                             \
	{                                                                                          \
		"erosion", CORRIDOR_A_YEARLY, usual, -1, 0.99, false, false                        \
	}

static const char at_once[] = "the first amount at once, each further one a year later";

const struct corridor_formula corridor_formulas_of_money[] = {
	{"npv",
	 "what a flow of money is worth at once",
	 "sum of flow_k / (1 + rate)^k",
	 at_once,
	 npv,
	 {FLOW, RATE}},
	{"irr", "rates at which a flow is worth nothing", "NPV(rate) = 0", at_once, irr, {FLOW}},
	{"payback",
	 "when a flow has paid for itself",
	 "first k with the sum of flow_i / (1 + rate)^i up to it >= 0",
	 at_once,
	 payback,
	 {FLOW, RATE}},
	{"revenue",
	 "what transit brings in a year",
	 "Mbit/s x price x 12",
	 "a price is per Mbit/s and month",
	 revenue,
	 {TRAFFIC, PRICE}},
	{"traffic",
	 "what must be carried for a revenue",
	 "revenue / (12 x price)",
	 "a price is per Mbit/s and month",
	 traffic,
	 {REVENUE, PRICE}},
	{"erosion",
	 "a price after years of falling",
	 "price x (1 - erosion)^years",
	 "the same share every year",
	 erosion,
	 {PRICE, EROSION(NULL), {"years", CORRIDOR_A_TIME, NULL, -100, 100, false, false}}},
	{"venture",
	 "what is built, filled with traffic and sold",
	 "-cost + sum over k of traffic price 12 ((1 + growth)(1 - erosion))^(k-1) / (1 + rate)^k",
	 "running: a share of the cost each year; ramp: years until it is full",
	 venture,
	 {{"cost", CORRIDOR_A_SUM, NULL, 0, 1e9, false, false},
	  TRAFFIC,
	  PRICE,
	  GROWTH,
	  EROSION("0%"),
	  {"years", CORRIDOR_A_TIME, "15y", 1, 100, false, true},
	  RATE,
	  {"running", CORRIDOR_A_YEARLY, "0%", 0, 10, false, false},
	  {"ramp", CORRIDOR_A_TIME, "0y", 0, 100, false, true},
	  {"capacity", CORRIDOR_A_TRAFFIC, "", 0.001, 1e9, false, false}}},
	{"target",
	 "when growing traffic at falling prices brings a revenue",
	 "ln(revenue / (traffic price 12)) / ln((1 + growth)(1 - erosion))",
	 "none: prices fall as fast as traffic grows, or faster",
	 target,
	 {REVENUE, TRAFFIC, PRICE, GROWTH, EROSION("0%")}},
	{"lease",
	 "what a rent is worth today",
	 "sum over months of rent / (1 + rate)^year, at the end of each year",
	 "paid month by month, discounted year by year",
	 lease,
	 {{"rent", CORRIDOR_A_RENT, NULL, 0, 1e6, false, false},
	  {"months", CORRIDOR_A_NUMBER, NULL, 1, 1200, false, true},
	  RATE}},
	{0},
};
