/* The k cheapest ways, taken from all ways in their order. */
#include "corridor/corridor_paths.h"

#include <assert.h>
#include <stdlib.h>

#include "corridor/corridor_ways.h"

static int
take(struct corridor_paths *out, struct corridor_ways *ways, unsigned k)
{
	out->paths = calloc(k, sizeof(*out->paths));
	if (!out->paths)
		return -1;
	int more = 1;
	while (out->count < k && (more = corridor_ways_next(ways, &out->paths[out->count])) == 1)
		out->count++;
	return more < 0 ? -1 : 0;
}

int
corridor_paths_find(struct corridor_paths *out, const struct corridor_graph *graph,
		    const uint64_t *cost, struct corridor_ends ends, unsigned k)
{
	assert(out && graph && cost && k >= 1 && k <= CORRIDOR_PATHS_MAX);
	*out = (struct corridor_paths){0};
	struct corridor_ways *ways = corridor_ways_new(graph, cost, ends, NULL);
	int result = ways ? take(out, ways, k) : -1;
	corridor_ways_free(ways);
	if (result < 0)
		corridor_paths_fini(out);
	return result;
}

void
corridor_paths_fini(struct corridor_paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		free(paths->paths[i].segments);
	free(paths->paths);
	*paths = (struct corridor_paths){0};
}
