/* The embedded engine of the store: opening, migrating, asking.
 *
 *   batch     a row for each batch that was put; UNIQUE (start, run) makes a replay harmless
 *   port      numbers for the ports' ids
 *   port_bin  a row for each port and bin, what all runs saw added up: what bills rest on. Keyed by
 *             (port, start), so that a member's month lies together
 *   sums      pairs, networks and countries of a batch, packed (ledger_pack.h); older ones folded
 *
 * A put is one transaction in write-ahead mode with synchronous=FULL: when COMMIT returns the log
 * has been synced; when anything fails before, nothing of it is there. */
#include "ledger/ledger_sqlite_io.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/ledger_sqlite.h"

enum {
	APPLICATION_ID = 0x53524c47, /* "SRLG" in the file's header */
	VERSION = 2,
	BUSY_MS = 2000,
	CHECKED_BINS = 12,                /* at every start */
	CHECKED_WHOLE = 64 * 1024 * 1024, /* files up to this size are read through at start */
};

/* Rows that are there get it without being written anew. */
#define ADD_COLUMN(name) "ALTER TABLE port_bin ADD COLUMN " name " INTEGER NOT NULL DEFAULT 0;"

/* migrations[n] brings version n to n + 1. */
static const char *const migrations[VERSION] = {
	"CREATE TABLE port(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
	"CREATE TABLE batch(start INTEGER NOT NULL, run INTEGER NOT NULL, length INTEGER NOT NULL,"
	" covered INTEGER NOT NULL, simulated INTEGER NOT NULL, kernel_drops INTEGER NOT NULL,"
	" counter_octets INTEGER NOT NULL, flow_octets INTEGER NOT NULL, octets_in INTEGER NOT "
	"NULL,"
	" octets_out INTEGER NOT NULL, state INTEGER NOT NULL, provenance BLOB NOT NULL,"
	" UNIQUE(start, run)) STRICT;"
	"CREATE TABLE port_bin(port INTEGER NOT NULL, start INTEGER NOT NULL,"
	" length INTEGER NOT NULL, runs INTEGER NOT NULL, claim INTEGER NOT NULL,"
	" simulated INTEGER NOT NULL, covered INTEGER NOT NULL, counter_in INTEGER NOT NULL,"
	" counter_out INTEGER NOT NULL, flow_in INTEGER NOT NULL, flow_out INTEGER NOT NULL,"
	" samples_in INTEGER NOT NULL, samples_out INTEGER NOT NULL,"
	" PRIMARY KEY(port, start)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE sums(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, folded INTEGER NOT NULL,"
	" start INTEGER NOT NULL, run INTEGER NOT NULL, length INTEGER NOT NULL,"
	" body BLOB NOT NULL) STRICT;"
	"CREATE UNIQUE INDEX sums_key ON sums(kind, folded, start, run);",
	ADD_COLUMN("source") ADD_COLUMN("lost_ppm") ADD_COLUMN("v6_in") ADD_COLUMN("v6_out")
		ADD_COLUMN("packets_in") ADD_COLUMN("packets_out") ADD_COLUMN("errors_in")
			ADD_COLUMN("errors_out") ADD_COLUMN("discards_in")
				ADD_COLUMN("discards_out"),
};

sqlite3_stmt *
ledger_sqlite_query(struct ledger_sqlite *s, enum ledger_sqlite_query query)
{
	sqlite3_stmt **statement = &s->queries[query];
	if (*statement) {
		(void)sqlite3_reset(*statement);
		(void)sqlite3_clear_bindings(*statement);
		return *statement;
	}
	struct buf text = {0};
	if (ledger_sqlite_text(&text, query))
		(void)sqlite3_prepare_v3(s->db, (const char *)text.data, -1,
					 SQLITE_PREPARE_PERSISTENT, statement, NULL);
	buf_fini(&text);
	return *statement;
}

