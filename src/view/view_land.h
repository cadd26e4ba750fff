/* Land below a map, and places on it. */
#pragma once

#include <stddef.h>

#include "base/buf.h"

/* Places on the paper: longitudes are counted from the middle, so that a map may lie across 180. */
struct view_reach_paper {
	double west, south, east, north; /* degrees; west and east from the middle */
	double middle;                   /* longitude */
	double x, y, scale_x, scale_y;   /* of the north-west corner; pixels a degree */
};
double view_reach_x(const struct view_reach_paper *paper, double longitude);
double view_reach_y(const struct view_reach_paper *paper, double latitude);
/* Appends the paths of land that may be seen on the paper, as data of an SVG path: M, L and Z. `land` is a TopoJSON, or NULL. */
void view_reach_land(struct buf *out, const struct view_reach_paper *paper, const char *land,
		     size_t length);
