/* What a contract costs. */
#include "ledger/ledger_tariff.h"

#include "tap.h"

enum { DAY = 86400 };

/* Prices a period with that 95th percentile; bins play no part in flat and commit contracts. */
static int
charge_of(struct ledger_charge *out, const struct hub_contract *contract,
	  const struct ledger_period *period, uint64_t p95_bps)
{
	static struct arena *arena;
	if (!arena)
		arena = arena_new();
	struct ledger_period whole = *period;
	struct ledger_series none = {.length_s = 300};
	struct ledger_usage usage = {.sum = &none};
	struct ledger_percentile p95 = {.billed_bps = p95_bps, .paid_days = period->days};
	whole.to.s = whole.from.s + (int64_t)whole.days * DAY; /* only its days matter */
	struct ledger_basis basis = {NULL, contract, &whole, &usage, &p95, NULL};
	return ledger_tariff_charge(out, arena, &basis);
}

static const struct currency usd = {"USD"}, jpy = {"JPY"}, kwd = {"KWD"};

static struct hub_contract
commit_contract(int64_t commit_micro, int64_t overage_micro, uint64_t commit_bps)
{
	return (struct hub_contract){
		.id = "c1",
		.kind = HUB_COMMIT,
		.currency = usd,
		.monthly = {commit_micro, usd},
		.overage = {overage_micro, usd},
		.commit_bps = commit_bps,
		.port_count = 1,
		.percentile = {.rank = 9500},
	};
}

static struct hub_contract
flat_contract(int64_t micro, struct currency currency)
{
	return (struct hub_contract){
		.id = "f1",
		.kind = HUB_FLAT,
		.currency = currency,
		.monthly = {micro, currency},
		.port_count = 2,
	};
}

static void
periods(void)
{
	struct ledger_period p;
	struct hub_contract c = flat_contract(1000000, usd);
	ok(ledger_period_of(&p, &c, 2026, 2) == 0 && p.days == 28 && p.days_in_month == 28 &&
		   p.from.s == p.month_from.s && p.to.s == p.month_to.s,
	   "an open contract is in force all of February");
	ok(ledger_period_of(&p, &c, 2028, 2) == 0 && p.days == 29, "which has 29 days in 2028");
	ok(ledger_period_of(&p, &c, 2026, 12) == 0 && p.days == 31 &&
		   p.month_to.s == utc_month_start(2027, 1).s,
	   "December ends with the year");
	c.starts.s = utc_month_start(2026, 4).s + 14 * DAY;
	ok(ledger_period_of(&p, &c, 2026, 4) == 0 && p.days == 16 && p.from.s == c.starts.s,
	   "from the 15th of April: 16 days");
	ok(ledger_period_of(&p, &c, 2026, 3) < 0, "in the month before it is not in force");
	c.starts.s += 3600;
	ok(ledger_period_of(&p, &c, 2026, 4) == 0 && p.days == 16, "a day that has begun counts");
	c.ends.s = utc_month_start(2026, 4).s + 20 * DAY;
	ok(ledger_period_of(&p, &c, 2026, 4) == 0 && p.days == 6 && p.to.s == c.ends.s,
	   "until the 20th: six days");
	c.ends.s += 1;
	ok(ledger_period_of(&p, &c, 2026, 4) == 0 && p.days == 7,
	   "one second of the 21st makes it seven");
	c.ends.s = utc_month_start(2026, 5).s - DAY / 2;
	ok(ledger_period_of(&p, &c, 2026, 4) == 0 && p.days == 16 && p.to.s == c.ends.s,
	   "until noon of the last day: all days, but not all bins");
	c.ends = c.starts;
	ok(ledger_period_of(&p, &c, 2026, 4) < 0,
	   "a contract that ends as it starts costs nothing");
	c.ends.s = utc_month_start(2026, 4).s;
	c.starts.s = 0;
	ok(ledger_period_of(&p, &c, 2026, 4) < 0, "the first second after the end is not in force");
}

struct priced {
	const char *what;
	struct hub_contract contract;
	uint32_t days, of;
	uint64_t p95_bps;
	int64_t net, tax, total;
	size_t lines;
};

