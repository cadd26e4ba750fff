/* Two jobs, of which one is filled while the other is done, and a thread that does them. */
#include "meter/inlet_writer_io.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "net/mailbox.h"

struct job {
	struct mailbox_message message; /* first: the mailbox gives it back */
	bool has_state, has_now, retry, end;
	struct buf state, now;
	struct inlet_waiting bins;
	struct inlet_status status; /* when it is done */
};

struct inlet_writer {
	pthread_t thread;
	struct mailbox to, back;
	struct job jobs[2];
	struct job *next; /* is filled; the other one is under way, or at rest */
	bool busy;
	uint64_t forgotten; /* while they waited in a job */
	struct inlet_status status;
	struct inlet_spool spool; /* the thread's own */
};

/* --- in the thread --- */

static void
do_job(struct inlet_spool *s, struct job *job)
{
	if (job->has_state)
		(void)inlet_spool_keep(s, &job->state);
	if (job->retry)
		inlet_spool_retry(s);
	for (size_t i = 0; i < job->bins.count; i++)
		inlet_spool_hand_on(s, &job->bins.bins[i]);
	job->bins.count = 0;
	if (job->has_now)
		inlet_spool_now(s, &job->now);
	job->has_state = job->has_now = job->retry = false;
	job->status.waiting = s->waiting.count;
	job->status.octets = inlet_waiting_size(&s->waiting);
	job->status.forgotten = s->forgotten;
	(void)snprintf(job->status.trouble, sizeof(job->status.trouble), "%s", s->trouble);
}

static void *
write_jobs(void *context)
{
	struct inlet_writer *w = context;
	for (bool end = false; !end;) {
		struct job *job = (struct job *)mailbox_wait(&w->to);
		end = job->end;
		do_job(&w->spool, job);
		mailbox_put(&w->back, &job->message);
	}
	return NULL;
}

/* --- in the meter's thread --- */

static int
start(struct inlet_writer *w)
{
	sigset_t every, before;
	if (mailbox_init(&w->to) < 0 || mailbox_init(&w->back) < 0)
		return -1;
	/* Signals are the loop's. */
	sigfillset(&every);
	(void)pthread_sigmask(SIG_SETMASK, &every, &before);
	int failed = pthread_create(&w->thread, NULL, write_jobs, w);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed ? -1 : 0;
}

static void
fini(struct inlet_writer *w)
{
	for (int i = 0; i < 2; i++) {
		buf_fini(&w->jobs[i].state);
		buf_fini(&w->jobs[i].now);
		inlet_waiting_fini(&w->jobs[i].bins);
	}
	mailbox_fini(&w->to);
	mailbox_fini(&w->back);
	inlet_spool_fini(&w->spool);
	free(w);
}

struct inlet_writer *
inlet_writer_new(const char *run_directory, const char *spool_directory)
{
	struct inlet_writer *w = calloc(1, sizeof(*w));
	if (!w)
		return NULL;
	w->to.fd = w->back.fd = -1;
	w->next = &w->jobs[0];
	inlet_spool_init(&w->spool, run_directory, spool_directory);
	if (start(w) == 0)
		return w;
	fini(w);
	return NULL;
}

static void
take_back(struct inlet_writer *w, const struct job *job)
{
	w->busy = false;
	w->status = job->status;
	w->status.forgotten += w->forgotten;
	w->status.waiting += w->next->bins.count;
	w->status.octets += inlet_waiting_size(&w->next->bins);
}

static void
send_next(struct inlet_writer *w)
{
	struct job *job = w->next;
	if (w->busy ||
	    !(job->has_state || job->has_now || job->retry || job->bins.count || job->end))
		return;
	w->busy = true;
	w->next = job == &w->jobs[0] ? &w->jobs[1] : &w->jobs[0];
	mailbox_put(&w->to, &job->message);
}

void
inlet_writer_free(struct inlet_writer *w)
{
	if (!w)
		return;
	inlet_writer_finish(w);
	w->next->end = true;
	send_next(w);
	(void)pthread_join(w->thread, NULL);
	fini(w);
}

int
inlet_writer_fd(const struct inlet_writer *w)
{
	return w->back.fd;
}

void
inlet_writer_go_on(struct inlet_writer *w)
{
	const struct job *done = (struct job *)mailbox_take(&w->back);
	if (done)
		take_back(w, done);
	send_next(w);
}

void
inlet_writer_retry(struct inlet_writer *w)
{
	w->next->retry = true;
	inlet_writer_go_on(w);
}

bool
inlet_writer_busy(const struct inlet_writer *w)
{
	return w->busy;
}

static void
exchange(struct buf *a, struct buf *b)
{
	struct buf kept = *a;
	*a = *b;
	*b = kept;
}

void
inlet_writer_keep(struct inlet_writer *w, struct buf *state)
{
	exchange(&w->next->state, state);
	w->next->has_state = true;
	send_next(w);
}

void
inlet_writer_now(struct inlet_writer *w, struct buf *bytes)
{
	exchange(&w->next->now, bytes);
	w->next->has_now = true;
	send_next(w);
}

void
inlet_writer_hand_on(struct inlet_writer *w, const struct traffic_batch *batch, bool newest)
{
	struct inlet_bin bin;
	if (inlet_spool_encode(&bin, batch, newest) < 0)
		return;
	inlet_waiting_add(&w->next->bins, &bin, &w->forgotten);
	send_next(w);
}

void
inlet_writer_finish(struct inlet_writer *w)
{
	for (send_next(w); w->busy; send_next(w))
		take_back(w, (struct job *)mailbox_wait(&w->back));
}

const struct inlet_status *
inlet_writer_status(const struct inlet_writer *w)
{
	return &w->status;
}
