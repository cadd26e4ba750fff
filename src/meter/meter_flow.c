/* One flow: scaled, given its ports and its networks, and added up. The hot path of the meter: two
 * look-ups of MACs, two of routes, two of countries, four sums. */
#include <assert.h>

#include "meter/meter_state.h"

__extension__ typedef unsigned __int128 wide;

enum {
	/* One in so many is rarer than anybody samples; what is beyond is a broken field. */
	RATE_MAX = 1 << 24,
	/* A flow record may sum up a long time, but not more than the line carries in an hour. */
	LONGEST_FLOW_S = 3600,
};
/* Where the speed of no port is known. */
static const uint64_t fastest_line_bps = 1600000000000;

/* Where a flow came in and went out; HUB_NONE where that is not known. */
struct ends {
	uint32_t from, to;
};

/* --- scaling --- */

static uint64_t
scale(uint64_t count, struct sampling s)
{
	wide product = (wide)count * s.population;
	return (uint64_t)(s.size == 1 ? product : (product + s.size / 2) / s.size);
}

/* What a flow counts, scaled to all that it stands for. */
struct amount {
	uint64_t octets, packets;
};

/* BIN_CAUSES, or the cause why the octets cannot be scaled to the truth. */
static enum bin_cause
scaled(struct amount *out, const struct meter *m, uint32_t exporter, const struct flow *flow)
{
	struct sampling s = flow->sampling;
	uint32_t override = m->roster.exporters[exporter].sampling_override;
	if (override)
		s = (struct sampling){override, 1};
	uint64_t line = m->roster.fastest_bps ? m->roster.fastest_bps : fastest_line_bps;
	wide most = (wide)line / 8 * LONGEST_FLOW_S;
	/* Not believed whatever its rate is. */
	if (flow->octets > most || flow->packets > flow->octets)
		return BIN_IMPLAUSIBLE;
	if (!s.population || !s.size)
		return BIN_NO_RATE;
	if (s.population / s.size > RATE_MAX)
		return BIN_SENSELESS_RATE;
	if ((wide)flow->octets * s.population / s.size > most)
		return BIN_IMPLAUSIBLE;
	out->octets = scale(flow->octets, s);
	out->packets = scale(flow->packets, s);
	return BIN_CAUSES;
}

/* --- where it went --- */

static bool
is_group(struct mac mac)
{
	return mac.octets[0] & 1;
}

/* By MACs. Returns the cause when an end is missing; both may be given all the same. */
static enum bin_cause
ends_by_mac(struct ends *out, const struct meter *m, uint32_t exporter, const struct flow *flow)
{
	enum attribution_miss from_miss, to_miss = ATTRIBUTION_UNKNOWN;
	uint16_t vlan_out = flow->vlan_out ? flow->vlan_out : flow->vlan;
	bool group = is_group(flow->destination_mac);
	out->from = attribution_by_mac(m->attribution, flow->source_mac, flow->vlan, exporter,
				       &from_miss);
	out->to = group ? HUB_NONE
			: attribution_by_mac(m->attribution, flow->destination_mac, vlan_out,
					     HUB_NONE, &to_miss);
	if (from_miss == ATTRIBUTION_ELSEWHERE) {
		out->to = HUB_NONE; /* it is counted where it came in */
		return BIN_ELSEWHERE;
	}
	if (from_miss == ATTRIBUTION_AMBIGUOUS || to_miss == ATTRIBUTION_AMBIGUOUS)
		return BIN_AMBIGUOUS;
	if (from_miss != ATTRIBUTION_FOUND)
		return !group && to_miss != ATTRIBUTION_FOUND ? BIN_UNKNOWN_BOTH
							      : BIN_UNKNOWN_SOURCE;
	if (group)
		return BIN_MULTICAST;
	return to_miss == ATTRIBUTION_FOUND ? BIN_CAUSES : BIN_UNKNOWN_DESTINATION;
}

static enum bin_cause
ends_by_interface(struct ends *out, const struct meter *m, uint32_t exporter,
		  const struct flow *flow)
{
	out->from = attribution_by_interface(m->attribution, exporter, flow->input);
	out->to = attribution_by_interface(m->attribution, exporter, flow->output);
	return out->from == HUB_NONE || out->to == HUB_NONE ? BIN_UNKNOWN_INTERFACE : BIN_CAUSES;
}

static enum bin_cause
find_ends(struct ends *out, const struct meter *m, uint32_t exporter, const struct flow *flow)
{
	enum bin_cause cause = flow->has_macs ? ends_by_mac(out, m, exporter, flow)
					      : ends_by_interface(out, m, exporter, flow);
	if (flow->to == FLOW_TO_NONE && cause != BIN_ELSEWHERE) {
		out->to = HUB_NONE;
		cause = BIN_DISCARDED;
	}
	return cause;
}

static void
note_unknown_mac(struct bin *b, uint32_t exporter, struct mac mac, uint64_t octets)
{
	(void)tally_add(&b->unknown, bin_mac_key(exporter, mac_number(mac)), octets, 0);
}

