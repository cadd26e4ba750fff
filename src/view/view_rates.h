/* Rates that were measured over intervals of a time: what an answer says of the time, and of each rate its mean, 95th
 * percentile and peak. The corridor reads the JSON again (corridor_measured.h). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"
#include "corridor/corridor_rates.h"
#include "ledger/ledger_traffic.h"

/* What rates rest on. */
struct view_measured {
	const struct ledger_traffic_span *span; /* step_s: of an interval */
	size_t intervals;                       /* that were listened to */
	bool simulated;
	uint64_t left_out_bps; /* mean of what there was no room for */
};

/* Into an object. */
void view_rates_of_json(struct json *j, const struct view_measured *measured);
/* The first line. */
void view_rates_of_text(struct buf *out, const struct view_measured *measured);
/* "... in the mean is of more ROWS than are kept, and left out."; nothing where there was room. */
void view_rates_left_out(struct buf *out, const struct view_measured *measured, const char *rows);

/* mean_bps, p95_bps, peak_bps: into an object; with samples the columns that end a line of CSV; the cells that end one
 * of a terminal. */
void view_rates_json(struct json *j, const struct corridor_rates *rates);
void view_rates_csv_heads(struct buf *out);
void view_rates_csv(struct buf *out, const struct corridor_rates *rates, uint64_t samples);
void view_rates_heads(struct buf *out);
void view_rates_cells(struct buf *out, const struct corridor_rates *rates);
