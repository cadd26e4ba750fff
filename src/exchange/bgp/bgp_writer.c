/* Writing UPDATEs: a message is opened with its attributes, filled with prefixes and closed by
 * setting its length fields.
 *
 *	classic		header | 0 | attributes' length | attributes | prefixes
 *	MP_REACH	header | 0 | attributes' length | MP_REACH (next hop, prefixes) | attributes
 *	withdrawn	header | prefixes' length | prefixes | 0
 *	MP_UNREACH	header | 0 | attributes' length | MP_UNREACH (prefixes) */
#include "exchange/bgp/bgp_writer.h"

#include <assert.h>

#include "exchange/bgp/bgp_as_path.h"
#include "exchange/bgp/bgp_attrs.h"
#include "exchange/bgp/bgp_msg.h"
#include "exchange/bgp/bgp_nlri.h"

enum {
	AFI_IPV4 = 1,
	AFI_IPV6 = 2,
	SAFI_UNICAST = 1,
	FRAME = BGP_HEADER + 4, /* header and the two length fields */
	MP_HEAD = 4,            /* flags, type, extended length */
	FAMILY = 3,             /* AFI and SAFI */
};

static size_t
next_hop_octets(const struct bgp_route_attrs *route)
{
	size_t one = ip_bits((enum ip_family)route->next_hop.family) / 8;
	return route->link_local.family == IP_V6 ? one + 16 : one;
}

/* What a message takes before its first prefix and after its last. */
static size_t
overhead(const struct bgp_writer *w)
{
	size_t attrs = w->announce ? w->route->length : 0;
	if (!w->multiprotocol)
		return FRAME + attrs;
	size_t next_hop = w->announce ? 1 + next_hop_octets(w->route) + 1 : 0;
	return FRAME + MP_HEAD + FAMILY + next_hop + attrs;
}

static void
put_family(struct buf *to, enum ip_family family)
{
	buf_u16(to, family == IP_V4 ? AFI_IPV4 : AFI_IPV6);
	buf_u8(to, SAFI_UNICAST);
}

static void
put_next_hop(struct buf *to, const struct bgp_route_attrs *route)
{
	buf_u8(to, (uint8_t)next_hop_octets(route));
	buf_put(to, route->next_hop.octets, ip_bits((enum ip_family)route->next_hop.family) / 8);
	if (route->link_local.family == IP_V6)
		buf_put(to, route->link_local.octets, 16);
	buf_u8(to, 0); /* reserved */
}

/* Octets of one prefix of so many bits. */
static size_t
prefix_octets(const struct bgp_writer *w, unsigned bits)
{
	return (w->form.add_path ? 4 : 0) + 1 + (bits + 7) / 8;
}

static void
open_message(struct bgp_writer *w)
{
	struct buf *to = w->to;
	(void)buf_reserve(to, BGP_MAX); /* an extended message grows as it needs */
	w->start = to->length;
	buf_u64(to, UINT64_MAX);
	buf_u64(to, UINT64_MAX);
	buf_u16(to, 0);
	buf_u8(to, BGP_UPDATE);
	buf_u16(to, 0);
	if (w->announce || w->multiprotocol)
		buf_u16(to, 0);
	if (w->multiprotocol) {
		buf_u8(to, BGP_FLAG_OPTIONAL | BGP_FLAG_EXTENDED);
		buf_u8(to, w->announce ? BGP_ATTR_MP_REACH : BGP_ATTR_MP_UNREACH);
		buf_u16(to, 0);
		put_family(to, w->family);
		if (w->announce)
			put_next_hop(to, w->route);
	} else if (w->announce) {
		buf_put(to, w->route->attrs, w->route->length);
	}
	w->list = to->length;
	w->room = w->form.max - overhead(w);
}

static void
close_message(struct bgp_writer *w)
{
	struct buf *to = w->to;
	size_t lengths = w->start + BGP_HEADER; /* the two fields */
	if (w->start == SIZE_MAX)
		return;
	if (w->multiprotocol) {
		size_t head = lengths + 4;
		buf_set_u16(to, head + 2, (uint16_t)(to->length - head - MP_HEAD));
		if (w->announce)
			buf_put(to, w->route->attrs, w->route->length);
		buf_set_u16(to, lengths + 2, (uint16_t)(to->length - head));
	} else if (w->announce) {
		buf_set_u16(to, lengths + 2, (uint16_t)w->route->length);
	} else {
		buf_set_u16(to, lengths, (uint16_t)(to->length - lengths - 2));
		buf_u16(to, 0);
	}
	buf_set_u16(to, w->start + 16, (uint16_t)(to->length - w->start));
	w->start = SIZE_MAX;
	w->messages++;
}

