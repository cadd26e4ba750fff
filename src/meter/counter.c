/* Counters to octets. For each slot the last reading, and a ring of bins:
 *
 *	ring[(start / length) % COUNTER_BINS] = { start, closed?, late?, sums[slot] }        */
#include "meter/counter.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "meter/counter_parts.h"
#include "meter/uptime.h"

enum {
	SMALLEST_FRAME = 64, /* octets: so many frames fit at most into what a line carries */
	BOTH_OCTETS = 1 << COUNTER_OCTETS_IN | 1 << COUNTER_OCTETS_OUT,
	LATE_S = 60, /* who has no uptime and is so far behind came late, and no clock went back */
};

struct counters *
counters_new(uint32_t bin_length_s)
{
	assert(bin_length_s > 0);
	struct counters *c = calloc(1, sizeof(*c));
	if (!c)
		return NULL;
	c->length_s = bin_length_s;
	for (int i = 0; i < COUNTER_BINS; i++)
		c->ring[i].start_s = -1;
	return c;
}

void
counters_free(struct counters *c)
{
	if (!c)
		return;
	for (int i = 0; i < COUNTER_BINS; i++)
		free(c->ring[i].sums);
	free(c->last);
	free(c->counted_s);
	free(c->trust);
	free(c->others_of);
	free(c->others);
	free(c);
}

/* Grows *array from `had` to `count` zeroed items. */
static int
grow(void **array, size_t size, size_t had, size_t count)
{
	void *grown = realloc(*array, count * size);
	if (!grown)
		return -1;
	memset((char *)grown + had * size, 0, (count - had) * size);
	*array = grown;
	return 0;
}

int
counters_reserve(struct counters *c, size_t count)
{
	size_t had = c->slot_count;
	if (count <= had)
		return 0;
	void *last = c->last, *counted_s = c->counted_s, *trust = c->trust, *others = c->others_of;
	int result = grow(&last, sizeof(*c->last), had, count);
	result |= grow(&counted_s, sizeof(*c->counted_s), had, count);
	result |= grow(&trust, sizeof(*c->trust), had, count);
	result |= grow(&others, sizeof(*c->others_of), had, count);
	c->last = last;
	c->counted_s = counted_s;
	c->trust = trust;
	c->others_of = others;
	for (int i = 0; i < COUNTER_BINS && result == 0; i++) {
		void *sums = c->ring[i].sums;
		result = grow(&sums, sizeof(struct counter_sum), had, count);
		c->ring[i].sums = sums;
	}
	if (result < 0)
		return -1;
	c->slot_count = count;
	return 0;
}

/* The bin that holds the second, begun anew if the ring has an older one there. */
static struct counter_ring_bin *
bin_at(struct counters *c, int64_t second)
{
	int64_t number = second / c->length_s;
	struct counter_ring_bin *bin = &c->ring[number % COUNTER_BINS];
	if (bin->start_s != number * c->length_s) {
		if (c->slot_count)
			memset(bin->sums, 0, c->slot_count * sizeof(*bin->sums));
		bin->start_s = number * c->length_s;
		bin->closed = bin->late = false;
	}
	return bin;
}

static uint64_t
share(uint64_t octets, int64_t part_s, int64_t all_s)
{
	return (uint64_t)((counter_wide)octets * (uint64_t)part_s / (uint64_t)all_s);
}

static void
add(struct counter_ring_bin *bin, uint32_t slot, const struct counter_sum *sum)
{
	struct counter_sum *to = &bin->sums[slot];
	for (int i = 0; i < COUNTER_VALUES; i++)
		to->value[i] += sum->value[i];
	to->covered_s += sum->covered_s;
	to->source = sum->source;
	bin->late |= bin->closed;
}

