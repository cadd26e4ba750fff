/* What is written reads back, stays within the octets of a message, and is understood by old
 * neighbours. */
#include "exchange/bgp/bgp_writer.h"

#include "exchange/bgp/bgp_msg.h"
#include "exchange/bgp/bgp_update.h"
#include "hex.h"
#include "tap.h"

enum { COUNT = 25000 };

static struct bgp_scratch scratch;

static struct prefix
numbered(enum ip_family family, unsigned i)
{
	struct prefix p;
	char text[PREFIX_TEXT];
	if (family == IP_V4)
		snprintf(text, sizeof(text), "10.%u.%u.0/24", i / 256 % 256, i % 256);
	else
		snprintf(text, sizeof(text), "2001:db8:%x::/48", i);
	if (prefix_parse(&p, text) < 0)
		abort();
	return p;
}

/* Reads all messages of `octets` back. */
struct heard {
	unsigned messages, announced, withdrawn, wrong;
	size_t longest;
	enum ip_family end_of_rib;
	struct ip next_hop, link_local;
	struct bgp_attrs attrs;
};

static uint32_t
path_id_of(struct bgp_form form, unsigned i)
{
	return form.add_path ? i * 65537u : 0;
}

static struct heard
hear(const struct buf *octets, enum ip_family family, bool as4, struct bgp_form form)
{
	const struct bgp_peer peer = {.as4 = as4,
				      .ipv4 = true,
				      .ipv6 = true,
				      .extended_next_hop = true,
				      .add_path_ipv4 = form.add_path,
				      .add_path_ipv6 = form.add_path};
	struct heard h = {0};
	struct cursor all = cursor_of(octets->data, octets->length);
	while (cursor_left(&all)) {
		struct bgp_header header;
		struct bgp_error error;
		struct bgp_update update;
		struct prefix p;
		uint32_t id;
		if (cursor_left(&all) < BGP_HEADER ||
		    bgp_header_read(&header, &error, all, form.max) < 0) {
			h.wrong++;
			break;
		}
		struct cursor message = cursor_sub(&all, header.length);
		cursor_skip(&message, BGP_HEADER);
		h.messages++;
		h.longest = header.length > h.longest ? header.length : h.longest;
		h.wrong += bgp_update_read(&update, message, &peer, &scratch) != BGP_VERDICT_OK ||
			   update.remark_count;
		if (update.withdrawn_count)
			while (bgp_nlri_next(&update.withdrawn[0], &p, &id)) {
				h.wrong += id != path_id_of(form, h.withdrawn);
				h.wrong += !prefix_equal(p, numbered(family, h.withdrawn++));
			}
		if (update.announced_count) {
			h.next_hop = update.announced[0].next_hop;
			h.link_local = update.announced[0].link_local;
			h.attrs = update.attrs;
			while (bgp_nlri_next(&update.announced[0], &p, &id)) {
				h.wrong += id != path_id_of(form, h.announced);
				h.wrong += !prefix_equal(p, numbered(family, h.announced++));
			}
		}
		if (update.end_of_rib)
			h.end_of_rib = update.end_of_rib;
	}
	return h;
}

/* Attributes from hex, through the reader and bgp_attrs_encode. */
static void
encode(struct buf *out, const char *hex, bool as4, struct ip next_hop)
{
	const struct bgp_peer peer = {.as4 = as4, .ipv4 = true, .ipv6 = true};
	struct buf body = {0};
	struct bgp_update update;
	buf_u32(&body, 0);
	hex_put(&body, hex);
	buf_set_u16(&body, 2, (uint16_t)(body.length - 4));
	hex_put(&body, "18cb0071");
	bgp_update_read(&update, cursor_of(body.data, body.length), &peer, &scratch);
	struct bgp_communities all = {update.attrs.communities, update.attrs.ext_communities,
				      update.attrs.large_communities};
	update.attrs.next_hop = next_hop;
	bgp_attrs_encode(out, &update.attrs, all);
	buf_fini(&body);
}

