/* What a cut does: one cut and everybody concerned, or all cuts of a kind, the worst first. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "corridor/corridor_whatif.h"
#include "view/view_corridor_parts.h"
#include "view/view_corridor_way.h"

enum { NAMES_MAX = 32, TOP_DEFAULT = 20 };

struct question {
	struct corridor_terms terms;
	struct corridor_named names[NAMES_MAX]; /* what is cut; none: all of a kind */
	size_t count;
	enum corridor_kind kind;
	bool pairs;
	size_t top;
	bool of_all; /* --of, --top, single or double were there */
};

struct answer {
	const struct question *question;
	const struct corridor_plan *plan;
	struct corridor_whatif *whatif;
	struct corridor_consequences all;
	struct corridor_consequence one;
	uint32_t order[NAMES_MAX]; /* in which to mend, if `mendable` */
	double until_mended;
	bool mendable;
};

/* --- words --- */

static int
take_kind(struct question *q, const char *value, struct corridor_complaint *complaint)
{
	for (int kind = 0; kind < CORRIDOR_KINDS; kind++) {
		if (strcasecmp(corridor_kind_word((enum corridor_kind)kind), value) == 0) {
			q->kind = (enum corridor_kind)kind;
			return 0;
		}
	}
	corridor_complain(complaint, 400,
			  "--of: found \"%.40s\", expected segment, cable, risk, country, site "
			  "or operator",
			  value);
	return -1;
}

static int
take_top(struct question *q, const char *value, struct corridor_complaint *complaint)
{
	char *end;
	errno = 0;
	long top = strtol(value, &end, 10);
	if (*value < '0' || *value > '9' || *end || errno || top < 1 || top > 1000000) {
		corridor_complain(complaint, 400,
				  "--top: found \"%.40s\", expected a number from 1 on", value);
		return -1;
	}
	q->top = (size_t)top;
	return 0;
}

/* "--of KIND", "--top N", "single", "double": 1 and *at behind it; 0 if it is none; -1. */
static int
take_own(struct question *q, const char *const *words, size_t count, size_t *at,
	 struct corridor_complaint *complaint)
{
	static const struct {
		const char *option;
		int (*take)(struct question *q, const char *value,
			    struct corridor_complaint *complaint);
	} options[] = {{"--of", take_kind}, {"--top", take_top}};
	const char *word = words[*at];
	if (strcmp(word, "single") == 0 || strcmp(word, "double") == 0) {
		q->pairs = word[0] == 'd';
		q->of_all = true;
		(*at)++;
		return 1;
	}
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		const char *value = view_option_value(options[i].option, words, count, at);
		if (!value)
			continue;
		q->of_all = true;
		return options[i].take(q, value, complaint) < 0 ? -1 : 1;
	}
	return 0;
}

/* Names with commas between them. */
static int
take_names(struct question *q, const char *word, struct corridor_complaint *complaint)
{
	char item[128];
	for (const char *rest = word; *rest;) {
		size_t length = strcspn(rest, ",");
		if (length >= sizeof(item) || q->count == NAMES_MAX) {
			corridor_complain(complaint, 400, "more than %d names, or one too long",
					  NAMES_MAX);
			return -1;
		}
		memcpy(item, rest, length);
		item[length] = '\0';
		rest += length + (rest[length] == ',');
		if (!length)
			continue;
		if (corridor_named_find(&q->names[q->count], q->terms.plan, CORRIDOR_EVERY_KIND,
					item, complaint) < 0)
			return -1;
		if (q->names[q->count].index == HUB_NONE) {
			corridor_complain(complaint, 404, "no segment of this hub crosses %s",
					  item);
			return -1;
		}
		q->count++;
	}
	return 0;
}

