/* Requests' targets: RFC 3986 sections 2.1, 3.3, 3.4; in the query "+" is a space, as forms write
 * it.
 *
 * Nothing that gets through holds a control character, so that no value can end a line of the
 * control protocol or start another word of it. */
#include "web/web_url.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "base/cursor.h"

struct reader {
	struct cursor in;
	struct web_url *out;
	size_t length; /* of out->text */
};

static int
hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One octet, its escape undone; -1 when it may not be there. */
static int
octet(struct reader *r, bool in_query)
{
	int c = cursor_u8(&r->in);
	if (c == '%') {
		int high = hex(cursor_u8(&r->in)), low = hex(cursor_u8(&r->in));
		if (high < 0 || low < 0)
			return -1;
		c = high << 4 | low;
	} else if (c == '+' && in_query) {
		c = ' ';
	}
	return r->in.failed || c < 0x20 || c == 0x7f ? -1 : c;
}

/* Decodes up to one of `ends` or the end of all; the text is put behind what is there. NULL when an
 * octet may not be there. */
static const char *
piece(struct reader *r, const char *ends, bool in_query)
{
	const char *start = r->out->text + r->length;
	while (cursor_left(&r->in) && !strchr(ends, *r->in.at)) {
		int c = octet(r, in_query);
		if (c < 0)
			return NULL;
		r->out->text[r->length++] = (char)c;
	}
	r->out->text[r->length++] = '\0';
	return start;
}

static bool
next_is(struct reader *r, char c)
{
	if (!cursor_left(&r->in) || *r->in.at != (uint8_t)c)
		return false;
	cursor_skip(&r->in, 1);
	return true;
}

static int
path(struct reader *r)
{
	struct web_url *url = r->out;
	while (next_is(r, '/')) {
		const char *step = piece(r, "/?", false);
		if (!step || strcmp(step, ".") == 0 || strcmp(step, "..") == 0 || strchr(step, '/'))
			return 400;
		bool last = !cursor_left(&r->in) || *r->in.at == '?';
		/* A slash at the end means the same as none. */
		if (!*step && last)
			break;
		if (!*step || url->step_count == WEB_URL_STEPS_MAX)
			return 400;
		url->steps[url->step_count++] = step;
	}
	return 0;
}

static int
query(struct reader *r)
{
	struct web_url *url = r->out;
	do {
		const char *name = piece(r, "=&", true), *value = "";
		if (name && next_is(r, '='))
			value = piece(r, "&", true);
		if (!name || !value)
			return 400;
		if (!*name && !*value)
			continue;
		if (web_url_parameter(url, name) || url->parameter_count == WEB_URL_PARAMETERS_MAX)
			return 400;
		url->parameters[url->parameter_count++] = (struct web_parameter){name, value};
	} while (next_is(r, '&'));
	return 0;
}

int
web_url_parse(struct web_url *out, const char *target)
{
	assert(out && target);
	size_t length = strnlen(target, WEB_URL_MAX + 1);
	if (length >= WEB_URL_MAX)
		return 414;
	*out = (struct web_url){0};
	/* The decoded text is never longer: each piece's zero stands where its delimiter stood, and
	 * the target begins with one. */
	struct reader r = {.in = cursor_of(target, length), .out = out};
	if (length == 0 || target[0] != '/')
		return 400;
	int status = path(&r);
	if (!status && next_is(&r, '?'))
		status = query(&r);
	if (!status && cursor_left(&r.in))
		status = 400;
	return status;
}

const char *
web_url_parameter(const struct web_url *url, const char *name)
{
	for (size_t i = 0; i < url->parameter_count; i++)
		if (strcmp(url->parameters[i].name, name) == 0)
			return url->parameters[i].value;
	return NULL;
}
