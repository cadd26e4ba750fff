/* What the hub earns, net of tax: by member, by country of the member, by segment of the corridor or by service; of a
 * month, or of each month of a year. Integers; every currency by itself, never added to another.
 *
 * What a contract with segments brings is spread over them by their length, to the last unit (ledger_share.h): how its
 * traffic runs through the corridor, not who owns what; that is the settlement's (ledger_settlement.h). What the hub
 * buys is cost, and stands beside.
 *
 * Owner: rows and their texts are in the arena. */
#pragma once

#include "base/arena.h"
#include "ledger/ledger_invoice.h"

enum ledger_revenue_by {
	LEDGER_BY_MEMBER,
	LEDGER_BY_COUNTRY,
	LEDGER_BY_SEGMENT,
	LEDGER_BY_SERVICE,
};

enum { LEDGER_MONTHS = 12 };

struct ledger_revenue_row {
	const char
		*key; /* AS number, country code, segment's id, service; "": what belongs to none */
	const char *name; /* in words */
	struct currency currency;
	int64_t months[LEDGER_MONTHS]; /* minor units, January first */
	int64_t sum;                   /* of them */
	int64_t cost;                  /* of what the hub buys, likewise */
};

/* The sum of all rows in one currency, month by month. */
struct ledger_revenue_total {
	struct currency currency;
	int64_t months[LEDGER_MONTHS];
	int64_t sum, cost;
};

struct ledger_revenue {
	enum ledger_revenue_by by;
	int year, month;                 /* 0: all of the year */
	struct ledger_revenue_row *rows; /* after ledger_revenue_sort: the largest first */
	size_t row_count, row_room;
	struct ledger_revenue_total *totals;
	size_t total_count, total_room;
	size_t invoices;
	bool simulated;
	bool running; /* some month is not final */
	struct arena *arena;
};

/* Adds an invoice of one of its months. 0, or -1 and errno: ENOMEM, or EOVERFLOW when a sum does not fit. */
int ledger_revenue_add(struct ledger_revenue *revenue, const struct ledger_invoice *invoice);
/* Puts the rows in order: by currency, then the largest sum first, then by key. */
void ledger_revenue_sort(struct ledger_revenue *revenue);

/* "member", "country", "segment", "service". */
const char *ledger_revenue_by_name(enum ledger_revenue_by by);
/* What kind of service a line is for: "ports", "traffic", "cross-connects", "clouds", "capacity", "other". */
const char *ledger_line_service(enum ledger_line_kind kind);

/* A total against the plan of a year. */
struct ledger_pace {
	int64_t from, to;      /* of the plan, minor units */
	int64_t so_far;        /* of this year */
	int64_t run_rate;      /* twelve times the last month that is over; 0: there is none yet */
	uint32_t percent_low;  /* so_far of `to`, in hundredths of a percent */
	uint32_t percent_high; /* so_far of `from` */
	uint32_t year_percent; /* how much of the year is over, likewise */
};
/* False when there is no plan in that currency, or the numbers do not fit. `total` is of a whole year. */
bool ledger_revenue_pace(struct ledger_pace *out, const struct hub *hub,
			 const struct ledger_revenue_total *total, int year, struct utc_s now);
