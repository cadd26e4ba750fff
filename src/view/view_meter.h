/* What the meter shows: traffic of ports, the matrix of members, exporters and what they lost. */
#pragma once

#include <stddef.h>

#include "base/buf.h"
#include "base/clock.h"
#include "meter/meter.h"
#include "meter/meter_memory.h"

/* As enum control_form. */
enum view_meter_form { VIEW_METER_TEXT, VIEW_METER_JSON, VIEW_METER_CSV };

struct view_meter {
	const struct meter *meter;
	struct utc_s now;
	int buffer;         /* octets that the kernel holds for the sockets */
	size_t waiting;     /* closed bins that could not be written yet */
	uint64_t forgotten; /* those that waited too long, and are lost */
	struct meter_memory
		beside[METER_PARTS]; /* what is held besides the meter: by workers, by sockets */
	size_t workers;              /* 0: none */
	const char *trouble; /* why what was counted cannot be kept for another run; NULL: it is */
};

struct view_meter_refusal {
	int status; /* 400: words that make no sense; 500: no memory */
	char text[160];
};

/* Answers the words of a request:
 *
 *   show traffic
 *   show traffic by WHAT [now] [limit N]      pair, as, next-as, member-as, country, segment, service, local,
 *                                             member, port, family or path; now: the open
 *                                             bin
 *   show ports                 counters beside samples
 *   show matrix [limit N]      the N largest pairs; text: 40, else all
 *   show exporters
 *   show memory                what the meter holds in memory, and at most
 *   metrics meter
 *
 * Appends the answer to *out. 0, or -1 and the refusal. CSV is there for all but exporters. */
int view_meter_answer(struct buf *out, const struct view_meter *view, enum view_meter_form form,
		      const char *const *words, size_t count, struct view_meter_refusal *refusal);
