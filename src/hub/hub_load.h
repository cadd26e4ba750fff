/* From a path to one tree: reads the file, the files it includes and the CSV files it names, and
 * joins them. */
#pragma once

#include "hub/hub_file.h"
#include "hub/hub_node.h"

/* The mapping of top-level keys of all files together, or NULL with a complaint in *report. Nodes
 * and file names live in `arena`. */
struct hub_node *hub_load(const char *path, const struct hub_source *source, struct arena *arena,
			  struct hub_report *report);
