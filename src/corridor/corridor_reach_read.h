/* The files that a reach plan rests on, as CSV (RFC 4180) or GeoJSON (RFC 7946); which of the two is
 * seen from the first octet that is no space.
 *
 * Towers, CSV: id, lat, lon, and if there: name, kind (tower or town), traffic_mbps, on_fibre,
 * operator, weight, terrain, confidence; latitude, longitude and lng do as well. In GeoJSON these are
 * properties of Point features.
 *
 * Fibre, CSV: lat, lon, and if there: line (points of the same line stand in its order) and name.
 * GeoJSON: LineString and MultiLineString features, and Points. */
#pragma once

#include "corridor/corridor_reach.h"
#include "hub/hub_file.h"

/* An empty input; NULL arena without memory. End with corridor_reach_input_fini. */
struct corridor_reach_input corridor_reach_input_new(void);
void corridor_reach_input_fini(struct corridor_reach_input *input);

/* Adds the towers of a file, then looks at them together. 0, or -1 with complaints in *report (which
 * is the caller's, from hub_report_init); rows without coordinates are no complaint but a note.
 * `bytes` gets a zero octet after its end; it may go after the call, `file` too. */
int corridor_reach_read_towers(struct corridor_reach_input *input, struct hub_report *report,
			       const char *file, struct buf *bytes);
/* Adds existing fibre, likewise. */
int corridor_reach_read_fibre(struct corridor_reach_input *input, struct hub_report *report,
			      const char *file, struct buf *bytes);
