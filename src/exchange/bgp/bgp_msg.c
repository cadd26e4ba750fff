/* Headers, KEEPALIVE, NOTIFICATION and ROUTE-REFRESH (RFC 4271 sections 4.1, 4.4, 4.5 and 6.1; RFC
 * 2918, 4486, 7313, 8538, 9003). */
#include "exchange/bgp/bgp_msg.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "exchange/bgp/bgp_sr.h"

enum { AFI_IPV4 = 1, AFI_IPV6 = 2, SAFI_UNICAST = 1, SAFI_FLOW = 133 };

static const struct {
	uint8_t code, subcode;
	const char *text;
} ERROR_TEXTS[] = {
	{BGP_ERR_HEADER, 1, "connection not synchronised"},
	{BGP_ERR_HEADER, 2, "bad message length"},
	{BGP_ERR_HEADER, 3, "bad message type"},
	{BGP_ERR_OPEN, 1, "unsupported version"},
	{BGP_ERR_OPEN, 2, "bad peer AS"},
	{BGP_ERR_OPEN, 3, "bad BGP identifier"},
	{BGP_ERR_OPEN, 4, "unsupported optional parameter"},
	{BGP_ERR_OPEN, 6, "unacceptable hold time"},
	{BGP_ERR_OPEN, 7, "unsupported capability"},
	{BGP_ERR_OPEN, 11, "role mismatch"},
	{BGP_ERR_UPDATE, 1, "malformed attribute list"},
	{BGP_ERR_UPDATE, 2, "unrecognised well-known attribute"},
	{BGP_ERR_UPDATE, 3, "missing well-known attribute"},
	{BGP_ERR_UPDATE, 4, "attribute flags error"},
	{BGP_ERR_UPDATE, 5, "attribute length error"},
	{BGP_ERR_UPDATE, 6, "invalid ORIGIN"},
	{BGP_ERR_UPDATE, 8, "invalid NEXT_HOP"},
	{BGP_ERR_UPDATE, 9, "optional attribute error"},
	{BGP_ERR_UPDATE, 10, "invalid network field"},
	{BGP_ERR_UPDATE, 11, "malformed AS_PATH"},
	{BGP_ERR_FSM, 1, "unexpected message in OpenSent"},
	{BGP_ERR_FSM, 2, "unexpected message in OpenConfirm"},
	{BGP_ERR_FSM, 3, "unexpected message in Established"},
	{BGP_ERR_CEASE, 1, "maximum number of prefixes reached"},
	{BGP_ERR_CEASE, 2, "administrative shutdown"},
	{BGP_ERR_CEASE, 3, "peer de-configured"},
	{BGP_ERR_CEASE, 4, "administrative reset"},
	{BGP_ERR_CEASE, 5, "connection rejected"},
	{BGP_ERR_CEASE, 6, "other configuration change"},
	{BGP_ERR_CEASE, 7, "connection collision resolution"},
	{BGP_ERR_CEASE, 8, "out of resources"},
	{BGP_ERR_CEASE, 9, "hard reset"},
	{BGP_ERR_CEASE, 10, "BFD down"},
	{BGP_ERR_REFRESH, 1, "invalid message length"},
};

void
bgp_error_text(struct buf *to, uint8_t code, uint8_t subcode)
{
	static const char *const codes[] = {
		[BGP_ERR_HEADER] = "message header error",
		[BGP_ERR_OPEN] = "OPEN message error",
		[BGP_ERR_UPDATE] = "UPDATE message error",
		[BGP_ERR_HOLD] = "hold timer expired",
		[BGP_ERR_FSM] = "state machine error",
		[BGP_ERR_CEASE] = "Cease",
		[BGP_ERR_REFRESH] = "ROUTE-REFRESH message error",
		[BGP_ERR_SEND_HOLD] = "send hold timer expired",
	};
	if (code < sizeof(codes) / sizeof(codes[0]) && codes[code])
		buf_str(to, codes[code]);
	else
		buf_printf(to, "error %u", code);
	if (!subcode)
		return;
	for (size_t i = 0; i < sizeof(ERROR_TEXTS) / sizeof(ERROR_TEXTS[0]); i++) {
		if (ERROR_TEXTS[i].code == code && ERROR_TEXTS[i].subcode == subcode) {
			buf_printf(to, ": %s", ERROR_TEXTS[i].text);
			return;
		}
	}
	buf_printf(to, ": subcode %u", subcode);
}

/* RFC 4271 section 6.1; RFC 8654 section 4: OPEN and KEEPALIVE never become long. */
static bool
length_fits(uint8_t type, uint16_t length, uint16_t max_length)
{
	switch (type) {
	case BGP_OPEN:
		return length >= 29 && length <= BGP_MAX;
	case BGP_UPDATE:
		return length >= 23 && length <= max_length;
	case BGP_KEEPALIVE:
		return length == BGP_HEADER;
	default:
		return length <= max_length;
	}
}

