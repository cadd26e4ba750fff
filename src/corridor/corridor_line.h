/* How a segment runs over the globe: the places that are told, or the great circle between its ends.
 * Cut where it passes the antimeridian, as maps and GeoJSON want it (RFC 7946 section 3.1.9), and
 * put together again. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "hub/hub.h"

/* No two places of a great circle that is drawn here are further apart. */
enum { CORRIDOR_LINE_STEP_KM = 100 };

struct corridor_line {
	struct hub_place *places; /* from a to b, both included */
	size_t count;
	bool drawn; /* a great circle: nobody has told where it runs */
};

/* The line of a segment, in the arena. 0; or -1 and errno: EINVAL when an end has no coordinates,
 * ENOMEM. */
int corridor_line_of(struct corridor_line *out, struct arena *arena, const struct hub *hub,
		     const struct hub_segment *segment);
/* From place to place along great circles. */
double corridor_line_km(const struct corridor_line *line);

/* A line in parts, none of which passes the antimeridian; part i is places[first[i]] up to
 * places[first[i + 1]]. */
struct corridor_line_parts {
	struct hub_place *places;
	size_t *first;
	size_t count;
};

/* Cuts the line: each part but the last ends on the antimeridian where the next begins. A line that
 * goes from 179 to -179 goes the short way. 0, or -1 without memory. */
int corridor_line_cut(struct corridor_line_parts *out, struct arena *arena,
		      const struct corridor_line *line);
/* The line that was cut, its places the very same; in the arena. 0; or -1 and errno: EINVAL when
 * parts do not meet, ENOMEM. */
int corridor_line_join(struct corridor_line *out, struct arena *arena,
		       const struct corridor_line_parts *parts);
