/* Finding sites and segments by id, by name and by the beginning of one; the nearest known when
 * there is none. */
#include "corridor/corridor_names.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "hub/hub_country.h"
#include "hub/hub_report.h"

/* Things of one kind: a number of them, with an id and perhaps a name. */
struct nouns {
	const struct hub *hub;
	const struct corridor_plan *plan; /* NULL will do for sites and segments */
	enum corridor_kind kind;
};

enum {
	NAMED_AT_MOST = 4, /* in a complaint */
};

static const char *const kind_words[CORRIDOR_KINDS] = {
	[CORRIDOR_A_COUNTRY] = "country",    [CORRIDOR_A_RISK] = "risk",
	[CORRIDOR_AN_OPERATOR] = "operator", [CORRIDOR_A_CABLE] = "cable",
	[CORRIDOR_A_SITE] = "site",          [CORRIDOR_A_SEGMENT] = "segment",
};

const char *
corridor_kind_word(enum corridor_kind kind)
{
	assert(kind < CORRIDOR_KINDS);
	return kind_words[kind];
}

static size_t
count_of(const struct nouns *n)
{
	switch (n->kind) {
	case CORRIDOR_A_SITE:
		return n->hub->site_count;
	case CORRIDOR_A_SEGMENT:
		return n->hub->segment_count;
	default:
		return n->plan->classes[n->kind].count;
	}
}

static const char *
id_of(const struct nouns *n, size_t i)
{
	switch (n->kind) {
	case CORRIDOR_A_SITE:
		return n->hub->sites[i].id;
	case CORRIDOR_A_SEGMENT:
		return n->hub->segments[i].id;
	default:
		return n->plan->classes[n->kind].names[i];
	}
}

static bool
equals(const char *a, const char *b)
{
	return a && strcasecmp(a, b) == 0;
}

static const char *
country_name(const char *code)
{
	struct country country = {""};
	for (size_t i = 0; i < 2 && code[i]; i++)
		country.code[i] = (char)toupper((unsigned char)code[i]);
	return hub_country_name(country);
}

/* What people call it; NULL when there is nothing but the id. */
static const char *
name_of(const struct nouns *n, size_t i)
{
	switch (n->kind) {
	case CORRIDOR_A_SITE:
		return n->hub->sites[i].name;
	case CORRIDOR_A_SEGMENT:
		return n->hub->segments[i].name;
	case CORRIDOR_A_CABLE:
		for (size_t c = 0; c < n->hub->cable_count; c++)
			if (equals(n->hub->cables[c].id, id_of(n, i)))
				return n->hub->cables[c].name;
		return NULL;
	case CORRIDOR_A_RISK:
		for (size_t r = 0; r < n->hub->risk_count; r++)
			if (equals(n->hub->risks[r].id, id_of(n, i)))
				return n->hub->risks[r].name;
		return NULL;
	case CORRIDOR_A_COUNTRY:
		return country_name(id_of(n, i));
	default:
		return NULL;
	}
}

void
corridor_complain(struct corridor_complaint *out, int status, const char *format, ...)
{
	va_list args;
	out->status = status;
	va_start(args, format);
	vsnprintf(out->text, sizeof(out->text), format, args);
	va_end(args);
}

static bool
begins(const char *text, const char *start)
{
	return text && strncasecmp(text, start, strlen(start)) == 0;
}

static const char *
name_or_id(const struct nouns *n, size_t i)
{
	const char *name = name_of(n, i);
	return name ? name : id_of(n, i);
}

/* The one whose id or name is nearest to the word; *nearest stays as it is when none is nearer. One or
 * two letters are near to all that is short, and say nothing. */
static uint32_t
offer_all(struct hub_nearest *nearest, const struct nouns *n)
{
	uint32_t found = HUB_NONE;
	if (strlen(nearest->word) <= 2)
		return HUB_NONE;
	for (size_t i = 0; i < count_of(n); i++) {
		const char *before = nearest->best;
		hub_nearest_offer(nearest, id_of(n, i));
		hub_nearest_offer(nearest, name_or_id(n, i));
		if (nearest->best != before)
			found = (uint32_t)i;
	}
	return found;
}

