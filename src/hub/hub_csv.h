/* A list of the picture as CSV (RFC 4180), so that `LIST: {csv: FILE}` reads back the same. */
#pragma once

#include "base/buf.h"
#include "hub/hub.h"
#include "hub/hub_schema.h"

/* The lists that make the corridor, in the order in which they are read; items of hub_schema_root
 * whose tables can come from CSV. */
extern const char *const hub_csv_lists[];
enum { HUB_CSV_LISTS = 10 };

/* The item of the outermost table for one of these lists; NULL for any other word. */
const struct hub_item *hub_csv_list(const char *key);
/* How many elements the hub has in the list, and the first of them. */
size_t hub_csv_elements(const struct hub *hub, const struct hub_item *list, const char **first);

/* True when the value is not given, or is what would be taken if it was not: no need to write it. */
bool hub_csv_leaves_out(const struct hub *hub, const struct hub_table *table,
			const struct hub_item *item, const void *element);
/* The text of one cell, empty when it is left out. False, with a reason in *why, when no cell can
 * hold the value. */
bool hub_csv_cell(const struct hub *hub, const struct hub_table *table, const struct hub_item *item,
		  const void *element, struct buf *out, const char **why);

/* What could not be written. */
struct hub_csv_trouble {
	size_t row;      /* index of the element */
	const char *key; /* item */
	const char *why;
};

/* Appends the list as CSV, with the columns that any element fills. 0, or -1 and *trouble (row and
 * key are NULL for want of memory). */
int hub_csv_write(const struct hub *hub, const struct hub_item *list, struct buf *out,
		  struct hub_csv_trouble *trouble);
/* One field, quoted where it has to be. */
void hub_csv_field(struct buf *out, const char *text, size_t length);
