/* What is held outlives the picture that it was worked out for. */
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_steer_parts.h"

/* The same stretch in another picture: its index, or HUB_NONE. */
static uint32_t
segment_in(const struct hub *to, const struct hub *from, uint32_t segment)
{
	const struct hub_segment *old = &from->segments[segment];
	uint32_t index = hub_segment_by_id(to, old->id);
	if (index == HUB_NONE)
		return HUB_NONE;
	const struct hub_segment *new = &to->segments[index];
	bool same = strcmp(to->sites[new->a].id, from->sites[old->a].id) == 0 &&
		    strcmp(to->sites[new->b].id, from->sites[old->b].id) == 0;
	return same ? index : HUB_NONE;
}

static uint32_t
exit_in(const struct corridor_steer *to, const struct corridor_steer *from, size_t exit)
{
	const struct corridor_steer_exit *old = &from->setting.exits[exit];
	for (uint32_t e = 0; e < to->setting.exit_count; e++) {
		const struct corridor_steer_exit *new = &to->setting.exits[e];
		if (strcmp(new->session, old->session) == 0)
			return strcmp(to->hub->sites[new->site].id,
				      from->hub->sites[old->site].id) == 0
				       ? e
				       : HUB_NONE;
	}
	return HUB_NONE;
}

/* Where each old number is now; HUB_NONE: nowhere. */
struct map {
	uint32_t *segments, *exits;
};

/* A way that is not whole in the new picture is left: it is worked out anew. False without memory. */
static bool
adopt_choice(struct choice *to, const struct choice *from, const struct map *map)
{
	if (!from->known || !steer_reserve_steps(to, from->step_count))
		return !from->known;
	for (uint32_t i = 0; i < from->step_count; i++) {
		to->steps[i] = map->segments[from->steps[i]];
		if (to->steps[i] == HUB_NONE)
			return true;
	}
	to->known = true;
	to->cost = from->cost;
	to->step_count = from->step_count;
	to->damping = from->damping;
	to->waits_for_other = from->waits_for_other;
	return true;
}

static bool
adopt_ingress(struct corridor_steer *to, size_t ingress, const struct corridor_steer *from,
	      const struct map *map)
{
	const struct corridor_steer_ingress *in = &to->setting.ingresses[ingress];
	size_t exits = from->setting.exit_count;
	bool whole = true;
	for (size_t i = 0; i < from->setting.ingress_count; i++) {
		const struct corridor_steer_ingress *old = &from->setting.ingresses[i];
		if (old->member.number != in->member.number ||
		    strcmp(from->hub->sites[old->site].id, to->hub->sites[in->site].id) != 0)
			continue;
		to->stays[ingress] = from->stays[i];
		for (size_t e = 0; e < exits; e++)
			if (map->exits[e] != HUB_NONE)
				whole &=
					adopt_choice(&to->choices[ingress * to->setting.exit_count +
								  map->exits[e]],
						     &from->choices[i * exits + e], map);
		break;
	}
	return whole;
}

int
corridor_steer_adopt(struct corridor_steer *to, const struct corridor_steer *from)
{
	bool whole = true;
	size_t segments = from->hub->segment_count;
	struct map map = {
		.segments = calloc(segments + 1, sizeof(uint32_t)),
		.exits = calloc(from->setting.exit_count + 1, sizeof(uint32_t)),
	};
	if (!map.segments || !map.exits) {
		whole = false;
		goto done;
	}
	for (uint32_t s = 0; s < segments; s++)
		map.segments[s] = segment_in(to->hub, from->hub, s);
	for (size_t e = 0; e < from->setting.exit_count; e++)
		map.exits[e] = exit_in(to, from, e);
	for (size_t i = 0; i < to->setting.ingress_count; i++)
		whole &= adopt_ingress(to, i, from, &map);
done:
	free(map.segments);
	free(map.exits);
	return whole ? 0 : -1;
}

/* --- what an earlier process told --- */

