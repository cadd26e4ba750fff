/* What was measured in one interval: the batch that the meter hands on, the ledger keeps and the
 * corridor lays on its cables. A plain value with an encoding; it names ports and exporters by id,
 * so that it still means the same when the hub file has changed in between.
 *
 *   meter --encode--> spool/<start>-<run>.traffic --decode--> ledger (one transaction), then
 * removed
 *                 \-> run/traffic.latest (the newest closed bin) and run/traffic.now (the open one)
 * for corridor and page: replaced by rename, never half written                           */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/cursor.h"
#include "base/ip.h"

/* Where a port's octets of a bin come from. */
enum traffic_state {
	TRAFFIC_MISSING,   /* nothing heard */
	TRAFFIC_COUNTER,   /* from the switch's octet counters: exact */
	TRAFFIC_ESTIMATED, /* from samples, or partly covered, or with loss */
};

/* Whence a port's counters came. */
enum traffic_source {
	TRAFFIC_BY_NONE, /* no counters, or a file that does not say */
	TRAFFIC_BY_SFLOW,
	TRAFFIC_BY_SNMP,
	TRAFFIC_BY_PUSH,
};

/* One port. In and out are as the hub sees it: in = from the member into the exchange. */
struct traffic_port {
	const char *port;
	uint64_t counter_in, counter_out; /* octets by counters */
	uint32_t counter_covered_s;       /* seconds of the bin that the counters cover */
	uint64_t flow_in, flow_out;       /* octets by samples, scaled, of frames as on the wire */
	uint64_t samples_in, samples_out; /* how many samples that rests on */
	enum traffic_state state;
	enum traffic_source source;
	/* By counters, as the octets are; 0 where they do not tell. */
	uint64_t packets_in, packets_out, errors_in, errors_out, discards_in, discards_out;
	uint64_t flow_v6_in, flow_v6_out; /* the part of flow_in and flow_out that is IPv6 */
	/* What of the port's exporter did not arrive in this bin, per million records sent: the
	 * shares rest on so much less. Counters are exact all the same. */
	uint32_t lost_ppm;
};

/* From one port to another, one address family. */
struct traffic_pair {
	uint32_t from, to;                 /* index into ports */
	uint8_t family;                    /* enum ip_family; IP_NONE: neither IPv4 nor IPv6 */
	uint64_t octets, packets, samples; /* octets and packets scaled */
};

/* By network at the far end, per port of ours: where a member's traffic comes from and goes to. */
struct traffic_origin {
	uint32_t port; /* index into ports */
	bool outgoing; /* false: source network of what entered here; true: destination of what left
			*/
	struct asn asn;  /* 0: no route of ours covers it */
	char country[2]; /* "--" when not known */
	uint64_t octets;
	uint64_t samples;
	struct asn next; /* the first AS of the route's path; 0: none */
};

/* The first ASes of the best route's path to (or back to) the far end, per port of ours: the nearest first,
 * each once in a row, 0 behind the last. Of a bin in the meter's memory only: what is encoded has none. */
enum { TRAFFIC_PATH_HOPS = 4 };
struct traffic_path {
	uint32_t port; /* index into ports */
	bool outgoing; /* as in struct traffic_origin */
	bool cut;      /* the path goes on */
	uint32_t hops[TRAFFIC_PATH_HOPS];
	uint64_t octets;
	uint64_t samples;
};

struct traffic_country {
	char from[2], to[2]; /* "--" when not known */
	uint64_t octets;
	uint64_t samples;
};

/* What an exporter sent, and what did not arrive. */
struct traffic_exporter {
	const char *exporter; /* id, or the address of one that is not in the hub file */
	uint64_t datagrams, records;
	uint64_t lost_records; /* by sequence gaps */
	uint64_t refused;      /* datagrams that made no sense */
};

/* One space of sequence numbers: received + lost = sent, exactly, in records. */
struct traffic_domain {
	uint32_t exporter; /* index into exporters */
	uint8_t protocol;  /* 1 sFlow, 2 NetFlow version 5, 4 version 9, 8 IPFIX */
	uint64_t number;   /* observation domain, source id, engine or sub_agent_id */
	uint64_t received, lost;
	uint64_t lost_here; /* the part of lost that our own socket dropped, as far as known */
	uint32_t restarts, repeated;
};

/* Octets that could not be attributed, by cause. */
struct traffic_unattributed {
	const char *
		cause; /* "unknown source MAC", "unknown destination MAC", "no sampling rate" ... */
	uint64_t octets, samples;
};

/* Causes of what is no traffic besides: the frame is counted at the port that it came in by. */
#define TRAFFIC_SEEN_ELSEWHERE "sampled at an exporter that does not count the port"
#define TRAFFIC_SEEN_AGAIN     "sampled a second time on the way out"
/* Whether it is one of these, and not lacking from any sum. */
bool traffic_is_seen_twice(const struct traffic_unattributed *u);

struct traffic_batch {
	struct utc_s start; /* of the bin, a multiple of its length */
	uint32_t length_s;  /* 300 */
	uint32_t covered_s; /* seconds that the meter was listening in this bin */
	uint64_t run; /* which run of which meter: with start, the key that makes a replay harmless
		       */
	bool simulated;        /* made by the lab's history */
	uint64_t kernel_drops; /* datagrams that the sockets dropped */
	struct traffic_port *ports;
	size_t port_count;
	struct traffic_pair *pairs;
	size_t pair_count;
	struct traffic_origin *origins;
	size_t origin_count;
	struct traffic_country *countries;
	size_t country_count;
	struct traffic_exporter *exporters;
	size_t exporter_count;
	struct traffic_unattributed *unattributed;
	size_t unattributed_count;
	struct traffic_domain *domains;
	size_t domain_count;
	struct traffic_path *paths; /* not encoded */
	size_t path_count;
};

/* Appends the encoding: magic, version, length, tables, checksum (XXH3). */
void traffic_encode(const struct traffic_batch *batch, struct buf *out);

/* Reads one batch, of this version or of the one before, in which what came with this one is 0 or
 * none; arrays and strings are taken from `arena`. 0, or -1 when the bytes are not a
 * whole, unharmed batch (then *out is untouched). Indices are checked, so that the caller may use
 * them. */
int traffic_decode(struct traffic_batch *out, struct arena *arena, struct cursor bytes);

