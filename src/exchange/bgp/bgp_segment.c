/* Segments within a segment list (RFC 9830 section 2.4.4.2, RFC 9831 section 2).
 *
 *	type | length | flags | algorithm, or reserved | what the row below says | SID | behavior
 *
 * The length tells which of the optional parts are there; the flags say so as well, and are written
 * accordingly. */
#include <assert.h>
#include <string.h>

#include "exchange/bgp/bgp_tunnel.h"

enum {
	FLAG_V = 0x80,
	FLAG_A = 0x40,
	FLAG_S = 0x20,
	FLAG_B = 0x10
}; /* RFC 9830 section 6.8, RFC 9831 */
enum { HEAD = 2, LABEL = 4, SID6 = 16, BEHAVIOR = 8, INDEX = 4 };

/* What each type has between head and SID. */
static const struct shape {
	uint8_t type; /* of the sub-TLV */
	char letter;
	enum ip_family family; /* of its addresses */
	bool index, remote, algorithm;
} shapes[] = {
	{1, 'A', IP_NONE, false, false, false}, {13, 'B', IP_NONE, false, false, false},
	{3, 'C', IP_V4, false, false, true},    {4, 'D', IP_V6, false, false, true},
	{5, 'E', IP_V4, true, false, false},    {6, 'F', IP_V4, false, true, false},
	{7, 'G', IP_V6, true, true, false},     {8, 'H', IP_V6, false, true, false},
	{14, 'I', IP_V6, false, false, true},   {15, 'J', IP_V6, true, true, true},
	{16, 'K', IP_V6, false, true, true},
};

char
bgp_segment_letter(uint8_t type)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (shapes[i].type == type)
			return shapes[i].letter;
	return 0;
}

static const struct shape *
shape_of(char letter)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (shapes[i].letter == letter)
			return &shapes[i];
	assert(!"a segment of types A to K");
	return NULL;
}

static struct ip
read_ip(struct cursor *c, enum ip_family family)
{
	struct ip ip = {.family = (uint8_t)family};
	cursor_copy(c, ip.octets, ip_bits(family) / 8);
	return ip;
}

void
bgp_behavior_read(struct sr_behavior *out, struct cursor *value)
{
	out->code = cursor_u16(value);
	cursor_skip(value, 2); /* reserved */
	out->block_bits = cursor_u8(value);
	out->node_bits = cursor_u8(value);
	out->function_bits = cursor_u8(value);
	out->argument_bits = cursor_u8(value);
}

void
bgp_behavior_write(struct buf *to, const struct sr_behavior *behavior)
{
	buf_u16(to, behavior->code);
	buf_u16(to, 0);
	buf_u8(to, behavior->block_bits);
	buf_u8(to, behavior->node_bits);
	buf_u8(to, behavior->function_bits);
	buf_u8(to, behavior->argument_bits);
}

/* Octets between head and SID. */
static size_t
middle(const struct shape *shape)
{
	size_t ends = shape->remote ? 2 : 1;
	return ends * (ip_bits(shape->family) / 8 + (shape->index ? INDEX : 0));
}

static void
read_middle(struct sr_segment *out, const struct shape *shape, struct cursor *value)
{
	if (shape->family == IP_NONE)
		return;
	if (shape->index)
		out->local_index = cursor_u32(value);
	out->local = read_ip(value, shape->family);
	if (!shape->remote)
		return;
	if (shape->index)
		out->remote_index = cursor_u32(value);
	out->remote = read_ip(value, shape->family);
}

enum bgp_tunnel_fault
bgp_segment_read(struct sr_segment *out, char type, struct cursor value)
{
	const struct shape *shape = shape_of(type);
	bool srv6 = sr_segment_is_srv6(type);
	size_t length = cursor_left(&value), bare = HEAD + middle(shape);
	size_t sid = srv6 ? SID6 : LABEL;
	bool with_sid = length == bare + sid, all = srv6 && length == bare + sid + BEHAVIOR;
	*out = (struct sr_segment){.type = type, .has_sid = with_sid || all, .has_behavior = all};
	bool needs_sid = type == 'A' || type == 'B';
	if (!out->has_sid && (needs_sid || length != bare))
		return BGP_TUNNEL_LENGTH;
	uint8_t flags = cursor_u8(&value), algorithm = cursor_u8(&value);
	out->verify = flags & FLAG_V;
	out->has_algorithm = shape->algorithm && flags & FLAG_A;
	out->algorithm = out->has_algorithm ? algorithm : 0;
	read_middle(out, shape, &value);
	if (out->has_sid && srv6)
		out->sid = read_ip(&value, IP_V6);
	else if (out->has_sid)
		out->entry = cursor_u32(&value);
	if (all)
		bgp_behavior_read(&out->behavior, &value);
	assert(!value.failed && !cursor_left(&value));
	return BGP_TUNNEL_SOUND;
}

static void
write_ip(struct buf *to, struct ip ip, enum ip_family family)
{
	buf_put(to, ip.octets, ip_bits(family) / 8);
}

static void
write_middle(struct buf *to, const struct sr_segment *s, const struct shape *shape)
{
	if (shape->family == IP_NONE)
		return;
	if (shape->index)
		buf_u32(to, s->local_index);
	write_ip(to, s->local, shape->family);
	if (!shape->remote)
		return;
	if (shape->index)
		buf_u32(to, s->remote_index);
	write_ip(to, s->remote, shape->family);
}

void
bgp_segment_write(struct buf *to, const struct sr_segment *s)
{
	const struct shape *shape = shape_of(s->type);
	bool srv6 = sr_segment_is_srv6(s->type), optional = s->type != 'A' && s->type != 'B';
	bool behavior = srv6 && s->has_sid && s->has_behavior;
	assert(s->has_sid || optional);
	size_t length = HEAD + middle(shape) + (s->has_sid ? (srv6 ? SID6 : LABEL) : 0) +
			(behavior ? BEHAVIOR : 0);
	buf_u8(to, shape->type);
	buf_u8(to, (uint8_t)length);
	buf_u8(to, (uint8_t)((s->verify ? FLAG_V : 0) | (s->has_algorithm ? FLAG_A : 0) |
			     (optional && s->has_sid ? FLAG_S : 0) | (behavior ? FLAG_B : 0)));
	buf_u8(to, s->has_algorithm ? s->algorithm : 0);
	write_middle(to, s, shape);
	if (s->has_sid && srv6)
		write_ip(to, s->sid, IP_V6);
	else if (s->has_sid)
		buf_u32(to, s->entry);
	if (behavior)
		bgp_behavior_write(to, &s->behavior);
}
