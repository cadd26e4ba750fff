/* Rules about traffic in messages: which lists are taken, what a broken one costs, what is written. */
#include "exchange/bgp/bgp_flow.h"

#include "exchange/bgp/bgp_open.h"
#include "exchange/bgp/bgp_update.h"
#include "hex.h"
#include "tap.h"

static struct bgp_scratch scratch;

static const struct bgp_peer flow_peer = {
	.as4 = true, .ipv4 = true, .ipv6 = true, .flow_ipv4 = true};

/* The body of an UPDATE with these attributes and prefixes. */
static enum bgp_verdict
read_update(struct bgp_update *out, const struct bgp_peer *peer, struct buf *body,
	    const char *attrs, const char *nlri)
{
	buf_clear(body);
	buf_u16(body, 0);
	buf_u16(body, 0);
	hex_put(body, attrs);
	buf_set_u16(body, 2, (uint16_t)(body->length - 4));
	hex_put(body, nlri);
	return bgp_update_read(out, cursor_of(body->data, body->length), peer, &scratch);
}

static unsigned
rules_in(struct bgp_flow flow)
{
	struct cursor rule;
	unsigned count = 0;
	while (flow.family != IP_NONE && bgp_flow_next(&rule, &flow.rules))
		count++;
	return count;
}

static void
take_lists(void)
{
	struct bgp_update update;
	struct buf body = {0};
	enum bgp_verdict verdict =
		read_update(&update, &flow_peer, &body,
			    "{O}{P} 800e15 000185 00 00 08 0118c00002038111 06 0120c0000201", "");
	ok(verdict == BGP_VERDICT_OK && update.flow_announced.family == IP_V4 &&
		   rules_in(update.flow_announced) == 2 && !update.announced_count,
	   "rules are announced without a next hop, and without routes");
	ok(update.attrs.as_hops == 2 && update.attrs.next_hop.family == IP_NONE,
	   "with the attributes of the UPDATE");
	verdict = read_update(&update, &flow_peer, &body,
			      "{O}{P} 800e19 000185 04c0000202 00 08 0118c00002038111 06 "
			      "0120c0000201",
			      "");
	ok(verdict == BGP_VERDICT_OK && rules_in(update.flow_announced) == 2,
	   "a next hop is not looked at");
	verdict =
		read_update(&update, &flow_peer, &body, "{O}{P} 800f0a 000185 06 0120c0000201", "");
	ok(verdict == BGP_VERDICT_OK && rules_in(update.flow_withdrawn[0]) == 1 &&
		   update.flow_announced.family == IP_NONE,
	   "rules are withdrawn");
	verdict = read_update(&update, &flow_peer, &body, "800f03 000185", "");
	ok(verdict == BGP_VERDICT_OK && update.end_of_rib == IP_V4 && update.end_of_flow,
	   "an empty list of withdrawn ones is the End-of-RIB of rules");
	read_update(&update, &flow_peer, &body, "", "");
	ok(update.end_of_rib == IP_V4 && !update.end_of_flow, "which that of routes is not");
	verdict = read_update(&update, &flow_peer, &body,
			      "{O}{P}{N} 800e0c 000185 00 00 06 0120c0000201", "18c00002");
	ok(verdict == BGP_VERDICT_OK && update.announced_count == 1 &&
		   rules_in(update.flow_announced) == 1,
	   "routes and rules may come in one UPDATE");
	buf_fini(&body);
}

static void
other_families(void)
{
	struct bgp_update update;
	struct buf body = {0};
	static const struct bgp_peer plain = {.as4 = true, .ipv4 = true, .ipv6 = true};
	enum bgp_verdict verdict = read_update(&update, &plain, &body,
					       "{O}{P} 800e0c 000185 00 00 06 0120c0000201", "");
	ok(verdict == BGP_VERDICT_OK && update.flow_announced.family == IP_NONE &&
		   update.remarks[0].reason == BGP_REASON_FAMILY,
	   "of a family that was not agreed on nothing is read");
	verdict = read_update(&update, &flow_peer, &body,
			      "{O}{P} 800e0c 000285 00 00 06 0120c0000201", "");
	ok(verdict == BGP_VERDICT_OK && update.flow_announced.family == IP_NONE,
	   "IPv4 does not stand for IPv6");
	buf_fini(&body);
}

