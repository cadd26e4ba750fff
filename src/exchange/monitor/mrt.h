/* MRT, the form in which routing data is kept in files (RFC 6396, 8050): what was on the wire, or in a
 * table, with a time. Pure: octets in, values out.
 *
 *   file:  | header 12 octets: time, type, subtype, length | body | header | body | ...
 *
 * An archive is not a neighbour: it shows what somebody received, sound or not. So attributes are read here
 * leniently, apart from the reader of sessions (bgp_update.h), which corrects what it sees by RFC 7606:
 * whatever can be framed is shown as it stands, internal attributes too; what cannot is counted with its
 * place and the reading goes on with the next record. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/ip.h"
#include "exchange/bgp/bgp_attrs.h"

enum mrt_type {
	MRT_TABLE_DUMP = 12,
	MRT_TABLE_DUMP_V2 = 13,
	MRT_BGP4MP = 16,
	MRT_BGP4MP_ET = 17, /* with microseconds */
};

enum mrt_table_dump_v2 {
	MRT_PEER_INDEX_TABLE = 1,
	MRT_RIB_IPV4_UNICAST = 2,
	MRT_RIB_IPV4_MULTICAST = 3,
	MRT_RIB_IPV6_UNICAST = 4,
	MRT_RIB_IPV6_MULTICAST = 5,
	MRT_RIB_IPV4_UNICAST_ADDPATH = 8, /* RFC 8050 */
	MRT_RIB_IPV4_MULTICAST_ADDPATH = 9,
	MRT_RIB_IPV6_UNICAST_ADDPATH = 10,
	MRT_RIB_IPV6_MULTICAST_ADDPATH = 11,
};

enum mrt_bgp4mp {
	MRT_STATE_CHANGE = 0,
	MRT_MESSAGE = 1,
	MRT_MESSAGE_AS4 = 4,
	MRT_STATE_CHANGE_AS4 = 5,
	MRT_MESSAGE_LOCAL = 6,
	MRT_MESSAGE_AS4_LOCAL = 7,
	MRT_MESSAGE_ADDPATH = 8, /* RFC 8050 */
	MRT_MESSAGE_AS4_ADDPATH = 9,
	MRT_MESSAGE_LOCAL_ADDPATH = 10,
	MRT_MESSAGE_AS4_LOCAL_ADDPATH = 11,
};

enum {
	MRT_HEADER = 12,
	/* A longer record is no record: a prefix with 65535 entries of usual size has 10 MB. */
	MRT_RECORD_MAX = 64 * 1024 * 1024,
};

/* "TABLE_DUMP_V2", "RIB_IPV4_UNICAST": the names of RFC 6396; NULL for what has none here. */
const char *mrt_type_name(uint16_t type);
const char *mrt_subtype_name(uint16_t type, uint16_t subtype);

/* One record as it stands in the file. */
struct mrt_record {
	uint64_t offset; /* in the file, decompressed */
	uint32_t time_s; /* UTC */
	uint32_t microseconds;
	uint16_t type, subtype;
	struct cursor body; /* what follows the header, and the microseconds */
};

enum mrt_frame {
	MRT_FRAME_RECORD,
	MRT_FRAME_SHORT,  /* the octets end before it does: more are needed */
	MRT_FRAME_BROKEN, /* no record can begin so: what follows cannot be framed */
};

/* Takes the next record from `octets`, which stand at `offset` in the file. Nothing is taken unless there is
 * one. */
enum mrt_frame mrt_record_take(struct mrt_record *out, struct cursor *octets, uint64_t offset);

struct mrt_peer {
	struct ip address;
	struct asn asn;
	uint32_t router_id; /* host order; 0 where the record does not tell */
};

/* Attributes, as they stand in a record. Which are there is told by mrt_attrs_have; the others are zero. */
struct mrt_attrs {
	uint64_t types[4];
	uint8_t origin;
	struct cursor as_path; /* segments with 4-octet numbers, AS4_PATH merged in; sound */
	struct asn origin_as;  /* right-most; 0 when there is none, or a set */
	struct ip next_hop;    /* NEXT_HOP */
	struct ip mp_next_hop; /* in MP_REACH */
	uint32_t med, local_pref;
	struct asn aggregator_as;
	struct ip aggregator;
	struct asn otc;
	struct cursor communities, ext_communities, large_communities; /* whole multiples */
	struct cursor octets; /* all attributes, as they came */
};

static inline bool
mrt_attrs_have(const struct mrt_attrs *attrs, uint8_t type)
{
	return attrs->types[type / 64] >> type % 64 & 1;
}

enum mrt_kind {
	MRT_ROUTE,    /* of a table */
	MRT_ANNOUNCE, /* of an UPDATE */
	MRT_WITHDRAW,
	MRT_STATE,      /* a session's state changed */
	MRT_END_OF_RIB, /* RFC 4724 */
	MRT_OTHER,      /* OPEN, KEEPALIVE, NOTIFICATION, ROUTE-REFRESH */
};

/* What a record tells, one prefix at a time. Valid while it is being told. */
struct mrt_entry {
	enum mrt_kind kind;
	/* Entries that follow each other with the same number differ only in prefix and path identifier. */
	uint64_t group;
	const struct mrt_record *record;
	const struct mrt_peer *peer;
	struct prefix prefix; /* of _ROUTE, _ANNOUNCE, _WITHDRAW; the family alone of _END_OF_RIB */
	bool multicast;       /* it is of the routes for multicast (SAFI 2) */
	bool has_path_id;     /* ADD-PATH */
	uint32_t path_id;
	uint32_t since_s;              /* of _ROUTE: when it was received */
	const struct mrt_attrs *attrs; /* of _ROUTE and _ANNOUNCE; else NULL */
	uint16_t old_state, new_state; /* of _STATE: 1 idle ... 6 established */
	uint8_t message;               /* of _OTHER: enum bgp_type */
};

struct mrt_reader;
typedef void mrt_visit(void *context, const struct mrt_entry *entry);

/* What became of a record. */
enum mrt_verdict {
	MRT_TAKEN,
	MRT_SKIPPED, /* of a type, subtype or address family that is not read here */
	/* Malformed; entries before the fault were told. */
	MRT_SHORT,         /* ends within a field */
	MRT_NO_PEERS,      /* a table's entry before any PEER_INDEX_TABLE */
	MRT_BAD_PEER,      /* an index beyond the PEER_INDEX_TABLE */
	MRT_BAD_PREFIX,    /* longer than an address */
	MRT_BAD_ATTRIBUTE, /* one does not end where the list does, or has no length of its kind */
	MRT_BAD_PATH,      /* the AS path */
	MRT_BAD_MESSAGE,   /* the BGP message's header */
	MRT_NO_MEMORY,
	MRT_VERDICTS
};

/* "ends within a field". */
const char *mrt_verdict_text(enum mrt_verdict verdict);

/* A reader keeps the PEER_INDEX_TABLE that was read last: one for each file. NULL if there is no memory. */
struct mrt_reader *mrt_reader_new(void);
void mrt_reader_free(struct mrt_reader *reader);
/* Forgets what the file before told. */
void mrt_reader_reset(struct mrt_reader *reader);
enum mrt_verdict mrt_record_read(struct mrt_reader *reader, const struct mrt_record *record,
				 mrt_visit *visit, void *context);
