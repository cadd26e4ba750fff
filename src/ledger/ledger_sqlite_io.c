/* The embedded engine of the store: opening, migrating, putting, folding.
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
	VERSION = 1,
	BUSY_MS = 2000,
	CHECKED_BINS = 12,                /* at every start */
	CHECKED_WHOLE = 64 * 1024 * 1024, /* files up to this size are read through at start */
};

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
};

/* Beyond 63 bits SQLite would go on in floating point. */
#define ADDED(column) "min(9223372036854775807, " column " + excluded." column ")"

static const char *const query_texts[LEDGER_Q_COUNT_OF_QUERIES] = {
	[LEDGER_Q_BEGIN] = "BEGIN IMMEDIATE",
	[LEDGER_Q_COMMIT] = "COMMIT",
	[LEDGER_Q_ROLLBACK] = "ROLLBACK",
	[LEDGER_Q_OVERLAP] = "SELECT 1 FROM batch WHERE start > ?1 - 86400 AND start < ?1 + ?2"
			     " AND start + length > ?1 AND (start <> ?1 OR length <> ?2) LIMIT 1",
	[LEDGER_Q_PUT_BATCH] = "INSERT OR IGNORE INTO batch VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,"
			       " ?10,?11,?12)",
	[LEDGER_Q_PUT_PORT] = "INSERT INTO port VALUES(?1, ?2)",
	/* The same addition as ledger_fact_add. */
	[LEDGER_Q_PUT_BIN] =
		"INSERT INTO port_bin VALUES(?1,?2,?3,1,?4,?5,?6,?7,?8,?9,?10,?11,?12)"
		" ON CONFLICT(port, start) DO UPDATE SET runs = runs + 1,"
		" claim = max(claim, excluded.claim),"
		" simulated = max(simulated, excluded.simulated),"
		" covered = min(length, covered + excluded.covered),"
		" counter_in = " ADDED(
			"counter_in") ","
				      " counter_out = " ADDED(
					      "counter_out") ","
							     " flow_in = " ADDED(
								     "flow_in") ","
										" flow_out "
										"= " ADDED(
											"flow_"
											"out") ","
											       " sa"
											       "mpl"
											       "es_"
											       "in "
											       "="
											       " " ADDED(
												       "samples_in") ","
														     " samples_out = " ADDED(
															     "samples_out"),
	[LEDGER_Q_PUT_SUMS] = "INSERT INTO sums(kind, folded, start, run, length, body)"
			      " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
	[LEDGER_Q_BINS] = "SELECT start, length, runs, claim, simulated, covered, counter_in,"
			  " counter_out, flow_in, flow_out, samples_in, samples_out FROM port_bin"
			  " WHERE port = ?1 AND start >= ?2 AND start < ?3 ORDER BY start",
	[LEDGER_Q_BATCHES] = "SELECT start, run, length, covered, simulated, kernel_drops,"
			     " octets_in, octets_out, state, provenance FROM batch WHERE start >= "
			     "?1 AND start < ?2"
			     " ORDER BY start, run",
	[LEDGER_Q_SUMS] = "SELECT body FROM sums WHERE kind = ?1 AND folded IN (0, 1)"
			  " AND start >= ?2 AND start < ?3",
	[LEDGER_Q_COUNT] = "SELECT count(*) FROM batch",
	[LEDGER_Q_ENDS] = "SELECT (SELECT start FROM batch ORDER BY start LIMIT 1),"
			  " (SELECT start + length FROM batch ORDER BY start DESC LIMIT 1)",
	[LEDGER_Q_DATA_VERSION] = "PRAGMA data_version",
	[LEDGER_Q_SIZE] = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
	[LEDGER_Q_NEWEST] = "SELECT DISTINCT start FROM batch ORDER BY start DESC LIMIT ?1",
	[LEDGER_Q_BATCH_CHECK] = "SELECT counter_octets, flow_octets FROM batch WHERE start = ?1",
	[LEDGER_Q_BIN_CHECK] = "SELECT counter_in, counter_out, flow_in, flow_out FROM port"
			       " CROSS JOIN port_bin ON port_bin.port = port.id"
			       " AND port_bin.start = ?1",
	[LEDGER_Q_FOLD_OLDEST] = "SELECT min(start) FROM sums WHERE kind = ?1 AND folded = 0",
	[LEDGER_Q_FOLD_READ] = "SELECT id, body FROM sums WHERE kind = ?1 AND folded IN (0, 1)"
			       " AND start >= ?2 AND start < ?3",
	[LEDGER_Q_FOLD_DROP] = "DELETE FROM sums WHERE kind = ?1 AND folded IN (0, 1)"
			       " AND start >= ?2 AND start < ?3",
	[LEDGER_Q_FOLD_SPOILT] = "UPDATE OR REPLACE sums SET folded = 2 WHERE id = ?1",
};

