/* Years of the corridor, event by event. */
#include "corridor/corridor_simulate.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_corners.h"
#include "corridor/corridor_random.h"
#include "corridor/corridor_simulate_states.h"

#define YEAR_H  (365.25 * 24)
#define MONTH_H (YEAR_H / 12)

enum mending { UP, WAITING, MENDED };

/* A segment, or a cause. */
struct part {
	double per_year, mend_h;
	bool by_ship;
	enum mending is;
	double next;    /* hours: when it fails, or is mended; while it waits: since when */
	uint64_t place; /* numbers taken of its stream */
};

/* What is counted of a demand, over all draws. */
struct count {
	double short_h, lost_gbit_h, longest_h;
	double month_h, year_h, since; /* of the month and year at hand; since: it is short, NAN */
	uint64_t outages, breaches;
};

struct run {
	const struct corridor_simulation_ask *ask;
	const struct corridor_plan *plan;
	struct corridor_states *states;
	struct part *parts; /* segments, then causes */
	size_t part_count, segments;
	uint32_t *downs, *down; /* of each segment: reasons to be down; those down */
	struct count *counts;
	bool *is_short; /* of demands in the state at hand */
	const struct corridor_state_loss *loss;
	double *years_h;      /* of each demand, of each year */
	double *years_gbit_h; /* of each year */
	double year_gbit_h;
	size_t year; /* of all draws */
	uint32_t draw, busy;
	double now;
	uint64_t failures, waits, changes;
	double waited_h;
};

/* --- chance --- */

static double
chance(struct run *r, size_t part)
{
	return corridor_random(r->ask->seed, (uint64_t)r->draw * r->part_count + part,
			       r->parts[part].place++);
}

static double
time_to_fail(struct run *r, size_t part)
{
	double rate = r->parts[part].per_year / YEAR_H;
	return rate > 0 ? -log(chance(r, part)) / rate : INFINITY;
}

/* Lognormal about the mean: normal by Box and Muller. */
static double
time_to_mend(struct run *r, size_t part)
{
	double sigma = r->ask->sigma, mean = r->parts[part].mend_h;
	if (sigma <= 0)
		return mean;
	double u = chance(r, part), v = chance(r, part);
	double normal = sqrt(-2 * log(u)) * cos(2 * M_PI * v);
	return mean * exp(sigma * normal - sigma * sigma / 2);
}

/* --- states --- */

/* True if the state is another. */
static bool
shift(struct run *r, size_t part, bool down)
{
	const struct corridor_groups *g = r->plan->parts.groups;
	bool changed = false;
	for (uint32_t s = 0; s < r->segments; s++) {
		bool concerned = s == part;
		for (uint32_t i = g->first[s]; part >= r->segments && i < g->first[s + 1]; i++)
			concerned |= g->groups[i] == part - r->segments;
		if (!concerned)
			continue;
		changed |= r->downs[s] == (down ? 0u : 1u);
		r->downs[s] = down ? r->downs[s] + 1 : r->downs[s] - 1;
	}
	return changed;
}

static void
end_shortage(struct run *r, size_t demand)
{
	struct count *c = &r->counts[demand];
	if (isnan(c->since))
		return;
	c->longest_h = fmax(c->longest_h, r->now - c->since);
	c->since = NAN;
}

/* Looks up what the state at hand loses. 0, or -1 and errno. */
static int
enter(struct run *r)
{
	size_t count = 0, demands = r->plan->hub->demand_count;
	for (uint32_t s = 0; s < r->segments; s++)
		if (r->downs[s])
			r->down[count++] = s;
	r->loss = corridor_states_loss(r->states, r->down, count);
	r->changes++;
	if (!r->loss)
		return -1;
	memset(r->is_short, 0, demands);
	for (size_t i = 0; i < r->loss->count; i++) {
		struct count *c = &r->counts[r->loss->all[i].demand];
		r->is_short[r->loss->all[i].demand] = true;
		if (!isnan(c->since))
			continue;
		c->since = r->now;
		c->outages++;
	}
	for (size_t i = 0; i < demands; i++)
		if (!r->is_short[i])
			end_shortage(r, i);
	return 0;
}

/* --- time --- */

static void
end_month(struct run *r)
{
	double least = isnan(r->ask->sla) ? 0 : r->ask->sla;
	for (size_t i = 0; i < r->plan->hub->demand_count; i++) {
		struct count *c = &r->counts[i];
		c->breaches += 1 - c->month_h / MONTH_H < least - 1e-12;
		c->year_h += c->month_h;
		c->month_h = 0;
	}
}

