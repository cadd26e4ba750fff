/* The rules between items that say where ports are counted. */
#include <stdio.h>

#include "hub/hub_check.h"
#include "hub/hub_read.h"

/* Two ports on one interface: their MAC addresses tell them apart in samples, but its counters are
 * one number. */
static void
claim_interface(struct hub_reader *r, uint32_t port, const struct hub_interface *interface,
		struct hub_mark at)
{
	struct hub_lookup *lookup = r->hub->lookup;
	uint32_t first = hub_lookup_find(lookup, HUB_BY_INTERFACE, interface, sizeof(*interface));
	if (first == HUB_NONE) {
		if (hub_lookup_add(lookup, r->hub->arena, HUB_BY_INTERFACE, interface,
				   sizeof(*interface), port) < 0)
			hub_complain(r->report, at, "out of memory");
		return;
	}
	const char *exporter = r->hub->exporters[interface->exporter].id;
	if (first == port)
		hub_complain(r->report, at, "if_index: %u of %s is given twice for this port",
			     interface->if_index, exporter);
	else
		hub_warn(r->report, at,
			 "if_index: %u of %s is also that of %s, whose counters it will be",
			 interface->if_index, exporter, r->hub->ports[first].id);
}

void
hub_fill_port_interfaces(struct hub_reader *r, struct hub_port *port)
{
	uint32_t exporter = port->exporter;
	if (exporter == HUB_NONE && r->hub->exporter_count == 1)
		exporter = 0;
	for (size_t i = 0; i < port->interface_count; i++)
		if (port->interfaces[i].exporter == HUB_NONE)
			port->interfaces[i].exporter = exporter;
}

void
hub_check_port_interfaces(struct hub_reader *r, const struct hub_port *port,
			  const struct hub_node *map)
{
	uint32_t index = (uint32_t)(port - r->hub->ports);
	const struct hub_node *list = hub_node_get(map, "interfaces");
	const struct hub_node *node = list && list->kind == HUB_NODE_LIST ? list->first : NULL;
	if (port->if_index && port->exporter != HUB_NONE) {
		struct hub_interface *first = hub_reader_take(r, sizeof(*first));
		if (!first)
			return;
		*first = (struct hub_interface){port->exporter, port->if_index};
		claim_interface(r, index, first, hub_reader_mark(map, "if_index"));
	}
	for (size_t i = 0; i < port->interface_count; i++) {
		struct hub_mark at = node ? node->mark : hub_reader_mark(map, "interfaces");
		if (port->interfaces[i].exporter == HUB_NONE)
			hub_complain(r->report, at,
				     "\"exporter\" is missing; the hub has %zu exporters",
				     r->hub->exporter_count);
		else
			claim_interface(r, index, &port->interfaces[i], at);
		node = node ? node->next : NULL;
	}
}

void
hub_check_counters(struct hub_reader *r, const enum hub_counters *list, size_t count,
		   const struct hub_node *map)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < i; k++)
			if (list[i] == list[k])
				hub_complain(r->report, hub_reader_mark(map, "counters"),
					     "counters: \"%s\" is there twice",
					     hub_counters_words[list[i]]);
}
