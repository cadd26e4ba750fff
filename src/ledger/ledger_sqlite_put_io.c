/* The embedded engine of the store: putting and folding.
 *
 * A put is one transaction in write-ahead mode with synchronous=FULL: when COMMIT returns the log
 * has been synced; when anything fails before, nothing of it is there. */
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_judge.h"
#include "ledger/ledger_sqlite.h"
#include "ledger/ledger_store_row.h"

enum { DAY_S = 86400 };

/* Binds values to ?first, ?first+1, ... */
static void
bind(sqlite3_stmt *statement, int first, size_t count, const int64_t *values)
{
	for (size_t i = 0; i < count; i++)
		(void)sqlite3_bind_int64(statement, first + (int)i, values[i]);
}

/* The store's number of a port, a new one if need be. */
static enum ledger_store_error
number_port(struct ledger_sqlite *s, const char *name, uint32_t *number)
{
	*number = ledger_port_names_find(&s->ports, name);
	if (*number)
		return LEDGER_STORE_OK;
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
	*number = s->ports.count;
	return LEDGER_STORE_OK;
}

/* The store's numbers of the bins' ports, by their numbers in the bins. */
static enum ledger_store_error
number_ports(struct ledger_sqlite *s, const struct ledger_port_names *names, uint32_t *numbers)
{
	enum ledger_store_error error = LEDGER_STORE_OK;
	for (uint32_t i = 0; i < names->count && !error; i++)
		error = number_port(s, names->names[i], &numbers[i + 1]);
	return error;
}

