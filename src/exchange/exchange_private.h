/* What the files of the exchange share. */
#pragma once

#include "exchange/bgp/bgp_ahead.h"
#include "exchange/exchange.h"
#include "exchange/exchange_blackhole.h"
#include "exchange/exchange_steer.h"

enum { EXCHANGE_V4, EXCHANGE_V6, EXCHANGE_FAMILIES };

/* Where the pieces given last come from, in order. */
enum exchange_source { SOURCE_OWN, SOURCE_V4, SOURCE_V6, SOURCE_FLOW, SOURCE_SR };

/* What stale routes of a neighbour wait for, by family. */
enum exchange_stage {
	EXCHANGE_STAGE_NONE,    /* there are none */
	EXCHANGE_STAGE_RESTART, /* it is away: until it is back */
	EXCHANGE_STAGE_LONG,    /* the same, for long */
	EXCHANGE_STAGE_RETURN,  /* it is back: until its End-of-RIB */
	EXCHANGE_STAGE_REFRESH, /* until the end of its refresh */
};

struct exchange_stale {
	enum exchange_stage stage;
	struct mono_us until;
	uint32_t long_s; /* EXCHANGE_STAGE_RESTART: of the next stage; 0: none */
};

struct exchange_peer {
	char *id; /* of the session; NULL: the slot is free */
	struct session *session;
	uint32_t hub_session; /* index; HUB_NONE: no longer in the picture */
	struct asn asn;
	struct exchange_target target;
	bool collector;
	struct exchange_paths {
		uint8_t which, more, max;
	} paths;                   /* of ADD-PATH, as struct rib_peer has them */
	bool held_down;            /* by the operator */
	bool over_limit;           /* closed for too many prefixes, until it is up again */
	bool too_large_told;       /* since it is up, in our log */
	bool too_many_told;        /* likewise */
	bool flow_told;            /* likewise */
	bool sr_told;              /* likewise */
	struct mono_us flow_asked; /* for all rules about traffic; 0: not since it is up */
	bool connected[SESSION_CONNS];
	bool bfd;       /* is watched */
	int up_on;      /* the connection that carries routes; -1: none */
	bool own_begun; /* a part of the session's own output is sent */
	struct exchange_limit limits[EXCHANGE_FAMILIES];
	bool blocked[EXCHANGE_FAMILIES];    /* some paths were refused for being too many */
	bool lowered[EXCHANGE_FAMILIES];    /* the limit: fewer may be taken than were */
	uint32_t excess[EXCHANGE_FAMILIES]; /* so many of those taken are one too many now */
	struct mono_us unblock_at[EXCHANGE_FAMILIES]; /* not before: they are judged again */
	struct exchange_stale stale[EXCHANGE_FAMILIES];
	bool told_all[EXCHANGE_FAMILIES]; /* since it is up: its End-of-RIB came */
	uint16_t rtt_ms;                  /* measured; 0: not yet */
	uint64_t messages_told;           /* of routes, to the session */
	struct rib_steer_shift steered;   /* routes that plans moved, to and from it as an exit */
};

/* Prefixes of the octets that came last: see exchange_ahead.c. The counts are of those in `reader`. */
enum { EXCHANGE_AHEAD = 32 };
struct exchange_ahead {
	struct cursor input;
	bool on; /* the reader stands in the input */
	unsigned slot;
	struct bgp_ahead reader;
	uint32_t seen, again, taken; /* hinted at once, twice; done with */
	struct prefix prefixes[EXCHANGE_AHEAD];
};

struct exchange {
	const struct hub *hub;
	struct policy *policy;
	struct policy_sources sources;
	struct exchange_shell shell;
	struct exchange_taps taps; /* all zero: nobody listens */
	bool rejudging;            /* all of it, by a new policy */
	bool recount; /* when judging anew is done, other routes may count than before */
	uint64_t seed;
	struct exchange_peer *peers;
	unsigned slots;    /* of `peers` */
	uint32_t *slot_of; /* by index into hub->sessions; UINT32_MAX: none */
	struct rib *ribs[EXCHANGE_FAMILIES];
	struct flowspec_table *flow;
	struct srpolicy_table *sr;
	struct steer_sr_plan *sr_plan; /* of the corridor, the newest; NULL: none */
	struct arena *sr_arena;
	bool sr_by_plan;               /* its policies are in force */
	bool sr_waits;                 /* it comes in time again, not yet for long enough */
	struct mono_us sr_fresh_since; /* then since when */
	uint64_t flow_routes;          /* exchange_changes when rules were held against routes */
	struct mono_us flow_routes_at; /* and when that was */
	struct bgp_scratch *scratch;
	struct rib_variant *variants; /* of the verdict or mark being made */
	size_t variant_capacity;
	struct exchange_ahead ahead;
	struct buf kept; /* communities without those that members must not send */

