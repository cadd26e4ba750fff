/* Ways of colors.
 *
 *	color ──terms──► conditions ──┬── and not over what is drained ──► the best way
 *	                              └── if there is none: over it too        │
 *	router, router ──► sites ─────────────────────────────────────► pcep_lay ──► hops */
#include "pcep/pcep_color.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_terms.h"
#include "pcep/pcep_color_parts.h"

enum { WAYS_TRIED = 32 }; /* under a bound of latency; docs/hub-file.md says so */

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
	for (size_t i = 0; result == 0 && i < plan->hub->sr_color_count; i++) {
		struct corridor_complaint why;
		result = take_conditions(&conditions, plan, &plan->hub->sr_colors[i], arena, &why);
		if (result < 0)
			corridor_complain(complaint, why.status, "color %u: %s",
					  (unsigned)plan->hub->sr_colors[i].color, why.text);
	}
	arena_free(arena);
	return result;
}

/* 0, or -1 without memory. */
static int
add_drained(struct painter *p)
{
	size_t count = p->plan->hub->segment_count, all = 0;
	uint32_t *without = arena_take(p->arena, (count + 1) * sizeof(*without));
	p->careful = p->plain;
	if (!without)
		return -1;
	for (uint32_t i = 0; i < count; i++) {
		bool barred = p->barred && p->barred[i];
		bool drained =
			p->live && (p->live[i] == CORRIDOR_DRAINED || p->live[i] == CORRIDOR_WORK);
		p->drained |= drained;
		if (drained || barred)
			without[all++] = i;
	}
	p->careful.without = without;
	p->careful.without_count = all;
	return 0;
}

/* Keeps the way that was laid last. 0, or -1 without memory. */
static int
keep_found(struct painter *p, const struct corridor_path *way, bool drained)
{
	size_t octets = way->segment_count * sizeof(uint32_t);
	uint32_t *steps = arena_take(p->arena, octets + 1);
	if (!steps)
		return -1;
	if (octets)
		memcpy(steps, way->segments, octets);
	p->found = (struct found){
		.there = true,
		.drained = drained,
		.cost = corridor_best_cost(p->plan->corridor, p->measure, way),
		.steps = steps,
		.step_count = way->segment_count,
	};
	return 0;
}

/* The best way that is short enough, under these conditions. 0, or -1 without memory. */
static int
look(struct painter *p, struct corridor_wanted wanted, const struct pcep_item *item)
{
	struct corridor_best best;
	int result = 0;
	bool found = false;
	wanted.k = p->color->latency_max_us ? WAYS_TRIED : 1;
	if (corridor_best_find(&best, p->plan->corridor, &wanted) < 0)
		return -1;
	for (size_t i = 0; !found && i < best.paths.count; i++) {
		pcep_lay(p->answer, p->plan, item, &best.paths.paths[i]);
		found = p->answer->found &&
			(!p->color->latency_max_us ||
			 (double)p->answer->delay_us <= (double)p->color->latency_max_us);
		if (found)
			result = keep_found(p, &best.paths.paths[i],
					    wanted.conditions != &p->careful);
	}
	corridor_paths_fini(&best.paths);
	return result;
}

/* The conditions, and nothing but the way's own segments; `others` has room for all. */
static struct corridor_conditions
narrow(const struct painter *p, const struct pcep_color_way *way, uint32_t *others)
{
	struct corridor_conditions only = p->plain;
	only.without = others;
	only.without_count = 0;
	for (uint32_t i = 0; i < p->plan->hub->segment_count; i++) {
		bool own = false;
		for (size_t k = 0; k < way->step_count; k++)
			own |= way->steps[k] == i;
		if (!own || (p->barred && p->barred[i]))
			others[only.without_count++] = i;
	}
	return only;
}

static bool
runs_over_drained(const struct painter *p)
{
	for (size_t i = 0; p->live && i < p->found.step_count; i++) {
		enum corridor_live live = p->live[p->found.steps[i]];
		if (live == CORRIDOR_DRAINED || live == CORRIDOR_WORK)
			return true;
	}
	return false;
}

/* A list beside the way is none when it costs too much more, or leads over what is drained. */
static void
drop_unfit_list(struct painter *p)
{
	if (p->list && (p->found.cost > p->cost_most || runs_over_drained(p)))
		p->found.there = false;
}

int
color_look(struct painter *p, uint32_t from, uint32_t to, const struct pcep_color_way *within)
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
	p->found = (struct found){.there = false};
	if (within) {
		uint32_t *others = calloc(p->plan->hub->segment_count + 1, sizeof(*others));
		if (!others)
			return -1;
		struct corridor_conditions only = narrow(p, within, others);
		wanted.conditions = &only;
		int result = look(p, wanted, &item);
		p->found.drained = runs_over_drained(p);
		drop_unfit_list(p);
		free(others);
		return result;
	}
	int result = look(p, wanted, &item);
	wanted.conditions = &p->plain;
	if (result == 0 && !p->found.there && p->drained && !p->list)
		result = look(p, wanted, &item);
	drop_unfit_list(p);
	return result;
}

