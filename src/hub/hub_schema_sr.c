/* The rows of the hub file about segment routing: SR policies by BGP, and routers that speak
 * PCEP. */
#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_rows.h"
#include "hub/hub_schema.h"

/* By enum sr_enlp. */
static const char *const enlp_words[] = {"default", "ipv4", "ipv6", "both", "none", NULL};

static const struct hub_item list_rows[] = {
	{"weight", HUB_TYPE_COUNT, FIELD(hub_sr_list, weight), .min = 1, .max = UINT32_MAX,
	 .fallback = "1", .help = "Its share of the traffic, beside those of the other lists."},
	{"segments", HUB_TYPE_TEXT, .required = true, LIST(hub_sr_list, segments, segment_count),
	 .min = 1, .max = SR_TEXT_MAX - 1, .limit = SR_SEGMENTS_MAX,
	 .help = "In order of travel: a label (16001), an SRv6 SID (fc00::1), or \"node "
		 "192.0.2.1\", "
		 "\"link 192.0.2.1 192.0.2.2\", \"interface 192.0.2.1 7\", for IPv6 addresses with "
		 "\"srv6\" behind it where no label is meant, then \"algorithm N\", \"sid S\"."},
};

static const struct hub_table list_table = {"list of segments", ROWS(list_rows),
					    .size = sizeof(struct hub_sr_list)};

static const struct hub_item policy_rows[] = {
	{"id", HUB_TYPE_ID, .required = true, FIELD(hub_sr_policy, id), .unique = HUB_BY_SR_POLICY,
	 .min = 1, .max = 64, .help = "What it is called here."},
	{"session", HUB_TYPE_ID, .required = true, FIELD(hub_sr_policy, session_id), .min = 1,
	 .max = 64, .help = "The session whose neighbour is told, one with sr_policy: yes."},
	{"color", HUB_TYPE_COUNT, .required = true, FIELD(hub_sr_policy, color), .max = UINT32_MAX,
	 .help = "With the endpoint it names the policy at the headend."},
	{"endpoint", HUB_TYPE_IP, .required = true, FIELD(hub_sr_policy, endpoint),
	 .help = "Where it leads; 0.0.0.0 or :: for any."},
	{"distinguisher", HUB_TYPE_COUNT, FIELD(hub_sr_policy, distinguisher), .max = UINT32_MAX,
	 .fallback = "1", .help = "Tells candidate paths of one policy apart."},
	{"headend", HUB_TYPE_IPV4, FIELD(hub_sr_policy, headend), .fallback_help = "the neighbour",
	 .help = "The BGP identifier of the router it is for, behind the neighbour: a route target "
		 "says so. Without it the neighbour is told not to pass it on."},
	{"preference", HUB_TYPE_COUNT, FIELD(hub_sr_policy, preference), .max = UINT32_MAX,
	 .fallback = "100", .help = "The highest of the candidate paths is used."},
	{"priority", HUB_TYPE_COUNT, FIELD(hub_sr_policy, priority), .max = 255, .fallback = "128",
	 .help = "In which order policies are worked out anew; the lowest first."},
	{"unlabelled", HUB_TYPE_WORD, FIELD(hub_sr_policy, enlp), .words = enlp_words,
	 .fallback = "default",
	 .help = "Which packets get an explicit null label below the segments."},
	{"binding_label", HUB_TYPE_COUNT, FIELD(hub_sr_policy, binding_label), .max = SR_LABEL_MAX,
	 .fallback = "0", .help = "Binding SID, a label; 0: none."},
	{"binding_sid", HUB_TYPE_IPV6, FIELD(hub_sr_policy, binding_sid),
	 .help = "Binding SID of SRv6."},
	{"name", HUB_TYPE_TEXT, FIELD(hub_sr_policy, name), .min = 1, .max = SR_NAME_MAX,
	 .help = "The policy's name, as the router shows it."},
	{"path_name", HUB_TYPE_TEXT, FIELD(hub_sr_policy, path_name), .min = 1, .max = SR_NAME_MAX,
	 .help = "The candidate path's name."},
	{"lists", HUB_TYPE_TABLE, .required = true, LIST(hub_sr_policy, lists, list_count),
	 .table = &list_table, .limit = SR_LISTS_MAX, .help = "Its lists of segments."},
};

const struct hub_table hub_schema_sr_policy = {"SR policy", ROWS(policy_rows),
					       .size = sizeof(struct hub_sr_policy),
					       .check = hub_check_sr_policy};

