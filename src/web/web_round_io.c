/* The round of questions. */
#include "web/web_round_io.h"

#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "web/web_ask_io.h"
#include "web/web_overview.h"

enum part { STATUS, MEMBERS, TRAFFIC, CORRIDOR, TOTAL, PARTS };

enum {
	ANSWER_MAX = 32 * 1024 * 1024,
	LATE_MS = 5000,         /* a room that needs longer is not waited for */
	BEAT_ROUNDS = 3,        /* a sign of life every 6 s */
	TOTAL_EVERY_MS = 60000, /* a month's 95th does not run away */
};

static const struct {
	const char *words[3];
	size_t count;
} questions[PARTS] = {
	[STATUS] = {{"show", "status"}, 2},      [MEMBERS] = {{"show", "members"}, 2},
	[TRAFFIC] = {{"show", "traffic"}, 2},    [CORRIDOR] = {{"show", "overview"}, 2},
	[TOTAL] = {{"show", "curve", "hub"}, 3},
};

struct question {
	struct web_ask ask;
	bool open;
	struct buf text;
	/* Of the last round, with what it points into; NULL: not known. */
	const struct json_value *value;
	struct arena *arena;
};

struct web_round {
	struct loop *loop;
	const char *control_socket;
	struct web_feed *feed;
	void (*ended)(void *context);
	void *context;
	struct question questions[PARTS];
	size_t open_count;
	struct loop_timer late, next;
	struct mono_us total_due;
	struct buf overview;
	bool running, listening;
	unsigned rounds;
};

/* Reads a complete answer; anything else is not known. */
static void
read_answer(struct question *q)
{
	bool whole =
		q->open && q->ask.ended && q->ask.status == 0 && !q->ask.failed && !q->text.failed;
	arena_free(q->arena);
	q->arena = whole ? arena_new() : NULL;
	q->value =
		q->arena ? json_read(q->arena, (const char *)q->text.data, q->text.length) : NULL;
}

static void
tell(struct web_round *round, enum web_feed_kind kind, const struct buf *text)
{
	if (text->length > 0)
		web_feed_offer(round->feed, kind, text->data, text->length, loop_now(round->loop));
}

static void
finish(struct web_round *round)
{
	loop_timer_stop(round->loop, &round->late);
	for (size_t i = 0; i < PARTS; i++) {
		struct question *q = &round->questions[i];
		/* The month's total is kept until it is asked for again. */
		if (i != TOTAL || q->open)
			read_answer(q);
		if (q->open)
			web_ask_close(&q->ask);
		q->open = false;
	}
	struct question *q = round->questions;
	struct web_parts parts = {.status = q[STATUS].value,
				  .members = q[MEMBERS].value,
				  .traffic = q[TRAFFIC].value,
				  .corridor = q[CORRIDOR].value,
				  .total = q[TOTAL].value};
	buf_clear(&round->overview);
	if (web_overview_join(&round->overview, &parts) < 0)
		buf_clear(&round->overview);
	tell(round, WEB_FEED_OVERVIEW, &round->overview);
	/* What cannot be read as JSON, because its room died while writing, is not handed on. */
	if (q[MEMBERS].value)
		tell(round, WEB_FEED_MEMBERS, &q[MEMBERS].text);
	if (q[TRAFFIC].value)
		tell(round, WEB_FEED_TRAFFIC, &q[TRAFFIC].text);
	if (++round->rounds % BEAT_ROUNDS == 0)
		web_feed_offer(round->feed, WEB_FEED_BEAT, "{}", 2, loop_now(round->loop));
	round->running = false;
	round->ended(round->context);
}

static void
one_ended(struct web_round *round)
{
	assert(round->open_count > 0);
	if (--round->open_count == 0)
		finish(round);
}

static void
changed(struct web_ask *ask)
{
	struct web_round *round = ask->context;
	struct question *q = (struct question *)((char *)ask - offsetof(struct question, ask));
	if (ask->status == 0) {
		if (q->text.length + ask->body.length > ANSWER_MAX)
			q->text.failed = true;
		buf_put(&q->text, ask->body.data, ask->body.length);
	}
	buf_clear(&ask->body);
	web_ask_taken(ask);
	if (ask->ended)
		one_ended(round);
}

static void
ask(struct web_round *round, struct question *q, size_t i)
{
	buf_clear(&q->text);
	q->ask = (struct web_ask){.changed = changed, .context = round};
	q->open = web_ask_open(&q->ask, round->loop, round->control_socket, CONTROL_JSON,
			       questions[i].words, questions[i].count) == 0;
	round->open_count += q->open;
}

static void
start(struct web_round *round)
{
	struct mono_us now = loop_now(round->loop);
	if (round->running)
		return;
	round->running = true;
	round->open_count = 0;
	for (size_t i = 0; i < PARTS; i++) {
		if (i == TOTAL && now.us < round->total_due.us)
			continue;
		ask(round, &round->questions[i], i);
		if (i == TOTAL)
			round->total_due = mono_add_ms(now, TOTAL_EVERY_MS);
	}
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
	      void (*ended)(void *context), void *context)
{
	struct web_round *round = calloc(1, sizeof(*round));
	if (!round)
		return NULL;
	round->loop = loop;
	round->control_socket = control_socket;
	round->feed = feed;
	round->ended = ended;
	round->context = context;
	round->late.fire = late;
	round->next.fire = next;
	return round;
}

void
web_round_free(struct web_round *round)
{
	if (!round)
		return;
	loop_timer_stop(round->loop, &round->late);
	loop_timer_stop(round->loop, &round->next);
	for (size_t i = 0; i < PARTS; i++) {
		struct question *q = &round->questions[i];
		if (q->open)
			web_ask_close(&q->ask);
		buf_fini(&q->text);
		arena_free(q->arena);
	}
	buf_fini(&round->overview);
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
	} else {
		loop_timer_stop(round->loop, &round->next);
	}
}

const struct buf *
web_round_overview(const struct web_round *round)
{
	return &round->overview;
}
