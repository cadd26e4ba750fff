/* Ports that the hub file gives by name: whoever knows name and number teaches the number, and flows without
 * MACs and sFlow counters of it are the port's; never another's. */
#include "meter/meter_learn.h"

#include <stdlib.h>

#include "base/hash.h"
#include "exchange.h"
#include "meter/meter_checkpoint.h"
#include "meter/meter_counters.h"
#include "meter/meter_merge.h"
#include "meter/meter_state.h"
#include "meter/watch.h"
#include "tap.h"

enum { START = 1700000100 };

static const struct ip exporter_address = {IP_V4, {192, 0, 2, 1}};

static struct utc_s
at(int64_t seconds)
{
	return (struct utc_s){START + seconds};
}

/* p0 has a number in the hub file, 1000; p1 and p2 have names. */
static struct hub *
named(void)
{
	struct hub *hub = exchange_new(3);
	hub->ports[1].interface = "xe-0/0/1";
	hub->ports[2].interface = "xe-0/0/2";
	hub->ports[1].if_index = hub->ports[2].if_index = 0;
	return hub;
}

/* A record of NetFlow 5 between two interfaces, which has no MACs. */
static void
flow(struct meter *m, uint16_t input, uint16_t output, int64_t seconds)
{
	static uint32_t sequence;
	struct buf b = {0};
	buf_u16(&b, 5);
	buf_u16(&b, 1);
	buf_u32(&b, 100000 + (uint32_t)seconds * 1000);
	buf_u32(&b, (uint32_t)at(seconds).s);
	buf_u32(&b, 0);
	buf_u32(&b, sequence++);
	buf_u32(&b, 0x4001); /* one in one */
	buf_u64(&b, 0x0a0000010a000002);
	buf_u32(&b, 0);
	buf_u16(&b, input);
	buf_u16(&b, output);
	buf_u32(&b, 1);
	buf_u32(&b, 1000);
	for (int i = 0; i < 6; i++)
		buf_u32(&b, 0);
	meter_datagram(m, METER_NETFLOW, exporter_address, cursor_of(b.data, b.length),
		       at(seconds));
	buf_fini(&b);
}

static void
sflow_counters(struct meter *m, uint32_t if_index, uint64_t octets, uint32_t uptime_ms,
	       int64_t seconds)
{
	static uint32_t sequence;
	struct buf b = {0};
	sequence++;
	sflow_header(&b, (struct sflow_numbers){0, sequence, uptime_ms}, 1);
	sflow_counter_sample(&b, sequence, if_index, octets, octets);
	meter_datagram(m, METER_SFLOW, exporter_address, cursor_of(b.data, b.length), at(seconds));
	buf_fini(&b);
}

/* What SNMP tells: a port by id with its number. */
static const char *
told(struct meter *m, const char *port, uint32_t if_index, int64_t seconds)
{
	struct counter_report r;
	enum counter_result result;
	counter_report_init(&r, TRAFFIC_BY_SNMP);
	(void)snprintf(r.port, sizeof(r.port), "%s", port);
	(void)snprintf(r.exporter, sizeof(r.exporter), "sw1");
	r.if_index = if_index;
	r.has_time = true;
	r.time = at(seconds);
	r.reading.value[COUNTER_OCTETS_IN] = r.reading.value[COUNTER_OCTETS_OUT] = 5;
	const char *why = meter_counters(m, &r, at(seconds), &result);
	(void)meter_tick(m, at(seconds));
	return why;
}

/* "p1>p2 1000" for each pair of the open bin. */
static const char *
pairs(const struct meter *m, int64_t seconds)
{
	static char text[200];
	struct traffic_batch batch;
	struct arena *arena = arena_new();
	text[0] = '\0';
	if (meter_now(m, at(seconds), arena, &batch) == 0)
		for (size_t i = 0; i < batch.pair_count; i++)
			(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
				       "%s>%s %llu ", batch.ports[batch.pairs[i].from].port,
				       batch.ports[batch.pairs[i].to].port,
				       (unsigned long long)batch.pairs[i].octets);
	arena_free(arena);
	return text;
}

static unsigned
clashes(const struct meter *m)
{
	const struct watch_alarms *book = watch_alarms_of(meter_watch(m));
	unsigned count = 0;
	for (size_t i = 0; i < book->on_count; i++)
		count += book->on[i].kind == WATCH_INTERFACE;
	return count;
}

