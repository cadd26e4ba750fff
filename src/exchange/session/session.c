/* The life of a session: connections, timers, and what the shell is told.
 *
 * A neighbour may have two connections at once, one that we made and one that they made. Each goes
 * its own way through OpenSent and OpenConfirm; at most one becomes established. The states Idle,
 * Connect and Active belong to the session as a whole (RFC 4271 section 8.2.1.3 and 6.8).
 *
 * A session that is lost to a protocol error is damped (section 8.1.1, DampPeerOscillations): the
 * first two cost nothing, then the waits grow from 1 s to 10 s until it was up for 5 min. Longer ones
 * would only keep an operator waiting who has mended the fault: what a neighbour costs that comes and
 * goes is bounded anyhow. One that merely restarts is taken back at once, and so is one that fails
 * before it is established, for that costs nothing. */
#include "exchange/session/session.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "exchange/session/session_private.h"

enum {
	OPEN_HOLD_S = 240, /* "a large value", RFC 4271 section 8.2.2 */
	SEND_HOLD_MIN_S = 480,
	FREE_FAILURES = 2,
	DAMP_MAX_S = 10,
	STEADY_S = 300, /* up for so long: forgiven */
	RECONNECT_S = 2,
};

const char *
session_state_name(enum session_state state)
{
	static const char *const names[] = {
		[SESSION_DISABLED] = "disabled",       [SESSION_IDLE] = "idle",
		[SESSION_CONNECT] = "connect",         [SESSION_ACTIVE] = "active",
		[SESSION_OPENSENT] = "opensent",       [SESSION_OPENCONFIRM] = "openconfirm",
		[SESSION_ESTABLISHED] = "established",
	};
	assert((unsigned)state <= SESSION_ESTABLISHED);
	return names[state];
}

void
session_error_text(struct buf *to, const struct session_error *error)
{
	static const char *const kinds[] = {
		[SESSION_ERROR_SENT] = "sent ",
		[SESSION_ERROR_RECEIVED] = "received ",
		[SESSION_ERROR_CLOSED] = "connection closed by the other side",
		[SESSION_ERROR_CONNECT] = "cannot connect",
		[SESSION_ERROR_SEND_HOLD] = "closed: ",
		[SESSION_ERROR_NO_MEMORY] = "closed: out of memory",
	};
	if (error->kind == SESSION_ERROR_NONE)
		return;
	buf_str(to, kinds[error->kind]);
	if (error->hard)
		buf_str(to, "hard reset: ");
	if (error->code)
		bgp_error_text(to, error->code, error->subcode);
	if (error->text[0])
		buf_printf(to, " (%s)", error->text);
}

/* --- small things --- */

static bool
alive(const struct conn *conn)
{
	return conn->state != CONN_NONE;
}

static struct conn *
established(struct session *s)
{
	struct conn *conn = &s->conns[s->agreed.conn];
	return conn->state == CONN_ESTABLISHED ? conn : NULL;
}

static struct mono_us
after_s(struct mono_us now, uint32_t seconds)
{
	return mono_add_ms(now, (int64_t)seconds * 1000);
}

int64_t
session_jitter_ms(struct session *s, uint32_t seconds)
{
	s->random += 0x9e3779b97f4a7c15u;
	int64_t most = (int64_t)seconds * 1000;
	return most - (int64_t)(hash_u64(s->random) % (uint64_t)(most / 4 + 1));
}

static void
connect_after(struct session *s, uint32_t seconds, struct mono_us now)
{
	bool wanted = s->enabled && !s->config.passive;
	s->connect_at = wanted ? mono_add_ms(now, session_jitter_ms(s, seconds)) : NEVER;
}

static void
note(struct session *s, enum session_slot slot, const struct session_error *error)
{
	s->errors[slot] = *error;
	s->newest = slot;
}

static void
copy_text(char to[BGP_TEXT_MAX + 1], const char *text)
{
	size_t length = text ? strnlen(text, BGP_TEXT_MAX) : 0;
	if (length)
		memcpy(to, text, length);
	to[length] = 0;
}

