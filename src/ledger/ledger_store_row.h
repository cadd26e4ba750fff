/* A port's bin as a row of numbers: the same columns in SQLite, ClickHouse and CSV, made from one
 * table. */
#pragma once

#include <stdint.h>

#include "ledger/ledger_bin.h"

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
extern const struct ledger_row_column ledger_row_columns[LEDGER_ROW_NUMBERS];

/* Everything of a fact but its start. What is above INT64_MAX becomes INT64_MAX. */
void ledger_row_of(int64_t numbers[LEDGER_ROW_NUMBERS], const struct ledger_fact *fact);
/* The fact that such a row says. Numbers that no fact has (a state that there is none of, a length
 * below 1) become the nearest that one can have. */
struct ledger_fact ledger_row_fact(struct utc_s start, const int64_t numbers[LEDGER_ROW_NUMBERS]);
