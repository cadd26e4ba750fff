/* A plan priced again with other figures, the builds as they are. */
#include "corridor/corridor_reach_worth.h"

#include <math.h>

/* What one build is made of. */
struct parts {
	double km;
	uint8_t terrains[2];
	bool from_root, on_mast;
	size_t towers;
};

static struct parts
parts_of(const struct corridor_reach_net *net, const struct corridor_reach_build *build)
{
	const struct corridor_reach_place *p = &net->places[build->place];
	struct parts parts = {.km = p->root_km,
			      .terrains = {p->terrain, p->terrain},
			      .from_root = build->from == CORRIDOR_REACH_ROOT,
			      .on_mast = p->on_mast,
			      .towers = p->count};
	if (!parts.from_root) {
		const struct corridor_reach_place *q = &net->places[build->from];
		parts.km = corridor_chord2_km(corridor_vector_chord2(p->at, q->at));
		parts.terrains[1] = q->terrain;
	}
	return parts;
}

static int64_t
stretch_cost(const struct parts *parts, const struct corridor_reach_settings *settings,
	     struct corridor_reach_prices prices)
{
	uint32_t length_m;
	int64_t cost;
	if (parts->from_root && parts->on_mast)
		return 0;
	corridor_reach_stretch(&length_m, &cost, settings, prices, parts->km, parts->terrains);
	return cost;
}

static int64_t
upgrade_cost(const struct parts *parts, const struct corridor_reach_settings *settings,
	     struct corridor_reach_prices prices)
{
	bool none = !parts->from_root || parts->on_mast;
	return none ? 0 : corridor_reach_upgrade_cost(settings, prices);
}

static int64_t
plan_cost(const struct corridor_reach_plan *plan, const struct corridor_reach_net *net,
	  const struct corridor_reach_settings *settings, struct corridor_reach_prices prices)
{
	int64_t cost = 0;
	for (size_t i = 0; i < plan->build_count; i++) {
		struct parts parts = parts_of(net, &plan->builds[i]);
		cost += stretch_cost(&parts, settings, prices) +
			upgrade_cost(&parts, settings, prices) +
			corridor_reach_site_cost(settings, prices, parts.towers, parts.on_mast);
	}
	return cost;
}

static void
vary(struct corridor_reach_plan *plan, const struct corridor_reach_net *net,
     const struct corridor_reach_settings *settings)
{
	static const struct {
		const char *name;
		struct corridor_reach_prices low, high;
	} factors[CORRIDOR_REACH_FACTORS] = {
		{"cost per km", {.km = REACH_LOW}, {.km = REACH_HIGH}},
		{"km of road per km", {.road = REACH_LOW}, {.road = REACH_HIGH}},
		{"cost per site", {.site = REACH_LOW}, {.site = REACH_HIGH}},
		{"cost of an upgrade", {.upgrade = REACH_LOW}, {.upgrade = REACH_HIGH}},
		{"all of them",
		 {REACH_LOW, REACH_LOW, REACH_LOW, REACH_LOW},
		 {REACH_HIGH, REACH_HIGH, REACH_HIGH, REACH_HIGH}},
	};
	for (int i = 0; i < CORRIDOR_REACH_FACTORS; i++)
		plan->factors[i] = (struct corridor_reach_factor){
			factors[i].name, plan_cost(plan, net, settings, factors[i].low),
			plan_cost(plan, net, settings, factors[i].high)};
}

/* Of a tower's row too: what does not say how sure it is counts as an estimate. */
static enum hub_confidence
worse(enum hub_confidence a, enum hub_confidence b)
{
	if (a == HUB_UNSTATED || b == HUB_UNSTATED)
		return HUB_ESTIMATED;
	return a > b ? a : b;
}

static void
sort_by_confidence(struct corridor_reach_plan *plan, const struct corridor_reach_net *net,
		   const struct corridor_reach_settings *s)
{
	const struct corridor_reach_prices plain = {0};
	for (size_t i = 0; i < plan->build_count; i++) {
		struct parts p = parts_of(net, &plan->builds[i]);
		uint8_t a = p.terrains[0], b = p.terrains[1];
		enum hub_confidence ground = worse(worse(s->km[a].basis, s->km[b].basis),
						   worse(s->road[a].basis, s->road[b].basis));
		enum hub_confidence site = p.on_mast ? s->shared.basis : s->site.basis;
		if (p.towers > 1)
			site = worse(site, s->shared.basis);
		plan->cost_by_confidence[ground] += stretch_cost(&p, s, plain);
		plan->cost_by_confidence[worse(s->upgrade.basis, HUB_SEEN)] +=
			upgrade_cost(&p, s, plain);
		plan->cost_by_confidence[worse(site, HUB_SEEN)] +=
			corridor_reach_site_cost(s, plain, p.towers, p.on_mast);
	}
}

void
corridor_reach_weigh(struct corridor_reach_plan *plan, const struct corridor_reach_net *net,
		     const struct corridor_reach_input *input,
		     const struct corridor_reach_settings *settings)
{
	vary(plan, net, settings);
	sort_by_confidence(plan, net, settings);
	for (size_t i = 0; i < plan->build_count; i++) {
		const struct corridor_reach_place *p = &net->places[plan->builds[i].place];
		plan->towers_built += p->count;
		for (uint32_t k = 0; k < p->count; k++) {
			const struct corridor_reach_tower *t =
				&input->towers[net->members[p->first + k]];
			plan->towers_estimated += worse(t->confidence, HUB_SEEN) == HUB_ESTIMATED;
		}
	}
}
