/* Every rule by which a rate can be found, on bins small enough to be checked by hand; and where
 * other programs take another rank. */
#include <errno.h>

#include "ledger/ledger_percentile.h"
#include "tap.h"

enum { HOUR = 3600, DAY = 86400, MEGA = 1000000, BINS_MAX = 9000 };

/* --- ranks --- */

static void
ranks_of_months(void)
{
	static const struct {
		size_t count, rank;
		const char *what;
	} cases[] = {
		{8064, 7661, "28 days"},
		{8352, 7935, "29 days"},
		{8640, 8208, "30 days"},
		{8928, 8482, "31 days"},
		{8076, 7673, "28 days and the hour of an autumn (Sao Paulo, February 2018)"},
		{8364, 7946, "29 days and an hour (Almaty, February 2024)"},
		{8628, 8197, "30 days less an hour (Karachi, June 2008)"},
		{8646, 8214, "30 days and half an hour (Lord Howe, April)"},
		{8652, 8220, "30 days and an hour"},
		{8916, 8471, "31 days less an hour (Berlin, March)"},
		{8922, 8476, "31 days less half an hour (Lord Howe, October)"},
		{8940, 8493, "31 days and an hour (Berlin, October)"},
		{288, 274, "a day"},
		{276, 263, "a day of 23 hours"},
		{300, 285, "a day of 25 hours"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_int((long long)ledger_percentile_rank(cases[i].count, 9500),
		       (long long)cases[i].rank, cases[i].what);
	static const struct {
		uint32_t percent; /* hundredths */
		size_t count, rank;
		const char *what;
	} others[] = {
		{9000, 8640, 7776, "90 of a month: a tenth is free"},
		{9900, 8640, 8554, "99: 86 bins are"},
		{9950, 8640, 8597, "99.5: 43 bins"},
		{9999, 8640, 8640, "99.99: none yet"},
		{10000, 8640, 8640, "100 is the highest bin"},
		{5000, 8640, 4320, "50 is the lower of the two in the middle"},
		{5000, 3, 2, "the middle of three"},
		{1, 100, 1, "0.01 is the lowest"},
	};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		is_int((long long)ledger_percentile_rank(others[i].count, others[i].percent),
		       (long long)others[i].rank, others[i].what);
}

/* What others take, as read in their sources or measured: the difference is one of rank, so it
 * shows only where the values around it differ; bills then differ too. */
static void
ranks_of_others(void)
{
	static const struct {
		size_t count;
		/* LibreNMS, round(n / 100 * 95) - 1 as an index from 0; its newer code, one less;
		 * ClickHouse quantileExact, floor(0.95 n) as an index; DuckDB quantile_disc, the
		 * ceiling of 0.95 n as a rank. */
		size_t libre, newer, click, duck;
	} cases[] = {
		{8064, 7661, 7660, 7661, 7661}, {8352, 7934, 7933, 7935, 7935},
		{8640, 8208, 8207, 8209, 8208}, {8928, 8482, 8481, 8482, 8482},
		{8916, 8470, 8469, 8471, 8471}, {8940, 8493, 8492, 8494, 8493},
	};
	unsigned libre = 0, newer = 0, click = 0, duck = 0, wrong = 0;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n = cases[i].count, ours = ledger_percentile_rank(n, 9500);
		/* Their formulas, in integers. */
		size_t rounded = (n * 95 * 2 + 100) / 200;
		wrong += cases[i].libre != rounded || cases[i].newer != rounded - 1 ||
			 cases[i].click != n * 95 / 100 + 1 || cases[i].duck != (n * 95 + 99) / 100;
		libre += cases[i].libre != ours;
		newer += cases[i].newer != ours;
		click += cases[i].click != ours;
		duck += cases[i].duck != ours;
	}
	is_int(wrong, 0, "the table of other programs' ranks follows from their formulas");
	is_int(libre, 2, "LibreNMS has one rank less in leap years' Februaries and spring months");
	is_int(newer, 6, "its newer code has one or two less, always");
	is_int(click, 2, "ClickHouse has one more where 0.95 n is whole");
	is_int(duck, 0, "DuckDB's discrete quantile has the same");
}

/* --- rows of bins --- */

struct row {
	struct ledger_series series;
	struct ledger_bin bins[BINS_MAX];
};

static struct row sum, port[2];

static void
begin(struct row *row, size_t count, uint32_t length_s)
{
	memset(row, 0, sizeof(*row));
	row->series = (struct ledger_series){.from = utc_month_start(2026, 11),
					     .length_s = length_s,
					     .count = count,
					     .bins = row->bins};
}

/* A bin of that many Mbit/s. */
static void
set(struct row *row, size_t i, uint64_t in, uint64_t out)
{
	uint64_t octets = (uint64_t)MEGA / 8 * row->series.length_s;
	row->bins[i] = (struct ledger_bin){
		.in = in * octets, .out = out * octets, .state = TRAFFIC_COUNTER, .listed = true};
}

static struct ledger_percentile
result_of(struct hub_percentile rules, size_t ports)
{
	struct ledger_series both[2] = {port[0].series, port[1].series};
	struct ledger_usage usage = {
		.sum = &sum.series, .ports = both, .port_count = ports, .speed_bps = 1000 * MEGA};
	struct ledger_period period = {
		.from = sum.series.from,
		.to = {sum.series.from.s + (int64_t)sum.series.count * sum.series.length_s},
	};
	period.days = zone_days(NULL, period.from, period.to);
	struct ledger_percentile result = {0};
	rules.rank = rules.rank ? rules.rank : 9500;
	if (ledger_percentile_of(&result, NULL, &rules, &usage, &period, NULL) < 0)
		printf("# errno %d\n", errno);
	return result;
}

/* In Mbit/s; the rates of these tests are whole ones. */
static long long
billed(struct hub_percentile rules)
{
	return (long long)(result_of(rules, 0).billed_bps / MEGA);
}

/* --- public examples --- */

static void
worked_examples(void)
{
	begin(&sum, 20, 300);
	for (size_t i = 0; i < 20; i++)
		set(&sum, i, i + 1, 0);
	is_int(billed((struct hub_percentile){0}), 19,
	       "20 samples: one is dropped, the second is billed");
	begin(&sum, 100, 300);
	for (size_t i = 0; i < 100; i++)
		set(&sum, i, 100 - i, 0);
	is_int(billed((struct hub_percentile){0}), 95,
	       "100 samples: five are dropped, the sixth is billed");
	/* 16 days with traffic in a month: 288 x 16 x 5 % = 230.4, and the 231st highest counts. */
	begin(&sum, 30 * 288, 300);
	for (size_t i = 0; i < 30 * 288; i++)
		set(&sum, i, i < 16 * 288 ? 16 * 288 - i : 0, 0);
	struct hub_percentile rules = {.direction = HUB_DIRECTION_BIN_LARGER,
				       .missing = HUB_MISSING_ZERO,
				       .valid_days = true};
	struct ledger_percentile p = result_of(rules, 0);
	ok(p.count == 4608 && p.rank == 4378 && p.paid_days == 16 &&
		   p.billed_bps == (uint64_t)(4608 - 230) * MEGA,
	   "16 valid days: the 231st highest of their bins, paid for 16 days");
	/* 36 hours of anything cost nothing: the 432 highest bins of a month of 30 days. */
	for (size_t i = 0; i < 30 * 288; i++)
		set(&sum, i, i < 432 ? 9000 : 1, 0);
	is_int(billed((struct hub_percentile){0}), 1, "36 hours of bursts are free");
	set(&sum, 432, 9000, 0);
	is_int(billed((struct hub_percentile){0}), 9000, "five minutes more are not");
}

/* --- directions --- */

static void
directions(void)
{
	/* Ten bins high in (123 to 132), ten others high out (101 to 110), twenty quiet: 40 bins,
	 * two are free. */
	static const struct {
		enum hub_direction direction;
		long long mbits;
		const char *what;
	} cases[] = {
		{HUB_DIRECTION_LARGER, 130, "larger: the 95th of in is 130, of out 108"},
		{HUB_DIRECTION_BIN_LARGER, 130, "each bin's larger: 130"},
		{HUB_DIRECTION_SUM, 139, "in and out together: 139"},
		{HUB_DIRECTION_IN, 130, "in only"},
		{HUB_DIRECTION_OUT, 108, "out only"},
	};
	begin(&sum, 40, 300);
	for (size_t i = 0; i < 40; i++)
		set(&sum, i, i < 10 ? 123 + i : 10, i >= 10 && i < 20 ? 101 + i - 10 : 9);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_int(billed((struct hub_percentile){.direction = cases[i].direction}),
		       cases[i].mbits, cases[i].what);
	/* Peaks of in and out in other bins: what is largest in each bin is more than either. */
	begin(&sum, 20, 300);
	for (size_t i = 0; i < 20; i++)
		set(&sum, i, i == 3 ? 100 : 10, i == 5 ? 90 : 10);
	is_int(billed((struct hub_percentile){0}), 10, "one peak a direction is free");
	is_int(billed((struct hub_percentile){.direction = HUB_DIRECTION_BIN_LARGER}), 90,
	       "but not two peaks, when each bin has its larger direction");
	is_int(billed((struct hub_percentile){.direction = HUB_DIRECTION_SUM}), 100,
	       "nor when both are added up");
}

/* --- ports --- */

static void
ports(void)
{
	/* One port peaks in the first three bins, the other in the last three: 20 bins, one free. */
	begin(&port[0], 20, 300);
	begin(&port[1], 20, 300);
	begin(&sum, 20, 300);
	for (size_t i = 0; i < 20; i++) {
		uint64_t a = i < 3 ? 100 : 10, b = i >= 17 ? 200 : 10;
		set(&port[0], i, a, 0);
		set(&port[1], i, b, 0);
		set(&sum, i, a + b, 0);
	}
	struct ledger_percentile first = result_of((struct hub_percentile){0}, 2);
	struct ledger_percentile after =
		result_of((struct hub_percentile){.ports = HUB_PORTS_SUM_AFTER}, 2);
	is_int((long long)first.billed_bps, 210 * MEGA, "the 95th of the sum: 210");
	is_int((long long)after.billed_bps, 300 * MEGA, "the sum of the 95ths: 300");
	ok(after.count == 40 && after.rank == 0 && after.above == 0,
	   "n counts the bins of each port, and there is no single rank");
	/* Peaks at the same time: no difference. */
	for (size_t i = 0; i < 20; i++) {
		set(&port[1], i, i < 3 ? 200 : 10, 0);
		set(&sum, i, i < 3 ? 300 : 20, 0);
	}
	ok(result_of((struct hub_percentile){0}, 2).billed_bps ==
		   result_of((struct hub_percentile){.ports = HUB_PORTS_SUM_AFTER}, 2).billed_bps,
	   "ports that peak together pay the same either way");
	/* And the sum of percentiles may be less: single peaks, one a port. */
	for (size_t i = 0; i < 20; i++) {
		set(&port[0], i, i == 0 ? 100 : 10, 0);
		set(&port[1], i, i == 1 ? 100 : 10, 0);
		set(&sum, i, i < 2 ? 110 : 20, 0);
	}
	is_int((long long)result_of((struct hub_percentile){0}, 2).billed_bps, 110 * MEGA,
	       "two short peaks of two ports are two peaks of the sum");
	is_int((long long)result_of((struct hub_percentile){.ports = HUB_PORTS_SUM_AFTER}, 2)
		       .billed_bps,
	       20 * MEGA, "each by itself is free");
}

/* --- missing bins --- */

static void
missing(void)
{
	begin(&sum, 40, 300);
	for (size_t i = 0; i < 20; i++)
		set(&sum, i, i + 1, 0);
	struct ledger_percentile p = result_of((struct hub_percentile){0}, 0);
	ok(p.count == 20 && p.rank == 19 && p.billed_bps == 19 * MEGA, "left out: n is 20");
	p = result_of((struct hub_percentile){.missing = HUB_MISSING_ZERO}, 0);
	ok(p.count == 40 && p.rank == 38 && p.billed_bps == 18 * MEGA,
	   "zero: n is 40, and two are free");
	struct ledger_other_bin others[10];
	for (size_t i = 0; i < 10; i++)
		others[i] = (struct ledger_other_bin){
			.start = {sum.series.from.s + (int64_t)(20 + i) * 300},
			.length_s = 300,
			.in = (uint64_t)MEGA / 8 * 300 * 50};
	ledger_series_fill(&sum.series, (struct ledger_other_bins){others, 10});
	p = result_of((struct hub_percentile){.missing = HUB_MISSING_OTHER_PARTY}, 0);
	struct ledger_bin_counts counts = ledger_series_counts(&sum.series);
	ok(p.count == 30 && p.rank == 29 && p.billed_bps == 50 * MEGA,
	   "other party: its ten bins count, the ten that it lacks too are left out");
	ok(counts.other == 10 && counts.estimated == 10 && counts.missing == 10,
	   "and the invoice can say which they were");
}

static void
filling(void)
{
	static const struct {
		const char *what;
		struct ledger_other_bin records[4];
		size_t count;
		bool filled;
	} cases[] = {
		{"one of the same length", {{{300}, 300, 7, 8}}, 1, true},
		{"five of a minute are added up",
		 {{{300}, 60, 1, 2}, {{360}, 120, 2, 2}, {{480}, 60, 3, 3}, {{540}, 60, 1, 1}},
		 4,
		 true},
		{"a gap among them", {{{300}, 60, 1, 2}, {{420}, 180, 6, 6}}, 2, false},
		{"less than the bin", {{{300}, 240, 7, 8}}, 1, false},
		{"one that goes on beyond it", {{{300}, 600, 7, 8}}, 1, false},
		{"one that begins before it", {{{240}, 360, 7, 8}}, 1, false},
		{"one of no length", {{{300}, 0, 7, 8}}, 1, false},
		{"none", {{{0}, 0, 0, 0}}, 0, false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ledger_bin bins[3] = {{.in = 1, .state = TRAFFIC_COUNTER, .listed = true}};
		struct ledger_series series = {{0}, 300, 3, bins};
		ledger_series_fill(&series,
				   (struct ledger_other_bins){cases[i].records, cases[i].count});
		bool filled = bins[1].other && bins[1].state == TRAFFIC_ESTIMATED &&
			      bins[1].in == 7 && bins[1].out == 8;
		ok(filled == cases[i].filled && !bins[0].other && bins[0].in == 1 && !bins[2].other,
		   "the other party's records: %s", cases[i].what);
	}
}

/* --- days --- */

/* Four days of hours: day d has rates 10 d + 1 .. 10 d + 24, in disorder. */
static void
by_days(void)
{
	begin(&sum, 4 * 24, HOUR);
	for (size_t i = 0; i < 4 * 24; i++)
		set(&sum, i, 10 * (i / 24) + 1 + i * 7 % 24, 0);
	struct hub_percentile rules = {.method = HUB_METHOD_DAILY_MEAN};
	struct ledger_percentile p = result_of(rules, 0);
	ok(p.billed_bps == 38 * MEGA && p.days == 4 && p.rank == 0,
	   "daily: 23, 33, 43 and 53 (one of 24 is free), in the mean 38");
	rules.method = HUB_METHOD_DAILY_MAX;
	is_int(billed(rules), 53, "daily, the highest: 53");
	rules = (struct hub_percentile){
		.method = HUB_METHOD_TOP_DAYS, .top_days = 3, .peak_bin = 5};
	is_int(billed(rules), 40,
	       "the fifth highest bins are 20, 30, 40, 50; the mean of the top three");
	rules.peak_bin = 1;
	rules.top_days = 1;
	is_int(billed(rules), 54, "the highest bin of the highest day");
	rules.top_days = 31;
	is_int(billed(rules), 39, "days that there are not do not count");
	rules.peak_bin = 99;
	is_int(billed(rules), 16, "a day with fewer bins has its lowest");
	for (size_t i = 24; i < 48; i++)
		sum.bins[i] = (struct ledger_bin){0};
	rules = (struct hub_percentile){.method = HUB_METHOD_DAILY_MEAN};
	p = result_of(rules, 0);
	ok(p.days == 3 && p.billed_bps == 39666667,
	   "a day without bins is none: the mean of 23, 43 and 53, rounded");
	rules.missing = HUB_MISSING_ZERO;
	p = result_of(rules, 0);
	ok(p.days == 4 && p.billed_bps == 29750000,
	   "but it is one when missing bins count as zero");
}

static void
valid_days(void)
{
	begin(&sum, 3 * 24, HOUR);
	for (size_t i = 0; i < 3 * 24; i++)
		set(&sum, i, i / 24 == 1 ? 0 : 10 + i % 24, 0);
	struct hub_percentile rules = {.valid_days = true};
	struct ledger_percentile p = result_of(rules, 0);
	ok(p.count == 48 && p.paid_days == 2 && p.billed_bps == 32 * MEGA,
	   "a day of nothing leaves n, and is not paid");
	p = result_of((struct hub_percentile){0}, 0);
	ok(p.count == 72 && p.paid_days == 3 && p.billed_bps == 32 * MEGA, "unless all days count");
	set(&sum, 30, 0, 1);
	p = result_of(rules, 0);
	ok(p.count == 72 && p.paid_days == 3, "one bin makes a day valid");
	memset(sum.bins, 0, sizeof(sum.bins));
	p = result_of(rules, 0);
	ok(p.count == 0 && p.paid_days == 0 && p.billed_bps == 0, "no traffic, no days");
}

/* --- what is billed of what was measured --- */

static void
baseline_and_rounding(void)
{
	begin(&sum, 20, 300);
	for (size_t i = 0; i < 20; i++)
		set(&sum, i, i == 0 ? 700 : 101, 0);
	struct hub_percentile rules = {.baseline = 2000};
	struct ledger_percentile p = result_of(rules, 0);
	ok(p.measured_bps == 101 * MEGA && p.baseline_bps == 200 * MEGA &&
		   p.billed_bps == 200 * MEGA,
	   "at least 20 %% of the ports' 1 Gbit/s");
	rules.baseline_of = HUB_BASELINE_PEAK;
	is_int(billed(rules), 140, "or of the highest bin");
	rules = (struct hub_percentile){.baseline = 500};
	is_int(billed(rules), 101, "a baseline below the 95th changes nothing");
	static const struct {
		uint64_t step, billed;
		const char *what;
	} cases[] = {
		{MEGA, 101000000, "a whole Mbit/s stays"},
		{2 * MEGA, 102000000, "up to the next even Mbit/s"},
		{UINT64_C(1000000000), 1000000000, "up to the next Gbit/s"},
		{1000, 101000000, "by kbit/s"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_int((long long)result_of((struct hub_percentile){.round_up_bps = cases[i].step},
					    0)
			       .billed_bps,
		       (long long)cases[i].billed, cases[i].what);
	sum.bins[1].in++;
	sum.bins[2].in = sum.bins[1].in;
	for (size_t i = 3; i < 20; i++)
		sum.bins[i].in = sum.bins[1].in;
	is_int((long long)result_of((struct hub_percentile){.round_up_bps = MEGA}, 0).billed_bps,
	       101 * MEGA, "an octet in five minutes is no bit/s more");
	for (size_t i = 1; i < 20; i++)
		sum.bins[i].in += 38;
	is_int((long long)result_of((struct hub_percentile){.round_up_bps = MEGA}, 0).billed_bps,
	       102 * MEGA, "one bit/s more is the next Mbit/s");
	for (size_t i = 0; i < 20; i++)
		sum.bins[i].in = UINT64_MAX;
	sum.series.length_s = 1;
	struct ledger_usage usage = {.sum = &sum.series};
	struct ledger_period period = {.from = sum.series.from, .to = {sum.series.from.s + 20}};
	rules = (struct hub_percentile){.rank = 9500, .round_up_bps = 1000000000000000};
	ok(ledger_percentile_of(&p, NULL, &rules, &usage, &period, NULL) < 0 && errno == EOVERFLOW,
	   "a rate that does not fit is an error");
}

int
main(void)
{
	ranks_of_months();
	ranks_of_others();
	worked_examples();
	directions();
	ports();
	missing();
	filling();
	by_days();
	valid_days();
	baseline_and_rounding();
	return done_testing();
}
