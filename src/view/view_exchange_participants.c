/* The members as the IX-F member export 1.0 says them (https://github.com/euro-ix/json-schemas), so that
 * PeeringDB, IXPDB and peers read the hub without being told twice. Never null, never the same address twice,
 * routeserver always explicit: what importers stumble over. */
#include <stdio.h>
#include <string.h>

#include "view/view_exchange_parts.h"

enum { IXP_ID = 1 };

static void
lan_family_json(struct json *j, const char *key, struct prefix prefix)
{
	if (prefix.ip.family == IP_NONE)
		return;
	char text[IP_TEXT];
	json_object(j, key);
	json_str(j, "prefix", ip_format(text, prefix.ip));
	json_u64(j, "mask_length", prefix.length);
	json_object_end(j);
}

static void
ixp_json(struct json *j, const struct hub *hub)
{
	json_array(j, "ixp_list");
	json_object(j, NULL);
	json_u64(j, "ixp_id", IXP_ID);
	json_u64(j, "ixf_id", hub->ixf_id);
	json_str(j, "shortname", hub->short_name ? hub->short_name : hub->name);
	json_str(j, "name", hub->name);
	if (hub->country.code[0])
		json_str(j, "country", hub->country.code);
	if (hub->url)
		json_str(j, "url", hub->url);
	if (hub->peeringdb_id)
		json_u64(j, "peeringdb_id", hub->peeringdb_id);
	if (hub->support_email)
		json_str(j, "support_email", hub->support_email);
	json_array(j, "switch");
	for (size_t i = 0; i < hub->site_count; i++) {
		bool used = false;
		for (size_t p = 0; p < hub->port_count; p++)
			used |= hub->ports[p].site == i;
		if (!used)
			continue;
		json_object(j, NULL);
		json_u64(j, "id", i + 1);
		json_str(j, "name", hub->sites[i].id);
		json_str(j, "colo", hub->sites[i].name);
		json_str(j, "city", hub->sites[i].name);
		if (hub->sites[i].country.code[0])
			json_str(j, "country", hub->sites[i].country.code);
		json_object_end(j);
	}
	json_array_end(j);
	json_array(j, "vlan");
	for (size_t i = 0; i < hub->lan_count; i++) {
		json_object(j, NULL);
		json_u64(j, "id", i + 1);
		json_str(j, "name", hub->lans[i].name);
		lan_family_json(j, "ipv4", hub->lans[i].ipv4);
		lan_family_json(j, "ipv6", hub->lans[i].ipv6);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
	json_array_end(j);
}

/* Does an enabled session of the port carry the family, and how many prefixes may it? */
static bool
at_route_server(const struct hub *hub, uint32_t port, enum ip_family family, uint32_t *max_prefix)
{
	bool any = false;
	const struct hub_member *member = &hub->members[hub->ports[port].member];
	for (uint32_t i = 0; i < member->session_count; i++) {
		const struct hub_session *session = &hub->sessions[member->first_session + i];
		bool carries = family == IP_V4 ? session->ipv4 : session->ipv6;
		if (session->port != port || !session->enabled || !carries)
			continue;
		any = true;
		*max_prefix =
			family == IP_V4 ? session->max_prefixes_ipv4 : session->max_prefixes_ipv6;
	}
	return any;
}

static void
address_json(struct json *j, const struct hub *hub, uint32_t index, const char *key, struct ip ip)
{
	if (ip.family == IP_NONE)
		return;
	const struct hub_port *port = &hub->ports[index];
	const struct hub_member *member = &hub->members[port->member];
	uint32_t max_prefix = 0;
	bool route_server = at_route_server(hub, index, (enum ip_family)ip.family, &max_prefix);
	json_object(j, key);
	json_ip(j, "address", ip);
	if (member->as_set)
		json_str(j, "as_macro", member->as_set);
	json_bool(j, "routeserver", route_server);
	if (max_prefix)
		json_u64(j, "max_prefix", max_prefix);
	if (port->mac_count) {
		char mac[MAC_TEXT];
		json_array(j, "mac_addresses");
		for (size_t i = 0; i < port->mac_count; i++)
			json_str(j, NULL, mac_format(mac, port->macs[i]));
		json_array_end(j);
	}
	json_object_end(j);
}

static void
connection_json(struct json *j, const struct hub *hub, uint32_t index)
{
	const struct hub_port *port = &hub->ports[index];
	json_object(j, NULL);
	json_u64(j, "ixp_id", IXP_ID);
	json_str(j, "state", "active");
	json_array(j, "if_list");
	json_object(j, NULL);
	if (port->site != HUB_NONE)
		json_u64(j, "switch_id", port->site + 1u);
	json_u64(j, "if_speed", port->speed_bps / 1000000);
	json_object_end(j);
	json_array_end(j);
	json_array(j, "vlan_list");
	json_object(j, NULL);
	json_u64(j, "vlan_id", port->lan == HUB_NONE ? 1 : port->lan + 1u);
	address_json(j, hub, index, "ipv4", port->ipv4);
	address_json(j, hub, index, "ipv6", port->ipv6);
	json_object_end(j);
	json_array_end(j);
	json_object_end(j);
}

static void
member_json(struct json *j, const struct hub *hub, const struct hub_member *member)
{
	json_object(j, NULL);
	json_u64(j, "asnum", member->asn.number);
	json_str(j, "member_type", "peering");
	json_str(j, "name", member->name);
	if (member->url)
		json_str(j, "url", member->url);
	if (member->since.s)
		json_utc(j, "member_since", member->since);
	json_array(j, "connection_list");
	for (uint32_t i = 0; i < member->port_count; i++)
		connection_json(j, hub, member->first_port + i);
	json_array_end(j);
	json_object_end(j);
}

/* The hub itself, as the member that runs the route server. */
static void
route_server_json(struct json *j, const struct hub *hub)
{
	char text[IP_TEXT];
	json_object(j, NULL);
	json_u64(j, "asnum", hub->asn.number);
	json_str(j, "member_type", "ixp");
	json_str(j, "name", hub->name);
	json_array(j, "connection_list");
	json_object(j, NULL);
	json_u64(j, "ixp_id", IXP_ID);
	json_str(j, "state", "active");
	json_array(j, "vlan_list");
	json_object(j, NULL);
	json_u64(j, "vlan_id", 1);
	json_object(j, "ipv4");
	json_str(j, "address", ip_format(text, hub->router_id));
	json_bool(j, "routeserver", false);
	json_array(j, "services");
	json_object(j, NULL);
	json_str(j, "type", "ixrouteserver");
	json_str(j, "daemon", "sarai");
	json_object_end(j);
	json_array_end(j);
	json_object_end(j);
	json_object_end(j);
	json_array_end(j);
	json_object_end(j);
	json_array_end(j);
	json_object_end(j);
}

void
view_exchange_participants(struct buf *out, struct exchange *x)
{
	const struct hub *hub = exchange_hub(x);
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_str(&j, "version", "1.0");
	json_utc(&j, "timestamp", exchange_now(x));
	ixp_json(&j, hub);
	json_array(&j, "member_list");
	for (size_t i = 0; i < hub->member_count; i++)
		member_json(&j, hub, &hub->members[i]);
	route_server_json(&j, hub);
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}
