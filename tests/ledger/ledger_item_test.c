/* Items at their borders: where a tier ends, where a minimum is met, where a month begins; and what
 * is said when an amount does not fit. */
#include <errno.h>

#include "ledger/ledger_tariff.h"
#include "tap.h"

#define USD                                                                                        \
	{                                                                                          \
		.code = "USD"                                                                      \
	}

enum { BINS = 60 };

static struct hub_port hub_port = {.id = "p", .speed_bps = 10000000000};
static uint32_t ports[] = {0, 0};
static const struct hub hub = {.ports = &hub_port, .port_count = 1};
static struct hub_charge items[4];
static struct hub_contract contract = {
	.id = "c",
	.kind = HUB_ITEMS,
	.currency = USD,
	.percentile = {.rank = 9500},
	.charges = items,
	.ports = ports,
	.port_count = 1,
};

/* November 2026 at one rate in all of its (twelve-hour) bins. */
static int
charge_at(struct ledger_charge *out, uint64_t bps)
{
	static struct arena *arena;
	static struct ledger_bin bins[BINS];
	arena = arena ? arena : arena_new();
	struct ledger_series sum = {utc_month_start(2026, 11), 43200, BINS, bins};
	for (size_t i = 0; i < BINS; i++)
		bins[i] = (struct ledger_bin){.in = bps / 8 * 43200 + bps % 8 * 5400,
					      .state = TRAFFIC_COUNTER};
	struct ledger_usage usage = {.sum = &sum};
	struct ledger_percentile whole;
	struct ledger_period period;
	if (ledger_period_of(&period, &contract, 2026, 11) < 0 ||
	    ledger_percentile_of(&whole, NULL, &contract.percentile, &usage, &period, NULL) < 0)
		return -1;
	struct ledger_basis basis = {&hub, &contract, &period, &usage, &whole, NULL};
	return ledger_tariff_charge(out, arena, &basis);
}

static struct price
price(int64_t micro)
{
	return (struct price){micro, USD};
}

static void
only(struct hub_charge first)
{
	items[0] = first;
	items[0].id = "i";
	contract.charge_count = 1;
}

static struct hub_tier steps[] = {
	{1000000000, {1000000, USD}}, {2000000000, {900000, USD}}, {0, {800000, USD}}};

