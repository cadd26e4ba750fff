/* Tables of a study. Columns are as wide as their longest word asks for, and share what is left by how
 * much they have to say; the widths are reckoned from numbers of letters, so that a table of a
 * thousand rows is measured at once. */
#include "paper/paper_study_table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "paper/paper_study_dense.h"
#include "view/view_text.h"

/* A table of fewer rows stands as it is. */
enum { COLUMNS_MAX = 16, FOLDED_LEAST = 8 };

#define GAP     7.0
#define PAD     2.0
#define SLACK   14.0 /* more than a column asks for, where there is room */
#define BETWEEN 26.0 /* the halves of a narrow table, side by side */
#define BEGINS  90.0 /* its head and first rows are not parted */
#define HALF    ((PAPER_WIDTH - BETWEEN) / 2)
#define LETTER  0.6 /* width of a letter, in its size */

static const struct paper_style caption_style = {8.5, PANGO_WEIGHT_SEMIBOLD, PAPER_SOFT, 0};
static const struct paper_style note_style = {7.5, PANGO_WEIGHT_NORMAL, PAPER_SOFT, 0};

struct grid {
	const struct study_table *table;
	double widths[COLUMNS_MAX], lefts[COLUMNS_MAX];
	struct paper_style cell, soft, head;
	double wide;  /* what the columns take */
	double aside; /* of what is being drawn, from the left margin */
	double rule;  /* its width */
	bool open;    /* rows are being drawn */
};

/* The text of a cell, and its range below it. */
struct cell_text {
	const char *text;
	char number[STUDY_NUMBER], range[STUDY_RANGE];
};

static void
read_cell(struct cell_text *out, const struct study_cell *cell, const struct study_column *column)
{
	out->range[0] = '\0';
	out->text = cell->text;
	if (cell->text)
		return;
	out->text = study_number(out->number, cell->value, column->places);
	(void)study_range(out->range, cell, column->places);
}

static double
longest_word(const char *text)
{
	char word[64];
	double most = 0;
	for (const char *at = text; *at;) {
		size_t length = strcspn(at, " \n");
		(void)snprintf(word, sizeof(word), "%.*s", (int)(length < 60 ? length : 60), at);
		most = fmax(most, (double)view_width(word));
		at += length + (at[length] != '\0');
	}
	return most;
}

/* Letters that a column needs at least, and would like to have. */
struct want {
	double least, most;
};

static struct want
wanted(const struct study_table *t, size_t column)
{
	const struct study_column *c = &t->columns[column];
	/* Heads are bold. */
	struct want w = {1.12 * longest_word(c->name), 0};
	struct cell_text text;
	if (c->unit)
		w.least = fmax(w.least, longest_word(c->unit));
	for (const struct study_row *r = t->rows; r; r = r->next) {
		read_cell(&text, &r->cells[column], c);
		w.most = fmax(w.most, (double)view_width(text.text));
		/* Ranges are set smaller. */
		double range = 0.86 * (double)view_width(text.range);
		if (c->number)
			w.least = fmax(w.least, fmax((double)view_width(text.text), range));
		else
			w.least = fmax(w.least, fmin(14, longest_word(text.text)));
	}
	w.most = fmax(w.most, w.least);
	w.most = fmin(w.most, 70);
	return w;
}

static void
lay(struct grid *g)
{
	const struct study_table *t = g->table;
	struct want wants[COLUMNS_MAX];
	size_t count = t->column_count;
	double least = 0, more = 0, size = 7.4, room = PAPER_WIDTH - GAP * (double)(count - 1);
	for (size_t i = 0; i < count; i++) {
		wants[i] = wanted(t, i);
		least += wants[i].least;
		more += wants[i].most - wants[i].least;
	}
	while (size > 5.6 && least * LETTER * size > room)
		size -= 0.2;
	double letter = LETTER * size, rest = fmax(0, room - least * letter), left = PAPER_LEFT;
	double squeeze = least * letter > room ? room / (least * letter) : 1;
	double extras[COLUMNS_MAX], given = 0;
	for (size_t i = 0; i < count; i++) {
		double share = more > 0 ? (wants[i].most - wants[i].least) / more : 0;
		double asked = (wants[i].most - wants[i].least) * letter;
		extras[i] = fmin(rest * share, asked) + SLACK;
		given += extras[i];
	}
	/* What nobody asks for is left at the right. */
	double part = given > rest ? rest / given : 1;
	for (size_t i = 0; i < count; i++) {
		g->widths[i] = wants[i].least * letter * squeeze + extras[i] * part;
		g->lefts[i] = left;
		left += g->widths[i] + GAP;
	}
	g->wide = left - GAP - PAPER_LEFT;
	g->rule = PAPER_WIDTH;
	g->cell = (struct paper_style){size, PANGO_WEIGHT_NORMAL, PAPER_INK, 0};
	g->soft = (struct paper_style){size * 0.86, PANGO_WEIGHT_NORMAL, PAPER_SOFT, 0};
	g->head = (struct paper_style){size, PANGO_WEIGHT_SEMIBOLD, PAPER_INK, 0};
}

