/* Two parties' bins of one contract, side by side: the other's CSV read, each interval compared,
 * and where the two differ throughout, what could be behind it.
 *
 * `in` and `out` are seen from here: in came into our port. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/cursor.h"
#include "base/zone.h"
#include "ledger/ledger_bin.h"

enum {
	LEDGER_RECONCILE_COMPLAINT = 200,
	LEDGER_RECONCILE_RECORDS_MAX = 1 << 20,
};

/* Reads CSV: a head that names the columns, in any order, with commas, semicolons or tabs between.
 * Times are seconds or milliseconds since 1970, RFC 3339, or civil times of `zone`; amounts octets
 * (in_octets, in_bytes, in) or rates (in_bps, in_kbps, in_mbps, in_gbps); the length of a record
 * stands in a column (length_s, duration) or is the shortest distance between two. What our own
 * `bill --bins` writes is read as it is; lines that say "missing", or have no amounts, are left
 * out. Records come out in order of start, from `arena`. 0; or -1 with the line and what is wrong
 * with it in `complaint`. */
int ledger_reconcile_read(struct ledger_other_bins *out, struct arena *arena, struct cursor csv,
			  const struct zone *zone, char complaint[LEDGER_RECONCILE_COMPLAINT]);

/* One interval that is compared. */
struct ledger_pair {
	struct utc_s start;
	bool ours, theirs; /* there on that side */
	uint64_t our_in, our_out, their_in, their_out;
	bool differs; /* both are there, and further apart than is tolerated */
};

struct ledger_reconciliation {
	uint32_t length_s; /* of the intervals: the longer of the two parties' bins */
	struct ledger_pair *pairs;
	size_t count;
	size_t both, only_ours, only_theirs, neither, differing;
	/* Over the intervals that both have; octets. */
	uint64_t our_in, our_out, their_in, their_out;
	/* What the other's numbers look most like: ours later by shift_s seconds (0: at the same
	 * time), with directions exchanged, times factor. They match as they are when none of it is
	 * needed. */
	int32_t phase_s; /* their intervals begin so long after ours, which was taken off */
	struct ledger_resemblance {
		bool known; /* there was enough to look at, and it fits well */
		int32_t shift_s;
		bool swapped;
		double factor;          /* 1, 8, 0.125, 1000 ...: theirs / ours */
		double as_is, as_shown; /* correlation, 0 to 1 */
	} looks_like;
	struct ledger_series series; /* the other's; owned: ledger_reconciliation_fini */
};

/* Compares `ours` with the other's records. `tolerance_bp`: hundredths of a percent of the larger
 * one that two may be apart. 0; or -1 with errno: EINVAL when bins of the two lengths do not fit
 * into each other, ENOMEM, EOVERFLOW. */
int ledger_reconcile(struct ledger_reconciliation *out, struct arena *arena,
		     const struct ledger_series *ours, struct ledger_other_bins theirs,
		     uint32_t tolerance_bp);
void ledger_reconciliation_fini(struct ledger_reconciliation *reconciliation);
