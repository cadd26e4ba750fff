/* From one picture of the hub to the next: which session has which slot, and what of it changed. */
#include <stdlib.h>
#include <string.h>

#include "exchange/exchange_private.h"

enum { NO_SLOT = UINT32_MAX };

/* Room for `slots` neighbours, in whole words of 64. */
static int
widen(struct exchange *x, unsigned slots)
{
	if (slots <= x->slots)
		return 0;
	unsigned wide = (slots + 63) / 64 * 64;
	if (wide > RIB_SLOTS_MAX)
		return -1;
	struct exchange_peer *peers = realloc(x->peers, wide * sizeof(*peers));
	if (!peers)
		return -1;
	x->peers = peers;
	uint64_t *receivers = realloc(x->receivers, wide / 64 * sizeof(*receivers));
	uint32_t *exported = realloc(x->exported, wide * sizeof(*exported));
	x->receivers = receivers ? receivers : x->receivers;
	x->exported = exported ? exported : x->exported;
	if (!receivers || !exported)
		return -1;
	memset(peers + x->slots, 0, (wide - x->slots) * sizeof(*peers));
	memset(exported + x->slots, 0, (wide - x->slots) * sizeof(*exported));
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++)
		rib_widen(x->ribs[i], wide);
	x->slots = wide;
	x->words = wide / 64;
	return 0;
}

static struct session_config
config_of(const struct exchange *x, const struct hub *hub, const struct hub_session *session,
	  unsigned slot)
{
	return (struct session_config){
		.local_asn = hub->asn,
		.remote_asn = hub->members[session->member].asn,
		.router_id = ip_v4_number(hub->router_id),
		.hold_time_s = session->hold_time_s,
		.connect_retry_s = session->connect_retry_s ? session->connect_retry_s : 1,
		.passive = session->passive,
		.ipv4 = session->ipv4,
		.ipv6 = session->ipv6,
		.extended_messages = true,
		.extended_next_hop = true,
		.role = BGP_ROLE_RS,
		.seed = x->seed + slot,
	};
}

static struct exchange_target
target_of(const struct hub_session *session)
{
	return (struct exchange_target){
		.address = session->address,
		.port = session->tcp_port,
		.local_address = session->local_address,
		.md5 = session->md5,
		.tcp_ao = session->tcp_ao,
		.tcp_ao_id = session->tcp_ao_id,
		.ttl_security = session->ttl_security,
		.enabled = session->enabled,
	};
}

static bool
same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* True when connections made under the one do for the other. */
static bool
same_target(const struct exchange_target *a, const struct exchange_target *b)
{
	return ip_equal(a->address, b->address) && a->port == b->port &&
	       ip_equal(a->local_address, b->local_address) && same_text(a->md5, b->md5) &&
	       same_text(a->tcp_ao, b->tcp_ao) && a->tcp_ao_id == b->tcp_ao_id &&
	       a->ttl_security == b->ttl_security;
}

static int
new_peer(struct exchange *x, unsigned slot, const struct session_config *config, const char *id)
{
	struct exchange_peer *peer = &x->peers[slot];
	struct session *session = session_new(config);
	char *copy = strdup(id);
	if (!session || !copy) {
		session_free(session);
		free(copy);
		return -1;
	}
	*peer = (struct exchange_peer){.id = copy, .session = session, .up_on = -1};
	return 0;
}

/* Takes over what the new picture says of a session that has a slot. */
static void
update_peer(struct exchange *x, unsigned slot, const struct hub *hub, uint32_t index)
{
	struct exchange_peer *peer = &x->peers[slot];
	const struct hub_session *session = &hub->sessions[index];
	struct session_config config = config_of(x, hub, session, slot);
	struct exchange_target target = target_of(session);
	bool is_new = peer->target.address.family == IP_NONE;
	if (!is_new && !same_target(&peer->target, &target))
		session_stop(peer->session, BGP_CEASE_CHANGED, NULL, x->now);
	peer->target = target;
	peer->hub_session = index;
	peer->asn = hub->members[session->member].asn;
	bool same_limits = peer->max_prefixes[EXCHANGE_V4] == session->max_prefixes_ipv4 &&
			   peer->max_prefixes[EXCHANGE_V6] == session->max_prefixes_ipv6;
	peer->max_prefixes[EXCHANGE_V4] = session->max_prefixes_ipv4;
	peer->max_prefixes[EXCHANGE_V6] = session->max_prefixes_ipv6;
	session_configure(peer->session, &config, x->now);
	/* What it was closed for is no longer so; nobody should have to wait for it. */
	if (peer->over_limit && !same_limits)
		session_end_wait(peer->session, x->now);
	if (target.enabled && !peer->held_down)
		session_start(peer->session, x->now);
	else
		session_stop(peer->session, BGP_CEASE_SHUTDOWN, NULL, x->now);
}

