/* The journal in the ledger's process: proofs of the way, read, reckoned anew and shown. What was issued
 * is shown as it was issued; each time it is looked at it is reckoned anew beside that. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "main/ledger_books_parts.h"
#include "view/view_ledger.h"
#include "view/view_proof.h"

/* --- what was issued --- */

struct reading {
	struct arena *arena;
	const struct hub *hub;
	struct ledger_books_proof *out;
	bool bad;
};

static bool
read_document(void *context, const struct ledger_row *row)
{
	struct reading *r = context;
	struct ledger_invoice *invoice = &r->out->invoice;
	if (view_invoice_read(invoice, r->arena, r->hub, row->body.at, cursor_left(&row->body)) <
	    0) {
		r->bad = true;
		return false;
	}
	r->out->has_way = invoice->way != NULL;
	if (invoice->way)
		r->out->way = *invoice->way;
	return false;
}

int
ledger_books_proof_read(struct ledger_books_proof *out, struct arena *arena,
			struct ledger_books *books, uint64_t entry,
			char reason[LEDGER_JOURNAL_REASON])
{
	*out = (struct ledger_books_proof){0};
	struct reading reading = {arena, books->where(books->context).hub, out, false};
	struct ledger_walk walk = {.from = entry,
				   .to = entry,
				   .bodies = true,
				   .visit = read_document,
				   .context = &reading};
	if (ledger_journal_walk(books->file, &walk, reason) < 0)
		return -1;
	if (reading.bad)
		(void)snprintf(reason, LEDGER_JOURNAL_REASON,
			       "entry %" PRIu64 ": its document is no invoice", entry);
	return reading.bad ? -1 : 0;
}

enum ledger_books_way
ledger_books_proof_check(char fault[LEDGER_BOOKS_FAULT], struct arena *arena,
			 struct ledger_books *books, const struct ledger_books_proof *proof,
			 char reason[LEDGER_JOURNAL_REASON])
{
	struct ledger_way now;
	fault[0] = '\0';
	enum ledger_books_way got =
		ledger_books_way_of(&now, arena, books, &proof->invoice, false, reason);
	if (got == LEDGER_BOOKS_WAY_NOTHING)
		(void)snprintf(fault, LEDGER_BOOKS_FAULT,
			       "the journal of ways says nothing of that time");
	else if (got == LEDGER_BOOKS_WAY_READY && !ledger_way_follows(&proof->way, &now))
		(void)snprintf(fault, LEDGER_BOOKS_FAULT,
			       "the proof of the way does not follow from journal and bins");
	return got == LEDGER_BOOKS_WAY_NOTHING ? LEDGER_BOOKS_WAY_READY : got;
}

/* --- shown --- */

struct showing {
	struct ledger_books *books;
	unsigned generation;
	uint32_t member;
	struct utc_s month; /* 0: from `since` to `until` */
	struct utc_s since, until;
	uint32_t contract; /* the next one */
	size_t shown;
	struct view_proofs view;
};

static void
failed(struct control_answer *answer, enum ledger_books_way got, const char *reason)
{
	if (got == LEDGER_BOOKS_WAY_FAILED)
		control_error(answer, 503, "%.200s", reason);
}

static void
add(struct showing *s, const struct hub_member *member, const char *contract, const char *document,
    const char *fault, const struct ledger_way *way)
{
	struct view_proof view = {member->asn.number, member->name, contract, document, fault, way};
	view_proofs_add(&s->view, &view);
	s->shown++;
}

/* What is known of the period at `now`; 0 seconds when that is nothing yet. */
static void
cut_off(struct ledger_period *period, const struct ledger_books_place *place)
{
	int64_t now = place->now.s - place->now.s % place->hub->bin_length_s;
	if (period->to.s > now)
		period->to.s = now;
}

/* What is asked of a contract: its month, or the part of the time in which it is in force. 0, or -1 when there
 * is nothing. */
static int
asked_of(struct ledger_period *out, const struct showing *s, const struct hub_contract *c)
{
	struct utc_date date = utc_to_date(s->month);
	struct ledger_period asked = {.from = s->since, .to = s->until};
	return s->month.s ? ledger_period_of(out, c, date.year, date.month)
			  : ledger_period_part(out, &asked, c->zone, c->starts, c->ends);
}