/* --- opening and closing connections --- */

/* RFC 4724 section 3, RFC 8538 section 2, RFC 9494 section 3.1. We are not on the way of traffic, so
 * our state of forwarding outlives a restart by its nature. */
static void
say_restart(struct bgp_capabilities *c, const struct session_config *config)
{
	if (!config->graceful_restart)
		return;
	c->graceful_restart = c->restart_notified = true;
	c->restarting = config->restarting;
	c->restart_time_s = config->restart_time_s;
	c->restart_ipv4 = config->ipv4;
	c->restart_ipv6 = config->ipv6;
	c->restart_ipv4_kept = config->ipv4 && config->restarting;
	c->restart_ipv6_kept = config->ipv6 && config->restarting;
	c->long_lived = config->stale_time_s != 0;
	c->stale_ipv4_s = config->ipv4 ? config->stale_time_s : 0;
	c->stale_ipv6_s = config->ipv6 ? config->stale_time_s : 0;
	c->stale_ipv4_kept = c->stale_ipv4_s && config->restarting;
	c->stale_ipv6_kept = c->stale_ipv6_s && config->restarting;
}

static void
send_open(struct session *s, struct conn *conn)
{
	const struct session_config *config = &s->config;
	struct bgp_open open = {
		.asn = config->local_asn,
		.hold_time_s = config->hold_time_s,
		.router_id = config->router_id,
		.capabilities = {.ipv4 = config->ipv4,
				 .ipv6 = config->ipv6,
				 .flow_ipv4 = config->flow_ipv4,
				 .flow_ipv6 = config->flow_ipv6,
				 .as4 = true,
				 .refresh = true,
				 .enhanced_refresh = config->enhanced_refresh,
				 .extended_messages = config->extended_messages,
				 .extended_next_hop = config->ipv4 && config->extended_next_hop,
				 .add_path_ipv4 = config->ipv4 ? config->add_path_ipv4 : 0,
				 .add_path_ipv6 = config->ipv6 ? config->add_path_ipv6 : 0,
				 .role = config->role},
	};
	say_restart(&open.capabilities, config);
	size_t start = conn->out.length;
	bgp_open_write(&conn->out, &open);
	s->counters.messages_out++;
	struct buf *kept = &s->opens[conn - s->conns][SESSION_OPEN_SENT];
	buf_clear(kept);
	if (!conn->out.failed)
		buf_put(kept, conn->out.data + start, conn->out.length - start);
}

void
session_keepalive(struct session *s, struct conn *conn, struct mono_us now)
{
	uint32_t interval_s = conn->open.hold_time_s < s->config.hold_time_s
				      ? conn->open.hold_time_s
				      : s->config.hold_time_s;
	/* What waits unsent will tell them as much; a stuck neighbour must not cost memory. Only the
	 * KEEPALIVE that confirms an OPEN is needed whatever waits before it: our own OPEN, when
	 * theirs came first. */
	if (!conn->out.length || conn->state != CONN_ESTABLISHED) {
		bgp_keepalive_write(&conn->out);
		s->counters.messages_out++;
		s->counters.keepalives_out++;
	}
	if (interval_s)
		conn->keepalive = mono_add_ms(now, session_jitter_ms(s, interval_s) / 3);
}

void
session_drop_held(struct conn *conn)
{
	free(conn->held);
	conn->held = NULL;
	conn->held_length = conn->held_size = 0;
	conn->held_out = false;
}

/* Forgets a connection and leaves its last words to the shell. */
static void
give_up(struct session *s, enum session_conn c)
{
	struct conn *conn = &s->conns[c];
	session_drop_held(conn);
	buf_fini(&s->closing[c]);
	s->closing[c] = conn->out;
	*conn = (struct conn){.hold = NEVER, .keepalive = NEVER, .send_hold = NEVER};
	s->want_close[c] = true;
	if (s->input_conn == c)
		s->input = cursor_of(NULL, 0);
}

