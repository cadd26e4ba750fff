/* Drawing a document. It is laid out twice: the first time to count the pages and to find the
 * characters that no font has, the second time to be kept. */
#include "paper/paper_draw.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "paper/paper_curve.h"
#include "paper/paper_pen.h"
#include "paper/paper_table.h"

static const struct paper_style name_style = {15, PANGO_WEIGHT_BOLD, PAPER_INK, 0};
static const struct paper_style soft_style = {8.5, PANGO_WEIGHT_NORMAL, PAPER_SOFT, 0};
static const struct paper_style body_style = {9, PANGO_WEIGHT_NORMAL, PAPER_INK, 0};
static const struct paper_style label_style = {7.5, PANGO_WEIGHT_SEMIBOLD, PAPER_SOFT, 0.4};
static const struct paper_style title_style = {17, PANGO_WEIGHT_BOLD, PAPER_INK, 0};
static const struct paper_style number_style = {10, PANGO_WEIGHT_SEMIBOLD, PAPER_INK, 0};
static const struct paper_style tag_style = {8, PANGO_WEIGHT_SEMIBOLD, PAPER_RUST, 0};
static const struct paper_style addressee_style = {11.5, PANGO_WEIGHT_BOLD, PAPER_INK, 0};
static const struct paper_style figure_label_style = {8, PANGO_WEIGHT_NORMAL, PAPER_SOFT, 0};
static const struct paper_style figure_style = {13, PANGO_WEIGHT_BOLD, PAPER_INK, 0};
static const struct paper_style sum_label_style = {8, PANGO_WEIGHT_NORMAL, PAPER_GREY, 0};
static const struct paper_style sum_style = {13, PANGO_WEIGHT_BOLD, PAPER_WHITE, 0};

/* Lines of text in a column; returns the y below. */
static double
texts(struct paper_pen *pen, const struct paper_style *style, enum paper_align align,
      const struct paper_texts *lines, const double box[3])
{
	double y = box[1];
	for (size_t i = 0; i < lines->count; i++)
		y += paper_text_aligned(pen, style, align, lines->items[i],
					(const double[]){box[0], y, box[2]});
	return y;
}

/* The style, smaller where it must be for the text to fit in one line; not below `least`. */
static struct paper_style
fitting(struct paper_pen *pen, struct paper_style style, const char *text, double width,
	double least)
{
	while (style.size > least && paper_text_extent(pen, &style, text, -1).width > width)
		style.size -= 0.5;
	return style;
}

/* The letterhead at the left, what this is at the right. */
static void
head(struct paper_pen *pen)
{
	const struct paper_document *d = pen->document;
	double left = PAPER_LEFT, wide = PAPER_WIDTH * 0.56, y = pen->y;
	bool leftwards = paper_reads_leftwards(d->from.name);
	enum paper_align align = leftwards ? PAPER_END : PAPER_START;
	struct paper_style style = fitting(pen, name_style, d->from.name, wide, 11.5);
	y += paper_text_aligned(pen, &style, align, d->from.name, (const double[]){left, y, wide});
	y = texts(pen, &soft_style, align, &d->from.lines, (const double[]){left, y + 2, wide});
	double x = left + wide + 16, rest = PAPER_WIDTH - wide - 16, right = pen->y;
	right += paper_text_aligned(pen, &title_style, PAPER_END, d->title,
				    (const double[]){x, right - 2, rest}) -
		 2;
	right += paper_text_aligned(pen, &number_style, PAPER_END, d->number,
				    (const double[]){x, right, rest});
	right = texts(pen, &tag_style, PAPER_END, &d->tags, (const double[]){x, right + 1, rest});
	pen->y = (y > right ? y : right) + 10;
	paper_rule(pen, PAPER_INK, 1.4, pen->y);
	pen->y += 14;
}

/* Labels and what they say, in two columns; returns the y below. */
static double
facts(struct paper_pen *pen, const struct paper_facts *list, const double box[3], double labels)
{
	double y = box[1];
	for (size_t i = 0; i < list->count; i++) {
		double a =
			paper_text(pen, &soft_style, list->items[i].label, box[0], y, labels - 6);
		double b = paper_text(pen, &soft_style, list->items[i].text, box[0] + labels, y,
				      box[2] - labels);
		y += (a > b ? a : b) + 0.5;
	}
	return y;
}

static void
parties(struct paper_pen *pen)
{
	const struct paper_document *d = pen->document;
	double wide = PAPER_WIDTH * 0.44, y = pen->y;
	enum paper_align align = paper_reads_leftwards(d->to.name) ? PAPER_END : PAPER_START;
	y += paper_text(pen, &label_style, d->to_label, PAPER_LEFT, y, wide) + 3;
	y += paper_text_aligned(pen, &addressee_style, align, d->to.name,
				(const double[]){PAPER_LEFT, y, wide});
	y = texts(pen, &soft_style, align, &d->to.lines, (const double[]){PAPER_LEFT, y + 1, wide});
	double x = PAPER_LEFT + wide + 34;
	double right = facts(pen, &d->facts, (const double[]){x, pen->y, PAPER_RIGHT - x}, 66);
	pen->y = (y > right ? y : right) + 14;
}

