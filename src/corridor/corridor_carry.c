/* Room for what passes: demands that pass are bound to us, behind all others, and fill what is left. */
#include "corridor/corridor_carry.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_corners.h"
#include "corridor/corridor_lease.h"
#include "corridor/corridor_musts.h"

static bool
passes(const struct corridor_carry_ask *ask, size_t demand)
{
	return !ask->tolls || ask->tolls[demand].state == CORRIDOR_TOLL_PASSES ||
	       ask->tolls[demand].state == CORRIDOR_TOLL_ONLY;
}

static uint64_t
whole_bps(double bps)
{
	if (!(bps > 0))
		return 0;
	return bps < (double)CORRIDOR_FLOW_BPS_MAX ? (uint64_t)(bps + 0.5) : CORRIDOR_FLOW_BPS_MAX;
}

/* --- who goes where --- */

/* Bound to us, besides what `own` binds it to (NULL: nothing). NULL without memory. */
static const struct corridor_musts *
over_us(struct arena *arena, const struct corridor_carry_ask *ask, const struct corridor_musts *own)
{
	const struct hub *hub = ask->flow.plan->hub;
	unsigned bit = own ? own->count : 0;
	struct corridor_musts *m = arena_take(arena, sizeof(*m));
	if (own && own->count == CORRIDOR_MUSTS_MAX)
		return own;
	if (!m)
		return NULL;
	m->count = bit + 1;
	m->segments = arena_take(arena, hub->segment_count + 1);
	m->sites = arena_take(arena, hub->site_count + 1);
	if (!m->segments || !m->sites)
		return NULL;
	if (own) {
		memcpy(m->segments, own->segments, hub->segment_count);
		memcpy(m->sites, own->sites, hub->site_count);
	}
	for (size_t s = 0; s < hub->segment_count; s++)
		if (ask->us->segments[s])
			m->segments[s] |= (uint8_t)(1u << bit);
	return m;
}

/* `demands`, as they are at the outlook: what passes behind all that does not. */
static int
bind(struct corridor_flow_demand *demands, struct arena *arena,
     const struct corridor_carry_ask *ask, double times)
{
	const struct corridor_musts *shared = NULL;
	uint32_t last = 0;
	size_t count = ask->flow.plan->hub->demand_count;
	for (size_t i = 0; i < count; i++)
		last = !passes(ask, i) && demands[i].priority >= last ? demands[i].priority + 1
								      : last;
	for (size_t i = 0; i < count; i++) {
		struct corridor_flow_demand *d = &demands[i];
		if (!passes(ask, i))
			continue;
		d->priority += last;
		d->protect = HUB_PROTECT_NONE;
		d->bps = whole_bps(times * ask->gbps[i].value * 1e9);
		if (!ask->us)
			continue;
		const struct corridor_musts *own = d->over;
		d->over = own || !shared ? over_us(arena, ask, own) : shared;
		d->fixed = true;
		if (!d->over)
			return -1;
		shared = own ? shared : d->over;
	}
	return 0;
}

/* --- what came of it --- */

struct fullness {
	uint32_t segment;
	uint64_t load;
};

static int
most_first(const void *a, const void *b)
{
	const struct fullness *x = a, *y = b;
	if (x->load != y->load)
		return x->load < y->load ? 1 : -1;
	return (x->segment > y->segment) - (x->segment < y->segment);
}

/* An arc is full when not one more bit/s of each demand fits. */
static bool
is_full(const struct corridor_flow_instance *in, const struct corridor_flow *flow, uint32_t arc)
{
	return in->capacity_bps[arc] > 0 &&
	       flow->load_bps[arc] + flow->reserved_bps[arc] + in->demand_count >=
		       in->capacity_bps[arc];
}

static int
take_full(struct corridor_carry *out, struct arena *arena, const struct corridor_carry_ask *ask,
	  const struct corridor_flow_instance *in, const struct corridor_flow *flow)
{
	size_t segments = ask->flow.plan->hub->segment_count;
	struct fullness *all = arena_take(arena, (segments + 1) * sizeof(*all));
	out->full = arena_take(arena, (segments + 1) * sizeof(*out->full));
	if (!all || !out->full)
		return -1;
	for (uint32_t s = 0; s < segments; s++) {
		if (!flow->looked[s] ||
		    (!is_full(in, flow, 2 * s) && !is_full(in, flow, 2 * s + 1)))
			continue;
		all[out->full_count++] =
			(struct fullness){s, flow->load_bps[2 * s] + flow->load_bps[2 * s + 1]};
	}
	qsort(all, out->full_count, sizeof(*all), most_first);
	for (size_t i = 0; i < out->full_count; i++)
		out->full[i] = all[i].segment;
	return 0;
}

