/* Samples are brought into line with counters. */
#include "hub/traffic_normal.h"

#include "base/hash.h"
#include "tap.h"

enum { PORTS = 40 };

static uint64_t state;

static uint64_t
below(uint64_t limit)
{
	return hash_u64(state += 0x9e3779b97f4a7c15u) % limit;
}

static struct traffic_port
port(const char *id, uint64_t counter, uint64_t flow, uint64_t samples)
{
	return (struct traffic_port){
		.port = id,
		.counter_in = counter,
		.counter_out = counter,
		.counter_covered_s = 300,
		.flow_in = flow,
		.flow_out = flow,
		.samples_in = samples,
		.samples_out = samples,
		.state = TRAFFIC_COUNTER,
	};
}

static void
errors(void)
{
	is_int(traffic_error(0), 10000, "no sample tells nothing");
	is_int(traffic_error(1), 10000, "nor does one");
	is_int(traffic_error(10000), 196, "10000 samples are right to within 1.96 %");
	is_int(traffic_error(470), 904, "470 to within 9.04 %");
	is_int(traffic_error(UINT64_MAX), 0, "all the samples there can be to nothing");
}

static void
ratios(void)
{
	struct traffic_batch b = {.length_s = 300, .covered_s = 300};
	struct traffic_port p = port("a", 1000000, 900000, 900);
	struct traffic_ratio r;
	ok(traffic_ratio(&r, &b, &p, false) && r.per_10000 == 9000 && r.error_10000 == 653,
	   "samples say nine tenths of counters, to within 6.53 %%");
	p.counter_covered_s = 200;
	ok(traffic_ratio(&r, &b, &p, true) && r.per_10000 == 6000,
	   "what covers another time is compared by the second");
	p.counter_covered_s = 149;
	ok(!traffic_ratio(&r, &b, &p, true), "counters of less than half of the bin say nothing");
	p = port("a", 0, 5, 5);
	ok(!traffic_ratio(&r, &b, &p, true), "nor do those that counted nothing");
	p = port("a", 1, UINT64_MAX, 5);
	ok(traffic_ratio(&r, &b, &p, true) && r.per_10000 == TRAFFIC_RATIO_MAX,
	   "a ratio has an end");
	p = port("a", 1000000, 900000, 900);
	is_int((long long)traffic_normal(&p, false, 90), 100, "octets are scaled by it");
	p.state = TRAFFIC_ESTIMATED;
	is_int((long long)traffic_normal(&p, false, 90), 90, "if counters cover the bin");
}

/* A matrix whose truth is known, and samples that see a share of each port's in and out. */
struct play {
	struct traffic_batch batch;
	struct traffic_port ports[PORTS];
	struct traffic_pair pairs[PORTS * PORTS];
};

static void
make(struct play *p, uint64_t seed, bool unbound)
{
	static char ids[PORTS][8];
	state = seed;
	*p = (struct play){.batch = {.length_s = 300, .covered_s = 300}};
	for (int i = 0; i < PORTS; i++) {
		(void)snprintf(ids[i], sizeof(ids[i]), "p%d", i);
		p->ports[i] = port(ids[i], 0, 0, 0);
		if (unbound && i % 5 == 0)
			p->ports[i].state = TRAFFIC_ESTIMATED;
	}
	for (uint32_t i = 0; i < PORTS; i++) {
		for (uint32_t k = 0; k < PORTS; k++) {
			if (i == k || below(4) == 0)
				continue;
			uint64_t truth = below(5000000000) * (1 + below(50));
			uint64_t seen = truth / 1000 * (800 + 5 * (i + k)) / 1000 * 1000;
			p->pairs[p->batch.pair_count++] =
				(struct traffic_pair){i, k, 4, seen, seen / 800, seen / 800000};
			p->ports[i].counter_in += truth;
			p->ports[i].flow_in += seen;
			p->ports[k].counter_out += truth;
			p->ports[k].flow_out += seen;
		}
	}
	p->batch.ports = p->ports;
	p->batch.port_count = PORTS;
	p->batch.pairs = p->pairs;
}

static void
fits(uint64_t seed, bool unbound)
{
	static struct play p;
	static uint64_t in[PORTS], out[PORTS];
	struct traffic_normal n;
	struct arena *arena = arena_new();
	make(&p, seed, unbound);
	memset(in, 0, sizeof(in));
	memset(out, 0, sizeof(out));
	if (!ok(traffic_normalise(&n, &p.batch, arena) == 0, "seed %u: it is done", (unsigned)seed))
		return;
	for (size_t i = 0; i < p.batch.pair_count; i++) {
		in[p.pairs[i].from] += n.octets[i];
		out[p.pairs[i].to] += n.octets[i];
	}
	unsigned rows = 0, columns = 0;
	for (int i = 0; i < PORTS; i++) {
		if (p.ports[i].state != TRAFFIC_COUNTER)
			continue;
		double row = (double)in[i] / (double)p.ports[i].counter_in - 1;
		double column = (double)out[i] / (double)p.ports[i].counter_out - 1;
		rows += row > 2e-5 || row < -2e-5;
		columns += column > 2e-5 || column < -2e-5;
	}
	ok(!rows && !columns && n.off_ppm <= 10, "rows and columns agree with the counters");
	struct traffic_normal again;
	ok(traffic_normalise(&again, &p.batch, arena) == 0 &&
		   memcmp(again.octets, n.octets, p.batch.pair_count * sizeof(*n.octets)) == 0,
	   "twice the same");
	arena_free(arena);
}

static void
corners(void)
{
	struct traffic_port ports[] = {port("a", 1000, 500, 5), port("b", 3000, 400, 4),
				       port("c", 0, 0, 0)};
	struct traffic_pair pairs[] = {{0, 1, 4, 400, 4, 4}};
	struct traffic_batch b = {.length_s = 300,
				  .covered_s = 300,
				  .ports = ports,
				  .port_count = 3,
				  .pairs = pairs,
				  .pair_count = 1};
	struct arena *arena = arena_new();
	struct traffic_normal n;
	(void)traffic_normalise(&n, &b, arena);
	ok(n.octets[0] == 800 || n.octets[0] == 1900,
	   "what is of no pair keeps its share; ports that contradict each other are met");
	ok(n.octets[0] == 1900 && pairs[0].octets == 400, "in the middle, and samples stay");
	ports[1].state = TRAFFIC_ESTIMATED;
	(void)traffic_normalise(&n, &b, arena);
	is_int((long long)n.octets[0], 800, "a port without counters binds nobody");
	ports[0].state = TRAFFIC_ESTIMATED;
	(void)traffic_normalise(&n, &b, arena);
	is_int((long long)n.octets[0], 400, "without any the samples stand");
	ports[0] = port("a", 1ull << 62, 1ull << 61, 9);
	pairs[0].octets = 1ull << 61;
	(void)traffic_normalise(&n, &b, arena);
	ok(n.octets[0] == 1ull << 62, "numbers as large as counters can be are no trouble");
	b.pair_count = 0;
	ok(traffic_normalise(&n, &b, arena) == 0, "nor is an empty matrix");
	arena_free(arena);
}

int
main(void)
{
	errors();
	ratios();
	for (uint64_t seed = 1; seed <= 10; seed++)
		fits(seed, seed % 2);
	corners();
	return done_testing();
}
