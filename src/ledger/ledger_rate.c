/* Traffic: what a rate, an amount of octets or a burst costs. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ledger/ledger_bill.h"
#include "ledger/ledger_rules.h"

enum { MEGA = 1000000, HOUR_S = 3600, WHOLE = 10000 };

__extension__ typedef unsigned __int128 wide;

/* What an item has to price: its part of the period, and the rate there. */
struct priced {
	struct ledger_period part;
	uint64_t rate_bps;
	uint32_t days; /* that are paid */
};

/* False, and *failed is -1 or 0, if there is nothing to price. */
static bool
find_rate(struct ledger_bill *bill, const struct hub_charge *item, struct priced *out, int *failed)
{
	const struct hub_contract *contract = bill->contract;
	struct priced p = {.rate_bps = bill->whole->billed_bps, .days = bill->whole->paid_days};
	*failed = 0;
	if (ledger_period_part(&p.part, bill->period, contract->zone, item->starts, item->ends) < 0)
		return false;
	bool whole = p.part.from.s == bill->period->from.s && p.part.to.s == bill->period->to.s;
	if (!whole) {
		struct ledger_percentile of_part;
		*failed = ledger_percentile_of(&of_part, NULL, &contract->percentile, bill->usage,
					       &p.part, contract->zone);
		if (*failed)
			return false;
		p.days = of_part.paid_days;
		if (contract->price_change == HUB_CHANGE_APART)
			p.rate_bps = of_part.billed_bps;
	}
	*out = p;
	return true;
}

/* The committed rate of an item. False if it does not fit. */
static bool
commit_of(const struct hub_contract *contract, const struct hub_charge *item, uint64_t *out)
{
	uint64_t times = item->per_port ? contract->port_count : 1;
	return !__builtin_mul_overflow(item->commit_bps, times, out) && *out <= INT64_MAX;
}

static bool
prices_rate(const struct hub_charge *item)
{
	return item->kind == HUB_CHARGE_COMMIT || item->kind == HUB_CHARGE_TIERS ||
	       item->kind == HUB_CHARGE_SLABS || item->kind == HUB_CHARGE_TRANSIT;
}

uint64_t
ledger_contract_commit(const struct hub_contract *contract, struct utc_s at)
{
	uint64_t commit_bps = 0;
	if (!ledger_in_force(contract->starts, contract->ends, at))
		return 0;
	if (contract->kind == HUB_COMMIT)
		return contract->commit_bps;
	for (size_t i = 0; i < contract->charge_count; i++) {
		const struct hub_charge *item = &contract->charges[i];
		if (prices_rate(item) && ledger_in_force(item->starts, item->ends, at) &&
		    !commit_of(contract, item, &commit_bps))
			commit_bps = UINT64_MAX;
	}
	return commit_bps;
}

/* A line of so many Mbit/s for the days of the part. */
static int
add_rate(struct ledger_bill *bill, const struct ledger_line *begun, const struct priced *p,
	 uint64_t bps, struct price price)
{
	struct ledger_line line = *begun;
	if (bps > INT64_MAX)
		return ledger_bill_overflow(bill, line.item);
	line.quantity = (int64_t)bps;
	line.divisor = MEGA;
	line.unit = "Mbit/s";
	line.price = price;
	line.from = p->part.from;
	line.to = p->part.to;
	line.days = p->days;
	line.days_in_month = p->part.days_in_month;
	return ledger_bill_add(bill, line);
}

/* What the whole invoice says of rates is what the last such item says. */
static void
note_rates(struct ledger_bill *bill, uint64_t commit_bps, uint64_t rate_bps)
{
	struct ledger_charge *charge = &bill->charge;
	charge->by_rate = true;
	charge->commit_bps = commit_bps;
	charge->billed_bps = commit_bps > rate_bps ? commit_bps : rate_bps;
	charge->overage_bps = charge->billed_bps - commit_bps;
}

static int
commit(struct ledger_bill *bill, const struct hub_charge *item, const struct priced *p,
       uint64_t commit_bps)
{
	bool transit = item->kind == HUB_CHARGE_TRANSIT;
	char measure[LEDGER_MEASURE], words[LEDGER_MEASURE + 64];
	if (commit_bps || !transit) {
		struct ledger_line line = ledger_bill_line(
			bill, item, transit ? LEDGER_LINE_TRANSIT : LEDGER_LINE_COMMIT);
		line.text = ledger_bill_text(
			bill, item, transit ? "Transit, committed rate" : "Committed rate", "");
		if (add_rate(bill, &line, p, commit_bps, item->price) < 0)
			return -1;
	}
	if (!bill->charge.overage_bps)
		return 0;
	struct ledger_line line =
		ledger_bill_line(bill, item, transit ? LEDGER_LINE_TRANSIT : LEDGER_LINE_OVERAGE);
	(void)ledger_rules_measure(measure, &bill->contract->percentile);
	(void)snprintf(words, sizeof(words), "%s%s%s", transit ? "Transit, " : "", measure,
		       commit_bps || !transit ? " above the committed rate" : "");
	line.text = item->text
			    ? arena_printf(bill->arena, "%s, above the committed rate", item->text)
			    : arena_str(bill->arena, words);
	return add_rate(bill, &line, p, bill->charge.overage_bps, item->overage);
}

