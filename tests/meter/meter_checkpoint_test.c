/* A meter that dies at any moment: what was counted is handed on once, under its key, and of the
 * counters not an octet is missing or there twice. */
#include "meter/meter_checkpoint.h"

#include <stdlib.h>

#include "made_up_traffic.h"
#include "meter/meter_counters.h"
#include "tap.h"

enum { BINS = 16, KEYS_MAX = 400 };

/* Time, the meter that lives now, and what reached the store. */
struct play {
	struct made_up traffic;
	struct hub *hub;
	struct meter *meter;
	struct buf checkpoint; /* as it lies on the disk */
	uint64_t runs;
	int64_t now;
	bool mortal;
	/* The store: each key once, the first that came. */
	struct {
		int64_t start;
		uint64_t run;
	} keys[KEYS_MAX];
	size_t key_count, again;
	uint64_t in[MADE_UP_MEMBERS], covered[MADE_UP_MEMBERS];
	uint64_t flow_in[MADE_UP_MEMBERS];
	/* The truth: octets at the first and the last reading that reached any meter. */
	uint64_t first[MADE_UP_MEMBERS], last[MADE_UP_MEMBERS];
	int64_t first_s[MADE_UP_MEMBERS], last_s[MADE_UP_MEMBERS], unknown_s[MADE_UP_MEMBERS];
};

static struct utc_s
at(int64_t seconds)
{
	return (struct utc_s){MADE_UP_START + seconds};
}

static void
store(struct play *p, const struct traffic_batch *batch)
{
	for (size_t i = 0; i < p->key_count; i++) {
		if (p->keys[i].start == batch->start.s && p->keys[i].run == batch->run) {
			p->again++;
			return;
		}
	}
	if (p->key_count < KEYS_MAX) {
		p->keys[p->key_count].start = batch->start.s;
		p->keys[p->key_count++].run = batch->run;
	}
	for (size_t i = 0; i < batch->port_count; i++) {
		unsigned port = (unsigned)atoi(batch->ports[i].port + 1);
		p->in[port] += batch->ports[i].counter_in;
		p->covered[port] += batch->ports[i].counter_covered_s;
		p->flow_in[port] += batch->ports[i].flow_in;
	}
}

static void
keep(struct play *p)
{
	buf_clear(&p->checkpoint);
	if (meter_checkpoint(p->meter, at(p->now), &p->checkpoint) < 0)
		printf("# no checkpoint\n");
}

static void
into_meter(void *context, unsigned number, struct ip source, struct cursor datagram)
{
	struct play *p = context;
	meter_datagram(p->meter, METER_SFLOW, source, datagram, at(p->now));
	cursor_skip(&datagram, 28);
	if (cursor_u32(&datagram) != 2 || source.octets[0] != 192)
		return; /* no counters, or a stranger's */
	for (uint32_t i = number; i < MADE_UP_MEMBERS; i += MADE_UP_SWITCHES) {
		if (p->first_s[i] < 0) {
			p->first_s[i] = p->now;
			p->first[i] = p->traffic.in[i];
		}
		/* Over more than a bin it is not known when they passed. */
		if (p->last_s[i] && p->now - p->last_s[i] > 330)
			p->unknown_s[i] += p->now - p->last_s[i];
		p->last_s[i] = p->now;
		p->last[i] = p->traffic.in[i];
	}
}

static void
dies(struct play *p)
{
	meter_free(p->meter);
	p->now += (int64_t)made_up_below(&p->traffic, 30);
	p->meter = meter_new(p->hub, 1000000 * ++p->runs, at(p->now));
	meter_set_watching(p->meter, false);
	struct cursor bytes = cursor_of(p->checkpoint.data, p->checkpoint.length);
	if (p->checkpoint.length && meter_resume(p->meter, bytes, at(p->now)) < 0)
		printf("# the checkpoint is not taken\n");
}

/* As the meter's process does it, which may die between any two of these. */
static void
hand_on(struct play *p)
{
	const struct traffic_batch *batch;
	while ((batch = meter_tick(p->meter, at(p->now)))) {
		keep(p);
		if (p->mortal && made_up_below(&p->traffic, 6) == 0) {
			dies(p);
			continue;
		}
		store(p, batch);
		if (p->mortal && made_up_below(&p->traffic, 6) == 0)
			dies(p);
	}
}

