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

static const char *const service_names[LEDGER_SERVICES] = {
	[LEDGER_SERVICE_PORTS] = "ports",
	[LEDGER_SERVICE_TRAFFIC] = "traffic",
	[LEDGER_SERVICE_CROSS_CONNECTS] = "cross-connects",
	[LEDGER_SERVICE_CLOUDS] = "clouds",
	[LEDGER_SERVICE_CAPACITY] = "capacity",
	[LEDGER_SERVICE_OTHER] = "other",
};

static enum ledger_service
service_of_line(enum ledger_line_kind kind)
{
	switch (kind) {
	case LEDGER_LINE_FLAT:
	case LEDGER_LINE_PORT:
		return LEDGER_SERVICE_PORTS;
	case LEDGER_LINE_CROSS_CONNECT:
		return LEDGER_SERVICE_CROSS_CONNECTS;
	case LEDGER_LINE_CLOUD:
		return LEDGER_SERVICE_CLOUDS;
	case LEDGER_LINE_IRU:
	case LEDGER_LINE_UPKEEP:
		return LEDGER_SERVICE_CAPACITY;
	default:
		return ledger_line_is_usage(kind) ? LEDGER_SERVICE_TRAFFIC : LEDGER_SERVICE_OTHER;
	}
}

bool
ledger_earned_of(struct ledger_earned *out, const struct ledger_invoice *invoice)
{
	struct ledger_earned earned = {
		.contract = (uint32_t)(invoice->contract - invoice->hub->contracts),
		.month = invoice->period.month,
		.net = invoice->charge.net,
		.simulated = invoice->simulated,
		.final = invoice->final,
	};
	for (size_t i = 0; i < invoice->charge.line_count; i++) {
		const struct ledger_line *line = &invoice->charge.lines[i];
		enum ledger_service service = service_of_line(line->kind);
		if (line->kind == LEDGER_LINE_TAX)
			continue;
		earned.serves[service] = true;
		if (__builtin_add_overflow(earned.services[service], line->amount.minor,
					   &earned.services[service]))
			return false;
	}
	*out = earned;
	return true;
}

/* --- rows --- */

