/* Traffic between sites, interval by interval. */
#include "main/ledger_demands.h"

#include <stdlib.h>

#include "base/clock_io.h"
#include "corridor/corridor_matrix.h"
#include "main/ledger_reading.h"
#include "view/view_ledger_demands.h"

struct demands {
	const struct role_context *context;
	enum view_ledger_form form;
	struct ledger_traffic_span span;
	struct corridor_matrix *matrix;
};

static void
demands_free(void *state)
{
	struct demands *d = state;
	corridor_matrix_free(d->matrix);
	free(d);
}

static int
take(void *state, const struct ledger_traffic *traffic)
{
	struct demands *d = state;
	return corridor_matrix_add(d->matrix, ledger_traffic_part(traffic));
}

static bool
show(void *state, struct ledger_reading *reading, struct control_answer *answer)
{
	const struct demands *d = state;
	(void)reading;
	struct view_ledger_demands view = {
		.hub = d->context->hub,
		.from = d->span.from,
		.to = d->span.to,
		.interval_s = d->span.step_s,
	};
	struct arena *arena = arena_new();
	if (!arena || corridor_matrix_sum(&view.sums, d->matrix, arena) < 0)
		control_error(answer, 500, "no memory");
	else
		view_ledger_demands(&answer->body, &view, d->form);
	arena_free(arena);
	return true;
}

void
ledger_answer_demands(struct ledger_store *const *store, const struct role_context *context,
		      const struct ledger_question *question, enum view_ledger_form form,
		      struct control_answer *answer)
{
	static const struct ledger_reader reader = {take, show, demands_free};
	struct demands *d = calloc(1, sizeof(*d));
	if (!d) {
		control_error(answer, 500, "no memory");
		return;
	}
	*d = (struct demands){
		.context = context,
		.form = form,
		.span = {.from = question->from,
			 .to = question->to,
			 .what = TRAFFIC_WHAT_PAIR,
			 .member = HUB_NONE,
			 .step_s = context->hub->bin_length_s},
	};
	ledger_traffic_fit(&d->span, clock_utc());
	d->matrix = corridor_matrix_new(context->hub, ledger_traffic_steps(&d->span));
	if (!d->matrix) {
		demands_free(d);
		control_error(answer, 500, "no memory");
		return;
	}
	ledger_reading_begin(store, context, &d->span, &reader, d, answer);
}
