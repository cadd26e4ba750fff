/* Steering out of a hub's picture. */
#include "corridor/corridor_steer_hub.h"

#include <math.h>
#include <string.h>

#include "steer_held.h"
#include "tap.h"

static struct country crossed[] = {{"AA"}}, avoided[] = {{"AA"}, {"ZZ"}, {"AA"}};
static struct hub_site sites[] = {{.id = "A"}, {.id = "B"}, {.id = "C"}};
static struct hub_segment segments[] = {
	{.id = "through",
	 .a = 0,
	 .b = 1,
	 .length_km = 100,
	 .lit_tbps = NAN,
	 .design_tbps = NAN,
	 .usable = true,
	 .status = "in service",
	 .countries = crossed,
	 .country_count = 1},
	{.id = "around",
	 .a = 0,
	 .b = 1,
	 .length_km = 900,
	 .lit_tbps = NAN,
	 .design_tbps = NAN,
	 .usable = true,
	 .status = "in service"},
};
static struct hub_member members[] = {{.asn = {64501}}, {.asn = {64502}}, {.asn = {64503}}};
static struct hub_port ports[] = {
	{.id = "p0", .member = 0, .site = 0},        {.id = "p1", .member = 1, .site = 1},
	{.id = "p2", .member = 2, .site = HUB_NONE}, {.id = "p3", .member = 0, .site = 1},
	{.id = "p4", .member = 1, .site = 2},
};
static struct hub_session sessions[] = {
	{.id = "s0", .member = 0, .port = 0, .enabled = true, .transit = HUB_AS_CUSTOMER},
	{.id = "s1", .member = 1, .port = 1, .enabled = true, .transit = HUB_AS_UPSTREAM},
	{.id = "s2", .member = 1, .port = 1, .enabled = true, .transit = HUB_AS_NONE},
	{.id = "s3", .member = 1, .port = 1, .enabled = false, .transit = HUB_AS_PEER},
	{.id = "s4", .member = 2, .port = 2, .enabled = true, .transit = HUB_AS_PEER},
	{.id = "s5", .member = 0, .port = 3, .enabled = true, .transit = HUB_AS_CUSTOMER},
	{.id = "s7", .member = 1, .port = 4, .enabled = true, .transit = HUB_AS_UPSTREAM},
	{.id = "s6", .member = 0, .port = 0, .enabled = true, .transit = HUB_AS_CUSTOMER},
};
static struct hub_demand demands[] = {
	{.split = true, .id = "d0", .member = 0, .gbps = 4, .avoid = avoided, .avoid_count = 3},
	{.split = true, .id = "d1", .member = 0, .gbps = NAN},
	{.split = true, .id = "d2", .member = HUB_NONE, .gbps = 9},
};
static struct hub_steering_member own[] = {
	{.member = 1,
	 .policy = {.latency_percent = 200, .limit_percent = 50, .diverse = true},
	 .avoid = crossed,
	 .avoid_count = 1},
};
static const struct hub hub = {
	.sites = sites,
	.site_count = 3,
	.segments = segments,
	.segment_count = 2,
	.members = members,
	.member_count = 3,
	.ports = ports,
	.port_count = 5,
	.sessions = sessions,
	.session_count = 8,
	.demands = demands,
	.demand_count = 3,
	.steering = {.policy = {.latency_percent = 100, .load_us = 2000, .limit_percent = 90},
		     .members = own,
		     .member_count = 1,
		     .hold_s = 30,
		     .half_life_s = 900,
		     .moves = 4,
		     .margin_percent = 5,
		     .margin_us = 500},
	.corridor = {.assumed_tbps = 1, .land_price = 1, .sea_price = 1},
};

