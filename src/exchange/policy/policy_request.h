/* What the communities of a route ask the route server for. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exchange/bgp/bgp_attrs.h"
#include "exchange/policy/policy_pattern.h"

/* Attributes fit a message, so there are never more communities than this (RFC 8654). */
enum { POLICY_WISHES_MAX = 65536 / 4 };

/* In which communities something was asked: bits, for IXP Manager weighs them differently. */
enum policy_said { POLICY_SAID_LARGE = 1, POLICY_SAID_SHORT = 2, POLICY_SAID_ANYHOW = 3 };

/* Something asked for some of the peers. */
struct policy_wish {
	uint8_t action; /* enum hub_community_action, one with P */
	uint8_t number; /* prepends */
	uint8_t said;   /* enum policy_said */
	uint32_t p;     /* peer, place or milliseconds */
};

/* How far a route may go (RFC 1997). */
enum policy_bound {
	POLICY_GOES_ON,
	POLICY_STAYS_INSIDE, /* NO_EXPORT, NO_EXPORT_SUBCONFED: in the AS that hears it */
	POLICY_STAYS_HERE,   /* NO_ADVERTISE: with who hears it */
};

struct policy_request {
	uint8_t none, all;            /* announce to nobody, to everybody: enum policy_said */
	bool no_export, no_advertise; /* add it for everybody */
	bool blackhole;               /* RFC 7999 or the hub's own value */
	bool graceful_shutdown;       /* RFC 8326 */
	enum policy_bound well_known; /* holds one of RFC 1997 that keeps it from others */
	bool any;                     /* anything but blackhole and graceful_shutdown is asked */
	uint8_t prepends;             /* bit n: n times to all */
	uint32_t actions_seen;        /* bit for each action with P among the wishes */
	uint32_t communities;         /* of all forms together */
	uint64_t scrubbed;            /* which of them are not passed on, as a hash; 0: none */
	uint64_t fabric;              /* which say what part of the traffic is dropped, likewise */
	size_t count;
	struct policy_wish wishes[POLICY_WISHES_MAX];
};

/* `pass_unknown`: communities of the hub's AS that mean nothing are passed on. */
void policy_request_read(struct policy_request *out, const struct policy_patterns *patterns,
			 bool pass_unknown, const struct bgp_attrs *attrs);

/* BLACKHOLE itself (RFC 7999), which a blackhole keeps though it counts as scrubbed. */
bool policy_word_is_blackhole(const struct policy_word *word);
/* True for a community that is for the route server or from it alone: not passed on. */
bool policy_word_is_scrubbed(const struct policy_patterns *patterns, bool pass_unknown,
			     const struct policy_word *word);
/* True for one that says to the fabric what to drop. */
bool policy_word_is_fabric(const struct policy_patterns *patterns, const struct policy_word *word);
/* True for one that members must not send: what the route server tells, and internal ones. */
bool policy_word_is_forged(const struct policy_patterns *patterns, const struct policy_word *word);

/* In the order of the lists, which is how explanations go through them. */
bool policy_words_next(struct policy_word *out, struct cursor lists[3]);

enum {
	POLICY_GRACEFUL_SHUTDOWN = 0xffff0000,   /* RFC 8326 */
	POLICY_LLGR_STALE = 0xffff0006,          /* RFC 9494 */
	POLICY_BLACKHOLE_COMMUNITY = 0xffff029a, /* RFC 7999 */
	POLICY_NO_EXPORT = 0xffffff01,           /* RFC 1997 */
	POLICY_NO_ADVERTISE = 0xffffff02,
	POLICY_NO_EXPORT_SUBCONFED = 0xffffff03,
};
