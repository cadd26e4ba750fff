/* SR policies in an UPDATE that is being read (RFC 9830 sections 2.1, 4.2.1 and 5).
 *
 *	discard		a key whose length is not that of its family: nobody can tell which is meant
 *	withdraw	no sound tunnel encapsulation, or nobody whom it is for
 *	the family	a key that does not end within the list (RFC 7606 section 2) */
#include <string.h>

#include "exchange/bgp/bgp_reader.h"
#include "exchange/bgp/bgp_tunnel.h"

enum { AFI_IPV4 = 1, AFI_IPV6 = 2, EXT_IPV4 = 0x01, EXT_TARGET = 0x02 };
#define NO_ADVERTISE UINT32_C(0xffffff02)

enum ip_family
bgp_sr_family(const struct bgp_reader *r, uint16_t afi, uint8_t safi)
{
	if (safi != SAFI_SR_POLICY)
		return IP_NONE;
	if (afi == AFI_IPV4 && r->peer->sr_ipv4)
		return IP_V4;
	return afi == AFI_IPV6 && r->peer->sr_ipv6 ? IP_V6 : IP_NONE;
}

/* Takes the list if there is a sound key in it. False: it has no end. */
static bool
take(struct bgp_reader *r, uint8_t type, enum ip_family family, struct cursor keys,
     struct bgp_sr *out)
{
	struct bgp_sr list = {family, keys}, walk = list;
	struct sr_key key;
	unsigned sound = 0, left_out = 0;
	while (bgp_sr_next(&key, &walk, &left_out))
		sound++;
	if (keys.failed || walk.keys.failed) {
		*(family == IP_V4 ? &r->out->sr_lost_ipv4 : &r->out->sr_lost_ipv6) = true;
		bgp_reader_discard(r, type, BGP_REASON_SR_LIST);
		return false;
	}
	if (left_out)
		bgp_reader_discard(r, type, BGP_REASON_SR_KEY);
	if (sound)
		*out = list;
	return true;
}

void
bgp_sr_read_reach(struct bgp_reader *r, enum ip_family family, struct cursor value)
{
	cursor_skip(&value,
		    cursor_u8(&value)); /* the next hop means nothing to who has no use for it */
	cursor_skip(&value, 1);         /* reserved */
	(void)take(r, BGP_ATTR_MP_REACH, family, value, &r->out->sr_announced);
	r->sr_reach = true;
}

void
bgp_sr_read_unreach(struct bgp_reader *r, enum ip_family family, struct cursor value)
{
	bool empty = !value.failed && !cursor_left(&value);
	if (!take(r, BGP_ATTR_MP_UNREACH, family, value, &r->out->sr_withdrawn[0]) || !empty)
		return;
	r->out->end_of_rib = family; /* if nothing else is in the message */
	r->out->end_of_sr = true;
}

static bool
has_no_advertise(struct cursor communities)
{
	while (cursor_left(&communities))
		if (cursor_u32(&communities) == NO_ADVERTISE)
			return true;
	return false;
}

static bool
has_target(struct cursor extended)
{
	while (cursor_left(&extended)) {
		uint8_t type = cursor_u8(&extended), subtype = cursor_u8(&extended);
		cursor_skip(&extended, 6);
		if ((type & 0x3f) == EXT_IPV4 && subtype == EXT_TARGET)
			return true;
	}
	return false;
}

void
bgp_sr_judge(struct bgp_reader *r)
{
	struct bgp_scratch *s = r->scratch;
	const struct bgp_attrs *attrs = &r->out->attrs;
	struct cursor tunnel = cursor_of(NULL, 0);
	if (bgp_types_have(s->others, BGP_ATTR_TUNNEL))
		tunnel = cursor_of(s->other[BGP_ATTR_TUNNEL].value,
				   s->other[BGP_ATTR_TUNNEL].length);
	memset(&s->sr_policy.key, 0, sizeof(s->sr_policy.key));
	if (bgp_tunnel_read(&s->sr_policy, tunnel) != BGP_TUNNEL_SOUND)
		bgp_reader_withdraw(r, BGP_ATTR_TUNNEL, BGP_REASON_SR_POLICY);
	if (!has_no_advertise(attrs->communities) && !has_target(attrs->ext_communities))
		bgp_reader_withdraw(r, 0, BGP_REASON_SR_AUDIENCE);
}
