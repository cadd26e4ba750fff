/* What was measured between places: how much each member sends from a site of its ports to ports at
 * another site, and what its ports carry in all, interval by interval; and what that comes to: mean, 95th
 * percentile, peak. Rates are whole bit/s. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "corridor/corridor_rates.h"
#include "hub/hub.h"
#include "hub/traffic.h"

enum { CORRIDOR_MATRIX_ROWS_MAX = 16384 };

/* Traffic that enters at ports of `member` at a site and leaves at another. */
struct corridor_matrix_row {
	uint32_t member;
	uint32_t
		avoider; /* the member that it goes to, when that avoids countries; else HUB_NONE */
	uint32_t from, to;
	struct corridor_rates rates;
	uint64_t samples; /* that it rests on */
};

struct corridor_matrix_sums {
	struct corridor_matrix_row *rows; /* the largest percentile first */
	size_t row_count;
	struct corridor_rates *members; /* of each member's ports: of each the larger direction */
	bool *heard;                    /* of each member: any of its ports */
	size_t intervals;               /* listened to for at least half their length */
	uint64_t within_bps;            /* mean of what stays at a site */
	uint64_t unplaced_bps;          /* mean of what has a port without a site at either end */
	uint64_t left_out_bps;          /* mean of rows for which there was no room */
	bool simulated;
};

struct corridor_matrix;

/* For at most so many intervals. `hub` outlives it. NULL without memory. */
struct corridor_matrix *corridor_matrix_new(const struct hub *hub, size_t intervals);
void corridor_matrix_free(struct corridor_matrix *matrix);

/* Adds an interval; those beyond what was announced are left out, and so is one that was listened to for
 * less than half of it. What samples say is brought into line with the counters of the port where it
 * entered. 0, or -1 without memory. */
int corridor_matrix_add(struct corridor_matrix *matrix, const struct traffic_batch *batch);

/* What it came to, in `arena`. 0, or -1 without memory. */
int corridor_matrix_sum(struct corridor_matrix_sums *out, const struct corridor_matrix *matrix,
			struct arena *arena);
