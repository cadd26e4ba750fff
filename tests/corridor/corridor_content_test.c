/* Caches: the model against a cache that is played; and content networks on the example. */
#include "corridor/corridor_content.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_cache.h"
#include "corridor/corridor_random.h"
#include "graphs.h"
#include "silkroad.h"
#include "tap.h"

/* --- a cache that is played --- */

enum { OBJECTS = 2000, ASKED = 400000 };

/* Which object is asked for. */
static uint32_t
asked_for(const double *below, uint64_t place)
{
	double u = corridor_random(1, 0, place) * below[OBJECTS];
	uint32_t low = 0, high = OBJECTS;
	while (high - low > 1) {
		uint32_t middle = (low + high) / 2;
		*(below[middle] <= u ? &low : &high) = middle;
	}
	return low;
}

/* An object is in an LRU cache of `holds` when fewer others were asked for since it was. */
static double
played(double zipf, uint32_t holds)
{
	double *below = calloc(OBJECTS + 1, sizeof(*below));
	uint32_t *order = calloc(holds + 1, sizeof(*order)); /* the newest first */
	uint32_t count = 0;
	uint64_t hits = 0, of = 0;
	for (uint32_t i = 0; i < OBJECTS; i++)
		below[i + 1] = below[i] + pow(i + 1, -zipf);
	for (uint64_t n = 0; n < ASKED; n++) {
		uint32_t object = asked_for(below, n), at = 0;
		while (at < count && order[at] != object)
			at++;
		bool hit = at < count;
		if (!hit && count < holds)
			at = count++;
		else if (!hit)
			at = holds - 1;
		memmove(order + 1, order, at * sizeof(*order));
		order[0] = object;
		hits += n >= ASKED / 4 && hit;
		of += n >= ASKED / 4;
	}
	free(below);
	free(order);
	return (double)hits / (double)of;
}

static void
test_cache(void)
{
	static const struct {
		double zipf;
		uint32_t holds;
	} cases[] = {{0, 500}, {0.6, 50}, {0.8, 20}, {0.8, 200}, {1, 100}, {1.2, 300}};
	unsigned same = 0;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct corridor_cache cache = {OBJECTS, cases[i].holds, cases[i].zipf};
		double model = corridor_cache_hits(&cache);
		double play = played(cases[i].zipf, cases[i].holds);
		same += fabs(model - play) < 0.005;
		if (fabs(model - play) >= 0.005)
			printf("# zipf %g, holds %u: %.4f, played %.4f\n", cases[i].zipf,
			       cases[i].holds, model, play);
	}
	is_int(same, 6, "hits are those of a cache that is played, to half a percent");
	double last = -1;
	bool rises = true;
	for (double holds = 0; holds <= 1e9; holds = holds * 3 + 1) {
		struct corridor_cache cache = {1e9, holds, 0.8};
		double hits = corridor_cache_hits(&cache);
		rises &= hits >= last && hits >= 0 && hits <= 1;
		last = hits;
	}
	ok(rises, "a larger cache never hits less, of a thousand million objects too");
	ok(corridor_cache_hits(&(struct corridor_cache){100, 100, 0.8}) == 1 &&
		   corridor_cache_hits(&(struct corridor_cache){100, 0, 0.8}) == 0,
	   "what holds all always hits, what holds nothing never");
	ok(fabs(corridor_cache_hits(&(struct corridor_cache){1e6, 1e5, 0}) - 0.1) < 1e-4,
	   "when all is asked for alike, a tenth of it hits a tenth");
}

/* --- on the example --- */

static const struct corridor_day today = {.at = {1795219200}};

