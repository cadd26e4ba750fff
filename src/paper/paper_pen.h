/* The pen: text of any script, rules and boxes on pages of A4, and the turning of pages. Used inside
 * paper only. Lengths are points (1/72 inch), from the upper left corner. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "paper/paper_document.h"
#include "paper/paper_library_io.h"

#define PAPER_PAGE_WIDTH  595.276
#define PAPER_PAGE_HEIGHT 841.89
#define PAPER_LEFT        46.0
#define PAPER_RIGHT       (PAPER_PAGE_WIDTH - PAPER_LEFT)
#define PAPER_WIDTH       (PAPER_RIGHT - PAPER_LEFT)
#define PAPER_TOP         44.0
#define PAPER_BOTTOM      778.0 /* where the foot of the page begins */

enum paper_colour {
	PAPER_INK = 0x17212b,
	PAPER_SOFT = 0x5b6977,
	PAPER_HAIR = 0xdde3e9,
	PAPER_PALE = 0xeef1f4,
	PAPER_WHITE = 0xffffff,
	PAPER_TEAL = 0x0f766e,
	PAPER_BLUE = 0x3b5bb5,
	PAPER_ORANGE = 0xe07a1f,
	PAPER_RUST = 0xa3480a,
	PAPER_SAND = 0xd9a441,
	PAPER_GREY = 0xb9c4cf,
	PAPER_RED = 0xc0392b,
};

struct paper_style {
	double size;
	PangoWeight weight;
	enum paper_colour colour;
	double spacing; /* between letters */
};

enum paper_align { PAPER_START, PAPER_CENTRE, PAPER_END };

/* Characters that no font of this machine has. */
struct paper_missing {
	uint32_t characters[16];
	size_t count; /* of all, more than stand above perhaps */
};

struct paper_pen {
	cairo_t *cr;
	cairo_surface_t *surface; /* the PDF */
	PangoContext *fonts;
	const struct paper_document *document;
	double y;       /* where the next block begins */
	unsigned page;  /* from 1 */
	unsigned pages; /* of the document; 0 while they are counted */
	bool urdu;      /* what is in the Arabic script is Urdu */
	bool sentences; /* English, whatever name a line begins with: all of it runs rightwards */
	struct paper_missing missing;
	/* Drawn at the head of each page but the first, below the running head: of a table that goes
	 * on. NULL: nothing. */
	void (*again)(struct paper_pen *pen, void *context);
	/* And at the end of the page that is left. */
	void (*leave)(struct paper_pen *pen, void *context);
	void *context;
};

/* A text in a column, broken into lines. `align` is meant as it is seen: START is left, whatever
 * the direction of the text. Returns the height. */
double paper_text(struct paper_pen *pen, const struct paper_style *style, const char *text,
		  double x, double y, double width);
double paper_text_aligned(struct paper_pen *pen, const struct paper_style *style,
			  enum paper_align align, const char *text, const double box[3]);
/* What it would take, without drawing: at `width`, or in one line when that is negative. */
struct paper_extent {
	double width, height;
	double foot; /* of the first line, below the top */
};
/* In points. */
struct paper_extent paper_text_extent(struct paper_pen *pen, const struct paper_style *style,
				      const char *text, double width);
/* One line of a picture: its foot stands at y, and `part` of its width is left of x. */
struct paper_words {
	double x, y, part;
	double rim; /* thickness of what stands around the letters; 0: nothing */
	enum paper_colour rim_colour;
};
void paper_words(struct paper_pen *pen, const struct paper_style *style, const char *text,
		 const struct paper_words *where);
/* A short word may have no letter that is Urdu's alone; who it belongs to tells. */
bool paper_party_is_urdu(const struct paper_party *party);
/* True if the text reads from right to left. */
bool paper_reads_leftwards(const char *text);

/* The colour of what is drawn next; `alpha` from 0 to 1. */
void paper_colour(struct paper_pen *pen, enum paper_colour colour, double alpha);
/* A line from margin to margin; thickness and y in points. */
void paper_rule(struct paper_pen *pen, enum paper_colour colour, double thickness, double y);
/* A box with round corners, filled. */
void paper_box(struct paper_pen *pen, enum paper_colour colour, const double box[4], double radius);
/* Turns the page unless there is room for `height` below pen->y. */
void paper_need(struct paper_pen *pen, double height);
void paper_page_begin(struct paper_pen *pen);
void paper_page_end(struct paper_pen *pen);
