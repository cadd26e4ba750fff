/* The terms of a question, said again. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "view/view_corridor_way.h"

enum { CUT_NAMED = 6 };

static void
list_json(struct json *j, const char *key, const struct corridor_list *list)
{
	json_array(j, key);
	for (size_t i = 0; i < list->count; i++)
		json_str(j, NULL, list->items[i].text);
	json_array_end(j);
}

void
view_cut_json(struct json *j, const struct corridor_terms *terms)
{
	const struct corridor_plan *plan = corridor_terms_cut(terms);
	json_array(j, "cut_now");
	for (size_t i = 0; plan && i < plan->cut_count; i++)
		json_str(j, NULL, plan->hub->segments[plan->cut[i]].id);
	json_array_end(j);
}

void
view_cut_text(struct buf *out, const struct corridor_terms *terms)
{
	const struct corridor_plan *plan = corridor_terms_cut(terms);
	if (plan && plan->cut_count > CUT_NAMED)
		buf_printf(out, ", as it is now: %zu segments are cut", plan->cut_count);
	for (size_t i = 0; plan && plan->cut_count <= CUT_NAMED && i < plan->cut_count; i++)
		buf_printf(out, "%s%s", i ? ", " : ", as it is now, without ",
			   plan->hub->segments[plan->cut[i]].id);
}

/* Segments that the terms leave open and orders have closed: their number, and which. */
static size_t
cut_aside(const uint32_t **out, const struct view_corridor *view,
	  const struct corridor_terms *terms)
{
	size_t segments = view->hub->segment_count, count = 0;
	struct corridor_conditions conditions;
	uint64_t *cost = arena_take(terms->arena, (segments + 1) * sizeof(*cost));
	uint32_t *cut = arena_take(terms->arena, (segments + 1) * sizeof(*cut));
	if (!view->live || terms->date || !cost || !cut ||
	    corridor_terms_conditions(&conditions, terms) < 0)
		return 0;
	corridor_plan_costs(cost, view->plan, &conditions, CORRIDOR_BY_LENGTH);
	for (uint32_t i = 0; i < segments; i++)
		if (view->live[i] == CORRIDOR_CUT && cost[i] != CORRIDOR_CLOSED)
			cut[count++] = i;
	*out = cut;
	return count;
}

void
view_assumed_json(struct json *j, const struct view_corridor *view,
		  const struct corridor_terms *terms, const char *assumptions)
{
	const uint32_t *cut;
	size_t count = cut_aside(&cut, view, terms);
	json_array(j, "cut_not_counted");
	for (size_t i = 0; i < count; i++)
		json_str(j, NULL, view->hub->segments[cut[i]].id);
	json_array_end(j);
	json_str(j, "assumed", assumptions);
	json_object_end(j);
	buf_str(j->out, "\n");
}

static void
cut_aside_text(struct buf *out, const struct view_corridor *view,
	       const struct corridor_terms *terms)
{
	const uint32_t *cut;
	size_t count = cut_aside(&cut, view, terms);
	struct buf line = {0};
	for (size_t i = 0; i < count && i < CUT_NAMED; i++)
		buf_printf(&line, "%s%s", i ? ", " : "", view->hub->segments[cut[i]].id);
	if (count > CUT_NAMED)
		buf_printf(&line, " and %zu more", count - CUT_NAMED);
	buf_printf(&line,
		   " %s cut at present, and counted as if whole, since a cut passes. --without "
		   "leaves out what is not to count.",
		   count == 1 ? "is" : "are");
	buf_u8(&line, '\0');
	if (line.failed)
		out->failed = true;
	else if (count)
		view_wrapped(out, (const char *)line.data, 0, 0);
	buf_fini(&line);
}

void
view_assumed_text(struct buf *out, const struct view_corridor *view,
		  const struct corridor_terms *terms, const char *assumptions)
{
	cut_aside_text(out, view, terms);
	view_wrapped(out, assumptions, 0, 0);
}

/* What is counted as built though the year that it was planned for is over. */
static void
overdue_json(struct json *j, const struct corridor_terms *terms)
{
	const struct hub *hub = terms->plan->hub;
	json_array(j, "overdue");
	for (uint32_t i = 0; i < hub->segment_count; i++)
		if (corridor_terms_overdue(terms, i))
			json_str(j, NULL, hub->segments[i].id);
	json_array_end(j);
}

static void
overdue_text(struct buf *out, const struct corridor_terms *terms)
{
	const struct hub *hub = terms->plan->hub;
	size_t count = 0;
	for (uint32_t i = 0; i < hub->segment_count; i++) {
		if (!corridor_terms_overdue(terms, i))
			continue;
		if (++count <= CUT_NAMED)
			buf_printf(out, "%s%s",
				   count == 1 ? ", as if built though overdue: " : ", ",
				   hub->segments[i].id);
	}
	if (count > CUT_NAMED)
		buf_printf(out, " and %zu more", count - CUT_NAMED);
}

