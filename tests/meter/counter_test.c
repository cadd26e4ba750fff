/* Readings of counters become octets of bins: exactly, and only what is sound. */
#include "meter/counter.h"

#include "base/hash.h"
#include "tap.h"

enum { START = 1700000100 }; /* a multiple of 300 */

static struct counters *
fresh(void)
{
	struct counters *c = counters_new(300);
	(void)counters_reserve(c, 2);
	return c;
}

/* As a switch says it by sFlow, `up_ms` after it started. */
static struct counter_reading
reading(uint64_t in, uint64_t out, uint32_t up_ms)
{
	return (struct counter_reading){
		.value = {[COUNTER_OCTETS_IN] = in, [COUNTER_OCTETS_OUT] = out},
		.source = TRAFFIC_BY_SFLOW,
		.has_uptime = true,
		.uptime_ms = up_ms,
		.speed_bps = 100000000000,
	};
}

static enum counter_result
read_at(struct counters *c, int64_t at, uint64_t in, uint64_t out)
{
	struct counter_reading r = reading(in, out, (uint32_t)(10000000 + at * 1000));
	return counters_take(c, 1, &r, (struct utc_s){START + at});
}

/* A line of 100 Mbit/s: 2^32 octets take 343.6 s. Its width is told, or 0. */
static enum counter_result
slow_at(struct counters *c, int64_t at, uint64_t in, uint64_t out, uint8_t width)
{
	struct counter_reading r = reading(in, out, (uint32_t)(10000000 + at * 1000));
	r.speed_bps = 100000000;
	r.width = width;
	return counters_take(c, 1, &r, (struct utc_s){START + at});
}

struct sum {
	uint64_t in, out;
	uint32_t covered_s;
};

static struct sum
sum_at(const struct counters *c, int64_t at)
{
	struct counter_sum s = counters_of(c, 1, (struct utc_s){START + at});
	return (struct sum){s.value[COUNTER_OCTETS_IN], s.value[COUNTER_OCTETS_OUT], s.covered_s};
}

static void
spreading(void)
{
	struct counters *c = fresh();
	is_int(read_at(c, 290, 1000, 5000), COUNTER_FIRST, "the first reading is only kept");
	is_int(read_at(c, 320, 1301, 5601), COUNTER_COUNTED, "the second counts");
	struct sum a = sum_at(c, 0), b = sum_at(c, 300);
	ok(a.in == 100 && b.in == 201 && a.out == 200 && b.out == 401,
	   "30 s over a boundary: a third before, the rest after, to the octet");
	ok(a.covered_s == 10 && b.covered_s == 20, "and the seconds that they cover");
	for (int64_t at = 340; at <= 620; at += 20)
		(void)read_at(c, at, 1301 + (uint64_t)(at - 320), 5601);
	is_int(sum_at(c, 300).covered_s, 300, "readings every 20 s cover the whole bin");
	is_int((long long)counters_of(c, 0, (struct utc_s){START}).value[COUNTER_OCTETS_IN], 0,
	       "another port has nothing of it");
	counters_free(c);

	c = fresh();
	(void)read_at(c, 0, 0, 0);
	(void)read_at(c, 1000, 1000003, 0);
	uint64_t all = sum_at(c, 0).in + sum_at(c, 300).in + sum_at(c, 600).in + sum_at(c, 900).in;
	is_int((long long)all, 1000003,
	       "a gap of several bins is spread, and not an octet is lost");
	is_int(sum_at(c, 300).covered_s, 0,
	       "but none of them is covered: how it fell into them is not known");
	is_int(read_at(c, 1000 + 13 * 300, 2000003, 0), COUNTER_TOO_LATE,
	       "an hour and more is not bridged");
	counters_free(c);
}

