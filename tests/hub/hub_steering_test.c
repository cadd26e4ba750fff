/* What the hub file says of steering and of those who tell the state of segments, and what does not go together. */
#include "hub/hub_memory.h"
#include "tap.h"

#define HUB                                                                                        \
	"hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"                                       \
	"lans: [{name: l, ipv4: 192.0.2.0/24}]\n"                                                  \
	"exporters: [{id: gw, address: 192.0.2.9, snmp: {community: c}}, {id: mute, address: "     \
	"192.0.2.8}]\n"                                                                            \
	"sites: [{id: A, name: A}, {id: B, name: B}]\n"                                            \
	"segments: [{id: C01, name: c, a: A, b: B, length_km: 10, medium: land, status: "          \
	"operational}]\n"                                                                          \
	"policy: {allow_asns: 64496-65534}\n"                                                      \
	"members: [{asn: 64512, name: M, kind: carrier, ports: [{speed: 10G, site: A, ipv4: "      \
	"192.0.2.2}],\n"                                                                           \
	"  sessions: [{id: s1, bfd: yes}, {id: s2, address: 192.0.2.3}]}]\n"

static struct hub *
read_text(const char *text, char **said)
{
	struct memory_file file = {"a", text, false};
	return memory_hub(&file, 1, said);
}

static void
defaults(void)
{
	char *said = NULL;
	struct hub *hub = read_text(HUB, &said);
	if (!ok(hub != NULL, "a hub that says nothing of steering is read"))
		return (void)printf("# %s\n", said);
	const struct hub_steering *s = &hub->steering;
	ok(s->policy.latency_percent == 100 && s->policy.load_us == 2000 &&
		   s->policy.limit_percent == 90 && !s->policy.diverse,
	   "and has the usual weights");
	ok(s->hold_s == 30 && s->half_life_s == 900 && s->moves == 4 && s->margin_percent == 5 &&
		   s->margin_us == 500 && s->good_s == 10,
	   "and the usual patience");
	hub_free(hub);
	free(said);
}

static void
good(void)
{
	char *said = NULL;
	struct hub *hub =
		read_text(HUB "steering: {load_us: 0, price_us: 700, diverse: yes, "
			      "members: [{member: 64512, avoid: [RU, IR], price_us: 0}]}\n"
			      "segment_sources: [{id: x, segment: C01, exporter: gw, interface: "
			      "ae0, weight: 4}, {id: y, segment: C01, exporter: gw, if_index: 7}, "
			      "{id: z, segment: C01, session: s1}, {id: w, segment: C01}]\n",
			  &said);
	if (!ok(hub != NULL, "a hub with steering and sources is read"))
		return (void)printf("# %s\n", said);
	const struct hub_steering *s = &hub->steering;
	ok(s->member_count == 1 && s->members[0].avoid_count == 2, "with what a member avoids");
	const struct hub_steering_policy *own = &s->members[0].policy;
	ok(own->diverse && own->load_us == 0 && own->limit_percent == 90,
	   "with what it does not say, as for everybody");
	ok(own->price_us == 0 && s->policy.price_us == 700, "and what it says, also when it is 0");
	const struct hub_segment_source *sources = hub->segment_sources;
	ok(hub->segment_source_count == 4 && sources[0].exporter == 0 && sources[0].weight == 4 &&
		   sources[1].if_index == 7 && sources[1].session == HUB_NONE,
	   "sources are interfaces by name and number");
	ok(sources[2].exporter == HUB_NONE && sources[2].session == 0, "and sessions with BFD");
	ok(sources[3].exporter == HUB_NONE && sources[3].session == HUB_NONE,
	   "and those that are told of by others");
	hub_free(hub);
	free(said);
}

static void
bad(void)
{
	static const struct {
		const char *text, *said, *name;
	} cases[] = {
		{"segment_sources: [{id: x, segment: C01, if_index: 3}]\n",
		 "goes with its exporter", "an interface of nobody is refused"},
		{"segment_sources: [{id: x, segment: C01, exporter: gw, session: s1}]\n",
		 "a source is the interface", "a source that is two things is refused"},
		{"segment_sources: [{id: x, segment: C01, exporter: gw}]\n",
		 "with it goes an interface", "an exporter without an interface is refused"},
		{"segment_sources: [{id: x, segment: C01, exporter: gw, interface: a, if_index: "
		 "1}]\n",
		 "with it goes an interface", "so is one with two"},
		{"segment_sources: [{id: x, segment: C01, exporter: mute, if_index: 1}]\n",
		 "is not asked by snmp", "so is one that nobody asks"},
		{"segment_sources: [{id: x, segment: C01, session: s2}]\n", "has no \"bfd: yes\"",
		 "a session without BFD is refused"},
		{"segment_sources: [{id: x, segment: C01, session: s9}]\n", "the id of a session",
		 "so is one that is not there"},
		{"segment_sources: [{id: x, segment: C01, session: s1}, {id: x, segment: C01, "
		 "session: s1}]\n",
		 "there is a source x already", "two sources of one name are refused"},
		{"steering: {members: [{member: 64512}, {member: 64512}]}\n",
		 "AS64512 has a policy already", "two policies of a member are refused"},
		{"steering: {limit_percent: 0}\n", "limit_percent", "no room at all is refused"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[4096], *said = NULL;
		(void)snprintf(text, sizeof(text), "%s%s", HUB, cases[i].text);
		struct hub *hub = read_text(text, &said);
		if (!ok(!hub && strstr(said, cases[i].said), "%s", cases[i].name))
			printf("# %s\n", said);
		hub_free(hub);
		free(said);
	}
}

int
main(void)
{
	defaults();
	good();
	bad();
	return done_testing();
}
