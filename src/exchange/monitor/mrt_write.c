/* Writing MRT records. */
#include "exchange/monitor/mrt_write.h"

#include <assert.h>
#include <string.h>

enum { AFI_IPV4 = 1, AFI_IPV6 = 2 };

/* Begins a record; its length is put in by `end`. */
static size_t
begin(struct buf *to, uint32_t time_s, enum mrt_type type, unsigned subtype)
{
	buf_u32(to, time_s);
	buf_u16(to, (uint16_t)type);
	buf_u16(to, (uint16_t)subtype);
	buf_u32(to, 0);
	return to->length;
}

static void
end(struct buf *to, size_t body)
{
	if (to->failed)
		return;
	size_t length = to->length - body;
	buf_set_u16(to, body - 4, (uint16_t)(length >> 16));
	buf_set_u16(to, body - 2, (uint16_t)length);
}

static void
put_ip(struct buf *to, struct ip ip, enum ip_family family)
{
	static const uint8_t zero[16];
	buf_put(to, ip.family == family ? ip.octets : zero, ip_bits(family) / 8);
}

void
mrt_peers_write(struct buf *to, uint32_t time_s, uint32_t collector_id, const char *view,
		const struct mrt_peer *peers, size_t count)
{
	enum { PEER_IPV6 = 1, PEER_AS4 = 2 };
	assert(count <= UINT16_MAX);
	size_t body = begin(to, time_s, MRT_TABLE_DUMP_V2, MRT_PEER_INDEX_TABLE);
	size_t length = strnlen(view, UINT16_MAX);
	buf_u32(to, collector_id);
	buf_u16(to, (uint16_t)length);
	buf_put(to, view, length);
	buf_u16(to, (uint16_t)count);
	for (size_t i = 0; i < count; i++) {
		bool ipv6 = peers[i].address.family == IP_V6;
		buf_u8(to, PEER_AS4 | (ipv6 ? PEER_IPV6 : 0));
		buf_u32(to, peers[i].router_id);
		put_ip(to, peers[i].address, ipv6 ? IP_V6 : IP_V4);
		buf_u32(to, peers[i].asn.number);
	}
	end(to, body);
}

/* RFC 6396 section 4.3.4: of MP_REACH only the next hop's length and the next hop. */
static void
put_next_hop(struct buf *to, const struct bgp_attrs *attrs)
{
	bool two = attrs->link_local.family == IP_V6;
	buf_u8(to, BGP_FLAG_OPTIONAL);
	buf_u8(to, BGP_ATTR_MP_REACH);
	buf_u8(to, two ? 33 : 17);
	buf_u8(to, two ? 32 : 16);
	buf_put(to, attrs->next_hop.octets, 16);
	if (two)
		buf_put(to, attrs->link_local.octets, 16);
}

static void
put_path(struct buf *to, const struct mrt_path *path, bool add_path)
{
	const struct bgp_attrs *attrs = path->attrs;
	struct bgp_communities communities = {attrs->communities, attrs->ext_communities,
					      attrs->large_communities};
	buf_u16(to, path->peer);
	buf_u32(to, path->since_s);
	if (add_path)
		buf_u32(to, path->path_id);
	size_t at = to->length;
	buf_u16(to, 0);
	if (attrs->next_hop.family == IP_V6)
		put_next_hop(to, attrs);
	bgp_attrs_encode(to, attrs, communities);
	if (!to->failed)
		buf_set_u16(to, at, (uint16_t)(to->length - at - 2));
}

void
mrt_paths_write(struct buf *to, uint32_t time_s, uint32_t sequence, struct prefix prefix,
		const struct mrt_path *paths, size_t count)
{
	assert(count <= UINT16_MAX);
	bool add_path = false, ipv6 = prefix.ip.family == IP_V6;
	for (size_t i = 0; i < count; i++)
		add_path |= paths[i].path_id != 0;
	unsigned plain = ipv6 ? MRT_RIB_IPV6_UNICAST : MRT_RIB_IPV4_UNICAST;
	unsigned several = ipv6 ? MRT_RIB_IPV6_UNICAST_ADDPATH : MRT_RIB_IPV4_UNICAST_ADDPATH;
	size_t body = begin(to, time_s, MRT_TABLE_DUMP_V2, add_path ? several : plain);
	buf_u32(to, sequence);
	buf_u8(to, prefix.length);
	buf_put(to, prefix.ip.octets, (prefix.length + 7u) / 8);
	buf_u16(to, (uint16_t)count);
	for (size_t i = 0; i < count; i++)
		put_path(to, &paths[i], add_path);
	end(to, body);
}

static size_t
begin_bgp4mp(struct buf *to, const struct mrt_exchange *with, enum mrt_bgp4mp subtype, bool as4)
{
	enum ip_family family = (enum ip_family)with->peer.address.family;
	assert(family != IP_NONE);
	size_t body = begin(to, with->time_s, MRT_BGP4MP_ET, subtype);
	buf_u32(to, with->microseconds);
	if (as4) {
		buf_u32(to, with->peer.asn.number);
		buf_u32(to, with->local_asn.number);
	} else {
		uint32_t peer = with->peer.asn.number, local = with->local_asn.number;
		buf_u16(to, (uint16_t)(peer > UINT16_MAX ? ASN_TRANS : peer));
		buf_u16(to, (uint16_t)(local > UINT16_MAX ? ASN_TRANS : local));
	}
	buf_u16(to, 0); /* interface */
	buf_u16(to, family == IP_V6 ? AFI_IPV6 : AFI_IPV4);
	put_ip(to, with->peer.address, family);
	put_ip(to, with->local, family);
	return body;
}

void
mrt_message_write(struct buf *to, const struct mrt_exchange *with, struct mrt_message_form form,
		  struct cursor message)
{
	enum mrt_bgp4mp plain = form.as4 ? MRT_MESSAGE_AS4 : MRT_MESSAGE;
	enum mrt_bgp4mp several = form.as4 ? MRT_MESSAGE_AS4_ADDPATH : MRT_MESSAGE_ADDPATH;
	size_t body = begin_bgp4mp(to, with, form.add_path ? several : plain, form.as4);
	buf_put(to, message.at, cursor_left(&message));
	end(to, body);
}

void
mrt_state_write(struct buf *to, const struct mrt_exchange *with, uint16_t old_state,
		uint16_t new_state)
{
	size_t body = begin_bgp4mp(to, with, MRT_STATE_CHANGE_AS4, true);
	buf_u16(to, old_state);
	buf_u16(to, new_state);
	end(to, body);
}

int64_t
mrt_file_next(int64_t now_s, uint32_t every_s)
{
	return every_s ? now_s - now_s % every_s + every_s : INT64_MAX;
}

bool
mrt_file_due(int64_t next_s, int64_t now_s, uint32_t every_s)
{
	return every_s && (now_s >= next_s || next_s - now_s > every_s);
}
