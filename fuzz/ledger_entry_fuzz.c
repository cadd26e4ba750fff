/* Any octets are an entry of the journal or not; what is one is written as it was read. */
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct ledger_entry entry;
	struct currency currency;
	if (arena && ledger_entry_decode(&entry, arena, cursor_of(data, size)) == 0) {
		struct buf again = {0};
		if (ledger_entry_encode(&entry, &again) < 0 || again.length != size ||
		    memcmp(again.data, data, size) != 0)
			abort();
		(void)ledger_entry_balances(&entry, &currency);
		buf_fini(&again);
	}
	arena_free(arena);
	return 0;
}
