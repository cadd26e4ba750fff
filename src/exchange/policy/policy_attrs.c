/* The checks that look at attributes, once for an attribute set: numbers 1, 4 to 9, 18 and 19 of the
 * list of checks that route servers have in common, and RFC 9774; then who hears it. */
#include <assert.h>
#include <string.h>

#include "exchange/bgp/bgp_as_path.h"
#include "exchange/policy/policy_private.h"

/* --- the checks --- */

bool
policy_asn_never_via(const struct policy *policy, const struct policy_member *member, uint32_t asn)
{
	if (policy_asns_has(&member->never_via, asn))
		return true;
	return member->never_via_registry && policy->sources.registry &&
	       registry_network_never_via(policy->sources.registry, (struct asn){asn});
}

static uint64_t
judge_asn(const struct policy *policy, const struct policy_session *session, uint32_t asn)
{
	const struct policy_member *member = session->member;
	if (asn == policy->hub_as.number)
		return reason_bit(POLICY_LOOP);
	uint64_t reasons = policy_asns_has(&member->bogons, asn) ? reason_bit(POLICY_BOGON_ASN) : 0;
	/* A member may announce its own routes, whoever it is, and an upstream those of anybody. */
	if (asn == member->asn.number || policy_carries_all(session))
		return reasons;
	if (policy_asns_has(&member->transit_free, asn))
		reasons |= reason_bit(POLICY_TRANSIT_FREE);
	if (policy_asn_never_via(policy, member, asn))
		reasons |= reason_bit(POLICY_NEVER_VIA);
	return reasons;
}

static uint64_t
judge_path(const struct policy *policy, const struct policy_session *session,
	   const struct bgp_attrs *attrs)
{
	const struct policy_member *member = session->member;
	bool internal = session->transit == HUB_AS_INTERNAL;
	uint64_t reasons = 0;
	struct bgp_path_segment segment;
	struct cursor path = attrs->as_path;
	uint32_t last = 0; /* prepends are looked at once */
	while (bgp_as_path_next(&segment, &path, 4)) {
		while (cursor_left(&segment.numbers)) {
			uint32_t asn = cursor_u32(&segment.numbers);
			if (asn != last)
				reasons |= judge_asn(policy, session, asn);
			last = asn;
		}
	}
	if (attrs->has_as_set)
		reasons |= reason_bit(POLICY_AS_SET);
	if (attrs->as_hops < member->as_path_min && !internal)
		reasons |= reason_bit(POLICY_PATH_TOO_SHORT);
	if (attrs->as_hops > member->as_path_max)
		reasons |= reason_bit(POLICY_PATH_TOO_LONG);
	if (member->first_as && !internal && attrs->first_as.number != member->asn.number)
		reasons |= reason_bit(POLICY_FIRST_AS);
	return reasons;
}

/* RFC 8950: a next hop of the other family is in order where the session was to agree on it, for
 * IPv4 routes. */
bool
policy_next_hop_fits(const struct policy_session *session, enum ip_family family,
		     struct ip next_hop)
{
	if (next_hop.family != family && !(family == IP_V4 && session->extended_next_hop))
		return false;
	for (size_t i = 0; i < session->next_hop_count; i++)
		if (ip_equal(session->next_hops[i], next_hop))
			return true;
	return false;
}

bool
policy_is_blackhole_next_hop(const struct policy *policy, struct ip next_hop)
{
	return policy->blackhole_by_next_hop && next_hop.family != IP_NONE &&
	       (ip_equal(next_hop, policy->blackhole_ipv4) ||
		ip_equal(next_hop, policy->blackhole_ipv6));
}

struct ip
policy_hole_for(const struct policy *policy, enum ip_family family, struct ip next_hop)
{
	if (family == IP_V6)
		return policy->blackhole_ipv6;
	/* One of its own family reaches everybody, however the route came (RFC 8950). */
	if (policy->blackhole_ipv4.family != IP_NONE || next_hop.family == IP_V4)
		return policy->blackhole_ipv4;
	return policy->blackhole_ipv6;
}

