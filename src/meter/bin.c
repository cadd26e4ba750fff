/* The sums of one interval. */
#include "meter/bin.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "hub/traffic.h"

const char *
bin_cause_text(enum bin_cause cause)
{
	static const char *const text[BIN_CAUSES] = {
		[BIN_UNKNOWN_SOURCE] = "unknown source MAC",
		[BIN_UNKNOWN_DESTINATION] = "unknown destination MAC",
		[BIN_UNKNOWN_BOTH] = "unknown source and destination MAC",
		[BIN_UNKNOWN_INTERFACE] = "no MAC and unknown interface",
		[BIN_MULTICAST] = "broadcast or multicast",
		[BIN_AMBIGUOUS] = "MAC on several ports, VLAN not told",
		[BIN_ELSEWHERE] = TRAFFIC_SEEN_ELSEWHERE,
		[BIN_EGRESS] = TRAFFIC_SEEN_AGAIN,
		[BIN_DISCARDED] = "discarded by the switch",
		[BIN_NO_RATE] = "no sampling rate",
		[BIN_SENSELESS_RATE] = "senseless sampling rate",
		[BIN_IMPLAUSIBLE] = "more octets than the port can carry",
		[BIN_UNMEASURED] = "no octets told",
		[BIN_TABLE_FULL] = "too many pairs",
	};
	assert(cause < BIN_CAUSES);
	return text[cause];
}

void
bin_init(struct bin *b)
{
	*b = (struct bin){0};
	tally_init(&b->pairs, BIN_PAIRS_MAX);
	tally_init(&b->networks, BIN_NETWORKS_MAX);
	tally_init(&b->countries, BIN_NETWORKS_MAX);
}

void
bin_fini(struct bin *b)
{
	tally_fini(&b->pairs);
	tally_fini(&b->networks);
	tally_fini(&b->countries);
	bin_networks_fini(&b->numbers);
	free(b->ports);
	free(b->exporters);
	bin_domains_fini(&b->domains);
	*b = (struct bin){0};
}

int
bin_reserve(struct bin *b, size_t ports, size_t exporters)
{
	if (ports > b->port_count) {
		struct bin_port *grown = realloc(b->ports, ports * sizeof(*grown));
		if (!grown)
			return -1;
		memset(grown + b->port_count, 0, (ports - b->port_count) * sizeof(*grown));
		b->ports = grown;
		b->port_count = ports;
	}
	if (exporters > b->exporter_count) {
		struct bin_exporter *grown = realloc(b->exporters, exporters * sizeof(*grown));
		if (!grown)
			return -1;
		memset(grown + b->exporter_count, 0,
		       (exporters - b->exporter_count) * sizeof(*grown));
		b->exporters = grown;
		b->exporter_count = exporters;
	}
	return 0;
}

void
bin_restart(struct bin *b, struct utc_s start, struct utc_s now)
{
	b->start = start;
	b->listening_from_s = now.s;
	b->covered_s = 0;
	b->kernel_drops = 0;
	bin_domains_clear(&b->domains);
	tally_clear(&b->pairs);
	tally_clear(&b->networks);
	tally_clear(&b->countries);
	bin_networks_clear(&b->numbers);
	if (b->port_count)
		memset(b->ports, 0, b->port_count * sizeof(*b->ports));
	if (b->exporter_count)
		memset(b->exporters, 0, b->exporter_count * sizeof(*b->exporters));
	b->refused_networks = b->refused_countries = 0;
	memset(b->unattributed, 0, sizeof(b->unattributed));
}

void
bin_add_exporter(struct bin *b, uint32_t exporter, struct bin_exporter sums)
{
	struct bin_exporter *to = &b->exporters[exporter];
	to->datagrams += sums.datagrams;
	to->records += sums.records;
	to->lost_records += sums.lost_records;
	to->refused += sums.refused;
}

void
bin_add_unattributed(struct bin *b, enum bin_cause cause, uint64_t octets)
{
	b->unattributed[cause].octets += octets;
	b->unattributed[cause].samples++;
}

size_t
bin_size(const struct bin *b)
{
	return tally_size(&b->pairs) + tally_size(&b->networks) + tally_size(&b->countries) +
	       bin_networks_size(&b->numbers) + b->port_count * sizeof(*b->ports) +
	       b->exporter_count * sizeof(*b->exporters) + bin_domains_size(&b->domains);
}

/* --- joining --- */

static void
join_pairs(struct bin *to, const struct bin *from)
{
	for (const struct tally_entry *e = tally_first(&from->pairs); e;
	     e = tally_next(&from->pairs, e)) {
		if (tally_join(&to->pairs, e->key, e))
			continue;
		to->unattributed[BIN_TABLE_FULL].octets += e->octets;
		to->unattributed[BIN_TABLE_FULL].samples += e->samples;
	}
}

/* The same network has another number there. */
static void
join_networks(struct bin *to, const struct bin *from)
{
	for (const struct tally_entry *e = tally_first(&from->networks); e;
	     e = tally_next(&from->networks, e)) {
		uint32_t number = bin_networks_number(
			&to->numbers, bin_networks_at(&from->numbers, (uint32_t)e->key));
		uint64_t key = e->key >> 32 << 32 | number;
		if (tally_join(&to->networks, key, e))
			continue;
		to->refused_networks += e->samples;
		(void)tally_join(&to->networks, key & BIN_NETWORK_END, e);
	}
}

int
bin_join(struct bin *to, const struct bin *from)
{
	if (bin_reserve(to, from->port_count, from->exporter_count) < 0 ||
	    bin_domains_reserve(&to->domains, from->domains.count) < 0)
		return -1;
	to->kernel_drops += from->kernel_drops;
	for (size_t i = 0; i < from->port_count; i++) {
		const struct bin_port *p = &from->ports[i];
		struct bin_port *sum = &to->ports[i];
		sum->flow_in += p->flow_in;
		sum->flow_out += p->flow_out;
		sum->samples_in += p->samples_in;
		sum->samples_out += p->samples_out;
		sum->v6_in += p->v6_in;
		sum->v6_out += p->v6_out;
	}
	for (size_t i = 0; i < from->exporter_count; i++)
		bin_add_exporter(to, (uint32_t)i, from->exporters[i]);
	for (size_t i = 0; i < from->domains.count; i++)
		bin_domains_add(&to->domains, &from->domains.list[i]);
	for (int i = 0; i < BIN_CAUSES; i++) {
		to->unattributed[i].octets += from->unattributed[i].octets;
		to->unattributed[i].samples += from->unattributed[i].samples;
	}
	join_pairs(to, from);
	join_networks(to, from);
	for (const struct tally_entry *e = tally_first(&from->countries); e;
	     e = tally_next(&from->countries, e))
		if (!tally_join(&to->countries, e->key, e))
			to->refused_countries += e->samples;
	to->refused_networks += from->refused_networks;
	to->refused_countries += from->refused_countries;
	return 0;
}
