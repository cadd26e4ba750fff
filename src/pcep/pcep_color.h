/* The ways of the hub file's colors (sr_colors): from each router that is told of a color to each that it leads
 * to, the best way on the corridor that keeps the color's conditions, as segments of segment routing. Pure. */
#pragma once

#include "base/arena.h"
#include "corridor/corridor_names.h"
#include "corridor/corridor_state.h"
#include "pcep/pcep_compute.h"

enum { PCEP_COLOR_WAYS_MAX = 16384 };

struct pcep_color_way {
	uint32_t color;    /* index into sr_colors */
	uint32_t from, to; /* routers */
	uint32_t latency_us;
	uint8_t hop_count; /* 0: no way leads there under the conditions */
	const struct pcep_hop *hops;
};

struct pcep_color_ways {
	struct arena *arena;         /* of all */
	struct pcep_color_way *ways; /* by color, from, to */
	size_t count;
	size_t missing; /* of these, how many lead nowhere */
	size_t over;    /* pairs that were not looked at: there are too many */
};

/* Do the names in all conditions name something? 0, or -1 and why not, of the first that does not. */
int pcep_colors_check(const struct corridor_plan *plan, struct corridor_complaint *complaint);

/* `live` has what holds of each segment, and may be NULL: what is worked at or drained is used only where there is
 * no other way. A color with a name that nothing has leads nowhere. 0, or -1 without memory, and nothing is in
 * *out; end with pcep_color_ways_fini. */
int pcep_color_ways_find(struct pcep_color_ways *out, const struct pcep_plan *plan,
			 const enum corridor_live *live);
void pcep_color_ways_fini(struct pcep_color_ways *ways);

/* The route of a way as PCEP has it. */
void pcep_color_route(struct pcep_route *out, const struct pcep_color_way *way);
