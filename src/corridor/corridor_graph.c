/* The corridor as a graph: arcs of all sites in one array (compressed sparse rows). */
#include "corridor/corridor_graph.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { LIGHT_M_PER_S = 299792458 };

static const double fibre_index = 1.468;

/* Counts the arcs of each site, turns the counts into places, then fills the places. */
static void
lay_out_arcs(struct corridor_graph *g)
{
	for (size_t i = 0; i < g->segment_count; i++) {
		g->first_arc[g->ends[i].a + 1]++;
		g->first_arc[g->ends[i].b + 1]++;
	}
	for (size_t i = 0; i < g->site_count; i++)
		g->first_arc[i + 1] += g->first_arc[i];
	/* While filling, first_arc[s] is the next free place of s: at the end it has become the
	 * first of s + 1, and one shift puts all of them right. */
	for (size_t i = 0; i < g->segment_count; i++) {
		struct corridor_ends e = g->ends[i];
		g->arcs[g->first_arc[e.a]++] = (struct corridor_arc){e.b, (uint32_t)i};
		g->arcs[g->first_arc[e.b]++] = (struct corridor_arc){e.a, (uint32_t)i};
	}
	for (size_t i = g->site_count; i > 0; i--)
		g->first_arc[i] = g->first_arc[i - 1];
	g->first_arc[0] = 0;
}

static struct corridor_graph *
graph_alloc(size_t site_count, size_t segment_count)
{
	struct corridor_graph *g = calloc(1, sizeof(*g));
	if (!g)
		return NULL;
	g->site_count = site_count;
	g->segment_count = segment_count;
	g->ends = calloc(segment_count + 1, sizeof(*g->ends));
	g->first_arc = calloc(site_count + 1, sizeof(*g->first_arc));
	g->arcs = calloc(2 * segment_count + 1, sizeof(*g->arcs));
	if (g->ends && g->first_arc && g->arcs)
		return g;
	corridor_graph_free(g);
	errno = ENOMEM;
	return NULL;
}

struct corridor_graph *
corridor_graph_new(size_t site_count, const struct corridor_ends *ends, size_t segment_count)
{
	assert(ends || segment_count == 0);
	if (site_count > CORRIDOR_SITES_MAX || segment_count > UINT32_MAX / 2 - 1) {
		errno = EINVAL;
		return NULL;
	}
	for (size_t i = 0; i < segment_count; i++) {
		if (ends[i].a >= site_count || ends[i].b >= site_count) {
			errno = EINVAL;
			return NULL;
		}
	}
	struct corridor_graph *g = graph_alloc(site_count, segment_count);
	if (!g)
		return NULL;
	for (size_t i = 0; i < segment_count; i++)
		g->ends[i] = ends[i];
	lay_out_arcs(g);
	return g;
}

struct corridor_graph *
corridor_graph_of_hub(const struct hub *hub)
{
	assert(hub);
	struct corridor_ends *ends = calloc(hub->segment_count + 1, sizeof(*ends));
	if (!ends)
		return NULL;
	for (size_t i = 0; i < hub->segment_count; i++)
		ends[i] = (struct corridor_ends){hub->segments[i].a, hub->segments[i].b};
	struct corridor_graph *g = corridor_graph_new(hub->site_count, ends, hub->segment_count);
	int error = errno;
	free(ends);
	errno = error;
	return g;
}

void
corridor_graph_free(struct corridor_graph *graph)
{
	if (!graph)
		return;
	free(graph->ends);
	free(graph->first_arc);
	free(graph->arcs);
	free(graph);
}

uint32_t
corridor_length_cm(double length_km)
{
	double cm = round(length_km * 1e5);
	return cm >= 1 && cm <= UINT32_MAX ? (uint32_t)cm : 0;
}

double
corridor_round_trip_ms(double length_km)
{
	return 2 * length_km * 1e3 * fibre_index / LIGHT_M_PER_S * 1e3;
}
