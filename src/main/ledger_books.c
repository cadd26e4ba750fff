/* The journal in the ledger's process: what is written to it. */
#include "main/ledger_books.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "ledger/ledger_amount.h"
#include "ledger/ledger_journal_difference.h"
#include "main/folders.h"
#include "main/ledger_books_parts.h"
#include "main/peer_name_io.h"
#include "view/view_journal.h"
#include "view/view_ledger.h"

static void
open_journal(struct ledger_books *books)
{
	char reason[LEDGER_JOURNAL_REASON];
	books->file = ledger_journal_open(books->path, reason);
	if (books->file) {
		if (books->trouble[0])
			log_info("journal %s: open again", books->path);
		books->trouble[0] = '\0';
	} else if (strcmp(reason, books->trouble) != 0) {
		log_error("journal %s", reason);
		memcpy(books->trouble, reason, sizeof(books->trouble));
	}
}

struct ledger_books *
ledger_books_new(const char *data_directory, const struct ledger_books_told *told,
		 ledger_books_where *where, void *context)
{
	struct ledger_books *books = calloc(1, sizeof(*books));
	if (!books)
		return NULL;
	books->where = where;
	books->context = context;
	books->told = told->ways;
	books->run = told->run;
	(void)snprintf(books->said_path, sizeof(books->said_path), "%s/%s", data_directory,
		       FOLDERS_WAYS);
	(void)snprintf(books->path, sizeof(books->path), "%s/%s", data_directory, FOLDERS_JOURNAL);
	open_journal(books);
	return books;
}

void
ledger_books_free(struct ledger_books *books)
{
	if (!books)
		return;
	ledger_books_month_free(books->month);
	ledger_books_gathered_free(books->gathered);
	ledger_journal_close(books->file);
	ledger_journal_close(books->said);
	ledger_books_whole_free(&books->whole);
	free(books);
}

bool
ledger_books_turn(struct ledger_books *books)
{
	/* One that could not be read anew after a failure is opened again. */
	if (books->file && !ledger_journal_of(books->file)) {
		ledger_journal_close(books->file);
		books->file = NULL;
	}
	if (!books->file)
		open_journal(books);
	bool more = ledger_books_ways_turn(books);
	return (books->file && ledger_books_issue_turn(books)) || more;
}

const char *
ledger_books_trouble(const struct ledger_books *books)
{
	return books->file ? NULL : books->trouble;
}

uint64_t
ledger_books_entries(const struct ledger_books *books)
{
	const struct ledger_journal *journal = books->file ? ledger_journal_of(books->file) : NULL;
	return journal ? journal->head.number : 0;
}

bool
ledger_books_wants(const struct control_request *request)
{
	return ledger_journal_question_is(request->words, request->count);
}

/* --- deeds --- */

void
ledger_deed_begin(struct ledger_deed *deed, struct ledger_books *books, struct control_peer peer,
		  const char *reason, const char *key)
{
	*deed = (struct ledger_deed){.books = books};
	(void)peer_name(deed->by, peer);
	deed->order = (struct ledger_order){
		.journal = ledger_journal_of(books->file),
		.prefix = hub_called(books->where(books->context).hub),
		.by = deed->by,
		.reason = reason,
		.key = key,
		.now = ledger_books_now(books),
		.drafts = &deed->drafts,
	};
}

int
ledger_deed_carry_out(struct ledger_deed *deed, int result)
{
	struct ledger_order *o = &deed->order;
	char reason[LEDGER_JOURNAL_REASON];
	if (result < 0)
		return o->status;
	if (o->known || !deed->drafts.count)
		return 0;
	if (ledger_journal_append(deed->books->file, &deed->drafts, o->now, reason) == 0)
		return 0;
	log_error("journal %s: %s", deed->books->path, reason);
	(void)snprintf(o->complaint, sizeof(o->complaint), "the journal: %.150s", reason);
	o->status = 503;
	return o->status;
}

