/* The exchange: what happens on connections goes to sessions, what sessions say goes to the table.
 */
#include "exchange/exchange.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "exchange/exchange_private.h"

enum { NO_MEMORY_WAIT_S = 60 };

static const enum ip_family families[EXCHANGE_FAMILIES] = {IP_V4, IP_V6};

void
exchange_pass_time(struct exchange *x, struct mono_us now)
{
	x->utc.s += (now.us - x->now.us) / 1000000;
	x->now.us += (now.us - x->now.us) / 1000000 * 1000000;
}

struct exchange *
exchange_new(const struct hub *hub, uint64_t seed, const struct exchange_shell *shell,
	     struct mono_us now)
{
	struct exchange *x = calloc(1, sizeof(*x));
	if (!x)
		return NULL;
	x->shell = *shell;
	x->seed = seed;
	x->now = x->started = now;
	x->scratch = malloc(sizeof(*x->scratch));
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++)
		x->ribs[i] = rib_new(families[i], 64);
	x->flow = exchange_flow_new(x);
	x->sr = srpolicy_table_new();
	if (!x->scratch || !x->ribs[0] || !x->ribs[1] || !x->flow || !x->sr ||
	    exchange_adopt(x, hub)) {
		exchange_free(x);
		return NULL;
	}
	exchange_hook(x);
	return x;
}

void
exchange_free(struct exchange *x)
{
	if (!x)
		return;
	for (unsigned slot = 0; slot < x->slots; slot++) {
		session_free(x->peers[slot].session);
		free(x->peers[slot].id);
	}
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++)
		rib_free(x->ribs[i]);
	flowspec_table_free(x->flow);
	srpolicy_table_free(x->sr);
	arena_free(x->sr_arena);
	policy_free(x->policy);
	buf_fini(&x->kept);
	buf_fini(&x->refusal);
	free(x->peers);
	free(x->slot_of);
	free(x->scratch);
	free(x->exported);
	free(x->variants);
	exchange_steer_fini(x);
	exchange_counting_end(x);
	free(x);
}

const char *
exchange_peer_text(const struct exchange *x, unsigned slot, char out[EXCHANGE_PEER_TEXT])
{
	const struct exchange_peer *peer = &x->peers[slot];
	uint32_t index = hub_member_by_asn(x->hub, peer->asn);
	const char *name = index != HUB_NONE ? x->hub->members[index].name : "";
	(void)snprintf(out, EXCHANGE_PEER_TEXT, "%s (AS%u%s%s)", peer->id, peer->asn.number,
		       *name ? " " : "", name);
	return out;
}

int
exchange_apply(struct exchange *x, const struct hub *hub, struct mono_us now)
{
	assert(hub->asn.number == x->hub->asn.number);
	exchange_pass_time(x, now);
	exchange_turn_end(x);
	if (exchange_adopt(x, hub))
		return -1;
	exchange_hook(x);
	exchange_steer_anew(x);
	exchange_rejudge(x);
	flowspec_rejudge(x->flow, FLOWSPEC_HEARERS);
	exchange_limits_check_all(x); /* one may be lower than what is there */
	exchange_turn_end(x);
	x->next_tick = now;
	return 0;
}

void
exchange_return(struct exchange *x, struct mono_us now)
{
	uint32_t longest = 0;
	exchange_pass_time(x, now);
	for (unsigned slot = 0; slot < x->slots; slot++) {
		struct exchange_peer *peer = &x->peers[slot];
		if (!peer->id)
			continue;
		struct session_config config = *session_config(peer->session);
		config.restarting = config.graceful_restart;
		if (config.restarting && config.restart_time_s > longest)
			longest = config.restart_time_s;
		(void)session_configure(peer->session, &config, now);
		exchange_pump(x, slot);
	}
	if (longest)
		exchange_return_begin(x, longest);
}

