/* A k-d tree over unit vectors. Each node has the box around its points; a search goes into the
 * nearer child first and leaves out boxes that are too far.
 *
 *   order:  [ p7 p2 | p9 p0 | p4 p1 | p3 p8 ]     points, so that each node is a range
 *   nodes:  [ all ] [ left half ] [ right half ] ...   children of i at 2i + 1 and 2i + 2
 *
 * The shortest tree is Boruvka's: in each round every component finds its nearest foreign point,
 * where boxes that lie in one component are passed over. */
#include "corridor/corridor_near.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { LEAF = 8, NO_COMPONENT = UINT32_MAX };

static const double radius_km = 6371.0088;

struct node {
	double low[3], high[3];
	double reach;        /* of things: the most */
	uint32_t start, end; /* of order */
	uint32_t lowest;     /* index: of many places at one spot only the first are looked at */
};

struct corridor_near {
	size_t count, node_count;
	double (*points)[3];
	uint32_t *order;
	struct node *nodes;
};

struct corridor_vector
corridor_vector_of(double latitude, double longitude)
{
	double a = latitude * M_PI / 180, b = longitude * M_PI / 180;
	return (struct corridor_vector){cos(a) * cos(b), cos(a) * sin(b), sin(a)};
}

void
corridor_vector_place(struct corridor_vector v, double *latitude, double *longitude)
{
	*latitude = atan2(v.z, hypot(v.x, v.y)) * 180 / M_PI;
	*longitude = atan2(v.y, v.x) * 180 / M_PI;
}

double
corridor_vector_chord2(struct corridor_vector a, struct corridor_vector b)
{
	double x = a.x - b.x, y = a.y - b.y, z = a.z - b.z;
	return x * x + y * y + z * z;
}

double
corridor_chord2_km(double chord2)
{
	double half = sqrt(chord2) / 2;
	return 2 * radius_km * asin(half > 1 ? 1 : half);
}

double
corridor_km_chord2(double km)
{
	if (km >= M_PI * radius_km)
		return INFINITY;
	double chord = 2 * sin(km / (2 * radius_km));
	return chord * chord;
}

static double
chord2_of(const struct corridor_near *near, uint32_t index, const double at[3])
{
	const double *p = near->points[index];
	double x = p[0] - at[0], y = p[1] - at[1], z = p[2] - at[2];
	return x * x + y * y + z * z;
}

/* The least that a point in the box can be away. */
static double
box_chord2(const struct node *node, const double at[3])
{
	double sum = 0;
	for (int i = 0; i < 3; i++) {
		double d = at[i] < node->low[i]    ? node->low[i] - at[i]
			   : at[i] > node->high[i] ? at[i] - node->high[i]
						   : 0;
		sum += d * d;
	}
	return sum;
}

static bool
comes_before(const struct corridor_near *near, uint32_t a, uint32_t b, int axis)
{
	double x = near->points[a][axis], y = near->points[b][axis];
	return x < y || (x == y && a < b);
}

/* Puts the point that belongs at `middle` there, smaller ones before it (quickselect). */
static void
select_middle(struct corridor_near *near, size_t low, size_t high, size_t middle, int axis)
{
	uint32_t *o = near->order;
	while (high - low > 1) {
		uint32_t pivot = o[low + (high - low) / 2];
		size_t i = low, j = high - 1;
		for (;;) {
			while (comes_before(near, o[i], pivot, axis))
				i++;
			while (comes_before(near, pivot, o[j], axis))
				j--;
			if (i >= j)
				break;
			uint32_t t = o[i];
			o[i++] = o[j];
			o[j--] = t;
		}
		/* Up to j all are at most the pivot, after it all are more; where i is j, that is the
		 * pivot, in its place. */
		if (i == j && middle == j)
			return;
		if (middle <= j)
			high = i == j ? j : j + 1;
		else
			low = j + 1;
	}
}

static void
box_around(struct corridor_near *near, struct node *node)
{
	for (int i = 0; i < 3; i++) {
		node->low[i] = INFINITY;
		node->high[i] = -INFINITY;
	}
	node->lowest = UINT32_MAX;
	for (uint32_t k = node->start; k < node->end; k++) {
		const double *p = near->points[near->order[k]];
		if (near->order[k] < node->lowest)
			node->lowest = near->order[k];
		for (int i = 0; i < 3; i++) {
			node->low[i] = fmin(node->low[i], p[i]);
			node->high[i] = fmax(node->high[i], p[i]);
		}
	}
}

