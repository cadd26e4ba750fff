/* A store by the name that a command line has for it: a file, or URL,CLUSTER,DATABASE with CLUSTER "-"
 * for one server. For the drivers of tests and benchmarks. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_clickhouse_io.h"
#include "ledger/ledger_sqlite_io.h"

/* The store, which the caller closes, with `timeout_s` for each answer of a server; NULL: stderr says why it
 * cannot be opened. */
static struct ledger_store *
store_named(const char *name, unsigned timeout_s)
{
	char reason[LEDGER_STORE_REASON] = "expected a file, or URL,CLUSTER,DATABASE";
	struct ledger_store *store = NULL;
	if (strncmp(name, "http", 4) != 0) {
		store = ledger_sqlite_open(name, reason);
	} else {
		char *text = strdup(name);
		const char *url = strtok(text, ","), *cluster = strtok(NULL, ","),
			   *database = strtok(NULL, ",");
		if (database)
			store = ledger_clickhouse_open(
				&(struct ledger_clickhouse_settings){
					.urls = &url,
					.url_count = 1,
					.cluster = strcmp(cluster, "-") == 0 ? NULL : cluster,
					.database = database,
					.timeout_s = timeout_s,
				},
				reason);
		free(text);
	}
	if (!store)
		fprintf(stderr, "%s\n", reason);
	return store;
}
