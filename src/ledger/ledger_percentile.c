/* The rate of a period as it is billed.
 *
 * One row of bins goes through three steps: the bins that count are gathered, as up to three columns
 * of rates (in, out, and both as one number) with the day each begins in; the method makes one rate
 * of each column; the direction says which is billed. The sum of the ports is one such row; ports
 * that are added up after are one each. */
#include "ledger/ledger_percentile.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	DAYS_MAX = 32, /* of a month */
	WHOLE = 10000, /* of hundredths of a percent */
};

__extension__ typedef unsigned __int128 wide;

size_t
ledger_percentile_rank(size_t count, uint32_t rank)
{
	assert(rank >= 1 && rank <= WHOLE);
	return count - (size_t)((wide)count * (WHOLE - rank) / WHOLE);
}

/* Octet by octet from the highest: the values whose upper octets equal those of the answer are
 * counted by their next octet, and the rank says in which of the 256 heaps the answer lies. At most
 * eight passes, no copy, no bad case. */
uint64_t
ledger_percentile_select(const uint64_t *values, size_t count, size_t rank)
{
	assert(rank >= 1 && rank <= count);
	uint64_t all = 0;
	for (size_t i = 0; i < count; i++)
		all |= values[i];
	int shift = 56;
	while (shift && !(all >> shift))
		shift -= 8;
	/* The octets found so far, and the mask of their bits. */
	uint64_t answer = 0, known = shift < 56 ? ~UINT64_C(0) << (shift + 8) : 0;
	for (; shift >= 0; shift -= 8) {
		size_t heap[256] = {0};
		for (size_t i = 0; i < count; i++)
			if ((values[i] & known) == answer)
				heap[values[i] >> shift & 0xff]++;
		unsigned octet = 0;
		while (rank > heap[octet])
			rank -= heap[octet++];
		answer |= (uint64_t)octet << shift;
		known |= (uint64_t)0xff << shift;
	}
	return answer;
}

static uint64_t
larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

uint64_t
ledger_percentile_rate(enum hub_direction direction, const struct ledger_bin *bin,
		       uint32_t length_s)
{
	uint64_t both;
	switch (direction) {
	case HUB_DIRECTION_IN:
		return ledger_rate_bps(bin->in, length_s);
	case HUB_DIRECTION_OUT:
		return ledger_rate_bps(bin->out, length_s);
	case HUB_DIRECTION_SUM:
		if (__builtin_add_overflow(bin->in, bin->out, &both))
			both = UINT64_MAX;
		return ledger_rate_bps(both, length_s);
	case HUB_DIRECTION_LARGER:
	case HUB_DIRECTION_BIN_LARGER:
		break;
	}
	return ledger_rate_bps(larger(bin->in, bin->out), length_s);
}

/* The same, when the rates of in and out are known. */
static uint64_t
rate_of_both(enum hub_direction direction, const struct ledger_bin *bin, uint32_t length_s,
	     uint64_t in_bps, uint64_t out_bps)
{
	switch (direction) {
	case HUB_DIRECTION_IN:
		return in_bps;
	case HUB_DIRECTION_OUT:
		return out_bps;
	case HUB_DIRECTION_SUM:
		return ledger_percentile_rate(direction, bin, length_s);
	default:
		return larger(in_bps, out_bps);
	}
}

/* The days of a part that are worked out; a part is at most a month where they matter. */
struct days {
	struct utc_s begin[DAYS_MAX + 1]; /* and where the last one ends */
	bool valid[DAYS_MAX];             /* its bins count */
	size_t count;
};

static void
find_days(struct days *days, const struct hub_percentile *rules, const struct ledger_series *sum,
	  const struct ledger_period *part, const struct zone *zone)
{
	*days = (struct days){.begin[0] = part->from};
	if (rules->method == HUB_METHOD_MONTH && !rules->valid_days) {
		days->begin[1] = part->to; /* days make no difference: one will do */
		days->valid[0] = true;
		days->count = 1;
		return;
	}
	while (days->count < DAYS_MAX && days->begin[days->count].s < part->to.s) {
		struct utc_s next = zone_next_day(zone, days->begin[days->count]);
		days->valid[days->count] = !rules->valid_days;
		days->begin[++days->count] = next.s < part->to.s ? next : part->to;
	}
	if (!rules->valid_days)
		return;
	size_t day = 0;
	for (size_t i = 0; i < sum->count; i++) {
		int64_t start = sum->from.s + (int64_t)i * sum->length_s;
		while (day < days->count && start >= days->begin[day + 1].s)
			day++;
		if (day < days->count && start >= part->from.s)
			days->valid[day] |= sum->bins[i].in > 0 || sum->bins[i].out > 0;
	}
}

