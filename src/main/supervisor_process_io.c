/* Starting the process of a room, and noticing its end. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "main/backoff.h"
#include "main/supervisor.h"
#include "net/control_channel.h"

/* In the child, between fork and exec: only what signal-safety(7) allows. The descriptors may stand
 * anywhere, also at each other's place, so they are first moved out of the way. */
static void
become_room(struct supervisor *s, int requests, int orders, const char *const argv[])
{
	requests = fcntl(requests, F_DUPFD, 10);
	orders = fcntl(orders, F_DUPFD, 10);
	if (requests < 0 || orders < 0 || dup2(requests, ROOM_REQUESTS_FD) < 0 ||
	    dup2(orders, ROOM_ORDERS_FD) < 0)
		_exit(127);
	(void)close_range(ROOM_ORDERS_FD + 1, ~0U, 0);
	(void)setsid(); /* Ctrl-C in the terminal is the parent's business */
	(void)sigprocmask(SIG_SETMASK, &s->inherited_mask, NULL);
	execv("/proc/self/exe", (char *const *)argv); /* which it does not change */
	_exit(127);
}

static pid_t
spawn(struct room_process *room, int requests, int orders)
{
	struct supervisor *s = room->parent;
	char title[32], generation[16];
	(void)snprintf(title, sizeof(title), "sarai: %s", room->role->name);
	(void)snprintf(generation, sizeof(generation), "%u", s->generation);
	const char *argv[] = {title,
			      ".room",
			      room->role->name,
			      generation,
			      s->folders.data,
			      s->simulated ? "simulated" : "real",
			      s->returns || room->restarts ? "returns" : "begins",
			      NULL};
	pid_t pid = fork();
	if (pid == 0)
		become_room(s, requests, orders, argv);
	return pid;
}

static void
room_says(struct loop_watch *watch, uint32_t events)
{
	struct room_process *room = (struct room_process *)watch;
	struct order order;
	int fd;
	(void)events;
	ssize_t length = control_channel_receive(watch->fd, &order, sizeof(order), &fd);
	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (length != sizeof(order)) {
		/* It ended, or lost its senses; its end itself is noticed by SIGCHLD. */
		supervisor_room_closed(room);
		return;
	}
	order.text[sizeof(order.text) - 1] = '\0';
	switch (order.kind) {
	case ORDER_STARTED:
		room->state = ROOM_UP;
		room->since = clock_utc();
		room->reason[0] = '\0';
		log_info("%s: up, process %d", room->role->name, (int)room->pid);
		supervisor_room_came(room);
		break;
	case ORDER_FAILED:
		(void)snprintf(room->reason, sizeof(room->reason), "%s", order.text);
		log_error("%s: %s", room->role->name, order.text);
		break;
	case ORDER_PREPARED:
	case ORDER_REFUSED:
		supervisor_room_prepared(room, &order);
		break;
	default:
		log_warn("%s: said something that is no message", room->role->name);
	}
}

static void
start_later(struct room_process *room)
{
	struct loop *loop = room->parent->loop;
	int64_t wait_ms = backoff_ms(room->deaths);
	if (wait_ms > 0)
		log_info("%s: starts again in %.1f s", room->role->name, (double)wait_ms / 1000);
	loop_timer_set(loop, &room->restart, mono_add_ms(clock_mono(), wait_ms));
}

void
supervisor_room_start(struct room_process *room)
{
	struct supervisor *s = room->parent;
	int requests[2] = {-1, -1}, orders[2] = {-1, -1};
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, requests) < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, orders) < 0)
		goto failed;
	room->orders = (struct loop_watch){.fd = orders[0], .ready = room_says};
	if (loop_watch(s->loop, &room->orders, EPOLLIN) < 0)
		goto failed;
	pid_t pid = spawn(room, requests[1], orders[1]);
	if (pid < 0) {
		loop_forget(s->loop, &room->orders);
		goto failed;
	}
	close(requests[1]);
	close(orders[1]);
	room->requests = requests[0];
	room->pid = pid;
	room->state = ROOM_STARTING;
	room->generation = s->generation;
	room->since = clock_utc();
	room->began = clock_mono();
	return;
