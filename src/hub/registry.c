/* Look-ups in a registry file. */
#include "hub/registry.h"

#include <assert.h>
#include <stdlib.h>

#include "hub/registry_parts.h"

/* --- look-ups in a set --- */

/* Where the search for a short prefix begins. */
static uint32_t
begin_short(const struct registry_set *set, uint64_t high, unsigned length)
{
	uint64_t key = set->family == IP_V4 ? registry_short_v4(high, length)
					    : registry_short_v6(high, length);
	return registry_begin(hash_u64(key ^ set->seed), set->short_places);
}

/* Four places at once, as the compiler compares them on any machine. */
typedef uint32_t four __attribute__((vector_size(16)));

static bool
any(four lanes)
{
	uint64_t halves[2];
	memcpy(halves, &lanes, sizeof(halves));
	return halves[0] | halves[1];
}

/* All searches end after one round at the latest, whatever stands in the table. */
static bool
has_short_v4(const struct registry_set *set, uint32_t key, uint32_t at)
{
	uint32_t places = set->short_places, tries = places;
	/* Most keys stand in the first four places from where they belong; which one cannot be foretold. */
	for (four found; tries > 4 && at + 4 <= places; tries -= 4, at += 4) {
		memcpy(&found, &set->shorts_v4[at], sizeof(found));
		if (any((four)(found == key)))
			return true;
		if (any((four)(found == 0)))
			return false;
	}
	for (; tries > 0; tries--, at++) {
		at = at < places ? at : 0;
		if (set->shorts_v4[at] == key || !set->shorts_v4[at])
			return set->shorts_v4[at] == key;
	}
	return false;
}

static bool
has_short_v6(const struct registry_set *set, uint64_t key, uint32_t at)
{
	for (uint32_t tries = set->short_places; tries > 0 && set->shorts_v6[at]; tries--) {
		if (set->shorts_v6[at] == key)
			return true;
		at = at + 1 < set->short_places ? at + 1 : 0;
	}
	return false;
}

static bool
has_short(const struct registry_set *set, uint64_t high, unsigned length)
{
	if (!set->short_places)
		return false;
	uint32_t at = begin_short(set, high, length);
	return set->family == IP_V4 ? has_short_v4(set, registry_short_v4(high, length), at)
				    : has_short_v6(set, registry_short_v6(high, length), at);
}

static void
hint_short(const struct registry_set *set, uint64_t high, unsigned length)
{
	uint32_t at = begin_short(set, high, length);
	__builtin_prefetch(set->family == IP_V4 ? (const void *)&set->shorts_v4[at]
						: (const void *)&set->shorts_v6[at]);
}

static bool
has_long(const struct registry_set *set, const struct registry_long *key)
{
	if (!set->long_places)
		return false;
	uint32_t at = registry_begin(registry_hash_long(key, set->seed), set->long_places);
	for (uint32_t tries = set->long_places; tries > 0 && set->longs[at].length; tries--) {
		const struct registry_long *found = &set->longs[at];
		if (found->high == key->high && found->low == key->low &&
		    found->length == key->length)
			return true;
		at = at + 1 < set->long_places ? at + 1 : 0;
	}
	return false;
}

/* Whether the first `length` bits of the address are a prefix of the set. */
static bool
has_length(const struct registry_set *set, uint64_t high, uint64_t low, unsigned length)
{
	if (registry_is_short(set->family, length))
		return has_short(set, high, length);
	if (length < 64)
		high &= ~UINT64_C(0) << (64 - length);
	low = length <= 64 ? 0 : low & ~UINT64_C(0) << (128 - length);
	return has_long(set, &(struct registry_long){high, low, length + 1});
}

bool
registry_set_has(const struct registry_set *set, const struct prefix *prefix)
{
	if (prefix->ip.family != set->family)
		return false;
	return has_length(set, registry_high(&prefix->ip), registry_low(&prefix->ip),
			  prefix->length);
}

/* The lengths in `word` of the bitmap that are shorter than `length`. */
static uint64_t
shorter(const struct registry_set *set, int word, unsigned length)
{
	unsigned first = (unsigned)word * 64;
	if (length <= first)
		return 0;
	return length - first >= 64 ? set->lengths[word]
				    : set->lengths[word] & ((UINT64_C(1) << (length - first)) - 1);
}

/* Covering short prefixes lie in as many cache lines as there are lengths: fetched side by side. */
static void
hint_shorter(const struct registry_set *set, uint64_t high, unsigned length)
{
	uint64_t lengths = shorter(set, 0, length);
	for (; lengths && set->short_places; lengths &= lengths - 1) {
		unsigned bit = (unsigned)__builtin_ctzll(lengths);
		if (registry_is_short(set->family, bit))
			hint_short(set, high, bit);
	}
}

bool
registry_set_covers(const struct registry_set *set, const struct prefix *prefix)
{
	if (registry_set_has(set, prefix)) /* most routes are registered as they are */
		return true;
	if (prefix->ip.family != set->family)
		return false;
	uint64_t high = registry_high(&prefix->ip), low = registry_low(&prefix->ip);
	hint_shorter(set, high, prefix->length);
	for (int word = 2; word >= 0; word--) {
		uint64_t lengths = shorter(set, word, prefix->length);
		for (; lengths; lengths &= lengths - 1) {
			unsigned bit = (unsigned)__builtin_ctzll(lengths);
			if (has_length(set, high, low, (unsigned)word * 64 + bit))
				return true;
		}
	}
	return false;
}