static struct bgp_writer
announcing(enum ip_family family, struct bgp_form form, const struct bgp_route_attrs *route)
{
	return (struct bgp_writer){
		.family = family,
		.form = form,
		.announce = true,
		.multiprotocol = family == IP_V6 || route->next_hop.family == IP_V6,
		.route = route,
		.start = SIZE_MAX,
	};
}

static bool
has_room(const struct bgp_writer *w)
{
	unsigned longest = w->form.longest ? w->form.longest : ip_bits(w->family);
	return overhead(w) + prefix_octets(w, longest) <= w->form.max;
}

bool
bgp_announce_fits(enum ip_family family, struct bgp_form form, const struct bgp_route_attrs *route)
{
	struct bgp_writer w = announcing(family, form, route);
	return has_room(&w);
}

int
bgp_announce_begin(struct bgp_writer *w, struct buf *to, enum ip_family family,
		   struct bgp_form form, const struct bgp_route_attrs *route)
{
	*w = announcing(family, form, route);
	w->to = to;
	return has_room(w) ? 0 : -1;
}

void
bgp_withdraw_begin(struct bgp_writer *w, struct buf *to, enum ip_family family,
		   struct bgp_form form)
{
	*w = (struct bgp_writer){.to = to,
				 .family = family,
				 .form = form,
				 .multiprotocol = family == IP_V6,
				 .start = SIZE_MAX};
}

void
bgp_writer_add(struct bgp_writer *w, struct prefix prefix, uint32_t path_id)
{
	assert(prefix.ip.family == w->family);
	size_t octets = (prefix.length + 7u) / 8;
	size_t all = prefix_octets(w, prefix.length);
	if (w->start != SIZE_MAX && w->room < all)
		close_message(w);
	if (w->start == SIZE_MAX)
		open_message(w);
	if (w->form.add_path)
		buf_u32(w->to, path_id);
	w->room -= all;
	if (!buf_reserve(w->to, 1 + octets))
		return;
	uint8_t *at = w->to->data + w->to->length;
	w->to->length += 1 + octets;
	*at++ = prefix.length;
	for (size_t i = 0; i < octets; i++)
		at[i] = prefix.ip.octets[i];
}

uint32_t
bgp_writer_end(struct bgp_writer *w)
{
	close_message(w);
	return w->messages;
}

void
bgp_end_of_rib_write(struct buf *to, enum ip_family family)
{
	struct bgp_writer w;
	bgp_withdraw_begin(&w, to, family, BGP_FORM_PLAIN);
	open_message(&w);
	close_message(&w);
}

/* --- for speakers of 2-octet AS numbers --- */

/* Our own message taken apart. */
struct parts {
	struct buf attrs; /* rewritten, without MP_REACH */
	struct buf path4; /* AS4_PATH's value, empty: not needed */
	struct cursor aggregator4;
	struct bgp_nlri nlri;
	bool has_path;
};

static void
take_mp_reach(struct parts *p, struct cursor value)
{
	p->nlri.family = cursor_u16(&value) == AFI_IPV4 ? IP_V4 : IP_V6;
	cursor_skip(&value, 1);
	size_t length = cursor_u8(&value);
	struct ip *next_hop = &p->nlri.next_hop;
	next_hop->family = length == 4 ? IP_V4 : IP_V6;
	cursor_copy(&value, next_hop->octets, ip_bits((enum ip_family)next_hop->family) / 8);
	if (length == 32) {
		p->nlri.link_local.family = IP_V6;
		cursor_copy(&value, p->nlri.link_local.octets, 16);
	}
	cursor_skip(&value, 1);
	p->nlri.prefixes = value;
}

