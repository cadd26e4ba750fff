/* Any texts as a journal, a zero octet between two: what does not fit together is refused, and
 * never upsets the accounts. Numbers and digests of entries before are put right, so that the
 * search gets behind them. */
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
take(struct ledger_journal *journal, const uint8_t *text, size_t length)
{
	struct ledger_entry entry;
	struct buf fresh = {0};
	char fault[LEDGER_FAULT];
	bool good = ledger_entry_decode(&entry, journal->arena, cursor_of(text, length)) == 0 &&
		    ledger_journal_encode(journal, &entry, &fresh) == 0 &&
		    ledger_journal_take(journal, cursor_of(fresh.data, fresh.length), fault) == 0;
	buf_fini(&fresh);
	return good;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ledger_journal *journal = ledger_journal_new();
	struct buf faults = {0};
	bool good = journal != NULL;
	while (good && size) {
		const uint8_t *end = memchr(data, 0, size);
		size_t length = end ? (size_t)(end - data) : size;
		good = take(journal, data, length);
		data += end ? length + 1 : length;
		size -= end ? length + 1 : length;
	}
	if (good && (!ledger_journal_check(journal, &faults) || faults.length))
		abort();
	buf_fini(&faults);
	ledger_journal_free(journal);
	return 0;
}
