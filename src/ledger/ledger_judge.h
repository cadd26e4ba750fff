/* Which bins of a put are new. Decided here for every engine, from what it found: the engine is told what
 * time to look at, notes all that it has there, and asks for the results.
 *
 *   ledger_judge_init, then for each ledger_judge_span: ledger_judge_note_*, then ledger_judge_bins */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "ledger/ledger_rows.h"
#include "ledger/ledger_store.h"
#include "ledger/ledger_whole.h"

/* How an engine keeps what it is given. */
struct ledger_judge_rules {
	int64_t start_max; /* no bin begins later: at most a day before what a number can hold */
	/* Folded sums are found by kind and start. Where they are not, they lie beside the batch that comes
	 * next, are taken for known where any bin of their time is, and need such a batch. */
	bool folded_apart;
};

/* One batch that is there. */
struct ledger_judge_batch {
	struct utc_s start;
	uint64_t run;
	uint32_t length_s;
};

struct ledger_judge {
	const struct ledger_wholes *bins;
	struct ledger_judge_rules rules;
	struct ledger_rows
		batches;           /* of struct ledger_judge_batch; those of new bins come behind */
	struct ledger_rows folded; /* of what ledger_judge_note_folded was told */
	size_t looked;             /* bins whose time the engine has been told */
	bool failed;               /* no memory */
};

/* What is noted lives in the arena of `bins`, which must outlive *judge. */
void ledger_judge_init(struct ledger_judge *judge, const struct ledger_wholes *bins,
		       const struct ledger_judge_rules *rules);

/* The next time to be looked at: all that begins in [from, to) is to be noted, what is noted twice does no
 * harm. False when there is no further one. */
bool ledger_judge_span(struct ledger_judge *judge, struct utc_s *from, struct utc_s *to);
void ledger_judge_note_batch(struct ledger_judge *judge, const struct ledger_judge_batch *there);
/* Where rules.folded_apart. */
void ledger_judge_note_folded(struct ledger_judge *judge, enum ledger_sum_kind kind,
			      struct utc_s start);

/* What becomes of each bin, one after the other: a new one is there for those behind it. False if there is
 * no memory. */
bool ledger_judge_bins(struct ledger_judge *judge, enum ledger_put *results);
