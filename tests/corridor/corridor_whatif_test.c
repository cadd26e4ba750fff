/* What cuts do to small hubs, against reckoning by hand and against doing all anew; and to the
 * corridor of the example. */
#include "corridor/corridor_whatif.h"

#include <errno.h>

#include "hubs.h"
#include "silkroad.h"
#include "tap.h"
#include "triangle.h"

enum { HUBS = 60, SITES = 8, SEGMENTS = 14, DEMANDS = 6, MANY = CORRIDOR_WHATIF_ORDER_MAX + 2 };

static void
demands_by_chance(struct test_hub *t, uint64_t *seed)
{
	test_demands(t, DEMANDS);
	for (size_t i = 0; i < DEMANDS; i++) {
		t->hub.demands[i] = demand_by_chance(t, seed, i, 100, 1500);
		t->hub.demands[i].priority = random_below(seed, 2);
	}
}

/* Some of them protected, some bound to a segment by contract. */
static void
contracts_by_chance(struct test_hub *t, uint64_t *seed)
{
	static const char *over[SEGMENTS];
	for (size_t i = 0; i < SEGMENTS; i++)
		over[i] = t->hub.segments[i].id;
	for (size_t i = 0; i < DEMANDS; i++) {
		struct hub_demand *d = &t->hub.demands[i];
		uint32_t kind = random_below(seed, 5);
		if (kind < 3) {
			d->protect = (enum hub_protection)kind;
			continue;
		}
		d->over = &over[random_below(seed, SEGMENTS)];
		d->over_count = 1;
		d->fixed = kind == 4;
	}
}

static struct corridor_whatif *
whatif_of(const struct corridor_plan *plan)
{
	struct corridor_flow_ask ask = {.plan = plan};
	struct corridor_whatif *w = corridor_whatif_new(&ask);
	if (!w)
		abort();
	return w;
}

static void
cut_names(struct corridor_consequence *out, struct corridor_whatif *w,
	  const struct corridor_named *names, size_t count)
{
	if (corridor_whatif_cut(out, w, names, count) < 0)
		abort();
}

static const struct corridor_flow *
solved(struct corridor_flow_work *work, const bool *cut)
{
	const struct corridor_flow *flow = corridor_flow_solve(work, CORRIDOR_FLOW_PRIORITY, cut);
	if (!flow)
		abort();
	return flow;
}

static void
laying(void)
{
	uint64_t seed = 5;
	unsigned sound = 0, same = 0, runs = 0;
	for (int n = 0; n < HUBS; n++) {
		struct test_hub t = hub_by_chance(&seed, SITES, SEGMENTS);
		demands_by_chance(&t, &seed);
		struct corridor_plan *plan = plan_of(&t.hub);
		struct corridor_flow_ask ask = {.plan = plan};
		struct corridor_flow_case c;
		if (corridor_flow_case_of(&c, t.arena, &ask, CORRIDOR_AS_TOLD) < 0)
			abort();
		struct corridor_flow_work *work = corridor_flow_new(&c.instance, UINT32_MAX);
		bool cut[SEGMENTS] = {0};
		for (uint32_t s = 0; s < SEGMENTS; s++, runs++) {
			const struct corridor_flow *flow = solved(work, NULL);
			bool looked = flow->looked[s];
			uint64_t served[DEMANDS];
			memcpy(served, flow->served_bps, sizeof(served));
			cut[s] = true;
			flow = solved(work, cut);
			sound += !corridor_flow_check(&c.instance, flow, CORRIDOR_FLOW_PRIORITY,
						      cut);
			same += looked || memcmp(served, flow->served_bps, sizeof(served)) == 0;
			cut[s] = false;
		}
		corridor_flow_free(work);
		corridor_plan_free(plan);
		test_hub_free(&t);
	}
	is_int(sound, runs, "under a cut ways are whole and no segment carries more than it can");
	is_int(same, runs, "a segment that nobody looked at makes no difference");
}

static bool
near(double got, double expected)
{
	return fabs(got - expected) <= 1e-9 * fabs(expected);
}

