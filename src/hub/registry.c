/* Reading the registry file. What a look-up relies on (where tables begin, how large they are) is
 * checked and copied when the file is opened; what it finds in a table is only ever compared. So
 * even octets that change afterwards cannot lead it astray. */
#include "hub/registry.h"

#include <assert.h>
#include <stdlib.h>

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

/* --- checks --- */

static bool
is_aligned(const void *octets)
{
	return (uintptr_t)octets % sizeof(uint64_t) == 0;
}

static bool
checksum_holds(const uint8_t *octets, uint64_t length, uint64_t checksum)
{
	return hash_bytes(octets + REGISTRY_CHECKSUM_FROM, length - REGISTRY_CHECKSUM_FROM) ==
	       checksum;
}

/* A table is there entirely, or not at all, and has the emptiness that ends a search early. */
static bool
counts_fit(uint32_t count, uint32_t places)
{
	return count == 0 ? places <= 1 : count < places;
}

/* How many short prefixes there are; more than there are places if one of them is none. */
static uint64_t
count_shorts(const struct registry_set *set)
{
	uint32_t found = 0;
	bool sound = true;
	for (uint32_t i = 0; i < set->short_places; i++) {
		if (set->family == IP_V4) {
			found += set->shorts_v4[i] != 0;
			continue;
		}
		uint64_t key = set->shorts_v6[i];
		found += key != 0;
		sound &= (key & 0xff) <= ip_bits(IP_V6) + 1 && (key != 0) == ((key & 0xff) != 0);
	}
	return sound ? found : UINT64_MAX;
}

/* The tables hold what the header says. One pass over the set. */
static bool
tables_hold(const struct registry_set *set, const struct registry_set_header *header)
{
	unsigned bits = ip_bits(header->family);
	bool sound = count_shorts(set) == header->short_count;
	uint32_t found;
	found = 0;
	for (uint32_t i = 0; i < set->long_places; i++) {
		found += set->longs[i].length != 0;
		sound &= set->longs[i].length <= bits + 1;
	}
	if (!sound || found != header->long_count)
		return false;
	found = 0;
	for (uint32_t i = 0; i < set->origin_places; i++)
		found += set->origins[i] != 0;
	return found == header->origin_count;
}

/* Fills *set from the octets of a set, all of which are there. */
static bool
set_take(struct registry_set *set, const uint8_t *octets, uint64_t length)
{
	struct registry_set_header header;
	if (length < sizeof(header) || !is_aligned(octets))
		return false;
	memcpy(&header, octets, sizeof(header));
	char name[REGISTRY_NAME];
	if (memcmp(header.magic, REGISTRY_SET_MAGIC, sizeof(header.magic)) != 0 ||
	    header.length != length || (header.family != IP_V4 && header.family != IP_V6) ||
	    header.name[REGISTRY_NAME - 1] || !registry_name(name, header.name) ||
	    strcmp(name, header.name) != 0 ||
	    !counts_fit(header.short_count, header.short_places) ||
	    !counts_fit(header.long_count, header.long_places) ||
	    !counts_fit(header.origin_count, header.origin_places))
		return false;
	/* Products of 32 bits and a small size: none of these sums can overflow. */
	uint64_t longs_at =
		registry_aligned(sizeof(header) + (uint64_t)header.short_places *
							  registry_short_size(header.family));
	uint64_t origins_at =
		registry_aligned(longs_at + (uint64_t)header.long_places * sizeof(*set->longs));
	if (registry_aligned(origins_at + (uint64_t)header.origin_places * sizeof(*set->origins)) !=
		    length ||
	    !checksum_holds(octets, length, header.checksum))
		return false;
	*set = (struct registry_set){
		.shorts_v4 = (const uint32_t *)(octets + sizeof(header)),
		.shorts_v6 = (const uint64_t *)(octets + sizeof(header)),
		.longs = (const struct registry_long *)(octets + longs_at),
		.origins = (const uint32_t *)(octets + origins_at),
		.short_places = header.short_places,
		.long_places = header.long_places,
		.origin_places = header.origin_places,
		.family = header.family,
		.seed = header.seed,
		.lengths = {header.lengths[0], header.lengths[1], header.lengths[2]},
		.prefix_count = header.short_count + header.long_count,
		.origin_count = header.origin_count,
		.fetched = {header.fetched},
		.since = {header.since},
		.hash = header.hash,
	};
	memcpy(set->name, name, sizeof(name));
	return tables_hold(set, &header);
}

static bool
sets_take(struct registry *r, const uint8_t *octets, const struct registry_head *head)
{
	for (size_t i = 0; i < head->set_count; i++) {
		struct registry_place place;
		struct registry_set *set = &r->sets[i];
		memcpy(&place, octets + sizeof(*head) + i * sizeof(place), sizeof(place));
		if (place.offset % REGISTRY_ALIGN || place.offset < head->head_length ||
		    place.offset > head->file_length ||
		    place.length > head->file_length - place.offset ||
		    place.state > REGISTRY_HELD ||
		    !set_take(set, octets + place.offset, place.length))
			return false;
		set->state = (enum registry_state)place.state;
		if (i == 0)
			continue;
		int order = strcmp(set[-1].name, set->name);
		if (order > 0 || (order == 0 && set[-1].family >= set->family))
			return false;
	}
	return true;
}

static bool
never_via_take(struct registry *r)
{
	uint32_t count = 0;
	for (size_t i = 0; i < r->network_count; i++)
		count += r->networks[i].never_via_route_servers;
	r->never_via_places = 2 * count + 1;
	r->never_via = calloc(r->never_via_places, sizeof(*r->never_via));
	for (size_t i = 0; r->never_via && i < r->network_count; i++) {
		uint32_t asn = r->networks[i].asn.number;
		if (!r->networks[i].never_via_route_servers || !asn)
			continue;
		uint32_t at = registry_begin(hash_u64(asn), r->never_via_places);
		while (r->never_via[at])
			at = at + 1 < r->never_via_places ? at + 1 : 0;
		r->never_via[at] = asn;
	}
	return r->never_via;
}

