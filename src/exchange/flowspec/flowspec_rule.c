/* Reading, normalising and ordering rules. */
#include "exchange/flowspec/flowspec_rule.h"

#include <assert.h>
#include <string.h>

#include "exchange/flowspec/flowspec_component.h"

enum {
	END = 0x80, /* the last term of a component */
	AND = 0x40,
	LENGTH = 0x30, /* octets of the value, as a power of two */
	LENGTH_SHIFT = 4,
	NUMBER_BITS = 0x07,
	MASK_BITS = 0x03,
};

const char *
flowspec_fault_text(enum flowspec_fault fault)
{
	static const char *const texts[] = {
		[FLOWSPEC_SOUND] = "sound",
		[FLOWSPEC_EMPTY] = "no component",
		[FLOWSPEC_TOO_LONG] = "too long",
		[FLOWSPEC_CUT] = "ends within a component",
		[FLOWSPEC_ORDER] = "components out of order",
		[FLOWSPEC_TYPE] = "unknown component",
		[FLOWSPEC_PREFIX] = "prefix malformed",
		[FLOWSPEC_VALUE] = "value out of range",
	};
	static_assert(sizeof(texts) / sizeof(texts[0]) == FLOWSPEC_FAULTS, "a text for each");
	assert((unsigned)fault < FLOWSPEC_FAULTS);
	return texts[fault];
}

/* What a term of a component may hold. Bits that a mask has no meaning for are ignored (RFC 8955 sections 4.2.2.9 and
 * 4.2.2.12, RFC 8956 section 3.6); a number that cannot be is an error. */
struct kind {
	bool known, mask;
	uint32_t most;
};

static struct kind
kind_of(enum ip_family family, uint8_t type)
{
	bool v6 = family == IP_V6;
	switch (type) {
	case FLOWSPEC_PROTOCOL:
	case FLOWSPEC_ICMP_TYPE:
	case FLOWSPEC_ICMP_CODE:
		return (struct kind){true, false, UINT8_MAX};
	case FLOWSPEC_PORT:
	case FLOWSPEC_DESTINATION_PORT:
	case FLOWSPEC_SOURCE_PORT:
	case FLOWSPEC_PACKET_LENGTH:
		return (struct kind){true, false, UINT16_MAX};
	case FLOWSPEC_TCP_FLAGS:
		return (struct kind){true, true, 0x0fff};
	case FLOWSPEC_DSCP:
		return (struct kind){true, false, 63};
	case FLOWSPEC_FRAGMENT:
		return (struct kind){true, true, v6 ? 0x0e : 0x0f};
	case FLOWSPEC_FLOW_LABEL:
		return (struct kind){v6, false, 0xfffff};
	default:
		return (struct kind){0};
	}
}

/* --- reading --- */

/* The one form while it is made. */
struct making {
	enum ip_family family;
	uint16_t length;
	uint8_t *octets;
};

static void
put(struct making *to, uint8_t octet)
{
	/* The one form is never longer than what was read. */
	assert(to->length < FLOWSPEC_RULE_MAX);
	to->octets[to->length++] = octet;
}

static enum flowspec_fault
read_prefix(struct making *out, struct cursor *from)
{
	unsigned length = cursor_u8(from), offset = out->family == IP_V6 ? cursor_u8(from) : 0;
	if (from->failed)
		return FLOWSPEC_CUT;
	/* RFC 8956 section 3.1: 0 and 0 is every address. */
	if (length > ip_bits(out->family) || (offset && offset >= length))
		return FLOWSPEC_PREFIX;
	unsigned bits = length - offset;
	size_t octets = (bits + 7) / 8;
	const uint8_t *pattern = cursor_take(from, octets);
	if (!pattern)
		return FLOWSPEC_CUT;
	put(out, (uint8_t)length);
	if (out->family == IP_V6)
		put(out, (uint8_t)offset);
	for (size_t i = 0; i < octets; i++)
		put(out, i + 1 < octets || bits % 8 == 0
				 ? pattern[i]
				 : pattern[i] & (uint8_t)(0xff << (8 - bits % 8)));
	return FLOWSPEC_SOUND;
}

static void
put_term(struct making *out, uint8_t op, uint64_t value)
{
	unsigned power = value > UINT16_MAX ? 2 : value > UINT8_MAX ? 1 : 0;
	put(out, (uint8_t)(op | power << LENGTH_SHIFT));
	for (int shift = (8 << power) - 8; shift >= 0; shift -= 8)
		put(out, (uint8_t)(value >> shift));
}

static enum flowspec_fault
read_terms(struct making *out, struct cursor *from, struct kind kind)
{
	bool first = true;
	for (;;) {
		uint8_t op = cursor_u8(from);
		uint64_t value = cursor_uint(from, (size_t)1 << ((op & LENGTH) >> LENGTH_SHIFT));
		if (from->failed)
			return FLOWSPEC_CUT;
		if (kind.mask)
			value &= kind.most;
		if (value > kind.most)
			return FLOWSPEC_VALUE;
		/* RFC 8955 section 4.2.1.1: the first has nothing to be joined with. */
		uint8_t kept = END | (first ? 0 : AND) | (kind.mask ? MASK_BITS : NUMBER_BITS);
		put_term(out, op & kept, value);
		first = false;
		if (op & END)
			return FLOWSPEC_SOUND;
	}
}

