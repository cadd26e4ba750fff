/* A reach plan as text, JSON, CSV, GeoJSON and pictures. Pure: who asks brings the files' contents. */
#pragma once

#include "base/buf.h"
#include "corridor/corridor_reach_plan.h"
#include "corridor/corridor_reach_read.h"

struct view_reach {
	const struct hub *hub; /* NULL: none */
	struct corridor_reach_input input;
	struct corridor_reach_settings settings;
	struct corridor_reach_net *net;
	struct corridor_reach_plan plan;
};

/* Plans by what `wanted` says. `hub` may be NULL, else it has to live as long. Takes the input over,
 * also when it fails. 0, or -1 and the complaint. End with view_reach_fini. */
int view_reach_make(struct view_reach *out, struct corridor_reach_input *input,
		    const struct hub *hub, const struct hub_reach *wanted,
		    struct corridor_complaint *complaint);
void view_reach_fini(struct view_reach *view);

/* Years, bound, sensitivity, what it rests on: for a terminal. */
void view_reach_text(struct buf *out, const struct view_reach *view);
/* The same in full, with the curve; the builds are in CSV and GeoJSON. */
void view_reach_json(struct buf *out, const struct view_reach *view);
/* A row for each tower that is connected, in the order of building. */
void view_reach_csv(struct buf *out, const struct view_reach *view);
/* RFC 7946: a line for each stretch and a point for each tower, with their years. */
void view_reach_geojson(struct buf *out, const struct view_reach *view);
/* RFC 7946: what the plan starts from, to be drawn below it: a line for each of the existing fibre, and
 * the names of places with most towers (points with "name", "towers" and "spread_km"). */
void view_reach_existing(struct buf *out, const struct view_reach *view);
/* A map of the plan. `land` is a TopoJSON with an object "land" to be drawn below; may be NULL. */
void view_reach_map(struct buf *out, const struct view_reach *view, const char *land,
		    size_t land_length);
/* Share against money, with the bound. */
void view_reach_curve_csv(struct buf *out, const struct view_reach *view);
void view_reach_curve_svg(struct buf *out, const struct view_reach *view);
