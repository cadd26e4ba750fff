/* The corridor's live state as bytes, and back: sealed (base/sealed.h) as "SRCS".
 *
 *	next u64 | since u64, lost u64 (from version 3) | orders u32, each: order | events u32, each: number u64, at u64, deed u8, order
 *	order: live u8 | voice u8 (from version 2) | kind u8 | from u64 | until u64 | given u64 | id, who, why: u16 and octets */
#include <string.h>

#include "base/sealed.h"
#include "corridor/corridor_state_parts.h"

static const struct sealed_kind kind = {0x53524353, 1, 3, 0}; /* "SRCS" */

static void
put_order(struct buf *out, const struct corridor_order *order)
{
	buf_u8(out, (uint8_t)order->live);
	buf_u8(out, (uint8_t)order->voice);
	buf_u8(out, (uint8_t)order->kind);
	buf_u64(out, (uint64_t)order->from.s);
	buf_u64(out, (uint64_t)order->until.s);
	buf_u64(out, (uint64_t)order->given.s);
	buf_text(out, order->id);
	buf_text(out, order->who);
	buf_text(out, order->why);
}

void
corridor_state_encode(const struct corridor_state *state, struct buf *out)
{
	size_t start = sealed_begin(out, &kind, 0);
	buf_u64(out, state->next);
	buf_u64(out, (uint64_t)state->since.s);
	buf_u64(out, (uint64_t)state->lost.s);
	buf_u32(out, (uint32_t)state->order_count);
	for (size_t i = 0; i < state->order_count; i++)
		put_order(out, &state->orders[i]);
	buf_u32(out, (uint32_t)state->event_count);
	for (size_t i = 0; i < state->event_count; i++) {
		const struct corridor_event *event = &state->events[i];
		buf_u64(out, event->number);
		buf_u64(out, (uint64_t)event->at.s);
		buf_u8(out, (uint8_t)event->deed);
		put_order(out, &event->order);
	}
	sealed_end(out, start);
}

static const char *
take_text(struct cursor *in, char text[CORRIDOR_ORDER_TEXT_MAX + 1])
{
	size_t length = cursor_u16(in);
	const uint8_t *octets = length <= CORRIDOR_ORDER_TEXT_MAX ? cursor_take(in, length) : NULL;
	if (!octets || (length && memchr(octets, 0, length))) {
		cursor_fail(in);
		return "";
	}
	memcpy(text, octets, length);
	text[length] = 0;
	return text;
}

/* What orders are read with, and their texts while they are. */
struct texts {
	uint16_t version;
	char id[CORRIDOR_ORDER_TEXT_MAX + 1];
	char who[CORRIDOR_ORDER_TEXT_MAX + 1];
	char why[CORRIDOR_ORDER_TEXT_MAX + 1];
};

static struct corridor_order
take_order(struct cursor *in, struct texts *texts)
{
	uint8_t live = cursor_u8(in);
	uint8_t voice = texts->version > 1 ? cursor_u8(in) : CORRIDOR_OPERATOR;
	uint8_t what = cursor_u8(in);
	struct corridor_order order = {
		.live = (enum corridor_live)live,
		.voice = (enum corridor_voice)voice,
		.kind = (enum corridor_kind)what,
		.from = {(int64_t)cursor_u64(in)},
		.until = {(int64_t)cursor_u64(in)},
		.given = {(int64_t)cursor_u64(in)},
	};
	order.id = take_text(in, texts->id);
	order.who = take_text(in, texts->who);
	order.why = take_text(in, texts->why);
	if (live >= CORRIDOR_LIVES || voice > CORRIDOR_MACHINE || what >= CORRIDOR_KINDS ||
	    !*order.id)
		cursor_fail(in);
	return order;
}

static bool
take_orders(struct corridor_state *state, struct cursor *in, struct texts *texts)
{
	uint32_t count = cursor_u32(in);
	for (uint32_t i = 0; i < count; i++) {
		struct corridor_order order = take_order(in, texts);
		if (in->failed || i == CORRIDOR_ORDERS_MAX ||
		    !corridor_state_add_order(state, &order))
			return false;
	}
	return !in->failed;
}

static bool
take_events(struct corridor_state *state, struct cursor *in, struct texts *texts)
{
	uint32_t count = cursor_u32(in);
	for (uint32_t i = 0; i < count; i++) {
		struct corridor_event event = {
			.number = cursor_u64(in),
			.at = {(int64_t)cursor_u64(in)},
		};
		uint8_t deed = cursor_u8(in);
		event.deed = (enum corridor_deed)deed;
		event.order = take_order(in, texts);
		/* Numbers run without gaps up to the next. */
		if (in->failed || deed >= CORRIDOR_DEEDS || i == CORRIDOR_EVENTS_MAX ||
		    event.number != state->next - (count - i) ||
		    !corridor_state_add_event(state, &event))
			return false;
	}
	return !in->failed && state->next > state->event_count;
}

struct corridor_state *
corridor_state_decode(struct cursor bytes)
{
	struct sealed sealed = sealed_open(&kind, bytes);
	struct corridor_state *state = sealed.body.failed ? NULL : corridor_state_new();
	if (!state)
		return NULL;
	struct texts texts = {.version = sealed.version};
	state->next = cursor_u64(&sealed.body);
	if (sealed.version > 2) {
		state->since.s = (int64_t)cursor_u64(&sealed.body);
		state->lost.s = (int64_t)cursor_u64(&sealed.body);
	}
	if (take_orders(state, &sealed.body, &texts) && take_events(state, &sealed.body, &texts) &&
	    !cursor_left(&sealed.body))
		return state;
	corridor_state_free(state);
	return NULL;
}
