/* Orders about the corridor, and what follows from them for each segment. */
#include "corridor/corridor_state.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "corridor/corridor_names.h"
#include "corridor/corridor_state_parts.h"

const char *
corridor_live_word(enum corridor_live live)
{
	static const char *const words[CORRIDOR_LIVES] = {"up", "work", "drained", "cut"};
	return words[live];
}

struct corridor_state *
corridor_state_new(void)
{
	struct corridor_state *state = calloc(1, sizeof(*state));
	if (state)
		state->next = 1;
	return state;
}

void
corridor_state_begin(struct corridor_state *state, struct utc_s since)
{
	state->since = since;
}

struct utc_s
corridor_state_since(const struct corridor_state *state)
{
	return state->since;
}

void
corridor_state_lose(struct corridor_state *state, struct utc_s at)
{
	state->lost = at;
}

struct utc_s
corridor_state_lost(const struct corridor_state *state)
{
	return state->lost;
}

/* An operator gave an order: who does knows what stands. */
static void
find_again(struct corridor_state *state, enum corridor_voice voice)
{
	if (voice == CORRIDOR_OPERATOR)
		state->lost = (struct utc_s){0};
}

/* An order's three texts are one piece of memory, at its id. */
static void
drop(struct corridor_order *order)
{
	free((void *)(uintptr_t)order->id);
}

/* Makes texts of its own for an order that was copied. */
static bool
own(struct corridor_order *order)
{
	size_t id = strlen(order->id) + 1, who = strlen(order->who) + 1;
	size_t why = strlen(order->why) + 1;
	char *text = malloc(id + who + why);
	if (!text)
		return false;
	order->id = memcpy(text, order->id, id);
	order->who = memcpy(text + id, order->who, who);
	order->why = memcpy(text + id + who, order->why, why);
	return true;
}

void
corridor_state_free(struct corridor_state *state)
{
	if (!state)
		return;
	for (size_t i = 0; i < state->order_count; i++)
		drop(&state->orders[i]);
	for (size_t i = 0; i < state->event_count; i++)
		drop(&state->events[i].order);
	free(state);
}

bool
corridor_state_add_order(struct corridor_state *state, const struct corridor_order *order)
{
	struct corridor_order *to = &state->orders[state->order_count];
	*to = *order;
	if (!own(to))
		return false;
	state->order_count++;
	return true;
}

bool
corridor_state_add_event(struct corridor_state *state, const struct corridor_event *event)
{
	struct corridor_event made = *event;
	if (!own(&made.order))
		return false;
	if (state->event_count == CORRIDOR_EVENTS_MAX) {
		drop(&state->events[0].order);
		memmove(state->events, state->events + 1,
			--state->event_count * sizeof(*state->events));
	}
	state->events[state->event_count++] = made;
	return true;
}

struct corridor_state *
corridor_state_copy(const struct corridor_state *state)
{
	struct corridor_state *copy = corridor_state_new();
	bool whole = copy;
	for (size_t i = 0; whole && i < state->order_count; i++)
		whole = corridor_state_add_order(copy, &state->orders[i]);
	for (size_t i = 0; whole && i < state->event_count; i++)
		whole = corridor_state_add_event(copy, &state->events[i]);
	if (whole) {
		copy->next = state->next;
		copy->since = state->since;
		copy->lost = state->lost;
		return copy;
	}
	corridor_state_free(copy);
	return NULL;
}

/* The journal's line for an order. */
static bool
note(struct corridor_state *state, const struct corridor_order *order, enum corridor_deed deed,
     struct utc_s at)
{
	struct corridor_event event = {state->next, at, deed, *order};
	if (!corridor_state_add_event(state, &event))
		return false;
	state->next++;
	return true;
}

static bool
same_thing(const struct corridor_order *a, const struct corridor_order *b)
{
	return a->kind == b->kind && strcasecmp(a->id, b->id) == 0;
}

static bool
same_order(const struct corridor_order *a, const struct corridor_order *b)
{
	return same_thing(a, b) && a->live == b->live && a->voice == b->voice &&
	       (a->live != CORRIDOR_WORK || (a->from.s == b->from.s && a->until.s == b->until.s));
}

