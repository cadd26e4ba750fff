/* Any bytes are a block of flow records or not; none takes the reader beyond them. The checksum is mended
 * first, so that the search gets behind it. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "meter/flow_keep.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf b = {0};
	struct arena *arena = arena_new();
	buf_put(&b, data, size);
	if (size >= FLOW_KEEP_HEADER + FLOW_KEEP_CHECK) {
		b.length -= FLOW_KEEP_CHECK;
		buf_u64(&b, hash_bytes(b.data, b.length));
	}
	struct flow_block block;
	struct flow_record record;
	if (flow_block_open(&block, arena, cursor_of(b.data, b.length)) == 0) {
		uint32_t announced = block.left, count = 0;
		while (flow_block_next(&block, &record))
			count += strlen(record.port) <= UINT8_MAX;
		if (count > announced)
			abort();
	}
	arena_free(arena);
	buf_fini(&b);
	return 0;
}
