/* Invoices and bills. */
#include "main/ledger_bills.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock_io.h"
#include "base/json.h"
#include "view/view_ledger_blend.h"

void
ledger_answer_desk(const struct ledger_asker *asker, struct control_answer *answer,
		   enum ledger_desk_answer why)
{
	switch (why) {
	case LEDGER_DESK_OK:
		return;
	case LEDGER_DESK_NOT_IN_FORCE:
		control_error(answer, 404, "the contract is not in force in that month");
		return;
	case LEDGER_DESK_OVERFLOW:
		control_error(answer, 500, "%.190s", ledger_desk_fault(*asker->desk));
		return;
	case LEDGER_DESK_STORE:
		control_error(answer, 503, "the store: %.150s",
			      ledger_store_error_text(*asker->store));
		return;
	case LEDGER_DESK_MEMORY:
		control_error(answer, 500, "no memory");
		return;
	}
}

static struct utc_s
month_of(const struct ledger_question *question)
{
	return utc_month_start(question->year, question->month);
}

/* --- all invoices of a month --- */

/* Those of the month as they would be billed now; with `bills` (room for as many) the issued documents
 * in their place. */
struct gathering {
	struct ledger_invoice *invoices;
	struct ledger_books_bill *bills; /* NULL: not wanted */
	size_t count, opened;
};

static void
gathering_fini(struct gathering *g)
{
	for (size_t i = 0; i < g->opened; i++)
		ledger_books_bill_close(&g->bills[i]);
	free(g->bills);
	free(g->invoices);
}

/* The issued one in the place of invoice `computed`, or beside it where there is none. */
static bool
put_issued(struct gathering *g, const struct ledger_asker *asker, const char *contract,
	   struct utc_s month, struct control_answer *answer)
{
	char reason[LEDGER_JOURNAL_REASON];
	struct ledger_invoice *computed = &g->invoices[g->count - 1];
	int status = ledger_books_bill_open(&g->bills[g->opened], *asker->books, contract, month,
					    computed->contract ? computed : NULL, reason);
	if (status) {
		control_error(answer, status, "the journal: %.180s", reason);
		return false;
	}
	*computed = g->bills[g->opened++].invoice;
	return true;
}

static bool
gather_one(struct gathering *g, const struct ledger_asker *asker, uint32_t contract,
	   struct utc_s month, struct control_answer *answer)
{
	const char *id = asker->context->hub->contracts[contract].id;
	struct ledger_invoice *invoice = &g->invoices[g->count];
	enum ledger_desk_answer got =
		ledger_desk_invoice(*asker->desk, invoice, NULL, contract, month, clock_utc());
	bool issued = g->bills && ledger_books_issued(*asker->books, id, month);
	if (got && got != LEDGER_DESK_NOT_IN_FORCE && !issued) {
		ledger_answer_desk(asker, answer, got);
		return false;
	}
	if (got && !issued)
		return true;
	if (got)
		*invoice = (struct ledger_invoice){0};
	g->count++;
	return !issued || put_issued(g, asker, id, month, answer);
}

static bool
gather(struct gathering *g, const struct ledger_asker *asker, struct utc_s month, bool issued,
       struct control_answer *answer)
{
	uint32_t contracts = (uint32_t)asker->context->hub->contract_count;
	size_t gone = 0, room = contracts + 1;
	while (issued && ledger_books_gone(*asker->books, &gone, NULL, month))
		room++;
	*g = (struct gathering){.invoices = calloc(room, sizeof(*g->invoices))};
	if (issued)
		g->bills = calloc(room, sizeof(*g->bills));
	if (!g->invoices || (issued && !g->bills)) {
		control_error(answer, 500, "no memory");
		return false;
	}
	for (uint32_t i = 0; i < contracts; i++)
		if (!gather_one(g, asker, i, month, answer))
			return false;
	const char *contract;
	for (gone = 0;
	     issued && (contract = ledger_books_gone(*asker->books, &gone, NULL, month));) {
		g->count++;
		if (!put_issued(g, asker, contract, month, answer))
			return false;
	}
	return true;
}

void
ledger_answer_invoices(const struct ledger_asker *asker, const struct ledger_question *question,
		       enum view_ledger_form form, struct control_answer *answer)
{
	struct gathering g;
	if (gather(&g, asker, month_of(question), true, answer))
		view_ledger_invoices(&answer->body, form, question->year, question->month,
				     g.invoices, g.count);
	gathering_fini(&g);
}

