/* One meter in several threads. Each worker has a meter of its own, of the same picture, which is only
 * asked for shares and never ticked; the one meter is given no datagrams.
 *
 *	worker's thread:  meter_datagram(worker, ...) ...
 *	                  now and then: meter_share_take(share, worker, now)  --mailbox-->
 *	the meter's:      meter_tick until NULL; meter_merge(meter, share)    --mailbox--> back, empty
 *
 * Sums are only added, and each exporter keeps to one worker; so the batches are the same, octet for
 * octet, as those of one meter that took all datagrams. Before a new picture is given to workers the
 * meter has it: numbers of ports and exporters are given in the order of pictures, which is the same
 * for all. */
#pragma once

#include "base/clock.h"
#include "meter/meter.h"

/* What a worker has counted since it was asked last. Owned by one thread at a time. */
struct meter_share;

/* An empty share. NULL if there is no memory. */
struct meter_share *meter_share_new(void);
void meter_share_free(struct meter_share *share);
/* Moves what `worker` has counted into an empty share: memory is exchanged, not copied. Due at least
 * every second, so that a worker whose exporters are silent ends its bins too. 0, or -1 without
 * memory: then nothing was moved. */
int meter_share_take(struct meter_share *share, struct meter *worker, struct utc_s now);
/* Adds a share to the meter and empties it. A share of a bin that was given already is counted in the
 * oldest one that is still there. 0, or -1 without memory: then some of it may have been added, and
 * the rest stays in the share for another try. */
int meter_merge(struct meter *m, struct meter_share *share);