static void
wraps(void)
{
	struct counters *c = fresh();
	(void)slow_at(c, 0, 4294967000u, 100, 0);
	is_int(slow_at(c, 20, 1000, 200, 0), COUNTER_COUNTED, "a 32-bit counter may wrap");
	is_int((long long)sum_at(c, 0).in, 1296, "and is mended");
	(void)read_at(c, 40, 1ull << 40, 300);
	is_int(read_at(c, 60, 5, 400), COUNTER_RESET, "a 64-bit one does not: it was reset");
	is_int(read_at(c, 80, 1005, 500), COUNTER_COUNTED, "from there it goes on");
	is_int(read_at(c, 100, 1005 + (1ull << 50), 600), COUNTER_JUMP,
	       "more than the line carries is not believed");
	counters_free(c);

	c = fresh();
	(void)read_at(c, 0, 4294967000u, 100);
	struct counter_reading r = reading(1000, 50, 10000);
	is_int(counters_take(c, 1, &r, (struct utc_s){START + 20}), COUNTER_RESET,
	       "after a restart of the exporter a smaller value is no wrap");
	ok(sum_at(c, 0).in == 0 && sum_at(c, 0).out == 0, "and nothing is counted for it");
	is_int(read_at(c, 10, 2000, 100), COUNTER_RESET, "nor when our own clock goes back");
	counters_free(c);
}

/* Readings of the same switch, `up_ms` after it started, that come in the wrong order. */
static void
overtaking(void)
{
	struct counters *c = fresh();
	(void)read_at(c, 0, 1000, 0);
	(void)read_at(c, 60, 3000, 0);
	struct counter_reading old = reading(2000, 0, 10000000 + 30000);
	is_int(counters_take(c, 1, &old, (struct utc_s){START + 61}), COUNTER_OVERTAKEN,
	       "a reading that was overtaken is passed over");
	(void)read_at(c, 90, 4000, 0);
	is_int((long long)sum_at(c, 0).in, 3000, "and no octet is counted twice for it");
	old.uptime_ms = 10000000 + 90000 - 1000;
	old.value[COUNTER_OCTETS_IN] = 3990;
	is_int(counters_take(c, 1, &old, (struct utc_s){START + 90}), COUNTER_OVERTAKEN,
	       "a second behind is no wrapped counter either");
	is_int((long long)sum_at(c, 0).in, 3000, "of 4 GiB");
	old.uptime_ms = 20000;
	old.value[COUNTER_OCTETS_IN] = 500;
	is_int(counters_take(c, 1, &old, (struct utc_s){START + 120}), COUNTER_RESET,
	       "who is up for less than we waited has begun anew");
	counters_free(c);

	c = fresh();
	struct counter_reading r = reading(100, 0, UINT32_MAX - 9999);
	(void)counters_take(c, 1, &r, (struct utc_s){START});
	r.uptime_ms = 10000;
	r.value[COUNTER_OCTETS_IN] = 300;
	is_int(counters_take(c, 1, &r, (struct utc_s){START + 20}), COUNTER_COUNTED,
	       "an uptime that wraps after 49 days is no restart");
	r.uptime_ms = 3000000000u;
	(void)counters_take(c, 1, &r, (struct utc_s){START + 40});
	r.uptime_ms = 10000;
	r.value[COUNTER_OCTETS_IN] = 500;
	is_int(counters_take(c, 1, &r, (struct utc_s){START + 60}), COUNTER_RESET,
	       "one that falls from 34 days to 10 s is");
	/* Asked every five minutes the uptime after a wrap is less than what has passed. */
	r.uptime_ms = UINT32_MAX - 99999;
	(void)counters_take(c, 1, &r, (struct utc_s){START + 400});
	r.uptime_ms = 200000;
	r.value[COUNTER_OCTETS_IN] = 800;
	is_int(counters_take(c, 1, &r, (struct utc_s){START + 700}), COUNTER_COUNTED,
	       "nor is it one when it wraps between two polls five minutes apart");
	r.uptime_ms = 100000;
	(void)counters_take(c, 1, &r, (struct utc_s){START + 1000});
	r.uptime_ms = 150000;
	is_int(counters_take(c, 1, &r, (struct utc_s){START + 1300}), COUNTER_RESET,
	       "but an uptime of less than that without a wrap is");
	counters_free(c);

	c = fresh();
	(void)read_at(c, 0, 1ull << 40, 0);
	(void)read_at(c, 20, 3000000000u, 0);
	is_int(read_at(c, 40, 1000, 0), COUNTER_RESET,
	       "a counter that has been beyond 32 bits was cleared, it did not wrap");
	counters_free(c);

	c = fresh();
	r = reading(1000, 0, 600000);
	(void)counters_take(c, 1, &r, (struct utc_s){START});
	r = reading(9000, 0, 2000000);
	is_int(counters_take(c, 1, &r, (struct utc_s){START + 3000}), COUNTER_RESET,
	       "who is up for 2000 s was not up 3000 s ago, although for longer than then");
	r = reading(10000, 0, 900000000);
	is_int(counters_take(c, 1, &r, (struct utc_s){START + 3030}), COUNTER_RESET,
	       "who is up for ten days after an hour is another one");
	counters_free(c);
}

