/* What the hub earns, net of tax: by member, by country of the member, by segment of the corridor or by service; of a
 * month, or of each month of a year. Integers; every currency by itself, never added to another.
 *
 * Of a month that was issued it is what the journal has: invoices less credit notes, so that the sums are those of
 * the accounts revenue:*, to the last unit. What was not issued yet is what is computed, and says so. What the hub
 * buys is cost, likewise: invoices that came in (accounts purchase:*), or what is expected.
 *
 * What a contract with segments brings is spread over them by their length, to the last unit (ledger_share.h): how its
 * traffic runs through the corridor. Who owns them is another question: what settlements gave to the owners of the
 * cables (account cost:transit) stands beside, as `shared`, and the rest is what the hub keeps. Dues between the hub
 * and a party (revenue:upkeep, cost:upkeep) are that party's.
 *
 * Owner: rows and their texts are in the arena. */
#pragma once

#include "base/arena.h"
#include "ledger/ledger_document.h"
#include "ledger/ledger_invoice.h"
#include "ledger/ledger_settlement.h"

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
	int64_t shared;                /* of the sum: what owners of cables got by settlements */
	int64_t computed;              /* of the sum: not issued yet */
	int64_t computed_cost;         /* of the cost: expected, and no invoice came in yet */
};
/* What is left to the hub: sum less what is shared, less cost. False when that does not fit. */
bool ledger_revenue_kept(int64_t *out, int64_t sum, int64_t shared, int64_t cost);

/* The sum of all rows in one currency, month by month. */
struct ledger_revenue_total {
	struct currency currency;
	int64_t months[LEDGER_MONTHS];
	int64_t sum, cost, shared, computed, computed_cost;
};

struct ledger_revenue {
	enum ledger_revenue_by by;
	int year, month;                 /* 0: all of the year */
	struct ledger_revenue_row *rows; /* after ledger_revenue_sort: the largest first */
	size_t row_count, row_room;
	struct ledger_revenue_total *totals;
	size_t total_count, total_room;
	size_t invoices, issued; /* issued: of them, or received */
	bool simulated;
	bool running; /* some month is not final */
	struct arena *arena;
};

/* What kind of service a line is for. */
enum ledger_service {
	LEDGER_SERVICE_PORTS,
	LEDGER_SERVICE_TRAFFIC,
	LEDGER_SERVICE_CROSS_CONNECTS,
	LEDGER_SERVICE_CLOUDS,
	LEDGER_SERVICE_CAPACITY,
	LEDGER_SERVICE_OTHER,
};
enum { LEDGER_SERVICES = 6 };

/* All of a computed invoice that counts here: little, so that it can be remembered. */
struct ledger_earned {
	uint32_t contract; /* index in the hub's */
	int month;         /* from 1 */
	struct money net;
	int64_t services[LEDGER_SERVICES]; /* net, minor units */
	bool serves[LEDGER_SERVICES];      /* it has a line for that service */
	bool simulated, final;
};
/* False when a sum does not fit. */
bool ledger_earned_of(struct ledger_earned *out, const struct ledger_invoice *invoice);

/* Adds what was computed of one of its months: of a contract and month of which no invoice was issued, and
 * none came in. 0, or -1 and errno: ENOMEM, or EOVERFLOW when a sum does not fit. */
int ledger_revenue_add(struct ledger_revenue *revenue, const struct hub *hub,
		       const struct ledger_earned *earned);
/* Adds all that the journal has of its months: documents, and settlements in their order. 0, or -1
 * likewise. */
int ledger_revenue_add_journal(struct ledger_revenue *revenue, const struct hub *hub,
			       const struct ledger_documents *documents,
			       const struct ledger_settlement *const *settlements, size_t count);
/* Has the journal an invoice of that contract and month, issued or received? */
bool ledger_revenue_is_in(const struct ledger_documents *documents, const char *contract,
			  struct utc_s month);
/* Puts the rows in order: by currency, then the largest sum first, then by key. */
void ledger_revenue_sort(struct ledger_revenue *revenue);

/* "member", "country", "segment", "service". */
const char *ledger_revenue_by_name(enum ledger_revenue_by by);

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
