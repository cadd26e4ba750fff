/* Any body with a frame that fits it is what is known of an exporter, or is refused; what is accepted
 * can be written and read again, and can be used: the rest of the input is a datagram for it. */
#include <stdlib.h>

#include "base/hash.h"
#include "meter/exporter_state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct utc_s now = {1700000000};

static void
use(struct exporter *e, struct cursor datagram)
{
	struct sflow_reader s;
	struct sflow_sample sample;
	if (e->sflow && sflow_open(&s, datagram) == FLOW_ACCEPTED &&
	    sflow_track_datagram(e->sflow, &s, datagram, now))
		while (sflow_next(&s, &sample))
			if (sample.numbered)
				sflow_track_sample(e->sflow, &sample);
	struct netflow_reader n;
	struct flow flow;
	if (!e->netflow || netflow_open(&n, e->netflow, datagram, now) != FLOW_ACCEPTED)
		return;
	while (netflow_next(&n, &flow))
		;
	netflow_done(&n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor in = cursor_of(data, size);
	size_t length = cursor_u16(&in);
	length = length < cursor_left(&in) ? length : cursor_left(&in);
	struct cursor body = cursor_sub(&in, length);
	struct buf framed = {0}, once = {0}, twice = {0};
	struct exporter e = {0}, again = {0};
	if (!body.at)
		return 0;
	buf_u32(&framed, 0x53455831);
	buf_u32(&framed, 1);
	buf_u32(&framed, (uint32_t)length);
	buf_u64(&framed, hash_bytes(body.at, length));
	buf_put(&framed, body.at, length);
	struct cursor bytes = cursor_of(framed.data, framed.length);
	if (exporter_state_decode(&e, NULL, &bytes, now) == 0) {
		exporter_state_encode(&e, &once);
		bytes = cursor_of(once.data, once.length);
		if (once.length && exporter_state_decode(&again, NULL, &bytes, now) < 0)
			abort();
		exporter_state_encode(&again, &twice);
		/* In another order perhaps: both are tables by hash. */
		if (once.length != twice.length)
			abort();
		use(&e, in);
	}
	exporter_fini(&e);
	exporter_fini(&again);
	buf_fini(&framed);
	buf_fini(&once);
	buf_fini(&twice);
	return 0;
}
