/* Numbers for ports and exporters. */
#include "meter/roster.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

void
roster_fini(struct roster *r)
{
	for (size_t i = 0; i < r->port_count; i++)
		free(r->ports[i].id);
	for (size_t i = 0; i < r->exporter_count; i++)
		free(r->exporters[i].id);
	free(r->ports);
	free(r->slots);
	free(r->exporters);
	free(r->by_address);
	*r = (struct roster){0};
}

/* An order of the ids, so that a picture of thousands of ports is taken over quickly. */
struct by_id {
	const char *id;
	uint32_t number;
};

static int
compare_ids(const void *a, const void *b)
{
	return strcmp(((const struct by_id *)a)->id, ((const struct by_id *)b)->id);
}

static struct by_id *
order_ports(const struct roster *r)
{
	struct by_id *order = malloc((r->port_count + 1) * sizeof(*order));
	for (size_t i = 0; order && i < r->port_count; i++)
		order[i] = (struct by_id){r->ports[i].id, (uint32_t)i};
	if (order)
		qsort(order, r->port_count, sizeof(*order), compare_ids);
	return order;
}

static struct roster_port *
add_port(struct roster *r, const char *id)
{
	if (r->port_count == ROSTER_PORTS_MAX)
		return NULL;
	struct roster_port *ports = realloc(r->ports, (r->port_count + 1) * sizeof(*ports));
	if (!ports)
		return NULL;
	r->ports = ports;
	char *copy = strdup(id);
	if (!copy)
		return NULL;
	ports[r->port_count] = (struct roster_port){.id = copy, .slots = HUB_NONE};
	return &ports[r->port_count++];
}

/* Where a port's exporter is not written and the hub has only one, that one is meant. */
static uint32_t
exporter_number(const struct roster *r, const struct hub *hub, uint32_t hub_exporter)
{
	if (hub_exporter == HUB_NONE && hub->exporter_count == 1)
		hub_exporter = 0;
	for (uint32_t i = 0; hub_exporter != HUB_NONE && i < r->exporter_count; i++)
		if (r->exporters[i].hub_exporter == hub_exporter)
			return i;
	return HUB_NONE;
}

/* The slot of an interface of a port, made if there is none; HUB_NONE without memory. */
static uint32_t
use_slot(struct roster *r, uint32_t port, uint32_t exporter, uint32_t if_index)
{
	for (uint32_t i = r->ports[port].slots; i != HUB_NONE; i = r->slots[i].next) {
		struct roster_slot *s = &r->slots[i];
		if (s->exporter != exporter || s->if_index != if_index)
			continue;
		s->current = true;
		return i;
	}
	if (r->slot_count == ROSTER_SLOTS_MAX)
		return HUB_NONE;
	if ((r->slot_count & (r->slot_count - 1)) == 0) { /* full: a power of two */
		size_t room = r->slot_count ? r->slot_count * 2 : 1;
		struct roster_slot *slots = realloc(r->slots, room * sizeof(*slots));
		if (!slots)
			return HUB_NONE;
		r->slots = slots;
	}
	r->slots[r->slot_count] =
		(struct roster_slot){port, exporter, if_index, r->ports[port].slots, true};
	r->ports[port].slots = (uint32_t)r->slot_count;
	return (uint32_t)r->slot_count++;
}

static int
apply_slots(struct roster *r, const struct hub *hub, uint32_t number)
{
	struct roster_port *port = &r->ports[number];
	const struct hub_port *p = &hub->ports[port->hub_port];
	bool has_own = p->if_index || p->interface || !p->interface_count, lacks = false;
	port->several = false;
	port->own = HUB_NONE;
	if (has_own) {
		port->own = use_slot(r, number, port->exporter, p->if_index);
		lacks = port->own == HUB_NONE;
	}
	for (size_t i = 0; i < p->interface_count; i++) {
		uint32_t exporter = exporter_number(r, hub, p->interfaces[i].exporter);
		if (port->exporter == HUB_NONE)
			port->exporter = exporter;
		port->several |= exporter != port->exporter;
		uint32_t slot = use_slot(r, number, exporter, p->interfaces[i].if_index);
		if (!has_own && i == 0)
			port->own = slot;
		lacks |= slot == HUB_NONE;
	}
	return lacks ? -1 : 0;
}

/* What was learned is of that name at that exporter. */
static void
keep_learned(struct roster *r, struct roster_port *port, const struct hub_port *p)
{
	const char *exporter = port->exporter == HUB_NONE ? "" : r->exporters[port->exporter].id;
	const char *name = p->interface ? p->interface : "";
	uint64_t is = hash_bytes(exporter, strlen(exporter)) * 31 + hash_bytes(name, strlen(name));
	if (port->learned_for == is && !p->if_index)
		return;
	port->learned_for = is;
	port->learned = 0;
	port->learned_s = 0;
}

static int
apply_ports(struct roster *r, const struct hub *hub)
{
	size_t known = r->port_count;
	struct by_id *order = order_ports(r);
	if (!order)
		return -1;
	for (size_t i = 0; i < r->port_count; i++)
		r->ports[i].hub_port = r->ports[i].own = HUB_NONE;
	for (size_t i = 0; i < r->slot_count; i++)
		r->slots[i].current = false;
	int result = 0;
	r->fastest_bps = 0;
	for (uint32_t i = 0; i < hub->port_count; i++) {
		const struct hub_port *p = &hub->ports[i];
		struct by_id key = {.id = p->id}, *found = NULL;
		if (known)
			found = bsearch(&key, order, known, sizeof(*order), compare_ids);
		struct roster_port *port = found ? &r->ports[found->number] : add_port(r, p->id);
		if (!port) {
			result = -1;
			continue;
		}
		port->speed_bps = p->speed_bps;
		port->hub_port = i;
		port->exporter = exporter_number(r, hub, p->exporter);
		if (apply_slots(r, hub, (uint32_t)(port - r->ports)) < 0)
			result = -1;
		keep_learned(r, port, p);
		if (p->speed_bps > r->fastest_bps)
			r->fastest_bps = p->speed_bps;
	}
	free(order);
	return result;
}