int
bgp_header_read(struct bgp_header *out, struct bgp_error *error, struct cursor header,
		uint16_t max_length)
{
	static const uint8_t marker[16] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
					   0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	assert(cursor_left(&header) >= BGP_HEADER);
	const uint8_t *octets = cursor_take(&header, sizeof(marker));
	struct cursor length_field = header;
	length_field.end = length_field.at + 2;
	uint16_t length = cursor_u16(&header);
	struct cursor type_field = header;
	type_field.end = type_field.at + 1;
	uint8_t type = cursor_u8(&header);
	if (memcmp(octets, marker, sizeof(marker)) != 0) {
		*error = (struct bgp_error){BGP_ERR_HEADER, BGP_ERR_HEADER_SYNC, {0}};
		return -1;
	}
	bool known = type >= BGP_OPEN && type <= BGP_REFRESH;
	if (length < BGP_HEADER || !length_fits(type, length, max_length)) {
		*error = (struct bgp_error){BGP_ERR_HEADER, BGP_ERR_HEADER_LENGTH, length_field};
		return -1;
	}
	if (!known) {
		*error = (struct bgp_error){BGP_ERR_HEADER, BGP_ERR_HEADER_TYPE, type_field};
		return -1;
	}
	*out = (struct bgp_header){.type = type, .length = length};
	return 0;
}

static void
put_header(struct buf *to, uint16_t length, uint8_t type)
{
	buf_u64(to, UINT64_MAX);
	buf_u64(to, UINT64_MAX);
	buf_u16(to, length);
	buf_u8(to, type);
}

void
bgp_keepalive_write(struct buf *to)
{
	put_header(to, BGP_HEADER, BGP_KEEPALIVE);
}

void
bgp_notification_write(struct buf *to, struct bgp_error error)
{
	size_t data = cursor_left(&error.data);
	if (data > BGP_MAX - BGP_HEADER - 2)
		data = BGP_MAX - BGP_HEADER - 2;
	put_header(to, (uint16_t)(BGP_HEADER + 2 + data), BGP_NOTIFICATION);
	buf_u8(to, error.code);
	buf_u8(to, error.subcode);
	buf_put(to, error.data.at, data);
}

/* Octets of the UTF-8 character at `at`, 0 if it is not one (RFC 3629 section 4). */
static size_t
utf8_length(const uint8_t *at, size_t left)
{
	if (at[0] < 0x80)
		return 1;
	size_t length = at[0] >= 0xc2 && at[0] <= 0xdf   ? 2
			: (at[0] & 0xf0) == 0xe0         ? 3
			: at[0] >= 0xf0 && at[0] <= 0xf4 ? 4
							 : 0;
	if (!length || length > left)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	bool overlong = (at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xf0 && at[1] < 0x90);
	bool surrogate = at[0] == 0xed && at[1] > 0x9f;
	bool beyond = at[0] == 0xf4 && at[1] > 0x8f;
	return overlong || surrogate || beyond ? 0 : length;
}

/* The other's words end up in logs and on terminals: nothing that could steer those passes. */
static void
copy_text(char out[BGP_TEXT_MAX + 1], struct cursor text)
{
	size_t used = 0;
	while (cursor_left(&text)) {
		size_t length = utf8_length(text.at, cursor_left(&text));
		bool control = length == 1 ? text.at[0] < 0x20 || text.at[0] == 0x7f
					   : length == 2 && text.at[0] == 0xc2 && text.at[1] < 0xa0;
		if (!length || control) {
			out[used++] = '?';
			cursor_skip(&text, length ? length : 1);
			continue;
		}
		memcpy(out + used, cursor_take(&text, length), length);
		used += length;
	}
	out[used] = 0;
}

/* RFC 9003 gives the data of these two this meaning; those of the others have another. */
static bool
carries_text(uint8_t subcode)
{
	return subcode == BGP_CEASE_SHUTDOWN || subcode == BGP_CEASE_RESET;
}

/* Octets of `text` that go out: cut before the character that does not fit. */
static size_t
text_length(uint8_t subcode, const char *text)
{
	size_t length = carries_text(subcode) && text ? strlen(text) : 0;
	if (length <= BGP_TEXT_MAX)
		return length;
	length = BGP_TEXT_MAX;
	/* Back over its continuation octets. */
	while (length && ((uint8_t)text[length] & 0xc0) == 0x80)
		length--;
	return length;
}

