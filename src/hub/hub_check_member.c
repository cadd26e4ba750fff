/* The rules between items of members, their ports and sessions. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "hub/hub_check.h"
#include "hub/hub_read.h"

/* The member whose ports and sessions are being read. */
static struct hub_member *
owner(const struct hub_reader *r)
{
	return &r->hub->members[r->member];
}

/* "<asn>-<n>", n counting from 1 within the member; NULL if there is no memory. */
static const char *
default_id(struct hub_reader *r, size_t n)
{
	char text[32];
	int length = snprintf(text, sizeof(text), "%" PRIu32 "-%zu", owner(r)->asn.number, n);
	char *id = hub_reader_take(r, (size_t)length + 1);
	if (id)
		memcpy(id, text, (size_t)length);
	return id;
}

void
hub_begin_member(struct hub_reader *r, void *element, uint32_t index)
{
	(void)element;
	r->member = index;
}

/* Names may be used twice (one company, two networks): the first is found by it. */
static void
file_name(struct hub_reader *r, const char *name)
{
	if (!name ||
	    hub_lookup_find(r->hub->lookup, HUB_BY_MEMBER_NAME, name, strlen(name)) != HUB_NONE)
		return;
	if (hub_lookup_add(r->hub->lookup, r->hub->arena, HUB_BY_MEMBER_NAME, name, strlen(name),
			   r->member) < 0)
		hub_complain(r->report, (struct hub_mark){0}, "out of memory");
}

void
hub_fill_member(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_member *member = element;
	(void)map;
	file_name(r, member->name);
	file_name(r, member->short_name);
}

void
hub_check_member(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_member *member = element;
	uint32_t asn = member->asn.number;
	/* Its sessions say what they are: hub_check_transit_session. */
	if (asn == r->hub->asn.number && !member->session_count)
		hub_complain(r->report, hub_reader_mark(map, "asn"),
			     "asn: found %" PRIu32 ", which is the hub's own", asn);
	if (!member->session_count)
		return;
	for (size_t i = 0; i < member->policy.bogon_asn_count; i++) {
		const struct asn_range *range = &member->policy.bogon_asns[i];
		if (asn < range->first || asn > range->last)
			continue;
		hub_warn(r->report, hub_reader_mark(map, "asn"),
			 "asn: %" PRIu32 " is among the policy's bogon_asns, so all routes of this "
			 "member will be refused; allow_asns would make an exception",
			 asn);
		return;
	}
}

void
hub_begin_port(struct hub_reader *r, void *element, uint32_t index)
{
	struct hub_port *port = element;
	(void)index;
	port->member = r->member;
}

void
hub_fill_port(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_port *port = element;
	size_t n = (size_t)(port - r->hub->ports) - owner(r)->first_port + 1;
	if (!port->id && !hub_node_get(map, "id"))
		port->id = default_id(r, n);
	if (port->lan == HUB_NONE && r->hub->lan_count == 1)
		port->lan = 0;
	if (!hub_node_get(map, "service"))
		port->service = owner(r)->service;
	hub_fill_port_interfaces(r, port);
}

/* What is wrong with an address on a LAN; NULL: nothing. */
static const char *
misplaced(struct ip ip, struct prefix lan)
{
	if (lan.ip.family == IP_NONE)
		return "but the LAN has no such addresses";
	if (!prefix_contains_ip(lan, ip))
		return "which is outside the LAN";
	unsigned bits = ip_bits((enum ip_family)ip.family);
	if (lan.length + 1u >= bits) /* RFC 3021, RFC 6164: two addresses, both usable */
		return NULL;
	if (ip_equal(ip, lan.ip)) /* RFC 4291 section 2.6.1 for IPv6 */
		return ip.family == IP_V4 ? "which is the network address of"
					  : "which is the subnet-router anycast address of";
	if (ip.family == IP_V6)
		return NULL;
	uint32_t host = UINT32_MAX >> lan.length;
	return (ip_v4_number(ip) & host) == host ? "which is the broadcast address of" : NULL;
}

static void
check_place(struct hub_reader *r, const struct hub_node *map, const char *key, struct ip ip,
	    struct prefix lan)
{
	char address[IP_TEXT], prefix[PREFIX_TEXT];
	if (ip.family == IP_NONE)
		return;
	const char *wrong = misplaced(ip, lan);
	if (!wrong)
		return;
	if (lan.ip.family == IP_NONE)
		hub_complain(r->report, hub_reader_mark(map, key), "%s: found %s, %s", key,
			     ip_format(address, ip), wrong);
	else
		hub_complain(r->report, hub_reader_mark(map, key), "%s: found %s, %s %s", key,
			     ip_format(address, ip), wrong, prefix_format(prefix, lan));
}

/* The VLAN that frames of the port carry. */
static uint16_t
vlan_of(const struct hub *hub, const struct hub_port *port)
{
	return port->vlan ? port->vlan : hub->lans[port->lan].vlan;
}