static void
learning(void)
{
	struct hub *hub = named();
	struct meter *m = meter_new(hub, 1, at(0));
	flow(m, 5, 6, 1);
	is_str(pairs(m, 1), "", "a number that nobody told is nobody's");
	ok(!told(m, "p1", 5, 2) && !told(m, "p2", 6, 2), "counters come with numbers");
	flow(m, 5, 6, 3);
	is_str(pairs(m, 3), "p1>p2 1000 ", "from then on flows of them are the ports'");
	ok(meter_port_index(m, 1).if_index == 5 &&
		   meter_port_index(m, 1).by == METER_INDEX_LEARNED &&
		   meter_port_index(m, 0).by == METER_INDEX_GIVEN,
	   "and it can be seen whence they are known");
	uint64_t before = meter_learned(m);
	(void)told(m, "p1", 5, 62);
	is_int((long long)meter_learned(m), (long long)before, "the same again is no news");
	(void)told(m, "p1", 9, 61);
	is_int(meter_port_index(m, 1).if_index, 5, "nor is what is older");
	(void)told(m, "p0", 77, 63);
	is_int(meter_port_index(m, 0).if_index, 1000, "the hub file's own number stays");
	meter_free(m);
	hub_free(hub);
}

static void
counters_too(void)
{
	struct hub *hub = named();
	struct meter *m = meter_new(hub, 1, at(0));
	struct counter_report r;
	enum counter_result result;
	counter_report_init(&r, TRAFFIC_BY_PUSH);
	(void)snprintf(r.exporter, sizeof(r.exporter), "sw1");
	(void)snprintf(r.interface, sizeof(r.interface), "xe-0/0/1");
	r.if_index = 5;
	r.has_time = true;
	r.time = at(0);
	r.reading.value[COUNTER_OCTETS_IN] = r.reading.value[COUNTER_OCTETS_OUT] = 5;
	ok(!meter_counters(m, &r, at(1), &result), "a push by name and number");
	(void)meter_tick(m, at(1));
	/* Another source is heard when the first has been silent for a bin. */
	while (meter_tick(m, at(305)))
		;
	sflow_counters(m, 5, 1000, 1000000, 310);
	sflow_counters(m, 5, 4000, 1020000, 330);
	struct traffic_batch batch;
	struct arena *arena = arena_new();
	(void)meter_now(m, at(330), arena, &batch);
	uint32_t port = traffic_port_by_id(&batch, "p1");
	ok(batch.ports[port].counter_in == 3000, "sFlow counters of the number are the port's");
	arena_free(arena);
	meter_free(m);
	hub_free(hub);
}

static void
numbered_anew(void)
{
	struct hub *hub = named();
	struct meter *m = meter_new(hub, 1, at(0));
	(void)told(m, "p1", 5, 1);
	(void)told(m, "p2", 6, 1);
	(void)told(m, "p1", 6, 61);
	flow(m, 5, 6, 62);
	is_str(pairs(m, 62), "", "while two ports are said to have a number neither has it");
	ok(clashes(m) == 2 && meter_port_index(m, 2).by == METER_INDEX_CLASH,
	   "and there is an alarm for each");
	(void)told(m, "p2", 5, 63);
	flow(m, 5, 6, 64);
	is_str(pairs(m, 64), "p2>p1 1000 ", "when both are told again they have changed places");
	is_int(clashes(m), 0, "and the alarms are over");
	(void)told(m, "p1", 1000, 65);
	flow(m, 1000, 5, 66);
	is_str(pairs(m, 66), "p0>p2 1000 p2>p1 1000 ",
	       "a number of the hub file is nobody else's, whoever says so");
	is_int(clashes(m), 1, "which is an alarm for the one that has to do without");
	meter_free(m);
	hub_free(hub);
}

static void
restart(void)
{
	struct hub *hub = named();
	struct meter *m = meter_new(hub, 1, at(0));
	sflow_counters(m, 1000, 1000, 5000000, 1);
	(void)told(m, "p1", 5, 2);
	(void)told(m, "p2", 6, 2);
	sflow_counters(m, 1000, 0, 2000, 30);
	(void)meter_tick(m, at(31));
	flow(m, 5, 6, 32);
	is_str(pairs(m, 32), "", "a switch that began anew may number otherwise: nothing is known");
	(void)told(m, "p1", 5, 20);
	is_int(meter_port_index(m, 1).if_index, 0, "what was read before does not count");
	(void)told(m, "p1", 6, 40);
	(void)told(m, "p2", 5, 40);
	flow(m, 5, 6, 41);
	is_str(pairs(m, 41), "p2>p1 1000 ", "until it is told again");
	meter_free(m);
	hub_free(hub);
}