static int
take(struct corridor_carry *out, struct arena *arena, const struct corridor_carry_ask *ask,
     const struct corridor_flow_instance *in, const struct corridor_flow *flow)
{
	struct corridor_carry c = {
		.share = arena_take(arena, (in->demand_count + 1) * sizeof(*c.share)),
	};
	if (!c.share)
		return -1;
	for (size_t i = 0; i < in->demand_count; i++) {
		double asked = (double)in->demands[i].bps, served = (double)flow->served_bps[i];
		c.share[i] = passes(ask, i) && asked > 0 ? served / asked : NAN;
		if (isnan(c.share[i]))
			continue;
		c.asked_gbps += asked / 1e9;
		c.carried_gbps += served / 1e9;
	}
	if (c.carried_gbps < c.asked_gbps && take_full(&c, arena, ask, in, flow) < 0)
		return -1;
	*out = c;
	return 0;
}

/* `the_case` is as all demands ask; what passes is put behind the others in it. */
static int
lay(struct corridor_carry *out, struct arena *arena, const struct corridor_carry_ask *ask,
    struct corridor_flow_case *the_case, double times)
{
	size_t count = the_case->instance.demand_count + 1;
	struct corridor_flow_demand *demands = arena_take(arena, count * sizeof(*demands));
	errno = ENOMEM;
	if (!demands)
		return -1;
	memcpy(demands, the_case->instance.demands, (count - 1) * sizeof(*demands));
	if (bind(demands, arena, ask, times) < 0)
		return -1;
	the_case->instance.demands = demands;
	struct corridor_flow_work *work = corridor_flow_new(&the_case->instance, UINT32_MAX);
	const struct corridor_flow *flow =
		work ? corridor_flow_solve(work, CORRIDOR_FLOW_PRIORITY, NULL) : NULL;
	int result = flow ? 0 : -1;
	if (flow) {
		errno = ENOMEM;
		result = take(out, arena, ask, &the_case->instance, flow);
	}
	int error = errno;
	corridor_flow_free(work);
	errno = error;
	return result;
}

static struct corridor_flow_ask
by_price(const struct corridor_carry_ask *ask)
{
	struct corridor_flow_ask flow = ask->flow;
	flow.measure = CORRIDOR_BY_PRICE;
	return flow;
}

int
corridor_carry_of(struct corridor_carry *out, struct arena *arena,
		  const struct corridor_carry_ask *ask, double times)
{
	assert(out && arena && ask && times >= 0 && (!ask->us || ask->tolls));
	struct corridor_flow_ask flow = by_price(ask);
	struct corridor_flow_case the_case;
	if (corridor_flow_case_of(&the_case, arena, &flow, CORRIDOR_AS_TOLD) < 0)
		return -1;
	return lay(out, arena, ask, &the_case, times);
}

int
corridor_carry_corners(struct corridor_carries *out, struct arena *arena,
		       const struct corridor_carry_ask *ask, double times)
{
	assert(out && arena && ask && times >= 0 && (!ask->us || ask->tolls));
	struct corridor_flow_ask flow = by_price(ask);
	struct corridor_corners corners;
	errno = ENOMEM;
	if (corridor_corners_of(&corners, arena, &flow) < 0)
		return -1;
	for (int c = 0; c < CORRIDOR_CORNERS; c++) {
		int like = (int)corners.like[c];
		if (like < c)
			out->at[c] = out->at[like];
		else if (lay(&out->at[c], arena, ask, &corners.cases[c], times) < 0)
			return -1;
	}
	return 0;
}

struct corridor_range
corridor_carry_range(const struct corridor_carries *carries)
{
	struct corridor_range range;
	assert(carries);
	for (int c = 0; c < CORRIDOR_CORNERS; c++)
		corridor_range_take(&range, (enum corridor_outlook)c, carries->at[c].carried_gbps);
	return range;
}

