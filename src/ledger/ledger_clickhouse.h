/* Private to the ClickHouse engine: ledger_clickhouse_sql.c and _rows.c make statements and rows,
 * ledger_clickhouse_http_io.c carries them, ledger_clickhouse_io.c puts, ledger_clickhouse_read_io.c
 * answers. */
#pragma once

#include "base/clock.h"
#include "ledger/ledger_clickhouse_http.h"
#include "ledger/ledger_clickhouse_io.h"
#include "ledger/ledger_clickhouse_sql.h"
#include "ledger/ledger_port_names.h"

struct ledger_clickhouse {
	struct ledger_store store; /* first */
	struct ledger_clickhouse_http *http;
	struct ledger_clickhouse_place place; /* texts owned */
	/* Numbers of this process: the tables have names. */
	struct ledger_port_names ports;
	uint64_t changes;
	struct ledger_store_totals
		totals;           /* as of totals_at; a bill asks for them again and again */
	struct mono_us totals_at; /* 0: not known */
	struct buf answer;        /* of the last question */
	char error[LEDGER_CLICKHOUSE_REASON];
};

static inline struct ledger_clickhouse *
ledger_clickhouse_of(struct ledger_store *store)
{
	return (struct ledger_clickhouse *)store;
}

/* Asks; *rows reads the answer, until the next question. Ends with buf_fini of `sql`. */
enum ledger_store_error ledger_clickhouse_ask(struct ledger_clickhouse *s, struct buf *sql,
					      struct cursor *rows);
/* A cursor that did not come out at the end of an answer: not what was asked for. */
enum ledger_store_error ledger_clickhouse_read_whole(struct ledger_clickhouse *s,
						     const struct cursor *rows);
/* The number of a port, a new one if need be; 0 if there is no memory. `context` is the engine. */
uint32_t ledger_clickhouse_number(void *context, struct cursor name);

enum ledger_store_error ledger_clickhouse_bins(struct ledger_facts *out, struct ledger_store *store,
					       struct arena *arena, const char *port,
					       struct utc_s from, struct utc_s to);
enum ledger_store_error ledger_clickhouse_worths(struct ledger_worth *worths,
						 struct ledger_store *store, const uint32_t *ports,
						 size_t count, const struct ledger_steps *steps);
enum ledger_store_error ledger_clickhouse_batches(struct ledger_store *store, struct arena *arena,
						  struct utc_s from, struct utc_s to,
						  struct ledger_batch_row **rows, size_t *count);
enum ledger_store_error ledger_clickhouse_sums(struct ledger_store *store,
					       enum ledger_sum_kind kind, struct utc_s from,
					       struct utc_s to, struct ledger_sums *sums);
enum ledger_store_error ledger_clickhouse_read(struct ledger_store *store,
					       struct ledger_wholes *out, struct utc_s from,
					       struct utc_s to);
enum ledger_store_error ledger_clickhouse_count(struct ledger_store *store, struct utc_s from,
						struct utc_s to, uint64_t *batches);
enum ledger_store_error ledger_clickhouse_totals(struct ledger_store *store,
						 struct ledger_store_totals *totals);
enum ledger_store_error ledger_clickhouse_verify(struct ledger_store *store, struct buf *faults);
