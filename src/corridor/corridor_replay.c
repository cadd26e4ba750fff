/* What did happen, played again. */
#include "corridor/corridor_replay.h"

#include <assert.h>
#include <strings.h>

static struct corridor_named
name_of_risk(const struct corridor_plan *plan, const char *risk)
{
	struct corridor_named name = {CORRIDOR_A_RISK,
				      corridor_plan_name(plan, CORRIDOR_RISKS, risk)};
	if (name.index == HUB_NONE)
		name = (struct corridor_named){CORRIDOR_A_COUNTRY,
					       corridor_plan_name(plan, CORRIDOR_COUNTRIES, risk)};
	return name;
}

/* Everything that the incident names; returns how many. Adds up their segments. */
static size_t
take_names(struct corridor_named *names, uint32_t *segments, const struct corridor_plan *plan,
	   const struct hub_incident *incident)
{
	size_t count = 0;
	for (size_t i = 0; i < incident->segment_count; i++)
		names[count++] = (struct corridor_named){CORRIDOR_A_SEGMENT, incident->segments[i]};
	*segments = (uint32_t)count;
	for (size_t i = 0; i < incident->risk_count; i++) {
		struct corridor_named name = name_of_risk(plan, incident->risks[i]);
		if (name.index == HUB_NONE)
			continue;
		const struct corridor_relation *r = &plan->classes[name.kind];
		*segments += r->first_segment[name.index + 1] - r->first_segment[name.index];
		names[count++] = name;
	}
	return count;
}

static bool
is_home(const struct hub *hub, const char *country)
{
	for (size_t i = 0; i < hub->demand_count; i++)
		if (strcasecmp(hub->sites[hub->demands[i].from].country.code, country) == 0 ||
		    strcasecmp(hub->sites[hub->demands[i].to].country.code, country) == 0)
			return true;
	return false;
}

/* Did a country fail in which no demand has an end? */
static bool
only_passed(const struct corridor_plan *plan, const struct hub_incident *told)
{
	for (size_t i = 0; i < told->risk_count; i++)
		if (name_of_risk(plan, told->risks[i]).kind == CORRIDOR_A_COUNTRY &&
		    !is_home(plan->hub, told->risks[i]))
			return true;
	return false;
}

static bool
some_undated(const struct corridor_plan *plan)
{
	for (size_t i = 0; i < plan->hub->segment_count; i++)
		if (plan->segments[i].undated)
			return true;
	return false;
}

static unsigned
doubts_of(const struct corridor_replay *r, const struct corridor_plan *plan)
{
	const struct hub_incident *told = r->incident;
	unsigned doubts = told->start.s ? 0 : CORRIDOR_REPLAY_NO_DAY;
	if (!r->named)
		return doubts | CORRIDOR_REPLAY_NOTHING;
	if (!r->closed)
		return doubts | CORRIDOR_REPLAY_ABSENT;
	if (!r->carried_bps)
		return doubts | CORRIDOR_REPLAY_UNUSED;
	if (r->after.lost_bps < r->carried_bps)
		doubts |= CORRIDOR_REPLAY_AT_ONCE;
	if (told->lost_gbps > 1.1e-9 * (double)r->carried_bps)
		doubts |= CORRIDOR_REPLAY_OTHERS;
	if (only_passed(plan, told))
		doubts |= CORRIDOR_REPLAY_ABROAD;
	else if (200 * (double)r->after.lost_bps < told->lost_percent * (double)r->concerned_bps &&
		 some_undated(plan))
		doubts |= CORRIDOR_REPLAY_UNDATED;
	return doubts;
}

static int
play(struct corridor_replay *out, const struct corridor_plan *plan, struct utc_s now,
     struct arena *arena)
{
	const struct hub_incident *told = out->incident;
	struct corridor_named *names =
		arena_take(arena, (told->segment_count + told->risk_count + 1) * sizeof(*names));
	struct corridor_flow_ask ask = {.plan = plan, .now = now};
	struct corridor_whatif *whatif = names ? corridor_whatif_new(&ask) : NULL;
	struct corridor_carried carried;
	if (!whatif)
		return -1;
	size_t count = take_names(names, &out->named, plan, told);
	int failed = corridor_whatif_carried(&carried, whatif, names, count) < 0 ||
		     corridor_whatif_cut(&out->after, whatif, names, count) < 0;
	if (!failed) {
		out->carried_bps = carried.bps;
		out->concerned_bps = carried.served_bps;
		out->closed = out->after.closed;
		out->doubts = doubts_of(out, plan);
	}
	corridor_whatif_free(whatif);
	return failed ? -1 : 0;
}

int
corridor_replay(struct corridor_replay *out, struct corridor_plans *plans, size_t index)
{
	const struct corridor_plan *today = corridor_plans_today(plans), *plan = today;
	const struct hub_incident *told = &today->hub->incidents[index];
	assert(out && index < today->hub->incident_count);
	if (told->start.s)
		plan = corridor_plans_of(plans,
					 (struct corridor_day){.at = told->start, .planned = true});
	struct arena *arena = arena_new();
	*out = (struct corridor_replay){.incident = told};
	int result = plan && arena ? play(out, plan, today->day.at, arena) : -1;
	arena_free(arena);
	return result;
}

const char *
corridor_replay_why(enum corridor_replay_doubt doubt)
{
	switch (doubt) {
	case CORRIDOR_REPLAY_NOTHING:
		return "nothing of what was cut is in the data";
	case CORRIDOR_REPLAY_NO_DAY:
		return "its day is not known: played as of today";
	case CORRIDOR_REPLAY_ABSENT:
		return "by the data none of it carried traffic on that day";
	case CORRIDOR_REPLAY_UNUSED:
		return "no demand of the hub file has its shortest way with room over it; "
		       "contracts "
		       "may have had it otherwise";
	case CORRIDOR_REPLAY_AT_ONCE:
		return "the model moves at once to other ways what took people hours or days";
	case CORRIDOR_REPLAY_OTHERS:
		return "more was told than the hub file's demands put over it";
	case CORRIDOR_REPLAY_ABROAD:
		return "what was told is of the country itself, and no demand of the hub file "
		       "begins "
		       "or ends there";
	case CORRIDOR_REPLAY_UNDATED:
		return "far more was lost: of many segments nobody has told since when they are "
		       "there, "
		       "and the ways that are left may have come later";
	}
	return "";
}
