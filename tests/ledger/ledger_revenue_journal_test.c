/* Revenue of what was issued is what the journal's accounts have, to the last unit, by whatever it is split. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_journal_post.h"
#include "ledger/ledger_revenue.h"
#include "made_up.h"
#include "tap.h"

enum { SEGMENTS = 7, PARTIES = 3, CONTRACTS = 6, SETTLEMENTS = 3, MONTHS = 3 };

static const struct currency usd = {"USD"}, jpy = {"JPY"};
static struct hub_member members[] = {
	{.asn = {64501}, .name = "Alpha", .country = {"PK"}},
	{.asn = {64502}, .name = "Beta", .country = {"CN"}},
};
static uint32_t ways[CONTRACTS][SEGMENTS];
static struct hub_segment segments[SEGMENTS];
static struct hub_party parties[PARTIES] = {{.id = "p0", .name = "Party 0", .country = {"GE"}},
					    {.id = "p1", .name = "Party 1", .country = {"AZ"}},
					    {.id = "p2", .name = "Party 2"}};
static struct hub_contract contracts[CONTRACTS] = {
	{.id = "c0", .member = 0, .segment_count = 4},
	{.id = "c1", .member = 1, .segment_count = 7},
	{.id = "c2", .member = 0},
	{.id = "c3", .member = HUB_NONE, .party = 1, .segment_count = 1},
	{.id = "c4", .member = 1, .purchase = true},
	{.id = "c5", .member = HUB_NONE, .party = 2, .purchase = true},
};
static struct hub_settlement_term terms[] = {
	{.segment = 1, .kind = HUB_TERM_FIXED},
	{.segment = 3, .kind = HUB_TERM_PERCENT, .percent = 333}};
static struct hub_due dues[] = {
	{.from = HUB_NONE, .to = 0, .amount = {12345670000, {"USD"}}, .text = "upkeep"},
	{.from = 2, .to = HUB_NONE, .amount = {7777770000, {"USD"}}, .text = "a lease"},
	{.from = 1, .to = 2, .amount = {990000, {"USD"}}, .text = "among themselves"},
};
static struct hub_settlement agreements[] = {{
	.id = "s",
	.currency = {"USD"},
	.hub_percent = 500,
	.terms = terms,
	.term_count = 2,
	.dues = dues,
	.due_count = 3,
}};
static const struct hub hub = {
	.name = "Test Hub",
	.members = members,
	.member_count = 2,
	.segments = segments,
	.segment_count = SEGMENTS,
	.parties = parties,
	.party_count = PARTIES,
	.contracts = contracts,
	.contract_count = CONTRACTS,
	.settlements = agreements,
	.settlement_count = 1,
};

static struct world {
	struct ledger_journal *journal;
	struct arena *arena;
	struct ledger_settlement settlements[SETTLEMENTS];
	const struct ledger_settlement *in_order[SETTLEMENTS];
	size_t settlement_count;
	struct made_up made_up;
} world;

static void
set_up(void)
{
	for (uint32_t i = 0; i < SEGMENTS; i++) {
		static char ids[SEGMENTS][4];
		(void)snprintf(ids[i], sizeof(ids[i]), "S%u", i);
		segments[i] = (struct hub_segment){.id = ids[i],
						   .length_km = 10.5 * (i + 1),
						   .owner = i % 4 == 3 ? HUB_NONE : i % 4};
	}
	terms[0].amount = (struct price){1230000, usd};
	for (size_t i = 0; i < CONTRACTS; i++) {
		contracts[i].segments = ways[i];
		contracts[i].currency = i == 2 ? jpy : usd;
		for (uint32_t k = 0; k < SEGMENTS; k++)
			ways[i][k] = (uint32_t)((k + i) % SEGMENTS);
	}
}

static struct ledger_order
order(struct ledger_drafts *drafts, const char *reason)
{
	*drafts = (struct ledger_drafts){0};
	return (struct ledger_order){.journal = world.journal,
				     .prefix = "T",
				     .by = "tester",
				     .reason = reason,
				     .key = "",
				     .now = {1793491200},
				     .drafts = drafts};
}

/* Adds what was drafted. */
static bool
add(struct ledger_order *o, int result)
{
	char fault[LEDGER_FAULT] = "";
	bool good = result == 0;
	for (size_t i = 0; good && i < o->drafts->count; i++) {
		struct ledger_draft *draft = &o->drafts->items[i];
		struct buf text = {0};
		draft->entry.time = o->now;
		draft->entry.body_length = draft->body.length;
		draft->entry.body = ledger_body_hash(draft->body.data, draft->body.length);
		good = ledger_journal_encode(world.journal, &draft->entry, &text) == 0 &&
		       ledger_journal_take(world.journal, cursor_of(text.data, text.length),
					   fault) == 0;
		buf_fini(&text);
	}
	if (!good)
		printf("# %s %s\n", o->complaint, fault);
	ledger_drafts_fini(o->drafts);
	return good;
}

