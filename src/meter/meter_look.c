/* What can be seen of a meter while it works. */
#include <assert.h>
#include <string.h>

#include "meter/meter_state.h"

int
meter_now(const struct meter *m, struct utc_s now, struct arena *arena, struct traffic_batch *out)
{
	if (meter_make_batch(out, m, &m->open, arena) < 0)
		return -1;
	out->covered_s = meter_covered(m, &m->open, now);
	return 0;
}

int
meter_now_with_paths(const struct meter *m, struct utc_s now, struct arena *arena,
		     struct traffic_batch *out)
{
	return meter_now(m, now, arena, out) < 0 ? -1 : meter_make_paths(out, m, &m->open, arena);
}

const struct traffic_batch *
meter_last(const struct meter *m)
{
	return m->has_last ? &m->last : NULL;
}

const struct hub *
meter_hub(const struct meter *m)
{
	return m->hub;
}

bool
meter_simulated(const struct meter *m)
{
	return m->simulated;
}

/* Numbers of exporters of the picture stand first; those that left it are not shown. */
static size_t
present_exporters(const struct meter *m)
{
	size_t count = 0;
	for (size_t i = 0; i < m->roster.exporter_count; i++)
		count += m->roster.exporters[i].hub_exporter != HUB_NONE;
	return count;
}

size_t
meter_exporter_count(const struct meter *m)
{
	return present_exporters(m) + m->stranger_count;
}

static struct meter_exporter
stranger_report(const struct stranger *s)
{
	struct meter_exporter r = {
		.address = s->address,
		.protocols = s->protocols,
		.last_heard = s->last_heard,
		.datagrams = s->datagrams,
		.octets = s->octets,
		.refused_datagrams = s->datagrams,
	};
	r.refused[s->why] = s->datagrams;
	return r;
}

/* The number of one of the picture. */
static size_t
number_of(const struct meter *m, size_t index)
{
	size_t at = 0;
	for (size_t left = index; m->roster.exporters[at].hub_exporter == HUB_NONE || left; at++)
		left -= m->roster.exporters[at].hub_exporter != HUB_NONE;
	return at;
}

size_t
meter_exporter_domains(const struct meter *m, size_t index, struct exporter_domain *out, size_t max)
{
	if (index >= present_exporters(m))
		return 0;
	return exporter_domains(&m->exporters[number_of(m, index)], out, max);
}

size_t
meter_exporter_rates(const struct meter *m, size_t index, struct exporter_rate *out, size_t max)
{
	if (index >= present_exporters(m))
		return 0;
	return exporter_rates(&m->exporters[number_of(m, index)], out, max);
}

const uint64_t *
meter_exporter_discards(const struct meter *m, size_t index)
{
	if (index >= present_exporters(m))
		return NULL;
	return m->exporters[number_of(m, index)].discards;
}

const struct sflow_seen_list *
meter_exporter_seen(const struct meter *m, size_t index)
{
	return index < present_exporters(m) ? &m->exporters[number_of(m, index)].seen : NULL;
}

const struct sflow_processor *
meter_exporter_processor(const struct meter *m, size_t index)
{
	if (index >= present_exporters(m))
		return NULL;
	const struct exporter *e = &m->exporters[number_of(m, index)];
	return e->has_processor ? &e->processor : NULL;
}

struct meter_exporter
meter_exporter(const struct meter *m, size_t index)
{
	size_t present = present_exporters(m);
	assert(index < present + m->stranger_count);
	if (index >= present)
		return stranger_report(&m->strangers[index - present]);
	size_t at = number_of(m, index);
	const struct roster_exporter *known = &m->roster.exporters[at];
	const struct exporter *e = &m->exporters[at];
	struct bin_exporter totals = exporter_totals(e);
	struct meter_exporter r = {
		.id = known->id,
		.address = known->address,
		.protocols = e->protocols,
		.last_heard = e->last_heard,
		.datagrams = e->datagrams,
		.octets = e->octets,
		.samples = e->samples,
		.records = totals.records,
		.lost_records = totals.lost_records,
		.refused_datagrams = e->refused_datagrams,
		.sampling_override = known->sampling_override,
	};
	memcpy(r.refused, e->refused, sizeof(r.refused));
	memcpy(r.counters, e->counters, sizeof(r.counters));
	struct sflow_totals s;
	struct netflow_totals n;
	if (exporter_sflow(e, &s)) {
		r.lost_datagrams += s.lost_datagrams;
		r.restarts += s.restarts;
		r.repeated += s.repeated;
		r.skipped = s.skipped;
	}
	if (exporter_netflow(e, &n)) {
		r.lost_datagrams += n.lost_datagrams;
		r.restarts += n.restarts;
		r.repeated += n.repeated;
		r.dropped_sets = n.dropped_sets;
		r.templates = n.templates;
		r.domains = n.domains;
		r.held_sets = n.held_sets;
	}
	return r;
}

size_t
meter_unknown_macs(const struct meter *m, struct meter_unknown_mac *out, size_t max)
{
	enum { LISTED = 256 };
	struct attribution_stranger list[LISTED];
	int64_t since = m->now.s - METER_UNKNOWN_MACS_S;
	size_t count =
		attribution_strangers_list(&m->unknown, since, list, max < LISTED ? max : LISTED);
	for (size_t i = 0; i < count; i++)
		out[i] = (struct meter_unknown_mac){
			.mac = list[i].mac,
			.exporter = m->roster.exporters[list[i].exporter].id,
			.vlan = list[i].vlan,
			.if_index = list[i].if_index,
			.octets_sent = list[i].octets_sent,
			.samples_sent = list[i].samples_sent,
			.octets_received = list[i].octets_received,
			.samples_received = list[i].samples_received,
			.first_seen = {list[i].first_s},
			.last_seen = {list[i].last_s},
		};
	return count;
}

struct meter_totals
meter_totals(const struct meter *m)
{
	struct meter_totals t = m->totals;
	t.memory = bin_size(&m->open) + bin_size(&m->closing);
	t.counter_memory = counters_size(m->counters);
	t.attribution_memory = attribution_size(m->attribution);
	if (m->route_numbers)
		t.attribution_memory += rib_snapshot_origins(m->routes) * sizeof(*m->route_numbers);
	t.route_ranges = m->routes ? rib_snapshot_ranges(m->routes) : 0;
	return t;
}
