/* The rules between items that say where counters come from. */
#include <string.h>

#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_lookup.h"
#include "hub/hub_read.h"

void
hub_fill_snmp(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_snmp *snmp = element;
	(void)r;
	if (!hub_node_get(map, "enabled"))
		snmp->enabled = map != NULL;
}

/* A secret and the file that holds it: not both. */
static void
check_secret(struct hub_reader *r, const struct hub_node *map, const char *key,
	     const char *const given[2])
{
	if (given[0] && given[1])
		hub_complain(r->report, hub_reader_mark(map, key),
			     "%s: is given itself and by its file", key);
	if (given[1] && given[1][0] != '/')
		hub_complain(r->report, hub_reader_mark(map, key),
			     "%s_file: found \"%s\", expected a path from /", key,
			     hub_show(given[1]).text);
}

static void
require(struct hub_reader *r, const struct hub_node *map, bool given, const char *key)
{
	if (!given)
		hub_complain(r->report, map->mark, "\"%s\" is missing", key);
}

void
hub_check_snmp(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_snmp *s = element;
	if (!s->enabled)
		return;
	check_secret(r, map, "community", (const char *[]){s->community, s->community_file});
	check_secret(r, map, "auth_password",
		     (const char *[]){s->auth_password, s->auth_password_file});
	check_secret(r, map, "privacy_password",
		     (const char *[]){s->privacy_password, s->privacy_password_file});
	if (s->version == HUB_SNMP_2C) {
		require(r, map, s->community || s->community_file, "community");
	} else {
		require(r, map, s->user, "user");
		require(r, map, s->auth_password || s->auth_password_file, "auth_password");
		require(r, map, s->privacy_password || s->privacy_password_file,
			"privacy_password");
	}
	if (s->timeout_s * (s->retries + 1) >= s->every_s)
		hub_complain(r->report, hub_reader_mark(map, "timeout_s"),
			     "timeout_s: with %u retries it takes longer than every_s, which is %u",
			     (unsigned)s->retries, (unsigned)s->every_s);
}

void
hub_check_push(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_push *push = element;
	check_secret(r, map, "token", (const char *[]){push->token, push->token_file});
}

/* Two exporters may be one machine; but then only one of them is asked. */
void
hub_check_exporter(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_exporter *e = element;
	struct ip at = e->snmp.address.family == IP_NONE ? e->address : e->snmp.address;
	for (const struct hub_exporter *other = r->hub->exporters; other < e; other++) {
		struct ip there = other->snmp.address.family == IP_NONE ? other->address
									: other->snmp.address;
		if (e->snmp.enabled && other->snmp.enabled && ip_equal(at, there) &&
		    e->snmp.port == other->snmp.port)
			hub_warn(r->report, hub_reader_mark(map, "snmp"),
				 "snmp: %s is asked at the same place", other->id);
	}
}

void
hub_check_interface_name(struct hub_reader *r, const struct hub_port *port,
			 const struct hub_node *map)
{
	uint32_t exporter = hub_port_exporter(r->hub, port);
	struct hub_mark at = hub_reader_mark(map, "interface");
	if (!port->interface)
		return;
	if (exporter == HUB_NONE) {
		hub_complain(r->report, at, "interface: \"exporter\" is missing; the hub has %zu",
			     r->hub->exporter_count);
		return;
	}
	uint8_t *key = hub_reader_take(r, HUB_INTERFACE_KEY);
	size_t length = key ? hub_lookup_interface(key, exporter, port->interface) : 0;
	if (length)
		hub_reader_claim(r, &(struct hub_claim){.by = HUB_BY_INTERFACE_NAME,
							.key = key,
							.length = (uint32_t)length,
							.value = (uint32_t)(port - r->hub->ports),
							.at = at,
							.item = "interface",
							.text = port->interface});
}
