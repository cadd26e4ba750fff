/* Sequence numbers of one space (a sub_agent_id, an observation domain): what did not arrive.
 * Numbers count units (datagrams or records) and wrap at 2^32.
 *
 * Messages that come twice are kept away before (meter/sequence_guard.h), so that the sum is plain:
 * of a stretch of numbers what has not come is lost, in whatever order the rest came.
 *
 *	base                    next
 *	  |<------- span ------->|	lost = span - got
 *
 * A jump that the rate seen so far cannot explain, or far back, is a restart of the exporter:
 * another stretch begins; what was lost before it stays lost, and between the two nothing is. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

struct sequence {
	bool known;           /* next means something */
	uint32_t next;        /* the number that should come */
	uint32_t restarts;    /* jumps that were not loss */
	uint64_t received;    /* units, in all */
	uint64_t span, got;   /* units of this stretch, and how many of them came */
	uint64_t lost_before; /* in the stretches before */
	uint64_t credit;      /* units that came before the gap that they fill was seen */
	int64_t first_s, last_s;
};

/* A message: its units are numbered from `first` on. */
struct sequence_step {
	uint32_t first, count;
	int64_t newer_ms; /* by the exporter's clock: how much younger than the youngest before it;
			   * below 0: older */
};

/* Units that are missing, of all stretches. */
static inline uint64_t
sequence_lost(const struct sequence *s)
{
	return s->lost_before + s->span - s->got;
}

/* Takes a message. Returns the change of what is lost, below 0 when something late came. */
int64_t sequence_take(struct sequence *s, struct sequence_step step, struct utc_s now);
/* Units came that were missing, or will be found missing by the next message: what was held until
 * its template came. */
void sequence_fill(struct sequence *s, uint64_t count);
/* The exporter says that it has started anew (its uptime went back). */
void sequence_restart(struct sequence *s);
/* Numbers are understood otherwise from here on: nothing was lost by them so far. */
void sequence_relearn(struct sequence *s);
