/* Subobjects of routes.
 *
 *	SR-ERO:   L, type 36 | length | NAI type, flags F S C M | SID | NAI
 *	SRv6-ERO: L, type 40 | length | NAI type, flags V T F S | reserved | behavior | SID | NAI |
 *	          structure */
#include "pcep/pcep_route.h"

#include <assert.h>
#include <string.h>

#include "pcep/pcep_wire.h"

enum {
	SUB_IPV4 = 1,
	SUB_IPV6 = 2,
	SUB_SR = 36,
	SUB_SRV6 = 40,
	LOOSE = 0x80,
	SR_NO_NAI = 0x8,    /* F */
	SR_NO_SID = 0x4,    /* S */
	SR_WHOLE = 0x2,     /* C: TC, S and TTL count, too */
	SR_LABEL = 0x1,     /* M */
	V6_STRUCTURE = 0x4, /* T */
	V6_NO_NAI = 0x2,
	V6_NO_SID = 0x1,
	LABELS_RESERVED = 16,
};

static struct ip
read_ip(struct cursor *c, enum ip_family family)
{
	struct ip ip = {.family = (uint8_t)family};
	cursor_copy(c, ip.octets, ip_bits(family) / 8);
	return ip;
}

/* RFC 8664 section 4.3.1; the same numbers in SRv6. 0, or the error. */
static int
read_nai(struct pcep_hop *hop, struct cursor *c)
{
	switch (hop->nai) {
	case PCEP_NAI_NONE:
		return 0;
	case PCEP_NAI_IPV4_NODE:
	case PCEP_NAI_IPV6_NODE:
		hop->local = read_ip(c, hop->nai == PCEP_NAI_IPV4_NODE ? IP_V4 : IP_V6);
		return 0;
	case PCEP_NAI_IPV4_LINK:
	case PCEP_NAI_IPV6_LINK: {
		enum ip_family family = hop->nai == PCEP_NAI_IPV4_LINK ? IP_V4 : IP_V6;
		hop->local = read_ip(c, family);
		hop->remote = read_ip(c, family);
		return 0;
	}
	case PCEP_NAI_UNNUMBERED:
	case PCEP_NAI_IPV6_LOCAL_LINK: {
		enum ip_family family = hop->nai == PCEP_NAI_UNNUMBERED ? IP_V4 : IP_V6;
		hop->local = read_ip(c, family);
		hop->local_index = cursor_u32(c);
		hop->remote = read_ip(c, family);
		hop->remote_index = cursor_u32(c);
		return 0;
	}
	default:
		return PCEP_ERR_NAI_TYPE;
	}
}

static int
read_sr(struct pcep_hop *hop, struct cursor c, bool recorded)
{
	uint16_t word = cursor_u16(&c);
	bool has_nai = !(word & SR_NO_NAI);
	hop->has_sid = !(word & SR_NO_SID);
	hop->label = word & SR_LABEL;
	hop->nai = has_nai ? (uint8_t)(word >> 12) : PCEP_NAI_NONE;
	if (!hop->has_sid && !hop->nai)
		return recorded ? PCEP_ERR_NO_SID_RRO : PCEP_ERR_NO_SID_ERO;
	if (hop->has_sid)
		hop->entry = cursor_u32(&c);
	int error = read_nai(hop, &c);
	if (error)
		return error;
	if (c.failed || cursor_left(&c))
		return PCEP_ERR_MALFORMED;
	if (!hop->has_sid || !hop->label)
		return 0;
	if (!(word & SR_WHOLE))
		hop->entry &= ~UINT32_C(0xfff); /* TC, S and TTL are not said */
	/* Section 5.2.1: 0 to 15, but for the explicit nulls, are not for paths. */
	uint32_t number = sr_label(hop->entry);
	return number < LABELS_RESERVED && number != 0 && number != 2 ? PCEP_ERR_LABEL : 0;
}

