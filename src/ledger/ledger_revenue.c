/* What the hub earns. */
#include "ledger/ledger_revenue.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_share.h"

enum { PER_CENT = 10000, DAY_S = 86400 };

__extension__ typedef __int128 wide;

const char *
ledger_revenue_by_name(enum ledger_revenue_by by)
{
	static const char *const names[] = {"member", "country", "segment", "service"};
	return names[by];
}

const char *
ledger_line_service(enum ledger_line_kind kind)
{
	switch (kind) {
	case LEDGER_LINE_FLAT:
	case LEDGER_LINE_PORT:
		return "ports";
	case LEDGER_LINE_CROSS_CONNECT:
		return "cross-connects";
	case LEDGER_LINE_CLOUD:
		return "clouds";
	case LEDGER_LINE_IRU:
	case LEDGER_LINE_UPKEEP:
		return "capacity";
	default:
		return ledger_line_is_usage(kind) ? "traffic" : "other";
	}
}

/* --- rows --- */

/* What an amount is added to. */
struct place {
	const char *key, *name;
	struct currency currency;
	int month; /* from 1 */
	bool cost;
};

/* An array in an arena that grows: the old one stays until the arena ends. */
static void *
grown(struct arena *arena, void *items, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return items;
	size_t wanted = *room ? *room * 2 : 16;
	void *fresh = arena_take(arena, wanted * size);
	if (!fresh)
		return NULL;
	if (count)
		memcpy(fresh, items, count * size);
	*room = wanted;
	return fresh;
}

static struct ledger_revenue_row *
row_of(struct ledger_revenue *r, const struct place *place)
{
	for (size_t i = 0; i < r->row_count; i++)
		if (strcmp(r->rows[i].key, place->key) == 0 &&
		    memcmp(&r->rows[i].currency, &place->currency, sizeof(place->currency)) == 0)
			return &r->rows[i];
	void *rows = grown(r->arena, r->rows, r->row_count, &r->row_room, sizeof(*r->rows));
	const char *key = arena_str(r->arena, place->key);
	const char *name = arena_str(r->arena, place->name);
	if (!rows || !key || !name)
		return NULL;
	r->rows = rows;
	struct ledger_revenue_row *row = &r->rows[r->row_count++];
	*row = (struct ledger_revenue_row){.key = key, .name = name, .currency = place->currency};
	return row;
}

static struct ledger_revenue_total *
total_of(struct ledger_revenue *r, struct currency currency)
{
	for (size_t i = 0; i < r->total_count; i++)
		if (memcmp(&r->totals[i].currency, &currency, sizeof(currency)) == 0)
			return &r->totals[i];
	void *totals =
		grown(r->arena, r->totals, r->total_count, &r->total_room, sizeof(*r->totals));
	if (!totals)
		return NULL;
	r->totals = totals;
	r->totals[r->total_count] = (struct ledger_revenue_total){.currency = currency};
	return &r->totals[r->total_count++];
}

static int
add(struct ledger_revenue *r, const struct place *place, int64_t amount)
{
	struct ledger_revenue_row *row = row_of(r, place);
	struct ledger_revenue_total *total = total_of(r, place->currency);
	if (!row || !total) {
		errno = ENOMEM;
		return -1;
	}
	int month = place->month - 1;
	bool over = place->cost ? __builtin_add_overflow(row->cost, amount, &row->cost) ||
					  __builtin_add_overflow(total->cost, amount, &total->cost)
				: __builtin_add_overflow(row->months[month], amount,
							 &row->months[month]) ||
					  __builtin_add_overflow(row->sum, amount, &row->sum) ||
					  __builtin_add_overflow(total->months[month], amount,
								 &total->months[month]) ||
					  __builtin_add_overflow(total->sum, amount, &total->sum);
	if (!over)
		return 0;
	errno = EOVERFLOW;
	return -1;
}

/* --- by what --- */

/* Metres; a segment without a length counts as one, so that it is not left out. */
static int64_t
weight_of(const struct hub_segment *segment)
{
	double metres = segment->length_km * 1000;
	return isfinite(metres) && metres >= 1 && metres < 1e12 ? (int64_t)metres : 1;
}

