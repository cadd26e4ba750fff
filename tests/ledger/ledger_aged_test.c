/* What is open by age: invoices by the day that they name, shares of settlements by the day of the
 * settlement, the oldest paid first. */
#include "ledger/ledger_aged.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_journal_post.h"
#include "tap.h"

enum { DAY_S = 86400, PAYMENT_DAYS = 30 };

static const struct currency usd = {"USD"}, pkr = {"PKR"};
static const struct utc_s first = {1793491200}; /* midnight */
static struct ledger_journal *journal;

static struct utc_s
days(int64_t count)
{
	return (struct utc_s){first.s + count * DAY_S};
}

/* Puts what was posted on that day into the journal, as the file would. */
static void
take(struct ledger_order *o)
{
	char fault[LEDGER_FAULT];
	struct ledger_drafts *drafts = o->drafts;
	if (o->status)
		printf("Bail out! refused with %d\n", o->status), exit(1);
	for (size_t i = 0; i < drafts->count; i++) {
		struct buf text = {0};
		struct ledger_entry *e = &drafts->items[i].entry;
		e->time = o->now;
		e->body_length = drafts->items[i].body.length;
		e->body = ledger_body_hash(drafts->items[i].body.data, e->body_length);
		if (ledger_journal_encode(journal, e, &text) < 0 ||
		    ledger_journal_take(journal, cursor_of(text.data, text.length), fault) < 0)
			printf("Bail out! %s\n", fault), exit(1);
		buf_fini(&text);
	}
	ledger_drafts_fini(drafts);
}

/* At noon of the day. */
static struct ledger_order
order(struct ledger_drafts *drafts, int64_t day)
{
	*drafts = (struct ledger_drafts){0};
	return (struct ledger_order){.journal = journal,
				     .prefix = "TST",
				     .by = "tester",
				     .reason = "a test",
				     .key = "",
				     .now = {days(day).s + DAY_S / 2},
				     .drafts = drafts};
}

static void
issue(const char *name, int64_t due)
{
	struct ledger_drafts drafts;
	struct ledger_order o = order(&drafts, 0);
	struct buf body = {0};
	struct ledger_posting part = {"revenue:commit", {700, usd}};
	struct ledger_issue what = {.name = name,
				    .holder = "64501",
				    .contract = name,
				    .month = first,
				    .due = days(due),
				    .total = {700, usd},
				    .parts = &part,
				    .part_count = 1,
				    .body = &body};
	buf_str(&body, "{}");
	(void)ledger_post_invoice(&o, &what);
	take(&o);
}

static void
dispute(size_t bill, const char *amount)
{
	struct ledger_drafts drafts;
	struct ledger_order o = order(&drafts, 0);
	(void)ledger_post_dispute(&o, journal->documents.bills[bill].id, amount, days(14));
	take(&o);
}

/* Of an owner "a" who gets `net`; and "b" who pays what is left. */
static void
settle(const char *id, int64_t day, int64_t net, struct currency currency)
{
	struct ledger_drafts drafts;
	struct ledger_order o = order(&drafts, day);
	struct ledger_party parties[] = {{.id = LEDGER_PARTY_HUB_ID}, {.id = "a"}, {.id = "b"}};
	struct ledger_settlement_statement statements[] = {
		{.party = 1, .currency = currency, .share = net, .net = net},
		{.party = 2, .currency = currency, .share = -1, .net = -1}};
	struct ledger_settlement s = {.id = id,
				      .month = first,
				      .time = o.now,
				      .parties = parties,
				      .party_count = 3,
				      .statements = statements,
				      .statement_count = 2};
	(void)ledger_post_settlement(&o, &s);
	take(&o);
}

static void
transfer(int64_t day, const char *from, int64_t minor)
{
	struct ledger_drafts drafts;
	struct ledger_order o = order(&drafts, day);
	(void)ledger_post_transfer(&o, from, strcmp(from, "hub") == 0 ? "a" : "hub",
				   (struct money){minor, usd}, days(day));
	take(&o);
}

