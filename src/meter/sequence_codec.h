/* A sequence of numbers as bytes: what a restart of the meter goes on from. What was lost before is
 * not in it; what comes next is. */
#pragma once

#include "base/buf.h"
#include "base/cursor.h"
#include "meter/sequence.h"

static inline void
sequence_encode(const struct sequence *s, struct buf *out)
{
	buf_u8(out, s->known);
	buf_u32(out, s->next);
	buf_u64(out, s->received);
	buf_u64(out, (uint64_t)s->first_s);
	buf_u64(out, (uint64_t)s->last_s);
}

static inline struct sequence
sequence_decode(struct cursor *in)
{
	struct sequence s = {.known = cursor_u8(in) == 1};
	s.next = cursor_u32(in);
	s.received = cursor_u64(in);
	s.first_s = (int64_t)cursor_u64(in);
	s.last_s = (int64_t)cursor_u64(in);
	/* Seconds far from any date would overflow in sums. */
	if (s.first_s < 0 || s.last_s < 0 || s.first_s > INT64_MAX / 4 || s.last_s > INT64_MAX / 4)
		cursor_fail(in);
	return s;
}
