/* Two parties' bins: any CSV is read or refused with its line; what is different, and why, is
 * found. */
#include "ledger/ledger_reconcile.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "made_up.h"
#include "tap.h"

static char complaint[LEDGER_RECONCILE_COMPLAINT];

static int
read_csv(struct ledger_other_bins *out, struct arena *arena, const char *text)
{
	return ledger_reconcile_read(out, arena, cursor_of(text, strlen(text)), NULL, complaint);
}

static void
test_forms(void)
{
	static const struct {
		const char *name, *csv;
		int64_t start;
		uint32_t length_s;
		uint64_t in, out;
	} cases[] = {
		{"our own form",
		 "start,length_s,in_octets,out_octets,in_bps,out_bps,state,simulated\r\n"
		 "2026-10-01T00:00:00Z,300,1500,3000,40,80,counter,no\r\n"
		 "2026-10-01T00:05:00Z,300,,,,,missing,\r\n",
		 1790812800, 300, 1500, 3000},
		{"rates, other names, another order, semicolons",
		 "Out (bit/s);Interval;In (bit/s);Time\n80;300;40;1790812800\n", 1790812800, 300,
		 1500, 3000},
		{"megabits with decimals, tabs",
		 "timestamp\tduration\tin_mbps\tout_mbps\n1790812800\t300\t0.00004\t1.5\n",
		 1790812800, 300, 1500, 56250000},
		{"milliseconds since 1970", "time,in,out,length\n1790812800000,7,9,60\n",
		 1790812800, 60, 7, 9},
		{"RFC 3339 with an offset",
		 "start,in,out,length\n2026-10-01T05:00:00+05:00,7,9,60\n", 1790812800, 60, 7, 9},
		{"a civil time without seconds",
		 "date,rx bytes,tx bytes,length\n2026-10-01 00:00,7,9,60\n", 1790812800, 60, 7, 9},
		{"fields in quotes",
		 "\"start\",\"in\",\"out\",\"length\"\n\"1790812800\",\"7\",\"9\",\"60\"",
		 1790812800, 60, 7, 9},
		{"a length that follows from the distance",
		 "start,in,out\n1790812800,7,9\n1790813100,1,1\n1790814000,1,1\n", 1790812800, 300,
		 7, 9},
		{"a comma before the places, and days as some countries write them,",
		 "Zeit;Time;Rx (Mbit/s);Tx Mbit/s\n;01.10.2026 00:00;0,00004;1,5\n"
		 ";1.10.2026 00:05;1;1\n",
		 1790812800, 300, 1500, 56250000},
		{"what says that there is nothing",
		 "start,in,out,length\n1790812500,NaN,null,300\n1790812200,-,N/A,300\n"
		 "1790812800,7,9,60\n",
		 1790812800, 60, 7, 9},
		{"lines that end as they did on old machines",
		 "start,in,out,length\r1790812800,7,9,60\r1790813100,1,1,60\r", 1790812800, 60, 7,
		 9},
		{"a name with a line end in it",
		 "\"interval\nstart\",in,\"out\",length\n1790812800,7,9,60\n", 1790812800, 60, 7,
		 9},
		{"a mark of UTF-8 at the front, empty lines",
		 "\xef\xbb\xbfstart,in,out,length\n\n1790812800,7,9,60\n\n", 1790812800, 60, 7, 9},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena *arena = arena_new();
		struct ledger_other_bins bins = {0};
		int result = read_csv(&bins, arena, cases[i].csv);
		if (result < 0)
			printf("# %s\n", complaint);
		ok(result == 0 && bins.count >= 1 && bins.items[0].start.s == cases[i].start &&
			   bins.items[0].length_s == cases[i].length_s &&
			   bins.items[0].in == cases[i].in && bins.items[0].out == cases[i].out,
		   "%s is read", cases[i].name);
		arena_free(arena);
	}
}

