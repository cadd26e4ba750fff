/* The table of rules: what is taken, refused and passed on, by sentences, and by chance beside a slow, obvious model. */
#include "exchange/flowspec/flowspec_table.h"

#include "base/hash.h"
#include "exchange/bgp/bgp_update.h"
#include "exchange/policy/policy_world.h"

enum { SLOTS = 4, RULES = 12, NOBODY = -1 };

static const char picture[] =
	"hub: {name: T, short_name: T, asn: 64500, router_id: 192.0.2.1, country: PK}\n"
	"listen: {bgp: [\"127.0.0.1:1790\"]}\n"
	"lans: [{name: p, ipv4: 192.0.2.0/24}]\n"
	"policy: {flowspec: {announce: yes, max_rules: 8}}\n"
	"members:\n"
	"  - {asn: 1000, name: A, kind: access, ports: [{id: a, speed: 1G, ipv4: 192.0.2.10}], "
	"sessions: [{port: a, flowspec: yes}]}\n"
	"  - {asn: 1001, name: B, kind: access, ports: [{id: b, speed: 1G, ipv4: 192.0.2.11}], "
	"sessions: [{port: b, flowspec: yes}]}\n"
	"  - {asn: 1002, name: C, kind: access, ports: [{id: c, speed: 1G, ipv4: 192.0.2.12}], "
	"sessions: [{port: c, flowspec: yes}]}\n"
	"  - {asn: 1003, name: D, kind: access, ports: [{id: d, speed: 1G, ipv4: 192.0.2.13}], "
	"sessions: [{port: d, flowspec: yes}]}\n";

static struct hub *hub;
static struct policy *policy;
static struct flowspec_table *table;
static struct bgp_scratch scratch;
static size_t memory_before;

/* Whether traffic goes to the session's member, and whether it may say and hear rules. */
static bool followed[SLOTS], may[SLOTS], wants[SLOTS];
static struct hub_policy_flowspec slot_terms[SLOTS];

static const struct hub_policy_flowspec *
terms(void *context, unsigned slot, uint32_t *session)
{
	(void)context;
	if (slot >= SLOTS)
		return NULL;
	*session = slot;
	slot_terms[slot] = hub->members[slot].policy.flowspec;
	slot_terms[slot].announce = may[slot];
	slot_terms[slot].receive = wants[slot];
	return &slot_terms[slot];
}

static bool
follows(void *context, unsigned slot, const struct prefix *destination)
{
	(void)context;
	(void)destination;
	return followed[slot];
}

/* --- what members have --- */

struct held {
	bool has;
	uint32_t rate;    /* the bits of it */
	uint32_t from_as; /* the first AS of the path */
	uint16_t hops;
};

struct member {
	bool up, stuck;
	struct buf in;
	struct held held[RULES];
	unsigned ends_of_rib, updates;
};

static struct member members[SLOTS];

static size_t
rule_octets(uint8_t out[16], unsigned number)
{
	/* Its length, dst 45.0.0.NUMBER/32, proto = 17. */
	const uint8_t octets[] = {9, 1, 32, 45, 0, 0, (uint8_t)number, 3, 0x81, 17};
	memcpy(out, octets, sizeof(octets));
	return sizeof(octets);
}

static void
each_rule(struct member *m, struct bgp_flow flow, const struct bgp_attrs *attrs)
{
	struct cursor rule;
	while (flow.family != IP_NONE && bgp_flow_next(&rule, &flow.rules)) {
		unsigned number = rule.at[5];
		if (number >= RULES || cursor_left(&rule) != 9) {
			ok(false, "a rule that nobody said");
			continue;
		}
		struct held *held = &m->held[number];
		*held = (struct held){.has = attrs != NULL};
		if (!attrs)
			continue;
		struct cursor community = attrs->ext_communities;
		cursor_skip(&community, 4);
		held->rate = cursor_u32(&community);
		held->from_as = attrs->first_as.number;
		held->hops = attrs->as_hops;
	}
}