static int
take_words(struct question *q, const char *const *words, size_t count,
	   struct corridor_complaint *complaint)
{
	size_t at = 0;
	while (at < count) {
		int taken = corridor_terms_take(&q->terms, words, count, &at, complaint);
		if (taken == 0)
			taken = take_own(q, words, count, &at, complaint);
		if (taken < 0)
			return -1;
		if (taken)
			continue;
		if (strncmp(words[at], "--", 2) == 0) {
			corridor_complain(complaint, 400,
					  "found \"%.40s\", expected --of, --top, --avoid, "
					  "--without, --with or --date",
					  words[at]);
			return -1;
		}
		if (take_names(q, words[at++], complaint) < 0)
			return -1;
	}
	if (q->terms.require.count || q->terms.k != 1 || q->terms.measure != CORRIDOR_BY_LENGTH) {
		corridor_complain(complaint, 400, "a cut takes no --require, --via, --by or --k");
		return -1;
	}
	if (q->count && q->of_all) {
		corridor_complain(complaint, 400,
				  "either names to cut, or single, double, --of and --top");
		return -1;
	}
	return 0;
}

/* --- parts --- */

/* "M07 + M10"; returns `out`, shortened if need be. */
static char *
cut_text(char out[VIEW_RATE_TEXT * 2], const struct answer *a, const struct corridor_named *names,
	 size_t count)
{
	size_t used = 0;
	out[0] = '\0';
	for (size_t i = 0; i < count && used < 2 * VIEW_RATE_TEXT; i++) {
		int more = snprintf(out + used, 2 * VIEW_RATE_TEXT - used, "%s%s", i ? " + " : "",
				    corridor_named_id(a->plan, names[i]));
		used += more > 0 ? (size_t)more : 0;
	}
	return out;
}

static const char *
demand_name(const struct answer *a, uint32_t demand)
{
	const struct hub_demand *d = &a->plan->hub->demands[demand];
	return d->name ? d->name : d->id;
}

static const char *
plural(uint32_t count)
{
	return count == 1 ? "" : "s";
}

/* Demands of which nobody has said how much they ask for. */
static size_t
unmeasured(const struct answer *a)
{
	size_t count = 0;
	for (uint32_t i = 0; i < a->plan->hub->demand_count; i++)
		count += corridor_whatif_demand(a->whatif, i).asked_bps == 0;
	return count;
}

static bool
is_concerned(struct corridor_whatif_demand d)
{
	return d.before_bps != d.after_bps || d.before_ms < d.after_ms ||
	       isnan(d.before_ms) != isnan(d.after_ms);
}

/* --- JSON --- */

static void
consequence_json(struct json *j, const char *key, const struct answer *a,
		 const struct corridor_consequence *c, const struct corridor_named *names,
		 size_t count)
{
	json_object(j, key);
	json_array(j, "cut");
	for (size_t i = 0; i < count; i++)
		json_str(j, NULL, corridor_named_id(a->plan, names[i]));
	json_array_end(j);
	json_array(j, "names");
	for (size_t i = 0; i < count; i++)
		json_str(j, NULL, corridor_named_name(a->plan, names[i]));
	json_array_end(j);
	json_u64(j, "segments", c->closed);
	json_u64(j, "lost_bps", c->lost_bps);
	json_u64(j, "gained_bps", c->gained_bps);
	view_grounds_json(j, "lost_gbps", &c->lost);
	json_u64(j, "parted", c->parted);
	json_u64(j, "parted_bps", c->parted_bps);
	json_u64(j, "reduced", c->reduced);
	json_u64(j, "slower", c->slower);
	json_double(j, "median_ms", c->median_ms);
	json_double(j, "worst_ms", c->worst_ms);
	json_str(j, "worst", c->slower ? a->plan->hub->demands[c->worst].id : NULL);
	json_str(j, "fullest",
		 c->fullest == HUB_NONE ? NULL : a->plan->hub->segments[c->fullest].id);
	json_double(j, "utilisation", c->utilisation);
	view_number_json(j, "hours", c->outage.hours);
	view_number_json(j, "down", c->outage.down);
	view_number_json(j, "down_low", c->outage.down_low);
	view_number_json(j, "down_high", c->outage.down_high);
	view_number_json(j, "gbit_hours", c->gbit_hours);
	view_number_json(j, "gbit_hours_year", c->gbit_hours_year);
	view_number_json(j, "gbit_hours_year_low", c->gbit_hours_year_low);
	view_number_json(j, "gbit_hours_year_high", c->gbit_hours_year_high);
	json_object_end(j);
}

