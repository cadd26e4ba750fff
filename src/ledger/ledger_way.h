/* The proof of the way: of what ports carried in a time, how much crossed which segments, cables, groups of
 * shared risk and countries. Octets of the store's bins, from port to port, are joined with what the corridor
 * said of its ways when they were measured (a journal of its own, whose last digest stands in the proof).
 *
 *   journal ──► states (what was said, from when to when) ─┐
 *   store ────► pairs and ports, span by span ─────────────┴─► ledger_way_month ──► ledger_way (some ports)
 *
 * A span lies within a day and between two changes. A bin in which something changed is shared out by time,
 * and what goes another way since is an estimate. Samples are brought to what was counted, port by port and
 * direction by direction; what no pair explains, or no way is known of, is unknown, and never counted as
 * having avoided anything. Integers only: the same bins and entries give the same proof. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "hub/ways.h"
#include "ledger/ledger_entry.h"
#include "ledger/ledger_store.h"
#include "ledger/ledger_way_path.h"

/* What was said in [from, to). */
struct ledger_way_state {
	struct utc_s from, to;
	const struct ways *ways;
	uint64_t entry;          /* of the journal of ways */
	struct ledger_hash hash; /* of that */
};

/* Puts what was said, in any order, into the order of time: each holds from its `from` until the next one, or
 * its `to`; of two of one second the later entry. Those that never hold are dropped; the number that is left. */
size_t ledger_way_states(struct ledger_way_state *states, size_t count);

struct ledger_way_setting {
	struct utc_s from, to;
	const struct ledger_way_state *states; /* as above; outlive the month */
	size_t state_count;
	uint32_t bin_s; /* no two changes within so long are told apart; divides a day */
};

struct ledger_way_month;

/* `store` outlives it. NULL without memory. */
struct ledger_way_month *ledger_way_month_new(struct ledger_store *store,
					      const struct ledger_way_setting *setting);
void ledger_way_month_free(struct ledger_way_month *month);

enum ledger_way_turn {
	LEDGER_WAY_MORE, /* there is more to read */
	LEDGER_WAY_END,
	LEDGER_WAY_STORE, /* see ledger_store_error_text */
	LEDGER_WAY_MOVED, /* ports have other numbers in the store than when this began */
	LEDGER_WAY_MEMORY,
};
/* A day, or a part of one, of all ports. */
enum ledger_way_turn ledger_way_month_next(struct ledger_way_month *month);

/* --- of some ports --- */

struct ledger_way_amount {
	uint64_t octets;
	uint64_t estimated; /* of these */
};

struct ledger_way_share {
	const char *name;
	struct ledger_way_amount amount;
};

/* One after the other: countries, cables, groups of shared risk (enum ways_class), segments. */
enum { LEDGER_WAY_SEGMENTS = WAYS_CLASSES, LEDGER_WAY_LISTS };
/* "countries", "cables", "risks", "segments" */
const char *ledger_way_list_name(int list);

struct ledger_way_row {
	struct ledger_way_path path;
	struct ledger_way_amount amount;
	uint64_t samples; /* that it rests on */
};

struct ledger_way {
	struct utc_s from, to;
	uint32_t bin_s;
	uint64_t first_entry, last_entry; /* of the journal of ways; 0: nothing was said */
	struct ledger_hash last_hash;     /* binds all entries up to that one */
	size_t entries;
	uint64_t in, out;   /* octets as counted; their sum is what the rest are parts of */
	uint64_t unknown;   /* no way is known */
	uint64_t estimated; /* known, by estimate */
	uint64_t split;     /* of bins in which something changed: shared out by time */
	uint64_t length_m, latency_us; /* mean over octets whose way is known */
	/* What was promised to be avoided at some time in it; none: nothing. */
	struct ways_names promised;
	struct ledger_way_amount kept, broken;            /* known to avoid it; known not to */
	struct ledger_way_share *lists[LEDGER_WAY_LISTS]; /* the largest first */
	size_t list_counts[LEDGER_WAY_LISTS];
	struct ledger_way_row *rows; /* likewise; they add up to in + out; unknown is the last */
	size_t row_count;
};

/* Whose proof it is. */
struct ledger_way_of {
	const char *const *ports; /* ids */
	size_t port_count;
	struct asn asn;
};
/* After LEDGER_WAY_END; all of it is of `arena`. 0, or -1 and errno: ENOMEM, EOVERFLOW. */
int ledger_way_of(struct ledger_way *out, struct ledger_way_month *month, struct arena *arena,
		  const struct ledger_way_of *of);

/* Does a proof follow from what is there now (`now`)? Octet for octet; but where bins have been folded since, and
 * so cannot be told apart as they could then, up to what of them is shared out by time. */
bool ledger_way_follows(const struct ledger_way *proof, const struct ledger_way *now);

/* Parts of a whole in hundredths of a percent, so that they add up to 100 %: what is left by rounding down
 * goes to the largest remainders, and nothing that is there is told as nothing. `out` has room for all;
 * all 0 when the parts are. */
void ledger_way_percents(uint32_t *out, const uint64_t *parts, size_t count);
/* A share that others may overlap: rounded, but neither 0 nor 100 % unless it is. */
uint32_t ledger_way_percent(uint64_t part, uint64_t whole);
