/* Opens, and what is told of a session: errors, notifications, closes (RFC 5440
 * sections 7.3, 7.14, 7.15 and 7.17; RFC 8231 section 7.1.1; RFC 8408 section 3; RFC 8664
 * section 4.1; RFC 8697 section 3.4). */
#include "pcep/pcep_message.h"

enum {
	STATEFUL_UPDATE = 0x1,
	STATEFUL_INITIATE = 0x4,
	SR_NO_LIMIT = 0x1, /* X flag */
};

static void
read_setup_types(struct pcep_open *out, struct cursor c)
{
	struct pcep_tlv tlv;
	cursor_skip(&c, 3);
	uint8_t count = cursor_u8(&c);
	for (unsigned i = 0; i < count; i++) {
		uint8_t type = cursor_u8(&c);
		out->sr |= type == PCEP_SETUP_SR;
		out->srv6 |= type == PCEP_SETUP_SRV6;
	}
	cursor_skip(&c, (4 - count % 4) % 4);
	while (pcep_tlv_next(&tlv, &c)) {
		if (tlv.type != PCEP_TLV_SR)
			continue;
		cursor_skip(&tlv.value, 2);
		uint8_t flags = cursor_u8(&tlv.value), depth = cursor_u8(&tlv.value);
		out->sid_depth = flags & SR_NO_LIMIT ? 0 : depth;
	}
}

static void
read_capability(struct pcep_open *out, struct pcep_tlv *tlv)
{
	uint32_t flags;
	switch (tlv->type) {
	case PCEP_TLV_STATEFUL:
		flags = cursor_u32(&tlv->value);
		out->stateful = true;
		out->update = flags & STATEFUL_UPDATE;
		out->initiate = flags & STATEFUL_INITIATE;
		break;
	case PCEP_TLV_SETUP_TYPES:
		read_setup_types(out, tlv->value);
		break;
	case PCEP_TLV_SR: /* alone, as drafts of RFC 8664 had it */
		cursor_skip(&tlv->value, 3);
		out->sid_depth = cursor_u8(&tlv->value);
		out->sr = true;
		break;
	case PCEP_TLV_ASSOCIATION_TYPES:
		while (cursor_left(&tlv->value)) {
			uint16_t type = cursor_u16(&tlv->value);
			out->policies |= type == PCEP_ASSOCIATION_SR_POLICY;
			out->policies_draft |= type == PCEP_ASSOCIATION_SR_POLICY_DRAFT;
		}
		break;
	default:
		break;
	}
}

static int
read_open_object(struct pcep_open *out, struct cursor body)
{
	struct pcep_tlv tlv;
	*out = (struct pcep_open){0};
	cursor_skip(&body, 1); /* version and flags; the header's version counts */
	out->keepalive_s = cursor_u8(&body);
	out->dead_s = cursor_u8(&body);
	out->session_id = cursor_u8(&body);
	if (body.failed)
		return -1;
	while (pcep_tlv_next(&tlv, &body))
		read_capability(out, &tlv);
	return body.failed ? -1 : 0;
}

int
pcep_open_read(struct pcep_open *out, struct cursor body)
{
	struct pcep_object object;
	bool found = false;
	while (pcep_object_next(&object, &body)) {
		if (object.class != PCEP_CLASS_OPEN || object.type != 1)
			continue;
		if (found || read_open_object(out, object.body) < 0)
			return -1;
		found = true;
	}
	return body.failed || !found ? -1 : 0;
}

static void
write_setup_types(struct buf *to, const struct pcep_open *open)
{
	uint8_t count = (uint8_t)(open->sr + open->srv6);
	if (!count)
		return;
	size_t start = pcep_tlv_begin(to, PCEP_TLV_SETUP_TYPES);
	buf_u16(to, 0);
	buf_u8(to, 0);
	buf_u8(to, count);
	buf_u8(to, open->sr ? PCEP_SETUP_SR : PCEP_SETUP_SRV6);
	buf_u8(to, open->sr && open->srv6 ? PCEP_SETUP_SRV6 : 0);
	buf_u16(to, 0);
	if (open->sr) {
		size_t sub = pcep_tlv_begin(to, PCEP_TLV_SR);
		buf_u16(to, 0);
		buf_u8(to, open->sid_depth ? 0 : SR_NO_LIMIT);
		buf_u8(to, open->sid_depth);
		pcep_tlv_end(to, sub);
	}
	if (open->srv6)
		pcep_tlv_u32(to, PCEP_TLV_SRV6, 0);
	pcep_tlv_end(to, start);
}

