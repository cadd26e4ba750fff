/* The journal in the ledger's process: issuing invoices, one contract a turn, each in a transaction
 * of its own. What is said to be issued is on the disk. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock_io.h"
#include "base/json.h"
#include "base/json_read.h"
#include "base/log.h"
#include "ledger/ledger_journal_difference.h"
#include "main/ledger_books_parts.h"
#include "view/view_ledger.h"

enum { AGAIN_S = 60, WAIT_S = 5 };

/* What became of one contract. */
struct outcome {
	enum { ISSUED, KNOWN, NOT_YET, NOT_IN_FORCE, FAILED } kind;
	char id[LEDGER_DOCUMENT_TEXT], name[LEDGER_NUMBER], reason[LEDGER_POST_COMPLAINT];
	struct money total;
	struct ledger_bin_counts bins;
};

/* The invoice's parts by account: what lines sold, by their kind, and the tax. */
static size_t
parts_of(struct ledger_posting *parts, struct arena *arena, const struct ledger_charge *charge)
{
	size_t count = 0;
	for (size_t i = 0; i < charge->line_count; i++) {
		const struct ledger_line *line = &charge->lines[i];
		const char *account = line->kind == LEDGER_LINE_TAX
					      ? arena_str(arena, "tax")
					      : arena_printf(arena, "revenue:%s",
							     ledger_line_kind_name(line->kind));
		if (!account)
			return SIZE_MAX;
		size_t at = 0;
		while (at < count && strcmp(parts[at].account, account) != 0)
			at++;
		if (at == count)
			parts[count++] =
				(struct ledger_posting){account, {0, line->amount.currency}};
		if (__builtin_add_overflow(parts[at].amount.minor, line->amount.minor,
					   &parts[at].amount.minor))
			return SIZE_MAX;
	}
	return count;
}

static void
fail(struct outcome *outcome, const char *reason)
{
	outcome->kind = FAILED;
	(void)snprintf(outcome->reason, sizeof(outcome->reason), "%s", reason);
}

/* The day that the document says of a moment, whatever the zone it says it in. */
static struct utc_s
day_of(const struct ledger_invoice *invoice, struct utc_s moment)
{
	struct utc_date day = zone_date(invoice->contract->zone, moment);
	return utc_from_date((struct utc_date){day.year, day.month, day.day, 0, 0, 0});
}

/* Posts an invoice that is final. The document is the bill as JSON, without its curve; it bears the
 * number and the day that the journal gives it. */
static void
post_invoice(struct outcome *outcome, struct ledger_deed *deed,
	     const struct ledger_invoice *invoice)
{
	char id[LEDGER_DOCUMENT_TEXT];
	struct ledger_invoice dated = *invoice;
	dated.id = ledger_documents_next_id(id, &deed->order.journal->documents,
					    LEDGER_ENTRY_INVOICE, 0, deed->order.prefix);
	dated.issued = deed->order.now;
	struct arena *arena = arena_new();
	size_t lines = invoice->charge.line_count;
	struct ledger_posting *parts =
		arena ? arena_take(arena, (lines + 1) * sizeof(*parts)) : NULL;
	size_t count = parts ? parts_of(parts, arena, &invoice->charge) : SIZE_MAX;
	struct buf body = {0};
	char holder[16];
	(void)snprintf(holder, sizeof(holder), "%" PRIu32, invoice->member->asn.number);
	view_ledger_bill(&body, VIEW_LEDGER_JSON, &dated);
	struct ledger_issue issue = {
		.name = invoice->number,
		.holder = holder,
		.contract = invoice->contract->id,
		.month = utc_month_start(invoice->period.year, invoice->period.month),
		.due = day_of(&dated, view_invoice_due(&dated)),
		.total = invoice->charge.total,
		.parts = parts,
		.part_count = count,
		.body = &body,
	};
	if (count == SIZE_MAX || body.failed)
		fail(outcome, "no memory");
	else if (ledger_deed_carry_out(deed, ledger_post_invoice(&deed->order, &issue)))
		fail(outcome, deed->order.complaint);
	else
		outcome->kind = deed->order.known ? KNOWN : ISSUED;
	buf_fini(&body);
	arena_free(arena);
}