static void
prices(void)
{
	struct hub_contract taxed = commit_contract(350000, 500000, 1000000000);
	taxed.tax_basis_points = 1800;
	struct hub_contract flat_yen = flat_contract(1000500000, jpy);
	struct hub_contract flat_dinar = flat_contract(1234567, kwd);
	const struct priced cases[] = {
		{"a flat month", flat_contract(250000000, usd), 30, 30, 123, 25000, 0, 25000, 1},
		{"half a month of it", flat_contract(250000000, usd), 15, 30, 0, 12500, 0, 12500,
		 1},
		{"a third: 83.333 is 83.33", flat_contract(250000000, usd), 10, 30, 0, 8333, 0,
		 8333, 1},
		{"half a cent goes up", flat_contract(10005000, usd), 1, 1, 0, 1001, 0, 1001, 1},
		{"a currency without a minor unit", flat_yen, 30, 30, 0, 1001, 0, 1001, 1},
		{"one with three decimals", flat_dinar, 30, 30, 0, 1235, 0, 1235, 1},
		{"below the commit the commit is paid", commit_contract(350000, 500000, 1000000000),
		 30, 30, 12345, 35000, 0, 35000, 1},
		{"at the commit too", commit_contract(350000, 500000, 1000000000), 30, 30,
		 1000000000, 35000, 0, 35000, 1},
		{"one bit/s above: a line of 0.00", commit_contract(350000, 500000, 1000000000), 30,
		 30, 1000000001, 35000, 0, 35000, 2},
		{"250.5 Mbit/s above, at the price for overage",
		 commit_contract(350000, 500000, 1000000000), 30, 30, 1250500000, 47525, 0, 47525,
		 2},
		{"no commit: all is overage", commit_contract(350000, 500000, 0), 30, 30,
		 10000000000, 500000, 0, 500000, 2},
		{"pro rata, each line rounded by itself",
		 commit_contract(333333, 777777, 1000000000), 7, 31, 1111111111, 9478, 0, 9478, 2},
		{"tax on the sum", taxed, 30, 30, 1250500000, 47525, 8555, 56080, 3},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct priced *c = &cases[i];
		struct ledger_period period = {.days = c->days, .days_in_month = c->of};
		struct ledger_charge charge;
		bool good = charge_of(&charge, &c->contract, &period, c->p95_bps) == 0 &&
			    charge.net.minor == c->net && charge.tax.minor == c->tax &&
			    charge.total.minor == c->total && charge.line_count == c->lines;
		int64_t sum = 0;
		for (size_t l = 0; l < charge.line_count; l++)
			sum += charge.lines[l].amount.minor;
		if (!ok(good && sum == charge.total.minor, "%s", c->what))
			printf("# net %lld tax %lld total %lld lines %zu\n",
			       (long long)charge.net.minor, (long long)charge.tax.minor,
			       (long long)charge.total.minor, charge.line_count);
	}
}

static void
limits(void)
{
	struct ledger_period period = {.days = 31, .days_in_month = 31};
	struct ledger_charge charge = {.line_count = 77};
	struct hub_contract c = commit_contract(INT64_MAX, 1, UINT64_MAX);
	ok(charge_of(&charge, &c, &period, 0) < 0 && charge.line_count == 77,
	   "a commit beyond 63 bits is refused, and nothing is written");
	c = commit_contract(INT64_MAX, 1, 1000000000000000);
	ok(charge_of(&charge, &c, &period, 0) < 0, "an amount that does not fit too");
	c = flat_contract(1000000, usd);
	ok(charge_of(&charge, &c, &period, 0) == 0 && charge.line_count == 1 &&
		   strcmp(charge.lines[0].text, "Monthly fee, 2 ports") == 0,
	   "a fee says for how many ports it is");
	c.port_count = 1;
	ok(charge_of(&charge, &c, &period, 0) == 0 &&
		   strcmp(charge.lines[0].text, "Monthly fee, 1 port") == 0,
	   "one is one");
	static const struct {
		int64_t micro;
		uint32_t basis_points;
		int64_t tax;
		const char *name;
	} taxes[] = {
		{50000000, 1, 1, "half a cent of tax goes away from zero"},
		{49990000, 1, 0, "less than that is none"},
		{100000000, 1950, 1950, "19.5 per cent"},
	};
	for (size_t i = 0; i < sizeof(taxes) / sizeof(taxes[0]); i++) {
		c = flat_contract(taxes[i].micro, usd);
		c.tax_basis_points = taxes[i].basis_points;
		ok(charge_of(&charge, &c, &period, 0) == 0 && charge.tax.minor == taxes[i].tax &&
			   charge.total.minor == charge.net.minor + taxes[i].tax,
		   "%s", taxes[i].name);
	}
	charge.line_count = 77;
	c = flat_contract(INT64_MAX / 1000, usd);
	c.tax_basis_points = UINT32_MAX;
	ok(charge_of(&charge, &c, &period, 0) == 0, "a large tax");
	c = flat_contract(INT64_MAX, usd);
	c.tax_basis_points = UINT32_MAX;
	ok(charge_of(&charge, &c, &period, 0) < 0, "tax that does not fit is refused");
}

static void
texts(void)
{
	char out[32];
	is_str(ledger_quantity_format(out, 1, 1), "1", "a month is 1");
	is_str(ledger_quantity_format(out, 1250500000, 1000000), "1250.5", "bit/s as Mbit/s");
	is_str(ledger_quantity_format(out, 1000000000, 1000000), "1000", "without needless zeros");
	is_str(ledger_quantity_format(out, 1, 1000000), "0.000001", "down to the bit");
	is_str(ledger_quantity_format(out, 1800, 100), "18", "basis points as percent");
	is_str(ledger_quantity_format(out, 1725, 100), "17.25", "with their fractions");
	is_str(ledger_price_format(out, (struct price){350000, usd}), "0.35", "a price");
	is_str(ledger_price_format(out, (struct price){250000000, usd}), "250.00",
	       "has two places");
	is_str(ledger_price_format(out, (struct price){123456, usd}), "0.123456", "or up to six");
	struct ledger_charge charge;
	struct hub_contract c = commit_contract(350000, 500000, 1000000000);
	struct ledger_period period = {.days = 6, .days_in_month = 30};
	if (charge_of(&charge, &c, &period, 2000000000) == 0) {
		is_str(charge.lines[0].text, "Committed rate, 6 of 30 days", "lines name the days");
		is_str(charge.lines[1].text,
		       "95th percentile above the committed rate, 6 of 30 days", "all of them");
	}
}

int
main(void)
{
	periods();
	prices();
	limits();
	texts();
	return done_testing();
}
