/* The journal in the ledger's process: the months of ways that follow from what the corridor said and from the
 * store. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock_io.h"
#include "main/ledger_books_parts.h"

enum {
	WAIT_US =
		2000000, /* so long after it was last read on a month is somebody's who will ask again */
	MONTH_S = 32 * 86400,
};

/* Of a time, joined with what was measured. */
struct ledger_books_month {
	const struct ledger_books_gathered *said; /* the books' */
	struct ledger_way_month *ways;            /* NULL: not all that was said was read */
	bool ready;
	struct mono_us touched; /* when it was last read on */
	/* What it is of. */
	struct ledger_store *store;
	struct utc_s from, to;
	uint32_t bin_s;
	uint64_t batches; /* in its time */
	uint64_t changes; /* of the store, when these were counted */
};

void
ledger_books_month_free(struct ledger_books_month *month)
{
	if (!month)
		return;
	ledger_way_month_free(month->ways);
	free(month);
}

static void
forget(struct ledger_books *books)
{
	ledger_books_month_free(books->month);
	books->month = NULL;
}

/* --- what was said --- */

/* What was said whole, and is held against by what is put down as a difference. */
struct base {
	uint64_t entry;
	const struct ways *ways;
};

struct gathering {
	struct arena *arena;
	struct base *bases; /* as many as were read; in the order of entries */
	size_t base_count;
	const struct ways *base; /* of that which is read; NULL: it is whole */
	const struct ways *ways; /* that was read */
	struct ledger_hash hash;
	const char *error;
};

/* Of a time, read some entries at a turn: a month of them may take seconds. */
struct ledger_books_gathered {
	struct gathering reading; /* its arena holds all */
	struct ledger_way_state *states;
	size_t state_count;
	struct utc_s from, to;
	size_t entries; /* of the journal, when it was begun */
	size_t next;    /* the one that is read next; behind the last: the states are in order */
	bool complete;
};

void
ledger_books_gathered_free(struct ledger_books_gathered *gathered)
{
	if (!gathered)
		return;
	arena_free(gathered->reading.arena);
	free(gathered);
}

static bool
gather(void *context, const struct ledger_row *row)
{
	struct gathering *g = context;
	struct arena *arena = g->arena;
	struct ways *ways = arena_take(arena, sizeof(*ways));
	int result = -1;
	g->error = "no memory";
	if (ways && g->base)
		result = ways_delta_read(ways, arena, g->base, row->body, &g->error);
	else if (ways)
		result = ways_read(ways, arena, row->body.at, cursor_left(&row->body), &g->error);
	g->ways = result == 0 ? ways : NULL;
	g->hash = ledger_hash_of(row->text.at, cursor_left(&row->text));
	return false;
}

/* Reads what one entry says, with that which it is the difference to. 0, or -1 with the reason. */
static int
read_entry(struct gathering *g, struct ledger_books *books, uint64_t entry, uint64_t since,
	   char reason[LEDGER_JOURNAL_REASON])
{
	struct ledger_walk walk = {
		.from = entry, .to = entry, .bodies = true, .visit = gather, .context = g};
	g->base = NULL;
	g->ways = NULL;
	for (size_t i = 0; since && i < g->base_count; i++)
		if (g->bases[i].entry == since)
			g->base = g->bases[i].ways;
	if (ledger_journal_walk(books->said, &walk, reason) < 0)
		return -1;
	if (!g->ways) {
		(void)snprintf(reason, LEDGER_JOURNAL_REASON, "ways, entry %" PRIu64 ": %s", entry,
			       g->error);
		return -1;
	}
	if (!since)
		g->bases[g->base_count++] = (struct base){entry, g->ways};
	return 0;
}

static bool
has_base(const struct gathering *g, uint64_t entry)
{
	for (size_t i = 0; i < g->base_count; i++)
		if (g->bases[i].entry == entry)
			return true;
	return false;
}