	/* The end of a message of routes that was half sent when its session went down, until the
	 * connection is closed. */
	struct buf half;
	enum session_conn half_conn; /* SESSION_CONNS: none */
	struct buf refusal;          /* of the connection that was not accepted last */

	struct mono_us now;
	struct utc_s utc;
	struct mono_us started, applied; /* this process, and the picture in force */
	struct mono_us next_tick;
	bool any_blocked; /* of all peers */

	/* What members are sent was counted against their limits, so many changes ago; not again before. */
	uint64_t out_changes;
	struct mono_us out_at;

	uint64_t missed_told; /* in our log: of rib_totals.marks_missed */
	struct mono_us missed_told_at;
	/* All routes when one was closed for the memory they took; 0: they take less than that. */
	uint64_t memory_octets, memory_paths;

	/* The pieces given last. */
	struct {
		enum exchange_source source;
		size_t octets;
	} plan[5];
	size_t plan_count;

	/* We come back: until then neighbours that kept our routes are told nothing; 0: we do not. */
	struct mono_us return_until, someone_came;

	/* The corridor's plan (exchange_steer.c). */
	struct exchange_steer {
		enum exchange_steer_state state;
		bool by_plan; /* routes go by it */
		struct steer_plan *plan;
		struct arena *arena; /* of the plan */
		struct exchange_steer_matrix *matrix;
		struct mono_us fresh_since;
		struct mono_us awaited_until; /* the first plan; 0: it is not waited for */
		struct utc_s since;
		uint32_t epoch; /* grows when other sessions than before go by one row */
		struct exchange_steer_book {
			struct exchange_steer_change ring[EXCHANGE_STEER_CHANGES];
			uint64_t count; /* ever; the newest is the last */
			struct mono_us taken;
			bool open, stepping; /* not all is sent, not all is written */
			uint64_t from[EXCHANGE_FAMILIES], to[EXCHANGE_FAMILIES];
			bool *waiting; /* by slot: has not been sent all */
			unsigned slots;
		} book; /* exchange_steer_book.c */
	} steer;

	/* The operator's blackholes (exchange_blackhole.c). */
	struct exchange_blackhole blackholes[EXCHANGE_BLACKHOLES_MAX];
	size_t blackhole_count;
	uint64_t blackhole_changes;

