/* The parts of corridor_state; used by its files only. */
#pragma once

#include "corridor/corridor_state.h"

struct corridor_state {
	uint64_t next; /* number of the next event */
	struct utc_s since, lost;
	size_t order_count, event_count;
	struct corridor_order orders[CORRIDOR_ORDERS_MAX];
	struct corridor_event events[CORRIDOR_EVENTS_MAX]; /* the oldest first */
};

/* Appends a copy with texts of its own; there must be room for an order. False without memory. */
bool corridor_state_add_order(struct corridor_state *state, const struct corridor_order *order);
/* The same; the oldest goes when there is no room. */
bool corridor_state_add_event(struct corridor_state *state, const struct corridor_event *event);
