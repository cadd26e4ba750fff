/* Several sources of one interface: which is listened to, how another goes on where it ends, and whether they
 * say the same.
 *
 *	listened to   a1 ------ a2 ------ a3              silent, or one that is trusted more has come
 *	the other        b1 ------ b2 ------ b3 ------ b4
 *	                           base               takes over: what passed from b2 to b4, but for the
 *	                                              share of it up to a3, which is counted already      */
#include <assert.h>
#include <stdlib.h>

#include "meter/counter_parts.h"

/* Two bins are compared where each source covers so much of them, in percent. */
enum { COVERED_PERCENT = 80, RANK_BITS = 2, RANK_MASK = 3 };

/* --- trust --- */

static unsigned
rank_shift(enum traffic_source source)
{
	return ((unsigned)source - 1) * RANK_BITS;
}

void
counters_trust(struct counters *c, uint32_t slot, const enum traffic_source *order, size_t count)
{
	assert(slot < c->slot_count && count <= COUNTER_SOURCES);
	unsigned ranks = 0;
	for (size_t i = 0; i < count; i++)
		ranks |= (unsigned)(COUNTER_SOURCES - i) << rank_shift(order[i]);
	c->trust[slot] = (uint8_t)ranks;
}

unsigned
counter_rank(const struct counters *c, uint32_t slot, enum traffic_source source)
{
	static const uint8_t usual[COUNTER_SOURCES + 1] = {
		[TRAFFIC_BY_SNMP] = 3, [TRAFFIC_BY_SFLOW] = 2, [TRAFFIC_BY_PUSH] = 1};
	if (source == TRAFFIC_BY_NONE)
		return 0;
	return c->trust[slot] ? (unsigned)c->trust[slot] >> rank_shift(source) & RANK_MASK
			      : usual[source];
}

/* --- the others --- */

static struct counter_other *
find(const struct counters *c, uint32_t slot, enum traffic_source source)
{
	for (uint32_t i = c->others_of[slot]; i; i = c->others[i - 1].next)
		if (c->others[i - 1].source == source)
			return &c->others[i - 1];
	return NULL;
}

/* NULL without memory. */
static struct counter_other *
find_or_make(struct counters *c, uint32_t slot, enum traffic_source source)
{
	struct counter_other *o = find(c, slot, source);
	if (o)
		return o;
	if (c->other_count == c->other_room) {
		size_t room = c->other_room ? c->other_room * 2 : 16;
		struct counter_other *grown = realloc(c->others, room * sizeof(*grown));
		if (!grown)
			return NULL;
		c->others = grown;
		c->other_room = room;
	}
	o = &c->others[c->other_count++];
	*o = (struct counter_other){.source = source, .next = c->others_of[slot]};
	c->others_of[slot] = (uint32_t)c->other_count;
	return o;
}

void
counter_note_others(struct counters *c, uint32_t slot)
{
	for (uint32_t i = c->others_of[slot]; i; i = c->others[i - 1].next)
		c->others[i - 1].base = c->others[i - 1].last;
}

/* --- beside the one that is listened to --- */

static uint64_t
share(uint64_t octets, int64_t part_s, int64_t all_s)
{
	return (uint64_t)((counter_wide)octets * (uint64_t)part_s / (uint64_t)all_s);
}

static void
spread_beside(const struct counters *c, struct counter_other *o, int64_t from_s, int64_t until_s,
	      const struct counter_sum *sum)
{
	int64_t elapsed = until_s - from_s;
	/* Of a longer time it is not known how it fell into the bins. */
	if (elapsed <= 0 || elapsed > c->length_s + c->length_s / 10)
		return;
	for (int64_t at = from_s; at < until_s;) {
		int64_t start = at - at % c->length_s, end = start + c->length_s;
		end = end < until_s ? end : until_s;
		struct counter_beside *bin = &o->bins[start / c->length_s % COUNTER_COMPARED];
		if (bin->start_s != start)
			*bin = (struct counter_beside){.start_s = start};
		bin->in += share(sum->value[COUNTER_OCTETS_IN], end - from_s, elapsed) -
			   share(sum->value[COUNTER_OCTETS_IN], at - from_s, elapsed);
		bin->out += share(sum->value[COUNTER_OCTETS_OUT], end - from_s, elapsed) -
			    share(sum->value[COUNTER_OCTETS_OUT], at - from_s, elapsed);
		bin->covered_s += (uint32_t)(end - at);
		at = end;
	}
}

