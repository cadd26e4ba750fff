/* The hub's own AS as a transit network: which sessions are its own, and how it speaks on them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"

/* What the neighbour of a session is to the hub's AS. */
enum hub_transit_kind {
	HUB_AS_NONE, /* nothing: it is a client of the route server, as all were */
	HUB_AS_CUSTOMER,
	HUB_AS_PEER,
	HUB_AS_UPSTREAM,
	HUB_AS_INTERNAL, /* a router of the hub's own: iBGP, a client of the reflector */
	HUB_AS_KINDS,
};

/* The next hop in what is sent on such a session. */
enum hub_transit_next_hop {
	HUB_TRANSIT_VIA_ROUTER, /* the hub's router: of the receiver's site, or towards internal ones
				   of the site where the route came in */
	HUB_TRANSIT_UNCHANGED,
};

enum hub_transit_cost {
	HUB_TRANSIT_INTERIOR,    /* in place of the cost of the interior: RFC 9107 */
	HUB_TRANSIT_BEFORE_PATH, /* right after LOCAL_PREF */
};

enum hub_transit_med { HUB_TRANSIT_MED_METRIC, HUB_TRANSIT_MED_KEEP, HUB_TRANSIT_MED_NONE };

/* The hub's router at a site: what its neighbours there send traffic to. */
struct hub_transit_router {
	uint32_t site;
	struct ip ipv4, ipv6; /* IP_NONE when absent */
};

struct hub_transit {
	struct hub_transit_router *routers;
	size_t router_count;
	struct ip cluster_id; /* IPv4; IP_NONE: the hub's router id */
	uint32_t local_pref_customer, local_pref_peer, local_pref_upstream;
	enum hub_transit_cost cost;
	enum hub_transit_med med;
	bool tell;             /* large communities say by which exit, and how far */
	uint32_t tell_percent; /* numbers are told anew when they differ by more than this */
	uint32_t hold_s;       /* a plan that is overdue is still gone by for so long */
	uint32_t return_s;     /* and after that plans must come in time for so long */
};
