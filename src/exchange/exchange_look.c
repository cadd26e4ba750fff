/* The exchange to look at. */
#include <stdlib.h>

#include "exchange/exchange_private.h"

enum { EXPORTED_AGE_US = 2000000 };

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

const uint32_t *
exchange_exported(struct exchange *x)
{
	uint64_t changes = exchange_changes(x);
	bool fresh = x->now.us - x->exported_at.us < EXPORTED_AGE_US;
	if (x->exported_at.us && (changes == x->exported_at_changes || fresh))
		return x->exported;
	uint32_t *v6 = calloc(x->slots, sizeof(*v6));
	if (!v6)
		return x->exported;
	rib_count_exported(x->ribs[EXCHANGE_V4], x->exported, x->slots);
	rib_count_exported(x->ribs[EXCHANGE_V6], v6, x->slots);
	for (unsigned slot = 0; slot < x->slots; slot++)
		x->exported[slot] += v6[slot];
	free(v6);
	x->exported_at_changes = changes;
	x->exported_at = x->now;
	return x->exported;
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
