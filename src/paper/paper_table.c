/* The charges. Columns of numbers are as wide as their widest entry, the text gets the rest: an
 * amount is never broken or cut. */
#include "paper/paper_table.h"

#include <stdio.h>
#include <string.h>

enum { QUANTITY, PRICE, DAYS, AMOUNT, NUMBERS };

#define GAP      12.0 /* between columns */
#define PADDING  3.2  /* above and below a row */
#define TEXT_MIN 120.0
#define SPACE    "\u00a0"

static const struct paper_style head_style = {8, PANGO_WEIGHT_NORMAL, PAPER_SOFT, 0};
static const struct paper_style row_style = {9, PANGO_WEIGHT_NORMAL, PAPER_INK, 0};
static const struct paper_style carry_style = {8.5, PANGO_WEIGHT_SEMIBOLD, PAPER_SOFT, 0};
static const struct paper_style total_style = {12, PANGO_WEIGHT_BOLD, PAPER_INK, 0};

struct table {
	const struct paper_document *document;
	struct paper_style row;
	double widths[NUMBERS]; /* 0: the column is not there */
	double text_width;
	bool open;      /* rows are being drawn: a page that ends carries their sum */
	bool countable; /* the sum so far fits */
	int64_t sum;
};

char *
paper_grouped(char *out, size_t size, const char *number)
{
	size_t sign = number[0] == '-', used = 0;
	size_t whole = sign + strspn(number + sign, "0123456789");
	for (size_t i = 0; number[i] && used + 5 < size; i++) {
		if (i > sign && i < whole && (whole - i) % 3 == 0) {
			memcpy(out + used, SPACE, sizeof(SPACE) - 1);
			used += sizeof(SPACE) - 1;
		}
		out[used++] = number[i];
	}
	out[used] = '\0';
	return out;
}

static const char *
cell(const struct paper_line *line, int column)
{
	const char *const cells[NUMBERS] = {line->quantity, line->price, line->days, line->amount};
	return cells[column] ? cells[column] : "";
}

static void
head_of(char out[64], const struct table *t, int column)
{
	static const char *const heads[NUMBERS] = {"Quantity", "Price", "Days", "Amount"};
	bool named = column == AMOUNT && t->document->currency;
	(void)snprintf(out, 64, "%s%s%.8s", heads[column], named ? ", " : "",
		       named ? t->document->currency : "");
}

/* The widths at a size of type; what is left for the text. */
static double
measure(struct paper_pen *pen, struct table *t)
{
	const struct paper_document *d = t->document;
	char text[64];
	t->text_width = PAPER_WIDTH;
	for (int c = 0; c < NUMBERS; c++) {
		double widest = 0;
		for (size_t i = 0; i < d->line_count; i++) {
			if (!*cell(&d->lines[i], c))
				continue;
			double width =
				paper_text_extent(pen, &t->row, cell(&d->lines[i], c), -1).width;
			widest = width > widest ? width : widest;
		}
		head_of(text, t, c);
		double width = paper_text_extent(pen, &head_style, text, -1).width;
		t->widths[c] = widest > 0 && width > widest ? width : widest;
		t->text_width -= t->widths[c] > 0 ? t->widths[c] + GAP : 0;
	}
	return t->text_width;
}

/* The right-hand columns of a row at y. The height. */
static double
numbers(struct paper_pen *pen, const struct table *t, const struct paper_line *line, double y)
{
	double x = PAPER_LEFT + t->text_width, height = 0;
	for (int c = 0; c < NUMBERS; c++) {
		char head[64];
		const char *text = head;
		if (t->widths[c] <= 0)
			continue;
		x += GAP;
		if (line)
			text = cell(line, c);
		else
			head_of(head, t, c);
		double own = paper_text_aligned(pen, line ? &t->row : &head_style, PAPER_END, text,
						(const double[]){x - 1, y, t->widths[c] + 1});
		height = own > height ? own : height;
		x += t->widths[c];
	}
	return height;
}

static void
head_row(struct paper_pen *pen, const struct table *t)
{
	(void)paper_text(pen, &head_style, "Item", PAPER_LEFT, pen->y, t->text_width);
	pen->y += numbers(pen, t, NULL, pen->y) + 3;
	paper_rule(pen, PAPER_INK, 0.8, pen->y);
}

