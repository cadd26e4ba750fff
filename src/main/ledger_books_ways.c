/* The journal in the ledger's process: what the corridor said of its ways comes in, and the months of ways that
 * follow from that and from the store. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "main/ledger_books_parts.h"
#include "main/ledger_reading.h"

enum {
	FILES_A_TURN = 16,
	NAME = 64,
	WHOLE_S = 7 * 86400, /* all is said again after so long, whatever has changed */
};

/* --- taking in --- */

static bool
is_ways(const char *name)
{
	size_t digits = strspn(name, "0123456789");
	return digits && digits < NAME - sizeof(WAYS_SUFFIX) &&
	       strcmp(name + digits, WAYS_SUFFIX) == 0;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* The oldest files of the folder, in order; how many. *more: there are others. */
static size_t
list(char names[FILES_A_TURN + 1][NAME], const char *directory, bool *more)
{
	DIR *folder = opendir(directory);
	size_t count = 0;
	*more = false;
	for (struct dirent *entry; folder && (entry = readdir(folder));) {
		if (!is_ways(entry->d_name))
			continue;
		(void)snprintf(names[count++], NAME, "%.*s", NAME - 1, entry->d_name);
		qsort(names, count, NAME, by_name);
		*more |= count > FILES_A_TURN;
		if (count > FILES_A_TURN)
			count = FILES_A_TURN;
	}
	if (folder)
		(void)closedir(folder);
	return count;
}

/* 0, or -1 and errno: EFBIG for what cannot be ways. */
static int
read_file(struct buf *out, const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return -1;
	int result = fstat(fd, &st);
	if (result == 0 && (!S_ISREG(st.st_mode) || st.st_size > WAYS_LENGTH_MAX)) {
		errno = EFBIG;
		result = -1;
	}
	if (result == 0 && !buf_reserve(out, (size_t)st.st_size + 1)) {
		errno = ENOMEM;
		result = -1;
	}
	ssize_t got = result == 0 ? read(fd, out->data, (size_t)st.st_size) : -1;
	out->length = got > 0 ? (size_t)got : 0;
	int error = errno;
	(void)close(fd);
	errno = error;
	return got == st.st_size ? 0 : -1;
}

/* What cannot be read is put aside, to be looked at by somebody. */
static void
refuse(const char *path, const char *why)
{
	char aside[4096];
	(void)snprintf(aside, sizeof(aside), "%.4080s.refused", path);
	log_warn("%s: refused: %s", path, why);
	if (rename(path, aside) < 0)
		(void)unlink(path);
}

/* --- wholes --- */

void
ledger_books_whole_free(struct ledger_books_whole *whole)
{
	arena_free(whole->arena);
	*whole = (struct ledger_books_whole){0};
}

struct reading {
	struct ledger_books_whole *out;
	bool read;
};

static bool
read_whole(void *context, const struct ledger_row *row)
{
	struct reading *r = context;
	const char *error;
	r->read = ways_read(&r->out->ways, r->out->arena, row->body.at, cursor_left(&row->body),
			    &error) == 0;
	return false;
}

/* Reads the last that was said whole, as a process does that begins anew. Where there is none, or it cannot be read,
 * the next is said whole. */
static void
find_whole(struct ledger_books *books)
{
	const struct ledger_documents *d = &ledger_books_said(books)->documents;
	char reason[LEDGER_JOURNAL_REASON];
	size_t at = d->said_count;
	while (at && d->said[at - 1].since)
		at--;
	struct ledger_books_whole *whole = &books->whole;
	if (whole->arena || !at || !(whole->arena = arena_new()))
		return;
	whole->entry = d->said[at - 1].entry;
	struct reading reading = {whole, false};
	struct ledger_walk walk = {.from = whole->entry,
				   .to = whole->entry,
				   .bodies = true,
				   .visit = read_whole,
				   .context = &reading};
	if (ledger_journal_walk(books->said, &walk, reason) < 0 || !reading.read)
		ledger_books_whole_free(whole);
}

/* What is put down: what has changed since the last whole, where that is much shorter than all. Replaces *text then,
 * and the entry that it is the difference to; 0: it stays whole. */
static uint64_t
shorten(struct ledger_books *books, const struct ways *ways, struct buf *text)
{
	const struct ledger_books_whole *whole = &books->whole;
	struct buf less = {0};
	find_whole(books);
	if (!whole->arena || ways->from.s < whole->ways.from.s ||
	    ways->from.s - whole->ways.from.s >= WHOLE_S)
		return 0;
	ways_delta_write(&whole->ways, ways, whole->entry, &less);
	if (less.failed || less.length > text->length / 2) {
		buf_fini(&less);
		return 0;
	}
	buf_fini(text);
	*text = less;
	return whole->entry;
}

/* On the disk, or there already. */
static bool
keep(struct ledger_books *books, struct ledger_ways_said *said, const char *by)
{
	struct ledger_drafts drafts = {0};
	char reason[LEDGER_JOURNAL_REASON];
	struct ledger_order order = {
		.journal = ledger_books_said(books),
		.prefix = hub_called(books->where(books->context).hub),
		.by = by,
		.reason = "",
		.key = "",
		.now = ledger_books_now(books),
		.drafts = &drafts,
	};
	bool done = ledger_post_ways(&order, said) == 0;
	if (!done)
		(void)snprintf(reason, sizeof(reason), "%s", order.complaint);
	else if (drafts.count)
		done = ledger_journal_append(books->said, &drafts, order.now, reason) == 0;
	if (!done)
		log_warn("journal %s: %s", books->said_path, reason);
	ledger_drafts_fini(&drafts);
	return done;
}

bool
ledger_books_put_ways(struct ledger_books *books, const struct ways *ways, const char *number,
		      const char *by, struct buf *text)
{
	struct ledger_ways_said said = {number, ways->from, ways->until, 0, text};
	said.since = shorten(books, ways, text);
	bool done = keep(books, &said, by);
	/* A whole one is what the next is held against; it is read again from the journal. */
	if (!said.since)
		ledger_books_whole_free(&books->whole);
	buf_fini(text);
	return done;
}

/* An entry for one file. False when it is to be tried again. */
static bool
take_one(struct ledger_books *books, const char *name)
{
	char path[4096], number[NAME];
	struct buf text = {0};
	struct ways ways;
	const char *error = NULL;
	(void)snprintf(path, sizeof(path), "%.4000s/%s", books->told, name);
	(void)snprintf(number, sizeof(number), "%.*s", (int)strspn(name, "0123456789"), name);
	struct arena *arena = arena_new();
	if (!arena || read_file(&text, path) < 0) {
		bool odd = arena && errno == EFBIG;
		if (odd)
			refuse(path, "it is no file of ways");
		buf_fini(&text);
		arena_free(arena);
		return odd;
	}
	if (ways_read(&ways, arena, text.data, text.length, &error) < 0) {
		refuse(path, error);
		buf_fini(&text);
		arena_free(arena);
		return true;
	}
	bool done = ledger_books_put_ways(books, &ways, number, "corridor", &text);
	if (done)
		(void)unlink(path);
	arena_free(arena);
	return done;
}

const struct ledger_journal *
ledger_books_said(const struct ledger_books *books)
{
	return books->said ? ledger_journal_of(books->said) : NULL;
}

/* Opens what is not open; there is none before something was said. */
static bool
open_said(struct ledger_books *books, bool needed)
{
	char reason[LEDGER_JOURNAL_REASON];
	if (books->said && !ledger_journal_of(books->said)) {
		ledger_journal_close(books->said);
		books->said = NULL;
	}
	if (books->said || (!needed && access(books->said_path, F_OK) < 0))
		return books->said != NULL;
	books->said = ledger_journal_open(books->said_path, reason);
	if (!books->said && strcmp(reason, books->said_trouble) != 0) {
		log_error("journal %s", reason);
		memcpy(books->said_trouble, reason, sizeof(reason));
	}
	if (books->said)
		books->said_trouble[0] = '\0';
	return books->said != NULL;
}

bool
ledger_books_ways_turn(struct ledger_books *books)
{
	char names[FILES_A_TURN + 1][NAME];
	bool more = false;
	size_t count = books->told ? list(names, books->told, &more) : 0;
	if (!open_said(books, count > 0))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!take_one(books, names[i]) || !ledger_books_said(books))
			return false;
	if (!count)
		ledger_books_plain_turn(books);
	return more;
}

