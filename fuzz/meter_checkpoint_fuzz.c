/* Any bytes are a checkpoint or not; a meter that takes one over goes on, and what it gives can be
 * written. The checksum is mended first, so that the search gets behind it. */
#include <stdlib.h>
#include <string.h>

#include "../tests/meter/exchange.h"
#include "base/hash.h"
#include "meter/meter_checkpoint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
go_on(struct meter *m, struct utc_s now)
{
	const struct traffic_batch *batch;
	struct buf bytes = {0};
	if (meter_checkpoint(m, now, &bytes) < 0)
		abort();
	while ((batch = meter_flush(m, now)))
		traffic_encode(batch, &bytes);
	if (bytes.failed)
		abort();
	buf_fini(&bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char no_countries[] = "";
	struct hub *hub = exchange_new(3);
	struct utc_s now = {1700000200};
	struct buf b = {0};
	buf_put(&b, data, size);
	if (size >= 8) {
		b.length -= 8;
		buf_u64(&b, hash_bytes(data, size - 8));
	}
	struct meter *m = meter_new_with_countries(hub, 9, now, no_countries, 0);
	if (!m)
		abort();
	(void)meter_resume_decoders(m, cursor_of(b.data, b.length), NULL, now);
	if (meter_resume(m, cursor_of(b.data, b.length), now) == 0)
		go_on(m, now);
	meter_free(m);
	buf_fini(&b);
	hub_free(hub);
	return 0;
}
