/* Entries that are to be made together: all or none. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "ledger/ledger_entry.h"

/* An entry to be made, without number and previous digest. */
struct ledger_draft {
	struct ledger_entry entry;
	struct buf body; /* owned by the draft: ledger_drafts_fini */
};
struct ledger_drafts {
	struct arena *arena; /* of the texts; may be NULL when there are none */
	struct ledger_draft *items;
	size_t count, capacity;
};
void ledger_drafts_fini(struct ledger_drafts *drafts);
/* A further one, zeroed but for its texts, which are ""; NULL if there is no memory. */
struct ledger_draft *ledger_drafts_add(struct ledger_drafts *drafts);
