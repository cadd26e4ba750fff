/* A month that never was: the lab's traffic on a clock of its own, through the meter's core as real
 * datagrams would go, marked as simulated. Pure. */
#pragma once

#include "hub/traffic.h"
#include "lab/lab_plan.h"
#include "lab/lab_traffic.h"

/* What the meter closed; valid during the call. 0 to go on. */
typedef int lab_history_sink(void *context, const struct traffic_batch *batch);

/* The run that all batches of a history carry: making it up again changes nothing in the ledger. */
enum { LAB_HISTORY_RUN = 1 };

/* [from, to), both multiples of the hub's bin length. */
struct lab_span {
	struct utc_s from, to;
};

/* Makes the bins that begin in the span. 0; -1 without memory; else what the sink returned. */
int lab_history_make(const struct hub *hub, const struct lab_plan *plan,
		     const struct lab_traffic *traffic, struct lab_span span,
		     lab_history_sink *sink, void *context);
