/* The embedded engine of the store: reading bins whole. */
#include <string.h>

#include "ledger/ledger_sqlite.h"
#include "ledger/ledger_store_row.h"

static enum ledger_store_error
read_batches(struct ledger_sqlite *s, struct ledger_wholes *out, const int64_t window[2])
{
	sqlite3_stmt *query = ledger_sqlite_query(s, LEDGER_Q_BATCHES);
	if (!query)
		return ledger_sqlite_failed(s);
	(void)sqlite3_bind_int64(query, 1, window[0]);
	(void)sqlite3_bind_int64(query, 2, window[1]);
	int code;
	while ((code = sqlite3_step(query)) == SQLITE_ROW) {
		struct ledger_batch_row row = ledger_sqlite_batch_row(query);
		struct ledger_whole *bin = ledger_wholes_at(out, row.start);
		if (!bin ||
		    !ledger_whole_add_row(bin, &row,
					  ledger_sqlite_blob(query, LEDGER_COLUMN_PROVENANCE))) {
			(void)sqlite3_reset(query);
			return LEDGER_STORE_MEMORY;
		}
	}
	return ledger_sqlite_finish(s, query, code);
}

static enum ledger_store_error
read_ports(struct ledger_sqlite *s, struct ledger_wholes *out, const int64_t window[2])
{
	sqlite3_stmt *query = ledger_sqlite_query(s, LEDGER_Q_WHOLE_PORTS);
	if (!query)
		return ledger_sqlite_failed(s);
	(void)sqlite3_bind_int64(query, 1, window[0]);
	(void)sqlite3_bind_int64(query, 2, window[1]);
	int code;
	while ((code = sqlite3_step(query)) == SQLITE_ROW) {
		struct ledger_fact fact = ledger_sqlite_fact(query, 1);
		const char *name = (const char *)sqlite3_column_text(query, 0);
		struct ledger_whole *bin = ledger_wholes_at(out, fact.start);
		struct ledger_whole_port *port = bin ? ledger_rows_next(&bin->ports) : NULL;
		char *kept = name ? arena_copy(out->arena, name, strlen(name)) : NULL;
		if (!port || !kept) {
			(void)sqlite3_reset(query);
			return LEDGER_STORE_MEMORY;
		}
		*port = (struct ledger_whole_port){kept, fact};
	}
	return ledger_sqlite_finish(s, query, code);
}

static enum ledger_store_error
read_sums(struct ledger_sqlite *s, struct ledger_wholes *out, enum ledger_sum_kind kind,
	  const int64_t window[2])
{
	sqlite3_stmt *query = ledger_sqlite_query(s, LEDGER_Q_WHOLE_SUMS);
	if (!query)
		return ledger_sqlite_failed(s);
	(void)sqlite3_bind_int64(query, 1, kind);
	(void)sqlite3_bind_int64(query, 2, window[0]);
	(void)sqlite3_bind_int64(query, 3, window[1]);
	int code;
	while ((code = sqlite3_step(query)) == SQLITE_ROW) {
		struct ledger_whole *bin =
			ledger_wholes_at(out, (struct utc_s){sqlite3_column_int64(query, 1)});
		struct ledger_sums *sums =
			bin ? ledger_whole_sums_of(
				      bin,
				      &(struct ledger_whole_sums){
					      .kind = kind,
					      .folded = sqlite3_column_int64(query, 0) == 1,
					      .run = (uint64_t)sqlite3_column_int64(query, 2),
					      .length_s = (uint32_t)sqlite3_column_int64(query, 3),
				      })
			    : NULL;
		bool read = sums && ledger_unpack(sums, ledger_sqlite_blob(query, 4)) == 0;
		if (!read) {
			(void)sqlite3_reset(query);
			memcpy(s->error, "a row of sums cannot be read", 29);
			return !sums || sums->failed ? LEDGER_STORE_MEMORY : LEDGER_STORE_BROKEN;
		}
	}
	return ledger_sqlite_finish(s, query, code);
}

static enum ledger_store_error
read_all_sums(struct ledger_sqlite *s, struct ledger_wholes *out, const int64_t window[2])
{
	enum ledger_store_error error = LEDGER_STORE_OK;
	for (int kind = 1; kind <= LEDGER_SUM_KINDS && !error; kind++)
		error = read_sums(s, out, (enum ledger_sum_kind)kind, window);
	if (!error || error == LEDGER_STORE_MEMORY || !s->damaged)
		return error;
	/* Bills do not rest on them. */
	out->lost_sums = true;
	ledger_wholes_drop_sums(out);
	return LEDGER_STORE_OK;
}

enum ledger_store_error
ledger_sqlite_read(struct ledger_store *store, struct ledger_wholes *out, struct utc_s from,
		   struct utc_s to)
{
	struct ledger_sqlite *s = ledger_sqlite_of(store);
	const int64_t window[2] = {from.s, to.s};
	enum ledger_store_error error = ledger_sqlite_look(s);
	if (error)
		return error;
	out->names = &s->ports;
	/* One picture of the file for all of it. */
	error = ledger_sqlite_run(s, ledger_sqlite_query(s, LEDGER_Q_BEGIN_READING));
	if (error)
		return error;
	error = read_batches(s, out, window);
	if (!error)
		error = read_ports(s, out, window);
	if (!error)
		error = read_all_sums(s, out, window);
	enum ledger_store_error ended =
		ledger_sqlite_run(s, ledger_sqlite_query(s, LEDGER_Q_COMMIT));
	ledger_wholes_sort(out);
	return error ? error : ended;
}
