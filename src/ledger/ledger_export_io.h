/* A store as a folder of CSV files (ledger_csv.h), and back. Both take memory for some bins at a time,
 * however many there are. */
#pragma once

#include <stdint.h>

#include "base/clock.h"
#include "ledger/ledger_store.h"

enum { LEDGER_EXPORT_REASON = 512 };

struct ledger_exported {
	uint64_t bins, known; /* known: those that an import found there already */
};

/* Told now and then, when all before `reached` is done. */
struct ledger_progress {
	void (*tell)(void *context, struct utc_s reached);
	void *context;
};

struct ledger_export_order {
	struct utc_s from, to;                  /* what begins in [from, to) */
	const struct ledger_progress *progress; /* or NULL */
	/* Of a damaged store: what cannot be read, or is not sound, is left out, and a line is
	 * appended for each time that is. NULL: it ends the export. */
	struct buf *gaps;
};

/* Writes it into the new folder `path`, which appears when it is whole and has reached the disk. 0, or -1
 * with the reason; a folder that is there is not touched. */
int ledger_export(struct ledger_exported *out, struct ledger_store *store, const char *path,
		  const struct ledger_export_order *order, char reason[LEDGER_EXPORT_REASON]);

/* Takes a folder in. First all of it is read and looked at: if anything in it cannot be, or goes ill
 * with what the store has, nothing is changed, and the reason names file and line. A second import
 * changes nothing; one that was broken off is ended by the next. */
int ledger_import(struct ledger_exported *out, struct ledger_store *store, const char *path,
		  const struct ledger_progress *progress, char reason[LEDGER_EXPORT_REASON]);
