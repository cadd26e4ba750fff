/* What is asked of something that is laid: its names, the pairs to look at, and what these are to avoid. */
#include <string.h>
#include <strings.h>

#include "view/view_corridor_added.h"

enum { PAIRS_CHOSEN = 8 };

/* --- what is laid --- */

static int
add_segment(struct view_added_question *q, uint32_t segment, struct corridor_complaint *complaint)
{
	const struct corridor_plan *plan = q->terms.plan;
	for (size_t i = 0; i < q->segment_count; i++)
		if (q->segments[i] == segment)
			return 0;
	if (!plan->segments[segment].length_cm) {
		corridor_complain(complaint, 400, "%s: its length is not known",
				  plan->hub->segments[segment].id);
		return -1;
	}
	q->segments[q->segment_count++] = segment;
	return 0;
}

/* The candidate of that id; its own id goes before that of a cable, which may be a part of it. */
static const struct hub_candidate *
candidate_of(const struct hub *hub, const char *text)
{
	for (size_t i = 0; i < hub->candidate_count; i++)
		if (strcasecmp(hub->candidates[i].id, text) == 0)
			return &hub->candidates[i];
	return NULL;
}

static int
add_named(struct view_added_question *q, const char *text, struct corridor_complaint *complaint)
{
	const struct corridor_plan *plan = q->terms.plan;
	const struct corridor_relation *cables = &plan->classes[CORRIDOR_CABLES];
	const struct hub_candidate *candidate = candidate_of(plan->hub, text);
	struct corridor_named named;
	int result = 0;
	if (candidate) {
		q->ids[q->count] = candidate->id;
		q->names[q->count++] = candidate->name;
		for (size_t i = 0; i < candidate->segment_count && result == 0; i++)
			result = add_segment(q, candidate->segments[i], complaint);
		return result;
	}
	if (corridor_named_find(&named, plan,
				CORRIDOR_KIND(CORRIDOR_A_SEGMENT) | CORRIDOR_KIND(CORRIDOR_A_CABLE),
				text, complaint) < 0)
		return -1;
	if (named.kind != CORRIDOR_A_SEGMENT && named.kind != CORRIDOR_A_CABLE) {
		corridor_complain(complaint, 400, "%.80s is no segment, no cable and no candidate",
				  text);
		return -1;
	}
	q->ids[q->count] = corridor_named_id(plan, named);
	q->names[q->count++] = corridor_named_name(plan, named);
	if (named.kind == CORRIDOR_A_SEGMENT)
		return add_segment(q, named.index, complaint);
	uint32_t end = cables->first_segment[named.index + 1];
	for (uint32_t i = cables->first_segment[named.index]; i < end && result == 0; i++)
		result = add_segment(q, cables->segments[i], complaint);
	return result;
}

/* --- lists --- */

typedef int take_item(struct view_added_question *q, const char *item,
		      struct corridor_complaint *complaint);

/* Names with commas between them. */
static int
take_list(struct view_added_question *q, const char *word, take_item *take,
	  struct corridor_complaint *complaint)
{
	char item[128];
	for (const char *rest = word; *rest;) {
		size_t length = strcspn(rest, ",");
		if (length >= sizeof(item)) {
			corridor_complain(complaint, 400, "%.40s...: the name is too long", rest);
			return -1;
		}
		memcpy(item, rest, length);
		item[length] = '\0';
		rest += length + (rest[length] == ',');
		if (length && take(q, item, complaint) < 0)
			return -1;
	}
	return 0;
}

static int
take_laid(struct view_added_question *q, const char *item, struct corridor_complaint *complaint)
{
	if (q->count < VIEW_ADDED_NAMES)
		return add_named(q, item, complaint);
	corridor_complain(complaint, 400, "more than %d names", VIEW_ADDED_NAMES);
	return -1;
}

static int
take_site(uint32_t *sites, size_t *count, const struct view_added_question *q, const char *item,
	  struct corridor_complaint *complaint)
{
	if (*count < VIEW_ADDED_PAIRS)
		return corridor_site_find(&sites[(*count)++], q->terms.plan->hub, item, complaint);
	corridor_complain(complaint, 400, "more than %d pairs", VIEW_ADDED_PAIRS);
	return -1;
}

