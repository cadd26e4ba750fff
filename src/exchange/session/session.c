/* The life of a session: connections, timers, and what the shell is told.
 *
 * A neighbour may have two connections at once, one that we made and one that they made. Each goes
 * its own way through OpenSent and OpenConfirm; at most one becomes established. The states Idle,
 * Connect and Active belong to the session as a whole (RFC 4271 section 8.2.1.3 and 6.8). */
#include "exchange/session/session.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "exchange/session/session_private.h"

enum {
	OPEN_HOLD_S = 240, /* "a large value", RFC 4271 section 8.2.2 */
	SEND_HOLD_MIN_S = 480,
};

static void
cease_all(struct session *s, uint8_t subcode, const char *text, struct mono_us now)
{
	session_cease_all(s, (struct bgp_error){BGP_ERR_CEASE, subcode, {0}}, text, now);
}

/* --- made and freed --- */

struct session *
session_new(const struct session_config *config)
{
	assert(config->router_id && config->connect_retry_s);
	assert(config->hold_time_s == 0 || config->hold_time_s >= 3);
	struct session *s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	s->config = *config;
	s->random = hash_u64(config->seed ^ config->remote_asn.number);
	s->idle_until = s->connect_at = NEVER;
	for (unsigned i = 0; i < SESSION_CONNS; i++)
		s->conns[i].hold = s->conns[i].keepalive = s->conns[i].send_hold = NEVER;
	return s;
}

void
session_free(struct session *s)
{
	if (!s)
		return;
	for (unsigned i = 0; i < SESSION_CONNS; i++) {
		session_drop_held(&s->conns[i]);
		buf_fini(&s->conns[i].out);
		buf_fini(&s->closing[i]);
		for (unsigned which = 0; which < SESSION_OPENS; which++)
			buf_fini(&s->opens[i][which]);
	}
	free(s);
}

void
session_know_own(struct session *s)
{
	struct ip local = s->conns[s->agreed.conn].local;
	s->peer.own_ipv4 = local.family == IP_V4 ? local : s->config.own_ipv4;
	s->peer.own_ipv6 = local.family == IP_V6 ? local : s->config.own_ipv6;
}

/* Would an OPEN say the same, but for graceful restart? */
static bool
same_open(const struct session_config *a, const struct session_config *b)
{
	return a->local_asn.number == b->local_asn.number &&
	       a->remote_asn.number == b->remote_asn.number && a->router_id == b->router_id &&
	       a->hold_time_s == b->hold_time_s && a->ipv4 == b->ipv4 && a->ipv6 == b->ipv6 &&
	       a->flow_ipv4 == b->flow_ipv4 && a->flow_ipv6 == b->flow_ipv6 &&
	       a->sr_policy == b->sr_policy && a->extended_messages == b->extended_messages &&
	       a->enhanced_refresh == b->enhanced_refresh &&
	       a->extended_next_hop == b->extended_next_hop &&
	       a->add_path_ipv4 == b->add_path_ipv4 && a->add_path_ipv6 == b->add_path_ipv6 &&
	       a->role == b->role;
}

bool
session_configure(struct session *s, const struct session_config *config, struct mono_us now)
{
	bool stricter = config->role_strict && !s->config.role_strict &&
			session_remote_capabilities(s)->role == BGP_ROLE_NONE;
	bool same = same_open(&s->config, config) && !stricter;
	if (!same)
		cease_all(s, BGP_CEASE_CHANGED, NULL, now);
	s->config = *config;
	session_know_own(s);
	bool idle = s->idle_until.us != INT64_MAX;
	bool busy = conn_alive(&s->conns[SESSION_OUT]) || conn_alive(&s->conns[SESSION_IN]);
	if (s->enabled && !idle && !busy)
		session_connect_after(s, 1, now);
	return !same;
}

void
session_start(struct session *s, struct mono_us now)
{
	if (s->enabled)
		return;
	s->enabled = true;
	s->failures = 0;
	s->since = now;
	s->idle_until = NEVER;
	/* Spread over a second, so that a thousand sessions do not begin in one turn. */
	session_connect_after(s, 1, now);
	if (s->connect_at.us != INT64_MAX)
		s->connect_at.us -= 750 * 1000;
}

void
session_stop(struct session *s, uint8_t subcode, const char *text, struct mono_us now)
{
	s->enabled = false;
	cease_all(s, subcode, text, now);
	s->idle_until = s->connect_at = NEVER;
}

void
session_end_wait(struct session *s, struct mono_us now)
{
	if (s->idle_until.us == INT64_MAX)
		return;
	s->idle_until = NEVER;
	s->failures = 0;
	session_connect_after(s, 1, now);
}

/* Comes back after `wait_s`. */
static void
wait_for(struct session *s, uint32_t wait_s, struct mono_us now)
{
	if (!s->enabled)
		return;
	if (wait_s) {
		s->idle_until = session_after_s(now, wait_s);
		s->connect_at = NEVER;
	} else {
		session_connect_after(s, 1, now);
	}
}

