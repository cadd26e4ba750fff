/* Any bytes are a batch or not; what is one can be written again: to the same bytes, if it is of this
 * version. The checksum is mended first, so
 * that the search gets behind it. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "hub/traffic.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
same(const struct buf *a, const struct buf *b)
{
	return a->length == b->length && memcmp(a->data, b->data, a->length) == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf b = {0}, again = {0}, third = {0};
	struct arena *arena = arena_new();
	buf_put(&b, data, size);
	if (size >= 8) {
		b.length -= 8;
		buf_u64(&b, hash_bytes(data, size - 8));
	}
	struct traffic_batch batch;
	if (traffic_decode(&batch, arena, cursor_of(b.data, b.length)) == 0) {
		traffic_encode(&batch, &again);
		if (b.data[5] == 2 && !same(&again, &b))
			abort();
		if (traffic_decode(&batch, arena, cursor_of(again.data, again.length)) < 0)
			abort();
		traffic_encode(&batch, &third);
		if (!same(&again, &third))
			abort();
	}
	buf_fini(&b);
	buf_fini(&again);
	buf_fini(&third);
	arena_free(arena);
	return 0;
}