failed:
	log_error("%s: cannot be started: %s", room->role->name, strerror(errno));
	for (int i = 0; i < 2; i++) {
		if (requests[i] >= 0)
			close(requests[i]);
		if (orders[i] >= 0)
			close(orders[i]);
	}
	room->orders.fd = -1;
	room->deaths++;
	start_later(room);
}

void
supervisor_room_closed(struct room_process *room)
{
	if (room->orders.fd >= 0) {
		loop_forget(room->parent->loop, &room->orders);
		close(room->orders.fd);
		room->orders.fd = -1;
	}
	if (room->requests >= 0)
		close(room->requests);
	room->requests = -1;
}

/* The last words of a room may still lie in the socket when its end is noticed. */
static void
hear_last_words(struct room_process *room)
{
	for (int i = 0; i < 8 && room->orders.fd >= 0; i++)
		room_says(&room->orders, 0);
}

static void
describe_end(char text[ROLE_REASON], int status)
{
	if (WIFSIGNALED(status))
		(void)snprintf(text, ROLE_REASON, "killed by signal %d (%s)", WTERMSIG(status),
			       strsignal(WTERMSIG(status)));
	else
		(void)snprintf(text, ROLE_REASON, "ended with status %d", WEXITSTATUS(status));
}

/* At the first start a room that cannot begin, say because its port is taken, ends the hub with its
 * reason; but a port may still be held by a process that is just dying, so it tries some times. */
static bool
gives_up(const struct room_process *room)
{
	enum { FIRST_TRIES = 4 };
	const struct supervisor *s = room->parent;
	return !s->was_ready && !s->keep_going && room->deaths >= FIRST_TRIES;
}

static void
room_ended(struct room_process *room, int status)
{
	struct supervisor *s = room->parent;
	bool was_up = room->state == ROOM_UP;
	hear_last_words(room);
	supervisor_room_closed(room);
	char end[ROLE_REASON];
	describe_end(end, status);
	if (was_up || !*room->reason)
		memcpy(room->reason, end, sizeof(end));
	room->pid = 0;
	room->since = clock_utc();
	if (s->ending || room->state == ROOM_STOPPING) {
		room->state = ROOM_DOWN;
		if (!(WIFEXITED(status) && WEXITSTATUS(status) == 0))
			log_warn("%s: %s", room->role->name, end);
		return;
	}
	room->state = ROOM_DOWN;
	log_warn("%s: %s", room->role->name, end);
	if (clock_mono().us - room->began.us > (int64_t)BACKOFF_FORGET_S * 1000000)
		room->deaths = 0;
	room->deaths++;
	room->restarts++;
	supervisor_room_lost(room);
	if (gives_up(room)) {
		log_error("%s: cannot start, the hub ends: %s", room->role->name, room->reason);
		s->exit_status = 1;
		loop_stop(s->loop);
		return;
	}
	start_later(room);
}

void
supervisor_reap(struct supervisor *s)
{
	for (int i = 0; i < ROLE_COUNT; i++) {
		int status;
		struct room_process *room = &s->rooms[i];
		if (room->pid > 0 && waitpid(room->pid, &status, WNOHANG) == room->pid)
			room_ended(room, status);
	}
}

void
supervisor_order(struct room_process *room, enum order_kind kind, unsigned generation)
{
	struct order order = {.kind = kind, .generation = generation};
	if (room->orders.fd >= 0 &&
	    control_channel_send(room->orders.fd, &order, sizeof(order), -1) < 0)
		log_warn("%s: does not take orders: %s", room->role->name, strerror(errno));
}

void
supervisor_notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (!path || strlen(path) >= sizeof(address.sun_path))
		return;
	size_t length = strlen(path);
	memcpy(address.sun_path, path, length);
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
	(void)!sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address, size);
	close(fd);
}
