/* The ledger's process: takes closed bins from the spool into the store, and answers for invoices
 * and curves. A store that cannot be opened or has no room does not end it: bins wait in the spool,
 * the alarm is in `show ledger`, and it tries again. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "ledger/ledger_desk.h"
#include "ledger/ledger_question.h"
#include "ledger/ledger_spool.h"
#include "ledger/ledger_store_io.h"
#include "main/folders.h"
#include "main/ledger_bills.h"
#include "main/ledger_books.h"
#include "main/ledger_content.h"
#include "main/ledger_demands.h"
#include "main/ledger_drain.h"
#include "main/ledger_history.h"
#include "main/ledger_inspect.h"
#include "main/ledger_outlook.h"
#include "main/ledger_reading.h"
#include "main/role.h"
#include "view/view_ledger.h"

enum {
	LOOK_MS = 1000,    /* between looks at the spool */
	MORE_MS = 1,       /* when there is more in it: answers come in between */
	BLOCKED_MS = 5000, /* when the store takes nothing */
	FILES_A_TURN = 8,
};

struct ledger_room {
	struct role_context *context;
	struct loop_timer timer;
	struct ledger_store *store; /* NULL: could not be opened; see trouble */
	struct ledger_desk *desk;
	/* One of them: the loop takes from the spool itself, or a store behind a network has a
	 * thread that does. */
	struct ledger_spool *spool;
	struct ledger_drain *drain;
	bool drain_troubled; /* its store was not open when we last looked */
	struct ledger_books *books;
	struct ledger_asker asker;
	char path[4096];
	char trouble[LEDGER_STORE_REASON];
};

/* --- taking in --- */

static void
open_store(struct ledger_room *room)
{
	char reason[LEDGER_STORE_REASON];
	room->store = ledger_store_open(&room->context->hub->store, room->path, LEDGER_STORE_QUICK,
					reason);
	if (room->store)
		room->desk = ledger_desk_new(room->store, room->context->hub);
	if (room->desk)
		ledger_desk_others(room->desk, ledger_books_others(room->books));
	if (room->store && !room->desk) {
		ledger_store_close(room->store);
		room->store = NULL;
		(void)snprintf(reason, sizeof(reason), "no memory");
	}
	if (room->store) {
		if (room->trouble[0])
			log_info("store %s: open again", room->path);
		room->trouble[0] = 0;
	} else if (strcmp(reason, room->trouble) != 0) {
		log_error("store %s", reason);
		memcpy(room->trouble, reason, sizeof(room->trouble));
	}
}

/* Old sums are folded when there is nothing better to do, one hour or day of them at a time. */
static bool
fold(struct ledger_room *room)
{
	bool more = false;
	if (ledger_store_fold(room->store, clock_utc(), &more) != LEDGER_STORE_OK)
		log_warn("store %s: folding: %s", room->path, ledger_store_error_text(room->store));
	return more;
}

/* When the thread's store has opened after trouble, what it was opened with may be new: a password.
 */
static void
follow_drain(struct ledger_room *room)
{
	bool troubled = ledger_drain_state(room->drain)->store_trouble[0] != 0;
	if (room->drain_troubled && !troubled) {
		ledger_desk_free(room->desk);
		ledger_store_close(room->store);
		room->desk = NULL;
		room->store = NULL;
	}
	room->drain_troubled = troubled;
}

/* What the journal is asked about besides itself. */
static struct ledger_books_place
books_place(void *context)
{
	const struct ledger_room *room = context;
	return (struct ledger_books_place){room->context->hub, room->context->generation,
					   room->store ? room->desk : NULL, clock_utc(),
					   LEDGER_TURN_US};
}