/* One label with its figure, in a cell of `box`. */
static void
figure(struct paper_pen *pen, const struct paper_fact *fact, bool sum, const double box[4])
{
	const double inside = box[2] - 20;
	if (sum)
		paper_box(pen, PAPER_INK, box, 4);
	struct paper_style style =
		fitting(pen, sum ? sum_style : figure_style, fact->text, inside, 6);
	double x = box[0] + 10, y = box[1] + 5;
	y += paper_text(pen, sum ? &sum_label_style : &figure_label_style, fact->label, x, y,
			inside + 6);
	double tall = paper_text_extent(pen, &style, fact->text, -1).height;
	(void)paper_text(pen, &style, fact->text, x, (y + box[1] + box[3] - tall) / 2 - 2,
			 inside + 2);
}

/* The sum, which stands last, gets more room when it needs it. */
static void
figures(struct paper_pen *pen)
{
	const struct paper_facts *list = &pen->document->figures;
	const double height = 42;
	if (!list->count)
		return;
	paper_need(pen, height + 16);
	const struct paper_fact *last = &list->items[list->count - 1];
	double share = PAPER_WIDTH / (double)list->count;
	double wanted = paper_text_extent(pen, &sum_style, last->text, -1).width + 21;
	double sum = wanted < share ? share : wanted;
	if (sum > PAPER_WIDTH * 0.46)
		sum = PAPER_WIDTH * 0.46;
	double width = list->count > 1 ? (PAPER_WIDTH - sum) / (double)(list->count - 1) : 0;
	paper_box(pen, PAPER_PALE, (const double[]){PAPER_LEFT, pen->y, PAPER_WIDTH, height}, 4);
	for (size_t i = 0; i < list->count; i++) {
		bool is_sum = i + 1 == list->count;
		double x = is_sum ? PAPER_RIGHT - sum : PAPER_LEFT + (double)i * width;
		figure(pen, &list->items[i], is_sum,
		       (const double[]){x, pen->y, is_sum ? sum : width, height});
	}
	pen->y += height + 16;
}

static void
heading(struct paper_pen *pen, const char *title)
{
	pen->y += paper_text(pen, &label_style, title, PAPER_LEFT, pen->y, PAPER_WIDTH) + 4;
}

static void
payment(struct paper_pen *pen)
{
	const struct paper_document *d = pen->document;
	const struct paper_facts *list = &d->payment;
	if (!list->count && !d->terms.count)
		return;
	size_t rows = (list->count + 1) / 2;
	paper_need(pen, 22 + 12 * (double)(rows + d->terms.count));
	heading(pen, "PAYMENT");
	struct paper_facts left = {list->items, rows};
	struct paper_facts right = {list->items + rows, list->count - rows};
	double wide = PAPER_WIDTH * 0.55;
	double a = facts(pen, &left, (const double[]){PAPER_LEFT, pen->y, wide - 12}, 48);
	double b = facts(pen, &right,
			 (const double[]){PAPER_LEFT + wide, pen->y, PAPER_WIDTH - wide}, 52);
	pen->y = texts(pen, &soft_style, PAPER_START, &d->terms,
		       (const double[]){PAPER_LEFT, a > b ? a : b, PAPER_WIDTH}) +
		 12;
}

static void
section(struct paper_pen *pen, const struct paper_section *section)
{
	for (size_t i = 0; i < section->sentences.count; i++) {
		const char *text = section->sentences.items[i];
		double height = paper_text_extent(pen, &body_style, text, PAPER_WIDTH).height;
		paper_need(pen, height + (i ? 0 : 20));
		if (i == 0)
			heading(pen, section->title);
		pen->y += paper_text(pen, &body_style, text, PAPER_LEFT, pen->y, PAPER_WIDTH) + 2;
	}
	if (section->sentences.count)
		pen->y += 10;
}

