/* A meter's state as bytes, and back.
 *
 * Sealed (base/sealed.h) as "SRMC":
 *
 *	batches (count u32; each: length u32, as hub/traffic.h encodes it)
 *	last readings (count u32; each: port, exporter, interface, and the reading)
 *	since version 2 what was learned (count u32; each: port, of which interface u64, ifIndex u32,
 *	when u64; see struct roster_port)
 *	since version 3 what the watch keeps (watch_kept.c)
 *
 * Text is a length (u16) and octets. */
#include "meter/meter_checkpoint.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/sealed.h"
#include "meter/meter_state.h"

enum {
	/* The least octets that a batch and a reading take. */
	BATCH_LEAST = 4 + 20,
	READING_SIZE = 2 + 2 + 4 + 4 + 8 + COUNTER_VALUES * 8 + 3 + 4 + 4 + 8,
	LEARNED_SIZE = 2 + 8 + 4 + 8,
};

static const struct sealed_kind kind = {0x53524d43, 1, 3, 0}; /* "SRMC" */
static const uint32_t NARROW = 1u << 31;                      /* in the set of wide values */

/* --- writing --- */

static void
put_batch(struct buf *out, const struct traffic_batch *batch)
{
	size_t at = out->length;
	buf_u32(out, 0);
	traffic_encode(batch, out);
	if (!out->failed)
		buf_set_u32(out, at, (uint32_t)(out->length - at - 4));
}

/* Counters that came late for a bin that was given, and are not given yet. */
static int
put_late(struct buf *out, const struct meter *m, struct arena *arena, uint32_t *count)
{
	struct utc_s start = {-1};
	struct traffic_batch batch;
	while (counters_late_after(m->counters, &start)) {
		if (meter_make_supplement(&batch, m, start, arena) < 0)
			return -1;
		put_batch(out, &batch);
		++*count;
	}
	return 0;
}

static int
put_batches(struct buf *out, const struct meter *m, struct utc_s now, struct arena *arena)
{
	size_t at = out->length;
	uint32_t count = 0;
	struct traffic_batch batch;
	buf_u32(out, 0);
	if (m->given) {
		put_batch(out, &m->out);
		count++;
	}
	for (size_t i = m->resumed_given; i < m->resumed_count; i++, count++)
		put_batch(out, &m->resumed[i]);
	if (put_late(out, m, arena, &count) < 0)
		return -1;
	if (m->has_closing) {
		if (meter_make_batch(&batch, m, &m->closing, arena) < 0)
			return -1;
		put_batch(out, &batch);
		count++;
	}
	if (meter_make_batch(&batch, m, &m->open, arena) < 0)
		return -1;
	batch.covered_s = meter_covered(m, &m->open, now);
	put_batch(out, &batch);
	count++;
	if (!out->failed)
		buf_set_u32(out, at, count);
	return 0;
}

static void
put_readings(struct buf *out, const struct meter *m)
{
	size_t at = out->length;
	uint32_t count = 0;
	buf_u32(out, 0);
	for (uint32_t i = 0; i < m->roster.slot_count; i++) {
		const struct roster_slot *slot = &m->roster.slots[i];
		struct counter_last last = counters_last(m->counters, i);
		if (!last.known || !slot->current)
			continue;
		buf_text(out, m->roster.ports[slot->port].id);
		buf_text(out,
			 slot->exporter == HUB_NONE ? "" : m->roster.exporters[slot->exporter].id);
		buf_u32(out, slot->if_index);
		buf_u32(out, last.wide | (last.narrow ? NARROW : 0));
		buf_u64(out, (uint64_t)last.at_s);
		for (int v = 0; v < COUNTER_VALUES; v++)
			buf_u64(out, last.reading.value[v]);
		buf_u8(out, (uint8_t)last.reading.source);
		buf_u8(out, last.reading.width);
		buf_u8(out, last.reading.has_uptime);
		buf_u32(out, last.reading.uptime_ms);
		buf_u32(out, last.reading.discontinuity);
		buf_u64(out, last.reading.speed_bps);
		count++;
	}
	if (!out->failed)
		buf_set_u32(out, at, count);
}

static void
put_learned(struct buf *out, const struct meter *m)
{
	size_t at = out->length;
	uint32_t count = 0;
	buf_u32(out, 0);
	for (size_t i = 0; i < m->roster.port_count; i++) {
		const struct roster_port *p = &m->roster.ports[i];
		if (p->hub_port == HUB_NONE || !p->learned)
			continue;
		buf_text(out, p->id);
		buf_u64(out, p->learned_for);
		buf_u32(out, p->learned);
		buf_u64(out, (uint64_t)p->learned_s);
		count++;
	}
	if (!out->failed)
		buf_set_u32(out, at, count);
}

int
meter_checkpoint(const struct meter *m, struct utc_s now, struct buf *out)
{
	struct arena *arena = arena_new();
	size_t start = sealed_begin(out, &kind, 0);
	int result = arena ? put_batches(out, m, now, arena) : -1;
	put_readings(out, m);
	put_learned(out, m);
	watch_keep(m->watch, out);
	sealed_end(out, start);
	arena_free(arena);
	if (result == 0 && !out->failed)
		return 0;
	out->length = start;
	out->failed = false;
	return -1;
}

/* --- reading --- */

/* The batches, in `arena`; NULL when one of them is none, or there is no memory. */
static struct traffic_batch *
take_batches(struct cursor *c, struct arena *arena, size_t *count)
{
	*count = cursor_u32(c);
	if (*count > cursor_left(c) / BATCH_LEAST)
		return NULL;
	struct traffic_batch *list = arena_take(arena, (*count + 1) * sizeof(*list));
	for (size_t i = 0; list && i < *count; i++) {
		struct cursor one = cursor_sub(c, cursor_u32(c));
		if (one.failed || traffic_decode(&list[i], arena, one) < 0)
			return NULL;
	}
	return list;
}