/* Slots of sessions that stay, in `slot_of`; returns how many sessions are new. */
static unsigned
match_slots(const struct exchange *x, const struct hub *hub, uint32_t *slot_of)
{
	unsigned fresh = 0;
	for (uint32_t i = 0; i < hub->session_count; i++) {
		const char *id = hub->sessions[i].id;
		uint32_t old = x->hub ? hub_session_by_id(x->hub, id) : HUB_NONE;
		slot_of[i] = old != HUB_NONE ? x->slot_of[old] : NO_SLOT;
		fresh += slot_of[i] == NO_SLOT;
	}
	return fresh;
}

static void
set_bit(uint64_t *bits, unsigned slot)
{
	bits[slot / 64] |= (uint64_t)1 << slot % 64;
}

/* Slots by member, and all. */
static int
index_members(struct exchange *x, const struct hub *hub, const uint32_t *slot_of)
{
	uint64_t *member_bits = calloc((hub->member_count + 1) * x->words, sizeof(*member_bits));
	if (!member_bits)
		return -1;
	free(x->member_bits);
	x->member_bits = member_bits;
	x->all_bits = member_bits + hub->member_count * x->words;
	for (uint32_t i = 0; i < hub->session_count; i++) {
		set_bit(member_bits + hub->sessions[i].member * x->words, slot_of[i]);
		set_bit(x->all_bits, slot_of[i]);
	}
	return 0;
}

static void
end_gone(struct exchange *x, unsigned slot)
{
	struct exchange_peer *peer = &x->peers[slot];
	session_stop(peer->session, BGP_CEASE_DECONFIGURED, NULL, x->now);
	exchange_pump(x, slot);
	session_free(peer->session);
	free(peer->id);
	*peer = (struct exchange_peer){.hub_session = HUB_NONE};
}

/* Ends the sessions that the new picture does not have; their slots are free after that. */
static void
end_all_gone(struct exchange *x, const struct hub *hub)
{
	for (unsigned slot = 0; slot < x->slots; slot++)
		if (x->peers[slot].id && hub_session_by_id(hub, x->peers[slot].id) == HUB_NONE)
			end_gone(x, slot);
}

static int
make_fresh(struct exchange *x, const struct hub *hub, uint32_t *slot_of)
{
	unsigned slot = 0;
	for (uint32_t i = 0; i < hub->session_count; i++) {
		if (slot_of[i] != NO_SLOT)
			continue;
		while (slot < x->slots && x->peers[slot].id)
			slot++;
		if (slot == x->slots && widen(x, x->slots + 1))
			return -1;
		struct session_config config = config_of(x, hub, &hub->sessions[i], slot);
		if (new_peer(x, slot, &config, hub->sessions[i].id))
			return -1;
		slot_of[i] = slot;
	}
	return 0;
}

int
exchange_adopt(struct exchange *x, const struct hub *hub)
{
	uint32_t *slot_of = malloc((hub->session_count + 1) * sizeof(*slot_of));
	if (!slot_of)
		return -1;
	unsigned fresh = match_slots(x, hub, slot_of);
	/* Memory first: after this only small things can fail. */
	unsigned used = 0;
	for (unsigned slot = 0; slot < x->slots; slot++)
		used += x->peers[slot].id != NULL;
	if (widen(x, used + fresh)) {
		free(slot_of);
		return -1;
	}
	end_all_gone(x, hub);
	if (make_fresh(x, hub, slot_of) || index_members(x, hub, slot_of)) {
		free(slot_of);
		return -1;
	}
	free(x->slot_of);
	x->slot_of = slot_of;
	x->hub = hub;
	for (uint32_t i = 0; i < hub->session_count; i++) {
		update_peer(x, slot_of[i], hub, i);
		exchange_pump(x, slot_of[i]);
	}
	return 0;
}
