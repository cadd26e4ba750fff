/* A store in tests: what it says to batches, and what it has of them. */
#pragma once

#include "ledger/ledger_sqlite_io.h"
#include "ledger/ledger_store.h"
#include "ledger/made_up.h"

/* An embedded store in that file; without it a test cannot go on. */
__attribute__((unused)) static struct ledger_store *
stored_open(const char *path)
{
	char reason[LEDGER_SQLITE_REASON];
	struct ledger_store *store = ledger_sqlite_open(path, reason);
	if (!store) {
		printf("Bail out! %s\n", reason);
		exit(1);
	}
	return store;
}

/* A path in the folder; the last four stay as they are. */
__attribute__((unused)) static char *
stored_path(const char *folder, const char *name)
{
	static char paths[4][300];
	static int next;
	char *path = paths[next++ % 4];
	(void)snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

__attribute__((unused)) static enum ledger_put
put(struct ledger_store *store, const struct traffic_batch *batch)
{
	enum ledger_put result = LEDGER_PUT_REFUSED;
	enum ledger_store_error error = ledger_store_put(store, &batch, 1, &result);
	if (error)
		printf("# put: error %d: %s\n", error, ledger_store_error_text(store));
	return result;
}

/* 0 if the store verifies; else what is wrong is printed. */
__attribute__((unused)) static size_t
faults(struct ledger_store *store)
{
	struct buf text = {0};
	enum ledger_store_error error = ledger_store_verify(store, &text);
	size_t length = text.length + (error != LEDGER_STORE_OK);
	if (length)
		printf("# verify: %d %.*s\n", error, (int)text.length, (char *)text.data);
	buf_fini(&text);
	return length;
}

__attribute__((unused)) static enum ledger_store_error
bins_of(struct ledger_store *store, struct arena *arena, const char *port, struct utc_s from,
	struct utc_s to, struct ledger_fact **facts, size_t *count)
{
	struct ledger_facts got = {0};
	enum ledger_store_error error = ledger_store_bins(&got, store, arena, port, from, to);
	*facts = got.items;
	*count = got.count;
	return error;
}

/* All octets that the store has of ports p0 to p<ports>, by counters. */
__attribute__((unused)) static uint64_t
all_octets(struct ledger_store *store, size_t ports)
{
	struct arena *arena = arena_new();
	uint64_t octets = 0;
	for (size_t i = 0; i < ports; i++) {
		struct ledger_fact *facts;
		size_t count;
		char *name = arena_printf(arena, "p%zu", i);
		if (bins_of(store, arena, name, (struct utc_s){0}, (struct utc_s){INT64_MAX},
			    &facts, &count))
			return 0;
		for (size_t f = 0; f < count; f++)
			octets += facts[f].counter_in + facts[f].counter_out;
	}
	arena_free(arena);
	return octets;
}
