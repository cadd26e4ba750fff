/* The exchange: a transparent route server (RFC 7947). Pure: it is told what happened on
 * connections and what time it is, and says what is to be connected, closed and sent. Sessions,
 * policy and routes meet here.
 *
 *   octets -> session/ -> UPDATE -> policy/ -> rib/ -> log -> exchange_output
 *
 * A neighbour is known by its slot, a small number that stays while the hub file names the session,
 * from one picture to the next. One owner thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/ip.h"
#include "exchange/bfd/bfd.h"
#include "exchange/flowspec/flowspec_table.h"
#include "exchange/policy/policy.h"
#include "exchange/rib/rib.h"
#include "exchange/rpki/rpki.h"
#include "exchange/session/session.h"
#include "exchange/srpolicy/srpolicy_table.h"
#include "hub/hub.h"
#include "hub/registry.h"
#include "hub/steer_sr.h"

struct exchange;
struct rpki_report; /* rpki_io.h */
struct exchange_sights;

/* Whom to connect to. Strings live until the next exchange_apply. */
struct exchange_target {
	struct ip address;
	uint16_t port;
	struct ip local_address; /* IP_NONE: any */
	const char *md5;         /* TCP MD5 password (RFC 2385) or NULL */
	const char *tcp_ao;      /* TCP-AO key (RFC 5925) or NULL; goes before a password */
	uint8_t tcp_ao_id;       /* its number, both ways */
	uint8_t ttl_security;    /* most hops to the other end (RFC 5082); 0: any */
	bool enabled;
	struct bfd_config bfd; /* multiplier 0: none */
};

/* What the exchange wants done; called from within its functions, which must not be called back
 * from there. */
struct exchange_shell {
	/* Make a TCP connection; tell exchange_connected or exchange_connect_failed, later. */
	void (*connect)(void *context, unsigned slot, const struct exchange_target *target);
	/* Finish a half-sent message if the socket takes it, write the last words (may be empty) as
	 * far as it takes them at once, and close. Also for a connection that is still being made.
	 */
	void (*close)(void *context, unsigned slot, enum session_conn conn,
		      struct cursor last_words);
	void *context;
	/* Watch the neighbour by BFD, from the address of that connection on; with NULL: no longer.
	 * Tell exchange_bfd_changed. NULL where there is no BFD. */
	void (*bfd)(void *context, unsigned slot, enum session_conn conn,
		    const struct exchange_target *target);
	/* The caches and files of the RPKI as they are, at most `max`; returns how many. NULL: none. */
	size_t (*rpki_reports)(void *context, struct rpki_report *out, size_t max);
	const struct exchange_sights *sights; /* for those who look, or NULL; exchange_sights.h */
};

/* Those who watch, such as monitoring stations: told of what happens, from within the exchange's functions; they may
 * look, no more. */
struct exchange_taps {
	void (*up)(void *context,
		   unsigned slot); /* established; routes kept as stale may be there */
	void (*down)(void *context, unsigned slot); /* no longer; session_last_error tells why */
	/* An UPDATE as it came, header included, before anything is done with it. */
	void (*message)(void *context, unsigned slot, struct cursor message);
	void (*decided)(void *context); /* all routes were judged by a new policy */
	void *context;
};

/* `hub` must outlive the exchange or the next exchange_apply. NULL if there is no memory. */
struct exchange *exchange_new(const struct hub *hub, uint64_t seed,
			      const struct exchange_shell *shell, struct mono_us now);
void exchange_free(struct exchange *x);
/* One who taps; `taps` NULL: nobody any more. */
void exchange_tap(struct exchange *x, const struct exchange_taps *taps);
/* Goes over to another picture: sessions stay as they are where nothing of theirs changed; what is
 * kept is judged anew by the new policy. 0, or -1 if there is no memory: then nothing but
 * exchange_free may follow. */
int exchange_apply(struct exchange *x, const struct hub *hub, struct mono_us now);
/* Said right after exchange_new: another process was here a moment ago, and neighbours may have kept what it told
 * them (RFC 4724 section 4.1). They hear nothing until everybody has told us everything, or time is out. */
