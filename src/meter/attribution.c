/* MACs and interfaces to ports: two open-addressing hashes of integers. The entries of one MAC
 * stand together in an array; nearly always there is one. */
#include "meter/attribution.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

struct slot {
	uint64_t key;   /* 0: free */
	uint32_t value; /* first entry of a MAC; port of an interface */
	uint32_t count; /* entries of the MAC */
};

struct index {
	struct slot *slots;
	size_t mask;
};

struct entry {
	uint64_t mac; /* mac_key */
	uint32_t port, exporter;
	uint16_t vlan; /* 0: any */
};

struct attribution {
	struct index macs, interfaces;
	struct entry *entries;
};

static int
index_init(struct index *x, size_t keys)
{
	size_t size = 16;
	while (size < keys * 2)
		size *= 2;
	x->mask = size - 1;
	x->slots = calloc(size, sizeof(*x->slots));
	return x->slots ? 0 : -1;
}

static struct slot *
index_find(const struct index *x, uint64_t key)
{
	size_t at = hash_u64(key) & x->mask;
	while (x->slots[at].key && x->slots[at].key != key)
		at = (at + 1) & x->mask;
	return &x->slots[at];
}

/* Keys are never 0. A MAC's octets are taken as they lie: any order will do for a hash. */
static uint64_t
mac_key(struct mac mac)
{
	uint64_t bits = 0;
	memcpy(&bits, mac.octets, sizeof(mac.octets));
	return bits | 1ull << 63;
}

static uint64_t
interface_key(uint32_t exporter, uint32_t if_index)
{
	return 1ull << 63 | (uint64_t)exporter << 32 | if_index;
}

static int
compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	if (x->mac != y->mac)
		return x->mac < y->mac ? -1 : 1;
	return x->port < y->port ? -1 : x->port > y->port;
}

static size_t
fill_entries(struct attribution *a, const struct hub *hub, const struct roster *roster)
{
	size_t count = 0;
	for (size_t i = 0; i < roster->port_count; i++) {
		const struct roster_port *port = &roster->ports[i];
		if (port->hub_port == HUB_NONE)
			continue;
		const struct hub_port *p = &hub->ports[port->hub_port];
		uint16_t vlan = p->vlan                   ? p->vlan
				: p->lan < hub->lan_count ? hub->lans[p->lan].vlan
							  : 0;
		for (size_t m = 0; m < p->mac_count; m++)
			a->entries[count++] = (struct entry){mac_key(p->macs[m]), (uint32_t)i,
							     port->exporter, vlan};
		if (port->if_index && port->exporter != HUB_NONE) {
			uint64_t key = interface_key(port->exporter, port->if_index);
			struct slot *s = index_find(&a->interfaces, key);
			if (!s->key) /* two ports on one interface: the first stays */
				*s = (struct slot){key, (uint32_t)i, 1};
		}
	}
	return count;
}

static void
index_macs(struct attribution *a, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct slot *s = index_find(&a->macs, a->entries[i].mac);
		if (!s->key)
			*s = (struct slot){a->entries[i].mac, (uint32_t)i, 0};
		s->count++;
	}
}

struct attribution *
attribution_new(const struct hub *hub, const struct roster *roster)
{
	size_t macs = 0;
	for (size_t i = 0; i < hub->port_count; i++)
		macs += hub->ports[i].mac_count;
	struct attribution *a = calloc(1, sizeof(*a));
	if (!a)
		return NULL;
	a->entries = malloc((macs + 1) * sizeof(*a->entries));
	if (!a->entries || index_init(&a->macs, macs) < 0 ||
	    index_init(&a->interfaces, hub->port_count) < 0) {
		attribution_free(a);
		return NULL;
	}
	size_t count = fill_entries(a, hub, roster);
	qsort(a->entries, count, sizeof(*a->entries), compare_entries);
	index_macs(a, count);
	return a;
}

void
attribution_free(struct attribution *a)
{
	if (!a)
		return;
	free(a->macs.slots);
	free(a->interfaces.slots);
	free(a->entries);
	free(a);
}

uint32_t
attribution_by_mac(const struct attribution *a, struct mac mac, uint16_t vlan, uint32_t exporter,
		   enum attribution_miss *why)
{
	const struct slot *s = index_find(&a->macs, mac_key(mac));
	const struct entry *best = NULL;
	int best_rank = -1;
	bool elsewhere = false, tied = false;
	for (uint32_t i = 0; i < s->count; i++) {
		const struct entry *e = &a->entries[s->value + i];
		if (vlan && e->vlan && e->vlan != vlan)
			continue;
		if (exporter != HUB_NONE && e->exporter != HUB_NONE && e->exporter != exporter) {
			elsewhere = true;
			continue;
		}
		int rank = 2 * (e->vlan == vlan) + (e->exporter == exporter);
		if (rank == best_rank && e->port != best->port)
			tied = true;
		if (rank > best_rank) {
			best = e;
			best_rank = rank;
			tied = false;
		}
	}
	*why = tied        ? ATTRIBUTION_AMBIGUOUS
	       : best      ? ATTRIBUTION_FOUND
	       : elsewhere ? ATTRIBUTION_ELSEWHERE
			   : ATTRIBUTION_UNKNOWN;
	return *why == ATTRIBUTION_FOUND ? best->port : HUB_NONE;
}

uint32_t
attribution_by_interface(const struct attribution *a, uint32_t exporter, uint32_t if_index)
{
	if (!if_index)
		return HUB_NONE;
	const struct slot *s = index_find(&a->interfaces, interface_key(exporter, if_index));
	return s->key ? s->value : HUB_NONE;
}