static enum counter_result
measure_beside(const struct counters *c, struct counter_other *o,
	       const struct counter_reading *reading, struct utc_s now)
{
	struct counter_sum sum;
	int64_t from_s = o->last.at_s;
	enum counter_result result = counter_measure(c, &o->last, reading, now, &sum);
	if (result == COUNTER_COUNTED)
		spread_beside(c, o, from_s, now.s, &sum);
	if (!o->base.known)
		o->base = o->last;
	return result == COUNTER_OVERTAKEN ? result : COUNTER_OTHER_SOURCE;
}

/* --- going over --- */

/* The reading that it goes on from, so that no octet is missed: one from before what is counted ends, and as
 * long as nobody has to go over a fresh one. Else the newest, and what lies between is lost. NULL: none. */
static const struct counter_last *
start_of(const struct counters *c, uint32_t slot, const struct counter_other *o, bool silent)
{
	int64_t bins = silent ? COUNTER_GAP_BINS - 1 : 1;
	if (o->base.known && o->base.at_s >= c->counted_s[slot] - bins * c->length_s &&
	    (silent || o->base.at_s <= c->counted_s[slot]))
		return &o->base;
	return o->last.known && silent ? &o->last : NULL;
}

static enum counter_result
go_over(struct counters *c, uint32_t slot, struct counter_other *o,
	const struct counter_reading *reading, struct utc_s now)
{
	struct counter_last *own = &c->last[slot], before = *own, from = {0};
	struct counter_sum sum;
	const struct counter_last *start = start_of(c, slot, o, true);
	if (start)
		from = *start;
	struct counter_stretch stretch = {from.at_s, now.s, c->counted_s[slot]};
	enum counter_result result = counter_measure(c, &from, reading, now, &sum);
	if (result == COUNTER_OVERTAKEN)
		return result;
	*own = from;
	*o = (struct counter_other){
		.source = before.reading.source, .next = o->next, .last = before, .base = before};
	if (result == COUNTER_COUNTED)
		counter_spread(c, slot, stretch, &sum);
	/* Until its second reading nothing is counted by it. */
	if (result != COUNTER_FIRST)
		c->counted_s[slot] = now.s;
	return result;
}

enum counter_result
counter_take_other(struct counters *c, uint32_t slot, const struct counter_reading *reading,
		   struct utc_s now)
{
	const struct counter_last *own = &c->last[slot];
	unsigned rank = counter_rank(c, slot, reading->source);
	unsigned own_rank = own->known ? counter_rank(c, slot, own->reading.source) : 0;
	if (!own->known && !rank)
		return COUNTER_OTHER_SOURCE;
	struct counter_other *o = find_or_make(c, slot, reading->source);
	if (!o)
		return COUNTER_OTHER_SOURCE;
	if (o->last.known && !reading->has_uptime && now.s < o->last.at_s)
		return COUNTER_OVERTAKEN;
	int64_t elapsed = now.s - own->at_s;
	bool silent = elapsed < 0 || elapsed > c->length_s || !own_rank;
	bool takes = rank && (silent || (rank > own_rank && start_of(c, slot, o, false)));
	return takes ? go_over(c, slot, o, reading, now) : measure_beside(c, o, reading, now);
}

/* --- whether they say the same --- */

static uint64_t
bps(uint64_t octets, uint32_t seconds)
{
	return (uint64_t)((counter_wide)octets * 8 / seconds);
}

static struct counter_difference
difference(uint64_t own, uint64_t other)
{
	uint64_t larger = own > other ? own : other, apart = larger - (own < other ? own : other);
	return (struct counter_difference){
		.own_bps = own,
		.other_bps = other,
		.ppm = larger ? (uint32_t)((counter_wide)apart * 1000000 / larger) : 0,
	};
}

bool
counters_compare(const struct counters *c, uint32_t slot, struct utc_s start,
		 struct counter_difference *out)
{
	bool found = false;
	if (slot >= c->slot_count || !c->others_of[slot])
		return false;
	struct counter_sum own = counters_of(c, slot, start);
	int64_t needed = c->length_s * COVERED_PERCENT / 100;
	for (uint32_t i = c->others_of[slot]; i; i = c->others[i - 1].next) {
		const struct counter_other *o = &c->others[i - 1];
		size_t at = (size_t)(start.s / c->length_s % COUNTER_COMPARED);
		if (own.covered_s < needed || o->bins[at].start_s != start.s ||
		    o->bins[at].covered_s < needed)
			continue;
		for (int way = 0; way < 2; way++) {
			uint64_t octets = way ? o->bins[at].out : o->bins[at].in;
			struct counter_difference d =
				difference(bps(own.value[way], own.covered_s),
					   bps(octets, o->bins[at].covered_s));
			d.own = own.source;
			d.other = o->source;
			d.outgoing = way;
			if (!found || d.ppm > out->ppm)
				*out = d;
			found = true;
		}
	}
	return found;
}
