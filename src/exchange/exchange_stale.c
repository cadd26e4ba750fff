/* Routes of neighbours that are away for a moment: they stay as stale while the other restarts (RFC
 * 4724), for longer with less preference where both agreed on that (RFC 9494), and during a refresh
 * that is marked (RFC 7313). And the moment when we ourselves come back: neighbours that kept our
 * routes hear nothing until we know again what is to be told. */
#include "base/log.h"
#include "exchange/exchange_private.h"

enum {
	RETURN_MAX_S = 360,  /* after it is up again, until its End-of-RIB: RFC 4724 section 4.2 */
	REFRESH_MAX_S = 360, /* until the end of a refresh */
	REFRESH_AGAIN_S = 10,
	QUIET_S = 10, /* nobody else came up for so long: all are here */
	SETTLE_S = 3, /* a neighbour that sends no End-of-RIB has told most by then */
};

static bool
is_set(struct mono_us at)
{
	return at.us != 0;
}

static struct mono_us
after_s(struct mono_us now, uint32_t seconds)
{
	return (struct mono_us){now.us + (int64_t)seconds * 1000000};
}

static void
watch_over(struct exchange *x, struct exchange_stale *stale, enum exchange_stage stage,
	   uint32_t seconds)
{
	stale->stage = stage;
	stale->until = after_s(x->now, seconds);
	if (stale->until.us < x->next_tick.us)
		x->next_tick = stale->until;
}

static void
sweep(struct exchange *x, unsigned slot, unsigned family)
{
	x->peers[slot].stale[family] = (struct exchange_stale){0};
	rib_session_sweep(x->ribs[family], slot);
	x->next_tick = x->now;
}

static void
begin_long(struct exchange *x, unsigned slot, unsigned family)
{
	struct exchange_stale *stale = &x->peers[slot].stale[family];
	rib_session_stale_long(x->ribs[family], slot);
	watch_over(x, stale, EXCHANGE_STAGE_LONG, stale->long_s);
	x->next_tick = x->now;
}

void
exchange_stale_lost(struct exchange *x, unsigned slot, const struct session_graceful *graceful)
{
	struct exchange_peer *peer = &x->peers[slot];
	const struct session_stay *stays[EXCHANGE_FAMILIES] = {&graceful->ipv4, &graceful->ipv6};
	char name[EXCHANGE_PEER_TEXT];
	bool any = false;
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++) {
		const struct session_stay *stay = stays[i];
		peer->stale[i] = (struct exchange_stale){0};
		if (!rib_session_is_open(x->ribs[i], slot))
			continue;
		if (!stay->on || (!stay->restart_s && !stay->stale_s)) {
			rib_session_close(x->ribs[i], slot);
			continue;
		}
		any = true;
		rib_session_lost(x->ribs[i], slot);
		peer->stale[i].long_s = stay->stale_s;
		watch_over(x, &peer->stale[i], EXCHANGE_STAGE_RESTART, stay->restart_s);
	}
	if (any)
		log_info("session %s: its routes stay for now, it may restart",
			 exchange_peer_text(x, slot, name));
}

void
exchange_stale_up(struct exchange *x, unsigned slot)
{
	struct exchange_peer *peer = &x->peers[slot];
	const struct session_agreed *agreed = session_agreed(peer->session);
	const bool carried[EXCHANGE_FAMILIES] = {agreed->ipv4, agreed->ipv6};
	const bool kept[EXCHANGE_FAMILIES] = {agreed->kept_ipv4, agreed->kept_ipv6};
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++) {
		if (peer->stale[i].stage == EXCHANGE_STAGE_NONE)
			continue;
		if (carried[i] && kept[i] && agreed->graceful_restart)
			watch_over(x, &peer->stale[i], EXCHANGE_STAGE_RETURN, RETURN_MAX_S);
		else
			sweep(x, slot, i);
	}
	x->someone_came = x->now;
}

void
exchange_stale_end_of_rib(struct exchange *x, unsigned slot, enum ip_family family)
{
	unsigned i = family == IP_V6 ? EXCHANGE_V6 : EXCHANGE_V4;
	x->peers[slot].told_all[i] = true;
	if (x->peers[slot].stale[i].stage == EXCHANGE_STAGE_RETURN)
		sweep(x, slot, i);
}

