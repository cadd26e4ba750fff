/* What an order about the corridor would do to demands and to ways of colors. */
#pragma once

#include "corridor/corridor_load.h"
#include "view/view_corridor_steer.h"

/* What is measured, for a preview; not kept. */
struct corridor_preview_load {
	const struct corridor_load *load;
	const struct traffic_batch *batch; /* NULL: nothing is */
};

/* Works that out for the preview, whose other fields are set, and appends all of it to *out. 0, or -1 without
 * memory: then nothing is appended. */
int corridor_preview_write(struct buf *out, struct view_corridor_preview *preview,
			   const struct corridor_preview_load *measured,
			   enum view_corridor_form form);
