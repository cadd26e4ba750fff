/* Blends of upstreams. */
#include "ledger/ledger_blend.h"

#include <errno.h>
#include <string.h>

enum { MEGA = 1000000, WHOLE = 10000 };

__extension__ typedef unsigned __int128 wide;

static int
overflow(void)
{
	errno = EOVERFLOW;
	return -1;
}

/* The blend of that name among the first `count`; NULL: there is none yet. */
static struct ledger_blend *
find(struct ledger_blend *blends, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(blends[i].name, name) == 0)
			return &blends[i];
	return NULL;
}

static bool
same_currency(struct ledger_blend *blend, struct currency currency)
{
	bool same = strcmp(blend->currency.code, currency.code) == 0;
	blend->mixed |= !same;
	return same;
}

static int
add_money(struct money *sum, struct money more)
{
	return __builtin_add_overflow(sum->minor, more.minor, &sum->minor) ? overflow() : 0;
}

static int
add_purchase(struct ledger_blend *blend, const struct ledger_invoice *invoice)
{
	const struct ledger_charge *charge = &invoice->charge;
	uint64_t billed_bps = charge->by_rate ? charge->billed_bps : 0;
	blend->purchase_count++;
	if (__builtin_add_overflow(blend->bought_bps, billed_bps, &blend->bought_bps))
		return overflow();
	return same_currency(blend, charge->net.currency) ? add_money(&blend->cost, charge->net)
							  : 0;
}

/* The item of a line, or NULL. */
static const struct hub_charge *
item_of(const struct hub_contract *contract, const char *id)
{
	for (size_t i = 0; id && i < contract->charge_count; i++)
		if (strcmp(contract->charges[i].id, id) == 0)
			return &contract->charges[i];
	return NULL;
}

/* The transit lines of an invoice. Their rates are paid by days: what counts as sold is so much of
 * each line as it has of the month. */
static int
add_sale(struct ledger_blend *blends, size_t count, const struct ledger_invoice *invoice)
{
	const struct ledger_blend *last = NULL;
	for (size_t i = 0; i < invoice->charge.line_count; i++) {
		const struct ledger_line *line = &invoice->charge.lines[i];
		const struct hub_charge *item = item_of(invoice->contract, line->item);
		struct ledger_blend *blend =
			line->kind == LEDGER_LINE_TRANSIT && item && item->blend
				? find(blends, count, item->blend)
				: NULL;
		if (!blend)
			continue;
		wide rate = (wide)line->quantity * line->days / line->days_in_month;
		blend->sale_count += blend != last;
		last = blend;
		if (rate > UINT64_MAX ||
		    __builtin_add_overflow(blend->sold_bps, (uint64_t)rate, &blend->sold_bps))
			return overflow();
		if (same_currency(blend, line->amount.currency) &&
		    add_money(&blend->income, line->amount) < 0)
			return -1;
	}
	return 0;
}

static int
finish(struct ledger_blend *blend)
{
	if (__builtin_sub_overflow(blend->income.minor, blend->cost.minor, &blend->margin.minor))
		return overflow();
	if (blend->bought_bps) {
		wide percent = (wide)blend->sold_bps * WHOLE / blend->bought_bps;
		blend->sold_percent = percent > UINT64_MAX ? UINT64_MAX : (uint64_t)percent;
	}
	if (blend->sold_bps && blend->cost.minor > 0) {
		wide unit = MEGA;
		for (int i = currency_exponent(blend->currency); i > 0; i--)
			unit /= 10;
		/* cost in millionths, a Mbit/s: halves up. */
		wide micro = (wide)blend->cost.minor * unit * MEGA;
		micro = (2 * micro + blend->sold_bps) / ((wide)2 * blend->sold_bps);
		if (micro > INT64_MAX)
			return overflow();
		blend->cost_of_mbit.micro = (int64_t)micro;
	}
	return 0;
}

int
ledger_blends_of(struct ledger_blend **out, size_t *count, struct arena *arena,
		 const struct ledger_invoice *invoices, size_t invoice_count)
{
	struct ledger_blend *blends = arena_take(arena, (invoice_count + 1) * sizeof(*blends));
	size_t used = 0;
	if (!blends) {
		errno = ENOMEM;
		return -1;
	}
	for (size_t i = 0; i < invoice_count; i++) {
		const struct hub_contract *contract = invoices[i].contract;
		if (!contract->purchase || !contract->blend)
			continue;
		struct ledger_blend *blend = find(blends, used, contract->blend);
		struct money nothing = {0, contract->currency};
		if (!blend) {
			blend = &blends[used++];
			*blend = (struct ledger_blend){
				.name = contract->blend,
				.currency = contract->currency,
				.cost = nothing,
				.income = nothing,
				.margin = nothing,
				.cost_of_mbit.currency = contract->currency,
			};
		}
		if (add_purchase(blend, &invoices[i]) < 0)
			return -1;
	}
	for (size_t i = 0; i < invoice_count; i++)
		if (!invoices[i].contract->purchase && add_sale(blends, used, &invoices[i]) < 0)
			return -1;
	for (size_t i = 0; i < used; i++)
		if (finish(&blends[i]) < 0)
			return -1;
	*out = blends;
	*count = used;
	return 0;
}
