/* UPDATE messages as octets. IPv4 unicast stands in the classic fields; IPv6 in MP_REACH, first of
 * the attributes as RFC 7606 section 5.1 asks. */
#include "exchange/rib/rib_wire.h"

#include <string.h>

#include "exchange/policy/policy_community.h"

enum {
	HEADER = 19,
	UPDATE = 2,
	EXTENDED = 0x10, /* attribute flag: length has two octets */
	OPTIONAL = 0x80,
	TRANSITIVE = 0x40,
	AFI_IPV6 = 2,
	SAFI_UNICAST = 1,
	/* header, two lengths, and the longest prefix */
	FIXED_V4 = HEADER + 4 + 5,
	/* the same with MP_REACH: head, AFI, SAFI, two next hops, reserved octet */
	FIXED_V6 = HEADER + 4 + 4 + 4 + 1 + 32 + 17,
};

bool
rib_wire_fits(enum ip_family family, size_t attributes)
{
	return attributes + (family == IP_V4 ? FIXED_V4 : FIXED_V6) <= RIB_WIRE_MESSAGE_MAX;
}

/* An attribute whose value is written after this; its length is filled in by end_attribute. */
static size_t
begin_attribute(struct buf *to, unsigned flags, unsigned type)
{
	buf_u8(to, (uint8_t)(flags | EXTENDED));
	buf_u8(to, (uint8_t)type);
	buf_u16(to, 0);
	return to->length;
}

/* An empty attribute is taken back, a short one gets a short length. */
static void
end_attribute(struct buf *to, size_t start)
{
	if (to->failed)
		return;
	size_t length = to->length - start;
	if (!length) {
		to->length = start - 4;
	} else if (length < 256) {
		uint8_t *head = to->data + start - 4;
		head[0] &= (uint8_t)~EXTENDED;
		head[2] = (uint8_t)length;
		memmove(head + 3, head + 4, length);
		to->length--;
	} else {
		buf_set_u16(to, start - 2, (uint16_t)length);
	}
}

static void
put_communities(struct buf *to, unsigned flags, struct cursor list, struct asn hub_as)
{
	size_t start = begin_attribute(to, flags, BGP_ATTR_COMMUNITIES);
	while (cursor_left(&list) >= 4) {
		uint32_t community = cursor_u32(&list);
		if (!policy_community_is_ours(hub_as, community))
			buf_u32(to, community);
	}
	end_attribute(to, start);
}

static void
put_large(struct buf *to, unsigned flags, struct cursor list, struct asn hub_as)
{
	size_t start = begin_attribute(to, flags, BGP_ATTR_LARGE_COMMUNITIES);
	while (cursor_left(&list) >= 12) {
		struct cursor peek = list;
		const uint8_t *community = cursor_take(&list, 12);
		if (!policy_large_is_ours(hub_as, cursor_u32(&peek)))
			buf_put(to, community, 12);
	}
	end_attribute(to, start);
}

/* The path in 2-octet numbers; true when one of them did not fit. */
static bool
put_as_path_2(struct buf *to, struct cursor path)
{
	bool wide = false;
	size_t start = begin_attribute(to, TRANSITIVE, BGP_ATTR_AS_PATH);
	while (cursor_left(&path)) {
		buf_u8(to, cursor_u8(&path));
		unsigned count = cursor_u8(&path);
		buf_u8(to, (uint8_t)count);
		for (unsigned i = 0; i < count; i++) {
			uint32_t number = cursor_u32(&path);
			wide |= number > UINT16_MAX;
			buf_u16(to, number > UINT16_MAX ? ASN_TRANS : (uint16_t)number);
		}
	}
	if (to->length == start) { /* an empty path is still a path */
		buf_set_u16(to, start - 2, 0);
		return wide;
	}
	end_attribute(to, start);
	return wide;
}

/* AGGREGATOR in its short form; true when its AS did not fit. */
static bool
put_aggregator_2(struct buf *to, unsigned flags, struct cursor value)
{
	uint32_t number = cursor_u32(&value);
	size_t start = begin_attribute(to, flags, BGP_ATTR_AGGREGATOR);
	buf_u16(to, number > UINT16_MAX ? ASN_TRANS : (uint16_t)number);
	buf_u32(to, cursor_u32(&value));
	end_attribute(to, start);
	return number > UINT16_MAX;
}

struct rewrite {
	struct buf *to;
	struct asn hub_as;
	bool two_octet_as;
	struct cursor wide_path, wide_aggregator; /* to be told in AS4_* */
};

/* AS4_PATH and AS4_AGGREGATOR, once all attributes of lower type are written. */
static void
put_as4(struct rewrite *r)
{
	if (cursor_left(&r->wide_path)) {
		size_t start = begin_attribute(r->to, OPTIONAL | TRANSITIVE, BGP_ATTR_AS4_PATH);
		buf_put(r->to, r->wide_path.at, cursor_left(&r->wide_path));
		end_attribute(r->to, start);
	}
	if (cursor_left(&r->wide_aggregator)) {
		size_t start =
			begin_attribute(r->to, OPTIONAL | TRANSITIVE, BGP_ATTR_AS4_AGGREGATOR);
		buf_put(r->to, r->wide_aggregator.at, cursor_left(&r->wide_aggregator));
		end_attribute(r->to, start);
	}
	r->wide_path = r->wide_aggregator = cursor_of("", 0);
}

