/* The rules about traffic of all sessions: who said which, which of them hold, who is to hear them and who has (RFC 8955,
 * RFC 8956, RFC 9117).
 *
 *   announced ──► judged (flowspec_judge.c) ──► kept, refused ones too ──► due to those who are to hear it
 *                                                                              │
 *                     each session takes what is due to it when it can ◄───────┘   (flowspec_out.c)
 *
 * What is due is a bit for each session in each rule, so one that does not read costs nothing, and gets only the newest
 * state when it does. Members say few rules, bounded by the hub file: a rule is looked at by itself, without the shared
 * work of the table of routes. Sessions are known by slots, as everywhere in the exchange. One owner thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exchange/flowspec/flowspec_action.h"
#include "exchange/flowspec/flowspec_rule.h"
#include "exchange/policy/policy.h"

struct flowspec_table;

/* Why a rule is refused, besides what policy says of its attributes and its destination: bits of a set. */
enum flowspec_reason {
	FLOWSPEC_MAY_NOT,        /* the member may not say any */
	FLOWSPEC_NO_DESTINATION, /* RFC 9117 section 4: rule a */
	FLOWSPEC_TOO_WIDE,
	FLOWSPEC_FOREIGN,  /* the destination is not the member's */
	FLOWSPEC_NO_ROUTE, /* RFC 9117 section 4: traffic does not go to the member */
	FLOWSPEC_MATCH,    /* looks at something that rules may not look at here */
	FLOWSPEC_ACTION,   /* asks for something that is not allowed here */
	FLOWSPEC_REDIRECT, /* the same, by name */
	FLOWSPEC_UNKNOWN_ACTION,
	FLOWSPEC_CONTRADICTION,
	FLOWSPEC_REASONS,
};
/* "redirects traffic"; static text. */
const char *flowspec_reason_text(unsigned reason);
/* What the member is to do about it, by what holds for it. */
void flowspec_reason_mend(struct buf *to, unsigned reason, const struct hub_policy_flowspec *terms);

/* What the table asks. */
struct flowspec_hooks {
	/* The session's place in the picture of the policy, and what holds for its rules. NULL: it is no longer there. */
	const struct hub_policy_flowspec *(*terms)(void *context, unsigned slot, uint32_t *session);
	/* Does the longest accepted route to all of this go to the session's member? */
	bool (*follows)(void *context, unsigned slot, const struct prefix *destination);
	void *context;
};

/* NULL if there is no memory. */
struct flowspec_table *flowspec_table_new(unsigned slots, const struct flowspec_hooks *hooks);
void flowspec_table_free(struct flowspec_table *t);
/* Room for more slots: 0, or -1 if there is no memory; then it is as it was. */
int flowspec_table_widen(struct flowspec_table *t, unsigned slots);
/* The policy in force; valid until the next call. What was judged by another is to be judged again. */
void flowspec_table_use(struct flowspec_table *t, struct policy *policy);

/* --- sessions --- */

struct flowspec_peer {
	bool ipv4, ipv6;    /* rules of these were agreed on */
	uint32_t router_id; /* for the order of preference, like: */
	struct ip address;
	bool enhanced_refresh; /* RFC 7313 */
};
void flowspec_session_open(struct flowspec_table *t, unsigned slot,
			   const struct flowspec_peer *peer);
/* Its rules go, and what it was told is forgotten. Nothing happens to a session that is not open. */
void flowspec_session_close(struct flowspec_table *t, unsigned slot);
/* Its rules of the family go, and none are taken until it is opened anew; it still hears those of others. */
void flowspec_session_lose(struct flowspec_table *t, unsigned slot, enum ip_family family);
bool flowspec_session_lost(const struct flowspec_table *t, unsigned slot, enum ip_family family);
/* It is open, and rules of the family are taken from it. */
bool flowspec_session_takes(const struct flowspec_table *t, unsigned slot, enum ip_family family);
/* It tells all rules of the family again: those not among them go when it ends (RFC 7313). */
void flowspec_session_stale(struct flowspec_table *t, unsigned slot, enum ip_family family,
			    bool begins);
