/* The policy in words: every check in its order, who decided, and what would be if. */
#include "exchange/policy/policy_explain.h"
#include "exchange/policy/policy_world.h"

static const char picture[] =
	"hub: {name: T, short_name: T, asn: 64500, router_id: 192.0.2.1, country: PK}\n"
	"listen: {bgp: [\"127.0.0.1:1790\"]}\n"
	"lans: [{name: p, ipv4: 192.0.2.0/24, ipv6: \"2001:db8:100::/64\"}]\n"
	"sites: [{id: KHI, name: Karachi, country: PK, number: 7, metro: 47}]\n"
	"policy: {role: off, ipv4_max: 24, transit_free_asns: [174, 1299]}\n"
	"members:\n"
	"  - {asn: 1000, name: A, kind: access, ports: [{id: a, lan: p, site: KHI, speed: 10G, "
	"ipv4: "
	"192.0.2.10}], sessions: [{port: a}]}\n"
	"  - {asn: 1001, name: B, kind: access, ports: [{id: b, lan: p, site: KHI, speed: 10G, "
	"ipv4: "
	"192.0.2.11}], sessions: [{port: b, rtt_ms: 80}]}\n"
	"  - {asn: 1002, name: C, kind: access, ports: [{id: c, lan: p, speed: 10G, ipv4: "
	"192.0.2.12}], sessions: [{port: c, collector: yes}]}\n";

/* Lines as "check: outcome: found; wanted; mend". */
static void
put_line(void *context, const struct policy_line *line)
{
	static const char *const outcomes[] = {"ok", "fails", "tagged", "off", "said"};
	buf_printf(context, "%s: %s: %s; %s; %s\n", line->check, outcomes[line->outcome],
		   line->found, line->wanted, line->mend);
}

/* True if there is a line that begins so. */
static bool
has_line(const struct buf *lines, const char *wanted)
{
	const char *at = (const char *)lines->data, *end = at + lines->length;
	size_t length = strlen(wanted);
	while (at < end) {
		if ((size_t)(end - at) >= length && memcmp(at, wanted, length) == 0)
			return true;
		const char *next = memchr(at, '\n', (size_t)(end - at));
		at = next ? next + 1 : end;
	}
	printf("# no line begins: %s\n# %.*s\n", wanted, (int)lines->length, lines->data);
	return false;
}

struct explained {
	struct world_route route;
	struct prefix prefix;
	struct policy_question question;
	struct policy_answer answer;
	struct buf lines;
};

static void
ask(struct explained *e, const char *prefix, const char *path, const char *next_hop,
    const char *communities)
{
	world_route(&e->route, path, next_hop, communities);
	prefix_parse(&e->prefix, prefix);
	e->question = (struct policy_question){.prefix = &e->prefix, .attrs = &e->route.attrs};
	buf_clear(&e->lines);
}

static void
way_in(struct policy *policy, struct explained *e)
{
	ask(e, "20.1.0.0/16", "1000 3000", "192.0.2.10", "");
	ok(policy_explain_in(policy, &e->question, put_line, &e->lines, &e->answer),
	   "a route is explained");
	ok(!e->answer.refused && !e->answer.reasons, "and accepted");
	ok(has_line(&e->lines, "next hop: ok: 192.0.2.10; 192.0.2.10;") &&
		   has_line(&e->lines, "hops: ok: 2; 1 to 32;") &&
		   has_line(&e->lines, "first AS: ok: AS1000; AS1000;") &&
		   has_line(&e->lines, "RPKI origin: off:") &&
		   has_line(&e->lines, "prefix length: ok: /16; /8 to /24;") &&
		   has_line(&e->lines, "import: said: accepted"),
	   "each check says what it found and what it wants");

	ask(e, "10.1.2.0/25", "1009 174 65000", "192.0.2.9", "64500:1000:1");
	policy_explain_in(policy, &e->question, put_line, &e->lines, &e->answer);
	ok(e->answer.refused, "one with faults is refused");
	ok(has_line(&e->lines, "communities of the exchange: said: taken out: 64500:1000:1") &&
		   has_line(&e->lines,
			    "next hop: fails: 192.0.2.9; 192.0.2.10; set the next hop") &&
		   has_line(&e->lines, "first AS: fails: AS1009; AS1000; let the AS path begin") &&
		   has_line(&e->lines, "reserved AS numbers: fails: AS65000;") &&
		   has_line(&e->lines, "transit-free networks: fails: AS174;") &&
		   has_line(&e->lines, "martians: fails: inside 10.0.0.0/8;") &&
		   has_line(&e->lines, "prefix length: fails: /25; /8 to /24; announce IPv4") &&
		   has_line(&e->lines, "import: said: refused"),
	   "every fault is told, with what it was, and what mends it");

	e->question.further = 1 << POLICY_MAX_PREFIXES;
	policy_explain_in(policy, &e->question, put_line, &e->lines, &e->answer);
	ok(e->answer.reasons >> POLICY_MAX_PREFIXES & 1 &&
		   has_line(&e->lines, "number of prefixes: fails: the session is over its limit"),
	   "what others found is told in its place");
}

