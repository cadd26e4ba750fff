/* What is kept in a file or handed to another process, sealed: who reads it knows what it is, that it
 * is whole, and that its bytes are those that were written.
 *
 *	magic u32 | version u16 | flags u16 | length u32 of the body | body | XXH3 of all before it u64
 *
 * Integers are in network byte order. The checksum guards against accidents, not against intent. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"

enum { SEALED_HEADER = 12, SEALED_CHECKSUM = 8 }; /* octets before and after the body */

struct sealed_kind {
	uint32_t magic;
	uint16_t oldest, version; /* `version` is written, from `oldest` on they are read */
	uint16_t flags;           /* the bits that may be set */
};

/* Begins a piece at the buffer's end; the body is then appended. Returns where the piece starts, for
 * sealed_end. */
size_t sealed_begin(struct buf *out, const struct sealed_kind *kind, uint16_t flags);
/* Ends it. A body of 4 GiB or more fails the buffer, as a lack of memory does. */
void sealed_end(struct buf *out, size_t start);

struct sealed {
	uint16_t version, flags;
	struct cursor body; /* over the caller's bytes */
};

/* Opens what is exactly one piece of that kind. The body is empty and failed when it is not, when
 * the version or a flag is not known, or the checksum differs. */
struct sealed sealed_open(const struct sealed_kind *kind, struct cursor bytes);
