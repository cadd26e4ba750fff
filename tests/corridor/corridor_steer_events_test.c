/* Orders as they come in, on a clock of the test's own: what the operator's state and the steering make of a segment that flaps, of
 * two cuts in one second, of one while a plan is looked ahead, and of a restoration in the middle. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_state.h"
#include "corridor/corridor_steer.h"
#include "steer_held.h"
#include "tap.h"

enum { MEMBERS = 40, EXITS = 2, SEGMENTS = 6 };

/* Two sites, A and B, with an upstream each; M between and N aside; from everywhere two ways. */
#define STRETCH(name, from, to, km)                                                                \
	{                                                                                          \
		.id = (name), .a = (from), .b = (to), .length_km = (km), .lit_tbps = 0.1,          \
		.design_tbps = NAN, .usable = true, .status = "in service"                         \
	}
static struct hub_site sites[] = {{.id = "A"}, {.id = "B"}, {.id = "M"}, {.id = "N"}};
static struct hub_segment segments[SEGMENTS] = {
	STRETCH("am1", 0, 2, 500),  STRETCH("am2", 0, 2, 900), STRETCH("bm1", 1, 2, 600),
	STRETCH("bm2", 1, 2, 1000), STRETCH("an", 0, 3, 2000), STRETCH("bn", 1, 3, 2000),
};
static const struct hub hub = {
	.sites = sites,
	.site_count = 4,
	.segments = segments,
	.segment_count = SEGMENTS,
	.corridor = {.assumed_tbps = 1, .land_price = 1, .sea_price = 1},
};
static const struct corridor_steer_policy policy = {.latency_percent = 100, .limit_percent = 90};
static const struct corridor_steer_exit exits[EXITS] = {
	{.session = "a", .site = 0, .everywhere = true, .port = 0, .capacity_bps = 100000000000},
	{.session = "b", .site = 1, .everywhere = true, .port = 1, .capacity_bps = 100000000000},
};

struct world {
	struct corridor_plan *plan;
	struct corridor_state *state;
	struct corridor_steer_ingress ingresses[MEMBERS];
	struct corridor_steer_setting setting;
	struct corridor_steer *steer;
	enum corridor_live live[SEGMENTS];
	int64_t now_ms;
	uint64_t moved, forced, placed;
};

static struct corridor_steer_outcome
go(struct world *w, struct corridor_steer *steer, bool urgent)
{
	struct corridor_steer_outcome o;
	struct corridor_steer_event event = {w->live, NULL, w->now_ms, urgent, NULL};
	corridor_state_live(w->live, w->state, w->plan, (struct utc_s){w->now_ms / 1000});
	corridor_steer_run(steer, &event, &o);
	w->moved += o.moved;
	w->forced += o.forced;
	w->placed += o.placed;
	return o;
}

/* Forty members at M, who bring more than the nearest exit can take. */
static struct world *
world_new(void)
{
	struct world *w = calloc(1, sizeof(*w));
	w->plan = corridor_plan_new(&hub, (struct corridor_day){0});
	w->state = corridor_state_new();
	for (uint32_t i = 0; i < MEMBERS; i++)
		w->ingresses[i] = (struct corridor_steer_ingress){2, {64501 + i}, 0, 3500000000};
	w->setting = (struct corridor_steer_setting){
		.plan = w->plan,
		.exits = exits,
		.exit_count = EXITS,
		.ingresses = w->ingresses,
		.ingress_count = MEMBERS,
		.policies = &policy,
		.policy_count = 1,
		.damping = {.hold_ms = 30000, .half_life_ms = 900000, .moves = 4},
		.margin_percent = 5,
		.margin_us = 500,
		.place = CORRIDOR_STEER_FAIR,
	};
	w->steer = corridor_steer_new(&w->setting);
	w->now_ms = 1000000;
	go(w, w->steer, false);
	return w;
}

static void
world_free(struct world *w)
{
	corridor_steer_free(w->steer);
	corridor_state_free(w->state);
	corridor_plan_free(w->plan);
	free(w);
}

static void
order(struct world *w, enum corridor_live live, const char *segment)
{
	struct corridor_order o = {.live = live,
				   .kind = CORRIDOR_A_SEGMENT,
				   .id = segment,
				   .given = {w->now_ms / 1000},
				   .who = "operator",
				   .why = ""};
	o.from = o.given;
	if (live == CORRIDOR_UP)
		(void)corridor_state_restore(w->state, &o);
	else
		(void)corridor_state_order(w->state, &o);
}

/* Does some open way lead over it? */
static bool
is_used(const struct corridor_steer *steer, uint32_t segment)
{
	for (size_t i = 0; i < (size_t)MEMBERS * EXITS; i++) {
		struct steer_held held = steer_held(steer, i / EXITS, i % EXITS);
		for (size_t k = 0; held.cost != CORRIDOR_CLOSED && k < held.step_count; k++)
			if (held.steps[k] == segment)
				return true;
	}
	return false;
}

static size_t
leaving_by(const struct corridor_steer *steer, uint32_t exit)
{
	size_t count = 0;
	for (size_t i = 0; i < MEMBERS; i++)
		count += corridor_steer_first(steer, i) == exit;
	return count;
}

