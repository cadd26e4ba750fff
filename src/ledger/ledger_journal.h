/* The journal: entries that are only ever added, each bound to the one before by its digest; and
 * what follows from them, the accounts and the documents. Pure: where entries are kept is
 * ledger_journal_io.h's business.
 *
 *   entry 1 ◄── entry 2 ◄── entry 3 ...
 *      │            │
 *   document     document
 *
 * Each holds the SHA-256 of the text of the one before and of its own document, so whoever has
 * noted the digest of the last one (the head) can tell whether any octet before it was changed. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "ledger/ledger_account.h"
#include "ledger/ledger_document.h"
#include "ledger/ledger_entry.h"

/* The last entry: its number and digest. Zeros while there is none. */
struct ledger_head {
	uint64_t number;
	struct ledger_hash hash;
};

/* To be read by everybody, changed by ledger_journal_take only. */
struct ledger_journal {
	struct arena *arena; /* what lasts as long as the journal */
	struct ledger_head head;
	struct utc_s time; /* of the last entry */
	struct ledger_accounts accounts;
	struct ledger_documents documents;
};

/* An empty one; NULL if there is no memory. */
struct ledger_journal *ledger_journal_new(void);
void ledger_journal_free(struct ledger_journal *journal);

/* Writes the text of `entry` as the next one: fills in its number and the digest of the one before.
 * 0, or -1 as ledger_entry_encode. */
int ledger_journal_encode(const struct ledger_journal *journal, struct ledger_entry *entry,
			  struct buf *out);

/* Takes in the next entry: its form, its place in the chain, its balance, and that it fits the
 * documents before it. 0; or -1 with errno EBADMSG and why in `fault`, or ENOMEM; then the journal
 * is good for nothing more but being freed. */
int ledger_journal_take(struct ledger_journal *journal, struct cursor text,
			char fault[LEDGER_FAULT]);

/* What must hold over all entries: all accounts add up to zero in each currency, and each holder's
 * receivable and supplier account is what its invoices say less credit notes and payments. Appends one line a fault;
 * false if there is no memory. */
bool ledger_journal_check(const struct ledger_journal *journal, struct buf *faults);

/* The digest that stands for a document: all zero when there is none. */
struct ledger_hash ledger_body_hash(const void *body, size_t length);
/* Does `body` belong to the entry? */
bool ledger_journal_body_fits(const struct ledger_entry *entry, const void *body, size_t length);
