/* `show colors`: the ways of the hub file's colors, as text, JSON and CSV. Pure. */
#pragma once

#include "pcep/pcep_color.h"
#include "view/view_form.h"

struct view_colors {
	const struct hub *hub;
	const struct pcep_color_ways *ways; /* of that hub */
	bool over;                          /* they are overdue, and taken back */
};

void view_colors(struct buf *out, const struct view_colors *colors, enum view_form form);

/* Do the conditions of all colors name what there is? False, and the first that does not. */
bool view_colors_sound(const struct hub *hub, struct corridor_complaint *complaint);
