/* The journal in the ledger's process: the other party's bins, compared with ours, and kept when
 * that is wanted. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_reconcile.h"
#include "main/ledger_books_parts.h"
#include "view/view_journal.h"

/* What the bill would be by the other's bins. False where it cannot be told: each port has a result
 * of its own, and the file has the sum. */
static bool
bill_by_theirs(struct ledger_invoice *out, struct arena *arena,
	       const struct ledger_reconciliation *r, const struct ledger_books_place *place,
	       const struct ledger_invoice *ours)
{
	const struct hub_contract *c = ours->contract;
	const struct hub *hub = place->hub;
	if (c->percentile.ports == HUB_PORTS_SUM_AFTER)
		return false;
	struct ledger_invoice_source source = {
		.hub = hub,
		.contract = (uint32_t)(c - hub->contracts),
		.period = ours->period,
		.usage = {.sum = &r->series},
		.now = place->now,
		.lived = ours->lived,
	};
	for (size_t i = 0; i < c->port_count; i++)
		source.usage.speed_bps += hub->ports[c->ports[i]].speed_bps;
	return ledger_invoice_make(out, arena, &source) == 0;
}

/* Keeps the file as it came. The number of its document, or NULL with the answer made. */
static const char *
keep(struct ledger_books *books, const struct ledger_journal_question *q,
     const struct control_request *request, const struct ledger_invoice *ours,
     struct control_answer *answer)
{
	struct ledger_deed deed;
	struct buf body = {0};
	const char *id = NULL;
	buf_put(&body, request->body, request->body_length);
	ledger_deed_begin(&deed, books, request->peer, q->reason, q->key);
	struct utc_s month = utc_month_start(ours->period.year, ours->period.month);
	int status = body.failed
			     ? 500
			     : ledger_deed_carry_out(&deed, ledger_post_series(&deed.order,
									       ours->contract->id,
									       month, &body));
	if (status) {
		control_error(answer, status, "%s", deed.order.complaint);
	} else {
		uint64_t entry =
			deed.order.known ? deed.order.known : deed.drafts.items[0].entry.number;
		const struct ledger_documents *d = &ledger_journal_of(books->file)->documents;
		for (size_t i = 0; i < d->series_count; i++)
			if (d->series[i].entry == entry)
				id = d->series[i].id;
	}
	ledger_deed_end(&deed);
	buf_fini(&body);
	return id;
}

/* What is kept may be billed by (missing: other-party), so it has to be right as it stands. */
static bool
may_be_kept(const struct ledger_reconciliation *r)
{
	const struct ledger_resemblance *look = &r->looks_like;
	return r->phase_s == 0 && (!look->known || (look->shift_s == 0 && !look->swapped &&
						    look->factor < 1.1 && look->factor > 0.9));
}

static void
compare(struct ledger_books *books, const struct ledger_journal_question *q,
	const struct control_request *request, const struct ledger_invoice *ours,
	struct arena *arena, struct control_answer *answer)
{
	struct ledger_books_place place = books->where(books->context);
	struct ledger_other_bins records;
	struct ledger_reconciliation r;
	struct ledger_invoice theirs;
	char complaint[LEDGER_RECONCILE_COMPLAINT];
	if (ledger_reconcile_read(&records, arena, cursor_of(request->body, request->body_length),
				  ours->contract->zone, complaint) < 0) {
		control_error(answer, 400, "%s", complaint);
		return;
	}
	if (ledger_reconcile(&r, arena, ours->series, records, q->tolerance_bp) < 0) {
		control_error(answer, errno == EINVAL ? 409 : 500, "%s",
			      errno == EINVAL
				      ? "their intervals do not fit into ours, nor ours into theirs"
			      : errno == EOVERFLOW ? "their octets do not fit"
						   : "no memory");
		return;
	}
	struct view_journal_reconciled view = {
		.reconciliation = &r,
		.ours = ours,
		.theirs = bill_by_theirs(&theirs, arena, &r, &place, ours) ? &theirs : NULL,
		.records = records.count,
		.tolerance_bp = q->tolerance_bp,
	};
	if (q->keep && !may_be_kept(&r))
		control_error(
			answer, 409,
			"it is not kept: its times, directions or units look wrong; see what it "
			"says without --keep");
	else if (q->keep)
		view.kept = keep(books, q, request, ours, answer);
	if (!answer->status)
		view_journal_reconcile(&answer->body,
				       request->form == CONTROL_JSON  ? VIEW_JSON
				       : request->form == CONTROL_CSV ? VIEW_CSV
								      : VIEW_TEXT,
				       &view);
	ledger_reconciliation_fini(&r);
}

void
ledger_books_reconcile(struct ledger_books *books, const struct ledger_journal_question *q,
		       const struct control_request *request, struct control_answer *answer)
{
	struct ledger_books_place place = books->where(books->context);
	struct utc_date today = utc_to_date(ledger_books_now(books));
	struct utc_s month = q->month.s ? q->month : utc_month_start(today.year, today.month - 1);
	struct ledger_invoice ours;
	struct ledger_series series;
	if (!request->body) {
		control_error(answer, 400, "the file is missing, or empty");
		return;
	}
	if (!place.desk) {
		control_error(answer, 503,
			      "the store is not open: there is nothing to compare with");
		return;
	}
	enum ledger_desk_answer got = ledger_desk_invoice(place.desk, &ours, &series, q->contract,
							  month, ledger_books_now(books));
	if (got) {
		control_error(answer, got == LEDGER_DESK_NOT_IN_FORCE ? 404 : 500,
			      got == LEDGER_DESK_NOT_IN_FORCE
				      ? "the contract is not in force in that month"
				      : "its own bins could not be read");
		return;
	}
	struct arena *arena = arena_new();
	if (arena)
		compare(books, q, request, &ours, arena, answer);
	else
		control_error(answer, 500, "no memory");
	arena_free(arena);
	ledger_series_fini(&series);
}