static void
end_year(struct run *r)
{
	size_t demands = r->plan->hub->demand_count;
	size_t years = (size_t)r->ask->years * r->ask->draws;
	for (size_t i = 0; i < demands; i++) {
		r->years_h[i * years + r->year] = r->counts[i].year_h;
		r->counts[i].year_h = 0;
	}
	r->years_gbit_h[r->year++] = r->year_gbit_h;
	r->year_gbit_h = 0;
}

/* The state at hand lasts until then, over the ends of months and years. */
static void
pass(struct run *r, double until)
{
	while (r->now < until) {
		uint32_t months = (uint32_t)floor(r->now / MONTH_H + 1e-9) + 1;
		double end = fmin(until, months * MONTH_H), hours = end - r->now;
		for (size_t i = 0; i < r->loss->count; i++) {
			struct count *c = &r->counts[r->loss->all[i].demand];
			c->short_h += hours;
			c->month_h += hours;
			c->lost_gbit_h += hours * (double)r->loss->all[i].lost_bps / 1e9;
		}
		r->year_gbit_h += hours * r->loss->lost_gbps;
		r->now = end;
		if (end < months * MONTH_H)
			continue;
		end_month(r);
		if (months % 12 == 0)
			end_year(r);
	}
}

/* --- failing and mending --- */

static void
begin_mending(struct run *r, size_t part)
{
	struct part *p = &r->parts[part];
	p->is = MENDED;
	p->next = r->now + time_to_mend(r, part);
	r->busy += p->by_ship;
}

static void
fail(struct run *r, size_t part)
{
	struct part *p = &r->parts[part];
	r->failures++;
	r->waits += p->by_ship;
	if (!p->by_ship || r->ask->ships == 0 || r->busy < r->ask->ships) {
		begin_mending(r, part);
		return;
	}
	p->is = WAITING;
	p->next = r->now;
}

/* A ship is free: it goes where it is waited for longest. */
static void
send_ship(struct run *r)
{
	size_t longest = r->part_count;
	for (size_t i = 0; i < r->part_count; i++)
		if (r->parts[i].is == WAITING &&
		    (longest == r->part_count || r->parts[i].next < r->parts[longest].next))
			longest = i;
	if (longest == r->part_count)
		return;
	r->waited_h += r->now - r->parts[longest].next;
	begin_mending(r, longest);
}

static void
mend(struct run *r, size_t part)
{
	struct part *p = &r->parts[part];
	p->is = UP;
	p->next = r->now + time_to_fail(r, part);
	if (!p->by_ship)
		return;
	r->busy--;
	send_ship(r);
}

static size_t
next_part(const struct run *r)
{
	size_t next = 0;
	for (size_t i = 1; i < r->part_count; i++)
		if (r->parts[i].is != WAITING &&
		    (r->parts[next].is == WAITING || r->parts[i].next < r->parts[next].next))
			next = i;
	return next;
}

/* One draw: so many years from when all is well. 0, or -1 and errno. */
static int
live(struct run *r)
{
	double end = r->ask->years * YEAR_H;
	r->now = 0;
	r->busy = 0;
	memset(r->downs, 0, r->segments * sizeof(*r->downs));
	for (size_t i = 0; i < r->part_count; i++) {
		r->parts[i].is = UP;
		r->parts[i].place = 0;
		r->parts[i].next = time_to_fail(r, i);
	}
	if (enter(r) < 0)
		return -1;
	while (r->part_count) {
		size_t part = next_part(r);
		if (r->parts[part].is == WAITING || !(r->parts[part].next < end))
			break;
		bool fails = r->parts[part].is == UP;
		pass(r, r->parts[part].next);
		if (fails)
			fail(r, part);
		else
			mend(r, part);
		if (shift(r, part, fails) && enter(r) < 0)
			return -1;
	}
	pass(r, end);
	for (size_t i = 0; i < r->plan->hub->demand_count; i++)
		end_shortage(r, i);
	return 0;
}

/* --- the whole --- */

static double
rate_at(const struct corridor_fact *fact, enum corridor_outlook corner)
{
	switch (corner) {
	case CORRIDOR_AT_EASE:
	case CORRIDOR_ALL_LOW:
		return fact->low;
	case CORRIDOR_AT_WORST:
	case CORRIDOR_ALL_HIGH:
		return fact->high;
	case CORRIDOR_AS_TOLD:
	case CORRIDOR_CORNERS:
		break;
	}
	return fact->value;
}

