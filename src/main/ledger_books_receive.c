/* The journal in the ledger's process: invoices that came in, beside what the contract says; and bins that are put
 * right by hand. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "main/ledger_books_parts.h"
#include "view/view_ledger.h"

__attribute__((format(printf, 3, 4))) static int
refuse(struct ledger_deed *deed, int status, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(deed->order.complaint, sizeof(deed->order.complaint), format, arguments);
	va_end(arguments);
	deed->order.status = status;
	return -1;
}

/* --- invoices that came in --- */

static struct utc_s
last_month(struct utc_s now)
{
	struct utc_date today = utc_to_date(now);
	return utc_month_start(today.year, today.month - 1);
}

/* What the contract says of that month; false when it says nothing. */
static bool
expect(struct ledger_receipt *receipt, struct ledger_deed *deed, struct arena *arena,
       uint32_t contract, struct buf *bill)
{
	struct ledger_books_place place = deed->books->where(deed->books->context);
	struct ledger_invoice expected;
	if (!place.desk || ledger_desk_invoice(place.desk, &expected, NULL, contract,
					       receipt->month, deed->order.now))
		return false;
	struct ledger_posting *parts =
		arena_take(arena, (expected.charge.line_count + 1) * sizeof(*parts));
	size_t count = parts ? ledger_books_accounts(parts, arena, "purchase:", &expected.charge)
			     : SIZE_MAX;
	if (count == SIZE_MAX)
		return false;
	view_ledger_bill(bill, VIEW_LEDGER_JSON, &expected);
	while (bill->length && bill->data[bill->length - 1] == '\n')
		bill->length--;
	receipt->expected = expected.charge.total;
	receipt->parts = parts;
	receipt->part_count = count;
	receipt->bill = bill;
	return true;
}

/* How what they ask for compares with what was expected. */
static void
note_difference(struct ledger_deed *deed, struct money expected)
{
	char text[MONEY_TEXT], more[MONEY_TEXT];
	if (deed->order.known || !deed->drafts.count)
		return;
	int64_t asked = deed->drafts.items[deed->drafts.count - 1].entry.amount.minor;
	struct money difference = {asked - expected.minor, expected.currency};
	bool less = difference.minor < 0;
	if (less)
		difference.minor = -difference.minor;
	(void)snprintf(deed->note, sizeof(deed->note), "expected by the contract: %s%s%s%s",
		       money_format(text, expected), difference.minor ? "; they ask for " : "",
		       difference.minor ? money_format(more, difference) : "",
		       !difference.minor ? ""
		       : less            ? " less"
					 : " more");
}

int
ledger_books_receive(struct ledger_deed *deed, const struct ledger_journal_question *q)
{
	const struct hub *hub = deed->books->where(deed->books->context).hub;
	const struct hub_contract *contract = &hub->contracts[q->contract];
	int64_t days = hub->billing.payment_days * INT64_C(86400);
	int64_t today = deed->order.now.s - deed->order.now.s % 86400;
	char holder[LEDGER_HOLDER];
	struct ledger_invoice whose = {
		.member = hub_contract_payer(hub, contract),
		.party = contract->member == HUB_NONE ? hub->parties[contract->party].id : NULL,
	};
	struct ledger_receipt receipt = {
		.number = q->subject,
		.holder = ledger_invoice_holder(holder, &whose),
		.contract = contract->id,
		.month = q->month.s ? q->month : last_month(deed->order.now),
		.due = q->date.s ? q->date : (struct utc_s){today + days},
		.amount = q->amount,
		.expected = {0, contract->currency},
	};
	struct buf bill = {0};
	struct arena *arena = arena_new();
	int result;
	if (!arena)
		result = refuse(deed, 500, "no memory");
	else if (!expect(&receipt, deed, arena, q->contract, &bill) &&
		 strcmp(q->amount, "expected") == 0)
		result = refuse(deed, 409,
				"what is expected of that month is not known: say the amount");
	else if ((result = ledger_post_receipt(&deed->order, &receipt)) == 0)
		note_difference(deed, receipt.expected);
	buf_fini(&bill);
	arena_free(arena);
	return result;
}

/* --- bins that are put right --- */

static bool
has_port(const struct hub_contract *contract, uint32_t port)
{
	for (size_t i = 0; i < contract->port_count; i++)
		if (contract->ports[i] == port)
			return true;
	return false;
}

/* What was issued stands on its bins: it has to be credited whole before they are changed. */
static int
check_issued(struct ledger_deed *deed, const struct hub *hub, uint32_t port, struct utc_s start)
{
	const struct ledger_documents *d = &deed->order.journal->documents;
	for (size_t i = 0; i < hub->contract_count; i++) {
		const struct hub_contract *contract = &hub->contracts[i];
		struct utc_date date = zone_date(contract->zone, start);
		const struct ledger_issued *bill = ledger_documents_bill_of(
			d, contract->id, utc_month_start(date.year, date.month));
		if (bill && has_port(contract, port) && bill->credited != bill->total.minor)
			return refuse(deed, 409,
				      "%.40s rests on that bin: credit all of it first, then issue "
				      "that month --again",
				      bill->id);
	}
	return 0;
}

int
ledger_books_adjust(struct ledger_deed *deed, const struct ledger_journal_question *q)
{
	const struct hub *hub = deed->books->where(deed->books->context).hub;
	struct ledger_adjustment adjustment = {
		.length_s = hub->bin_length_s, .measured = q->measured, .in = q->in, .out = q->out};
	if (q->date.s % hub->bin_length_s)
		return refuse(deed, 400, "bins begin at multiples of %" PRIu32 " s, UTC",
			      hub->bin_length_s);
	if (q->date.s + hub->bin_length_s > deed->order.now.s)
		return refuse(deed, 409, "that bin is not over yet");
	if (check_issued(deed, hub, hub_port_by_id(hub, q->subject), q->date) < 0)
		return -1;
	return ledger_post_adjustment(&deed->order, q->subject, q->date, &adjustment);
}
