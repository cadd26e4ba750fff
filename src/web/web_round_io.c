/* The round of questions. */
#include "web/web_round_io.h"

#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "web/web_ask_io.h"
#include "web/web_month.h"
#include "web/web_overview.h"

/* Besides what the overview is made of: the invoices, for the month. There is nothing new in them before
 * the next bin. */
enum { INVOICES = WEB_PARTS, QUESTIONS };
static const struct web_question invoices_question = {{"show", "invoices"}, 2, 300000};

/* What is cut is to be seen at once: it is looked at more often than rounds are made. */
static const struct web_question live_question = {{"show", "corridor", "live"}, 3, 0};

enum {
	GLANCE_EVERY_MS = 500,
	ANSWER_MAX = 32 * 1024 * 1024,
	LATE_MS = 5000,  /* a room that needs longer is not waited for */
	BEAT_ROUNDS = 3, /* a sign of life every 6 s */
};

/* Those that are not asked in every round are kept until they are asked again, and may take longer than
 * one. */
static const struct web_question *
question_of(size_t index)
{
	return index < WEB_PARTS ? &web_overview_questions[index] : &invoices_question;
}

struct question {
	struct web_ask ask;
	bool open;
	bool awaited; /* the round that is under way waits for it */
	struct mono_us due;
	struct buf text; /* of the answer that is coming */
	struct buf kept;
	/* Of the last answer, as it was kept, with what it points into; NULL: not known. */
	const struct json_value *value;
	struct arena *arena;
};

struct web_round {
	struct loop *loop;
	const char *control_socket;
	struct web_feed *feed;
	void (*ended)(void *context), (*told)(void *context);
	void *context;
	struct question questions[QUESTIONS], live;
	size_t open_count;
	struct loop_timer late, next, glance;
	struct buf overview, sums, month; /* sums: the overview for all */
	bool running, listening;
	unsigned rounds;
};

/* Reads a complete answer; anything else is not known. The text is put aside: another may come while this
 * one is looked at. */
static void
read_answer(struct question *q)
{
	bool whole =
		q->open && q->ask.ended && q->ask.status == 0 && !q->ask.failed && !q->text.failed;
	struct buf text = q->text;
	q->text = q->kept;
	q->kept = text;
	arena_free(q->arena);
	q->arena = whole ? arena_new() : NULL;
	q->value =
		q->arena ? json_read(q->arena, (const char *)q->kept.data, q->kept.length) : NULL;
}

static void
tell(struct web_round *round, enum web_feed_kind kind, const struct buf *text)
{
	if (text->length > 0)
		web_feed_offer(round->feed, kind, text->data, text->length, loop_now(round->loop));
}

/* It is answered, or is not going to be. */
static void
conclude(struct question *q)
{
	read_answer(q);
	if (q->open)
		web_ask_close(&q->ask);
	q->open = false;
}

static void
join(struct web_round *round)
{
	const struct question *q = round->questions;
	struct web_parts parts;
	for (size_t i = 0; i < WEB_PARTS; i++)
		parts.of[i] = q[i].value;
	buf_clear(&round->overview);
	buf_clear(&round->sums);
	buf_clear(&round->month);
	if (web_overview_public(&round->sums, &parts) < 0)
		buf_clear(&round->sums);
	if (web_overview_join(&round->overview, &parts) < 0)
		buf_clear(&round->overview);
	if (web_month_join(&round->month, q[WEB_TOTAL].value, q[INVOICES].value) < 0)
		buf_clear(&round->month);
}

/* What cannot be read as JSON, because its room died while writing, is not handed on. */
static void
tell_answer(struct web_round *round, enum web_feed_kind kind, size_t index)
{
	if (round->questions[index].value)
		tell(round, kind, &round->questions[index].kept);
}

static void
finish(struct web_round *round)
{
	loop_timer_stop(round->loop, &round->late);
	for (size_t i = 0; i < QUESTIONS; i++) {
		round->questions[i].awaited = false;
		if (!question_of(i)->every_ms)
			conclude(&round->questions[i]);
	}
	join(round);
	tell(round, WEB_FEED_OVERVIEW, &round->overview);
	tell(round, WEB_FEED_PUBLIC, &round->sums);
	tell(round, WEB_FEED_MONTH, &round->month);
	tell_answer(round, WEB_FEED_MEMBERS, WEB_MEMBERS);
	tell_answer(round, WEB_FEED_TRAFFIC, WEB_TRAFFIC);
	tell_answer(round, WEB_FEED_ALARMS, WEB_ALARMS);
	tell_answer(round, WEB_FEED_PROPOSALS, WEB_PROPOSALS);
	if (++round->rounds % BEAT_ROUNDS == 0)
		web_feed_offer(round->feed, WEB_FEED_BEAT, "{}", 2, loop_now(round->loop));
	round->running = false;
	round->ended(round->context);
}

static void
one_ended(struct web_round *round, struct question *q)
{
	bool awaited = q->awaited;
	q->awaited = false;
	if (question_of((size_t)(q - round->questions))->every_ms)
		conclude(q);
	if (!awaited)
		return;
	assert(round->open_count > 0);
	if (--round->open_count == 0)
		finish(round);
}