/* How long nothing is accepted after so many protocol errors. */
static uint32_t
damp_s(uint32_t failures)
{
	if (failures <= FREE_FAILURES)
		return 0;
	uint32_t power = failures - FREE_FAILURES - 1;
	return power >= 4 ? DAMP_MAX_S : 1u << power;
}

/* A connection goes for this reason: may routes of the session stay? Without a word of either side
 * they may; after a NOTIFICATION only if both understand RFC 8538, and it is no Hard Reset. */
static struct session_graceful
graceful_after(const struct session *s, const struct session_error *why)
{
	const struct session_agreed *agreed = &s->agreed;
	bool silent = why->kind == SESSION_ERROR_CLOSED;
	if (!silent && (!agreed->graceful_notified || why->hard))
		return (struct session_graceful){0};
	return agreed->graceful;
}

/* After a connection went: was it the session, and when is the next attempt? */
static void
after_loss(struct session *s, bool was_established, bool protocol_error,
	   const struct session_error *why)
{
	struct mono_us now = why->when;
	if (was_established) {
		s->down = !s->up; /* not told yet that it was up: nothing to tell */
		s->graceful = graceful_after(s, why);
		s->up = false;
		s->counters.flaps++;
		if (now.us - s->since.us > (int64_t)STEADY_S * 1000000)
			s->failures = 0;
		s->since = now;
	}
	protocol_error &= was_established;
	s->failures += protocol_error;
	if (alive(&s->conns[SESSION_OUT]) || alive(&s->conns[SESSION_IN]))
		return;
	uint32_t damp = protocol_error ? damp_s(s->failures) : 0;
	if (damp && s->enabled) {
		s->idle_until = mono_add_ms(now, session_jitter_ms(s, damp));
		s->connect_at = NEVER;
		return;
	}
	connect_after(s, was_established ? RECONNECT_S : s->config.connect_retry_s, now);
}

/* What must not leave routes behind is said as a Hard Reset to who understands it (RFC 8538 section
 * 5.1): an end that is to last, and one for what the routes themselves or the way to them are. */
static bool
is_hard(const struct session *s, const struct conn *conn, struct bgp_error error)
{
	if (conn->state != CONN_ESTABLISHED || !s->agreed.graceful_notified ||
	    error.code != BGP_ERR_CEASE)
		return false;
	switch (error.subcode) {
	case BGP_CEASE_SHUTDOWN:
	case BGP_CEASE_DECONFIGURED:
	case BGP_CEASE_MAX_PREFIXES:
	case BGP_CEASE_RESOURCES:
	case BGP_CEASE_BFD_DOWN:
		return true;
	default:
		return false;
	}
}

static void
put_notification(struct conn *conn, struct bgp_error error, bool hard, const char *text)
{
	bool says_more = cursor_left(&error.data);
	if (hard && says_more)
		bgp_hard_reset_wrap(&conn->out, error);
	else if (hard)
		bgp_hard_reset_write(&conn->out, error.subcode, text);
	else if (error.code == BGP_ERR_CEASE && !says_more)
		bgp_cease_write(&conn->out, error.subcode, text);
	else
		bgp_notification_write(&conn->out, error);
}

void
session_fail(struct session *s, enum session_conn c, struct bgp_error error, const char *text,
	     struct mono_us now)
{
	struct conn *conn = &s->conns[c];
	bool was_established = conn->state == CONN_ESTABLISHED;
	bool cease = error.code == BGP_ERR_CEASE;
	struct session_error why = {.kind = SESSION_ERROR_SENT,
				    .code = error.code,
				    .subcode = error.subcode,
				    .hard = is_hard(s, conn, error),
				    .when = now};
	copy_text(why.text, text);
	if (error.code == BGP_ERR_SEND_HOLD)
		why.kind = SESSION_ERROR_SEND_HOLD;
	put_notification(conn, error, why.hard, text);
	s->counters.messages_out++;
	s->counters.notifications_out++;
	/* The loser of a collision is no fault of anybody. */
	if (!cease || error.subcode != BGP_CEASE_COLLISION)
		note(s, SLOT_SENT, &why);
	give_up(s, c);
	bool timer = error.code == BGP_ERR_HOLD || error.code == BGP_ERR_SEND_HOLD;
	after_loss(s, was_established, !cease && !timer, &why);
}

