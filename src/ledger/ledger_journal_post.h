/* Commands to the journal, turned into entries. Pure: what is to be added comes out as drafts;
 * whoever has the file adds them. Each checks all that the journal would refuse, and says it in
 * words.
 *
 * A command that was given before, with the same key, makes nothing: order->known is the entry that
 * it made then. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/money.h"
#include "ledger/ledger_journal.h"
#include "ledger/ledger_journal_draft.h"
#include "ledger/ledger_settlement.h"

enum { LEDGER_POST_COMPLAINT = 200 };

/* Who asks, and what came of it. */
struct ledger_order {
	const struct ledger_journal *journal;
	const char *prefix; /* of documents' numbers: the hub's short name */
	const char *by;     /* who gave the command */
	const char *reason; /* in that one's words; "" */
	const char *key;    /* that was given with the command; "": one is made of what it says */
	struct utc_s now;
	struct ledger_drafts *drafts; /* what is to be added; may hold some already */
	uint64_t known;
	int status; /* 400, 404, 409, 500 */
	char complaint[LEDGER_POST_COMPLAINT];
};

/* All return 0, also when the command is known; or -1 with order->status and order->complaint. */

/* An invoice to be issued. */
struct ledger_issue {
	const char *name, *holder, *contract;
	struct utc_s month, due;
	struct money total;
	/* What it is made of: accounts and what was sold, or tax; they add up to the total. */
	const struct ledger_posting *parts;
	size_t part_count;
	struct buf *body; /* moves into the draft */
};
int ledger_post_invoice(struct ledger_order *order, const struct ledger_issue *issue);

/* An invoice that came in from a supplier. */
struct ledger_receipt {
	const char *number; /* that it bears */
	const char *holder, *contract;
	struct utc_s month, due;
	const char *amount;    /* as text, tax included; "expected": what the contract says */
	struct money expected; /* by the contract; with the currency also when nothing is known */
	/* What that is made of: "purchase:KIND" and "tax"; an amount that differs is spread over them in
	 * proportion. None: it is all "purchase:other". */
	const struct ledger_posting *parts;
	size_t part_count;
	const struct buf *bill; /* the expected bill as JSON; NULL: there is none */
};
int ledger_post_receipt(struct ledger_order *order, const struct ledger_receipt *receipt);

/* The octets of a port's bin are put right, or, `measured`, taken back to what was measured. */
int ledger_post_adjustment(struct ledger_order *order, const char *port, struct utc_s start,
			   const struct ledger_adjustment *adjustment);

/* A credit note; `amount` as text in the invoice's currency, or "all": what is left. */
int ledger_post_credit(struct ledger_order *order, const char *invoice, const char *amount);

/* A payment; below zero: money that went back. */
int ledger_post_payment(struct ledger_order *order, const char *invoice, const char *amount,
			struct utc_s date);

/* A dispute; `amount` NULL: all that is left of the invoice. */
int ledger_post_dispute(struct ledger_order *order, const char *invoice, const char *amount,
			struct utc_s deadline);
/* It goes on: "answer", "accept", "settle" (with an amount), "reject" or "withdraw". Accepting and
 * settling makes a credit note too. */
int ledger_post_dispute_step(struct ledger_order *order, const char *dispute, const char *action,
			     const char *amount, struct utc_s deadline);

/* A settlement that is not empty. */
int ledger_post_settlement(struct ledger_order *order, const struct ledger_settlement *settlement);

/* Money that went from one party to another; "hub" is the hub. */
int ledger_post_transfer(struct ledger_order *order, const char *from, const char *to,
			 struct money amount, struct utc_s date);

/* The other party's bins of a contract and month, as a document. */
int ledger_post_series(struct ledger_order *order, const char *contract, struct utc_s month,
		       struct buf *body);

/* What the corridor said of its ways; `number` is that of its file, so that it is taken in once. */
struct ledger_ways_said {
	const char *number;
	struct utc_s from, until;
	uint64_t since;   /* the entry that the body is the difference to; 0: it is whole */
	struct buf *body; /* the text (hub/ways.h); moves into the draft */
};
int ledger_post_ways(struct ledger_order *order, const struct ledger_ways_said *said);

/* Words only. */
int ledger_post_note(struct ledger_order *order);
