/* Traffic of content networks as the ledger has it: of each content network of the hub file, and of their networks. */
#pragma once

#include "base/buf.h"
#include "corridor/corridor_content_rates.h"
#include "hub/hub.h"
#include "ledger/ledger_traffic.h"
#include "view/view_ledger.h"

struct view_ledger_content {
	const struct hub *hub;
	const struct ledger_traffic_span *span; /* step_s: of an interval */
	struct corridor_content_sums sums;
};

void view_ledger_content(struct buf *out, const struct view_ledger_content *view,
			 enum view_ledger_form form);
