/* Interned attribute sets: an allocator by size and a hash table with chains.
 *
 * A page has entries of one size and counts them. An empty one goes back, unless it is the only one of
 * its size with room and that size is usual: else a neighbour whose sets are of ever other sizes would
 * leave behind pages that nobody can use. */
#include "exchange/rib/rib_attrs.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "exchange/bgp/bgp_as_path.h"
#include "exchange/rib/rib_memory.h"

enum { PAGE_OCTETS = RIB_ATTRS_PAGE * RIB_ATTRS_UNIT, BUCKETS_MIN = 1024, USUAL_UNITS = 64 };

int
rib_attrs_pool_init(struct rib_attrs_pool *pool)
{
	*pool = (struct rib_attrs_pool){.mask = BUCKETS_MIN - 1};
	pool->buckets = calloc(BUCKETS_MIN, sizeof(*pool->buckets));
	return pool->buckets ? 0 : -1;
}

void
rib_attrs_pool_fini(struct rib_attrs_pool *pool)
{
	for (size_t i = 0; i < pool->page_count; i++)
		free(pool->pages[i]);
	free(pool->pages);
	free(pool->states);
	free(pool->buckets);
	*pool = (struct rib_attrs_pool){0};
}

static size_t
units_for(size_t length)
{
	return (offsetof(struct rib_attrs, bytes) + length + RIB_ATTRS_UNIT - 1) / RIB_ATTRS_UNIT;
}

static struct rib_attrs_page *
state_of(const struct rib_attrs_pool *pool, uint32_t page)
{
	return &pool->states[page - 1];
}

static void
open_page(struct rib_attrs_pool *pool, uint32_t page)
{
	struct rib_attrs_page *state = state_of(pool, page);
	uint32_t *first = &pool->open[state->units];
	state->previous = 0;
	state->next = *first;
	if (*first)
		state_of(pool, *first)->previous = page;
	*first = page;
}

static void
shut_page(struct rib_attrs_pool *pool, uint32_t page)
{
	struct rib_attrs_page *state = state_of(pool, page);
	if (state->previous)
		state_of(pool, state->previous)->next = state->next;
	else
		pool->open[state->units] = state->next;
	if (state->next)
		state_of(pool, state->next)->previous = state->previous;
}

/* A page without memory, or 0. */
static uint32_t
unused_page(struct rib_attrs_pool *pool)
{
	uint32_t page = pool->unused;
	if (page) {
		pool->unused = state_of(pool, page)->next;
		return page;
	}
	if ((pool->page_count + 1) * RIB_ATTRS_PAGE > UINT32_MAX)
		return 0;
	pool->pages = rib_grow(pool->pages, &pool->page_capacity, pool->page_count + 1,
			       sizeof(*pool->pages));
	pool->states = rib_grow(pool->states, &pool->state_capacity, pool->page_count + 1,
				sizeof(*pool->states));
	return (uint32_t)++pool->page_count;
}

static void
disuse_page(struct rib_attrs_pool *pool, uint32_t page)
{
	pool->pages[page - 1] = NULL;
	state_of(pool, page)->next = pool->unused;
	pool->unused = page;
}

/* Cuts a new page into entries of `units`. */
static int
add_page(struct rib_attrs_pool *pool, size_t units)
{
	uint32_t page = unused_page(pool);
	if (!page)
		return -1;
	size_t own = (units + 1) * RIB_ATTRS_UNIT; /* of an entry larger than a page */
	uint8_t *octets = malloc(own > PAGE_OCTETS ? own : PAGE_OCTETS);
	if (!octets) {
		disuse_page(pool, page);
		return -1;
	}
	pool->pages[page - 1] = octets;
	pool->pages_held++;
	struct rib_attrs_page *state = state_of(pool, page);
	*state = (struct rib_attrs_page){.units = (uint16_t)units};
	/* The very first unit is never used: its number means "none". */
	uint32_t base = (page - 1) * RIB_ATTRS_PAGE, first = base ? 0 : 1;
	uint32_t entries = (uint32_t)((RIB_ATTRS_PAGE - first) / units);
	for (uint32_t i = entries ? entries : 1; i-- > 0;) {
		uint32_t number = base + first + i * (uint32_t)units;
		rib_attrs_at(pool, number)->hash_next = state->free;
		state->free = number;
	}
	open_page(pool, page);
	return 0;
}