/* Draws texts above one another in a column. The height. */
static double
stack(struct paper_pen *pen, const struct grid *g, size_t column, const char *const texts[2],
      const struct paper_style *first)
{
	double tall = 0;
	enum paper_align align = g->table->columns[column].number ? PAPER_END : PAPER_START;
	for (int i = 0; i < 2; i++) {
		if (!texts[i] || !*texts[i])
			continue;
		const struct paper_style *style = i == 0 ? first : &g->soft;
		tall += paper_text_aligned(pen, style, align, texts[i],
					   (const double[]){g->lefts[column] + g->aside,
							    pen->y + tall, g->widths[column]});
	}
	return tall;
}

/* With the room above it; 0 where there is none. */
static double
note_height(struct paper_pen *pen, const struct study_table *table)
{
	if (!table->note)
		return 0;
	return paper_text_extent(pen, &note_style, table->note, PAPER_WIDTH).height + 4;
}

static double
stack_height(struct paper_pen *pen, const struct grid *g, size_t column, const char *const texts[2])
{
	double tall = 0;
	for (int i = 0; i < 2; i++)
		if (texts[i] && *texts[i])
			tall += paper_text_extent(pen, i == 0 ? &g->cell : &g->soft, texts[i],
						  g->widths[column])
					.height;
	return tall;
}

static void
rule(struct paper_pen *pen, const struct grid *g, enum paper_colour colour, double thickness)
{
	paper_box(
		pen, colour,
		(const double[]){PAPER_LEFT + g->aside, pen->y - thickness / 2, g->rule, thickness},
		0);
}

static void
head_row(struct paper_pen *pen, const struct grid *g)
{
	const struct study_table *t = g->table;
	double tall = 0;
	for (size_t i = 0; i < t->column_count; i++) {
		const char *const texts[2] = {t->columns[i].name, t->columns[i].unit};
		tall = fmax(tall, stack(pen, g, i, texts, &g->head));
	}
	pen->y += tall + 2;
	rule(pen, g, PAPER_INK, 0.8);
	pen->y += 1;
}

void
paper_study_caption(struct paper_pen *pen, const struct study_table *table, bool goes_on)
{
	char text[400];
	(void)snprintf(text, sizeof(text), "Table %u%s. %.340s", table->number,
		       goes_on ? ", continued" : "", table->caption);
	pen->y += paper_text(pen, &caption_style, text, PAPER_LEFT, pen->y, PAPER_WIDTH) + 3;
}

static void
again(struct paper_pen *pen, void *context)
{
	const struct grid *g = context;
	if (!g->open)
		return;
	paper_study_caption(pen, g->table, true);
	head_row(pen, g);
}

/* The texts of a row, and how tall they stand. */
static double
read_row(struct paper_pen *pen, const struct grid *g, const struct study_row *r,
	 struct cell_text cells[COLUMNS_MAX])
{
	double tall = 0;
	for (size_t i = 0; i < g->table->column_count; i++) {
		read_cell(&cells[i], &r->cells[i], &g->table->columns[i]);
		const char *const texts[2] = {cells[i].text, cells[i].range};
		tall = fmax(tall, stack_height(pen, g, i, texts));
	}
	return tall;
}

/* At pen->y, which moves below it; `tall` is what read_row told, or more. */
static void
draw_row(struct paper_pen *pen, const struct grid *g, const struct study_row *r, double tall)
{
	struct cell_text cells[COLUMNS_MAX];
	(void)read_row(pen, g, r, cells);
	pen->y += PAD;
	for (size_t i = 0; i < g->table->column_count; i++) {
		const char *const texts[2] = {cells[i].text, cells[i].range};
		(void)stack(pen, g, i, texts, &g->cell);
	}
	pen->y += tall + PAD;
	rule(pen, g, PAPER_HAIR, 0.5);
}