/* What has to be said when there are characters without a glyph. */
static void
missing(struct paper_pen *pen, const struct paper_missing *found)
{
	char text[640];
	size_t room = sizeof(found->characters) / sizeof(found->characters[0]);
	size_t shown = found->count < room ? found->count : room;
	int used =
		snprintf(text, sizeof(text),
			 "%zu character%s of this document %s no font on the machine that printed "
			 "it, and stand%s as boxes with their numbers:",
			 found->count, found->count == 1 ? "" : "s",
			 found->count == 1 ? "has" : "have", found->count == 1 ? "s" : "");
	for (size_t i = 0; i < shown; i++)
		used += snprintf(text + used, sizeof(text) - (size_t)used, " U+%04" PRIX32,
				 found->characters[i]);
	(void)snprintf(text + used, sizeof(text) - (size_t)used,
		       "%s. Debian's packages fonts-noto-core and fonts-noto-cjk have most.",
		       found->count > shown ? " ..." : "");
	const char *sentence = text;
	struct paper_section note = {"FONTS", {&sentence, 1}};
	section(pen, &note);
}

static void
pages(struct paper_pen *pen, void *context)
{
	const struct paper_document *d = pen->document;
	(void)context;
	paper_page_begin(pen);
	head(pen);
	parties(pen);
	figures(pen);
	paper_table_draw(pen);
	payment(pen);
	if (d->curve) {
		paper_need(pen, paper_curve_height() + 16);
		heading(pen, "TRAFFIC");
		paper_curve_draw(pen, d->curve);
		pen->y += 12;
	}
	for (size_t i = 0; i < d->section_count; i++)
		section(pen, &d->sections[i]);
}

/* Who draws. */
struct drawing {
	paper_pages *pages;
	void *context;
};

static cairo_status_t
keep(void *context, const unsigned char *bytes, unsigned length)
{
	struct buf *out = context;
	if (out)
		buf_put(out, bytes, length);
	return out && out->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

/* Draws to *out; NULL: only to see how it comes out. The status of Cairo. */
static cairo_status_t
draw_once(struct buf *out, struct paper_pen *pen, const struct drawing *drawing,
	  const struct paper_missing *known)
{
	const struct paper_document *d = pen->document;
	char made[CLOCK_TEXT];
	cairo_surface_t *surface = paper.cairo_pdf_surface_create_for_stream(
		keep, out, PAPER_PAGE_WIDTH, PAPER_PAGE_HEIGHT);
	/* Of the document, not of the clock: so the same document gives the same bytes. */
	paper.cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE,
					     utc_format(made, d->date));
	paper.cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, d->number);
	paper.cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, d->from.name);
	paper.cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, d->title);
	paper.cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Sarai");
	pen->cr = paper.cairo_create(surface);
	pen->surface = surface;
	paper.pango_cairo_update_context(pen->cr, pen->fonts);
	drawing->pages(pen, drawing->context);
	if (known->count)
		missing(pen, known);
	paper_page_end(pen);
	cairo_status_t status = paper.cairo_status(pen->cr);
	paper.cairo_destroy(pen->cr);
	paper.cairo_surface_finish(surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = paper.cairo_surface_status(surface);
	paper.cairo_surface_destroy(surface);
	return status;
}

/* Both times, with the fonts at hand. The status of Cairo. */
static cairo_status_t
draw(struct buf *out, const struct paper_pen *fresh, const struct drawing *drawing,
     struct paper_result *result)
{
	static const struct paper_missing none;
	struct paper_pen first = *fresh, last = *fresh;
	cairo_status_t status = draw_once(NULL, &first, drawing, &none);
	/* The note on missing characters may need a page itself. */
	if (status == CAIRO_STATUS_SUCCESS && first.missing.count) {
		struct paper_pen again = *fresh;
		status = draw_once(NULL, &again, drawing, &first.missing);
		first.page = again.page;
	}
	last.pages = first.page;
	if (status == CAIRO_STATUS_SUCCESS)
		status = draw_once(out, &last, drawing, &first.missing);
	result->pages = last.pages;
	result->missing = first.missing.count;
	return status;
}

int
paper_draw_pages(struct buf *out, const struct paper_document *document, paper_pages *draw_pages,
		 void *context, struct paper_result *result)
{
	const struct drawing drawing = {draw_pages, context};
	*result = (struct paper_result){0};
	if (paper_library_load(result->trouble) < 0)
		return -1;
	PangoFontMap *map = paper.pango_cairo_font_map_new();
	struct paper_pen pen = {
		.document = document,
		.fonts = paper.pango_font_map_create_context(map),
		.urdu = paper_party_is_urdu(&document->from) || paper_party_is_urdu(&document->to),
	};
	cairo_status_t status = draw(out, &pen, &drawing, result);
	paper.g_object_unref(pen.fonts);
	paper.g_object_unref(map);
	if (status == CAIRO_STATUS_SUCCESS)
		return 0;
	(void)snprintf(result->trouble, sizeof(result->trouble),
		       status == CAIRO_STATUS_NO_MEMORY ? "no memory"
							: "Cairo could not draw it (%d)",
		       (int)status);
	return -1;
}

int
paper_draw(struct buf *out, const struct paper_document *document, struct paper_result *result)
{
	return paper_draw_pages(out, document, pages, NULL, result);
}
