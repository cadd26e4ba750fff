/* Accounts and their sums: an array, and a table of hashes to find them by. */
#include "ledger/ledger_account.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

void
ledger_accounts_fini(struct ledger_accounts *accounts)
{
	for (size_t i = 0; i < accounts->count; i++)
		free(accounts->items[i].name);
	free(accounts->items);
	free(accounts->slots);
	*accounts = (struct ledger_accounts){0};
}

static size_t
place(const struct ledger_accounts *a, const char *name, struct currency currency)
{
	uint64_t hash = hash_bytes(name, strlen(name)) ^ hash_bytes(currency.code, 3);
	size_t at = hash & (a->slot_count - 1);
	while (a->slots[at]) {
		const struct ledger_account *item = &a->items[a->slots[at] - 1];
		if (strcmp(item->name, name) == 0 &&
		    strcmp(item->currency.code, currency.code) == 0)
			break;
		at = (at + 1) & (a->slot_count - 1);
	}
	return at;
}

/* Room for one more. */
static int
grow(struct ledger_accounts *a)
{
	if (a->count < a->capacity)
		return 0;
	size_t capacity = a->capacity ? a->capacity * 2 : 32;
	struct ledger_account *items = realloc(a->items, capacity * sizeof(*items));
	if (!items)
		return -1;
	a->items = items;
	uint32_t *slots = calloc(capacity * 2, sizeof(*slots));
	if (!slots)
		return -1;
	free(a->slots);
	a->slots = slots;
	a->slot_count = capacity * 2;
	a->capacity = capacity;
	for (size_t i = 0; i < a->count; i++)
		a->slots[place(a, items[i].name, items[i].currency)] = (uint32_t)i + 1;
	return 0;
}

static struct ledger_account *
find(const struct ledger_accounts *a, const char *name, struct currency currency)
{
	uint32_t slot = a->slot_count ? a->slots[place(a, name, currency)] : 0;
	return slot ? &a->items[slot - 1] : NULL;
}

int
ledger_accounts_post(struct ledger_accounts *a, const char *name, struct money amount)
{
	struct ledger_account *account = find(a, name, amount.currency);
	if (!account) {
		char *copy = grow(a) == 0 ? strdup(name) : NULL;
		if (!copy) {
			errno = ENOMEM;
			return -1;
		}
		account = &a->items[a->count];
		*account = (struct ledger_account){copy, amount.currency, 0, 0};
		a->slots[place(a, name, amount.currency)] = (uint32_t)++a->count;
	}
	int64_t *sum = amount.minor < 0 ? &account->credit : &account->debit;
	int64_t more;
	if (amount.minor == INT64_MIN ||
	    __builtin_add_overflow(*sum, amount.minor < 0 ? -amount.minor : amount.minor, &more)) {
		errno = EOVERFLOW;
		return -1;
	}
	*sum = more;
	return 0;
}

int64_t
ledger_accounts_balance(const struct ledger_accounts *a, const char *name, struct currency currency)
{
	const struct ledger_account *account = find(a, name, currency);
	return account ? account->debit - account->credit : 0;
}

static int
by_name(const void *a, const void *b)
{
	const struct ledger_account *x = *(const struct ledger_account *const *)a;
	const struct ledger_account *y = *(const struct ledger_account *const *)b;
	int order = strcmp(x->name, y->name);
	return order ? order : strcmp(x->currency.code, y->currency.code);
}

const struct ledger_account **
ledger_accounts_sorted(const struct ledger_accounts *a)
{
	const struct ledger_account **sorted = calloc(a->count + 1, sizeof(*sorted));
	for (size_t i = 0; sorted && i < a->count; i++)
		sorted[i] = &a->items[i];
	if (sorted)
		qsort(sorted, a->count, sizeof(*sorted), by_name);
	return sorted;
}
