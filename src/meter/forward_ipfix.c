/* Writing IPFIX (RFC 7011), with elements that are told of sampled packets (RFC 5477 section 8). */
#include "meter/forward_packet.h"
#include "meter/forward_parts.h"

enum {
	VERSION = 10,
	HEADER = 16,
	SET_TEMPLATES = 2,
	SET_OPTIONS_TEMPLATES = 3,
	TEMPLATE_LINK = 256, /* by what is in it */
	TEMPLATE_IPV4,
	TEMPLATE_IPV6,
	TEMPLATE_RATE,
	RECORD_MAX = 128,
	LENGTH_AT = 2,
};

struct element {
	uint16_t id, length;
};

static const struct element link_elements[] = {
	{152, 8}, /* flowStartMilliseconds */
	{153, 8}, /* flowEndMilliseconds */
	{56, 6},  /* sourceMacAddress */
	{80, 6},  /* destinationMacAddress */
	{58, 2},  /* vlanId */
	{256, 2}, /* ethernetType */
	{10, 4},  /* ingressInterface */
	{14, 4},  /* egressInterface */
	{1, 8},   /* octetDeltaCount */
	{2, 8},   /* packetDeltaCount */
};

static const struct element network_elements[] = {
	{5, 1},  /* ipClassOfService */
	{4, 1},  /* protocolIdentifier */
	{6, 1},  /* tcpControlBits, reduced */
	{7, 2},  /* sourceTransportPort */
	{11, 2}, /* destinationTransportPort */
};

static const struct element ipv4_elements[] = {{8, 4}, {12, 4}};
static const struct element ipv6_elements[] = {{27, 16}, {28, 16}};

/* The rate, for those who look for it in either way: RFC 5477, and the elements of NetFlow version 9. */
static const struct element rate_elements[] = {
	{149, 4}, /* observationDomainId: the scope */
	{304, 2}, /* selectorAlgorithm */
	{305, 4}, /* samplingPacketInterval */
	{306, 4}, /* samplingPacketSpace */
	{34, 4},  /* samplingInterval */
	{35, 1},  /* samplingAlgorithm */
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
put_elements(struct buf *b, const struct element *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		buf_u16(b, list[i].id);
		buf_u16(b, list[i].length);
	}
}

/* --- sets --- */

static void
end_set(struct forward_sink *sink)
{
	if (sink->set_at && !sink->open.failed)
		buf_set_u16(&sink->open, sink->set_at + 2,
			    (uint16_t)(sink->open.length - sink->set_at));
	sink->set_at = 0;
}

static void
begin_set(struct forward_sink *sink, uint16_t id)
{
	end_set(sink);
	sink->set_at = sink->open.length;
	sink->set_template = id;
	buf_u16(&sink->open, id);
	buf_u16(&sink->open, 0);
}

static void
put_template(struct buf *b, uint16_t id, const struct element *addresses, size_t count)
{
	buf_u16(b, id);
	buf_u16(b, (uint16_t)(COUNT(link_elements) +
			      (addresses ? COUNT(network_elements) + count : 0)));
	put_elements(b, link_elements, COUNT(link_elements));
	if (!addresses)
		return;
	put_elements(b, network_elements, COUNT(network_elements));
	put_elements(b, addresses, count);
}

static void
tell_templates(struct forward_sink *sink, const struct forward_sample *sample)
{
	struct buf *b = &sink->open;
	begin_set(sink, SET_TEMPLATES);
	put_template(b, TEMPLATE_LINK, NULL, 0);
	if (sink->what.addresses) {
		put_template(b, TEMPLATE_IPV4, ipv4_elements, COUNT(ipv4_elements));
		put_template(b, TEMPLATE_IPV6, ipv6_elements, COUNT(ipv6_elements));
	}
	begin_set(sink, SET_OPTIONS_TEMPLATES);
	buf_u16(b, TEMPLATE_RATE);
	buf_u16(b, COUNT(rate_elements));
	buf_u16(b, 1); /* fields of the scope */
	put_elements(b, rate_elements, COUNT(rate_elements));
	begin_set(sink, TEMPLATE_RATE);
	buf_u32(b, sample->source_index + 1);
	buf_u16(b, 1); /* systematic, count based: one packet, then a pause */
	buf_u32(b, 1);
	buf_u32(b, sample->source->rate - 1);
	buf_u32(b, sample->source->rate);
	buf_u8(b, 1);
	end_set(sink);
	sink->open_count++; /* options are data records, too: RFC 7011 section 3.1 */
}

