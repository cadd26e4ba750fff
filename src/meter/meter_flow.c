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
	/* A port that was sampled on the way in so many bins ago still is. */
	INGRESS_BINS = 12,
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

static enum bin_cause
cause_of(enum attribution_miss from, enum attribution_miss to, bool group)
{
	if (from == ATTRIBUTION_AMBIGUOUS || (!group && to == ATTRIBUTION_AMBIGUOUS))
		return BIN_AMBIGUOUS;
	if (from != ATTRIBUTION_FOUND)
		return !group && to != ATTRIBUTION_FOUND ? BIN_UNKNOWN_BOTH : BIN_UNKNOWN_SOURCE;
	if (group)
		return BIN_MULTICAST;
	return to == ATTRIBUTION_FOUND ? BIN_CAUSES : BIN_UNKNOWN_DESTINATION;
}

/* By MACs. A frame counts at the switch that has the port it was seen on: the one that it came in by,
 * or, where it was sampled on its way out, the one that it left by. Between switches it is sampled as
 * well, but is not one more. Returns the cause when an end is missing; both may be given all the
 * same. */
static enum bin_cause
ends_by_mac(struct ends *out, const struct meter *m, uint32_t exporter, const struct flow *flow)
{
	enum attribution_miss from_miss, to_miss = ATTRIBUTION_UNKNOWN;
	bool group = is_group(flow->destination_mac), egress = flow->egress;
	uint16_t vlan_out = flow->vlan_out ? flow->vlan_out : flow->vlan;
	const struct attribution_sight from = {egress ? HUB_NONE : exporter,
					       egress ? 0 : flow->input, flow->vlan};
	const struct attribution_sight to = {egress ? exporter : HUB_NONE,
					     egress ? flow->output : 0, vlan_out};
	*out = (struct ends){HUB_NONE, HUB_NONE};
	if (!group)
		out->to = attribution_by_mac(m->attribution, flow->destination_mac, to, &to_miss);
	else if (flow->egress)
		return BIN_MULTICAST; /* each port that it leaves by may tell of it */
	out->from = attribution_by_mac(m->attribution, flow->source_mac, from, &from_miss);
	if (from_miss == ATTRIBUTION_ELSEWHERE || to_miss == ATTRIBUTION_ELSEWHERE) {
		*out = (struct ends){HUB_NONE, HUB_NONE};
		return BIN_ELSEWHERE;
	}
	return cause_of(from_miss, to_miss, group);
}

static enum bin_cause
ends_by_interface(struct ends *out, const struct meter *m, uint32_t exporter,
		  const struct flow *flow)
{
	out->from = attribution_by_interface(m->attribution, exporter, flow->input);
	out->to = attribution_by_interface(m->attribution, exporter, flow->output);
	return out->from == HUB_NONE || out->to == HUB_NONE ? BIN_UNKNOWN_INTERFACE : BIN_CAUSES;
}

/* A frame that is sampled on its way out has been counted on its way in, if samples are taken there:
 * at its port as far as that is known, else anywhere at the exporter. A probe beside the line (in and
 * out are one) means the way back of a flow by it. */
static bool
was_counted(const struct meter *m, uint32_t exporter, const struct flow *flow, struct ends ends)
{
	if (!flow->egress || flow->input == flow->output)
		return false;
	int64_t last =
		ends.from == HUB_NONE ? m->exporters[exporter].ingress_s : m->ingress_s[ends.from];
	return last && m->now.s - last <= (int64_t)INGRESS_BINS * m->length_s;
}

static enum bin_cause
find_ends(struct ends *out, struct meter *m, uint32_t exporter, const struct flow *flow)
{
	enum bin_cause cause = flow->has_macs ? ends_by_mac(out, m, exporter, flow)
					      : ends_by_interface(out, m, exporter, flow);
	if (was_counted(m, exporter, flow, *out)) {
		*out = (struct ends){HUB_NONE, HUB_NONE};
		return BIN_EGRESS;
	}
	if (!flow->egress && cause != BIN_ELSEWHERE) {
		m->exporters[exporter].ingress_s = m->now.s;
		if (out->from != HUB_NONE)
			m->ingress_s[out->from] = m->now.s;
	}
	if (flow->to == FLOW_TO_NONE && cause != BIN_ELSEWHERE) {
		out->to = HUB_NONE;
		cause = BIN_DISCARDED;
	}
	return cause;
}

