/* PeeringDB's JSON, the addresses it is asked at, and what is believed of it. */
#include "registry/registry_peeringdb.h"

#include <stdlib.h>

#include "tap.h"

static int
read_text(struct registry_networks *networks, const char *json)
{
	return registry_networks_read(networks, json, strlen(json));
}

static void
reading(void)
{
	struct registry_networks networks = {0};
	ok(read_text(&networks, "{\"meta\":{},\"data\":["
				"{\"id\":1,\"asn\":64502,\"name\":\"B\",\"info_prefixes4\":10,"
				"\"info_prefixes6\":20,\"info_never_via_route_servers\":true,"
				"\"irr_as_set\":\"RIPE::AS-B\"},"
				"{\"asn\":64501,\"info_prefixes4\":null,\"info_prefixes6\":-1,"
				"\"info_never_via_route_servers\":false,\"irr_as_set\":\"\"},"
				"{\"asn\":0,\"info_prefixes4\":1},{\"name\":\"no number\"},"
				"{\"asn\":4294967296},{\"asn\":\"64509\"}]}") == 0,
	   "an answer is read");
	registry_networks_sort(&networks);
	is_int((long long)networks.count, 2, "what has no AS number is left out");
	const struct registry_network *a = &networks.list[0], *b = &networks.list[1];
	ok(a->asn.number == 64501 && !a->prefixes_ipv4 && !a->prefixes_ipv6 &&
		   !a->never_via_route_servers && !a->as_set,
	   "what is not said is not known");
	ok(b->asn.number == 64502 && b->prefixes_ipv4 == 10 && b->prefixes_ipv6 == 20 &&
		   b->never_via_route_servers && strcmp(b->as_set, "RIPE::AS-B") == 0,
	   "what is said is");
	ok(read_text(&networks, "{\"data\":[{\"asn\":64501,\"info_prefixes4\":7,"
				"\"info_never_via_route_servers\":true}]}") == 0,
	   "answers are added to each other");
	registry_networks_sort(&networks);
	ok(networks.count == 2 && networks.list[0].prefixes_ipv4 == 7 &&
		   networks.list[0].never_via_route_servers,
	   "a network that comes twice is one, with the larger counts and the flag");
	registry_networks_fini(&networks);

	static const char *const spoilt[] = {"",
					     "{}",
					     "[]",
					     "{\"data\":{}}",
					     "{\"data\":[1]}",
					     "{\"data\":[{\"asn\":1}",
					     "<html>503</html>",
					     "{\"meta\":{\"error\":\"throttled\"}}"};
	for (size_t i = 0; i < sizeof(spoilt) / sizeof(spoilt[0]); i++) {
		ok(read_text(&networks, spoilt[i]) == -1, "\"%s\" is no answer", spoilt[i]);
		registry_networks_fini(&networks);
	}
	ok(read_text(&networks, "{\"data\":[]}") == 0 && networks.count == 0,
	   "an answer may be empty");
	registry_networks_sort(&networks);
	registry_networks_fini(&networks);
}

static void
addresses(void)
{
	static struct hub_member members[150];
	for (uint32_t i = 0; i < 150; i++)
		members[i].asn.number = 64501 + i;
	struct hub hub = {.members = members, .member_count = 150};
	struct buf url = {0};
	hub.peeringdb.source = "https://www.peeringdb.com/api/";
	ok(registry_peeringdb_url(&url, &hub, 0), "the API is asked");
	is_str((char *)url.data,
	       "https://www.peeringdb.com/api/net?fields=asn,info_prefixes4,info_prefixes6,"
	       "info_never_via_route_servers,irr_as_set&info_never_via_route_servers=1",
	       "for all networks that do not want to be reached via route servers");
	size_t asked = 0;
	bool bounded = true;
	for (size_t i = 1;; i++) {
		buf_clear(&url);
		if (!registry_peeringdb_url(&url, &hub, i))
			break;
		bounded = bounded && url.length < 2000;
		asked++;
		for (const char *at = strstr((char *)url.data, "asn__in="); (at = strchr(at, ','));
		     at++)
			asked++;
	}
	ok(asked == 150 && bounded, "then for all members, in addresses below 2000 octets");
	hub.peeringdb.source = "https://pdb.example/net";
	buf_clear(&url);
	ok(registry_peeringdb_url(&url, &hub, 1) &&
		   strncmp((char *)url.data, "https://pdb.example/net?fields=", 31) == 0,
	   "an address that names the table is not given another");
	hub.peeringdb.source = "https://pdb.example/x?y=1";
	buf_clear(&url);
	ok(registry_peeringdb_url(&url, &hub, 0) &&
		   strcmp((char *)url.data, hub.peeringdb.source) == 0 &&
		   !registry_peeringdb_url(&url, &hub, 1),
	   "one with a question is asked as it stands, once");
	buf_fini(&url);
	ok(registry_peeringdb_is_url("http://x") && registry_peeringdb_is_url("https://x") &&
		   !registry_peeringdb_is_url("/var/lib/net.json") &&
		   !registry_peeringdb_is_url("ftp://x"),
	   "other sources are files");
}

static struct registry_networks
made_up(size_t count)
{
	struct registry_networks networks = {0};
	struct buf json = {0};
	buf_str(&json, "{\"data\":[");
	for (size_t i = 0; i < count; i++)
		buf_printf(&json, "%s{\"asn\":%zu}", i ? "," : "", 64501 + i);
	buf_str(&json, "]}");
	if (registry_networks_read(&networks, (char *)json.data, json.length) < 0)
		abort();
	buf_fini(&json);
	return networks;
}

static void
believing(void)
{
	struct registry_peeringdb p = {0};
	struct registry_moment now = {{1000000}, {1000}};
	struct registry_networks networks = made_up(10);
	registry_peeringdb_failed(&p, "no route", 86400, now);
	ok(!p.there && p.failures == 1 && p.due.us == now.mono.us + INT64_C(60000000) &&
		   strcmp(p.error, "no route") == 0,
	   "a failure is tried again after a minute");
	ok(registry_peeringdb_answered(&p, &networks, 86400, now) && p.there &&
		   p.known.count == 10 && p.failures == 0 && !networks.list &&
		   p.due.us == now.mono.us + INT64_C(86400000000),
	   "an answer is in force, until it is asked for again");
	networks = made_up(4);
	ok(!registry_peeringdb_answered(&p, &networks, 86400, now) && p.known.count == 10 &&
		   p.failures == 1 && strcmp(p.error, "only 4 networks, where there were 10") == 0,
	   "one with less than half of the networks is not");
	networks = made_up(5);
	ok(registry_peeringdb_answered(&p, &networks, 86400, now) && p.known.count == 5,
	   "half is enough");
	for (int i = 0; i < 40; i++)
		registry_peeringdb_failed(&p, "no route", 86400, now);
	ok(p.known.count == 5 && p.due.us == now.mono.us + INT64_C(3600000000),
	   "what was known stays, and is asked for at least every hour");
	registry_networks_fini(&p.known);
}

int
main(void)
{
	reading();
	addresses();
	believing();
	return done_testing();
}
