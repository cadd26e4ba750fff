/* Settlements: sharing the revenue of invoices, and adding up what each party gets and owes. */
#include "ledger/ledger_settlement.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_share.h"

static const char *const rule_names[LEDGER_PART_RULES] = {
	[LEDGER_PART_KM] = "km",       [LEDGER_PART_CAPACITY] = "capacity",
	[LEDGER_PART_EQUAL] = "equal", [LEDGER_PART_FIXED] = "fixed",
	[LEDGER_PART_IRU] = "iru",     [LEDGER_PART_PERCENT] = "percent",
	[LEDGER_PART_REST] = "rest",
};

const char *
ledger_part_rule_name(enum ledger_part_rule rule)
{
	return rule_names[rule];
}

/* Lines of an invoice that have nothing to do with the corridor. */
static bool
is_for_transit(const char *account)
{
	static const char *const others[] = {"once",  "monthly", "port",  "cross-connect",
					     "cloud", "iru",     "upkeep"};
	if (strncmp(account, "revenue:", 8) != 0)
		return false;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(account + 8, others[i]) == 0)
			return false;
	return true;
}

int64_t
ledger_settlement_revenue(const struct ledger_issued *bill)
{
	int64_t revenue = 0;
	for (size_t i = 0; i < bill->part_count; i++)
		if (is_for_transit(bill->parts[i].account))
			revenue += bill->parts[i].amount - bill->parts[i].credited;
	return revenue > 0 ? revenue : 0;
}

/* --- sharing one revenue --- */

/* Party numbers of a settlement: the hub is 0, party i of the hub file i + 1. */
static uint32_t
party_of(uint32_t owner)
{
	return owner == HUB_NONE ? LEDGER_PARTY_HUB : owner + 1;
}

static const struct hub_settlement_term *
term_of(const struct hub_settlement *agreement, uint32_t segment)
{
	for (size_t i = 0; i < agreement->term_count; i++)
		if (agreement->terms[i].segment == segment)
			return &agreement->terms[i];
	return NULL;
}

/* By the agreement's rule. Lengths are exact to the metre, capacities to the Gbit/s. */
static void
weigh(struct ledger_settlement_part *part, const struct hub_settlement *agreement,
      const struct hub_segment *segment)
{
	double tbps = isnan(segment->lit_tbps) ? segment->design_tbps : segment->lit_tbps;
	switch (agreement->by) {
	case HUB_BY_KM:
		part->rule = LEDGER_PART_KM;
		part->weight = llround(segment->length_km * 1000);
		return;
	case HUB_BY_CAPACITY:
		part->rule = LEDGER_PART_CAPACITY;
		part->weight = isnan(tbps) ? 0 : llround(tbps * 1000);
		return;
	case HUB_BY_SEGMENT_EQUALLY:
		part->rule = LEDGER_PART_EQUAL;
		part->weight = 1;
		return;
	}
}

/* The rule and weight of a segment. 0, or -1 when a fixed amount does not fit. */
static int
claim(struct ledger_settlement_part *part, const struct hub *hub,
      const struct hub_settlement *agreement, uint32_t index)
{
	const struct hub_segment *segment = &hub->segments[index];
	const struct hub_settlement_term *term = term_of(agreement, index);
	struct money fixed;
	*part = (struct ledger_settlement_part){.segment = segment->id,
						.party = party_of(segment->owner)};
	if (!term) {
		weigh(part, agreement, segment);
		return 0;
	}
	switch (term->kind) {
	case HUB_TERM_FIXED:
		part->rule = LEDGER_PART_FIXED;
		if (price_times(&fixed, term->amount, 1, 1, MONEY_HALF_AWAY) < 0)
			return -1;
		part->weight = fixed.minor;
		return 0;
	case HUB_TERM_PERCENT:
		part->rule = LEDGER_PART_PERCENT;
		part->weight = term->percent;
		return 0;
	case HUB_TERM_IRU:
		part->rule = LEDGER_PART_IRU;
		return 0;
	}
	return 0;
}

/* One division among the parts for which `weights` is not zero: first among their parties, then of
 * each party among its own. */
struct division {
	struct ledger_settlement_part *parts;
	const int64_t *weights;
	size_t count, party_count;
	int64_t *by_party, *party_shares, *own, *own_shares; /* room to work in */
};

static int
divide_own(const struct division *d, uint32_t party, int64_t amount)
{
	size_t own = 0, at = 0;
	for (size_t i = 0; i < d->count; i++)
		if (d->parts[i].party == party && d->weights[i])
			d->own[own++] = d->weights[i];
	if (ledger_share(d->own_shares, d->own, own, amount) < 0)
		return -1;
	for (size_t i = 0; i < d->count; i++)
		if (d->parts[i].party == party && d->weights[i])
			d->parts[i].share += d->own_shares[at++];
	return 0;
}

