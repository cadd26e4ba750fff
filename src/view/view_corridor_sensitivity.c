/* By how much a sum of money moves with what it rests on: words, the assumptions by name, and the
 * answer in text, JSON, CSV and SVG. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "corridor/corridor_reckonings.h"
#include "corridor/corridor_told.h"
#include "view/view_corridor_worth.h"
#include "view/view_tornado.h"

enum { SHOWN = 16 };

enum subject { WORTH, TARGET, REVENUE, NPV, SUBJECTS };

static const char *const subject_words[] = {"worth", "target", "revenue", "npv"};

struct answer {
	const struct view_corridor *view;
	struct arena *arena;
	struct corridor_terms terms;
	enum subject subject;
	const char *of;     /* worth and target */
	double target_musd; /* NAN: none */
	uint32_t set[CORRIDOR_SET_MAX];
	size_t set_count;
	const char *set_text; /* as written; NULL: none */
	uint64_t draws, seed, top;
	bool svg;
	struct corridor_assumptions assumptions;
	struct corridor_sensitivity found;
	struct view_tornado tornado;
};

static const char assumptions_text[] =
	"Each number from its low to its high bound while all others are as told (-, +). Prices of "
	"one row move together, and so do all that are reckoned from length. By chance: each by "
	"itself, from the triangle over its bounds with its top at what is told.";
static const char laid_text[] =
	"Demands stay on the ways on which they are laid as told, at the least price; what is "
	"asked beyond the capacity of a segment on the way is not sold.";
static const char worth_text[] =
	"In each world demands look for the cheapest way with and without anew; those that are "
	"bound stay on theirs.";

/* --- words --- */

