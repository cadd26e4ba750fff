/* Complaints about a hub file: collected, counted, put in order, printed. */
#include "hub/hub_report.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

void
hub_report_init(struct hub_report *report)
{
	*report = (struct hub_report){.arena = arena_new()};
}

void
hub_report_fini(struct hub_report *report)
{
	arena_free(report->arena);
	*report = (struct hub_report){0};
}

static void
fill(struct hub_report *report, struct hub_error *out, struct hub_mark at, const char *format,
     va_list args)
{
	char text[1024];
	(void)vsnprintf(text, sizeof(text), format, args);
	const char *copy = report->arena ? arena_str(report->arena, text) : NULL;
	const char *file = report->arena && at.file ? arena_str(report->arena, at.file) : NULL;
	/* Without memory the complaint still counts, so that the file is refused. */
	*out = (struct hub_error){.file = file ? file : "",
				  .line = at.line,
				  .column = at.column,
				  .text = copy ? copy : "out of memory",
				  .times = 1,
				  .last_line = at.line};
}

void
hub_complain(struct hub_report *report, struct hub_mark at, const char *format, ...)
{
	if (report->count == HUB_ERRORS_MAX) {
		report->more++;
		return;
	}
	va_list args;
	va_start(args, format);
	fill(report, &report->errors[report->count++], at, format, args);
	va_end(args);
}

/* Counts a warning that was given already for this file. */
static bool
is_repeated(struct hub_report *report, const struct hub_error *warning)
{
	for (size_t i = 0; i < report->warning_count; i++) {
		struct hub_error *earlier = &report->warnings[i];
		if (strcmp(earlier->text, warning->text) != 0 ||
		    strcmp(earlier->file, warning->file) != 0)
			continue;
		earlier->times++;
		if (warning->line < earlier->line) {
			earlier->line = warning->line;
			earlier->column = warning->column;
		}
		if (warning->line > earlier->last_line)
			earlier->last_line = warning->line;
		return true;
	}
	return false;
}

void
hub_warn(struct hub_report *report, struct hub_mark at, const char *format, ...)
{
	struct hub_error warning;
	va_list args;
	va_start(args, format);
	fill(report, &warning, at, format, args);
	va_end(args);
	if (is_repeated(report, &warning))
		return;
	if (report->warning_count == HUB_ERRORS_MAX)
		report->more_warnings++;
	else
		report->warnings[report->warning_count++] = warning;
}

bool
hub_report_full(const struct hub_report *report)
{
	return report->count == HUB_ERRORS_MAX;
}

static int
by_place(const void *left, const void *right)
{
	const struct hub_error *a = left, *b = right;
	int order = strcmp(a->file, b->file);
	if (order)
		return order;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->column != b->column)
		return a->column < b->column ? -1 : 1;
	return strcmp(a->text, b->text);
}

void
hub_report_sort(struct hub_report *report)
{
	qsort(report->errors, report->count, sizeof(report->errors[0]), by_place);
	qsort(report->warnings, report->warning_count, sizeof(report->warnings[0]), by_place);
}

static void
print_one(const struct hub_error *e, const char *what, struct buf *out)
{
	if (e->line)
		buf_printf(out, "%s:%u:%u: %s%s", e->file, e->line, e->column, what, e->text);
	else
		buf_printf(out, "%s: %s%s", e->file, what, e->text);
	if (e->times > 1)
		buf_printf(out, " (%u times", e->times);
	if (e->times > 1 && e->last_line)
		buf_printf(out, ", to line %u", e->last_line);
	if (e->times > 1)
		buf_u8(out, ')');
	buf_u8(out, '\n');
}

void
hub_report_print(const struct hub_report *report, struct buf *out)
{
	for (size_t i = 0; i < report->count; i++)
		print_one(&report->errors[i], "", out);
	if (report->more)
		buf_printf(out, "and %zu more\n", report->more);
	for (size_t i = 0; i < report->warning_count; i++)
		print_one(&report->warnings[i], "warning: ", out);
	if (report->more_warnings)
		buf_printf(out, "and %zu more warnings\n", report->more_warnings);
}

struct hub_shown
hub_show(const char *text)
{
	struct hub_shown shown = {{0}};
	size_t used = 0;
	const unsigned char *s = (const unsigned char *)text;
	while (*s) {
		unsigned length = utf8_length(s);
		/* C0, DEL and C1 (U+0080 to U+009F) can steer a terminal. */
		bool plain = length > 0 && *s >= 0x20 && *s != 0x7f &&
			     !(length == 2 && s[0] == 0xc2 && s[1] < 0xa0);
		if (used + (plain ? length : 1) > sizeof(shown.text) - 4) {
			memcpy(shown.text + used, "...", 3);
			break;
		}
		if (plain)
			memcpy(shown.text + used, s, length);
		else
			shown.text[used] = '?';
		used += plain ? length : 1;
		s += length ? length : 1;
	}
	return shown;
}

static unsigned
smallest(unsigned a, unsigned b, unsigned c)
{
	unsigned least = a < b ? a : b;
	return least < c ? least : c;
}

static bool
same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* How many letters must be changed, left out, added or swapped with their neighbour to make one
 * word of the other; capitals count as small letters. At most `limit` + 1. */
static unsigned
distance_of(const char *a, const char *b, unsigned limit)
{
	enum { LONGEST = 64 };
	size_t rows = strlen(a), columns = strlen(b);
	if (rows > LONGEST || columns > LONGEST)
		return limit + 1;
	size_t apart = rows > columns ? rows - columns : columns - rows;
	if (apart > limit)
		return limit + 1;
	/* Optimal string alignment: three rows of the table are enough. */
	unsigned table[3][LONGEST + 1];
	for (size_t j = 0; j <= columns; j++)
		table[0][j] = (unsigned)j;
	for (size_t i = 1; i <= rows; i++) {
		unsigned *now = table[i % 3], *above = table[(i - 1) % 3];
		const unsigned *before = table[(i + 1) % 3];
		now[0] = (unsigned)i;
		for (size_t j = 1; j <= columns; j++) {
			now[j] = smallest(above[j] + 1, now[j - 1] + 1,
					  above[j - 1] + !same(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) &&
			    same(a[i - 2], b[j - 1]) && before[j - 2] + 1 < now[j])
				now[j] = before[j - 2] + 1;
		}
	}
	unsigned distance = table[rows % 3][columns];
	return distance > limit ? limit + 1 : distance;
}

void
hub_nearest_offer(struct hub_nearest *n, const char *candidate)
{
	/* A third of the letters may be wrong; a word of two letters may have one wrong. */
	size_t length = strlen(n->word);
	unsigned limit = length < 3 ? 1 : (unsigned)(length / 3);
	if (n->best) {
		if (n->distance == 0)
			return;
		limit = n->distance - 1;
	}
	unsigned distance = distance_of(n->word, candidate, limit);
	if (distance > limit)
		return;
	n->best = candidate;
	n->distance = distance;
}
