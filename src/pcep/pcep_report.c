/* Reports of paths and requests for them (RFC 8231 sections 5.6 and 5.8, RFC 5440 section 4.2.3
 * and 4.2.4). */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "pcep/pcep_pce_private.h"

enum {
	MINUTE_MS = 60 * 1000,
	NAME_MISSING = 8, /* of PCEP_ERR_INVALID_OBJECT: SYMBOLIC-PATH-NAME */
	LIMIT = 4,        /* of PCEP_ERR_INVALID_OPERATION: of the LSP data base */
};

static void
complain(struct pcep_pce *pce, struct pcep_peer *peer, uint8_t type, uint8_t value,
	 struct mono_us now)
{
	pcep_session_complain(peer->session, &pce->item, (struct pcep_fault){type, value}, now);
}

/* All has been told: what was not, is no longer there (RFC 8231 section 5.6). */
static void
end_of_sync(struct pcep_pce *pce, struct pcep_peer *peer, struct mono_us now)
{
	peer->synced = true;
	for (uint32_t i = peer->lsp_count; i-- > 0;) {
		struct pcep_lsp *lsp = peer->lsps[i];
		if (lsp->seen) {
			pcep_wish_consider(pce, peer, lsp, now);
			continue;
		}
		lsp->there = lsp->delegated = false;
		if (!lsp->ours || lsp->gone)
			pcep_lsp_drop(peer, lsp);
		else
			pcep_wish_tell(pce, peer, lsp, now);
	}
	log_info("pcep %s: has told its %u paths", peer->name, (unsigned)peer->lsp_count);
}

/* The path that the report is of; a new one if need be. NULL after a complaint. */
static struct pcep_lsp *
find(struct pcep_pce *pce, struct pcep_peer *peer, struct mono_us now)
{
	const struct pcep_item *item = &pce->item;
	/* The name is what lasts (RFC 8231 section 7.3.2), and is found in fewer steps. */
	struct pcep_lsp *lsp = item->name[0] ? pcep_lsp_by_name(peer, item->name)
					     : pcep_lsp_by_id(peer, item->plsp_id);
	if (lsp || item->remove)
		return lsp;
	if (!item->name[0]) {
		complain(pce, peer, PCEP_ERR_INVALID_OBJECT, NAME_MISSING, now);
		return NULL;
	}
	if (peer->lsp_count >= pcep_hub(pce)->lsps_max) {
		complain(pce, peer, PCEP_ERR_INVALID_OPERATION, LIMIT, now);
		return NULL;
	}
	lsp = pcep_lsp_add(peer, item->name);
	if (!lsp)
		complain(pce, peer, PCEP_ERR_SYNCHRONIZATION, PCEP_ERR_SYNCHRONIZATION_REPORT, now);
	return lsp;
}

static void
fill(struct pcep_pce *pce, struct pcep_lsp *lsp)
{
	const struct pcep_item *item = &pce->item;
	lsp->there = lsp->seen = true;
	lsp->plsp_id = item->plsp_id;
	lsp->delegated = item->delegate;
	lsp->admin = item->admin;
	lsp->oper = item->oper;
	lsp->created |= item->created;
	if (item->has_srp)
		lsp->setup_type = item->setup_type;
	if (item->has_bandwidth) {
		lsp->has_bandwidth = true;
		lsp->bandwidth_bps = item->bandwidth_bps;
	}
	if (item->metric_count) {
		lsp->metric_count = item->metric_count;
		memcpy(lsp->metrics, item->metrics, sizeof(lsp->metrics));
	}
	if (item->policy.there)
		lsp->policy = item->policy;
	if (pcep_lsp_keep(&lsp->route, &item->ero) < 0)
		log_warn("pcep: no memory for a path");
}

/* Ends that are not said, or as zeros, are those of the router and the policy. */
static void
fill_ends(struct pcep_pce *pce, const struct pcep_peer *peer, struct pcep_lsp *lsp)
{
	static const struct ip none[] = {{.family = IP_V4}, {.family = IP_V6}};
	const struct pcep_item *item = &pce->item;
	bool from = item->from.family != IP_NONE && !ip_equal(item->from, none[0]) &&
		    !ip_equal(item->from, none[1]);
	bool to = item->to.family != IP_NONE && !ip_equal(item->to, none[0]) &&
		  !ip_equal(item->to, none[1]);
	if (from)
		lsp->from = item->from;
	else if (lsp->from.family == IP_NONE)
		lsp->from = hub_router_loopback(&pcep_hub(pce)->routers[peer - pce->peers]);
	if (to)
		lsp->to = item->to;
	else if (lsp->policy.there && lsp->to.family == IP_NONE)
		lsp->to = lsp->policy.endpoint;
}

