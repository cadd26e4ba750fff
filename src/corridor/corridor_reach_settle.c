/* From what a hub file wishes to what a plan is made by: years, targets and budgets spelled out, and
 * a figure for each cost. */
#include <assert.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "corridor/corridor_reach.h"

enum { TARGET_USUAL = 6000, YEARS_USUAL = 3 };

/* What stands for costs that the hub file does not have, in US dollars. The kilometres rest on
 * projects whose length and budget were published, the rest is estimated. */
static const struct hub_reach_cost usual[] = {
	{HUB_REACH_KM,
	 NULL,
	 13000,
	 {9000, 20000, "West-East fibre of Kazakhstan: 37.5 million dollars for 2800 km", NULL,
	  HUB_DERIVED}},
	{HUB_REACH_KM,
	 "urban",
	 20000,
	 {12000, 32000, "half as much again as open country: ducts, permits", NULL, HUB_ESTIMATED}},
	{HUB_REACH_KM,
	 "hill",
	 22000,
	 {15000, 30000, "between plain and mountain", NULL, HUB_ESTIMATED}},
	{HUB_REACH_KM,
	 "mountain",
	 54000,
	 {40000, 70000, "Pakistan-China fibre: 44 million dollars for 820 km", NULL, HUB_DERIVED}},
	{HUB_REACH_ROAD,
	 NULL,
	 1.4,
	 {1.3, 1.5, "plain terrestrial routes: 1.37 to 1.48 of the great circle", NULL,
	  HUB_DERIVED}},
	{HUB_REACH_ROAD, "urban", 1.3, {1.2, 1.45, "streets at right angles", NULL, HUB_ESTIMATED}},
	{HUB_REACH_ROAD,
	 "hill",
	 1.55,
	 {1.4, 1.7, "between plain and mountain", NULL, HUB_ESTIMATED}},
	{HUB_REACH_ROAD,
	 "mountain",
	 1.8,
	 {1.6, 1.95, "mountain routes: 1.62 to 1.95 of the great circle", NULL, HUB_DERIVED}},
	{HUB_REACH_SITE,
	 NULL,
	 4500,
	 {3000, 7000, "router, termination, power, works", NULL, HUB_ESTIMATED}},
	{HUB_REACH_SHARED,
	 NULL,
	 2000,
	 {1200, 3000, "a port and works at the mast", NULL, HUB_ESTIMATED}},
	{HUB_REACH_UPGRADE, NULL, 3500, {2000, 6000, "splice, port, optics", NULL, HUB_ESTIMATED}},
};

static const struct hub_reach_cost *
cost_in(const struct hub_reach_cost *costs, size_t count, enum hub_reach_item item,
	const char *terrain)
{
	const struct hub_reach_cost *any = NULL;
	for (size_t i = 0; i < count; i++) {
		if (costs[i].item != item)
			continue;
		if (!costs[i].terrain)
			any = &costs[i];
		else if (strcasecmp(costs[i].terrain, terrain) == 0)
			return &costs[i];
	}
	return any;
}

static struct corridor_fact
figure_of(const struct hub_reach *wanted, enum hub_reach_item item, const char *terrain)
{
	const struct hub_reach_cost *c = cost_in(wanted->costs, wanted->cost_count, item, terrain);
	if (!c)
		c = cost_in(usual, sizeof(usual) / sizeof(usual[0]), item, terrain);
	assert(c);
	struct corridor_fact fact = corridor_fact_of(c->amount, &c->basis);
	if (item == HUB_REACH_ROAD && fact.low < 1)
		fact.low = 1;
	return fact;
}

/* The usual costs are no help in another currency: there every one has to be said. */
static int
check_currency(const struct hub_reach *wanted, const struct corridor_reach_input *input,
	       struct corridor_complaint *complaint)
{
	static const enum hub_reach_item once[] = {HUB_REACH_SITE, HUB_REACH_SHARED,
						   HUB_REACH_UPGRADE};
	static const char *const names[] = {"site", "shared", "upgrade"};
	const char *missing = NULL;
	if (strcmp(wanted->currency.code, "USD") == 0)
		return 0;
	for (size_t i = 0; i < 3; i++)
		if (!cost_in(wanted->costs, wanted->cost_count, once[i], ""))
			missing = names[i];
	for (size_t i = 0; i < input->terrain_count; i++)
		if (!cost_in(wanted->costs, wanted->cost_count, HUB_REACH_KM, input->terrains[i]))
			missing = "km";
	if (!missing)
		return 0;
	corridor_complain(
		complaint, 400,
		"costs: %s is not said; what stands for it is in USD, and the currency is "
		"%s",
		missing, wanted->currency.code);
	return -1;
}

/* Even steps from what there is to the last target. */
static void
spread_target(struct corridor_reach_settings *s, uint32_t last, uint32_t now)
{
	for (unsigned y = 0; y < s->years; y++) {
		int64_t step = ((int64_t)last - now) * (y + 1) / s->years;
		s->targets[y] = last <= now ? last : (uint32_t)(now + step);
	}
}