/* The question's own options: 1 and *at behind it; 0; -1. */
static int
take_own(struct answer *a, const char *const *words, size_t count, size_t *at,
	 struct corridor_complaint *complaint)
{
	const struct {
		const char *option;
		uint64_t *number, most;
	} numbers[] = {{"--draws", &a->draws, CORRIDOR_SENSITIVITY_DRAWS_MAX},
		       {"--seed", &a->seed, UINT64_MAX},
		       {"--top", &a->top, 1000}};
	const char *value;
	if (strcmp(words[*at], "--svg") == 0) {
		a->svg = ++*at > 0;
		return 1;
	}
	if ((value = view_option_value("--of", words, count, at))) {
		a->of = value;
		return 1;
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if ((value = view_option_value(numbers[i].option, words, count, at)))
			return view_option_number(numbers[i].number, numbers[i].option, value,
						  numbers[i].most, complaint) < 0
				       ? -1
				       : 1;
	return 0;
}

static int
take_candidate(struct answer *a, const char *id, size_t length,
	       struct corridor_complaint *complaint)
{
	const struct hub *hub = a->view->hub;
	for (uint32_t i = 0; i < hub->candidate_count; i++) {
		if (strncasecmp(hub->candidates[i].id, id, length) != 0 ||
		    hub->candidates[i].id[length])
			continue;
		for (size_t k = 0; k < a->set_count; k++) {
			if (a->set[k] != i)
				continue;
			corridor_complain(complaint, 400, "%s is named twice",
					  hub->candidates[i].id);
			return -1;
		}
		if (a->set_count == CORRIDOR_SET_MAX)
			break;
		a->set[a->set_count++] = i;
		return 0;
	}
	corridor_complain(complaint, 404, "no candidate has the id %.*s",
			  (int)(length < 40 ? length : 40), id);
	return -1;
}

/* What the subject is about: an amount, or candidates. */
static int
take_object(struct answer *a, const char *word, struct corridor_complaint *complaint)
{
	char *end;
	if (a->subject == TARGET && isnan(a->target_musd)) {
		a->target_musd = strtod(word, &end);
		if (*word >= '0' && *word <= '9' && !*end && a->target_musd > 0 &&
		    a->target_musd <= 1e9)
			return 0;
		corridor_complain(complaint, 400,
				  "found \"%.40s\", expected millions of dollars a year", word);
		return -1;
	}
	if (a->subject != NPV || a->set_text || strncmp(word, "--", 2) == 0) {
		corridor_complain(complaint, 400,
				  "found \"%.40s\", expected --of, --draws, --seed, --top, --svg, "
				  "--avoid, --without, --with or --date",
				  word);
		return -1;
	}
	a->set_text = word;
	for (const char *id = word;; id += strcspn(id, ",;") + 1) {
		size_t length = strcspn(id, ",;");
		if (length == 0) {
			corridor_complain(complaint, 400,
					  "found \"%.60s\", expected a name before and after each "
					  "comma",
					  word);
			return -1;
		}
		if (take_candidate(a, id, length, complaint) < 0)
			return -1;
		if (!id[length])
			return 0;
	}
}

static int
is_whole(const struct answer *a, struct corridor_complaint *complaint)
{
	const char *missing = NULL;
	if (a->terms.require.count || a->terms.k != 1 || a->terms.measure != CORRIDOR_BY_LENGTH)
		missing = "money goes by price, one way a demand: no --require, --via, --by or --k";
	else if ((a->subject == WORTH || a->subject == TARGET) && !a->of)
		missing = "expected --of NAME: whose passage";
	else if ((a->subject == REVENUE || a->subject == NPV) && a->of)
		missing = "--of NAME goes with worth and target only";
	else if (a->subject == TARGET && isnan(a->target_musd))
		missing = "expected millions of dollars a year after \"target\"";
	else if (a->subject == NPV && a->set_count == 0)
		missing = "expected candidates after \"npv\": their ids, with commas";
	if (missing)
		corridor_complain(complaint, 400, "%s", missing);
	return missing ? -1 : 0;
}

static int
take_words(struct answer *a, const char *const *words, size_t count,
	   struct corridor_complaint *complaint)
{
	a->terms = corridor_terms_of(a->view->plan, a->arena);
	for (int s = 0; count && s < SUBJECTS; s++)
		if (strcmp(words[0], subject_words[s]) == 0)
			a->subject = (enum subject)s;
	if (a->subject == SUBJECTS) {
		corridor_complain(complaint, 400, "expected worth, target, revenue or npv");
		return -1;
	}
	for (size_t at = 1; at < count;) {
		int taken = corridor_terms_take(&a->terms, words, count, &at, complaint);
		if (taken == 0)
			taken = take_own(a, words, count, &at, complaint);
		if (taken < 0 || (taken == 0 && take_object(a, words[at++], complaint) < 0))
			return -1;
	}
	if (is_whole(a, complaint) < 0)
		return -1;
	a->terms.measure = CORRIDOR_BY_PRICE;
	return 0;
}

/* --- reckoning --- */

/* What is asked of the assumptions and of the laying of demands under the terms. */
static int
ask_for(struct corridor_assumptions_ask *ask, struct corridor_conditions *conditions,
	const struct answer *a)
{
	errno = ENOMEM;
	if (corridor_terms_conditions(conditions, &a->terms) < 0)
		return -1;
	*ask = (struct corridor_assumptions_ask){
		.flow = {.plan = corridor_plans_of(a->view->plans, a->terms.day),
			 .conditions = conditions,
			 .measure = CORRIDOR_BY_PRICE,
			 .now = a->view->plan->day.at,
			 .batch = a->view->batch},
		.candidates = a->set,
		.candidate_count = a->set_count,
	};
	return ask->flow.plan ? 0 : -1;
}

static int
run(struct answer *a, const struct corridor_assumptions_ask *ask, corridor_reckon *reckon,
    void *context)
{
	errno = ENOMEM;
	if (corridor_assumptions_of(&a->assumptions, a->arena, ask) < 0)
		return -1;
	struct corridor_sensitivity_ask question = {
		.assumptions = &a->assumptions,
		.reckon = reckon,
		.context = context,
		.draws = (uint32_t)a->draws,
		.seed = a->seed,
	};
	return corridor_sensitivity_of(&a->found, a->arena, &question);
}

static int
find_worth(struct answer *a, struct corridor_complaint *complaint)
{
	struct corridor_assumptions_ask ask;
	struct corridor_conditions conditions, same;
	struct corridor_worth_ask worth;
	struct corridor_us us;
	errno = ENOMEM;
	if (ask_for(&ask, &conditions, a) < 0 ||
	    view_worth_ask(&worth, &same, a->view, &a->terms) < 0)
		return -1;
	if (view_worth_us(&us, a->arena, worth.plan, a->of, complaint) < 0) {
		errno = 0;
		return -1;
	}
	struct corridor_reckon_worth *reckoning = corridor_reckon_worth_new(&worth, &us);
	if (reckoning && a->subject == TARGET)
		corridor_reckon_worth_target(reckoning, 1e6 * a->target_musd);
	int result = reckoning ? run(a, &ask, corridor_reckon_tolls, reckoning) : -1;
	corridor_reckon_worth_free(reckoning);
	return result;
}

static int
find_revenue(struct answer *a)
{
	struct corridor_assumptions_ask ask;
	struct corridor_conditions conditions;
	if (ask_for(&ask, &conditions, a) < 0)
		return -1;
	struct corridor_reckon_laid *reckoning = corridor_reckon_revenue_new(&ask.flow);
	if (!reckoning)
		return -1;
	ask.segments = corridor_reckon_laid_used(reckoning);
	int result = run(a, &ask, corridor_reckon_revenue, reckoning);
	corridor_reckon_laid_free(reckoning);
	return result;
}

/* Candidates that can be built together. */
static int
check_set(const struct answer *a, const struct corridor_next *next,
	  struct corridor_complaint *complaint)
{
	size_t count;
	const uint32_t *open = corridor_next_open(next, &count);
	for (size_t i = 0; i < a->set_count; i++) {
		const char *id = a->view->hub->candidates[a->set[i]].id;
		size_t at = 0;
		while (at < count && open[at] != a->set[i])
			at++;
		if (at == count) {
			corridor_complain(complaint, 400, "%s carries traffic already", id);
			return -1;
		}
		for (size_t k = 0; k < i; k++) {
			if (!corridor_next_overlap(next, a->set[i], a->set[k]))
				continue;
			corridor_complain(complaint, 400, "%s and %s share a segment", id,
					  a->view->hub->candidates[a->set[k]].id);
			return -1;
		}
	}
	return 0;
}

static int
find_npv(struct answer *a, struct corridor_complaint *complaint)
{
	struct corridor_assumptions_ask ask;
	struct corridor_conditions conditions;
	if (ask_for(&ask, &conditions, a) < 0)
		return -1;
	struct corridor_next_ask of_next = {
		.plan = ask.flow.plan,
		.today = a->view->plan,
		.conditions = &conditions,
		.now = ask.flow.now,
		.batch = ask.flow.batch,
	};
	struct corridor_next *next =
		corridor_next_new(&of_next, (struct corridor_next_depth){false, false});
	if (!next)
		return -1;
	int result = check_set(a, next, complaint);
	errno = result < 0 ? 0 : ENOMEM;
	struct corridor_reckon_laid *reckoning =
		result < 0 ? NULL : corridor_reckon_npv_new(next, a->set, a->set_count);
	if (reckoning) {
		ask.segments = corridor_reckon_laid_used(reckoning);
		result = run(a, &ask, corridor_reckon_npv, reckoning);
	} else {
		result = -1;
	}
	int error = errno;
	corridor_reckon_laid_free(reckoning);
	corridor_next_free(next);
	errno = error;
	return result;
}

/* 0, or -1 and the complaint. Whoever has complained already leaves errno 0. */
static int
find(struct answer *a, struct corridor_complaint *complaint)
{
	int result = a->subject == REVENUE ? find_revenue(a)
		     : a->subject == NPV   ? find_npv(a, complaint)
					   : find_worth(a, complaint);
	if (result < 0 && errno)
		(void)view_flow_failed(complaint, errno);
	return result;
}

/* --- names --- */

static const char *
label_of(const struct answer *a, const struct corridor_assumption *one)
{
	const struct hub *hub = a->view->hub;
	const struct hub_corridor_price *row;
	switch (one->kind) {
	case CORRIDOR_ASSUMED_TRAFFIC:
		return arena_printf(a->arena, "Gbit/s %s", hub->demands[one->index].id);
	case CORRIDOR_ASSUMED_PRICE:
		row = &hub->prices[one->index];
		return arena_printf(a->arena, "$ Mbit/s %s%s",
				    row->id ? row->id : hub->segments[row->segments[0]].id,
				    row->id || row->segment_count == 1 ? "" : " ...");
	case CORRIDOR_ASSUMED_LAND_PRICE:
		return "$ of 1000 km of land";
	case CORRIDOR_ASSUMED_SEA_PRICE:
		return "$ of 1000 km of sea";
	case CORRIDOR_ASSUMED_EROSION:
		return "prices fall, % a year";
	case CORRIDOR_ASSUMED_GROWTH:
		return "traffic grows, % a year";
	case CORRIDOR_ASSUMED_CAPACITY:
		return arena_printf(a->arena, "Tbit/s %s", hub->segments[one->index].id);
	case CORRIDOR_ASSUMED_CAPEX:
		return arena_printf(a->arena, "M$ %s", hub->candidates[one->index].id);
	case CORRIDOR_ASSUMED_OPEX:
		return arena_printf(a->arena, "running, %% %s", hub->candidates[one->index].id);
	case CORRIDOR_ASSUMED_LEASE:
		return arena_printf(a->arena, "$ a month %s", hub->candidates[one->index].id);
	case CORRIDOR_ASSUMED_DISCOUNT:
		return "money costs, % a year";
	}
	return NULL;
}

/* Shown are millions of dollars, or Tbit/s. */
static double
shown(const struct answer *a, double value)
{
	return value / (a->subject == TARGET ? 1e3 : 1e6);
}

static const char *
unit_of(const struct answer *a)
{
	return a->subject == TARGET ? "Tbit/s"
	       : a->subject == NPV  ? "million $"
				    : "million $ a year";
}

static const char *
title_of(const struct answer *a)
{
	switch (a->subject) {
	case WORTH:
		return arena_printf(a->arena, "What moves the worth of passing %s", a->of);
	case TARGET:
		return arena_printf(
			a->arena, "What moves the traffic that earns %.6g million $ a year with %s",
			a->target_musd, a->of);
	case REVENUE:
		return "What moves the revenue of all demands";
	case NPV:
	case SUBJECTS:
		break;
	}
	return arena_printf(a->arena, "What moves the net present value of %s", a->set_text);
}

/* 0, or -1 without memory. */
static int
make_tornado(struct answer *a)
{
	const struct corridor_sensitivity *found = &a->found;
	size_t moving = found->count - found->idle;
	size_t count = moving < a->top ? moving : a->top;
	struct view_tornado_row *rows = arena_take(a->arena, (count + 1) * sizeof(*rows));
	if (!rows)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct corridor_swing *swing = &found->swings[i];
		const struct corridor_assumption *one = &a->assumptions.all[swing->assumption];
		rows[i] = (struct view_tornado_row){
			.label = label_of(a, one),
			.low = one->fact.low,
			.high = one->fact.high,
			.at_low = shown(a, swing->at_low),
			.at_high = shown(a, swing->at_high),
		};
		if (!rows[i].label)
			return -1;
	}
	a->tornado = (struct view_tornado){
		.title = title_of(a),
		.unit = unit_of(a),
		.told = shown(a, found->told),
		.p10 = shown(a, found->p10),
		.p50 = shown(a, found->p50),
		.p90 = shown(a, found->p90),
		.rows = rows,
		.count = count,
	};
	return a->tornado.title ? 0 : -1;
}

