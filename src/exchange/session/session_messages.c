/* What is read on a connection: whole messages out of octets, and what each means in each state
 * (RFC 4271 sections 6 and 8.2.2; RFC 6608 for messages out of turn). */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/session/session_private.h"

/* --- messages out of octets --- */

static uint16_t
longest_message(const struct session *s, const struct conn *conn)
{
	bool both = conn->state >= CONN_OPENCONFIRM && s->config.extended_messages &&
		    conn->open.capabilities.extended_messages;
	return both ? BGP_MAX_EXTENDED : BGP_MAX;
}

enum framing { FRAMING_MESSAGE, FRAMING_MORE, FRAMING_ERROR, FRAMING_NO_MEMORY };

/* Moves octets from the input until `size` are held. */
static enum framing
hold(struct conn *conn, struct cursor *input, uint16_t size)
{
	if (conn->held_size < size) {
		uint8_t *held = realloc(conn->held, size);
		if (!held)
			return FRAMING_NO_MEMORY;
		conn->held = held;
		conn->held_size = size;
	}
	assert(conn->held);
	size_t take = size - conn->held_length;
	if (take > cursor_left(input))
		take = cursor_left(input);
	cursor_copy(input, conn->held + conn->held_length, take);
	conn->held_length += (uint16_t)take;
	return conn->held_length == size ? FRAMING_MESSAGE : FRAMING_MORE;
}

/* A message that comes in pieces: first the header, then what it says. */
static enum framing
take_in_pieces(struct conn *conn, struct cursor *input, uint16_t max_length,
	       struct bgp_header *header, struct cursor *message, struct bgp_error *error)
{
	if (conn->held_length < BGP_HEADER) {
		enum framing result = hold(conn, input, BGP_HEADER);
		if (result != FRAMING_MESSAGE)
			return result;
	}
	struct cursor head = cursor_of(conn->held, BGP_HEADER);
	if (bgp_header_read(header, error, head, max_length) < 0)
		return FRAMING_ERROR;
	enum framing result = hold(conn, input, header->length);
	if (result == FRAMING_MESSAGE) {
		*message = cursor_of(conn->held, header->length);
		conn->held_out = true;
	}
	return result;
}

/* The next whole message, in place if it stands in the input as a whole. */
static enum framing
take_message(struct conn *conn, struct cursor *input, uint16_t max_length,
	     struct bgp_header *header, struct cursor *message, struct bgp_error *error)
{
	if (conn->held || cursor_left(input) < BGP_HEADER)
		return take_in_pieces(conn, input, max_length, header, message, error);
	if (bgp_header_read(header, error, *input, max_length) < 0)
		return FRAMING_ERROR;
	if (cursor_left(input) < header->length)
		return take_in_pieces(conn, input, max_length, header, message, error);
	*message = cursor_sub(input, header->length);
	return FRAMING_MESSAGE;
}

/* --- OPEN --- */

/* RFC 9234 section 4.2: which roles go together. */
static bool
roles_match(uint8_t ours, uint8_t theirs)
{
	static const uint8_t other[] = {
		[BGP_ROLE_PROVIDER] = BGP_ROLE_CUSTOMER, [BGP_ROLE_RS] = BGP_ROLE_RS_CLIENT,
		[BGP_ROLE_RS_CLIENT] = BGP_ROLE_RS,      [BGP_ROLE_CUSTOMER] = BGP_ROLE_PROVIDER,
		[BGP_ROLE_PEER] = BGP_ROLE_PEER,
	};
	if (ours == BGP_ROLE_NONE || theirs == BGP_ROLE_NONE)
		return true;
	return ours < sizeof(other) && other[ours] == theirs;
}

