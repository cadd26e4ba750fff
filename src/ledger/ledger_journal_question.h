/* What is asked of the journal, in words:
 *
 *   ledger issue [--month YYYY-MM] [MEMBER|PARTY] [--contract ID] [--again]
 *   ledger receive CONTRACT NUMBER AMOUNT|expected [YYYY-MM-DD] [--month YYYY-MM]
 *   ledger adjust PORT TIME IN OUT REASON, ledger adjust PORT TIME measured REASON
 *   ledger credit INVOICE AMOUNT|all REASON
 *   ledger pay INVOICE AMOUNT|all [YYYY-MM-DD] [REFERENCE]
 *   ledger dispute open INVOICE [AMOUNT] REASON
 *   ledger dispute answer|accept|reject|withdraw DISPUTE [REASON]
 *   ledger dispute settle DISPUTE AMOUNT [REASON]
 *   ledger settle --month YYYY-MM
 *   ledger transfer FROM TO AMOUNT CURRENCY [YYYY-MM-DD] [REFERENCE]
 *   ledger reconcile CONTRACT [--month YYYY-MM] [--tolerance PERCENT] [--keep]     and a file
 *   ledger note TEXT
 *   ledger invoices [[member] MEMBER|PARTY] [month YYYY-MM], payables likewise, adjustments
 *   ledger disputes [[member] MEMBER], statement MEMBER|PARTY, aged [payables], balance
 *   ledger entries [from N] [to N] [account NAME] [holder WHO]
 *   ledger document ID [[party] PARTY | for MEMBER] [--html]     for: only if it is that member's
 *   ledger way [member] MEMBER [month YYYY-MM | --from TIME --to TIME]
 *   ledger head, ledger verify [--head HASH]
 *   ledger settlement [ID | month YYYY-MM] [[party] PARTY] [--html], also show settlement
 *
 * All that write take --key TEXT: the same key makes the same command harmless to give again. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "hub/hub.h"
#include "ledger/ledger_entry.h"

enum ledger_journal_asks {
	/* These write. */
	LEDGER_DOES_ISSUE,
	LEDGER_DOES_RECEIVE,
	LEDGER_DOES_ADJUST,
	LEDGER_DOES_CREDIT,
	LEDGER_DOES_PAY,
	LEDGER_DOES_DISPUTE,      /* opens one */
	LEDGER_DOES_DISPUTE_STEP, /* `action` */
	LEDGER_DOES_SETTLE,
	LEDGER_DOES_TRANSFER,
	LEDGER_DOES_NOTE,
	LEDGER_DOES_RECONCILE, /* writes with `keep` only */
	/* These only look. */
	LEDGER_ASKS_BILLS,
	LEDGER_ASKS_PAYABLES,
	LEDGER_ASKS_ADJUSTMENTS,
	LEDGER_ASKS_DISPUTES,
	LEDGER_ASKS_STATEMENT,
	LEDGER_ASKS_AGED,
	LEDGER_ASKS_AGED_PAYABLES,
	LEDGER_ASKS_BALANCE,
	LEDGER_ASKS_ENTRIES,
	LEDGER_ASKS_DOCUMENT,
	LEDGER_ASKS_HEAD,
	LEDGER_ASKS_VERIFY,
	LEDGER_ASKS_SETTLEMENT,
	LEDGER_ASKS_WAY,
};

/* Words point into the request; "" where there are none. */
struct ledger_journal_question {
	enum ledger_journal_asks kind;
	/* An invoice, a dispute, a document, a settlement; of a transfer: from; a supplier's number;
	 * a port */
	const char *subject;
	const char *to; /* of a transfer */
	const char *action;
	const char *amount; /* NULL: none was given */
	const char *reason;
	const char *key;
	const char *account, *holder;     /* of entries; of a settlement the party */
	struct currency currency;         /* of a transfer */
	uint32_t member, party, contract; /* indices; HUB_NONE: not named */
	struct utc_s month, date;         /* 0: not given; of an adjustment its bin */
	struct utc_s since, until;        /* of ways; 0: the month */
	uint64_t in, out;                 /* octets */
	bool measured;                    /* of an adjustment: it is taken back */
	bool html;                        /* a document as a page */
	bool again;                       /* of issuing: in the place of what was credited */
	uint64_t from, number_to;         /* entries */
	bool keep;
	uint32_t tolerance_bp; /* of reconcile: hundredths of a percent */
	bool has_head;
	struct ledger_hash head;
};

enum { LEDGER_JOURNAL_COMPLAINT = 200 };

/* Reads the words, from "ledger" or "show" on. 0; or the status, 400 or 404, with the complaint in
 * words. */
int ledger_journal_question_parse(struct ledger_journal_question *out, const struct hub *hub,
				  const char *const *words, size_t count,
				  char complaint[LEDGER_JOURNAL_COMPLAINT]);
/* Are these words for the journal? */
bool ledger_journal_question_is(const char *const *words, size_t count);
