/* A list under a lock; an eventfd counts its messages. */
#include "net/mailbox.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

int
mailbox_init(struct mailbox *box)
{
	box->first = NULL;
	box->last = &box->first;
	box->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
	if (box->fd < 0)
		return -1;
	int failed = pthread_mutex_init(&box->lock, NULL);
	if (!failed)
		return 0;
	close(box->fd);
	box->fd = -1;
	errno = failed;
	return -1;
}

void
mailbox_fini(struct mailbox *box)
{
	if (box->fd < 0)
		return;
	close(box->fd);
	box->fd = -1;
	(void)pthread_mutex_destroy(&box->lock);
}

void
mailbox_put(struct mailbox *box, struct mailbox_message *message)
{
	const uint64_t one = 1;
	message->next = NULL;
	(void)pthread_mutex_lock(&box->lock);
	*box->last = message;
	box->last = &message->next;
	(void)pthread_mutex_unlock(&box->lock);
	/* Cannot fail: the counter is far from its end. */
	(void)!write(box->fd, &one, sizeof(one));
}

struct mailbox_message *
mailbox_take(struct mailbox *box)
{
	uint64_t one;
	if (read(box->fd, &one, sizeof(one)) != sizeof(one))
		return NULL;
	(void)pthread_mutex_lock(&box->lock);
	struct mailbox_message *message = box->first;
	if (message) {
		box->first = message->next;
		if (!box->first)
			box->last = &box->first;
	}
	(void)pthread_mutex_unlock(&box->lock);
	return message;
}

struct mailbox_message *
mailbox_wait(struct mailbox *box)
{
	for (;;) {
		struct mailbox_message *message = mailbox_take(box);
		if (message)
			return message;
		struct pollfd wait = {.fd = box->fd, .events = POLLIN};
		if (poll(&wait, 1, -1) < 0 && errno != EINTR)
			abort(); /* the descriptor is ours: it cannot be */
	}
}
