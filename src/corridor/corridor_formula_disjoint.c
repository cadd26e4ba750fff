/* Pairs of ways on a graph that is typed: "s-a:1,a-b:1,...". */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_disjoint.h"
#include "corridor/corridor_formula_parts.h"

enum { EDGES_MAX = 512 };

struct typed {
	struct corridor_reckoning *r;
	const char *names[2 * EDGES_MAX];
	uint32_t name_count;
	struct corridor_ends ends[EDGES_MAX];
	uint64_t cost[EDGES_MAX];
	size_t count;
};

/* The site called so; HUB_NONE: there is none. */
static uint32_t
site_of(const struct typed *t, const char *name, size_t length)
{
	for (uint32_t i = 0; i < t->name_count; i++)
		if (strlen(t->names[i]) == length && memcmp(t->names[i], name, length) == 0)
			return i;
	return HUB_NONE;
}

static uint32_t
site_named(struct typed *t, const char *name, size_t length)
{
	uint32_t site = site_of(t, name, length);
	if (site != HUB_NONE)
		return site;
	t->names[t->name_count] = arena_copy(t->r->arena, name, length);
	if (!t->names[t->name_count]) {
		t->r->failed = true;
		t->names[t->name_count] = "";
	}
	return t->name_count++;
}

/* One "A-B:KM" of `length` octets; false: it is none. */
static bool
read_edge(struct typed *t, const char *text, size_t length)
{
	const char *end = text + length;
	const char *dash = memchr(text, '-', length), *colon = memchr(text, ':', length);
	double km;
	if (!dash || !colon || dash == text || colon < dash + 2 || t->count == EDGES_MAX ||
	    corridor_quantity_read(&km, CORRIDOR_A_LENGTH, colon + 1, (size_t)(end - colon - 1)) <
		    0 ||
	    corridor_length_cm(km) == 0)
		return false;
	t->ends[t->count].a = site_named(t, text, (size_t)(dash - text));
	t->ends[t->count].b = site_named(t, dash + 1, (size_t)(colon - dash - 1));
	t->cost[t->count++] = corridor_cost_of_length(corridor_length_cm(km));
	return true;
}

static int
read_edges(struct typed *t, const char *text, struct corridor_complaint *complaint)
{
	for (const char *at = text;;) {
		size_t length = strcspn(at, ",");
		if (!read_edge(t, at, length)) {
			corridor_complain(
				complaint, 400,
				"disjoint: edges: found \"%.40s\", expected A-B:KM, such as "
				"KHI-FRA:9000km, up to %d with commas between",
				at, EDGES_MAX);
			return -1;
		}
		if (!at[length])
			return 0;
		at += length + 1;
	}
}

static int
read_end(uint32_t *out, const struct typed *t, const char *name,
	 struct corridor_complaint *complaint)
{
	const char *text = corridor_formula_all(t->r, name)->text;
	*out = site_of(t, text, strlen(text));
	if (*out != HUB_NONE)
		return 0;
	corridor_complain(complaint, 400, "disjoint: %s: no edge ends at \"%.40s\"", name, text);
	return -1;
}

static int
read_kind(enum corridor_disjointness *out, const struct corridor_reckoning *r,
	  struct corridor_complaint *complaint)
{
	const char *text = corridor_formula_all(r, "kind")->text;
	*out = strcmp(text, "site") == 0 ? CORRIDOR_SITE_DISJOINT : CORRIDOR_SEGMENT_DISJOINT;
	if (*out == CORRIDOR_SITE_DISJOINT || strcmp(text, "segment") == 0)
		return 0;
	corridor_complain(complaint, 400,
			  "disjoint: kind: found \"%.40s\", expected site or segment", text);
	return -1;
}

/* "s-a-b-t" */
static const char *
way_text(const struct typed *t, const struct corridor_path *way)
{
	const char *text = t->names[way->sites[0]];
	for (size_t i = 1; i <= way->segment_count && text; i++)
		text = arena_printf(t->r->arena, "%s-%s", text, t->names[way->sites[i]]);
	t->r->failed |= !text;
	return text ? text : "";
}

