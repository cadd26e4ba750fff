/* One data record: its fields by the template, and the flow that they make. */
#include <string.h>

#include "meter/frame.h"
#include "meter/netflow_state.h"

static uint64_t
take_number(struct cursor *c, size_t length)
{
	switch (length) {
	case 1:
		return cursor_u8(c);
	case 2:
		return cursor_u16(c);
	case 4:
		return cursor_u32(c);
	case 8:
		return cursor_u64(c);
	default:
		return cursor_uint(c, length);
	}
}

/* False when it is all zero: the exporter does not know it. */
static bool
take_mac(struct mac *out, struct cursor *c)
{
	static const struct mac unknown;
	cursor_copy(c, out->octets, 6);
	return memcmp(out, &unknown, sizeof(unknown)) != 0;
}

static void
take_ip(struct ip *out, enum ip_family family, struct cursor *c)
{
	const uint8_t *octets = cursor_take(c, family == IP_V4 ? 4 : 16);
	if (octets)
		flow_set_ip(out, family, octets);
}

/* One field of `length` octets. What is not a number goes where it belongs at once. */
static void
take_field(struct record *r, struct flow *flow, enum field meaning, struct cursor *c, size_t length)
{
	bool there = true;
	switch (meaning) {
	case FIELD_NONE:
		cursor_skip(c, length);
		return;
	case FIELD_SOURCE_IPV4:
		take_ip(&flow->source, IP_V4, c);
		return;
	case FIELD_DESTINATION_IPV4:
		take_ip(&flow->destination, IP_V4, c);
		return;
	case FIELD_SOURCE_IPV6:
		take_ip(&flow->source, IP_V6, c);
		return;
	case FIELD_DESTINATION_IPV6:
		take_ip(&flow->destination, IP_V6, c);
		return;
	case FIELD_FRAME:
		(void)frame_read_ethernet(flow, cursor_sub(c, length));
		return;
	case FIELD_SOURCE_MAC:
		there = take_mac(&flow->source_mac, c);
		break;
	case FIELD_DESTINATION_MAC:
		there = take_mac(&flow->destination_mac, c);
		break;
	case FIELD_SOURCE_MAC_OUT:
		there = take_mac(&r->source_out, c);
		break;
	case FIELD_DESTINATION_MAC_OUT:
		there = take_mac(&r->destination_out, c);
		break;
	default:
		r->number[meaning] = take_number(c, length);
		break;
	}
	r->has |= (uint64_t)there << meaning;
}

/* RFC 7011 section 7: a length octet, or 255 and two more. */
static size_t
take_variable_length(struct cursor *c)
{
	uint8_t length = cursor_u8(c);
	return length == 255 ? cursor_u16(c) : length;
}

void
netflow_record_take(struct record *r, struct flow *flow, const struct template *t, struct cursor *c)
{
	for (unsigned i = 0; i < t->field_count; i++) {
		const struct template_field *f = &t->fields[i];
		cursor_skip(c, f->skip);
		size_t length = f->length;
		enum field meaning = (enum field)f->meaning;
		if (length == TEMPLATE_VARIABLE) {
			length = take_variable_length(c);
			/* A number of more than 8 octets is not one. */
			if (meaning != FIELD_FRAME && (length > 8 || !length))
				meaning = FIELD_NONE;
		}
		take_field(r, flow, meaning, c, length);
	}
	cursor_skip(c, t->tail);
}

/* The first of these fields that the record has, or 0. */
static uint64_t
first_of(const struct record *r, const uint8_t *choice, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (record_has(r, (enum field)choice[i]))
			return r->number[choice[i]];
	return 0;
}

#define FIRST_OF(r, ...)                                                                           \
	first_of(r, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static uint32_t
to_u32(uint64_t value)
{
	return value > UINT32_MAX ? 0 : (uint32_t)value;
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
	uint64_t version = FIRST_OF(r, FIELD_IP_VERSION), type = FIRST_OF(r, FIELD_ETHERNET_TYPE);
	if (f->source.family)
		f->family = f->source.family;
	else if (version == IP_V4 || type == 0x0800)
		f->family = IP_V4;
	else if (version == IP_V6 || type == 0x86dd)
		f->family = IP_V6;
}

void
netflow_record_settle(struct flow *f, const struct record *r, const struct netflow_domain *d)
{
	static const uint64_t octets = 1ull << FIELD_OCTETS_LAYER2 | 1ull << FIELD_OCTETS |
				       1ull << FIELD_OCTETS_TOTAL | 1ull << FIELD_OCTETS_OUT |
				       1ull << FIELD_FRAME_SIZE;
	f->measured = r->has & octets;
	f->octets = FIRST_OF(r, FIELD_OCTETS_LAYER2, FIELD_OCTETS, FIELD_OCTETS_TOTAL,
			     FIELD_OCTETS_OUT, FIELD_FRAME_SIZE);
	f->packets = FIRST_OF(r, FIELD_PACKETS, FIELD_PACKETS_TOTAL, FIELD_PACKETS_OUT);
	if (!f->packets && record_has(r, FIELD_FRAME_SIZE))
		f->packets = 1; /* a record of one frame */
	if (!f->vlan)
		f->vlan = FIRST_OF(r, FIELD_VLAN, FIELD_DOT1Q_VLAN) & 0x0fff;
	if (!f->vlan)
		f->vlan = FIRST_OF(r, FIELD_DOT1Q_VLAN) & 0x0fff;
	f->vlan_out = FIRST_OF(r, FIELD_VLAN_OUT, FIELD_DOT1Q_VLAN_OUT) & 0x0fff;
	f->input = to_u32(FIRST_OF(r, FIELD_INPUT, FIELD_INPUT_PHYSICAL));
	f->output = to_u32(FIRST_OF(r, FIELD_OUTPUT, FIELD_OUTPUT_PHYSICAL));
	f->egress = FIRST_OF(r, FIELD_DIRECTION) == 1;
	f->source_as = to_u32(FIRST_OF(r, FIELD_SOURCE_AS));
	f->destination_as = to_u32(FIRST_OF(r, FIELD_DESTINATION_AS));
	settle_macs(f, r);
	settle_family(f, r);
	struct sampling own;
	if (netflow_rate(&own, r) && own.population)
		f->sampling = own;
	else
		f->sampling = netflow_announced(d, r, f->input);
}
