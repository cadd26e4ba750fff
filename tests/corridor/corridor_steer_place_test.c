/* Placing together: never worse than taking turns, the same at any scale and in any order of rows, within the budget. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_flow.h"
#include "corridor/corridor_steer.h"
#include "hubs.h"
#include "steer_held.h"
#include "tap.h"

enum { SITES = 8, SEGMENTS = 16, EXITS = 4, FEW = 20, MANY = 160 };

/* A hub by chance, of which much is full. */
struct field {
	struct test_hub hub;
	struct corridor_plan *plan;
	struct corridor_steer_policy policy;
	struct corridor_steer_exit exits[EXITS];
	struct corridor_steer_ingress ingresses[MANY];
	struct corridor_steer_setting setting;
	enum corridor_live live[SEGMENTS];
	uint64_t load_bps[SEGMENTS];
	int64_t now_ms;
};

static struct field *
field_new(uint64_t seed, uint64_t scale, uint32_t ingresses)
{
	static const char *const names[EXITS] = {"x0", "x1", "x2", "x3"};
	struct field *f = calloc(1, sizeof(*f));
	f->hub = hub_by_chance(&seed, SITES, SEGMENTS);
	for (size_t i = 0; i < SEGMENTS; i++)
		f->hub.hub.segments[i].lit_tbps =
			1e-5 * (double)(scale * (1 + random_below(&seed, 9)));
	f->plan = corridor_plan_new(&f->hub.hub, (struct corridor_day){0});
	f->policy = (struct corridor_steer_policy){.latency_percent = 100, .limit_percent = 90};
	for (uint32_t i = 0; i < EXITS; i++)
		f->exits[i] = (struct corridor_steer_exit){
			.session = names[i],
			.site = random_below(&seed, SITES),
			.member = {i == 3 ? 64500u : 0},
			.everywhere = true,
			.port = i,
			.capacity_bps = (1 + random_below(&seed, 30)) * scale * 10000000,
		};
	for (uint32_t i = 0; i < ingresses; i++)
		f->ingresses[i] = (struct corridor_steer_ingress){
			.site = i * SITES / ingresses,
			.member = {64500 + i},
			.bps = random_below(&seed, 40) * scale * 400000 * FEW / ingresses,
		};
	f->setting = (struct corridor_steer_setting){
		.plan = f->plan,
		.exits = f->exits,
		.exit_count = EXITS,
		.ingresses = f->ingresses,
		.ingress_count = ingresses,
		.policies = &f->policy,
		.policy_count = 1,
		.damping = {.hold_ms = 10000, .half_life_ms = 600000, .moves = 4},
		.margin_percent = 5,
		.margin_us = 100,
	};
	return f;
}

static void
field_free(struct field *f)
{
	corridor_plan_free(f->plan);
	test_hub_free(&f->hub);
	free(f);
}

static struct corridor_steer *
steer_new(struct field *f, enum corridor_steer_place place)
{
	f->setting.place = place;
	return corridor_steer_new(&f->setting);
}

static struct corridor_steer_outcome
run(const struct field *f, struct corridor_steer *steer, bool urgent)
{
	struct corridor_steer_outcome outcome;
	struct corridor_steer_event event = {f->live, f->load_bps, f->now_ms, urgent, NULL};
	corridor_steer_run(steer, &event, &outcome);
	return outcome;
}

static uint64_t
short_of(const struct field *f, const struct corridor_steer *steer)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < f->setting.ingress_count; i++)
		sum += corridor_steer_short_bps(steer, i);
	return sum;
}

static uint32_t
fullest_of(const struct corridor_steer *steer)
{
	uint32_t fullest = 0;
	for (uint32_t s = 0; s < SEGMENTS; s++)
		if (corridor_steer_filled_percent(steer, s) > fullest)
			fullest = corridor_steer_filled_percent(steer, s);
	for (uint32_t e = 0; e < EXITS; e++)
		if (corridor_steer_exit_filled_percent(steer, e) > fullest)
			fullest = corridor_steer_exit_filled_percent(steer, e);
	return fullest;
}