static int
take_from(struct view_added_question *q, const char *item, struct corridor_complaint *complaint)
{
	return take_site(q->froms, &q->from_count, q, item, complaint);
}

static int
take_to(struct view_added_question *q, const char *item, struct corridor_complaint *complaint)
{
	return take_site(q->tos, &q->to_count, q, item, complaint);
}

/* A country that nothing crosses is avoided anyhow. */
static int
take_avoided(struct view_added_question *q, const char *item, struct corridor_complaint *complaint)
{
	struct corridor_named named;
	if (corridor_named_find(&named, q->terms.plan, CORRIDOR_KIND(CORRIDOR_A_COUNTRY), item,
				complaint) < 0)
		return -1;
	if (named.kind != CORRIDOR_A_COUNTRY || q->avoid_count == VIEW_ADDED_AVOIDED) {
		corridor_complain(complaint, 400, "--also-avoiding: expected countries, %d at most",
				  VIEW_ADDED_AVOIDED);
		return -1;
	}
	if (named.index != HUB_NONE)
		q->avoid[q->avoid_count++] = named.index;
	return 0;
}

/* "--from X,..", "--to X,..", "--also-avoiding X,..": 1 and *at behind it; 0 if it is none; -1. */
static int
take_own(struct view_added_question *q, const char *const *words, size_t count, size_t *at,
	 struct corridor_complaint *complaint)
{
	static const struct {
		const char *option;
		take_item *take;
	} options[] = {{"--from", take_from}, {"--to", take_to}, {"--also-avoiding", take_avoided}};
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		const char *value = view_option_value(options[i].option, words, count, at);
		if (!value)
			continue;
		q->avoid_told |= options[i].take == take_avoided;
		if (!*value) {
			corridor_complain(complaint, 400, "%s: its value is missing",
					  options[i].option);
			return -1;
		}
		return take_list(q, value, options[i].take, complaint) < 0 ? -1 : 1;
	}
	return 0;
}

static int
take_words(struct view_added_question *q, const char *const *words, size_t count,
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
			corridor_complain(
				complaint, 400,
				"found \"%.40s\", expected --from, --to, --also-avoiding, "
				"--avoid, --without, --with or --date",
				words[at]);
			return -1;
		}
		if (take_list(q, words[at++], take_laid, complaint) < 0)
			return -1;
	}
	return 0;
}

/* --- what is not said --- */

static bool
has_pair(const struct view_added_question *q, struct corridor_ends ends)
{
	for (size_t i = 0; i < q->pair_count; i++) {
		struct corridor_ends p = q->pairs[i];
		if ((p.a == ends.a && p.b == ends.b) || (p.a == ends.b && p.b == ends.a))
			return true;
	}
	return false;
}

/* The largest demand that begins at a place of which there is none yet. */
static const struct hub_demand *
next_largest(const struct hub *hub, const bool *begun)
{
	const struct hub_demand *largest = NULL;
	for (size_t i = 0; i < hub->demand_count; i++) {
		const struct hub_demand *d = &hub->demands[i];
		if (!begun[d->from] && d->from != d->to && d->gbps > (largest ? largest->gbps : 0))
			largest = d;
	}
	return largest;
}

/* 0, or -1 without memory. */
static int
choose_pairs(struct view_added_question *q)
{
	const struct corridor_plan *plan = q->terms.plan;
	bool *begun = arena_take(q->terms.arena, plan->hub->site_count + 1);
	struct corridor_ends ends;
	if (!begun)
		return -1;
	memset(begun, 0, plan->hub->site_count + 1);
	if (corridor_added_ends(&ends, plan->graph, q->segments, q->segment_count))
		q->pairs[q->pair_count++] = ends;
	for (size_t i = 0; i < PAIRS_CHOSEN; i++) {
		const struct hub_demand *d = next_largest(plan->hub, begun);
		if (!d)
			break;
		begun[d->from] = true;
		if (!has_pair(q, (struct corridor_ends){d->from, d->to}))
			q->pairs[q->pair_count++] = (struct corridor_ends){d->from, d->to};
	}
	return 0;
}

