/* A request of the control socket that brings counters, a row a line of the file that goes along with
 * it (net/push.h):
 *
 *	counters push|snmp csv      a header, then rows
 *	counters push|snmp json     objects                                         Pure. */
#pragma once

#include "base/buf.h"
#include "base/clock.h"
#include "base/cursor.h"
#include "meter/counter_report.h"
#include "meter/meter.h"

struct counter_push {
	const char *const *words;
	size_t count;
	struct cursor rows;
};

/* Takes the rows, of which there are at most PUSH_ROWS, and appends the answer, as JSON: how many there
 * were, what came of them, and which were refused and why, by their place from 1 on. 0; or -1 and the
 * reason, when the request as a whole makes no sense: then no row was taken. */
int counter_push(struct buf *out, struct meter *m, const struct counter_push *push,
		 struct utc_s now, char why[COUNTER_REASON]);
/* "counted", "first"...: what came of a reading, as a word. */
const char *counter_result_word(enum counter_result result);
