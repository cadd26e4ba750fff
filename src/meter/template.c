/* Templates compiled to what the meter needs. Information elements are those of the IANA registry
 * "IP Flow Information Export (IPFIX) Entities"; version 9 numbers them the same where both have
 * them. */
#include "meter/template.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { SLOTS = 8192 };
static_assert(SLOTS >= 2 * TEMPLATES_MAX, "at most half full");

struct templates {
	size_t count, octets;
	struct template *slots[SLOTS];
};

struct templates *
templates_new(void)
{
	return calloc(1, sizeof(struct templates));
}

void
templates_free(struct templates *t)
{
	for (size_t i = 0; t && i < SLOTS; i++)
		free(t->slots[i]);
	free(t);
}

size_t
templates_size(const struct templates *t)
{
	return sizeof(*t) + t->octets;
}

size_t
templates_bound(void)
{
	return sizeof(struct templates) + TEMPLATES_OCTETS;
}

size_t
templates_count(const struct templates *t)
{
	return t->count;
}

static size_t
slot_of(const struct templates *t, uint64_t key)
{
	size_t at = hash_u64(key) % SLOTS;
	while (t->slots[at] && t->slots[at]->key != key)
		at = (at + 1) % SLOTS;
	return at;
}

struct template *
templates_find(const struct templates *t, uint64_t key)
{
	return t->slots[slot_of(t, key)];
}

/* Linear probing without tombstones: what follows is put in again. */
static void
remove_at(struct templates *t, size_t at)
{
	t->octets -= t->slots[at]->octets;
	free(t->slots[at]);
	t->slots[at] = NULL;
	t->count--;
	for (size_t next = (at + 1) % SLOTS; t->slots[next]; next = (next + 1) % SLOTS) {
		struct template *moved = t->slots[next];
		t->slots[next] = NULL;
		t->slots[slot_of(t, moved->key)] = moved;
	}
}

void
templates_withdraw(struct templates *t, uint64_t key)
{
	size_t at = slot_of(t, key);
	if (t->slots[at])
		remove_at(t, at);
}

void
templates_withdraw_all(struct templates *t, uint16_t version, uint32_t domain, bool options)
{
	uint64_t first = template_key(version, domain, 0);
	for (size_t at = 0; at < SLOTS;) {
		struct template *have = t->slots[at];
		if (have && have->key >> 16 == first >> 16 && have->options == options)
			remove_at(t, at); /* another may stand here now */
		else
			at++;
	}
}

const struct template *
templates_next(const struct templates *t, size_t *at)
{
	while (*at < SLOTS)
		if (t->slots[(*at)++])
			return t->slots[*at - 1];
	return NULL;
}

/* Of those that are idle as many go as need to. */
static bool
make_room(struct templates *t, size_t octets, int64_t now_s)
{
	if (t->count < TEMPLATES_MAX && t->octets + octets <= TEMPLATES_OCTETS)
		return true;
	size_t oldest = SLOTS;
	for (size_t i = 0; i < SLOTS; i++)
		if (t->slots[i] &&
		    (oldest == SLOTS || t->slots[i]->used_s < t->slots[oldest]->used_s))
			oldest = i;
	if (t->slots[oldest]->used_s + TEMPLATE_IDLE_S > now_s)
		return false;
	remove_at(t, oldest);
	return make_room(t, octets, now_s);
}

/* Which element means what, and which lengths it may have (0: any up to 8, an unsigned integer in
 * reduced size, RFC 7011 section 6.2; ANY: octets). */
enum { ANY = 255 };

struct element {
	uint16_t number;
	uint8_t meaning, length;
};