static int
divide(const struct division *d, int64_t amount)
{
	memset(d->by_party, 0, d->party_count * sizeof(*d->by_party));
	for (size_t i = 0; i < d->count; i++)
		if (__builtin_add_overflow(d->by_party[d->parts[i].party], d->weights[i],
					   &d->by_party[d->parts[i].party])) {
			errno = EOVERFLOW;
			return -1;
		}
	if (ledger_share(d->party_shares, d->by_party, d->party_count, amount) < 0)
		return errno == EDOM ? 0 : -1;
	for (uint32_t p = 0; p < d->party_count; p++)
		if (d->by_party[p] && divide_own(d, p, d->party_shares[p]) < 0)
			return -1;
	return 0;
}

static bool
is_rest(enum ledger_part_rule rule)
{
	return rule == LEDGER_PART_KM || rule == LEDGER_PART_CAPACITY || rule == LEDGER_PART_EQUAL;
}

/* The second and third step as one: with a sum of W over the segments that share the rest, and of B
 * over the percentages, a percentage p weighs p x W and a segment of weight w (10000 - B) x w. */
static void
weigh_rest(int64_t *weights, const struct ledger_settlement_part *parts, size_t count)
{
	int64_t rest = 0, percent = 0;
	for (size_t i = 0; i < count; i++) {
		if (is_rest(parts[i].rule))
			rest += parts[i].weight;
		else if (parts[i].rule == LEDGER_PART_PERCENT)
			percent += parts[i].weight;
	}
	for (size_t i = 0; i < count; i++) {
		const struct ledger_settlement_part *part = &parts[i];
		if (is_rest(part->rule))
			weights[i] = (10000 - percent) * part->weight;
		else if (part->rule == LEDGER_PART_PERCENT)
			weights[i] = part->weight * (rest ? rest : 1);
		else
			weights[i] = part->rule == LEDGER_PART_REST && !rest ? 10000 - percent : 0;
	}
}

static int
divide_all(struct division *d, int64_t revenue)
{
	int64_t *weights = (int64_t *)(uintptr_t)d->weights;
	int64_t fixed = 0;
	for (size_t i = 0; i < d->count; i++) {
		weights[i] = d->parts[i].rule == LEDGER_PART_FIXED ? d->parts[i].weight : 0;
		if (__builtin_add_overflow(fixed, weights[i], &fixed)) {
			errno = EOVERFLOW;
			return -1;
		}
	}
	if (fixed > revenue)
		fixed = revenue;
	if (divide(d, fixed) < 0)
		return -1;
	weigh_rest(weights, d->parts, d->count);
	return divide(d, revenue - fixed);
}

/* Room of n integers for each of five uses. */
static int
divide_parts(struct ledger_settlement_invoice *out, size_t party_count)
{
	size_t n = out->part_count + party_count;
	int64_t *room = calloc(n * 5, sizeof(*room));
	if (!room) {
		errno = ENOMEM;
		return -1;
	}
	struct division d = {
		.parts = out->parts,
		.weights = room,
		.count = out->part_count,
		.party_count = party_count,
		.by_party = room + n,
		.party_shares = room + 2 * n,
		.own = room + 3 * n,
		.own_shares = room + 4 * n,
	};
	int result = divide_all(&d, out->revenue.minor);
	free(room);
	return result;
}

/* Adds the parts up by party, in order of the parties. */
static int
add_up_shares(struct ledger_settlement_invoice *out, struct arena *arena, size_t party_count)
{
	out->shares = arena_take(arena, (party_count + 1) * sizeof(*out->shares));
	if (!out->shares) {
		errno = ENOMEM;
		return -1;
	}
	out->share_count = 0;
	for (uint32_t p = 0; p < party_count; p++) {
		struct ledger_settlement_share share = {.party = p};
		bool named = false;
		for (size_t i = 0; i < out->part_count; i++)
			if (out->parts[i].party == p) {
				share.share += out->parts[i].share;
				named = true;
			}
		if (named)
			out->shares[out->share_count++] = share;
	}
	return 0;
}

int
ledger_settlement_divide(struct ledger_settlement_invoice *out, struct arena *arena,
			 const struct hub *hub, const struct hub_settlement *agreement,
			 const struct hub_contract *contract)
{
	assert(out->revenue.minor >= 0);
	size_t room = contract->segment_count + 2;
	out->parts = arena_take(arena, room * sizeof(*out->parts));
	if (!out->parts) {
		errno = ENOMEM;
		return -1;
	}
	out->part_count = 0;
	for (size_t i = 0; i < contract->segment_count; i++)
		if (claim(&out->parts[out->part_count++], hub, agreement, contract->segments[i]) <
		    0) {
			errno = EOVERFLOW;
			return -1;
		}
	if (agreement->hub_percent)
		out->parts[out->part_count++] =
			(struct ledger_settlement_part){.segment = "",
							.rule = LEDGER_PART_PERCENT,
							.weight = agreement->hub_percent};
	out->parts[out->part_count++] =
		(struct ledger_settlement_part){.segment = "", .rule = LEDGER_PART_REST};
	if (divide_parts(out, hub->party_count + 1) < 0)
		return -1;
	/* The last one is there for the case that nobody else is. */
	if (!out->parts[out->part_count - 1].share)
		out->part_count--;
	return add_up_shares(out, arena, hub->party_count + 1);
}