static const struct hub_item adjacency_rows[] = {
	{"segment", HUB_TYPE_SEGMENT, .required = true, FIELD(hub_adjacency, segment),
	 .help = "The segment of the corridor that the link is laid on."},
	{"label", HUB_TYPE_COUNT, .required = true, FIELD(hub_adjacency, label), .min = 16,
	 .max = SR_LABEL_MAX, .help = "The label that sends out over it (adjacency SID)."},
	{"local", HUB_TYPE_IP, FIELD(hub_adjacency, local), .help = "The router's own end."},
	{"remote", HUB_TYPE_IP, FIELD(hub_adjacency, remote), .help = "The other end."},
};

static const struct hub_table adjacency_table = {"adjacency", ROWS(adjacency_rows),
						 .size = sizeof(struct hub_adjacency),
						 .check = hub_check_adjacency};

static const struct hub_item router_rows[] = {
	{"name", HUB_TYPE_ID, .required = true, FIELD(hub_router, name), .unique = HUB_BY_ROUTER,
	 .min = 1, .max = 64, .help = "What it is called."},
	{"address", HUB_TYPE_IP, FIELD(hub_router, address), .unique = HUB_BY_ROUTER_ADDRESS,
	 .fallback_help = "it speaks no PCEP", .help = "Where its PCEP sessions come from."},
	{"site", HUB_TYPE_SITE, .required = true, FIELD(hub_router, site), .help = "Where it is."},
	{"loopback", HUB_TYPE_IP, FIELD(hub_router, loopback), .fallback_help = "the address",
	 .help = "Where its tunnels begin and end."},
	{"label", HUB_TYPE_COUNT, FIELD(hub_router, label), .max = SR_LABEL_MAX, .fallback = "0",
	 .help = "The label of its prefix SID, if it is the same everywhere; 0: none."},
	{"sid", HUB_TYPE_IPV6, FIELD(hub_router, sid), .help = "Its SRv6 SID."},
	{"session", HUB_TYPE_ID, FIELD(hub_router, session_id), .min = 1, .max = 64,
	 .fallback_help = "it is told by PCEP, if it has an address",
	 .help = "The BGP session, one with sr_policy: yes, by which it hears of sr_colors."},
	{"headend", HUB_TYPE_IPV4, FIELD(hub_router, headend), .fallback_help = "the neighbour",
	 .help = "Its BGP identifier, where it stands behind that session's neighbour."},
	{"adjacencies", HUB_TYPE_TABLE, LIST(hub_router, adjacencies, adjacency_count),
	 .table = &adjacency_table, .limit = 1024,
	 .help = "Labels of its links: where there is one, a path is laid over exactly that "
		 "segment; else the routers between find the way to the next one themselves."},
};

static const struct hub_table router_table = {
	"router", ROWS(router_rows), .size = sizeof(struct hub_router), .check = hub_check_router};

static const struct hub_item pcep_rows[] = {
	{"listen", HUB_TYPE_IP, FIELD(hub_pcep, listen), .fallback_help = "nobody listens",
	 .help = "Where PCEP is accepted (RFC 5440); 0.0.0.0 or :: for every address."},
	{"port", HUB_TYPE_COUNT, FIELD(hub_pcep, port), .min = 1, .max = 65535, .fallback = "4189",
	 .help = "Its TCP port."},
	{"keepalive_s", HUB_TYPE_COUNT, FIELD(hub_pcep, keepalive_s), .max = 255, .fallback = "30",
	 .help = "How often the hub sends a Keepalive; 0: never."},
	{"dead_s", HUB_TYPE_COUNT, FIELD(hub_pcep, dead_s), .max = 255, .fallback = "120",
	 .help = "After how much silence of the hub the router gives up; 0: never."},
	{"keepalive_min_s", HUB_TYPE_COUNT, FIELD(hub_pcep, keepalive_min_s), .max = 255,
	 .fallback = "1", .help = "The shortest interval of Keepalives that a router may ask for."},
	{"state_timeout_s", HUB_TYPE_COUNT, FIELD(hub_pcep, state_timeout_s), .max = 86400,
	 .fallback = "120",
	 .help = "How long the paths of a router that is gone are kept, and its wishes with them."},
	{"lsps_max", HUB_TYPE_COUNT, FIELD(hub_pcep, lsps_max), .min = 1, .max = 1000000,
	 .fallback = "10000", .help = "Most paths that one router may report."},
	{"requests_max", HUB_TYPE_COUNT, FIELD(hub_pcep, requests_max), .min = 1, .max = 1000000,
	 .fallback = "6000",
	 .help = "Most requests of one router in a minute; then it is told that the hub is "
		 "overloaded."},
	{"routers", HUB_TYPE_TABLE, LIST(hub_pcep, routers, router_count), .table = &router_table,
	 .limit = 10000, .help = "Those that may speak, and those that paths may lead over."},
};

const struct hub_table hub_schema_pcep = {"set of PCEP values", ROWS(pcep_rows),
					  .size = sizeof(struct hub_pcep), .check = hub_check_pcep};
