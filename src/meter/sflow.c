/* Reading sFlow version 5. Structure names and numbers are those of sections 5.2 and 5.3 of "sFlow
 * Version 5" (sflow.org). */
#include "meter/sflow.h"

#include <assert.h>
#include <string.h>

#include "meter/frame.h"

enum {
	SAMPLE_FLOW = 1,
	SAMPLE_COUNTERS = 2,
	SAMPLE_FLOW_EXPANDED = 3,
	SAMPLE_COUNTERS_EXPANDED = 4,
	SAMPLE_DISCARDS = 5,

	RECORD_RAW_HEADER = 1,
	RECORD_ETHERNET = 2,
	RECORD_IPV4 = 3,
	RECORD_IPV6 = 4,
	RECORD_SWITCH = 1001,
	RECORD_ROUTER = 1002,
	RECORD_GATEWAY = 1003,
	/* Tunnel headers that the switch puts on or has taken off; what it sampled stays as it is. */
	RECORD_LAYER2_TUNNEL_EGRESS = 1021,
	RECORD_LAYER2_TUNNEL_INGRESS = 1022,
	RECORD_IPV4_TUNNEL_EGRESS = 1023,
	RECORD_IPV4_TUNNEL_INGRESS = 1024,
	RECORD_IPV6_TUNNEL_EGRESS = 1025,
	RECORD_IPV6_TUNNEL_INGRESS = 1026,
	/* Where in the sampled header the packet begins that a tunnel carries. */
	RECORD_DECAPSULATE_EGRESS = 1027,
	RECORD_DECAPSULATE_INGRESS = 1028,
	RECORD_VNI_EGRESS = 1029,
	RECORD_VNI_INGRESS = 1030,

	COUNTERS_INTERFACE = 1,
	COUNTERS_ETHERNET = 2,
	COUNTERS_PROCESSOR = 1001,

	HEADER_ETHERNET = 1,
	HEADER_PPP = 7,
	HEADER_IPV4 = 11,
	HEADER_IPV6 = 12,
	HEADER_MPLS = 13,

	INTERFACE_VALUE = 0x3fffffff,
};

/* Word `n` of several that were taken at once. */
static inline uint32_t
word(const uint8_t *words, unsigned n)
{
	uint32_t value;
	memcpy(&value, words + n * sizeof(value), sizeof(value));
	return __builtin_bswap32(value);
}

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

/* What is put together from the records of a sample. */
struct sampled {
	struct flow *flow;
	struct cursor header; /* the octets sampled; empty: none */
	uint32_t inner;       /* where in them a packet begins that a tunnel carries; 0: not said */
	struct sflow_seen_list *seen; /* NULL: nobody asks */
};

/* Another enterprise's, or one we have no use for. */
static void
skip(struct sflow_seen_list *seen, enum sflow_seen_kind kind, uint32_t format)
{
	if (seen)
		sflow_seen_note(seen, kind, format);
}

static void
read_raw_header(struct sampled *s, struct cursor *c)
{
	struct flow *flow = s->flow;
	/* Protocol, length of the frame, octets stripped (the length still has them), of the header. */
	const uint8_t *words = cursor_take(c, 16);
	if (!words)
		return;
	uint32_t protocol = word(words, 0), frame_length = word(words, 1);
	uint32_t header_length = word(words, 3);
	const uint8_t *octets = cursor_take(c, header_length);
	if (!octets || !header_length) {
		cursor_fail(c);
		return;
	}
	/* Pointers one by one: a copy of the whole would wait until they are written. */
	s->header.at = octets;
	s->header.end = octets + header_length;
	struct cursor header = {.at = s->header.at, .end = s->header.end};
	flow->octets = frame_length;
	flow->measured = true;
	flow->layers = flow->layer = 0;
	if (protocol == HEADER_ETHERNET) {
		flow->frame.at = octets;
		flow->frame.end = octets + header_length;
		if (!frame_read_ethernet(flow, &header))
			cursor_fail(c);
	} else if (protocol == HEADER_IPV4) {
		frame_read_ip(flow, &header, IP_V4);
	} else if (protocol == HEADER_IPV6) {
		frame_read_ip(flow, &header, IP_V6);
	} else if (protocol == HEADER_MPLS) {
		frame_read_mpls(flow, &header);
	} else if (protocol == HEADER_PPP) {
		frame_read_ppp(flow, &header);
	}
}

