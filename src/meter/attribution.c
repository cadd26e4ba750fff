/* MACs and interfaces to ports: two open-addressing hashes. The entries of one MAC stand together in an
 * array; nearly always there is one, which the hash has itself, so that a look-up reads one line of the
 * cache. */
#include "meter/attribution.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

/* A port of a MAC, as an exporter may see it. */
struct place {
	uint32_t port, exporter;
	uint16_t vlan; /* 0: any */
	bool several;  /* the port is on several switches */
};

struct entry {
	uint64_t mac; /* mac_key */
	struct place place;
};

struct mac_slot {
	uint64_t mac;          /* mac_key; 0: free */
	uint32_t first, count; /* its entries */
	struct place place;    /* of the first */
};
static_assert(sizeof(struct mac_slot) == 32, "two a cache line");

struct interface_slot {
	uint64_t key; /* interface_key; 0: free */
	uint32_t port;
	uint32_t slot; /* the roster's; HUB_NONE in both: more than one port is said to be there */
};

struct attribution {
	struct mac_slot *macs;
	struct interface_slot *interfaces;
	size_t mac_mask, interface_mask;
	struct entry *entries;
	size_t entry_count;
};

/* Slots for so many keys: at most half of them are used. */
static size_t
slots_for(size_t keys)
{
	size_t size = 16;
	while (size < keys * 2)
		size *= 2;
	return size;
}

static struct mac_slot *
find_mac(const struct attribution *a, uint64_t mac)
{
	size_t at = hash_key(mac) & a->mac_mask;
	while (a->macs[at].mac && a->macs[at].mac != mac)
		at = (at + 1) & a->mac_mask;
	return &a->macs[at];
}

static struct interface_slot *
find_interface(const struct attribution *a, uint64_t key)
{
	size_t at = hash_key(key) & a->interface_mask;
	while (a->interfaces[at].key && a->interfaces[at].key != key)
		at = (at + 1) & a->interface_mask;
	return &a->interfaces[at];
}

/* Keys are never 0. A MAC's octets are taken as they lie: any order will do for a hash. */
static uint64_t
mac_key(const struct mac *mac)
{
	uint32_t low;
	uint16_t high;
	memcpy(&low, mac->octets, sizeof(low));
	memcpy(&high, mac->octets + sizeof(low), sizeof(high));
	return 1ull << 63 | (uint64_t)high << 32 | low;
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
	if (x->place.port != y->place.port)
		return x->place.port < y->place.port ? -1 : 1;
	return x->place.exporter < y->place.exporter ? -1 : x->place.exporter > y->place.exporter;
}

/* An entry for each MAC of the port at this exporter. */
static void
add_entries(struct attribution *a, const struct hub *hub, const struct roster *roster,
	    uint32_t port, uint32_t exporter)
{
	const struct hub_port *p = &hub->ports[roster->ports[port].hub_port];
	uint16_t vlan = p->vlan ? p->vlan : p->lan < hub->lan_count ? hub->lans[p->lan].vlan : 0;
	for (size_t m = 0; m < p->mac_count; m++)
		a->entries[a->entry_count++] = (struct entry){
			mac_key(&p->macs[m]), {port, exporter, vlan, roster->ports[port].several}};
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
		uint64_t key = interface_key(slot->exporter, slot->if_index);
		struct interface_slot *s = find_interface(a, key);
		if (!s->key) /* two ports on one interface: the first stays */
			*s = (struct interface_slot){key, port, i};
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
	struct interface_slot *s = find_interface(a, key);
	if (!s->key)
		*s = (struct interface_slot){key, port, own};
	else if (s->slot == HUB_NONE || !roster->slots[s->slot].if_index)
		*s = (struct interface_slot){key, HUB_NONE, HUB_NONE};
}

