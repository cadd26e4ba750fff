/* One BGP neighbour: the state machine of RFC 4271 section 8, with both of its possible TCP connections,
 * capabilities, timers, collisions (section 6.8) and graceful restart (RFC 4724, 8538, 9494). Pure: it is told what happened and when, and asked what is
 * to be done. No socket, no clock.
 *
 * The shell (engine) does this:
 *
 *	somebody connects          if (session_accept(s, &refusal, now)) { do what session_next says;
 *	                           session_connected(s, SESSION_IN, our address, now) }
 *	                           else write the refusal and close
 *	our connect is through     session_connected(s, SESSION_OUT, our address, now)
 *	our connect failed         session_connect_failed(s, why, now)
 *	octets were read           session_input(s, conn, octets, length, now)
 *	read gave 0 or an error    session_disconnected(s, conn, now)
 *	time passed                session_tick(s, now), at or after session_deadline(s)
 *	after each of these        while (session_next(s, &event, scratch) != SESSION_NOTHING) act on it;
 *	                           then write session_output(s, conn) where it is not empty
 *
 * Octets given to session_input must stay until session_next said SESSION_NOTHING; by then all are taken (an
 * incomplete message at the end is kept here, and only that is copied). A turn should read what is readable
 * before it ticks, so that a hold timer does not expire over a message that is already there. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/cursor.h"
#include "base/ip.h"
#include "exchange/bgp/bgp_msg.h"
#include "exchange/bgp/bgp_open.h"
#include "exchange/bgp/bgp_update.h"

struct session;

enum session_conn {
	SESSION_OUT,
	SESSION_IN,
	SESSION_CONNS
}; /* who made the connection: we, they */

struct session_config {
	struct asn local_asn, remote_asn;
	uint32_t router_id;           /* host order, not 0 */
	struct ip own_ipv4, own_ipv6; /* our addresses on the LAN, not acceptable as next hop */
	uint16_t hold_time_s;         /* 0, or at least 3 */
	uint16_t connect_retry_s;     /* at least 1 */
	uint32_t send_hold_s;         /* 0: max(8 minutes, 2 x hold time), RFC 9687; never less than
					 the hold time */
	bool passive;                 /* never connect */
	bool ipv4, ipv6;              /* families offered */
	bool flow_ipv4, flow_ipv6;    /* and rules about traffic, RFC 8955 */
	bool sr_policy;               /* and SR policies toward both kinds of endpoints, RFC 9830 */
	bool extended_messages;       /* RFC 8654 */
	bool enhanced_refresh;        /* RFC 7313; who says so must mark the refreshes it sends */
	bool extended_next_hop;       /* IPv4 over IPv6 next hops, RFC 8950 */
	uint8_t add_path_ipv4, add_path_ipv6; /* enum bgp_add_path: what we can */
	uint8_t role;                         /* enum bgp_role; BGP_ROLE_NONE: not announced */
	bool role_strict;      /* and the other must say its own, RFC 9234 section 4.2 */
	bool graceful_restart; /* RFC 4724 and 8538, for all families */
	bool restarting; /* we come back: our state of forwarding was kept. For OPENs from now on */
	uint16_t restart_time_s; /* how long we may take for that, at most 4095 */
	uint32_t stale_time_s;   /* and how much longer, RFC 9494; below 2^24; 0: not announced */
	uint64_t seed;           /* of the jitter of timers; any number, differing by session */
};

enum session_state {
	SESSION_DISABLED, /* stopped by the operator */
	SESSION_IDLE,     /* waits after errors */
	SESSION_CONNECT,  /* a connection is being made */
	SESSION_ACTIVE,   /* waits for the other to connect, or for the next try */
	SESSION_OPENSENT,
	SESSION_OPENCONFIRM,
	SESSION_ESTABLISHED,
};

/* "established", "opensent" ...: the words of docs/api.md. */
const char *session_state_name(enum session_state state);

/* Why a session went down or an attempt failed. */
struct session_error {
	enum {
		SESSION_ERROR_NONE,
		SESSION_ERROR_SENT,      /* we sent a NOTIFICATION */
		SESSION_ERROR_RECEIVED,  /* they did */
		SESSION_ERROR_CLOSED,    /* they closed the connection without a word */
		SESSION_ERROR_CONNECT,   /* it could not be made */
		SESSION_ERROR_SEND_HOLD, /* they took nothing for too long (RFC 9687) */
		SESSION_ERROR_NO_MEMORY,
	} kind;
	uint8_t code, subcode;
	bool hard; /* it went as a Hard Reset, RFC 8538 */
	struct mono_us when;
	char text[BGP_TEXT_MAX + 1]; /* RFC 9003 text of either side, or detail; may be "" */
};

