/* Commands to the journal. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "ledger/ledger_amount.h"
#include "ledger/ledger_journal_order.h"
#include "ledger/ledger_share.h"

/* --- invoices --- */

int
ledger_post_invoice(struct ledger_order *o, const struct ledger_issue *issue)
{
	char key[LEDGER_FIELD_MAX + 1];
	(void)snprintf(key, sizeof(key), "issue %.900s", issue->name);
	struct ledger_entry *e = ledger_order_begin(o, LEDGER_ENTRY_INVOICE, key, "");
	if (!e)
		return ledger_order_nothing(o);
	ledger_order_number(o, e);
	e->subject = ledger_order_keep(o, issue->name);
	e->holder = ledger_order_keep(o, issue->holder);
	e->contract = ledger_order_keep(o, issue->contract);
	e->month = issue->month;
	e->date = issue->due;
	e->amount = issue->total;
	(void)ledger_order_postings(o, e, issue->part_count + 1);
	ledger_order_post(o, e, "receivable:", issue->holder, issue->total);
	for (size_t i = 0; i < issue->part_count; i++)
		ledger_order_post(o, e, issue->parts[i].account, "",
				  ledger_order_minus(issue->parts[i].amount));
	struct currency currency;
	if (o->status)
		return -1;
	if (!ledger_entry_balances(e, &currency))
		return ledger_order_refuse(o, 500, "the lines of %.80s do not add up to its total",
					   issue->name);
	o->drafts->items[o->drafts->count - 1].body = *issue->body;
	*issue->body = (struct buf){0};
	return 0;
}

/* An amount as it is posted for an invoice: of a received one on the other side. */
static struct money
on_side(const struct ledger_issued *bill, int sign, struct money amount)
{
	return (struct money){sign * ledger_issued_side(bill) * amount.minor, amount.currency};
}

/* --- credit notes --- */

/* The document: what is taken back of what. */
static void
write_credit(struct buf *out, const struct ledger_order *o, const struct ledger_entry *e,
	     const struct ledger_issued *bill)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_str(&j, "document", "credit-note");
	json_str(&j, "id", e->document);
	json_utc(&j, "date", o->now);
	json_object(&j, "invoice");
	json_str(&j, "id", bill->id);
	json_str(&j, "number", bill->name);
	json_money(&j, "total", bill->total);
	json_object_end(&j);
	json_str(&j, "holder", e->holder);
	json_money(&j, "amount", e->amount);
	json_array(&j, "lines");
	for (size_t i = 0; i < e->posting_count; i++) {
		if (strncmp(e->postings[i].account, "receivable:", 11) == 0 ||
		    strncmp(e->postings[i].account, "supplier:", 9) == 0)
			continue;
		json_object(&j, NULL);
		json_str(&j, "account", e->postings[i].account);
		json_money(&j, "amount", e->postings[i].amount);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_str(&j, "reason", e->reason);
	json_object_end(&j);
}

/* The amount is taken back from what the invoice was made of, in proportion to what is left of each
 * part; so that notes over all of it take back exactly all of it. */
static int
post_parts(struct ledger_order *o, struct ledger_entry *e, const struct ledger_issued *bill)
{
	size_t n = bill->part_count;
	int64_t *left = calloc(n + 1, sizeof(*left)), *shares = calloc(n + 1, sizeof(*shares));
	int result = left && shares ? 0 : ledger_order_no_memory(o);
	for (size_t i = 0; i < n && result == 0; i++)
		left[i] = bill->parts[i].amount - bill->parts[i].credited;
	if (result == 0 && ledger_share(shares, left, n, e->amount.minor) < 0)
		result = ledger_order_refuse(o, 409, "nothing is left of %.60s to be credited",
					     bill->id);
	for (size_t i = 0; i < n && result == 0; i++)
		ledger_order_post(
			o, e, bill->parts[i].account, "",
			(struct money){ledger_issued_side(bill) * shares[i], e->amount.currency});
	free(left);
	free(shares);
	return result;
}

