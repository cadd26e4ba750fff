/* Incidents played again, against reckoning by hand; and those of the example. */
#include "corridor/corridor_replay.h"

#include <math.h>

#include "silkroad.h"
#include "tap.h"

enum { DAY_S = 86400 };
static const struct utc_s today = {1795219200}; /* November 2026 */

/* A and B, a cable between them until 2026, and a longer way over C; the demand doubles a year. */
static struct hub_site sites[] = {{.id = "A"}, {.id = "B"}, {.id = "C"}};
static struct hub_segment segments[3];
static struct hub_demand demands[] = {{.split = true,
				       .id = "AB",
				       .from = 0,
				       .to = 1,
				       .gbps = 400,
				       .member = HUB_NONE,
				       .growth_percent = NAN,
				       .basis = {.low = NAN, .high = NAN}}};
static uint32_t cable[] = {0}, both[] = {0, 1};
static const char *sea[] = {"SEA"};
static struct hub_incident incidents[] = {
	{.id = "cable", .segments = cable, .segment_count = 1},
	{.id = "all", .segments = both, .segment_count = 2},
	{.id = "today", .segments = cable, .segment_count = 1},
	{.id = "undated", .segments = both, .segment_count = 2},
	{.id = "sea", .risks = sea, .risk_count = 1},
	{.id = "none"},
};

static struct hub
hub_of_three(void)
{
	static const uint32_t ends[3][2] = {{0, 1}, {0, 2}, {2, 1}};
	for (size_t i = 0; i < 3; i++) {
		struct hub_segment *s = &segments[i];
		*s = (struct hub_segment){.id = "S", .status = "in service", .usable = true};
		s->a = ends[i][0];
		s->b = ends[i][1];
		s->length_km = 1000;
		s->design_tbps = i ? 0.05 : 1;
		s->great_circle_km = s->lit_tbps = NAN;
		s->length_from = s->design_from = (struct hub_basis){.low = NAN, .high = NAN};
	}
	segments[0].until.s = today.s - 100 * (int64_t)DAY_S;
	for (size_t i = 0; i < sizeof(incidents) / sizeof(incidents[0]); i++) {
		incidents[i].lost_gbps = incidents[i].lost_percent = NAN;
		incidents[i].start.s = today.s - (int64_t)(2 * 365.25 * DAY_S);
	}
	incidents[2].start = today;
	incidents[3].start.s = 0;
	incidents[0].lost_gbps = 1000;
	return (struct hub){
		.sites = sites,
		.site_count = 3,
		.segments = segments,
		.segment_count = 3,
		.demands = demands,
		.demand_count = 1,
		.incidents = incidents,
		.incident_count = sizeof(incidents) / sizeof(incidents[0]),
		.corridor = {
			.assumed_tbps = 1, .land_price = 1, .sea_price = 1, .growth_percent = 100}};
}

static struct corridor_replay
play(struct corridor_plans *plans, size_t index)
{
	struct corridor_replay replay;
	if (corridor_replay(&replay, plans, index) < 0)
		abort();
	return replay;
}

