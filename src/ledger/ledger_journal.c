/* The journal as a chain of entries, and its accounts. */
#include "ledger/ledger_journal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ledger_journal *
ledger_journal_new(void)
{
	struct ledger_journal *journal = calloc(1, sizeof(*journal));
	if (journal)
		journal->arena = arena_new();
	if (journal && !journal->arena) {
		free(journal);
		return NULL;
	}
	return journal;
}

void
ledger_journal_free(struct ledger_journal *journal)
{
	if (!journal)
		return;
	ledger_accounts_fini(&journal->accounts);
	ledger_documents_fini(&journal->documents);
	arena_free(journal->arena);
	free(journal);
}

int
ledger_journal_encode(const struct ledger_journal *journal, struct ledger_entry *entry,
		      struct buf *out)
{
	entry->number = journal->head.number + 1;
	entry->previous = journal->head.hash;
	return ledger_entry_encode(entry, out);
}

static int
refuse(char fault[LEDGER_FAULT], const char *text)
{
	(void)snprintf(fault, LEDGER_FAULT, "%s", text);
	errno = EBADMSG;
	return -1;
}

static int
check_place(const struct ledger_journal *journal, const struct ledger_entry *e,
	    char fault[LEDGER_FAULT])
{
	struct currency currency;
	if (e->number != journal->head.number + 1)
		return refuse(fault, "its number is not the next one");
	if (memcmp(&e->previous, &journal->head.hash, sizeof(e->previous)) != 0)
		return refuse(fault, "it does not follow the entry before: the digest differs");
	if (!ledger_entry_balances(e, &currency)) {
		(void)snprintf(fault, LEDGER_FAULT, "its postings in %s do not add up to zero",
			       currency.code);
		errno = EBADMSG;
		return -1;
	}
	return 0;
}

int
ledger_journal_take(struct ledger_journal *journal, struct cursor text, char fault[LEDGER_FAULT])
{
	struct ledger_entry e;
	fault[0] = '\0';
	struct ledger_hash hash = ledger_hash_of(text.at, cursor_left(&text));
	if (ledger_entry_decode(&e, journal->arena, text) < 0)
		return errno == ENOMEM ? -1 : refuse(fault, "its text is no entry");
	if (check_place(journal, &e, fault) < 0 ||
	    ledger_documents_take(&journal->documents, journal->arena, &e, fault) < 0)
		return -1;
	for (size_t i = 0; i < e.posting_count; i++)
		if (ledger_accounts_post(&journal->accounts, e.postings[i].account,
					 e.postings[i].amount) < 0)
			return errno == ENOMEM ? -1 : refuse(fault, "an account overflows");
	journal->head = (struct ledger_head){e.number, hash};
	journal->time = e.time;
	return 0;
}

struct ledger_hash
ledger_body_hash(const void *body, size_t length)
{
	return length ? ledger_hash_of(body, length) : (struct ledger_hash){{0}};
}

bool
ledger_journal_body_fits(const struct ledger_entry *e, const void *body, size_t length)
{
	struct ledger_hash hash = ledger_body_hash(body, length);
	return e->body_length == length && memcmp(&hash, &e->body, sizeof(hash)) == 0;
}

/* --- what must hold over all --- */

/* Each currency once, at its first account. */
static void
check_sums(const struct ledger_accounts *accounts, struct buf *faults)
{
	for (size_t i = 0; i < accounts->count; i++) {
		const char *code = accounts->items[i].currency.code;
		__int128 sum = 0;
		bool seen = false;
		for (size_t j = 0; j < accounts->count; j++) {
			const struct ledger_account *a = &accounts->items[j];
			if (strcmp(a->currency.code, code) != 0)
				continue;
			seen |= j < i;
			if (seen)
				break;
			sum += a->debit;
			sum -= a->credit;
		}
		if (!seen && sum != 0)
			buf_printf(faults, "the accounts in %s do not add up to zero\n", code);
	}
}

/* What the documents say of receivables and suppliers, as accounts. */
static bool
add_up_bills(const struct ledger_documents *d, struct ledger_accounts *owed)
{
	for (size_t i = 0; i < d->bill_count; i++) {
		const struct ledger_issued *bill = &d->bills[i];
		char name[LEDGER_FIELD_MAX + 16];
		(void)snprintf(name, sizeof(name), "%s%s", ledger_issued_account(bill),
			       bill->holder);
		struct money open = {ledger_issued_side(bill) * ledger_issued_open(bill),
				     bill->total.currency};
		if (ledger_accounts_post(owed, name, open) < 0)
			return false;
	}
	return true;
}

bool
ledger_journal_check(const struct ledger_journal *journal, struct buf *faults)
{
	const struct ledger_accounts *accounts = &journal->accounts;
	struct ledger_accounts owed = {0};
	if (!add_up_bills(&journal->documents, &owed)) {
		ledger_accounts_fini(&owed);
		return false;
	}
	check_sums(accounts, faults);
	for (size_t i = 0; i < accounts->count; i++) {
		const struct ledger_account *a = &accounts->items[i];
		if (strncmp(a->name, "receivable:", 11) != 0 &&
		    strncmp(a->name, "supplier:", 9) != 0)
			continue;
		int64_t open = ledger_accounts_balance(&owed, a->name, a->currency);
		if (open != a->debit - a->credit)
			buf_printf(faults,
				   "%s has %" PRId64 " in minor units of %s, its invoices less "
				   "credit notes and payments %" PRId64 "\n",
				   a->name, a->debit - a->credit, a->currency.code, open);
	}
	ledger_accounts_fini(&owed);
	return !faults->failed;
}
