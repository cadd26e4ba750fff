/* The rows of the hub file. */
#include "hub/hub_schema.h"

#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_policy.h"

#define FIELD(s, f)   .at = offsetof(struct s, f), .size = sizeof(((struct s *)0)->f)
#define LIST(s, f, n) .list = true, .at = offsetof(struct s, f), .count_at = offsetof(struct s, n)
#define ROWS(rows)    .items = (rows), .count = sizeof(rows) / sizeof((rows)[0])

static const struct hub_item hub_rows[] = {
	{"name", HUB_TYPE_TEXT, .required = true, FIELD(hub, name), .min = 1, .max = 200,
	 .help = "What the hub is called."},
	{"short_name", HUB_TYPE_TEXT, FIELD(hub, short_name), .min = 1, .max = 40,
	 .help = "The same in a few letters."},
	{"asn", HUB_TYPE_ASN, .required = true, FIELD(hub, asn),
	 .help = "The route server's AS number."},
	{"router_id", HUB_TYPE_IPV4, .required = true, FIELD(hub, router_id),
	 .help = "The route server's BGP identifier."},
	{"country", HUB_TYPE_COUNTRY, FIELD(hub, country), .help = "Where the hub is."},
	{"city", HUB_TYPE_TEXT, FIELD(hub, city), .min = 1, .max = 100,
	 .help = "The city it is in."},
	{"url", HUB_TYPE_TEXT, FIELD(hub, url), .min = 1, .max = 500, .help = "Its own pages."},
	{"support_email", HUB_TYPE_TEXT, FIELD(hub, support_email), .min = 3, .max = 254,
	 .help = "Whom members write to."},
	{"ixf_id", HUB_TYPE_COUNT, FIELD(hub, ixf_id), .max = UINT32_MAX, .fallback = "0",
	 .help = "Its number in the IX-F database; 0: none."},
	{"peeringdb_id", HUB_TYPE_COUNT, FIELD(hub, peeringdb_id), .max = UINT32_MAX,
	 .fallback = "0", .help = "Its number in PeeringDB; 0: none."},
	{"data_directory", HUB_TYPE_TEXT, FIELD(hub, data_directory), .min = 1, .max = 4000,
	 .fallback = "/var/lib/sarai",
	 .help = "Where everything is kept. A path that does not begin with / starts where sarai "
		 "was started."},
	{"run_as_user", HUB_TYPE_TEXT, FIELD(hub, run_as_user), .min = 1, .max = 32,
	 .help = "The user that the processes become when started as root."},
	{"bin_length_s", HUB_TYPE_COUNT, FIELD(hub, bin_length_s), .min = 5, .max = 3600,
	 .fallback = "300", .help = "Seconds of one interval of measurement; must divide an hour."},
};

static const struct hub_item listen_rows[] = {
	{"bgp", HUB_TYPE_ENDPOINT, LIST(hub, bgp_listen, bgp_listen_count), .limit = 64,
	 .fallback = "0.0.0.0:179 [::]:179", .help = "Where members connect to."},
	{"sflow", HUB_TYPE_ENDPOINT, FIELD(hub, sflow), .fallback = "none",
	 .help = "Where sFlow datagrams arrive, usually port 6343."},
	{"netflow", HUB_TYPE_ENDPOINT, FIELD(hub, netflow), .fallback = "none",
	 .help = "Where NetFlow datagrams arrive, usually port 2055."},
	{"ipfix", HUB_TYPE_ENDPOINT, FIELD(hub, ipfix), .fallback = "none",
	 .help = "Where IPFIX datagrams arrive, usually port 4739."},
	{"http", HUB_TYPE_ENDPOINT, FIELD(hub, http), .fallback = "127.0.0.1:8080",
	 .help = "Where the page and the API are served."},
	{"control_socket", HUB_TYPE_TEXT, FIELD(hub, control_socket), .min = 1, .max = 107,
	 .fallback = "/run/sarai/sarai.sock", .help = "Where the shell reaches the hub."},
};

static const struct hub_item lan_rows[] = {
	{"name", HUB_TYPE_ID, .required = true, FIELD(hub_lan, name), .unique = HUB_BY_LAN,
	 .min = 1, .max = 64, .help = "What ports call it."},
	{"vlan", HUB_TYPE_COUNT, FIELD(hub_lan, vlan), .max = 4094, .fallback = "0",
	 .help = "Its VLAN; 0: untagged or any."},
	{"ipv4", HUB_TYPE_PREFIX_IPV4, FIELD(hub_lan, ipv4), .help = "Its IPv4 prefix."},
	{"ipv6", HUB_TYPE_PREFIX_IPV6, FIELD(hub_lan, ipv6), .help = "Its IPv6 prefix."},
};