static void
complain_unknown(struct corridor_complaint *out, const struct nouns *n, const char *text)
{
	struct hub_nearest nearest = {.word = text};
	uint32_t found = offer_all(&nearest, n);
	if (count_of(n) == 0)
		corridor_complain(out, 404, "there is no %s \"%.60s\": the hub file has none",
				  kind_words[n->kind], text);
	else if (found == HUB_NONE)
		corridor_complain(out, 404, "there is no %s \"%.60s\", nor one called nearly so",
				  kind_words[n->kind], text);
	else
		corridor_complain(out, 404,
				  "there is no %s \"%.60s\"; the nearest known is %.20s (%.60s)",
				  kind_words[n->kind], text, id_of(n, found), name_or_id(n, found));
}

static void
complain_ambiguous(struct corridor_complaint *out, const struct nouns *n, const char *text)
{
	char list[120];
	size_t length = 0, named = 0, found = 0;
	list[0] = '\0';
	for (size_t i = 0; i < count_of(n); i++) {
		if (!begins(id_of(n, i), text) && !begins(name_of(n, i), text))
			continue;
		if (found++ >= NAMED_AT_MOST)
			continue;
		int more = snprintf(list + length, sizeof(list) - length, "%s%.12s (%.15s)",
				    named ? ", " : "", id_of(n, i), name_or_id(n, i));
		if (more < 0 || (size_t)more >= sizeof(list) - length)
			break;
		length += (size_t)more;
		named++;
	}
	corridor_complain(out, 400, "\"%.40s\" fits %zu %ss: %s%s", text, found,
			  kind_words[n->kind], list, found > named ? " ..." : "");
}

/* The only one whose id or name begins with `text`; *several when there are more. */
static uint32_t
by_beginning(const struct nouns *n, const char *text, bool *several)
{
	uint32_t only = HUB_NONE;
	*several = false;
	for (size_t i = 0; i < count_of(n) && text[0]; i++) {
		if (!begins(id_of(n, i), text) && !begins(name_of(n, i), text))
			continue;
		if (only != HUB_NONE)
			*several = true;
		only = (uint32_t)i;
	}
	return only;
}

/* The only one with that name; HUB_NONE when there is none or more than one, for then only the id
 * tells them apart. */
static uint32_t
by_name(const struct nouns *n, const char *text)
{
	uint32_t only = HUB_NONE;
	for (size_t i = 0; i < count_of(n); i++) {
		if (!equals(name_of(n, i), text))
			continue;
		if (only != HUB_NONE)
			return HUB_NONE;
		only = (uint32_t)i;
	}
	return only;
}

static uint32_t
by_id(const struct nouns *n, const char *text)
{
	for (size_t i = 0; i < count_of(n); i++)
		if (equals(id_of(n, i), text))
			return (uint32_t)i;
	return HUB_NONE;
}

/* Behind "site:" when sites are looked for: what other questions need is no mistake here. */
static const char *
behind_kind(const struct nouns *n, const char *text)
{
	size_t length = strlen(kind_words[n->kind]);
	return strncasecmp(text, kind_words[n->kind], length) == 0 && text[length] == ':'
		       ? text + length + 1
		       : text;
}

static int
find(uint32_t *out, const struct nouns *n, const char *text, struct corridor_complaint *complaint)
{
	uint32_t found = by_id(n, text);
	if (found == HUB_NONE) {
		text = behind_kind(n, text);
		found = by_id(n, text);
	}
	bool several = false;
	if (found == HUB_NONE)
		found = by_name(n, text);
	if (found == HUB_NONE)
		found = by_beginning(n, text, &several);
	if (several)
		complain_ambiguous(complaint, n, text);
	else if (found == HUB_NONE)
		complain_unknown(complaint, n, text);
	if (several || found == HUB_NONE)
		return -1;
	*out = found;
	return 0;
}

int
corridor_site_find(uint32_t *out, const struct hub *hub, const char *text,
		   struct corridor_complaint *complaint)
{
	assert(out && hub && text && complaint);
	struct nouns n = {.hub = hub, .kind = CORRIDOR_A_SITE};
	return find(out, &n, text, complaint);
}

