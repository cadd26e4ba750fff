/* What the store holds of a time, made back into batches of a day (UTC): so that whoever sums up what
 * the meter counted in a bin sums up a month in the same way.
 *
 *   batches   what of the day was listened to, and what could not be attributed
 *   ports     octets as they would be billed (ledger_fact_octets), octets by samples
 *   sums      pairs of the day; or networks, a quarter of an hour at a time
 *
 * A day is the step because sums that are old are folded, and then filed at the hour or day that they
 * stand for (ledger_folds): of a day they are whole, as the ports are. There is never more in memory
 * than a day's pairs, or the networks of a quarter of an hour or of one folded row. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "hub/hub.h"
#include "hub/traffic.h"
#include "hub/traffic_what.h"
#include "ledger/ledger_store.h"

struct ledger_traffic;

/* What is asked for. What is folded is filed where its hour or day begins, so that a span that begins inside one
 * misses it: see ledger_traffic_fit. */
struct ledger_traffic_span {
	struct utc_s from, to;
	enum traffic_what what;
	uint32_t member; /* index: what of one port is its ports' only; HUB_NONE: of all */
	uint32_t
		step_s; /* 0: a day, else what a day below means: a part of one that sums of that age
			    can still be told apart by (ledger_folds) */
};

/* Where the span begins in sums that may be folded by `now`, it begins with all of them; and its steps, if it has any,
 * are no shorter than these can be told apart by. */
void ledger_traffic_fit(struct ledger_traffic_span *span, struct utc_s now);
/* How many steps of step_s (not 0) there are at most. */
size_t ledger_traffic_steps(const struct ledger_traffic_span *span);

enum ledger_traffic_turn {
	LEDGER_TRAFFIC_MORE, /* there is more to read */
	LEDGER_TRAFFIC_PART, /* ledger_traffic_part has some */
	LEDGER_TRAFFIC_END,
	LEDGER_TRAFFIC_STORE, /* see ledger_store_error_text */
	LEDGER_TRAFFIC_MOVED, /* ports have other numbers in the store than when this began */
	LEDGER_TRAFFIC_MEMORY,
};

/* Store and hub must outlive it. NULL without memory. */
struct ledger_traffic *ledger_traffic_new(struct ledger_store *store, const struct hub *hub,
					  const struct ledger_traffic_span *span);
void ledger_traffic_free(struct ledger_traffic *traffic);

enum ledger_traffic_turn ledger_traffic_next(struct ledger_traffic *traffic);

/* After LEDGER_TRAFFIC_PART, until the next turn: a day, or of networks a part of it. Its ports are those
 * of the day, in the same order every day, and live as long as `traffic`; countries, exporters and
 * domains are left out. What was not attributed is one row of octets. */
const struct traffic_batch *ledger_traffic_part(const struct ledger_traffic *traffic);

/* What there is to say of a day once, of the whole hub. */
struct ledger_traffic_told {
	uint32_t covered_s;      /* some meter listened */
	uint64_t entered;        /* octets, as they would be billed */
	uint64_t not_attributed; /* octets by samples */
	uint64_t lost;           /* records of all exporters that did not arrive */
	bool simulated;          /* any of it */
};
/* With the last part of a day; NULL with others. */
const struct ledger_traffic_told *ledger_traffic_told(const struct ledger_traffic *traffic);

/* The sums that an answer rests on; 0: on ports alone. */
enum ledger_sum_kind ledger_traffic_kind(enum traffic_what what);
