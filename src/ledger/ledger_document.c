/* Documents, out of the entries of the journal. */
#include "ledger/ledger_document.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"

/* --- texts to numbers --- */

static size_t
place(const struct ledger_map *m, const char *key)
{
	size_t at = hash_bytes(key, strlen(key)) & (m->capacity - 1);
	while (m->slots[at].key && strcmp(m->slots[at].key, key) != 0)
		at = (at + 1) & (m->capacity - 1);
	return at;
}

/* Adds it, or puts it in the place of the one before. */
static bool
map_add(struct ledger_map *m, const char *key, uint64_t value)
{
	if (m->count * 2 >= m->capacity) {
		struct ledger_map grown = {.capacity = m->capacity ? m->capacity * 2 : 64};
		grown.slots = calloc(grown.capacity, sizeof(*grown.slots));
		if (!grown.slots)
			return false;
		for (size_t i = 0; i < m->capacity; i++)
			if (m->slots[i].key)
				grown.slots[place(&grown, m->slots[i].key)] = m->slots[i];
		grown.count = m->count;
		free(m->slots);
		*m = grown;
	}
	struct ledger_map_slot *slot = &m->slots[place(m, key)];
	m->count += slot->key == NULL;
	*slot = (struct ledger_map_slot){key, value};
	return true;
}

static bool
map_find(const struct ledger_map *m, const char *key, uint64_t *value)
{
	if (!m->capacity)
		return false;
	const struct ledger_map_slot *slot = &m->slots[place(m, key)];
	if (slot->key)
		*value = slot->value;
	return slot->key != NULL;
}

void
ledger_documents_fini(struct ledger_documents *d)
{
	free(d->bills);
	free(d->disputes);
	free(d->settled);
	free(d->series);
	free(d->adjustments);
	free(d->said);
	free(d->keys.slots);
	free(d->by_id.slots);
	free(d->by_name.slots);
	free(d->by_month.slots);
	free(d->disputes_by_id.slots);
	*d = (struct ledger_documents){0};
}

/* --- taking entries in --- */

__attribute__((format(printf, 2, 3))) static int
fault_of(char fault[LEDGER_FAULT], const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(fault, LEDGER_FAULT, format, arguments);
	va_end(arguments);
	errno = EBADMSG;
	return -1;
}

static int
no_memory(char fault[LEDGER_FAULT])
{
	(void)snprintf(fault, LEDGER_FAULT, "no memory");
	errno = ENOMEM;
	return -1;
}

static const char letters[LEDGER_ENTRY_KINDS] = {
	[LEDGER_ENTRY_INVOICE] = 'I',  [LEDGER_ENTRY_CREDIT] = 'C',
	[LEDGER_ENTRY_PAYMENT] = 'P',  [LEDGER_ENTRY_SETTLEMENT] = 'S',
	[LEDGER_ENTRY_TRANSFER] = 'T', [LEDGER_ENTRY_DISPUTE] = 'D',
	[LEDGER_ENTRY_SERIES] = 'B',   [LEDGER_ENTRY_NOTE] = 'N',
	[LEDGER_ENTRY_RECEIVED] = 'R', [LEDGER_ENTRY_ADJUSTMENT] = 'A',
	[LEDGER_ENTRY_WAYS] = 'W',
};

char *
ledger_documents_next_id(char out[LEDGER_DOCUMENT_TEXT], const struct ledger_documents *d,
			 enum ledger_entry_kind kind, uint64_t ahead, const char *prefix)
{
	char name[24];
	size_t used = 0;
	for (; *prefix && used + 1 < sizeof(name); prefix++)
		if ((*prefix >= '0' && *prefix <= '9') || (*prefix >= 'A' && *prefix <= 'Z') ||
		    (*prefix >= 'a' && *prefix <= 'z'))
			name[used++] = *prefix;
	name[used] = '\0';
	(void)snprintf(out, LEDGER_DOCUMENT_TEXT, "%s-%c%06" PRIu64, name, letters[kind],
		       d->serials[kind] + 1 + ahead);
	return out;
}

/* A document's number has to be the next one of its kind: "...-I000018". */
static int
take_serial(struct ledger_documents *d, const struct ledger_entry *e, char fault[LEDGER_FAULT])
{
	const char *dash = strrchr(e->document, '-');
	char expected[32];
	(void)snprintf(expected, sizeof(expected), "-%c%06" PRIu64, letters[e->kind],
		       d->serials[e->kind] + 1);
	if (!dash || strcmp(dash, expected) != 0)
		return fault_of(fault, "its document is \"%.60s\", and the next %s is ...%s",
				e->document, ledger_entry_kind_name(e->kind), expected);
	d->serials[e->kind]++;
	return 0;
}

