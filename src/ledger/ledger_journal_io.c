/* The journal's file: opening, adding, walking. */
#include "ledger/ledger_journal_io.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/ledger_journal_sqlite.h"

enum { BUSY_MS = 2000 };

#define ONLY_ADDED "SELECT RAISE(ABORT, 'the journal is only ever added to'); END"

const struct ledger_journal_object ledger_journal_objects[LEDGER_JOURNAL_OBJECTS] = {
	{"entry",
	 "CREATE TABLE entry(number INTEGER PRIMARY KEY, hash BLOB NOT NULL, holder TEXT NOT NULL,"
	 " text BLOB NOT NULL, body BLOB NOT NULL) STRICT"},
	{"entry_holder", "CREATE INDEX entry_holder ON entry(holder)"},
	{"entry_changed", "CREATE TRIGGER entry_changed BEFORE UPDATE ON entry BEGIN " ONLY_ADDED},
	{"entry_dropped", "CREATE TRIGGER entry_dropped BEFORE DELETE ON entry BEGIN " ONLY_ADDED},
	{"entry_next", "CREATE TRIGGER entry_next BEFORE INSERT ON entry"
		       " WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM entry) "
		       "BEGIN " ONLY_ADDED},
};

struct ledger_journal_file {
	sqlite3 *db;
	sqlite3_stmt *insert;
	struct ledger_journal *journal; /* NULL: could not be read anew */
};

__attribute__((format(printf, 2, 3))) static int
fail(char reason[LEDGER_JOURNAL_REASON], const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(reason, LEDGER_JOURNAL_REASON, format, arguments);
	va_end(arguments);
	return -1;
}

static int
execute(sqlite3 *db, const char *text, char reason[LEDGER_JOURNAL_REASON])
{
	return sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK
		       ? 0
		       : fail(reason, "%.200s", sqlite3_errmsg(db));
}

/* --- rows --- */

static const void *
blob(sqlite3_stmt *row, int column, size_t *length)
{
	/* The octets first: their number is that of the form they were asked in. */
	const void *bytes = sqlite3_column_blob(row, column);
	*length = bytes ? (size_t)sqlite3_column_bytes(row, column) : 0;
	return bytes;
}

struct ledger_journal_stored
ledger_journal_stored_of(sqlite3_stmt *row, bool with_body)
{
	struct ledger_journal_stored s = {.number = sqlite3_column_int64(row, 0)};
	s.hash = blob(row, 1, &s.hash_length);
	s.holder = (const char *)sqlite3_column_text(row, 2);
	s.text = blob(row, 3, &s.text_length);
	if (with_body)
		s.body = blob(row, 4, &s.body_length);
	return s;
}

static int
bad(char fault[LEDGER_FAULT], const char *text)
{
	(void)snprintf(fault, LEDGER_FAULT, "%s", text);
	errno = EBADMSG;
	return -1;
}

int
ledger_journal_stored_read(struct ledger_entry *entry, struct arena *arena,
			   const struct ledger_journal_stored *s, bool with_body,
			   char fault[LEDGER_FAULT])
{
	struct ledger_hash hash = ledger_hash_of(s->text, s->text_length);
	if (s->hash_length != sizeof(hash.octets) ||
	    memcmp(s->hash, hash.octets, sizeof(hash.octets)) != 0)
		return bad(fault, "its text and its digest do not belong together");
	if (ledger_entry_decode(entry, arena, cursor_of(s->text, s->text_length)) < 0)
		return errno == ENOMEM ? -1 : bad(fault, "its text is no entry");
	if (s->number < 1 || (uint64_t)s->number != entry->number)
		return bad(fault, "its text has another number");
	if (!s->holder || strcmp(s->holder, entry->holder) != 0)
		return bad(fault, "it is filed under another holder");
	if (with_body && !ledger_journal_body_fits(entry, s->body, s->body_length))
		return bad(fault, "its document was changed: the digest differs");
	return 0;
}

/* --- opening --- */

