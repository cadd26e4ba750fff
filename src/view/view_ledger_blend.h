/* What the ledger shows of blends of upstreams: for the hub itself. */
#pragma once

#include <stddef.h>

#include "ledger/ledger_blend.h"
#include "view/view_ledger.h"

void view_ledger_blends(struct buf *out, enum view_ledger_form form, int year, int month,
			const struct ledger_blend *blends, size_t count);