static void
way_out(struct policy *policy, struct explained *e)
{
	static const struct {
		const char *communities;
		uint32_t to;
		bool hears;
		const char *lines[4];
		const char *text;
	} cases[] = {
		{"",
		 1,
		 true,
		 {"communities: ok: say nothing against it", "export: said: may have it"},
		 "nothing forbids it"},
		{"",
		 0,
		 false,
		 {"another member's route: fails: it is the receiver's own"},
		 "nobody hears its own"},
		{"",
		 2,
		 false,
		 {"accepted: fails: a collector hears refused routes only"},
		 "a collector hears what is refused"},
		{"0:1001 64500:0:0",
		 1,
		 false,
		 {"communities: fails: 0:1001: not to AS1001"},
		 "the community that weighs most is named"},
		{"64500:0:0 rt:64500:1001",
		 1,
		 true,
		 {"communities: ok: rt:64500:1001: to AS1001",
		  "communities taken out: said: rt:64500:1001 64500:0:0"},
		 "the one that lets it through too, and what is not passed on"},
		{"64500:2:50",
		 1,
		 false,
		 {"communities: fails: 64500:2:50: not to those as far away as it is, 80 ms"},
		 "a round-trip time decides"},
		{"64500:922:47",
		 1,
		 false,
		 {"communities: fails: 64500:922:47: not to those where it is, at Karachi"},
		 "a place decides"},
		{"64500:0:0",
		 1,
		 false,
		 {"communities: fails: 64500:0:0: not to anybody"},
		 "or nothing but the rest"},
		{"64500:103:0 64500:102:1001",
		 1,
		 true,
		 {"prepended: said: AS1000 2 times, by 64500:102:1001"},
		 "who prepends is named"},
		{"64500:65281:1001", 1, true, {"added: said: NO_EXPORT"}, "and what is put in"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ask(e, "20.1.0.0/16", "1000 3000", "192.0.2.10", cases[i].communities);
		policy_explain_out(policy, &e->question, cases[i].to, put_line, &e->lines,
				   &e->answer);
		bool found = e->answer.hears == cases[i].hears;
		for (size_t j = 0; j < 4 && cases[i].lines[j]; j++)
			found &= has_line(&e->lines, cases[i].lines[j]);
		ok(found, "%s", cases[i].text);
	}
}

static void
rules(struct hub *hub, struct explained *e)
{
	struct hub_member_rule announce[] = {
		{.peer = {1001}, .action = HUB_RULE_PREPEND, .prepend = 2},
	};
	struct hub_member_rule receive[] = {{.action = HUB_RULE_DENY}};
	prefix_parse(&announce[0].prefix, "20.1.0.0/16");
	prefix_parse(&receive[0].prefix, "30.0.0.0/8");
	hub->members[0].announce = announce;
	hub->members[0].announce_count = 1;
	hub->members[1].receive = receive;
	hub->members[1].receive_count = 1;
	struct policy *policy = world_policy(hub);
	ask(e, "20.1.0.0/16", "1000 3000", "192.0.2.10", "");
	policy_explain_out(policy, &e->question, 1, put_line, &e->lines, &e->answer);
	ok(e->answer.hears && e->answer.edit == 2 &&
		   has_line(&e->lines, "sender's rules: ok: prepend 2 times, AS1001, inside "
				       "20.1.0.0/16") &&
		   has_line(&e->lines, "receiver's rules: off: no rule speaks of it") &&
		   has_line(&e->lines, "prepended: said: AS1000 2 times, by a member's rule"),
	   "the rule that decided is named");
	ask(e, "30.1.0.0/16", "1000 3000", "192.0.2.10", "");
	policy_explain_out(policy, &e->question, 1, put_line, &e->lines, &e->answer);
	ok(!e->answer.hears &&
		   has_line(&e->lines, "receiver's rules: fails: deny, inside 30.0.0.0/8"),
	   "of either side");
	policy_free(policy);
	hub->members[0].announce_count = hub->members[1].receive_count = 0;
}

int
main(void)
{
	struct hub *hub = hub_of_text(picture);
	struct policy *policy = hub ? world_policy(hub) : NULL;
	struct explained e = {0};
	if (!ok(policy != NULL, "the picture is compiled"))
		return done_testing();
	way_in(policy, &e);
	way_out(policy, &e);
	rules(hub, &e);
	policy_free(policy);
	hub_free(hub);
	world_route_fini(&e.route);
	buf_fini(&e.lines);
	return done_testing();
}