static void
look(struct loop_timer *timer, struct mono_us now)
{
	struct ledger_room *room =
		(struct ledger_room *)((char *)timer - offsetof(struct ledger_room, timer));
	int64_t again_ms = LOOK_MS;
	if (room->drain)
		follow_drain(room);
	if (!room->store)
		open_store(room);
	if (!room->store) {
		again_ms = BLOCKED_MS;
		/* How many wait. */
		if (room->spool)
			(void)ledger_spool_turn(room->spool, NULL, 0, now);
	} else if (room->spool) {
		switch (ledger_spool_turn(room->spool, room->store, FILES_A_TURN, now)) {
		case LEDGER_SPOOL_MORE:
			again_ms = MORE_MS;
			break;
		case LEDGER_SPOOL_BLOCKED:
			again_ms = BLOCKED_MS;
			break;
		case LEDGER_SPOOL_EMPTY:
			again_ms = fold(room) ? MORE_MS : LOOK_MS;
			break;
		}
	}
	if (ledger_books_turn(room->books) && again_ms == LOOK_MS)
		again_ms = MORE_MS;
	loop_timer_set(room->context->loop, timer, mono_add_ms(clock_mono(), again_ms));
}

/* --- answering --- */

static enum view_ledger_form
form_of(const struct control_request *request)
{
	return request->form == CONTROL_JSON  ? VIEW_LEDGER_JSON
	       : request->form == CONTROL_CSV ? VIEW_LEDGER_CSV
					      : VIEW_LEDGER_TEXT;
}

static void
answer_curve(struct ledger_room *room, const struct ledger_question *question,
	     enum view_ledger_form form, struct control_answer *answer)
{
	struct ledger_curve curve;
	enum ledger_desk_answer got = ledger_desk_curve(room->desk, &curve, question->member,
							question->from, question->to, clock_utc());
	if (got) {
		ledger_answer_desk(&room->asker, answer, got);
		return;
	}
	view_ledger_curve(&answer->body, form, room->context->hub, &curve);
	ledger_curve_fini(&curve);
}

static void
state_of(const struct ledger_room *room, struct view_ledger_state *out)
{
	const struct ledger_drain_state *drain =
		room->drain ? ledger_drain_state(room->drain) : NULL;
	const struct ledger_spool_status *spool =
		drain ? &drain->spool : ledger_spool_status(room->spool);
	const char *trouble = room->store ? NULL : room->trouble;
	if (drain && drain->store_trouble[0])
		trouble = drain->store_trouble;
	*out = (struct view_ledger_state){
		.store_trouble = trouble,
		.spool_trouble = spool->trouble,
		.journal_trouble = ledger_books_trouble(room->books),
		.journal_entries = ledger_books_entries(room->books),
		.waiting = spool->waiting,
		.taken = spool->taken,
		.known = spool->known,
		.refused = spool->refused,
	};
	if (room->store && ledger_store_totals(room->store, &out->totals) != LEDGER_STORE_OK)
		out->store_trouble = ledger_store_error_text(room->store);
}

static void
answer_state(const struct ledger_room *room, const struct ledger_question *question,
	     enum view_ledger_form form, struct control_answer *answer)
{
	struct view_ledger_state state;
	state_of(room, &state);
	if (question->kind == LEDGER_ASKS_METRICS)
		view_ledger_metrics(&answer->body, &state);
	else if (form == VIEW_LEDGER_CSV)
		control_error(answer, 400, "this has no CSV; it has text, and JSON with -j");
	else
		view_ledger_state(&answer->body, form, &state);
}

static void
answer_question(struct ledger_room *room, const struct ledger_question *question,
		enum view_ledger_form form, struct control_answer *answer)
{
	bool about_state =
		question->kind == LEDGER_ASKS_STATE || question->kind == LEDGER_ASKS_METRICS;
	if (!room->store && !about_state) {
		control_error(answer, 503, "the store is not open: %.150s", room->trouble);
		return;
	}
	switch (question->kind) {
	case LEDGER_ASKS_CURVE:
		answer_curve(room, question, form, answer);
		return;
	case LEDGER_ASKS_INVOICES:
		ledger_answer_invoices(&room->asker, question, form, answer);
		return;
	case LEDGER_ASKS_BLENDS:
		ledger_answer_blends(&room->asker, question, form, answer);
		return;
	case LEDGER_ASKS_BILL:
		ledger_answer_bill(&room->asker, question, form, answer);
		return;
	case LEDGER_ASKS_FORECAST:
		ledger_answer_forecast(&room->asker, question, form, answer);
		return;
	case LEDGER_ASKS_REVENUE:
		ledger_answer_revenue(&room->asker, question, form, answer);
		return;
	case LEDGER_ASKS_HISTORY:
		ledger_answer_history(&room->store, room->context, question, form, answer);
		return;
	case LEDGER_ASKS_DEMANDS:
		ledger_answer_demands(&room->store, room->context, question, form, answer);
		return;
	case LEDGER_ASKS_CONTENT:
		ledger_answer_content(&room->store, room->context, question, form, answer);
		return;
	case LEDGER_ASKS_STATE:
	case LEDGER_ASKS_METRICS:
		answer_state(room, question, form, answer);
		return;
	}
}

