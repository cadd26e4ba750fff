/* Writing sFlow version 5 (sflow.org, July 2004): datagrams of flow samples and counter samples, as
 * the agent in a switch sends them. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/ip.h"

enum { LAB_SFLOW_MAX = 1400 }; /* octets of a datagram */

/* One datagram that is being filled. */
struct lab_sflow {
	struct buf out;
	size_t count_at; /* where the number of samples stands */
	uint32_t samples;
};

struct lab_sflow_header {
	struct ip agent;
	uint32_t sequence, uptime_ms;
};

/* A frame seen at an interface; only its header travels. */
struct lab_sflow_frame {
	uint32_t sequence, rate, pool; /* of this data source */
	uint32_t input, output;        /* interface index */
	uint16_t vlan;                 /* 0: untagged */
	struct mac source_mac, destination_mac;
	struct ip source, destination; /* of one family */
	uint16_t octets;               /* of the whole frame */
	uint16_t source_port, destination_port;
};

struct lab_sflow_counters {
	uint32_t sequence, if_index;
	uint64_t speed_bps, in_octets, out_octets;
};

void lab_sflow_begin(struct lab_sflow *d, const struct lab_sflow_header *header);
void lab_sflow_add_frame(struct lab_sflow *d, const struct lab_sflow_frame *frame);
void lab_sflow_add_counters(struct lab_sflow *d, const struct lab_sflow_counters *counters);
/* True when another sample may not fit. */
bool lab_sflow_full(const struct lab_sflow *d);
/* Fills in the number of samples; the datagram is d->out. */
void lab_sflow_end(struct lab_sflow *d);
