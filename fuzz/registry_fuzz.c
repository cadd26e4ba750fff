/* Octets that open as a registry can be asked anything. The input is a patch: a file is built from
 * its beginning, octets of it are changed as the rest says, and its checksums are mended. */
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/hash.h"
#include "hub/registry.h"
#include "hub/registry_layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
ask_set(const struct registry_set *set)
{
	volatile unsigned found = 0;
	for (uint32_t i = 0; i < 64; i++) {
		uint8_t octets[16] = {(uint8_t)(i * 37), (uint8_t)i, 0, 1, [15] = (uint8_t)i};
		struct prefix p = prefix_of(i % 2 ? ip_v6(octets) : ip_v4(i * 67108879), i * 2);
		registry_set_hint(set, &p);
		found += registry_set_has(set, &p) + registry_set_covers(set, &p);
		found += registry_set_has_origin(set, (struct asn){i});
	}
	found += (unsigned)strlen(registry_set_name(set));
}

static void
ask_everything(const uint8_t *octets, size_t length)
{
	const char *error;
	struct registry *r = registry_open(octets, length, &error);
	for (size_t i = 0; r && i < registry_set_count(r); i++) {
		const struct registry_set *set = registry_set_at(r, i);
		ask_set(set);
		if (registry_set_find(r, registry_set_name(set), registry_set_family(set)) != set)
			abort();
	}
	for (size_t i = 0; r && i < registry_network_count(r); i++) {
		const struct registry_network *n = registry_network_at(r, i);
		if (registry_network_find(r, n->asn) != n ||
		    (n->as_set && strlen(n->as_set) > length))
			abort();
	}
	struct registry_record record;
	for (size_t i = 0; r && registry_record_next(r, &i, &record);)
		if (!registry_record_find(r, &record.prefix, record.origin, true))
			abort();
	registry_close(r);
}

static void
build(struct buf *out, struct cursor *in)
{
	struct buf octets[2] = {{0}};
	struct registry_part parts[2];
	struct registry_network networks[2] = {{{1 + cursor_u8(in)}, 1, 2, true, "AS-X"},
					       {{1000}, 3, 4, false, NULL}};
	for (size_t s = 0; s < 2; s++) {
		struct prefix prefixes[8];
		struct asn origins[4];
		size_t count = cursor_u8(in) % 9;
		for (size_t i = 0; i < count; i++) {
			uint8_t address[16];
			cursor_copy(in, address, sizeof(address));
			prefixes[i] =
				prefix_of(s ? ip_v6(address) : ip_v4((uint32_t)address[0] << 24),
					  cursor_u8(in));
		}
		for (size_t i = 0; i < 4; i++)
			origins[i].number = cursor_u8(in);
		struct registry_answer answer = {"AS-X", s ? IP_V6 : IP_V4, {1},
						 {1},    cursor_u8(in),     prefixes,
						 count,  origins,           4};
		if (registry_set_write(&octets[s], &answer) < 0)
			abort();
		parts[s] = (struct registry_part){octets[s].data, octets[s].length, REGISTRY_HELD};
	}
	struct registry_record records[4] = {0};
	for (size_t i = 0; i < 4; i++) {
		uint8_t address[16] = {cursor_u8(in), 1};
		records[i].prefix =
			prefix_of(i % 2 ? ip_v6(address) : ip_v4((uint32_t)address[0] << 24),
				  cursor_u8(in) % 64);
		records[i].origin.number = cursor_u8(in);
		records[i].sources = cursor_u8(in);
	}
	struct registry_content content = {.written = {1},
					   .sets = parts,
					   .set_count = 2,
					   .networks = networks,
					   .network_count = 2,
					   .records = records,
					   .record_count = 4,
					   .record_seed = 7};
	if (registry_write(out, &content) < 0)
		abort();
	buf_fini(&octets[0]);
	buf_fini(&octets[1]);
}

static void
mend(uint8_t *octets, uint64_t length)
{
	uint64_t sum = hash_bytes(octets + REGISTRY_CHECKSUM_FROM, length - REGISTRY_CHECKSUM_FROM);
	memcpy(octets + 8, &sum, sizeof(sum));
}

/* Of the head and of every set that still begins where it did. */
static void
mend_all(struct buf *file, const struct registry_head *head)
{
	for (uint32_t i = 0; i < head->set_count; i++) {
		struct registry_place place;
		memcpy(&place, file->data + sizeof(*head) + i * sizeof(place), sizeof(place));
		if (place.offset % 8 == 0 && place.offset >= head->head_length &&
		    place.offset < file->length && place.length <= file->length - place.offset &&
		    place.length > REGISTRY_CHECKSUM_FROM)
			mend(file->data + place.offset, place.length);
	}
	mend(file->data, head->head_length);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor in = cursor_of(data, size);
	struct buf file = {0};
	struct registry_head head;
	build(&file, &in);
	ask_everything(file.data, file.length);
	memcpy(&head, file.data, sizeof(head));
	while (cursor_left(&in) >= 4) {
		size_t at =
			cursor_u8(&in) & 1 ? cursor_u16(&in) : file.length - 1 - cursor_u16(&in);
		file.data[at % file.length] = cursor_u8(&in);
	}
	mend_all(&file, &head);
	ask_everything(file.data, file.length);
	buf_fini(&file);
	/* The input itself, aligned by malloc. */
	uint8_t *copy = malloc(size + 1);
	if (copy && size)
		memcpy(copy, data, size);
	if (copy)
		ask_everything(copy, size);
	free(copy);
	return 0;
}
