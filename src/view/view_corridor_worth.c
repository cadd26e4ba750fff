/* What it is worth that traffic passes: of one country, cable, operator, party, risk or site each
 * demand's toll ceiling; without one of these, all countries and cables side by side. */
#include "view/view_corridor_worth.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_carry.h"
#include "view/view_corridor_earned.h"
#include "view/view_corridor_parts.h"

enum { NAME_COLUMNS = 22, NUMBER_COLUMNS = 9, STATE_COLUMNS = 10 };

struct answer {
	const struct view_corridor *view;
	const struct corridor_plan *plan; /* of the day asked for */
	struct arena *arena;
	struct corridor_terms terms;
	struct corridor_conditions conditions;
	struct corridor_worth_ask ask;
	const char *of; /* NULL: everybody */
};

/* One of them, and what of it there is room for. */
struct one {
	const struct answer *answer;
	struct corridor_us us;
	struct corridor_worth worth;
	struct corridor_carries carries;
	struct view_earned earned;
};

static const char *const state_words[] = {
	[CORRIDOR_TOLL_PASSES] = "passes",       [CORRIDOR_TOLL_ONLY] = "only way",
	[CORRIDOR_TOLL_ELSEWHERE] = "elsewhere", [CORRIDOR_TOLL_HOME] = "at home",
	[CORRIDOR_TOLL_NO_WAY] = "no way",       [CORRIDOR_TOLL_UNKNOWN] = "unknown",
};

static const char assumptions[] =
	"Every demand goes the cheapest way by the prices of segments (of those that it is bound "
	"to), whatever room there is on it; the ceiling is what the cheapest way without costs "
	"more, if no other price "
	"moves. The range: prices as told, all low, all high, those here high and all others "
	"low, and the other way round; and the bounds of the traffic. Room: each demand that "
	"passes "
	"on the cheapest way over that has some; its range has capacities and other demands at "
	"every corner of their bounds.";

/* --- words --- */

static int
take_words(struct answer *a, const char *const *words, size_t count,
	   struct corridor_complaint *complaint)
{
	a->terms = corridor_terms_of(a->view->plan, a->arena);
	for (size_t at = 0; at < count;) {
		int taken = corridor_terms_take(&a->terms, words, count, &at, complaint);
		if (taken < 0)
			return -1;
		if (taken)
			continue;
		const char *word = words[at];
		const char *value = view_option_value("--of", words, count, &at);
		if (!value || !*value) {
			corridor_complain(complaint, 400,
					  "found \"%.40s\", expected --of NAME, --avoid, "
					  "--without, --with or --date",
					  word);
			return -1;
		}
		a->of = value;
	}
	if (a->terms.require.count || a->terms.k != 1 ||
	    (a->terms.measure != CORRIDOR_BY_LENGTH && a->terms.measure != CORRIDOR_BY_PRICE)) {
		corridor_complain(complaint, 400,
				  "what it is worth goes by price, one way a demand: no "
				  "--require, --via, --k or other --by");
		return -1;
	}
	a->terms.measure = CORRIDOR_BY_PRICE;
	return 0;
}

int
view_worth_us(struct corridor_us *us, struct arena *arena, const struct corridor_plan *plan,
	      const char *of, struct corridor_complaint *complaint)
{
	uint32_t party = hub_party_by_id(plan->hub, strncmp(of, "party:", 6) == 0 ? of + 6 : of);
	struct corridor_named named;
	int result;
	if (party != HUB_NONE) {
		result = corridor_us_of_party(us, arena, plan, party);
	} else {
		if (corridor_named_find(&named, plan, CORRIDOR_EVERY_KIND, of, complaint) < 0)
			return -1;
		if (named.index == HUB_NONE) {
			corridor_complain(complaint, 404, "no segment of this hub crosses %.40s",
					  of);
			return -1;
		}
		result = corridor_us_of(us, arena, plan, named);
	}
	if (result < 0)
		corridor_complain(complaint, 500, "out of memory");
	return result;
}

/* --- one --- */

/* Gbit/s of a demand that there is room for; NAN when it does not pass. */
static double
carried(const struct one *one, size_t demand)
{
	return one->carries.at[CORRIDOR_AS_TOLD].share[demand] *
	       one->worth.tolls[demand].gbps.value;
}

