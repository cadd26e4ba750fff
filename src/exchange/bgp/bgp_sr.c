/* SR policies in UPDATEs (RFC 9830 sections 2.1 to 2.3 and 4.1).
 *
 *	key: length in bits (96 or 192) | distinguisher | color | endpoint */
#include "exchange/bgp/bgp_sr.h"

#include <assert.h>
#include <string.h>

#include "exchange/bgp/bgp_attrs.h"

enum {
	AFI_IPV4 = 1,
	AFI_IPV6 = 2,
	AS_SEQUENCE = 2,
	LOCAL_PREFERENCE = 100,
	EXT_IPV4 = 0x01, /* RFC 4360: transitive, of an IPv4 address */
	EXT_TARGET = 0x02,
};
#define NO_ADVERTISE UINT32_C(0xffffff02)

bool
bgp_sr_next(struct sr_key *key, struct bgp_sr *list, unsigned *left_out)
{
	unsigned bits = ip_bits(list->family);
	while (cursor_left(&list->keys)) {
		unsigned length = cursor_u8(&list->keys);
		struct cursor one = cursor_sub(&list->keys, (length + 7) / 8);
		if (list->keys.failed)
			return false;
		if (length != 64 + bits) {
			if (left_out)
				++*left_out;
			continue;
		}
		key->distinguisher = cursor_u32(&one);
		key->color = cursor_u32(&one);
		key->endpoint = (struct ip){.family = (uint8_t)list->family};
		cursor_copy(&one, key->endpoint.octets, bits / 8);
		return true;
	}
	return false;
}

/* --- writing --- */

static void
put_header(struct buf *to, uint8_t type)
{
	buf_u64(to, UINT64_MAX);
	buf_u64(to, UINT64_MAX);
	buf_u16(to, 0);
	buf_u8(to, type);
}

static void
end_message(struct buf *to, size_t start)
{
	if (!to->failed)
		buf_set_u16(to, start + 16, (uint16_t)(to->length - start));
}

static void
put_family(struct buf *to, enum ip_family family)
{
	buf_u16(to, family == IP_V4 ? AFI_IPV4 : AFI_IPV6);
	buf_u8(to, SAFI_SR_POLICY);
}

static void
put_key(struct buf *to, const struct sr_key *key)
{
	unsigned bits = ip_bits((enum ip_family)key->endpoint.family);
	buf_u8(to, (uint8_t)(64 + bits));
	buf_u32(to, key->distinguisher);
	buf_u32(to, key->color);
	buf_put(to, key->endpoint.octets, bits / 8);
}

/* An attribute whose value is what `value` holds, which is emptied. */
static void
put_attr(struct buf *to, uint8_t flags, uint8_t type, struct buf *value)
{
	to->failed |= value->failed;
	bgp_attr_put(to, flags, type, cursor_of(value->data, value->length));
	buf_clear(value);
}

static void
put_reach(struct buf *to, const struct sr_key *key, const struct bgp_sr_way *way, struct buf *value)
{
	unsigned octets = ip_bits((enum ip_family)way->next_hop.family) / 8;
	put_family(value, (enum ip_family)key->endpoint.family);
	buf_u8(value, (uint8_t)octets);
	buf_put(value, way->next_hop.octets, octets);
	buf_u8(value, 0);
	put_key(value, key);
	put_attr(to, BGP_FLAG_OPTIONAL, BGP_ATTR_MP_REACH, value);
}

static void
put_path(struct buf *to, const struct bgp_sr_way *way, struct buf *value)
{
	buf_u8(value, BGP_ORIGIN_IGP);
	put_attr(to, BGP_FLAG_TRANSITIVE, BGP_ATTR_ORIGIN, value);
	if (way->origin.number) {
		buf_u8(value, AS_SEQUENCE);
		buf_u8(value, 1);
		buf_u32(value, way->origin.number);
	}
	put_attr(to, BGP_FLAG_TRANSITIVE, BGP_ATTR_AS_PATH, value);
	if (way->origin.number)
		return;
	buf_u32(value, LOCAL_PREFERENCE);
	put_attr(to, BGP_FLAG_TRANSITIVE, BGP_ATTR_LOCAL_PREF, value);
}

/* RFC 9830 section 4.2.1: one of the two must be there. */
static void
put_audience(struct buf *to, const struct bgp_sr_way *way, struct buf *value)
{
	const uint8_t flags = BGP_FLAG_OPTIONAL | BGP_FLAG_TRANSITIVE;
	if (way->headend.family != IP_V4) {
		buf_u32(value, NO_ADVERTISE);
		put_attr(to, flags, BGP_ATTR_COMMUNITIES, value);
		return;
	}
	buf_u8(value, EXT_IPV4);
	buf_u8(value, EXT_TARGET);
	buf_put(value, way->headend.octets, 4);
	buf_u16(value, 0);
	put_attr(to, flags, BGP_ATTR_EXT_COMMUNITIES, value);
}

int
bgp_sr_announce_write(struct buf *to, const struct sr_key *key, struct cursor tunnel,
		      const struct bgp_sr_way *way, uint16_t max)
{
	size_t start = to->length;
	struct buf value = {0};
	put_header(to, BGP_UPDATE);
	buf_u16(to, 0);
	buf_u16(to, 0);
	size_t list = to->length;
	put_reach(to, key, way, &value); /* first: RFC 7606 section 5.1 */
	put_path(to, way, &value);
	put_audience(to, way, &value);
	bgp_attr_put(to, BGP_FLAG_OPTIONAL | BGP_FLAG_TRANSITIVE, BGP_ATTR_TUNNEL, tunnel);
	buf_fini(&value);
	if (!to->failed && to->length - start > max) {
		to->length = start;
		return -1;
	}
	if (!to->failed)
		buf_set_u16(to, list - 2, (uint16_t)(to->length - list));
	end_message(to, start);
	return 0;
}

/* An UPDATE with MP_UNREACH alone; without a key it is End-of-RIB. */
static void
put_unreach(struct buf *to, enum ip_family family, const struct sr_key *key)
{
	size_t start = to->length;
	struct buf value = {0};
	put_header(to, BGP_UPDATE);
	buf_u16(to, 0);
	buf_u16(to, 0);
	size_t list = to->length;
	put_family(&value, family);
	if (key)
		put_key(&value, key);
	put_attr(to, BGP_FLAG_OPTIONAL, BGP_ATTR_MP_UNREACH, &value);
	buf_fini(&value);
	if (!to->failed)
		buf_set_u16(to, list - 2, (uint16_t)(to->length - list));
	end_message(to, start);
}

void
bgp_sr_withdraw_write(struct buf *to, const struct sr_key *key)
{
	put_unreach(to, (enum ip_family)key->endpoint.family, key);
}

void
bgp_sr_end_of_rib_write(struct buf *to, enum ip_family family)
{
	put_unreach(to, family, NULL);
}

void
bgp_sr_refresh_write(struct buf *to, enum ip_family family, enum bgp_refresh_kind kind)
{
	size_t start = to->length;
	assert(kind <= BGP_REFRESH_END);
	put_header(to, BGP_REFRESH);
	buf_u16(to, family == IP_V4 ? AFI_IPV4 : AFI_IPV6);
	buf_u8(to, (uint8_t)kind);
	buf_u8(to, SAFI_SR_POLICY);
	end_message(to, start);
}