static void
demand_json(struct json *j, const struct answer *a, uint32_t demand)
{
	struct corridor_whatif_demand d = corridor_whatif_demand(a->whatif, demand);
	json_object(j, NULL);
	json_str(j, "id", a->plan->hub->demands[demand].id);
	json_str(j, "name", a->plan->hub->demands[demand].name);
	json_u64(j, "asked_bps", d.asked_bps);
	json_u64(j, "before_bps", d.before_bps);
	json_u64(j, "after_bps", d.after_bps);
	view_number_json(j, "before_ms", d.before_ms);
	view_number_json(j, "after_ms", d.after_ms);
	json_object_end(j);
}

static void
one_json(struct json *j, const struct answer *a)
{
	const struct question *q = a->question;
	consequence_json(j, "does", a, &a->one, q->names, q->count);
	json_array(j, "demands");
	for (uint32_t i = 0; i < a->plan->hub->demand_count; i++)
		demand_json(j, a, i);
	json_array_end(j);
	json_array(j, "mend");
	for (size_t i = 0; a->mendable && i < q->count; i++)
		json_str(j, NULL, corridor_named_id(a->plan, q->names[a->order[i]]));
	json_array_end(j);
	view_number_json(j, "mend_gbit_hours", a->mendable ? a->until_mended : NAN);
}

static size_t
shown(const struct answer *a)
{
	return a->all.count < a->question->top ? a->all.count : a->question->top;
}

static void
answer_json(struct buf *out, const struct answer *a)
{
	const struct question *q = a->question;
	struct json j = json_to(out);
	json_object(&j, NULL);
	view_terms_json(&j, &q->terms);
	json_u64(&j, "unmeasured", unmeasured(a));
	if (q->count) {
		one_json(&j, a);
	} else {
		json_str(&j, "of", corridor_kind_word(q->kind));
		json_bool(&j, "pairs", q->pairs);
		json_u64(&j, "count", a->all.count);
		json_u64(&j, "harmless", a->all.harmless);
		json_array(&j, "cuts");
		for (size_t i = 0; i < shown(a); i++)
			consequence_json(&j, NULL, a, &a->all.all[i], a->all.all[i].cut,
					 a->all.all[i].names);
		json_array_end(&j);
	}
	json_object_end(&j);
	buf_str(out, "\n");
}

/* --- CSV --- */

static void
number_csv(struct buf *out, double value)
{
	if (isfinite(value))
		buf_printf(out, ",%.12g", value);
	else
		buf_str(out, ",");
}

static void
all_csv(struct buf *out, const struct answer *a)
{
	buf_str(out, "cut,and,segments,lost_gbps,lost_gbps_low,lost_gbps_high,estimated,parted,"
		     "reduced,slower,median_ms,worst_ms,worst,fullest,utilisation,hours,down,"
		     "gbit_hours,gbit_hours_year,gbit_hours_year_low,gbit_hours_year_high\r\n");
	for (size_t i = 0; i < shown(a); i++) {
		const struct corridor_consequence *c = &a->all.all[i];
		view_csv_field(out, corridor_named_id(a->plan, c->cut[0]));
		buf_str(out, ",");
		view_csv_field(out, c->names > 1 ? corridor_named_id(a->plan, c->cut[1]) : "");
		buf_printf(out, ",%u", c->closed);
		number_csv(out, c->lost.value);
		number_csv(out, c->lost.low);
		number_csv(out, c->lost.high);
		number_csv(out, corridor_grounds_share(&c->lost));
		buf_printf(out, ",%u,%u,%u", c->parted, c->reduced, c->slower);
		number_csv(out, c->median_ms);
		number_csv(out, c->worst_ms);
		buf_str(out, ",");
		view_csv_field(out, c->slower ? a->plan->hub->demands[c->worst].id : "");
		buf_str(out, ",");
		view_csv_field(out,
			       c->fullest == HUB_NONE ? "" : a->plan->hub->segments[c->fullest].id);
		number_csv(out, c->utilisation);
		number_csv(out, c->outage.hours);
		number_csv(out, c->outage.down);
		number_csv(out, c->gbit_hours);
		number_csv(out, c->gbit_hours_year);
		number_csv(out, c->gbit_hours_year_low);
		number_csv(out, c->gbit_hours_year_high);
		buf_str(out, "\r\n");
	}
}

