/* Where next: candidates, pairs of them, and what to build for a budget, by what they bring per
 * dollar. */
#include "view/view_corridor_next.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	AVAILABILITY_MAX = 1000, /* demands times candidates, unless it is asked for */
	PAIRED = 64,             /* candidates; all their pairs are some CORRIDOR_NEXT_SETS */
	PAIRED_SLOWLY = 8,
};

const char view_next_assumptions[] =
	"What each brings when it is built at once, beside what there is on the day without any "
	"other candidate. Demands are laid as much as can be served, at the least price (worst: "
	"demands high, capacities low); it takes in what its segments then carry, at their prices, "
	"which erode while its traffic grows up to their capacity, until going on would only lose "
	"money; the traffic of others does not change when one is closed. Hours: less without "
	"any way, of a bit of the demands, 0 when too few to tell. ms: less there and back on the "
	"shortest ways, whatever room there is. Ranges: demands, capacities, prices and costs at "
	"their bounds.";

/* --- words --- */

static int
take_gain(struct view_next *n, const char *value, struct corridor_complaint *complaint)
{
	for (int gain = 0; gain < CORRIDOR_GAINS; gain++) {
		if (strcmp(corridor_gain_word((enum corridor_gain)gain), value) == 0) {
			n->gain = (enum corridor_gain)gain;
			return 0;
		}
	}
	corridor_complain(complaint, 400,
			  "--by: found \"%.40s\", expected availability, traffic, latency, revenue "
			  "or npv",
			  value);
	return -1;
}

static int
take_budget(struct view_next *n, const char *value, struct corridor_complaint *complaint)
{
	char *end;
	n->budget_musd = strtod(value, &end);
	if (*value >= '0' && *value <= '9' && !*end && n->budget_musd <= 1e9)
		return 0;
	corridor_complain(complaint, 400, "--budget: found \"%.40s\", expected millions of dollars",
			  value);
	return -1;
}

static int
take_words(struct view_next *n, const char *const *words, size_t count,
	   struct corridor_complaint *complaint)
{
	n->terms = corridor_terms_of(n->view->plan, n->arena);
	for (size_t at = 0; at < count;) {
		const char *value;
		int taken = 1;
		if ((value = view_option_value("--by", words, count, &at)))
			taken = take_gain(n, value, complaint) < 0 ? -1 : 1;
		else if ((value = view_option_value("--budget", words, count, &at)))
			taken = take_budget(n, value, complaint) < 0 ? -1 : 1;
		else if (strcmp(words[at], "--pairs") == 0)
			n->pairs = ++at > 0;
		else
			taken = corridor_terms_take(&n->terms, words, count, &at, complaint);
		if (taken == 0)
			corridor_complain(complaint, 400,
					  "found \"%.40s\", expected --by, --pairs, --budget, "
					  "--avoid, --without, --with or --date",
					  words[at]);
		if (taken <= 0)
			return -1;
	}
	if (!n->terms.require.count && n->terms.k == 1)
		return 0;
	corridor_complain(complaint, 400, "where next takes no --require, --via or --k");
	return -1;
}

/* --- rows --- */

static struct corridor_next_depth
depth_of(const struct view_next *n, bool ranges)
{
	const struct hub *hub = n->view->hub;
	bool few = hub->demand_count * (hub->candidate_count + 1) <= AVAILABILITY_MAX;
	bool asked = n->gain == CORRIDOR_GAIN_AVAILABILITY;
	return (struct corridor_next_depth){ranges, asked || (ranges && few)};
}

static int
weigh_row(struct view_next *n, struct view_next_row *row, bool ranges)
{
	if (corridor_next_weigh(&row->outcome, n->next, row->candidates, row->count,
				depth_of(n, ranges)) < 0)
		return -1;
	double musd = row->outcome.cost.usd.value / 1e6;
	row->gain = corridor_next_gain(n->gain, &row->outcome, corridor_next_base(n->next));
	row->per_musd = musd > 0 ? row->gain / musd : row->gain > 0 ? INFINITY : 0;
	return 0;
}

