/* What the files of the policy share. */
#pragma once

#include <assert.h>

#include "base/arena.h"
#include "exchange/policy/policy.h"
#include "exchange/policy/policy_asns.h"
#include "exchange/policy/policy_pattern.h"
#include "exchange/policy/policy_request.h"
#include "exchange/policy/policy_rules.h"

/* An edit: bits. Edit 0 is what most receivers get. */
enum {
	EDIT_PREPEND = 3, /* so many times the announcing member's AS */
	EDIT_NO_EXPORT = 4,
	EDIT_NO_ADVERTISE = 8,
	EDIT_HUB_FIRST = 16,  /* the hub's AS stands first */
	EDIT_ROLE_OTHER = 32, /* OTC is added though the hub as a whole does not, or the reverse */
	EDIT_BITS = 6,
	EDIT_VARIANTS_MAX = POLICY_VARIANTS_MAX,
	/* Of the hub's own AS: as the receivers of a view are sent it, by what was told them when it was
	 * said the n-th time (policy_transit.c). The bits above may stand beside. */
	EDIT_TRANSIT = 1 << 30,
	EDIT_VIEW_SHIFT = EDIT_BITS,
	EDIT_VIEW_MASK = 0x3fff,
	EDIT_TOLD_SHIFT = 20,
};

static_assert(EDIT_VARIANTS_MAX == 1 << EDIT_BITS, "a variant for each edit");

/* Everything but this may be tolerated by a member whose routes are only tagged: with these a route
 * loops, leaks or has no room. */
enum {
	ALWAYS_REFUSED = 1u << POLICY_LOOP | 1u << POLICY_LEAK | 1u << POLICY_MAX_PREFIXES |
			 1u << POLICY_NO_ROOM
};

struct rule_pair {
	const struct policy_rules *ipv4, *ipv6;
};

static inline const struct policy_rules *
rules_of(const struct rule_pair *pair, const struct prefix *prefix)
{
	return prefix->ip.family == IP_V4 ? pair->ipv4 : pair->ipv6;
}

/* White list of route objects. */
struct policy_allowed {
	struct rule_pair spaces; /* outside of them no closer look is needed */
	const struct hub_route_object *routes;
	size_t count;
};

/* The AS-SETs of a member, in one family. */
struct policy_sets {
	char **names;
	const struct registry_set **sets; /* those of the names that the registry has */
	size_t name_count, count;
};

/* What members' own rules do to the routes of one sender. Sets of slots; NULL: empty. */
struct policy_effects {
	const uint64_t *deny;       /* these do not get it */
	const uint64_t *prepend[4]; /* [n]: these get it prepended n times; disjoint */
};

/* Communities of one form, as they are written into messages. */
struct policy_octets {
	uint8_t *at;
	size_t length;
};

/* Routes that are tagged and that a receiver need not hear. */
enum policy_choice { CHOICE_ROV_INVALID, CHOICE_ROV_UNKNOWN, CHOICE_IRR, CHOICE_ASPA, CHOICES };

/* A member's policy. Members that did not change the lists share those of the hub. */
struct policy_member {
	struct asn asn;
	uint16_t alias_asn; /* 0: none */
	bool fabric;        /* all its sessions are; no rule of a member keeps anything from it */
	const char *name;
	uint32_t first_session, session_count;
	uint8_t as_path_min, as_path_max;
	bool first_as, only_global_unicast;
	uint8_t ipv4_min, ipv4_max, ipv6_min, ipv6_max;
	bool role, graceful_shutdown;
	bool obeys_well_known;
	uint16_t communities_max;
	struct policy_octets attach[3]; /* standard, extended, large */
	enum hub_refusal refusal;
	uint64_t soft; /* reasons that only tag */
	struct policy_asns bogons, transit_free, never_via;
	bool never_via_registry;
	struct rule_pair martians, blocked, blocked_own, lans;

	enum hub_weight irr_origin, irr_prefix, rov, aspa;
	bool irr_longer, irr_roas, irr_whois, rov_unknown;
	struct policy_allowed allow_routes;
	struct policy_asns allow_origins;
	struct rule_pair allow_prefixes, allow_spaces; /* the same, with all that is inside */
	struct policy_sets sets[2];                    /* IPv4, IPv6 */

