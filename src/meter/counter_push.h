/* A request of the control socket that brings counters (net/push.h):
 *
 *	counters push|snmp csv HEADER ROW...
 *	counters push|snmp json ROW...                                              Pure. */
#pragma once

#include "base/buf.h"
#include "base/clock.h"
#include "meter/counter_report.h"
#include "meter/meter.h"

/* Takes the rows and appends the answer, as JSON: how many there were, what came of them, and which were
 * refused and why, by their place in the request from 1 on. 0; or -1 and the reason, when the request as
 * a whole makes no sense: then no row was taken. */
int counter_push(struct meter *m, const char *const *words, size_t count, struct utc_s now,
		 struct buf *out, char why[COUNTER_REASON]);
/* "counted", "first"...: what came of a reading, as a word. */
const char *counter_result_word(enum counter_result result);