const struct hub_percentile ledger_percentile_usual = {.rank = 9500};

/* The bins that count, as rates. */
struct columns {
	uint64_t *in, *out, *both; /* in one allocation, which `in` is */
	size_t count;
	size_t first[DAYS_MAX + 1]; /* where each day begins, and the end */
	size_t days;
	uint64_t peak_bps;
};

static int
gather(struct columns *out, const struct hub_percentile *rules, const struct ledger_series *series,
       const struct days *days)
{
	struct columns c = {.days = days->count};
	c.in = malloc(3 * (series->count + 1) * sizeof(*c.in));
	if (!c.in)
		return -1;
	c.out = c.in + series->count;
	c.both = c.out + series->count;
	size_t day = 0;
	for (size_t i = 0; i < series->count; i++) {
		const struct ledger_bin *bin = &series->bins[i];
		int64_t start = series->from.s + (int64_t)i * series->length_s;
		if (start < days->begin[0].s)
			continue;
		while (day < days->count && start >= days->begin[day + 1].s)
			c.first[++day] = c.count;
		if (day == days->count)
			break;
		if (!days->valid[day] ||
		    (bin->state == TRAFFIC_MISSING && rules->missing != HUB_MISSING_ZERO))
			continue;
		uint64_t in_bps = ledger_rate_bps(bin->in, series->length_s);
		uint64_t out_bps = ledger_rate_bps(bin->out, series->length_s);
		uint64_t rate =
			rate_of_both(rules->direction, bin, series->length_s, in_bps, out_bps);
		c.in[c.count] = in_bps;
		c.out[c.count] = out_bps;
		c.both[c.count++] = rate;
		c.peak_bps = larger(c.peak_bps, rate);
	}
	while (day < days->count)
		c.first[++day] = c.count;
	*out = c;
	return 0;
}

static int
falling(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x < y) - (x > y);
}

/* The rate of a day by the method. `count` > 0. */
static uint64_t
of_day(const struct hub_percentile *rules, const uint64_t *values, size_t count)
{
	size_t rank = ledger_percentile_rank(count, rules->rank);
	if (rules->method == HUB_METHOD_TOP_DAYS)
		rank = count - (rules->peak_bin < count ? rules->peak_bin : count) + 1;
	return ledger_percentile_select(values, count, rank);
}

/* One rate of a column. */
static uint64_t
of_column(const struct hub_percentile *rules, const struct columns *c, const uint64_t *values)
{
	if (!c->count)
		return 0;
	if (rules->method == HUB_METHOD_MONTH)
		return ledger_percentile_select(values, c->count,
						ledger_percentile_rank(c->count, rules->rank));
	uint64_t daily[DAYS_MAX];
	size_t days = 0;
	for (size_t day = 0; day < c->days; day++) {
		size_t count = c->first[day + 1] - c->first[day];
		if (count)
			daily[days++] = of_day(rules, values + c->first[day], count);
	}
	qsort(daily, days, sizeof(*daily), falling);
	if (rules->method == HUB_METHOD_DAILY_MAX)
		return daily[0];
	if (rules->method == HUB_METHOD_TOP_DAYS && rules->top_days < days)
		days = rules->top_days;
	wide sum = 0;
	for (size_t i = 0; i < days; i++)
		sum += daily[i];
	return (uint64_t)((2 * sum + days) / (2 * days)); /* halves up */
}

/* Bins above what was measured, in the direction that it came of. */
static size_t
count_above(const struct hub_percentile *rules, const struct columns *c,
	    const struct ledger_percentile *result)
{
	const uint64_t *values = c->both;
	size_t above = 0;
	if (rules->direction == HUB_DIRECTION_LARGER)
		values = result->in_bps >= result->out_bps ? c->in : c->out;
	for (size_t i = 0; i < c->count; i++)
		above += values[i] > result->measured_bps;
	return above;
}