static void
one_csv(struct buf *out, const struct answer *a)
{
	buf_str(out, "demand,name,asked_bps,before_bps,after_bps,before_ms,after_ms\r\n");
	for (uint32_t i = 0; i < a->plan->hub->demand_count; i++) {
		struct corridor_whatif_demand d = corridor_whatif_demand(a->whatif, i);
		view_csv_field(out, a->plan->hub->demands[i].id);
		buf_str(out, ",");
		view_csv_field(out, demand_name(a, i));
		buf_printf(out, ",%llu,%llu,%llu", (unsigned long long)d.asked_bps,
			   (unsigned long long)d.before_bps, (unsigned long long)d.after_bps);
		number_csv(out, d.before_ms);
		number_csv(out, d.after_ms);
		buf_str(out, "\r\n");
	}
}

/* --- text --- */

/* A line with the terms behind it. */
static void
head_text(struct buf *out, const struct answer *a, const char *text)
{
	struct buf line = {0};
	buf_str(&line, text);
	view_terms_text(&line, &a->question->terms);
	buf_u8(&line, '\0');
	out->failed |= line.failed;
	if (!line.failed)
		view_wrapped(out, (const char *)line.data, 0, 2);
	buf_fini(&line);
}

static void
foot_text(struct buf *out, const struct answer *a)
{
	size_t without = unmeasured(a);
	if (a->plan->hub->demand_count == 0)
		buf_str(out, "\nThe hub file lists no demands: nobody can lose anything.\n");
	else if (without)
		buf_printf(out, "\n%zu of %zu demands have no rate and are left out.\n", without,
			   a->plan->hub->demand_count);
}

static void
row_text(struct buf *out, const struct answer *a, const struct corridor_consequence *c)
{
	char cut[2 * VIEW_RATE_TEXT], rate[VIEW_RATE_TEXT], cell[VIEW_RATE_TEXT];
	view_cell(out, cut_text(cut, a, c->cut, c->names), 25);
	buf_str(out, " ");
	view_cell(out, view_rate(rate, c->lost_bps), -11);
	(void)snprintf(cell, sizeof(cell), "%.0f %%", 100 * corridor_grounds_share(&c->lost));
	view_cell(out, c->lost_bps ? cell : "", -6);
	(void)snprintf(cell, sizeof(cell), "%u", c->parted);
	view_cell(out, cell, -7);
	(void)snprintf(cell, sizeof(cell), "%u", c->slower);
	view_cell(out, cell, -7);
	(void)snprintf(cell, sizeof(cell), "%+.1f", c->worst_ms);
	view_cell(out, c->slower ? cell : "", -8);
	view_cell(out, isnan(c->gbit_hours_year) ? "?" : view_number(cell, c->gbit_hours_year),
		  -13);
	view_end_line(out);
}

static void
all_text(struct buf *out, const struct answer *a)
{
	const struct question *q = a->question;
	char head[160];
	(void)snprintf(head, sizeof(head), "What every %s does, by %s, the worst first",
		       q->pairs ? "pair of cuts" : "cut", corridor_kind_word(q->kind));
	head_text(out, a, head);
	buf_printf(out, "%zu cuts, %zu of them do no harm\n\n", a->all.count, a->all.harmless);
	static const struct {
		const char *head;
		int width;
	} columns[] = {{"cut", 26},    {"lost", -11},   {"est.", -6},       {"parted", -7},
		       {"slower", -7}, {"ms more", -8}, {"Gbit/s h/y", -13}};
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		view_cell(out, columns[i].head, columns[i].width);
	view_end_line(out);
	for (size_t i = 0; i < shown(a); i++)
		row_text(out, a, &a->all.all[i]);
	if (shown(a)) {
		buf_str(out, "\n");
		view_wrapped(out,
			     "est.: the part of it that rests on estimates; parted: demands "
			     "without a way; ms more: round trip of the one that is slowed down "
			     "most; Gbit/s h/y: what is to be expected to be lost in a year, ? "
			     "where nobody knows how often.",
			     0, 0);
	}
	foot_text(out, a);
}

