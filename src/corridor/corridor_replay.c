/* What did happen, played again. */
#include "corridor/corridor_replay.h"

#include <assert.h>
#include <math.h>
#include <strings.h>

#include "corridor/corridor_corners.h"

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
	if (!r->carried_bps)
		return doubts;
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

static enum corridor_replay_why
why_of(const struct corridor_replay *r, const struct corridor_carried *carried)
{
	const struct corridor_consequence *after = &r->after;
	if (!r->named)
		return CORRIDOR_REPLAY_NOTHING;
	if (!r->closed)
		return CORRIDOR_REPLAY_ABSENT;
	if (!carried->bps)
		return carried->crossing_bps ? CORRIDOR_REPLAY_GUARDED : CORRIDOR_REPLAY_UNUSED;
	if (!after->lost_bps)
		return CORRIDOR_REPLAY_ROOM;
	if (!after->parted_bps)
		return CORRIDOR_REPLAY_FULL;
	return corridor_less_bps(after->lost_bps, after->parted_bps) ? CORRIDOR_REPLAY_BOTH
								     : CORRIDOR_REPLAY_PARTED;
}

/* --- told and reckoned --- */

/* One incident being played. */
struct playing {
	const struct corridor_plan *plan;
	const struct hub_incident *told;
	const struct corridor_whatif *whatif; /* cut */
	const uint64_t *stops_bps;            /* of each demand */
};

/* Is it among those of which a part is told to be lost? Which country failed says it; else it goes between
 * the same sites as one that stops. */
static bool
is_told_of(const struct playing *p, uint32_t demand)
{
	const struct hub *hub = p->plan->hub;
	const struct hub_demand *d = &hub->demands[demand];
	bool country = false;
	for (size_t i = 0; i < p->told->risk_count; i++) {
		if (name_of_risk(p->plan, p->told->risks[i]).kind != CORRIDOR_A_COUNTRY)
			continue;
		country = true;
		if (strcasecmp(hub->sites[d->from].country.code, p->told->risks[i]) == 0 ||
		    strcasecmp(hub->sites[d->to].country.code, p->told->risks[i]) == 0)
			return true;
	}
	for (size_t i = 0; i < hub->demand_count && !country; i++) {
		const struct hub_demand *other = &hub->demands[i];
		if (p->stops_bps[i] && ((other->from == d->from && other->to == d->to) ||
					(other->from == d->to && other->to == d->from)))
			return true;
	}
	return false;
}

/* From what is lost for good to what stops at once, in percent. */
static void
take_percent(struct corridor_replay_compared *out, const struct playing *p)
{
	double served = 0, stops = 0, lost = 0;
	for (uint32_t i = 0; i < p->plan->hub->demand_count; i++) {
		if (!is_told_of(p, i))
			continue;
		struct corridor_whatif_demand d = corridor_whatif_demand(p->whatif, i);
		served += (double)d.before_bps;
		stops += (double)p->stops_bps[i];
		lost += (double)corridor_less_bps(d.before_bps, d.after_bps);
	}
	if (served <= 0)
		return;
	out->percent = true;
	for (size_t i = 0; i < p->told->risk_count; i++)
		out->country |= name_of_risk(p->plan, p->told->risks[i]).kind == CORRIDOR_A_COUNTRY;
	out->low = 100 * fmin(stops, lost) / served;
	out->high = 100 * fmax(stops, lost) / served;
}

/* By how much what was told may be off: reports are round numbers. */
static double
slack_of(const struct corridor_replay_compared *c)
{
	static const double points = 5, part = 0.1;
	return c->percent ? points : part * c->told;
}

static struct corridor_replay_compared
compare(const struct corridor_replay *r, const struct playing *p)
{
	static const double open = 90; /* points between which all is as good as possible */
	struct corridor_replay_compared c = {
		CORRIDOR_REPLAY_NONE, CORRIDOR_REPLAY_NOT_PLAYED, false, false, NAN, NAN, NAN};
	if (!r->carried_bps)
		return c;
	c.because = CORRIDOR_REPLAY_NO_NUMBER;
	if (isnan(p->told->lost_gbps) && isnan(p->told->lost_percent))
		return c;
	c.because = CORRIDOR_REPLAY_NOT_OURS;
	if (r->doubts & CORRIDOR_REPLAY_ABROAD)
		return c;
	if (!isnan(p->told->lost_gbps)) {
		c.told = p->told->lost_gbps;
		c.low = r->after.lost.low;
		c.high = r->carried.high;
	} else {
		take_percent(&c, p);
		c.told = c.percent ? p->told->lost_percent : NAN;
	}
	if (isnan(c.told))
		return c;
	c.because = CORRIDOR_REPLAY_ANYTHING;
	if (c.percent && c.high - c.low > open)
		return c;
	bool more = c.told - slack_of(&c) > c.high, less = c.told + slack_of(&c) < c.low;
	c.verdict = more || less ? CORRIDOR_REPLAY_MISS : CORRIDOR_REPLAY_HIT;
	c.because = more   ? CORRIDOR_REPLAY_MORE_TOLD
		    : less ? CORRIDOR_REPLAY_LESS_TOLD
			   : CORRIDOR_REPLAY_BETWEEN;
	return c;
}