static void
read_message(struct member *m, struct cursor message)
{
	static const struct bgp_peer how = {.as4 = true, .ipv4 = true, .flow_ipv4 = true};
	struct bgp_update update;
	cursor_skip(&message, BGP_HEADER);
	m->updates++;
	if (bgp_update_read(&update, message, &how, &scratch) != BGP_VERDICT_OK ||
	    update.remark_count)
		ok(false, "what is sent is a sound UPDATE");
	m->ends_of_rib += update.end_of_rib == IP_V4 && update.end_of_flow;
	each_rule(m, update.flow_withdrawn[0], NULL);
	each_rule(m, update.flow_announced, &update.attrs);
}

static void
read_messages(struct member *m)
{
	size_t at = 0;
	while (m->in.length - at >= BGP_HEADER) {
		size_t length = (size_t)m->in.data[at + 16] << 8 | m->in.data[at + 17];
		if (m->in.length - at < length)
			break;
		if (m->in.data[at + 18] == BGP_UPDATE)
			read_message(m, cursor_of(m->in.data + at, length));
		at += length;
	}
	buf_consume(&m->in, at);
}

/* It takes at most so many octets at a time, until there are no more; 0: nothing at all. */
static void
take(unsigned slot, size_t most)
{
	struct member *m = &members[slot];
	while (m->up && most && flowspec_out_waiting(table, slot)) {
		struct cursor out = flowspec_out(table, slot);
		size_t some = cursor_left(&out) < most ? cursor_left(&out) : most;
		buf_put(&m->in, out.at, some);
		flowspec_out_sent(table, slot, some);
	}
	read_messages(m);
}

static void
take_all(void)
{
	for (unsigned slot = 0; slot < SLOTS; slot++)
		if (!members[slot].stuck)
			take(slot, 1 + slot * 7);
}

static void
open_session(unsigned slot)
{
	struct flowspec_peer peer = {.ipv4 = true, .router_id = slot + 1};
	buf_fini(&members[slot].in);
	members[slot] = (struct member){.up = true};
	flowspec_session_open(table, slot, &peer);
}

static void
close_session(unsigned slot)
{
	flowspec_session_close(table, slot);
	buf_fini(&members[slot].in);
	members[slot] = (struct member){0};
}

/* --- what they say --- */

/* Rate 0 drops. `extra` is one standard community, or 0. */
static void
announce(unsigned slot, unsigned number, float rate, uint16_t hops, uint32_t extra)
{
	uint8_t path[2 + 4 * 3] = {2, (uint8_t)hops}, rule[16], action[8] = {0x80, 0x06, 0, 0};
	uint32_t bits;
	memcpy(&bits, &rate, sizeof(bits));
	for (unsigned i = 0; i < 4; i++)
		action[4 + i] = (uint8_t)(bits >> (24 - 8 * i));
	for (unsigned i = 0; i < hops; i++) {
		path[2 + 4 * i + 2] = (uint8_t)((1000 + slot) >> 8);
		path[2 + 4 * i + 3] = (uint8_t)(1000 + slot);
	}
	uint8_t community[4] = {(uint8_t)(extra >> 24), (uint8_t)(extra >> 16),
				(uint8_t)(extra >> 8), (uint8_t)extra};
	struct bgp_attrs attrs = {
		.as_path = cursor_of(path, 2 + (size_t)4 * hops),
		.as_hops = hops,
		.first_as = {1000 + slot},
		.origin_as = {1000 + slot},
		.ext_communities = cursor_of(action, 8),
		.communities = cursor_of(community, extra ? 4 : 0),
	};
	struct cursor list = cursor_of(rule, rule_octets(rule, number));
	if (flowspec_announce(table, slot, IP_V4, list, &attrs, 1))
		ok(false, "there is memory");
}

static void
withdraw(unsigned slot, unsigned number)
{
	uint8_t rule[16];
	flowspec_withdraw(table, slot, IP_V4, cursor_of(rule, rule_octets(rule, number)));
}

static void
rejudge(enum flowspec_change change)
{
	flowspec_rejudge(table, change);
	while (flowspec_rejudge_step(table, 3))
		continue;
}

static void
begin(void)
{
	struct flowspec_hooks hooks = {terms, follows, NULL};
	for (unsigned slot = 0; slot < SLOTS; slot++) {
		followed[slot] = may[slot] = wants[slot] = true;
		buf_fini(&members[slot].in);
		members[slot] = (struct member){0};
	}
	table = flowspec_table_new(1, &hooks);
	if (!table || flowspec_table_widen(table, SLOTS))
		exit(1);
	flowspec_table_use(table, policy);
	memory_before = flowspec_memory(table);
	for (unsigned slot = 0; slot < SLOTS; slot++)
		open_session(slot);
}

