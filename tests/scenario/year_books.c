/* Issuing, paying, crediting, disputing and settling, as the ledger's process does it. */
#include "scenario/year_books.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_journal_io.h"
#include "ledger/ledger_journal_post.h"
#include "scenario/year.h"
#include "view/view_ledger.h"

enum { BILLS_MAX = 400, MONTHS_MAX = 13, PARTS_MAX = 64, OF_PAYING = 100, OF_TROUBLE };

/* An invoice as it was issued, and what became of it. */
struct bill {
	char id[LEDGER_DOCUMENT_TEXT], holder[16];
	uint32_t contract;
	struct utc_s month, issued;
	struct money total;
	int64_t credited, paid, disputed;
	struct ledger_hash body;
};

struct year_books {
	struct ledger_journal_file *file;
	const char *path;
	const struct hub *hub;
	struct ledger_desk *desk;
	uint64_t seed;
	struct arena *arena; /* of the settlements */
	const struct ledger_settlement *settlements[MONTHS_MAX];
	size_t settlement_count;
	struct bill bills[BILLS_MAX];
	size_t bill_count;
	unsigned credits, disputes, payments, troubles;
};

struct year_books *
year_books_new(const char *path, const struct hub *hub, struct ledger_desk *desk, uint64_t seed)
{
	char reason[LEDGER_JOURNAL_REASON];
	struct year_books *b = calloc(1, sizeof(*b));
	if (!b)
		abort();
	*b = (struct year_books){.path = path, .hub = hub, .desk = desk, .seed = seed};
	b->arena = arena_new();
	b->file = ledger_journal_open(path, reason);
	if (b->file && b->arena)
		return b;
	printf("# %s\n", reason);
	year_books_free(b);
	return NULL;
}

void
year_books_free(struct year_books *b)
{
	ledger_journal_close(b->file);
	arena_free(b->arena);
	free(b);
}

/* --- commands --- */

static struct ledger_order
order(struct year_books *b, struct ledger_drafts *drafts, struct utc_s now)
{
	return (struct ledger_order){
		.journal = ledger_journal_of(b->file),
		.prefix = b->hub->short_name,
		.by = "the year",
		.reason = "as was agreed",
		.key = "",
		.now = now,
		.drafts = drafts,
	};
}

/* Ends a command: its drafts become entries. */
static bool
carry_out(struct year_books *b, struct ledger_order *o, int posted)
{
	char reason[LEDGER_JOURNAL_REASON] = "";
	bool good = posted == 0 && !o->known &&
		    ledger_journal_append(b->file, o->drafts, o->now, reason) == 0;
	if (!good) {
		printf("# a command failed: %s%s\n", o->complaint, reason);
		b->troubles++;
	}
	ledger_drafts_fini(o->drafts);
	return good;
}

/* The lines by their accounts. */
static size_t
parts_of(struct ledger_posting parts[PARTS_MAX], struct arena *arena,
	 const struct ledger_charge *charge)
{
	size_t count = 0;
	for (size_t i = 0; i < charge->line_count && count < PARTS_MAX; i++) {
		const struct ledger_line *line = &charge->lines[i];
		parts[count++] = (struct ledger_posting){
			line->kind == LEDGER_LINE_TAX
				? "tax"
				: arena_printf(arena, "revenue:%s",
					       ledger_line_kind_name(line->kind)),
			line->amount};
	}
	return count;
}

/* The document that is issued. */
static void
write_bill(struct buf *out, const struct ledger_invoice *invoice, const char *id,
	   struct utc_s issued)
{
	struct ledger_invoice dated = *invoice;
	dated.id = id;
	dated.issued = issued;
	view_ledger_bill(out, VIEW_LEDGER_JSON, &dated);
}