/* Is it the one we expect? 0, or -1 with the error and words for our log. */
static int
judge_open(const struct session *s, const struct bgp_open *open, struct bgp_error *error,
	   char text[BGP_TEXT_MAX + 1])
{
	/* RFC 5492 section 5: the data names what we would have needed. */
	static const uint8_t needed[] = {1, 4, 0, 1, 0, 1, 1, 4, 0, 2, 0, 1};
	const struct session_config *config = &s->config;
	*error = (struct bgp_error){.code = BGP_ERR_OPEN};
	if (open->asn.number != config->remote_asn.number) {
		error->subcode = BGP_ERR_OPEN_AS;
		snprintf(text, BGP_TEXT_MAX + 1, "AS %u instead of %u", open->asn.number,
			 config->remote_asn.number);
		return -1;
	}
	/* RFC 6286 section 2.2: only within one AS must they differ. */
	bool same_as = config->local_asn.number == config->remote_asn.number;
	if (same_as && open->router_id == config->router_id) {
		error->subcode = BGP_ERR_OPEN_ID;
		return -1;
	}
	bool ipv4 = config->ipv4 && open->capabilities.ipv4;
	bool ipv6 = config->ipv6 && open->capabilities.ipv6;
	if (!ipv4 && !ipv6) {
		size_t from = config->ipv4 ? 0 : 6, to = config->ipv6 ? 12 : 6;
		error->subcode = BGP_ERR_OPEN_CAPABILITY;
		error->data = cursor_of(needed + from, to > from ? to - from : 0);
		snprintf(text, BGP_TEXT_MAX + 1, "no address family in common");
		return -1;
	}
	bool strict = config->role_strict && config->role != BGP_ROLE_NONE;
	if (strict && open->capabilities.role == BGP_ROLE_NONE) {
		error->subcode = BGP_ERR_OPEN_ROLE;
		snprintf(text, BGP_TEXT_MAX + 1, "no role, and ours is %u", config->role);
		return -1;
	}
	if (!roles_match(config->role, open->capabilities.role)) {
		error->subcode = BGP_ERR_OPEN_ROLE;
		snprintf(text, BGP_TEXT_MAX + 1, "role %u does not go with our %u",
			 open->capabilities.role, config->role);
		return -1;
	}
	return 0;
}

/* RFC 4271 section 6.8, RFC 6286 section 2.3: of two connections the one stays that was made by the
 * side with the higher identifier, or the higher AS number. True if `c` is to go on. */
static bool
resolve_collision(struct session *s, enum session_conn c, const struct bgp_open *open,
		  struct mono_us now)
{
	const struct session_config *config = &s->config;
	enum session_conn other = c == SESSION_OUT ? SESSION_IN : SESSION_OUT;
	enum conn_state state = s->conns[other].state;
	if (state < CONN_OPENCONFIRM)
		return true; /* it is resolved when the other one's OPEN comes */
	bool ours_wins = config->router_id != open->router_id
				 ? config->router_id > open->router_id
				 : config->local_asn.number > config->remote_asn.number;
	enum session_conn winner = ours_wins ? SESSION_OUT : SESSION_IN;
	if (state == CONN_ESTABLISHED)
		winner = other;
	session_cease(s, winner == c ? other : c, BGP_CEASE_COLLISION, NULL, now);
	return winner == c;
}

static uint16_t
hold_time_s(const struct session *s, const struct conn *conn)
{
	uint16_t theirs = conn->open.hold_time_s, ours = s->config.hold_time_s;
	return theirs < ours ? theirs : ours;
}

static void
restart_hold(const struct session *s, struct conn *conn, struct mono_us now)
{
	uint16_t seconds = hold_time_s(s, conn);
	conn->hold = seconds ? mono_add_ms(now, (int64_t)seconds * 1000) : NEVER;
}

/* Keeps the message for those who are to see it later; the marker is always the same. */
static void
keep_open(struct session *s, enum session_conn c, struct cursor body)
{
	struct buf *kept = &s->opens[c][SESSION_OPEN_RECEIVED];
	buf_clear(kept);
	for (unsigned i = 0; i < 16; i++)
		buf_u8(kept, 0xff);
	buf_u16(kept, (uint16_t)(BGP_HEADER + cursor_left(&body)));
	buf_u8(kept, BGP_OPEN);
	buf_put(kept, body.at, cursor_left(&body));
}

static void
on_open(struct session *s, enum session_conn c, struct cursor body, struct mono_us now)
{
	struct conn *conn = &s->conns[c];
	struct bgp_open open;
	struct bgp_error error;
	char text[BGP_TEXT_MAX + 1] = "";
	if (bgp_open_read(&open, &error, body) < 0 || judge_open(s, &open, &error, text) < 0) {
		session_fail(s, c, error, text, now);
		return;
	}
	if (!resolve_collision(s, c, &open, now))
		return;
	keep_open(s, c, body);
	conn->open = open;
	conn->state = CONN_OPENCONFIRM;
	session_keepalive(s, conn, now);
	restart_hold(s, conn, now);
}