/* The fullest stretch if all could be split as one likes and each had so much less room: no placing is better. */
static double
bound_of(const struct field *f, uint64_t less_bps)
{
	enum { ALL = SEGMENTS + EXITS };
	struct corridor_ends ends[ALL];
	uint64_t capacity[2 * ALL] = {0}, cost[2][ALL];
	const uint64_t *costs[2] = {cost[0], cost[1]};
	struct corridor_flow_demand demands[MANY];
	for (uint32_t s = 0; s < SEGMENTS; s++) {
		ends[s] = f->plan->graph->ends[s];
		double limit = f->hub.hub.segments[s].lit_tbps * 1e12 * 0.9;
		capacity[2 * s] = capacity[2 * s + 1] = (uint64_t)(limit + 0.5) - less_bps;
		cost[0][s] = cost[1][s] = f->plan->segments[s].there && f->live[s] == CORRIDOR_UP
						  ? 1
						  : CORRIDOR_CLOSED;
	}
	for (uint32_t e = 0; e < EXITS; e++) {
		ends[SEGMENTS + e] = (struct corridor_ends){f->exits[e].site, SITES};
		capacity[2 * (SEGMENTS + e)] = f->exits[e].capacity_bps / 10 * 9 - less_bps;
		cost[0][SEGMENTS + e] = 1;
		cost[1][SEGMENTS + e] = e == 3 ? CORRIDOR_CLOSED : 1;
	}
	for (uint32_t i = 0; i < f->setting.ingress_count; i++)
		demands[i] = (struct corridor_flow_demand){.from = f->ingresses[i].site,
							   .to = SITES,
							   .class = i == 0,
							   .bps = f->ingresses[i].bps};
	struct corridor_flow_instance instance = {
		.graph = corridor_graph_new(SITES + 1, ends, ALL),
		.capacity_bps = capacity,
		.cost = costs,
		.class_count = 2,
		.demands = demands,
		.demand_count = f->setting.ingress_count,
	};
	struct corridor_flow_work *work = corridor_flow_new(&instance, 1);
	double bound = corridor_flow_solve(work, CORRIDOR_FLOW_UTILISATION, NULL)->value;
	corridor_flow_free(work);
	corridor_graph_free((struct corridor_graph *)instance.graph);
	return bound;
}

/* --- never worse --- */

static void
test_never_worse(enum corridor_steer_place place, const char *word)
{
	bool never = true, bounded = true;
	unsigned over = 0;
	double gained = 0, could_gain = 0;
	for (uint64_t seed = 1; seed <= 500; seed++) {
		struct field *f = field_new(seed, 1000, FEW);
		struct corridor_steer *turns = steer_new(f, CORRIDOR_STEER_GREEDY);
		struct corridor_steer *placed = steer_new(f, place);
		run(f, turns, false);
		run(f, placed, false);
		uint64_t was = short_of(f, turns), now = short_of(f, placed);
		uint32_t fuller = fullest_of(turns), full = fullest_of(placed);
		double bound = bound_of(f, 0);
		/* What is short is rounded up for each. */
		never = never && now <= was + FEW && full <= fuller;
		bounded = bounded && full >= (uint32_t)(100 * bound * (1 - 1e-6));
		over += fuller > 100;
		if (fuller > 100) {
			gained += fuller - full;
			could_gain += fuller - fmax(100, 100 * bound);
		}
		corridor_steer_free(turns);
		corridor_steer_free(placed);
		field_free(f);
	}
	ok(never, "%s: neither is the fullest fuller nor more without room than by taking turns",
	   word);
	ok(bounded, "%s: nor is it better than what could be split at will", word);
	/* Summed up, and beside the bound: a single one hangs on which of equal optima was rounded. */
	ok(over > 50 && 2 * gained > could_gain,
	   "%s: %u that are over their limit get %.0f %% of what splitting at will would gain them",
	   word, over, 100 * gained / could_gain);
}

