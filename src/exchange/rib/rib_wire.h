/* The attributes of a form as members are sent them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "exchange/bgp/bgp_writer.h"
#include "exchange/rib/rib_internal.h"

/* Memory that a route being written points into; all zero to begin with. */
struct rib_wire {
	struct buf gathered, scratch, attrs;
	bool failed; /* there was no memory */
};

void rib_wire_fini(struct rib_wire *wire);
/* Fills *route with the attributes and next hops of the form, not a withdrawal. It points into
 * `wire` or the attribute set, until the next call. */
void rib_wire_route(struct bgp_route_attrs *route, struct rib_wire *wire, const struct rib *rib,
		    const struct rib_form *form);
