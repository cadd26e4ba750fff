/* Interfaces of ports, and of segments, by exporter. */
#include "poller/poller_target.h"

#include <stdlib.h>

/* Those of a port; `out` NULL: only counted. */
static size_t
of_port(struct poller_target *out, const struct hub *hub, uint32_t port, uint32_t exporter)
{
	const struct hub_port *p = &hub->ports[port];
	size_t count = 0;
	if (hub_port_exporter(hub, p) == exporter && (p->if_index || p->interface)) {
		if (out)
			out[count] = (struct poller_target){
				.port = port, .if_index = p->if_index, .interface = p->interface};
		count++;
	}
	for (size_t i = 0; i < p->interface_count; i++) {
		const struct hub_interface *one = &p->interfaces[i];
		if (one->exporter != exporter)
			continue;
		if (out)
			out[count] =
				(struct poller_target){.port = port, .if_index = one->if_index};
		count++;
	}
	return count;
}

/* The interface of a source of segments. */
static size_t
of_source(struct poller_target *out, const struct hub *hub, uint32_t source, uint32_t exporter)
{
	const struct hub_segment_source *s = &hub->segment_sources[source];
	if (s->exporter != exporter)
		return 0;
	if (out)
		*out = (struct poller_target){.port = source,
					      .is_source = true,
					      .if_index = s->if_index,
					      .interface = s->interface};
	return 1;
}

struct poller_target *
poller_target_list(const struct hub *hub, uint32_t exporter, size_t *count)
{
	size_t all = 0, at = 0;
	for (uint32_t i = 0; i < hub->port_count; i++)
		all += of_port(NULL, hub, i, exporter);
	for (uint32_t i = 0; i < hub->segment_source_count; i++)
		all += of_source(NULL, hub, i, exporter);
	struct poller_target *list = calloc(all + 1, sizeof(*list));
	if (!list)
		return NULL;
	for (uint32_t i = 0; i < hub->port_count; i++)
		at += of_port(&list[at], hub, i, exporter);
	for (uint32_t i = 0; i < hub->segment_source_count; i++)
		at += of_source(&list[at], hub, i, exporter);
	*count = all;
	return list;
}