static void
lateness(void)
{
	struct counters *c = fresh();
	struct utc_s start;
	(void)read_at(c, 200, 0, 0);
	(void)read_at(c, 280, 80, 0);
	counters_close(c, (struct utc_s){START});
	ok(!counters_late(c, &start), "a bin that is handed on is done");
	is_int((long long)sum_at(c, 0).in, 0, "its sums are gone");
	(void)read_at(c, 380, 180, 0);
	ok(counters_late(c, &start) && start.s == START,
	   "a reading that reaches back makes it late");
	is_int((long long)sum_at(c, 0).in, 20, "with just what was missing");
	is_int(sum_at(c, 0).covered_s, 20, "and the seconds");
	counters_close(c, start);
	ok(!counters_late(c, &start), "handed on once more it is done again");
	counters_free(c);
}

/* --- what is told beside octets, and by whom --- */

static struct counter_reading
whole(uint64_t octets, uint64_t rest, enum traffic_source source)
{
	struct counter_reading r = {.source = source, .speed_bps = 10000000000};
	for (int i = 0; i < COUNTER_VALUES; i++)
		r.value[i] = i <= COUNTER_OCTETS_OUT ? octets : rest + (uint64_t)i;
	return r;
}

static enum counter_result
take_at(struct counters *c, int64_t at, struct counter_reading r)
{
	return counters_take(c, 1, &r, (struct utc_s){START + at});
}

static void
other_values(void)
{
	struct counters *c = fresh();
	(void)take_at(c, 290, whole(1000, 4294967200u, TRAFFIC_BY_SNMP));
	(void)take_at(c, 320, whole(31000, 210, TRAFFIC_BY_SNMP));
	struct counter_sum a = counters_of(c, 1, (struct utc_s){START}),
			   b = counters_of(c, 1, (struct utc_s){START + 300});
	bool spread = true;
	for (int i = COUNTER_PACKETS_IN; i < COUNTER_VALUES; i++)
		spread &= a.value[i] == 102 && b.value[i] == 204;
	ok(spread, "packets, errors and discards wrap and are spread as octets are");
	is_int(b.source, TRAFFIC_BY_SNMP, "it is known who said so");
	struct counter_reading back = whole(61000, 3, TRAFFIC_BY_SNMP);
	back.value[COUNTER_ERRORS_IN] = counter_not_told;
	is_int(take_at(c, 350, back), COUNTER_COUNTED, "packets that went back harm no octets");
	b = counters_of(c, 1, (struct utc_s){START + 300});
	ok(b.value[COUNTER_OCTETS_IN] == 50000 && b.value[COUNTER_PACKETS_OUT] == 204 &&
		   b.value[COUNTER_ERRORS_IN] == 204,
	   "but count for nothing, as does what is not told");
	struct counter_reading none = whole(70000, 3, TRAFFIC_BY_SNMP);
	none.value[COUNTER_OCTETS_OUT] = counter_not_told;
	is_int(take_at(c, 360, none), COUNTER_NO_OCTETS, "without octets it is no reading");
	counters_free(c);
}