static void
note_unknown(struct bin *b, uint32_t exporter, const struct flow *flow, enum bin_cause cause,
	     uint64_t octets)
{
	if (cause == BIN_UNKNOWN_SOURCE || cause == BIN_UNKNOWN_BOTH)
		note_unknown_mac(b, exporter, flow->source_mac, octets);
	if (cause == BIN_UNKNOWN_DESTINATION || cause == BIN_UNKNOWN_BOTH)
		note_unknown_mac(b, exporter, flow->destination_mac, octets);
}

/* More than the ports at its ends can carry in an hour. */
static bool
exceeds_ports(const struct meter *m, struct ends ends, uint64_t octets)
{
	uint32_t port[2] = {ends.from, ends.to};
	for (int i = 0; i < 2; i++) {
		uint64_t speed = port[i] == HUB_NONE ? 0 : m->roster.ports[port[i]].speed_bps;
		if (speed && octets > speed / 8 * LONGEST_FLOW_S)
			return true;
	}
	return false;
}

/* --- adding up --- */

/* The network of an address: by the exchange's routes; its country by address, else by the AS. */
struct network {
	uint32_t asn;
	uint16_t country;
};

static struct network
network_of(const struct meter *m, const struct ip *ip)
{
	struct network n = {0};
	if (m->routes)
		n.asn = rib_snapshot_find(m->routes, *ip).origin_as;
	n.country = countries_of_ip(m->countries, *ip);
	if (!n.country && n.asn)
		n.country = countries_of_asn(m->countries, n.asn);
	return n;
}

static void
add_network(struct bin *b, uint32_t port, bool outgoing, struct network n, uint64_t octets)
{
	/* Where the table is full the port's own "not known" still takes it: at most two a port. */
	if (!tally_add(&b->networks, bin_network_key(port, outgoing, n.asn, n.country), octets, 0))
		(void)tally_add(&b->networks, bin_network_key(port, outgoing, 0, 0), octets, 0);
}

static void
add_ends(struct bin *b, struct ends ends, uint64_t octets)
{
	if (ends.from != HUB_NONE) {
		b->ports[ends.from].flow_in += octets;
		b->ports[ends.from].samples_in++;
	}
	if (ends.to != HUB_NONE) {
		b->ports[ends.to].flow_out += octets;
		b->ports[ends.to].samples_out++;
	}
}

static void
add_networks(struct meter *m, struct ends ends, const struct flow *flow, struct amount amount)
{
	struct bin *b = &m->open;
	struct network source = {0}, destination = {0};
	if (flow->source.family != IP_NONE) {
		source = network_of(m, &flow->source);
		if (ends.from != HUB_NONE)
			add_network(b, ends.from, false, source, amount.octets);
	}
	if (flow->destination.family != IP_NONE) {
		destination = network_of(m, &flow->destination);
		if (ends.to != HUB_NONE)
			add_network(b, ends.to, true, destination, amount.octets);
	}
	if (ends.from != HUB_NONE && ends.to != HUB_NONE)
		(void)tally_add(&b->countries, bin_country_key(source.country, destination.country),
				amount.octets, amount.packets);
}

static void
refuse(struct meter *m, enum bin_cause cause, uint64_t octets)
{
	bin_add_unattributed(&m->open, cause, octets);
	m->totals.unattributed[cause]++;
}

/* Counts what has a rate for its ports and networks. */
static void
add_flow(struct meter *m, uint32_t exporter, const struct flow *flow, struct amount amount)
{
	struct bin *b = &m->open;
	struct ends ends;
	enum bin_cause cause = find_ends(&ends, m, exporter, flow);
	if (exceeds_ports(m, ends, amount.octets)) {
		refuse(m, BIN_IMPLAUSIBLE, 0);
		return;
	}
	watch_intake_flow(&m->intake, &(struct watch_flow){flow, exporter, ends.from, ends.to,
							   amount.octets, amount.packets});
	add_ends(b, ends, amount.octets);
	add_networks(m, ends, flow, amount);
	if (cause != BIN_CAUSES) {
		refuse(m, cause, amount.octets);
		note_unknown(b, exporter, flow, cause, amount.octets);
		return;
	}
	m->totals.attributed++;
	m->totals.octets += amount.octets;
	if (!tally_add(&b->pairs, bin_pair_key(ends.from, ends.to, flow->family), amount.octets,
		       amount.packets))
		refuse(m, BIN_TABLE_FULL, amount.octets);
}

void
meter_count_flow(struct meter *m, uint32_t exporter, const struct flow *flow)
{
	struct exporter *e = &m->exporters[exporter];
	struct amount amount;
	e->samples++;
	m->totals.samples++;
	if (!flow->measured) {
		refuse(m, BIN_UNMEASURED, 0);
		return;
	}
	enum bin_cause cause = scaled(&amount, m, exporter, flow);
	if (cause != BIN_CAUSES) {
		/* Octets that are not believed are not added to anything. */
		refuse(m, cause, cause == BIN_NO_RATE ? flow->octets : 0);
		return;
	}
	/* An exporter that samples on the way in counts each frame there; what it samples on the
	 * way out it has had already. One that samples only on the way out counts there. A probe
	 * beside the line (in and out are one) means the way back of a flow by it. */
	if (flow->egress && e->ingress && flow->input != flow->output) {
		refuse(m, BIN_EGRESS, amount.octets);
		return;
	}
	e->ingress |= !flow->egress;
	add_flow(m, exporter, flow, amount);
}
