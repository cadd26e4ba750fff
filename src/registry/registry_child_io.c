/* Another program run beside the loop. */
#include "registry/registry_child_io.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"

enum {
	ERRORS_MAX = 16384,
	CHUNK = 65536,
	CHUNKS_A_TURN = 32,
	MEMORY_MAX_MB = 2048, /* of the child: a length that the host makes up must not hurt us */
};

/* One end of a pipe, and what came through it. */
struct stream {
	struct loop_watch watch; /* first: the loop gives it back; fd -1 when closed */
	struct registry_child *child;
	struct buf text;
	size_t max;
};

struct registry_child {
	struct loop *loop;
	struct registry_child_order order;
	struct stream output, errors;
	struct loop_watch ended; /* the pidfd */
	struct loop_timer limit;
	pid_t pid;
	bool too_slow, too_much;
};

/* --- the child's side --- */

/* Between fork and exec: only what signal-safety(7) allows, and execvpe, which takes no memory. */
static void
become(const char *const *arguments, int output, int errors, pid_t parent)
{
	static const char *const environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C",
						  NULL};
	struct rlimit memory = {(rlim_t)MEMORY_MAX_MB << 20, (rlim_t)MEMORY_MAX_MB << 20};
	sigset_t none;
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)signal(SIGPIPE, SIG_DFL);
	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGHUP, SIG_DFL);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	int nothing = open("/dev/null", O_RDONLY);
	output = fcntl(output, F_DUPFD, 10);
	errors = fcntl(errors, F_DUPFD, 10);
	if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(output, 1) < 0 || dup2(errors, 2) < 0)
		_exit(127);
	(void)close_range(3, ~0U, 0);
	(void)setrlimit(RLIMIT_AS, &memory);
	execvpe(arguments[0], (char *const *)arguments, (char *const *)environment);
	_exit(127);
}

/* --- our side --- */

static void
stream_close(struct stream *stream)
{
	if (stream->watch.fd < 0)
		return;
	loop_forget(stream->child->loop, &stream->watch);
	close(stream->watch.fd);
	stream->watch.fd = -1;
}

/* The child is gone, or to go: no zombie stays. */
static int
reap(struct registry_child *child, siginfo_t *info)
{
	int result;
	do {
		result = waitid(P_PID, (id_t)child->pid, info, WEXITED);
	} while (result < 0 && errno == EINTR);
	return result;
}

static void
child_free(struct registry_child *child)
{
	stream_close(&child->output);
	stream_close(&child->errors);
	buf_fini(&child->output.text);
	buf_fini(&child->errors.text);
	loop_timer_stop(child->loop, &child->limit);
	if (child->ended.fd >= 0) {
		loop_forget(child->loop, &child->ended);
		close(child->ended.fd);
	}
	free(child);
}

/* Reads what is there, more than a pipe holds, but not without end. */
static void
drain(struct stream *stream)
{
	struct registry_child *child = stream->child;
	for (int i = 0; i < CHUNKS_A_TURN && stream->watch.fd >= 0; i++) {
		size_t room = stream->max - stream->text.length;
		/* One more tells of too much; of complaints the rest is read and forgotten. */
		size_t want = room < CHUNK && stream == &child->output ? room + 1 : CHUNK;
		if (!buf_reserve(&stream->text, want)) {
			child->too_much = true;
			stream_close(stream);
			break;
		}
		ssize_t got = read(stream->watch.fd, stream->text.data + stream->text.length, want);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			break;
		if (got <= 0) {
			stream_close(stream);
			break;
		}
		stream->text.length += (size_t)got;
		if (stream->text.length <= stream->max)
			continue;
		stream->text.length = stream->max;
		if (stream == &child->output) {
			child->too_much = true;
			(void)kill(child->pid, SIGKILL);
			stream_close(stream);
		}
	}
}

static void
stream_ready(struct loop_watch *watch, uint32_t events)
{
	(void)events;
	drain((struct stream *)watch);
}

