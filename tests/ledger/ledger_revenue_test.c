/* Revenue adds up: by whatever it is split, to the last unit and each currency by itself. */
#include "ledger/ledger_revenue.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "tap.h"
#include "view/view_outlook.h"

static uint32_t way[] = {0, 1, 2}, other_way[] = {1};
static struct hub_segment segments[] = {{.id = "S1", .name = "one", .length_km = 100.5},
					{.id = "S2", .name = "=two", .length_km = 200},
					{.id = "S3", .length_km = NAN}};
static struct hub_member members[] = {
	{.asn = {64501}, .name = "Alpha", .country = {"PK"}},
	{.asn = {64502}, .name = "Beta", .country = {"CN"}},
	{.asn = {64503}, .name = "Gamma"},
};
static struct hub_contract contracts[] = {
	{.id = "a", .member = 0, .currency = {"USD"}, .segments = way, .segment_count = 3},
	{.id = "b", .member = 1, .currency = {"USD"}, .segments = other_way, .segment_count = 1},
	{.id = "c", .member = 2, .currency = {"JPY"}},
	{.id = "d", .member = 1, .currency = {"USD"}, .purchase = true},
};
static const struct hub hub = {
	.members = members,
	.member_count = 3,
	.segments = segments,
	.segment_count = 3,
	.contracts = contracts,
	.contract_count = 4,
	.plan.revenue_per_year = {100, 400, {"USD"}},
};

/* An invoice of traffic, a port fee and tax. */
static struct ledger_invoice
invoice(size_t contract, int month, int64_t traffic, int64_t port)
{
	static struct ledger_line lines[4][3];
	static size_t turn;
	struct ledger_line *three = lines[turn++ % 4];
	struct currency currency = contracts[contract].currency;
	three[0] = (struct ledger_line){.kind = LEDGER_LINE_COMMIT, .amount = {traffic, currency}};
	three[1] = (struct ledger_line){.kind = LEDGER_LINE_PORT, .amount = {port, currency}};
	three[2] = (struct ledger_line){.kind = LEDGER_LINE_TAX, .amount = {7, currency}};
	return (struct ledger_invoice){
		.hub = &hub,
		.member = &members[contracts[contract].member],
		.contract = &contracts[contract],
		.period = {.year = 2026, .month = month},
		.charge = {.lines = three,
			   .line_count = 3,
			   .net = {traffic + port, currency},
			   .tax = {7, currency},
			   .total = {traffic + port + 7, currency}},
		.final = month < 3,
	};
}

static int
add(struct ledger_revenue *r, const struct ledger_invoice *invoice)
{
	struct ledger_earned earned;
	return ledger_earned_of(&earned, invoice) ? ledger_revenue_add(r, &hub, &earned) : -1;
}

static struct ledger_revenue
revenue_by(enum ledger_revenue_by by, struct arena *arena)
{
	struct ledger_revenue r = {.by = by, .year = 2026, .arena = arena};
	const struct ledger_invoice invoices[] = {
		invoice(0, 1, 10001, 499),
		invoice(1, 1, 5000, 0),
		invoice(2, 2, 777, 1),
		invoice(3, 3, 333, 0),
	};
	for (size_t i = 0; i < 4; i++)
		if (add(&r, &invoices[i]) < 0)
			printf("# not added\n");
	ledger_revenue_sort(&r);
	return r;
}

static const struct ledger_revenue_row *
row(const struct ledger_revenue *r, const char *key, const char *currency)
{
	static const struct ledger_revenue_row none;
	for (size_t i = 0; i < r->row_count; i++)
		if (strcmp(r->rows[i].key, key) == 0 &&
		    strcmp(r->rows[i].currency.code, currency) == 0)
			return &r->rows[i];
	return &none;
}

/* By whatever it is split, it is the same sum. */
static void
sums(void)
{
	for (int by = LEDGER_BY_MEMBER; by <= LEDGER_BY_SERVICE; by++) {
		struct arena *arena = arena_new();
		struct ledger_revenue r = revenue_by((enum ledger_revenue_by)by, arena);
		int64_t usd = 0, jpy = 0, cost = 0, months = 0;
		for (size_t i = 0; i < r.row_count; i++) {
			bool dollar = strcmp(r.rows[i].currency.code, "USD") == 0;
			usd += dollar ? r.rows[i].sum : 0;
			jpy += dollar ? 0 : r.rows[i].sum;
			cost += r.rows[i].cost;
			for (int m = 0; m < LEDGER_MONTHS; m++)
				months += r.rows[i].months[m];
		}
		ok(usd == 15500 && jpy == 778 && cost == 333 && months == usd + jpy,
		   "by %s the rows add up, tax left out and cost apart",
		   ledger_revenue_by_name(r.by));
		ok(r.total_count == 2 && r.invoices == 4 && r.running,
		   "and there are two currencies, never added");
		arena_free(arena);
	}
}

