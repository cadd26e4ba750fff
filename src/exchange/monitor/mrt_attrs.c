/* Path attributes in an archive. Only what must be so for the octets to make sense is asked for: lengths,
 * and the frame of a path. Of two attributes of a type the first counts (RFC 7606 section 3 g). */
#include "exchange/monitor/mrt_attrs.h"

#include <string.h>

#include "exchange/bgp/bgp_as_path.h"
#include "exchange/bgp/bgp_reader.h"

enum { AFI_IPV4 = 1, AFI_IPV6 = 2, SAFI_UNICAST = 1, SAFI_MULTICAST = 2 };

/* While a list is walked. */
struct walk {
	struct mrt_attr_list *out;
	struct mrt_attr_form form;
	struct cursor path;  /* AS_PATH */
	struct cursor path4; /* AS4_PATH */
	bool as_trans;       /* AGGREGATOR is from AS_TRANS: AS4_AGGREGATOR counts */
	bool has_aggregator4;
	struct asn aggregator4_as;
	struct ip aggregator4;
};

static struct ip
read_ip(struct cursor *c, enum ip_family family)
{
	struct ip ip = {.family = (uint8_t)family};
	cursor_copy(c, ip.octets, ip_bits(family) / 8);
	return ip;
}

/* Family and kind at the head of MP_REACH and MP_UNREACH. */
static void
read_family(struct mrt_mp *out, struct cursor *value)
{
	unsigned afi = cursor_u16(value), safi = cursor_u8(value);
	out->multicast = safi == SAFI_MULTICAST;
	if (safi == SAFI_UNICAST || safi == SAFI_MULTICAST)
		out->family = afi == AFI_IPV4 ? IP_V4 : afi == AFI_IPV6 ? IP_V6 : IP_NONE;
	out->foreign = out->family == IP_NONE;
}

static struct ip
next_hop_of(struct cursor field)
{
	size_t length = cursor_left(&field);
	return read_ip(&field, length == 4 ? IP_V4 : length >= 16 ? IP_V6 : IP_NONE);
}

/* In a table only the next hop stands here (RFC 6396 section 4.3.4), but old collectors wrote all of it: then
 * the first octet, of the family, is 0, which no next hop's length is. */
static bool
read_reach(struct walk *w, struct cursor value)
{
	bool abbreviated = w->form.abbreviated && cursor_left(&value) && value.at[0] != 0;
	if (abbreviated) {
		w->out->attrs.mp_next_hop = next_hop_of(cursor_sub(&value, cursor_u8(&value)));
		return !value.failed;
	}
	struct mrt_mp *reach = &w->out->reach;
	read_family(reach, &value);
	w->out->attrs.mp_next_hop = next_hop_of(cursor_sub(&value, cursor_u8(&value)));
	cursor_skip(&value, 1);
	reach->prefixes = value;
	return !value.failed;
}

static bool
read_unreach(struct walk *w, struct cursor value)
{
	struct mrt_mp *unreach = &w->out->unreach;
	read_family(unreach, &value);
	unreach->prefixes = value;
	return !value.failed;
}

/* An AGGREGATOR of a 2-octet speaker may stand among 4-octet ones, and the other way: its own length tells. */
static bool
read_aggregator(struct walk *w, struct cursor value)
{
	bool as4 = cursor_left(&value) == 8;
	if (!as4 && cursor_left(&value) != 6)
		return false;
	w->out->attrs.aggregator_as.number = as4 ? cursor_u32(&value) : cursor_u16(&value);
	w->out->attrs.aggregator = read_ip(&value, IP_V4);
	w->as_trans = !as4 && w->out->attrs.aggregator_as.number == ASN_TRANS;
	return true;
}

static bool
read_aggregator4(struct walk *w, struct cursor value)
{
	if (cursor_left(&value) != 8)
		return false;
	w->aggregator4_as.number = cursor_u32(&value);
	w->aggregator4 = read_ip(&value, IP_V4);
	w->has_aggregator4 = true;
	return true;
}

static bool
read_u32(uint32_t *out, struct cursor value)
{
	if (cursor_left(&value) != 4)
		return false;
	*out = cursor_u32(&value);
	return true;
}

static bool
read_list(struct cursor *out, struct cursor value, size_t each)
{
	*out = value;
	return cursor_left(&value) % each == 0;
}