void
exchange_leave(struct exchange *x, struct mono_us now)
{
	for (unsigned slot = 0; slot < x->slots; slot++) {
		struct exchange_peer *peer = &x->peers[slot];
		bool keeps = peer->id && session_state(peer->session) == SESSION_ESTABLISHED &&
			     session_agreed(peer->session)->graceful_restart;
		if (!peer->id || keeps)
			continue;
		session_stop(peer->session, BGP_CEASE_RESET, NULL, now);
		exchange_pump(x, slot);
	}
}

void
exchange_shut_down(struct exchange *x, struct mono_us now)
{
	for (unsigned slot = 0; slot < x->slots; slot++) {
		if (!x->peers[slot].id)
			continue;
		session_stop(x->peers[slot].session, BGP_CEASE_SHUTDOWN, NULL, now);
		exchange_pump(x, slot);
	}
}

void
exchange_peer_down(struct exchange *x, unsigned slot, const char *text, struct mono_us now)
{
	assert(slot < x->slots && x->peers[slot].id);
	x->peers[slot].held_down = true;
	session_stop(x->peers[slot].session, BGP_CEASE_SHUTDOWN, text, now);
	exchange_pump(x, slot);
	exchange_stale_drop(x, slot);
}

bool
exchange_peer_is_held(const struct exchange *x, unsigned slot)
{
	return slot < x->slots && x->peers[slot].held_down;
}

void
exchange_peer_up(struct exchange *x, unsigned slot, struct mono_us now)
{
	assert(slot < x->slots && x->peers[slot].id);
	x->peers[slot].held_down = x->peers[slot].over_limit = false;
	if (!x->peers[slot].target.enabled)
		return;
	session_start(x->peers[slot].session, now);
	session_end_wait(x->peers[slot].session, now);
	exchange_pump(x, slot);
}

bool
exchange_peer_refresh(struct exchange *x, unsigned slot)
{
	assert(slot < x->slots && x->peers[slot].id);
	bool asked = false;
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++) {
		asked |= session_ask_refresh(x->peers[slot].session, families[i]);
		asked |= session_ask_flow_refresh(x->peers[slot].session, families[i]);
	}
	return asked;
}

void
exchange_tap(struct exchange *x, const struct exchange_taps *taps)
{
	x->taps = taps ? *taps : (struct exchange_taps){0};
}

/* --- what a session says --- */

static void
went_up(struct exchange *x, unsigned slot)
{
	struct exchange_peer *peer = &x->peers[slot];
	const struct session_agreed *agreed = session_agreed(peer->session);
	struct rib_peer rib_peer = {
		.router_id = agreed->remote_router_id,
		.address = peer->target.address,
		.transit = x->hub->sessions[peer->hub_session].transit != HUB_AS_NONE,
		.internal = x->hub->asn.number == peer->asn.number,
		.two_octet_as = !agreed->as4,
		.extended_next_hop = agreed->extended_next_hop,
		.extended_messages = agreed->extended_messages,
		.long_lived = session_remote_capabilities(peer->session)->long_lived,
		.enhanced_refresh = agreed->enhanced_refresh,
		.add_path_paths = peer->paths.which,
		.add_path_more = peer->paths.more,
		.add_path_max = peer->paths.max,
	};
	const bool open[EXCHANGE_FAMILIES] = {agreed->ipv4, agreed->ipv6};
	const bool add_path[EXCHANGE_FAMILIES] = {agreed->add_path_out_ipv4,
						  agreed->add_path_out_ipv6};
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++) {
		rib_peer.add_path = add_path[i];
		if (open[i])
			rib_session_open(x->ribs[i], slot, &rib_peer);
	}
	exchange_flow_up(x, slot);
	exchange_sr_up(x, slot);
	memset(peer->told_all, 0, sizeof(peer->told_all));
	exchange_stale_up(x, slot);
	peer->own_begun = false;
	peer->over_limit = peer->too_large_told = peer->too_many_told = false;
	peer->up_on = (int)agreed->conn;
	peer->messages_told = 0;
	exchange_bfd_watch(x, slot);
	char name[EXCHANGE_PEER_TEXT];
	log_info("session %s: established", exchange_peer_text(x, slot, name));
	if (x->taps.up)
		x->taps.up(x->taps.context, slot);
}

