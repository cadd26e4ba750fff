/* Traffic filtering actions. */
#include "exchange/flowspec/flowspec_action.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "hub/hub.h"

/* Types and subtypes of extended communities: RFC 8955 section 7, RFC 8956 section 6. */
enum {
	TYPE_EXPERIMENTAL = 0x80, /* with 2-octet AS numbers, and where there are none */
	TYPE_EXPERIMENTAL_IPV4 = 0x81,
	TYPE_EXPERIMENTAL_AS4 = 0x82,
	RATE_OCTETS = 0x06,
	TRAFFIC_ACTION = 0x07,
	REDIRECT = 0x08,
	MARKING = 0x09,
	RATE_PACKETS = 0x0c,
	GOES_ON = 0x01,
	SAMPLE = 0x02,
	DSCP = 0x3f,
	/* Redirection to a next hop, as drafts and routers have it: transitive and not. */
	TYPE_INTERFACES = 0x07,
	TYPE_FLOW = 0x08,
	TYPE_FLOW_IPV4 = 0x01,
	REDIRECT_NEXT_HOP = 0x00,
	REDIRECT_IP = 0x0c,
	REDIRECT_IPV6 = 0x0d,     /* of 20 octets: RFC 8956 section 6.1 */
	REDIRECT_IPV6_OLD = 0x0b, /* the same, of routers before it */
};

static uint32_t
kind(enum hub_flow_action action)
{
	return UINT32_C(1) << action;
}

static void
take_rate(struct flowspec_actions *out, bool packets, struct cursor value)
{
	cursor_skip(&value, 2); /* an AS number, for information only */
	uint32_t bits = cursor_u32(&value);
	float rate;
	static_assert(sizeof(rate) == sizeof(bits), "IEEE 754 single precision");
	memcpy(&rate, &bits, sizeof(rate));
	if (isnan(rate) || (isinf(rate) && rate > 0)) {
		out->contradictory = true;
		return;
	}
	double found = rate > 0 ? (double)rate : 0; /* section 7.1: less than nothing is nothing */
	bool *has = packets ? &out->has_packets : &out->has_octets;
	double *kept = packets ? &out->packets_per_s : &out->octets_per_s;
	if (*has && *kept != found)
		out->contradictory = true;
	*has = true;
	*kept = found;
	out->kinds |= found == 0 ? kind(HUB_FLOW_DROP)
		      : packets  ? kind(HUB_FLOW_LIMIT_PACKETS)
				 : kind(HUB_FLOW_LIMIT);
}

static void
take_mark(struct flowspec_actions *out, struct cursor value)
{
	cursor_skip(&value, 5);
	uint8_t dscp = cursor_u8(&value) & DSCP;
	if (out->kinds & kind(HUB_FLOW_MARK) && out->dscp != dscp)
		out->contradictory = true;
	out->kinds |= kind(HUB_FLOW_MARK);
	out->dscp = dscp;
}

static void
take_traffic_action(struct flowspec_actions *out, struct cursor value)
{
	cursor_skip(&value, 5);
	uint8_t bits = cursor_u8(&value);
	out->goes_on |= (bits & GOES_ON) != 0;
	if (bits & SAMPLE)
		out->kinds |= kind(HUB_FLOW_SAMPLE);
}

/* One of eight octets. */
static void
take(struct flowspec_actions *out, uint8_t type, uint8_t subtype, struct cursor value)
{
	bool experimental = type >= TYPE_EXPERIMENTAL && type <= TYPE_EXPERIMENTAL_AS4;
	bool next_hop = (type == TYPE_FLOW && subtype == REDIRECT_NEXT_HOP) ||
			(type == TYPE_FLOW_IPV4 && subtype == REDIRECT_IP);
	if (next_hop || (experimental && subtype == REDIRECT))
		out->kinds |= kind(HUB_FLOW_REDIRECT);
	else if (type == TYPE_EXPERIMENTAL && (subtype == RATE_OCTETS || subtype == RATE_PACKETS))
		take_rate(out, subtype == RATE_PACKETS, value);
	else if (type == TYPE_EXPERIMENTAL && subtype == TRAFFIC_ACTION)
		take_traffic_action(out, value);
	else if (type == TYPE_EXPERIMENTAL && subtype == MARKING)
		take_mark(out, value);
	else if (experimental || type == TYPE_FLOW || type == TYPE_INTERFACES)
		out->unknown = true;
}

