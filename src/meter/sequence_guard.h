/* Keeps messages that come again from being counted again: copies that a network makes, and what
 * somebody replays. One for each space of sequence numbers.
 *
 * Messages are the same when all their octets are. Those of the last GUARD_MEMORY messages are kept;
 * they are looked through only when a number is not the one that should come, so that what comes in
 * order costs little.
 *
 * When that memory has begun to forget, what is older shows by the exporter's own clock: a message
 * that was written GUARD_PAST_MS before the newest one and has a number from before is past, and is
 * not counted (its records are in the ledger, as received or as lost). A clock that was set back
 * looks the same; so when the past goes on for GUARD_BELIEVED messages, it is believed from there on. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"

enum {
	GUARD_MEMORY = 1024,
	GUARD_PAST_MS = 10000,
	GUARD_BELIEVED = 64,
};

struct sequence_guard {
	uint32_t count;   /* messages so far; where the next one is kept */
	uint32_t past;    /* twice those of the past, less those of the present; not below 0 */
	bool mixed;       /* the past was believed once: the clock says nothing of order */
	uint32_t refused; /* messages */
	uint32_t alert;   /* messages that are looked for whatever their number */
	uint16_t tags[GUARD_MEMORY]; /* of the identities beside it, so that looking is quick */
	uint64_t seen[GUARD_MEMORY]; /* 0: empty */
};

/* A hash of the message's octets; never 0. */
uint64_t sequence_identity(struct cursor message);

struct guarded {
	uint64_t identity;
	int64_t newer_ms; /* than the newest before, by the exporter's clock; below 0: older */
	bool in_order;    /* its number is the one that should come */
	bool behind;      /* it is not ahead of all before it */
};

/* Numbers began anew: that of an old message may be the one that should come. */
void sequence_guard_restart(struct sequence_guard *g);
/* Takes a message. False: it is not to be counted (and is counted as refused). */
bool sequence_guard_take(struct sequence_guard *g, struct guarded message);