static const struct hub_item site_rows[] = {
	{"id", HUB_TYPE_ID, .required = true, FIELD(hub_site, id), .unique = HUB_BY_SITE, .min = 1,
	 .max = 64, .help = "What ports and segments call it, e.g. KHI."},
	{"name", HUB_TYPE_TEXT, .required = true, FIELD(hub_site, name), .min = 1, .max = 200,
	 .help = "The place."},
	{"kind", HUB_TYPE_TEXT, FIELD(hub_site, kind), .min = 1, .max = 40,
	 .help = "hub, pop, landing, border, ixp or another word."},
	{"country", HUB_TYPE_COUNTRY, FIELD(hub_site, country), .help = "The country it is in."},
	{"lat", HUB_TYPE_DECIMAL, FIELD(hub_site, latitude), .min = -90, .max = 90,
	 .help = "Latitude, degrees."},
	{"lon", HUB_TYPE_DECIMAL, FIELD(hub_site, longitude), .min = -180, .max = 180,
	 .help = "Longitude, degrees."},
	{"operator", HUB_TYPE_TEXT, FIELD(hub_site, operator_name), .min = 1, .max = 200,
	 .help = "Who runs it."},
	{"note", HUB_TYPE_TEXT, FIELD(hub_site, note), .min = 1, .max = 4000,
	 .help = "What else is to be known."},
	{"source", HUB_TYPE_TEXT, FIELD(hub_site, source), .min = 1, .max = 4000,
	 .help = "Where this was read."},
	{"confidence", HUB_TYPE_TEXT, FIELD(hub_site, confidence_text), .min = 1, .max = 1000,
	 .help = "How sure it is."},
};

static const struct hub_item segment_rows[] = {
	{"id", HUB_TYPE_ID, .required = true, FIELD(hub_segment, id), .unique = HUB_BY_SEGMENT,
	 .min = 1, .max = 64, .help = "What contracts call it, e.g. C01."},
	{"name", HUB_TYPE_TEXT, FIELD(hub_segment, name), .min = 1, .max = 200,
	 .help = "The cable or the stretch."},
	{"a", HUB_TYPE_SITE, .required = true, FIELD(hub_segment, a), .help = "One end."},
	{"b", HUB_TYPE_SITE, .required = true, FIELD(hub_segment, b), .help = "The other end."},
	{"type", HUB_TYPE_TEXT, FIELD(hub_segment, type), .min = 1, .max = 40,
	 .help = "submarine, terrestrial or another word."},
	{"length_km", HUB_TYPE_DECIMAL, .required = true, FIELD(hub_segment, length_km),
	 .max = 50000, .help = "Length of the fibre, km; more than 0."},
	{"length_basis", HUB_TYPE_TEXT, FIELD(hub_segment, length_basis_text), .min = 1,
	 .max = 1000,
	 .help = "Where the length comes from; begins with seen, derived or estimated."},
	{"great_circle_km", HUB_TYPE_DECIMAL, FIELD(hub_segment, great_circle_km), .max = 20040,
	 .help = "The shortest there could be, km."},
	{"fibre_pairs", HUB_TYPE_COUNT, FIELD(hub_segment, fibre_pairs), .max = 100000,
	 .fallback = "0", .help = "Pairs of fibres; 0: not known."},
	{"design_tbps", HUB_TYPE_DECIMAL, FIELD(hub_segment, design_tbps), .max = 1000000,
	 .help = "Capacity as designed, Tbit/s."},
	{"lit_or_active_tbps", HUB_TYPE_DECIMAL, FIELD(hub_segment, lit_tbps), .max = 1000000,
	 .help = "Capacity in use, Tbit/s."},
	{"status", HUB_TYPE_TEXT, .required = true, FIELD(hub_segment, status), .min = 1,
	 .max = 1000,
	 .help = "Carries traffic if it begins with \"in service\", \"landed\", \"said\" or "
		 "\"under\"; not with planned, studied or any other word."},
	{"in_service", HUB_TYPE_TEXT, FIELD(hub_segment, in_service), .min = 1, .max = 100,
	 .help = "Since when, or from when."},
	{"operators", HUB_TYPE_TEXT, FIELD(hub_segment, operators), .min = 1, .max = 1000,
	 .help = "Who runs it."},
	{"countries_crossed", HUB_TYPE_COUNTRY, LIST(hub_segment, countries, country_count),
	 .limit = 250, .help = "Countries crossed, with their waters."},
	{"srlg", HUB_TYPE_TEXT, LIST(hub_segment, srlgs, srlg_count), .min = 1, .max = 100,
	 .limit = 1000, .help = "What it shares a risk with: a duct, a sea, a landing station."},
	{"medium", HUB_TYPE_TEXT, FIELD(hub_segment, medium), .min = 1, .max = 100,
	 .help = "buried, submarine, aerial or another word."},
	{"check", HUB_TYPE_TEXT, FIELD(hub_segment, check), .min = 1, .max = 4000,
	 .help = "What does not add up in this row, if somebody has looked."},
	{"source", HUB_TYPE_TEXT, FIELD(hub_segment, source), .min = 1, .max = 8000,
	 .help = "Where this was read."},
	{"confidence", HUB_TYPE_TEXT, FIELD(hub_segment, confidence_text), .min = 1, .max = 1000,
	 .help = "How sure it is."},
};

