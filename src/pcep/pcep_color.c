/* Ways of colors.
 *
 *	color ──terms──► conditions ──┬── and not over what is drained ──► the best way
 *	                              └── if there is none: over it too        │
 *	router, router ──► sites ─────────────────────────────────────► pcep_lay ──► hops */
#include "pcep/pcep_color.h"

#include <assert.h>
#include <string.h>

#include "corridor/corridor_best.h"
#include "corridor/corridor_terms.h"

enum { WAYS_TRIED = 32 }; /* under a bound of latency; docs/hub-file.md says so */

/* What holds while the ways of one color are looked for. */
struct painter {
	const struct pcep_plan *plan;
	const struct hub_sr_color *color;
	struct corridor_conditions careful, plain; /* without what is drained, and with it */
	bool drained;                              /* something is */
	enum corridor_measure measure;
	uint8_t setup_type;
	struct pcep_answer *answer;
};

static enum corridor_measure
measure_of(const struct hub_sr_color *color)
{
	static const enum corridor_measure measures[] = {
		[HUB_SR_BY_LENGTH] = CORRIDOR_BY_LENGTH,
		[HUB_SR_BY_PRICE] = CORRIDOR_BY_PRICE,
		[HUB_SR_BY_AVAILABILITY] = CORRIDOR_BY_UNAVAILABILITY,
		[HUB_SR_BY_HOPS] = CORRIDOR_BY_HOPS,
	};
	return measures[color->by];
}

static int
take_names(struct corridor_terms *terms, const char *option, const char *const *names, size_t count,
	   struct corridor_complaint *complaint)
{
	for (size_t i = 0; i < count; i++) {
		const char *words[] = {option, names[i]};
		size_t at = 0;
		if (corridor_terms_take(terms, words, 2, &at, complaint) != 1)
			return -1;
	}
	return 0;
}

/* 0, or -1 and the complaint: of status 500 when there is no memory. */
static int
take_conditions(struct corridor_conditions *out, const struct corridor_plan *plan,
		const struct hub_sr_color *color, struct arena *arena,
		struct corridor_complaint *complaint)
{
	struct corridor_terms terms = corridor_terms_of(plan, arena);
	if (take_names(&terms, "--avoid", color->avoid, color->avoid_count, complaint) < 0 ||
	    take_names(&terms, "--require", color->require, color->require_count, complaint) < 0)
		return -1;
	if (corridor_terms_conditions(out, &terms) == 0)
		return 0;
	corridor_complain(complaint, 500, "out of memory");
	return -1;
}

int
pcep_colors_check(const struct corridor_plan *plan, struct corridor_complaint *complaint)
{
	struct arena *arena = arena_new();
	struct corridor_conditions conditions;
	int result = arena ? 0 : -1;
	if (!arena)
		corridor_complain(complaint, 500, "out of memory");
	for (size_t i = 0; result == 0 && i < plan->hub->sr_color_count; i++)
		result = take_conditions(&conditions, plan, &plan->hub->sr_colors[i], arena,
					 complaint);
	arena_free(arena);
	return result;
}

/* 0, or -1 without memory. */
static int
add_drained(struct painter *p, const enum corridor_live *live, struct arena *arena)
{
	size_t count = p->plan->hub->segment_count, all = 0;
	uint32_t *without = arena_take(arena, (count + 1) * sizeof(*without));
	p->careful = p->plain;
	if (!without)
		return -1;
	for (uint32_t i = 0; live && i < count; i++)
		if (live[i] == CORRIDOR_DRAINED || live[i] == CORRIDOR_WORK)
			without[all++] = i;
	p->drained = all > 0;
	p->careful.without = without;
	p->careful.without_count = all;
	return 0;
}

/* Lays the best way that is short enough into p->answer. 1; 0: there is none; -1 without memory. */
static int
look(struct painter *p, struct corridor_wanted wanted, const struct pcep_item *item)
{
	struct corridor_best best;
	int found = 0;
	wanted.k = p->color->latency_max_us ? WAYS_TRIED : 1;
	if (corridor_best_find(&best, p->plan->corridor, &wanted) < 0)
		return -1;
	for (size_t i = 0; !found && i < best.paths.count; i++) {
		pcep_lay(p->answer, p->plan, item, &best.paths.paths[i]);
		found = p->answer->found &&
			(!p->color->latency_max_us ||
			 (double)p->answer->delay_us <= (double)p->color->latency_max_us);
	}
	corridor_paths_fini(&best.paths);
	return found;
}