/* Keeps the end of a message that is half sent, so that our last words are understood. */
static void
keep_half(struct exchange *x, unsigned slot)
{
	buf_clear(&x->half);
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++) {
		struct rib *rib = x->ribs[i];
		size_t rest = rib_session_is_open(rib, slot) ? rib_out_rest(rib, slot) : 0;
		struct iovec piece;
		if (rest && rib_out_pieces(rib, slot, &piece, 1) && piece.iov_len >= rest)
			buf_put(&x->half, piece.iov_base, rest);
	}
	size_t rest = flowspec_out_rest(x->flow, slot);
	struct cursor flow = rest ? flowspec_out(x->flow, slot) : cursor_of(NULL, 0);
	if (cursor_left(&flow) >= rest)
		buf_put(&x->half, flow.at, rest);
	rest = srpolicy_out_rest(x->sr, slot);
	struct cursor sr = rest ? srpolicy_out(x->sr, slot) : cursor_of(NULL, 0);
	if (cursor_left(&sr) >= rest)
		buf_put(&x->half, sr.at, rest);
}

static void
went_down(struct exchange *x, unsigned slot, const struct session_graceful *graceful)
{
	struct exchange_peer *peer = &x->peers[slot];
	if (x->taps.down)
		x->taps.down(x->taps.context, slot);
	keep_half(x, slot);
	x->half_conn = (enum session_conn)peer->up_on;
	peer->up_on = -1;
	exchange_bfd_watch(x, slot);
	exchange_stale_lost(x, slot, graceful);
	flowspec_session_close(x->flow, slot);
	srpolicy_session_close(x->sr, slot);
	struct buf why = {0};
	session_error_text(&why, session_last_error(peer->session));
	buf_u8(&why, 0);
	char name[EXCHANGE_PEER_TEXT];
	log_info("session %s: down: %s", exchange_peer_text(x, slot, name),
		 why.failed ? "" : (const char *)why.data);
	buf_fini(&why);
}

static void
log_remarks(const struct exchange *x, unsigned slot, const struct bgp_update *update)
{
	char name[EXCHANGE_PEER_TEXT];
	for (unsigned i = 0; i < update->remark_count && i < BGP_REMARKS_MAX; i++) {
		struct buf text = {0};
		bgp_remark_text(&text, update->remarks[i]);
		buf_u8(&text, 0);
		log_debug("session %s: %s", exchange_peer_text(x, slot, name),
			  text.failed ? "" : (const char *)text.data);
		buf_fini(&text);
	}
}

static void
took_update(struct exchange *x, unsigned slot, const struct bgp_update *update)
{
	struct exchange_peer *peer = &x->peers[slot];
	if (update->remark_count)
		log_remarks(x, slot, update);
	exchange_sr_take(x, slot, update);
	if (exchange_take_update(x, slot, update) || exchange_flow_take(x, slot, update)) {
		char name[EXCHANGE_PEER_TEXT];
		log_warn("session %s: no memory for its routes", exchange_peer_text(x, slot, name));
		session_reset(peer->session, BGP_CEASE_RESOURCES, "out of memory", NO_MEMORY_WAIT_S,
			      x->now);
		return;
	}
	if (update->announced_count)
		exchange_limits_check(x, slot);
}

static void
close_connection(struct exchange *x, unsigned slot, enum session_conn conn, struct cursor words)
{
	struct exchange_peer *peer = &x->peers[slot];
	if (x->half_conn == conn)
		buf_put(&x->half, words.at, cursor_left(&words));
	if (x->half_conn == conn && x->half.length)
		words = cursor_of(x->half.data, x->half.length);
	x->shell.close(x->shell.context, slot, conn, words);
	peer->connected[conn] = false;
	if (x->half_conn == conn)
		buf_fini(&x->half);
}