/* One number. */
static int
ask(sqlite3 *db, const char *text, int64_t *out, char reason[LEDGER_JOURNAL_REASON])
{
	sqlite3_stmt *statement;
	if (sqlite3_prepare_v2(db, text, -1, &statement, NULL) != SQLITE_OK)
		return fail(reason, "%.200s", sqlite3_errmsg(db));
	int code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		*out = sqlite3_column_int64(statement, 0);
	(void)sqlite3_finalize(statement);
	return code == SQLITE_ROW ? 0 : fail(reason, "%.200s", sqlite3_errmsg(db));
}

static int
make_schema(sqlite3 *db, char reason[LEDGER_JOURNAL_REASON])
{
	char head[128];
	(void)snprintf(head, sizeof(head), "PRAGMA application_id = %d; PRAGMA user_version = %d",
		       LEDGER_JOURNAL_APPLICATION, LEDGER_JOURNAL_VERSION);
	if (execute(db, "BEGIN EXCLUSIVE", reason) < 0)
		return -1;
	for (size_t i = 0; i < LEDGER_JOURNAL_OBJECTS; i++)
		if (execute(db, ledger_journal_objects[i].sql, reason) < 0)
			return -1;
	return execute(db, head, reason) < 0 ? -1 : execute(db, "COMMIT", reason);
}

