/* What is wished of paths, and how routers are told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "pcep/pcep_pce_private.h"

static struct pcep_peer *
peer_by_name(struct pcep_pce *pce, const char *name)
{
	for (unsigned i = 0; i < pce->peer_count; i++)
		if (strcmp(pce->peers[i].name, name) == 0 &&
		    pce->peers[i].address.family != IP_NONE)
			return &pce->peers[i];
	return NULL;
}

/* 0 and the greatest number are nobody's (RFC 8231 section 7.2). */
static uint32_t
next_srp(struct pcep_peer *peer)
{
	peer->last_srp = peer->last_srp >= UINT32_MAX - 1 ? 1 : peer->last_srp + 1;
	return peer->last_srp;
}

static struct pcep_order
order_of(const struct pcep_lsp *lsp, const struct pcep_route *route)
{
	struct pcep_order order = {
		.srp_id = lsp->srp_id,
		.plsp_id = lsp->plsp_id,
		.setup_type = lsp->setup_type ? lsp->setup_type : PCEP_SETUP_SR,
		.delegate = true,
		.from = lsp->from,
		.to = lsp->to,
		.route = route,
		.policy = lsp->policy,
	};
	return order;
}

static void
make(struct pcep_peer *peer, struct pcep_lsp *lsp, struct mono_us now)
{
	struct pcep_route route;
	if (!lsp->wish || !pcep_session_theirs(peer->session)->initiate)
		return;
	pcep_lsp_route(&route, lsp->wish);
	lsp->srp_id = next_srp(peer);
	lsp->plsp_id = 0;
	struct pcep_order order = order_of(lsp, &route);
	order.name = lsp->name;
	order.policy.draft = !pcep_session_theirs(peer->session)->policies;
	pcep_initiate_write(pcep_session_say(peer->session, now), &order);
	lsp->due = false;
}

static void
update(struct pcep_peer *peer, struct pcep_lsp *lsp, struct mono_us now)
{
	struct pcep_route route;
	if (!lsp->delegated || !lsp->wish || !pcep_session_theirs(peer->session)->update)
		return;
	lsp->due = false;
	if (pcep_lsp_is_as_wished(lsp))
		return;
	pcep_lsp_route(&route, lsp->wish);
	lsp->srp_id = next_srp(peer);
	struct pcep_order order = order_of(lsp, &route);
	pcep_update_write(pcep_session_say(peer->session, now), &order);
}

static void
end(struct pcep_peer *peer, struct pcep_lsp *lsp, struct mono_us now)
{
	lsp->srp_id = next_srp(peer);
	struct pcep_order order = order_of(lsp, NULL);
	order.remove = true;
	pcep_initiate_write(pcep_session_say(peer->session, now), &order);
	lsp->due = false;
}

void
pcep_wish_tell(struct pcep_pce *pce, struct pcep_peer *peer, struct pcep_lsp *lsp,
	       struct mono_us now)
{
	(void)pce;
	if (!peer->session || pcep_session_state(peer->session) != PCEP_STATE_UP || !peer->synced ||
	    !lsp->due || lsp->srp_id)
		return;
	if (lsp->gone && lsp->seen)
		end(peer, lsp, now);
	else if (lsp->seen)
		update(peer, lsp, now);
	else if (lsp->ours && !lsp->gone)
		make(peer, lsp, now);
}

/* --- the plan --- */

static void
ask(struct pcep_item *item, const struct pcep_lsp *lsp)
{
	memset(item, 0, sizeof(*item));
	item->from = lsp->from;
	item->to = lsp->to;
	item->setup_type = lsp->setup_type;
	item->has_bandwidth = lsp->has_bandwidth;
	item->bandwidth_bps = lsp->bandwidth_bps;
	item->metric_count = lsp->metric_count;
	memcpy(item->metrics, lsp->metrics, sizeof(item->metrics));
}