/* Appends "sent Cease: administrative shutdown \"maintenance\"". Nothing for _NONE. */
void session_error_text(struct buf *to, const struct session_error *error);

struct session_counters {
	uint64_t messages_in, messages_out; /* all kinds, all connections since session_new */
	uint64_t updates_in, updates_out;
	uint64_t keepalives_in, keepalives_out;
	uint64_t notifications_in, notifications_out;
	uint64_t refreshes_in, refreshes_out;
	uint64_t octets_in;
	uint64_t treated_as_withdraw; /* UPDATEs */
	uint64_t refreshes_ignored;   /* malformed, of a family or kind that was not agreed on */
	uint64_t ends_of_rib_in;
	uint32_t flaps;                     /* established sessions that were lost */
	uint32_t reasons[BGP_REASON_COUNT]; /* remarks on UPDATEs */
};

/* How long routes of a family may stay as stale after a session was lost (RFC 4724 section 4.2): for
 * restart_s, or once it is up again until its End-of-RIB; RFC 9494: after restart_s for stale_s more,
 * with less preference. */
struct session_stay {
	bool on;
	uint16_t restart_s;
	uint32_t stale_s; /* 0: no longer */
};

struct session_graceful {
	struct session_stay ipv4, ipv6;
};

/* What was agreed; valid while established, and in SESSION_DOWN. */
struct session_agreed {
	bool as4, ipv4, ipv6, refresh, enhanced_refresh, extended_next_hop, extended_messages;
	bool flow_ipv4, flow_ipv6; /* only with as4 */
	bool sr_ipv4, sr_ipv6;     /* likewise */
	/* Path identifiers in what they send us, and in what we send them (RFC 7911). */
	bool add_path_in_ipv4, add_path_in_ipv6, add_path_out_ipv4, add_path_out_ipv6;
	bool graceful_restart;  /* both announced it: an End-of-RIB will come */
	bool graceful_notified; /* and that it counts after a NOTIFICATION too, RFC 8538 */
	struct session_graceful graceful; /* what may be kept when the session is lost */
	bool remote_restarting;           /* they come back: they wait for our End-of-RIB */
	/* They kept their state of forwarding: stale routes of a family without it are to go now
	 * (RFC 4724 section 4.2, RFC 9494 section 4.2). */
	bool kept_ipv4, kept_ipv6;
	uint16_t hold_time_s; /* 0: no timer */
	uint32_t remote_router_id;
	enum session_conn conn; /* the one that carries it */
};

enum session_event_kind {
	SESSION_NOTHING,
	/* Make a TCP connection; answer with session_connected or session_connect_failed. */
	SESSION_WANT_CONNECT,
	/* Write what is in `octets` as far as the socket takes it at once (after the rest of a
	 * half- sent message), then close `conn`. For SESSION_OUT it may be one that is still being
	 * made. The session has forgotten it already. */
	SESSION_WANT_CLOSE,
	SESSION_UP,     /* established; session_agreed tells how */
	SESSION_DOWN,   /* no longer: `graceful` says what stays; session_last_error tells why */
	SESSION_UPDATE, /* `update`; never with verdict BGP_VERDICT_RESET, never End-of-RIB */
	SESSION_END_OF_RIB,    /* all routes of `family` were told, RFC 4724 section 2 */
	SESSION_REFRESH,       /* the other asks for all routes of `family` again */
	SESSION_REFRESH_BEGIN, /* it tells all its routes of `family` again: what is not among them
				  when it ends is to go (RFC 7313 section 4) */
	SESSION_REFRESH_END,   /* only after the beginning */
};

struct session_event {
	enum session_event_kind kind;
	enum session_conn conn;           /* of SESSION_WANT_CLOSE */
	struct cursor octets;             /* of SESSION_WANT_CLOSE; valid until the next call */
	enum ip_family family;            /* of SESSION_END_OF_RIB, SESSION_REFRESH and its kin */
	bool flow;                        /* of the same: it is about rules, not routes */
	bool sr;                          /* of the same: it is about SR policies */
	struct session_graceful graceful; /* of SESSION_DOWN */
	struct bgp_update update;         /* of SESSION_UPDATE; valid until the next call */
	struct cursor message; /* of SESSION_UPDATE, SESSION_END_OF_RIB: as it came, with header */
};

/* A session that is disabled; session_start sets it going. NULL if there is no memory. */
struct session *session_new(const struct session_config *config);
void session_free(struct session *s);
/* Takes a new configuration. A change that needs a new session (numbers, identifier, families,
 * hold time, role, capabilities) ends what there is with Cease/6, to begin again, and returns true;
 * else nothing happens to it. What is said of graceful restart changes with the next OPEN only. */
