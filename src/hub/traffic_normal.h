/* Samples beside counters: how far they agree, and shares of samples brought into line with what was
 * counted. Integers only, so that two computations give the same octets. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "hub/traffic.h"

/* One direction of a port: what samples say of what counters say. */
struct traffic_ratio {
	uint64_t flow, counter; /* octets, each of the seconds that it covers */
	uint64_t samples;
	uint32_t per_10000;   /* samples / counters, for the same time; at most TRAFFIC_RATIO_MAX */
	uint32_t error_10000; /* of the samples, see traffic_error */
};
enum { TRAFFIC_RATIO_MAX = 100000000 };

/* How far a figure that rests on `samples` may be off, in hundredths of a percent, 19 times of 20:
 * 196 * sqrt(1 / samples) percent (Phaal and Panchen, Packet Sampling Basics). 10000 for none. */
uint32_t traffic_error(uint64_t samples);

/* False when it cannot be told: counters or samples cover less than half of the bin, or nothing was
 * counted. `outgoing`: from the exchange to the member. */
bool traffic_ratio(struct traffic_ratio *out, const struct traffic_batch *batch,
		   const struct traffic_port *port, bool outgoing);

/* Octets by samples of one direction of a port, as its counters would have it: times counters /
 * samples where counters cover the whole bin, else as they are. */
uint64_t traffic_normal(const struct traffic_port *port, bool outgoing, uint64_t octets);

/* The pairs, normalised: where the counters of a port cover the whole bin, what enters by it goes to
 * others in sum as counted, and so does what leaves by it. What of a port's samples belongs to no pair
 * (multicast, unknown MACs) keeps its share.
 *
 * By iterative proportional fitting (Deming and Stephan, 1940): rows, then columns, are scaled to what
 * they should be, until no sum is off by more than one in TRAFFIC_NORMAL_CLOSE, or for
 * TRAFFIC_NORMAL_ROUNDS rounds; sums of both sides that do not agree, because counters are not read at
 * the same moment, are first brought to their mean. Then octets are rounded so that each row has its
 * sum to the octet. What samples said stays in the batch. */
enum { TRAFFIC_NORMAL_ROUNDS = 32, TRAFFIC_NORMAL_CLOSE = 100000 };
struct traffic_normal {
	uint64_t *octets; /* of each pair, as in the batch */
	uint32_t rounds;
	uint32_t off_ppm; /* the largest difference of a sum from what it should be that is left */
};
/* 0, or -1 without memory. */
int traffic_normalise(struct traffic_normal *out, const struct traffic_batch *batch,
		      struct arena *arena);
