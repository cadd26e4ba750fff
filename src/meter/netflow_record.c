/* One data record: its fields by the template, and the flow that they make. */
#include <string.h>

#include "meter/frame.h"
#include "meter/netflow_state.h"

/* An unsigned integer of 1 to 8 octets. */
static inline uint64_t
number_of(const uint8_t *octets, size_t length)
{
	uint16_t two;
	uint32_t four;
	uint64_t eight = 0;
	switch (length) {
	case 1:
		return octets[0];
	case 2:
		memcpy(&two, octets, 2);
		return __builtin_bswap16(two);
	case 4:
		memcpy(&four, octets, 4);
		return __builtin_bswap32(four);
	case 8:
		memcpy(&eight, octets, 8);
		return __builtin_bswap64(eight);
	default:
		for (size_t i = 0; i < length; i++)
			eight = eight << 8 | octets[i];
		return eight;
	}
}

/* One that is all zero is not known to the exporter. */
static inline void
set_mac(struct record *r, struct mac *out, enum field field, const uint8_t *octets)
{
	static const struct mac unknown;
	memcpy(out->octets, octets, 6);
	if (memcmp(out, &unknown, sizeof(unknown)) == 0)
		r->has &= ~(1ull << field);
}

/* A template may have addresses of both families, of which one is filled in. */
static inline void
set_ip(struct ip *out, enum ip_family family, const uint8_t *octets)
{
	static const uint8_t none[16];
	if (out->family && memcmp(octets, none, family == IP_V4 ? 4 : 16) == 0)
		return;
	flow_set_ip(out, family, octets);
}

/* One field. What is not a number goes where it belongs at once. */
__attribute__((always_inline)) static inline void
set_field(struct record *r, struct flow *flow, enum field field, const uint8_t *octets,
	  size_t length)
{
	switch (field) {
	case FIELD_NONE:
		break;
	case FIELD_SOURCE_IPV4:
		set_ip(&flow->source, IP_V4, octets);
		break;
	case FIELD_DESTINATION_IPV4:
		set_ip(&flow->destination, IP_V4, octets);
		break;
	case FIELD_SOURCE_IPV6:
		set_ip(&flow->source, IP_V6, octets);
		break;
	case FIELD_DESTINATION_IPV6:
		set_ip(&flow->destination, IP_V6, octets);
		break;
	case FIELD_FRAME:
		r->frame = cursor_of(octets, length);
		break;
	case FIELD_PACKET:
		r->packet = cursor_of(octets, length);
		break;
	case FIELD_INTERFACE_NAME:
		r->name = cursor_of(octets, length);
		break;
	case FIELD_INTERFACE_TEXT:
		r->text = cursor_of(octets, length);
		break;
	case FIELD_SOURCE_MAC:
		set_mac(r, &flow->source_mac, field, octets);
		break;
	case FIELD_DESTINATION_MAC:
		set_mac(r, &flow->destination_mac, field, octets);
		break;
	case FIELD_SOURCE_MAC_OUT:
		set_mac(r, &r->source_out, field, octets);
		break;
	case FIELD_DESTINATION_MAC_OUT:
		set_mac(r, &r->destination_out, field, octets);
		break;
	default:
		r->number[field] = number_of(octets, length);
		break;
	}
}

/* RFC 7011 section 7: a length octet, or 255 and two more. */
static size_t
take_variable_length(struct cursor *c)
{
	uint8_t length = cursor_u8(c);
	return length == 255 ? cursor_u16(c) : length;
}

static void
take_varying(struct record *r, struct flow *flow, const struct template *t, struct cursor *c)
{
	for (unsigned i = 0; i < t->field_count; i++) {
		const struct template_field *f = &t->fields[i];
		cursor_skip(c, f->skip);
		size_t length = f->length;
		if (length == TEMPLATE_VARIABLE)
			length = take_variable_length(c);
		const uint8_t *octets = cursor_take(c, length);
		if (!octets)
			return;
		set_field(r, flow, (enum field)f->meaning, octets, length);
	}
	cursor_skip(c, t->tail);
}

void
netflow_record_take(struct record *r, struct flow *flow, const struct template *t, struct cursor *c)
{
	r->has = t->has;
	if (t->varies) {
		take_varying(r, flow, t, c);
		return;
	}
	/* All of it is there or nothing: its fields stand where the template says. */
	const uint8_t *octets = cursor_take(c, t->min_length);
	if (!octets)
		return;
	for (unsigned i = 0; i < t->hot_count; i++) {
		const struct template_field *f = &t->fields[i];
		set_field(r, flow, (enum field)f->meaning, octets + f->offset, f->length);
	}
	if (t->cold) {
		flow->shape = t;
		flow->record = octets;
	}
}

/* --- the flow --- */

/* The first of these fields that the record has, or 0. */
#define FIRST_OF(r, a, b)                                                                          \
	(record_has(r, a) ? (r)->number[a] : record_has(r, b) ? (r)->number[b] : 0)

static uint32_t
to_u32(uint64_t value)
{
	return value > UINT32_MAX ? 0 : (uint32_t)value;
}

