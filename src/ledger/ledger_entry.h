/* An entry of the journal: what happened, to whom, the postings that follow from it, and the digest
 * of the document that belongs to it. It is written as lines of text, so that an auditor can read
 * it and check it with sha256sum; the form is told octet for octet in docs/journal.md.
 *
 * Amounts are in minor units. A posting above zero is a debit, below zero a credit; those of an
 * entry add up to zero in each currency. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/cursor.h"
#include "base/money.h"

enum {
	LEDGER_HASH_OCTETS = 32,
	LEDGER_HASH_TEXT = 65,      /* hexadecimal and the zero */
	LEDGER_FIELD_MAX = 1000,    /* octets of one text of an entry */
	LEDGER_POSTINGS_MAX = 4096, /* of one entry */
	LEDGER_ENTRY_MAX = 1 << 20, /* octets of an entry's text */
	LEDGER_BODY_MAX = 64 << 20, /* octets of a document */
};

/* Largest amount of an entry, either way, in minor units: so that a few of them always fit an
 * integer. */
#define LEDGER_AMOUNT_MAX (INT64_C(1) << 60)

/* SHA-256 (FIPS 180-4). */
struct ledger_hash {
	uint8_t octets[LEDGER_HASH_OCTETS];
};

/* SHA-256. */
struct ledger_hash ledger_hash_of(const void *bytes, size_t length);
/* Hexadecimal, in small letters; returns `out`. */
char *ledger_hash_format(char out[LEDGER_HASH_TEXT], struct ledger_hash hash);
/* 0, or -1 unless the text is 64 hexadecimal digits. */
int ledger_hash_parse(struct ledger_hash *out, const char *text);

enum ledger_entry_kind {
	LEDGER_ENTRY_INVOICE,    /* an invoice was issued */
	LEDGER_ENTRY_CREDIT,     /* a credit note */
	LEDGER_ENTRY_PAYMENT,    /* a member paid, or got money back */
	LEDGER_ENTRY_SETTLEMENT, /* a month was shared among the owners of the cables */
	LEDGER_ENTRY_TRANSFER,   /* one party paid another what a settlement says */
	LEDGER_ENTRY_DISPUTE,    /* a dispute was opened, or went on */
	LEDGER_ENTRY_SERIES,     /* the other party's bins were taken in */
	LEDGER_ENTRY_NOTE,       /* nothing but words */
	LEDGER_ENTRY_RECEIVED,   /* an invoice came in: what the hub owes */
	LEDGER_ENTRY_ADJUSTMENT, /* a bin of a port was put right by hand */
	LEDGER_ENTRY_WAYS,       /* the corridor said which ways traffic takes from now on */
	LEDGER_ENTRY_KINDS,
};
/* "invoice", "credit" ... */
const char *ledger_entry_kind_name(enum ledger_entry_kind kind);

struct ledger_posting {
	const char *account; /* see ledger_account.h */
	struct money amount;
};

/* Texts have no control characters and at most LEDGER_FIELD_MAX octets; "" where there is nothing
 * to say. */
struct ledger_entry {
	uint64_t number;             /* 1, 2, 3 ... */
	struct ledger_hash previous; /* of the entry before; all zero for the first */
	struct utc_s time;           /* when it was made */
	enum ledger_entry_kind kind;
	const char *key;      /* unique: the same command given again makes no second entry */
	const char *document; /* its number in the sequence of its kind: "KTX-I000017" */
	const char *subject;  /* invoice: its name; otherwise the document that it is about */
	const char *holder;   /* whose account it is about: an AS number, or a party's id */
	const char *contract; /* its id */
	struct utc_s month;   /* first second of the month it is about; 0: none */
	struct utc_s date;    /* invoice: due; payment: when it was made; dispute: deadline;
			      adjustment: the bin's first second; ways: from when they hold; 0: none */
	struct money amount;  /* what the document is about; code "" : nothing */
	const char *action;   /* of a dispute: "open", "answer" ...; of an adjustment: see
				 struct ledger_adjustment; of ways: see struct ledger_said */
	const char *by;       /* who gave the command */
	const char *reason;   /* in that one's words; of a payment its reference; of a received
				 invoice the number that it bears */
	uint64_t body_length; /* of the document; 0: none */
	struct ledger_hash body;
	const struct ledger_posting *postings;
	size_t posting_count;
};

/* Appends the text. 0; or -1 with errno EINVAL when a text does not fit (nothing is appended),
 * ENOMEM. */
int ledger_entry_encode(const struct ledger_entry *entry, struct buf *out);
/* Reads a text to its end. Only what ledger_entry_encode would write octet for octet is an entry.
 * Texts and postings are taken from `arena`. 0; or -1 with errno EBADMSG, ENOMEM. */
int ledger_entry_decode(struct ledger_entry *out, struct arena *arena, struct cursor text);

/* Do the postings add up to zero in each currency? If not, *currency is the first that does not. */
bool ledger_entry_balances(const struct ledger_entry *entry, struct currency *currency);
/* May the text stand in an entry? */
bool ledger_entry_text_fits(const char *text);
