/* Demands and content as they were measured, asked of the ledger. */
#include "main/corridor_measuring.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/clock_io.h"
#include "main/corridor_ledger_io.h"

static bool
is_content(const struct control_request *request)
{
	return strcmp(request->words[1], "content") == 0;
}

bool
corridor_measuring_asked(const struct control_request *request)
{
	static const char *const questions[] = {"flow",   "whatif",   "change",
						"worth",  "revenue",  "next",
						"target", "simulate", "sensitivity"};
	if (request->count < 2 || strcmp(request->words[0], "corridor") != 0)
		return false;
	if (is_content(request))
		return corridor_measured_content_asked(request->words + 2, request->count - 2);
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
		if (strcmp(request->words[1], questions[i]) == 0)
			return corridor_measured_asked(request->words + 2, request->count - 2);
	return false;
}

static int
ask_ledger(struct buf *json, const struct corridor_measured_ask *ask, const char *socket,
	   struct corridor_complaint *complaint)
{
	const char *words[] = {"show", ask->content ? "content" : "demands", NULL, NULL};
	size_t count = 2;
	if (ask->month || ask->hours) {
		words[count++] = ask->month ? "month" : "hours";
		words[count++] = ask->month ? ask->month : ask->hours;
	}
	return corridor_ledger_ask(json, socket, words, count, complaint);
}

/* Plans are of a hub: those of the other one are made anew. 0, or -1 without memory. */
static int
turn_view(struct corridor_measuring *m, struct view_corridor *view)
{
	struct corridor_plans *plans = corridor_plans_new(&m->measured.hub, clock_utc());
	if (!plans)
		return -1;
	bool of_now = view->plan->cut_count > 0;
	m->left = *view->plan;
	m->left.hub = &m->measured.hub;
	if (of_now)
		corridor_plans_live(plans, &m->left);
	view->hub = &m->measured.hub;
	view->plans = plans;
	view->plan = of_now ? &m->left : corridor_plans_today(plans);
	view->batch = NULL;
	view->note = m->measured.note;
	return 0;
}

int
corridor_measuring_turn(struct corridor_measuring *out, struct view_corridor *view,
			const struct control_request *request, const char *socket,
			struct corridor_complaint *complaint)
{
	assert(out && view && request && complaint);
	/* What demands of a month bring is compared with what was billed of that month. */
	struct corridor_measured_ask ask = {.content = is_content(request),
					    .keeps_month =
						    strcmp(request->words[1], "revenue") == 0};
	struct buf answer = {0}; /* what was read of it points into it */
	out->count = request->count;
	memcpy(out->words, request->words, request->count * sizeof(out->words[0]));
	if (corridor_measured_take(&ask, out->words, &out->count, complaint) < 0)
		return -1;
	if (ask_ledger(&answer, &ask, socket, complaint) < 0)
		return -1;
	out->arena = arena_new();
	if (out->arena &&
	    corridor_measured_read(&out->measured, out->arena, view->hub, &ask,
				   answer.length ? (const char *)answer.data : "",
				   answer.length) == 0 &&
	    turn_view(out, view) == 0)
		return 0;
	if (out->arena && errno == ENODATA)
		corridor_complain(complaint, 404, "nothing was measured in that time");
	else if (out->arena && errno == EBADMSG)
		corridor_complain(complaint, 503, "the ledger's answer: it makes no sense");
	else
		corridor_complain(complaint, 500, "the ledger's answer: no memory");
	return -1;
}