static int
look_twice(struct painter *p, uint32_t from, uint32_t to)
{
	const struct hub_router *routers = p->plan->hub->pcep.routers;
	struct corridor_wanted wanted = {
		.ends = {routers[from].site, routers[to].site},
		.measure = p->measure,
		.conditions = &p->careful,
	};
	struct pcep_item item = {.from = hub_router_loopback(&routers[from]),
				 .to = hub_router_loopback(&routers[to]),
				 .setup_type = p->setup_type};
	int found = look(p, wanted, &item);
	wanted.conditions = &p->plain;
	return found || !p->drained ? found : look(p, wanted, &item);
}

/* 0, or -1 without memory. */
static int
add_way(struct pcep_color_ways *out, const struct painter *p, uint32_t from, uint32_t to)
{
	const struct pcep_route *route = &p->answer->route;
	size_t octets = route->count * sizeof(struct pcep_hop);
	assert(route->count);
	struct pcep_hop *hops = arena_take(out->arena, octets + 1);
	if (!hops)
		return -1;
	memcpy(hops, route->hops, octets);
	out->ways[out->count++] = (struct pcep_color_way){
		.color = (uint32_t)(p->color - p->plan->hub->sr_colors),
		.from = from,
		.to = to,
		.latency_us = (uint32_t)p->answer->delay_us,
		.hop_count = route->count,
		.hops = hops,
	};
	return 0;
}

static void
add_none(struct pcep_color_ways *out, const struct painter *p, uint32_t from, uint32_t to)
{
	out->missing++;
	out->ways[out->count++] = (struct pcep_color_way){
		.color = (uint32_t)(p->color - p->plan->hub->sr_colors), .from = from, .to = to};
}

static int
paint(struct pcep_color_ways *out, struct painter *p)
{
	const struct hub *hub = p->plan->hub;
	for (uint32_t from = 0; from < hub->pcep.router_count; from++) {
		if (!hub_sr_color_from(hub, p->color, from))
			continue;
		for (uint32_t to = 0; to < hub->pcep.router_count; to++) {
			if (to == from || !hub_sr_color_to(hub, p->color, to))
				continue;
			if (out->count == PCEP_COLOR_WAYS_MAX) {
				out->over++;
				continue;
			}
			int found = look_twice(p, from, to);
			if (found < 0 || (found && add_way(out, p, from, to) < 0))
				return -1;
			if (!found)
				add_none(out, p, from, to);
		}
	}
	return 0;
}

static int
find_all(struct pcep_color_ways *out, const struct pcep_plan *plan, const enum corridor_live *live,
	 struct pcep_answer *answer)
{
	struct corridor_complaint complaint;
	for (size_t i = 0; i < plan->hub->sr_color_count; i++) {
		const struct hub_sr_color *color = &plan->hub->sr_colors[i];
		struct painter p = {.plan = plan,
				    .color = color,
				    .measure = measure_of(color),
				    .setup_type = color->srv6 ? PCEP_SETUP_SRV6 : PCEP_SETUP_SR,
				    .answer = answer};
		if (take_conditions(&p.plain, plan->corridor, color, out->arena, &complaint) < 0) {
			if (complaint.status == 500)
				return -1;
			continue;
		}
		if (add_drained(&p, live, out->arena) < 0 || paint(out, &p) < 0)
			return -1;
	}
	return 0;
}

/* Pairs of all colors. */
static size_t
count_pairs(const struct hub *hub)
{
	size_t pairs = 0;
	for (size_t i = 0; i < hub->sr_color_count; i++) {
		size_t from = 0, to = 0;
		for (uint32_t r = 0; r < hub->pcep.router_count; r++) {
			from += hub_sr_color_from(hub, &hub->sr_colors[i], r);
			to += hub_sr_color_to(hub, &hub->sr_colors[i], r);
		}
		pairs += from * to;
	}
	return pairs < PCEP_COLOR_WAYS_MAX ? pairs : PCEP_COLOR_WAYS_MAX;
}

int
pcep_color_ways_find(struct pcep_color_ways *out, const struct pcep_plan *plan,
		     const enum corridor_live *live)
{
	*out = (struct pcep_color_ways){.arena = arena_new()};
	struct pcep_answer *answer = out->arena ? arena_take(out->arena, sizeof(*answer)) : NULL;
	if (answer)
		out->ways =
			arena_take(out->arena, (count_pairs(plan->hub) + 1) * sizeof(*out->ways));
	if (answer && out->ways && find_all(out, plan, live, answer) == 0)
		return 0;
	pcep_color_ways_fini(out);
	return -1;
}

void
pcep_color_ways_fini(struct pcep_color_ways *ways)
{
	arena_free(ways->arena);
	*ways = (struct pcep_color_ways){0};
}

void
pcep_color_route(struct pcep_route *out, const struct pcep_color_way *way)
{
	assert(way->hop_count <= PCEP_HOPS_MAX);
	out->count = way->hop_count;
	memcpy(out->hops, way->hops, way->hop_count * sizeof(*way->hops));
}