bool
registry_set_has_origin(const struct registry_set *set, struct asn origin)
{
	if (!set->origin_places || !origin.number)
		return false;
	uint32_t at = registry_begin(hash_u64(origin.number ^ set->seed), set->origin_places);
	for (uint32_t tries = set->origin_places; tries > 0 && set->origins[at]; tries--) {
		if (set->origins[at] == origin.number)
			return true;
		at = at + 1 < set->origin_places ? at + 1 : 0;
	}
	return false;
}

void
registry_set_hint(const struct registry_set *set, const struct prefix *prefix)
{
	if (prefix->ip.family == set->family && set->short_places &&
	    registry_is_short(set->family, prefix->length))
		hint_short(set, registry_high(&prefix->ip), prefix->length);
}

/* --- the rest --- */

const struct registry_set *
registry_set_find(const struct registry *r, const char *name, enum ip_family family)
{
	char wanted[REGISTRY_NAME];
	if (!registry_name(wanted, name))
		return NULL;
	size_t from = 0, to = r->set_count;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		const struct registry_set *set = &r->sets[middle];
		int order = strcmp(wanted, set->name);
		if (order == 0)
			order = (int)family - (int)set->family;
		if (order == 0)
			return set;
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return NULL;
}

size_t
registry_set_count(const struct registry *r)
{
	return r->set_count;
}

const struct registry_set *
registry_set_at(const struct registry *r, size_t i)
{
	assert(i < r->set_count);
	return &r->sets[i];
}

const char *
registry_set_name(const struct registry_set *set)
{
	return set->name;
}

enum ip_family
registry_set_family(const struct registry_set *set)
{
	return set->family;
}

size_t
registry_set_prefixes(const struct registry_set *set)
{
	return set->prefix_count;
}

size_t
registry_set_origins(const struct registry_set *set)
{
	return set->origin_count;
}

struct utc_s
registry_set_fetched(const struct registry_set *set)
{
	return set->fetched;
}

struct utc_s
registry_set_since(const struct registry_set *set)
{
	return set->since;
}

enum registry_state
registry_set_state(const struct registry_set *set)
{
	return set->state;
}

uint64_t
registry_set_hash(const struct registry_set *set)
{
	return set->hash;
}

struct utc_s
registry_written(const struct registry *r)
{
	return r->written;
}

static int
by_asn(const void *key, const void *element)
{
	const struct asn *asn = key;
	const struct registry_network *network = element;
	return (asn->number > network->asn.number) - (asn->number < network->asn.number);
}

const struct registry_network *
registry_network_find(const struct registry *r, struct asn asn)
{
	return bsearch(&asn, r->networks, r->network_count, sizeof(*r->networks), by_asn);
}

bool
registry_network_never_via(const struct registry *r, struct asn asn)
{
	uint32_t at = registry_begin(hash_u64(asn.number), r->never_via_places);
	for (; r->never_via[at]; at = at + 1 < r->never_via_places ? at + 1 : 0)
		if (r->never_via[at] == asn.number)
			return true;
	return false;
}

size_t
registry_network_count(const struct registry *r)
{
	return r->network_count;
}

const struct registry_network *
registry_network_at(const struct registry *r, size_t i)
{
	assert(i < r->network_count);
	return &r->networks[i];
}

uint64_t
registry_networks_hash(const struct registry *r)
{
	return r->networks_hash;
}

/* --- records --- */

/* The search ends after one round at the latest, whatever stands in the table. */
static unsigned
sources_of(const struct registry *r, uint64_t key, uint32_t origin, unsigned family)
{
	uint32_t at = registry_begin(registry_hash_record(key, origin, family, r->record_seed),
				     r->record_places);
	for (uint32_t tries = r->record_places; tries > 0 && r->records[at].key; tries--) {
		const struct registry_record_entry *entry = &r->records[at];
		if (entry->key == key && entry->origin == origin && entry->family == family)
			return entry->sources;
		at = at + 1 < r->record_places ? at + 1 : 0;
	}
	return 0;
}

unsigned
registry_record_find(const struct registry *r, const struct prefix *prefix, struct asn origin,
		     bool longer)
{
	unsigned family = prefix->ip.family, sources = 0;
	if (!r->record_places || (prefix->length > REGISTRY_SHORT_V6 && !longer))
		return 0;
	uint64_t high = registry_high(&prefix->ip), bits = r->record_lengths[family == IP_V6];
	unsigned shortest = longer ? 0 : prefix->length;
	unsigned longest = prefix->length < REGISTRY_SHORT_V6 ? prefix->length : REGISTRY_SHORT_V6;
	for (unsigned length = shortest; length <= longest; length++)
		if (bits >> length & 1)
			sources |= sources_of(r, registry_short_v6(high, length), origin.number,
					      family);
	return sources;
}

size_t
registry_record_count(const struct registry *r)
{
	return r->record_count;
}

/* A short prefix as it was. */
static struct prefix
prefix_of_key(uint64_t key, enum ip_family family)
{
	uint8_t octets[16] = {0};
	unsigned length = (unsigned)(key & 0xff) - 1;
	uint64_t high = htobe64(key & ~UINT64_C(0xff));
	memcpy(octets, &high, sizeof(high));
	if (family == IP_V6)
		return prefix_of(ip_v6(octets), length);
	return prefix_of(ip_v4((uint32_t)(be64toh(high) >> 32)), length);
}

bool
registry_record_next(const struct registry *r, size_t *at, struct registry_record *out)
{
	while (*at < r->record_places) {
		const struct registry_record_entry *entry = &r->records[(*at)++];
		if (!entry->key || !entry->origin)
			continue;
		*out = (struct registry_record){
			prefix_of_key(entry->key, (enum ip_family)entry->family),
			{entry->origin},
			entry->sources,
		};
		return true;
	}
	return false;
}