/* By itself nothing is issued that rests on a month of which more than a twentieth is missing: bins
 * may still wait in the spool, or the clock may have jumped. Somebody has to say so then. What is
 * about no port (dark fibre, a share of a cable) rests on no bins. */
static bool
too_many_missing(const struct ledger_invoice *invoice)
{
	return invoice->contract->port_count && invoice->bins.missing * 20 > invoice->bins.expected;
}

static void
issue_contract(struct outcome *outcome, struct ledger_books *books, struct control_peer peer,
	       uint32_t contract, struct utc_s month)
{
	struct ledger_books_place place = books->where(books->context);
	struct ledger_invoice invoice;
	struct ledger_deed deed;
	*outcome = (struct outcome){.kind = NOT_IN_FORCE};
	/* What the hub buys is others' to issue. */
	if (place.hub->contracts[contract].purchase)
		return;
	enum ledger_desk_answer got =
		ledger_desk_invoice(place.desk, &invoice, NULL, contract, month, clock_utc());
	if (got == LEDGER_DESK_NOT_IN_FORCE)
		return;
	(void)snprintf(outcome->name, sizeof(outcome->name), "%s",
		       got ? place.hub->contracts[contract].id : invoice.number);
	if (got) {
		fail(outcome, got == LEDGER_DESK_OVERFLOW ? ledger_desk_fault(place.desk)
							  : "its bins could not be read");
		return;
	}
	outcome->total = invoice.charge.total;
	outcome->bins = invoice.bins;
	if (!invoice.final) {
		outcome->kind = NOT_YET;
		return;
	}
	if (!peer.known && too_many_missing(&invoice)) {
		outcome->kind = NOT_YET;
		return;
	}
	ledger_deed_begin(&deed, books, peer, "", "");
	post_invoice(outcome, &deed, &invoice);
	if (outcome->kind != FAILED) {
		const struct ledger_issued *issued = ledger_documents_bill(
			&ledger_journal_of(books->file)->documents, invoice.number);
		(void)snprintf(outcome->id, sizeof(outcome->id), "%s", issued ? issued->id : "");
		if (issued)
			outcome->total = issued->total;
	}
	ledger_deed_end(&deed);
}

/* --- by hand: an answer that goes on, contract by contract --- */

struct issuing {
	struct ledger_books *books;
	unsigned generation;
	enum view_form form;
	struct control_peer peer;
	uint32_t member, contract, next;
	struct utc_s month;
	size_t told;
	bool ended;
};

static void
tell(struct issuing *all, struct buf *out, const struct outcome *outcome)
{
	static const char *const words[] = {[ISSUED] = "issued",
					    [KNOWN] = "issued before",
					    [NOT_YET] = "not final yet",
					    [FAILED] = "failed"};
	char text[MONEY_TEXT];
	if (all->form == VIEW_JSON) {
		if (all->told++)
			buf_str(out, ",");
		struct json j = json_to(out);
		json_object(&j, NULL);
		json_str(&j, "id", *outcome->id ? outcome->id : NULL);
		json_str(&j, "number", outcome->name);
		json_str(&j, "outcome", words[outcome->kind]);
		json_str(&j, "reason", *outcome->reason ? outcome->reason : NULL);
		if (outcome->kind != FAILED)
			json_money(&j, "total", outcome->total);
		if (outcome->kind == ISSUED) {
			json_u64(&j, "missing", outcome->bins.missing);
			json_u64(&j, "simulated", outcome->bins.simulated);
		}
		json_object_end(&j);
		return;
	}
	all->told++;
	buf_printf(out, "%-14s %s: ", *outcome->id ? outcome->id : "-", outcome->name);
	if (outcome->kind == FAILED)
		buf_printf(out, "failed: %s\n", outcome->reason);
	else
		buf_printf(out, "%s, %s\n", words[outcome->kind],
			   money_format(text, outcome->total));
	/* Whoever issues it by hand is to know on what it rests. */
	if (outcome->kind == ISSUED && outcome->bins.missing)
		buf_printf(out, "               %zu of %zu bins are missing\n",
			   outcome->bins.missing, outcome->bins.expected);
	if (outcome->kind == ISSUED && outcome->bins.simulated)
		buf_printf(out, "               %zu bins are SIMULATED\n", outcome->bins.simulated);
}

