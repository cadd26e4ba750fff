/* The sums of one interval. */
#include "meter/bin.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

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
		[BIN_ELSEWHERE] = "sampled at an exporter that does not count the port",
		[BIN_EGRESS] = "sampled a second time on the way out",
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
	free(b->domains);
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
	b->domain_count = 0;
	tally_clear(&b->pairs);
	tally_clear(&b->networks);
	tally_clear(&b->countries);
	bin_networks_clear(&b->numbers);
	if (b->port_count)
		memset(b->ports, 0, b->port_count * sizeof(*b->ports));
	if (b->exporter_count)
		memset(b->exporters, 0, b->exporter_count * sizeof(*b->exporters));
	memset(b->unattributed, 0, sizeof(b->unattributed));
}

int
bin_add_domain(struct bin *b, struct bin_domain domain)
{
	if (b->domain_count == b->domain_capacity) {
		size_t capacity = b->domain_capacity ? b->domain_capacity * 2 : 16;
		struct bin_domain *grown = realloc(b->domains, capacity * sizeof(*grown));
		if (!grown)
			return -1;
		b->domains = grown;
		b->domain_capacity = capacity;
	}
	b->domains[b->domain_count++] = domain;
	return 0;
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
	       b->exporter_count * sizeof(*b->exporters) + b->domain_capacity * sizeof(*b->domains);
}