static void
sources(void)
{
	struct counters *c = fresh();
	(void)take_at(c, 0, whole(1000, 0, TRAFFIC_BY_SFLOW));
	is_int(take_at(c, 10, whole(1u << 30, 0, TRAFFIC_BY_SNMP)), COUNTER_OTHER_SOURCE,
	       "while one source tells, another is not listened to");
	(void)take_at(c, 20, whole(3000, 0, TRAFFIC_BY_SFLOW));
	is_int((long long)sum_at(c, 0).in, 2000, "so nothing is counted twice");
	is_int(take_at(c, 321, whole((1u << 30) + 3110, 0, TRAFFIC_BY_SNMP)), COUNTER_COUNTED,
	       "when the first has been silent for a bin, the other goes on");
	is_int((long long)(sum_at(c, 0).in + sum_at(c, 300).in), 2000 + 3010,
	       "with what passed since the first was heard last");
	is_int(counters_of(c, 1, (struct utc_s){START + 300}).source, TRAFFIC_BY_SNMP,
	       "as the bin says");
	(void)take_at(c, 330, whole((1u << 30) + 3117, 0, TRAFFIC_BY_SNMP));
	is_int((long long)(sum_at(c, 0).in + sum_at(c, 300).in), 5017, "and counts from there");
	is_int(take_at(c, 325, whole(1u << 30, 0, TRAFFIC_BY_SNMP)), COUNTER_OVERTAKEN,
	       "without an uptime what is a little older came late");
	counters_free(c);
	c = fresh();
	(void)take_at(c, 0, whole(1000, 0, TRAFFIC_BY_SNMP));
	is_int(take_at(c, 301, whole(77000, 0, TRAFFIC_BY_PUSH)), COUNTER_FIRST,
	       "one that nothing is known of has to be heard twice");
	is_int(take_at(c, 310, whole(77500, 0, TRAFFIC_BY_PUSH)), COUNTER_COUNTED, "to count");
	is_int(take_at(c, 320, whole(9000, 0, TRAFFIC_BY_SNMP)), COUNTER_OTHER_SOURCE,
	       "one that comes back after a long time is measured first");
	(void)take_at(c, 325, whole(78000, 0, TRAFFIC_BY_PUSH));
	is_int(take_at(c, 340, whole(10000, 0, TRAFFIC_BY_SNMP)), COUNTER_COUNTED,
	       "and goes on then, as it is trusted more");
	is_int((long long)sum_at(c, 300).in, 1000 + 750,
	       "with its share of the seconds that are not counted yet");
	counters_free(c);
}

static void
trust(void)
{
	static const enum traffic_source order[] = {TRAFFIC_BY_PUSH, TRAFFIC_BY_SFLOW};
	struct counters *c = fresh();
	counters_trust(c, 1, order, 2);
	is_int(take_at(c, 0, whole(1, 0, TRAFFIC_BY_SNMP)), COUNTER_OTHER_SOURCE,
	       "a source that is not in the order is not listened to");
	is_int(take_at(c, 0, whole(1000, 0, TRAFFIC_BY_SFLOW)), COUNTER_FIRST, "sFlow is");
	(void)take_at(c, 10, whole(5000, 0, TRAFFIC_BY_PUSH));
	(void)take_at(c, 20, whole(3000, 0, TRAFFIC_BY_SFLOW));
	is_int(take_at(c, 30, whole(9000, 0, TRAFFIC_BY_PUSH)), COUNTER_COUNTED,
	       "a push goes before it here, from its second reading on");
	is_int((long long)sum_at(c, 0).in, 2000 + 2000,
	       "its octets of before the other's last reading left out");
	is_int(sum_at(c, 0).covered_s, 30, "and no second is covered twice");
	is_int(take_at(c, 40, whole(1u << 20, 0, TRAFFIC_BY_SFLOW)), COUNTER_OTHER_SOURCE,
	       "then sFlow is not listened to any more");
	is_int((long long)sum_at(c, 0).in, 4000, "and counts for nothing");
	counters_trust(c, 1, &order[1], 1);
	is_int(take_at(c, 50, whole((1u << 20) + 100, 0, TRAFFIC_BY_SFLOW)), COUNTER_COUNTED,
	       "until the order is another one");
	is_int(take_at(c, 60, whole(90000, 0, TRAFFIC_BY_PUSH)), COUNTER_OTHER_SOURCE,
	       "which leaves the push out");
	counters_free(c);
}

/* Two sources of one bin, of which the other tells so many octets more, in percent. */
static uint32_t
apart(unsigned in_percent, unsigned out_percent, int64_t seconds, struct counter_difference *d)
{
	struct counters *c = fresh();
	for (int64_t at = 0; at <= seconds; at += 10) {
		struct counter_reading r = whole((uint64_t)at * 1000000, 0, TRAFFIC_BY_SNMP);
		(void)take_at(c, at, r);
		r.source = TRAFFIC_BY_SFLOW;
		r.value[COUNTER_OCTETS_IN] += r.value[COUNTER_OCTETS_IN] / 100 * in_percent;
		r.value[COUNTER_OCTETS_OUT] += r.value[COUNTER_OCTETS_OUT] / 100 * out_percent;
		(void)take_at(c, at + 3, r);
	}
	bool known = counters_compare(c, 1, (struct utc_s){START}, d);
	counters_free(c);
	return known ? d->ppm : UINT32_MAX;
}