static void
take_path(struct parts *p, struct cursor path)
{
	struct bgp_path_facts facts;
	struct buf narrow = {0};
	enum bgp_reason reason = bgp_as_path_read(&facts, path, 4);
	assert(reason == BGP_REASON_NONE);
	bgp_as_path_narrow(&narrow, path);
	p->attrs.failed |= narrow.failed;
	bgp_attr_put(&p->attrs, BGP_FLAG_TRANSITIVE, BGP_ATTR_AS_PATH,
		     cursor_of(narrow.data, narrow.length));
	buf_fini(&narrow);
	if (facts.has_large)
		buf_put(&p->path4, path.at, cursor_left(&path));
	p->has_path = true;
}

static void
take_aggregator(struct parts *p, uint8_t flags, struct cursor value)
{
	uint8_t narrow[6];
	struct cursor from = value;
	uint32_t as = cursor_u32(&from);
	uint16_t as2 = as > UINT16_MAX ? ASN_TRANS : (uint16_t)as;
	narrow[0] = (uint8_t)(as2 >> 8);
	narrow[1] = (uint8_t)as2;
	cursor_copy(&from, narrow + 2, 4);
	bgp_attr_put(&p->attrs, flags, BGP_ATTR_AGGREGATOR, cursor_of(narrow, sizeof(narrow)));
	if (as > UINT16_MAX)
		p->aggregator4 = value;
}

/* AS4_PATH and AS4_AGGREGATOR, once the types before them are through. */
static void
put_as4(struct parts *p)
{
	const uint8_t flags = BGP_FLAG_OPTIONAL | BGP_FLAG_TRANSITIVE;
	if (p->path4.length)
		bgp_attr_put(&p->attrs, flags, BGP_ATTR_AS4_PATH,
			     cursor_of(p->path4.data, p->path4.length));
	buf_clear(&p->path4);
	if (cursor_left(&p->aggregator4))
		bgp_attr_put(&p->attrs, flags, BGP_ATTR_AS4_AGGREGATOR, p->aggregator4);
	p->aggregator4 = cursor_of(NULL, 0);
}

static void
take_apart(struct parts *p, struct cursor list)
{
	while (cursor_left(&list)) {
		uint8_t flags = cursor_u8(&list);
		uint8_t type = cursor_u8(&list);
		size_t length = flags & BGP_FLAG_EXTENDED ? cursor_u16(&list) : cursor_u8(&list);
		struct cursor value = cursor_sub(&list, length);
		assert(!value.failed);
		if (type > BGP_ATTR_AS4_AGGREGATOR)
			put_as4(p);
		if (type == BGP_ATTR_AS_PATH)
			take_path(p, value);
		else if (type == BGP_ATTR_AGGREGATOR)
			take_aggregator(p, flags, value);
		else if (type == BGP_ATTR_MP_REACH)
			take_mp_reach(p, value);
		else
			bgp_attr_put(&p->attrs, flags, type, value);
	}
	put_as4(p);
}

static uint32_t
put_together(struct buf *to, struct parts *p, struct bgp_form form)
{
	struct bgp_writer w;
	struct bgp_route_attrs route = {.attrs = p->attrs.data,
					.length = p->attrs.length,
					.next_hop = p->nlri.next_hop,
					.link_local = p->nlri.link_local};
	struct prefix prefix;
	uint32_t path_id;
	if (bgp_announce_begin(&w, to, p->nlri.family, form, &route) < 0)
		bgp_withdraw_begin(&w, to, p->nlri.family, form);
	while (bgp_nlri_next(&p->nlri, &prefix, &path_id))
		bgp_writer_add(&w, prefix, path_id);
	return bgp_writer_end(&w);
}

uint32_t
bgp_update_to_as2(struct buf *to, struct cursor message, struct bgp_form form)
{
	struct cursor body = message;
	cursor_skip(&body, BGP_HEADER);
	cursor_skip(&body, cursor_u16(&body));
	struct cursor list = cursor_sub(&body, cursor_u16(&body));
	assert(!body.failed);
	struct parts p = {.nlri = {.family = IP_V4, .add_path = form.add_path, .prefixes = body}};
	take_apart(&p, list);
	uint32_t count = 1;
	if (!p.has_path)
		buf_put(to, message.at, cursor_left(&message));
	else if (p.attrs.failed || p.path4.failed)
		to->failed = true;
	else
		count = put_together(to, &p, form);
	buf_fini(&p.attrs);
	buf_fini(&p.path4);
	return count;
}
