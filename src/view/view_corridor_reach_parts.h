/* The parts of showing a reach plan; used by its files only. */
#pragma once

#include <stdbool.h>

#include "base/json.h"
#include "view/view_corridor_reach.h"
#include "view/view_land.h"
#include "view/view_text.h"

enum { REACH_TEXT = 40 };

/* --- view_corridor_reach.c --- */
/* "1,234,567"; returns `out`. */
char *view_reach_count(char out[REACH_TEXT], int64_t value);
/* "412.3 M", without the currency; returns `out`. */
char *view_reach_money(char out[REACH_TEXT], const struct view_reach *view, int64_t minor);
/* In units of the currency. */
double view_reach_units(const struct view_reach *view, int64_t minor);
/* "2027", or "year 1"; returns `out`. */
char *view_reach_year(char out[REACH_TEXT], const struct view_reach *view, unsigned year);
/* Is the target of a year met before anything is built? */
bool view_reach_met_before(const struct view_reach *view, unsigned year);
/* How much the plan costs more than it must, percent; 0 when nothing is built. */
double view_reach_gap(int64_t cost, int64_t least_cost);

/* Where a build starts: its id and what that is ("tower", "line", "site", "segment"). */
struct view_reach_start {
	const char *id, *kind;
	double latitude, longitude;
};
struct view_reach_start view_reach_start_of(const struct view_reach *view,
					    const struct corridor_reach_build *build);

/* --- view_corridor_reach_rows.c --- */
/* A position of GeoJSON (RFC 7946 section 3.1.1), of degrees: longitude first. */
void view_reach_position(struct json *j, double latitude, double longitude);

/* --- view_corridor_reach_map.c --- */
/* The colour of a year, of so many. */
const char *view_reach_colour(unsigned year, unsigned years);

/* --- view_corridor_reach_labels.c --- */
/* Towers with the same name. */
struct view_reach_name {
	const char *name;
	size_t count;
	struct corridor_vector middle;
	double spread_km; /* root of the mean square from the middle */
};
/* Those with most towers first; *out is to be freed, and may be NULL when there are none. How many. */
size_t view_reach_names(struct view_reach_name **out, const struct view_reach *view);
void view_reach_labels(struct buf *out, const struct view_reach *view,
		       const struct view_reach_paper *paper);
