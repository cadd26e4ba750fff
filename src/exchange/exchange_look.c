/* The exchange to look at. */

#include "exchange/exchange_private.h"

unsigned
exchange_slots(const struct exchange *x)
{
	return x->slots;
}

bool
exchange_target_of(const struct exchange *x, unsigned slot, struct exchange_target *out)
{
	if (slot >= x->slots || !x->peers[slot].id)
		return false;
	*out = x->peers[slot].target;
	return true;
}

const struct hub *
exchange_hub(const struct exchange *x)
{
	return x->hub;
}

const struct policy *
exchange_policy(const struct exchange *x)
{
	return x->policy;
}

struct policy *
exchange_policy_to_ask(struct exchange *x)
{
	return x->policy;
}

struct rib *
exchange_rib(const struct exchange *x, enum ip_family family)
{
	return exchange_rib_of(x, family);
}

const struct flowspec_table *
exchange_flow(const struct exchange *x)
{
	return x->flow;
}

uint32_t
exchange_session_at(const struct exchange *x, unsigned slot)
{
	return slot < x->slots && x->peers[slot].id ? x->peers[slot].hub_session : HUB_NONE;
}

int
exchange_slot_of(const struct exchange *x, uint32_t hub_session)
{
	if (hub_session >= x->hub->session_count)
		return -1;
	return (int)x->slot_of[hub_session];
}

const struct session *
exchange_session(const struct exchange *x, unsigned slot)
{
	return slot < x->slots ? x->peers[slot].session : NULL;
}

struct utc_s
exchange_utc(const struct exchange *x, struct mono_us at)
{
	return (struct utc_s){x->utc.s - (x->now.us - at.us) / 1000000};
}

struct utc_s
exchange_now(const struct exchange *x)
{
	return x->utc;
}

uint64_t
exchange_changes(const struct exchange *x)
{
	uint64_t changes = 0;
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++) {
		struct rib_totals totals;
		rib_total(x->ribs[i], &totals);
		changes += totals.changes;
	}
	return changes;
}

struct asn
exchange_asn_at(const struct exchange *x, unsigned slot)
{
	return slot < x->slots ? x->peers[slot].asn : (struct asn){0};
}