static void
build(struct corridor_near *near, size_t index, uint32_t start, uint32_t end)
{
	struct node *node = &near->nodes[index];
	node->start = start;
	node->end = end;
	box_around(near, node);
	if (2 * index + 2 >= near->node_count)
		return;
	int axis = 0;
	for (int i = 1; i < 3; i++)
		if (node->high[i] - node->low[i] > node->high[axis] - node->low[axis])
			axis = i;
	uint32_t middle = start + (end - start) / 2;
	select_middle(near, start, end, middle, axis);
	build(near, 2 * index + 1, start, middle);
	build(near, 2 * index + 2, middle, end);
}

struct corridor_near *
corridor_near_new(const struct corridor_vector *points, size_t count)
{
	assert(points || count == 0);
	struct corridor_near *near = calloc(1, sizeof(*near));
	if (!near || count >= UINT32_MAX / 4)
		goto fail;
	near->count = count;
	near->node_count = 1;
	while (count / (near->node_count + 1) >= LEAF)
		near->node_count = 2 * near->node_count + 1;
	near->points = calloc(count + 1, sizeof(*near->points));
	near->order = calloc(count + 1, sizeof(*near->order));
	near->nodes = calloc(near->node_count, sizeof(*near->nodes));
	if (!near->points || !near->order || !near->nodes)
		goto fail;
	for (size_t i = 0; i < count; i++) {
		near->points[i][0] = points[i].x;
		near->points[i][1] = points[i].y;
		near->points[i][2] = points[i].z;
		near->order[i] = (uint32_t)i;
	}
	build(near, 0, 0, (uint32_t)count);
	return near;
fail:
	corridor_near_free(near);
	return NULL;
}

void
corridor_near_free(struct corridor_near *near)
{
	if (!near)
		return;
	free(near->points);
	free(near->order);
	free(near->nodes);
	free(near);
}

static bool
is_leaf(const struct corridor_near *near, size_t index)
{
	return 2 * index + 2 >= near->node_count;
}

/* The best so far, nearest first. */
struct nearest {
	double at[3];
	double limit; /* nothing further is wanted */
	uint32_t *out;
	double *chord2;
	size_t count, most;
};

static void
offer(struct nearest *n, uint32_t index, double chord2)
{
	if (chord2 > n->limit)
		return;
	size_t i = n->count;
	if (i == n->most &&
	    (chord2 > n->chord2[i - 1] || (chord2 == n->chord2[i - 1] && index > n->out[i - 1])))
		return;
	i = i == n->most ? i - 1 : n->count++;
	for (; i > 0 &&
	       (n->chord2[i - 1] > chord2 || (n->chord2[i - 1] == chord2 && n->out[i - 1] > index));
	     i--) {
		n->chord2[i] = n->chord2[i - 1];
		n->out[i] = n->out[i - 1];
	}
	n->chord2[i] = chord2;
	n->out[i] = index;
	if (n->count == n->most)
		n->limit = n->chord2[n->most - 1];
}

/* Whether a box so far away may hold one that is wanted. */
static bool
may_hold(const struct nearest *n, const struct node *node, double chord2)
{
	if (chord2 < n->limit || n->count < n->most)
		return chord2 <= n->limit;
	return chord2 == n->limit && node->lowest < n->out[n->most - 1];
}

static void
find(const struct corridor_near *near, size_t index, struct nearest *n)
{
	const struct node *node = &near->nodes[index];
	if (is_leaf(near, index)) {
		for (uint32_t k = node->start; k < node->end; k++)
			offer(n, near->order[k], chord2_of(near, near->order[k], n->at));
		return;
	}
	const struct node *a = &near->nodes[2 * index + 1], *b = &near->nodes[2 * index + 2];
	double left = box_chord2(a, n->at), right = box_chord2(b, n->at);
	bool swap = right < left || (right == left && b->lowest < a->lowest);
	for (int i = 0; i < 2; i++) {
		bool at_left = (i == 0) != swap;
		if (may_hold(n, at_left ? a : b, at_left ? left : right))
			find(near, 2 * index + (at_left ? 1 : 2), n);
	}
}

