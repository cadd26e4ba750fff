/* Yen's k shortest loopless ways, as Lawler partitions them.
 *
 * Each accepted way P left its parent at site number `leaves`. All further ways are split by the
 * last site at which they still run along P: for every such site the start of P is kept, its sites
 * closed, the segments by which accepted ways already leave there closed too, and the cheapest rest
 * is a candidate. The next accepted way is the best candidate. Sites before `leaves` were done when
 * the parent was accepted.
 *
 *   P:  from ──●──●──●──●──► to
 *                 │  └──► candidate: same start, other next segment
 *                 └─────► candidate
 *
 * Never more candidates are kept than ways are still wanted. */
#include "corridor/corridor_paths.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_search.h"

struct candidate {
	struct corridor_path path;
	size_t leaves; /* index of the site where it leaves the way it came from */
};

struct yen {
	const struct corridor_graph *graph;
	struct corridor_search *search;
	uint64_t *cost; /* a copy, in which segments are closed for a while */
	const uint64_t *given;
	struct corridor_ends ends;
	size_t wanted;
	struct candidate *accepted;
	size_t accepted_count;
	struct candidate *candidates; /* sorted, best first */
	size_t candidate_count;
};

static void
path_free(struct corridor_path *path)
{
	free(path->segments);
	*path = (struct corridor_path){0};
}

/* <0 when `a` comes first. */
static int
path_compare(const struct corridor_path *a, const struct corridor_path *b)
{
	if (a->cost != b->cost)
		return a->cost < b->cost ? -1 : 1;
	for (size_t i = 0; i < a->segment_count && i < b->segment_count; i++) {
		if (a->segments[i] != b->segments[i])
			return a->segments[i] < b->segments[i] ? -1 : 1;
	}
	return (a->segment_count > b->segment_count) - (a->segment_count < b->segment_count);
}

/* The first `kept` segments of `root` (NULL when 0), then the way just found to `to`. Segments and
 * sites are one allocation. */
static int
path_join(struct corridor_path *out, const struct yen *y, const struct corridor_path *root,
	  size_t kept)
{
	size_t rest = 0;
	for (uint32_t s = y->ends.b; corridor_search_before(y->search, s) != HUB_NONE; rest++)
		s = corridor_search_before(y->search, s);
	size_t count = kept + rest;
	uint32_t *numbers = calloc(2 * count + 1, sizeof(*numbers));
	if (!numbers)
		return -1;
	struct corridor_path path = {
		.segment_count = count, .segments = numbers, .sites = numbers + count};
	for (size_t i = 0; i < kept; i++) {
		path.segments[i] = root->segments[i];
		path.sites[i] = root->sites[i];
		path.cost += y->given[root->segments[i]];
	}
	path.cost += corridor_search_cost(y->search, y->ends.b);
	uint32_t site = y->ends.b;
	path.sites[count] = site;
	for (size_t i = count; i > kept; i--) {
		path.segments[i - 1] = corridor_search_segment(y->search, site);
		site = corridor_search_before(y->search, site);
		path.sites[i - 1] = site;
	}
	*out = path;
	return 0;
}

/* Puts a candidate in its place, or frees it when enough better ones are there. */
static void
candidate_insert(struct yen *y, struct candidate c)
{
	size_t room = y->wanted - y->accepted_count;
	size_t at = y->candidate_count;
	while (at > 0 && path_compare(&c.path, &y->candidates[at - 1].path) < 0)
		at--;
	if (at >= room) {
		path_free(&c.path);
		return;
	}
	if (y->candidate_count == room)
		path_free(&y->candidates[--y->candidate_count].path);
	memmove(&y->candidates[at + 1], &y->candidates[at],
		(y->candidate_count - at) * sizeof(*y->candidates));
	y->candidates[at] = c;
	y->candidate_count++;
}

static bool
same_start(const struct corridor_path *a, const struct corridor_path *b, size_t segments)
{
	return a->segment_count > segments &&
	       memcmp(a->segments, b->segments, segments * sizeof(*a->segments)) == 0;
}

/* The best way that runs along `root` for `kept` segments and then differs from every accepted one.
 * Closing a segment closes it in both directions, which changes nothing: it ends where this search
 * starts. */
