/* Towers that stand together. */
#pragma once

#include "corridor/corridor_reach_net.h"

/* No further apart than this they share a trench. */
extern const double corridor_reach_mast_km;

/* Makes the places of the net out of the towers that wait for fibre: a tower belongs to the first
 * place near enough, or is a new one. Fills in places (where they are, their ground, their members)
 * and the place of each tower. 0, or -1 without memory. */
int corridor_reach_masts_find(struct corridor_reach_net *net, struct corridor_reach_input *input);