void
exchange_stale_refresh(struct exchange *x, unsigned slot, enum ip_family family, bool begins)
{
	unsigned i = family == IP_V6 ? EXCHANGE_V6 : EXCHANGE_V4;
	struct exchange_stale *stale = &x->peers[slot].stale[i];
	if (!rib_session_is_open(x->ribs[i], slot))
		return;
	/* To begin again within a refresh costs a look at every route: who says so again and again
	 * is taken to mean the refresh that has begun. */
	bool same =
		stale->stage == EXCHANGE_STAGE_REFRESH &&
		x->now.us < stale->until.us - (int64_t)(REFRESH_MAX_S - REFRESH_AGAIN_S) * 1000000;
	if (begins && same)
		return;
	if (begins) {
		rib_session_stale(x->ribs[i], slot);
		watch_over(x, stale, EXCHANGE_STAGE_REFRESH, REFRESH_MAX_S);
	} else if (stale->stage == EXCHANGE_STAGE_REFRESH) {
		sweep(x, slot, i);
	}
}

void
exchange_stale_drop(struct exchange *x, unsigned slot)
{
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++)
		if (x->peers[slot].stale[i].stage != EXCHANGE_STAGE_NONE)
			sweep(x, slot, i);
}

/* One neighbour's stages, as time passes. */
static void
tick_one(struct exchange *x, unsigned slot, unsigned family)
{
	struct exchange_stale *stale = &x->peers[slot].stale[family];
	char name[EXCHANGE_PEER_TEXT];
	if (stale->stage == EXCHANGE_STAGE_NONE)
		return;
	if (stale->until.us > x->now.us) {
		if (stale->until.us < x->next_tick.us)
			x->next_tick = stale->until;
		return;
	}
	if (stale->stage == EXCHANGE_STAGE_RESTART && stale->long_s) {
		log_info("session %s: its IPv%c routes stay for long, preferred last",
			 exchange_peer_text(x, slot, name), family == EXCHANGE_V4 ? '4' : '6');
		begin_long(x, slot, family);
		return;
	}
	log_info("session %s: its stale IPv%c routes go", exchange_peer_text(x, slot, name),
		 family == EXCHANGE_V4 ? '4' : '6');
	sweep(x, slot, family);
}

/* --- we come back --- */

/* Who kept our routes and has told us all of its own. */
static bool
has_told(const struct exchange_peer *peer)
{
	const struct session_agreed *agreed = session_agreed(peer->session);
	return (!agreed->ipv4 || peer->told_all[EXCHANGE_V4]) &&
	       (!agreed->ipv6 || peer->told_all[EXCHANGE_V6]);
}

/* Until when we wait, from what is known now: RFC 4724 section 4.1. A neighbour that restarts too waits
 * for us. */
static bool
still_returns(const struct exchange *x)
{
	bool all_here = true;
	for (unsigned slot = 0; slot < x->slots; slot++) {
		const struct exchange_peer *peer = &x->peers[slot];
		if (!peer->id || !peer->target.enabled || peer->held_down)
			continue;
		if (session_state(peer->session) != SESSION_ESTABLISHED) {
			all_here = false;
			continue;
		}
		const struct session_agreed *agreed = session_agreed(peer->session);
		if (agreed->remote_restarting || has_told(peer))
			continue;
		struct mono_us settled = after_s(session_since(peer->session), SETTLE_S);
		if (agreed->graceful_restart || x->now.us < settled.us)
			return true;
	}
	return !all_here && x->now.us < after_s(x->someone_came, QUIET_S).us;
}

static void
end_return(struct exchange *x)
{
	x->return_until = (struct mono_us){0};
	log_info("the table is whole again: neighbours that waited are told");
	/* From the next OPEN on we are not restarting any more. */
	for (unsigned slot = 0; slot < x->slots; slot++) {
		struct exchange_peer *peer = &x->peers[slot];
		if (!peer->id)
			continue;
		struct session_config config = *session_config(peer->session);
		config.restarting = false;
		(void)session_configure(peer->session, &config, x->now);
	}
}

void
exchange_return_begin(struct exchange *x, uint32_t seconds)
{
	x->return_until = after_s(x->now, seconds);
	x->someone_came = x->now;
	x->next_tick = x->now;
}

bool
exchange_return_holds(const struct exchange *x, unsigned slot)
{
	return is_set(x->return_until) && session_agreed(x->peers[slot].session)->graceful_restart;
}

void
exchange_stale_tick(struct exchange *x)
{
	for (unsigned slot = 0; slot < x->slots; slot++)
		for (unsigned i = 0; x->peers[slot].id && i < EXCHANGE_FAMILIES; i++)
			tick_one(x, slot, i);
	if (!is_set(x->return_until))
		return;
	if (x->now.us >= x->return_until.us || !still_returns(x)) {
		end_return(x);
		return;
	}
	struct mono_us again = after_s(x->now, 1);
	if (again.us < x->next_tick.us)
		x->next_tick = again;
}