/* --- JSON, CSV, text --- */

static const char *
kind_word(enum corridor_assumed kind)
{
	static const char *const words[] = {
		[CORRIDOR_ASSUMED_TRAFFIC] = "traffic",
		[CORRIDOR_ASSUMED_PRICE] = "price",
		[CORRIDOR_ASSUMED_LAND_PRICE] = "land price",
		[CORRIDOR_ASSUMED_SEA_PRICE] = "sea price",
		[CORRIDOR_ASSUMED_EROSION] = "erosion",
		[CORRIDOR_ASSUMED_GROWTH] = "growth",
		[CORRIDOR_ASSUMED_CAPACITY] = "capacity",
		[CORRIDOR_ASSUMED_CAPEX] = "capex",
		[CORRIDOR_ASSUMED_OPEX] = "opex",
		[CORRIDOR_ASSUMED_LEASE] = "lease",
		[CORRIDOR_ASSUMED_DISCOUNT] = "discount",
	};
	return words[kind];
}

static void
answer_json(struct buf *out, const void *answer)
{
	const struct answer *a = answer;
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_str(&j, "subject", subject_words[a->subject]);
	json_str(&j, "of", a->of);
	json_str(&j, "candidates", a->set_text);
	view_number_json(&j, "target_musd", a->target_musd);
	view_terms_json(&j, &a->terms);
	view_measured_json(&j, a->view);
	json_str(&j, "unit", a->tornado.unit);
	json_double(&j, "told", a->tornado.told);
	json_u64(&j, "draws", a->draws);
	json_u64(&j, "seed", a->seed);
	view_number_json(&j, "p10", a->tornado.p10);
	view_number_json(&j, "p50", a->tornado.p50);
	view_number_json(&j, "p90", a->tornado.p90);
	view_number_json(&j, "mean", shown(a, a->found.mean));
	view_number_json(&j, "above_zero", a->found.above_zero);
	json_array(&j, "swings");
	for (size_t i = 0; i < a->tornado.count; i++) {
		const struct view_tornado_row *row = &a->tornado.rows[i];
		const struct corridor_assumption *one =
			&a->assumptions.all[a->found.swings[i].assumption];
		json_object(&j, NULL);
		json_str(&j, "assumption", row->label);
		json_str(&j, "kind", kind_word(one->kind));
		view_fact_json(&j, "assumed", &one->fact);
		json_double(&j, "at_low", row->at_low);
		json_double(&j, "at_high", row->at_high);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_u64(&j, "assumptions", a->found.count);
	json_u64(&j, "idle", a->found.idle);
	view_assumed_json(&j, a->view, &a->terms, assumptions_text);
}

static void
answer_csv(struct buf *out, const void *answer)
{
	const struct answer *a = answer;
	buf_str(out, "assumption,kind,basis,value,low,high,told,at_low,at_high\r\n");
	for (size_t i = 0; i < a->tornado.count; i++) {
		const struct view_tornado_row *row = &a->tornado.rows[i];
		const struct corridor_assumption *one =
			&a->assumptions.all[a->found.swings[i].assumption];
		view_csv_field(out, row->label);
		buf_printf(out, ",%s,%s", kind_word(one->kind),
			   corridor_basis_word(one->fact.basis));
		const double numbers[] = {one->fact.value, row->low,    row->high,
					  a->tornado.told, row->at_low, row->at_high};
		for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++)
			view_fact_csv(out, numbers[k]);
		buf_str(out, "\r\n");
	}
}

