/* An SR policy's candidate path in a Tunnel Encapsulation attribute (RFC 9012 section 2, RFC 9830
 * section 2.4).
 *
 *	type 15 | length | sub-TLVs: type | length (1 octet below type 128, else 2) | value */
#include "exchange/bgp/bgp_tunnel.h"

#include <string.h>

enum {
	TUNNEL_SR_POLICY = 15,
	SUB_PREFERENCE = 12,
	SUB_BINDING = 13,
	SUB_ENLP = 14,
	SUB_PRIORITY = 15,
	SUB_SRV6_BINDING = 20,
	SUB_LIST = 128,
	SUB_PATH_NAME = 129,
	SUB_NAME = 130,
	SUB_LONG = 128, /* from here on lengths have two octets */
	LIST_WEIGHT = 9,
	FLAG_ONLY = 0x80,
	FLAG_DROP = 0x40,
	FLAG_BEHAVIOR = 0x20, /* of an SRv6 binding SID */
};

/* --- reading --- */

static struct ip
read_sid(struct cursor *value)
{
	struct ip ip = {.family = IP_V6};
	cursor_copy(value, ip.octets, 16);
	return ip;
}

/* RFC 9830 section 2.4.2. */
static enum bgp_tunnel_fault
read_binding(struct sr_policy *out, struct cursor value)
{
	size_t length = cursor_left(&value);
	if (length != 2 && length != 6 && length != 18)
		return BGP_TUNNEL_LENGTH;
	uint8_t flags = cursor_u8(&value);
	cursor_skip(&value, 1);
	out->has_binding = true;
	out->binding_only = flags & FLAG_ONLY;
	out->drop_invalid = flags & FLAG_DROP;
	out->has_binding_label = length == 6;
	if (length == 6)
		out->binding_entry = cursor_u32(&value);
	if (length == 18)
		out->binding = read_sid(&value);
	return BGP_TUNNEL_SOUND;
}

/* Section 2.4.3; several may stand for several behaviors. */
static enum bgp_tunnel_fault
read_srv6_binding(struct sr_policy *out, struct cursor value)
{
	size_t length = cursor_left(&value);
	if (length != 18 && length != 26)
		return BGP_TUNNEL_LENGTH;
	if (out->srv6_count == SR_BINDINGS_MAX)
		return BGP_TUNNEL_MANY;
	struct sr_binding *binding = &out->srv6[out->srv6_count++];
	uint8_t flags = cursor_u8(&value);
	cursor_skip(&value, 1);
	*binding = (struct sr_binding){.only = flags & FLAG_ONLY,
				       .drop = flags & FLAG_DROP,
				       .has_behavior = length == 26,
				       .sid = read_sid(&value)};
	if (binding->has_behavior)
		bgp_behavior_read(&binding->behavior, &value);
	return BGP_TUNNEL_SOUND;
}

/* Names are UTF-8 without an end; what is longer than is kept is cut. */
static enum bgp_tunnel_fault
read_name(char out[SR_NAME_MAX + 1], struct cursor value)
{
	if (!cursor_left(&value))
		return BGP_TUNNEL_LENGTH;
	cursor_skip(&value, 1); /* reserved */
	size_t length = cursor_left(&value);
	length = length < SR_NAME_MAX ? length : SR_NAME_MAX;
	cursor_copy(&value, out, length);
	out[length] = 0;
	return BGP_TUNNEL_SOUND;
}

/* A number behind flags and a reserved octet. */
static enum bgp_tunnel_fault
read_number(uint32_t *out, struct cursor value, size_t length)
{
	if (cursor_left(&value) != length)
		return BGP_TUNNEL_LENGTH;
	cursor_skip(&value, 2);
	*out = (uint32_t)cursor_uint(&value, length - 2);
	return BGP_TUNNEL_SOUND;
}

