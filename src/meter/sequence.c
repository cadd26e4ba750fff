/* Loss by sequence numbers. */
#include "meter/sequence.h"

#include <string.h>

enum {
	/* Messages of the current size that may be missing at once, whatever the rate: a burst. */
	BURST = 1000,
	/* How many times the rate seen so far is still believed. */
	FASTER = 8,
	/* This many messages back is late; more is a restart. */
	LATE = 1000,
};

static uint64_t
plausible_gap(const struct sequence *s, uint32_t count, int64_t now_s)
{
	uint64_t span = s->last_s > s->first_s ? (uint64_t)(s->last_s - s->first_s) : 0;
	uint64_t elapsed = now_s > s->last_s ? (uint64_t)(now_s - s->last_s) : 0;
	uint64_t per_second = s->received / (span + 1) + 1;
	return (uint64_t)BURST * (count ? count : 1) + FASTER * per_second * (elapsed + 1);
}

static void
remember_hole(struct sequence *s, uint32_t from, uint32_t count)
{
	s->holes[s->oldest].from = from;
	s->holes[s->oldest].count = count;
	s->oldest = (uint8_t)((s->oldest + 1) % SEQUENCE_HOLES);
}

/* Fills what of [first, first + count) is missing, and returns how many units that are. A hole that
 * is filled in its middle is split; the later part stays where it was, the earlier is kept if there
 * is room. */
static uint32_t
fill(struct sequence *s, uint32_t first, uint32_t count)
{
	uint32_t filled = 0;
	for (unsigned i = 0; i < SEQUENCE_HOLES && filled < count; i++) {
		uint32_t size = s->holes[i].count, from = s->holes[i].from;
		uint32_t into = first - from; /* modulo 2^32: large when first lies before */
		if (!size || into >= size)
			continue;
		uint32_t take = size - into < count ? size - into : count;
		filled += take;
		s->holes[i].from = first + take;
		s->holes[i].count = size - into - take;
		if (into && !s->holes[i].count) {
			s->holes[i].from = from;
			s->holes[i].count = into;
		} else if (into) {
			remember_hole(s, from, into);
		}
	}
	return filled;
}

static int64_t
late(struct sequence *s, uint32_t first, uint32_t count)
{
	uint32_t end = first + count, back = s->next - end;
	if (back > (uint64_t)LATE * (count ? count : 1)) {
		s->restarts++;
		s->next = end;
		memset(s->holes, 0, sizeof(s->holes));
		return 0;
	}
	uint32_t filled = fill(s, first, count);
	s->repeated += count - filled;
	s->lost -= filled < s->lost ? filled : s->lost;
	return -(int64_t)filled;
}

int64_t
sequence_take(struct sequence *s, uint32_t first, uint32_t count, struct utc_s now)
{
	int64_t change = 0;
	uint32_t ahead = first - s->next, end = first + count;
	if (!s->received && !s->known)
		s->first_s = now.s;
	if (!s->known) {
		s->known = true;
		s->next = end;
	} else if (ahead == 0) {
		s->next = end;
	} else if ((int32_t)ahead > 0) {
		if (ahead <= plausible_gap(s, count, now.s)) {
			remember_hole(s, s->next, ahead);
			s->lost += ahead;
			change = ahead;
		} else {
			s->restarts++;
			memset(s->holes, 0, sizeof(s->holes));
		}
		s->next = end;
	} else if ((int32_t)(end - s->next) > 0) {
		/* Overlaps what was there: an exporter that counts otherwise than we do (RFC 7011
		 * section 3.1 is often read differently). No loss can be told from it. */
		s->repeated += s->next - first;
		s->next = end;
	} else {
		change = late(s, first, count);
	}
	s->received += count;
	s->last_s = now.s;
	return change;
}

void
sequence_forget(struct sequence *s)
{
	s->known = false;
}

void
sequence_restart(struct sequence *s)
{
	s->known = false;
	s->restarts++;
	memset(s->holes, 0, sizeof(s->holes));
}