/* The same, but 0 says nothing where a later one says something. */
#define LARGER_OF(r, a, b)                                                                         \
	(record_has(r, a) && (r)->number[a] ? (r)->number[a] : FIRST_OF(r, b, FIELD_NONE))

#define BIT(field) (1ull << (field))

/* What elements count: the flow on its way in, both its ways, on its way out, since it began. */
static const uint64_t counts_in = BIT(FIELD_OCTETS_LAYER2) | BIT(FIELD_OCTETS),
		      counts_both = BIT(FIELD_OCTETS_INITIATOR), counts_out = BIT(FIELD_OCTETS_OUT),
		      counts_totals = BIT(FIELD_OCTETS_TOTAL) | BIT(FIELD_OCTETS_LAYER2_TOTAL),
		      counts_sizes = BIT(FIELD_FRAME_SIZE) | BIT(FIELD_PACKET_SIZE);

/* True if the record counts octets of this flow alone. */
static bool
settle_octets(struct flow *f, const struct record *r)
{
	enum { GOES_ON = 2 }; /* flowEndReason: active timeout */
	f->measured =
		r->has & (counts_in | counts_both | counts_out | counts_totals | counts_sizes);
	if (r->has & counts_in) {
		f->octets = LARGER_OF(r, FIELD_OCTETS_LAYER2, FIELD_OCTETS);
		f->packets = FIRST_OF(r, FIELD_PACKETS, FIELD_PACKETS_TOTAL);
	} else if (r->has & counts_both) {
		f->octets = r->number[FIELD_OCTETS_INITIATOR];
		f->packets = FIRST_OF(r, FIELD_PACKETS_INITIATOR, FIELD_PACKETS);
	} else if (r->has & counts_totals) {
		f->octets = LARGER_OF(r, FIELD_OCTETS_LAYER2_TOTAL, FIELD_OCTETS_TOTAL);
		f->packets = FIRST_OF(r, FIELD_PACKETS_TOTAL, FIELD_PACKETS);
		/* Sums since the flow began are those of this record when it is the flow's last,
		 * or its only one. While the flow goes on they come again, and larger. */
		return !record_has(r, FIELD_END_REASON) || r->number[FIELD_END_REASON] != GOES_ON;
	} else if (r->has & counts_out) {
		f->octets = r->number[FIELD_OCTETS_OUT];
		f->packets = FIRST_OF(r, FIELD_PACKETS_OUT, FIELD_PACKETS);
	} else {
		f->octets = FIRST_OF(r, FIELD_FRAME_SIZE, FIELD_PACKET_SIZE);
		f->packets = FIRST_OF(r, FIELD_PACKETS, FIELD_PACKETS_TOTAL);
		if (!f->packets && f->measured)
			f->packets = 1; /* a record of one frame */
	}
	return true;
}

/* Octets of a frame or packet are read only from their beginning on. */
static void
settle_sections(struct flow *f, const struct record *r)
{
	uint64_t size = record_has(r, FIELD_SECTION_SIZE) ? r->number[FIELD_SECTION_SIZE] : 0;
	struct cursor section = record_has(r, FIELD_FRAME) ? r->frame : r->packet;
	if (record_has(r, FIELD_SECTION_OFFSET) && r->number[FIELD_SECTION_OFFSET])
		return;
	if (size && size < cursor_left(&section))
		section = cursor_sub(&section, (size_t)size); /* what follows is padding */
	if (record_has(r, FIELD_FRAME)) {
		(void)frame_read_ethernet(f, &section);
		return;
	}
	struct cursor peek = section;
	frame_read_ip(f, &section, cursor_u8(&peek) >> 4 == 6 ? IP_V6 : IP_V4);
}

static void
settle_macs(struct flow *f, const struct record *r)
{
	bool source = record_has(r, FIELD_SOURCE_MAC),
	     destination = record_has(r, FIELD_DESTINATION_MAC);
	if (!source && record_has(r, FIELD_SOURCE_MAC_OUT)) {
		f->source_mac = r->source_out;
		source = true;
	}
	if (!destination && record_has(r, FIELD_DESTINATION_MAC_OUT)) {
		f->destination_mac = r->destination_out;
		destination = true;
	}
	f->has_macs |= source && destination;
}

static void
settle_family(struct flow *f, const struct record *r)
{
	uint64_t version = FIRST_OF(r, FIELD_IP_VERSION, FIELD_NONE);
	uint64_t type = FIRST_OF(r, FIELD_ETHERNET_TYPE, FIELD_NONE);
	if (f->family)
		return; /* by the packet itself */
	if (f->source.family)
		f->family = f->source.family;
	else if (version == IP_V4 || type == 0x0800)
		f->family = IP_V4;
	else if (version == IP_V6 || type == 0x86dd)
		f->family = IP_V6;
}

static const uint64_t says_transport =
	BIT(FIELD_PROTOCOL) | BIT(FIELD_TOS) | BIT(FIELD_TCP_FLAGS) | BIT(FIELD_SOURCE_PORT) |
	BIT(FIELD_DESTINATION_PORT) | BIT(FIELD_ICMP) | BIT(FIELD_ICMP_TYPE) | BIT(FIELD_ICMP_CODE);