size_t
corridor_near_find(const struct corridor_near *near, struct corridor_vector at, double within_km,
		   uint32_t *out, size_t most)
{
	enum { ON_STACK = 64 };
	double few[ON_STACK];
	if (most == 0 || near->count == 0)
		return 0;
	double *chord2 = most > ON_STACK ? malloc(most * sizeof(*chord2)) : few;
	if (!chord2)
		return 0;
	struct nearest n = {.at = {at.x, at.y, at.z},
			    .limit = corridor_km_chord2(within_km),
			    .out = out,
			    .chord2 = chord2,
			    .most = most};
	find(near, 0, &n);
	if (chord2 != few)
		free(chord2);
	return n.count;
}

static double
lengthen(struct corridor_near *near, size_t index, const double *reach)
{
	struct node *node = &near->nodes[index];
	node->reach = 0;
	if (is_leaf(near, index)) {
		for (uint32_t k = node->start; k < node->end; k++)
			node->reach = fmax(node->reach, reach[near->order[k]]);
	} else {
		double left = lengthen(near, 2 * index + 1, reach);
		node->reach = fmax(left, lengthen(near, 2 * index + 2, reach));
	}
	return node->reach;
}

void
corridor_near_lengthen(struct corridor_near *near, const double *reach)
{
	assert(near && reach);
	(void)lengthen(near, 0, reach);
}

struct thing {
	struct corridor_vector at;
	double at3[3];
	corridor_near_measure *measure;
	const void *context;
	double best_chord2;
	uint32_t best;
};

/* Whether a box may hold a thing that is nearer than the best. */
static bool
may_be_nearer(const struct thing *t, const struct node *node)
{
	double least = sqrt(box_chord2(node, t->at3)) - node->reach;
	double least2 = least > 0 ? least * least : 0;
	return least2 < t->best_chord2 || (least2 == t->best_chord2 && node->lowest < t->best);
}

static void
find_thing(const struct corridor_near *near, size_t index, struct thing *t)
{
	const struct node *node = &near->nodes[index];
	if (!may_be_nearer(t, node))
		return;
	if (is_leaf(near, index)) {
		for (uint32_t k = node->start; k < node->end; k++) {
			uint32_t i = near->order[k];
			double chord2 = t->measure(t->context, i, t->at);
			if (chord2 < t->best_chord2 || (chord2 == t->best_chord2 && i < t->best)) {
				t->best_chord2 = chord2;
				t->best = i;
			}
		}
		return;
	}
	const struct node *a = &near->nodes[2 * index + 1], *b = &near->nodes[2 * index + 2];
	double left = box_chord2(a, t->at3), right = box_chord2(b, t->at3);
	bool swap = right < left || (right == left && b->lowest < a->lowest);
	find_thing(near, 2 * index + (swap ? 2 : 1), t);
	find_thing(near, 2 * index + (swap ? 1 : 2), t);
}

uint32_t
corridor_near_thing(const struct corridor_near *near, struct corridor_vector at,
		    corridor_near_measure *measure, const void *context)
{
	struct thing t = {.at = at,
			  .at3 = {at.x, at.y, at.z},
			  .measure = measure,
			  .context = context,
			  .best_chord2 = INFINITY,
			  .best = UINT32_MAX};
	if (near->count)
		find_thing(near, 0, &t);
	return t.best;
}

/* --- the shortest tree --- */

struct growth {
	const struct corridor_near *near;
	uint32_t *parent;    /* of points, to their component */
	uint32_t *component; /* of nodes: the one that all their points are of, or NO_COMPONENT */
	uint32_t (*best)[2]; /* of components, by their root: the nearest pair that leaves it */
	double *best_chord2;
};

static uint32_t
root_of(uint32_t *parent, uint32_t i)
{
	while (parent[i] != i)
		i = parent[i] = parent[parent[i]];
	return i;
}