static bool
is_avoided(const struct view_added_question *q, uint32_t country)
{
	for (size_t i = 0; i < q->avoid_count; i++)
		if (q->avoid[i] == country)
			return true;
	for (size_t i = 0; i < q->conditions.avoid_count[CORRIDOR_COUNTRIES]; i++)
		if (q->conditions.avoid[CORRIDOR_COUNTRIES][i] == country)
			return true;
	return false;
}

/* What demands avoid that is not avoided by all. */
static void
choose_avoided(struct view_added_question *q)
{
	const struct hub *hub = q->terms.plan->hub;
	for (size_t i = 0; i < hub->demand_count; i++) {
		const struct hub_demand *d = &hub->demands[i];
		for (size_t k = 0; k < d->avoid_count; k++) {
			uint32_t country = corridor_plan_name(q->terms.plan, CORRIDOR_COUNTRIES,
							      d->avoid[k].code);
			if (country != HUB_NONE && q->avoid_count < VIEW_ADDED_AVOIDED &&
			    !is_avoided(q, country))
				q->avoid[q->avoid_count++] = country;
		}
	}
}

/* --- the whole --- */

/* Those that are asked for, one by one. 0, or -1 and the complaint. */
static int
take_pairs(struct view_added_question *q, struct corridor_complaint *complaint)
{
	if (q->from_count != q->to_count) {
		corridor_complain(complaint, 400,
				  "--from names %zu sites, --to %zu: each pair has both",
				  q->from_count, q->to_count);
		return -1;
	}
	for (size_t i = 0; i < q->from_count; i++) {
		struct corridor_ends ends = {q->froms[i], q->tos[i]};
		if (corridor_question_check(q->terms.plan, ends, complaint) < 0)
			return -1;
		if (ends.a == ends.b) {
			corridor_complain(complaint, 400, "--from and --to: both are %s",
					  q->terms.plan->hub->sites[ends.a].id);
			return -1;
		}
		if (!has_pair(q, ends))
			q->pairs[q->pair_count++] = ends;
	}
	return 0;
}

/* What is laid is there on one side and not on the other, whatever else is supposed. */
static int
check_terms(const struct view_added_question *q, struct corridor_complaint *complaint)
{
	const struct corridor_conditions *c = &q->conditions;
	if (q->terms.require.count || q->terms.k != 1 || q->terms.measure != CORRIDOR_BY_LENGTH) {
		corridor_complain(complaint, 400, "change takes no --require, --via, --by or --k");
		return -1;
	}
	for (size_t i = 0; i < q->segment_count; i++) {
		bool named = false;
		for (size_t k = 0; k < c->with_count; k++)
			named |= c->with[k] == q->segments[i];
		for (size_t k = 0; k < c->without_count; k++)
			named |= c->without[k] == q->segments[i];
		if (!named)
			continue;
		corridor_complain(complaint, 400,
				  "%s is what is laid: it stands in no --with and no --without",
				  q->terms.plan->hub->segments[q->segments[i]].id);
		return -1;
	}
	return 0;
}

int
view_added_take(struct view_added_question *q, const struct view_corridor *view,
		const char *const *words, size_t count, struct corridor_complaint *complaint)
{
	q->segments =
		arena_take(q->terms.arena, (view->hub->segment_count + 1) * sizeof(*q->segments));
	corridor_complain(complaint, 500, "out of memory");
	if (!q->segments || take_words(q, words, count, complaint) < 0)
		return -1;
	if (!q->segment_count) {
		corridor_complain(complaint, 400,
				  "expected what is laid: segments, cables or candidates, with "
				  "commas");
		return -1;
	}
	corridor_complain(complaint, 500, "out of memory");
	if (corridor_terms_conditions(&q->conditions, &q->terms) < 0 ||
	    check_terms(q, complaint) < 0 || take_pairs(q, complaint) < 0)
		return -1;
	if (!q->avoid_told)
		choose_avoided(q);
	return q->pair_count || choose_pairs(q) == 0 ? 0 : -1;
}
