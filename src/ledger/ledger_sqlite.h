/* Private to the SQLite engine: ledger_sqlite_text.c has the statements, ledger_sqlite_put_io.c
 * writes, ledger_sqlite_read_io.c answers. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "ledger/ledger_port_names.h"
#include "ledger/ledger_sqlite_io.h"
#include "ledger/ledger_store.h"

/* Every statement that is used more than once, prepared when first needed. */
enum ledger_sqlite_query {
	LEDGER_Q_BEGIN,
	LEDGER_Q_COMMIT,
	LEDGER_Q_ROLLBACK,
	LEDGER_Q_BEGIN_READING,
	LEDGER_Q_BATCH_KEYS,
	LEDGER_Q_FOLDED_KEYS,
	LEDGER_Q_PUT_BATCH,
	LEDGER_Q_PUT_PORT,
	LEDGER_Q_PUT_BIN,
	LEDGER_Q_PUT_SUMS,
	LEDGER_Q_BINS,
	LEDGER_Q_BATCHES,
	LEDGER_Q_SUMS,
	LEDGER_Q_WHOLE_PORTS,
	LEDGER_Q_WHOLE_SUMS,
	LEDGER_Q_COUNT,
	LEDGER_Q_COUNT_BETWEEN,
	LEDGER_Q_ENDS,
	LEDGER_Q_PORTS,
	LEDGER_Q_DATA_VERSION,
	LEDGER_Q_SIZE,
	LEDGER_Q_NEWEST,
	LEDGER_Q_BATCH_CHECK,
	LEDGER_Q_BIN_CHECK,
	LEDGER_Q_FOLD_OLDEST,
	LEDGER_Q_FOLD_READ,
	LEDGER_Q_FOLD_DROP,
	LEDGER_Q_FOLD_SPOILT,
	LEDGER_Q_COUNT_OF_QUERIES,
};

struct ledger_sqlite {
	struct ledger_store store; /* first */
	sqlite3 *db;
	sqlite3_stmt *queries[LEDGER_Q_COUNT_OF_QUERIES];
	struct ledger_port_names ports;
	uint64_t changes;
	uint64_t batches, batches_at; /* counted when `changes` was one less; 0: never */
	bool damaged;                 /* what can be read is wanted, and nothing else */
	int64_t data_version; /* as last seen: another process has written when it differs */
	char error[256];
};

static inline struct ledger_sqlite *
ledger_sqlite_of(struct ledger_store *store)
{
	return (struct ledger_sqlite *)store;
}

/* Appends the text of a statement with its closing NUL; false if there is no memory. Pure
 * (ledger_sqlite_text.c). */
bool ledger_sqlite_text(struct buf *out, enum ledger_sqlite_query query);
/* The statement, reset and without values; NULL on failure (see ledger_sqlite_failed). */
sqlite3_stmt *ledger_sqlite_query(struct ledger_sqlite *s, enum ledger_sqlite_query query);
/* Notes what SQLite said last, and says what kind of failure it is. Never LEDGER_STORE_OK. */
enum ledger_store_error ledger_sqlite_failed(struct ledger_sqlite *s);
/* Runs a statement that gives no rows, and resets it. */
enum ledger_store_error ledger_sqlite_run(struct ledger_sqlite *s, sqlite3_stmt *statement);
/* One number that a statement without values gives; `otherwise` when it gives none or fails. */
int64_t ledger_sqlite_number(struct ledger_sqlite *s, enum ledger_sqlite_query query,
			     int64_t otherwise);

/* Has another process written? Then its ports are read, and `changes` counts. */
enum ledger_store_error ledger_sqlite_look(struct ledger_sqlite *s);

/* Compares the ports of the newest bins with what their batches brought; appends a line a fault. */
enum ledger_store_error ledger_sqlite_check_newest(struct ledger_sqlite *s, int bins,
						   struct buf *faults);

/* --- rows (ledger_sqlite_read_io.c) --- */
/* What a query that gave `code` at its end means; resets it. */
enum ledger_store_error ledger_sqlite_finish(struct ledger_sqlite *s, sqlite3_stmt *statement,
					     int code);
/* `start` and the numbers of a port's bin, from `column` on. */
struct ledger_fact ledger_sqlite_fact(sqlite3_stmt *row, int column);
/* A row of LEDGER_Q_BATCHES but for its provenance. */
struct ledger_batch_row ledger_sqlite_batch_row(sqlite3_stmt *row);
enum { LEDGER_COLUMN_PROVENANCE = 11 };
/* The octets of a column; valid until the statement's next step. */
struct cursor ledger_sqlite_blob(sqlite3_stmt *row, int column);

/* The questions. */
enum ledger_store_error ledger_sqlite_bins(struct ledger_facts *out, struct ledger_store *store,
					   struct arena *arena, const char *port, struct utc_s from,
					   struct utc_s to);
enum ledger_store_error ledger_sqlite_worths(struct ledger_worth *worths,
					     struct ledger_store *store, const uint32_t *ports,
					     size_t count, const struct ledger_steps *steps);
enum ledger_store_error ledger_sqlite_batches(struct ledger_store *store, struct arena *arena,
					      struct utc_s from, struct utc_s to,
					      struct ledger_batch_row **rows, size_t *count);
enum ledger_store_error ledger_sqlite_sums(struct ledger_store *store, enum ledger_sum_kind kind,
					   struct utc_s from, struct utc_s to,
					   struct ledger_sums *sums);
enum ledger_store_error ledger_sqlite_read(struct ledger_store *store, struct ledger_wholes *out,
					   struct utc_s from, struct utc_s to);
/* By number from 1 on; NULL: there is no such one. Owned by the store. */
const char *ledger_sqlite_port_name(struct ledger_store *store, uint32_t number);
enum ledger_store_error ledger_sqlite_count(struct ledger_store *store, struct utc_s from,
					    struct utc_s to, uint64_t *batches);
enum ledger_store_error ledger_sqlite_totals(struct ledger_store *store,
					     struct ledger_store_totals *totals);
enum ledger_store_error ledger_sqlite_verify(struct ledger_store *store, struct buf *faults);
/* Changes (ledger_sqlite_put_io.c). */
enum ledger_store_error ledger_sqlite_take(struct ledger_store *store, struct ledger_wholes *bins,
					   bool dry, enum ledger_put *results);
enum ledger_store_error ledger_sqlite_fold(struct ledger_store *store, struct utc_s now,
					   bool *more);