static void
life(uint64_t seed)
{
	struct play p = {.traffic = {.state = seed}, .hub = made_up_hub()};
	for (int i = 0; i < MADE_UP_MEMBERS; i++)
		p.first_s[i] = -1;
	p.meter = meter_new(p.hub, 1000000 * ++p.runs, at(0));
	meter_set_watching(p.meter, false);
	for (p.now = 0; p.now < BINS * 300; p.now++) {
		hand_on(&p);
		made_up_second(&p.traffic, p.now, into_meter, &p);
		if (p.now == 60 || made_up_below(&p.traffic, 5) == 0)
			keep(&p);
		/* Not before the first reading is kept, nor after the last. */
		p.mortal = p.now >= 60 && p.now < BINS * 300 - 100;
		if (p.mortal && made_up_below(&p.traffic, 400) == 0)
			dies(&p);
	}
	const struct traffic_batch *batch;
	while ((batch = meter_flush(p.meter, at(p.now))))
		store(&p, batch);
	unsigned wrong = 0;
	for (int i = 0; i < MADE_UP_MEMBERS; i++) {
		wrong += p.in[i] != p.last[i] - p.first[i] ||
			 (int64_t)p.covered[i] + p.unknown_s[i] != p.last_s[i] - p.first_s[i];
		if (p.in[i] != p.last[i] - p.first[i])
			printf("# port %d: %llu octets, should be %llu\n", i,
			       (unsigned long long)p.in[i],
			       (unsigned long long)(p.last[i] - p.first[i]));
	}
	ok(!wrong && p.runs > 5,
	   "seed %u: %u deaths, %zu batches and %zu once more: each octet once", (unsigned)seed,
	   (unsigned)p.runs - 1, p.key_count, p.again);
	meter_free(p.meter);
	buf_fini(&p.checkpoint);
	hub_free(p.hub);
}

/* One of nothing but an open bin, and what becomes of it in a picture that lacks a port. */
static void
taken_over(void)
{
	struct play p = {.traffic = {.state = 5}, .hub = made_up_hub(), .runs = 1};
	struct hub *other = made_up_hub();
	p.meter = meter_new(p.hub, 1000000, at(0));
	for (p.now = 0; p.now < 100; p.now++)
		made_up_second(&p.traffic, p.now, into_meter, &p);
	keep(&p);
	uint64_t samples = meter_totals(p.meter).samples;
	meter_free(p.meter);

	other->port_count--; /* the last one is gone */
	p.meter = meter_new(other, 2000000, at(110));
	struct cursor bytes = cursor_of(p.checkpoint.data, p.checkpoint.length);
	ok(meter_resume(p.meter, bytes, at(110)) == 0, "a checkpoint is taken over");
	struct buf again = {0};
	ok(meter_checkpoint(p.meter, at(110), &again) == 0 &&
		   again.length > p.checkpoint.length / 2,
	   "what was not given yet is in the next checkpoint");
	buf_fini(&again);
	const struct traffic_batch *batch = meter_tick(p.meter, at(111));
	uint64_t heard = 0;
	for (size_t i = 0; batch && i < batch->exporter_count; i++)
		heard += batch->exporters[i].records;
	ok(batch && batch->run == 1000000 && batch->start.s == MADE_UP_START &&
		   batch->covered_s == 100 && batch->port_count == MADE_UP_MEMBERS &&
		   heard > samples,
	   "the dead run's bin is given as it was, under its key");
	ok(!meter_tick(p.meter, at(111)), "once");
	for (p.now = 112; p.now < 200; p.now++)
		made_up_second(&p.traffic, p.now, into_meter, &p);
	batch = meter_flush(p.meter, at(200));
	ok(batch && batch->run == 2000000 && batch->port_count == MADE_UP_MEMBERS - 1 &&
		   batch->ports[0].counter_covered_s > 88,
	   "the run after it goes on from its last readings");
	meter_free(p.meter);

	unsigned taken = 0;
	p.meter = meter_new(p.hub, 3000000, at(200));
	for (size_t length = 0; length < p.checkpoint.length; length += 1 + length / 50)
		taken += meter_resume(p.meter, cursor_of(p.checkpoint.data, length), at(200)) == 0;
	for (size_t i = 0; i < p.checkpoint.length; i += 37) {
		p.checkpoint.data[i] ^= 4;
		taken += meter_resume(p.meter, bytes, at(200)) == 0;
		p.checkpoint.data[i] ^= 4;
	}
	is_int(taken, 0, "harmed bytes are not taken");
	ok(!meter_tick(p.meter, at(200)), "and leave the meter as it was");
	meter_free(p.meter);
	buf_fini(&p.checkpoint);
	hub_free(p.hub);
	hub_free(other);
}

