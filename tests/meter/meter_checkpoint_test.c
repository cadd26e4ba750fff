/* A meter that dies at any moment: what was counted is handed on once, under its key, and of the
 * counters not an octet is missing or there twice. */
#include "meter/meter_checkpoint.h"

#include <stdlib.h>

#include "made_up_traffic.h"
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
	int64_t first_s[MADE_UP_MEMBERS], last_s[MADE_UP_MEMBERS];
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
	/* The second datagram of a switch in the seconds of counters. */
	if (p->now % 20 != (int64_t)number || source.octets[0] != 192)
		return;
	for (uint32_t i = number; i < MADE_UP_MEMBERS; i += MADE_UP_SWITCHES) {
		if (p->first_s[i] < 0) {
			p->first_s[i] = p->now;
			p->first[i] = p->traffic.in[i];
		}
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
		if (made_up_below(&p->traffic, 6) == 0) {
			dies(p);
			continue;
		}
		store(p, batch);
		if (made_up_below(&p->traffic, 6) == 0)
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
	for (p.now = 0; p.now < BINS * 300; p.now++) {
		hand_on(&p);
		made_up_second(&p.traffic, p.now, into_meter, &p);
		if (made_up_below(&p.traffic, 5) == 0)
			keep(&p);
		if (made_up_below(&p.traffic, 400) == 0)
			dies(&p);
	}
	const struct traffic_batch *batch;
	while ((batch = meter_flush(p.meter, at(p.now))))
		store(&p, batch);
	unsigned wrong = 0;
	for (int i = 0; i < MADE_UP_MEMBERS; i++) {
		wrong += p.in[i] != p.last[i] - p.first[i] ||
			 p.covered[i] != (uint64_t)(p.last_s[i] - p.first_s[i]);
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

int
main(void)
{
	for (uint64_t seed = 1; seed <= 20; seed++)
		life(seed);
	return done_testing();
}
