/* The file run/meter.state: what a meter that dies leaves to the next one. Pure.
 *
 *	"SRMS", version, { kind, length, octets } ..., 0, checksum (XXH3) of all before
 *
 * It is only believed whole. A part of a kind that is not known is passed over. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"

enum inlet_part {
	INLET_END,
	INLET_CHECKPOINT, /* meter_checkpoint */
	INLET_DECODERS,   /* whose it was, then meter_checkpoint_decoders; one a worker */
};

/* Writing: begin, the parts, end; each part between open and close. */
void inlet_state_begin(struct buf *out);
/* The octets that are appended until inlet_state_close are the part's; returns what close wants. */
size_t inlet_state_open(struct buf *out, enum inlet_part kind);
void inlet_state_close(struct buf *out, size_t opened);
void inlet_state_end(struct buf *out);

/* Which of how many workers a part was of; without workers the first of one. */
struct inlet_place {
	uint16_t index, count;
};
/* Puts it at the beginning of a part. */
void inlet_state_put_place(struct buf *out, struct inlet_place place);
/* Takes it from the beginning of a part. False when there cannot be such a one. */
bool inlet_state_take_place(struct inlet_place *out, struct cursor *part);

/* Reading. False when it is not whole, or of another version. */
bool inlet_state_read(struct cursor *parts, struct cursor bytes);
/* The next part, or INLET_END. */
enum inlet_part inlet_state_next(struct cursor *parts, struct cursor *part);
