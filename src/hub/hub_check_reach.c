/* The rules between items about which towers are to be put on fibre. */
#include <string.h>

#include "hub/hub_check.h"
#include "hub/hub_read.h"

void
hub_fill_reach_cost(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_reach_cost *cost = element;
	(void)r;
	(void)map;
	hub_fill_basis(&cost->basis, NULL, NULL);
}

void
hub_check_reach_cost(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_reach_cost *c = element;
	bool road = c->item == HUB_REACH_ROAD, by_terrain = road || c->item == HUB_REACH_KM;
	if (c->terrain && !by_terrain)
		hub_complain(r->report, hub_reader_mark(map, "terrain"),
			     "terrain: only km and road differ by it");
	if (road && (c->amount < 1 || c->amount > 10))
		hub_complain(r->report, hub_reader_mark(map, "amount"),
			     "amount: found %g, expected a factor from 1 to 10: no road is shorter "
			     "than the straight line",
			     c->amount);
	hub_check_basis(r, "amount", c->amount, &c->basis, map);
	if (road && c->basis.low < 1)
		hub_complain(r->report, hub_reader_mark(map, "amount_low"),
			     "amount_low: found %g, expected at least 1", c->basis.low);
}

static bool
same_cost(const struct hub_reach_cost *a, const struct hub_reach_cost *b)
{
	if (a->item != b->item || !a->terrain != !b->terrain)
		return false;
	return !a->terrain || strcmp(a->terrain, b->terrain) == 0;
}

static void
check_costs(struct hub_reader *r, const struct hub_reach *reach, const struct hub_node *map)
{
	const struct hub_node *list = hub_node_get(map, "costs");
	const struct hub_node *node = list && list->kind == HUB_NODE_LIST ? list->first : NULL;
	for (size_t i = 0; i < reach->cost_count; i++) {
		for (size_t k = 0; k < i; k++) {
			if (!same_cost(&reach->costs[i], &reach->costs[k]))
				continue;
			hub_complain(r->report, node ? node->mark : hub_reader_mark(map, "costs"),
				     "costs: the same item is there twice%s%s",
				     reach->costs[i].terrain ? ", for terrain " : "",
				     reach->costs[i].terrain ? reach->costs[i].terrain : "");
			break;
		}
		node = node ? node->next : NULL;
	}
}

/* A list with a value a year, or one for all of them. */
static void
check_years(struct hub_reader *r, const struct hub_reach *reach, const struct hub_node *map,
	    const char *key, size_t count)
{
	if (count > 1 && reach->years && count != reach->years)
		hub_complain(r->report, hub_reader_mark(map, key),
			     "%s: found %zu, expected one, or one for each of the %u years", key,
			     count, (unsigned)reach->years);
}

void
hub_check_reach(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_reach *reach = element;
	check_costs(r, reach, map);
	check_years(r, reach, map, "targets", reach->target_count);
	check_years(r, reach, map, "budgets", reach->budget_count);
	if (reach->target_count > 1 && reach->budget_count > 1 &&
	    reach->target_count != reach->budget_count)
		hub_complain(r->report, hub_reader_mark(map, "budgets"),
			     "budgets: found %zu, but there are %zu targets", reach->budget_count,
			     reach->target_count);
	for (size_t i = 1; i < reach->target_count; i++)
		if (reach->targets[i] < reach->targets[i - 1])
			hub_complain(r->report, hub_reader_mark(map, "targets"),
				     "targets: year %zu is to have less than the year before it",
				     i + 1);
	if (reach->stretch_max_km <= 0)
		hub_complain(r->report, hub_reader_mark(map, "stretch_max_km"),
			     "stretch_max_km: found 0, expected more");
}