/* The same, and before that what it is the difference to, where that was not read yet. */
static int
read_said(struct gathering *g, struct ledger_books *books, const struct ledger_said *said,
	  char reason[LEDGER_JOURNAL_REASON])
{
	if (said->since && !has_base(g, said->since) &&
	    read_entry(g, books, said->since, 0, reason) < 0)
		return -1;
	return read_entry(g, books, said->entry, said->since, reason);
}

const struct ways *
ledger_books_last_ways(struct ledger_books *books, struct arena *arena)
{
	const struct ledger_documents *d = &ledger_books_said(books)->documents;
	const struct ledger_said *last = NULL;
	struct base bases[2];
	struct gathering g = {.arena = arena, .bases = bases};
	char reason[LEDGER_JOURNAL_REASON];
	for (size_t i = 0; i < d->said_count; i++)
		if (!last || d->said[i].from.s >= last->from.s)
			last = &d->said[i];
	return last && read_said(&g, books, last, reason) == 0 ? g.ways : NULL;
}

/* What was said of the time, or of a longer one: what the books have, or begun anew. NULL without memory. */
static struct ledger_books_gathered *
gathered_of(struct ledger_books *books, struct utc_s from, struct utc_s to)
{
	const size_t entries = ledger_books_said(books)->documents.said_count;
	struct ledger_books_gathered *g = books->gathered;
	if (g && from.s >= g->from.s && to.s <= g->to.s && g->entries == entries)
		return g;
	forget(books);
	ledger_books_gathered_free(g);
	books->gathered = g = calloc(1, sizeof(*g));
	if (!g)
		return NULL;
	*g = (struct ledger_books_gathered){
		.reading.arena = arena_new(), .from = from, .to = to, .entries = entries};
	struct arena *arena = g->reading.arena;
	if (arena) {
		g->states = arena_take(arena, (entries + 1) * sizeof(*g->states));
		g->reading.bases = arena_take(arena, (entries + 1) * sizeof(*g->reading.bases));
	}
	if (g->states && g->reading.bases)
		return g;
	ledger_books_gathered_free(g);
	books->gathered = NULL;
	return NULL;
}

/* Reads on for so long. */
static enum ledger_books_way
gather_on(struct ledger_books *books, int64_t most_us, char reason[LEDGER_JOURNAL_REASON])
{
	struct ledger_books_gathered *g = books->gathered;
	const struct ledger_documents *d = &ledger_books_said(books)->documents;
	struct mono_us start = clock_mono();
	while (g->next < g->entries) {
		const struct ledger_said *said = &d->said[g->next++];
		if (said->from.s >= g->to.s || said->until.s <= g->from.s)
			continue;
		if (read_said(&g->reading, books, said, reason) < 0) {
			forget(books);
			ledger_books_gathered_free(g);
			books->gathered = NULL;
			return LEDGER_BOOKS_WAY_FAILED;
		}
		const struct ways *ways = g->reading.ways;
		g->states[g->state_count++] = (struct ledger_way_state){
			ways->from, ways->until, ways, said->entry, g->reading.hash};
		if (clock_mono().us - start.us >= most_us)
			return LEDGER_BOOKS_WAY_MORE;
	}
	if (!g->complete)
		g->state_count = ledger_way_states(g->states, g->state_count);
	g->complete = true;
	return LEDGER_BOOKS_WAY_READY;
}

static bool
says_of(const struct ledger_books_gathered *g, struct utc_s from, struct utc_s to)
{
	for (size_t i = 0; i < g->state_count; i++)
		if (g->states[i].from.s < to.s && g->states[i].to.s > from.s)
			return true;
	return false;
}

/* --- joined with what was measured --- */