bool
policy_is_crossed(const struct policy *policy, enum ip_family family, struct ip next_hop,
		  uint8_t facts)
{
	struct ip hole = {0};
	if (policy_discards(facts))
		hole = policy_hole_for(policy, family, next_hop);
	if (hole.family != IP_NONE)
		next_hop = hole;
	return family == IP_V4 && next_hop.family == IP_V6;
}

uint64_t
policy_attrs_find(const struct policy *policy, const struct policy_session *session,
		  enum ip_family family, const struct bgp_attrs *attrs,
		  const struct policy_request *request, uint8_t *facts)
{
	const struct policy_member *member = session->member;
	bool by_next_hop = policy_is_blackhole_next_hop(policy, attrs->next_hop);
	uint64_t reasons = judge_path(policy, session, attrs);
	*facts = 0;
	/* RFC 9234 section 5: the members of a route server are its customers in this. */
	if (policy_is_transit(session))
		reasons |= policy_transit_find(policy, session, attrs);
	else if (member->role && attrs->has_otc)
		reasons |= reason_bit(POLICY_LEAK);
	/* Of a member that may not ask, it is a route like others, and meets the same checks. */
	if ((request->blackhole || by_next_hop) && member->blackhole_announce)
		*facts |= POLICY_FACT_BLACKHOLE;
	else if (request->fabric && member->blackhole_announce)
		*facts |= POLICY_FACT_BLACKHOLE | POLICY_FACT_FABRIC;
	/* Behind a router of ours next hops are where they are. */
	bool anywhere = session->transit == HUB_AS_INTERNAL;
	if (!anywhere && !(by_next_hop && *facts & POLICY_FACT_BLACKHOLE) &&
	    !policy_next_hop_fits(session, family, attrs->next_hop))
		reasons |= reason_bit(POLICY_NEXT_HOP);
	if (member->communities_max && request->communities > member->communities_max)
		reasons |= reason_bit(POLICY_COMMUNITIES);
	if (member->aspa != HUB_CHECK_OFF && !policy_carries_all(session) && policy->sources.rpki &&
	    rpki_aspa_verify(policy->sources.rpki, attrs->as_path) == ASPA_INVALID)
		reasons |= reason_bit(POLICY_ASPA_INVALID);
	return reasons;
}

bool
policy_stays_here(const struct policy_member *member, const struct policy_request *request)
{
	return member->obeys_well_known && request->well_known;
}

bool
policy_refuses(const struct policy_member *member, uint64_t reasons)
{
	/* Those who take longer messages may have it: the table knows them. */
	reasons &= ~reason_bit(POLICY_TOO_LARGE);
	if (reasons & ALWAYS_REFUSED)
		return true;
	return member->refusal != HUB_TAG && (reasons & ~member->soft);
}

/* --- the verdict --- */

void
policy_note_thresholds(struct policy *policy, const struct policy_request *request)
{
	for (size_t i = 0; i < request->count; i++) {
		const struct policy_wish *wish = &request->wishes[i];
		if (wish->action >= HUB_DO_NOT_ANNOUNCE_SLOWER &&
		    wish->action <= HUB_PREPEND_FASTER)
			policy->rtt_asked[wish->p / 64] |= (uint64_t)1 << wish->p % 64;
	}
}

static bool
prepends(const struct policy_effects *effects)
{
	return effects->prepend[1] || effects->prepend[2] || effects->prepend[3];
}

static void
find_receivers(struct policy *policy, const struct policy_session *session, enum ip_family family,
	       const struct bgp_attrs *attrs, struct policy_verdict *out)
{
	const struct policy_member *member = session->member;
	const struct policy_request *request = &policy->request;
	bool blackhole = out->facts & POLICY_FACT_BLACKHOLE;
	bool crossed = policy_is_crossed(policy, family, attrs->next_hop, out->facts);
	bool transit = policy_is_transit(session);
	const uint64_t *usual =
		transit ? policy_transit_receivers(policy, session, attrs) : member->usual;
	if (!request->any && !blackhole && !crossed && !prepends(&member->effects) &&
	    !policy_stays_here(member, request)) {
		out->receivers = usual;
		out->variants = policy->standing;
		out->variant_count = transit ? 0 : policy->standing_count;
		return;
	}
	struct policy_asked asked = {member, request, &member->effects, usual, out->facts, crossed};
	if (request->actions_seen)
		policy_note_thresholds(policy, request);
	out->receivers = policy_audience(policy, &asked, policy->variants, &out->variant_count);
	out->variants = policy->variants;
}

