/* Looking ahead into messages: all prefixes are seen, and nothing that is
 * wrong in a message does harm. */
#include "exchange/bgp/bgp_ahead.h"

#include "exchange/bgp/bgp_msg.h"
#include "hex.h"
#include "tap.h"

/* Appends a message with this body; a `length` of 0 stands for the right one. */
static void
message(struct buf *out, unsigned type, unsigned length, const char *body)
{
	size_t at = out->length;
	for (int i = 0; i < 16; i++)
		buf_u8(out, 0xff);
	buf_u16(out, 0);
	buf_u8(out, (uint8_t)type);
	hex_put(out, body);
	buf_set_u16(out, at + 16, (uint16_t)(length ? length : out->length - at));
}

/* What is seen in the messages, from memory of just the right size, as one text. */
static const char *
seen(struct buf *messages, bool add_path)
{
	static struct buf text;
	const bool both[2] = {add_path, add_path};
	uint8_t *copy = malloc(messages->length);
	if (!copy)
		abort();
	memcpy(copy, messages->data, messages->length);
	struct bgp_ahead ahead = bgp_ahead_of(cursor_of(copy, messages->length), both);
	struct prefix prefix;
	buf_clear(&text);
	while (bgp_ahead_next(&ahead, &prefix)) {
		char name[PREFIX_TEXT];
		buf_printf(&text, "%s%s", text.length ? " " : "", prefix_format(name, prefix));
	}
	buf_u8(&text, 0);
	free(copy);
	buf_clear(messages);
	return (const char *)text.data;
}

int
main(void)
{
	struct buf m = {0};
	message(&m, BGP_UPDATE, 0, "0004 18c0a801 0000");
	message(&m, BGP_KEEPALIVE, 0, "");
	message(&m, BGP_UPDATE, 0, "0000 0000 18c00002 16c63367");
	is_str(seen(&m, false), "192.168.1.0/24 192.0.2.0/24 198.51.100.0/22",
	       "lists of several messages come in order, with trailing bits cleared");
	message(&m, BGP_UPDATE, 0,
		"0000 002b {O} 800f07 000201 1820010d 800e1a {6} 2020010db8 18c00002");
	is_str(seen(&m, false), "2001:db8::/32 2001:d00::/24 192.0.2.0/24",
	       "multiprotocol lists are found between other attributes");
	message(&m, BGP_UPDATE, 0, "0000 0000 00000001 18c00002 00000002 18c00002");
	is_str(seen(&m, true), "192.0.2.0/24 192.0.2.0/24", "path identifiers are passed over");
	message(&m, BGP_UPDATE, 0, "0000 0000 21c0000201ff");
	message(&m, BGP_UPDATE, 0, "0000 0000 18c00002");
	is_str(seen(&m, false), "192.0.2.0/24", "a list that is not sound is passed over");
	message(&m, BGP_UPDATE, 0, "0009 18c00002");
	message(&m, BGP_UPDATE, 0, "0000 0003 800eff 18c00002");
	is_str(seen(&m, false), "192.0.2.0/24", "fields that overrun the message hold nothing");
	message(&m, BGP_UPDATE, 0, "0000 0000 18c00002");
	message(&m, BGP_UPDATE, 200, "0000 0000 18c63364");
	is_str(seen(&m, false), "192.0.2.0/24", "a message that is cut ends it");
	message(&m, BGP_UPDATE, 18, "0000 0000 18c63364");
	is_str(seen(&m, false), "", "so does a length below that of a header");
	buf_fini(&m);
	return done_testing();
}
