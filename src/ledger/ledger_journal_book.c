/* Commands to the journal: invoices that came in, bins that are put right by hand. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "ledger/ledger_amount.h"
#include "ledger/ledger_journal_order.h"
#include "ledger/ledger_share.h"

/* --- invoices that came in --- */

/* The document: what is asked for, beside what was expected. */
static void
write_receipt(struct buf *out, const struct ledger_order *o, const struct ledger_entry *e,
	      const struct ledger_receipt *receipt)
{
	struct json j = json_to(out);
	struct money more = {e->amount.minor - receipt->expected.minor, e->amount.currency};
	json_object(&j, NULL);
	json_str(&j, "document", "received-invoice");
	json_str(&j, "id", e->document);
	json_utc(&j, "date", o->now);
	json_str(&j, "number", receipt->number);
	json_str(&j, "holder", e->holder);
	json_str(&j, "contract", e->contract);
	json_utc(&j, "month", e->month);
	json_utc(&j, "due", e->date);
	json_money(&j, "amount", e->amount);
	json_money(&j, "expected", receipt->expected);
	json_money(&j, "more_than_expected", more);
	json_array(&j, "lines");
	for (size_t i = 0; i < e->posting_count; i++) {
		if (strncmp(e->postings[i].account, "supplier:", 9) == 0)
			continue;
		json_object(&j, NULL);
		json_str(&j, "account", e->postings[i].account);
		json_money(&j, "amount", e->postings[i].amount);
		json_object_end(&j);
	}
	json_array_end(&j);
	if (receipt->bill && receipt->bill->length)
		json_raw(&j, "bill", (const char *)receipt->bill->data, receipt->bill->length);
	else
		json_null(&j, "bill");
	json_object_end(&j);
}

/* What is asked for, spread over what was expected. */
static int
post_parts(struct ledger_order *o, struct ledger_entry *e, const struct ledger_receipt *receipt)
{
	size_t n = receipt->part_count;
	int64_t *weights = calloc(n + 1, sizeof(*weights)),
		*shares = calloc(n + 1, sizeof(*shares));
	int result = weights && shares ? 0 : ledger_order_no_memory(o);
	for (size_t i = 0; i < n && result == 0; i++)
		weights[i] = receipt->parts[i].amount.minor;
	bool spread = result == 0 && ledger_share(shares, weights, n, e->amount.minor) == 0;
	for (size_t i = 0; i < n && spread; i++)
		ledger_order_post(o, e, receipt->parts[i].account, "",
				  (struct money){shares[i], e->amount.currency});
	if (result == 0 && !spread)
		ledger_order_post(o, e, "purchase:", "other", e->amount);
	free(weights);
	free(shares);
	return result;
}

int
ledger_post_receipt(struct ledger_order *o, const struct ledger_receipt *receipt)
{
	char key[LEDGER_FIELD_MAX + 1], name[LEDGER_FIELD_MAX + 1];
	struct money asked = receipt->expected;
	if (!*receipt->number)
		return ledger_order_refuse(o, 400, "the number that the invoice bears is missing");
	if (strcmp(receipt->amount, "expected") == 0
		    ? !asked.minor
		    : ledger_order_amount(o, &asked, receipt->amount, receipt->expected) < 0)
		return o->status ? -1 : ledger_order_refuse(o, 409, "nothing is expected");
	/* A number of a supplier's is booked once, whatever is said of it. */
	(void)snprintf(key, sizeof(key), "receive %.100s %.800s", receipt->holder, receipt->number);
	(void)snprintf(name, sizeof(name), "%.100s %.800s", receipt->holder, receipt->number);
	struct ledger_entry *e = ledger_order_begin(o, LEDGER_ENTRY_RECEIVED, key, "");
	if (!e)
		return ledger_order_nothing(o);
	ledger_order_number(o, e);
	e->subject = ledger_order_keep(o, name);
	e->holder = ledger_order_keep(o, receipt->holder);
	e->contract = ledger_order_keep(o, receipt->contract);
	e->month = receipt->month;
	e->date = receipt->due;
	e->amount = asked;
	e->reason = ledger_order_keep(o, receipt->number);
	(void)ledger_order_postings(o, e, receipt->part_count + 2);
	ledger_order_post(o, e, "supplier:", receipt->holder, ledger_order_minus(asked));
	if (post_parts(o, e, receipt) < 0 || o->status)
		return -1;
	if (ledger_documents_bill(&o->journal->documents, name))
		return ledger_order_refuse(o, 409, "%.100s was received before", name);
	write_receipt(&o->drafts->items[o->drafts->count - 1].body, o, e, receipt);
	return 0;
}

/* --- bins that are put right --- */

int
ledger_post_adjustment(struct ledger_order *o, const char *port, struct utc_s start,
		       const struct ledger_adjustment *adjustment)
{
	char key[LEDGER_FIELD_MAX + 1], action[LEDGER_ADJUSTMENT_ACTION], time[CLOCK_TEXT];
	const struct ledger_documents *d = &o->journal->documents;
	size_t before = 0;
	if (!*o->reason)
		return ledger_order_refuse(o, 400, "an adjustment needs a reason");
	(void)ledger_adjustment_action(action, adjustment);
	/* The same again is known, but not after something else was said of the bin. */
	for (size_t i = 0; i < d->adjustment_count; i++) {
		char other[LEDGER_ADJUSTMENT_ACTION];
		before += strcmp(d->adjustments[i].port, port) == 0 &&
			  d->adjustments[i].start.s == start.s &&
			  strcmp(ledger_adjustment_action(other, &d->adjustments[i]), action) != 0;
	}
	(void)snprintf(key, sizeof(key), "adjust %.200s %s %s %.400s %zu", port,
		       utc_format(time, start), action, o->reason, before);
	struct ledger_entry *e = ledger_order_begin(o, LEDGER_ENTRY_ADJUSTMENT, key, "");
	if (!e)
		return ledger_order_nothing(o);
	ledger_order_number(o, e);
	e->subject = ledger_order_keep(o, port);
	e->date = start;
	e->action = ledger_order_keep(o, action);
	return o->status ? -1 : 0;
}
