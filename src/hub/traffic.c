/* The traffic batch as bytes, and back.
 *
 * Sealed (base/sealed.h) as "SRTB". A table is a count (u32) and its rows; text is a length (u16) and
 * octets. Version 1 had less in the rows of ports, origins and countries, and no domains; a spool
 * may hold it from before an update. The checksum is looked at before anything else is believed;
 * still every count, index and letter is checked, because a sound checksum only says that the bytes
 * are those that were written. */
#include "hub/traffic.h"

#include <assert.h>
#include <string.h>

#include "base/sealed.h"
#include "hub/hub.h"

enum { FLAG_SIMULATED = 1 };
static const struct sealed_kind kind = {0x53525442, 1, 2, FLAG_SIMULATED}; /* "SRTB" */

/* The least octets that a row takes, in any version: bounds a count before memory is asked for it. */
enum {
	PORT_ROW = 2 + 2 * 8 + 4 + 4 * 8 + 1,
	PAIR_ROW = 4 + 4 + 1 + 3 * 8,
	ORIGIN_ROW = 4 + 1 + 4 + 2 + 8,
	COUNTRY_ROW = 2 + 2 + 8,
	EXPORTER_ROW = 2 + 4 * 8,
	UNATTRIBUTED_ROW = 2 + 2 * 8,
	DOMAIN_ROW = 4 + 1 + 4 * 8 + 2 * 4,
};

enum { MILLION = 1000000 };

bool
traffic_is_seen_twice(const struct traffic_unattributed *u)
{
	return strcmp(u->cause, TRAFFIC_SEEN_ELSEWHERE) == 0 ||
	       strcmp(u->cause, TRAFFIC_SEEN_AGAIN) == 0;
}

static void
put_count(struct buf *out, size_t count)
{
	assert(count <= UINT32_MAX);
	buf_u32(out, (uint32_t)count);
}

static void
put_ports(struct buf *out, const struct traffic_batch *batch)
{
	put_count(out, batch->port_count);
	for (size_t i = 0; i < batch->port_count; i++) {
		const struct traffic_port *p = &batch->ports[i];
		buf_text(out, p->port);
		buf_u64(out, p->counter_in);
		buf_u64(out, p->counter_out);
		buf_u32(out, p->counter_covered_s);
		buf_u64(out, p->flow_in);
		buf_u64(out, p->flow_out);
		buf_u64(out, p->samples_in);
		buf_u64(out, p->samples_out);
		buf_u8(out, (uint8_t)p->state);
		buf_u8(out, (uint8_t)p->source);
		buf_u64(out, p->packets_in);
		buf_u64(out, p->packets_out);
		buf_u64(out, p->errors_in);
		buf_u64(out, p->errors_out);
		buf_u64(out, p->discards_in);
		buf_u64(out, p->discards_out);
		buf_u64(out, p->flow_v6_in);
		buf_u64(out, p->flow_v6_out);
		buf_u32(out, p->lost_ppm);
	}
}

static void
put_flows(struct buf *out, const struct traffic_batch *batch)
{
	put_count(out, batch->pair_count);
	for (size_t i = 0; i < batch->pair_count; i++) {
		const struct traffic_pair *p = &batch->pairs[i];
		buf_u32(out, p->from);
		buf_u32(out, p->to);
		buf_u8(out, p->family);
		buf_u64(out, p->octets);
		buf_u64(out, p->packets);
		buf_u64(out, p->samples);
	}
	put_count(out, batch->origin_count);
	for (size_t i = 0; i < batch->origin_count; i++) {
		const struct traffic_origin *o = &batch->origins[i];
		buf_u32(out, o->port);
		buf_u8(out, o->outgoing);
		buf_u32(out, o->asn.number);
		buf_put(out, o->country, 2);
		buf_u64(out, o->octets);
		buf_u64(out, o->samples);
		buf_u32(out, o->next.number);
	}
	put_count(out, batch->country_count);
	for (size_t i = 0; i < batch->country_count; i++) {
		buf_put(out, batch->countries[i].from, 2);
		buf_put(out, batch->countries[i].to, 2);
		buf_u64(out, batch->countries[i].octets);
		buf_u64(out, batch->countries[i].samples);
	}
}

static void
put_provenance(struct buf *out, const struct traffic_batch *batch)
{
	put_count(out, batch->exporter_count);
	for (size_t i = 0; i < batch->exporter_count; i++) {
		const struct traffic_exporter *e = &batch->exporters[i];
		buf_text(out, e->exporter);
		buf_u64(out, e->datagrams);
		buf_u64(out, e->records);
		buf_u64(out, e->lost_records);
		buf_u64(out, e->refused);
	}
	put_count(out, batch->unattributed_count);
	for (size_t i = 0; i < batch->unattributed_count; i++) {
		buf_text(out, batch->unattributed[i].cause);
		buf_u64(out, batch->unattributed[i].octets);
		buf_u64(out, batch->unattributed[i].samples);
	}
	put_count(out, batch->domain_count);
	for (size_t i = 0; i < batch->domain_count; i++) {
		const struct traffic_domain *d = &batch->domains[i];
		buf_u32(out, d->exporter);
		buf_u8(out, d->protocol);
		buf_u64(out, d->number);
		buf_u64(out, d->received);
		buf_u64(out, d->lost);
		buf_u64(out, d->lost_here);
		buf_u32(out, d->restarts);
		buf_u32(out, d->repeated);
	}
}

