/* Orders by HTTP: the little that can be changed from there, by those who have a token of their own. Whether a token
 * is good is looked at by the parent, which passes nothing else on that would change something; here it is only
 * handed over. Pure. */
#pragma once

#include <stdbool.h>

#include "web/web_routes.h"

/* Is it the path of an order, /api/v1/corridor/cut, drain, work, restore or hear? */
bool web_order_is(const struct web_url *url);

/* Who gives an order: the token shown, and from where. Both outlive the request. */
struct web_order_giver {
	const char *token, *from;
};

/* The words of the order. 0; or -1 and *refusal. */
int web_order_find(struct web_request *out, const struct web_url *url,
		   const struct web_order_giver *giver, struct web_refusal *refusal);
