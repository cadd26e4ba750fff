/* Traffic of content networks: first the days of which only sums by network are left, then all intervals. */
#include "main/ledger_content.h"

#include <stdlib.h>

#include "base/clock_io.h"
#include "corridor/corridor_content_rates.h"
#include "ledger/ledger_batch.h"
#include "main/ledger_reading.h"
#include "view/view_ledger_content.h"

/* A day becomes old while it is read, too. */
enum { DAY_S = 86400, READING_S = 3600 };

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
	struct view_ledger_content view = {
		.hub = c->context->hub,
		.from = c->span.from,
		.to = c->span.to,
		.interval_s = c->span.step_s,
	};
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

/* The first day (UTC) of which there are still sums of bins. */
static struct utc_s
fine_from(struct utc_s now)
{
	int64_t fine_s = ledger_folds[LEDGER_ORIGINS - 1].fine_s - READING_S;
	return (struct utc_s){(now.s - fine_s) / DAY_S * DAY_S + DAY_S};
}

void
ledger_answer_content(struct ledger_store *const *store, const struct role_context *context,
		      const struct ledger_question *question, enum view_ledger_form form,
		      struct control_answer *answer)
{
	static const struct ledger_reader reader = {take, end_of, content_free};
	struct utc_s from = question->from, to = question->to, fine = fine_from(clock_utc());
	if (!context->hub->content_count) {
		control_error(answer, 404,
			      "the hub file has no content networks (content: ...); show history "
			      "by as has all networks");
		return;
	}
	struct content *c = calloc(1, sizeof(*c));
	if (!c) {
		control_error(answer, 500, "no memory");
		return;
	}
	/* What is left of a day is filed where it begins. */
	if (from.s < fine.s)
		from.s -= from.s % DAY_S;
	*c = (struct content){
		.context = context,
		.form = form,
		.span = {.from = from,
			 .to = to,
			 .what = TRAFFIC_WHAT_AS,
			 .member = HUB_NONE,
			 .step_s = context->hub->bin_length_s},
		.days = from.s < fine.s,
	};
	size_t intervals = to.s > from.s ? (size_t)(to.s - from.s) / c->span.step_s + 2 : 0;
	c->rates = corridor_content_rates_new(context->hub, intervals, fine);
	if (!c->rates) {
		content_free(c);
		control_error(answer, 500, "no memory");
		return;
	}
	struct ledger_traffic_span days = c->span;
	days.step_s = DAY_S;
	days.to.s = to.s < fine.s ? to.s : fine.s;
	ledger_reading_begin(store, context, c->days ? &days : &c->span, &reader, c, answer);
}