static const struct element elements[] = {
	{1, FIELD_OCTETS, 0},
	{2, FIELD_PACKETS, 0},
	{4, FIELD_PROTOCOL, 0},
	{5, FIELD_TOS, 0},
	{6, FIELD_TCP_FLAGS, 0},
	{7, FIELD_SOURCE_PORT, 0},
	{8, FIELD_SOURCE_IPV4, 4},
	{10, FIELD_INPUT, 0},
	{11, FIELD_DESTINATION_PORT, 0},
	{12, FIELD_DESTINATION_IPV4, 4},
	{14, FIELD_OUTPUT, 0},
	{16, FIELD_SOURCE_AS, 0},
	{17, FIELD_DESTINATION_AS, 0},
	{23, FIELD_OCTETS_OUT, 0},
	{24, FIELD_PACKETS_OUT, 0},
	{27, FIELD_SOURCE_IPV6, 16},
	{28, FIELD_DESTINATION_IPV6, 16},
	{32, FIELD_ICMP, 0},
	{34, FIELD_SAMPLING_INTERVAL, 0},
	{48, FIELD_SAMPLER, 0},
	{50, FIELD_SAMPLING_INTERVAL, 0},
	{56, FIELD_SOURCE_MAC, 6},
	{57, FIELD_DESTINATION_MAC_OUT, 6},
	{58, FIELD_VLAN, 0},
	{59, FIELD_VLAN_OUT, 0},
	{60, FIELD_IP_VERSION, 0},
	{61, FIELD_DIRECTION, 0},
	{80, FIELD_DESTINATION_MAC, 6},
	{81, FIELD_SOURCE_MAC_OUT, 6},
	{82, FIELD_INTERFACE_NAME, ANY},
	{83, FIELD_INTERFACE_TEXT, ANY},
	{85, FIELD_OCTETS_TOTAL, 0},
	{86, FIELD_PACKETS_TOTAL, 0},
	{102, FIELD_SECTION_OFFSET, 0},
	{103, FIELD_SECTION_SIZE, 0},
	{104, FIELD_FRAME, ANY},
	{128, FIELD_NEXT_AS, 0},
	{129, FIELD_PREVIOUS_AS, 0},
	{136, FIELD_END_REASON, 1},
	{139, FIELD_ICMP, 0},
	{176, FIELD_ICMP_TYPE, 0},
	{177, FIELD_ICMP_CODE, 0},
	{178, FIELD_ICMP_TYPE, 0},
	{179, FIELD_ICMP_CODE, 0},
	{180, FIELD_SOURCE_PORT, 0},
	{181, FIELD_DESTINATION_PORT, 0},
	{182, FIELD_SOURCE_PORT, 0},
	{183, FIELD_DESTINATION_PORT, 0},
	{224, FIELD_PACKET_SIZE, 0},
	{231, FIELD_OCTETS_INITIATOR, 0},
	{232, FIELD_OCTETS_REVERSE, 0},
	{243, FIELD_DOT1Q_VLAN, 0},
	{252, FIELD_INPUT_PHYSICAL, 0},
	{253, FIELD_OUTPUT_PHYSICAL, 0},
	{254, FIELD_DOT1Q_VLAN_OUT, 0},
	{256, FIELD_ETHERNET_TYPE, 0},
	{298, FIELD_PACKETS_INITIATOR, 0},
	{299, FIELD_PACKETS_REVERSE, 0},
	{302, FIELD_SAMPLER, 0},
	{305, FIELD_PACKET_INTERVAL, 0},
	{306, FIELD_PACKET_SPACE, 0},
	{307, FIELD_PACKET_INTERVAL, 0}, /* of time: the rate is the same quotient */
	{308, FIELD_PACKET_SPACE, 0},
	{309, FIELD_SAMPLING_SIZE, 0},
	{310, FIELD_SAMPLING_POPULATION, 0},
	{311, FIELD_SAMPLING_PROBABILITY, 8},
	{312, FIELD_FRAME_SIZE, 0},
	{313, FIELD_PACKET, ANY},
	{315, FIELD_FRAME, ANY},
	{352, FIELD_OCTETS_LAYER2, 0},
	{353, FIELD_OCTETS_LAYER2_TOTAL, 0},
	{409, FIELD_SECTION_OFFSET, 0},
	{410, FIELD_SECTION_SIZE, 0},
};

/* The way back of a flow (RFC 5103): an enterprise number of its own for the same elements. */
enum { REVERSE = 29305 };
static const struct element reverse_elements[] = {
	{1, FIELD_OCTETS_REVERSE, 0},        {2, FIELD_PACKETS_REVERSE, 0},
	{85, FIELD_OCTETS_TOTAL_REVERSE, 0}, {86, FIELD_PACKETS_TOTAL_REVERSE, 0},
	{352, FIELD_OCTETS_REVERSE, 0},      {353, FIELD_OCTETS_TOTAL_REVERSE, 0},
};

enum { FIELD_NETWORK_INTERFACE_SCOPE = 2 }; /* RFC 3954 section 6.1: 2 is an interface */

/* FIELD_NONE when it is of no use, or has a length its meaning cannot have. */
static enum field
meaning_of(const struct element *list, size_t count, uint16_t number, uint16_t length)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (list[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == count || list[low].number != number)
		return FIELD_NONE;
	const struct element *e = &list[low];
	bool fits = e->length == ANY ? length > 0
		    : e->length      ? length == e->length
				     : length > 0 && length <= 8;
	return fits ? (enum field)e->meaning : FIELD_NONE;
}

#define MEANING_OF(list, number, length)                                                           \
	meaning_of(list, sizeof(list) / sizeof((list)[0]), number, length)

/* One specifier read: number (with the enterprise bit taken off), length, and whether it is ours.
 */
static enum field
take_specifier(struct cursor *c, const struct template_header *h, bool scope, uint16_t *length)
{
	uint16_t number = cursor_u16(c);
	*length = cursor_u16(c);
	if (h->enterprise && number & 0x8000) {
		uint32_t enterprise = cursor_u32(c);
		return enterprise == REVERSE
			       ? MEANING_OF(reverse_elements, number & 0x7fff, *length)
			       : FIELD_NONE;
	}
	if (scope && h->scope_types) {
		bool interface = number == FIELD_NETWORK_INTERFACE_SCOPE && *length && *length <= 8;
		return interface ? FIELD_SCOPE_INTERFACE : FIELD_NONE;
	}
	enum field meaning = MEANING_OF(elements, number, *length);
	if (scope && (meaning == FIELD_INPUT || meaning == FIELD_INPUT_PHYSICAL))
		return FIELD_SCOPE_INTERFACE;
	return meaning;
}

