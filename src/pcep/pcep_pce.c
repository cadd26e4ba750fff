/* Routers and their sessions. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "pcep/pcep_pce_private.h"

enum { PLANNED_AT_ONCE = 256 };

static void
peer_fini(struct pcep_peer *peer)
{
	while (peer->lsp_count)
		pcep_lsp_drop(peer, peer->lsps[peer->lsp_count - 1]);
	free(peer->lsps);
	pcep_session_free(peer->session);
	free(peer->name);
	*peer = (struct pcep_peer){0};
}

static int
peer_init(struct pcep_peer *peer, const struct hub_router *router, struct mono_us now)
{
	*peer = (struct pcep_peer){.name = strdup(router->name),
				   .address = router->address,
				   .since = now,
				   .forget_at = {INT64_MAX}};
	return peer->name ? 0 : -1;
}

struct pcep_pce *
pcep_pce_new(const struct pcep_plan *plan, struct mono_us now)
{
	struct pcep_pce *pce = calloc(1, sizeof(*pce));
	if (!pce)
		return NULL;
	if (pcep_pce_use(pce, plan, now) < 0) {
		free(pce);
		return NULL;
	}
	return pce;
}

void
pcep_pce_free(struct pcep_pce *pce)
{
	if (!pce)
		return;
	for (unsigned i = 0; i < pce->peer_count; i++)
		peer_fini(&pce->peers[i]);
	free(pce->peers);
	free(pce);
}

static struct pcep_peer *
peer_like(struct pcep_pce *pce, const struct hub_router *router)
{
	for (unsigned i = 0; i < pce->peer_count; i++)
		if (pce->peers[i].name && strcmp(pce->peers[i].name, router->name) == 0 &&
		    ip_equal(pce->peers[i].address, router->address))
			return &pce->peers[i];
	return NULL;
}

int
pcep_pce_use(struct pcep_pce *pce, const struct pcep_plan *plan, struct mono_us now)
{
	const struct hub_pcep *pcep = &plan->hub->pcep;
	struct pcep_peer *peers = calloc(pcep->router_count + 1, sizeof(*peers));
	if (!peers)
		return -1;
	for (size_t i = 0; i < pcep->router_count; i++) {
		if (peer_like(pce, &pcep->routers[i]) ||
		    peer_init(&peers[i], &pcep->routers[i], now) == 0)
			continue;
		for (size_t k = 0; k <= i; k++)
			peer_fini(&peers[k]);
		free(peers);
		return -1;
	}
	for (size_t i = 0; i < pcep->router_count; i++) {
		struct pcep_peer *same = peer_like(pce, &pcep->routers[i]);
		if (!same)
			continue;
		peers[i] = *same;
		*same = (struct pcep_peer){0};
	}
	for (unsigned i = 0; i < pce->peer_count; i++)
		peer_fini(&pce->peers[i]);
	free(pce->peers);
	pce->peers = peers;
	pce->peer_count = (unsigned)pcep->router_count;
	pce->plan = *plan;
	pcep_pce_replan(pce, now);
	return 0;
}

void
pcep_pce_load(struct pcep_pce *pce, const struct corridor_load *load)
{
	pce->plan.load = load;
}

void
pcep_pce_replan(struct pcep_pce *pce, struct mono_us now)
{
	(void)now;
	pce->replan_peer = 0;
	pce->replan_lsp = 0;
}

/* Some of those that follow the plan. */
static void
replan_some(struct pcep_pce *pce, struct mono_us now)
{
	for (unsigned done = 0; pce->replan_peer < pce->peer_count && done < PLANNED_AT_ONCE;) {
		struct pcep_peer *peer = &pce->peers[pce->replan_peer];
		if (pce->replan_lsp >= peer->lsp_count) {
			pce->replan_peer++;
			pce->replan_lsp = 0;
			continue;
		}
		struct pcep_lsp *lsp = peer->lsps[pce->replan_lsp++];
		if (lsp->source != PCEP_BY_PLAN || lsp->gone)
			continue;
		done++;
		if (!pcep_wish_plan(pce, peer, lsp, now))
			log_warn("pcep %s: no way for path %s any more, it is left as it is",
				 peer->name, lsp->name);
	}
}

/* --- sessions --- */

static struct pcep_config
config_of(const struct pcep_pce *pce, const struct pcep_peer *peer)
{
	const struct hub_pcep *pcep = pcep_hub(pce);
	return (struct pcep_config){
		.open = {.keepalive_s = (uint8_t)pcep->keepalive_s,
			 .dead_s = (uint8_t)pcep->dead_s,
			 .session_id = (uint8_t)(peer - pce->peers),
			 .stateful = true,
			 .update = true,
			 .initiate = true,
			 .sr = true,
			 .srv6 = true,
			 .policies = true},
		.keepalive_min_s = (uint8_t)pcep->keepalive_min_s,
	};
}