/* IPv6 address specific ones (RFC 5701) are passed on whole, among other attributes. */
static void
take_ipv6(struct flowspec_actions *out, struct cursor others)
{
	while (cursor_left(&others)) {
		uint8_t flags = cursor_u8(&others), attribute = cursor_u8(&others);
		struct cursor list =
			cursor_sub(&others, flags & BGP_FLAG_EXTENDED ? cursor_u16(&others)
								      : cursor_u8(&others));
		while (attribute == BGP_ATTR_IPV6_EXT_COMMUNITIES && cursor_left(&list) >= 20) {
			struct cursor one = cursor_sub(&list, 20);
			cursor_skip(&one, 1);
			uint8_t subtype = cursor_u8(&one);
			if (subtype == REDIRECT_IPV6 || subtype == REDIRECT_IP ||
			    subtype == REDIRECT_IPV6_OLD)
				out->kinds |= kind(HUB_FLOW_REDIRECT);
		}
	}
}

void
flowspec_actions_read(struct flowspec_actions *out, const struct bgp_attrs *attrs)
{
	struct cursor list = attrs->ext_communities;
	*out = (struct flowspec_actions){0};
	while (cursor_left(&list) >= 8) {
		struct cursor one = cursor_sub(&list, 8);
		uint8_t type = cursor_u8(&one), subtype = cursor_u8(&one);
		take(out, type, subtype, one);
	}
	take_ipv6(out, attrs->others);
	if (!out->kinds) /* section 7: without any, traffic goes its way, and no later rule holds */
		out->kinds = kind(HUB_FLOW_ACCEPT);
}

static void
add(struct buf *to, bool *first, const char *text)
{
	buf_printf(to, "%s%s", *first ? "" : ", ", text);
	*first = false;
}

void
flowspec_actions_text(struct buf *to, const struct flowspec_actions *actions)
{
	bool first = true;
	if (actions->kinds & kind(HUB_FLOW_ACCEPT))
		add(to, &first, "accept");
	if (actions->kinds & kind(HUB_FLOW_DROP))
		add(to, &first, "drop");
	if (actions->kinds & kind(HUB_FLOW_LIMIT)) {
		add(to, &first, "limit to ");
		buf_printf(to, "%.0f octets/s", actions->octets_per_s);
	}
	if (actions->kinds & kind(HUB_FLOW_LIMIT_PACKETS)) {
		add(to, &first, "limit to ");
		buf_printf(to, "%.0f packets/s", actions->packets_per_s);
	}
	if (actions->kinds & kind(HUB_FLOW_SAMPLE))
		add(to, &first, "sample");
	if (actions->kinds & kind(HUB_FLOW_MARK)) {
		add(to, &first, "mark with ");
		buf_printf(to, "DSCP %u", actions->dscp);
	}
	if (actions->kinds & kind(HUB_FLOW_REDIRECT))
		add(to, &first, "redirect");
	if (actions->goes_on)
		add(to, &first, "and go on to later rules");
}

void
flowspec_actions_json(struct json *j, const struct flowspec_actions *actions)
{
	json_object(j, "action");
	json_bool(j, "drop", actions->kinds & kind(HUB_FLOW_DROP));
	if (actions->kinds & kind(HUB_FLOW_LIMIT))
		json_double(j, "octets_per_s", actions->octets_per_s);
	if (actions->kinds & kind(HUB_FLOW_LIMIT_PACKETS))
		json_double(j, "packets_per_s", actions->packets_per_s);
	if (actions->kinds & kind(HUB_FLOW_MARK))
		json_u64(j, "dscp", actions->dscp);
	json_bool(j, "sample", actions->kinds & kind(HUB_FLOW_SAMPLE));
	json_bool(j, "redirect", actions->kinds & kind(HUB_FLOW_REDIRECT));
	json_bool(j, "continue", actions->goes_on);
	json_object_end(j);
}
