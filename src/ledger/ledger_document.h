/* What the journal says of documents: invoices that were issued and what became of them, disputes,
 * settlements. Built by taking entries in their order; nothing here is kept anywhere else. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "ledger/ledger_dispute.h"
#include "ledger/ledger_entry.h"
#include "ledger/ledger_said.h"

enum { LEDGER_FAULT = 240, LEDGER_DOCUMENT_TEXT = 64 };

/* A part of an invoice: what was posted to one account besides the receivable. */
struct ledger_part {
	const char *account;
	int64_t amount;   /* positive: sold, or tax; of a received one bought, or tax paid */
	int64_t credited; /* of that, so far */
};

/* An invoice that was issued; or one that came in (`received`), with the same fields: total is then
 * what the hub owes, credited what the supplier took back, paid what the hub paid. */
struct ledger_issued {
	const char *id;     /* "KTX-I000017", "KTX-R000001": sequences without gaps */
	const char *name;   /* "KTX-202610-64512-poplar-2026"; received: "<holder> <its number>" */
	const char *holder; /* the member's AS number, or a party's id */
	const char *contract;
	struct utc_s month, issued;
	struct utc_s due; /* the first second of the last day for payment */
	uint64_t entry;
	struct money total;
	int64_t credited, paid;
	struct ledger_part *parts;
	size_t part_count;
	bool received;
};
/* "receivable:", of a received one "supplier:". */
const char *ledger_issued_account(const struct ledger_issued *bill);
/* 1, of a received one -1: the side on which its account stands. */
int ledger_issued_side(const struct ledger_issued *bill);

/* A settlement of a month: when it was made, and what it posted. */
struct ledger_settled {
	const char *id;
	struct utc_s month, time;
	uint64_t entry;
	const struct ledger_posting *postings;
	size_t posting_count;
};

/* The other party's bins of a contract and month, as they were taken in. */
struct ledger_other_series {
	const char *id, *contract;
	struct utc_s month;
	uint64_t entry;
};

/* The octets of a port's bin, put right by hand. The entry's action is "set LENGTH IN OUT", or "measured
 * LENGTH": what was set is taken back. */
struct ledger_adjustment {
	const char *id, *port, *by, *reason;
	struct utc_s start, time;
	uint32_t length_s;
	bool measured;
	uint64_t in, out;
	uint64_t entry;
};

enum { LEDGER_ADJUSTMENT_ACTION = 64 };
/* The words of its action; returns `out`. */
char *ledger_adjustment_action(char out[LEDGER_ADJUSTMENT_ACTION],
			       const struct ledger_adjustment *adjustment);

/* Texts to numbers. Private to ledger_document.c. */
struct ledger_map {
	struct ledger_map_slot {
		const char *key; /* not owned; NULL: free */
		uint64_t value;
	} * slots;
	size_t capacity, count;
};

/* A zeroed one is empty. */
struct ledger_documents {
	struct ledger_issued *bills;
	size_t bill_count, bill_capacity;
	struct ledger_dispute *disputes;
	size_t dispute_count, dispute_capacity;
	struct ledger_settled *settled;
	size_t settled_count, settled_capacity;
	struct ledger_other_series *series;
	size_t series_count, series_capacity;
	struct ledger_adjustment *adjustments; /* in their order; of one bin the last one holds */
	size_t adjustment_count, adjustment_capacity;
	struct ledger_said *said; /* in their order */
	size_t said_count, said_capacity;
	uint64_t serials[LEDGER_ENTRY_KINDS]; /* the last of each kind */
	struct ledger_map keys;               /* of entries: their numbers */
	struct ledger_map by_id, by_name;     /* bills, by index */
	struct ledger_map by_month;           /* the last of a contract and month, likewise */
	struct ledger_map disputes_by_id;
};

void ledger_documents_fini(struct ledger_documents *documents);

/* Takes in an entry whose texts and postings last as long as `documents`; `arena` likewise. 0; or
 * -1 with errno EBADMSG and why in `fault` when the entry does not fit what was before, ENOMEM:
 * then `documents` is good for nothing more. */
int ledger_documents_take(struct ledger_documents *documents, struct arena *arena,
			  const struct ledger_entry *entry, char fault[LEDGER_FAULT]);

/* The number of the entry with that key; 0: none. */
uint64_t ledger_documents_known(const struct ledger_documents *documents, const char *key);
/* By id or by name; NULL: none. */
struct ledger_issued *ledger_documents_bill(const struct ledger_documents *documents,
					    const char *id_or_name);
/* The last one of a contract for the month that begins at `month`; NULL: none was issued. */
struct ledger_issued *ledger_documents_bill_of(const struct ledger_documents *documents,
					       const char *contract, struct utc_s month);
/* By id; NULL: none. */
struct ledger_dispute *ledger_documents_dispute(const struct ledger_documents *documents,
						const char *id);
/* The number of a document of a kind that is not there yet: "KTX-I000018" for the next one, `ahead`
 * further on; returns `out`. `prefix` is any text; of it letters and digits are used. */
char *ledger_documents_next_id(char out[LEDGER_DOCUMENT_TEXT],
			       const struct ledger_documents *documents,
			       enum ledger_entry_kind kind, uint64_t ahead, const char *prefix);

/* How long `day` (its first second) has been over: above zero from the day after on; far below when
 * it is 0. */
int64_t ledger_late_s(struct utc_s day, struct utc_s now);
/* What is still to be paid of an invoice; below zero when more was paid than was due. */
int64_t ledger_issued_open(const struct ledger_issued *bill);
/* What disputes that are not closed are about. */
int64_t ledger_issued_disputed(const struct ledger_documents *documents,
			       const struct ledger_issued *bill);
/* "open", "overdue", "part paid", "paid", "overpaid", "credited" */
const char *ledger_issued_state(const struct ledger_issued *bill, struct utc_s now);