sqlite3_stmt *
ledger_sqlite_query(struct ledger_sqlite *s, enum ledger_sqlite_query query)
{
	sqlite3_stmt **statement = &s->queries[query];
	if (*statement) {
		(void)sqlite3_reset(*statement);
		(void)sqlite3_clear_bindings(*statement);
	} else if (sqlite3_prepare_v3(s->db, query_texts[query], -1, SQLITE_PREPARE_PERSISTENT,
				      statement, NULL) != SQLITE_OK) {
		return NULL;
	}
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

/* --- putting --- */

/* Binds values to ?first, ?first+1, ... */
static void
bind(sqlite3_stmt *statement, int first, size_t count, const int64_t *values)
{
	for (size_t i = 0; i < count; i++)
		(void)sqlite3_bind_int64(statement, first + (int)i, values[i]);
}

/* The store's numbers of the batch's ports; new ones are added. */
static enum ledger_store_error
number_ports(struct ledger_sqlite *s, const struct traffic_batch *batch, uint32_t *numbers)
{
	for (size_t i = 0; i < batch->port_count; i++) {
		const char *name = batch->ports[i].port;
		numbers[i] = ledger_port_names_find(&s->ports, name);
		if (numbers[i])
			continue;
		sqlite3_stmt *put = ledger_sqlite_query(s, LEDGER_Q_PUT_PORT);
		if (!put)
			return ledger_sqlite_failed(s);
		(void)sqlite3_bind_int64(put, 1, (int64_t)s->ports.count + 1);
		(void)sqlite3_bind_text(put, 2, name, -1, SQLITE_STATIC);
		enum ledger_store_error error = ledger_sqlite_run(s, put);
		if (error)
			return error;
		if (!ledger_port_names_add(&s->ports, name))
			return LEDGER_STORE_MEMORY;
		numbers[i] = s->ports.count;
	}
	return LEDGER_STORE_OK;
}

static enum ledger_store_error
put_bins(struct ledger_sqlite *s, const struct traffic_batch *batch, const uint32_t *numbers)
{
	for (size_t i = 0; i < batch->port_count; i++) {
		struct ledger_fact f = ledger_fact_of(batch, &batch->ports[i]);
		sqlite3_stmt *put = ledger_sqlite_query(s, LEDGER_Q_PUT_BIN);
		if (!put)
			return ledger_sqlite_failed(s);
		const int64_t values[] = {
			numbers[i],
			f.start.s,
			f.length_s,
			f.claim,
			f.simulated,
			f.counter_covered_s,
			(int64_t)f.counter_in,
			(int64_t)f.counter_out,
			(int64_t)f.flow_in,
			(int64_t)f.flow_out,
			(int64_t)f.samples_in,
			(int64_t)f.samples_out,
		};
		bind(put, 1, sizeof(values) / sizeof(values[0]), values);
		enum ledger_store_error error = ledger_sqlite_run(s, put);
		if (error)
			return error;
	}
	return LEDGER_STORE_OK;
}

/* A row of packed sums; `key` is kind, folded, start, run, length. */
static enum ledger_store_error
put_packed(struct ledger_sqlite *s, const int64_t key[5], struct ledger_sums *sums)
{
	struct buf body = {0};
	ledger_sums_sort(sums);
	ledger_pack(sums->items, sums->count, ledger_sum_flags((enum ledger_sum_kind)key[0]),
		    &body);
	enum ledger_store_error error = LEDGER_STORE_MEMORY;
	sqlite3_stmt *put = NULL;
	if (sums->failed || body.failed)
		goto out;
	put = ledger_sqlite_query(s, LEDGER_Q_PUT_SUMS);
	if (put) {
		bind(put, 1, 5, key);
		(void)sqlite3_bind_blob64(put, 6, body.data, body.length, SQLITE_STATIC);
	}
	error = ledger_sqlite_run(s, put);
out:
	buf_fini(&body);
	return error;
}

static enum ledger_store_error
put_sums(struct ledger_sqlite *s, const struct traffic_batch *batch, const uint32_t *numbers)
{
	enum ledger_store_error error = LEDGER_STORE_OK;
	for (int kind = 1; kind <= LEDGER_SUM_KINDS && !error; kind++) {
		struct ledger_sums sums = {0};
		ledger_batch_sums(&sums, batch, (enum ledger_sum_kind)kind, numbers);
		const int64_t key[5] = {kind, 0, batch->start.s, (int64_t)batch->run,
					batch->length_s};
		if (sums.failed)
			error = LEDGER_STORE_MEMORY;
		else if (sums.count)
			error = put_packed(s, key, &sums);
		ledger_sums_fini(&sums);
	}
	return error;
}

/* The batch's own row; *is_new is false when (start, run) was there. What is known of the exporters
 * and of what was not attributed is kept in the encoding that it came in. */
static enum ledger_store_error
put_row(struct ledger_sqlite *s, const struct traffic_batch *batch, bool *is_new)
{
	struct traffic_batch provenance = *batch;
	provenance.port_count = provenance.pair_count = 0;
	provenance.origin_count = provenance.country_count = 0;
	struct buf bytes = {0};
	traffic_encode(&provenance, &bytes);
	struct ledger_check check = ledger_batch_check(batch);
	struct ledger_bin worth = ledger_batch_worth(batch);
	sqlite3_stmt *put = ledger_sqlite_query(s, LEDGER_Q_PUT_BATCH);
	enum ledger_store_error error = LEDGER_STORE_MEMORY;
	if (bytes.failed)
		goto out;
	if (put) {
		const int64_t values[] = {
			batch->start.s,         (int64_t)batch->run, batch->length_s,
			batch->covered_s,       batch->simulated,    (int64_t)batch->kernel_drops,
			(int64_t)check.counter, (int64_t)check.flow, (int64_t)worth.in,
			(int64_t)worth.out,     worth.state,
		};
		bind(put, 1, sizeof(values) / sizeof(values[0]), values);
		(void)sqlite3_bind_blob64(put, 12, bytes.data, bytes.length, SQLITE_STATIC);
	}
	error = ledger_sqlite_run(s, put);
	*is_new = !error && sqlite3_changes(s->db) > 0;
out:
	buf_fini(&bytes);
	return error;
}

static bool
overlaps(struct ledger_sqlite *s, const struct traffic_batch *batch, enum ledger_store_error *error)
{
	sqlite3_stmt *query = ledger_sqlite_query(s, LEDGER_Q_OVERLAP);
	if (!query) {
		*error = ledger_sqlite_failed(s);
		return false;
	}
	const int64_t values[] = {batch->start.s, batch->length_s};
	bind(query, 1, 2, values);
	int code = sqlite3_step(query);
	*error = code == SQLITE_ROW || code == SQLITE_DONE ? LEDGER_STORE_OK
							   : ledger_sqlite_failed(s);
	(void)sqlite3_reset(query);
	return code == SQLITE_ROW;
}

/* One batch inside a transaction. */
static enum ledger_store_error
put_one(struct ledger_sqlite *s, const struct traffic_batch *batch, enum ledger_put *result)
{
	enum ledger_store_error error;
	*result = LEDGER_PUT_REFUSED;
	if (ledger_batch_fault(batch))
		return LEDGER_STORE_OK;
	if (overlaps(s, batch, &error) || error)
		return error;
	bool is_new = false;
	error = put_row(s, batch, &is_new);
	if (error)
		return error;
	*result = is_new ? LEDGER_PUT_NEW : LEDGER_PUT_KNOWN;
	if (!is_new)
		return LEDGER_STORE_OK;
	uint32_t *numbers = calloc(batch->port_count + 1, sizeof(*numbers));
	if (!numbers)
		return LEDGER_STORE_MEMORY;
	error = number_ports(s, batch, numbers);
	if (!error)
		error = put_bins(s, batch, numbers);
	if (!error)
		error = put_sums(s, batch, numbers);
	free(numbers);
	return error;
}

/* Ends the transaction: by COMMIT, or when that or what was before it failed by ROLLBACK. */
static enum ledger_store_error
end(struct ledger_sqlite *s, enum ledger_store_error error)
{
	if (!error)
		error = ledger_sqlite_run(s, ledger_sqlite_query(s, LEDGER_Q_COMMIT));
	if (!error)
		return LEDGER_STORE_OK;
	char said[sizeof(s->error)];
	memcpy(said, s->error, sizeof(said));
	/* A full disk may have ended the transaction already. */
	if (!sqlite3_get_autocommit(s->db))
		(void)ledger_sqlite_run(s, ledger_sqlite_query(s, LEDGER_Q_ROLLBACK));
	/* The log may be what fills the disk: brought home it gives its room back, for the next
	 * try. */
	if (error == LEDGER_STORE_FULL)
		(void)sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
						NULL);
	memcpy(s->error, said, sizeof(said));
	return error;
}

