/* Blends of upstreams: what was bought, what was sold of it, and what that left. */
#include "view/view_ledger_blend.h"

#include <inttypes.h>
#include <stdio.h>

#include "view/view_ledger_parts.h"

static void
json_blend(struct json *j, const struct ledger_blend *blend)
{
	char text[32];
	json_object(j, NULL);
	json_str(j, "blend", blend->name);
	json_u64(j, "purchases", blend->purchase_count);
	json_u64(j, "sales", blend->sale_count);
	json_u64(j, "bought_bps", blend->bought_bps);
	json_u64(j, "sold_bps", blend->sold_bps);
	json_str(j, "sold_percent",
		 ledger_quantity_format(text, (int64_t)blend->sold_percent, 100));
	json_money(j, "cost", blend->cost);
	json_money(j, "income", blend->income);
	json_money(j, "margin", blend->margin);
	json_str(j, "cost_of_mbit", ledger_price_format(text, blend->cost_of_mbit));
	json_bool(j, "mixed_currencies", blend->mixed);
	json_object_end(j);
}

static void
json_blends(struct buf *out, int year, int month, const struct ledger_blend *blends, size_t count)
{
	char text[VIEW_MONTH];
	struct json json = json_to(out), *j = &json;
	json_object(j, NULL);
	json_str(j, "month", view_month(text, year, month));
	json_array(j, "blends");
	for (size_t i = 0; i < count; i++)
		json_blend(j, &blends[i]);
	json_array_end(j);
	json_object_end(j);
	buf_str(out, "\n");
}

static void
csv_blends(struct buf *out, int year, int month, const struct ledger_blend *blends, size_t count)
{
	buf_str(out, "month,blend,purchases,sales,bought_bps,sold_bps,cost,income,margin,"
		     "cost_of_mbit,currency,mixed_currencies\r\n");
	for (size_t i = 0; i < count; i++) {
		const struct ledger_blend *blend = &blends[i];
		char text[VIEW_MONTH], money[MONEY_TEXT], price[32];
		buf_printf(out, "%s,", view_month(text, year, month));
		view_csv_field(out, blend->name);
		buf_printf(out, ",%zu,%zu,%" PRIu64 ",%" PRIu64, blend->purchase_count,
			   blend->sale_count, blend->bought_bps, blend->sold_bps);
		buf_printf(out, ",%s", money_format_amount(money, blend->cost));
		buf_printf(out, ",%s", money_format_amount(money, blend->income));
		buf_printf(out, ",%s", money_format_amount(money, blend->margin));
		buf_printf(out, ",%s,%.3s,%s\r\n", ledger_price_format(price, blend->cost_of_mbit),
			   blend->currency.code, blend->mixed ? "yes" : "no");
	}
}

static void
text_blend(struct buf *out, const struct ledger_blend *blend)
{
	char text[160], rate[VIEW_EXACT], money[MONEY_TEXT], number[32];
	view_field(out, "blend", blend->name);
	(void)snprintf(text, sizeof(text), "%s by %zu invoice%s, %s",
		       view_exact_rate(rate, blend->bought_bps), blend->purchase_count,
		       blend->purchase_count == 1 ? "" : "s", money_format(money, blend->cost));
	view_field(out, "bought", text);
	(void)snprintf(text, sizeof(text), "%s by %zu invoice%s, %s",
		       view_exact_rate(rate, blend->sold_bps), blend->sale_count,
		       blend->sale_count == 1 ? "" : "s", money_format(money, blend->income));
	view_field(out, "sold", text);
	(void)snprintf(text, sizeof(text), "%s %% of what was bought; a Mbit/s of it cost %s %.3s",
		       ledger_quantity_format(number, (int64_t)blend->sold_percent, 100),
		       ledger_price_format(money, blend->cost_of_mbit), blend->currency.code);
	view_field(out, "that is", text);
	view_field(out, "margin", money_format(money, blend->margin));
	if (blend->mixed)
		view_field(out, "left out", "invoices in other currencies");
}

void
view_ledger_blends(struct buf *out, enum view_ledger_form form, int year, int month,
		   const struct ledger_blend *blends, size_t count)
{
	char text[VIEW_MONTH];
	if (form == VIEW_LEDGER_JSON) {
		json_blends(out, year, month, blends, count);
		return;
	}
	if (form == VIEW_LEDGER_CSV) {
		csv_blends(out, year, month, blends, count);
		return;
	}
	if (!count)
		buf_printf(out, "%s: no purchase in force is part of a blend\n",
			   view_month(text, year, month));
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_str(out, "\n");
		text_blend(out, &blends[i]);
	}
}
