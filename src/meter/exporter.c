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