static double
km_of(const struct corridor_paths *ways)
{
	double km = 0;
	for (size_t i = 0; i < ways->count; i++)
		km += corridor_cost_km(ways->paths[i].cost);
	return km;
}

/* What is left when the shortest way is taken first, and a second is looked for where it was not: how
 * many ways that finds. -1 without memory. */
static long
greedy(const struct typed *t, const struct corridor_graph *graph, struct corridor_ends ends,
       enum corridor_disjointness kind, const struct corridor_path *shortest)
{
	uint64_t cost[EDGES_MAX];
	struct corridor_paths left;
	memcpy(cost, t->cost, t->count * sizeof(*cost));
	for (size_t i = 0; i < shortest->segment_count; i++)
		cost[shortest->segments[i]] = CORRIDOR_CLOSED;
	for (size_t i = 1; kind == CORRIDOR_SITE_DISJOINT && i < shortest->segment_count; i++)
		for (size_t e = 0; e < t->count; e++)
			if (t->ends[e].a == shortest->sites[i] ||
			    t->ends[e].b == shortest->sites[i])
				cost[e] = CORRIDOR_CLOSED;
	if (corridor_paths_find(&left, graph, cost, ends, 1) < 0)
		return -1;
	long ways = 1 + (long)left.count;
	corridor_paths_fini(&left);
	return ways;
}

static void
tell(const struct typed *t, const struct corridor_paths *shortest,
     const struct corridor_paths *pair, long greedy_ways)
{
	struct corridor_reckoning *r = t->r;
	const bool there = pair->count == 2;
	corridor_formula_tell(r, "length of the pair", there ? km_of(pair) : NAN, "km");
	corridor_formula_say(r, "first way", there ? way_text(t, &pair->paths[0]) : NULL);
	corridor_formula_say(r, "second way", there ? way_text(t, &pair->paths[1]) : NULL);
	corridor_formula_tell(r, "shortest way", shortest->count ? km_of(shortest) : NAN, "km");
	corridor_formula_say(r, "that is",
			     shortest->count ? way_text(t, &shortest->paths[0]) : NULL);
	corridor_formula_tell(r, "ways, if the shortest is taken first", (double)greedy_ways, "");
}

static int
solve(struct typed *t, struct corridor_ends ends, enum corridor_disjointness kind)
{
	struct corridor_paths shortest = {0}, pair = {0};
	struct corridor_graph *graph = corridor_graph_new(t->name_count, t->ends, t->count);
	int result = -1;
	if (graph && corridor_paths_find(&shortest, graph, t->cost, ends, 1) == 0 &&
	    corridor_disjoint_pair(&pair, graph, t->cost, ends, kind) == 0) {
		long ways = shortest.count ? greedy(t, graph, ends, kind, &shortest.paths[0]) : 0;
		if (ways >= 0) {
			tell(t, &shortest, &pair, ways);
			result = 0;
		}
	}
	corridor_paths_fini(&pair);
	corridor_paths_fini(&shortest);
	corridor_graph_free(graph);
	return result;
}

int
corridor_formula_disjoint(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	struct corridor_ends ends;
	enum corridor_disjointness kind;
	struct typed *t = arena_take(r->arena, sizeof(*t));
	if (!t) {
		r->failed = true;
		return 0;
	}
	*t = (struct typed){.r = r};
	if (read_edges(t, corridor_formula_all(r, "edges")->text, complaint) < 0 ||
	    read_end(&ends.a, t, "from", complaint) < 0 ||
	    read_end(&ends.b, t, "to", complaint) < 0 || read_kind(&kind, r, complaint) < 0)
		return -1;
	if (ends.a == ends.b) {
		corridor_complain(complaint, 400, "disjoint: from and to are the same");
		return -1;
	}
	r->failed |= solve(t, ends, kind) < 0;
	return 0;
}