void
session_lost(struct session *s, enum session_conn c, const struct session_error *why)
{
	bool was_established = s->conns[c].state == CONN_ESTABLISHED;
	bool notified = why->kind == SESSION_ERROR_RECEIVED;
	bool collision = notified && why->code == BGP_ERR_CEASE &&
			 why->subcode == BGP_CEASE_COLLISION && !was_established;
	if (!collision)
		note(s, SLOT_RECEIVED, why);
	buf_clear(&s->conns[c].out); /* nobody listens */
	give_up(s, c);
	bool protocol_error = notified && why->code != BGP_ERR_CEASE && why->code != BGP_ERR_HOLD;
	after_loss(s, was_established, protocol_error, why);
}

static void
cease(struct session *s, enum session_conn c, struct bgp_error error, const char *text,
      struct mono_us now)
{
	struct conn *conn = &s->conns[c];
	if (conn->state == CONN_CONNECTING)
		give_up(s, c);
	else if (alive(conn))
		session_fail(s, c, error, text, now);
}

void
session_cease(struct session *s, enum session_conn c, uint8_t subcode, const char *text,
	      struct mono_us now)
{
	cease(s, c, (struct bgp_error){BGP_ERR_CEASE, subcode, {0}}, text, now);
}

static void
cease_all(struct session *s, uint8_t subcode, const char *text, struct mono_us now)
{
	for (enum session_conn c = SESSION_OUT; c < SESSION_CONNS; c++)
		session_cease(s, c, subcode, text, now);
	s->want_connect = false;
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
	       a->extended_messages == b->extended_messages &&
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
	bool busy = alive(&s->conns[SESSION_OUT]) || alive(&s->conns[SESSION_IN]);
	if (s->enabled && !idle && !busy)
		connect_after(s, 1, now);
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
	connect_after(s, 1, now);
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
	connect_after(s, 1, now);
}

/* Comes back after `wait_s`. */
static void
wait_for(struct session *s, uint32_t wait_s, struct mono_us now)
{
	if (!s->enabled)
		return;
	if (wait_s) {
		s->idle_until = after_s(now, wait_s);
		s->connect_at = NEVER;
	} else {
		connect_after(s, 1, now);
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
	for (enum session_conn c = SESSION_OUT; c < SESSION_CONNS; c++)
		cease(s, c, error, NULL, now);
	s->want_connect = false;
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
	struct conn *conn = established(s);
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
	struct conn *conn = established(s);
	bool agreed = family == IP_V4 ? s->agreed.flow_ipv4 : s->agreed.flow_ipv6;
	if (!conn || !agreed || !s->agreed.refresh)
		return false;
	bgp_flow_refresh_write(&conn->out, family, BGP_REFRESH_ASK);
	count_refresh(s);
	return true;
}

/* --- what happens --- */

/* RFC 4724 section 5: the other restarts, and says so by connecting again. The old connection goes
 * without a NOTIFICATION. */
static void
take_anew(struct session *s, struct mono_us now)
{
	struct session_error why = {.kind = SESSION_ERROR_CLOSED, .when = now};
	copy_text(why.text, "it connected again");
	session_lost(s, s->agreed.conn, &why);
}

bool
session_accept(struct session *s, struct buf *refusal, struct mono_us now)
{
	struct conn *up = established(s);
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
	conn->hold = after_s(now, OPEN_HOLD_S);
	if (c == SESSION_OUT)
		s->connect_at = NEVER;
	if (!s->enabled || established(s)) {
		session_cease(s, c, s->enabled ? BGP_CEASE_COLLISION : BGP_CEASE_REJECTED, NULL,
			      now);
		return;
	}
	send_open(s, conn);
}

void
session_connect_failed(struct session *s, const char *why, struct mono_us now)
{
	struct conn *conn = &s->conns[SESSION_OUT];
	if (conn->state != CONN_CONNECTING)
		return;
	struct session_error error = {.kind = SESSION_ERROR_CONNECT, .when = now};
	copy_text(error.text, why);
	note(s, SLOT_SENT, &error);
	conn->state = CONN_NONE;
	if (!alive(&s->conns[SESSION_IN]))
		connect_after(s, s->config.connect_retry_s, now);
}

void
session_disconnected(struct session *s, enum session_conn c, struct mono_us now)
{
	struct session_error why = {.kind = SESSION_ERROR_CLOSED, .when = now};
	if (alive(&s->conns[c]))
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
		copy_text(error.text, "no answer");
		note(s, SLOT_SENT, &error);
		give_up(s, SESSION_OUT);
	}
	connect_after(s, s->config.connect_retry_s, now);
	if (alive(out) || alive(&s->conns[SESSION_IN]))
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
		connect_after(s, 1, now);
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
	struct conn *conn = established(s);
	s->counters.messages_out += count;
	s->counters.updates_out += count;
	if (conn && conn->keepalive.us != INT64_MAX)
		conn->keepalive = mono_add_ms(now, session_jitter_ms(s, s->agreed.hold_time_s) / 3);
}