	bool blackhole_announce, blackhole_receive;
	uint8_t blackhole_ipv4_min, blackhole_ipv6_min;

	struct hub_member_rule *announce, *receive;
	size_t announce_count, receive_count;
	struct rule_pair announce_prefixes; /* prefixes that `announce` names */
	bool announce_by_prefix, receive_by_prefix;

	/* Who gets the routes of this member when they ask for nothing, are no blackholes, and have
	 * an ordinary next hop. */
	const uint64_t *usual;
	struct policy_effects effects; /* of rules without a prefix */
	/* Who is denied what no rule with a prefix allows; NULL: nobody. Not in effects.deny, for a
	 * verdict holds for all prefixes. */
	const uint64_t *late_deny;
};

struct policy_session {
	struct policy_member *member;
	const char *id;
	uint32_t slot;
	const struct ip *next_hops; /* its own first, then those of the member's other ports */
	size_t next_hop_count, own_next_hop_count;
	bool extended_next_hop, fabric;
	uint16_t rtt_ms, rtt_fixed_ms; /* in force; of the hub file */
	/* Numbers by which communities know where it is; 0: none. */
	uint16_t site, metro, country, continent;
	const char *site_name;
	/* Of the hub's own AS. */
	enum hub_transit_kind transit;
	uint32_t local_pref; /* of what it announces; 0: its own word, of an internal one */
	bool next_hop_unchanged;
	struct ip router_ipv4, router_ipv6; /* the hub's, at its site */
	uint32_t view;                      /* index into policy->views */
	uint8_t standing;                   /* edit bits that this receiver always has */
	uint64_t telling;                   /* policy_telling_of */
};

/* A place and who is there. */
struct policy_place {
	uint8_t kind; /* 0 site, 1 metro, 2 country, 3 continent */
	uint16_t number;
	uint32_t slot; /* while they are gathered */
	uint64_t *slots;
};

static inline int
policy_place_compare(const void *a, const void *b)
{
	const struct policy_place *x = a, *y = b;
	return x->kind != y->kind ? x->kind - y->kind : x->number - y->number;
}

/* Receivers of the hub's own AS who are sent the same of the same route. */
struct policy_view {
	uint32_t first; /* session, index into policy->sessions: all are as this one is */
	uint32_t row;   /* of the steering; POLICY_NO_ROW: none */
	uint64_t *slots;
};

/* Where nothing of it is set nobody speaks for the hub's own AS. */
struct policy_transit {
	uint64_t *all, *down, *internal; /* slots: of all its sessions; of customers and routers */
	struct policy_view *views;
	size_t view_count;
	/* Room for the variants of a verdict, and for their sets. */
	struct policy_variant *variants;
	uint64_t *room;
	struct policy_steering steering;
	struct hub_transit config; /* lists in it are not to be used */
	uint32_t cluster_id;
	uint64_t digest; /* of all that edits go by, but for the steering */
};

struct policy {
	struct arena *arena;
	struct policy_transit transit;
	struct asn hub_as;
	struct ip blackhole_ipv4, blackhole_ipv6; /* IP_NONE: next hop unchanged */
	bool blackhole_by_next_hop, blackhole_no_export;
	bool graceful_shutdown, role, pass_unknown_hub, pass_graceful_shutdown;
	bool tell_members;                       /* something, of routes that are in order */
	bool highest_prepend_first, large_first; /* as IXP Manager has it */
	bool asks_registries; /* the hub does; without an answer nothing is registered */
	bool asks_rpki;
	struct policy_patterns *patterns;
	struct policy_sources sources;

	struct policy_member *members;
	size_t member_count;
	struct policy_session *sessions;
	size_t session_count;
	uint32_t *session_at; /* by slot; HUB_NONE */
	uint32_t *by_asn;     /* members by AS number, open addressing: index + 1 */
	uint32_t by_asn_mask;