struct place {
	struct cursor port, exporter;
	uint32_t if_index;
};

static bool
is_text(struct cursor c, const char *text)
{
	size_t length = strlen(text);
	return cursor_left(&c) == length && memcmp(c.at, text, length) == 0;
}

/* The slot that was read, as the roster numbers it now; HUB_NONE: there is none. */
static uint32_t
slot_of(const struct meter *m, const struct place *place, const uint32_t *by_id)
{
	uint32_t port = roster_find(&m->roster, by_id, place->port.at, cursor_left(&place->port));
	if (port == HUB_NONE)
		return HUB_NONE;
	for (uint32_t i = m->roster.ports[port].slots; i != HUB_NONE; i = m->roster.slots[i].next) {
		const struct roster_slot *s = &m->roster.slots[i];
		const char *exporter =
			s->exporter == HUB_NONE ? "" : m->roster.exporters[s->exporter].id;
		if (s->current && s->if_index == place->if_index &&
		    is_text(place->exporter, exporter))
			return i;
	}
	return HUB_NONE;
}

static struct cursor
take_text(struct cursor *c)
{
	return cursor_sub(c, cursor_u16(c));
}

static struct counter_last
take_reading(struct cursor *c, struct place *place)
{
	struct counter_last last = {.known = true};
	place->port = take_text(c);
	place->exporter = take_text(c);
	place->if_index = cursor_u32(c);
	uint32_t widths = cursor_u32(c);
	last.wide = widths & ~NARROW;
	last.narrow = widths & NARROW;
	last.at_s = (int64_t)cursor_u64(c);
	for (int v = 0; v < COUNTER_VALUES; v++)
		last.reading.value[v] = cursor_u64(c);
	uint8_t source = cursor_u8(c);
	last.reading.width = cursor_u8(c);
	uint8_t has_uptime = cursor_u8(c);
	last.reading.uptime_ms = cursor_u32(c);
	last.reading.discontinuity = cursor_u32(c);
	last.reading.speed_bps = cursor_u64(c);
	if (source > TRAFFIC_BY_PUSH || has_uptime > 1 || last.at_s < 0)
		cursor_fail(c);
	last.reading.source = (enum traffic_source)source;
	last.reading.has_uptime = has_uptime;
	return last;
}

static void
take_readings(struct meter *m, struct cursor *c, const uint32_t *by_id)
{
	uint32_t count = cursor_u32(c);
	if (count > cursor_left(c) / READING_SIZE)
		cursor_fail(c);
	for (uint32_t i = 0; i < count && !c->failed; i++) {
		struct place place;
		struct counter_last last = take_reading(c, &place);
		uint32_t slot = by_id && !c->failed ? slot_of(m, &place, by_id) : HUB_NONE;
		if (slot != HUB_NONE)
			counters_resume(m->counters, slot, last);
	}
}

/* Of the same interface only: the hub file may have been changed meanwhile. */
static void
take_learned(struct meter *m, struct cursor *c, const uint32_t *by_id, struct utc_s now)
{
	uint32_t count = cursor_u32(c);
	if (count > cursor_left(c) / LEARNED_SIZE)
		cursor_fail(c);
	for (uint32_t i = 0; i < count && !c->failed; i++) {
		struct cursor id = take_text(c);
		uint64_t of = cursor_u64(c);
		uint32_t if_index = cursor_u32(c);
		struct utc_s at = {(int64_t)cursor_u64(c)};
		if (at.s < 0)
			cursor_fail(c);
		if (c->failed || !by_id)
			continue;
		uint32_t port = roster_find(&m->roster, by_id, id.at, cursor_left(&id));
		const struct roster_port *p = port == HUB_NONE ? NULL : &m->roster.ports[port];
		if (p && p->own != HUB_NONE && p->learned_for == of)
			meter_learn(m, p->own, if_index, at.s < now.s ? at : now);
	}
}

/* Whether the rest of the body is what it should be and nothing else; with `by_id` it is taken over. */
static bool
take_rest(struct meter *m, struct cursor c, uint16_t version, const uint32_t *by_id,
	  struct utc_s now)
{
	take_readings(m, &c, by_id);
	if (version >= 2)
		take_learned(m, &c, by_id, now);
	if (version >= 3)
		watch_recall(by_id ? m->watch : NULL, &c, now);
	return !c.failed && !cursor_left(&c);
}

int
meter_resume(struct meter *m, struct cursor bytes, struct utc_s now)
{
	assert(!m->resumed_count && !m->totals.samples);
	struct sealed sealed = sealed_open(&kind, bytes);
	struct cursor body = sealed.body;
	struct arena *arena = arena_new();
	uint32_t *by_id = roster_order(&m->roster);
	size_t count = 0;
	struct traffic_batch *batches = NULL;
	if (arena && by_id && !body.failed)
		batches = take_batches(&body, arena, &count);
	if (!batches || !take_rest(m, body, sealed.version, NULL, now)) {
		free(by_id);
		arena_free(arena);
		return -1;
	}
	(void)take_rest(m, body, sealed.version, by_id, now);
	meter_settle_learned(m, now);
	free(by_id);
	for (uint32_t i = 0; i < m->roster.port_count; i++)
		m->ratios[i].alarm = watch_is_on(m->watch, WATCH_RATIO, m->roster.ports[i].id);
	m->resumed_arena = arena;
	m->resumed = batches;
	m->resumed_count = count;
	return 0;
}
