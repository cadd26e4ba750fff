/* The journal in the ledger's process: what is shown of it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "main/ledger_books_parts.h"
#include "main/paper_documents.h"
#include "paper/paper_html.h"
#include "view/view_journal.h"
#include "view/view_ledger.h"

/* --- settlements --- */

struct reading {
	struct arena *arena;
	struct ledger_settlement *out;
	bool good;
};

static bool
read_settlement(void *context, const struct ledger_row *row)
{
	struct reading *r = context;
	r->good = ledger_settlement_read(r->out, r->arena, row->body.at, cursor_left(&row->body)) ==
		  0;
	return false;
}

static int
settlement_of(struct ledger_books *books, struct arena *arena, struct ledger_settlement *out,
	      uint64_t entry, char reason[LEDGER_JOURNAL_REASON])
{
	struct reading reading = {.arena = arena, .out = out};
	struct ledger_walk walk = {.from = entry,
				   .to = entry,
				   .bodies = true,
				   .visit = read_settlement,
				   .context = &reading};
	if (ledger_journal_walk(books->file, &walk, reason) < 0)
		return -1;
	if (!reading.good) {
		(void)snprintf(reason, LEDGER_JOURNAL_REASON,
			       "entry %" PRIu64 ": its document is no settlement", entry);
		return -1;
	}
	return 0;
}

int
ledger_books_settlements(struct ledger_books *books, struct arena *arena,
			 const struct ledger_settlement ***out, size_t *count,
			 char reason[LEDGER_JOURNAL_REASON])
{
	const struct ledger_documents *d = &ledger_journal_of(books->file)->documents;
	struct ledger_settlement *all = arena_take(arena, (d->settled_count + 1) * sizeof(*all));
	*out = arena_take(arena, (d->settled_count + 1) * sizeof(**out));
	if (!all || !*out) {
		(void)snprintf(reason, LEDGER_JOURNAL_REASON, "no memory");
		return -1;
	}
	for (size_t i = 0; i < d->settled_count; i++) {
		if (settlement_of(books, arena, &all[i], d->settled[i].entry, reason) < 0)
			return -1;
		(*out)[i] = &all[i];
	}
	*count = d->settled_count;
	return 0;
}

/* By its number, or the last one of a month; NULL: there is none. */
static const struct ledger_settled *
find_settled(const struct ledger_documents *d, const struct ledger_journal_question *q)
{
	for (size_t i = d->settled_count; i-- > 0;)
		if (q->month.s ? d->settled[i].month.s == q->month.s
			       : strcmp(d->settled[i].id, q->subject) == 0)
			return &d->settled[i];
	return NULL;
}

static bool
has_party(const struct ledger_settlement *settlement, const char *party)
{
	for (size_t i = 0; i < settlement->party_count; i++)
		if (strcmp(settlement->parties[i].id, party) == 0)
			return true;
	return false;
}

static void
show_settlement(struct ledger_books *books, const struct ledger_journal_question *q,
		enum view_form form, struct control_answer *answer)
{
	const struct ledger_journal *journal = ledger_journal_of(books->file);
	char reason[LEDGER_JOURNAL_REASON];
	if (!q->month.s && !*q->subject) {
		view_journal_settlements(&answer->body, form, journal);
		return;
	}
	const struct ledger_settled *settled = find_settled(&journal->documents, q);
	struct ledger_settlement settlement;
	struct arena *arena = arena_new();
	if (!settled)
		control_error(answer, 404, "%s was settled: see sarai ledger settlement",
			      q->month.s ? "nothing of that month" : "nothing under that number");
	else if (!arena)
		control_error(answer, 500, "no memory");
	else if (settlement_of(books, arena, &settlement, settled->entry, reason) < 0)
		control_error(answer, 503, "the journal: %.180s", reason);
	else if (*q->holder && !has_party(&settlement, q->holder))
		control_error(answer, 404, "%.60s is no party of %s", q->holder, settled->id);
	else
		view_journal_settlement(&answer->body, form, &settlement,
					*q->holder ? q->holder : NULL);
	arena_free(arena);
}

/* --- lists of entries, some hundred a piece --- */

enum { ROWS_A_PIECE = 500 };

struct listing {
	struct ledger_books *books;
	struct view_journal_list list;
	uint64_t next, to;
	char holder[LEDGER_FIELD_MAX + 1], account[LEDGER_FIELD_MAX + 1];
	bool ended;
	/* of the piece that is being made */
	struct buf *out;
	unsigned rows;
};

static bool
list_row(void *context, const struct ledger_row *row)
{
	struct listing *l = context;
	view_journal_list_add(&l->list, l->out, &row->entry,
			      ledger_hash_of(row->text.at, cursor_left(&row->text)));
	l->next = row->entry.number + 1;
	return ++l->rows < ROWS_A_PIECE;
}

