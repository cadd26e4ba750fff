/* Lines of an explanation. */
#include "exchange/policy/policy_teller.h"

#include <assert.h>

void
policy_teller_init(struct policy_teller *teller, struct policy *policy,
		   const struct policy_question *question, policy_visit *visit, void *context)
{
	assert(question->session < policy->session_count);
	const struct policy_session *session = &policy->sessions[question->session];
	*teller = (struct policy_teller){
		.policy = policy,
		.question = question,
		.session = session,
		.member = session->member,
		.family = (enum ip_family)question->prefix->ip.family,
		.visit = visit,
		.context = context,
	};
	policy->room_used = 0;
	policy_request_read(&policy->request, policy->patterns, policy->pass_unknown_hub,
			    question->attrs);
	uint64_t reasons = policy_attrs_find(policy, session, teller->family, question->attrs,
					     &policy->request, &teller->facts);
	struct policy_route route = {.anybodys = policy_carries_all(session),
				     .facts = teller->facts,
				     .attrs = question->attrs};
	policy_prefix_find(policy, session->member, &route, question->prefix, question->what_if,
			   &teller->finding);
	teller->reasons = reasons | teller->finding.reasons | question->further;
}

void
policy_teller_fini(struct policy_teller *teller)
{
	buf_fini(&teller->found);
	buf_fini(&teller->wanted);
	buf_fini(&teller->mend);
}

static const char *
text_of(struct policy_teller *teller, struct buf *text)
{
	buf_u8(text, 0);
	teller->failed |= text->failed;
	return text->failed ? "" : (const char *)text->data;
}

void
policy_teller_line(struct policy_teller *teller, const char *check, enum policy_outcome outcome,
		   uint64_t reasons)
{
	struct policy_line line = {
		.check = check,
		.outcome = outcome,
		.reasons = reasons,
		.found = text_of(teller, &teller->found),
		.wanted = text_of(teller, &teller->wanted),
		.mend = text_of(teller, &teller->mend),
	};
	if (!teller->failed)
		teller->visit(teller->context, &line);
	buf_clear(&teller->found);
	buf_clear(&teller->wanted);
	buf_clear(&teller->mend);
}
