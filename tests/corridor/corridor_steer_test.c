/* Orders of exits: against an independent search, under storms of events, and with load. */
#include "corridor/corridor_steer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_search.h"
#include "hubs.h"
#include "steer_held.h"
#include "tap.h"

enum { SITES = 9, SEGMENTS = 22, EXITS = 3, INGRESSES = 6 };

static const struct corridor_steer_policy plain = {.latency_percent = 100, .limit_percent = 100};

/* A hub by chance, and a steering over it. */
struct field {
	struct test_hub hub;
	struct corridor_plan *plan;
	struct corridor_steer_policy policies[2];
	uint32_t avoided;
	struct corridor_conditions conditions;
	struct corridor_steer_exit exits[EXITS];
	struct corridor_steer_ingress ingresses[INGRESSES];
	struct corridor_steer_setting setting;
	enum corridor_live live[SEGMENTS];
	uint64_t load_bps[SEGMENTS];
	struct corridor_steer *steer;
	int64_t now_ms;
};

static struct field *
field_new(uint64_t *seed, uint64_t bps)
{
	static const char *const names[EXITS] = {"x0", "x1", "x2"};
	struct field *f = calloc(1, sizeof(*f));
	f->hub = hub_by_chance(seed, SITES, SEGMENTS);
	f->plan = corridor_plan_new(&f->hub.hub, (struct corridor_day){0});
	f->conditions.avoid[CORRIDOR_COUNTRIES] = &f->avoided;
	f->conditions.avoid_count[CORRIDOR_COUNTRIES] =
		f->plan->classes[CORRIDOR_COUNTRIES].count ? 1 : 0;
	f->policies[0] = f->policies[1] = plain;
	f->policies[1].conditions = &f->conditions;
	f->policies[1].price_us = 1000;
	for (size_t i = 0; i < EXITS; i++)
		f->exits[i] = (struct corridor_steer_exit){
			.session = names[i], .site = random_below(seed, SITES), .everywhere = true};
	for (size_t i = 0; i < INGRESSES; i++)
		f->ingresses[i] =
			(struct corridor_steer_ingress){(uint32_t)i, {0}, (uint32_t)i % 2, bps};
	f->setting = (struct corridor_steer_setting){
		.plan = f->plan,
		.exits = f->exits,
		.exit_count = EXITS,
		.ingresses = f->ingresses,
		.ingress_count = INGRESSES,
		.policies = f->policies,
		.policy_count = 2,
		.damping = {.hold_ms = 10000, .half_life_ms = 600000, .moves = 4},
		.margin_percent = 5,
		.margin_us = 100,
	};
	f->steer = corridor_steer_new(&f->setting);
	return f;
}

static void
field_free(struct field *f)
{
	corridor_steer_free(f->steer);
	corridor_plan_free(f->plan);
	test_hub_free(&f->hub);
	free(f);
}

static struct corridor_steer_outcome
run(struct field *f, struct corridor_steer *steer, bool urgent)
{
	struct corridor_steer_outcome outcome;
	struct corridor_steer_event event = {f->live, f->load_bps, f->now_ms, urgent, NULL};
	corridor_steer_run(steer, &event, &outcome);
	return outcome;
}

/* --- an independent search: labels are lowered until nothing changes (Bellman and Ford) --- */

static double
ns_of_segment(const struct field *f, const struct corridor_steer_policy *policy, uint32_t s)
{
	const struct corridor_segment *segment = &f->plan->segments[s];
	bool open = segment->there && f->live[s] != CORRIDOR_CUT;
	for (size_t i = 0;
	     policy->conditions && i < policy->conditions->avoid_count[CORRIDOR_COUNTRIES]; i++)
		open = open && !corridor_plan_has(f->plan, CORRIDOR_COUNTRIES, s,
						  policy->conditions->avoid[CORRIDOR_COUNTRIES][i]);
	return open ? f->hub.hub.segments[s].length_km * 1.468 / 299792.458 * 1e9 +
			       segment->price.value * policy->price_us * 1000
		    : INFINITY;
}

