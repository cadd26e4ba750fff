/* How much each port of the hub sends to each other port, at any time: a model, pure, so that the
 * traffic played now and the history made up for last month are the same play.
 *
 *   rate(from, to, t) = base x day(t, where the hub is) x week(t) x growth(t) x noise(pair, t)
 *
 * The base of all pairs is fitted so that each port's sums come near what its kind and speed
 * suggest (content sends, access receives), and the busiest port has lab.peak_percent of its speed
 * at the top of the day. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "hub/hub.h"

struct lab_pair {
	uint32_t from, to;  /* index into hub->ports */
	double peak_bps;    /* at the top of an ordinary day */
	double ipv6_share;  /* of the packets, 0 to 1 */
	double mean_octets; /* of a frame */
};

struct lab_traffic {
	struct lab_pair *pairs;
	size_t count;
	double utc_offset_s; /* of the sun where the hub is */
	struct utc_s epoch;  /* growth is 1 here */
};

/* NULL if there is no memory. `now` is where growth is 1. */
struct lab_traffic *lab_traffic_new(const struct hub *hub, struct utc_s now);
void lab_traffic_free(struct lab_traffic *traffic);

/* What all pairs have in common at `t`: the factor of the day, the week and the growth; 1 at the
 * top of an ordinary day. */
double lab_traffic_level(const struct lab_traffic *traffic, struct utc_s t);
/* bit/s of a pair when the level is `level`. */
double lab_traffic_rate(const struct lab_traffic *traffic, size_t pair, double level,
			struct utc_s t);
