/* The study: what is asked for, chapter by chapter. */
#include "study/study_make.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_parts.h"
#include "view/view_country.h"

/* --- words --- */

const char *
study_site_name(const struct study_maker *m, const char *id)
{
	const struct json_value *site = study_find(json_read_get(m->show, "sites"), "id", id);
	const char *name = study_text_of(site, "name");
	return *name ? name : id;
}

const char *
study_countries_of(struct study_maker *m, const struct json_value *list, size_t most)
{
	const char *text = "";
	size_t count = 0;
	for (const struct json_value *c = json_read_first(list); c; c = c->next, count++) {
		const char *code = json_read_text(c);
		if (count == most)
			return study_text(m->document, "%s ...", text);
		text = study_text(m->document, "%s%s%s", text, *text ? ", " : "",
				  code ? view_country_name(code) : "");
	}
	return text;
}

const char *
study_segment_name(const struct study_maker *m, const char *id)
{
	const struct json_value *s = study_find(json_read_get(m->show, "segments"), "id", id);
	const char *name = study_text_of(s, "name");
	return *name ? study_text(m->document, "%s (%s)", name, id) : id;
}

const char *
study_pair_name(struct study_maker *m, const struct study_pair *pair)
{
	return study_text(m->document, "%s to %s", pair->from_name, pair->to_name);
}

const char *
study_figure_text(struct study_maker *m, double value, int places)
{
	char text[STUDY_NUMBER];
	return study_text(m->document, "%s", study_number(text, value, places));
}

const char *
study_count_text(struct study_maker *m, size_t count, const char *noun)
{
	return study_text(m->document, "%s %s%s",
			  count ? study_figure_text(m, (double)count, 0) : "no", noun,
			  count == 1 ? "" : "s");
}

const char *
study_none_text(struct study_maker *m, double count)
{
	return count == 0 ? "none" : study_figure_text(m, count, 0);
}

const char *
study_failing_name(struct study_maker *m, const char *kind, const char *id)
{
	const char *list = strcmp(kind, "cable") == 0 ? "cables" : "risks";
	if (strcmp(kind, "segment") == 0)
		return study_segment_name(m, id);
	if (strcmp(kind, "country") == 0)
		return view_country_name(id);
	const char *name =
		study_text_of(study_find(json_read_get(m->lists, list), "id", id), "name");
	if (*name)
		return study_text(m->document, "%s (%s)", name, id);
	return strcmp(kind, "cause") == 0 ? view_country_name(id) : id;
}

const char *
study_range_text(struct study_maker *m, struct study_bounds b, int places)
{
	char number[STUDY_NUMBER], range[STUDY_RANGE];
	struct study_cell cell = {NULL, b.value, b.low, b.high};
	study_number(number, b.value, places);
	if (!*study_range(range, &cell, places))
		return study_text(m->document, "%s", number);
	return study_text(m->document, "%s (%s)", number, range);
}

const char *
study_rate_text(struct study_maker *m, double gbps)
{
	char text[STUDY_NUMBER];
	if (gbps >= 1000)
		return study_text(m->document, "%s Tbit/s", study_number(text, gbps / 1000, -1));
	return study_text(m->document, "%s Gbit/s", study_number(text, gbps, -1));
}

const char *
study_money_text(struct study_maker *m, double usd)
{
	char text[STUDY_NUMBER];
	const char *sign = usd < 0 ? "\u2212" : "";
	double size = fabs(usd);
	if (size >= 1e9)
		return study_text(m->document, "%s$%s billion", sign,
				  study_number(text, size / 1e9, 2));
	if (size >= 1e5)
		return study_text(m->document, "%s$%s million", sign,
				  study_number(text, size / 1e6, 1));
	return study_text(m->document, "%s$%s", sign, study_number(text, size, -1));
}

void
study_missing(struct study_maker *m, struct study_section *section, const char *what,
	      const char *otherwise)
{
	const char *why = m->facts->complaint;
	study_say(section, STUDY_MISSING, "%s: not answered. %s%s.", what,
		  why ? "The corridor says: " : "", why ? why : otherwise);
}

