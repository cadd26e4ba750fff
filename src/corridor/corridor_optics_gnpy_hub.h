/* The hub's corridor in the form of GNPy's files, and a network of theirs in the form of a hub
 * file: a site is a ROADM with its transceiver, a segment a line in each direction. */
#pragma once

#include "corridor/corridor_optics_gnpy.h"
#include "corridor/corridor_optics_lit.h"

/* Sites at which a segment ends, and all segments that have a length. What is made lives in `arena`
 * and refers to the kit. 0, or -1 if there is no memory. */
int corridor_gnpy_of_hub(struct corridor_network *network, struct corridor_equipment *equipment,
			 struct arena *arena, const struct corridor_kit *kit,
			 const struct hub *hub);

/* Appends sites, segments and optics as a part of a hub file. What a hub file cannot say is in the
 * notes: lines that are not alike in both directions, amplifiers of other models. 0, or -1 and the
 * complaint. `equipment` NULL: without optics. */
int corridor_gnpy_to_hub(struct buf *out, const struct corridor_network *network,
			 const struct corridor_equipment *equipment, struct buf *notes,
			 struct corridor_complaint *complaint);
