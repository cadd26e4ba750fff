/* Finding sites and segments by id, by name and by the beginning of one; the nearest known when
 * there is none. */
#include "corridor/corridor_names.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Sites and segments alike: a number of things with an id and a name. */
struct nouns {
	const struct hub *hub;
	const char *noun;
	size_t count;
	const char *(*id)(const struct hub *hub, size_t i);
	const char *(*name)(const struct hub *hub, size_t i);
};

enum {
	NAME_COMPARED = 63, /* octets of a name that count for likeness */
	NAMED_AT_MOST = 4,  /* in a complaint */
};

static const char *
site_id(const struct hub *hub, size_t i)
{
	return hub->sites[i].id;
}

static const char *
site_name(const struct hub *hub, size_t i)
{
	return hub->sites[i].name;
}

static const char *
segment_id(const struct hub *hub, size_t i)
{
	return hub->segments[i].id;
}

static const char *
segment_name(const struct hub *hub, size_t i)
{
	return hub->segments[i].name;
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

/* Insertions, deletions and changes that make `a` of `b` (Levenshtein), case aside. */
static unsigned
difference(const char *a, const char *b)
{
	unsigned row[NAME_COMPARED + 1];
	size_t a_length = strnlen(a, NAME_COMPARED), b_length = strnlen(b, NAME_COMPARED);
	for (size_t j = 0; j <= b_length; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= a_length; i++) {
		unsigned diagonal = row[0];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_length; j++) {
			bool same = tolower((unsigned char)a[i - 1]) ==
				    tolower((unsigned char)b[j - 1]);
			unsigned best = diagonal + !same;
			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[b_length];
}

static bool
begins(const char *text, const char *start)
{
	return text && strncasecmp(text, start, strlen(start)) == 0;
}

static bool
equals(const char *a, const char *b)
{
	return a && strcasecmp(a, b) == 0;
}

static const char *
name_or_id(const struct nouns *n, size_t i)
{
	const char *name = n->name(n->hub, i);
	return name ? name : n->id(n->hub, i);
}

static void
complain_unknown(struct corridor_complaint *out, const struct nouns *n, const char *text)
{
	size_t nearest = 0;
	unsigned least = UINT32_MAX;
	for (size_t i = 0; i < n->count; i++) {
		unsigned by_id = difference(text, n->id(n->hub, i));
		unsigned by_name = difference(text, name_or_id(n, i));
		unsigned d = by_id < by_name ? by_id : by_name;
		if (d < least) {
			least = d;
			nearest = i;
		}
	}
	if (n->count == 0)
		corridor_complain(out, 404, "there is no %s \"%.60s\": the hub file has none",
				  n->noun, text);
	else
		corridor_complain(out, 404,
				  "there is no %s \"%.60s\"; the nearest known is %.20s (%.60s)",
				  n->noun, text, n->id(n->hub, nearest), name_or_id(n, nearest));
}

static void
complain_ambiguous(struct corridor_complaint *out, const struct nouns *n, const char *text)
{
	char list[120];
	size_t length = 0, named = 0, found = 0;
	list[0] = '\0';
	for (size_t i = 0; i < n->count; i++) {
		if (!begins(n->id(n->hub, i), text) && !begins(n->name(n->hub, i), text))
			continue;
		if (found++ >= NAMED_AT_MOST)
			continue;
		int more = snprintf(list + length, sizeof(list) - length, "%s%.12s (%.15s)",
				    named ? ", " : "", n->id(n->hub, i), name_or_id(n, i));
		if (more < 0 || (size_t)more >= sizeof(list) - length)
			break;
		length += (size_t)more;
		named++;
	}
	corridor_complain(out, 400, "\"%.40s\" fits %zu %ss: %s%s", text, found, n->noun, list,
			  found > named ? " ..." : "");
}

/* The only one whose id or name begins with `text`; *several when there are more. */
static uint32_t
by_beginning(const struct nouns *n, const char *text, bool *several)
{
	uint32_t only = HUB_NONE;
	*several = false;
	for (size_t i = 0; i < n->count && text[0]; i++) {
		if (!begins(n->id(n->hub, i), text) && !begins(n->name(n->hub, i), text))
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
	for (size_t i = 0; i < n->count; i++) {
		if (!equals(n->name(n->hub, i), text))
			continue;
		if (only != HUB_NONE)
			return HUB_NONE;
		only = (uint32_t)i;
	}
	return only;
}

static int
find(uint32_t *out, const struct nouns *n, const char *text, struct corridor_complaint *complaint)
{
	for (size_t i = 0; i < n->count; i++) {
		if (equals(n->id(n->hub, i), text)) {
			*out = (uint32_t)i;
			return 0;
		}
	}
	bool several = false;
	uint32_t found = by_name(n, text);
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
	struct nouns n = {hub, "site", hub->site_count, site_id, site_name};
	return find(out, &n, text, complaint);
}

int
corridor_segment_find(uint32_t *out, const struct hub *hub, const char *text,
		      struct corridor_complaint *complaint)
{
	assert(out && hub && text && complaint);
	struct nouns n = {hub, "segment", hub->segment_count, segment_id, segment_name};
	return find(out, &n, text, complaint);
}

const char *
corridor_group_find(const struct hub *hub, const char *text)
{
	assert(hub && text);
	for (size_t i = 0; i < hub->segment_count; i++) {
		const struct hub_segment *s = &hub->segments[i];
		for (size_t j = 0; j < s->srlg_count; j++) {
			if (equals(s->srlgs[j], text))
				return s->srlgs[j];
		}
	}
	return NULL;
}
