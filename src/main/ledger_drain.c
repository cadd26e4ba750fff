/* From the spool into a store that is behind a network. */
#include "main/ledger_drain.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock_io.h"
#include "base/log.h"
#include "ledger/ledger_store_io.h"

enum {
	LOOK_MS = 1000,    /* between looks at the spool */
	BLOCKED_MS = 2000, /* when the store takes nothing */
	FILES_A_TURN = 64,
	STOP_S = 2,
};

/* The loop's side. */
struct ledger_drain {
	pthread_t thread;
	int channel; /* states come; closed: the thread ends */
	struct ledger_drain_state state;
};

/* The thread's. It frees this itself. */
struct drainer {
	struct arena *arena; /* of the settings */
	struct hub_store where;
	const char *directory;
	int channel;
	struct ledger_spool *spool;
	struct ledger_store *store;
	struct ledger_drain_state state;
};

static void
drainer_free(struct drainer *d)
{
	ledger_spool_close(d->spool);
	ledger_store_close(d->store);
	if (d->channel >= 0)
		(void)close(d->channel);
	arena_free(d->arena);
	free(d);
}

/* --- the thread --- */

static void
tell(struct drainer *d)
{
	if (d->spool)
		d->state.spool = *ledger_spool_status(d->spool);
	/* A loop that has not read the last ones gets the next. */
	(void)send(d->channel, &d->state, sizeof(d->state), MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* False when the loop's side is closed. */
static bool
wait_ms(const struct drainer *d, int ms)
{
	struct pollfd end = {.fd = d->channel, .events = POLLIN};
	return poll(&end, 1, ms) == 0 || !(end.revents & (POLLIN | POLLHUP | POLLERR));
}

static bool
open_store(struct drainer *d)
{
	char reason[LEDGER_STORE_REASON];
	if (d->store)
		return true;
	d->store = ledger_store_open(&d->where, "", LEDGER_STORE_WHOLE, reason);
	if (!d->store) {
		if (strcmp(reason, d->state.store_trouble) != 0)
			log_error("store: %s", reason);
		memcpy(d->state.store_trouble, reason, sizeof(d->state.store_trouble));
		return false;
	}
	if (d->state.store_trouble[0])
		log_info("store: open again");
	d->state.store_trouble[0] = 0;
	return true;
}

static void *
drain(void *context)
{
	struct drainer *d = context;
	int again_ms = 0;
	while (wait_ms(d, again_ms)) {
		again_ms = BLOCKED_MS;
		if (open_store(d)) {
			enum ledger_spool_turn turn =
				ledger_spool_turn(d->spool, d->store, FILES_A_TURN, clock_mono());
			/* It is opened anew for the next try: with a new password, for
			 * example. */
			if (turn == LEDGER_SPOOL_BLOCKED) {
				ledger_store_close(d->store);
				d->store = NULL;
			}
			again_ms = turn == LEDGER_SPOOL_MORE      ? 0
				   : turn == LEDGER_SPOOL_BLOCKED ? BLOCKED_MS
								  : LOOK_MS;
		} else {
			(void)ledger_spool_turn(d->spool, NULL, 0, clock_mono());
		}
		tell(d);
	}
	drainer_free(d);
	return NULL;
}

/* --- the loop's side --- */

static struct drainer *
drainer_new(const struct hub_store *where, const char *directory)
{
	struct drainer *d = calloc(1, sizeof(*d));
	if (!d)
		return NULL;
	d->channel = -1;
	d->arena = arena_new();
	bool good = d->arena && hub_store_copy(&d->where, where, d->arena);
	if (good)
		d->directory = arena_copy(d->arena, directory, strlen(directory));
	good = good && d->directory;
	errno = ENOMEM;
	d->spool = good ? ledger_spool_open(d->directory) : NULL;
	if (!d->spool) {
		int error = errno;
		drainer_free(d);
		errno = error;
		return NULL;
	}
	return d;
}

static int
start_thread(struct ledger_drain *drain_side, struct drainer *d)
{
	sigset_t all, before;
	(void)sigfillset(&all);
	/* Signals are the loop's. */
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	int failed = pthread_create(&drain_side->thread, NULL, drain, d);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = failed;
	return failed ? -1 : 0;
}

struct ledger_drain *
ledger_drain_start(const struct hub_store *where, const char *spool_directory)
{
	int ends[2];
	struct ledger_drain *side = calloc(1, sizeof(*side));
	struct drainer *d = side ? drainer_new(where, spool_directory) : NULL;
	if (!d)
		goto failed;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
		drainer_free(d);
		goto failed;
	}
	side->channel = ends[0];
	d->channel = ends[1];
	if (start_thread(side, d) == 0)
		return side;
	(void)close(ends[0]);
	drainer_free(d);
failed:
	free(side);
	return NULL;
}

const struct ledger_drain_state *
ledger_drain_state(struct ledger_drain *drain)
{
	struct ledger_drain_state state;
	while (recv(drain->channel, &state, sizeof(state), MSG_DONTWAIT) == sizeof(state))
		drain->state = state;
	return &drain->state;
}

void
ledger_drain_stop(struct ledger_drain *drain)
{
	if (!drain)
		return;
	(void)close(drain->channel);
	struct timespec until;
	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += STOP_S;
	if (pthread_clockjoin_np(drain->thread, NULL, CLOCK_MONOTONIC, &until) != 0)
		log_debug("spool: a server is still at it");
	free(drain);
}
