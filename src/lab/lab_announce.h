/* The UPDATEs of a lab member. Pure. */
#pragma once

#include "base/buf.h"
#include "lab/lab_plan.h"

/* Appends the UPDATE that announces `route` of the member that has `port`, or nothing when the port
 * has no address for a next hop. Returns the number of messages. */
uint32_t lab_announce(struct buf *to, const struct lab_plan *plan, uint32_t port,
		      const struct lab_route *route);
uint32_t lab_withdraw(struct buf *to, const struct lab_route *route);