static void
end(void)
{
	for (unsigned slot = 0; slot < SLOTS; slot++)
		if (members[slot].up)
			close_session(slot);
	ok(flowspec_count(table) == 0 && flowspec_memory(table) == memory_before,
	   "with the sessions all rules are gone");
	flowspec_table_free(table);
}

static bool
has_from(unsigned slot, unsigned number, int from)
{
	const struct held *held = &members[slot].held[number];
	return from == NOBODY ? !held->has : held->has && held->from_as == 1000u + (unsigned)from;
}

/* What was seen of a session's rules, and whether they came in order. */
static struct seen {
	unsigned slot, count;
	uint32_t reasons;
	uint64_t policy_reasons;
	bool ordered;
	struct flowspec_rule before;
} seen;

static void
note(void *context, const struct flowspec_view *view)
{
	struct seen *s = context;
	s->ordered &= !s->before.octets || flowspec_rule_compare(&s->before, view->rule) <= 0;
	s->before = *view->rule;
	s->count++;
	if (view->slot != s->slot)
		return;
	s->reasons |= view->reasons;
	s->policy_reasons |= view->policy_reasons;
}

/* Two rules at a time. */
static void
look(unsigned slot)
{
	const struct flowspec_rule *last = NULL;
	seen = (struct seen){.slot = slot, .ordered = true};
	while (flowspec_walk(table, last, 2, note, &seen, &last))
		continue;
}

static bool
refused_for(unsigned slot, enum flowspec_reason reason)
{
	look(slot);
	return seen.reasons >> reason & 1;
}

/* --- sentences --- */

static void
pass_on(void)
{
	begin();
	take_all();
	ok(members[1].ends_of_rib == 1, "a session that comes up hears the End-of-RIB of rules");
	announce(0, 1, 0, 1, 0);
	take_all();
	ok(has_from(1, 1, 0) && has_from(2, 1, 0) && has_from(3, 1, 0),
	   "a rule goes to the others");
	ok(has_from(0, 1, NOBODY), "and not back to who says it");
	unsigned before = members[1].updates;
	announce(0, 1, 0, 1, 0);
	take_all();
	ok(members[1].updates == before, "what is said again is not told again");
	announce(1, 1, 0, 2, 0);
	take_all();
	ok(has_from(2, 1, 0) && has_from(0, 1, 1),
	   "the shorter path goes on; who says that one hears the other");
	withdraw(0, 1);
	take_all();
	ok(has_from(2, 1, 1) && has_from(3, 1, 1) && has_from(1, 1, NOBODY) && has_from(0, 1, 1),
	   "what is left takes its place");
	announce(1, 1, 125000, 2, 0);
	take_all();
	ok(has_from(2, 1, 1) && members[2].held[1].rate == 0x47f42400, "another action goes on");
	announce(1, 1, 0, 1, 0x000003ea); /* 0:1002 */
	take_all();
	ok(has_from(2, 1, NOBODY) && has_from(3, 1, 1),
	   "a community says to whom a rule does not go");
	wants[3] = false;
	rejudge(FLOWSPEC_HEARERS);
	take_all();
	ok(has_from(3, 1, NOBODY) && has_from(0, 1, 1), "who wants none hears none");
	close_session(1);
	take_all();
	ok(has_from(0, 1, NOBODY) && flowspec_count(table) == 0, "with the session its rule goes");
	end();
}

static void
many_at_once(void)
{
	begin();
	take_all();
	unsigned before = members[1].updates;
	members[1].stuck = true;
	for (unsigned i = 0; i < 8; i++)
		announce(0, i, 0, 1, 0);
	for (unsigned i = 0; i < 8; i++)
		announce(0, i, 1000, 1, 0);
	withdraw(0, 7);
	members[1].stuck = false;
	take_all();
	ok(members[1].updates - before <= 7 && has_from(1, 0, 0) && has_from(1, 7, NOBODY),
	   "who was slow hears only how things are in the end");
	before = members[1].updates;
	flowspec_out_refresh(table, 1, IP_V4);
	take_all();
	ok(members[1].updates - before >= 1 && has_from(1, 6, 0), "a refresh tells all again");
	flowspec_session_stale(table, 0, IP_V4, true);
	announce(0, 3, 1000, 1, 0);
	before = members[1].updates;
	flowspec_session_stale(table, 0, IP_V4, false);
	take_all();
	ok(has_from(1, 3, 0) && has_from(1, 2, NOBODY) && flowspec_count(table) == 1,
	   "what is not said again in a marked refresh goes");
	end();
}