	uint32_t *exported;
	uint64_t exported_at_changes;
	struct mono_us exported_at;
	struct exchange_counting {
		uint32_t *out; /* NULL: nothing is being counted */
		unsigned slots, family;
		uint32_t at;
		uint64_t changes; /* when it began */
	} counting;
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
/* Tells the tables whom to ask about routes. */
void exchange_hook(struct exchange *x);

/* --- exchange_flow.c --- */
/* NULL if there is no memory. */
struct flowspec_table *exchange_flow_new(struct exchange *x);
void exchange_flow_up(struct exchange *x, unsigned slot);
/* Takes the rules about traffic of an UPDATE. 0, or -1 if there was no memory for one of them. */
int exchange_flow_take(struct exchange *x, unsigned slot, const struct bgp_update *update);
/* Asks a neighbour again for rules that there was no room for. */
void exchange_flow_tick(struct exchange *x, unsigned slot);
/* Judges rules anew where that is needed, after routes of this turn; true when there is more to do. */
bool exchange_flow_turn(struct exchange *x);

/* --- exchange_sr.c --- */
void exchange_sr_up(struct exchange *x, unsigned slot);
/* Looks at the SR policies of an UPDATE. */
void exchange_sr_take(struct exchange *x, unsigned slot, const struct bgp_update *update);
/* The picture is new: those of the hub file are set anew. */
void exchange_sr_adopt(struct exchange *x);
/* --- exchange_sr_steer.c --- */
void exchange_sr_steer_adopt(struct exchange *x);
void exchange_sr_tick(struct exchange *x);

/* --- exchange_ahead.c --- */
/* These octets came from a neighbour, and are about to be taken. */
void exchange_ahead_begin(struct exchange *x, unsigned slot, struct cursor input);
/* The routes of this message are next. */
void exchange_ahead_message(struct exchange *x, struct cursor message);
/* So many prefixes are about to be taken. */
void exchange_ahead_taken(struct exchange *x, size_t count);

/* --- exchange_limits.c --- */
/* What the picture and the registry say about the neighbour's limits. */
void exchange_limits_set(struct exchange *x, unsigned slot);
/* Warns, and closes the session of a neighbour that announces too much. */
void exchange_limits_check(struct exchange *x, unsigned slot);
/* The same for all neighbours, when what was judged anew may count otherwise than before. */
void exchange_limits_check_all(struct exchange *x);
/* True when this path, which comes in, is to be refused, because it is one too many. */
bool exchange_limits_block(struct exchange *x, struct rib_source source,
			   const struct prefix *prefix);
/* The same for paths that are there and judged anew, one after the other. */
struct exchange_room {
	bool limited; /* else all fit */
	unsigned family;
	bool all_count;      /* refused ones too: those that did not fit still do not */
	uint32_t count, max; /* accepted; may be */
};
struct exchange_room exchange_limits_room(const struct exchange *x, unsigned slot, unsigned family);
/* Before everything is judged anew: works out what a limit that was lowered leaves over. */
void exchange_limits_lower(struct exchange *x);
bool exchange_limits_block_again(struct exchange *x, struct exchange_room *room,
				 const struct rib_asked *asked, size_t i, bool refused);
/* Where there is room again for paths that were one too many, they are judged anew. */
void exchange_limits_unblock(struct exchange *x);
/* Closes the sessions of those that would be sent more than they want. */
void exchange_limits_out(struct exchange *x);
/* Keeps all routes together within the hub's bound, and says when decisions had no room. */
void exchange_limits_memory(struct exchange *x);

/* --- exchange_sources.c --- */
/* Tells a new policy what the one before was told. */
void exchange_sources_use(struct exchange *x);
/* Begins to judge everything anew by the policy in force. */
void exchange_rejudge(struct exchange *x);
/* Goes on with it; true when there is more to do. */
bool exchange_rejudge_step(struct exchange *x);

/* --- exchange_stale.c --- */
void exchange_stale_lost(struct exchange *x, unsigned slot,
			 const struct session_graceful *graceful);
void exchange_stale_up(struct exchange *x, unsigned slot);
void exchange_stale_end_of_rib(struct exchange *x, unsigned slot, enum ip_family family);
void exchange_stale_refresh(struct exchange *x, unsigned slot, enum ip_family family, bool begins);
/* The neighbour's stale routes go at once: the operator took it down. */
void exchange_stale_drop(struct exchange *x, unsigned slot);
void exchange_stale_tick(struct exchange *x);
/* For at most so long neighbours that kept our routes are told nothing. */
void exchange_return_begin(struct exchange *x, uint32_t seconds);
bool exchange_return_holds(const struct exchange *x, unsigned slot);

/* --- exchange_steer.c --- */
/* Whether routes are kept from the session until there is a first plan. */
bool exchange_steer_awaits(const struct exchange *x, unsigned slot);
/* Goes over to another picture. */
void exchange_steer_anew(struct exchange *x);
void exchange_steer_tick(struct exchange *x);
/* Goes on with a change of the plan; true when there is more to do. */
bool exchange_steer_step(struct exchange *x);
void exchange_steer_fini(struct exchange *x);

/* --- exchange_steer_book.c --- */
/* The order of exits changes now. */
void exchange_steer_book_begin(struct exchange *x, const struct exchange_steer_change *change,
			       struct mono_us taken);
/* A turn has ended; `more`: not all is written yet. */
void exchange_steer_book_turn(struct exchange *x, bool more);
/* A session was sent routes. */
void exchange_steer_book_sent(struct exchange *x, unsigned slot, unsigned family,
			      struct mono_us now);
void exchange_steer_book_fini(struct exchange *x);

/* --- exchange_blackhole.c --- */
void exchange_blackhole_tick(struct exchange *x);

/* --- exchange.c --- */
/* Between ticks UTC goes with the monotonic clock. */
void exchange_pass_time(struct exchange *x, struct mono_us now);
/* Acts on what the session says until it has nothing more to say. */
void exchange_pump(struct exchange *x, unsigned slot);

/* --- exchange_picture.c --- */
/* Makes slots for the sessions of the picture, ends those that are gone. */
int exchange_adopt(struct exchange *x, const struct hub *hub);

/* --- exchange_exported.c --- */
/* Goes on with a count that somebody asked for; gives it up. */
void exchange_counting_step(struct exchange *x);
void exchange_counting_end(struct exchange *x);