/* Into pce->answer. */
static bool
work_out(struct pcep_pce *pce, struct pcep_peer *peer, const struct pcep_lsp *lsp)
{
	struct pcep_item *item = malloc(sizeof(*item));
	uint8_t depth = peer->session && pcep_session_state(peer->session) == PCEP_STATE_UP
				? pcep_session_theirs(peer->session)->sid_depth
				: 0;
	if (!item)
		return false;
	ask(item, lsp);
	bool found = pcep_compute(&pce->answer, &pce->plan, item, depth) == 0 && pce->answer.found;
	free(item);
	return found;
}

bool
pcep_wish_plan(struct pcep_pce *pce, struct pcep_peer *peer, struct pcep_lsp *lsp,
	       struct mono_us now)
{
	struct pcep_route before;
	if (!work_out(pce, peer, lsp))
		return false;
	pcep_lsp_route(&before, lsp->wish);
	if (lsp->wish && pcep_route_equal(&before, &pce->answer.route))
		return true;
	if (pcep_lsp_keep(&lsp->wish, &pce->answer.route) < 0)
		return false;
	lsp->due = true;
	pcep_wish_tell(pce, peer, lsp, now);
	return true;
}

void
pcep_wish_consider(struct pcep_pce *pce, struct pcep_peer *peer, struct pcep_lsp *lsp,
		   struct mono_us now)
{
	struct pcep_route is;
	if (!lsp->delegated || !peer->synced)
		return;
	if (lsp->source == PCEP_BY_NOBODY && work_out(pce, peer, lsp)) {
		pcep_lsp_route(&is, lsp->route);
		bool follows = !is.count || pcep_route_equal(&is, &pce->answer.route);
		if (follows && pcep_lsp_keep(&lsp->wish, &pce->answer.route) == 0) {
			lsp->source = PCEP_BY_PLAN;
			lsp->due = true;
		}
	}
	pcep_wish_tell(pce, peer, lsp, now);
}

/* --- doors --- */

enum pcep_result
pcep_pce_wish(struct pcep_pce *pce, const char *router, const char *name,
	      const struct pcep_route *route, enum pcep_source source, struct mono_us now)
{
	struct pcep_peer *peer = peer_by_name(pce, router);
	struct pcep_lsp *lsp = peer ? pcep_lsp_by_name(peer, name) : NULL;
	struct pcep_route before;
	if (!peer)
		return PCEP_NO_ROUTER;
	if (!lsp || lsp->gone)
		return PCEP_NO_LSP;
	if (lsp->there && !lsp->delegated)
		return PCEP_NOT_DELEGATED;
	pcep_lsp_route(&before, lsp->wish);
	bool same = lsp->wish && pcep_route_equal(&before, route);
	if (!same && pcep_lsp_keep(&lsp->wish, route) < 0)
		return PCEP_NO_MEMORY;
	lsp->source = (uint8_t)source;
	if (same && !lsp->fault.type)
		return PCEP_AS_IT_WAS;
	lsp->due = true;
	pcep_wish_tell(pce, peer, lsp, now);
	return PCEP_DONE;
}

enum pcep_result
pcep_pce_follow(struct pcep_pce *pce, const char *router, const char *name, struct mono_us now)
{
	struct pcep_peer *peer = peer_by_name(pce, router);
	struct pcep_lsp *lsp = peer ? pcep_lsp_by_name(peer, name) : NULL;
	if (!peer)
		return PCEP_NO_ROUTER;
	if (!lsp || lsp->gone)
		return PCEP_NO_LSP;
	if (lsp->there && !lsp->delegated)
		return PCEP_NOT_DELEGATED;
	if (!pcep_wish_plan(pce, peer, lsp, now))
		return PCEP_NO_WAY;
	lsp->source = PCEP_BY_PLAN;
	return PCEP_DONE;
}

static void
fill_policy(struct pcep_lsp *lsp, const struct pcep_creation *creation)
{
	lsp->policy = (struct pcep_policy){.there = true,
					   .color = creation->color,
					   .preference = creation->preference,
					   .endpoint = creation->to};
	(void)snprintf(lsp->policy.name, sizeof(lsp->policy.name), "%s", creation->name);
}

