/* The inside of reading an UPDATE: what is known while its attributes are walked, for bgp_attribute.c (one
 * attribute) and bgp_update.c (the message). */
#pragma once

#include "exchange/bgp/bgp_as_path.h"
#include "exchange/bgp/bgp_update.h"

struct bgp_reader {
	struct bgp_update *out;
	const struct bgp_peer *peer;
	struct bgp_scratch *scratch;
	uint64_t seen[4];    /* types met, sound or not */
	bool withdraw;       /* an error asks for it */
	bool broken_list;    /* RFC 7606 section 4 */
	bool foreign_reach;  /* MP_REACH of a family that was not negotiated */
	bool flow_reach;     /* MP_REACH of rules about traffic */
	bool sr_reach;       /* and of SR policies */
	bool bad_next_hop;   /* NEXT_HOP: matters only if something stands in the NLRI field */
	bool has_path;       /* a sound AS_PATH */
	struct ip next_hop;  /* of NEXT_HOP */
	struct cursor path2; /* AS_PATH of a 2-octet speaker */
	struct cursor path4; /* its AS4_PATH, sound */
	uint16_t path4_hops;
	struct cursor aggregator; /* as received, sound */
	uint8_t aggregator_flags;
	struct cursor aggregator4;
};

/* One attribute as it stands in the list. */
struct bgp_attribute {
	uint8_t flags, type;
	struct cursor value;
	struct cursor whole; /* flags, type, length and value: what a NOTIFICATION shows */
};

/* Sets of attribute types. Adding tells whether it was there. */
static inline bool
bgp_types_add(uint64_t set[4], uint8_t bit)
{
	uint64_t mask = UINT64_C(1) << bit % 64;
	bool was = set[bit / 64] & mask;
	set[bit / 64] |= mask;
	return was;
}

static inline bool
bgp_types_have(const uint64_t set[4], uint8_t bit)
{
	return set[bit / 64] >> bit % 64 & 1;
}

/* Notes what is wrong; BGP_ACTION_WITHDRAW also lets the whole be treated as withdrawn. */
void bgp_reader_discard(struct bgp_reader *r, uint8_t type, enum bgp_reason reason);
void bgp_reader_withdraw(struct bgp_reader *r, uint8_t type, enum bgp_reason reason);
/* Notes what is beyond repair, with what the NOTIFICATION is to say. Always -1: nothing else of this
 * UPDATE counts. */
int bgp_reader_reset(struct bgp_reader *r, uint8_t type, enum bgp_reason reason, uint8_t subcode,
		     struct cursor data);
/* Puts aside what is passed on. */
void bgp_reader_pass_on(struct bgp_reader *r, uint8_t flags, uint8_t type, struct cursor value);
void bgp_reader_take_path(struct bgp_reader *r, struct cursor path,
			  const struct bgp_path_facts *facts);

/* The next attribute of `list`, which is not empty. BGP_REASON_NONE, or what RFC 7606 section 4 calls
 * it when the list ends before the attribute; then nothing is left of the list. */
enum bgp_reason bgp_attribute_take(struct bgp_attribute *a, struct cursor *list);
/* Judges it and takes what is in it. 0, or -1 when the session is to be reset. */
int bgp_attribute_read(struct bgp_reader *r, const struct bgp_attribute *a);
/* --- bgp_sr_read.c: SR policies --- */
/* The family whose SR policies AFI and SAFI stand for; IP_NONE: that was not agreed on. */
enum ip_family bgp_sr_family(const struct bgp_reader *r, uint16_t afi, uint8_t safi);
/* `value` is behind the SAFI. */
void bgp_sr_read_reach(struct bgp_reader *r, enum ip_family family, struct cursor value);
void bgp_sr_read_unreach(struct bgp_reader *r, enum ip_family family, struct cursor value);
/* After the walk: does what is announced have all that it needs? */
void bgp_sr_judge(struct bgp_reader *r);

/* MP_REACH and MP_UNREACH. */
bool bgp_attribute_has_prefixes(uint8_t type);
