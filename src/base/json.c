/* The one JSON writer (RFC 8259). */
#include "base/json.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

struct json
json_to(struct buf *out)
{
	return (struct json){.out = out, .first = true};
}

static void
string(struct buf *out, const char *text)
{
	buf_u8(out, '"');
	for (const unsigned char *s = (const unsigned char *)text; *s;) {
		unsigned length = utf8_length(s);
		if (*s == '"' || *s == '\\')
			buf_printf(out, "\\%c", *s);
		else if (*s < 0x20 || *s == 0x7f)
			buf_printf(out, "\\u%04x", *s);
		else if (!length)
			buf_str(out, "\xef\xbf\xbd");
		else
			buf_put(out, s, length);
		s += length ? length : 1;
	}
	buf_u8(out, '"');
}

static void
before(struct json *j, const char *key)
{
	if (!j->first)
		buf_u8(j->out, ',');
	j->first = false;
	if (key) {
		string(j->out, key);
		buf_u8(j->out, ':');
	}
}

static void
open_with(struct json *j, const char *key, char bracket)
{
	before(j, key);
	buf_u8(j->out, (uint8_t)bracket);
	j->depth++;
	j->first = true;
}

static void
close_with(struct json *j, char bracket)
{
	assert(j->depth > 0);
	buf_u8(j->out, (uint8_t)bracket);
	j->depth--;
	j->first = false;
}

void
json_object(struct json *j, const char *key)
{
	open_with(j, key, '{');
}

void
json_object_end(struct json *j)
{
	close_with(j, '}');
}

void
json_array(struct json *j, const char *key)
{
	open_with(j, key, '[');
}

void
json_array_end(struct json *j)
{
	close_with(j, ']');
}

void
json_str(struct json *j, const char *key, const char *text)
{
	before(j, key);
	if (text)
		string(j->out, text);
	else
		buf_str(j->out, "null");
}

void
json_i64(struct json *j, const char *key, int64_t value)
{
	before(j, key);
	buf_printf(j->out, "%" PRId64, value);
}

void
json_u64(struct json *j, const char *key, uint64_t value)
{
	before(j, key);
	buf_printf(j->out, "%" PRIu64, value);
}

void
json_bool(struct json *j, const char *key, bool value)
{
	before(j, key);
	buf_str(j->out, value ? "true" : "false");
}

void
json_null(struct json *j, const char *key)
{
	before(j, key);
	buf_str(j->out, "null");
}

void
json_double(struct json *j, const char *key, double value)
{
	before(j, key);
	if (isfinite(value))
		buf_printf(j->out, "%.12g", value);
	else
		buf_str(j->out, "null");
}

void
json_fixed(struct json *j, const char *key, double value, int places)
{
	before(j, key);
	if (isfinite(value))
		buf_printf(j->out, "%.*f", places, value);
	else
		buf_str(j->out, "null");
}

void
json_ip(struct json *j, const char *key, struct ip ip)
{
	char text[IP_TEXT];
	json_str(j, key, ip.family == IP_NONE ? NULL : ip_format(text, ip));
}

void
json_prefix(struct json *j, const char *key, struct prefix p)
{
	char text[PREFIX_TEXT];
	json_str(j, key, prefix_format(text, p));
}

void
json_utc(struct json *j, const char *key, struct utc_s t)
{
	char text[CLOCK_TEXT];
	json_str(j, key, t.s ? utc_format(text, t) : NULL);
}

void
json_money(struct json *j, const char *key, struct money m)
{
	char text[MONEY_TEXT];
	json_object(j, key);
	json_str(j, "amount", money_format_amount(text, m));
	json_str(j, "currency", m.currency.code);
	json_object_end(j);
}

void
json_raw(struct json *j, const char *key, const char *json, size_t length)
{
	before(j, key);
	buf_put(j->out, json, length);
}
