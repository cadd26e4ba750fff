/* The sums of one interval. The open bin is added to with every sample; a closed one is written out
 * as a batch and cleared for reuse. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "meter/bin_domains.h"
#include "meter/bin_networks.h"
#include "meter/tally.h"

/* Why octets are not between two ports. */
enum bin_cause {
	BIN_UNKNOWN_SOURCE,
	BIN_UNKNOWN_DESTINATION,
	BIN_UNKNOWN_BOTH,
	BIN_UNKNOWN_INTERFACE,
	BIN_MULTICAST,
	BIN_AMBIGUOUS,
	BIN_ELSEWHERE,
	BIN_EGRESS,
	BIN_DISCARDED,
	BIN_NO_RATE,
	BIN_SENSELESS_RATE,
	BIN_IMPLAUSIBLE,
	BIN_UNMEASURED,
	BIN_TABLE_FULL,
	BIN_CAUSES, /* how many there are */
};

/* In words: "unknown source MAC". Static text. */
const char *bin_cause_text(enum bin_cause cause);

/* How many keys a bin keeps at most; what is beyond is still counted by port. 32 octets each. */
enum {
	BIN_PAIRS_MAX = 1 << 22,
	BIN_NETWORKS_MAX = 1 << 20,
};

struct bin_port {
	uint64_t flow_in, flow_out, samples_in, samples_out;
	uint64_t v6_in, v6_out; /* the part of flow_in and flow_out that is IPv6 */
};

struct bin_exporter {
	uint64_t datagrams, records, lost_records, refused;
};

struct bin {
	struct utc_s start;
	int64_t listening_from_s; /* when this bin began to be listened to */
	uint32_t covered_s;       /* set when it is closed */
	uint64_t kernel_drops;
	struct tally pairs;     /* bin_pair_key */
	struct tally networks;  /* bin_network_key */
	struct tally countries; /* bin_country_key */
	struct bin_networks numbers;
	struct bin_port *ports; /* by number */
	size_t port_count;
	struct bin_exporter *exporters; /* by number; added when it is closed, or joined */
	size_t exporter_count;
	struct bin_domains domains;
	uint64_t refused_networks,
		refused_countries; /* samples that were too many for the tables */
	struct {
		uint64_t octets, samples;
	} unattributed[BIN_CAUSES];
};

/* A key is never 0. Ports have 20 bits, countries 10, networks are those of `numbers`. */
static inline uint64_t
bin_pair_key(uint32_t from, uint32_t to, uint8_t family)
{
	return 1ull << 63 | (uint64_t)from << 23 | (uint64_t)to << 3 | (family & 7);
}

static inline uint64_t
bin_network_key(uint32_t port, bool outgoing, uint32_t network, uint16_t country)
{
	return 1ull << 63 | (uint64_t)port << 43 | (uint64_t)outgoing << 42 |
	       (uint64_t)country << 32 | network;
}

/* Of such a key the bits that say port and direction: the network that is not known. */
static const uint64_t BIN_NETWORK_END = ~((1ull << 42) - 1);

static inline uint64_t
bin_country_key(uint16_t from, uint16_t to)
{
	return 1ull << 63 | (uint64_t)from << 16 | to;
}

/* A zeroed bin with limits. */
void bin_init(struct bin *b);
void bin_fini(struct bin *b);
/* Room for so many ports and exporters, keeping what is there. 0 or -1. */
int bin_reserve(struct bin *b, size_t ports, size_t exporters);
/* Empties it for the interval from `start`, listened to from `now` on. */
void bin_restart(struct bin *b, struct utc_s start, struct utc_s now);
/* There must be room for it. */
void bin_add_exporter(struct bin *b, uint32_t exporter, struct bin_exporter sums);
void bin_add_unattributed(struct bin *b, enum bin_cause cause, uint64_t octets);
/* Adds all that `from` has counted. 0, or -1 without memory: then nothing was added. */
int bin_join(struct bin *to, const struct bin *from);
/* Octets of memory held. */
size_t bin_size(const struct bin *b);
