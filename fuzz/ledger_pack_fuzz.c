/* Any bytes as packed sums: what is accepted packs again to sums that read back the same. */
#include <assert.h>
#include <string.h>

#include "ledger/ledger_pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ledger_sums sums = {0}, back = {0};
	struct buf bytes = {0};
	if (ledger_unpack(&sums, cursor_of(data, size)) == 0) {
		ledger_sums_sort(&sums);
		ledger_pack(sums.items, sums.count, LEDGER_PACK_SAMPLES | LEDGER_PACK_NEXT, &bytes);
		assert(!bytes.failed);
		assert(ledger_unpack(&back, cursor_of(bytes.data, bytes.length)) == 0);
		assert(back.count == sums.count);
		assert(!sums.count ||
		       memcmp(back.items, sums.items, sums.count * sizeof(*sums.items)) == 0);
	}
	ledger_sums_fini(&sums);
	ledger_sums_fini(&back);
	buf_fini(&bytes);
	return 0;
}
