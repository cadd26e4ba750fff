/* The live state of the corridor: what is cut, drained or worked on at present, by order of those who
 * know, and a journal of these orders. Orders name things by kind and id, so that they still mean the
 * same when the hub file has changed in between; what a name no longer fits is not touched by it.
 *
 *   order ("cut cable TIC") ──► state ──► corridor_state_live: each segment of a plan
 *                                └──► corridor_state_encode: a file that outlives the process
 *
 * Orders stand beside each other: what is cut as part of a country stays cut when its cable is
 * restored. Of all orders that fit a segment the worst holds.
 *
 * Machines give orders as well (corridor_sense.h), and end only their own. The operator's word goes before
 * theirs: what the operator restores is up, whatever they say, until they agree that it is. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/cursor.h"
#include "corridor/corridor_plan.h"

/* From good to bad. */
enum corridor_live {
	CORRIDOR_UP,
	CORRIDOR_WORK,    /* planned work goes on: used only where there is no other way */
	CORRIDOR_DRAINED, /* likewise, until it is restored */
	CORRIDOR_CUT,     /* carries nothing */
	CORRIDOR_LIVES,
};

enum {
	CORRIDOR_ORDERS_MAX = 4096,
	CORRIDOR_EVENTS_MAX = 1024, /* the newest are kept */
	CORRIDOR_ORDER_TEXT_MAX = 255,
};

enum corridor_voice { CORRIDOR_OPERATOR, CORRIDOR_MACHINE };

/* An id, who or why has at most CORRIDOR_ORDER_TEXT_MAX octets. */
struct corridor_order {
	enum corridor_live live; /* CORRIDOR_UP: as the operator restored it, against a machine */
	enum corridor_voice voice;
	enum corridor_kind kind;
	const char *id;           /* of a site, segment or name of a class */
	struct utc_s from, until; /* 0: since it was given; until it is restored */
	struct utc_s given;
	const char *who, *why; /* "" when nobody said */
};

enum corridor_deed {
	CORRIDOR_ORDERED,
	CORRIDOR_RESTORED,
	CORRIDOR_RUN_OUT,
	CORRIDOR_FILLED, /* by the plan more is laid on a segment than its limit; `why` says how much */
	CORRIDOR_EASED, /* no more */
	/* The same of a port that an upstream is reached by: the id is the port's, the kind says nothing. */
	CORRIDOR_PORT_FILLED,
	CORRIDOR_PORT_EASED,
	CORRIDOR_DEEDS,
};

/* A line of the journal. */
struct corridor_event {
	uint64_t number; /* from 1, without gaps */
	struct utc_s at;
	enum corridor_deed deed;
	struct corridor_order
		order; /* of a restoration: what it ended, but who and why are its own */
};

struct corridor_state;

/* Nothing is ordered. NULL without memory. */
struct corridor_state *corridor_state_new(void);
void corridor_state_free(struct corridor_state *state);
/* From when on orders are kept: of before that nobody knows what was cut. 0: nobody said. */
void corridor_state_begin(struct corridor_state *state, struct utc_s since);
struct utc_s corridor_state_since(const struct corridor_state *state);
/* What was ordered before `at` is lost, until an operator gives an order again. */
void corridor_state_lose(struct corridor_state *state, struct utc_s at);
/* When that was; 0: nothing is. */
struct utc_s corridor_state_lost(const struct corridor_state *state);
/* NULL without memory. */
struct corridor_state *corridor_state_copy(const struct corridor_state *state);

enum corridor_state_result {
	CORRIDOR_STATE_DONE,
	CORRIDOR_STATE_AS_IT_WAS, /* the same is ordered already */
	CORRIDOR_STATE_NOTHING,   /* to be restored: nothing is ordered of that name */
	CORRIDOR_STATE_OVERRULED, /* a machine's: the operator has restored it */
	CORRIDOR_STATE_FULL,
	CORRIDOR_STATE_LONG, /* a text is too long */
	CORRIDOR_STATE_NO_MEMORY,
};

/* Gives an order at order->given; its texts are copied. A second order of the same state for the same
 * thing is none, but work may be planned for several times. */
enum corridor_state_result corridor_state_order(struct corridor_state *state,
						const struct corridor_order *order);
/* Ends all orders for that very thing that are in force, a machine only those of machines; if none is, the
 * work planned for it. */
enum corridor_state_result corridor_state_restore(struct corridor_state *state,
						  const struct corridor_order *by);
/* All of these, orders or restorations. Of the first that comes to nothing that is returned, and *wrong is its index; then
 * some of the others may be in the state already. */
enum corridor_state_result corridor_state_put(struct corridor_state *state,
					      const struct corridor_order *orders, size_t count,
					      size_t *wrong);
enum { CORRIDOR_ORDERS_TEXT = 256 };
/* "segment C01 and 2 more cut"; returns `out`. */
const char *corridor_orders_text(char out[CORRIDOR_ORDERS_TEXT],
				 const struct corridor_order *orders, size_t count);
/* Notes what is no order: of order->live, kind and id, at order->given. False without memory. */
bool corridor_state_note(struct corridor_state *state, enum corridor_deed deed,
			 const struct corridor_order *order);
/* Ends what has run out. True if something has. */
bool corridor_state_turn(struct corridor_state *state, struct utc_s now);

/* How each segment of the plan is at `now`; `live` has room for all. */
void corridor_state_live(enum corridor_live *live, const struct corridor_state *state,
			 const struct corridor_plan *plan, struct utc_s now);
bool corridor_order_in_force(const struct corridor_order *order, struct utc_s now);
bool corridor_order_fits(const struct corridor_order *order, const struct corridor_plan *plan,
			 uint32_t segment);

/* The state's, until it changes: the oldest first. */
const struct corridor_order *corridor_state_orders(const struct corridor_state *state,
						   size_t *count);
const struct corridor_event *corridor_state_events(const struct corridor_state *state,
						   size_t *count);

/* "up", "work", "drained", "cut" */
const char *corridor_live_word(enum corridor_live live);

/* Appends the state's bytes. */
void corridor_state_encode(const struct corridor_state *state, struct buf *out);
/* Reads them back. NULL: they are not a whole, sound state, or there is no memory. */
struct corridor_state *corridor_state_decode(struct cursor bytes);
