/* What a meter would lose if it died now, as bytes; and what the one after it makes of them.
 *
 *	buf_clear(&bytes);
 *	meter_checkpoint(meter, now, &bytes);      every few seconds, and each time that meter_tick has
 *	keep them aside, replaced by rename        given a batch, before that batch is handed on
 *
 *	meter = meter_new(hub, run, now);
 *	meter_resume(meter, bytes, now);           then meter_tick gives the dead run's bins first
 *
 * Kept in that order nothing is counted twice, and of the counters nothing is lost:
 *
 *	- The batch that meter_tick or meter_flush gave last is in the checkpoint until the next call of
 *	  either. Who died while handing it on hands on the same bytes again, under the same key.
 *	- The open bin and the one that waits for its counters are in it as batches of the dead run. The
 *	  run after it counts on in batches of its own: the store adds up what has the same start.
 *	- The last reading of each port's counters is in it. The difference to the first one after the
 *	  death, which is counted once, covers all that was read in between and died unwritten.
 *
 * What is lost are the samples between the last checkpoint and the death: covered_s says so. */
#pragma once

#include "base/buf.h"
#include "base/clock.h"
#include "base/cursor.h"
#include "meter/meter.h"

/* Appends the checkpoint. 0, or -1 without memory (then *out is as it was). */
int meter_checkpoint(const struct meter *m, struct utc_s now, struct buf *out);

/* Takes over what a dead run left: for a meter that is new, before its first datagram. The bins are
 * given by the next calls of meter_tick, as they were and under their own key; they are in the new
 * meter's checkpoints until then. Readings of ports that the picture does not have any more are
 * left out. 0, or -1 when the bytes are not a whole checkpoint or there is no memory: then the meter
 * is as it was. */
int meter_resume(struct meter *m, struct cursor bytes, struct utc_s now);

/* The same of what the decoders know of each exporter (templates, sampling, sequence numbers), which
 * a worker has and not the meter that it is joined into. Appends; 0 or -1 as above. */
int meter_checkpoint_decoders(const struct meter *m, struct buf *out);
/* Which exporters are wanted, by the address they send from: a worker is to have its own, and to keep
 * none that another one hears. */
struct meter_wanted {
	bool (*wants)(const void *context, struct ip address);
	const void *context;
};
/* Takes over what such a piece has of those that are wanted; NULL: of all. There may be several, one
 * after the other; of an exporter that has been heard already nothing is taken. 0, or -1 when the bytes
 * are not whole or there is no memory. */
int meter_resume_decoders(struct meter *m, struct cursor bytes, const struct meter_wanted *wanted,
			  struct utc_s now);
