/* Content networks on the corridor. */
#include "corridor/corridor_content.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#include "corridor/corridor_cache.h"
#include "corridor/corridor_content_rates.h"
#include "corridor/corridor_money.h"
#include "corridor/corridor_prices.h"
#include "corridor/corridor_search.h"

struct work {
	const struct corridor_content_ask *ask;
	struct arena *arena;
	struct corridor_contents *out;
	struct corridor_site_price *prices;
	double *measured; /* of each, Gbit/s; NAN: not known */
	uint64_t *cost;
	struct corridor_search *search;
};

/* --- traffic and hits --- */

/* What each is measured to have in the bin, Gbit/s, however much of it was listened to; NAN: not measured.
 * 0, or -1 without memory. */
static int
measure(struct work *w)
{
	const struct hub *hub = w->ask->plan->hub;
	struct corridor_content_sums sums;
	for (size_t i = 0; i < hub->content_count; i++)
		w->measured[i] = NAN;
	if (!w->ask->batch || !w->ask->batch->covered_s)
		return 0;
	struct traffic_batch bin = *w->ask->batch;
	struct corridor_content_rates *rates =
		corridor_content_rates_new(hub, 1, (struct utc_s){INT64_MIN});
	bin.length_s = bin.covered_s;
	int result = !rates || corridor_content_rates_add(rates, &bin, true) < 0 ||
				     corridor_content_rates_sum(&sums, rates, w->arena) < 0
			     ? -1
			     : 0;
	for (size_t i = 0; result == 0 && i < hub->content_count; i++)
		if (hub->content[i].asn_count)
			w->measured[i] = (double)sums.content[i].rates.mean_bps / 1e9;
	corridor_content_rates_free(rates);
	return result;
}

double
corridor_content_hits_at(const struct hub_content *content, double cache_tb)
{
	if (!(content->catalogue_tb > 0))
		return NAN;
	double per_tb = 1e6 / content->object_mb;
	return corridor_cache_hits(&(struct corridor_cache){
		.objects = fmax(1, content->catalogue_tb * per_tb),
		.holds = fmax(0, cache_tb * per_tb),
		.zipf = content->zipf,
	});
}

static struct corridor_range
just(double value)
{
	return (struct corridor_range){value, value, value};
}

static struct corridor_range
range_of(const struct corridor_fact *fact)
{
	return (struct corridor_range){fact->value, fact->low, fact->high};
}

/* What is not told of requests makes the model's share uncertain: Zipf's exponent a tenth lower and
 * higher. */
static struct corridor_range
modelled_hits(const struct hub_content *content)
{
	static const double spread = 0.1;
	struct hub_content flat = *content, steep = *content;
	flat.zipf = fmax(0, content->zipf - spread);
	steep.zipf = content->zipf + spread;
	return (struct corridor_range){
		corridor_content_hits_at(content, content->cache_tb),
		corridor_content_hits_at(&flat, content->cache_tb),
		corridor_content_hits_at(&steep, content->cache_tb),
	};
}

static void
take_hits(struct corridor_content *c, const struct hub_content *content)
{
	if (!isnan(content->hit_percent)) {
		struct corridor_fact fact = corridor_fact_of(content->hit_percent, &content->basis);
		c->hits = (struct corridor_range){fact.value / 100, fact.low / 100,
						  fmin(fact.high, 100) / 100};
		c->estimated |= fact.basis == HUB_ESTIMATED;
	} else if (content->kind == HUB_CONTENT_ON_RAMP) {
		c->hits = just(1);
	} else {
		c->hits = modelled_hits(content);
		c->modelled = c->estimated = true;
	}
}

static void
take_traffic(struct corridor_content *c, const struct work *w, size_t index)
{
	static const struct hub_basis seen = {.low = NAN, .high = NAN, .confidence = HUB_SEEN};
	const struct hub_content *content = &w->ask->plan->hub->content[index];
	double given = w->ask->told_gbps ? w->ask->told_gbps[index] : NAN;
	struct corridor_fact fact = corridor_fact_of(content->gbps, &content->traffic);
	double measured = isnan(given) ? w->measured[index] : given;
	c->state = isnan(fact.value)   ? CORRIDOR_CONTENT_UNKNOWN
		   : content->measured ? CORRIDOR_CONTENT_MEASURED
				       : CORRIDOR_CONTENT_TOLD;
	if (!isnan(measured) && (isnan(fact.value) || !isnan(given))) {
		fact = corridor_fact_of(measured, &seen);
		c->state = CORRIDOR_CONTENT_MEASURED;
	}
	c->gbps = range_of(&fact);
	c->estimated |= fact.basis == HUB_ESTIMATED;
}

/* --- ways and money --- */

/* 0, or -1 without memory. */
static int
take_way(struct corridor_content *c, struct work *w, const struct hub_content *content)
{
	size_t count = 0;
	uint32_t segment;
	corridor_search_run(w->search, w->cost, content->from, HUB_NONE);
	if (corridor_search_cost(w->search, content->to) == CORRIDOR_CLOSED)
		return 0;
	for (uint32_t at = content->to; corridor_search_segment(w->search, at) != HUB_NONE;
	     at = corridor_search_before(w->search, at))
		count++;
	uint32_t *way = arena_take(w->arena, (count + 1) * sizeof(*way));
	if (!way)
		return -1;
	c->way_count = count;
	for (uint32_t at = content->to;
	     (segment = corridor_search_segment(w->search, at)) != HUB_NONE;
	     at = corridor_search_before(w->search, at))
		way[--count] = segment;
	c->way = way;
	return 0;
}

