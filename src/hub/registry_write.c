/* Writing the registry file, and the sets that it is made of. */
#include <assert.h>
#include <stdlib.h>

#include "hub/registry.h"
#include "hub/registry_layout.h"

/* Appends zeros up to `length` octets since `from`. */
static bool
pad(struct buf *out, size_t from, size_t length)
{
	size_t missing = from + length - out->length;
	if (!buf_reserve(out, missing))
		return false;
	memset(out->data + out->length, 0, missing);
	out->length += missing;
	return true;
}

/* --- a set --- */

/* A set being written: header and tables in the buffer's memory, which has its full size. */
struct set_writer {
	struct registry_set_header *header;
	uint32_t *shorts_v4; /* one of these */
	uint64_t *shorts_v6;
	struct registry_long *longs;
	uint32_t *origins;
};

/* Three quarters full; never quite full, so that every search ends at an empty place. */
static uint32_t
places_for(size_t count)
{
	return count ? (uint32_t)(count + count / 3 + 1) : 0;
}

/* The set's hash is a sum over its distinct elements, so their order does not matter. Keys of
 * different kinds are told apart by their salt. */
enum { SALT_SHORT = 1, SALT_LONG = 2, SALT_ORIGIN = 3 };

static void
count_in(struct registry_set_header *header, uint64_t hash, unsigned salt)
{
	header->hash += hash_u64(hash + salt * UINT64_C(0x9e3779b97f4a7c15));
}

static void
put_short_v4(struct set_writer *w, uint32_t key)
{
	struct registry_set_header *header = w->header;
	uint32_t at = registry_begin(hash_u64(key ^ header->seed), header->short_places);
	for (; w->shorts_v4[at]; at = at + 1 < header->short_places ? at + 1 : 0)
		if (w->shorts_v4[at] == key)
			return;
	w->shorts_v4[at] = key;
	header->short_count++;
	count_in(header, key, SALT_SHORT);
}

static void
put_short_v6(struct set_writer *w, uint64_t key)
{
	struct registry_set_header *header = w->header;
	uint32_t at = registry_begin(hash_u64(key ^ header->seed), header->short_places);
	for (; w->shorts_v6[at]; at = at + 1 < header->short_places ? at + 1 : 0)
		if (w->shorts_v6[at] == key)
			return;
	w->shorts_v6[at] = key;
	header->short_count++;
	count_in(header, key, SALT_SHORT);
}

static void
put_long(struct set_writer *w, const struct registry_long *key)
{
	struct registry_set_header *header = w->header;
	uint32_t at = registry_begin(registry_hash_long(key, header->seed), header->long_places);
	for (; w->longs[at].length; at = at + 1 < header->long_places ? at + 1 : 0)
		if (memcmp(&w->longs[at], key, sizeof(*key)) == 0)
			return;
	w->longs[at] = *key;
	header->long_count++;
	count_in(header, registry_hash_long(key, 0), SALT_LONG);
}

static void
put_origin(struct set_writer *w, uint32_t asn)
{
	struct registry_set_header *header = w->header;
	uint32_t at = registry_begin(hash_u64(asn ^ header->seed), header->origin_places);
	for (; w->origins[at]; at = at + 1 < header->origin_places ? at + 1 : 0)
		if (w->origins[at] == asn)
			return;
	w->origins[at] = asn;
	header->origin_count++;
	count_in(header, asn, SALT_ORIGIN);
}

static void
put_prefix(struct set_writer *w, const struct prefix *p)
{
	uint64_t high = registry_high(&p->ip);
	w->header->lengths[p->length / 64] |= UINT64_C(1) << p->length % 64;
	if (!registry_is_short(p->ip.family, p->length))
		put_long(w, &(struct registry_long){high, registry_low(&p->ip), p->length + 1u});
	else if (p->ip.family == IP_V4)
		put_short_v4(w, registry_short_v4(high, p->length));
	else
		put_short_v6(w, registry_short_v6(high, p->length));
}