static void
begin(struct forward_sink *sink, const struct forward_sample *sample)
{
	struct buf *b = &sink->open;
	buf_u16(b, VERSION);
	buf_u16(b, 0); /* the length, when it ends */
	buf_u32(b, (uint32_t)sample->copy->at.s);
	buf_u32(b, sample->source->sequence);
	buf_u32(b, sample->source_index + 1);
	sink->open_source = sample->source_index;
	sink->set_at = 0;
	int64_t age = sample->copy->at.s - sample->source->told.s;
	if (age >= 0 && age < FORWARD_TEMPLATES_S)
		return;
	tell_templates(sink, sample);
	sample->source->told = sample->copy->at;
}

/* --- records --- */

static uint16_t
template_of(const struct forward_sink *sink, const struct flow *flow)
{
	if (!sink->what.addresses || flow->source.family != flow->family)
		return TEMPLATE_LINK;
	return flow->family == IP_V4   ? TEMPLATE_IPV4
	       : flow->family == IP_V6 ? TEMPLATE_IPV6
				       : TEMPLATE_LINK;
}

static void
put_link(struct buf *b, const struct forward_sample *sample, const struct forward_packet *packet)
{
	const struct flow *flow = &sample->copy->flow;
	uint64_t ms = (uint64_t)sample->copy->at.s * 1000;
	uint16_t type = packet->link_length     ? packet->ethertype
			: flow->family == IP_V4 ? 0x0800
			: flow->family == IP_V6 ? 0x86dd
						: 0;
	buf_u64(b, ms);
	buf_u64(b, ms);
	buf_put(b, flow->source_mac.octets, 6);
	buf_put(b, flow->destination_mac.octets, 6);
	buf_u16(b, flow->vlan);
	buf_u16(b, type);
	buf_u32(b, sample->input);
	buf_u32(b, sample->output);
	buf_u64(b, flow->octets);
	buf_u64(b, flow->packets);
}

bool
forward_ipfix_fits(const struct forward_sink *sink, const struct forward_sample *sample)
{
	return sink->open_source == sample->source_index &&
	       sink->open.length + RECORD_MAX <= FORWARD_DATAGRAM_MAX;
}

bool
forward_ipfix_add(struct forward_sink *sink, const struct forward_sample *sample)
{
	const struct watch_copy *copy = sample->copy;
	struct buf *b = &sink->open;
	struct forward_packet packet =
		forward_packet_read(cursor_of(copy->header, copy->header_length));
	uint16_t id = template_of(sink, &copy->flow);
	if (!b->length)
		begin(sink, sample);
	if (!sink->set_at || sink->set_template != id)
		begin_set(sink, id);
	put_link(b, sample, &packet);
	if (id != TEMPLATE_LINK) {
		size_t size = id == TEMPLATE_IPV4 ? 4 : 16;
		buf_u8(b, copy->flow.tos);
		buf_u8(b, copy->flow.protocol);
		buf_u8(b, copy->flow.tcp_flags);
		buf_u16(b, copy->flow.source_port);
		buf_u16(b, copy->flow.destination_port);
		buf_put(b, copy->flow.source.octets, size);
		buf_put(b, copy->flow.destination.octets, size);
	}
	sink->open_count++;
	return true;
}

void
forward_ipfix_end(struct forward_sink *sink)
{
	end_set(sink);
	if (!sink->open.failed)
		buf_set_u16(&sink->open, LENGTH_AT, (uint16_t)sink->open.length);
	sink->sources[sink->open_source].sequence += sink->open_count;
}
