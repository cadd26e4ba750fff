/* The parent's end of the control protocol: holds the socket, reads one line from each client, and
 * passes the connection on to the room that has the answer, or answers itself. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "net/control_address.h"
#include "net/control_channel.h"
#include "net/control_reply.h"

enum {
	LINE_S = 10,       /* a client has so long to send its line */
	ACCEPT_PAUSE_S = 1 /* when descriptors have run out */
};

/* A client whose line has not come in whole yet. */
struct caller {
	struct loop_watch watch; /* first: the loop gives it back */
	struct loop_timer late;
	struct control_door *door;
	struct caller *next, **link;
	size_t length;
	char line[CONTROL_LINE_MAX];
};

struct control_door {
	struct loop_watch watch; /* first: the loop gives it back */
	struct loop_timer pause;
	struct loop *loop;
	struct control_routes routes;
	struct control_replies replies;
	struct caller *first;
	size_t caller_count;
	int lock;
	char *path;
};

static void
caller_free(struct caller *caller)
{
	struct control_door *door = caller->door;
	loop_forget(door->loop, &caller->watch);
	loop_timer_stop(door->loop, &caller->late);
	*caller->link = caller->next;
	if (caller->next)
		caller->next->link = caller->link;
	if (door->caller_count-- == CONTROL_CLIENTS_MAX && !door->pause.heap_index)
		(void)loop_change(door->loop, &door->watch, EPOLLIN);
	free(caller);
}

static void
caller_late(struct loop_timer *timer, struct mono_us now)
{
	struct caller *caller = (struct caller *)((char *)timer - offsetof(struct caller, late));
	(void)now;
	int fd = caller->watch.fd;
	caller_free(caller);
	control_refuse(fd, 408, "no question came");
}

/* The line is whole: who answers? Takes over the connection. */
static void
dispatch(struct control_door *door, int fd, const char *line, size_t length)
{
	struct control_request request;
	if (control_parse(&request, line, length) < 0) {
		control_refuse(fd, 400, "this is not a request");
		return;
	}
	request.peer = control_peer_of(fd);
	int channel = door->routes.route(door->routes.context, &request);
	if (channel < 0) {
		control_replies_take(&door->replies, fd, line, length);
		return;
	}
	if (control_channel_send(channel, line, length, fd) == 0) {
		close(fd);
		return;
	}
	control_refuse(fd, 503, "the room that has the answer is busy or gone");
}

/* Takes no more than the line: what follows it is for whoever answers. */
static ssize_t
receive_line(int fd, char *to, size_t size)
{
	ssize_t seen = recv(fd, to, size, MSG_DONTWAIT | MSG_PEEK);
	if (seen <= 0)
		return seen;
	const char *end = memchr(to, '\n', (size_t)seen);
	return recv(fd, to, end ? (size_t)(end - to) + 1 : (size_t)seen, MSG_DONTWAIT);
}

static void
caller_ready(struct loop_watch *watch, uint32_t events)
{
	struct caller *caller = (struct caller *)watch;
	(void)events;
	int fd = watch->fd;
	ssize_t got = receive_line(fd, caller->line + caller->length,
				   sizeof(caller->line) - caller->length);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		caller_free(caller);
		close(fd);
		return;
	}
	const char *fresh = caller->line + caller->length;
	caller->length += (size_t)got;
	const char *end = memchr(fresh, '\n', (size_t)got);
	if (!end && caller->length < sizeof(caller->line))
		return;
	if (end) {
		/* The caller must be gone before its connection is watched by somebody else. */
		char line[CONTROL_LINE_MAX];
		size_t length = (size_t)(end - caller->line);
		struct control_door *door = caller->door;
		memcpy(line, caller->line, length);
		caller_free(caller);
		dispatch(door, fd, line, length);
		return;
	}
	caller_free(caller);
	control_refuse(fd, 400, "the line is too long");
}

static void
caller_new(struct control_door *door, int fd)
{
	struct caller *caller = calloc(1, sizeof(*caller));
	if (!caller) {
		close(fd);
		return;
	}
	caller->watch = (struct loop_watch){.fd = fd, .ready = caller_ready};
	caller->late.fire = caller_late;
	caller->door = door;
	if (loop_watch(door->loop, &caller->watch, EPOLLIN) < 0) {
		free(caller);
		close(fd);
		return;
	}
	caller->link = &door->first;
	caller->next = door->first;
	if (caller->next)
		caller->next->link = &caller->next;
	door->first = caller;
	door->caller_count++;
	loop_timer_set(door->loop, &caller->late, mono_add_ms(loop_now(door->loop), LINE_S * 1000));
}

