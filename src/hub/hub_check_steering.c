/* The rules between items of steering, and of those who tell the state of segments. */
#include <string.h>

#include "hub/hub_check.h"
#include "hub/hub_read.h"

/* What a member does not say of itself is as for everybody. */
void
hub_fill_steering(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_steering *steering = element;
	const struct hub_steering_policy *all = &steering->policy;
	const struct hub_node *list = hub_node_get(map, "members");
	const struct hub_node *of = list ? list->first : NULL;
	(void)r;
	for (size_t i = 0; of && i < steering->member_count; i++, of = of->next) {
		struct hub_steering_policy *own = &steering->members[i].policy;
		if (!hub_node_get(of, "diverse"))
			own->diverse = all->diverse;
		if (!hub_node_get(of, "latency_percent"))
			own->latency_percent = all->latency_percent;
		if (!hub_node_get(of, "price_us"))
			own->price_us = all->price_us;
		if (!hub_node_get(of, "load_us"))
			own->load_us = all->load_us;
		if (!hub_node_get(of, "limit_percent"))
			own->limit_percent = all->limit_percent;
	}
}

void
hub_check_steering_member(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_steering_member *own = element;
	const struct hub_steering *steering = &r->hub->steering;
	for (const struct hub_steering_member *other = steering->members; other && other < own;
	     other++)
		if (other->member == own->member) {
			hub_complain(r->report, hub_reader_mark(map, "member"),
				     "member: AS%u has a policy already",
				     (unsigned)r->hub->members[own->member].asn.number);
			return;
		}
}

void
hub_check_steering_token(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_steering_token *one = element;
	for (const struct hub_steering_token *other = r->hub->steering.tokens; other && other < one;
	     other++) {
		if (strcmp(other->name, one->name) == 0)
			hub_complain(r->report, hub_reader_mark(map, "name"),
				     "name: %s has a token already", one->name);
		if (strcmp(other->token, one->token) == 0)
			hub_complain(r->report, hub_reader_mark(map, "token"),
				     "token: it is that of %s already", other->name);
	}
}

static void
check_interface(struct hub_reader *r, const struct hub_segment_source *source,
		const struct hub_node *map)
{
	const struct hub_exporter *exporter = &r->hub->exporters[source->exporter];
	if (!source->interface == !source->if_index)
		hub_complain(r->report, hub_reader_mark(map, "exporter"),
			     "exporter: with it goes an interface or an if_index");
	if (!exporter->snmp.enabled)
		hub_complain(r->report, hub_reader_mark(map, "exporter"),
			     "exporter: %s is not asked by snmp", exporter->id);
}

static void
check_session(struct hub_reader *r, struct hub_segment_source *source, const struct hub_node *map)
{
	if (source->session_id)
		source->session = hub_session_by_id(r->hub, source->session_id);
	if (source->session_id && source->session == HUB_NONE)
		hub_complain(r->report, hub_reader_mark(map, "session"),
			     "session: found \"%s\", expected the id of a session",
			     hub_show(source->session_id).text);
	else if (source->session_id && !r->hub->sessions[source->session].bfd)
		hub_complain(r->report, hub_reader_mark(map, "session"),
			     "session: %s has no \"bfd: yes\"", source->session_id);
	if (source->interface || source->if_index)
		hub_complain(r->report, map->mark, "an interface goes with its exporter");
}

void
hub_check_segment_source(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_segment_source *source = element;
	source->session = HUB_NONE;
	for (const struct hub_segment_source *other = r->hub->segment_sources; other < source;
	     other++)
		if (strcmp(other->id, source->id) == 0) {
			hub_complain(r->report, hub_reader_mark(map, "id"),
				     "id: there is a source %s already", source->id);
			break;
		}
	if (source->exporter != HUB_NONE && source->session_id)
		hub_complain(r->report, map->mark,
			     "a source is the interface of an exporter, a session, or neither, not "
			     "both");
	else if (source->exporter != HUB_NONE)
		check_interface(r, source, map);
	else
		check_session(r, source, map);
}