void exchange_return(struct exchange *x, struct mono_us now);
/* Another process will take over at once: to neighbours that keep our routes nothing is said, so that closing their
 * connections leaves them their routes; the others are told Cease/administrative reset. Nothing but exchange_free
 * follows. */
void exchange_leave(struct exchange *x, struct mono_us now);
/* Ends all sessions with Cease/administrative shutdown. */
void exchange_shut_down(struct exchange *x, struct mono_us now);

/* What the registries say, or NULL; stays valid until the next call. Routes are judged anew, in slices. */
void exchange_use_registry(struct exchange *x, const struct registry *registry, struct mono_us now);
/* Validated origins and paths, or NULL: "not checked". The owner says when they change. */
void exchange_use_rpki(struct exchange *x, const struct rpki_table *table, struct mono_us now);
/* What a change of the RPKI may have changed the judgement of. */
struct exchange_touched {
	bool all;
	const struct rib_touched *prefixes[2]; /* IPv4, IPv6 */
	size_t prefix_counts[2];
	const struct asn *customers; /* whose ASPAs changed */
	size_t customer_count;
};
void exchange_rpki_changed(struct exchange *x, const struct exchange_touched *touched,
			   struct mono_us now);
/* What is in use of both. */
/* The caches and files of the RPKI, for those who look: at most `max`; texts are valid until the loop goes on. */
size_t exchange_rpki_reports(const struct exchange *x, struct rpki_report *out, size_t max);
const struct policy_sources *exchange_sources(const struct exchange *x);
/* The round-trip time of the neighbour's connection was measured. */
void exchange_rtt(struct exchange *x, unsigned slot, uint16_t ms, struct mono_us now);

/* The operator's word about one neighbour, in force until the opposite one or the end of the hub: ends its session with
 * Cease/administrative shutdown and the text (RFC 9003; NULL: none), and lets it come up again. A neighbour
 * that the picture disables stays down. */
void exchange_peer_down(struct exchange *x, unsigned slot, const char *text, struct mono_us now);
void exchange_peer_up(struct exchange *x, unsigned slot, struct mono_us now);
/* Asks the neighbour for all its routes again (RFC 2918), of each family that both agreed on. False if there is no
 * session, or it cannot be asked. */
bool exchange_peer_refresh(struct exchange *x, unsigned slot);
bool exchange_peer_is_held(const struct exchange *x, unsigned slot);

/* --- connections --- */

/* Who is at the other end of a connection made to us: its slot, or -1 when nobody like that is
 * expected or it is not welcome now. An older connection from there that is not up yet is closed
 * first. */
int exchange_accept(struct exchange *x, struct ip remote, struct mono_us now);
/* After -1: a NOTIFICATION to be written before it is closed, may be empty; stays until the next call. */
struct cursor exchange_refusal(const struct exchange *x);
void exchange_connected(struct exchange *x, unsigned slot, enum session_conn conn, struct ip local,
			struct mono_us now);
void exchange_connect_failed(struct exchange *x, unsigned slot, const char *why,
			     struct mono_us now);
void exchange_disconnected(struct exchange *x, unsigned slot, enum session_conn conn,
			   struct mono_us now);
/* BFD has changed its mind about a neighbour, because of `diagnostic`: a session that lost its way is
 * ended with Cease/BFD down (RFC 9384); one is never kept from coming up (RFC 5882 section 4.2). */
void exchange_bfd_changed(struct exchange *x, unsigned slot, enum bfd_event event,
			  uint8_t diagnostic, struct mono_us now);
/* Octets that were read. */
void exchange_input(struct exchange *x, unsigned slot, enum session_conn conn,
		    const uint8_t *octets, size_t length, struct mono_us now);
/* Time passed: call it at exchange_deadline. `utc` dates what happens from now on. */
void exchange_tick(struct exchange *x, struct mono_us now, struct utc_s utc);
struct mono_us exchange_deadline(const struct exchange *x);

/* Ends a turn: what came in since the last one is told to everybody. */
void exchange_turn_end(struct exchange *x);

/* --- what is to be sent; between turns --- */

/* Pieces to be sent, in order; 0: nothing. Memory stays until the next call of any function here.
 */
size_t exchange_output(struct exchange *x, unsigned slot, enum session_conn conn,
		       struct iovec *pieces, size_t max);
