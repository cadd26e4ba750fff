/* Checking the journal's file from its first octet to its last. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "hub/ways.h"
#include "ledger/ledger_journal_sqlite.h"

enum { FAULTS_MAX = 100 };

struct check {
	sqlite3 *db;
	struct buf *faults;
	size_t fault_count;
	struct ledger_journal *journal; /* taken in as long as there is no fault */
	struct ledger_journal_asked asked;
	bool head_seen;
	int64_t number;          /* of the row before */
	struct ledger_hash hash; /* its digest, as it stands in the file */
	struct utc_s time;       /* its own, where that could be read */
	/* Ways that were said whole, which others say the changes since. */
	struct arena *base_arena;
	struct ways base;
	uint64_t base_entry; /* 0: none was read */
};

__attribute__((format(printf, 2, 3))) static void
found(struct check *c, const char *format, ...)
{
	char text[400];
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (c->fault_count++ < FAULTS_MAX)
		buf_printf(c->faults, "%s\n", text);
}

/* SQLite's own pages and indices. */
static int
check_pages(struct check *c)
{
	sqlite3_stmt *rows;
	if (sqlite3_prepare_v2(c->db, "PRAGMA integrity_check(20)", -1, &rows, NULL) != SQLITE_OK)
		return -1;
	int code;
	while ((code = sqlite3_step(rows)) == SQLITE_ROW) {
		const char *said = (const char *)sqlite3_column_text(rows, 0);
		if (!said || strcmp(said, "ok") != 0)
			found(c, "the file: %.300s", said ? said : "unreadable");
	}
	(void)sqlite3_finalize(rows);
	return code == SQLITE_DONE ? 0 : -1;
}