	unsigned slots;
	size_t words;
	uint64_t *collectors; /* sets of slots, like these: */
	bool has_collectors;
	uint64_t *everybody;        /* but collectors */
	uint64_t *extended;         /* may have IPv4 routes with IPv6 next hops: RFC 8950 */
	uint64_t *blackholes;       /* want blackholes */
	uint64_t *fabric;           /* drop traffic: hear blackholes and nothing else */
	uint64_t *without[CHOICES]; /* do not want these; NULL: nobody */
	bool any_without;
	uint64_t *hub_first, *role_other; /* receivers of these edits */
	struct policy_variant *standing;  /* what they are when nothing else is asked */
	size_t standing_count;
	struct policy_place *places;
	size_t place_count;
	unsigned place_kinds;              /* that some session has a number of, a bit each */
	struct rule_pair receive_prefixes; /* prefixes that any receiver's rules name */
	bool any_receive, receive_by_prefix;

	/* Thresholds in milliseconds that routes asked for since policy_new: a bit each. */
	uint64_t *rtt_asked;

	struct policy_request request;
	/* Room for a verdict, and for the marks of POLICY_AHEAD paths. */
	uint64_t *room;
	size_t room_used, room_words;
	struct policy_variant variants[EDIT_VARIANTS_MAX];
	struct policy_variant mark_variants[POLICY_AHEAD][EDIT_VARIANTS_MAX];
};

static inline uint64_t
reason_bit(enum policy_reason reason)
{
	return (uint64_t)1 << reason;
}

/* What the registries and the RPKI would have to say besides what they do. */
struct policy_what_if;

/* --- policy_members.c --- */
/* Compiles all members into policy->members, which has room for them. 0, or -1 without memory. */
int policy_members_make(struct policy *policy, const struct hub *hub);
/* The member with this AS number, or with this one standing for it; NULL: none. */
struct policy_member *policy_member_of(const struct policy *policy, uint32_t asn);

/* --- policy_audience.c --- */

/* Who is to have routes of `from`, and in which variants: into `variants`, which has room for
 * EDIT_VARIANTS_MAX. All sets are from policy->room. */
struct policy_asked {
	const struct policy_member *from;
	const struct policy_request *request; /* NULL: nothing is asked */
	const struct policy_effects *effects;
	const uint64_t *usual; /* who gets it when nothing is asked */
	uint8_t facts;         /* POLICY_FACT_BLACKHOLE, _FABRIC */
	bool ipv4_over_ipv6;
};
uint64_t *policy_audience(struct policy *policy, const struct policy_asked *asked,
			  struct policy_variant *variants, size_t *variant_count);
/* A set of slots from policy->room, not cleared. */
uint64_t *policy_room(struct policy *policy);

/* --- policy_member_rules.c --- */

/* Compiles members' own rules. 0, or -1 if there is no memory. */
int policy_effects_make(struct policy *policy);
/* True if some rule with a prefix of the sender or of a receiver fits. */
bool policy_rules_fit(const struct policy *policy, const struct policy_member *from,
		      const struct prefix *prefix);
/* What all rules do to this prefix; sets from policy->room. */
void policy_effects_of(struct policy *policy, const struct policy_member *from,
		       const struct prefix *prefix, struct policy_effects *out);
/* The rule that decides, or NULL. */
const struct hub_member_rule *policy_rule_deciding(const struct hub_member_rule *rules,
						   size_t count, struct asn peer,
						   const struct prefix *prefix);

/* --- policy_digest.c --- */

/* What is told of routes of the session, in a number. */
uint64_t policy_telling_of(const struct policy *policy, const struct policy_session *session);
/* The same for all that edit 0 does to attributes just read into policy->request. */
uint64_t policy_made_of(const struct policy *policy, const struct policy_session *session,
			enum ip_family family, const struct bgp_attrs *attrs,
			const struct policy_verdict *verdict);

/* --- policy_paths.c --- */

/* What one path is judged by. */
struct policy_finding {
	uint64_t reasons;
	enum rpki_state rpki;
	unsigned irr; /* enum policy_irr */
};
/* Which of enum policy_choice the route is, a bit each: those that need not be heard. */
unsigned policy_choices_of(const struct policy_finding *found, uint64_t reasons, uint8_t facts);
void policy_prefix_find(const struct policy *policy, const struct policy_member *member,
			const struct policy_route *route, const struct prefix *prefix,
			const struct policy_what_if *what_if, struct policy_finding *out);

/* --- policy_transit.c --- */

/* Compiles what the hub file says of one session; of all. 0, or -1 if there is no memory. */
void policy_transit_session(struct policy_session *to, const struct hub *hub,
			    const struct hub_session *from);