static bool
fits_room(const struct corridor_order *order)
{
	return strlen(order->id) <= CORRIDOR_ORDER_TEXT_MAX &&
	       strlen(order->who) <= CORRIDOR_ORDER_TEXT_MAX &&
	       strlen(order->why) <= CORRIDOR_ORDER_TEXT_MAX;
}

static void
take_out(struct corridor_state *state, size_t at)
{
	drop(&state->orders[at]);
	memmove(&state->orders[at], &state->orders[at + 1],
		(--state->order_count - at) * sizeof(*state->orders));
}

/* The operator's word that a thing is up; order_count: there is none. */
static size_t
find_trust(const struct corridor_state *state, const struct corridor_order *thing)
{
	size_t i = 0;
	while (i < state->order_count &&
	       (state->orders[i].live != CORRIDOR_UP || !same_thing(&state->orders[i], thing)))
		i++;
	return i;
}

static void
end_trust(struct corridor_state *state, const struct corridor_order *thing)
{
	size_t at = find_trust(state, thing);
	if (at < state->order_count)
		take_out(state, at);
}

bool
corridor_state_note(struct corridor_state *state, enum corridor_deed deed,
		    const struct corridor_order *order)
{
	return note(state, order, deed, order->given);
}

enum corridor_state_result
corridor_state_order(struct corridor_state *state, const struct corridor_order *order)
{
	assert(state && order && order->live > CORRIDOR_UP && order->live < CORRIDOR_LIVES);
	if (!fits_room(order))
		return CORRIDOR_STATE_LONG;
	for (size_t i = 0; i < state->order_count; i++)
		if (same_order(&state->orders[i], order))
			return CORRIDOR_STATE_AS_IT_WAS;
	if (order->voice == CORRIDOR_MACHINE && find_trust(state, order) < state->order_count)
		return CORRIDOR_STATE_OVERRULED;
	if (state->order_count == CORRIDOR_ORDERS_MAX)
		return CORRIDOR_STATE_FULL;
	if (!corridor_state_add_order(state, order))
		return CORRIDOR_STATE_NO_MEMORY;
	if (!note(state, order, CORRIDOR_ORDERED, order->given)) {
		drop(&state->orders[--state->order_count]);
		return CORRIDOR_STATE_NO_MEMORY;
	}
	if (order->live == CORRIDOR_CUT)
		end_trust(state, order);
	find_again(state, order->voice);
	return CORRIDOR_STATE_DONE;
}

/* What ending orders came to. */
struct ended {
	bool some, of_machines, no_memory;
};

/* Ends those for the thing of `by` that are in force, or those that are not, as far as `by` may. */
static struct ended
end_orders(struct corridor_state *state, const struct corridor_order *by, bool in_force)
{
	struct ended result = {false, false, false};
	for (size_t i = state->order_count; i-- > 0;) {
		struct corridor_order ended = state->orders[i];
		bool may = by->voice == CORRIDOR_OPERATOR || ended.voice == CORRIDOR_MACHINE;
		if (!same_thing(&ended, by) || ended.live == CORRIDOR_UP || !may ||
		    corridor_order_in_force(&ended, by->given) != in_force)
			continue;
		result.of_machines |= ended.voice == CORRIDOR_MACHINE;
		ended.who = by->who;
		ended.why = by->why;
		if (!note(state, &ended, CORRIDOR_RESTORED, by->given)) {
			result.no_memory = true;
			return result;
		}
		take_out(state, i);
		result.some = true;
	}
	return result;
}

/* A machine was overruled: its next word to the same is not heard until it says otherwise. */
static bool
trust(struct corridor_state *state, const struct corridor_order *by)
{
	struct corridor_order up = *by;
	up.live = CORRIDOR_UP;
	up.from = by->given;
	up.until = (struct utc_s){0};
	return corridor_state_add_order(state, &up);
}