static void
rewrite_one(struct rewrite *r, unsigned flags, unsigned type, struct cursor value,
	    struct cursor whole)
{
	if (type > BGP_ATTR_AS4_AGGREGATOR)
		put_as4(r);
	if (type == BGP_ATTR_COMMUNITIES) {
		put_communities(r->to, flags, value, r->hub_as);
	} else if (type == BGP_ATTR_LARGE_COMMUNITIES) {
		put_large(r->to, flags, value, r->hub_as);
	} else if (r->two_octet_as && type == BGP_ATTR_AS_PATH) {
		if (put_as_path_2(r->to, value))
			r->wide_path = value;
	} else if (r->two_octet_as && type == BGP_ATTR_AGGREGATOR) {
		if (put_aggregator_2(r->to, flags, value))
			r->wide_aggregator = value;
	} else {
		buf_put(r->to, whole.at, cursor_left(&whole));
	}
}

void
rib_wire_attributes(struct buf *to, const struct rib_attrs *attrs, enum ip_family family,
		    struct asn hub_as, bool two_octet_as)
{
	struct cursor bytes = cursor_of(attrs->bytes, attrs->length);
	cursor_skip(&bytes, rib_attrs_next_hop_length(attrs, family));
	if (!two_octet_as && !(attrs->flags & RIB_ATTRS_SCRUB)) {
		buf_put(to, bytes.at, cursor_left(&bytes));
		return;
	}
	struct rewrite r = {
		.to = to,
		.hub_as = hub_as,
		.two_octet_as = two_octet_as,
		.wide_path = cursor_of("", 0),
		.wide_aggregator = cursor_of("", 0),
	};
	while (cursor_left(&bytes)) {
		const uint8_t *start = bytes.at;
		unsigned flags = cursor_u8(&bytes);
		unsigned type = cursor_u8(&bytes);
		size_t length = flags & EXTENDED ? cursor_u16(&bytes) : cursor_u8(&bytes);
		struct cursor value = cursor_sub(&bytes, length);
		rewrite_one(&r, flags, type, value, cursor_of(start, (size_t)(bytes.at - start)));
	}
	put_as4(&r);
}

static void
put_u16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static uint8_t *
put_octets(uint8_t *at, const void *octets, size_t length)
{
	memcpy(at, octets, length);
	return at + length;
}

void
rib_wire_begin(struct rib_wire_message *m, uint8_t *out, enum ip_family family,
	       const struct rib_attrs *attrs, struct cursor attributes)
{
	*m = (struct rib_wire_message){.start = out, .announce = attrs != NULL};
	memset(out, 0xff, 16);
	out[18] = UPDATE;
	put_u16(out + HEADER, 0);
	m->limit = out + RIB_WIRE_MESSAGE_MAX;
	uint8_t *at = out + HEADER + 2;
	if (family == IP_V4) {
		if (attrs) {
			at = put_octets(at + 2, attributes.at, cursor_left(&attributes));
			put_u16(out + HEADER + 2, cursor_left(&attributes));
		} else {
			m->limit -= 2; /* the length of attributes, which are none */
		}
		m->at = m->routes = at;
		return;
	}
	at += 2;
	m->mp = at;
	at[0] = OPTIONAL | EXTENDED;
	at[1] = attrs ? BGP_ATTR_MP_REACH : BGP_ATTR_MP_UNREACH;
	put_u16(at + 4, AFI_IPV6);
	at[6] = SAFI_UNICAST;
	at += 7;
	if (attrs) {
		size_t length = rib_attrs_next_hop_length(attrs, family);
		*at++ = (uint8_t)length;
		at = put_octets(at, attrs->bytes, length);
		*at++ = 0; /* reserved: RFC 4760 section 3 */
		m->attributes = attributes;
		m->limit -= cursor_left(&attributes);
	}
	m->at = m->routes = at;
}

bool
rib_wire_prefix(struct rib_wire_message *m, const uint8_t *key, unsigned length)
{
	size_t octets = (length + 7) / 8;
	if ((size_t)(m->limit - m->at) < octets + 1)
		return false;
	*m->at++ = (uint8_t)length;
	m->at = put_octets(m->at, key, octets);
	return true;
}

size_t
rib_wire_end(struct rib_wire_message *m)
{
	uint8_t *lengths = m->start + HEADER;
	if (m->mp && !m->announce && m->at == m->routes) {
		/* End-of-RIB in its usual form, with a length of one octet: some recognise it by
		 * size. */
		m->mp[0] = OPTIONAL;
		m->mp[2] = 3;
		memmove(m->mp + 3, m->mp + 4, 3);
		m->at--;
		put_u16(lengths + 2, (size_t)(m->at - lengths) - 4);
	} else if (m->mp) {
		put_u16(m->mp + 2, (size_t)(m->at - m->mp) - 4);
		if (m->announce)
			m->at = put_octets(m->at, m->attributes.at, cursor_left(&m->attributes));
		put_u16(lengths + 2, (size_t)(m->at - lengths) - 4);
	} else if (!m->announce) {
		put_u16(lengths, (size_t)(m->at - m->routes));
		put_u16(m->at, 0);
		m->at += 2;
	}
	size_t length = (size_t)(m->at - m->start);
	put_u16(m->start + 16, length);
	return length;
}