static enum ledger_store_error
put(struct ledger_store *store, const struct traffic_batch *const *batches, size_t count,
    enum ledger_put *results)
{
	struct ledger_sqlite *s = ledger_sqlite_of(store);
	uint32_t ports_before = s->ports.count;
	enum ledger_store_error error =
		ledger_sqlite_run(s, ledger_sqlite_query(s, LEDGER_Q_BEGIN));
	if (error)
		return error;
	for (size_t i = 0; i < count && !error; i++)
		error = put_one(s, batches[i], &results[i]);
	error = end(s, error);
	if (error)
		ledger_port_names_cut(&s->ports, ports_before);
	else
		s->changes++;
	return error;
}

/* --- folding --- */

/* Adds up the rows of one window. A row that cannot be read is set aside: it stays in the file,
 * and verify tells of it. */
static enum ledger_store_error
read_window(struct ledger_sqlite *s, const int64_t window[3], struct ledger_sums *sums,
	    int64_t *spoilt)
{
	sqlite3_stmt *read = ledger_sqlite_query(s, LEDGER_Q_FOLD_READ);
	if (!read)
		return ledger_sqlite_failed(s);
	bind(read, 1, 3, window);
	int code;
	while ((code = sqlite3_step(read)) == SQLITE_ROW && !*spoilt) {
		struct cursor body = cursor_of(sqlite3_column_blob(read, 1),
					       (size_t)sqlite3_column_bytes(read, 1));
		if (ledger_unpack(sums, body) < 0 && !sums->failed)
			*spoilt = sqlite3_column_int64(read, 0);
	}
	enum ledger_store_error error = LEDGER_STORE_OK;
	if (sums->failed)
		error = LEDGER_STORE_MEMORY;
	else if (code != SQLITE_DONE && code != SQLITE_ROW)
		error = ledger_sqlite_failed(s);
	(void)sqlite3_reset(read);
	return error;
}

