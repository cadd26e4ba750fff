/* The store in a ClickHouse cluster, over HTTP. Any number of ledgers may share one: batches of
 * several meters stand beside each other by their runs. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/ledger_store.h"

enum { LEDGER_CLICKHOUSE_REASON = LEDGER_STORE_REASON };

struct ledger_clickhouse_settings {
	const char *const *urls; /* http://HOST:PORT of any servers of the cluster */
	size_t url_count;
	const char *cluster; /* as the servers call it; NULL: one server without ZooKeeper */
	const char *database;
	const char *user, *password; /* NULL: the server's default */
	unsigned timeout_s;          /* for one request */
	bool only_asks; /* opening makes nothing and asks nothing: it cannot fail but for memory */
};

/* Makes the database and the tables that are missing. NULL with the reason in words when no server
 * answers, or they cannot be made. Every call waits for the network, up to timeout_s for each
 * URL. A put is whole: what an attempt left behind that failed half way is not seen. */
struct ledger_store *ledger_clickhouse_open(const struct ledger_clickhouse_settings *settings,
					    char reason[LEDGER_CLICKHOUSE_REASON]);
