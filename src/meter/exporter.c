/* One exporter's state and sums. */
#include "meter/exporter.h"

void
exporter_fini(struct exporter *e)
{
	sflow_track_free(e->sflow);
	netflow_state_free(e->netflow);
	*e = (struct exporter){0};
}

struct bin_exporter
exporter_totals(const struct exporter *e)
{
	struct bin_exporter t = {.datagrams = e->datagrams, .refused = e->refused_datagrams};
	if (e->sflow) {
		struct sflow_totals s = sflow_track_totals(e->sflow);
		t.records += s.samples;
		t.lost_records += s.lost_samples;
	}
	if (e->netflow) {
		struct netflow_totals n = netflow_totals(e->netflow);
		t.records += n.records;
		t.lost_records += n.lost_records;
	}
	return t;
}

static uint64_t
grown(uint64_t now, uint64_t before)
{
	return now > before ? now - before : 0; /* loss is taken back when the lost comes late */
}

struct bin_exporter
exporter_since(const struct exporter *e)
{
	struct bin_exporter now = exporter_totals(e);
	return (struct bin_exporter){
		.datagrams = grown(now.datagrams, e->reported.datagrams),
		.records = grown(now.records, e->reported.records),
		.lost_records = grown(now.lost_records, e->reported.lost_records),
		.refused = grown(now.refused, e->reported.refused),
	};
}

size_t
exporter_domains(const struct exporter *e, struct exporter_domain *out, size_t max)
{
	size_t count = e->sflow ? sflow_track_domains(e->sflow, out, max) : 0;
	size_t taken = count < max ? count : max;
	if (e->netflow)
		count += netflow_domains(e->netflow, out + taken, max - taken);
	return count;
}

void
exporter_domains_taken(struct exporter *e)
{
	if (e->sflow)
		sflow_track_domains_taken(e->sflow);
	if (e->netflow)
		netflow_domains_taken(e->netflow);
}

size_t
exporter_rates(const struct exporter *e, struct exporter_rate *out, size_t max)
{
	size_t count = e->sflow ? sflow_track_rates(e->sflow, out, max) : 0;
	size_t taken = count < max ? count : max;
	if (e->netflow)
		count += netflow_rates(e->netflow, out + taken, max - taken);
	return count;
}