/* --- a month --- */

struct ledger_books_month {
	struct arena *arena; /* what was said */
	struct ledger_way_state *states;
	size_t state_count;
	struct ledger_way_month *ways;
	bool ready;
	/* What it is of. */
	struct ledger_store *store;
	struct utc_s from, to;
	uint32_t bin_s;
	size_t said;      /* entries of the journal then */
	uint64_t batches; /* in its time */
	uint64_t changes; /* of the store, when these were counted */
};

void
ledger_books_month_free(struct ledger_books_month *month)
{
	if (!month)
		return;
	ledger_way_month_free(month->ways);
	arena_free(month->arena);
	free(month);
}

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

/* Reads all that was said of the time. 0, or -1 with the reason. */
static int
gather_all(struct ledger_books_month *m, struct ledger_books *books,
	   char reason[LEDGER_JOURNAL_REASON])
{
	const struct ledger_documents *d = &ledger_books_said(books)->documents;
	struct gathering g = {.arena = m->arena};
	m->said = d->said_count;
	m->states = arena_take(m->arena, (d->said_count + 1) * sizeof(*m->states));
	g.bases = arena_take(m->arena, (d->said_count + 1) * sizeof(*g.bases));
	if (!m->states || !g.bases) {
		(void)snprintf(reason, LEDGER_JOURNAL_REASON, "no memory");
		return -1;
	}
	for (size_t i = 0; i < d->said_count; i++) {
		const struct ledger_said *said = &d->said[i];
		if (said->from.s >= m->to.s || said->until.s <= m->from.s)
			continue;
		if (read_said(&g, books, said, reason) < 0)
			return -1;
		m->states[m->state_count++] = (struct ledger_way_state){
			g.ways->from, g.ways->until, g.ways, said->entry, g.hash};
	}
	m->state_count = ledger_way_states(m->states, m->state_count);
	return 0;
}