static void
fill(struct pcep_pce *pce, struct pcep_peer *peer, struct pcep_lsp *lsp,
     const struct pcep_creation *creation)
{
	const struct hub_router *router = &pcep_hub(pce)->routers[peer - pce->peers];
	lsp->ours = lsp->created = true;
	lsp->from = hub_router_loopback(router);
	lsp->to = creation->to;
	lsp->setup_type = creation->route && creation->route->count && creation->route->hops[0].srv6
				  ? PCEP_SETUP_SRV6
				  : PCEP_SETUP_SR;
	lsp->source = (uint8_t)(creation->route ? creation->source : PCEP_BY_PLAN);
	fill_policy(lsp, creation);
}

enum pcep_result
pcep_pce_claim(struct pcep_pce *pce, const struct pcep_creation *creation)
{
	struct pcep_peer *peer = peer_by_name(pce, creation->router);
	struct pcep_lsp *lsp = peer ? pcep_lsp_by_name(peer, creation->name) : NULL;
	if (!peer)
		return PCEP_NO_ROUTER;
	if (!lsp || lsp->gone)
		return PCEP_NO_LSP;
	if (lsp->ours)
		return PCEP_DONE;
	if (!lsp->created || (lsp->to.family != IP_NONE && !ip_equal(lsp->to, creation->to)))
		return PCEP_TAKEN;
	if (!lsp->delegated)
		return PCEP_NOT_DELEGATED;
	lsp->ours = true;
	lsp->to = creation->to;
	fill_policy(lsp, creation);
	return PCEP_DONE;
}

enum pcep_result
pcep_pce_initiate(struct pcep_pce *pce, const struct pcep_creation *creation, struct mono_us now)
{
	struct pcep_peer *peer = peer_by_name(pce, creation->router);
	if (!peer)
		return PCEP_NO_ROUTER;
	if (!peer->session || pcep_session_state(peer->session) != PCEP_STATE_UP || !peer->synced)
		return PCEP_NOT_UP;
	if (!pcep_session_theirs(peer->session)->initiate)
		return PCEP_CANNOT;
	if (pcep_lsp_by_name(peer, creation->name))
		return PCEP_TAKEN;
	struct pcep_lsp *lsp = pcep_lsp_add(peer, creation->name);
	if (!lsp)
		return PCEP_NO_MEMORY;
	fill(pce, peer, lsp, creation);
	const struct pcep_route *route = creation->route;
	if (!route && work_out(pce, peer, lsp))
		route = &pce->answer.route;
	enum pcep_result result = !route ? PCEP_NO_WAY : PCEP_DONE;
	if (route && pcep_lsp_keep(&lsp->wish, route) < 0)
		result = PCEP_NO_MEMORY;
	if (result != PCEP_DONE) {
		pcep_lsp_drop(peer, lsp);
		return result;
	}
	lsp->due = true;
	pcep_wish_tell(pce, peer, lsp, now);
	return PCEP_DONE;
}

enum pcep_result
pcep_pce_remove(struct pcep_pce *pce, const char *router, const char *name, struct mono_us now)
{
	struct pcep_peer *peer = peer_by_name(pce, router);
	struct pcep_lsp *lsp = peer ? pcep_lsp_by_name(peer, name) : NULL;
	if (!peer)
		return PCEP_NO_ROUTER;
	if (!lsp)
		return PCEP_NO_LSP;
	if (!lsp->created)
		return PCEP_CANNOT;
	lsp->ours = false;
	if (!lsp->there) {
		pcep_lsp_drop(peer, lsp);
		return PCEP_DONE;
	}
	lsp->gone = lsp->due = true;
	lsp->srp_id = 0;
	pcep_wish_tell(pce, peer, lsp, now);
	return PCEP_DONE;
}
