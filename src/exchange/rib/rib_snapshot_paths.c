/* AS paths as words, each kept once: its number is where it begins. */
#include "exchange/rib/rib_snapshot_paths.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "exchange/bgp/bgp_as_path.h"

enum { FIRST_SLOTS = 1024, FIRST_WORDS = 4096 };

struct rib_snapshot_paths *
rib_snapshot_paths_new(void)
{
	struct rib_snapshot_paths *p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	p->capacity = FIRST_WORDS;
	p->mask = FIRST_SLOTS - 1;
	p->words = calloc(p->capacity, sizeof(*p->words));
	p->slots = calloc(FIRST_SLOTS, sizeof(*p->slots));
	p->count = 1; /* the empty path: length 0 */
	if (p->words && p->slots)
		return p;
	rib_snapshot_paths_free(p);
	return NULL;
}

void
rib_snapshot_paths_free(struct rib_snapshot_paths *p)
{
	if (!p)
		return;
	free(p->words);
	free(p->slots);
	free(p);
}

/* The hops as a path's words, with their number in front; 0 if they are none or too many. Hops inside
 * a confederation are none (RFC 5065 section 5.3). */
static size_t
read_hops(uint32_t words[1 + RIB_SNAPSHOT_HOPS], struct cursor as_path)
{
	struct bgp_path_segment segment;
	size_t count = 0;
	while (bgp_as_path_next(&segment, &as_path, 4)) {
		bool set = segment.type == BGP_AS_SET;
		size_t hops = set ? 1 : segment.type == BGP_AS_SEQUENCE ? segment.count : 0;
		if (count + hops > RIB_SNAPSHOT_HOPS)
			return 0;
		for (size_t i = 0; i < hops; i++)
			words[1 + count++] = set ? 0 : cursor_u32(&segment.numbers);
	}
	words[0] = (uint32_t)count;
	return count;
}

static uint32_t *
find(const struct rib_snapshot_paths *p, const uint32_t *words)
{
	size_t octets = (1 + (size_t)words[0]) * sizeof(*words);
	size_t at = hash_bytes(words, octets) & p->mask;
	while (p->slots[at] && (p->words[p->slots[at]] != words[0] ||
				memcmp(&p->words[p->slots[at]], words, octets) != 0))
		at = (at + 1) & p->mask;
	return &p->slots[at];
}

static int
make_room(struct rib_snapshot_paths *p, size_t words)
{
	if (p->count + words > p->capacity) {
		size_t capacity = (p->count + words) * 2;
		uint32_t *grown = realloc(p->words, capacity * sizeof(*grown));
		if (!grown || capacity > UINT32_MAX)
			return -1;
		p->words = grown;
		p->capacity = capacity;
	}
	if (p->used * 2 <= p->mask)
		return 0;
	struct rib_snapshot_paths larger = *p;
	larger.mask = p->mask * 2 + 1;
	larger.slots = calloc(larger.mask + 1, sizeof(*larger.slots));
	if (!larger.slots)
		return -1;
	for (size_t i = 0; i <= p->mask; i++)
		if (p->slots[i])
			*find(&larger, &p->words[p->slots[i]]) = p->slots[i];
	free(p->slots);
	*p = larger;
	return 0;
}

uint32_t
rib_snapshot_paths_add(struct rib_snapshot_paths *p, struct cursor as_path, uint32_t *next)
{
	uint32_t words[1 + RIB_SNAPSHOT_HOPS];
	size_t hops = read_hops(words, as_path);
	*next = hops ? words[1] : 0;
	if (!hops || make_room(p, 1 + hops) < 0)
		return 0;
	uint32_t *slot = find(p, words);
	if (!*slot) {
		*slot = (uint32_t)p->count;
		memcpy(&p->words[p->count], words, (1 + hops) * sizeof(*words));
		p->count += 1 + hops;
		p->used++;
	}
	return *slot;
}

size_t
rib_snapshot_paths_size(const struct rib_snapshot_paths *p)
{
	return p->count * sizeof(*p->words);
}
