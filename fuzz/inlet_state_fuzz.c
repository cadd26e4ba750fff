/* The state's file: as it is, and with a checksum that holds. */
#include <stdint.h>
#include <stdlib.h>

#include "base/hash.h"
#include "meter/inlet_state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_all(struct cursor bytes)
{
	struct cursor parts, part;
	if (!inlet_state_read(&parts, bytes))
		return;
	while (inlet_state_next(&parts, &part) != INLET_END)
		if (part.failed || part.at < bytes.at || part.end > bytes.end)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = {0};
	read_all(cursor_of(data, size));
	buf_put(&whole, data, size);
	buf_u64(&whole, hash_bytes(data, size));
	if (!whole.failed)
		read_all(cursor_of(whole.data, whole.length));
	buf_fini(&whole);
	return 0;
}