enum ledger_store_error
ledger_sqlite_failed(struct ledger_sqlite *s)
{
	int code = sqlite3_errcode(s->db);
	(void)snprintf(s->error, sizeof(s->error), "%s", sqlite3_errmsg(s->db));
	if (code == SQLITE_NOMEM)
		return LEDGER_STORE_MEMORY;
	if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		return LEDGER_STORE_BUSY;
	if (code == SQLITE_CONSTRAINT || code == SQLITE_TOOBIG || code == SQLITE_MISMATCH)
		return LEDGER_STORE_UNFIT;
	if (code == SQLITE_FULL || (code == SQLITE_IOERR && sqlite3_system_errno(s->db) == ENOSPC))
		return LEDGER_STORE_FULL;
	return LEDGER_STORE_BROKEN;
}

enum ledger_store_error
ledger_sqlite_run(struct ledger_sqlite *s, sqlite3_stmt *statement)
{
	if (!statement)
		return ledger_sqlite_failed(s);
	int code = sqlite3_step(statement);
	if (code != SQLITE_DONE && code != SQLITE_ROW) {
		enum ledger_store_error error = ledger_sqlite_failed(s);
		(void)sqlite3_reset(statement);
		return error;
	}
	(void)sqlite3_reset(statement);
	return LEDGER_STORE_OK;
}

int64_t
ledger_sqlite_number(struct ledger_sqlite *s, enum ledger_sqlite_query query, int64_t otherwise)
{
	sqlite3_stmt *statement = ledger_sqlite_query(s, query);
	int64_t number = otherwise;
	if (statement && sqlite3_step(statement) == SQLITE_ROW)
		number = sqlite3_column_int64(statement, 0);
	(void)sqlite3_reset(statement);
	return number;
}

/* Reads the names of the ports that came since. */
static enum ledger_store_error
load_ports(struct ledger_sqlite *s)
{
	sqlite3_stmt *all = ledger_sqlite_query(s, LEDGER_Q_PORTS);
	if (!all)
		return ledger_sqlite_failed(s);
	(void)sqlite3_bind_int64(all, 1, s->ports.count);
	int code;
	enum ledger_store_error error = LEDGER_STORE_OK;
	while (!error && (code = sqlite3_step(all)) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(all, 1);
		if (sqlite3_column_int64(all, 0) != (int64_t)s->ports.count + 1 || !name ||
		    !name[0]) {
			(void)snprintf(s->error, sizeof(s->error),
				       "a port has no name, or the numbers have a gap");
			error = LEDGER_STORE_BROKEN;
		} else if (!ledger_port_names_add(&s->ports, name)) {
			(void)snprintf(s->error, sizeof(s->error), "no memory");
			error = LEDGER_STORE_MEMORY;
		}
	}
	if (!error && code != SQLITE_DONE)
		error = ledger_sqlite_failed(s);
	(void)sqlite3_reset(all);
	return error;
}

enum ledger_store_error
ledger_sqlite_look(struct ledger_sqlite *s)
{
	int64_t data_version = ledger_sqlite_number(s, LEDGER_Q_DATA_VERSION, s->data_version);
	if (data_version == s->data_version)
		return LEDGER_STORE_OK;
	s->data_version = data_version;
	s->changes++;
	return load_ports(s);
}

/* --- opening and closing --- */

static const char *
error_text(const struct ledger_store *store)
{
	return ((const struct ledger_sqlite *)store)->error;
}

static void
close_store(struct ledger_store *store)
{
	struct ledger_sqlite *s = ledger_sqlite_of(store);
	for (int i = 0; i < LEDGER_Q_COUNT_OF_QUERIES; i++)
		(void)sqlite3_finalize(s->queries[i]);
	(void)sqlite3_close(s->db);
	ledger_port_names_fini(&s->ports);
	free(s);
}

