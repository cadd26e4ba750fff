/* Readings of counters become octets of bins: exactly, and only what is sound. */
#include "meter/counter.h"

#include "tap.h"

enum { START = 1700000100 }; /* a multiple of 300 */

static struct counters *
fresh(void)
{
	struct counters *c = counters_new(300);
	(void)counters_reserve(c, 2);
	return c;
}

static enum counter_result
read_at(struct counters *c, int64_t at, uint64_t in, uint64_t out)
{
	struct counter_reading r = {
		.in_octets = in,
		.out_octets = out,
		.uptime_ms = (uint32_t)(10000000 + at * 1000),
		.speed_bps = 100000000000,
	};
	return counters_take(c, 1, r, (struct utc_s){START + at});
}

static struct counter_sum
sum_at(const struct counters *c, int64_t at)
{
	return counters_of(c, 1, (struct utc_s){START + at});
}

static void
spreading(void)
{
	struct counters *c = fresh();
	is_int(read_at(c, 290, 1000, 5000), COUNTER_FIRST, "the first reading is only kept");
	is_int(read_at(c, 320, 1301, 5601), COUNTER_COUNTED, "the second counts");
	struct counter_sum a = sum_at(c, 0), b = sum_at(c, 300);
	ok(a.in == 100 && b.in == 201 && a.out == 200 && b.out == 401,
	   "30 s over a boundary: a third before, the rest after, to the octet");
	ok(a.covered_s == 10 && b.covered_s == 20, "and the seconds that they cover");
	for (int64_t at = 340; at <= 620; at += 20)
		(void)read_at(c, at, 1301 + (uint64_t)(at - 320), 5601);
	is_int(sum_at(c, 300).covered_s, 300, "readings every 20 s cover the whole bin");
	is_int((long long)counters_of(c, 0, (struct utc_s){START}).in, 0,
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
	(void)read_at(c, 0, 4294967000u, 100);
	is_int(read_at(c, 20, 1000, 200), COUNTER_COUNTED, "a 32-bit counter may wrap");
	is_int((long long)sum_at(c, 0).in, 1296, "and is mended");
	(void)read_at(c, 40, 1ull << 40, 300);
	is_int(read_at(c, 60, 5, 400), COUNTER_RESET, "a 64-bit one does not: it was reset");
	is_int(read_at(c, 80, 1005, 500), COUNTER_COUNTED, "from there it goes on");
	is_int(read_at(c, 100, 1005 + (1ull << 50), 600), COUNTER_JUMP,
	       "more than the line carries is not believed");
	counters_free(c);

	c = fresh();
	(void)read_at(c, 0, 4294967000u, 100);
	struct counter_reading r = {
		.in_octets = 1000, .out_octets = 50, .uptime_ms = 10000, .speed_bps = 100000000000};
	is_int(counters_take(c, 1, r, (struct utc_s){START + 20}), COUNTER_RESET,
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
	struct counter_reading old = {
		.in_octets = 2000, .uptime_ms = 10000000 + 30000, .speed_bps = 100000000000};
	is_int(counters_take(c, 1, old, (struct utc_s){START + 61}), COUNTER_OVERTAKEN,
	       "a reading that was overtaken is passed over");
	(void)read_at(c, 90, 4000, 0);
	is_int((long long)sum_at(c, 0).in, 3000, "and no octet is counted twice for it");
	old.uptime_ms = 10000000 + 90000 - 1000;
	old.in_octets = 3990;
	is_int(counters_take(c, 1, old, (struct utc_s){START + 90}), COUNTER_OVERTAKEN,
	       "a second behind is no wrapped counter either");
	is_int((long long)sum_at(c, 0).in, 3000, "of 4 GiB");
	old.uptime_ms = 20000;
	old.in_octets = 500;
	is_int(counters_take(c, 1, old, (struct utc_s){START + 120}), COUNTER_RESET,
	       "who is up for less than we waited has begun anew");
	counters_free(c);

	c = fresh();
	struct counter_reading r = {
		.in_octets = 100, .uptime_ms = UINT32_MAX - 9999, .speed_bps = 100000000000};
	(void)counters_take(c, 1, r, (struct utc_s){START});
	r.uptime_ms = 10000;
	r.in_octets = 300;
	is_int(counters_take(c, 1, r, (struct utc_s){START + 20}), COUNTER_COUNTED,
	       "an uptime that wraps after 49 days is no restart");
	r.uptime_ms = 3000000000u;
	(void)counters_take(c, 1, r, (struct utc_s){START + 40});
	r.uptime_ms = 10000;
	r.in_octets = 500;
	is_int(counters_take(c, 1, r, (struct utc_s){START + 60}), COUNTER_RESET,
	       "one that falls from 34 days to 10 s is");
	counters_free(c);

	c = fresh();
	(void)read_at(c, 0, 1ull << 40, 0);
	(void)read_at(c, 20, 3000000000u, 0);
	is_int(read_at(c, 40, 1000, 0), COUNTER_RESET,
	       "a counter that has been beyond 32 bits was cleared, it did not wrap");
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

int
main(void)
{
	spreading();
	wraps();
	overtaking();
	lateness();
	return done_testing();
}
