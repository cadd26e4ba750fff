/* Traffic over time in steps: of the largest that a history has, how much in each hour or day, and how
 * well it was listened in it. Made in a second reading, when it is known which are the largest: so that
 * memory is bounded by them and the steps, however many pairs or networks there are. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"
#include "ledger/ledger_traffic.h"
#include "view/view_meter_by.h"

enum { VIEW_STEPS_ROWS_MAX = 9, VIEW_STEPS_MAX = 800 };

struct view_step {
	uint32_t covered_s; /* some meter listened */
	uint64_t lost;      /* records that did not arrive */
	uint64_t octets[VIEW_STEPS_ROWS_MAX], rest;
};

/* A zeroed one is none. */
struct view_steps {
	struct utc_s from; /* of the first step, a multiple of step_s */
	uint32_t step_s;
	struct view_step *steps;
	size_t step_count;
	uint64_t keys[VIEW_STEPS_ROWS_MAX]; /* of the rows, the largest first */
	size_t key_count;
};

/* Steps of span->step_s over the span, for the first rows of `by`, `limit` of them at most (0: as many as
 * there may be). 0, or -1 without memory or for too many steps. */
int view_steps_begin(struct view_steps *out, const struct ledger_traffic_span *span,
		     const struct view_by *by, size_t limit);
void view_steps_fini(struct view_steps *series);
/* Adds rows of a part that begins at `start`; `told` may be NULL. */
void view_steps_add(struct view_steps *series, const struct view_by *rows, struct utc_s start,
		    const struct ledger_traffic_told *told);

/* "each_s" and "steps" of an object; steps that begin after `now` are left out. */
void view_steps_json(struct json *j, const struct view_steps *series, struct utc_s now);
/* A line a step, a column each of the largest, named as in `by`, and one for the rest. */
void view_steps_csv(struct buf *out, const struct view_steps *series, const struct view_by *by,
		    struct utc_s now);
void view_steps_text(struct buf *out, const struct view_steps *series, struct utc_s now);