void
counter_spread(struct counters *c, uint32_t slot, struct counter_stretch stretch,
	       const struct counter_sum *all)
{
	int64_t from_s = stretch.from_s, until_s = stretch.until_s;
	int64_t elapsed = until_s - from_s;
	if (elapsed == 0) {
		add(bin_at(c, until_s), slot, all);
		return;
	}
	bool covers = elapsed <= c->length_s + c->length_s / 10;
	int64_t at = from_s > stretch.counted_s ? from_s : stretch.counted_s;
	while (at < until_s) {
		struct counter_ring_bin *bin = bin_at(c, at);
		int64_t end =
			bin->start_s + c->length_s < until_s ? bin->start_s + c->length_s : until_s;
		struct counter_sum part = {
			.covered_s = covers ? (uint32_t)(end - at) : 0,
			.source = all->source,
		};
		for (int i = 0; i < COUNTER_VALUES; i++)
			part.value[i] = share(all->value[i], end - from_s, elapsed) -
					share(all->value[i], at - from_s, elapsed);
		add(bin, slot, &part);
		at = end;
	}
}

/* --- differences --- */

/* What a value can have grown by at most; the octets' is a quarter more than the line carries, and
 * two seconds for clocks that read whole seconds. */
static uint64_t
most(enum counter_value value, uint64_t speed_bps, int64_t elapsed_s)
{
	counter_wide octets = (counter_wide)speed_bps / 8 * (uint64_t)(elapsed_s + 2) * 5 / 4;
	if (!speed_bps || octets > UINT64_MAX)
		return UINT64_MAX;
	return (uint64_t)(value <= COUNTER_OCTETS_OUT ? octets : octets / SMALLEST_FRAME);
}

/* The growth of a value; false when it went back and did not wrap: at 32 bits, where it has never
 * been beyond them (RFC 2863 section 3.1.6), or at 64. */
static bool
difference(uint64_t *out, uint64_t before, uint64_t now, bool beyond, uint64_t limit)
{
	*out = now - before;
	if (now >= before)
		return true;
	if (beyond)
		return limit < UINT64_MAX ? *out <= limit : *out <= INT64_MAX;
	*out = (uint64_t)UINT32_MAX + 1 - before + now;
	return before <= UINT32_MAX && *out <= limit;
}

/* Octets that went back make the reading worthless; packets and the like say nothing then, or when
 * they grew by more than can be. */
static enum counter_result
subtract(struct counter_sum *out, const struct counter_last *before,
	 const struct counter_reading *now, int64_t elapsed_s)
{
	for (int i = 0; i < COUNTER_VALUES; i++) {
		uint64_t limit = most((enum counter_value)i, now->speed_bps, elapsed_s), grown;
		uint64_t from = before->reading.value[i], to = now->value[i];
		bool octets = i <= COUNTER_OCTETS_OUT;
		if (from == counter_not_told || to == counter_not_told)
			continue;
		if (!difference(&grown, from, to, before->wide & 1u << i, limit)) {
			if (octets)
				return COUNTER_RESET;
			continue;
		}
		if (octets && grown > limit)
			return COUNTER_JUMP;
		out->value[i] = grown <= limit ? grown : 0;
	}
	return COUNTER_COUNTED;
}

/* --- readings --- */

/* Both octet counters of an interface have the same width. */
static uint32_t
wide_values(const struct counter_reading *r)
{
	uint32_t set = 0;
	for (int i = 0; i < COUNTER_VALUES; i++)
		if (r->value[i] > UINT32_MAX && r->value[i] != counter_not_told)
			set |= 1u << i;
	return r->width == 64 || set & BOTH_OCTETS ? set | BOTH_OCTETS : set;
}

/* Octets stepped back, and by no more than a wrap at 32 bits explains. Where the line is fast enough
 * for more than one wrap that may as well be somebody who cleared them; it is taken for a wrap, since
 * readings that are left out become an estimate, and wraps that are overlooked too small a bill. */