static const struct ledger_store_engine engine = {
	.name = "sqlite",
	.stride = {.ports = 16, .days = 1, .pairs_s = 3600, .origins_s = 900},
	.take = ledger_sqlite_take,
	.read = ledger_sqlite_read,
	.bins = ledger_sqlite_bins,
	.worths = ledger_sqlite_worths,
	.batches = ledger_sqlite_batches,
	.sums = ledger_sqlite_sums,
	.port_name = ledger_sqlite_port_name,
	.count = ledger_sqlite_count,
	.totals = ledger_sqlite_totals,
	.fold = ledger_sqlite_fold,
	.verify = ledger_sqlite_verify,
	.error_text = error_text,
	.close = close_store,
};

/* One number from a text that is used once. */
static int
ask(struct ledger_sqlite *s, const char *text, int64_t *out)
{
	sqlite3_stmt *statement;
	if (sqlite3_prepare_v2(s->db, text, -1, &statement, NULL) != SQLITE_OK)
		return -1;
	int code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		*out = sqlite3_column_int64(statement, 0);
	(void)sqlite3_finalize(statement);
	return code == SQLITE_ROW ? 0 : -1;
}

static int
execute(struct ledger_sqlite *s, const char *text)
{
	return sqlite3_exec(s->db, text, NULL, NULL, NULL) == SQLITE_OK ? 0 : -1;
}

/* What version of ours it is; -1 if none that can be read. */
static int64_t
version_of(struct ledger_sqlite *s, char reason[LEDGER_SQLITE_REASON])
{
	int64_t version, application, tables;
	if (ask(s, "PRAGMA user_version", &version) < 0 ||
	    ask(s, "PRAGMA application_id", &application) < 0 ||
	    ask(s, "SELECT count(*) FROM sqlite_schema", &tables) < 0)
		return -1;
	if (application != APPLICATION_ID && tables > 0) {
		(void)snprintf(reason, LEDGER_SQLITE_REASON, "it is another program's file");
		return -1;
	}
	if (version < 0 || version > VERSION) {
		(void)snprintf(reason, LEDGER_SQLITE_REASON,
			       "it was written by a later version of sarai (%" PRId64
			       ", this one knows %d)",
			       version, VERSION);
		return -1;
	}
	return version;
}

/* Brings the file to VERSION, each step in a transaction of its own. */
static int
migrate(struct ledger_sqlite *s, char reason[LEDGER_SQLITE_REASON])
{
	int64_t version = version_of(s, reason);
	if (version < 0)
		return -1;
	for (; version < VERSION; version++) {
		char text[128];
		(void)snprintf(text, sizeof(text),
			       "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
			       APPLICATION_ID, (int)version + 1);
		if (execute(s, "BEGIN EXCLUSIVE") < 0 || execute(s, migrations[version]) < 0 ||
		    execute(s, text) < 0)
			return -1;
	}
	return 0;
}

static int
check_at_start(struct ledger_sqlite *s, char reason[LEDGER_SQLITE_REASON])
{
	struct buf faults = {0};
	int status = -1;
	int64_t size = ledger_sqlite_number(s, LEDGER_Q_SIZE, INT64_MAX);
	if (size <= CHECKED_WHOLE) {
		sqlite3_stmt *check;
		if (sqlite3_prepare_v2(s->db, "PRAGMA quick_check(1)", -1, &check, NULL) !=
		    SQLITE_OK)
			goto out;
		int code = sqlite3_step(check);
		const char *said =
			code == SQLITE_ROW ? (const char *)sqlite3_column_text(check, 0) : NULL;
		if (said && strcmp(said, "ok") != 0)
			(void)snprintf(reason, LEDGER_SQLITE_REASON, "it is damaged: %s", said);
		(void)sqlite3_finalize(check);
		if (!said || reason[0])
			goto out;
	}
	if (ledger_sqlite_check_newest(s, CHECKED_BINS, &faults) != LEDGER_STORE_OK)
		goto out;
	if (faults.length)
		(void)snprintf(reason, LEDGER_SQLITE_REASON, "it is damaged: %.*s",
			       (int)faults.length - 1, (const char *)faults.data);
	else
		status = 0;
out:
	buf_fini(&faults);
	return status;
}

