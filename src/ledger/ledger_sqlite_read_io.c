/* The embedded engine of the store: its answers. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_sqlite.h"
#include "ledger/ledger_store_row.h"

enum ledger_store_error
ledger_sqlite_finish(struct ledger_sqlite *s, sqlite3_stmt *statement, int code)
{
	enum ledger_store_error error =
		code == SQLITE_DONE ? LEDGER_STORE_OK : ledger_sqlite_failed(s);
	(void)sqlite3_reset(statement);
	return error;
}

static enum traffic_state
state_of(int64_t number)
{
	return number == TRAFFIC_COUNTER || number == TRAFFIC_ESTIMATED ? (enum traffic_state)number
									: TRAFFIC_MISSING;
}

struct ledger_fact
ledger_sqlite_fact(sqlite3_stmt *row, int column)
{
	int64_t numbers[LEDGER_ROW_NUMBERS];
	for (int i = 0; i < LEDGER_ROW_NUMBERS; i++)
		numbers[i] = sqlite3_column_int64(row, column + 1 + i);
	return ledger_row_fact((struct utc_s){sqlite3_column_int64(row, column)}, numbers);
}

/* The bins of a port, to be stepped through; NULL on failure. */
static sqlite3_stmt *
query_bins(struct ledger_sqlite *s, uint32_t port, struct utc_s from, struct utc_s to)
{
	sqlite3_stmt *query = ledger_sqlite_query(s, LEDGER_Q_BINS);
	if (!query)
		return NULL;
	(void)sqlite3_bind_int64(query, 1, port);
	(void)sqlite3_bind_int64(query, 2, from.s);
	(void)sqlite3_bind_int64(query, 3, to.s);
	return query;
}

enum ledger_store_error
ledger_sqlite_bins(struct ledger_facts *out, struct ledger_store *store, struct arena *arena,
		   const char *port, struct utc_s from, struct utc_s to)
{
	struct ledger_sqlite *s = ledger_sqlite_of(store);
	*out = (struct ledger_facts){0};
	enum ledger_store_error error = ledger_sqlite_look(s);
	uint32_t number = ledger_port_names_find(&s->ports, port);
	if (error || !number)
		return error;
	sqlite3_stmt *query = query_bins(s, number, from, to);
	if (!query)
		return ledger_sqlite_failed(s);
	struct ledger_rows rows = {.arena = arena, .size = sizeof(struct ledger_fact)};
	int code;
	while ((code = sqlite3_step(query)) == SQLITE_ROW) {
		struct ledger_fact *fact = ledger_rows_next(&rows);
		if (!fact) {
			(void)sqlite3_reset(query);
			return LEDGER_STORE_MEMORY;
		}
		*fact = ledger_sqlite_fact(query, 0);
	}
	*out = (struct ledger_facts){(struct ledger_fact *)rows.items, rows.count};
	return ledger_sqlite_finish(s, query, code);
}

enum ledger_store_error
ledger_sqlite_worths(struct ledger_worth *worths, struct ledger_store *store, const uint32_t *ports,
		     size_t count, const struct ledger_steps *steps)
{
	struct ledger_sqlite *s = ledger_sqlite_of(store);
	enum ledger_store_error error = LEDGER_STORE_OK;
	size_t each = ledger_steps_count(steps);
	for (size_t i = 0; i < count && !error; i++) {
		sqlite3_stmt *query = query_bins(s, ports[i], steps->from, steps->to);
		if (!query)
			return ledger_sqlite_failed(s);
		int code;
		while ((code = sqlite3_step(query)) == SQLITE_ROW) {
			struct ledger_fact fact = ledger_sqlite_fact(query, 0);
			size_t step = ledger_steps_at(steps, fact.start);
			ledger_worth_add(&worths[i * each + step], &fact);
		}
		error = ledger_sqlite_finish(s, query, code);
	}
	return error;
}

struct cursor
ledger_sqlite_blob(sqlite3_stmt *row, int column)
{
	const void *bytes = sqlite3_column_blob(row, column);
	return cursor_of(bytes, (size_t)sqlite3_column_bytes(row, column));
}

struct ledger_batch_row
ledger_sqlite_batch_row(sqlite3_stmt *row)
{
	return (struct ledger_batch_row){
		.start.s = sqlite3_column_int64(row, 0),
		.run = (uint64_t)sqlite3_column_int64(row, 1),
		.length_s = (uint32_t)sqlite3_column_int64(row, 2),
		.covered_s = (uint32_t)sqlite3_column_int64(row, 3),
		.simulated = sqlite3_column_int64(row, 4) != 0,
		.kernel_drops = (uint64_t)sqlite3_column_int64(row, 5),
		.in = (uint64_t)sqlite3_column_int64(row, 6),
		.out = (uint64_t)sqlite3_column_int64(row, 7),
		.state = state_of(sqlite3_column_int64(row, 8)),
		.check = {(uint64_t)sqlite3_column_int64(row, 9),
			  (uint64_t)sqlite3_column_int64(row, 10)},
	};
}