static const struct hub_item exporter_rows[] = {
	{"id", HUB_TYPE_ID, .required = true, FIELD(hub_exporter, id), .unique = HUB_BY_EXPORTER,
	 .min = 1, .max = 64, .help = "What ports call it."},
	{"address", HUB_TYPE_IP, .required = true, FIELD(hub_exporter, address),
	 .unique = HUB_BY_EXPORTER_ADDRESS, .help = "Where its datagrams come from."},
	{"agent", HUB_TYPE_IP, FIELD(hub_exporter, agent),
	 .help = "The address it names inside sFlow, if another."},
	{"sampling_override", HUB_TYPE_COUNT, FIELD(hub_exporter, sampling_override),
	 .max = 16777216, .fallback = "0",
	 .help = "One packet in so many is sampled; 0: believe what it says."},
};

static const char *const next_hop_words[] = {"strict", "same-as", NULL};

/* AS numbers that are never seen in public: reserved, private, for documentation, AS_TRANS. RFC
 * 7607, 6793, 5398, 6996, 7300; IANA registry of special-purpose AS numbers. */
#define BOGON_ASNS "0 23456 64496-131071 4200000000-4294967295"
/* IANA special-purpose address registries; 6to4 more specifics (RFC 3056 section 5.2), 6bone (RFC
 * 3701), multicast and class E; the default routes themselves. */
#define MARTIANS                                                                                   \
	"0.0.0.0/0 0.0.0.0/8+ 10.0.0.0/8+ 100.64.0.0/10+ 127.0.0.0/8+ 169.254.0.0/16+ "            \
	"172.16.0.0/12+ 192.0.0.0/24+ 192.0.2.0/24+ 192.168.0.0/16+ 198.18.0.0/15+ "               \
	"198.51.100.0/24+ 203.0.113.0/24+ 224.0.0.0/4+ 240.0.0.0/4+ "                              \
	"::/0 ::/8+ 64:ff9b:1::/48+ 100::/64+ 2001:2::/48+ 2001:10::/28+ 2001:db8::/32+ "          \
	"2002::/16{17,128} 3ffe::/16+ 3fff::/20+ 5f00::/16+ fc00::/7+ fe80::/10+ fec0::/10+ "      \
	"ff00::/8+"