enum corridor_state_result
corridor_state_restore(struct corridor_state *state, const struct corridor_order *by)
{
	assert(state && by);
	if (!fits_room(by))
		return CORRIDOR_STATE_LONG;
	struct ended ended = end_orders(state, by, true);
	if (!ended.some && !ended.no_memory && by->voice == CORRIDOR_OPERATOR)
		ended = end_orders(state, by, false);
	if (by->voice == CORRIDOR_MACHINE) {
		size_t before = state->order_count;
		end_trust(state, by);
		ended.some |= state->order_count < before;
	} else if (ended.of_machines && !ended.no_memory) {
		ended.no_memory = !trust(state, by);
	}
	if (ended.some)
		find_again(state, by->voice);
	return ended.no_memory ? CORRIDOR_STATE_NO_MEMORY
	       : ended.some    ? CORRIDOR_STATE_DONE
			       : CORRIDOR_STATE_NOTHING;
}

enum corridor_state_result
corridor_state_put(struct corridor_state *state, const struct corridor_order *orders, size_t count,
		   size_t *wrong)
{
	for (size_t i = 0; i < count; i++) {
		enum corridor_state_result result =
			orders[i].live == CORRIDOR_UP ? corridor_state_restore(state, &orders[i])
						      : corridor_state_order(state, &orders[i]);
		if (result == CORRIDOR_STATE_DONE)
			continue;
		*wrong = i;
		return result;
	}
	return CORRIDOR_STATE_DONE;
}

const char *
corridor_orders_text(char out[CORRIDOR_ORDERS_TEXT], const struct corridor_order *orders,
		     size_t count)
{
	static const char *const deeds[] = {"restored", "work planned", "drained", "cut"};
	char more[32] = "";
	if (count > 1)
		(void)snprintf(more, sizeof(more), " and %zu more", count - 1);
	(void)snprintf(out, CORRIDOR_ORDERS_TEXT, "%s %.190s%s %s",
		       corridor_kind_word(orders->kind), orders->id, more, deeds[orders->live]);
	return out;
}

bool
corridor_state_turn(struct corridor_state *state, struct utc_s now)
{
	bool turned = false;
	for (size_t i = state->order_count; i-- > 0;) {
		const struct corridor_order *order = &state->orders[i];
		/* Without memory for its line an order stays where it is, and is in force no more. */
		if (!order->until.s || now.s < order->until.s ||
		    !note(state, order, CORRIDOR_RUN_OUT, order->until))
			continue;
		take_out(state, i);
		turned = true;
	}
	return turned;
}

bool
corridor_order_in_force(const struct corridor_order *order, struct utc_s now)
{
	return now.s >= order->from.s && (!order->until.s || now.s < order->until.s);
}

bool
corridor_order_fits(const struct corridor_order *order, const struct corridor_plan *plan,
		    uint32_t segment)
{
	const struct hub *hub = plan->hub;
	const struct hub_segment *s = &hub->segments[segment];
	if (order->kind == CORRIDOR_A_SEGMENT)
		return strcasecmp(s->id, order->id) == 0;
	if (order->kind == CORRIDOR_A_SITE)
		return strcasecmp(hub->sites[s->a].id, order->id) == 0 ||
		       strcasecmp(hub->sites[s->b].id, order->id) == 0;
	enum corridor_class class = (enum corridor_class)order->kind;
	uint32_t name = corridor_plan_name(plan, class, order->id);
	return name != HUB_NONE && corridor_plan_has(plan, class, segment, name);
}

void
corridor_state_live(enum corridor_live *live, const struct corridor_state *state,
		    const struct corridor_plan *plan, struct utc_s now)
{
	size_t count = plan->hub->segment_count;
	for (size_t s = 0; s < count; s++)
		live[s] = CORRIDOR_UP;
	for (size_t i = 0; i < state->order_count; i++) {
		const struct corridor_order *order = &state->orders[i];
		if (!corridor_order_in_force(order, now))
			continue;
		for (uint32_t s = 0; s < count; s++)
			if (live[s] < order->live && corridor_order_fits(order, plan, s))
				live[s] = order->live;
	}
}

const struct corridor_order *
corridor_state_orders(const struct corridor_state *state, size_t *count)
{
	*count = state->order_count;
	return state->orders;
}

const struct corridor_event *
corridor_state_events(const struct corridor_state *state, size_t *count)
{
	*count = state->event_count;
	return state->events;
}