static int64_t
any_amount(void)
{
	return (int64_t)made_up_below(&world.made_up,
				      UINT64_C(1) << (1 + made_up_below(&world.made_up, 40)));
}

static const char *
holder_of(const struct hub_contract *c)
{
	static char text[16];
	if (c->member == HUB_NONE)
		return parties[c->party].id;
	(void)snprintf(text, sizeof(text), "%u", members[c->member].asn.number);
	return text;
}

static bool
bill(size_t contract, int month)
{
	const struct hub_contract *c = &contracts[contract];
	struct ledger_drafts drafts;
	struct ledger_order o = order(&drafts, "");
	struct buf body = {0};
	char name[40];
	const char *kind = c->purchase ? "purchase" : "revenue";
	char accounts[3][40];
	static const char *const kinds[] = {"transit", "port", "credit"};
	int64_t net = 0;
	struct ledger_posting parts[4];
	for (size_t i = 0; i < 3; i++) {
		(void)snprintf(accounts[i], sizeof(accounts[i]), "%s:%s", kind, kinds[i]);
		int64_t amount = i == 2 ? -any_amount() / 4 : any_amount();
		parts[i] = (struct ledger_posting){accounts[i], {amount, c->currency}};
		net += amount;
	}
	parts[3] = (struct ledger_posting){"tax", {net / 7, c->currency}};
	(void)snprintf(name, sizeof(name), "T-%02d-%s", month, c->id);
	struct money total = {net + net / 7, c->currency};
	struct ledger_issue issue = {.name = name,
				     .holder = holder_of(c),
				     .contract = c->id,
				     .month = utc_month_start(2026, month),
				     .total = total,
				     .parts = parts,
				     .part_count = 4,
				     .body = &body};
	struct ledger_receipt receipt = {.number = name,
					 .holder = holder_of(c),
					 .contract = c->id,
					 .month = issue.month,
					 .amount = "expected",
					 .expected = total,
					 .parts = parts,
					 .part_count = 4};
	if (!total.minor)
		return true;
	bool good = add(&o, c->purchase ? ledger_post_receipt(&o, &receipt)
					: ledger_post_invoice(&o, &issue));
	buf_fini(&body);
	return good;
}

/* A part of one in three is taken back, all of one in nine. */
static bool
credit_some(void)
{
	const struct ledger_documents *d = &world.journal->documents;
	bool good = true;
	for (size_t i = 0; i < d->bill_count && good; i++) {
		const struct ledger_issued *b = &d->bills[i];
		struct money left = {(b->total.minor - b->credited) / 3, b->total.currency};
		struct ledger_drafts drafts;
		struct ledger_order o = order(&drafts, "late");
		char amount[MONEY_TEXT], reason[32];
		(void)snprintf(reason, sizeof(reason), "late %u",
			       (unsigned)world.journal->head.number);
		o.reason = reason;
		if (!left.minor || made_up_below(&world.made_up, 3))
			continue;
		good = add(&o, ledger_post_credit(&o, b->id,
						  made_up_below(&world.made_up, 3)
							  ? money_format_amount(amount, left)
							  : "all"));
	}
	return good;
}

static bool
settle(int month)
{
	struct ledger_drafts drafts;
	struct ledger_order o = order(&drafts, "");
	char id[LEDGER_DOCUMENT_TEXT];
	struct ledger_settlement *s = &world.settlements[world.settlement_count];
	struct ledger_settlement_source source = {
		.hub = &hub,
		.documents = &world.journal->documents,
		.earlier = world.in_order,
		.earlier_count = world.settlement_count,
		.id = arena_str(world.arena,
				ledger_documents_next_id(id, &world.journal->documents,
							 LEDGER_ENTRY_SETTLEMENT, 0, "T")),
		.month = utc_month_start(2026, month),
		.time = o.now,
	};
	if (ledger_settlement_make(s, world.arena, &source) < 0)
		return errno == EOVERFLOW;
	if (ledger_settlement_is_empty(s))
		return true;
	world.in_order[world.settlement_count++] = s;
	return add(&o, ledger_post_settlement(&o, s));
}