/* What an amount is added to. */
struct place {
	const char *key, *name;
	struct currency currency;
	int month; /* from 1 */
	enum { EARNED, COST, SHARED } kind;
	bool computed;
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
	int64_t *sums[2][3] = {
		{&row->sum, &row->cost, &row->shared},
		{&total->sum, &total->cost, &total->shared},
	};
	bool over = __builtin_add_overflow(*sums[0][place->kind], amount, sums[0][place->kind]) ||
		    __builtin_add_overflow(*sums[1][place->kind], amount, sums[1][place->kind]);
	if (place->kind == EARNED)
		over = over ||
		       __builtin_add_overflow(row->months[month], amount, &row->months[month]) ||
		       __builtin_add_overflow(total->months[month], amount, &total->months[month]);
	if (place->computed) {
		bool cost = place->kind == COST;
		int64_t *a = cost ? &row->computed_cost : &row->computed;
		int64_t *b = cost ? &total->computed_cost : &total->computed;
		over = over || __builtin_add_overflow(*a, amount, a) ||
		       __builtin_add_overflow(*b, amount, b);
	}
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

/* Over the segments of a contract (NULL: it is gone), by their length. */
static int
add_segments(struct ledger_revenue *r, const struct hub *hub, const struct hub_contract *contract,
	     struct place place, int64_t amount)
{
	size_t count = contract ? contract->segment_count : 0;
	place.key = "";
	place.name = "not on the corridor";
	if (!count)
		return add(r, &place, amount);
	int64_t *weights = calloc(count * 2, sizeof(*weights));
	if (!weights) {
		errno = ENOMEM;
		return -1;
	}
	int64_t *shares = weights + count;
	for (size_t i = 0; i < count; i++)
		weights[i] = weight_of(&hub->segments[contract->segments[i]]);
	int result = ledger_share(shares, weights, count, amount);
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

/* By member or by country. */
static int
add_payer(struct ledger_revenue *r, struct place place, const char *holder,
	  const struct hub_member *payer, int64_t amount)
{
	static const struct hub_member nobody;
	const struct hub_member *of = payer ? payer : &nobody;
	if (r->by == LEDGER_BY_MEMBER) {
		place.key = holder;
		place.name = of->name ? of->name : holder;
	} else {
		place.key = place.name = of->country.code;
		if (!*place.key)
			place.name = "not known";
	}
	return add(r, &place, amount);
}

static int
add_services(struct ledger_revenue *r, const struct ledger_earned *earned, struct place place)
{
	for (int i = 0; i < LEDGER_SERVICES; i++) {
		place.key = place.name = service_names[i];
		if (earned->serves[i] && add(r, &place, earned->services[i]) < 0)
			return -1;
	}
	return 0;
}

/* A party as one who pays. */
static struct hub_member
as_member(const struct hub_party *party)
{
	return (struct hub_member){.name = party->name, .country = party->country};
}

/* By who has the contract. */
static int
add_contract(struct ledger_revenue *r, const struct hub *hub, const struct hub_contract *contract,
	     struct place place, int64_t amount)
{
	char asn[16];
	if (contract->member == HUB_NONE) {
		const struct hub_party *party = &hub->parties[contract->party];
		const struct hub_member payer = as_member(party);
		return add_payer(r, place, party->id, &payer, amount);
	}
	const struct hub_member *member = &hub->members[contract->member];
	(void)snprintf(asn, sizeof(asn), "%" PRIu32, member->asn.number);
	return add_payer(r, place, asn, member, amount);
}

int
ledger_revenue_add(struct ledger_revenue *r, const struct hub *hub,
		   const struct ledger_earned *earned)
{
	const struct hub_contract *contract = &hub->contracts[earned->contract];
	struct place place = {
		.currency = earned->net.currency,
		.month = earned->month,
		.kind = contract->purchase ? COST : EARNED,
		.computed = true,
	};
	r->invoices++;
	r->simulated |= earned->simulated;
	r->running |= !earned->final;
	if (r->by == LEDGER_BY_SEGMENT)
		return add_segments(r, hub, contract, place, earned->net.minor);
	if (r->by == LEDGER_BY_SERVICE)
		return add_services(r, earned, place);
	return add_contract(r, hub, contract, place, earned->net.minor);
}

bool
ledger_revenue_kept(int64_t *out, int64_t sum, int64_t shared, int64_t cost)
{
	return !__builtin_sub_overflow(sum, shared, out) &&
	       !__builtin_sub_overflow(*out, cost, out);
}

/* --- what the journal has --- */

bool
ledger_revenue_is_in(const struct ledger_documents *d, const char *contract, struct utc_s month)
{
	if (ledger_documents_bill_of(d, contract, month))
		return true;
	for (size_t i = 0; i < d->bill_count; i++)
		if (d->bills[i].received && d->bills[i].month.s == month.s &&
		    strcmp(d->bills[i].contract, contract) == 0)
			return true;
	return false;
}

/* A month of those that are asked for: from 1; else 0. */
static int
month_in(const struct ledger_revenue *r, struct utc_s at)
{
	struct utc_date date = utc_to_date(at);
	return date.year == r->year && (!r->month || date.month == r->month) ? date.month : 0;
}

/* Who has that account, as one who pays; a party in *payer. NULL: the hub file no longer has it. */
static const struct hub_member *
payer_of(const struct hub *hub, const char *holder, struct hub_member *payer)
{
	bool number = holder[strspn(holder, "0123456789")] == '\0';
	uint32_t member = number ? hub_member_by_name(hub, holder) : HUB_NONE;
	uint32_t party = number ? HUB_NONE : hub_party_by_id(hub, holder);
	if (member != HUB_NONE)
		return &hub->members[member];
	if (party == HUB_NONE)
		return NULL;
	*payer = as_member(&hub->parties[party]);
	return payer;
}

/* "traffic" of "revenue:commit". */
static const char *
service_of(const char *account)
{
	const char *kind = strchr(account, ':');
	for (int i = 0; kind && i < LEDGER_LINE_KINDS; i++)
		if (strcmp(ledger_line_kind_name((enum ledger_line_kind)i), kind + 1) == 0)
			return service_names[service_of_line((enum ledger_line_kind)i)];
	return service_names[LEDGER_SERVICE_OTHER];
}

/* A part of what the account of a holder is about. */
static int
add_holder(struct ledger_revenue *r, const struct hub *hub, struct place place, const char *holder,
	   int64_t amount)
{
	struct hub_member party;
	return add_payer(r, place, holder, payer_of(hub, holder, &party), amount);
}

static int
add_bill(struct ledger_revenue *r, const struct hub *hub, const struct ledger_issued *bill)
{
	struct place place = {
		.currency = bill->total.currency,
		.month = month_in(r, bill->month),
		.kind = bill->received ? COST : EARNED,
	};
	uint32_t index = hub_contract_by_id(hub, bill->contract);
	int64_t net = 0;
	if (!place.month)
		return 0;
	r->invoices++;
	r->issued++;
	for (size_t i = 0; i < bill->part_count; i++) {
		const struct ledger_part *part = &bill->parts[i];
		int64_t left = part->amount - part->credited;
		if (strcmp(part->account, "tax") == 0)
			continue;
		if (__builtin_add_overflow(net, left, &net)) {
			errno = EOVERFLOW;
			return -1;
		}
		place.key = place.name = service_of(part->account);
		if (r->by == LEDGER_BY_SERVICE && add(r, &place, left) < 0)
			return -1;
	}
	if (r->by == LEDGER_BY_SERVICE)
		return 0;
	if (r->by == LEDGER_BY_SEGMENT)
		return add_segments(r, hub, index == HUB_NONE ? NULL : &hub->contracts[index],
				    place, net);
	return add_holder(r, hub, place, bill->holder, net);
}

/* Was the invoice shared again by a later settlement, which then has all of its shares? */
static bool
settled_later(const struct ledger_settlement *const *settlements, size_t at, size_t count,
	      const char *id)
{
	for (size_t i = at + 1; i < count; i++)
		for (size_t k = 0; k < settlements[i]->invoice_count; k++)
			if (strcmp(settlements[i]->invoices[k].id, id) == 0)
				return true;
	return false;
}

static int
add_shares(struct ledger_revenue *r, const struct hub *hub,
	   const struct ledger_settlement_invoice *invoice)
{
	struct place place = {
		.currency = invoice->revenue.currency,
		.month = month_in(r, invoice->month),
		.kind = SHARED,
	};
	if (!place.month)
		return 0;
	for (size_t i = 0; i < invoice->part_count; i++) {
		const struct ledger_settlement_part *part = &invoice->parts[i];
		uint32_t segment = hub_segment_by_id(hub, part->segment);
		int result;
		if (part->party == LEDGER_PARTY_HUB)
			continue;
		place.key = r->by == LEDGER_BY_SERVICE ? "traffic" : part->segment;
		place.name = r->by == LEDGER_BY_SERVICE ? "traffic"
			     : segment != HUB_NONE && hub->segments[segment].name
				     ? hub->segments[segment].name
				     : part->segment;
		result = r->by == LEDGER_BY_SERVICE || r->by == LEDGER_BY_SEGMENT
				 ? add(r, &place, part->share)
				 : add_holder(r, hub, place, invoice->holder, part->share);
		if (result < 0)
			return -1;
	}
	return 0;
}

/* What the hub and a party owed each other whatever the traffic. */
static int
add_dues(struct ledger_revenue *r, const struct hub *hub, const struct ledger_settlement *s)
{
	struct place place = {.month = month_in(r, s->month)};
	for (size_t i = 0; place.month && i < s->due_count; i++) {
		const struct ledger_settlement_due *due = &s->dues[i];
		if (due->from != LEDGER_PARTY_HUB && due->to != LEDGER_PARTY_HUB)
			continue;
		uint32_t other = due->from == LEDGER_PARTY_HUB ? due->to : due->from;
		place.currency = due->amount.currency;
		place.kind = due->from == LEDGER_PARTY_HUB ? COST : EARNED;
		place.key = r->by == LEDGER_BY_SERVICE ? "capacity" : "";
		place.name = r->by == LEDGER_BY_SERVICE ? "capacity" : "not on the corridor";
		int result = r->by == LEDGER_BY_SERVICE || r->by == LEDGER_BY_SEGMENT
				     ? add(r, &place, due->amount.minor)
				     : add_holder(r, hub, place, s->parties[other].id,
						  due->amount.minor);
		if (result < 0)
			return -1;
	}
	return 0;
}

int
ledger_revenue_add_journal(struct ledger_revenue *r, const struct hub *hub,
			   const struct ledger_documents *documents,
			   const struct ledger_settlement *const *settlements, size_t count)
{
	for (size_t i = 0; i < documents->bill_count; i++)
		if (add_bill(r, hub, &documents->bills[i]) < 0)
			return -1;
	for (size_t i = 0; i < count; i++) {
		if (add_dues(r, hub, settlements[i]) < 0)
			return -1;
		for (size_t k = 0; k < settlements[i]->invoice_count; k++) {
			const struct ledger_settlement_invoice *invoice =
				&settlements[i]->invoices[k];
			if (!settled_later(settlements, i, count, invoice->id) &&
			    add_shares(r, hub, invoice) < 0)
				return -1;
		}
	}
	return 0;
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