static void
differences(void)
{
	struct counter_difference d = {0};
	is_int(apart(0, 0, 310, &d), 0, "two sources that say the same are not apart");
	is_int(apart(0, 25, 310, &d), 200000, "one that says a quarter more is a fifth apart");
	ok(d.outgoing && d.own == TRAFFIC_BY_SNMP && d.other == TRAFFIC_BY_SFLOW &&
		   d.own_bps == 8000000 && d.other_bps == 10000000,
	   "and which way, and who says what");
	is_int(apart(10, 0, 310, &d), 90909, "the worse way counts");
	is_int(apart(0, 25, 200, &d), UINT32_MAX, "a bin that is not covered says nothing");
	struct counters *c = fresh();
	(void)take_at(c, 0, whole(0, 0, TRAFFIC_BY_SNMP));
	ok(!counters_compare(c, 1, (struct utc_s){START}, &d), "nor does one source alone");
	counters_free(c);
}

static void
widths(void)
{
	struct counters *c = fresh();
	struct counter_reading r = whole(4294967000u, 0, TRAFFIC_BY_SNMP);
	r.width = 64;
	(void)take_at(c, 0, r);
	r.value[COUNTER_OCTETS_IN] = 1000;
	is_int(take_at(c, 10, r), COUNTER_RESET,
	       "a counter that is told to have 64 bits wraps "
	       "at no 32");
	r = whole(UINT64_MAX - 99, 0, TRAFFIC_BY_PUSH);
	(void)take_at(c, 1000, r);
	r.value[COUNTER_OCTETS_IN] = r.value[COUNTER_OCTETS_OUT] = 100;
	is_int(take_at(c, 1010, r), COUNTER_COUNTED, "but it may at 64");
	is_int((long long)sum_at(c, 900).in, 200, "and is mended");
	counters_free(c);

	c = fresh();
	r = whole(5, 0, TRAFFIC_BY_SNMP);
	r.width = 32;
	(void)take_at(c, 0, r);
	r.value[COUNTER_OCTETS_IN] = 500;
	is_int(take_at(c, 30, r), COUNTER_TOO_NARROW,
	       "32 bits at 10 Gbit/s may have wrapped nine times in 30 s");
	is_int(take_at(c, 33, r), COUNTER_COUNTED, "within 3 s they cannot");
	r.discontinuity = 7;
	(void)take_at(c, 36, r);
	r.discontinuity = 8;
	r.value[COUNTER_OCTETS_IN] = 90000;
	is_int(take_at(c, 39, r), COUNTER_RESET, "who says that it began anew has");
	counters_free(c);
}

/* Whoever is silent so long that 32 bits may have gone round twice has left a gap. */
static void
wrapped_twice(void)
{
	struct counters *c = fresh();
	(void)slow_at(c, 0, 10, 10, 32);
	is_int(slow_at(c, 343, 4000000000u, 10, 32), COUNTER_COUNTED,
	       "32 bits at 100 Mbit/s are good for 343 s");
	is_int(slow_at(c, 687, 4000000001u, 10, 32), COUNTER_TOO_NARROW,
	       "a second more and they may have gone round");
	ok(sum_at(c, 600).in == 0 && sum_at(c, 600).covered_s == 0, "nothing is counted of that");
	is_int(slow_at(c, 1000, 4000000002u, 10, 64), COUNTER_COUNTED, "64 bits may be silent");
	counters_free(c);

	c = fresh();
	(void)slow_at(c, 0, 100, 0, 0);
	is_int(slow_at(c, 400, 4294967000u, 0, 0), COUNTER_COUNTED,
	       "a counter of which nothing is told has 64 bits, as the protocol gives it");
	is_int(slow_at(c, 420, 200, 5, 0), COUNTER_COUNTED, "until it wraps, which counts");
	is_int(slow_at(c, 764, 900, 5, 0), COUNTER_TOO_NARROW,
	       "from then on it has 32, and a silence is a gap although it grew");
	struct counter_reading r = reading(20, 30, 1000);
	r.speed_bps = 100000000;
	is_int(counters_take(c, 1, &r, (struct utc_s){START + 780}), COUNTER_RESET,
	       "the switch starts anew");
	r.uptime_ms += 344000;
	is_int(counters_take(c, 1, &r, (struct utc_s){START + 1124}), COUNTER_TOO_NARROW,
	       "and has no more bits for that");
	r.uptime_ms += 10000;
	r.value[COUNTER_OCTETS_OUT] = UINT32_MAX + 1ull;
	(void)counters_take(c, 1, &r, (struct utc_s){START + 1134});
	r.uptime_ms += 344000;
	is_int(counters_take(c, 1, &r, (struct utc_s){START + 1478}), COUNTER_COUNTED,
	       "unless it shows them, in either direction");
	counters_free(c);

	c = fresh();
	(void)slow_at(c, 0, 4000000000u, 7, 0);
	is_int(slow_at(c, 344, 3900000000u, 8, 0), COUNTER_TOO_NARROW,
	       "the first wrap after such a silence may be the second");
	ok(counters_last(c, 1).narrow, "and tells the width");
	counters_free(c);

	c = fresh();
	(void)slow_at(c, 0, 1000000000u, 7, 0);
	is_int(slow_at(c, 20, 900000000u, 8, 0), COUNTER_RESET,
	       "too far back for a wrap in 20 s: somebody cleared it");
	ok(!counters_last(c, 1).narrow, "which tells nothing of the width");
	(void)slow_at(c, 40, 1ull << 33, 1000, 0);
	is_int(slow_at(c, 60, (1ull << 33) + 9, 10, 0), COUNTER_RESET,
	       "nor does one direction wrap at 32 bits when the other has been beyond");
	counters_free(c);
}

