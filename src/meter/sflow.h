/* sFlow version 5 (sflow.org, sFlow Version 5, July 2004; sFlow Tunnel Structures, December 2012;
 * sFlow Dropped Packet Notification Structures, 2020): the datagram as an iterator over its samples.
 * Pure; nothing is allocated, nothing is kept between datagrams.
 *
 *	struct sflow_reader r;
 *	enum flow_refusal why = sflow_open(&r, datagram);
 *	while (why == FLOW_ACCEPTED && sflow_next(&r, &sample)) ...
 *
 * A datagram whose samples do not add up to it is refused whole, before one of them is used. A
 * sample that is malformed inside says so; the ones beside it are sound. */
#pragma once

#include "base/cursor.h"
#include "meter/flow.h"
#include "meter/sflow_seen.h"

struct sflow_reader {
	struct cursor in;
	uint32_t left; /* samples to come */
	struct ip agent;
	uint32_t sub_agent, sequence, uptime_ms;
	struct sflow_seen_list *seen; /* to be set by who wants to know what was not read; NULL */
};

enum sflow_kind {
	SFLOW_OTHER, /* a kind we do not use, skipped by its length */
	SFLOW_FLOW,
	SFLOW_COUNTERS,
	SFLOW_DISCARDS, /* a packet that the switch dropped */
};

/* What a switch says of itself (enterprise 0, format 1001). */
struct sflow_processor {
	/* Over 5 s, a minute, five, in hundredths of a percent; UINT32_MAX: not known. */
	uint32_t load[3];
	uint64_t memory, free; /* octets */
};

/* Counters of a counter sample. */
struct sflow_counters {
	/* Generic interface counters (enterprise 0, format 1, of RFC 2233). */
	bool present;
	bool admin_up, oper_up;
	uint8_t direction; /* 0 unknown, 1 full duplex, 2 half, 3 in, 4 out */
	uint32_t if_index;
	uint64_t speed_bps;
	/* UINT64_MAX: not counted by this agent. Packets of all kinds together,
	 * modulo 2^32. */
	uint64_t in_octets, out_octets, in_packets, out_packets;
	uint64_t in_errors, out_errors, in_discards, out_discards;
	/* Ethernet counters (enterprise 0, format 2, of RFC 2358), likewise. */
	bool ethernet;
	uint64_t alignment_errors, fcs_errors, symbol_errors;
	bool has_processor;
	struct sflow_processor processor;
};

/* Reasons for discarding are numbered as the codes of ICMP's "unreachable", and from 256 on. */
enum { SFLOW_REASONS = 304 };

struct sflow_sample {
	enum sflow_kind kind;
	bool bad;                            /* malformed: counted, never used */
	bool numbered;                       /* the four below are set */
	uint32_t source_class, source_index; /* which data source: 0 is an interface */
	uint32_t sequence;                   /* of this source and kind */
	uint32_t pool, drops;                /* of a flow sample; drops of discards, too */
	uint32_t reason;                     /* of discards; SFLOW_REASONS: one we do not know */
	struct flow flow;                    /* SFLOW_FLOW and SFLOW_DISCARDS */
	struct sflow_counters counters;      /* SFLOW_COUNTERS */
};

enum flow_refusal sflow_open(struct sflow_reader *out, struct cursor datagram);
/* The next sample, or false at the end. */
bool sflow_next(struct sflow_reader *reader, struct sflow_sample *out);
/* A reason for discarding in words: "acl". Static text. */
const char *sflow_reason_text(uint32_t reason);
