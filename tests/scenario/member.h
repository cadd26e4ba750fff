/* A member of the exchange, as the scenario plays it: the other end of its session's connections. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "exchange/session/session.h"
#include "scenario/route.h"

enum {
	MEMBER_SOCKET =
		64 * 1024, /* octets that wait between the hub and a member that does not read */
	MEMBER_NOTE = 320,
};

/* Something that happened to a member. */
struct member_note {
	struct mono_us at;
	char text[MEMBER_NOTE]; /* "notification 6.2 maintenance"; the first word is its kind */
	bool seen;
};

/* A route that it holds, or that it has announced. */
struct member_route {
	struct prefix prefix;
	uint32_t path_id; /* 0 where there are none */
	char *words;
	bool stale;      /* all is being said again, and not yet this */
	uint64_t serial; /* another one for each that was ever put in */
	void *judged;    /* by the reference, in that round; of malloc */
	uint64_t judged_round;
	struct member_route *next;
};

/* A rule about traffic that it holds. */
struct member_rule {
	enum ip_family family;
	char *hex, *words;
	struct member_rule *next;
};

enum { MEMBER_BUCKETS = 1024 };
struct member_table {
	struct member_route *buckets[MEMBER_BUCKETS];
	size_t count;
};

/* What it says in its OPEN. */
struct member_open {
	struct bgp_open open;
	bool mute; /* none is sent, and nothing else by itself */
};

enum member_state { MEMBER_CLOSED, MEMBER_CALLED, MEMBER_OPENSENT, MEMBER_CONFIRM, MEMBER_UP };

struct member_conn {
	enum member_state state; /* CALLED: the hub is connecting */
	unsigned slot;           /* the hub's */
	struct buf from_hub;     /* in the sockets, not read yet */
	struct buf message;      /* read, but not whole yet */
	struct buf to_hub;       /* sent, not taken by the hub yet */
	bool full;               /* the hub was told that no more fits */
	bool closing;            /* we closed it; the hub is to be told */
	bool closed;             /* the hub closed it; what it wrote is still to be read */
	bool cut;                /* its last words did not all fit */
	bool heard_open;
	bool said_hard;                 /* it has sent a Hard Reset (RFC 8538) */
	struct bgp_capabilities theirs; /* of the hub's OPEN */
	uint16_t hold_s;
	struct mono_us keepalive; /* when the next is sent; INT64_MAX: none */
};

/* What becomes of the hub's calls. */
enum member_door { MEMBER_IGNORES, MEMBER_REFUSES, MEMBER_LISTENS };

struct member {
	struct member *next;
	char *id; /* of the session */
	struct asn asn;
	struct ip address;      /* its end of the session */
	struct ip next_hops[2]; /* its port's addresses */
	bool ipv4, ipv6;        /* families of the session */
	enum member_door door;
	struct member_open says;
	bool silent;   /* sends no keepalives */
	bool reads;    /* takes octets from its socket */
	uint64_t take; /* octets that it still takes although it does not read */
	size_t window; /* octets that its socket holds */
	struct member_conn conns[SESSION_CONNS];
	struct member_table said; /* what it announced; likewise */
	/* It says all of a family again (RFC 7313): the end is waited for until then. */
	struct mono_us again_until[2];
	bool again[2];
	uint16_t rtt_ms; /* as the hub measured it last; 0: it did not */
	/* What it had announced when it was lost, and the hub keeps (RFC 4724, RFC 9494). */
	struct member_table kept;
	struct mono_us kept_until;
	uint32_t kept_long_s;      /* how much longer, after that; 0: no longer */
	bool kept_long;            /* it is that time */
	struct member_table holds; /* what it heard; of the connection that is up */
	struct member_rule *rules; /* likewise */
	struct member_note *notes;
	size_t note_count, note_capacity;
	unsigned updates, prefixes_told; /* heard, on the connection that is up */
};

/* A member for the session of that id. */
struct member *member_new(const char *id);
void member_free(struct member *m);

/* The connection that carries its routes; NULL: none. */
struct member_conn *member_up(struct member *m);
/* TCP is through; says OPEN unless it is mute. */
void member_connected(struct member *m, enum session_conn c, unsigned slot, struct mono_us now);
/* Are path identifiers sent to the hub, and by it? */
bool member_sends_ids(const struct member *m, const struct member_conn *conn,
		      enum ip_family family);
bool member_hears_ids(const struct member *m, const struct member_conn *conn,
		      enum ip_family family);
/* Octets of a message, both ways. */
uint16_t member_message_max(const struct member *m, const struct member_conn *conn);
/* Reads what is there, reacts; true if anything came of it. */
bool member_read(struct member *m, enum session_conn c, struct mono_us now);
/* Sends a keepalive if it is time. */
void member_tick(struct member *m, struct mono_us now);
/* The hub closed the connection. */
void member_hung_up(struct member *m, enum session_conn c, struct mono_us now);
void member_close(struct member *m, enum session_conn c);
/* The hub closes it, with these last words: may it keep what the member announced (RFC 8538)? */
void member_told_off(struct member *m, enum session_conn c, struct cursor last_words,
		     struct mono_us now);
/* It closes without a word: the hub may keep what it announced. */
void member_lost(struct member *m, enum session_conn c, struct mono_us now);
/* It asks for all routes of the family once more: what it had does not count any more. */
void member_asks_again(struct member *m, const struct member_conn *conn, enum ip_family family);
/* It begins, or has done, saying all of the family again. */
void member_says_again(struct member *m, const struct member_conn *conn, enum ip_family family,
		       bool begins, struct mono_us now);
/* It said End-of-RIB. */
void member_told_all(struct member *m, enum ip_family family);
/* What the hub keeps of it, as time passes. */
void member_age(struct member *m, struct mono_us now);
void member_note(struct member *m, struct mono_us now, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The first route of the prefix, and the next one of the same; NULL: no more. */
const struct member_route *member_find(const struct member_table *table, struct prefix prefix);
const struct member_route *member_next(const struct member_route *route);
/* words NULL: takes it out. */
void member_put(struct member_table *table, struct prefix prefix, uint32_t path_id,
		const char *words);
void member_clear(struct member_table *table);
/* The rule with these octets; NULL: it does not hold it. */
const struct member_rule *member_rule(const struct member *m, enum ip_family family,
				      const char *hex);
