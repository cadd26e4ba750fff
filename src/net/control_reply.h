/* Clients of the control socket that are being answered, in a room or in the parent. Used inside
 * net only. */
#pragma once

#include "net/control.h"

enum {
	CONTROL_CLIENTS_MAX = 256,
	CONTROL_STUCK_S = 60, /* a client that takes nothing for so long is dropped */
	CONTROL_AGAIN_MS = 20,
	CONTROL_WORK_MS = 1, /* between two pieces of work at an answer: others have their turn */
};

struct control_client;

/* All fields private to control_reply_io.c. */
struct control_replies {
	struct loop *loop;
	control_handler *handler;
	void *context;
	struct control_client *first;
	size_t count;
};

void control_replies_init(struct control_replies *replies, struct loop *loop,
			  control_handler *handler, void *context);
/* Drops all clients. */
void control_replies_fini(struct control_replies *replies);
/* Lets the handler answer `line` (without newline) and writes the answer to `fd`, which is owned
 * from here on, also when the line makes no sense or there are too many clients: then the client is
 * told so. */
void control_replies_take(struct control_replies *replies, int fd, const char *line, size_t length);
/* Who is at the other end. */
struct control_peer control_peer_of(int fd);
/* Tells the client on `fd` that it gets no answer, and closes it. Never waits. */
void control_refuse(int fd, int status, const char *reason);
