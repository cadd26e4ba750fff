/* SR policies (RFC 9830) between their sources, the table, and sessions: those of the hub file
 * follow the picture, those of the operator and of steering come through the door of exchange.h.
 * What neighbours announce of their own is not taken: the hub is where policies are made, and
 * passes none on. */
#include <stdio.h>

#include "base/log.h"
#include "exchange/exchange_private.h"
#include "hub/hub_sr.h"

void
exchange_sr_up(struct exchange *x, unsigned slot)
{
	struct exchange_peer *peer = &x->peers[slot];
	const struct session_agreed *agreed = session_agreed(peer->session);
	bool own_as = peer->asn.number == x->hub->asn.number;
	struct srpolicy_peer sr = {
		.ipv4 = agreed->sr_ipv4,
		.ipv6 = agreed->sr_ipv6,
		.enhanced_refresh = agreed->enhanced_refresh,
		.address = peer->target.address,
		.next_hop = session_local(peer->session),
		.origin = own_as ? (struct asn){0} : x->hub->asn,
	};
	peer->sr_told = false;
	if (sr.ipv4 || sr.ipv6)
		srpolicy_session_open(x->sr, slot, &sr);
}

void
exchange_sr_take(struct exchange *x, unsigned slot, const struct bgp_update *update)
{
	struct exchange_peer *peer = &x->peers[slot];
	char name[EXCHANGE_PEER_TEXT];
	if (update->sr_announced.family == IP_NONE || peer->sr_told)
		return;
	log_warn("session %s: it announces SR policies, which the hub does not take",
		 exchange_peer_text(x, slot, name));
	peer->sr_told = true;
}

enum srpolicy_result
exchange_sr_set(struct exchange *x, const struct srpolicy_wish *wish)
{
	return srpolicy_set(x->sr, wish);
}

bool
exchange_sr_withdraw(struct exchange *x, struct ip to, const struct sr_key *key,
		     enum srpolicy_source source)
{
	return srpolicy_withdraw(x->sr, to, key, source);
}

const struct srpolicy_table *
exchange_sr(const struct exchange *x)
{
	return x->sr;
}

static const char *
why_not(enum srpolicy_result result)
{
	switch (result) {
	case SRPOLICY_FULL:
		return "there are as many as there may be";
	case SRPOLICY_TOO_LARGE:
		return "it does not fit a message";
	case SRPOLICY_EMPTY:
		return "it has no segments";
	default:
		return "out of memory";
	}
}

void
exchange_sr_adopt(struct exchange *x)
{
	struct sr_policy *policy = &x->scratch->sr_policy;
	srpolicy_renew_begin(x->sr, SRPOLICY_HUB_FILE);
	for (size_t i = 0; i < x->hub->sr_policy_count; i++) {
		const struct hub_sr_policy *is = &x->hub->sr_policies[i];
		hub_sr_policy_make(policy, is);
		struct srpolicy_wish wish = {
			.to = x->hub->sessions[is->session].address,
			.headend = is->headend,
			.source = SRPOLICY_HUB_FILE,
			.policy = policy,
		};
		enum srpolicy_result result = srpolicy_set(x->sr, &wish);
		if (result != SRPOLICY_SET && result != SRPOLICY_SAME)
			log_warn("SR policy %s: not in force: %s", is->id, why_not(result));
	}
	srpolicy_renew_end(x->sr, SRPOLICY_HUB_FILE);
	exchange_sr_steer_adopt(x);
}
