/* The journal in the ledger's process: issuing invoices, one contract a turn, each in a transaction
 * of its own. What is said to be issued is on the disk. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "main/ledger_books_parts.h"
#include "view/view_ledger.h"

enum { AGAIN_S = 60, WAIT_S = 5 };

/* Who issues; `again`: also in the place of an invoice that was credited whole. */
struct issuer {
	struct control_peer peer;
	bool again;
};

/* What became of one contract. */
struct outcome {
	enum { ISSUED, KNOWN, NOT_YET, NOT_IN_FORCE, FAILED, WORKING } kind;
	char id[LEDGER_DOCUMENT_TEXT], name[LEDGER_NUMBER], reason[LEDGER_POST_COMPLAINT];
	struct money total;
	struct ledger_bin_counts bins;
};

size_t
ledger_books_accounts(struct ledger_posting *parts, struct arena *arena, const char *prefix,
		      const struct ledger_charge *charge)
{
	size_t count = 0;
	for (size_t i = 0; i < charge->line_count; i++) {
		const struct ledger_line *line = &charge->lines[i];
		const char *account = line->kind == LEDGER_LINE_TAX
					      ? arena_str(arena, "tax")
					      : arena_printf(arena, "%s%s", prefix,
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

struct utc_s
ledger_books_day(const struct ledger_invoice *invoice, struct utc_s moment)
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
	(void)snprintf(dated.number, sizeof(dated.number), "%s", outcome->name);
	dated.id = ledger_documents_next_id(id, &deed->order.journal->documents,
					    LEDGER_ENTRY_INVOICE, 0, deed->order.prefix);
	dated.issued = deed->order.now;
	struct arena *arena = arena_new();
	size_t lines = invoice->charge.line_count;
	struct ledger_posting *parts =
		arena ? arena_take(arena, (lines + 1) * sizeof(*parts)) : NULL;
	size_t count = parts ? ledger_books_accounts(parts, arena, "revenue:", &invoice->charge)
			     : SIZE_MAX;
	struct buf body = {0};
	char holder[LEDGER_HOLDER];
	view_ledger_bill(&body, VIEW_LEDGER_JSON, &dated);
	struct ledger_issue issue = {
		.name = dated.number,
		.holder = ledger_invoice_holder(holder, invoice),
		.contract = invoice->contract->id,
		.month = utc_month_start(invoice->period.year, invoice->period.month),
		.due = ledger_books_day(&dated, view_invoice_due(&dated)),
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
	return invoice->bins.missing * 20 > invoice->bins.expected;
}

/* What was issued for that contract and month before, whatever it was called then. True when nothing
 * more is to be issued; else the invoice's name says that it is another one: "NAME.2". */
static bool
was_issued(struct outcome *outcome, const struct ledger_documents *documents,
	   const struct ledger_invoice *invoice, bool again)
{
	struct utc_s month = utc_month_start(invoice->period.year, invoice->period.month);
	const struct ledger_issued *before =
		ledger_documents_bill_of(documents, invoice->contract->id, month);
	if (!before)
		return false;
	if (!again || before->credited != before->total.minor) {
		outcome->kind = KNOWN;
		outcome->total = before->total;
		(void)snprintf(outcome->id, sizeof(outcome->id), "%s", before->id);
		(void)snprintf(outcome->name, sizeof(outcome->name), "%.*s", LEDGER_NUMBER - 1,
			       before->name);
		return true;
	}
	for (unsigned copy = 2; ledger_documents_bill(documents, outcome->name); copy++)
		(void)snprintf(outcome->name, sizeof(outcome->name), "%.*s.%u", LEDGER_NUMBER - 12,
			       invoice->number, copy);
	return false;
}

/* The proof of the way that goes with an invoice. */
struct proof {
	struct arena *arena;
	struct ledger_way way;
};

/* Puts it on the invoice, where there is something to be said. False when the invoice cannot be issued, or not
 * yet: its outcome says so, and nothing is left of the proof. */
static bool
prove(struct outcome *outcome, struct ledger_books *books, struct ledger_invoice *invoice,
      struct proof *proof)
{
	char reason[LEDGER_JOURNAL_REASON] = "no memory";
	proof->arena = arena_new();
	enum ledger_books_way got = proof->arena
					    ? ledger_books_way_of(&proof->way, proof->arena, books,
								  invoice, false, reason)
					    : LEDGER_BOOKS_WAY_FAILED;
	if (got == LEDGER_BOOKS_WAY_READY)
		invoice->way = &proof->way;
	if (got == LEDGER_BOOKS_WAY_READY || got == LEDGER_BOOKS_WAY_NOTHING)
		return true;
	arena_free(proof->arena);
	if (got == LEDGER_BOOKS_WAY_MORE)
		outcome->kind = WORKING;
	else
		fail(outcome, reason);
	return false;
}

static void
issue_contract(struct outcome *outcome, struct ledger_books *books, const struct issuer *issuer,
	       uint32_t contract, struct utc_s month)
{
	struct ledger_books_place place = books->where(books->context);
	struct ledger_invoice invoice;
	struct ledger_deed deed;
	struct proof proof = {0};
	*outcome = (struct outcome){.kind = NOT_IN_FORCE};
	/* What the hub buys is others' to issue. */
	if (place.hub->contracts[contract].purchase)
		return;
	enum ledger_desk_answer got = ledger_desk_invoice(place.desk, &invoice, NULL, contract,
							  month, ledger_books_now(books));
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
	if (was_issued(outcome, &ledger_journal_of(books->file)->documents, &invoice,
		       issuer->again))
		return;
	if (!issuer->peer.known && too_many_missing(&invoice)) {
		outcome->kind = NOT_YET;
		return;
	}
	if (!prove(outcome, books, &invoice, &proof))
		return;
	ledger_deed_begin(&deed, books, issuer->peer, "", "");
	post_invoice(outcome, &deed, &invoice);
	arena_free(proof.arena);
	if (outcome->kind != FAILED) {
		const struct ledger_issued *issued = ledger_documents_bill(
			&ledger_journal_of(books->file)->documents, outcome->name);
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
	struct issuer issuer;
	uint32_t member, party, contract, next;
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
	       ((all->member == HUB_NONE && all->party == HUB_NONE) ||
		hub_contract_is_of(&hub->contracts[contract], all->member, all->party));
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
		issue_contract(&outcome, all->books, &all->issuer, contract, all->month);
		if (outcome.kind == NOT_IN_FORCE)
			continue;
		if (outcome.kind == WORKING) {
			all->next--;
			return true;
		}
		tell(all, out, &outcome);
		return true;
	}
	return end(all, out);
}

/* The month before the running one. */
static struct utc_s
last_month(const struct ledger_books *books)
{
	struct utc_date today = utc_to_date(ledger_books_now(books));
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
		.issuer = {peer, q->again},
		.member = q->member,
		.party = q->party,
		.contract = q->contract,
		.month = q->month.s ? q->month : last_month(books),
	};
	if (form == VIEW_JSON)
		buf_str(&answer->body, "{\"invoices\":[");
	answer->state = all;
	answer->more = issue_more;
	answer->done = free;
}

/* --- by itself --- */

bool
ledger_books_issue_turn(struct ledger_books *books)
{
	struct ledger_books_place place = books->where(books->context);
	int64_t now = ledger_books_now(books).s;
	struct utc_s month = last_month(books);
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
	while (ledger_documents_bill_of(documents, place.hub->contracts[books->automatic_next].id,
					month))
		if (++books->automatic_next == place.hub->contract_count)
			return false;
	struct outcome outcome;
	issue_contract(&outcome, books, &(struct issuer){0}, books->automatic_next, month);
	if (outcome.kind == WORKING)
		return true;
	if (outcome.kind == FAILED) {
		log_warn("invoice %s: not issued: %s", outcome.name, outcome.reason);
		books->automatic_after_s = now + WAIT_S;
	}
	if (outcome.kind == ISSUED)
		log_info("invoice %s: issued as %s", outcome.name, outcome.id);
	books->automatic_next++;
	return outcome.kind == ISSUED;
}
