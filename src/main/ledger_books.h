/* The part of the ledger's process that keeps the journal: opens it, answers for it, and writes
 * what it is told to. A journal that cannot be opened, or is damaged, is not written to: questions
 * say why, and it is tried again. */
#pragma once

#include <stdbool.h>

#include "hub/hub.h"
#include "ledger/ledger_desk.h"
#include "ledger/ledger_journal_io.h"
#include "net/control.h"

struct ledger_books;

/* What the books are asked about besides the journal: as it is at that moment. */
struct ledger_books_place {
	const struct hub *hub;
	unsigned generation;
	struct ledger_desk *desk; /* NULL: the store is not open */
};
/* Gives the place as it is now; answers that are made piece by piece ask again for each. */
typedef struct ledger_books_place ledger_books_where(void *context);

/* NULL if there is no memory. */
struct ledger_books *ledger_books_new(const char *data_directory, ledger_books_where *where,
				      void *context);
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

/* Gives an invoice that was issued the number and the moment that its document bears. */
void ledger_books_date(struct ledger_books *books, struct ledger_invoice *invoice);
/* Says on a bill (its answer in `body`, made for `invoice`) that it was issued, what is open of it,
 * and where what would be billed now differs from what was issued. As JSON the issued document
 * stands in the place of the bill. */
enum ledger_books_form { LEDGER_BOOKS_TEXT, LEDGER_BOOKS_JSON, LEDGER_BOOKS_HTML };
void ledger_books_mark(struct ledger_books *books, struct control_answer *answer,
		       enum ledger_books_form form, const struct ledger_invoice *invoice);
