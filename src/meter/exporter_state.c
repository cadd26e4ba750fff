/* What is known of an exporter, framed:
 *
 *	magic u32 | version u32 | length u32 | checksum u64 | body
 *	body: protocols u32, ingress i64, last heard i64, sFlow u8 [...], NetFlow u8 [...]       */
#include "meter/exporter_state.h"

#include <string.h>

#include "base/hash.h"

enum { MAGIC = 0x53455831, VERSION = 1 }; /* "SEX1" */

void
exporter_state_encode(const struct exporter *e, struct buf *out)
{
	struct buf body = {0};
	if (!e->sflow && !e->netflow)
		return;
	buf_u32(&body, e->protocols);
	buf_u64(&body, (uint64_t)e->ingress_s);
	buf_u64(&body, (uint64_t)e->last_heard.s);
	buf_u8(&body, e->sflow != NULL);
	if (e->sflow)
		sflow_track_encode(e->sflow, &body);
	buf_u8(&body, e->netflow != NULL);
	if (e->netflow)
		netflow_state_encode(e->netflow, &body);
	buf_u32(out, MAGIC);
	buf_u32(out, VERSION);
	buf_u32(out, (uint32_t)body.length);
	buf_u64(out, hash_bytes(body.data, body.length));
	buf_put(out, body.data, body.length);
	out->failed |= body.failed;
	buf_fini(&body);
}

/* The body of the piece in front; fails if it is not whole. */
static struct cursor
take_body(struct cursor *in)
{
	uint32_t magic = cursor_u32(in), version = cursor_u32(in), length = cursor_u32(in);
	uint64_t checksum = cursor_u64(in);
	struct cursor body = cursor_sub(in, length);
	if (body.failed || magic != MAGIC || version != VERSION ||
	    hash_bytes(body.at, length) != checksum)
		cursor_fail(&body);
	return body;
}

int
exporter_state_decode(struct exporter *e, struct sequence_drops *drops, struct cursor *in,
		      struct utc_s now)
{
	struct exporter made = {0};
	struct cursor body = take_body(in);
	made.protocols = cursor_u32(&body);
	made.ingress_s = (int64_t)cursor_u64(&body);
	made.last_heard.s = (int64_t)cursor_u64(&body);
	if (cursor_u8(&body)) {
		made.sflow = sflow_track_decode(drops, &body);
		if (!made.sflow)
			cursor_fail(&body);
	}
	if (cursor_u8(&body)) {
		made.netflow = netflow_state_decode(drops, &body, now);
		if (!made.netflow)
			cursor_fail(&body);
	}
	if (body.failed || cursor_left(&body)) {
		exporter_fini(&made);
		return -1;
	}
	exporter_fini(e);
	*e = made;
	return 0;
}
