/* Bins whole as CSV (RFC 4180): a folder of files, each with a header line, rows in order of start. Both
 * engines write the same, so that a store can move from one to the other. Pure.
 *
 *   batches.csv, exporters.csv, domains.csv, unattributed.csv   what each run of a meter said
 *   ports.csv                                                   what bills rest on
 *   pairs.csv, origins.csv, countries.csv                       sums; a row without run is folded
 *
 * The columns are in docs/store.md. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "ledger/ledger_whole.h"

enum ledger_csv_file {
	LEDGER_CSV_BATCHES, /* first: rows of the others refer to it */
	LEDGER_CSV_EXPORTERS,
	LEDGER_CSV_DOMAINS,
	LEDGER_CSV_UNATTRIBUTED,
	LEDGER_CSV_PORTS,
	LEDGER_CSV_PAIRS,
	LEDGER_CSV_ORIGINS,
	LEDGER_CSV_COUNTRIES,
	LEDGER_CSV_FILES,
};

enum { LEDGER_CSV_FIELDS = 32 }; /* of a row, at most */

/* "batches.csv" */
const char *ledger_csv_name(enum ledger_csv_file file);
/* The header's fields, without end of line. */
void ledger_csv_header(struct buf *out, enum ledger_csv_file file);
/* The rows of a bin. */
void ledger_csv_write(struct buf *out, enum ledger_csv_file file, const struct ledger_whole *bin,
		      const struct ledger_port_names *names);

/* Cuts a record (without its end of line) into fields, in place: how many, or -1 when quotes are
 * where they may not be, or there are more than LEDGER_CSV_FIELDS. */
int ledger_csv_split(char *record, size_t length, char *fields[LEDGER_CSV_FIELDS]);
/* True if a text ends inside quotes: its record goes on in the next line. */
bool ledger_csv_goes_on(const char *text, size_t length);

/* The start that a row begins with. 0, or -1. */
int ledger_csv_start(struct utc_s *out, const char *field);
/* Adds a row to the bin that it belongs to; ports get numbers in *names. Static text that says what
 * is wrong with it, or NULL. */
const char *ledger_csv_take(struct ledger_whole *bin, struct ledger_port_names *names,
			    enum ledger_csv_file file, char *const *fields, int count);
