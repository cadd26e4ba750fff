/* The embedded engine of the store: SQLite, one file, write-ahead log, every commit synced. */
#pragma once

#include <stddef.h>

#include "ledger/ledger_store.h"

enum { LEDGER_SQLITE_REASON = LEDGER_STORE_REASON };

/* Opens the store in the file `path`, making it if it is not there (mode 0640), and brings an older
 * one up to date. Its newest bins are checked against their batches, a small file (64 MiB) page by
 * page; a damaged one, or one of a later version, is not opened. NULL with the reason in words;
 * errno is ENOSPC when there is no room. */
struct ledger_store *ledger_sqlite_open(const char *path, char reason[LEDGER_SQLITE_REASON]);

/* Opens a store only to read what is left of it: nothing is checked, and nothing is changed. NULL with
 * the reason when not even its tables can be found. */
struct ledger_store *ledger_sqlite_open_damaged(const char *path,
						char reason[LEDGER_SQLITE_REASON]);
