/* Any octets as the other party's CSV: records come out in order, none reaching into the next, or a
 * complaint that names a line. */
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_reconcile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct ledger_other_bins bins;
	char complaint[LEDGER_RECONCILE_COMPLAINT] = "";
	if (!arena)
		return 0;
	if (ledger_reconcile_read(&bins, arena, cursor_of(data, size), NULL, complaint) < 0) {
		if (strncmp(complaint, "line ", 5) != 0)
			abort();
	} else {
		for (size_t i = 0; i < bins.count; i++)
			if (!bins.items[i].length_s ||
			    (i && bins.items[i - 1].start.s + bins.items[i - 1].length_s >
					  bins.items[i].start.s))
				abort();
	}
	arena_free(arena);
	return 0;
}
