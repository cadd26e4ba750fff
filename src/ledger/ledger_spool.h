/* The spool: the folder through which closed bins come from the meter. A file is complete when it
 * appears there as <start>-<run>.traffic (its writer renames it into place), and is removed when
 * the store has it for certain. One that cannot be a batch goes to refused/ beside it.
 *
 *   read, decode --> put, one transaction --> removed
 *        |               |
 *        |               +-- no room, locked ... --> stays; nothing after it is taken; tried again
 *        +-- damaged, impossible --> refused/  */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "ledger/ledger_store.h"

/* --- names: pure --- */
/* True for a name that is a batch's: it ends in ".traffic" and does not begin with a dot; then
 * *start is the number that it begins with (0 if none). */
bool ledger_spool_name(const char *name, int64_t *start);

/* --- the folder (ledger_spool_io.c) --- */
struct ledger_spool;

struct ledger_spool_status {
	uint64_t waiting;      /* files seen and not taken yet; at least */
	uint64_t taken, known; /* since opened: new to the store; replays */
	uint64_t refused;      /* moved aside since opened */
	bool blocked;          /* the store does not take anything at present */
	char trouble[256];     /* what is wrong, in words; "" when all is well */
};

enum ledger_spool_turn {
	LEDGER_SPOOL_EMPTY,   /* nothing is left */
	LEDGER_SPOOL_MORE,    /* call again */
	LEDGER_SPOOL_BLOCKED, /* call again in some seconds: the store or the folder is in trouble
			       */
};

/* Opens the folder, making it and its refused/ where they are missing. NULL and errno on failure.
 */
struct ledger_spool *ledger_spool_open(const char *directory);
void ledger_spool_close(struct ledger_spool *spool);

/* Takes in up to `limit` files, the oldest bins first, several in one transaction. A file
 * that can neither be read nor moved is passed over for a minute. With a limit of 0 the files are
 * only counted, and no store is needed. */
enum ledger_spool_turn ledger_spool_turn(struct ledger_spool *spool, struct ledger_store *store,
					 unsigned limit, struct mono_us now);
/* What became of files so far; valid until the spool is closed. */
const struct ledger_spool_status *ledger_spool_status(const struct ledger_spool *spool);
