/* The event loop of a process: file descriptors by epoll, timers by the monotonic clock. One
 * thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "base/clock.h"

struct loop;

/* Something that can be read or written. Embed it, or keep it alive until loop_forget. */
struct loop_watch {
	int fd;
	/* `events` is a set of EPOLLIN, EPOLLOUT, EPOLLHUP, EPOLLERR. May forget itself and free
	 * its owner. */
	void (*ready)(struct loop_watch *watch, uint32_t events);
	uint32_t events; /* as registered; private to loop.c */
	bool forgotten;  /* private to loop.c */
};

/* Calls back once at or after `due`, then is idle; may be set again inside. */
struct loop_timer {
	void (*fire)(struct loop_timer *timer, struct mono_us now);
	struct mono_us due;  /* private from here */
	uint32_t heap_index; /* 1-based; 0: idle */
};

struct loop *loop_new(void); /* NULL and errno on failure */
void loop_free(struct loop *loop);

/* Watches watch->fd for `events`. 0, or -1 and errno. */
int loop_watch(struct loop *loop, struct loop_watch *watch, uint32_t events);
/* Changes what is waited for. */
int loop_change(struct loop *loop, struct loop_watch *watch, uint32_t events);
/* Stops watching; the fd stays open and is the caller's to close. After this `ready` is not called
 * again, even if events were already collected in this turn. */
void loop_forget(struct loop *loop, struct loop_watch *watch);

void loop_timer_set(struct loop *loop, struct loop_timer *timer, struct mono_us due);
void loop_timer_stop(struct loop *loop, struct loop_timer *timer);

/* Called after the events of each turn, before waiting again: where batched work is flushed. One
 * per loop. */
void loop_on_turn_end(struct loop *loop, void (*hook)(void *context), void *context);

/* Runs until loop_stop; one turn handles all that is ready. loop_run returns 0, or -1 and errno. */
int loop_run(struct loop *loop);
/* One turn, waiting at most `wait_ms` (-1: until something happens). For tests and foreign loops.
 */
int loop_turn(struct loop *loop, int wait_ms);
void loop_stop(struct loop *loop);
/* The time as of the beginning of this turn. */
struct mono_us loop_now(const struct loop *loop);