static void
note_unknown(struct meter *m, uint32_t exporter, const struct flow *flow, enum bin_cause cause,
	     uint64_t octets)
{
	struct attribution_stranger seen = {
		.exporter = exporter, .first_s = m->now.s, .last_s = m->now.s};
	if (cause == BIN_UNKNOWN_SOURCE || cause == BIN_UNKNOWN_BOTH) {
		seen.mac = flow->source_mac;
		seen.vlan = flow->vlan;
		seen.if_index = flow->input;
		seen.octets_sent = octets;
		seen.samples_sent = 1;
		attribution_strangers_add(&m->unknown, &seen);
	}
	if (cause == BIN_UNKNOWN_DESTINATION || cause == BIN_UNKNOWN_BOTH) {
		seen.mac = flow->destination_mac;
		seen.vlan = flow->vlan_out ? flow->vlan_out : flow->vlan;
		seen.if_index = flow->to == FLOW_TO_ONE ? flow->output : 0;
		seen.octets_sent = seen.samples_sent = 0;
		seen.octets_received = octets;
		seen.samples_received = 1;
		attribution_strangers_add(&m->unknown, &seen);
	}
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
	uint32_t number; /* of the open bin */
	uint16_t country;
};

/* The number that the bin has for what the routes know under theirs, remembered until either changes. */
static uint32_t
number_of(struct meter *m, const struct ip *ip)
{
	uint32_t route = rib_snapshot_number(m->routes, ip);
	uint32_t *known = m->route_numbers ? &m->route_numbers[route] : NULL;
	if (known && *known)
		return *known - 1;
	struct rib_origin origin = rib_snapshot_origin(m->routes, route);
	uint32_t number =
		bin_networks_number(&m->open.numbers, meter_network_of(m->routes, &origin));
	if (known)
		*known = number + 1;
	return number;
}

static struct network
network_of(struct meter *m, const struct ip *ip)
{
	struct network n = {0};
	if (m->routes)
		n.number = number_of(m, ip);
	n.country = countries_of_ip(m->countries, *ip);
	if (!n.country && n.number) {
		uint32_t asn = bin_networks_at(&m->open.numbers, n.number).origin_as;
		n.country = asn ? countries_of_asn(m->countries, asn) : 0;
	}
	return n;
}

static void
add_network(struct bin *b, uint32_t port, bool outgoing, struct network n, uint64_t octets)
{
	/* Where the table is full the port's own "not known" still takes it: at most two a port. */
	if (tally_add(&b->networks, bin_network_key(port, outgoing, n.number, n.country), octets,
		      0))
		return;
	b->refused_networks++;
	(void)tally_add(&b->networks, bin_network_key(port, outgoing, 0, 0), octets, 0);
}

static void
add_ends(struct bin *b, struct ends ends, bool v6, uint64_t octets)
{
	if (ends.from != HUB_NONE) {
		struct bin_port *from = &b->ports[ends.from];
		from->flow_in += octets;
		from->v6_in += v6 ? octets : 0;
		from->samples_in++;
	}
	if (ends.to != HUB_NONE) {
		struct bin_port *to = &b->ports[ends.to];
		to->flow_out += octets;
		to->v6_out += v6 ? octets : 0;
		to->samples_out++;
	}
}

static void
add_networks(struct meter *m, struct ends ends, const struct flow *flow, struct amount amount)
{
	struct bin *b = &m->open;
	struct network source = {0}, destination = {0};
	if (ends.from != HUB_NONE && flow->source.family != IP_NONE) {
		source = network_of(m, &flow->source);
		add_network(b, ends.from, false, source, amount.octets);
	}
	if (ends.to != HUB_NONE && flow->destination.family != IP_NONE) {
		destination = network_of(m, &flow->destination);
		add_network(b, ends.to, true, destination, amount.octets);
	}
	if (ends.from != HUB_NONE && ends.to != HUB_NONE &&
	    !tally_add(&b->countries, bin_country_key(source.country, destination.country),
		       amount.octets, amount.packets))
		b->refused_countries++;
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
	add_ends(b, ends, flow->family == IP_V6, amount.octets);
	add_networks(m, ends, flow, amount);
	if (cause != BIN_CAUSES) {
		refuse(m, cause, amount.octets);
		note_unknown(m, exporter, flow, cause, amount.octets);
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
	if (flow->layers > 1) {
		struct flow chosen = *flow;
		meter_choose_layer(m, &chosen);
		add_flow(m, exporter, &chosen, amount);
		return;
	}
	add_flow(m, exporter, flow, amount);
}