void
study_trust_add(struct study_maker *m, const char *what, double estimated)
{
	struct study_trust *trust = study_take(m->document, sizeof(*trust));
	if (!trust || !isfinite(estimated))
		return;
	*trust = (struct study_trust){what, estimated, NULL};
	if (m->last_trust)
		m->last_trust->next = trust;
	else
		m->trusts = trust;
	m->last_trust = trust;
}

void
study_cell_bounds(struct study_table *table, struct study_bounds b, double scale)
{
	study_cell_range(table, b.value * scale, b.low * scale, b.high * scale);
}

/* --- the principal pairs --- */

static struct study_pair *
pair_at(struct study_maker *m, struct study_pair *pairs, size_t *count, const char *from,
	const char *to)
{
	for (size_t i = 0; i < *count; i++)
		if ((strcmp(pairs[i].from, from) == 0 && strcmp(pairs[i].to, to) == 0) ||
		    (strcmp(pairs[i].from, to) == 0 && strcmp(pairs[i].to, from) == 0))
			return &pairs[i];
	pairs[*count] = (struct study_pair){
		from, to, study_site_name(m, from), study_site_name(m, to), NAN, 0, 0};
	return &pairs[(*count)++];
}

static int
by_size(const void *a, const void *b)
{
	const struct study_pair *x = a, *y = b;
	if (x->gbps != y->gbps)
		return isnan(x->gbps) || x->gbps < y->gbps ? 1 : -1;
	return strcmp(x->from, y->from) ? strcmp(x->from, y->from) : strcmp(x->to, y->to);
}

/* All pairs between which something is asked for, largest first. */
static struct study_pair *
demand_pairs(struct study_maker *m, size_t *count)
{
	const struct json_value *demands = json_read_get(m->flow, "demands");
	size_t room = study_length_of(demands);
	struct study_pair *pairs = study_take(m->document, (room + 1) * sizeof(*pairs));
	*count = 0;
	for (const struct json_value *d = pairs ? json_read_first(demands) : NULL; d; d = d->next) {
		const char *from = study_text_of(d, "from"), *to = study_text_of(d, "to");
		struct study_bounds asked = study_bounds_of(d, "asked_gbps");
		if (!*from || !*to || !isfinite(asked.value))
			continue;
		struct study_pair *pair = pair_at(m, pairs, count, from, to);
		pair->gbps = (isnan(pair->gbps) ? 0 : pair->gbps) + asked.value;
		pair->low += asked.low;
		pair->high += asked.high;
	}
	if (*count > 1)
		qsort(pairs, *count, sizeof(*pairs), by_size);
	return pairs;
}

static bool
begins_at(const struct study_maker *m, const char *from)
{
	for (size_t i = 0; i < m->pair_count; i++)
		if (strcmp(m->pairs[i].from, from) == 0)
			return true;
	return false;
}

/* The pairs that are wanted. Names that nothing has, and a pair of one and the same site, are refused before anything
 * is reckoned: 0, or -1 and the complaint. */
static int
take_pairs(struct study_maker *m, char complaint[STUDY_COMPLAINT])
{
	for (size_t i = 0; i < m->wish->pair_count; i++) {
		const char *const *ends = m->wish->pairs[i];
		const struct json_value *way = study_ask(m->facts, "path", ends[0], ends[1], NULL);
		if (!way) {
			(void)snprintf(complaint, STUDY_COMPLAINT, "%s", m->facts->complaint);
			return -1;
		}
		const char *from = study_text_of(way, "from"), *to = study_text_of(way, "to");
		if (strcmp(from, to) == 0) {
			(void)snprintf(
				complaint, STUDY_COMPLAINT,
				"--from %.40s --to %.40s: both ends are the same site, %.40s",
				ends[0], ends[1], from);
			return -1;
		}
		(void)pair_at(m, m->pairs, &m->pair_count, from, to);
	}
	return 0;
}

