/* Bytes that open as a snapshot can be asked for any address. The input is a patch: a snapshot is
 * built, octets of it are changed as the input says, and its checksum is mended. */
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/hash.h"
#include "exchange/rib/rib_snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
walk_path(const struct rib_snapshot *s, uint32_t path)
{
	size_t count;
	const uint32_t *hops = rib_snapshot_path(s, path, &count);
	volatile uint32_t sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += hops[i];
}

static void
look_everywhere(const uint8_t *bytes, size_t length)
{
	struct rib_snapshot *s = rib_snapshot_open(bytes, length);
	for (uint32_t i = 0; s && i < 1024; i++) {
		uint8_t octets[16] = {(uint8_t)(i >> 2), (uint8_t)(i << 6)};
		walk_path(s, rib_snapshot_find(s, ip_v4(i * 4194319u)).path);
		walk_path(s, rib_snapshot_find(s, ip_v6(octets)).path);
	}
	rib_snapshot_free(s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor in = cursor_of(data, size);
	struct rib_snapshot_route routes[8] = {0};
	unsigned count = cursor_u8(&in) % 8;
	for (unsigned i = 0; i < count; i++) {
		uint8_t octets[16];
		cursor_copy(&in, octets, sizeof(octets));
		struct ip ip = i % 2 ? ip_v6(octets) : ip_v4((uint32_t)octets[0] << 24);
		routes[i].prefix = prefix_of(ip, cursor_u8(&in));
		routes[i].origin.origin_as = cursor_u8(&in);
	}
	struct buf b = {0};
	if (rib_snapshot_build(&b, routes, count, NULL) < 0)
		abort();
	look_everywhere(b.data, b.length);
	while (cursor_left(&in) >= 4) {
		size_t at = cursor_u8(&in) & 1 ? cursor_u16(&in) : b.length - 1 - cursor_u16(&in);
		b.data[at % b.length] = cursor_u8(&in);
	}
	uint64_t sum = hash_bytes(b.data, b.length - 8);
	memcpy(b.data + b.length - 8, &sum, sizeof(sum));
	look_everywhere(b.data, b.length);
	/* The input itself, aligned by malloc. */
	uint8_t *copy = malloc(size + 1);
	if (copy && size)
		memcpy(copy, data, size);
	if (copy)
		look_everywhere(copy, size);
	free(copy);
	buf_fini(&b);
	return 0;
}
