/* A bin as the batch that is handed on: numbers become ids, what says nothing is left out, and the
 * order is always the same. */
#include <stdlib.h>
#include <string.h>

#include "meter/meter_state.h"

__extension__ typedef unsigned __int128 wide;

/* Records that came and that did not. */
struct heard {
	uint64_t received, lost;
};

/* What the tables of a batch refer to. */
struct places {
	uint32_t *of; /* where each port's number stands in the batch; HUB_NONE: left out */
	size_t count;
	struct heard *heard; /* of each exporter in this bin */
	struct heard heard_all;
	uint32_t *exporter_of; /* where each exporter's number stands; HUB_NONE: left out */
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

/* What an exporter has sent in the bin; of the open one, what is not taken over yet, too. */
static struct bin_exporter
exporter_in(const struct meter *m, const struct bin *bin, uint32_t exporter)
{
	struct bin_exporter sum = {0}, more = {0};
	if (exporter < bin->exporter_count)
		sum = bin->exporters[exporter];
	if (bin == &m->open)
		more = exporter_since(&m->exporters[exporter]);
	return (struct bin_exporter){sum.datagrams + more.datagrams, sum.records + more.records,
				     sum.lost_records + more.lost_records,
				     sum.refused + more.refused};
}

static struct heard
joined(struct heard a, struct heard b)
{
	return (struct heard){a.received + b.received, a.lost + b.lost};
}

static int
hear_exporters(struct places *places, const struct meter *m, const struct bin *bin,
	       struct arena *arena)
{
	places->heard = arena_take(arena, (m->exporter_count + 1) * sizeof(*places->heard));
	if (!places->heard)
		return -1;
	for (uint32_t i = 0; i < m->exporter_count; i++) {
		struct bin_exporter sum = exporter_in(m, bin, i);
		places->heard[i] = (struct heard){sum.records, sum.lost_records};
		places->heard_all = joined(places->heard_all, places->heard[i]);
	}
	return 0;
}

/* Of the exporters that count the port: each once, however many interfaces it has there. */
static struct heard
heard_of_port(const struct places *places, const struct roster *r, const struct roster_port *port)
{
	if (port->exporter == HUB_NONE)
		return places->heard_all;
	struct heard h = places->heard[port->exporter];
	for (uint32_t i = port->several ? port->slots : HUB_NONE; i != HUB_NONE;
	     i = r->slots[i].next) {
		uint32_t exporter = r->slots[i].current ? r->slots[i].exporter : HUB_NONE;
		bool again = exporter == HUB_NONE || exporter == port->exporter;
		for (uint32_t k = port->slots; k != i && !again; k = r->slots[k].next)
			again = r->slots[k].current && r->slots[k].exporter == exporter;
		if (!again)
			h = joined(h, places->heard[exporter]);
	}
	return h;
}

static uint32_t
per_million(struct heard h)
{
	uint64_t sent = h.received + h.lost;
	return h.lost ? (uint32_t)(((wide)h.lost * 1000000 + sent - 1) / sent) : 0;
}

/* The sum of the port's interfaces: those that it has now, and those that it had earlier in the bin. It
 * is covered as long as each of them is. */
static struct counter_sum
counters_of_port(const struct meter *m, uint32_t port, struct utc_s start)
{
	struct counter_sum all = {0};
	uint32_t now = UINT32_MAX, earlier = 0;
	for (uint32_t i = m->roster.ports[port].slots; i != HUB_NONE; i = m->roster.slots[i].next) {
		struct counter_sum sum = counters_of(m->counters, i, start);
		for (int v = 0; v < COUNTER_VALUES; v++)
			all.value[v] += sum.value[v];
		if (sum.source != TRAFFIC_BY_NONE)
			all.source = sum.source;
		if (!m->roster.slots[i].current)
			earlier = sum.covered_s > earlier ? sum.covered_s : earlier;
		else if (sum.covered_s < now)
			now = sum.covered_s;
	}
	all.covered_s = earlier + (now == UINT32_MAX ? 0 : now);
	if (all.covered_s > m->length_s)
		all.covered_s = m->length_s;
	return all;
}

static bool
counted_anything(const struct counter_sum *sum)
{
	uint64_t any = sum->covered_s;
	for (int v = 0; v < COUNTER_VALUES; v++)
		any |= sum->value[v];
	return any != 0;
}

static struct traffic_port
port_by_counters(const struct counter_sum *sum)
{
	return (struct traffic_port){
		.counter_in = sum->value[COUNTER_OCTETS_IN],
		.counter_out = sum->value[COUNTER_OCTETS_OUT],
		.counter_covered_s = sum->covered_s,
		.source = sum->source,
		.packets_in = sum->value[COUNTER_PACKETS_IN],
		.packets_out = sum->value[COUNTER_PACKETS_OUT],
		.errors_in = sum->value[COUNTER_ERRORS_IN],
		.errors_out = sum->value[COUNTER_ERRORS_OUT],
		.discards_in = sum->value[COUNTER_DISCARDS_IN],
		.discards_out = sum->value[COUNTER_DISCARDS_OUT],
	};
}

/* Readings that cover the whole bin: exact. Else samples say something, and so does their absence
 * where the exporter was heard: what is refused whole says nothing of any port. */
static enum traffic_state
state_of(const struct meter *m, const struct traffic_port *p, const struct counter_sum *sum,
	 struct heard heard)
{
	if (p->counter_covered_s >= m->length_s)
		return TRAFFIC_COUNTER;
	if (counted_anything(sum) || p->samples_in || p->samples_out || heard.received)
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
		struct counter_sum sum = counters_of_port(m, i, bin->start);
		struct heard heard = heard_of_port(places, &m->roster, port);
		struct traffic_port p = port_by_counters(&sum);
		p.flow_in = flows->flow_in;
		p.flow_out = flows->flow_out;
		p.samples_in = flows->samples_in;
		p.samples_out = flows->samples_out;
		p.flow_v6_in = flows->v6_in;
		p.flow_v6_out = flows->v6_out;
		p.lost_ppm = per_million(heard);
		places->of[i] = HUB_NONE;
		if (port->hub_port == HUB_NONE && !p.samples_in && !p.samples_out &&
		    !counted_anything(&sum))
			continue;
		p.port = arena_str(arena, port->id);
		if (!p.port)
			return -1;
		p.state = state_of(m, &p, &sum, heard);
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

/* By what they are, because the numbers of networks are given as they come. */
static int
compare_origins(const void *a, const void *b)
{
	const struct traffic_origin *x = a, *y = b;
	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	if (x->outgoing != y->outgoing)
		return x->outgoing ? 1 : -1;
	int order = memcmp(x->country, y->country, sizeof(x->country));
	if (order)
		return order;
	if (x->asn.number != y->asn.number)
		return x->asn.number < y->asn.number ? -1 : 1;
	return x->next.number < y->next.number ? -1 : x->next.number > y->next.number;
}

/* One network that is reached by several ways is one. */
static void
join_origins(struct traffic_batch *out)
{
	size_t used = 0;
	for (size_t i = 0; i < out->origin_count; i++) {
		struct traffic_origin *o = &out->origins[i];
		if (used && compare_origins(&out->origins[used - 1], o) == 0) {
			out->origins[used - 1].octets += o->octets;
			out->origins[used - 1].samples += o->samples;
		} else {
			out->origins[used++] = *o;
		}
	}
	out->origin_count = used;
}

static int
make_origins(struct traffic_batch *out, const struct places *places, const struct bin *bin,
	     struct arena *arena)
{
	const struct tally *t = &bin->networks;
	out->origins = arena_take(arena, (t->count + 1) * sizeof(*out->origins));
	if (!out->origins)
		return -1;
	for (const struct tally_entry *e = tally_first(t); e; e = tally_next(t, e)) {
		struct bin_network n = bin_networks_at(&bin->numbers, bits(e->key, 0, 32));
		struct traffic_origin *o = &out->origins[out->origin_count++];
		*o = (struct traffic_origin){
			.port = places->of[bits(e->key, 43, 20)],
			.outgoing = bits(e->key, 42, 1),
			.asn = {n.origin_as},
			.next = {n.next_as},
			.octets = e->octets,
			.samples = e->samples,
		};
		country_text(o->country, (uint16_t)bits(e->key, 32, 10));
	}
	qsort(out->origins, out->origin_count, sizeof(*out->origins), compare_origins);
	join_origins(out);
	return 0;
}

static int
make_countries(struct traffic_batch *out, const struct bin *bin, struct arena *arena)
{
	struct tally_entry *countries = sorted(&bin->countries, arena);
	out->countries = arena_take(arena, (bin->countries.count + 1) * sizeof(*out->countries));
	if (!countries || !out->countries)
		return -1;
	for (size_t i = 0; i < bin->countries.count; i++) {
		struct traffic_country *c = &out->countries[out->country_count++];
		country_text(c->from, (uint16_t)bits(countries[i].key, 16, 16));
		country_text(c->to, (uint16_t)bits(countries[i].key, 0, 16));
		c->octets = countries[i].octets;
		c->samples = countries[i].samples;
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

static int
compare_exporters(const void *a, const void *b)
{
	return strcmp(((const struct traffic_exporter *)a)->exporter,
		      ((const struct traffic_exporter *)b)->exporter);
}

/* Exporters of the picture even when silent: silence is what somebody wants to see. */
static int
make_exporters(struct traffic_batch *out, struct places *places, const struct meter *m,
	       const struct bin *bin, struct arena *arena)
{
	size_t count = m->exporter_count;
	out->exporters =
		arena_take(arena, (count + METER_STRANGERS_MAX + 1) * sizeof(*out->exporters));
	places->exporter_of = arena_take(arena, (count + 1) * sizeof(*places->exporter_of));
	if (!out->exporters || !places->exporter_of)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct bin_exporter sum = exporter_in(m, bin, (uint32_t)i);
		places->exporter_of[i] = HUB_NONE;
		if (m->roster.exporters[i].hub_exporter == HUB_NONE && !sum.datagrams)
			continue;
		places->exporter_of[i] = (uint32_t)out->exporter_count;
		if (add_exporter(out, arena, m->roster.exporters[i].id, sum) < 0)
			return -1;
	}
	size_t known = out->exporter_count;
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
	/* They are listed as they came. */
	qsort(out->exporters + known, out->exporter_count - known, sizeof(*out->exporters),
	      compare_exporters);
	return 0;
}

static struct traffic_domain
domain_row(uint32_t exporter, uint8_t protocol, uint64_t number, struct domain_sums sums)
{
	return (struct traffic_domain){
		.exporter = exporter,
		.protocol = protocol,
		.number = number,
		.received = sums.received,
		.lost = sums.lost,
		.lost_here = sums.lost_here < sums.lost ? sums.lost_here : sums.lost,
		.restarts = sums.restarts,
		.repeated = sums.repeated,
	};
}

static int
compare_domains(const void *a, const void *b)
{
	const struct traffic_domain *x = a, *y = b;
	if (x->exporter != y->exporter)
		return x->exporter < y->exporter ? -1 : 1;
	if (x->protocol != y->protocol)
		return x->protocol < y->protocol ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

/* Of the open bin: what each exporter has not reported yet. */
static int
add_open_domains(struct bin_domains *to, const struct meter *m, struct arena *arena)
{
	struct exporter_domain *all = arena_take(arena, METER_DOMAINS_MAX * sizeof(*all));
	if (!all)
		return -1;
	for (uint32_t i = 0; i < m->exporter_count; i++) {
		size_t count = exporter_domains(&m->exporters[i], all, METER_DOMAINS_MAX);
		if (count > METER_DOMAINS_MAX)
			count = METER_DOMAINS_MAX;
		if (bin_domains_reserve(to, count) < 0)
			return -1;
		for (size_t d = 0; d < count; d++)
			if (!domain_sums_none(all[d].since))
				bin_domains_add(to,
						&(struct bin_domain){i, all[d].protocol,
								     all[d].number, all[d].since});
	}
	return 0;
}

static int
put_domains(struct traffic_batch *out, const struct places *places, const struct bin_domains *from,
	    struct arena *arena)
{
	out->domains = arena_take(arena, (from->count + 1) * sizeof(*out->domains));
	if (!out->domains)
		return -1;
	for (size_t i = 0; i < from->count; i++) {
		const struct bin_domain *d = &from->list[i];
		uint32_t exporter = places->exporter_of[d->exporter];
		if (exporter != HUB_NONE)
			out->domains[out->domain_count++] =
				domain_row(exporter, d->protocol, d->number, d->sums);
	}
	qsort(out->domains, out->domain_count, sizeof(*out->domains), compare_domains);
	return 0;
}

static int
make_domains(struct traffic_batch *out, const struct places *places, const struct meter *m,
	     const struct bin *bin, struct arena *arena)
{
	if (bin != &m->open)
		return put_domains(out, places, &bin->domains, arena);
	struct bin_domains all = {0};
	int result = bin_domains_reserve(&all, bin->domains.count);
	for (size_t i = 0; result == 0 && i < bin->domains.count; i++)
		bin_domains_add(&all, &bin->domains.list[i]);
	if (result == 0)
		result = add_open_domains(&all, m, arena);
	if (result == 0)
		result = put_domains(out, places, &all, arena);
	bin_domains_fini(&all);
	return result;
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
	struct places places = {0};
	*out = (struct traffic_batch){
		.start = bin->start,
		.length_s = m->length_s,
		.covered_s = bin->covered_s,
		.run = m->run,
		.simulated = m->simulated,
		.kernel_drops = bin->kernel_drops,
	};
	if (hear_exporters(&places, m, bin, arena) < 0 ||
	    make_ports(out, &places, m, bin, arena) < 0 ||
	    make_pairs(out, &places, bin, arena) < 0 ||
	    make_origins(out, &places, bin, arena) < 0 || make_countries(out, bin, arena) < 0 ||
	    make_exporters(out, &places, m, bin, arena) < 0 ||
	    make_domains(out, &places, m, bin, arena) < 0 || make_unattributed(out, bin, arena) < 0)
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
		struct counter_sum sum = counters_of_port(m, i, start);
		if (!counted_anything(&sum))
			continue;
		struct traffic_port *p = &out->ports[out->port_count++];
		*p = port_by_counters(&sum);
		p->state = TRAFFIC_ESTIMATED; /* with the first batch it may be whole */
		p->port = arena_str(arena, m->roster.ports[i].id);
		if (!p->port)
			return -1;
	}
	return 0;
}