static void
splits(void)
{
	struct arena *arena = arena_new();
	struct ledger_revenue r = revenue_by(LEDGER_BY_SEGMENT, arena);
	/* 10500 over 100 500 m, 200 000 m and 1 m. */
	is_int(row(&r, "S1", "USD")->sum, 3512,
	       "a contract is spread by the length of its segments");
	is_int(row(&r, "S2", "USD")->sum, 6988 + 5000, "those of others add to it");
	is_int(row(&r, "S3", "USD")->sum, 0, "one whose length nobody knows counts as a metre");
	is_int(row(&r, "", "JPY")->sum, 778, "what is not on the corridor is there too");
	r = revenue_by(LEDGER_BY_SERVICE, arena);
	ok(row(&r, "traffic", "USD")->sum == 15001 && row(&r, "ports", "USD")->sum == 499,
	   "by service each line counts for itself");
	r = revenue_by(LEDGER_BY_COUNTRY, arena);
	ok(row(&r, "PK", "USD")->sum == 10500 && row(&r, "", "JPY")->sum == 778,
	   "by country, known or not");
	r = revenue_by(LEDGER_BY_MEMBER, arena);
	ok(strcmp(r.rows[0].currency.code, "JPY") == 0 && r.rows[1].sum >= r.rows[2].sum,
	   "rows stand by currency, the largest first");
	ok(row(&r, "64501", "USD")->months[0] == 10500 && row(&r, "64501", "USD")->months[1] == 0,
	   "each month by itself");
	arena_free(arena);
}

static void
limits(void)
{
	struct arena *arena = arena_new();
	struct ledger_revenue r = {.by = LEDGER_BY_MEMBER, .year = 2026, .arena = arena};
	struct ledger_invoice huge = invoice(0, 1, INT64_MAX - 7, 0);
	ok(add(&r, &huge) == 0, "the largest amount is taken");
	struct ledger_invoice more = invoice(1, 1, 100, 0);
	errno = 0;
	ok(add(&r, &more) < 0 && errno == EOVERFLOW, "one more is an error, not a wrong sum");
	arena_free(arena);
}

static void
pace(void)
{
	struct arena *arena = arena_new();
	struct ledger_revenue r = revenue_by(LEDGER_BY_MEMBER, arena);
	struct ledger_pace pace;
	struct utc_s july = utc_month_start(2026, 7);
	size_t usd = strcmp(r.totals[0].currency.code, "USD") == 0 ? 0 : 1;
	ok(ledger_revenue_pace(&pace, &hub, &r.totals[usd], 2026, july),
	   "there is a plan in dollars");
	ok(pace.from == 10000 && pace.to == 40000 && pace.percent_high == 15500 &&
		   pace.percent_low == 3875,
	   "155 dollars are 155 %% of the least and 38.75 %% of the most");
	is_int(pace.year_percent, 4958, "half of the year is over, but a day and a half");
	is_int(pace.run_rate, 15500 * 12,
	       "the run rate is twelve times the last month with revenue");
	ok(!ledger_revenue_pace(&pace, &hub, &r.totals[1 - usd], 2026, july),
	   "there is none in yen");
	arena_free(arena);
}

static void
shown(void)
{
	struct arena *arena = arena_new();
	struct ledger_revenue r = revenue_by(LEDGER_BY_SEGMENT, arena);
	struct buf out = {0};
	view_revenue(&out, VIEW_LEDGER_CSV, &hub, &r, utc_month_start(2026, 7));
	buf_u8(&out, 0);
	ok(strstr((char *)out.data, "\r\n2026,S2,\"'=two\",USD,119.88,0.00,119.88,0.00,"),
	   "CSV has each month, and a name that is no formula");
	size_t head = 0, all = 0, rows = 0;
	for (const char *c = (char *)out.data; *c; c++) {
		all += *c == ',';
		head += *c == ',' && !rows;
		rows += *c == '\n';
	}
	ok(all == head * rows, "each row has as many fields as the head");
	ok(strstr((char *)out.data, "not on the corridor,JPY,778,0,0,778,"),
	   "yen have no minor unit");
	buf_clear(&out);
	view_revenue(&out, VIEW_LEDGER_TEXT, &hub, &r, utc_month_start(2026, 7));
	buf_u8(&out, 0);
	ok(strstr((char *)out.data, "100.00 to 400.00 USD a year") &&
		   strstr((char *)out.data, "38.75 to 155.00 % of it"),
	   "text says it against the plan");
	buf_fini(&out);
	arena_free(arena);
}

int
main(void)
{
	sums();
	splits();
	limits();
	pace();
	shown();
	return done_testing();
}
