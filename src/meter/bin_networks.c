/* Networks to numbers: an array, and an open-addressing hash into it. */
#include "meter/bin_networks.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

static_assert(sizeof(struct bin_network) == 4 * (3 + BIN_PATH_HOPS), "compared as octets");

enum { FIRST_CAPACITY = 256 };

void
bin_networks_fini(struct bin_networks *n)
{
	free(n->list);
	free(n->slots);
	*n = (struct bin_networks){0};
}

void
bin_networks_clear(struct bin_networks *n)
{
	if (n->count > 1)
		memset(n->slots, 0, (n->mask + 1) * sizeof(*n->slots));
	n->count = n->list ? 1 : 0;
}

static uint32_t *
find(const struct bin_networks *n, struct bin_network network)
{
	size_t at = hash_bytes(&network, sizeof(network)) & n->mask;
	while (n->slots[at] && memcmp(&n->list[n->slots[at]], &network, sizeof(network)) != 0)
		at = (at + 1) & n->mask;
	return &n->slots[at];
}

/* Twice the room, or the first of it. The slots are twice as many as the networks. */
static int
grow(struct bin_networks *n)
{
	struct bin_networks larger = {.count = n->count ? n->count : 1};
	larger.capacity = n->capacity ? n->capacity * 2 : FIRST_CAPACITY;
	larger.mask = larger.capacity * 2 - 1;
	larger.list = calloc(larger.capacity, sizeof(*larger.list));
	larger.slots = calloc(larger.mask + 1, sizeof(*larger.slots));
	if (!larger.list || !larger.slots) {
		bin_networks_fini(&larger);
		return -1;
	}
	if (n->count)
		memcpy(larger.list, n->list, n->count * sizeof(*n->list));
	for (uint32_t i = 1; i < n->count; i++)
		*find(&larger, n->list[i]) = i;
	bin_networks_fini(n);
	*n = larger;
	return 0;
}

uint32_t
bin_networks_number(struct bin_networks *n, struct bin_network network)
{
	if (!network.origin_as && !network.next_as)
		return 0;
	uint32_t *slot = n->slots ? find(n, network) : NULL;
	if (slot && *slot)
		return *slot;
	if (n->count >= BIN_NETWORK_NUMBERS_MAX || (n->count == n->capacity && grow(n) < 0))
		return 0;
	slot = find(n, network);
	n->list[n->count] = network;
	*slot = (uint32_t)n->count++;
	return *slot;
}

struct bin_network
bin_networks_at(const struct bin_networks *n, uint32_t number)
{
	assert(number == 0 || number < n->count);
	return number ? n->list[number] : (struct bin_network){0};
}

size_t
bin_networks_size(const struct bin_networks *n)
{
	return n->list ? n->capacity * sizeof(*n->list) + (n->mask + 1) * sizeof(*n->slots) : 0;
}