static void
pictures(void)
{
	struct hub *hub = named(), *other = named();
	struct meter *m = meter_new(hub, 1, at(0));
	(void)told(m, "p1", 5, 1);
	(void)told(m, "p2", 6, 1);
	other->ports[2].interface = "xe-0/0/7";
	ok(meter_apply(m, other) == 0 && meter_port_index(m, 1).if_index == 5,
	   "another picture keeps what was learned");
	is_int(meter_port_index(m, 2).if_index, 0, "but of a port that is another interface now");
	hub->ports[1].if_index = 50;
	ok(meter_apply(m, hub) == 0 && meter_port_index(m, 1).by == METER_INDEX_GIVEN &&
		   meter_port_index(m, 1).if_index == 50,
	   "and a number in the hub file goes first");
	flow(m, 5, 50, 5);
	is_str(pairs(m, 5), "", "so the learned one is nobody's");
	meter_free(m);
	hub_free(other);
	hub_free(hub);
}

static void
death(void)
{
	struct hub *hub = named();
	struct meter *m = meter_new(hub, 1, at(0));
	struct buf bytes = {0}, decoders = {0};
	(void)told(m, "p1", 5, 1);
	(void)told(m, "p2", 6, 1);
	flow(m, 5, 6, 2);
	(void)meter_tick(m, at(3));
	int good = meter_checkpoint(m, at(3), &bytes) == 0 &&
		   meter_checkpoint_decoders(m, &decoders) == 0;
	meter_free(m);
	struct cursor state = cursor_of(bytes.data, bytes.length);
	m = meter_new(hub, 2, at(5));
	ok(good && meter_resume(m, state, at(5)) == 0 &&
		   meter_resume_decoders(m, cursor_of(decoders.data, decoders.length), NULL,
					 at(5)) == 0,
	   "a meter that died left what it had learned");
	flow(m, 5, 6, 5);
	(void)meter_tick(m, at(6));
	(void)meter_tick(m, at(7));
	is_str(pairs(m, 7), "p1>p2 1000 ", "and the one after it knows at once");
	meter_free(m);
	hub->ports[2].interface = "xe-0/0/7";
	m = meter_new(hub, 3, at(8));
	(void)meter_resume(m, state, at(8));
	ok(meter_port_index(m, 1).if_index == 5 && !meter_port_index(m, 2).if_index,
	   "but for a port that was another interface then");
	meter_free(m);
	for (size_t length = 0; length < bytes.length; length++) {
		m = meter_new(hub, 4, at(9));
		if (meter_resume(m, cursor_of(bytes.data, length), at(9)) == 0)
			good = false;
		meter_free(m);
	}
	ok(good, "half a state is none");
	buf_fini(&bytes);
	buf_fini(&decoders);
	hub_free(hub);
}

/* A state of version 1 ends behind the readings, one of version 2 behind what was learned. */
static void
older_state(uint16_t version)
{
	struct hub *hub = named();
	struct meter *m = meter_new(hub, 1, at(0));
	struct buf bytes = {0}, kept = {0};
	flow(m, 1000, 1000, 1);
	(void)meter_checkpoint(m, at(2), &bytes);
	watch_keep(meter_watch(m), &kept);
	meter_free(m);
	/* Without the checksum, what the watch keeps, and nothing learned. */
	bytes.length -= 8 + kept.length + (version < 2 ? 4 : 0);
	buf_set_u16(&bytes, 4, version);
	buf_set_u32(&bytes, 8, (uint32_t)(bytes.length - 12));
	buf_u64(&bytes, hash_bytes(bytes.data, bytes.length));
	m = meter_new(hub, 2, at(5));
	ok(meter_resume(m, cursor_of(bytes.data, bytes.length), at(5)) == 0 &&
		   meter_tick(m, at(5)) != NULL,
	   "what a meter of before has left is taken over, version %u", version);
	meter_free(m);
	buf_fini(&bytes);
	buf_fini(&kept);
	hub_free(hub);
}

/* Options of NetFlow 9 (by scope: 2 is an interface) or IPFIX (by element 10), with a name of 32 octets padded
 * with zeros, and another that is nobody's. */