/* --- for bills that rest on the other party's bins where ours are missing --- */

struct search {
	struct arena *arena;
	const struct zone *zone;
	struct ledger_other_bins *out;
	bool read;
};

static bool
read_series(void *context, const struct ledger_row *row)
{
	struct search *s = context;
	char complaint[LEDGER_RECONCILE_COMPLAINT];
	s->read = ledger_reconcile_read(s->out, s->arena, row->body, s->zone, complaint) == 0;
	return false;
}

/* The part of the records that begins in [from, to). */
static void
cut(struct ledger_other_bins *bins, struct utc_s from, struct utc_s to)
{
	while (bins->count && bins->items[0].start.s < from.s) {
		bins->items++;
		bins->count--;
	}
	while (bins->count && bins->items[bins->count - 1].start.s >= to.s)
		bins->count--;
}

/* The month that most of [from, to) lies in, by its first second. */
static struct utc_s
month_of(struct utc_s from, struct utc_s to)
{
	struct utc_date middle = utc_to_date((struct utc_s){from.s + (to.s - from.s) / 2});
	return utc_month_start(middle.year, middle.month);
}

static int
find_others(void *context, struct arena *arena, const char *contract, const char *port,
	    struct utc_s from, struct utc_s to, struct ledger_other_bins *out)
{
	struct ledger_books *books = context;
	const struct ledger_journal *journal = books->file ? ledger_journal_of(books->file) : NULL;
	const struct hub *hub = books->where(books->context).hub;
	uint32_t index = hub_contract_by_id(hub, contract);
	*out = (struct ledger_other_bins){0};
	/* What was kept is the sum of the ports, so that of each only where there is one. */
	if (index == HUB_NONE || (port && hub->contracts[index].port_count != 1))
		return 0;
	if (!journal)
		return -1;
	const struct ledger_documents *d = &journal->documents;
	struct utc_s month = month_of(from, to);
	size_t i = d->series_count;
	while (i > 0 && (d->series[i - 1].month.s != month.s ||
			 strcmp(d->series[i - 1].contract, contract) != 0))
		i--;
	if (i == 0)
		return 0;
	struct search search = {.arena = arena, .zone = hub->contracts[index].zone, .out = out};
	struct ledger_walk walk = {.from = d->series[i - 1].entry,
				   .to = d->series[i - 1].entry,
				   .bodies = true,
				   .visit = read_series,
				   .context = &search};
	char reason[LEDGER_JOURNAL_REASON];
	if (ledger_journal_walk(books->file, &walk, reason) < 0 || !search.read)
		return -1;
	cut(out, from, to);
	return 0;
}

static int
by_start(const void *a, const void *b)
{
	const struct ledger_other_bin *x = a, *y = b;
	return x->start.s < y->start.s ? -1 : x->start.s > y->start.s;
}

/* Of one bin the last adjustment holds. */
static int
find_adjusted(void *context, struct arena *arena, const char *port, struct utc_s from,
	      struct utc_s to, struct ledger_other_bins *out)
{
	struct ledger_books *books = context;
	const struct ledger_journal *journal = books->file ? ledger_journal_of(books->file) : NULL;
	*out = (struct ledger_other_bins){0};
	/* Without the journal nothing is known of them, and bills say so. */
	if (!journal || !journal->documents.adjustment_count)
		return 0;
	const struct ledger_documents *d = &journal->documents;
	struct ledger_other_bin *items =
		arena_take(arena, (d->adjustment_count + 1) * sizeof(*items));
	size_t count = 0;
	if (!items)
		return -1;
	for (size_t i = 0; i < d->adjustment_count; i++) {
		const struct ledger_adjustment *a = &d->adjustments[i];
		size_t at = 0;
		if (a->start.s < from.s || a->start.s >= to.s || strcmp(a->port, port) != 0)
			continue;
		while (at < count && items[at].start.s != a->start.s)
			at++;
		if (!a->measured)
			items[at] = (struct ledger_other_bin){a->start, a->length_s, a->in, a->out};
		else if (at < count)
			items[at] = items[--count];
		count += !a->measured && at == count;
	}
	qsort(items, count, sizeof(*items), by_start);
	*out = (struct ledger_other_bins){items, count};
	return 0;
}

static uint64_t
others_changes(void *context)
{
	const struct ledger_books *books = context;
	const struct ledger_journal *journal = books->file ? ledger_journal_of(books->file) : NULL;
	return journal ? journal->documents.series_count + journal->documents.adjustment_count : 0;
}

struct ledger_others
ledger_books_others(struct ledger_books *books)
{
	return (struct ledger_others){find_others, find_adjusted, ledger_books_lived,
				      others_changes, books};
}
