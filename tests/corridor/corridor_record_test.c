/* What is recorded of the ways: the plan of exits, contracts and promises of a hub. */
#include "corridor/corridor_record.h"

#include <math.h>
#include <string.h>

#include "corridor/corridor_steer_hub.h"
#include "tap.h"

static struct country crossed[] = {{"AA"}, {"BB"}}, beside[] = {{"CC"}},
		      avoided[] = {{"AA"}, {"ZZ"}};
static struct hub_site sites[] = {{.id = "A", .country = {"AA"}}, {.id = "B", .country = {"CC"}}};
static struct hub_segment segments[] = {
	{.id = "through",
	 .b = 1,
	 .length_km = 100,
	 .lit_tbps = NAN,
	 .design_tbps = NAN,
	 .usable = true,
	 .status = "in service",
	 .confidence_text = "seen on the map",
	 .countries = crossed,
	 .country_count = 2},
	{.id = "around",
	 .b = 1,
	 .length_km = 900,
	 .lit_tbps = NAN,
	 .design_tbps = NAN,
	 .usable = true,
	 .status = "in service",
	 .countries = beside,
	 .country_count = 1},
};
static uint32_t in_cable[] = {1}, of_c1[] = {2}, over_c1[] = {1, 0};
static struct hub_cable cables[] = {{.id = "LONG", .segments = in_cable, .segment_count = 1}};
static struct hub_member members[] = {{.asn = {64501}}, {.asn = {64502}}, {.asn = {64503}}};
/* Not in the order of ids. */
static struct hub_port ports[] = {
	{.id = "q", .member = 0, .site = 0},
	{.id = "p", .member = 1, .site = 1},
	{.id = "o", .member = 2, .site = HUB_NONE},
};
static struct hub_session sessions[] = {
	{.id = "customer",
	 .member = 0,
	 .port = 0,
	 .enabled = true,
	 .ipv4 = true,
	 .transit = HUB_AS_CUSTOMER},
	{.id = "upstream",
	 .member = 1,
	 .port = 1,
	 .enabled = true,
	 .ipv4 = true,
	 .ipv6 = true,
	 .transit = HUB_AS_UPSTREAM},
};
static struct hub_demand demands[] = {
	{.split = true, .id = "d0", .member = 0, .gbps = 4, .avoid = avoided, .avoid_count = 2},
	{.split = true, .id = "d1", .member = 0, .gbps = 4, .avoid = avoided, .avoid_count = 1},
};
static struct hub_contract contracts[] = {{.id = "c1",
					   .member = 2,
					   .starts = {1000},
					   .ends = {2000},
					   .ports = of_c1,
					   .port_count = 1,
					   .segments = over_c1,
					   .segment_count = 2}};
static const struct hub hub = {
	.sites = sites,
	.site_count = 2,
	.segments = segments,
	.segment_count = 2,
	.cables = cables,
	.cable_count = 1,
	.members = members,
	.member_count = 3,
	.ports = ports,
	.port_count = 3,
	.sessions = sessions,
	.session_count = 2,
	.demands = demands,
	.demand_count = 2,
	.contracts = contracts,
	.contract_count = 1,
	.steering = {.policy = {.latency_percent = 100, .load_us = 2000, .limit_percent = 90},
		     .hold_s = 30,
		     .half_life_s = 900,
		     .moves = 4,
		     .margin_percent = 5,
		     .margin_us = 500},
	.corridor = {.assumed_tbps = 1, .land_price = 1, .sea_price = 1},
};

static const char *
names(const struct ways_names *list)
{
	static char text[100];
	text[0] = '\0';
	for (size_t i = 0; i < list->count; i++) {
		strcat(text, i ? " " : "");
		strcat(text, list->items[i]);
	}
	return text;
}

/* The segments of the way from a place, in words. */
static const char *
way(const struct ways *ways, const char *site, uint32_t asn, const char *session)
{
	static char text[100];
	uint32_t exit = 0;
	while (strcmp(ways->exits[exit].session, session) != 0)
		exit++;
	const struct ways_way *w = ways_way_of(ways, site, (struct asn){asn}, exit);
	(void)snprintf(text, sizeof(text), "%s", !w ? "none" : w->closed ? "closed" : "");
	for (size_t i = 0; w && i < w->steps.count; i++) {
		strcat(text, i ? " " : "");
		strcat(text, ways->segments[w->steps.items[i]].id);
	}
	return text;
}

