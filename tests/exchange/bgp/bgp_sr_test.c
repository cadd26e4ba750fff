/* SR policies in UPDATEs: which are taken, what a broken one costs (RFC 9830 section 5), and that
 * what is written is read as it was. */
#include "exchange/bgp/bgp_sr.h"

#include "exchange/bgp/bgp_open.h"
#include "exchange/bgp/bgp_tunnel.h"
#include "exchange/bgp/bgp_update.h"
#include "hex.h"
#include "tap.h"

static struct bgp_scratch scratch;

static const struct bgp_peer sr_peer = {
	.as4 = true, .ipv4 = true, .ipv6 = true, .sr_ipv4 = true, .sr_ipv6 = true};

/* Distinguisher 1, color 100, endpoint 10.0.0.9. */
#define KEY    "60 00000001 00000064 0a000009"
#define REACH  "800e16 000149 04 c0000202 00 " KEY
#define NO_ADV "c00804 ffffff02"
#define TARGET "c01008 0102 0a000001 0000"
/* Preference 200; one list of weight 1: label 16001. */
#define LIST   "800011 00 090600000000 0001 010600 00 03e81000"
#define TUNNEL "c01720 000f001c 0c060000000000c8 " LIST

struct given {
	const char *name, *attrs;
	enum bgp_verdict verdict;
	unsigned announced, withdrawn; /* keys */
	enum bgp_reason reason;        /* of the first remark */
	bool lost;                     /* the family */
};

static unsigned
keys_in(struct bgp_sr list)
{
	struct sr_key key;
	unsigned count = 0;
	while (list.family != IP_NONE && bgp_sr_next(&key, &list, NULL))
		count++;
	return count;
}

static enum bgp_verdict
read_update(struct bgp_update *out, struct buf *body, const char *attrs)
{
	buf_clear(body);
	buf_u16(body, 0);
	buf_u16(body, 0);
	hex_put(body, attrs);
	buf_set_u16(body, 2, (uint16_t)(body->length - 4));
	return bgp_update_read(out, cursor_of(body->data, body->length), &sr_peer, &scratch);
}