/* --- the others --- */

/* RFC 6608: a message that has no place in this state. */
static void
unexpected(struct session *s, enum session_conn c, uint8_t type, struct mono_us now)
{
	static const uint8_t subcodes[] = {
		[CONN_OPENSENT] = BGP_ERR_FSM_OPEN_SENT,
		[CONN_OPENCONFIRM] = BGP_ERR_FSM_OPEN_CONFIRM,
		[CONN_ESTABLISHED] = BGP_ERR_FSM_ESTABLISHED,
	};
	struct bgp_error error = {BGP_ERR_FSM, subcodes[s->conns[c].state], cursor_of(&type, 1)};
	char text[32];
	snprintf(text, sizeof(text), "message of type %u", type);
	session_fail(s, c, error, text, now);
}

static uint32_t
least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* RFC 4724 section 4.2; RFC 9494 section 4.2: a family that only the second names has no restart
 * time. Theirs count, and ours are an upper bound for the long one. */
static void
agree_graceful(struct session_agreed *agreed, const struct session_config *config,
	       const struct bgp_capabilities *theirs)
{
	agreed->graceful_restart = config->graceful_restart && theirs->graceful_restart;
	if (!agreed->graceful_restart)
		return;
	struct session_stay *ipv4 = &agreed->graceful.ipv4, *ipv6 = &agreed->graceful.ipv6;
	agreed->graceful_notified = theirs->restart_notified;
	ipv4->restart_s = theirs->restart_ipv4 ? theirs->restart_time_s : 0;
	ipv6->restart_s = theirs->restart_ipv6 ? theirs->restart_time_s : 0;
	ipv4->stale_s = least(theirs->stale_ipv4_s, config->stale_time_s);
	ipv6->stale_s = least(theirs->stale_ipv6_s, config->stale_time_s);
	ipv4->on = agreed->ipv4 && (theirs->restart_ipv4 || ipv4->stale_s);
	ipv6->on = agreed->ipv6 && (theirs->restart_ipv6 || ipv6->stale_s);
	agreed->remote_restarting = theirs->restarting;
	agreed->kept_ipv4 = theirs->restart_ipv4_kept || theirs->stale_ipv4_kept;
	agreed->kept_ipv6 = theirs->restart_ipv6_kept || theirs->stale_ipv6_kept;
}

/* RFC 7911 section 4: one side said it sends, the other that it receives. */
static void
agree_add_path(struct session_agreed *agreed, const struct session_config *config,
	       const struct bgp_capabilities *theirs)
{
	uint8_t ours4 = agreed->ipv4 ? config->add_path_ipv4 : BGP_ADD_PATH_NONE;
	uint8_t ours6 = agreed->ipv6 ? config->add_path_ipv6 : BGP_ADD_PATH_NONE;
	uint8_t theirs4 = theirs->add_path_ipv4, theirs6 = theirs->add_path_ipv6;
	agreed->add_path_in_ipv4 = ours4 & BGP_ADD_PATH_RECEIVE && theirs4 & BGP_ADD_PATH_SEND;
	agreed->add_path_in_ipv6 = ours6 & BGP_ADD_PATH_RECEIVE && theirs6 & BGP_ADD_PATH_SEND;
	agreed->add_path_out_ipv4 = ours4 & BGP_ADD_PATH_SEND && theirs4 & BGP_ADD_PATH_RECEIVE;
	agreed->add_path_out_ipv6 = ours6 & BGP_ADD_PATH_SEND && theirs6 & BGP_ADD_PATH_RECEIVE;
}