static uint64_t
largest_of(const struct field *f)
{
	uint64_t largest = 0;
	for (size_t i = 0; i < f->setting.ingress_count; i++)
		if (f->ingresses[i].bps > largest)
			largest = f->ingresses[i].bps;
	return largest;
}

/* Whatever goes to one end split at will goes there whole, too, with no stretch fuller by more than the largest
 * of all (Dinitz, Garg and Goemans 1999): where each stretch can spare that much all can find room, from
 * whichever of equal optima. */
static void
test_fits(enum corridor_steer_place place, const char *word)
{
	unsigned could = 0, fits = 0;
	for (uint64_t seed = 1; seed <= 1500; seed++) {
		struct field *f = field_new(seed, 1000, MANY);
		struct corridor_steer *turns = steer_new(f, CORRIDOR_STEER_GREEDY);
		run(f, turns, false);
		if (fullest_of(turns) > 100 && bound_of(f, largest_of(f)) <= 1) {
			struct corridor_steer *placed = steer_new(f, place);
			could++;
			run(f, placed, false);
			fits += fullest_of(placed) <= 100;
			corridor_steer_free(placed);
		}
		corridor_steer_free(turns);
		field_free(f);
	}
	ok(could > 10 && fits == could, "%s: of %u that all find room if placed well %u do", word,
	   could, fits);
}

/* --- the same plan --- */

/* Do both steer alike? Ingresses and exits of `b` are those of `a` under other numbers. */
static bool
same_plans(const struct field *a, const struct corridor_steer *x, const struct field *b,
	   const struct corridor_steer *y)
{
	for (size_t i = 0; i < a->setting.ingress_count; i++) {
		size_t k = 0;
		while (b->ingresses[k].member.number != a->ingresses[i].member.number)
			k++;
		for (size_t e = 0; e < EXITS; e++) {
			struct steer_held h = steer_held(x, i, e);
			struct steer_held o = steer_held(y, k, e);
			if (h.cost != o.cost || h.step_count != o.step_count)
				return false;
			for (size_t n = 0; n < h.step_count; n++)
				if (strcmp(a->hub.hub.segments[h.steps[n]].id,
					   b->hub.hub.segments[o.steps[n]].id) != 0)
					return false;
		}
	}
	return true;
}

static void
test_scale(enum corridor_steer_place place, const char *word)
{
	unsigned same = 0, placed = 0;
	for (uint64_t seed = 1; seed <= 200; seed++) {
		struct field *f = field_new(seed, 1000, FEW), *g = field_new(seed, 1000000, FEW);
		struct corridor_steer *x = steer_new(f, place), *y = steer_new(g, place);
		placed += run(f, x, false).placed > 0;
		run(g, y, false);
		same += same_plans(f, x, g, y);
		corridor_steer_free(x);
		corridor_steer_free(y);
		field_free(f);
		field_free(g);
	}
	ok(same == 200 && placed > 10,
	   "%s: a thousand times the traffic on a thousand times the room is the same plan (%u of "
	   "200)",
	   word, same);
}

static int
by_site_and_member(const void *a, const void *b)
{
	const struct corridor_steer_ingress *x = a, *y = b;
	if (x->site != y->site)
		return x->site < y->site ? -1 : 1;
	return x->member.number < y->member.number ? -1 : 1;
}

