/* Orders and places of exits on a small corridor, reckoned by hand. */
#include <math.h>
#include <stdlib.h>

#include "corridor/corridor_steer.h"
#include "hubs.h"
#include "steer_held.h"
#include "tap.h"

/* A and B, with a short and a long way, the latter through AA; and C behind A. */
static struct hub_site three_sites[] = {{.id = "A"}, {.id = "B"}, {.id = "C"}};
static struct hub_segment three_segments[] = {
	{.id = "short",
	 .a = 0,
	 .b = 1,
	 .length_km = 1000,
	 .lit_tbps = 0.01,
	 .design_tbps = NAN,
	 .usable = true,
	 .status = "in service"},
	{.id = "sand",
	 .a = 0,
	 .b = 1,
	 .length_km = 3000,
	 .lit_tbps = 0.01,
	 .design_tbps = NAN,
	 .usable = true,
	 .status = "in service",
	 .country_count = 1,
	 .countries = (struct country[]){{"AA"}}},
	{.id = "feeder",
	 .a = 2,
	 .b = 0,
	 .length_km = 100,
	 .lit_tbps = 0.1,
	 .design_tbps = NAN,
	 .usable = true,
	 .status = "in service"},
};
static const struct hub three = {
	.sites = three_sites,
	.site_count = 3,
	.segments = three_segments,
	.segment_count = 3,
	.corridor = {.assumed_tbps = 1, .land_price = 1, .sea_price = 1},
};

/* The same without C. */
static const struct hub two = {
	.sites = three_sites,
	.site_count = 2,
	.segments = three_segments,
	.segment_count = 2,
	.corridor = {.assumed_tbps = 1, .land_price = 1, .sea_price = 1},
};

/* One exit; who comes in is for the caller to say. */
static struct corridor_steer_setting
setting_of(const struct corridor_plan *plan, const struct corridor_steer_exit *exit,
	   const struct corridor_steer_policy *policies, size_t policy_count)
{
	return (struct corridor_steer_setting){
		.plan = plan,
		.exits = exit,
		.exit_count = 1,
		.policies = policies,
		.policy_count = policy_count,
		.damping = {.hold_ms = 10000, .half_life_ms = 600000, .moves = 2},
		.margin_percent = 5,
		.margin_us = 100,
	};
}

static uint32_t
way_of(const struct corridor_steer *steer, size_t ingress)
{
	struct steer_held held = steer_held(steer, ingress, 0);
	return held.step_count == 1 ? held.steps[0] : HUB_NONE;
}

/* The first choice of the first ingress, as the exchange is told. */
static struct steer_choice
first_told(const struct corridor_steer *steer)
{
	struct arena *arena = arena_new();
	struct steer_plan plan;
	if (corridor_steer_plan(&plan, steer, arena) < 0)
		abort();
	struct steer_choice first = plan.choices[0];
	arena_free(arena);
	return first;
}