void
ledger_answer_blends(const struct ledger_asker *asker, const struct ledger_question *question,
		     enum view_ledger_form form, struct control_answer *answer)
{
	struct arena *arena = arena_new();
	struct ledger_blend *blends;
	struct gathering g = {0};
	size_t count;
	if (!arena)
		control_error(answer, 500, "no memory");
	else if (!gather(&g, asker, month_of(question), false, answer))
		;
	else if (ledger_blends_of(&blends, &count, arena, g.invoices, g.count) < 0)
		control_error(answer, 500, "%s",
			      errno == EOVERFLOW ? "a sum does not fit" : "no memory");
	else
		view_ledger_blends(&answer->body, form, question->year, question->month, blends,
				   count);
	gathering_fini(&g);
	arena_free(arena);
}

/* --- one bill --- */

static const char *
payer_name(const struct hub *hub, const struct ledger_question *question)
{
	return question->member != HUB_NONE ? hub->members[question->member].name
					    : hub->parties[question->party].name;
}

/* The one contract that is meant, in force in that month or billed for it; HUB_NONE, and the answer may
 * be made, if there is none, or more than one. */
static uint32_t
contract_meant(const struct ledger_asker *asker, const struct ledger_question *question,
	       struct control_answer *answer)
{
	const struct hub *hub = asker->context->hub;
	struct ledger_period period;
	uint32_t found = HUB_NONE;
	if (question->contract != HUB_NONE)
		return question->contract;
	for (uint32_t i = 0; i < hub->contract_count; i++) {
		const struct hub_contract *contract = &hub->contracts[i];
		if (!hub_contract_is_of(contract, question->member, question->party) ||
		    (ledger_period_of(&period, contract, question->year, question->month) < 0 &&
		     !ledger_books_issued(*asker->books, contract->id, month_of(question))))
			continue;
		if (found != HUB_NONE) {
			control_error(answer, 409,
				      "%.60s has several contracts in that month: name one, "
				      "--contract %.40s or --contract %.40s",
				      payer_name(hub, question), hub->contracts[found].id,
				      contract->id);
			return HUB_NONE;
		}
		found = i;
	}
	return found;
}

/* What was issued under a contract that the hub file no longer has. */
static const char *
gone_meant(const struct ledger_asker *asker, const struct ledger_question *question)
{
	const struct hub *hub = asker->context->hub;
	char asn[16];
	size_t at = 0;
	if (question->member == HUB_NONE)
		return ledger_books_gone(*asker->books, &at, hub->parties[question->party].id,
					 month_of(question));
	(void)snprintf(asn, sizeof(asn), "%" PRIu32, hub->members[question->member].asn.number);
	return ledger_books_gone(*asker->books, &at, asn, month_of(question));
}

static enum ledger_books_form
books_form(enum view_ledger_form form)
{
	return form == VIEW_LEDGER_JSON  ? LEDGER_BOOKS_JSON
	       : form == VIEW_LEDGER_CSV ? LEDGER_BOOKS_CSV
					 : LEDGER_BOOKS_TEXT;
}

static void
write_bill(struct ledger_books_bill *bill, const struct ledger_question *question,
	   enum view_ledger_form form, struct control_answer *answer)
{
	if (question->html) {
		answer->content_type = "text/html; charset=utf-8";
		ledger_books_bill_write(bill, &answer->body, LEDGER_BOOKS_HTML);
	} else if (question->bins && bill->invoice.series) {
		answer->content_type = "text/csv; charset=utf-8";
		view_ledger_bins_csv(&answer->body, &bill->invoice);
	} else if (question->bins) {
		control_error(answer, 404, "the bins cannot be had any more");
	} else {
		view_ledger_bill_head(&answer->body, form);
		ledger_books_bill_write(bill, &answer->body, books_form(form));
	}
}

static void
answer_one(const struct ledger_asker *asker, const struct ledger_question *question,
	   enum view_ledger_form form, struct control_answer *answer)
{
	const struct hub *hub = asker->context->hub;
	uint32_t contract = contract_meant(asker, question, answer);
	const char *id =
		contract == HUB_NONE ? gone_meant(asker, question) : hub->contracts[contract].id;
	enum ledger_desk_answer got = LEDGER_DESK_NOT_IN_FORCE;
	struct ledger_invoice computed;
	struct ledger_series series = {0};
	struct ledger_books_bill bill;
	char reason[LEDGER_JOURNAL_REASON];
	if (answer->status)
		return;
	if (!id) {
		control_error(answer, 404, "%.60s has no contract in that month",
			      payer_name(hub, question));
		return;
	}
	if (contract != HUB_NONE)
		got = ledger_desk_invoice(*asker->desk, &computed, &series, contract,
					  month_of(question), clock_utc());
	int status = ledger_books_bill_open(&bill, *asker->books, id, month_of(question),
					    got ? NULL : &computed, reason);
	if (status == 404) {
		ledger_answer_desk(asker, answer, got);
	} else if (status) {
		control_error(answer, status, "the journal: %.180s", reason);
	} else {
		write_bill(&bill, question, form, answer);
		ledger_books_bill_close(&bill);
	}
	ledger_series_fini(&series);
}