static double
ns_between(const struct field *f, const struct corridor_steer_policy *policy, uint32_t from,
	   uint32_t to)
{
	double label[SITES];
	for (size_t i = 0; i < SITES; i++)
		label[i] = i == from ? 0 : INFINITY;
	for (size_t round = 0; round < SITES; round++) {
		for (uint32_t s = 0; s < SEGMENTS; s++) {
			struct corridor_ends e = f->plan->graph->ends[s];
			double ns = ns_of_segment(f, policy, s);
			label[e.a] = fmin(label[e.a], label[e.b] + ns);
			label[e.b] = fmin(label[e.b], label[e.a] + ns);
		}
	}
	return label[to];
}

static double
best_ns(const struct field *f, size_t ingress, size_t exit)
{
	return ns_between(f, &f->policies[f->ingresses[ingress].policy], f->ingresses[ingress].site,
			  f->exits[exit].site);
}

/* Does the way lead from the ingress to the exit, and over nothing that is closed? */
static bool
leads_there(const struct field *f, size_t ingress, size_t exit, struct steer_held held)
{
	uint32_t at = f->ingresses[ingress].site;
	for (size_t i = 0; i < held.step_count; i++) {
		struct corridor_ends e = f->plan->graph->ends[held.steps[i]];
		if (isinf(ns_of_segment(f, &f->policies[f->ingresses[ingress].policy],
					held.steps[i])) ||
		    (at != e.a && at != e.b))
			return false;
		at = at == e.a ? e.b : e.a;
	}
	return at == f->exits[exit].site;
}

static void
test_first(void)
{
	bool all = true, lead = true, firsts = true;
	for (uint64_t seed = 1; seed <= 100; seed++) {
		uint64_t s = seed;
		struct field *f = field_new(&s, 0);
		run(f, f->steer, true);
		for (size_t i = 0; i < INGRESSES; i++) {
			double best = INFINITY;
			for (size_t e = 0; e < EXITS; e++) {
				struct steer_held h = steer_held(f->steer, i, e);
				double ns = best_ns(f, i, e);
				best = fmin(best, ns);
				if (isinf(ns)) {
					all = all && h.cost == CORRIDOR_CLOSED;
					continue;
				}
				all = all && fabs((double)h.cost - ns) <= 2.0 * SITES;
				lead = lead && leads_there(f, i, e, h);
			}
			uint32_t first = corridor_steer_first(f->steer, i);
			firsts = firsts &&
				 (first == HUB_NONE ? isinf(best)
						    : best_ns(f, i, first) - best <= 2.0 * SITES);
		}
		field_free(f);
	}
	ok(all, "each exit costs what an independent search says, closed where there is no way");
	ok(lead, "each way leads from ingress to exit over nothing that is closed");
	ok(firsts, "the first exit is the cheapest");
}

/* Does no way stand in the plan twice? */
static bool
each_way_once(const struct steer_plan *plan)
{
	for (size_t i = 0; i < plan->choice_count; i++)
		for (size_t k = 0; k < i; k++) {
			const struct steer_choice *a = &plan->choices[i], *b = &plan->choices[k];
			if (a->first_step != b->first_step && a->step_count &&
			    a->step_count == b->step_count &&
			    memcmp(plan->steps + a->first_step, plan->steps + b->first_step,
				   a->step_count * sizeof(*plan->steps)) == 0)
				return false;
		}
	return true;
}

/* What the member behind an exit avoids holds for all who come in, whatever they avoid themselves; cuts and
 * placing included. */