static void
pause_over(struct loop_timer *timer, struct mono_us now)
{
	struct control_door *door =
		(struct control_door *)((char *)timer - offsetof(struct control_door, pause));
	(void)now;
	if (door->caller_count < CONTROL_CLIENTS_MAX)
		(void)loop_change(door->loop, &door->watch, EPOLLIN);
}

static void
door_ready(struct loop_watch *watch, uint32_t events)
{
	struct control_door *door = (struct control_door *)watch;
	(void)events;
	while (door->caller_count < CONTROL_CLIENTS_MAX) {
		int fd = accept4(watch->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd >= 0) {
			caller_new(door, fd);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
			log_warn("control socket: %s, no new questions for %d s", strerror(errno),
				 ACCEPT_PAUSE_S);
			(void)loop_change(door->loop, watch, 0);
			loop_timer_set(door->loop, &door->pause,
				       mono_add_ms(loop_now(door->loop), ACCEPT_PAUSE_S * 1000));
		}
		return;
	}
	(void)loop_change(door->loop, watch, 0);
}

/* Who holds the lock owns the path; so two that start at once cannot both find it stale. */
static int
lock_path(const char *path)
{
	char *name = NULL;
	if (asprintf(&name, "%s.lock", path) < 0)
		return -1;
	int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	free(name);
	if (fd < 0)
		return -1;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		close(fd);
		errno = errno == EWOULDBLOCK ? EADDRINUSE : errno;
		return -1;
	}
	return fd;
}

/* Takes away what is left of one that died; refuses to touch anything but a socket. */
static int
remove_stale(const char *path, const struct sockaddr_un *address)
{
	struct stat found;
	if (lstat(path, &found) < 0)
		return errno == ENOENT ? 0 : -1;
	if (!S_ISSOCK(found.st_mode)) {
		errno = EEXIST;
		return -1;
	}
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	bool answers = connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0;
	close(fd);
	if (answers) {
		errno = EADDRINUSE;
		return -1;
	}
	return unlink(path);
}

static int
listen_at(const char *path)
{
	struct sockaddr_un address;
	int folder, fd = -1;
	if (control_address(&address, path, &folder) < 0)
		return -1;
	if (remove_stale(path, &address) < 0)
		goto out;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* The mode is set before listening: nobody can connect in between. */
	if (fd >= 0 && (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
			chmod(path, 0660) < 0 || listen(fd, 128) < 0)) {
		int reason = errno;
		close(fd);
		fd = -1;
		errno = reason;
	}
out:;
	int reason = errno;
	if (folder >= 0)
		close(folder);
	errno = reason;
	return fd;
}

struct control_door *
control_door_open(struct loop *loop, const char *path, struct control_routes routes)
{
	struct control_door *door = calloc(1, sizeof(*door));
	if (!door)
		return NULL;
	door->watch = (struct loop_watch){.fd = -1, .ready = door_ready};
	door->pause.fire = pause_over;
	door->loop = loop;
	door->routes = routes;
	door->path = strdup(path);
	control_replies_init(&door->replies, loop, routes.own, routes.context);
	door->lock = door->path ? lock_path(path) : -1;
	if (door->lock >= 0)
		door->watch.fd = listen_at(path);
	if (door->watch.fd >= 0 && loop_watch(loop, &door->watch, EPOLLIN) == 0)
		return door;
	int reason = errno;
	if (door->watch.fd >= 0)
		close(door->watch.fd);
	if (door->lock >= 0)
		close(door->lock);
	free(door->path);
	free(door);
	errno = reason;
	return NULL;
}

void
control_door_close(struct control_door *door)
{
	if (!door)
		return;
	loop_forget(door->loop, &door->watch);
	loop_timer_stop(door->loop, &door->pause);
	while (door->first) {
		int fd = door->first->watch.fd;
		caller_free(door->first);
		close(fd);
	}
	control_replies_fini(&door->replies);
	(void)unlink(door->path);
	close(door->watch.fd);
	close(door->lock);
	free(door->path);
	free(door);
}
