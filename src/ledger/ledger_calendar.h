/* Months and days of a contract, in its own zone. */
#pragma once

#include <stdint.h>

#include "base/clock.h"
#include "hub/hub.h"

/* The part of a month in which a contract, or an item of it, is in force. Moments are UTC. */
struct ledger_period {
	int year, month;
	struct utc_s month_from, month_to; /* the whole month, of the contract's zone */
	struct utc_s from, to;             /* first second, first second after */
	/* Days of the zone; a day that has begun counts. */
	uint32_t days, days_in_month;
};

/* The first year that is asked for. Whoever asks for none has moment 0, so that is no month; and before
 * it nobody billed by the bit. */
/* The month behind the last one is to have a year of four digits too. */
enum { LEDGER_YEAR_MIN = 1971, LEDGER_YEAR_MAX = 9998 };
/* Is it in a year from LEDGER_YEAR_MIN to LEDGER_YEAR_MAX? */
bool ledger_time_is_sane(struct utc_s time);
/* Reads a month, "2026-11", of such a year. 0, or -1. */
int ledger_month_read(struct utc_s *out, const char *text);
/* Likewise a day, "2026-11-21". */
int ledger_day_read(struct utc_s *out, const char *text);

/* 0, or -1 when the contract is not in force in that month. */
int ledger_period_of(struct ledger_period *out, const struct hub_contract *contract, int year,
		     int month);
/* The part of a period between two moments (0: as the period): of an item that starts or ends
 * inside. 0, or -1 when nothing is left. */
int ledger_period_part(struct ledger_period *out, const struct ledger_period *period,
		       const struct zone *zone, struct utc_s starts, struct utc_s ends);
/* Whether a contract or an item with these ends is in force at a moment. */
bool ledger_in_force(struct utc_s starts, struct utc_s ends, struct utc_s at);
/* Days of the year of the zone that `at` lies in: 365 or 366. */
uint32_t ledger_days_in_year(const struct zone *zone, struct utc_s at);
/* Months from the month of `from` to that of `to`, in the zone: 0 in the same one. */
int64_t ledger_months_between(const struct zone *zone, struct utc_s from, struct utc_s to);
