/* The part of the ledger's process that keeps the journal: opens it, answers for it, and writes
 * what it is told to. A journal that cannot be opened, or is damaged, is not written to: questions
 * say why, and it is tried again. */
#pragma once

#include <stdbool.h>

#include "hub/hub.h"
#include "ledger/ledger_desk.h"
#include "ledger/ledger_journal_io.h"
#include "ledger/ledger_revenue.h"
#include "ledger/ledger_way.h"
#include "net/control.h"

struct ledger_books;

/* What the books are asked about besides the journal: as it is at that moment. */
struct ledger_books_place {
	const struct hub *hub;
	unsigned generation;
	struct ledger_desk *desk; /* NULL: the store is not open */
	struct utc_s now;
	int64_t turn_us; /* to work at one answer before others have their turn; 0: a step at a time */
};
/* Gives the place as it is now; answers that are made piece by piece ask again for each. */
typedef struct ledger_books_place ledger_books_where(void *context);

/* Where others say what the books are to know; both outlive the books. */
struct ledger_books_told {
	const char *ways; /* the corridor's folder; NULL: nowhere */
	const char *run;  /* the exchange's (hub/steer_state.h); NULL: nowhere */
};
/* NULL if there is no memory. */
struct ledger_books *ledger_books_new(const char *data_directory,
				      const struct ledger_books_told *told,
				      ledger_books_where *where, void *context);
void ledger_books_free(struct ledger_books *books);

/* Is this request for the journal? */
bool ledger_books_wants(const struct control_request *request);
void ledger_books_answer(struct ledger_books *books, const struct control_request *request,
			 struct control_answer *answer);

/* Now and then: opens a journal that could not be opened; issues what is due where the hub file
 * says so. True when there is more to be done at once. */
bool ledger_books_turn(struct ledger_books *books);
/* Why the journal is not open; NULL: it is. */
const char *ledger_books_trouble(const struct ledger_books *books);

uint64_t ledger_books_entries(const struct ledger_books *books);

/* The other parties' bins that were kept, for the desk; lives as long as the books. */
struct ledger_others ledger_books_others(struct ledger_books *books);

/* The bill of a contract and month, as it is shown: the issued document, where there is one. */
struct ledger_books_bill {
	struct ledger_invoice invoice;
	struct arena *arena;
	const struct ledger_issued *issued; /* NULL: it was not */
	struct buf document;
	struct buf difference; /* lines: where what would be billed now is not that */
	struct ledger_books *books;
};
enum ledger_books_form {
	LEDGER_BOOKS_TEXT,
	LEDGER_BOOKS_JSON,
	LEDGER_BOOKS_CSV,
	LEDGER_BOOKS_HTML
};
/* `month`: its first second; `computed`: what would be billed now, whose series the bill has; NULL:
 * that cannot be said. 0; 404: there is none; 503 with the reason: the document cannot be read. */
int ledger_books_bill_open(struct ledger_books_bill *out, struct ledger_books *books,
			   const char *contract, struct utc_s month,
			   const struct ledger_invoice *computed,
			   char reason[LEDGER_JOURNAL_REASON]);
/* CSV is without its head. */
void ledger_books_bill_write(const struct ledger_books_bill *bill, struct buf *out,
			     enum ledger_books_form form);
void ledger_books_bill_close(struct ledger_books_bill *bill);
/* Was an invoice of that contract and month issued? */
bool ledger_books_issued(const struct ledger_books *books, const char *contract,
			 struct utc_s month);
/* The contract of the next invoice of that month that was issued under one that the hub file no longer
 * has; `holder` NULL: of anybody. `at` begins with 0. NULL: there is none any more. */
const char *ledger_books_gone(const struct ledger_books *books, size_t *at, const char *holder,
			      struct utc_s month);

/* For revenue. Has the journal an invoice of that contract and month, issued or received? */
bool ledger_books_billed(const struct ledger_books *books, const char *contract,
			 struct utc_s month);
/* Adds all that the journal has of the months that are asked for; nothing while it is not open. 0, or -1
 * with the reason. */
int ledger_books_revenue(struct ledger_books *books, struct ledger_revenue *revenue,
			 char reason[LEDGER_JOURNAL_REASON]);
/* Reads the next issued documents of the months that are asked for, to see whether they rest on
 * simulated bins. `at` begins with 0; false when all were read. */
bool ledger_books_simulated(struct ledger_books *books, struct ledger_revenue *revenue, size_t *at);