static void
test_refused(void)
{
	static const struct {
		const char *csv, *complaint;
	} cases[] = {
		{"", "line 1: the file is empty"},
		{"start,out\n1,2\n", "line 1: no column is about what came in"},
		{"in,out\n1,2\n", "line 1: no column is about the start"},
		{"start,in,in_bytes,out\n", "line 1: two columns are about what came in"},
		{"start,in,out,length\n2026-13-01T00:00:00Z,1,2,300\n",
		 "line 2: found \"2026-13-01T00:00:00Z\", expected a time"},
		{"start,in,out,length\n2026-02-30 00:00,1,2,300\n",
		 "line 2: found \"2026-02-30 00:00\""},
		{"start,in,out,length\n1790812800,1,2,300\n1790813100,-1,2,300\n",
		 "line 3: found \"-1\" and \"2\", expected two amounts"},
		{"start,in,out,length\n1790812800,1,,300\n", "line 2: found \"1\" and \"\""},
		{"start,in,out,length\n1790812800,1e9,2,300\n", "line 2: found \"1e9\""},
		{"start,in,out,length\n1790812800,1,2,0\n",
		 "line 2: found \"0\", expected a length"},
		{"start,in,out,length\n1790812800,1,2,300,5\n",
		 "line 2: it has 5 fields, the head 4"},
		{"start,in,out,length\n\n1790812800,1,2,300\n1790812800,1,2,300\n",
		 "line 4: it is about the same time as line 3"},
		{"start,in,out,length\n1790812800,1,2,600\n1790813100,1,2,300\n",
		 "line 2: it reaches into line 3"},
		{"start,in,out\n1790812800,1,2\n", "line 2: how long it is cannot be told"},
		{"start,in,out,length\n1790812800,18446744073709551616,2,300\n",
		 "line 2: found \"1844"},
		{"start,in_gbps,out,length\n1790812800,99999999999,2,86400\n",
		 "line 2: found \"9999"},
		{"start,in_bps,out,length\n1790812800,18446744073709551615,2,86400\n",
		 "line 2: its octets do not fit"},
		{"start,in,out,length\n\"1790812800,1,2,300\n", "line 2: a quote is not closed"},
		{"start,in,out,\"le\n\nngth\"\n1790812800,1,2,300\n1790813100,x,2,300\n",
		 "line 5: found \"x\""},
		{"start,in,out,length\n1790812800,1,nan,300\n", "line 2: found \"1\" and \"nan\""},
		{"start,in,out,length\n1790812800,\"1,5\",2,300\n", "line 2: found \"1,5\""},
		{"start;in;out;length\n1790812800;1.234,5;2;300\n", "line 2: found \"1.234,5\""},
		{"start,in,out,length\n31.02.2026 00:00,1,2,300\n",
		 "line 2: found \"31.02.2026 00:00\""},
		{"start,in,out,length\n\"1790812800\"x\"1\n", "line 2: "},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena *arena = arena_new();
		struct ledger_other_bins bins;
		int result = read_csv(&bins, arena, cases[i].csv);
		if (!ok(result < 0 && strncmp(complaint, cases[i].complaint,
					      strlen(cases[i].complaint)) == 0,
			"refused: %s", cases[i].complaint))
			printf("# got: %s\n", result < 0 ? complaint : "it was read");
		arena_free(arena);
	}
}

/* --- clocks that go back --- */

static const struct zone *
berlin(struct arena *arena)
{
	char octets[4096], why[ZONE_COMPLAINT];
	FILE *file = fopen(ZONE_FOLDER "/Europe/Berlin", "rb");
	size_t length = file ? fread(octets, 1, sizeof(octets), file) : 0;
	if (file)
		(void)fclose(file);
	return zone_read(arena, "Europe/Berlin", octets, length, why);
}

/* Two hours of the night of 25 October 2026 in Berlin, by its clocks, up or down in time: each record has
 * its place as what came in. */
static void
put_night(struct buf *csv, bool down)
{
	static const int hours[] = {1, 2, 2, 3};
	buf_str(csv, "time,in,out\n");
	for (int i = 0; i < 48; i++) {
		int at = down ? 47 - i : i;
		buf_printf(csv, "2026-10-25 %02d:%02d,%d,0\n", hours[at / 12], at % 12 * 5, at);
	}
}

