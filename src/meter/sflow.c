/* Reading sFlow version 5. Structure names and numbers are those of sections 5.2 and 5.3 of "sFlow
 * Version 5" (sflow.org). */
#include "meter/sflow.h"

#include <assert.h>

#include "meter/frame.h"

enum {
	SAMPLE_FLOW = 1,
	SAMPLE_COUNTERS = 2,
	SAMPLE_FLOW_EXPANDED = 3,
	SAMPLE_COUNTERS_EXPANDED = 4,

	RECORD_RAW_HEADER = 1,
	RECORD_ETHERNET = 2,
	RECORD_IPV4 = 3,
	RECORD_IPV6 = 4,
	RECORD_SWITCH = 1001,
	RECORD_ROUTER = 1002,
	RECORD_GATEWAY = 1003,

	COUNTERS_INTERFACE = 1,

	HEADER_ETHERNET = 1,
	HEADER_IPV4 = 11,
	HEADER_IPV6 = 12,

	INTERFACE_VALUE = 0x3fffffff,
};

/* An address with its type before it. */
static struct ip
take_address(struct cursor *c)
{
	switch (cursor_u32(c)) {
	case 1:
		return ip_v4(cursor_u32(c));
	case 2: {
		uint8_t octets[16];
		cursor_copy(c, octets, sizeof(octets));
		return ip_v6(octets);
	}
	default:
		cursor_fail(c);
		return (struct ip){0};
	}
}

enum flow_refusal
sflow_open(struct sflow_reader *out, struct cursor datagram)
{
	uint32_t version = cursor_u32(&datagram);
	if (datagram.failed)
		return FLOW_TOO_SHORT;
	if (version != 5)
		return FLOW_UNKNOWN_VERSION;
	struct cursor type = datagram;
	uint32_t address_type = cursor_u32(&type);
	if (!type.failed && address_type != 1 && address_type != 2)
		return FLOW_ADDRESS_TYPE;
	struct sflow_reader r = {.agent = take_address(&datagram)};
	r.sub_agent = cursor_u32(&datagram);
	r.sequence = cursor_u32(&datagram);
	r.uptime_ms = cursor_u32(&datagram);
	r.left = cursor_u32(&datagram);
	if (datagram.failed)
		return FLOW_TOO_SHORT;
	r.in = datagram;
	/* Walk the frame once; a count that is too large ends at the datagram's end. */
	for (uint32_t i = 0; i < r.left; i++) {
		(void)cursor_u32(&datagram);
		cursor_skip(&datagram, cursor_u32(&datagram));
		if (datagram.failed)
			return FLOW_LENGTHS;
	}
	/* What is left over belongs to no sample: some agents send their whole buffer. */
	*out = r;
	return FLOW_ACCEPTED;
}

/* --- flow records --- */

static void
read_raw_header(struct flow *flow, struct cursor *c)
{
	uint32_t protocol = cursor_u32(c);
	uint32_t frame_length = cursor_u32(c);
	cursor_skip(c, 4); /* octets stripped: frame_length still has them */
	uint32_t header_length = cursor_u32(c);
	struct cursor header = cursor_sub(c, header_length);
	if (!header_length)
		cursor_fail(c);
	if (c->failed)
		return;
	flow->octets = frame_length;
	flow->measured = true;
	if (protocol == HEADER_ETHERNET) {
		flow->frame = header;
		if (!frame_read_ethernet(flow, header))
			cursor_fail(c);
	} else if (protocol == HEADER_IPV4) {
		frame_read_ip(flow, header, IP_V4);
	} else if (protocol == HEADER_IPV6) {
		frame_read_ip(flow, header, IP_V6);
	}
}

