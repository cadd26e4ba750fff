/* Private to the desk: ledger_desk_gather.c brings bins together, ledger_desk.c makes answers of them. */
#pragma once

#include "ledger/ledger_desk.h"

/* What an invoice rests on besides its contract: while that is the same, so is the invoice. */
struct ledger_desk_basis {
	struct utc_s month; /* its first second */
	uint64_t batches;   /* in it */
	uint64_t others;    /* changes of the other parties' records */
	struct utc_s due;
	bool final;
};

/* Of a contract. */
struct ledger_desk_remembered {
	/* The last invoice that was made. */
	struct arena *arena; /* NULL: there is none */
	struct ledger_desk_basis basis;
	struct ledger_invoice invoice;
	/* What the months brought, January first, each of the year that was last asked for. */
	struct {
		bool known;
		struct ledger_desk_basis basis;
		struct ledger_earned earned;
	} months[LEDGER_MONTHS];
};

/* Batches of a month. */
struct ledger_desk_counted {
	struct utc_s from, to;
	uint64_t changes; /* of the store then */
	uint64_t batches;
};

enum { LEDGER_DESK_COUNTED = 16 }; /* a year, and another zone's months beside it */

struct ledger_desk {
	struct ledger_store *store;
	const struct hub *hub;
	struct ledger_others others;
	struct ledger_desk_remembered *remembered; /* one a contract */
	size_t remembered_count;
	struct ledger_desk_counted counted[LEDGER_DESK_COUNTED];
	size_t next_counted; /* the one that gives way */
	char fault[200];
};

/* Which bins are asked for: those of some ports in a part of a period. */
struct ledger_desk_request {
	const uint32_t *ports; /* index in hub->ports; NULL: those of the member */
	uint32_t member;
	size_t port_count;
	const struct hub_contract *contract; /* NULL: none; then all is as usual */
	struct ledger_period period;         /* from, to */
	struct utc_s now, newest_end;
};

/* The bins of a request: the sum of the ports, and each of them if the contract wants that. */
struct ledger_gathered {
	struct ledger_series sum;
	struct ledger_series *ports; /* NULL: not kept */
	size_t port_count;
};

void ledger_gathered_fini(struct ledger_gathered *gathered);

/* The bins of the request, in bins as long as the longest that the period has; the caller's to end. */
enum ledger_desk_answer ledger_desk_gather(struct ledger_desk *desk, struct ledger_gathered *out,
					   const struct ledger_desk_request *request);
/* How available the ways of the request's ports were up to now, where its contract promises that. *has: it does, and
 * that is known. */
enum ledger_desk_answer ledger_desk_live(struct ledger_desk *desk, struct ledger_lived *out,
					 bool *has, const struct ledger_desk_request *request);
enum ledger_desk_answer ledger_desk_answer_of(enum ledger_store_error error);