static enum ledger_store_error
put_ports(struct ledger_sqlite *s, const struct ledger_whole *bin)
{
	for (size_t i = 0; i < bin->ports.count; i++) {
		const struct ledger_whole_port *port = ledger_whole_port(bin, i);
		uint32_t number;
		enum ledger_store_error error = number_port(s, port->port, &number);
		if (error)
			return error;
		sqlite3_stmt *put = ledger_sqlite_query(s, LEDGER_Q_PUT_BIN);
		if (!put)
			return ledger_sqlite_failed(s);
		int64_t values[2 + LEDGER_ROW_NUMBERS] = {number, bin->start.s};
		ledger_row_of(values + 2, &port->fact);
		bind(put, 1, sizeof(values) / sizeof(values[0]), values);
		error = ledger_sqlite_run(s, put);
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
put_sums(struct ledger_sqlite *s, struct ledger_whole *bin, const uint32_t *numbers)
{
	enum ledger_store_error error = LEDGER_STORE_OK;
	for (size_t i = 0; i < bin->sums.count && !error; i++) {
		struct ledger_whole_sums *sums = ledger_whole_sums(bin, i);
		const int64_t key[5] = {sums->kind, sums->folded, bin->start.s, (int64_t)sums->run,
					sums->length_s};
		ledger_sums_renumber(&sums->sums, sums->kind, numbers);
		error = put_packed(s, key, &sums->sums);
	}
	return error;
}

static enum ledger_store_error
put_batch(struct ledger_sqlite *s, const struct ledger_whole_batch *batch)
{
	struct buf bytes = {0};
	ledger_batch_provenance(&bytes, &batch->told);
	sqlite3_stmt *put = ledger_sqlite_query(s, LEDGER_Q_PUT_BATCH);
	enum ledger_store_error error = LEDGER_STORE_MEMORY;
	if (bytes.failed)
		goto out;
	if (put) {
		const struct traffic_batch *told = &batch->told;
		const int64_t values[] = {
			told->start.s,
			(int64_t)told->run,
			told->length_s,
			told->covered_s,
			told->simulated,
			(int64_t)told->kernel_drops,
			(int64_t)batch->check.counter,
			(int64_t)batch->check.flow,
			(int64_t)batch->in,
			(int64_t)batch->out,
			batch->state,
		};
		bind(put, 1, sizeof(values) / sizeof(values[0]), values);
		(void)sqlite3_bind_blob64(put, 12, bytes.data, bytes.length, SQLITE_STATIC);
	}
	error = ledger_sqlite_run(s, put);
out:
	buf_fini(&bytes);
	return error;
}

/* --- what becomes of the bins --- */

/* After the last row of a query. */
static enum ledger_store_error
done(struct ledger_sqlite *s, sqlite3_stmt *query, int code)
{
	enum ledger_store_error error =
		code == SQLITE_DONE ? LEDGER_STORE_OK : ledger_sqlite_failed(s);
	(void)sqlite3_reset(query);
	return error;
}

static enum ledger_store_error
note_batches(struct ledger_sqlite *s, struct utc_s from, struct utc_s to,
	     struct ledger_judge *judge)
{
	sqlite3_stmt *query = ledger_sqlite_query(s, LEDGER_Q_BATCH_KEYS);
	if (!query)
		return ledger_sqlite_failed(s);
	bind(query, 1, 2, (const int64_t[]){from.s, to.s});
	int code;
	while ((code = sqlite3_step(query)) == SQLITE_ROW)
		ledger_judge_note_batch(judge, &(struct ledger_judge_batch){
						       {sqlite3_column_int64(query, 0)},
						       (uint64_t)sqlite3_column_int64(query, 1),
						       (uint32_t)sqlite3_column_int64(query, 2),
					       });
	return done(s, query, code);
}

static enum ledger_store_error
note_folded(struct ledger_sqlite *s, enum ledger_sum_kind kind, struct utc_s from, struct utc_s to,
	    struct ledger_judge *judge)
{
	sqlite3_stmt *query = ledger_sqlite_query(s, LEDGER_Q_FOLDED_KEYS);
	if (!query)
		return ledger_sqlite_failed(s);
	bind(query, 1, 3, (const int64_t[]){kind, from.s, to.s});
	int code;
	while ((code = sqlite3_step(query)) == SQLITE_ROW)
		ledger_judge_note_folded(judge, kind,
					 (struct utc_s){sqlite3_column_int64(query, 0)});
	return done(s, query, code);
}

static enum ledger_store_error
judge_all(struct ledger_sqlite *s, const struct ledger_wholes *bins, enum ledger_put *results)
{
	struct ledger_judge judge;
	struct utc_s from, to;
	enum ledger_store_error error = LEDGER_STORE_OK;
	ledger_judge_init(&judge, bins,
			  &(struct ledger_judge_rules){
				  .start_max = INT64_MAX - DAY_S,
				  .folded_apart = true,
			  });
	while (!error && ledger_judge_span(&judge, &from, &to)) {
		error = note_batches(s, from, to, &judge);
		for (int kind = 1; kind <= LEDGER_SUM_KINDS && !error; kind++)
			error = note_folded(s, (enum ledger_sum_kind)kind, from, to, &judge);
	}
	if (!error && !ledger_judge_bins(&judge, results))
		error = LEDGER_STORE_MEMORY;
	return error;
}

/* One bin inside a transaction. */
static enum ledger_store_error
take_one(struct ledger_sqlite *s, struct ledger_whole *bin, const struct ledger_port_names *names,
	 uint32_t *numbers)
{
	enum ledger_store_error error = LEDGER_STORE_OK;
	for (size_t i = 0; i < bin->batches.count && !error; i++)
		error = put_batch(s, ledger_whole_batch(bin, i));
	if (!error && names->count && !numbers[names->count])
		error = number_ports(s, names, numbers);
	if (!error)
		error = put_ports(s, bin);
	return error ? error : put_sums(s, bin, numbers);
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
ledger_sqlite_take(struct ledger_store *store, struct ledger_wholes *bins, bool dry,
		   enum ledger_put *results)
{
	struct ledger_sqlite *s = ledger_sqlite_of(store);
	uint32_t *numbers = calloc((size_t)bins->names->count + 1, sizeof(*numbers));
	if (!numbers)
		return LEDGER_STORE_MEMORY;
	enum ledger_store_error error =
		ledger_sqlite_run(s, ledger_sqlite_query(s, LEDGER_Q_BEGIN));
	if (error) {
		free(numbers);
		return error;
	}
	/* Another process may have brought ports since. */
	error = ledger_sqlite_look(s);
	uint32_t ports_before = s->ports.count;
	if (!error)
		error = judge_all(s, bins, results);
	for (size_t i = 0; i < bins->items.count && !error && !dry; i++)
		if (results[i] == LEDGER_PUT_NEW)
			error = take_one(s, ledger_wholes_item(bins, i), bins->names, numbers);
	error = end(s, error);
	if (error)
		ledger_port_names_cut(&s->ports, ports_before);
	else
		s->changes += !dry;
	free(numbers);
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
