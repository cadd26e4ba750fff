/* A binary heap of what is to be settled next, the lowest key first: of searches for cheapest ways. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct corridor_heap_entry {
	uint64_t key;
	uint32_t at; /* a site, or what else is settled */
};

/* The memory is its owner's, who sees to it that there is room. */
struct corridor_heap {
	struct corridor_heap_entry *entries;
	size_t count;
};

static inline void
corridor_heap_push(struct corridor_heap *heap, uint64_t key, uint32_t at)
{
	size_t i = heap->count++;
	for (; i > 0 && heap->entries[(i - 1) / 2].key > key; i = (i - 1) / 2)
		heap->entries[i] = heap->entries[(i - 1) / 2];
	heap->entries[i] = (struct corridor_heap_entry){key, at};
}

/* Of one that is not empty. */
static inline struct corridor_heap_entry
corridor_heap_pop(struct corridor_heap *heap)
{
	struct corridor_heap_entry *e = heap->entries, top = e[0], last = e[--heap->count];
	size_t i = 0;
	for (size_t child = 1; child < heap->count; child = 2 * i + 1) {
		if (child + 1 < heap->count && e[child + 1].key < e[child].key)
			child++;
		if (last.key <= e[child].key)
			break;
		e[i] = e[child];
		i = child;
	}
	e[i] = last;
	return top;
}
