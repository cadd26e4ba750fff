/* What a cut does: one cut and everybody concerned, or all cuts of a kind, the worst first: the
 * question, and the answer as JSON and CSV. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "view/view_corridor_whatif.h"

enum { TOP_DEFAULT = 20, LEASE_DAYS_MAX = 3660 };

/* --- words --- */

static int
take_kind(struct view_whatif_question *q, const char *value, struct corridor_complaint *complaint)
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
take_top(struct view_whatif_question *q, const char *value, struct corridor_complaint *complaint)
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

static int
take_lease(struct view_whatif_question *q, const char *value, struct corridor_complaint *complaint)
{
	uint64_t days;
	if (view_option_number(&days, "--lease", value, LEASE_DAYS_MAX, complaint) < 0)
		return -1;
	if (days == 0) {
		corridor_complain(complaint, 400, "--lease: found 0, expected days from 1 on");
		return -1;
	}
	q->lease_days = days;
	return 0;
}

/* "--of KIND", "--top N", "--lease DAYS", "single", "double": 1 and *at behind it; 0 if it is none; -1. */
static int
take_own(struct view_whatif_question *q, const char *const *words, size_t count, size_t *at,
	 struct corridor_complaint *complaint)
{
	static const struct {
		const char *option;
		int (*take)(struct view_whatif_question *q, const char *value,
			    struct corridor_complaint *complaint);
	} options[] = {{"--of", take_kind}, {"--top", take_top}};
	const char *word = words[*at], *days = view_option_value("--lease", words, count, at);
	if (days)
		return take_lease(q, days, complaint) < 0 ? -1 : 1;
	if (strcmp(word, "single") == 0 || strcmp(word, "double") == 0) {
		bool pairs = word[0] == 'd';
		if (q->depth_told && q->pairs != pairs) {
			corridor_complain(complaint, 400, "expected one of single and double");
			return -1;
		}
		q->pairs = pairs;
		q->depth_told = true;
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
take_names(struct view_whatif_question *q, const char *word, struct corridor_complaint *complaint)
{
	char item[128];
	for (const char *rest = word;; rest++) {
		size_t length = strcspn(rest, ",");
		if (length == 0) {
			corridor_complain(complaint, 400,
					  "found \"%.60s\", expected a name before and after each "
					  "comma",
					  word);
			return -1;
		}
		if (length >= sizeof(item) || q->count == VIEW_WHATIF_NAMES) {
			corridor_complain(complaint, 400, "more than %d names, or one too long",
					  VIEW_WHATIF_NAMES);
			return -1;
		}
		memcpy(item, rest, length);
		item[length] = '\0';
		rest += length;
		if (corridor_named_find(&q->names[q->count], q->terms.plan, CORRIDOR_EVERY_KIND,
					item, complaint) < 0)
			return -1;
		if (q->names[q->count].index == HUB_NONE) {
			corridor_complain(complaint, 404, "no segment of this hub crosses %s",
					  item);
			return -1;
		}
		q->count++;
		if (!*rest)
			return 0;
	}
}

static int
take_words(struct view_whatif_question *q, const char *const *words, size_t count,
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
					  "found \"%.40s\", expected --of, --top, --lease, "
					  "--avoid, --without, --with or --date",
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
	if (q->lease_days && !q->count) {
		corridor_complain(complaint, 400, "--lease is for a cut of names");
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

static const char *
demand_name(const struct view_whatif *a, uint32_t demand)
{
	const struct hub_demand *d = &a->plan->hub->demands[demand];
	return d->name ? d->name : d->id;
}

size_t
view_whatif_unmeasured(const struct view_whatif *a)
{
	size_t count = 0;
	for (uint32_t i = 0; i < a->plan->hub->demand_count; i++)
		count += corridor_whatif_demand(a->whatif, i).asked_bps == 0;
	return count;
}

size_t
view_whatif_shown(const struct view_whatif *a)
{
	return a->all.count < a->question->top ? a->all.count : a->question->top;
}

/* --- JSON --- */

static void
consequence_json(struct json *j, const char *key, const struct view_whatif *a,
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
	view_range_json(j, "lost_passing_gbps", c->passing, 3);
	json_u64(j, "parted", c->parted);
	json_u64(j, "parted_bps", c->parted_bps);
	json_u64(j, "reduced", c->reduced);
	json_u64(j, "slower", c->slower);
	json_u64(j, "faster", c->faster);
	view_range_json(j, "unserved_gbps", c->unserved, 3);
	view_range_json(j, "median_ms", c->median_ms, 3);
	view_range_json(j, "worst_ms", c->worst_ms, 3);
	json_str(j, "worst", c->slower ? a->plan->hub->demands[c->worst].id : NULL);
	json_str(j, "fullest",
		 c->fullest == HUB_NONE ? NULL : a->plan->hub->segments[c->fullest].id);
	json_double(j, "utilisation", c->utilisation);
	json_u64(j, "used", c->used);
	json_u64(j, "used_assumed", c->assumed);
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
demand_json(struct json *j, const struct view_whatif *a, uint32_t demand)
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
	view_range_json(j, "lost_gbps", d.lost_gbps, 3);
	view_range_json(j, "more_ms", d.delay.ms, 3);
	json_fixed(j, "more_estimated", d.delay.estimated, 4);
	json_object_end(j);
}

static void
one_json(struct json *j, const struct view_whatif *a)
{
	const struct view_whatif_question *q = a->question;
	consequence_json(j, "does", a, &a->one, q->names, q->count);
	json_array(j, "demands");
	for (uint32_t i = 0; i < a->plan->hub->demand_count; i++)
		demand_json(j, a, i);
	json_array_end(j);
	json_array(j, "mend");
	for (size_t i = 0; a->mendable && i < q->count; i++)
		json_str(j, NULL, corridor_named_id(a->plan, q->names[a->order[i]]));
	json_array_end(j);
	struct corridor_range none = {NAN, NAN, NAN};
	view_range_json(j, "mend_gbit_hours", a->mendable ? a->until_mended : none, 3);
	if (q->lease_days)
		view_whatif_lease_json(j, a);
}

static void
answer_json(struct buf *out, const struct view_whatif *a)
{
	const struct view_whatif_question *q = a->question;
	struct corridor_range asked, unserved;
	struct json j = json_to(out);
	json_object(&j, NULL);
	view_terms_json(&j, &q->terms);
	view_measured_json(&j, a->view);
	corridor_whatif_base(&asked, &unserved, a->whatif);
	view_range_json(&j, "asked_gbps", asked, 3);
	view_range_json(&j, "unserved_gbps", unserved, 3);
	json_u64(&j, "unmeasured", view_whatif_unmeasured(a));
	if (q->count) {
		one_json(&j, a);
	} else {
		json_str(&j, "of", corridor_kind_word(q->kind));
		json_bool(&j, "pairs", q->pairs);
		json_u64(&j, "count", a->all.count);
		json_u64(&j, "harmless", a->all.harmless);
		json_array(&j, "cuts");
		for (size_t i = 0; i < view_whatif_shown(a); i++)
			consequence_json(&j, NULL, a, &a->all.all[i], a->all.all[i].cut,
					 a->all.all[i].names);
		json_array_end(&j);
	}
	json_object_end(&j);
	buf_str(out, "\n");
}

/* --- CSV --- */

static void
all_csv(struct buf *out, const struct view_whatif *a)
{
	buf_str(out, "cut,and,segments,lost_gbps,lost_gbps_low,lost_gbps_high,estimated,parted,"
		     "reduced,slower,median_ms,worst_ms,worst,fullest,utilisation,hours,down,"
		     "gbit_hours,gbit_hours_year,gbit_hours_year_low,gbit_hours_year_high,"
		     "worst_ms_low,worst_ms_high,unserved_gbps,unserved_gbps_low,"
		     "unserved_gbps_high,faster,lost_passing_gbps,lost_passing_gbps_low,lost_"
		     "passing_gbps_high,used,used_assumed\r\n");
	for (size_t i = 0; i < view_whatif_shown(a); i++) {
		const struct corridor_consequence *c = &a->all.all[i];
		view_csv_field(out, corridor_named_id(a->plan, c->cut[0]));
		buf_str(out, ",");
		view_csv_field(out, c->names > 1 ? corridor_named_id(a->plan, c->cut[1]) : "");
		buf_printf(out, ",%u", c->closed);
		view_number_csv(out, c->lost.value);
		view_number_csv(out, c->lost.low);
		view_number_csv(out, c->lost.high);
		view_number_csv(out, corridor_grounds_share(&c->lost));
		buf_printf(out, ",%u,%u,%u", c->parted, c->reduced, c->slower);
		view_number_csv(out, c->median_ms.value);
		view_number_csv(out, c->worst_ms.value);
		buf_str(out, ",");
		view_csv_field(out, c->slower ? a->plan->hub->demands[c->worst].id : "");
		buf_str(out, ",");
		view_csv_field(out,
			       c->fullest == HUB_NONE ? "" : a->plan->hub->segments[c->fullest].id);
		view_number_csv(out, c->utilisation);
		view_number_csv(out, c->outage.hours);
		view_number_csv(out, c->outage.down);
		view_number_csv(out, c->gbit_hours);
		view_number_csv(out, c->gbit_hours_year);
		view_number_csv(out, c->gbit_hours_year_low);
		view_number_csv(out, c->gbit_hours_year_high);
		view_number_csv(out, c->worst_ms.low);
		view_number_csv(out, c->worst_ms.high);
		view_range_csv(out, &c->unserved);
		buf_printf(out, ",%u", c->faster);
		view_range_csv(out, &c->passing);
		buf_printf(out, ",%u,%u", c->used, c->assumed);
		buf_str(out, "\r\n");
	}
}

static void
one_csv(struct buf *out, const struct view_whatif *a)
{
	buf_str(out, "demand,name,asked_bps,before_bps,after_bps,before_ms,after_ms,"
		     "lost_gbps,lost_gbps_low,lost_gbps_high,more_ms,more_ms_low,more_ms_high\r\n");
	for (uint32_t i = 0; i < a->plan->hub->demand_count; i++) {
		struct corridor_whatif_demand d = corridor_whatif_demand(a->whatif, i);
		view_csv_field(out, a->plan->hub->demands[i].id);
		buf_str(out, ",");
		view_csv_field(out, demand_name(a, i));
		buf_printf(out, ",%llu,%llu,%llu", (unsigned long long)d.asked_bps,
			   (unsigned long long)d.before_bps, (unsigned long long)d.after_bps);
		view_number_csv(out, d.before_ms);
		view_number_csv(out, d.after_ms);
		view_range_csv(out, &d.lost_gbps);
		view_range_csv(out, &d.delay.ms);
		buf_str(out, "\r\n");
	}
}

/* --- finding --- */

static int
find(struct view_whatif *a, struct arena *arena, struct corridor_complaint *complaint)
{
	const struct view_corridor *view = a->view;
	const struct view_whatif_question *q = a->question;
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
		return view_flow_failed(complaint, errno);
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
	if (q->lease_days && corridor_whatif_lease(&a->leases, arena, a->whatif, &ask, q->names,
						   q->count, (unsigned)q->lease_days) < 0)
		return errno == ENOMEM ? -1 : view_flow_failed(complaint, errno);
	return corridor_whatif_cut(&a->one, a->whatif, q->names, q->count);
}

static void
write_answer(struct buf *out, const struct view_whatif *a, enum view_corridor_form form)
{
	bool one = a->question->count > 0;
	if (form == VIEW_CORRIDOR_JSON)
		answer_json(out, a);
	else if (form == VIEW_CORRIDOR_CSV)
		(a->question->lease_days ? view_whatif_lease_csv : one ? one_csv : all_csv)(out, a);
	else
		view_whatif_text(out, a);
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
	struct view_whatif_question q = {.terms = corridor_terms_of(view->plan, arena),
					 .kind = CORRIDOR_A_SEGMENT,
					 .top = TOP_DEFAULT};
	struct view_whatif a = {.view = view, .question = &q};
	int result = take_words(&q, words, count, complaint);
	if (result == 0)
		result = view_demands_wanted(view, complaint);
	if (result == 0)
		result = find(&a, arena, complaint);
	if (result == 0)
		write_answer(out, &a, form);
	corridor_whatif_free(a.whatif);
	arena_free(arena);
	return result;
}