enum ledger_store_error
ledger_sqlite_batches(struct ledger_store *store, struct arena *arena, struct utc_s from,
		      struct utc_s to, struct ledger_batch_row **out, size_t *count)
{
	struct ledger_sqlite *s = ledger_sqlite_of(store);
	*out = NULL;
	*count = 0;
	sqlite3_stmt *query = ledger_sqlite_query(s, LEDGER_Q_BATCHES);
	if (!query)
		return ledger_sqlite_failed(s);
	(void)sqlite3_bind_int64(query, 1, from.s);
	(void)sqlite3_bind_int64(query, 2, to.s);
	struct ledger_rows rows = {.arena = arena, .size = sizeof(struct ledger_batch_row)};
	int code;
	while ((code = sqlite3_step(query)) == SQLITE_ROW) {
		struct ledger_batch_row *row = ledger_rows_next(&rows);
		if (!row) {
			(void)sqlite3_reset(query);
			return LEDGER_STORE_MEMORY;
		}
		*row = ledger_sqlite_batch_row(query);
		ledger_batch_row_told(row, ledger_sqlite_blob(query, LEDGER_COLUMN_PROVENANCE));
	}
	*out = (struct ledger_batch_row *)rows.items;
	*count = rows.count;
	return ledger_sqlite_finish(s, query, code);
}

enum ledger_store_error
ledger_sqlite_sums(struct ledger_store *store, enum ledger_sum_kind kind, struct utc_s from,
		   struct utc_s to, struct ledger_sums *sums)
{
	struct ledger_sqlite *s = ledger_sqlite_of(store);
	enum ledger_store_error error = ledger_sqlite_look(s);
	if (error)
		return error;
	sqlite3_stmt *query = ledger_sqlite_query(s, LEDGER_Q_SUMS);
	if (!query)
		return ledger_sqlite_failed(s);
	(void)sqlite3_bind_int64(query, 1, kind);
	(void)sqlite3_bind_int64(query, 2, from.s);
	(void)sqlite3_bind_int64(query, 3, to.s);
	int code;
	while ((code = sqlite3_step(query)) == SQLITE_ROW) {
		if (ledger_unpack(sums, ledger_sqlite_blob(query, 0)) < 0) {
			(void)sqlite3_reset(query);
			memcpy(s->error, "a row of sums cannot be read", 29);
			return sums->failed ? LEDGER_STORE_MEMORY : LEDGER_STORE_BROKEN;
		}
	}
	return ledger_sqlite_finish(s, query, code);
}

const char *
ledger_sqlite_port_name(struct ledger_store *store, uint32_t number)
{
	const struct ledger_port_names *ports = &ledger_sqlite_of(store)->ports;
	return number >= 1 && number <= ports->count ? ports->names[number - 1] : NULL;
}

enum ledger_store_error
ledger_sqlite_count(struct ledger_store *store, struct utc_s from, struct utc_s to,
		    uint64_t *batches)
{
	struct ledger_sqlite *s = ledger_sqlite_of(store);
	sqlite3_stmt *query = ledger_sqlite_query(s, LEDGER_Q_COUNT_BETWEEN);
	if (!query)
		return ledger_sqlite_failed(s);
	(void)sqlite3_bind_int64(query, 1, from.s);
	(void)sqlite3_bind_int64(query, 2, to.s);
	if (sqlite3_step(query) != SQLITE_ROW)
		return ledger_sqlite_failed(s);
	*batches = (uint64_t)sqlite3_column_int64(query, 0);
	(void)sqlite3_reset(query);
	return LEDGER_STORE_OK;
}

/* A bill asks for the totals again and again; counting reads the whole index. */
static uint64_t
batches_of(struct ledger_sqlite *s)
{
	if (s->batches_at != s->changes + 1) {
		s->batches = (uint64_t)ledger_sqlite_number(s, LEDGER_Q_COUNT, 0);
		s->batches_at = s->changes + 1;
	}
	return s->batches;
}

enum ledger_store_error
ledger_sqlite_totals(struct ledger_store *store, struct ledger_store_totals *totals)
{
	struct ledger_sqlite *s = ledger_sqlite_of(store);
	enum ledger_store_error error = ledger_sqlite_look(s);
	if (error)
		return error;
	sqlite3_stmt *ends = ledger_sqlite_query(s, LEDGER_Q_ENDS);
	if (!ends || sqlite3_step(ends) != SQLITE_ROW)
		return ledger_sqlite_failed(s);
	*totals = (struct ledger_store_totals){
		.batches = batches_of(s),
		.ports = s->ports.count,
		.bytes = (uint64_t)ledger_sqlite_number(s, LEDGER_Q_SIZE, 0),
		.oldest.s = sqlite3_column_int64(ends, 0),
		.newest_end.s = sqlite3_column_int64(ends, 1),
		.changes = s->changes,
	};
	(void)sqlite3_reset(ends);
	return LEDGER_STORE_OK;
}

/* --- verifying --- */

