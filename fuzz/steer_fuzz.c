/* Any bytes are a plan or not; what is one is sound, and is written again as the same bytes, if they are of this version. The checksum is
 * mended first, so that the search gets behind it. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "hub/steer.h"

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
	struct steer_plan plan;
	const char *error;
	if (steer_decode(&plan, arena, cursor_of(b.data, b.length), &error) == 0) {
		if (steer_check(&plan) || !steer_same(&plan, &plan))
			abort();
		steer_encode(&plan, &again);
		/* The version stands behind the four octets of the kind. */
		bool newest = memcmp(again.data + 4, b.data + 4, 2) == 0;
		if (newest && again.length != b.length)
			abort();
		if (newest && memcmp(again.data, b.data, b.length) != 0)
			abort();
		for (size_t i = 0; i < plan.ingress_count; i++)
			if (steer_ingress_of(&plan, plan.ingresses[i].site,
					     plan.ingresses[i].member) != &plan.ingresses[i])
				abort();
	}
	buf_fini(&b);
	buf_fini(&again);
	arena_free(arena);
	return 0;
}
