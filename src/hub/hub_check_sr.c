/* The rules between items about segment routing. */
#include "hub/hub_check.h"

#include <stdio.h>

#include "hub/hub_read.h"

static void
check_lists(struct hub_reader *r, const struct hub_sr_policy *policy, const struct hub_node *map)
{
	size_t count = 0;
	struct sr_segment segment;
	for (size_t i = 0; i < policy->list_count; i++) {
		const struct hub_sr_list *list = &policy->lists[i];
		count += list->segment_count;
		for (size_t s = 0; s < list->segment_count; s++)
			if (sr_segment_parse(&segment, list->segments[s]) < 0)
				hub_complain(
					r->report, hub_reader_mark(map, "lists"),
					"segments: found \"%s\", expected a label, an SRv6 SID, or "
					"node, link or interface with addresses",
					hub_show(list->segments[s]).text);
		if (!list->segment_count)
			hub_complain(r->report, hub_reader_mark(map, "lists"),
				     "segments: a list needs one");
	}
	if (!policy->list_count)
		hub_complain(r->report, hub_reader_mark(map, "lists"),
			     "lists: a policy needs a list of segments");
	if (count > SR_SEGMENTS_MAX)
		hub_complain(r->report, hub_reader_mark(map, "lists"),
			     "lists: found %zu segments, expected at most %d", count,
			     SR_SEGMENTS_MAX);
}

void
hub_check_sr_policy(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_sr_policy *policy = element;
	const struct hub *hub = r->hub;
	policy->session = hub_session_by_id(hub, policy->session_id);
	if (policy->session == HUB_NONE)
		hub_complain(r->report, hub_reader_mark(map, "session"),
			     "session: found \"%s\", expected the id of a session",
			     hub_show(policy->session_id).text);
	else if (!hub->sessions[policy->session].sr_policy)
		hub_complain(r->report, hub_reader_mark(map, "session"),
			     "session: %s has no \"sr_policy: yes\", so it would never hear of it",
			     policy->session_id);
	for (const struct hub_sr_policy *other = hub->sr_policies; other < policy; other++)
		if (other->session == policy->session && other->color == policy->color &&
		    other->distinguisher == policy->distinguisher &&
		    ip_equal(other->endpoint, policy->endpoint))
			hub_complain(r->report, hub_reader_mark(map, "color"),
				     "color: %s has the same session, color, endpoint and "
				     "distinguisher",
				     other->id);
	if (policy->binding_label && policy->binding_label < 16)
		hub_complain(r->report, hub_reader_mark(map, "binding_label"),
			     "binding_label: found %u, expected 0, or 16 and more",
			     (unsigned)policy->binding_label);
	check_lists(r, policy, map);
}

void
hub_check_adjacency(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_adjacency *adjacency = element;
	if (adjacency->local.family != adjacency->remote.family)
		hub_complain(r->report, hub_reader_mark(map, "remote"),
			     "remote: local and remote go together, and are of one family");
}

static void
check_router_session(struct hub_reader *r, struct hub_router *router, const struct hub_node *map)
{
	router->session =
		router->session_id ? hub_session_by_id(r->hub, router->session_id) : HUB_NONE;
	if (!router->session_id && router->headend.family != IP_NONE)
		hub_complain(r->report, hub_reader_mark(map, "headend"),
			     "headend: with it goes the session of the neighbour");
	if (!router->session_id)
		return;
	for (const struct hub_router *other = r->hub->pcep.routers; other < router; other++)
		if (other->session_id && other->session == router->session &&
		    ip_equal(other->headend, router->headend))
			hub_complain(r->report, hub_reader_mark(map, "session"),
				     "session: that of %s too, so it needs a headend of its own",
				     other->name);
	if (router->session == HUB_NONE)
		hub_complain(r->report, hub_reader_mark(map, "session"),
			     "session: found \"%s\", expected the id of a session",
			     hub_show(router->session_id).text);
	else if (!r->hub->sessions[router->session].sr_policy)
		hub_complain(r->report, hub_reader_mark(map, "session"),
			     "session: %s has no \"sr_policy: yes\", so it would never hear of any",
			     router->session_id);
}

void
hub_check_router(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_router *router = element;
	if (router->label && router->label < 16)
		hub_complain(r->report, hub_reader_mark(map, "label"),
			     "label: found %u, expected 0, or 16 and more",
			     (unsigned)router->label);
	if (router->address.family == IP_NONE && router->loopback.family == IP_NONE)
		hub_complain(r->report, hub_reader_mark(map, "address"),
			     "address: a router needs an address, a loopback, or both");
	check_router_session(r, router, map);
	for (size_t i = 0; i < router->adjacency_count; i++) {
		const struct hub_segment *segment =
			&r->hub->segments[router->adjacencies[i].segment];
		if (segment->a != router->site && segment->b != router->site)
			hub_complain(r->report, hub_reader_mark(map, "adjacencies"),
				     "adjacencies: %s does not end at the router's site",
				     segment->id);
	}
}

void
hub_check_pcep(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_pcep *pcep = element;
	if (pcep->dead_s && !pcep->keepalive_s)
		hub_complain(r->report, hub_reader_mark(map, "dead_s"),
			     "dead_s: found %u, expected 0, since no Keepalives are sent",
			     (unsigned)pcep->dead_s);
	if (pcep->keepalive_s && pcep->dead_s && pcep->dead_s <= pcep->keepalive_s)
		hub_complain(r->report, hub_reader_mark(map, "dead_s"),
			     "dead_s: found %u, expected more than keepalive_s",
			     (unsigned)pcep->dead_s);
}