static void
read_ethernet(struct flow *flow, struct cursor *c)
{
	uint32_t length = cursor_u32(c);
	struct mac source, destination;
	cursor_copy(c, source.octets, 6);
	cursor_skip(c, 2);
	cursor_copy(c, destination.octets, 6);
	cursor_skip(c, 2);
	uint32_t type = cursor_u32(c);
	if (c->failed || flow->has_macs)
		return;
	flow->source_mac = source;
	flow->destination_mac = destination;
	flow->has_macs = true;
	flow->octets = length;
	flow->measured = true;
	if (type == 0x0800)
		flow->family = IP_V4;
	else if (type == 0x86dd)
		flow->family = IP_V6;
}

static void
read_ip(struct flow *flow, struct cursor *c, enum ip_family family)
{
	uint32_t length = cursor_u32(c);
	cursor_skip(c, 4); /* protocol */
	size_t size = family == IP_V4 ? 4 : 16;
	const uint8_t *source = cursor_take(c, size);
	const uint8_t *destination = cursor_take(c, size);
	cursor_skip(c, 16); /* ports, flags, type of service */
	if (c->failed)
		return;
	if (!flow->measured) {
		flow->octets = length;
		flow->measured = true;
	}
	flow->family = (uint8_t)family;
	flow_set_ip(&flow->source, family, source);
	flow_set_ip(&flow->destination, family, destination);
}

static void
read_switch(struct flow *flow, struct cursor *c)
{
	uint32_t in = cursor_u32(c);
	cursor_skip(c, 4);
	uint32_t out = cursor_u32(c);
	cursor_skip(c, 4);
	if (!flow->vlan && in < 4096)
		flow->vlan = (uint16_t)in;
	if (out < 4096)
		flow->vlan_out = (uint16_t)out;
}

static void
read_router(struct cursor *c)
{
	(void)take_address(c);
	cursor_skip(c, 8);
}

static void
read_gateway(struct flow *flow, struct cursor *c)
{
	(void)take_address(c);
	cursor_skip(c, 4); /* the router's own AS */
	uint32_t source_as = cursor_u32(c);
	cursor_skip(c, 4); /* the source's peer */
	uint32_t last = 0, segments = cursor_u32(c);
	for (uint32_t i = 0; i < segments && !c->failed; i++) {
		(void)cursor_u32(c);
		uint32_t count = cursor_u32(c);
		if (count > cursor_left(c) / 4) {
			cursor_fail(c);
			return;
		}
		if (count) {
			cursor_skip(c, (count - 1) * 4ul);
			last = cursor_u32(c);
		}
	}
	uint32_t communities = cursor_u32(c);
	cursor_skip(c, communities * 4ul);
	cursor_skip(c, 4); /* local preference */
	flow->source_as = source_as;
	flow->destination_as = last;
}

static void
read_flow_record(struct flow *flow, uint32_t format, struct cursor *c)
{
	switch (format) {
	case RECORD_RAW_HEADER:
		read_raw_header(flow, c);
		break;
	case RECORD_ETHERNET:
		read_ethernet(flow, c);
		break;
	case RECORD_IPV4:
		read_ip(flow, c, IP_V4);
		break;
	case RECORD_IPV6:
		read_ip(flow, c, IP_V6);
		break;
	case RECORD_SWITCH:
		read_switch(flow, c);
		break;
	case RECORD_ROUTER:
		read_router(c);
		break;
	case RECORD_GATEWAY:
		read_gateway(flow, c);
		break;
	default:
		break; /* another enterprise's, or one we have no use for */
	}
}

/* The two forms of an interface: two bits of format and 30 of value, or a word each. */
static void
set_interfaces(struct flow *flow, const uint32_t format[2], const uint32_t value[2])
{
	if (format[0] == 0 && value[0] != INTERFACE_VALUE)
		flow->input = value[0];
	if (format[1] == 1)
		flow->to = FLOW_TO_NONE;
	else if (format[1] == 2)
		flow->to = FLOW_TO_SEVERAL;
	else if (format[1] == 0 && value[1] == INTERFACE_VALUE)
		flow->to = FLOW_TO_ITSELF;
	else if (format[1] == 0)
		flow->output = value[1];
}

