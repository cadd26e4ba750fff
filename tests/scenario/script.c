/* Reading scenarios: lines, words, times. */
#include "scenario/script.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

int
script_open(struct script *out, const char *path)
{
	FILE *f = fopen(path, "rb");
	if (!f)
		return -1;
	struct buf all = {0};
	char piece[4096];
	for (size_t got; (got = fread(piece, 1, sizeof(piece), f)) > 0;)
		buf_put(&all, piece, got);
	fclose(f);
	struct arena *arena = arena_new();
	char *text = arena && !all.failed ? arena_copy(arena, all.data, all.length) : NULL;
	buf_fini(&all);
	if (!text) {
		arena_free(arena);
		errno = ENOMEM;
		return -1;
	}
	*out = (struct script){.arena = arena, .path = path, .rest = text};
	return 0;
}

void
script_close(struct script *script)
{
	arena_free(script->arena);
}

/* Cuts the next line off; NULL at the end. */
static char *
cut_line(struct script *script)
{
	char *start = script->rest;
	if (!*start)
		return NULL;
	char *end = strchr(start, '\n');
	if (end)
		*end = 0;
	script->rest = end ? end + 1 : start + strlen(start);
	script->number++;
	return start;
}

/* Cuts the text into words, in place. */
static void
cut_words(struct line *line, char *text)
{
	char *at = text;
	for (;;) {
		at += strspn(at, " \t\r");
		if (!*at || *at == '#' || line->count == SCRIPT_WORDS_MAX)
			return;
		bool quoted = *at == '"';
		at += quoted;
		line->words[line->count++] = at;
		at += strcspn(at, quoted ? "\"" : " \t\r");
		if (*at)
			*at++ = 0;
	}
}

void
script_line(struct line *out, struct arena *arena, const char *text)
{
	*out = (struct line){.text = arena_str(arena, text)};
	cut_words(out, arena_str(arena, text));
}

/* The lines up to one that is `end`. */
static const char *
take_here(struct script *script, const char *end)
{
	struct buf here = {0};
	for (char *text; (text = cut_line(script)) && strcmp(text, end) != 0;)
		buf_printf(&here, "%s\n", text);
	const char *kept = arena_copy(script->arena, here.data, here.length);
	buf_fini(&here);
	return kept;
}

/* Puts `count` copies of the lines up to "end of repeat" before what follows, with $i counted from 1 in each. A line
 * of its own tells the number of the first line that follows it. */
static void
repeat(struct script *script, unsigned count)
{
	unsigned first = script->number;
	const char *block = take_here(script, "end of repeat");
	struct buf all = {0};
	for (unsigned i = 1; i <= count; i++) {
		buf_printf(&all, "\001%u\n", first);
		for (const char *at = block; *at;) {
			size_t length = strcspn(at, "$");
			buf_put(&all, at, length);
			at += length;
			if (strncmp(at, "$i", 2) == 0) {
				buf_printf(&all, "%u", i);
				at += 2;
			} else if (*at) {
				buf_put(&all, at++, 1);
			}
		}
	}
	buf_printf(&all, "\001%u\n%s", script->number, script->rest);
	script->rest = arena_copy(script->arena, all.data, all.length);
	buf_fini(&all);
}

bool
script_next(struct script *script, struct line *out)
{
	for (char *text; (text = cut_line(script));) {
		if (*text == '\001') {
			script->number = (unsigned)strtoul(text + 1, NULL, 10);
			continue;
		}
		*out = (struct line){.number = script->number};
		out->text = arena_str(script->arena, text + strspn(text, " \t"));
		cut_words(out, text);
		if (!out->count)
			continue;
		if (line_is(out, "repeat") && out->count == 2) {
			repeat(script, (unsigned)strtoul(line_take(out), NULL, 10));
			continue;
		}
		const char *last = out->words[out->count - 1];
		if (strncmp(last, "<<", 2) == 0) {
			out->count--;
			out->here = take_here(script, last + 2);
		}
		return true;
	}
	return false;
}

const char *
line_take(struct line *line)
{
	return line->at < line->count ? line->words[line->at++] : NULL;
}

const char *
line_peek(const struct line *line)
{
	return line->at < line->count ? line->words[line->at] : NULL;
}

bool
line_is(struct line *line, const char *words)
{
	size_t at = line->at;
	while (*words) {
		size_t length = strcspn(words, " ");
		if (at == line->count || strncmp(line->words[at], words, length) != 0 ||
		    line->words[at][length])
			return false;
		at++;
		words += length;
		words += *words == ' ';
	}
	line->at = at;
	return true;
}

const char *
line_rest(struct line *line, struct arena *arena)
{
	const char *rest = "";
	for (const char *word; (word = line_take(line));)
		rest = arena_printf(arena, "%s%s%s", rest, *rest ? " " : "", word);
	return rest;
}

int64_t
script_time(const char *word)
{
	static const struct {
		const char *name;
		int64_t us;
	} units[] = {{"ms", 1000},
		     {"s", 1000000},
		     {"m", 60000000},
		     {"h", 3600000000},
		     {"d", 86400000000}};
	int64_t sum = 0;
	if (!word || !isdigit((unsigned char)*word))
		return -1;
	while (*word) {
		char *end;
		double number = strtod(word, &end);
		size_t length = strspn(end, "dhms");
		size_t unit = 0;
		while (unit < 5 && (strlen(units[unit].name) != length ||
				    strncmp(units[unit].name, end, length) != 0))
			unit++;
		if (end == word || unit == 5)
			return -1;
		sum += (int64_t)(number * (double)units[unit].us + 0.5);
		word = end + length;
	}
	return sum;
}

bool
script_number(uint64_t *out, const char *word)
{
	if (!word || !isdigit((unsigned char)*word))
		return false;
	char *end;
	double number = strtod(word, &end);
	double factor = *end == 'K'   ? 1e3
			: *end == 'M' ? 1e6
			: *end == 'G' ? 1e9
			: *end == 'T' ? 1e12
				      : 1;
	end += factor > 1;
	if (*end)
		return false;
	*out = (uint64_t)(number * factor + 0.5);
	return true;
}