static void
draws_text(struct buf *out, const struct answer *a)
{
	char p10[VIEW_RATE_TEXT], p50[VIEW_RATE_TEXT], p90[VIEW_RATE_TEXT], mean[VIEW_RATE_TEXT];
	if (a->draws == 0)
		return;
	view_field_printf(
		out, "by chance", "P10 %s, P50 %s, P90 %s, mean %s (%llu draws, seed %llu)",
		view_fact_number(p10, a->tornado.p10), view_fact_number(p50, a->tornado.p50),
		view_fact_number(p90, a->tornado.p90),
		view_fact_number(mean, shown(a, a->found.mean)), (unsigned long long)a->draws,
		(unsigned long long)a->seed);
	if (a->subject == NPV)
		view_field_printf(out, "pays", "in %.1f %% of the draws",
				  100 * a->found.above_zero);
}

static void
answer_text(struct buf *out, const void *answer)
{
	const struct answer *a = answer;
	char told[VIEW_RATE_TEXT];
	size_t hidden = a->found.count - a->found.idle - a->tornado.count;
	struct buf title = {0};
	if (a->svg) {
		view_tornado_svg(out, &a->tornado);
		return;
	}
	buf_str(&title, a->tornado.title);
	view_terms_text(&title, &a->terms);
	buf_put(&title, "", 1);
	if (!title.failed)
		view_wrapped(out, (const char *)title.data, 0, 0);
	buf_fini(&title);
	buf_str(out, "\n");
	view_field_printf(out, "as told", "%s %s", view_fact_number(told, a->tornado.told),
			  a->tornado.unit);
	draws_text(out, a);
	buf_str(out, "\n");
	view_tornado_text(out, &a->tornado);
	buf_str(out, "\n");
	if (hidden)
		buf_printf(out, "%zu more move it less; --top N shows them.\n", hidden);
	if (a->found.idle)
		buf_printf(out, "%zu of %zu numbers move nothing alone.\n", a->found.idle,
			   a->found.count);
	view_assumed_text(out, a->view, &a->terms, assumptions_text);
	view_wrapped(out, a->subject == WORTH || a->subject == TARGET ? worth_text : laid_text, 0,
		     0);
}

static const struct view_corridor_forms forms = {answer_json, answer_csv, answer_text};

int
view_corridor_sensitivity(struct buf *out, const struct view_corridor *view,
			  enum view_corridor_form form, const char *const *words, size_t count,
			  struct corridor_complaint *complaint)
{
	struct answer a = {
		.view = view,
		.arena = arena_new(),
		.subject = SUBJECTS,
		.target_musd = NAN,
		.draws = CORRIDOR_SENSITIVITY_DRAWS,
		.seed = 1,
		.top = SHOWN,
	};
	int result = -1;
	if (!a.arena)
		corridor_complain(complaint, 500, "out of memory");
	else if (take_words(&a, words, count, complaint) == 0)
		result = find(&a, complaint);
	if (result == 0 && make_tornado(&a) < 0) {
		corridor_complain(complaint, 500, "out of memory");
		result = -1;
	}
	if (result == 0)
		view_corridor_write(out, form, &forms, &a);
	arena_free(a.arena);
	return result;
}