/* Of the pieces just given, so many octets were taken. `more`: the socket would take more. */
void exchange_output_done(struct exchange *x, unsigned slot, enum session_conn conn, size_t octets,
			  bool more, struct mono_us now);
/* There may be something to be sent: cheap. */
bool exchange_waiting(const struct exchange *x, unsigned slot, enum session_conn conn);
/* Octets of UPDATEs that some member in front has not taken yet. */
uint64_t exchange_backlog(const struct exchange *x);

/* --- to look at --- */

/* Slots are numbered below this. */
unsigned exchange_slots(const struct exchange *x);
/* False for a slot without a neighbour. */
bool exchange_target_of(const struct exchange *x, unsigned slot, struct exchange_target *out);
const struct hub *exchange_hub(const struct exchange *x);
const struct policy *exchange_policy(const struct exchange *x);
/* The same, to be asked about routes as they are or might be (policy_explain.h); between turns. Nothing
 * that was decided changes by it. */
struct policy *exchange_policy_to_ask(struct exchange *x);
struct rib *exchange_rib(const struct exchange *x, enum ip_family family);
const struct flowspec_table *exchange_flow(const struct exchange *x);

/* --- SR policies --- */

/* Hands a policy to the neighbour at wish->to, now or as soon as it is there and takes SR policies. Goes on until it is
 * withdrawn by its source. */
enum srpolicy_result exchange_sr_set(struct exchange *x, const struct srpolicy_wish *wish);
/* False if that source has no such policy for that neighbour. */
bool exchange_sr_withdraw(struct exchange *x, struct ip to, const struct sr_key *key,
			  enum srpolicy_source source);
const struct srpolicy_table *exchange_sr(const struct exchange *x);
/* Has the corridor's plan of them in force, as exchange_steer_take has that of exits: its memory is `arena`, which
 * is the exchange's from now on in any case. 0; or -1 and why not: static text. */
int exchange_sr_follow(struct exchange *x, const struct steer_sr_plan *plan, struct arena *arena,
		       const char **why);
/* Index into hub->sessions, or HUB_NONE; and back, -1 when it has no slot. */
uint32_t exchange_session_at(const struct exchange *x, unsigned slot);
int exchange_slot_of(const struct exchange *x, uint32_t hub_session);
const struct session *exchange_session(const struct exchange *x, unsigned slot);
/* Routes that the members of both families may have, by slot; counted anew when routes changed and
 * the last count is older than two seconds: of a large table in the turns that follow, and until then it is the last
 * count. */
const uint32_t *exchange_exported(struct exchange *x);
/* A time of the monotonic clock as UTC. */
struct utc_s exchange_utc(const struct exchange *x, struct mono_us at);
struct utc_s exchange_now(const struct exchange *x);
/* Since when the engine runs, and goes by this picture. */
struct mono_us exchange_started(const struct exchange *x);
struct mono_us exchange_applied(const struct exchange *x);
/* Grows whenever routes of either family change. */
uint64_t exchange_changes(const struct exchange *x);
/* A neighbour's limit of prefixes, by family (0: IPv4, 1: IPv6). */
struct exchange_limit {
	uint32_t max, warn_at; /* 0: none */
	int action;            /* of hub_session.max_prefixes_action */
	uint32_t restart_s;
	bool count_refused, from_peeringdb;
	bool warned;      /* and has not fallen well below since */
	uint32_t out_max; /* that it is sent; 0: no limit */
	bool out_warned;
};
const struct exchange_limit *exchange_limit_of(const struct exchange *x, unsigned slot,
					       unsigned family);
/* Prefixes that count. */
uint32_t exchange_limit_count(const struct exchange *x, unsigned slot, unsigned family);
/* The AS number of the slot's member; 0 for a slot without a neighbour. */
struct asn exchange_asn_at(const struct exchange *x, unsigned slot);

enum { EXCHANGE_PEER_TEXT = 128 };
/* Writes a neighbour as our log names it, "64512-1 (AS64512 Poplar)", and returns `out`. */
const char *exchange_peer_text(const struct exchange *x, unsigned slot,
			       char out[EXCHANGE_PEER_TEXT]);
