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

/* What each port came to, when they are added up after. */
static int
make_ports(struct ledger_invoice *invoice, struct arena *arena,
	   const struct ledger_invoice_source *source, const struct ledger_percentile *results)
{
	const struct ledger_usage *usage = &source->usage;
	invoice->ports = arena_take(arena, usage->port_count * sizeof(*invoice->ports));
	if (!invoice->ports)
		return -1;
	invoice->port_count = usage->port_count;
	for (size_t i = 0; i < usage->port_count; i++)
		invoice->ports[i] = (struct ledger_invoice_port){
			.port = &source->hub->ports[invoice->contract->ports[i]],
			.bins = ledger_series_counts(&usage->ports[i]),
			.p95 = results[i],
		};
	return 0;
}

static int
make(struct ledger_invoice *invoice, struct arena *arena,
     const struct ledger_invoice_source *source)
{
	const struct hub_contract *c = invoice->contract;
	const struct ledger_usage *usage = &source->usage;
	bool after = c->percentile.ports == HUB_PORTS_SUM_AFTER;
	struct ledger_percentile *results = NULL;
	assert(!after || usage->ports || !usage->port_count);
	errno = ENOMEM;
	if (after && !(results = arena_take(arena, usage->port_count * sizeof(*results))))
		return -1;
	if (ledger_percentile_of(&invoice->p95, results, &c->percentile, usage, &source->period,
				 c->zone) < 0) {
		if (errno == EOVERFLOW)
			invoice->charge.fault = "the rate does not fit";
		return -1;
	}
	errno = ENOMEM;
	if (after && make_ports(invoice, arena, source, results) < 0)
		return -1;
	if (ledger_rules_say(arena, c, source->lived, source->period.to, &invoice->rules,
			     &invoice->rule_count) < 0)
		return -1;
	struct ledger_basis basis = {source->hub,  c, &source->period, usage, &invoice->p95,
				     source->lived};
	return ledger_tariff_charge(&invoice->charge, arena, &basis);
}

char *
ledger_invoice_holder(char out[LEDGER_HOLDER], const struct ledger_invoice *invoice)
{
	if (invoice->party)
		(void)snprintf(out, LEDGER_HOLDER, "%s", invoice->party);
	else
		(void)snprintf(out, LEDGER_HOLDER, "%" PRIu32, invoice->member->asn.number);
	return out;
}

int
ledger_invoice_make(struct ledger_invoice *out, struct arena *arena,
		    const struct ledger_invoice_source *source)
{
	const struct hub *hub = source->hub;
	assert(source->contract < hub->contract_count);
	const struct hub_contract *c = &hub->contracts[source->contract];
	const struct ledger_period *period = &source->period;
	struct ledger_invoice invoice = {
		.hub = hub,
		.member = hub_contract_payer(hub, c),
		.party = c->member == HUB_NONE ? hub->parties[c->party].id : NULL,
		.contract = c,
		.series = source->usage.sum,
		.bin_s = source->usage.sum->length_s,
		.period = *period,
		.zone = zone_name(c->zone),
		.bins = ledger_series_counts(source->usage.sum),
		.final = source->now.s >= period->month_to.s + LEDGER_SETTLING_S,
	};
	/* Where nothing is counted nothing is missing. */
	if (!c->port_count)
		invoice.bins = (struct ledger_bin_counts){0};
	invoice.simulated = invoice.bins.simulated > 0;
	char holder[LEDGER_HOLDER];
	(void)ledger_rules_measure(invoice.measure, &c->percentile);
	(void)snprintf(invoice.number, sizeof(invoice.number), "%s-%04d%02d-%s-%s", hub_called(hub),
		       period->year, period->month, ledger_invoice_holder(holder, &invoice), c->id);
	if (make(&invoice, arena, source) < 0) {
		out->charge.fault = invoice.charge.fault;
		return -1;
	}
	if (source->lived) {
		struct ledger_lived *lived = arena_take(arena, sizeof(*lived));
		errno = ENOMEM;
		if (!lived)
			return -1;
		*lived = *source->lived;
		invoice.lived = lived;
	}
	*out = invoice;
	return 0;
}
