/* Years of the corridor by chance: what each demand is short of, and what broken promises cost. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "corridor/corridor_money.h"
#include "corridor/corridor_search.h"
#include "corridor/corridor_simulate.h"
#include "view/view_corridor_way.h"

enum { NAME_COLUMNS = 14, RATE_COLUMNS = 7, NUMBER_COLUMNS = 8, WIDE_COLUMNS = 10 };

struct answer {
	const struct view_corridor *view;
	struct arena *arena;
	struct corridor_terms terms;
	uint64_t years, draws, seed, ships;
	double sigma, sla_percent, credit_percent; /* of a month's fee; NAN: not asked */
	struct corridor_simulation found;
	double *fee_usd; /* of each demand, a month; NAN: not known */
};

static const char assumptions[] =
	"Segments and causes fail at their rates by chance; mending takes a lognormal time about "
	"its "
	"mean (--sigma of its logarithm, 0: always the mean); cables at sea share --ships. Demands "
	"are "
	"laid by priority at each change; short is less than without failures, whole the time when "
	"it is not. At least: so much of its traffic is served at the bounds of demands, "
	"capacities and rates, lived through by a fifth of the draws. A month that is "
	"short for longer than --sla allows costs --credit percent of its fee: what the demand "
	"pays, else the cheapest way at its prices.";

/* --- words --- */

static int
take_decimal(double *out, const char *option, const char *value, double most,
	     struct corridor_complaint *complaint)
{
	char *end;
	*out = strtod(value, &end);
	if (*value >= '0' && *value <= '9' && !*end && *out <= most)
		return 1;
	corridor_complain(complaint, 400, "%s: found \"%.40s\", expected 0 to %g", option, value,
			  most);
	return -1;
}

/* The question's own options: 1 and *at behind it; 0; -1. */
static int
take_own(struct answer *a, const char *const *words, size_t count, size_t *at,
	 struct corridor_complaint *complaint)
{
	const struct {
		const char *option;
		uint64_t *number, most;
	} numbers[] = {{"--years", &a->years, 1000},
		       {"--draws", &a->draws, CORRIDOR_SIMULATED_YEARS_MAX},
		       {"--seed", &a->seed, UINT64_MAX},
		       {"--ships", &a->ships, 1000}};
	const struct {
		const char *option;
		double *number, most;
	} decimals[] = {{"--sigma", &a->sigma, 3},
			{"--sla", &a->sla_percent, 100},
			{"--credit", &a->credit_percent, 100}};
	const char *value;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if ((value = view_option_value(numbers[i].option, words, count, at)))
			return view_option_number(numbers[i].number, numbers[i].option, value,
						  numbers[i].most, complaint) < 0
				       ? -1
				       : 1;
	for (size_t i = 0; i < sizeof(decimals) / sizeof(decimals[0]); i++)
		if ((value = view_option_value(decimals[i].option, words, count, at)))
			return take_decimal(decimals[i].number, decimals[i].option, value,
					    decimals[i].most, complaint);
	return 0;
}

static int
take_words(struct answer *a, const char *const *words, size_t count,
	   struct corridor_complaint *complaint)
{
	a->terms = corridor_terms_of(a->view->plan, a->arena);
	for (size_t at = 0; at < count;) {
		int taken = corridor_terms_take(&a->terms, words, count, &at, complaint);
		if (taken == 0)
			taken = take_own(a, words, count, &at, complaint);
		if (taken == 0)
			corridor_complain(complaint, 400,
					  "found \"%.40s\", expected --years, --draws, --seed, "
					  "--ships, --sigma, --sla, --credit, --avoid, --without, "
					  "--with or --date",
					  words[at]);
		if (taken <= 0)
			return -1;
	}
	const char *wrong = NULL;
	if (a->terms.require.count || a->terms.k != 1)
		wrong = "a simulation takes no --require, --via or --k";
	else if (a->years == 0 || a->draws == 0)
		wrong = "expected at least one year, and one draw";
	else if (!isnan(a->credit_percent) && isnan(a->sla_percent))
		wrong = "--credit goes with --sla";
	if (wrong)
		corridor_complain(complaint, 400, "%s", wrong);
	return wrong ? -1 : 0;
}

