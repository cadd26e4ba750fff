/* The desk: where questions about bills meet the store. It gathers the bins of a contract or a
 * member, and remembers of each contract the last invoice, and what the months of a year brought, until
 * there are more bins in their month. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "hub/hub.h"
#include "ledger/ledger_forecast.h"
#include "ledger/ledger_invoice.h"
#include "ledger/ledger_revenue.h"
#include "ledger/ledger_store.h"

struct ledger_desk;

enum ledger_desk_answer {
	LEDGER_DESK_OK = 0,
	LEDGER_DESK_NOT_IN_FORCE, /* the contract has nothing to do with that month, or the month
				     has not begun */
	LEDGER_DESK_OVERFLOW,     /* an amount does not fit: ledger_desk_fault */
	LEDGER_DESK_STORE,        /* see ledger_store_error_text */
	LEDGER_DESK_MEMORY,
};

/* Both must outlive the desk. NULL if there is no memory. */
struct ledger_desk *ledger_desk_new(struct ledger_store *store, const struct hub *hub);
void ledger_desk_free(struct ledger_desk *desk);
/* Another picture: forgets what was remembered. False if there is no memory. */
bool ledger_desk_apply(struct ledger_desk *desk, const struct hub *hub);

struct ledger_store *ledger_desk_store(const struct ledger_desk *desk);

/* What besides the store says what bins are: the records of the other party of a contract, where bins
 * are missing here, and bins that were put right by hand. Whoever keeps such things gives them. */
struct ledger_others {
	/* The records of a contract's port, or (port NULL) of its ports together, that begin in
	 * [from, to); from `arena`. None is not a failure. 0, or -1 when they cannot be had. */
	int (*find)(void *context, struct arena *arena, const char *contract, const char *port,
		    struct utc_s from, struct utc_s to, struct ledger_other_bins *out);
	/* The bins of a port that begin in [from, to) and were put right by hand, in order; from
	 * `arena`. 0, or -1 when that cannot be known. */
	int (*adjusted)(void *context, struct arena *arena, const char *port, struct utc_s from,
			struct utc_s to, struct ledger_other_bins *out);
	/* For how long the ports had no way out of the corridor in [from, to). 0, or -1 when that
	 * cannot be known. */
	int (*lived)(void *context, const struct ledger_way_of *of, struct utc_s from,
		     struct utc_s to, struct ledger_lived *out);
	/* Counts what was brought in or taken back: a remembered invoice is stale after it. */
	uint64_t (*changes)(void *context);
	void *context;
};
/* Where bins of other parties are found; without it there are none. The context must outlive the
 * desk. */
void ledger_desk_others(struct ledger_desk *desk, struct ledger_others others);

/* The invoice of a contract (index) for the month that holds the second `month` of UTC: October is
 * that of the contract's zone. What it points to stays until the same contract is asked for again,
 * or another picture comes. With `series` its bins too: the caller ends that with
 * ledger_series_fini, and out->series points to it; without, out->series is NULL, and the answer
 * may be a remembered one. */
enum ledger_desk_answer ledger_desk_invoice(struct ledger_desk *desk, struct ledger_invoice *out,
					    struct ledger_series *series, uint32_t contract,
					    struct utc_s month, struct utc_s now);
/* What that invoice brings. */
enum ledger_desk_answer ledger_desk_earned(struct ledger_desk *desk, struct ledger_earned *out,
					   uint32_t contract, struct utc_s month, struct utc_s now);
/* After LEDGER_DESK_OVERFLOW: "contract c1: item port: the amount does not fit". */
const char *ledger_desk_fault(const struct ledger_desk *desk);

/* What the month that holds `month` will come to for a contract, by what is known at `now`; that may
 * lie in the past, to see how good a forecast would have been. */
enum ledger_desk_answer ledger_desk_forecast(struct ledger_desk *desk, struct ledger_forecast *out,
					     uint32_t contract, struct utc_s month,
					     struct utc_s now);

/* What a member's ports, or all ports of the hub, carried together in [from, to), as far as it is
 * due at `now`. */
struct ledger_curve {
	const struct hub_member *member; /* of the hub's picture; NULL: the whole hub */
	struct utc_s from, to;
	struct ledger_series series; /* owned: ledger_curve_fini */
	struct ledger_bin_counts bins;
	struct ledger_percentile p95;
	uint64_t commit_bps; /* of the member's contracts in force at its end, added up; 0: none */
};
/* `member` is an index, or HUB_NONE for the whole hub (from the batches, in bins as the hub has
 * them now: cheap however many ports there are). */
enum ledger_desk_answer ledger_desk_curve(struct ledger_desk *desk, struct ledger_curve *out,
					  uint32_t member, struct utc_s from, struct utc_s to,
					  struct utc_s now);
void ledger_curve_fini(struct ledger_curve *curve);
