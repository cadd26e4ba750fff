/* Adding up. */
#include "meter/meter_memory.h"

#include <assert.h>

#include "meter/meter_state.h"

const char *
meter_part_text(enum meter_part part)
{
	static const char *const text[METER_PARTS] = {
		[METER_PAIRS] = "pairs",          [METER_NETWORKS] = "networks",
		[METER_COUNTRIES] = "countries",  [METER_PORTS] = "ports and exporters",
		[METER_COUNTERS] = "counters",    [METER_PLACES] = "MACs and interfaces",
		[METER_UNKNOWN] = "unknown MACs", [METER_DECODERS] = "templates and numbers",
		[METER_READINGS] = "readings",    [METER_WATCH] = "watch",
		[METER_BATCHES] = "closed bins",  [METER_INBOXES] = "inboxes",
	};
	assert(part < METER_PARTS);
	return text[part];
}

static void
add(struct meter_memory *part, size_t octets, size_t bound)
{
	part->octets += octets;
	part->bound += bound;
}

void
meter_memory_add_bin(struct meter_memory out[METER_PARTS], const struct bin *b)
{
	add(&out[METER_PAIRS], tally_size(&b->pairs), tally_bound(&b->pairs));
	add(&out[METER_NETWORKS], tally_size(&b->networks) + bin_networks_size(&b->numbers),
	    tally_bound(&b->networks) + BIN_NETWORKS_BOUND);
	add(&out[METER_COUNTRIES], tally_size(&b->countries), tally_bound(&b->countries));
	add(&out[METER_PORTS],
	    b->port_count * sizeof(*b->ports) + b->exporter_count * sizeof(*b->exporters) +
		    bin_domains_size(&b->domains),
	    0);
}

static void
add_decoders(struct meter_memory *part, const struct meter *m)
{
	for (size_t i = 0; i < m->exporter_count; i++) {
		const struct exporter *e = &m->exporters[i];
		add(part, exporter_size(e), 0);
		if (!m->worker)
			part->refused += e->refused[FLOW_TEMPLATE_LIMIT] +
					 e->refused[FLOW_DOMAIN_LIMIT] + exporter_dropped(e);
	}
	part->bound += m->exporter_count * exporter_bound();
}

/* What bins refused is told by the meter that all of them are joined into. */
static void
add_refused(struct meter_memory out[METER_PARTS], const struct meter *m)
{
	out[METER_PAIRS].refused += m->totals.unattributed[BIN_TABLE_FULL];
	out[METER_NETWORKS].refused +=
		m->totals.refused_networks + m->open.refused_networks + m->closing.refused_networks;
	out[METER_COUNTRIES].refused += m->totals.refused_countries + m->open.refused_countries +
					m->closing.refused_countries;
	out[METER_UNKNOWN].refused += m->unknown.forgotten;
	out[METER_READINGS].refused += m->totals.readings_lost;
	out[METER_WATCH].refused +=
		m->intake.addresses.replaced + m->intake.networks.replaced + m->intake.copies_lost;
	if (m->watch)
		out[METER_WATCH].refused +=
			watch_state(m->watch).replaced + watch_alarms_of(m->watch)->unlisted;
}

static size_t
size_of(const struct arena *a)
{
	return a ? arena_size(a) : 0;
}

void
meter_memory(const struct meter *m, struct meter_memory out[METER_PARTS])
{
	size_t unknown = ATTRIBUTION_UNKNOWN_MAX * sizeof(*m->unknown.list);
	size_t places = attribution_size(m->attribution);
	size_t watch = m->watch ? watch_state(m->watch).memory : 0;
	if (m->route_numbers)
		places += rib_snapshot_origins(m->routes) * sizeof(*m->route_numbers);
	meter_memory_add_bin(out, &m->open);
	meter_memory_add_bin(out, &m->closing);
	add(&out[METER_COUNTERS], counters_size(m->counters), 0);
	add(&out[METER_PLACES], places, 0);
	add(&out[METER_UNKNOWN], m->unknown.list ? unknown : 0, unknown);
	add_decoders(&out[METER_DECODERS], m);
	add(&out[METER_READINGS], m->reading_capacity * sizeof(*m->readings),
	    m->worker ? METER_READINGS_MAX * sizeof(*m->readings) : 0);
	add(&out[METER_WATCH], watch + watch_intake_size(&m->intake),
	    watch + watch_intake_bound(&m->intake));
	add(&out[METER_BATCHES],
	    size_of(m->out_arena) + size_of(m->last_arena) + size_of(m->resumed_arena), 0);
	if (!m->worker)
		add_refused(out, m);
}