/* `part`: of the key, when the command makes other entries too. */
static int
credit(struct ledger_order *o, const struct ledger_issued *bill, struct money amount,
       const char *part)
{
	char key[LEDGER_FIELD_MAX + 1], text[MONEY_TEXT], most[MONEY_TEXT];
	struct money left = {bill->total.minor - bill->credited, bill->total.currency};
	(void)snprintf(key, sizeof(key), "credit %.60s %s %.400s", bill->id,
		       money_format(text, amount), o->reason);
	struct ledger_entry *e = ledger_order_begin(o, LEDGER_ENTRY_CREDIT, key, part);
	if (!e)
		return ledger_order_nothing(o);
	if (left.minor >= 0 && amount.minor < 0)
		return ledger_order_refuse(o, 409, "a credit note is above zero");
	if ((amount.minor < 0) != (left.minor < 0) ||
	    (left.minor < 0 ? amount.minor < left.minor : amount.minor > left.minor))
		return ledger_order_refuse(o, 409, "%s is more than is left of %.60s, which is %s",
					   money_format(text, amount), bill->id,
					   money_format(most, left));
	ledger_order_number(o, e);
	e->subject = bill->id;
	e->holder = bill->holder;
	e->contract = bill->contract;
	e->month = bill->month;
	e->amount = amount;
	(void)ledger_order_postings(o, e, bill->part_count + 1);
	ledger_order_post(o, e, ledger_issued_account(bill), bill->holder,
			  on_side(bill, -1, amount));
	if (post_parts(o, e, bill) < 0 || o->status)
		return -1;
	write_credit(&o->drafts->items[o->drafts->count - 1].body, o, e, bill);
	return 0;
}

int
ledger_post_credit(struct ledger_order *o, const char *invoice, const char *amount)
{
	const struct ledger_issued *bill = ledger_order_bill(o, invoice);
	struct money credited;
	if (!bill)
		return -1;
	struct money left = {bill->total.minor - bill->credited, bill->total.currency};
	/* Given again, "all" finds nothing left: then the first one may be what is meant. */
	if (strcmp(amount, "all") == 0 && !left.minor)
		left.minor = bill->total.minor;
	return ledger_order_amount(o, &credited, amount, left) < 0 ? -1
								   : credit(o, bill, credited, "");
}

/* --- payments --- */

int
ledger_post_payment(struct ledger_order *o, const char *invoice, const char *amount,
		    struct utc_s date)
{
	const struct ledger_issued *bill = ledger_order_bill(o, invoice);
	char key[LEDGER_FIELD_MAX + 1], text[MONEY_TEXT], day[CLOCK_TEXT];
	struct money paid;
	if (!bill ||
	    ledger_order_amount(o, &paid, amount,
				(struct money){ledger_issued_open(bill), bill->total.currency}) < 0)
		return -1;
	(void)snprintf(key, sizeof(key), "pay %.60s %s %.10s %.400s", bill->id,
		       money_format(text, paid), utc_format(day, date), o->reason);
	struct ledger_entry *e = ledger_order_begin(o, LEDGER_ENTRY_PAYMENT, key, "");
	if (!e)
		return ledger_order_nothing(o);
	if (paid.minor < 0 && bill->total.minor >= 0 && -paid.minor > bill->paid)
		return ledger_order_refuse(
			o, 409, "more would go back than was paid for %.60s, which is %s", bill->id,
			money_format(text, (struct money){bill->paid, paid.currency}));
	ledger_order_number(o, e);
	e->subject = bill->id;
	e->holder = bill->holder;
	e->contract = bill->contract;
	e->month = bill->month;
	e->date = date;
	e->amount = paid;
	(void)ledger_order_postings(o, e, 2);
	ledger_order_post(o, e, "cash", "", on_side(bill, 1, paid));
	ledger_order_post(o, e, ledger_issued_account(bill), bill->holder, on_side(bill, -1, paid));
	return o->status ? -1 : 0;
}

/* --- disputes --- */

int
ledger_post_dispute(struct ledger_order *o, const char *invoice, const char *amount,
		    struct utc_s deadline)
{
	const struct ledger_issued *bill = ledger_order_bill(o, invoice);
	char key[LEDGER_FIELD_MAX + 1], text[MONEY_TEXT];
	struct money disputed;
	if (!bill)
		return -1;
	if (!*o->reason)
		return ledger_order_refuse(o, 400, "a dispute needs a reason");
	struct money left = {bill->total.minor - bill->credited, bill->total.currency};
	if (ledger_order_amount(o, &disputed, amount ? amount : "all", left) < 0)
		return -1;
	(void)snprintf(key, sizeof(key), "dispute %.60s %s %.400s", bill->id,
		       money_format(text, disputed), o->reason);
	struct ledger_entry *e = ledger_order_begin(o, LEDGER_ENTRY_DISPUTE, key, "");
	if (!e)
		return ledger_order_nothing(o);
	left.minor -= ledger_issued_disputed(&o->journal->documents, bill);
	/* Of what is disputed part may have been credited since. */
	if (left.minor < 0 && bill->total.minor >= 0)
		left.minor = 0;
	if (disputed.minor < 0 || disputed.minor > left.minor)
		return ledger_order_refuse(
			o, 409, "of %.60s no more than %s is left that is not disputed yet",
			bill->id, money_format(text, left));
	ledger_order_number(o, e);
	e->subject = bill->id;
	e->holder = bill->holder;
	e->contract = bill->contract;
	e->month = bill->month;
	e->date = deadline;
	e->amount = disputed;
	e->action = "open";
	return o->status ? -1 : 0;
}