/* What the entry posts to an account, in the currency of its amount. */
static int64_t
posted(const struct ledger_entry *e, const char *kind, const char *holder)
{
	int64_t sum = 0;
	size_t length = strlen(kind);
	for (size_t i = 0; i < e->posting_count; i++) {
		const struct ledger_posting *p = &e->postings[i];
		if (strncmp(p->account, kind, length) == 0 &&
		    strcmp(p->account + length, holder) == 0 &&
		    strcmp(p->amount.currency.code, e->amount.currency.code) == 0 &&
		    __builtin_add_overflow(sum, p->amount.minor, &sum))
			return INT64_MIN;
	}
	return sum;
}

/* Is it the account of who owes it, or is owed? */
static bool
is_own(const struct ledger_issued *bill, const char *account)
{
	const char *kind = ledger_issued_account(bill);
	return strncmp(account, kind, strlen(kind)) == 0;
}

static int
take_parts(struct ledger_issued *bill, struct arena *arena, const struct ledger_entry *e)
{
	bill->parts = arena_take(arena, (e->posting_count + 1) * sizeof(*bill->parts));
	if (!bill->parts)
		return -1;
	for (size_t i = 0; i < e->posting_count; i++) {
		const struct ledger_posting *p = &e->postings[i];
		if (!is_own(bill, p->account))
			bill->parts[bill->part_count++] = (struct ledger_part){
				p->account, -ledger_issued_side(bill) * p->amount.minor, 0};
	}
	return 0;
}

enum { MONTH_KEY = LEDGER_FIELD_MAX + 32 };

static char *
month_key(char out[MONTH_KEY], const char *contract, struct utc_s month)
{
	(void)snprintf(out, MONTH_KEY, "%" PRId64 " %s", month.s, contract);
	return out;
}

static bool
file_by_month(struct ledger_documents *d, struct arena *arena, const struct ledger_issued *bill)
{
	char text[MONTH_KEY];
	const char *key = arena_str(arena, month_key(text, bill->contract, bill->month));
	return key && map_add(&d->by_month, key, d->bill_count);
}

static int
take_invoice(struct ledger_documents *d, struct arena *arena, const struct ledger_entry *e,
	     char fault[LEDGER_FAULT])
{
	uint64_t other;
	struct ledger_issued bill = {
		.received = e->kind == LEDGER_ENTRY_RECEIVED,
		.id = e->document,
		.name = e->subject,
		.holder = e->holder,
		.contract = e->contract,
		.month = e->month,
		.issued = e->time,
		.due = e->date,
		.entry = e->number,
		.total = e->amount,
	};
	if (take_serial(d, e, fault) < 0)
		return -1;
	if (map_find(&d->by_name, e->subject, &other) || map_find(&d->by_id, e->document, &other))
		return fault_of(fault, "invoice %.100s was issued before", e->subject);
	if (posted(e, ledger_issued_account(&bill), e->holder) !=
	    ledger_issued_side(&bill) * e->amount.minor)
		return fault_of(fault, "what is posted to %s%.40s is not its total",
				ledger_issued_account(&bill), e->holder);
	struct ledger_issued *bills =
		array_grow(d->bills, d->bill_count, &d->bill_capacity, sizeof(*d->bills));
	if (!bills)
		return no_memory(fault);
	d->bills = bills;
	if (take_parts(&bill, arena, e) < 0 || !map_add(&d->by_id, bill.id, d->bill_count) ||
	    !map_add(&d->by_name, bill.name, d->bill_count) ||
	    (!bill.received && !file_by_month(d, arena, &bill)))
		return no_memory(fault);
	d->bills[d->bill_count++] = bill;
	return 0;
}

static bool
same_sign(int64_t a, int64_t b)
{
	return (a < 0) == (b < 0);
}

/* The bill that a credit note or a payment is about, if it is that member's, in that currency. */
static struct ledger_issued *
bill_of(const struct ledger_documents *d, const struct ledger_entry *e, char fault[LEDGER_FAULT])
{
	struct ledger_issued *bill = ledger_documents_bill(d, e->subject);
	if (!bill)
		(void)fault_of(fault, "there is no invoice %.100s", e->subject);
	else if (strcmp(bill->holder, e->holder) != 0 ||
		 strcmp(bill->total.currency.code, e->amount.currency.code) != 0)
		(void)fault_of(fault, "invoice %.60s is another member's, or in another currency",
			       e->subject);
	else if (posted(e, ledger_issued_account(bill), e->holder) !=
		 -ledger_issued_side(bill) * e->amount.minor)
		(void)fault_of(fault, "what is posted to %s%.40s is not its amount",
			       ledger_issued_account(bill), e->holder);
	else
		return bill;
	return NULL;
}

