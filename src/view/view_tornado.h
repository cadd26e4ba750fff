/* By how much one number moves with each of those that it rests on: bars to both sides of what is
 * told, the widest on top; as text and as a drawing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct view_tornado_row {
	const char *label;
	double low, high;       /* what is assumed */
	double at_low, at_high; /* what comes of it; may be infinite */
};

struct view_tornado {
	const char *title, *unit; /* of what comes of it: "million $ a year" */
	double told;
	double p10, p50, p90; /* NAN: not drawn */
	const struct view_tornado_row *rows;
	size_t count;
};

/* A table with a bar in each line, 80 columns: "-" is where the assumption is low, "+" where it is
 * high. */
void view_tornado_text(struct buf *out, const struct view_tornado *tornado);
/* A whole SVG, 900 units wide; with the band from P10 to P90 behind the bars. */
void view_tornado_svg(struct buf *out, const struct view_tornado *tornado);
