/* The journal in the ledger's process: bills. What was issued is shown as it was issued, in every form; where what
 * would be billed now is something else, that is said with each difference. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "ledger/ledger_journal_difference.h"
#include "main/ledger_books_parts.h"
#include "view/view_ledger.h"

static const struct ledger_documents *
documents_of(const struct ledger_books *books)
{
	const struct ledger_journal *journal = books->file ? ledger_journal_of(books->file) : NULL;
	return journal ? &journal->documents : NULL;
}

/* --- the document --- */

static bool
keep_body(void *context, const struct ledger_row *row)
{
	buf_put(context, row->body.at, cursor_left(&row->body));
	return false;
}

/* Reads the document; what would be billed now is then compared with it, number and day being those of
 * the document. */
static int
read_document(struct ledger_books_bill *bill, const struct ledger_invoice *computed,
	      char reason[LEDGER_JOURNAL_REASON])
{
	struct ledger_books *books = bill->books;
	struct ledger_walk walk = {.from = bill->issued->entry,
				   .to = bill->issued->entry,
				   .bodies = true,
				   .visit = keep_body,
				   .context = &bill->document};
	if (ledger_journal_walk(books->file, &walk, reason) < 0)
		return -1;
	const struct hub *hub = books->where(books->context).hub;
	if (view_invoice_read(&bill->invoice, bill->arena, hub, bill->document.data,
			      bill->document.length) < 0) {
		(void)snprintf(reason, LEDGER_JOURNAL_REASON,
			       "entry %" PRIu64 ": its document is no invoice",
			       bill->issued->entry);
		return -1;
	}
	if (!computed)
		return 0;
	struct ledger_invoice bare = *computed;
	struct buf now = {0};
	bare.series = NULL;
	/* The proof is held against the bins by verifying, not each time that a bill is looked at. */
	bare.way = bill->invoice.way;
	bare.id = bill->invoice.id;
	bare.issued = bill->invoice.issued;
	memcpy(bare.number, bill->invoice.number, sizeof(bare.number));
	view_ledger_bill(&now, VIEW_LEDGER_JSON, &bare);
	int result = ledger_journal_difference(&bill->difference, &bill->document, &now);
	if (result < 0)
		(void)snprintf(reason, LEDGER_JOURNAL_REASON, "no memory");
	buf_fini(&now);
	return result;
}

int
ledger_books_bill_open(struct ledger_books_bill *out, struct ledger_books *books,
		       const char *contract, struct utc_s month,
		       const struct ledger_invoice *computed, char reason[LEDGER_JOURNAL_REASON])
{
	const struct ledger_documents *documents = documents_of(books);
	*out = (struct ledger_books_bill){.books = books, .arena = arena_new()};
	out->issued = documents ? ledger_documents_bill_of(documents, contract, month) : NULL;
	(void)snprintf(reason, LEDGER_JOURNAL_REASON, "no memory");
	if (!out->arena || (out->issued && read_document(out, computed, reason) < 0)) {
		log_error("journal %s: %s", books->path, reason);
		ledger_books_bill_close(out);
		return 503;
	}
	if (!out->issued && !computed) {
		ledger_books_bill_close(out);
		return 404;
	}
	if (!out->issued)
		out->invoice = *computed;
	else if (computed)
		out->invoice.series = computed->series;
	out->invoice.differs = out->difference.length > 0;
	/* A document of an earlier version does not bear its number. */
	if (out->issued)
		out->invoice.id = out->issued->id;
	return 0;
}

void
ledger_books_bill_close(struct ledger_books_bill *bill)
{
	buf_fini(&bill->document);
	buf_fini(&bill->difference);
	arena_free(bill->arena);
	bill->arena = NULL;
}

/* --- what is said of it --- */

static void
json_issued(struct json *j, const struct ledger_books_bill *bill)
{
	const struct ledger_issued *issued = bill->issued;
	struct money open = {ledger_issued_open(issued), issued->total.currency};
	struct money disputed = {ledger_issued_disputed(documents_of(bill->books), issued),
				 issued->total.currency};
	const char *at = (const char *)bill->difference.data, *end = at + bill->difference.length;
	json_object(j, "issued");
	json_str(j, "id", issued->id);
	json_utc(j, "at", issued->issued);
	json_utc(j, "due", issued->due);
	json_u64(j, "entry", issued->entry);
	json_str(j, "state", ledger_issued_state(issued, ledger_books_now(bill->books)));
	json_money(j, "open", open);
	json_money(j, "disputed", disputed);
	json_bool(j, "differs", bill->invoice.differs);
	json_array(j, "differences");
	while (at && at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t length = stop ? (size_t)(stop - at) : (size_t)(end - at);
		char line[1000];
		(void)snprintf(line, sizeof(line), "%.*s", (int)length, at);
		json_str(j, NULL, line);
		at += length + 1;
	}
	json_array_end(j);
	json_object_end(j);
}

/* The issued document as it stands in the journal, and at its end what became of it and the curve,
 * which is not kept with it. */
static void
write_json(const struct ledger_books_bill *bill, struct buf *out)
{
	struct buf more = {0};
	struct json j = json_to(&more);
	json_object(&j, NULL);
	json_issued(&j, bill);
	if (bill->invoice.series && bill->invoice.contract->port_count)
		view_invoice_curve(&j, bill->invoice.series);
	json_object_end(&j);
	/* "{...}\n" without its end; then what stands between the braces of `more`. */
	size_t length = bill->document.length;
	while (length && bill->document.data[length - 1] != '}')
		length--;
	buf_put(out, bill->document.data, length ? length - 1 : 0);
	buf_str(out, ",");
	buf_put(out, more.data + 1, more.length ? more.length - 1 : 0);
	buf_str(out, "\n");
	out->failed |= more.failed;
	buf_fini(&more);
}