static void
encoding(void)
{
	static const struct {
		const char *name, *in, *out;
	} cases[] = {
		{"attributes come out in order of type",
		 "c0230400000001 c0200c000000010000000200000003 c0100800020000fbf50001 "
		 "c00804fbf50001 80040400000007 "
		 "{N}{P}{O} 400600",
		 "{O}{P}{N} 80040400000007 400600 c00804fbf50001 c0100800020000fbf50001 "
		 "c0200c000000010000000200000003 c0230400000001"},
		{"unknown ones find their places", "{O}{P}{N} c0d50101 c00d0102 c0120100",
		 "{O}{P}{N} e00d0102 e0d50101"},
		{"the Partial bit stays, once set (RFC 4271 5)",
		 "{O}{P}{N} e00804fbf50001 c0100800020000fbf50001 e0200c000000010000000200000003",
		 "{O}{P}{N} e00804fbf50001 c0100800020000fbf50001 e0200c000000010000000200000003"},
		{"a long value gets an extended length and a short one none",
		 "{O}{P}{N} d0080004fbf50001", "{O}{P}{N} c00804fbf50001"},
	};
	struct buf got = {0}, expected = {0}, a = {0}, b = {0};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_clear(&got);
		buf_clear(&expected);
		encode(&got, cases[i].in, true, ip_v4(0xc0000202));
		hex_put(&expected, cases[i].out);
		is_str(hex_text(&a, cursor_of(got.data, got.length)),
		       hex_text(&b, cursor_of(expected.data, expected.length)), cases[i].name);
	}
	buf_fini(&got);
	buf_fini(&expected);
	buf_fini(&a);
	buf_fini(&b);
}

static void
many(enum ip_family family, struct ip next_hop, struct ip link_local, struct bgp_form form,
     const char *what)
{
	struct buf attrs = {0}, out = {0};
	struct bgp_writer w;
	encode(&attrs, "{O}{P}{N} c00804fbf50001", true, next_hop);
	struct bgp_route_attrs route = {attrs.data, attrs.length, next_hop, link_local};
	ok(bgp_announce_begin(&w, &out, family, form, &route) == 0, "%s: attributes fit", what);
	for (unsigned i = 0; i < COUNT; i++)
		bgp_writer_add(&w, numbered(family, i), path_id_of(form, i));
	uint32_t messages = bgp_writer_end(&w);
	struct heard h = hear(&out, family, true, form);
	ok(h.announced == COUNT && !h.wrong && h.messages == messages,
	   "%s: many prefixes are announced", what);
	ok(h.longest <= form.max && h.longest > form.max - 22u, "%s: messages are full, not more",
	   what);
	ok(ip_equal(h.next_hop, next_hop) && ip_equal(h.link_local, link_local),
	   "%s: next hops are kept", what);
	buf_clear(&out);
	bgp_withdraw_begin(&w, &out, family, form);
	for (unsigned i = 0; i < COUNT; i++)
		bgp_writer_add(&w, numbered(family, i), path_id_of(form, i));
	(void)bgp_writer_end(&w);
	h = hear(&out, family, true, form);
	ok(h.withdrawn == COUNT && !h.wrong && h.longest <= form.max, "%s: and withdrawn", what);
	buf_clear(&out);
	bgp_withdraw_begin(&w, &out, family, form);
	ok(bgp_writer_end(&w) == 0 && !out.length, "%s: no prefix, no message", what);
	bgp_end_of_rib_write(&out, family);
	h = hear(&out, family, true, form);
	ok(h.end_of_rib == family && h.messages == 1, "%s: End-of-RIB", what);
	buf_fini(&attrs);
	buf_fini(&out);
}

static void
too_large(void)
{
	struct buf out = {0};
	struct bgp_writer w;
	static uint8_t attrs[BGP_MAX];
	struct bgp_form long_form = {.max = BGP_MAX_EXTENDED};
	struct bgp_form with_ids = {.max = BGP_MAX, .add_path = true};
	struct bgp_route_attrs route = {attrs, BGP_MAX - 23 - 5, ip_v4(1), {0}};
	ok(bgp_announce_begin(&w, &out, IP_V4, BGP_FORM_PLAIN, &route) == 0,
	   "attributes that leave 5 octets are sent");
	route.length++;
	ok(bgp_announce_begin(&w, &out, IP_V4, BGP_FORM_PLAIN, &route) < 0,
	   "one more octet, and they are not");
	ok(bgp_announce_begin(&w, &out, IP_V4, long_form, &route) == 0,
	   "8654 4: but to a neighbour that takes long messages they are");
	route.length = BGP_MAX - 23 - 9;
	ok(bgp_announce_begin(&w, &out, IP_V4, with_ids, &route) == 0,
	   "7911: a path identifier needs four octets more");
	route.length++;
	ok(bgp_announce_begin(&w, &out, IP_V4, with_ids, &route) < 0, "and not three");
	buf_fini(&out);
}