/* --- reckoning --- */

/* What each demand pays a month. 0, or -1 without memory. */
static int
find_fees(struct answer *a, const struct corridor_plan *plan,
	  const struct corridor_conditions *conditions)
{
	const struct hub *hub = plan->hub;
	uint64_t *cost = arena_take(a->arena, (hub->segment_count + 1) * sizeof(*cost));
	a->fee_usd = arena_take(a->arena, (hub->demand_count + 1) * sizeof(*a->fee_usd));
	struct corridor_search *search = corridor_search_new(plan->graph);
	if (cost && a->fee_usd && search) {
		corridor_plan_costs(cost, plan, conditions, CORRIDOR_BY_PRICE);
		for (size_t i = 0; i < hub->demand_count; i++) {
			const struct hub_demand *d = &hub->demands[i];
			corridor_search_run(search, cost, d->from, d->to);
			uint64_t way = corridor_search_cost(search, d->to);
			double price = way == CORRIDOR_CLOSED
					       ? NAN
					       : (double)(way >> CORRIDOR_HOP_BITS) / 1e6;
			price = isnan(d->price) ? price : d->price;
			a->fee_usd[i] =
				corridor_money_a_year(a->found.demands[i].served_gbps, price) / 12;
		}
	}
	corridor_search_free(search);
	return cost && a->fee_usd && search ? 0 : -1;
}

/* 0; or -1 and errno. */
static int
find(struct answer *a)
{
	struct corridor_conditions conditions;
	errno = ENOMEM;
	if (corridor_terms_conditions(&conditions, &a->terms) < 0)
		return -1;
	struct corridor_simulation_ask ask = {
		.flow = {.plan = corridor_plans_of(a->view->plans, a->terms.day),
			 .conditions = &conditions,
			 .measure = a->terms.measure,
			 .now = a->view->plan->day.at,
			 .batch = a->view->batch},
		.years = (uint32_t)a->years,
		.draws = (uint32_t)a->draws,
		.seed = a->seed,
		.ships = (uint32_t)a->ships,
		.sigma = a->sigma,
		.sla = a->sla_percent / 100,
	};
	if (!ask.flow.plan || corridor_simulate(&a->found, a->arena, &ask) < 0)
		return -1;
	return find_fees(a, ask.flow.plan, &conditions);
}

/* US dollars a year that are to be given back; NAN: not asked, or no fee is known. */
static double
credits_of(const struct answer *a, size_t demand)
{
	return 12 * a->found.demands[demand].breach.value * a->fee_usd[demand] * a->credit_percent /
	       100;
}

static double
all_credits(const struct answer *a)
{
	double sum = isnan(a->credit_percent) ? NAN : 0;
	for (size_t i = 0; i < a->view->hub->demand_count; i++)
		if (!isnan(credits_of(a, i)))
			sum += credits_of(a, i);
	return sum;
}

/* --- JSON, CSV, text --- */

static void
demand_json(struct json *j, const struct answer *a, size_t i)
{
	const struct hub_demand *d = &a->view->hub->demands[i];
	const struct corridor_simulated_demand *s = &a->found.demands[i];
	json_object(j, NULL);
	json_str(j, "id", d->id);
	view_ends_json(j, a->view->hub, (struct corridor_ends){d->from, d->to});
	json_double(j, "asked_gbps", s->asked_gbps);
	json_double(j, "served_gbps", s->served_gbps);
	view_range_json(j, "availability", s->availability, 8);
	view_range_json(j, "lost", s->lost, 8);
	json_double(j, "outages_year", s->outages_year);
	json_double(j, "longest_h", s->longest_h);
	json_double(j, "p50_h", s->p50_h);
	json_double(j, "p90_h", s->p90_h);
	json_double(j, "p99_h", s->p99_h);
	view_range_json(j, "breach", s->breach, 8);
	view_number_json(j, "fee_usd_month", a->fee_usd[i]);
	view_number_json(j, "credits_usd_year", credits_of(a, i));
	json_object_end(j);
}

