/* The rules between items of a hub file. */
#include "hub/hub_check.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/hub_policy.h"
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
hub_check_hub(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub *hub = element;
	/* RFC 6286 section 2.1: any number but 0. */
	if (ip_equal(hub->router_id, ip_v4(0)))
		hub_complain(r->report, hub_reader_mark(map, "router_id"),
			     "router_id: found 0.0.0.0, expected an address of the hub's own");
	if (3600 % hub->bin_length_s)
		hub_complain(r->report, hub_reader_mark(map, "bin_length_s"),
			     "bin_length_s: found \"%" PRIu32 "\", which does not divide an hour; "
			     "usual is 300",
			     hub->bin_length_s);
}

void
hub_check_lan(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_lan *lan = element;
	if (lan->ipv4.ip.family == IP_NONE && lan->ipv6.ip.family == IP_NONE)
		hub_complain(r->report, map->mark, "a LAN needs ipv4, ipv6 or both");
	/* Earlier ones only; the array is filled in order, and there are few. */
	for (const struct hub_lan *other = r->hub->lans; other < lan; other++) {
		if (lan->ipv4.ip.family && other->ipv4.ip.family &&
		    (prefix_covers(lan->ipv4, other->ipv4) ||
		     prefix_covers(other->ipv4, lan->ipv4)))
			hub_complain(r->report, hub_reader_mark(map, "ipv4"),
				     "ipv4: overlaps with LAN %s", other->name);
		if (lan->ipv6.ip.family && other->ipv6.ip.family &&
		    (prefix_covers(lan->ipv6, other->ipv6) ||
		     prefix_covers(other->ipv6, lan->ipv6)))
			hub_complain(r->report, hub_reader_mark(map, "ipv6"),
				     "ipv6: overlaps with LAN %s", other->name);
	}
}

static bool
begins(const char *text, const char *word)
{
	return text && strncmp(text, word, strlen(word)) == 0;
}

void
hub_fill_segment(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_segment *segment = element;
	(void)r;
	(void)map;
	segment->usable = begins(segment->status, "in service") ||
			  begins(segment->status, "landed") || begins(segment->status, "said") ||
			  begins(segment->status, "under");
	segment->length_basis = begins(segment->length_basis_text, "seen")        ? HUB_SEEN
				: begins(segment->length_basis_text, "derived")   ? HUB_DERIVED
				: begins(segment->length_basis_text, "estimated") ? HUB_ESTIMATED
										  : HUB_UNSTATED;
}

void
hub_check_segment(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_segment *segment = element;
	if (segment->a == segment->b)
		hub_complain(r->report, hub_reader_mark(map, "b"),
			     "b: found the same site as a, expected another");
	if (!(segment->length_km > 0))
		hub_complain(r->report, hub_reader_mark(map, "length_km"),
			     "length_km: found 0, expected more");
	/* Data from the press is like that; whoever wrote something in `check` knows. */
	if (segment->length_km < segment->great_circle_km && !segment->check)
		hub_warn(r->report, hub_reader_mark(map, "length_km"),
			 "length_km: %g is shorter than the great circle, %g", segment->length_km,
			 segment->great_circle_km);
	if (segment->lit_tbps > segment->design_tbps && !segment->check)
		hub_warn(r->report, hub_reader_mark(map, "lit_or_active_tbps"),
			 "lit_or_active_tbps: %g is more than design_tbps, %g", segment->lit_tbps,
			 segment->design_tbps);
}

void
hub_fill_policy(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_policy *policy = element;
	(void)map;
	if (hub_policy_apply_exceptions(policy, r->hub->arena) < 0)
		hub_complain(r->report, hub_reader_mark(map, "allow_prefixes"), "out of memory");
}

void
hub_check_policy(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_policy *policy = element;
	static const struct {
		const char *low, *high;
		size_t low_at, high_at;
	} pairs[] = {
		{"as_path_min", "as_path_max", offsetof(struct hub_policy, as_path_min),
		 offsetof(struct hub_policy, as_path_max)},
		{"ipv4_min", "ipv4_max", offsetof(struct hub_policy, ipv4_min),
		 offsetof(struct hub_policy, ipv4_max)},
		{"ipv6_min", "ipv6_max", offsetof(struct hub_policy, ipv6_min),
		 offsetof(struct hub_policy, ipv6_max)},
	};
	if (policy->bogon_asn_count > HUB_BOGONS_MAX)
		hub_complain(r->report, hub_reader_mark(map, "allow_asns"),
			     "allow_asns: the exceptions split bogon_asns into %zu ranges, at most "
			     "%d can be held",
			     policy->bogon_asn_count, HUB_BOGONS_MAX);
	if (policy->martian_count > HUB_MARTIANS_MAX)
		hub_complain(r->report, hub_reader_mark(map, "allow_prefixes"),
			     "allow_prefixes: the exceptions split martians into %zu prefixes, at "
			     "most %d can be held",
			     policy->martian_count, HUB_MARTIANS_MAX);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		unsigned low = ((const uint8_t *)policy)[pairs[i].low_at];
		unsigned high = ((const uint8_t *)policy)[pairs[i].high_at];
		const char *at = hub_node_get(map, pairs[i].high) ? pairs[i].high : pairs[i].low;
		if (low > high)
			hub_complain(r->report, hub_reader_mark(map, at),
				     "%s: %s is %u and %s is %u, so nothing would be accepted", at,
				     pairs[i].low, low, pairs[i].high, high);
	}
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
	if (asn == r->hub->asn.number)
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
	/* IPv4 routes may have IPv6 next hops (RFC 8950), not the other way round. */
	if (session->ipv6 && port->ipv6.family == IP_NONE)
		hub_complain(r->report, hub_reader_mark(map, "families"),
			     "families: ipv6 needs next hops, and port %s has no ipv6", port->id);
	if (session->ipv4 && port->ipv4.family == IP_NONE && port->ipv6.family == IP_NONE)
		hub_complain(r->report, hub_reader_mark(map, "families"),
			     "families: ipv4 needs next hops, and port %s has no address",
			     port->id);
	if (session->hold_time_s == 1 || session->hold_time_s == 2) /* RFC 4271 section 4.2 */
		hub_complain(r->report, hub_reader_mark(map, "hold_time_s"),
			     "hold_time_s: found %u, expected 0, or 3 and more",
			     session->hold_time_s);
	check_session_address(r, session, map);
}

