/* Writing MRT (RFC 6396, 8050): the table, and what comes in. Pure: each function appends one record. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "exchange/bgp/bgp_attrs.h"
#include "exchange/monitor/mrt.h"

/* TABLE_DUMP_V2's PEER_INDEX_TABLE; the peers are numbered as they stand here, at most 65535. */
void mrt_peers_write(struct buf *to, uint32_t time_s, uint32_t collector_id, const char *view,
		     const struct mrt_peer *peers, size_t count);

/* One path of a prefix. */
struct mrt_path {
	uint16_t peer; /* index */
	uint32_t since_s;
	uint32_t path_id; /* 0: none */
	const struct bgp_attrs *attrs;
};

/* A RIB entry with all its paths, at most 65535; of the subtype with path identifiers when one has one. */
void mrt_paths_write(struct buf *to, uint32_t time_s, uint32_t sequence, struct prefix prefix,
		     const struct mrt_path *paths, size_t count);

/* With whom, and when: of BGP4MP_ET records. The peer has an address. */
struct mrt_exchange {
	struct mrt_peer peer;
	struct asn local_asn;
	struct ip local; /* IP_NONE: not known */
	uint32_t time_s, microseconds;
};

/* How the octets of a message are to be read. */
struct mrt_message_form {
	bool as4;      /* 4-octet AS numbers */
	bool add_path; /* prefixes with path identifiers */
};

/* `message` is a whole BGP message that the peer sent. */
void mrt_message_write(struct buf *to, const struct mrt_exchange *with,
		       struct mrt_message_form form, struct cursor message);
/* States as RFC 6396 numbers them: 1 idle ... 6 established. */
void mrt_state_write(struct buf *to, const struct mrt_exchange *with, uint16_t old_state,
		     uint16_t new_state);

/* When the file after the one of now begins: at the first multiple of `every_s`, which is the full hour,
 * or what divides it. INT64_MAX if that is 0. UTC. */
int64_t mrt_file_next(int64_t now_s, uint32_t every_s);
/* Is the file due that was to begin at `next_s`? Also when the clock was set back since. */
bool mrt_file_due(int64_t next_s, int64_t now_s, uint32_t every_s);
