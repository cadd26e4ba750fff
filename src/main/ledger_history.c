/* Traffic over time, a few milliseconds at a turn. */
#include "main/ledger_history.h"

#include <stdlib.h>

#include "base/clock_io.h"
#include "view/view_ledger_traffic.h"

struct history {
	struct ledger_store *const *place;
	struct ledger_store *store; /* that was asked */
	const struct role_context *context;
	unsigned generation;
	enum view_ledger_form form;
	struct ledger_traffic *traffic;
	struct view_history view;
	bool again; /* it is read a second time, for the series */
};

static void
history_free(void *state)
{
	struct history *h = state;
	view_history_fini(&h->view);
	ledger_traffic_free(h->traffic);
	free(h);
}

static void
no_memory(struct control_answer *answer)
{
	control_error(answer, 500, "no memory");
}

static void
ask_again(struct control_answer *answer)
{
	control_error(answer, 503, "the ledger went over to another hub file or store: ask again");
}

/* All was read: the answer is due, or a second reading. True when the answer is made. */
static bool
end_of(struct history *h, struct control_answer *answer)
{
	if (h->view.span.step_s && !h->again) {
		h->again = true;
		int result = view_history_series(&h->view, ledger_traffic_part(h->traffic));
		ledger_traffic_free(h->traffic);
		h->traffic = result < 0
				     ? NULL
				     : ledger_traffic_new(h->store, h->context->hub, &h->view.span);
		if (!h->traffic)
			no_memory(answer);
		return !h->traffic;
	}
	if (view_history_show(&answer->body, &h->view, h->form, ledger_traffic_part(h->traffic),
			      clock_utc()) < 0)
		no_memory(answer);
	return true;
}

/* One step. True when the answer is made. */
static bool
step(struct history *h, struct control_answer *answer)
{
	switch (ledger_traffic_next(h->traffic)) {
	case LEDGER_TRAFFIC_MORE:
		return false;
	case LEDGER_TRAFFIC_PART:
		if (view_history_add(&h->view, ledger_traffic_part(h->traffic),
				     ledger_traffic_told(h->traffic)) == 0)
			return false;
		no_memory(answer);
		return true;
	case LEDGER_TRAFFIC_END:
		return end_of(h, answer);
	case LEDGER_TRAFFIC_STORE:
		control_error(answer, 503, "the store: %.150s", ledger_store_error_text(h->store));
		return true;
	case LEDGER_TRAFFIC_MOVED:
		ask_again(answer);
		return true;
	case LEDGER_TRAFFIC_MEMORY:
		break;
	}
	no_memory(answer);
	return true;
}

static bool
work(void *state, struct control_answer *answer)
{
	struct history *h = state;
	if (h->context->generation != h->generation || *h->place != h->store) {
		ask_again(answer);
		return true;
	}
	struct mono_us start = clock_mono();
	do {
		if (step(h, answer))
			return true;
	} while (clock_mono().us - start.us < LEDGER_TURN_US);
	return false;
}

/* Steps that sums of that age can be told apart by: old networks are of a whole day. */
static uint32_t
step_of(const struct ledger_question *question, struct utc_s now)
{
	enum ledger_sum_kind kind = ledger_traffic_kind(question->what);
	uint32_t step_s = question->each_s;
	for (int i = 0; step_s && i < LEDGER_SUM_KINDS; i++) {
		const struct ledger_fold *fold = &ledger_folds[i];
		if (fold->kind == kind && now.s - question->from.s > fold->fine_s &&
		    step_s < fold->folded_s)
			step_s = (uint32_t)fold->folded_s;
	}
	return step_s;
}

void
ledger_answer_history(struct ledger_store *const *store, const struct role_context *context,
		      const struct ledger_question *question, enum view_ledger_form form,
		      struct control_answer *answer)
{
	struct history *h = calloc(1, sizeof(*h));
	if (!h) {
		no_memory(answer);
		return;
	}
	*h = (struct history){
		.place = store,
		.store = *store,
		.context = context,
		.generation = context->generation,
		.form = form,
		.view = {.hub = context->hub,
			 .span = {.from = question->from,
				  .to = question->to,
				  .what = question->what,
				  .member = question->member,
				  .step_s = step_of(question, clock_utc())},
			 .limit = question->limit},
	};
	h->traffic = ledger_traffic_new(*store, context->hub, &h->view.span);
	if (!h->traffic) {
		history_free(h);
		no_memory(answer);
		return;
	}
	answer->state = h;
	answer->ready = work;
	answer->works = true;
	answer->done = history_free;
}
