/* Entries to be made. */
#include "ledger/ledger_journal_draft.h"

#include <stdlib.h>

void
ledger_drafts_fini(struct ledger_drafts *drafts)
{
	for (size_t i = 0; i < drafts->count; i++)
		buf_fini(&drafts->items[i].body);
	free(drafts->items);
	arena_free(drafts->arena);
	*drafts = (struct ledger_drafts){0};
}

struct ledger_draft *
ledger_drafts_add(struct ledger_drafts *drafts)
{
	if (!drafts->arena && !(drafts->arena = arena_new()))
		return NULL;
	if (drafts->count == drafts->capacity) {
		size_t capacity = drafts->capacity ? drafts->capacity * 2 : 8;
		struct ledger_draft *items = realloc(drafts->items, capacity * sizeof(*items));
		if (!items)
			return NULL;
		drafts->items = items;
		drafts->capacity = capacity;
	}
	struct ledger_draft *draft = &drafts->items[drafts->count++];
	*draft = (struct ledger_draft){.entry = {.key = "",
						 .document = "",
						 .subject = "",
						 .holder = "",
						 .contract = "",
						 .action = "",
						 .by = "",
						 .reason = ""}};
	return draft;
}