/* What is asked for between those that are wanted; without any, the largest of each place where traffic comes from,
 * eight at most. */
static int
choose_pairs(struct study_maker *m)
{
	enum { USUAL = 8 };
	size_t count;
	struct study_pair *all = demand_pairs(m, &count);
	if (!all)
		return -1;
	for (size_t i = 0; i < m->pair_count; i++)
		for (size_t j = 0; j < count; j++)
			if (strcmp(all[j].from, m->pairs[i].from) == 0 &&
			    strcmp(all[j].to, m->pairs[i].to) == 0)
				m->pairs[i] = all[j];
	for (size_t i = 0; i < count && !m->wish->pair_count && m->pair_count < USUAL; i++)
		if (!begins_at(m, all[i].from))
			m->pairs[m->pair_count++] = all[i];
	return 0;
}

/* --- countries to avoid --- */

static bool
is_crossed(const struct study_maker *m, const char *code, size_t length)
{
	const struct json_value *segments = json_read_get(m->show, "segments");
	for (const struct json_value *s = json_read_first(segments); s; s = s->next)
		for (const struct json_value *c = json_read_first(json_read_get(s, "countries")); c;
		     c = c->next) {
			const char *text = json_read_text(c);
			if (text && strlen(text) == length && strncmp(text, code, length) == 0)
				return true;
		}
	return false;
}

/* Of the list, those that any segment crosses; NULL: none does. */
static const char *
choose_avoid(struct study_maker *m)
{
	const char *list = m->wish->avoid, *kept = "";
	if (!list) {
		const struct json_value *demands = json_read_get(m->lists, "demands");
		for (const struct json_value *d = json_read_first(demands); d && !list; d = d->next)
			if (json_read_first(json_read_get(d, "avoid")))
				list = study_text(m->document, "%s",
						  study_list_of(m->facts->arena,
								json_read_get(d, "avoid"), 8));
	}
	if (!list)
		list = "RU,IR";
	for (const char *at = list; *at;) {
		size_t length = strcspn(at, ", ");
		if (length && is_crossed(m, at, length))
			kept = study_text(m->document, "%s%s%.*s", kept, *kept ? "," : "",
					  (int)length, at);
		at += length;
		at += strspn(at, ", ");
	}
	return *kept ? kept : NULL;
}

/* "Russia and Iran". */
static const char *
in_words(struct study_maker *m, const char *list)
{
	const char *text = "";
	while (list && *list) {
		size_t length = strcspn(list, ",");
		bool last = !list[length];
		const char *between = last ? " and " : ", ";
		const char *code = study_text(m->document, "%.*s", (int)length, list);
		text = study_text(m->document, "%s%s%s", text, *text ? between : "",
				  code ? view_country_name(code) : "");
		list += length + !last;
	}
	return text;
}

/* --- the title page --- */

/* Of all that the hub file says of the corridor: the same data, the same digest. */
static const char *
digest(struct study_maker *m, const struct json_value *export)
{
	struct sha256_ctx context;
	uint8_t octets[SHA256_DIGEST_SIZE];
	char text[2 * SHA256_DIGEST_SIZE + 1];
	sha256_init(&context);
	sha256_update(&context, export->raw_length, (const uint8_t *)export->raw);
	sha256_digest(&context, sizeof(octets), octets);
	for (size_t i = 0; i < sizeof(octets); i++)
		(void)snprintf(text + 2 * i, 3, "%02x", octets[i]);
	return study_text(m->document, "%s", text);
}

