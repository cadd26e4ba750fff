/* What the files of the exchange share. */
#pragma once

#include "exchange/exchange.h"
#include "exchange/policy/policy_community.h"

enum { EXCHANGE_V4, EXCHANGE_V6, EXCHANGE_FAMILIES };

/* Where the pieces given last come from, in order. */
enum exchange_source { SOURCE_OWN, SOURCE_V4, SOURCE_V6 };

struct exchange_peer {
	char *id; /* of the session; NULL: the slot is free */
	struct session *session;
	uint32_t hub_session; /* index; HUB_NONE: no longer in the picture */
	struct asn asn;
	struct exchange_target target;
	bool held_down;      /* by the operator */
	bool over_limit;     /* closed for too many prefixes, until it is up again */
	bool too_large_told; /* since it is up, in our log */
	bool connected[SESSION_CONNS];
	bool bfd;       /* is watched */
	int up_on;      /* the connection that carries routes; -1: none */
	bool own_begun; /* a part of the session's own output is sent */
	uint32_t max_prefixes[EXCHANGE_FAMILIES];
	uint64_t messages_told; /* of routes, to the session */
};

struct exchange {
	const struct hub *hub;
	struct policy *policy;
	struct exchange_shell shell;
	uint64_t seed;
	struct exchange_peer *peers;
	unsigned slots;        /* of `peers` */
	uint32_t *slot_of;     /* by index into hub->sessions; UINT32_MAX: none */
	uint64_t *member_bits; /* by index into hub->members: its slots, in `words` words */
	uint64_t *all_bits;    /* all slots of the picture */
	size_t words;
	struct rib *ribs[EXCHANGE_FAMILIES];
	struct bgp_scratch *scratch;
	struct policy_audience *audience;
	struct buf kept_large; /* large communities without the informational ones */
	uint64_t *receivers;   /* a set being made */

	/* The end of a message of routes that was half sent when its session went down, until the
	 * connection is closed. */
	struct buf half;
	enum session_conn half_conn; /* SESSION_CONNS: none */
	struct buf refusal;          /* of the connection that was not accepted last */

	struct mono_us now;
	struct utc_s utc;
	struct mono_us next_tick;

	/* The pieces given last. */
	struct {
		enum exchange_source source;
		size_t octets;
	} plan[4];
	size_t plan_count;

	uint32_t *exported;
	uint64_t exported_at_changes;
	struct mono_us exported_at;
};

static inline struct rib *
exchange_rib_of(const struct exchange *x, enum ip_family family)
{
	return x->ribs[family == IP_V6 ? EXCHANGE_V6 : EXCHANGE_V4];
}

/* --- exchange.c --- */
/* Begins or ends the watching of a neighbour, as its session is and the picture says. */
void exchange_bfd_watch(struct exchange *x, unsigned slot);

/* --- exchange_routes.c --- */
/* Takes the routes of an UPDATE. 0, or -1 if there was no memory for one of them. */
int exchange_take_update(struct exchange *x, unsigned slot, const struct bgp_update *update);
/* Judges everything anew by the policy in force. */
void exchange_rejudge(struct exchange *x);

/* --- exchange_picture.c --- */
/* Makes slots for the sessions of the picture, ends those that are gone. */
int exchange_adopt(struct exchange *x, const struct hub *hub);
/* Acts on what the session says until it has nothing more to say. */
void exchange_pump(struct exchange *x, unsigned slot);
