/* What the hub file says of the hub's own AS as a transit network, and what does not go together. */
#include "hub/hub_memory.h"
#include "tap.h"

/* Two lines; what a case adds begins on the third. */
#define HUB                                                                                        \
	"hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"                                       \
	"lans: [{name: l, ipv4: 192.0.2.0/24}]\nsites: [{id: A, name: A}, {id: B, name: B}]\n"     \
	"policy: {allow_asns: 64496-65534}\n"
#define MEMBER(asn, session)                                                                       \
	"members: [{asn: " asn ", name: M, kind: carrier,\n"                                       \
	"  ports: [{speed: 10G, site: A, ipv4: 192.0.2.2}], sessions: [{" session "}]}]\n"

static struct hub *
read_text(const char *text, char **said)
{
	struct memory_file file = {"a", text, false};
	return memory_hub(&file, 1, said);
}

static void
good(void)
{
	char *said = NULL;
	struct hub *hub = read_text(
		HUB
		"transit: {routers: [{site: A, ipv4: 192.0.2.250}, {site: B, ipv4: 192.0.2.251}],\n"
		"  cost: before-path, med: keep, local_pref_peer: 170, cluster_id: "
		"192.0.2.9}\n" MEMBER("64512",
				      "transit: upstream, next_hop: unchanged, local_pref: 90"),
		&said);
	if (!ok(hub && !*said, "a hub with transit is read"))
		return (void)printf("# %s\n", said);
	const struct hub_transit *transit = &hub->transit;
	ok(transit->router_count == 2 && transit->routers[1].site == 1, "with its routers");
	ok(transit->cost == HUB_TRANSIT_BEFORE_PATH && transit->med == HUB_TRANSIT_MED_KEEP,
	   "with where the cost stands and what MED is");
	ok(transit->local_pref_customer == 200 && transit->local_pref_peer == 170 &&
		   transit->local_pref_upstream == 100,
	   "with preferences, those not given by default");
	const struct hub_session *session = &hub->sessions[0];
	ok(session->transit == HUB_AS_UPSTREAM && session->local_pref == 90 &&
		   session->transit_next_hop == HUB_TRANSIT_UNCHANGED,
	   "with what the neighbour is");
	hub_free(hub);
	free(said);
	hub = read_text(HUB MEMBER("64500", "transit: internal"), &said);
	ok(hub && hub->sessions[0].transit == HUB_AS_INTERNAL,
	   "the hub's own routers are a member with the hub's AS number");
	hub_free(hub);
	free(said);
	hub = read_text(HUB MEMBER("64512", ""), &said);
	ok(hub && hub->sessions[0].transit == HUB_AS_NONE,
	   "who says nothing is a client of the route server");
	hub_free(hub);
	free(said);
}

static void
bad(void)
{
	static const struct {
		const char *name, *text, *said;
	} cases[] = {
		{"the hub's own AS as a customer", HUB MEMBER("64500", "transit: customer"),
		 "a:6:73: transit: AS 64500 is the hub's own, so its sessions are internal\n"},
		{"another AS as internal", HUB MEMBER("64512", "transit: internal"),
		 "a:6:73: transit: AS 64512 is not the hub's own, so its sessions are not "
		 "internal\n"},
		{"LOCAL_PREF of a client of the route server", HUB MEMBER("64512", "local_pref: 5"),
		 "a:6:76: local_pref: the route server has none; transit says what the neighbour "
		 "is to the hub's AS\n"},
		{"a collector in transit", HUB MEMBER("64512", "transit: peer, collector: true"),
		 "a:6:90: collector: is for clients of the route server, and transit is not "
		 "none\n"},
		{"two routers at a site",
		 HUB
		 "transit: {routers: [{site: A, ipv4: 192.0.2.8}, {site: A, ipv4: 192.0.2.9}]}\n",
		 "a:5:56: site: there is a router of the hub at A already\n"},
		{"a router without an address", HUB "transit: {routers: [{site: A}]}\n",
		 "a:5:21: a router has an ipv4 or an ipv6 address\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *said = NULL;
		struct hub *hub = read_text(cases[i].text, &said);
		ok(!hub, "%s is refused", cases[i].name);
		is_str(said, cases[i].said, cases[i].name);
		hub_free(hub);
		free(said);
	}
}

int
main(void)
{
	good();
	bad();
	return done_testing();
}
