/* Which towers and towns to put on fibre, in which year, so that a target share is reached at least
 * cost. A plan is a forest that grows out of the existing network: it rests on
 *
 *   corridor_reach_read.h    the files of towers and of existing fibre
 *   corridor_reach_net.h     places, candidate stretches, what each costs
 *   corridor_reach_bound.h   what no plan can go below
 *   corridor_reach_tree.h    shortest trees, pruning, the order of building
 *   corridor_reach_select.h  the set of places for a target or a budget
 *   corridor_reach_plan.h    years, curve, what rests on estimates
 *
 * Money is an integer of minor units (cents). Nothing here is random: the same files give the same
 * plan. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "corridor/corridor_names.h"
#include "corridor/corridor_near.h"
#include "corridor/corridor_plan.h"
#include "hub/hub.h"

enum {
	CORRIDOR_REACH_TERRAINS = 32,
	CORRIDOR_REACH_YEARS = 30,
	CORRIDOR_REACH_TOWERS = 1 << 20,
	CORRIDOR_REACH_PIECES = 1 << 21, /* of existing fibre */
};

/* A tower or a town as its file tells it. */
struct corridor_reach_tower {
	const char *id, *name, *operator_name; /* the last two may be NULL */
	double latitude, longitude;            /* NAN: not known, or not believed */
	int64_t traffic_kbps, weight_milli;
	uint8_t terrain; /* index into terrains */
	bool town, on_fibre;
	enum hub_confidence confidence;
	uint32_t place; /* index; HUB_NONE: on fibre already, or nowhere */
};

/* A place from which new fibre may start, or one end of a piece of a line of it. */
struct corridor_reach_line {
	const char *name;               /* NULL: none */
	double *latitudes, *longitudes; /* a point: count 1 */
	size_t count;
};

/* What was noticed while the files were read: the plan is made all the same. */
struct corridor_reach_notes {
	size_t no_coordinates;  /* towers without, or at 0, 0 */
	size_t far_off;         /* that would be among the others were their coordinates swapped */
	const char *far_off_id; /* the first of them */
	size_t unstated;        /* rows that do not say how sure they are */
	size_t no_traffic;
};

/* The files, as read. All memory is the arena's. */
struct corridor_reach_input {
	struct arena *arena;
	struct corridor_reach_tower *towers;
	size_t tower_count;
	struct corridor_reach_line *lines;
	size_t line_count;
	const char *terrains[CORRIDOR_REACH_TERRAINS]; /* the first is "": not told */
	size_t terrain_count;
	struct corridor_reach_notes notes;
};

/* What is wanted, everything spelled out. */
struct corridor_reach_settings {
	struct currency currency;
	enum hub_reach_count count;
	bool sites, segments; /* of the hub are existing fibre */
	unsigned years;
	unsigned first_year; /* 0: years are called 1, 2, 3 */
	/* One of each for every year. Targets in hundredths of a percent, UINT32_MAX: none;
	 * budgets in minor units, INT64_MAX: none. A target is of all towers, at the year's end; what
	 * a year leaves of its budget is there in the next one. */
	uint32_t targets[CORRIDOR_REACH_YEARS];
	int64_t budgets[CORRIDOR_REACH_YEARS];
	double stretch_max_km; /* no longer stretch is built; INFINITY: any */
	/* By terrain of the input. */
	struct corridor_fact km[CORRIDOR_REACH_TERRAINS]; /* units of money a km */
	struct corridor_fact road[CORRIDOR_REACH_TERRAINS];
	struct corridor_fact site, shared, upgrade; /* units of money */
};

/* The hub file's wishes, and what stands for those that it does not have. Terrains are those of the
 * input. 0, or -1 and the complaint: costs too large, a target below what is already there is none.
 */
int corridor_reach_settle(struct corridor_reach_settings *out, const struct hub_reach *wanted,
			  const struct corridor_reach_input *input,
			  struct corridor_complaint *complaint);

/* What `tower` counts for. */
int64_t corridor_reach_counts_for(const struct corridor_reach_tower *tower,
				  enum hub_reach_count count);
