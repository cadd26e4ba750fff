/* Traffic of content networks, interval by interval, against a plain reckoning. */
#include "corridor/corridor_content_rates.h"

#include <string.h>

#include "tap.h"

enum { PORTS = 3, BIN_S = 300, DAY_BINS = 288, FIRST = 1795219200 / 86400 * 86400 };

static struct hub_site sites[] = {{.id = "TAS"}, {.id = "ALA"}, {.id = "FRA"}};
/* Where users are, and one where all enters. */
static struct hub_port ports[PORTS] = {{.id = "tas", .member = 0, .site = 0},
				       {.id = "ala", .member = 0, .site = 1},
				       {.id = "fra", .member = 0, .site = 2}};
static struct asn_range video[] = {{100, 109}}, film[] = {{200, 200}};
static struct hub_content contents[] = {
	{.id = "video-tas", .asns = video, .asn_count = 1, .to = 0},
	{.id = "video-ala", .asns = video, .asn_count = 1, .to = 1},
	{.id = "film", .asns = film, .asn_count = 1, .to = 0},
	{.id = "told", .to = 0},
};
static const struct hub hub = {.sites = sites,
			       .site_count = 3,
			       .ports = ports,
			       .port_count = PORTS,
			       .content = contents,
			       .content_count = 4};

struct bin {
	struct traffic_port ports[PORTS];
	struct traffic_origin origins[8];
	struct traffic_batch batch;
};

static void
begin(struct bin *bin, int64_t start, uint32_t length_s)
{
	memset(bin, 0, sizeof(*bin));
	bin->batch = (struct traffic_batch){.start = {start},
					    .length_s = length_s,
					    .covered_s = length_s,
					    .ports = bin->ports,
					    .port_count = PORTS,
					    .origins = bin->origins};
	for (size_t i = 0; i < PORTS; i++)
		bin->ports[i] =
			(struct traffic_port){.port = ports[i].id, .state = TRAFFIC_COUNTER};
}

/* Enters by Frankfurt: samples have half of what counters say. */
static void
add(struct bin *bin, uint32_t asn, uint64_t octets)
{
	bin->origins[bin->batch.origin_count++] = (struct traffic_origin){
		.port = 2, .asn = {asn}, .octets = octets / 2, .samples = 3};
	bin->ports[2].flow_in += octets / 2;
	bin->ports[2].counter_in += octets;
}

/* Three quarters of what leaves leaves at Tashkent. */
static void
leave(struct bin *bin, uint64_t octets)
{
	bin->ports[0].counter_out = octets * 3 / 4;
	bin->ports[1].counter_out = octets / 4;
}

static const struct corridor_network_rate *
network(const struct corridor_content_sums *sums, uint32_t asn)
{
	for (size_t i = 0; i < sums->network_count; i++)
		if (sums->networks[i].asn.number == asn)
			return &sums->networks[i];
	return NULL;
}

/* Numbers 1 to 100 in an order by chance: so many Mbit/s of AS100, twice as many of AS105 every other time. */
static void
test_rates(void)
{
	struct arena *arena = arena_new();
	struct corridor_content_rates *r = corridor_content_rates_new(&hub, 100, (struct utc_s){0});
	struct corridor_content_sums sums;
	struct bin bin;
	bool added = true;
	for (int i = 1; i <= 100; i++) {
		uint64_t number = (uint64_t)(i * 37 % 101) * 1000000 / 8 * BIN_S;
		begin(&bin, FIRST + i * BIN_S, BIN_S);
		add(&bin, 100, number);
		add(&bin, 105, i % 2 ? 2 * number : 0);
		add(&bin, 300, 5 * number);
		added &= corridor_content_rates_add(r, &bin.batch, false) == 0;
		begin(&bin, FIRST + i * BIN_S, BIN_S);
		add(&bin, 200, 8000000ull / 8 * BIN_S);
		leave(&bin, 4000);
		bin.origins[0].outgoing = i > 10;
		added &= corridor_content_rates_add(r, &bin.batch, true) == 0;
	}
	ok(added && corridor_content_rates_sum(&sums, r, arena) == 0 && sums.intervals == 100 &&
		   sums.network_count == 3 && !network(&sums, 300),
	   "networks of content have rows, others have none");
	const struct corridor_network_rate *one = network(&sums, 100);
	ok(one && one->rates.mean_bps == 50500000 && one->rates.p95_bps == 95000000 &&
		   one->rates.peak_bps == 100000000 && one->samples == 300 && one->of_count == 2,
	   "mean, the highest but a twentieth, and the highest, by counters");
	one = network(&sums, 200);
	ok(one && one->rates.mean_bps == 800000 && one->rates.p95_bps == 8000000 &&
		   one->of_count == 1,
	   "what goes out is not what comes in");
	uint64_t both =
		one ? network(&sums, 100)->rates.mean_bps + network(&sums, 105)->rates.mean_bps : 0;
	ok(sums.content[0].rates.mean_bps == both * 3 / 4 &&
		   sums.content[1].rates.mean_bps == both / 4 && sums.content[0].split &&
		   !sums.content[2].split && sums.content[2].rates.mean_bps == 800000,
	   "what two have is split as what leaves where their users are, and sums up to all");
	ok(sums.content[3].rates.peak_bps == 0 && sums.networks[0].rates.p95_bps >= 95000000,
	   "without networks there is nothing; the largest is the first");
	begin(&bin, FIRST, BIN_S);
	ok(corridor_content_rates_add(r, &bin.batch, true) == 0 &&
		   corridor_content_rates_sum(&sums, r, arena) == 0 && sums.intervals == 100,
	   "no more intervals are taken than were announced");
	corridor_content_rates_free(r);
	arena_free(arena);
}