static int
settle_years(struct corridor_reach_settings *s, const struct hub_reach *wanted,
	     struct corridor_complaint *complaint)
{
	size_t listed = wanted->target_count > wanted->budget_count ? wanted->target_count
								    : wanted->budget_count;
	s->years = wanted->years ? wanted->years : listed > 1 ? (unsigned)listed : YEARS_USUAL;
	if (s->years > CORRIDOR_REACH_YEARS) {
		corridor_complain(complaint, 400, "years: found %u, expected at most %d", s->years,
				  CORRIDOR_REACH_YEARS);
		return -1;
	}
	if ((wanted->target_count > 1 && wanted->target_count != s->years) ||
	    (wanted->budget_count > 1 && wanted->budget_count != s->years)) {
		corridor_complain(complaint, 400,
				  "%zu targets and %zu budgets for %u years: there may be one, or "
				  "one for each",
				  wanted->target_count, wanted->budget_count, s->years);
		return -1;
	}
	for (size_t i = 1; i < wanted->target_count; i++) {
		if (wanted->targets[i] < wanted->targets[i - 1]) {
			corridor_complain(complaint, 400,
					  "targets: year %zu is to have less than the year before "
					  "it",
					  i + 1);
			return -1;
		}
	}
	return 0;
}

/* The share that is there today, hundredths of a percent, rounded down. */
static uint32_t
share_now(const struct corridor_reach_input *input, enum hub_reach_count count)
{
	int64_t all = 0, on = 0;
	for (size_t i = 0; i < input->tower_count; i++) {
		int64_t weight = corridor_reach_counts_for(&input->towers[i], count);
		all += weight;
		on += input->towers[i].on_fibre ? weight : 0;
	}
	return all ? (uint32_t)((__int128)on * 10000 / all) : 0;
}

static int
settle_budgets(struct corridor_reach_settings *s, const struct hub_reach *wanted,
	       struct corridor_complaint *complaint)
{
	int64_t minor = 1;
	for (int i = currency_exponent(s->currency); i > 0; i--)
		minor *= 10;
	for (unsigned y = 0; y < s->years; y++) {
		size_t at = wanted->budget_count == 1 ? 0 : y;
		s->budgets[y] = INT64_MAX;
		if (wanted->budget_count == 0)
			continue;
		if (wanted->budgets[at] > 1000000000000000u) {
			corridor_complain(complaint, 400, "budgets: year %u has more than fits",
					  y + 1);
			return -1;
		}
		s->budgets[y] = (int64_t)wanted->budgets[at] * minor;
	}
	return 0;
}

int
corridor_reach_settle(struct corridor_reach_settings *out, const struct hub_reach *wanted,
		      const struct corridor_reach_input *input,
		      struct corridor_complaint *complaint)
{
	assert(out && wanted && input && complaint);
	if (check_currency(wanted, input, complaint) < 0)
		return -1;
	struct corridor_reach_settings s = {
		.currency = wanted->currency,
		.count = wanted->count,
		.sites = wanted->sites,
		.segments = wanted->segments,
		.first_year = wanted->first_year,
		.stretch_max_km = isnan(wanted->stretch_max_km) ? INFINITY : wanted->stretch_max_km,
		.site = figure_of(wanted, HUB_REACH_SITE, ""),
		.shared = figure_of(wanted, HUB_REACH_SHARED, ""),
		.upgrade = figure_of(wanted, HUB_REACH_UPGRADE, ""),
	};
	for (size_t i = 0; i < input->terrain_count; i++) {
		s.km[i] = figure_of(wanted, HUB_REACH_KM, input->terrains[i]);
		s.road[i] = figure_of(wanted, HUB_REACH_ROAD, input->terrains[i]);
	}
	if (settle_years(&s, wanted, complaint) < 0 || settle_budgets(&s, wanted, complaint) < 0)
		return -1;
	if (wanted->target_count > 1)
		memcpy(s.targets, wanted->targets, s.years * sizeof(*s.targets));
	else if (wanted->target_count == 1 || wanted->budget_count == 0)
		spread_target(&s, wanted->target_count ? wanted->targets[0] : TARGET_USUAL,
			      share_now(input, s.count));
	else
		for (unsigned y = 0; y < s.years; y++)
			s.targets[y] = UINT32_MAX;
	*out = s;
	return 0;
}

int64_t
corridor_reach_counts_for(const struct corridor_reach_tower *tower, enum hub_reach_count count)
{
	switch (count) {
	case HUB_REACH_NUMBER:
		return 1;
	case HUB_REACH_TRAFFIC:
		return tower->traffic_kbps;
	case HUB_REACH_WEIGHT:
		return tower->weight_milli;
	}
	return 0;
}
