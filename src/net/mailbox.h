/* Messages between threads of a process: a queue with a lock, and a descriptor that a loop can watch. Whoever
 * puts a message in gives it away; whoever takes it out owns it. The only locks there are. */
#pragma once

#include <pthread.h>

/* At the beginning of whatever is sent. */
struct mailbox_message {
	struct mailbox_message *next; /* private to mailbox.c */
};

struct mailbox {
	int fd; /* can be read while there are messages */
	/* private from here */
	pthread_mutex_t lock;
	struct mailbox_message *first, **last;
};

/* 0, or -1 and errno. */
int mailbox_init(struct mailbox *box);
/* Messages that are still in it stay their senders'. */
void mailbox_fini(struct mailbox *box);
/* Never waits, never fails. */
void mailbox_put(struct mailbox *box, struct mailbox_message *message);
/* The oldest message, or NULL when there is none. */
struct mailbox_message *mailbox_take(struct mailbox *box);
/* The same, waiting for one. */
struct mailbox_message *mailbox_wait(struct mailbox *box);
