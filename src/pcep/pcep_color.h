/* The ways of the hub file's colors (sr_colors): from each router that is told of a color to each that it leads
 * to, the best way on the corridor that keeps the color's conditions, as segments of segment routing. Pure. */
#pragma once

#include "base/arena.h"
#include "corridor/corridor_damping.h"
#include "corridor/corridor_names.h"
#include "corridor/corridor_state.h"
#include "pcep/pcep_compute.h"

enum { PCEP_COLOR_WAYS_MAX = 16384 };

struct pcep_color_way {
	uint32_t color;    /* index into sr_colors */
	uint32_t from, to; /* routers */
	uint32_t latency_us;
	bool backup;   /* stands apart from those before it, which have the same ends */
	uint8_t list;  /* 0, or the how manieth beside the first: it shares no segment with those */
	uint32_t gbps; /* what its narrowest segment carries, at least 1; 0: not known */
	uint8_t hop_count; /* 0: no way leads there under the conditions */
	bool drained;      /* it was taken over what is drained: there was none without */
	bool waits;        /* there is a better one, which must prove itself */
	const struct pcep_hop *hops;
	const uint32_t *steps; /* segments, in the order of travel */
	size_t step_count;
	struct corridor_damping damping;
};

struct pcep_color_ways {
	struct arena *arena;         /* of all */
	struct pcep_color_way *ways; /* by color, from, to; after each its lists, then its backup */
	size_t count;
	size_t missing; /* of these, how many lead nowhere; lists beside a way, and backups, are not counted */
	size_t over;    /* pairs that were not looked at: there are too many */
	size_t waiting; /* of these, for how many something better waits */
	int64_t due_ms; /* when the first of those is to be looked at again; INT64_MAX: none is */
	/* What they are of, by names, for they outlive the picture. */
	const struct pcep_color_names *names;
};

/* Do the names in all conditions name something? 0, or -1 and why not, of the first that does not. */
int pcep_colors_check(const struct corridor_plan *plan, struct corridor_complaint *complaint);

/* `live` has what holds of each segment, and may be NULL: what is worked at or drained is used only where there is
 * no other way. A color with a name that nothing has leads nowhere. 0, or -1 without memory, and nothing is in
 * *out; end with pcep_color_ways_fini. */
int pcep_color_ways_find(struct pcep_color_ways *out, const struct pcep_plan *plan,
			 const enum corridor_live *live);
void pcep_color_ways_fini(struct pcep_color_ways *ways);

/* Ways that are held, when they are looked at again. */
struct pcep_color_held {
	const struct pcep_color_ways *ways; /* of this picture or one before; not those of `out` */
	int64_t now_ms;                     /* of a clock that does not go back */
};
/* As pcep_color_ways_find; but a way that is held and can still be gone is not left for a better one, and one that
 * could not be gone does not come back, before that has been there for the color's return_s, and within the budget
 * of steering (corridor_damping.h). What can no longer be gone, or has become drained where there is another, is
 * left at once. A color that asks for something else than before begins anew. */
int pcep_color_ways_hold(struct pcep_color_ways *out, const struct pcep_plan *plan,
			 const enum corridor_live *live, const struct pcep_color_held *held);

/* How much of the traffic goes that way of those that are lists of one candidate path: by what they carry, or alike where that
 * is not known of one. `way` is one of *ways, and leads somewhere. */
uint32_t pcep_color_weight(const struct pcep_color_ways *ways, const struct pcep_color_way *way);
/* The route of a way as PCEP has it. */
void pcep_color_route(struct pcep_route *out, const struct pcep_color_way *way);