static void
test_two_ways(void)
{
	struct corridor_plan *plan = plan_of(&two);
	struct corridor_steer_policy policy = {.latency_percent = 100, .limit_percent = 80};
	struct corridor_steer_exit exit = {
		.session = "up", .site = 1, .member = {64502}, .everywhere = true};
	struct corridor_steer_ingress in[] = {{0, {0}, 0, 5000000000}, {0, {64501}, 0, 5000000000}};
	struct corridor_steer_setting setting = setting_of(plan, &exit, &policy, 1);
	setting.ingresses = in;
	setting.ingress_count = 2;
	setting.damping.moves = 4;
	struct corridor_steer *steer = corridor_steer_new(&setting);
	enum corridor_live live[2] = {CORRIDOR_UP, CORRIDOR_UP};
	uint64_t load[2] = {0, 0};
	struct corridor_steer_event event = {live, load, 0, false, NULL};
	struct corridor_steer_outcome o;
	corridor_steer_run(steer, &event, &o);
	is_int(way_of(steer, 0), 0, "the first goes the short way");
	is_int(way_of(steer, 1), 1, "which then has no room for the second");
	ok(!corridor_steer_is_over(steer, 0) && !corridor_steer_is_over(steer, 1),
	   "no segment is over its limit");
	ok(llabs((long long)steer_held(steer, 0, 0).cost - 4896721) < 100,
	   "a thousand kilometres are 4.897 ms");

	load[0] = 4000000000;
	event = (struct corridor_steer_event){live, load, 1000, true, NULL};
	corridor_steer_run(steer, &event, &o);
	ok(way_of(steer, 0) == 0 && steer_held(steer, 0, 0).full && o.moved == 0,
	   "when both are full nobody moves, and it is told");
	ok(first_told(steer).flags & STEER_FULL, "to the exchange, too");
	load[0] = 0;
	event.now_ms = 2000;
	event.urgent = false;
	corridor_steer_run(steer, &event, &o);
	ok(steer_held(steer, 0, 0).full && o.waiting == 1, "room again is told later");
	event.now_ms = 12000;
	corridor_steer_run(steer, &event, &o);
	ok(!steer_held(steer, 0, 0).full && o.renewed == 1 &&
		   !(first_told(steer).flags & STEER_FULL),
	   "after the hold-down");

	live[0] = CORRIDOR_DRAINED;
	in[0].bps = in[1].bps = 1000000000;
	event = (struct corridor_steer_event){live, load, 13000, true, NULL};
	corridor_steer_run(steer, &event, &o);
	ok(way_of(steer, 0) == 1 && o.forced == 1, "what is drained is left at once");
	live[1] = CORRIDOR_CUT;
	event.now_ms = 14000;
	corridor_steer_run(steer, &event, &o);
	ok(way_of(steer, 0) == 0 && steer_held(steer, 0, 0).drained,
	   "and used all the same when it is all there is");
	live[0] = CORRIDOR_CUT;
	event.now_ms = 15000;
	corridor_steer_run(steer, &event, &o);
	is_int(corridor_steer_first(steer, 0), HUB_NONE, "without a way the exit is closed");
	struct corridor_steer *ahead = corridor_steer_copy(steer);
	live[1] = CORRIDOR_UP;
	corridor_steer_run(ahead, &event, &o);
	ok(corridor_steer_first(ahead, 0) == 0 && o.turned == 2,
	   "whoever has nothing gets the first way there is, at once");
	is_int(corridor_steer_first(steer, 0), HUB_NONE, "looking ahead on a copy changes nothing");
	corridor_steer_free(ahead);
	event = (struct corridor_steer_event){live, load, 3600000, false, NULL};
	exit.everywhere = false;
	corridor_steer_run(steer, &event, &o);
	ok(way_of(steer, 0) == 1 && corridor_steer_first(steer, 0) == HUB_NONE,
	   "an exit that is no upstream opens without a wait as well, and is nobody's first");
	exit = (struct corridor_steer_exit){
		.session = "up", .site = 1, .member = {64501}, .everywhere = true};
	ok(corridor_steer_first(steer, 0) == 0 && corridor_steer_first(steer, 1) == HUB_NONE,
	   "traffic does not go back to whom it comes from");
	corridor_steer_free(steer);
	in[0].site = 2;
	ok(!corridor_steer_new(&setting), "an ingress at no site is refused");
	corridor_plan_free(plan);
}

/* The segment on which an ingress comes into B. */
static uint32_t
last_of(const struct corridor_steer *steer, size_t ingress, size_t exit)
{
	struct steer_held held = steer_held(steer, ingress, exit);
	return held.step_count ? held.steps[held.step_count - 1] : HUB_NONE;
}