static void
test_both_ways(void)
{
	bool all = true, lead = true, others = true, told = true, barred = false, once = true;
	for (uint64_t seed = 1; seed <= 100; seed++) {
		uint64_t s = seed;
		struct field *f = field_new(&s, 0);
		struct arena *arena = arena_new();
		struct steer_plan plan;
		corridor_steer_free(f->steer);
		f->exits[1].conditions = f->exits[2].conditions = &f->conditions;
		f->policies[0].diverse = seed % 2;
		f->steer = corridor_steer_new(&f->setting);
		f->live[seed % SEGMENTS] = CORRIDOR_CUT;
		run(f, f->steer, true);
		for (size_t i = 0; i < INGRESSES * EXITS; i++) {
			size_t in = i / EXITS, e = i % EXITS;
			struct corridor_steer_policy policy = f->policies[in % 2];
			struct steer_held h = steer_held(f->steer, in, e);
			policy.conditions = e ? &f->conditions : policy.conditions;
			double ns = ns_between(f, &policy, f->ingresses[in].site, f->exits[e].site);
			barred |= isinf(ns) && !isinf(best_ns(f, in, e));
			if (e == 0)
				others = others && (isinf(ns) ? h.cost == CORRIDOR_CLOSED
							      : (double)h.cost - ns <= 2.0 * SITES);
			else
				all = all && (isinf(ns) ? h.cost == CORRIDOR_CLOSED
							: fabs((double)h.cost - ns) <= 2.0 * SITES);
			for (size_t k = 0; k < h.step_count; k++)
				lead = lead && !isinf(ns_of_segment(f, &policy, h.steps[k]));
		}
		/* Backups that stand apart keep to it as well. */
		corridor_steer_plan(&plan, f->steer, arena);
		for (size_t c = 0; c < plan.choice_count; c++)
			for (uint32_t k = 0; plan.choices[c].exit && k < plan.choices[c].step_count;
			     k++)
				told = told && !isinf(ns_of_segment(
						       f, &f->policies[1],
						       plan.steps[plan.choices[c].first_step + k]));
		once = once && each_way_once(&plan);
		arena_free(arena);
		field_free(f);
	}
	ok(all, "to an exit whose member avoids something, the best way without that");
	ok(lead && told, "nothing that is avoided is on a way there, nor on a backup");
	ok(others, "ways to other exits are as they were");
	ok(barred, "and there were some for whom it closes");
	ok(once, "a way that many have is drawn once");
}

/* --- storms --- */

struct tally {
	bool cuts_honoured, nobody_left, others_stay;
	uint64_t forced, ordinary;
};

struct held_way {
	uint64_t cost;
	size_t count;
	uint32_t steps[SITES];
	bool hit;
};

static void
remember(const struct field *f, struct held_way held[INGRESSES * EXITS], uint32_t segment)
{
	for (size_t i = 0; i < (size_t)INGRESSES * EXITS; i++) {
		struct steer_held h = steer_held(f->steer, i / EXITS, i % EXITS);
		held[i] = (struct held_way){.cost = h.cost, .count = h.step_count};
		for (size_t k = 0; k < h.step_count; k++) {
			held[i].steps[k] = h.steps[k];
			held[i].hit |= h.steps[k] == segment;
		}
	}
}

static void
check_cut(const struct field *f, const struct held_way before[INGRESSES * EXITS],
	  struct tally *tally)
{
	for (size_t i = 0; i < INGRESSES; i++) {
		bool any = false, could = false, was = false;
		for (size_t e = 0; e < EXITS; e++) {
			struct steer_held h = steer_held(f->steer, i, e);
			const struct held_way *b = &before[i * EXITS + e];
			any |= h.cost != CORRIDOR_CLOSED;
			was |= b->cost != CORRIDOR_CLOSED && !b->hit;
			could |= !isinf(best_ns(f, i, e));
			if (h.cost != CORRIDOR_CLOSED && !leads_there(f, i, e, h))
				tally->cuts_honoured = false;
		}
		if (could && !any)
			tally->nobody_left = false;
		for (size_t e = 0; was && e < EXITS; e++) {
			struct steer_held h = steer_held(f->steer, i, e);
			const struct held_way *b = &before[i * EXITS + e];
			if (!b->hit &&
			    (h.cost != b->cost || h.step_count != b->count ||
			     (h.step_count &&
			      memcmp(h.steps, b->steps, h.step_count * sizeof(*h.steps)) != 0)))
				tally->others_stay = false;
		}
	}
}