static void
test_coverage(void)
{
	struct arena *arena = arena_new();
	struct corridor_content_rates *r = corridor_content_rates_new(&hub, 5, (struct utc_s){0});
	struct corridor_content_sums sums;
	struct bin bin;
	ok(corridor_content_rates_sum(&sums, r, arena) == 0 && sums.intervals == 0 &&
		   sums.network_count == 0 && sums.content[0].rates.peak_bps == 0,
	   "nothing comes to nothing");
	begin(&bin, FIRST, BIN_S);
	add(&bin, 200, 1000000);
	bin.batch.covered_s = BIN_S / 2 - 1;
	(void)corridor_content_rates_add(r, &bin.batch, true);
	begin(&bin, FIRST + BIN_S, BIN_S);
	add(&bin, 200, 1500000);
	bin.batch.covered_s = BIN_S / 2;
	bin.batch.simulated = true;
	(void)corridor_content_rates_add(r, &bin.batch, true);
	ok(corridor_content_rates_sum(&sums, r, arena) == 0 && sums.intervals == 1 &&
		   sums.content[2].rates.peak_bps == 80000 && sums.simulated,
	   "less than half an interval is none; of more its own seconds count");
	corridor_content_rates_free(r);
	arena_free(arena);
}

/* A day of which AS200 had a quarter, of the whole of which only the sum is left, and nothing leaves; the first hour was not
 * listened to. */
static void
test_shaped(void)
{
	struct arena *arena = arena_new();
	struct corridor_content_rates *r =
		corridor_content_rates_new(&hub, 2 * DAY_BINS, (struct utc_s){FIRST + 86400});
	struct corridor_content_sums sums;
	struct bin bin;
	begin(&bin, FIRST, 86400);
	add(&bin, 200, 1000000);
	add(&bin, 999, 6000000);
	add(&bin, 102, 0);
	add(&bin, 200, 1000000);
	(void)corridor_content_rates_day(r, &bin.batch, true);
	for (int64_t i = 12; i < DAY_BINS; i++) {
		begin(&bin, FIRST + i * BIN_S, BIN_S);
		if (i == 12)
			add(&bin, 200, 777777777);
		bin.ports[2].counter_in = (uint64_t)(i % 24) * 4000000 / 8 * BIN_S;
		(void)corridor_content_rates_add(r, &bin.batch, true);
	}
	begin(&bin, FIRST + 86400, BIN_S);
	add(&bin, 200, 50000000ull / 8 * BIN_S);
	(void)corridor_content_rates_add(r, &bin.batch, true);
	ok(corridor_content_rates_sum(&sums, r, arena) == 0 && sums.intervals == 277 &&
		   sums.shaped == 276,
	   "of an old day it has its share in each interval");
	/* 277 / 20 = 13 are left out: that of 50, eleven of 23, one of 22. */
	ok(sums.content[2].rates.p95_bps == 22000000 && sums.content[2].rates.peak_bps == 50000000,
	   "so that its rates go as those of the port where it enters");
	corridor_content_rates_free(r);
	arena_free(arena);
}

int
main(void)
{
	test_rates();
	test_coverage();
	test_shaped();
	return done_testing();
}
