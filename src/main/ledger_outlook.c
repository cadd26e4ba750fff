/* Forecasts and revenue, a contract at a turn. */
#include "main/ledger_outlook.h"

#include <stdlib.h>

#include "base/clock_io.h"
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
	int month, last_month;
	uint32_t next;
	enum ledger_desk_answer failed;
};

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
	struct ledger_invoice invoice;
	enum ledger_desk_answer got =
		ledger_desk_invoice(*e->asker->desk, &invoice, NULL, e->next++,
				    utc_month_start(e->revenue.year, e->month), e->now);
	if (got == LEDGER_DESK_OK && ledger_revenue_add(&e->revenue, &invoice) < 0)
		got = LEDGER_DESK_OVERFLOW;
	if (got && got != LEDGER_DESK_NOT_IN_FORCE)
		e->failed = got;
	return !e->failed;
}

/* True when the answer is made. */
static bool
earn(void *state, struct control_answer *answer)
{
	enum { A_TURN = 4 };
	struct earnings *e = state;
	if (!goes_on(e->asker, e->generation)) {
		control_error(answer, 503, "the ledger went over to another hub file: ask again");
		return true;
	}
	for (int i = 0; i < A_TURN; i++) {
		if (add_next(e))
			continue;
		if (e->failed) {
			control_error(answer, 500, "an invoice of %04d-%02d cannot be made",
				      e->revenue.year, e->month);
			return true;
		}
		ledger_revenue_sort(&e->revenue);
		view_revenue(&answer->body, e->form, e->asker->context->hub, &e->revenue, e->now);
		return true;
	}
	return false;
}

void
ledger_answer_revenue(const struct ledger_asker *asker, const struct ledger_question *question,
		      enum view_ledger_form form, struct control_answer *answer)
{
	struct earnings *e = calloc(1, sizeof(*e));
	struct arena *arena = e ? arena_new() : NULL;
	if (!arena) {
		free(e);
		control_error(answer, 500, "no memory");
		return;
	}
	bool year = question->month == 0;
	*e = (struct earnings){
		.asker = asker,
		.generation = asker->context->generation,
		.form = form,
		.revenue = {.by = question->by,
			    .year = question->year,
			    .month = question->month,
			    .arena = arena},
		.now = clock_utc(),
		.month = year ? 1 : question->month,
		.last_month = year ? LEDGER_MONTHS : question->month,
	};
	answer->state = e;
	answer->ready = earn;
	answer->done = earnings_free;
}