/* The accounts whose names begin so, debits less credits. */
static int64_t
sum_of(const char *prefix, struct currency currency)
{
	const struct ledger_accounts *a = &world.journal->accounts;
	int64_t sum = 0;
	for (size_t i = 0; i < a->count; i++)
		if (strncmp(a->items[i].name, prefix, strlen(prefix)) == 0 &&
		    strcmp(a->items[i].currency.code, currency.code) == 0)
			sum += a->items[i].debit - a->items[i].credit;
	return sum;
}

static bool
agrees(const struct ledger_revenue *r, struct currency currency)
{
	int64_t sum = 0, cost = 0, shared = 0, months = 0, total = 0;
	for (size_t i = 0; i < r->row_count; i++) {
		if (strcmp(r->rows[i].currency.code, currency.code) != 0)
			continue;
		sum += r->rows[i].sum;
		cost += r->rows[i].cost;
		shared += r->rows[i].shared;
		for (int m = 0; m < LEDGER_MONTHS; m++)
			months += r->rows[i].months[m];
	}
	for (size_t i = 0; i < r->total_count; i++)
		if (strcmp(r->totals[i].currency.code, currency.code) == 0)
			total = r->totals[i].sum;
	bool good = sum == -sum_of("revenue:", currency) && sum == months && sum == total &&
		    cost == sum_of("purchase:", currency) + sum_of("cost:upkeep", currency) &&
		    shared == sum_of("cost:transit", currency);
	if (!good)
		printf("# by %s, %s: %lld of %lld; cost %lld; shared %lld of %lld\n",
		       ledger_revenue_by_name(r->by), currency.code, (long long)sum,
		       (long long)-sum_of("revenue:", currency), (long long)cost, (long long)shared,
		       (long long)sum_of("cost:transit", currency));
	return good;
}

/* A made-up quarter in the journal. */
static bool
live(uint64_t seed)
{
	world = (struct world){
		.journal = ledger_journal_new(), .arena = arena_new(), .made_up = {seed}};
	bool good = true;
	for (int month = 1; month <= MONTHS && good; month++) {
		for (size_t i = 0; i < CONTRACTS && good; i++)
			good = bill(i, month);
		good = good && credit_some() && settle(month);
	}
	for (int by = LEDGER_BY_MEMBER; by <= LEDGER_BY_SERVICE && good; by++) {
		struct ledger_revenue r = {
			.by = (enum ledger_revenue_by)by, .year = 2026, .arena = world.arena};
		good = ledger_revenue_add_journal(&r, &hub, &world.journal->documents,
						  world.in_order, world.settlement_count) == 0 &&
		       agrees(&r, usd) && agrees(&r, jpy);
	}
	struct buf faults = {0};
	good = good && ledger_journal_check(world.journal, &faults) && faults.length == 0;
	buf_fini(&faults);
	return good;
}

static void
leave(void)
{
	ledger_journal_free(world.journal);
	arena_free(world.arena);
}

int
main(void)
{
	uint64_t wrong = 0;
	set_up();
	for (uint64_t seed = 1; seed <= 200; seed++) {
		if (!live(seed)) {
			printf("# seed %u\n", (unsigned)seed);
			wrong++;
		}
		leave();
	}
	is_int((long long)wrong, 0,
	       "of 200 made-up quarters revenue is what the accounts have, to the last unit");
	(void)live(7);
	struct ledger_revenue one = {
		.by = LEDGER_BY_MEMBER, .year = 2026, .month = 2, .arena = world.arena};
	ok(ledger_revenue_add_journal(&one, &hub, &world.journal->documents, world.in_order,
				      world.settlement_count) == 0 &&
		   one.issued == CONTRACTS && one.totals[0].computed == 0,
	   "of one month only what is about it, and nothing of it is computed");
	struct ledger_revenue other = {.by = LEDGER_BY_MEMBER, .year = 2025, .arena = world.arena};
	ok(ledger_revenue_add_journal(&other, &hub, &world.journal->documents, world.in_order,
				      world.settlement_count) == 0 &&
		   !other.row_count,
	   "of another year nothing");
	ok(ledger_revenue_is_in(&world.journal->documents, "c4", utc_month_start(2026, 1)) &&
		   ledger_revenue_is_in(&world.journal->documents, "c0",
					utc_month_start(2026, 1)) &&
		   !ledger_revenue_is_in(&world.journal->documents, "c0", utc_month_start(2026, 4)),
	   "what is in the journal, issued or received, is not computed besides");
	leave();
	return done_testing();
}