/* The file itself is made by us, so that it is never readable by everybody. */
static int
make_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	if (fd < 0)
		return -1;
	struct stat st;
	int status = fstat(fd, &st);
	if (status == 0 && !S_ISREG(st.st_mode)) {
		errno = EINVAL;
		status = -1;
	}
	(void)close(fd);
	return status;
}

static int
prepare(struct ledger_sqlite *s, const char *path, char reason[LEDGER_SQLITE_REASON])
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
	if (sqlite3_open_v2(path, &s->db, flags, NULL) != SQLITE_OK)
		return -1;
	(void)sqlite3_busy_timeout(s->db, BUSY_MS);
	(void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (execute(s, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
		       "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768;"
		       "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
		       "PRAGMA wal_autocheckpoint = 256; PRAGMA journal_size_limit = 16777216") < 0)
		return -1;
	if (migrate(s, reason) < 0)
		return -1;
	if (load_ports(s) != LEDGER_STORE_OK) {
		(void)snprintf(reason, LEDGER_SQLITE_REASON, "%.200s", s->error);
		return -1;
	}
	if (check_at_start(s, reason) < 0)
		return -1;
	s->data_version = ledger_sqlite_number(s, LEDGER_Q_DATA_VERSION, 0);
	return 0;
}

/* Closes what could not be opened, and says why. */
static struct ledger_store *
not_opened(struct ledger_sqlite *s, const char *path, char reason[LEDGER_SQLITE_REASON])
{
	char said[LEDGER_SQLITE_REASON];
	(void)snprintf(said, sizeof(said), "%.200s", reason[0] ? reason : sqlite3_errmsg(s->db));
	(void)snprintf(reason, LEDGER_SQLITE_REASON, "%.*s: %.150s", 100, path, said);
	bool full = s->db && ledger_sqlite_failed(s) == LEDGER_STORE_FULL;
	close_store(&s->store);
	errno = full ? ENOSPC : EIO;
	return NULL;
}

struct ledger_store *
ledger_sqlite_open(const char *path, char reason[LEDGER_SQLITE_REASON])
{
	reason[0] = 0;
	struct ledger_sqlite *s = calloc(1, sizeof(*s));
	if (!s || make_file(path) < 0) {
		(void)snprintf(reason, LEDGER_SQLITE_REASON, "%s: %s", path, strerror(errno));
		free(s);
		return NULL;
	}
	s->store.engine = &engine;
	if (prepare(s, path, reason) < 0)
		return not_opened(s, path, reason);
	return &s->store;
}

struct ledger_store *
ledger_sqlite_open_damaged(const char *path, char reason[LEDGER_SQLITE_REASON])
{
	reason[0] = 0;
	struct ledger_sqlite *s = calloc(1, sizeof(*s));
	if (!s) {
		(void)snprintf(reason, LEDGER_SQLITE_REASON, "no memory");
		return NULL;
	}
	s->store.engine = &engine;
	s->damaged = true;
	int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
	if (sqlite3_open_v2(path, &s->db, flags, NULL) != SQLITE_OK)
		return not_opened(s, path, reason);
	(void)sqlite3_busy_timeout(s->db, BUSY_MS);
	/* writable_schema: a file that is shorter than it says is read as far as it goes. */
	if (execute(s, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
		       "PRAGMA writable_schema = ON") < 0 ||
	    version_of(s, reason) < 0)
		return not_opened(s, path, reason);
	if (load_ports(s) != LEDGER_STORE_OK) {
		(void)snprintf(reason, LEDGER_SQLITE_REASON, "%.200s", s->error);
		return not_opened(s, path, reason);
	}
	s->data_version = ledger_sqlite_number(s, LEDGER_Q_DATA_VERSION, 0);
	return &s->store;
}