/* Rules of it were not kept, because there was no room, and now there is: it should be asked for all of them. True once
 * for each time. */
bool flowspec_session_wants(struct flowspec_table *t, unsigned slot, enum ip_family family);

/* --- what it says --- */

/* Takes a list for bgp_flow_next; malformed rules in it, and those for which there is no room, are counted and left out.
 * 0, or -1 if there is no memory. */
int flowspec_announce(struct flowspec_table *t, unsigned slot, enum ip_family family,
		      struct cursor list, const struct bgp_attrs *attrs, uint32_t now_s);
void flowspec_withdraw(struct flowspec_table *t, unsigned slot, enum ip_family family,
		       struct cursor list);

/* What may be otherwise than when rules were judged last: each is more than the one before. */
enum flowspec_change {
	FLOWSPEC_RULES,   /* what speaks against rules, or for whom they are */
	FLOWSPEC_HEARERS, /* who wants to hear any */
};
/* Judges everything anew, beginning now. */
void flowspec_rejudge(struct flowspec_table *t, enum flowspec_change change);
/* Goes on with it for about so many rules; true when there is more to do. */
bool flowspec_rejudge_step(struct flowspec_table *t, size_t budget);
/* The session that keeps most withdrawn rules from being forgotten, when these are too many: it should be closed.
 * Otherwise -1. */
int flowspec_worst(const struct flowspec_table *t);

/* --- what goes out --- */

/* What is to be sent now; stays until the next call of any function here. Empty: nothing. */
struct cursor flowspec_out(struct flowspec_table *t, unsigned slot);
/* The first `octets` of it have been taken. */
void flowspec_out_sent(struct flowspec_table *t, unsigned slot, size_t octets);
/* There is something to be sent: cheap. */
bool flowspec_out_waiting(const struct flowspec_table *t, unsigned slot);
/* Octets that are still to come of a message begun. */
size_t flowspec_out_rest(const struct flowspec_table *t, unsigned slot);
/* UPDATEs sent whole since it opened. */
uint64_t flowspec_out_messages(const struct flowspec_table *t, unsigned slot);
/* Sends all rules of the family again (RFC 2918). */
void flowspec_out_refresh(struct flowspec_table *t, unsigned slot, enum ip_family family);

/* --- looking --- */

struct flowspec_view {
	const struct flowspec_rule *rule;
	const struct bgp_attrs *attrs;
	unsigned slot; /* who says it */
	uint32_t since_s;
	uint64_t policy_reasons; /* of policy.h */
	uint32_t reasons;        /* of enum flowspec_reason */
	bool refused;
	const uint64_t *told; /* who has it: words of 64 slots */
	size_t words;
};
/* Calls back for what sessions say, in the order in which receivers apply rules, those after `after` only (NULL: from the
 * first): of at most `max` rules. Returns how many there were; 0: that was all. *last is the last of them, valid until
 * the next change. */
size_t flowspec_walk(const struct flowspec_table *t, const struct flowspec_rule *after, size_t max,
		     void (*visit)(void *context, const struct flowspec_view *view), void *context,
		     const struct flowspec_rule **last);

struct flowspec_totals {
	uint32_t accepted, refused;
	uint32_t left_out;                /* for want of room, since it is up */
	uint32_t faults[FLOWSPEC_FAULTS]; /* malformed rules, since it is up */
	uint32_t too_large;               /* attributes that we could not pass on */
	uint32_t told;                    /* rules of others that it has */
};
void flowspec_session_totals(const struct flowspec_table *t, unsigned slot,
			     struct flowspec_totals *out);
/* Rules of all sessions, and octets that they take, about. */
size_t flowspec_count(const struct flowspec_table *t);
size_t flowspec_memory(const struct flowspec_table *t);