static void
by_hand(void)
{
	struct hub hub = hub_of_three();
	struct corridor_plans *plans = corridor_plans_new(&hub, today);
	struct corridor_replay r = play(plans, 0);
	is_int((long long)r.carried_bps, 100000000000,
	       "two years ago the demand was a quarter, and went over the cable");
	is_int((long long)r.after.lost_bps, 50000000000, "half of it has room on the other way");
	ok(r.after.slower == 1 && r.after.parted == 0, "which is longer");
	is_int(r.doubts, CORRIDOR_REPLAY_AT_ONCE | CORRIDOR_REPLAY_OTHERS,
	       "people do not move it at once, and more was told than there is");
	is_int(r.why, CORRIDOR_REPLAY_FULL, "for the other half it has none");
	ok(r.compared.verdict == CORRIDOR_REPLAY_MISS &&
		   r.compared.because == CORRIDOR_REPLAY_MORE_TOLD && !r.compared.percent &&
		   r.compared.told == 1000 && r.compared.low == r.after.lost.low &&
		   r.compared.high == r.carried.high && r.carried.value == 100 &&
		   r.carried.high >= 100,
	   "which is a miss, even with what stops at its bound");
	r = play(plans, 1);
	ok(r.after.parted == 1 && r.after.lost_bps == r.carried_bps && r.doubts == 0 &&
		   r.why == CORRIDOR_REPLAY_PARTED,
	   "without any way all is lost, as was told");
	ok(r.compared.verdict == CORRIDOR_REPLAY_NONE &&
		   r.compared.because == CORRIDOR_REPLAY_NO_NUMBER && isnan(r.compared.told),
	   "but by nobody in numbers");
	r = play(plans, 2);
	ok(r.why == CORRIDOR_REPLAY_ABSENT && r.doubts == 0 &&
		   r.compared.because == CORRIDOR_REPLAY_NOT_PLAYED,
	   "today the cable is not there any more");
	r = play(plans, 3);
	ok(r.doubts == CORRIDOR_REPLAY_NO_DAY && r.carried_bps == 50000000000 && r.closed == 1,
	   "an incident of an unknown day is played as of today");
	r = play(plans, 4);
	is_int(r.why, CORRIDOR_REPLAY_NOTHING, "a group that no segment is in takes nothing");
	r = play(plans, 5);
	is_int(r.why, CORRIDOR_REPLAY_NOTHING, "nor does an incident of cables not listed");
	corridor_plans_free(plans);
}

/* The demand twice over, on both ways. */
static void
by_two(void)
{
	struct hub hub = hub_of_three();
	demands[0].gbps = 100;
	demands[0].protect = HUB_PROTECT_ONE_PLUS_ONE;
	struct corridor_plans *plans = corridor_plans_new(&hub, today);
	struct corridor_replay r = play(plans, 0);
	ok(r.carried_bps == 0 && r.after.lost_bps == 0,
	   "what arrives over a second way does not stop");
	is_int(r.why, CORRIDOR_REPLAY_GUARDED, "and is not taken for something that nobody uses");
	r = play(plans, 1);
	is_int((long long)r.carried_bps, 25000000000, "when both are cut it stops once");
	is_int((long long)r.concerned_bps, 25000000000, "which is all of it");
	corridor_plans_free(plans);
}

/* What was told beside what is reckoned, of the cable with half of its traffic moved: 50 to 100 %. */
static void
told_in_percent(void)
{
	static const struct {
		const char *name;
		double percent;
		double gbps; /* of the demand */
		enum corridor_replay_verdict verdict;
		enum corridor_replay_because because;
	} cases[] = {
		{"between what is lost for good and what stops at once is a hit", 75, 400,
		 CORRIDOR_REPLAY_HIT, CORRIDOR_REPLAY_BETWEEN},
		{"a report is round: five points beyond are none", 46, 400, CORRIDOR_REPLAY_HIT,
		 CORRIDOR_REPLAY_BETWEEN},
		{"further below less was told than is lost", 44, 400, CORRIDOR_REPLAY_MISS,
		 CORRIDOR_REPLAY_LESS_TOLD},
		{"where all has room it may be all or nothing", 75, 100, CORRIDOR_REPLAY_NONE,
		 CORRIDOR_REPLAY_ANYTHING},
	};
	struct hub hub = hub_of_three();
	demands[0].protect = HUB_PROTECT_NONE;
	incidents[0].lost_gbps = NAN;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		demands[0].gbps = cases[i].gbps;
		incidents[0].lost_percent = cases[i].percent;
		struct corridor_plans *plans = corridor_plans_new(&hub, today);
		struct corridor_replay r = play(plans, 0);
		ok(r.compared.verdict == cases[i].verdict &&
			   r.compared.because == cases[i].because && r.compared.percent &&
			   !r.compared.country,
		   "%s", cases[i].name);
		corridor_plans_free(plans);
	}
	struct corridor_plans *plans = corridor_plans_new(&hub, today);
	is_int(play(plans, 0).why, CORRIDOR_REPLAY_ROOM, "which is why nothing is lost");
	corridor_plans_free(plans);
}