static bool
end(struct issuing *all, struct buf *out)
{
	all->ended = true;
	if (all->form == VIEW_JSON)
		buf_str(out, "]}\n");
	else if (!all->told)
		buf_str(out, "no contract is in force in that month\n");
	return true;
}

static bool
is_meant(const struct issuing *all, const struct hub *hub, uint32_t contract)
{
	return (all->contract == HUB_NONE || all->contract == contract) &&
	       (all->member == HUB_NONE || hub->contracts[contract].member == all->member);
}

static bool
issue_more(void *state, struct buf *out)
{
	struct issuing *all = state;
	struct ledger_books_place place = all->books->where(all->books->context);
	if (all->ended)
		return false;
	/* Numbers of contracts are those of one picture; and without journal or store there is no
	 * going on. */
	if (!place.desk || place.generation != all->generation || !all->books->file ||
	    !ledger_journal_of(all->books->file)) {
		struct outcome broken = {.name = "the rest"};
		fail(&broken, "the hub changed meanwhile: give the command again");
		tell(all, out, &broken);
		return end(all, out);
	}
	while (all->next < place.hub->contract_count) {
		struct outcome outcome;
		uint32_t contract = all->next++;
		if (!is_meant(all, place.hub, contract))
			continue;
		issue_contract(&outcome, all->books, all->peer, contract, all->month);
		if (outcome.kind == NOT_IN_FORCE)
			continue;
		tell(all, out, &outcome);
		return true;
	}
	return end(all, out);
}

/* The month before the running one. */
static struct utc_s
last_month(void)
{
	struct utc_date today = utc_to_date(clock_utc());
	return utc_month_start(today.year, today.month - 1);
}

void
ledger_books_issue(struct ledger_books *books, const struct ledger_journal_question *q,
		   enum view_form form, struct control_peer peer, struct control_answer *answer)
{
	struct ledger_books_place place = books->where(books->context);
	if (form == VIEW_CSV) {
		control_error(answer, 400, "this has no CSV; it has text, and JSON with -j");
		return;
	}
	if (!place.desk) {
		control_error(answer, 503, "the store is not open: nothing can be issued");
		return;
	}
	struct issuing *all = calloc(1, sizeof(*all));
	if (!all) {
		control_error(answer, 500, "no memory");
		return;
	}
	*all = (struct issuing){
		.books = books,
		.generation = place.generation,
		.form = form,
		.peer = peer,
		.member = q->member,
		.contract = q->contract,
		.month = q->month.s ? q->month : last_month(),
	};
	if (form == VIEW_JSON)
		buf_str(&answer->body, "{\"invoices\":[");
	answer->state = all;
	answer->more = issue_more;
	answer->done = free;
}

/* --- by itself --- */

/* Was it issued? The last ones are looked at first. */
static bool
is_issued(const struct ledger_documents *documents, const char *contract, struct utc_s month)
{
	for (size_t i = documents->bill_count; i > 0; i--)
		if (documents->bills[i - 1].month.s == month.s &&
		    strcmp(documents->bills[i - 1].contract, contract) == 0)
			return true;
	return false;
}

bool
ledger_books_issue_turn(struct ledger_books *books)
{
	struct ledger_books_place place = books->where(books->context);
	int64_t now = clock_utc().s;
	struct utc_s month = last_month();
	if (!place.desk || place.hub->billing.issue != HUB_ISSUE_AUTOMATIC ||
	    !ledger_journal_of(books->file) || now < books->automatic_after_s)
		return false;
	if (books->automatic_month.s != month.s ||
	    books->automatic_next >= place.hub->contract_count) {
		bool again = books->automatic_month.s == month.s;
		books->automatic_month = month;
		books->automatic_next = 0;
		books->automatic_after_s = again ? now + AGAIN_S : now;
		return !again;
	}
	/* Those that are done cost no turn: there may be hundreds. */
	const struct ledger_documents *documents = &ledger_journal_of(books->file)->documents;
	while (is_issued(documents, place.hub->contracts[books->automatic_next].id, month))
		if (++books->automatic_next == place.hub->contract_count)
			return false;
	struct outcome outcome;
	issue_contract(&outcome, books, (struct control_peer){0}, books->automatic_next, month);
	if (outcome.kind == FAILED) {
		log_warn("invoice %s: not issued: %s", outcome.name, outcome.reason);
		books->automatic_after_s = now + WAIT_S;
	}
	if (outcome.kind == ISSUED)
		log_info("invoice %s: issued as %s", outcome.name, outcome.id);
	books->automatic_next++;
	return outcome.kind == ISSUED;
}