/* One contract's. */
static enum ledger_books_way
show_contract(struct showing *s, struct arena *arena, const struct ledger_books_place *place,
	      uint32_t contract, char reason[LEDGER_JOURNAL_REASON])
{
	const struct hub_contract *c = &place->hub->contracts[contract];
	const struct hub_member *member = &place->hub->members[s->member];
	char fault[LEDGER_BOOKS_FAULT];
	struct ledger_invoice invoice = {.hub = place->hub, .member = member, .contract = c};
	if (c->member != s->member || c->purchase || !c->port_count ||
	    asked_of(&invoice.period, s, c) < 0)
		return LEDGER_BOOKS_WAY_NOTHING;
	const struct ledger_issued *issued =
		s->month.s ? ledger_documents_bill_of(&ledger_journal_of(s->books->file)->documents,
						      c->id, s->month)
			   : NULL;
	if (issued) {
		struct ledger_books_proof proof;
		if (ledger_books_proof_read(&proof, arena, s->books, issued->entry, reason) < 0)
			return LEDGER_BOOKS_WAY_FAILED;
		enum ledger_books_way got =
			proof.has_way
				? ledger_books_proof_check(fault, arena, s->books, &proof, reason)
				: LEDGER_BOOKS_WAY_READY;
		if (proof.has_way && got == LEDGER_BOOKS_WAY_READY)
			add(s, member, c->id, issued->id, *fault ? fault : NULL, &proof.way);
		if (proof.has_way)
			return got;
	}
	struct ledger_way way;
	cut_off(&invoice.period, place);
	if (invoice.period.from.s >= invoice.period.to.s)
		return LEDGER_BOOKS_WAY_NOTHING;
	enum ledger_books_way got =
		ledger_books_way_of(&way, arena, s->books, &invoice, !s->month.s, reason);
	if (got == LEDGER_BOOKS_WAY_READY)
		add(s, member, c->id, NULL, NULL, &way);
	return got;
}

/* All ports of a member without a contract, in the time, or a month of UTC. */
static enum ledger_books_way
show_member(struct showing *s, struct arena *arena, const struct ledger_books_place *place,
	    char reason[LEDGER_JOURNAL_REASON])
{
	const struct hub *hub = place->hub;
	const struct hub_member *member = &hub->members[s->member];
	struct utc_date date = utc_to_date(s->month);
	struct ledger_way_month *month;
	struct ledger_way way;
	struct ledger_period period = {.from = s->since, .to = s->until};
	if (s->month.s)
		period = (struct ledger_period){.from = s->month,
						.to = utc_month_start(date.year, date.month + 1)};
	const char **ports = arena_take(arena, (hub->port_count + 1) * sizeof(*ports));
	size_t count = 0;
	for (size_t i = 0; ports && i < hub->port_count; i++)
		if (hub->ports[i].member == s->member)
			ports[count++] = hub->ports[i].id;
	cut_off(&period, place);
	if (!count || period.from.s >= period.to.s)
		return LEDGER_BOOKS_WAY_NOTHING;
	enum ledger_books_way got = ledger_books_way_month(&month, s->books, period.from, period.to,
							   !s->month.s, reason);
	if (got != LEDGER_BOOKS_WAY_READY)
		return got;
	struct ledger_way_of of = {ports, count, member->asn};
	if (ledger_way_of(&way, month, arena, &of) < 0) {
		(void)snprintf(reason, LEDGER_JOURNAL_REASON, "%s", strerror(errno));
		return LEDGER_BOOKS_WAY_FAILED;
	}
	add(s, member, NULL, NULL, NULL, &way);
	return LEDGER_BOOKS_WAY_READY;
}

/* The next contract, or behind the last all ports if there was none. True when the answer is made. */
static bool
show_next(void *state, struct control_answer *answer)
{
	struct showing *s = state;
	struct ledger_books_place place = s->books->where(s->books->context);
	char reason[LEDGER_JOURNAL_REASON] = "no memory";
	if (!place.desk || place.generation != s->generation || !s->books->file ||
	    !ledger_journal_of(s->books->file)) {
		control_error(answer, 503, "the hub changed meanwhile: ask again");
		return true;
	}
	struct arena *arena = arena_new();
	bool contracts = s->contract < place.hub->contract_count;
	enum ledger_books_way got = !arena ? LEDGER_BOOKS_WAY_FAILED
				    : contracts
					    ? show_contract(s, arena, &place, s->contract, reason)
				    : !s->shown ? show_member(s, arena, &place, reason)
						: LEDGER_BOOKS_WAY_NOTHING;
	arena_free(arena);
	if (got == LEDGER_BOOKS_WAY_MORE)
		return false;
	failed(answer, got, reason);
	if (got == LEDGER_BOOKS_WAY_FAILED)
		return true;
	s->contract++;
	if (!contracts)
		view_proofs_end(&s->view);
	return !contracts;
}

void
ledger_books_way_show(struct ledger_books *books, const struct ledger_journal_question *q,
		      enum view_form form, struct control_answer *answer)
{
	struct ledger_books_place place = books->where(books->context);
	struct utc_date today = utc_to_date(place.now);
	struct showing *s = place.desk ? calloc(1, sizeof(*s)) : NULL;
	uint32_t bin_s = ledger_books_way_bin(&place, q->since);
	if (!place.desk)
		control_error(answer, 503, "the store is not open");
	else if (!s)
		control_error(answer, 500, "no memory");
	else if (q->since.s % bin_s || q->until.s % bin_s)
		control_error(answer, 400,
			      "what was measured then is told apart by %" PRIu32
			      " seconds: --from and --to are to be multiples of that",
			      bin_s);
	if (answer->status) {
		free(s);
		return;
	}
	*s = (struct showing){
		.books = books,
		.generation = place.generation,
		.member = q->member,
		.month = q->month.s || q->since.s ? q->month
						  : utc_month_start(today.year, today.month),
		.since = q->since,
		.until = q->until,
	};
	view_proofs_begin(&s->view, &answer->body, form, s->month);
	answer->state = s;
	answer->ready = show_next;
	answer->works = true;
	answer->done = free;
}
