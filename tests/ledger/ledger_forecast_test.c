/* A forecast's bounds hold whatever the rest of the month brings, for every rule of the rate; its
 * estimate follows week and growth; what is over is no forecast any more. */
#include "ledger/ledger_forecast.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/made_up.h"
#include "tap.h"

enum { LENGTH = 300, DAY = 86400, WEEK_BINS = 7 * DAY / LENGTH };

static uint32_t ports[] = {0, 1};
static struct hub_port hub_ports[] = {{.id = "p0", .speed_bps = 40000000000},
				      {.id = "p1", .speed_bps = 10000000000}};
static struct hub_member members[] = {{.asn = {64501}, .name = "M", .port_count = 2}};
static struct hub_contract contracts[] = {{
	.id = "c1",
	.kind = HUB_COMMIT,
	.currency = {"USD"},
	.monthly = {350000, {"USD"}},
	.overage = {500000, {"USD"}},
	.commit_bps = 1000000000,
	.ports = ports,
	.port_count = 2,
	.percentile = {.rank = 9500},
}};
static const struct hub hub = {
	.name = "H",
	.short_name = "H",
	.members = members,
	.member_count = 1,
	.ports = hub_ports,
	.port_count = 2,
	.contracts = contracts,
	.contract_count = 1,
	.bin_length_s = LENGTH,
};

/* Octets of a bin: a day, a week, growth of 2 % a week, noise; never above the port's speed. */
static uint64_t
octets(struct made_up *m, int64_t t, uint64_t top)
{
	int64_t hour = t % DAY / 3600, day = t / DAY % 7, week = t / (7 * DAY) - 2950;
	uint64_t level = 300 + (uint64_t)(hour < 6 ? hour : hour > 18 ? 24 - hour : 6) * 80;
	level = level * (day < 2 ? 110 : 100) / 100 * (1000 + (uint64_t)week * 20) / 2000;
	return top / 1000 * level / 2 * (900 + made_up_below(m, 200)) / 1000;
}

static struct ledger_series
history(int64_t from, int64_t to, uint64_t speed_bps, uint64_t seed)
{
	struct ledger_series series;
	struct made_up m = {seed};
	if (ledger_series_init(&series, (struct utc_s){from}, (struct utc_s){to}, LENGTH) < 0)
		abort();
	for (size_t i = 0; i < series.count; i++) {
		int64_t t = series.from.s + (int64_t)i * LENGTH;
		uint64_t top = speed_bps / 8 * LENGTH;
		bool missing = made_up_below(&m, 500) == 0;
		uint64_t in = octets(&m, t, top), out = octets(&m, t, top) / 2;
		struct ledger_fact fact = {.start = {t},
					   .length_s = LENGTH,
					   .runs = 1,
					   .counter_covered_s = LENGTH,
					   .counter_in = in,
					   .counter_out = out,
					   .claim = TRAFFIC_COUNTER};
		if (!missing)
			ledger_series_add(&series, &fact, 1);
	}
	return series;
}

/* The beginning of a series, up to `end`. */
static struct ledger_series
until(const struct ledger_series *series, int64_t end)
{
	struct ledger_series begin = *series;
	begin.count = (size_t)((end - series->from.s) / LENGTH);
	return begin;
}

struct month {
	struct ledger_series ports[2], sum;
	struct ledger_period period;
};

static void
make_month(struct month *m, uint64_t seed)
{
	if (ledger_period_of(&m->period, &contracts[0], 2026, 10) < 0)
		abort();
	int64_t from = m->period.from.s - LEDGER_FORECAST_HISTORY_S, to = m->period.to.s;
	if (ledger_series_init(&m->sum, (struct utc_s){from}, (struct utc_s){to}, LENGTH) < 0)
		abort();
	for (int i = 0; i < 2; i++) {
		m->ports[i] = history(from, to, hub_ports[i].speed_bps, seed * 2 + (uint64_t)i);
		ledger_series_join(&m->sum, &m->ports[i]);
	}
}

static void
month_fini(struct month *m)
{
	for (int i = 0; i < 2; i++)
		ledger_series_fini(&m->ports[i]);
	ledger_series_fini(&m->sum);
}

static struct ledger_forecast
forecast_at(const struct month *m, int64_t at)
{
	struct ledger_series sum = until(&m->sum, at);
	struct ledger_series each[2] = {until(&m->ports[0], at), until(&m->ports[1], at)};
	bool after = contracts[0].percentile.ports == HUB_PORTS_SUM_AFTER;
	struct ledger_forecast_source source = {
		.hub = &hub,
		.period = m->period,
		.sum = &sum,
		.ports = after ? each : NULL,
		.port_count = after ? 2 : 0,
		.now = {at + 60},
	};
	struct ledger_forecast forecast = {0};
	if (ledger_forecast_make(&forecast, &source) < 0)
		printf("# no forecast\n");
	return forecast;
}

