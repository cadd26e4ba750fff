/* The event loop of a process. net/ is the room that touches sockets and the clock for the others.
 *
 * One turn: wait, read the clock, hand out the events that were collected, fire the timers that are
 * due, run the hook. Timers stand in a binary heap of pointers, the earliest first; heap_index says
 * where a timer stands, so that stopping one costs log n and needs no search.
 *
 *         [1]            parent of i: i/2
 *      [2]   [3]         children:    2i, 2i+1          heap[0] is unused
 */
#include "net/loop.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"

enum { EVENTS_PER_TURN = 256 };

struct loop {
	int epoll;
	bool stopped;
	struct mono_us now;
	void (*turn_end)(void *context);
	void *turn_end_context;
	struct epoll_event events[EVENTS_PER_TURN];
	int event_next, event_count; /* those collected and not yet handed out */
	struct loop_timer **heap;
	uint32_t timer_count, heap_capacity;
};

struct loop *
loop_new(void)
{
	struct loop *loop = calloc(1, sizeof(*loop));
	if (!loop)
		return NULL;
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll < 0) {
		free(loop);
		return NULL;
	}
	loop->now = clock_mono();
	return loop;
}

void
loop_free(struct loop *loop)
{
	if (!loop)
		return;
	close(loop->epoll);
	free(loop->heap);
	free(loop);
}

int
loop_watch(struct loop *loop, struct loop_watch *watch, uint32_t events)
{
	assert(watch->ready);
	struct epoll_event event = {.events = events, .data.ptr = watch};
	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, watch->fd, &event) < 0)
		return -1;
	watch->events = events;
	watch->forgotten = false;
	return 0;
}

int
loop_change(struct loop *loop, struct loop_watch *watch, uint32_t events)
{
	if (events == watch->events)
		return 0;
	struct epoll_event event = {.events = events, .data.ptr = watch};
	if (epoll_ctl(loop->epoll, EPOLL_CTL_MOD, watch->fd, &event) < 0)
		return -1;
	watch->events = events;
	return 0;
}

void
loop_forget(struct loop *loop, struct loop_watch *watch)
{
	if (watch->forgotten)
		return;
	watch->forgotten = true;
	(void)epoll_ctl(loop->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
	/* The owner may free the watch now, so what was collected for it must not point to it. */
	for (int i = loop->event_next; i < loop->event_count; i++)
		if (loop->events[i].data.ptr == watch)
			loop->events[i].data.ptr = NULL;
}

static bool
earlier(const struct loop_timer *a, const struct loop_timer *b)
{
	return a->due.us < b->due.us;
}

static void
place(struct loop *loop, struct loop_timer *timer, uint32_t at)
{
	loop->heap[at] = timer;
	timer->heap_index = at;
}

static void
rise(struct loop *loop, struct loop_timer *timer, uint32_t at)
{
	for (; at > 1 && earlier(timer, loop->heap[at / 2]); at /= 2)
		place(loop, loop->heap[at / 2], at);
	place(loop, timer, at);
}

static void
sink(struct loop *loop, struct loop_timer *timer, uint32_t at)
{
	for (;;) {
		uint32_t child = 2 * at;
		if (child > loop->timer_count)
			break;
		if (child < loop->timer_count && earlier(loop->heap[child + 1], loop->heap[child]))
			child++;
		if (!earlier(loop->heap[child], timer))
			break;
		place(loop, loop->heap[child], at);
		at = child;
	}
	place(loop, timer, at);
}

/* A process that cannot keep a timer would hold a dead session for ever without anybody noticing;
 * ending it, to be restarted by the parent, is the lesser harm. */
static void
reserve_timer(struct loop *loop)
{
	if (loop->timer_count + 1 < loop->heap_capacity)
		return;
	uint32_t capacity = loop->heap_capacity ? loop->heap_capacity * 2 : 64;
	struct loop_timer **heap = realloc(loop->heap, capacity * sizeof(struct loop_timer *));
	if (!heap)
		fatal("no memory for a timer");
	loop->heap = heap;
	loop->heap_capacity = capacity;
}

void
loop_timer_set(struct loop *loop, struct loop_timer *timer, struct mono_us due)
{
	assert(timer->fire);
	loop_timer_stop(loop, timer);
	reserve_timer(loop);
	timer->due = due;
	rise(loop, timer, ++loop->timer_count);
}

void
loop_timer_stop(struct loop *loop, struct loop_timer *timer)
{
	uint32_t at = timer->heap_index;
	if (!at)
		return;
	assert(at <= loop->timer_count && loop->heap[at] == timer);
	timer->heap_index = 0;
	struct loop_timer *last = loop->heap[loop->timer_count--];
	if (last == timer)
		return;
	if (at > 1 && earlier(last, loop->heap[at / 2]))
		rise(loop, last, at);
	else
		sink(loop, last, at);
}

void
loop_on_turn_end(struct loop *loop, void (*hook)(void *context), void *context)
{
	loop->turn_end = hook;
	loop->turn_end_context = context;
}

struct mono_us
loop_now(const struct loop *loop)
{
	return loop->now;
}

void
loop_stop(struct loop *loop)
{
	loop->stopped = true;
}

/* Milliseconds to wait, rounded up so that a timer is never met early and waited for again. */
static int
wait_for(const struct loop *loop, int wait_ms)
{
	if (loop->timer_count == 0)
		return wait_ms;
	int64_t us = loop->heap[1]->due.us - clock_mono().us;
	int64_t ms = us <= 0 ? 0 : us / 1000 + (us % 1000 != 0);
	if (ms > INT_MAX)
		ms = INT_MAX;
	return wait_ms < 0 || ms < wait_ms ? (int)ms : wait_ms;
}

/* A timer that sets itself again for "now" waits for the next turn: as many fire as stood there
 * when the turn began, so that timers cannot starve the sockets. */
static void
fire_timers(struct loop *loop)
{
	for (uint32_t left = loop->timer_count; left > 0 && loop->timer_count > 0; left--) {
		struct loop_timer *timer = loop->heap[1];
		if (timer->due.us > loop->now.us)
			return;
		loop_timer_stop(loop, timer);
		timer->fire(timer, loop->now);
	}
}

int
loop_turn(struct loop *loop, int wait_ms)
{
	int count = epoll_wait(loop->epoll, loop->events, EVENTS_PER_TURN, wait_for(loop, wait_ms));
	if (count < 0 && errno != EINTR)
		return -1;
	loop->now = clock_mono();
	loop->event_count = count < 0 ? 0 : count;
	loop->event_next = 0;
	while (loop->event_next < loop->event_count) {
		struct epoll_event event = loop->events[loop->event_next++];
		struct loop_watch *watch = event.data.ptr;
		if (watch)
			watch->ready(watch, event.events);
	}
	fire_timers(loop);
	if (loop->turn_end)
		loop->turn_end(loop->turn_end_context);
	return 0;
}

int
loop_run(struct loop *loop)
{
	int result = 0;
	while (!loop->stopped && result == 0)
		result = loop_turn(loop, -1);
	loop->stopped = false;
	return result;
}
