/* The pen. */
#include "paper/paper_pen.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* --- text --- */

/* Families in the order in which they are looked through; what none of them has is left to
 * fontconfig. Urdu is written in Nastaliq, other languages of the Arabic script in Naskh. */
#define FAMILIES_FIRST "Noto Sans,Noto Sans Georgian,Noto Sans Armenian,Noto Sans Math,"
#define FAMILIES_LAST  ",Noto Sans CJK SC,Noto Sans CJK JP,Noto Sans CJK KR,DejaVu Sans"
static const char families[] = FAMILIES_FIRST "Noto Naskh Arabic,Noto Nastaliq Urdu" FAMILIES_LAST;
static const char families_urdu[] =
	FAMILIES_FIRST "Noto Nastaliq Urdu,Noto Naskh Arabic" FAMILIES_LAST;

/* The next character; *text moves behind it. U+FFFD for what is no UTF-8. */
static uint32_t
next_character(const char **text)
{
	const unsigned char *s = (const unsigned char *)*text;
	unsigned length = utf8_length(s);
	if (length == 0) {
		*text += 1;
		return 0xfffd;
	}
	*text += length;
	if (length == 1)
		return s[0];
	uint32_t c = s[0] & (0x7fu >> length);
	for (unsigned i = 1; i < length; i++)
		c = c << 6 | (s[i] & 0x3fu);
	return c;
}

static bool
is_arabic(uint32_t c)
{
	return (c >= 0x600 && c <= 0x6ff) || (c >= 0x750 && c <= 0x77f) ||
	       (c >= 0x8a0 && c <= 0x8ff) || (c >= 0xfb50 && c <= 0xfdff) ||
	       (c >= 0xfe70 && c <= 0xfefc);
}

bool
paper_reads_leftwards(const char *text)
{
	while (*text) {
		uint32_t c = next_character(&text);
		if (is_arabic(c) || (c >= 0x590 && c <= 0x5ff) || (c >= 0x700 && c <= 0x74f))
			return true;
		bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0xc0;
		if (letter && c != 0x202f)
			return false;
	}
	return false;
}

/* Letters that Urdu has and Arabic, Persian and Uyghur have not. */
static bool
is_urdu(const char *text)
{
	while (text && *text) {
		uint32_t c = next_character(&text);
		if (c == 0x679 || c == 0x688 || c == 0x691 || c == 0x6ba || c == 0x6d2 ||
		    c == 0x6c1)
			return true;
	}
	return false;
}

static bool
has_arabic(const char *text)
{
	while (*text)
		if (is_arabic(next_character(&text)))
			return true;
	return false;
}

bool
paper_party_is_urdu(const struct paper_party *party)
{
	bool urdu = is_urdu(party->name);
	for (size_t i = 0; i < party->lines.count; i++)
		urdu |= is_urdu(party->lines.items[i]);
	return urdu;
}

static PangoLayout *
layout_of(struct paper_pen *pen, const struct paper_style *style, const char *text, double width)
{
	bool urdu = pen->urdu && has_arabic(text);
	PangoLayout *layout = paper.pango_layout_new(pen->fonts);
	PangoFontDescription *font = paper.pango_font_description_new();
	paper.pango_font_description_set_family_static(font, urdu ? families_urdu : families);
	paper.pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
	paper.pango_font_description_set_weight(font, style->weight);
	if (pen->sentences)
		paper.pango_layout_set_auto_dir(layout, FALSE);
	paper.pango_layout_set_font_description(layout, font);
	paper.pango_font_description_free(font);
	PangoAttrList *attributes = paper.pango_attr_list_new();
	paper.pango_attr_list_insert(attributes, paper.pango_attr_font_features_new("tnum"));
	paper.pango_attr_list_insert(attributes,
				     paper.pango_attr_language_new(
					     paper.pango_language_from_string(urdu ? "ur" : "en")));
	if (style->spacing > 0)
		paper.pango_attr_list_insert(
			attributes,
			paper.pango_attr_letter_spacing_new((int)(style->spacing * PANGO_SCALE)));
	paper.pango_layout_set_attributes(layout, attributes);
	paper.pango_attr_list_unref(attributes);
	paper.pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	paper.pango_layout_set_width(layout, width < 0 ? -1 : (int)(width * PANGO_SCALE));
	paper.pango_layout_set_text(layout, text, -1);
	return layout;
}