void
ledger_deed_end(struct ledger_deed *deed)
{
	ledger_drafts_fini(&deed->drafts);
}

/* What was added, one entry a line. */
static void
tell(struct control_answer *answer, enum view_form form, const struct ledger_deed *deed)
{
	struct buf *out = &answer->body;
	char text[MONEY_TEXT];
	struct json j = json_to(out);
	if (form == VIEW_JSON) {
		json_object(&j, NULL);
		json_bool(&j, "known", deed->order.known != 0);
		json_array(&j, "entries");
	}
	for (size_t i = 0; i < deed->drafts.count && !deed->order.known; i++) {
		const struct ledger_entry *e = &deed->drafts.items[i].entry;
		const char *kind = ledger_entry_kind_name(e->kind);
		if (form != VIEW_JSON) {
			bool money = e->amount.currency.code[0] != '\0';
			buf_printf(out, "entry %" PRIu64 ": %s%s%s%s%s%s%s%s%s\n", e->number, kind,
				   *e->action ? " " : "", e->action, *e->document ? " " : "",
				   e->document, *e->subject ? " of " : "", e->subject,
				   money ? ", " : "", money ? money_format(text, e->amount) : "");
			continue;
		}
		json_object(&j, NULL);
		json_u64(&j, "entry", e->number);
		json_str(&j, "kind", kind);
		json_str(&j, "document", *e->document ? e->document : NULL);
		json_str(&j, "subject", *e->subject ? e->subject : NULL);
		if (e->amount.currency.code[0])
			json_money(&j, "amount", e->amount);
		json_object_end(&j);
	}
	if (form == VIEW_JSON) {
		json_array_end(&j);
		json_str(&j, "note", *deed->note ? deed->note : NULL);
		if (deed->order.known)
			json_u64(&j, "entry", deed->order.known);
		json_object_end(&j);
		buf_str(out, "\n");
	} else if (deed->order.known) {
		buf_printf(out,
			   "entry %" PRIu64
			   " says so already: nothing was added (--key TEXT for another of "
			   "the same)\n",
			   deed->order.known);
	}
	if (form != VIEW_JSON && !deed->order.known && *deed->note)
		buf_printf(out, "%s\n", deed->note);
}

/* --- commands of one step --- */

static struct utc_s
today(const struct ledger_books *books)
{
	int64_t now = ledger_books_now(books).s;
	return (struct utc_s){now - now % 86400};
}

/* What has not happened yet is no payment. A day ahead of UTC it may be that day somewhere. */
static bool
is_to_come(struct ledger_deed *deed, struct utc_s date)
{
	struct ledger_order *o = &deed->order;
	if (date.s <= today(deed->books).s + 86400)
		return false;
	(void)snprintf(o->complaint, sizeof(o->complaint), "that day is still to come");
	o->status = 400;
	return true;
}

static int
post(struct ledger_deed *deed, const struct ledger_journal_question *q, const struct hub *hub)
{
	struct ledger_order *o = &deed->order;
	struct utc_s date = q->date.s ? q->date : today(deed->books);
	struct utc_s deadline = {today(deed->books).s + hub->billing.dispute_days * INT64_C(86400)};
	struct money amount;
	if (q->kind != LEDGER_DOES_RECEIVE && is_to_come(deed, date))
		return -1;
	switch (q->kind) {
	case LEDGER_DOES_RECEIVE:
		return ledger_books_receive(deed, q);
	case LEDGER_DOES_ADJUST:
		return ledger_books_adjust(deed, q);
	case LEDGER_DOES_CREDIT:
		return ledger_post_credit(o, q->subject, q->amount);
	case LEDGER_DOES_PAY:
		return ledger_post_payment(o, q->subject, q->amount, date);
	case LEDGER_DOES_DISPUTE:
		return ledger_post_dispute(o, q->subject, q->amount, deadline);
	case LEDGER_DOES_DISPUTE_STEP:
		return ledger_post_dispute_step(o, q->subject, q->action, q->amount, deadline);
	case LEDGER_DOES_TRANSFER:
		if (ledger_amount_parse(&amount, q->amount, q->currency) < 0) {
			(void)snprintf(o->complaint, sizeof(o->complaint),
				       "found \"%.40s\", expected an amount in %s", q->amount,
				       q->currency.code);
			o->status = 400;
			return -1;
		}
		return ledger_post_transfer(o, q->subject, q->to, amount, date);
	default:
		return ledger_post_note(o);
	}
}