static int
most_first(const void *a, const void *b)
{
	const struct view_next_row *x = a, *y = b;
	if (x->per_musd != y->per_musd && !isnan(x->per_musd) && !isnan(y->per_musd))
		return x->per_musd < y->per_musd ? 1 : -1;
	for (size_t i = 0; i < x->count; i++)
		if (x->candidates[i] != y->candidates[i])
			return x->candidates[i] < y->candidates[i] ? -1 : 1;
	return 0;
}

static int
find_rows(struct view_next *n)
{
	const uint32_t *open = corridor_next_open(n->next, &n->row_count);
	n->rows = arena_take(n->arena, (n->row_count + 1) * sizeof(*n->rows));
	if (!n->rows)
		return -1;
	for (size_t i = 0; i < n->row_count; i++) {
		n->rows[i] = (struct view_next_row){.candidates = {open[i]}, .count = 1};
		if (weigh_row(n, &n->rows[i], true) < 0)
			return -1;
	}
	qsort(n->rows, n->row_count, sizeof(*n->rows), most_first);
	return 0;
}

static int
find_pairs(struct view_next *n)
{
	size_t most = n->gain == CORRIDOR_GAIN_AVAILABILITY ? PAIRED_SLOWLY : PAIRED;
	n->of_pairs = n->row_count < most ? n->row_count : most;
	n->pair_rows =
		arena_take(n->arena, (n->of_pairs * n->of_pairs + 1) * sizeof(*n->pair_rows));
	if (!n->pair_rows)
		return -1;
	for (size_t i = 0; i < n->of_pairs; i++) {
		for (size_t k = i + 1; k < n->of_pairs; k++) {
			struct view_next_row *row = &n->pair_rows[n->pair_count];
			const struct view_next_row *a = &n->rows[i], *b = &n->rows[k];
			*row = (struct view_next_row){
				.candidates = {a->candidates[0], b->candidates[0]},
				.count = 2,
				.alone = a->gain + b->gain,
			};
			if (corridor_next_overlap(n->next, row->candidates[0], row->candidates[1]))
				continue;
			if (weigh_row(n, row, false) < 0)
				return -1;
			n->pair_count++;
		}
	}
	qsort(n->pair_rows, n->pair_count, sizeof(*n->pair_rows), most_first);
	return 0;
}

/* 0; or -1 and errno. */
static int
find(struct view_next *n)
{
	struct corridor_conditions conditions;
	errno = ENOMEM;
	n->plan = corridor_plans_of(n->view->plans, n->terms.day);
	if (!n->plan || corridor_terms_conditions(&conditions, &n->terms) < 0)
		return -1;
	struct corridor_next_ask ask = {
		.plan = n->plan,
		.today = n->view->plan,
		.conditions = &conditions,
		.now = n->view->plan->day.at,
		.batch = n->view->batch,
	};
	n->next = corridor_next_new(&ask, depth_of(n, true));
	if (!n->next || find_rows(n) < 0 || (n->pairs && find_pairs(n) < 0))
		return -1;
	if (isnan(n->budget_musd))
		return 0;
	return corridor_next_choose(&n->greedy, &n->best, n->next, n->gain, 1e6 * n->budget_musd);
}

/* --- words of the answer --- */

const char *
view_next_names(const struct view_next *n, const uint32_t *set, size_t count)
{
	const char *text = "";
	for (size_t i = 0; text && i < count; i++)
		text = arena_printf(n->arena, "%s%s%s", text, i ? " + " : "",
				    n->view->hub->candidates[set[i]].id);
	return text;
}

const char *
view_next_unit(enum corridor_gain gain)
{
	static const char *const units[] = {
		[CORRIDOR_GAIN_AVAILABILITY] = "hours a year",
		[CORRIDOR_GAIN_TRAFFIC] = "Gbit/s",
		[CORRIDOR_GAIN_LATENCY] = "ms",
		[CORRIDOR_GAIN_REVENUE] = "M$ a year",
		[CORRIDOR_GAIN_NPV] = "M$",
	};
	return units[gain];
}

