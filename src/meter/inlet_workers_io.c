/* Threads, their sockets and what is said between them and the meter's thread. */
#include "meter/inlet_workers_io.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "meter/meter_checkpoint.h"
#include "meter/meter_io.h"
#include "meter/meter_learn.h"
#include "meter/meter_merge.h"
#include "net/mailbox.h"

enum {
	BATCHES_A_TURN = 32, /* then the mailbox has its turn */
	STACK_SIZE = 1 << 20,
};

enum errand {
	LISTEN, /* sockets are these now; the ones before are closed */
	APPLY,
	LEARN,
	ROUTES,
	SHARE,
	DRAIN, /* what waits in the sockets, then a share */
	KEEP,  /* what the decoders know */
	RESUME,
	END,
};

/* What a worker is told, and what it has made of it: goes there and back. One for each worker. */
struct letter {
	struct mailbox_message message; /* first: the mailbox gives it back */
	struct worker *worker;
	enum errand errand;
	int result;
	struct meter_socket sockets[INLET_SOCKETS];
	const struct hub *hub;
	const struct meter *teacher; /* LEARN */
	const struct rib_snapshot *routes;
	struct meter_share *share; /* filled by SHARE and DRAIN */
	bool full;                 /* it has not been merged yet */
	struct buf decoders;       /* filled by KEEP */
	struct cursor part;        /* RESUME: of the worker that was at `place` */
	struct inlet_place place;
};

struct worker {
	struct inlet_workers *all;
	pthread_t thread;
	struct letter letter;
	struct mailbox to; /* errands */
	/* From here on the thread's own. */
	struct meter *meter;
	struct meter_inbox *inbox;
	struct meter_socket sockets[INLET_SOCKETS];
};

struct inlet_workers {
	struct mailbox back; /* letters that come back */
	struct utc_s (*clock)(void);
	struct worker *workers;
	size_t count; /* of those that run */
	struct inlet_endpoints at;
	int buffer;
	uint64_t learned; /* what they know, as meter_learned counts it */
};

/* --- in a worker's thread --- */

/* True when more may be waiting. */
static bool
receive(struct worker *w, int socket)
{
	struct utc_s now = w->all->clock();
	uint64_t drops;
	unsigned count = meter_inbox_fill(w->inbox, &w->sockets[socket], &drops);
	if (drops)
		meter_kernel_drops(w->meter, drops);
	if (count)
		(void)meter_tick(w->meter, now);
	for (unsigned i = 0; i < count; i++) {
		struct ip source;
		struct cursor datagram = meter_inbox_datagram(w->inbox, i, &source);
		meter_datagram(w->meter, socket == 0 ? METER_SFLOW : METER_NETFLOW, source,
			       datagram, now);
	}
	return count == METER_BATCH;
}

static void
count_drops(struct worker *w)
{
	for (int i = 0; i < INLET_SOCKETS; i++) {
		uint64_t drops = meter_socket_drops(&w->sockets[i]);
		if (drops)
			meter_kernel_drops(w->meter, drops);
	}
}

static void
close_sockets(struct worker *w)
{
	count_drops(w);
	for (int i = 0; i < INLET_SOCKETS; i++)
		meter_socket_close(&w->sockets[i]);
}

/* Who was heard there, and will be heard here. */
struct heard {
	struct inlet_place before, now;
};

static bool
is_heard(const void *context, struct ip address)
{
	const struct heard *h = context;
	return meter_socket_steered(address, h->before.count) == h->before.index &&
	       meter_socket_steered(address, h->now.count) == h->now.index;
}

static int
resume(struct worker *w, const struct letter *letter)
{
	struct heard heard = {letter->place,
			      {(uint16_t)(w - w->all->workers), (uint16_t)w->all->count}};
	struct meter_wanted wanted = {is_heard, &heard};
	return meter_resume_decoders(w->meter, letter->part, &wanted, w->all->clock());
}

static void
run_errand(struct worker *w, struct letter *letter)
{
	letter->result = 0;
	switch (letter->errand) {
	case LISTEN:
		close_sockets(w);
		memcpy(w->sockets, letter->sockets, sizeof(w->sockets));
		break;
	case APPLY:
		letter->result = meter_apply(w->meter, letter->hub);
		break;
	case LEARN:
		letter->result = meter_learn_from(w->meter, letter->teacher);
		break;
	case ROUTES:
		meter_set_routes(w->meter, letter->routes);
		break;
	case DRAIN:
		for (int i = 0; i < INLET_SOCKETS; i++)
			while (w->sockets[i].fd >= 0 && receive(w, i))
				;
		/* fall through */
	case SHARE:
		count_drops(w);
		(void)meter_tick(w->meter, w->all->clock());
		if (!letter->full)
			letter->result = meter_share_take(letter->share, w->meter, w->all->clock());
		letter->full |= letter->result == 0;
		break;
	case KEEP:
		buf_clear(&letter->decoders);
		letter->result = meter_checkpoint_decoders(w->meter, &letter->decoders);
		break;
	case RESUME:
		letter->result = resume(w, letter);
		break;
	case END:
		close_sockets(w);
		break;
	}
	mailbox_put(&w->all->back, &letter->message);
}