/* What was asked for by those whom the hub pays. */
static void
add_received(const struct ledger_books_bill *bill, struct buf *out)
{
	const struct ledger_documents *d = documents_of(bill->books);
	const struct ledger_period *period = &bill->invoice.period;
	struct utc_s month = utc_month_start(period->year, period->month);
	for (size_t i = 0; d && i < d->bill_count; i++) {
		const struct ledger_issued *one = &d->bills[i];
		char total[MONEY_TEXT], open[MONEY_TEXT];
		if (!one->received || one->month.s != month.s ||
		    strcmp(one->contract, bill->invoice.contract->id) != 0)
			continue;
		struct money left = {ledger_issued_open(one), one->total.currency};
		buf_printf(out, "received %s as %s: %s, %s, %s open\n", one->name, one->id,
			   money_format(total, one->total),
			   ledger_issued_state(one, ledger_books_now(bill->books)),
			   money_format(open, left));
	}
}

static void
add_text(const struct ledger_books_bill *bill, struct buf *out)
{
	const struct ledger_issued *issued = bill->issued;
	char day[CLOCK_TEXT], due[CLOCK_TEXT], open[MONEY_TEXT], disputed[MONEY_TEXT];
	if (!issued) {
		if (!documents_of(bill->books))
			buf_printf(out,
				   "whether this was issued, or bins were put right, is not known: "
				   "the journal "
				   "is not open: "
				   "%s\n",
				   bill->books->trouble);
		add_received(bill, out);
		return;
	}
	int64_t in_dispute = ledger_issued_disputed(documents_of(bill->books), issued);
	utc_format(day, ledger_books_day(&bill->invoice, issued->issued))[10] = '\0';
	utc_format(due, issued->due)[10] = '\0';
	struct money left = {ledger_issued_open(issued), issued->total.currency};
	buf_printf(out, "issued as %s on %s, due %s: %s, %s open\n", issued->id, day, due,
		   ledger_issued_state(issued, ledger_books_now(bill->books)),
		   money_format(open, left));
	if (in_dispute)
		buf_printf(
			out, "in dispute: %s\n",
			money_format(disputed, (struct money){in_dispute, issued->total.currency}));
	if (bill->invoice.differs)
		buf_printf(out, "WHAT WOULD BE BILLED NOW IS NOT WHAT WAS ISSUED:\n%.*s",
			   (int)bill->difference.length, (const char *)bill->difference.data);
}

/* The page of the bill, with what became of it above what is printed. */
static void
write_html(const struct ledger_books_bill *bill, struct buf *out)
{
	static const char begin[] = "<body><main>";
	struct buf page = {0}, text = {0};
	view_ledger_html(&page, &bill->invoice);
	add_text(bill, &text);
	const char *at =
		page.data ? memmem(page.data, page.length, begin, sizeof(begin) - 1) : NULL;
	size_t before =
		at && text.length ? (size_t)(at - (const char *)page.data) + sizeof(begin) - 1 : 0;
	buf_put(out, page.data, before);
	if (before)
		buf_str(out, "\n<pre>");
	for (size_t i = 0; before && i < text.length; i++) {
		char c = (char)text.data[i];
		if (c == '<' || c == '>' || c == '&')
			buf_printf(out, "&#%d;", c);
		else
			buf_u8(out, (uint8_t)c);
	}
	if (before)
		buf_str(out, "</pre>");
	buf_put(out, page.data + before, page.length - before);
	out->failed |= page.failed || text.failed;
	buf_fini(&page);
	buf_fini(&text);
}

void
ledger_books_bill_write(const struct ledger_books_bill *bill, struct buf *out,
			enum ledger_books_form form)
{
	if (form == LEDGER_BOOKS_HTML) {
		write_html(bill, out);
	} else if (form == LEDGER_BOOKS_JSON && bill->issued) {
		write_json(bill, out);
	} else {
		view_ledger_bill(out,
				 form == LEDGER_BOOKS_JSON  ? VIEW_LEDGER_JSON
				 : form == LEDGER_BOOKS_CSV ? VIEW_LEDGER_CSV
							    : VIEW_LEDGER_TEXT,
				 &bill->invoice);
		if (form == LEDGER_BOOKS_TEXT)
			add_text(bill, out);
	}
}

/* --- which there are --- */

bool
ledger_books_issued(const struct ledger_books *books, const char *contract, struct utc_s month)
{
	const struct ledger_documents *documents = documents_of(books);
	return documents && ledger_documents_bill_of(documents, contract, month);
}

const char *
ledger_books_gone(const struct ledger_books *books, size_t *at, const char *holder,
		  struct utc_s month)
{
	const struct ledger_documents *d = documents_of(books);
	const struct hub *hub = books->where(books->context).hub;
	while (d && *at < d->bill_count) {
		const struct ledger_issued *bill = &d->bills[(*at)++];
		/* Of several of one contract and month the last one is shown. */
		if (bill->month.s == month.s && (!holder || strcmp(bill->holder, holder) == 0) &&
		    hub_contract_by_id(hub, bill->contract) == HUB_NONE &&
		    ledger_documents_bill_of(d, bill->contract, month) == bill)
			return bill->contract;
	}
	return NULL;
}
