/* Reading blocks of flow records back. They come from a disk, so they are read as anything from outside. */
#include <string.h>
#include <zlib.h>

#include "base/hash.h"
#include "meter/flow_keep.h"

enum { VERSION = 1, IN = 1 };

struct header {
	uint8_t addresses;
	uint16_t ports;
	uint32_t records, raw, packed;
	uint64_t start;
};

/* False if it is none. */
static bool
read_header(struct header *out, struct cursor *c)
{
	const uint8_t *magic = cursor_take(c, 4);
	uint8_t version = cursor_u8(c);
	out->addresses = cursor_u8(c);
	out->ports = cursor_u16(c);
	out->records = cursor_u32(c);
	out->start = cursor_u64(c);
	out->raw = cursor_u32(c);
	out->packed = cursor_u32(c);
	return !c->failed && memcmp(magic, "SFLB", 4) == 0 && version == VERSION &&
	       out->addresses <= HUB_ADDRESSES_FULL && out->ports <= FLOW_KEEP_PORTS_MAX &&
	       out->start <= INT64_MAX / 2 && out->raw <= FLOW_KEEP_BLOCK_MAX &&
	       out->packed <= FLOW_KEEP_BLOCK_MAX && out->packed > 0;
}

size_t
flow_block_length(struct cursor c)
{
	struct header h;
	return read_header(&h, &c) ? (size_t)FLOW_KEEP_HEADER + h.packed + FLOW_KEEP_CHECK : 0;
}

static bool
is_whole(const struct header *h, struct cursor block)
{
	size_t length = cursor_left(&block);
	if (length != (size_t)FLOW_KEEP_HEADER + h->packed + FLOW_KEEP_CHECK)
		return false;
	uint64_t sum = hash_bytes(block.at, length - FLOW_KEEP_CHECK);
	cursor_skip(&block, length - FLOW_KEEP_CHECK);
	return cursor_u64(&block) == sum;
}

int
flow_block_open(struct flow_block *out, struct arena *arena, struct cursor block)
{
	struct header h;
	struct cursor c = block;
	if (!read_header(&h, &c) || !is_whole(&h, block))
		return -1;
	uint8_t *raw = arena_take(arena, h.raw + 1);
	const char **ports = arena_take(arena, (h.ports + 1u) * sizeof(*ports));
	const uint8_t *packed = cursor_take(&c, h.packed);
	uLongf length = h.raw;
	if (!raw || !ports || uncompress(raw, &length, packed, h.packed) != Z_OK || length != h.raw)
		return -1;
	struct cursor in = cursor_of(raw, h.raw);
	for (uint32_t i = 0; i < h.ports; i++) {
		size_t size = cursor_u8(&in);
		char *id = arena_take(arena, size + 1);
		if (!id)
			return -1;
		cursor_copy(&in, id, size);
		id[size] = '\0';
		ports[i] = id;
	}
	if (in.failed)
		return -1;
	*out = (struct flow_block){in, h.records, {(int64_t)h.start}, h.addresses, ports, h.ports};
	return 0;
}

bool
flow_block_next(struct flow_block *block, struct flow_record *out)
{
	struct cursor *c = &block->in;
	if (!block->left)
		return false;
	block->left--;
	*out = (struct flow_record){.at = {block->start.s + cursor_u16(c)}};
	out->family = cursor_u8(c);
	out->in = cursor_u8(c) & IN;
	uint16_t port = cursor_u16(c);
	out->port = port < block->port_count ? block->ports[port] : "";
	out->other.number = cursor_u32(c);
	out->vlan = cursor_u16(c);
	out->rate = cursor_u32(c);
	out->octets = cursor_u64(c);
	out->packets = cursor_u64(c);
	out->protocol = cursor_u8(c);
	out->tos = cursor_u8(c);
	out->tcp_flags = cursor_u8(c);
	out->source_port = cursor_u16(c);
	out->destination_port = cursor_u16(c);
	bool has = block->addresses != HUB_ADDRESSES_NONE;
	if (has && (out->family == IP_V4 || out->family == IP_V6)) {
		size_t size = out->family == IP_V4 ? 4 : 16;
		out->source.family = out->destination.family = out->family;
		cursor_copy(c, out->source.octets, size);
		cursor_copy(c, out->destination.octets, size);
	}
	if (c->failed)
		block->left = 0;
	return !c->failed;
}
