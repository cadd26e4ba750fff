/* The rank that is billed, and the value that stands there. */
#include "ledger/ledger_percentile.h"

#include <stdlib.h>

#include "tap.h"

static uint64_t seed = 42;

static uint64_t
random_u64(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static int
rising(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

/* The rule said in the words of a contract: sort, throw the top 5 % away, take the next. */
static uint64_t
naive(const uint64_t *values, size_t count)
{
	uint64_t *sorted = malloc(count * sizeof(*sorted));
	memcpy(sorted, values, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), rising);
	size_t thrown_away = count * 5 / 100;
	uint64_t value = sorted[count - 1 - thrown_away];
	free(sorted);
	return value;
}

static void
ranks(void)
{
	static const struct {
		size_t count, rank;
		const char *what;
	} cases[] = {
		{0, 0, "no bins: no rank"},
		{1, 1, "one bin is billed itself"},
		{2, 2, "two bins: the higher"},
		{19, 19, "19 bins: nothing is free yet"},
		{20, 19, "20 bins: the highest is free"},
		{21, 20, "21 bins: still one"},
		{39, 38, "39 bins: still one"},
		{40, 38, "40 bins: two"},
		{100, 95, "100 bins: five, the sixth highest is billed"},
		{288, 274, "a day"},
		{4608, 4378, "16 days: the 231st highest"},
		{8064, 7661, "28 days"},
		{8352, 7935, "29 days"},
		{8640, 8208, "30 days"},
		{8928, 8482, "31 days"},
		{8916, 8471, "31 days less an hour"},
		{44640, 42408, "31 days of minutes"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_int((long long)ledger_percentile_rank(cases[i].count, 9500),
		       (long long)cases[i].rank, cases[i].what);
	bool same = true;
	for (size_t n = 1; n < 100000; n++)
		same &= ledger_percentile_rank(n, 9500) == (n * 95 + 99) / 100;
	ok(same, "the rank is the ceiling of 0.95 n, for every n up to 100000");
}

static void
against_sorting(void)
{
	static uint64_t values[1000];
	unsigned wrong = 0;
	for (unsigned round = 0; round < 3000; round++) {
		size_t count = 1 + random_u64() % 1000;
		unsigned shift = (unsigned)(random_u64() % 64);
		for (size_t i = 0; i < count; i++)
			values[i] = random_u64() >> shift;
		wrong += ledger_percentile_select(values, count,
						  ledger_percentile_rank(count, 9500)) !=
			 naive(values, count);
	}
	is_int(wrong, 0, "3000 random months, narrow and wide, with ties: as by sorting");
	for (size_t i = 0; i < 100; i++)
		values[i] = i;
	is_int((long long)ledger_percentile_select(values, 100, ledger_percentile_rank(100, 9500)),
	       94, "of 0 to 99 it is 94 (not 95, as by the quantile function of some databases)");
	for (size_t i = 0; i < 100; i++)
		values[i] = 7;
	is_int((long long)ledger_percentile_select(values, 100, 95), 7, "all the same: that");
	values[0] = UINT64_MAX;
	ok(ledger_percentile_select(values, 100, 100) == UINT64_MAX, "the largest number is found");
	values[3] = 0;
	is_int((long long)ledger_percentile_select(values, 100, 1), 0, "and the smallest");
}

static void
set(struct ledger_series *series, size_t i, uint64_t in, uint64_t out, enum traffic_state state)
{
	series->bins[i] = (struct ledger_bin){.in = in, .out = out, .state = state};
}

/* By the rules of a contract that says nothing. */
static int
usual(struct ledger_percentile *out, const struct ledger_series *series)
{
	struct ledger_usage usage = {.sum = series};
	struct ledger_period period = {
		.from = series->from,
		.to = {series->from.s + (int64_t)series->count * series->length_s},
		.days = 1};
	return ledger_percentile_of(out, NULL, &ledger_percentile_usual, &usage, &period, NULL);
}

static void
of_series(void)
{
	struct ledger_series series;
	struct ledger_percentile p;
	if (ledger_series_init(&series, (struct utc_s){0}, (struct utc_s){40 * 300}, 300) < 0)
		return;
	ok(usual(&p, &series) == 0 && p.count == 0 && p.rank == 0 && p.billed_bps == 0 &&
		   p.above == 0,
	   "a month without bins is billed at nothing");
	for (size_t i = 0; i < 40; i++)
		set(&series, i, 0, 0, TRAFFIC_COUNTER);
	ok(usual(&p, &series) == 0 && p.count == 40 && p.rank == 38 && p.billed_bps == 0,
	   "a month of zeros too, but its bins count");
	/* In has its peaks in other bins than out: the directions are sorted apart. */
	for (size_t i = 0; i < 40; i++)
		set(&series, i, (i + 1) * 300, (40 - i) * 600, TRAFFIC_COUNTER);
	ok(usual(&p, &series) == 0 && p.in_bps == 38 * 8 && p.out_bps == 38 * 16 &&
		   p.billed_bps == p.out_bps && p.above == 2 && p.peak_bps == 40 * 16,
	   "each direction has its own percentile, and the larger is billed");
	for (size_t i = 20; i < 40; i++)
		set(&series, i, 99999999, 99999999, TRAFFIC_MISSING);
	ok(usual(&p, &series) == 0 && p.count == 20 && p.rank == 19 && p.in_bps == 19 * 8,
	   "missing bins stay out of n");
	ledger_series_fini(&series);
}

static void
rates(void)
{
	is_int((long long)ledger_rate_bps(0, 300), 0, "no octets: no rate");
	is_int((long long)ledger_rate_bps(375, 300), 10, "375 octets in 300 s are 10 bit/s");
	is_int((long long)ledger_rate_bps(18, 300), 0, "0.48 bit/s is rounded down");
	is_int((long long)ledger_rate_bps(19, 300), 1, "0.507 bit/s is rounded up");
	is_int((long long)ledger_rate_bps(1, 16), 1, "half a bit/s is rounded up");
	is_int((long long)ledger_rate_bps(3, 16), 2, "one and a half too");
	ok(ledger_rate_bps(UINT64_MAX, 300) == 491913175298921376u,
	   "octets at the end of 64 bits do not overflow");
	ok(ledger_rate_bps(UINT64_MAX, 1) == UINT64_MAX, "a rate beyond 64 bits stops there");
}

int
main(void)
{
	ranks();
	against_sorting();
	of_series();
	rates();
	return done_testing();
}
