/* The rules between items of the plan. */
#include "hub/hub_check.h"
#include "hub/hub_read.h"

void
hub_check_revenue_plan(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_revenue_plan *plan = element;
	if (plan->to && !plan->currency.code[0])
		hub_complain(r->report, hub_reader_mark(map, "to"),
			     "revenue_per_year: the currency is missing");
	if (plan->to < plan->from)
		hub_complain(r->report, hub_reader_mark(map, "to"),
			     "to: is less than from, the least that is hoped for");
}