static void
toll_json(struct json *j, const struct hub *hub, uint32_t demand, const struct one *one)
{
	const struct corridor_toll *t = &one->worth.tolls[demand];
	const struct hub_demand *d = &hub->demands[demand];
	json_object(j, NULL);
	json_str(j, "id", d->id);
	json_str(j, "name", d->name);
	view_ends_json(j, hub, (struct corridor_ends){d->from, d->to});
	json_str(j, "state", state_words[t->state]);
	view_fact_json(j, "gbps", &t->gbps);
	view_number_json(j, "price_usd", t->price);
	view_number_json(j, "other_usd", t->other);
	view_range_json(j, "ceiling_usd", t->ceiling, 6);
	view_range_json(j, "usd_a_year", t->usd_a_year, 2);
	json_bool(j, "estimated", t->estimated);
	view_number_json(j, "carried_gbps", carried(one, demand));
	json_object_end(j);
}

static double
estimated_share(const struct corridor_worth *w)
{
	return w->usd_a_year.value > 0 ? w->estimated / w->usd_a_year.value : 0;
}

/* Keys of a sum. */
static void
worth_json(struct json *j, const struct corridor_worth *w)
{
	view_range_json(j, "usd_a_year", w->usd_a_year, 2);
	json_fixed(j, "estimated", estimated_share(w), 4);
	json_fixed(j, "passing_gbps", w->gbps[CORRIDOR_TOLL_PASSES], 3);
	json_fixed(j, "only_way_gbps", w->gbps[CORRIDOR_TOLL_ONLY], 3);
	json_fixed(j, "unpriced_gbps", w->unpriced_gbps, 3);
	json_fixed(j, "home_gbps", w->gbps[CORRIDOR_TOLL_HOME], 3);
}

static void
one_json(struct buf *out, const void *answer)
{
	const struct one *one = answer;
	const struct answer *a = one->answer;
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_str(&j, "of", a->of);
	view_terms_json(&j, &a->terms);
	view_measured_json(&j, a->view);
	worth_json(&j, &one->worth);
	view_range_json(&j, "carried_gbps", corridor_carry_range(&one->carries), 3);
	view_range_json(
		&j, "carried_usd_a_year",
		corridor_carry_worth(&one->carries, &one->worth, a->view->hub->demand_count), 2);
	view_earned_json(&j, &one->earned, a->view->hub, one->us.segments);
	json_array(&j, "demands");
	for (uint32_t i = 0; i < a->view->hub->demand_count; i++)
		toll_json(&j, a->view->hub, i, one);
	json_array_end(&j);
	view_assumed_json(&j, a->view, &a->terms, assumptions);
}

static void
csv_range(struct buf *out, struct corridor_range range)
{
	view_fact_csv(out, range.value);
	view_fact_csv(out, range.low);
	view_fact_csv(out, range.high);
}

static void
one_csv(struct buf *out, const void *answer)
{
	const struct one *one = answer;
	const struct answer *a = one->answer;
	buf_str(out, "demand,state,gbps,price_usd,other_usd,ceiling_usd,ceiling_usd_low,"
		     "ceiling_usd_high,usd_a_year,usd_a_year_low,usd_a_year_high,carried_gbps\r\n");
	for (size_t i = 0; i < a->view->hub->demand_count; i++) {
		const struct corridor_toll *t = &one->worth.tolls[i];
		view_csv_field(out, a->view->hub->demands[i].id);
		buf_printf(out, ",%s", state_words[t->state]);
		view_fact_csv(out, t->gbps.value);
		view_fact_csv(out, t->price);
		view_fact_csv(out, t->other);
		csv_range(out, t->ceiling);
		csv_range(out, t->usd_a_year);
		view_fact_csv(out, carried(one, i));
		buf_str(out, "\r\n");
	}
}

static void
heads(struct buf *out, const char *first, const char *const *names, size_t count)
{
	view_cell(out, first, NAME_COLUMNS);
	for (size_t i = 0; i < count; i++)
		view_cell(out, names[i], -NUMBER_COLUMNS);
	view_end_line(out);
}