static enum bgp_tunnel_fault
read_list_part(struct sr_policy *out, uint8_t type, struct cursor value, bool *weighed)
{
	struct sr_segment segment;
	char letter = bgp_segment_letter(type);
	if (type == LIST_WEIGHT) {
		bool twice = *weighed;
		*weighed = true;
		return twice ? BGP_TUNNEL_TWICE
			     : read_number(&out->lists[out->list_count - 1].weight, value, 6);
	}
	if (!letter) {
		out->unknown++;
		return BGP_TUNNEL_SOUND;
	}
	enum bgp_tunnel_fault fault = bgp_segment_read(&segment, letter, value);
	if (fault == BGP_TUNNEL_SOUND && !sr_policy_add(out, &segment))
		return BGP_TUNNEL_MANY;
	return fault;
}

/* RFC 9830 section 2.4.4. */
static enum bgp_tunnel_fault
read_list(struct sr_policy *out, struct cursor value)
{
	bool weighed = false;
	if (!cursor_left(&value))
		return BGP_TUNNEL_LENGTH;
	if (!sr_policy_add_list(out, 1))
		return BGP_TUNNEL_MANY;
	cursor_skip(&value, 1); /* reserved */
	while (cursor_left(&value)) {
		uint8_t type = cursor_u8(&value);
		size_t length = type < SUB_LONG ? cursor_u8(&value) : cursor_u16(&value);
		struct cursor part = cursor_sub(&value, length);
		if (value.failed)
			return BGP_TUNNEL_FRAME;
		enum bgp_tunnel_fault fault = read_list_part(out, type, part, &weighed);
		if (fault != BGP_TUNNEL_SOUND)
			return fault;
	}
	return BGP_TUNNEL_SOUND;
}

static enum bgp_tunnel_fault
read_part(struct sr_policy *out, uint8_t type, struct cursor value)
{
	enum bgp_tunnel_fault fault;
	uint32_t number = 0;
	switch (type) {
	case SUB_PREFERENCE:
		return read_number(&out->preference, value, 6);
	case SUB_BINDING:
		return read_binding(out, value);
	case SUB_SRV6_BINDING:
		return read_srv6_binding(out, value);
	case SUB_ENLP:
		fault = read_number(&number, value, 3);
		out->enlp = (uint8_t)number;
		return fault;
	case SUB_PRIORITY:
		if (cursor_left(&value) != 2)
			return BGP_TUNNEL_LENGTH;
		out->priority = cursor_u8(&value);
		return BGP_TUNNEL_SOUND;
	case SUB_LIST:
		return read_list(out, value);
	case SUB_PATH_NAME:
		return read_name(out->path_name, value);
	case SUB_NAME:
		return read_name(out->name, value);
	default: /* RFC 9012 section 13 */
		return BGP_TUNNEL_SOUND;
	}
}

/* All but these may come once (RFC 9830 section 2.4). */
static bool
may_repeat(uint8_t type)
{
	switch (type) {
	case SUB_PREFERENCE:
	case SUB_BINDING:
	case SUB_ENLP:
	case SUB_PRIORITY:
	case SUB_PATH_NAME:
	case SUB_NAME:
		return false;
	default:
		return true;
	}
}

static enum bgp_tunnel_fault
read_policy(struct sr_policy *out, struct cursor tlv)
{
	bool seen[256] = {false};
	while (cursor_left(&tlv)) {
		uint8_t type = cursor_u8(&tlv);
		size_t length = type < SUB_LONG ? cursor_u8(&tlv) : cursor_u16(&tlv);
		struct cursor value = cursor_sub(&tlv, length);
		if (tlv.failed)
			return BGP_TUNNEL_FRAME;
		if (seen[type] && !may_repeat(type))
			return BGP_TUNNEL_TWICE;
		seen[type] = true;
		enum bgp_tunnel_fault fault = read_part(out, type, value);
		if (fault != BGP_TUNNEL_SOUND)
			return fault;
	}
	return BGP_TUNNEL_SOUND;
}