bool session_configure(struct session *s, const struct session_config *config, struct mono_us now);

/* --- the operator --- */
void session_start(struct session *s, struct mono_us now);
/* Ends it with Cease `subcode` (BGP_CEASE_SHUTDOWN, _DECONFIGURED) and keeps it down; `text` for
 * the other's operator, or NULL. */
void session_stop(struct session *s, uint8_t subcode, const char *text, struct mono_us now);
/* Ends a wait in which nothing is accepted (session_reset, damping): it may come back at once. */
void session_end_wait(struct session *s, struct mono_us now);
/* Ends it with Cease `subcode` (BGP_CEASE_RESET, _MAX_PREFIXES, _BFD_DOWN ...); it comes back by
 * itself after `wait_s` seconds, in which nothing is accepted. */
void session_reset(struct session *s, uint8_t subcode, const char *text, uint32_t wait_s,
		   struct mono_us now);
/* The same for more than `max` prefixes of a family: Cease/1, which says so (RFC 4486 section 4). */
void session_reset_over(struct session *s, enum ip_family family, uint32_t max, uint32_t wait_s,
			struct mono_us now);
/* Asks for all routes of a family again. False if not established, or not agreed. */
bool session_ask_refresh(struct session *s, enum ip_family family);
bool session_ask_flow_refresh(struct session *s, enum ip_family family);
/* Our end's address; of a session that is established. */
struct ip session_local(const struct session *s);

/* --- what happens --- */
/* May a connection that the other made be taken? If not, a NOTIFICATION to be written before
 * closing it is appended to *refusal. If so, an older one that has not got far is given up first,
 * as session_next will say; one that is established too, if graceful restart was agreed on, for the
 * other restarts and we have not noticed (RFC 4724 section 5). */
bool session_accept(struct session *s, struct buf *refusal, struct mono_us now);
/* `local` is our end's address: it is no next hop for the other's routes. */
void session_connected(struct session *s, enum session_conn conn, struct ip local,
		       struct mono_us now);
void session_connect_failed(struct session *s, const char *why, struct mono_us now);
void session_disconnected(struct session *s, enum session_conn conn, struct mono_us now);
void session_input(struct session *s, enum session_conn conn, const uint8_t *octets, size_t length,
		   struct mono_us now);
void session_tick(struct session *s, struct mono_us now);
/* When session_tick wants to be called next; INT64_MAX: not by itself. */
struct mono_us session_deadline(const struct session *s);

/* What is to be done now. Call until SESSION_NOTHING. `scratch` is shared by all sessions. */
enum session_event_kind session_next(struct session *s, struct session_event *event,
				     struct bgp_scratch *scratch);

/* --- output --- */
/* Whole messages of the session itself (OPEN, KEEPALIVE, NOTIFICATION, ROUTE-REFRESH), to be
 * written between messages of routes. */
struct cursor session_output(const struct session *s, enum session_conn conn);
/* `count` octets of it went out. */
void session_output_done(struct session *s, enum session_conn conn, size_t count);
/* `count` UPDATEs were handed to the socket: counts them and puts the next KEEPALIVE off. */
void session_updates_sent(struct session *s, uint32_t count, struct mono_us now);

enum session_sent { SESSION_SENT_ALL, SESSION_SENT_SOME, SESSION_SENT_NOTHING };
/* After each attempt to write: was all taken, some (more waits), or nothing (more waits)? Runs the
 * send hold timer. */
void session_progress(struct session *s, enum session_sent sent, struct mono_us now);

/* --- to look at --- */
enum session_state session_state(const struct session *s);
const struct session_agreed *session_agreed(const struct session *s);
const struct bgp_capabilities *session_remote_capabilities(const struct session *s);
const struct session_config *session_config(const struct session *s);
const struct session_counters *session_counters(const struct session *s);
/* The OPEN message of either side, header included, as it went over the connection that carries the
 * session; while established. Empty if there was no memory to keep it. */
enum session_open { SESSION_OPEN_SENT, SESSION_OPEN_RECEIVED, SESSION_OPENS };
struct cursor session_open_message(const struct session *s, enum session_open which);
/* The newest of either side; kind SESSION_ERROR_NONE if there was none. */
const struct session_error *session_last_error(const struct session *s);
const struct session_error *session_last_sent(const struct session *s);
const struct session_error *session_last_received(const struct session *s);
/* When the state changed from or to established last. */
struct mono_us session_since(const struct session *s);
/* Octets held, for reports. */
size_t session_memory(const struct session *s);
