/* How often sites are connected: against every state there is, against formulas, and by chance
 * against what is exact. */
#include "corridor/corridor_connected.h"

#include <math.h>

#include "corridor/corridor_random.h"
#include "graphs.h"
#include "tap.h"

enum { GRAPHS = 40, SITES = 5, SEGMENTS = 7, GROUPS = 3, PARTS = SEGMENTS + GROUPS };

struct instance {
	struct test_graph g;
	bool open[SEGMENTS];
	double segments[SEGMENTS], group[GROUPS];
	uint32_t first[SEGMENTS + 1], in[SEGMENTS];
	struct corridor_groups groups;
	struct corridor_parts parts;
};

static void
instance_by_chance(struct instance *t, uint64_t *seed)
{
	t->g = graph_by_chance(seed, SITES, SEGMENTS, 10);
	for (size_t s = 0; s < SEGMENTS; s++) {
		t->open[s] = random_below(seed, 8) != 0;
		t->segments[s] = random_below(seed, 6) ? 0.5 + random_below(seed, 50) / 100.0 : 1;
		t->in[s] = random_below(seed, GROUPS);
		t->first[s + 1] = t->first[s] + 1;
	}
	for (size_t i = 0; i < GROUPS; i++)
		t->group[i] = 0.8 + random_below(seed, 21) / 100.0;
	t->groups = (struct corridor_groups){GROUPS, t->first, t->in};
	t->parts = (struct corridor_parts){SEGMENTS, t->segments, &t->groups, t->group};
}

static bool
joined(const struct instance *t, unsigned state, struct corridor_ends ends)
{
	bool in[SITES] = {0};
	in[ends.a] = true;
	for (int round = 0; round < SITES; round++)
		for (size_t s = 0; s < SEGMENTS; s++) {
			struct corridor_ends e = t->g.graph->ends[s];
			bool up =
				t->open[s] && state >> s & 1 && state >> (SEGMENTS + t->in[s]) & 1;
			if (up && (in[e.a] || in[e.b]))
				in[e.a] = in[e.b] = true;
		}
	return in[ends.b];
}

/* Over all states: how likely the ends are joined; and if `part` is down, as far as it is. */
static double
by_trying(const struct instance *t, struct corridor_ends ends, uint32_t part, double *apart_with)
{
	double sum = 0, with = 0;
	for (unsigned state = 0; state < 1u << PARTS; state++) {
		double p = 1;
		for (size_t i = 0; i < PARTS; i++) {
			double up = i < SEGMENTS ? t->segments[i] : t->group[i - SEGMENTS];
			p *= state >> i & 1 ? up : 1 - up;
		}
		bool is_joined = joined(t, state, ends);
		sum += is_joined ? p : 0;
		with += !is_joined && !(state >> part & 1) ? p : 0;
	}
	*apart_with = with;
	return sum;
}

static void
exact(void)
{
	uint64_t seed = 3;
	unsigned right = 0, blamed = 0, drawn = 0;
	for (int n = 0; n < GRAPHS; n++) {
		struct instance t = {0};
		struct corridor_connected c;
		struct corridor_ends ends = {0, 1};
		instance_by_chance(&t, &seed);
		if (corridor_connected(&c, t.g.graph, t.open, &t.parts, ends, 0) < 0)
			abort();
		double with, sum = by_trying(&t, ends, c.blame_count ? c.blame[0].part : 0, &with);
		right += fabs(c.low - sum) < 1e-12 && c.high == c.low;
		blamed += c.blame_count == 0 || fabs(c.blame[0].share - with / (1 - sum)) < 1e-9;
		uint64_t some, all = 20000;
		double low, high;
		if (corridor_connected_draw(&some, t.g.graph, t.open, &t.parts, ends, all,
					    (uint64_t)n) < 0)
			abort();
		corridor_connected_interval(&low, &high, some, all);
		/* Three times as wide as it says: it is to hold for every graph. */
		drawn += fabs((double)some / (double)all - sum) <= 1.5 * (high - low) + 1e-9;
		free(c.blame);
		test_graph_free(&t.g);
	}
	is_int(right, GRAPHS, "small graphs are reckoned exactly");
	is_int(blamed, GRAPHS, "and how often what is most to blame is down");
	is_int(drawn, GRAPHS, "draws come out near to that");
}