static int
read_srv6(struct pcep_hop *hop, struct cursor c, bool recorded)
{
	enum { STRUCTURE = 8 };
	uint16_t word = cursor_u16(&c);
	bool has_nai = !(word & V6_NO_NAI);
	hop->srv6 = true;
	hop->has_sid = !(word & V6_NO_SID);
	hop->nai = has_nai ? (uint8_t)(word >> 12) : PCEP_NAI_NONE;
	cursor_skip(&c, 2);
	hop->behavior = cursor_u16(&c);
	if (!hop->has_sid && !hop->nai)
		return recorded ? PCEP_ERR_NO_SID_RRO : PCEP_ERR_NO_SID_ERO;
	if (hop->has_sid)
		hop->sid = read_ip(&c, IP_V6);
	int error = read_nai(hop, &c);
	if (error)
		return error;
	if (word & V6_STRUCTURE)
		cursor_skip(&c, STRUCTURE);
	return c.failed || cursor_left(&c) ? PCEP_ERR_MALFORMED : 0;
}

int
pcep_route_read(struct pcep_route *out, struct cursor body, bool recorded)
{
	bool other = false;
	out->count = 0;
	while (cursor_left(&body)) {
		uint8_t type = cursor_u8(&body), length = cursor_u8(&body);
		if (length < 2)
			return PCEP_ERR_MALFORMED;
		struct cursor c = cursor_sub(&body, length - 2);
		if (body.failed)
			return PCEP_ERR_MALFORMED;
		bool sr = (type & 0x7f) == SUB_SR, srv6 = (type & 0x7f) == SUB_SRV6;
		other |= !sr && !srv6;
		if (other && (sr || srv6 || out->count))
			return recorded ? PCEP_ERR_MIXED_RRO : PCEP_ERR_MIXED_ERO;
		if (other)
			continue;
		if (out->count == PCEP_HOPS_MAX)
			return PCEP_ERR_TOO_MANY_HOPS;
		struct pcep_hop *hop = &out->hops[out->count++];
		*hop = (struct pcep_hop){.loose = !recorded && type & LOOSE};
		int error = sr ? read_sr(hop, c, recorded) : read_srv6(hop, c, recorded);
		if (error)
			return error;
		if (hop->srv6 != out->hops[0].srv6)
			return recorded ? PCEP_ERR_MIXED_RRO : PCEP_ERR_MIXED_ERO;
	}
	return 0;
}

/* --- writing --- */

static void
put_ip(struct buf *to, struct ip ip)
{
	buf_put(to, ip.octets, ip_bits((enum ip_family)ip.family) / 8);
}

static void
write_nai(struct buf *to, const struct pcep_hop *hop)
{
	bool index = hop->nai == PCEP_NAI_UNNUMBERED || hop->nai == PCEP_NAI_IPV6_LOCAL_LINK;
	bool link = index || hop->nai == PCEP_NAI_IPV4_LINK || hop->nai == PCEP_NAI_IPV6_LINK;
	if (hop->nai == PCEP_NAI_NONE)
		return;
	put_ip(to, hop->local);
	if (index)
		buf_u32(to, hop->local_index);
	if (link)
		put_ip(to, hop->remote);
	if (index)
		buf_u32(to, hop->remote_index);
}

void
pcep_route_write(struct buf *to, const struct pcep_route *route)
{
	for (unsigned i = 0; i < route->count; i++) {
		const struct pcep_hop *hop = &route->hops[i];
		size_t start = to->length;
		unsigned nai = (unsigned)hop->nai << 12;
		buf_u8(to, (uint8_t)((hop->loose ? LOOSE : 0) | (hop->srv6 ? SUB_SRV6 : SUB_SR)));
		buf_u8(to, 0);
		if (hop->srv6) {
			buf_u16(to, (uint16_t)(nai | (hop->nai ? 0 : V6_NO_NAI) |
					       (hop->has_sid ? 0 : V6_NO_SID)));
			buf_u16(to, 0);
			buf_u16(to, hop->behavior);
			if (hop->has_sid)
				buf_put(to, hop->sid.octets, 16);
		} else {
			bool whole = hop->has_sid && hop->label && hop->entry & 0xfff;
			buf_u16(to,
				(uint16_t)(nai | (hop->nai ? 0 : SR_NO_NAI) |
					   (hop->has_sid ? 0 : SR_NO_SID) | (whole ? SR_WHOLE : 0) |
					   (hop->label ? SR_LABEL : 0)));
			if (hop->has_sid)
				buf_u32(to, hop->entry);
		}
		write_nai(to, hop);
		if (!to->failed)
			to->data[start + 1] = (uint8_t)(to->length - start);
	}
}