static void
count(struct tally *tally, struct corridor_steer_outcome o)
{
	tally->forced += o.forced;
	tally->ordinary += o.moved - o.forced + o.renewed;
}

/* An hour of events, one in some seconds: `only`: of that segment alone. */
static struct tally
storm(struct field *f, uint64_t *seed, uint32_t only)
{
	struct tally tally = {true, true, true, 0, 0};
	struct held_way before[INGRESSES * EXITS];
	run(f, f->steer, false);
	for (int second = 0; second < 3600; second++) {
		f->now_ms += 1000;
		uint32_t s = only == HUB_NONE ? random_below(seed, SEGMENTS) : only;
		if (random_below(seed, 30) == 0 || only != HUB_NONE) {
			bool cut = f->live[s] != CORRIDOR_CUT && random_below(seed, 2);
			f->live[s] = cut ? CORRIDOR_CUT : CORRIDOR_UP;
			remember(f, before, cut ? s : HUB_NONE);
			count(&tally, run(f, f->steer, true));
			check_cut(f, before, &tally);
		}
		count(&tally, run(f, f->steer, false));
	}
	return tally;
}

/* What the budget allows a choice in `ms`: what it begins with, and what decays in that time. */
static double
allowed(const struct field *f, double ms)
{
	double moves = f->setting.damping.moves;
	return moves + (moves + 1) * log(2) * ms / f->setting.damping.half_life_ms;
}

/* Is what is held what a steering that begins now would hold, but for the margin? */
static bool
is_settled(struct field *f)
{
	struct corridor_steer *fresh = corridor_steer_new(&f->setting);
	run(f, fresh, false);
	bool settled = true;
	for (size_t i = 0; i < INGRESSES; i++) {
		for (size_t e = 0; e < EXITS; e++) {
			struct steer_held a = steer_held(f->steer, i, e);
			struct steer_held b = steer_held(fresh, i, e);
			double margin = fmax(0.05 * (double)b.cost, 100e3) * 1.06;
			settled = settled &&
				  (a.cost == b.cost ||
				   (a.cost != CORRIDOR_CLOSED && b.cost != CORRIDOR_CLOSED &&
				    fabs((double)a.cost - (double)b.cost) <= margin));
		}
	}
	corridor_steer_free(fresh);
	return settled;
}

static void
calm(struct field *f)
{
	for (int minute = 0; minute < 90; minute++) {
		f->now_ms += 60000;
		run(f, f->steer, false);
	}
}

static void
test_storms(void)
{
	struct tally all = {true, true, true, 0, 0};
	bool bounded = true, settled = true;
	for (uint64_t seed = 1; seed <= 40; seed++) {
		uint64_t s = seed;
		struct field *f = field_new(&s, 0);
		struct tally t = storm(f, &s, HUB_NONE);
		all.cuts_honoured &= t.cuts_honoured;
		all.nobody_left &= t.nobody_left;
		all.others_stay &= t.others_stay;
		all.ordinary += t.ordinary;
		bounded &= (double)t.ordinary <= INGRESSES * EXITS * allowed(f, 3600e3);
		calm(f);
		settled &= is_settled(f);
		field_free(f);
	}
	ok(all.cuts_honoured, "a cut is honoured at once, whatever happened before");
	ok(all.nobody_left, "nobody is without an exit while there is a way to one");
	ok(all.others_stay, "a cut moves nothing that did not run over it");
	ok(bounded && all.ordinary > 0, "changes for the better stay within the budget");
	ok(settled, "when all is quiet again, what is best is held");
}