static int
prepare(struct ledger_journal_file *f, const char *path, char reason[LEDGER_JOURNAL_REASON])
{
	int64_t application, version, objects;
	if (sqlite3_open_v2(path, &f->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK)
		return fail(reason, "%.200s", f->db ? sqlite3_errmsg(f->db) : "no memory");
	(void)sqlite3_busy_timeout(f->db, BUSY_MS);
	(void)sqlite3_db_config(f->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (execute(f->db,
		    "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
		    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
		    "PRAGMA journal_size_limit = 4194304",
		    reason) < 0 ||
	    ask(f->db, "PRAGMA application_id", &application, reason) < 0 ||
	    ask(f->db, "PRAGMA user_version", &version, reason) < 0 ||
	    ask(f->db, "SELECT count(*) FROM sqlite_schema", &objects, reason) < 0)
		return -1;
	if (objects == 0 && make_schema(f->db, reason) < 0)
		return -1;
	if (objects > 0 && application != LEDGER_JOURNAL_APPLICATION)
		return fail(reason, "it is another program's file");
	if (objects > 0 && version != LEDGER_JOURNAL_VERSION)
		return fail(reason, "it was written by another version of sarai (%" PRId64 ")",
			    version);
	static const char insert[] = "INSERT INTO entry VALUES(?1, ?2, ?3, ?4, ?5)";
	if (sqlite3_prepare_v3(f->db, insert, -1, SQLITE_PREPARE_PERSISTENT, &f->insert, NULL) !=
	    SQLITE_OK)
		return fail(reason, "%.200s", sqlite3_errmsg(f->db));
	return 0;
}

/* Takes in all that is in the file. */
static int
load(struct ledger_journal_file *f, char reason[LEDGER_JOURNAL_REASON])
{
	sqlite3_stmt *rows;
	struct ledger_journal *journal = ledger_journal_new();
	if (!journal)
		return fail(reason, "no memory");
	if (sqlite3_prepare_v2(f->db,
			       "SELECT number, hash, holder, text FROM entry ORDER BY number", -1,
			       &rows, NULL) != SQLITE_OK) {
		ledger_journal_free(journal);
		return fail(reason, "%.200s", sqlite3_errmsg(f->db));
	}
	int code, result = 0;
	char fault[LEDGER_FAULT] = "no memory";
	while (result == 0 && (code = sqlite3_step(rows)) == SQLITE_ROW) {
		struct ledger_journal_stored s = ledger_journal_stored_of(rows, false);
		result = ledger_journal_take(journal, cursor_of(s.text, s.text_length), fault);
		/* So the text is the one that the next entry is bound to; the last one has only
		 * this. */
		if (result == 0 && (s.hash_length != LEDGER_HASH_OCTETS ||
				    memcmp(s.hash, journal->head.hash.octets, s.hash_length) != 0))
			result = bad(fault, "its text and its digest do not belong together");
		if (result < 0)
			(void)fail(reason, "it is damaged: entry %" PRId64 ": %.200s", s.number,
				   fault);
	}
	if (result == 0 && code != SQLITE_DONE)
		result = fail(reason, "%.200s", sqlite3_errmsg(f->db));
	(void)sqlite3_finalize(rows);
	if (result < 0)
		ledger_journal_free(journal);
	else
		f->journal = journal;
	return result;
}

/* The file itself is made by us, so that it is never readable by everybody. */
static int
make_file(const char *path, char reason[LEDGER_JOURNAL_REASON])
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	struct stat st;
	if (fd < 0)
		return fail(reason, "%s", strerror(errno));
	int status = fstat(fd, &st);
	(void)close(fd);
	return status == 0 && S_ISREG(st.st_mode) ? 0 : fail(reason, "it is no file");
}

/* What was committed is on the disk already, in the log. It is brought into the file at once: a
 * damaged log would be cut where the damage is, and nobody could tell that something had been
 * there. */
static void
bring_home(struct ledger_journal_file *f)
{
	(void)sqlite3_wal_checkpoint_v2(f->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}

struct ledger_journal_file *
ledger_journal_open(const char *path, char reason[LEDGER_JOURNAL_REASON])
{
	char why[LEDGER_JOURNAL_REASON] = "no memory";
	struct ledger_journal_file *f = calloc(1, sizeof(*f));
	if (f && make_file(path, why) == 0 && prepare(f, path, why) == 0 && load(f, why) == 0) {
		bring_home(f);
		return f;
	}
	(void)fail(reason, "%.100s: %.200s", path, why);
	ledger_journal_close(f);
	return NULL;
}

void
ledger_journal_close(struct ledger_journal_file *f)
{
	if (!f)
		return;
	(void)sqlite3_finalize(f->insert);
	(void)sqlite3_close(f->db);
	ledger_journal_free(f->journal);
	free(f);
}

const struct ledger_journal *
ledger_journal_of(const struct ledger_journal_file *f)
{
	return f->journal;
}

/* --- adding --- */

static int
insert(struct ledger_journal_file *f, const struct ledger_entry *e, const struct buf *text,
       const struct buf *body, char reason[LEDGER_JOURNAL_REASON])
{
	struct ledger_hash hash = ledger_hash_of(text->data, text->length);
	(void)sqlite3_bind_int64(f->insert, 1, (int64_t)e->number);
	(void)sqlite3_bind_blob64(f->insert, 2, hash.octets, sizeof(hash.octets), SQLITE_STATIC);
	(void)sqlite3_bind_text(f->insert, 3, e->holder, -1, SQLITE_STATIC);
	(void)sqlite3_bind_blob64(f->insert, 4, text->data, text->length, SQLITE_STATIC);
	(void)sqlite3_bind_blob64(f->insert, 5, body->length ? body->data : (const uint8_t *)"",
				  body->length, SQLITE_STATIC);
	int code = sqlite3_step(f->insert);
	int result = code == SQLITE_DONE ? 0 : fail(reason, "%.200s", sqlite3_errmsg(f->db));
	(void)sqlite3_reset(f->insert);
	(void)sqlite3_clear_bindings(f->insert);
	return result;
}

/* One draft, inside a transaction. It is taken in before it is sure: what the journal would not
 * take in at the next start must not get into the file. */
static int
append_one(struct ledger_journal_file *f, struct ledger_draft *draft, struct utc_s now,
	   char reason[LEDGER_JOURNAL_REASON])
{
	struct ledger_entry *e = &draft->entry;
	struct buf text = {0};
	char fault[LEDGER_FAULT] = "no memory";
	if (draft->body.failed || draft->body.length > LEDGER_BODY_MAX)
		return fail(reason, "the document is too large");
	/* A clock that was put back does not make it older than the one before. */
	e->time = now.s > f->journal->time.s ? now : f->journal->time;
	e->body_length = draft->body.length;
	e->body = ledger_body_hash(draft->body.data, draft->body.length);
	int result;
	if (ledger_journal_encode(f->journal, e, &text) < 0)
		result =
			fail(reason, errno == ENOMEM ? "no memory"
						     : "a text or an amount does not fit an entry");
	else if (ledger_journal_take(f->journal, cursor_of(text.data, text.length), fault) < 0)
		result = fail(reason, "%s", fault[0] ? fault : "no memory");
	else
		result = insert(f, e, &text, &draft->body, reason);
	buf_fini(&text);
	return result;
}

int
ledger_journal_append(struct ledger_journal_file *f, struct ledger_drafts *drafts, struct utc_s now,
		      char reason[LEDGER_JOURNAL_REASON])
{
	if (!f->journal)
		return fail(reason, "the journal is not open");
	if (execute(f->db, "BEGIN IMMEDIATE", reason) < 0)
		return -1;
	int result = 0;
	for (size_t i = 0; i < drafts->count && result == 0; i++)
		result = append_one(f, &drafts->items[i], now, reason);
	if (result == 0)
		result = execute(f->db, "COMMIT", reason);
	if (result == 0) {
		bring_home(f);
		return 0;
	}
	char ignored[LEDGER_JOURNAL_REASON];
	if (!sqlite3_get_autocommit(f->db))
		(void)execute(f->db, "ROLLBACK", ignored);
	ledger_journal_free(f->journal);
	f->journal = NULL;
	(void)load(f, ignored);
	return -1;
}

/* --- walking --- */

static sqlite3_stmt *
prepare_walk(struct ledger_journal_file *f, const struct ledger_walk *walk)
{
	char text[256];
	sqlite3_stmt *rows;
	(void)snprintf(text, sizeof(text),
		       "SELECT number, hash, holder, text%s FROM entry WHERE %snumber >= ?1 AND "
		       "number <= ?2 ORDER BY number",
		       walk->bodies ? ", body" : "", walk->holder ? "holder = ?3 AND " : "");
	if (sqlite3_prepare_v2(f->db, text, -1, &rows, NULL) != SQLITE_OK)
		return NULL;
	(void)sqlite3_bind_int64(rows, 1, walk->from > INT64_MAX ? INT64_MAX : (int64_t)walk->from);
	(void)sqlite3_bind_int64(rows, 2, walk->to > INT64_MAX ? INT64_MAX : (int64_t)walk->to);
	if (walk->holder)
		(void)sqlite3_bind_text(rows, 3, walk->holder, -1, SQLITE_STATIC);
	return rows;
}

/* One row. 1: go on; 0: enough; -1: a fault. */
static int
visit(const struct ledger_walk *walk, sqlite3_stmt *rows, char reason[LEDGER_JOURNAL_REASON])
{
	struct ledger_journal_stored s = ledger_journal_stored_of(rows, walk->bodies);
	struct ledger_row row = {
		.text = cursor_of(s.text, s.text_length),
		.body = cursor_of(s.body, s.body_length),
	};
	char fault[LEDGER_FAULT] = "no memory";
	struct arena *arena = arena_new();
	int result;
	if (!arena || ledger_journal_stored_read(&row.entry, arena, &s, walk->bodies, fault) < 0)
		result = fail(reason, "entry %" PRId64 ": %.200s", s.number, fault);
	else
		result = walk->visit(walk->context, &row);
	arena_free(arena);
	return result;
}

int
ledger_journal_walk(struct ledger_journal_file *f, const struct ledger_walk *walk,
		    char reason[LEDGER_JOURNAL_REASON])
{
	sqlite3_stmt *rows = prepare_walk(f, walk);
	if (!rows)
		return fail(reason, "%.200s", sqlite3_errmsg(f->db));
	int code = SQLITE_DONE, result = 1;
	while (result == 1 && (code = sqlite3_step(rows)) == SQLITE_ROW)
		result = visit(walk, rows, reason);
	if (result == 1 && code != SQLITE_DONE)
		result = fail(reason, "%.200s", sqlite3_errmsg(f->db));
	(void)sqlite3_finalize(rows);
	return result < 0 ? -1 : 0;
}