double
view_next_shown(enum corridor_gain gain, double value)
{
	return gain == CORRIDOR_GAIN_REVENUE || gain == CORRIDOR_GAIN_NPV ? value / 1e6 : value;
}

/* --- JSON --- */

static void
names_json(struct json *j, const char *key, const struct view_next *n, const uint32_t *set,
	   size_t count)
{
	json_array(j, key);
	for (size_t i = 0; i < count; i++)
		json_str(j, NULL, n->view->hub->candidates[set[i]].id);
	json_array_end(j);
}

static void
outcome_json(struct json *j, const struct corridor_outcome *o)
{
	view_number_json(j, "served_gbps", o->served_gbps[CORRIDOR_AS_TOLD]);
	view_number_json(j, "down_h_year", o->down_h);
	view_number_json(j, "round_trip_ms", o->ms);
	view_number_json(j, "linked_gbps", o->linked_gbps);
}

static void
gains_json(struct json *j, const struct view_next *n, const struct corridor_outcome *o)
{
	const struct corridor_outcome *base = corridor_next_base(n->next);
	json_object(j, "gains");
	for (int gain = 0; gain < CORRIDOR_GAINS; gain++)
		view_number_json(j, corridor_gain_word((enum corridor_gain)gain),
				 corridor_next_gain((enum corridor_gain)gain, o, base));
	view_number_json(j, "traffic_at_worst", corridor_next_gain_at_worst(o, base));
	json_object_end(j);
}

static void
money_json(struct json *j, const struct corridor_outcome *o)
{
	view_range_json(j, "cost_usd", o->cost.usd, 2);
	view_range_json(j, "capex_usd", o->cost.capex_usd, 2);
	view_range_json(j, "lease_usd", o->cost.lease_usd, 2);
	view_range_json(j, "usd_a_year", o->usd_a_year, 2);
	view_range_json(j, "npv_usd", o->npv_usd, 2);
	view_number_json(j, "irr", o->irr);
	if (o->payback < 0)
		json_null(j, "payback_years");
	else
		json_u64(j, "payback_years", (uint64_t)o->payback);
	view_number_json(j, "break_even", o->even);
	view_number_json(j, "break_even_gbps", o->even_gbps);
	view_number_json(j, "break_even_usd", o->even_price);
	json_fixed(j, "estimated", o->estimated, 4);
}

static void
row_json(struct json *j, const struct view_next *n, const struct view_next_row *row)
{
	json_object(j, NULL);
	names_json(j, "candidates", n, row->candidates, row->count);
	if (row->count == 1)
		json_str(j, "name", n->view->hub->candidates[row->candidates[0]].name);
	outcome_json(j, &row->outcome);
	gains_json(j, n, &row->outcome);
	money_json(j, &row->outcome);
	view_number_json(j, "gain", row->gain);
	view_number_json(j, "gain_per_musd", isfinite(row->per_musd) ? row->per_musd : NAN);
	if (row->count == 2) {
		view_number_json(j, "gain_alone", row->alone);
		view_number_json(j, "together", row->gain - row->alone);
	}
	json_object_end(j);
}

static void
choice_json(struct json *j, const char *key, const struct view_next *n,
	    const struct corridor_choice *choice)
{
	json_object(j, key);
	names_json(j, "candidates", n, choice->set, choice->count);
	gains_json(j, n, &choice->outcome);
	money_json(j, &choice->outcome);
	json_u64(j, "tried", choice->tried);
	json_object_end(j);
}

