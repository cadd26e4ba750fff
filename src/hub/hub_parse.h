/* From the bytes of one file to a tree: YAML 1.1 (by libyaml's events) and CSV (RFC 4180). What is
 * wrong goes into the report; the tree that comes back is then NULL or not to be used. */
#pragma once

#include "base/buf.h"
#include "hub/hub_node.h"
#include "hub/hub_report.h"

/* True if the bytes are UTF-8 without control characters other than tab and line ends; complains
 * with the exact place otherwise. `bytes` gets a zero octet after its end. */
bool hub_parse_text(struct hub_report *report, const char *file, struct buf *bytes);

/* Reads one YAML document; the root, or NULL. `file` is kept, not copied. */
struct hub_node *hub_parse_yaml(struct arena *arena, struct hub_report *report, const char *file,
				const struct buf *bytes);

/* What a CSV file must and may have in its first line. */
struct hub_columns {
	const char *const *names; /* those that are read; others are ignored */
	const bool *required;
	size_t count;
};

/* Reads a CSV file as a list of mappings, a row each, keyed by the names of its first line; empty
 * fields are left out. NULL if the first line is wrong or there is no memory. `bytes` must have
 * passed hub_parse_text. */
struct hub_node *hub_parse_csv(struct arena *arena, struct hub_report *report, const char *file,
			       const struct buf *bytes, const struct hub_columns *columns);
