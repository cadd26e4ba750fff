/* The event loop: watches, timers, and what may happen to either inside a callback. */
#include "net/loop.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "tap.h"

struct end {
	struct loop_watch watch;
	struct loop *loop;
	struct end *victim; /* forgotten and freed when this one is ready */
	int calls;
	uint32_t events;
};

static void
end_ready(struct loop_watch *watch, uint32_t events)
{
	struct end *end = (struct end *)watch;
	end->calls++;
	end->events = events;
	if (end->victim) {
		loop_forget(end->loop, &end->victim->watch);
		free(end->victim);
		end->victim = NULL;
	}
	char octet;
	(void)!read(watch->fd, &octet, 1);
}

static void
watches(void)
{
	struct loop *loop = loop_new();
	int pipes[2];
	ok(loop && pipe(pipes) == 0, "a loop and a pipe are there");
	struct end end = {.watch = {.fd = pipes[0], .ready = end_ready}, .loop = loop};
	ok(loop_watch(loop, &end.watch, EPOLLIN) == 0, "a pipe can be watched");
	loop_turn(loop, 0);
	is_int(end.calls, 0, "nothing is called while nothing can be read");
	(void)!write(pipes[1], "x", 1);
	loop_turn(loop, 1000);
	is_int(end.calls, 1, "the watch is called when there is something to read");
	ok(end.events & EPOLLIN, "and told that it is");
	(void)!write(pipes[1], "x", 1);
	loop_change(loop, &end.watch, 0);
	loop_turn(loop, 0);
	is_int(end.calls, 1, "a watch that waits for nothing is not called");
	loop_change(loop, &end.watch, EPOLLIN);
	loop_forget(loop, &end.watch);
	loop_forget(loop, &end.watch);
	loop_turn(loop, 0);
	is_int(end.calls, 1, "a forgotten watch is not called");
	struct end bad = {.watch = {.fd = -1, .ready = end_ready}};
	ok(loop_watch(loop, &bad.watch, EPOLLIN) < 0, "a descriptor that is none is refused");
	close(pipes[0]);
	close(pipes[1]);
	loop_free(loop);
}

static void
forgetting_inside(void)
{
	struct loop *loop = loop_new();
	int a[2], b[2];
	ok(loop && pipe(a) == 0 && pipe(b) == 0, "two pipes are there");
	struct end *one = calloc(1, sizeof(*one)), *two = calloc(1, sizeof(*two));
	*one = (struct end){.watch = {.fd = a[0], .ready = end_ready}, .loop = loop};
	*two = (struct end){.watch = {.fd = b[0], .ready = end_ready}, .loop = loop};
	loop_watch(loop, &one->watch, EPOLLIN);
	loop_watch(loop, &two->watch, EPOLLIN);
	/* Both are ready in the same turn; whichever comes first frees the other. */
	one->victim = two;
	two->victim = one;
	(void)!write(a[1], "x", 1);
	(void)!write(b[1], "x", 1);
	loop_turn(loop, 1000);
	/* Exactly one pipe was read; which one is epoll's business. */
	char octet;
	int left = 0;
	close(a[1]);
	close(b[1]);
	if (read(a[0], &octet, 1) == 1)
		left += 1;
	else
		free(one);
	if (read(b[0], &octet, 1) == 1)
		left += 1;
	else
		free(two);
	is_int(left, 1, "a watch forgotten in the turn that collected its event is not called");
	close(a[0]);
	close(b[0]);
	loop_free(loop);
}

struct tick {
	struct loop_timer timer;
	struct loop *loop;
	int *order, *count, name;
	bool again;
	struct loop_timer *stop;
};

static void
tick(struct loop_timer *timer, struct mono_us now)
{
	struct tick *t = (struct tick *)timer;
	t->order[(*t->count)++] = t->name;
	if (t->again)
		loop_timer_set(t->loop, timer, now);
	if (t->stop)
		loop_timer_stop(t->loop, t->stop);
}

