/* A bin as the batch that is handed on: numbers become ids, what says nothing is left out, and the
 * order is always the same. */
#include <stdlib.h>
#include <string.h>

#include "meter/meter_state.h"

/* Where each port's number stands in the batch; HUB_NONE: left out. */
struct places {
	uint32_t *of;
	size_t count;
};

/* The key fields of tally entries, as packed by bin.h. */
static uint32_t
bits(uint64_t key, unsigned from, unsigned count)
{
	return (uint32_t)(key >> from & ((1ull << count) - 1));
}

static int
compare_keys(const void *a, const void *b)
{
	uint64_t x = ((const struct tally_entry *)a)->key, y = ((const struct tally_entry *)b)->key;
	return x < y ? -1 : x > y;
}

/* A sorted copy of a tally. NULL without memory. */
static struct tally_entry *
sorted(const struct tally *t, struct arena *arena)
{
	struct tally_entry *list = arena_take(arena, (t->count + 1) * sizeof(*list));
	size_t n = 0;
	for (const struct tally_entry *e = tally_first(t); list && e; e = tally_next(t, e))
		list[n++] = *e;
	if (list)
		qsort(list, n, sizeof(*list), compare_keys);
	return list;
}

/* Whether it sent anything that could be read: what is refused whole says nothing of any port. */
static bool
exporter_heard(const struct meter *m, const struct bin *bin, uint32_t exporter)
{
	for (uint32_t i = 0; i < bin->exporter_count && i < m->exporter_count; i++) {
		if (exporter != HUB_NONE && exporter != i)
			continue;
		/* The open bin's share is not taken over yet. */
		if (bin->exporters[i].records ||
		    (bin == &m->open && exporter_since(&m->exporters[i]).records))
			return true;
	}
	return false;
}

/* Readings that cover the whole bin: exact. Else samples say something, and
 * so does their absence where the exporter was heard. */
static enum traffic_state
state_of(const struct meter *m, const struct bin *bin, const struct traffic_port *p,
	 uint32_t exporter)
{
	if (p->counter_covered_s >= m->length_s)
		return TRAFFIC_COUNTER;
	if (p->counter_covered_s || p->counter_in || p->counter_out || p->samples_in ||
	    p->samples_out || exporter_heard(m, bin, exporter))
		return TRAFFIC_ESTIMATED;
	return TRAFFIC_MISSING;
}

static int
make_ports(struct traffic_batch *out, struct places *places, const struct meter *m,
	   const struct bin *bin, struct arena *arena)
{
	size_t count = m->roster.port_count;
	out->ports = arena_take(arena, (count + 1) * sizeof(*out->ports));
	places->of = arena_take(arena, (count + 1) * sizeof(*places->of));
	places->count = count;
	if (!out->ports || !places->of)
		return -1;
	for (uint32_t i = 0; i < count; i++) {
		const struct roster_port *port = &m->roster.ports[i];
		const struct bin_port none = {0};
		const struct bin_port *flows = i < bin->port_count ? &bin->ports[i] : &none;
		struct counter_sum sum = counters_of(m->counters, i, bin->start);
		struct traffic_port p = {
			.port = port->id,
			.counter_in = sum.in,
			.counter_out = sum.out,
			.counter_covered_s = sum.covered_s,
			.flow_in = flows->flow_in,
			.flow_out = flows->flow_out,
			.samples_in = flows->samples_in,
			.samples_out = flows->samples_out,
		};
		places->of[i] = HUB_NONE;
		if (port->hub_port == HUB_NONE && !p.samples_in && !p.samples_out &&
		    !p.counter_in && !p.counter_out)
			continue;
		p.port = arena_str(arena, port->id);
		if (!p.port)
			return -1;
		p.state = state_of(m, bin, &p, port->exporter);
		places->of[i] = (uint32_t)out->port_count;
		out->ports[out->port_count++] = p;
	}
	return 0;
}

static int
make_pairs(struct traffic_batch *out, const struct places *places, const struct bin *bin,
	   struct arena *arena)
{
	struct tally_entry *list = sorted(&bin->pairs, arena);
	out->pairs = arena_take(arena, (bin->pairs.count + 1) * sizeof(*out->pairs));
	if (!list || !out->pairs)
		return -1;
	for (size_t i = 0; i < bin->pairs.count; i++) {
		const struct tally_entry *e = &list[i];
		out->pairs[out->pair_count++] = (struct traffic_pair){
			.from = places->of[bits(e->key, 23, 20)],
			.to = places->of[bits(e->key, 3, 20)],
			.family = (uint8_t)bits(e->key, 0, 3),
			.octets = e->octets,
			.packets = e->packets,
			.samples = e->samples,
		};
	}
	return 0;
}