/* "up to 10 Gbit/s", "above 10 Gbit/s", "from 1 Gbit/s to 10 Gbit/s". */
static const char *
tier_words(struct ledger_bill *bill, uint64_t above_bps, uint64_t up_to_bps)
{
	char a[LEDGER_RATE_WORDS], b[LEDGER_RATE_WORDS];
	if (!up_to_bps)
		return above_bps ? arena_printf(bill->arena, ", above %s",
						ledger_rate_words(a, above_bps))
				 : "";
	if (!above_bps)
		return arena_printf(bill->arena, ", up to %s", ledger_rate_words(b, up_to_bps));
	return arena_printf(bill->arena, ", above %s up to %s", ledger_rate_words(a, above_bps),
			    ledger_rate_words(b, up_to_bps));
}

/* The whole rate at the price of the tier that it lies in; or each slab at its own. */
static int
tiers(struct ledger_bill *bill, const struct hub_charge *item, const struct priced *p)
{
	bool slabs = item->kind == HUB_CHARGE_SLABS;
	uint64_t billed_bps = bill->charge.billed_bps, above_bps = 0;
	for (size_t i = 0; i < item->tier_count; i++) {
		const struct hub_tier *tier = &item->tiers[i];
		bool last = !tier->up_to_bps || billed_bps <= tier->up_to_bps;
		if (last || slabs) {
			struct ledger_line line = ledger_bill_line(
				bill, item, slabs ? LEDGER_LINE_SLAB : LEDGER_LINE_TIER);
			const char *words = tier_words(bill, above_bps, tier->up_to_bps);
			if (!words) {
				errno = ENOMEM;
				return -1;
			}
			line.text = ledger_bill_text(bill, item, slabs ? "Slab" : "Tier", words);
			uint64_t top_bps = last ? billed_bps : tier->up_to_bps;
			if (add_rate(bill, &line, p, slabs ? top_bps - above_bps : billed_bps,
				     tier->price) < 0)
				return -1;
		}
		if (last)
			break;
		above_bps = tier->up_to_bps;
	}
	return 0;
}

static int
rate(struct ledger_bill *bill, const struct hub_charge *item)
{
	struct priced p;
	uint64_t commit_bps;
	int failed;
	if (!find_rate(bill, item, &p, &failed))
		return failed;
	if (!commit_of(bill->contract, item, &commit_bps) || p.rate_bps > INT64_MAX)
		return ledger_bill_overflow(bill, item->id);
	note_rates(bill, commit_bps, p.rate_bps);
	if (item->kind == HUB_CHARGE_TIERS || item->kind == HUB_CHARGE_SLABS)
		return tiers(bill, item, &p);
	return commit(bill, item, &p, commit_bps);
}

int
ledger_rate_commit(struct ledger_bill *bill)
{
	const struct hub_contract *contract = bill->contract;
	const struct hub_charge item = {
		.kind = HUB_CHARGE_COMMIT,
		.price = contract->monthly,
		.overage = contract->overage,
		.commit_bps = contract->commit_bps,
	};
	return rate(bill, &item);
}

/* The bins of the sum that begin in the part. */
struct span {
	size_t first, end;
};

static struct span
bins_of(const struct ledger_series *sum, const struct ledger_period *part)
{
	struct span span = {0, 0};
	for (size_t i = 0; i < sum->count; i++) {
		int64_t start = sum->from.s + (int64_t)i * sum->length_s;
		span.first += start < part->from.s;
		span.end += start < part->to.s;
	}
	return span;
}

static wide
octets_of(const struct ledger_series *sum, struct span span, enum hub_direction direction)
{
	wide in = 0, out = 0;
	for (size_t i = span.first; i < span.end; i++) {
		if (sum->bins[i].state == TRAFFIC_MISSING)
			continue;
		in += sum->bins[i].in;
		out += sum->bins[i].out;
	}
	switch (direction) {
	case HUB_DIRECTION_SUM:
		return in + out;
	case HUB_DIRECTION_IN:
		return in;
	case HUB_DIRECTION_OUT:
		return out;
	default:
		return in > out ? in : out;
	}
}