static uint32_t
take_entry(struct rib_attrs_pool *pool, size_t units)
{
	if (!pool->open[units] && add_page(pool, units))
		return RIB_ATTRS_NONE;
	uint32_t page = pool->open[units];
	struct rib_attrs_page *state = state_of(pool, page);
	uint32_t number = state->free;
	state->free = rib_attrs_at(pool, number)->hash_next;
	state->live++;
	if (!state->free)
		shut_page(pool, page);
	return number;
}

static void
give_entry(struct rib_attrs_pool *pool, uint32_t number)
{
	uint32_t page = number / RIB_ATTRS_PAGE + 1;
	struct rib_attrs_page *state = state_of(pool, page);
	if (!state->free)
		open_page(pool, page);
	rib_attrs_at(pool, number)->hash_next = state->free;
	state->free = number;
	bool only = !state->next && !state->previous;
	if (--state->live || (only && state->units <= USUAL_UNITS))
		return;
	shut_page(pool, page);
	free(pool->pages[page - 1]);
	pool->pages_held--;
	disuse_page(pool, page);
}

uint32_t
rib_attrs_hash(unsigned slot, const uint8_t *bytes, size_t length)
{
	return (uint32_t)(hash_bytes(bytes, length) ^ hash_u64(slot));
}

uint32_t
rib_attrs_find(const struct rib_attrs_pool *pool, unsigned slot, const uint8_t *bytes,
	       size_t length, uint32_t hash)
{
	uint32_t number = pool->buckets[hash & pool->mask];
	while (number) {
		const struct rib_attrs *attrs = rib_attrs_at(pool, number);
		if (attrs->hash == hash && attrs->slot == slot && attrs->length == length &&
		    memcmp(attrs->bytes, bytes, length) == 0)
			return number;
		number = attrs->hash_next;
	}
	return RIB_ATTRS_NONE;
}

/* Twice the buckets; every chain splits in two. Stays as it is if there is no memory. */
static void
grow_buckets(struct rib_attrs_pool *pool)
{
	uint32_t old_size = pool->mask + 1, size = old_size * 2;
	uint32_t *buckets = realloc(pool->buckets, size * sizeof(*buckets));
	if (!buckets)
		return;
	pool->buckets = buckets;
	pool->mask = size - 1;
	for (uint32_t i = 0; i < old_size; i++) {
		uint32_t number = buckets[i];
		buckets[i] = buckets[i + old_size] = 0;
		while (number) {
			struct rib_attrs *attrs = rib_attrs_at(pool, number);
			uint32_t next = attrs->hash_next;
			attrs->hash_next = buckets[attrs->hash & pool->mask];
			buckets[attrs->hash & pool->mask] = number;
			number = next;
		}
	}
}

void
rib_attrs_shrink(struct rib_attrs_pool *pool)
{
	uint32_t old_size = pool->mask + 1, size = BUCKETS_MIN;
	while (size < pool->live)
		size *= 2;
	uint32_t *buckets = size < old_size / 2 ? calloc(size, sizeof(*buckets)) : NULL;
	if (!buckets)
		return;
	for (uint32_t i = 0; i < old_size; i++) {
		uint32_t number = pool->buckets[i];
		while (number) {
			struct rib_attrs *attrs = rib_attrs_at(pool, number);
			uint32_t next = attrs->hash_next;
			attrs->hash_next = buckets[attrs->hash & (size - 1)];
			buckets[attrs->hash & (size - 1)] = number;
			number = next;
		}
	}
	free(pool->buckets);
	pool->buckets = buckets;
	pool->mask = size - 1;
}

