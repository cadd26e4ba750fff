/* The corridor as of a day: what is there, what it rests on, what is shared, what it costs. */
#include "corridor/corridor_plan.h"

#include <math.h>
#include <string.h>

#include "tap.h"

static struct country waters[] = {{"AZ"}, {"GE"}};
static const char *duct[] = {"DUCT", "BLACK_SEA"};
static struct hub_segment segments[] = {
	{.id = "L1",
	 .a = 0,
	 .b = 1,
	 .length_km = 1000,
	 .length_from = {NAN, NAN, NULL, NULL, HUB_ESTIMATED},
	 .design_tbps = NAN,
	 .lit_tbps = NAN,
	 .status = "in service",
	 .usable = true,
	 .in_service = "2017-06",
	 .operators = "AzerTelecom / Transtelecom (railway)",
	 .medium = "buried",
	 .countries = waters,
	 .country_count = 2,
	 .srlgs = duct,
	 .srlg_count = 1},
	{.id = "S1",
	 .a = 1,
	 .b = 2,
	 .length_km = 500,
	 .length_from = {490, 530, "press", NULL, HUB_SEEN},
	 .design_tbps = 400,
	 .design_from = {NAN, NAN, "press", NULL, HUB_SEEN},
	 .lit_tbps = NAN,
	 .status = "planned (end 2026)",
	 .operators = "AZERTELECOM",
	 .medium = "submarine",
	 .srlgs = duct + 1,
	 .srlg_count = 1},
	{.id = "S2",
	 .a = 1,
	 .b = 2,
	 .length_km = 700,
	 .length_from = {NAN, NAN, NULL, NULL, HUB_SEEN},
	 .design_tbps = NAN,
	 .lit_tbps = 2,
	 .status = "planned",
	 .from = {1798761600}, /* 2027-01-01 */
	 .medium = "submarine",
	 .srlgs = duct,
	 .srlg_count = 2},
};
static struct hub_site sites[] = {{.id = "A"}, {.id = "B"}, {.id = "C"}};
static struct hub_risk risks[] = {
	{.id = "BLACK_SEA", .kind = HUB_RISK_SEA, .per_year = 0.5, .days = 20},
	{.id = "DUCT", .kind = HUB_RISK_DUCT, .per_year = NAN, .days = NAN},
	{.id = "GE", .kind = HUB_RISK_COUNTRY, .per_year = 0.1, .days = 2},
};
static const struct hub hub = {
	.sites = sites,
	.site_count = 3,
	.segments = segments,
	.segment_count = 3,
	.risks = risks,
	.risk_count = 3,
	.corridor = {.assumed_tbps = 10, .land_price = 0.1, .sea_price = 0.04},
};

static struct corridor_day
day_of(int year, int month, int day, bool planned)
{
	return (struct corridor_day){
		.at = utc_from_date((struct utc_date){.year = year, .month = month, .day = day}),
		.planned = planned};
}

static void
is_there(struct corridor_day day, const char *expected, const char *name)
{
	char got[4] = "---";
	struct corridor_plan *plan = corridor_plan_new(&hub, day);
	for (size_t i = 0; plan && i < 3; i++)
		got[i] = plan->segments[i].there ? 'x' : '-';
	is_str(got, expected, name);
	corridor_plan_free(plan);
}

static void
days(void)
{
	is_there(day_of(2026, 11, 21, false), "x--", "today there is what its status says");
	is_there(day_of(2030, 1, 1, false), "x-x", "and what has a day of its own that has come");
	is_there(day_of(2026, 12, 30, true), "x--",
		 "what is planned for a year is not there in it");
	is_there(day_of(2026, 12, 31, true), "xx-", "but at its end");
	is_there(day_of(2027, 1, 1, true), "xxx", "a day that is written is exact");
	is_there(day_of(2016, 12, 31, true), "---", "before its year nothing is there");
	struct corridor_day over = day_of(2027, 6, 1, true), later = over;
	over.today = over.at;
	later.today.s = over.at.s - 1;
	is_there(over, "x-x", "of a day that has come, a plan alone makes nothing there");
	is_there(later, "xxx", "of one that is to come, it does");
	struct corridor_plan *plan = corridor_plan_new(&hub, later);
	ok(!corridor_plan_overdue(plan, 1, day_of(2026, 12, 31, false).at) &&
		   corridor_plan_overdue(plan, 1, day_of(2027, 1, 1, false).at),
	   "once its year is over it is overdue");
	ok(!corridor_plan_overdue(plan, 0, later.at) && !corridor_plan_overdue(plan, 2, later.at),
	   "what is in use is not, nor what has a day of its own");
	is_int(corridor_plan_first_year(plan), 2017, "the first year of which anything is known");
	corridor_plan_free(plan);
}

/* Since when a segment is there, of which only the status tells. */
static void
began(const char *status, int year, const char *expected, bool undated, const char *name)
{
	struct hub_segment before = segments[0];
	struct corridor_day day = day_of(year, 12, 31, true);
	day.today = day_of(2026, 11, 21, false).at;
	segments[0].in_service = NULL;
	segments[0].status = status;
	is_there(day, expected, name);
	struct corridor_plan *plan = corridor_plan_new(&hub, day);
	ok(plan && plan->segments[0].undated == undated, "and that is %s",
	   undated ? "for want of a date" : "by its date");
	corridor_plan_free(plan);
	segments[0] = before;
}