static int
take_credit(struct ledger_documents *d, const struct ledger_entry *e, char fault[LEDGER_FAULT])
{
	struct ledger_issued *bill = take_serial(d, e, fault) < 0 ? NULL : bill_of(d, e, fault);
	if (!bill)
		return -1;
	int64_t left = bill->total.minor - bill->credited;
	if (!e->amount.minor || !same_sign(e->amount.minor, left) ||
	    (left < 0 ? e->amount.minor < left : e->amount.minor > left))
		return fault_of(fault, "more is credited than is left of %.60s", bill->id);
	for (size_t i = 0; i < e->posting_count; i++) {
		const struct ledger_posting *p = &e->postings[i];
		size_t part = 0;
		while (part < bill->part_count &&
		       strcmp(bill->parts[part].account, p->account) != 0)
			part++;
		if (part < bill->part_count &&
		    __builtin_add_overflow(bill->parts[part].credited,
					   ledger_issued_side(bill) * p->amount.minor,
					   &bill->parts[part].credited))
			return fault_of(fault, "more is credited than is left of %.60s", bill->id);
		if (part == bill->part_count && !is_own(bill, p->account))
			return fault_of(fault, "invoice %.60s posted nothing to %.60s", bill->id,
					p->account);
	}
	bill->credited += e->amount.minor;
	return 0;
}

static int
take_payment(struct ledger_documents *d, const struct ledger_entry *e, char fault[LEDGER_FAULT])
{
	struct ledger_issued *bill = take_serial(d, e, fault) < 0 ? NULL : bill_of(d, e, fault);
	if (!bill)
		return -1;
	if (posted(e, "cash", "") != ledger_issued_side(bill) * e->amount.minor)
		return fault_of(fault, "what is posted to cash is not its amount");
	bill->paid += e->amount.minor;
	if (bill->paid > LEDGER_AMOUNT_MAX || bill->paid < -LEDGER_AMOUNT_MAX)
		return fault_of(fault, "more was paid for %.60s than fits", bill->id);
	return 0;
}

static int
open_dispute(struct ledger_documents *d, const struct ledger_entry *e, char fault[LEDGER_FAULT])
{
	if (take_serial(d, e, fault) < 0)
		return -1;
	const struct ledger_issued *bill = ledger_documents_bill(d, e->subject);
	if (!bill)
		return fault_of(fault, "there is no invoice %.100s", e->subject);
	if (e->amount.minor <= 0 ||
	    e->amount.minor > bill->total.minor - bill->credited - ledger_issued_disputed(d, bill))
		return fault_of(fault, "more is disputed than is left of %.60s", bill->id);
	struct ledger_dispute *disputes = array_grow(d->disputes, d->dispute_count,
						     &d->dispute_capacity, sizeof(*d->disputes));
	if (!disputes)
		return no_memory(fault);
	d->disputes = disputes;
	d->disputes[d->dispute_count] = (struct ledger_dispute){
		.id = e->document,
		.bill = (uint32_t)(bill - d->bills),
		.amount = e->amount.minor,
		.opened = e->time,
		.changed = e->time,
		.deadline = e->date,
		.reason = e->reason,
		.answer = "",
	};
	return map_add(&d->disputes_by_id, e->document, d->dispute_count++) ? 0 : no_memory(fault);
}

static int
take_dispute(struct ledger_documents *d, const struct ledger_entry *e, char fault[LEDGER_FAULT])
{
	if (e->posting_count)
		return fault_of(fault, "a dispute posts nothing by itself");
	if (strcmp(e->action, "open") == 0)
		return open_dispute(d, e, fault);
	struct ledger_dispute *dispute = ledger_documents_dispute(d, e->subject);
	enum ledger_dispute_state next;
	if (!dispute || *e->document)
		return fault_of(fault, "there is no dispute %.100s", e->subject);
	if (!ledger_dispute_next(&next, dispute->state, e->action))
		return fault_of(fault, "dispute %.60s is %s: \"%.30s\" cannot be done", dispute->id,
				ledger_dispute_state_name(dispute->state), e->action);
	dispute->state = next;
	dispute->changed = e->time;
	dispute->deadline = e->date;
	dispute->answer = e->reason;
	if (next == LEDGER_DISPUTE_ACCEPTED || next == LEDGER_DISPUTE_SETTLED)
		dispute->granted = e->amount.minor;
	return 0;
}

