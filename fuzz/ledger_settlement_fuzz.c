/* Any octets as the document of a settlement: what is read is written, and reads back to the same.
 */
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_settlement.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct ledger_settlement settlement, back;
	struct buf once = {0}, twice = {0};
	if (arena && ledger_settlement_read(&settlement, arena, data, size) == 0) {
		ledger_settlement_write(&settlement, &once);
		if (ledger_settlement_read(&back, arena, once.data, once.length) < 0)
			abort();
		ledger_settlement_write(&back, &twice);
		if (once.length != twice.length || memcmp(once.data, twice.data, once.length) != 0)
			abort();
	}
	buf_fini(&once);
	buf_fini(&twice);
	arena_free(arena);
	return 0;
}
