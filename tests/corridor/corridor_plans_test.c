/* Plans are made when a day is asked for, and kept while few others are. */
#include "corridor/corridor_plans.h"

#include "silkroad.h"
#include "tap.h"

enum { A_DAY = 86400 };

static struct corridor_day
year(int number)
{
	return (struct corridor_day){.at = utc_month_start(number + 1, 1), .planned = true};
}

int
main(void)
{
	struct hub *hub = silkroad();
	struct utc_s now = {1795219200};
	struct corridor_plans *plans = corridor_plans_new(hub, (struct utc_s){now.s + 4000});
	const struct corridor_plan *today = corridor_plans_today(plans);
	is_int(today->day.at.s, now.s, "a plan is of the whole day, whatever the hour");
	uint32_t c01 = hub_segment_by_id(hub, "C01");
	ok(!today->segments[c01].there, "what is planned is not there today");
	ok(corridor_plans_of(plans, (struct corridor_day){.at = now}) == today,
	   "no day asked for is today");
	const struct corridor_plan *later = corridor_plans_of(plans, year(2027));
	ok(later->segments[c01].there, "after the year of its plan it is");
	uint32_t c03 = hub_segment_by_id(hub, "C03");
	ok(!corridor_plans_of(plans, year(2020))->segments[c03].there,
	   "of a year that is over, what was only planned for it is not there");
	ok(!corridor_plans_of(plans, (struct corridor_day){.at = now, .planned = true})
		    ->segments[c03]
		    .there,
	   "nor is it if today is asked for by its date");
	for (int y = 2028; y < 2033; y++)
		(void)corridor_plans_of(plans, year(y));
	ok(corridor_plans_of(plans, year(2027)) == later, "seven days are kept");
	bool sound = true;
	for (int y = 2000; y < 2060; y++)
		sound &= corridor_plans_of(plans, year(y))->day.at.s == year(y).at.s;
	ok(sound, "of any number of days each gets its own plan");
	ok(corridor_plans_turn(plans, (struct utc_s){now.s + A_DAY - 1}) == 0 &&
		   corridor_plans_today(plans) == today,
	   "on the same day today's plan stays");
	ok(corridor_plans_turn(plans, (struct utc_s){now.s + A_DAY + 7}) == 0 &&
		   corridor_plans_today(plans)->day.at.s == now.s + A_DAY,
	   "on the next there is a new one");
	struct corridor_day next_year = year(2027);
	ok(corridor_plans_turn(plans, next_year.at) == 0 &&
		   !corridor_plans_of(plans, next_year)->segments[c01].there,
	   "a day that was to come and has come is planned anew");
	corridor_plans_free(plans);
	hub_free(hub);
	return done_testing();
}