/* --- what a bill says of it --- */

struct stored {
	struct buf body;
};

static bool
keep_body(void *context, const struct ledger_row *row)
{
	struct stored *stored = context;
	buf_put(&stored->body, row->body.at, cursor_left(&row->body));
	return false;
}

static int
read_stored(struct stored *stored, struct ledger_books *books, const struct ledger_issued *issued,
	    char reason[LEDGER_JOURNAL_REASON])
{
	struct ledger_walk walk = {.from = issued->entry,
				   .to = issued->entry,
				   .bodies = true,
				   .visit = keep_body,
				   .context = stored};
	return ledger_journal_walk(books->file, &walk, reason);
}

static const struct ledger_issued *
issued_as(const struct ledger_books *books, const struct ledger_invoice *invoice)
{
	const struct ledger_journal *journal = books->file ? ledger_journal_of(books->file) : NULL;
	return journal ? ledger_documents_bill(&journal->documents, invoice->number) : NULL;
}

/* Those of earlier versions do not: they bear the end of their period as their date. */
static bool
bears_its_number(const struct buf *document)
{
	struct arena *arena = arena_new();
	const struct json_value *root =
		arena ? json_read(arena, (const char *)document->data, document->length) : NULL;
	bool bears = root && json_read_get(root, "id");
	arena_free(arena);
	return bears;
}

void
ledger_books_date(struct ledger_books *books, struct ledger_invoice *invoice)
{
	const struct ledger_issued *issued = issued_as(books, invoice);
	struct stored stored = {{0}};
	char reason[LEDGER_JOURNAL_REASON];
	/* What cannot be read is told when the bill is marked. */
	if (issued && read_stored(&stored, books, issued, reason) == 0 &&
	    bears_its_number(&stored.body)) {
		invoice->id = issued->id;
		invoice->issued = issued->issued;
	}
	buf_fini(&stored.body);
}

static void
json_issued(struct json *j, const struct ledger_journal *journal,
	    const struct ledger_issued *issued, const struct buf *difference)
{
	struct money open = {ledger_issued_open(issued), issued->total.currency};
	struct money disputed = {ledger_issued_disputed(&journal->documents, issued),
				 issued->total.currency};
	json_object(j, "issued");
	json_str(j, "id", issued->id);
	json_utc(j, "at", issued->issued);
	json_utc(j, "due", issued->due);
	json_u64(j, "entry", issued->entry);
	json_str(j, "state", ledger_issued_state(issued, clock_utc()));
	json_money(j, "open", open);
	json_money(j, "disputed", disputed);
	json_bool(j, "differs", difference->length > 0);
	json_object_end(j);
}

/* The issued document, and at its end what became of it and the curve, which is not kept with it.
 */
static void
replace_json(struct buf *out, const struct stored *stored, const struct ledger_journal *journal,
	     const struct ledger_issued *issued, const struct buf *difference)
{
	static const char key[] = ",\"curve\":";
	struct buf more = {0}, curve = {0};
	const char *at = out->data ? memmem(out->data, out->length, key, sizeof(key) - 1) : NULL;
	if (at)
		buf_put(&curve, at, out->length - (size_t)(at - (const char *)out->data));
	else
		buf_str(&curve, "}\n");
	struct json j = json_to(&more);
	json_object(&j, NULL);
	json_issued(&j, journal, issued, difference);
	json_object_end(&j);
	/* "{...}\n" without its end; then what stands between the braces of `more`. */
	size_t length = stored->body.length;
	while (length && stored->body.data[length - 1] != '}')
		length--;
	buf_clear(out);
	buf_put(out, stored->body.data, length ? length - 1 : 0);
	buf_str(out, ",");
	buf_put(out, more.data + 1, more.length - 2);
	buf_put(out, curve.data, curve.length);
	out->failed |= more.failed || curve.failed || stored->body.failed;
	buf_fini(&more);
	buf_fini(&curve);
}

