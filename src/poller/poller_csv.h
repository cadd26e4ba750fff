/* Readings as rows of CSV, as the meter takes pushes (docs/api.md). Pure. */
#pragma once

#include "base/buf.h"
#include "poller/poller_table.h"

/* The columns, with a newline. */
extern const char poller_csv_header[];
/* Appends a row with its newline. Where it belongs: a port of that id, or, where that is NULL, the
 * interface of an exporter. What the reading does not tell is an empty cell. */
void poller_csv_row(struct buf *out, const char *port, const char *exporter,
		    const struct poller_reading *reading);
