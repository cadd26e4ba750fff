/* Drawing a document as PDF: A4, fonts embedded, as many pages as it takes. */
#pragma once

#include "base/buf.h"
#include "paper/paper_document.h"

enum { PAPER_TROUBLE = 200 };

/* What came of it besides the PDF. */
struct paper_result {
	unsigned pages;
	/* Characters that no font of this machine has: they stand as boxes with their numbers, and
	 * the document itself says so at its end. */
	size_t missing;
	char trouble[PAPER_TROUBLE]; /* when it failed */
};

struct paper_pen;
/* Draws all pages but the end of the last. It is called more than once, and must do the same each time. */
typedef void paper_pages(struct paper_pen *pen, void *context);

/* The same as paper_draw, of what `pages` draws: `document` has what stands at the head and foot of each page. */
int paper_draw_pages(struct buf *out, const struct paper_document *document, paper_pages *pages,
		     void *context, struct paper_result *result);

/* Appends the PDF to *out. The same document and fonts give the same bytes. 0, or -1 with the
 * trouble in words: Cairo and Pango are not installed, no memory. */
int paper_draw(struct buf *out, const struct paper_document *document, struct paper_result *result);