/* ICMP's type and code stand in elements of their own, or where other protocols have their port. */
static void
settle_transport(struct flow *f, const struct record *r)
{
	f->protocol = (uint8_t)FIRST_OF(r, FIELD_PROTOCOL, FIELD_NONE);
	f->tos = (uint8_t)FIRST_OF(r, FIELD_TOS, FIELD_NONE);
	f->tcp_flags = (uint8_t)FIRST_OF(r, FIELD_TCP_FLAGS, FIELD_NONE);
	f->source_port = (uint16_t)FIRST_OF(r, FIELD_SOURCE_PORT, FIELD_NONE);
	f->destination_port = (uint16_t)FIRST_OF(r, FIELD_DESTINATION_PORT, FIELD_NONE);
	if (f->protocol != FLOW_ICMP && f->protocol != FLOW_ICMP6)
		return;
	f->source_port = 0;
	if (record_has(r, FIELD_ICMP))
		f->destination_port = (uint16_t)r->number[FIELD_ICMP];
	else if (record_has(r, FIELD_ICMP_TYPE))
		f->destination_port = (uint16_t)((r->number[FIELD_ICMP_TYPE] & 0xff) << 8 |
						 (FIRST_OF(r, FIELD_ICMP_CODE, FIELD_NONE) & 0xff));
}

static void
turn_transport(struct flow *f)
{
	uint16_t source = f->source_port;
	f->tcp_flags = 0; /* those of the other way */
	if (f->protocol == FLOW_ICMP || f->protocol == FLOW_ICMP6)
		return;
	f->source_port = f->destination_port;
	f->destination_port = source;
}

void
netflow_transport(struct flow *f)
{
	const struct template *t = f->shape;
	struct record r;
	if (!t)
		return;
	r.has = t->cold;
	for (unsigned i = t->hot_count; i < t->field_count; i++)
		set_field(&r, f, (enum field)t->fields[i].meaning, f->record + t->fields[i].offset,
			  t->fields[i].length);
	settle_transport(f, &r);
	if (f->reverse)
		turn_transport(f);
}

bool
netflow_record_settle(struct flow *f, const struct record *r, const struct netflow_domain *d)
{
	if (r->has & (BIT(FIELD_FRAME) | BIT(FIELD_PACKET)))
		settle_sections(f, r);
	if (!f->vlan)
		f->vlan = FIRST_OF(r, FIELD_VLAN, FIELD_DOT1Q_VLAN) & 0x0fff;
	if (!f->vlan)
		f->vlan = FIRST_OF(r, FIELD_DOT1Q_VLAN, FIELD_NONE) & 0x0fff;
	f->vlan_out = FIRST_OF(r, FIELD_VLAN_OUT, FIELD_DOT1Q_VLAN_OUT) & 0x0fff;
	f->input = to_u32(FIRST_OF(r, FIELD_INPUT, FIELD_INPUT_PHYSICAL));
	f->output = to_u32(FIRST_OF(r, FIELD_OUTPUT, FIELD_OUTPUT_PHYSICAL));
	f->egress = FIRST_OF(r, FIELD_DIRECTION, FIELD_NONE) == 1;
	f->source_as = to_u32(FIRST_OF(r, FIELD_SOURCE_AS, FIELD_NONE));
	f->destination_as = to_u32(FIRST_OF(r, FIELD_DESTINATION_AS, FIELD_NONE));
	f->next_as = to_u32(FIRST_OF(r, FIELD_NEXT_AS, FIELD_NONE));
	f->previous_as = to_u32(FIRST_OF(r, FIELD_PREVIOUS_AS, FIELD_NONE));
	settle_macs(f, r);
	settle_family(f, r);
	if (r->has & says_transport)
		settle_transport(f, r);
	struct sampling own;
	if (netflow_rate(&own, r) && own.population)
		f->sampling = own;
	else
		f->sampling = netflow_announced(d, r, f->input);
	return settle_octets(f, r);
}

bool
netflow_record_reverse(struct flow *out, const struct flow *forth, const struct record *r)
{
	uint64_t octets = FIRST_OF(r, FIELD_OCTETS_REVERSE, FIELD_OCTETS_TOTAL_REVERSE);
	if (!octets)
		return false;
	*out = *forth;
	out->octets = octets;
	out->packets = FIRST_OF(r, FIELD_PACKETS_REVERSE, FIELD_PACKETS_TOTAL_REVERSE);
	out->source = forth->destination;
	out->destination = forth->source;
	out->source_mac = forth->destination_mac;
	out->destination_mac = forth->source_mac;
	out->input = forth->output;
	out->output = forth->input;
	out->source_as = forth->destination_as;
	out->destination_as = forth->source_as;
	out->next_as = forth->previous_as;
	out->previous_as = forth->next_as;
	out->reverse = true;
	turn_transport(out);
	if (forth->vlan_out) {
		out->vlan = forth->vlan_out;
		out->vlan_out = forth->vlan;
	}
	return true;
}
