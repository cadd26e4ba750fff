/* One exporter's state and sums. */
#include "meter/exporter.h"

#include <stdlib.h>
#include <string.h>

void
exporter_fini(struct exporter *e)
{
	sflow_track_free(e->sflow);
	netflow_state_free(e->netflow);
	exporter_mirror_fini(&e->mirror);
	*e = (struct exporter){0};
}

bool
exporter_sflow(const struct exporter *e, struct sflow_totals *out)
{
	*out = e->sflow ? sflow_track_totals(e->sflow) : e->mirror.sflow;
	return e->sflow || e->mirror.has_sflow;
}

bool
exporter_netflow(const struct exporter *e, struct netflow_totals *out)
{
	*out = e->netflow ? netflow_totals(e->netflow) : e->mirror.netflow;
	return e->netflow || e->mirror.has_netflow;
}

size_t
exporter_size(const struct exporter *e)
{
	return (e->sflow ? sflow_track_size(e->sflow) : 0) +
	       (e->netflow ? netflow_state_size(e->netflow) : 0) +
	       e->mirror.domain_count * sizeof(*e->mirror.domains) +
	       e->mirror.rate_count * sizeof(*e->mirror.rates);
}

size_t
exporter_bound(void)
{
	return sflow_track_bound() + netflow_state_bound();
}

uint64_t
exporter_dropped(const struct exporter *e)
{
	struct netflow_totals n;
	return exporter_netflow(e, &n) ? n.dropped_sets : 0;
}

uint64_t
exporter_restarts(const struct exporter *e)
{
	struct sflow_totals s;
	struct netflow_totals n;
	uint64_t restarts = exporter_sflow(e, &s) ? s.restarts : 0;
	return restarts + (exporter_netflow(e, &n) ? n.restarts : 0);
}

struct bin_exporter
exporter_totals(const struct exporter *e)
{
	struct bin_exporter t = {.datagrams = e->datagrams, .refused = e->refused_datagrams};
	struct sflow_totals s;
	struct netflow_totals n;
	if (exporter_sflow(e, &s)) {
		t.records += s.samples;
		t.lost_records += s.lost_samples;
	}
	if (exporter_netflow(e, &n)) {
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

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t
exporter_domains(const struct exporter *e, struct exporter_domain *out, size_t max)
{
	if (e->mirror.domain_count) {
		memcpy(out, e->mirror.domains, least(e->mirror.domain_count, max) * sizeof(*out));
		return e->mirror.domain_count;
	}
	size_t count = e->sflow ? sflow_track_domains(e->sflow, out, max) : 0;
	size_t taken = least(count, max);
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
	if (e->mirror.rate_count) {
		memcpy(out, e->mirror.rates, least(e->mirror.rate_count, max) * sizeof(*out));
		return e->mirror.rate_count;
	}
	size_t count = e->sflow ? sflow_track_rates(e->sflow, out, max) : 0;
	size_t taken = least(count, max);
	if (e->netflow)
		count += netflow_rates(e->netflow, out + taken, max - taken);
	return count;
}

/* The rows, with room for them; counts as they are, 0 where there is no memory. */
static int
copy_rows(struct exporter_mirror *to, const struct exporter *e)
{
	struct exporter_domain no_domain;
	struct exporter_rate no_rate;
	size_t domains = exporter_domains(e, &no_domain, 0), rates = exporter_rates(e, &no_rate, 0);
	to->domains = malloc((domains + 1) * sizeof(*to->domains));
	to->rates = malloc((rates + 1) * sizeof(*to->rates));
	if (!to->domains || !to->rates)
		return -1;
	to->domain_count = exporter_domains(e, to->domains, domains);
	to->rate_count = exporter_rates(e, to->rates, rates);
	/* What is new of them is in the worker's bins. */
	for (size_t i = 0; i < to->domain_count; i++)
		to->domains[i].since = (struct domain_sums){0};
	return 0;
}

int
exporter_copy(struct exporter *out, const struct exporter *e)
{
	struct exporter_mirror mirror = {0};
	mirror.has_sflow = exporter_sflow(e, &mirror.sflow);
	mirror.has_netflow = exporter_netflow(e, &mirror.netflow);
	if (copy_rows(&mirror, e) < 0) {
		exporter_mirror_fini(&mirror);
		return -1;
	}
	*out = *e;
	out->sflow = NULL;
	out->netflow = NULL;
	out->mirror = mirror;
	return 0;
}