static int
take_settlement(struct ledger_documents *d, const struct ledger_entry *e, char fault[LEDGER_FAULT])
{
	struct ledger_settled *settled =
		array_grow(d->settled, d->settled_count, &d->settled_capacity, sizeof(*d->settled));
	if (!settled)
		return no_memory(fault);
	d->settled = settled;
	d->settled[d->settled_count++] = (struct ledger_settled){
		.id = e->document,
		.month = e->month,
		.time = e->time,
		.entry = e->number,
		.postings = e->postings,
		.posting_count = e->posting_count,
	};
	return take_serial(d, e, fault);
}

static int
take_series(struct ledger_documents *d, const struct ledger_entry *e, char fault[LEDGER_FAULT])
{
	struct ledger_other_series *series =
		array_grow(d->series, d->series_count, &d->series_capacity, sizeof(*d->series));
	if (!series)
		return no_memory(fault);
	d->series = series;
	d->series[d->series_count++] =
		(struct ledger_other_series){e->document, e->contract, e->month, e->number};
	return take_serial(d, e, fault);
}

/* "set 300 123 456" or "measured 300", and nothing else. */
static bool
read_action(struct ledger_adjustment *a, const char *action)
{
	char again[LEDGER_ADJUSTMENT_ACTION];
	a->measured = sscanf(action, "measured %" SCNu32, &a->length_s) == 1;
	if (!a->measured && sscanf(action, "set %" SCNu32 " %" SCNu64 " %" SCNu64, &a->length_s,
				   &a->in, &a->out) != 3)
		return false;
	return a->length_s && a->length_s <= 86400 &&
	       strcmp(ledger_adjustment_action(again, a), action) == 0;
}

static int
take_adjustment(struct ledger_documents *d, const struct ledger_entry *e, char fault[LEDGER_FAULT])
{
	struct ledger_adjustment a = {
		.id = e->document,
		.port = e->subject,
		.by = e->by,
		.reason = e->reason,
		.start = e->date,
		.time = e->time,
		.entry = e->number,
	};
	if (e->posting_count || !*e->subject || e->date.s <= 0 || !read_action(&a, e->action))
		return fault_of(fault, "\"%.80s\" is no adjustment of a bin", e->action);
	struct ledger_adjustment *items =
		array_grow(d->adjustments, d->adjustment_count, &d->adjustment_capacity,
			   sizeof(*d->adjustments));
	if (!items)
		return no_memory(fault);
	d->adjustments = items;
	d->adjustments[d->adjustment_count++] = a;
	return take_serial(d, e, fault);
}

static int
take_said(struct ledger_documents *d, const struct ledger_entry *e, char fault[LEDGER_FAULT])
{
	struct ledger_said said = {.from = e->date, .entry = e->number};
	if (e->posting_count || e->date.s <= 0 || !e->body_length ||
	    ledger_said_parse(&said, e->action) < 0)
		return fault_of(fault, "\"%.80s\" does not say how long ways hold", e->action);
	if (said.since && !ledger_said_all(d->said, d->said_count, said.since))
		return fault_of(fault,
				"it says what has changed since entry %" PRIu64
				", which does not say all of the ways",
				said.since);
	struct ledger_said *items =
		array_grow(d->said, d->said_count, &d->said_capacity, sizeof(*d->said));
	if (!items)
		return no_memory(fault);
	d->said = items;
	d->said[d->said_count++] = said;
	return take_serial(d, e, fault);
}

/* Receivables and suppliers' accounts are their holder's, moved by what is written to or by that one, in
 * the currency of it; the first posting to any other, or NULL. */
static const char *
account_of_another(const struct ledger_entry *e)
{
	bool any = e->kind == LEDGER_ENTRY_CREDIT || e->kind == LEDGER_ENTRY_PAYMENT;
	for (size_t i = 0; i < e->posting_count; i++) {
		const struct ledger_posting *p = &e->postings[i];
		bool receivable = strncmp(p->account, "receivable:", 11) == 0;
		if (!receivable && strncmp(p->account, "supplier:", 9) != 0)
			continue;
		enum ledger_entry_kind kind =
			receivable ? LEDGER_ENTRY_INVOICE : LEDGER_ENTRY_RECEIVED;
		if (!(any || e->kind == kind) ||
		    strcmp(strchr(p->account, ':') + 1, e->holder) != 0 ||
		    strcmp(p->amount.currency.code, e->amount.currency.code) != 0)
			return p->account;
	}
	return NULL;
}

