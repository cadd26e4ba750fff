/* What a planner's calculator answers. */
#pragma once

#include "view/view_corridor.h"

/* The words after "corridor reckon": none lists all topics with their inputs; else a topic and
 * "name=value"s. Appends the answer to *out. 0, or -1 and the complaint. */
int view_reckon(struct buf *out, enum view_corridor_form form, const char *const *words,
		size_t count, struct corridor_complaint *complaint);
