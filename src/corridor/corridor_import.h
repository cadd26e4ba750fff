/* Taking in the corridor's data from files that others made: GeoJSON (RFC 7946), graphs in node-link JSON, or CSV. A file
 * becomes lists as CSV text, these are tried as part of a hub file, and what holds is written anew by
 * hub/hub_csv.h. Nothing is guessed: what does not fit is told, feature by feature. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "hub/hub_csv.h"
#include "hub/hub_file.h"

enum { CORRIDOR_IMPORT_COMPLAINTS_MAX = 20 };

struct corridor_import {
	struct buf csv[HUB_CSV_LISTS];   /* by hub_csv_lists; empty: not in the file */
	const char *from[HUB_CSV_LISTS]; /* the caller's: the file that a list came from */
	bool made[HUB_CSV_LISTS];        /* of JSON: its lines are none of that file's */
	struct buf complaints;           /* lines; any of them refuses the file */
	size_t complaint_count;
	struct buf notes; /* lines: what was left aside, worked out or turned round */
};

void corridor_import_fini(struct corridor_import *import);

/* Reads a graph, as networkx and TopoHub write it: nodes are sites, edges segments; or a
 * FeatureCollection: points are sites, lines are segments; `lists` beside the features holds
 * further lists as corridor export writes them. Properties are called as items of the hub file. Ends
 * that are not named are sites within CORRIDOR_END_KM of the line's ends, of the file or of `known`
 * (may be NULL). 0, or -1 with complaints; without memory there are none. */
int corridor_import_json(struct corridor_import *out, const char *bytes, size_t length,
			 const struct hub *known);
enum { CORRIDOR_END_KM = 5 };

/* Takes a file of CSV as the list `index` of hub_csv_lists. 0, or -1 without memory. */
int corridor_import_csv(struct corridor_import *out, size_t index, const char *bytes,
			size_t length);
/* Which list a file of CSV is: by its name (.../segments.csv), else by its columns; HUB_CSV_LISTS if
 * neither tells. */
size_t corridor_import_which(const char *path, const char *bytes, size_t length);

/* Moves the lists of `from` to `to`. HUB_CSV_LISTS; or a list that both have, and nothing was moved. */
size_t corridor_import_join(struct corridor_import *to, struct corridor_import *from);

/* Says in the report where each thing stands in the files that lists came from: of one made of JSON the
 * element, "map.geojson: segments C01"; of CSV the file's own name. */
void corridor_import_trace(const struct corridor_import *import, struct hub_report *report);

/* The picture of `known` (NULL: of nothing) with these lists in the place of its own; NULL and the
 * report, in which files are called LIST.csv and the rest CORRIDOR_IMPORT_KNOWN. `known` is the text
 * of a hub file as hub_file_write makes it. End the report with hub_report_fini, whatever came. */
#define CORRIDOR_IMPORT_KNOWN "hub.yaml"
struct hub *corridor_import_try(const struct corridor_import *import, const struct buf *known,
				struct hub_report *report);
