/* The rows of the hub file: the hub, its places and cables, contracts, and the file as a whole. */
#include "hub/hub_schema.h"

#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_rows.h"

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
	{"graceful_shutdown", HUB_TYPE_BOOL, FIELD(hub, graceful_shutdown), .fallback = "false",
	 .help = "The hub is about to go down for maintenance: all its routes go out with "
		 "GRACEFUL_SHUTDOWN (RFC 8326)."},
	{"memory_max_mb", HUB_TYPE_COUNT, FIELD(hub, memory_max_mb), .max = 16777216,
	 .fallback = "4096",
	 .help = "Most memory of the exchange, in units of 1048576 octets; a member whose routes "
		 "would pass it is closed. 0: no limit."},
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
	{"number", HUB_TYPE_COUNT, FIELD(hub_site, number), .max = 65534, .fallback = "0",
	 .unique = HUB_BY_SITE_NUMBER,
	 .help = "By which members' communities call it; 0: not at all."},
	{"metro", HUB_TYPE_COUNT, FIELD(hub_site, metro), .max = 65534, .fallback = "0",
	 .help = "The number of its metropolitan region, which may have several sites; 0: none."},
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
const struct hub_table hub_schema_site = {"site", ROWS(site_rows), .size = sizeof(struct hub_site),
					  .check = hub_check_site};
const struct hub_table hub_schema_segment = {"segment", ROWS(segment_rows),
					     .size = sizeof(struct hub_segment),
					     .fill = hub_fill_segment, .check = hub_check_segment};
static const struct hub_table exporter_table = {"exporter", ROWS(exporter_rows),
						.size = sizeof(struct hub_exporter)};
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
	{"parties", HUB_TYPE_TABLE, LIST(hub, parties, party_count), .table = &hub_schema_party,
	 .limit = 1000, .help = "The owners of the segments, besides the hub itself."},
	{"exporters", HUB_TYPE_TABLE, LIST(hub, exporters, exporter_count),
	 .table = &exporter_table, .help = "Who may send flow datagrams."},
	{"communities", HUB_TYPE_TABLE, FIELD(hub, communities), .table = &hub_schema_communities,
	 .help = "What the communities that members send mean."},
	{"blackhole", HUB_TYPE_TABLE, FIELD(hub, blackhole), .table = &hub_schema_blackhole,
	 .help = "What blackholed routes look like on the way out."},
	{"rpki", HUB_TYPE_TABLE, LIST(hub, rpki_caches, rpki_cache_count),
	 .table = &hub_schema_rpki, .limit = 8, .help = "RPKI caches (RFC 8210)."},
	{"validation", HUB_TYPE_TABLE, FIELD(hub, validation), .table = &hub_schema_validation,
	 .help = "What validates origins besides the caches."},
	{"irr", HUB_TYPE_TABLE, FIELD(hub, irr), .table = &hub_schema_irr,
	 .help = "Where registered routes come from: bgpq4 asks a mirror of the registries."},
	{"peeringdb", HUB_TYPE_TABLE, FIELD(hub, peeringdb), .table = &hub_schema_peeringdb,
	 .help = "Whether and from where PeeringDB is read."},
	{"stations", HUB_TYPE_TABLE, LIST(hub, stations, station_count),
	 .table = &hub_schema_station, .limit = 16, .help = "BMP stations (RFC 7854)."},
	{"dumps", HUB_TYPE_TABLE, FIELD(hub, dumps), .table = &hub_schema_dumps,
	 .help = "MRT files of the table and of updates."},
	{"store", HUB_TYPE_TABLE, FIELD(hub, store), .table = &hub_schema_store,
	 .help = "Where the ledger keeps its bins."},
	{"watch", HUB_TYPE_TABLE, FIELD(hub, watch), .table = &hub_schema_watch,
	 .help = "What raises an alarm about traffic."},
	{"policy", HUB_TYPE_TABLE, FIELD(hub, policy), .table = &hub_schema_policy,
	 .help = "What is checked on the way in."},
	{"members", HUB_TYPE_TABLE, LIST(hub, members, member_count), .table = &hub_schema_member,
	 .help = "The networks that meet here."},
	{"contracts", HUB_TYPE_TABLE, LIST(hub, contracts, contract_count),
	 .table = &contract_table, .help = "Who pays what."},
	{"settlements", HUB_TYPE_TABLE, LIST(hub, settlements, settlement_count),
	 .table = &hub_schema_settlement, .limit = 1000,
	 .help = "How transit is shared among the owners of the segments."},
	{"billing", HUB_TYPE_TABLE, FIELD(hub, billing), .table = &hub_schema_billing,
	 .help = "How invoices are issued, their letterhead, and where they are paid."},
	{"plan", HUB_TYPE_TABLE, FIELD(hub, plan), .table = &hub_schema_plan,
	 .help = "What the hub is to earn; revenue is shown against it."},
	{"lab", HUB_TYPE_TABLE, FIELD(hub, lab), .table = &lab_table,
	 .help = "What the lab plays when it simulates the members."},
};

const struct hub_table hub_schema_root = {"hub file", ROWS(root_rows), .size = sizeof(struct hub),
					  .check = hub_check_root};