void
session_progress(struct session *s, enum session_sent sent, struct mono_us now)
{
	struct conn *conn = established(s);
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
		conn->send_hold = after_s(now, wait_s);
}

/* --- to look at --- */

enum session_state
session_state(const struct session *s)
{
	enum conn_state most = s->conns[SESSION_OUT].state > s->conns[SESSION_IN].state
				       ? s->conns[SESSION_OUT].state
				       : s->conns[SESSION_IN].state;
	static const enum session_state states[] = {
		[CONN_CONNECTING] = SESSION_CONNECT,
		[CONN_OPENSENT] = SESSION_OPENSENT,
		[CONN_OPENCONFIRM] = SESSION_OPENCONFIRM,
		[CONN_ESTABLISHED] = SESSION_ESTABLISHED,
	};
	if (most != CONN_NONE)
		return states[most];
	if (!s->enabled)
		return SESSION_DISABLED;
	return s->idle_until.us != INT64_MAX ? SESSION_IDLE : SESSION_ACTIVE;
}

const struct session_agreed *
session_agreed(const struct session *s)
{
	return &s->agreed;
}

const struct bgp_capabilities *
session_remote_capabilities(const struct session *s)
{
	return &s->conns[s->agreed.conn].open.capabilities;
}

const struct session_config *
session_config(const struct session *s)
{
	return &s->config;
}

const struct session_counters *
session_counters(const struct session *s)
{
	return &s->counters;
}

const struct session_error *
session_last_error(const struct session *s)
{
	return &s->errors[s->newest];
}

const struct session_error *
session_last_sent(const struct session *s)
{
	return &s->errors[SLOT_SENT];
}

struct cursor
session_open_message(const struct session *s, enum session_open which)
{
	const struct buf *kept = &s->opens[s->agreed.conn][which];
	return kept->failed ? cursor_of(NULL, 0) : cursor_of(kept->data, kept->length);
}

const struct session_error *
session_last_received(const struct session *s)
{
	return &s->errors[SLOT_RECEIVED];
}

struct mono_us
session_since(const struct session *s)
{
	return s->since;
}

size_t
session_memory(const struct session *s)
{
	size_t sum = sizeof(*s);
	for (unsigned i = 0; i < SESSION_CONNS; i++)
		sum += s->conns[i].out.capacity + s->conns[i].held_size + s->closing[i].capacity +
		       s->opens[i][SESSION_OPEN_SENT].capacity +
		       s->opens[i][SESSION_OPEN_RECEIVED].capacity;
	return sum;
}
