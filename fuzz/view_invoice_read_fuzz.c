/* A bill as JSON, read back from the journal: what was read once is shown, and what is shown is read again as the
 * same. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "hub/hub.h"
#include "view/view_ledger.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct hub hub;

/* False when it cannot be read. */
static bool
show_again(struct buf *out, const uint8_t *json, size_t length)
{
	struct arena *arena = arena_new();
	struct ledger_invoice invoice;
	bool good =
		arena && view_invoice_read(&invoice, arena, &hub, (const char *)json, length) == 0;
	if (!good && arena && errno != EBADMSG && errno != ENOMEM)
		abort();
	for (int form = VIEW_LEDGER_TEXT; good && form <= VIEW_LEDGER_CSV; form++) {
		buf_clear(out);
		view_ledger_bill(out, (enum view_ledger_form)form, &invoice);
	}
	buf_clear(out);
	if (good)
		view_ledger_bill(out, VIEW_LEDGER_JSON, &invoice);
	arena_free(arena);
	return good;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf first = {0}, second = {0};
	if (show_again(&first, data, size) && !first.failed) {
		if (!show_again(&second, first.data, first.length))
			abort();
		if (!second.failed && (first.length != second.length ||
				       memcmp(first.data, second.data, first.length) != 0))
			abort();
	}
	buf_fini(&first);
	buf_fini(&second);
	return 0;
}