static void
by_hand(void)
{
	struct hub hub = triangle();
	struct corridor_plan *plan = plan_of(&hub);
	struct corridor_whatif *w = whatif_of(plan);
	struct corridor_consequence c;
	struct corridor_named ac = {CORRIDOR_A_SEGMENT, 2}, ab = {CORRIDOR_A_SEGMENT, 0};
	cut_names(&c, w, &ac, 1);
	is_int((long long)c.lost_bps, 100000000000, "of 600 Gbit/s 500 go the other way");
	is_int((long long)corridor_whatif_demand(w, 0).after_bps, 400000000000,
	       "who goes first loses nothing");
	is_int((long long)corridor_whatif_demand(w, 1).after_bps, 100000000000,
	       "who comes later does");
	is_int(c.parted, 0, "nobody is without a way");
	ok(c.slower == 2 && near(c.worst_ms.value, corridor_round_trip_ms(1000)) &&
		   near(c.median_ms.value, c.worst_ms.value),
	   "both go a thousand kilometres further");
	ok(near(c.worst_ms.low, corridor_round_trip_ms(1600 - 1200)) &&
		   near(c.worst_ms.high, corridor_round_trip_ms(2400 - 800)) &&
		   near(c.median_ms.high, c.worst_ms.high) &&
		   corridor_whatif_demand(w, 0).delay.estimated == 1,
	   "or four hundred, or sixteen hundred, if lengths are wrong by a fifth");
	ok(c.fullest == 0 && c.utilisation == 1, "the new way is full");
	ok(near(c.lost.value, 100) && c.lost.low == 0 && near(c.lost.high, 240) &&
		   corridor_grounds_share(&c.lost) == 1,
	   "of 480 on 600 nothing is lost; of 720 on 240 and 400 those 240");
	ok(near(c.unserved.value, 100) && c.unserved.low == 0 && near(c.unserved.high, 320),
	   "and what is not served then is what had no room before, too");
	struct corridor_whatif_demand late = corridor_whatif_demand(w, 1);
	ok(near(late.lost_gbps.value, 100) && late.lost_gbps.low == 0 &&
		   near(late.lost_gbps.high, 160),
	   "each demand's range is that of the corners, too");
	struct corridor_range asked, unserved;
	corridor_whatif_base(&asked, &unserved, w);
	ok(near(asked.value, 600) && near(asked.low, 480) && near(asked.high, 720) &&
		   unserved.value == 0 && near(unserved.high, 80),
	   "without a cut all is served as told, and 80 are not at the worst");
	double down = 1 - plan->parts.segments[2];
	ok(near(c.gbit_hours, 100 * plan->segments[2].repair_h) &&
		   near(c.gbit_hours_year, 100 * down * 8760) &&
		   c.gbit_hours_year_low < c.gbit_hours_year &&
		   c.gbit_hours_year < c.gbit_hours_year_high,
	   "it lasts as long as a repair, and is to be expected as often as a failure");

	struct corridor_named both[2] = {ac, ab};
	cut_names(&c, w, both, 2);
	ok(c.parted == 2 && c.parted_bps == 600000000000 && c.lost_bps == c.parted_bps,
	   "without both ways all is lost");
	ok(isnan(corridor_whatif_demand(w, 0).after_ms), "and there is no round trip");
	uint32_t order[2];
	struct corridor_range lost;
	ok(corridor_whatif_order(order, &lost, w, both, 2) == 0 && order[0] == 1 && order[1] == 0,
	   "the way that brings more back is mended first");
	ok(near(lost.value, plan->segments[0].repair_h * (600 + 100)) && lost.low < lost.value &&
		   lost.value < lost.high,
	   "and until all is mended so much is lost");
	struct corridor_named site = {CORRIDOR_A_SITE, 2};
	cut_names(&c, w, &site, 1);
	ok(c.parted == 2 && c.closed == 2 && isnan(c.gbit_hours),
	   "a site takes all that ends there; how often is not known");
	ok(corridor_whatif_order(order, &lost, w, &site, 1) < 0 && errno == EDOM,
	   "and how long it takes to mend neither");
	corridor_whatif_free(w);
	corridor_plan_free(plan);
}