static void
fill(struct set_writer *w, const struct registry_answer *answer)
{
	for (size_t i = 0; i < answer->prefix_count; i++) {
		assert(answer->prefixes[i].ip.family == answer->family);
		put_prefix(w, &answer->prefixes[i]);
	}
	for (size_t i = 0; i < answer->origin_count; i++)
		if (answer->origins[i].number)
			put_origin(w, answer->origins[i].number);
}

static void
put_checksum(struct registry_set_header *header)
{
	header->checksum = hash_bytes((const uint8_t *)header + REGISTRY_CHECKSUM_FROM,
				      header->length - REGISTRY_CHECKSUM_FROM);
}

static int
by_number(const void *a, const void *b)
{
	const struct asn *x = a, *y = b;
	return (x->number > y->number) - (x->number < y->number);
}

/* Different origins: many routes have the same one, and their table is to be no larger than it needs. -1: no
 * memory. */
static int
count_origins(size_t *count, const struct registry_answer *answer)
{
	struct asn *list = malloc((answer->origin_count + 1) * sizeof(*list));
	if (!list)
		return -1;
	if (answer->origin_count)
		memcpy(list, answer->origins, answer->origin_count * sizeof(*list));
	qsort(list, answer->origin_count, sizeof(*list), by_number);
	*count = 0;
	for (size_t i = 0; i < answer->origin_count; i++)
		*count += i == 0 || list[i].number != list[i - 1].number;
	free(list);
	return 0;
}

int
registry_set_write(struct buf *out, const struct registry_answer *answer)
{
	assert(answer->family == IP_V4 || answer->family == IP_V6);
	assert(strlen(answer->name) < REGISTRY_NAME && out->length == 0);
	if (answer->prefix_count > REGISTRY_PREFIXES_MAX ||
	    answer->origin_count > REGISTRY_PREFIXES_MAX)
		return -1;
	size_t longs = 0, origins;
	if (count_origins(&origins, answer) < 0)
		return -1;
	for (size_t i = 0; i < answer->prefix_count; i++)
		longs += !registry_is_short(answer->family, answer->prefixes[i].length);
	struct registry_set_header header = {
		.magic = REGISTRY_SET_MAGIC,
		.seed = answer->seed,
		.fetched = answer->fetched.s,
		.since = answer->since.s,
		.short_places = places_for(answer->prefix_count - longs),
		.long_places = places_for(longs),
		.origin_places = places_for(origins),
		.family = (uint8_t)answer->family,
	};
	memcpy(header.name, answer->name, strlen(answer->name));
	uint64_t shorts_at = sizeof(header);
	uint64_t longs_at = registry_aligned(
		shorts_at + header.short_places * registry_short_size(answer->family));
	uint64_t origins_at =
		registry_aligned(longs_at + header.long_places * sizeof(struct registry_long));
	header.length = registry_aligned(origins_at + header.origin_places * sizeof(uint32_t));
	if (!pad(out, 0, header.length))
		return -1;
	memcpy(out->data, &header, sizeof(header));
	struct set_writer writer = {
		(struct registry_set_header *)out->data,
		(uint32_t *)(out->data + shorts_at),
		(uint64_t *)(out->data + shorts_at),
		(struct registry_long *)(out->data + longs_at),
		(uint32_t *)(out->data + origins_at),
	};
	fill(&writer, answer);
	put_checksum(writer.header);
	return 0;
}

void
registry_set_mark(struct buf *octets, struct utc_s fetched, struct utc_s since)
{
	assert(octets->length >= sizeof(struct registry_set_header));
	struct registry_set_header *header = (struct registry_set_header *)octets->data;
	assert(header->length == octets->length);
	header->fetched = fetched.s;
	header->since = since.s;
	put_checksum(header);
}

/* --- the head --- */

static int
by_name(const void *a, const void *b)
{
	const struct registry_set_header *x =
		(const struct registry_set_header *)(*(const struct registry_part *const *)a)
			->octets;
	const struct registry_set_header *y =
		(const struct registry_set_header *)(*(const struct registry_part *const *)b)
			->octets;
	int order = strncmp(x->name, y->name, REGISTRY_NAME);
	return order ? order : (int)x->family - (int)y->family;
}