static void
timers(void)
{
	struct loop *loop = loop_new();
	int order[64], count = 0;
	struct tick t[5];
	struct mono_us now = clock_mono();
	static const int delay_ms[] = {30, 10, 20, 0, 5};
	for (int i = 0; i < 5; i++) {
		t[i] = (struct tick){.timer = {.fire = tick},
				     .loop = loop,
				     .order = order,
				     .count = &count,
				     .name = i};
		loop_timer_set(loop, &t[i].timer, mono_add_ms(now, delay_ms[i]));
	}
	loop_timer_stop(loop, &t[2].timer);
	loop_timer_stop(loop, &t[2].timer);
	while (count < 4 && clock_mono().us < now.us + 5000000)
		loop_turn(loop, -1);
	ok(count == 4 && order[0] == 3 && order[1] == 4 && order[2] == 1 && order[3] == 0,
	   "timers fire in order of time, and a stopped one does not");
	ok(clock_mono().us >= now.us + 30000, "none fires early");
	loop_timer_set(loop, &t[0].timer, mono_add_ms(now, 3600000));
	loop_timer_set(loop, &t[0].timer, now);
	loop_turn(loop, 0);
	is_int(count, 5, "setting a timer again replaces its time");
	t[1].again = true;
	loop_timer_set(loop, &t[1].timer, now);
	loop_turn(loop, 0);
	is_int(count, 6, "one that sets itself to now fires once a turn");
	loop_timer_stop(loop, &t[1].timer);
	t[1].again = false;
	t[1].stop = &t[0].timer;
	loop_timer_set(loop, &t[1].timer, now);
	loop_timer_set(loop, &t[0].timer, (struct mono_us){now.us + 1});
	loop_turn(loop, 0);
	is_int(count, 7, "a timer stopped by an earlier one of the same turn does not fire");
	loop_free(loop);
}

enum { MANY = 3000 };
static struct tick many[MANY];
static int fired[MANY + 1], fired_count;

/* Random sets, moves and stops against the order that must come out. */
static void
many_timers(void)
{
	struct loop *loop = loop_new();
	struct mono_us now = clock_mono();
	unsigned seed = 7;
	for (int i = 0; i < MANY; i++) {
		many[i] = (struct tick){.timer = {.fire = tick},
					.loop = loop,
					.order = fired,
					.count = &fired_count,
					.name = i};
		loop_timer_set(loop, &many[i].timer,
			       (struct mono_us){now.us - 1 - rand_r(&seed) % 1000000});
	}
	int stopped = 0;
	for (int i = 0; i < MANY; i++) {
		int who = rand_r(&seed) % MANY;
		if (rand_r(&seed) % 2) {
			loop_timer_set(loop, &many[who].timer,
				       (struct mono_us){now.us - 1 - rand_r(&seed) % 1000000});
		} else {
			stopped += many[who].timer.heap_index != 0;
			loop_timer_stop(loop, &many[who].timer);
		}
	}
	int waiting = 0;
	for (int i = 0; i < MANY; i++)
		waiting += many[i].timer.heap_index != 0;
	loop_turn(loop, 0);
	is_int(fired_count, waiting, "every timer that stands fires, once");
	ok(stopped > 0 && waiting < MANY, "some were stopped");
	bool sorted = true;
	for (int i = 1; i < fired_count; i++)
		if (many[fired[i - 1]].timer.due.us > many[fired[i]].timer.due.us)
			sorted = false;
	ok(sorted, "and they come in order of time");
	loop_free(loop);
}

static int hooks;

static void
hook(void *context)
{
	hooks++;
	loop_stop(context);
}

int
main(void)
{
	watches();
	forgetting_inside();
	timers();
	many_timers();
	struct loop *loop = loop_new();
	loop_on_turn_end(loop, hook, loop);
	struct tick t = {.timer = {.fire = tick}, .order = fired, .count = &fired_count};
	fired_count = 0;
	loop_timer_set(loop, &t.timer, clock_mono());
	is_int(loop_run(loop), 0, "the loop runs until it is stopped");
	is_int(hooks, 1, "the hook runs at the end of each turn");
	loop_free(loop);
	return done_testing();
}