int
ledger_documents_take(struct ledger_documents *d, struct arena *arena, const struct ledger_entry *e,
		      char fault[LEDGER_FAULT])
{
	if (ledger_documents_known(d, e->key))
		return fault_of(fault, "its key is that of entry %" PRIu64 " too",
				ledger_documents_known(d, e->key));
	const char *other = account_of_another(e);
	if (other)
		return fault_of(fault, "it posts to %.60s, which it is not about", other);
	if (!map_add(&d->keys, e->key, e->number))
		return no_memory(fault);
	switch (e->kind) {
	case LEDGER_ENTRY_INVOICE:
	case LEDGER_ENTRY_RECEIVED:
		return take_invoice(d, arena, e, fault);
	case LEDGER_ENTRY_CREDIT:
		return take_credit(d, e, fault);
	case LEDGER_ENTRY_PAYMENT:
		return take_payment(d, e, fault);
	case LEDGER_ENTRY_DISPUTE:
		return take_dispute(d, e, fault);
	case LEDGER_ENTRY_SETTLEMENT:
		return take_settlement(d, e, fault);
	case LEDGER_ENTRY_SERIES:
		return take_series(d, e, fault);
	case LEDGER_ENTRY_ADJUSTMENT:
		return take_adjustment(d, e, fault);
	case LEDGER_ENTRY_WAYS:
		return take_said(d, e, fault);
	case LEDGER_ENTRY_TRANSFER:
	case LEDGER_ENTRY_NOTE:
	case LEDGER_ENTRY_KINDS:
		break;
	}
	return take_serial(d, e, fault);
}

/* --- looking --- */

const char *
ledger_issued_account(const struct ledger_issued *bill)
{
	return bill->received ? "supplier:" : "receivable:";
}

int
ledger_issued_side(const struct ledger_issued *bill)
{
	return bill->received ? -1 : 1;
}

char *
ledger_adjustment_action(char out[LEDGER_ADJUSTMENT_ACTION], const struct ledger_adjustment *a)
{
	if (a->measured)
		(void)snprintf(out, LEDGER_ADJUSTMENT_ACTION, "measured %" PRIu32, a->length_s);
	else
		(void)snprintf(out, LEDGER_ADJUSTMENT_ACTION,
			       "set %" PRIu32 " %" PRIu64 " %" PRIu64, a->length_s, a->in, a->out);
	return out;
}

uint64_t
ledger_documents_known(const struct ledger_documents *d, const char *key)
{
	uint64_t number = 0;
	(void)map_find(&d->keys, key, &number);
	return number;
}

struct ledger_issued *
ledger_documents_bill(const struct ledger_documents *d, const char *id_or_name)
{
	uint64_t index;
	if (map_find(&d->by_id, id_or_name, &index) || map_find(&d->by_name, id_or_name, &index))
		return &d->bills[index];
	return NULL;
}

struct ledger_issued *
ledger_documents_bill_of(const struct ledger_documents *d, const char *contract, struct utc_s month)
{
	char key[MONTH_KEY];
	uint64_t index;
	return map_find(&d->by_month, month_key(key, contract, month), &index) ? &d->bills[index]
									       : NULL;
}

struct ledger_dispute *
ledger_documents_dispute(const struct ledger_documents *d, const char *id)
{
	uint64_t index;
	return map_find(&d->disputes_by_id, id, &index) ? &d->disputes[index] : NULL;
}

int64_t
ledger_late_s(struct utc_s day, struct utc_s now)
{
	return day.s ? now.s - (day.s + 86400) + 1 : INT64_MIN;
}

int64_t
ledger_issued_open(const struct ledger_issued *bill)
{
	return bill->total.minor - bill->credited - bill->paid;
}

int64_t
ledger_issued_disputed(const struct ledger_documents *d, const struct ledger_issued *bill)
{
	int64_t sum = 0;
	for (size_t i = 0; i < d->dispute_count; i++)
		if (d->disputes[i].bill == bill - d->bills &&
		    !ledger_dispute_is_closed(d->disputes[i].state))
			sum += d->disputes[i].amount;
	return sum;
}

const char *
ledger_issued_state(const struct ledger_issued *bill, struct utc_s now)
{
	int64_t open = ledger_issued_open(bill);
	if (bill->total.minor && bill->credited == bill->total.minor && !bill->paid)
		return "credited";
	if (open == 0)
		return "paid";
	if (open < 0 && bill->total.minor >= 0)
		return "overpaid";
	if (ledger_late_s(bill->due, now) > 0)
		return "overdue";
	return bill->paid ? "part paid" : "open";
}