static void
take_price(struct corridor_content *c, const struct work *w, const struct hub_content *content)
{
	const struct corridor_grounds *there = &w->prices[content->to].price;
	struct corridor_grounds way = {0};
	for (size_t k = 0; k < c->way_count; k++)
		corridor_grounds_add(&way, &w->ask->plan->segments[c->way[k]].price, 1);
	const struct corridor_grounds *price = isnan(there->value) ? &way : there;
	c->price = (struct corridor_range){price->value, price->low, price->high};
	c->estimated |= price->estimates > 0;
}

/* What is taken off: what hits, as far as it can be served. */
static double
off_of(const struct hub_content *content, double gbps, double hits)
{
	double off = gbps * hits;
	return content->serves_gbps > 0 ? fmin(off, content->serves_gbps) : off;
}

static void
take_effect(struct corridor_content *c, const struct hub_content *content)
{
	double near = content->local_percent / 100;
	bool there = c->state != CORRIDOR_CONTENT_UNKNOWN && c->way;
	c->off = just(0);
	c->local_before = c->local_after = near;
	c->cost_usd_a_year = 12 * content->usd_a_month;
	c->usd_a_year = just(0);
	if (!there)
		return;
	c->off = (struct corridor_range){off_of(content, c->gbps.value, c->hits.value),
					 off_of(content, c->gbps.low, c->hits.low),
					 off_of(content, c->gbps.high, c->hits.high)};
	if (c->gbps.value > 0)
		c->local_after = near + (1 - near) * c->off.value / c->gbps.value;
	c->usd_a_year = (struct corridor_range){
		corridor_money_a_year(c->off.value, c->price.value) - c->cost_usd_a_year,
		corridor_money_a_year(c->off.low, c->price.low) - c->cost_usd_a_year,
		corridor_money_a_year(c->off.high, c->price.high) - c->cost_usd_a_year,
	};
}

static void
add_range(struct corridor_range *to, const struct corridor_range *more)
{
	to->value += more->value;
	to->low += more->low;
	to->high += more->high;
}

/* --- the whole --- */

static int
take_one(struct work *w, size_t index)
{
	const struct hub_content *content = &w->ask->plan->hub->content[index];
	struct corridor_content *c = &w->out->all[index];
	take_hits(c, content);
	take_traffic(c, w, index);
	if (take_way(c, w, content) < 0)
		return -1;
	take_price(c, w, content);
	take_effect(c, content);
	return 0;
}

static void
add_up(struct corridor_contents *out, const struct corridor_content_ask *ask)
{
	double all = 0, before = 0, after = 0;
	for (size_t i = 0; i < ask->plan->hub->content_count; i++) {
		const struct corridor_content *c = &out->all[i];
		if (c->state == CORRIDOR_CONTENT_UNKNOWN || (ask->taken && !ask->taken[i]))
			continue;
		/* What is near by already is not among what comes from outside. */
		double users = c->local_before < 1 ? c->gbps.value / (1 - c->local_before) : 0;
		all += users;
		before += users * c->local_before;
		after += users * c->local_after;
		add_range(&out->gbps, &c->gbps);
		add_range(&out->off_gbps, &c->off);
		add_range(&out->usd_a_year, &c->usd_a_year);
		out->estimated += c->estimated ? fmax(0, c->usd_a_year.value) : 0;
		for (size_t k = 0; k < c->way_count; k++)
			add_range(&out->off[c->way[k]], &c->off);
	}
	out->local_before = all > 0 ? before / all : 0;
	out->local_after = all > 0 ? after / all : 0;
}

int
corridor_content_of(struct corridor_contents *out, struct arena *arena,
		    const struct corridor_content_ask *ask)
{
	assert(out && arena && ask && ask->plan);
	const struct hub *hub = ask->plan->hub;
	struct corridor_contents contents = {
		.all = arena_take(arena, (hub->content_count + 1) * sizeof(*contents.all)),
		.off = arena_take(arena, (hub->segment_count + 1) * sizeof(*contents.off)),
	};
	struct work w = {
		.ask = ask,
		.arena = arena,
		.out = &contents,
		.prices = arena_take(arena, (hub->site_count + 1) * sizeof(*w.prices)),
		.measured = arena_take(arena, (hub->content_count + 1) * sizeof(*w.measured)),
		.cost = arena_take(arena, (hub->segment_count + 1) * sizeof(*w.cost)),
		.search = corridor_search_new(ask->plan->graph),
	};
	struct corridor_prices_ask prices = {ask->plan, ask->conditions, ask->now};
	errno = ENOMEM;
	int result = contents.all && contents.off && w.prices && w.measured && w.cost && w.search &&
				     measure(&w) == 0
			     ? corridor_prices_of(w.prices, &prices)
			     : -1;
	if (result == 0)
		corridor_plan_costs(w.cost, ask->plan, ask->conditions, CORRIDOR_BY_PRICE);
	for (size_t i = 0; result == 0 && i < hub->content_count; i++)
		result = take_one(&w, i);
	int error = errno;
	corridor_search_free(w.search);
	errno = error;
	if (result < 0)
		return -1;
	add_up(&contents, ask);
	*out = contents;
	return 0;
}