static void
agree(struct session *s, enum session_conn c)
{
	const struct conn *conn = &s->conns[c];
	const struct bgp_capabilities *theirs = &conn->open.capabilities;
	const struct session_config *config = &s->config;
	s->agreed = (struct session_agreed){
		.as4 = theirs->as4,
		.ipv4 = config->ipv4 && theirs->ipv4,
		.ipv6 = config->ipv6 && theirs->ipv6,
		.flow_ipv4 = config->flow_ipv4 && theirs->flow_ipv4 && theirs->as4,
		.flow_ipv6 = config->flow_ipv6 && theirs->flow_ipv6 && theirs->as4,
		.sr_ipv4 = config->sr_policy && theirs->sr_ipv4 && theirs->as4,
		.sr_ipv6 = config->sr_policy && theirs->sr_ipv6 && theirs->as4,
		.refresh = theirs->refresh,
		.enhanced_refresh = config->enhanced_refresh && theirs->enhanced_refresh,
		.extended_next_hop =
			config->ipv4 && config->extended_next_hop && theirs->extended_next_hop,
		.extended_messages = config->extended_messages && theirs->extended_messages,
		.hold_time_s = hold_time_s(s, conn),
		.remote_router_id = conn->open.router_id,
		.conn = c,
	};
	agree_add_path(&s->agreed, config, theirs);
	agree_graceful(&s->agreed, config, theirs);
	s->peer = (struct bgp_peer){
		.as4 = s->agreed.as4,
		.internal = config->local_asn.number == config->remote_asn.number,
		.ipv4 = s->agreed.ipv4,
		.ipv6 = s->agreed.ipv6,
		.flow_ipv4 = s->agreed.flow_ipv4,
		.flow_ipv6 = s->agreed.flow_ipv6,
		.sr_ipv4 = s->agreed.sr_ipv4,
		.sr_ipv6 = s->agreed.sr_ipv6,
		.extended_next_hop = s->agreed.extended_next_hop,
		.add_path_ipv4 = s->agreed.add_path_in_ipv4,
		.add_path_ipv6 = s->agreed.add_path_in_ipv6,
	};
}

static void
become_established(struct session *s, enum session_conn c, struct mono_us now)
{
	enum session_conn other = c == SESSION_OUT ? SESSION_IN : SESSION_OUT;
	s->conns[c].state = CONN_ESTABLISHED;
	agree(s, c);
	memset(s->refreshing_ipv4, 0, sizeof(s->refreshing_ipv4));
	memset(s->refreshing_ipv6, 0, sizeof(s->refreshing_ipv6));
	session_know_own(s);
	s->since = now;
	s->connect_at = NEVER;
	s->want_connect = false;
	s->up = true;
	session_cease(s, other, BGP_CEASE_COLLISION, NULL, now);
}

static void
on_keepalive(struct session *s, enum session_conn c, struct mono_us now)
{
	struct conn *conn = &s->conns[c];
	s->counters.keepalives_in++;
	if (conn->state == CONN_OPENSENT) {
		unexpected(s, c, BGP_KEEPALIVE, now);
		return;
	}
	if (conn->state == CONN_OPENCONFIRM)
		become_established(s, c, now);
	restart_hold(s, conn, now);
}

static void
on_notification(struct session *s, enum session_conn c, struct cursor body, struct mono_us now)
{
	struct bgp_notification notification;
	s->counters.notifications_in++;
	bgp_notification_read(&notification, body);
	struct session_error why = {.kind = SESSION_ERROR_RECEIVED,
				    .code = notification.code,
				    .subcode = notification.subcode,
				    .hard = notification.hard,
				    .when = now};
	memcpy(why.text, notification.text, sizeof(why.text));
	session_lost(s, c, &why);
}

/* RFC 7313 section 4: an end without its beginning ends nothing. */
static bool
on_refresh_mark(struct session *s, const struct bgp_refresh *refresh, struct session_event *event)
{
	bool *refreshing = refresh->family == IP_V4 ? &s->refreshing_ipv4[refresh->flow]
						    : &s->refreshing_ipv6[refresh->flow];
	bool begins = refresh->kind == BGP_REFRESH_BEGIN;
	if (!begins && !*refreshing)
		return false;
	*refreshing = begins;
	event->kind = begins ? SESSION_REFRESH_BEGIN : SESSION_REFRESH_END;
	return true;
}

