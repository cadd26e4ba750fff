/* The rows of members, their ports and sessions. */
#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_rows.h"
#include "hub/hub_schema.h"

static const struct hub_item contact_rows[] = {
	{"role", HUB_TYPE_TEXT, .required = true, FIELD(hub_contact, role), .min = 1, .max = 40,
	 .help = "noc, peering, billing, abuse or another word."},
	{"email", HUB_TYPE_TEXT, FIELD(hub_contact, email), .min = 3, .max = 254,
	 .help = "Mail address."},
	{"phone", HUB_TYPE_TEXT, FIELD(hub_contact, phone), .min = 1, .max = 40,
	 .help = "Telephone number."},
};

static const struct hub_item port_rows[] = {
	{"id", HUB_TYPE_ID, FIELD(hub_port, id), .unique = HUB_BY_PORT, .min = 1, .max = 64,
	 .fallback_help = "the AS number, -, and 1, 2 ...",
	 .help = "What sessions, contracts and measurements call it; keep it."},
	{"site", HUB_TYPE_SITE, FIELD(hub_port, site), .help = "Where it is."},
	{"lan", HUB_TYPE_LAN, FIELD(hub_port, lan), .fallback_help = "the only LAN",
	 .help = "The LAN it is in."},
	{"speed", HUB_TYPE_SPEED, .required = true, FIELD(hub_port, speed_bps),
	 .help = "What it can carry."},
	{"vlan", HUB_TYPE_COUNT, FIELD(hub_port, vlan), .max = 4094, .fallback = "0",
	 .help = "Its VLAN; 0: that of the LAN."},
	{"switch", HUB_TYPE_TEXT, FIELD(hub_port, switch_name), .min = 1, .max = 100,
	 .help = "The switch it is on."},
	{"exporter", HUB_TYPE_EXPORTER, FIELD(hub_port, exporter),
	 .help = "The exporter that counts it."},
	{"if_index", HUB_TYPE_COUNT, FIELD(hub_port, if_index), .max = UINT32_MAX, .fallback = "0",
	 .help = "Its interface index at the exporter; 0: not known."},
	{"interface", HUB_TYPE_TEXT, FIELD(hub_port, interface), .min = 1, .max = 255,
	 .help = "The name of its interface there, which SNMP looks for: ifName, ifAlias or "
		 "ifDescr."},
	{"interfaces", HUB_TYPE_TABLE, LIST(hub_port, interfaces, interface_count), .limit = 64,
	 .table = &hub_schema_interface,
	 .help = "Its further interfaces, when it is a LAG or on two switches: their counters are "
		 "added up."},
	{"counters", HUB_TYPE_WORD, LIST(hub_port, counters, counters_count), .limit = 3,
	 .words = hub_counters_words, .fallback_help = "as in `metering`",
	 .help = "Whose counters of this port are counted, the most trusted one first."},
	{"service", HUB_TYPE_WORD, FIELD(hub_port, service), .words = hub_service_words,
	 .fallback_help = "the member's",
	 .help = "What it is there for: traffic is summed up by it."},
	{"macs", HUB_TYPE_MAC, LIST(hub_port, macs, mac_count), .limit = 64,
	 .help = "MAC addresses of the member's routers on it."},
	{"ipv4", HUB_TYPE_IPV4, FIELD(hub_port, ipv4), .unique = HUB_BY_PORT_ADDRESS,
	 .help = "Its IPv4 address on the LAN."},
	{"ipv6", HUB_TYPE_IPV6, FIELD(hub_port, ipv6), .unique = HUB_BY_PORT_ADDRESS,
	 .help = "Its IPv6 address on the LAN."},
};

static const char *const max_prefixes_words[] = {"restart", "shutdown", "block", "warn", NULL};
static const char *const add_path_words[] = {"off", "send", "receive", "both", NULL};

/* By the enum in struct hub_session. */
static const char *const add_path_paths_words[] = {"all", "equal", "best", NULL};

/* By enum hub_transit_kind and hub_transit_next_hop. */
static const char *const transit_words[] = {"none",     "customer", "peer",
					    "upstream", "internal", NULL};
static const char *const transit_next_hop_words[] = {"router", "unchanged", NULL};