static void
test_example(void)
{
	struct hub *hub = silkroad();
	struct corridor_plan *plan = corridor_plan_new(hub, today);
	struct arena *arena = arena_new();
	struct corridor_contents all, half;
	struct corridor_content_ask ask = {.plan = plan, .now = today.at};
	bool *taken = arena_take(arena, hub->content_count + 1);
	if (corridor_content_of(&all, arena, &ask) < 0)
		abort();
	ok(hub->content_count > 4 && all.off_gbps.low < all.off_gbps.value &&
		   all.off_gbps.value < all.off_gbps.high && all.off_gbps.value < all.gbps.value,
	   "less is taken off than comes, within a range");
	double most = 0, sum = 0;
	unsigned bounded = 0;
	for (size_t s = 0; s < hub->segment_count; s++)
		most = fmax(most, all.off[s].value);
	for (size_t i = 0; i < hub->content_count; i++) {
		const struct corridor_content *c = &all.all[i];
		sum += c->usd_a_year.value;
		bounded += c->local_after > c->local_before && c->local_after <= 1 &&
			   c->way_count > 0 && c->off.value <= c->gbps.value;
	}
	ok(most > 0 && most <= all.off_gbps.value, "no segment is relieved of more than all");
	is_int(bounded, (long)hub->content_count,
	       "each has a way, and more of it is near than before");
	ok(fabs(sum - all.usd_a_year.value) < 1, "what is saved adds up");
	taken[0] = true;
	ask.taken = taken;
	if (corridor_content_of(&half, arena, &ask) < 0)
		abort();
	ok(half.off_gbps.value == all.all[0].off.value &&
		   half.usd_a_year.value < all.usd_a_year.value,
	   "one alone takes off what is its own");
	double *told = arena_take(arena, (hub->content_count + 1) * sizeof(*told));
	for (size_t i = 0; i < hub->content_count; i++)
		told[i] = i ? NAN : 1;
	ask.told_gbps = told;
	if (corridor_content_of(&half, arena, &ask) < 0)
		abort();
	ok(half.gbps.value == 1 && half.all[0].state == CORRIDOR_CONTENT_MEASURED &&
		   half.usd_a_year.value < 0,
	   "for one Gbit/s a cache does not pay");
	arena_free(arena);
	corridor_plan_free(plan);
	hub_free(hub);
}

/* A bin of half its length, of a hub of three networks of which two have one and the same number. */
static void
test_measured(void)
{
	struct hub *hub = silkroad();
	struct corridor_plan *plan = corridor_plan_new(hub, today);
	struct arena *arena = arena_new();
	struct corridor_contents found;
	struct asn_range asns[] = {{15169, 15169}, {36040, 36042}};
	struct hub_content *content = arena_take(arena, 3 * sizeof(*content));
	for (size_t i = 0; i < 3; i++) {
		content[i] = hub->content[i];
		content[i].gbps = i < 2 ? NAN : 7;
		content[i].asns = asns;
		content[i].asn_count = 2;
	}
	struct traffic_port port = {.port = "none", .state = TRAFFIC_ESTIMATED};
	struct traffic_origin origins[] = {
		{.asn = {15169}, .octets = 1000000000, .outgoing = false},
		{.asn = {36041}, .octets = 500000000, .outgoing = false},
		{.asn = {15169}, .octets = 7000000000, .outgoing = true},
		{.asn = {36043}, .octets = 7000000000, .outgoing = false},
		{.asn = {0}, .octets = 7000000000, .outgoing = false},
	};
	struct traffic_batch batch = {.length_s = 300,
				      .covered_s = 12,
				      .ports = &port,
				      .port_count = 1,
				      .origins = origins,
				      .origin_count = 5};
	struct corridor_content_ask ask = {.plan = plan, .now = today.at, .batch = &batch};
	struct hub_content *had = hub->content;
	size_t count = hub->content_count;
	hub->content = content;
	hub->content_count = 1;
	ok(corridor_content_of(&found, arena, &ask) == 0 &&
		   fabs(found.all[0].gbps.value - 1) < 1e-8 &&
		   found.all[0].state == CORRIDOR_CONTENT_MEASURED,
	   "measured is what entered from its networks, and nothing else");
	hub->content_count = 3;
	ok(corridor_content_of(&found, arena, &ask) == 0 &&
		   fabs(found.all[0].gbps.value - 1.0 / 3) < 1e-8 && found.all[2].gbps.value == 7 &&
		   found.all[2].state == CORRIDOR_CONTENT_TOLD,
	   "what several have is not counted twice, and what is told stays");
	content[0].measured = true;
	content[0].gbps = 5;
	ok(corridor_content_of(&found, arena, &ask) == 0 && found.all[0].gbps.value == 5 &&
		   found.all[0].state == CORRIDOR_CONTENT_MEASURED,
	   "what was measured over a month goes before the bin");
	content[0].gbps = NAN;
	ask.batch = NULL;
	ok(corridor_content_of(&found, arena, &ask) == 0 &&
		   found.all[1].state == CORRIDOR_CONTENT_UNKNOWN,
	   "without a measurement it is not known");
	hub->content = had;
	hub->content_count = count;
	arena_free(arena);
	corridor_plan_free(plan);
	hub_free(hub);
}

int
main(void)
{
	test_cache();
	test_measured();
	test_example();
	return done_testing();
}