static void
issue(struct year_books *b, uint32_t contract, struct utc_s month, struct utc_s now)
{
	struct ledger_invoice invoice;
	struct ledger_posting parts[PARTS_MAX];
	struct ledger_drafts drafts = {0};
	struct ledger_order o = order(b, &drafts, now);
	struct bill *bill = &b->bills[b->bill_count];
	enum ledger_desk_answer got =
		ledger_desk_invoice(b->desk, &invoice, NULL, contract, month, now);
	if (got == LEDGER_DESK_NOT_IN_FORCE)
		return;
	if (got != LEDGER_DESK_OK || !invoice.final || b->bill_count == BILLS_MAX) {
		printf("# contract %u: no invoice that is final\n", contract);
		b->troubles++;
		return;
	}
	*bill = (struct bill){
		.contract = contract, .month = month, .issued = now, .total = invoice.charge.total};
	(void)snprintf(bill->holder, sizeof(bill->holder), "%u", invoice.member->asn.number);
	(void)ledger_documents_next_id(bill->id, &o.journal->documents, LEDGER_ENTRY_INVOICE, 0,
				       o.prefix);
	struct buf body = {0};
	struct arena *arena = arena_new();
	write_bill(&body, &invoice, bill->id, now);
	bill->body = ledger_body_hash(body.data, body.length);
	struct ledger_issue what = {
		.name = invoice.number,
		.holder = bill->holder,
		.contract = b->hub->contracts[contract].id,
		.month = utc_month_start(invoice.period.year, invoice.period.month),
		.due = {now.s + 30 * 86400},
		.total = bill->total,
		.parts = parts,
		.part_count = parts_of(parts, arena, &invoice.charge),
		.body = &body,
	};
	b->bill_count += carry_out(b, &o, ledger_post_invoice(&o, &what));
	buf_fini(&body);
	arena_free(arena);
}

static char *
amount_text(char out[MONEY_TEXT], int64_t minor, struct currency currency)
{
	return money_format_amount(out, (struct money){minor, currency});
}

static void
pay(struct year_books *b, struct bill *bill, int64_t amount, struct utc_s now)
{
	char text[MONEY_TEXT];
	struct ledger_drafts drafts = {0};
	struct ledger_order o = order(b, &drafts, now);
	if (amount > 0 &&
	    carry_out(b, &o,
		      ledger_post_payment(&o, bill->id,
					  amount_text(text, amount, bill->total.currency), now))) {
		bill->paid += amount;
		b->payments++;
	}
}

static void
credit(struct year_books *b, struct bill *bill, int64_t amount, struct utc_s now)
{
	char text[MONEY_TEXT];
	struct ledger_drafts drafts = {0};
	struct ledger_order o = order(b, &drafts, now);
	if (amount > 0 &&
	    carry_out(b, &o,
		      ledger_post_credit(&o, bill->id,
					 amount_text(text, amount, bill->total.currency)))) {
		bill->credited += amount;
		b->credits++;
	}
}

/* A dispute over a part, of which a part of a part is granted; now and then it is rejected. */
static void
dispute(struct year_books *b, struct bill *bill, uint64_t drawn, struct utc_s now)
{
	char id[LEDGER_DOCUMENT_TEXT], text[MONEY_TEXT];
	struct ledger_drafts drafts = {0}, more = {0};
	struct ledger_order o = order(b, &drafts, now);
	int64_t amount = (bill->total.minor - bill->credited) / 10, granted = amount / 3;
	if (granted <= 0)
		return;
	(void)ledger_documents_next_id(id, &o.journal->documents, LEDGER_ENTRY_DISPUTE, 0,
				       o.prefix);
	amount_text(text, amount, bill->total.currency);
	if (!carry_out(b, &o, ledger_post_dispute(&o, bill->id, text, (struct utc_s){0})))
		return;
	b->disputes++;
	bool reject = drawn % 3 == 0;
	o = order(b, &more, (struct utc_s){now.s + 3600});
	amount_text(text, granted, bill->total.currency);
	if (carry_out(b, &o,
		      ledger_post_dispute_step(&o, id, reject ? "reject" : "settle",
					       reject ? NULL : text, (struct utc_s){0})) &&
	    !reject)
		bill->credited += granted;
}

