/* The inside of a session, for session.c (its life and timers), session_conn.c (its connections),
 * session_messages.c (what is read) and session_look.c. */
#pragma once

#include "exchange/session/session.h"

enum conn_state { CONN_NONE, CONN_CONNECTING, CONN_OPENSENT, CONN_OPENCONFIRM, CONN_ESTABLISHED };

struct conn {
	enum conn_state state;
	struct buf out;       /* whole messages; the first may be half sent */
	uint8_t *held;        /* a message that is not complete, or the one just handed out */
	uint16_t held_length; /* octets of it that are here */
	uint16_t held_size;   /* octets of it in all; BGP_HEADER until the header is read */
	bool held_out;        /* handed out: free it with the next look */
	struct ip local;
	struct bgp_open open;                      /* theirs; from OPENCONFIRM on */
	struct mono_us hold, keepalive, send_hold; /* deadlines; NEVER when not running */
};

enum session_slot { SLOT_SENT, SLOT_RECEIVED, SLOT_COUNT };

struct session {
	struct session_config config;
	bool enabled;
	bool want_connect, up, down, want_close[SESSION_CONNS]; /* told by session_next, in time */
	struct conn conns[SESSION_CONNS];
	struct buf closing[SESSION_CONNS]; /* last words of connections that are to be closed */
	struct buf opens[SESSION_CONNS][SESSION_OPENS]; /* whole messages, of the last connection */
	struct cursor input;                            /* not looked at yet */
	enum session_conn input_conn;
	struct mono_us input_now;
	struct mono_us idle_until; /* damping after errors; NEVER: not idle */
	struct mono_us connect_at; /* next attempt, or end of the one that runs */
	uint64_t random;           /* state of the jitter */
	uint32_t failures;         /* protocol errors in a row */
	struct mono_us since;
	struct session_agreed agreed;
	struct session_graceful graceful; /* of the session that went down, until that is told */
	/* Between their begin and end (RFC 7313): of routes, of rules. */
	bool refreshing_ipv4[2], refreshing_ipv6[2];
	struct bgp_peer peer; /* how to read its UPDATEs */
	struct session_counters counters;
	struct session_error errors[SLOT_COUNT];
	enum session_slot newest;
};

#define NEVER ((struct mono_us){INT64_MAX})

static inline bool
conn_alive(const struct conn *conn)
{
	return conn->state != CONN_NONE;
}

/* The connection that carries it, or NULL. */
static inline struct conn *
session_established(struct session *s)
{
	struct conn *conn = &s->conns[s->agreed.conn];
	return conn->state == CONN_ESTABLISHED ? conn : NULL;
}

static inline struct mono_us
session_after_s(struct mono_us now, uint32_t seconds)
{
	return mono_add_ms(now, (int64_t)seconds * 1000);
}

/* --- session_conn.c --- */
/* Makes the next attempt after so many seconds, less the jitter; none where the other is to call. */
void session_connect_after(struct session *s, uint32_t seconds, struct mono_us now);
/* Keeps why it ended, or could not begin. */
void session_note(struct session *s, enum session_slot slot, const struct session_error *error);
void session_copy_text(char to[BGP_TEXT_MAX + 1], const char *text);
/* Forgets a connection and leaves its last words to the shell. */
void session_give_up(struct session *s, enum session_conn c);
/* Says OPEN. */
void session_send_open(struct session *s, struct conn *conn);
/* Ends a connection with a NOTIFICATION and an explanation for our log (may be NULL). */
void session_fail(struct session *s, enum session_conn c, struct bgp_error error, const char *text,
		  struct mono_us now);
/* Ends a connection because of what the other said or did. */
void session_lost(struct session *s, enum session_conn c, const struct session_error *why);
/* Ends a connection with Cease; one that is still being made, silently. Nothing if there is none.
 */
void session_cease(struct session *s, enum session_conn c, uint8_t subcode, const char *text,
		   struct mono_us now);
/* The same for all connections; with data of its own. */
void session_cease_all(struct session *s, struct bgp_error error, const char *text,
		       struct mono_us now);
/* Settles which addresses are ours, in the eyes of this neighbour. */
void session_know_own(struct session *s);
/* Writes a KEEPALIVE and starts the timer again. */
void session_keepalive(struct session *s, struct conn *conn, struct mono_us now);
/* `seconds` less up to a quarter, RFC 4271 section 10. */
int64_t session_jitter_ms(struct session *s, uint32_t seconds);

/* Takes the next message from the input and acts on it. True if *event is an UPDATE or REFRESH to
 * be told; else the caller looks again until there is no input. */
bool session_read_message(struct session *s, struct session_event *event,
			  struct bgp_scratch *scratch);
void session_drop_held(struct conn *conn);