static int64_t
disputed(int64_t day)
{
	size_t count = 0;
	int64_t sum = 0;
	struct ledger_aged *rows = ledger_aged_receivables(&count, journal, days(day));
	for (size_t i = 0; i < count; i++)
		sum += rows[i].disputed;
	free(rows);
	return sum;
}

/* "HOLDER CODE not-due 30 60 90 older" each. */
static const char *
told(bool payables, int64_t day)
{
	static char text[512];
	size_t count = 0, length = 0;
	struct ledger_aged *rows =
		payables ? ledger_aged_payables(&count, journal, PAYMENT_DAYS, days(day))
			 : ledger_aged_receivables(&count, journal, days(day));
	text[0] = '\0';
	for (size_t i = 0; i < count; i++)
		length += (size_t)snprintf(
			text + length, sizeof(text) - length, "%s%s %s %d %d %d %d %d",
			i ? "; " : "", rows[i].holder, rows[i].currency.code,
			(int)rows[i].open[LEDGER_NOT_DUE], (int)rows[i].open[LEDGER_DAYS_30],
			(int)rows[i].open[LEDGER_DAYS_60], (int)rows[i].open[LEDGER_DAYS_90],
			(int)rows[i].open[LEDGER_OLDER]);
	free(rows);
	return text;
}

static void
invoices(void)
{
	is_str(told(false, 0), "", "nothing is open in an empty journal");
	is_str(told(true, 0), "", "nor owed");
	issue("T-1", 10);
	issue("T-2", 50);
	is_str(told(false, 10), "64501 USD 1400 0 0 0 0", "on the day it is due it is not late");
	is_str(told(false, 11), "64501 USD 700 700 0 0 0", "the day after it is");
	is_str(told(false, 41), "64501 USD 700 0 700 0 0", "more than 30 days late");
	is_str(told(false, 300), "64501 USD 0 0 0 0 1400", "all of it long late");
	is_str(told(true, 300), "", "what others owe is not what the hub owes");
	is_int(disputed(300), 0, "nothing of it is disputed");
	dispute(0, "3.00");
	is_int(disputed(300), 300, "what is disputed of one invoice is told of its holder");
	dispute(1, "4.50");
	is_int(disputed(300), 750, "and what is of another is added");
	is_str(told(false, 11), "64501 USD 700 700 0 0 0", "what is disputed stays open");
}

static void
settlements(void)
{
	settle("TST-S000001", 0, 1000, usd);
	settle("TST-S000002", 40, 500, usd);
	settle("TST-S000003", 40, 30, pkr);
	is_str(told(true, 30), "a PKR 30 0 0 0 0; a USD 1500 0 0 0 0",
	       "a share is due as many days after the settlement as an invoice is");
	is_str(told(true, 31), "a PKR 30 0 0 0 0; a USD 500 1000 0 0 0",
	       "the day after it is late; who owes is not among who is owed");
	is_str(told(true, 71), "a PKR 0 30 0 0 0; a USD 0 500 1000 0 0", "each by its own day");
	transfer(41, "hub", 400);
	is_str(told(true, 71), "a PKR 0 30 0 0 0; a USD 0 500 600 0 0",
	       "what was transferred is for what waited longest");
	transfer(42, "hub", 800);
	is_str(told(true, 71), "a PKR 0 30 0 0 0; a USD 0 300 0 0 0", "then for the next");
	transfer(43, "a", 1300);
	is_str(told(true, 300), "a PKR 0 0 0 0 30; a USD 100 0 0 0 1500",
	       "what a party paid beyond what it owed is never late");
	transfer(44, "hub", 1600);
	is_str(told(true, 300), "a PKR 0 0 0 0 30", "what is paid is not told");
	is_str(told(false, 11), "64501 USD 700 700 0 0 0", "and is not what others owe");
}

int
main(void)
{
	journal = ledger_journal_new();
	invoices();
	settlements();
	ledger_journal_free(journal);
	return done_testing();
}
