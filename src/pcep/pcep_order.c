/* What a PCE tells a router: replies, updates, and paths that are to be made or to go (RFC 5440
 * section 6.5, RFC 8231 section 6.2, RFC 8281 section 5). */
#include <assert.h>

#include "pcep/pcep_message.h"

enum {
	NO_PATH_CONSTRAINED = 0x8000,
	LSP_DELEGATE = 0x1,
	LSP_ADMIN = 0x8,
	LSP_CREATED = 0x80,
	PROTOCOL_PCEP = 10, /* RFC 9256 section 2.3 */
	METRIC_TOLD = 0x2,
	VENDOR_CISCO = 9,
	VENDOR_CISCO_COLOR = 65540,
};

static void
put_ip(struct buf *to, struct ip ip)
{
	buf_put(to, ip.octets, ip_bits((enum ip_family)ip.family) / 8);
}

static void
put_setup_type(struct buf *to, uint8_t type)
{
	pcep_tlv_u32(to, PCEP_TLV_SETUP_TYPE, type);
}

static void
put_ero(struct buf *to, const struct pcep_route *route)
{
	size_t object = pcep_object_begin(to, PCEP_CLASS_ERO, 1, PCEP_MUST);
	pcep_route_write(to, route);
	pcep_object_end(to, object);
}

static void
put_metrics(struct buf *to, const struct pcep_reply *reply)
{
	for (unsigned i = 0; i < reply->metric_count; i++) {
		size_t object = pcep_object_begin(to, PCEP_CLASS_METRIC, 1, 0);
		buf_u16(to, 0);
		buf_u8(to, METRIC_TOLD);
		buf_u8(to, reply->metrics[i].type);
		pcep_float_write(to, reply->metrics[i].value);
		pcep_object_end(to, object);
	}
}

void
pcep_reply_write(struct buf *to, const struct pcep_reply *reply)
{
	size_t start = pcep_message_begin(to, PCEP_REPLY);
	size_t object = pcep_object_begin(to, PCEP_CLASS_RP, 1, PCEP_MUST);
	buf_u32(to, 0);
	buf_u32(to, reply->request_id);
	if (reply->setup_type)
		put_setup_type(to, reply->setup_type);
	pcep_object_end(to, object);
	if (!reply->route) {
		object = pcep_object_begin(to, PCEP_CLASS_NO_PATH, 1, 0);
		buf_u8(to, 0); /* no path was found */
		buf_u16(to, reply->constrained ? NO_PATH_CONSTRAINED : 0);
		buf_u8(to, 0);
		if (reply->no_path)
			pcep_tlv_u32(to, PCEP_TLV_NO_PATH_VECTOR, reply->no_path);
		pcep_object_end(to, object);
		pcep_message_end(to, start);
		return;
	}
	put_ero(to, reply->route);
	if (reply->has_bandwidth) {
		object = pcep_object_begin(to, PCEP_CLASS_BANDWIDTH, 1, 0);
		pcep_float_write(to, (float)((double)reply->bandwidth_bps / 8));
		pcep_object_end(to, object);
	}
	put_metrics(to, reply);
	pcep_message_end(to, start);
}

static void
put_srp(struct buf *to, const struct pcep_order *order)
{
	size_t object = pcep_object_begin(to, PCEP_CLASS_SRP, 1, PCEP_MUST);
	buf_u32(to, order->remove ? 1 : 0);
	buf_u32(to, order->srp_id);
	put_setup_type(to, order->setup_type);
	pcep_object_end(to, object);
}

static void
put_lsp(struct buf *to, const struct pcep_order *order, uint32_t flags)
{
	size_t object = pcep_object_begin(to, PCEP_CLASS_LSP, 1, PCEP_MUST);
	buf_u32(to, order->plsp_id << 12 | flags);
	if (order->name)
		pcep_tlv_text(to, PCEP_TLV_NAME, order->name);
	pcep_object_end(to, object);
}

void
pcep_update_write(struct buf *to, const struct pcep_order *order)
{
	size_t start = pcep_message_begin(to, PCEP_UPDATE);
	assert(order->route);
	put_srp(to, order);
	put_lsp(to, order, (order->delegate ? LSP_DELEGATE : 0u) | LSP_ADMIN);
	put_ero(to, order->route);
	pcep_message_end(to, start);
}

static void
put_ends(struct buf *to, const struct pcep_order *order)
{
	uint8_t type = order->to.family == IP_V4 ? 1 : 2;
	size_t object = pcep_object_begin(to, PCEP_CLASS_END_POINTS, type, PCEP_MUST);
	put_ip(to, order->from);
	put_ip(to, order->to);
	pcep_object_end(to, object);
}

/* Routers from before RFC 9862 (FRR, Cisco) take the color from a vendor's object (RFC 7470), and
 * the rest from elsewhere. */
static void
put_color(struct buf *to, uint32_t color)
{
	size_t object = pcep_object_begin(to, PCEP_CLASS_VENDOR, 1, 0);
	buf_u32(to, VENDOR_CISCO);
	buf_u32(to, VENDOR_CISCO_COLOR);
	buf_u32(to, color);
	pcep_object_end(to, object);
}

/* RFC 9862 section 4: which policy and candidate path this is. */
static void
put_policy(struct buf *to, const struct pcep_order *order)
{
	const struct pcep_policy *p = &order->policy;
	uint8_t type = order->from.family == IP_V4 ? 1 : 2;
	size_t object = pcep_object_begin(to, PCEP_CLASS_ASSOCIATION, type, 0);
	buf_u32(to, 0);
	buf_u16(to, PCEP_ASSOCIATION_SR_POLICY);
	buf_u16(to, 1);
	put_ip(to, order->from);
	size_t tlv = pcep_tlv_begin(to, PCEP_TLV_EXTENDED_ASSOCIATION);
	buf_u32(to, p->color);
	put_ip(to, p->endpoint);
	pcep_tlv_end(to, tlv);
	tlv = pcep_tlv_begin(to, PCEP_TLV_PATH_ID);
	buf_u8(to, PROTOCOL_PCEP);
	buf_u8(to, 0);
	buf_u16(to, 0);
	buf_u32(to, 0); /* originator's AS number: that of the PCC */
	for (int i = 0; i < 4; i++)
		buf_u32(to, 0);
	buf_u32(to, order->srp_id); /* discriminator */
	pcep_tlv_end(to, tlv);
	if (p->name[0])
		pcep_tlv_text(to, PCEP_TLV_PATH_NAME, p->name);
	pcep_tlv_u32(to, PCEP_TLV_PREFERENCE, p->preference);
	pcep_object_end(to, object);
}

void
pcep_initiate_write(struct buf *to, const struct pcep_order *order)
{
	size_t start = pcep_message_begin(to, PCEP_INITIATE);
	put_srp(to, order);
	/* FRR removes only what the message calls delegated; others do not mind. */
	put_lsp(to, order, order->remove ? LSP_DELEGATE : LSP_DELEGATE | LSP_ADMIN | LSP_CREATED);
	if (!order->remove) {
		assert(order->route && order->name);
		put_ends(to, order);
		put_ero(to, order->route);
		if (order->policy.there && order->policy.draft)
			put_color(to, order->policy.color);
		else if (order->policy.there)
			put_policy(to, order);
	}
	pcep_message_end(to, start);
}
