/* Ways that searches of earlier cuts found, so that the same is not searched again.
 *
 * The cheapest way under some closed segments is that under others, too, when nothing of it is closed
 * then, and when of those closed at the time all that could matter still are. One that a way cannot
 * cross for what the found one costs, however open the rest is, does not matter: what is left to
 * both of its ends without a cut says so. Equal costs do matter, for ties. So of each way only the
 * few closed segments near it are kept, and states of the corridor that differ elsewhere share it.
 *
 * Only under cuts: without, ways tried before are found in order (corridor_flow_tries.c). */
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_flow_parts.h"

enum { MEMORY_OCTETS_MAX = 64 << 20 };

static size_t
octets_of(const struct flow_kept *k)
{
	return sizeof(*k) + ((size_t)k->count + k->closed_count) * sizeof(k->all[0]);
}

int
flow_memory_init(struct flow_memory *memory, size_t demands)
{
	*memory = (struct flow_memory){.demands = demands};
	memory->of = calloc(demands + 1, sizeof(*memory->of));
	return memory->of ? 0 : -1;
}

void
flow_memory_fini(struct flow_memory *memory)
{
	for (size_t d = 0; memory->of && d < memory->demands; d++)
		for (size_t i = 0; i < FLOW_KEPT; i++)
			free(memory->of[d].kept[i]);
	free(memory->of);
	*memory = (struct flow_memory){0};
}

static bool
holds(const struct flow_kept *k, const uint64_t *cost)
{
	const uint32_t *closed = k->all + k->count;
	for (uint32_t i = 0; i < k->closed_count; i++)
		if (cost[closed[i]] != CORRIDOR_CLOSED)
			return false;
	for (uint32_t i = 0; i < k->count; i++)
		if (cost[k->all[i] / 2] == CORRIDOR_CLOSED)
			return false;
	return true;
}

const struct flow_kept *
flow_memory_find(const struct flow_memory *memory, uint32_t demand, const uint64_t *cost)
{
	const struct flow_remembered *of = &memory->of[demand];
	for (size_t i = 0; i < FLOW_KEPT && of->kept[i]; i++)
		if (holds(of->kept[i], cost))
			return of->kept[i];
	return NULL;
}

void
flow_memory_keep(struct flow_memory *memory, uint32_t demand, const struct flow_kept *way,
		 const uint32_t *arcs, const uint32_t *closed)
{
	struct flow_remembered *of = &memory->of[demand];
	struct flow_kept **place = &of->kept[of->next];
	size_t octets = octets_of(way), freed = *place ? octets_of(*place) : 0;
	if (memory->octets - freed + octets > MEMORY_OCTETS_MAX)
		return;
	struct flow_kept *kept = malloc(octets);
	if (!kept)
		return; /* it is searched again */
	*kept = *way;
	if (way->count)
		memcpy(kept->all, arcs, way->count * sizeof(*arcs));
	if (way->closed_count)
		memcpy(kept->all + way->count, closed, way->closed_count * sizeof(*closed));
	free(*place);
	*place = kept;
	of->next = (of->next + 1) % FLOW_KEPT;
	memory->octets += octets - freed;
}