static void
options(struct meter *m, unsigned version, uint32_t if_index, const char *name, int64_t seconds)
{
	static uint32_t sequence;
	struct buf b = {0};
	char padded[32] = "";
	(void)snprintf(padded, sizeof(padded), "%s", name);
	buf_u16(&b, (uint16_t)version);
	buf_u16(&b, version == 9 ? 2 : 0);
	if (version == 9)
		buf_u32(&b, 100000 + (uint32_t)seconds * 1000);
	buf_u32(&b, (uint32_t)at(seconds).s);
	buf_u32(&b, version == 9 ? sequence++ : sequence);
	buf_u32(&b, 1);
	buf_u16(&b, version == 9 ? 1 : 3);
	size_t start = b.length - 2;
	buf_u16(&b, 0);
	buf_u16(&b, 400);
	buf_u16(&b, version == 9 ? 4 : 3); /* octets of scopes; fields in all */
	buf_u16(&b, version == 9 ? 8 : 1);
	buf_u16(&b, version == 9 ? 2 : 10);
	buf_u16(&b, 4);
	buf_u16(&b, 83);
	buf_u16(&b, 8);
	buf_u16(&b, 82);
	buf_u16(&b, 32);
	buf_set_u16(&b, start + 2, (uint16_t)(b.length - start));
	start = b.length;
	buf_u16(&b, 400);
	buf_u16(&b, 4 + 44);
	buf_u32(&b, if_index);
	buf_put(&b, "uplink\0\0", 8);
	buf_put(&b, padded, 32);
	if (version == 10) {
		buf_set_u16(&b, 2, (uint16_t)b.length);
		sequence++;
	}
	meter_datagram(m, METER_NETFLOW, exporter_address, cursor_of(b.data, b.length),
		       at(seconds));
	buf_fini(&b);
}

static void
by_options(void)
{
	struct hub *hub = named();
	struct meter *m = meter_new(hub, 1, at(0)), *worker = meter_new(hub, 1, at(0));
	struct meter_share *share = meter_share_new(1);
	options(m, 9, 5, "xe-0/0/1", 1);
	options(m, 10, 6, "xe-0/0/2", 1);
	options(m, 10, 7, "xe-0/0/99", 1);
	(void)meter_tick(m, at(2));
	flow(m, 5, 6, 3);
	is_str(pairs(m, 3), "p1>p2 1000 ", "an exporter may tell names and numbers itself");
	uint64_t before = meter_learned(m);
	options(m, 9, 5, "xe-0/0/1", 60);
	(void)meter_tick(m, at(61));
	is_int((long long)meter_learned(m), (long long)before, "again and again, which is no news");
	meter_free(m);
	m = meter_new(hub, 2, at(0));
	meter_set_worker(worker);
	options(worker, 9, 5, "xe-0/0/1", 1);
	int good = meter_share_take(share, worker, at(2)) == 0;
	(void)meter_tick(m, at(2));
	good = good && meter_merge(m, share) == 0;
	(void)meter_tick(m, at(3));
	ok(good && meter_port_index(m, 1).if_index == 5, "also where a worker hears it");
	meter_share_free(share);
	meter_free(worker);
	meter_free(m);
	hub_free(hub);
}

static void
workers(void)
{
	struct hub *hub = named();
	struct meter *m = meter_new(hub, 1, at(0)), *worker = meter_new(hub, 1, at(0));
	struct meter_share *share = meter_share_new(1);
	meter_set_worker(worker);
	(void)told(m, "p1", 5, 1);
	(void)told(m, "p2", 6, 1);
	ok(meter_learn_from(worker, m) == 0, "a worker learns from the meter");
	flow(worker, 5, 6, 2);
	(void)meter_tick(m, at(3));
	int good = meter_share_take(share, worker, at(3)) == 0 && meter_merge(m, share) == 0;
	ok(good, "what it counts");
	is_str(pairs(m, 3), "p1>p2 1000 ", "is the ports'");
	(void)meter_tick(m, at(4));
	is_int(meter_port_index(m, 1).if_index, 5,
	       "an exporter that is heard for the first time has not begun anew");
	meter_share_free(share);
	meter_free(worker);
	meter_free(m);
	hub_free(hub);
}

int
main(void)
{
	learning();
	counters_too();
	numbered_anew();
	restart();
	pictures();
	death();
	older_state(1);
	older_state(2);
	by_options();
	workers();
	return done_testing();
}