/* The agent knows of a tunnel that the header itself does not show. */
static void
read_inner(struct sampled *s)
{
	struct cursor inner = s->header;
	cursor_skip(&inner, s->inner);
	struct cursor peek = inner;
	uint8_t first = cursor_u8(&peek);
	if (peek.failed || (first >> 4 != 4 && first >> 4 != 6))
		return; /* a frame: read as such where its tunnel is known */
	if (s->flow->layers) {
		const uint8_t *last = s->flow->packet.at + s->flow->layer_at[s->flow->layer];
		if (inner.at <= last)
			return; /* read already, as a tunnel that the header does show */
	}
	frame_read_ip(s->flow, &inner, first >> 4 == 4 ? IP_V4 : IP_V6);
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
	uint32_t protocol = cursor_u32(c);
	size_t size = family == IP_V4 ? 4 : 16;
	const uint8_t *source = cursor_take(c, size);
	const uint8_t *destination = cursor_take(c, size);
	uint32_t source_port = cursor_u32(c), destination_port = cursor_u32(c);
	uint32_t flags = cursor_u32(c), tos = cursor_u32(c);
	if (c->failed)
		return;
	flow->protocol = (uint8_t)protocol;
	flow->tos = (uint8_t)tos;
	flow->tcp_flags = (uint8_t)flags;
	flow->source_port = (uint16_t)source_port;
	flow->destination_port = (uint16_t)destination_port;
	if (!flow->measured) {
		flow->octets = length;
		flow->measured = true;
	}
	flow->family = (uint8_t)family;
	flow->layers = flow->layer = 0;
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
	uint32_t source_peer = cursor_u32(c);
	uint32_t first = 0, last = 0, segments = cursor_u32(c);
	for (uint32_t i = 0; i < segments && !c->failed; i++) {
		(void)cursor_u32(c);
		uint32_t count = cursor_u32(c);
		if (count > cursor_left(c) / 4) {
			cursor_fail(c);
			return;
		}
		for (uint32_t k = 0; k < count; k++) {
			last = cursor_u32(c);
			first = first ? first : last;
		}
	}
	uint32_t communities = cursor_u32(c);
	cursor_skip(c, communities * 4ul);
	cursor_skip(c, 4); /* local preference */
	flow->source_as = source_as;
	flow->destination_as = last;
	flow->previous_as = source_peer;
	flow->next_as = first;
}

/* Tunnel headers say how the frame came or goes between switches, not which port it is on: they only
 * have to be whole. */
static void
read_tunnel(uint32_t format, struct cursor *c)
{
	enum { ETHERNET = 24, IPV4 = 32, IPV6 = 56, VNI = 4 };
	static const uint8_t size[] = {ETHERNET, ETHERNET, IPV4, IPV4, IPV6, IPV6, 0, 0, VNI, VNI};
	cursor_skip(c, size[format - RECORD_LAYER2_TUNNEL_EGRESS]);
}

static void
read_flow_record(struct sampled *s, uint32_t format, struct cursor *c)
{
	struct flow *flow = s->flow;
	switch (format) {
	case RECORD_RAW_HEADER:
		read_raw_header(s, c);
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
	case RECORD_DECAPSULATE_EGRESS:
	case RECORD_DECAPSULATE_INGRESS:
		s->inner = cursor_u32(c);
		break;
	default:
		if (format >= RECORD_LAYER2_TUNNEL_EGRESS && format <= RECORD_VNI_INGRESS)
			read_tunnel(format, c);
		else
			skip(s->seen, SFLOW_SEEN_FLOW, format);
		break;
	}
}

