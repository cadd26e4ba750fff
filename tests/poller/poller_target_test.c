/* Every interface of every port is asked for, at the exporter that has it, once. */
#include "poller/poller_target.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

enum { PORTS = 5 };

static struct hub_interface further[] = {{0, 11}, {1, 12}, {1, 13}};
static struct hub_port ports[PORTS] = {
	{.id = "lag", .exporter = 0, .if_index = 10, .interfaces = further, .interface_count = 3},
	{.id = "named", .exporter = 1, .interface = "Ethernet7"},
	{.id = "named-and-more",
	 .exporter = 0,
	 .interface = "Ethernet8",
	 .interfaces = &further[1],
	 .interface_count = 1},
	{.id = "nowhere", .exporter = 0},
	{.id = "unsaid", .exporter = HUB_NONE, .if_index = 20},
};

/* What is looked for, as text. */
static const char *
list(char out[200], const struct hub *hub, uint32_t exporter)
{
	size_t count = 0, length = 0;
	struct poller_target *t = poller_target_list(hub, exporter, &count);
	out[0] = '\0';
	for (size_t i = 0; i < count; i++)
		length += (size_t)snprintf(out + length, 200 - length, "%s:%u%s%s ",
					   t[i].is_source ? hub->segment_sources[t[i].port].id
							  : hub->ports[t[i].port].id,
					   t[i].if_index, t[i].interface ? "=" : "",
					   t[i].interface ? t[i].interface : "");
	free(t);
	return out;
}

int
main(void)
{
	struct hub_exporter exporters[] = {{.id = "a"}, {.id = "b"}, {.id = "c"}};
	struct hub hub = {
		.ports = ports, .port_count = PORTS, .exporters = exporters, .exporter_count = 3};
	char text[200];
	is_str(list(text, &hub, 0), "lag:10 lag:11 named-and-more:0=Ethernet8 ",
	       "a LAG's interfaces on one switch");
	is_str(list(text, &hub, 1), "lag:12 lag:13 named:0=Ethernet7 named-and-more:12 ",
	       "its further ones on the second switch, and ports by name");
	is_str(list(text, &hub, 2), "", "an exporter of no port is asked for nothing");
	struct hub_segment_source sources[] = {{.id = "C01", .exporter = 2, .interface = "ae0"},
					       {.id = "C02", .exporter = HUB_NONE}};
	hub.segment_sources = sources;
	hub.segment_source_count = 2;
	is_str(list(text, &hub, 2), "C01:0=ae0 ", "but for those that tell of segments");
	hub.exporter_count = 1;
	ok(strstr(list(text, &hub, 0), "unsaid:20"), "of a single exporter all ports are");
	return done_testing();
}