static enum ledger_store_error
fold_window(struct ledger_sqlite *s, enum ledger_sum_kind kind, int64_t start, uint32_t length_s)
{
	const int64_t window[3] = {kind, start, start + length_s};
	struct ledger_sums sums = {0};
	int64_t spoilt = 0;
	enum ledger_store_error error =
		ledger_sqlite_run(s, ledger_sqlite_query(s, LEDGER_Q_BEGIN));
	if (error)
		return error;
	error = read_window(s, window, &sums, &spoilt);
	sqlite3_stmt *change =
		ledger_sqlite_query(s, spoilt ? LEDGER_Q_FOLD_SPOILT : LEDGER_Q_FOLD_DROP);
	if (!error && !change)
		error = ledger_sqlite_failed(s);
	if (!error) {
		bind(change, 1, spoilt ? 1 : 3, spoilt ? &spoilt : window);
		error = ledger_sqlite_run(s, change);
	}
	const int64_t key[5] = {kind, 1, start, 0, length_s};
	if (!error && !spoilt)
		error = put_packed(s, key, &sums);
	ledger_sums_fini(&sums);
	return end(s, error);
}

enum ledger_store_error
ledger_sqlite_fold(struct ledger_store *store, struct utc_s now, bool *more)
{
	struct ledger_sqlite *s = ledger_sqlite_of(store);
	*more = false;
	for (int i = 0; i < LEDGER_SUM_KINDS; i++) {
		const struct ledger_fold *fold = &ledger_folds[i];
		sqlite3_stmt *oldest = ledger_sqlite_query(s, LEDGER_Q_FOLD_OLDEST);
		if (!oldest)
			return ledger_sqlite_failed(s);
		(void)sqlite3_bind_int64(oldest, 1, fold->kind);
		bool found = sqlite3_step(oldest) == SQLITE_ROW &&
			     sqlite3_column_type(oldest, 0) == SQLITE_INTEGER;
		int64_t start = found ? sqlite3_column_int64(oldest, 0) : 0;
		(void)sqlite3_reset(oldest);
		start -= start % fold->folded_s;
		if (!found || start + fold->folded_s + fold->fine_s > now.s)
			continue;
		*more = true;
		return fold_window(s, fold->kind, start, fold->folded_s);
	}
	return LEDGER_STORE_OK;
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
	ledger_port_names_cut(&s->ports, 0);
	free(s->ports.names);
	free(s->ports.slots);
	free(s);
}

