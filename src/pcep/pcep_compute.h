/* Paths for routers, over the corridor's graph: from site to site by the cheapest segments that
 * satisfy what is asked, then as segments of segment routing, over the labels that the hub file
 * gives to routers. Pure. */
#pragma once

#include "corridor/corridor_load.h"
#include "corridor/corridor_plan.h"
#include "pcep/pcep_message.h"

/* What paths are worked out on; `load` may be NULL, then all that is lit counts as free. */
struct pcep_plan {
	const struct hub *hub;
	const struct corridor_plan *corridor;
	const struct corridor_load *load;
};

struct pcep_answer {
	bool found;
	bool constrained; /* there would be a path without the conditions */
	uint32_t no_path; /* a set of enum pcep_no_path */
	struct pcep_route route;
	float length_km, delay_us; /* one way */
	unsigned hops;             /* segments of the corridor */
	uint32_t length_cm;
};

/* The router that a tunnel's end belongs to, by loopback or address; HUB_NONE. */
uint32_t pcep_router_of(const struct hub *hub, struct ip end);
struct corridor_path;
/* A way that somebody else has found, between the sites of the routers that item->from and item->to belong to, as
 * segments; of the item only these and the setup type count. out->found: there are such. */
void pcep_lay(struct pcep_answer *out, const struct pcep_plan *plan, const struct pcep_item *item,
	      const struct corridor_path *way);
/* Works out item->from to item->to under its metrics, bandwidth, include and exclude. `sid_depth`:
 * most hops that the router can do; 0: any. 0, or -1 if there is no memory. */
int pcep_compute(struct pcep_answer *out, const struct pcep_plan *plan,
		 const struct pcep_item *item, uint8_t sid_depth);