int
pcep_pce_accept(struct pcep_pce *pce, struct ip remote, struct buf *refusal, struct mono_us now)
{
	for (unsigned i = 0; i < pce->peer_count; i++) {
		struct pcep_peer *peer = &pce->peers[i];
		if (peer->address.family == IP_NONE || !ip_equal(peer->address, remote))
			continue;
		if (peer->session) { /* RFC 5440 section 4.2.1 */
			pcep_error_write(refusal,
					 (struct pcep_fault){PCEP_ERR_SECOND_SESSION,
							     PCEP_ERR_SECOND_SESSION_VALUE},
					 0, 0, NULL);
			log_warn("pcep %s: a second session refused", peer->name);
			return -1;
		}
		struct pcep_config config = config_of(pce, peer);
		peer->session = pcep_session_new(&config, now);
		peer->up = peer->synced = false;
		peer->since = now;
		return peer->session ? (int)i : -1;
	}
	return -1;
}

/* The session is over; its paths stay for a while (RFC 8231 section 5.7.3's other side). */
static void
ended(struct pcep_pce *pce, struct pcep_peer *peer, struct mono_us now)
{
	(void)snprintf(peer->why, sizeof(peer->why), "%s", pcep_session_why(peer->session));
	log_info("pcep %s: down: %s", peer->name, peer->why);
	pcep_session_free(peer->session);
	peer->session = NULL;
	peer->up = peer->synced = peer->overloaded = false;
	peer->since = now;
	peer->forget_at = mono_add_ms(now, (int64_t)pcep_hub(pce)->state_timeout_s * 1000);
	for (uint32_t i = 0; i < peer->lsp_count; i++) {
		struct pcep_lsp *lsp = peer->lsps[i];
		lsp->seen = false;
		lsp->srp_id = 0;
		lsp->due |= lsp->wish != NULL || lsp->gone;
	}
}

static void
take_fault(struct pcep_peer *peer, const struct pcep_event *event)
{
	log_warn("pcep %s: it complains: error %u, %u", peer->name, event->fault.type,
		 event->fault.value);
	for (uint32_t i = 0; event->has_srp && event->srp_id && i < peer->lsp_count; i++) {
		struct pcep_lsp *lsp = peer->lsps[i];
		if (lsp->srp_id != event->srp_id)
			continue;
		lsp->fault = event->fault;
		lsp->srp_id = 0; /* and not again, until something else is wished */
		return;
	}
}

static void
went_up(struct pcep_pce *pce, struct pcep_peer *peer, struct mono_us now)
{
	(void)pce;
	const struct pcep_open *theirs = pcep_session_theirs(peer->session);
	peer->up = true;
	peer->since = now;
	peer->forget_at = (struct mono_us){INT64_MAX};
	peer->why[0] = 0;
	/* One that keeps no state here has nothing to tell first. */
	peer->synced = !theirs->stateful;
	log_info("pcep %s: up%s%s", peer->name, theirs->stateful ? ", stateful" : "",
		 theirs->initiate ? ", paths may be made there" : "");
}

/* Acts on what the session says. */
static void
pump(struct pcep_pce *pce, struct pcep_peer *peer, struct mono_us now)
{
	struct pcep_event event;
	while (pcep_session_next(peer->session, &event, &pce->item) != PCEP_EVENT_NONE) {
		switch (event.kind) {
		case PCEP_EVENT_UP:
			went_up(pce, peer, now);
			break;
		case PCEP_EVENT_ITEM_REPORT:
			pcep_report_take(pce, peer, now);
			break;
		case PCEP_EVENT_ITEM_REQUEST:
			pcep_request_take(pce, peer, now);
			break;
		case PCEP_EVENT_FAULT:
			take_fault(peer, &event);
			break;
		case PCEP_EVENT_NOTIFICATION:
			log_info("pcep %s: notification %u, %u", peer->name, event.fault.type,
				 event.fault.value);
			break;
		case PCEP_EVENT_ENDED: /* until its last words are sent */
		case PCEP_EVENT_NONE:
			break;
		}
	}
}

void
pcep_pce_input(struct pcep_pce *pce, unsigned index, struct cursor octets, struct mono_us now)
{
	struct pcep_peer *peer = &pce->peers[index];
	assert(index < pce->peer_count && peer->session);
	pcep_session_input(peer->session, octets, now);
	pump(pce, peer, now);
}

void
pcep_pce_lost(struct pcep_pce *pce, unsigned index, const char *why, struct mono_us now)
{
	struct pcep_peer *peer = &pce->peers[index];
	assert(index < pce->peer_count);
	if (!peer->session)
		return;
	pcep_session_lost(peer->session, why);
	ended(pce, peer, now);
}

void
pcep_pce_end(struct pcep_pce *pce, unsigned index, const char *why)
{
	struct pcep_peer *peer = &pce->peers[index];
	if (peer->session)
		pcep_session_close(peer->session, PCEP_CLOSE_NO_REASON, why);
}

int
pcep_pce_connected(const struct pcep_pce *pce, struct ip remote)
{
	for (unsigned i = 0; i < pce->peer_count; i++)
		if (pce->peers[i].session && ip_equal(pce->peers[i].address, remote))
			return (int)i;
	return -1;
}

