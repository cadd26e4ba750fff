/* Reading JSON, RFC 8259: recursive descent with a bound on the depth. Strict: no comments, no
 * trailing commas, no numbers that the grammar does not have. */
#include "base/json_read.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"

struct reader {
	struct cursor in;
	struct arena *arena;
	unsigned depth;
};

static int
peek(const struct reader *r)
{
	return cursor_left(&r->in) ? *r->in.at : -1;
}

static bool
next_is(struct reader *r, char c)
{
	if (peek(r) != (unsigned char)c)
		return false;
	cursor_skip(&r->in, 1);
	return true;
}

static void
skip_space(struct reader *r)
{
	while (peek(r) == ' ' || peek(r) == '\t' || peek(r) == '\n' || peek(r) == '\r')
		cursor_skip(&r->in, 1);
}

static bool
word(struct reader *r, const char *expected)
{
	size_t length = strlen(expected);
	const uint8_t *at = cursor_take(&r->in, length);
	return at && memcmp(at, expected, length) == 0;
}

/* --- text: section 7 --- */

static int
hex4(struct reader *r)
{
	int value = 0;
	for (int i = 0; i < 4; i++) {
		int c = cursor_u8(&r->in);
		int digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : c >= 'A' && c <= 'F' ? c - 'A' + 10
						   : -1;
		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

/* UTF-8, RFC 3629 section 3. */
static char *
put_character(char *out, uint32_t c)
{
	if (c < 0x80) {
		*out++ = (char)c;
	} else if (c < 0x800) {
		*out++ = (char)(0xc0 | c >> 6);
		*out++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*out++ = (char)(0xe0 | c >> 12);
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	} else {
		*out++ = (char)(0xf0 | c >> 18);
		*out++ = (char)(0x80 | (c >> 12 & 0x3f));
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	}
	return out;
}

/* After "\u". NULL: no four digits. */
static char *
put_escaped(struct reader *r, char *out)
{
	enum { REPLACEMENT = 0xfffd };
	int c = hex4(r);
	if (c < 0)
		return NULL;
	if (c >= 0xd800 && c <= 0xdbff) {
		struct cursor after = r->in;
		bool pair = cursor_u8(&r->in) == '\\' && cursor_u8(&r->in) == 'u';
		int low = pair ? hex4(r) : -1;
		if (low >= 0xdc00 && low <= 0xdfff)
			return put_character(out, 0x10000u + (((uint32_t)c - 0xd800) << 10) +
							  ((uint32_t)low - 0xdc00));
		r->in = after;
	}
	bool bad = c == 0 || (c >= 0xd800 && c <= 0xdfff);
	return put_character(out, bad ? REPLACEMENT : (uint32_t)c);
}

static char *
put_escape(struct reader *r, char *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	int c = cursor_u8(&r->in);
	if (c == 'u')
		return put_escaped(r, out);
	const char *found = c ? strchr(from, c) : NULL;
	if (!found)
		return NULL;
	*out++ = to[found - from];
	return out;
}

/* Octets up to the closing quote, escaped ones counted double; an escape is never shorter than what
 * it stands for. */
static size_t
text_room(const struct reader *r)
{
	struct cursor ahead = r->in;
	size_t room = 0;
	for (int c = cursor_u8(&ahead); !ahead.failed && c != '"'; c = cursor_u8(&ahead)) {
		room++;
		if (c == '\\') {
			cursor_skip(&ahead, 1);
			room++;
		}
	}
	return room;
}

/* After the opening quote. NULL when it is not text. */
static const char *
text(struct reader *r)
{
	char *start = arena_take(r->arena, text_room(r) + 1), *out = start;
	while (out) {
		int c = cursor_u8(&r->in);
		if (r->in.failed || c < 0x20)
			return NULL;
		if (c == '"') {
			*out = '\0';
			return start;
		}
		if (c == '\\')
			out = put_escape(r, out);
		else
			*out++ = (char)c;
	}
	return NULL;
}

/* --- numbers: section 6 --- */

static bool
digits(struct reader *r)
{
	bool some = false;
	for (; peek(r) >= '0' && peek(r) <= '9'; some = true)
		cursor_skip(&r->in, 1);
	return some;
}

static bool
number(struct reader *r, struct json_value *value)
{
	enum { LONGEST = 400 };
	const uint8_t *start = r->in.at;
	char copy[LONGEST];
	(void)next_is(r, '-');
	if (!next_is(r, '0') && !digits(r))
		return false;
	if (next_is(r, '.') && !digits(r))
		return false;
	if (peek(r) == 'e' || peek(r) == 'E') {
		cursor_skip(&r->in, 1);
		if (!next_is(r, '+'))
			(void)next_is(r, '-');
		if (!digits(r))
			return false;
	}
	size_t length = (size_t)(r->in.at - start);
	if (length >= sizeof(copy))
		return false;
	memcpy(copy, start, length);
	copy[length] = '\0';
	value->type = JSON_NUMBER;
	value->number = strtod(copy, NULL);
	return true;
}

/* --- arrays and objects: sections 4 and 5 --- */

static struct json_value *read_value(struct reader *r);

static struct json_value *
member(struct reader *r)
{
	skip_space(r);
	const char *key = next_is(r, '"') ? text(r) : NULL;
	skip_space(r);
	if (!key || !next_is(r, ':'))
		return NULL;
	struct json_value *value = read_value(r);
	if (value)
		value->key = key;
	return value;
}

/* After the opening bracket. */
static bool
list(struct reader *r, struct json_value *value, enum json_type type)
{
	char end = type == JSON_ARRAY ? ']' : '}';
	const struct json_value **last = &value->first;
	value->type = type;
	if (++r->depth > JSON_READ_DEPTH_MAX)
		return false;
	skip_space(r);
	if (next_is(r, end)) {
		r->depth--;
		return true;
	}
	do {
		struct json_value *item = type == JSON_ARRAY ? read_value(r) : member(r);
		if (!item)
			return false;
		*last = item;
		last = &item->next;
		skip_space(r);
	} while (next_is(r, ','));
	r->depth--;
	return next_is(r, end);
}

static bool
content(struct reader *r, struct json_value *value)
{
	switch (peek(r)) {
	case '{':
		cursor_skip(&r->in, 1);
		return list(r, value, JSON_OBJECT);
	case '[':
		cursor_skip(&r->in, 1);
		return list(r, value, JSON_ARRAY);
	case '"':
		cursor_skip(&r->in, 1);
		value->type = JSON_TEXT;
		value->text = text(r);
		return value->text != NULL;
	case 't':
		value->type = JSON_TRUE;
		return word(r, "true");
	case 'f':
		value->type = JSON_FALSE;
		return word(r, "false");
	case 'n':
		value->type = JSON_NULL;
		return word(r, "null");
	default:
		return number(r, value);
	}
}

/* NULL when it is not a value. */
static struct json_value *
read_value(struct reader *r)
{
	struct json_value *value = arena_take(r->arena, sizeof(*value));
	skip_space(r);
	const uint8_t *start = r->in.at;
	if (!value || !content(r, value))
		return NULL;
	value->raw = (const char *)start;
	value->raw_length = (size_t)(r->in.at - start);
	return value;
}

const struct json_value *
json_read_until(struct arena *arena, const char *bytes, size_t length, size_t *stop)
{
	assert(arena && (bytes || length == 0));
	struct reader r = {.in = cursor_of(bytes, length), .arena = arena};
	const struct json_value *value = read_value(&r);
	skip_space(&r);
	*stop = length - (size_t)(r.in.end - r.in.at);
	return value && !r.in.failed && cursor_left(&r.in) == 0 ? value : NULL;
}

const struct json_value *
json_read(struct arena *arena, const char *bytes, size_t length)
{
	size_t stop;
	return json_read_until(arena, bytes, length, &stop);
}

const struct json_value *
json_read_first(const struct json_value *value)
{
	return value ? value->first : NULL;
}

const struct json_value *
json_read_get(const struct json_value *value, const char *key)
{
	if (!value || value->type != JSON_OBJECT)
		return NULL;
	for (const struct json_value *m = value->first; m; m = m->next)
		if (strcmp(m->key, key) == 0)
			return m;
	return NULL;
}

const char *
json_read_text(const struct json_value *value)
{
	return value ? value->text : NULL;
}

bool
json_read_number(double *out, const struct json_value *value)
{
	if (!value || value->type != JSON_NUMBER)
		return false;
	*out = value->number;
	return true;
}

bool
json_read_is_true(const struct json_value *value)
{
	return value && value->type == JSON_TRUE;
}

bool
json_read_is_null(const struct json_value *value)
{
	return !value || value->type == JSON_NULL;
}
