/* The books of a simulated year: each month's invoices are issued, some are paid, credited and disputed, and
 * the corridor is settled. Beside the journal a list of plain sums is kept, to compare it with. */
#pragma once

#include "hub/hub.h"
#include "ledger/ledger_desk.h"

struct year_books;

/* The journal is made in `path`; NULL with a line printed when it cannot be. All must outlive the books. */
struct year_books *year_books_new(const char *path, const struct hub *hub, struct ledger_desk *desk,
				  uint64_t seed);
void year_books_free(struct year_books *books);
/* A month is over. What goes wrong is printed. */
void year_books_month(struct year_books *books, int year, int month, struct utc_s now);
/* What holds of the books at the end. */
struct year_books_verdict {
	bool done;     /* every command did what it should, and there were some of each */
	bool accounts; /* the accounts are the plain sums, and add up to zero */
	bool same;     /* billed once more each invoice is, octet for octet, what was issued */
	bool sound;    /* the file on the disk: its chain, its balance */
	size_t issued, settled;
	unsigned paid, credited, disputed;
	uint64_t entries;
};
struct year_books_verdict year_books_end(struct year_books *books);