static bool
on_refresh(struct session *s, enum session_conn c, struct session_event *event)
{
	struct bgp_refresh refresh = {.kind = BGP_REFRESH_ASK};
	struct cursor body = event->message;
	cursor_skip(&body, BGP_HEADER);
	s->counters.refreshes_in++;
	bool sound = bgp_refresh_read(&refresh, body) == 0;
	if (sound && refresh.kind == BGP_REFRESH_MALFORMED && s->agreed.enhanced_refresh) {
		/* RFC 7313 section 5: the data is the whole message. */
		struct bgp_error error = {BGP_ERR_REFRESH, BGP_ERR_REFRESH_LENGTH, event->message};
		session_fail(s, c, error, NULL, s->input_now);
		return false;
	}
	const struct session_agreed *a = &s->agreed;
	bool ipv4 = refresh.flow ? a->flow_ipv4 : refresh.sr ? a->sr_ipv4 : a->ipv4;
	bool ipv6 = refresh.flow ? a->flow_ipv6 : refresh.sr ? a->sr_ipv6 : a->ipv6;
	bool agreed = (refresh.family == IP_V4 && ipv4) || (refresh.family == IP_V6 && ipv6);
	bool taken = sound && agreed;
	/* Nothing is kept of the SR policies that it says: its marks end nothing. */
	if (taken && refresh.kind != BGP_REFRESH_ASK)
		taken = !refresh.sr && s->agreed.enhanced_refresh &&
			on_refresh_mark(s, &refresh, event);
	else
		event->kind = SESSION_REFRESH;
	event->family = refresh.family;
	event->flow = refresh.flow;
	event->sr = refresh.sr;
	s->counters.refreshes_ignored += !taken;
	return taken;
}

static bool
on_update(struct session *s, enum session_conn c, struct session_event *event,
	  struct bgp_scratch *scratch)
{
	struct bgp_update *update = &event->update;
	struct cursor body = event->message;
	cursor_skip(&body, BGP_HEADER);
	s->counters.updates_in++;
	restart_hold(s, &s->conns[c], s->input_now);
	enum bgp_verdict verdict = bgp_update_read(update, body, &s->peer, scratch);
	for (unsigned i = 0; i < update->remark_count; i++)
		s->counters.reasons[update->remarks[i].reason]++;
	if (verdict == BGP_VERDICT_RESET) {
		struct buf text = {0};
		bgp_remark_text(&text, update->remarks[update->remark_count - 1]);
		buf_u8(&text, 0);
		session_fail(s, c, update->error, text.failed ? NULL : (char *)text.data,
			     s->input_now);
		buf_fini(&text);
		return false;
	}
	s->counters.treated_as_withdraw += verdict == BGP_VERDICT_WITHDRAW;
	event->kind = SESSION_UPDATE;
	if (update->end_of_rib != IP_NONE) {
		s->counters.ends_of_rib_in++;
		event->kind = SESSION_END_OF_RIB;
		event->family = update->end_of_rib;
		event->flow = update->end_of_flow;
		event->sr = update->end_of_sr;
	}
	return true;
}

static bool
on_message(struct session *s, uint8_t type, struct session_event *event,
	   struct bgp_scratch *scratch)
{
	enum session_conn c = s->input_conn;
	enum conn_state state = s->conns[c].state;
	struct cursor body = event->message;
	cursor_skip(&body, BGP_HEADER);
	s->counters.messages_in++;
	if (type == BGP_NOTIFICATION)
		on_notification(s, c, body, s->input_now);
	else if (type == BGP_KEEPALIVE)
		on_keepalive(s, c, s->input_now);
	else if (type == BGP_OPEN && state == CONN_OPENSENT)
		on_open(s, c, body, s->input_now);
	else if (type == BGP_UPDATE && state == CONN_ESTABLISHED)
		return on_update(s, c, event, scratch);
	else if (type == BGP_REFRESH && state == CONN_ESTABLISHED)
		return on_refresh(s, c, event);
	else
		unexpected(s, c, type, s->input_now);
	return false;
}

bool
session_read_message(struct session *s, struct session_event *event, struct bgp_scratch *scratch)
{
	enum session_conn c = s->input_conn;
	struct conn *conn = &s->conns[c];
	struct bgp_header header;
	struct bgp_error error;
	if (conn->held_out)
		session_drop_held(conn);
	uint16_t max_length = longest_message(s, conn);
	switch (take_message(conn, &s->input, max_length, &header, &event->message, &error)) {
	case FRAMING_MORE:
		return false;
	case FRAMING_ERROR:
		session_fail(s, c, error, NULL, s->input_now);
		return false;
	case FRAMING_NO_MEMORY:
		error = (struct bgp_error){BGP_ERR_CEASE, BGP_CEASE_RESOURCES, {0}};
		session_fail(s, c, error, NULL, s->input_now);
		return false;
	default:
		return on_message(s, header.type, event, scratch);
	}
}
