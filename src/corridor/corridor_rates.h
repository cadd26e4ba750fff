/* Rates of one thing, interval by interval, and what they come to: mean, 95th percentile, peak. Whole bit/s. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "hub/traffic.h"

/* Over all intervals that were listened to. The percentile is the highest rate but for a twentieth of
 * them, rounded down, as on invoices. */
struct corridor_rates {
	uint64_t mean_bps, p95_bps, peak_bps;
};

/* Of each series only the highest rates are kept, as many as its percentile may need: a twentieth of all
 * intervals. All zero: of nothing yet. */
struct corridor_series {
	uint64_t sum_bps; /* of the intervals in which it was there */
	uint64_t *top;    /* a heap, the lowest of them first */
	size_t count, room;
};

/* An interval in which it was there; `most`: intervals in all. 0, or -1 without memory. */
int corridor_series_add(struct corridor_series *series, size_t most, uint64_t rate_bps);

/* Of so many intervals, at most those announced; where it was not there it counts as 0. `arena` is for
 * the work. 0, or -1 without memory. */
int corridor_series_rates(struct corridor_rates *out, const struct corridor_series *series,
			  size_t intervals, struct arena *arena);
void corridor_series_fini(struct corridor_series *series);

/* What octets of a batch, of which some was listened to, come to; at most 10^18. */
uint64_t corridor_rate_of(double octets, const struct traffic_batch *batch);
