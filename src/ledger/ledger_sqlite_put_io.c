/* The embedded engine of the store: putting and folding.
 *
 * A put is one transaction in write-ahead mode with synchronous=FULL: when COMMIT returns the log
 * has been synced; when anything fails before, nothing of it is there. */
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_sqlite.h"
#include "ledger/ledger_store_row.h"

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
		int64_t values[2 + LEDGER_ROW_NUMBERS] = {numbers[i], f.start.s};
		ledger_row_of(values + 2, &f);
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

/* The batch's own row; *is_new is false when (start, run) was there. */
static enum ledger_store_error
put_row(struct ledger_sqlite *s, const struct traffic_batch *batch, bool *is_new)
{
	struct buf bytes = {0};
	ledger_batch_provenance(&bytes, batch);
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

enum ledger_store_error
ledger_sqlite_put(struct ledger_store *store, const struct traffic_batch *const *batches,
		  size_t count, enum ledger_put *results)
{
	struct ledger_sqlite *s = ledger_sqlite_of(store);
	enum ledger_store_error error =
		ledger_sqlite_run(s, ledger_sqlite_query(s, LEDGER_Q_BEGIN));
	if (error)
		return error;
	/* Another process may have brought ports since. */
	error = ledger_sqlite_look(s);
	uint32_t ports_before = s->ports.count;
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
