/* Where all would go if they were placed together.
 *
 * The sites and segments with one site more, the world, to which the port of each upstream is a segment:
 *
 *   world ── port ──► site ── segments ── site        a demand: from the world to an ingress's site
 *
 * The other way round than traffic is reckoned, as segments carry the same both ways, and so all ways begin at one site:
 * one tree has the shortest of all of them.
 *
 * What is there for the demands is what others, who do not move, leave of the limits. Ingresses at one site that may
 * use the same are one demand, so the program is small. Its ways are then dealt out to the ingresses, the
 * largest first: each goes as a whole to the way that has most left to be dealt. What is left is above 0 as
 * long as someone is to be served, so no way gets more than its part and less than one ingress's rate (the
 * largest of its demand); and as a program's solution splits no more demands than there are stretches that are full, few are
 * rounded at all. Who is dealt nothing stays where it is.
 *
 * All is numbered by ids, so that the rows of the hub file may stand in any order; and rates are parts of what all bring
 * together, so that the same traffic in other units is the same program. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_flow.h"
#include "corridor/corridor_steer_parts.h"

#define PARTS ((uint64_t)1 << 44)

/* Who moves, to be sorted. */
struct mover {
	uint32_t ingress, turn;
	uint32_t class;
	uint32_t site;  /* by rank */
	uint64_t parts; /* of its rate, see struct wishing */
};

/* Who may use the same. */
struct class
{
	uint32_t policy;
	struct asn member; /* with exits of its own, which lead it nowhere; 0: without */
};

struct wishing {
	const struct corridor_steer *steer;
	struct arena *arena;
	struct mover *movers;
	size_t mover_count;
	uint64_t brought_bps; /* by all of them: so many PARTS */
	struct class *classes;
	size_t class_count;
	uint32_t *site_rank;
	struct corridor_graph *graph;
	struct corridor_flow_demand *demands;
	struct corridor_flow_instance instance;
};

static int
by_site_id(const void *a, const void *b, void *hub)
{
	const struct hub_site *sites = ((const struct hub *)hub)->sites;
	return strcmp(sites[*(const uint32_t *)a].id, sites[*(const uint32_t *)b].id);
}

static bool
rank_sites(struct wishing *w)
{
	const struct hub *hub = w->steer->hub;
	uint32_t *sites = arena_take(w->arena, (hub->site_count + 1) * sizeof(*sites));
	w->site_rank = arena_take(w->arena, (hub->site_count + 1) * sizeof(*w->site_rank));
	if (!sites || !w->site_rank)
		return false;
	for (uint32_t i = 0; i < hub->site_count; i++)
		sites[i] = i;
	qsort_r(sites, hub->site_count, sizeof(*sites), by_site_id, (void *)hub);
	for (uint32_t i = 0; i < hub->site_count; i++)
		w->site_rank[sites[i]] = i;
	return true;
}

static bool
has_exits(const struct corridor_steer_setting *s, struct asn member)
{
	for (size_t e = 0; member.number && e < s->exit_count; e++)
		if (s->exits[e].everywhere && s->exits[e].member.number == member.number)
			return true;
	return false;
}

static uint32_t
class_of(struct wishing *w, const struct corridor_steer_ingress *in)
{
	struct class class = {in->policy, {0}};
	if (has_exits(&w->steer->setting, in->member))
		class.member = in->member;
	for (uint32_t c = 0; c < w->class_count; c++)
		if (w->classes[c].policy == class.policy &&
		    w->classes[c].member.number == class.member.number)
			return c;
	w->classes[w->class_count] = class;
	return (uint32_t)w->class_count++;
}

/* By demand; of one the largest first. */
static int
by_demand(const void *a, const void *b)
{
	const struct mover *x = a, *y = b;
	if (x->class != y->class)
		return x->class < y->class ? -1 : 1;
	if (x->site != y->site)
		return x->site < y->site ? -1 : 1;
	if (x->parts != y->parts)
		return x->parts > y->parts ? -1 : 1;
	return (x->turn > y->turn) - (x->turn < y->turn);
}

static uint64_t
parts_of(const struct wishing *w, uint64_t bps)
{
	return (uint64_t)((unsigned __int128)bps * PARTS / w->brought_bps);
}