void
session_reset(struct session *s, uint8_t subcode, const char *text, uint32_t wait_s,
	      struct mono_us now)
{
	cease_all(s, subcode, text, now);
	wait_for(s, wait_s, now);
}

void
session_reset_over(struct session *s, enum ip_family family, uint32_t max, uint32_t wait_s,
		   struct mono_us now)
{
	struct buf data = {0};
	bgp_max_prefixes_put(&data, family, max);
	struct bgp_error error = {BGP_ERR_CEASE, BGP_CEASE_MAX_PREFIXES, {0}};
	if (!data.failed)
		error.data = cursor_of(data.data, data.length);
	session_cease_all(s, error, NULL, now);
	buf_fini(&data);
	wait_for(s, wait_s, now);
}

static void
count_refresh(struct session *s)
{
	s->counters.messages_out++;
	s->counters.refreshes_out++;
}

bool
session_ask_refresh(struct session *s, enum ip_family family)
{
	struct conn *conn = session_established(s);
	bool agreed = family == IP_V4 ? s->agreed.ipv4 : s->agreed.ipv6;
	if (!conn || !agreed || !s->agreed.refresh)
		return false;
	bgp_refresh_write(&conn->out, family, BGP_REFRESH_ASK);
	count_refresh(s);
	return true;
}

bool
session_ask_flow_refresh(struct session *s, enum ip_family family)
{
	struct conn *conn = session_established(s);
	bool agreed = family == IP_V4 ? s->agreed.flow_ipv4 : s->agreed.flow_ipv6;
	if (!conn || !agreed || !s->agreed.refresh)
		return false;
	bgp_flow_refresh_write(&conn->out, family, BGP_REFRESH_ASK);
	count_refresh(s);
	return true;
}

struct ip
session_local(const struct session *s)
{
	return s->conns[s->agreed.conn].local;
}

/* --- what happens --- */

/* RFC 4724 section 5: the other restarts, and says so by connecting again. The old connection goes
 * without a NOTIFICATION. */
static void
take_anew(struct session *s, struct mono_us now)
{
	struct session_error why = {.kind = SESSION_ERROR_CLOSED, .when = now};
	session_copy_text(why.text, "it connected again");
	session_lost(s, s->agreed.conn, &why);
}

bool
session_accept(struct session *s, struct buf *refusal, struct mono_us now)
{
	struct conn *up = session_established(s);
	if (up && (s->agreed.graceful.ipv4.on || s->agreed.graceful.ipv6.on)) {
		take_anew(s, now);
		return true;
	}
	bool refused = !s->enabled || s->idle_until.us != INT64_MAX;
	if (up || refused) {
		bgp_cease_write(refusal, up ? BGP_CEASE_COLLISION : BGP_CEASE_REJECTED, NULL);
		s->counters.messages_out++;
		s->counters.notifications_out++;
	}
	/* If they lost the old connection without our noticing, writing to it brings that to
	 * light, long before the hold timer would. */
	if (up)
		session_keepalive(s, up, now);
	if (up || refused)
		return false;
	session_cease(s, SESSION_IN, BGP_CEASE_COLLISION, NULL, now);
	return true;
}

void
session_connected(struct session *s, enum session_conn c, struct ip local, struct mono_us now)
{
	struct conn *conn = &s->conns[c];
	assert(c == SESSION_OUT || conn->state == CONN_NONE);
	conn->state = CONN_OPENSENT;
	conn->local = local;
	conn->hold = session_after_s(now, OPEN_HOLD_S);
	if (c == SESSION_OUT)
		s->connect_at = NEVER;
	if (!s->enabled || session_established(s)) {
		session_cease(s, c, s->enabled ? BGP_CEASE_COLLISION : BGP_CEASE_REJECTED, NULL,
			      now);
		return;
	}
	session_send_open(s, conn);
}

void
session_connect_failed(struct session *s, const char *why, struct mono_us now)
{
	struct conn *conn = &s->conns[SESSION_OUT];
	if (conn->state != CONN_CONNECTING)
		return;
	struct session_error error = {.kind = SESSION_ERROR_CONNECT, .when = now};
	session_copy_text(error.text, why);
	session_note(s, SLOT_SENT, &error);
	conn->state = CONN_NONE;
	if (!conn_alive(&s->conns[SESSION_IN]))
		session_connect_after(s, s->config.connect_retry_s, now);
}

void
session_disconnected(struct session *s, enum session_conn c, struct mono_us now)
{
	struct session_error why = {.kind = SESSION_ERROR_CLOSED, .when = now};
	if (conn_alive(&s->conns[c]))
		session_lost(s, c, &why);
}

void
session_input(struct session *s, enum session_conn c, const uint8_t *octets, size_t length,
	      struct mono_us now)
{
	assert(!cursor_left(&s->input));
	if (s->conns[c].state < CONN_OPENSENT)
		return;
	s->input = cursor_of(octets, length);
	s->input_conn = c;
	s->input_now = now;
	s->counters.octets_in += length;
}

/* --- time --- */