static int64_t
day_of(const struct month *m, int day)
{
	return m->period.from.s + (int64_t)(day - 1) * DAY;
}

/* Forecasts of several months, at day 10 and day 20, against what came of them. */
static void
against_what_came(void)
{
	static const struct {
		const char *name;
		struct hub_percentile rules;
	} cases[] = {
		{"the usual rule", {.rank = 9500}},
		{"each bin's larger", {.rank = 9500, .direction = HUB_DIRECTION_BIN_LARGER}},
		{"the sum of both", {.rank = 9500, .direction = HUB_DIRECTION_SUM}},
		{"one way", {.rank = 9500, .direction = HUB_DIRECTION_OUT}},
		{"missing as zero", {.rank = 9500, .missing = HUB_MISSING_ZERO}},
		{"ports apart", {.rank = 9500, .ports = HUB_PORTS_SUM_AFTER}},
		{"the mean of days", {.rank = 9500, .method = HUB_METHOD_DAILY_MEAN}},
		{"the highest day", {.rank = 9500, .method = HUB_METHOD_DAILY_MAX}},
		{"top days",
		 {.rank = 9500, .method = HUB_METHOD_TOP_DAYS, .top_days = 5, .peak_bin = 2}},
		{"rounded up", {.rank = 9500, .round_up_bps = 100000000}},
		{"the median", {.rank = 5000}},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool bounded = true, near = true;
		uint64_t worst = 0;
		contracts[0].percentile = cases[i].rules;
		for (uint64_t seed = 1; seed <= 3; seed++) {
			struct month m;
			make_month(&m, seed);
			struct ledger_forecast end = forecast_at(&m, m.period.to.s);
			for (int day = 10; day <= 20; day += 10) {
				struct ledger_forecast f = forecast_at(&m, day_of(&m, day));
				uint64_t came = end.low.measured_bps, said = f.likely.measured_bps;
				bounded &= f.low.measured_bps <= came &&
					   came <= f.high.measured_bps &&
					   f.low.total.minor <= end.low.total.minor &&
					   end.low.total.minor <= f.high.total.minor;
				uint64_t off =
					(said > came ? said - came : came - said) * 1000 / came;
				worst = off > worst ? off : worst;
				near &= f.likely.known && said >= f.low.measured_bps &&
					said <= f.high.measured_bps;
			}
			month_fini(&m);
		}
		ok(bounded, "%s: the month ends inside the bounds", cases[i].name);
		ok(near && worst < 30, "%s: the estimate is off by %llu.%llu %% at most",
		   cases[i].name, (unsigned long long)worst / 10, (unsigned long long)worst % 10);
	}
	contracts[0].percentile = (struct hub_percentile){.rank = 9500};
}

/* The bounds are reached: silence, and ports that are full. */
static void
bounds_are_tight(void)
{
	struct month m;
	make_month(&m, 7);
	int64_t at = day_of(&m, 29);
	struct ledger_forecast f = forecast_at(&m, at);
	size_t first = (size_t)((at - m.sum.from.s) / LENGTH);
	for (size_t i = first; i < m.sum.count; i++)
		m.sum.bins[i] = (struct ledger_bin){.state = TRAFFIC_COUNTER};
	is_int((long long)forecast_at(&m, m.period.to.s).low.measured_bps,
	       (long long)f.low.measured_bps, "a month that falls silent ends at the low one");
	for (size_t i = first; i < m.sum.count; i++)
		m.sum.bins[i].in = m.sum.bins[i].out = UINT64_C(50000000000) / 8 * LENGTH;
	is_int((long long)forecast_at(&m, m.period.to.s).low.measured_bps,
	       (long long)f.high.measured_bps, "one whose ports are full ends at the high one");
	ok(f.low.measured_bps < f.high.measured_bps, "and there is something between them");
	month_fini(&m);
}

static void
ends_and_beginnings(void)
{
	struct month m;
	make_month(&m, 9);
	struct ledger_forecast end = forecast_at(&m, m.period.to.s);
	ok(end.left == 0 && end.low.measured_bps == end.high.measured_bps &&
		   end.likely.measured_bps == end.low.measured_bps &&
		   end.low.total.minor == end.high.total.minor,
	   "at the end of the month the three are one");
	struct ledger_forecast first = forecast_at(&m, m.period.from.s);
	ok(first.known == 0 && first.left == first.bins && first.likely.known &&
		   first.low.measured_bps == 0,
	   "on the first day the weeks before say what is likely");
	is_int((long long)first.high.measured_bps, 50000000000, "and the ports what is possible");
	/* A port without a past. */
	struct ledger_series sum = until(&m.sum, day_of(&m, 4));
	sum.bins += sum.count - 3 * DAY / LENGTH;
	sum.from.s += (int64_t)(sum.count - 3 * DAY / LENGTH) * LENGTH;
	sum.count = 3 * DAY / LENGTH;
	struct ledger_forecast_source source = {
		.hub = &hub, .period = m.period, .sum = &sum, .now = {day_of(&m, 4)}};
	struct ledger_forecast fresh;
	ok(ledger_forecast_make(&fresh, &source) == 0 && !fresh.likely.known && !fresh.grown &&
		   fresh.high.known,
	   "without a week of history there are bounds, and no estimate");
	month_fini(&m);
}