static void
no_more_than_allowed(void)
{
	struct flowspec_totals totals;
	begin();
	for (unsigned i = 0; i < 10; i++)
		announce(0, i, 0, 1, 0);
	flowspec_session_totals(table, 0, &totals);
	ok(totals.accepted == 8 && totals.left_out == 2 && flowspec_count(table) == 8,
	   "a session has as many rules as it may, and the rest is counted");
	ok(!flowspec_session_wants(table, 0, IP_V4), "nothing is asked for while there is no room");
	withdraw(0, 0);
	ok(flowspec_session_wants(table, 0, IP_V4) && !flowspec_session_wants(table, 0, IP_V4),
	   "when there is room again they are asked for, once");
	announce(0, 1, 1000, 1, 0);
	flowspec_session_totals(table, 0, &totals);
	ok(totals.accepted == 7 && totals.left_out == 2, "one that is there may always change");
	static uint8_t communities[4096];
	uint8_t rule[16];
	struct bgp_attrs large = {.communities = cursor_of(communities, sizeof(communities)),
				  .origin_as = {1000},
				  .first_as = {1000}};
	struct cursor list = cursor_of(rule, rule_octets(rule, 1));
	flowspec_announce(table, 0, IP_V4, list, &large, 1);
	take_all();
	flowspec_session_totals(table, 0, &totals);
	ok(totals.too_large == 1 && totals.accepted == 6 && has_from(1, 1, NOBODY),
	   "attributes too large to pass on withdraw the rule");
	rule[0] = 3;
	flowspec_announce(table, 0, IP_V4, cursor_of(rule, 4), &large, 1);
	large.communities = cursor_of(NULL, 0);
	flowspec_announce(table, 0, IP_V4, cursor_of(rule, 4), &large, 1);
	flowspec_session_totals(table, 0, &totals);
	ok(totals.faults[FLOWSPEC_CUT] == 1 && flowspec_count(table) == 6,
	   "a malformed rule is counted and left out");
	flowspec_session_lose(table, 0, IP_V4);
	announce(0, 2, 0, 1, 0);
	take_all();
	ok(flowspec_count(table) == 0 && flowspec_session_lost(table, 0, IP_V4) &&
		   has_from(1, 2, NOBODY),
	   "of a session whose rules cannot be told apart none are kept");
	announce(1, 2, 0, 1, 0);
	take_all();
	ok(has_from(0, 2, 1), "but it hears those of others");
	end();
}

/* A hub that tells each member a lot: 250 large communities, beside 2000 octets of the member's own. */
static void
too_large_to_send(void)
{
	static uint8_t communities[2000];
	struct buf text = {0};
	buf_printf(&text, "%scommunities: {tell_members: yes, own: [", picture);
	for (unsigned i = 0; i < 250; i++)
		buf_printf(&text, "%s{action: tell-announcer, pattern: 'RS:%u:P'}", i ? ", " : "",
			   5000 + i);
	buf_str(&text, "]}\n");
	buf_u8(&text, 0);
	struct hub *before = hub;
	struct policy *policy_before = policy;
	hub = hub_of_text((const char *)text.data);
	policy = hub ? world_policy(hub) : NULL;
	if (!ok(policy != NULL, "a hub that tells members a lot"))
		exit(1);
	begin();
	announce(0, 1, 0, 1, 0);
	take_all();
	ok(has_from(1, 1, 0), "what the hub tells stands beside rules, too");
	uint8_t rule[16], path[] = {2, 1, 0, 0, 3, 0xe8};
	for (size_t i = 0; i < sizeof(communities); i++)
		communities[i] = (uint8_t)(i * 7);
	struct bgp_attrs large = {.as_path = cursor_of(path, sizeof(path)),
				  .as_hops = 1,
				  .first_as = {1000},
				  .origin_as = {1000},
				  .communities = cursor_of(communities, sizeof(communities))};
	struct cursor list = cursor_of(rule, rule_octets(rule, 1));
	flowspec_announce(table, 0, IP_V4, list, &large, 1);
	take_all();
	ok(has_from(1, 1, NOBODY), "a rule that fits no message with it is withdrawn");
	end();
	policy_free(policy);
	hub_free(hub);
	hub = before;
	policy = policy_before;
	buf_fini(&text);
}

