/* Drawing a study. The page on which a section begins is found while the pages are counted, and
 * stands in the contents the next time: they take the same room whatever the numbers are. */
#include "paper/paper_study.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "paper/paper_scene.h"
#include "paper/paper_study_table.h"

static const struct paper_style hub_style = {12, PANGO_WEIGHT_SEMIBOLD, PAPER_TEAL, 0};
static const struct paper_style title_style = {27, PANGO_WEIGHT_BOLD, PAPER_INK, 0};
static const struct paper_style sub_style = {12.5, PANGO_WEIGHT_NORMAL, PAPER_SOFT, 0};
static const struct paper_style label_style = {9, PANGO_WEIGHT_NORMAL, PAPER_SOFT, 0};
static const struct paper_style body_style = {9.5, PANGO_WEIGHT_NORMAL, PAPER_INK, 0};
static const struct paper_style bold_style = {9.5, PANGO_WEIGHT_SEMIBOLD, PAPER_INK, 0};
static const struct paper_style formula_style = {10, PANGO_WEIGHT_NORMAL, PAPER_INK, 0};
static const struct paper_style section_style = {16, PANGO_WEIGHT_BOLD, PAPER_INK, 0};
static const struct paper_style caption_style = {8.5, PANGO_WEIGHT_SEMIBOLD, PAPER_SOFT, 0};

#define BULLET     10.0
#define TERM_WIDTH 110.0

struct print {
	const struct study_document *study;
	unsigned *pages; /* of each section, as found the last time */
};

static void
anchor(struct paper_pen *pen, const char *kind, const char *id)
{
	char name[128];
	(void)snprintf(name, sizeof(name), "name='%.12s%.100s'", kind, id);
	paper.cairo_tag_begin(pen->cr, CAIRO_TAG_DEST, name);
	paper.cairo_tag_end(pen->cr, CAIRO_TAG_DEST);
}

static void
title_page(struct paper_pen *pen, const struct study_document *d)
{
	paper_page_begin(pen);
	pen->y = 150;
	pen->y += paper_text(pen, &hub_style, d->hub, PAPER_LEFT, pen->y, PAPER_WIDTH) + 8;
	pen->y += paper_text(pen, &title_style, d->title, PAPER_LEFT, pen->y, PAPER_WIDTH) + 8;
	pen->y += paper_text(pen, &sub_style, d->subtitle, PAPER_LEFT, pen->y, PAPER_WIDTH) + 26;
	paper_rule(pen, PAPER_INK, 1.6, pen->y);
	pen->y += 14;
	for (const struct study_fact *f = d->facts; f; f = f->next) {
		const double labels = 130;
		double a = paper_text(pen, &label_style, f->label, PAPER_LEFT, pen->y, labels - 8);
		double b = paper_text(pen, &body_style, f->text, PAPER_LEFT + labels, pen->y,
				      PAPER_WIDTH - labels);
		pen->y += (a > b ? a : b) + 4;
	}
	paper_page_end(pen);
}

static void
contents(struct paper_pen *pen, const struct print *print)
{
	char text[160], link[128];
	paper_page_begin(pen);
	pen->y += paper_text(pen, &section_style, "Contents", PAPER_LEFT, pen->y, PAPER_WIDTH) + 10;
	for (const struct study_section *s = print->study->sections; s; s = s->next) {
		unsigned page = print->pages[s->number];
		paper_need(pen, 18);
		(void)snprintf(link, sizeof(link), "dest='%.100s'", s->id);
		paper.cairo_tag_begin(pen->cr, CAIRO_TAG_LINK, link);
		(void)snprintf(text, sizeof(text), "%u", s->number);
		(void)paper_text(pen, &body_style, text, PAPER_LEFT, pen->y, 24);
		double tall = paper_text(pen, &body_style, s->title, PAPER_LEFT + 26, pen->y,
					 PAPER_WIDTH - 70);
		(void)snprintf(text, sizeof(text), "%u", page);
		(void)paper_text_aligned(pen, &body_style, PAPER_END, text,
					 (const double[]){PAPER_RIGHT - 40, pen->y, 40});
		paper.cairo_tag_end(pen->cr, CAIRO_TAG_LINK);
		pen->y += tall + 4;
	}
	paper_page_end(pen);
}

