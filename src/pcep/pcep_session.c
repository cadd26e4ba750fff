/* The session machine. Messages are taken one by one; requests and reports are handed on item by
 * item, so that what comes of one (an order, an error) stands before what comes of the next. */
#include "pcep/pcep_session.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTE_US = 60 * 1000000 };

struct pcep_session {
	struct pcep_config config;
	enum pcep_state state;
	bool their_open_taken, our_open_taken; /* accepted: a Keepalive was sent, was heard */
	bool proposed;                         /* we have asked them for another Open */
	bool resent;                           /* we have sent another Open ourselves */
	bool up_told, end_told;
	struct pcep_open theirs;
	struct buf in, out;
	struct cursor items; /* of the request or report that is being handed on */
	uint8_t items_type;
	struct mono_us open_wait, keep_wait, heard, said, now;
	struct mono_us unknown_since;
	unsigned unknown; /* messages, since then */
	struct pcep_counters counters;
	char why[PCEP_WHY];
};

static void
count_out(struct pcep_session *s)
{
	s->counters.messages_out++;
	s->said = s->now;
}

struct pcep_session *
pcep_session_new(const struct pcep_config *config, struct mono_us now)
{
	struct pcep_session *s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	s->config = *config;
	s->now = s->heard = now;
	s->open_wait = mono_add_ms(now, PCEP_OPEN_WAIT_S * 1000);
	pcep_open_write(&s->out, &s->config.open);
	count_out(s);
	return s;
}

void
pcep_session_free(struct pcep_session *s)
{
	if (!s)
		return;
	buf_fini(&s->in);
	buf_fini(&s->out);
	free(s);
}

/* --- ends --- */

static void
end(struct pcep_session *s, const char *why)
{
	if (s->state == PCEP_STATE_ENDED)
		return;
	s->state = PCEP_STATE_ENDED;
	s->items = cursor_of(NULL, 0);
	(void)snprintf(s->why, sizeof(s->why), "%s", why);
}

void
pcep_session_lost(struct pcep_session *s, const char *why)
{
	end(s, why);
	buf_clear(&s->out);
}

void
pcep_session_close(struct pcep_session *s, enum pcep_close_reason reason, const char *why)
{
	if (s->state == PCEP_STATE_ENDED)
		return;
	pcep_close_write(&s->out, (uint8_t)reason);
	count_out(s);
	end(s, why);
}

/* A failure before the session is up: an error, and the connection goes (section 6.2). */
static void
fail(struct pcep_session *s, uint8_t value, const char *why)
{
	pcep_error_write(&s->out, (struct pcep_fault){PCEP_ERR_SESSION, value}, 0, 0, NULL);
	s->counters.errors_out++;
	count_out(s);
	end(s, why);
}

static void
malformed(struct pcep_session *s, const char *why)
{
	if (s->state == PCEP_STATE_UP)
		pcep_session_close(s, PCEP_CLOSE_MALFORMED, why);
	else
		fail(s, PCEP_ERR_SESSION_OPEN, why);
}

/* --- the beginning --- */

static void
look_whether_up(struct pcep_session *s)
{
	if (s->their_open_taken && s->our_open_taken)
		s->state = PCEP_STATE_UP;
}

