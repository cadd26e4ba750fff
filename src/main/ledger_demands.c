/* Traffic between sites, interval by interval, a few milliseconds at a turn. */
#include "main/ledger_demands.h"

#include <stdlib.h>

#include "base/clock_io.h"
#include "corridor/corridor_matrix.h"
#include "ledger/ledger_batch.h"
#include "ledger/ledger_traffic.h"
#include "main/ledger_history.h"
#include "view/view_ledger_demands.h"

struct demands {
	struct ledger_store *const *place;
	struct ledger_store *store; /* that was asked */
	const struct role_context *context;
	unsigned generation;
	enum view_ledger_form form;
	struct ledger_traffic_span span;
	struct ledger_traffic *traffic;
	struct corridor_matrix *matrix;
};

static void
demands_free(void *state)
{
	struct demands *d = state;
	ledger_traffic_free(d->traffic);
	corridor_matrix_free(d->matrix);
	free(d);
}

static bool
show(struct demands *d, struct control_answer *answer)
{
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

/* One step. True when the answer is made. */
static bool
step(struct demands *d, struct control_answer *answer)
{
	switch (ledger_traffic_next(d->traffic)) {
	case LEDGER_TRAFFIC_MORE:
		return false;
	case LEDGER_TRAFFIC_PART:
		if (corridor_matrix_add(d->matrix, ledger_traffic_part(d->traffic)) == 0)
			return false;
		break;
	case LEDGER_TRAFFIC_END:
		return show(d, answer);
	case LEDGER_TRAFFIC_STORE:
		control_error(answer, 503, "the store: %.150s", ledger_store_error_text(d->store));
		return true;
	case LEDGER_TRAFFIC_MOVED:
		control_error(answer, 503, "the ledger's ports have changed: ask again");
		return true;
	case LEDGER_TRAFFIC_MEMORY:
		break;
	}
	control_error(answer, 500, "no memory");
	return true;
}

static bool
work(void *state, struct control_answer *answer)
{
	struct demands *d = state;
	if (d->context->generation != d->generation || *d->place != d->store) {
		control_error(answer, 503,
			      "the ledger went over to another hub file or store: ask again");
		return true;
	}
	struct mono_us start = clock_mono();
	do {
		if (step(d, answer))
			return true;
	} while (clock_mono().us - start.us < LEDGER_TURN_US);
	return false;
}

/* Bins, but for pairs so old that they are sums of an hour. */
static uint32_t
interval_of(const struct role_context *context, struct utc_s from)
{
	uint32_t interval_s = context->hub->bin_length_s;
	for (int i = 0; i < LEDGER_SUM_KINDS; i++) {
		const struct ledger_fold *fold = &ledger_folds[i];
		if (fold->kind == LEDGER_PAIRS && clock_utc().s - from.s > fold->fine_s &&
		    interval_s < fold->folded_s)
			interval_s = (uint32_t)fold->folded_s;
	}
	return interval_s;
}

void
ledger_answer_demands(struct ledger_store *const *store, const struct role_context *context,
		      const struct ledger_question *question, enum view_ledger_form form,
		      struct control_answer *answer)
{
	struct demands *d = calloc(1, sizeof(*d));
	if (!d) {
		control_error(answer, 500, "no memory");
		return;
	}
	*d = (struct demands){
		.place = store,
		.store = *store,
		.context = context,
		.generation = context->generation,
		.form = form,
		.span = {.from = question->from,
			 .to = question->to,
			 .what = TRAFFIC_WHAT_PAIR,
			 .member = HUB_NONE,
			 .step_s = interval_of(context, question->from)},
	};
	size_t intervals =
		question->to.s > question->from.s
			? (size_t)(question->to.s - question->from.s) / d->span.step_s + 2
			: 0;
	d->traffic = ledger_traffic_new(*store, context->hub, &d->span);
	d->matrix = corridor_matrix_new(context->hub, intervals);
	if (!d->traffic || !d->matrix) {
		demands_free(d);
		control_error(answer, 500, "no memory");
		return;
	}
	answer->state = d;
	answer->ready = work;
	answer->works = true;
	answer->done = demands_free;
}