/* The question that has heard more; its text is taken. */
static struct question *
take(struct web_ask *ask)
{
	struct question *q = (struct question *)((char *)ask - offsetof(struct question, ask));
	if (ask->status == 0) {
		if (q->text.length + ask->body.length > ANSWER_MAX)
			q->text.failed = true;
		buf_put(&q->text, ask->body.data, ask->body.length);
	}
	buf_clear(&ask->body);
	web_ask_taken(ask);
	return q;
}

static void
changed(struct web_ask *ask)
{
	struct web_round *round = ask->context;
	struct question *q = take(ask);
	if (ask->ended)
		one_ended(round, q);
}

static void
ask(struct web_round *round, size_t index)
{
	struct question *q = &round->questions[index];
	buf_clear(&q->text);
	q->due = mono_add_ms(loop_now(round->loop), question_of(index)->every_ms);
	q->ask = (struct web_ask){.changed = changed, .context = round};
	q->open = web_ask_open(&q->ask, round->loop, round->control_socket, CONTROL_JSON,
			       question_of(index)->words, question_of(index)->count) == 0;
	q->awaited = q->open;
	round->open_count += q->open;
	if (!q->open)
		read_answer(q);
}

/* --- the glance between rounds --- */

static void
glanced(struct web_ask *ask)
{
	struct web_round *round = ask->context;
	struct question *q = take(ask);
	if (!ask->ended)
		return;
	conclude(q);
	if (q->value && web_feed_offer(round->feed, WEB_FEED_CORRIDOR, q->kept.data, q->kept.length,
				       loop_now(round->loop)))
		round->told(round->context);
}

static void
glance(struct loop_timer *timer, struct mono_us now)
{
	struct web_round *round =
		(struct web_round *)((char *)timer - offsetof(struct web_round, glance));
	struct question *q = &round->live;
	if (!round->listening)
		return;
	loop_timer_set(round->loop, timer, mono_add_ms(now, GLANCE_EVERY_MS));
	if (q->open)
		return;
	buf_clear(&q->text);
	q->ask = (struct web_ask){.changed = glanced, .context = round};
	q->open = web_ask_open(&q->ask, round->loop, round->control_socket, CONTROL_JSON,
			       live_question.words, live_question.count) == 0;
}

static void
start(struct web_round *round)
{
	struct mono_us now = loop_now(round->loop);
	if (round->running)
		return;
	round->running = true;
	round->open_count = 0;
	for (size_t i = 0; i < QUESTIONS; i++)
		if (!round->questions[i].open && now.us >= round->questions[i].due.us)
			ask(round, i);
	/* Even when nobody answers the round ends later, never in here: who wants it may not be
	 * ready to be called back. */
	loop_timer_set(round->loop, &round->late,
		       round->open_count ? mono_add_ms(now, LATE_MS) : now);
}

static void
late(struct loop_timer *timer, struct mono_us now)
{
	(void)now;
	struct web_round *round =
		(struct web_round *)((char *)timer - offsetof(struct web_round, late));
	round->open_count = 0;
	finish(round);
}

static void
next(struct loop_timer *timer, struct mono_us now)
{
	struct web_round *round =
		(struct web_round *)((char *)timer - offsetof(struct web_round, next));
	if (!round->listening)
		return;
	start(round);
	loop_timer_set(round->loop, &round->next, mono_add_ms(now, WEB_ROUND_EVERY_MS));
}

struct web_round *
web_round_new(struct loop *loop, const char *control_socket, struct web_feed *feed,
	      void (*ended)(void *context), void (*told)(void *context), void *context)
{
	struct web_round *round = calloc(1, sizeof(*round));
	if (!round)
		return NULL;
	round->loop = loop;
	round->control_socket = control_socket;
	round->feed = feed;
	round->ended = ended;
	round->told = told;
	round->context = context;
	round->late.fire = late;
	round->next.fire = next;
	round->glance.fire = glance;
	return round;
}

static void
question_fini(struct question *q)
{
	if (q->open)
		web_ask_close(&q->ask);
	buf_fini(&q->text);
	buf_fini(&q->kept);
	arena_free(q->arena);
}

void
web_round_free(struct web_round *round)
{
	if (!round)
		return;
	loop_timer_stop(round->loop, &round->late);
	loop_timer_stop(round->loop, &round->next);
	loop_timer_stop(round->loop, &round->glance);
	for (size_t i = 0; i < QUESTIONS; i++)
		question_fini(&round->questions[i]);
	question_fini(&round->live);
	buf_fini(&round->overview);
	buf_fini(&round->sums);
	buf_fini(&round->month);
	free(round);
}

void
web_round_want(struct web_round *round)
{
	start(round);
}

void
web_round_listen(struct web_round *round, bool somebody)
{
	if (somebody == round->listening)
		return;
	round->listening = somebody;
	if (somebody) {
		start(round);
		loop_timer_set(round->loop, &round->next,
			       mono_add_ms(loop_now(round->loop), WEB_ROUND_EVERY_MS));
		loop_timer_set(round->loop, &round->glance, loop_now(round->loop));
	} else {
		loop_timer_stop(round->loop, &round->next);
		loop_timer_stop(round->loop, &round->glance);
	}
}

const struct buf *
web_round_overview(const struct web_round *round, bool all)
{
	return all ? &round->overview : &round->sums;
}