double
corridor_carry_all(const struct corridor_carry_ask *ask)
{
	const struct corridor_plan *plan = ask->flow.plan;
	double room = 0, asked = 0;
	for (size_t s = 0; s < plan->hub->segment_count; s++)
		if (!ask->us || ask->us->segments[s])
			room += 2 * 1000 * plan->segments[s].capacity_tbps.high;
	for (size_t i = 0; i < plan->hub->demand_count; i++)
		if (passes(ask, i) && !isnan(ask->gbps[i].value))
			asked += ask->gbps[i].value;
	return asked > 0 ? room / asked : 0;
}

/* At one corner: ceilings as told, low and high. */
static struct corridor_range
worth_at(const struct corridor_carry *carry, const struct corridor_worth *worth, size_t demands)
{
	struct corridor_range sum = {0};
	for (size_t i = 0; i < demands; i++) {
		struct corridor_range usd = worth->tolls[i].usd_a_year;
		double share = carry->share[i];
		if (isnan(usd.value))
			continue;
		if (isnan(share)) {
			sum.high += usd.high;
			continue;
		}
		sum.value += usd.value * share;
		sum.low += usd.low * share;
		sum.high += usd.high * share;
	}
	return sum;
}

struct corridor_range
corridor_carry_worth(const struct corridor_carries *carries, const struct corridor_worth *worth,
		     size_t demands)
{
	assert(carries && worth);
	struct corridor_range sum = worth_at(&carries->at[CORRIDOR_AS_TOLD], worth, demands);
	for (int c = CORRIDOR_AS_TOLD + 1; c < CORRIDOR_CORNERS; c++) {
		struct corridor_range one = worth_at(&carries->at[c], worth, demands);
		sum.low = fmin(sum.low, one.low);
		sum.high = fmax(sum.high, one.high);
	}
	return sum;
}

/* --- what could be built --- */

/* The conditions of the question with a candidate's segments. 0: it is there already; -1 without
 * memory. */
static int
with_candidate(struct corridor_conditions *out, struct arena *arena,
	       const struct corridor_carry_ask *ask, const struct hub_candidate *candidate)
{
	static const struct corridor_conditions none;
	*out = ask->flow.conditions ? *ask->flow.conditions : none;
	uint32_t *with =
		arena_take(arena, (out->with_count + candidate->segment_count + 1) * sizeof(*with));
	size_t missing = 0;
	if (!with)
		return -1;
	if (out->with_count)
		memcpy(with, out->with, out->with_count * sizeof(*with));
	for (size_t i = 0; i < candidate->segment_count; i++) {
		with[out->with_count++] = candidate->segments[i];
		missing += !ask->flow.plan->segments[candidate->segments[i]].there;
	}
	out->with = with;
	return missing > 0;
}

static int
most_for_its_cost(const void *a, const void *b)
{
	const struct corridor_carry_gain *x = a, *y = b;
	if (x->gbps_per_musd != y->gbps_per_musd)
		return x->gbps_per_musd < y->gbps_per_musd ? 1 : -1;
	return (x->candidate > y->candidate) - (x->candidate < y->candidate);
}

int
corridor_carry_gains(struct corridor_carry_gain **out, size_t *count, struct arena *arena,
		     const struct corridor_carry_ask *ask, double times,
		     const struct corridor_carry *before)
{
	assert(out && count && arena && ask && before);
	const struct hub *hub = ask->flow.plan->hub;
	struct corridor_carry_gain *gains =
		arena_take(arena, (hub->candidate_count + 1) * sizeof(*gains));
	size_t found = 0;
	errno = ENOMEM;
	for (uint32_t i = 0; gains && i < hub->candidate_count; i++) {
		struct corridor_conditions conditions;
		struct corridor_carry_ask one = *ask;
		struct corridor_carry carry;
		int missing = with_candidate(&conditions, arena, ask, &hub->candidates[i]);
		one.flow.conditions = &conditions;
		if (missing < 0 || (missing && corridor_carry_of(&carry, arena, &one, times) < 0))
			return -1;
		double more = missing ? carry.carried_gbps - before->carried_gbps : 0;
		if (more > 1e-6 * before->asked_gbps)
			gains[found++] = (struct corridor_carry_gain){
				i, more,
				1e6 * more /
					corridor_candidate_cost(hub, &hub->candidates[i])
						.usd.value};
	}
	if (!gains)
		return -1;
	qsort(gains, found, sizeof(*gains), most_for_its_cost);
	*out = gains;
	*count = found;
	return 0;
}