/* Paths that are tagged and not refused go to those who want such. */
static void
leave_out(struct policy *policy, struct policy_verdict *out)
{
	const uint64_t *without = policy->without[CHOICE_ASPA];
	if (!without || !(out->reasons >> POLICY_ASPA_INVALID & 1))
		return;
	uint64_t *receivers = policy_room(policy);
	for (size_t i = 0; i < policy->words; i++)
		receivers[i] = out->receivers[i] & ~without[i];
	out->receivers = receivers;
}

static bool
attaches(const struct policy_member *member)
{
	return member->attach[0].length || member->attach[1].length || member->attach[2].length;
}

/* Would edit 0 send the octets that came, OTC aside? */
static bool
stays_plain(const struct policy *policy, const struct policy_member *member,
	    const struct policy_verdict *verdict)
{
	const struct policy_request *request = &policy->request;
	if (request->scrubbed || policy->graceful_shutdown || policy->tell_members ||
	    attaches(member))
		return false;
	if (request->graceful_shutdown && policy_strips_shutdown(policy, member))
		return false;
	return !verdict->reasons && !(verdict->facts & POLICY_FACT_BLACKHOLE);
}

/* What differs in a route of the hub's own AS. GRACEFUL_SHUTDOWN is the least LOCAL_PREF there is (RFC 8326
 * section 4.2). */
static void
judge_transit(const struct policy *policy, const struct policy_session *session,
	      const struct bgp_attrs *attrs, struct policy_verdict *out)
{
	out->transit = true;
	out->local_pref = out->preference ? 0 : policy_transit_preference(policy, session, attrs);
	out->preference = 0;
	out->plain = out->adds_otc = false;
}

/* Nobody but sessions of the hub's own AS, each by its view. */
static void
keep_apart(struct policy *policy, const struct policy_session *session, struct policy_verdict *out)
{
	uint64_t *receivers = policy_room(policy);
	for (size_t i = 0; i < policy->words; i++)
		receivers[i] = out->receivers[i] & policy->transit.all[i];
	out->receivers = receivers;
	policy_transit_variants(policy, session, out);
}

void
policy_attrs_judge(struct policy *policy, uint32_t session_index, enum ip_family family,
		   const struct bgp_attrs *attrs, struct policy_verdict *out)
{
	assert(session_index < policy->session_count);
	const struct policy_session *session = &policy->sessions[session_index];
	const struct policy_member *member = session->member;
	struct policy_request *request = &policy->request;
	policy->room_used = 0;
	*out = (struct policy_verdict){0};
	policy_request_read(request, policy->patterns, policy->pass_unknown_hub, attrs);
	out->reasons = policy_attrs_find(policy, session, family, attrs, request, &out->facts);
	if (request->graceful_shutdown && policy_strips_shutdown(policy, member))
		out->facts |= POLICY_FACT_STRIPPED;
	out->refused = policy_refuses(member, out->reasons);
	out->preference = request->graceful_shutdown && member->graceful_shutdown;
	out->plain = stays_plain(policy, member, out);
	out->adds_otc = policy->role && !attrs->has_otc;
	if (policy_is_transit(session))
		judge_transit(policy, session, attrs, out);
	out->crossed = policy_is_crossed(policy, family, attrs->next_hop, out->facts);
	out->telling = session->telling;
	out->form = policy_made_of(policy, session, family, attrs, out);
	if (!out->refused) {
		find_receivers(policy, session, family, attrs, out);
		leave_out(policy, out);
		if (policy_is_transit(session))
			keep_apart(policy, session, out);
		return;
	}
	uint64_t *collectors = policy_room(policy);
	memcpy(collectors, policy->collectors, policy->words * sizeof(*collectors));
	if (member->refusal == HUB_REFUSE)
		memset(collectors, 0, policy->words * sizeof(*collectors));
	out->receivers = collectors;
}