/* One message of ours in the form for a 2-octet neighbour, read back. */
static void
for_old(const char *name, const char *attrs_hex, const char *expected_hex, const char *path)
{
	struct buf attrs = {0}, out = {0}, old = {0}, expected = {0}, a = {0}, b = {0};
	struct bgp_writer w;
	struct bgp_route_attrs route = {.next_hop = ip_v4(0xc0000202)};
	encode(&attrs, attrs_hex, true, route.next_hop);
	route.attrs = attrs.data;
	route.length = attrs.length;
	(void)bgp_announce_begin(&w, &out, IP_V4, BGP_FORM_PLAIN, &route);
	bgp_writer_add(&w, numbered(IP_V4, 0), 0);
	(void)bgp_writer_end(&w);
	is_int(bgp_update_to_as2(&old, cursor_of(out.data, out.length), BGP_FORM_PLAIN), 1, name);
	hex_put(&expected, expected_hex);
	struct cursor got = cursor_of(old.data, old.length);
	cursor_skip(&got, BGP_HEADER + 4);
	got = cursor_sub(&got, cursor_left(&got) - 4);
	is_str(hex_text(&a, got), hex_text(&b, cursor_of(expected.data, expected.length)), name);
	struct heard h = hear(&old, IP_V4, false, BGP_FORM_PLAIN);
	buf_clear(&a);
	bgp_as_path_text(&a, h.attrs.as_path);
	buf_u8(&a, 0);
	is_str((char *)a.data, path, "and an old speaker's reader rebuilds the path");
	buf_fini(&attrs);
	buf_fini(&out);
	buf_fini(&old);
	buf_fini(&expected);
	buf_fini(&a);
	buf_fini(&b);
}

/* Identifiers and long messages stay when AS numbers are narrowed. */
static void
old_neighbours_with_more(void)
{
	const struct bgp_form form = {.max = BGP_MAX_EXTENDED, .add_path = true};
	struct buf attrs = {0}, out = {0}, old = {0};
	struct bgp_writer w;
	hex_put(&attrs, "{O} 40020602 01 00011170 {N}");
	struct bgp_route_attrs route = {attrs.data, attrs.length, ip_v4(0xc0000202), {0}};
	(void)bgp_announce_begin(&w, &out, IP_V4, form, &route);
	for (unsigned i = 0; i < 5000; i++)
		bgp_writer_add(&w, numbered(IP_V4, i), path_id_of(form, i));
	is_int(bgp_writer_end(&w), 1, "8654: 5000 prefixes with identifiers fit one long message");
	is_int(bgp_update_to_as2(&old, cursor_of(out.data, out.length), form), 1,
	       "and one for a speaker of 2-octet numbers");
	struct heard h = hear(&old, IP_V4, false, form);
	ok(h.announced == 5000 && !h.wrong && h.attrs.as_hops == 1, "with all identifiers");
	buf_fini(&attrs);
	buf_fini(&out);
	buf_fini(&old);
}