static void
refuse(void)
{
	begin();
	followed[0] = false;
	announce(0, 1, 0, 1, 0);
	take_all();
	ok(refused_for(0, FLOWSPEC_NO_ROUTE) && has_from(1, 1, NOBODY),
	   "a rule about traffic that goes elsewhere goes to nobody");
	followed[0] = true;
	rejudge(FLOWSPEC_RULES);
	take_all();
	ok(!refused_for(0, FLOWSPEC_NO_ROUTE) && has_from(1, 1, 0), "until it goes to the member");
	may[0] = false;
	rejudge(FLOWSPEC_RULES);
	take_all();
	ok(refused_for(0, FLOWSPEC_MAY_NOT) && has_from(1, 1, NOBODY), "who may not say rules");
	announce(1, 1, 0, 1, 0);
	take_all();
	ok(has_from(2, 1, 1) && has_from(0, 1, 1), "hinders nobody else who says the same");
	may[0] = true;
	struct {
		const char *name;
		const char *rule, *action;
		enum flowspec_reason reason;
	} cases[] = {
		{"a rule without a destination", "\3\x81\x11", NULL, FLOWSPEC_NO_DESTINATION},
		{"a destination too wide", "\1\x10\x2d\x01\3\x81\x11", NULL, FLOWSPEC_TOO_WIDE},
		{"redirection", "\1\x20\x2d\1\1\1", "\x80\x08\xfb\xf5\0\0\0\1", FLOWSPEC_REDIRECT},
		{"marking, which is not allowed", "\1\x20\x2d\1\1\1", "\x80\x09\0\0\0\0\0\x0a",
		 FLOWSPEC_ACTION},
		{"an unknown action", "\1\x20\x2d\1\1\1", "\x80\x77\0\0\0\0\0\1",
		 FLOWSPEC_UNKNOWN_ACTION},
		{"a rate that is no number", "\1\x20\x2d\1\1\1", "\x80\x06\0\0\x7f\xc0\0\0",
		 FLOWSPEC_CONTRADICTION},
	};
	const size_t lengths[] = {3, 7, 6, 6, 6, 6};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t list[16] = {(uint8_t)lengths[i]}, path[] = {2, 1, 0, 0, 3, 0xeb};
		memcpy(list + 1, cases[i].rule, lengths[i]);
		struct bgp_attrs attrs = {
			.as_path = cursor_of(path, sizeof(path)),
			.as_hops = 1,
			.first_as = {1003},
			.origin_as = {1003},
			.ext_communities = cursor_of(cases[i].action, cases[i].action ? 8 : 0)};
		struct cursor octets = cursor_of(list, 1 + lengths[i]);
		flowspec_announce(table, 3, IP_V4, octets, &attrs, 1);
		ok(refused_for(3, cases[i].reason), "refused: %s (%s)", cases[i].name,
		   flowspec_reason_text(cases[i].reason));
		flowspec_withdraw(table, 3, IP_V4, octets);
	}
	announce(2, 4, 0, 1, 0);
	uint8_t list[] = {6, 1, 32, 10, 0, 0, 1}, path[] = {2, 1, 0, 0, 3, 0xe9};
	struct bgp_attrs attrs = {.as_path = cursor_of(path, sizeof(path)),
				  .as_hops = 1,
				  .first_as = {1001},
				  .origin_as = {1001}};
	flowspec_announce(table, 2, IP_V4, cursor_of(list, sizeof(list)), &attrs, 1);
	look(2);
	ok(seen.policy_reasons >> POLICY_MARTIAN & 1 && seen.policy_reasons >> POLICY_FIRST_AS & 1,
	   "the checks on routes hold for rules: private space, another's AS in front");
	ok(!(seen.policy_reasons >> POLICY_NEXT_HOP & 1), "but a rule needs no next hop");
	end();
}

/* --- by chance --- */

/* What each session says last. */
static struct {
	bool said;
	float rate;
	uint16_t hops;
	uint32_t extra;
} said[SLOTS][RULES];

