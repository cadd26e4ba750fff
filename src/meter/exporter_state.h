/* What the decoders know of one exporter, as bytes, so that a restart of the meter forgets nothing
 * that exporters say only now and then: templates (an exporter may send them twice an hour),
 * sampling rates that were announced, what sequence numbers count and which comes next. So records
 * that were sent in between are lost by number, and data is read from the first datagram on.
 *
 *	exporter_state_encode(&e, &bytes);		appends; now and then, and at the end
 *	exporter_state_decode(&e, &drops, bytes, now);	into a zeroed struct exporter
 *
 * Pure. The bytes are framed by magic, version, length and checksum: one exporter's are one piece,
 * which may stand among others. Sums are not in it; they begin anew. */
#pragma once

#include "base/buf.h"
#include "base/clock.h"
#include "base/cursor.h"
#include "meter/exporter.h"

/* Nothing for one that has not been heard. Ask out->failed. */
void exporter_state_encode(const struct exporter *e, struct buf *out);
/* Takes one piece from the cursor. 0, or -1 when it is not whole, is of another version or says what
 * cannot be, or there is no memory: then *e is as it was. `drops` is that of the meter, see
 * netflow_state_new. */
int exporter_state_decode(struct exporter *e, struct sequence_drops *drops, struct cursor *in,
			  struct utc_s now);
