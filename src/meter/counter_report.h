/* What somebody outside says of an interface's counters: an SNMP walk, a push. As it was said, with ids
 * and names; which of the hub's ports that is, and whether it can be used, is meter_counters' matter. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "meter/counter.h"

enum {
	COUNTER_NAME_MAX = 256,  /* octets of an id or name, with the final zero */
	COUNTER_FIELD_MAX = 512, /* of a value as text */
	COUNTER_REASON = 160,
};

struct counter_report {
	/* Where: a port by its id; or an interface of an exporter, by number or name. Empty, or 0:
	 * not told. */
	char port[COUNTER_NAME_MAX], exporter[COUNTER_NAME_MAX], interface[COUNTER_NAME_MAX];
	uint32_t if_index;
	bool has_time;
	struct utc_s time; /* when the counters were read */
	struct counter_reading reading;
};

/* One in which nothing is told yet. */
void counter_report_init(struct counter_report *r, enum traffic_source source);

enum { COUNTER_FIELDS = 17 };
/* Its number, or -1 for a name that is none. */
int counter_field_by_name(const char *name, size_t length);
/* Takes a value as text; an empty one is not told. 0; or -1 and the reason, with the field's name. */
int counter_report_set(struct counter_report *r, int field, const char *text, size_t length,
		       char why[COUNTER_REASON]);