uint32_t
rib_attrs_add(struct rib_attrs_pool *pool, unsigned slot, const uint8_t *bytes, size_t length,
	      uint32_t hash)
{
	assert(length <= RIB_ATTRS_BYTES_MAX && slot <= UINT16_MAX);
	size_t units = units_for(length);
	uint32_t number = take_entry(pool, units);
	if (!number)
		return RIB_ATTRS_NONE;
	if (pool->live > pool->mask)
		grow_buckets(pool);
	struct rib_attrs *attrs = rib_attrs_at(pool, number);
	*attrs = (struct rib_attrs){
		.hash_next = pool->buckets[hash & pool->mask],
		.hash = hash,
		.slot = (uint16_t)slot,
		.length = (uint16_t)length,
	};
	memcpy(attrs->bytes, bytes, length);
	pool->buckets[hash & pool->mask] = number;
	pool->live++;
	pool->octets += units * RIB_ATTRS_UNIT;
	return number;
}

static void
take_off(struct rib_attrs_pool *pool, uint32_t number)
{
	const struct rib_attrs *attrs = rib_attrs_at(pool, number);
	uint32_t *link = &pool->buckets[attrs->hash & pool->mask];
	while (*link != number)
		link = &rib_attrs_at(pool, *link)->hash_next;
	*link = attrs->hash_next;
}

void
rib_attrs_unlist(struct rib_attrs_pool *pool, uint32_t number)
{
	struct rib_attrs *attrs = rib_attrs_at(pool, number);
	if (attrs->flags & RIB_ATTRS_UNLISTED)
		return;
	take_off(pool, number);
	attrs->flags |= RIB_ATTRS_UNLISTED;
	pool->unlisted++;
}

bool
rib_attrs_equal(const struct rib_attrs_pool *pool, uint32_t a, uint32_t b)
{
	if (a == b || !a || !b || !pool->unlisted)
		return a == b;
	const struct rib_attrs *x = rib_attrs_at(pool, a), *y = rib_attrs_at(pool, b);
	return x->hash == y->hash && x->slot == y->slot && x->length == y->length &&
	       memcmp(x->bytes, y->bytes, x->length) == 0;
}

void
rib_attrs_remove(struct rib_attrs_pool *pool, uint32_t number)
{
	struct rib_attrs *attrs = rib_attrs_at(pool, number);
	if (attrs->flags & RIB_ATTRS_UNLISTED)
		pool->unlisted--;
	else
		take_off(pool, number);
	size_t units = units_for(attrs->length);
	pool->live--;
	pool->octets -= units * RIB_ATTRS_UNIT;
	give_entry(pool, number);
}

/* Octets of next hop that precede the attributes. */
static size_t
next_hop_length(const struct rib_attrs *attrs)
{
	if (!(attrs->flags & RIB_ATTRS_HOP_V6))
		return 0;
	return attrs->flags & RIB_ATTRS_LINK_LOCAL ? 32 : 16;
}

/* The first and last AS of the path (RFC 4271 section 4.3 b; each segment: type, count, numbers).
 */
static void
view_as_path(struct bgp_attrs *out, struct cursor path)
{
	out->as_path = path;
	bool first = true;
	while (cursor_left(&path)) {
		bool is_sequence = cursor_u8(&path) == BGP_AS_SEQUENCE;
		unsigned count = cursor_u8(&path);
		out->has_as_set |= !is_sequence;
		for (unsigned i = 0; i < count; i++) {
			uint32_t number = cursor_u32(&path);
			if (first)
				out->first_as.number = is_sequence ? number : 0;
			first = false;
			out->origin_as.number = is_sequence ? number : 0;
		}
	}
}

