/* The attributes of a set as members are sent them: what came in, less what was said to us alone.
 */
#include "exchange/rib/rib_wire.h"

#include "exchange/bgp/bgp_msg.h"
#include "exchange/policy/policy_community.h"

enum {
	/* header, two lengths, and the longest prefix */
	FIXED_V4 = BGP_HEADER + 4 + 5,
	/* the same with MP_REACH: head, AFI, SAFI, two next hops, reserved octet */
	FIXED_V6 = BGP_HEADER + 4 + 4 + 4 + 1 + 32 + 17,
};

bool
rib_wire_fits(enum ip_family family, size_t attributes)
{
	return attributes + (family == IP_V4 ? FIXED_V4 : FIXED_V6) <= BGP_MAX;
}

/* Communities that are passed on go to the front of `value`'s copy in `kept`. */
static void
keep_communities(struct buf *kept, unsigned type, struct cursor value, struct asn hub_as)
{
	buf_clear(kept);
	size_t size = type == BGP_ATTR_COMMUNITIES ? 4 : 12;
	while (cursor_left(&value) >= size) {
		struct cursor one = cursor_sub(&value, size);
		const uint8_t *octets = one.at;
		uint32_t head = cursor_u32(&one);
		if (size == 4 ? policy_community_is_ours(hub_as, head)
			      : policy_large_is_ours(hub_as, head))
			continue;
		buf_put(kept, octets, size);
	}
}

static void
scrub(struct buf *to, struct cursor bytes, struct asn hub_as)
{
	struct buf kept = {0};
	while (cursor_left(&bytes)) {
		const uint8_t *start = bytes.at;
		uint8_t flags = cursor_u8(&bytes), type = cursor_u8(&bytes);
		size_t length = flags & BGP_FLAG_EXTENDED ? cursor_u16(&bytes) : cursor_u8(&bytes);
		struct cursor value = cursor_sub(&bytes, length);
		if (type != BGP_ATTR_COMMUNITIES && type != BGP_ATTR_LARGE_COMMUNITIES) {
			buf_put(to, start, (size_t)(bytes.at - start));
			continue;
		}
		keep_communities(&kept, type, value, hub_as);
		if (kept.length)
			bgp_attr_put(to, flags, type, cursor_of(kept.data, kept.length));
		to->failed |= kept.failed;
	}
	buf_fini(&kept);
}

void
rib_wire_route(struct bgp_route_attrs *route, struct buf *to, const struct rib_attrs *attrs,
	       struct asn hub_as)
{
	struct cursor bytes = cursor_of(attrs->bytes, attrs->length);
	*route = (struct bgp_route_attrs){0};
	if (attrs->flags & RIB_ATTRS_HOP_V6) {
		route->next_hop = ip_v6(cursor_take(&bytes, 16));
		if (attrs->flags & RIB_ATTRS_LINK_LOCAL)
			route->link_local = ip_v6(cursor_take(&bytes, 16));
	}
	if (attrs->flags & RIB_ATTRS_SCRUB) {
		size_t start = to->length;
		scrub(to, bytes, hub_as);
		route->attrs = to->data + start;
		route->length = to->length - start;
	} else {
		route->attrs = bytes.at;
		route->length = cursor_left(&bytes);
	}
}
