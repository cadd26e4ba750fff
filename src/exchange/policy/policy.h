/* What becomes of a member's routes: whether they are in order, who hears them, and how they are
 * changed on the way out. Every check runs and every reason is kept, so that a member sees all its
 * faults at once.
 *
 *   policy_attrs_judge    what follows from the attributes, once for an attribute set
 *   policy_paths_judge    what follows from the prefix, for each path
 *   policy_edit           the attributes as those of an edit are sent them
 *   policy_explain_*      the same in words (policy_explain.h)
 *
 * Neighbours' sessions are named by slots, small numbers that the caller gives out; sets of slots
 * are words of 64 bits. RFC 7947, 7948, 7454. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/ip.h"
#include "exchange/bgp/bgp_attrs.h"
#include "exchange/rpki/rpki.h"
#include "hub/hub.h"
#include "hub/registry.h"

/* Bits of a set of reasons. Stored tables and counters know them by number: new ones get new
 * numbers. */
enum policy_reason {
	/* of the prefix: bits 0 to 15 */
	POLICY_PREFIX_TOO_LONG = 0,
	POLICY_PREFIX_TOO_SHORT = 1,
	POLICY_MARTIAN = 2,
	POLICY_NOT_GLOBAL_UNICAST = 3,
	POLICY_OWN_LAN = 4,
	POLICY_BLOCKED = 5,           /* by the hub's list */
	POLICY_BLOCKED_BY_MEMBER = 6, /* by the member's own */
	POLICY_IRR_ORIGIN = 7,
	POLICY_IRR_PREFIX = 8,
	POLICY_IRR_MISSING = 9, /* nothing was ever heard about the member's AS-SETs */
	POLICY_ROV_INVALID = 10,
	POLICY_ROV_UNKNOWN = 11,
	POLICY_BLACKHOLE_LENGTH = 12,
	POLICY_BLACKHOLE_SPACE = 13, /* a blackhole for address space that is not the member's */
	POLICY_MAX_PREFIXES = 14,    /* set by the engine */
	POLICY_NO_ROOM = 15,         /* set by the table */
	/* of the attributes: bits 16 to 31 */
	POLICY_AS_SET = 16, /* RFC 9774 */
	POLICY_NEXT_HOP = 17,
	POLICY_PATH_TOO_LONG = 18,
	POLICY_PATH_TOO_SHORT = 19,
	POLICY_FIRST_AS = 20,
	POLICY_BOGON_ASN = 21,
	POLICY_LOOP = 22,      /* our own AS in the path: RFC 4271 section 9.1.2 */
	POLICY_TOO_LARGE = 23, /* set by the table */
	POLICY_LEAK = 24,      /* RFC 9234 section 5: ingress rule 1 */
	POLICY_TRANSIT_FREE = 25,
	POLICY_NEVER_VIA = 26,
	POLICY_COMMUNITIES = 27,
	POLICY_ASPA_INVALID = 28,
	/* of the prefix again */
	POLICY_OTHER_ORIGIN = 30, /* not registered, and those that name an origin name another */
	POLICY_REASONS = 32,      /* numbers are below this */
};

/* Those that others know of than the policy: what is explained is told of them. */
enum {
	POLICY_OF_OTHERS = 1u << POLICY_MAX_PREFIXES | 1u << POLICY_NO_ROOM | 1u << POLICY_TOO_LARGE
};

/* What lies outside the hub file; each may be NULL: "not checked", but a hub that asks registries lets
 * nothing pass without an answer of theirs. */
struct policy_sources {
	const struct rpki_table *rpki;
	const struct registry *registry;
};

struct policy;

/* What the exits are to those who come in elsewhere, for what neighbours of the hub's own AS are told. The
 * order of exits is the table's business. */
enum { POLICY_NO_ROW = UINT32_MAX };
struct policy_told {
	uint32_t metric, latency_us;
	uint8_t time;  /* changes whenever the numbers do */
	bool is_known; /* there is a way */
};
struct policy_steering {
	const uint32_t *rows; /* by slot: the row of a session, or POLICY_NO_ROW; NULL: all */
	/* [row * slots + slot]: of a row, the exit that is the session of that slot. */
	const struct policy_told *told;
	unsigned slots;
	uint32_t epoch; /* another one when other sessions than before go by one row */
};

/* The policies of a picture, compiled; keeps nothing of the picture itself. `slot_of` gives the slot
 * of each session by its index in the picture, all below `slots`. NULL if there is no memory. */