/* Do they lead the same way? What names a node beside its SID does not matter. */
static bool
hop_equal(const struct pcep_hop *a, const struct pcep_hop *b)
{
	if (a->srv6 != b->srv6 || a->has_sid != b->has_sid)
		return false;
	if (a->has_sid)
		return a->srv6 ? ip_equal(a->sid, b->sid)
			       : a->entry == b->entry && a->label == b->label;
	return a->nai == b->nai && ip_equal(a->local, b->local) && ip_equal(a->remote, b->remote) &&
	       a->local_index == b->local_index && a->remote_index == b->remote_index;
}

bool
pcep_route_equal(const struct pcep_route *a, const struct pcep_route *b)
{
	if (a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++)
		if (!hop_equal(&a->hops[i], &b->hops[i]))
			return false;
	return true;
}

void
pcep_route_text(struct buf *to, const struct pcep_route *route)
{
	char text[IP_TEXT];
	for (unsigned i = 0; i < route->count; i++) {
		const struct pcep_hop *hop = &route->hops[i];
		buf_str(to, i ? ", " : "");
		if (!hop->has_sid)
			buf_str(to, ip_format(text, hop->local));
		else if (hop->srv6)
			buf_str(to, ip_format(text, hop->sid));
		else
			buf_printf(to, hop->label ? "%u" : "index %u",
				   (unsigned)(hop->label ? sr_label(hop->entry) : hop->entry));
		if (hop->has_sid && hop->remote.family != IP_NONE)
			buf_printf(to, " (to %s)", ip_format(text, hop->remote));
		else if (hop->has_sid && hop->local.family != IP_NONE)
			buf_printf(to, " (%s)", ip_format(text, hop->local));
	}
}

int
pcep_hop_of_segment(struct pcep_hop *out, const struct sr_segment *segment)
{
	*out = (struct pcep_hop){.has_sid = segment->has_sid, .entry = segment->entry};
	switch (segment->type) {
	case 'A':
		out->label = true;
		return 0;
	case 'B':
		out->srv6 = true;
		out->sid = segment->sid;
		return 0;
	case 'C':
		out->label = segment->has_sid;
		out->nai = PCEP_NAI_IPV4_NODE;
		out->local = segment->local;
		return 0;
	case 'F':
		out->label = segment->has_sid;
		out->nai = PCEP_NAI_IPV4_LINK;
		out->local = segment->local;
		out->remote = segment->remote;
		return 0;
	default:
		return -1;
	}
}

/* --- addresses to lead over, or around --- */

int
pcep_stops_read(struct pcep_stops *out, struct cursor body)
{
	*out = (struct pcep_stops){0};
	while (cursor_left(&body)) {
		uint8_t type = cursor_u8(&body), length = cursor_u8(&body);
		if (length < 2)
			return -1;
		struct cursor c = cursor_sub(&body, length - 2);
		if (body.failed)
			return -1;
		enum ip_family family = (type & 0x7f) == SUB_IPV4   ? IP_V4
					: (type & 0x7f) == SUB_IPV6 ? IP_V6
								    : IP_NONE;
		struct ip ip = read_ip(&c, family);
		uint8_t bits = cursor_u8(&c);
		if (family == IP_NONE || c.failed || bits > ip_bits(family) ||
		    out->count == PCEP_STOPS_MAX) {
			out->other = true;
			continue;
		}
		out->stops[out->count++] =
			(struct pcep_stop){prefix_of(ip, bits), .must = !(type & LOOSE)};
	}
	return 0;
}
