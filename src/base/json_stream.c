/* Reading JSON in pieces: tokens by a scan of what is there, the grammar by what may come next. A token that is
 * not whole yet waits for the next piece. */
#include "base/json_stream.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum expect {
	VALUE, /* the outermost one, or after a colon */
	FIRST_VALUE_OR_END,
	NEXT_VALUE, /* after a comma */
	FIRST_KEY_OR_END,
	NEXT_KEY,
	COLON,
	COMMA_OR_END,
	NOTHING_MORE,
};

/* A scan of one token. */
enum scan { SCAN_DONE, SCAN_MORE, SCAN_BAD };

bool
json_stream_fail(struct json_stream *s, const char *what)
{
	if (!s->error[0])
		snprintf(s->error, sizeof(s->error), "line %llu, column %llu: %s",
			 (unsigned long long)s->line + 1, (unsigned long long)s->column + 1, what);
	return false;
}

void
json_stream_fini(struct json_stream *s)
{
	buf_fini(&s->kept);
}

static bool
in_object(const struct json_stream *s)
{
	return s->nesting >> (s->depth - 1) & 1;
}

static void
after_value(struct json_stream *s)
{
	s->expect = s->depth ? COMMA_OR_END : NOTHING_MORE;
}

static bool
tell(struct json_stream *s, enum json_stream_kind kind, const char *text, size_t length)
{
	struct json_stream_item item = {kind, s->depth, text, length};
	return s->item(s->context, &item) || json_stream_fail(s, "not what is wanted here");
}

static bool
value_may_come(const struct json_stream *s)
{
	return s->expect == VALUE || s->expect == FIRST_VALUE_OR_END || s->expect == NEXT_VALUE;
}

static bool
begin(struct json_stream *s, bool object)
{
	if (!value_may_come(s))
		return json_stream_fail(s, "no value may stand here");
	if (s->depth == JSON_STREAM_DEPTH_MAX)
		return json_stream_fail(s, "too deep");
	if (!tell(s, object ? JSON_STREAM_OBJECT : JSON_STREAM_ARRAY, NULL, 0))
		return false;
	uint64_t bit = UINT64_C(1) << s->depth++;
	s->nesting = object ? s->nesting | bit : s->nesting & ~bit;
	s->expect = object ? FIRST_KEY_OR_END : FIRST_VALUE_OR_END;
	return true;
}

static bool
end(struct json_stream *s, bool object)
{
	bool empty = s->expect == (object ? FIRST_KEY_OR_END : FIRST_VALUE_OR_END);
	if (s->depth == 0 || in_object(s) != object || !(empty || s->expect == COMMA_OR_END))
		return json_stream_fail(s, "an end without its beginning");
	s->depth--;
	after_value(s);
	return tell(s, object ? JSON_STREAM_OBJECT_END : JSON_STREAM_ARRAY_END, NULL, 0);
}

static bool
punctuation(struct json_stream *s, char c)
{
	switch (c) {
	case '{':
	case '[':
		return begin(s, c == '{');
	case '}':
	case ']':
		return end(s, c == '}');
	case ':':
		if (s->expect != COLON)
			return json_stream_fail(s, "no colon may stand here");
		s->expect = VALUE;
		return true;
	default:
		if (s->expect != COMMA_OR_END)
			return json_stream_fail(s, "no comma may stand here");
		s->expect = in_object(s) ? NEXT_KEY : NEXT_VALUE;
		return true;
	}
}

static bool
text(struct json_stream *s, const char *at, size_t length)
{
	if (s->expect == FIRST_KEY_OR_END || s->expect == NEXT_KEY) {
		s->expect = COLON;
		return tell(s, JSON_STREAM_KEY, at, length);
	}
	if (!value_may_come(s))
		return json_stream_fail(s, "no text may stand here");
	after_value(s);
	return tell(s, JSON_STREAM_TEXT, at, length);
}

static bool
word(struct json_stream *s, const char *at, size_t length)
{
	static const struct {
		const char *text;
		enum json_stream_kind kind;
	} words[] = {{"true", JSON_STREAM_TRUE},
		     {"false", JSON_STREAM_FALSE},
		     {"null", JSON_STREAM_NULL}};
	if (!value_may_come(s))
		return json_stream_fail(s, "no value may stand here");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i].text) == length && memcmp(words[i].text, at, length) == 0) {
			after_value(s);
			return tell(s, words[i].kind, NULL, 0);
		}
	return json_stream_fail(s, "neither text, number, true, false nor null");
}

static const char *
digits(const char *at, const char *stop)
{
	while (at < stop && *at >= '0' && *at <= '9')
		at++;
	return at;
}

/* RFC 8259 section 6. */
static bool
is_number(const char *at, const char *stop)
{
	at += at < stop && *at == '-';
	const char *whole = at;
	at = digits(at, stop);
	if (at == whole || (*whole == '0' && at - whole > 1))
		return false;
	if (at < stop && *at == '.') {
		const char *fraction = ++at;
		at = digits(at, stop);
		if (at == fraction)
			return false;
	}
	if (at < stop && (*at == 'e' || *at == 'E')) {
		at++;
		at += at < stop && (*at == '+' || *at == '-');
		const char *power = at;
		at = digits(at, stop);
		if (at == power)
			return false;
	}
	return at == stop;
}

