/* Traffic between sites as the ledger has it: rows of a member, where its traffic enters and where it
 * leaves; and what its ports carry. */
#pragma once

#include "base/buf.h"
#include "corridor/corridor_matrix.h"
#include "hub/hub.h"
#include "ledger/ledger_traffic.h"
#include "view/view_ledger.h"

struct view_ledger_demands {
	const struct hub *hub;
	const struct ledger_traffic_span *span; /* step_s: of an interval */
	struct corridor_matrix_sums sums;
};

void view_ledger_demands(struct buf *out, const struct view_ledger_demands *view,
			 enum view_ledger_form form);
