/* Loss by sequence numbers. */
#include "meter/sequence.h"

enum {
	/* Messages of the current size that may be missing at once, whatever the rate: a burst. */
	BURST = 1000,
	/* How many times the rate seen so far is still believed. */
	FASTER = 8,
	/* This many messages back is late; more is a restart. */
	LATE = 1000,
	/* Who writes later by so much, but a smaller number, has begun anew. */
	LATER_MS = 1000,
};

static uint64_t
plausible_gap(const struct sequence *s, uint32_t count, int64_t now_s)
{
	uint64_t span = s->last_s > s->first_s ? (uint64_t)(s->last_s - s->first_s) : 0;
	uint64_t elapsed = now_s > s->last_s ? (uint64_t)(now_s - s->last_s) : 0;
	uint64_t per_second = s->received / (span + 1) + 1;
	return (uint64_t)BURST * (count ? count : 1) + FASTER * per_second * (elapsed + 1);
}

/* A stretch begins with this message. */
static void
begin(struct sequence *s, struct sequence_step step)
{
	s->lost_before += s->span - s->got;
	s->known = true;
	s->next = step.first + step.count;
	s->span = s->got = step.count;
}

/* What came before the gap was seen. */
static uint64_t
use_credit(struct sequence *s, uint64_t gap)
{
	uint64_t used = s->credit < gap ? s->credit : gap;
	s->got += used;
	s->credit = 0;
	return used;
}

static int64_t
late(struct sequence *s, struct sequence_step step)
{
	uint32_t back = s->next - step.first;
	uint64_t missing = s->span - s->got;
	bool restarted =
		step.newer_ms > LATER_MS || back > (uint64_t)LATE * (step.count ? step.count : 1);
	if (!restarted && !step.count)
		return 0; /* templates: no place in the numbers */
	if (!restarted && back > s->span)
		return 0; /* was under way when we began to listen */
	if (restarted || missing < step.count) {
		s->restarts++;
		begin(s, step);
		return 0;
	}
	s->got += step.count;
	return -(int64_t)step.count;
}

static int64_t
ahead_of(struct sequence *s, struct sequence_step step, uint32_t ahead, int64_t now_s)
{
	if (ahead > plausible_gap(s, step.count, now_s)) {
		s->restarts++;
		begin(s, step);
		return 0;
	}
	s->next = step.first + step.count;
	s->span += (uint64_t)ahead + step.count;
	s->got += step.count;
	return (int64_t)(ahead - use_credit(s, ahead));
}

int64_t
sequence_take(struct sequence *s, struct sequence_step step, struct utc_s now)
{
	int64_t change = 0;
	uint32_t ahead = step.first - s->next, end = step.first + step.count;
	if (!s->received && !s->known)
		s->first_s = now.s;
	if (!s->known) {
		begin(s, step);
	} else if ((int32_t)ahead >= 0) {
		change = ahead_of(s, step, ahead, now.s);
	} else if ((int32_t)(end - s->next) > 0) {
		/* Overlaps what was there: an exporter that counts otherwise than we do (RFC 7011
		 * section 3.1 is often read differently). No loss can be told from it. */
		s->span += end - s->next;
		s->got += end - s->next;
		s->next = end;
	} else {
		change = late(s, step);
	}
	s->credit = 0;
	s->received += step.count;
	s->last_s = now.s;
	return change;
}

void
sequence_fill(struct sequence *s, uint64_t count)
{
	uint64_t missing = s->span - s->got;
	uint64_t filled = count < missing ? count : missing;
	s->got += filled;
	s->credit += count - filled;
	s->received += count;
}

void
sequence_restart(struct sequence *s)
{
	s->known = false;
	s->restarts++;
}

void
sequence_relearn(struct sequence *s)
{
	s->known = false;
	s->lost_before = 0;
	s->span = s->got = 0;
}
