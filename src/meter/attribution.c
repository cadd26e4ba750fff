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
	uint32_t count; /* entries of the MAC; the roster's slot of an interface. HUB_NONE in both:
			 * more than one port is said to be there */
};

struct index {
	struct slot *slots;
	size_t mask;
};

struct entry {
	uint64_t mac; /* mac_key */
	uint32_t port, exporter;
	uint16_t vlan; /* 0: any */
	bool several;  /* the port is on several switches */
};

struct attribution {
	struct index macs, interfaces;
	struct entry *entries;
	size_t entry_count;
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
	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	return x->exporter < y->exporter ? -1 : x->exporter > y->exporter;
}

/* An entry for each MAC of the port at this exporter. */
static void
add_entries(struct attribution *a, const struct hub *hub, const struct roster *roster,
	    uint32_t port, uint32_t exporter)
{
	const struct hub_port *p = &hub->ports[roster->ports[port].hub_port];
	uint16_t vlan = p->vlan ? p->vlan : p->lan < hub->lan_count ? hub->lans[p->lan].vlan : 0;
	for (size_t m = 0; m < p->mac_count; m++)
		a->entries[a->entry_count++] = (struct entry){mac_key(p->macs[m]), port, exporter,
							      vlan, roster->ports[port].several};
}

static bool
is_first_at_exporter(const struct roster *roster, uint32_t port, uint32_t slot)
{
	for (uint32_t i = roster->ports[port].slots; i != slot; i = roster->slots[i].next)
		if (roster->slots[i].current &&
		    roster->slots[i].exporter == roster->slots[slot].exporter)
			return false;
	return true;
}

static void
add_port(struct attribution *a, const struct hub *hub, const struct roster *roster, uint32_t port)
{
	for (uint32_t i = roster->ports[port].slots; i != HUB_NONE; i = roster->slots[i].next) {
		const struct roster_slot *slot = &roster->slots[i];
		if (!slot->current)
			continue;
		if (is_first_at_exporter(roster, port, i))
			add_entries(a, hub, roster, port, slot->exporter);
		if (!slot->if_index || slot->exporter == HUB_NONE)
			continue;
		struct slot *s =
			index_find(&a->interfaces, interface_key(slot->exporter, slot->if_index));
		if (!s->key) /* two ports on one interface: the first stays */
			*s = (struct slot){interface_key(slot->exporter, slot->if_index), port, i};
	}
}

/* Interfaces that the hub file does not number, by what was learned of them: they take what is free, and
 * of two on one interface neither does. */
static void
add_learned(struct attribution *a, const struct roster *roster, uint32_t port)
{
	uint32_t own = roster->ports[port].own;
	const struct roster_slot *slot = own == HUB_NONE ? NULL : &roster->slots[own];
	if (!slot || slot->if_index || slot->exporter == HUB_NONE || !roster->ports[port].learned)
		return;
	uint64_t key = interface_key(slot->exporter, roster->ports[port].learned);
	struct slot *s = index_find(&a->interfaces, key);
	if (!s->key)
		*s = (struct slot){key, port, own};
	else if (s->count == HUB_NONE || !roster->slots[s->count].if_index)
		*s = (struct slot){key, HUB_NONE, HUB_NONE};
}

static void
index_macs(struct attribution *a)
{
	for (size_t i = 0; i < a->entry_count; i++) {
		struct slot *s = index_find(&a->macs, a->entries[i].mac);
		if (!s->key)
			*s = (struct slot){a->entries[i].mac, (uint32_t)i, 0};
		s->count++;
	}
}

/* At most so many entries: each MAC of a port at each of its interfaces. */
static size_t
most_entries(const struct hub *hub)
{
	size_t most = 0;
	for (size_t i = 0; i < hub->port_count; i++)
		most += hub->ports[i].mac_count * (1 + hub->ports[i].interface_count);
	return most;
}