static void
take_known(struct pcep_pce *pce, struct pcep_peer *peer, struct pcep_lsp *lsp, struct mono_us now)
{
	const struct pcep_item *item = &pce->item;
	bool answered = item->srp_id && item->srp_id == lsp->srp_id;
	if (item->remove) {
		log_info("pcep %s: path %s is gone", peer->name, lsp->name);
		pcep_lsp_drop(peer, lsp);
		return;
	}
	fill(pce, lsp);
	fill_ends(pce, peer, lsp);
	if (answered || !lsp->srp_id || (lsp->wish && !lsp->gone && pcep_lsp_is_as_wished(lsp))) {
		lsp->srp_id = 0;
		if (answered)
			lsp->fault = (struct pcep_fault){0};
	}
	lsp->due |= lsp->gone && !answered;
	pcep_wish_consider(pce, peer, lsp, now);
}

void
pcep_report_take(struct pcep_pce *pce, struct pcep_peer *peer, struct mono_us now)
{
	const struct pcep_item *item = &pce->item;
	if (!pcep_session_theirs(peer->session)->stateful) {
		complain(pce, peer, PCEP_ERR_INVALID_OPERATION, PCEP_ERR_OPERATION_REPORT, now);
		return;
	}
	if (item->fault.type) {
		complain(pce, peer, item->fault.type, item->fault.value, now);
		return;
	}
	if (!item->plsp_id) {
		if (!item->sync && !peer->synced)
			end_of_sync(pce, peer, now);
		else if (item->sync)
			complain(pce, peer, PCEP_ERR_SYNCHRONIZATION,
				 PCEP_ERR_SYNCHRONIZATION_REPORT, now);
		return;
	}
	struct pcep_lsp *lsp = find(pce, peer, now);
	if (lsp)
		take_known(pce, peer, lsp, now);
}

/* --- requests --- */

void
pcep_request_minute(struct pcep_pce *pce, struct pcep_peer *peer, struct mono_us now)
{
	(void)pce;
	if (!peer->overloaded || now.us < mono_add_ms(peer->minute, MINUTE_MS).us)
		return;
	peer->overloaded = false;
	peer->requests = 0;
	peer->minute = now;
	if (peer->session && pcep_session_state(peer->session) == PCEP_STATE_UP)
		pcep_notification_write(pcep_session_say(peer->session, now),
					(struct pcep_fault){PCEP_NOTIFY_OVERLOAD, 2}, 0);
}

/* One more request of this minute. False: one too many; the router is told once for how long. */
static bool
admit(struct pcep_pce *pce, struct pcep_peer *peer, struct mono_us now)
{
	pcep_request_minute(pce, peer, now);
	if (now.us >= mono_add_ms(peer->minute, MINUTE_MS).us) {
		peer->minute = now;
		peer->requests = 0;
	}
	if (peer->requests < pcep_hub(pce)->requests_max) {
		peer->requests++;
		return true;
	}
	if (!peer->overloaded)
		pcep_notification_write(pcep_session_say(peer->session, now),
					(struct pcep_fault){PCEP_NOTIFY_OVERLOAD, 1},
					MINUTE_MS / 1000);
	peer->overloaded = true;
	return false;
}

/* Metrics that are to be told; a cost that nobody asks for is not. */
static void
tell_metrics(struct pcep_reply *reply, const struct pcep_item *item,
	     const struct pcep_answer *answer)
{
	for (unsigned i = 0; i < item->metric_count; i++) {
		struct pcep_metric metric = item->metrics[i];
		if (!metric.wanted)
			continue;
		metric.value = metric.type == PCEP_METRIC_HOPS    ? (float)answer->hops
			       : metric.type == PCEP_METRIC_DELAY ? answer->delay_us
			       : metric.type == PCEP_METRIC_SIDS  ? (float)answer->route.count
								  : answer->length_km;
		reply->metrics[reply->metric_count++] = metric;
	}
}

void
pcep_request_take(struct pcep_pce *pce, struct pcep_peer *peer, struct mono_us now)
{
	const struct pcep_item *item = &pce->item;
	struct pcep_reply reply = {.request_id = item->request_id, .setup_type = item->setup_type};
	if (item->fault.type) {
		complain(pce, peer, item->fault.type, item->fault.value, now);
		return;
	}
	if (item->setup_type != PCEP_SETUP_SR && item->setup_type != PCEP_SETUP_SRV6) {
		complain(pce, peer, PCEP_ERR_SETUP_TYPE, PCEP_ERR_SETUP_TYPE_UNSUPPORTED, now);
		return;
	}
	uint8_t depth = pcep_session_theirs(peer->session)->sid_depth;
	if (!admit(pce, peer, now) || pcep_compute(&pce->answer, &pce->plan, item, depth) < 0) {
		reply.no_path = PCEP_NO_PATH_UNAVAILABLE;
	} else if (pce->answer.found) {
		reply.route = &pce->answer.route;
		reply.has_bandwidth = item->has_bandwidth;
		reply.bandwidth_bps = item->bandwidth_bps;
		tell_metrics(&reply, item, &pce->answer);
	} else {
		reply.no_path = pce->answer.no_path;
		reply.constrained = pce->answer.constrained;
	}
	pcep_reply_write(pcep_session_say(peer->session, now), &reply);
}