static void
old_neighbours(void)
{
	for_old("6793 4.2.2: small numbers need no AS4_PATH", "{O}{P}{N} c007080000fbf5c0000209",
		"{O} 4002060202fbf5fbf6 {N} c00706fbf5c0000209", "64501 64502");
	for_old("6793 4.2.2: large ones do",
		"{O}40020a02020000fbf500011170{N} c0070800011170c0000209 "
		"c0200c000000010000000200000003",
		"{O} 4002060202fbf55ba0 {N} c007065ba0c0000209 c0110a02020000fbf500011170 "
		"c0120800011170c0000209 c0200c000000010000000200000003",
		"64501 70000");

	/* A message that is full, with a path that grows: several messages, nothing lost. */
	struct buf attrs = {0}, out = {0}, old = {0};
	struct bgp_writer w;
	struct ip next_hop;
	(void)ip_parse(&next_hop, "2001:db8::2");
	hex_put(&attrs, "{O} 40026202 18");
	for (unsigned i = 0; i < 24; i++)
		buf_u32(&attrs, 70000 + i);
	struct bgp_route_attrs route = {attrs.data, attrs.length, next_hop, {0}};
	(void)bgp_announce_begin(&w, &out, IP_V6, BGP_FORM_PLAIN, &route);
	for (unsigned i = 0; i < 560; i++)
		bgp_writer_add(&w, numbered(IP_V6, i), 0);
	is_int(bgp_writer_end(&w), 1, "560 prefixes fit in one message");
	is_int(bgp_update_to_as2(&old, cursor_of(out.data, out.length), BGP_FORM_PLAIN), 2,
	       "the longer form takes two");
	struct heard h = hear(&old, IP_V6, false, BGP_FORM_PLAIN);
	ok(h.announced == 560 && !h.wrong && ip_equal(h.next_hop, next_hop) &&
		   h.attrs.as_hops == 24,
	   "and no prefix is lost");

	/* A path of which the longer form fits no message. */
	buf_clear(&attrs);
	buf_clear(&out);
	buf_clear(&old);
	hex_put(&attrs, "{O} 5002");
	buf_u16(&attrs, 4 * (2 + 4 * 200));
	for (unsigned i = 0; i < 800; i++) {
		if (i % 200 == 0)
			hex_put(&attrs, "02c8");
		buf_u32(&attrs, 70000 + i);
	}
	hex_put(&attrs, "{N}");
	route = (struct bgp_route_attrs){attrs.data, attrs.length, ip_v4(0xc0000202), {0}};
	(void)bgp_announce_begin(&w, &out, IP_V4, BGP_FORM_PLAIN, &route);
	bgp_writer_add(&w, numbered(IP_V4, 0), 0);
	(void)bgp_writer_end(&w);
	(void)bgp_update_to_as2(&old, cursor_of(out.data, out.length), BGP_FORM_PLAIN);
	h = hear(&old, IP_V4, false, BGP_FORM_PLAIN);
	ok(h.withdrawn == 1 && !h.announced && !h.wrong, "what cannot be said to it is withdrawn");

	buf_clear(&out);
	buf_clear(&old);
	bgp_end_of_rib_write(&out, IP_V6);
	is_int(bgp_update_to_as2(&old, cursor_of(out.data, out.length), BGP_FORM_PLAIN), 1,
	       "End-of-RIB stays");
	ok(old.length == out.length && memcmp(old.data, out.data, out.length) == 0, "as it is");
	buf_fini(&attrs);
	buf_fini(&out);
	buf_fini(&old);
}

int
main(void)
{
	struct ip six, local, none = {0};
	(void)ip_parse(&six, "2001:db8::2");
	(void)ip_parse(&local, "fe80::2");
	encoding();
	const struct bgp_form plain = BGP_FORM_PLAIN;
	const struct bgp_form ids = {.max = BGP_MAX, .add_path = true};
	const struct bgp_form longer = {.max = BGP_MAX_EXTENDED};
	const struct bgp_form both = {.max = BGP_MAX_EXTENDED, .add_path = true};
	many(IP_V4, ip_v4(0xc0000202), none, plain, "IPv4");
	many(IP_V6, six, none, plain, "IPv6");
	many(IP_V6, six, local, plain, "IPv6 with a link-local next hop");
	many(IP_V4, ip_v4(0xc0000202), none, ids, "IPv4 with identifiers (RFC 7911)");
	many(IP_V6, six, none, ids, "IPv6 with identifiers");
	many(IP_V4, ip_v4(0xc0000202), none, longer, "IPv4 in long messages (RFC 8654)");
	many(IP_V6, six, none, longer, "IPv6 in long messages");
	many(IP_V4, six, local, both, "IPv4 over IPv6 with identifiers in long messages");
	many(IP_V4, six, none, plain, "IPv4 over an IPv6 next hop (RFC 8950)");
	too_large();
	old_neighbours();
	old_neighbours_with_more();
	return done_testing();
}