static void
view_one(struct bgp_attrs *out, unsigned type, struct cursor value, struct cursor whole)
{
	bool partial = whole.at[0] & BGP_FLAG_PARTIAL;
	switch (type) {
	case BGP_ATTR_AS_PATH:
		view_as_path(out, value);
		return;
	case BGP_ATTR_NEXT_HOP:
		out->next_hop = ip_v4(cursor_u32(&value));
		return;
	case BGP_ATTR_COMMUNITIES:
		out->communities = value;
		out->partial |= partial ? 1 : 0;
		return;
	case BGP_ATTR_EXT_COMMUNITIES:
		out->ext_communities = value;
		out->partial |= partial ? 2 : 0;
		return;
	case BGP_ATTR_LARGE_COMMUNITIES:
		out->large_communities = value;
		out->partial |= partial ? 4 : 0;
		return;
	case BGP_ATTR_LOCAL_PREF:
		out->has_local_pref = true;
		out->local_pref = cursor_u32(&value);
		return;
	case BGP_ATTR_ORIGINATOR_ID:
		out->has_originator = true;
		out->originator = cursor_u32(&value);
		return;
	case BGP_ATTR_CLUSTER_LIST:
		out->cluster_list = value;
		return;
	case BGP_ATTR_ORIGIN:
	case BGP_ATTR_MED:
		return;
	case BGP_ATTR_OTC:
		out->has_otc = true;
		out->otc.number = cursor_u32(&value);
		break;
	default:
		break;
	}
	/* The others need not be neighbours, so only those of the first stretch are told. */
	if (!cursor_left(&out->others))
		out->others = whole;
	else if (out->others.end == whole.at)
		out->others.end = whole.end;
}

static bool
is_other(unsigned type)
{
	switch (type) {
	case BGP_ATTR_ORIGIN:
	case BGP_ATTR_AS_PATH:
	case BGP_ATTR_NEXT_HOP:
	case BGP_ATTR_MED:
	case BGP_ATTR_LOCAL_PREF:
	case BGP_ATTR_COMMUNITIES:
	case BGP_ATTR_ORIGINATOR_ID:
	case BGP_ATTR_CLUSTER_LIST:
	case BGP_ATTR_EXT_COMMUNITIES:
	case BGP_ATTR_LARGE_COMMUNITIES:
		return false;
	default:
		return true;
	}
}

/* The next whole attribute; its type and value. */
static bool
next_attribute(struct cursor *whole, unsigned *type, struct cursor *value, struct cursor *list)
{
	const uint8_t *start = list->at;
	if (!cursor_left(list))
		return false;
	unsigned flags = cursor_u8(list);
	*type = cursor_u8(list);
	size_t length = flags & BGP_FLAG_EXTENDED ? cursor_u16(list) : cursor_u8(list);
	*value = cursor_sub(list, length);
	if (list->failed)
		return false;
	*whole = cursor_of(start, (size_t)(list->at - start));
	return true;
}

void
rib_attrs_view(struct bgp_attrs *out, const struct rib_attrs *attrs)
{
	*out = (struct bgp_attrs){
		.origin = attrs->origin,
		.as_hops = attrs->hops,
		.has_med = attrs->flags & RIB_ATTRS_HAS_MED,
		.med = attrs->med,
	};
	struct cursor bytes = cursor_of(attrs->bytes, attrs->length);
	if (attrs->flags & RIB_ATTRS_HOP_V6) {
		out->next_hop.family = IP_V6;
		cursor_copy(&bytes, out->next_hop.octets, 16);
		if (attrs->flags & RIB_ATTRS_LINK_LOCAL) {
			out->link_local.family = IP_V6;
			cursor_copy(&bytes, out->link_local.octets, 16);
		}
	}
	struct cursor whole, value;
	unsigned type;
	while (next_attribute(&whole, &type, &value, &bytes))
		view_one(out, type, value, whole);
}

void
rib_attrs_view_all(struct bgp_attrs *out, struct buf *gathered, const struct rib_attrs *attrs)
{
	rib_attrs_view(out, attrs);
	struct cursor bytes = cursor_of(attrs->bytes, attrs->length), whole, value;
	unsigned type;
	cursor_skip(&bytes, next_hop_length(attrs));
	buf_clear(gathered);
	while (next_attribute(&whole, &type, &value, &bytes))
		if (is_other(type))
			buf_put(gathered, whole.at, cursor_left(&whole));
	out->others = cursor_of(gathered->data, gathered->length);
}
