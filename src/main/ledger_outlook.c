/* Forecasts, a contract at a turn, and revenue. */
#include "main/ledger_outlook.h"

#include <stdlib.h>

#include "base/clock_io.h"
#include "main/ledger_reading.h"
#include "view/view_outlook.h"

/* True while the pictures that contracts are indices of is the same, and the store is open. */
static bool
goes_on(const struct ledger_asker *asker, unsigned generation)
{
	return *asker->desk && asker->context->generation == generation;
}

/* --- forecasts --- */

struct forecasts {
	const struct ledger_asker *asker;
	unsigned generation;
	struct view_forecasts view;
	uint32_t member, party, next;
	bool ended;
};

static bool
more_forecasts(void *state, struct buf *out)
{
	struct forecasts *all = state;
	const struct ledger_asker *asker = all->asker;
	struct utc_s month = utc_month_start(all->view.year, all->view.month);
	if (all->ended || !goes_on(asker, all->generation))
		return false;
	const struct hub *hub = asker->context->hub;
	while (all->next < hub->contract_count) {
		uint32_t contract = all->next++;
		struct ledger_forecast forecast;
		if ((all->member != HUB_NONE || all->party != HUB_NONE) &&
		    !hub_contract_is_of(&hub->contracts[contract], all->member, all->party))
			continue;
		if (ledger_desk_forecast(*asker->desk, &forecast, contract, month, all->view.at) ==
		    LEDGER_DESK_OK)
			view_forecasts_add(&all->view, out, &forecast);
		return true;
	}
	view_forecasts_end(&all->view, out);
	all->ended = true;
	return true;
}

void
ledger_answer_forecast(const struct ledger_asker *asker, const struct ledger_question *question,
		       enum view_ledger_form form, struct control_answer *answer)
{
	struct forecasts *all = calloc(1, sizeof(*all));
	if (!all) {
		control_error(answer, 500, "no memory");
		return;
	}
	*all = (struct forecasts){
		.asker = asker,
		.generation = asker->context->generation,
		.member = question->member,
		.party = question->party,
		.view = {.form = form,
			 .at = question->to,
			 .year = question->year,
			 .month = question->month},
	};
	view_forecasts_begin(&all->view, &answer->body);
	answer->state = all;
	answer->more = more_forecasts;
	answer->done = free;
}

/* --- revenue --- */

struct earnings {
	const struct ledger_asker *asker;
	unsigned generation;
	enum view_ledger_form form;
	struct ledger_revenue revenue;
	struct utc_s now;
	int month, first_month, last_month;
	uint32_t next;
	size_t document;  /* of those that were read */
	uint64_t entries; /* of the journal, when this began */
	unsigned begun;   /* how often */
	enum ledger_desk_answer failed;
};

enum { BEGINS_MAX = 5 };

static void
earnings_free(void *state)
{
	struct earnings *e = state;
	arena_free(e->revenue.arena);
	free(e);
}

/* One contract of one month. False when all have been. */
static bool
add_next(struct earnings *e)
{
	const struct hub *hub = e->asker->context->hub;
	if (e->next == hub->contract_count) {
		e->next = 0;
		e->month++;
	}
	if (e->month > e->last_month || !hub->contract_count)
		return false;
	struct ledger_earned earned;
	struct utc_s month = utc_month_start(e->revenue.year, e->month);
	uint32_t contract = e->next++;
	if (ledger_books_billed(*e->asker->books, hub->contracts[contract].id, month))
		return true;
	enum ledger_desk_answer got =
		ledger_desk_earned(*e->asker->desk, &earned, contract, month, e->now);
	if (got == LEDGER_DESK_OK && ledger_revenue_add(&e->revenue, hub, &earned) < 0)
		got = LEDGER_DESK_OVERFLOW;
	if (got && got != LEDGER_DESK_NOT_IN_FORCE)
		e->failed = got;
	return !e->failed;
}

/* From the beginning. False if there is no memory. */
static bool
begin_earning(struct earnings *e)
{
	struct arena *arena = arena_new();
	if (!arena)
		return false;
	arena_free(e->revenue.arena);
	e->revenue = (struct ledger_revenue){.by = e->revenue.by,
					     .year = e->revenue.year,
					     .month = e->revenue.month,
					     .arena = arena};
	e->month = e->first_month;
	e->next = 0;
	e->document = 0;
	e->entries = ledger_books_entries(*e->asker->books);
	e->begun++;
	return true;
}

/* All that is computed has been added: then what the journal has, at one moment. If it was written to
 * meanwhile, what was computed may be in it now, and all begins anew. True when the answer is made. */
static bool
end_earning(struct earnings *e, struct control_answer *answer)
{
	char reason[LEDGER_JOURNAL_REASON];
	if (ledger_books_entries(*e->asker->books) != e->entries) {
		if (e->begun < BEGINS_MAX && begin_earning(e))
			return false;
		control_error(answer, 503, "the journal is being written to: ask again");
		return true;
	}
	if (ledger_books_revenue(*e->asker->books, &e->revenue, reason) < 0) {
		control_error(answer, 500, "the journal: %.180s", reason);
		return true;
	}
	ledger_revenue_sort(&e->revenue);
	view_revenue(&answer->body, e->form, e->asker->context->hub, &e->revenue, e->now);
	return true;
}

/* True when the answer is made. */
static bool
earn(void *state, struct control_answer *answer)
{
	struct earnings *e = state;
	if (!goes_on(e->asker, e->generation)) {
		control_error(answer, 503, "the ledger went over to another hub file: ask again");
		return true;
	}
	struct mono_us start = clock_mono();
	while (add_next(e))
		if (clock_mono().us - start.us >= LEDGER_TURN_US)
			return false;
	if (e->failed) {
		control_error(answer, 500, "an invoice of %04d-%02d cannot be made",
			      e->revenue.year, e->month);
		return true;
	}
	if (ledger_books_simulated(*e->asker->books, &e->revenue, &e->document))
		return false;
	return end_earning(e, answer);
}

void
ledger_answer_revenue(const struct ledger_asker *asker, const struct ledger_question *question,
		      enum view_ledger_form form, struct control_answer *answer)
{
	struct earnings *e = calloc(1, sizeof(*e));
	if (!e) {
		control_error(answer, 500, "no memory");
		return;
	}
	bool year = question->month == 0;
	*e = (struct earnings){
		.asker = asker,
		.generation = asker->context->generation,
		.form = form,
		.revenue = {.by = question->by, .year = question->year, .month = question->month},
		.now = clock_utc(),
		.first_month = year ? 1 : question->month,
		.last_month = year ? LEDGER_MONTHS : question->month,
	};
	if (!begin_earning(e)) {
		free(e);
		control_error(answer, 500, "no memory");
		return;
	}
	answer->state = e;
	answer->ready = earn;
	answer->works = true;
	answer->done = earnings_free;
}
