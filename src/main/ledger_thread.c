/* A thread beside the loop. It hands its job back over a socket pair; when nobody wants it any more it is told by that,
 * and throws it away. */
#include "main/ledger_thread.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* The loop's. */
struct ledger_thread {
	int channel;
	void *job; /* NULL: the thread has it */
	void (*job_free)(void *job);
};

/* The thread's. */
struct worker {
	int channel;
	void (*work)(void *job);
	void *job;
	void (*job_free)(void *job);
};

static void *
run(void *context)
{
	struct worker *w = context;
	w->work(w->job);
	if (send(w->channel, &w->job, sizeof(w->job), MSG_NOSIGNAL) != (ssize_t)sizeof(w->job))
		w->job_free(w->job);
	(void)close(w->channel);
	free(w);
	return NULL;
}

static int
begin(struct worker *w)
{
	sigset_t all, before;
	pthread_t thread;
	(void)sigfillset(&all);
	/* Signals are the loop's. */
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	int failed = pthread_create(&thread, NULL, run, w);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed)
		return -1;
	(void)pthread_detach(thread);
	return 0;
}

struct ledger_thread *
ledger_thread_start(void (*work)(void *job), void *job, void (*job_free)(void *job))
{
	assert(work && job && job_free);
	int ends[2] = {-1, -1};
	struct ledger_thread *t = calloc(1, sizeof(*t));
	struct worker *w = calloc(1, sizeof(*w));
	if (t && w && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0) {
		*t = (struct ledger_thread){ends[0], NULL, job_free};
		*w = (struct worker){ends[1], work, job, job_free};
		if (begin(w) == 0)
			return t;
		(void)close(ends[0]);
		(void)close(ends[1]);
	}
	free(t);
	free(w);
	job_free(job);
	return NULL;
}

void *
ledger_thread_look(struct ledger_thread *t)
{
	void *job;
	if (!t->job && recv(t->channel, &job, sizeof(job), MSG_DONTWAIT) == (ssize_t)sizeof(job))
		t->job = job;
	return t->job;
}

void
ledger_thread_free(struct ledger_thread *t)
{
	if (!t)
		return;
	/* From here on the thread cannot hand anything over; what it has is taken. */
	(void)shutdown(t->channel, SHUT_RD);
	if (ledger_thread_look(t))
		t->job_free(t->job);
	(void)close(t->channel);
	free(t);
}