static void
test_flapping(void)
{
	bool bounded = true, settled = true;
	uint64_t forced = 0;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		uint64_t s = seed;
		struct field *f = field_new(&s, 0);
		f->setting.damping.hold_ms = 0;
		corridor_steer_free(f->steer);
		f->steer = corridor_steer_new(&f->setting);
		struct tally t = storm(f, &s, 1);
		forced += t.forced;
		/* To be forced off again it must have come back, which is paid for. */
		bounded &= (double)t.forced <=
			   INGRESSES * EXITS * (allowed(f, 3600e3) + 1) + (double)t.ordinary;
		bounded &= (double)t.ordinary <= INGRESSES * EXITS * allowed(f, 3600e3);
		f->live[1] = CORRIDOR_UP;
		calm(f);
		settled &= is_settled(f);
		field_free(f);
	}
	ok(bounded && forced > 0, "a segment that flaps every second for an hour moves little");
	ok(settled, "and comes back when it has stayed up");
}

static void
test_plan(void)
{
	bool sound = true, disjoint = true;
	size_t backups = 0;
	for (uint64_t seed = 1; seed <= 50; seed++) {
		uint64_t s = seed;
		struct field *f = field_new(&s, 0);
		run(f, f->steer, false);
		struct arena *arena = arena_new();
		struct steer_plan plan;
		sound = sound && corridor_steer_plan(&plan, f->steer, arena) == 0;
		plan.number = 1;
		sound = sound && !steer_check(&plan);
		const struct corridor_relation *r = &f->plan->classes[CORRIDOR_RISKS];
		for (size_t i = 0; i < plan.choice_count; i++) {
			const struct steer_choice *c = &plan.choices[i];
			const struct steer_choice *first = &plan.choices[i / EXITS * EXITS];
			if (!(c->flags & STEER_BACKUP))
				continue;
			backups++;
			for (uint32_t k = 0; k < c->step_count * first->step_count; k++) {
				uint32_t a = plan.steps[c->first_step + k / first->step_count];
				uint32_t b = plan.steps[first->first_step + k % first->step_count];
				disjoint = disjoint && a != b;
				for (uint32_t n = r->first[a]; n < r->first[a + 1]; n++)
					disjoint = disjoint &&
						   !corridor_plan_has(f->plan, CORRIDOR_RISKS, b,
								      r->of[n]);
			}
		}
		arena_free(arena);
		field_free(f);
	}
	ok(sound, "what is held is a sound plan for the exchange");
	ok(disjoint && backups > 0, "a backup shares no segment and no risk with the first");
}

/* Is there a way to the exit's site that shares no risk with the first choice? Looked for by itself. */
static bool
has_way_apart(const struct field *f, const struct steer_plan *plan,
	      const struct steer_choice *first, uint32_t ingress, uint32_t exit)
{
	uint64_t cost[SEGMENTS];
	const struct corridor_relation *r = &f->plan->classes[CORRIDOR_RISKS];
	corridor_plan_costs(cost, f->plan, f->policies[ingress % 2].conditions, CORRIDOR_BY_LENGTH);
	for (uint32_t s = 0; s < SEGMENTS; s++) {
		if (f->live[s] == CORRIDOR_CUT)
			cost[s] = CORRIDOR_CLOSED;
		for (uint32_t k = 0; k < first->step_count; k++) {
			uint32_t used = plan->steps[first->first_step + k];
			bool shares = used == s;
			for (uint32_t n = r->first[s]; n < r->first[s + 1]; n++)
				shares |=
					corridor_plan_has(f->plan, CORRIDOR_RISKS, used, r->of[n]);
			if (shares)
				cost[s] = CORRIDOR_CLOSED;
		}
	}
	struct corridor_search *search = corridor_search_new(f->plan->graph);
	corridor_search_run(search, cost, f->ingresses[ingress].site, HUB_NONE);
	bool found = corridor_search_cost(search, f->exits[exit].site) != CORRIDOR_CLOSED;
	corridor_search_free(search);
	return found;
}

