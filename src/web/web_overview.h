/* The overview: one answer joined from what the rooms said. */
#pragma once

#include "base/buf.h"
#include "base/json_read.h"

/* What each room said last, as read; NULL when it does not answer, or cannot be read: then its
 * numbers are null in the overview, never 0. Not owned. */
struct web_parts {
	const struct json_value *status;   /* show status */
	const struct json_value *members;  /* show members */
	const struct json_value *traffic;  /* show traffic */
	const struct json_value *corridor; /* show overview */
	const struct json_value *total;    /* show curve hub: all ports together, of this month */
};

enum { WEB_INCIDENTS_MAX = 40 };

/* Appends the overview (docs/api.md) to *out as JSON. -1 if there is no memory. Pure: the same
 * parts give the same octets. */
int web_overview_join(struct buf *out, const struct web_parts *parts);
