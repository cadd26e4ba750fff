/* Reading a store through beside the ledger. */
#include "main/ledger_inspect.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "ledger/ledger_store_io.h"
#include "main/ledger_thread.h"

struct inspection {
	struct arena *arena;
	struct hub_store where;
	const char *path;
	struct buf text; /* what was found */
	bool sound;
};

static void
inspection_free(void *job)
{
	struct inspection *in = job;
	buf_fini(&in->text);
	arena_free(in->arena);
	free(in);
}

/* In the thread. */
static void
look_through(void *job)
{
	struct inspection *in = job;
	char reason[LEDGER_STORE_REASON];
	struct ledger_store *store =
		ledger_store_open(&in->where, in->path, LEDGER_STORE_WHOLE, reason);
	if (!store) {
		buf_printf(&in->text, "%s\n", reason);
		return;
	}
	enum ledger_store_error error = ledger_store_verify(store, &in->text);
	if (error)
		buf_printf(&in->text, "%s\n", ledger_store_error_text(store));
	in->sound = !error && !in->text.length && !in->text.failed;
	if (in->sound)
		buf_str(&in->text, "the store is sound\n");
	ledger_store_close(store);
}

static bool
ready(void *state, struct control_answer *answer)
{
	const struct inspection *in = ledger_thread_look(state);
	if (!in)
		return false;
	if (!in->sound)
		control_error(answer, 500, "the store is not sound");
	buf_put(&answer->body, in->text.data, in->text.length);
	return true;
}

static void
done(void *state)
{
	ledger_thread_free(state);
}

void
ledger_inspect(const struct hub_store *where, const char *path, struct control_answer *answer)
{
	struct inspection *in = calloc(1, sizeof(*in));
	if (in)
		in->arena = arena_new();
	bool good = in && in->arena && hub_store_copy(&in->where, where, in->arena) &&
		    (in->path = arena_copy(in->arena, path, strlen(path))) != NULL;
	struct ledger_thread *thread =
		good ? ledger_thread_start(look_through, in, inspection_free) : NULL;
	if (!good && in)
		inspection_free(in);
	if (!thread) {
		control_error(answer, 500, "no memory");
		return;
	}
	answer->state = thread;
	answer->ready = ready;
	answer->done = done;
}
