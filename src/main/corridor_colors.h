/* The ways of colors (sr_colors of the hub file) as they run: worked out when the corridor changes, and told to
 * routers: by BGP through run/steer.sr, which the exchange follows, by PCEP from here. */
#pragma once

#include "corridor/corridor_state.h"
#include "main/role.h"
#include "pcep/pcep_color.h"
#include "pcep/pcep_pce.h"

struct corridor_colors;

/* NULL without memory. */
struct corridor_colors *corridor_colors_new(const struct role_context *context);
void corridor_colors_free(struct corridor_colors *colors);

/* Works out all ways anew, from those that are held; `live` as pcep_color_ways_find has it. Neither is kept. */
void corridor_colors_find(struct corridor_colors *colors, const struct pcep_plan *plan,
			  const enum corridor_live *live);
/* Is something better to be looked at again, as nothing else has changed? */
bool corridor_colors_due(const struct corridor_colors *colors);
/* Every second or so, and after that: tells what is to be told, and renews it as long as it is `fresh`. Then
 * pcep_service_flush is due. */
void corridor_colors_turn(struct corridor_colors *colors, struct pcep_pce *pce, bool fresh,
			  struct mono_us now);
/* The ways as they are; `*over`: they are overdue, and taken back. */
const struct pcep_color_ways *corridor_colors_ways(const struct corridor_colors *colors,
						   bool *over);