static const struct hub_item policy_rows[] = {
	{"next_hop", HUB_TYPE_WORD, FIELD(hub_policy, next_hop), .words = next_hop_words,
	 .fallback = "strict",
	 .help = "strict: the address of the session's own port; same-as: of any port of the "
		 "member."},
	{"as_path_min", HUB_TYPE_COUNT, FIELD(hub_policy, as_path_min), .max = 255, .fallback = "1",
	 .help = "Fewest AS numbers in a path."},
	{"as_path_max", HUB_TYPE_COUNT, FIELD(hub_policy, as_path_max), .min = 1, .max = 255,
	 .fallback = "32", .help = "Most AS numbers in a path."},
	{"first_as", HUB_TYPE_BOOL, FIELD(hub_policy, first_as), .fallback = "true",
	 .help = "The left-most AS number must be the member's."},
	{"only_global_unicast", HUB_TYPE_BOOL, FIELD(hub_policy, only_global_unicast),
	 .fallback = "true", .help = "IPv6 prefixes must lie in 2000::/3."},
	{"reject_own_lans", HUB_TYPE_BOOL, FIELD(hub_policy, reject_own_lans), .fallback = "true",
	 .help = "Refuse the prefixes of the hub's LANs and what lies inside them."},
	{"ipv4_min", HUB_TYPE_COUNT, FIELD(hub_policy, ipv4_min), .max = 32, .fallback = "8",
	 .help = "Shortest IPv4 prefix accepted."},
	{"ipv4_max", HUB_TYPE_COUNT, FIELD(hub_policy, ipv4_max), .max = 32, .fallback = "24",
	 .help = "Longest IPv4 prefix accepted."},
	{"ipv6_min", HUB_TYPE_COUNT, FIELD(hub_policy, ipv6_min), .max = 128, .fallback = "12",
	 .help = "Shortest IPv6 prefix accepted."},
	{"ipv6_max", HUB_TYPE_COUNT, FIELD(hub_policy, ipv6_max), .max = 128, .fallback = "48",
	 .help = "Longest IPv6 prefix accepted."},
	{"allow_asns", HUB_TYPE_ASN_RANGE, LIST(hub_policy, allow_asns, allow_asn_count),
	 .limit = 1000, .help = "Exceptions to bogon_asns."},
	{"allow_prefixes", HUB_TYPE_PREFIX, LIST(hub_policy, allow_prefixes, allow_prefix_count),
	 .limit = 256, .help = "Exceptions to martians: these and all that lies inside them."},
	{"bogon_asns", HUB_TYPE_ASN_RANGE, LIST(hub_policy, bogon_asns, bogon_asn_count),
	 .limit = HUB_BOGONS_MAX, .fallback = BOGON_ASNS,
	 .help = "AS numbers that no path may hold; a list replaces this one."},
	{"martians", HUB_TYPE_PREFIX_RULE, LIST(hub_policy, martians, martian_count),
	 .limit = HUB_MARTIANS_MAX, .fallback = MARTIANS,
	 .help = "Prefixes that are never accepted; a list replaces this one."},
	{"blocked", HUB_TYPE_PREFIX_RULE, LIST(hub_policy, blocked, blocked_count), .append = true,
	 .limit = 16384,
	 .help = "Further prefixes that are not accepted. A member's are added to the hub's."},
};

static const struct hub_item rpki_rows[] = {
	{"name", HUB_TYPE_ID, .required = true, FIELD(hub_rpki_cache, name), .unique = HUB_BY_RPKI,
	 .min = 1, .max = 64, .help = "What it is called."},
	{"host", HUB_TYPE_TEXT, .required = true, FIELD(hub_rpki_cache, host), .min = 1, .max = 253,
	 .help = "Its address or host name."},
	{"port", HUB_TYPE_COUNT, FIELD(hub_rpki_cache, port), .min = 1, .max = 65535,
	 .fallback = "323", .help = "Its TCP port."},
	{"preference", HUB_TYPE_COUNT, FIELD(hub_rpki_cache, preference), .max = 65535,
	 .fallback = "100", .help = "The lowest is asked first."},
};

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
	{"macs", HUB_TYPE_MAC, LIST(hub_port, macs, mac_count), .limit = 64,
	 .help = "MAC addresses of the member's routers on it."},
	{"ipv4", HUB_TYPE_IPV4, FIELD(hub_port, ipv4), .unique = HUB_BY_PORT_ADDRESS,
	 .help = "Its IPv4 address on the LAN."},
	{"ipv6", HUB_TYPE_IPV6, FIELD(hub_port, ipv6), .unique = HUB_BY_PORT_ADDRESS,
	 .help = "Its IPv6 address on the LAN."},
};

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
	{"hold_time_s", HUB_TYPE_COUNT, FIELD(hub_session, hold_time_s), .max = 65535,
	 .fallback = "90", .help = "Hold time offered; 0: none, else 3 or more."},
	{"connect_retry_s", HUB_TYPE_COUNT, FIELD(hub_session, connect_retry_s), .min = 1,
	 .max = 65535, .fallback = "120", .help = "Time between attempts to connect."},
	{"md5", HUB_TYPE_SECRET, FIELD(hub_session, md5), .min = 1, .max = 80,
	 .help = "Password of TCP MD5 signatures (RFC 2385)."},
	{"max_prefixes_ipv4", HUB_TYPE_COUNT, FIELD(hub_session, max_prefixes_ipv4),
	 .max = UINT32_MAX, .fallback = "170000",
	 .help = "The session is closed at more IPv4 routes than this; 0: no limit."},
	{"max_prefixes_ipv6", HUB_TYPE_COUNT, FIELD(hub_session, max_prefixes_ipv6),
	 .max = UINT32_MAX, .fallback = "12000",
	 .help = "The session is closed at more IPv6 routes than this; 0: no limit."},
};

