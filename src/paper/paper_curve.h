/* The curve of a period on paper: in above, out below, the 95th and the commit across, what is not
 * billed in a colour of its own, and below it what each bin rests on. */
#pragma once

#include "paper/paper_pen.h"

/* Height that it takes. */
double paper_curve_height(void);
/* Draws it at pen->y, which moves behind it. */
void paper_curve_draw(struct paper_pen *pen, const struct paper_curve *curve);
