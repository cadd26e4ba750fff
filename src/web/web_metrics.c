/* Joining metrics: https://prometheus.io/docs/instrumenting/exposition_formats, text format 0.0.4:
 * "all lines for a given metric must be provided as one single group", "only one TYPE line may
 * exist for a given metric name". */
#include "web/web_metrics.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { FAMILIES_MAX = 2048 };

struct family {
	const char *name; /* points into a text */
	size_t name_length;
	struct buf help, type, samples;
};

struct families {
	struct family *list;
	size_t count, capacity;
	bool failed;
};

static bool
name_octet(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == ':';
}

static size_t
name_length(const char *text, size_t length)
{
	size_t n = 0;
	while (n < length && name_octet(text[n]))
		n++;
	return n;
}

static struct family *
family(struct families *f, const char *name, size_t length)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->list[i].name_length == length && memcmp(f->list[i].name, name, length) == 0)
			return &f->list[i];
	if (f->count == FAMILIES_MAX)
		return NULL;
	if (f->count == f->capacity) {
		size_t capacity = f->capacity ? 2 * f->capacity : 64;
		struct family *list = realloc(f->list, capacity * sizeof(*list));
		if (!list) {
			f->failed = true;
			return NULL;
		}
		f->list = list;
		f->capacity = capacity;
	}
	f->list[f->count] = (struct family){.name = name, .name_length = length};
	return &f->list[f->count++];
}

static void
put_line(struct buf *to, const char *line, size_t length)
{
	buf_put(to, line, length);
	buf_u8(to, '\n');
}

/* "# HELP name ..." or "# TYPE name ...": the first room's word counts. Returns the family. */
static struct family *
remark(struct families *f, const char *line, size_t length)
{
	bool help = length > 7 && memcmp(line, "# HELP ", 7) == 0;
	bool type = length > 7 && memcmp(line, "# TYPE ", 7) == 0;
	size_t name = help || type ? name_length(line + 7, length - 7) : 0;
	if (name == 0)
		return NULL;
	struct family *found = family(f, line + 7, name);
	struct buf *to = found ? (help ? &found->help : &found->type) : NULL;
	if (to && to->length == 0)
		put_line(to, line, length);
	return found;
}

/* A histogram's and a summary's samples have the family's name with an ending. */
static bool
belongs(const struct family *to, const char *name, size_t length)
{
	static const char *const endings[] = {"", "_bucket", "_sum", "_count"};
	if (!to || length < to->name_length || memcmp(name, to->name, to->name_length) != 0)
		return false;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (length - to->name_length == strlen(endings[i]) &&
		    memcmp(name + to->name_length, endings[i], strlen(endings[i])) == 0)
			return true;
	return false;
}

static void
take_text(struct families *f, const char *text, size_t length)
{
	size_t current = SIZE_MAX; /* index: the list moves when it grows */
	for (size_t at = 0; at < length;) {
		const char *line = text + at;
		const char *end = memchr(line, '\n', length - at);
		size_t line_length = end ? (size_t)(end - line) : length - at;
		at += line_length + 1;
		size_t name = name_length(line, line_length);
		struct family *to = current < f->count ? &f->list[current] : NULL;
		if (line_length > 0 && line[0] == '#')
			to = remark(f, line, line_length);
		else if (name == 0)
			continue;
		else if (!belongs(to, line, name))
			to = family(f, line, name);
		if (!to)
			continue;
		current = (size_t)(to - f->list);
		if (line[0] != '#')
			put_line(&to->samples, line, line_length);
	}
}

int
web_metrics_join(struct buf *out, const struct buf *texts, size_t count)
{
	assert(out && (texts || count == 0));
	struct families f = {0};
	for (size_t i = 0; i < count; i++)
		if (texts[i].length > 0)
			take_text(&f, (const char *)texts[i].data, texts[i].length);
	for (size_t i = 0; i < f.count; i++) {
		struct family *one = &f.list[i];
		f.failed |= one->help.failed || one->type.failed || one->samples.failed;
		if (one->samples.length > 0) {
			buf_put(out, one->help.data, one->help.length);
			buf_put(out, one->type.data, one->type.length);
			buf_put(out, one->samples.data, one->samples.length);
		}
		buf_fini(&one->help);
		buf_fini(&one->type);
		buf_fini(&one->samples);
	}
	free(f.list);
	return f.failed || out->failed ? -1 : 0;
}
