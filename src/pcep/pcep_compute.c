/* Working out a path.
 *
 *	sites:    A ──s1── B ──s2── C ──s3── D        cheapest segments that are open
 *	routers:  R1                R2       R3       those at sites on the way
 *	hops:     label of R1's link over s1 if the hub file has one (to the router at B);
 *	          else the label of the next router on the way itself
 *
 * What is asked closes segments: too little room, an excluded link, a site whose router is
 * excluded. */
#include "pcep/pcep_compute.h"

#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_paths.h"
#include "corridor/corridor_search.h"

enum { SEGMENTS_MAX = 1024 };

/* Light in fibre of refractive index 1.468. */
#define US_PER_KM 4.8967

struct computing {
	const struct pcep_plan *plan;
	const struct pcep_item *item;
	struct pcep_answer *out;
	uint64_t *cost;
	struct corridor_search *search;
	uint32_t from, to; /* routers */
	uint32_t segments[SEGMENTS_MAX], sites[SEGMENTS_MAX + 1];
	size_t count;
};

static bool
has_address(const struct hub_router *router, struct ip ip)
{
	return ip.family != IP_NONE &&
	       (ip_equal(router->loopback, ip) || ip_equal(router->address, ip));
}

uint32_t
pcep_router_of(const struct hub *hub, struct ip end)
{
	for (size_t i = 0; i < hub->pcep.router_count; i++)
		if (has_address(&hub->pcep.routers[i], end))
			return (uint32_t)i;
	return HUB_NONE;
}

/* --- what is closed --- */

static bool
counts_hops(const struct pcep_item *item)
{
	for (unsigned i = 0; i < item->metric_count; i++)
		if (!item->metrics[i].bound)
			return item->metrics[i].type == PCEP_METRIC_HOPS;
	return false;
}

/* Room for so much more? What nobody knows the size of cannot be promised. */
static bool
has_room(const struct pcep_plan *plan, size_t segment, uint64_t wanted_bps)
{
	const struct corridor_segment *s = &plan->corridor->segments[segment];
	uint64_t capacity = s->assumed ? 0 : s->capacity_bps, used = 0;
	if (plan->load)
		used = corridor_load_bps(&plan->load->segments[segment]);
	return used <= capacity && wanted_bps <= capacity - used;
}

static void
close_link(struct computing *c, const struct hub_router *router, struct prefix prefix)
{
	for (size_t i = 0; i < router->adjacency_count; i++) {
		const struct hub_adjacency *adjacency = &router->adjacencies[i];
		if ((adjacency->local.family != IP_NONE &&
		     prefix_contains_ip(prefix, adjacency->local)) ||
		    (adjacency->remote.family != IP_NONE &&
		     prefix_contains_ip(prefix, adjacency->remote)))
			c->cost[adjacency->segment] = CORRIDOR_CLOSED;
	}
}

/* The site of an excluded router is led around, but where the path begins and ends. */
static void
close_excluded(struct computing *c)
{
	const struct hub *hub = c->plan->hub;
	for (unsigned i = 0; i < c->item->exclude.count; i++) {
		struct prefix prefix = c->item->exclude.stops[i].prefix;
		for (size_t r = 0; r < hub->pcep.router_count; r++) {
			const struct hub_router *router = &hub->pcep.routers[r];
			struct ip loopback = hub_router_loopback(router);
			bool named = prefix_contains_ip(prefix, loopback);
			close_link(c, router, prefix);
			if (!named || r == c->from || r == c->to)
				continue;
			for (uint32_t a = c->plan->corridor->graph->first_arc[router->site];
			     a < c->plan->corridor->graph->first_arc[router->site + 1]; a++)
				c->cost[c->plan->corridor->graph->arcs[a].segment] =
					CORRIDOR_CLOSED;
		}
	}
}

static void
set_costs(struct computing *c, bool conditions)
{
	bool hops = conditions && counts_hops(c->item);
	for (size_t i = 0; i < c->plan->hub->segment_count; i++) {
		const struct corridor_segment *segment = &c->plan->corridor->segments[i];
		uint32_t length = segment->length_cm;
		bool open = segment->there && length;
		if (conditions && c->item->has_bandwidth && c->item->bandwidth_bps)
			open &= has_room(c->plan, i, c->item->bandwidth_bps);
		c->cost[i] = !open  ? CORRIDOR_CLOSED
			     : hops ? UINT64_C(1) << 40 | length
				    : corridor_cost_of_length(length);
	}
	if (conditions)
		close_excluded(c);
}

