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
	return ip.family == IP_NONE ? digest : hash_bytes(ip.octets, sizeof(ip.octets)) ^ digest;
}

uint64_t
policy_telling_of(const struct policy *policy, const struct policy_session *session)
{
	size_t count;
	const struct policy_tell *tells = policy_pattern_tells(policy->patterns, &count);
	const uint64_t place[] = {session->member->asn.number, session->site, session->metro,
				  session->country, session->continent};
	uint64_t digest = policy->tell_members;
	for (size_t i = 0; i < sizeof(place) / sizeof(place[0]); i++)
		digest = mix(digest, place[i]);
	for (size_t i = 0; i < count; i++) {
		const struct policy_tell *tell = &tells[i];
		digest = mix(digest, (uint64_t)tell->action << 16 | (uint64_t)tell->codes << 8 |
					     (uint64_t)tell->form);
		for (size_t k = 0; k < 3; k++)
			digest = mix(digest, tell->fields[k]);
		digest = mix(digest, (uint8_t)tell->p);
	}
	return digest;
}

uint64_t
policy_form_of(const struct policy *policy, const struct policy_session *session,
	       enum ip_family family, const struct bgp_attrs *attrs,
	       const struct policy_verdict *verdict)
{
	uint64_t digest = mix(policy->request.scrubbed,
			      (unsigned)policy->graceful_shutdown << 1 | policy->role);
	if (verdict->facts & POLICY_FACT_BLACKHOLE) {
		digest = mix(digest, policy->blackhole_no_export);
		digest = mix_ip(digest, policy_hole_for(policy, family, attrs->next_hop));
	}
	bool tells = policy->tell_members || verdict->refused || verdict->reasons;
	return tells ? mix(digest, session->telling) : digest;
}

size_t
policy_edit_growth(const struct policy *policy)
{
	enum {
		PATH = 4 * (EDIT_PREPEND + 1) + 2, /* numbers, and a segment for them */
		OTC = 7,
		WELL_KNOWN = 5 * 4,
		HEADS = 4 *
			4, /* of the path and three lists, where they were shorter or not there */
	};
	size_t count, growth = PATH + OTC + WELL_KNOWN + HEADS;
	const struct policy_tell *tells = policy_pattern_tells(policy->patterns, &count);
	for (size_t i = 0; i < count; i++) {
		size_t times = tells[i].action == HUB_TELL_REASON ? POLICY_REASONS
			       : tells[i].action == HUB_TELL_IRR  ? 3
								  : 1;
		growth += 12 * times; /* the longest form */
	}
	return growth;
}