static struct roster_exporter *
exporter_by_id(struct roster *r, const char *id)
{
	for (size_t i = 0; i < r->exporter_count; i++)
		if (strcmp(r->exporters[i].id, id) == 0)
			return &r->exporters[i];
	if (r->exporter_count == ROSTER_EXPORTERS_MAX)
		return NULL;
	struct roster_exporter *list =
		realloc(r->exporters, (r->exporter_count + 1) * sizeof(*list));
	if (!list)
		return NULL;
	r->exporters = list;
	char *copy = strdup(id);
	if (!copy)
		return NULL;
	list[r->exporter_count] = (struct roster_exporter){.id = copy};
	return &list[r->exporter_count++];
}

static size_t
address_slot(const struct roster *r, struct ip address)
{
	return hash_bytes(&address, sizeof(address)) & r->address_mask;
}

/* So that a datagram finds its exporter among thousands. */
static int
index_addresses(struct roster *r)
{
	size_t size = 16;
	while (size < r->exporter_count * 2)
		size *= 2;
	uint32_t *slots = calloc(size, sizeof(*slots));
	if (!slots)
		return -1;
	free(r->by_address);
	r->by_address = slots;
	r->address_mask = size - 1;
	for (uint32_t i = 0; i < r->exporter_count; i++) {
		if (r->exporters[i].hub_exporter == HUB_NONE)
			continue;
		size_t at = address_slot(r, r->exporters[i].address);
		while (slots[at])
			at = (at + 1) & r->address_mask;
		slots[at] = i + 1;
	}
	return 0;
}

int
roster_apply(struct roster *r, const struct hub *hub)
{
	int result = 0;
	for (size_t i = 0; i < r->exporter_count; i++)
		r->exporters[i].hub_exporter = HUB_NONE;
	for (uint32_t i = 0; i < hub->exporter_count; i++) {
		const struct hub_exporter *e = &hub->exporters[i];
		struct roster_exporter *exporter = exporter_by_id(r, e->id);
		if (!exporter) {
			result = -1;
			continue;
		}
		exporter->address = e->address;
		exporter->agent = e->agent;
		exporter->sampling_override = e->sampling_override;
		exporter->hub_exporter = i;
	}
	if (index_addresses(r) < 0)
		result = -1;
	return apply_ports(r, hub) < 0 ? -1 : result;
}

uint32_t
roster_exporter_of(const struct roster *r, struct ip address, struct ip agent, bool *known)
{
	uint32_t any = HUB_NONE;
	*known = false;
	if (!r->by_address)
		return HUB_NONE;
	for (size_t at = address_slot(r, address); r->by_address[at];
	     at = (at + 1) & r->address_mask) {
		uint32_t number = r->by_address[at] - 1;
		const struct roster_exporter *e = &r->exporters[number];
		if (e->hub_exporter == HUB_NONE || !ip_equal(e->address, address))
			continue;
		*known = true;
		if (e->agent.family == IP_NONE || agent.family == IP_NONE)
			any = number < any ? number : any;
		else if (ip_equal(e->agent, agent))
			return number;
	}
	return any;
}

uint32_t
roster_slot_of(const struct roster *r, uint32_t port)
{
	return r->ports[port].own;
}

uint32_t
roster_index_of(const struct roster *r, uint32_t slot)
{
	const struct roster_slot *s = &r->slots[slot];
	const struct roster_port *port = &r->ports[s->port];
	return s->if_index ? s->if_index : port->own == slot ? port->learned : 0;
}

bool
roster_learn(struct roster *r, uint32_t port, uint32_t if_index, struct utc_s at)
{
	struct roster_port *p = &r->ports[port];
	const struct roster_slot *own = p->own == HUB_NONE ? NULL : &r->slots[p->own];
	if (!own || own->if_index || own->exporter == HUB_NONE || at.s < p->learned_s)
		return false;
	bool news = p->learned != if_index;
	p->learned = if_index;
	p->learned_s = at.s;
	return news;
}

bool
roster_unlearn(struct roster *r, uint32_t exporter, struct utc_s at)
{
	bool any = false;
	for (size_t i = 0; i < r->port_count; i++) {
		struct roster_port *p = &r->ports[i];
		if (!p->learned || p->hub_port == HUB_NONE || p->exporter != exporter)
			continue;
		p->learned = 0;
		p->learned_s = at.s;
		any = true;
	}
	return any;
}

uint32_t *
roster_order(const struct roster *r)
{
	uint32_t *order = malloc((r->port_count + 1) * sizeof(*order));
	struct by_id *ids = order_ports(r);
	for (size_t i = 0; order && ids && i < r->port_count; i++)
		order[i] = ids[i].number;
	if (!ids) {
		free(order);
		return NULL;
	}
	free(ids);
	return order;
}

uint32_t
roster_find(const struct roster *r, const uint32_t *order, const void *id, size_t length)
{
	size_t low = 0, high = r->port_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct roster_port *port = &r->ports[order[middle]];
		size_t theirs = strlen(port->id);
		int step = memcmp(id, port->id, length < theirs ? length : theirs);
		if (step == 0 && length == theirs)
			return port->hub_port == HUB_NONE ? HUB_NONE : order[middle];
		if (step < 0 || (step == 0 && length < theirs))
			high = middle;
		else
			low = middle + 1;
	}
	return HUB_NONE;
}