void
hub_fill_contract(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_contract *contract = element;
	if (contract->overage.micro < 0)
		contract->overage.micro =
			contract->kind == HUB_COMMIT ? contract->monthly.micro : 0;
	contract->monthly.currency = contract->overage.currency = contract->currency;
	if (contract->member == HUB_NONE || hub_node_get(map, "ports"))
		return;
	const struct hub_member *member = &r->hub->members[contract->member];
	contract->ports = hub_reader_take(r, member->port_count * sizeof(*contract->ports));
	if (!contract->ports)
		return;
	contract->port_count = member->port_count;
	for (uint32_t i = 0; i < member->port_count; i++)
		contract->ports[i] = member->first_port + i;
}

/* The segments are a way: each begins where the one before ends. Two of them may be named without
 * what lies between, so this only warns. */
static void
check_way(struct hub_reader *r, const struct hub_contract *contract, const struct hub_node *map)
{
	uint32_t end = HUB_NONE, other = HUB_NONE; /* where the way may go on */
	for (size_t i = 0; i < contract->segment_count; i++) {
		const struct hub_segment *s = &r->hub->segments[contract->segments[i]];
		if (!s->usable)
			hub_warn(r->report, hub_reader_mark(map, "segments"),
				 "segments: %s carries no traffic; its status is \"%s\"", s->id,
				 hub_show(s->status).text);
		bool from_a = s->a == end || s->a == other, from_b = s->b == end || s->b == other;
		if (i > 0 && !from_a && !from_b)
			hub_warn(r->report, hub_reader_mark(map, "segments"),
				 "segments: %s does not begin where %s ends", s->id,
				 r->hub->segments[contract->segments[i - 1]].id);
		end = from_a && !from_b ? HUB_NONE : s->a;
		other = from_b && !from_a ? HUB_NONE : s->b;
	}
}

void
hub_check_contract(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_contract *contract = element;
	bool flat = contract->kind == HUB_FLAT;
	if (flat && contract->commit_bps)
		hub_complain(r->report, hub_reader_mark(map, "commit"),
			     "commit: a flat contract has none; kind: commit would");
	if (flat && contract->overage.micro > 0)
		hub_complain(r->report, hub_reader_mark(map, "overage"),
			     "overage: a flat contract has none; kind: commit would");
	if (!flat && !contract->commit_bps)
		hub_complain(r->report, map->mark,
			     "\"commit\" is missing: kind is commit, and it says how much");
	if (contract->ends.s && contract->ends.s <= contract->starts.s)
		hub_complain(r->report, hub_reader_mark(map, "ends"), "ends: is not after starts");
	check_way(r, contract, map);
	for (size_t i = 0; i < contract->port_count; i++) {
		const struct hub_port *port = &r->hub->ports[contract->ports[i]];
		if (port->member != contract->member)
			hub_complain(r->report, hub_reader_mark(map, "ports"),
				     "ports: found \"%s\", which is a port of AS %" PRIu32,
				     port->id, r->hub->members[port->member].asn.number);
		for (size_t j = 0; j < i; j++)
			if (contract->ports[j] == contract->ports[i])
				hub_complain(r->report, hub_reader_mark(map, "ports"),
					     "ports: found \"%s\" twice", port->id);
	}
}

void
hub_check_root(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub *hub = element;
	char text[IP_TEXT];
	const struct hub_node *listen = hub_node_get(map, "listen");
	for (size_t i = 0; i < hub->bgp_listen_count; i++) {
		const struct ip ip = hub->bgp_listen[i].ip;
		uint32_t port = hub_lookup_find(hub->lookup, HUB_BY_PORT_ADDRESS, &ip, sizeof(ip));
		if (port != HUB_NONE)
			hub_complain(r->report, hub_reader_mark(listen, "bgp"),
				     "bgp: found %s, which is that of port %s", ip_format(text, ip),
				     hub->ports[port].id);
	}
}
