/* What the corridor's steering shows: its plan, the orders in force, the journal, and what an order would do. */
#pragma once

#include "base/buf.h"
#include "base/json.h"
#include "corridor/corridor_sense.h"
#include "corridor/corridor_state.h"
#include "corridor/corridor_steer.h"
#include "hub/steer.h"
#include "view/view_corridor.h"

struct corridor_change;
struct pcep_color_ways;

/* All of it is only read here. */
struct view_corridor_steering {
	const struct hub *hub;
	const struct corridor_state *state;
	const struct corridor_sense *sense; /* NULL: nobody tells anything */
	const enum corridor_live *live;     /* of each segment; NULL: not known */
	const uint8_t *share_percent;       /* likewise: of each one's capacity, what is there */
	int64_t now_ms;                     /* as of `sense` */
	bool measured;                      /* traffic is */
	const struct corridor_steer *steer; /* NULL: nothing is steered */
	const struct steer_plan *plan;      /* as last written, number 0: a dry run; NULL: none */
	const char *stale;                  /* why the plan is not renewed; NULL: it is */
	struct corridor_steer_outcome last; /* of the last run that moved something */
	uint64_t took_us;                   /* from its event to the plan on disk */
	struct utc_s now;
};

/* corridor steer */
void view_corridor_steer(struct buf *out, const struct view_corridor_steering *view,
			 enum view_corridor_form form);
/* Parts of it: how segments are, and what sources tell of them. */
void view_sense_json(struct json *j, const struct view_corridor_steering *view);
void view_sense_text(struct buf *out, const struct view_corridor_steering *view);
/* How full the ports of upstreams are, and what finds no room. */
void view_steer_room_json(struct json *j, const struct view_corridor_steering *view);
void view_steer_room_text(struct buf *out, const struct view_corridor_steering *view);
/* show corridor live: the orders, and each segment that is not up */
void view_corridor_live(struct buf *out, const struct view_corridor_steering *view,
			enum view_corridor_form form);
/* Both of these have them. */
void view_corridor_orders_json(struct json *j, const struct view_corridor_steering *view);
void view_corridor_orders_text(struct buf *out, const struct view_corridor_steering *view);
/* show corridor events */
void view_corridor_events(struct buf *out, const struct view_corridor_steering *view,
			  enum view_corridor_form form);

/* What comes of an order: plans before and after it (of the same setting), and the steering after it. */
struct view_corridor_preview {
	const struct hub *hub;
	const enum corridor_live *before, *after;   /* of each segment */
	const struct corridor_steer *steer, *ahead; /* NULL both: nothing is steered */
	const struct steer_plan *plan, *next;
	const struct corridor_plan *corridor;           /* all there */
	const struct corridor_change *change;           /* what comes of it for demands */
	const struct pcep_color_ways *colors, *colored; /* before and after; NULL both: none */
};
/* corridor cut|drain|restore|work ... --preview */
void view_corridor_preview(struct buf *out, const struct view_corridor_preview *preview,
			   enum view_corridor_form form);
