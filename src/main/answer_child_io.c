/* A long answer from a process of its own. What the child writes: status (four octets, 0: ok), the
 * length of the reason (two) and it, the length of the body (eight) and it, the same of what the room is
 * to keep; a child that was killed halfway is thereby not taken for one that is done. */
#include "main/answer_child_io.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/cursor.h"

struct answer_job {
	struct answer_children *children;
	struct answer_job *next; /* of those that are started and not done */
	control_handler *handler;
	void *context;
	char *alike;                    /* NULL: like no other */
	struct control_request request; /* words point into its own line */
	bool started;
	pid_t pid;
	int pipe;
	struct buf got;
};

/* --- in the child --- */

static volatile sig_atomic_t child_pipe;

/* Nobody waits for the answer any more: the other end of the pipe is closed. */
static void
look_for_reader(int signal)
{
	struct pollfd end = {.fd = child_pipe, .events = 0};
	(void)signal;
	int error = errno;
	if (poll(&end, 1, 0) > 0 && end.revents & (POLLERR | POLLHUP))
		_exit(1);
	errno = error;
}

static void
limit(int pipe)
{
	const struct rlimit seconds = {ANSWER_CHILD_SECONDS, ANSWER_CHILD_SECONDS};
	const struct itimerval look = {.it_interval.tv_usec = 200000, .it_value.tv_usec = 200000};
	struct sigaction action = {.sa_handler = look_for_reader, .sa_flags = SA_RESTART};
	sigset_t alarm;
	child_pipe = pipe;
	(void)setrlimit(RLIMIT_CPU, &seconds);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)prctl(PR_SET_NAME, "sarai:answering");
	(void)sigaction(SIGALRM, &action, NULL);
	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	(void)sigprocmask(SIG_UNBLOCK, &alarm, NULL);
	(void)setitimer(ITIMER_REAL, &look, NULL);
}

static void
send_all(int pipe, const struct buf *bytes)
{
	for (size_t sent = 0; sent < bytes->length && !bytes->failed;) {
		ssize_t n = write(pipe, bytes->data + sent, bytes->length - sent);
		if (n < 0 && errno != EINTR)
			break;
		if (n > 0)
			sent += (size_t)n;
	}
}

static void
work(int pipe, const struct answer_job *job)
{
	struct control_answer answer = {0};
	struct buf out = {0};
	limit(pipe);
	job->handler(job->context, &job->request, &answer);
	assert(!answer.ready && !answer.more);
	if (answer.body.failed) {
		buf_fini(&answer.body);
		control_error(&answer, 500, "out of memory");
	}
	buf_u32(&out, (uint32_t)answer.status);
	buf_text(&out, answer.status ? answer.text : "");
	buf_u64(&out, answer.body.length);
	buf_put(&out, answer.body.data, answer.body.length);
	buf_u64(&out, job->children->aside.length);
	buf_put(&out, job->children->aside.data, job->children->aside.length);
	send_all(pipe, &out);
	_exit(0); /* nothing of the room's is to be ended twice */
}

/* --- in the room --- */

/* 0, or -1 and errno. */
static int
start(struct answer_job *job)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	job->pid = fork();
	if (job->pid == 0) {
		/* Neither clients nor the parent's channel stay open through it. */
		int end = fcntl(ends[1], F_DUPFD, 3);
		if (end > 3 && dup2(end, 3) == 3)
			end = 3;
		(void)close_range((unsigned)end + 1, ~0U, 0);
		work(end, job);
	}
	int reason = errno;
	close(ends[1]);
	if (job->pid < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0) {
		close(ends[0]);
		errno = reason;
		return -1;
	}
	job->pipe = ends[0];
	job->started = true;
	job->children->at_work++;
	job->next = job->children->working;
	job->children->working = job;
	return 0;
}

static void
finish(const struct answer_job *job, struct control_answer *answer)
{
	struct cursor c = cursor_of(job->got.data, job->got.length);
	int status = (int)cursor_u32(&c);
	uint16_t reason_length = cursor_u16(&c);
	const char *reason = (const char *)cursor_take(&c, reason_length);
	uint64_t length = cursor_u64(&c);
	const uint8_t *body = cursor_take(&c, c.failed ? 0 : (size_t)length);
	struct buf aside = {0};
	uint64_t aside_length = cursor_u64(&c);
	const uint8_t *set_aside = cursor_take(&c, c.failed ? 0 : (size_t)aside_length);
	if (job->got.failed || c.failed || cursor_left(&c) > 0) {
		control_error(answer, 500,
			      "the process that works it out died, or took longer than %d s",
			      ANSWER_CHILD_SECONDS);
		return;
	}
	if (status)
		control_error(answer, status, "%.*s", (int)reason_length, reason);
	if (length)
		buf_put(&answer->body, body, (size_t)length);
	if (!aside_length || !job->children->keep)
		return;
	buf_put(&aside, set_aside, (size_t)aside_length);
	if (!aside.failed)
		job->children->keep(job->context, job->alike, &aside);
	buf_fini(&aside);
}

/* Does another work at what may answer this one, too? */
static bool
is_worked_at(const struct answer_job *job)
{
	for (const struct answer_job *other = job->children->working; other && job->alike;
	     other = other->next)
		if (other->alike && strcmp(other->alike, job->alike) == 0)
			return true;
	return false;
}

static bool
ready(void *state, struct control_answer *answer)
{
	struct answer_job *job = state;
	char piece[65536];
	if (!job->started) {
		if (job->children->at_work >= ANSWER_CHILDREN || is_worked_at(job))
			return false;
		if (start(job) == 0)
			return false;
		control_error(answer, 500, "%s", strerror(errno));
		return true;
	}
	for (;;) {
		ssize_t got = read(job->pipe, piece, sizeof(piece));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			return false;
		if (got <= 0)
			break;
		buf_put(&job->got, piece, (size_t)got);
	}
	finish(job, answer);
	return true;
}

/* A child that is still at work finds that nobody reads, and ends by itself. */
static void
done(void *state)
{
	struct answer_job *job = state;
	if (job->started) {
		struct answer_job **link = &job->children->working;
		while (*link != job)
			link = &(*link)->next;
		*link = job->next;
		job->children->at_work--;
		close(job->pipe);
	}
	free(job->alike);
	buf_fini(&job->got);
	free(job);
}

void
answer_child(struct answer_children *children, control_handler *handler, void *context,
	     const struct control_request *request, const char *alike,
	     struct control_answer *answer)
{
	assert(children && handler && request && answer);
	struct answer_job *job = calloc(1, sizeof(*job));
	char *likeness = alike ? strdup(alike) : NULL;
	if (!job || (alike && !likeness)) {
		free(job);
		free(likeness);
		control_error(answer, 500, "out of memory");
		return;
	}
	*job = (struct answer_job){
		.children = children,
		.handler = handler,
		.context = context,
		.alike = likeness,
		.request = *request,
		.pipe = -1,
	};
	for (size_t i = 0; i < request->count; i++)
		job->request.words[i] = job->request.line + (request->words[i] - request->line);
	job->request.body = NULL;
	job->request.body_length = 0;
	answer->ready = ready;
	answer->done = done;
	answer->state = job;
}
