/* The traffic that a revenue target needs, at several prices, beside what there is. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_money.h"
#include "view/view_corridor_parts.h"
#include "view/view_corridor_target.h"

enum { NAME_COLUMNS = 18, NUMBER_COLUMNS = 8 };

static const double ladder[] = {0.05, 0.1, 0.25, 0.5, 1, 2};
/* Of these, the one that is thought of where there is neither a ceiling nor a price asked for. */
enum { LADDER_MIDDLE = 3 };

static const char assumptions[] =
	"Gbit/s billed for the whole year at US dollars per Mbit/s and month: Gbit/s x 1000 x "
	"price x 12. Times: of the traffic that there is. Years: until all of it earns the sum, if "
	"it grows and prices fall as the hub file assumes. Carried: what of that finds room when "
	"all of it is so many times what it is, each demand on the cheapest way that has some, "
	"behind all other demands. Bounds of the room: capacities and other demands at every "
	"corner of theirs.";

/* --- words --- */

bool
view_target_amount(double *least_musd, double *most_musd, const char *word)
{
	char *end;
	*least_musd = *most_musd = strtod(word, &end);
	bool good = *word >= '0' && *word <= '9';
	if (good && *end == '-' && end[1] >= '0' && end[1] <= '9')
		*most_musd = strtod(end + 1, &end);
	return good && !*end && *least_musd > 0 && *least_musd <= *most_musd && *most_musd <= 1e9;
}

static int
take_amount(struct view_target *a, const char *word, struct corridor_complaint *complaint)
{
	if (view_target_amount(&a->least_musd, &a->most_musd, word))
		return 0;
	corridor_complain(complaint, 400,
			  "found \"%.40s\", expected millions of dollars a year: 200, or 200-400",
			  word);
	return -1;
}

static int
take_price(struct view_target *a, const char *word, struct corridor_complaint *complaint)
{
	char *end;
	double price = strtod(word, &end);
	if (*word < '0' || *word > '9' || *end || price <= 0 || price > 1e6) {
		corridor_complain(complaint, 400,
				  "--price: found \"%.40s\", expected dollars per Mbit/s and month",
				  word);
		return -1;
	}
	if (a->price_count + 1 == VIEW_TARGET_PRICES) {
		corridor_complain(complaint, 400, "--price: at most %d of them",
				  VIEW_TARGET_PRICES - 1);
		return -1;
	}
	a->prices[a->price_count++] = price;
	return 0;
}

/* "--of X" and "--price X": 1 and *at behind it, 0 if it is neither, -1. */
static int
take_own(struct view_target *a, const char *const *words, size_t count, size_t *at,
	 struct corridor_complaint *complaint)
{
	const char *value = view_option_value("--of", words, count, at);
	if (value) {
		a->of = value;
		return 1;
	}
	value = view_option_value("--price", words, count, at);
	if (!value)
		return 0;
	return take_price(a, value, complaint) < 0 ? -1 : 1;
}

static int
take_words(struct view_target *a, const char *const *words, size_t count,
	   struct corridor_complaint *complaint)
{
	a->terms = corridor_terms_of(a->view->plan, a->arena);
	for (size_t at = 0; at < count;) {
		int taken = corridor_terms_take(&a->terms, words, count, &at, complaint);
		if (taken == 0)
			taken = take_own(a, words, count, &at, complaint);
		if (taken < 0)
			return -1;
		if (taken)
			continue;
		if (a->least_musd > 0 || strncmp(words[at], "--", 2) == 0) {
			corridor_complain(complaint, 400,
					  "found \"%.40s\", expected one amount, --of, --price, "
					  "--avoid, --without, --with or --date",
					  words[at]);
			return -1;
		}
		if (take_amount(a, words[at++], complaint) < 0)
			return -1;
	}
	if (a->least_musd == 0) {
		corridor_complain(complaint, 400, "expected millions of dollars a year");
		return -1;
	}
	if (a->terms.require.count || a->terms.k != 1 || a->terms.measure != CORRIDOR_BY_LENGTH) {
		corridor_complain(complaint, 400,
				  "a target takes no --require, --via, --by or --k");
		return -1;
	}
	a->terms.measure = CORRIDOR_BY_PRICE;
	return 0;
}

/* --- finding --- */

static void
add_demand(struct view_target *a, const struct corridor_fact *gbps, double *sum)
{
	*sum += gbps->value;
	if (sum == &a->passing_gbps && gbps->basis == HUB_ESTIMATED)
		a->estimated_gbps += gbps->value;
}

/* The mean ceiling of what passes and has one. */
static void
take_ceiling(struct view_target *a, const struct corridor_worth *worth)
{
	double gbps = 0;
	struct corridor_range sum = {0};
	for (size_t i = 0; i < a->view->hub->demand_count; i++) {
		const struct corridor_toll *t = &worth->tolls[i];
		if ((t->state != CORRIDOR_TOLL_PASSES && t->state != CORRIDOR_TOLL_ONLY) ||
		    isnan(t->ceiling.value))
			continue;
		gbps += t->gbps.value;
		sum.value += t->gbps.value * t->ceiling.value;
		sum.low += t->gbps.value * t->ceiling.low;
		sum.high += t->gbps.value * t->ceiling.high;
	}
	if (!(sum.value > 0))
		return;
	a->ceiling_usd = (struct corridor_range){sum.value / gbps, sum.low / gbps, sum.high / gbps};
	a->first = a->ceiling = a->price_count;
	a->prices[a->price_count++] = a->ceiling_usd.value;
}