static void
outage_text(struct buf *out, const struct corridor_consequence *c, bool several)
{
	char hours[VIEW_RATE_TEXT], once[VIEW_RATE_TEXT], year[VIEW_RATE_TEXT];
	char range[VIEW_RANGE_TEXT];
	if (isnan(c->outage.down)) {
		view_field(out, "how often", "not known");
		return;
	}
	view_field_printf(out, "how long", "%s hours%s: %s Gbit/s hours are lost each time",
			  view_number(hours, c->outage.hours),
			  several ? ", if it is by chance at once" : "",
			  view_number(once, c->gbit_hours));
	view_field_printf(out, "how often",
			  "%.3g %% of the time (%.3g to %.3g): %s Gbit/s hours a year (%s)",
			  100 * c->outage.down, 100 * c->outage.down_low, 100 * c->outage.down_high,
			  view_number(year, c->gbit_hours_year),
			  view_fact_range(range, c->gbit_hours_year_low, c->gbit_hours_year_high));
}

static void
loss_text(struct buf *out, const struct answer *a)
{
	const struct corridor_consequence *c = &a->one;
	char rate[VIEW_RATE_TEXT], other[VIEW_RATE_TEXT], range[VIEW_RANGE_TEXT];
	if (c->lost_bps)
		view_field_printf(
			out, "lost",
			"%s by %u demand%s (%s Gbit/s, %.0f %% of it by estimate); no way "
			"is left for %u demand%s, %s",
			view_rate(rate, c->lost_bps), c->reduced, plural(c->reduced),
			view_fact_range(range, c->lost.low, c->lost.high),
			100 * corridor_grounds_share(&c->lost), c->parted, plural(c->parted),
			view_rate(other, c->parted_bps));
	else
		view_field(out, "lost", "nothing");
	if (c->gained_bps)
		view_field_printf(out, "gained", "%s by others, who have more room",
				  view_rate(rate, c->gained_bps));
	if (c->slower)
		view_field_printf(
			out, "slower",
			"%u demand%s: %+.1f ms there and back in the middle, %+.1f ms the "
			"worst (%s)",
			c->slower, plural(c->slower), c->median_ms, c->worst_ms,
			demand_name(a, c->worst));
	else
		view_field(out, "slower", "nobody");
	if (c->fullest != HUB_NONE)
		view_field_printf(out, "fullest", "%s, %.1f %%",
				  a->plan->hub->segments[c->fullest].id, 100 * c->utilisation);
}

static void
mend_text(struct buf *out, const struct answer *a)
{
	const struct question *q = a->question;
	struct buf line = {0};
	char until[VIEW_RATE_TEXT];
	for (size_t i = 0; i < q->count; i++)
		buf_printf(&line, "%s%s", i ? ", then " : "",
			   corridor_named_id(a->plan, q->names[a->order[i]]));
	buf_printf(&line, ": %s Gbit/s hours are lost until all is mended, one after the other",
		   view_number(until, a->until_mended));
	buf_u8(&line, '\0');
	out->failed |= line.failed;
	if (!line.failed)
		view_field(out, "mend", (const char *)line.data);
	buf_fini(&line);
}