/* The records that end a flow sample or a discarded packet. */
static void
read_flow_records(struct flow *flow, struct cursor *c, struct sflow_seen_list *seen)
{
	struct sampled sampled = {.flow = flow, .seen = seen};
	uint32_t records = cursor_u32(c);
	for (uint32_t i = 0; i < records && !c->failed; i++) {
		uint32_t format = cursor_u32(c), length = cursor_u32(c);
		const uint8_t *octets = cursor_take(c, length);
		struct cursor record = cursor_of(octets, length);
		if (octets)
			read_flow_record(&sampled, format, &record);
		if (record.failed)
			cursor_fail(c);
	}
	if (sampled.inner && !c->failed)
		read_inner(&sampled);
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
take_source(struct sflow_sample *out, struct cursor *c, bool expanded)
{
	out->sequence = cursor_u32(c);
	uint32_t word = cursor_u32(c);
	out->source_class = expanded ? word : word >> 24;
	out->source_index = expanded ? cursor_u32(c) : word & 0x00ffffff;
	out->numbered = !c->failed;
}

static bool
read_flow_sample(struct sflow_sample *out, struct cursor *c, bool expanded,
		 struct sflow_seen_list *seen)
{
	struct flow *flow = &out->flow;
	*flow = (struct flow){.packets = 1};
	take_source(out, c, expanded);
	/* Rate, pool, drops, interfaces. */
	const uint8_t *rest = cursor_take(c, expanded ? 28 : 20);
	if (!rest)
		return false;
	flow->sampling = (struct sampling){word(rest, 0), 1};
	out->pool = word(rest, 1);
	out->drops = word(rest, 2);
	uint32_t in = word(rest, 3), to = word(rest, 4);
	if (expanded)
		set_interfaces(flow, (const uint32_t[]){in, word(rest, 5)},
			       (const uint32_t[]){to, word(rest, 6)});
	else
		set_interfaces(flow, (const uint32_t[]){in >> 30, to >> 30},
			       (const uint32_t[]){in & INTERFACE_VALUE, to & INTERFACE_VALUE});
	/* Sampled on the interface it leaves by, and not on the one it came in by. */
	flow->egress = out->source_class == 0 && flow->output == out->source_index &&
		       flow->input != out->source_index && flow->to == FLOW_TO_ONE &&
		       flow->output != 0;
	read_flow_records(flow, c, seen);
	return !c->failed;
}

/* A counter of 32 bits; all ones is "not counted" (section 5.4 of the standard's structures). */
static uint64_t
take_counter(struct cursor *c)
{
	uint32_t value = cursor_u32(c);
	return value == UINT32_MAX ? UINT64_MAX : value;
}

/* Packets are counted apart: to one, to many, to all. Those that are not counted are not there. Each
 * wraps at 32 bits, and so does their sum. */
static uint64_t
take_packets(struct cursor *c)
{
	uint64_t sum = UINT64_MAX;
	for (int i = 0; i < 3; i++) {
		uint64_t part = take_counter(c);
		if (part != UINT64_MAX)
			sum = sum == UINT64_MAX ? part : sum + part;
	}
	return sum == UINT64_MAX ? sum : (uint32_t)sum;
}

static void
read_interface_counters(struct sflow_counters *n, struct cursor *c)
{
	n->if_index = cursor_u32(c);
	cursor_skip(c, 4); /* ifType */
	n->speed_bps = cursor_u64(c);
	n->direction = cursor_u32(c) & 7;
	uint32_t status = cursor_u32(c);
	n->admin_up = status & 1;
	n->oper_up = status >> 1 & 1;
	n->in_octets = cursor_u64(c);
	n->in_packets = take_packets(c);
	n->in_discards = take_counter(c);
	n->in_errors = take_counter(c);
	cursor_skip(c, 4); /* unknown protocols */
	n->out_octets = cursor_u64(c);
	n->out_packets = take_packets(c);
	n->out_discards = take_counter(c);
	n->out_errors = take_counter(c);
	cursor_skip(c, 4); /* ifPromiscuousMode */
	n->present = true;
}

static void
read_ethernet_counters(struct sflow_counters *n, struct cursor *c)
{
	n->alignment_errors = take_counter(c);
	n->fcs_errors = take_counter(c);
	cursor_skip(c, 40); /* collisions, errors of the MAC, frames too long */
	n->symbol_errors = take_counter(c);
	n->ethernet = true;
}

static void
read_processor(struct sflow_counters *n, struct cursor *c)
{
	for (int i = 0; i < 3; i++)
		n->processor.load[i] = cursor_u32(c);
	n->processor.memory = cursor_u64(c);
	n->processor.free = cursor_u64(c);
	n->has_processor = true;
}

static bool
read_counter_sample(struct sflow_sample *out, struct cursor *c, bool expanded,
		    struct sflow_seen_list *seen)
{
	struct sflow_counters *n = &out->counters;
	*n = (struct sflow_counters){0};
	take_source(out, c, expanded);
	uint32_t records = cursor_u32(c);
	for (uint32_t i = 0; i < records && !c->failed; i++) {
		uint32_t format = cursor_u32(c);
		struct cursor record = cursor_sub(c, cursor_u32(c));
		if (!c->failed && format == COUNTERS_INTERFACE)
			read_interface_counters(n, &record);
		else if (!c->failed && format == COUNTERS_ETHERNET)
			read_ethernet_counters(n, &record);
		else if (!c->failed && format == COUNTERS_PROCESSOR)
			read_processor(n, &record);
		else if (!c->failed)
			skip(seen, SFLOW_SEEN_COUNTERS, format);
		if (record.failed)
			cursor_fail(c);
	}
	return !c->failed;
}

/* A packet that was dropped: always with interfaces in a word each, and never sampled. */
static bool
read_discard(struct sflow_sample *out, struct cursor *c, struct sflow_seen_list *seen)
{
	struct flow *flow = &out->flow;
	*flow = (struct flow){.packets = 1, .to = FLOW_TO_NONE};
	take_source(out, c, true);
	out->drops = cursor_u32(c);
	flow->input = cursor_u32(c);
	flow->output = cursor_u32(c);
	uint32_t reason = cursor_u32(c);
	out->reason = reason < SFLOW_REASONS ? reason : SFLOW_REASONS;
	read_flow_records(flow, c, seen);
	return !c->failed;
}

bool
sflow_next(struct sflow_reader *reader, struct sflow_sample *out)
{
	if (!reader->left)
		return false;
	reader->left--;
	uint32_t format = cursor_u32(&reader->in), length = cursor_u32(&reader->in);
	const uint8_t *octets = cursor_take(&reader->in, length);
	assert(octets); /* sflow_open has walked it */
	struct cursor body = cursor_of(octets, length);
	bool sound = true;
	out->numbered = false;
	switch (format) {
	case SAMPLE_FLOW:
	case SAMPLE_FLOW_EXPANDED:
		out->kind = SFLOW_FLOW;
		sound = read_flow_sample(out, &body, format == SAMPLE_FLOW_EXPANDED, reader->seen);
		break;
	case SAMPLE_COUNTERS:
	case SAMPLE_COUNTERS_EXPANDED:
		out->kind = SFLOW_COUNTERS;
		sound = read_counter_sample(out, &body, format == SAMPLE_COUNTERS_EXPANDED,
					    reader->seen);
		break;
	case SAMPLE_DISCARDS:
		out->kind = SFLOW_DISCARDS;
		sound = read_discard(out, &body, reader->seen);
		break;
	default:
		out->kind = SFLOW_OTHER;
		skip(reader->seen, SFLOW_SEEN_SAMPLE, format);
		break;
	}
	out->bad = !sound;
	return true;
}
