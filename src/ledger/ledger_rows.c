/* Growing rows. */
#include "ledger/ledger_rows.h"

#include <string.h>

enum { FIRST = 16 };

void *
ledger_rows_next(struct ledger_rows *rows)
{
	if (rows->count == rows->capacity) {
		size_t capacity = rows->capacity ? rows->capacity * 2 : FIRST;
		char *items = arena_take(rows->arena, capacity * rows->size);
		if (!items)
			return NULL;
		if (rows->count)
			memcpy(items, rows->items, rows->count * rows->size);
		rows->items = items;
		rows->capacity = capacity;
	}
	return rows->items + rows->count++ * rows->size;
}
