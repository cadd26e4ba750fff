/* Lines of a bill: how one comes to be, and its words and numbers. */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ledger/ledger_bill.h"

enum { MICRO = 1000000 };

const char *
ledger_line_kind_name(enum ledger_line_kind kind)
{
	static const char *const names[LEDGER_LINE_KINDS] = {
		[LEDGER_LINE_FLAT] = "flat",
		[LEDGER_LINE_COMMIT] = "commit",
		[LEDGER_LINE_OVERAGE] = "overage",
		[LEDGER_LINE_TAX] = "tax",
		[LEDGER_LINE_ONCE] = "once",
		[LEDGER_LINE_MONTHLY] = "monthly",
		[LEDGER_LINE_PORT] = "port",
		[LEDGER_LINE_TIER] = "tier",
		[LEDGER_LINE_SLAB] = "slab",
		[LEDGER_LINE_TRANSIT] = "transit",
		[LEDGER_LINE_VOLUME] = "volume",
		[LEDGER_LINE_BURST] = "burst",
		[LEDGER_LINE_MINIMUM] = "minimum",
		[LEDGER_LINE_MAXIMUM] = "maximum",
		[LEDGER_LINE_CROSS_CONNECT] = "cross-connect",
		[LEDGER_LINE_CLOUD] = "cloud",
		[LEDGER_LINE_IRU] = "iru",
		[LEDGER_LINE_UPKEEP] = "upkeep",
		[LEDGER_LINE_CREDIT] = "credit",
	};
	return names[kind];
}

bool
ledger_line_is_usage(enum ledger_line_kind kind)
{
	return kind == LEDGER_LINE_COMMIT || kind == LEDGER_LINE_OVERAGE ||
	       kind == LEDGER_LINE_TIER || kind == LEDGER_LINE_SLAB ||
	       kind == LEDGER_LINE_TRANSIT || kind == LEDGER_LINE_VOLUME ||
	       kind == LEDGER_LINE_BURST;
}

struct ledger_line
ledger_bill_line(const struct ledger_bill *bill, const struct hub_charge *item,
		 enum ledger_line_kind kind)
{
	struct currency currency = bill->contract->currency;
	return (struct ledger_line){
		.kind = kind,
		.item = item ? item->id : NULL,
		.quantity = 1,
		.divisor = 1,
		.unit = "",
		.price.currency = currency,
		.base.currency = currency,
		.from = bill->period->from,
		.to = bill->period->to,
		.days = 1,
		.days_in_month = 1,
		.tax_exempt = item && item->tax_exempt,
		.amount.currency = currency,
	};
}

const char *
ledger_bill_text(struct ledger_bill *bill, const struct hub_charge *item, const char *words,
		 const char *rest)
{
	return arena_printf(bill->arena, "%s%s", item && item->text ? item->text : words, rest);
}

int
ledger_bill_overflow(struct ledger_bill *bill, const char *item)
{
	const char *fault =
		item ? arena_printf(bill->arena, "item %s: the amount does not fit", item) : NULL;
	bill->charge.fault = fault ? fault : "an amount does not fit";
	errno = EOVERFLOW;
	return -1;
}

/* The amount by the line's rule. False if it does not fit. */
static bool
work_out(struct ledger_line *line, enum money_rounding rounding)
{
	int64_t quantity, divisor;
	switch (line->rule) {
	case LEDGER_LINE_PRICED:
		return !__builtin_mul_overflow(line->quantity, (int64_t)line->days, &quantity) &&
		       !__builtin_mul_overflow(line->divisor, (int64_t)line->days_in_month,
					       &divisor) &&
		       price_times(&line->amount, line->price, quantity, divisor, rounding) == 0;
	case LEDGER_LINE_OF_BASE:
		return money_times(&line->amount, line->base, line->quantity, line->divisor * 100,
				   rounding) == 0;
	case LEDGER_LINE_PLAIN:
		break;
	}
	return true;
}

/* Room for one more line. */
static int
make_room(struct ledger_bill *bill)
{
	if (bill->charge.line_count < bill->room)
		return 0;
	size_t room = bill->room ? 2 * bill->room : 8;
	struct ledger_line *lines = arena_take(bill->arena, room * sizeof(*lines));
	if (!lines) {
		errno = ENOMEM;
		return -1;
	}
	if (bill->room)
		memcpy(lines, bill->charge.lines, bill->room * sizeof(*lines));
	bill->charge.lines = lines;
	bill->room = room;
	return 0;
}

int
ledger_bill_add(struct ledger_bill *bill, struct ledger_line line)
{
	struct ledger_charge *charge = &bill->charge;
	if (line.text && line.days != line.days_in_month)
		line.text = arena_printf(bill->arena, "%s, %" PRIu32 " of %" PRIu32 " days",
					 line.text, line.days, line.days_in_month);
	if (!line.text) {
		errno = ENOMEM;
		return -1;
	}
	if (!work_out(&line, bill->contract->rounding))
		return ledger_bill_overflow(bill, line.item);
	if (line.kind != LEDGER_LINE_TAX &&
	    __builtin_add_overflow(charge->net.minor, line.amount.minor, &charge->net.minor))
		return ledger_bill_overflow(bill, line.item);
	if (make_room(bill) < 0)
		return -1;
	charge->lines[charge->line_count++] = line;
	return 0;
}

int
ledger_bill_sum(struct ledger_bill *bill, const char *of, struct money *out)
{
	bool all = strcmp(of, "invoice") == 0, usage = strcmp(of, "usage") == 0;
	*out = (struct money){0, bill->contract->currency};
	for (size_t i = 0; i < bill->charge.line_count; i++) {
		const struct ledger_line *line = &bill->charge.lines[i];
		/* Bounds of the invoice come when nobody asks for the usage any more. */
		bool bound = line->kind == LEDGER_LINE_MINIMUM || line->kind == LEDGER_LINE_MAXIMUM;
		bool meant = all || (usage && (bound || ledger_line_is_usage(line->kind))) ||
			     (!usage && line->item && strcmp(line->item, of) == 0);
		if (meant && __builtin_add_overflow(out->minor, line->amount.minor, &out->minor))
			return ledger_bill_overflow(bill, line->item);
	}
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
	assert(divisor > 0 && divisor <= INT64_C(1000000000000));
	return decimal(out, quantity, divisor, 0);
}

char *
ledger_price_format(char out[32], struct price price)
{
	return decimal(out, price.micro, MICRO, 2);
}
