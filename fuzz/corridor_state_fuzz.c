/* Any bytes are a state of the corridor or not; what is one of the present version is written again as the same
 * bytes, and what is of an older one is read back. The checksum is mended first, so that the search gets behind it. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "corridor/corridor_state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf b = {0}, again = {0};
	buf_put(&b, data, size);
	if (size >= 8) {
		b.length -= 8;
		buf_u64(&b, hash_bytes(data, size - 8));
	}
	struct corridor_state *state = corridor_state_decode(cursor_of(b.data, b.length));
	if (state) {
		corridor_state_encode(state, &again);
		bool present = b.data[5] == again.data[5];
		if (present &&
		    (again.length != b.length || memcmp(again.data, b.data, b.length) != 0))
			abort();
		struct corridor_state *back =
			corridor_state_decode(cursor_of(again.data, again.length));
		if (!back)
			abort();
		corridor_state_free(back);
	}
	corridor_state_free(state);
	buf_fini(&b);
	buf_fini(&again);
	return 0;
}
