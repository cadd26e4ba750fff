/* Revenue by segment: a flow, and what each part of a demand on a way pays. */
#include "corridor/corridor_revenue.h"

#include <assert.h>
#include <errno.h>
#include <math.h>

#include "corridor/corridor_corners.h"
#include "corridor/corridor_money.h"

enum end { VALUE, LOW, HIGH };

static double
price_of(const struct corridor_plan *plan, uint32_t arc, enum end end)
{
	const struct corridor_fact *price = &plan->segments[arc / 2].price;
	return end == VALUE ? price->value : end == LOW ? price->low : price->high;
}

/* Adds what one way pays to each of its segments. */
static void
share_out(double *usd, const struct corridor_plan *plan, const struct corridor_flow *flow,
	  const struct corridor_flow_way *way, enum end end)
{
	const uint32_t *arcs = flow->arcs + way->first;
	double told = plan->hub->demands[way->demand].price, prices = 0, length = 0;
	for (uint32_t k = 0; k < way->count; k++) {
		prices += price_of(plan, arcs[k], end);
		length += plan->segments[arcs[k] / 2].length_km.value;
	}
	double pays = corridor_money_a_year((double)way->bps / 1e9, isnan(told) ? prices : told);
	for (uint32_t k = 0; k < way->count; k++) {
		double km = plan->segments[arcs[k] / 2].length_km.value;
		usd[arcs[k] / 2] +=
			pays * (prices > 0 ? price_of(plan, arcs[k], end) / prices : km / length);
	}
}

static void
take_told(struct corridor_revenue *out, const struct corridor_plan *plan,
	  const struct corridor_flow_case *the_case, const struct corridor_flow *flow,
	  const double *usd)
{
	out->asked_gbps = (double)flow->asked_total_bps / 1e9;
	out->served_gbps = (double)flow->served_total_bps / 1e9;
	for (size_t s = 0; s < plan->hub->segment_count; s++)
		out->gbps[s] = (double)(flow->load_bps[2 * s] + flow->load_bps[2 * s + 1]) / 1e9;
	for (size_t i = 0; i < flow->way_count; i++) {
		const struct corridor_flow_way *way = &flow->ways[i];
		double told = plan->hub->demands[way->demand].price, prices = 0;
		bool guess = the_case->gbps[way->demand].basis == HUB_ESTIMATED;
		for (uint32_t k = 0; k < way->count; k++) {
			uint32_t arc = flow->arcs[way->first + k];
			prices += price_of(plan, arc, VALUE);
			guess |=
				isnan(told) && plan->segments[arc / 2].price.basis == HUB_ESTIMATED;
		}
		if (guess)
			out->estimated += corridor_money_a_year((double)way->bps / 1e9,
								isnan(told) ? prices : told);
	}
	for (size_t s = 0; s < plan->hub->segment_count; s++)
		out->usd_a_year[s] = (struct corridor_range){usd[s], usd[s], usd[s]};
}

/* One corner, with prices at one end: `usd` is scratch. */
static void
take_end(struct corridor_revenue *out, const struct corridor_plan *plan,
	 const struct corridor_flow_case *the_case, const struct corridor_flow *flow, double *usd,
	 enum end end)
{
	double total = 0;
	size_t count = plan->hub->segment_count;
	for (size_t s = 0; s < count; s++)
		usd[s] = 0;
	for (size_t i = 0; i < flow->way_count; i++)
		share_out(usd, plan, flow, &flow->ways[i], end);
	for (size_t s = 0; s < count; s++)
		total += usd[s];
	if (the_case) {
		take_told(out, plan, the_case, flow, usd);
		out->total_usd = (struct corridor_range){total, total, total};
		return;
	}
	for (size_t s = 0; s < count; s++) {
		out->usd_a_year[s].low = fmin(out->usd_a_year[s].low, usd[s]);
		out->usd_a_year[s].high = fmax(out->usd_a_year[s].high, usd[s]);
	}
	out->total_usd.low = fmin(out->total_usd.low, total);
	out->total_usd.high = fmax(out->total_usd.high, total);
}

static int
take_corner(struct corridor_revenue *out, const struct corridor_plan *plan,
	    const struct corridor_flow_case *one, bool told, double *usd)
{
	struct corridor_flow_work *work;
	bool optimal;
	const struct corridor_flow *flow = corridor_flow_cheapest(&work, &optimal, &one->instance);
	if (flow) {
		if (told) {
			out->optimal = optimal;
			take_end(out, plan, one, flow, usd, VALUE);
		}
		take_end(out, plan, NULL, flow, usd, LOW);
		take_end(out, plan, NULL, flow, usd, HIGH);
	}
	int error = errno;
	corridor_flow_free(work);
	errno = error;
	return flow ? 0 : -1;
}

int
corridor_revenue_of(struct corridor_revenue *out, struct arena *arena,
		    const struct corridor_flow_ask *ask)
{
	assert(out && arena && ask && ask->plan);
	size_t count = ask->plan->hub->segment_count + 1;
	struct corridor_flow_ask by_price = *ask;
	struct corridor_revenue revenue = {
		.usd_a_year = arena_take(arena, count * sizeof(*revenue.usd_a_year)),
		.gbps = arena_take(arena, count * sizeof(*revenue.gbps)),
	};
	struct corridor_corners corners;
	double *usd = arena_take(arena, count * sizeof(*usd));
	by_price.measure = CORRIDOR_BY_PRICE;
	errno = ENOMEM;
	if (!revenue.usd_a_year || !revenue.gbps || !usd ||
	    corridor_corners_of(&corners, arena, &by_price) < 0)
		return -1;
	static_assert(CORRIDOR_AS_TOLD == 0, "what is told comes before its bounds");
	for (int c = 0; c < CORRIDOR_CORNERS; c++)
		if (corners.like[c] == (enum corridor_outlook)c &&
		    take_corner(&revenue, ask->plan, &corners.cases[c], c == CORRIDOR_AS_TOLD,
				usd) < 0)
			return -1;
	*out = revenue;
	return 0;
}

struct corridor_range
corridor_revenue_sum(const struct corridor_revenue *revenue, const struct corridor_plan *plan,
		     enum corridor_class class, uint32_t name)
{
	const struct corridor_relation *r = &plan->classes[class];
	struct corridor_range sum = {0};
	assert(revenue && name < r->count);
	for (uint32_t i = r->first_segment[name]; i < r->first_segment[name + 1]; i++) {
		uint32_t s = r->segments[i];
		double names = r->first[s + 1] - r->first[s];
		sum.value += revenue->usd_a_year[s].value / names;
		sum.low += revenue->usd_a_year[s].low / names;
		sum.high += revenue->usd_a_year[s].high / names;
	}
	return sum;
}