static void
sum_text(struct buf *out, const struct corridor_worth *w)
{
	char value[VIEW_RATE_TEXT], range[VIEW_RANGE_TEXT], gbps[VIEW_RATE_TEXT];
	struct corridor_range usd = w->usd_a_year;
	view_field_printf(out, "at most", "$%s million a year (%s), %.0f %% of it on estimates",
			  view_fact_number(value, usd.value / 1e6),
			  view_fact_range(range, usd.low / 1e6, usd.high / 1e6),
			  100 * estimated_share(w));
	for (int s = 0; s < CORRIDOR_TOLL_STATES; s++)
		if (w->demands[s])
			view_field_printf(out, state_words[s], "%s Gbit/s, %zu demand%s",
					  view_fact_number(gbps, w->gbps[s]), w->demands[s],
					  w->demands[s] == 1 ? "" : "s");
	if (w->unpriced_gbps > 0)
		view_field_printf(out, "not priced",
				  "%s Gbit/s that have no other way: nothing but what they "
				  "would pay bounds their toll, and that is not told",
				  view_fact_number(gbps, w->unpriced_gbps));
}

static void
question_text(struct buf *out, const struct answer *a)
{
	buf_printf(out, "what passing %s is worth", a->of ? a->of : "each country and cable");
	view_terms_text(out, &a->terms);
	buf_str(out, "\n\n");
}

/* What of it fits, and what that is worth. */
static void
room_text(struct buf *out, const struct one *one, size_t demands)
{
	char value[VIEW_RATE_TEXT], asked[VIEW_RATE_TEXT], range[VIEW_RANGE_TEXT];
	struct corridor_range gbps = corridor_carry_range(&one->carries);
	struct corridor_range usd = corridor_carry_worth(&one->carries, &one->worth, demands);
	double asked_gbps = one->carries.at[CORRIDOR_AS_TOLD].asked_gbps;
	if (!(asked_gbps > 0))
		return;
	view_field_printf(out, "room for", "%s of %s Gbit/s behind all other demands (%s)",
			  view_fact_number(value, gbps.value), view_fact_number(asked, asked_gbps),
			  view_fact_range(range, gbps.low, gbps.high));
	view_field_printf(out, "that is", "$%s million a year (%s)",
			  view_fact_number(value, usd.value / 1e6),
			  view_fact_range(range, usd.low / 1e6, usd.high / 1e6));
}

static void
one_text(struct buf *out, const void *answer)
{
	const struct one *one = answer;
	const struct answer *a = one->answer;
	static const char *const names[] = {"Gbit/s",  "$ Mbit/s", "without",
					    "at most", "M$/year",  "state"};
	const struct corridor_worth *w = &one->worth;
	question_text(out, a);
	sum_text(out, w);
	room_text(out, one, a->view->hub->demand_count);
	view_earned_text(out, &one->earned, a->view->hub, one->us.segments);
	buf_str(out, "\n");
	heads(out, "demand", names, 6);
	for (size_t i = 0; i < a->view->hub->demand_count; i++) {
		const struct corridor_toll *t = &w->tolls[i];
		if (t->state == CORRIDOR_TOLL_HOME || t->state == CORRIDOR_TOLL_ELSEWHERE)
			continue;
		view_cell(out, a->view->hub->demands[i].id, NAME_COLUMNS);
		view_fact_cell(out, t->gbps.value, NUMBER_COLUMNS);
		view_fact_cell(out, t->price, NUMBER_COLUMNS);
		view_fact_cell(out, t->other, NUMBER_COLUMNS);
		view_fact_cell(out, t->ceiling.value, NUMBER_COLUMNS);
		view_fact_cell(out, t->usd_a_year.value / 1e6, NUMBER_COLUMNS);
		buf_printf(out, " %s\n", state_words[t->state]);
	}
	buf_str(out, "\n");
	view_assumed_text(out, a->view, &a->terms, assumptions);
}

static int
find_room(struct one *one, struct answer *a)
{
	struct corridor_carry_ask ask = {
		.us = &one->us, .tolls = one->worth.tolls, .gbps = a->ask.gbps};
	errno = ENOMEM;
	if (view_worth_flow(&ask.flow, &a->conditions, a->view, &a->terms) < 0)
		return -1;
	return corridor_carry_corners(&one->carries, a->arena, &ask, 1);
}

