/* Lists of rules about traffic.
 *
 *	header | 0 | attributes' length | MP_REACH (no next hop, rules) or MP_UNREACH (rules) | attributes */
#include "exchange/bgp/bgp_flow.h"

#include <assert.h>

#include "exchange/bgp/bgp_attrs.h"

enum {
	AFI_IPV4 = 1,
	AFI_IPV6 = 2,
	SAFI_FLOW = 133,
	LONG_LENGTH = 0xf0,     /* of the first octet: the length goes on in the next one */
	FRAME = BGP_HEADER + 4, /* header and the two length fields */
	MP_HEAD = 4,            /* flags, type, extended length */
	FAMILY = 3,
	NO_NEXT_HOP = 2, /* its length, and a reserved octet */
};

bool
bgp_flow_next(struct cursor *rule, struct cursor *list)
{
	if (!cursor_left(list))
		return false;
	size_t length = cursor_u8(list);
	if (length >= LONG_LENGTH) /* RFC 8955 section 4.1 */
		length = (length & 0x0f) << 8 | cursor_u8(list);
	*rule = cursor_sub(list, length);
	return !list->failed;
}

bool
bgp_flow_sound(struct cursor list)
{
	struct cursor rule;
	while (bgp_flow_next(&rule, &list))
		continue;
	return !list.failed;
}

static void
put_family(struct buf *to, enum ip_family family)
{
	buf_u16(to, family == IP_V4 ? AFI_IPV4 : AFI_IPV6);
	buf_u8(to, SAFI_FLOW);
}

static void
put_header(struct buf *to, uint8_t type)
{
	buf_u64(to, UINT64_MAX);
	buf_u64(to, UINT64_MAX);
	buf_u16(to, 0);
	buf_u8(to, type);
}

void
bgp_flow_begin(struct bgp_flow_writer *w, struct buf *to, enum ip_family family,
	       struct cursor attrs, uint16_t max)
{
	bool announce = cursor_left(&attrs);
	*w = (struct bgp_flow_writer){.to = to, .attrs = attrs, .start = to->length};
	put_header(to, BGP_UPDATE);
	buf_u16(to, 0);
	buf_u16(to, 0);
	buf_u8(to, BGP_FLAG_OPTIONAL | BGP_FLAG_EXTENDED);
	buf_u8(to, announce ? BGP_ATTR_MP_REACH : BGP_ATTR_MP_UNREACH);
	buf_u16(to, 0);
	put_family(to, family);
	if (announce)
		buf_u16(to, 0); /* no next hop, reserved */
	size_t used = FRAME + MP_HEAD + FAMILY + (announce ? NO_NEXT_HOP : 0) + cursor_left(&attrs);
	assert(used <= max);
	w->room = max - used;
}

bool
bgp_flow_add(struct bgp_flow_writer *w, struct cursor rule)
{
	if (cursor_left(&rule) > w->room)
		return false;
	w->room -= cursor_left(&rule);
	buf_put(w->to, rule.at, cursor_left(&rule));
	return true;
}

void
bgp_flow_end(struct bgp_flow_writer *w)
{
	struct buf *to = w->to;
	size_t head = w->start + FRAME;
	if (to->failed)
		return;
	buf_set_u16(to, head + 2, (uint16_t)(to->length - head - MP_HEAD));
	buf_put(to, w->attrs.at, cursor_left(&w->attrs));
	if (to->failed)
		return;
	buf_set_u16(to, head - 2, (uint16_t)(to->length - head));
	buf_set_u16(to, w->start + 16, (uint16_t)(to->length - w->start));
}

void
bgp_flow_end_of_rib_write(struct buf *to, enum ip_family family)
{
	struct bgp_flow_writer w;
	bgp_flow_begin(&w, to, family, cursor_of(NULL, 0), BGP_MAX);
	bgp_flow_end(&w);
}

void
bgp_flow_refresh_write(struct buf *to, enum ip_family family, enum bgp_refresh_kind kind)
{
	size_t start = to->length;
	assert(kind <= BGP_REFRESH_END);
	put_header(to, BGP_REFRESH);
	buf_u16(to, family == IP_V4 ? AFI_IPV4 : AFI_IPV6);
	buf_u8(to, (uint8_t)kind);
	buf_u8(to, SAFI_FLOW);
	if (!to->failed)
		buf_set_u16(to, start + 16, (uint16_t)(to->length - start));
}