/* Sums that are old can be told apart by the hour only. */
uint32_t
ledger_books_way_bin(const struct ledger_books_place *place, struct utc_s from)
{
	uint32_t bin_s = place->hub->bin_length_s;
	for (int i = 0; i < LEDGER_SUM_KINDS; i++)
		if (ledger_folds[i].kind == LEDGER_PAIRS &&
		    place->now.s - from.s > ledger_folds[i].fine_s &&
		    bin_s < ledger_folds[i].folded_s)
			bin_s = ledger_folds[i].folded_s;
	return bin_s;
}

/* Is it still as it was? What became of it meanwhile is counted only when the store has changed. */
static bool
still_holds(struct ledger_books_month *m, const struct ledger_books *books,
	    const struct ledger_books_place *place)
{
	struct ledger_store_totals totals;
	uint64_t batches;
	if (m->store != ledger_desk_store(place->desk) ||
	    m->said->entries != ledger_books_said(books)->documents.said_count ||
	    m->bin_s != ledger_books_way_bin(place, m->from) ||
	    ledger_store_totals(m->store, &totals) != LEDGER_STORE_OK)
		return false;
	if (m->changes == totals.changes)
		return true;
	if (ledger_store_count(m->store, m->from, m->to, &batches) != LEDGER_STORE_OK ||
	    batches != m->batches)
		return false;
	m->changes = totals.changes;
	return true;
}

static struct ledger_books_month *
begin(struct ledger_books *books, const struct ledger_books_place *place, struct utc_s from,
      struct utc_s to, char reason[LEDGER_JOURNAL_REASON])
{
	struct ledger_store_totals totals;
	const struct ledger_books_gathered *said = gathered_of(books, from, to);
	struct ledger_books_month *m = said ? calloc(1, sizeof(*m)) : NULL;
	(void)snprintf(reason, LEDGER_JOURNAL_REASON, "no memory");
	if (!m)
		return NULL;
	*m = (struct ledger_books_month){.said = said,
					 .store = ledger_desk_store(place->desk),
					 .from = from,
					 .to = to,
					 .bin_s = ledger_books_way_bin(place, from)};
	if (ledger_store_totals(m->store, &totals) == LEDGER_STORE_OK &&
	    ledger_store_count(m->store, from, to, &m->batches) == LEDGER_STORE_OK) {
		m->changes = totals.changes;
		return m;
	}
	(void)snprintf(reason, LEDGER_JOURNAL_REASON, "the store: %.200s",
		       ledger_store_error_text(m->store));
	ledger_books_month_free(m);
	return NULL;
}

static enum ledger_books_way
read_on(struct ledger_books *books, int64_t most_us, char reason[LEDGER_JOURNAL_REASON])
{
	struct ledger_books_month *m = books->month;
	enum ledger_way_turn turn;
	struct ledger_way_setting setting = {m->from, m->to, m->said->states, m->said->state_count,
					     m->bin_s};
	if (!m->ways && !(m->ways = ledger_way_month_new(m->store, &setting))) {
		(void)snprintf(reason, LEDGER_JOURNAL_REASON, "no memory");
		forget(books);
		return LEDGER_BOOKS_WAY_FAILED;
	}
	struct mono_us start = clock_mono();
	do
		turn = ledger_way_month_next(m->ways);
	while (turn == LEDGER_WAY_MORE && clock_mono().us - start.us < most_us);
	if (turn == LEDGER_WAY_MORE)
		return LEDGER_BOOKS_WAY_MORE;
	m->ready = turn == LEDGER_WAY_END;
	if (m->ready)
		return LEDGER_BOOKS_WAY_READY;
	(void)snprintf(reason, LEDGER_JOURNAL_REASON, "%s%.200s",
		       turn == LEDGER_WAY_STORE ? "the store: " : "",
		       turn == LEDGER_WAY_STORE   ? ledger_store_error_text(m->store)
		       : turn == LEDGER_WAY_MOVED ? "the store was opened anew: ask again"
						  : "no memory");
	forget(books);
	return LEDGER_BOOKS_WAY_FAILED;
}

