/* A document as a page. */
#include "paper/paper_html.h"

#include <string.h>

#include "view/view_html.h"

/* A text in an element; nothing of one that is not there. */
static void
element(struct buf *out, const char *tag, const char *text)
{
	if (!text)
		return;
	buf_printf(out, "<%s dir=auto>", tag);
	view_html(out, text);
	buf_printf(out, "</%.*s>", (int)strcspn(tag, " "), tag);
}

static void
texts(struct buf *out, const struct paper_texts *all)
{
	for (size_t i = 0; i < all->count; i++)
		element(out, "div class=soft", all->items[i]);
}

static void
facts(struct buf *out, const struct paper_facts *all)
{
	buf_str(out, "<dl>");
	for (size_t i = 0; i < all->count; i++) {
		buf_str(out, "<dt>");
		view_html(out, all->items[i].label);
		buf_str(out, "<dd dir=auto>");
		view_html(out, all->items[i].text);
	}
	buf_str(out, "</dl>");
}

static void
head(struct buf *out, const struct paper_document *d)
{
	buf_str(out, "<!doctype html>\n<html lang=en><head><meta charset=utf-8>\n"
		     "<meta name=viewport content=\"width=device-width,initial-scale=1\">\n"
		     "<meta http-equiv=Content-Security-Policy content=\"default-src 'none';"
		     "style-src 'unsafe-inline'\">\n<title>");
	view_html(out, d->title);
	buf_str(out, " ");
	view_html(out, d->number);
	buf_printf(out, "</title>\n<style>\n%s</style></head><body><main>\n", view_html_style);
	if (d->stamp) {
		buf_str(out, "<div class=stamp aria-hidden=true>");
		view_html(out, d->stamp);
		buf_str(out, "</div>\n");
	}
	buf_str(out, "<header><div>");
	element(out, "h1", d->from.name);
	texts(out, &d->from.lines);
	buf_str(out, "</div><div class=right>");
	element(out, "div class=soft", d->title);
	element(out, "div class=number", d->number);
	texts(out, &d->tags);
	buf_str(out, "</div></header>\n<section class=parties><div>");
	element(out, "h2", d->to_label);
	element(out, "div class=number", d->to.name);
	texts(out, &d->to.lines);
	buf_str(out, "</div><div><h2>For</h2>");
	facts(out, &d->facts);
	buf_str(out, "</div></section>\n");
}

static void
cell(struct buf *out, const char *text)
{
	buf_str(out, "<td dir=auto>");
	if (text)
		view_html(out, text);
}

static void
lines(struct buf *out, const struct paper_document *d)
{
	bool measured = false;
	for (size_t i = 0; i < d->line_count; i++)
		measured |= d->lines[i].quantity || d->lines[i].price || d->lines[i].days;
	buf_printf(out, "<section><table><thead><tr><th>Item%s<th>Amount%s%s</thead>\n",
		   measured ? "<th>Quantity<th>Price<th>Days" : "", d->currency ? ", " : "",
		   d->currency ? d->currency : "");
	for (size_t i = 0; i < d->line_count; i++) {
		const struct paper_line *line = &d->lines[i];
		buf_str(out, "<tr>");
		cell(out, line->text);
		if (measured) {
			cell(out, line->quantity);
			cell(out, line->price);
			cell(out, line->days);
		}
		cell(out, line->amount);
		buf_str(out, "\n");
	}
	for (size_t i = 0; i < d->totals.count; i++) {
		buf_printf(out, "<tr%s>", i + 1 == d->totals.count ? " class=total" : "");
		cell(out, d->totals.items[i].label);
		buf_printf(out, "<td colspan=%d dir=auto>", measured ? 4 : 1);
		view_html(out, d->totals.items[i].text);
		buf_str(out, "\n");
	}
	buf_str(out, "</table></section>\n");
}

void
paper_html(struct buf *out, const struct paper_document *d)
{
	head(out, d);
	lines(out, d);
	if (d->payment.count || d->terms.count) {
		buf_str(out, "<section><h2>Payment</h2>");
		facts(out, &d->payment);
		texts(out, &d->terms);
		buf_str(out, "</section>\n");
	}
	for (size_t i = 0; i < d->section_count; i++) {
		buf_str(out, "<section>");
		element(out, "h2", d->sections[i].title);
		for (size_t k = 0; k < d->sections[i].sentences.count; k++)
			element(out, "p", d->sections[i].sentences.items[k]);
		buf_str(out, "</section>\n");
	}
	buf_str(out, "<footer>");
	if (d->footer)
		view_html(out, d->footer);
	buf_str(out, "</footer></main></body></html>\n");
}
