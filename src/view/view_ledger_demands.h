/* Traffic between sites as the ledger has it: rows of a member, where its traffic enters and where it
 * leaves; and what its ports carry. The corridor reads the JSON again (corridor_measured.h). */
#pragma once

#include "base/buf.h"
#include "base/json.h"
#include "corridor/corridor_matrix.h"
#include "view/view_ledger.h"

struct view_ledger_demands {
	const struct hub *hub;
	struct utc_s from, to;
	uint32_t interval_s;
	struct corridor_matrix_sums sums;
};

/* mean_bps, p95_bps, peak_bps. */
void view_rates_json(struct json *j, const struct corridor_rates *rates);

void view_ledger_demands(struct buf *out, const struct view_ledger_demands *view,
			 enum view_ledger_form form);