void
traffic_encode(const struct traffic_batch *batch, struct buf *out)
{
	size_t start = sealed_begin(out, &kind, batch->simulated ? FLAG_SIMULATED : 0);
	buf_u64(out, (uint64_t)batch->start.s);
	buf_u32(out, batch->length_s);
	buf_u32(out, batch->covered_s);
	buf_u64(out, batch->run);
	buf_u64(out, batch->kernel_drops);
	put_ports(out, batch);
	put_flows(out, batch);
	put_provenance(out, batch);
	sealed_end(out, start);
}

/* What reading needs at every step. */
struct reader {
	struct cursor in;
	struct arena *arena;
	uint16_t version;
};

static const char *
take_text(struct reader *r)
{
	size_t length = cursor_u16(&r->in);
	const uint8_t *octets = cursor_take(&r->in, length);
	if (!octets || memchr(octets, 0, length)) {
		cursor_fail(&r->in);
		return NULL;
	}
	const char *text = arena_copy(r->arena, octets, length);
	if (!text)
		cursor_fail(&r->in);
	return text;
}

/* A table of `*count` rows of `size` octets in memory, at least `row` octets each in the file. */
static void *
take_table(struct reader *r, size_t *count, size_t row, size_t size)
{
	*count = cursor_u32(&r->in);
	if (*count > cursor_left(&r->in) / row) {
		cursor_fail(&r->in);
		*count = 0;
	}
	void *table = arena_take(r->arena, *count ? *count * size : 1);
	if (!table) {
		cursor_fail(&r->in);
		*count = 0;
	}
	return table;
}

static void
check(struct reader *r, bool sound)
{
	if (!sound)
		cursor_fail(&r->in);
}

static void
take_country(struct reader *r, char out[2])
{
	cursor_copy(&r->in, out, 2);
	bool letters = out[0] >= 'A' && out[0] <= 'Z' && out[1] >= 'A' && out[1] <= 'Z';
	check(r, letters || (out[0] == '-' && out[1] == '-'));
}

/* What version 2 says of a port besides. */
static void
take_port_rest(struct reader *r, struct traffic_port *p)
{
	uint8_t source = cursor_u8(&r->in);
	check(r, source <= TRAFFIC_BY_PUSH);
	p->source = (enum traffic_source)source;
	p->packets_in = cursor_u64(&r->in);
	p->packets_out = cursor_u64(&r->in);
	p->errors_in = cursor_u64(&r->in);
	p->errors_out = cursor_u64(&r->in);
	p->discards_in = cursor_u64(&r->in);
	p->discards_out = cursor_u64(&r->in);
	p->flow_v6_in = cursor_u64(&r->in);
	p->flow_v6_out = cursor_u64(&r->in);
	p->lost_ppm = cursor_u32(&r->in);
	check(r, p->flow_v6_in <= p->flow_in && p->flow_v6_out <= p->flow_out);
	check(r, p->lost_ppm <= MILLION);
}

static void
take_ports(struct reader *r, struct traffic_batch *batch)
{
	batch->ports = take_table(r, &batch->port_count, PORT_ROW, sizeof(*batch->ports));
	for (size_t i = 0; i < batch->port_count && !r->in.failed; i++) {
		struct traffic_port *p = &batch->ports[i];
		*p = (struct traffic_port){.port = take_text(r)};
		p->counter_in = cursor_u64(&r->in);
		p->counter_out = cursor_u64(&r->in);
		p->counter_covered_s = cursor_u32(&r->in);
		p->flow_in = cursor_u64(&r->in);
		p->flow_out = cursor_u64(&r->in);
		p->samples_in = cursor_u64(&r->in);
		p->samples_out = cursor_u64(&r->in);
		uint8_t state = cursor_u8(&r->in);
		check(r, state <= TRAFFIC_ESTIMATED);
		p->state = (enum traffic_state)state;
		if (r->version >= 2)
			take_port_rest(r, p);
	}
}

