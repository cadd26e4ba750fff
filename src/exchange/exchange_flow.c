/* Rules about traffic (RFC 8955) between sessions and their table: what comes in UPDATEs, when they are judged anew, and
 * what the table wants to know of the picture and of routes. */

#include "base/log.h"
#include "exchange/exchange_private.h"

enum {
	JUDGED_IN_A_TURN = 1024,
	ROUTES_AGE_US = 1000000, /* how long rules may rest on routes that changed meanwhile */
	ASK_AGAIN_S = 30,
	PATHS = 64,
};

static const enum ip_family families[EXCHANGE_FAMILIES] = {IP_V4, IP_V6};

/* --- what the table asks --- */

static const struct hub_policy_flowspec *
terms(void *context, unsigned slot, uint32_t *session)
{
	const struct exchange *x = context;
	*session = x->peers[slot].hub_session;
	if (!x->peers[slot].id || *session == HUB_NONE)
		return NULL;
	return &x->hub->members[x->hub->sessions[*session].member].policy.flowspec;
}

/* RFC 9117 section 4, rule b, as a route server can tell: the longest route that covers it is among the member's. */
static bool
follows(void *context, unsigned slot, const struct prefix *destination)
{
	const struct exchange *x = context;
	const struct rib *rib = exchange_rib(x, (enum ip_family)destination->ip.family);
	struct rib_path_view paths[PATHS];
	struct prefix route;
	if (!rib_covering(rib, *destination, true, &route))
		return false;
	size_t count = rib_paths(rib, route, paths, PATHS);
	for (size_t i = 0; i < count && i < PATHS && !paths[i].refused; i++)
		if (x->peers[paths[i].slot].asn.number == x->peers[slot].asn.number)
			return true;
	return false;
}

struct flowspec_table *
exchange_flow_new(struct exchange *x)
{
	struct flowspec_hooks hooks = {terms, follows, x};
	return flowspec_table_new(1, &hooks);
}

/* --- sessions --- */

void
exchange_flow_up(struct exchange *x, unsigned slot)
{
	struct exchange_peer *peer = &x->peers[slot];
	const struct session_agreed *agreed = session_agreed(peer->session);
	struct flowspec_peer flow = {
		.ipv4 = agreed->flow_ipv4,
		.ipv6 = agreed->flow_ipv6,
		.router_id = agreed->remote_router_id,
		.address = peer->target.address,
		.enhanced_refresh = agreed->enhanced_refresh,
	};
	peer->flow_told = false;
	peer->flow_asked = (struct mono_us){0};
	if (flow.ipv4 || flow.ipv6)
		flowspec_session_open(x->flow, slot, &flow);
}

/* Once since it is up, for the neighbour decides how often it happens; numbers are shown. */
static void
tell_left_out(struct exchange *x, unsigned slot)
{
	struct exchange_peer *peer = &x->peers[slot];
	struct flowspec_totals totals;
	char name[EXCHANGE_PEER_TEXT];
	uint32_t malformed = 0;
	if (peer->flow_told)
		return;
	flowspec_session_totals(x->flow, slot, &totals);
	for (unsigned i = 0; i < FLOWSPEC_FAULTS; i++)
		malformed += totals.faults[i];
	const char *why = malformed          ? "malformed"
			  : totals.too_large ? "with attributes too large to keep"
			  : totals.left_out  ? "more than it may say"
					     : NULL;
	if (!why)
		return;
	log_warn("session %s: rules about traffic not taken: %s", exchange_peer_text(x, slot, name),
		 why);
	peer->flow_told = true;
}

static void
lose(struct exchange *x, unsigned slot, enum ip_family family)
{
	char name[EXCHANGE_PEER_TEXT];
	if (flowspec_session_lost(x->flow, slot, family))
		return;
	log_warn("session %s: its rules about IPv%d traffic cannot be told apart: they go, and no "
		 "more are taken until it is up again",
		 exchange_peer_text(x, slot, name), (int)family);
	flowspec_session_lose(x->flow, slot, family);
}

int
exchange_flow_take(struct exchange *x, unsigned slot, const struct bgp_update *update)
{
	const struct bgp_flow *announced = &update->flow_announced;
	for (unsigned i = 0; i < 2; i++)
		if (update->flow_withdrawn[i].family != IP_NONE)
			flowspec_withdraw(x->flow, slot, update->flow_withdrawn[i].family,
					  update->flow_withdrawn[i].rules);
	if (update->flow_lost_ipv4)
		lose(x, slot, IP_V4);
	if (update->flow_lost_ipv6)
		lose(x, slot, IP_V6);
	if (announced->family == IP_NONE)
		return 0;
	struct bgp_attrs attrs = update->attrs;
	struct bgp_communities kept;
	attrs.next_hop = attrs.link_local = (struct ip){0};
	if (policy_scrub_import(x->policy, &attrs, &x->kept, &kept)) {
		attrs.communities = kept.standard;
		attrs.ext_communities = kept.extended;
		attrs.large_communities = kept.large;
		if (x->kept.failed) /* without them it might go to whom it is not for */
			return -1;
	}
	int result = flowspec_announce(x->flow, slot, announced->family, announced->rules, &attrs,
				       (uint32_t)x->utc.s);
	tell_left_out(x, slot);
	return result;
}

void
exchange_flow_tick(struct exchange *x, unsigned slot)
{
	struct exchange_peer *peer = &x->peers[slot];
	if (peer->flow_asked.us && x->now.us < peer->flow_asked.us + (int64_t)ASK_AGAIN_S * 1000000)
		return;
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++)
		if (flowspec_session_wants(x->flow, slot, families[i]) &&
		    session_ask_flow_refresh(peer->session, families[i]))
			peer->flow_asked = x->now;
}

/* --- turns --- */

/* Rules hold as long as the routes that they rest on. */
static void
follow_routes(struct exchange *x)
{
	uint64_t changes = flowspec_count(x->flow) ? exchange_changes(x) : x->flow_routes;
	if (changes == x->flow_routes)
		return;
	if (x->now.us < x->flow_routes_at.us + ROUTES_AGE_US) {
		struct mono_us then = {x->flow_routes_at.us + ROUTES_AGE_US};
		if (then.us < x->next_tick.us)
			x->next_tick = then;
		return;
	}
	x->flow_routes = changes;
	x->flow_routes_at = x->now;
	flowspec_rejudge(x->flow, FLOWSPEC_RULES);
}

bool
exchange_flow_turn(struct exchange *x)
{
	int slot = flowspec_worst(x->flow);
	if (slot >= 0) {
		char name[EXCHANGE_PEER_TEXT];
		log_warn("session %s: too far behind with rules about traffic, closed",
			 exchange_peer_text(x, (unsigned)slot, name));
		session_reset(x->peers[slot].session, BGP_CEASE_RESOURCES, "too far behind", 0,
			      x->now);
		exchange_pump(x, (unsigned)slot);
	}
	follow_routes(x);
	return flowspec_rejudge_step(x->flow, JUDGED_IN_A_TURN);
}