/* --- the corridor --- */

static int64_t
sum_of(const struct ledger_settlement *s, struct currency currency)
{
	int64_t sum = 0;
	for (size_t i = 0; i < s->statement_count; i++)
		if (strcmp(s->statements[i].currency.code, currency.code) == 0)
			sum += s->statements[i].net;
	return sum;
}

/* Statements add up to zero in each currency, each invoice is shared whole, and transfers settle all. */
static bool
adds_up(const struct ledger_settlement *s)
{
	bool good = true;
	for (size_t i = 0; i < s->statement_count; i++) {
		const struct ledger_settlement_statement *one = &s->statements[i];
		int64_t moved = 0;
		for (size_t k = 0; k < s->transfer_count; k++) {
			const struct ledger_settlement_transfer *t = &s->transfers[k];
			if (strcmp(t->amount.currency.code, one->currency.code) != 0)
				continue;
			moved += t->to == one->party ? t->amount.minor : 0;
			moved -= t->from == one->party ? t->amount.minor : 0;
		}
		good &= moved == one->net && sum_of(s, one->currency) == 0;
	}
	for (size_t i = 0; i < s->invoice_count; i++) {
		int64_t shared = 0;
		for (size_t k = 0; k < s->invoices[i].share_count; k++)
			shared += s->invoices[i].shares[k].share;
		good &= shared == s->invoices[i].revenue.minor;
	}
	return good;
}

static void
settle(struct year_books *b, struct utc_s month, struct utc_s now)
{
	char id[LEDGER_DOCUMENT_TEXT];
	struct ledger_drafts drafts = {0};
	struct ledger_order o = order(b, &drafts, now);
	struct ledger_settlement *made = arena_take(b->arena, sizeof(*made));
	(void)ledger_documents_next_id(id, &o.journal->documents, LEDGER_ENTRY_SETTLEMENT, 0,
				       o.prefix);
	struct ledger_settlement_source source = {
		.hub = b->hub,
		.documents = &o.journal->documents,
		.earlier = b->settlements,
		.earlier_count = b->settlement_count,
		.id = arena_str(b->arena, id),
		.month = month,
		.time = now,
	};
	if (ledger_settlement_make(made, b->arena, &source) < 0 ||
	    ledger_settlement_is_empty(made) || !adds_up(made)) {
		printf("# the settlement of a month does not add up\n");
		b->troubles++;
		return;
	}
	if (carry_out(b, &o, ledger_post_settlement(&o, made)))
		b->settlements[b->settlement_count++] = made;
}

void
year_books_month(struct year_books *b, int year, int month, struct utc_s now)
{
	size_t before = b->bill_count;
	bool credited = false;
	struct utc_s first = utc_month_start(year, month);
	for (uint32_t i = 0; i < b->hub->contract_count; i++)
		issue(b, i, first, now);
	for (size_t i = 0; i < b->bill_count; i++) {
		struct bill *bill = &b->bills[i];
		uint64_t drawn = year_chance(b->seed, OF_PAYING, i, (uint64_t)month, 0);
		int64_t open = bill->total.minor - bill->credited - bill->paid;
		/* What is older is paid, most of it whole. */
		if (i < before && drawn % 4)
			pay(b, bill, drawn % 4 == 3 ? open / 2 : open, now);
		/* One of this month is contested; something is taken back of an older one. */
		if (i == before + (uint64_t)month % 10)
			dispute(b, bill, drawn, now);
		int64_t part = (bill->total.minor - bill->credited) / 7;
		if (!credited && i < before && i >= (size_t)month * 3 % before && part > 0) {
			credit(b, bill, part, now);
			credited = true;
		}
	}
	settle(b, first, now);
}

/* --- what must hold --- */

/* The account of a member in a currency, by the plain list. */
static int64_t
owed(const struct year_books *b, const char *holder, struct currency currency)
{
	int64_t sum = 0;
	for (size_t i = 0; i < b->bill_count; i++)
		if (strcmp(b->bills[i].holder, holder) == 0 &&
		    strcmp(b->bills[i].total.currency.code, currency.code) == 0)
			sum += b->bills[i].total.minor - b->bills[i].credited - b->bills[i].paid;
	return sum;
}