/* Which of the characters no font has: each is tried alone. */
static void
note_missing(struct paper_pen *pen, PangoLayout *layout, const char *text)
{
	struct paper_missing *missing = &pen->missing;
	const size_t room = sizeof(missing->characters) / sizeof(missing->characters[0]);
	while (*text) {
		const char *start = text;
		uint32_t c = next_character(&text);
		bool known = false;
		for (size_t i = 0; i < missing->count && i < room; i++)
			known |= missing->characters[i] == c;
		if (known || c < 0x80)
			continue;
		paper.pango_layout_set_text(layout, start, (int)(text - start));
		if (!paper.pango_layout_get_unknown_glyphs_count(layout))
			continue;
		if (missing->count < room)
			missing->characters[missing->count] = c;
		missing->count++;
	}
}

double
paper_text_aligned(struct paper_pen *pen, const struct paper_style *style, enum paper_align align,
		   const char *text, const double box[3])
{
	PangoLayout *layout = layout_of(pen, style, text, box[2]);
	/* In a text that reads leftwards Pango takes left and right for the start and the end. */
	bool end = (align == PAPER_END) != (!pen->sentences && paper_reads_leftwards(text));
	paper.pango_layout_set_alignment(layout, align == PAPER_CENTRE ? PANGO_ALIGN_CENTER
						 : end                 ? PANGO_ALIGN_RIGHT
								       : PANGO_ALIGN_LEFT);
	int width, height;
	paper.pango_layout_get_size(layout, &width, &height);
	paper_colour(pen, style->colour, 1);
	paper.cairo_move_to(pen->cr, box[0], box[1]);
	paper.pango_cairo_show_layout(pen->cr, layout);
	if (paper.pango_layout_get_unknown_glyphs_count(layout))
		note_missing(pen, layout, text);
	paper.g_object_unref(layout);
	return (double)height / PANGO_SCALE;
}

double
paper_text(struct paper_pen *pen, const struct paper_style *style, const char *text, double x,
	   double y, double width)
{
	return paper_text_aligned(pen, style, PAPER_START, text, (const double[]){x, y, width});
}

struct paper_extent
paper_text_extent(struct paper_pen *pen, const struct paper_style *style, const char *text,
		  double width)
{
	PangoLayout *layout = layout_of(pen, style, text, width);
	int w, h;
	paper.pango_layout_get_size(layout, &w, &h);
	struct paper_extent extent = {
		.width = ceil((double)w / PANGO_SCALE),
		.height = (double)h / PANGO_SCALE,
		.foot = (double)paper.pango_layout_get_baseline(layout) / PANGO_SCALE,
	};
	paper.g_object_unref(layout);
	return extent;
}

void
paper_words(struct paper_pen *pen, const struct paper_style *style, const char *text,
	    const struct paper_words *where)
{
	PangoLayout *layout = layout_of(pen, style, text, -1);
	int width, height;
	paper.pango_layout_get_size(layout, &width, &height);
	double x = where->x - where->part * width / PANGO_SCALE;
	double y = where->y - (double)paper.pango_layout_get_baseline(layout) / PANGO_SCALE;
	if (where->rim > 0) {
		paper.cairo_move_to(pen->cr, x, y);
		paper.pango_cairo_layout_path(pen->cr, layout);
		paper_colour(pen, where->rim_colour, 1);
		paper.cairo_set_line_width(pen->cr, where->rim);
		paper.cairo_stroke(pen->cr);
	}
	paper_colour(pen, style->colour, 1);
	paper.cairo_move_to(pen->cr, x, y);
	paper.pango_cairo_show_layout(pen->cr, layout);
	if (paper.pango_layout_get_unknown_glyphs_count(layout))
		note_missing(pen, layout, text);
	paper.g_object_unref(layout);
}

/* --- rules and boxes --- */

void
paper_colour(struct paper_pen *pen, enum paper_colour colour, double alpha)
{
	paper.cairo_set_source_rgba(pen->cr, (double)(colour >> 16 & 0xff) / 255,
				    (double)(colour >> 8 & 0xff) / 255,
				    (double)(colour & 0xff) / 255, alpha);
}

