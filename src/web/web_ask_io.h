/* One question to a room, over the control socket, without waiting. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "net/control.h"
#include "net/loop.h"

enum { WEB_ASK_TEXT = 256 };

struct web_ask {
	/* -1 until the answer begins; 0: ok, `text` is its content type; else an HTTP status, and
	 * `text` the reason. */
	int status;
	char text[WEB_ASK_TEXT];
	/* What has come and has not been taken (buf_consume, then web_ask_taken). */
	struct buf body;
	bool ended; /* nothing more comes */
	/* Goes along with the words; NULL: nothing. Set by the caller, read by web_ask_open. */
	const struct buf *file;
	int64_t patience_ms; /* until the answer begins; 0: 15 s. Set likewise */
	/* Private from here. */
	struct loop *loop;
	struct loop_watch watch;
	struct loop_timer timer;
	void (*changed)(struct web_ask *ask);
	void *context; /* the caller's */
	bool paused, failed;
};

/* Asks. `changed` is called, never from in here, when the answer began, grew, or ended; there the
 * ask may be closed. The caller holds *ask and keeps it until web_ask_close. A room that does not
 * begin in time, or falls silent for 30 s, ends with status 504. 0, or -1 and errno: the hub
 * does not take the question. */
int web_ask_open(struct web_ask *ask, struct loop *loop, const char *path, enum control_form form,
		 const char *const *words, size_t count);
/* Reading stops when 256 KiB wait to be taken; to be called after taking some. */
void web_ask_taken(struct web_ask *ask);
void web_ask_close(struct web_ask *ask);
