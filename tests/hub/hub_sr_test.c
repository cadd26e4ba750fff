/* SR policies and PCEP in the hub file: what goes together, and what comes of it. */
#include "hub/hub_memory.h"
#include "tap.h"

#define HEAD                                                                                       \
	"hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"                                       \
	"lans: [{name: L, ipv4: 192.0.2.0/24}]\n"                                                  \
	"sites: [{id: A, name: A, lat: 0, lon: 0}, {id: B, name: B, lat: 0, lon: 1},"              \
	" {id: C, name: C, lat: 1, lon: 1}]\n"                                                     \
	"segments:\n"                                                                              \
	"  - {id: AB, a: A, b: B, length_km: 200, status: in service}\n"                           \
	"  - {id: BC, a: B, b: C, length_km: 200, status: in service}\n"                           \
	"members:\n"                                                                               \
	"  - asn: 64501\n    name: M\n    kind: access\n    ports: [{id: p, speed: 10G, ipv4: "    \
	"192.0.2.11}]\n"                                                                           \
	"    sessions: [{id: s, sr_policy: yes}]\n"                                                \
	"  - asn: 64502\n    name: N\n    kind: access\n    ports: [{id: q, speed: 10G, ipv4: "    \
	"192.0.2.12}]\n"                                                                           \
	"    sessions: [{id: t}]\n"

static struct hub *
hub_with(const char *more, char **said)
{
	char text[6000];
	(void)snprintf(text, sizeof(text), HEAD "%s\n", more);
	struct memory_file file = {"hub.yaml", text, false};
	return memory_hub(&file, 1, said);
}

static void
sound(void)
{
	static struct sr_policy policy;
	char *said;
	struct hub *hub = hub_with(
		"sr_policies:\n"
		"  - {id: one, session: s, color: 100, endpoint: 10.0.0.9, binding_label: 15001,"
		" unlabelled: both, lists: [{weight: 3, segments: [16001, 'node 10.0.0.1 sid "
		"16002']},"
		" {segments: [16003]}]}\n"
		"pcep:\n  listen: 192.0.2.1\n  routers:\n"
		"    - {name: r, address: 192.0.2.11, site: A, adjacencies: [{segment: AB, label: "
		"24001}]}\n",
		&said);
	ok(hub && !strstr(said, "sr_pol") && !strstr(said, "pcep"),
	   "policies and routers are read");
	if (!hub) {
		printf("# %s\n", said);
		return;
	}
	const struct hub_sr_policy *is = &hub->sr_policies[0];
	ok(hub->sr_policy_count == 1 && is->session == hub_session_by_id(hub, "s") &&
		   is->preference == 100 && is->priority == 128 && is->distinguisher == 1,
	   "with what goes without saying");
	hub_sr_policy_make(&policy, is);
	ok(policy.key.color == 100 && policy.list_count == 2 && policy.lists[0].weight == 3 &&
		   policy.segment_count == 3 && policy.segments[1].type == 'C' &&
		   sr_label(policy.segments[1].entry) == 16002 && policy.has_binding_label &&
		   policy.enlp == SR_ENLP_BOTH,
	   "a policy becomes a value");
	ok(hub->pcep.port == 4189 && hub->pcep.keepalive_s == 30 && hub->pcep.dead_s == 120 &&
		   hub->pcep.routers[0].adjacencies[0].label == 24001,
	   "and PCEP has its usual times");
	char *once = memory_written(hub), *again_said;
	struct memory_file again = {"again.yaml", once, false};
	struct hub *back = memory_hub(&again, 1, &again_said);
	char *twice = back ? memory_written(back) : NULL;
	is_str(twice, once, "it is written, and read again as the same");
	free(once);
	free(twice);
	free(said);
	free(again_said);
	hub_free(back);
	hub_free(hub);
	hub = hub_with("", &said);
	ok(hub && hub->pcep.listen.family == IP_NONE && !hub->sr_policy_count,
	   "nobody listens when nothing is said");
	free(said);
	hub_free(hub);
}

#define POLICY(more) "sr_policies: [{id: one, color: 100, endpoint: 10.0.0.9, " more "}]"
#define LISTS        ", lists: [{segments: [16001]}]"
#define ROUTER(more) "pcep: {routers: [{name: r, site: A, " more "}]}"

