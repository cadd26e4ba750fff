/* One scenario being played: a hub without sockets, members that speak to it, a clock that only the scenario moves.
 *
 *   scenario_test.c   which files, how often each, TAP
 *   script.c          lines and words
 *   play.c            time, hub files, expectations; the table of what a line may begin with
 *   member.c          a member's side of its connections: sockets of bounded size, a simple BGP speaker, what it holds
 *   route.c           routes as words and on the wire
 *   exchange_steps.c  lines about members and routes
 *   source_steps.c    lines about registries and the RPKI, and the hub's process going and coming
 *   storm.c           lines made up from a seed; storm_hub.c, storm_lines.c: those of large ones; storm_test.c plays many
 *   reference.c       a second route server, slow and obvious, to compare with, and its parts (reference.h)
 *   transit.h         lines about the corridor's plan, and a second view of who takes which exit
 *   traffic_steps.c   lines about traffic, bins and invoices
 *
 * Nothing here looks at the machine's clock or at chance: the same file gives the same octets in the same order. A
 * file is played several times; the first time every octet arrives at once, later in pieces of lengths that a seed
 * gives, and everything that is expected must come out the same. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "exchange/exchange.h"
#include "hub/hub.h"
#include "scenario/member.h"
#include "scenario/script.h"

struct traffic;
struct transit;
struct sources;
struct reference_world;

struct scenario {
	struct script script;
	struct line line;
	struct arena *arena; /* all that lives as long as the scenario */
	const char *title;
	uint64_t random; /* lengths of pieces; 0: whole */
	bool quiet;      /* only failures are reported */
	unsigned expected, failed;
	bool broken; /* the script cannot go on */
	bool spoke;  /* octets went between hub and members */

	struct mono_us now;
	struct utc_s epoch; /* UTC of the time 0 */
	struct hub *hub;

	/* exchange_steps.c */
	struct exchange *exchange;
	struct member *members; /* a list */
	bool in_turn;           /* "in one turn": nothing moves until its end */

	/* storm.c */
	struct reference_world *world;

	/* source_steps.c */
	struct sources *sources;

	/* transit_steps.c */
	struct transit *transit;

	/* traffic_steps.c */
	struct traffic *traffic;
};

/* --- for the steps --- */

/* What a line expects was so or was not; then `got` says what was instead. */
void scenario_expect(struct scenario *s, bool held, const char *got, ...)
	__attribute__((format(printf, 3, 4)));
/* The line makes no sense: the scenario ends here, as a failure. Returns true, as steps do. */
bool scenario_broken(struct scenario *s, const char *why, ...)
	__attribute__((format(printf, 2, 3)));
/* Takes a time from the line. False, and broken, if there is none. */
bool scenario_take_time(struct scenario *s, struct mono_us *out);
/* Plays one more line, as if it stood here; `here` is what stands under it, or NULL. */
void scenario_line(struct scenario *s, const char *text, const char *here);
/* A number that looks random, of the scenario's seed. */
uint64_t scenario_random(struct scenario *s);
struct utc_s scenario_utc(const struct scenario *s);

/* Each of these looks at the line; false: it is none of its own. */
bool exchange_step(struct scenario *s);
bool traffic_step(struct scenario *s);

/* Goes over to this picture, the first one or another. The old one is freed by the caller, after. */
void exchange_take_hub(struct scenario *s, const struct hub *hub);
void traffic_take_hub(struct scenario *s, const struct hub *hub);
/* The next moment at which something happens by itself; then what happens at s->now. */
struct mono_us exchange_next(const struct scenario *s);
void exchange_pass(struct scenario *s);
struct mono_us traffic_next(const struct scenario *s);
void traffic_pass(struct scenario *s);
/* What must be so at the end, said or not: an expectation of its own. */
void exchange_end(struct scenario *s);
/* Frees everything. */
void exchange_finish(struct scenario *s);
void traffic_finish(struct scenario *s);