static void
take_open(struct pcep_session *s, struct cursor body)
{
	if (s->their_open_taken) {
		malformed(s, "a second Open");
		return;
	}
	if (pcep_open_read(&s->theirs, body) < 0) {
		fail(s, PCEP_ERR_SESSION_OPEN, "a malformed Open");
		return;
	}
	uint8_t keepalive = s->theirs.keepalive_s;
	if (keepalive && keepalive < s->config.keepalive_min_s) {
		if (s->proposed) {
			fail(s, PCEP_ERR_SESSION_STILL, "its second Open is not acceptable either");
			return;
		}
		struct pcep_open acceptable = s->theirs;
		acceptable.keepalive_s = s->config.keepalive_min_s;
		if (acceptable.dead_s && acceptable.dead_s < 4 * acceptable.keepalive_s)
			acceptable.dead_s =
				(uint8_t)(acceptable.keepalive_s > 63 ? 255
								      : 4 * acceptable.keepalive_s);
		pcep_error_write(&s->out,
				 (struct pcep_fault){PCEP_ERR_SESSION, PCEP_ERR_SESSION_NEGOTIABLE},
				 0, 0, &acceptable);
		s->counters.errors_out++;
		count_out(s);
		s->proposed = true;
		s->open_wait = mono_add_ms(s->now, PCEP_OPEN_WAIT_S * 1000);
		return;
	}
	s->their_open_taken = true;
	s->state = PCEP_STATE_KEEP_WAIT;
	s->keep_wait = mono_add_ms(s->now, PCEP_KEEP_WAIT_S * 1000);
	pcep_keepalive_write(&s->out);
	count_out(s);
	look_whether_up(s);
}

/* They refuse our Open; perhaps they say what they would take. */
static void
take_refusal(struct pcep_session *s, const struct pcep_error_read *error)
{
	bool negotiable = error->fault.type == PCEP_ERR_SESSION &&
			  error->fault.value == PCEP_ERR_SESSION_NEGOTIABLE;
	if (!negotiable) {
		char why[PCEP_WHY];
		(void)snprintf(why, sizeof(why), "it refuses the session: error %u, %u",
			       error->fault.type, error->fault.value);
		end(s, why);
		return;
	}
	if (!error->has_open || s->resent) {
		fail(s, PCEP_ERR_SESSION_PROPOSAL, "what it proposes is not acceptable");
		return;
	}
	s->config.open.keepalive_s = error->open.keepalive_s;
	s->config.open.dead_s = error->open.dead_s;
	s->resent = true;
	pcep_open_write(&s->out, &s->config.open);
	count_out(s);
	s->keep_wait = mono_add_ms(s->now, PCEP_KEEP_WAIT_S * 1000);
}

static void
take_early(struct pcep_session *s, uint8_t type, struct cursor body)
{
	struct pcep_error_read error;
	switch (type) {
	case PCEP_OPEN:
		take_open(s, body);
		return;
	case PCEP_KEEPALIVE:
		s->our_open_taken = true;
		look_whether_up(s);
		return;
	case PCEP_ERROR:
		s->counters.errors_in++;
		if (pcep_error_read(&error, body) < 0)
			fail(s, PCEP_ERR_SESSION_OPEN, "a malformed error");
		else
			take_refusal(s, &error);
		return;
	case PCEP_CLOSE:
		end(s, "it closes the session before it is up");
		return;
	default:
		fail(s, PCEP_ERR_SESSION_OPEN, "another message before the session is up");
		return;
	}
}

/* --- while it is up --- */

/* Section 6.9 and section 9: some are answered, too many end the session. */
static void
take_unknown(struct pcep_session *s, uint8_t error, enum pcep_close_reason reason)
{
	s->counters.unknown++;
	if (s->now.us - s->unknown_since.us > MINUTE_US || !s->unknown) {
		s->unknown_since = s->now;
		s->unknown = 0;
	}
	if (++s->unknown > PCEP_UNKNOWN_MAX) {
		pcep_session_close(s, reason, "too many messages that have no place here");
		return;
	}
	pcep_error_write(&s->out, (struct pcep_fault){error, 0}, 0, 0, NULL);
	s->counters.errors_out++;
	count_out(s);
}

static void
take_error(struct pcep_session *s, struct cursor body, struct pcep_event *event)
{
	struct pcep_error_read error;
	s->counters.errors_in++;
	if (pcep_error_read(&error, body) < 0) {
		malformed(s, "a malformed error");
		return;
	}
	event->kind = PCEP_EVENT_FAULT;
	event->fault = error.fault;
	event->has_srp = error.has_srp;
	event->srp_id = error.srp_id;
}