/* What is told of a way beside its metric: that its length is an estimate, how long it takes, and its price. */
static void
test_told(void)
{
	struct hub_segment segments[] = {three_segments[0], three_segments[1]};
	segments[0].length_from.confidence = HUB_ESTIMATED;
	segments[1].length_from.confidence = HUB_SEEN;
	struct hub hub = two;
	hub.segments = segments;
	hub.corridor.land_price = 0.25;
	struct corridor_plan *plan = plan_of(&hub);
	struct corridor_steer_policy policy = {.latency_percent = 100, .limit_percent = 80};
	struct corridor_steer_exit exit = {.session = "up", .site = 1, .everywhere = true};
	struct corridor_steer_ingress in[] = {{0, {0}, 0, 1000000000}};
	struct corridor_steer_setting setting = setting_of(plan, &exit, &policy, 1);
	setting.ingresses = in;
	setting.ingress_count = 1;
	struct corridor_steer *steer = corridor_steer_new(&setting);
	enum corridor_live live[2] = {CORRIDOR_UP, CORRIDOR_UP};
	struct corridor_steer_event event = {live, NULL, 0, false, NULL};
	struct corridor_steer_outcome o;
	corridor_steer_run(steer, &event, &o);
	struct steer_choice told = first_told(steer);
	ok((told.flags & STEER_ESTIMATED) && told.step_count == 1 && told.latency_us == 4897 &&
		   told.price == (uint64_t)(plan->segments[0].price.value * 1e6 + 0.5) &&
		   told.price > 0,
	   "a way of which the length is estimated is told as such");
	live[0] = CORRIDOR_CUT;
	event = (struct corridor_steer_event){live, NULL, 1000, true, NULL};
	corridor_steer_run(steer, &event, &o);
	told = first_told(steer);
	ok(!(told.flags & STEER_ESTIMATED) && told.latency_us == 14690 &&
		   told.price == (uint64_t)(plan->segments[1].price.value * 1e6 + 0.5),
	   "one of which it was seen is not");
	corridor_steer_free(steer);
	corridor_plan_free(plan);
}

/* A and C send to B. C has one way, over A; A has two. */
static void
test_room_for_another(void)
{
	struct corridor_plan *plan = plan_of(&three);
	uint32_t avoided = corridor_plan_name(plan, CORRIDOR_COUNTRIES, "AA");
	struct corridor_conditions no_sand = {0};
	no_sand.avoid[CORRIDOR_COUNTRIES] = &avoided;
	no_sand.avoid_count[CORRIDOR_COUNTRIES] = 1;
	struct corridor_steer_policy policies[] = {
		{.latency_percent = 100, .limit_percent = 80},
		{.latency_percent = 100, .limit_percent = 80, .conditions = &no_sand}};
	struct corridor_steer_exit exits[] = {{.session = "up",
					       .site = 1,
					       .member = {64509},
					       .everywhere = true,
					       .capacity_bps = 20000000000}};
	struct corridor_steer_ingress in[] = {{0, {64501}, 0, 5000000000},
					      {2, {64502}, 1, 5000000000}};
	struct corridor_steer_setting setting = setting_of(plan, exits, policies, 2);
	setting.ingresses = in;
	setting.ingress_count = 2;
	enum corridor_live live[3] = {CORRIDOR_UP, CORRIDOR_UP, CORRIDOR_UP};
	struct corridor_steer_event event = {live, NULL, 0, false, NULL};
	struct corridor_steer_outcome o;

	struct corridor_steer *steer = corridor_steer_new(&setting);
	corridor_steer_run(steer, &event, &o);
	ok(last_of(steer, 0, 0) == 0 && corridor_steer_is_over(steer, 0) && o.lacking == 2,
	   "by turns the first fills what the second cannot do without");
	is_int(corridor_steer_short_bps(steer, 1), 1000000000, "and of each a fifth finds no room");
	corridor_steer_free(steer);

	setting.place = CORRIDOR_STEER_FAIR;
	steer = corridor_steer_new(&setting);
	corridor_steer_run(steer, &event, &o);
	ok(last_of(steer, 0, 0) == 1 && last_of(steer, 1, 0) == 0 && o.placed == 1 &&
		   o.lacking == 0,
	   "placed together the first makes room for it, at once");
	event.now_ms = 60000;
	corridor_steer_run(steer, &event, &o);
	ok(o.moved == 0 && last_of(steer, 0, 0) == 1,
	   "and stays away, as there is no room for both");
	in[1].bps = 1000000000;
	corridor_steer_run(steer, &event, &o);
	ok(o.moved == 0 && o.waiting > 0, "room again is no reason to hurry back");
	event.now_ms = 71000;
	corridor_steer_run(steer, &event, &o);
	is_int(last_of(steer, 0, 0), 0, "but after the hold-down it does");
	in[1].bps = 5000000000;
	corridor_steer_free(steer);

	/* Both are too much for the exit. */
	exits[0].capacity_bps = 10000000000;
	steer = corridor_steer_new(&setting);
	corridor_steer_run(steer, &event, &o);
	is_int(corridor_steer_exit_filled_percent(steer, 0), 125, "an exit's port has a limit too");
	ok(steer_held(steer, 0, 0).full && o.lacking == 2, "and is told to be full");
	corridor_steer_free(steer);

	/* A second one, farther off, takes what the first has no room for. */
	struct corridor_steer_exit both[] = {exits[0],
					     {.session = "far",
					      .site = 2,
					      .member = {64508},
					      .everywhere = true,
					      .port = 1,
					      .capacity_bps = 100000000000}};
	setting.exits = both;
	setting.exit_count = 2;
	setting.damping.moves = 4;
	in[0].bps = 9000000000;
	in[1].bps = 4000000000;
	steer = corridor_steer_new(&setting);
	corridor_steer_run(steer, &event, &o);
	ok(corridor_steer_first(steer, 0) == 1 && o.lacking == 0 &&
		   corridor_steer_exit_filled_percent(steer, 0) <= 100,
	   "what has no room at one exit leaves by another");
	corridor_steer_free(steer);
	corridor_plan_free(plan);
}