static void
row(struct paper_pen *pen, const struct grid *g, const struct study_row *r)
{
	struct cell_text cells[COLUMNS_MAX];
	double wanted = 0;
	/* The last row does not stand alone on a page, nor does the note below it. */
	if (r->next && !r->next->next)
		wanted = read_row(pen, g, r->next, cells) + 2 * PAD;
	if (!r->next || !r->next->next)
		wanted += note_height(pen, g->table);
	double tall = read_row(pen, g, r, cells);
	paper_need(pen, wanted + tall + 2 * PAD);
	draw_row(pen, g, r, tall);
}

/* --- a narrow table: its second half stands beside the first --- */

static const struct study_row *
second_half(const struct study_table *t)
{
	const struct study_row *r = t->rows;
	for (size_t i = 0; i < (t->row_count + 1) / 2; i++)
		r = r->next;
	return r;
}

/* Of a row and the one beside it, if any. */
static double
pair_height(struct paper_pen *pen, const struct grid *g, const struct study_row *a,
	    const struct study_row *b)
{
	struct cell_text cells[COLUMNS_MAX];
	double tall = read_row(pen, g, a, cells);
	return b ? fmax(tall, read_row(pen, g, b, cells)) : tall;
}

/* What is drawn next stands beside what was drawn from `top` on. */
static void
on_the_right(struct paper_pen *pen, struct grid *g, double top)
{
	pen->y = top;
	g->aside = HALF + BETWEEN;
}

/* Lays it out so. How tall it is; 0: it is too wide, too short to be worth it, or too long for one
 * page, and stays as it was. */
static double
fold(struct paper_pen *pen, struct grid *g)
{
	const struct study_table *t = g->table;
	/* The first column has the names: they may take another line, as the ranges do. */
	if (g->wide - HALF > 0.35 * g->widths[0] || t->row_count < FOLDED_LEAST)
		return 0;
	double more = HALF - g->wide, tall = 55 + note_height(pen, t);
	const struct study_row *b = second_half(t);
	g->widths[0] += more;
	for (const struct study_row *a = t->rows; a != second_half(t); a = a->next) {
		tall += pair_height(pen, g, a, b) + 2 * PAD;
		b = b ? b->next : NULL;
	}
	if (tall > PAPER_BOTTOM - PAPER_TOP - 30) {
		g->widths[0] -= more;
		return 0;
	}
	for (size_t i = 1; i < t->column_count; i++)
		g->lefts[i] += more;
	g->rule = HALF;
	return tall;
}

static void
draw_folded(struct paper_pen *pen, struct grid *g)
{
	const struct study_table *t = g->table;
	const struct study_row *b = second_half(t), *end = b;
	pen->y += 4;
	paper_study_caption(pen, t, false);
	double top = pen->y;
	head_row(pen, g);
	on_the_right(pen, g, top);
	head_row(pen, g);
	for (const struct study_row *a = t->rows; a != end; a = a->next) {
		double tall = pair_height(pen, g, a, b);
		top = pen->y;
		g->aside = 0;
		draw_row(pen, g, a, tall);
		if (!b)
			continue;
		on_the_right(pen, g, top);
		draw_row(pen, g, b, tall);
		b = b->next;
	}
	g->aside = 0;
}

void
paper_study_note(struct paper_pen *pen, const struct study_table *table)
{
	if (!table->note)
		return;
	paper_need(pen, note_height(pen, table));
	pen->y += 3;
	pen->y += paper_text(pen, &note_style, table->note, PAPER_LEFT, pen->y, PAPER_WIDTH);
}

static void
draw_whole(struct paper_pen *pen, struct grid *g)
{
	paper_need(pen, BEGINS);
	pen->y += 4;
	paper_study_caption(pen, g->table, false);
	head_row(pen, g);
	pen->again = again;
	pen->context = g;
	g->open = true;
	for (const struct study_row *r = g->table->rows; r; r = r->next)
		row(pen, g, r);
	g->open = false;
	pen->again = NULL;
}

double
paper_study_table_least(struct paper_pen *pen, const struct study_table *table)
{
	struct grid g = {.table = table};
	if (table->dense || !table->column_count || table->column_count > COLUMNS_MAX)
		return BEGINS;
	lay(&g);
	return fmax(BEGINS, fold(pen, &g));
}

void
paper_study_table(struct paper_pen *pen, const struct study_table *table)
{
	struct grid g = {.table = table};
	if (!table->column_count || table->column_count > COLUMNS_MAX)
		return;
	if (table->dense && paper_study_dense(pen, table))
		return;
	lay(&g);
	double tall = fold(pen, &g);
	if (tall > 0) {
		paper_need(pen, tall);
		draw_folded(pen, &g);
	} else {
		draw_whole(pen, &g);
	}
	paper_study_note(pen, table);
	pen->y += 12;
}