/* What passes us, and what may be asked for it in the mean. */
static int
find_ours(struct view_target *a, struct corridor_complaint *complaint)
{
	struct corridor_worth worth;
	if (view_worth_us(&a->us, a->arena, a->ask.plan, a->of, complaint) < 0)
		return -1;
	if (corridor_worth_of(&worth, a->arena, &a->ask, &a->us) < 0) {
		corridor_complain(complaint, 500, "out of memory");
		return -1;
	}
	for (size_t i = 0; i < a->view->hub->demand_count; i++) {
		const struct corridor_toll *t = &worth.tolls[i];
		if (isnan(t->gbps.value))
			continue;
		if (t->state == CORRIDOR_TOLL_PASSES || t->state == CORRIDOR_TOLL_ONLY)
			add_demand(a, &t->gbps, &a->passing_gbps);
		else if (t->state == CORRIDOR_TOLL_HOME)
			add_demand(a, &t->gbps, &a->home_gbps);
	}
	take_ceiling(a, &worth);
	a->carry.us = &a->us;
	a->carry.tolls = worth.tolls;
	return 0;
}

static int
find(struct view_target *a, struct corridor_complaint *complaint)
{
	if (view_worth_ask(&a->ask, &a->conditions, a->view, &a->terms) < 0 ||
	    view_worth_flow(&a->carry.flow, &a->conditions, a->view, &a->terms) < 0)
		return view_flow_failed(complaint, errno);
	a->carry.gbps = a->ask.gbps;
	a->ceiling = VIEW_TARGET_PRICES;
	if (a->price_count == 0) {
		a->price_count = sizeof(ladder) / sizeof(ladder[0]);
		memcpy(a->prices, ladder, sizeof(ladder));
		a->first = LADDER_MIDDLE;
	}
	if (a->of && find_ours(a, complaint) < 0)
		return -1;
	for (size_t i = 0; !a->of && i < a->view->hub->demand_count; i++)
		if (!isnan(a->ask.gbps[i].value))
			add_demand(a, &a->ask.gbps[i], &a->passing_gbps);
	view_earned_ask(&a->earned, a->arena, a->view, NULL);
	return view_target_room(a) < 0 ? view_flow_failed(complaint, errno) : 0;
}

struct corridor_target
view_target_at(const struct view_target *t, size_t price, double musd)
{
	const struct hub_corridor *assumed = &t->view->hub->corridor;
	return (struct corridor_target){
		.usd_a_year = 1e6 * musd,
		.price = t->prices[price],
		.gbps = t->passing_gbps,
		.growth = fmax(assumed->growth_percent / 100, -0.99),
		.erosion = fmin(assumed->erosion_percent / 100, 0.99),
	};
}

/* --- JSON, CSV, text --- */

static void
answer_json(struct buf *out, const void *answer)
{
	const struct view_target *a = answer;
	const struct hub_corridor *assumed = &a->view->hub->corridor;
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_str(&j, "of", a->of);
	view_terms_json(&j, &a->terms);
	view_measured_json(&j, a->view);
	json_double(&j, "usd_a_year_low", 1e6 * a->least_musd);
	json_double(&j, "usd_a_year_high", 1e6 * a->most_musd);
	json_double(&j, "passing_gbps", a->passing_gbps);
	json_double(&j, "home_gbps", a->home_gbps);
	json_fixed(&j, "estimated", a->passing_gbps > 0 ? a->estimated_gbps / a->passing_gbps : 0,
		   4);
	json_double(&j, "growth_percent", assumed->growth_percent);
	json_double(&j, "erosion_percent", assumed->erosion_percent);
	view_target_room_json(&j, a);
	view_earned_json(&j, &a->earned, a->view->hub, a->of ? a->us.segments : NULL);
	json_array(&j, "prices");
	for (size_t i = 0; i < a->price_count; i++) {
		struct corridor_target least = view_target_at(a, i, a->least_musd);
		struct corridor_target most = view_target_at(a, i, a->most_musd);
		json_object(&j, NULL);
		json_double(&j, "price_usd", a->prices[i]);
		json_bool(&j, "ceiling", i == a->ceiling);
		json_double(&j, "gbps_low", corridor_target_gbps(&least));
		json_double(&j, "gbps_high", corridor_target_gbps(&most));
		view_number_json(&j, "years_low", corridor_target_years(&least));
		view_number_json(&j, "years_high", corridor_target_years(&most));
		json_fixed(&j, "carried_gbps_low", a->carried[i][0], 3);
		json_fixed(&j, "carried_gbps_high", a->carried[i][1], 3);
		json_object_end(&j);
	}
	json_array_end(&j);
	view_assumed_json(&j, a->view, &a->terms, assumptions);
}

