/* Any bytes are the line about the state of steering or not; what is one is written as it was read. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "hub/steer_state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct steer_state state;
	struct buf again = {0};
	if (steer_state_read(&state, cursor_of(data, size)) == 0) {
		steer_state_write(&state, &again);
		assert(again.length == size && memcmp(again.data, data, size) == 0);
	}
	buf_fini(&again);
	return 0;
}