/* What is granted: nothing, all that is disputed, or a part of it. */
static int
read_grant(struct ledger_order *o, struct money *out, const struct ledger_dispute *dispute,
	   const char *action, const char *amount, struct currency currency)
{
	*out = (struct money){0, {""}};
	if (strcmp(action, "accept") == 0)
		*out = (struct money){dispute->amount, currency};
	if (strcmp(action, "settle") != 0)
		return 0;
	if (!amount)
		return ledger_order_refuse(o, 400, "settle needs the amount that is granted");
	if (ledger_order_amount(o, out, amount, (struct money){dispute->amount, currency}) < 0)
		return -1;
	return out->minor > 0 && out->minor <= dispute->amount
		       ? 0
		       : ledger_order_refuse(o, 409,
					     "only %.60s's amount or a part of it can be granted",
					     dispute->id);
}

int
ledger_post_dispute_step(struct ledger_order *o, const char *id, const char *action,
			 const char *amount, struct utc_s deadline)
{
	const struct ledger_dispute *dispute = ledger_documents_dispute(&o->journal->documents, id);
	char key[LEDGER_FIELD_MAX + 1];
	enum ledger_dispute_state next;
	struct money granted;
	if (!dispute)
		return ledger_order_refuse(o, 404, "there is no dispute %.60s", id);
	const struct ledger_issued *bill = &o->journal->documents.bills[dispute->bill];
	if (read_grant(o, &granted, dispute, action, amount, bill->total.currency) < 0)
		return -1;
	/* What is done once needs no more words to be known again; answers may be several. */
	(void)snprintf(key, sizeof(key), "%s %.60s %.400s", action, dispute->id,
		       strcmp(action, "answer") == 0 ? o->reason : "");
	struct ledger_entry *e = ledger_order_begin(o, LEDGER_ENTRY_DISPUTE, key, "");
	if (!e)
		return ledger_order_nothing(o);
	if (!ledger_dispute_next(&next, dispute->state, action))
		return ledger_order_refuse(o, 409, "%.60s is %s: %s is not possible any more",
					   dispute->id, ledger_dispute_state_name(dispute->state),
					   action);
	e->subject = dispute->id;
	e->holder = bill->holder;
	e->contract = bill->contract;
	e->month = bill->month;
	e->date = next == LEDGER_DISPUTE_ANSWERED ? deadline : (struct utc_s){0};
	e->amount = granted;
	e->action = ledger_order_keep(o, action);
	if (o->status)
		return -1;
	return granted.minor ? credit(o, bill, granted, " credit") : 0;
}

/* --- settlements and transfers --- */

/* What the hub owes a party, or, below zero, is owed by it: its shares cost the hub, dues among
 * parties go through it. */
static void
post_statement(struct ledger_order *o, struct ledger_entry *e,
	       const struct ledger_settlement *settlement,
	       const struct ledger_settlement_statement *s)
{
	const char *id = settlement->parties[s->party].id;
	if (s->party == LEDGER_PARTY_HUB) {
		ledger_order_post(o, e, "cost:upkeep", "",
				  (struct money){s->dues_out, s->currency});
		ledger_order_post(o, e, "revenue:upkeep", "",
				  (struct money){-s->dues_in, s->currency});
		return;
	}
	ledger_order_post(o, e, "cost:transit", "", (struct money){s->share, s->currency});
	ledger_order_post(o, e, "payable:", id, (struct money){-s->net, s->currency});
}