static void
test_night(bool down)
{
	struct arena *arena = arena_new();
	struct ledger_other_bins bins = {0};
	struct buf csv = {0};
	put_night(&csv, down);
	int result = ledger_reconcile_read(&bins, arena, cursor_of(csv.data, csv.length),
					   berlin(arena), complaint);
	size_t right = 0;
	for (size_t i = 0; result == 0 && i < bins.count; i++)
		right += bins.items[i].start.s == 1792882800 + (int64_t)i * 300 &&
			 bins.items[i].in == i && bins.items[i].length_s == 300;
	ok(bins.count == 48 && right == 48,
	   "an hour that comes twice is told apart in a file that goes %s: %zu of 48",
	   down ? "down" : "up", right);
	if (result < 0)
		printf("# %s\n", complaint);
	buf_fini(&csv);
	arena_free(arena);
}

/* --- comparing --- */

enum { BINS = 2016 };

/* Days that go up and down, with some noise; in and out differ. */
static void
make_ours(struct ledger_series *out, uint64_t seed)
{
	struct made_up m = {seed};
	struct utc_s from = {1790812800}, to = {1790812800 + BINS * 300};
	if (ledger_series_init(out, from, to, 300) < 0)
		abort();
	for (size_t i = 0; i < BINS; i++) {
		double day = (double)i / 288 * 6.283185;
		out->bins[i] = (struct ledger_bin){
			.state = TRAFFIC_COUNTER,
			.in = (uint64_t)(2e9 + 1.2e9 * sin(day) +
					 (double)made_up_below(&m, 300000000)),
			.out = (uint64_t)(9e8 + 4e8 * sin(day + 1) +
					  (double)made_up_below(&m, 90000000)),
		};
	}
}

static void
put_line(struct buf *out, int64_t start, uint32_t length_s, uint64_t in, uint64_t sent)
{
	buf_printf(out, "%" PRId64 ",%" PRIu32 ",%" PRIu64 ",%" PRIu64 "\n", start, length_s, in,
		   sent);
}

static struct ledger_reconciliation
compare(struct arena *arena, const struct ledger_series *ours, struct buf *csv)
{
	struct ledger_other_bins theirs = {0};
	struct ledger_reconciliation r = {0};
	if (ledger_reconcile_read(&theirs, arena, cursor_of(csv->data, csv->length), NULL,
				  complaint) < 0 ||
	    ledger_reconcile(&r, arena, ours, theirs, 100) < 0)
		printf("# %s\n", complaint);
	buf_fini(csv);
	return r;
}

static void
test_same(struct ledger_series *ours)
{
	struct arena *arena = arena_new();
	struct buf csv = {0};
	buf_str(&csv, "start,length_s,in,out\n");
	for (size_t i = 0; i < BINS; i++)
		if (i != 7)
			put_line(&csv, ours->from.s + (int64_t)i * 300, 300, ours->bins[i].in,
				 i == 99 ? ours->bins[i].out * 2 : ours->bins[i].out);
	ours->bins[20].state = TRAFFIC_MISSING;
	struct ledger_reconciliation r = compare(arena, ours, &csv);
	is_int((long long)r.both, BINS - 2, "bins on both sides are counted");
	is_int((long long)r.only_ours, 1, "one that the other does not have");
	is_int((long long)r.only_theirs, 1, "one that we do not have");
	is_int((long long)r.differing, 1, "and one that differs");
	ok(r.pairs[99].differs && !r.pairs[98].differs, "which one is told");
	ok(r.looks_like.known && !r.looks_like.shift_s && !r.looks_like.swapped &&
		   r.looks_like.factor == 1,
	   "else they are the same");
	ours->bins[20].state = TRAFFIC_COUNTER;
	ledger_reconciliation_fini(&r);
	arena_free(arena);
}