static void
answer_json(struct buf *out, const struct view_next *n)
{
	const struct corridor_outcome *base = corridor_next_base(n->next);
	struct json j = json_to(out);
	struct corridor_terms terms = n->terms;
	terms.measure = CORRIDOR_BY_PRICE;
	json_object(&j, NULL);
	view_terms_json(&j, &terms);
	view_measured_json(&j, n->view);
	json_str(&j, "gain", corridor_gain_word(n->gain));
	json_object(&j, "base");
	json_double(&j, "asked_gbps", base->asked_gbps);
	outcome_json(&j, base);
	json_object_end(&j);
	json_bool(&j, "optimal", base->optimal);
	json_array(&j, "next");
	for (size_t i = 0; i < n->row_count; i++)
		row_json(&j, n, &n->rows[i]);
	json_array_end(&j);
	if (n->pairs) {
		json_array(&j, "pairs");
		for (size_t i = 0; i < n->pair_count; i++)
			row_json(&j, n, &n->pair_rows[i]);
		json_array_end(&j);
	}
	if (!isnan(n->budget_musd)) {
		json_object(&j, "budget");
		json_double(&j, "musd", n->budget_musd);
		choice_json(&j, "greedy", n, &n->greedy);
		choice_json(&j, "best", n, &n->best);
		json_bool(&j, "all_tried", n->best.all);
		view_number_json(&j, "bound", n->best.bound);
		json_object_end(&j);
	}
	view_assumed_json(&j, n->view, &n->terms, view_next_assumptions);
}

/* --- CSV: pairs if they were asked for --- */

static void
answer_csv(struct buf *out, const struct view_next *n)
{
	const struct view_next_row *rows = n->pairs ? n->pair_rows : n->rows;
	const struct corridor_outcome *base = corridor_next_base(n->next);
	buf_str(out, "candidates,cost_usd,gain_per_musd,availability,traffic,latency,revenue,npv,"
		     "npv_low,npv_high,irr,payback_years,break_even,capex_usd,lease_usd\r\n");
	for (size_t i = 0; i < (n->pairs ? n->pair_count : n->row_count); i++) {
		const struct corridor_outcome *o = &rows[i].outcome;
		view_csv_field(out, view_next_names(n, rows[i].candidates, rows[i].count));
		view_fact_csv(out, o->cost.usd.value);
		view_fact_csv(out, isfinite(rows[i].per_musd) ? rows[i].per_musd : NAN);
		for (int gain = 0; gain < CORRIDOR_GAINS; gain++)
			view_fact_csv(out, corridor_next_gain((enum corridor_gain)gain, o, base));
		view_fact_csv(out, n->pairs ? NAN : o->npv_usd.low);
		view_fact_csv(out, n->pairs ? NAN : o->npv_usd.high);
		view_fact_csv(out, o->irr);
		view_fact_csv(out, o->payback < 0 ? NAN : o->payback);
		view_fact_csv(out, o->even);
		view_fact_csv(out, o->cost.capex_usd.value);
		view_fact_csv(out, o->cost.lease_usd.value);
		buf_str(out, "\r\n");
	}
}

int
view_corridor_next(struct buf *out, const struct view_corridor *view, enum view_corridor_form form,
		   const char *const *words, size_t count, struct corridor_complaint *complaint)
{
	struct view_next n = {
		.view = view,
		.arena = arena_new(),
		.gain = CORRIDOR_GAIN_NPV,
		.budget_musd = NAN,
	};
	int result = -1;
	if (!n.arena)
		corridor_complain(complaint, 500, "out of memory");
	else if (take_words(&n, words, count, complaint) == 0 &&
		 view_list_wanted(view->hub->candidate_count, "candidates", complaint) == 0)
		result = find(&n) < 0 ? view_flow_failed(complaint, errno) : 0;
	if (result == 0 && form == VIEW_CORRIDOR_JSON)
		answer_json(out, &n);
	else if (result == 0 && form == VIEW_CORRIDOR_CSV)
		answer_csv(out, &n);
	else if (result == 0)
		view_next_text(out, &n);
	corridor_next_free(n.next);
	arena_free(n.arena);
	return result;
}
