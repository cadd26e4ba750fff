/* What a contract costs in a month: the lines in their order. */
#include "ledger/ledger_tariff.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ledger/ledger_bill.h"

static int
charge_items(struct ledger_bill *bill)
{
	const struct hub_contract *contract = bill->contract;
	if (contract->kind == HUB_FLAT)
		return ledger_fee_flat(bill);
	if (contract->kind == HUB_COMMIT)
		return ledger_rate_commit(bill);
	for (size_t i = 0; i < contract->charge_count; i++)
		if (ledger_fee(bill, &contract->charges[i]) < 0 ||
		    ledger_rate(bill, &contract->charges[i]) < 0)
			return -1;
	return 0;
}

/* At least, or at most, so much; the line is what that takes. */
static int
bound(struct ledger_bill *bill, const struct hub_charge *item)
{
	bool least = item->kind == HUB_CHARGE_MINIMUM;
	struct ledger_period part;
	if (ledger_period_part(&part, bill->period, bill->contract->zone, item->starts,
			       item->ends) < 0)
		return 0;
	struct money sum, limit;
	if (ledger_bill_sum(bill, item->of, &sum) < 0)
		return -1;
	struct ledger_line line =
		ledger_bill_line(bill, item, least ? LEDGER_LINE_MINIMUM : LEDGER_LINE_MAXIMUM);
	if (price_times(&limit, item->price, part.days, part.days_in_month,
			bill->contract->rounding) < 0 ||
	    __builtin_sub_overflow(limit.minor, sum.minor, &line.amount.minor))
		return ledger_bill_overflow(bill, item->id);
	if (least ? line.amount.minor <= 0 : line.amount.minor >= 0)
		return 0;
	char amount[MONEY_TEXT], rest[80];
	(void)snprintf(rest, sizeof(rest), ", %s for %s", money_format_amount(amount, limit),
		       strcmp(item->of, "usage") == 0 ? "traffic" : "all");
	line.text = ledger_bill_text(bill, item, least ? "At least" : "At most", rest);
	line.rule = LEDGER_LINE_PLAIN;
	line.base = limit;
	line.from = part.from;
	line.to = part.to;
	line.days = part.days;
	line.days_in_month = part.days_in_month;
	return ledger_bill_add(bill, line);
}

static int
bounds(struct ledger_bill *bill, const char *of)
{
	const struct hub_contract *contract = bill->contract;
	for (size_t i = 0; i < contract->charge_count; i++) {
		const struct hub_charge *item = &contract->charges[i];
		bool meant = item->kind == HUB_CHARGE_MINIMUM || item->kind == HUB_CHARGE_MAXIMUM;
		if (meant && strcmp(item->of, of) == 0 && bound(bill, item) < 0)
			return -1;
	}
	return 0;
}

/* Whole minutes of outage: as told, or as lived. */
static int64_t
outage_of(const struct ledger_bill *bill, const struct hub_charge *item)
{
	if (!item->availability)
		return item->outage_minutes;
	return bill->lived ? bill->lived->down_s / 60 : 0;
}

/* Hundredths of a percent that are given back; by steps the highest one that the outage reaches. */
static uint32_t
percent_back(const struct ledger_bill *bill, const struct hub_charge *item)
{
	uint32_t percent = item->percent;
	for (size_t i = 0; i < item->step_count; i++)
		if (outage_of(bill, item) >= item->steps[i].minutes)
			percent = item->steps[i].percent;
	return percent;
}

/* Is what a credit is for there at all? */
static bool
is_due(const struct ledger_bill *bill, const struct hub_charge *item)
{
	if (item->availability)
		return bill->lived && ledger_lived_breaks(bill->lived, item->availability);
	return item->every_month || (item->starts.s >= bill->period->month_from.s &&
				     item->starts.s < bill->period->month_to.s);
}

/* Why so much is given back: ", less than 99.9 % available, outage of 125 minutes, 10 %", "available so far" while the
 * month runs; "" where it is an amount that nothing was promised for. */
static void
say_credit(char *out, size_t size, const struct ledger_bill *bill, const struct hub_charge *item,
	   uint32_t back)
{
	char promised[32], percent[32];
	int at = 0;
	out[0] = '\0';
	if (item->availability)
		at += snprintf(out, size, ", less than %s %% available%s",
			       ledger_quantity_format(promised, item->availability, 10000),
			       bill->lived->to.s < bill->period->to.s ? " so far" : "");
	if (item->availability && bill->lived->down_s < 60)
		at += snprintf(out + at, size - (size_t)at, ", outage of %" PRId64 " seconds",
			       bill->lived->down_s);
	else if (item->step_count || item->availability)
		at += snprintf(out + at, size - (size_t)at, ", outage of %" PRId64 " minutes",
			       outage_of(bill, item));
	if (back)
		(void)snprintf(out + at, size - (size_t)at, ", %s %%",
			       ledger_quantity_format(percent, back, 100));
}