static void
write_open_object(struct buf *to, const struct pcep_open *open)
{
	size_t object = pcep_object_begin(to, PCEP_CLASS_OPEN, 1, 0);
	buf_u8(to, PCEP_VERSION << 5);
	buf_u8(to, open->keepalive_s);
	buf_u8(to, open->dead_s);
	buf_u8(to, open->session_id);
	if (open->stateful)
		pcep_tlv_u32(to, PCEP_TLV_STATEFUL,
			     (open->update ? STATEFUL_UPDATE : 0u) |
				     (open->initiate ? STATEFUL_INITIATE : 0u));
	write_setup_types(to, open);
	if (open->policies) {
		size_t tlv = pcep_tlv_begin(to, PCEP_TLV_ASSOCIATION_TYPES);
		buf_u16(to, PCEP_ASSOCIATION_SR_POLICY);
		pcep_tlv_end(to, tlv);
	}
	pcep_object_end(to, object);
}

void
pcep_open_write(struct buf *to, const struct pcep_open *open)
{
	size_t start = pcep_message_begin(to, PCEP_OPEN);
	write_open_object(to, open);
	pcep_message_end(to, start);
}

/* --- errors, notifications, closes --- */

int
pcep_error_read(struct pcep_error_read *out, struct cursor body)
{
	struct pcep_object object;
	*out = (struct pcep_error_read){0};
	while (pcep_object_next(&object, &body)) {
		struct cursor c = object.body;
		if (object.class == PCEP_CLASS_OPEN) {
			out->has_open = read_open_object(&out->open, c) == 0;
		} else if (object.class == PCEP_CLASS_RP) {
			cursor_skip(&c, 4);
			out->request_id = cursor_u32(&c);
			out->has_request = !c.failed;
		} else if (object.class == PCEP_CLASS_SRP) {
			cursor_skip(&c, 4);
			out->srp_id = cursor_u32(&c);
			out->has_srp = !c.failed;
		} else if (object.class == PCEP_CLASS_ERROR && !out->fault.type) {
			cursor_skip(&c, 2);
			out->fault.type = cursor_u8(&c);
			out->fault.value = cursor_u8(&c);
		}
	}
	return body.failed || !out->fault.type ? -1 : 0;
}

int
pcep_notification_read(struct pcep_fault *out, struct cursor body)
{
	struct pcep_object object;
	*out = (struct pcep_fault){0};
	while (pcep_object_next(&object, &body)) {
		if (object.class != PCEP_CLASS_NOTIFICATION || out->type)
			continue;
		cursor_skip(&object.body, 2);
		out->type = cursor_u8(&object.body);
		out->value = cursor_u8(&object.body);
	}
	return body.failed || !out->type ? -1 : 0;
}

uint8_t
pcep_close_read(struct cursor body)
{
	struct pcep_object object;
	while (pcep_object_next(&object, &body)) {
		if (object.class != PCEP_CLASS_CLOSE)
			continue;
		cursor_skip(&object.body, 3);
		uint8_t reason = cursor_u8(&object.body);
		return object.body.failed ? PCEP_CLOSE_NO_REASON : reason;
	}
	return PCEP_CLOSE_NO_REASON;
}

void
pcep_keepalive_write(struct buf *to)
{
	pcep_message_end(to, pcep_message_begin(to, PCEP_KEEPALIVE));
}

void
pcep_close_write(struct buf *to, uint8_t reason)
{
	size_t start = pcep_message_begin(to, PCEP_CLOSE);
	size_t object = pcep_object_begin(to, PCEP_CLASS_CLOSE, 1, 0);
	buf_u32(to, reason);
	pcep_object_end(to, object);
	pcep_message_end(to, start);
}

void
pcep_error_write(struct buf *to, struct pcep_fault fault, uint32_t request_id, uint32_t srp_id,
		 const struct pcep_open *open)
{
	size_t start = pcep_message_begin(to, PCEP_ERROR);
	if (request_id) {
		size_t object = pcep_object_begin(to, PCEP_CLASS_RP, 1, 0);
		buf_u32(to, 0);
		buf_u32(to, request_id);
		pcep_object_end(to, object);
	}
	if (srp_id) {
		size_t object = pcep_object_begin(to, PCEP_CLASS_SRP, 1, 0);
		buf_u32(to, 0);
		buf_u32(to, srp_id);
		pcep_object_end(to, object);
	}
	size_t object = pcep_object_begin(to, PCEP_CLASS_ERROR, 1, 0);
	buf_u16(to, 0);
	buf_u8(to, fault.type);
	buf_u8(to, fault.value);
	pcep_object_end(to, object);
	if (open)
		write_open_object(to, open);
	pcep_message_end(to, start);
}

void
pcep_notification_write(struct buf *to, struct pcep_fault what, uint32_t duration_s)
{
	size_t start = pcep_message_begin(to, PCEP_NOTIFICATION);
	size_t object = pcep_object_begin(to, PCEP_CLASS_NOTIFICATION, 1, 0);
	buf_u16(to, 0);
	buf_u8(to, what.type);
	buf_u8(to, what.value);
	if (duration_s)
		pcep_tlv_u32(to, PCEP_TLV_OVERLOAD_DURATION, duration_s);
	pcep_object_end(to, object);
	pcep_message_end(to, start);
}
