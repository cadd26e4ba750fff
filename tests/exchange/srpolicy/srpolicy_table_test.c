/* Who is sent which SR policies, and when. */
#include "exchange/srpolicy/srpolicy_table.h"

#include "exchange/bgp/bgp_msg.h"
#include "exchange/bgp/bgp_update.h"
#include "tap.h"

static struct bgp_scratch scratch;
static struct sr_policy policy;

static struct ip
address(const char *text)
{
	struct ip ip = {0};
	(void)ip_parse(&ip, text);
	return ip;
}

static enum srpolicy_result
set(struct srpolicy_table *t, const char *to, uint32_t color, const char *segment,
    enum srpolicy_source source)
{
	struct sr_segment s;
	sr_policy_init(&policy, (struct sr_key){1, color, address("10.0.0.9")});
	if (segment) {
		(void)sr_policy_add_list(&policy, 1);
		(void)sr_segment_parse(&s, segment);
		(void)sr_policy_add(&policy, &s);
	}
	return srpolicy_set(
		t, &(struct srpolicy_wish){.to = address(to), .source = source, .policy = &policy});
}

/* What the slot is sent, as text: "+100 16001 -200 end4 refresh1". */
static const char *
sent(struct srpolicy_table *t, unsigned slot, struct buf *text)
{
	static const struct bgp_peer peer = {.as4 = true, .sr_ipv4 = true, .sr_ipv6 = true};
	struct bgp_update u;
	struct sr_key key;
	buf_clear(text);
	while (srpolicy_out_waiting(t, slot)) {
		struct cursor out = srpolicy_out(t, slot);
		size_t octets = cursor_left(&out);
		if (!octets)
			break;
		while (cursor_left(&out)) {
			struct bgp_header header;
			struct bgp_error error;
			struct bgp_refresh refresh;
			(void)bgp_header_read(&header, &error, out, BGP_MAX);
			struct cursor body = cursor_sub(&out, header.length);
			cursor_skip(&body, BGP_HEADER);
			if (header.type == BGP_REFRESH) {
				(void)bgp_refresh_read(&refresh, body);
				buf_printf(text, "refresh%d ", refresh.kind);
				continue;
			}
			(void)bgp_update_read(&u, body, &peer, &scratch);
			if (u.end_of_sr)
				buf_printf(text, "end%d ", u.end_of_rib);
			while (bgp_sr_next(&key, &u.sr_withdrawn[0], NULL))
				buf_printf(text, "-%u ", key.color);
			if (u.sr_announced.family == IP_NONE)
				continue;
			(void)bgp_sr_next(&key, &u.sr_announced, NULL);
			buf_printf(text, "+%u ", key.color);
			sr_list_text(text, &scratch.sr_policy, &scratch.sr_policy.lists[0]);
			buf_str(text, " ");
		}
		/* One octet, then the rest: what is half sent is known. */
		srpolicy_out_sent(t, slot, 1);
		ok(srpolicy_out_rest(t, slot) > 0, "a message half sent is known");
		srpolicy_out_sent(t, slot, octets - 1);
	}
	buf_u8(text, 0);
	return (const char *)text->data;
}

static void
open_session(struct srpolicy_table *t, unsigned slot, const char *to)
{
	struct srpolicy_peer peer = {.ipv4 = true,
				     .enhanced_refresh = true,
				     .address = address(to),
				     .next_hop = address("192.0.2.254"),
				     .origin = {64500}};
	srpolicy_session_open(t, slot, &peer);
}

