/* What a restart of the meter does not forget, and bytes that are not what they should be. */
#include "meter/exporter_state.h"

#include <stdlib.h>

#include "base/hash.h"
#include "exchange.h"
#include "meter/meter.h"
#include "meter/meter_checkpoint.h"
#include "tap.h"

static const struct utc_s now = {1700000000};

static uint64_t
take_ipfix(struct exporter *e, const struct buf *b, struct flow *last)
{
	struct netflow_reader r;
	struct flow flow;
	uint64_t flows = 0;
	struct cursor datagram = cursor_of(b->data, b->length);
	if (netflow_open(&r, e->netflow, datagram, now) != FLOW_ACCEPTED)
		return 0;
	while (netflow_next(&r, &flow)) {
		*last = flow;
		flows++;
	}
	netflow_done(&r);
	return flows;
}

static void
ipfix(struct buf *b, uint32_t sequence)
{
	buf_clear(b);
	buf_u16(b, 10);
	buf_u16(b, 0);
	buf_u32(b, (uint32_t)now.s);
	buf_u32(b, sequence);
	buf_u32(b, 7);
}

static void
end(struct buf *b)
{
	buf_set_u16(b, 2, (uint16_t)b->length);
}

/* Templates 256 and 512, and a rate of 1 in 2000 by the sampler 3. */
static void
announce(struct buf *b, uint32_t sequence)
{
	ipfix(b, sequence);
	static const uint16_t words[] = {2,  20,  256, 3, 1,   4, 2,  4, 302, 4, 3,
					 18, 512, 2,   1, 302, 4, 34, 4, 512, 12};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		buf_u16(b, words[i]);
	buf_u32(b, 3);
	buf_u32(b, 2000);
	end(b);
}

static void
flows(struct buf *b, uint32_t sequence, uint16_t count)
{
	ipfix(b, sequence);
	buf_u16(b, 256);
	buf_u16(b, (uint16_t)(4 + 12 * count));
	for (uint16_t i = 0; i < count; i++) {
		buf_u32(b, 1000u + i);
		buf_u32(b, 1);
		buf_u32(b, 3);
	}
	end(b);
}

static bool
take_sflow(struct exporter *e, struct buf *b, struct sflow_sample *last)
{
	struct sflow_reader r;
	struct cursor datagram = cursor_of(b->data, b->length);
	if (sflow_open(&r, datagram) != FLOW_ACCEPTED ||
	    !sflow_track_datagram(e->sflow, &r, datagram, now))
		return false;
	while (sflow_next(&r, last))
		sflow_track_sample(e->sflow, last);
	return true;
}

static void
samples(struct buf *b, uint32_t sequence, uint32_t first)
{
	struct frame f = {.to = 1, .rate = 1000, .length = 500, .source = 1000};
	buf_clear(b);
	sflow_header(b, (struct sflow_numbers){2, sequence, 60000 + sequence}, 2);
	sflow_flow_sample(b, first, &f);
	sflow_flow_sample(b, first + 1, &f);
}

static void
make(struct exporter *e)
{
	struct buf b = {0};
	struct flow flow;
	struct sflow_sample sample;
	*e = (struct exporter){.protocols = EXPORTER_SFLOW | EXPORTER_IPFIX};
	e->sflow = sflow_track_new(NULL);
	e->netflow = netflow_state_new(NULL);
	announce(&b, 0);
	(void)take_ipfix(e, &b, &flow);
	flows(&b, 1, 10);
	(void)take_ipfix(e, &b, &flow);
	for (uint32_t i = 0; i < 5; i++) {
		samples(&b, 100 + i, 10 + 2 * i);
		(void)take_sflow(e, &b, &sample);
	}
	buf_fini(&b);
}

static int
decode(struct exporter *e, const void *bytes, size_t length)
{
	struct cursor in = cursor_of(bytes, length);
	return exporter_state_decode(e, NULL, &in, now);
}

static void
outlives(void)
{
	struct exporter before, after = {0};
	struct buf bytes = {0}, again = {0}, b = {0};
	struct flow flow = {0};
	struct sflow_sample sample;
	struct exporter_domain d[4];
	make(&before);
	exporter_state_encode(&before, &bytes);
	ok(decode(&after, bytes.data, bytes.length) == 0, "what is written can be read");
	exporter_state_encode(&after, &again);
	ok(again.length == bytes.length && memcmp(again.data, bytes.data, bytes.length) == 0,
	   "and comes out the same");
	is_int((long long)netflow_totals(after.netflow).templates, 2, "templates are there");
	flows(&b, 25, 10);
	is_int((long long)take_ipfix(&after, &b, &flow), 10,
	       "data is read without its template being sent again");
	ok(flow.sampling.population == 2000, "and has the rate that was announced before");
	samples(&b, 107, 24);
	(void)take_sflow(&after, &b, &sample);
	is_int((long long)exporter_domains(&after, d, 4), 2, "two spaces of numbers go on");
	ok(d[0].total.lost == 4 && d[0].total.received == 2,
	   "the samples of two datagrams that were sent in between are lost: 4");
	ok(d[1].total.lost == 14 && d[1].total.received == 10, "and so are 14 records");
	ok(d[1].since.lost == 14, "all of it new, since sums begin anew");
	exporter_fini(&before);
	exporter_fini(&after);
	buf_fini(&bytes);
	buf_fini(&again);
	buf_fini(&b);
}