/* --- the way --- */

/* Appends the cheapest way between two sites. False: there is none. */
static bool
lead(struct computing *c, uint32_t from, uint32_t to)
{
	corridor_search_run(c->search, c->cost, from, to);
	if (corridor_search_cost(c->search, to) == CORRIDOR_CLOSED)
		return false;
	size_t more = 0;
	for (uint32_t at = to; at != from; at = corridor_search_before(c->search, at))
		more++;
	if (c->count + more > SEGMENTS_MAX)
		return false;
	size_t place = c->count + more;
	for (uint32_t at = to; at != from; at = corridor_search_before(c->search, at)) {
		c->sites[place] = at;
		c->segments[--place] = corridor_search_segment(c->search, at);
	}
	c->count += more;
	return true;
}

/* Over all stations in order. */
static bool
lead_over(struct computing *c, bool conditions)
{
	const struct hub_router *routers = c->plan->hub->pcep.routers;
	uint32_t at = routers[c->from].site;
	c->count = 0;
	c->sites[0] = at;
	for (unsigned i = 0; conditions && i < c->item->include.count; i++) {
		uint32_t stop = pcep_router_of(c->plan->hub, c->item->include.stops[i].prefix.ip);
		if (stop == HUB_NONE || !lead(c, at, routers[stop].site))
			return false;
		at = routers[stop].site;
	}
	return lead(c, at, routers[c->to].site);
}

static void
measure(struct computing *c)
{
	uint64_t length_cm = 0;
	for (size_t i = 0; i < c->count; i++)
		length_cm += c->plan->corridor->segments[c->segments[i]].length_cm;
	c->out->hops = (unsigned)c->count;
	c->out->length_cm = length_cm < UINT32_MAX ? (uint32_t)length_cm : UINT32_MAX;
	c->out->length_km = (float)((double)length_cm / 1e5);
	c->out->delay_us = (float)((double)length_cm / 1e5 * US_PER_KM);
}

static bool
within_bounds(const struct computing *c)
{
	for (unsigned i = 0; i < c->item->metric_count; i++) {
		const struct pcep_metric *m = &c->item->metrics[i];
		if (!m->bound)
			continue;
		double value = m->type == PCEP_METRIC_HOPS    ? (double)c->out->hops
			       : m->type == PCEP_METRIC_DELAY ? (double)c->out->delay_us
			       : m->type == PCEP_METRIC_SIDS  ? (double)c->out->route.count
							      : (double)c->out->length_km;
		if (value > (double)m->value)
			return false;
	}
	return true;
}

/* --- hops --- */

/* The router at a site that a path may name; the last one itself where it ends. */
static uint32_t
router_at(const struct computing *c, uint32_t site)
{
	const struct hub *hub = c->plan->hub;
	if (hub->pcep.routers[c->to].site == site)
		return c->to;
	for (size_t i = 0; i < hub->pcep.router_count; i++)
		if (hub->pcep.routers[i].site == site &&
		    (hub->pcep.routers[i].label || hub->pcep.routers[i].sid.family == IP_V6))
			return (uint32_t)i;
	return HUB_NONE;
}

static const struct hub_adjacency *
adjacency_over(const struct hub_router *router, uint32_t segment)
{
	for (size_t i = 0; i < router->adjacency_count; i++)
		if (router->adjacencies[i].segment == segment)
			return &router->adjacencies[i];
	return NULL;
}

static struct pcep_hop
hop_of_link(const struct hub_adjacency *adjacency)
{
	struct pcep_hop hop = {.has_sid = true, .label = true, .entry = sr_entry(adjacency->label)};
	if (adjacency->local.family == IP_NONE)
		return hop;
	hop.nai = adjacency->local.family == IP_V4 ? PCEP_NAI_IPV4_LINK : PCEP_NAI_IPV6_LINK;
	hop.local = adjacency->local;
	hop.remote = adjacency->remote;
	return hop;
}

static struct pcep_hop
hop_of_router(const struct hub_router *router, bool srv6)
{
	struct ip loopback = hub_router_loopback(router);
	struct pcep_hop hop = {.has_sid = true, .local = loopback};
	hop.nai = loopback.family == IP_V4 ? PCEP_NAI_IPV4_NODE : PCEP_NAI_IPV6_NODE;
	hop.srv6 = srv6;
	if (srv6) {
		hop.sid = router->sid;
		hop.behavior = 0xffff; /* not said */
		return hop;
	}
	hop.label = true;
	hop.entry = sr_entry(router->label);
	return hop;
}

