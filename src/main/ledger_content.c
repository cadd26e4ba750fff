/* Traffic of content networks: first the days of which only sums by network are left, then all intervals. */
#include "main/ledger_content.h"

#include <stdlib.h>

#include "base/clock_io.h"
#include "corridor/corridor_content_rates.h"
#include "ledger/ledger_batch.h"
#include "main/ledger_reading.h"
#include "view/view_ledger_content.h"

enum { DAY_S = 86400 };

struct content {
	const struct role_context *context;
	enum view_ledger_form form;
	struct ledger_traffic_span span; /* of the intervals */
	bool days;                       /* days are read */
	struct corridor_content_rates *rates;
};

static void
content_free(void *state)
{
	struct content *c = state;
	corridor_content_rates_free(c->rates);
	free(c);
}

static int
take(void *state, const struct ledger_traffic *traffic)
{
	struct content *c = state;
	const struct traffic_batch *part = ledger_traffic_part(traffic);
	bool whole = ledger_traffic_told(traffic) != NULL;
	return c->days ? corridor_content_rates_day(c->rates, part, whole)
		       : corridor_content_rates_add(c->rates, part, whole);
}

static bool
end_of(void *state, struct ledger_reading *reading, struct control_answer *answer)
{
	struct content *c = state;
	struct view_ledger_content view = {.hub = c->context->hub, .span = &c->span};
	if (c->days) {
		c->days = false;
		return ledger_reading_again(reading, &c->span);
	}
	struct arena *arena = arena_new();
	if (!arena || corridor_content_rates_sum(&view.sums, c->rates, arena) < 0)
		control_error(answer, 500, "no memory");
	else
		view_ledger_content(&answer->body, &view, c->form);
	arena_free(arena);
	return true;
}

/* For intervals of `span`; what begins before `fine` is read day by day first. */
static struct content *
content_new(const struct role_context *context, enum view_ledger_form form,
	    const struct ledger_traffic_span *span, struct utc_s fine)
{
	struct content *c = calloc(1, sizeof(*c));
	if (!c)
		return NULL;
	*c = (struct content){
		.context = context,
		.form = form,
		.span = *span,
		.days = span->from.s < fine.s,
		.rates = corridor_content_rates_new(context->hub, ledger_traffic_steps(span), fine),
	};
	if (c->rates)
		return c;
	free(c);
	return NULL;
}

void
ledger_answer_content(struct ledger_store *const *store, const struct role_context *context,
		      const struct ledger_question *question, enum view_ledger_form form,
		      struct control_answer *answer)
{
	static const struct ledger_reader reader = {take, end_of, content_free};
	struct utc_s fine = ledger_folded_before(LEDGER_ORIGINS, clock_utc());
	if (!context->hub->content_count) {
		control_error(answer, 404,
			      "the hub file has no content networks (content: ...); show history "
			      "by as has all networks");
		return;
	}
	struct ledger_traffic_span days = ledger_reading_span(question, TRAFFIC_WHAT_AS, DAY_S);
	struct ledger_traffic_span intervals = days;
	intervals.step_s = context->hub->bin_length_s;
	if (fine.s < days.to.s)
		days.to = fine;
	struct content *c = content_new(context, form, &intervals, fine);
	ledger_reading_begin(store, context, c && c->days ? &days : &intervals, &reader, c, answer);
}