/* What all batches of one bin brought, or what its ports have. */
static enum ledger_store_error
check_of_bin(struct ledger_sqlite *s, enum ledger_sqlite_query which, int64_t start,
	     struct ledger_check *check)
{
	*check = (struct ledger_check){0};
	sqlite3_stmt *query = ledger_sqlite_query(s, which);
	if (!query)
		return ledger_sqlite_failed(s);
	(void)sqlite3_bind_int64(query, 1, start);
	int code;
	while ((code = sqlite3_step(query)) == SQLITE_ROW) {
		bool batch = which == LEDGER_Q_BATCH_CHECK;
		ledger_check_add(check, (uint64_t)sqlite3_column_int64(query, 0),
				 (uint64_t)sqlite3_column_int64(query, batch ? 1 : 2));
		if (!batch)
			ledger_check_add(check, (uint64_t)sqlite3_column_int64(query, 1),
					 (uint64_t)sqlite3_column_int64(query, 3));
	}
	return ledger_sqlite_finish(s, query, code);
}

enum ledger_store_error
ledger_sqlite_check_newest(struct ledger_sqlite *s, int bins, struct buf *faults)
{
	sqlite3_stmt *newest = ledger_sqlite_query(s, LEDGER_Q_NEWEST);
	if (!newest)
		return ledger_sqlite_failed(s);
	(void)sqlite3_bind_int(newest, 1, bins);
	int code;
	while ((code = sqlite3_step(newest)) == SQLITE_ROW) {
		int64_t start = sqlite3_column_int64(newest, 0);
		struct ledger_check batches, ports;
		enum ledger_store_error error =
			check_of_bin(s, LEDGER_Q_BATCH_CHECK, start, &batches);
		if (!error)
			error = check_of_bin(s, LEDGER_Q_BIN_CHECK, start, &ports);
		if (error) {
			(void)sqlite3_reset(newest);
			return error;
		}
		if (batches.counter != ports.counter || batches.flow != ports.flow)
			ledger_check_fault(faults, start, &batches, &ports);
	}
	return ledger_sqlite_finish(s, newest, code);
}

/* Runs a query that is used once, with its rows given to `row`. */
static enum ledger_store_error
for_each(struct ledger_sqlite *s, const char *text, void (*row)(void *context, sqlite3_stmt *row),
	 void *context)
{
	sqlite3_stmt *query;
	if (sqlite3_prepare_v2(s->db, text, -1, &query, NULL) != SQLITE_OK)
		return ledger_sqlite_failed(s);
	int code;
	while ((code = sqlite3_step(query)) == SQLITE_ROW)
		row(context, query);
	enum ledger_store_error error = ledger_sqlite_finish(s, query, code);
	(void)sqlite3_finalize(query);
	return error;
}

static void
note_page_fault(void *context, sqlite3_stmt *row)
{
	const char *text = (const char *)sqlite3_column_text(row, 0);
	if (text && strcmp(text, "ok") != 0)
		buf_printf(context, "file: %s\n", text);
}

/* The two sides of the check by bin: `octets` by counters, `packets` stands for those by samples.
 */
static void
add_check(void *context, sqlite3_stmt *row)
{
	ledger_sums_add(context, &(struct ledger_sum){
					 .lower = (uint64_t)sqlite3_column_int64(row, 0),
					 .octets = (uint64_t)sqlite3_column_int64(row, 1),
					 .packets = (uint64_t)sqlite3_column_int64(row, 2),
				 });
}

static void
check_sums(void *context, sqlite3_stmt *row)
{
	struct ledger_sums sums = {0};
	const void *bytes = sqlite3_column_blob(row, 2);
	if (ledger_unpack(&sums, cursor_of(bytes, (size_t)sqlite3_column_bytes(row, 2))) < 0) {
		char text[CLOCK_TEXT];
		struct utc_s start = {sqlite3_column_int64(row, 1)};
		buf_printf(context, "sums of kind %d, %s: cannot be read\n",
			   sqlite3_column_int(row, 0), utc_format(text, start));
	}
	ledger_sums_fini(&sums);
}

enum ledger_store_error
ledger_sqlite_verify(struct ledger_store *store, struct buf *faults)
{
	struct ledger_sqlite *s = ledger_sqlite_of(store);
	struct ledger_sums batches = {0}, ports = {0};
	enum ledger_store_error error =
		for_each(s, "PRAGMA integrity_check", note_page_fault, faults);
	if (!error)
		error = for_each(s, "SELECT start, counter_octets, flow_octets FROM batch",
				 add_check, &batches);
	/* In two halves, because a sum inside SQL could overflow. */
	if (!error)
		error = for_each(s, "SELECT start, counter_in, flow_in FROM port_bin", add_check,
				 &ports);
	if (!error)
		error = for_each(s, "SELECT start, counter_out, flow_out FROM port_bin", add_check,
				 &ports);
	if (!error && (batches.failed || ports.failed))
		error = LEDGER_STORE_MEMORY;
	if (!error)
		ledger_check_compare(&batches, &ports, faults);
	if (!error)
		error = for_each(s, "SELECT kind, start, body FROM sums", check_sums, faults);
	ledger_sums_fini(&batches);
	ledger_sums_fini(&ports);
	return error;
}