/* What the narrowest of the segments carries; 0: one is not known. */
static uint32_t
gbps_of(const struct painter *p)
{
	enum { GIGABIT = 1000000000 };
	uint64_t least = UINT32_MAX;
	for (size_t i = 0; i < p->found.step_count; i++) {
		const struct corridor_segment *s = &p->plan->corridor->segments[p->found.steps[i]];
		uint64_t gbps = s->capacity_bps / GIGABIT;
		if (s->assumed || !s->capacity_bps)
			return 0;
		least = gbps < least ? gbps : least;
	}
	return p->found.step_count ? (uint32_t)(least ? least : 1) : 0;
}

int
color_add(struct pcep_color_ways *out, const struct painter *p, uint32_t from, uint32_t to)
{
	const struct pcep_route *route = &p->answer->route;
	size_t octets = p->found.there ? route->count * sizeof(struct pcep_hop) : 0;
	struct pcep_hop *hops = arena_take(out->arena, octets + 1);
	if (!hops)
		return -1;
	struct pcep_color_way *way = &out->ways[out->count++];
	*way = (struct pcep_color_way){.color = (uint32_t)(p->color - p->plan->hub->sr_colors),
				       .from = from,
				       .to = to,
				       .backup = p->backup,
				       .list = p->list};
	if (!p->found.there) {
		out->missing += !p->barred;
		return 0;
	}
	assert(route->count);
	memcpy(hops, route->hops, octets);
	way->latency_us = (uint32_t)p->answer->delay_us;
	way->drained = p->found.drained;
	way->gbps = gbps_of(p);
	way->hop_count = route->count;
	way->hops = hops;
	way->steps = p->found.steps;
	way->step_count = p->found.step_count;
	return 0;
}

/* Finds the way between two routers, or goes by what is held. 0, or -1 without memory. */
static int
paint_way(struct pcep_color_ways *out, struct painter *p, uint32_t from, uint32_t to)
{
	if (p->holding)
		return color_decide(out, p, from, to);
	return color_look(p, from, to, NULL) < 0 ? -1 : color_add(out, p, from, to);
}

/* Bars the segments of the ways that were added last, and for a backup those that share a risk with one. NULL without memory. */
static const bool *
bar(const struct painter *p, const struct pcep_color_way *ways, size_t way_count)
{
	const struct corridor_plan *plan = p->plan->corridor;
	const struct corridor_relation *r = &plan->classes[CORRIDOR_RISKS];
	size_t count = plan->hub->segment_count;
	bool *barred = arena_take(p->arena, count + 1);
	bool *risks = arena_take(p->arena, r->count + 1);
	if (!barred || !risks)
		return NULL;
	for (size_t w = 0; w < way_count; w++)
		for (size_t i = 0; i < ways[w].step_count; i++) {
			uint32_t s = ways[w].steps[i];
			barred[s] = true;
			for (uint32_t k = r->first[s]; p->backup && k < r->first[s + 1]; k++)
				risks[r->of[k]] = true;
		}
	for (uint32_t s = 0; s < count; s++)
		for (uint32_t k = r->first[s]; k < r->first[s + 1]; k++)
			barred[s] |= risks[r->of[k]];
	return barred;
}

/* Adds what stands apart from the `count` ways that were added last, a backup or a list beside them, if there is one to be had; else
 * one that leads nowhere. 0, or -1 without memory. */
static int
paint_apart(struct pcep_color_ways *out, struct painter *apart, const uint32_t ends[2],
	    size_t count)
{
	const struct pcep_color_way *ways = &out->ways[out->count - count];
	size_t barred = 0, segments = apart->plan->hub->segment_count;
	apart->drained = false;
	apart->barred = bar(apart, ways, count);
	uint32_t *without =
		apart->barred ? arena_take(apart->arena, (segments + 1) * sizeof(*without)) : NULL;
	if (!without)
		return -1;
	for (uint32_t i = 0; i < segments; i++)
		if (apart->barred[i])
			without[barred++] = i;
	apart->plain.without = without;
	apart->plain.without_count = barred;
	if (add_drained(apart) < 0)
		return -1;
	if (ways->step_count)
		return paint_way(out, apart, ends[0], ends[1]);
	/* No way, or one that crosses nothing: there is nothing to stand apart from. */
	apart->found = (struct found){.there = false};
	return color_add(out, apart, ends[0], ends[1]);
}

