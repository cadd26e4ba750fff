/* Blends: what was bought, what was sold, and what that left. */
#include "ledger/ledger_blend.h"

#include <errno.h>
#include <string.h>

#include "tap.h"
#include "view/view_ledger_blend.h"

static const struct currency usd = {"USD"}, eur = {"EUR"};

static struct hub_charge transit[] = {
	{.id = "t", .kind = HUB_CHARGE_TRANSIT, .blend = "west"},
	{.id = "own", .kind = HUB_CHARGE_TRANSIT},
};
static const struct hub_contract upstreams[] = {
	{.id = "u1", .purchase = true, .blend = "west", .currency = {"USD"}},
	{.id = "u2", .purchase = true, .blend = "west", .currency = {"USD"}},
	{.id = "u3", .purchase = true, .blend = "east", .currency = {"EUR"}},
	{.id = "u4", .purchase = true, .currency = {"USD"}},
};
static const struct hub_contract sale = {
	.id = "s", .kind = HUB_ITEMS, .currency = {"USD"}, .charges = transit, .charge_count = 2};
static const struct hub_contract sale_in_euro = {
	.id = "e", .kind = HUB_ITEMS, .currency = {"EUR"}, .charges = transit, .charge_count = 2};

static struct ledger_invoice
bought(size_t upstream, int64_t net, uint64_t bps)
{
	return (struct ledger_invoice){
		.contract = &upstreams[upstream],
		.charge = {.by_rate = true,
			   .billed_bps = bps,
			   .net = {net, upstreams[upstream].currency}},
	};
}

static struct ledger_line
line(enum ledger_line_kind kind, const char *item, int64_t bps, int64_t amount, uint32_t days)
{
	return (struct ledger_line){.kind = kind,
				    .item = item,
				    .quantity = bps,
				    .divisor = 1000000,
				    .days = days,
				    .days_in_month = 30,
				    .amount = {amount, usd}};
}

static struct ledger_invoice
sold(const struct hub_contract *contract, struct ledger_line *lines, size_t count)
{
	for (size_t i = 0; i < count; i++)
		lines[i].amount.currency = contract->currency;
	return (struct ledger_invoice){.contract = contract,
				       .charge = {.lines = lines, .line_count = count}};
}

enum { G = 1000000000 };

int
main(void)
{
	struct arena *arena = arena_new();
	struct ledger_line a[] = {
		line(LEDGER_LINE_TRANSIT, "t", 3 * (int64_t)G, 150000, 30),
		line(LEDGER_LINE_TRANSIT, "t", G, 60000, 30),
		line(LEDGER_LINE_TRANSIT, "own", 9 * (int64_t)G, 777, 30),
		line(LEDGER_LINE_MONTHLY, "m", 1, 5000, 30),
		line(LEDGER_LINE_TAX, NULL, 1, 9999, 30),
	};
	struct ledger_line b[] = {line(LEDGER_LINE_TRANSIT, "t", 6 * (int64_t)G, 90000, 10)};
	struct ledger_line c[] = {line(LEDGER_LINE_TRANSIT, "t", G, 50000, 30)};
	struct ledger_invoice invoices[] = {
		sold(&sale, a, 5),
		bought(0, 120000, 3 * (uint64_t)G),
		sold(&sale, b, 1),
		bought(1, 80000, G),
		bought(2, 4000, G),
		sold(&sale_in_euro, c, 1),
		bought(3, 123456, 50 * (uint64_t)G),
	};
	struct ledger_blend *blends = NULL;
	size_t count = 0;
	ok(ledger_blends_of(&blends, &count, arena, invoices, 7) == 0 && count == 2,
	   "two blends, in order of their first purchase; a purchase of none is not there");
	ok(strcmp(blends[0].name, "west") == 0 && strcmp(blends[1].name, "east") == 0,
	   "by their names");
	ok(blends[0].purchase_count == 2 && blends[0].bought_bps == 4 * (uint64_t)G &&
		   blends[0].cost.minor == 200000,
	   "what was bought is the sum of the upstreams' bills");
	ok(blends[0].sale_count == 3 && blends[0].sold_bps == 7 * (uint64_t)G,
	   "what was sold: both lines of one invoice, a third of a month's 6 Gbit/s, and 1 Gbit/s");
	ok(blends[0].income.minor == 300000 && blends[0].mixed,
	   "what was sold in another currency is left out of the income, and that is said");
	ok(blends[0].sold_percent == 17500, "1.75 times as much is sold as bought");
	is_int(blends[0].cost_of_mbit.micro, 285714, "2000.00 over 7000 Mbit/s: 0.285714 each");
	is_int(blends[0].margin.minor, 100000, "and the margin");
	ok(blends[1].sale_count == 0 && blends[1].sold_percent == 0 &&
		   blends[1].cost_of_mbit.micro == 0 && blends[1].margin.minor == -4000 &&
		   strcmp(blends[1].currency.code, eur.code) == 0 && !blends[1].mixed,
	   "a blend of which nothing is sold costs what it costs");
	struct buf out = {0};
	view_ledger_blends(&out, VIEW_LEDGER_JSON, 2026, 11, blends, count);
	buf_u8(&out, 0);
	ok(strstr((const char *)out.data,
		  "{\"blend\":\"west\",\"purchases\":2,\"sales\":3,\"bought_bps\":4000000000,"
		  "\"sold_bps\":7000000000,\"sold_percent\":\"175\"") != NULL,
	   "it is shown as JSON");
	buf_clear(&out);
	view_ledger_blends(&out, VIEW_LEDGER_CSV, 2026, 11, blends, count);
	buf_u8(&out, 0);
	ok(strstr((const char *)out.data,
		  "\r\n2026-11,west,2,3,4000000000,7000000000,2000.00,3000.00,1000.00,0.285714,USD,"
		  "yes\r\n") != NULL,
	   "as CSV");
	buf_clear(&out);
	view_ledger_blends(&out, VIEW_LEDGER_TEXT, 2026, 11, blends, count);
	buf_u8(&out, 0);
	ok(strstr((const char *)out.data, "4000 Mbit/s by 2 invoices, 2000.00 USD") != NULL &&
		   strstr((const char *)out.data, "175 % of what was bought") != NULL,
	   "and in words");
	buf_fini(&out);
	invoices[1].charge.net.minor = INT64_MAX;
	errno = 0;
	ok(ledger_blends_of(&blends, &count, arena, invoices, 7) < 0 && errno == EOVERFLOW,
	   "a sum that does not fit is an error");
	ok(ledger_blends_of(&blends, &count, arena, NULL, 0) == 0 && count == 0,
	   "no invoices, no blends");
	arena_free(arena);
	return done_testing();
}