static void
take_message(struct pcep_session *s, uint8_t type, struct cursor body, struct pcep_event *event)
{
	char why[PCEP_WHY];
	switch (type) {
	case PCEP_KEEPALIVE:
		return;
	case PCEP_REQUEST:
	case PCEP_REPORT:
		if (!cursor_left(&body)) {
			malformed(s, "a message with nothing in it");
			return;
		}
		s->items = body;
		s->items_type = type;
		return;
	case PCEP_ERROR:
		take_error(s, body, event);
		return;
	case PCEP_NOTIFICATION:
		s->counters.notifications++;
		if (pcep_notification_read(&event->fault, body) < 0)
			malformed(s, "a malformed notification");
		else
			event->kind = PCEP_EVENT_NOTIFICATION;
		return;
	case PCEP_CLOSE:
		(void)snprintf(why, sizeof(why), "it closes the session, reason %u",
			       pcep_close_read(body));
		end(s, why);
		return;
	case PCEP_OPEN:
		malformed(s, "an Open while the session is up");
		return;
	case PCEP_REPLY: /* we ask nobody */
		take_unknown(s, PCEP_ERR_UNKNOWN_REQUEST, PCEP_CLOSE_UNKNOWN_REQUESTS);
		return;
	default:
		take_unknown(s, PCEP_ERR_CAPABILITY, PCEP_CLOSE_UNKNOWN_MESSAGES);
		return;
	}
}

/* --- what comes in --- */

void
pcep_session_input(struct pcep_session *s, struct cursor octets, struct mono_us now)
{
	s->now = now;
	if (s->state == PCEP_STATE_ENDED)
		return;
	buf_put(&s->in, octets.at, cursor_left(&octets));
	if (s->in.failed)
		pcep_session_close(s, PCEP_CLOSE_NO_REASON, "out of memory");
}

static bool
next_item(struct pcep_session *s, struct pcep_event *event, struct pcep_item *item)
{
	if (s->items.failed || !cursor_left(&s->items))
		return false;
	if (!pcep_item_next(item, &s->items, s->items_type)) {
		malformed(s, "an object that has no end");
		return false;
	}
	bool report = s->items_type == PCEP_REPORT;
	*(report ? &s->counters.reports : &s->counters.requests) += 1;
	event->kind = report ? PCEP_EVENT_ITEM_REPORT : PCEP_EVENT_ITEM_REQUEST;
	return true;
}

/* Takes the first whole message of the input. False: there is none. */
static bool
next_message(struct pcep_session *s, struct pcep_event *event)
{
	struct pcep_header header;
	struct cursor octets = cursor_of(s->in.data, s->in.length);
	if (cursor_left(&octets) < PCEP_HEADER)
		return false;
	if (!pcep_header_read(&header, octets)) {
		malformed(s, "a message of a length that none can have");
		return false;
	}
	if (header.length > cursor_left(&octets))
		return false;
	struct cursor body = cursor_sub(&octets, header.length);
	cursor_skip(&body, PCEP_HEADER);
	s->counters.messages_in++;
	s->heard = s->now;
	if (header.version != PCEP_VERSION) {
		if (s->state == PCEP_STATE_UP)
			malformed(s, "a message of another version");
		else
			fail(s, PCEP_ERR_SESSION_VERSION, "it speaks another version of PCEP");
	} else if (s->state == PCEP_STATE_UP) {
		take_message(s, header.type, body, event);
	} else {
		take_early(s, header.type, body);
	}
	if (!cursor_left(&s->items)) /* else its items point there */
		buf_consume(&s->in, header.length);
	return true;
}

/* The message whose items have been handed on goes. */
static void
drop_items(struct pcep_session *s)
{
	struct pcep_header header;
	if (!s->items_type)
		return;
	s->items_type = 0;
	s->items = cursor_of(NULL, 0);
	if (pcep_header_read(&header, cursor_of(s->in.data, s->in.length)))
		buf_consume(&s->in, header.length);
}