int policy_transit_make(struct policy *policy, const struct hub *hub);
void policy_transit_fini(struct policy *policy);
/* Reasons against attributes that are about the AS as a whole: loops (RFC 4456), leaks (RFC 9234). */
uint64_t policy_transit_find(const struct policy *policy, const struct policy_session *session,
			     const struct bgp_attrs *attrs);
/* Of a route that such a session announced: its LOCAL_PREF, and who may have it. */
uint32_t policy_transit_preference(const struct policy *policy,
				   const struct policy_session *session,
				   const struct bgp_attrs *attrs);
/* By what policy->request says of it, too: RFC 1997 binds the hub's own AS as any. */
const uint64_t *policy_transit_receivers(struct policy *policy,
					 const struct policy_session *session,
					 const struct bgp_attrs *attrs);
/* May it go to that session of the hub's own AS, as far as RFC 1997 goes? */
bool policy_transit_may_go(const struct policy_request *request, const struct policy_session *to);
/* The same variants, by view: they replace out->variants. */
void policy_transit_variants(struct policy *policy, const struct policy_session *session,
			     struct policy_verdict *out);
/* OTC that is put in; 0: none. */
struct asn policy_transit_otc(const struct policy *policy, const struct policy_sent *sent);
/* Appends large communities. */
void policy_transit_tell(const struct policy *policy, const struct policy_sent *sent,
			 struct buf *to);
/* Everything else: next hop, MED, LOCAL_PREF, ORIGINATOR_ID; appends CLUSTER_LIST to `scratch`, and returns
 * how many octets of it there are. */
size_t policy_transit_edit(const struct policy *policy, const struct policy_sent *sent,
			   struct bgp_attrs *out, struct buf *scratch);
static inline bool
policy_is_transit(const struct policy_session *session)
{
	return session->transit != HUB_AS_NONE;
}
/* Do anybody's routes come this way, so that what is registered for the neighbour says nothing of them? */
static inline bool
policy_carries_all(const struct policy_session *session)
{
	return session->transit == HUB_AS_UPSTREAM || session->transit == HUB_AS_INTERNAL;
}

/* --- policy_attrs.c --- */

/* Does the network want no route servers, by the registry or the hub's list? */
bool policy_asn_never_via(const struct policy *policy, const struct policy_member *member,
			  uint32_t asn);
bool policy_next_hop_fits(const struct policy_session *session, enum ip_family family,
			  struct ip next_hop);
bool policy_is_blackhole_next_hop(const struct policy *policy, struct ip next_hop);
/* The next hop that a blackhole is sent with instead of its own; IP_NONE: its own. */
struct ip policy_hole_for(const struct policy *policy, enum ip_family family, struct ip next_hop);
/* Is the route, as it is sent, an IPv4 one with an IPv6 next hop, which not everybody takes? */
bool policy_is_crossed(const struct policy *policy, enum ip_family family, struct ip next_hop,
		       uint8_t facts);
/* Reasons against the attributes; *facts as in a verdict. */
uint64_t policy_attrs_find(const struct policy *policy, const struct policy_session *session,
			   enum ip_family family, const struct bgp_attrs *attrs,
			   const struct policy_request *request, uint8_t *facts);
/* Is all traffic to it to be dropped, by everybody, and not a part of it by the fabric? */
static inline bool
policy_discards(uint8_t facts)
{
	return (facts & (POLICY_FACT_BLACKHOLE | POLICY_FACT_FABRIC)) == POLICY_FACT_BLACKHOLE;
}
/* Does a community of RFC 1997 keep the member's route from everybody? */
bool policy_stays_here(const struct policy_member *member, const struct policy_request *request);
/* Is GRACEFUL_SHUTDOWN of the member taken off? */
static inline bool
policy_strips_shutdown(const struct policy *policy, const struct policy_member *member)
{
	return !member->graceful_shutdown && !policy->pass_graceful_shutdown;
}

/* Notes the round-trip times that are asked about. */
void policy_note_thresholds(struct policy *policy, const struct policy_request *request);
/* Do these reasons refuse the member's route? */
bool policy_refuses(const struct policy_member *member, uint64_t reasons);