static void
act_on(struct exchange *x, unsigned slot, const struct session_event *event)
{
	struct exchange_peer *peer = &x->peers[slot];
	bool update = event->kind == SESSION_UPDATE || event->kind == SESSION_END_OF_RIB;
	if (update && x->taps.message)
		x->taps.message(x->taps.context, slot, event->message);
	switch (event->kind) {
	case SESSION_WANT_CONNECT:
		x->shell.connect(x->shell.context, slot, &peer->target);
		break;
	case SESSION_WANT_CLOSE:
		close_connection(x, slot, event->conn, event->octets);
		break;
	case SESSION_UP:
		went_up(x, slot);
		break;
	case SESSION_DOWN:
		went_down(x, slot, &event->graceful);
		break;
	case SESSION_UPDATE:
		exchange_ahead_message(x, event->message);
		took_update(x, slot, &event->update);
		break;
	case SESSION_REFRESH:
		if (event->flow)
			flowspec_out_refresh(x->flow, slot, event->family);
		else if (event->sr)
			srpolicy_out_refresh(x->sr, slot, event->family);
		else if (rib_session_is_open(exchange_rib_of(x, event->family), slot))
			rib_out_refresh(exchange_rib_of(x, event->family), slot);
		break;
	case SESSION_END_OF_RIB: /* rules are not kept over a restart */
		if (!event->flow && !event->sr)
			exchange_stale_end_of_rib(x, slot, event->family);
		break;
	case SESSION_REFRESH_BEGIN:
	case SESSION_REFRESH_END:
		if (event->flow)
			flowspec_session_stale(x->flow, slot, event->family,
					       event->kind == SESSION_REFRESH_BEGIN);
		else
			exchange_stale_refresh(x, slot, event->family,
					       event->kind == SESSION_REFRESH_BEGIN);
		break;
	case SESSION_NOTHING:
		break;
	}
}

void
exchange_pump(struct exchange *x, unsigned slot)
{
	struct session *session = x->peers[slot].session;
	struct session_event event;
	x->half_conn = SESSION_CONNS; /* none */
	while (session_next(session, &event, x->scratch) != SESSION_NOTHING)
		act_on(x, slot, &event);
	buf_fini(&x->half);
	struct mono_us deadline = session_deadline(session);
	if (deadline.us < x->next_tick.us)
		x->next_tick = deadline;
}

/* --- connections --- */

int
exchange_accept(struct exchange *x, struct ip remote, struct mono_us now)
{
	buf_clear(&x->refusal);
	uint32_t index = hub_session_by_address(x->hub, remote);
	if (index == HUB_NONE || x->slot_of[index] == UINT32_MAX)
		return -1;
	unsigned slot = x->slot_of[index];
	exchange_pass_time(x, now);
	bool welcome = session_accept(x->peers[slot].session, &x->refusal, now);
	exchange_pump(x, slot);
	return welcome ? (int)slot : -1;
}

struct cursor
exchange_refusal(const struct exchange *x)
{
	return cursor_of(x->refusal.data, x->refusal.length);
}

void
exchange_connected(struct exchange *x, unsigned slot, enum session_conn conn, struct ip local,
		   struct mono_us now)
{
	assert(slot < x->slots && x->peers[slot].id);
	exchange_pass_time(x, now);
	x->peers[slot].connected[conn] = true;
	session_connected(x->peers[slot].session, conn, local, now);
	exchange_pump(x, slot);
}

void
exchange_connect_failed(struct exchange *x, unsigned slot, const char *why, struct mono_us now)
{
	assert(slot < x->slots && x->peers[slot].id);
	exchange_pass_time(x, now);
	session_connect_failed(x->peers[slot].session, why, now);
	exchange_pump(x, slot);
}

void
exchange_disconnected(struct exchange *x, unsigned slot, enum session_conn conn, struct mono_us now)
{
	assert(slot < x->slots && x->peers[slot].id);
	exchange_pass_time(x, now);
	x->peers[slot].connected[conn] = false;
	session_disconnected(x->peers[slot].session, conn, now);
	exchange_pump(x, slot);
}