static void
take_and_refuse(void)
{
	static const struct given cases[] = {
		{"a policy for the neighbour itself is taken", REACH "{O}{P}" NO_ADV TUNNEL,
		 BGP_VERDICT_OK, 1, 0, BGP_REASON_NONE, false},
		{"and so is one with a route target", REACH "{O}{P}" TARGET TUNNEL, BGP_VERDICT_OK,
		 1, 0, BGP_REASON_NONE, false},
		{"one with neither is treated as withdrawn", REACH "{O}{P}" TUNNEL,
		 BGP_VERDICT_WITHDRAW, 0, 1, BGP_REASON_SR_AUDIENCE, false},
		{"a route target of an AS number is none",
		 REACH "{O}{P}c01008 0002 fbf50000 0001" TUNNEL, BGP_VERDICT_WITHDRAW, 0, 1,
		 BGP_REASON_SR_AUDIENCE, false},
		{"without a tunnel encapsulation it is treated as withdrawn", REACH "{O}{P}" NO_ADV,
		 BGP_VERDICT_WITHDRAW, 0, 1, BGP_REASON_SR_POLICY, false},
		{"as with one of another tunnel type", REACH "{O}{P}" NO_ADV "c01704 00080000",
		 BGP_VERDICT_WITHDRAW, 0, 1, BGP_REASON_SR_POLICY, false},
		{"another tunnel beside it does not matter",
		 REACH "{O}{P}" NO_ADV "c01724 00080000 000f001c 0c060000000000c8" LIST,
		 BGP_VERDICT_OK, 1, 0, BGP_REASON_NONE, false},
		{"two of the type are one too many",
		 REACH "{O}{P}" NO_ADV "c01708 000f0000 000f0000", BGP_VERDICT_WITHDRAW, 0, 1,
		 BGP_REASON_SR_POLICY, false},
		{"a TLV that goes beyond the attribute",
		 REACH "{O}{P}" NO_ADV "c01706 000f0003 0000", BGP_VERDICT_WITHDRAW, 0, 1,
		 BGP_REASON_SR_POLICY, false},
		{"a sub-TLV that goes beyond the TLV", REACH "{O}{P}" NO_ADV "c01706 000f0002 0c06",
		 BGP_VERDICT_WITHDRAW, 0, 1, BGP_REASON_SR_POLICY, false},
		{"a preference of five octets",
		 REACH "{O}{P}" NO_ADV "c0170b 000f0007 0c050000000000", BGP_VERDICT_WITHDRAW, 0, 1,
		 BGP_REASON_SR_POLICY, false},
		{"two preferences",
		 REACH "{O}{P}" NO_ADV "c01714 000f0010 0c060000000000c8 0c060000000000c8",
		 BGP_VERDICT_WITHDRAW, 0, 1, BGP_REASON_SR_POLICY, false},
		{"a segment that goes beyond its list",
		 REACH "{O}{P}" NO_ADV "c0170b 000f0007 800004 00 0106 00", BGP_VERDICT_WITHDRAW, 0,
		 1, BGP_REASON_SR_POLICY, false},
		{"a label of three octets",
		 REACH "{O}{P}" NO_ADV "c0170f 000f000b 800008 00 0105 0000 03e810",
		 BGP_VERDICT_WITHDRAW, 0, 1, BGP_REASON_SR_POLICY, false},
		{"a sub-TLV that we do not know is passed over",
		 REACH "{O}{P}" NO_ADV "c01724 000f0020 7d0200ff 0c060000000000c8" LIST,
		 BGP_VERDICT_OK, 1, 0, BGP_REASON_NONE, false},
		{"a tunnel encapsulation that is not transitive is treated as withdrawn",
		 REACH "{O}{P}" NO_ADV "801720 000f001c 0c060000000000c8" LIST,
		 BGP_VERDICT_WITHDRAW, 0, 1, BGP_REASON_FLAGS, false},
		{"a path that is missing, too", REACH "{O}" NO_ADV TUNNEL, BGP_VERDICT_WITHDRAW, 0,
		 1, BGP_REASON_MISSING, false},
		{"a key that does not end costs the family, not the session",
		 "800e15 000149 04 c0000202 00 60 00000001 00000064 0a0000 {O}{P}" NO_ADV TUNNEL,
		 BGP_VERDICT_OK, 0, 0, BGP_REASON_SR_LIST, true},
		{"so does a next hop that does not end", "800e05 000149 04 c0 {O}{P}" NO_ADV TUNNEL,
		 BGP_VERDICT_OK, 0, 0, BGP_REASON_SR_LIST, true},
		{"a key of another length is left out, and the one behind it is taken",
		 "800e22 000149 04 c0000202 00 58 00000001 00000064 0a0000" KEY
		 "{O}{P}" NO_ADV TUNNEL,
		 BGP_VERDICT_OK, 1, 0, BGP_REASON_SR_KEY, false},
		{"a key of IPv6 has no place among those of IPv4",
		 "800e22 000149 04 c0000202 00 c0 00000001 00000064 "
		 "20010db8000000000000000000000009 {O}{P}" NO_ADV TUNNEL,
		 BGP_VERDICT_OK, 0, 0, BGP_REASON_SR_KEY, false},
		{"a policy is withdrawn", "800f10 000149" KEY, BGP_VERDICT_OK, 0, 1,
		 BGP_REASON_NONE, false},
		{"a list of withdrawn ones without an end costs the family",
		 "800f08 000149 60 00000001", BGP_VERDICT_OK, 0, 0, BGP_REASON_SR_LIST, true},
		{"IPv6 next hops go with IPv4 endpoints",
		 "800e22 000149 10 20010db8000000000000000000000001 00" KEY "{O}{P}" NO_ADV TUNNEL,
		 BGP_VERDICT_OK, 1, 0, BGP_REASON_NONE, false},
	};
	struct buf body = {0};
	struct bgp_update u;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct given *c = &cases[i];
		enum bgp_verdict verdict = read_update(&u, &body, c->attrs);
		unsigned withdrawn = keys_in(u.sr_withdrawn[0]) + keys_in(u.sr_withdrawn[1]);
		enum bgp_reason reason =
			u.remark_count ? (enum bgp_reason)u.remarks[0].reason : BGP_REASON_NONE;
		bool good = verdict == c->verdict && keys_in(u.sr_announced) == c->announced &&
			    withdrawn == c->withdrawn && reason == c->reason &&
			    u.sr_lost_ipv4 == c->lost && !u.sr_lost_ipv6;
		ok(good, "%s", c->name);
		if (!good)
			printf("# verdict %d, %u announced, %u withdrawn, reason: %s, lost %d\n",
			       verdict, keys_in(u.sr_announced), withdrawn, bgp_reason_text(reason),
			       u.sr_lost_ipv4);
	}
	buf_fini(&body);
}

