/* Where the corridor's numbers come from: each with its bounds, its basis and its source. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_best.h"
#include "corridor/corridor_told.h"
#include "view/view_corridor_parts.h"

enum { ID_COLUMNS = 14, WHAT_COLUMNS = 29, NUMBER_COLUMNS = 9 };

static void
counts_json(struct json *j, const struct corridor_tellings *t)
{
	json_u64(j, "seen", t->by_basis[HUB_SEEN]);
	json_u64(j, "derived", t->by_basis[HUB_DERIVED]);
	json_u64(j, "estimated", t->by_basis[HUB_ESTIMATED]);
}

static void
tellings_json(struct buf *out, const struct corridor_tellings *t)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	counts_json(&j, t);
	json_array(&j, "numbers");
	for (size_t i = 0; i < t->count; i++) {
		const struct corridor_told *told = &t->all[i];
		json_object(&j, NULL);
		json_str(&j, "list", told->list);
		json_str(&j, "id", told->id);
		json_str(&j, "what", told->what);
		json_double(&j, "value", told->fact.value);
		json_double(&j, "low", told->fact.low);
		json_double(&j, "high", told->fact.high);
		json_str(&j, "unit", told->unit);
		json_str(&j, "basis", corridor_basis_word(told->fact.basis));
		json_str(&j, "confidence", told->said);
		json_str(&j, "source", told->fact.source);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
tellings_csv(struct buf *out, const struct corridor_tellings *t)
{
	buf_str(out, "list,id,what,value,low,high,unit,basis,confidence,source\r\n");
	for (size_t i = 0; i < t->count; i++) {
		const struct corridor_told *told = &t->all[i];
		buf_printf(out, "%s,", told->list);
		view_csv_field(out, told->id);
		buf_str(out, ",");
		view_csv_field(out, told->what);
		buf_printf(out, ",%.10g,%.10g,%.10g,", told->fact.value, told->fact.low,
			   told->fact.high);
		view_csv_field(out, told->unit);
		buf_printf(out, ",%s,", corridor_basis_word(told->fact.basis));
		view_csv_field(out, told->said ? told->said : "");
		buf_str(out, ",");
		view_csv_field(out, told->fact.source ? told->fact.source : "");
		buf_str(out, "\r\n");
	}
}

static void
told_text(struct buf *out, const struct corridor_told *told, bool same)
{
	char value[VIEW_RATE_TEXT], low[VIEW_RATE_TEXT], high[VIEW_RATE_TEXT], what[64];
	(void)snprintf(what, sizeof(what), "%s, %s", told->what, told->unit);
	view_cell(out, same ? "" : told->id, ID_COLUMNS - 1);
	buf_str(out, " ");
	view_cell(out, what, WHAT_COLUMNS);
	view_cell(out, view_fact_number(value, told->fact.value), -NUMBER_COLUMNS);
	view_cell(out, view_fact_number(low, told->fact.low), -NUMBER_COLUMNS);
	view_cell(out, view_fact_number(high, told->fact.high), -NUMBER_COLUMNS);
	buf_printf(out, " %s\n", corridor_basis_word(told->fact.basis));
}

/* The words and the source, unless they are those of the number before. */
static void
source_text(struct buf *out, const struct corridor_told *told, const struct corridor_told *before)
{
	const char *texts[] = {told->said, told->fact.source};
	const char *was[] = {before ? before->said : NULL, before ? before->fact.source : NULL};
	for (size_t i = 0; i < 2; i++) {
		if (!texts[i] || (was[i] && strcmp(was[i], texts[i]) == 0))
			continue;
		buf_printf(out, "%*s", ID_COLUMNS, "");
		view_wrapped(out, texts[i], ID_COLUMNS, ID_COLUMNS);
	}
}

static void
tellings_text(struct buf *out, const struct corridor_tellings *t)
{
	buf_printf(out, "%zu numbers: %zu seen, %zu derived, %zu estimated\n", t->count,
		   t->by_basis[HUB_SEEN], t->by_basis[HUB_DERIVED], t->by_basis[HUB_ESTIMATED]);
	if (!t->count)
		return;
	buf_str(out, "\n");
	view_cell(out, "", ID_COLUMNS + WHAT_COLUMNS);
	view_cell(out, "value", -NUMBER_COLUMNS);
	view_cell(out, "low", -NUMBER_COLUMNS);
	view_cell(out, "high", -NUMBER_COLUMNS);
	view_end_line(out);
	for (size_t i = 0; i < t->count; i++) {
		const struct corridor_told *told = &t->all[i], *before = i ? told - 1 : NULL;
		bool same = before && strcmp(told->list, before->list) == 0 &&
			    strcmp(told->id, before->id) == 0;
		told_text(out, told, same);
		source_text(out, told, same ? before : NULL);
	}
}

/* The numbers along the best way that answers a question. */
static int
tell_way(struct corridor_tellings *out, const struct view_corridor *view,
	 const struct corridor_question *question, struct corridor_complaint *complaint)
{
	const struct corridor_plan *plan = corridor_plans_of(view->plans, question->terms.day);
	struct corridor_wanted wanted = {question->ends, 1, question->terms.measure,
					 &question->conditions};
	struct corridor_best best = {0};
	if (!plan || corridor_best_find(&best, plan, &wanted) < 0) {
		corridor_complain(complaint, 500, "out of memory");
		return -1;
	}
	int result = -1;
	if (!best.paths.count) {
		corridor_complain(complaint, 404, "no way is left");
	} else {
		result = corridor_tellings_of(out, plan, best.paths.paths[0].segments,
					      best.paths.paths[0].segment_count);
		if (result < 0)
			corridor_complain(complaint, 500, "out of memory");
	}
	corridor_paths_fini(&best.paths);
	return result;
}

static int
tell_question(struct corridor_tellings *out, const struct view_corridor *view,
	      const char *const *words, size_t count, struct corridor_complaint *complaint)
{
	struct corridor_question question;
	struct arena *arena = arena_new();
	int result = -1;
	if (!arena)
		corridor_complain(complaint, 500, "out of memory");
	else if (corridor_question_parse(&question, view->plan, arena, words, count, complaint) <
			 0 ||
		 corridor_question_check(view->plan, question.ends, complaint) < 0)
		result = -1;
	else if (question.terms.k != 1)
		corridor_complain(complaint, 400, "--k does not fit: sources are those of one way");
	else
		result = tell_way(out, view, &question, complaint);
	arena_free(arena);
	return result;
}

int
view_corridor_sources(struct buf *out, const struct view_corridor *view,
		      enum view_corridor_form form, const char *const *words, size_t count,
		      struct corridor_complaint *complaint)
{
	struct corridor_tellings tellings;
	uint32_t segment;
	int result;
	if (count > 1) {
		result = tell_question(&tellings, view, words, count, complaint);
	} else {
		if (count && corridor_segment_find(&segment, view->hub, words[0], complaint) < 0)
			return -1;
		result = count ? corridor_tellings_of(&tellings, view->plan, &segment, 1)
			       : corridor_tellings_all(&tellings, view->plan);
		if (result < 0)
			corridor_complain(complaint, 500, "out of memory");
	}
	if (result < 0)
		return -1;
	if (form == VIEW_CORRIDOR_JSON)
		tellings_json(out, &tellings);
	else if (form == VIEW_CORRIDOR_CSV)
		tellings_csv(out, &tellings);
	else
		tellings_text(out, &tellings);
	corridor_tellings_fini(&tellings);
	return 0;
}
