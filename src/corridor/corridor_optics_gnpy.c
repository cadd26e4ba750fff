/* Reading JSON of GNPy's: numbers, words and what is not known, with one way of complaining. */
#include "corridor/corridor_optics_gnpy.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "corridor/corridor_optics_gnpy_parts.h"

enum { NOTES_MAX = 64 << 10 }; /* octets; who has more to say has said enough */

void
corridor_gnpy_fail(struct corridor_gnpy_reader *r, const char *format, ...)
{
	if (r->failed)
		return;
	char text[200];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	r->failed = true;
	if (r->name)
		corridor_complain(r->complaint, 400, "%s \"%.50s\": %s", r->kind, r->name, text);
	else
		corridor_complain(r->complaint, 400, "%s: %s", r->kind, text);
}

void
corridor_gnpy_note(struct corridor_gnpy_reader *r, const char *format, ...)
{
	struct buf *notes = r->gnpy->notes;
	if (!notes || notes->length > NOTES_MAX)
		return;
	char text[300];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	buf_str(notes, r->kind);
	if (r->name)
		buf_printf(notes, " \"%.60s\"", r->name);
	buf_printf(notes, ": %s\n", text);
}

void
corridor_gnpy_at(struct corridor_gnpy_reader *r, const char *list, size_t item)
{
	(void)snprintf(r->place, sizeof(r->place), "%s[%zu]", list, item);
	r->kind = r->place;
	r->name = NULL;
}

const struct json_value *
corridor_gnpy_json(struct corridor_gnpy_reader *r, const char *text, size_t length)
{
	size_t stop = 0, line = 1, column = 1;
	/* Some programs put a mark before UTF-8. */
	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		length -= 3;
	}
	const struct json_value *json = json_read_until(r->gnpy->arena, text, length, &stop);
	for (size_t i = 0; i < stop && i < length; i++) {
		column = text[i] == '\n' ? 1 : column + 1;
		line += text[i] == '\n';
	}
	if (!json)
		corridor_gnpy_fail(r, "line %zu, column %zu: %s", line, column,
				   stop >= length ? "not JSON: it ends too early" : "not JSON");
	else if (json->type != JSON_OBJECT)
		corridor_gnpy_fail(r, "expected an object, {...}");
	return r->failed ? NULL : json;
}

const struct json_value *
corridor_gnpy_list(struct corridor_gnpy_reader *r, const struct json_value *object, const char *key)
{
	const struct json_value *list = json_read_get(object, key);
	if (json_read_is_null(list))
		return NULL;
	if (list->type != JSON_ARRAY)
		corridor_gnpy_fail(r, "%s: expected a list, [...]", key);
	return list->type == JSON_ARRAY ? list : NULL;
}

void *
corridor_gnpy_take(struct corridor_gnpy_reader *r, size_t size)
{
	void *memory = r->failed ? NULL : arena_take(r->gnpy->arena, size ? size : 1);
	if (!memory && !r->failed) {
		r->failed = true;
		corridor_complain(r->complaint, 500, "out of memory");
	}
	return memory;
}

void
corridor_gnpy_unknown(struct corridor_gnpy_reader *r, const struct json_value *object,
		      const char *const *known)
{
	if (!json_read_is_null(object) && object->type != JSON_OBJECT) {
		corridor_gnpy_fail(r, "%s%sexpected an object, {...}",
				   object->key ? object->key : "", object->key ? ": " : "");
		return;
	}
	for (const struct json_value *v = json_read_first(object); v; v = v->next) {
		size_t i = 0;
		while (known[i] && strcmp(known[i], v->key) != 0)
			i++;
		if (!known[i])
			corridor_gnpy_note(r, "\"%.60s\" is not known here: kept, not used",
					   v->key);
	}
}

bool
corridor_gnpy_has(const struct json_value *object, const char *key)
{
	const struct json_value *v = json_read_get(object, key);
	const char *text = json_read_text(v);
	return !json_read_is_null(v) && !(text && text[0] == '\0');
}

double
corridor_gnpy_number(struct corridor_gnpy_reader *r, const struct json_value *object,
		     const char *key, double otherwise, struct corridor_gnpy_range range)
{
	double value;
	if (!corridor_gnpy_has(object, key))
		return otherwise;
	if (!json_read_number(&value, json_read_get(object, key))) {
		corridor_gnpy_fail(r, "%s: expected a number", key);
		return otherwise;
	}
	if (!(value >= range.low && value <= range.high)) {
		corridor_gnpy_fail(r, "%s: found %g, expected %g to %g", key, value, range.low,
				   range.high);
		return otherwise;
	}
	return value;
}

double
corridor_gnpy_need(struct corridor_gnpy_reader *r, const struct json_value *object, const char *key,
		   struct corridor_gnpy_range range)
{
	if (!corridor_gnpy_has(object, key))
		corridor_gnpy_fail(r, "%s is missing", key);
	return corridor_gnpy_number(r, object, key, range.low, range);
}

bool
corridor_gnpy_flag(struct corridor_gnpy_reader *r, const struct json_value *object, const char *key,
		   bool otherwise)
{
	const struct json_value *v = json_read_get(object, key);
	if (json_read_is_null(v))
		return otherwise;
	if (v->type != JSON_TRUE && v->type != JSON_FALSE)
		corridor_gnpy_fail(r, "%s: expected true or false", key);
	return v->type == JSON_TRUE;
}

const char *
corridor_gnpy_word(struct corridor_gnpy_reader *r, const struct json_value *object, const char *key)
{
	if (!corridor_gnpy_has(object, key))
		return NULL;
	const char *text = json_read_text(json_read_get(object, key));
	if (!text)
		corridor_gnpy_fail(r, "%s: expected text", key);
	return text;
}

size_t
corridor_gnpy_length(const struct json_value *array)
{
	size_t count = 0;
	if (!array || array->type != JSON_ARRAY)
		return 0;
	for (const struct json_value *v = array->first; v; v = v->next)
		count++;
	return count;
}

size_t
corridor_gnpy_words(struct corridor_gnpy_reader *r, const struct json_value *object,
		    const char *key, const char ***out)
{
	const struct json_value *list = json_read_get(object, key);
	size_t count = corridor_gnpy_length(list), i = 0;
	const char **words = count ? corridor_gnpy_take(r, count * sizeof(*words)) : NULL;
	if (!json_read_is_null(list) && list->type != JSON_ARRAY)
		corridor_gnpy_fail(r, "%s: expected a list of names", key);
	*out = words;
	if (!words)
		return 0;
	for (const struct json_value *v = list->first; v; v = v->next) {
		words[i] = json_read_text(v);
		if (!words[i++])
			corridor_gnpy_fail(r, "%s: expected a list of names", key);
	}
	return r->failed ? 0 : count;
}