enum ledger_books_way
ledger_books_way_month(struct ledger_way_month **month, struct ledger_books *books,
		       struct utc_s from, struct utc_s to, bool silent,
		       char reason[LEDGER_JOURNAL_REASON])
{
	struct ledger_books_place place = books->where(books->context);
	if (!ledger_books_said(books))
		return LEDGER_BOOKS_WAY_NOTHING;
	if (!place.desk) {
		(void)snprintf(reason, LEDGER_JOURNAL_REASON, "the store is not open");
		return LEDGER_BOOKS_WAY_FAILED;
	}
	struct ledger_books_month *m = books->month;
	if (m && (m->from.s != from.s || m->to.s != to.s || !still_holds(m, books, &place))) {
		/* Two who ask for two months would else take turns at beginning. */
		if ((m->from.s != from.s || m->to.s != to.s) && !m->ready &&
		    clock_mono().us - m->touched.us < WAIT_US)
			return LEDGER_BOOKS_WAY_MORE;
		forget(books);
	}
	if (!books->month && !(books->month = begin(books, &place, from, to, reason)))
		return LEDGER_BOOKS_WAY_FAILED;
	m = books->month;
	m->touched = clock_mono();
	enum ledger_books_way result = gather_on(books, place.turn_us, reason);
	if (result != LEDGER_BOOKS_WAY_READY)
		return result;
	if (!silent && !says_of(m->said, from, to)) {
		forget(books);
		return LEDGER_BOOKS_WAY_NOTHING;
	}
	result = m->ready ? LEDGER_BOOKS_WAY_READY : read_on(books, place.turn_us, reason);
	if (result != LEDGER_BOOKS_WAY_READY)
		return result;
	*month = books->month->ways;
	return LEDGER_BOOKS_WAY_READY;
}

enum ledger_books_way
ledger_books_way_of(struct ledger_way *out, struct arena *arena, struct ledger_books *books,
		    const struct ledger_invoice *invoice, bool silent,
		    char reason[LEDGER_JOURNAL_REASON])
{
	const struct hub_contract *c = invoice->contract;
	struct ledger_way_month *month;
	if (!c->port_count)
		return LEDGER_BOOKS_WAY_NOTHING;
	enum ledger_books_way got = ledger_books_way_month(&month, books, invoice->period.from,
							   invoice->period.to, silent, reason);
	if (got != LEDGER_BOOKS_WAY_READY)
		return got;
	const char **ports = arena_take(arena, c->port_count * sizeof(*ports));
	for (size_t i = 0; ports && i < c->port_count; i++)
		ports[i] = invoice->hub->ports[c->ports[i]].id;
	struct ledger_way_of of = {ports, c->port_count, invoice->member->asn};
	if (ports && ledger_way_of(out, month, arena, &of) == 0)
		return LEDGER_BOOKS_WAY_READY;
	(void)snprintf(reason, LEDGER_JOURNAL_REASON, "the proof of the way: %s",
		       ports ? strerror(errno) : "no memory");
	return LEDGER_BOOKS_WAY_FAILED;
}

int
ledger_books_lived(void *context, const struct ledger_way_of *of, struct utc_s from,
		   struct utc_s to, struct ledger_lived *out)
{
	struct ledger_books *books = context;
	const struct ledger_journal *said = ledger_books_said(books);
	char reason[LEDGER_JOURNAL_REASON];
	/* Where nothing was ever said nothing is known; where it cannot be read nothing is billed. */
	if (!said && books->said_trouble[0])
		return -1;
	if (!said) {
		ledger_lived_of(out, from, to, NULL, 0, of);
		return 0;
	}
	/* A month that runs grows with each question: it is read as a whole. */
	struct utc_s end = {from.s + MONTH_S};
	if (!gathered_of(books, from, to.s > end.s ? to : end) ||
	    gather_on(books, INT64_MAX, reason) != LEDGER_BOOKS_WAY_READY)
		return -1;
	ledger_lived_of(out, from, to, books->gathered->states, books->gathered->state_count, of);
	return 0;
}