static const char *const member_kind_words[] = {"carrier", "content",          "cloud",
						"access",  "transit-customer", NULL};

static const struct hub_table contact_table = {"contact", ROWS(contact_rows),
					       .size = sizeof(struct hub_contact)};
static const struct hub_table policy_table = {"policy", ROWS(policy_rows),
					      .size = sizeof(struct hub_policy),
					      .fill = hub_fill_policy, .check = hub_check_policy};
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
	{"country", HUB_TYPE_COUNTRY, FIELD(hub_member, country), .help = "Where it is at home."},
	{"url", HUB_TYPE_TEXT, FIELD(hub_member, url), .min = 1, .max = 500,
	 .help = "Its own pages."},
	{"as_set", HUB_TYPE_TEXT, FIELD(hub_member, as_set), .min = 1, .max = 200,
	 .help = "The AS-SET of the networks it announces, e.g. RIPE::AS-EXAMPLE."},
	{"peeringdb_id", HUB_TYPE_COUNT, FIELD(hub_member, peeringdb_id), .max = UINT32_MAX,
	 .fallback = "0", .help = "Its number in PeeringDB; 0: not known."},
	{"since", HUB_TYPE_DATE, FIELD(hub_member, since), .help = "When it joined."},
	{"contacts", HUB_TYPE_TABLE, LIST(hub_member, contacts, contact_count), .limit = 64,
	 .table = &contact_table, .help = "Whom to call."},
	{"policy", HUB_TYPE_TABLE, FIELD(hub_member, policy), .table = &policy_table,
	 .inherited = true, .inherit_at = offsetof(struct hub, policy),
	 .help = "Where this member is treated otherwise than the hub's policy says."},
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

static const char *const contract_kind_words[] = {"flat", "commit", NULL};

static const struct hub_item contract_rows[] = {
	{"id", HUB_TYPE_ID, .required = true, FIELD(hub_contract, id), .unique = HUB_BY_CONTRACT,
	 .min = 1, .max = 64, .help = "What invoices call it; keep it."},
	{"member", HUB_TYPE_MEMBER, .required = true, FIELD(hub_contract, member),
	 .help = "Who pays: AS number or name."},
	{"kind", HUB_TYPE_WORD, .required = true, FIELD(hub_contract, kind),
	 .words = contract_kind_words,
	 .help = "flat: so much a month; commit: so much for each Mbit/s committed, and for each "
		 "above."},
	{"currency", HUB_TYPE_CURRENCY, .required = true, FIELD(hub_contract, currency),
	 .help = "Of its prices."},
	{"monthly", HUB_TYPE_PRICE, .required = true, FIELD(hub_contract, monthly),
	 .help = "flat: the price of a month; commit: of one Mbit/s committed, a month."},
	{"overage", HUB_TYPE_PRICE, FIELD(hub_contract, overage),
	 .fallback_help = "as monthly, when kind is commit",
	 .help = "commit: the price of one Mbit/s above the commitment, a month."},
	{"commit", HUB_TYPE_SPEED, FIELD(hub_contract, commit_bps),
	 .help = "commit: the traffic paid for in any case."},
	{"tax_percent", HUB_TYPE_PERCENT, FIELD(hub_contract, tax_basis_points), .max = 10000,
	 .fallback = "0", .help = "Tax on top."},
	{"starts", HUB_TYPE_DATE, FIELD(hub_contract, starts), .fallback_help = "always",
	 .help = "The first day, or second, in UTC."},
	{"ends", HUB_TYPE_DATE, FIELD(hub_contract, ends), .fallback_help = "never",
	 .help = "The first day, or second, that is no longer covered."},
	{"ports", HUB_TYPE_PORT, LIST(hub_contract, ports, port_count), .limit = 1024,
	 .fallback_help = "all ports of the member", .help = "The ports it is about."},
	{"segments", HUB_TYPE_SEGMENT, LIST(hub_contract, segments, segment_count), .limit = 1024,
	 .help = "The way of this member's transit through the corridor, in order."},
};

