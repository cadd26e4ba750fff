/* Traffic of content networks as the ledger has it. The corridor reads the JSON again
 * (corridor_measured.h). */
#pragma once

#include "base/buf.h"
#include "corridor/corridor_content_rates.h"
#include "view/view_ledger.h"

struct view_ledger_content {
	const struct hub *hub;
	struct utc_s from, to;
	uint32_t interval_s;
	struct corridor_content_sums sums;
};

void view_ledger_content(struct buf *out, const struct view_ledger_content *view,
			 enum view_ledger_form form);