/* Words of the hub file to what steering takes. */
static void
settings(const struct corridor_plan *plan, struct arena *arena)
{
	static const struct {
		enum hub_steering_place told;
		enum corridor_steer_place place;
	} places[] = {{HUB_STEERING_GREEDY, CORRIDOR_STEER_GREEDY},
		      {HUB_STEERING_FAIR, CORRIDOR_STEER_FAIR},
		      {HUB_STEERING_EVEN, CORRIDOR_STEER_EVEN}};
	struct corridor_plan other = *plan;
	struct hub told = hub;
	struct corridor_steer_hub made;
	bool same = true;
	other.hub = &told;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		told.steering.place = places[i].told;
		same = same && corridor_steer_of_hub(&made, &other, arena) == 0 &&
		       made.setting.place == places[i].place;
	}
	ok(same, "exits are placed as the hub file says");
	ok(made.setting.damping.hold_ms == 30000 && made.setting.damping.half_life_ms == 900000 &&
		   made.setting.damping.moves == 4 && made.setting.margin_percent == 5 &&
		   made.setting.margin_us == 500,
	   "and held as long and moved as seldom");

	uint32_t way[] = {0};
	struct hub_contract contract = {
		.id = "c", .member = 0, .segments = way, .segment_count = 1};
	told.contracts = &contract;
	told.contract_count = 1;
	corridor_steer_of_hub(&made, &other, arena);
	corridor_steer_measure(&made, NULL, (struct utc_s){0});
	is_int((long long)made.ingresses[1].bps, 0,
	       "who goes by contract brings nothing that could be steered");
	contract.segment_count = 0;
	corridor_steer_measure(&made, NULL, (struct utc_s){0});
	is_int((long long)made.ingresses[1].bps, 2000000000, "unless it is over no segment");
}

int
main(void)
{
	struct corridor_plan *plan = corridor_plan_new(&hub, (struct corridor_day){0});
	struct arena *arena = arena_new();
	struct corridor_steer_hub made;
	is_int(corridor_steer_of_hub(&made, plan, arena), 0, "a setting is made");
	settings(plan, arena);
	const struct corridor_steer_setting *s = &made.setting;
	is_int((long long)s->exit_count, 4,
	       "exits are enabled sessions of the hub's own AS at sites where segments end");
	is_str(s->exits[1].session, "s1", "in the order of the file");
	bool sound = s->ingress_count == 5;
	static const struct {
		uint32_t site, member;
	} expected[] = {{0, 0}, {0, 64501}, {1, 0}, {1, 64501}, {1, 64502}};
	for (size_t i = 0; sound && i < 5; i++)
		sound = s->ingresses[i].site == expected[i].site &&
			s->ingresses[i].member.number == expected[i].member;
	ok(sound, "ingresses are the members at their sites and all others there, in order, once");
	is_int((long long)s->policy_count, 3, "who wants something has a policy of its own");
	const struct corridor_steer_policy *second = &s->policies[s->ingresses[4].policy];
	ok(second->latency_percent == 200 && second->diverse && second->conditions &&
		   second->conditions->avoid_count[CORRIDOR_COUNTRIES] == 1,
	   "with what the hub file says of it, and the countries that it avoids");
	corridor_steer_measure(&made, NULL, (struct utc_s){0});
	ok(made.ingresses[1].bps == 2000000000 && made.ingresses[3].bps == 2000000000,
	   "a member's demands are spread over its places");
	ok(made.ingresses[0].bps == 0 && made.ingresses[4].bps == 0,
	   "others bring what is measured: nothing");

	struct corridor_steer *steer = corridor_steer_new(s);
	enum corridor_live live[2] = {CORRIDOR_UP, CORRIDOR_UP};
	struct corridor_steer_event event = {live, NULL, 0, false, NULL};
	struct corridor_steer_outcome outcome;
	corridor_steer_run(steer, &event, &outcome);
	struct steer_held others = steer_held(steer, 0, 1);
	struct steer_held member = steer_held(steer, 1, 1);
	ok(others.step_count == 1 && others.steps[0] == 0, "others go the short way");
	ok(member.step_count == 1 && member.steps[0] == 1,
	   "a member goes around the country that it avoids");
	struct steer_held back = steer_held(steer, 2, 0);
	ok(back.step_count == 1 && back.steps[0] == 1,
	   "so does what comes to it from whoever does not");
	live[1] = CORRIDOR_CUT;
	event.urgent = true;
	corridor_steer_run(steer, &event, &outcome);
	ok(steer_held(steer, 2, 0).cost == CORRIDOR_CLOSED,
	   "and where there is no other way, its exit is closed to them");
	corridor_steer_free(steer);
	arena_free(arena);
	corridor_plan_free(plan);
	return done_testing();
}