static void
take_pairs(struct reader *r, struct traffic_batch *batch)
{
	batch->pairs = take_table(r, &batch->pair_count, PAIR_ROW, sizeof(*batch->pairs));
	for (size_t i = 0; i < batch->pair_count && !r->in.failed; i++) {
		struct traffic_pair *p = &batch->pairs[i];
		p->from = cursor_u32(&r->in);
		p->to = cursor_u32(&r->in);
		p->family = cursor_u8(&r->in);
		p->octets = cursor_u64(&r->in);
		p->packets = cursor_u64(&r->in);
		p->samples = cursor_u64(&r->in);
		check(r, p->from < batch->port_count && p->to < batch->port_count);
		check(r, p->family == IP_NONE || p->family == IP_V4 || p->family == IP_V6);
	}
}

static void
take_networks(struct reader *r, struct traffic_batch *batch)
{
	batch->origins = take_table(r, &batch->origin_count, ORIGIN_ROW, sizeof(*batch->origins));
	for (size_t i = 0; i < batch->origin_count && !r->in.failed; i++) {
		struct traffic_origin *o = &batch->origins[i];
		o->port = cursor_u32(&r->in);
		uint8_t outgoing = cursor_u8(&r->in);
		o->outgoing = outgoing;
		o->asn.number = cursor_u32(&r->in);
		take_country(r, o->country);
		o->octets = cursor_u64(&r->in);
		o->samples = r->version >= 2 ? cursor_u64(&r->in) : 0;
		o->next.number = r->version >= 2 ? cursor_u32(&r->in) : 0;
		check(r, o->port < batch->port_count && outgoing <= 1);
	}
	batch->countries =
		take_table(r, &batch->country_count, COUNTRY_ROW, sizeof(*batch->countries));
	for (size_t i = 0; i < batch->country_count && !r->in.failed; i++) {
		struct traffic_country *c = &batch->countries[i];
		take_country(r, c->from);
		take_country(r, c->to);
		c->octets = cursor_u64(&r->in);
		c->samples = r->version >= 2 ? cursor_u64(&r->in) : 0;
	}
}

static void
take_provenance(struct reader *r, struct traffic_batch *batch)
{
	batch->exporters =
		take_table(r, &batch->exporter_count, EXPORTER_ROW, sizeof(*batch->exporters));
	for (size_t i = 0; i < batch->exporter_count && !r->in.failed; i++) {
		struct traffic_exporter *e = &batch->exporters[i];
		e->exporter = take_text(r);
		e->datagrams = cursor_u64(&r->in);
		e->records = cursor_u64(&r->in);
		e->lost_records = cursor_u64(&r->in);
		e->refused = cursor_u64(&r->in);
	}
	batch->unattributed = take_table(r, &batch->unattributed_count, UNATTRIBUTED_ROW,
					 sizeof(*batch->unattributed));
	for (size_t i = 0; i < batch->unattributed_count && !r->in.failed; i++) {
		batch->unattributed[i].cause = take_text(r);
		batch->unattributed[i].octets = cursor_u64(&r->in);
		batch->unattributed[i].samples = cursor_u64(&r->in);
	}
}

static void
take_domains(struct reader *r, struct traffic_batch *batch)
{
	batch->domains = take_table(r, &batch->domain_count, DOMAIN_ROW, sizeof(*batch->domains));
	for (size_t i = 0; i < batch->domain_count && !r->in.failed; i++) {
		struct traffic_domain *d = &batch->domains[i];
		d->exporter = cursor_u32(&r->in);
		d->protocol = cursor_u8(&r->in);
		d->number = cursor_u64(&r->in);
		d->received = cursor_u64(&r->in);
		d->lost = cursor_u64(&r->in);
		d->lost_here = cursor_u64(&r->in);
		d->restarts = cursor_u32(&r->in);
		d->repeated = cursor_u32(&r->in);
		check(r, d->exporter < batch->exporter_count && d->lost_here <= d->lost);
		check(r,
		      d->protocol == 1 || d->protocol == 2 || d->protocol == 4 || d->protocol == 8);
	}
}

int
traffic_decode(struct traffic_batch *out, struct arena *arena, struct cursor bytes)
{
	struct sealed piece = sealed_open(&kind, bytes);
	struct traffic_batch batch = {.simulated = piece.flags & FLAG_SIMULATED};
	struct reader r = {.in = piece.body, .arena = arena, .version = piece.version};
	batch.start.s = (int64_t)cursor_u64(&r.in);
	batch.length_s = cursor_u32(&r.in);
	batch.covered_s = cursor_u32(&r.in);
	batch.run = cursor_u64(&r.in);
	batch.kernel_drops = cursor_u64(&r.in);
	check(&r, batch.length_s > 0 && batch.start.s >= 0);
	if (r.in.failed)
		return -1;
	take_ports(&r, &batch);
	take_pairs(&r, &batch);
	take_networks(&r, &batch);
	take_provenance(&r, &batch);
	if (r.version >= 2)
		take_domains(&r, &batch);
	if (r.in.failed || cursor_left(&r.in))
		return -1;
	*out = batch;
	return 0;
}