static bool
wrapped(const struct counter_last *before, const struct counter_reading *r, int64_t elapsed_s)
{
	bool back = false;
	for (int i = COUNTER_OCTETS_IN; i <= COUNTER_OCTETS_OUT; i++) {
		uint64_t limit = most((enum counter_value)i, r->speed_bps, elapsed_s), grown;
		uint64_t from = before->reading.value[i], to = r->value[i];
		if (to >= from)
			continue;
		if (from > UINT32_MAX || !difference(&grown, from, to, false, limit))
			return false;
		back = true;
	}
	return back;
}

/* What is known of the counters' width with this reading. Who began anew may be another machine:
 * counters that were beyond 32 bits may wrap there now, and narrow ones stay so until seen beyond. */
static struct counter_last
learn(const struct counter_last *before, const struct counter_reading *r, struct utc_s now,
      bool anew)
{
	struct counter_last last = {.known = true, .at_s = now.s, .reading = *r};
	int64_t elapsed = now.s - before->at_s;
	last.wide = (anew ? 0 : before->wide) | wide_values(r);
	last.narrow = before->narrow ||
		      (before->known && !anew && elapsed >= 0 && wrapped(before, r, elapsed));
	last.narrow &= !(last.wide & BOTH_OCTETS);
	return last;
}

/* In the order of what is told: by the uptime, else by our own clock. */
static enum uptime_step
step_of(const struct counter_last *before, const struct counter_reading *r, int64_t elapsed_s)
{
	uint32_t before_ms = before->reading.uptime_ms, now_ms = r->uptime_ms;
	if (!before->reading.has_uptime || !r->has_uptime || !now_ms)
		return elapsed_s < 0 && elapsed_s >= -LATE_S ? UPTIME_OVERTAKEN : UPTIME_ONWARD;
	if (now_ms == before_ms && elapsed_s <= LATE_S &&
	    memcmp(r->value, before->reading.value, sizeof(r->value)) == 0)
		return UPTIME_OVERTAKEN; /* the same once more */
	enum uptime_step step = uptime_step(before_ms, now_ms, elapsed_s);
	/* Up for less than has passed since, unless it has just wrapped; or ahead of it, and so
	 * another device. */
	int64_t onward_ms = (uint32_t)(now_ms - before_ms), least_ms = (elapsed_s - LATE_S) * 1000;
	bool since = now_ms < least_ms && onward_ms < least_ms;
	bool ahead = elapsed_s >= 0 && onward_ms > (elapsed_s + LATE_S) * 1000;
	return step == UPTIME_ONWARD && (since || ahead) ? UPTIME_RESTARTED : step;
}

/* Whether 32 bits have had the time to wrap twice, so that nobody can say how often they did. */
static bool
too_narrow(const struct counter_last *last, int64_t elapsed_s)
{
	bool narrow = last->narrow || last->reading.width == 32;
	return narrow && !(last->wide & BOTH_OCTETS) &&
	       (counter_wide)last->reading.speed_bps * (uint64_t)elapsed_s / 8 > UINT32_MAX;
}

/* Nothing can be told from the difference of these two. */
static enum counter_result
judge(const struct counters *c, const struct counter_last *before, const struct counter_last *last,
      bool anew)
{
	int64_t elapsed_s = last->at_s - before->at_s;
	if (elapsed_s < 0)
		return COUNTER_RESET; /* our own clock was set back */
	if (elapsed_s > COUNTER_GAP_BINS * c->length_s)
		return COUNTER_TOO_LATE;
	const uint64_t *value = before->reading.value;
	/* What was lost with it is not known, unless there was nothing before. */
	if (anew && (value[COUNTER_OCTETS_IN] || value[COUNTER_OCTETS_OUT]))
		return COUNTER_RESET;
	return too_narrow(last, elapsed_s) ? COUNTER_TOO_NARROW : COUNTER_COUNTED;
}