static void
put_cease(struct buf *to, bool hard, uint8_t subcode, const char *text)
{
	size_t length = text_length(subcode, text);
	size_t outer = BGP_HEADER + (hard ? 2 : 0);
	put_header(to, (uint16_t)(outer + 2 + (length ? 1 + length : 0)), BGP_NOTIFICATION);
	if (hard) {
		buf_u8(to, BGP_ERR_CEASE);
		buf_u8(to, BGP_CEASE_HARD_RESET);
	}
	buf_u8(to, BGP_ERR_CEASE);
	buf_u8(to, subcode);
	if (!length)
		return;
	buf_u8(to, (uint8_t)length);
	buf_put(to, text, length);
}

void
bgp_cease_write(struct buf *to, uint8_t subcode, const char *text)
{
	put_cease(to, false, subcode, text);
}

void
bgp_hard_reset_write(struct buf *to, uint8_t subcode, const char *text)
{
	put_cease(to, true, subcode, text);
}

void
bgp_hard_reset_wrap(struct buf *to, struct bgp_error error)
{
	struct buf inner = {0};
	buf_u8(&inner, error.code);
	buf_u8(&inner, error.subcode);
	buf_put(&inner, error.data.at, cursor_left(&error.data));
	struct bgp_error outer = {BGP_ERR_CEASE, BGP_CEASE_HARD_RESET, {0}};
	if (!inner.failed)
		outer.data = cursor_of(inner.data, inner.length);
	bgp_notification_write(to, outer);
	buf_fini(&inner);
}

void
bgp_max_prefixes_put(struct buf *to, enum ip_family family, uint32_t max)
{
	buf_u16(to, family == IP_V4 ? AFI_IPV4 : AFI_IPV6);
	buf_u8(to, SAFI_UNICAST);
	buf_u32(to, max);
}

static void
read_max_prefixes(char out[BGP_TEXT_MAX + 1], struct cursor data)
{
	uint16_t afi = cursor_u16(&data);
	uint8_t safi = cursor_u8(&data);
	uint32_t max = cursor_u32(&data);
	bool known = safi == SAFI_UNICAST && (afi == AFI_IPV4 || afi == AFI_IPV6);
	if (!data.failed && !cursor_left(&data) && known)
		(void)snprintf(out, BGP_TEXT_MAX + 1, "at most %u IPv%c prefixes", max,
			       afi == AFI_IPV4 ? '4' : '6');
}

void
bgp_notification_read(struct bgp_notification *out, struct cursor body)
{
	*out = (struct bgp_notification){0};
	if (cursor_left(&body) < 2)
		return;
	out->code = cursor_u8(&body);
	out->subcode = cursor_u8(&body);
	out->hard = out->code == BGP_ERR_CEASE && out->subcode == BGP_CEASE_HARD_RESET;
	if (out->hard && cursor_left(&body) >= 2) {
		out->code = cursor_u8(&body);
		out->subcode = cursor_u8(&body);
	}
	out->data = body;
	if (out->code == BGP_ERR_CEASE && out->subcode == BGP_CEASE_MAX_PREFIXES)
		read_max_prefixes(out->text, body);
	if (out->code != BGP_ERR_CEASE || !carries_text(out->subcode) || !cursor_left(&body))
		return;
	uint8_t length = cursor_u8(&body);
	struct cursor text = cursor_sub(&body, length);
	if (!text.failed)
		copy_text(out->text, text);
}

void
bgp_refresh_write(struct buf *to, enum ip_family family, enum bgp_refresh_kind kind)
{
	assert(kind <= BGP_REFRESH_END);
	put_header(to, BGP_HEADER + 4, BGP_REFRESH);
	buf_u16(to, family == IP_V4 ? AFI_IPV4 : AFI_IPV6);
	buf_u8(to, (uint8_t)kind);
	buf_u8(to, SAFI_UNICAST);
}

int
bgp_refresh_read(struct bgp_refresh *out, struct cursor body)
{
	size_t length = cursor_left(&body);
	uint16_t afi = cursor_u16(&body);
	uint8_t subtype = cursor_u8(&body);
	uint8_t safi = cursor_u8(&body);
	bool marks = subtype == BGP_REFRESH_BEGIN || subtype == BGP_REFRESH_END;
	if (length != 4 && marks) {
		*out = (struct bgp_refresh){.kind = BGP_REFRESH_MALFORMED};
		return 0;
	}
	if (length != 4 || (safi != SAFI_UNICAST && safi != SAFI_FLOW && safi != SAFI_SR_POLICY) ||
	    (afi != AFI_IPV4 && afi != AFI_IPV6) || subtype > BGP_REFRESH_END)
		return -1;
	out->flow = safi == SAFI_FLOW;
	out->sr = safi == SAFI_SR_POLICY;
	out->family = afi == AFI_IPV4 ? IP_V4 : IP_V6;
	out->kind = (enum bgp_refresh_kind)subtype;
	return 0;
}
