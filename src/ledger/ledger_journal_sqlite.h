/* Private to ledger_journal_io.c (opening, adding, walking) and ledger_journal_verify_io.c. */
#pragma once

#include <sqlite3.h>

#include "ledger/ledger_journal_io.h"

enum {
	LEDGER_JOURNAL_APPLICATION = 0x53524a4c, /* "SRJL" in the file's header */
	LEDGER_JOURNAL_VERSION = 1,
};

/* The objects of the file's schema, by name and text. */
struct ledger_journal_object {
	const char *name, *sql;
};
enum { LEDGER_JOURNAL_OBJECTS = 5 };
/* All that the file must have, and nothing else. */
extern const struct ledger_journal_object ledger_journal_objects[LEDGER_JOURNAL_OBJECTS];

/* A row as it stands in the file. */
struct ledger_journal_stored {
	int64_t number;
	const uint8_t *hash, *text, *body;
	size_t hash_length, text_length, body_length;
	const char *holder; /* NULL: it is no text */
};
/* Of "SELECT number, hash, holder, text[, body] ...": lasts until the next step. */
struct ledger_journal_stored ledger_journal_stored_of(sqlite3_stmt *row, bool with_body);
/* Does the row hold together: digest, number and holder as in the text? Fills *entry from `arena`.
 * 0, or -1 with errno EBADMSG and why in `fault`, or ENOMEM. */
int ledger_journal_stored_read(struct ledger_entry *entry, struct arena *arena,
			       const struct ledger_journal_stored *stored, bool with_body,
			       char fault[LEDGER_FAULT]);