void
paper_rule(struct paper_pen *pen, enum paper_colour colour, double thickness, double y)
{
	paper_colour(pen, colour, 1);
	paper.cairo_rectangle(pen->cr, PAPER_LEFT, y - thickness / 2, PAPER_WIDTH, thickness);
	paper.cairo_fill(pen->cr);
}

void
paper_box(struct paper_pen *pen, enum paper_colour colour, const double box[4], double radius)
{
	cairo_t *cr = pen->cr;
	double x = box[0], y = box[1], right = x + box[2], bottom = y + box[3];
	paper.cairo_new_sub_path(cr);
	paper.cairo_arc(cr, right - radius, y + radius, radius, -M_PI_2, 0);
	paper.cairo_arc(cr, right - radius, bottom - radius, radius, 0, M_PI_2);
	paper.cairo_arc(cr, x + radius, bottom - radius, radius, M_PI_2, M_PI);
	paper.cairo_arc(cr, x + radius, y + radius, radius, M_PI, 3 * M_PI_2);
	paper.cairo_close_path(cr);
	paper_colour(pen, colour, 1);
	paper.cairo_fill(cr);
}

/* --- pages --- */

static const struct paper_style foot = {7.5, PANGO_WEIGHT_NORMAL, PAPER_SOFT, 0};
static const struct paper_style running = {8.5, PANGO_WEIGHT_SEMIBOLD, PAPER_INK, 0};

/* Across the page, below everything. */
static void
stamp(struct paper_pen *pen)
{
	const struct paper_style style = {96, PANGO_WEIGHT_BOLD, PAPER_RED, 4};
	PangoLayout *layout = layout_of(pen, &style, pen->document->stamp, -1);
	int width, height;
	paper.pango_layout_get_size(layout, &width, &height);
	paper.cairo_save(pen->cr);
	paper.cairo_translate(pen->cr, PAPER_PAGE_WIDTH / 2, PAPER_PAGE_HEIGHT / 2);
	paper.cairo_rotate(pen->cr, -M_PI / 5);
	paper.cairo_move_to(pen->cr, -(double)width / PANGO_SCALE / 2,
			    -(double)height / PANGO_SCALE / 2);
	paper_colour(pen, style.colour, 0.07);
	paper.pango_cairo_show_layout(pen->cr, layout);
	paper.cairo_restore(pen->cr);
	paper.g_object_unref(layout);
}

void
paper_page_begin(struct paper_pen *pen)
{
	const struct paper_document *d = pen->document;
	pen->page++;
	pen->y = PAPER_TOP;
	if (d->stamp)
		stamp(pen);
	if (pen->page == 1)
		return;
	double half = PAPER_WIDTH / 2;
	double left = paper_text(pen, &running, d->from.name, PAPER_LEFT, PAPER_TOP - 8, half - 8);
	double right = paper_text_aligned(pen, &running, PAPER_END, d->number,
					  (const double[]){PAPER_LEFT + half, PAPER_TOP - 8, half});
	pen->y = PAPER_TOP - 8 + (left > right ? left : right) + 5;
	paper_rule(pen, PAPER_INK, 0.8, pen->y);
	pen->y += 10;
	if (pen->again)
		pen->again(pen, pen->context);
}

void
paper_page_end(struct paper_pen *pen)
{
	const struct paper_document *d = pen->document;
	char text[160];
	if (pen->leave)
		pen->leave(pen, pen->context);
	paper_rule(pen, PAPER_HAIR, 0.6, PAPER_BOTTOM + 14);
	if (pen->pages)
		(void)snprintf(text, sizeof(text), "%.100s   ·   %u / %u", d->number, pen->page,
			       pen->pages);
	else
		(void)snprintf(text, sizeof(text), "%.100s   ·   %u / %u", d->number, pen->page,
			       pen->page);
	double wide = PAPER_WIDTH * 0.6;
	if (d->footer)
		(void)paper_text(pen, &foot, d->footer, PAPER_LEFT, PAPER_BOTTOM + 19, wide - 8);
	(void)paper_text_aligned(
		pen, &foot, PAPER_END, text,
		(const double[]){PAPER_LEFT + wide, PAPER_BOTTOM + 19, PAPER_WIDTH - wide});
	paper.cairo_show_page(pen->cr);
}

void
paper_need(struct paper_pen *pen, double height)
{
	if (pen->y + height <= PAPER_BOTTOM)
		return;
	paper_page_end(pen);
	paper_page_begin(pen);
}
