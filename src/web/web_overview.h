/* The overview: one answer joined from what the rooms said. */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "base/json_read.h"

/* The questions that it is made of. */
enum web_part {
	WEB_STATUS,
	WEB_MEMBERS,
	WEB_TRAFFIC,
	WEB_CORRIDOR,
	WEB_TOTAL, /* all ports together, of this month */
	WEB_ALARMS,
	WEB_PROPOSALS,
	WEB_POLLS,
	WEB_LEDGER,
	WEB_DISPUTES,
	WEB_AGED,
	WEB_OWED, /* what the hub owes, likewise */
	WEB_PARTS
};

struct web_question {
	const char *words[3];
	size_t count;
	int64_t every_ms; /* how often it is worth asking; 0: each time */
};
extern const struct web_question web_overview_questions[WEB_PARTS];

/* What each room said last, as read; NULL when it does not answer, or cannot be read: then its
 * numbers are null in the overview, never 0. Not owned. */
struct web_parts {
	const struct json_value *of[WEB_PARTS];
};

/* Appends the overview (docs/api.md) to *out as JSON. -1 if there is no memory. Pure: the same
 * parts give the same octets. */
int web_overview_join(struct buf *out, const struct web_parts *parts);
/* The same for who is not the operator: sums and the busiest segments, without rooms and incidents. */
int web_overview_public(struct buf *out, const struct web_parts *parts);
