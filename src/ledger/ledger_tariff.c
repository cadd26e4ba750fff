/* What a contract costs in a month. */
#include "ledger/ledger_tariff.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { DAY_S = 86400, MEGA = 1000000 };

int
ledger_period_of(struct ledger_period *out, const struct hub_contract *contract, int year,
		 int month)
{
	struct utc_s month_from = utc_month_start(year, month);
	struct utc_s month_to = utc_month_start(year, month + 1);
	struct utc_s from = month_from, to = month_to;
	if (contract->starts.s > from.s)
		from = contract->starts;
	if (contract->ends.s != 0 && contract->ends.s < to.s)
		to = contract->ends;
	if (from.s >= to.s)
		return -1;
	int64_t first_day = (from.s - month_from.s) / DAY_S;
	int64_t day_after = (to.s - month_from.s + DAY_S - 1) / DAY_S;
	*out = (struct ledger_period){
		.year = year,
		.month = month,
		.month_from = month_from,
		.month_to = month_to,
		.from = from,
		.to = to,
		.days = (uint32_t)(day_after - first_day),
		.days_in_month = (uint32_t)((month_to.s - month_from.s) / DAY_S),
	};
	return 0;
}

/* Prices one line for the days of the period; its text gets the days when they are not the whole
 * month. */
static int
price_line(struct ledger_line *line, const struct ledger_period *period)
{
	int64_t quantity;
	if (__builtin_mul_overflow(line->quantity, (int64_t)period->days, &quantity))
		return -1;
	line->days = period->days;
	line->days_in_month = period->days_in_month;
	if (period->days != period->days_in_month) {
		size_t used = strlen(line->text);
		(void)snprintf(line->text + used, sizeof(line->text) - used, ", %u of %u days",
			       (unsigned)period->days, (unsigned)period->days_in_month);
	}
	return price_times(&line->amount, line->price, quantity,
			   line->divisor * (int64_t)period->days_in_month);
}

static int
add_line(struct ledger_charge *charge, struct ledger_line line, const struct ledger_period *period)
{
	assert(charge->line_count < LEDGER_LINES_MAX);
	if (price_line(&line, period) < 0)
		return -1;
	if (__builtin_add_overflow(charge->net.minor, line.amount.minor, &charge->net.minor))
		return -1;
	charge->lines[charge->line_count++] = line;
	return 0;
}

static int
charge_flat(struct ledger_charge *charge, const struct hub_contract *contract,
	    const struct ledger_period *period)
{
	struct ledger_line line = {
		.kind = LEDGER_LINE_FLAT,
		.quantity = 1,
		.divisor = 1,
		.unit = "month",
		.price = contract->monthly,
	};
	(void)snprintf(line.text, sizeof(line.text), "Monthly fee, %zu port%s",
		       contract->port_count, contract->port_count == 1 ? "" : "s");
	return add_line(charge, line, period);
}

static int
charge_commit(struct ledger_charge *charge, const struct hub_contract *contract,
	      const struct ledger_period *period, uint64_t p95_bps)
{
	uint64_t commit_bps = contract->commit_bps;
	if (commit_bps > INT64_MAX || p95_bps > INT64_MAX)
		return -1;
	struct ledger_line commit = {
		.kind = LEDGER_LINE_COMMIT,
		.text = "Committed rate",
		.quantity = (int64_t)commit_bps,
		.divisor = MEGA,
		.unit = "Mbit/s",
		.price = contract->monthly,
	};
	charge->billed_bps = commit_bps > p95_bps ? commit_bps : p95_bps;
	charge->overage_bps = charge->billed_bps - commit_bps;
	if (add_line(charge, commit, period) < 0)
		return -1;
	if (!charge->overage_bps)
		return 0;
	struct ledger_line overage = {
		.kind = LEDGER_LINE_OVERAGE,
		.text = "95th percentile above the committed rate",
		.quantity = (int64_t)charge->overage_bps,
		.divisor = MEGA,
		.unit = "Mbit/s",
		.price = contract->overage,
	};
	return add_line(charge, overage, period);
}

int
ledger_tariff_tax(struct money *out, struct money amount, uint32_t basis_points)
{
	__extension__ typedef __int128 wide;
	wide product = (wide)amount.minor * basis_points;
	wide minor = (product + (product < 0 ? -5000 : 5000)) / 10000;
	if (minor > INT64_MAX || minor < INT64_MIN)
		return -1;
	*out = (struct money){(int64_t)minor, amount.currency};
	return 0;
}

int
ledger_tariff_charge(struct ledger_charge *out, const struct hub_contract *contract,
		     const struct ledger_period *period, uint64_t p95_bps)
{
	struct ledger_charge charge = {.net.currency = contract->currency};
	int failed = contract->kind == HUB_FLAT ? charge_flat(&charge, contract, period)
						: charge_commit(&charge, contract, period, p95_bps);
	if (failed || ledger_tariff_tax(&charge.tax, charge.net, contract->tax_basis_points) < 0)
		return -1;
	charge.total = charge.net;
	if (__builtin_add_overflow(charge.net.minor, charge.tax.minor, &charge.total.minor))
		return -1;
	if (contract->tax_basis_points) {
		struct ledger_line *line = &charge.lines[charge.line_count++];
		*line = (struct ledger_line){
			.kind = LEDGER_LINE_TAX,
			.text = "Tax",
			.quantity = contract->tax_basis_points,
			.divisor = 100,
			.unit = "%",
			.price.currency = contract->currency,
			.days = 1,
			.days_in_month = 1,
			.amount = charge.tax,
		};
	}
	*out = charge;
	return 0;
}

/* `value` / `scale` with at least `places` decimals and no zeros after those. */
static char *
decimal(char out[32], int64_t value, int64_t scale, int places)
{
	int digits = 0;
	for (int64_t power = scale; power > 1; power /= 10)
		digits++;
	uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	int length = snprintf(out, 32, "%s%" PRIu64, value < 0 ? "-" : "", size / (uint64_t)scale);
	if (!digits)
		return out;
	length += snprintf(out + length, (size_t)(32 - length), ".%0*" PRIu64, digits,
			   size % (uint64_t)scale);
	for (; digits > places && out[length - 1] == '0'; digits--)
		out[--length] = 0;
	if (out[length - 1] == '.')
		out[--length] = 0;
	return out;
}

char *
ledger_quantity_format(char out[32], int64_t quantity, int64_t divisor)
{
	assert(divisor > 0 && divisor <= MEGA);
	return decimal(out, quantity, divisor, 0);
}

char *
ledger_price_format(char out[32], struct price price)
{
	return decimal(out, price.micro, MEGA, 2);
}
