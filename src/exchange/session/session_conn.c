/* The connections of a session: OPEN, KEEPALIVE, NOTIFICATION, and what comes of their loss.
 *
 * A session that is lost to a protocol error is damped (RFC 4271 section 8.1.1, DampPeerOscillations): the
 * first two cost nothing, then the waits grow from 1 s to 10 s until it was up for 5 min. Longer ones
 * would only keep an operator waiting who has mended the fault: what a neighbour costs that comes and
 * goes is bounded anyhow. One that merely restarts is taken back at once, and so is one that fails
 * before it is established, for that costs nothing. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "exchange/session/session_private.h"

enum {
	FREE_FAILURES = 2,
	DAMP_MAX_S = 10,
	STEADY_S = 300, /* up for so long: forgiven */
	RECONNECT_S = 2,
};

int64_t
session_jitter_ms(struct session *s, uint32_t seconds)
{
	s->random += 0x9e3779b97f4a7c15u;
	int64_t most = (int64_t)seconds * 1000;
	return most - (int64_t)(hash_u64(s->random) % (uint64_t)(most / 4 + 1));
}

void
session_connect_after(struct session *s, uint32_t seconds, struct mono_us now)
{
	bool wanted = s->enabled && !s->config.passive;
	s->connect_at = wanted ? mono_add_ms(now, session_jitter_ms(s, seconds)) : NEVER;
}

void
session_note(struct session *s, enum session_slot slot, const struct session_error *error)
{
	s->errors[slot] = *error;
	s->newest = slot;
}

void
session_copy_text(char to[BGP_TEXT_MAX + 1], const char *text)
{
	size_t length = text ? strnlen(text, BGP_TEXT_MAX) : 0;
	if (length)
		memcpy(to, text, length);
	to[length] = 0;
}

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

void
session_send_open(struct session *s, struct conn *conn)
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
				 .sr_ipv4 = config->sr_policy,
				 .sr_ipv6 = config->sr_policy,
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
void
session_give_up(struct session *s, enum session_conn c)
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
	if (conn_alive(&s->conns[SESSION_OUT]) || conn_alive(&s->conns[SESSION_IN]))
		return;
	uint32_t damp = protocol_error ? damp_s(s->failures) : 0;
	if (damp && s->enabled) {
		s->idle_until = mono_add_ms(now, session_jitter_ms(s, damp));
		s->connect_at = NEVER;
		return;
	}
	session_connect_after(s, was_established ? RECONNECT_S : s->config.connect_retry_s, now);
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
	session_copy_text(why.text, text);
	if (error.code == BGP_ERR_SEND_HOLD)
		why.kind = SESSION_ERROR_SEND_HOLD;
	put_notification(conn, error, why.hard, text);
	s->counters.messages_out++;
	s->counters.notifications_out++;
	/* The loser of a collision is no fault of anybody. */
	if (!cease || error.subcode != BGP_CEASE_COLLISION)
		session_note(s, SLOT_SENT, &why);
	session_give_up(s, c);
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
		session_note(s, SLOT_RECEIVED, why);
	buf_clear(&s->conns[c].out); /* nobody listens */
	session_give_up(s, c);
	bool protocol_error = notified && why->code != BGP_ERR_CEASE && why->code != BGP_ERR_HOLD;
	after_loss(s, was_established, protocol_error, why);
}

static void
cease(struct session *s, enum session_conn c, struct bgp_error error, const char *text,
      struct mono_us now)
{
	struct conn *conn = &s->conns[c];
	if (conn->state == CONN_CONNECTING)
		session_give_up(s, c);
	else if (conn_alive(conn))
		session_fail(s, c, error, text, now);
}

void
session_cease(struct session *s, enum session_conn c, uint8_t subcode, const char *text,
	      struct mono_us now)
{
	cease(s, c, (struct bgp_error){BGP_ERR_CEASE, subcode, {0}}, text, now);
}

void
session_cease_all(struct session *s, struct bgp_error error, const char *text, struct mono_us now)
{
	for (enum session_conn c = SESSION_OUT; c < SESSION_CONNS; c++)
		cease(s, c, error, text, now);
	s->want_connect = false;
}