static bool
nobody_lacks(const struct corridor_steer *steer)
{
	for (size_t i = 0; i < MEMBERS; i++)
		if (corridor_steer_short_bps(steer, i))
			return false;
	return true;
}

static void
test_flapping(void)
{
	struct world *w = world_new();
	bool never_over_cut = true;
	w->moved = w->forced = 0;
	/* A hundred times a minute down and up, for an hour. */
	for (int i = 0; i < 12000; i++) {
		w->now_ms += 300;
		order(w, i % 2 ? CORRIDOR_UP : CORRIDOR_CUT, "am1");
		go(w, w->steer, i % 2 == 0);
		never_over_cut = never_over_cut && (i % 2 || !is_used(w->steer, 0));
	}
	/* Each choice: the budget, one more that is owed, and what comes back in an hour. */
	double each = 4 + 1 + 5 * log(2) * 3600 / 900;
	ok(never_over_cut,
	   "a segment that flaps a hundred times a minute carries nothing while it is cut");
	ok((double)w->moved <= 2 * MEMBERS * EXITS * each && w->forced > 0,
	   "and within the hour no choice changes more often than its budget has it (%llu changes)",
	   (unsigned long long)w->moved);
	for (int minute = 0; minute < 90; minute++) {
		w->now_ms += 60000;
		go(w, w->steer, false);
	}
	w->moved = 0;
	for (int second = 0; second < 3600; second++) {
		w->now_ms += 1000;
		go(w, w->steer, false);
	}
	ok(w->moved == 0, "when it stays up the plan is steady again");
	ok(nobody_lacks(w->steer), "and all find room");
	world_free(w);
}

static void
test_two_cuts(void)
{
	struct world *w = world_new(), *once = world_new();
	ok(leaving_by(w->steer, 0) > 0 && leaving_by(w->steer, 1) > 0 && nobody_lacks(w->steer),
	   "members whom the nearest exit has no room for leave by the other");
	order(w, CORRIDOR_CUT, "am1");
	go(w, w->steer, true);
	w->now_ms += 400;
	order(w, CORRIDOR_CUT, "bm1");
	go(w, w->steer, true);
	ok(!is_used(w->steer, 0) && !is_used(w->steer, 2) && nobody_lacks(w->steer),
	   "two cuts within a second: nothing leads over either, and all find room");
	w->now_ms += 400;
	ok(go(w, w->steer, true).moved == 0 && go(w, w->steer, false).placed == 0,
	   "and nothing moves any more");

	order(once, CORRIDOR_CUT, "am1");
	order(once, CORRIDOR_CUT, "bm1");
	go(once, once->steer, true);
	ok(!is_used(once->steer, 0) && !is_used(once->steer, 2) &&
		   leaving_by(once->steer, 0) + leaving_by(once->steer, 1) == MEMBERS,
	   "both at once as well, and nobody is left without an exit");
	world_free(once);
	world_free(w);
}

static void
test_while_reckoning(void)
{
	struct world *w = world_new();
	/* Looked ahead for one cut, while the other comes. */
	order(w, CORRIDOR_CUT, "am1");
	struct corridor_steer *ahead = corridor_steer_copy(w->steer);
	go(w, ahead, true);
	order(w, CORRIDOR_CUT, "bm1");
	go(w, w->steer, true);
	ok(!is_used(ahead, 0) && is_used(ahead, 2),
	   "what was looked ahead knows the first cut only");
	ok(!is_used(w->steer, 0) && !is_used(w->steer, 2),
	   "a cut that comes while a plan is looked ahead is in the plan after it");
	corridor_steer_free(ahead);
	world_free(w);
}

static void
test_restored(void)
{
	struct world *w = world_new();
	size_t before = leaving_by(w->steer, 0);
	order(w, CORRIDOR_CUT, "am1");
	go(w, w->steer, true);
	ok(leaving_by(w->steer, 0) > 0, "after a cut the other segment leads to the exit");
	w->now_ms += 1000;
	order(w, CORRIDOR_UP, "am1");
	ok(go(w, w->steer, false).moved == 0 && !is_used(w->steer, 0),
	   "one that is restored at once is not used at once");
	w->now_ms += 10000;
	order(w, CORRIDOR_CUT, "am1");
	ok(go(w, w->steer, true).moved == 0, "cut again meanwhile it hits nobody");
	w->now_ms += 1000;
	order(w, CORRIDOR_UP, "am1");
	go(w, w->steer, false);
	w->now_ms += 29000;
	go(w, w->steer, false);
	ok(!is_used(w->steer, 0), "and its time begins anew");
	for (int second = 0; second < 10; second++) {
		w->now_ms += 1000;
		go(w, w->steer, false);
	}
	ok(is_used(w->steer, 0) && leaving_by(w->steer, 0) == before && nobody_lacks(w->steer),
	   "when that is over all is as it was");
	world_free(w);
}

int
main(void)
{
	test_flapping();
	test_two_cuts();
	test_while_reckoning();
	test_restored();
	return done_testing();
}
