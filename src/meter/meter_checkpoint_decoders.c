/* What the decoders know of all exporters, as bytes.
 *
 * Sealed (base/sealed.h) as "SRMD":
 *
 *	exporters (count u32; each: id, length u32, meter/exporter_state.h)
 *	ports that are sampled on the way in (count u32; each: id, when last, UTC u64)
 *
 * An id is a length (u16) and octets. */
#include <stdlib.h>
#include <string.h>

#include "base/sealed.h"
#include "meter/exporter_state.h"
#include "meter/meter_checkpoint.h"
#include "meter/meter_state.h"

static const struct sealed_kind kind = {0x53524d44, 1, 1, 0}; /* "SRMD" */

static void
put_exporters(struct buf *out, const struct meter *m)
{
	size_t at = out->length;
	uint32_t count = 0;
	buf_u32(out, 0);
	for (size_t i = 0; i < m->exporter_count; i++) {
		const struct exporter *e = &m->exporters[i];
		if ((!e->sflow && !e->netflow) || m->roster.exporters[i].hub_exporter == HUB_NONE)
			continue;
		buf_text(out, m->roster.exporters[i].id);
		size_t length = out->length;
		buf_u32(out, 0);
		exporter_state_encode(e, out);
		if (out->failed)
			return;
		buf_set_u32(out, length, (uint32_t)(out->length - length - 4));
		count++;
	}
	buf_set_u32(out, at, count);
}

static void
put_ports(struct buf *out, const struct meter *m)
{
	size_t at = out->length;
	uint32_t count = 0;
	buf_u32(out, 0);
	for (size_t i = 0; i < m->roster.port_count; i++) {
		if (!m->ingress_s[i])
			continue;
		buf_text(out, m->roster.ports[i].id);
		buf_u64(out, (uint64_t)m->ingress_s[i]);
		count++;
	}
	if (!out->failed)
		buf_set_u32(out, at, count);
}

int
meter_checkpoint_decoders(const struct meter *m, struct buf *out)
{
	size_t start = sealed_begin(out, &kind, 0);
	put_exporters(out, m);
	put_ports(out, m);
	sealed_end(out, start);
	if (!out->failed)
		return 0;
	out->length = start;
	out->failed = false;
	return -1;
}

/* The exporter in the picture of that id, or HUB_NONE. */
static uint32_t
exporter_of(const struct roster *r, struct cursor id)
{
	size_t length = cursor_left(&id);
	for (uint32_t i = 0; i < r->exporter_count; i++)
		if (r->exporters[i].hub_exporter != HUB_NONE &&
		    strlen(r->exporters[i].id) == length &&
		    memcmp(r->exporters[i].id, id.at, length) == 0)
			return i;
	return HUB_NONE;
}

/* What an exporter has said to this meter already is newer than what is written. */
static void
take_exporter(struct meter *m, uint32_t number, struct cursor state, struct utc_s now)
{
	struct exporter *e = &m->exporters[number];
	if (e->sflow || e->netflow || e->datagrams)
		return;
	if (exporter_state_decode(e, &m->drops, &state, now) < 0)
		return;
	e->seen_restarts = exporter_restarts(e) + 1;
	e->shared_datagrams = EXPORTER_UNTOLD;
}

static void
take_exporters(struct meter *m, struct cursor *c, const struct meter_wanted *wanted,
	       struct utc_s now)
{
	uint32_t count = cursor_u32(c);
	for (uint32_t i = 0; i < count && !c->failed; i++) {
		struct cursor id = cursor_sub(c, cursor_u16(c));
		struct cursor state = cursor_sub(c, cursor_u32(c));
		uint32_t number = c->failed ? HUB_NONE : exporter_of(&m->roster, id);
		if (number != HUB_NONE &&
		    (!wanted ||
		     wanted->wants(wanted->context, m->roster.exporters[number].address)))
			take_exporter(m, number, state, now);
	}
}

static void
take_ports(struct meter *m, struct cursor *c, const uint32_t *by_id)
{
	uint32_t count = cursor_u32(c);
	for (uint32_t i = 0; i < count && !c->failed; i++) {
		struct cursor id = cursor_sub(c, cursor_u16(c));
		int64_t last = (int64_t)cursor_u64(c);
		uint32_t port = c->failed ? HUB_NONE
					  : roster_find(&m->roster, by_id, id.at, cursor_left(&id));
		if (port != HUB_NONE && last > m->ingress_s[port])
			m->ingress_s[port] = last;
	}
}

int
meter_resume_decoders(struct meter *m, struct cursor bytes, const struct meter_wanted *wanted,
		      struct utc_s now)
{
	struct cursor body = sealed_open(&kind, bytes).body;
	uint32_t *by_id = body.failed ? NULL : roster_order(&m->roster);
	if (!by_id)
		return -1;
	take_exporters(m, &body, wanted, now);
	take_ports(m, &body, by_id);
	free(by_id);
	return body.failed || cursor_left(&body) ? -1 : 0;
}