/* Numbers and rates that were known go on to be. */
static void
decoders(void)
{
	struct play p = {.traffic = {.state = 11}, .hub = made_up_hub(), .runs = 1};
	p.meter = meter_new(p.hub, 1000000, at(0));
	for (p.now = 0; p.now < 100; p.now++)
		made_up_second(&p.traffic, p.now, into_meter, &p);
	struct buf bytes = {0};
	buf_str(&bytes, "before");
	ok(meter_checkpoint_decoders(p.meter, &bytes) == 0, "what the decoders know is written");
	meter_free(p.meter);
	p.traffic.datagram[0] += 5; /* sent while nobody listened */
	p.traffic.sample[0] += 9;
	struct cursor c = cursor_of(bytes.data + 6, bytes.length - 6);
	p.meter = meter_new(p.hub, 2000000, at(110));
	ok(meter_resume_decoders(p.meter, c, NULL, at(110)) == 0,
	   "and taken over by another meter");
	ok(meter_resume_decoders(p.meter, c, NULL, at(110)) == 0, "twice, too");
	p.now = 110;
	uint64_t lost = 0;
	for (unsigned n = 0; n < 3; n++)
		made_up_send(&p.traffic, 0, 111 + n, into_meter, &p);
	lost = meter_exporter(p.meter, 0).lost_records;
	ok(lost >= 9 && lost < 40, "so what was sent in between is lost by number");
	meter_free(p.meter);
	unsigned taken = 0;
	p.meter = meter_new(p.hub, 3000000, at(200));
	for (size_t i = 6; i < bytes.length; i += 41) {
		bytes.data[i] ^= 8;
		taken += meter_resume_decoders(p.meter, c, NULL, at(200)) == 0;
		bytes.data[i] ^= 8;
	}
	is_int(taken, 0, "harmed bytes are not taken");
	meter_free(p.meter);
	buf_fini(&bytes);
	hub_free(p.hub);
}

static enum counter_result
push(struct meter *m, uint64_t octets, int64_t seconds)
{
	struct counter_report r;
	enum counter_result result = COUNTER_NO_OCTETS;
	counter_report_init(&r, TRAFFIC_BY_PUSH);
	(void)snprintf(r.port, sizeof(r.port), "p0");
	r.has_time = true;
	r.time = at(seconds);
	r.reading.value[COUNTER_OCTETS_IN] = r.reading.value[COUNTER_OCTETS_OUT] = octets;
	(void)meter_counters(m, &r, at(seconds), &result);
	return result;
}

/* What was learned of the width of counters is not learned again. */
static void
widths(void)
{
	struct hub *hub = made_up_hub();
	struct buf bytes = {0};
	struct meter *m = meter_new(hub, 1, at(0));
	(void)push(m, 900, 1);
	is_int(push(m, 800, 2), COUNTER_TOO_NARROW, "a counter of 32 bits at 400 Gbit/s");
	(void)meter_checkpoint(m, at(2), &bytes);
	meter_free(m);
	m = meter_new(hub, 2, at(3));
	ok(meter_resume(m, cursor_of(bytes.data, bytes.length), at(3)) == 0 &&
		   push(m, 1000, 4) == COUNTER_TOO_NARROW,
	   "is still one for the next run");
	(void)push(m, 1ull << 40, 5);
	is_int(push(m, (1ull << 40) + 1, 6), COUNTER_COUNTED, "until it is seen to have more");
	meter_free(m);
	buf_fini(&bytes);
	hub_free(hub);
}

int
main(void)
{
	taken_over();
	widths();
	decoders();
	for (uint64_t seed = 1; seed <= 8; seed++)
		life(seed);
	return done_testing();
}