static void
test_looks(const struct ledger_series *ours)
{
	static const struct {
		const char *name;
		int64_t shift_s;
		bool swapped;
		uint64_t times, by;
		double factor;
	} cases[] = {
		{"a clock that is an hour late", 3600, false, 1, 1, 1},
		{"one that is five hours early", -18000, false, 1, 1, 1},
		{"directions seen from the other side", 0, true, 1, 1, 1},
		{"bits for octets", 0, false, 8, 1, 8},
		{"octets for bits", 0, false, 1, 8, 0.125},
		{"all of it at once", 7200, true, 1000, 1, 1000},
	};
	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
		struct arena *arena = arena_new();
		struct buf csv = {0};
		buf_str(&csv, "start,length_s,in,out\n");
		for (size_t i = 0; i < BINS; i++) {
			uint64_t in = ours->bins[i].in * cases[c].times / cases[c].by;
			uint64_t sent = ours->bins[i].out * cases[c].times / cases[c].by;
			put_line(&csv, ours->from.s + (int64_t)i * 300 + cases[c].shift_s, 300,
				 cases[c].swapped ? sent : in, cases[c].swapped ? in : sent);
		}
		struct ledger_reconciliation r = compare(arena, ours, &csv);
		ok(r.looks_like.known && r.looks_like.shift_s == cases[c].shift_s &&
			   r.looks_like.swapped == cases[c].swapped &&
			   fabs(r.looks_like.factor - cases[c].factor) < 1e-9,
		   "%s is recognised", cases[c].name);
		ledger_reconciliation_fini(&r);
		arena_free(arena);
	}
}

static void
test_lengths(const struct ledger_series *ours)
{
	struct arena *arena = arena_new();
	struct buf csv = {0};
	buf_str(&csv, "start,length_s,in,out\n");
	for (size_t i = 0; i < BINS; i += 3)
		put_line(&csv, ours->from.s + (int64_t)i * 300, 900,
			 ours->bins[i].in + ours->bins[i + 1].in + ours->bins[i + 2].in,
			 ours->bins[i].out + ours->bins[i + 1].out + ours->bins[i + 2].out);
	struct ledger_reconciliation r = compare(arena, ours, &csv);
	ok(r.length_s == 900 && r.both == BINS / 3 && r.differing == 0,
	   "bins of a quarter of an hour are compared with three of ours");
	ledger_reconciliation_fini(&r);
	buf_str(&csv, "start,length_s,in,out\n");
	for (size_t i = 0; i < BINS * 5; i++)
		put_line(&csv, ours->from.s + (int64_t)i * 60, 60, ours->bins[i / 5].in / 5,
			 ours->bins[i / 5].out / 5);
	r = compare(arena, ours, &csv);
	ok(r.length_s == 300 && r.both == BINS && r.differing == 0,
	   "bins of a minute are added up to ours");
	ledger_reconciliation_fini(&r);
	buf_str(&csv, "start,length_s,in,out\n");
	for (size_t i = 0; i < BINS; i++)
		put_line(&csv, ours->from.s + (int64_t)i * 300 + 17, 300, ours->bins[i].in,
			 ours->bins[i].out);
	r = compare(arena, ours, &csv);
	ok(r.phase_s == 17 && r.both == BINS && r.differing == 0,
	   "a clock that is 17 s off is put right, and told");
	ledger_reconciliation_fini(&r);
	struct ledger_other_bin odd = {ours->from, 420, 1, 1};
	struct ledger_other_bins theirs = {&odd, 1};
	ok(ledger_reconcile(&r, arena, ours, theirs, 100) < 0 && errno == EINVAL,
	   "bins of seven minutes cannot be compared with those of five");
	theirs.count = 0;
	ok(ledger_reconcile(&r, arena, ours, theirs, 100) == 0 && r.only_ours == BINS &&
		   !r.looks_like.known,
	   "an empty file has nothing");
	ledger_reconciliation_fini(&r);
	arena_free(arena);
}

int
main(void)
{
	struct ledger_series ours;
	test_forms();
	test_refused();
	test_night(false);
	test_night(true);
	make_ours(&ours, 5);
	test_same(&ours);
	test_looks(&ours);
	test_lengths(&ours);
	ledger_series_fini(&ours);
	return done_testing();
}
