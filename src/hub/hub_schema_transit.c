/* The rows of the hub's own AS as a transit network. */
#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_rows.h"
#include "hub/hub_schema.h"

/* By enum hub_transit_cost and hub_transit_med. */
static const char *const cost_words[] = {"interior", "before-path", NULL};
static const char *const med_words[] = {"metric", "keep", "none", NULL};

static const struct hub_item router_rows[] = {
	{"site", HUB_TYPE_SITE, .required = true, FIELD(hub_transit_router, site),
	 .help = "Where it is; one for a site."},
	{"ipv4", HUB_TYPE_IPV4, FIELD(hub_transit_router, ipv4),
	 .help = "Its address on the LAN there: the next hop of what members at the site are "
		 "sent."},
	{"ipv6", HUB_TYPE_IPV6, FIELD(hub_transit_router, ipv6), .help = "The same for IPv6."},
};

static const struct hub_table router_table = {"router of the hub", ROWS(router_rows),
					      .size = sizeof(struct hub_transit_router),
					      .check = hub_check_transit_router};

static const struct hub_item transit_rows[] = {
	{"routers", HUB_TYPE_TABLE, LIST(hub_transit, routers, router_count), .limit = 8192,
	 .table = &router_table, .fallback_help = "next hops stay as they came",
	 .help = "The hub's own routers, by site."},
	{"cluster_id", HUB_TYPE_IPV4, FIELD(hub_transit, cluster_id),
	 .fallback_help = "the hub's router_id",
	 .help = "What the reflector calls itself in CLUSTER_LIST (RFC 4456)."},
	{"local_pref_customer", HUB_TYPE_COUNT, FIELD(hub_transit, local_pref_customer),
	 .max = UINT32_MAX, .fallback = "200", .help = "LOCAL_PREF of what customers announce."},
	{"local_pref_peer", HUB_TYPE_COUNT, FIELD(hub_transit, local_pref_peer), .max = UINT32_MAX,
	 .fallback = "150", .help = "Of what peers announce."},
	{"local_pref_upstream", HUB_TYPE_COUNT, FIELD(hub_transit, local_pref_upstream),
	 .max = UINT32_MAX, .fallback = "100", .help = "Of what upstreams announce."},
	{"cost", HUB_TYPE_WORD, FIELD(hub_transit, cost), .words = cost_words,
	 .fallback = "interior",
	 .help = "Where the corridor's cost stands in the decision. interior: in place of the cost "
		 "of the interior (RFC 9107); before-path: right after LOCAL_PREF."},
	{"med", HUB_TYPE_WORD, FIELD(hub_transit, med), .words = med_words, .fallback = "metric",
	 .help = "The MED that neighbours are sent: the corridor's metric (none without a plan), "
		 "as it came, or none."},
	{"tell", HUB_TYPE_BOOL, FIELD(hub_transit, tell), .fallback = "true",
	 .help = "Large communities tell the exit's site and the latency to it "
		 "(docs/steering.md)."},
	{"tell_percent", HUB_TYPE_COUNT, FIELD(hub_transit, tell_percent), .max = 1000,
	 .fallback = "10",
	 .help = "MED and communities are told anew when they differ by more than this, so that "
		 "small changes move nothing."},
	{"hold_s", HUB_TYPE_COUNT, FIELD(hub_transit, hold_s), .max = 3600, .fallback = "5",
	 .help = "How long a plan that is overdue is still gone by; then plain BGP remains."},
	{"return_s", HUB_TYPE_COUNT, FIELD(hub_transit, return_s), .max = 3600, .fallback = "10",
	 .help = "How long plans must come in time after that, until they are gone by again."},
};

const struct hub_table hub_schema_transit = {"set of transit values", ROWS(transit_rows),
					     .size = sizeof(struct hub_transit)};
