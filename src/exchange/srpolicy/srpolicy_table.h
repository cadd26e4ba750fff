/* SR policies that the hub hands to neighbours (RFC 9830 sections 3 and 4): who is to have which,
 * who has been told, and what is still to be said. The hub makes policies and takes none, so each
 * is for one neighbour and from one of the hub's own sources. Pure; slots are those of the
 * engine. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/sr.h"
#include "exchange/bgp/bgp_sr.h"

enum { SRPOLICY_MAX = 16384 }; /* of all neighbours */

/* Who wants it. A source takes a key from another by setting it. */
enum srpolicy_source { SRPOLICY_HUB_FILE, SRPOLICY_OPERATOR, SRPOLICY_STEERING, SRPOLICY_SOURCES };

struct srpolicy_table;

/* NULL if there is no memory. */
struct srpolicy_table *srpolicy_table_new(void);
void srpolicy_table_free(struct srpolicy_table *t);
/* Room for so many slots, never fewer than before. 0, or -1 if there is no memory. */
int srpolicy_table_widen(struct srpolicy_table *t, unsigned slots);

/* --- what is wanted --- */

struct srpolicy_wish {
	struct ip to;      /* the neighbour's address, whether it is there or not */
	struct ip headend; /* of struct bgp_sr_way */
	enum srpolicy_source source;
	const struct sr_policy *policy; /* copied */
};

enum srpolicy_result {
	SRPOLICY_SET,
	SRPOLICY_SAME, /* it stood so already, and nothing will be said */
	SRPOLICY_FULL,
	SRPOLICY_TOO_LARGE, /* it would not fit a message */
	SRPOLICY_EMPTY,     /* it has no list of segments */
	SRPOLICY_NO_MEMORY,
};

enum srpolicy_result srpolicy_set(struct srpolicy_table *t, const struct srpolicy_wish *wish);
/* False if that source has no such policy for that neighbour. */
bool srpolicy_withdraw(struct srpolicy_table *t, struct ip to, const struct sr_key *key,
		       enum srpolicy_source source);
/* All of a source are set anew: those that are not, between the two, are withdrawn. */
void srpolicy_renew_begin(struct srpolicy_table *t, enum srpolicy_source source);
void srpolicy_renew_end(struct srpolicy_table *t, enum srpolicy_source source);

/* --- sessions --- */

struct srpolicy_peer {
	bool ipv4, ipv6; /* families agreed on */
	bool enhanced_refresh;
	struct ip address;  /* that wishes name */
	struct ip next_hop; /* ours */
	struct asn origin;  /* ours; 0: the neighbour is of our own AS */
};

void srpolicy_session_open(struct srpolicy_table *t, unsigned slot,
			   const struct srpolicy_peer *peer);
void srpolicy_session_close(struct srpolicy_table *t, unsigned slot);

/* What is to be sent, as the table of rules about traffic has it (flowspec_table.h): whole
 * messages, which stay the same until they are said to be sent. */
bool srpolicy_out_waiting(const struct srpolicy_table *t, unsigned slot);
struct cursor srpolicy_out(struct srpolicy_table *t, unsigned slot);
void srpolicy_out_sent(struct srpolicy_table *t, unsigned slot, size_t octets);
/* Octets of the message that is half sent. */
size_t srpolicy_out_rest(const struct srpolicy_table *t, unsigned slot);
/* UPDATEs sent in full since the session is open. */
uint64_t srpolicy_out_messages(const struct srpolicy_table *t, unsigned slot);
/* The neighbour asks for all of a family again. */
void srpolicy_out_refresh(struct srpolicy_table *t, unsigned slot, enum ip_family family);

/* --- looking --- */

struct srpolicy_view {
	struct ip to, headend;
	enum srpolicy_source source;
	bool told; /* the neighbour has been sent it as it is now */
	struct sr_key key;
	struct cursor tunnel; /* what it says, for bgp_tunnel_read; valid until the table changes */
};

size_t srpolicy_count(const struct srpolicy_table *t);
/* The next one after *at, which begins as 0, in order of neighbour, color, endpoint and
 * distinguisher. False at the end. */
bool srpolicy_next(const struct srpolicy_table *t, size_t *at, struct srpolicy_view *out);
