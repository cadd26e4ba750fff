/* Places that wait for fibre, and the stretches that could bring it.
 *
 * Towers within 50 m of each other that are not on fibre are one place: one trench, and a smaller
 * cost for each tower after the first. A place is reached from the existing network, at the nearest
 * point of it, or from another place. Candidates are the eight nearest places of each, and the
 * shortest tree over all; where there are few places, all pairs. Fibre that comes to a place
 * connects it: the towers there are counted and paid for. */
#pragma once

#include "corridor/corridor_reach.h"

/* Stands for the existing network where an index of a place is expected. */
enum { CORRIDOR_REACH_ROOT = UINT32_MAX };

struct corridor_reach_place {
	double latitude, longitude;
	struct corridor_vector at;
	int64_t weight;        /* what its towers count for */
	int64_t site_cost;     /* of connecting them, without the stretch */
	uint32_t first, count; /* of members */
	uint8_t terrain;
	/* The stretch from the existing network. */
	int64_t root_cost; /* INT64_MAX: there is none */
	uint32_t root_m;   /* built */
	double root_km;    /* straight */
	uint32_t source;   /* where it starts: index into sources */
	bool on_mast;      /* a tower of the same mast is on fibre: nothing to build */
};

/* Between two places, a < b. */
struct corridor_reach_edge {
	int64_t cost;
	double km; /* straight */
	uint32_t a, b, length_m;
};

/* A piece of existing fibre, short enough to be straight; a point has both ends alike. */
struct corridor_reach_source {
	struct corridor_vector a, b;
	enum { REACH_FROM_TOWER, REACH_FROM_LINE, REACH_FROM_SITE, REACH_FROM_SEGMENT } kind;
	uint32_t index; /* of the tower, line, site or segment */
};

struct corridor_reach_net {
	struct corridor_reach_place *places;
	size_t place_count;
	uint32_t *members;                 /* indices of towers, those of a place together */
	struct corridor_reach_edge *edges; /* cheapest first */
	size_t edge_count;
	/* Edges of each place: edge_of[first_edge[p]] up to edge_of[first_edge[p + 1]]. */
	uint32_t *first_edge, *edge_of;
	uint32_t *by_root; /* places that the network reaches, cheapest stretch first */
	size_t by_root_count;
	struct corridor_reach_source *sources;
	size_t source_count;
	int64_t weight_all, weight_on, weight_off; /* off: that waits at a place */
	size_t towers_on;
	int64_t cost_max; /* no plan costs more */
	bool all_pairs;   /* of places are candidates */
};

/* Sets `place` of the towers of the input. NULL and the complaint: nothing to start from, costs that
 * do not fit, no memory. `hub` may be NULL. */
struct corridor_reach_net *corridor_reach_net_new(struct corridor_reach_input *input,
						  const struct hub *hub,
						  const struct corridor_reach_settings *settings,
						  struct corridor_complaint *complaint);
/* NULL is allowed. */
void corridor_reach_net_free(struct corridor_reach_net *net);

/* The other end of an edge. */
static inline uint32_t
corridor_reach_across(const struct corridor_reach_edge *edge, uint32_t place)
{
	return edge->a == place ? edge->b : edge->a;
}

/* Which of a figure's three values is taken. */
enum corridor_reach_side { REACH_VALUE, REACH_LOW, REACH_HIGH };

/* One of each, so that one can be varied while the others stay. */
struct corridor_reach_prices {
	enum corridor_reach_side km, road, site, upgrade; /* shared goes with site */
};

/* What a straight stretch of so many km between two kinds of ground takes: metres built, and minor
 * units. */
void corridor_reach_stretch(uint32_t *length_m, int64_t *cost,
			    const struct corridor_reach_settings *settings,
			    struct corridor_reach_prices prices, double km,
			    const uint8_t terrains[2]);
/* Of connecting `count` towers of a mast; `on_mast`: another one is there already. */
int64_t corridor_reach_site_cost(const struct corridor_reach_settings *settings,
				 struct corridor_reach_prices prices, size_t count, bool on_mast);
int64_t corridor_reach_upgrade_cost(const struct corridor_reach_settings *settings,
				    struct corridor_reach_prices prices);
/* Where the stretch from the existing network starts. */
void corridor_reach_start(double *latitude, double *longitude, const struct corridor_reach_net *net,
			  const struct corridor_reach_place *place);