static bool
same_or_unknown(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

/* What a cut of everything that two consequences take does, without any short cut. */
static bool
is_as_anew(struct corridor_whatif *w, const struct corridor_consequence *c)
{
	struct corridor_consequence anew;
	cut_names(&anew, w, c->cut, c->names);
	return anew.lost_bps == c->lost_bps && anew.slower == c->slower &&
	       anew.parted == c->parted && anew.worst_ms.value == c->worst_ms.value &&
	       anew.worst_ms.low == c->worst_ms.low && anew.worst_ms.high == c->worst_ms.high &&
	       anew.lost.low == c->lost.low && anew.lost.high == c->lost.high &&
	       anew.passing.value == c->passing.value && anew.passing.low == c->passing.low &&
	       anew.passing.high == c->passing.high && anew.used == c->used &&
	       anew.unserved.low == c->unserved.low && anew.unserved.high == c->unserved.high &&
	       anew.fullest == c->fullest && anew.gained_bps == c->gained_bps &&
	       anew.closed == c->closed && same_or_unknown(anew.gbit_hours, c->gbit_hours) &&
	       same_or_unknown(anew.gbit_hours_year, c->gbit_hours_year) &&
	       same_or_unknown(anew.gbit_hours_year_low, c->gbit_hours_year_low) &&
	       same_or_unknown(anew.gbit_hours_year_high, c->gbit_hours_year_high);
}

/* By what is lost in passing, as told and at most, by all that is lost, then by who gets slower; what does the same comes
 * in the order of the hub file. */
static bool
is_no_worse(const struct corridor_consequence *c, const struct corridor_consequence *before)
{
	if (c->passing.value != before->passing.value)
		return c->passing.value < before->passing.value;
	if (c->passing.high != before->passing.high)
		return c->passing.high < before->passing.high;
	if (c->lost_bps != before->lost_bps)
		return c->lost_bps < before->lost_bps;
	if (c->lost.high != before->lost.high)
		return c->lost.high < before->lost.high;
	if (c->slower != before->slower)
		return c->slower < before->slower;
	if (c->worst_ms.value != before->worst_ms.value)
		return c->worst_ms.value < before->worst_ms.value;
	size_t i = 0;
	while (i + 1 < c->names && c->cut[i].index == before->cut[i].index)
		i++;
	return c->cut[i].index > before->cut[i].index;
}

struct tally {
	unsigned all, as_anew, ordered, no_less, parted_no_less;
};

/* A pair parts and delays whoever one of it does. */
static void
compare(struct tally *tally, struct corridor_whatif *w, enum corridor_kind kind, bool pairs)
{
	struct corridor_consequences cuts;
	struct arena *arena = arena_new();
	if (corridor_whatif_all(&cuts, w, kind, pairs, arena) < 0)
		abort();
	for (size_t i = 0; i < cuts.count; i++, tally->all++) {
		struct corridor_consequence one;
		tally->as_anew += is_as_anew(w, &cuts.all[i]);
		tally->ordered += i == 0 || is_no_worse(&cuts.all[i], &cuts.all[i - 1]);
		cut_names(&one, w, &cuts.all[i].cut[0], 1);
		tally->parted_no_less += cuts.all[i].parted >= one.parted;
		tally->no_less +=
			cuts.all[i].slower + cuts.all[i].parted >= one.slower + one.parted;
	}
	arena_free(arena);
}

/* Each alone, then all pairs of them. */
static void
compare_all(struct tally *tally, struct corridor_whatif *w, enum corridor_kind kind)
{
	compare(tally, w, kind, false);
	compare(tally, w, kind, true);
}

static void
pairs(void)
{
	uint64_t seed = 11;
	struct tally tally = {0};
	for (int n = 0; n < HUBS; n++) {
		struct test_hub t = hub_by_chance(&seed, SITES, SEGMENTS);
		demands_by_chance(&t, &seed);
		struct corridor_plan *plan = plan_of(&t.hub);
		struct corridor_whatif *w = whatif_of(plan);
		for (int kind = 0; kind < CORRIDOR_KINDS; kind++)
			compare_all(&tally, w, (enum corridor_kind)kind);
		corridor_whatif_free(w);
		corridor_plan_free(plan);
		test_hub_free(&t);
	}
	ok(tally.all > 5000, "many pairs were cut");
	is_int(tally.as_anew, tally.all,
	       "cuts, and pairs that need no run of their own, are right");
	is_int(tally.ordered, tally.all, "what takes most from those who pass comes first");
	is_int(tally.parted_no_less, tally.all, "a pair parts no fewer than one of it");
	is_int(tally.no_less, tally.all, "nor does it spare any the longer way");
}

/* The same with contracts, under which a cut may bring somebody to a shorter way. */
static void
pairs_by_contract(void)
{
	uint64_t seed = 13;
	struct tally tally = {0};
	for (int n = 0; n < HUBS; n++) {
		struct test_hub t = hub_by_chance(&seed, SITES, SEGMENTS);
		demands_by_chance(&t, &seed);
		contracts_by_chance(&t, &seed);
		struct corridor_plan *plan = plan_of(&t.hub);
		struct corridor_whatif *w = whatif_of(plan);
		compare_all(&tally, w, CORRIDOR_A_SEGMENT);
		compare_all(&tally, w, CORRIDOR_A_SITE);
		corridor_whatif_free(w);
		corridor_plan_free(plan);
		test_hub_free(&t);
	}
	ok(tally.all > 5000, "many pairs were cut");
	is_int(tally.as_anew, tally.all, "with contracts and protection, too, they are right");
	is_int(tally.ordered, tally.all, "and in order");
}

/* With room for all, what is lost is what is parted, and no cut adds to what is served. */
static void
roomy(void)
{
	uint64_t seed = 23;
	unsigned all = 0, right = 0;
	for (int n = 0; n < HUBS; n++) {
		struct test_hub t = hub_by_chance(&seed, SITES, SEGMENTS);
		t.hub.corridor.assumed_tbps = 1000;
		demands_by_chance(&t, &seed);
		struct corridor_plan *plan = plan_of(&t.hub);
		struct corridor_whatif *w = whatif_of(plan);
		for (uint32_t s = 0; s < SEGMENTS; s++, all++) {
			struct corridor_consequence c;
			struct corridor_named name = {CORRIDOR_A_SEGMENT, s};
			cut_names(&c, w, &name, 1);
			right += c.lost_bps == c.parted_bps && c.gained_bps == 0;
		}
		corridor_whatif_free(w);
		corridor_plan_free(plan);
		test_hub_free(&t);
	}
	is_int(right, all, "where there is room only who has no way left loses");
}

static bool
holds(double low, double value, double high)
{
	return low <= value && value <= high;
}

static struct hub_basis
certain(double value)
{
	return (struct hub_basis){.low = value, .high = value, .confidence = HUB_SEEN};
}

/* The same hub with every demand, capacity and length at one end of its bounds, and certain. */
static struct hub
at_corner(struct arena *arena, const struct hub *hub, const struct corridor_plan *plan, bool much,
	  bool wide)
{
	struct hub out = *hub;
	out.demands = arena_take(arena, DEMANDS * sizeof(*out.demands));
	out.segments = arena_take(arena, SEGMENTS * sizeof(*out.segments));
	memcpy(out.demands, hub->demands, DEMANDS * sizeof(*out.demands));
	memcpy(out.segments, hub->segments, SEGMENTS * sizeof(*out.segments));
	for (size_t i = 0; i < DEMANDS; i++) {
		struct hub_demand *d = &out.demands[i];
		struct corridor_fact fact = corridor_fact_of(d->gbps, &d->basis);
		d->gbps = much ? fact.high : fact.low;
		d->basis = certain(d->gbps);
	}
	for (size_t i = 0; i < SEGMENTS; i++) {
		struct hub_segment *s = &out.segments[i];
		const struct corridor_fact *fact = &plan->segments[i].capacity_tbps;
		s->design_tbps = wide ? fact->high : fact->low;
		s->design_from = certain(s->design_tbps);
		s->length_from = certain(s->length_km);
	}
	return out;
}

/* What a cut does to a hub of which all is certain, and whether it says so. */
static double
lost_for_certain(const struct hub *hub, const struct corridor_named *cut, unsigned *points)
{
	struct corridor_plan *plan = plan_of(hub);
	struct corridor_whatif *w = whatif_of(plan);
	struct corridor_consequence c;
	cut_names(&c, w, cut, 2);
	*points += c.lost.low == c.lost.value && c.lost.high == c.lost.value &&
		   c.unserved.low == c.unserved.high && c.worst_ms.low == c.worst_ms.value &&
		   c.worst_ms.high == c.worst_ms.value;
	corridor_whatif_free(w);
	corridor_plan_free(plan);
	return c.lost.value;
}

/* The range of what is lost against hubs of which each is certain of one corner. */
static void
corners(void)
{
	uint64_t seed = 29;
	unsigned all = 0, within = 0, least_most = 0, points = 0;
	for (int n = 0; n < HUBS; n++, all++) {
		struct test_hub t = hub_by_chance(&seed, SITES, SEGMENTS);
		demands_by_chance(&t, &seed);
		if (n % 2)
			contracts_by_chance(&t, &seed);
		struct corridor_plan *plan = plan_of(&t.hub);
		struct corridor_whatif *w = whatif_of(plan);
		struct corridor_consequence c;
		struct corridor_named cut[2] = {
			{CORRIDOR_A_SEGMENT, random_below(&seed, SEGMENTS)},
			{CORRIDOR_A_SEGMENT, random_below(&seed, SEGMENTS)}};
		cut_names(&c, w, cut, 2);
		within += holds(c.lost.low, c.lost.value, c.lost.high) &&
			  holds(c.unserved.low, c.unserved.value, c.unserved.high) &&
			  holds(c.worst_ms.low, c.worst_ms.value, c.worst_ms.high) &&
			  holds(c.median_ms.low, c.median_ms.value, c.median_ms.high);
		double low = c.lost.value, high = c.lost.value;
		for (int corner = 0; corner < 4; corner++) {
			struct hub hub = at_corner(t.arena, &t.hub, plan, corner & 1, corner & 2);
			double lost = lost_for_certain(&hub, cut, &points);
			low = fmin(low, lost);
			high = fmax(high, lost);
		}
		least_most += near(c.lost.low, low) && near(c.lost.high, high);
		corridor_whatif_free(w);
		corridor_plan_free(plan);
		test_hub_free(&t);
	}
	is_int(within, all, "what is told is within its range, of loss, rest and delay");
	is_int(least_most, all, "the range ends where the least and the most are lost");
	is_int(points, 4 * all, "where nothing is uncertain a range is a point");
}

/* With room for all, one cut more takes no less of what may be lost. */
static void
more_cuts(void)
{
	uint64_t seed = 37;
	unsigned all = 0, no_less = 0, zero = 0;
	for (int n = 0; n < HUBS; n++, all++) {
		struct test_hub t = hub_by_chance(&seed, SITES, SEGMENTS);
		t.hub.corridor.assumed_tbps = 1000;
		demands_by_chance(&t, &seed);
		struct corridor_plan *plan = plan_of(&t.hub);
		struct corridor_whatif *w = whatif_of(plan);
		struct corridor_consequence one, two, none;
		struct corridor_named cut[2] = {
			{CORRIDOR_A_SEGMENT, random_below(&seed, SEGMENTS)},
			{CORRIDOR_A_SEGMENT, random_below(&seed, SEGMENTS)}};
		cut_names(&none, w, cut, 0);
		cut_names(&one, w, cut, 1);
		cut_names(&two, w, cut, 2);
		zero += none.lost.low == 0 && none.lost.high == 0 && none.slower == 0;
		no_less += two.lost.high >= one.lost.high && two.lost.low >= one.lost.low &&
			   two.unserved.high >= one.unserved.high;
		corridor_whatif_free(w);
		corridor_plan_free(plan);
		test_hub_free(&t);
	}
	is_int(zero, all, "without a cut nothing can be lost");
	is_int(no_less, all, "where there is room a second cut never lowers what may be lost");
}

/* The best order against trying all of them. */
static void
mending(void)
{
	uint64_t seed = 31;
	unsigned all = 0, right = 0;
	static const uint32_t orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
					      {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	for (int n = 0; n < HUBS; n++, all++) {
		struct test_hub t = hub_by_chance(&seed, SITES, SEGMENTS);
		demands_by_chance(&t, &seed);
		for (size_t s = 0; s < SEGMENTS; s++)
			t.hub.segments[s].medium = s % 2 ? "submarine" : "OPGW";
		struct corridor_plan *plan = plan_of(&t.hub);
		struct corridor_whatif *w = whatif_of(plan);
		struct corridor_named names[3] = {
			{CORRIDOR_A_SEGMENT, 0}, {CORRIDOR_A_SEGMENT, 1}, {CORRIDOR_A_SEGMENT, 2}};
		double least = INFINITY;
		struct corridor_range lost;
		uint32_t order[3];
		for (size_t o = 0; o < 6; o++) {
			double sum = 0;
			for (size_t at = 0; at < 3; at++) {
				struct corridor_named left[3];
				struct corridor_consequence c;
				for (size_t k = at; k < 3; k++)
					left[k - at] = names[orders[o][k]];
				cut_names(&c, w, left, 3 - at);
				sum += (double)c.lost_bps / 1e9 *
				       plan->segments[left[0].index].repair_h;
			}
			least = sum < least ? sum : least;
		}
		right += corridor_whatif_order(order, &lost, w, names, 3) == 0 &&
			 fabs(lost.value - least) <= 1e-6 * (1 + least);
		corridor_whatif_free(w);
		corridor_plan_free(plan);
		test_hub_free(&t);
	}
	is_int(right, all, "no order of mending loses less than the one that is told");
}

/* More than can be tried in all orders: what is told is next brings back most an hour, of what is left. */
static bool
is_greedy(struct corridor_whatif *w, const struct corridor_plan *plan, const uint32_t *order,
	  double gbit_hours)
{
	struct corridor_named left[MANY];
	struct corridor_consequence now, then;
	double sum = 0;
	bool mended[MANY] = {0}, greedy = true;
	for (size_t at = 0; at < MANY; at++) {
		double rates[MANY] = {0}, best = 0;
		for (uint32_t next = 0; next <= MANY; next++) { /* MANY: none */
			size_t count = 0;
			if (next < MANY && mended[next])
				continue;
			for (uint32_t i = 0; i < MANY; i++)
				if (!mended[i] && i != next)
					left[count++] =
						(struct corridor_named){CORRIDOR_A_SEGMENT, i};
			cut_names(next < MANY ? &then : &now, w, left, count);
			if (next < MANY)
				rates[next] = (double)then.lost_bps / 1e9;
		}
		for (uint32_t i = 0; i < MANY; i++) {
			double back = (double)now.lost_bps / 1e9 - rates[i];
			rates[i] = mended[i] || back < 0 ? 0 : back / plan->segments[i].repair_h;
			best = fmax(best, rates[i]);
		}
		greedy &= order[at] < MANY && !mended[order[at]] && rates[order[at]] >= best - 1e-6;
		if (!greedy)
			return false;
		mended[order[at]] = true;
		sum += now.lost.value * plan->segments[order[at]].repair_h;
	}
	return fabs(sum - gbit_hours) <= 1e-6 * (1 + sum);
}

static void
mending_many(void)
{
	uint64_t seed = 41;
	unsigned all = 0, right = 0;
	for (int n = 0; n < HUBS / 4; n++, all++) {
		struct test_hub t = hub_by_chance(&seed, SITES, SEGMENTS);
		demands_by_chance(&t, &seed);
		for (size_t s = 0; s < SEGMENTS; s++)
			t.hub.segments[s].medium = s % 2 ? "submarine" : "OPGW";
		struct corridor_plan *plan = plan_of(&t.hub);
		struct corridor_whatif *w = whatif_of(plan);
		struct corridor_named names[MANY];
		struct corridor_range lost;
		uint32_t order[MANY];
		for (uint32_t i = 0; i < MANY; i++)
			names[i] = (struct corridor_named){CORRIDOR_A_SEGMENT, i};
		right += corridor_whatif_order(order, &lost, w, names, MANY) == 0 &&
			 is_greedy(w, plan, order, lost.value);
		corridor_whatif_free(w);
		corridor_plan_free(plan);
		test_hub_free(&t);
	}
	is_int(right, all, "of many the one is mended next that brings back most an hour");
}

static void
example(void)
{
	struct hub *hub = silkroad();
	struct corridor_plan *plan = plan_of(hub);
	struct corridor_whatif *w = whatif_of(plan);
	struct arena *arena = arena_new();
	struct corridor_consequences all;
	ok(corridor_whatif_all(&all, w, CORRIDOR_A_RISK, false, arena) == 0 && all.count > 10,
	   "every risk of the example is cut");
	struct corridor_named red_sea = {CORRIDOR_A_RISK,
					 corridor_plan_name(plan, CORRIDOR_RISKS, "RED_SEA")};
	struct corridor_consequence c;
	cut_names(&c, w, &red_sea, 1);
	double down = corridor_whatif_outage(plan, red_sea).down;
	ok(near(down, 0.05 * 40 / 365.25), "the Red Sea is shut as often as its risk says");
	ok(c.closed > 1, "with several segments");
	ok(corridor_whatif_all(&all, w, CORRIDOR_A_CABLE, true, arena) == 0 &&
		   all.all[0].names == 2,
	   "and every pair of cables");
	arena_free(arena);
	corridor_whatif_free(w);
	corridor_plan_free(plan);
	hub_free(hub);
}

int
main(void)
{
	laying();
	by_hand();
	pairs();
	pairs_by_contract();
	roomy();
	corners();
	more_cuts();
	mending();
	mending_many();
	example();
	return done_testing();
}