/* A command, and whether the entry that has its key says something else. */
struct comparison {
	const struct ledger_journal_question *q;
	const struct ledger_documents *documents;
	bool differs;
};

static enum ledger_entry_kind
kind_of(enum ledger_journal_asks asks)
{
	switch (asks) {
	case LEDGER_DOES_CREDIT:
		return LEDGER_ENTRY_CREDIT;
	case LEDGER_DOES_PAY:
		return LEDGER_ENTRY_PAYMENT;
	case LEDGER_DOES_DISPUTE:
	case LEDGER_DOES_DISPUTE_STEP:
		return LEDGER_ENTRY_DISPUTE;
	case LEDGER_DOES_TRANSFER:
		return LEDGER_ENTRY_TRANSFER;
	default:
		return LEDGER_ENTRY_NOTE;
	}
}

static bool
compare(void *context, const struct ledger_row *row)
{
	struct comparison *c = context;
	const struct ledger_journal_question *q = c->q;
	const struct ledger_entry *e = &row->entry;
	const struct ledger_issued *bill = ledger_documents_bill(c->documents, q->subject);
	struct money amount;
	bool named = q->amount && strcmp(q->amount, "all") != 0;
	c->differs = e->kind != kind_of(q->kind) || strcmp(e->reason, q->reason) != 0 ||
		     (q->kind == LEDGER_DOES_DISPUTE_STEP && strcmp(e->action, q->action) != 0) ||
		     (bill && strcmp(e->subject, bill->id) != 0) ||
		     (q->date.s && q->date.s != e->date.s) ||
		     (named && (ledger_amount_parse(&amount, q->amount, e->amount.currency) < 0 ||
				amount.minor != e->amount.minor));
	return false;
}

/* A key that was given before, for something else: nothing was done, and that is not to look as if it
 * had been. */
static bool
key_is_taken(struct ledger_books *books, const struct ledger_journal_question *q,
	     const struct ledger_order *o)
{
	struct comparison comparison = {.q = q, .documents = &o->journal->documents};
	struct ledger_walk walk = {
		.from = o->known, .to = o->known, .visit = compare, .context = &comparison};
	char reason[LEDGER_JOURNAL_REASON];
	return *q->key && o->known && ledger_journal_walk(books->file, &walk, reason) == 0 &&
	       comparison.differs;
}

static void
do_one(struct ledger_books *books, const struct ledger_journal_question *q, enum view_form form,
       struct control_peer peer, struct control_answer *answer)
{
	struct ledger_deed deed;
	ledger_deed_begin(&deed, books, peer, q->reason, q->key);
	int result = post(&deed, q, books->where(books->context).hub);
	int status = ledger_deed_carry_out(&deed, result);
	if (status)
		control_error(answer, status, "%s", deed.order.complaint);
	else if (key_is_taken(books, q, &deed.order))
		control_error(answer, 409,
			      "entry %" PRIu64 " has that key, and says something else",
			      deed.order.known);
	else
		tell(answer, form, &deed);
	ledger_deed_end(&deed);
}

/* --- settling --- */