enum pcep_event_kind
pcep_session_next(struct pcep_session *s, struct pcep_event *event, struct pcep_item *item)
{
	*event = (struct pcep_event){PCEP_EVENT_NONE, {0, 0}, false, 0};
	while (s->state != PCEP_STATE_ENDED) {
		if (s->state == PCEP_STATE_UP && !s->up_told) {
			s->up_told = true;
			event->kind = PCEP_EVENT_UP;
			return event->kind;
		}
		if (next_item(s, event, item))
			return event->kind;
		if (s->state == PCEP_STATE_ENDED)
			break;
		drop_items(s);
		if (!next_message(s, event))
			break;
		if (event->kind != PCEP_EVENT_NONE)
			return event->kind;
	}
	if (s->state == PCEP_STATE_ENDED && !s->end_told) {
		s->end_told = true;
		event->kind = PCEP_EVENT_ENDED;
	}
	return event->kind;
}

/* --- time --- */

static struct mono_us
after_s(struct mono_us t, uint8_t seconds)
{
	return seconds ? mono_add_ms(t, (int64_t)seconds * 1000) : (struct mono_us){INT64_MAX};
}

static struct mono_us
sooner(struct mono_us a, struct mono_us b)
{
	return a.us < b.us ? a : b;
}

struct mono_us
pcep_session_deadline(const struct pcep_session *s)
{
	switch (s->state) {
	case PCEP_STATE_OPEN_WAIT:
		return s->open_wait;
	case PCEP_STATE_KEEP_WAIT:
		return s->keep_wait;
	case PCEP_STATE_UP:
		return sooner(after_s(s->heard, s->theirs.dead_s),
			      after_s(s->said, s->config.open.keepalive_s));
	default:
		return (struct mono_us){INT64_MAX};
	}
}

void
pcep_session_tick(struct pcep_session *s, struct mono_us now)
{
	s->now = now;
	switch (s->state) {
	case PCEP_STATE_OPEN_WAIT:
		if (now.us >= s->open_wait.us)
			fail(s, PCEP_ERR_SESSION_NO_OPEN, "no Open came");
		break;
	case PCEP_STATE_KEEP_WAIT:
		if (now.us >= s->keep_wait.us)
			fail(s, PCEP_ERR_SESSION_NO_KEEPALIVE, "no Keepalive came");
		break;
	case PCEP_STATE_UP:
		if (now.us >= after_s(s->heard, s->theirs.dead_s).us) {
			pcep_session_close(s, PCEP_CLOSE_DEAD, "it is silent");
		} else if (now.us >= after_s(s->said, s->config.open.keepalive_s).us) {
			pcep_keepalive_write(&s->out);
			count_out(s);
		}
		break;
	case PCEP_STATE_ENDED:
		break;
	}
}

/* --- what goes out --- */

struct buf *
pcep_session_say(struct pcep_session *s, struct mono_us now)
{
	assert(s->state == PCEP_STATE_UP);
	s->now = now;
	count_out(s);
	return &s->out;
}

void
pcep_session_complain(struct pcep_session *s, const struct pcep_item *item, struct pcep_fault fault,
		      struct mono_us now)
{
	if (s->state != PCEP_STATE_UP)
		return;
	pcep_error_write(pcep_session_say(s, now), fault, item->request_id, item->srp_id, NULL);
	s->counters.errors_out++;
}

struct cursor
pcep_session_output(const struct pcep_session *s)
{
	return cursor_of(s->out.data, s->out.length);
}

void
pcep_session_output_done(struct pcep_session *s, size_t octets)
{
	buf_consume(&s->out, octets);
	if (s->out.failed || s->out.length > PCEP_OUTPUT_MAX)
		pcep_session_lost(s, s->out.failed ? "out of memory" : "it takes nothing");
}

enum pcep_state
pcep_session_state(const struct pcep_session *s)
{
	return s->state;
}

const struct pcep_open *
pcep_session_theirs(const struct pcep_session *s)
{
	return &s->theirs;
}

const struct pcep_open *
pcep_session_ours(const struct pcep_session *s)
{
	return &s->config.open;
}

const struct pcep_counters *
pcep_session_counters(const struct pcep_session *s)
{
	return &s->counters;
}

const char *
pcep_session_why(const struct pcep_session *s)
{
	return s->why;
}