enum flowspec_fault
flowspec_rule_read(struct flowspec_rule *out, uint8_t storage[FLOWSPEC_RULE_MAX],
		   enum ip_family family, struct cursor octets)
{
	struct making made = {.family = family, .octets = storage};
	if (!cursor_left(&octets))
		return FLOWSPEC_EMPTY;
	if (cursor_left(&octets) > FLOWSPEC_RULE_MAX)
		return FLOWSPEC_TOO_LONG;
	uint8_t last = 0;
	while (cursor_left(&octets)) {
		uint8_t type = cursor_u8(&octets);
		bool prefix = type == FLOWSPEC_DESTINATION || type == FLOWSPEC_SOURCE;
		struct kind kind = kind_of(family, type);
		if (!prefix && !kind.known)
			return FLOWSPEC_TYPE;
		if (type <= last)
			return FLOWSPEC_ORDER;
		last = type;
		put(&made, type);
		enum flowspec_fault fault =
			prefix ? read_prefix(&made, &octets) : read_terms(&made, &octets, kind);
		if (fault != FLOWSPEC_SOUND)
			return fault;
	}
	*out = (struct flowspec_rule){family, made.length, made.octets};
	return FLOWSPEC_SOUND;
}

/* --- components of a sound rule --- */

/* The pattern at its place in an address. */
static struct ip
place_pattern(enum ip_family family, const uint8_t *pattern, unsigned offset, unsigned length)
{
	struct ip ip = {.family = (uint8_t)family};
	for (unsigned bit = offset; bit < length; bit++) {
		unsigned from = bit - offset;
		if (pattern[from / 8] >> (7 - from % 8) & 1)
			ip.octets[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	}
	return ip;
}

static void
take_prefix(struct flowspec_component *out, enum ip_family family, struct cursor *rule)
{
	unsigned length = cursor_u8(rule), offset = family == IP_V6 ? cursor_u8(rule) : 0;
	const uint8_t *pattern = cursor_take(rule, (length - offset + 7) / 8);
	assert(pattern);
	out->prefix.ip = place_pattern(family, pattern, offset, length);
	out->prefix.length = (uint8_t)length;
	out->offset = (uint8_t)offset;
}

bool
flowspec_component_next(struct flowspec_component *out, enum ip_family family, struct cursor *rule)
{
	if (!cursor_left(rule))
		return false;
	const uint8_t *start = rule->at;
	*out = (struct flowspec_component){.type = cursor_u8(rule)};
	out->is_prefix = out->type <= FLOWSPEC_SOURCE;
	if (out->is_prefix) {
		take_prefix(out, family, rule);
		return true;
	}
	out->is_mask = kind_of(family, out->type).mask;
	out->terms = *rule;
	struct flowspec_term term;
	while (flowspec_term_next(&term, rule))
		if (term.end)
			break;
	out->terms.end = rule->at;
	assert(!rule->failed && rule->at > start);
	return true;
}

bool
flowspec_term_next(struct flowspec_term *out, struct cursor *terms)
{
	if (!cursor_left(terms))
		return false;
	uint8_t op = cursor_u8(terms);
	*out = (struct flowspec_term){
		.end = op & END,
		.joined = op & AND,
		.op = op & NUMBER_BITS,
		.value = (uint32_t)cursor_uint(terms, (size_t)1 << ((op & LENGTH) >> LENGTH_SHIFT)),
	};
	return true;
}

static struct cursor
octets_of(const struct flowspec_rule *rule)
{
	return cursor_of(rule->octets, rule->length);
}

void
flowspec_rule_facts(struct flowspec_facts *out, const struct flowspec_rule *rule)
{
	struct cursor octets = octets_of(rule);
	struct flowspec_component component;
	*out = (struct flowspec_facts){0};
	while (flowspec_component_next(&component, rule->family, &octets)) {
		out->types |= UINT32_C(1) << component.type;
		if (component.type == FLOWSPEC_DESTINATION && !component.offset)
			out->destination = component.prefix;
	}
}

/* --- the order --- */

static int
order(int less)
{
	return (less > 0) - (less < 0);
}

/* The more specific one goes first. */
static int
compare_prefixes(const struct flowspec_component *a, const struct flowspec_component *b)
{
	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	unsigned common = a->prefix.length < b->prefix.length ? a->prefix.length : b->prefix.length;
	struct prefix short_a = prefix_of(a->prefix.ip, common);
	struct prefix short_b = prefix_of(b->prefix.ip, common);
	int found = ip_compare(short_a.ip, short_b.ip);
	return found ? order(found) : order((int)b->prefix.length - (int)a->prefix.length);
}

/* As strings of octets; of two that begin alike the longer goes first. */
static int
compare_terms(struct cursor a, struct cursor b)
{
	size_t length_a = cursor_left(&a), length_b = cursor_left(&b);
	int found = memcmp(a.at, b.at, length_a < length_b ? length_a : length_b);
	return found ? order(found) : order((length_a < length_b) - (length_a > length_b));
}

int
flowspec_rule_compare(const struct flowspec_rule *a, const struct flowspec_rule *b)
{
	struct cursor rest_a = octets_of(a), rest_b = octets_of(b);
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	for (;;) {
		struct flowspec_component one, other;
		bool more_a = flowspec_component_next(&one, a->family, &rest_a);
		bool more_b = flowspec_component_next(&other, b->family, &rest_b);
		if (!more_a || !more_b) /* the one with more components goes first */
			return (int)more_b - (int)more_a;
		if (one.type != other.type)
			return one.type < other.type ? -1 : 1;
		int found = one.is_prefix ? compare_prefixes(&one, &other)
					  : compare_terms(one.terms, other.terms);
		if (found)
			return found;
	}
}

void
flowspec_rule_put(struct buf *to, const struct flowspec_rule *rule)
{
	if (rule->length < 240) /* RFC 8955 section 4.1 */
		buf_u8(to, (uint8_t)rule->length);
	else
		buf_u16(to, (uint16_t)(0xf000 | rule->length));
	buf_put(to, rule->octets, rule->length);
}
