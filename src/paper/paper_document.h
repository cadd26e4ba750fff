/* What is printed: a value without ledger, hub or fonts in it, so that an invoice, a credit note and
 * a statement are drawn by the same hand. One function makes it of each kind of document
 * (paper_invoice.h); another draws it (paper_draw.h).
 *
 * All texts are UTF-8 in any script and belong to the arena that the document was made in; a text
 * that is NULL is left out. Numbers are text, as they are to be read: nothing is computed here but
 * the sums that are carried from page to page. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/money.h"

struct paper_texts {
	const char **items;
	size_t count;
};

/* Who writes, who is written to. */
struct paper_party {
	const char *name;
	struct paper_texts lines;
};

/* "Due", "2026-12-31"; or, in a table of figures, a label and a large number. */
struct paper_fact {
	const char *label, *text;
};

struct paper_facts {
	struct paper_fact *items;
	size_t count;
};

/* One charge. */
struct paper_line {
	const char *text;
	const char *quantity, *price; /* "60 000 Mbit/s", "0.32" */
	const char *days;             /* "12 of 30"; NULL: all of them */
	const char *amount;           /* "19 200.00" */
	int64_t minor;                /* the same, for sums that are carried */
};

/* A heading with sentences below. */
struct paper_section {
	const char *title;
	struct paper_texts sentences;
};

enum paper_state { PAPER_MISSING, PAPER_COUNTER, PAPER_ESTIMATED };

struct paper_bin {
	uint64_t in_bps, out_bps; /* 0 when missing */
	enum paper_state state;
};

/* A line across the curve. */
struct paper_level {
	bool there;
	uint64_t bps;
	const char *label;
};

/* The curve of the period: `count` bins from `from` on, of which `drawn` are known so far. */
struct paper_curve {
	struct utc_s from;
	uint32_t length_s;
	size_t count, drawn;
	const struct paper_bin *bins;
	int64_t offset_s;                       /* local time - UTC, of the days that are marked */
	struct paper_level level_in, level_out; /* 95th */
	struct paper_level commit;
};

struct paper_document {
	const char *title;       /* "Invoice" */
	const char *number;      /* also the name of the PDF */
	struct utc_s date;       /* of the document: the PDF says it was made then */
	const char *stamp;       /* across each page: "SIMULATED", "DRAFT"; or NULL */
	struct paper_texts tags; /* beside the number: "the month is running" */
	struct paper_party from, to;
	const char *to_label;       /* "BILLED TO" */
	struct paper_facts facts;   /* beside the addressee */
	struct paper_facts figures; /* a row of large numbers, at most four; the last is the sum */
	const char *currency; /* of all amounts; its minor unit is that of ISO 4217; NULL: they
				     * have several, each its own, and no sum is carried */
	struct paper_line *lines;
	size_t line_count;
	struct paper_facts totals; /* below the lines; the last is the total */
	struct paper_facts payment;
	struct paper_texts terms;
	struct paper_curve *curve; /* or NULL */
	struct paper_section *sections;
	size_t section_count;
	const char *footer; /* at the left of each page's end */
};
