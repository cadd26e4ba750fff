/* What the decoders of a meter know, as bytes:
 *
 *	"SRMD" | version u32 | pieces u32, then for each exporter that was heard
 *	id (length u16, octets) | what meter/exporter_state.h writes, which has a checksum of its own
 *
 * An exporter is known by its id in the hub file. Where two pieces speak of one (it went from one
 * worker to another), the one that heard it last is believed. */
#include <string.h>

#include "meter/exporter_state.h"
#include "meter/meter_checkpoint.h"
#include "meter/meter_state.h"

enum { MAGIC = 0x53524d44, VERSION = 1 };

static bool
has_decoders(const struct exporter *e)
{
	return e->sflow || e->netflow;
}

int
meter_checkpoint_decoders(const struct meter *m, struct buf *out)
{
	size_t before = out->length;
	uint32_t pieces = 0;
	for (size_t i = 0; i < m->exporter_count; i++)
		pieces += has_decoders(&m->exporters[i]);
	buf_u32(out, MAGIC);
	buf_u32(out, VERSION);
	buf_u32(out, pieces);
	for (size_t i = 0; i < m->exporter_count; i++) {
		const char *id = m->roster.exporters[i].id;
		if (!has_decoders(&m->exporters[i]))
			continue;
		buf_u16(out, (uint16_t)strlen(id));
		buf_str(out, id);
		exporter_state_encode(&m->exporters[i], out);
	}
	if (!out->failed)
		return 0;
	out->length = before;
	return -1;
}

/* The exporter of that id, or HUB_NONE. */
static uint32_t
exporter_by_id(const struct meter *m, struct cursor id)
{
	size_t length = cursor_left(&id);
	for (uint32_t i = 0; i < m->exporter_count; i++) {
		const char *have = m->roster.exporters[i].id;
		if (strlen(have) == length && memcmp(have, id.at, length) == 0)
			return i;
	}
	return HUB_NONE;
}

static int
resume_one(struct meter *m, struct cursor *in, struct utc_s now)
{
	struct exporter known = {0};
	struct cursor id = cursor_sub(in, cursor_u16(in));
	if (exporter_state_decode(&known, &m->drops, in, now) < 0)
		return -1;
	uint32_t number = id.failed ? HUB_NONE : exporter_by_id(m, id);
	struct exporter *e = number == HUB_NONE ? NULL : &m->exporters[number];
	if (e && (!has_decoders(e) || e->last_heard.s < known.last_heard.s)) {
		sflow_track_free(e->sflow);
		netflow_state_free(e->netflow);
		e->sflow = known.sflow;
		e->netflow = known.netflow;
		e->protocols = known.protocols;
		e->ingress_s = known.ingress_s;
		e->last_heard = known.last_heard;
		known.sflow = NULL;
		known.netflow = NULL;
	}
	exporter_fini(&known);
	return 0;
}

/* Whether all of it can be read: nothing is taken over otherwise. */
static bool
is_whole(struct cursor bytes, struct utc_s now)
{
	uint32_t magic = cursor_u32(&bytes), version = cursor_u32(&bytes);
	uint32_t pieces = cursor_u32(&bytes);
	if (bytes.failed || magic != MAGIC || version != VERSION)
		return false;
	for (uint32_t i = 0; i < pieces; i++) {
		struct exporter e = {0};
		cursor_skip(&bytes, cursor_u16(&bytes));
		if (exporter_state_decode(&e, NULL, &bytes, now) < 0)
			return false;
		exporter_fini(&e);
	}
	return !cursor_left(&bytes);
}

int
meter_resume_decoders(struct meter *m, struct cursor bytes, struct utc_s now)
{
	if (!is_whole(bytes, now))
		return -1;
	cursor_skip(&bytes, 8);
	uint32_t pieces = cursor_u32(&bytes);
	for (uint32_t i = 0; i < pieces; i++)
		if (resume_one(m, &bytes, now) < 0)
			return -1;
	return 0;
}
