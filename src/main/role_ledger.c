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
#include "main/ledger_books.h"
#include "main/ledger_drain.h"
#include "main/ledger_history.h"
#include "main/ledger_inspect.h"
#include "main/ledger_outlook.h"
#include "main/role.h"
#include "view/view_ledger.h"
#include "view/view_ledger_blend.h"

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
					   room->store ? room->desk : NULL};
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
desk_error(const struct ledger_room *room, struct control_answer *answer,
	   enum ledger_desk_answer why)
{
	switch (why) {
	case LEDGER_DESK_OK:
		return;
	case LEDGER_DESK_NOT_IN_FORCE:
		control_error(answer, 404, "the contract is not in force in that month");
		return;
	case LEDGER_DESK_OVERFLOW:
		control_error(answer, 500, "%.190s", ledger_desk_fault(room->desk));
		return;
	case LEDGER_DESK_STORE:
		control_error(answer, 503, "the store: %.150s",
			      ledger_store_error_text(room->store));
		return;
	case LEDGER_DESK_MEMORY:
		control_error(answer, 500, "no memory");
		return;
	}
}

static struct utc_s
month_of(const struct ledger_question *question)
{
	return utc_month_start(question->year, question->month);
}

static void
answer_curve(struct ledger_room *room, const struct ledger_question *question,
	     enum view_ledger_form form, struct control_answer *answer)
{
	struct ledger_curve curve;
	enum ledger_desk_answer got = ledger_desk_curve(room->desk, &curve, question->member,
							question->from, question->to, clock_utc());
	if (got) {
		desk_error(room, answer, got);
		return;
	}
	view_ledger_curve(&answer->body, form, room->context->hub, &curve);
	ledger_curve_fini(&curve);
}

/* The invoices of a month, to be freed; NULL, and the answer is made, when they cannot be had. */
static struct ledger_invoice *
invoices_of(struct ledger_room *room, const struct ledger_question *question, size_t *count,
	    struct control_answer *answer)
{
	const struct hub *hub = room->context->hub;
	struct utc_s now = clock_utc();
	struct ledger_invoice *invoices = calloc(hub->contract_count + 1, sizeof(*invoices));
	size_t made = 0;
	if (!invoices) {
		control_error(answer, 500, "no memory");
		return NULL;
	}
	for (uint32_t i = 0; i < hub->contract_count; i++) {
		enum ledger_desk_answer got = ledger_desk_invoice(room->desk, &invoices[made], NULL,
								  i, month_of(question), now);
		if (got && got != LEDGER_DESK_NOT_IN_FORCE) {
			desk_error(room, answer, got);
			free(invoices);
			return NULL;
		}
		made += got == LEDGER_DESK_OK;
	}
	*count = made;
	return invoices;
}

static void
answer_invoices(struct ledger_room *room, const struct ledger_question *question,
		enum view_ledger_form form, struct control_answer *answer)
{
	size_t count = 0;
	struct ledger_invoice *invoices = invoices_of(room, question, &count, answer);
	if (invoices)
		view_ledger_invoices(&answer->body, form, question->year, question->month, invoices,
				     count);
	free(invoices);
}

static void
answer_blends(struct ledger_room *room, const struct ledger_question *question,
	      enum view_ledger_form form, struct control_answer *answer)
{
	struct arena *arena = arena_new();
	struct ledger_blend *blends;
	size_t count = 0, blend_count;
	struct ledger_invoice *invoices =
		arena ? invoices_of(room, question, &count, answer) : NULL;
	if (!arena)
		control_error(answer, 500, "no memory");
	else if (invoices && ledger_blends_of(&blends, &blend_count, arena, invoices, count) < 0)
		control_error(answer, 500, "%s",
			      errno == EOVERFLOW ? "a sum does not fit" : "no memory");
	else if (invoices)
		view_ledger_blends(&answer->body, form, question->year, question->month, blends,
				   blend_count);
	free(invoices);
	arena_free(arena);
}