struct policy *policy_new(const struct hub *hub, const uint32_t *slot_of, unsigned slots);
void policy_free(struct policy *policy);
/* Uses these from now on; they stay valid until the next call. Who was judged before is to be judged
 * again by the caller. */
void policy_use(struct policy *policy, const struct policy_sources *sources);
/* Goes by this from now on; it stays valid until the next call. Who was judged before is to be judged again by
 * the caller, where rows or times differ. 0, or -1 if there is no memory: then it is as before. */
int policy_steer(struct policy *policy, const struct policy_steering *steering);
/* The round-trip time to a neighbour was measured. True when that changes what routes judged so far
 * ask for, so that they have to be judged again. A time in the hub file wins over measurements, and
 * small changes are ignored. */
bool policy_rtt(struct policy *policy, unsigned slot, uint16_t ms);
/* The round-trip time in force; 0: not known. */
uint16_t policy_rtt_of(const struct policy *policy, unsigned slot);
/* Slots that hear refused routes and no others. Sets have policy_words words. */
const uint64_t *policy_collectors(const struct policy *policy);
size_t policy_words(const struct policy *policy);

/* --- on the way in --- */

/* Removes what members must not send, because the route server says it (HUB_TELL_*) or it is
 * internal, before the attributes are kept. False: there is nothing of the kind. True: *kept are the
 * communities without it, in `storage`. When storage->failed the route cannot be taken. */
bool policy_scrub_import(const struct policy *policy, const struct bgp_attrs *attrs,
			 struct buf *storage, struct bgp_communities *kept);

enum { POLICY_VARIANTS_MAX = 64 }; /* of one verdict or mark */

/* Receivers that get the attributes changed by `edit`. */
struct policy_variant {
	uint32_t edit;
	const uint64_t *slots; /* may name some that are no receivers */
};

enum policy_fact {
	POLICY_FACT_BLACKHOLE = 1, /* asks for a blackhole, and may */
	POLICY_FACT_STRIPPED = 2,  /* GRACEFUL_SHUTDOWN is taken off */
	POLICY_FACT_FABRIC = 4,    /* and it is for a part of the traffic, which the fabric drops */
};

/* What was decided about an attribute set. */
struct policy_verdict {
	uint64_t reasons;
	bool refused;       /* reasons without it: the route is used, and tagged with them */
	bool plain;         /* edit 0 leaves the octets as they came, */
	bool adds_otc;      /* but for OTC of the hub (RFC 9234), which it puts in */
	bool crossed;       /* sent as IPv4 with an IPv6 next hop (RFC 8950) */
	uint8_t preference; /* 0; 1: last resort (RFC 8326) */
	uint8_t facts;      /* enum policy_fact */
	bool transit;       /* of the hub's own AS, with this LOCAL_PREF; then preference is 0 */
	uint32_t local_pref;
	/* Differ when an edit makes something else of the same attributes than by another picture: of
	 * all, and of those only that are told reasons and states of their mark. */
	uint64_t form, telling;
	/* Valid until the next call. When refused: the collectors that may hear it. Variants are
	 * disjoint; receivers in none of them get edit 0. */
	const uint64_t *receivers;
	const struct policy_variant *variants;
	size_t variant_count;
};

/* `session` is an index into hub.sessions. The member's own sessions are never among receivers. */
void policy_attrs_judge(struct policy *policy, uint32_t session, enum ip_family family,
			const struct bgp_attrs *attrs, struct policy_verdict *out);

/* A route whose prefix is to be judged. */
struct policy_route {
	bool anybodys; /* an upstream's, or a router's of our own: what registries say is no matter */
	uint8_t facts; /* of the verdict of its attributes */
	const struct bgp_attrs *attrs;
};

/* What was decided about a path, beyond its attributes. All zero: nothing. */
struct policy_mark {
	uint64_t reasons;
	bool refused;
	bool told;     /* reasons and state stand in what is sent */
	uint8_t state; /* policy_state_rpki, policy_state_irr */
	/* Valid until the next call, NULL: none. Who does not get it; and, if there are variants,
	 * those that hold instead of those of the attributes. */
	const uint64_t *except;
	const struct policy_variant *variants;
	size_t variant_count;
};

enum { POLICY_AHEAD = 16 };

/* Fetches memory that judging a path of this prefix will read; to be called for some prefixes, then for the same
 * ones `again`, when what the first calls asked for is there. Needs no call, and changes nothing. */
void policy_hint(const struct policy *policy, uint32_t session, const struct prefix *prefix,
		 bool again);
