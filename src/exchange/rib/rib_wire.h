/* The attributes of a set as members are sent them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "exchange/bgp/bgp_writer.h"
#include "exchange/rib/rib_attrs.h"

/* Appends the attributes without the communities that are ours, and fills *route with them and the
 * next hops. The route points into `to` and the entry. */
void rib_wire_route(struct bgp_route_attrs *route, struct buf *to, const struct rib_attrs *attrs,
		    struct asn hub_as);
/* True when so many octets of attributes leave room for any prefix in a message. */
bool rib_wire_fits(enum ip_family family, size_t attributes);
