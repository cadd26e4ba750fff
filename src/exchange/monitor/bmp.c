/* Writing BMP messages. */
#include "exchange/monitor/bmp.h"

#include <string.h>

enum { VERSION = 3, AFI_IPV4 = 1, AFI_IPV6 = 2, SAFI_UNICAST = 1 };

enum message {
	ROUTE_MONITORING,
	STATISTICS_REPORT,
	PEER_DOWN,
	PEER_UP,
	INITIATION,
	TERMINATION,
};

enum { PEER_GLOBAL = 0, PEER_LOC_RIB = 3 };

enum flag {
	FLAG_IPV6 = 0x80,
	FLAG_POST_POLICY = 0x40,
	FLAG_ADJ_RIB_OUT = 0x10, /* RFC 8671 section 4 */
};

enum { TLV_DESCRIPTION = 1, TLV_NAME = 2, TLV_TABLE = 3 };

/* Begins a message; its length is put in by `end`. */
static size_t
begin(struct buf *to, enum message type)
{
	size_t start = to->length;
	buf_u8(to, VERSION);
	buf_u32(to, 0);
	buf_u8(to, (uint8_t)type);
	return start;
}

static void
end(struct buf *to, size_t start)
{
	if (to->failed)
		return;
	size_t length = to->length - start;
	buf_set_u16(to, start + 1, (uint16_t)(length >> 16));
	buf_set_u16(to, start + 3, (uint16_t)length);
}

/* Addresses have 16 octets; IPv4 stands in the last four. */
static void
put_ip(struct buf *to, struct ip ip)
{
	static const uint8_t zero[16];
	if (ip.family == IP_V6) {
		buf_put(to, ip.octets, 16);
		return;
	}
	buf_put(to, zero, 12);
	buf_put(to, ip.octets, 4);
}

static void
put_peer(struct buf *to, enum bmp_view view, const struct bmp_peer *peer, struct bmp_time time)
{
	static const uint8_t flags[BMP_VIEWS] = {
		[BMP_IN_POST] = FLAG_POST_POLICY,
		[BMP_OUT_PRE] = FLAG_ADJ_RIB_OUT,
		[BMP_OUT_POST] = FLAG_ADJ_RIB_OUT | FLAG_POST_POLICY,
	};
	static const struct ip none;
	bool loc = view == BMP_LOC;
	buf_u8(to, loc ? PEER_LOC_RIB : PEER_GLOBAL);
	bool ipv6 = !loc && peer->address.family == IP_V6;
	buf_u8(to, (uint8_t)(flags[view] | (ipv6 ? FLAG_IPV6 : 0)));
	buf_u64(to, 0); /* distinguisher */
	put_ip(to, loc ? none : peer->address);
	buf_u32(to, peer->asn.number);
	buf_u32(to, peer->router_id);
	buf_u32(to, time.s);
	buf_u32(to, time.us);
}

static void
put_tlv(struct buf *to, unsigned type, const char *text)
{
	size_t length = strnlen(text, UINT16_MAX);
	buf_u16(to, (uint16_t)type);
	buf_u16(to, (uint16_t)length);
	buf_put(to, text, length);
}

void
bmp_initiation_write(struct buf *to, const char *name, const char *description)
{
	size_t start = begin(to, INITIATION);
	put_tlv(to, TLV_DESCRIPTION, description);
	put_tlv(to, TLV_NAME, name);
	end(to, start);
}

void
bmp_termination_write(struct buf *to, enum bmp_termination reason)
{
	enum { TLV_REASON = 1 };
	size_t start = begin(to, TERMINATION);
	buf_u16(to, TLV_REASON);
	buf_u16(to, 2);
	buf_u16(to, (uint16_t)reason);
	end(to, start);
}

void
bmp_peer_up_write(struct buf *to, enum bmp_view view, const struct bmp_peer *peer,
		  struct bmp_time time, const struct bmp_peer_up *up)
{
	size_t start = begin(to, PEER_UP);
	put_peer(to, view, peer, time);
	put_ip(to, up->local);
	buf_u16(to, up->local_port);
	buf_u16(to, up->remote_port);
	buf_put(to, up->sent.at, cursor_left(&up->sent));
	buf_put(to, up->received.at, cursor_left(&up->received));
	if (view == BMP_LOC) /* RFC 9069 section 5.2.1 */
		put_tlv(to, TLV_TABLE, "global");
	end(to, start);
}

void
bmp_peer_down_write(struct buf *to, enum bmp_view view, const struct bmp_peer *peer,
		    struct bmp_time time, enum bmp_down reason, struct cursor data)
{
	size_t start = begin(to, PEER_DOWN);
	put_peer(to, view, peer, time);
	buf_u8(to, (uint8_t)reason);
	buf_put(to, data.at, cursor_left(&data));
	end(to, start);
}

void
bmp_route_write(struct buf *to, enum bmp_view view, const struct bmp_peer *peer,
		struct bmp_time time, struct cursor update)
{
	size_t start = begin(to, ROUTE_MONITORING);
	put_peer(to, view, peer, time);
	buf_put(to, update.at, cursor_left(&update));
	end(to, start);
}

static void
put_count(struct buf *to, const struct bmp_count *count)
{
	bool counter = count->type <= BMP_STAT_WITHDRAWN || count->type == BMP_STAT_AS_WITHDRAW;
	bool family = count->type == BMP_STAT_ADJ_IN_FAMILY || count->type == BMP_STAT_LOC_FAMILY;
	buf_u16(to, (uint16_t)count->type);
	buf_u16(to, counter ? 4 : family ? 11 : 8);
	if (family) {
		buf_u16(to, count->family == IP_V6 ? AFI_IPV6 : AFI_IPV4);
		buf_u8(to, SAFI_UNICAST);
	}
	if (counter)
		buf_u32(to, (uint32_t)count->value);
	else
		buf_u64(to, count->value);
}

void
bmp_statistics_write(struct buf *to, enum bmp_view view, const struct bmp_peer *peer,
		     struct bmp_time time, const struct bmp_count *counts, size_t count)
{
	size_t start = begin(to, STATISTICS_REPORT);
	put_peer(to, view, peer, time);
	buf_u32(to, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		put_count(to, &counts[i]);
	end(to, start);
}