/* `fees` is the bill before any credit: a percentage is of that. */
static int
credit(struct ledger_bill *bill, struct ledger_bill *fees, const struct hub_charge *item)
{
	struct ledger_period part;
	const struct ledger_period *period = bill->period;
	if (ledger_period_part(&part, period, bill->contract->zone, item->starts, item->ends) < 0)
		return 0;
	if (!is_due(bill, item))
		return 0;
	struct ledger_line line = ledger_bill_line(bill, item, LEDGER_LINE_CREDIT);
	char rest[160];
	uint32_t back = 0;
	if (item->price.micro > 0) {
		line.quantity = -1;
		line.price = item->price;
	} else {
		back = percent_back(bill, item);
		if (!back)
			return 0;
		if (ledger_bill_sum(fees, item->of, &line.base) < 0)
			return -1;
		line.rule = LEDGER_LINE_OF_BASE;
		line.quantity = -(int64_t)back;
		line.divisor = 100;
		line.unit = "%";
	}
	say_credit(rest, sizeof(rest), bill, item, back);
	line.text = ledger_bill_text(bill, item, "Credit", rest);
	return ledger_bill_add(bill, line);
}

static int
credits(struct ledger_bill *bill)
{
	const struct hub_contract *contract = bill->contract;
	struct ledger_bill fees = *bill;
	for (size_t i = 0; i < contract->charge_count; i++) {
		const struct hub_charge *item = &contract->charges[i];
		if (item->kind == HUB_CHARGE_CREDIT && credit(bill, &fees, item) < 0) {
			bill->charge.fault =
				bill->charge.fault ? bill->charge.fault : fees.charge.fault;
			return -1;
		}
	}
	return 0;
}

static int
tax(struct ledger_bill *bill)
{
	const struct hub_contract *contract = bill->contract;
	struct ledger_charge *charge = &bill->charge;
	charge->tax = (struct money){0, contract->currency};
	if (!contract->tax_basis_points)
		return 0;
	struct ledger_line line = ledger_bill_line(bill, NULL, LEDGER_LINE_TAX);
	for (size_t i = 0; i < charge->line_count; i++)
		if (!charge->lines[i].tax_exempt &&
		    __builtin_add_overflow(line.base.minor, charge->lines[i].amount.minor,
					   &line.base.minor))
			return ledger_bill_overflow(bill, NULL);
	line.text = arena_str(bill->arena, contract->tax_name ? contract->tax_name : "Tax");
	line.rule = LEDGER_LINE_OF_BASE;
	line.quantity = contract->tax_basis_points;
	line.divisor = 100;
	line.unit = "%";
	if (ledger_bill_add(bill, line) < 0)
		return -1;
	charge->tax = charge->lines[charge->line_count - 1].amount;
	return 0;
}

static int
total(struct ledger_bill *bill)
{
	const struct hub_contract *contract = bill->contract;
	struct ledger_charge *charge = &bill->charge;
	charge->total = charge->net;
	if (__builtin_add_overflow(charge->net.minor, charge->tax.minor, &charge->total.minor))
		return ledger_bill_overflow(bill, NULL);
	if (!contract->exchange.currency.code[0])
		return 0;
	int64_t unit = 1;
	for (int i = currency_exponent(contract->currency); i > 0; i--)
		unit *= 10;
	charge->exchanged = true;
	if (price_times(&charge->other_total, contract->exchange.rate, charge->total.minor, unit,
			contract->rounding) < 0)
		return ledger_bill_overflow(bill, NULL);
	return 0;
}

int
ledger_tariff_charge(struct ledger_charge *out, struct arena *arena,
		     const struct ledger_basis *basis)
{
	struct ledger_bill bill = {
		.charge.net.currency = basis->contract->currency,
		.arena = arena,
		.hub = basis->hub,
		.contract = basis->contract,
		.period = basis->period,
		.usage = basis->usage,
		.whole = basis->whole,
		.lived = basis->lived,
	};
	if (charge_items(&bill) < 0 || bounds(&bill, "usage") < 0 || credits(&bill) < 0 ||
	    bounds(&bill, "invoice") < 0 || tax(&bill) < 0 || total(&bill) < 0) {
		out->fault = bill.charge.fault;
		return -1;
	}
	*out = bill.charge;
	return 0;
}
