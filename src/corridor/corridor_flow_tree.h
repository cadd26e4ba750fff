/* Shortest ways over arcs of real length, from one site to all: what prices new ways for linear
 * programs. Apart from corridor_search, whose lengths are integers and the same both ways. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "corridor/corridor_graph.h"

struct corridor_flow_tree;

/* NULL without memory. `graph` outlives it. */
struct corridor_flow_tree *corridor_flow_tree_new(const struct corridor_graph *graph);
void corridor_flow_tree_free(struct corridor_flow_tree *tree);

/* `length` is of each arc, not below 0; INFINITY: closed. Ways longer than `most` are not looked for. */
void corridor_flow_tree_run(struct corridor_flow_tree *tree, const double *length, uint32_t from,
			    double most);

/* INFINITY where no such way leads. */
double corridor_flow_tree_length(const struct corridor_flow_tree *tree, uint32_t site);
/* The arcs of the way to `site` from its end to the start: the arc into `site`; UINT32_MAX at the
 * start. */
uint32_t corridor_flow_tree_arc(const struct corridor_flow_tree *tree, uint32_t site);
