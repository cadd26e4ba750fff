/* What all commands to the journal have in common; used by ledger_journal_post.c and ledger_journal_book.c only. */
#pragma once

#include "ledger/ledger_journal_post.h"

/* The order is refused, with its complaint; -1. */
int ledger_order_refuse(struct ledger_order *order, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int ledger_order_no_memory(struct ledger_order *order);

/* A text that lasts as long as the drafts; "" and the order failed without memory. */
const char *ledger_order_keep(struct ledger_order *order, const char *text);

/* A new draft with what all have. Its key is the one that was given, else `made`; for the second entry
 * of a command `part` tells it from the first. NULL with the order failed, or known: then
 * ledger_order_nothing is the command's result. */
struct ledger_entry *ledger_order_begin(struct ledger_order *order, enum ledger_entry_kind kind,
					const char *made, const char *part);
int ledger_order_nothing(const struct ledger_order *order);

/* The next number of its kind. */
void ledger_order_number(struct ledger_order *order, struct ledger_entry *entry);

/* Room for so many postings; then each. Amounts of zero are not posted. The account is `kind` and
 * `holder`. */
struct ledger_posting *ledger_order_postings(struct ledger_order *order, struct ledger_entry *entry,
					     size_t count);
void ledger_order_post(struct ledger_order *order, struct ledger_entry *entry, const char *kind,
		       const char *holder, struct money amount);
struct money ledger_order_minus(struct money amount);

/* An invoice, issued or received, by its number or name; NULL with the order failed. */
const struct ledger_issued *ledger_order_bill(struct ledger_order *order, const char *invoice);
/* Reads an amount; "all" stands for `all` if that is not zero. */
int ledger_order_amount(struct ledger_order *order, struct money *out, const char *text,
			struct money all);