/* Sums that are old can be told apart by the hour only. */
static uint32_t
bin_of(const struct ledger_books_place *place, struct utc_s from)
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
	    m->said != ledger_books_said(books)->documents.said_count ||
	    m->bin_s != bin_of(place, m->from) ||
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
	struct ledger_books_month *m = calloc(1, sizeof(*m));
	(void)snprintf(reason, LEDGER_JOURNAL_REASON, "no memory");
	if (!m)
		return NULL;
	*m = (struct ledger_books_month){.arena = arena_new(),
					 .store = ledger_desk_store(place->desk),
					 .from = from,
					 .to = to,
					 .bin_s = bin_of(place, from)};
	if (!m->arena || gather_all(m, books, reason) < 0)
		goto failed;
	if (ledger_store_totals(m->store, &totals) != LEDGER_STORE_OK ||
	    ledger_store_count(m->store, from, to, &m->batches) != LEDGER_STORE_OK) {
		(void)snprintf(reason, LEDGER_JOURNAL_REASON, "the store: %.200s",
			       ledger_store_error_text(m->store));
		goto failed;
	}
	m->changes = totals.changes;
	struct ledger_way_setting setting = {from, to, m->states, m->state_count, m->bin_s};
	m->ways = ledger_way_month_new(m->store, &setting);
	if (m->ways)
		return m;
failed:
	ledger_books_month_free(m);
	return NULL;
}

static void
forget(struct ledger_books *books)
{
	ledger_books_month_free(books->month);
	books->month = NULL;
}

static enum ledger_books_way
read_on(struct ledger_books *books, char reason[LEDGER_JOURNAL_REASON])
{
	struct ledger_books_month *m = books->month;
	enum ledger_way_turn turn;
	struct mono_us start = clock_mono();
	do
		turn = ledger_way_month_next(m->ways);
	while (turn == LEDGER_WAY_MORE && clock_mono().us - start.us < LEDGER_TURN_US);
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
		       struct utc_s from, struct utc_s to, char reason[LEDGER_JOURNAL_REASON])
{
	struct ledger_books_place place = books->where(books->context);
	if (!ledger_books_said(books))
		return LEDGER_BOOKS_WAY_NOTHING;
	if (!place.desk) {
		(void)snprintf(reason, LEDGER_JOURNAL_REASON, "the store is not open");
		return LEDGER_BOOKS_WAY_FAILED;
	}
	struct ledger_books_month *m = books->month;
	if (m && (m->from.s != from.s || m->to.s != to.s || !still_holds(m, books, &place)))
		forget(books);
	if (!books->month && !(books->month = begin(books, &place, from, to, reason)))
		return LEDGER_BOOKS_WAY_FAILED;
	if (!books->month->state_count)
		return LEDGER_BOOKS_WAY_NOTHING;
	if (!books->month->ready) {
		enum ledger_books_way result = read_on(books, reason);
		if (result != LEDGER_BOOKS_WAY_READY)
			return result;
	}
	*month = books->month->ways;
	return LEDGER_BOOKS_WAY_READY;
}

enum ledger_books_way
ledger_books_way_of(struct ledger_way *out, struct arena *arena, struct ledger_books *books,
		    const struct ledger_invoice *invoice, char reason[LEDGER_JOURNAL_REASON])
{
	const struct hub_contract *c = invoice->contract;
	struct ledger_way_month *month;
	if (!c->port_count)
		return LEDGER_BOOKS_WAY_NOTHING;
	enum ledger_books_way got = ledger_books_way_month(&month, books, invoice->period.from,
							   invoice->period.to, reason);
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