/* Of what a percentage is one: of demands between the same sites as those that stop, or of a country's. */
static void
percent_of_whom(void)
{
	static struct country xx[] = {{"XX"}};
	static const char *country[] = {"XX"};
	struct hub_demand two[] = {demands[0], demands[0]};
	struct hub hub = hub_of_three();
	segments[0].countries = xx;
	segments[0].country_count = 1;
	two[0].gbps = 400;
	two[1] = (struct hub_demand){.id = "BA",
				     .split = true,
				     .from = 1,
				     .to = 0,
				     .gbps = 200,
				     .avoid = xx,
				     .avoid_count = 1,
				     .member = HUB_NONE,
				     .growth_percent = NAN,
				     .basis = {.low = NAN, .high = NAN}};
	hub.demands = two;
	hub.demand_count = 2;
	incidents[0].lost_gbps = NAN;
	incidents[0].lost_percent = 60;
	struct corridor_plans *plans = corridor_plans_new(&hub, today);
	struct corridor_replay r = play(plans, 0);
	ok(r.carried_bps == 100000000000 && fabs(r.compared.high - 100 * 100 / 150.) < 1e-6,
	   "who goes the other way between the same sites is among those it is a part of");

	incidents[0].risks = country;
	incidents[0].risk_count = 1;
	r = play(plans, 0);
	ok(r.compared.because == CORRIDOR_REPLAY_NOT_OURS && (r.doubts & CORRIDOR_REPLAY_ABROAD),
	   "of a country in which no demand begins or ends nothing can be compared");
	sites[1].country = xx[0];
	two[1].from = 2;
	r = play(plans, 0);
	ok(!(r.doubts & CORRIDOR_REPLAY_ABROAD) && r.compared.country && r.compared.percent &&
		   r.compared.high == 100,
	   "one in which a demand ends is compared by that demand alone");
	two[0].from = 1;
	two[0].to = 0;
	r = play(plans, 0);
	ok(!(r.doubts & CORRIDOR_REPLAY_ABROAD) && r.compared.country && r.compared.high == 100,
	   "and one in which it begins, too");
	corridor_plans_free(plans);
	sites[1].country = (struct country){""};
	incidents[0].risk_count = 0;
}

static void
example(void)
{
	struct hub *hub = silkroad();
	struct corridor_plans *plans = corridor_plans_new(hub, today);
	unsigned explained = 0;
	for (size_t i = 0; i < hub->incident_count; i++) {
		struct corridor_replay r = play(plans, i);
		explained += r.doubts != 0 || r.after.lost_bps == r.carried_bps;
		ok(*corridor_replay_why_text(r.why) &&
			   *corridor_replay_because_text(r.compared.because) &&
			   (r.compared.verdict == CORRIDOR_REPLAY_NONE ||
			    (r.compared.low <= r.compared.high && r.compared.low >= 0)),
		   "%s says why, and how it compares", r.incident->id);
		if (strcmp(r.incident->id, "N16") == 0)
			is_int(r.compared.because, CORRIDOR_REPLAY_NOT_OURS,
			       "no demand begins in Iran");
		if (strcmp(r.incident->id, "N14") == 0)
			ok(r.compared.verdict == CORRIDOR_REPLAY_HIT && r.compared.low == 100,
			   "of Afghanistan's own demands all are lost");
		if (strcmp(r.incident->id, "N14") == 0)
			ok(r.closed > 1 && r.after.parted > 0 && r.after.lost_bps > 0,
			   "without Afghanistan, Kabul has no way");
	}
	is_int(explained, (long long)hub->incident_count,
	       "where the model says other than what was told, it says why");
	corridor_plans_free(plans);
	hub_free(hub);
}

int
main(void)
{
	by_hand();
	by_two();
	told_in_percent();
	percent_of_whom();
	example();
	return done_testing();
}
