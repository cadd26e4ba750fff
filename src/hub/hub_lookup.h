/* Finding elements of a picture by what identifies them: one hash table a kind of key. Built while
 * the file is read, where it finds what is given twice; kept with the picture for its look-ups. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum hub_index {
	HUB_BY_NOTHING,
	HUB_BY_LAN,
	HUB_BY_SITE,
	HUB_BY_SITE_NUMBER,
	HUB_BY_METRO,
	HUB_BY_SEGMENT,
	HUB_BY_EXPORTER,
	HUB_BY_EXPORTER_ADDRESS,
	HUB_BY_RPKI,
	HUB_BY_STATION,
	HUB_BY_ASN,
	HUB_BY_ALIAS,
	HUB_BY_MEMBER_NAME,
	HUB_BY_PORT,
	HUB_BY_PORT_ADDRESS,
	HUB_BY_MAC,
	HUB_BY_INTERFACE_NAME,
	HUB_BY_INTERFACE,
	HUB_BY_SESSION,
	HUB_BY_SESSION_ADDRESS,
	HUB_BY_CONTRACT,
	HUB_BY_PARTY,
	HUB_BY_SETTLEMENT,
	HUB_BY_SR_POLICY,
	HUB_BY_ROUTER,
	HUB_BY_ROUTER_ADDRESS,
	HUB_BY_CABLE,
	HUB_BY_RISK,
	HUB_BY_DEMAND,
	HUB_BY_CANDIDATE,
	HUB_BY_CONTENT,
	HUB_BY_INCIDENT,
	HUB_INDEX_COUNT,
};

struct hub_slot {
	uint64_t hash;
	const void *key; /* not copied: lives as long as the index; NULL: free */
	uint32_t length;
	uint32_t value;
};

struct hub_lookup {
	struct hub_table_of {
		struct hub_slot *slots; /* a power of two, at most half full */
		size_t capacity, count;
	} by[HUB_INDEX_COUNT];
};

enum { HUB_INTERFACE_NAME_MAX = 255, HUB_INTERFACE_KEY = 4 + HUB_INTERFACE_NAME_MAX };

/* The key of HUB_BY_INTERFACE_NAME; returns its length, 0 for a name that is too long for one. */
size_t hub_lookup_interface(uint8_t key[HUB_INTERFACE_KEY], uint32_t exporter, const char *name);

/* The value kept for the key, or HUB_NONE (UINT32_MAX). */
uint32_t hub_lookup_find(const struct hub_lookup *l, enum hub_index by, const void *key,
			 size_t length);
/* Keeps `value` for a key that is not there yet. 0, or -1 if there is no memory. */
int hub_lookup_add(struct hub_lookup *l, struct arena *arena, enum hub_index by, const void *key,
		   size_t length, uint32_t value);
