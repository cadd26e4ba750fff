/* The parts of a preview that name who is concerned; used by view_corridor_preview.c only. */
#pragma once

#include "corridor/corridor_corners.h"
#include "corridor/corridor_whatif_change.h"
#include "view/view_corridor_way.h"

struct pcep_color_ways;

/* The ways of colors in both states; NULL both: the hub has none. */
struct view_color_change {
	const struct pcep_color_ways *now, *then;
};

/* Keys of the object at hand: sums, and "demands". */
void view_change_json(struct json *j, const struct corridor_plan *plan,
		      const struct corridor_change *change);
/* Of an order: why its bounds may not be those of a cut that is only asked about. */
void view_change_protected_text(struct buf *out, const struct hub *hub);
void view_change_text(struct buf *out, const struct corridor_plan *plan,
		      const struct corridor_change *change);
/* A row for each of "demands". */
void view_change_csv(struct buf *out, const struct corridor_plan *plan,
		     const struct corridor_change *change);
/* An array of their ids. */
void view_segments_json(struct json *j, const char *key, const struct hub *hub,
			const uint32_t *segments, size_t count);
/* "colors": those whose way is another. */
void view_color_change_json(struct json *j, const struct hub *hub,
			    const struct view_color_change *change);
void view_color_change_text(struct buf *out, const struct corridor_plan *plan,
			    const struct view_color_change *change);