static bool
take_movers(struct wishing *w, const bool *may_move)
{
	const struct corridor_steer_setting *s = &w->steer->setting;
	w->movers = arena_take(w->arena, (s->ingress_count + 1) * sizeof(*w->movers));
	w->classes = arena_take(w->arena, (s->ingress_count + 1) * sizeof(*w->classes));
	if (!w->movers || !w->classes)
		return false;
	for (size_t i = 0; i < s->ingress_count; i++)
		if (may_move[i] &&
		    __builtin_add_overflow(w->brought_bps, s->ingresses[i].bps, &w->brought_bps))
			return false;
	for (uint32_t turn = 0; turn < s->ingress_count; turn++) {
		uint32_t i = w->steer->turns[turn];
		const struct corridor_steer_ingress *in = &s->ingresses[i];
		if (!may_move[i])
			continue;
		/* Rounded up: nobody brings nothing. */
		w->movers[w->mover_count++] = (struct mover){
			i, turn, class_of(w, in), w->site_rank[in->site], parts_of(w, in->bps) + 1};
	}
	qsort(w->movers, w->mover_count, sizeof(*w->movers), by_demand);
	return true;
}

/* --- the instance --- */

static bool
take_graph(struct wishing *w)
{
	const struct corridor_steer *steer = w->steer;
	const struct corridor_steer_setting *s = &steer->setting;
	size_t segments = steer->hub->segment_count, count = segments + s->exit_count;
	uint32_t world = (uint32_t)steer->hub->site_count;
	struct corridor_ends *ends = arena_take(w->arena, (count + 1) * sizeof(*ends));
	if (!ends)
		return false;
	for (size_t i = 0; i < segments; i++) {
		struct corridor_ends e = s->plan->graph->ends[steer->by_rank[i]];
		ends[i] = (struct corridor_ends){w->site_rank[e.a], w->site_rank[e.b]};
	}
	for (size_t e = 0; e < s->exit_count; e++)
		ends[segments + e] = (struct corridor_ends){w->site_rank[s->exits[e].site], world};
	w->graph = corridor_graph_new(world + 1, ends, count);
	return w->graph != NULL;
}

/* What is left on a stretch, in parts; no more than all together bring, so that numbers are of one size. */
static uint64_t
left_on(const struct wishing *w, uint32_t stretch)
{
	uint64_t limit = w->steer->limit_bps[stretch], laid = w->steer->laid_bps[stretch];
	uint64_t left = limit > laid ? limit - laid : 0;
	return left < w->brought_bps ? parts_of(w, left) : PARTS;
}

static bool
take_capacities(struct wishing *w)
{
	const struct corridor_steer *steer = w->steer;
	size_t segments = steer->hub->segment_count, count = w->graph->segment_count;
	uint64_t *capacity = arena_take(w->arena, (2 * count + 1) * sizeof(*capacity));
	if (!capacity)
		return false;
	for (size_t i = 0; i < segments; i++)
		capacity[2 * i] = capacity[2 * i + 1] = left_on(w, steer->by_rank[i]);
	for (uint32_t e = 0; e < steer->setting.exit_count; e++)
		if (steer->port_first[e] == e && steer->setting.exits[e].everywhere)
			capacity[2 * (segments + e) + 1] = left_on(w, steer_door(steer, e));
	w->instance.capacity_bps = capacity;
	return true;
}

/* What is drained is used by nobody who is placed. */
static bool
take_costs(struct wishing *w)
{
	const struct corridor_steer *steer = w->steer;
	const struct corridor_steer_setting *s = &steer->setting;
	size_t segments = steer->hub->segment_count;
	uint64_t **all = arena_take(w->arena, (w->class_count + 1) * sizeof(*all));
	for (size_t c = 0; all && c < w->class_count; c++) {
		uint64_t *cost =
			arena_take(w->arena, (w->graph->segment_count + 1) * sizeof(*cost));
		if (!cost)
			return false;
		for (size_t i = 0; i < segments; i++) {
			uint64_t ns = steer->policy_cost[w->classes[c].policy][steer->by_rank[i]];
			cost[i] = ns < STEER_COST_DRAINED ? ns << CORRIDOR_HOP_BITS | 1
							  : CORRIDOR_CLOSED;
		}
		for (size_t e = 0; e < s->exit_count; e++) {
			uint32_t member = s->exits[e].member.number;
			bool own = member && member == w->classes[c].member.number;
			cost[segments + e] = own ? CORRIDOR_CLOSED : 1;
		}
		all[c] = cost;
	}
	w->instance.cost = (const uint64_t *const *)all;
	w->instance.class_count = w->class_count;
	return all != NULL;
}

static bool
is_same_demand(const struct mover *a, const struct mover *b)
{
	return a->class == b->class && a->site == b->site;
}

