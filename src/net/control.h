/* The control protocol: how shell and page ask the rooms, over one Unix socket.
 *
 *   client -> "text\tshow\tmember\t64501\n"     form, then the words; a word holds no tab and no
 * newline room   -> "ok text/plain\n" body... EOF       or "error 404 there is no member 64509\n"
 * EOF; "none text/plain\n" body is an answer like that of ok, that there is none of what was asked for
 *
 * Forms are "text" (80 columns), "json" and "csv". A file that belongs to the question follows the line: "text<5120" says
 * that 5120 octets do. The parent process holds the socket, reads the
 * line, finds the room that has the answer by the first two words and passes the connection itself
 * (SCM_RIGHTS) with the line to that room's process, which writes the answer straight to the
 * client: no copy in between, and a client that does not read costs only itself. A room that is not
 * running answers "error 503 ...". */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "net/loop.h"

enum {
	CONTROL_WORDS_MAX = 32,
	CONTROL_LINE_MAX = 8192,
	CONTROL_BODY_MAX = 16 << 20,
	CONTROL_NOW_MAX = 64 << 10, /* octets of a file that is sent without waiting */
};

/* The process at the other end, as it was when it connected (unix(7), SO_PEERCRED). */
struct control_peer {
	bool known;
	uint32_t uid;
	int32_t pid;
};

enum control_form { CONTROL_TEXT, CONTROL_JSON, CONTROL_CSV };

struct control_request {
	enum control_form form;
	size_t count;
	const char *words[CONTROL_WORDS_MAX]; /* point into `line` */
	char line[CONTROL_LINE_MAX];
	struct control_peer peer;
	size_t body_length; /* 0: nothing follows the line */
	const uint8_t *
		body; /* only while the request is answered; NULL in the parent, who passes it on unread */
};

/* Takes one line without its newline. 0, or -1 if it is not a request. The peer is not known from it. */
int control_parse(struct control_request *out, const char *line, size_t length);

/* An answer that is made piece by piece, so that a million routes never stand in memory at once. */
struct control_answer {
	int status;               /* 0: ok; else an HTTP-like code, with `text` as the reason */
	const char *content_type; /* static text; default by form */
	char text[256];
	struct buf body; /* the first piece, or all of it; with an error: details, in lines.
			    Owned by the answer */
	/* For an answer that is not known yet: asked every 20 ms until it returns true; by then it
	 * has filled in status, text, content_type or body. NULL: known at once. */
	bool (*ready)(void *state, struct control_answer *answer);
	bool nothing; /* the answer is that there is none of what was asked for */
	bool works; /* `ready` waits for nothing but works at the answer, a little each time: it is
		       asked again after 1 ms */
	/* Appends the next piece to *out (about 64 KiB is good) and returns true, or returns false
	 * when nothing is left. NULL: body is all. Called when the client has taken the piece
	 * before; one that appends nothing and returns true works at it, and is asked again
	 * after 1 ms. */
	bool (*more)(void *state, struct buf *out);
	void (*done)(void *state); /* frees `state`; also called when the client goes away. May be
				      NULL. */
	void *state;
};

/* Fills `answer` (zeroed by the caller) with an error; returns nothing worth keeping. */
void control_error(struct control_answer *answer, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Answers one request. */
typedef void control_handler(void *context, const struct control_request *request,
			     struct control_answer *answer);

/* --- in a room's process: connections arrive over `channel`, the socket pair to the parent --- */
struct control_room;
/* Serves requests that come over `channel` with `handler`, until freed. A client that takes nothing
 * for 60 s is dropped; at most 256 at once. NULL and errno on failure. */
struct control_room *control_room_open(struct loop *loop, int channel, control_handler *handler,
				       void *context);
void control_room_close(struct control_room *room);

/* --- in the parent: the socket itself --- */
struct control_door;
/* Chooses who answers: returns the channel to pass the connection to; or -1, then the parent
 * answers itself through `own` (errors included). */
struct control_routes {
	int (*route)(void *context, const struct control_request *request);
	control_handler *own;
	void *context;
};
/* Listens at `path` (mode 0660; a stale socket is replaced, one that answers is an error
 * EADDRINUSE). */
struct control_door *control_door_open(struct loop *loop, const char *path,
				       struct control_routes routes);
void control_door_close(struct control_door *door);

/* --- at the client --- */
/* Connects to `path` and sends the words, and the file that goes along with them (NULL: none).
 * Returns a socket to read the answer from, or -1 and errno; EINVAL when they cannot be sent. */
int control_ask(const char *path, enum control_form form, const char *const *words, size_t count,
		const struct buf *file);
/* The same for a process that must not wait: a non-blocking socket, or -1 and errno at once; EAGAIN
 * when too many already wait at the door. The file has at most CONTROL_NOW_MAX octets. */
int control_ask_now(const char *path, enum control_form form, const char *const *words,
		    size_t count, const struct buf *file);
/* A question whose answer is wanted whole. */
struct control_question {
	const char *path;
	enum control_form form;
	const char *const *words;
	size_t count;
	unsigned patience_s; /* seconds that the hub may be silent; 0: as long as it likes */
	size_t most;         /* octets; 0: whatever comes */
};
/* Asks, waits, and appends the answer without its first line to *out: 0, and its content type in `text`. Else *out is as it
 * was: the status that the hub answered with, and its reason in `text`; or -1 and errno: as control_ask, EAGAIN when
 * it was silent for too long, EMSGSIZE, ENOMEM, or EPROTO when it broke off. */
int control_ask_whole(struct buf *out, const struct control_question *question, char text[256]);
/* Splits the first line of an answer: 0 for ok and none (content type in text), else the status (reason in
 * text). -1 when the line is not an answer. */
int control_status(const char *line, char text[256]);
bool control_says_none(const char *line);