static bool
more_rows(void *state, struct buf *out)
{
	struct listing *l = state;
	char reason[LEDGER_JOURNAL_REASON];
	const struct ledger_journal *journal =
		l->books->file ? ledger_journal_of(l->books->file) : NULL;
	if (l->ended || !journal)
		return false;
	l->out = out;
	l->rows = 0;
	struct ledger_walk walk = {.from = l->next,
				   .to = l->to,
				   .holder = *l->holder ? l->holder : NULL,
				   .visit = list_row,
				   .context = l};
	/* A list that breaks off has no end, and so is no valid JSON. */
	if (ledger_journal_walk(l->books->file, &walk, reason) < 0) {
		buf_printf(out, "%s\n", reason);
		return !(l->ended = true);
	}
	if (l->rows < ROWS_A_PIECE) {
		view_journal_list_end(&l->list, out, journal, l->holder);
		l->ended = true;
	}
	return true;
}

/* The name of a holder's accounts, in `out`; NULL: nobody is named. */
static const char *
holder_of(char out[LEDGER_HOLDER], const struct hub *hub, const struct ledger_journal_question *q)
{
	if (q->member == HUB_NONE && q->party == HUB_NONE)
		return NULL;
	if (q->member != HUB_NONE)
		(void)snprintf(out, LEDGER_HOLDER, "%" PRIu32, hub->members[q->member].asn.number);
	else
		(void)snprintf(out, LEDGER_HOLDER, "%s", hub->parties[q->party].id);
	return out;
}

static void
show_entries(struct ledger_books *books, const struct ledger_journal_question *q,
	     enum view_form form, struct control_answer *answer)
{
	const struct hub *hub = books->where(books->context).hub;
	struct listing *l = calloc(1, sizeof(*l));
	if (!l) {
		control_error(answer, 500, "no memory");
		return;
	}
	bool statement = q->kind == LEDGER_ASKS_STATEMENT;
	l->books = books;
	l->next = statement ? 1 : q->from;
	l->to = statement ? UINT64_MAX : q->number_to;
	l->list = (struct view_journal_list){
		.form = form, .statement = statement, .outside = statement};
	if (statement)
		(void)holder_of(l->holder, hub, q);
	else
		(void)snprintf(l->holder, sizeof(l->holder), "%s", q->holder);
	(void)snprintf(l->account, sizeof(l->account), "%s", q->account);
	if (*l->account)
		l->list.account = l->account;
	view_journal_list_begin(&l->list, &answer->body, ledger_journal_of(books->file), hub,
				l->holder, ledger_books_now(books));
	answer->state = l;
	answer->more = more_rows;
	answer->done = free;
}

/* --- one document --- */

struct search {
	struct ledger_books *books;
	const char *id;
	const char *holder; /* whose it has to be; NULL: anybody's */
	enum view_form form;
	struct buf *out;
	bool found;
};

static void
put_document(struct search *s, const struct ledger_row *row)
{
	const struct view_journal_list how = {.form = s->form, .outside = s->holder};
	view_journal_document(s->out, &how, &row->entry, row->text, row->body);
}

/* An invoice has the lines that it has as a bill; others have what they posted. */
static void
write_csv(struct search *s, const struct ledger_row *row)
{
	struct arena *arena = arena_new();
	struct ledger_invoice invoice;
	const struct hub *hub = s->books->where(s->books->context).hub;
	if (row->entry.kind == LEDGER_ENTRY_INVOICE && arena &&
	    view_invoice_read(&invoice, arena, hub, row->body.at, cursor_left(&row->body)) == 0) {
		invoice.id = row->entry.document;
		view_ledger_bill_head(s->out, VIEW_LEDGER_CSV);
		view_ledger_bill(s->out, VIEW_LEDGER_CSV, &invoice);
	} else {
		put_document(s, row);
	}
	arena_free(arena);
}

static bool
look_at(void *context, const struct ledger_row *row)
{
	struct search *s = context;
	if (strcmp(row->entry.document, s->id) != 0 &&
	    !(row->entry.kind == LEDGER_ENTRY_INVOICE && strcmp(row->entry.subject, s->id) == 0))
		return true;
	if (s->holder && strcmp(row->entry.holder, s->holder) != 0)
		return true;
	if (s->form == VIEW_CSV)
		write_csv(s, row);
	else
		put_document(s, row);
	s->found = true;
	return false;
}

/* The JSON of the document in the answer becomes its page. */
static void
turn_to_page(struct ledger_books *books, struct control_answer *answer)
{
	const struct hub *hub = books->where(books->context).hub;
	struct arena *arena = arena_new();
	struct buf json = answer->body, parties = {0};
	answer->body = (struct buf){0};
	const struct paper_document *document =
		arena ? paper_document_of(arena, &json, hub, &parties) : NULL;
	if (document)
		paper_html(&answer->body, document);
	else
		control_error(
			answer, arena ? 409 : 500, "%s",
			arena ? "this document has no page; of a settlement each party's has: "
				"name the party"
			      : "no memory");
	answer->content_type = document ? "text/html; charset=utf-8" : NULL;
	buf_fini(&json);
	buf_fini(&parties);
	arena_free(arena);
}