struct cursor
pcep_pce_output(const struct pcep_pce *pce, unsigned index)
{
	const struct pcep_peer *peer = &pce->peers[index];
	return peer->session ? pcep_session_output(peer->session) : cursor_of(NULL, 0);
}

void
pcep_pce_output_done(struct pcep_pce *pce, unsigned index, size_t octets, struct mono_us now)
{
	struct pcep_peer *peer = &pce->peers[index];
	(void)now;
	if (peer->session)
		pcep_session_output_done(peer->session, octets);
}

bool
pcep_pce_ended(const struct pcep_pce *pce, unsigned index)
{
	const struct pcep_peer *peer = &pce->peers[index];
	return !peer->session || pcep_session_state(peer->session) == PCEP_STATE_ENDED;
}

unsigned
pcep_pce_peers(const struct pcep_pce *pce)
{
	return pce->peer_count;
}

/* --- time --- */

struct mono_us
pcep_pce_deadline(const struct pcep_pce *pce)
{
	struct mono_us first = {pce->replan_peer < pce->peer_count ? 0 : INT64_MAX};
	for (unsigned i = 0; i < pce->peer_count; i++) {
		const struct pcep_peer *peer = &pce->peers[i];
		struct mono_us due =
			peer->session ? pcep_session_deadline(peer->session) : peer->forget_at;
		if (peer->session && peer->overloaded) {
			struct mono_us minute = mono_add_ms(peer->minute, 60 * 1000);
			due = minute.us < due.us ? minute : due;
		}
		first = due.us < first.us ? due : first;
	}
	return first;
}

static void
forget(struct pcep_peer *peer)
{
	peer->forget_at = (struct mono_us){INT64_MAX};
	for (uint32_t i = peer->lsp_count; i-- > 0;) {
		struct pcep_lsp *lsp = peer->lsps[i];
		lsp->there = lsp->delegated = false;
		if (!lsp->ours || lsp->gone)
			pcep_lsp_drop(peer, lsp);
	}
	log_info("pcep %s: has been away too long, its paths are forgotten", peer->name);
}

void
pcep_pce_tick(struct pcep_pce *pce, struct mono_us now)
{
	for (unsigned i = 0; i < pce->peer_count; i++) {
		struct pcep_peer *peer = &pce->peers[i];
		if (peer->session) {
			pcep_request_minute(pce, peer, now);
			pcep_session_tick(peer->session, now);
			pump(pce, peer, now);
		} else if (now.us >= peer->forget_at.us) {
			forget(peer);
		}
	}
	replan_some(pce, now);
}

/* --- looking --- */

bool
pcep_pce_peer(const struct pcep_pce *pce, unsigned index, struct pcep_peer_view *out)
{
	if (index >= pce->peer_count)
		return false;
	const struct pcep_peer *peer = &pce->peers[index];
	const struct pcep_session *s = peer->session;
	*out = (struct pcep_peer_view){
		.name = peer->name,
		.address = peer->address,
		.connected = s != NULL,
		.synced = peer->synced,
		.overloaded = peer->overloaded,
		.state = s ? pcep_session_state(s) : PCEP_STATE_ENDED,
		.since = peer->since,
		.why = peer->why,
		.ours = peer->up && s ? pcep_session_ours(s) : NULL,
		.theirs = peer->up && s ? pcep_session_theirs(s) : NULL,
		.counters = s ? pcep_session_counters(s) : NULL,
		.lsps = peer->lsp_count,
		.stale = !s && peer->forget_at.us != INT64_MAX,
	};
	return true;
}

bool
pcep_pce_lsp(struct pcep_pce *pce, uint64_t *at, struct pcep_lsp_view *out)
{
	unsigned index = (unsigned)(*at >> 32);
	uint32_t number = (uint32_t)*at;
	while (index < pce->peer_count && number >= pce->peers[index].lsp_count) {
		index++;
		number = 0;
	}
	if (index >= pce->peer_count)
		return false;
	*at = (uint64_t)index << 32 | (number + 1);
	const struct pcep_lsp *lsp = pce->peers[index].lsps[number];
	pcep_lsp_route(&pce->shown, lsp->route);
	pcep_lsp_route(&pce->shown_wish, lsp->wish);
	*out = (struct pcep_lsp_view){
		.router = pce->peers[index].name,
		.name = lsp->name,
		.plsp_id = lsp->plsp_id,
		.from = lsp->from,
		.to = lsp->to,
		.there = lsp->there,
		.delegated = lsp->delegated,
		.admin = lsp->admin,
		.ours = lsp->ours,
		.created = lsp->created,
		.gone = lsp->gone,
		.stale = lsp->there && !lsp->seen,
		.oper = lsp->oper,
		.setup_type = lsp->setup_type,
		.policy = &lsp->policy,
		.route = &pce->shown,
		.source = (enum pcep_source)lsp->source,
		.wish = lsp->wish ? &pce->shown_wish : NULL,
		.fault = lsp->fault,
		.ordered = lsp->srp_id != 0,
	};
	return true;
}