static bool
networks_take(struct registry *r, const uint8_t *octets, const struct registry_head *head)
{
	const uint8_t *texts = octets + head->network_count * sizeof(struct registry_network_entry);
	if (head->texts_length && texts[head->texts_length - 1])
		return false;
	for (size_t i = 0; i < head->network_count; i++) {
		struct registry_network_entry entry;
		memcpy(&entry, octets + i * sizeof(entry), sizeof(entry));
		if ((i && entry.asn <= r->networks[i - 1].asn.number) ||
		    entry.never_via_route_servers > 1 ||
		    (entry.as_set != REGISTRY_NO_TEXT && entry.as_set >= head->texts_length))
			return false;
		r->networks[i] = (struct registry_network){
			.asn = {entry.asn},
			.prefixes_ipv4 = entry.prefixes_ipv4,
			.prefixes_ipv6 = entry.prefixes_ipv6,
			.never_via_route_servers = entry.never_via_route_servers,
			.as_set = entry.as_set == REGISTRY_NO_TEXT
					  ? NULL
					  : (const char *)texts + entry.as_set,
		};
	}
	return true;
}

/* One pass over the table: it holds what the head says. */
static bool
records_take(struct registry *r, const uint8_t *octets, const struct registry_head *head)
{
	uint32_t found = 0;
	r->records = (const struct registry_record_entry *)octets;
	r->record_places = head->record_places;
	r->record_seed = head->record_seed;
	memcpy(r->record_lengths, head->record_lengths, sizeof(r->record_lengths));
	for (uint32_t i = 0; i < head->record_places; i++) {
		const struct registry_record_entry *entry = &r->records[i];
		if (!entry->key)
			continue;
		found++;
		r->record_count += entry->origin != 0;
		unsigned most = entry->family == IP_V4 ? 32 : REGISTRY_SHORT_V6;
		if ((entry->family != IP_V4 && entry->family != IP_V6) ||
		    (entry->key & 0xff) == 0 || (entry->key & 0xff) > most + 1 || !entry->sources)
			return false;
	}
	return found == head->record_count;
}

/* NULL, or what is wrong with the head. */
static const char *
head_fault(struct registry_head *head, const uint8_t *octets, size_t length)
{
	if (length < sizeof(*head) || !is_aligned(octets))
		return "too short";
	memcpy(head, octets, sizeof(*head));
	if (memcmp(head->magic, REGISTRY_FILE_MAGIC, sizeof(head->magic)) != 0)
		return "not a registry file of this version";
	if (head->file_length != length || head->head_length > length)
		return "cut short";
	if (head->set_count > REGISTRY_COUNT_MAX || head->network_count > REGISTRY_COUNT_MAX)
		return "more than there can be";
	uint64_t need = sizeof(*head) + (uint64_t)head->set_count * sizeof(struct registry_place) +
			(uint64_t)head->network_count * sizeof(struct registry_network_entry) +
			head->texts_length;
	if (head->record_places > REGISTRY_RECORDS_MAX ||
	    !counts_fit(head->record_count, head->record_places))
		return "more records than there can be";
	need = registry_records_at(need) +
	       (uint64_t)head->record_places * sizeof(struct registry_record_entry);
	if (head->head_length != registry_aligned(need))
		return "lengths that do not fit";
	if (!checksum_holds(octets, head->head_length, head->checksum))
		return "wrong checksum";
	return NULL;
}

static uint64_t
records_at(const struct registry_head *head)
{
	return registry_records_at(
		sizeof(*head) + (uint64_t)head->set_count * sizeof(struct registry_place) +
		(uint64_t)head->network_count * sizeof(struct registry_network_entry) +
		head->texts_length);
}

struct registry *
registry_open(const uint8_t *octets, size_t length, const char **error)
{
	struct registry_head head;
	*error = head_fault(&head, octets, length);
	if (*error)
		return NULL;
	struct registry *r = calloc(1, sizeof(*r));
	*error = "out of memory";
	if (!r)
		return NULL;
	r->set_count = head.set_count;
	r->network_count = head.network_count;
	r->networks_hash = head.networks_hash;
	r->written = (struct utc_s){head.written};
	r->sets = calloc(r->set_count + 1, sizeof(*r->sets));
	r->networks = calloc(r->network_count + 1, sizeof(*r->networks));
	if (!r->sets || !r->networks)
		goto failed;
	*error = "a network that is not sound";
	if (!networks_take(r, octets + sizeof(head) + r->set_count * sizeof(struct registry_place),
			   &head))
		goto failed;
	*error = "a record that is not sound";
	if (!records_take(r, octets + records_at(&head), &head))
		goto failed;
	*error = "out of memory";
	if (!never_via_take(r))
		goto failed;
	*error = "a set that is not sound";
	if (!sets_take(r, octets, &head))
		goto failed;
	*error = NULL;
	return r;
failed:
	registry_close(r);
	return NULL;
}

void
registry_close(struct registry *r)
{
	if (!r)
		return;
	free(r->sets);
	free(r->networks);
	free(r->never_via);
	free(r);
}

struct registry_set *
registry_set_open(const uint8_t *octets, size_t length)
{
	struct registry_set *set = malloc(sizeof(*set));
	if (set && set_take(set, octets, length))
		return set;
	free(set);
	return NULL;
}

void
registry_set_close(struct registry_set *set)
{
	free(set);
}

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
