/* The journal in the ledger's process: the end of steering. A corridor that dies cannot say that its ways no longer
 * hold, and the exchange goes by the last plan until the dead man's switch acts: from that moment, which the exchange
 * writes down, the ways of steering are not known, and only what needs no plan is (contracts, ports of one site). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "main/corridor_steering_files.h"
#include "main/ledger_books_parts.h"

enum {
	LOOK_S = 10,
	GRACE_S = 60,          /* a corridor that lives says it itself */
	GOOD_S = 86400 + 3600, /* as what the corridor says */
};

/* The last ways without those of steering. True when they are put down, or need not be. */
static bool
put_plain(struct ledger_books *books, struct utc_s since)
{
	char number[40];
	struct buf text = {0};
	struct arena *arena = arena_new();
	const struct ways *last = arena ? ledger_books_last_ways(books, arena) : NULL;
	bool done =
		last && (last->from.s >= since.s || last->until.s <= since.s || !last->exit_count);
	if (last && !done) {
		struct ways plain = *last;
		plain.exit_count = plain.way_count = 0;
		plain.from = since;
		plain.until.s = since.s + GOOD_S;
		plain.why = "routes go by plain BGP, and the corridor says nothing";
		(void)snprintf(number, sizeof(number), "plain %" PRId64, since.s);
		ways_write(&plain, &text);
		done = !text.failed &&
		       ledger_books_put_ways(books, &plain, number, "exchange", &text);
	}
	buf_fini(&text);
	arena_free(arena);
	return done;
}

void
ledger_books_plain_turn(struct ledger_books *books)
{
	struct steer_state state;
	int64_t now = ledger_books_now(books).s;
	if (!books->run || (now >= books->plain_looked_s && now - books->plain_looked_s < LOOK_S))
		return;
	books->plain_looked_s = now;
	if (!corridor_steer_state(&state, books->run) || state.by_plan ||
	    state.since.s > now - GRACE_S || state.since.s == books->plain_since.s)
		return;
	if (put_plain(books, state.since))
		books->plain_since = state.since;
}
