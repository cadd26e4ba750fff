/* Rules about traffic (RFC 8955): whose they are, by the checks on routes, and who hears them.
 *
 * A rule is judged as a blackhole for its destination would be: it must lie in address space of the member's own. What
 * does not concern rules is left out: next hops, which they do not have, and OTC, which is for routes only (RFC 9234
 * section 5). Nothing is merely tagged: who hears a rule drops traffic. */
#include <assert.h>

#include "exchange/policy/policy_private.h"

enum { BESIDE_THE_POINT = 1u << POLICY_NEXT_HOP | 1u << POLICY_LEAK };
/* Rules have lengths of their own, and words of their own for these. */
enum { SAID_OTHERWISE = 1u << POLICY_BLACKHOLE_LENGTH | 1u << POLICY_BLACKHOLE_SPACE };

void
policy_flow_judge(struct policy *policy, uint32_t session_index, enum ip_family family,
		  const struct bgp_attrs *attrs, const struct prefix *destination,
		  struct policy_flow_verdict *out)
{
	assert(session_index < policy->session_count);
	const struct policy_session *session = &policy->sessions[session_index];
	const struct policy_member *member = session->member;
	struct policy_request *request = &policy->request;
	struct policy_effects effects = member->effects;
	uint8_t facts;
	policy->room_used = 0;
	*out = (struct policy_flow_verdict){0};
	policy_request_read(request, policy->patterns, policy->pass_unknown_hub, attrs);
	out->reasons = policy_attrs_find(policy, session, family, attrs, request, &facts) &
		       ~(uint64_t)BESIDE_THE_POINT;
	if (destination) {
		struct policy_route route = {.facts = POLICY_FACT_BLACKHOLE, .attrs = attrs};
		struct policy_finding found;
		policy_prefix_find(policy, member, &route, destination, NULL, &found);
		out->foreign = found.reasons & reason_bit(POLICY_BLACKHOLE_SPACE);
		out->reasons |= found.reasons & ~(uint64_t)SAID_OTHERWISE;
		policy_effects_of(policy, member, destination, &effects);
	}
	out->reasons &= ~member->soft;
	out->preference = request->graceful_shutdown && member->graceful_shutdown;
	out->form = policy_made_of(policy, session, family, attrs, &(struct policy_verdict){0});
	struct policy_asked asked = {
		.from = member, .request = request, .effects = &effects, .usual = member->usual};
	out->receivers = policy_audience(policy, &asked, policy->variants, &out->variant_count);
	out->variants = policy->variants;
	policy_note_thresholds(policy, request);
}

void
policy_flow_edit(const struct policy *policy, unsigned slot, enum ip_family family,
		 const struct bgp_attrs *attrs, uint32_t edit, struct bgp_attrs *out,
		 struct bgp_communities *communities, struct buf *scratch)
{
	struct bgp_attrs without_otc = *attrs;
	without_otc.has_otc = true; /* so that none is added */
	struct policy_sent sent = {
		.slot = slot, .family = family, .attrs = &without_otc, .edit = edit};
	policy_edit(policy, &sent, out, communities, scratch);
	out->has_otc = attrs->has_otc;
}