void
exchange_bfd_watch(struct exchange *x, unsigned slot)
{
	struct exchange_peer *peer = &x->peers[slot];
	bool wanted = peer->up_on >= 0 && peer->target.bfd.multiplier;
	if (!x->shell.bfd || (!wanted && !peer->bfd))
		return;
	peer->bfd = wanted;
	x->shell.bfd(x->shell.context, slot, (enum session_conn)peer->up_on,
		     wanted ? &peer->target : NULL);
}

void
exchange_bfd_changed(struct exchange *x, unsigned slot, enum bfd_event event, uint8_t diagnostic,
		     struct mono_us now)
{
	static const char *const words[] = {
		[BFD_EVENT_UP] = "BFD is up",
		[BFD_EVENT_DOWN] = "BFD is down",
		[BFD_EVENT_ADMIN] = "BFD was taken away by the other side",
	};
	char name[EXCHANGE_PEER_TEXT];
	assert(event != BFD_EVENT_NONE);
	if (slot >= x->slots || !x->peers[slot].id)
		return;
	exchange_pass_time(x, now);
	bool down = event == BFD_EVENT_DOWN;
	log_info("session %s: %s%s%s", exchange_peer_text(x, slot, name), words[event],
		 down ? ": " : "", down ? bfd_diagnostic_text(diagnostic) : "");
	if (down)
		session_reset(x->peers[slot].session, BGP_CEASE_BFD_DOWN,
			      bfd_diagnostic_text(diagnostic), 0, now);
	exchange_pump(x, slot);
}

void
exchange_input(struct exchange *x, unsigned slot, enum session_conn conn, const uint8_t *octets,
	       size_t length, struct mono_us now)
{
	assert(slot < x->slots && x->peers[slot].id);
	exchange_pass_time(x, now);
	session_input(x->peers[slot].session, conn, octets, length, now);
	exchange_ahead_begin(x, slot, cursor_of(octets, length));
	exchange_pump(x, slot);
	exchange_ahead_begin(x, slot, cursor_of(NULL, 0));
}

void
exchange_tick(struct exchange *x, struct mono_us now, struct utc_s utc)
{
	x->now = now;
	x->utc = utc;
	if (now.us < x->next_tick.us)
		return;
	x->next_tick.us = INT64_MAX;
	for (unsigned slot = 0; slot < x->slots; slot++) {
		struct exchange_peer *peer = &x->peers[slot];
		if (!peer->id)
			continue;
		if (session_deadline(peer->session).us <= now.us)
			session_tick(peer->session, now);
		exchange_flow_tick(x, slot);
		exchange_pump(x, slot);
	}
	exchange_stale_tick(x);
	exchange_blackhole_tick(x);
	exchange_steer_tick(x);
	exchange_sr_tick(x);
}

struct mono_us
exchange_deadline(const struct exchange *x)
{
	return x->next_tick;
}

/* A session that keeps too many removed prefixes alive is ended: what it holds could only be told
 * by remembering without bound. */
static void
bound_removed(struct exchange *x)
{
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++) {
		int slot = rib_out_worst(x->ribs[i]);
		if (slot < 0)
			continue;
		char name[EXCHANGE_PEER_TEXT];
		log_warn("session %s: too far behind, closed",
			 exchange_peer_text(x, (unsigned)slot, name));
		session_reset(x->peers[slot].session, BGP_CEASE_RESOURCES, "too far behind", 0,
			      x->now);
		exchange_pump(x, (unsigned)slot);
	}
}

void
exchange_turn_end(struct exchange *x)
{
	bound_removed(x);
	exchange_limits_memory(x);
	/* Where traffic goes is told before what routes are told to cost. */
	bool steers = exchange_steer_step(x);
	bool again = steers || exchange_rejudge_step(x);
	if (!again && x->recount) {
		x->recount = false;
		exchange_limits_check_all(x);
	}
	if (!again && x->any_blocked)
		exchange_limits_unblock(x);
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++)
		again |= rib_turn_end(x->ribs[i]);
	again |= steers;
	exchange_steer_book_turn(x, again);
	exchange_limits_out(x);
	exchange_counting_step(x);
	again |= exchange_flow_turn(x);
	if (again)
		x->next_tick = x->now;
}