static void
tick_conn(struct session *s, enum session_conn c, struct mono_us now)
{
	struct conn *conn = &s->conns[c];
	if (now.us >= conn->send_hold.us)
		session_fail(s, c, (struct bgp_error){.code = BGP_ERR_SEND_HOLD}, NULL, now);
	else if (now.us >= conn->hold.us)
		session_fail(s, c, (struct bgp_error){.code = BGP_ERR_HOLD}, NULL, now);
	else if (now.us >= conn->keepalive.us)
		session_keepalive(s, conn, now);
}

static void
tick_connect(struct session *s, struct mono_us now)
{
	struct conn *out = &s->conns[SESSION_OUT];
	if (now.us < s->connect_at.us)
		return;
	if (out->state == CONN_CONNECTING) {
		struct session_error error = {.kind = SESSION_ERROR_CONNECT, .when = now};
		session_copy_text(error.text, "no answer");
		session_note(s, SLOT_SENT, &error);
		session_give_up(s, SESSION_OUT);
	}
	session_connect_after(s, s->config.connect_retry_s, now);
	if (conn_alive(out) || conn_alive(&s->conns[SESSION_IN]))
		return;
	out->state = CONN_CONNECTING;
	s->want_connect = true;
}

void
session_tick(struct session *s, struct mono_us now)
{
	for (enum session_conn c = SESSION_OUT; c < SESSION_CONNS; c++)
		tick_conn(s, c, now);
	if (now.us >= s->idle_until.us) {
		s->idle_until = NEVER;
		session_connect_after(s, 1, now);
	}
	tick_connect(s, now);
}

struct mono_us
session_deadline(const struct session *s)
{
	int64_t least = s->idle_until.us < s->connect_at.us ? s->idle_until.us : s->connect_at.us;
	for (unsigned i = 0; i < SESSION_CONNS; i++) {
		const struct conn *conn = &s->conns[i];
		const int64_t all[] = {conn->hold.us, conn->keepalive.us, conn->send_hold.us};
		for (unsigned j = 0; j < 3; j++)
			least = all[j] < least ? all[j] : least;
	}
	return (struct mono_us){least};
}

/* --- what is to be done --- */

/* What waits to be told, if anything does: the end of the old before the beginning of the new. */
static bool
tell(struct session *s, struct session_event *event)
{
	if (s->down) {
		s->down = false;
		event->kind = SESSION_DOWN;
		event->graceful = s->graceful;
		return true;
	}
	for (enum session_conn c = SESSION_OUT; c < SESSION_CONNS; c++) {
		if (!s->want_close[c])
			continue;
		s->want_close[c] = false;
		event->kind = SESSION_WANT_CLOSE;
		event->conn = c;
		event->octets = cursor_of(s->closing[c].data, s->closing[c].length);
		return true;
	}
	if (s->up) {
		s->up = false;
		event->kind = SESSION_UP;
		return true;
	}
	if (s->want_connect) {
		s->want_connect = false;
		event->kind = SESSION_WANT_CONNECT;
		return true;
	}
	return false;
}

enum session_event_kind
session_next(struct session *s, struct session_event *event, struct bgp_scratch *scratch)
{
	event->kind = SESSION_NOTHING;
	for (unsigned i = 0; i < SESSION_CONNS; i++) {
		if (!s->want_close[i])
			buf_fini(&s->closing[i]);
		if (s->conns[i].held_out)
			session_drop_held(&s->conns[i]);
	}
	while (!tell(s, event)) {
		if (!cursor_left(&s->input))
			return SESSION_NOTHING;
		if (session_read_message(s, event, scratch))
			break;
	}
	return event->kind;
}

/* --- output --- */

struct cursor
session_output(const struct session *s, enum session_conn c)
{
	return cursor_of(s->conns[c].out.data, s->conns[c].out.length);
}

void
session_output_done(struct session *s, enum session_conn c, size_t count)
{
	buf_consume(&s->conns[c].out, count);
}

void
session_updates_sent(struct session *s, uint32_t count, struct mono_us now)
{
	struct conn *conn = session_established(s);
	s->counters.messages_out += count;
	s->counters.updates_out += count;
	if (conn && conn->keepalive.us != INT64_MAX)
		conn->keepalive = mono_add_ms(now, session_jitter_ms(s, s->agreed.hold_time_s) / 3);
}

void
session_progress(struct session *s, enum session_sent sent, struct mono_us now)
{
	struct conn *conn = session_established(s);
	if (!conn)
		return;
	uint32_t hold_s = s->agreed.hold_time_s, wait_s = s->config.send_hold_s;
	if (!wait_s)
		wait_s = 2 * hold_s > SEND_HOLD_MIN_S ? 2 * hold_s : SEND_HOLD_MIN_S;
	else if (wait_s <= hold_s)
		wait_s = hold_s + 1;
	if (sent == SESSION_SENT_ALL)
		conn->send_hold = NEVER;
	else if (sent == SESSION_SENT_SOME || conn->send_hold.us == INT64_MAX)
		conn->send_hold = session_after_s(now, wait_s);
}
