/* Private to the reading of the registry file: registry_open.c checks it and copies what look-ups rely
 * on, registry.c looks up. */
#pragma once

#include "hub/registry.h"
#include "hub/registry_layout.h"

struct registry_set {
	/* what look-ups need */
	const uint32_t *shorts_v4; /* one of these */
	const uint64_t *shorts_v6;
	const struct registry_long *longs;
	const uint32_t *origins;
	uint32_t short_places, long_places, origin_places;
	uint8_t family;
	enum registry_state state;
	uint64_t seed;
	uint64_t lengths[3];
	/* what is shown */
	uint32_t prefix_count, origin_count;
	struct utc_s fetched, since;
	uint64_t hash;
	char name[REGISTRY_NAME];
};

struct registry {
	struct registry_set *sets;
	size_t set_count;
	struct registry_network *networks;
	size_t network_count;
	/* The few that are never behind route servers, which every path is asked for: a hash table of their own,
	 * that stays in the cache. 0: an empty place. */
	uint32_t *never_via;
	uint32_t never_via_places;
	uint64_t networks_hash;
	const struct registry_record_entry *records;
	uint32_t record_count, record_places;
	uint64_t record_seed, record_lengths[2];
	struct utc_s written;
};