int
corridor_segment_find(uint32_t *out, const struct hub *hub, const char *text,
		      struct corridor_complaint *complaint)
{
	assert(out && hub && text && complaint);
	struct nouns n = {.hub = hub, .kind = CORRIDOR_A_SEGMENT};
	return find(out, &n, text, complaint);
}

const char *
corridor_named_id(const struct corridor_plan *plan, struct corridor_named named)
{
	struct nouns n = {plan->hub, plan, named.kind};
	assert(named.index < count_of(&n));
	return id_of(&n, named.index);
}

const char *
corridor_named_name(const struct corridor_plan *plan, struct corridor_named named)
{
	struct nouns n = {plan->hub, plan, named.kind};
	assert(named.index < count_of(&n));
	return name_of(&n, named.index);
}

/* What fits a text, at most a few of each kind. */
struct fitting {
	struct corridor_named items[2 * CORRIDOR_KINDS];
	size_t count;
};

typedef bool fits(const struct nouns *n, size_t i, const char *text);

static bool
by_whole_id(const struct nouns *n, size_t i, const char *text)
{
	return equals(id_of(n, i), text);
}

static bool
by_whole_name(const struct nouns *n, size_t i, const char *text)
{
	return equals(name_of(n, i), text);
}

static bool
by_start(const struct nouns *n, size_t i, const char *text)
{
	/* Of a country the whole name is wanted: many networks are called by the beginning of one. */
	return begins(id_of(n, i), text) ||
	       (n->kind != CORRIDOR_A_COUNTRY && begins(name_of(n, i), text));
}

static struct fitting
all_that_fit(const struct corridor_plan *plan, unsigned kinds, const char *text, fits *fit)
{
	struct fitting f = {0};
	for (int kind = 0; kind < CORRIDOR_KINDS; kind++) {
		struct nouns n = {plan->hub, plan, (enum corridor_kind)kind};
		size_t count = kinds & CORRIDOR_KIND(kind) ? count_of(&n) : 0, taken = 0;
		for (size_t i = 0; i < count && taken < 2; i++) {
			if (!fit(&n, i, text))
				continue;
			f.items[f.count++] = (struct corridor_named){n.kind, (uint32_t)i};
			taken++;
		}
	}
	return f;
}

/* True if both are names that the same segments have. */
static bool
same_segments(const struct corridor_plan *plan, struct corridor_named a, struct corridor_named b)
{
	if ((int)a.kind >= CORRIDOR_CLASSES || (int)b.kind >= CORRIDOR_CLASSES)
		return false;
	const struct corridor_relation *x = &plan->classes[a.kind], *y = &plan->classes[b.kind];
	uint32_t count = x->first_segment[a.index + 1] - x->first_segment[a.index];
	return count == y->first_segment[b.index + 1] - y->first_segment[b.index] &&
	       memcmp(x->segments + x->first_segment[a.index],
		      y->segments + y->first_segment[b.index], count * sizeof(uint32_t)) == 0;
}

/* Takes the only thing that fits, or those that come to the same. 1; 0 when nothing fits; -1 and
 * the complaint when several do. */
static int
take_fitting(struct corridor_named *out, const struct corridor_plan *plan, const struct fitting *f,
	     const char *text, struct corridor_complaint *complaint)
{
	char list[160] = "";
	size_t length = 0, same = 0;
	for (size_t i = 0; i < f->count; i++)
		same += i == 0 || same_segments(plan, f->items[0], f->items[i]);
	if (f->count == 0)
		return 0;
	*out = f->items[0];
	if (same == f->count)
		return 1;
	for (size_t i = 0; i < f->count && i < NAMED_AT_MOST; i++) {
		int more = snprintf(list + length, sizeof(list) - length, "%s%s:%.24s",
				    i ? ", " : "", kind_words[f->items[i].kind],
				    corridor_named_id(plan, f->items[i]));
		if (more < 0 || (size_t)more >= sizeof(list) - length)
			break;
		length += (size_t)more;
	}
	corridor_complain(complaint, 400, "\"%.40s\" may be %s%s", text, list,
			  f->count > NAMED_AT_MOST ? " ..." : "");
	return -1;
}