int
ledger_post_settlement(struct ledger_order *o, const struct ledger_settlement *settlement)
{
	char key[128];
	(void)snprintf(key, sizeof(key), "settle %.60s", settlement->id);
	struct ledger_entry *e = ledger_order_begin(o, LEDGER_ENTRY_SETTLEMENT, key, "");
	if (!e)
		return ledger_order_nothing(o);
	e->document = ledger_order_keep(o, settlement->id);
	e->month = settlement->month;
	(void)ledger_order_postings(o, e, settlement->statement_count * 2);
	for (size_t i = 0; i < settlement->statement_count; i++)
		post_statement(o, e, settlement, &settlement->statements[i]);
	ledger_settlement_write(settlement, &o->drafts->items[o->drafts->count - 1].body);
	return o->status ? -1 : 0;
}

int
ledger_post_transfer(struct ledger_order *o, const char *from, const char *to, struct money amount,
		     struct utc_s date)
{
	char key[LEDGER_FIELD_MAX + 1], text[MONEY_TEXT], day[CLOCK_TEXT];
	if (strcmp(from, to) == 0)
		return ledger_order_refuse(o, 400, "from and to are the same");
	if (amount.minor <= 0)
		return ledger_order_refuse(o, 400, "a transfer is above zero");
	(void)snprintf(key, sizeof(key), "transfer %.60s %.60s %s %.10s %.400s", from, to,
		       money_format(text, amount), utc_format(day, date), o->reason);
	struct ledger_entry *e = ledger_order_begin(o, LEDGER_ENTRY_TRANSFER, key, "");
	if (!e)
		return ledger_order_nothing(o);
	ledger_order_number(o, e);
	e->holder = ledger_order_keep(o, strcmp(from, LEDGER_PARTY_HUB_ID) == 0 ? to : from);
	e->date = date;
	e->amount = amount;
	(void)ledger_order_postings(o, e, 2);
	/* Who pays owes less; who gets is owed less. */
	if (strcmp(from, LEDGER_PARTY_HUB_ID) == 0)
		ledger_order_post(o, e, "cash", "", ledger_order_minus(amount));
	else
		ledger_order_post(o, e, "payable:", from, ledger_order_minus(amount));
	if (strcmp(to, LEDGER_PARTY_HUB_ID) == 0)
		ledger_order_post(o, e, "cash", "", amount);
	else
		ledger_order_post(o, e, "payable:", to, amount);
	return o->status ? -1 : 0;
}

/* --- the rest --- */

int
ledger_post_series(struct ledger_order *o, const char *contract, struct utc_s month,
		   struct buf *body)
{
	char key[LEDGER_FIELD_MAX + 1], hash[LEDGER_HASH_TEXT], day[CLOCK_TEXT];
	(void)snprintf(key, sizeof(key), "series %.60s %.7s %s", contract, utc_format(day, month),
		       ledger_hash_format(hash, ledger_body_hash(body->data, body->length)));
	struct ledger_entry *e = ledger_order_begin(o, LEDGER_ENTRY_SERIES, key, "");
	if (!e)
		return ledger_order_nothing(o);
	ledger_order_number(o, e);
	e->contract = ledger_order_keep(o, contract);
	e->month = month;
	if (o->status)
		return -1;
	o->drafts->items[o->drafts->count - 1].body = *body;
	*body = (struct buf){0};
	return 0;
}

int
ledger_post_ways(struct ledger_order *o, const struct ledger_ways_said *said)
{
	char key[LEDGER_FIELD_MAX + 1], action[LEDGER_SAID_ACTION];
	struct ledger_said row = {said->from, said->until, 0, said->since};
	(void)snprintf(key, sizeof(key), "ways %.60s", said->number);
	struct ledger_entry *e = ledger_order_begin(o, LEDGER_ENTRY_WAYS, key, "");
	if (!e)
		return ledger_order_nothing(o);
	ledger_order_number(o, e);
	e->date = said->from;
	e->action = ledger_order_keep(o, ledger_said_action(action, &row));
	if (o->status)
		return -1;
	o->drafts->items[o->drafts->count - 1].body = *said->body;
	*said->body = (struct buf){0};
	return 0;
}

int
ledger_post_note(struct ledger_order *o)
{
	char key[LEDGER_FIELD_MAX + 1], time[CLOCK_TEXT];
	(void)snprintf(key, sizeof(key), "note %s %.400s", utc_format(time, o->now), o->reason);
	struct ledger_entry *e = ledger_order_begin(o, LEDGER_ENTRY_NOTE, key, "");
	if (!e)
		return ledger_order_nothing(o);
	ledger_order_number(o, e);
	return o->status ? -1 : 0;
}