static void
take_interfaces(struct flow *flow, struct cursor *c, bool expanded)
{
	uint32_t format[2], value[2];
	for (int i = 0; i < 2; i++) {
		uint32_t word = cursor_u32(c);
		format[i] = expanded ? word : word >> 30;
		value[i] = expanded ? cursor_u32(c) : word & INTERFACE_VALUE;
	}
	set_interfaces(flow, format, value);
}

static void
take_source(struct sflow_sample *out, struct cursor *c, bool expanded)
{
	uint32_t word = cursor_u32(c);
	out->source_class = expanded ? word : word >> 24;
	out->source_index = expanded ? cursor_u32(c) : word & 0x00ffffff;
}

static bool
read_flow_sample(struct sflow_sample *out, struct cursor c, bool expanded)
{
	struct flow *flow = &out->flow;
	*flow = (struct flow){.packets = 1};
	out->sequence = cursor_u32(&c);
	take_source(out, &c, expanded);
	flow->sampling.population = cursor_u32(&c);
	flow->sampling.size = 1;
	out->pool = cursor_u32(&c);
	out->drops = cursor_u32(&c);
	take_interfaces(flow, &c, expanded);
	/* Sampled on the interface it leaves by, and not on the one it came in by. */
	flow->egress = out->source_class == 0 && flow->output == out->source_index &&
		       flow->input != out->source_index && flow->to == FLOW_TO_ONE &&
		       flow->output != 0;
	uint32_t records = cursor_u32(&c);
	for (uint32_t i = 0; i < records && !c.failed; i++) {
		uint32_t format = cursor_u32(&c);
		struct cursor record = cursor_sub(&c, cursor_u32(&c));
		if (!c.failed)
			read_flow_record(flow, format, &record);
		if (record.failed)
			cursor_fail(&c);
	}
	return !c.failed;
}

static bool
read_counter_sample(struct sflow_sample *out, struct cursor c, bool expanded)
{
	struct sflow_counters *n = &out->counters;
	*n = (struct sflow_counters){0};
	out->sequence = cursor_u32(&c);
	take_source(out, &c, expanded);
	uint32_t records = cursor_u32(&c);
	for (uint32_t i = 0; i < records && !c.failed; i++) {
		uint32_t format = cursor_u32(&c);
		struct cursor record = cursor_sub(&c, cursor_u32(&c));
		if (c.failed || format != COUNTERS_INTERFACE)
			continue;
		n->if_index = cursor_u32(&record);
		cursor_skip(&record, 4); /* ifType */
		n->speed_bps = cursor_u64(&record);
		cursor_skip(&record, 8); /* ifDirection, ifStatus */
		n->in_octets = cursor_u64(&record);
		cursor_skip(&record, 24); /* packets in by kind, discards, errors, unknown */
		n->out_octets = cursor_u64(&record);
		cursor_skip(&record, 24); /* the same out, ifPromiscuousMode */
		if (record.failed)
			cursor_fail(&c);
		n->present = true;
	}
	return !c.failed;
}

bool
sflow_next(struct sflow_reader *reader, struct sflow_sample *out)
{
	if (!reader->left)
		return false;
	reader->left--;
	uint32_t format = cursor_u32(&reader->in);
	struct cursor body = cursor_sub(&reader->in, cursor_u32(&reader->in));
	assert(!reader->in.failed); /* sflow_open has walked it */
	bool sound = true;
	switch (format) {
	case SAMPLE_FLOW:
	case SAMPLE_FLOW_EXPANDED:
		out->kind = SFLOW_FLOW;
		sound = read_flow_sample(out, body, format == SAMPLE_FLOW_EXPANDED);
		break;
	case SAMPLE_COUNTERS:
	case SAMPLE_COUNTERS_EXPANDED:
		out->kind = SFLOW_COUNTERS;
		sound = read_counter_sample(out, body, format == SAMPLE_COUNTERS_EXPANDED);
		break;
	default:
		out->kind = SFLOW_OTHER;
		break;
	}
	if (!sound)
		out->kind = SFLOW_BAD;
	return true;
}
