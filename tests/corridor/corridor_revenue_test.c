/* What traffic brings: a small hub by hand, and what must hold of any. */
#include "corridor/corridor_revenue.h"

#include <math.h>
#include <string.h>

#include "corridor/corridor_money.h"
#include "hubs.h"
#include "silkroad.h"
#include "tap.h"

static const struct corridor_day today = {.at = {1795219200}};

static struct corridor_revenue
revenue_of(const struct corridor_plan *plan, struct arena *arena)
{
	struct corridor_flow_ask ask = {
		.plan = plan, .measure = CORRIDOR_BY_PRICE, .now = today.at};
	struct corridor_revenue out;
	if (corridor_revenue_of(&out, arena, &ask) < 0)
		abort();
	return out;
}

/* Three sites in a row, one dear segment and one cheap one; two demands, one with its own price. */
static void
test_hand(void)
{
	uint64_t seed = 3;
	struct test_hub t = hub_by_chance(&seed, 3, 2);
	struct hub_demand demands[2] = {{.split = true, .id = "a", .from = 0, .to = 2, .gbps = 100},
					{.split = true, .id = "b", .from = 0, .to = 2, .gbps = 10}};
	for (uint32_t i = 0; i < 2; i++) {
		struct hub_segment *s = &t.hub.segments[i];
		s->a = i;
		s->b = i + 1;
		s->length_km = i ? 3000 : 1000;
		s->usable = true;
		s->operators = i ? "Alpha/Beta" : "Alpha";
		s->medium = NULL;
		demands[i].member = HUB_NONE;
		demands[i].price = i ? 8 : NAN;
		demands[i].growth_percent = NAN;
		demands[i].basis = (struct hub_basis){.low = NAN, .high = NAN};
		demands[i].basis.confidence = HUB_SEEN;
	}
	t.hub.demands = demands;
	t.hub.demand_count = 2;
	struct corridor_plan *plan = corridor_plan_new(&t.hub, today);
	double land = plan->segments[0].price.value, far = plan->segments[1].price.value;
	struct corridor_revenue r = revenue_of(plan, t.arena);
	double first = corridor_money_a_year(100, land) +
		       corridor_money_a_year(10, 8 * land / (land + far));
	ok(fabs(r.usd_a_year[0].value - first) < 1e-6 * first,
	   "a segment takes in its price, and its share of what is told: %g", first);
	double all = corridor_money_a_year(100, land + far) + corridor_money_a_year(10, 8);
	ok(fabs(r.total_usd.value - all) < 1e-6 * all, "all is what the demands pay: %g", all);
	ok(r.gbps[0] == 110 && r.gbps[1] == 110, "for what they carry");
	double guess = corridor_money_a_year(100, land + far);
	ok(fabs(r.estimated - guess) < 1e-6 * guess, "what pays a told price is no estimate");
	uint32_t beta = corridor_plan_name(plan, CORRIDOR_OPERATORS, "Beta");
	struct corridor_range of = corridor_revenue_sum(&r, plan, CORRIDOR_OPERATORS, beta);
	ok(fabs(of.value - r.usd_a_year[1].value / 2) < 1e-6 * of.value,
	   "what two own is half each one's");
	corridor_plan_free(plan);
	test_hub_free(&t);
}

/* Demands laid at each corner of their bounds and of capacities: none brings in more, or less, than the range. */
static void
test_corners(void)
{
	struct hub *hub = silkroad();
	struct corridor_plan *plan = corridor_plan_new(hub, today);
	struct arena *arena = arena_new();
	struct corridor_revenue r = revenue_of(plan, arena);
	struct corridor_flow_ask ask = {
		.plan = plan, .measure = CORRIDOR_BY_PRICE, .now = today.at};
	double least = INFINITY, most = 0;
	for (int c = 0; c < CORRIDOR_CORNERS; c++) {
		struct corridor_flow_case one;
		struct corridor_flow_work *work;
		bool optimal;
		if (corridor_flow_case_of(&one, arena, &ask, (enum corridor_outlook)c) < 0)
			abort();
		const struct corridor_flow *flow =
			corridor_flow_cheapest(&work, &optimal, &one.instance);
		double low = 0, high = 0;
		for (size_t arc = 0; arc < 2 * hub->segment_count; arc++) {
			const struct corridor_fact *price = &plan->segments[arc / 2].price;
			double gbps = (double)flow->load_bps[arc] / 1e9;
			low += corridor_money_a_year(gbps, price->low);
			high += corridor_money_a_year(gbps, price->high);
		}
		least = fmin(least, low);
		most = fmax(most, high);
		corridor_flow_free(work);
	}
	ok(fabs(r.total_usd.low - least) < 1e-6 * least &&
		   fabs(r.total_usd.high - most) < 1e-6 * most,
	   "the range is that of all corners: %.1f to %.1f M$", least / 1e6, most / 1e6);
	arena_free(arena);
	corridor_plan_free(plan);
	hub_free(hub);
}

static void
test_example(void)
{
	struct hub *hub = silkroad();
	struct corridor_plan *plan = corridor_plan_new(hub, today);
	struct arena *arena = arena_new();
	struct corridor_revenue r = revenue_of(plan, arena);
	double sum = 0, operators = 0, loads = 0;
	unsigned sound = 0;
	for (size_t s = 0; s < hub->segment_count; s++) {
		sum += r.usd_a_year[s].value;
		loads += corridor_money_a_year(r.gbps[s], plan->segments[s].price.value);
		operators += hub->segments[s].operators ? r.usd_a_year[s].value : 0;
		sound += 0 <= r.usd_a_year[s].low && r.usd_a_year[s].low <= r.usd_a_year[s].value &&
			 r.usd_a_year[s].value <= r.usd_a_year[s].high;
	}
	is_int(sound, hub->segment_count, "each lies within its bounds");
	ok(fabs(sum - r.total_usd.value) < 1e-9 * sum, "the whole is the sum of segments");
	ok(fabs(loads - sum) < 1e-6 * sum, "of which each takes in its load at its price: %.1f M$",
	   sum / 1e6);
	double shared = 0;
	for (uint32_t i = 0; i < plan->classes[CORRIDOR_OPERATORS].count; i++)
		shared += corridor_revenue_sum(&r, plan, CORRIDOR_OPERATORS, i).value;
	ok(fabs(shared - operators) < 1e-9 * operators, "operators share what is theirs");
	arena_free(arena);
	corridor_plan_free(plan);
	hub_free(hub);
}

int
main(void)
{
	test_hand();
	test_example();
	test_corners();
	return done_testing();
}