static void
growth(void)
{
	struct month m;
	make_month(&m, 11);
	int64_t at = day_of(&m, 15);
	size_t now = (size_t)((at - m.sum.from.s) / LENGTH);
	for (size_t i = 0; i < m.sum.count; i++)
		m.sum.bins[i] =
			(struct ledger_bin){.in = i + WEEK_BINS < now ? 1000000000 : 1100000000,
					    .state = TRAFFIC_COUNTER};
	struct ledger_forecast f = forecast_at(&m, at);
	ok(f.grown && f.growth_ppm == 1100000, "a week of a tenth more is growth of a tenth");
	/* From the last known week two and a bit more are to come: 1.1 to the third. */
	ok(f.likely.in_bps > 1100000000ull * 8 / LENGTH * 12 / 10 &&
		   f.likely.in_bps < 1100000000ull * 8 / LENGTH * 14 / 10,
	   "which goes on week by week");
	for (size_t i = 0; i < m.sum.count; i++)
		m.sum.bins[i].in = i + WEEK_BINS < now ? 1000 : 1000000000;
	is_int(forecast_at(&m, at).growth_ppm, LEDGER_GROWTH_MAX_PPM,
	       "a sudden start is no growth for ever");
	month_fini(&m);
}

/* Forty seconds without a way, of 99.998 %: 53.6 seconds of October, and a third of that on the 11th. */
static void
promises(void)
{
	const struct hub_contract before = contracts[0];
	struct hub_outage_step step = {.percent = 1000};
	struct hub_charge items[] = {
		{.id = "fee",
		 .kind = HUB_CHARGE_MONTHLY,
		 .price = {1000000000, {"USD"}},
		 .count = 1},
		{.id = "back",
		 .kind = HUB_CHARGE_CREDIT,
		 .price = {-1, {"USD"}},
		 .of = "invoice",
		 .every_month = true,
		 .availability = 999980,
		 .steps = &step,
		 .step_count = 1},
	};
	struct month m;
	make_month(&m, 13);
	contracts[0].kind = HUB_ITEMS;
	contracts[0].charges = items;
	contracts[0].charge_count = 2;
	int64_t at = day_of(&m, 11);
	struct ledger_series sum = until(&m.sum, at);
	struct ledger_lived lived = {
		.from = m.period.from, .to = {at}, .down_s = 40, .times = 1, .last_entry = 2};
	struct ledger_forecast_source source = {
		.hub = &hub, .period = m.period, .sum = &sum, .now = {at}, .lived = &lived};
	struct ledger_invoice_source running = {
		.hub = &hub, .period = m.period, .usage.sum = &sum, .now = {at}, .lived = &lived};
	struct ledger_forecast f = {0};
	struct ledger_invoice bill = {0};
	struct arena *arena = arena_new();
	ok(arena && ledger_invoice_make(&bill, arena, &running) == 0 &&
		   bill.charge.total.minor == 90000 &&
		   strcmp(bill.charge.lines[1].text, "Credit, less than 99.998 % available so far, "
						     "outage of 40 seconds, 10 %") == 0,
	   "a running invoice weighs a promise against what has passed, and says so");
	ok(bill.rule_count && strstr(bill.rules[bill.rule_count - 1], "not yet the whole month"),
	   "among its rules too");
	ok(ledger_forecast_make(&f, &source) == 0 && f.low.total.minor == 100000 &&
		   f.likely.total.minor == 100000 && f.high.total.minor == 100000,
	   "a forecast weighs it against the whole month");
	lived.down_s = 54;
	ok(ledger_forecast_make(&f, &source) == 0 && f.low.total.minor == 90000 &&
		   f.high.total.minor == 90000,
	   "which so much is too long for");
	lived.to = m.period.to;
	ok(arena && ledger_invoice_make(&bill, arena, &running) == 0 &&
		   !strstr(bill.charge.lines[1].text, "so far") &&
		   !strstr(bill.rules[bill.rule_count - 1], "not yet"),
	   "a whole month is not so far");
	arena_free(arena);
	contracts[0] = before;
	month_fini(&m);
}

int
main(void)
{
	against_what_came();
	bounds_are_tight();
	ends_and_beginnings();
	growth();
	promises();
	return done_testing();
}