static int
volume(struct ledger_bill *bill, const struct hub_charge *item)
{
	static const char *const words[] = {"Volume, the larger of in and out", "",
					    "Volume, in and out", "Volume, in", "Volume, out"};
	struct ledger_period part;
	if (ledger_period_part(&part, bill->period, bill->contract->zone, item->starts,
			       item->ends) < 0)
		return 0;
	const struct ledger_series *sum = bill->usage->sum;
	int64_t unit = item->unit == HUB_UNIT_TB ? INT64_C(1000000000000) : 1000000000;
	wide octets = octets_of(sum, bins_of(sum, &part), item->direction);
	wide included = (wide)item->included * (uint64_t)unit;
	octets = octets > included ? octets - included : 0;
	if (octets > INT64_MAX)
		return ledger_bill_overflow(bill, item->id);
	const char *name = item->unit == HUB_UNIT_TB ? "TB" : "GB";
	char rest[64] = "";
	if (item->included)
		(void)snprintf(rest, sizeof(rest), ", %" PRIu32 " %s included", item->included,
			       name);
	struct ledger_line line = ledger_bill_line(bill, item, LEDGER_LINE_VOLUME);
	line.text = ledger_bill_text(bill, item, words[item->direction], rest);
	line.quantity = (int64_t)octets;
	line.divisor = unit;
	line.unit = name;
	line.price = item->price;
	line.from = part.from;
	line.to = part.to;
	return ledger_bill_add(bill, line);
}

/* The commit of the item that prices the rate at the end of the part. */
static bool
commit_in(const struct ledger_bill *bill, const struct ledger_period *part, uint64_t *out)
{
	const struct hub_contract *contract = bill->contract;
	struct utc_s last = {part->to.s - 1};
	*out = 0;
	for (size_t i = 0; i < contract->charge_count; i++) {
		const struct hub_charge *item = &contract->charges[i];
		if (prices_rate(item) && ledger_in_force(item->starts, item->ends, last))
			return commit_of(contract, item, out);
	}
	return true;
}

/* Hours, counted as they begin, of the bins above a rate. */
static uint64_t
hours_above(const struct ledger_bill *bill, const struct ledger_period *part, uint64_t bps)
{
	const struct ledger_series *sum = bill->usage->sum;
	struct span span = bins_of(sum, part);
	uint64_t seconds = 0;
	for (size_t i = span.first; i < span.end; i++)
		if (sum->bins[i].state != TRAFFIC_MISSING &&
		    ledger_percentile_rate(bill->contract->percentile.direction, &sum->bins[i],
					   sum->length_s) > bps)
			seconds += sum->length_s;
	return (seconds + HOUR_S - 1) / HOUR_S;
}

static int
burst(struct ledger_bill *bill, const struct hub_charge *item)
{
	struct priced p;
	uint64_t commit_bps;
	int failed;
	if (!find_rate(bill, item, &p, &failed))
		return failed;
	if (!commit_in(bill, &p.part, &commit_bps))
		return ledger_bill_overflow(bill, item->id);
	wide bound = (wide)commit_bps * item->above_percent / WHOLE;
	if (bound > INT64_MAX)
		return ledger_bill_overflow(bill, item->id);
	uint64_t above_bps = (uint64_t)bound;
	char rest[64], percent[32];
	(void)snprintf(rest, sizeof(rest), ", above %s %% of the committed rate",
		       ledger_quantity_format(percent, item->above_percent, 100));
	struct ledger_line line = ledger_bill_line(bill, item, LEDGER_LINE_BURST);
	line.text = ledger_bill_text(bill, item, "Burst", rest);
	if (item->by == HUB_BURST_RATE)
		return p.rate_bps <= above_bps
			       ? 0
			       : add_rate(bill, &line, &p, p.rate_bps - above_bps, item->price);
	uint64_t hours = hours_above(bill, &p.part, above_bps);
	if (hours <= item->free_hours)
		return 0;
	if (item->free_hours)
		line.text = arena_printf(bill->arena, "%s, %" PRIu32 " hours free",
					 line.text ? line.text : "", item->free_hours);
	line.quantity = (int64_t)(hours - item->free_hours);
	line.unit = "hour";
	line.price = item->price;
	line.from = p.part.from;
	line.to = p.part.to;
	return ledger_bill_add(bill, line);
}

int
ledger_rate(struct ledger_bill *bill, const struct hub_charge *item)
{
	if (prices_rate(item))
		return rate(bill, item);
	if (item->kind == HUB_CHARGE_VOLUME)
		return volume(bill, item);
	return item->kind == HUB_CHARGE_BURST ? burst(bill, item) : 0;
}