/* From A to B three segments, and who may use which: D the second and third, C the first and second, P only
 * the first. Who has to go for P's sake, D, runs over nothing that is full. */
static void
test_chain(void)
{
	struct hub_segment segments[3];
	static struct country countries[3] = {{"AA"}, {"BB"}, {"CC"}};
	for (size_t i = 0; i < 3; i++) {
		segments[i] = three_segments[0];
		segments[i].id = (const char *[]){"s1", "s2", "s3"}[i];
		segments[i].length_km = 1000.0 * (double)(i + 1);
		segments[i].countries = &countries[i];
		segments[i].country_count = 1;
	}
	struct hub hub = three;
	hub.segments = segments;
	hub.site_count = 2;
	struct corridor_plan *plan = plan_of(&hub);
	uint32_t names[3];
	for (size_t i = 0; i < 3; i++)
		names[i] = corridor_plan_name(plan, CORRIDOR_COUNTRIES, countries[i].code);
	uint32_t avoided[3][2] = {{names[0], 0}, {names[2], 0}, {names[1], names[2]}};
	struct corridor_conditions conditions[3] = {0};
	struct corridor_steer_policy policies[3];
	for (size_t i = 0; i < 3; i++) {
		conditions[i].avoid[CORRIDOR_COUNTRIES] = avoided[i];
		conditions[i].avoid_count[CORRIDOR_COUNTRIES] = i == 2 ? 2 : 1;
		policies[i] = (struct corridor_steer_policy){
			.latency_percent = 100, .limit_percent = 80, .conditions = &conditions[i]};
	}
	struct corridor_steer_exit exit = {.session = "up", .site = 1, .everywhere = true};
	struct corridor_steer_ingress in[] = {{0, {64501}, 0, 5000000000},
					      {0, {64502}, 1, 5000000000},
					      {0, {64503}, 2, 5000000000}};
	struct corridor_steer_setting setting = setting_of(plan, &exit, policies, 3);
	setting.ingresses = in;
	setting.ingress_count = 3;
	enum corridor_live live[3] = {CORRIDOR_UP, CORRIDOR_UP, CORRIDOR_UP};
	struct corridor_steer_event event = {live, NULL, 0, false, NULL};
	struct corridor_steer_outcome o;

	struct corridor_steer *steer = corridor_steer_new(&setting);
	for (event.now_ms = 0; event.now_ms < 600000; event.now_ms += 1000)
		corridor_steer_run(steer, &event, &o);
	ok(last_of(steer, 0, 0) == 1 && o.lacking == 2,
	   "by turns nobody ever makes room who has no need to move");
	corridor_steer_free(steer);

	setting.place = CORRIDOR_STEER_FAIR;
	steer = corridor_steer_new(&setting);
	event.now_ms = 0;
	corridor_steer_run(steer, &event, &o);
	ok(last_of(steer, 0, 0) == 2 && last_of(steer, 1, 0) == 1 && last_of(steer, 2, 0) == 0 &&
		   o.placed == 2 && o.lacking == 0,
	   "placed together all move up by one");
	in[2].bps = 0;
	for (; event.now_ms < 60000; event.now_ms += 1000)
		corridor_steer_run(steer, &event, &o);
	ok(last_of(steer, 0, 0) == 1 && last_of(steer, 1, 0) == 0, "and down again when they can");
	in[2].bps = 5000000000;
	corridor_steer_run(steer, &event, &o);
	ok(o.placed == 0 && last_of(steer, 0, 0) == 1,
	   "who has moved too often of late is not asked to");
	ok(o.lacking == 2 && corridor_steer_short_bps(steer, 2) == 1000000000,
	   "then what finds no room stays where it was, and is told");
	uint32_t placed = 0;
	for (; event.now_ms < 1800000; event.now_ms += 1000) {
		corridor_steer_run(steer, &event, &o);
		placed += o.placed;
	}
	ok(placed == 2 && o.lacking == 0, "until the budget is there again");
	corridor_steer_free(steer);
	corridor_plan_free(plan);
}