static const struct hub_item session_rows[] = {
	{"id", HUB_TYPE_ID, FIELD(hub_session, id), .unique = HUB_BY_SESSION, .min = 1, .max = 64,
	 .fallback_help = "the AS number, -, and 1, 2 ...", .help = "What it is called; keep it."},
	{"port", HUB_TYPE_PORT, FIELD(hub_session, port), .fallback_help = "the member's only port",
	 .help = "The port whose addresses are the next hops."},
	{"address", HUB_TYPE_IP, FIELD(hub_session, address), .unique = HUB_BY_SESSION_ADDRESS,
	 .fallback_help = "the port's ipv4, or its ipv6 if it has no other",
	 .help = "The other end of the TCP connection."},
	{"tcp_port", HUB_TYPE_COUNT, FIELD(hub_session, tcp_port), .min = 1, .max = 65535,
	 .fallback = "179", .help = "Its TCP port, when the hub connects."},
	{"local_address", HUB_TYPE_IP, FIELD(hub_session, local_address), .fallback_help = "any",
	 .help = "The hub's end of the connection."},
	{"passive", HUB_TYPE_BOOL, FIELD(hub_session, passive), .fallback = "true",
	 .help = "The hub waits and never connects."},
	{"enabled", HUB_TYPE_BOOL, FIELD(hub_session, enabled), .fallback = "true",
	 .help = "Whether it may come up."},
	{"families", HUB_TYPE_FAMILIES, .at = offsetof(struct hub_session, ipv4),
	 .size = 2 * sizeof(bool), .fallback_help = "that of the address",
	 .help = "What routes it carries: ipv4, ipv6 or both."},
	{"flowspec", HUB_TYPE_BOOL, FIELD(hub_session, flowspec), .fallback = "false",
	 .help = "And rules about traffic of these families (RFC 8955, RFC 8956), as "
		 "policy.flowspec says."},
	{"sr_policy", HUB_TYPE_BOOL, FIELD(hub_session, sr_policy), .fallback = "false",
	 .help = "It is told SR policies (RFC 9830), those of sr_policies and of steering."},
	{"hold_time_s", HUB_TYPE_COUNT, FIELD(hub_session, hold_time_s), .max = 65535,
	 .fallback = "90", .help = "Hold time offered; 0: none, else 3 or more."},
	{"send_hold_time_s", HUB_TYPE_COUNT, FIELD(hub_session, send_hold_time_s), .max = 65535,
	 .fallback = "0",
	 .help = "How long it may take nothing of what it is sent until the session is closed (RFC "
		 "9687), more than the hold time; 0: 8 minutes, or twice the hold time."},
	{"connect_retry_s", HUB_TYPE_COUNT, FIELD(hub_session, connect_retry_s), .min = 1,
	 .max = 65535, .fallback = "120", .help = "Time between attempts to connect."},
	{"md5", HUB_TYPE_SECRET, FIELD(hub_session, md5), .min = 1, .max = 80,
	 .help = "Password of TCP MD5 signatures (RFC 2385)."},
	{"tcp_ao", HUB_TYPE_SECRET, FIELD(hub_session, tcp_ao), .min = 1, .max = 80,
	 .help = "Key of TCP-AO (RFC 5925) with HMAC-SHA-1-96, where the kernel has it."},
	{"tcp_ao_id", HUB_TYPE_COUNT, FIELD(hub_session, tcp_ao_id), .max = 255, .fallback = "1",
	 .help = "The KeyID of that key, both ways."},
	{"ttl_security", HUB_TYPE_COUNT, FIELD(hub_session, ttl_security), .max = 254,
	 .fallback = "0",
	 .help = "Most hops to the other end (GTSM, RFC 5082), 1 on a LAN; 0: not checked."},
	{"max_prefixes_ipv4", HUB_TYPE_COUNT, FIELD(hub_session, max_prefixes_ipv4),
	 .max = UINT32_MAX, .fallback = "170000",
	 .help = "Most IPv4 prefixes that it may send; 0: no limit."},
	{"max_prefixes_ipv6", HUB_TYPE_COUNT, FIELD(hub_session, max_prefixes_ipv6),
	 .max = UINT32_MAX, .fallback = "12000",
	 .help = "Most IPv6 prefixes that it may send; 0: no limit."},
	{"max_prefixes_action", HUB_TYPE_WORD, FIELD(hub_session, max_prefixes_action),
	 .words = max_prefixes_words, .fallback = "restart",
	 .help = "What is done at more. restart: the session is closed for a while; shutdown: "
		 "until somebody enables it again; block: the rest is not taken; warn: nothing "
		 "but an alarm."},
	{"max_prefixes_restart_s", HUB_TYPE_COUNT, FIELD(hub_session, max_prefixes_restart_s),
	 .min = 1, .max = 604800, .fallback = "900", .help = "How long a restart waits."},
	{"max_prefixes_warn_percent", HUB_TYPE_COUNT, FIELD(hub_session, max_prefixes_warn_percent),
	 .max = 100, .fallback = "80",
	 .help = "Percent of the limit that raise an alarm; 0: none."},
	{"max_prefixes_count_refused", HUB_TYPE_BOOL,
	 FIELD(hub_session, max_prefixes_count_refused), .fallback = "true",
	 .help = "Routes that are refused count, too."},
	{"max_prefixes_out_ipv4", HUB_TYPE_COUNT, FIELD(hub_session, max_prefixes_out_ipv4),
	 .max = UINT32_MAX, .fallback = "0",
	 .help = "Most IPv4 prefixes that it is sent: with more, restart and shutdown of "
		 "max_prefixes_action close it, and block and warn raise an alarm; 0: no limit."},
	{"max_prefixes_out_ipv6", HUB_TYPE_COUNT, FIELD(hub_session, max_prefixes_out_ipv6),
	 .max = UINT32_MAX, .fallback = "0",
	 .help = "Most IPv6 prefixes that it is sent, likewise."},
	{"max_prefixes_peeringdb", HUB_TYPE_BOOL, FIELD(hub_session, max_prefixes_peeringdb),
	 .fallback_help = "yes, if peeringdb is in use and the session has no limit of its own",
	 .help = "The limit is the member's number in PeeringDB and 100, and 15 percent on top, "
		 "where it has one there."},
	{"graceful_restart", HUB_TYPE_BOOL, FIELD(hub_session, graceful_restart),
	 .fallback = "true",
	 .help = "Routes stay while one of the two ends starts again (RFC 4724)."},
	{"restart_time_s", HUB_TYPE_COUNT, FIELD(hub_session, restart_time_s), .min = 1,
	 .max = 4095, .fallback = "120",
	 .help = "How long the hub says that its own start may take."},
	{"stale_time_s", HUB_TYPE_COUNT, FIELD(hub_session, stale_time_s), .max = 16777215,
	 .fallback = "0",
	 .help = "How long routes stay as a last resort after that (long-lived graceful restart, "
		 "RFC 9494); 0: not at all."},
	{"add_path", HUB_TYPE_WORD, FIELD(hub_session, add_path), .words = add_path_words,
	 .fallback = "off",
	 .help = "Several paths of a prefix (RFC 7911): sent, received, or both."},
	{"add_path_paths", HUB_TYPE_WORD, FIELD(hub_session, add_path_paths),
	 .words = add_path_paths_words, .fallback = "all",
	 .help = "Which paths of a prefix are sent. all: all that it may have; equal: those that "
		 "are "
		 "as good as the best, whoever has them: as many hops, the same origin, and of one "
		 "neighbour the same MED; best: one."},
	{"add_path_more", HUB_TYPE_COUNT, FIELD(hub_session, add_path_more), .max = 255,
	 .fallback = "0", .help = "With equal or best: so many of the next best besides."},
	{"add_path_max", HUB_TYPE_COUNT, FIELD(hub_session, add_path_max), .max = 255,
	 .fallback = "0", .help = "Most paths of a prefix that are sent; 0: no limit."},
	{"extended_next_hop", HUB_TYPE_BOOL, FIELD(hub_session, extended_next_hop),
	 .fallback = "true", .help = "IPv4 routes may have IPv6 next hops (RFC 8950)."},
	{"extended_messages", HUB_TYPE_BOOL, FIELD(hub_session, extended_messages),
	 .fallback = "true", .help = "Messages may have 65535 octets (RFC 8654)."},
	{"enhanced_refresh", HUB_TYPE_BOOL, FIELD(hub_session, enhanced_refresh),
	 .fallback = "true", .help = "A refresh says where it begins and ends (RFC 7313)."},
	{"collector", HUB_TYPE_BOOL, FIELD(hub_session, collector), .fallback = "false",
	 .help = "It hears nothing but refused routes, with the reasons."},
	{"fabric", HUB_TYPE_BOOL, FIELD(hub_session, fabric), .fallback = "false",
	 .help = "It is the exchange's own equipment, which drops traffic: it hears nothing but "
		 "blackholes, all of them, and what members ask with communities of fabric."},
	{"prepend_hub_as", HUB_TYPE_BOOL, FIELD(hub_session, prepend_hub_as), .fallback = "false",
	 .help = "The hub's AS number stands first in what it is sent: for routers that insist."},
	{"transit", HUB_TYPE_WORD, FIELD(hub_session, transit), .words = transit_words,
	 .fallback = "none",
	 .help = "What the neighbour is to the hub's own AS, which then speaks here as a transit "
		 "network does; none: it is a client of the route server. internal: a router of "
		 "the hub's own, by iBGP."},
	{"next_hop", HUB_TYPE_WORD, FIELD(hub_session, transit_next_hop),
	 .words = transit_next_hop_words, .fallback = "router",
	 .help = "With transit, the next hop in what it is sent. router: the hub's at its site, or "
		 "for internal ones that at the exit's, where transit.routers has one; unchanged: "
		 "as it came."},
	{"local_pref", HUB_TYPE_COUNT, FIELD(hub_session, local_pref), .max = UINT32_MAX,
	 .fallback = "0",
	 .help = "With transit, LOCAL_PREF of what it announces; 0: as transit.local_pref_* says, "
		 "and of internal ones what they say."},
	{"bfd", HUB_TYPE_BOOL, FIELD(hub_session, bfd), .fallback = "false",
	 .help = "The session goes down with BFD (RFC 5880, RFC 5881)."},
	{"bfd_transmit_ms", HUB_TYPE_COUNT, FIELD(hub_session, bfd_transmit_ms), .min = 10,
	 .max = 60000, .fallback = "300", .help = "How often the hub would send."},
	{"bfd_receive_ms", HUB_TYPE_COUNT, FIELD(hub_session, bfd_receive_ms), .min = 10,
	 .max = 60000, .fallback = "300", .help = "How often the hub can receive."},
	{"bfd_multiplier", HUB_TYPE_COUNT, FIELD(hub_session, bfd_multiplier), .min = 1, .max = 255,
	 .fallback = "3", .help = "How many packets may be lost."},
	{"rtt_ms", HUB_TYPE_COUNT, FIELD(hub_session, rtt_ms), .max = 65535, .fallback = "0",
	 .help = "Round-trip time to the member, for communities that ask about it; 0: as "
		 "measured."},
};