/* Judges prefixes of one attribute set and family, at most POLICY_AHEAD of them. */
void policy_paths_judge(struct policy *policy, uint32_t session, const struct policy_route *route,
			const struct prefix *prefixes, size_t count, struct policy_mark *out);

/* Refuses a path for a further reason, that the caller knows of: POLICY_MAX_PREFIXES. */
void policy_mark_refuse(const struct policy *policy, uint32_t session, enum policy_reason reason,
			struct policy_mark *mark);

/* What the registries say about a path: bits, and what stood in for what they do not say. */
enum policy_irr {
	POLICY_IRR_CHECKED = 1,
	POLICY_IRR_HAS_PREFIX = 2,
	POLICY_IRR_HAS_ORIGIN = 4,
	POLICY_IRR_HOW = 56,     /* 0: exactly so, or one of these: */
	POLICY_IRR_LONGER = 8,   /* inside a registered one */
	POLICY_IRR_BY_ROA = 16,  /* a ROA stood in for the route object */
	POLICY_IRR_BY_LIST = 24, /* a white list did, for it and for the origin */
	POLICY_IRR_BY_ARIN = 32, /* whois data did for the route object */
	POLICY_IRR_BY_REGISTRO_BR = 40,
};
/* Does the prefix, or the origin, count as registered? */
bool policy_irr_has_prefix(unsigned irr);
bool policy_irr_has_origin(unsigned irr);
/* How both stand in `state`. */
uint8_t policy_state(enum rpki_state rpki, unsigned irr);
enum rpki_state policy_state_rpki(uint8_t state);
unsigned policy_state_irr(uint8_t state);

/* --- on the way out --- */

/* What is sent, before it is changed. */
struct policy_sent {
	unsigned slot;      /* who announced it, */
	uint32_t router_id; /* and its identifier, of the hub's own AS */
	enum ip_family family;
	const struct bgp_attrs *attrs;
	uint64_t reasons; /* of attributes, and of the mark where that is told */
	bool refused;
	bool stale;    /* for long: LLGR_STALE is added (RFC 9494 section 4.3) */
	uint8_t state; /* of the mark, where that is told */
	uint8_t facts;
	uint32_t edit;
	/* What receivers are told of the exit; NULL: what the steering says of it to the edit's view. */
	const struct policy_told *told;
};

/* Attributes and communities as those of the edit are sent them. What *out and *communities point to
 * lies in `scratch`, which is cleared first, or where sent->attrs points. When scratch->failed
 * nothing of it may be sent. */
void policy_edit(const struct policy *policy, const struct policy_sent *sent, struct bgp_attrs *out,
		 struct bgp_communities *communities, struct buf *scratch);

/* Octets that an edit adds to attributes, at most. */
size_t policy_edit_growth(const struct policy *policy);

/* --- rules about traffic (RFC 8955) --- */

struct policy_flow_verdict {
	uint64_t reasons; /* against its attributes and its destination: any of them refuses it */
	bool foreign; /* the destination is not the member's, by what decides about blackholes */
	uint8_t preference; /* 0; 1: last resort (RFC 8326) */
	uint64_t form;      /* as in a verdict about routes, and so are these: */
	/* Valid until the next call. */
	const uint64_t *receivers;
	const struct policy_variant *variants;
	size_t variant_count;
};
/* `destination` is NULL for a rule without one. */
void policy_flow_judge(struct policy *policy, uint32_t session, enum ip_family family,
		       const struct bgp_attrs *attrs, const struct prefix *destination,
		       struct policy_flow_verdict *out);
/* As policy_edit, for a rule that the slot announced. */
void policy_flow_edit(const struct policy *policy, unsigned slot, enum ip_family family,
		      const struct bgp_attrs *attrs, uint32_t edit, struct bgp_attrs *out,
		      struct bgp_communities *communities, struct buf *scratch);

/* --- reasons in words --- */

/* The reason in a few words, "prefix too long"; NULL for a bit that means nothing. Static text. */
const char *policy_reason_text(unsigned bit);
/* n in RS:1101:n. The Euro-IX list ends at 15; above stand those that it has no number for. */
unsigned policy_reason_code(unsigned bit);
/* n in 65520:n, as members know it from arouteserver; 65535: unknown to it. */
unsigned policy_reason_code_arouteserver(unsigned bit);
/* Appends what the member is to do about it, with the values that hold for the session: "announce
 * IPv4 prefixes of /24 or shorter". */
void policy_reason_mend(struct buf *to, const struct policy *policy, uint32_t session,
			enum ip_family family, unsigned bit);
