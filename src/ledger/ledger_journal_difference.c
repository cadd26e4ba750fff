/* The difference of two JSON documents, place by place. */
#include "ledger/ledger_journal_difference.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/json_read.h"

enum { PLACE = 256, MOST = 50 };

struct walk {
	struct buf *out;
	size_t found;
};

static bool
is_nested(const struct json_value *v)
{
	return v && (v->type == JSON_OBJECT || v->type == JSON_ARRAY);
}

static void
put_value(struct buf *out, const struct json_value *v)
{
	if (!v)
		buf_str(out, "nothing");
	else if (is_nested(v))
		buf_str(out, "more");
	else if (v->type == JSON_TEXT)
		buf_str(out, v->text);
	else
		buf_put(out, v->raw, v->raw_length);
}

static void
differ(struct walk *w, const char *place, const struct json_value *then,
       const struct json_value *now)
{
	if (++w->found > MOST)
		return;
	buf_printf(w->out, "%s: ", *place ? place : "the document");
	put_value(w->out, then);
	buf_str(w->out, ", now ");
	put_value(w->out, now);
	buf_str(w->out, "\n");
}

static void compare(struct walk *w, const char *place, const struct json_value *then,
		    const struct json_value *now);

/* Members by their keys: those of `then` in order, then those that only `now` has. */
static void
compare_objects(struct walk *w, const char *place, const struct json_value *then,
		const struct json_value *now)
{
	char inside[PLACE];
	for (const struct json_value *v = json_read_first(then); v; v = v->next) {
		(void)snprintf(inside, sizeof(inside), "%s%s%s", place, *place ? "." : "", v->key);
		compare(w, inside, v, json_read_get(now, v->key));
	}
	for (const struct json_value *v = json_read_first(now); v; v = v->next) {
		if (json_read_get(then, v->key))
			continue;
		(void)snprintf(inside, sizeof(inside), "%s%s%s", place, *place ? "." : "", v->key);
		differ(w, inside, NULL, v);
	}
}

static void
compare_arrays(struct walk *w, const char *place, const struct json_value *then,
	       const struct json_value *now)
{
	const struct json_value *a = json_read_first(then), *b = json_read_first(now);
	for (size_t i = 0; a || b; i++) {
		char inside[PLACE];
		(void)snprintf(inside, sizeof(inside), "%.230s[%zu]", place, i);
		compare(w, inside, a, b);
		a = a ? a->next : NULL;
		b = b ? b->next : NULL;
	}
}

static void
compare(struct walk *w, const char *place, const struct json_value *then,
	const struct json_value *now)
{
	if (!then || !now || then->type != now->type)
		differ(w, place, then, now);
	else if (then->type == JSON_OBJECT)
		compare_objects(w, place, then, now);
	else if (then->type == JSON_ARRAY)
		compare_arrays(w, place, then, now);
	else if (then->raw_length != now->raw_length ||
		 memcmp(then->raw, now->raw, then->raw_length) != 0)
		differ(w, place, then, now);
}

int
ledger_journal_difference(struct buf *out, const struct buf *then, const struct buf *now)
{
	struct arena *arena = arena_new();
	if (!arena) {
		errno = ENOMEM;
		return -1;
	}
	const struct json_value *a = json_read(arena, (const char *)then->data, then->length);
	const struct json_value *b = json_read(arena, (const char *)now->data, now->length);
	struct walk w = {.out = out};
	if (a && b)
		compare(&w, "", a, b);
	if (w.found > MOST)
		buf_printf(out, "and %zu more\n", w.found - MOST);
	arena_free(arena);
	if (!a || !b || out->failed) {
		errno = out->failed ? ENOMEM : EBADMSG;
		return -1;
	}
	return 0;
}