/* One router may have the same MAC address on several ports of its member, told apart by VLAN or
 * exporter; what arrives from it would otherwise be counted for the wrong one. */
static void
claim_mac(struct hub_reader *r, const struct hub_port *port, size_t i, struct hub_mark at)
{
	char text[MAC_TEXT];
	const struct mac *mac = &port->macs[i];
	uint32_t index = (uint32_t)(port - r->hub->ports);
	uint32_t first = hub_lookup_find(r->hub->lookup, HUB_BY_MAC, mac, sizeof(*mac));
	if (first != HUB_NONE && first != index) {
		const struct hub_port *other = &r->hub->ports[first];
		if (other->member == port->member &&
		    (vlan_of(r->hub, other) != vlan_of(r->hub, port) ||
		     other->exporter != port->exporter))
			return;
	}
	hub_reader_claim(r, &(struct hub_claim){.by = HUB_BY_MAC,
						.key = mac,
						.length = sizeof(*mac),
						.value = index,
						.at = at,
						.item = "macs",
						.text = mac_format(text, *mac)});
}

void
hub_check_port(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_port *port = element;
	if (port->lan == HUB_NONE) {
		hub_complain(r->report, map->mark, "\"lan\" is missing; the hub has %zu LANs",
			     r->hub->lan_count);
		return;
	}
	const struct hub_lan *lan = &r->hub->lans[port->lan];
	check_place(r, map, "ipv4", port->ipv4, lan->ipv4);
	check_place(r, map, "ipv6", port->ipv6, lan->ipv6);
	const struct hub_node *list = hub_node_get(map, "macs");
	const struct hub_node *mac =
		list && list->kind == HUB_NODE_LIST && list->count == port->mac_count ? list->first
										      : NULL;
	for (size_t i = 0; i < port->mac_count; i++) {
		claim_mac(r, port, i, mac ? mac->mark : hub_reader_mark(map, "macs"));
		mac = mac ? mac->next : NULL;
	}
	hub_check_interface_name(r, port, map);
	hub_check_port_interfaces(r, port, map);
	hub_check_counters(r, port->counters, port->counters_count, map);
}

void
hub_begin_session(struct hub_reader *r, void *element, uint32_t index)
{
	struct hub_session *session = element;
	(void)index;
	session->member = r->member;
}

void
hub_fill_session(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_session *session = element;
	const struct hub_member *member = owner(r);
	size_t n = (size_t)(session - r->hub->sessions) - member->first_session + 1;
	if (!hub_node_get(map, "max_prefixes_peeringdb"))
		session->max_prefixes_peeringdb = r->hub->peeringdb.source &&
						  !hub_node_get(map, "max_prefixes_ipv4") &&
						  !hub_node_get(map, "max_prefixes_ipv6");
	if (!session->id && !hub_node_get(map, "id"))
		session->id = default_id(r, n);
	if (session->port == HUB_NONE && member->port_count == 1)
		session->port = member->first_port;
	if (session->port == HUB_NONE)
		return;
	const struct hub_port *port = &r->hub->ports[session->port];
	if (session->address.family == IP_NONE && !hub_node_get(map, "address"))
		session->address = port->ipv4.family != IP_NONE ? port->ipv4 : port->ipv6;
	if (!session->ipv4 && !session->ipv6) {
		session->ipv4 = session->address.family == IP_V4;
		session->ipv6 = session->address.family == IP_V6;
	}
}

/* The other end must not be somebody else's address on a LAN. */
static void
check_session_address(struct hub_reader *r, const struct hub_session *session,
		      const struct hub_node *map)
{
	char text[IP_TEXT];
	uint32_t found = hub_lookup_find(r->hub->lookup, HUB_BY_PORT_ADDRESS, &session->address,
					 sizeof(session->address));
	if (found != HUB_NONE && r->hub->ports[found].member != session->member)
		hub_complain(r->report, hub_reader_mark(map, "address"),
			     "address: found %s, which is that of port %s",
			     ip_format(text, session->address), r->hub->ports[found].id);
}

/* IPv4 routes may have IPv6 next hops (RFC 8950), not the other way round. */
static void
check_next_hops(struct hub_reader *r, const struct hub_session *session, const struct hub_node *map)
{
	const struct hub_port *port = &r->hub->ports[session->port];
	struct hub_mark at = hub_reader_mark(map, "families");
	if (session->ipv6 && port->ipv6.family == IP_NONE)
		hub_complain(r->report, at,
			     "families: ipv6 needs next hops, and port %s has no ipv6", port->id);
	if (!session->ipv4 || port->ipv4.family != IP_NONE)
		return;
	if (port->ipv6.family == IP_NONE)
		hub_complain(r->report, at,
			     "families: ipv4 needs next hops, and port %s has no address",
			     port->id);
	else if (!session->extended_next_hop)
		hub_complain(r->report, at,
			     "families: ipv4 needs next hops; port %s has no ipv4, and "
			     "extended_next_hop is no",
			     port->id);
}

