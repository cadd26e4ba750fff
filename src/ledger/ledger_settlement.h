/* A settlement: what a month's transit earned, shared among the owners of the cables that it
 * crossed, and what each then owes or gets. A value with all that is printed; the same invoices and
 * agreements give the same octets.
 *
 * Each invoice is shared by itself, out of its revenue for transit (net of tax, less credit notes):
 *
 *   1. fixed amounts of its segments; if there is less than their sum, in proportion to them
 *   2. of what is left: percentages of segments, and of the hub
 *   3. of what is left then: the other segments, by length, capacity or equally; the hub when there
 *      are none
 *
 * Steps 2 and 3 are one division (ledger_share) among the parties, so that no party is off its
 * exact share by a whole minor unit; a party's part is divided among its segments the same way.
 * What was shared before, of an invoice to which a credit note came later, is taken off: only the
 * difference is settled.
 *
 * Over all parties (the hub among them) statements add up to zero, to the last unit, in each
 * currency. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/money.h"
#include "hub/hub.h"
#include "ledger/ledger_document.h"

/* The first of the parties, always there. */
enum { LEDGER_PARTY_HUB = 0 };
#define LEDGER_PARTY_HUB_ID "hub"

struct ledger_party {
	const char *id; /* "hub" for the hub itself, which no party of the hub file may be called */
	const char *name, *country, *address, *email, *tax_number, *bank, *account,
		*bic; /* or "" */
};

enum ledger_part_rule {
	LEDGER_PART_KM,       /* weight: metres */
	LEDGER_PART_CAPACITY, /* weight: Gbit/s */
	LEDGER_PART_EQUAL,    /* weight: 1 */
	LEDGER_PART_FIXED,    /* weight: minor units */
	LEDGER_PART_PERCENT,  /* weight: hundredths of a percent; also the hub's own */
	LEDGER_PART_IRU,      /* weight: 0 */
	LEDGER_PART_REST,     /* what nobody else has a claim to: the hub's */
	LEDGER_PART_RULES,
};
/* "km", "capacity" ... */
const char *ledger_part_rule_name(enum ledger_part_rule rule);

/* What one segment, or the hub, gets of one invoice. */
struct ledger_settlement_part {
	const char *segment; /* id; "": none, of the hub as such */
	uint32_t party;
	enum ledger_part_rule rule;
	int64_t weight;
	int64_t share; /* of all revenue of the invoice; minor units */
};

/* What one party gets of one invoice. */
struct ledger_settlement_share {
	uint32_t party;
	int64_t share, before; /* before: by earlier settlements */
};

struct ledger_settlement_invoice {
	const char *id, *name, *holder, *holder_name, *contract, *agreement;
	struct utc_s month;
	struct money revenue; /* all of it so far */
	int64_t before;       /* of that, shared by earlier settlements */
	struct ledger_settlement_part *parts;
	size_t part_count;
	struct ledger_settlement_share *shares;
	size_t share_count;
};

/* What was agreed to be owed every month. */
struct ledger_settlement_due {
	const char *agreement, *text;
	uint32_t from, to;
	struct money amount;
};

/* What one party's account comes to, in one currency. */
struct ledger_settlement_statement {
	uint32_t party;
	struct currency currency;
	int64_t share;     /* of invoices, by this settlement */
	int64_t collected; /* revenue that it has in hand: the hub's alone */
	int64_t dues_in, dues_out;
	int64_t net; /* share - collected + dues_in - dues_out; above zero: it gets this */
};

struct ledger_settlement_transfer {
	uint32_t from, to;
	struct money amount; /* above zero */
};

struct ledger_settlement {
	const char *id; /* "KTX-S000003" */
	struct utc_s month, time;
	struct ledger_party *parties; /* the hub, then those of the hub file in its order */
	size_t party_count;
	struct ledger_settlement_invoice *invoices; /* by id */
	size_t invoice_count;
	struct ledger_settlement_due *dues;
	size_t due_count;
	struct ledger_settlement_statement *statements; /* by currency, then party */
	size_t statement_count;
	struct ledger_settlement_transfer *transfers; /* as few as there can be */
	size_t transfer_count;
};

/* What a settlement rests on. */
struct ledger_settlement_source {
	const struct hub *hub;
	const struct ledger_documents *documents;
	/* All that were made before, in order. */
	const struct ledger_settlement *const *earlier;
	size_t earlier_count;
	const char *id;
	struct utc_s month; /* first second; invoices of this month and of earlier ones */
	struct utc_s time;
};

/* Makes a settlement in `arena`; with nothing in it (no invoice, no due) when all was settled
 * before. 0, or -1 with errno: ENOMEM, EOVERFLOW. */
int ledger_settlement_make(struct ledger_settlement *out, struct arena *arena,
			   const struct ledger_settlement_source *source);
static inline bool
ledger_settlement_is_empty(const struct ledger_settlement *settlement)
{
	return settlement->invoice_count == 0 && settlement->due_count == 0;
}

/* Shares one revenue (zero or above) among the segments of a contract: out->parts and out->shares.
 * 0, or -1 as above. */
int ledger_settlement_divide(struct ledger_settlement_invoice *out, struct arena *arena,
			     const struct hub *hub, const struct hub_settlement *agreement,
			     const struct hub_contract *contract);

/* The transit revenue of an invoice: net of tax, of credit notes, and of fees that are not for
 * transit. */
int64_t ledger_settlement_revenue(const struct ledger_issued *bill);

/* As few transfers as settle the net amounts, which add up to zero: exact for up to 16 parties that
 * owe or get something, at most one less than there are parties beyond that. `out` has room for
 * `count`; the number of transfers, or -1 with errno ENOMEM. */
int ledger_settlement_net(struct ledger_settlement_transfer *out, const int64_t *nets, size_t count,
			  struct currency currency);

/* --- ledger_settlement_document.c --- */
/* The document, as JSON. */
void ledger_settlement_write(const struct ledger_settlement *settlement, struct buf *out);
/* Reads a document into `arena`. 0; or -1 with errno EBADMSG, ENOMEM. */
int ledger_settlement_read(struct ledger_settlement *out, struct arena *arena, const void *json,
			   size_t length);