/* False: it has no length that its kind can have. */
static bool
read_one(struct walk *w, uint8_t type, struct cursor value)
{
	struct mrt_attrs *attrs = &w->out->attrs;
	switch (type) {
	case BGP_ATTR_ORIGIN:
		attrs->origin = cursor_u8(&value);
		return !value.failed;
	case BGP_ATTR_AS_PATH:
		w->path = value;
		return true;
	case BGP_ATTR_NEXT_HOP:
		attrs->next_hop = read_ip(&value, IP_V4);
		return !value.failed;
	case BGP_ATTR_MED:
		return read_u32(&attrs->med, value);
	case BGP_ATTR_LOCAL_PREF:
		return read_u32(&attrs->local_pref, value);
	case BGP_ATTR_AGGREGATOR:
		return read_aggregator(w, value);
	case BGP_ATTR_COMMUNITIES:
		return read_list(&attrs->communities, value, 4);
	case BGP_ATTR_MP_REACH:
		return read_reach(w, value);
	case BGP_ATTR_MP_UNREACH:
		return read_unreach(w, value);
	case BGP_ATTR_EXT_COMMUNITIES:
		return read_list(&attrs->ext_communities, value, 8);
	case BGP_ATTR_AS4_PATH:
		w->path4 = value;
		return true;
	case BGP_ATTR_AS4_AGGREGATOR:
		return read_aggregator4(w, value);
	case BGP_ATTR_LARGE_COMMUNITIES:
		return read_list(&attrs->large_communities, value, 12);
	case BGP_ATTR_OTC:
		return read_u32(&attrs->otc.number, value);
	default:
		return true;
	}
}

/* The frame of a path, and where it ends. Unlike a session's reader this one lets AS 0 and confederations
 * pass. */
static bool
path_sound(struct cursor path, unsigned as_octets, unsigned *hops, struct asn *origin)
{
	*hops = 0;
	origin->number = 0;
	while (cursor_left(&path)) {
		uint8_t type = cursor_u8(&path);
		unsigned count = cursor_u8(&path);
		struct cursor numbers = cursor_sub(&path, (size_t)count * as_octets);
		if (numbers.failed || !count || type < BGP_AS_SET || type > BGP_AS_CONFED_SET)
			return false;
		bool sequence = type == BGP_AS_SEQUENCE;
		cursor_skip(&numbers, (size_t)(count - 1) * as_octets);
		uint32_t last = as_octets == 4 ? cursor_u32(&numbers) : cursor_u16(&numbers);
		origin->number = sequence ? last : 0;
		*hops += sequence ? count : type == BGP_AS_SET;
	}
	return !path.failed;
}

/* The path with 4-octet numbers; AS4_PATH is believed as RFC 6793 section 4.2.3 says. */
static enum mrt_verdict
settle_path(struct walk *w)
{
	struct mrt_attrs *attrs = &w->out->attrs;
	unsigned hops, hops4;
	struct asn ignored;
	if (!path_sound(w->path, w->form.as4 ? 4 : 2, &hops, &attrs->origin_as))
		return MRT_BAD_PATH;
	attrs->as_path = w->path;
	if (w->form.as4)
		return MRT_TAKEN;
	bool believed = cursor_left(&w->path4) && path_sound(w->path4, 4, &hops4, &ignored) &&
			hops4 <= hops;
	struct cursor path4 = believed ? w->path4 : cursor_of(NULL, 0);
	size_t length = bgp_as_path_merge(w->out->path, sizeof(w->out->path), w->path, path4);
	if (!length && cursor_left(&w->path))
		return MRT_BAD_PATH;
	attrs->as_path = cursor_of(w->out->path, length);
	(void)path_sound(attrs->as_path, 4, &hops, &attrs->origin_as);
	return MRT_TAKEN;
}

enum mrt_verdict
mrt_attrs_read(struct mrt_attr_list *out, struct cursor list, struct mrt_attr_form form)
{
	struct walk w = {.out = out, .form = form};
	struct bgp_attribute a;
	memset(&out->attrs, 0, sizeof(out->attrs));
	out->attrs.octets = list;
	out->reach = out->unreach = (struct mrt_mp){0};
	while (cursor_left(&list)) {
		if (bgp_attribute_take(&a, &list) != BGP_REASON_NONE)
			return MRT_BAD_ATTRIBUTE;
		if (!bgp_types_add(out->attrs.types, a.type) && !read_one(&w, a.type, a.value))
			return MRT_BAD_ATTRIBUTE;
	}
	if (w.as_trans && w.has_aggregator4) {
		out->attrs.aggregator_as = w.aggregator4_as;
		out->attrs.aggregator = w.aggregator4;
	}
	return settle_path(&w);
}