static void
check_protection(struct hub_reader *r, const struct hub_session *session,
		 const struct hub_node *map)
{
	/* RFC 5925 section 1: one of the two, never both. */
	if (session->md5 && session->tcp_ao)
		hub_complain(r->report, hub_reader_mark(map, "tcp_ao"),
			     "tcp_ao: the session has md5, too; a connection has one of them");
}

static void
check_extensions(struct hub_reader *r, const struct hub_session *session,
		 const struct hub_node *map)
{
	bool sends =
		session->add_path == HUB_ADD_PATH_SEND || session->add_path == HUB_ADD_PATH_BOTH;
	/* RFC 9494 section 4.1: the one capability says nothing without the other. */
	if (session->stale_time_s && !session->graceful_restart)
		hub_complain(r->report, hub_reader_mark(map, "stale_time_s"),
			     "stale_time_s: needs graceful_restart, which is no");
	const struct hub_policy_flowspec *flowspec = &owner(r)->policy.flowspec;
	if (session->flowspec && !flowspec->announce && !flowspec->receive)
		hub_warn(r->report, hub_reader_mark(map, "flowspec"),
			 "flowspec: nothing goes either way, since policy.flowspec says so");
	if (session->add_path_max && !sends)
		hub_complain(r->report, hub_reader_mark(map, "add_path_max"),
			     "add_path_max: nothing is limited, since add_path does not send");
	if (session->add_path_paths != HUB_PATHS_ALL && !sends)
		hub_complain(r->report, hub_reader_mark(map, "add_path_paths"),
			     "add_path_paths: nothing is chosen, since add_path does not send");
	if (session->add_path_more && session->add_path_paths == HUB_PATHS_ALL)
		hub_complain(
			r->report, hub_reader_mark(map, "add_path_more"),
			"add_path_more: there are no more than all; add_path_paths: best would "
			"leave some");
	if (session->fabric && session->collector)
		hub_complain(
			r->report, hub_reader_mark(map, "fabric"),
			"fabric: the session is a collector, which hears refused routes alone");
	/* RFC 5880 section 6.8.4: detection time, here of our own offer. */
	uint32_t detection_ms = (uint32_t)session->bfd_receive_ms * session->bfd_multiplier;
	if (session->bfd && detection_ms > 60000)
		hub_complain(r->report, hub_reader_mark(map, "bfd_multiplier"),
			     "bfd_multiplier: %" PRIu32 " ms would pass before BFD sees anything, "
			     "expected 60000 at most",
			     detection_ms);
}

void
hub_check_session(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_session *session = element;
	const struct hub_member *member = owner(r);
	if (session->port == HUB_NONE) {
		hub_complain(r->report, map->mark,
			     "\"port\" is missing; AS %" PRIu32 " has %" PRIu32 " ports",
			     member->asn.number, member->port_count);
		return;
	}
	const struct hub_port *port = &r->hub->ports[session->port];
	if (port->member != session->member) {
		hub_complain(r->report, hub_reader_mark(map, "port"),
			     "port: found \"%s\", which is a port of AS %" PRIu32, port->id,
			     r->hub->members[port->member].asn.number);
		return;
	}
	if (session->address.family == IP_NONE) {
		hub_complain(r->report, map->mark,
			     "\"address\" is missing, and port %s has none to take", port->id);
		return;
	}
	if (session->local_address.family != IP_NONE &&
	    session->local_address.family != session->address.family)
		hub_complain(r->report, hub_reader_mark(map, "local_address"),
			     "local_address: address is IPv%u and local_address is IPv%u",
			     session->address.family, session->local_address.family);
	check_next_hops(r, session, map);
	check_protection(r, session, map);
	check_extensions(r, session, map);
	if (session->hold_time_s == 1 || session->hold_time_s == 2) /* RFC 4271 section 4.2 */
		hub_complain(r->report, hub_reader_mark(map, "hold_time_s"),
			     "hold_time_s: found %u, expected 0, or 3 and more",
			     session->hold_time_s);
	check_session_address(r, session, map);
	hub_check_transit_session(r, session, map);
}

void
hub_fill_rule(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_member_rule *rule = element;
	(void)r;
	if (rule->action == HUB_RULE_PREPEND && !hub_node_get(map, "prepend"))
		rule->prepend = 1;
}

void
hub_check_rule(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_member_rule *rule = element;
	if (rule->action == HUB_RULE_PREPEND && !rule->prepend)
		hub_complain(r->report, hub_reader_mark(map, "prepend"),
			     "prepend: found 0, expected 1 to 3");
	if (rule->action != HUB_RULE_PREPEND && rule->prepend)
		hub_complain(r->report, hub_reader_mark(map, "prepend"),
			     "prepend: found %u, and action is not prepend", rule->prepend);
}
