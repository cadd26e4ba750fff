/* Parts with their lengths, and a checksum. */
#include "meter/inlet_state.h"

#include <string.h>

#include "base/hash.h"

enum { VERSION = 1, CHECKSUM = 8 };
static const uint8_t magic[4] = {'S', 'R', 'M', 'S'};

void
inlet_state_begin(struct buf *out)
{
	buf_put(out, magic, sizeof(magic));
	buf_u32(out, VERSION);
}

size_t
inlet_state_open(struct buf *out, enum inlet_part kind)
{
	buf_u32(out, kind);
	buf_u64(out, 0);
	return out->length;
}

void
inlet_state_close(struct buf *out, size_t opened)
{
	if (out->failed)
		return;
	uint64_t length = out->length - opened;
	for (size_t i = 0; i < 8; i++)
		out->data[opened - 8 + i] = (uint8_t)(length >> (56 - 8 * i));
}

void
inlet_state_end(struct buf *out)
{
	buf_u32(out, INLET_END);
	if (!out->failed)
		buf_u64(out, hash_bytes(out->data, out->length));
}

void
inlet_state_put_place(struct buf *out, struct inlet_place place)
{
	buf_u16(out, place.index);
	buf_u16(out, place.count);
}

bool
inlet_state_take_place(struct inlet_place *out, struct cursor *part)
{
	out->index = cursor_u16(part);
	out->count = cursor_u16(part);
	return !part->failed && out->index < out->count;
}

bool
inlet_state_read(struct cursor *parts, struct cursor bytes)
{
	size_t length = cursor_left(&bytes);
	if (length < CHECKSUM)
		return false;
	struct cursor whole = bytes, end = bytes;
	struct cursor body = cursor_sub(&whole, length - CHECKSUM);
	cursor_skip(&end, length - CHECKSUM);
	if (cursor_u64(&end) != hash_bytes(body.at, length - CHECKSUM))
		return false;
	uint8_t begins[sizeof(magic)];
	cursor_copy(&body, begins, sizeof(begins));
	if (memcmp(begins, magic, sizeof(magic)) != 0 || cursor_u32(&body) != VERSION)
		return false;
	*parts = body;
	return !body.failed;
}

enum inlet_part
inlet_state_next(struct cursor *parts, struct cursor *part)
{
	for (;;) {
		uint32_t kind = cursor_u32(parts);
		if (parts->failed || kind == INLET_END)
			return INLET_END;
		uint64_t length = cursor_u64(parts);
		*part = cursor_sub(parts, length > SIZE_MAX ? SIZE_MAX : (size_t)length);
		if (parts->failed)
			return INLET_END;
		if (kind == INLET_CHECKPOINT || kind == INLET_DECODERS)
			return (enum inlet_part)kind;
	}
}