struct attribution *
attribution_new(const struct hub *hub, const struct roster *roster)
{
	struct attribution *a = calloc(1, sizeof(*a));
	if (!a)
		return NULL;
	size_t most = most_entries(hub);
	a->entries = malloc((most + 1) * sizeof(*a->entries));
	if (!a->entries || index_init(&a->macs, most) < 0 ||
	    index_init(&a->interfaces, roster->slot_count) < 0) {
		attribution_free(a);
		return NULL;
	}
	for (uint32_t i = 0; i < roster->port_count; i++)
		if (roster->ports[i].hub_port != HUB_NONE)
			add_port(a, hub, roster, i);
	for (uint32_t i = 0; i < roster->port_count; i++)
		if (roster->ports[i].hub_port != HUB_NONE)
			add_learned(a, roster, i);
	qsort(a->entries, a->entry_count, sizeof(*a->entries), compare_entries);
	index_macs(a);
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

/* How well an entry fits, or -1 when it does not; *elsewhere: because of the exporter alone. */
static int
rank(const struct attribution *a, const struct entry *e, struct attribution_sight sight,
     bool *elsewhere)
{
	if (sight.vlan && e->vlan && e->vlan != sight.vlan)
		return -1;
	bool here = sight.exporter == HUB_NONE || e->exporter == HUB_NONE ||
		    e->exporter == sight.exporter;
	bool on_its_own = false;
	if (here && sight.if_index && sight.exporter != HUB_NONE) {
		uint32_t port = attribution_by_interface(a, sight.exporter, sight.if_index);
		on_its_own = port == e->port;
		here = on_its_own || !e->several;
	}
	*elsewhere |= !here;
	return here ? 4 * (e->vlan == sight.vlan) + 2 * on_its_own + (e->exporter == sight.exporter)
		    : -1;
}

uint32_t
attribution_by_mac(const struct attribution *a, struct mac mac, struct attribution_sight sight,
		   enum attribution_miss *why)
{
	const struct slot *s = index_find(&a->macs, mac_key(mac));
	const struct entry *best = NULL;
	int best_rank = -1;
	bool elsewhere = false, tied = false;
	for (uint32_t i = 0; i < s->count; i++) {
		const struct entry *e = &a->entries[s->value + i];
		/* Nearly always there is one, on one switch: its interface need not be asked. */
		if (s->count == 1 && !e->several)
			sight.if_index = 0;
		int fit = rank(a, e, sight, &elsewhere);
		if (fit >= 0 && fit == best_rank && e->port != best->port)
			tied = true;
		if (fit > best_rank) {
			best = e;
			best_rank = fit;
			tied = false;
		}
	}
	*why = tied        ? ATTRIBUTION_AMBIGUOUS
	       : best      ? ATTRIBUTION_FOUND
	       : elsewhere ? ATTRIBUTION_ELSEWHERE
			   : ATTRIBUTION_UNKNOWN;
	return *why == ATTRIBUTION_FOUND ? best->port : HUB_NONE;
}

static const struct slot *
interface_slot(const struct attribution *a, uint32_t exporter, uint32_t if_index)
{
	const struct slot *s = index_find(&a->interfaces, interface_key(exporter, if_index));
	return if_index && s->key ? s : NULL;
}

uint32_t
attribution_by_interface(const struct attribution *a, uint32_t exporter, uint32_t if_index)
{
	const struct slot *s = interface_slot(a, exporter, if_index);
	return s ? s->value : HUB_NONE;
}

uint32_t
attribution_slot(const struct attribution *a, uint32_t exporter, uint32_t if_index)
{
	const struct slot *s = interface_slot(a, exporter, if_index);
	return s ? s->count : HUB_NONE;
}

static size_t
index_size(const struct index *x)
{
	return (x->mask + 1) * sizeof(*x->slots);
}

size_t
attribution_size(const struct attribution *a)
{
	return index_size(&a->macs) + index_size(&a->interfaces) +
	       a->entry_count * sizeof(*a->entries) + sizeof(*a);
}