/* Of what is told of an ingress: exits that could be had apart from the first, and those that are. */
static void
count_apart(const struct field *f, const struct steer_plan *plan, uint32_t ingress, size_t *could,
	    size_t *are)
{
	const struct steer_choice *first = &plan->choices[(size_t)ingress * EXITS];
	for (uint32_t e = 1; e < EXITS && first->step_count; e++) {
		const struct steer_choice *c = &first[e];
		*could += !(c->flags & STEER_CLOSED) &&
			  has_way_apart(f, plan, first, ingress, c->exit);
		*are += (c->flags & STEER_BACKUP) != 0;
	}
}

static void
test_diverse(void)
{
	bool all = true, one = true, same_first = true;
	size_t found = 0, more = 0;
	for (uint64_t seed = 1; seed <= 60; seed++) {
		uint64_t s = seed;
		struct field *f = field_new(&s, 0);
		run(f, f->steer, false);
		for (int diverse = 0; diverse < 2; diverse++) {
			f->policies[0].diverse = f->policies[1].diverse = diverse;
			struct arena *arena = arena_new();
			struct steer_plan plan;
			(void)corridor_steer_plan(&plan, f->steer, arena);
			plan.number = 1;
			all = all && !steer_check(&plan);
			for (uint32_t i = 0; i < INGRESSES; i++) {
				size_t could = 0, are = 0;
				count_apart(f, &plan, i, &could, &are);
				if (diverse)
					all = all && are == could;
				else
					one = one && (could == 0) == (are == 0) && are <= could;
				found += diverse ? 0 : are;
				more += diverse ? are : 0;
				uint32_t first = corridor_steer_first(f->steer, i);
				same_first = same_first &&
					     (first == HUB_NONE ||
					      plan.choices[(size_t)i * EXITS].exit == first);
			}
			arena_free(arena);
		}
		field_free(f);
	}
	ok(one && found > 0,
	   "where some exit can be reached apart from the first one's risks, one is told so");
	ok(all && more > found, "and who wants all ways apart gets all that there are");
	ok(same_first, "the first exit is the same with it and without");
}

static bool
same_held(const struct corridor_steer *a, const struct corridor_steer *b, size_t ingress,
	  size_t exit)
{
	struct steer_held x = steer_held(a, ingress, exit);
	struct steer_held y = steer_held(b, ingress, exit);
	return x.cost == y.cost && x.step_count == y.step_count &&
	       (!x.step_count || memcmp(x.steps, y.steps, x.step_count * sizeof(*x.steps)) == 0);
}

static void
test_adopt(void)
{
	bool same = true, anew = true;
	size_t lost = 0;
	for (uint64_t seed = 1; seed <= 30; seed++) {
		uint64_t s = seed;
		struct field *f = field_new(&s, 0);
		(void)storm(f, &s, HUB_NONE);
		struct corridor_steer *next = corridor_steer_new(&f->setting);
		same = same && corridor_steer_adopt(next, f->steer) == 0;
		for (size_t i = 0; i < (size_t)INGRESSES * EXITS; i++)
			same = same && same_held(next, f->steer, i / EXITS, i % EXITS);
		same = same && run(f, next, true).moved == 0;
		corridor_steer_free(next);

		/* A picture in which a stretch is called otherwise: it is another. */
		struct hub_segment *segments = malloc(SEGMENTS * sizeof(*segments));
		struct hub renamed = f->hub.hub;
		memcpy(segments, renamed.segments, SEGMENTS * sizeof(*segments));
		segments[0].id = "other";
		renamed.segments = segments;
		struct corridor_plan *plan = plan_of(&renamed);
		struct corridor_steer_setting setting = f->setting;
		setting.plan = plan;
		next = corridor_steer_new(&setting);
		anew = anew && corridor_steer_adopt(next, f->steer) == 0;
		for (size_t i = 0; i < (size_t)INGRESSES * EXITS; i++) {
			struct steer_held h = steer_held(f->steer, i / EXITS, i % EXITS);
			bool over = false;
			for (size_t k = 0; k < h.step_count; k++)
				over |= h.steps[k] == 0;
			lost += over;
			anew = anew && (over ? steer_held(next, i / EXITS, i % EXITS).cost ==
							CORRIDOR_CLOSED
					     : same_held(next, f->steer, i / EXITS, i % EXITS));
		}
		corridor_steer_free(next);
		corridor_plan_free(plan);
		free(segments);
		field_free(f);
	}
	ok(same, "what is held outlives the picture, and nothing moves");
	ok(anew && lost > 0, "but for ways over what is not there any more");
}