/* The same field with sites, segments and places in another order. */
static struct field *
field_shuffled(uint64_t seed)
{
	struct field *f = field_new(seed, 1000, FEW);
	struct hub *hub = &f->hub.hub;
	uint32_t at[SITES];
	struct hub_site sites[SITES];
	corridor_plan_free(f->plan);
	for (uint32_t i = 0; i < SITES; i++) {
		at[i] = (i * 3 + 5) % SITES;
		sites[at[i]] = hub->sites[i];
	}
	memcpy(hub->sites, sites, sizeof(sites));
	for (uint32_t s = 0; s < SEGMENTS / 2; s++) {
		struct hub_segment swap = hub->segments[s];
		hub->segments[s] = hub->segments[SEGMENTS - 1 - s];
		hub->segments[SEGMENTS - 1 - s] = swap;
	}
	for (uint32_t s = 0; s < SEGMENTS; s++) {
		hub->segments[s].a = at[hub->segments[s].a];
		hub->segments[s].b = at[hub->segments[s].b];
	}
	for (size_t e = 0; e < EXITS; e++)
		f->exits[e].site = at[f->exits[e].site];
	for (size_t i = 0; i < f->setting.ingress_count; i++)
		f->ingresses[i].site = at[f->ingresses[i].site];
	qsort(f->ingresses, FEW, sizeof(f->ingresses[0]), by_site_and_member);
	f->plan = plan_of(hub);
	f->setting.plan = f->plan;
	return f;
}

static void
test_order(enum corridor_steer_place place, const char *word)
{
	unsigned same = 0;
	for (uint64_t seed = 1; seed <= 200; seed++) {
		struct field *f = field_new(seed, 1000, FEW), *g = field_shuffled(seed);
		struct corridor_steer *x = steer_new(f, place), *y = steer_new(g, place);
		run(f, x, false);
		run(g, y, false);
		same += same_plans(f, x, g, y);
		corridor_steer_free(x);
		corridor_steer_free(y);
		field_free(f);
		field_free(g);
	}
	ok(same == 200, "%s: the rows of the hub file may stand in any order (%u of 200)", word,
	   same);
}

/* --- in time --- */

/* What the budget allows a choice in `ms`. */
static double
allowed(const struct field *f, double ms)
{
	double moves = f->setting.damping.moves;
	return moves + (moves + 1) * log(2) * ms / f->setting.damping.half_life_ms;
}

static void
test_time(enum corridor_steer_place place, const char *word)
{
	bool steady = true, budget = true;
	uint64_t placed_ever = 0;
	for (uint64_t seed = 1; seed <= 60; seed++) {
		struct field *f = field_new(seed, 1000, FEW);
		struct corridor_steer *steer = steer_new(f, place);
		uint64_t chance = seed, placed = 0;
		run(f, steer, false);
		/* An hour of traffic that trembles, and of a segment that comes and goes. */
		for (int second = 0; second < 3600; second++) {
			f->now_ms += 1000;
			for (size_t i = 0; i < f->setting.ingress_count; i++)
				f->ingresses[i].bps = random_below(&chance, 40) * 400000000;
			if (second % 7 == 0) {
				f->live[3] = f->live[3] == CORRIDOR_UP ? CORRIDOR_CUT : CORRIDOR_UP;
				placed += run(f, steer, true).placed;
			}
			placed += run(f, steer, false).placed;
		}
		budget = budget && (double)placed <= FEW * EXITS * allowed(f, 3600e3);
		placed_ever += placed;
		f->live[3] = CORRIDOR_UP;
		for (int second = 0; second < 7200; second += 10) {
			f->now_ms += 10000;
			uint32_t moved = run(f, steer, false).moved;
			steady = steady && (second < 3600 || !moved);
		}
		corridor_steer_free(steer);
		field_free(f);
	}

	ok(budget && placed_ever > 0, "%s: whatever traffic does, moves stay within the budget",
	   word);
	ok(steady, "%s: when it is quiet nothing moves any more", word);
}

int
main(void)
{
	test_never_worse(CORRIDOR_STEER_FAIR, "fair");
	test_never_worse(CORRIDOR_STEER_EVEN, "even");
	test_fits(CORRIDOR_STEER_FAIR, "fair");
	test_fits(CORRIDOR_STEER_EVEN, "even");
	test_scale(CORRIDOR_STEER_FAIR, "fair");
	test_scale(CORRIDOR_STEER_EVEN, "even");
	test_order(CORRIDOR_STEER_FAIR, "fair");
	test_order(CORRIDOR_STEER_EVEN, "even");
	test_time(CORRIDOR_STEER_FAIR, "fair");
	test_time(CORRIDOR_STEER_EVEN, "even");
	return done_testing();
}