static bool
take_demands(struct wishing *w)
{
	size_t count = 0;
	w->demands = arena_take(w->arena, (w->mover_count + 1) * sizeof(*w->demands));
	if (!w->demands)
		return false;
	for (size_t i = 0; i < w->mover_count; i++) {
		const struct mover *m = &w->movers[i];
		if (i == 0 || !is_same_demand(m, m - 1))
			w->demands[count++] = (struct corridor_flow_demand){
				.from = (uint32_t)w->steer->hub->site_count,
				.to = m->site,
				.class = m->class,
			};
		w->demands[count - 1].bps += m->parts;
	}
	w->instance.demands = w->demands;
	w->instance.demand_count = count;
	return true;
}

/* NULL when it cannot be solved. */
static const struct corridor_flow *
solve(struct corridor_flow_work *work, enum corridor_steer_place place)
{
	const struct corridor_flow *flow;
	if (place == CORRIDOR_STEER_EVEN) {
		flow = corridor_flow_solve(work, CORRIDOR_FLOW_UTILISATION, NULL);
	} else {
		flow = corridor_flow_solve(work, CORRIDOR_FLOW_COST, NULL);
		if (flow && flow->served_total_bps < flow->asked_total_bps)
			flow = corridor_flow_solve(work, CORRIDOR_FLOW_FAIREST, NULL);
	}
	return flow ? flow : corridor_flow_solve(work, CORRIDOR_FLOW_FAIR, NULL);
}

/* --- ingresses on ways --- */

/* A way as segments of the hub, and its exit. False without memory. */
static bool
take_wish(struct wishing *w, struct steer_way *out, const struct corridor_flow *flow,
	  const struct corridor_flow_way *way)
{
	size_t segments = w->steer->hub->segment_count;
	uint32_t *steps = arena_take(w->arena, (way->count + 1) * sizeof(*steps));
	if (!steps)
		return false;
	for (uint32_t i = 1; i < way->count; i++)
		steps[way->count - 1 - i] = w->steer->by_rank[flow->arcs[way->first + i] / 2];
	uint32_t door = flow->arcs[way->first] / 2;
	*out = (struct steer_way){(uint32_t)(door - segments), steps, way->count - 1};
	return true;
}

/* Deals ways number `first` to before `end`, those of one demand, out to its movers. */
static bool
deal(struct wishing *w, struct steer_way *wishes, const struct corridor_flow *flow,
     const uint32_t first_and_end[2], const struct mover *movers, size_t count)
{
	uint32_t first = first_and_end[0], ways = first_and_end[1] - first;
	struct steer_way *taken = arena_take(w->arena, (ways + 1) * sizeof(*taken));
	uint64_t *left = arena_take(w->arena, (ways + 1) * sizeof(*left));
	if (!taken || !left)
		return false;
	for (uint32_t k = 0; k < ways; k++) {
		left[k] = flow->ways[first + k].bps;
		if (!take_wish(w, &taken[k], flow, &flow->ways[first + k]))
			return false;
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t most = 0;
		for (uint32_t k = 1; k < ways; k++)
			if (left[k] > left[most])
				most = k;
		if (ways == 0 || left[most] == 0)
			return true;
		wishes[movers[i].ingress] = taken[most];
		left[most] -= left[most] < movers[i].parts ? left[most] : movers[i].parts;
	}
	return true;
}

static bool
deal_all(struct wishing *w, struct steer_way *wishes, const struct corridor_flow *flow)
{
	uint32_t demand = 0, way = 0;
	for (size_t i = 0, end; i < w->mover_count; i = end, demand++) {
		uint32_t ways[2] = {way, way};
		for (end = i + 1; end < w->mover_count; end++)
			if (!is_same_demand(&w->movers[end], &w->movers[i]))
				break;
		while (ways[1] < flow->way_count && flow->ways[ways[1]].demand == demand)
			ways[1]++;
		if (!deal(w, wishes, flow, ways, &w->movers[i], end - i))
			return false;
		way = ways[1];
	}
	return true;
}

int
steer_wish(struct steer_way *wishes, const struct corridor_steer *steer, const bool *may_move,
	   struct arena *arena)
{
	struct wishing w = {.steer = steer, .arena = arena};
	struct corridor_flow_work *work = NULL;
	int failed = -1;
	for (size_t i = 0; i < steer->setting.ingress_count; i++)
		wishes[i] = (struct steer_way){.exit = HUB_NONE};
	if (!rank_sites(&w) || !take_movers(&w, may_move) || !take_graph(&w) ||
	    !take_capacities(&w) || !take_costs(&w) || !take_demands(&w))
		goto done;
	w.instance.graph = w.graph;
	work = corridor_flow_new(&w.instance, UINT32_MAX);
	const struct corridor_flow *flow = work ? solve(work, steer->setting.place) : NULL;
	failed = flow && deal_all(&w, wishes, flow) ? 0 : -1;
done:
	corridor_flow_free(work);
	corridor_graph_free(w.graph);
	return failed;
}
