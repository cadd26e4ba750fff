/* What a month that is running will come to: the same invoice, made three times by the same code,
 * from the bins that are there and three answers to what the bins that are left will be.
 *
 *   low     all of them without an octet
 *   likely  as the same bin of the last week that is known, times the growth from week to week
 *   high    all of them at the speed of the ports
 *
 * Every rule for the rate of a month only rises with the rates of its bins, so low and high are
 * bounds: the month cannot end outside of them, as long as what is there stays (a missing bin that
 * is filled in later, or a corrected one, can move them). Likely is an estimate and nothing more.
 * Availability that the contract promises is weighed against the whole month in all three, as if no
 * outage were to come.
 *
 * Growth is the octets of the last seven days over those of the seven days before, of bins known in
 * both, in millionths; at least 0.8 and at most 1.25. A bin three weeks after the one that it is
 * taken from is scaled three times. All integers. */
#pragma once

#include "ledger/ledger_invoice.h"

enum {
	LEDGER_FORECAST_HISTORY_S = 28 * 86400, /* before the period: what is looked back on */
	LEDGER_GROWTH_MIN_PPM = 800000,
	LEDGER_GROWTH_MAX_PPM = 1250000,
};

/* One of the three ends of a month. */
struct ledger_outlook {
	bool known; /* likely: there is history to go by; high: the amounts fit */
	uint64_t in_bps, out_bps, measured_bps; /* as struct ledger_percentile */
	uint64_t billed_bps;                    /* as struct ledger_charge; 0 if not by rate */
	struct money net, total;
};

struct ledger_forecast {
	const struct hub_member *member;
	const char *party; /* as in struct ledger_invoice */
	const struct hub_contract *contract;
	struct ledger_period period;
	uint32_t bin_s;
	size_t bins, known, left; /* of the period: all, not missing so far, still to come */
	struct ledger_outlook low, likely, high;
	bool grown;          /* growth was measured; else 1 */
	uint32_t growth_ppm; /* a week over the week before */
	bool simulated, final;
};

/* What it is made of. Rows of bins begin before the period, as far as there is history, and end with
 * what is due. */
struct ledger_forecast_source {
	const struct hub *hub;
	uint32_t contract;
	struct ledger_period period;
	const struct ledger_series *sum;
	const struct ledger_series *ports; /* of contracts that add up after; else NULL */
	size_t port_count;
	struct utc_s now;
	const struct ledger_lived *lived; /* so far, of a contract that promises it; NULL */
};

/* 0, or -1 and errno: ENOMEM; EOVERFLOW when even the low amount does not fit. */
int ledger_forecast_make(struct ledger_forecast *out, const struct ledger_forecast_source *source);