static uint32_t
told_exit(const struct corridor_steer *to, const struct steer_plan *told,
	  const struct steer_exit *exit)
{
	for (uint32_t e = 0; e < to->setting.exit_count; e++)
		if (strcmp(to->setting.exits[e].session, exit->session) == 0)
			return strcmp(to->hub->sites[to->setting.exits[e].site].id,
				      told->sites[exit->site]) == 0
				       ? e
				       : HUB_NONE;
	return HUB_NONE;
}

/* In nanoseconds, as the plan rounds them. */
static uint64_t
told_cost(const struct steer_choice *choice)
{
	if (choice->flags & STEER_CLOSED)
		return CORRIDOR_CLOSED;
	uint64_t cost = (uint64_t)choice->metric * 1000;
	return choice->flags & STEER_FULL && steer_level(cost) == 0 ? STEER_COST_FULL : cost;
}

/* Does what is held lead from one site to the other? */
static bool
leads(const struct corridor_steer *steer, const struct choice *way, uint32_t from, uint32_t to)
{
	for (uint32_t i = 0; i < way->step_count; i++) {
		const struct hub_segment *s = &steer->hub->segments[way->steps[i]];
		if (s->a != from && s->b != from)
			return false;
		from = s->a == from ? s->b : s->a;
	}
	return from == to;
}

/* False without memory. */
static bool
recall_choice(struct corridor_steer *to, size_t ingress, const struct steer_plan *told,
	      const struct steer_choice *choice, const struct map *map)
{
	const struct corridor_steer_setting *s = &to->setting;
	uint32_t exit = map->exits[choice->exit];
	if (exit == HUB_NONE)
		return true;
	struct choice *held = &to->choices[ingress * s->exit_count + exit];
	if (!steer_reserve_steps(held, choice->step_count))
		return false;
	for (uint32_t i = 0; i < choice->step_count; i++) {
		held->steps[i] = map->segments[told->steps[choice->first_step + i]];
		if (held->steps[i] == HUB_NONE)
			return true;
	}
	held->cost = told_cost(choice);
	held->step_count = choice->step_count;
	held->known = held->cost == CORRIDOR_CLOSED
			      ? !held->step_count
			      : leads(to, held, s->ingresses[ingress].site, s->exits[exit].site);
	if (!held->known)
		held->step_count = 0;
	return true;
}

/* Where the plan tells of that very ingress, or NULL. */
static const struct steer_ingress *
told_ingress(const struct corridor_steer *to, const struct steer_plan *told, size_t ingress)
{
	const struct corridor_steer_ingress *in = &to->setting.ingresses[ingress];
	uint32_t site = steer_site(told, to->hub->sites[in->site].id);
	const struct steer_ingress *found =
		site == UINT32_MAX ? NULL : steer_ingress_of(told, site, in->member);
	return found && found->member.number == in->member.number ? found : NULL;
}

int
corridor_steer_recall(struct corridor_steer *to, const struct steer_plan *told)
{
	bool whole = true;
	struct map map = {
		.segments = calloc(told->segment_count + 1, sizeof(uint32_t)),
		.exits = calloc(told->exit_count + 1, sizeof(uint32_t)),
	};
	if (!map.segments || !map.exits) {
		whole = false;
		goto done;
	}
	for (size_t s = 0; s < told->segment_count; s++)
		map.segments[s] = hub_segment_by_id(to->hub, told->segments[s]);
	for (size_t e = 0; e < told->exit_count; e++)
		map.exits[e] = told_exit(to, told, &told->exits[e]);
	for (size_t i = 0; i < to->setting.ingress_count; i++) {
		const struct steer_ingress *in = told_ingress(to, told, i);
		for (uint32_t c = 0; in && c < in->choice_count; c++)
			whole &= recall_choice(to, i, told, &told->choices[in->first_choice + c],
					       &map);
	}
done:
	free(map.segments);
	free(map.exits);
	return whole ? 0 : -1;
}