static void
add_text(struct buf *out, const struct ledger_journal *journal, const struct ledger_issued *issued,
	 const struct ledger_invoice *invoice, const struct buf *difference)
{
	char day[CLOCK_TEXT], due[CLOCK_TEXT], open[MONEY_TEXT], disputed[MONEY_TEXT];
	int64_t in_dispute = ledger_issued_disputed(&journal->documents, issued);
	utc_format(day, day_of(invoice, issued->issued))[10] = '\0';
	utc_format(due, issued->due)[10] = '\0';
	struct money left = {ledger_issued_open(issued), issued->total.currency};
	buf_printf(out, "issued as %s on %s, due %s: %s, %s open\n", issued->id, day, due,
		   ledger_issued_state(issued, clock_utc()), money_format(open, left));
	if (in_dispute)
		buf_printf(
			out, "in dispute: %s\n",
			money_format(disputed, (struct money){in_dispute, issued->total.currency}));
	if (difference->length)
		buf_printf(out,
			   "THIS IS COMPUTED NOW AND IS NOT WHAT WAS ISSUED (sarai ledger document "
			   "%s):\n%.*s",
			   issued->id, (int)difference->length, (const char *)difference->data);
}

/* What became of the invoice, above the page that is printed. */
static void
add_html(struct buf *out, const struct ledger_journal *journal, const struct ledger_issued *issued,
	 const struct ledger_invoice *invoice, const struct buf *difference)
{
	static const char begin[] = "<body><main>";
	const char *at =
		out->data ? memmem(out->data, out->length, begin, sizeof(begin) - 1) : NULL;
	struct buf page = {0}, text = {0};
	if (!at)
		return;
	size_t before = (size_t)(at - (const char *)out->data) + sizeof(begin) - 1;
	add_text(&text, journal, issued, invoice, difference);
	buf_put(&page, out->data, before);
	buf_str(&page, "\n<pre>");
	for (size_t i = 0; i < text.length; i++) {
		char c = (char)text.data[i];
		if (c == '<' || c == '>' || c == '&')
			buf_printf(&page, "&#%d;", c);
		else
			buf_u8(&page, (uint8_t)c);
	}
	buf_str(&page, "</pre>");
	buf_put(&page, out->data + before, out->length - before);
	page.failed |= text.failed;
	buf_fini(&text);
	buf_fini(out);
	*out = page;
}

void
ledger_books_mark(struct ledger_books *books, struct control_answer *answer,
		  enum ledger_books_form form, const struct ledger_invoice *invoice)
{
	const struct ledger_journal *journal = books->file ? ledger_journal_of(books->file) : NULL;
	const struct ledger_issued *issued = issued_as(books, invoice);
	struct stored stored = {{0}};
	struct buf now = {0}, difference = {0};
	char reason[LEDGER_JOURNAL_REASON] = "a document that is no JSON";
	if (!issued)
		return;
	struct ledger_invoice bare = *invoice;
	bare.series = NULL;
	view_ledger_bill(&now, VIEW_LEDGER_JSON, &bare);
	if (read_stored(&stored, books, issued, reason) < 0 ||
	    ledger_journal_difference(&difference, &stored.body, &now) < 0)
		log_error("journal %s: %s", books->path, reason);
	else if (form == LEDGER_BOOKS_JSON)
		replace_json(&answer->body, &stored, journal, issued, &difference);
	else if (form == LEDGER_BOOKS_HTML)
		add_html(&answer->body, journal, issued, invoice, &difference);
	else
		add_text(&answer->body, journal, issued, invoice, &difference);
	buf_fini(&stored.body);
	buf_fini(&now);
	buf_fini(&difference);
}
