/* An invoice: everything that is said on it, from a contract, a month and the bins. The same bins
 * give the same invoice, octet for octet.
 *
 * Owners: lines, ports, rules and their texts are in the arena that it was made with; hub, member,
 * contract and series are others' and must outlive it. All of it is plain values otherwise. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "hub/hub.h"
#include "ledger/ledger_bin.h"
#include "ledger/ledger_calendar.h"
#include "ledger/ledger_percentile.h"
#include "ledger/ledger_rules.h"
#include "ledger/ledger_tariff.h"
#include "ledger/ledger_way.h"

enum {
	LEDGER_NUMBER = 352, /* with the longest name of a hub, ids of a party and a contract */
	/* An invoice is final when its month has been over for so long that the last bins are in.
	 */
	LEDGER_SETTLING_S = 900,
};

/* One port of a contract that adds ports up after (HUB_PORTS_SUM_AFTER). */
struct ledger_invoice_port {
	const struct hub_port *port;
	struct ledger_bin_counts bins;
	struct ledger_percentile p95;
};

struct ledger_invoice {
	char number[LEDGER_NUMBER]; /* <hub>-<YYYYMM>-<holder>-<contract> */
	const struct hub *hub;
	/* Who pays; if contract->purchase: whom the hub pays. A party stands here as a member without
	 * an AS number (0); then `party` is its id, else NULL. */
	const struct hub_member *member;
	const char *party;
	const struct hub_contract *contract;
	const struct ledger_series
		*series;               /* the sum of the ports; NULL where it was not asked for */
	uint32_t bin_s;                /* length of its bins */
	struct ledger_period period;   /* UTC moments, days of the contract's zone */
	const char *zone;              /* "UTC", "Asia/Karachi" */
	struct ledger_bin_counts bins; /* of the sum; with loss, and taken from the other party */
	struct ledger_percentile p95;  /* over the whole period */
	struct ledger_invoice_port *ports;
	size_t port_count; /* 0 unless ports are added up after */
	struct ledger_charge charge;
	/* The rules it was made by, a sentence each, without a full stop: percentile, ports, missing
	 * bins, zone, rounding, changes of price. The first is about the percentile. */
	const char *const *rules;
	size_t rule_count;
	char measure[LEDGER_MEASURE]; /* what is billed, in a few words */
	bool simulated;               /* rests on a bin that the lab made */
	bool final;
	/* Of one that was issued, by whoever knows the journal: its document there and when; NULL
	 * and 0 of all others. */
	const char *id;
	struct utc_s issued;
	bool differs; /* what would be billed now is not that */
	/* Over what the traffic of its ports went, as issued; NULL: it is not said. */
	const struct ledger_way *way;
	/* What credits for availability rest on, of one that was made; NULL: nothing does. */
	const struct ledger_lived *lived;
};

/* Whose account it is about, in the journal: an AS number, or a party's id. Returns `out`. */
enum { LEDGER_HOLDER = 72 };
char *ledger_invoice_holder(char out[LEDGER_HOLDER], const struct ledger_invoice *invoice);

/* What an invoice is made of. */
struct ledger_invoice_source {
	const struct hub *hub;
	uint32_t contract;
	struct ledger_period period;
	struct ledger_usage usage; /* bins of the period as far as they are due */
	struct utc_s now;
	const struct ledger_lived *lived; /* of the ports, where the contract promises availability
					     and it is known; NULL */
};

/* 0, or -1 and errno: ENOMEM, or EOVERFLOW when an amount does not fit; then out->charge.fault says
 * which, and nothing else is written. */
int ledger_invoice_make(struct ledger_invoice *out, struct arena *arena,
			const struct ledger_invoice_source *source);

/* Up to when the bins of a period are due at `now`: its end, or, while it runs, the end of the last
 * whole bin that has had 90 s to arrive (or is there already: `newest_end`). */
struct utc_s ledger_invoice_due(const struct ledger_period *period, uint32_t length_s,
				struct utc_s now, struct utc_s newest_end);