/* Another process goes on from the plan: it tells the same, and moves nothing. */
static void
test_recall(void)
{
	bool same = true, still = true, sound = true;
	size_t held = 0, lost = 0;
	for (uint64_t seed = 1; seed <= 30; seed++) {
		uint64_t s = seed;
		struct field *f = field_new(&s, 0);
		(void)storm(f, &s, HUB_NONE);
		run(f, f->steer, false);
		struct arena *arena = arena_new();
		struct steer_plan told, again;
		struct corridor_steer *next = corridor_steer_new(&f->setting);
		sound = sound && corridor_steer_plan(&told, f->steer, arena) == 0 &&
			corridor_steer_recall(next, &told) == 0;
		struct corridor_steer_outcome o = run(f, next, true);
		still = still && o.moved == 0;
		sound = sound && corridor_steer_plan(&again, next, arena) == 0;
		same = same && steer_same(&told, &again);
		corridor_steer_free(next);

		/* What was told of another stretch, or leads elsewhere now, is worked out anew. */
		told.segments[0] = "other";
		struct corridor_steer *other = corridor_steer_new(&f->setting);
		sound = sound && corridor_steer_recall(other, &told) == 0;
		for (size_t i = 0; i < (size_t)INGRESSES * EXITS; i++) {
			struct steer_held h = steer_held(other, i / EXITS, i % EXITS);
			bool known = other->choices[i].known;
			held += known;
			lost += !known;
			for (size_t k = 0; k < h.step_count; k++)
				sound = sound && h.steps[k] != 0;
		}
		corridor_steer_free(other);
		struct hub_segment *segments = malloc(SEGMENTS * sizeof(*segments));
		struct hub bent = f->hub.hub;
		memcpy(segments, bent.segments, SEGMENTS * sizeof(*segments));
		for (size_t i = 0; i < SEGMENTS; i++)
			segments[i].b = (segments[i].b + 1) % SITES == segments[i].a
						? (segments[i].b + 2) % SITES
						: (segments[i].b + 1) % SITES;
		bent.segments = segments;
		struct corridor_plan *plan = corridor_plan_new(&bent, (struct corridor_day){0});
		struct corridor_steer_setting setting = f->setting;
		setting.plan = plan;
		other = corridor_steer_new(&setting);
		told.segments[0] = f->hub.hub.segments[0].id;
		sound = sound && corridor_steer_recall(other, &told) == 0;
		for (size_t i = 0; i < (size_t)INGRESSES * EXITS; i++) {
			struct steer_held h = steer_held(other, i / EXITS, i % EXITS);
			uint32_t at = f->ingresses[i / EXITS].site;
			for (size_t k = 0; k < h.step_count; k++) {
				const struct hub_segment *stretch = &segments[h.steps[k]];
				sound = sound && (stretch->a == at || stretch->b == at);
				at = stretch->a == at ? stretch->b : stretch->a;
			}
			sound = sound && (!other->choices[i].known || h.cost == CORRIDOR_CLOSED ||
					  at == f->exits[i % EXITS].site);
		}
		corridor_steer_free(other);
		corridor_plan_free(plan);
		free(segments);
		arena_free(arena);
		field_free(f);
	}
	ok(still, "a new process that goes on from the plan moves nothing");
	ok(same, "and tells the same");
	ok(sound && held > 0 && lost > 0, "what does not lead there in its picture is not held");
}

int
main(void)
{
	test_first();
	test_both_ways();
	test_storms();
	test_flapping();
	test_plan();
	test_diverse();
	test_adopt();
	test_recall();
	return done_testing();
}
