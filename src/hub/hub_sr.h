/* Segment routing in the picture: policies that the hub hands to routers by BGP (RFC 9830), and the
 * routers that may ask it for paths, and be told them, by PCEP (RFC 5440). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"
#include "base/sr.h"

/* The distinguisher of candidate paths that the corridor works out. */
enum { HUB_SR_STEERING = 3 };
/* That of a backup beside such a one: these bits, and below them what the other has. */
#define HUB_SR_BACKUP_BITS 0xf0000000u
#define HUB_SR_BACKUP      (HUB_SR_BACKUP_BITS | HUB_SR_STEERING)

/* A list of segments. */
struct hub_sr_list {
	uint32_t weight;
	const char **segments; /* as sr_segment_parse reads them; sound */
	size_t segment_count;
};

struct hub_sr_policy {
	const char *id;
	const char *session_id; /* the neighbour that hears it */
	uint32_t session;       /* index */
	uint32_t color, distinguisher;
	struct ip endpoint;
	struct ip headend; /* whom it is for, behind that neighbour; IP_NONE: the neighbour */
	uint32_t preference;
	uint8_t priority;
	enum sr_enlp enlp;
	uint32_t binding_label; /* 0: none */
	struct ip binding_sid;  /* SRv6; IP_NONE: none */
	const char *name, *path_name;
	struct hub_sr_list *lists;
	size_t list_count;
};

/* By what ways of a color are compared. */
enum hub_sr_measure {
	HUB_SR_BY_LENGTH,
	HUB_SR_BY_PRICE,
	HUB_SR_BY_AVAILABILITY,
	HUB_SR_BY_HOPS,
};

enum { HUB_SR_LISTS_MAX = 4 };

/* What is asked of the ways of a color, and between which routers the corridor works them out. */
struct hub_sr_color {
	uint32_t color;
	enum hub_sr_measure by;
	const char **avoid, **require; /* names of what a way must not use, and must */
	size_t avoid_count, require_count;
	uint32_t latency_max_us; /* one way; 0: any */
	const char **from, **to; /* names of routers; none: all that there can be */
	size_t from_count, to_count;
	uint32_t preference;
	uint32_t
		return_s; /* a better way, or one that was cut, is taken when it is there for so long */
	bool srv6;        /* of SIDs, not labels */
	/* Beside each way that BGP tells another one, apart from it, of a preference one lower. */
	bool backup;
	/* By BGP, at most so many ways at once as lists of one candidate path; what those beside the first may cost more
	 * than it. */
	uint32_t lists, lists_percent;
};

/* Of a router, toward the next one over that segment of the corridor. */
struct hub_adjacency {
	uint32_t segment;
	uint32_t label;
	struct ip local, remote; /* of the link's ends; IP_NONE: not known */
};

/* A router: one that speaks PCEP to the hub if it has an address, and one that paths lead over if
 * it has a label. */
struct hub_router {
	const char *name;
	struct ip address; /* where its PCEP comes from; IP_NONE: it speaks none */
	uint32_t site;
	struct ip loopback; /* what tunnels begin and end at; IP_NONE: `address` */
	uint32_t label;     /* of the node itself, the same everywhere (its prefix SID); 0: none */
	struct ip sid;      /* likewise in SRv6 */
	const char *session_id; /* by which it hears of SR policies; NULL: by PCEP, or not at all */
	uint32_t session;       /* index; HUB_NONE */
	struct ip headend;      /* its BGP identifier, behind that neighbour; IP_NONE: it is that */
	struct hub_adjacency *adjacencies;
	size_t adjacency_count;
};

struct hub_pcep {
	struct ip listen; /* IP_NONE: nobody listens */
	uint16_t port;
	uint16_t keepalive_s, dead_s; /* offered; 0: none are sent */
	uint16_t keepalive_min_s;     /* of the other's, that is accepted */
	uint32_t state_timeout_s;     /* how long LSPs of a router that is gone are kept */
	uint32_t lsps_max;            /* of one router */
	uint32_t requests_max;        /* a minute, of one router */
	struct hub_router *routers;
	size_t router_count;
};

/* The policy as the protocols take it. */
void hub_sr_policy_make(struct sr_policy *out, const struct hub_sr_policy *policy);

struct hub;

/* Does that router begin, or end, ways of the color? */
bool hub_sr_color_from(const struct hub *hub, const struct hub_sr_color *color, uint32_t router);
bool hub_sr_color_to(const struct hub *hub, const struct hub_sr_color *color, uint32_t router);

/* Where tunnels to it end. */
static inline struct ip
hub_router_loopback(const struct hub_router *router)
{
	return router->loopback.family != IP_NONE ? router->loopback : router->address;
}
