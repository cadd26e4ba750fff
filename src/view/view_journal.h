/* What the journal shows: invoices that were issued and what became of them, statements, accounts,
 * entries, settlements. Pure; amounts are printed from integers. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/clock.h"
#include "hub/hub.h"
#include "ledger/ledger_invoice.h"
#include "ledger/ledger_journal.h"
#include "ledger/ledger_reconcile.h"
#include "ledger/ledger_settlement.h"
#include "view/view_form.h"

/* Invoices of a holder (NULL: of all) and of a month (0: of any); disputes of invoices of a holder. */
struct view_journal_filter {
	const char *holder;
	struct utc_s month;
	bool received; /* what came in and is owed, instead of what was issued */
};
void view_journal_bills(struct buf *out, enum view_form form, const struct ledger_journal *journal,
			const struct hub *hub, const struct view_journal_filter *filter,
			struct utc_s now);
/* Bins that were put right by hand. */
void view_journal_adjustments(struct buf *out, enum view_form form,
			      const struct ledger_journal *journal);
void view_journal_disputes(struct buf *out, enum view_form form,
			   const struct ledger_journal *journal, const struct hub *hub,
			   const struct view_journal_filter *filter, struct utc_s now);
/* What is open, by how long it has been due: of `filter` only `received`, what the hub owes. */
void view_journal_aged(struct buf *out, enum view_form form, const struct ledger_journal *journal,
		       const struct hub *hub, const struct view_journal_filter *filter,
		       struct utc_s now);
/* All accounts: debits, credits, balance, and their sums. */
void view_journal_balance(struct buf *out, enum view_form form,
			  const struct ledger_journal *journal);
void view_journal_head(struct buf *out, enum view_form form, const struct ledger_journal *journal);
/* What verifying came to. */
struct view_verified {
	uint64_t entries;
	bool has_ways; /* the journal of ways was read too: */
	uint64_t way_entries;
	size_t proofs;     /* of the way, on invoices */
	bool reckoned;     /* these were reckoned anew from ways and bins */
	struct buf faults; /* one a line; none: it is sound. The caller's */
};
void view_journal_verified(struct buf *out, enum view_form form,
			   const struct view_verified *verified);

/* Entries one after the other: begin, one for each, end. `out` may be drained in between. A
 * statement has those of one holder, with what is open after each. */
struct view_journal_list {
	enum view_form form;
	bool statement;
	bool outside;        /* for the holder to read: who of the hub wrote it down is not told */
	const char *account; /* only entries that post to it; NULL: all */
	struct view_journal_sum {
		struct currency currency;
		int64_t minor;
	} sums[32];
	size_t sum_count, rows;
};
void view_journal_list_begin(struct view_journal_list *list, struct buf *out,
			     const struct ledger_journal *journal, const struct hub *hub,
			     const char *holder, struct utc_s now);
void view_journal_list_add(struct view_journal_list *list, struct buf *out,
			   const struct ledger_entry *entry, struct ledger_hash hash);
void view_journal_list_end(struct view_journal_list *list, struct buf *out,
			   const struct ledger_journal *journal, const char *holder);

/* An entry as it stands in the journal, and its document. Of `how` the form and `outside`. */
void view_journal_document(struct buf *out, const struct view_journal_list *how,
			   const struct ledger_entry *entry, struct cursor text,
			   struct cursor body);

/* All settlements, one a line. */
void view_journal_settlements(struct buf *out, enum view_form form,
			      const struct ledger_journal *journal);
/* One of them; `party` (an id): only that one's statement. */
void view_journal_settlement(struct buf *out, enum view_form form,
			     const struct ledger_settlement *settlement, const char *party);

/* Two parties' bins of a contract. */
struct view_journal_reconciled {
	const struct ledger_reconciliation *reconciliation;
	const struct ledger_invoice *ours;
	const struct ledger_invoice *theirs; /* NULL: it could not be made */
	const char *kept; /* the document they were kept as; NULL: they were not */
	size_t records;   /* in the file */
	uint32_t tolerance_bp;
};
void view_journal_reconcile(struct buf *out, enum view_form form,
			    const struct view_journal_reconciled *reconciled);
