/* Several sources of a port's counters in the meter: the order of the hub file, what the bin rests on, and
 * the alarm when they differ. */
#include <stdlib.h>

#include "batch_port.h"
#include "exchange.h"
#include "meter/meter.h"
#include "meter/meter_counters.h"
#include "meter/watch.h"
#include "tap.h"

enum { START = 1700000100 };

static struct hub *hub;
static struct meter *meter;
static int64_t bin;

/* Octets of p0, in and out, as somebody tells them at a second. */
static void
told(enum traffic_source source, uint64_t in, uint64_t out, int64_t s)
{
	struct counter_report r;
	enum counter_result result;
	counter_report_init(&r, source);
	(void)snprintf(r.port, sizeof(r.port), "p0");
	r.has_time = true;
	r.time = (struct utc_s){START + s};
	r.reading.value[COUNTER_OCTETS_IN] = in;
	r.reading.value[COUNTER_OCTETS_OUT] = out;
	const char *why = meter_counters(meter, &r, r.time, &result);
	assert(!why);
}

/* A bin of 10 MB/s both ways by SNMP; a push tells `percent` of it on the way out. Whether the alarm is on. */
static bool
plays(unsigned percent)
{
	static uint64_t snmp = 1, push = 1;
	for (int64_t s = bin * 300; s < bin * 300 + 300; s += 30) {
		while (meter_tick(meter, (struct utc_s){START + s}))
			;
		told(TRAFFIC_BY_SNMP, snmp, snmp, s);
		told(TRAFFIC_BY_PUSH, snmp, push, s);
		snmp += 300000000;
		push += 3000000ull * percent;
	}
	bin++;
	for (int64_t s = bin * 300; s <= bin * 300 + 60; s += 30)
		while (meter_tick(meter, (struct utc_s){START + s}))
			;
	const struct watch_alarms *book = watch_alarms_of(meter_watch(meter));
	for (size_t i = 0; i < book->on_count; i++)
		if (book->on[i].kind == WATCH_SOURCES && strcmp(book->on[i].subject, "p0") == 0)
			return true;
	return false;
}

static enum traffic_source
rests_on(void)
{
	const struct traffic_batch *b = meter_last(meter);
	return b->ports[batch_port(b, "p0")].source;
}

/* A push tells of a time before the meter began: what was counted then is not lost. */
static void
before_the_first_bin(struct utc_s begins)
{
	struct meter *m = meter_new(hub, 1, begins), *outer = meter;
	meter = m;
	told(TRAFFIC_BY_PUSH, 1000, 10, begins.s - 14 - START);
	told(TRAFFIC_BY_PUSH, 4000, 10, begins.s + 16 - START);
	uint64_t octets = 0;
	const struct traffic_batch *batch;
	while ((batch = meter_tick(m, (struct utc_s){begins.s + 16})))
		octets += batch->start.s == begins.s - 300 ? batch->ports[0].counter_in : 0;
	is_int((long long)octets, 1400,
	       "what a push tells of the bin before the first is handed on");
	octets = 0;
	while ((batch = meter_tick(m, (struct utc_s){begins.s + 400})))
		octets += batch->start.s == begins.s ? batch->ports[0].counter_in : 0;
	is_int((long long)octets, 1600, "and the rest with the first");
	meter_free(m);
	meter = outer;
}

int
main(void)
{
	static enum hub_counters push_first[] = {HUB_COUNTERS_PUSH, HUB_COUNTERS_SNMP},
				 snmp_alone[] = {HUB_COUNTERS_SNMP};
	struct counter_difference d;
	hub = exchange_new(2);
	hub->metering = (struct hub_metering){
		.ratio_bins = 3, .differ_percent = 500, .ratio_min_percent = 90};
	meter = meter_new(hub, 1, (struct utc_s){START});
	(void)plays(100);
	ok(!plays(100), "sources that say the same are no alarm");
	is_int(rests_on(), TRAFFIC_BY_SNMP, "SNMP goes before a push");
	ok(meter_port_difference(meter, 0, &d) && d.ppm == 0 && d.other == TRAFFIC_BY_PUSH,
	   "what the other says is known all the same");
	ok(!meter_port_difference(meter, 1, &d), "of a port that nobody tells nothing is");
	ok(!plays(96) && !plays(96) && !plays(96) && !plays(96), "within the band is no alarm");
	(void)plays(90); /* a reading of before still spreads into this one */
	ok(!plays(90), "two bins outside are none");
	ok(plays(90), "three are");
	ok(meter_port_difference(meter, 0, &d) && d.outgoing && d.ppm / 1000 == 100,
	   "and by how much, and which way, is known");
	(void)plays(100);
	ok(plays(100), "two bins do not end it");
	ok(!plays(100), "three do");
	hub->metering.differ_percent = 0;
	ok(!plays(50) && !plays(50) && !plays(50) && !plays(50), "0: they may differ as they like");
	hub->metering.counters = push_first;
	hub->metering.counters_count = 2;
	(void)meter_apply(meter, hub);
	(void)plays(50);
	(void)plays(50);
	is_int(rests_on(), TRAFFIC_BY_PUSH, "another order of the hub file is followed");
	/* The reading that ends a bin comes when it is closed already. */
	is_int((long long)meter_last(meter)->ports[0].counter_out, 9 * 150000000ll,
	       "and what it says is counted, nothing of the other");
	hub->ports[0].counters = snmp_alone;
	hub->ports[0].counters_count = 1;
	(void)meter_apply(meter, hub);
	(void)plays(50);
	(void)plays(50);
	is_int(rests_on(), TRAFFIC_BY_SNMP, "a port may have an order of its own");
	is_int((long long)meter_last(meter)->ports[0].counter_out, 9 * 300000000ll,
	       "which is counted then");
	hub->ports[0].counters_count = 0;
	before_the_first_bin((struct utc_s){START});
	meter_free(meter);
	hub_free(hub);
	return done_testing();
}
