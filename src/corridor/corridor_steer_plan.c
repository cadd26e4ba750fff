/* What is held, as a plan for the exchange. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "corridor/corridor_steer_parts.h"

static bool
rests_on_estimates(const struct corridor_plan *plan, const struct choice *way)
{
	for (uint32_t i = 0; i < way->step_count; i++)
		if (plan->segments[way->steps[i]].length_km.basis == HUB_ESTIMATED)
			return true;
	return false;
}

/* Micro US dollars for a Mbit/s and month. */
static uint64_t
price_of(const struct corridor_plan *plan, const struct choice *way)
{
	double price = 0;
	for (uint32_t i = 0; i < way->step_count; i++)
		price += fmax(plan->segments[way->steps[i]].price.value, 0);
	return price < 1e12 ? (uint64_t)(price * 1e6 + 0.5) : (uint64_t)1e18;
}

static uint32_t
metric_of(uint64_t cost)
{
	uint64_t us = (cost + 500) / 1000;
	return us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

/* An exit and what it costs, to be sorted. */
struct place {
	uint64_t cost;
	uint32_t exit;
};

static int
by_cost(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	if (x->cost != y->cost)
		return x->cost < y->cost ? -1 : 1;
	return x->exit < y->exit ? -1 : x->exit > y->exit;
}

/* Ways that were drawn, one after the other, each once; found again by what they lead over: open addressing. */
struct drawn_way {
	uint32_t first, count; /* 0: none */
};
struct drawn_ways {
	uint32_t *steps;
	size_t step_count, step_room;
	struct drawn_way *slots;
	size_t way_count, mask;
};

static void
ways_fini(struct drawn_ways *ways)
{
	free(ways->steps);
	free(ways->slots);
}

static size_t
place_of(const struct drawn_ways *ways, const uint32_t *steps, size_t count)
{
	size_t octets = count * sizeof(*steps), at = hash_bytes(steps, octets) & ways->mask;
	while (ways->slots[at].count &&
	       (ways->slots[at].count != count ||
		memcmp(ways->steps + ways->slots[at].first, steps, octets) != 0))
		at = (at + 1) & ways->mask;
	return at;
}

/* Room for one more way. False without memory. */
static bool
ways_reserve(struct drawn_ways *ways, size_t count)
{
	enum { FEW = 1024 };
	size_t room = ways->step_room ? ways->step_room : FEW;
	while (room < ways->step_count + count)
		room *= 2;
	uint32_t *steps =
		room == ways->step_room ? ways->steps : realloc(ways->steps, room * sizeof(*steps));
	if (!steps)
		return false;
	ways->steps = steps;
	ways->step_room = room;
	if (ways->slots && ways->way_count * 2 <= ways->mask)
		return true;
	size_t size = ways->slots ? (ways->mask + 1) * 2 : FEW, before = ways->mask + 1;
	struct drawn_way *old = ways->slots, *slots = calloc(size, sizeof(*slots));
	if (!slots)
		return false;
	ways->slots = slots;
	ways->mask = size - 1;
	for (size_t i = 0; old && i < before; i++)
		if (old[i].count)
			slots[place_of(ways, steps + old[i].first, old[i].count)] = old[i];
	free(old);
	return true;
}

/* Where the way begins among all steps; it is put there if it is not among them. False without memory. */
static bool
ways_take(uint32_t *first, struct drawn_ways *ways, const struct choice *choice)
{
	size_t count = choice->step_count;
	*first = (uint32_t)ways->step_count;
	if (!count)
		return true;
	if (!ways_reserve(ways, count))
		return false;
	struct drawn_way *way = &ways->slots[place_of(ways, choice->steps, count)];
	if (!way->count) {
		*way = (struct drawn_way){*first, (uint32_t)count};
		memcpy(ways->steps + *first, choice->steps, count * sizeof(*ways->steps));
		ways->step_count += count;
		ways->way_count++;
	}
	*first = way->first;
	return true;
}

/* False without memory. */
static bool
put_choice(struct steer_plan *out, const struct corridor_steer *steer, const struct choice *choice,
	   uint32_t exit, struct drawn_ways *ways)
{
	const struct corridor_plan *plan = steer->setting.plan;
	struct steer_choice *to = &out->choices[out->choice_count++];
	bool closed = choice->cost == CORRIDOR_CLOSED;
	*to = (struct steer_choice){
		.exit = exit,
		.metric = metric_of(choice->cost),
		.latency_us = corridor_steer_latency_us(plan, choice->steps, choice->step_count),
		.price = price_of(plan, choice),
		.flags = closed ? STEER_CLOSED : 0,
		.step_count = choice->step_count,
	};
	if (!closed && choice->cost % STEER_COST_DRAINED >= STEER_COST_FULL)
		to->flags |= STEER_FULL;
	if (rests_on_estimates(plan, choice))
		to->flags |= STEER_ESTIMATED;
	return ways_take(&to->first_step, ways, choice);
}

/* What the drawing goes by. */
struct drawing {
	const struct choice *told;
	struct place *places;
	struct steer_marks marks;
	struct drawn_ways ways;
};

/* False without memory. */
static bool
put_ingress(struct steer_plan *out, const struct corridor_steer *steer, size_t index,
	    struct drawing *drawing)
{
	const struct corridor_steer_setting *s = &steer->setting;
	const struct choice *choices = &drawing->told[index * s->exit_count];
	struct place *places = drawing->places;
	for (uint32_t e = 0; e < s->exit_count; e++)
		places[e] = (struct place){choices[e].known ? choices[e].cost : CORRIDOR_CLOSED, e};
	qsort(places, s->exit_count, sizeof(*places), by_cost);
	out->ingresses[out->ingress_count++] = (struct steer_ingress){
		.site = s->ingresses[index].site,
		.member = s->ingresses[index].member,
		.first_choice = (uint32_t)out->choice_count,
		.choice_count = (uint32_t)s->exit_count,
	};
	for (size_t i = 0; i < s->exit_count; i++) {
		const struct choice *choice = &choices[places[i].exit];
		if (!put_choice(out, steer, choice, places[i].exit, &drawing->ways))
			return false;
		if (places[i].cost == CORRIDOR_CLOSED)
			continue;
		if (i == 0)
			steer_mark_way(&drawing->marks, s->plan, choice);
		else if (!steer_shares_with_marked(&drawing->marks, s->plan, choice))
			out->choices[out->choice_count - 1].flags |= STEER_BACKUP;
	}
	return true;
}

static bool
take_tables(struct steer_plan *out, const struct corridor_steer_setting *s, struct arena *arena)
{
	const struct hub *hub = s->plan->hub;
	size_t choices = s->ingress_count * s->exit_count;
	out->sites = arena_take(arena, (hub->site_count + 1) * sizeof(*out->sites));
	out->segments = arena_take(arena, (hub->segment_count + 1) * sizeof(*out->segments));
	out->exits = arena_take(arena, (s->exit_count + 1) * sizeof(*out->exits));
	out->ingresses = arena_take(arena, (s->ingress_count + 1) * sizeof(*out->ingresses));
	out->choices = arena_take(arena, (choices + 1) * sizeof(*out->choices));
	if (!out->sites || !out->segments || !out->exits || !out->ingresses || !out->choices)
		return false;
	for (size_t i = 0; i < hub->site_count; i++)
		out->sites[out->site_count++] = hub->sites[i].id;
	for (size_t i = 0; i < hub->segment_count; i++)
		out->segments[out->segment_count++] = hub->segments[i].id;
	for (size_t i = 0; i < s->exit_count; i++)
		out->exits[out->exit_count++] =
			(struct steer_exit){s->exits[i].session, s->exits[i].site};
	return true;
}

static bool
take_steps(struct steer_plan *out, const struct drawn_ways *ways, struct arena *arena)
{
	size_t octets = ways->step_count * sizeof(*out->steps);
	out->steps = arena_take(arena, octets + sizeof(*out->steps));
	if (!out->steps)
		return false;
	if (octets)
		memcpy(out->steps, ways->steps, octets);
	out->step_count = ways->step_count;
	return true;
}

int
corridor_steer_plan(struct steer_plan *out, const struct corridor_steer *steer, struct arena *arena)
{
	const struct corridor_steer_setting *s = &steer->setting;
	struct steer_plan plan = {.why = ""};
	struct drawing drawing = {
		.told = steer_told(steer, arena),
		.places = arena_take(arena, (s->exit_count + 1) * sizeof(struct place)),
	};
	bool good = drawing.told && drawing.places &&
		    steer_marks_init(&drawing.marks, s->plan, arena) &&
		    take_tables(&plan, s, arena);
	for (size_t i = 0; good && i < s->ingress_count; i++)
		good = put_ingress(&plan, steer, i, &drawing);
	bool fits = drawing.ways.step_count <= STEER_STEPS_MAX;
	good = good && fits && take_steps(&plan, &drawing.ways, arena);
	ways_fini(&drawing.ways);
	if (good)
		*out = plan;
	else
		errno = fits ? ENOMEM : EOVERFLOW;
	return good ? 0 : -1;
}