enum bgp_tunnel_fault
bgp_tunnel_read(struct sr_policy *out, struct cursor value)
{
	bool found = false;
	sr_policy_init(out, out->key);
	while (cursor_left(&value)) {
		uint16_t type = cursor_u16(&value);
		struct cursor tlv = cursor_sub(&value, cursor_u16(&value));
		if (value.failed)
			return BGP_TUNNEL_FRAME;
		if (type != TUNNEL_SR_POLICY)
			continue;
		if (found)
			return BGP_TUNNEL_TWICE;
		found = true;
		enum bgp_tunnel_fault fault = read_policy(out, tlv);
		if (fault != BGP_TUNNEL_SOUND)
			return fault;
	}
	return found ? BGP_TUNNEL_SOUND : BGP_TUNNEL_NONE;
}

/* --- writing --- */

static uint8_t
binding_flags(bool only, bool drop)
{
	return (uint8_t)((only ? FLAG_ONLY : 0) | (drop ? FLAG_DROP : 0));
}

static void
write_head(struct buf *to, uint8_t type, uint8_t length, uint8_t flags)
{
	buf_u8(to, type);
	buf_u8(to, length);
	buf_u8(to, flags);
	buf_u8(to, 0);
}

static void
write_bindings(struct buf *to, const struct sr_policy *p)
{
	bool v6 = p->binding.family == IP_V6;
	if (p->has_binding) {
		uint8_t length = p->has_binding_label ? 6 : v6 ? 18 : 2;
		write_head(to, SUB_BINDING, length,
			   binding_flags(p->binding_only, p->drop_invalid));
		if (p->has_binding_label)
			buf_u32(to, p->binding_entry);
		else if (v6)
			buf_put(to, p->binding.octets, 16);
	}
	for (unsigned i = 0; i < p->srv6_count; i++) {
		const struct sr_binding *b = &p->srv6[i];
		write_head(to, SUB_SRV6_BINDING, b->has_behavior ? 26 : 18,
			   (uint8_t)(binding_flags(b->only, b->drop) |
				     (b->has_behavior ? FLAG_BEHAVIOR : 0)));
		buf_put(to, b->sid.octets, 16);
		if (b->has_behavior)
			bgp_behavior_write(to, &b->behavior);
	}
}

static void
write_name(struct buf *to, uint8_t type, const char *name)
{
	if (!name[0])
		return;
	buf_u8(to, type);
	buf_u16(to, (uint16_t)(1 + strlen(name)));
	buf_u8(to, 0);
	buf_str(to, name);
}

static void
write_list(struct buf *to, const struct sr_policy *p, const struct sr_list *list)
{
	buf_u8(to, SUB_LIST);
	size_t length = to->length;
	buf_u16(to, 0);
	buf_u8(to, 0);
	write_head(to, LIST_WEIGHT, 6, 0);
	buf_u32(to, list->weight);
	for (unsigned i = 0; i < list->count; i++)
		bgp_segment_write(to, &p->segments[list->first + i]);
	if (!to->failed)
		buf_set_u16(to, length, (uint16_t)(to->length - length - 2));
}

void
bgp_tunnel_write(struct buf *to, const struct sr_policy *p)
{
	buf_u16(to, TUNNEL_SR_POLICY);
	size_t length = to->length;
	buf_u16(to, 0);
	write_head(to, SUB_PREFERENCE, 6, 0);
	buf_u32(to, p->preference);
	write_bindings(to, p);
	if (p->enlp) {
		write_head(to, SUB_ENLP, 3, 0);
		buf_u8(to, p->enlp);
	}
	if (p->priority != SR_PRIORITY) {
		buf_u8(to, SUB_PRIORITY);
		buf_u8(to, 2);
		buf_u8(to, p->priority);
		buf_u8(to, 0);
	}
	write_name(to, SUB_PATH_NAME, p->path_name);
	write_name(to, SUB_NAME, p->name);
	for (unsigned i = 0; i < p->list_count; i++)
		write_list(to, p, &p->lists[i]);
	if (!to->failed)
		buf_set_u16(to, length, (uint16_t)(to->length - length - 2));
}
