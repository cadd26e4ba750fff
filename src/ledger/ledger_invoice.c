/* An invoice. */
#include "ledger/ledger_invoice.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

enum { ARRIVAL_S = 90 };

struct utc_s
ledger_invoice_due(const struct ledger_period *period, uint32_t length_s, struct utc_s now,
		   struct utc_s newest_end)
{
	assert(length_s > 0);
	int64_t known = now.s - ARRIVAL_S;
	if (newest_end.s > known && newest_end.s <= now.s)
		known = newest_end.s;
	if (known >= period->to.s)
		return period->to;
	if (known <= period->from.s)
		return period->from;
	return (struct utc_s){known / length_s * length_s};
}

int
ledger_invoice_make(struct ledger_invoice *out, const struct hub *hub, uint32_t contract,
		    const struct ledger_period *period, const struct ledger_series *series,
		    struct utc_s now)
{
	assert(contract < hub->contract_count);
	const struct hub_contract *c = &hub->contracts[contract];
	struct ledger_invoice invoice = {
		.hub = hub,
		.member = &hub->members[c->member],
		.contract = c,
		.series = series,
		.period = *period,
		.bins = ledger_series_counts(series),
		.final = now.s >= period->month_to.s + LEDGER_SETTLING_S,
	};
	invoice.simulated = invoice.bins.simulated > 0;
	(void)snprintf(invoice.number, sizeof(invoice.number), "%s-%04d%02d-%" PRIu32 "-%s",
		       hub->short_name ? hub->short_name : hub->name, period->year, period->month,
		       invoice.member->asn.number, c->id);
	if (ledger_percentile_of(&invoice.p95, series) < 0)
		return -1;
	if (ledger_tariff_charge(&invoice.charge, c, period, invoice.p95.larger_bps) < 0) {
		errno = EOVERFLOW;
		return -1;
	}
	*out = invoice;
	return 0;
}
