/* Flow records that members asked to have kept. Pure: copies of samples in, blocks for files out, and
 * back. Of a member that did not ask for it nothing is kept.
 *
 *   <data>/flows/<AS number>/<YYYYMMDDHH>.flows      an hour of a member's, UTC: blocks, one after the other
 *
 *   block   "SFLB", version 1 (1), addresses (1: 0 none, 1 prefix, 2 full), ports (2), records (4), start
 *           (8: UTC second), length of what follows unpacked (4) and packed (4); packed by zlib (RFC
 *           1950); XXH3 (8) of all before it
 *   packed  the ids of the member's ports, each with its length (1) before it; then records
 *   record  second after the start (2), family (1: 0, 4, 6), flags (1: 1 in, else out), port (2: which id), other AS
 *           (4), VLAN (2), rate (4), octets (8), packets (8), protocol (1), type of service (1), TCP
 *           flags (1), ports (2, 2; of ICMP 0, and type * 256 + code), source and destination (0, 4 or 16 each)
 *
 * Numbers are in network byte order. Octets and packets are as sampled; times `rate` they are what it
 * stands for. A block is written with one call; one that was cut off by the end of the program is left
 * out by its reader, and cut away by the next writer. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/cursor.h"
#include "hub/hub.h"
#include "meter/roster.h"
#include "meter/watch_intake.h"

enum {
	FLOW_KEEP_HEADER = 28,
	FLOW_KEEP_CHECK = 8,
	FLOW_KEEP_BLOCK_MAX = 1 << 20, /* octets, packed or not */
	FLOW_KEEP_FULL = 64 << 10,     /* unpacked: then a block is ended */
	FLOW_KEEP_WAIT_S = 10,         /* or after so long */
	FLOW_KEEP_PORTS_MAX = 1024,
};

struct flow_keep;

/* NULL without memory. */
struct flow_keep *flow_keep_new(void);
void flow_keep_free(struct flow_keep *k);
/* Goes over to a picture. 0, or -1 without memory: then it is as it was. */
int flow_keep_apply(struct flow_keep *k, const struct hub *hub, const struct roster *roster);
/* Takes copies; their ports are numbers of the roster. */
void flow_keep_take(struct flow_keep *k, const struct watch_copy *copies, size_t count);

/* A block for the file of a member's hour. */
struct flow_keep_block {
	struct asn member;
	struct utc_s hour;
	uint32_t records;
	struct cursor octets; /* valid until the next call of any function here */
};
/* The next block that is due at `now`, or with `all` whatever there is; false: none. */
bool flow_keep_next(struct flow_keep *k, struct utc_s now, bool all, struct flow_keep_block *out);

/* Records that there was no room for, since it was made. */
uint64_t flow_keep_lost(const struct flow_keep *k);

/* An hour of a member's that is on the disk. */
struct flow_keep_hour {
	struct utc_s hour;
	uint64_t octets;
};
/* How many of them, the oldest first, are to go: those that are older than the member wants, and more
 * while they are more octets than it wants. */
size_t flow_keep_due(const struct flow_keep_hour *hours, size_t count,
		     const struct hub_flow_records *wish, struct utc_s now);

/* --- reading --- */

struct flow_record {
	struct utc_s at;
	bool in; /* came in by `port`; else it went out by it */
	uint8_t family, protocol, tos, tcp_flags;
	const char *port;
	struct asn other; /* the member at the other side; 0: not known */
	uint16_t vlan, source_port, destination_port;
	uint32_t rate;
	uint64_t octets, packets;      /* as sampled */
	struct ip source, destination; /* IP_NONE: not kept */
};

struct flow_block {
	struct cursor in; /* unpacked records */
	uint32_t left;
	struct utc_s start;
	uint8_t addresses; /* as in the hub file */
	const char **ports;
	uint32_t port_count;
};

/* The length of the block whose first FLOW_KEEP_HEADER octets these are; 0 if they are none. */
size_t flow_block_length(struct cursor header);
/* Reads one whole block; memory from `arena`. 0, or -1 if it is harmed or there is no memory. */
int flow_block_open(struct flow_block *out, struct arena *arena, struct cursor block);
/* The next record; false at the end. */
bool flow_block_next(struct flow_block *block, struct flow_record *out);
