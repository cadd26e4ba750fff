/* The one door for counters from outside, whoever brings them. */
#pragma once

#include "meter/counter_report.h"
#include "meter/meter.h"

/* Takes a report. NULL and *result, what came of it; or why it is refused, static text, and then
 * nothing is changed.
 *
 * Its time may be up to 60 s ahead of `now` (clocks differ: it counts as now) and as far back as gaps are
 * bridged. If it tells a port by id or name and an ifIndex, that is learned (meter_learn.h). What was told before is told in vain: COUNTER_OVERTAKEN. So a report may be given twice. */
const char *meter_counters(struct meter *m, const struct counter_report *report, struct utc_s now,
			   enum counter_result *result);