/* --- the bills of all members, one a piece --- */

struct all_bills {
	const struct ledger_asker *asker;
	unsigned generation; /* contracts are indices of that picture */
	struct view_ledger_bills bills;
	struct utc_s month;
	uint32_t next;
	size_t gone;
	bool ended;
};

/* A bill that cannot be made or read is told in its place; CSV has no place for it, the log has. */
static void
tell_fault(struct all_bills *all, struct buf *out, const char *contract, const char *reason)
{
	struct json j = json_to(out);
	if (all->bills.form == VIEW_LEDGER_CSV)
		return;
	view_ledger_bills_next(&all->bills, out);
	if (all->bills.form == VIEW_LEDGER_TEXT) {
		buf_printf(out, "contract %s: there is no bill: %s\n", contract, reason);
		return;
	}
	json_object(&j, NULL);
	json_str(&j, "contract", contract);
	json_str(&j, "error", reason);
	json_object_end(&j);
}

/* False when that contract has no bill. */
static bool
add_bill(struct all_bills *all, struct buf *out, const char *id, uint32_t contract)
{
	const struct ledger_asker *asker = all->asker;
	struct ledger_invoice computed;
	struct ledger_series series = {0};
	struct ledger_books_bill bill;
	char reason[LEDGER_JOURNAL_REASON];
	enum ledger_desk_answer got =
		contract == HUB_NONE ? LEDGER_DESK_NOT_IN_FORCE
				     : ledger_desk_invoice(*asker->desk, &computed, &series,
							   contract, all->month, clock_utc());
	int status = ledger_books_bill_open(&bill, *asker->books, id, all->month,
					    got ? NULL : &computed, reason);
	if (status == 0) {
		view_ledger_bills_next(&all->bills, out);
		ledger_books_bill_write(&bill, out, books_form(all->bills.form));
		ledger_books_bill_close(&bill);
	} else if (status != 404 || got != LEDGER_DESK_NOT_IN_FORCE) {
		tell_fault(all, out, id,
			   status != 404                 ? reason
			   : got == LEDGER_DESK_OVERFLOW ? ledger_desk_fault(*asker->desk)
							 : "its bins could not be read");
	}
	ledger_series_fini(&series);
	return status != 404 || got != LEDGER_DESK_NOT_IN_FORCE;
}

static bool
more_bills(void *state, struct buf *out)
{
	struct all_bills *all = state;
	const struct ledger_asker *asker = all->asker;
	const struct role_context *context = asker->context;
	const char *gone;
	if (all->ended || !*asker->desk || all->generation != context->generation)
		return false;
	while (all->next < context->hub->contract_count) {
		uint32_t contract = all->next++;
		if (add_bill(all, out, context->hub->contracts[contract].id, contract))
			return true;
	}
	while ((gone = ledger_books_gone(*asker->books, &all->gone, NULL, all->month)))
		if (add_bill(all, out, gone, HUB_NONE))
			return true;
	view_ledger_bills_end(&all->bills, out);
	all->ended = true;
	return true;
}

static void
answer_all(const struct ledger_asker *asker, const struct ledger_question *question,
	   enum view_ledger_form form, struct control_answer *answer)
{
	struct all_bills *all = calloc(1, sizeof(*all));
	if (!all) {
		control_error(answer, 500, "no memory");
		return;
	}
	*all = (struct all_bills){
		.asker = asker,
		.generation = asker->context->generation,
		.bills.form = form,
		.month = month_of(question),
	};
	view_ledger_bills_begin(&all->bills, &answer->body, question->year, question->month);
	answer->state = all;
	answer->more = more_bills;
	answer->done = free;
}

void
ledger_answer_bill(const struct ledger_asker *asker, const struct ledger_question *question,
		   enum view_ledger_form form, struct control_answer *answer)
{
	if (question->member == HUB_NONE && question->party == HUB_NONE)
		answer_all(asker, question, form, answer);
	else
		answer_one(asker, question, form, answer);
}
