/* Horn's order: the block that brings most for its cost is joined to the one it hangs on, until it
 * hangs on the network; then it is built. A heap holds the blocks that are not built. */
#include <stdlib.h>

#include "corridor/corridor_reach_tree.h"

enum { END = UINT32_MAX };

struct block {
	int64_t weight, cost;
	uint32_t head, last; /* its places as a list; the head is the one all others need */
	uint32_t at;         /* in the heap */
};

struct ordering {
	const struct corridor_reach_tree *tree;
	struct block *blocks; /* by place */
	uint32_t *block_of;   /* of places: towards the place that stands for the block */
	uint32_t *next;       /* in the list of the block */
	uint32_t *heap;
	size_t heap_count;
};

static bool
goes_before(const struct ordering *o, uint32_t a, uint32_t b)
{
	const struct block *x = &o->blocks[a], *y = &o->blocks[b];
	__int128 left = (__int128)x->weight * y->cost, right = (__int128)y->weight * x->cost;
	return left != right ? left > right : a < b;
}

static void
set(struct ordering *o, size_t at, uint32_t block)
{
	o->heap[at] = block;
	o->blocks[block].at = (uint32_t)at;
}

static void
rise(struct ordering *o, size_t at)
{
	uint32_t block = o->heap[at];
	for (; at > 0 && goes_before(o, block, o->heap[(at - 1) / 2]); at = (at - 1) / 2)
		set(o, at, o->heap[(at - 1) / 2]);
	set(o, at, block);
}

static void
sink(struct ordering *o, size_t at)
{
	uint32_t block = o->heap[at];
	for (;;) {
		size_t child = 2 * at + 1;
		if (child >= o->heap_count)
			break;
		if (child + 1 < o->heap_count && goes_before(o, o->heap[child + 1], o->heap[child]))
			child++;
		if (!goes_before(o, o->heap[child], block))
			break;
		set(o, at, o->heap[child]);
		at = child;
	}
	set(o, at, block);
}

static uint32_t
take_best(struct ordering *o)
{
	uint32_t best = o->heap[0];
	o->heap_count--;
	if (o->heap_count) {
		set(o, 0, o->heap[o->heap_count]);
		sink(o, 0);
	}
	return best;
}

static uint32_t
find_block(struct ordering *o, uint32_t place)
{
	uint32_t *b = o->block_of;
	while (b[place] != place)
		place = b[place] = b[b[place]];
	return place;
}

static void
start(struct ordering *o)
{
	const struct corridor_reach_tree *t = o->tree;
	for (size_t i = 0; i < t->count; i++) {
		uint32_t p = t->order[i];
		o->blocks[p] = (struct block){t->net->places[p].weight, t->step[p], p, p, 0};
		o->block_of[p] = p;
		o->next[p] = END;
		set(o, i, p);
	}
	o->heap_count = t->count;
	for (size_t i = t->count / 2; i-- > 0;)
		sink(o, i);
}

static void
run(struct ordering *o, uint32_t *out)
{
	/* What is built stands for the network: its blocks have no parent to be joined to. */
	size_t built = 0;
	while (o->heap_count) {
		uint32_t best = take_best(o);
		struct block *b = &o->blocks[best];
		uint32_t parent = o->tree->parent[b->head];
		uint32_t on = parent == CORRIDOR_REACH_ROOT ? END : find_block(o, parent);
		if (on == END || o->blocks[on].at == END) {
			for (uint32_t p = b->head; p != END; p = o->next[p])
				out[built++] = p;
			b->at = END;
			continue;
		}
		struct block *to = &o->blocks[on];
		to->weight += b->weight;
		to->cost += b->cost;
		o->next[to->last] = b->head;
		to->last = b->last;
		o->block_of[best] = on;
		rise(o, to->at);
	}
}

int
corridor_reach_order(uint32_t *out, const struct corridor_reach_tree *tree)
{
	size_t n = tree->net->place_count;
	struct ordering o = {
		.tree = tree,
		.blocks = calloc(n + 1, sizeof(*o.blocks)),
		.block_of = calloc(n + 1, sizeof(*o.block_of)),
		.next = calloc(n + 1, sizeof(*o.next)),
		.heap = calloc(n + 1, sizeof(*o.heap)),
	};
	int result = -1;
	if (o.blocks && o.block_of && o.next && o.heap) {
		start(&o);
		run(&o, out);
		result = 0;
	}
	free(o.blocks);
	free(o.block_of);
	free(o.next);
	free(o.heap);
	return result;
}