/* 1 when the object is there as it was made, 0 when not; -1 on failure. */
static int
has_object(sqlite3 *db, const struct ledger_journal_object *object)
{
	sqlite3_stmt *row;
	if (sqlite3_prepare_v2(db, "SELECT 1 FROM sqlite_schema WHERE name = ?1 AND sql = ?2", -1,
			       &row, NULL) != SQLITE_OK)
		return -1;
	(void)sqlite3_bind_text(row, 1, object->name, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(row, 2, object->sql, -1, SQLITE_STATIC);
	int code = sqlite3_step(row);
	(void)sqlite3_finalize(row);
	return code == SQLITE_ROW ? 1 : code == SQLITE_DONE ? 0 : -1;
}

/* The table and its triggers are as they were made, and there is nothing else. */
static int
check_schema(struct check *c)
{
	for (size_t i = 0; i < LEDGER_JOURNAL_OBJECTS; i++) {
		int has = has_object(c->db, &ledger_journal_objects[i]);
		if (has < 0)
			return -1;
		if (!has)
			found(c, "the file: %s is not as it was made, or missing",
			      ledger_journal_objects[i].name);
	}
	sqlite3_stmt *row;
	if (sqlite3_prepare_v2(c->db, "SELECT count(*) FROM sqlite_schema", -1, &row, NULL) !=
	    SQLITE_OK)
		return -1;
	int code = sqlite3_step(row);
	if (code == SQLITE_ROW && sqlite3_column_int(row, 0) > LEDGER_JOURNAL_OBJECTS)
		found(c, "the file: it holds more than the journal");
	(void)sqlite3_finalize(row);
	return code == SQLITE_ROW ? 0 : -1;
}

/* --- what documents of ways say --- */

/* Reads the ways of an entry that says all of them, which was looked at before. NULL without memory, or when it cannot be
 * read: *error says why, or is NULL. */
static const struct ways *
base_of(struct check *c, uint64_t entry, const char **error)
{
	sqlite3_stmt *row = NULL;
	*error = NULL;
	if (c->base_entry == entry)
		return &c->base;
	arena_free(c->base_arena);
	c->base_arena = arena_new();
	c->base_entry = 0;
	if (!c->base_arena || sqlite3_prepare_v2(c->db, "SELECT body FROM entry WHERE number = ?1",
						 -1, &row, NULL) != SQLITE_OK)
		return NULL;
	(void)sqlite3_bind_int64(row, 1, (int64_t)entry);
	if (sqlite3_step(row) == SQLITE_ROW &&
	    ways_read(&c->base, c->base_arena, sqlite3_column_blob(row, 0),
		      (size_t)sqlite3_column_bytes(row, 0), error) == 0)
		c->base_entry = entry;
	(void)sqlite3_finalize(row);
	return c->base_entry ? &c->base : NULL;
}

/* The document of ways says what its entry says of it, and all of it can be read. */
static void
check_ways(struct check *c, const struct ledger_journal_stored *s, const struct ledger_entry *e,
	   struct arena *arena)
{
	struct ledger_said said = {.from = e->date};
	struct ways ways = {0};
	const struct ways *base = NULL;
	const char *error = NULL;
	if (ledger_said_parse(&said, e->action) < 0)
		return; /* named by what takes it in */
	if (said.since && !(base = base_of(c, said.since, &error))) {
		found(c,
		      "entry %" PRId64 ": entry %" PRIu64
		      ", which it says the changes since, cannot be read: %s",
		      s->number, said.since, error ? error : "it is not there");
		return;
	}
	int result = base ? ways_delta_read(&ways, arena, base, cursor_of(s->body, s->body_length),
					    &error)
			  : ways_read(&ways, arena, s->body, s->body_length, &error);
	if (result < 0)
		found(c, "entry %" PRId64 ": its ways cannot be read: %s", s->number, error);
	else if (ways.from.s != said.from.s || ways.until.s != said.until.s ||
		 ways.since != said.since)
		found(c,
		      "entry %" PRId64 ": its document says another time, or since another entry",
		      s->number);
}

/* The place of a row in the chain. */
static void
check_place(struct check *c, const struct ledger_journal_stored *s, const struct ledger_entry *e)
{
	if (s->number == c->number + 2)
		found(c, "entry %" PRId64 " is missing", c->number + 1);
	else if (s->number != c->number + 1)
		found(c, "entries %" PRId64 " to %" PRId64 " are missing", c->number + 1,
		      s->number - 1);
	else if (e && memcmp(&e->previous, &c->hash, sizeof(c->hash)) != 0)
		found(c, "entry %" PRId64 ": it was made after another entry %" PRId64, s->number,
		      c->number);
	if (e && e->time.s < c->time.s)
		found(c, "entry %" PRId64 ": it is older than the entry before", s->number);
}

/* Returns -1 without memory. */
static int
check_row(struct check *c, const struct ledger_journal_stored *s)
{
	struct ledger_entry e;
	char fault[LEDGER_FAULT] = "";
	struct arena *arena = arena_new();
	if (!arena)
		return -1;
	bool good = ledger_journal_stored_read(&e, arena, s, true, fault) == 0;
	if (!good && errno == ENOMEM) {
		arena_free(arena);
		return -1;
	}
	if (!good)
		found(c, "entry %" PRId64 ": %s", s->number, fault);
	check_place(c, s, good ? &e : NULL);
	if (good && e.kind == LEDGER_ENTRY_WAYS)
		check_ways(c, s, &e, arena);
	if (good)
		c->time = e.time;
	if (good && c->asked.watcher) {
		struct ledger_row row = {e, cursor_of(s->text, s->text_length),
					 cursor_of(s->body, s->body_length)};
		c->asked.watcher->see(c->asked.watcher->context, &row);
	}
	arena_free(arena);
	if (!c->fault_count &&
	    ledger_journal_take(c->journal, cursor_of(s->text, s->text_length), fault) < 0) {
		if (!fault[0])
			return -1;
		found(c, "entry %" PRId64 ": %s", s->number, fault);
	}
	c->number = s->number;
	c->hash = (struct ledger_hash){{0}};
	if (s->hash_length == sizeof(c->hash.octets))
		memcpy(c->hash.octets, s->hash, sizeof(c->hash.octets));
	c->head_seen |= c->asked.head && memcmp(c->asked.head, &c->hash, sizeof(c->hash)) == 0;
	return 0;
}

static int
check_entries(struct check *c)
{
	sqlite3_stmt *rows;
	if (sqlite3_prepare_v2(c->db,
			       "SELECT number, hash, holder, text, body FROM entry ORDER BY number",
			       -1, &rows, NULL) != SQLITE_OK)
		return -1;
	int code, result = 0;
	while (result == 0 && (code = sqlite3_step(rows)) == SQLITE_ROW) {
		struct ledger_journal_stored s = ledger_journal_stored_of(rows, true);
		result = check_row(c, &s);
	}
	(void)sqlite3_finalize(rows);
	return result == 0 && code == SQLITE_DONE ? 0 : -1;
}

static void
check_ends(struct check *c)
{
	char text[LEDGER_HASH_TEXT];
	if (c->asked.head && !c->head_seen)
		found(c,
		      "no entry has the digest %s: entries were taken away or changed since it was "
		      "noted",
		      ledger_hash_format(text, *c->asked.head));
	if (!c->fault_count && !ledger_journal_check(c->journal, c->faults))
		found(c, "no memory for the balances");
	if (c->fault_count > FAULTS_MAX)
		buf_printf(c->faults, "and %zu more\n", c->fault_count - FAULTS_MAX);
}

int
ledger_journal_verify(const char *path, struct ledger_journal_asked asked, struct ledger_head *last,
		      struct buf *faults, char reason[LEDGER_JOURNAL_REASON])
{
	struct check c = {.faults = faults, .asked = asked, .journal = ledger_journal_new()};
	int result = -1;
	(void)snprintf(reason, LEDGER_JOURNAL_REASON, "no memory");
	if (!c.journal)
		return -1;
	if (sqlite3_open_v2(path, &c.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK)
		goto out;
	(void)sqlite3_busy_timeout(c.db, 2000);
	(void)sqlite3_exec(c.db,
			   "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF;"
			   "PRAGMA cell_size_check = ON",
			   NULL, NULL, NULL);
	/* What cannot be read at all is a fault as well: nothing is checked any more. */
	if (check_pages(&c) < 0 || check_schema(&c) < 0 || check_entries(&c) < 0)
		found(&c, "the file: %.300s", sqlite3_errmsg(c.db));
	check_ends(&c);
	if (last)
		*last = (struct ledger_head){(uint64_t)c.number, c.hash};
	result = faults->failed ? -1 : 0;
out:
	if (result < 0 && c.db)
		(void)snprintf(reason, LEDGER_JOURNAL_REASON, "%.200s", sqlite3_errmsg(c.db));
	(void)sqlite3_close(c.db);
	arena_free(c.base_arena);
	ledger_journal_free(c.journal);
	return result;
}
