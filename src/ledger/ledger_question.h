/* What is asked of the ledger, in words:
 *
 *   show curve ASN|NAME|hub [month YYYY-MM] [hours N]
 *   show invoices [month YYYY-MM]
 *   show blends [month YYYY-MM]
 *   bill [--month YYYY-MM] [ASN|NAME|PARTY] [--contract ID] [--html | --bins]
 *   show forecast [ASN|NAME|PARTY] [month YYYY-MM] [at TIME]
 *   show revenue [by member|country|segment|service] [month YYYY-MM | year YYYY]
 *   show history by WHAT [month YYYY-MM | year YYYY | hours N] [each hour|day]
 *     [member ASN|NAME] [limit N]
 *   show demands [month YYYY-MM | hours N]          the last week, if neither is said
 *   show content [month YYYY-MM | hours N]          likewise
 *   show ledger
 *   metrics ledger | show metrics ledger
 *
 * Without a month the running one is meant. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "hub/hub.h"
#include "hub/traffic_what.h"
#include "ledger/ledger_revenue.h"

enum ledger_question_kind {
	LEDGER_ASKS_CURVE,
	LEDGER_ASKS_INVOICES,
	LEDGER_ASKS_BLENDS,
	LEDGER_ASKS_BILL,
	LEDGER_ASKS_FORECAST,
	LEDGER_ASKS_REVENUE,
	LEDGER_ASKS_HISTORY,
	LEDGER_ASKS_DEMANDS,
	LEDGER_ASKS_CONTENT,
	LEDGER_ASKS_STATE,
	LEDGER_ASKS_METRICS,
};

struct ledger_question {
	enum ledger_question_kind kind;
	uint32_t member;   /* index; HUB_NONE: the whole hub, or all members */
	uint32_t party;    /* index, of bills and forecasts; then member is HUB_NONE */
	uint32_t contract; /* index; HUB_NONE: not named */
	int year, month;   /* month 0: the whole year, of revenue */
	struct utc_s from,
		to; /* of a curve, history, demands or content; to: of a forecast, what is known up to then */
	enum ledger_revenue_by by;
	enum traffic_what what; /* of history */
	size_t limit;           /* of its rows; 0: not said */
	uint32_t each_s;        /* its steps; 0: none */
	bool html, bins;
};

enum { LEDGER_COMPLAINT = 200, LEDGER_HOURS_MAX = 31 * 24, LEDGER_LIMIT_MAX = 1000000 };

/* Reads the words. 0; or the status, 400 (makes no sense) or 404 (there is no such thing), with the
 * complaint in words. */
int ledger_question_parse(struct ledger_question *out, const struct hub *hub, struct utc_s now,
			  const char *const *words, size_t count, char complaint[LEDGER_COMPLAINT]);