static void
carry(struct paper_pen *pen, const struct table *t, const char *text)
{
	struct money sum = {.minor = t->sum};
	char plain[MONEY_TEXT], amount[64];
	if (!t->countable)
		return;
	(void)snprintf(sum.currency.code, sizeof(sum.currency.code), "%s", t->document->currency);
	pen->y += PADDING;
	double half = PAPER_WIDTH / 2;
	(void)paper_text(pen, &carry_style, text, PAPER_LEFT, pen->y, half);
	pen->y += paper_text_aligned(
			  pen, &carry_style, PAPER_END,
			  paper_grouped(amount, sizeof(amount), money_format_amount(plain, sum)),
			  (const double[]){PAPER_LEFT + half, pen->y, half}) +
		  PADDING;
}

static void
leave(struct paper_pen *pen, void *context)
{
	const struct table *t = context;
	if (t->open)
		carry(pen, t, "Carried forward");
}

static void
again(struct paper_pen *pen, void *context)
{
	const struct table *t = context;
	if (!t->open)
		return;
	head_row(pen, t);
	carry(pen, t, "Brought forward");
	paper_rule(pen, PAPER_HAIR, 0.5, pen->y);
}

static void
row(struct paper_pen *pen, struct table *t, const struct paper_line *line)
{
	const double carried = 20; /* room for the sum at the end of the page */
	double height = paper_text_extent(pen, &t->row, line->text, t->text_width).height;
	paper_need(pen, height + 2 * PADDING + carried);
	pen->y += PADDING;
	double left = paper_text(pen, &t->row, line->text, PAPER_LEFT, pen->y, t->text_width);
	/* Numbers stand beside the first line, at its foot: Nastaliq is taller than Latin. */
	double first = paper_text_extent(pen, &t->row, line->text, -1).height;
	double own = paper_text_extent(pen, &t->row, "0", -1).height;
	double right = numbers(pen, t, line, pen->y + (first > own ? (first - own) / 2 : 0));
	pen->y += (left > right ? left : right) + PADDING;
	paper_rule(pen, PAPER_HAIR, 0.5, pen->y);
	t->countable = t->countable && !__builtin_add_overflow(t->sum, line->minor, &t->sum);
	t->open = true;
}

static void
totals(struct paper_pen *pen, const struct table *t)
{
	const struct paper_facts *list = &t->document->totals;
	const double label_width = 120;
	for (size_t i = 0; i < list->count; i++) {
		bool last = i + 1 == list->count;
		const struct paper_style *style = last ? &total_style : &t->row;
		double wide = paper_text_extent(pen, style, list->items[i].text, -1).width + 2;
		double x = PAPER_RIGHT - wide - label_width;
		pen->y += last ? 5 : PADDING;
		(void)paper_text_aligned(pen, style, PAPER_END, list->items[i].label,
					 (const double[]){x, pen->y, label_width - 10});
		pen->y += paper_text_aligned(pen, style, PAPER_END, list->items[i].text,
					     (const double[]){PAPER_RIGHT - wide, pen->y, wide});
		pen->y += last ? 4 : 1;
	}
	pen->y += 14;
}

void
paper_table_draw(struct paper_pen *pen)
{
	struct table t = {.document = pen->document,
			  .row = row_style,
			  .countable = pen->document->currency != NULL};
	const struct paper_document *d = pen->document;
	if (!d->line_count && !d->totals.count)
		return;
	while (measure(pen, &t) < TEXT_MIN && t.row.size > 6)
		t.row.size -= 0.5;
	if (t.text_width < TEXT_MIN / 2)
		t.text_width = TEXT_MIN / 2;
	paper_need(pen, 60);
	head_row(pen, &t);
	pen->again = again;
	pen->leave = leave;
	pen->context = &t;
	for (size_t i = 0; i < d->line_count; i++)
		row(pen, &t, &d->lines[i]);
	t.open = false;
	pen->again = NULL;
	pen->leave = NULL;
	paper_need(pen, 10 + 18 * (double)d->totals.count);
	totals(pen, &t);
}
