/* From one picture of the hub to the next: which session has which slot, and what of it changed. */
#include <assert.h>
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
	uint32_t *exported = realloc(x->exported, wide * sizeof(*exported));
	if (!exported)
		return -1;
	x->exported = exported;
	exchange_counting_end(x);
	memset(peers + x->slots, 0, (wide - x->slots) * sizeof(*peers));
	memset(exported + x->slots, 0, (wide - x->slots) * sizeof(*exported));
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++)
		rib_widen(x->ribs[i], wide);
	if (flowspec_table_widen(x->flow, wide) || srpolicy_table_widen(x->sr, wide))
		return -1;
	x->slots = wide;
	return 0;
}

static struct session_config
config_of(const struct exchange *x, const struct hub *hub, const struct hub_session *session,
	  unsigned slot)
{
	static const uint8_t add_path[] = {
		[HUB_ADD_PATH_OFF] = 0,
		[HUB_ADD_PATH_SEND] = BGP_ADD_PATH_SEND,
		[HUB_ADD_PATH_RECEIVE] = BGP_ADD_PATH_RECEIVE,
		[HUB_ADD_PATH_BOTH] = BGP_ADD_PATH_RECEIVE | BGP_ADD_PATH_SEND,
	};
	/* What we are to the neighbour: RFC 9234 section 4.1. */
	static const uint8_t roles[HUB_AS_KINDS] = {
		[HUB_AS_NONE] = BGP_ROLE_RS,       [HUB_AS_CUSTOMER] = BGP_ROLE_PROVIDER,
		[HUB_AS_PEER] = BGP_ROLE_PEER,     [HUB_AS_UPSTREAM] = BGP_ROLE_CUSTOMER,
		[HUB_AS_INTERNAL] = BGP_ROLE_NONE,
	};
	const struct hub_policy *policy = &hub->members[session->member].policy;
	return (struct session_config){
		.local_asn = hub->asn,
		.remote_asn = hub->members[session->member].asn,
		.router_id = ip_v4_number(hub->router_id),
		.hold_time_s = session->hold_time_s,
		.send_hold_s = session->send_hold_time_s,
		.connect_retry_s = session->connect_retry_s ? session->connect_retry_s : 1,
		.passive = session->passive,
		.ipv4 = session->ipv4,
		.ipv6 = session->ipv6,
		.flow_ipv4 = session->flowspec && session->ipv4,
		.flow_ipv6 = session->flowspec && session->ipv6,
		.sr_policy = session->sr_policy,
		.extended_messages = session->extended_messages,
		.enhanced_refresh = session->enhanced_refresh,
		.extended_next_hop = session->extended_next_hop,
		.add_path_ipv4 = add_path[session->add_path],
		.add_path_ipv6 = add_path[session->add_path],
		.graceful_restart = session->graceful_restart,
		.restarting = x->return_until.us != 0,
		.restart_time_s = session->restart_time_s,
		.stale_time_s = session->stale_time_s,
		.role = policy->role == HUB_ROLE_OFF ? BGP_ROLE_NONE : roles[session->transit],
		.role_strict = policy->role == HUB_ROLE_STRICT,
		.seed = x->seed + slot,
	};
}

static struct bfd_config
bfd_of(const struct hub_session *session)
{
	if (!session->bfd)
		return (struct bfd_config){0};
	return (struct bfd_config){
		.transmit_us = session->bfd_transmit_ms * 1000u,
		.receive_us = session->bfd_receive_ms * 1000u,
		.multiplier = session->bfd_multiplier,
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
		.bfd = bfd_of(session),
	};
}

static bool
same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool
same_bfd(const struct bfd_config *a, const struct bfd_config *b)
{
	return a->transmit_us == b->transmit_us && a->receive_us == b->receive_us &&
	       a->multiplier == b->multiplier;
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

static_assert((int)HUB_PATHS_EQUAL == (int)RIB_PATHS_EQUAL &&
		      (int)HUB_PATHS_BEST == (int)RIB_PATHS_BEST,
	      "the table's words are the hub file's");

static bool
same_paths(const struct exchange_paths *a, const struct exchange_paths *b)
{
	return a->which == b->which && a->more == b->more && a->max == b->max;
}

/* Takes over what the new picture says of a session that has a slot. */
static void
update_peer(struct exchange *x, unsigned slot, const struct hub *hub, uint32_t index)
{
	struct exchange_peer *peer = &x->peers[slot];
	const struct hub_session *session = &hub->sessions[index];
	struct session_config config = config_of(x, hub, session, slot);
	struct exchange_target target = target_of(session);
	struct exchange_paths paths = {(uint8_t)session->add_path_paths, session->add_path_more,
				       session->add_path_max};
	bool is_new = peer->target.address.family == IP_NONE;
	bool same = same_target(&peer->target, &target) && peer->collector == session->collector &&
		    same_paths(&peer->paths, &paths);
	if (!is_new && !same)
		session_stop(peer->session, BGP_CEASE_CHANGED, NULL, x->now);
	bool other_bfd = !same_bfd(&peer->target.bfd, &target.bfd);
	peer->target = target;
	peer->collector = session->collector;
	peer->paths = paths;
	if (other_bfd)
		exchange_bfd_watch(x, slot);
	peer->hub_session = index;
	peer->asn = hub->members[session->member].asn;
	exchange_limits_set(x, slot);
	session_configure(peer->session, &config, x->now);
	if (target.enabled && !peer->held_down) {
		session_start(peer->session, x->now);
	} else {
		session_stop(peer->session, BGP_CEASE_SHUTDOWN, NULL, x->now);
		exchange_stale_drop(x, slot);
	}
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
end_gone(struct exchange *x, unsigned slot)
{
	struct exchange_peer *peer = &x->peers[slot];
	session_stop(peer->session, BGP_CEASE_DECONFIGURED, NULL, x->now);
	exchange_pump(x, slot);
	exchange_stale_drop(x, slot);
	/* While its member is still known: nobody can judge or change its routes after that. */
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++)
		while (rib_turn_end(x->ribs[i]))
			continue;
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
	unsigned wanted = used + fresh;
	if (wanted > RIB_SLOTS_MAX && hub->session_count <= RIB_SLOTS_MAX)
		wanted = RIB_SLOTS_MAX; /* some of those in use will be free */
	if (widen(x, wanted)) {
		free(slot_of);
		return -1;
	}
	end_all_gone(x, hub);
	struct policy *policy =
		make_fresh(x, hub, slot_of) ? NULL : policy_new(hub, slot_of, x->slots);
	if (!policy) {
		free(slot_of);
		return -1;
	}
	policy_free(x->policy);
	x->policy = policy;
	flowspec_table_use(x->flow, policy);
	exchange_sources_use(x);
	free(x->slot_of);
	x->slot_of = slot_of;
	x->hub = hub;
	x->applied = x->now;
	exchange_sr_adopt(x);
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++)
		rib_collectors(x->ribs[i],
			       rib_set_of(rib_sets_in(x->ribs[i]), policy_collectors(policy)));
	for (uint32_t i = 0; i < hub->session_count; i++) {
		update_peer(x, slot_of[i], hub, i);
		exchange_pump(x, slot_of[i]);
	}
	return 0;
}
