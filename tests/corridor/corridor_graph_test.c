/* Sites and segments become arcs; lengths become exact whole numbers. */
#include "corridor/corridor_graph.h"

#include <errno.h>
#include <math.h>

#include "tap.h"

static void
arcs(void)
{
	/* 0 ══ 1 (two segments), 1 ── 2, 3 alone */
	struct corridor_ends ends[] = {{0, 1}, {2, 1}, {1, 0}};
	struct corridor_graph *g = corridor_graph_new(4, ends, 3);
	if (!ok(g != NULL, "a small graph is made"))
		return;
	ok(g->first_arc[1] - g->first_arc[0] == 2, "a site has an arc for each of its segments");
	ok(g->first_arc[2] - g->first_arc[1] == 3, "parallel segments each have their arc");
	ok(g->first_arc[4] - g->first_arc[3] == 0, "a site without segments has none");
	const struct corridor_arc *a = &g->arcs[g->first_arc[1]];
	ok(a[0].segment == 0 && a[1].segment == 1 && a[2].segment == 2,
	   "arcs of a site are in the order of segments");
	ok(a[0].to == 0 && a[1].to == 2 && a[2].to == 0, "and lead to the other end, whichever");
	corridor_graph_free(g);
}

static void
refused(void)
{
	struct corridor_ends ends[] = {{0, 2}};
	errno = 0;
	ok(corridor_graph_new(2, ends, 1) == NULL && errno == EINVAL,
	   "an end that is no site is refused");
	errno = 0;
	ok(corridor_graph_new(CORRIDOR_SITES_MAX + 1, NULL, 0) == NULL && errno == EINVAL,
	   "more sites than a hop count can hold are refused");
	struct corridor_graph *g = corridor_graph_new(0, NULL, 0);
	ok(g && g->first_arc[0] == 0, "a graph of nothing is a graph");
	corridor_graph_free(g);
}

static void
lengths(void)
{
	is_int(corridor_length_cm(769.46), 76946000, "hundredths of a kilometre are exact");
	is_int(corridor_length_cm(0), 0, "no length at all is not a length");
	is_int(corridor_length_cm(-5), 0, "nor is one below nothing");
	is_int(corridor_length_cm(NAN), 0, "nor one that is not known");
	is_int(corridor_length_cm(INFINITY), 0, "nor one without end");
	is_int(corridor_length_cm(42950), 0, "nor one longer than any way round the world");
	uint64_t longest = corridor_cost_of_length(UINT32_MAX);
	ok(longest <= (CORRIDOR_CLOSED - 1) / CORRIDOR_SITES_MAX,
	   "the longest segments, over as many hops as there can be sites, do not overflow");
	ok(corridor_cost_of_length(2) > corridor_cost_of_length(1) + CORRIDOR_SITES_MAX - 1,
	   "no number of hops weighs as much as a centimetre");
}

static void
latency(void)
{
	/* Twice formulas T01 and T03: 380 and 1182 km one way. */
	ok(fabs(corridor_round_trip_ms(380) / (2 * 1.860753949) - 1) < 1e-9,
	   "the Trans-Caspian cable is 3.72 ms there and back");
	ok(fabs(corridor_round_trip_ms(1182) / (2 * 5.787924124) - 1) < 1e-9,
	   "the Black Sea is 11.58 ms there and back");
}

int
main(void)
{
	arcs();
	refused();
	lengths();
	latency();
	return done_testing();
}
