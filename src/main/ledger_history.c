/* Traffic over time, a few milliseconds at a turn. */
#include "main/ledger_history.h"

#include <stdlib.h>

#include "base/clock_io.h"
#include "view/view_ledger_traffic.h"

enum { TURN_US = 15000 };

struct history {
	struct ledger_store *const *place;
	struct ledger_store *store; /* that was asked */
	const struct role_context *context;
	unsigned generation;
	enum view_ledger_form form;
	struct ledger_traffic *traffic;
	struct view_history view;
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
		if (view_history_show(&answer->body, &h->view, h->form,
				      ledger_traffic_part(h->traffic), clock_utc()) < 0)
			no_memory(answer);
		return true;
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
	} while (clock_mono().us - start.us < TURN_US);
	return false;
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
				  .member = question->member},
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
	answer->done = history_free;
}
