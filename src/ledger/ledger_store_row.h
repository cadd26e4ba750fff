/* What the engines of the store share: a port's bin as a row of numbers (the same columns in SQLite,
 * ClickHouse and CSV, made from one table), and the comparison of what
 * batches brought with what their ports have. */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cursor.h"
#include "ledger/ledger_bin.h"
#include "ledger/ledger_rows.h"
#include "ledger/ledger_store.h"

enum { LEDGER_ROW_NUMBERS = 21 };

/* How the rows of several runs of one bin become one: the same addition as ledger_fact_add. */
enum ledger_row_joins {
	LEDGER_ROW_SAME,  /* they agree */
	LEDGER_ROW_SUM,   /* stops at INT64_MAX */
	LEDGER_ROW_WORST, /* the largest */
	LEDGER_ROW_COVER, /* added, at most the length */
};

struct ledger_row_column {
	const char *name;
	enum ledger_row_joins joins;
};
/* In the order that rows are written and read in. */
extern const struct ledger_row_column ledger_row_columns[LEDGER_ROW_NUMBERS];

/* Everything of a fact but its start. What is above INT64_MAX becomes INT64_MAX. */
void ledger_row_of(int64_t numbers[LEDGER_ROW_NUMBERS], const struct ledger_fact *fact);
/* The fact that such a row says. Numbers that no fact has (a state that there is none of, a length
 * below 1) become the nearest that one can have. */
struct ledger_fact ledger_row_fact(struct utc_s start, const int64_t numbers[LEDGER_ROW_NUMBERS]);

/* Fills in what the provenance of a batch (ledger_batch_provenance) says; nothing when it cannot be
 * read. */
void ledger_batch_row_told(struct ledger_batch_row *row, struct cursor provenance);

/* Adds a batch that a store has, with its provenance read. False if there is no memory. */
bool ledger_whole_add_row(struct ledger_whole *bin, const struct ledger_batch_row *row,
			  struct cursor provenance);

/* Appends a line: the ports of the bin do not add up to what its batches brought. */
void ledger_check_fault(struct buf *faults, int64_t start, const struct ledger_check *batches,
			const struct ledger_check *ports);
/* Compares both sides, bin by bin: `lower` is the start, `octets` those by counters, `packets`
 * stands for those by samples. Sorts them. */
void ledger_check_compare(struct ledger_sums *batches, struct ledger_sums *ports,
			  struct buf *faults);
