/* Counters as CSV (RFC 4180): a header that names the columns, in any order, and a row an interface. Pure. */
#pragma once

#include "base/cursor.h"
#include "meter/counter_report.h"

struct counter_csv {
	size_t count;
	int8_t fields[COUNTER_FIELDS]; /* by column */
};

/* Reads the header. 0; or -1 and the reason: a column that is unknown or comes twice. */
int counter_csv_header(struct counter_csv *out, struct cursor header, char why[COUNTER_REASON]);
/* Reads a row into a report that counter_report_init has made. 0; or -1 and the reason. */
int counter_csv_row(struct counter_report *out, const struct counter_csv *csv, struct cursor row,
		    char why[COUNTER_REASON]);