static int
answer_one(struct buf *out, enum view_corridor_form form, struct answer *a,
	   struct corridor_complaint *complaint)
{
	struct one one = {.answer = a};
	if (view_worth_us(&one.us, a->arena, a->plan, a->of, complaint) < 0)
		return -1;
	if (corridor_worth_of(&one.worth, a->arena, &a->ask, &one.us) < 0) {
		corridor_complain(complaint, 500, "out of memory");
		return -1;
	}
	if (find_room(&one, a) < 0)
		return view_flow_failed(complaint, errno);
	view_earned_ask(&one.earned, a->arena, a->view, NULL);
	static const struct view_corridor_forms forms = {one_json, one_csv, one_text};
	view_corridor_write(out, form, &forms, &one);
	return 0;
}

/* --- everybody --- */

struct row {
	struct corridor_named named;
	const char *id;
	struct corridor_worth worth;
};

struct rows {
	const struct answer *answer;
	struct row *all;
	size_t count;
};

static int
by_worth(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	if (x->worth.usd_a_year.value != y->worth.usd_a_year.value)
		return x->worth.usd_a_year.value < y->worth.usd_a_year.value ? 1 : -1;
	if (x->worth.unpriced_gbps != y->worth.unpriced_gbps)
		return x->worth.unpriced_gbps < y->worth.unpriced_gbps ? 1 : -1;
	return strcmp(x->id, y->id);
}

static int
find_rows(struct rows *rows, const struct answer *a)
{
	static const enum corridor_kind kinds[] = {CORRIDOR_A_COUNTRY, CORRIDOR_A_CABLE};
	const struct corridor_relation *classes = a->plan->classes;
	size_t most = classes[CORRIDOR_COUNTRIES].count + classes[CORRIDOR_CABLES].count;
	*rows = (struct rows){a, arena_take(a->arena, (most + 1) * sizeof(*rows->all)), 0};
	if (!rows->all)
		return -1;
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		for (uint32_t i = 0; i < classes[kinds[k]].count; i++) {
			struct row *row = &rows->all[rows->count];
			struct corridor_us us;
			row->named = (struct corridor_named){kinds[k], i};
			row->id = corridor_named_id(a->plan, row->named);
			if (corridor_us_of(&us, a->arena, a->plan, row->named) < 0 ||
			    corridor_worth_of(&row->worth, a->arena, &a->ask, &us) < 0)
				return -1;
			double gbps = row->worth.gbps[CORRIDOR_TOLL_PASSES] +
				      row->worth.gbps[CORRIDOR_TOLL_ONLY];
			rows->count += gbps > 0 || row->worth.usd_a_year.high > 0;
		}
	}
	qsort(rows->all, rows->count, sizeof(*rows->all), by_worth);
	return 0;
}

static void
rows_json(struct buf *out, const void *answer)
{
	const struct rows *rows = answer;
	const struct answer *a = rows->answer;
	struct json j = json_to(out);
	json_object(&j, NULL);
	view_terms_json(&j, &a->terms);
	view_measured_json(&j, a->view);
	json_array(&j, "worth");
	for (size_t i = 0; i < rows->count; i++) {
		json_object(&j, NULL);
		json_str(&j, "kind", corridor_kind_word(rows->all[i].named.kind));
		json_str(&j, "id", rows->all[i].id);
		worth_json(&j, &rows->all[i].worth);
		json_object_end(&j);
	}
	json_array_end(&j);
	view_assumed_json(&j, a->view, &a->terms, assumptions);
}

static void
rows_csv(struct buf *out, const void *answer)
{
	const struct rows *rows = answer;
	buf_str(out, "kind,id,passing_gbps,only_way_gbps,unpriced_gbps,usd_a_year,usd_a_year_low,"
		     "usd_a_year_high,estimated\r\n");
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->all[i];
		buf_printf(out, "%s,", corridor_kind_word(row->named.kind));
		view_csv_field(out, row->id);
		view_fact_csv(out, row->worth.gbps[CORRIDOR_TOLL_PASSES]);
		view_fact_csv(out, row->worth.gbps[CORRIDOR_TOLL_ONLY]);
		view_fact_csv(out, row->worth.unpriced_gbps);
		csv_range(out, row->worth.usd_a_year);
		view_fact_csv(out, estimated_share(&row->worth));
		buf_str(out, "\r\n");
	}
}