static int
play(struct corridor_replay *out, const struct corridor_plan *plan, struct utc_s now,
     struct arena *arena)
{
	const struct hub_incident *told = out->incident;
	struct corridor_named *names =
		arena_take(arena, (told->segment_count + told->risk_count + 1) * sizeof(*names));
	uint64_t *stops = arena_take(arena, (plan->hub->demand_count + 1) * sizeof(*stops));
	struct corridor_flow_ask ask = {.plan = plan, .now = now};
	struct corridor_whatif *whatif = names && stops ? corridor_whatif_new(&ask) : NULL;
	struct corridor_carried carried;
	if (!whatif)
		return -1;
	size_t count = take_names(names, &out->named, plan, told);
	int failed = corridor_whatif_carried(&carried, stops, whatif, names, count) < 0 ||
		     corridor_whatif_cut(&out->after, whatif, names, count) < 0;
	if (!failed) {
		struct playing playing = {plan, told, whatif, stops};
		out->carried_bps = carried.bps;
		out->carried = carried.gbps;
		out->concerned_bps = carried.served_bps;
		out->closed = out->after.closed;
		out->why = why_of(out, &carried);
		out->doubts = doubts_of(out, plan);
		out->compared = compare(out, &playing);
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
corridor_replay_why_text(enum corridor_replay_why why)
{
	static const char *const words[] = {
		[CORRIDOR_REPLAY_NOTHING] = "nothing of what was cut is in the data",
		[CORRIDOR_REPLAY_ABSENT] = "by the data none of it carried traffic on that day",
		[CORRIDOR_REPLAY_UNUSED] = "no demand of the hub file crosses it; contracts of "
					   "that day may have had it otherwise",
		[CORRIDOR_REPLAY_GUARDED] = "what crosses it arrives over a second way, too",
		[CORRIDOR_REPLAY_ROOM] = "other ways had room for all of it",
		[CORRIDOR_REPLAY_PARTED] = "what is lost has no way left",
		[CORRIDOR_REPLAY_FULL] = "for what is lost the other ways had no room",
		[CORRIDOR_REPLAY_BOTH] = "some of what is lost has no way left, for the rest the "
					 "other ways had no room",
	};
	return words[why];
}

const char *
corridor_replay_verdict_word(enum corridor_replay_verdict verdict)
{
	static const char *const words[] = {
		[CORRIDOR_REPLAY_HIT] = "hit",
		[CORRIDOR_REPLAY_MISS] = "miss",
		[CORRIDOR_REPLAY_NONE] = "not comparable",
	};
	return words[verdict];
}

const char *
corridor_replay_because_text(enum corridor_replay_because because)
{
	static const char *const words[] = {
		[CORRIDOR_REPLAY_BETWEEN] = "between what is lost for good and what stops at once",
		[CORRIDOR_REPLAY_MORE_TOLD] = "more was told than stops by the model",
		[CORRIDOR_REPLAY_LESS_TOLD] = "less was told than is lost by the model",
		[CORRIDOR_REPLAY_NOT_PLAYED] = "nothing stops by the model",
		[CORRIDOR_REPLAY_NO_NUMBER] = "nobody told how much was lost",
		[CORRIDOR_REPLAY_NOT_OURS] = "what was told is of a country in which no demand "
					     "begins or ends",
		[CORRIDOR_REPLAY_ANYTHING] = "by the model it may be all or nothing, as fast as "
					     "people move it",
	};
	return words[because];
}

const char *
corridor_replay_doubt_text(enum corridor_replay_doubt doubt)
{
	switch (doubt) {
	case CORRIDOR_REPLAY_NO_DAY:
		return "its day is not known: played as of today";
	case CORRIDOR_REPLAY_AT_ONCE:
		return "the model moves at once to other ways what took people hours or days";
	case CORRIDOR_REPLAY_OTHERS:
		return "more was told than the hub file's demands put over it";
	case CORRIDOR_REPLAY_ABROAD:
		return "what was told is of the country itself, and no demand of the hub file "
		       "begins or ends there";
	case CORRIDOR_REPLAY_UNDATED:
		return "far more was lost: of many segments nobody has told since when they are "
		       "there, and the ways that are left may have come later";
	case CORRIDOR_REPLAY_DOUBTS:
		break;
	}
	return "";
}
