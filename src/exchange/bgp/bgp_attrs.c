/* Writing path attributes. */
#include "exchange/bgp/bgp_attrs.h"

#include <assert.h>

#include "exchange/bgp/bgp_as_path.h"

enum {
	WELL_KNOWN = BGP_FLAG_TRANSITIVE,
	OPTIONAL = BGP_FLAG_OPTIONAL,
	OPTIONAL_TRANSITIVE = BGP_FLAG_OPTIONAL | BGP_FLAG_TRANSITIVE,
};

void
bgp_attr_put(struct buf *to, uint8_t flags, uint8_t type, struct cursor value)
{
	size_t length = cursor_left(&value);
	assert(length <= UINT16_MAX);
	bool extended = length > UINT8_MAX;
	buf_u8(to, (uint8_t)((flags & ~BGP_FLAG_EXTENDED) | (extended ? BGP_FLAG_EXTENDED : 0)));
	buf_u8(to, type);
	if (extended)
		buf_u16(to, (uint16_t)length);
	else
		buf_u8(to, (uint8_t)length);
	buf_put(to, value.at, length);
}

/* Moves those of `others` whose type is below `type` to the output. */
static void
others_below(struct buf *to, struct cursor *others, unsigned type)
{
	while (cursor_left(others)) {
		struct cursor ahead = *others;
		uint8_t flags = cursor_u8(&ahead);
		if (cursor_u8(&ahead) >= type)
			return;
		size_t length = flags & BGP_FLAG_EXTENDED ? cursor_u16(&ahead) : cursor_u8(&ahead);
		cursor_skip(&ahead, length);
		assert(!ahead.failed);
		buf_put(to, others->at, (size_t)(ahead.at - others->at));
		*others = ahead;
	}
}

static void
communities(struct buf *to, bool partial, uint8_t type, struct cursor value)
{
	if (cursor_left(&value))
		bgp_attr_put(to, OPTIONAL_TRANSITIVE | (partial ? BGP_FLAG_PARTIAL : 0), type,
			     value);
}

static void
put_u32(struct buf *to, uint8_t flags, uint8_t type, uint32_t value)
{
	buf_u8(to, flags);
	buf_u8(to, type);
	buf_u8(to, 4);
	buf_u32(to, value);
}

void
bgp_attrs_encode(struct buf *to, const struct bgp_attrs *attrs, struct bgp_communities out)
{
	struct cursor others = attrs->others;
	bgp_attr_put(to, WELL_KNOWN, BGP_ATTR_ORIGIN, cursor_of(&attrs->origin, 1));
	bgp_attr_put(to, WELL_KNOWN, BGP_ATTR_AS_PATH, attrs->as_path);
	if (attrs->next_hop.family == IP_V4)
		bgp_attr_put(to, WELL_KNOWN, BGP_ATTR_NEXT_HOP,
			     cursor_of(attrs->next_hop.octets, 4));
	if (attrs->has_med)
		put_u32(to, OPTIONAL, BGP_ATTR_MED, attrs->med);
	if (attrs->has_local_pref)
		put_u32(to, WELL_KNOWN, BGP_ATTR_LOCAL_PREF, attrs->local_pref);
	others_below(to, &others, BGP_ATTR_COMMUNITIES);
	communities(to, attrs->partial & 1, BGP_ATTR_COMMUNITIES, out.standard);
	if (attrs->has_originator)
		put_u32(to, OPTIONAL, BGP_ATTR_ORIGINATOR_ID, attrs->originator);
	if (cursor_left(&attrs->cluster_list))
		bgp_attr_put(to, OPTIONAL, BGP_ATTR_CLUSTER_LIST, attrs->cluster_list);
	others_below(to, &others, BGP_ATTR_EXT_COMMUNITIES);
	communities(to, attrs->partial & 2, BGP_ATTR_EXT_COMMUNITIES, out.extended);
	others_below(to, &others, BGP_ATTR_LARGE_COMMUNITIES);
	communities(to, attrs->partial & 4, BGP_ATTR_LARGE_COMMUNITIES, out.large);
	others_below(to, &others, UINT8_MAX + 1);
}

void
bgp_as_path_text(struct buf *to, struct cursor as_path)
{
	struct bgp_path_segment segment;
	const char *space = "";
	while (bgp_as_path_next(&segment, &as_path, 4)) {
		bool set = segment.type != BGP_AS_SEQUENCE;
		buf_str(to, space);
		buf_str(to, set ? "{" : "");
		for (unsigned i = 0; i < segment.count; i++)
			buf_printf(to, i ? " %u" : "%u", cursor_u32(&segment.numbers));
		buf_str(to, set ? "}" : "");
		space = " ";
	}
}
