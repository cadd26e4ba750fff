/* What the ledger says of the time to come and of the whole: forecasts of a running month, and revenue. Pure; the same
 * numbers for page, API and shell. */
#pragma once

#include "base/buf.h"
#include "ledger/ledger_forecast.h"
#include "ledger/ledger_revenue.h"
#include "view/view_ledger.h"

/* Forecasts one after the other: begin, add for each, end; out may be drained in between. */
struct view_forecasts {
	enum view_ledger_form form;
	struct utc_s at; /* what is known up to then */
	int year, month;
	size_t count;
	bool simulated;
};
void view_forecasts_begin(struct view_forecasts *view, struct buf *out);
void view_forecasts_add(struct view_forecasts *view, struct buf *out,
			const struct ledger_forecast *forecast);
void view_forecasts_end(struct view_forecasts *view, struct buf *out);

/* `revenue` is sorted. */
void view_revenue(struct buf *out, enum view_ledger_form form, const struct hub *hub,
		  const struct ledger_revenue *revenue, struct utc_s now);
