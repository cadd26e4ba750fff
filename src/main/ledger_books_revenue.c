/* The journal in the ledger's process: what revenue takes from it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/json_read.h"
#include "main/ledger_books_parts.h"

static const struct ledger_documents *
documents_of(const struct ledger_books *books)
{
	const struct ledger_journal *journal = books->file ? ledger_journal_of(books->file) : NULL;
	return journal ? &journal->documents : NULL;
}

bool
ledger_books_billed(const struct ledger_books *books, const char *contract, struct utc_s month)
{
	const struct ledger_documents *documents = documents_of(books);
	return documents && ledger_revenue_is_in(documents, contract, month);
}

int
ledger_books_revenue(struct ledger_books *books, struct ledger_revenue *revenue,
		     char reason[LEDGER_JOURNAL_REASON])
{
	const struct ledger_documents *documents = documents_of(books);
	const struct ledger_settlement **settlements;
	size_t count;
	if (!documents)
		return 0;
	if (ledger_books_settlements(books, revenue->arena, &settlements, &count, reason) < 0)
		return -1;
	if (ledger_revenue_add_journal(revenue, books->where(books->context).hub, documents,
				       settlements, count) == 0)
		return 0;
	(void)snprintf(reason, LEDGER_JOURNAL_REASON, "%s",
		       errno == EOVERFLOW ? "a sum does not fit" : "no memory");
	return -1;
}

static bool
look_at(void *context, const struct ledger_row *row)
{
	struct ledger_revenue *revenue = context;
	struct arena *arena = arena_new();
	const struct json_value *root =
		arena ? json_read(arena, (const char *)row->body.at, cursor_left(&row->body))
		      : NULL;
	revenue->simulated |= json_read_is_true(json_read_get(root, "simulated"));
	arena_free(arena);
	return true;
}

bool
ledger_books_simulated(struct ledger_books *books, struct ledger_revenue *revenue, size_t *at)
{
	enum { A_TURN = 20 };
	const struct ledger_documents *d = documents_of(books);
	char reason[LEDGER_JOURNAL_REASON];
	for (int read = 0; d && *at < d->bill_count && !revenue->simulated && read < A_TURN;) {
		const struct ledger_issued *bill = &d->bills[(*at)++];
		struct utc_date date = utc_to_date(bill->month);
		if (bill->received || date.year != revenue->year ||
		    (revenue->month && date.month != revenue->month))
			continue;
		struct ledger_walk walk = {.from = bill->entry,
					   .to = bill->entry,
					   .bodies = true,
					   .visit = look_at,
					   .context = revenue};
		read++;
		/* One that cannot be read is told where it is shown. */
		if (ledger_journal_walk(books->file, &walk, reason) < 0)
			break;
	}
	return d && *at < d->bill_count && !revenue->simulated;
}