static void *
work(void *context)
{
	struct worker *w = context;
	for (;;) {
		struct pollfd wait[INLET_SOCKETS + 1] = {{.fd = w->to.fd, .events = POLLIN}};
		for (int i = 0; i < INLET_SOCKETS; i++)
			wait[i + 1] = (struct pollfd){.fd = w->sockets[i].fd, .events = POLLIN};
		if (poll(wait, INLET_SOCKETS + 1, -1) < 0)
			continue;
		struct letter *letter = (struct letter *)mailbox_take(&w->to);
		if (letter) {
			bool end = letter->errand == END;
			run_errand(w, letter);
			if (end)
				return NULL;
			continue; /* the sockets may be others now */
		}
		for (int i = 0; i < INLET_SOCKETS; i++)
			for (int turn = 0; wait[i + 1].revents && turn < BATCHES_A_TURN; turn++)
				if (!receive(w, i))
					break;
	}
}

/* --- in the meter's thread --- */

/* Sends an errand to all and waits until all are back. 0, or -1 when one could not be done. */
static int
send_all(struct inlet_workers *all, enum errand errand)
{
	int result = 0;
	for (size_t i = 0; i < all->count; i++) {
		all->workers[i].letter.errand = errand;
		mailbox_put(&all->workers[i].to, &all->workers[i].letter.message);
	}
	for (size_t i = 0; i < all->count; i++) {
		const struct letter *letter = (struct letter *)mailbox_wait(&all->back);
		result |= letter->result;
	}
	return result;
}

static int
start(struct worker *w, struct inlet_workers *all, const struct hub *hub, uint64_t run)
{
	pthread_attr_t attributes;
	sigset_t every, before;
	w->all = all;
	w->letter.worker = w;
	w->to.fd = -1;
	for (int i = 0; i < INLET_SOCKETS; i++)
		w->sockets[i].fd = -1;
	w->inbox = meter_inbox_new();
	w->letter.share = meter_share_new(run);
	w->meter = meter_new(hub, run, all->clock());
	if (!w->inbox || !w->letter.share || !w->meter || mailbox_init(&w->to) < 0 ||
	    pthread_attr_init(&attributes) != 0)
		return -1;
	meter_set_worker(w->meter);
	/* Signals are the loop's. */
	sigfillset(&every);
	(void)pthread_sigmask(SIG_SETMASK, &every, &before);
	(void)pthread_attr_setstacksize(&attributes, STACK_SIZE);
	int failed = pthread_create(&w->thread, &attributes, work, w);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)pthread_attr_destroy(&attributes);
	return failed ? -1 : 0;
}

static void
fini(struct worker *w)
{
	mailbox_fini(&w->to);
	meter_free(w->meter);
	meter_inbox_free(w->inbox);
	meter_share_free(w->letter.share);
	buf_fini(&w->letter.decoders);
}

struct inlet_workers *
inlet_workers_new(const struct hub *hub, size_t count, uint64_t run, struct utc_s (*clock)(void))
{
	assert(count >= 1 && count <= INLET_WORKERS_MAX);
	struct inlet_workers *all = calloc(1, sizeof(*all));
	if (!all)
		return NULL;
	all->clock = clock;
	all->back.fd = -1;
	all->workers = calloc(count, sizeof(*all->workers));
	if (!all->workers || mailbox_init(&all->back) < 0) {
		free(all->workers);
		free(all);
		return NULL;
	}
	for (; all->count < count; all->count++)
		if (start(&all->workers[all->count], all, hub, run) < 0) {
			fini(&all->workers[all->count]);
			inlet_workers_free(all);
			return NULL;
		}
	return all;
}

void
inlet_workers_free(struct inlet_workers *all)
{
	if (!all)
		return;
	(void)send_all(all, END);
	for (size_t i = 0; i < all->count; i++) {
		(void)pthread_join(all->workers[i].thread, NULL);
		fini(&all->workers[i]);
	}
	mailbox_fini(&all->back);
	free(all->workers);
	free(all);
}

/* The sockets of one endpoint, one for each worker: their order in the kernel's group is that of their
 * binding, and the program that chooses among them counts on it. */