static void
answer_csv(struct buf *out, const void *answer)
{
	const struct view_target *a = answer;
	buf_str(out, "price_usd,ceiling,gbps_low,gbps_high,years_low,years_high,"
		     "carried_gbps_low,carried_gbps_high\r\n");
	for (size_t i = 0; i < a->price_count; i++) {
		struct corridor_target least = view_target_at(a, i, a->least_musd);
		struct corridor_target most = view_target_at(a, i, a->most_musd);
		buf_printf(out, "%.6g,%s", a->prices[i], i == a->ceiling ? "yes" : "no");
		view_fact_csv(out, corridor_target_gbps(&least));
		view_fact_csv(out, corridor_target_gbps(&most));
		view_fact_csv(out, corridor_target_years(&least));
		view_fact_csv(out, corridor_target_years(&most));
		view_fact_csv(out, a->carried[i][0]);
		view_fact_csv(out, a->carried[i][1]);
		buf_str(out, "\r\n");
	}
}

static void
two_cells(struct buf *out, double least, double most, double unit)
{
	view_fact_cell(out, isfinite(least) ? least / unit : NAN, NUMBER_COLUMNS);
	view_fact_cell(out, isfinite(most) ? most / unit : NAN, NUMBER_COLUMNS);
}

static void
price_text(struct buf *out, const struct view_target *a, size_t price)
{
	struct corridor_target least = view_target_at(a, price, a->least_musd);
	struct corridor_target most = view_target_at(a, price, a->most_musd);
	char value[VIEW_RATE_TEXT], label[VIEW_RATE_TEXT + 24];
	(void)snprintf(label, sizeof(label), "$%s%s", view_fact_number(value, a->prices[price]),
		       price == a->ceiling ? ", ceiling" : "");
	view_cell(out, label, NAME_COLUMNS);
	double low = corridor_target_gbps(&least), high = corridor_target_gbps(&most);
	two_cells(out, low, high, 1000);
	view_fact_cell(out, a->passing_gbps > 0 ? low / a->passing_gbps : NAN, NUMBER_COLUMNS);
	two_cells(out, corridor_target_years(&least), corridor_target_years(&most), 1);
	two_cells(out, a->carried[price][0], a->carried[price][1], 1000);
	view_end_line(out);
}

static void
answer_text(struct buf *out, const void *answer)
{
	const struct view_target *a = answer;
	static const char *const names[] = {"Tbit/s", "to",      "times", "years",
					    "to",     "carried", "to"};
	char gbps[VIEW_RATE_TEXT];
	buf_printf(out, "what must be carried to earn %.6g", a->least_musd);
	if (a->most_musd > a->least_musd)
		buf_printf(out, " to %.6g", a->most_musd);
	buf_printf(out, " million $ a year%s%s", a->of ? " with " : "", a->of ? a->of : "");
	view_terms_text(out, &a->terms);
	buf_str(out, "\n\n");
	view_field_printf(out, a->of ? "passes" : "asked", "%s Gbit/s, %.0f %% of it estimated",
			  view_fact_number(gbps, a->passing_gbps),
			  a->passing_gbps > 0 ? 100 * a->estimated_gbps / a->passing_gbps : 0);
	if (a->of)
		view_field_printf(out, "at home", "%s Gbit/s begin or end there",
				  view_fact_number(gbps, a->home_gbps));
	view_target_room_text(out, a);
	view_earned_text(out, &a->earned, a->view->hub, a->of ? a->us.segments : NULL);
	view_field_printf(out, "assumed", "grows %.4g %% a year, prices fall %.4g %%",
			  a->view->hub->corridor.growth_percent,
			  a->view->hub->corridor.erosion_percent);
	buf_str(out, "\n");
	view_cell(out, "Mbit/s a month", NAME_COLUMNS);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		view_cell(out, names[i], -NUMBER_COLUMNS);
	view_end_line(out);
	for (size_t i = 0; i < a->price_count; i++)
		price_text(out, a, i);
	view_target_gains_text(out, a);
	buf_str(out, "\n");
	if (a->ceiling < VIEW_TARGET_PRICES)
		view_wrapped(out,
			     "The ceiling is what may be asked of what passes, in the mean, before "
			     "it goes another way: see corridor worth.",
			     0, 0);
	view_assumed_text(out, a->view, &a->terms, assumptions);
}

static const struct view_corridor_forms forms = {answer_json, answer_csv, answer_text};

int
view_corridor_target(struct buf *out, const struct view_corridor *view,
		     enum view_corridor_form form, const char *const *words, size_t count,
		     struct corridor_complaint *complaint)
{
	struct view_target a = {.view = view, .arena = arena_new()};
	int result = -1;
	if (!a.arena)
		corridor_complain(complaint, 500, "out of memory");
	else if (take_words(&a, words, count, complaint) == 0)
		result = find(&a, complaint);
	if (result == 0)
		view_corridor_write(out, form, &forms, &a);
	arena_free(a.arena);
	return result;
}
