/* What a meter writes: closed bins into the spool, and what it would lose if it died into run/meter.state.
 *
 * A bin that cannot be written (a full disk) waits in memory, the oldest first, and is tried again. The
 * name of a bin's file is its key; a file that is there already is that bin, as it was handed on before a
 * death, and stays as it is. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "hub/traffic.h"

enum {
	INLET_NAME = 64,
	INLET_WAITING_MAX = 288, /* bins that wait for the disk: a day */
	INLET_TROUBLE = 128,
};

/* A bin that could not be written yet. */
struct inlet_waiting {
	char name[INLET_NAME];
	struct buf bytes;
};

/* Folders and counts are to be read only. */
struct inlet_spool {
	const char *run_directory, *spool_directory; /* kept, not copied */
	struct inlet_waiting waiting[INLET_WAITING_MAX];
	size_t waiting_count;
	uint64_t forgotten;          /* bins that waited too long */
	char trouble[INLET_TROUBLE]; /* why the state cannot be written; empty: it can */
	size_t state_octets;         /* of the state written last */
};

/* Nothing waits at first. The paths stay the caller's and must outlive it. */
void inlet_spool_init(struct inlet_spool *s, const char *run_directory,
		      const char *spool_directory);
/* Bins that still wait are lost: inlet_spool_retry comes before it. */
void inlet_spool_fini(struct inlet_spool *s);
/* Writes a bin; `newest`: it is also run/traffic.latest. */
void inlet_spool_hand_on(struct inlet_spool *s, const struct traffic_batch *batch, bool newest);
/* Tries those that wait, in order, so that bins reach the ledger as they were. */
void inlet_spool_retry(struct inlet_spool *s);
/* Replaces run/traffic.now by this. */
void inlet_spool_now(struct inlet_spool *s, const struct traffic_batch *batch);
/* Replaces the state; it is on the disk when this returns. 0 or -1; trouble is logged when it begins and
 * when it ends. */
int inlet_spool_keep(struct inlet_spool *s, const struct buf *state);
/* What the run before has left: its bytes, to be freed by the caller. 0; or -1: nothing, or it cannot be
 * read, which is logged. */
int inlet_spool_recover(struct inlet_spool *s, struct buf *out);
