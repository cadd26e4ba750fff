/* Drawing a study as a page. */
#include "study/study_html.h"

#include <math.h>

#include "study/study_svg.h"
#include "view/view_html.h"

static const char style[] =
	":root{color-scheme:light dark;--ink:#17212b;--soft:#5b6977;--hair:#dde3e9;--paper:#fff;"
	"--accent:#0f766e;--link:#0b5c56;--warn:#fdf6e7}\n"
	/* Pictures keep their paper: their colours are told apart on white. */
	"@media screen and (prefers-color-scheme:dark){:root{--ink:#e6eaee;--soft:#a3afba;"
	"--hair:#33404c;--paper:#12181e;--accent:#4cc2b5;--link:#7fd1c7;--warn:#33290f}"
	"figure svg{background:#fff;border-radius:4px;padding:.5rem}}\n"
	"*{box-sizing:border-box}\n"
	"body{font:16px/1.5 'Noto Sans','Noto Sans Georgian','Noto Naskh Arabic','Noto Sans CJK "
	"SC','DejaVu Sans',Arial,sans-serif;color:var(--ink);background:var(--paper);margin:0}\n"
	"main,header,nav{max-width:66rem;margin:0 auto;padding:0 1.5rem}\n"
	"header{padding-top:4rem;padding-bottom:1rem}\n"
	"header .hub{color:var(--accent);font-weight:600;letter-spacing:.02em;margin:0}\n"
	"h1{font-size:2.3rem;line-height:1.15;margin:.3rem 0 .4rem}\n"
	"header .sub{font-size:1.15rem;color:var(--soft);margin:0 0 1.6rem}\n"
	"header dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.2rem;"
	"border-top:2px solid var(--ink);padding-top:1rem;margin:0}\n"
	"header dt{color:var(--soft)}header dd{margin:0;overflow-wrap:anywhere}\n"
	"nav{margin-top:1.5rem}nav h2{margin-top:0}\n"
	"nav ol{columns:2;column-gap:2.5rem;padding-left:1.6rem;margin:0}\n"
	"nav a{color:inherit}nav li{break-inside:avoid}\n"
	"h2{font-size:1.5rem;margin:3rem 0 .8rem;padding-top:.7rem;border-top:2px solid var(--ink)}"
	"\n"
	"p{max-width:46rem}ul{max-width:48rem;padding-left:1.3rem}li{margin:.3rem 0}\n"
	"a{color:var(--link)}\n"
	".missing{border-left:4px solid #d98a00;background:var(--warn);padding:.5rem .8rem}\n"
	".formula{font-family:'Noto Sans Math','DejaVu Serif',serif;padding-left:2rem;"
	"white-space:pre-wrap}\n"
	"figure{margin:1.6rem 0}figure svg{width:100%;height:auto;display:block}\n"
	"figcaption,caption{text-align:left;color:var(--soft);font-size:.92rem;padding:.4rem 0;"
	"caption-side:top}\nfigcaption b,caption b{color:var(--ink)}\n"
	".wide{overflow-x:auto;margin:1.4rem 0}\n"
	"table{border-collapse:collapse;width:100%;font-size:.86rem;line-height:1.35;"
	"font-variant-numeric:tabular-nums}\n"
	"th{text-align:left;vertical-align:bottom;font-weight:600;border-bottom:1.5px solid "
	"var(--ink);padding:.3rem .5rem}\n"
	"th small{display:block;color:var(--soft);font-weight:400}\n"
	"td{vertical-align:top;border-bottom:1px solid var(--hair);padding:.3rem .5rem;"
	"overflow-wrap:anywhere}\n"
	"th:first-child,td:first-child{padding-left:0}\n"
	".n{text-align:right;white-space:nowrap}td small{display:block;color:var(--soft);"
	"font-size:.9em}\n"
	".dense td small{display:inline;margin-left:.4em}.dense td{padding-top:.15rem;"
	"padding-bottom:.15rem}\n"
	".note{font-size:.85rem;color:var(--soft);max-width:60rem;margin:.3rem 0 0}\n"
	"dl.words{display:grid;grid-template-columns:11rem 1fr;gap:.3rem 1rem;max-width:48rem}\n"
	"dl.words dt{font-weight:600}dl.words dd{margin:0}\n"
	"@media(max-width:40rem){nav ol{columns:1}header dl,dl.words{grid-template-columns:1fr}}\n"
	"@page{size:A4;margin:16mm 14mm 18mm;@bottom-right{content:counter(page) \" / \" "
	"counter(pages);font-size:8pt;color:#5b6977}}\n"
	"@media print{body{font-size:9.5pt}main,header,nav{max-width:none;padding:0}"
	"header{padding-top:30mm}nav{break-before:page}nav ol{columns:1}"
	"h2{break-after:avoid;margin-top:1.6rem}#summary{break-before:page}"
	"figure,tr{break-inside:avoid}thead{display:table-header-group}caption{break-after:avoid}"
	"table{font-size:7.6pt}.dense "
	"table{font-size:6.6pt}.n{white-space:normal}.wide{overflow:visible}"
	"a{color:inherit;text-decoration:none}}\n";