static int
make_settlement(struct ledger_settlement *out, struct ledger_books *books, struct arena *arena,
		const struct ledger_journal_question *q, const char *id)
{
	char reason[LEDGER_JOURNAL_REASON];
	const struct ledger_settlement **earlier;
	size_t count;
	if (ledger_books_settlements(books, arena, &earlier, &count, reason) < 0) {
		log_error("journal %s: %s", books->path, reason);
		return -1;
	}
	struct ledger_settlement_source source = {
		.hub = books->where(books->context).hub,
		.documents = &ledger_journal_of(books->file)->documents,
		.earlier = earlier,
		.earlier_count = count,
		.id = id,
		.month = q->month,
		.time = ledger_books_now(books),
	};
	return ledger_settlement_make(out, arena, &source);
}

static void
settle(struct ledger_books *books, const struct ledger_journal_question *q, enum view_form form,
       struct control_peer peer, struct control_answer *answer)
{
	struct ledger_settlement settlement;
	struct ledger_deed deed;
	char id[LEDGER_DOCUMENT_TEXT], month[CLOCK_TEXT];
	utc_format(month, q->month)[7] = '\0';
	/* Its dues would be booked for good, and its invoices are still to come. */
	struct utc_date date = utc_to_date(q->month);
	if (ledger_books_now(books).s < utc_month_start(date.year, date.month + 1).s) {
		control_error(answer, 409, "%s is not over yet", month);
		return;
	}
	struct arena *arena = arena_new();
	ledger_deed_begin(&deed, books, peer, q->reason, q->key);
	(void)ledger_documents_next_id(id, &deed.order.journal->documents, LEDGER_ENTRY_SETTLEMENT,
				       0, deed.order.prefix);
	if (!arena || make_settlement(&settlement, books, arena, q, id) < 0) {
		control_error(answer, 500, "%s could not be settled: see the log", month);
		goto out;
	}
	if (ledger_settlement_is_empty(&settlement)) {
		control_error(answer, 409, "nothing is left to be settled of %s, or before", month);
		goto out;
	}
	int status = ledger_deed_carry_out(&deed, ledger_post_settlement(&deed.order, &settlement));
	if (status)
		control_error(answer, status, "%s", deed.order.complaint);
	else if (deed.order.known)
		tell(answer, form, &deed);
	else
		view_journal_settlement(&answer->body, form, &settlement, NULL);
out:
	ledger_deed_end(&deed);
	arena_free(arena);
}

/* --- answers --- */

static enum view_form
form_of(enum control_form form)
{
	return form == CONTROL_JSON ? VIEW_JSON : form == CONTROL_CSV ? VIEW_CSV : VIEW_TEXT;
}

void
ledger_books_answer(struct ledger_books *books, const struct control_request *request,
		    struct control_answer *answer)
{
	struct ledger_journal_question q;
	char complaint[LEDGER_JOURNAL_COMPLAINT];
	enum view_form form = form_of(request->form);
	int status = ledger_journal_question_parse(&q, books->where(books->context).hub,
						   request->words, request->count, complaint);
	if (status) {
		control_error(answer, status, "%s", complaint);
		return;
	}
	/* A damaged journal can be looked at by verify only. */
	if ((!books->file || !ledger_journal_of(books->file)) && q.kind != LEDGER_ASKS_VERIFY) {
		control_error(answer, 503, "the journal is not open: %.180s", books->trouble);
		return;
	}
	switch (q.kind) {
	case LEDGER_DOES_ISSUE:
		ledger_books_issue(books, &q, form, request->peer, answer);
		return;
	case LEDGER_DOES_RECEIVE:
	case LEDGER_DOES_ADJUST:
	case LEDGER_DOES_CREDIT:
	case LEDGER_DOES_PAY:
	case LEDGER_DOES_DISPUTE:
	case LEDGER_DOES_DISPUTE_STEP:
	case LEDGER_DOES_TRANSFER:
	case LEDGER_DOES_NOTE:
		do_one(books, &q, form, request->peer, answer);
		return;
	case LEDGER_DOES_SETTLE:
		settle(books, &q, form, request->peer, answer);
		return;
	case LEDGER_DOES_RECONCILE:
		ledger_books_reconcile(books, &q, request, answer);
		return;
	default:
		ledger_books_show(books, &q, form, answer);
		return;
	}
}
