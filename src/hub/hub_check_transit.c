/* The rules between items of the hub's own AS as a transit network. */
#include <inttypes.h>

#include "hub/hub_check.h"
#include "hub/hub_read.h"

void
hub_check_transit_router(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_transit_router *router = element;
	const struct hub_transit *transit = &r->hub->transit;
	if (router->ipv4.family == IP_NONE && router->ipv6.family == IP_NONE)
		hub_complain(r->report, map->mark, "a router has an ipv4 or an ipv6 address");
	for (const struct hub_transit_router *other = transit->routers; other && other < router;
	     other++)
		if (other->site == router->site && router->site != HUB_NONE) {
			hub_complain(r->report, hub_reader_mark(map, "site"),
				     "site: there is a router of the hub at %s already",
				     r->hub->sites[router->site].id);
			return;
		}
}

/* What cannot be on a session of the hub's own AS. */
static const char *
excluded(const struct hub_session *session)
{
	if (session->collector)
		return "collector";
	if (session->fabric)
		return "fabric";
	if (session->flowspec)
		return "flowspec";
	return session->prepend_hub_as ? "prepend_hub_as" : NULL;
}

void
hub_check_transit_session(struct hub_reader *r, const struct hub_session *session,
			  const struct hub_node *map)
{
	const struct hub_member *member = &r->hub->members[session->member];
	bool own = member->asn.number == r->hub->asn.number;
	bool internal = session->transit == HUB_AS_INTERNAL;
	if (own != internal) {
		hub_complain(r->report, hub_reader_mark(map, "transit"),
			     own ? "transit: AS %" PRIu32 " is the hub's own, so its sessions are "
				   "internal"
				 : "transit: AS %" PRIu32
				   " is not the hub's own, so its sessions are "
				   "not internal",
			     member->asn.number);
		return;
	}
	if (session->transit == HUB_AS_NONE) {
		if (session->local_pref)
			hub_complain(r->report, hub_reader_mark(map, "local_pref"),
				     "local_pref: the route server has none; transit says what the "
				     "neighbour is to the hub's AS");
		return;
	}
	const char *other = excluded(session);
	if (other)
		hub_complain(r->report, hub_reader_mark(map, other),
			     "%s: is for clients of the route server, and transit is not none",
			     other);
}