static bool
add(struct pcep_route *route, struct pcep_hop hop)
{
	if (route->count == PCEP_HOPS_MAX)
		return false;
	route->hops[route->count++] = hop;
	return true;
}

/* The way as hops. False: a router on it, or the last, has no label to be reached by. */
static bool
make_hops(struct computing *c)
{
	const struct hub_router *routers = c->plan->hub->pcep.routers;
	struct pcep_route *route = &c->out->route;
	bool srv6 = c->item->setup_type == PCEP_SETUP_SRV6;
	uint32_t holder = c->from, holder_at = c->sites[0];
	route->count = 0;
	for (size_t i = 0; i < c->count; i++) {
		uint32_t next = router_at(c, c->sites[i + 1]);
		const struct hub_adjacency *link =
			srv6 || holder_at != c->sites[i] || next == HUB_NONE
				? NULL
				: adjacency_over(&routers[holder], c->segments[i]);
		if (next == HUB_NONE)
			continue;
		bool has_sid = srv6 ? routers[next].sid.family == IP_V6 : routers[next].label;
		bool last = i + 1 == c->count;
		if (!link && !has_sid && !last)
			continue;
		if (!link && !has_sid)
			return false;
		struct pcep_hop hop =
			link ? hop_of_link(link) : hop_of_router(&routers[next], srv6);
		if (!add(route, hop))
			return false;
		holder = next;
		holder_at = c->sites[i + 1];
	}
	if (!c->count && c->from != c->to) { /* two at one site */
		bool has_sid =
			srv6 ? routers[c->to].sid.family == IP_V6 : routers[c->to].label != 0;
		return has_sid && add(route, hop_of_router(&routers[c->to], srv6));
	}
	return route->count > 0;
}

static void
answer(struct computing *c, uint8_t sid_depth)
{
	struct pcep_answer *out = c->out;
	set_costs(c, true);
	bool led = !c->item->include.other && lead_over(c, true);
	if (led) {
		measure(c);
		out->found = make_hops(c) && (!sid_depth || out->route.count <= sid_depth) &&
			     within_bounds(c);
	}
	if (out->found)
		return;
	out->route.count = 0;
	set_costs(c, false);
	out->constrained = lead_over(c, false);
}

void
pcep_lay(struct pcep_answer *out, const struct pcep_plan *plan, const struct pcep_item *item,
	 const struct corridor_path *way)
{
	memset(out, 0, sizeof(*out));
	struct computing *c = way->segment_count <= SEGMENTS_MAX ? malloc(sizeof(*c)) : NULL;
	if (!c)
		return;
	*c = (struct computing){.plan = plan,
				.item = item,
				.out = out,
				.from = pcep_router_of(plan->hub, item->from),
				.to = pcep_router_of(plan->hub, item->to),
				.count = way->segment_count};
	memcpy(c->segments, way->segments, c->count * sizeof(*c->segments));
	memcpy(c->sites, way->sites, (c->count + 1) * sizeof(*c->sites));
	measure(c);
	out->found = c->from != HUB_NONE && c->to != HUB_NONE && make_hops(c);
	free(c);
}

int
pcep_compute(struct pcep_answer *out, const struct pcep_plan *plan, const struct pcep_item *item,
	     uint8_t sid_depth)
{
	memset(out, 0, sizeof(*out));
	uint32_t from = pcep_router_of(plan->hub, item->from);
	uint32_t to = pcep_router_of(plan->hub, item->to);
	out->no_path = (from == HUB_NONE ? PCEP_NO_PATH_UNKNOWN_SOURCE : 0u) |
		       (to == HUB_NONE ? PCEP_NO_PATH_UNKNOWN_DESTINATION : 0u);
	if (out->no_path)
		return 0;
	struct computing *c = calloc(1, sizeof(*c));
	int result = -1;
	if (!c)
		return -1;
	*c = (struct computing){.plan = plan, .item = item, .out = out, .from = from, .to = to};
	c->cost = malloc((plan->hub->segment_count + 1) * sizeof(*c->cost));
	c->search = corridor_search_new(plan->corridor->graph);
	if (c->cost && c->search) {
		answer(c, sid_depth);
		result = 0;
	}
	corridor_search_free(c->search);
	free(c->cost);
	free(c);
	return result;
}