static void
mend_what_is_broken(void)
{
	struct bgp_update update;
	struct buf body = {0};
	enum bgp_verdict verdict =
		read_update(&update, &flow_peer, &body,
			    "{O}{P}{N} 800e0c 000185 00 00 07 0120c0000201", "18c00002");
	ok(verdict == BGP_VERDICT_OK && update.flow_lost_ipv4 && !update.flow_lost_ipv6 &&
		   update.flow_announced.family == IP_NONE && update.announced_count == 1,
	   "a rule that does not end within the list costs the family, neither session nor "
	   "routes");
	ok(update.remark_count == 1 && update.remarks[0].reason == BGP_REASON_FLOW,
	   "with a reason");
	verdict = read_update(&update, &flow_peer, &body, "{O}{P} 800e04 000185 ff", "");
	ok(verdict == BGP_VERDICT_OK && update.flow_lost_ipv4, "and so does a next hop too long");
	verdict = read_update(&update, &flow_peer, &body, "800f05 000185 f000", "");
	ok(verdict == BGP_VERDICT_OK && !update.flow_lost_ipv4,
	   "a length of two octets may be short");
	verdict = read_update(&update, &flow_peer, &body, "800f04 000185 f0", "");
	ok(verdict == BGP_VERDICT_OK && update.flow_lost_ipv4 && update.end_of_rib == IP_NONE,
	   "but must have both");
	verdict = read_update(&update, &flow_peer, &body,
			      "400101ff {P} 800e0c 000185 00 00 06 0120c0000201", "");
	ok(verdict == BGP_VERDICT_WITHDRAW && update.flow_announced.family == IP_NONE &&
		   rules_in(update.flow_withdrawn[1]) == 1,
	   "rules with a malformed attribute are treated as withdrawn");
	verdict = read_update(&update, &flow_peer, &body, "{O} 800e0c 000185 00 00 06 0120c0000201",
			      "");
	ok(verdict == BGP_VERDICT_WITHDRAW && rules_in(update.flow_withdrawn[1]) == 1,
	   "and so are those without a path");
	buf_fini(&body);
}

static void
write_messages(void)
{
	struct bgp_flow_writer w;
	struct bgp_update update;
	struct bgp_header header;
	struct bgp_error error;
	struct buf out = {0}, attrs = {0}, rule = {0};
	hex_put(&attrs, "{O}{P}");
	hex_put(&rule, "060120c0000201");
	struct cursor one = cursor_of(rule.data, rule.length);
	bgp_flow_begin(&w, &out, IP_V4, cursor_of(attrs.data, attrs.length), BGP_MAX);
	unsigned count = 0;
	while (bgp_flow_add(&w, one))
		count++;
	bgp_flow_end(&w);
	struct cursor message = cursor_of(out.data, out.length);
	ok(out.length <= BGP_MAX && out.length > BGP_MAX - rule.length &&
		   bgp_header_read(&header, &error, message, BGP_MAX) == 0 &&
		   header.length == out.length,
	   "a message takes as many rules as it can hold");
	cursor_skip(&message, BGP_HEADER);
	ok(bgp_update_read(&update, message, &flow_peer, &scratch) == BGP_VERDICT_OK &&
		   rules_in(update.flow_announced) == count && update.attrs.as_hops == 2,
	   "and they are read again");
	buf_clear(&out);
	bgp_flow_begin(&w, &out, IP_V4, cursor_of(NULL, 0), BGP_MAX);
	ok(bgp_flow_add(&w, one), "a rule is withdrawn");
	bgp_flow_end(&w);
	message = cursor_of(out.data, out.length);
	cursor_skip(&message, BGP_HEADER);
	ok(bgp_update_read(&update, message, &flow_peer, &scratch) == BGP_VERDICT_OK &&
		   rules_in(update.flow_withdrawn[0]) == 1,
	   "and read again");
	buf_clear(&out);
	bgp_flow_end_of_rib_write(&out, IP_V4);
	message = cursor_of(out.data, out.length);
	cursor_skip(&message, BGP_HEADER);
	bgp_update_read(&update, message, &flow_peer, &scratch);
	ok(update.end_of_rib == IP_V4 && update.end_of_flow, "End-of-RIB");
	buf_fini(&out);
	buf_fini(&attrs);
	buf_fini(&rule);
}

static void
say_families(void)
{
	struct bgp_open open = {.asn = {64500},
				.hold_time_s = 90,
				.router_id = 1,
				.capabilities = {.as4 = true,
						 .ipv4 = true,
						 .flow_ipv4 = true,
						 .flow_ipv6 = true,
						 .role = BGP_ROLE_NONE}};
	struct bgp_open read;
	struct bgp_error error;
	struct bgp_refresh refresh = {0};
	struct buf out = {0};
	bgp_open_write(&out, &open);
	struct cursor body = cursor_of(out.data, out.length);
	cursor_skip(&body, BGP_HEADER);
	ok(bgp_open_read(&read, &error, body) == 0 && read.capabilities.flow_ipv4 &&
		   read.capabilities.flow_ipv6 && read.capabilities.ipv4 && !read.capabilities.ipv6,
	   "the families are offered in OPEN");
	buf_clear(&out);
	bgp_flow_refresh_write(&out, IP_V6, BGP_REFRESH_BEGIN);
	body = cursor_of(out.data, out.length);
	cursor_skip(&body, BGP_HEADER);
	ok(bgp_refresh_read(&refresh, body) == 0 && refresh.flow && refresh.family == IP_V6 &&
		   refresh.kind == BGP_REFRESH_BEGIN,
	   "a refresh may be about rules");
	buf_fini(&out);
}

int
main(void)
{
	take_lists();
	other_families();
	mend_what_is_broken();
	write_messages();
	say_families();
	return done_testing();
}
