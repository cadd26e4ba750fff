/* One HTTP request after the other to a ClickHouse cluster, by libcurl. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "ledger/ledger_clickhouse_io.h"
#include "ledger/ledger_store.h"

struct ledger_clickhouse_http;

/* Copies what it needs of the settings. NULL if there is no memory. */
struct ledger_clickhouse_http *
ledger_clickhouse_http_new(const struct ledger_clickhouse_settings *settings);
/* NULL is allowed. */
void ledger_clickhouse_http_free(struct ledger_clickhouse_http *http);

/* Sends a statement, with `rows` behind it when it is an INSERT (NULL: it asks), to the first server
 * that takes it, beginning with the one that did last time. The answer's bytes are in *answer, whole: a
 * server that fails half way is a failure. On failure the reason is in `error`. */
enum ledger_store_error ledger_clickhouse_http_ask(struct ledger_clickhouse_http *http,
						   const char *sql, const struct buf *rows,
						   struct buf *answer,
						   char error[LEDGER_CLICKHOUSE_REASON]);
