/* Bins: what is known of one port in one interval, what of it is billed, and a row of bins over a
 * period.
 *
 * The store keeps facts: sums that add up over the runs of the meter that saw parts of the same
 * bin. What a bin is worth is judged only when it is read, so that a better rule needs no change of
 * the data:
 *
 *   facts of each port  --judge-->  octets in and out, state  --add ports-->  one row a contract
 *
 * Owners: a series owns its array (ledger_series_fini); everything else is a plain value. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "hub/traffic.h"

enum {
	/* More than this in one bin of one port is a fault of the sender and not traffic: 72
	 * petabyte; sums over a port's year stay far from the end of 64 bits. */
	LEDGER_OCTETS_LOG2 = 56,
	LEDGER_SERIES_MAX = 31 * 86400, /* bins: a month of seconds */
};

/* One port in one bin, summed over `runs` runs of the meter. */
struct ledger_fact {
	struct utc_s start;
	uint32_t length_s;
	uint32_t runs;
	uint32_t counter_covered_s;                          /* at most length_s */
	uint64_t counter_in, counter_out, flow_in, flow_out; /* octets */
	uint64_t samples_in, samples_out;
	/* As in struct traffic_port: summed over the runs, the worst loss of one. */
	uint64_t packets_in, packets_out, errors_in, errors_out, discards_in, discards_out;
	uint64_t flow_v6_in, flow_v6_out;
	uint32_t lost_ppm;
	enum traffic_source source; /* the last in the order of enum traffic_source */
	enum traffic_state claim;   /* the worst that a run said: estimated > counter > missing */
	bool simulated;
	bool adjusted; /* not of the store: put right by hand (ledger_facts_adjust) */
};

/* A fact of one run. */
struct ledger_fact ledger_fact_of(const struct traffic_batch *batch,
				  const struct traffic_port *port);
/* Adds what another run saw of the same port and bin. The order of the runs does not matter. */
void ledger_fact_add(struct ledger_fact *sum, const struct ledger_fact *more);

/* What the octets of a bin rest on. One run: as it said. Several: counter, if their counters cover
 * the bin together, or if no run had to estimate. */
enum traffic_state ledger_fact_state(const struct ledger_fact *fact);

/* What is billed of a bin: its counter octets when the state is counter; else its flow octets, but
 * never less than what the counters saw in their part of the bin. */
struct ledger_octets {
	uint64_t in, out;
};
/* In octets. */
struct ledger_octets ledger_fact_octets(const struct ledger_fact *fact);

/* What bins of one port came to. Bins of which nothing was heard count nothing. */
struct ledger_worth {
	bool heard;
	uint64_t in, out; /* octets as they would be billed */
	uint64_t flow_in, flow_out, samples_in, samples_out;
};
/* Adds a bin; or several at once, added up column by column, whose runs (one, or several), claim,
 * cover (all of the length, or less) and larger one of counter and flow, in and out, are alike. */
void ledger_worth_add(struct ledger_worth *worth, const struct ledger_fact *fact);

/* Octets of a bin as a rate: octets * 8 / length, halves rounded up, exact. UINT64_MAX if it does
 * not fit. `length_s` > 0. */
uint64_t ledger_rate_bps(uint64_t octets, uint32_t length_s);

/* One bin of a series: the sum of its ports. */
struct ledger_bin {
	uint64_t in, out;         /* octets */
	enum traffic_state state; /* counter only if every port that was there has counters */
	bool simulated;           /* any part */
	bool other;               /* any part is by the other party's records */
	bool adjusted;            /* any part was put right by hand */
	bool listed;              /* private to ledger_bin.c: some port had a row */
	uint32_t lost_ppm;        /* the largest of its parts */
};

struct ledger_series {
	struct utc_s from;
	uint32_t length_s;
	size_t count;
	struct ledger_bin *bins; /* owned; bin i starts at from + i * length_s */
};

struct ledger_bin_counts {
	size_t expected, counter, estimated, missing;
	size_t simulated;   /* of those that are not missing */
	size_t other;       /* of those that are estimated: by the other party's records */
	size_t adjusted;    /* of those that are not missing: put right by hand */
	size_t lossy;       /* of those that are not missing: records were lost on the way here */
	uint32_t worst_ppm; /* the most that was lost in one of them, per million sent */
};

/* All bins missing, for the bins that lie wholly in [from, to); bins begin at multiples of their
 * length since 1970. 0, or -1 and errno (EINVAL: more than LEDGER_SERIES_MAX bins; ENOMEM). */
int ledger_series_init(struct ledger_series *out, struct utc_s from, struct utc_s to,
		       uint32_t length_s);
void ledger_series_fini(struct ledger_series *series);

/* Facts of one port, in order of start. */
struct ledger_facts {
	struct ledger_fact *items; /* not owned */
	size_t count;
};

/* Adds one port: facts in order of start. Facts shorter than the series' bins are added up into
 * them; longer ones must not be given (see ledger_facts_length). A port without a row says nothing;
 * one whose row says "missing" beside a port that was heard makes the sum an estimate. */
void ledger_series_add(struct ledger_series *series, const struct ledger_fact *facts, size_t count);

/* Adds another row of the same bins: that of one port, to that of all. */
void ledger_series_join(struct ledger_series *sum, const struct ledger_series *port);

/* What the other party's records say of one interval, seen from here: `in` came into our port. */
struct ledger_other_bin {
	struct utc_s start;
	uint32_t length_s;
	uint64_t in, out; /* octets */
};

/* Records in order of start, none overlapping another. */
struct ledger_other_bins {
	const struct ledger_other_bin *items; /* not owned */
	size_t count;
};

/* Puts the other party's octets where bins are missing: where its records, added up, cover the bin
 * to the second. Such a bin is estimated. */
void ledger_series_fill(struct ledger_series *series, struct ledger_other_bins others);

/* Puts these octets in the place of what was measured, exact: where a fact is of the same interval, or
 * none is of a part of it. Others stay as they are. The result is from `arena`; NULL if there is no
 * memory. */
struct ledger_fact *ledger_facts_adjust(struct arena *arena, struct ledger_facts *facts,
					struct ledger_other_bins adjusted);

/* The longest bin among the facts, at least `shortest_s`. */
uint32_t ledger_facts_length(const struct ledger_fact *facts, size_t count, uint32_t shortest_s);

/* How many bins of a series are what. */
struct ledger_bin_counts ledger_series_counts(const struct ledger_series *series);
