/* What the store holds of a time, a few milliseconds at a turn. */
#include "main/ledger_reading.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clock_io.h"

struct ledger_reading {
	struct ledger_store *const *place;
	struct ledger_store *store; /* that was asked */
	const struct role_context *context;
	unsigned generation;
	struct ledger_traffic *traffic; /* NULL: no memory */
	const struct ledger_reader *reader;
	void *state;
};

static void
reading_free(void *reading)
{
	struct ledger_reading *r = reading;
	r->reader->done(r->state);
	ledger_traffic_free(r->traffic);
	free(r);
}

const struct traffic_batch *
ledger_reading_ports(const struct ledger_reading *r)
{
	assert(r && r->traffic);
	return ledger_traffic_part(r->traffic);
}

bool
ledger_reading_again(struct ledger_reading *r, const struct ledger_traffic_span *span)
{
	assert(r && span);
	ledger_traffic_free(r->traffic);
	r->traffic = ledger_traffic_new(r->store, r->context->hub, span);
	return false;
}

/* One step. True when the answer is made. */
static bool
step(struct ledger_reading *r, struct control_answer *answer)
{
	switch (ledger_traffic_next(r->traffic)) {
	case LEDGER_TRAFFIC_MORE:
		return false;
	case LEDGER_TRAFFIC_PART:
		if (r->reader->take(r->state, r->traffic) == 0)
			return false;
		break;
	case LEDGER_TRAFFIC_END:
		if (r->reader->end(r->state, r, answer))
			return true;
		if (r->traffic)
			return false;
		break;
	case LEDGER_TRAFFIC_STORE:
		control_error(answer, 503, "the store: %.150s", ledger_store_error_text(r->store));
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
	struct ledger_reading *r = state;
	if (r->context->generation != r->generation || *r->place != r->store) {
		control_error(answer, 503,
			      "the ledger went over to another hub file or store: ask again");
		return true;
	}
	struct mono_us start = clock_mono();
	do {
		if (step(r, answer))
			return true;
	} while (clock_mono().us - start.us < LEDGER_TURN_US);
	return false;
}

struct ledger_traffic_span
ledger_reading_span(const struct ledger_question *question, enum traffic_what what, uint32_t step_s)
{
	struct ledger_traffic_span span = {question->from, question->to, what, question->member,
					   step_s};
	ledger_traffic_fit(&span, clock_utc());
	return span;
}

void
ledger_reading_begin(struct ledger_store *const *store, const struct role_context *context,
		     const struct ledger_traffic_span *span, const struct ledger_reader *reader,
		     void *state, struct control_answer *answer)
{
	assert(store && *store && context && span && reader && answer);
	struct ledger_reading *r = state ? calloc(1, sizeof(*r)) : NULL;
	struct ledger_traffic *traffic = r ? ledger_traffic_new(*store, context->hub, span) : NULL;
	if (!traffic) {
		free(r);
		if (state)
			reader->done(state);
		control_error(answer, 500, "no memory");
		return;
	}
	*r = (struct ledger_reading){
		.place = store,
		.store = *store,
		.context = context,
		.generation = context->generation,
		.traffic = traffic,
		.reader = reader,
		.state = state,
	};
	answer->state = r;
	answer->ready = work;
	answer->works = true;
	answer->done = reading_free;
}
