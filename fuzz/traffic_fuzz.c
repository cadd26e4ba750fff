/* Any bytes are a batch or not; what is one can be written again. The checksum is mended first, so
 * that the search gets behind it. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "hub/traffic.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf b = {0}, again = {0};
	struct arena *arena = arena_new();
	buf_put(&b, data, size);
	if (size >= 8) {
		b.length -= 8;
		buf_u64(&b, hash_bytes(data, size - 8));
	}
	struct traffic_batch batch;
	if (traffic_decode(&batch, arena, cursor_of(b.data, b.length)) == 0) {
		traffic_encode(&batch, &again);
		if (again.length != b.length || memcmp(again.data, b.data, b.length) != 0)
			abort();
	}
	buf_fini(&b);
	buf_fini(&again);
	arena_free(arena);
	return 0;
}
