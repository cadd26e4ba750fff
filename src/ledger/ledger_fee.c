/* Fees: what does not depend on traffic. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ledger/ledger_bill.h"
#include "ledger/ledger_rules.h"

enum { GIGA = 1000000000, WHOLE = 10000 };

/* The line of an item, for its days in the period. False if it has none there. */
static bool
begin_by_days(const struct ledger_bill *bill, const struct hub_charge *item,
	      enum ledger_line_kind kind, struct ledger_line *out)
{
	struct ledger_period part;
	if (ledger_period_part(&part, bill->period, bill->contract->zone, item->starts,
			       item->ends) < 0)
		return false;
	struct ledger_line line = ledger_bill_line(bill, item, kind);
	line.from = part.from;
	line.to = part.to;
	line.days = part.days;
	line.days_in_month = part.days_in_month;
	line.price = item->price;
	*out = line;
	return true;
}

int
ledger_fee_flat(struct ledger_bill *bill)
{
	const struct hub_contract *contract = bill->contract;
	struct ledger_line line = ledger_bill_line(bill, NULL, LEDGER_LINE_FLAT);
	line.text = arena_printf(bill->arena, "Monthly fee, %zu port%s", contract->port_count,
				 contract->port_count == 1 ? "" : "s");
	line.unit = "month";
	line.price = contract->monthly;
	line.days = bill->period->days;
	line.days_in_month = bill->period->days_in_month;
	return ledger_bill_add(bill, line);
}

/* A moment of the month that the period is of. */
static bool
in_month(const struct ledger_bill *bill, struct utc_s at)
{
	return at.s >= bill->period->month_from.s && at.s < bill->period->month_to.s;
}

static int
once(struct ledger_bill *bill, const struct hub_charge *item)
{
	if (!in_month(bill, item->starts))
		return 0;
	struct ledger_line line = ledger_bill_line(bill, item, LEDGER_LINE_ONCE);
	struct utc_date date = zone_date(bill->contract->zone, item->starts);
	char day[48];
	(void)snprintf(day, sizeof(day), ", %04d-%02d-%02d", date.year, date.month, date.day);
	line.text = ledger_bill_text(bill, item, "One-off fee", day);
	line.quantity = item->count;
	line.price = item->price;
	line.from = item->starts;
	line.to = zone_next_day(bill->contract->zone, item->starts);
	return ledger_bill_add(bill, line);
}

static int
monthly(struct ledger_bill *bill, const struct hub_charge *item)
{
	struct ledger_line line;
	if (!begin_by_days(bill, item, LEDGER_LINE_MONTHLY, &line))
		return 0;
	line.text = ledger_bill_text(bill, item, "Monthly fee", "");
	line.quantity = item->count;
	line.unit = "month";
	return ledger_bill_add(bill, line);
}

/* ", 10 Gbit/s", or nothing for a speed of 0. */
static const char *
speed_words(char out[LEDGER_RATE_WORDS + 2], uint64_t bps)
{
	char rate[LEDGER_RATE_WORDS];
	out[0] = '\0';
	if (bps)
		(void)snprintf(out, LEDGER_RATE_WORDS + 2, ", %s", ledger_rate_words(rate, bps));
	return out;
}

static int
ports(struct ledger_bill *bill, const struct hub_charge *item)
{
	struct ledger_line line;
	if (!begin_by_days(bill, item, LEDGER_LINE_PORT, &line))
		return 0;
	const struct hub_contract *contract = bill->contract;
	int64_t count = 0, speed = 0;
	for (size_t i = 0; i < contract->port_count; i++) {
		uint64_t bps = bill->hub->ports[contract->ports[i]].speed_bps;
		if (item->speed_bps && bps != item->speed_bps)
			continue;
		count++;
		if (bps > INT64_MAX || __builtin_add_overflow(speed, (int64_t)bps, &speed))
			return ledger_bill_overflow(bill, item->id);
	}
	if (!count)
		return 0;
	bool each = item->per == HUB_PER_EACH;
	char words[LEDGER_RATE_WORDS + 2];
	line.text = ledger_bill_text(bill, item, "Port fee", speed_words(words, item->speed_bps));
	line.quantity = each ? count : speed;
	line.divisor = each ? 1 : GIGA;
	line.unit = each ? "port" : "Gbit/s";
	return ledger_bill_add(bill, line);
}

static int
connections(struct ledger_bill *bill, const struct hub_charge *item)
{
	bool cloud = item->kind == HUB_CHARGE_CLOUD;
	struct ledger_line line;
	if (!begin_by_days(bill, item, cloud ? LEDGER_LINE_CLOUD : LEDGER_LINE_CROSS_CONNECT,
			   &line))
		return 0;
	char words[LEDGER_RATE_WORDS + 2];
	line.text = ledger_bill_text(bill, item, cloud ? "Cloud connection" : "Cross-connect",
				     speed_words(words, item->speed_bps));
	line.quantity = item->count;
	line.unit = cloud ? "connection" : "cross-connect";
	return ledger_bill_add(bill, line);
}