static const struct ledger_store_engine engine = {
	.name = "sqlite",
	.put = put,
	.bins = ledger_sqlite_bins,
	.batches = ledger_sqlite_batches,
	.sums = ledger_sqlite_sums,
	.port_name = ledger_sqlite_port_name,
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

/* Brings the file to VERSION, each step in a transaction of its own. */
static int
migrate(struct ledger_sqlite *s, char reason[LEDGER_SQLITE_REASON])
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
load_ports(struct ledger_sqlite *s, char reason[LEDGER_SQLITE_REASON])
{
	sqlite3_stmt *all;
	if (sqlite3_prepare_v2(s->db, "SELECT id, name FROM port ORDER BY id", -1, &all, NULL) !=
	    SQLITE_OK)
		return -1;
	int code, status = 0;
	while ((code = sqlite3_step(all)) == SQLITE_ROW && !status) {
		const char *name = (const char *)sqlite3_column_text(all, 1);
		if (sqlite3_column_int64(all, 0) != (int64_t)s->ports.count + 1 || !name) {
			(void)snprintf(reason, LEDGER_SQLITE_REASON,
				       "the numbers of the ports have a gap");
			status = -1;
		} else if (!ledger_port_names_add(&s->ports, name)) {
			(void)snprintf(reason, LEDGER_SQLITE_REASON, "no memory");
			status = -1;
		}
	}
	(void)sqlite3_finalize(all);
	return status || (code != SQLITE_DONE && code != SQLITE_ROW) ? -1 : 0;
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
	if (migrate(s, reason) < 0 || load_ports(s, reason) < 0 || check_at_start(s, reason) < 0)
		return -1;
	s->data_version = ledger_sqlite_number(s, LEDGER_Q_DATA_VERSION, 0);
	return 0;
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
	if (prepare(s, path, reason) < 0) {
		char said[LEDGER_SQLITE_REASON];
		(void)snprintf(said, sizeof(said), "%.200s",
			       reason[0] ? reason : sqlite3_errmsg(s->db));
		(void)snprintf(reason, LEDGER_SQLITE_REASON, "%.*s: %.150s", 100, path, said);
		bool full = s->db && ledger_sqlite_failed(s) == LEDGER_STORE_FULL;
		close_store(&s->store);
		errno = full ? ENOSPC : EIO;
		return NULL;
	}
	return &s->store;
}
