/* One meter in several threads. Each worker has a meter of its own, of the same picture, that gives no
 * batches: it is asked for shares. The one meter is given no datagrams.
 *
 *	worker's thread:  meter_tick(worker, now); meter_datagram(worker, ...) ...   as any meter
 *	                  now and then: meter_share_take(share, worker, now)  --mailbox-->
 *	the meter's:      meter_tick until NULL; meter_merge(meter, share)    --mailbox--> back, empty
 *
 * Sums are only added, and each exporter keeps to one worker; so the batches are the same, octet for
 * octet, as those of one meter that took all datagrams. Numbers of ports and exporters are given in the
 * order of pictures: each new picture goes to the meter before it goes to the workers, and all workers
 * are made of the picture that the meter was made of. */
#pragma once

#include "base/clock.h"
#include "meter/meter.h"
#include "meter/meter_memory.h"

/* Makes a new meter a worker. */
void meter_set_worker(struct meter *m);

/* What a worker has counted since it was asked last. Owned by one thread at a time. */
struct meter_share;

/* An empty share; `run` as for meter_new. NULL if there is no memory. */
struct meter_share *meter_share_new(uint64_t run);
void meter_share_free(struct meter_share *share);
/* Moves what `worker` has counted into an empty share: memory is exchanged, not copied. Due every second
 * or so, and within a bin's length after the end of a bin: until then the worker's next bin waits, and
 * what comes is counted in the one before. 0, or -1 without memory: then nothing was moved. */
int meter_share_take(struct meter_share *share, struct meter *worker, struct utc_s now);
/* Adds a share to the meter, and empties it. The meter has been ticked to the time of the share at least,
 * and waits for its closing bin no longer than for counters: a share of a bin that was given is counted
 * in the oldest one that is still there. 0, or -1 without memory: then nothing was added. */
int meter_merge(struct meter *m, struct meter_share *share);
/* Adds what the share's worker held in memory when it was taken, and what the share itself holds. */
void meter_share_memory(const struct meter_share *share, struct meter_memory out[METER_PARTS]);
