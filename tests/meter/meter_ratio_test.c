/* Samples beside counters, bin after bin: when that is an alarm, and when it is over. */
#include "meter/meter.h"

#include "exchange.h"
#include "meter/watch.h"
#include "tap.h"

enum { START = 1700000100, FRAMES = 60 };

static struct hub *hub;
static struct meter *meter;
static uint32_t sequence;
static int64_t bin;

static void
send(struct buf *b, int64_t s)
{
	meter_datagram(meter, METER_SFLOW, ip_v4(0xc0000201), cursor_of(b->data, b->length),
		       (struct utc_s){START + s});
	buf_clear(b);
}

/* A bin whose counters say 60 frames of 1000 octets, 1 in 1000, and whose samples say `frames`. Then
 * whether the alarm is on. */
static bool
plays(unsigned frames)
{
	static uint64_t in;
	struct buf b = {0};
	int64_t from = bin * 300;
	for (int64_t s = from + 20; s <= from + 300; s += 20) {
		while (meter_tick(meter, (struct utc_s){START + s - 20}))
			;
		for (unsigned i = 0; s == from + 20 && i < frames; i++) {
			struct frame f = {.to = 1, .vlan = 100, .length = 1000, .rate = 1000};
			sequence++;
			sflow_header(&b,
				     (struct sflow_numbers){0, sequence,
							    (uint32_t)(10000000 + s * 1000 - 1)},
				     1);
			sflow_flow_sample(&b, sequence, &f);
			send(&b, s - 10);
		}
		in += (uint64_t)FRAMES * 1000000 / 15;
		sequence++;
		sflow_header(&b,
			     (struct sflow_numbers){0, sequence, (uint32_t)(10000000 + s * 1000)},
			     1);
		sflow_counter_sample(&b, sequence, 1000, in, 0);
		send(&b, s);
	}
	bin++;
	while (meter_tick(meter, (struct utc_s){START + bin * 300 + 60}))
		;
	buf_fini(&b);
	const struct watch_alarms *book = watch_alarms_of(meter_watch(meter));
	for (size_t i = 0; i < book->on_count; i++)
		if (book->on[i].kind == WATCH_RATIO && strcmp(book->on[i].subject, "p0") == 0)
			return true;
	return false;
}

int
main(void)
{
	hub = exchange_new(2);
	hub->metering = (struct hub_metering){.workers = 1,
					      .ratio_min_percent = 90,
					      .ratio_max_percent = 110,
					      .ratio_samples = 30,
					      .ratio_bins = 3};
	meter = meter_new(hub, 1, (struct utc_s){START});
	(void)plays(60);
	ok(!plays(60), "samples that say what counters say are no alarm");
	ok(!plays(50) && !plays(50), "nor are two bins that say less");
	ok(plays(50), "three are");
	ok(plays(60) && plays(65), "two that agree do not end it");
	ok(plays(70), "nor when the third says more");
	ok(plays(60) && plays(60), "it begins anew");
	ok(plays(20), "too few samples say neither");
	ok(!plays(60), "three that agree do end it, with one between them that does not tell");
	hub->metering.ratio_max_percent = 120;
	ok(!plays(70) && !plays(70) && !plays(70), "the band is what the hub file says");
	meter_free(meter);
	hub_free(hub);
	return done_testing();
}
