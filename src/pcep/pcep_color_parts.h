/* What finding the best ways of colors and holding them share; used by pcep_color*.c only. */
#pragma once

#include "corridor/corridor_best.h"
#include "pcep/pcep_color.h"

/* Names that ways are known by when the picture has changed. */
struct pcep_color_names {
	const char **routers, **segments;
	uint64_t *terms; /* of each color, what it asks for, as a hash */
	size_t router_count, segment_count, color_count;
};

/* What holds while the ways of one color are looked for. */
struct painter {
	const struct pcep_plan *plan;
	const struct hub_sr_color *color;
	struct arena *arena;                       /* of what is found */
	struct corridor_conditions careful, plain; /* without what is drained, and with it */
	const enum corridor_live *live;            /* NULL: nothing is */
	bool drained;                              /* something is */
	const bool *
		barred; /* of each segment, is it nothing for what stands apart? NULL: this is the way itself */
	bool backup;        /* of two things that stand apart, this is the backup; */
	uint8_t list;       /* else a list beside the way, from 1; 0: neither */
	uint64_t cost_most; /* of such a list */
	enum corridor_measure measure;
	uint8_t setup_type;
	struct pcep_answer *answer;
	/* The way that was found last. */
	struct found {
		bool there;
		bool drained; /* there is none but over what is drained */
		uint64_t cost;
		const uint32_t *steps;
		size_t step_count;
	} found;
	struct color_holding *holding; /* NULL: nothing is held */
};

/* Looks for the best way between two routers, into p->found and p->answer. `within`: over these segments only; NULL:
 * any. 0, or -1 without memory. */
int color_look(struct painter *p, uint32_t from, uint32_t to, const struct pcep_color_way *within);
/* Adds what was found, or that there is none. 0, or -1 without memory. */
int color_add(struct pcep_color_ways *out, const struct painter *p, uint32_t from, uint32_t to);

/* Ways that are held, by what they are called in the picture at hand. */
struct color_holding {
	const struct pcep_color_ways *ways;
	int64_t now_ms;
	uint32_t *color,
		*router; /* of the picture: index of the same in what is held; HUB_NONE: it is new */
	uint32_t *segment; /* of what is held: index in the picture; HUB_NONE: it is gone */
};
/* 0, or -1 without memory. */
int color_holding_make(struct color_holding *out, const struct hub *hub,
		       const struct pcep_color_names *names, const struct pcep_color_held *held,
		       struct arena *arena);
/* Finds the best way between two routers and adds that, or the one that is held. 0, or -1 without memory. */
int color_decide(struct pcep_color_ways *out, struct painter *p, uint32_t from, uint32_t to);
/* NULL without memory. */
const struct pcep_color_names *color_names_of(const struct hub *hub, struct arena *arena);
