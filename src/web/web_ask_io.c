/* Questions to rooms, non-blocking. */
#include "web/web_ask_io.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	PIECE = 64 * 1024,
	WAITING_MAX = 256 * 1024,
	HEAD_MAX = 1024,
	BEGIN_MS = 15000,
	SILENT_MS = 30000,
};

static struct web_ask *
ask_of(struct loop_watch *watch)
{
	return (struct web_ask *)((char *)watch - offsetof(struct web_ask, watch));
}

static void
hang_up(struct web_ask *ask)
{
	if (ask->watch.fd < 0)
		return;
	loop_forget(ask->loop, &ask->watch);
	loop_timer_stop(ask->loop, &ask->timer);
	close(ask->watch.fd);
	ask->watch.fd = -1;
}

static void
end_with(struct web_ask *ask, int status, const char *reason)
{
	/* Once the answer has begun its status is out; the caller sees `failed` as a cut. */
	if (ask->status < 0) {
		ask->status = status;
		snprintf(ask->text, sizeof(ask->text), "%s", reason);
		buf_clear(&ask->body);
	} else if (status) {
		ask->failed = true;
	}
	ask->ended = true;
	hang_up(ask);
}

/* The first line, if all of it is there. False: it never will be. */
static bool
take_head(struct web_ask *ask)
{
	uint8_t *end = ask->body.length ? memchr(ask->body.data, '\n', ask->body.length) : NULL;
	if (!end)
		return ask->body.length < HEAD_MAX;
	if ((size_t)(end - ask->body.data) >= HEAD_MAX)
		return false;
	*end = '\0';
	int status = control_status((const char *)ask->body.data, ask->text);
	if (status < 0)
		return false;
	ask->status = status;
	buf_consume(&ask->body, (size_t)(end - ask->body.data) + 1);
	return true;
}

/* Reads what is there. True if something was, or the end. */
static bool
take(struct web_ask *ask)
{
	if (!buf_reserve(&ask->body, PIECE)) {
		end_with(ask, 503, "out of memory");
		return true;
	}
	ssize_t n = recv(ask->watch.fd, ask->body.data + ask->body.length, PIECE, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n > 0)
		ask->body.length += (size_t)n;
	if (ask->status < 0 && !take_head(ask))
		end_with(ask, 502, "the room's answer cannot be read");
	else if (n == 0)
		end_with(ask, ask->status < 0 ? 503 : 0, "the room ended before it answered");
	else if (n < 0)
		end_with(ask, 503, "the room ended before it answered");
	return true;
}

/* A watch without events would still be told of a hang-up, again and again: while enough waits to
 * be taken, nothing is watched at all. The caller's own time limit counts then. */
static void
set_waiting(struct web_ask *ask)
{
	bool pause = ask->body.length >= WAITING_MAX;
	if (ask->watch.fd < 0 || pause == ask->paused)
		return;
	ask->paused = pause;
	if (pause) {
		loop_forget(ask->loop, &ask->watch);
		loop_timer_stop(ask->loop, &ask->timer);
	} else if (loop_watch(ask->loop, &ask->watch, EPOLLIN) < 0) {
		end_with(ask, 503, "out of memory");
	} else {
		loop_timer_set(ask->loop, &ask->timer, mono_add_ms(loop_now(ask->loop), SILENT_MS));
	}
}

static void
ready(struct loop_watch *watch, uint32_t events)
{
	(void)events;
	struct web_ask *ask = ask_of(watch);
	if (!take(ask))
		return;
	if (!ask->ended)
		loop_timer_set(ask->loop, &ask->timer, mono_add_ms(loop_now(ask->loop), SILENT_MS));
	set_waiting(ask);
	ask->changed(ask);
}

static void
too_late(struct loop_timer *timer, struct mono_us now)
{
	(void)now;
	struct web_ask *ask = (struct web_ask *)((char *)timer - offsetof(struct web_ask, timer));
	end_with(ask, 504, "the room did not answer in time");
	ask->changed(ask);
}

int
web_ask_open(struct web_ask *ask, struct loop *loop, const char *path, enum control_form form,
	     const char *const *words, size_t count)
{
	assert(ask->changed && loop && path);
	ask->loop = loop;
	ask->status = -1;
	ask->timer.fire = too_late;
	ask->watch = (struct loop_watch){.fd = control_ask_now(path, form, words, count, ask->file),
					 .ready = ready};
	if (ask->watch.fd < 0)
		return -1;
	if (loop_watch(loop, &ask->watch, EPOLLIN) < 0) {
		int reason = errno;
		close(ask->watch.fd);
		ask->watch.fd = -1;
		errno = reason;
		return -1;
	}
	loop_timer_set(loop, &ask->timer,
		       mono_add_ms(loop_now(loop), ask->patience_ms ? ask->patience_ms : BEGIN_MS));
	return 0;
}

void
web_ask_taken(struct web_ask *ask)
{
	set_waiting(ask);
}

void
web_ask_close(struct web_ask *ask)
{
	hang_up(ask);
	buf_fini(&ask->body);
}