static void
answer_json(struct buf *out, const void *answer)
{
	const struct answer *a = answer;
	const struct corridor_simulation *f = &a->found;
	struct json j = json_to(out);
	json_object(&j, NULL);
	view_terms_json(&j, &a->terms);
	view_measured_json(&j, a->view);
	json_u64(&j, "years", a->years);
	json_u64(&j, "draws", a->draws);
	json_u64(&j, "seed", a->seed);
	json_u64(&j, "ships", a->ships);
	json_double(&j, "sigma", a->sigma);
	view_number_json(&j, "sla_percent", a->sla_percent);
	view_number_json(&j, "credit_percent", a->credit_percent);
	json_double(&j, "failures_year", f->failures_year);
	json_double(&j, "waits_h", f->waits_h);
	view_range_json(&j, "gbit_hours_year", f->mean_gbit_h, 3);
	json_u64(&j, "rates", f->parts);
	json_u64(&j, "rates_estimated", f->estimates);
	json_double(&j, "p10_gbit_hours", f->p10_gbit_h);
	json_double(&j, "p50_gbit_hours", f->p50_gbit_h);
	json_double(&j, "p90_gbit_hours", f->p90_gbit_h);
	view_number_json(&j, "credits_usd_year", all_credits(a));
	json_u64(&j, "changes", f->changes);
	json_u64(&j, "solved", f->solved);
	json_array(&j, "demands");
	for (size_t i = 0; i < a->view->hub->demand_count; i++)
		demand_json(&j, a, i);
	json_array_end(&j);
	view_assumed_json(&j, a->view, &a->terms, assumptions);
}

static void
answer_csv(struct buf *out, const void *answer)
{
	const struct answer *a = answer;
	buf_str(out, "demand,asked_gbps,served_gbps,availability,lost,outages_year,longest_h,p50_h,"
		     "p90_h,p99_h,breach,fee_usd_month,credits_usd_year,availability_low,"
		     "availability_high,lost_low,lost_high\r\n");
	for (size_t i = 0; i < a->view->hub->demand_count; i++) {
		const struct corridor_simulated_demand *s = &a->found.demands[i];
		view_csv_field(out, a->view->hub->demands[i].id);
		view_fact_csv(out, s->asked_gbps);
		view_fact_csv(out, s->served_gbps);
		buf_printf(out, ",%.8f,%.8f", s->availability.value, s->lost.value);
		const double numbers[] = {s->outages_year, s->longest_h,    s->p50_h,
					  s->p90_h,        s->p99_h,        s->breach.value,
					  a->fee_usd[i],   credits_of(a, i)};
		for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++)
			view_fact_csv(out, numbers[k]);
		buf_printf(out, ",%.8f,%.8f,%.8f,%.8f\r\n", s->availability.low,
			   s->availability.high, s->lost.low, s->lost.high);
	}
}

static void
row_text(struct buf *out, const struct answer *a, size_t i)
{
	const struct corridor_simulated_demand *s = &a->found.demands[i];
	char share[VIEW_RATE_TEXT];
	view_cell(out, a->view->hub->demands[i].id, NAME_COLUMNS);
	view_fact_cell(out, s->served_gbps, RATE_COLUMNS);
	(void)snprintf(share, sizeof(share), "%.5f", 100 * s->availability.value);
	view_cell(out, share, -WIDE_COLUMNS);
	(void)snprintf(share, sizeof(share), "%.4f", 100 * (1 - s->lost.high));
	view_cell(out, share, -WIDE_COLUMNS);
	const double numbers[] = {s->outages_year, s->p50_h, s->p90_h, s->longest_h,
				  100 * s->breach.value};
	for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++)
		view_fact_cell(out, numbers[k],
			       k + 1 < sizeof(numbers) / sizeof(numbers[0]) ? NUMBER_COLUMNS
									    : RATE_COLUMNS);
	view_end_line(out);
}