static const struct hub_item lab_rows[] = {
	{"peak_percent", HUB_TYPE_COUNT, FIELD(hub_lab, peak_percent), .max = 100, .fallback = "60",
	 .help = "Traffic at the top of the day, in percent of the ports' speed."},
	{"routes", HUB_TYPE_COUNT, FIELD(hub_lab, routes), .max = 1000000, .fallback = "200",
	 .help = "Most routes that one member announces."},
};

static const struct hub_table hub_table = {"hub", ROWS(hub_rows), .size = sizeof(struct hub),
					   .check = hub_check_hub};
static const struct hub_table listen_table = {"listen", ROWS(listen_rows),
					      .size = sizeof(struct hub)};
static const struct hub_table lan_table = {"lan", ROWS(lan_rows), .size = sizeof(struct hub_lan),
					   .check = hub_check_lan};
const struct hub_table hub_schema_site = {"site", ROWS(site_rows), .size = sizeof(struct hub_site)};
const struct hub_table hub_schema_segment = {"segment", ROWS(segment_rows),
					     .size = sizeof(struct hub_segment),
					     .fill = hub_fill_segment, .check = hub_check_segment};
static const struct hub_table exporter_table = {"exporter", ROWS(exporter_rows),
						.size = sizeof(struct hub_exporter)};
static const struct hub_table rpki_table = {"RPKI cache", ROWS(rpki_rows),
					    .size = sizeof(struct hub_rpki_cache)};
static const struct hub_table member_table = {"member",
					      ROWS(member_rows),
					      .size = sizeof(struct hub_member),
					      .begin = hub_begin_member,
					      .fill = hub_fill_member,
					      .check = hub_check_member};
static const struct hub_table contract_table = {
	"contract", ROWS(contract_rows), .size = sizeof(struct hub_contract),
	.fill = hub_fill_contract, .check = hub_check_contract};
static const struct hub_table lab_table = {"lab", ROWS(lab_rows), .size = sizeof(struct hub_lab)};

static const struct hub_item root_rows[] = {
	{"include", HUB_TYPE_FILE, .list = true,
	 .help = "Further files with the same keys, read before this one; their lists are joined. "
		 "A path is looked for from the folder of the file that names it."},
	{"hub", HUB_TYPE_TABLE, .required = true, .at = 0, .table = &hub_table,
	 .help = "The hub itself."},
	{"listen", HUB_TYPE_TABLE, .at = 0, .table = &listen_table,
	 .help = "Where the programs listen: ADDRESS:PORT, [IPV6]:PORT or none."},
	{"lans", HUB_TYPE_TABLE, LIST(hub, lans, lan_count), .table = &lan_table, .limit = 64,
	 .help = "The peering LANs."},
	{"sites", HUB_TYPE_TABLE, LIST(hub, sites, site_count), .table = &hub_schema_site,
	 .help = "Places: a list, {csv: FILE}, or a list with csv: FILE in it. Columns are named "
		 "as the items; others are ignored."},
	{"segments", HUB_TYPE_TABLE, LIST(hub, segments, segment_count),
	 .table = &hub_schema_segment, .help = "Stretches of fibre between sites; as sites."},
	{"exporters", HUB_TYPE_TABLE, LIST(hub, exporters, exporter_count),
	 .table = &exporter_table, .help = "Who may send flow datagrams."},
	{"rpki", HUB_TYPE_TABLE, LIST(hub, rpki_caches, rpki_cache_count), .table = &rpki_table,
	 .limit = 64, .help = "RPKI caches (RFC 8210)."},
	{"policy", HUB_TYPE_TABLE, FIELD(hub, policy), .table = &policy_table,
	 .help = "What is checked on the way in."},
	{"members", HUB_TYPE_TABLE, LIST(hub, members, member_count), .table = &member_table,
	 .help = "The networks that meet here."},
	{"contracts", HUB_TYPE_TABLE, LIST(hub, contracts, contract_count),
	 .table = &contract_table, .help = "Who pays what."},
	{"lab", HUB_TYPE_TABLE, FIELD(hub, lab), .table = &lab_table,
	 .help = "What the lab plays when it simulates the members."},
};

const struct hub_table hub_schema_root = {"hub file", ROWS(root_rows), .size = sizeof(struct hub),
					  .check = hub_check_root};