static int
by_asn(const void *a, const void *b)
{
	const struct registry_network *x = *(const struct registry_network *const *)a;
	const struct registry_network *y = *(const struct registry_network *const *)b;
	return (x->asn.number > y->asn.number) - (x->asn.number < y->asn.number);
}

/* Pointers to `count` elements of `size` octets, sorted. NULL without memory. */
static const void **
sorted(const void *elements, size_t count, size_t size, int order(const void *, const void *))
{
	const void **list = calloc(count ? count : 1, sizeof(*list));
	if (!list)
		return NULL;
	for (size_t i = 0; i < count; i++)
		list[i] = (const uint8_t *)elements + i * size;
	if (count)
		qsort(list, count, sizeof(*list), order);
	return list;
}

static bool
has_twins(const void *const *list, size_t count, int order(const void *, const void *))
{
	for (size_t i = 1; i < count; i++)
		if (order(&list[i - 1], &list[i]) == 0)
			return true;
	return false;
}

static bool
are_sets(const struct registry_content *content)
{
	for (size_t i = 0; i < content->set_count; i++) {
		const struct registry_part *part = &content->sets[i];
		if (part->length < sizeof(struct registry_set_header) ||
		    part->length % REGISTRY_ALIGN != 0 ||
		    memcmp(part->octets, REGISTRY_SET_MAGIC, 8) != 0)
			return false;
	}
	return true;
}

/* The parts stand in the file in the order given; the places in the order of names. */
static void
put_places(struct buf *out, const struct registry_content *content,
	   const struct registry_part *const *list, uint64_t head_length)
{
	size_t from = out->length;
	if (!pad(out, from, content->set_count * sizeof(struct registry_place)))
		return;
	uint64_t *offsets = malloc((content->set_count + 1) * sizeof(*offsets));
	if (!offsets) {
		out->failed = true;
		return;
	}
	offsets[0] = head_length;
	for (size_t i = 0; i < content->set_count; i++)
		offsets[i + 1] = offsets[i] + content->sets[i].length;
	for (size_t i = 0; i < content->set_count; i++) {
		struct registry_place place = {offsets[list[i] - content->sets], list[i]->length,
					       list[i]->state};
		memcpy(out->data + from + i * sizeof(place), &place, sizeof(place));
	}
	free(offsets);
}

static void
put_networks(struct buf *out, struct buf *texts, const struct registry_network *const *list,
	     size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct registry_network *n = list[i];
		struct registry_network_entry entry = {n->asn.number, n->prefixes_ipv4,
						       n->prefixes_ipv6, n->never_via_route_servers,
						       REGISTRY_NO_TEXT};
		if (n->as_set) {
			entry.as_set = (uint32_t)texts->length;
			buf_put(texts, n->as_set, strlen(n->as_set) + 1);
		}
		buf_put(out, &entry, sizeof(entry));
	}
	out->failed = out->failed || texts->failed;
}

static uint64_t
texts_length(const struct registry_content *content)
{
	uint64_t length = 0;
	for (size_t i = 0; i < content->network_count; i++)
		if (content->networks[i].as_set)
			length += strlen(content->networks[i].as_set) + 1;
	return length;
}

/* A table of them, and of each prefix by itself. */
static void
put_record(struct registry_record_entry *table, struct registry_head *head,
	   const struct registry_record *record, uint32_t origin)
{
	unsigned family = record->prefix.ip.family, length = record->prefix.length;
	uint64_t key = registry_short_v6(registry_high(&record->prefix.ip), length);
	uint32_t at = registry_begin(registry_hash_record(key, origin, family, head->record_seed),
				     head->record_places);
	for (; table[at].key; at = at + 1 < head->record_places ? at + 1 : 0) {
		struct registry_record_entry *entry = &table[at];
		if (entry->key != key || entry->origin != origin || entry->family != family)
			continue;
		entry->sources |= record->sources;
		return;
	}
	table[at] = (struct registry_record_entry){
		.key = key,
		.origin = origin,
		.family = (uint8_t)family,
		.sources = record->sources,
	};
	head->record_lengths[family == IP_V6] |= UINT64_C(1) << length;
	head->record_count++;
}