static int
open_group(struct inlet_workers *all, int place, struct hub_endpoint at, char reason[INLET_REASON])
{
	char address[IP_TEXT];
	int result = 0;
	for (size_t i = 0; i < all->count && result == 0; i++) {
		struct meter_socket *s = &all->workers[i].letter.sockets[place];
		result = meter_socket_open_shared(s, at);
		all->buffer += result == 0 ? s->buffer : 0;
	}
	if (result == 0)
		result = meter_socket_steer(&all->workers[0].letter.sockets[place], all->count);
	if (result < 0)
		(void)snprintf(reason, INLET_REASON, "cannot listen on %s port %u: %s",
			       ip_format(address, at.ip), at.port, strerror(errno));
	return result;
}

static void
no_sockets(struct inlet_workers *all)
{
	for (size_t i = 0; i < all->count; i++)
		for (int s = 0; s < INLET_SOCKETS; s++)
			all->workers[i].letter.sockets[s] = (struct meter_socket){.fd = -1};
	all->buffer = 0;
}

int
inlet_workers_listen(struct inlet_workers *all, const struct inlet_endpoints *at,
		     char reason[INLET_REASON])
{
	if (memcmp(at, &all->at, sizeof(*at)) == 0)
		return 0;
	/* A group that loses a socket is renumbered: so all are closed, and opened anew. */
	no_sockets(all);
	(void)send_all(all, LISTEN);
	int result = 0;
	for (int i = 0; i < INLET_SOCKETS && result == 0; i++)
		if (at->at[i].ip.family != IP_NONE)
			result = open_group(all, i, at->at[i], reason);
	if (result < 0) {
		for (size_t i = 0; i < all->count; i++)
			for (int s = 0; s < INLET_SOCKETS; s++)
				meter_socket_close(&all->workers[i].letter.sockets[s]);
		memset(&all->at, 0, sizeof(all->at));
		return -1;
	}
	all->at = *at;
	return send_all(all, LISTEN);
}

int
inlet_workers_buffer(const struct inlet_workers *all)
{
	return all->buffer;
}

int
inlet_workers_apply(struct inlet_workers *all, const struct hub *hub)
{
	for (size_t i = 0; i < all->count; i++)
		all->workers[i].letter.hub = hub;
	return send_all(all, APPLY);
}

int
inlet_workers_learn(struct inlet_workers *all, const struct meter *m)
{
	if (meter_learned(m) == all->learned)
		return 0;
	for (size_t i = 0; i < all->count; i++)
		all->workers[i].letter.teacher = m;
	if (send_all(all, LEARN) < 0)
		return -1;
	all->learned = meter_learned(m);
	return 0;
}

void
inlet_workers_set_routes(struct inlet_workers *all, const struct rib_snapshot *routes)
{
	for (size_t i = 0; i < all->count; i++)
		all->workers[i].letter.routes = routes;
	(void)send_all(all, ROUTES);
}

int
inlet_workers_collect(struct inlet_workers *all, bool drain)
{
	return send_all(all, drain ? DRAIN : SHARE);
}

int
inlet_workers_merge(struct inlet_workers *all, struct meter *m)
{
	int result = 0;
	for (size_t i = 0; i < all->count; i++) {
		struct letter *letter = &all->workers[i].letter;
		if (!letter->full)
			continue;
		if (meter_merge(m, letter->share) == 0)
			letter->full = false;
		else
			result = -1; /* it is tried again the next time */
	}
	return result;
}

void
inlet_workers_keep(struct inlet_workers *all, struct buf *state)
{
	(void)send_all(all, KEEP);
	for (size_t i = 0; i < all->count; i++) {
		const struct letter *letter = &all->workers[i].letter;
		if (letter->result < 0)
			continue; /* no memory: templates come again by themselves */
		size_t part = inlet_state_open(state, INLET_DECODERS);
		inlet_state_put_place(state,
				      (struct inlet_place){(uint16_t)i, (uint16_t)all->count});
		buf_put(state, letter->decoders.data, letter->decoders.length);
		inlet_state_close(state, part);
	}
}

int
inlet_workers_resume(struct inlet_workers *all, struct inlet_place place, struct cursor part)
{
	for (size_t i = 0; i < all->count; i++) {
		all->workers[i].letter.place = place;
		all->workers[i].letter.part = part;
	}
	return send_all(all, RESUME);
}

size_t
inlet_workers_count(const struct inlet_workers *all)
{
	return all->count;
}

void
inlet_workers_memory(const struct inlet_workers *all, struct meter_memory out[METER_PARTS])
{
	for (size_t i = 0; i < all->count; i++) {
		meter_share_memory(all->workers[i].letter.share, out);
		out[METER_INBOXES].octets += meter_inbox_size();
		out[METER_INBOXES].bound += meter_inbox_size();
	}
}