static void
complain_unnamed(struct corridor_complaint *out, const struct corridor_plan *plan, unsigned kinds,
		 const char *text)
{
	struct corridor_named near = {CORRIDOR_KINDS, 0};
	struct hub_nearest nearest = {.word = text};
	char nouns[80] = "";
	size_t length = 0;
	for (int kind = 0; kind < CORRIDOR_KINDS; kind++) {
		struct nouns n = {plan->hub, plan, (enum corridor_kind)kind};
		if (!(kinds & CORRIDOR_KIND(kind)))
			continue;
		length += (size_t)snprintf(nouns + length, sizeof(nouns) - length, "%s%s",
					   length ? ", " : "", kind_words[kind]);
		uint32_t found = offer_all(&nearest, &n);
		if (found != HUB_NONE)
			near = (struct corridor_named){n.kind, found};
	}
	if (near.kind == CORRIDOR_KINDS)
		corridor_complain(out, 404, "nothing is called \"%.60s\" or nearly so (%s)", text,
				  nouns);
	else
		corridor_complain(
			out, 404, "nothing is called \"%.60s\" (%s); the nearest known is %s:%.40s",
			text, nouns, kind_words[near.kind], corridor_named_id(plan, near));
}

/* Two letters, as a country's code has, or a country's name. */
static bool
is_country(const char *text)
{
	return (isalpha((unsigned char)text[0]) && isalpha((unsigned char)text[1]) && !text[2]) ||
	       hub_country_of_name(text).code[0];
}

/* "risk:RED_SEA" is of one kind; returns what follows the colon. "group" and "srlg" are risks too.
 */
static const char *
take_kind(unsigned *kinds, const char *text)
{
	static const struct {
		const char *word;
		enum corridor_kind kind;
	} others[] = {{"group:", CORRIDOR_A_RISK}, {"srlg:", CORRIDOR_A_RISK}};
	for (int kind = 0; kind < CORRIDOR_KINDS; kind++) {
		size_t length = strlen(kind_words[kind]);
		if (begins(text, kind_words[kind]) && text[length] == ':') {
			*kinds = CORRIDOR_KIND(kind);
			return text + length + 1;
		}
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (begins(text, others[i].word)) {
			*kinds = CORRIDOR_KIND(others[i].kind);
			return text + strlen(others[i].word);
		}
	}
	return text;
}

int
corridor_named_find(struct corridor_named *out, const struct corridor_plan *plan, unsigned kinds,
		    const char *text, struct corridor_complaint *complaint)
{
	assert(out && plan && text && complaint);
	text = take_kind(&kinds, text);
	struct fitting f = all_that_fit(plan, kinds, text, by_whole_id);
	for (size_t i = 0; i < f.count; i++) {
		if (f.items[i].kind == CORRIDOR_A_SEGMENT) {
			*out = f.items[i];
			return 0;
		}
	}
	int found = take_fitting(out, plan, &f, text, complaint);
	/* Some towns are called as the country that they are in; these go first. */
	const unsigned countries = CORRIDOR_KIND(CORRIDOR_A_COUNTRY);
	if (found == 0) {
		f = all_that_fit(plan, kinds & ~countries, text, by_whole_name);
		found = take_fitting(out, plan, &f, text, complaint);
	}
	if (found == 0) {
		f = all_that_fit(plan, kinds & countries, text, by_whole_name);
		found = take_fitting(out, plan, &f, text, complaint);
	}
	if (found == 0 && kinds & countries && is_country(text)) {
		*out = (struct corridor_named){CORRIDOR_A_COUNTRY, HUB_NONE};
		return 0;
	}
	if (found == 0 && text[0]) {
		f = all_that_fit(plan, kinds, text, by_start);
		found = take_fitting(out, plan, &f, text, complaint);
	}
	if (found == 0)
		complain_unnamed(complaint, plan, kinds, text);
	return found == 1 ? 0 : -1;
}
