/* What an edit makes of attributes, in numbers: when they are the same for the same attributes, edit and
 * decisions, so is what is sent, whatever else changed in the picture. And how much longer attributes can
 * become. */
#include "base/hash.h"
#include "exchange/policy/policy_private.h"

static uint64_t
mix(uint64_t digest, uint64_t more)
{
	return hash_u64(digest ^ hash_u64(more + 1));
}

static uint64_t
mix_ip(uint64_t digest, struct ip ip)
{
	digest = mix(digest, ip.family);
	return ip.family == IP_NONE ? digest
				    : mix(digest, hash_bytes(ip.octets, sizeof(ip.octets)));
}

static uint64_t
mix_tell(uint64_t digest, const struct policy_tell *tell)
{
	const uint64_t words[] = {(uint64_t)tell->action, (uint64_t)tell->codes,
				  (uint64_t)tell->form,   tell->fields[0],
				  tell->fields[1],        tell->fields[2],
				  (uint8_t)tell->p,       tell->value,
				  tell->to_members,       tell->collectors_only};
	return mix(digest, hash_bytes(words, sizeof(words)));
}

uint64_t
policy_telling_of(const struct policy *policy, const struct policy_session *session)
{
	size_t count;
	const struct policy_tell *tells = policy_pattern_tells(policy->patterns, &count);
	const uint64_t place[] = {session->member->asn.number,
				  policy->place_kinds,
				  session->site,
				  session->metro,
				  session->country,
				  session->continent};
	uint64_t digest = hash_bytes(place, sizeof(place));
	for (size_t i = 0; i < count; i++)
		digest = mix_tell(digest, &tells[i]);
	/* A next hop by another router is told. */
	for (size_t i = session->own_next_hop_count; i < session->next_hop_count; i++)
		digest = mix_ip(digest, session->next_hops[i]);
	return digest;
}

uint64_t
policy_made_of(const struct policy *policy, const struct policy_session *session,
	       enum ip_family family, const struct bgp_attrs *attrs,
	       const struct policy_verdict *verdict)
{
	bool strips = policy->request.graceful_shutdown &&
		      policy_strips_shutdown(policy, session->member);
	uint64_t digest =
		mix(policy->request.scrubbed, (unsigned)policy->graceful_shutdown << 2 |
						      (unsigned)strips << 1 | policy->role);
	if (verdict->facts & POLICY_FACT_BLACKHOLE) {
		digest = mix(digest, policy->blackhole_no_export);
		digest = mix_ip(digest, policy_hole_for(policy, family, attrs->next_hop));
	}
	if (verdict->facts & POLICY_FACT_FABRIC)
		digest = mix(digest, policy->request.fabric);
	for (unsigned i = 0; i < 3; i++) {
		const struct policy_octets *attach = &session->member->attach[i];
		if (attach->length)
			digest = mix(digest, hash_bytes(attach->at, attach->length) + i);
	}
	if (policy_is_transit(session))
		digest = mix(digest, policy->transit.digest);
	bool tells = policy->tell_members || verdict->refused || verdict->reasons;
	return tells ? mix(digest, session->telling) : digest;
}

static size_t
attached_most(const struct policy *policy)
{
	size_t most = 0;
	for (size_t i = 0; i < policy->member_count; i++) {
		const struct policy_octets *attach = policy->members[i].attach;
		size_t all = attach[0].length + attach[1].length + attach[2].length;
		most = all > most ? all : most;
	}
	return most;
}

size_t
policy_edit_growth(const struct policy *policy)
{
	enum {
		PATH = 4 * (EDIT_PREPEND + 1) + 2, /* numbers, and a segment for them */
		OTC = 7,
		WELL_KNOWN = 5 * 4,
		HEADS = 4 * 4, /* of path and lists, where they were shorter or not there */
		TRANSIT = 4 * 7 + 4 + 3 * 12,
	};
	size_t count, growth = PATH + OTC + WELL_KNOWN + HEADS +
			       (policy->transit.all ? TRANSIT : 0) + attached_most(policy);
	const struct policy_tell *tells = policy_pattern_tells(policy->patterns, &count);
	for (size_t i = 0; i < count; i++) {
		size_t times = tells[i].action == HUB_TELL_REASON ? POLICY_REASONS
			       : tells[i].action == HUB_TELL_IRR  ? 3
								  : 1;
		growth += 12 * times; /* the longest form */
	}
	return growth;
}