static void
beginnings(void)
{
	began("landed Dec 2024; said Q4 2025", 2023, "---", false,
	      "what landed later is not there");
	began("landed Dec 2024; said Q4 2025", 2024, "x--", false, "by the end of that year it is");
	began("in service", 2000, "x--", true, "what tells no year was always there");
	began("in service (on poles of 1998)", 1990, "x--", true,
	      "a year that stands with what is in service may be of something else");
}

static void
facts(const struct corridor_plan *plan)
{
	const struct corridor_segment *s = plan->segments;
	ok(s[0].length_km.low == 800 && s[0].length_km.high == 1200,
	   "an estimate is good to 20 %%");
	ok(s[1].length_km.low == 490 && s[1].length_km.high == 530, "bounds that are written hold");
	ok(fabs(s[2].length_km.high - 707) < 1e-9, "what was seen is good to 1 %%");
	ok(s[0].assumed && s[0].capacity_bps == 10000000000000,
	   "a capacity nobody told is assumed");
	ok(!s[1].assumed && s[1].capacity_bps == 400000000000000, "one as designed is not");
	ok(s[2].capacity_bps == 2000000000000, "what is lit speaks where no design does");
	struct corridor_grounds g = {0};
	corridor_grounds_add(&g, &s[0].length_km, 1);
	corridor_grounds_add(&g, &s[1].length_km, 1);
	ok(g.value == 1500 && g.low == 1290 && g.high == 1730, "bounds add up in the worst case");
	ok(fabs(corridor_grounds_share(&g) - 2.0 / 3) < 1e-12 && g.estimates == 1,
	   "and the share that is estimated is told");
}

static void
shared(const struct corridor_plan *plan)
{
	const struct corridor_relation *r = plan->classes;
	is_int(r[CORRIDOR_OPERATORS].count, 2, "operators are told apart by a slash, not by case");
	uint32_t azer = corridor_plan_name(plan, CORRIDOR_OPERATORS, "azertelecom");
	ok(azer != HUB_NONE && corridor_plan_has(plan, CORRIDOR_OPERATORS, 0, azer) &&
		   corridor_plan_has(plan, CORRIDOR_OPERATORS, 1, azer) &&
		   !corridor_plan_has(plan, CORRIDOR_OPERATORS, 2, azer),
	   "and found by their segments");
	is_int(corridor_plan_name(plan, CORRIDOR_COUNTRIES, "RU"), HUB_NONE, "no such country");
	is_int(plan->cause_groups.group_count, 2, "a risk without a rate is no cause");
	ok(fabs(plan->causes[0].unavailability - 10 / 365.25) < 1e-12,
	   "half a time 20 days a year");
	const struct corridor_groups *g = &plan->cause_groups;
	ok(g->first[1] - g->first[0] == 1 && g->groups[g->first[0]] == 1,
	   "a country is a cause of what crosses it");
	ok(g->first[3] - g->first[2] == 1 && g->groups[g->first[2]] == 0, "a sea of what is in it");
}

static void
costs(const struct corridor_plan *plan)
{
	uint64_t cost[3];
	uint32_t with[] = {1}, black_sea = corridor_plan_name(plan, CORRIDOR_RISKS, "black_sea");
	struct corridor_conditions c = {.with = with, .with_count = 1};
	corridor_plan_costs(cost, plan, NULL, CORRIDOR_BY_LENGTH);
	ok(cost[0] == corridor_cost_of_length(100000000) && cost[1] == CORRIDOR_CLOSED,
	   "what is not there is closed");
	corridor_plan_costs(cost, plan, &c, CORRIDOR_BY_PRICE);
	ok(cost[0] == (100000ull << CORRIDOR_HOP_BITS | 1) &&
		   cost[1] == (20000ull << CORRIDOR_HOP_BITS | 1),
	   "prices without a row go by length; what is asked for is open");
	c.avoid[CORRIDOR_RISKS] = &black_sea;
	c.avoid_count[CORRIDOR_RISKS] = 1;
	corridor_plan_costs(cost, plan, &c, CORRIDOR_BY_HOPS);
	ok(cost[0] == 1 && cost[1] == CORRIDOR_CLOSED,
	   "what is to be avoided is closed all the same");
	const uint32_t first_site = 0;
	corridor_plan_costs(cost, plan,
			    &(struct corridor_conditions){.with = with,
							  .with_count = 1,
							  .avoid_sites = &first_site,
							  .avoid_site_count = 1},
			    CORRIDOR_BY_HOPS);
	ok(cost[0] == CORRIDOR_CLOSED && cost[1] == 1,
	   "at a site that is to be avoided all is closed, and nothing elsewhere");
	corridor_plan_costs(cost, plan,
			    &(struct corridor_conditions){.with = with, .with_count = 1},
			    CORRIDOR_BY_UNAVAILABILITY);
	ok(cost[1] > cost[0], "a sea that fails half a time a year weighs more than a country");
}

int
main(void)
{
	days();
	beginnings();
	struct corridor_plan *plan = corridor_plan_new(&hub, day_of(2026, 11, 21, false));
	if (ok(plan != NULL, "a plan is made")) {
		facts(plan);
		shared(plan);
		costs(plan);
	}
	corridor_plan_free(plan);
	return done_testing();
}