static void
title_page(struct study_maker *m, const struct json_value *export)
{
	struct study_document *d = m->document;
	const struct study_wish *w = m->wish;
	struct utc_date day = utc_to_date(w->today);
	const char *measured = study_text_of(m->show, "measured");
	d->title = w->title ? w->title : "Study of the corridor";
	d->hub = w->hub ? w->hub : "";
	d->date = w->today;
	d->subtitle = "Ways, resilience, capacity and worth of transit";
	study_fact_add(d, "Made on", "%04d-%02d-%02d", day.year, day.month, day.day);
	study_fact_add(d, "Corridor as of", "%s", w->date ? w->date : "that day");
	study_fact_add(d, "Data from", "%s", w->origin ? w->origin : "a running hub");
	study_fact_add(d, "Digest of the data", "SHA-256 %s", digest(m, export));
	if (*measured)
		study_fact_add(d, "Measured traffic", "the bin that began at %s", measured);
	else
		study_fact_add(d, "Measured traffic", "none: demands are those the hub file tells");
	if (json_read_is_true(json_read_get(m->show, "simulated")))
		study_fact_add(d, "Simulated", "%s", "the traffic is of simulated members");
	study_fact_add(d, "Avoided in comparisons", "%s",
		       m->avoid ? m->avoid_words
				: "nothing: no segment crosses what was to be avoided");
	study_fact_add(d, "Program", "Sarai %s", w->version ? w->version : "");
}

/* --- the whole --- */

typedef void chapter(struct study_maker *m);

static chapter *const chapters[] = {
	study_chapter_corridor,    study_chapter_demand,    study_chapter_ways,
	study_chapter_planned,     study_chapter_apart,     study_chapter_failures,
	study_chapter_chance,      study_chapter_incidents, study_chapter_proof,
	study_chapter_optics,      study_chapter_capacity,  study_chapter_money,
	study_chapter_target,      study_chapter_content,   study_chapter_next,
	study_chapter_sensitivity, study_chapter_reach,     study_chapter_trust,
	study_chapter_values,      study_chapter_method,    study_chapter_glossary,
	study_chapter_commands,
};

/* What all chapters go by. 0, or -1 and the complaint. */
static int
prepare(struct study_maker *m, char complaint[STUDY_COMPLAINT])
{
	m->show = study_ask_plain(m->facts, "show", NULL);
	const struct json_value *export =
		m->show ? study_ask_plain(m->facts, "export", NULL) : NULL;
	if (!export) {
		(void)snprintf(complaint, STUDY_COMPLAINT, "%s", m->facts->complaint);
		return -1;
	}
	if (!json_read_first(json_read_get(m->show, "segments"))) {
		(void)snprintf(complaint, STUDY_COMPLAINT,
			       "the hub file has no corridor: no segments to make a study of");
		return -1;
	}
	m->lists = json_read_get(export, "lists");
	m->features = json_read_get(export, "features");
	if (take_pairs(m, complaint) < 0)
		return -1;
	m->flow = study_ask(m->facts, "flow", NULL);
	/* Every question has the day, and none would be answered. */
	if (!m->flow && m->wish->date && strncmp(m->facts->complaint, "--date", 6) == 0) {
		(void)snprintf(complaint, STUDY_COMPLAINT, "%s", m->facts->complaint);
		return -1;
	}
	if (choose_pairs(m) < 0)
		return -1;
	m->avoid = choose_avoid(m);
	m->avoid_words = in_words(m, m->avoid);
	title_page(m, export);
	return 0;
}

struct study_document *
study_make(struct study_facts *facts, const struct study_wish *wish,
	   char complaint[STUDY_COMPLAINT])
{
	assert(facts && facts->arena && facts->source && wish && complaint);
	struct study_maker m = {.document = study_document_new(facts->arena),
				.facts = facts,
				.wish = wish,
				.year = utc_to_date(wish->today).year};
	(void)snprintf(complaint, STUDY_COMPLAINT, "out of memory");
	if (!m.document)
		return NULL;
	facts->date = wish->date;
	if (wish->date && atoi(wish->date) > 0)
		m.year = atoi(wish->date);
	if (prepare(&m, complaint) < 0)
		return NULL;
	m.summary = study_section_add(m.document, "summary", "Summary");
	for (size_t i = 0; i < sizeof(chapters) / sizeof(chapters[0]); i++)
		chapters[i](&m);
	return m.document->failed || facts->failed ? NULL : m.document;
}
