/* Memory is fetched for routes before they are taken. What a prefix needs lies in half a dozen places that nothing
 * else has touched lately: its bucket and record in the table, registered prefixes, VRPs. An UPDATE brings
 * few prefixes, but a read brings many UPDATEs; so the prefixes in them are read ahead of the routes and
 * each is told to tables and policy twice: FAR before its turn, and again NEAR before it, when what was
 * fetched first says where the rest lies. It decides nothing: a hint that is wrong costs a little time. */
#include "exchange/exchange_private.h"

enum { FAR = EXCHANGE_AHEAD, NEAR = FAR / 2 };

static void
hint(const struct exchange *x, unsigned slot, const struct prefix *prefix, bool again)
{
	rib_hint(exchange_rib_of(x, prefix->ip.family), prefix, again);
	policy_hint(x->policy, x->peers[slot].hub_session, prefix, again);
}

static void
look(struct exchange *x)
{
	struct exchange_ahead *ahead = &x->ahead;
	while (ahead->seen - ahead->taken < FAR) {
		struct prefix *prefix = &ahead->prefixes[ahead->seen % EXCHANGE_AHEAD];
		if (!bgp_ahead_next(&ahead->reader, prefix))
			break;
		hint(x, ahead->slot, prefix, false);
		ahead->seen++;
	}
	for (; ahead->again != ahead->seen && ahead->again - ahead->taken < NEAR; ahead->again++)
		hint(x, ahead->slot, &ahead->prefixes[ahead->again % EXCHANGE_AHEAD], true);
}

void
exchange_ahead_begin(struct exchange *x, unsigned slot, struct cursor input)
{
	x->ahead.slot = slot;
	x->ahead.input = input;
	x->ahead.on = false;
}

void
exchange_ahead_message(struct exchange *x, struct cursor message)
{
	struct exchange_ahead *ahead = &x->ahead;
	/* One that came in several reads does not stand in this one. */
	if (ahead->on || x->peers[ahead->slot].hub_session == HUB_NONE ||
	    message.at < ahead->input.at || message.at >= ahead->input.end)
		return;
	const struct session_agreed *agreed = session_agreed(x->peers[ahead->slot].session);
	const bool add_path[2] = {agreed->add_path_in_ipv4, agreed->add_path_in_ipv6};
	ahead->reader =
		bgp_ahead_of((struct cursor){message.at, ahead->input.end, false}, add_path);
	ahead->seen = ahead->again = ahead->taken = 0;
	ahead->on = true;
	look(x);
}

void
exchange_ahead_taken(struct exchange *x, size_t count)
{
	struct exchange_ahead *ahead = &x->ahead;
	if (!ahead->on)
		return;
	uint32_t most = ahead->again - ahead->taken;
	ahead->taken += count < most ? (uint32_t)count : most;
	look(x);
}