static void
answer_text(struct buf *out, const void *answer)
{
	const struct answer *a = answer;
	static const char *const names[] = {"outages", "h/y mid", "h/y 90%", "longest", "broken"};
	const struct corridor_simulation *f = &a->found;
	char range[VIEW_RANGE_TEXT], number[VIEW_RATE_TEXT], p10[VIEW_RATE_TEXT],
		p50[VIEW_RATE_TEXT], p90[VIEW_RATE_TEXT];
	buf_printf(out, "%llu x %llu years of the corridor from seed %llu",
		   (unsigned long long)a->draws, (unsigned long long)a->years,
		   (unsigned long long)a->seed);
	view_terms_text(out, &a->terms);
	buf_str(out, "\n\n");
	view_field_printf(
		out, "lost",
		"%s Gbit/s hours a year in the mean (%s, demands, capacities and rates at their "
		"bounds); as told P10 %s, P50 %s, P90 %s",
		view_fact_number(number, f->mean_gbit_h.value),
		view_fact_range(range, f->mean_gbit_h.low, f->mean_gbit_h.high),
		view_fact_number(p10, f->p10_gbit_h), view_fact_number(p50, f->p50_gbit_h),
		view_fact_number(p90, f->p90_gbit_h));
	view_field_printf(out, "failures", "%s a year; %u of %u rates are estimates",
			  view_fact_number(number, f->failures_year), f->estimates, f->parts);
	if (a->ships)
		view_field_printf(out, "ships", "%llu; a cable at sea waits %s hours for one",
				  (unsigned long long)a->ships,
				  view_fact_number(number, f->waits_h));
	if (!isnan(a->credit_percent))
		view_field_printf(out, "credits",
				  "%s thousand $ a year, %.4g %% of the fee of each month below "
				  "%.6g %%",
				  view_fact_number(number, all_credits(a) / 1e3), a->credit_percent,
				  a->sla_percent);
	buf_str(out, "\n");
	view_cell(out, "demand", NAME_COLUMNS);
	view_cell(out, "Gbit/s", -RATE_COLUMNS);
	view_cell(out, "whole %", -WIDE_COLUMNS);
	view_cell(out, "at least", -WIDE_COLUMNS);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		view_cell(out, names[i],
			  i + 1 < sizeof(names) / sizeof(names[0]) ? -NUMBER_COLUMNS
								   : -RATE_COLUMNS);
	view_end_line(out);
	for (size_t i = 0; i < a->view->hub->demand_count; i++)
		if (f->demands[i].served_gbps > 0)
			row_text(out, a, i);
	buf_str(out, "\n");
	view_assumed_text(out, a->view, &a->terms, assumptions);
}

static const struct view_corridor_forms forms = {answer_json, answer_csv, answer_text};

int
view_corridor_simulate(struct buf *out, const struct view_corridor *view,
		       enum view_corridor_form form, const char *const *words, size_t count,
		       struct corridor_complaint *complaint)
{
	struct answer a = {
		.view = view,
		.arena = arena_new(),
		.years = 10,
		.draws = 20,
		.seed = 1,
		.sigma = 0.8,
		.sla_percent = NAN,
		.credit_percent = NAN,
	};
	int result = -1;
	if (!a.arena)
		corridor_complain(complaint, 500, "out of memory");
	else if (take_words(&a, words, count, complaint) < 0 ||
		 view_demands_wanted(view, complaint) < 0)
		result = -1;
	else if (find(&a) == 0)
		result = 0;
	else if (errno == E2BIG)
		corridor_complain(complaint, 400,
				  "at most %d years in all, and %d times demands: fewer --draws",
				  CORRIDOR_SIMULATED_YEARS_MAX, CORRIDOR_SIMULATED_CELLS_MAX);
	else
		(void)view_flow_failed(complaint, errno);
	if (result == 0)
		view_corridor_write(out, form, &forms, &a);
	arena_free(a.arena);
	return result;
}
