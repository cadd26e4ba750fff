/* Optima that begin with the ways of another solution beside optima that begin with none. */
#include <math.h>

#include "nets.h"

enum { NETS = 12, SITES = 40, SEGMENTS = 80, DEMANDS = 30 };

struct tally {
	unsigned solved, same, sound;
};

static void
compare(struct tally *tally, struct corridor_flow_work *led, const struct net *net,
	enum corridor_objective by, const bool *cut)
{
	struct corridor_flow_work *alone = corridor_flow_new(&net->in, UINT32_MAX);
	const struct corridor_flow *a = corridor_flow_solve(alone, by, cut);
	const struct corridor_flow *b = corridor_flow_solve(led, by, cut);
	tally->solved += a && b;
	tally->same += a && b && fabs(a->value - b->value) <= 1e-6 * fabs(a->value);
	tally->sound += b && !corridor_flow_check(&net->in, b, by, cut);
	corridor_flow_free(alone);
}

int
main(void)
{
	uint64_t seed = 1848;
	struct tally tally = {0};
	bool cut[SEGMENTS] = {false};
	unsigned sooner = 0;
	for (int n = 0; n < NETS; n++) {
		struct net *net = net_by_chance(&seed, SITES, SEGMENTS, DEMANDS);
		struct corridor_flow_work *first = corridor_flow_new(&net->in, UINT32_MAX);
		const struct corridor_flow *lead =
			corridor_flow_solve(first, CORRIDOR_FLOW_THROUGHPUT, NULL);
		struct corridor_flow_work *again = corridor_flow_new(&net->in, UINT32_MAX);
		unsigned rounds = lead->rounds;
		if (corridor_flow_lead(again, lead) < 0)
			return 1;
		sooner +=
			corridor_flow_solve(again, CORRIDOR_FLOW_THROUGHPUT, NULL)->rounds < rounds;
		corridor_flow_free(again);
		/* Then everybody asks for something else, of segments that carry something else; some
		 * are closed, some cut. */
		for (size_t a = 0; a < 2 * SEGMENTS; a++)
			net->capacity[a] = net->capacity[a] / 4 * random_below(&seed, 8);
		for (size_t d = 0; d < DEMANDS; d++)
			net->demands[d].bps =
				net->demands[d].bps / 4 * (1 + random_below(&seed, 8));
		for (size_t s = 0; s < SEGMENTS; s++)
			cut[s] = random_below(&seed, 8) == 0;
		for (size_t s = 0; s < SEGMENTS; s++)
			if (random_below(&seed, 8) == 0)
				net->g.cost[s] = CORRIDOR_CLOSED;
		struct corridor_flow_work *led = corridor_flow_new(&net->in, UINT32_MAX);
		if (corridor_flow_lead(led, lead) < 0)
			return 1;
		for (int i = CORRIDOR_FLOW_COST; i < CORRIDOR_OBJECTIVES; i++) {
			compare(&tally, led, net, (enum corridor_objective)i, NULL);
			/* Where demands are parted nothing is as empty as can be. */
			if (i != CORRIDOR_FLOW_UTILISATION)
				compare(&tally, led, net, (enum corridor_objective)i, cut);
		}
		corridor_flow_free(led);
		corridor_flow_free(first);
		net_free(net);
	}
	const unsigned all = NETS * (2 * (CORRIDOR_OBJECTIVES - CORRIDOR_FLOW_COST) - 1);
	is_int(tally.solved, all, "whatever the lead, there is a solution");
	is_int(tally.same, all, "its value is the same");
	is_int(tally.sound, all, "and it keeps to capacities and what is cut");
	ok(sooner >= NETS / 2, "led by its own solution a program ends sooner (%u of %d)", sooner,
	   NETS);
	return done_testing();
}
