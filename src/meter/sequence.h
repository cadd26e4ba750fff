/* Sequence numbers of one space (a sub_agent_id, a data source, an observation domain): what did not
 * arrive. Numbers count units (datagrams, samples or records) and wrap at 2^32.
 *
 * A jump ahead is loss, and remembered as a hole; something late that falls into a hole takes the
 * loss back. A jump that the rate seen so far cannot explain, or far back, is a restart of the
 * exporter: counted as such, never as loss. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

enum { SEQUENCE_HOLES = 4 };

struct sequence {
	bool known;        /* next means something */
	uint8_t oldest;    /* the hole to overwrite next */
	uint32_t next;     /* the number that should come */
	uint32_t restarts; /* jumps that were not loss */
	uint32_t repeated; /* units that had been there before */
	uint64_t received; /* units */
	uint64_t lost;     /* units, those that came late taken off again */
	int64_t first_s, last_s;
	struct {
		uint32_t from, count;
	} holes[SEQUENCE_HOLES];
};

/* Takes `count` units numbered from `first` on. Returns the change of `lost`, below 0 when
 * something late came. */
int64_t sequence_take(struct sequence *s, uint32_t first, uint32_t count, struct utc_s now);
/* How many units came is not known (a record that could not be counted): the next number is taken
 * as it is. */
void sequence_forget(struct sequence *s);
/* The exporter says that it has started anew (its uptime went back). */
void sequence_restart(struct sequence *s);
