/* Nearness on the globe, against looking at everything; and at the places where longitude jumps. */
#include "corridor/corridor_near.h"

#include <math.h>
#include <stdlib.h>

#include "corridor/corridor_geo.h"
#include "tap.h"

enum { POINTS = 600 };

static uint64_t state = 88172645463325252u;

static double
chance(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (double)(state >> 11) / 9007199254740992.0;
}

struct places {
	double latitude[POINTS], longitude[POINTS];
	struct corridor_vector at[POINTS];
};

static double
km_between(const struct places *p, size_t a, size_t b)
{
	return corridor_geo_distance_km(p->latitude[a], p->longitude[a], p->latitude[b],
					p->longitude[b]);
}

/* Around a place; what goes over the edges of degrees is turned round. */
static void
scatter(struct places *p, double latitude, double longitude, double width)
{
	for (size_t i = 0; i < POINTS; i++) {
		double y = latitude + width * (chance() - 0.5), x = longitude + width * chance();
		if (fabs(y) > 90) {
			y = copysign(180, y) - y;
			x += 180;
		}
		p->latitude[i] = y;
		p->longitude[i] = remainder(x, 360);
		p->at[i] = corridor_vector_of(p->latitude[i], p->longitude[i]);
	}
	/* Some at the same spot. */
	for (size_t i = 1; i < POINTS; i += 50) {
		p->latitude[i] = p->latitude[0];
		p->longitude[i] = p->longitude[0];
		p->at[i] = p->at[0];
	}
}

static bool
finds_as_all(const struct places *p, const struct corridor_near *near, double within_km)
{
	uint32_t found[9];
	bool same = true;
	for (size_t a = 0; a < POINTS; a += 7) {
		size_t count = corridor_near_find(near, p->at[a], within_km, found, 9);
		size_t inside = 0, nearer = 0;
		double last = count ? km_between(p, a, found[count - 1]) : 0;
		for (size_t b = 0; b < POINTS; b++) {
			inside += km_between(p, a, b) <= within_km;
			nearer += km_between(p, a, b) < last - 1e-6;
		}
		same &= count == (inside < 9 ? inside : 9) && nearer < (count ? count : 1);
		for (size_t k = 1; k < count; k++)
			same &= km_between(p, a, found[k]) >= km_between(p, a, found[k - 1]) - 1e-6;
	}
	return same;
}

static double
tree_km(const struct places *p, const struct corridor_near *near)
{
	static uint32_t pairs[POINTS][2];
	double sum = 0;
	if (corridor_near_tree(pairs, near) < 0)
		return NAN;
	for (size_t i = 0; i + 1 < POINTS; i++)
		sum += km_between(p, pairs[i][0], pairs[i][1]);
	return sum;
}

/* Prim's, which looks at all pairs. */
static double
plain_tree_km(const struct places *p)
{
	static double best[POINTS];
	static bool in[POINTS];
	double sum = 0;
	for (size_t i = 0; i < POINTS; i++) {
		best[i] = km_between(p, 0, i);
		in[i] = i == 0;
	}
	for (size_t round = 1; round < POINTS; round++) {
		size_t next = POINTS;
		for (size_t i = 0; i < POINTS; i++)
			if (!in[i] && (next == POINTS || best[i] < best[next]))
				next = i;
		sum += best[next];
		in[next] = true;
		for (size_t i = 0; i < POINTS; i++)
			best[i] = fmin(best[i], km_between(p, next, i));
	}
	return sum;
}

static double
to_arc(const void *context, uint32_t index, struct corridor_vector at)
{
	const struct places *p = context;
	double here = corridor_vector_chord2(p->at[index], at);
	double next = corridor_vector_chord2(p->at[(index + 1) % POINTS], at);
	return here < next ? here : next;
}

int
main(void)
{
	static const struct {
		const char *where;
		double latitude, longitude, width;
	} cases[] = {
		{"in Pakistan", 30, 68, 8},
		{"where longitude jumps from 180 to -180", -17, 176, 8},
		{"around the north pole", 89, 0, 10},
		{"all over the globe", 0, 0, 170},
	};
	static struct places p;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scatter(&p, cases[i].latitude, cases[i].longitude, cases[i].width);
		struct corridor_near *near = corridor_near_new(p.at, POINTS);
		ok(finds_as_all(&p, near, INFINITY), "the nearest are found %s", cases[i].where);
		ok(finds_as_all(&p, near, cases[i].width * 2),
		   "and those within some kilometres %s", cases[i].where);
		ok(fabs(tree_km(&p, near) - plain_tree_km(&p)) < 1e-6,
		   "the shortest tree is the shortest %s", cases[i].where);
		/* Things as long as from each point to the next. */
		static double reach[POINTS];
		double best = INFINITY;
		struct corridor_vector at = corridor_vector_of(cases[i].latitude, 12);
		for (uint32_t k = 0; k < POINTS; k++) {
			reach[k] = sqrt(corridor_vector_chord2(p.at[k], p.at[(k + 1) % POINTS]));
			best = fmin(best, to_arc(&p, k, at));
		}
		corridor_near_lengthen(near, reach);
		uint32_t thing = corridor_near_thing(near, at, to_arc, &p);
		ok(to_arc(&p, thing, at) == best, "things with a length too %s", cases[i].where);
		corridor_near_free(near);
	}
	double latitude, longitude;
	corridor_vector_place(corridor_vector_of(-33.5, -179.25), &latitude, &longitude);
	ok(fabs(latitude + 33.5) < 1e-9 && fabs(longitude + 179.25) < 1e-9,
	   "a vector goes back to its degrees");
	ok(fabs(corridor_chord2_km(corridor_km_chord2(1234.5)) - 1234.5) < 1e-6,
	   "and a chord to its kilometres");
	struct corridor_near *none = corridor_near_new(NULL, 0);
	uint32_t out[1];
	ok(none && corridor_near_find(none, p.at[0], INFINITY, out, 1) == 0 &&
		   corridor_near_thing(none, p.at[0], to_arc, &p) == UINT32_MAX,
	   "where there is nothing, nothing is near");
	corridor_near_free(none);
	return done_testing();
}