static const uint64_t seldom = 1ull << FIELD_PROTOCOL | 1ull << FIELD_TOS |
			       1ull << FIELD_TCP_FLAGS | 1ull << FIELD_SOURCE_PORT |
			       1ull << FIELD_DESTINATION_PORT | 1ull << FIELD_ICMP |
			       1ull << FIELD_ICMP_TYPE | 1ull << FIELD_ICMP_CODE;

/* Puts what is seldom asked for behind the others, each in the order in which it came. */
static void
part(struct template *t)
{
	struct template_field cold[TEMPLATE_FIELDS_MAX];
	size_t hot = 0, cold_count = 0;
	t->hot_count = t->field_count;
	if (t->varies || !(t->has & seldom))
		return;
	for (size_t i = 0; i < t->field_count; i++)
		if (1ull << t->fields[i].meaning & seldom)
			cold[cold_count++] = t->fields[i];
		else
			t->fields[hot++] = t->fields[i];
	memcpy(&t->fields[hot], cold, cold_count * sizeof(*cold));
	t->hot_count = (uint16_t)hot;
	t->cold = t->has & seldom;
	t->has &= ~seldom;
}

/* Compiles into `t`, which has room for all fields. False when the definition makes no sense. */
static bool
compile(struct template *t, const struct template_header *h, struct cursor *c)
{
	uint32_t skip = 0;
	for (uint32_t i = 0; i < h->fields; i++) {
		uint32_t offset = t->min_length;
		uint16_t length;
		enum field meaning = take_specifier(c, h, i < h->scopes, &length);
		bool varies = length == TEMPLATE_VARIABLE; /* H3C sends it in version 9 too */
		if (c->failed)
			return false;
		t->min_length += varies ? 1 : length;
		t->varies |= varies;
		if (meaning == FIELD_NONE && !varies) {
			skip += length;
		} else {
			t->fields[t->field_count++] = (struct template_field){
				(uint16_t)skip, length, (uint16_t)offset, (uint8_t)meaning};
			if (meaning != FIELD_NONE)
				t->has |= 1ull << meaning;
			skip = 0;
		}
		/* A record that no message can hold. Also keeps the sums small. */
		if (t->min_length > UINT16_MAX)
			return false;
	}
	t->tail = (uint16_t)skip;
	part(t);
	return t->min_length > 0;
}

/* Compiles a definition. NULL and the cursor failed when it makes no sense; NULL alone without
 * memory. */
static struct template *
make(const struct template_header *h, struct cursor *fields)
{
	const uint8_t *start = fields->at;
	size_t most = sizeof(struct template) + h->fields * sizeof(struct template_field);
	struct template *t = calloc(1, most);
	if (!t)
		return NULL;
	if (!compile(t, h, fields)) {
		cursor_fail(fields);
		free(t);
		return NULL;
	}
	size_t length = (size_t)(fields->at - start);
	size_t size = sizeof(*t) + t->field_count * sizeof(struct template_field) + length;
	struct template *fitted = realloc(t, size > most ? size : most);
	if (!fitted) {
		free(t);
		return NULL;
	}
	memcpy(&fitted->fields[fitted->field_count], start, length);
	fitted->octets = (uint32_t)(size > most ? size : most);
	fitted->key = h->key;
	fitted->options = h->options;
	fitted->source = (struct template_source){h->fields, h->scopes, (uint32_t)length};
	return fitted;
}

/* Whether a definition that is known stands here again; then the cursor moves over it. */
static bool
is_same(const struct template *t, const struct template_header *h, struct cursor *fields)
{
	if (!t || t->options != h->options || t->source.fields != h->fields ||
	    t->source.scopes != h->scopes || cursor_left(fields) < t->source.length ||
	    memcmp(fields->at, template_definition(t), t->source.length) != 0)
		return false;
	cursor_skip(fields, t->source.length);
	return true;
}

enum flow_refusal
templates_take(struct templates *t, struct template_header h, struct cursor *fields, int64_t now_s)
{
	if (!h.fields || h.fields > TEMPLATE_FIELDS_MAX || h.scopes > h.fields) {
		cursor_fail(fields);
		return FLOW_BAD_TEMPLATE;
	}
	size_t at = slot_of(t, h.key);
	if (is_same(t->slots[at], &h, fields)) {
		t->slots[at]->used_s = now_s;
		return FLOW_ACCEPTED;
	}
	struct template *made = make(&h, fields);
	if (!made)
		return fields->failed ? FLOW_BAD_TEMPLATE : FLOW_TEMPLATE_LIMIT;
	made->used_s = now_s;
	/* The one before it says what is not so any more, whether there is room for the new one or not. */
	if (t->slots[at])
		remove_at(t, at);
	if (!make_room(t, made->octets, now_s)) {
		free(made);
		return FLOW_TEMPLATE_LIMIT;
	}
	t->slots[slot_of(t, h.key)] = made;
	t->octets += made->octets;
	t->count++;
	return FLOW_ACCEPTED;
}