static void
demands_text(struct buf *out, const struct answer *a)
{
	char rate[VIEW_RATE_TEXT], cell[VIEW_RATE_TEXT];
	bool any = false;
	for (uint32_t i = 0; i < a->plan->hub->demand_count; i++) {
		struct corridor_whatif_demand d = corridor_whatif_demand(a->whatif, i);
		if (!is_concerned(d))
			continue;
		if (!any)
			buf_str(out,
				"\ndemand                           asks for      before       "
				"after        ms\n");
		any = true;
		view_cell(out, demand_name(a, i), 29);
		view_cell(out, view_rate(rate, d.asked_bps), -12);
		view_cell(out, view_rate(rate, d.before_bps), -12);
		view_cell(out, view_rate(rate, d.after_bps), -12);
		(void)snprintf(cell, sizeof(cell), "%+.1f", d.after_ms - d.before_ms);
		view_cell(out, isnan(d.after_ms) ? "no way" : cell, -10);
		view_end_line(out);
	}
}

static void
one_text(struct buf *out, const struct answer *a)
{
	const struct question *q = a->question;
	char cut[2 * VIEW_RATE_TEXT], head[160];
	(void)snprintf(head, sizeof(head), "What a cut of %s does (%u segment%s)",
		       cut_text(cut, a, q->names, q->count), a->one.closed, plural(a->one.closed));
	head_text(out, a, head);
	buf_str(out, "\n");
	loss_text(out, a);
	outage_text(out, &a->one, q->count > 1);
	if (a->mendable && q->count > 1)
		mend_text(out, a);
	demands_text(out, a);
	foot_text(out, a);
}

/* --- finding --- */

static int
find(struct answer *a, const struct view_corridor *view, struct arena *arena,
     struct corridor_complaint *complaint)
{
	const struct question *q = a->question;
	struct corridor_conditions conditions;
	corridor_complain(complaint, 500, "out of memory");
	a->plan = corridor_plans_of(view->plans, q->terms.day);
	if (!a->plan || corridor_terms_conditions(&conditions, &q->terms) < 0)
		return -1;
	struct corridor_flow_ask ask = {.plan = a->plan,
					.conditions = &conditions,
					.now = view->plan->day.at,
					.batch = view->batch};
	a->whatif = corridor_whatif_new(&ask);
	if (!a->whatif && errno != ENOMEM)
		corridor_complain(complaint, 400, "all demands together are too large");
	if (!a->whatif)
		return -1;
	if (q->count == 0) {
		int result = corridor_whatif_all(&a->all, a->whatif, q->kind, q->pairs, arena);
		if (result < 0 && errno == E2BIG)
			corridor_complain(complaint, 400,
					  "more than %d things to pair: name the two to cut",
					  CORRIDOR_WHATIF_PAIRED_MAX);
		return result;
	}
	a->mendable = corridor_whatif_order(a->order, &a->until_mended, a->whatif, q->names,
					    q->count) == 0;
	if (!a->mendable && errno == ENOMEM)
		return -1;
	return corridor_whatif_cut(&a->one, a->whatif, q->names, q->count);
}

static void
write_answer(struct buf *out, const struct answer *a, enum view_corridor_form form)
{
	bool one = a->question->count > 0;
	if (form == VIEW_CORRIDOR_JSON)
		answer_json(out, a);
	else if (form == VIEW_CORRIDOR_CSV)
		(one ? one_csv : all_csv)(out, a);
	else
		(one ? one_text : all_text)(out, a);
}

int
view_corridor_whatif(struct buf *out, const struct view_corridor *view,
		     enum view_corridor_form form, const char *const *words, size_t count,
		     struct corridor_complaint *complaint)
{
	struct arena *arena = arena_new();
	if (!arena) {
		corridor_complain(complaint, 500, "out of memory");
		return -1;
	}
	struct question q = {.terms = corridor_terms_of(view->plan, arena),
			     .kind = CORRIDOR_A_SEGMENT,
			     .top = TOP_DEFAULT};
	struct answer a = {.question = &q};
	int result = take_words(&q, words, count, complaint);
	if (result == 0)
		result = find(&a, view, arena, complaint);
	if (result == 0)
		write_answer(out, &a, form);
	corridor_whatif_free(a.whatif);
	arena_free(arena);
	return result;
}