static bool
accounts_hold(const struct year_books *b)
{
	const struct ledger_accounts *accounts = &ledger_journal_of(b->file)->accounts;
	bool good = true;
	for (size_t i = 0; i < b->bill_count; i++) {
		const struct bill *bill = &b->bills[i];
		struct currency currency = bill->total.currency;
		char name[40];
		(void)snprintf(name, sizeof(name), "receivable:%s", bill->holder);
		int64_t all = 0;
		for (size_t k = 0; k < accounts->count; k++)
			if (strcmp(accounts->items[k].currency.code, currency.code) == 0)
				all += accounts->items[k].debit - accounts->items[k].credit;
		good &= all == 0 && ledger_accounts_balance(accounts, name, currency) ==
					    owed(b, bill->holder, currency);
	}
	return good;
}

/* A party's account is what all statements together said of it. */
static bool
parties_hold(const struct year_books *b)
{
	const struct ledger_accounts *accounts = &ledger_journal_of(b->file)->accounts;
	static const struct currency currencies[] = {{"USD"}, {"EUR"}, {"KZT"}};
	bool good = true, some = false;
	for (size_t p = 0; p < b->hub->party_count; p++) {
		for (size_t c = 0; c < 3; c++) {
			int64_t net = 0;
			char name[80];
			for (size_t i = 0; i < b->settlement_count; i++)
				for (size_t k = 0; k < b->settlements[i]->statement_count; k++) {
					const struct ledger_settlement_statement *s =
						&b->settlements[i]->statements[k];
					if (s->party == p + 1 &&
					    strcmp(s->currency.code, currencies[c].code) == 0)
						net += s->net;
				}
			(void)snprintf(name, sizeof(name), "payable:%s", b->hub->parties[p].id);
			good &= ledger_accounts_balance(accounts, name, currencies[c]) == -net;
			some |= net != 0;
		}
	}
	return good && some;
}

/* Billed once more, from the bins as they are now. */
static bool
same_again(struct year_books *b, const struct bill *bill)
{
	struct ledger_invoice invoice;
	struct buf body = {0};
	if (ledger_desk_invoice(b->desk, &invoice, NULL, bill->contract, bill->month,
				bill->issued) != LEDGER_DESK_OK)
		return false;
	write_bill(&body, &invoice, bill->id, bill->issued);
	bool same = ledger_journal_body_fits(
		&(struct ledger_entry){.body_length = body.length, .body = bill->body}, body.data,
		body.length);
	buf_fini(&body);
	return same;
}

struct year_books_verdict
year_books_end(struct year_books *b)
{
	char reason[LEDGER_JOURNAL_REASON] = "";
	const struct ledger_journal *journal = ledger_journal_of(b->file);
	struct ledger_head head = journal->head, last = {0};
	struct buf faults = {0};
	struct year_books_verdict v = {
		.issued = b->bill_count,
		.settled = b->settlement_count,
		.paid = b->payments,
		.credited = b->credits,
		.disputed = b->disputes,
		.entries = head.number,
		.done = !b->troubles && b->credits && b->disputes && b->payments,
		.accounts = accounts_hold(b) && parties_hold(b) &&
			    ledger_journal_check(journal, &faults) && faults.length == 0,
		.same = true,
	};
	for (size_t i = 0; i < b->bill_count; i++)
		v.same &= same_again(b, &b->bills[i]);
	v.sound = ledger_journal_verify(b->path, (struct ledger_journal_asked){.head = &head.hash},
					&last, &faults, reason) == 0 &&
		  faults.length == 0 && last.number == head.number;
	if (!v.sound || !v.accounts)
		printf("# %s %.*s\n", reason, (int)faults.length, (const char *)faults.data);
	buf_fini(&faults);
	return v;
}