enum counter_result
counter_measure(const struct counters *c, struct counter_last *last,
		const struct counter_reading *reading, struct utc_s now, struct counter_sum *sum)
{
	struct counter_last before = *last;
	int64_t elapsed = now.s - before.at_s;
	enum uptime_step step = before.known ? step_of(&before, reading, elapsed) : UPTIME_ONWARD;
	/* What lies between it and the newer one is counted already. */
	if (step == UPTIME_OVERTAKEN)
		return COUNTER_OVERTAKEN;
	bool anew = step == UPTIME_RESTARTED ||
		    (before.reading.discontinuity && reading->discontinuity &&
		     before.reading.discontinuity != reading->discontinuity);
	*last = learn(&before, reading, now, anew);
	if (!before.known)
		return COUNTER_FIRST;
	*sum = (struct counter_sum){.source = reading->source};
	enum counter_result result = judge(c, &before, last, anew);
	return result == COUNTER_COUNTED ? subtract(sum, &before, reading, elapsed) : result;
}

enum counter_result
counters_take(struct counters *c, uint32_t slot, const struct counter_reading *reading,
	      struct utc_s now)
{
	assert(slot < c->slot_count && now.s >= 0);
	struct counter_last *last = &c->last[slot];
	struct counter_sum sum;
	if (reading->value[COUNTER_OCTETS_IN] == counter_not_told ||
	    reading->value[COUNTER_OCTETS_OUT] == counter_not_told)
		return COUNTER_NO_OCTETS;
	if (last->known ? last->reading.source != reading->source
			: !counter_rank(c, slot, reading->source))
		return counter_take_other(c, slot, reading, now);
	struct counter_stretch stretch = {last->at_s, now.s, INT64_MIN};
	enum counter_result result = counter_measure(c, last, reading, now, &sum);
	if (result == COUNTER_OVERTAKEN)
		return result;
	if (result == COUNTER_COUNTED)
		counter_spread(c, slot, stretch, &sum);
	c->counted_s[slot] = now.s;
	counter_note_others(c, slot);
	return result;
}

static const struct counter_ring_bin *
bin_of(const struct counters *c, struct utc_s start)
{
	const struct counter_ring_bin *bin = &c->ring[start.s / c->length_s % COUNTER_BINS];
	return bin->start_s == start.s ? bin : NULL;
}

struct counter_sum
counters_of(const struct counters *c, uint32_t slot, struct utc_s start)
{
	const struct counter_ring_bin *bin = bin_of(c, start);
	return bin && slot < c->slot_count ? bin->sums[slot] : (struct counter_sum){0};
}

void
counters_close(struct counters *c, struct utc_s start)
{
	struct counter_ring_bin *bin = bin_at(c, start.s);
	if (c->slot_count)
		memset(bin->sums, 0, c->slot_count * sizeof(*bin->sums));
	bin->closed = true;
	bin->late = false;
}

bool
counters_late_after(const struct counters *c, struct utc_s *start)
{
	int64_t next = INT64_MAX;
	for (int i = 0; i < COUNTER_BINS; i++)
		if (c->ring[i].late && c->ring[i].start_s > start->s && c->ring[i].start_s < next)
			next = c->ring[i].start_s;
	if (next == INT64_MAX)
		return false;
	start->s = next;
	return true;
}

bool
counters_late(const struct counters *c, struct utc_s *start)
{
	*start = (struct utc_s){-1};
	return counters_late_after(c, start);
}

struct counter_last
counters_last(const struct counters *c, uint32_t slot)
{
	return slot < c->slot_count ? c->last[slot] : (struct counter_last){0};
}

void
counters_resume(struct counters *c, uint32_t slot, struct counter_last last)
{
	assert(slot < c->slot_count);
	c->last[slot] = last;
	c->counted_s[slot] = last.at_s;
}

size_t
counters_size(const struct counters *c)
{
	size_t slot = sizeof(*c->last) + sizeof(*c->counted_s) + sizeof(*c->trust) +
		      sizeof(*c->others_of) + COUNTER_BINS * sizeof(*c->ring[0].sums);
	return c->slot_count * slot + c->other_room * sizeof(*c->others) + sizeof(*c);
}
