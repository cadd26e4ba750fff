/* What every decoder makes of a sample or a flow record: one flow, not yet scaled. Plain value. And
 * the names of everything that can be wrong with a datagram. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/cursor.h"
#include "base/ip.h"

struct template;

/* One frame in population/size was looked at. population 0: the exporter did not say. */
struct sampling {
	uint32_t population, size;
};

/* Where the frame went, as far as the exporter tells (sFlow version 5, section 5.3 "interface"). */
enum flow_output {
	FLOW_TO_ONE,     /* interface `output`; 0 when not told */
	FLOW_TO_NONE,    /* discarded */
	FLOW_TO_SEVERAL, /* flooded or multicast */
	FLOW_TO_ITSELF,  /* ends in the switch (0x3FFFFFFF) */
};

/* IP headers one in the other that are told apart: the outermost ones, and the innermost. */
enum { FLOW_LAYERS = 4 };

struct flow {
	uint64_t octets, packets; /* as sampled; sFlow: of the frame on the wire, one packet */
	struct sampling sampling;
	uint32_t input, output;             /* interface index at the exporter, 0: not told */
	uint32_t source_as, destination_as; /* as the exporter says; 0: not told */
	uint32_t previous_as, next_as;      /* beside it on the way; likewise */
	uint16_t vlan;                      /* outer tag on the way in, 0: none or not told */
	uint16_t vlan_out;                  /* on the way out, where that is told apart; else 0 */
	uint8_t family;                     /* enum ip_family of what the frame carries */
	uint8_t to;                         /* enum flow_output */
	bool has_macs;                      /* both addresses below are known */
	bool measured;                      /* there is a count of octets */
	bool egress;                        /* seen on the way out of the exporter */
	struct mac source_mac, destination_mac;
	struct ip source, destination; /* IP_NONE when not told */
	struct cursor frame; /* the sampled octets from the Ethernet header on; in the datagram */
	/* Likewise from the outermost IP header on; where in them each header begins, and which of them
	 * family and addresses are of. */
	struct cursor packet;
	uint16_t layer_at[FLOW_LAYERS];
	uint8_t layers, layer; /* layers 0: no IP header was sampled */
	/* The record of NetFlow and IPFIX, while its octets are there, where it says more of the transport;
	 * and whether the flow is its way back. */
	const struct template *shape;
	const uint8_t *record;
	bool reverse;
	/* As a record says; 0: not told. Of a sampled header, and of a record that has a shape, they are
	 * read only for those who want a copy of the sample (watch_intake.c). */
	uint8_t protocol, tos, tcp_flags;
	uint16_t source_port, destination_port; /* ICMP: 0; type * 256 + code, as NetFlow has it */
};

enum { FLOW_ICMP = 1, FLOW_ICMP6 = 58 }; /* protocols */

/* Sets an address from octets in network order: 4 for IP_V4, 16 for IP_V6. On the hot path, so it
 * writes nothing twice. */
static inline void
flow_set_ip(struct ip *out, enum ip_family family, const uint8_t *octets)
{
	out->family = (uint8_t)family;
	memset(out->octets, 0, sizeof(out->octets));
	memcpy(out->octets, octets, family == IP_V4 ? 4 : 16);
}

/* Why a datagram, or a part of it, was not used. Each is counted by exporter. */
enum flow_refusal {
	FLOW_ACCEPTED,
	FLOW_UNKNOWN_EXPORTER,
	FLOW_OTHER_AGENT,
	FLOW_TOO_SHORT,
	FLOW_UNKNOWN_VERSION,
	FLOW_ADDRESS_TYPE,
	FLOW_LENGTHS,
	FLOW_BAD_SAMPLE,
	FLOW_BAD_TEMPLATE,
	FLOW_TEMPLATE_LIMIT,
	FLOW_DOMAIN_LIMIT,
	FLOW_RESERVED_SET,
	FLOW_NO_TEMPLATE,
	FLOW_BAD_RECORD,
	FLOW_BAD_SAMPLING,
	FLOW_REPEATED,
	FLOW_TOTALS,
	FLOW_REFUSALS, /* how many there are */
};

/* In words, for people: "unknown exporter". Static text. */
const char *flow_refusal_text(enum flow_refusal refusal);