static void
resumed(void)
{
	struct counters *c = fresh(), *next = fresh();
	(void)read_at(c, 0, 1000, 0);
	(void)read_at(c, 30, 4000, 0);
	counters_resume(next, 1, counters_last(c, 1));
	ok(!counters_last(c, 0).known, "of a slot that was never read nothing is handed on");
	is_int(read_at(next, 90, 7000, 0), COUNTER_COUNTED,
	       "another run goes on from the last "
	       "reading");
	ok(sum_at(c, 0).in + sum_at(next, 0).in == 6000 &&
		   sum_at(c, 0).covered_s + sum_at(next, 0).covered_s == 90,
	   "and both together have each octet once");
	counters_free(c);
	counters_free(next);
}

/* --- against a slow and obvious reference --- */

static uint64_t random_state;

static uint64_t
below(uint64_t limit)
{
	return hash_u64(random_state += 0x9e3779b97f4a7c15u) % limit;
}

/* A switch, second by second. */
struct truth {
	uint64_t octets; /* all that ever passed */
	uint64_t base;   /* of them before the counter began anew */
	int64_t booted;
	bool narrow;
};

static uint64_t
shown(const struct truth *t)
{
	uint64_t value = t->octets - t->base;
	return t->narrow ? value & UINT32_MAX : value;
}

static bool
all_counted(uint64_t seed, uint64_t got, uint64_t due)
{
	if (got != due)
		printf("# seed %llu: %llu octets, should be %llu\n", (unsigned long long)seed,
		       (unsigned long long)got, (unsigned long long)due);
	return got == due;
}

/* One life of a port: readings at odd times, wraps, restarts, gaps, repetitions and readings that are
 * overtaken. What passed between two readings is due in full, if the switch did not start anew between
 * them and they are not more than an hour apart; and nothing else. Bins are handed on as the meter does,
 * and what comes late for them is added. */