static uint32_t
label(struct growth *g, size_t index)
{
	const struct node *node = &g->near->nodes[index];
	uint32_t one = NO_COMPONENT;
	if (is_leaf(g->near, index)) {
		for (uint32_t k = node->start; k < node->end; k++) {
			uint32_t of = root_of(g->parent, g->near->order[k]);
			if (k > node->start && of != one) {
				one = NO_COMPONENT;
				break;
			}
			one = of;
		}
	} else {
		uint32_t left = label(g, 2 * index + 1), right = label(g, 2 * index + 2);
		one = left == right ? left : NO_COMPONENT;
	}
	return g->component[index] = one;
}

/* Equal stretches are told apart by their ends, so that no ring can close. */
static bool
pair_before(double chord2, const uint32_t pair[2], double best_chord2, const uint32_t best[2])
{
	uint32_t a = pair[0] < pair[1] ? pair[0] : pair[1], b = pair[0] ^ pair[1] ^ a;
	uint32_t c = best[0] < best[1] ? best[0] : best[1], d = best[0] ^ best[1] ^ c;
	if (chord2 != best_chord2)
		return chord2 < best_chord2;
	return a != c ? a < c : b < d;
}

/* Whether the box may hold the other end of a better pair. */
static bool
may_be_better(const struct growth *g, const struct node *node, uint32_t point, uint32_t own)
{
	double chord2 = box_chord2(node, g->near->points[point]);
	uint32_t pair[2] = {point, node->lowest};
	return pair_before(chord2, pair, g->best_chord2[own], g->best[own]);
}

static void
nearest_foreign(struct growth *g, size_t index, uint32_t point, uint32_t own)
{
	const struct corridor_near *near = g->near;
	const struct node *node = &near->nodes[index];
	if (g->component[index] == own || !may_be_better(g, node, point, own))
		return;
	if (!is_leaf(near, index)) {
		double left = box_chord2(&near->nodes[2 * index + 1], near->points[point]);
		double right = box_chord2(&near->nodes[2 * index + 2], near->points[point]);
		nearest_foreign(g, 2 * index + (left <= right ? 1 : 2), point, own);
		nearest_foreign(g, 2 * index + (left <= right ? 2 : 1), point, own);
		return;
	}
	for (uint32_t k = node->start; k < node->end; k++) {
		uint32_t pair[2] = {point, near->order[k]};
		double chord2 = chord2_of(near, pair[1], near->points[point]);
		if (chord2 > g->best_chord2[own] || root_of(g->parent, pair[1]) == own ||
		    !pair_before(chord2, pair, g->best_chord2[own], g->best[own]))
			continue;
		g->best_chord2[own] = chord2;
		memcpy(g->best[own], pair, sizeof(pair));
	}
}

static size_t
join_round(struct growth *g, uint32_t (*out)[2], size_t made)
{
	size_t count = g->near->count;
	label(g, 0);
	for (size_t i = 0; i < count; i++) {
		g->best_chord2[i] = INFINITY;
		g->best[i][0] = g->best[i][1] = NO_COMPONENT;
	}
	for (size_t k = 0; k < count; k++) {
		uint32_t point = g->near->order[k];
		nearest_foreign(g, 0, point, root_of(g->parent, point));
	}
	for (size_t i = 0; i < count; i++) {
		if (g->best[i][0] == NO_COMPONENT)
			continue;
		uint32_t a = root_of(g->parent, g->best[i][0]);
		uint32_t b = root_of(g->parent, g->best[i][1]);
		if (a == b)
			continue;
		g->parent[a > b ? a : b] = a > b ? b : a;
		memcpy(out[made++], g->best[i], sizeof(*out));
	}
	return made;
}

int
corridor_near_tree(uint32_t (*out)[2], const struct corridor_near *near)
{
	int result = -1;
	struct growth g = {
		.near = near,
		.parent = calloc(near->count + 1, sizeof(*g.parent)),
		.component = calloc(near->node_count, sizeof(*g.component)),
		.best = calloc(near->count + 1, sizeof(*g.best)),
		.best_chord2 = calloc(near->count + 1, sizeof(*g.best_chord2)),
	};
	if (!g.parent || !g.component || !g.best || !g.best_chord2)
		goto out;
	for (size_t i = 0; i < near->count; i++)
		g.parent[i] = (uint32_t)i;
	for (size_t made = 0; made + 1 < near->count;)
		made = join_round(&g, out, made);
	result = 0;
out:
	free(g.parent);
	free(g.component);
	free(g.best);
	free(g.best_chord2);
	return result;
}