static void
other_families(void)
{
	struct buf body = {0};
	struct bgp_update u;
	hex_put(&body, "0000 0000" REACH "{O}{P}" NO_ADV TUNNEL);
	buf_set_u16(&body, 2, (uint16_t)(body.length - 4));
	const struct bgp_peer plain = {.as4 = true, .ipv4 = true};
	enum bgp_verdict verdict =
		bgp_update_read(&u, cursor_of(body.data, body.length), &plain, &scratch);
	ok(verdict == BGP_VERDICT_OK && u.sr_announced.family == IP_NONE &&
		   u.remarks[0].reason == BGP_REASON_FAMILY,
	   "of a family that was not agreed on nothing is read");
	ok(read_update(&u, &body, "800f03 000249") == BGP_VERDICT_OK && u.end_of_rib == IP_V6 &&
		   u.end_of_sr && !u.end_of_flow,
	   "an empty list of withdrawn ones is the End-of-RIB of policies");
	ok(read_update(&u, &body, "800f03 000201") == BGP_VERDICT_OK && u.end_of_rib == IP_V6 &&
		   !u.end_of_sr,
	   "which that of routes is not");
	hex_put((buf_clear(&body), &body), "0000 0000 {O}{P}{N} c01704 00080000");
	buf_set_u16(&body, 2, (uint16_t)(body.length - 4));
	hex_put(&body, "18c00002");
	verdict = bgp_update_read(&u, cursor_of(body.data, body.length), &plain, &scratch);
	ok(verdict == BGP_VERDICT_OK && u.announced_count == 1 &&
		   u.attrs.others.at[0] & BGP_FLAG_PARTIAL,
	   "beside routes a tunnel encapsulation is passed on, as what we do not know");
	buf_fini(&body);
}

/* --- what is written --- */

static const char *const segment_texts[] = {
	"16001",
	"2001:db8::1",
	"node 192.0.2.1",
	"node 192.0.2.1 algorithm 128 sid 16001",
	"node 2001:db8::1 sid 17000",
	"interface 192.0.2.1 7",
	"link 192.0.2.1 192.0.2.2 sid 24001",
	"interface 2001:db8::1 7 2001:db8::2 9",
	"link 2001:db8::1 2001:db8::2 sid 24002",
	"node 2001:db8::1 srv6 algorithm 1 sid 2001:db8:f::1",
	"interface 2001:db8::1 7 2001:db8::2 9 srv6",
	"link 2001:db8::1 2001:db8::2 srv6 sid 2001:db8:f::2",
};
enum { TEXTS = sizeof(segment_texts) / sizeof(segment_texts[0]) };

static void
make_policy(struct sr_policy *p)
{
	struct sr_key key = {7, 100, {0}};
	struct sr_segment s;
	(void)ip_parse(&key.endpoint, "2001:db8::9");
	sr_policy_init(p, key);
	p->preference = 200;
	p->priority = 9;
	p->enlp = SR_ENLP_BOTH;
	p->has_binding = p->has_binding_label = p->drop_invalid = true;
	p->binding_entry = sr_entry(15001);
	p->srv6_count = 1;
	(void)ip_parse(&p->srv6[0].sid, "2001:db8:b::1");
	p->srv6[0].has_behavior = true;
	p->srv6[0].behavior = (struct sr_behavior){0xffff, 40, 24, 16, 0};
	snprintf(p->name, sizeof(p->name), "to the sea");
	snprintf(p->path_name, sizeof(p->path_name), "over the lake");
	(void)sr_policy_add_list(p, 1);
	for (size_t i = 0; i < TEXTS; i++) {
		(void)sr_segment_parse(&s, segment_texts[i]);
		(void)sr_policy_add(p, &s);
	}
	(void)sr_policy_add_list(p, 4000000000u);
	(void)sr_segment_parse(&s, "fc00::7");
	s.has_behavior = s.verify = true;
	s.behavior = (struct sr_behavior){1, 32, 16, 16, 64};
	(void)sr_policy_add(p, &s);
}

