/* AS paths of both widths. */
#include "exchange/bgp/bgp_as_path.h"

#include <assert.h>
#include <string.h>

static uint32_t
number(struct cursor *c, unsigned as_octets)
{
	return as_octets == 4 ? cursor_u32(c) : cursor_u16(c);
}

enum bgp_reason
bgp_as_path_read(struct bgp_path_facts *out, struct cursor path, unsigned as_octets)
{
	struct bgp_path_facts facts = {0};
	bool first_segment = true, zero = false;
	while (cursor_left(&path)) {
		uint8_t type = cursor_u8(&path);
		uint8_t count = cursor_u8(&path);
		struct cursor numbers = cursor_sub(&path, (size_t)count * as_octets);
		if (numbers.failed || !count || type < BGP_AS_SET || type > BGP_AS_CONFED_SET)
			return BGP_REASON_PATH_SEGMENT;
		uint32_t first = 0, last = 0;
		for (unsigned i = 0; i < count; i++) {
			last = number(&numbers, as_octets);
			zero |= !last;
			facts.has_large |= last > UINT16_MAX;
			if (!i)
				first = last;
		}
		bool sequence = type == BGP_AS_SEQUENCE;
		if (first_segment && sequence)
			facts.first.number = first;
		facts.origin.number = sequence ? last : 0;
		facts.hops += sequence ? count : type == BGP_AS_SET;
		facts.has_set |= type == BGP_AS_SET;
		facts.has_confederation |= type >= BGP_AS_CONFED_SEQUENCE;
		first_segment = false;
	}
	if (zero)
		return BGP_REASON_AS_ZERO;
	*out = facts;
	return BGP_REASON_NONE;
}

bool
bgp_as_path_next(struct bgp_path_segment *out, struct cursor *path, unsigned as_octets)
{
	if (!cursor_left(path))
		return false;
	out->type = cursor_u8(path);
	out->count = cursor_u8(path);
	out->numbers = cursor_sub(path, (size_t)out->count * as_octets);
	assert(!out->numbers.failed);
	return true;
}

static unsigned
hops_of(const struct bgp_path_segment *segment)
{
	return segment->type == BGP_AS_SEQUENCE ? segment->count : segment->type == BGP_AS_SET;
}

static unsigned
hops(struct cursor path, unsigned as_octets)
{
	struct bgp_path_segment segment;
	unsigned sum = 0;
	while (bgp_as_path_next(&segment, &path, as_octets))
		sum += hops_of(&segment);
	return sum;
}

/* Where a merged path is written to. */
struct path_writer {
	uint8_t *to;
	size_t size, used;
	size_t last; /* the segment written last, when it is a sequence; else SIZE_MAX */
};

/* Adds the first `count` numbers of a segment; a sequence after a sequence goes on with it, as it
 * was before the 2-octet speaker cut it. False when there is no room. */
static bool
add(struct path_writer *w, struct bgp_path_segment segment, unsigned count, unsigned as_octets)
{
	bool join = segment.type == BGP_AS_SEQUENCE && w->last != SIZE_MAX &&
		    w->to[w->last + 1] + count <= UINT8_MAX;
	if (w->size - w->used < 2 + 4 * (size_t)count)
		return false;
	if (join) {
		w->to[w->last + 1] += (uint8_t)count;
	} else {
		w->last = segment.type == BGP_AS_SEQUENCE ? w->used : SIZE_MAX;
		w->to[w->used++] = segment.type;
		w->to[w->used++] = (uint8_t)count;
	}
	for (unsigned i = 0; i < count; i++) {
		uint32_t value = number(&segment.numbers, as_octets);
		for (int shift = 24; shift >= 0; shift -= 8)
			w->to[w->used++] = (uint8_t)(value >> shift);
	}
	return true;
}

size_t
bgp_as_path_merge(uint8_t *to, size_t size, struct cursor path2, struct cursor path4)
{
	struct path_writer w = {.to = to, .size = size, .last = SIZE_MAX};
	struct bgp_path_segment segment;
	bool merge = cursor_left(&path4) > 0;
	unsigned have = hops(path2, 2), known = hops(path4, 4);
	assert(have >= known);
	unsigned lead = have - known;
	while ((!merge || lead) && bgp_as_path_next(&segment, &path2, 2)) {
		unsigned cost = hops_of(&segment), count = segment.count;
		if (merge && cost > lead)
			count = cost = lead; /* only a sequence can cost more than one */
		lead -= merge ? cost : 0;
		w.last = SIZE_MAX;
		if (!add(&w, segment, count, 2))
			return 0;
	}
	for (bool first = true; bgp_as_path_next(&segment, &path4, 4); first = false) {
		if (!first)
			w.last = SIZE_MAX;
		bool confederation = segment.type >= BGP_AS_CONFED_SEQUENCE;
		if (!confederation && !add(&w, segment, segment.count, 4))
			return 0;
	}
	return w.used;
}

void
bgp_as_path_narrow(struct buf *to, struct cursor path)
{
	struct bgp_path_segment segment;
	while (bgp_as_path_next(&segment, &path, 4)) {
		buf_u8(to, segment.type);
		buf_u8(to, segment.count);
		for (unsigned i = 0; i < segment.count; i++) {
			uint32_t value = cursor_u32(&segment.numbers);
			buf_u16(to, value > UINT16_MAX ? ASN_TRANS : (uint16_t)value);
		}
	}
}
