/* Looking ahead into messages. */
#include "exchange/bgp/bgp_ahead.h"

#include <string.h>

#include "exchange/bgp/bgp_attrs.h"
#include "exchange/bgp/bgp_msg.h"

enum { MARKER = 16, EXTENDED_LENGTH = 0x10, AFI_IPV4 = 1, AFI_IPV6 = 2, SAFI_UNICAST = 1 };

struct bgp_ahead
bgp_ahead_of(struct cursor messages, const bool add_path[2])
{
	return (struct bgp_ahead){.add_path = {add_path[0], add_path[1]}, .messages = messages};
}

/* Lists are kept from the last to the first. */
static void
add_list(struct bgp_ahead *ahead, enum ip_family family, struct cursor prefixes)
{
	const unsigned most = sizeof(ahead->lists) / sizeof(ahead->lists[0]);
	bool add_path = ahead->add_path[family == IP_V6];
	if (prefixes.failed || !cursor_left(&prefixes) || ahead->list_count == most ||
	    !bgp_nlri_sound(prefixes, family, add_path))
		return;
	ahead->lists[ahead->list_count++] =
		(struct bgp_nlri){.family = family, .add_path = add_path, .prefixes = prefixes};
}

/* The value of MP_REACH or MP_UNREACH. */
static void
add_multiprotocol(struct bgp_ahead *ahead, bool reach, struct cursor value)
{
	unsigned afi = cursor_u16(&value), safi = cursor_u8(&value);
	if (reach)
		cursor_skip(&value, cursor_u8(&value) + 1u); /* the next hop, a reserved octet */
	if (safi == SAFI_UNICAST && (afi == AFI_IPV4 || afi == AFI_IPV6))
		add_list(ahead, afi == AFI_IPV4 ? IP_V4 : IP_V6, value);
}

static void
add_update(struct bgp_ahead *ahead, struct cursor body)
{
	struct cursor withdrawn = cursor_sub(&body, cursor_u16(&body));
	struct cursor attrs = cursor_sub(&body, cursor_u16(&body));
	add_list(ahead, IP_V4, body);
	while (cursor_left(&attrs)) {
		unsigned flags = cursor_u8(&attrs), type = cursor_u8(&attrs);
		size_t length = flags & EXTENDED_LENGTH ? cursor_u16(&attrs) : cursor_u8(&attrs);
		struct cursor value = cursor_sub(&attrs, length);
		if (type == BGP_ATTR_MP_REACH || type == BGP_ATTR_MP_UNREACH)
			add_multiprotocol(ahead, type == BGP_ATTR_MP_REACH, value);
	}
	add_list(ahead, IP_V4, withdrawn);
}

/* Takes the next message. False: there is none as a whole. */
static bool
next_message(struct bgp_ahead *ahead)
{
	cursor_skip(&ahead->messages, MARKER);
	unsigned length = cursor_u16(&ahead->messages), type = cursor_u8(&ahead->messages);
	struct cursor body =
		cursor_sub(&ahead->messages, length < BGP_HEADER ? SIZE_MAX : length - BGP_HEADER);
	if (ahead->messages.failed)
		return false;
	if (type == BGP_UPDATE)
		add_update(ahead, body);
	return true;
}

bool
bgp_ahead_next(struct bgp_ahead *ahead, struct prefix *out)
{
	for (;;) {
		while (ahead->list_count) {
			if (bgp_nlri_next(&ahead->lists[ahead->list_count - 1], out, NULL))
				return true;
			ahead->list_count--;
		}
		if (!cursor_left(&ahead->messages) || !next_message(ahead))
			return false;
	}
}
