/* Traffic over time. */
#include "main/ledger_history.h"

#include <stdlib.h>

#include "base/clock_io.h"
#include "main/ledger_reading.h"
#include "view/view_ledger_traffic.h"

struct history {
	enum view_ledger_form form;
	struct view_history view;
	bool again; /* it is read a second time, for the series */
};

static void
history_free(void *state)
{
	struct history *h = state;
	view_history_fini(&h->view);
	free(h);
}

static int
take(void *state, const struct ledger_traffic *traffic)
{
	struct history *h = state;
	return view_history_add(&h->view, ledger_traffic_part(traffic),
				ledger_traffic_told(traffic));
}

/* The answer is due, or a second reading. */
static bool
end_of(void *state, struct ledger_reading *reading, struct control_answer *answer)
{
	struct history *h = state;
	const struct traffic_batch *ports = ledger_reading_ports(reading);
	if (h->view.span.step_s && !h->again) {
		h->again = true;
		if (view_history_series(&h->view, ports) == 0)
			return ledger_reading_again(reading, &h->view.span);
		control_error(answer, 500, "no memory");
	} else if (view_history_show(&answer->body, &h->view, h->form, ports, clock_utc()) < 0) {
		control_error(answer, 500, "no memory");
	}
	return true;
}

void
ledger_answer_history(struct ledger_store *const *store, const struct role_context *context,
		      const struct ledger_question *question, enum view_ledger_form form,
		      struct control_answer *answer)
{
	static const struct ledger_reader reader = {take, end_of, history_free};
	struct history *h = calloc(1, sizeof(*h));
	const struct ledger_traffic_span span =
		ledger_reading_span(question, question->what, question->each_s);
	if (h)
		*h = (struct history){
			.form = form,
			.view = {.hub = context->hub,
				 .span = span,
				 .limit = question->limit,
				 .room = VIEW_HISTORY_SUMS},
		};
	ledger_reading_begin(store, context, &span, &reader, h, answer);
}