static void
write_and_read(void)
{
	static struct sr_policy p, again;
	struct buf tunnel = {0}, out = {0};
	struct bgp_update u;
	struct bgp_header header;
	struct bgp_error error;
	make_policy(&p);
	bgp_tunnel_write(&tunnel, &p);
	struct cursor octets = cursor_of(tunnel.data, tunnel.length);
	again.key = p.key;
	ok(bgp_tunnel_read(&again, octets) == BGP_TUNNEL_SOUND &&
		   memcmp(&p, &again, sizeof(p)) == 0,
	   "a policy with every type of segment is read as it was written");
	struct bgp_sr_way way = {.origin = {64500}};
	(void)ip_parse(&way.next_hop, "192.0.2.1");
	(void)ip_parse(&way.headend, "10.0.0.1");
	ok(bgp_sr_announce_write(&out, &p.key, octets, &way, BGP_MAX) == 0 &&
		   bgp_header_read(&header, &error, cursor_of(out.data, out.length), BGP_MAX) ==
			   0 &&
		   header.length == out.length,
	   "it goes out in an UPDATE");
	struct cursor body = cursor_of(out.data, out.length);
	cursor_skip(&body, BGP_HEADER);
	struct sr_key key;
	ok(bgp_update_read(&u, body, &sr_peer, &scratch) == BGP_VERDICT_OK && !u.remark_count &&
		   bgp_sr_next(&key, &u.sr_announced, NULL) && sr_key_equal(&key, &p.key) &&
		   u.attrs.first_as.number == 64500,
	   "which a neighbour takes");
	scratch.sr_policy.key = p.key;
	ok(memcmp(&scratch.sr_policy, &p, sizeof(p)) == 0, "and reads as it is");
	ok(bgp_sr_announce_write(&out, &p.key, octets, &way, (uint16_t)(header.length - 1)) < 0 &&
		   out.length == header.length,
	   "what is too long is not written at all");
	buf_clear(&out);
	bgp_sr_withdraw_write(&out, &p.key);
	body = cursor_of(out.data, out.length);
	cursor_skip(&body, BGP_HEADER);
	ok(bgp_update_read(&u, body, &sr_peer, &scratch) == BGP_VERDICT_OK &&
		   keys_in(u.sr_withdrawn[0]) == 1,
	   "a withdrawal names it");
	buf_fini(&tunnel);
	buf_fini(&out);
}

static void
texts(void)
{
	static const char *const wrong[] = {
		"",
		"1048576",
		"-1",
		"192.0.2.1",
		"node",
		"node 1",
		"node 192.0.2.1 sid",
		"link 192.0.2.1",
		"link 192.0.2.1 2001:db8::1",
		"node 192.0.2.1 srv6",
		"interface 192.0.2.1",
		"link 192.0.2.1 192.0.2.2 algorithm 1",
		"node 192.0.2.1 sid 16001 sid 16002",
		"16001 16002",
	};
	struct sr_segment s;
	char text[SR_TEXT_MAX];
	for (size_t i = 0; i < TEXTS; i++) {
		bool read = sr_segment_parse(&s, segment_texts[i]) == 0;
		is_str(read ? sr_segment_text(text, &s) : "", segment_texts[i],
		       "a segment as text is read as the same");
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ok(sr_segment_parse(&s, wrong[i]) < 0, "\"%s\" is no segment", wrong[i]);
}

static void
bounds(void)
{
	static struct sr_policy p;
	struct buf value = {0};
	buf_u16(&value, 15);
	buf_u16(&value, 17 * 4);
	for (unsigned i = 0; i < 17; i++)
		hex_put(&value, "800001 00");
	ok(bgp_tunnel_read(&p, cursor_of(value.data, value.length)) == BGP_TUNNEL_MANY,
	   "more lists than are kept are too many");
	buf_set_u16(&value, 2, 16 * 4);
	ok(bgp_tunnel_read(&p, cursor_of(value.data, value.length - 4)) == BGP_TUNNEL_SOUND &&
		   p.list_count == 16 && !p.segment_count,
	   "as many as are kept are not");
	buf_fini(&value);
}

static void
capabilities(void)
{
	struct bgp_open open = {
		.asn = {64500},
		.hold_time_s = 90,
		.router_id = 1,
		.capabilities = {
			.ipv4 = true, .sr_ipv4 = true, .as4 = true, .role = BGP_ROLE_NONE}};
	struct buf out = {0};
	struct bgp_open read;
	struct bgp_error error;
	bgp_open_write(&out, &open);
	struct cursor body = cursor_of(out.data, out.length);
	cursor_skip(&body, BGP_HEADER);
	ok(bgp_open_read(&read, &error, body) == 0 && read.capabilities.sr_ipv4 &&
		   !read.capabilities.sr_ipv6,
	   "the family is offered in an OPEN");
	struct bgp_refresh refresh;
	buf_clear(&out);
	bgp_sr_refresh_write(&out, IP_V6, BGP_REFRESH_ASK);
	body = cursor_of(out.data, out.length);
	cursor_skip(&body, BGP_HEADER);
	ok(bgp_refresh_read(&refresh, body) == 0 && refresh.sr && !refresh.flow &&
		   refresh.family == IP_V6,
	   "and asked for in a ROUTE-REFRESH");
	buf_fini(&out);
}

int
main(void)
{
	take_and_refuse();
	other_families();
	write_and_read();
	texts();
	bounds();
	capabilities();
	return done_testing();
}
