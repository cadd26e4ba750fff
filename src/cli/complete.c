/* Names that a word may be, out of answers as JSON. */
#include "cli/complete.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/json_read.h"
#include "view/view_text.h"

enum { NAMED_MAX = 20, SHOWN_MAX = 400, ID_COLUMNS = 16, WIDTH = 80 };

unsigned
complete_kinds(const char *place)
{
	static const struct {
		const char *place;
		unsigned kinds;
	} places[] = {
		{"A", COMPLETE_SITES},
		{"B", COMPLETE_SITES},
		{"SITE", COMPLETE_SITES},
		{"SITE,..", COMPLETE_SITES | COMPLETE_LIST},
		{"SEGMENT", COMPLETE_SEGMENTS},
		{"NAME", COMPLETE_CORRIDOR},
		{"X,..", COMPLETE_CORRIDOR | COMPLETE_LIST},
		{"NAMES", COMPLETE_CORRIDOR | COMPLETE_LIST},
		{"TOPIC", COMPLETE_TOPICS},
		{"NAME=VALUE", COMPLETE_INPUTS},
	};
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (strcmp(places[i].place, place) == 0)
			return places[i].kinds;
	return 0;
}

/* What is being collected. */
struct collecting {
	struct complete_names names;
	unsigned kinds;
	const char *start;
	size_t start_length;
	bool failed;
};

static void
offer(struct collecting *c, const char *id, const char *name)
{
	struct complete_names *n = &c->names;
	bool by_id = id && strncasecmp(id, c->start, c->start_length) == 0;
	bool by_name = id && name && strncasecmp(name, c->start, c->start_length) == 0;
	if (!by_id && !by_name)
		return;
	for (size_t i = 0; i < n->count; i++)
		if (strcmp(n->all[i].id, id) == 0)
			return;
	if (n->count == n->room) {
		size_t room = n->room ? 2 * n->room : 64;
		struct complete_name *more = arena_take(n->arena, room * sizeof(*more));
		if (!more) {
			c->failed = true;
			return;
		}
		if (n->count)
			memcpy(more, n->all, n->count * sizeof(*more));
		n->all = more;
		n->room = room;
	}
	size_t common = 0;
	const char *first = n->count ? n->all[0].id : id;
	while (id[common] && strncasecmp(id, first, common + 1) == 0)
		common++;
	n->common = n->count && n->common < common ? n->common : common;
	n->by_name |= !by_id;
	n->all[n->count++] = (struct complete_name){id, name};
}

static void
offer_words(struct collecting *c, unsigned kind, const struct json_value *list)
{
	for (const struct json_value *v = json_read_first(list); v && c->kinds & kind; v = v->next)
		offer(c, json_read_text(v), NULL);
}

static void
offer_rows(struct collecting *c, unsigned kind, const struct json_value *list)
{
	for (const struct json_value *v = json_read_first(list); v && c->kinds & kind; v = v->next)
		offer(c, json_read_text(json_read_get(v, "id")),
		      json_read_text(json_read_get(v, "name")));
}

/* A GeoJSON feature of `corridor export`: a site or a segment, and what that is in. */
static void
offer_feature(struct collecting *c, const struct json_value *feature)
{
	const struct json_value *properties = json_read_get(feature, "properties");
	const char *list = json_read_text(json_read_get(properties, "list"));
	unsigned kind = list && strcmp(list, "sites") == 0 ? COMPLETE_SITES : COMPLETE_SEGMENTS;
	if (c->kinds & kind)
		offer(c, json_read_text(json_read_get(feature, "id")),
		      json_read_text(json_read_get(properties, "name")));
	if (kind == COMPLETE_SITES && c->kinds & COMPLETE_COUNTRIES)
		offer(c, json_read_text(json_read_get(properties, "country")), NULL);
	offer_words(c, COMPLETE_COUNTRIES, json_read_get(properties, "countries_crossed"));
	offer_words(c, COMPLETE_RISKS, json_read_get(properties, "srlg"));
}

static void
offer_topics(struct collecting *c, const struct json_value *topics, const char *topic)
{
	for (const struct json_value *t = json_read_first(topics); t; t = t->next) {
		const char *word = json_read_text(json_read_get(t, "topic"));
		if (c->kinds & COMPLETE_TOPICS)
			offer(c, word, NULL);
		if (!(c->kinds & COMPLETE_INPUTS) || !word || !topic || strcmp(word, topic) != 0)
			continue;
		for (const struct json_value *i = json_read_first(json_read_get(t, "inputs")); i;
		     i = i->next) {
			const char *name = json_read_text(json_read_get(i, "name"));
			offer(c, name ? arena_printf(c->names.arena, "%s=", name) : NULL, NULL);
		}
	}
}

int
complete_names_of(struct complete_names *out, struct arena *arena, unsigned kinds, const char *json,
		  size_t length, const char *topic, const char *start)
{
	assert(out && arena && start);
	struct collecting c = {.names.arena = arena,
			       .kinds = kinds,
			       .start = start,
			       .start_length = strlen(start)};
	const struct json_value *answer = json_read(arena, json, length);
	if (!answer)
		return -1;
	const struct json_value *features = json_read_get(answer, "features");
	const struct json_value *lists = json_read_get(answer, "lists");
	for (const struct json_value *f = json_read_first(features); f; f = f->next)
		offer_feature(&c, f);
	offer_rows(&c, COMPLETE_CABLES, json_read_get(lists, "cables"));
	offer_rows(&c, COMPLETE_RISKS, json_read_get(lists, "risks"));
	offer_topics(&c, json_read_get(answer, "topics"), topic);
	*out = c.names;
	return c.failed ? -1 : 0;
}

void
complete_show(struct buf *out, const struct complete_names *names)
{
	size_t column = 0;
	if (names->count > SHOWN_MAX) {
		buf_printf(out, "  %zu names begin so\n", names->count);
		return;
	}
	for (size_t i = 0; i < names->count; i++) {
		const struct complete_name *n = &names->all[i];
		if (names->count <= NAMED_MAX) {
			buf_str(out, "  ");
			view_cell(out, n->id, ID_COLUMNS);
			buf_printf(out, "%s", n->name ? " " : "");
			view_cell(out, n->name ? n->name : "", WIDTH - 3 - ID_COLUMNS);
			view_end_line(out);
			continue;
		}
		size_t length = strlen(n->id) + 2;
		if (column + length > WIDTH) {
			buf_u8(out, '\n');
			column = 0;
		}
		buf_printf(out, "  %s", n->id);
		column += length;
	}
	if (column)
		buf_u8(out, '\n');
}
