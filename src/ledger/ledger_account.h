/* The accounts of the journal: what was posted to each, in each currency. Their names are stable:
 *
 *   receivable:HOLDER what a member (its AS number) or a party (its id) owes the hub
 *   revenue:KIND      what was sold, by kind of the invoices' lines (flat, commit, overage, transit
 *   ...)
 *   supplier:HOLDER   what the hub owes for invoices that came in
 *   purchase:KIND     what was bought, by kind of the expected lines
 *   tax               what is owed to the tax office, less what was paid with purchases
 *   cash              what was paid to and by the hub
 *   payable:PARTY     what the hub, as the clearing house of the corridor, owes a party
 *   cost:transit      what the owners of the cables got of the revenue
 *   cost:upkeep, revenue:upkeep   fixed dues between the hub and a party */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/money.h"

/* One account in one currency. */
struct ledger_account {
	char *name;
	struct currency currency;
	int64_t debit, credit; /* sums of what was posted, both zero or above */
};

/* All fields private to ledger_account.c but `items` and `count`. A zeroed one is empty. */
struct ledger_accounts {
	struct ledger_account *items; /* in order of their first posting */
	size_t count, capacity;
	uint32_t *slots;
	size_t slot_count;
};

void ledger_accounts_fini(struct ledger_accounts *accounts);
/* 0; or -1 with errno EOVERFLOW, ENOMEM, and nothing changed. */
int ledger_accounts_post(struct ledger_accounts *accounts, const char *name, struct money amount);
/* Debits less credits; 0 when there is no such account. */
int64_t ledger_accounts_balance(const struct ledger_accounts *accounts, const char *name,
				struct currency currency);
/* The accounts by name and currency; `count` pointers, the caller's to free. NULL if there is no
 * memory. */
const struct ledger_account **ledger_accounts_sorted(const struct ledger_accounts *accounts);