/* By the enum in struct hub_member_rule. */
static const char *const rule_words[] = {"accept", "deny", "prepend", NULL};

static const struct hub_item rule_rows[] = {
	{"peer", HUB_TYPE_PEER, FIELD(hub_member_rule, peer), .fallback = "any",
	 .help = "The member at the other side: AS number, name or any."},
	{"prefix", HUB_TYPE_PREFIX, FIELD(hub_member_rule, prefix),
	 .fallback_help = "any of either family", .help = "This one and all that lies inside it."},
	{"action", HUB_TYPE_WORD, .required = true, FIELD(hub_member_rule, action),
	 .words = rule_words,
	 .help = "accept: it goes; deny: it does not; prepend: it goes with a longer path."},
	{"prepend", HUB_TYPE_COUNT, FIELD(hub_member_rule, prepend), .max = 3,
	 .fallback_help = "1, when action is prepend",
	 .help = "How often the left-most AS number is put in front once more, 1 to 3."},
};

static const struct hub_table rule_table = {"rule", ROWS(rule_rows),
					    .size = sizeof(struct hub_member_rule),
					    .fill = hub_fill_rule, .check = hub_check_rule};

static const char *const member_kind_words[] = {"carrier", "content",          "cloud",
						"access",  "transit-customer", NULL};

