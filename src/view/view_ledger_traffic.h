/* Traffic of a month, or of hours, summed up by one thing: days as they come from the ledger, each summed
 * up as the meter's bins are (view_meter_by.h), added up by key. */
#pragma once

#include "base/buf.h"
#include "ledger/ledger_traffic.h"
#include "view/view_ledger.h"
#include "view/view_ledger_steps.h"

/* Sums of members by network that are held at most: beyond, the smaller half of a month so far becomes one
 * row a member, that comes last, so that memory is bounded however many networks there are. What
 * is told of a network is then what came while it was among the larger ones: no more than its traffic. */
enum { VIEW_HISTORY_SUMS = 1 << 18 };

struct view_history {
	const struct hub *hub;
	struct ledger_traffic_span span;
	size_t limit; /* of rows; 0: 40 in text, else all */
	size_t room;  /* VIEW_HISTORY_SUMS */
	/* What the days came to; memory of view_history_fini. */
	struct ledger_sums sums; /* by key and way: octets, as sampled in `packets` */
	uint64_t covered_s, entered, not_attributed;
	bool simulated;
	struct view_steps series; /* step_s 0: none was asked for */
};

/* All parts were added once: makes the series over span.step_s, to be filled by adding them a second
 * time, which changes nothing else. `ports`: as for view_history_show. 0, or -1 without memory. */
int view_history_series(struct view_history *view, const struct traffic_batch *ports);

/* Adds a part; `told` may be NULL. 0, or -1 without memory. */
int view_history_add(struct view_history *view, const struct traffic_batch *part,
		     const struct ledger_traffic_told *told);
/* `ports`: a batch whose ports the keys are places of, as of each part. `now` tells how old sums are. 0,
 * or -1 without memory. */
int view_history_show(struct buf *out, const struct view_history *view, enum view_ledger_form form,
		      const struct traffic_batch *ports, struct utc_s now);
void view_history_fini(struct view_history *view);
