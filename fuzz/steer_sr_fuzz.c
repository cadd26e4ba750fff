/* Any bytes are a plan or not; what is one is sound, and is written again as the same bytes. The checksum is
 * mended first, so that the search gets behind it. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "hub/steer_sr.h"

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
	struct steer_sr_plan plan;
	const char *error;
	if (steer_sr_decode(&plan, arena, cursor_of(b.data, b.length), &error) == 0) {
		if (steer_sr_check(&plan) || !steer_sr_same(&plan, &plan))
			abort();
		steer_sr_encode(&plan, &again);
		if (again.length != b.length || memcmp(again.data, b.data, b.length) != 0)
			abort();
	}
	buf_fini(&b);
	buf_fini(&again);
	arena_free(arena);
	return 0;
}