static void
show_document(struct ledger_books *books, const struct ledger_journal_question *q,
	      enum view_form form, struct control_answer *answer)
{
	char reason[LEDGER_JOURNAL_REASON], holder[LEDGER_HOLDER];
	const struct ledger_issued *bill =
		ledger_documents_bill(&ledger_journal_of(books->file)->documents, q->subject);
	if (q->html)
		form = VIEW_JSON;
	struct search search = {
		.books = books,
		.id = q->subject,
		.holder = holder_of(holder, books->where(books->context).hub, q),
		.form = form,
		.out = &answer->body,
	};
	struct ledger_walk walk = {.from = bill ? bill->entry : 1,
				   .to = bill ? bill->entry : UINT64_MAX,
				   .bodies = true,
				   .visit = look_at,
				   .context = &search};
	/* Of a settlement each party has its own. */
	if (*q->holder)
		show_settlement(books, q, form, answer);
	else if (ledger_journal_walk(books->file, &walk, reason) < 0)
		control_error(answer, 503, "the journal: %.180s", reason);
	else if (!search.found)
		control_error(answer, 404, "there is no document %.60s", q->subject);
	if (q->html && !answer->status)
		turn_to_page(books, answer);
}

/* --- the rest --- */

static void
verify(struct ledger_books *books, const struct ledger_journal_question *q, enum view_form form,
       struct control_answer *answer)
{
	const struct ledger_journal *journal = books->file ? ledger_journal_of(books->file) : NULL;
	/* What is in memory has to be in the file too. */
	const struct ledger_hash *head = q->has_head                       ? &q->head
					 : journal && journal->head.number ? &journal->head.hash
									   : NULL;
	ledger_books_verify(books, head, form, answer);
}

static void
show_bills(struct ledger_books *books, const struct ledger_journal_question *q, enum view_form form,
	   struct control_answer *answer)
{
	const struct hub *hub = books->where(books->context).hub;
	char holder[LEDGER_HOLDER];
	struct view_journal_filter filter = {.holder = holder_of(holder, hub, q),
					     .month = q->month,
					     .received = q->kind == LEDGER_ASKS_PAYABLES};
	view_journal_bills(&answer->body, form, ledger_journal_of(books->file), hub, &filter,
			   ledger_books_now(books));
}

void
ledger_books_show(struct ledger_books *books, const struct ledger_journal_question *q,
		  enum view_form form, struct control_answer *answer)
{
	const struct hub *hub = books->where(books->context).hub;
	const struct ledger_journal *journal = books->file ? ledger_journal_of(books->file) : NULL;
	char holder[LEDGER_HOLDER];
	switch (q->kind) {
	case LEDGER_ASKS_ADJUSTMENTS:
		view_journal_adjustments(&answer->body, form, journal);
		return;
	case LEDGER_ASKS_BILLS:
	case LEDGER_ASKS_PAYABLES:
		show_bills(books, q, form, answer);
		return;
	case LEDGER_ASKS_DISPUTES:
		view_journal_disputes(
			&answer->body, form, journal, hub,
			&(struct view_journal_filter){.holder = holder_of(holder, hub, q)},
			ledger_books_now(books));
		return;
	case LEDGER_ASKS_AGED:
	case LEDGER_ASKS_AGED_PAYABLES:
		view_journal_aged(
			&answer->body, form, journal, hub,
			&(struct view_journal_filter){.received = q->kind != LEDGER_ASKS_AGED},
			ledger_books_now(books));
		return;
	case LEDGER_ASKS_BALANCE:
		view_journal_balance(&answer->body, form, journal);
		return;
	case LEDGER_ASKS_STATEMENT:
	case LEDGER_ASKS_ENTRIES:
		show_entries(books, q, form, answer);
		return;
	case LEDGER_ASKS_DOCUMENT:
		show_document(books, q, form, answer);
		return;
	case LEDGER_ASKS_HEAD:
		view_journal_head(&answer->body, form, journal);
		return;
	case LEDGER_ASKS_VERIFY:
		verify(books, q, form, answer);
		return;
	case LEDGER_ASKS_SETTLEMENT:
		show_settlement(books, q, q->html ? VIEW_JSON : form, answer);
		if (q->html && !answer->status)
			turn_to_page(books, answer);
		return;
	case LEDGER_ASKS_WAY:
		ledger_books_way_show(books, q, form, answer);
		return;
	default:
		control_error(answer, 400, "this is not a question");
		return;
	}
}
