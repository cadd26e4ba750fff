/* Whose rows of a plan are which: what is the same for all members at a site is told once. */
#include <stdio.h>

#include "view/view_exchange_parts.h"

/* The rows of all others at a site; SIZE_MAX: there are none. Ingresses stand by site, then member. */
static size_t
others_at(const struct steer_plan *plan, size_t ingress)
{
	size_t first = ingress;
	while (first > 0 && plan->ingresses[first - 1].site == plan->ingresses[ingress].site)
		first--;
	return plan->ingresses[first].member.number ? SIZE_MAX : first;
}

const char *
view_steer_who(char out[VIEW_STEER_WHO], const struct steer_plan *plan, size_t ingress)
{
	const struct steer_ingress *row = &plan->ingresses[ingress];
	size_t others = others_at(plan, ingress);
	if (row->member.number) {
		if (others != SIZE_MAX && steer_ingress_same(plan, row, &plan->ingresses[others]))
			return NULL;
		(void)snprintf(out, VIEW_STEER_WHO, "AS%u", row->member.number);
		return out;
	}
	for (size_t i = ingress + 1;
	     i < plan->ingress_count && plan->ingresses[i].site == row->site; i++)
		if (!steer_ingress_same(plan, row, &plan->ingresses[i]))
			return "all others";
	return "all members";
}
