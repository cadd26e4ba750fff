/* Opening the registry file. What a look-up relies on (where tables begin, how large they are) is
 * checked and copied here; what it finds in a table is only ever compared. So even octets that change
 * afterwards cannot lead it astray. */
#include <assert.h>
#include <stdlib.h>

#include "hub/registry_parts.h"

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
