/* The journal in the ledger's process: what the corridor said of its ways comes in. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "main/ledger_books_parts.h"

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
