/* A body between a header and a checksum. */
#include "base/sealed.h"

#include <assert.h>

#include "base/hash.h"

enum { LENGTH_AT = 8 }; /* in the header */

size_t
sealed_begin(struct buf *out, const struct sealed_kind *kind, uint16_t flags)
{
	assert(!(flags & ~kind->flags));
	size_t start = out->length;
	buf_u32(out, kind->magic);
	buf_u16(out, kind->version);
	buf_u16(out, flags);
	buf_u32(out, 0); /* the body's length, known at the end */
	return start;
}

void
sealed_end(struct buf *out, size_t start)
{
	if (out->failed)
		return;
	assert(out->length - start >= SEALED_HEADER);
	size_t body = out->length - start - SEALED_HEADER;
	if (body > UINT32_MAX) {
		out->failed = true;
		return;
	}
	buf_set_u32(out, start + LENGTH_AT, (uint32_t)body);
	buf_u64(out, hash_bytes(out->data + start, out->length - start));
}

struct sealed
sealed_open(const struct sealed_kind *kind, struct cursor bytes)
{
	struct sealed none = {.body = bytes};
	cursor_fail(&none.body);
	size_t size = cursor_left(&bytes);
	if (size < SEALED_HEADER + SEALED_CHECKSUM)
		return none;
	struct cursor all = bytes;
	uint32_t magic = cursor_u32(&bytes);
	struct sealed made = {.version = cursor_u16(&bytes)};
	made.flags = cursor_u16(&bytes);
	uint32_t length = cursor_u32(&bytes);
	if (magic != kind->magic || made.version < kind->oldest || made.version > kind->version ||
	    (made.flags & ~kind->flags) || length != size - SEALED_HEADER - SEALED_CHECKSUM)
		return none;
	const uint8_t *start = cursor_take(&all, size - SEALED_CHECKSUM);
	if (hash_bytes(start, size - SEALED_CHECKSUM) != cursor_u64(&all))
		return none;
	made.body = cursor_sub(&bytes, length);
	return made;
}
