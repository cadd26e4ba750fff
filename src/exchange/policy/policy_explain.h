/* The policy in words: each check and decision about one route, in the order in which they are made,
 * with what was found, what is wanted, and what would mend it. The verdict comes from the same code
 * that judges routes; here it is only told. */
#pragma once

#include "exchange/policy/policy.h"

/* What the world would say besides. */
struct policy_what_if {
	const struct rpki_vrp *vrps;
	size_t vrp_count;
	const struct policy_registered { /* route objects in the member's AS-SETs */
		struct prefix prefix;
		struct asn origin;
	} * routes;
	size_t route_count;
};

enum policy_outcome {
	POLICY_PASSED,
	POLICY_FAILED,      /* a reason to refuse the route */
	POLICY_TAGGED,      /* a reason that is told, and does not refuse it */
	POLICY_NOT_APPLIED, /* switched off, or there is nothing to check */
	POLICY_SAID,        /* no check: a decision, or what it leads to */
};

struct policy_line {
	const char *check; /* a few words, static: "next hop" */
	enum policy_outcome outcome;
	uint64_t reasons; /* that it is about */
	/* Texts are valid during the call; "" where there is nothing to say. */
	const char *found, *wanted, *mend;
};

typedef void policy_visit(void *context, const struct policy_line *line);

/* What was agreed on with a receiver. */
struct policy_able {
	bool extended_next_hop; /* RFC 8950 */
	bool size;              /* the route as it is sent fits its messages */
};

/* A route as its member announces it, or might: `attrs` may be others than those it sent. */
struct policy_question {
	uint32_t session; /* who announces it: index into hub.sessions */
	const struct prefix *prefix;
	const struct bgp_attrs *attrs;
	uint64_t further;                     /* of POLICY_OF_OTHERS: what they found */
	const struct policy_what_if *what_if; /* NULL: nothing */
	/* Of policy_explain_out: what the receiver's session can take; NULL: nothing was agreed on yet,
	 * so what the hub file says counts. */
	const struct policy_able *able;
};

/* What came of it. */
struct policy_answer {
	uint64_t reasons;
	bool refused;
	bool hears; /* of policy_explain_out: the receiver may have it */
	uint32_t edit;
};

/* The checks on the way in. False, and nothing visited any more, when there is no memory. */
bool policy_explain_in(struct policy *policy, const struct policy_question *question,
		       policy_visit *visit, void *context, struct policy_answer *out);
/* The decisions on the way out to a session (index into hub.sessions): whether it may have the
 * route, which community or rule says so, and what is changed. Whether another path is preferred is
 * for the table to say. */
bool policy_explain_out(struct policy *policy, const struct policy_question *question,
			uint32_t receiver, policy_visit *visit, void *context,
			struct policy_answer *out);
