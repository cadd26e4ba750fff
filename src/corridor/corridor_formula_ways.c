/* Topics of ways: fair shares, and pairs that fail apart. */
#include <math.h>

#include "corridor/corridor_formula_parts.h"

const struct corridor_formula corridor_formulas_of_ways[] = {
	{"max-min",
	 "fair shares of demands on fixed routes",
	 "all grow alike until satisfied or at a full link (water filling)",
	 "links are counted from 0; a route is links with + between, a comma to the next",
	 corridor_formula_maxmin,
	 {{"capacities", CORRIDOR_A_TRAFFIC, NULL, 0, 1e6, true, false},
	  {"routes", CORRIDOR_A_TEXT, NULL, 0, 0, false, false},
	  {"demands", CORRIDOR_A_TRAFFIC, NULL, 0, INFINITY, true, false}}},
	{"disjoint",
	 "the pair of ways of least length that share nothing",
	 "least sum over pairs of ways (Suurballe), beside the shortest way",
	 "edges are A-B:KM with commas between; kind is what is not shared: site or segment",
	 corridor_formula_disjoint,
	 {{"edges", CORRIDOR_A_TEXT, NULL, 0, 0, false, false},
	  {"from", CORRIDOR_A_TEXT, NULL, 0, 0, false, false},
	  {"to", CORRIDOR_A_TEXT, NULL, 0, 0, false, false},
	  {"kind", CORRIDOR_A_TEXT, "site", 0, 0, false, false}}},
	{0},
};