static int
of_row(struct ledger_percentile *out, const struct hub_percentile *rules,
       const struct ledger_series *series, const struct days *days)
{
	struct columns c;
	if (gather(&c, rules, series, days) < 0)
		return -1;
	struct ledger_percentile result = {
		.count = c.count,
		.in_bps = of_column(rules, &c, c.in),
		.out_bps = of_column(rules, &c, c.out),
		.peak_bps = c.peak_bps,
	};
	if (rules->method == HUB_METHOD_MONTH && c.count)
		result.rank = ledger_percentile_rank(c.count, rules->rank);
	for (size_t day = 0; rules->method != HUB_METHOD_MONTH && day < c.days; day++)
		result.days += c.first[day + 1] > c.first[day];
	result.measured_bps = rules->direction == HUB_DIRECTION_LARGER
				      ? larger(result.in_bps, result.out_bps)
				      : of_column(rules, &c, c.both);
	result.billed_bps = result.measured_bps;
	result.above = count_above(rules, &c, &result);
	free(c.in);
	*out = result;
	return 0;
}

/* Adds up the ports, each with its own result. `total` is what the sum of the ports gave: its peak
 * and days stay. */
static int
add_ports(struct ledger_percentile *total, struct ledger_percentile *ports,
	  const struct hub_percentile *rules, const struct ledger_usage *usage,
	  const struct days *days)
{
	total->count = total->rank = total->above = 0;
	total->in_bps = total->out_bps = total->measured_bps = 0;
	for (size_t i = 0; i < usage->port_count; i++) {
		struct ledger_percentile port;
		if (of_row(&port, rules, &usage->ports[i], days) < 0)
			return -1;
		total->count += port.count;
		if (__builtin_add_overflow(total->in_bps, port.in_bps, &total->in_bps) ||
		    __builtin_add_overflow(total->out_bps, port.out_bps, &total->out_bps) ||
		    __builtin_add_overflow(total->measured_bps, port.measured_bps,
					   &total->measured_bps)) {
			errno = EOVERFLOW;
			return -1;
		}
		if (ports)
			ports[i] = port;
	}
	for (size_t i = 0; i < usage->sum->count; i++) {
		const struct ledger_bin *bin = &usage->sum->bins[i];
		int64_t start = usage->sum->from.s + (int64_t)i * usage->sum->length_s;
		total->above += start >= days->begin[0].s && start < days->begin[days->count].s &&
				ledger_percentile_rate(rules->direction, bin,
						       usage->sum->length_s) > total->measured_bps;
	}
	return 0;
}

/* What is billed of what was measured: at least the baseline, rounded up. */
static int
finish(struct ledger_percentile *result, const struct hub_percentile *rules, uint64_t speed_bps)
{
	uint64_t of = rules->baseline_of == HUB_BASELINE_PEAK ? result->peak_bps : speed_bps;
	result->baseline_bps = (uint64_t)((wide)of * rules->baseline / WHOLE);
	wide billed = larger(result->measured_bps, result->baseline_bps);
	if (rules->round_up_bps) {
		wide step = rules->round_up_bps;
		billed = (billed + step - 1) / step * step;
	}
	if (billed > UINT64_MAX) {
		errno = EOVERFLOW;
		return -1;
	}
	result->billed_bps = (uint64_t)billed;
	return 0;
}

int
ledger_percentile_of(struct ledger_percentile *out, struct ledger_percentile *ports,
		     const struct hub_percentile *rules, const struct ledger_usage *usage,
		     const struct ledger_period *part, const struct zone *zone)
{
	struct days days;
	find_days(&days, rules, usage->sum, part, zone);
	struct ledger_percentile result;
	if (of_row(&result, rules, usage->sum, &days) < 0)
		return -1;
	if (rules->ports == HUB_PORTS_SUM_AFTER &&
	    add_ports(&result, ports, rules, usage, &days) < 0)
		return -1;
	result.paid_days = part->days;
	for (size_t day = 0; rules->valid_days && day < days.count; day++)
		result.paid_days -= !days.valid[day];
	if (finish(&result, rules, usage->speed_bps) < 0)
		return -1;
	*out = result;
	return 0;
}