/* Text in a column, with a mark or a word before it. */
static void
text_block(struct paper_pen *pen, const struct study_block *b)
{
	double indent = b->kind == STUDY_POINT     ? BULLET
			: b->kind == STUDY_FORMULA ? 24
			: b->kind == STUDY_TERM    ? TERM_WIDTH
			: b->kind == STUDY_MISSING ? 8
						   : 0;
	const struct paper_style *style = b->kind == STUDY_FORMULA ? &formula_style : &body_style;
	const char *text = b->kind == STUDY_TERM ? b->more : b->text;
	double width = PAPER_WIDTH - indent;
	struct paper_extent extent = paper_text_extent(pen, style, text, width);
	double tall = extent.height;
	paper_need(pen, tall);
	/* A first line with tall letters in it stands lower. */
	if (b->kind == STUDY_POINT)
		paper_words(pen, style, "\u2022",
			    &(struct paper_words){.x = PAPER_LEFT, .y = pen->y + extent.foot});
	if (b->kind == STUDY_TERM)
		(void)paper_text(pen, &bold_style, b->text, PAPER_LEFT, pen->y, TERM_WIDTH - 8);
	if (b->kind == STUDY_MISSING)
		paper_box(pen, PAPER_SAND, (const double[]){PAPER_LEFT, pen->y, 2.5, tall}, 1);
	pen->y += paper_text(pen, style, text, PAPER_LEFT + indent, pen->y, width);
	pen->y += b->kind == STUDY_TERM ? 4 : b->kind == STUDY_POINT ? 3.5 : 7;
}

static void
figure(struct paper_pen *pen, const struct study_figure *f)
{
	char text[400];
	double tall = paper_scene_height(f->scene, PAPER_WIDTH), most = PAPER_BOTTOM - 110;
	double width = tall > most ? PAPER_WIDTH * most / tall : PAPER_WIDTH;
	(void)snprintf(text, sizeof(text), "Figure %u. %.360s", f->number, f->caption);
	tall = paper_scene_height(f->scene, width);
	double below = paper_text_extent(pen, &caption_style, text, PAPER_WIDTH).height;
	paper_need(pen, tall + below + 14);
	anchor(pen, "figure-", f->id);
	paper_scene(pen, f->scene, (const double[]){PAPER_LEFT, pen->y + 4}, width);
	pen->y += tall + 8;
	pen->y += paper_text(pen, &caption_style, text, PAPER_LEFT, pen->y, PAPER_WIDTH) + 12;
}

/* A heading stands with what follows it. */
static void
heading(struct paper_pen *pen, const struct print *print, const struct study_section *s)
{
	char text[200], link[128];
	double wanted = 90;
	/* A picture or a table after a sentence stays with it. */
	const struct study_block *b = s->blocks;
	for (int i = 0; b && i < 2; i++, b = b->next)
		if (b->figure)
			wanted += paper_scene_height(b->figure->scene, PAPER_WIDTH);
		else if (b->table)
			wanted += paper_study_table_least(pen, b->table);
	if (pen->y > PAPER_TOP + 40)
		pen->y += 16;
	paper_need(pen, wanted);
	print->pages[s->number] = pen->page;
	anchor(pen, "", s->id);
	(void)snprintf(link, sizeof(link), "dest='%.100s'", s->id);
	(void)paper.cairo_pdf_surface_add_outline(pen->surface, CAIRO_PDF_OUTLINE_ROOT, s->title,
						  link, CAIRO_PDF_OUTLINE_FLAG_OPEN);
	if (pen->y > PAPER_TOP + 40) {
		paper_rule(pen, PAPER_INK, 1.2, pen->y);
		pen->y += 7;
	}
	(void)snprintf(text, sizeof(text), "%u   %.180s", s->number, s->title);
	pen->y += paper_text(pen, &section_style, text, PAPER_LEFT, pen->y, PAPER_WIDTH) + 7;
}

static void
section(struct paper_pen *pen, const struct print *print, const struct study_section *s)
{
	heading(pen, print, s);
	for (const struct study_block *b = s->blocks; b; b = b->next) {
		if (b->table) {
			anchor(pen, "table-", b->table->id);
			paper_study_table(pen, b->table);
		} else if (b->figure) {
			figure(pen, b->figure);
		} else {
			text_block(pen, b);
		}
	}
}

static void
pages(struct paper_pen *pen, void *context)
{
	struct print *print = context;
	pen->sentences = true;
	paper.pango_context_set_base_dir(pen->fonts, PANGO_DIRECTION_LTR);
	title_page(pen, print->study);
	contents(pen, print);
	paper_page_begin(pen);
	for (const struct study_section *s = print->study->sections; s; s = s->next)
		section(pen, print, s);
}

int
paper_study(struct buf *out, const struct study_document *study, struct paper_result *result)
{
	struct print print = {study, calloc(study->section_count + 1, sizeof(unsigned))};
	const struct paper_document frame = {
		.title = study->subtitle,
		.number = study->title, /* it is the name of the PDF, too */
		.date = study->date,
		.from = {.name = study->hub},
		.to = {.name = ""},
		.footer = study->subtitle,
	};
	if (!print.pages) {
		*result = (struct paper_result){.trouble = "no memory"};
		return -1;
	}
	int drawn = paper_draw_pages(out, &frame, pages, &print, result);
	free(print.pages);
	return drawn;
}