static void
steered(const struct corridor_plan *plan, struct corridor_steer_hub *made,
	enum corridor_live around, struct ways *ways, struct arena *arena)
{
	struct steer_plan exits;
	enum corridor_live live[2] = {CORRIDOR_UP, around};
	struct corridor_steer_event event = {.live = live};
	struct corridor_steer_outcome outcome;
	struct corridor_steer *steer = corridor_steer_new(&made->setting);
	corridor_steer_run(steer, &event, &outcome);
	corridor_steer_plan(&exits, steer, arena);
	is_int(corridor_record(ways, arena, plan, &exits, (struct utc_s){1500}), 0,
	       "it is recorded");
	corridor_steer_free(steer);
}

int
main(void)
{
	struct corridor_plan *plan = corridor_plan_new(&hub, (struct corridor_day){0});
	struct arena *arena = arena_new();
	struct corridor_steer_hub made;
	struct ways ways;
	corridor_steer_of_hub(&made, plan, arena);
	steered(plan, &made, CORRIDOR_UP, &ways, arena);
	is_str(way(&ways, "A", 64999, "upstream"), "through", "others go the short way");
	is_str(way(&ways, "A", 64501, "upstream"), "around", "a member goes as it wants to");
	is_str(way(&ways, "A", 64501, "customer"), "", "to itself it crosses nothing");
	ok(ways.port_count == 3 && strcmp(ways.ports[0].id, "o") == 0 &&
		   strcmp(ways.ports[2].id, "q") == 0,
	   "ports are in the order of their ids");
	is_str(ways.ports[1].country, "CC", "a port is in the country of its site");
	is_str(ways.ports[0].site, "", "or nowhere");
	ok(ways.ports[0].has_contract && ways.ports[0].bought.count == 2 &&
		   strcmp(ways.segments[ways.ports[0].bought.items[0]].id, "around") == 0,
	   "a contract in force says where the traffic of its ports runs");
	const struct ways_segment *s = &ways.segments[0];
	while (strcmp(s->id, "through") != 0)
		s++;
	ok(!s->estimated && s->length_m == 100000 && s->latency_us > 480 && s->latency_us < 500,
	   "a segment has its length, and what light takes");
	is_str(names(&s->crosses[WAYS_COUNTRIES]), "AA BB", "and the countries that it crosses");
	s = &ways.segments[0];
	while (strcmp(s->id, "around") != 0)
		s++;
	ok(s->estimated, "what nobody vouches for is an estimate");
	is_str(names(&s->crosses[WAYS_CABLES]), "LONG", "a cable has its segments");
	is_int((long long)ways.promise_count, 1, "who avoids something was promised that");
	is_str(names(&ways.promises[0].countries), "AA ZZ", "each country once");

	/* The whole of it is a text that is read again. */
	struct ways again;
	struct buf text = {0};
	const char *error = NULL;
	ways_write(&ways, &text);
	ok(ways_read(&again, arena, text.data, text.length, &error) == 0 &&
		   ways_same(&ways, &again),
	   "what is recorded is sound");
	buf_fini(&text);

	steered(plan, &made, CORRIDOR_CUT, &ways, arena);
	is_str(way(&ways, "A", 64501, "upstream"), "closed",
	       "where no way keeps to what was promised it is closed");
	is_str(way(&ways, "A", 64999, "upstream"), "through", "for others it is not");

	struct corridor_plan less = *plan;
	struct corridor_segment left[2] = {plan->segments[0], plan->segments[1]};
	less.segments = left;
	left[1].there = false;
	is_int(corridor_record(&ways, arena, &less, NULL, (struct utc_s){1500}), 0,
	       "without a plan of exits too");
	ok(!ways.way_count && !ways.exit_count && !ways.ports[0].has_contract,
	   "where a segment of it is cut a contract says nothing");
	corridor_record(&ways, arena, plan, NULL, (struct utc_s){2000});
	ok(!ways.ports[0].has_contract, "nor when it is over");
	arena_free(arena);
	corridor_plan_free(plan);
	return done_testing();
}
