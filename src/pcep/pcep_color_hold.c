/* Ways of colors that are held: left at once when they can no longer be gone, else only for what has been better for a
 * while. As with exits (corridor_steer.c), and by the same rules; each way has a budget of its own. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "pcep/pcep_color_parts.h"

enum { LOOK_AGAIN_MS = 5000 }; /* when there were too many changes of late */

/* --- names --- */

static void
add_names(struct buf *out, const char *const *names, size_t count)
{
	buf_u32(out, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		buf_put(out, names[i], strlen(names[i]) + 1);
}

/* What a color asks for; 0 without memory, which nothing else has. */
static uint64_t
terms_of(const struct hub_sr_color *color)
{
	struct buf text = {0};
	buf_u32(&text, color->color);
	buf_u32(&text, color->by);
	buf_u32(&text, color->latency_max_us);
	buf_u8(&text, color->srv6);
	add_names(&text, color->avoid, color->avoid_count);
	add_names(&text, color->require, color->require_count);
	uint64_t hash = text.failed ? 0 : hash_bytes(text.data, text.length) | 1;
	buf_fini(&text);
	return hash;
}

const struct pcep_color_names *
color_names_of(const struct hub *hub, struct arena *arena)
{
	struct pcep_color_names *n = arena_take(arena, sizeof(*n));
	if (!n)
		return NULL;
	n->routers = arena_take(arena, (hub->pcep.router_count + 1) * sizeof(*n->routers));
	n->segments = arena_take(arena, (hub->segment_count + 1) * sizeof(*n->segments));
	n->terms = arena_take(arena, (hub->sr_color_count + 1) * sizeof(*n->terms));
	if (!n->routers || !n->segments || !n->terms)
		return NULL;
	while (n->router_count < hub->pcep.router_count) {
		const char *name = hub->pcep.routers[n->router_count].name;
		if (!(n->routers[n->router_count++] = arena_str(arena, name)))
			return NULL;
	}
	while (n->segment_count < hub->segment_count) {
		const char *id = hub->segments[n->segment_count].id;
		if (!(n->segments[n->segment_count++] = arena_str(arena, id)))
			return NULL;
	}
	for (; n->color_count < hub->sr_color_count; n->color_count++)
		n->terms[n->color_count] = terms_of(&hub->sr_colors[n->color_count]);
	return n;
}

/* Room for `count` indices, all HUB_NONE. */
static uint32_t *
take_map(struct arena *arena, size_t count)
{
	uint32_t *map = arena_take(arena, (count + 1) * sizeof(*map));
	if (map)
		memset(map, 0xff, count * sizeof(*map));
	return map;
}

int
color_holding_make(struct color_holding *out, const struct hub *hub,
		   const struct pcep_color_names *names, const struct pcep_color_held *held,
		   struct arena *arena)
{
	const struct pcep_color_names *old = held->ways->names;
	*out = (struct color_holding){
		.ways = held->ways,
		.now_ms = held->now_ms,
		.color = take_map(arena, names->color_count),
		.router = take_map(arena, names->router_count),
		.segment = take_map(arena, old->segment_count),
	};
	if (!out->color || !out->router || !out->segment)
		return -1;
	for (uint32_t i = 0; i < names->color_count; i++)
		for (uint32_t k = 0; k < old->color_count; k++)
			if (names->terms[i] && names->terms[i] == old->terms[k])
				out->color[i] = k;
	for (uint32_t k = 0; k < old->router_count; k++) {
		uint32_t same = hub_router_by_name(hub, old->routers[k]);
		if (same != HUB_NONE)
			out->router[same] = k;
	}
	for (uint32_t k = 0; k < old->segment_count; k++)
		out->segment[k] = hub_segment_by_id(hub, old->segments[k]);
	return 0;
}

/* --- what is held --- */

/* NULL: nothing was known of that pair. */
static const struct pcep_color_way *
held_of(const struct color_holding *h, const struct painter *p, uint32_t from, uint32_t to)
{
	uint32_t color = (uint32_t)(p->color - p->plan->hub->sr_colors);
	const uint32_t wanted[] = {h->color[color], h->router[from], h->router[to], p->backup,
				   p->list};
	size_t low = 0, high = h->ways->count;
	if (wanted[0] == HUB_NONE || wanted[1] == HUB_NONE || wanted[2] == HUB_NONE)
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct pcep_color_way *way = &h->ways->ways[middle];
		const uint32_t is[] = {way->color, way->from, way->to, way->backup, way->list};
		int sign = 0;
		for (int i = 0; !sign && i < 5; i++)
			sign = (is[i] > wanted[i]) - (is[i] < wanted[i]);
		if (sign == 0)
			return way;
		if (sign < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* The held way with the segments of the picture at hand. False: one of them is gone, or there was no way; *out has no
 * steps then. */
static bool
translate(struct pcep_color_way *out, const struct color_holding *h,
	  const struct pcep_color_way *held, uint32_t *steps)
{
	*out = *held;
	out->steps = steps;
	for (size_t i = 0; i < held->step_count; i++) {
		steps[i] = h->segment[held->steps[i]];
		if (steps[i] == HUB_NONE)
			out->step_count = out->hop_count = 0;
	}
	return out->hop_count != 0;
}

static bool
same_steps(const struct pcep_color_way *held, const struct found *found)
{
	return found->there && held->step_count == found->step_count &&
	       memcmp(held->steps, found->steps, held->step_count * sizeof(*held->steps)) == 0;
}

/* --- deciding --- */

static struct corridor_damping_rules
rules_of(const struct painter *p)
{
	const struct hub_steering *steering = &p->plan->hub->steering;
	return (struct corridor_damping_rules){.hold_ms = p->color->return_s * 1000,
					       .half_life_ms = steering->half_life_s * 1000,
					       .moves = steering->moves};
}

/* Something better is there. True: it may be taken; else it waits, and is to be looked at again. */
static bool
may_change(struct pcep_color_ways *out, const struct painter *p, struct corridor_damping *damping)
{
	struct corridor_damping_rules rules = rules_of(p);
	int64_t now = p->holding->now_ms, due = now + LOOK_AGAIN_MS;
	switch (corridor_damping_better(damping, &rules, now)) {
	case CORRIDOR_DAMPING_TAKE:
		return true;
	case CORRIDOR_DAMPING_WAIT:
		due = damping->since_ms + rules.hold_ms;
		break;
	case CORRIDOR_DAMPING_REFUSE:
		break;
	}
	out->due_ms = due < out->due_ms ? due : out->due_ms;
	return false;
}

static int
add_with(struct pcep_color_ways *out, const struct painter *p, const uint32_t ends[2],
	 const struct corridor_damping *damping)
{
	if (color_add(out, p, ends[0], ends[1]) < 0)
		return -1;
	out->ways[out->count - 1].damping = *damping;
	out->ways[out->count - 1].waits = damping->waits;
	out->waiting += damping->waits;
	return 0;
}

/* There is another way than the one that is held, and both can be gone, or neither. Leaves in p->found and p->answer
 * what is to be. 0, or -1 without memory. */
static int
weigh(struct pcep_color_ways *out, struct painter *p, const uint32_t ends[2],
      const struct pcep_color_way *held, struct corridor_damping *damping)
{
	struct corridor_damping_rules rules = rules_of(p);
	struct found best = p->found;
	if (color_look(p, ends[0], ends[1], held) < 0)
		return -1;
	struct found present = p->found;
	bool worse = !present.there || present.drained > held->drained;
	bool same = present.there &&
		    (!best.there || (best.drained == present.drained && best.cost >= present.cost));
	if (!present.there || (worse && !same))
		corridor_damping_forced(damping, &rules, p->holding->now_ms);
	else if (same)
		corridor_damping_none(damping);
	if (same || (!worse && !may_change(out, p, damping)))
		return 0;
	return color_look(p, ends[0], ends[1], NULL);
}

int
color_decide(struct pcep_color_ways *out, struct painter *p, uint32_t from, uint32_t to)
{
	const uint32_t ends[2] = {from, to};
	const struct pcep_color_way *before = held_of(p->holding, p, from, to);
	struct pcep_color_way held;
	if (color_look(p, from, to, NULL) < 0)
		return -1;
	if (!before)
		return color_add(out, p, from, to);
	struct corridor_damping damping = before->damping;
	uint32_t *steps = arena_take(p->arena, (before->step_count + 1) * sizeof(*steps));
	if (!steps)
		return -1;
	bool led = translate(&held, p->holding, before, steps);
	if (led && !same_steps(&held, &p->found)) {
		if (weigh(out, p, ends, &held, &damping) < 0)
			return -1;
	} else if (before->hop_count && !led) {
		struct corridor_damping_rules rules = rules_of(p);
		corridor_damping_forced(&damping, &rules, p->holding->now_ms);
	} else if (!before->hop_count && p->found.there) {
		p->found.there = may_change(out, p, &damping);
	} else {
		corridor_damping_none(&damping);
	}
	return add_with(out, p, ends, &damping);
}
