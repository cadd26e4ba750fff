/* What each member of the lab announces: real prefixes of its country, paths of private AS numbers,
 * communities, and some routes that the hub must refuse. Made from the picture alone, the same
 * every time. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"
#include "hub/hub.h"
#include "lab/lab_random.h"

enum {
	LAB_PATH_MAX = 48,
	LAB_COMMUNITIES_MAX = 4,
};

/* What is wrong with a route, on purpose. */
enum lab_fault {
	LAB_SOUND,
	LAB_TOO_LONG_PREFIX,
	LAB_MARTIAN,
	LAB_HUB_LAN,
	LAB_BOGON_ASN,
	LAB_FOREIGN_FIRST_AS,
	LAB_FOREIGN_NEXT_HOP,
	LAB_AS_SET,
	LAB_LONG_PATH,
	LAB_DEFAULT_ROUTE,
	LAB_FAULTS,
};

struct lab_route {
	struct prefix prefix;
	struct asn path[LAB_PATH_MAX]; /* the member's own first */
	uint8_t path_length;
	bool last_is_set; /* the last number stands in an AS_SET */
	uint8_t fault;    /* enum lab_fault */
	uint8_t standard_count, large_count;
	uint32_t standard[LAB_COMMUNITIES_MAX];
	uint32_t large[LAB_COMMUNITIES_MAX][3];
	uint32_t med; /* 0: none */
};

/* All routes of one member, sound ones first; the busiest first among them. */
struct lab_routes {
	struct lab_route *routes;
	size_t count, sound[2]; /* IPv4 and IPv6 that are sound: [0, sound[0]) and then sound[1] */
	double *weight;         /* cumulative, over the sound ones of each family */
};

struct lab_plan {
	struct arena *arena;
	const struct hub *hub;
	struct lab_routes *members; /* as in hub->members */
};

/* Keeps `hub`, which must stay. NULL if there is no memory. */
struct lab_plan *lab_plan_new(const struct hub *hub);
void lab_plan_free(struct lab_plan *plan);

/* An address of the member's, in one of its sound routes: a busy one more often. IP_NONE if it has
 * none of that family. */
struct ip lab_plan_address(const struct lab_plan *plan, uint32_t member, enum ip_family family,
			   struct lab_random *random);

/* Where the route's next hop lies: the port's address, or for LAB_FOREIGN_NEXT_HOP somebody else's.
 * IP_NONE if the port has no address of that family. */
struct ip lab_plan_next_hop(const struct lab_plan *plan, uint32_t port,
			    const struct lab_route *route);
