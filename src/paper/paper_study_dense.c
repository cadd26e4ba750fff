/* Annexes of a study: hundreds of rows that are looked up, not read. Each is a label and a sentence,
 * in two columns of the page; a head stands above the rows that belong together, and again where
 * they go on in another column. The columns of the last page end level. */
#include "paper/paper_study_dense.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "paper/paper_study_table.h"

enum { COLUMNS = 2 };

#define GAP     16.0
#define WIDTH   ((PAPER_WIDTH - GAP * (COLUMNS - 1)) / COLUMNS)
#define LABEL   40.0 /* the most that labels take */
#define BETWEEN 5.0
#define PAD     1.1 /* below a row */
#define ABOVE   3.0 /* a head */

static const struct paper_style head_style = {6.6, PANGO_WEIGHT_SEMIBOLD, PAPER_INK, 0};
static const struct paper_style label_style = {6.3, PANGO_WEIGHT_NORMAL, PAPER_SOFT, 0};
static const struct paper_style brief_style = {6.3, PANGO_WEIGHT_NORMAL, PAPER_INK, 0};

struct entry {
	const struct study_row *row;
	double height, head; /* head: of the head above it, if it stands there */
	bool begins;         /* its head differs from that of the row before */
};

struct annex {
	const struct study_table *table;
	struct entry *entries;
	size_t count;
	double label; /* width of the labels; 0: there are none */
};

static const char *
head_of(const struct annex *a, size_t i)
{
	const char *text = a->entries[i].row->head;
	return text ? text : "";
}

static double
brief_left(const struct annex *a)
{
	return a->label > 0 ? a->label + BETWEEN : 0;
}

/* False: there is no memory. */
static bool
measure(struct annex *a, struct paper_pen *pen)
{
	a->entries = calloc(a->table->row_count + 1, sizeof(*a->entries));
	if (!a->entries)
		return false;
	for (const struct study_row *r = a->table->rows; r; r = r->next) {
		a->entries[a->count++].row = r;
		if (r->label)
			a->label = fmax(
				a->label,
				fmin(LABEL,
				     paper_text_extent(pen, &label_style, r->label, -1).width));
	}
	for (size_t i = 0; i < a->count; i++) {
		struct entry *e = &a->entries[i];
		const char *head = head_of(a, i), *brief = e->row->brief ? e->row->brief : "";
		e->begins = *head && (i == 0 || strcmp(head, head_of(a, i - 1)) != 0);
		if (*head)
			e->head =
				ABOVE + paper_text_extent(pen, &head_style, head, WIDTH).height + 1;
		e->height =
			paper_text_extent(pen, &brief_style, brief, WIDTH - brief_left(a)).height;
		if (e->row->label)
			e->height = fmax(e->height, paper_text_extent(pen, &label_style,
								      e->row->label, a->label)
							    .height);
		e->height += PAD;
	}
	return true;
}

/* The entry after the last that stands in a column of this height, from `from` on: one at least. */
static size_t
fill(const struct annex *a, size_t from, double height)
{
	double used = 0;
	for (size_t i = from; i < a->count; i++) {
		const struct entry *e = &a->entries[i];
		used += e->height + (e->begins || i == from ? e->head : 0);
		if (used > height && i > from)
			return i;
	}
	return a->count;
}

static size_t
fill_all(const struct annex *a, size_t from, double height)
{
	for (int column = 0; column < COLUMNS && from < a->count; column++)
		from = fill(a, from, height);
	return from;
}

/* As tall as the columns have to be on this page. */
static double
column_height(const struct annex *a, size_t from, double room)
{
	double short_one = 0, tall = room;
	if (fill_all(a, from, room) < a->count)
		return room;
	while (tall - short_one > 1) {
		double middle = (short_one + tall) / 2;
		if (fill_all(a, from, middle) < a->count)
			short_one = middle;
		else
			tall = middle;
	}
	return tall;
}

/* Where the column ends. */
static double
draw_column(const struct annex *a, struct paper_pen *pen, size_t from, size_t end, double left)
{
	double y = pen->y;
	for (size_t i = from; i < end; i++) {
		const struct entry *e = &a->entries[i];
		if (e->head > 0 && (e->begins || i == from)) {
			(void)paper_text(pen, &head_style, head_of(a, i), left, y + ABOVE, WIDTH);
			y += e->head;
		}
		if (e->row->label)
			(void)paper_text(pen, &label_style, e->row->label, left, y, a->label);
		if (e->row->brief)
			(void)paper_text(pen, &brief_style, e->row->brief, left + brief_left(a), y,
					 WIDTH - brief_left(a));
		y += e->height;
	}
	return y;
}

static void
again(struct paper_pen *pen, void *context)
{
	const struct annex *a = context;
	paper_study_caption(pen, a->table, true);
}

bool
paper_study_dense(struct paper_pen *pen, const struct study_table *table)
{
	struct annex a = {.table = table};
	if (!measure(&a, pen)) {
		free(a.entries);
		return false;
	}
	paper_need(pen, 90);
	pen->y += 4;
	paper_study_caption(pen, table, false);
	pen->again = again;
	pen->context = &a;
	for (size_t at = 0; at < a.count;) {
		double height = column_height(&a, at, PAPER_BOTTOM - pen->y), lowest = pen->y;
		for (int column = 0; column < COLUMNS && at < a.count; column++) {
			size_t end = fill(&a, at, height);
			double left = PAPER_LEFT + column * (WIDTH + GAP);
			lowest = fmax(lowest, draw_column(&a, pen, at, end, left));
			at = end;
		}
		pen->y = lowest;
		if (at < a.count)
			paper_need(pen, PAPER_PAGE_HEIGHT);
	}
	pen->again = NULL;
	free(a.entries);
	paper_study_note(pen, table);
	pen->y += 12;
	return true;
}