void
view_terms_json(struct json *j, const struct corridor_terms *terms)
{
	list_json(j, "avoid", &terms->avoid);
	list_json(j, "require", &terms->require);
	list_json(j, "without", &terms->without);
	list_json(j, "with", &terms->with);
	view_cut_json(j, terms);
	overdue_json(j, terms);
	json_str(j, "by", corridor_measure_word(terms->measure));
	json_str(j, "date", terms->date);
	json_u64(j, "k", terms->k);
}

void
view_measured_json(struct json *j, const struct view_corridor *view)
{
	if (view->note)
		json_str(j, "demands_measured", view->note);
}

void
view_ends_json(struct json *j, const struct hub *hub, struct corridor_ends ends)
{
	json_str(j, "from", hub->sites[ends.a].id);
	json_str(j, "from_name", hub->sites[ends.a].name);
	json_str(j, "to", hub->sites[ends.b].id);
	json_str(j, "to_name", hub->sites[ends.b].name);
}

static void
list_text(struct buf *out, const char *before, const struct corridor_list *list)
{
	if (!list->count)
		return;
	if (out->length)
		buf_str(out, ", ");
	for (size_t i = 0; i < list->count; i++)
		buf_printf(out, "%s%s", i == 0 ? before : ", ", list->items[i].text);
}

void
view_conditions_text(struct buf *out, const struct corridor_terms *terms, bool deeds)
{
	list_text(out, "avoiding ", &terms->avoid);
	list_text(out, deeds ? "going over " : "over ", &terms->require);
	list_text(out, deeds ? "doing without " : "without ", &terms->without);
	list_text(out, deeds ? "having " : "with ", &terms->with);
}

void
view_terms_text(struct buf *out, const struct corridor_terms *terms)
{
	struct buf conditions = {0};
	view_conditions_text(&conditions, terms, false);
	if (conditions.length)
		buf_printf(out, ", %.*s", (int)conditions.length, (const char *)conditions.data);
	out->failed |= conditions.failed;
	buf_fini(&conditions);
	if (terms->measure != CORRIDOR_BY_LENGTH)
		buf_printf(out, ", by %s", corridor_measure_word(terms->measure));
	if (terms->date)
		buf_printf(out, ", %s %s", strlen(terms->date) < 10 ? "at the end of" : "on",
			   terms->date);
	overdue_text(out, terms);
	view_cut_text(out, terms);
}

static void
inside_text(struct buf *out, const struct hub_site *site, const char *country)
{
	if (strcasecmp(site->country.code, country) == 0)
		buf_printf(out, "(%s itself lies in %s)\n", site->name ? site->name : site->id,
			   country);
}

/* A country that nothing here crosses may be a slip of the fingers. */
static void
crossed_text(struct buf *out, const struct corridor_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].named.index == HUB_NONE)
			buf_printf(out, "(no segment of this hub crosses %s%s)\n",
				   list->items[i].text,
				   strcmp(list->items[i].text, "UK") == 0
					   ? "; the United Kingdom is GB"
					   : "");
}

/* Nor should one that an end lies in be avoided. */
static void
slips_text(struct buf *out, const struct corridor_terms *terms, const struct hub_site *from,
	   const struct hub_site *to)
{
	crossed_text(out, &terms->avoid);
	crossed_text(out, &terms->without);
	for (size_t i = 0; i < terms->avoid.count; i++) {
		const struct corridor_item *item = &terms->avoid.items[i];
		if (item->named.kind != CORRIDOR_A_COUNTRY)
			continue;
		inside_text(out, from, item->text);
		inside_text(out, to, item->text);
	}
}

void
view_question_text(struct buf *out, const struct corridor_plan *plan, struct corridor_ends ends,
		   const struct corridor_terms *terms)
{
	const struct hub_site *from = &plan->hub->sites[ends.a], *to = &plan->hub->sites[ends.b];
	struct buf line = {0};
	buf_printf(&line, "%s (%s) to %s (%s)", from->name ? from->name : from->id, from->id,
		   to->name ? to->name : to->id, to->id);
	view_terms_text(&line, terms);
	buf_u8(&line, '\0');
	if (line.failed)
		out->failed = true;
	else
		view_wrapped(out, (const char *)line.data, 0, 2);
	buf_fini(&line);
	slips_text(out, terms, from, to);
}

char *
view_number(char out[VIEW_RATE_TEXT], double number)
{
	if (isnan(number))
		snprintf(out, VIEW_RATE_TEXT, "not known");
	else if (fabs(number) >= 1000)
		snprintf(out, VIEW_RATE_TEXT, "%.0f", number);
	else
		snprintf(out, VIEW_RATE_TEXT, "%.*g", fabs(number) >= 100 ? 4 : 3, number);
	return out;
}

void
view_range_json(struct json *j, const char *key, struct corridor_range range, int places)
{
	char name[64];
	json_fixed(j, key, range.value, places);
	snprintf(name, sizeof(name), "%s_low", key);
	json_fixed(j, name, range.low, places);
	snprintf(name, sizeof(name), "%s_high", key);
	json_fixed(j, name, range.high, places);
}
