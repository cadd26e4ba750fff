/* A second route server, slow and obvious, to compare the hub with. It looks at the hub file, at what members said,
 * and at nothing that the exchange has worked out; with one exception: which routes of a session were one too many,
 * for that depends on what came first.
 *
 *	reference.c         which routes there are, in which order; whether everybody holds them
 *	reference_sent.c    who may hear a route, and in which words
 *	reference_judge.c   one route by itself: all that speaks against it
 *	reference_words.c   communities
 *	reference_table.c   what the hub says of its own table, sessions and counters */
#pragma once

#include "scenario/scenario.h"

/* --- the world around the hub, as storms make it --- */

struct reference_roa {
	struct prefix prefix;
	uint8_t max_length;
	uint32_t asn;
};

enum {
	REFERENCE_ROAS = 16,
	REFERENCE_ASPAS = 8,
	REFERENCE_PROVIDERS = 6,
	REFERENCE_OBJECTS = 64,
	REFERENCE_ORIGINS = 8,
	REFERENCE_FLAGGED = 4,
	REFERENCE_CHECKED = 256,
};

/* What a customer attests of its providers. */
struct reference_aspa {
	uint32_t customer, providers[REFERENCE_PROVIDERS];
	size_t count;
};

/* Of one member, in place of an AS-SET. */
struct reference_registered {
	uint32_t member;
	bool known; /* else nothing was ever heard of it */
	struct prefix prefixes[REFERENCE_OBJECTS];
	size_t prefix_count;
	uint32_t origins[REFERENCE_ORIGINS];
	size_t origin_count;
};

struct reference_world {
	bool rpki, registry; /* there is any */
	struct reference_roa roas[REFERENCE_ROAS];
	size_t roa_count;
	struct reference_aspa aspas[REFERENCE_ASPAS];
	size_t aspa_count;
	struct reference_registered *registered;
	size_t registered_count;
	uint32_t flagged[REFERENCE_FLAGGED]; /* never to be had via route servers */
	size_t flagged_count;
	/* Counts what happens besides routes coming and going. Prefixes whose every input is as it was when they were
	 * found to be right are not looked at again. */
	uint64_t round;
	struct reference_checked {
		struct prefix prefix;
		uint64_t inputs;
	} checked[REFERENCE_CHECKED];
};

/* --- communities --- */

enum reference_form {
	REFERENCE_STANDARD,
	REFERENCE_TARGET, /* an extended one, "rt" */
	REFERENCE_EXTENDED,
	REFERENCE_LARGE,
};

struct reference_word {
	enum reference_form form;
	uint32_t fields[3];
	uint64_t octets; /* of an extended one */
};

enum { REFERENCE_ARS = HUB_CODES_AROUTESERVER, REFERENCE_MEANINGS = 4 };

/* A pattern of some profiles; `number`: prepends, or REFERENCE_ARS for codes as arouteserver has them. */
struct reference_row {
	unsigned profiles;
	enum hub_community_action action;
	unsigned number;
	const char *pattern;
};
extern const struct reference_row reference_rows[];
extern const size_t reference_row_count;
/* Is it in force at this hub? */
bool reference_row_holds(const struct hub *hub, const struct reference_row *row);

struct reference_meaning {
	enum hub_community_action action;
	unsigned times;
	bool has_p, large;
	uint32_t p;
};

/* The communities of a route in words; at most `max`. */
size_t reference_read_words(struct reference_word *out, size_t max, const char *route);
size_t reference_meanings(struct reference_meaning out[REFERENCE_MEANINGS], const struct hub *hub,
			  const struct reference_word *word);
/* The words of a route as the hub takes them: without the communities that are not for members to say. From the
 * scenario's arena. */
const char *reference_as_taken(const struct scenario *s, const char *route);
/* Is passed on. */
bool reference_stays(const struct hub *hub, const struct reference_word *word);
/* Appends " large 64500:1:64801". */
void reference_write_word(struct buf *to, const struct reference_word *word);
/* The same of a pattern with that at its P, or nothing if it cannot be written so. */
void reference_put_word(struct buf *to, const char *pattern, uint32_t hub, uint32_t p);

/* --- routes --- */

enum { REFERENCE_WORDS = 32, REFERENCE_HOPS = 48 };

/* A route that a member announced, taken apart and judged. */
struct reference_route {
	const struct member *from;
	const struct hub_member *member;
	const struct hub_session *session;
	struct prefix prefix;
	const char *said;
	uint32_t path_id;
	bool stale, late; /* its session was lost; for long */

	uint32_t path[REFERENCE_HOPS]; /* a set as 0 */
	size_t hops;
	bool has_set;
	uint32_t origin_as; /* 0: none */
	unsigned origin;
	uint32_t med;
	struct ip next_hop;
	struct reference_word words[REFERENCE_WORDS];
	bool stays[REFERENCE_WORDS]; /* is passed on */
	size_t word_count;
	struct reference_meaning asks[REFERENCE_WORDS * 2];
	size_t ask_count;
	bool otc;

	uint64_t reasons; /* bits of enum policy_reason */
	bool refused, blackhole, last_resort;
	/* What was found out, as Euro-IX numbers it: RPKI 1 valid, 2 unknown, 3 not checked, 4 invalid. */
	unsigned rpki;
	bool irr_checked, irr_prefix, irr_origin; /* counts as registered, somehow */
	bool irr_has_prefix, irr_has_origin, irr_longer, irr_roa, irr_list; /* how */
};

/* The session of the hub file; NULL: it has none any more. And its slot, or -1. */
const struct hub_session *reference_session(const struct scenario *s, const struct member *m);
int reference_slot(const struct scenario *s, const struct member *m);
/* Its session stands, at both ends: its connection. Else NULL. */
struct member_conn *reference_stands(const struct scenario *s, const struct member *m);

/* What m said (or is kept of it), taken apart and judged; found again while the world stays as it is. One that is one
 * too many is for the caller to know of. */
const struct reference_route *reference_judge(const struct scenario *s, const struct member *m,
					      const struct member_route *said);
bool reference_has(const struct reference_route *route, uint32_t a, uint32_t b);
bool reference_asks(const struct reference_route *route, enum hub_community_action action);

struct reference_receiver {
	const struct member *m;
	const struct hub_member *member;
	const struct hub_session *session;
};

/* May it hear the route, if nothing better is in the way? */
bool reference_may_have(const struct scenario *s, const struct reference_route *r,
			const struct reference_receiver *to);
/* The route as it hears it, with a zero. */
void reference_put_words(struct buf *to, const struct scenario *s, const struct reference_route *r,
			 const struct reference_receiver *receiver);

/* False: some member does not hold exactly what it should; then `wrong` says who and what. */
bool reference_check(const struct scenario *s, char *wrong, size_t size);
/* False: the hub's own table, sessions and counters are not as they should be. `settled`: there was time for routes
 * above a limit to be let in again. */
bool reference_check_table(const struct scenario *s, bool settled, char *wrong, size_t size);
/* Routes of the session in that family: accepted, or all. With those that are kept of it. */
size_t reference_count(const struct scenario *s, const struct member *m, enum ip_family family,
		       bool all);
