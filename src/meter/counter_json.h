/* Counters as JSON: an object an interface, with the names of the columns of CSV. Pure. */
#pragma once

#include "base/arena.h"
#include "base/cursor.h"
#include "meter/counter_report.h"

/* Reads an object into a report that counter_report_init has made; memory of the reading is taken from
 * `arena`. 0; or -1 and the reason. */
int counter_json_row(struct counter_report *out, struct cursor object, struct arena *arena,
		     char why[COUNTER_REASON]);
