/* sFlow version 5 (sflow.org, sFlow Version 5, July 2004): the datagram as an iterator over its
 * samples. Pure; nothing is allocated, nothing is kept between datagrams.
 *
 *	struct sflow_reader r;
 *	enum flow_refusal why = sflow_open(&r, datagram);
 *	while (why == FLOW_ACCEPTED && sflow_next(&r, &sample)) ...
 *
 * A datagram whose samples do not add up to it is refused whole, before one of them is used. A
 * sample that is malformed inside is given as SFLOW_BAD; the ones beside it are sound. */
#pragma once

#include "base/cursor.h"
#include "meter/flow.h"

struct sflow_reader {
	struct cursor in;
	uint32_t left; /* samples to come */
	struct ip agent;
	uint32_t sub_agent, sequence, uptime_ms;
};

enum sflow_kind {
	SFLOW_FLOW,
	SFLOW_COUNTERS,
	SFLOW_OTHER, /* a kind we do not use, skipped by its length */
	SFLOW_BAD,   /* malformed: counted, never used */
};

/* The generic interface counters (enterprise 0, format 1) of a counter sample. */
struct sflow_counters {
	bool present;
	uint32_t if_index;
	uint64_t speed_bps;
	/* As the interface sees them; UINT64_MAX: not counted by this agent. Packets of all kinds,
	 * modulo 2^32. */
	uint64_t in_octets, out_octets;
	uint64_t in_packets, out_packets, in_errors, out_errors, in_discards, out_discards;
};

struct sflow_sample {
	enum sflow_kind kind;
	uint32_t source_class, source_index; /* which data source: 0 is an interface */
	uint32_t sequence;                   /* of this source and kind */
	uint32_t pool, drops;                /* of a flow sample */
	struct flow flow;                    /* SFLOW_FLOW */
	struct sflow_counters counters;      /* SFLOW_COUNTERS */
};

enum flow_refusal sflow_open(struct sflow_reader *out, struct cursor datagram);
/* The next sample, or false at the end. */
bool sflow_next(struct sflow_reader *reader, struct sflow_sample *out);