static bool
number(struct json_stream *s, const char *at, size_t length)
{
	if (!value_may_come(s))
		return json_stream_fail(s, "no number may stand here");
	if (!is_number(at, at + length))
		return json_stream_fail(s, "not a number of JSON");
	after_value(s);
	return tell(s, JSON_STREAM_NUMBER, at, length);
}

/* An escape: how many octets stand behind the backslash; 0 when it is none. */
static size_t
escape(const char *at, const char *stop)
{
	if (*at != 'u')
		return *at && strchr("\"\\/bfnrt", *at) ? 1 : 0;
	for (int i = 1; i <= 4 && at + i < stop; i++)
		if (!strchr("0123456789abcdefABCDEF", at[i]) || !at[i])
			return 0;
	return 5;
}

/* The octets of a text up to its closing quote; `at` stands behind the opening one. */
static enum scan
scan_text(const char *at, const char *stop, size_t *length)
{
	const char *start = at;
	while (at < stop) {
		unsigned char c = (unsigned char)*at;
		if (c == '"') {
			*length = (size_t)(at - start);
			return SCAN_DONE;
		}
		*length = (size_t)(at - start);
		if (c < 0x20)
			return SCAN_BAD;
		if (c == '\\') {
			if (at + 1 == stop)
				return SCAN_MORE;
			size_t more = escape(at + 1, stop);
			if (more == 0)
				return SCAN_BAD;
			at += more;
		}
		at++;
	}
	return SCAN_MORE;
}

static bool
is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '-' || c == '+' || c == '.';
}

/* A number, true, false or null is over where something else begins. */
static enum scan
scan_word(const char *at, const char *stop, size_t *length)
{
	const char *start = at;
	while (at < stop && is_word(*at))
		at++;
	*length = (size_t)(at - start);
	return at < stop ? SCAN_DONE : SCAN_MORE;
}

/* Takes white space; its line ends are counted. */
static const char *
space(struct json_stream *s, const char *at, const char *stop)
{
	for (; at < stop && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'); at++) {
		s->column++;
		if (*at == '\n') {
			s->line++;
			s->column = 0;
		}
	}
	return at;
}

/* Takes one token at `at` and moves it on. `last`: nothing follows. SCAN_BAD: the error is set. */
static enum scan
token(struct json_stream *s, const char **at, const char *stop, bool last)
{
	const char *start = *at;
	size_t length = 0;
	bool good;
	if (*start == '"') {
		enum scan scan = scan_text(start + 1, stop, &length);
		if (scan == SCAN_MORE && length < JSON_STREAM_TOKEN_MAX)
			return SCAN_MORE;
		good = scan == SCAN_DONE  ? text(s, start + 1, length)
		       : scan == SCAN_BAD ? json_stream_fail(s, "text that is not of JSON")
					  : json_stream_fail(s, "text too long");
		length += 2;
	} else if (*start && strchr("{}[]:,", *start)) {
		good = punctuation(s, *start);
		length = 1;
	} else {
		enum scan scan = scan_word(start, stop, &length);
		if (scan == SCAN_MORE && !last && length < JSON_STREAM_TOKEN_MAX)
			return SCAN_MORE;
		bool is_digit = *start == '-' || (*start >= '0' && *start <= '9');
		good = is_digit ? number(s, start, length) : word(s, start, length);
	}
	if (!good)
		return SCAN_BAD;
	s->column += length;
	*at = start + length;
	return SCAN_DONE;
}

/* Takes all whole tokens; returns how many octets they were. */
static size_t
take(struct json_stream *s, const char *octets, size_t length, bool last)
{
	const char *at = octets, *stop = octets + length;
	for (;;) {
		at = space(s, at, stop);
		if (at == stop || token(s, &at, stop, last) != SCAN_DONE)
			return (size_t)(at - octets);
	}
}

int
json_stream_feed(struct json_stream *s, const void *octets, size_t length)
{
	assert(s->item);
	if (s->error[0])
		return -1;
	if (s->kept.length == 0) {
		size_t taken = take(s, octets, length, false);
		if (!s->error[0])
			buf_put(&s->kept, (const char *)octets + taken, length - taken);
	} else {
		buf_put(&s->kept, octets, length);
		if (!s->kept.failed)
			buf_consume(&s->kept,
				    take(s, (const char *)s->kept.data, s->kept.length, false));
	}
	if (s->kept.failed)
		json_stream_fail(s, "no memory");
	return s->error[0] ? -1 : 0;
}

int
json_stream_end(struct json_stream *s)
{
	if (s->error[0])
		return -1;
	if (s->kept.length > 0)
		buf_consume(&s->kept, take(s, (const char *)s->kept.data, s->kept.length, true));
	if (!s->error[0] && (s->kept.length > 0 || s->expect != NOTHING_MORE))
		json_stream_fail(s, "it ends too early");
	return s->error[0] ? -1 : 0;
}