static uint64_t seed;

static unsigned
chance(unsigned below)
{
	seed += 0x9e3779b97f4a7c15u;
	return (unsigned)(hash_u64(seed) % below);
}

/* Who is to be heard of, by the rules as they stand in the header. */
static int
expected(unsigned to, unsigned number)
{
	int best = NOBODY;
	for (unsigned from = 0; from < SLOTS; from++) {
		bool goes = said[from][number].said && from != to && members[from].up &&
			    followed[from] && may[from] && wants[to] &&
			    said[from][number].extra != 1000 + to;
		if (goes && (best < 0 || said[from][number].hops < said[best][number].hops))
			best = (int)from;
	}
	return best;
}

static bool
all_hold(void)
{
	for (unsigned to = 0; to < SLOTS; to++) {
		for (unsigned i = 0; i < RULES && members[to].up && !members[to].stuck; i++) {
			int from = expected(to, i);
			uint32_t bits = 0;
			if (from >= 0)
				memcpy(&bits, &said[from][i].rate, sizeof(bits));
			if (!has_from(to, i, from) ||
			    (from >= 0 && (members[to].held[i].rate != bits ||
					   members[to].held[i].hops != said[from][i].hops)))
				return false;
		}
	}
	return true;
}

static unsigned
count_said(unsigned slot)
{
	unsigned count = 0;
	for (unsigned i = 0; i < RULES; i++)
		count += said[slot][i].said;
	return count;
}

static void
one_step(void)
{
	static const float rates[] = {0, 1000, 125000};
	static const uint32_t extras[] = {0, 0, 1001, 1002}; /* 0:P, not to P */
	unsigned slot = chance(SLOTS), number = chance(RULES), what = chance(20);
	if (what < 9 && members[slot].up && (said[slot][number].said || count_said(slot) < 8)) {
		said[slot][number].said = true;
		said[slot][number].rate = rates[chance(3)];
		said[slot][number].hops = (uint16_t)(1 + chance(3));
		said[slot][number].extra = extras[chance(4)];
		announce(slot, number, said[slot][number].rate, said[slot][number].hops,
			 said[slot][number].extra);
	} else if (what < 13 && members[slot].up) {
		said[slot][number].said = false;
		withdraw(slot, number);
	} else if (what == 13 && members[slot].up) {
		memset(said[slot], 0, sizeof(said[slot]));
		close_session(slot);
	} else if (what == 14 && !members[slot].up) {
		open_session(slot);
	} else if (what == 15) {
		members[slot].stuck = !members[slot].stuck && members[slot].up;
	} else if (what == 16) {
		followed[slot] = !followed[slot];
		rejudge(FLOWSPEC_RULES);
	} else if (what == 17) {
		may[slot] = !may[slot];
		rejudge(FLOWSPEC_RULES);
	} else if (what == 18) {
		wants[slot] = !wants[slot];
		rejudge(FLOWSPEC_HEARERS);
	} else if (what == 19 && members[slot].up) {
		flowspec_out_refresh(table, slot, IP_V4);
	}
}

static void
by_chance(uint64_t from)
{
	seed = from;
	memset(said, 0, sizeof(said));
	begin();
	for (unsigned step = 0; step < 4000; step++) {
		one_step();
		if (chance(3) == 0)
			continue; /* several changes before anybody hears of them */
		take_all();
		look(0);
		if (!all_hold() || !seen.ordered || seen.count != flowspec_count(table)) {
			ok(false, "seed %llu, step %u: all hold what they should",
			   (unsigned long long)from, step);
			end();
			return;
		}
	}
	for (unsigned slot = 0; slot < SLOTS; slot++)
		members[slot].stuck = false;
	take_all();
	ok(all_hold(), "seed %llu: all hold what they should after each step",
	   (unsigned long long)from);
	end();
}

int
main(void)
{
	hub = hub_of_text(picture);
	policy = hub ? world_policy(hub) : NULL;
	if (!policy)
		return 1;
	pass_on();
	many_at_once();
	no_more_than_allowed();
	too_large_to_send();
	refuse();
	for (uint64_t from = 1; from <= 5; from++)
		by_chance(from);
	policy_free(policy);
	hub_free(hub);
	return done_testing();
}