static int
add_segments(struct ledger_revenue *r, const struct ledger_invoice *invoice, struct place place)
{
	const struct hub_contract *contract = invoice->contract;
	const struct hub *hub = invoice->hub;
	size_t count = contract->segment_count;
	place.key = "";
	place.name = "not on the corridor";
	if (!count)
		return add(r, &place, invoice->charge.net.minor);
	int64_t *weights = calloc(count * 2, sizeof(*weights));
	if (!weights) {
		errno = ENOMEM;
		return -1;
	}
	int64_t *shares = weights + count;
	for (size_t i = 0; i < count; i++)
		weights[i] = weight_of(&hub->segments[contract->segments[i]]);
	int result = ledger_share(shares, weights, count, invoice->charge.net.minor);
	for (size_t i = 0; i < count && result == 0; i++) {
		const struct hub_segment *segment = &hub->segments[contract->segments[i]];
		place.key = segment->id;
		place.name = segment->name ? segment->name : segment->id;
		result = add(r, &place, shares[i]);
	}
	int reason = errno;
	free(weights);
	errno = reason;
	return result;
}

static int
add_services(struct ledger_revenue *r, const struct ledger_invoice *invoice, struct place place)
{
	for (size_t i = 0; i < invoice->charge.line_count; i++) {
		const struct ledger_line *line = &invoice->charge.lines[i];
		if (line->kind == LEDGER_LINE_TAX)
			continue;
		place.key = place.name = ledger_line_service(line->kind);
		if (add(r, &place, line->amount.minor) < 0)
			return -1;
	}
	return 0;
}

int
ledger_revenue_add(struct ledger_revenue *r, const struct ledger_invoice *invoice)
{
	const struct hub_member *member = invoice->member;
	struct place place = {
		.currency = invoice->charge.net.currency,
		.month = invoice->period.month,
		.cost = invoice->contract->purchase,
	};
	char number[16];
	int result = 0;
	switch (r->by) {
	case LEDGER_BY_MEMBER:
		(void)snprintf(number, sizeof(number), "%" PRIu32, member->asn.number);
		place.key = number;
		place.name = member->name;
		result = add(r, &place, invoice->charge.net.minor);
		break;
	case LEDGER_BY_COUNTRY:
		place.key = place.name = member->country.code;
		if (!*place.key)
			place.name = "not known";
		result = add(r, &place, invoice->charge.net.minor);
		break;
	case LEDGER_BY_SEGMENT:
		result = add_segments(r, invoice, place);
		break;
	case LEDGER_BY_SERVICE:
		result = add_services(r, invoice, place);
		break;
	}
	r->invoices++;
	r->simulated |= invoice->simulated;
	r->running |= !invoice->final;
	return result;
}

static int
in_order(const void *a, const void *b)
{
	const struct ledger_revenue_row *x = a, *y = b;
	int order = memcmp(x->currency.code, y->currency.code, sizeof(x->currency.code));
	if (order)
		return order;
	if (x->sum != y->sum)
		return x->sum < y->sum ? 1 : -1;
	return strcmp(x->key, y->key);
}

void
ledger_revenue_sort(struct ledger_revenue *r)
{
	if (r->row_count)
		qsort(r->rows, r->row_count, sizeof(*r->rows), in_order);
}

/* --- against the plan --- */

/* Hundredths of a percent; 0 of nothing. */
static uint32_t
part(int64_t amount, int64_t of)
{
	if (of <= 0 || amount <= 0)
		return 0;
	wide ratio = (wide)amount * PER_CENT / of;
	return ratio > UINT32_MAX ? UINT32_MAX : (uint32_t)ratio;
}

bool
ledger_revenue_pace(struct ledger_pace *out, const struct hub *hub,
		    const struct ledger_revenue_total *total, int year, struct utc_s now)
{
	const struct hub_revenue_plan *plan = &hub->plan.revenue_per_year;
	struct ledger_pace pace = {.so_far = total->sum};
	if (!plan->currency.code[0] ||
	    memcmp(plan->currency.code, total->currency.code, sizeof(plan->currency.code)) != 0)
		return false;
	int64_t unit = 1;
	for (int i = currency_exponent(plan->currency); i > 0; i--)
		unit *= 10;
	if (plan->from > INT64_MAX || plan->to > INT64_MAX ||
	    __builtin_mul_overflow((int64_t)plan->from, unit, &pace.from) ||
	    __builtin_mul_overflow((int64_t)plan->to, unit, &pace.to))
		return false;
	pace.percent_low = part(pace.so_far, pace.to);
	pace.percent_high = part(pace.so_far, pace.from);
	struct utc_s from = utc_month_start(year, 1), to = utc_month_start(year + 1, 1);
	int64_t over = now.s < from.s ? 0 : now.s > to.s ? to.s - from.s : now.s - from.s;
	pace.year_percent = part(over, to.s - from.s);
	int last = 0;
	for (int month = 1; month <= LEDGER_MONTHS; month++)
		if (utc_month_start(year, month + 1).s <= now.s && total->months[month - 1])
			last = month;
	if (last &&
	    __builtin_mul_overflow(total->months[last - 1], (int64_t)LEDGER_MONTHS, &pace.run_rate))
		return false;
	*out = pace;
	return true;
}
