/* What is open, by age. */
#include "ledger/ledger_aged.h"

#include <stdlib.h>
#include <string.h>

enum { DAY_S = 86400 };

static const char payable[] = "payable:";

static enum ledger_age
age_of(struct utc_s due, struct utc_s now)
{
	int64_t late = ledger_late_s(due, now);
	return late <= 0            ? LEDGER_NOT_DUE
	       : late <= 30 * DAY_S ? LEDGER_DAYS_30
	       : late <= 60 * DAY_S ? LEDGER_DAYS_60
	       : late <= 90 * DAY_S ? LEDGER_DAYS_90
				    : LEDGER_OLDER;
}

static int
by_holder(const void *a, const void *b)
{
	const struct ledger_aged *x = a, *y = b;
	int order = strcmp(x->holder, y->holder);
	return order ? order : strcmp(x->currency.code, y->currency.code);
}

/* Sorts the rows and joins them: one a holder and currency. */
static size_t
join(struct ledger_aged *rows, size_t count)
{
	size_t used = 0;
	if (count)
		qsort(rows, count, sizeof(*rows), by_holder);
	for (size_t i = 0; i < count; i++) {
		if (!used || by_holder(&rows[used - 1], &rows[i]) != 0) {
			rows[used++] = rows[i];
			continue;
		}
		for (size_t k = 0; k < LEDGER_AGES; k++)
			rows[used - 1].open[k] += rows[i].open[k];
		rows[used - 1].disputed += rows[i].disputed;
	}
	return used;
}

/* A row for each invoice that is open, of those that were issued or of those that came in. */
static size_t
add_bills(struct ledger_aged *rows, const struct ledger_documents *d, bool received,
	  struct utc_s now)
{
	size_t count = 0;
	for (size_t i = 0; i < d->bill_count; i++) {
		const struct ledger_issued *bill = &d->bills[i];
		int64_t open = ledger_issued_open(bill);
		if (!open || bill->received != received)
			continue;
		rows[count] = (struct ledger_aged){.holder = bill->holder,
						   .currency = bill->total.currency,
						   .disputed = ledger_issued_disputed(d, bill)};
		rows[count++].open[age_of(bill->due, now)] = open;
	}
	return count;
}

struct ledger_aged *
ledger_aged_receivables(size_t *count, const struct ledger_journal *journal, struct utc_s now)
{
	struct ledger_aged *rows = calloc(journal->documents.bill_count + 1, sizeof(*rows));
	if (rows)
		*count = join(rows, add_bills(rows, &journal->documents, false, now));
	return rows;
}

/* What a settlement brought the account's party. */
static int64_t
brought(const struct ledger_settled *settled, const struct ledger_account *account)
{
	for (size_t i = 0; i < settled->posting_count; i++) {
		const struct ledger_posting *p = &settled->postings[i];
		if (p->amount.minor < 0 && strcmp(p->account, account->name) == 0 &&
		    strcmp(p->amount.currency.code, account->currency.code) == 0)
			return -p->amount.minor;
	}
	return 0;
}

/* What is left of the account is of its last settlements, as the first were paid first. What no settlement
 * brought (a party paid more than it owed) has no day on which it is due. */
static void
age_account(struct ledger_aged *row, const struct ledger_documents *d,
	    const struct ledger_account *account, int64_t payment_s, struct utc_s now)
{
	int64_t left = account->credit - account->debit;
	*row = (struct ledger_aged){.holder = account->name + strlen(payable),
				    .currency = account->currency};
	for (size_t i = d->settled_count; i-- && left;) {
		const struct ledger_settled *settled = &d->settled[i];
		int64_t part = brought(settled, account);
		int64_t day = settled->time.s - settled->time.s % DAY_S;
		part = part < left ? part : left;
		row->open[age_of((struct utc_s){day + payment_s}, now)] += part;
		left -= part;
	}
	row->open[LEDGER_NOT_DUE] += left;
}

struct ledger_aged *
ledger_aged_payables(size_t *count, const struct ledger_journal *journal, uint32_t payment_days,
		     struct utc_s now)
{
	const struct ledger_documents *d = &journal->documents;
	const struct ledger_accounts *accounts = &journal->accounts;
	struct ledger_aged *rows = calloc(d->bill_count + accounts->count + 1, sizeof(*rows));
	if (!rows)
		return NULL;
	size_t used = add_bills(rows, d, true, now);
	for (size_t i = 0; i < accounts->count; i++) {
		const struct ledger_account *a = &accounts->items[i];
		if (a->credit > a->debit && strncmp(a->name, payable, strlen(payable)) == 0)
			age_account(&rows[used++], d, a, (int64_t)payment_days * DAY_S, now);
	}
	*count = join(rows, used);
	return rows;
}