static void
rows_text(struct buf *out, const void *answer)
{
	const struct rows *rows = answer;
	const struct answer *a = rows->answer;
	static const char *const names[] = {"Gbit/s", "only way", "M$/year",
					    "low",    "high",     "estimate"};
	question_text(out, a);
	heads(out, "passing", names, 6);
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->all[i];
		const char *kind = corridor_kind_word(row->named.kind);
		char share[VIEW_RATE_TEXT];
		view_cell(out, kind, STATE_COLUMNS);
		view_cell(out, row->id, NAME_COLUMNS - STATE_COLUMNS);
		view_fact_cell(out, row->worth.gbps[CORRIDOR_TOLL_PASSES], NUMBER_COLUMNS);
		view_fact_cell(out, row->worth.gbps[CORRIDOR_TOLL_ONLY], NUMBER_COLUMNS);
		view_fact_cell(out, row->worth.usd_a_year.value / 1e6, NUMBER_COLUMNS);
		view_fact_cell(out, row->worth.usd_a_year.low / 1e6, NUMBER_COLUMNS);
		view_fact_cell(out, row->worth.usd_a_year.high / 1e6, NUMBER_COLUMNS);
		(void)snprintf(share, sizeof(share),
			       row->worth.usd_a_year.value > 0 ? "%.0f %%" : "-",
			       100 * estimated_share(&row->worth));
		view_cell(out, share, -NUMBER_COLUMNS);
		view_end_line(out);
	}
	buf_str(out, "\n");
	view_wrapped(out,
		     "What has no other way counts only where it is told what it pays. "
		     "--of NAME tells each demand.",
		     0, 0);
	view_assumed_text(out, a->view, &a->terms, assumptions);
}

static int
answer_all(struct buf *out, enum view_corridor_form form, const struct answer *a,
	   struct corridor_complaint *complaint)
{
	struct rows rows;
	if (find_rows(&rows, a) < 0) {
		corridor_complain(complaint, 500, "out of memory");
		return -1;
	}
	static const struct view_corridor_forms forms = {rows_json, rows_csv, rows_text};
	view_corridor_write(out, form, &forms, &rows);
	return 0;
}

int
view_worth_flow(struct corridor_flow_ask *flow, struct corridor_conditions *conditions,
		const struct view_corridor *view, const struct corridor_terms *terms)
{
	const struct corridor_plan *plan = corridor_plans_of(view->plans, terms->day);
	if (!plan || corridor_terms_conditions(conditions, terms) < 0)
		return -1;
	*flow = (struct corridor_flow_ask){
		.plan = plan,
		.conditions = conditions,
		.measure = CORRIDOR_BY_PRICE,
		.now = view->plan->day.at,
		.batch = view->batch,
	};
	return 0;
}

int
view_worth_ask(struct corridor_worth_ask *ask, struct corridor_conditions *conditions,
	       const struct view_corridor *view, const struct corridor_terms *terms)
{
	struct corridor_flow_case the_case;
	struct corridor_flow_ask flow;
	if (view_worth_flow(&flow, conditions, view, terms) < 0 ||
	    corridor_flow_case_of(&the_case, terms->arena, &flow, CORRIDOR_AS_TOLD) < 0)
		return -1;
	*ask = (struct corridor_worth_ask){flow.plan, conditions, the_case.gbps,
					   the_case.instance.demands};
	return 0;
}

static int
prepare(struct answer *a)
{
	if (view_worth_ask(&a->ask, &a->conditions, a->view, &a->terms) < 0)
		return -1;
	a->plan = a->ask.plan;
	return 0;
}

int
view_corridor_worth(struct buf *out, const struct view_corridor *view, enum view_corridor_form form,
		    const char *const *words, size_t count, struct corridor_complaint *complaint)
{
	struct answer a = {.view = view, .arena = arena_new()};
	int result = -1;
	if (!a.arena)
		corridor_complain(complaint, 500, "out of memory");
	else if (take_words(&a, words, count, complaint) < 0 ||
		 view_demands_wanted(view, complaint) < 0)
		result = -1;
	else if (prepare(&a) < 0)
		(void)view_flow_failed(complaint, errno);
	else
		result = a.of ? answer_one(out, form, &a, complaint)
			      : answer_all(out, form, &a, complaint);
	arena_free(a.arena);
	return result;
}