static bool
plays(uint64_t seed)
{
	enum { SECONDS = 20000 };
	random_state = seed;
	struct counters *c = fresh();
	struct truth t = {.booted = -(int64_t)below(5000000), .narrow = below(2)};
	struct counter_reading before = {0}, r;
	uint64_t due = 0, got = 0, at_last = 0, rate = below(t.narrow ? 25000000 : 3000000000u);
	uint64_t speed = t.narrow ? 200000000 : 200000000000;
	int64_t last = -1, next = 0, closed = 0;
	bool anew = false, told = t.narrow && below(2), wrapped = false;
	for (int64_t now = 0; now < SECONDS; now++) {
		t.octets += below(rate + 1);
		if (below(2000) == 0 && now - t.booted > 6000) { /* longer than any gap */
			t.base = t.octets;
			t.booted = now;
			anew = true;
		}
		for (; closed + 360 <= now; closed += 300) {
			got += sum_at(c, closed).in;
			counters_close(c, (struct utc_s){START + closed});
		}
		struct utc_s late;
		while (counters_late(c, &late)) {
			got += sum_at(c, late.s - START).in;
			counters_close(c, late);
		}
		if (now < next)
			continue;
		r = reading(shown(&t), 0, (uint32_t)((now - t.booted) * 1000 + 500));
		r.speed_bps = speed;
		r.width = told ? 32 : 0;
		bool soon = last >= 0 && now - last < 60 && last - t.booted > 5;
		if (soon && below(8) == 0) /* the one before, once more */
			(void)take_at(c, now, before);
		(void)take_at(c, now, r);
		uint64_t from = before.value[COUNTER_OCTETS_IN];
		uint64_t growth = t.octets - (anew ? t.base : at_last);
		wrapped |= last >= 0 && !anew && shown(&t) < from;
		/* 172 s are enough for 200 Mbit/s to go round; before the first wrap is seen nobody
		 * can know that what is seen of a growth is not all. */
		if (now - last >= 172 && (told || wrapped))
			growth = 0;
		else if (t.narrow && !wrapped)
			growth &= UINT32_MAX;
		/* With a restart something may have been lost, unless there was nothing. */
		if (last >= 0 && (!anew || !from) && now - last <= 3600)
			due += growth;
		if (soon && !anew && below(8) == 0)
			(void)take_at(c, now, before);
		before = r;
		at_last = t.octets;
		last = now;
		anew = false;
		next = now + 1 + (int64_t)below(below(20) == 0 ? (t.narrow ? 500 : 5000) : 60);
	}
	for (; closed < SECONDS; closed += 300)
		got += sum_at(c, closed).in;
	counters_free(c);
	return all_counted(seed, got, due);
}

static void
agrees_with_the_truth(void)
{
	unsigned wrong = 0;
	for (uint64_t seed = 1; seed <= 300; seed++)
		wrong += !plays(seed);
	is_int(wrong, 0,
	       "300 lives of a port, with wraps, restarts, gaps, repetitions and what was "
	       "overtaken: each octet once");
}

/* Two sources of one counter that grows by 1000 a second, each silent now and then, SNMP also for longer than
 * a bin. Whoever is listened to when, what is counted is what passed. */
static bool
goes_on(uint64_t seed)
{
	enum { SECONDS = 20000 };
	random_state = seed;
	struct counters *c = fresh();
	int64_t next[2] = {0, 0}, first = -1, last = -1, closed = 0;
	uint64_t got = 0;
	for (int64_t now = 0; now < SECONDS; now++) {
		for (; closed + 360 <= now; closed += 300) {
			got += sum_at(c, closed).in;
			counters_close(c, (struct utc_s){START + closed});
		}
		struct utc_s late;
		while (counters_late(c, &late)) {
			got += sum_at(c, late.s - START).in;
			counters_close(c, late);
		}
		for (int i = 0; i < 2; i++) {
			if (now != next[i])
				continue;
			struct counter_reading r = whole((uint64_t)now * 1000 + 77u * (unsigned)i,
							 0, i ? TRAFFIC_BY_SFLOW : TRAFFIC_BY_SNMP);
			enum counter_result result = take_at(c, now, r);
			bool took = result == COUNTER_COUNTED || result == COUNTER_FIRST;
			if (took && first < 0)
				first = now;
			last = took ? now : last;
			next[i] +=
				below(8) == 0 ? 1 + (int64_t)below(i ? 250 : 900) : (i ? 20 : 60);
		}
	}
	for (; closed < SECONDS; closed += 300)
		got += sum_at(c, closed).in;
	counters_free(c);
	uint64_t due = (uint64_t)(last - first) * 1000;
	return all_counted(seed, got, due);
}

static void
one_goes_on_where_another_ends(void)
{
	unsigned wrong = 0;
	for (uint64_t seed = 1; seed <= 300; seed++)
		wrong += !goes_on(seed);
	is_int(wrong, 0, "300 lives of a port with two sources: each octet once");
}

int
main(void)
{
	one_goes_on_where_another_ends();
	other_values();
	sources();
	trust();
	differences();
	widths();
	wrapped_twice();
	resumed();
	agrees_with_the_truth();
	spreading();
	wraps();
	overtaking();
	lateness();
	return done_testing();
}