static void
take_parts(struct run *r, const struct corridor_flow_instance *instance,
	   enum corridor_outlook corner)
{
	for (size_t s = 0; s < r->segments; s++) {
		const struct corridor_segment *segment = &r->plan->segments[s];
		bool open = false;
		for (size_t c = 0; c < instance->class_count; c++)
			open |= instance->cost[c][s] != CORRIDOR_CLOSED;
		r->parts[s] = (struct part){
			.per_year = open ? rate_at(&segment->failures, corner) : 0,
			.mend_h = segment->repair_h,
			.by_ship = corridor_plan_under_water(&r->plan->hub->segments[s]),
		};
	}
	for (size_t c = r->segments; c < r->part_count; c++) {
		const struct corridor_cause *cause = &r->plan->causes[c - r->segments];
		r->parts[c] = (struct part){.per_year = rate_at(&cause->per_year, corner),
					    .mend_h = 24 * cause->days};
	}
	for (size_t i = 0; i < r->part_count; i++)
		if (!(r->parts[i].per_year > 0) || !(r->parts[i].mend_h > 0))
			r->parts[i].per_year = 0;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* The value that so many of a hundred are not above. */
static double
percentile(const double *sorted, size_t count, unsigned percent)
{
	size_t rank = (count * percent + 99) / 100;
	return sorted[rank ? rank - 1 : 0];
}

static struct corridor_range
point(double value)
{
	return (struct corridor_range){value, value, value};
}

static void
take_demand(struct corridor_simulated_demand *out, struct run *r,
	    const struct corridor_flow_instance *instance, size_t demand)
{
	size_t years = (size_t)r->ask->years * r->ask->draws;
	const struct count *c = &r->counts[demand];
	double *hours = r->years_h + demand * years;
	double served = (double)corridor_states_served(r->states)[demand] / 1e9;
	qsort(hours, years, sizeof(*hours), ascending);
	*out = (struct corridor_simulated_demand){
		.asked_gbps = (double)instance->demands[demand].bps / 1e9,
		.served_gbps = served,
		.availability = point(1 - c->short_h / (YEAR_H * (double)years)),
		.lost = point(served > 0 ? c->lost_gbit_h / (served * YEAR_H * (double)years) : 0),
		.outages_year = (double)c->outages / (double)years,
		.longest_h = c->longest_h,
		.p50_h = percentile(hours, years, 50),
		.p90_h = percentile(hours, years, 90),
		.p99_h = percentile(hours, years, 99),
		.breach = point(isnan(r->ask->sla) ? NAN
						   : (double)c->breaches / (12 * (double)years)),
	};
}

static void
take_all(struct corridor_simulation *out, struct run *r,
	 const struct corridor_flow_instance *instance)
{
	size_t years = (size_t)r->ask->years * r->ask->draws;
	for (size_t i = 0; i < instance->demand_count; i++)
		take_demand(&out->demands[i], r, instance, i);
	for (size_t i = 0; i < years; i++)
		out->mean_gbit_h.value += r->years_gbit_h[i] / (double)years;
	out->mean_gbit_h = point(out->mean_gbit_h.value);
	qsort(r->years_gbit_h, years, sizeof(*r->years_gbit_h), ascending);
	out->p10_gbit_h = percentile(r->years_gbit_h, years, 10);
	out->p50_gbit_h = percentile(r->years_gbit_h, years, 50);
	out->p90_gbit_h = percentile(r->years_gbit_h, years, 90);
	out->failures_year = (double)r->failures / (double)years;
	out->waits_h = r->waits ? r->waited_h / (double)r->waits : 0;
	out->changes = r->changes;
	out->solved = corridor_states_solved(r->states);
}

/* Arrays of a run, in `arena`. */
static int
prepare(struct run *r, struct arena *arena)
{
	size_t demands = r->plan->hub->demand_count;
	size_t years = (size_t)r->ask->years * r->ask->draws;
	r->parts = arena_take(arena, (r->part_count + 1) * sizeof(*r->parts));
	r->downs = arena_take(arena, (r->segments + 1) * sizeof(*r->downs));
	r->down = arena_take(arena, (r->segments + 1) * sizeof(*r->down));
	r->counts = arena_take(arena, (demands + 1) * sizeof(*r->counts));
	r->is_short = arena_take(arena, demands + 1);
	r->years_h = arena_take(arena, (demands * years + 1) * sizeof(*r->years_h));
	r->years_gbit_h = arena_take(arena, years * sizeof(*r->years_gbit_h));
	errno = ENOMEM;
	if (!r->parts || !r->downs || !r->down || !r->counts || !r->is_short || !r->years_h ||
	    !r->years_gbit_h)
		return -1;
	for (size_t i = 0; i < demands; i++)
		r->counts[i].since = NAN;
	return 0;
}

/* The years at one corner. 0, or -1 and errno. */
static int
simulate_corner(struct corridor_simulation *out, struct arena *arena,
		const struct corridor_simulation_ask *ask,
		const struct corridor_flow_instance *instance, enum corridor_outlook corner)
{
	const struct corridor_plan *plan = ask->flow.plan;
	struct run r = {
		.ask = ask,
		.plan = plan,
		.segments = plan->hub->segment_count,
		.part_count = plan->hub->segment_count + plan->cause_groups.group_count,
	};
	struct corridor_simulation result = {
		.demands =
			arena_take(arena, (plan->hub->demand_count + 1) * sizeof(*result.demands)),
	};
	errno = ENOMEM;
	if (!result.demands || prepare(&r, arena) < 0)
		return -1;
	r.states = corridor_states_new(instance);
	int done = r.states ? 0 : -1;
	if (done == 0)
		take_parts(&r, instance, corner);
	for (r.draw = 0; done == 0 && r.draw < ask->draws; r.draw++)
		done = live(&r);
	if (done == 0) {
		take_all(&result, &r, instance);
		*out = result;
	}
	int error = errno;
	corridor_states_free(r.states);
	errno = error;
	return done;
}

static void
widen(struct corridor_simulation *out, const struct corridor_simulation *by, size_t demands,
      enum corridor_outlook corner)
{
	corridor_range_take(&out->mean_gbit_h, corner, by->mean_gbit_h.value);
	for (size_t i = 0; i < demands; i++) {
		struct corridor_simulated_demand *d = &out->demands[i];
		/* Who has nothing to lose is no better off. */
		if (!(by->demands[i].served_gbps > 0))
			continue;
		corridor_range_take(&d->availability, corner, by->demands[i].availability.value);
		corridor_range_take(&d->lost, corner, by->demands[i].lost.value);
		corridor_range_take(&d->breach, corner, by->demands[i].breach.value);
	}
}

/* How much of what can fail does so at a rate that is an estimate. */
static void
count_estimates(struct corridor_simulation *out, const struct corridor_plan *plan,
		const struct corridor_flow_instance *instance)
{
	for (size_t s = 0; s < plan->hub->segment_count; s++) {
		const struct corridor_fact *rate = &plan->segments[s].failures;
		bool can = instance->cost[0][s] != CORRIDOR_CLOSED && rate->value > 0;
		out->parts += can;
		out->estimates += can && rate->basis == HUB_ESTIMATED;
	}
	for (size_t c = 0; c < plan->cause_groups.group_count; c++) {
		out->parts++;
		out->estimates += plan->causes[c].per_year.basis == HUB_ESTIMATED;
	}
}

/* Is anything at this corner not as it is told? */
static bool
is_apart(const struct corridor_corners *corners, const struct corridor_plan *plan, int corner)
{
	bool apart = corners->like[corner] != CORRIDOR_AS_TOLD;
	for (size_t s = 0; s < plan->hub->segment_count; s++)
		apart |= rate_at(&plan->segments[s].failures, (enum corridor_outlook)corner) !=
			 plan->segments[s].failures.value;
	for (size_t c = 0; c < plan->cause_groups.group_count; c++)
		apart |= rate_at(&plan->causes[c].per_year, (enum corridor_outlook)corner) !=
			 plan->causes[c].per_year.value;
	return apart;
}

int
corridor_simulate(struct corridor_simulation *out, struct arena *arena,
		  const struct corridor_simulation_ask *ask)
{
	assert(out && arena && ask && ask->flow.plan && ask->years && ask->draws);
	const struct hub *hub = ask->flow.plan->hub;
	uint64_t years = (uint64_t)ask->years * ask->draws;
	struct corridor_corners corners;
	struct corridor_simulation result = {0};
	errno = E2BIG;
	if (years > CORRIDOR_SIMULATED_YEARS_MAX ||
	    years * hub->demand_count > CORRIDOR_SIMULATED_CELLS_MAX)
		return -1;
	if (corridor_corners_of(&corners, arena, &ask->flow) < 0)
		return -1;
	for (int c = 0; c < CORRIDOR_CORNERS; c++) {
		if (c != CORRIDOR_AS_TOLD && !is_apart(&corners, ask->flow.plan, c))
			continue;
		struct corridor_simulation_ask at = *ask;
		if (c != CORRIDOR_AS_TOLD)
			at.draws = (ask->draws + 4) / 5;
		const struct corridor_flow_instance *instance = &corners.cases[c].instance;
		struct arena *own = c == CORRIDOR_AS_TOLD ? arena : arena_new();
		struct corridor_simulation corner;
		int done = -1;
		errno = ENOMEM;
		if (own)
			done = simulate_corner(&corner, own, &at, instance,
					       (enum corridor_outlook)c);
		if (done == 0 && c == CORRIDOR_AS_TOLD)
			result = corner;
		else if (done == 0)
			widen(&result, &corner, hub->demand_count, (enum corridor_outlook)c);
		int error = errno;
		if (own != arena)
			arena_free(own);
		errno = error;
		if (done < 0)
			return -1;
	}
	count_estimates(&result, ask->flow.plan, &corners.cases[CORRIDOR_AS_TOLD].instance);
	*out = result;
	return 0;
}