static int
make_networks(struct traffic_batch *out, const struct places *places, const struct bin *bin,
	      struct arena *arena)
{
	struct tally_entry *networks = sorted(&bin->networks, arena);
	struct tally_entry *countries = sorted(&bin->countries, arena);
	out->origins = arena_take(arena, (bin->networks.count + 1) * sizeof(*out->origins));
	out->countries = arena_take(arena, (bin->countries.count + 1) * sizeof(*out->countries));
	if (!networks || !countries || !out->origins || !out->countries)
		return -1;
	for (size_t i = 0; i < bin->networks.count; i++) {
		const struct tally_entry *e = &networks[i];
		struct traffic_origin *o = &out->origins[out->origin_count++];
		o->port = places->of[bits(e->key, 43, 20)];
		o->outgoing = bits(e->key, 42, 1);
		o->asn.number = bits(e->key, 0, 32);
		country_text(o->country, (uint16_t)bits(e->key, 32, 10));
		o->octets = e->octets;
	}
	for (size_t i = 0; i < bin->countries.count; i++) {
		struct traffic_country *c = &out->countries[out->country_count++];
		country_text(c->from, (uint16_t)bits(countries[i].key, 16, 16));
		country_text(c->to, (uint16_t)bits(countries[i].key, 0, 16));
		c->octets = countries[i].octets;
	}
	return 0;
}

static int
add_exporter(struct traffic_batch *out, struct arena *arena, const char *name,
	     struct bin_exporter sum)
{
	char *copy = arena_str(arena, name);
	if (!copy)
		return -1;
	out->exporters[out->exporter_count++] = (struct traffic_exporter){
		copy, sum.datagrams, sum.records, sum.lost_records, sum.refused};
	return 0;
}

/* Exporters of the picture even when silent: silence is what somebody wants to see. */
static int
make_exporters(struct traffic_batch *out, const struct meter *m, const struct bin *bin,
	       struct arena *arena)
{
	size_t count = m->exporter_count;
	out->exporters =
		arena_take(arena, (count + METER_STRANGERS_MAX + 1) * sizeof(*out->exporters));
	if (!out->exporters)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct bin_exporter sum = {0};
		if (i < bin->exporter_count)
			sum = bin->exporters[i];
		if (bin == &m->open)
			sum = exporter_since(&m->exporters[i]);
		if (m->roster.exporters[i].hub_exporter == HUB_NONE && !sum.datagrams)
			continue;
		if (add_exporter(out, arena, m->roster.exporters[i].id, sum) < 0)
			return -1;
	}
	for (size_t i = 0; i < m->stranger_count; i++) {
		const struct stranger *s = &m->strangers[i];
		uint64_t datagrams = bin == &m->open ? s->in_open : s->in_closing;
		struct bin_exporter sum = {.datagrams = datagrams, .refused = datagrams};
		char text[IP_TEXT];
		if (!datagrams)
			continue;
		if (add_exporter(out, arena, ip_format(text, s->address), sum) < 0)
			return -1;
	}
	return 0;
}

static int
make_unattributed(struct traffic_batch *out, const struct bin *bin, struct arena *arena)
{
	out->unattributed = arena_take(arena, BIN_CAUSES * sizeof(*out->unattributed));
	if (!out->unattributed)
		return -1;
	for (int i = 0; i < BIN_CAUSES; i++) {
		if (!bin->unattributed[i].samples)
			continue;
		out->unattributed[out->unattributed_count++] = (struct traffic_unattributed){
			bin_cause_text((enum bin_cause)i), bin->unattributed[i].octets,
			bin->unattributed[i].samples};
	}
	return 0;
}

int
meter_make_batch(struct traffic_batch *out, const struct meter *m, const struct bin *bin,
		 struct arena *arena)
{
	struct places places;
	*out = (struct traffic_batch){
		.start = bin->start,
		.length_s = m->length_s,
		.covered_s = bin->covered_s,
		.run = m->run,
		.simulated = m->simulated,
		.kernel_drops = bin->kernel_drops,
	};
	if (make_ports(out, &places, m, bin, arena) < 0 ||
	    make_pairs(out, &places, bin, arena) < 0 ||
	    make_networks(out, &places, bin, arena) < 0 || make_exporters(out, m, bin, arena) < 0 ||
	    make_unattributed(out, bin, arena) < 0)
		return -1;
	return 0;
}

int
meter_make_supplement(struct traffic_batch *out, const struct meter *m, struct utc_s start,
		      struct arena *arena)
{
	*out = (struct traffic_batch){
		.start = start,
		.length_s = m->length_s,
		.run = m->next_run,
		.simulated = m->simulated,
	};
	out->ports = arena_take(arena, (m->roster.port_count + 1) * sizeof(*out->ports));
	if (!out->ports)
		return -1;
	for (uint32_t i = 0; i < m->roster.port_count; i++) {
		struct counter_sum sum = counters_of(m->counters, i, start);
		if (!sum.covered_s && !sum.in && !sum.out)
			continue;
		char *id = arena_str(arena, m->roster.ports[i].id);
		if (!id)
			return -1;
		out->ports[out->port_count++] = (struct traffic_port){
			.port = id,
			.counter_in = sum.in,
			.counter_out = sum.out,
			.counter_covered_s = sum.covered_s,
			.state = TRAFFIC_ESTIMATED, /* with the first batch it may be whole */
		};
	}
	return 0;
}