static void
wrong(void)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{POLICY("session: x" LISTS), "session: found \"x\", expected the id of a session"},
		{POLICY("session: t" LISTS), "has no \"sr_policy: yes\""},
		{POLICY("session: s, lists: [{segments: ['node x']}]"),
		 "segments: found \"node x\""},
		{POLICY("session: s, lists: [{segments: []}]"), "a list needs one"},
		{POLICY("session: s, lists: []"), "a policy needs a list"},
		{POLICY("session: s, binding_label: 3" LISTS), "expected 0, or 16 and more"},
		{"sr_policies: [{id: one, color: 1, endpoint: 10.0.0.9, session: s" LISTS
		 "}, {id: two, color: 1, endpoint: 10.0.0.9, session: s" LISTS "}]",
		 "one has the same session, color, endpoint and distinguisher"},
		{ROUTER("label: 16001"), "a router needs an address, a loopback, or both"},
		{ROUTER("address: 192.0.2.11, label: 3"), "expected 0, or 16 and more"},
		{ROUTER("address: 192.0.2.11, adjacencies: [{segment: BC, label: 24001}]"),
		 "BC does not end at the router's site"},
		{ROUTER("address: 192.0.2.11, adjacencies: [{segment: AB, label: 24001, local: "
			"10.0.0.1}]"),
		 "local and remote go together"},
		{ROUTER("loopback: 10.0.0.1, session: x"),
		 "session: found \"x\", expected the id of a session"},
		{ROUTER("loopback: 10.0.0.1, session: t"), "has no \"sr_policy: yes\""},
		{ROUTER("loopback: 10.0.0.1, headend: 10.0.0.1"),
		 "with it goes the session of the neighbour"},
		{ROUTER("loopback: 10.0.0.1, session: s}, {name: r2, site: B, loopback: 10.0.0.2, "
			"session: s"),
		 "session: that of r too, so it needs a headend of its own"},
		{"sr_colors: [{color: 1}, {color: 1}]", "color: 1 is there already"},
		{"sr_colors: [{color: 1, preference: 0, backup: yes}]",
		 "color 1: nothing is lower than preference 0, so there is none for a backup"},
		{"sr_colors: [{color: 1, from: [x]}]",
		 "from: found \"x\", expected the name of a router"},
		{ROUTER("loopback: 10.0.0.1") "\nsr_colors: [{color: 1, from: [r]}]",
		 "from: r has neither a session nor an address"},
		{ROUTER("loopback: 10.0.0.1, label: 16001") "\nsr_colors: [{color: 1, srv6: yes, "
							    "to: [r]}]",
		 "to: r has no sid"},
		{"sr_policies: [{id: one, color: 1, endpoint: 10.0.0.9, session: s, "
		 "distinguisher: 3" LISTS "}]\nsr_colors: [{color: 1}]",
		 "distinguisher 3 of it, which is that of steering, is taken by policy one"},
		{ROUTER("loopback: 10.0.0.1, label: 16001") "\nsr_colors: [{color: 1}]",
		 "no router of pcep has a session or an address, so nobody would hear of color 1"},
		{ROUTER("address: 10.0.0.1") "\nsr_colors: [{color: 1}]",
		 "no router of pcep has a label, so color 1 would lead nowhere"},
		{ROUTER("address: 10.0.0.1, label: 16001") "\nsr_colors: [{color: 1}]",
		 "color 1 would begin and end at the same router"},
		{"pcep: {keepalive_s: 30, dead_s: 30}", "expected more than keepalive_s"},
		{"pcep: {keepalive_s: 0, dead_s: 30}", "since no Keepalives are sent"},
		{"pcep: {routers: [{name: a, site: A, address: 10.0.0.1}, {name: b, site: A, "
		 "address: "
		 "10.0.0.1}]}",
		 "address"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *said;
		struct hub *hub = hub_with(cases[i].text, &said);
		bool good = !hub && strstr(said, cases[i].says);
		ok(good, "refused: %s", cases[i].says);
		if (!good)
			printf("# %s\n", said);
		free(said);
		hub_free(hub);
	}
}

int
main(void)
{
	sound();
	wrong();
	return done_testing();
}