static void
chance(void)
{
	/* Known answers of the paper's authors for Philox4x32 of ten rounds. */
	uint32_t x[4];
	corridor_random_block(x, 0, 0, 0);
	ok(x[0] == 0x6627e8d5 && x[1] == 0xe169c58d && x[2] == 0xbc57ac4c && x[3] == 0x9b00dbd8,
	   "chance from nothing is as published");
	corridor_random_block(x, UINT64_MAX, UINT64_MAX, UINT64_MAX);
	ok(x[0] == 0x408f276d && x[1] == 0x41c83b0e && x[2] == 0xa20bc7c6 && x[3] == 0x6d5451fd,
	   "and from all ones");
	double sum = 0;
	for (uint64_t i = 0; i < 100000; i++)
		sum += corridor_random(1, 2, i);
	ok(fabs(sum / 100000 - 0.5) < 0.005, "numbers are even");
}

static void
repeatable(void)
{
	uint64_t seed = 8, a, b, other, part;
	struct instance t = {0};
	struct corridor_ends ends = {0, 1};
	do {
		test_graph_free(&t.g);
		t = (struct instance){0};
		instance_by_chance(&t, &seed);
		corridor_connected_draw(&a, t.g.graph, t.open, &t.parts, ends, 50000, 7);
	} while (a == 0 || a == 50000);
	corridor_connected_draw(&b, t.g.graph, t.open, &t.parts, ends, 50000, 7);
	corridor_connected_draw(&other, t.g.graph, t.open, &t.parts, ends, 50000, 8);
	corridor_connected_draw(&part, t.g.graph, t.open, &t.parts, ends, 100, 7);
	ok(a == b, "the same seed draws the same");
	ok(a != other, "another does not");
	ok(part <= 100, "no more is counted than is drawn");
	test_graph_free(&t.g);
}

/* Two ways side by side, of two segments each: series and parallel. */
static void
formula(void)
{
	static const struct corridor_ends ends[4] = {{0, 1}, {1, 3}, {0, 2}, {2, 3}};
	struct corridor_graph *g = corridor_graph_new(4, ends, 4);
	double up[4] = {0.99, 0.98, 0.97, 0.96}, one[2], two[2] = {up[0], up[1]};
	uint32_t first[5] = {0};
	bool open[4] = {true, true, true, true};
	struct corridor_groups groups = {0, first, NULL};
	struct corridor_parts parts = {4, up, &groups, NULL};
	struct corridor_connected c;
	one[0] = corridor_availability_series(two, 2);
	one[1] = corridor_availability_series(&up[2], 2);
	double both = corridor_availability_parallel(one, 2);
	ok(corridor_connected(&c, g, open, &parts, (struct corridor_ends){0, 3}, 0) == 0 &&
		   fabs(c.low - both) < 1e-12,
	   "two ways side by side are as by formula");
	ok(c.blame_count == 4 && c.blame[0].part == 1 &&
		   fabs(c.blame[0].share - 0.02 / (1 - one[0])) < 1e-12,
	   "to blame most is what is down most of the time that its own way is");
	free(c.blame);
	open[2] = false;
	ok(corridor_connected(&c, g, open, &parts, (struct corridor_ends){0, 3}, 0) == 0 &&
		   fabs(c.high - one[0]) < 1e-12,
	   "and a segment that is not there does not help");
	free(c.blame);
	open[0] = false;
	ok(corridor_connected(&c, g, open, &parts, (struct corridor_ends){0, 3}, 0) == 0 &&
		   c.high == 0,
	   "without a way they are never connected");
	free(c.blame);
	ok(corridor_connected(&c, g, open, &parts, (struct corridor_ends){0, 0}, 0) == 0 &&
		   c.low == 1,
	   "what is one place always is");
	free(c.blame);
	corridor_graph_free(g);
}

int
main(void)
{
	exact();
	chance();
	repeatable();
	formula();
	return done_testing();
}
