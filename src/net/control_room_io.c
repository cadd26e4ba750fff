/* The room's end of the control protocol: connections arrive over a channel from the parent, each
 * with the line that the client sent. One record of the channel is one request. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/control_channel.h"
#include "net/control_reply.h"

enum { REQUESTS_PER_TURN = 16 };

struct control_room {
	struct loop_watch watch; /* first: the loop gives it back */
	struct loop *loop;
	struct control_replies replies;
};

static void
channel_ready(struct loop_watch *watch, uint32_t events)
{
	struct control_room *room = (struct control_room *)watch;
	(void)events;
	for (int i = 0; i < REQUESTS_PER_TURN; i++) {
		char line[CONTROL_LINE_MAX];
		int fd;
		ssize_t length = control_channel_receive(watch->fd, line, sizeof(line), &fd);
		if (length < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (length < 0 && errno == EMSGSIZE)
			continue;
		if (fd >= 0) {
			control_replies_take(&room->replies, fd, line,
					     length > 0 ? (size_t)length : 0);
		} else if (length <= 0) {
			/* The parent is gone or has closed the door; its death ends us elsewhere.
			 */
			loop_forget(room->loop, watch);
			return;
		}
	}
}

struct control_room *
control_room_open(struct loop *loop, int channel, control_handler *handler, void *context)
{
	struct control_room *room = calloc(1, sizeof(*room));
	if (!room)
		return NULL;
	room->watch = (struct loop_watch){.fd = channel, .ready = channel_ready};
	room->loop = loop;
	control_replies_init(&room->replies, loop, handler, context);
	if (loop_watch(loop, &room->watch, EPOLLIN) < 0) {
		free(room);
		return NULL;
	}
	return room;
}

void
control_room_close(struct control_room *room)
{
	if (!room)
		return;
	loop_forget(room->loop, &room->watch);
	control_replies_fini(&room->replies);
	free(room);
}
