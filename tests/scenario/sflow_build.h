/* Writing sFlow version 5 datagrams: what a switch sends about frames it has seen and octets it has counted. */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "base/ip.h"

enum { SFLOW_FRAME = 1000 }; /* octets of every frame that is sampled */

/* One datagram under way. */
struct sflow_datagram {
	struct buf octets;
	size_t count_at; /* where the number of samples stands */
	uint32_t count;
};

void sflow_begin(struct sflow_datagram *d, struct ip agent, uint32_t sequence, uint32_t uptime_ms);
/* Sets the number of samples; the octets are the caller's to send and free. */
void sflow_end(struct sflow_datagram *d);

struct sflow_sight {
	uint32_t sequence, input, output, rate, pool;
	uint32_t at; /* the interface that it was sampled on */
	struct mac source, destination;
	struct ip from, to; /* of one family */
};
void sflow_add_frame(struct sflow_datagram *d, const struct sflow_sight *seen);

struct sflow_counted {
	uint32_t sequence, if_index;
	uint64_t speed_bps, in_octets, out_octets;
};
void sflow_add_counters(struct sflow_datagram *d, const struct sflow_counted *counted);
