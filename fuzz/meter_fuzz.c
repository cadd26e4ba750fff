/* The whole meter: datagrams of any kind from exporters known and not, the clock going where the
 * input says, pictures changing in between. What it gives must be batches that read back. */
#include <stdlib.h>

#include "../tests/meter/exchange.h"
#include "meter/meter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct traffic_batch *batch)
{
	struct buf bytes = {0};
	struct arena *arena = arena_new();
	struct traffic_batch again;
	traffic_encode(batch, &bytes);
	if (traffic_decode(&again, arena, cursor_of(bytes.data, bytes.length)) < 0)
		abort();
	arena_free(arena);
	buf_fini(&bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor in = cursor_of(data, size);
	struct hub *hubs[2] = {exchange_new(3), exchange_new(5)};
	struct utc_s now = {1700000000};
	static const char countries[] = "10.0.0.0/15\tPK\n2001:db8:1::/48\tGE\n";
	struct meter *m =
		meter_new_with_countries(hubs[0], 1, now, countries, sizeof(countries) - 1);
	const struct traffic_batch *batch;
	while (m && cursor_left(&in) > 4) {
		uint8_t what = cursor_u8(&in);
		int8_t step = (int8_t)cursor_u8(&in);
		uint16_t length = cursor_u16(&in);
		size_t left = cursor_left(&in);
		struct cursor datagram = cursor_sub(&in, length < left ? length : left);
		now.s += what & 8 ? step * 20 : step & 15;
		if ((what & 0x60) == 0x60)
			(void)meter_apply(m, hubs[what >> 7]);
		meter_datagram(m, what & 1 ? METER_SFLOW : METER_NETFLOW,
			       ip_v4(what & 0x10 ? 0xc0000209 : 0xc0000201), datagram, now);
		while ((batch = meter_tick(m, now)))
			check(batch);
	}
	while (m && (batch = meter_flush(m, now)))
		check(batch);
	meter_free(m);
	hub_free(hubs[0]);
	hub_free(hubs[1]);
	return 0;
}