static void
put_records(struct buf *out, struct registry_head *head, const struct registry_content *content)
{
	size_t size = head->record_places * sizeof(struct registry_record_entry);
	struct registry_record_entry *table = calloc(head->record_places + 1, sizeof(*table));
	if (!table) {
		out->failed = true;
		return;
	}
	for (size_t i = 0; i < content->record_count; i++) {
		const struct registry_record *record = &content->records[i];
		if (record->prefix.length > REGISTRY_SHORT_V6 || !record->origin.number ||
		    !record->sources)
			continue;
		put_record(table, head, record, record->origin.number);
		put_record(table, head, record, 0);
	}
	buf_put(out, table, size);
	free(table);
}

/* Everything of the head; the lists are sorted. */
static void
put_head(struct buf *out, const struct registry_content *content,
	 const struct registry_part *const *sets, const struct registry_network *const *networks)
{
	size_t from = out->length;
	size_t places = content->set_count * sizeof(struct registry_place);
	size_t entries = content->network_count * sizeof(struct registry_network_entry);
	struct registry_head head = {
		.magic = REGISTRY_FILE_MAGIC,
		.written = content->written.s,
		.set_count = (uint32_t)content->set_count,
		.network_count = (uint32_t)content->network_count,
		.texts_length = (uint32_t)texts_length(content),
		.record_seed = content->record_seed,
		.record_places = places_for(2 * content->record_count),
	};
	uint64_t records_at =
		registry_records_at(sizeof(head) + places + entries + head.texts_length);
	head.head_length = registry_aligned(
		records_at + (uint64_t)head.record_places * sizeof(struct registry_record_entry));
	head.file_length = head.head_length;
	for (size_t i = 0; i < content->set_count; i++)
		head.file_length += content->sets[i].length;
	struct buf texts = {0};
	buf_put(out, &head, sizeof(head));
	put_places(out, content, sets, head.head_length);
	put_networks(out, &texts, networks, content->network_count);
	buf_put(out, texts.data, texts.length);
	buf_fini(&texts);
	if (out->failed || !pad(out, from, records_at))
		return;
	put_records(out, &head, content);
	if (out->failed || !pad(out, from, head.head_length))
		return;
	head.networks_hash =
		hash_bytes(out->data + from + sizeof(head) + places, entries + head.texts_length);
	memcpy(out->data + from, &head, sizeof(head));
	head.checksum = hash_bytes(out->data + from + REGISTRY_CHECKSUM_FROM,
				   head.head_length - REGISTRY_CHECKSUM_FROM);
	memcpy(out->data + from, &head, sizeof(head));
}

int
registry_head_write(struct buf *out, const struct registry_content *content)
{
	if (content->set_count > REGISTRY_COUNT_MAX ||
	    content->network_count > REGISTRY_COUNT_MAX || texts_length(content) >= UINT32_MAX ||
	    content->record_count > REGISTRY_RECORDS_MAX / 3 || !are_sets(content))
		return -1;
	const void **sets =
		sorted(content->sets, content->set_count, sizeof(*content->sets), by_name);
	const void **networks = sorted(content->networks, content->network_count,
				       sizeof(*content->networks), by_asn);
	int result = -1;
	if (sets && networks && !has_twins(sets, content->set_count, by_name) &&
	    !has_twins(networks, content->network_count, by_asn)) {
		put_head(out, content, (const struct registry_part *const *)sets,
			 (const struct registry_network *const *)networks);
		result = out->failed ? -1 : 0;
	}
	free(sets);
	free(networks);
	return result;
}

int
registry_write(struct buf *out, const struct registry_content *content)
{
	if (registry_head_write(out, content) < 0)
		return -1;
	for (size_t i = 0; i < content->set_count; i++)
		buf_put(out, content->sets[i].octets, content->sets[i].length);
	return out->failed ? -1 : 0;
}