static void
child_ended(struct loop_watch *watch, uint32_t events)
{
	struct registry_child *child =
		(struct registry_child *)((char *)watch - offsetof(struct registry_child, ended));
	siginfo_t info = {0};
	(void)events;
	if (reap(child, &info) < 0)
		info.si_code = CLD_KILLED;
	drain(&child->output);
	drain(&child->errors);
	struct registry_child_result result = {
		.end = child->too_much              ? CHILD_TOO_MUCH
		       : child->too_slow            ? CHILD_TOO_SLOW
		       : info.si_code == CLD_EXITED ? CHILD_EXITED
						    : CHILD_KILLED,
		.status = info.si_status,
		.output = (const char *)child->output.text.data,
		.errors = (const char *)child->errors.text.data,
		.output_length = child->output.text.length,
		.error_length = child->errors.text.length,
	};
	child->order.done(child->order.context, &result);
	child_free(child);
}

static void
time_is_up(struct loop_timer *timer, struct mono_us now)
{
	struct registry_child *child =
		(struct registry_child *)((char *)timer - offsetof(struct registry_child, limit));
	(void)now;
	child->too_slow = true;
	(void)kill(child->pid, SIGKILL);
}

static int
stream_open(struct stream *stream, struct registry_child *child, size_t max, int *other_end)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return -1;
	*other_end = ends[1];
	(void)fcntl(ends[1], F_SETFL, 0); /* the child writes as it is used to */
	*stream = (struct stream){
		.watch = {.fd = ends[0], .ready = stream_ready}, .child = child, .max = max};
	if (loop_watch(child->loop, &stream->watch, EPOLLIN) == 0)
		return 0;
	close(ends[0]);
	stream->watch.fd = -1;
	return -1;
}

/* Forks, and watches for the child's end. 0, or -1 and errno. */
static int
spawn(struct registry_child *child, int output, int errors)
{
	pid_t parent = getpid();
	child->pid = fork();
	if (child->pid == 0)
		become(child->order.arguments, output, errors, parent);
	if (child->pid < 0)
		return -1;
	child->ended.fd = (int)syscall(SYS_pidfd_open, child->pid, 0);
	if (child->ended.fd >= 0 && loop_watch(child->loop, &child->ended, EPOLLIN) == 0)
		return 0;
	int reason = errno;
	siginfo_t info;
	if (child->ended.fd >= 0)
		close(child->ended.fd);
	child->ended.fd = -1;
	(void)kill(child->pid, SIGKILL);
	(void)reap(child, &info);
	errno = reason;
	return -1;
}

struct registry_child *
registry_child_start(struct loop *loop, const struct registry_child_order *order)
{
	struct registry_child *child = calloc(1, sizeof(*child));
	if (!child)
		return NULL;
	child->loop = loop;
	child->order = *order;
	child->limit.fire = time_is_up;
	child->ended = (struct loop_watch){.fd = -1, .ready = child_ended};
	child->output.watch.fd = child->errors.watch.fd = -1;
	int output = -1, errors = -1, reason;
	int result = stream_open(&child->output, child, order->output_max, &output);
	if (result == 0)
		result = stream_open(&child->errors, child, ERRORS_MAX, &errors);
	if (result == 0)
		result = spawn(child, output, errors);
	reason = errno;
	if (output >= 0)
		close(output);
	if (errors >= 0)
		close(errors);
	if (result < 0) {
		child_free(child);
		errno = reason;
		return NULL;
	}
	loop_timer_set(loop, &child->limit,
		       mono_add_ms(loop_now(loop), (int64_t)order->timeout_s * 1000));
	return child;
}

void
registry_child_kill(struct registry_child *child)
{
	siginfo_t info;
	if (!child)
		return;
	(void)kill(child->pid, SIGKILL);
	(void)reap(child, &info);
	child_free(child);
}