static void
index_macs(struct attribution *a)
{
	for (size_t i = 0; i < a->entry_count; i++) {
		const struct entry *e = &a->entries[i];
		struct mac_slot *s = find_mac(a, e->mac);
		if (!s->mac)
			*s = (struct mac_slot){e->mac, (uint32_t)i, 0, e->place};
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
	a->mac_mask = slots_for(most) - 1;
	a->interface_mask = slots_for(roster->slot_count) - 1;
	a->entries = malloc((most + 1) * sizeof(*a->entries));
	a->macs = calloc(a->mac_mask + 1, sizeof(*a->macs));
	a->interfaces = calloc(a->interface_mask + 1, sizeof(*a->interfaces));
	if (!a->entries || !a->macs || !a->interfaces) {
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
	free(a->macs);
	free(a->interfaces);
	free(a->entries);
	free(a);
}

/* How well a place fits, or -1 when it does not; *elsewhere: because of the exporter alone. */
static int
rank(const struct attribution *a, const struct place *p, struct attribution_sight sight,
     bool *elsewhere)
{
	if (sight.vlan && p->vlan && p->vlan != sight.vlan)
		return -1;
	bool here = sight.exporter == HUB_NONE || p->exporter == HUB_NONE ||
		    p->exporter == sight.exporter;
	bool on_its_own = false;
	if (here && sight.if_index && sight.exporter != HUB_NONE) {
		uint32_t port = attribution_by_interface(a, sight.exporter, sight.if_index);
		on_its_own = port == p->port;
		here = on_its_own || !p->several;
	}
	*elsewhere |= !here;
	return here ? 4 * (p->vlan == sight.vlan) + 2 * on_its_own + (p->exporter == sight.exporter)
		    : -1;
}

/* Apart, so that the ordinary case needs few registers. */
__attribute__((noinline)) static uint32_t
best_of(const struct attribution *a, const struct mac_slot *s, struct attribution_sight sight,
	enum attribution_miss *why)
{
	const struct place *best = NULL;
	int best_rank = -1;
	bool elsewhere = false, tied = false;
	for (uint32_t i = 0; i < s->count; i++) {
		const struct place *p = &a->entries[s->first + i].place;
		int fit = rank(a, p, sight, &elsewhere);
		if (fit >= 0 && fit == best_rank && p->port != best->port)
			tied = true;
		if (fit > best_rank) {
			best = p;
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

uint32_t
attribution_by_mac(const struct attribution *a, const struct mac *mac,
		   struct attribution_sight sight, enum attribution_miss *why)
{
	const struct mac_slot *s = find_mac(a, mac_key(mac));
	const struct place *p = &s->place;
	if (s->count > 1 || p->several)
		return best_of(a, s, sight, why);
	/* Nearly always there is one, on one switch: its interface need not be asked. */
	if (!s->count || (sight.vlan && p->vlan && p->vlan != sight.vlan)) {
		*why = ATTRIBUTION_UNKNOWN;
		return HUB_NONE;
	}
	if (sight.exporter != HUB_NONE && p->exporter != HUB_NONE &&
	    p->exporter != sight.exporter) {
		*why = ATTRIBUTION_ELSEWHERE;
		return HUB_NONE;
	}
	*why = ATTRIBUTION_FOUND;
	return p->port;
}

static const struct interface_slot *
slot_of(const struct attribution *a, uint32_t exporter, uint32_t if_index)
{
	const struct interface_slot *s = find_interface(a, interface_key(exporter, if_index));
	return if_index && s->key ? s : NULL;
}

uint32_t
attribution_by_interface(const struct attribution *a, uint32_t exporter, uint32_t if_index)
{
	const struct interface_slot *s = slot_of(a, exporter, if_index);
	return s ? s->port : HUB_NONE;
}

uint32_t
attribution_slot(const struct attribution *a, uint32_t exporter, uint32_t if_index)
{
	const struct interface_slot *s = slot_of(a, exporter, if_index);
	return s ? s->slot : HUB_NONE;
}

size_t
attribution_size(const struct attribution *a)
{
	return (a->mac_mask + 1) * sizeof(*a->macs) +
	       (a->interface_mask + 1) * sizeof(*a->interfaces) +
	       a->entry_count * sizeof(*a->entries) + sizeof(*a);
}