static void
put_cell(struct buf *out, const struct study_cell *cell, const struct study_column *column)
{
	char number[STUDY_NUMBER], range[STUDY_RANGE];
	buf_str(out, column->number ? "<td class=\"n\">" : "<td>");
	if (cell->text) {
		view_html(out, cell->text);
	} else {
		buf_str(out, study_number(number, cell->value, column->places));
		if (*study_range(range, cell, column->places))
			buf_printf(out, "<small>%s</small>", range);
	}
	buf_str(out, "</td>");
}

static void
put_table(struct buf *out, const struct study_table *t)
{
	buf_printf(out, "<div class=\"wide%s\" id=\"table-%s\"><table>\n<caption><b>Table %u.</b> ",
		   t->dense ? " dense" : "", t->id, t->number);
	view_html(out, t->caption);
	buf_str(out, "</caption>\n<thead><tr>");
	for (size_t i = 0; i < t->column_count; i++) {
		buf_str(out, t->columns[i].number ? "<th scope=\"col\" class=\"n\">"
						  : "<th scope=\"col\">");
		view_html(out, t->columns[i].name);
		if (t->columns[i].unit) {
			buf_str(out, "<small>");
			view_html(out, t->columns[i].unit);
			buf_str(out, "</small>");
		}
		buf_str(out, "</th>");
	}
	buf_str(out, "</tr></thead>\n<tbody>\n");
	for (const struct study_row *row = t->rows; row; row = row->next) {
		buf_str(out, "<tr>");
		for (size_t i = 0; i < t->column_count; i++)
			put_cell(out, &row->cells[i], &t->columns[i]);
		buf_str(out, "</tr>\n");
	}
	buf_str(out, "</tbody></table>\n");
	if (t->note) {
		buf_str(out, "<p class=\"note\">");
		view_html(out, t->note);
		buf_str(out, "</p>\n");
	}
	buf_str(out, "</div>\n");
}

static void
put_figure(struct buf *out, const struct study_figure *f)
{
	buf_printf(out, "<figure id=\"figure-%s\">\n", f->id);
	study_svg(out, f->scene, f->id, f->alt);
	buf_printf(out, "<figcaption><b>Figure %u.</b> ", f->number);
	view_html(out, f->caption);
	buf_str(out, "</figcaption></figure>\n");
}

static void
put_text(struct buf *out, const char *open, const char *text, const char *close)
{
	buf_str(out, open);
	view_html(out, text);
	buf_str(out, close);
}

/* A list is as many blocks of its kind as stand together. */
static void
put_block(struct buf *out, const struct study_block *b, bool first, bool last)
{
	switch (b->kind) {
	case STUDY_PARAGRAPH:
		put_text(out, "<p>", b->text, "</p>\n");
		return;
	case STUDY_MISSING:
		put_text(out, "<p class=\"missing\">", b->text, "</p>\n");
		return;
	case STUDY_FORMULA:
		put_text(out, "<p class=\"formula\">", b->text, "</p>\n");
		return;
	case STUDY_POINT:
		put_text(out, first ? "<ul>\n<li>" : "<li>", b->text,
			 last ? "</li>\n</ul>\n" : "</li>\n");
		return;
	case STUDY_TERM:
		put_text(out, first ? "<dl class=\"words\">\n<dt>" : "<dt>", b->text, "</dt>");
		put_text(out, "<dd>", b->more, last ? "</dd>\n</dl>\n" : "</dd>\n");
		return;
	case STUDY_TABLE:
		put_table(out, b->table);
		return;
	case STUDY_FIGURE:
		put_figure(out, b->figure);
	}
}

static void
put_section(struct buf *out, const struct study_section *s)
{
	buf_printf(out, "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%u&nbsp; ", s->id, s->id,
		   s->number);
	view_html(out, s->title);
	buf_str(out, "</h2>\n");
	enum study_kind before = STUDY_PARAGRAPH;
	for (const struct study_block *b = s->blocks; b; b = b->next) {
		put_block(out, b, b->kind != before, !b->next || b->next->kind != b->kind);
		before = b->kind;
	}
	buf_str(out, "</section>\n");
}

static void
put_title(struct buf *out, const struct study_document *d)
{
	put_text(out, "<header>\n<p class=\"hub\"><bdi>", d->hub, "</bdi></p>\n");
	put_text(out, "<h1><bdi>", d->title, "</bdi></h1>\n");
	put_text(out, "<p class=\"sub\">", d->subtitle, "</p>\n<dl>\n");
	for (const struct study_fact *f = d->facts; f; f = f->next) {
		put_text(out, "<dt>", f->label, "</dt>");
		put_text(out, "<dd>", f->text, "</dd>\n");
	}
	buf_str(out, "</dl>\n</header>\n<nav aria-label=\"Contents\">\n<h2>Contents</h2>\n<ol>\n");
	for (const struct study_section *s = d->sections; s; s = s->next) {
		buf_printf(out, "<li><a href=\"#%s\">", s->id);
		view_html(out, s->title);
		buf_str(out, "</a></li>\n");
	}
	buf_str(out, "</ol>\n</nav>\n");
}

void
study_html(struct buf *out, const struct study_document *d)
{
	buf_str(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
	put_text(out, "<title>", d->title, "</title>\n<style>\n");
	buf_str(out, style);
	buf_str(out, "</style>\n</head>\n<body>\n");
	put_title(out, d);
	buf_str(out, "<main>\n");
	for (const struct study_section *s = d->sections; s; s = s->next)
		put_section(out, s);
	buf_str(out, "</main>\n</body>\n</html>\n");
}