static const struct hub_table contact_table = {"contact", ROWS(contact_rows),
					       .size = sizeof(struct hub_contact)};
const struct hub_table hub_schema_port = {"port",
					  ROWS(port_rows),
					  .size = sizeof(struct hub_port),
					  .begin = hub_begin_port,
					  .fill = hub_fill_port,
					  .check = hub_check_port};
static const struct hub_table session_table = {"session",
					       ROWS(session_rows),
					       .size = sizeof(struct hub_session),
					       .begin = hub_begin_session,
					       .fill = hub_fill_session,
					       .check = hub_check_session};

static const struct hub_item member_rows[] = {
	{"asn", HUB_TYPE_ASN, .required = true, FIELD(hub_member, asn), .unique = HUB_BY_ASN,
	 .help = "Its AS number."},
	{"name", HUB_TYPE_TEXT, .required = true, FIELD(hub_member, name), .min = 1, .max = 200,
	 .help = "What it is called."},
	{"short_name", HUB_TYPE_TEXT, FIELD(hub_member, short_name), .min = 1, .max = 40,
	 .help = "The same in a few letters."},
	{"kind", HUB_TYPE_WORD, .required = true, FIELD(hub_member, kind),
	 .words = member_kind_words, .help = "What it mostly is."},
	{"service", HUB_TYPE_WORD, FIELD(hub_member, service), .words = hub_service_words,
	 .fallback = "peering",
	 .help = "What its ports are there for: traffic is summed up by it."},
	{"country", HUB_TYPE_COUNTRY, FIELD(hub_member, country), .help = "Where it is at home."},
	{"url", HUB_TYPE_TEXT, FIELD(hub_member, url), .min = 1, .max = 500,
	 .help = "Its own pages."},
	{"as_set", HUB_TYPE_AS_SET, FIELD(hub_member, as_set), .min = 1, .max = 127,
	 .fallback_help = "its AS number", .help = "What it announces: an AS-SET of a registry."},
	{"as_sets_ipv4", HUB_TYPE_AS_SET, LIST(hub_member, as_sets_ipv4, as_set_ipv4_count),
	 .min = 1, .max = 127, .limit = 64, .fallback_help = "as_set",
	 .help = "The same for IPv4 alone, all of them together."},
	{"as_sets_ipv6", HUB_TYPE_AS_SET, LIST(hub_member, as_sets_ipv6, as_set_ipv6_count),
	 .min = 1, .max = 127, .limit = 64, .fallback_help = "as_set",
	 .help = "The same for IPv6 alone."},
	{"peeringdb_id", HUB_TYPE_COUNT, FIELD(hub_member, peeringdb_id), .max = UINT32_MAX,
	 .fallback = "0", .help = "Its number in PeeringDB; 0: not known."},
	{"alias_asn", HUB_TYPE_COUNT, FIELD(hub_member, alias_asn), .max = 65535, .fallback = "0",
	 .unique = HUB_BY_ALIAS,
	 .help = "By which others' communities may call it besides, when its own AS number has 32 "
		 "bits and does not fit them; 0: none."},
	{"since", HUB_TYPE_DATE, FIELD(hub_member, since), .help = "When it joined."},
	{"contacts", HUB_TYPE_TABLE, LIST(hub_member, contacts, contact_count), .limit = 64,
	 .table = &contact_table, .help = "Whom to call."},
	{"bill_to", HUB_TYPE_TABLE, FIELD(hub_member, bill_to), .table = &hub_schema_bill_to,
	 .help = "Whom its invoices are addressed to."},
	{"policy", HUB_TYPE_TABLE, FIELD(hub_member, policy), .table = &hub_schema_policy,
	 .inherited = true, .inherit_at = offsetof(struct hub, policy),
	 .help = "Where this member is treated otherwise than the hub's policy says."},
	{"announce", HUB_TYPE_TABLE, LIST(hub_member, announce, announce_count), .limit = 1024,
	 .table = &rule_table,
	 .help = "To whom its routes go, besides what their communities say; the first rule that "
		 "fits decides, and where none does the route goes."},
	{"receive", HUB_TYPE_TABLE, LIST(hub_member, receive, receive_count), .limit = 1024,
	 .table = &rule_table, .help = "What it wants to have of others, likewise."},
	{"samples", HUB_TYPE_TABLE, FIELD(hub_member, samples), .table = &hub_schema_samples,
	 .help = "Its own samples, sent on to it."},
	{"flow_records", HUB_TYPE_TABLE, FIELD(hub_member, flow_records),
	 .table = &hub_schema_flow_records,
	 .help = "Flow records of its ports, kept because it asked for it; without this none are."},
	{"page_password", HUB_TYPE_SECRET, FIELD(hub_member, page_password), .min = 12, .max = 200,
	 .help = "With its AS number as the name it sees its own accounts on the page."},
	{"ports", HUB_TYPE_TABLE, .span = true, .at = offsetof(struct hub_member, first_port),
	 .count_at = offsetof(struct hub_member, port_count),
	 .pool_at = offsetof(struct hub, ports), .pool_count_at = offsetof(struct hub, port_count),
	 .limit = 1024, .table = &hub_schema_port, .help = "Its ports."},
	{"sessions", HUB_TYPE_TABLE, .span = true, .at = offsetof(struct hub_member, first_session),
	 .count_at = offsetof(struct hub_member, session_count),
	 .pool_at = offsetof(struct hub, sessions),
	 .pool_count_at = offsetof(struct hub, session_count), .limit = 1024,
	 .table = &session_table, .help = "Its BGP sessions with the route server."},
};

const struct hub_table hub_schema_member = {"member",
					    ROWS(member_rows),
					    .size = sizeof(struct hub_member),
					    .begin = hub_begin_member,
					    .fill = hub_fill_member,
					    .check = hub_check_member};
