/* Reading a store through beside the ledger. The thread hands its finding over a socket pair; when
 * nobody wants it any more it is told by that, and throws it away. */
#include "main/ledger_inspect.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "ledger/ledger_store_io.h"

struct finding {
	bool sound;
	struct buf text;
};

/* The thread's. */
struct inspector {
	struct arena *arena;
	struct hub_store where;
	const char *path;
	int channel;
};

static void
inspector_free(struct inspector *in)
{
	if (in->channel >= 0)
		(void)close(in->channel);
	arena_free(in->arena);
	free(in);
}

static void
finding_free(struct finding *finding)
{
	buf_fini(&finding->text);
	free(finding);
}

/* --- the thread --- */

static void
look_through(const struct inspector *in, struct finding *finding)
{
	char reason[LEDGER_STORE_REASON];
	struct ledger_store *store =
		ledger_store_open(&in->where, in->path, LEDGER_STORE_WHOLE, reason);
	if (!store) {
		buf_printf(&finding->text, "%s\n", reason);
		return;
	}
	enum ledger_store_error error = ledger_store_verify(store, &finding->text);
	if (error)
		buf_printf(&finding->text, "%s\n", ledger_store_error_text(store));
	finding->sound = !error && !finding->text.length && !finding->text.failed;
	if (finding->sound)
		buf_str(&finding->text, "the store is sound\n");
	ledger_store_close(store);
}

static void *
inspect(void *context)
{
	struct inspector *in = context;
	struct finding *finding = calloc(1, sizeof(*finding));
	if (finding)
		look_through(in, finding);
	if (finding &&
	    send(in->channel, &finding, sizeof(finding), MSG_NOSIGNAL) != (ssize_t)sizeof(finding))
		finding_free(finding);
	inspector_free(in);
	return NULL;
}

/* --- the loop's side --- */

struct waiting {
	int channel;
};

static bool
ready(void *state, struct control_answer *answer)
{
	const struct waiting *waiting = state;
	struct finding *finding;
	ssize_t got = recv(waiting->channel, &finding, sizeof(finding), MSG_DONTWAIT);
	if (got < 0)
		return false;
	if (got != (ssize_t)sizeof(finding)) {
		control_error(answer, 500, "no memory");
		return true;
	}
	if (!finding->sound)
		control_error(answer, 500, "the store is not sound");
	buf_put(&answer->body, finding->text.data, finding->text.length);
	finding_free(finding);
	return true;
}

static void
done(void *state)
{
	struct waiting *waiting = state;
	struct finding *finding;
	if (recv(waiting->channel, &finding, sizeof(finding), MSG_DONTWAIT) ==
	    (ssize_t)sizeof(finding))
		finding_free(finding);
	(void)close(waiting->channel);
	free(waiting);
}

static int
start_thread(struct inspector *in)
{
	sigset_t all, before;
	pthread_t thread;
	(void)sigfillset(&all);
	/* Signals are the loop's. */
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	int failed = pthread_create(&thread, NULL, inspect, in);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed)
		return -1;
	(void)pthread_detach(thread);
	return 0;
}

void
ledger_inspect(const struct hub_store *where, const char *path, struct control_answer *answer)
{
	int ends[2] = {-1, -1};
	struct waiting *waiting = calloc(1, sizeof(*waiting));
	struct inspector *in = calloc(1, sizeof(*in));
	if (in) {
		in->channel = -1;
		in->arena = arena_new();
	}
	if (!waiting || !in || !in->arena || !hub_store_copy(&in->where, where, in->arena) ||
	    !(in->path = arena_copy(in->arena, path, strlen(path))) ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		goto failed;
	waiting->channel = ends[0];
	in->channel = ends[1];
	if (start_thread(in) < 0) {
		(void)close(ends[0]);
		goto failed;
	}
	answer->state = waiting;
	answer->ready = ready;
	answer->done = done;
	return;
failed:
	control_error(answer, 500, "no memory");
	free(waiting);
	if (in)
		inspector_free(in);
}
