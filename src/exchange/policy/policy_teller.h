/* An explanation being told: one line at a time, its texts put together in buffers. */
#pragma once

#include "exchange/policy/policy_explain.h"
#include "exchange/policy/policy_private.h"

struct policy_teller {
	struct policy *policy;
	const struct policy_question *question;
	const struct policy_session *session; /* of the sender */
	const struct policy_member *member;
	enum ip_family family;
	uint8_t facts;
	uint64_t reasons; /* all of them */
	struct policy_finding finding;
	policy_visit *visit;
	void *context;
	struct buf found, wanted, mend; /* of the line being made */
	bool failed;
};

/* Works out what there is to be told. Ended by policy_teller_fini. */
void policy_teller_init(struct policy_teller *teller, struct policy *policy,
			const struct policy_question *question, policy_visit *visit, void *context);
void policy_teller_fini(struct policy_teller *teller);
/* Tells the line made in the buffers and clears them. */
void policy_teller_line(struct policy_teller *teller, const char *check,
			enum policy_outcome outcome, uint64_t reasons);