/* The way between two routers, and what stands beside it where BGP tells it. 0, or -1 without memory. */
static int
paint_pair(struct pcep_color_ways *out, struct painter *p, uint32_t from, uint32_t to, bool by_bgp)
{
	const uint32_t ends[2] = {from, to};
	uint32_t lists = by_bgp ? p->color->lists : 1;
	if (paint_way(out, p, from, to) < 0)
		return -1;
	uint64_t most = p->found.cost + p->found.cost / 100 * p->color->lists_percent +
			p->found.cost % 100 * p->color->lists_percent / 100;
	for (uint8_t list = 1; list < lists; list++) {
		struct painter beside = *p;
		beside.list = list;
		beside.cost_most = most;
		if (paint_apart(out, &beside, ends, list) < 0)
			return -1;
	}
	struct painter backup = *p;
	backup.backup = true;
	return by_bgp && p->color->backup ? paint_apart(out, &backup, ends, lists) : 0;
}

static int
paint(struct pcep_color_ways *out, struct painter *p)
{
	const struct hub *hub = p->plan->hub;
	for (uint32_t from = 0; from < hub->pcep.router_count; from++) {
		if (!hub_sr_color_from(hub, p->color, from))
			continue;
		/* By PCEP only one path is made: FRR gives all that are the same preference, and keeps one of each. */
		bool by_bgp = hub->pcep.routers[from].session_id != NULL;
		size_t more = by_bgp ? p->color->lists - 1 + p->color->backup : 0;
		for (uint32_t to = 0; to < hub->pcep.router_count; to++) {
			if (to == from || !hub_sr_color_to(hub, p->color, to))
				continue;
			if (out->count + more >= PCEP_COLOR_WAYS_MAX) {
				out->over++;
				continue;
			}
			if (paint_pair(out, p, from, to, by_bgp) < 0)
				return -1;
		}
	}
	return 0;
}

static int
find_all(struct pcep_color_ways *out, const struct pcep_plan *plan, const enum corridor_live *live,
	 const struct pcep_color_held *held, struct pcep_answer *answer)
{
	struct corridor_complaint complaint;
	struct color_holding holding;
	if (held && color_holding_make(&holding, plan->hub, out->names, held, out->arena) < 0)
		return -1;
	for (size_t i = 0; i < plan->hub->sr_color_count; i++) {
		const struct hub_sr_color *color = &plan->hub->sr_colors[i];
		struct painter p = {.plan = plan,
				    .color = color,
				    .arena = out->arena,
				    .live = live,
				    .holding = held ? &holding : NULL,
				    .measure = measure_of(color),
				    .setup_type = color->srv6 ? PCEP_SETUP_SRV6 : PCEP_SETUP_SR,
				    .answer = answer};
		if (take_conditions(&p.plain, plan->corridor, color, out->arena, &complaint) < 0) {
			if (complaint.status == 500)
				return -1;
			continue;
		}
		if (add_drained(&p) < 0 || paint(out, &p) < 0)
			return -1;
	}
	return 0;
}

/* Pairs of all colors, with all that may stand beside each. */
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
		pairs += from * to * (hub->sr_colors[i].lists + hub->sr_colors[i].backup);
	}
	return pairs < PCEP_COLOR_WAYS_MAX ? pairs : PCEP_COLOR_WAYS_MAX;
}

int
pcep_color_ways_hold(struct pcep_color_ways *out, const struct pcep_plan *plan,
		     const enum corridor_live *live, const struct pcep_color_held *held)
{
	*out = (struct pcep_color_ways){.arena = arena_new(), .due_ms = INT64_MAX};
	struct pcep_answer *answer = out->arena ? arena_take(out->arena, sizeof(*answer)) : NULL;
	if (answer) {
		out->ways =
			arena_take(out->arena, (count_pairs(plan->hub) + 1) * sizeof(*out->ways));
		out->names = color_names_of(plan->hub, out->arena);
	}
	if (held && !held->ways->names)
		held = NULL;
	if (answer && out->ways && out->names && find_all(out, plan, live, held, answer) == 0)
		return 0;
	pcep_color_ways_fini(out);
	return -1;
}

int
pcep_color_ways_find(struct pcep_color_ways *out, const struct pcep_plan *plan,
		     const enum corridor_live *live)
{
	return pcep_color_ways_hold(out, plan, live, NULL);
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
	if (way->hop_count)
		memcpy(out->hops, way->hops, way->hop_count * sizeof(*way->hops));
}

uint32_t
pcep_color_weight(const struct pcep_color_ways *ways, const struct pcep_color_way *way)
{
	assert(way->hop_count);
	if (way->backup)
		return 1;
	const struct pcep_color_way *first = way - way->list, *end = ways->ways + ways->count;
	size_t lists = 0;
	for (const struct pcep_color_way *one = first;
	     one < end && !one->backup && (one == first || one->list); one++) {
		lists += one->hop_count != 0;
		if (one->hop_count && !one->gbps)
			return 1;
	}
	return lists > 1 ? way->gbps : 1;
}
