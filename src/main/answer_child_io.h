/* An answer that takes long, made by a process of its own: a copy of the room as it is then, which
 * works the answer out, hands it over and ends. The room goes on serving. */
#pragma once

#include "net/control.h"

enum {
	ANSWER_CHILD_SECONDS = 120, /* of processor, each */
	ANSWER_CHILDREN = 2,        /* at work at once; more questions wait for their turn */
};

struct answer_job;

/* Those of one room, zeroed at first. Zombies are for the room to forbid (SIGCHLD ignored). */
struct answer_children {
	unsigned at_work;
	struct answer_job *working;
	/* What a handler appends to this, in the child, is handed to `keep` in the room when the child is done; so the room knows
	 * for the next who asks what the child has found out. NULL: nothing is. */
	struct buf aside;
	void (*keep)(void *context, const char *alike, const struct buf *aside);
};

/* Has `handler` answer the request in a child, when its turn comes: `answer` is then known later.
 * The handler must answer at once (no `ready`, no `more`), touch nothing that is shared with others,
 * and is called with whatever `context` is like at that moment; so is `keep`. Of requests that are
 * `alike` the later waits for the earlier, which may have found out for both; NULL: like no other. */
void answer_child(struct answer_children *children, control_handler *handler, void *context,
		  const struct control_request *request, const char *alike,
		  struct control_answer *answer);