/* The one contract that is meant, or HUB_NONE with the answer made. */
static uint32_t
contract_meant(struct ledger_room *room, const struct ledger_question *question,
	       struct control_answer *answer)
{
	const struct hub *hub = room->context->hub;
	struct ledger_period period;
	uint32_t found = HUB_NONE;
	if (question->contract != HUB_NONE)
		return question->contract;
	for (uint32_t i = 0; i < hub->contract_count; i++) {
		const struct hub_contract *contract = &hub->contracts[i];
		if (contract->member != question->member ||
		    ledger_period_of(&period, contract, question->year, question->month) < 0)
			continue;
		if (found != HUB_NONE) {
			control_error(answer, 409,
				      "%.60s has several contracts in that month: name one, "
				      "--contract %.40s or --contract %.40s",
				      hub->members[question->member].name, hub->contracts[found].id,
				      contract->id);
			return HUB_NONE;
		}
		found = i;
	}
	if (found == HUB_NONE)
		control_error(answer, 404, "%.60s has no contract in that month",
			      hub->members[question->member].name);
	return found;
}

static void
answer_bill(struct ledger_room *room, const struct ledger_question *question,
	    enum view_ledger_form form, struct control_answer *answer)
{
	uint32_t contract = contract_meant(room, question, answer);
	struct ledger_invoice invoice;
	struct ledger_series series;
	if (contract == HUB_NONE)
		return;
	enum ledger_desk_answer got = ledger_desk_invoice(room->desk, &invoice, &series, contract,
							  month_of(question), clock_utc());
	if (got) {
		desk_error(room, answer, got);
		return;
	}
	ledger_books_date(room->books, &invoice);
	if (question->html) {
		answer->content_type = "text/html; charset=utf-8";
		view_ledger_html(&answer->body, &invoice);
		ledger_books_mark(room->books, answer, LEDGER_BOOKS_HTML, &invoice);
	} else if (question->bins) {
		answer->content_type = "text/csv; charset=utf-8";
		view_ledger_bins_csv(&answer->body, &invoice);
	} else {
		view_ledger_bill(&answer->body, form, &invoice);
		if (form != VIEW_LEDGER_CSV)
			ledger_books_mark(room->books, answer,
					  form == VIEW_LEDGER_JSON ? LEDGER_BOOKS_JSON
								   : LEDGER_BOOKS_TEXT,
					  &invoice);
	}
	ledger_series_fini(&series);
}

/* The bills of all members, one a piece. */
struct all_bills {
	struct ledger_room *room;
	unsigned generation; /* contracts are indices of that picture */
	struct view_ledger_bills bills;
	struct utc_s month;
	uint32_t next;
	bool ended;
};

static bool
more_bills(void *state, struct buf *out)
{
	struct all_bills *all = state;
	const struct role_context *context = all->room->context;
	if (all->ended || !all->room->desk || all->generation != context->generation)
		return false;
	while (all->next < context->hub->contract_count) {
		struct ledger_invoice invoice;
		struct ledger_series series;
		if (ledger_desk_invoice(all->room->desk, &invoice, &series, all->next++, all->month,
					clock_utc()) != LEDGER_DESK_OK)
			continue;
		view_ledger_bills_add(&all->bills, out, &invoice);
		ledger_series_fini(&series);
		return true;
	}
	view_ledger_bills_end(&all->bills, out);
	all->ended = true;
	return true;
}

static void
answer_all_bills(struct ledger_room *room, const struct ledger_question *question,
		 enum view_ledger_form form, struct control_answer *answer)
{
	struct all_bills *all = calloc(1, sizeof(*all));
	if (!all) {
		control_error(answer, 500, "no memory");
		return;
	}
	*all = (struct all_bills){
		.room = room,
		.generation = room->context->generation,
		.bills.form = form,
		.month = month_of(question),
	};
	view_ledger_bills_begin(&all->bills, &answer->body, question->year, question->month);
	answer->state = all;
	answer->more = more_bills;
	answer->done = free;
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
		answer_invoices(room, question, form, answer);
		return;
	case LEDGER_ASKS_BLENDS:
		answer_blends(room, question, form, answer);
		return;
	case LEDGER_ASKS_BILL:
		if (question->member == HUB_NONE)
			answer_all_bills(room, question, form, answer);
		else
			answer_bill(room, question, form, answer);
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
	room->asker = (struct ledger_asker){&room->desk, context};
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
	room->books = ledger_books_new(context->data_directory, books_place, room);
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
