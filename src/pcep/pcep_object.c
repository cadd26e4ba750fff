/* Frames of PCEP.
 *
 *	message: version (3 bits), flags | type | length, header included
 *	object:  class | type (4 bits), reserved, P, I | length, header included, a multiple of 4
 *	TLV:     type | length of the value | value, padded to a multiple of 4 */
#include "pcep/pcep_object.h"

#include <string.h>

#include "pcep/pcep_wire.h"

enum { OBJECT_HEADER = 4 };

bool
pcep_header_read(struct pcep_header *out, struct cursor octets)
{
	out->version = cursor_u8(&octets) >> 5;
	out->type = cursor_u8(&octets);
	out->length = cursor_u16(&octets);
	return !octets.failed && out->length >= PCEP_HEADER && out->length % 4 == 0;
}

bool
pcep_object_next(struct pcep_object *out, struct cursor *list)
{
	if (!cursor_left(list))
		return false;
	out->class = cursor_u8(list);
	uint8_t flags = cursor_u8(list);
	uint16_t length = cursor_u16(list);
	out->type = flags >> 4;
	out->must = flags & PCEP_MUST;
	if (length < OBJECT_HEADER || length % 4)
		cursor_fail(list);
	else
		out->body = cursor_sub(list, length - OBJECT_HEADER);
	return !list->failed;
}

bool
pcep_tlv_next(struct pcep_tlv *out, struct cursor *list)
{
	if (!cursor_left(list))
		return false;
	out->type = cursor_u16(list);
	uint16_t length = cursor_u16(list);
	out->value = cursor_sub(list, length);
	size_t padding = (4 - length % 4) % 4, left = cursor_left(list);
	cursor_skip(list, padding < left ? padding : left);
	return !list->failed;
}

size_t
pcep_message_begin(struct buf *to, uint8_t type)
{
	size_t start = to->length;
	buf_u8(to, PCEP_VERSION << 5);
	buf_u8(to, type);
	buf_u16(to, 0);
	return start;
}

void
pcep_message_end(struct buf *to, size_t start)
{
	if (!to->failed)
		buf_set_u16(to, start + 2, (uint16_t)(to->length - start));
}

static void
pad(struct buf *to, size_t start)
{
	while (!to->failed && (to->length - start) % 4)
		buf_u8(to, 0);
}

size_t
pcep_object_begin(struct buf *to, uint8_t class, uint8_t type, uint8_t flags)
{
	size_t start = to->length;
	buf_u8(to, class);
	buf_u8(to, (uint8_t)(type << 4 | flags));
	buf_u16(to, 0);
	return start;
}

void
pcep_object_end(struct buf *to, size_t start)
{
	pad(to, start);
	if (!to->failed)
		buf_set_u16(to, start + 2, (uint16_t)(to->length - start));
}

size_t
pcep_tlv_begin(struct buf *to, uint16_t type)
{
	size_t start = to->length;
	buf_u16(to, type);
	buf_u16(to, 0);
	return start;
}

void
pcep_tlv_end(struct buf *to, size_t start)
{
	if (!to->failed)
		buf_set_u16(to, start + 2, (uint16_t)(to->length - start - 4));
	pad(to, start);
}

void
pcep_tlv_text(struct buf *to, uint16_t type, const char *text)
{
	size_t start = pcep_tlv_begin(to, type);
	buf_str(to, text);
	pcep_tlv_end(to, start);
}

void
pcep_tlv_u32(struct buf *to, uint16_t type, uint32_t value)
{
	size_t start = pcep_tlv_begin(to, type);
	buf_u32(to, value);
	pcep_tlv_end(to, start);
}

float
pcep_float_read(struct cursor *c)
{
	uint32_t bits = cursor_u32(c);
	float value;
	memcpy(&value, &bits, sizeof(value));
	return value;
}

void
pcep_float_write(struct buf *to, float value)
{
	uint32_t bits;
	memcpy(&bits, &value, sizeof(bits));
	buf_u32(to, bits);
}