static int
branch(struct yen *y, const struct corridor_path *root, size_t kept)
{
	corridor_search_reset(y->search);
	for (size_t i = 0; i < kept; i++)
		corridor_search_close(y->search, root->sites[i]);
	for (size_t i = 0; i < y->accepted_count; i++) {
		const struct corridor_path *other = &y->accepted[i].path;
		if (same_start(other, root, kept))
			y->cost[other->segments[kept]] = CORRIDOR_CLOSED;
	}
	corridor_search_go(y->search, y->cost, root->sites[kept], y->ends.b);
	for (size_t i = 0; i < y->accepted_count; i++) {
		const struct corridor_path *other = &y->accepted[i].path;
		if (same_start(other, root, kept))
			y->cost[other->segments[kept]] = y->given[other->segments[kept]];
	}
	if (corridor_search_cost(y->search, y->ends.b) == CORRIDOR_CLOSED)
		return 0;
	struct candidate c = {.leaves = kept};
	if (path_join(&c.path, y, root, kept) < 0)
		return -1;
	candidate_insert(y, c);
	return 0;
}

static int
find(struct yen *y)
{
	corridor_search_run(y->search, y->cost, y->ends.a, y->ends.b);
	if (corridor_search_cost(y->search, y->ends.b) == CORRIDOR_CLOSED)
		return 0;
	if (path_join(&y->accepted[0].path, y, NULL, 0) < 0)
		return -1;
	y->accepted_count = 1;
	while (y->accepted_count < y->wanted) {
		const struct candidate *last = &y->accepted[y->accepted_count - 1];
		for (size_t i = last->leaves; i < last->path.segment_count; i++) {
			if (branch(y, &last->path, i) < 0)
				return -1;
		}
		if (y->candidate_count == 0)
			return 0;
		y->accepted[y->accepted_count++] = y->candidates[0];
		y->candidate_count--;
		memmove(&y->candidates[0], &y->candidates[1],
			y->candidate_count * sizeof(*y->candidates));
	}
	return 0;
}

/* Hands the accepted ways over to `out`; on failure nothing is left but an empty list. */
static int
hand_over(struct corridor_paths *out, struct yen *y)
{
	*out = (struct corridor_paths){0};
	if (y->accepted_count == 0)
		return 0;
	out->paths = calloc(y->accepted_count, sizeof(*out->paths));
	if (!out->paths)
		return -1;
	for (size_t i = 0; i < y->accepted_count; i++)
		out->paths[i] = y->accepted[i].path;
	out->count = y->accepted_count;
	y->accepted_count = 0;
	return 0;
}

int
corridor_paths_find(struct corridor_paths *out, const struct corridor_graph *graph,
		    const uint64_t *cost, struct corridor_ends ends, unsigned k)
{
	assert(out && graph && cost && k >= 1 && k <= CORRIDOR_PATHS_MAX);
	assert(ends.a < graph->site_count && ends.b < graph->site_count);
	struct yen y = {.graph = graph, .given = cost, .ends = ends, .wanted = k};
	int result = -1;
	*out = (struct corridor_paths){0};
	y.search = corridor_search_new(graph);
	y.cost = calloc(graph->segment_count + 1, sizeof(*y.cost));
	y.accepted = calloc(k, sizeof(*y.accepted));
	y.candidates = calloc(k, sizeof(*y.candidates));
	if (!y.search || !y.cost || !y.accepted || !y.candidates)
		goto done;
	memcpy(y.cost, cost, graph->segment_count * sizeof(*cost));
	result = find(&y);
	if (result == 0)
		result = hand_over(out, &y);
done:
	for (size_t i = 0; i < y.accepted_count; i++)
		path_free(&y.accepted[i].path);
	for (size_t i = 0; i < y.candidate_count; i++)
		path_free(&y.candidates[i].path);
	corridor_search_free(y.search);
	free(y.cost);
	free(y.accepted);
	free(y.candidates);
	return result;
}

void
corridor_paths_fini(struct corridor_paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		path_free(&paths->paths[i]);
	free(paths->paths);
	*paths = (struct corridor_paths){0};
}
