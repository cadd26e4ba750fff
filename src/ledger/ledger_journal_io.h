/* Where the journal is kept: one SQLite file, written ahead and synced at each commit, whose
 * triggers refuse to change or drop an entry. What they cannot prevent, an editor of octets, the
 * chain shows.
 *
 *   entry(number, hash, holder, text, body)
 *
 * text: ledger_entry.h, of which hash is the SHA-256; body: the document; holder: as in the text,
 * to find entries by. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "ledger/ledger_journal.h"
#include "ledger/ledger_journal_draft.h"

enum { LEDGER_JOURNAL_REASON = 320 };

struct ledger_journal_file;

/* Opens the file, makes it if there is none, and takes in all entries. NULL with the reason: it
 * cannot be read, is damaged, or was written by a later version; a damaged journal is never written
 * to. */
struct ledger_journal_file *ledger_journal_open(const char *path,
						char reason[LEDGER_JOURNAL_REASON]);
void ledger_journal_close(struct ledger_journal_file *file);
/* What is in it. Belongs to the file. */
const struct ledger_journal *ledger_journal_of(const struct ledger_journal_file *file);

/* Adds all drafts in one transaction: whole, on the disk, when it returns 0; -1 with the reason,
 * and nothing is added. Numbers, digests of bodies and times are filled in; `now` is the time.
 * After a failure the file has been read anew; if that failed too ledger_journal_of gives NULL, and
 * it has to be opened again. */
int ledger_journal_append(struct ledger_journal_file *file, struct ledger_drafts *drafts,
			  struct utc_s now, char reason[LEDGER_JOURNAL_REASON]);

/* One entry with its text and document as they stand in the file; from `arena`. */
struct ledger_row {
	struct ledger_entry entry;
	struct cursor text, body;
};
/* Visits entries from `from` to `to` (both included) in order; with `holder` only that one's, with
 * `bodies` their documents too. Each is checked against its digest as it is read. `visit` returns
 * false to stop; its row lasts until it returns. 0, or -1 with the reason. */
struct ledger_walk {
	uint64_t from, to;
	const char *holder; /* NULL: all */
	bool bodies;
	bool (*visit)(void *context, const struct ledger_row *row);
	void *context;
};
/* Reads entries in their order. 0, also when `visit` ended it; -1 and the reason when the file
 * cannot be read. */
int ledger_journal_walk(struct ledger_journal_file *file, const struct ledger_walk *walk,
			char reason[LEDGER_JOURNAL_REASON]);

/* Whom verifying shows each entry that holds together, with its document; the row lasts until it returns. */
struct ledger_journal_watcher {
	void (*see)(void *context, const struct ledger_row *row);
	void *context;
};
/* What verifying asks of a file. */
struct ledger_journal_asked {
	const struct ledger_hash *head;               /* must be there; NULL: none is known */
	const struct ledger_journal_watcher *watcher; /* NULL: nobody */
};
/* Reads everything anew, from the disk: SQLite's own pages, each entry, each document, the chain,
 * the sequences, the balances, the triggers. Appends one line a fault; none: the journal is sound. *last (may
 * be NULL) is the last entry of the file. -1 with the reason when it could not be read to its end. */
int ledger_journal_verify(const char *path, struct ledger_journal_asked asked,
			  struct ledger_head *last, struct buf *faults,
			  char reason[LEDGER_JOURNAL_REASON]);