/* Writes the checksum that belongs to a body. */
static void
sign(uint8_t *bytes, size_t length)
{
	enum { CHECKSUM = 12, BODY = 20 };
	uint64_t sum = hash_bytes(bytes + BODY, length - BODY);
	for (int i = 0; i < 8; i++)
		bytes[CHECKSUM + i] = (uint8_t)(sum >> (56 - 8 * i));
}

static void
damaged(void)
{
	struct exporter made, e = {0};
	struct buf bytes = {0};
	make(&made);
	exporter_state_encode(&made, &bytes);
	size_t accepted = 0;
	for (size_t length = 0; length < bytes.length; length++) {
		uint8_t *copy = malloc(length ? length : 1);
		memcpy(copy, bytes.data, length);
		accepted += decode(&e, copy, length) == 0;
		free(copy);
	}
	is_int((long long)accepted, 0, "no piece of it is taken for the whole");
	for (size_t bit = 0; bit < bytes.length * 8; bit++) {
		bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		accepted += decode(&e, bytes.data, bytes.length) == 0;
		bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	is_int((long long)accepted, 0, "nor is it with any bit changed");
	ok(!e.sflow && !e.netflow, "and nothing of it is taken over");
	/* With a checksum that fits, what is said must still be possible. */
	size_t broken = 0;
	for (size_t bit = 20 * 8; bit < bytes.length * 8; bit++) {
		struct exporter other = {0};
		struct buf again = {0};
		bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		sign(bytes.data, bytes.length);
		if (decode(&other, bytes.data, bytes.length) == 0) {
			exporter_state_encode(&other, &again);
			struct exporter third = {0};
			broken += decode(&third, again.data, again.length) != 0;
			exporter_fini(&third);
		}
		bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		buf_fini(&again);
		exporter_fini(&other);
	}
	is_int((long long)broken, 0, "what is accepted can be written and read again");
	exporter_fini(&made);
	buf_fini(&bytes);
}

static void
give(struct meter *m, const struct buf *b, enum meter_kind kind)
{
	meter_datagram(m, kind, ip_v4(0xc0000201), cursor_of(b->data, b->length), now);
}

/* The same of a whole meter, as whoever keeps it on the disk would do it. */
static void
whole_meter(void)
{
	struct hub *hub = exchange_new(2);
	struct meter *m = meter_new(hub, 1, now), *next = meter_new(hub, 2, now);
	struct buf b = {0}, bytes = {0}, older = {0};
	ok(meter_checkpoint_decoders(m, &older) == 0, "of a meter that heard nobody");
	announce(&b, 0);
	give(m, &b, METER_NETFLOW);
	samples(&b, 100, 10);
	give(m, &b, METER_SFLOW);
	ok(meter_checkpoint_decoders(m, &bytes) == 0, "and of one that did");
	for (size_t length = 0; length < bytes.length; length++)
		if (meter_resume_decoders(next, cursor_of(bytes.data, length), NULL, now) == 0)
			ok(false, "%zu octets are taken for the whole", length);
	ok(meter_exporter(next, 0).templates == 0, "of a piece nothing is taken over");
	ok(meter_resume_decoders(next, cursor_of(bytes.data, bytes.length), NULL, now) == 0 &&
		   meter_resume_decoders(next, cursor_of(older.data, older.length), NULL, now) == 0,
	   "several may be taken over, one after the other");
	flows(&b, 1, 5);
	give(next, &b, METER_NETFLOW);
	ok(meter_exporter(next, 0).samples == 5 && meter_exporter(next, 0).held_sets == 0,
	   "the next meter reads data at once");
	samples(&b, 103, 16);
	give(next, &b, METER_SFLOW);
	is_int((long long)meter_exporter(next, 0).lost_records, 4,
	       "and finds what was lost in between");
	meter_free(m);
	meter_free(next);
	hub_free(hub);
	buf_fini(&b);
	buf_fini(&bytes);
	buf_fini(&older);
}

int
main(void)
{
	struct exporter silent = {0};
	struct buf bytes = {0};
	exporter_state_encode(&silent, &bytes);
	is_int((long long)bytes.length, 0, "of an exporter that was never heard nothing is kept");
	outlives();
	damaged();
	whole_meter();
	return done_testing();
}