static void
borders_of_tiers(void)
{
	static const struct {
		uint64_t bps;
		int64_t tier, slabs;
		size_t slab_count;
		const char *what;
	} cases[] = {
		{0, 0, 0, 1, "nothing is in the first"},
		{999999999, 100000, 100000, 1, "a bit/s less"},
		{1000000000, 100000, 100000, 1, "the border belongs to the tier below it"},
		{1000000001, 90000, 100000, 2, "a bit/s more is the next one"},
		{2000000000, 180000, 190000, 2, "the next border"},
		{2000000001, 160000, 190000, 3, "the last one"},
		{9000000000, 720000, 750000, 3, "has no end"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ledger_charge tiers, slabs;
		only((struct hub_charge){
			.kind = HUB_CHARGE_TIERS, .tiers = steps, .tier_count = 3});
		bool made = charge_at(&tiers, cases[i].bps) == 0;
		items[0].kind = HUB_CHARGE_SLABS;
		made &= charge_at(&slabs, cases[i].bps) == 0;
		if (!ok(made && tiers.net.minor == cases[i].tier && tiers.line_count == 1 &&
				slabs.net.minor == cases[i].slabs &&
				slabs.line_count == cases[i].slab_count,
			"%llu bit/s: %s", (unsigned long long)cases[i].bps, cases[i].what))
			printf("# tiers %lld, slabs %lld in %zu\n", (long long)tiers.net.minor,
			       (long long)slabs.net.minor, slabs.line_count);
	}
	struct ledger_charge charge;
	only((struct hub_charge){.kind = HUB_CHARGE_TIERS,
				 .tiers = steps,
				 .tier_count = 3,
				 .commit_bps = 1500000000});
	ok(charge_at(&charge, 10) == 0 && charge.net.minor == 135000 && charge.by_rate &&
		   charge.billed_bps == 1500000000,
	   "a commit is the least that is billed, in its own tier");
}

static void
commits(void)
{
	struct ledger_charge charge;
	only((struct hub_charge){
		.kind = HUB_CHARGE_TRANSIT, .price = price(500000), .overage = price(700000)});
	ok(charge_at(&charge, 1000000000) == 0 && charge.line_count == 1 &&
		   charge.net.minor == 70000,
	   "transit without a commit is all at the price above it");
	items[0].commit_bps = 400000000;
	ok(charge_at(&charge, 1000000000) == 0 && charge.line_count == 2 &&
		   charge.net.minor == 20000 + 42000,
	   "with one it has two lines");
	contract.port_count = 2;
	items[0].per_port = true;
	ok(charge_at(&charge, 1000000000) == 0 && charge.commit_bps == 800000000 &&
		   charge.net.minor == 40000 + 14000 &&
		   ledger_contract_commit(&contract, utc_month_start(2026, 11)) == 800000000,
	   "the commit of each of two ports");
	contract.port_count = 1;
	items[0].starts = utc_month_start(2026, 12);
	ok(charge_at(&charge, 1000000000) == 0 && charge.line_count == 0 && !charge.by_rate &&
		   ledger_contract_commit(&contract, utc_month_start(2026, 11)) == 0,
	   "an item of the next month is not there yet");
}

static void
bounds(void)
{
	struct ledger_charge charge;
	only((struct hub_charge){
		.kind = HUB_CHARGE_MONTHLY, .price = price(100000000), .count = 1});
	items[1] = (struct hub_charge){
		.id = "m", .kind = HUB_CHARGE_MINIMUM, .of = "invoice", .price = price(100000000)};
	contract.charge_count = 2;
	ok(charge_at(&charge, 0) == 0 && charge.line_count == 1,
	   "a minimum that is just met adds no line");
	items[1].price = price(100010000);
	ok(charge_at(&charge, 0) == 0 && charge.line_count == 2 &&
		   charge.lines[1].amount.minor == 1,
	   "one that lacks a cent adds it");
	items[1].kind = HUB_CHARGE_MAXIMUM;
	ok(charge_at(&charge, 0) == 0 && charge.line_count == 1,
	   "a maximum that is not reached too");
	items[1].price = price(99990000);
	ok(charge_at(&charge, 0) == 0 && charge.line_count == 2 &&
		   charge.lines[1].amount.minor == -1 && charge.net.minor == 9999,
	   "one that is passed takes off what is above");
}

static void
months(void)
{
	static const struct {
		int64_t starts;
		size_t lines;
		const char *what;
	} cases[] = {
		{1793491199, 0, "the last second of October"},
		{1793491200, 1, "the first of November"},
		{1796083199, 1, "the last of November"},
		{1796083200, 0, "the first of December"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ledger_charge charge;
		only((struct hub_charge){.kind = HUB_CHARGE_ONCE,
					 .price = price(5000000),
					 .count = 1,
					 .starts = {cases[i].starts}});
		ok(charge_at(&charge, 0) == 0 && charge.line_count == cases[i].lines, "a fee of %s",
		   cases[i].what);
		only((struct hub_charge){.kind = HUB_CHARGE_CREDIT,
					 .of = "invoice",
					 .price = price(5000000),
					 .starts = {cases[i].starts}});
		ok(charge_at(&charge, 0) == 0 && charge.line_count == cases[i].lines &&
			   (!cases[i].lines || charge.net.minor == -500),
		   "a credit of %s", cases[i].what);
	}
}

/* Of a term of three months: 10.00 in 3.33, 3.34 and 3.33, which add up. */
static void
instalments(void)
{
	static const int64_t parts[] = {0, 333, 334, 333, 0};
	for (int month = 0; month < 5; month++) {
		struct ledger_charge charge;
		only((struct hub_charge){.kind = HUB_CHARGE_IRU,
					 .price = price(10000000),
					 .months = 3,
					 .payment = HUB_IRU_INSTALMENTS,
					 .starts = utc_month_start(2026, 12 - month)});
		bool made = charge_at(&charge, 0) == 0;
		ok(made && charge.net.minor == parts[month] &&
			   charge.amortisation_count == (parts[month] != 0) &&
			   (!parts[month] || charge.amortisations[0].left.minor ==
						     (int64_t[]){0, 667, 333, 0}[month]),
		   "instalment %d of an IRU", month);
	}
}

/* The same paid at once: one line in its first month, written off over its term all the same. */
static void
paid_at_once(void)
{
	static const int64_t left[] = {0, 667, 333, 0};
	for (int month = 0; month < 5; month++) {
		struct ledger_charge charge;
		bool there = month >= 1 && month <= 3;
		only((struct hub_charge){.kind = HUB_CHARGE_IRU,
					 .price = price(10000000),
					 .months = 3,
					 .payment = HUB_IRU_AT_ONCE,
					 .starts = utc_month_start(2026, 12 - month)});
		bool made = charge_at(&charge, 0) == 0;
		ok(made && charge.net.minor == (month == 1 ? 1000 : 0) &&
			   charge.line_count == (month == 1) &&
			   charge.amortisation_count == there &&
			   (!there || charge.amortisations[0].left.minor == left[month]),
		   "month %d of an IRU that is paid at once", month);
	}
}

static void
what_does_not_fit(void)
{
	struct ledger_charge charge = {.line_count = 77};
	only((struct hub_charge){
		.kind = HUB_CHARGE_MONTHLY, .price = price(INT64_MAX), .count = 1000000});
	errno = 0;
	ok(charge_at(&charge, 0) < 0 && errno == EOVERFLOW && charge.line_count == 77,
	   "an amount that does not fit is an error, and no bill");
	is_str(charge.fault, "item i: the amount does not fit", "which names the item");
	only((struct hub_charge){.kind = HUB_CHARGE_COMMIT,
				 .price = price(1),
				 .commit_bps = UINT64_MAX / 2,
				 .per_port = true});
	contract.port_count = 2;
	ok(charge_at(&charge, 0) < 0 && errno == EOVERFLOW, "a commit that does not fit too");
	contract.port_count = 1;
	only((struct hub_charge){
		.kind = HUB_CHARGE_MONTHLY, .price = price(INT64_MAX), .count = 1});
	items[1] = items[2] = items[3] = items[0];
	for (size_t i = 1; i < 4; i++)
		items[i].count = 100;
	items[0].count = 9999;
	items[1].count = 9999;
	contract.charge_count = 4;
	ok(charge_at(&charge, 0) < 0 && errno == EOVERFLOW, "and so is a sum of amounts that do");
}

int
main(void)
{
	borders_of_tiers();
	commits();
	bounds();
	months();
	instalments();
	paid_at_once();
	what_does_not_fit();
	return done_testing();
}
