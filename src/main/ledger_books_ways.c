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
#include "main/ledger_history.h"

enum { FILES_A_TURN = 16, NAME = 64 };

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
refuse(const struct ledger_books *books, const char *name, const char *why)
{
	char from[4096], to[4096];
	(void)snprintf(from, sizeof(from), "%.4000s/%s", books->spool, name);
	(void)snprintf(to, sizeof(to), "%.4000s/refused/%s", books->spool, name);
	log_warn("spool %s: refused: %s", name, why);
	if (rename(from, to) < 0)
		(void)unlink(from);
}

/* An entry for one file. False when it is to be tried again. */
static bool
take_one(struct ledger_books *books, const char *name)
{
	char path[4096], number[NAME];
	struct buf text = {0};
	struct ways ways;
	const char *error = NULL;
	struct ledger_deed deed;
	(void)snprintf(path, sizeof(path), "%.4000s/%s", books->spool, name);
	(void)snprintf(number, sizeof(number), "%.*s", (int)strspn(name, "0123456789"), name);
	struct arena *arena = arena_new();
	if (!arena || read_file(&text, path) < 0) {
		bool odd = arena && errno == EFBIG;
		if (odd)
			refuse(books, name, "it is no file of ways");
		buf_fini(&text);
		arena_free(arena);
		return odd;
	}
	if (ways_read(&ways, arena, text.data, text.length, &error) < 0) {
		refuse(books, name, error);
		buf_fini(&text);
		arena_free(arena);
		return true;
	}
	ledger_deed_begin(&deed, books, (struct control_peer){0}, "", "");
	struct ledger_ways_said said = {number, ways.from, ways.until, &text};
	int status = ledger_deed_carry_out(&deed, ledger_post_ways(&deed.order, &said));
	if (!status)
		(void)unlink(path);
	else
		log_warn("spool %s: %s", name, deed.order.complaint);
	ledger_deed_end(&deed);
	buf_fini(&text);
	arena_free(arena);
	return status == 0;
}

bool
ledger_books_ways_turn(struct ledger_books *books)
{
	char names[FILES_A_TURN + 1][NAME];
	bool more;
	if (!books->spool || !ledger_journal_of(books->file))
		return false;
	size_t count = list(names, books->spool, &more);
	for (size_t i = 0; i < count; i++)
		if (!take_one(books, names[i]) || !ledger_journal_of(books->file))
			return false;
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

struct gathering {
	struct ledger_books_month *month;
	const char *error;
};

static bool
gather(void *context, const struct ledger_row *row)
{
	struct gathering *g = context;
	struct ledger_books_month *m = g->month;
	struct ways *ways = arena_take(m->arena, sizeof(*ways));
	g->error = ways ? NULL : "no memory";
	if (!ways ||
	    ways_read(ways, m->arena, row->body.at, cursor_left(&row->body), &g->error) < 0)
		return false;
	m->states[m->state_count++] =
		(struct ledger_way_state){ways->from, ways->until, ways, row->entry.number};
	return false;
}

/* Reads all that was said of the time. 0, or -1 with the reason. */
static int
gather_all(struct ledger_books_month *m, struct ledger_books *books,
	   char reason[LEDGER_JOURNAL_REASON])
{
	const struct ledger_documents *d = &ledger_journal_of(books->file)->documents;
	struct gathering g = {.month = m};
	m->said = d->said_count;
	m->states = arena_take(m->arena, (d->said_count + 1) * sizeof(*m->states));
	if (!m->states) {
		(void)snprintf(reason, LEDGER_JOURNAL_REASON, "no memory");
		return -1;
	}
	for (size_t i = 0; i < d->said_count; i++) {
		const struct ledger_said *said = &d->said[i];
		struct ledger_walk walk = {.from = said->entry,
					   .to = said->entry,
					   .bodies = true,
					   .visit = gather,
					   .context = &g};
		if (said->from.s >= m->to.s || said->until.s <= m->from.s)
			continue;
		if (ledger_journal_walk(books->file, &walk, reason) < 0)
			return -1;
		if (g.error) {
			(void)snprintf(reason, LEDGER_JOURNAL_REASON, "entry %" PRIu64 ": %s",
				       said->entry, g.error);
			return -1;
		}
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
	    m->said != ledger_journal_of(books->file)->documents.said_count ||
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
	if (!place.desk || !books->file || !ledger_journal_of(books->file)) {
		(void)snprintf(reason, LEDGER_JOURNAL_REASON,
			       "the store or the journal is not open");
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
