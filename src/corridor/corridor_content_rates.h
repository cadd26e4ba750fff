/* What was measured of content networks (`content` of the hub file): what entered the hub from their
 * networks, interval by interval; mean, 95th percentile and peak of each, and of each network.
 *
 * A network that several of them have, for there are users at several sites, is split among these as what
 * leaves by ports at their users' sites (`to`) in that interval; evenly where nothing does.
 *
 * Sums by network that are old are of a day (ledger_folds). Of such a day a network has at each port where it
 * entered its share of the day, in each interval of what entered there: the day is read twice. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "corridor/corridor_rates.h"
#include "hub/hub.h"
#include "hub/traffic.h"

enum { CORRIDOR_CONTENT_NETWORKS_MAX = 4096 };

struct corridor_content_rate {
	struct corridor_rates rates;
	uint64_t samples; /* that they rest on */
	bool split;       /* of a network that another one has as well */
};

struct corridor_network_rate {
	struct asn asn;
	struct corridor_rates rates;
	uint64_t samples;
	const uint32_t *of; /* places among the hub's content networks */
	size_t of_count;
};

struct corridor_content_sums {
	struct corridor_content_rate *content;  /* of each of the hub's content networks */
	struct corridor_network_rate *networks; /* the largest percentile first */
	size_t network_count;
	size_t intervals;      /* listened to for at least half their length */
	size_t shaped;         /* of these, of days of which only sums are left */
	uint64_t left_out_bps; /* mean of networks for which there was no room */
	bool simulated;
};

struct corridor_content_rates;

/* For at most so many intervals. What begins before `shaped_to`, the beginning of a day (UTC), takes its
 * shares of corridor_content_rates_day. `hub` outlives it. NULL without memory. */
struct corridor_content_rates *corridor_content_rates_new(const struct hub *hub, size_t intervals,
							  struct utc_s shaped_to);
void corridor_content_rates_free(struct corridor_content_rates *rates);

/* Adds a part of a day (UTC) before shaped_to; with `whole` the last one of it. All days come in order, before any
 * interval. 0, or -1 without memory. */
int corridor_content_rates_day(struct corridor_content_rates *rates,
			       const struct traffic_batch *part, bool whole);

/* Adds a part of an interval; with `whole` the last one of it. Ports are in the same places each time. What samples say is
 * brought into line with counters (traffic_normal). Intervals beyond what was announced are left out, and so is one that
 * was listened to for less than half of it. 0, or -1 without memory. */
int corridor_content_rates_add(struct corridor_content_rates *rates,
			       const struct traffic_batch *part, bool whole);

/* What it came to, in `arena`, and as long as `rates`. 0, or -1 without memory. */
int corridor_content_rates_sum(struct corridor_content_sums *out,
			       const struct corridor_content_rates *rates, struct arena *arena);