/* A share of what a year costs, for days of the year. */
static int
share(struct ledger_bill *bill, const struct hub_charge *item, struct price year, const char *words)
{
	struct ledger_line line;
	if (!begin_by_days(bill, item, LEDGER_LINE_UPKEEP, &line))
		return 0;
	char rest[48], percent[32];
	(void)snprintf(rest, sizeof(rest), ", share of %s %%",
		       ledger_quantity_format(percent, item->share_percent, 100));
	line.text = item->kind == HUB_CHARGE_UPKEEP
			    ? ledger_bill_text(bill, item, words, rest)
			    : arena_printf(bill->arena, "%s%s%s", item->text ? item->text : "IRU",
					   words, rest);
	line.quantity = item->share_percent;
	line.divisor = WHOLE;
	line.unit = "year";
	line.price = year;
	line.days_in_month = ledger_days_in_year(bill->contract->zone, line.from);
	return ledger_bill_add(bill, line);
}

/* What of the capital is written off, or paid, in the first `months` of the term. Rounded from the
 * beginning, so that the parts add up to the whole. */
static int
written_off(struct ledger_bill *bill, const struct hub_charge *item, struct money capital,
	    int64_t months, struct money *out)
{
	if (money_times(out, capital, months, item->months, bill->contract->rounding) < 0)
		return ledger_bill_overflow(bill, item->id);
	return 0;
}

static int
add_amortisation(struct ledger_bill *bill, struct ledger_amortisation amortisation)
{
	struct ledger_charge *charge = &bill->charge;
	if (!charge->amortisations)
		charge->amortisations = arena_take(
			bill->arena, bill->contract->charge_count * sizeof(*charge->amortisations));
	if (!charge->amortisations) {
		errno = ENOMEM;
		return -1;
	}
	charge->amortisations[charge->amortisation_count++] = amortisation;
	return 0;
}

static int
iru_line(struct ledger_bill *bill, const struct hub_charge *item, struct money capital,
	 const struct ledger_amortisation *a)
{
	struct ledger_line line = ledger_bill_line(bill, item, LEDGER_LINE_IRU);
	if (item->payment == HUB_IRU_AT_ONCE) {
		if (a->month != 1)
			return 0;
		line.text = ledger_bill_text(bill, item, "IRU", ", capital");
		line.price = item->price;
		return ledger_bill_add(bill, line);
	}
	char rest[64];
	(void)snprintf(rest, sizeof(rest), ", instalment %" PRIu32 " of %" PRIu32, a->month,
		       a->months);
	line.text = ledger_bill_text(bill, item, "IRU", rest);
	line.rule = LEDGER_LINE_PLAIN;
	line.base = capital;
	line.amount = a->this_month;
	return ledger_bill_add(bill, line);
}

static int
iru(struct ledger_bill *bill, const struct hub_charge *item)
{
	const struct zone *zone = bill->contract->zone;
	int64_t month = ledger_months_between(zone, item->starts, bill->period->month_from) + 1;
	if (month < 1 || month > item->months)
		return 0;
	struct ledger_amortisation a = {
		.item = item->id, .month = (uint32_t)month, .months = item->months};
	struct money before;
	if (price_times(&a.capital, item->price, 1, 1, bill->contract->rounding) < 0)
		return ledger_bill_overflow(bill, item->id);
	if (written_off(bill, item, a.capital, month, &a.so_far) < 0 ||
	    written_off(bill, item, a.capital, month - 1, &before) < 0)
		return -1;
	a.this_month = (struct money){a.so_far.minor - before.minor, a.capital.currency};
	a.left = (struct money){a.capital.minor - a.so_far.minor, a.capital.currency};
	if (add_amortisation(bill, a) < 0 || iru_line(bill, item, a.capital, &a) < 0)
		return -1;
	return item->upkeep.micro > 0 ? share(bill, item, item->upkeep, ", upkeep") : 0;
}

int
ledger_fee(struct ledger_bill *bill, const struct hub_charge *item)
{
	switch (item->kind) {
	case HUB_CHARGE_ONCE:
		return once(bill, item);
	case HUB_CHARGE_MONTHLY:
		return monthly(bill, item);
	case HUB_CHARGE_PORT:
		return ports(bill, item);
	case HUB_CHARGE_CROSS_CONNECT:
	case HUB_CHARGE_CLOUD:
		return connections(bill, item);
	case HUB_CHARGE_IRU:
		return iru(bill, item);
	case HUB_CHARGE_UPKEEP:
		return share(bill, item, item->price, "Upkeep");
	default:
		return 0;
	}
}
