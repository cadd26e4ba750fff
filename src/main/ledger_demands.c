/* Traffic between sites, interval by interval. */
#include "main/ledger_demands.h"

#include <stdlib.h>

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
	struct view_ledger_demands view = {.hub = d->context->hub, .span = &d->span};
	struct arena *arena = arena_new();
	if (!arena || corridor_matrix_sum(&view.sums, d->matrix, arena) < 0)
		control_error(answer, 500, "no memory");
	else
		view_ledger_demands(&answer->body, &view, d->form);
	arena_free(arena);
	return true;
}

static struct demands *
demands_new(const struct role_context *context, enum view_ledger_form form,
	    const struct ledger_traffic_span *span)
{
	struct demands *d = calloc(1, sizeof(*d));
	if (!d)
		return NULL;
	*d = (struct demands){
		.context = context,
		.form = form,
		.span = *span,
		.matrix = corridor_matrix_new(context->hub, ledger_traffic_steps(span)),
	};
	if (d->matrix)
		return d;
	free(d);
	return NULL;
}

void
ledger_answer_demands(struct ledger_store *const *store, const struct role_context *context,
		      const struct ledger_question *question, enum view_ledger_form form,
		      struct control_answer *answer)
{
	static const struct ledger_reader reader = {take, show, demands_free};
	const struct ledger_traffic_span span =
		ledger_reading_span(question, TRAFFIC_WHAT_PAIR, context->hub->bin_length_s);
	ledger_reading_begin(store, context, &span, &reader, demands_new(context, form, &span),
			     answer);
}