int
main(void)
{
	struct srpolicy_table *t = srpolicy_table_new();
	struct buf text = {0};
	(void)srpolicy_table_widen(t, 2);
	ok(set(t, "192.0.2.1", 100, "16001", SRPOLICY_HUB_FILE) == SRPOLICY_SET &&
		   set(t, "192.0.2.2", 100, "16002", SRPOLICY_HUB_FILE) == SRPOLICY_SET,
	   "policies are wanted before their neighbours are there");
	ok(set(t, "192.0.2.1", 100, NULL, SRPOLICY_HUB_FILE) == SRPOLICY_EMPTY,
	   "one without segments is none");
	ok(!srpolicy_out_waiting(t, 0), "nobody is told who is not there");
	open_session(t, 0, "192.0.2.1");
	is_str(sent(t, 0, &text), "+100 16001 end4 ", "a neighbour that comes is told its own");
	is_str(sent(t, 0, &text), "", "once");
	ok(set(t, "192.0.2.1", 100, "16001", SRPOLICY_STEERING) == SRPOLICY_SAME &&
		   !srpolicy_out_waiting(t, 0),
	   "what it knows is not said again");
	ok(set(t, "192.0.2.1", 100, "16003", SRPOLICY_STEERING) == SRPOLICY_SET, "what changes is");
	ok(set(t, "192.0.2.1", 100, "16004", SRPOLICY_STEERING) == SRPOLICY_SET, "set");
	is_str(sent(t, 0, &text), "+100 16004 ", "as it is in the end");
	ok(!srpolicy_withdraw(t, address("192.0.2.1"), &policy.key, SRPOLICY_HUB_FILE),
	   "a source withdraws only what is its own");
	ok(srpolicy_withdraw(t, address("192.0.2.1"), &policy.key, SRPOLICY_STEERING) &&
		   !srpolicy_withdraw(t, address("192.0.2.1"), &policy.key, SRPOLICY_STEERING),
	   "and once");
	is_str(sent(t, 0, &text), "-100 ", "the neighbour is told so");
	is_int((long long)srpolicy_count(t), 1, "then it is forgotten");
	(void)set(t, "192.0.2.1", 7, "16007", SRPOLICY_OPERATOR);
	(void)srpolicy_withdraw(t, address("192.0.2.1"), &policy.key, SRPOLICY_OPERATOR);
	is_str(sent(t, 0, &text), "", "what was never said is not withdrawn");

	(void)set(t, "192.0.2.1", 8, "16008", SRPOLICY_HUB_FILE);
	(void)set(t, "192.0.2.1", 9, "16009", SRPOLICY_OPERATOR);
	(void)sent(t, 0, &text);
	srpolicy_renew_begin(t, SRPOLICY_HUB_FILE);
	(void)set(t, "192.0.2.2", 100, "16002", SRPOLICY_HUB_FILE);
	srpolicy_renew_end(t, SRPOLICY_HUB_FILE);
	is_str(sent(t, 0, &text), "-8 ", "what is not set anew goes, but not another source's");
	srpolicy_out_refresh(t, 0, IP_V4);
	is_str(sent(t, 0, &text), "refresh1 +9 16009 refresh2 ", "a refresh says all again");
	(void)srpolicy_withdraw(t, address("192.0.2.1"),
				&(struct sr_key){1, 9, address("10.0.0.9")}, SRPOLICY_OPERATOR);
	srpolicy_session_close(t, 0);
	is_int((long long)srpolicy_count(t), 1, "a withdrawal nobody can hear is none");
	open_session(t, 0, "192.0.2.1");
	is_str(sent(t, 0, &text), "end4 ",
	       "a neighbour without policies is told that there are none");
	open_session(t, 1, "192.0.2.2");
	is_str(sent(t, 1, &text), "+100 16002 end4 ", "each hears its own only");

	struct srpolicy_view view;
	size_t at = 0;
	ok(srpolicy_next(t, &at, &view) && view.told && view.key.color == 100 &&
		   !srpolicy_next(t, &at, &view),
	   "what is wanted can be looked at");
	srpolicy_session_close(t, 1);
	at = 0;
	ok(srpolicy_next(t, &at, &view) && !view.told, "nobody has it once its neighbour is gone");

	ok(srpolicy_withdraw(t, address("192.0.2.2"), &view.key, SRPOLICY_HUB_FILE) &&
		   srpolicy_count(t) == 0,
	   "so that it can be withdrawn without a word");
	(void)set(t, "192.0.2.2", 100, "16002", SRPOLICY_HUB_FILE);

	unsigned count = 0;
	while (set(t, "192.0.2.3", count, "16001", SRPOLICY_OPERATOR) == SRPOLICY_SET)
		count++;
	is_int(count, SRPOLICY_MAX - 1, "there is a limit to them");
	buf_fini(&text);
	srpolicy_table_free(t);
	return done_testing();
}