/* The way to the only upstream is cut: a customer's exit, whose shorter way is there again and waits, stays. */
static void
test_only_upstream_lost(void)
{
	static struct hub_site sites[] = {{.id = "A"}, {.id = "U"}, {.id = "C"}};
	struct hub_segment segments[3] = {three_segments[0], three_segments[0], three_segments[1]};
	segments[0].id = "au", segments[1].id = "ac1", segments[2].id = "ac2";
	segments[1].b = segments[2].b = 2;
	struct hub hub = two;
	hub.sites = sites, hub.site_count = 3;
	hub.segments = segments, hub.segment_count = 3;
	struct corridor_plan *plan = plan_of(&hub);
	struct corridor_steer_exit exits[] = {
		{.session = "up", .site = 1, .member = {64502}, .everywhere = true},
		{.session = "customer", .site = 2, .member = {64503}}};
	struct corridor_steer_policy policy = {.latency_percent = 100, .limit_percent = 100};
	struct corridor_steer_ingress in = {0, {64501}, 0, 0};
	struct corridor_steer_setting setting = {.plan = plan,
						 .exits = exits,
						 .exit_count = 2,
						 .ingresses = &in,
						 .ingress_count = 1,
						 .policies = &policy,
						 .policy_count = 1,
						 .damping = {10000, 600000, 4},
						 .margin_percent = 5,
						 .margin_us = 100};
	struct corridor_steer *steer = corridor_steer_new(&setting);
	enum corridor_live live[3] = {CORRIDOR_UP, CORRIDOR_CUT, CORRIDOR_UP};
	struct corridor_steer_event event = {live, NULL, 0, false, NULL};
	struct corridor_steer_outcome o;
	corridor_steer_run(steer, &event, &o);
	is_int(steer_held(steer, 0, 1).steps[0], 2, "the customer is reached the long way");
	live[1] = CORRIDOR_UP;
	event.now_ms = 1000;
	corridor_steer_run(steer, &event, &o);
	is_int(steer_held(steer, 0, 1).steps[0], 2,
	       "and is, until the short way has been there a while");
	live[0] = CORRIDOR_CUT;
	event.now_ms = 2000;
	event.urgent = true;
	corridor_steer_run(steer, &event, &o);
	is_int(corridor_steer_first(steer, 0), HUB_NONE, "the only upstream is lost");
	is_int(steer_held(steer, 0, 1).steps[0], 2,
	       "an open way to a customer does not move for it");
	is_int((long long)o.forced, 1, "one way had to");
	event.now_ms = 20000;
	event.urgent = false;
	corridor_steer_run(steer, &event, &o);
	is_int(steer_held(steer, 0, 1).steps[0], 1, "and moves in its own time");
	corridor_steer_free(steer);
	corridor_plan_free(plan);
}

int
main(void)
{
	test_two_ways();
	test_only_upstream_lost();
	test_told();
	test_room_for_another();
	test_chain();
	return done_testing();
}