static void
answer_words(struct ledger_room *room, const struct control_request *request,
	     struct control_answer *answer)
{
	struct ledger_question question;
	char complaint[LEDGER_COMPLAINT];
	int status = ledger_question_parse(&question, room->context->hub, clock_utc(),
					   request->words, request->count, complaint);
	if (status)
		control_error(answer, status, "%s", complaint);
	else
		answer_question(room, &question, form_of(request), answer);
}

static void
answer(void *context, const struct control_request *request, struct control_answer *answer)
{
	struct ledger_room *room = ((struct role_context *)context)->state;
	if (ledger_books_wants(request))
		ledger_books_answer(room->books, request, answer);
	else if (strcmp(request->words[0], "store") == 0)
		ledger_inspect(&room->context->hub->store, room->path, answer);
	else
		answer_words(room, request, answer);
	if (answer->body.failed && !answer->status) {
		buf_fini(&answer->body);
		control_error(answer, 500, "no memory");
	}
}

/* --- the role --- */

static void
room_free(struct ledger_room *room)
{
	ledger_spool_close(room->spool);
	ledger_drain_stop(room->drain);
	ledger_books_free(room->books);
	ledger_desk_free(room->desk);
	ledger_store_close(room->store);
	free(room);
}

static int
start(struct role_context *context, char reason[ROLE_REASON])
{
	struct ledger_room *room = calloc(1, sizeof(*room));
	if (!room) {
		(void)snprintf(reason, ROLE_REASON, "no memory");
		return -1;
	}
	room->context = context;
	room->asker = (struct ledger_asker){&room->desk, context, &room->store, &room->books};
	room->timer.fire = look;
	int length = snprintf(room->path, sizeof(room->path), "%s/%s", context->data_directory,
			      FOLDERS_STORE);
	bool good = length > 0 && (size_t)length < sizeof(room->path);
	const struct hub_store *where = &context->hub->store;
	if (good && ledger_store_is_far(where))
		room->drain = ledger_drain_start(where, context->spool_directory);
	else if (good)
		room->spool = ledger_spool_open(context->spool_directory);
	if (!room->spool && !room->drain) {
		(void)snprintf(reason, ROLE_REASON, "spool %.180s: %s", context->spool_directory,
			       strerror(errno));
		room_free(room);
		return -1;
	}
	const struct ledger_books_told told = {context->corridor_directory, context->run_directory};
	room->books = ledger_books_new(context->data_directory, &told, books_place, room);
	if (!room->books) {
		(void)snprintf(reason, ROLE_REASON, "no memory");
		room_free(room);
		return -1;
	}
	open_store(room);
	context->state = room;
	loop_timer_set(context->loop, &room->timer, loop_now(context->loop));
	return 0;
}

static int
apply(struct role_context *context, const struct hub *old)
{
	struct ledger_room *room = context->state;
	/* Another store needs another sandbox: the process begins anew. */
	if (!hub_store_same(&context->hub->store, &old->store))
		return -1;
	return !room->desk || ledger_desk_apply(room->desk, context->hub) ? 0 : -1;
}

static void
stop(struct role_context *context)
{
	struct ledger_room *room = context->state;
	if (!room)
		return;
	loop_timer_stop(context->loop, &room->timer);
	room_free(room);
	context->state = NULL;
}

const struct role role_ledger = {
	.name = "ledger",
	.start = start,
	.apply = apply,
	.answer = answer,
	.stop = stop,
};
