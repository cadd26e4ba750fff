/* Traffic between sites, interval by interval, against a plain reckoning. */
#include "corridor/corridor_matrix.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

enum { SITES = 3, MEMBERS = 2, PORTS = 5, INTERVALS = 100 };

static struct hub_site sites[SITES] = {{.id = "KHI"}, {.id = "FRA"}, {.id = "SIN"}};
static struct hub_member members[MEMBERS] = {{.asn = {64501}, .name = "One"},
					     {.asn = {64502}, .name = "Two"}};
/* Of the first member: Karachi and Frankfurt; of the other: Karachi, Singapore, nowhere. */
static struct hub_port ports[PORTS] = {{.id = "a", .member = 0, .site = 0},
				       {.id = "b", .member = 0, .site = 1},
				       {.id = "c", .member = 1, .site = 0},
				       {.id = "d", .member = 1, .site = 2},
				       {.id = "e", .member = 1, .site = HUB_NONE}};
static const struct hub hub = {.sites = sites,
			       .site_count = SITES,
			       .members = members,
			       .member_count = MEMBERS,
			       .ports = ports,
			       .port_count = PORTS};

/* A bin of 300 s: from port a to b so many octets by samples, counters as they are set. */
struct bin {
	struct traffic_port ports[PORTS + 1];
	struct traffic_pair pairs[8];
	struct traffic_batch batch;
};

static void
begin(struct bin *bin)
{
	memset(bin, 0, sizeof(*bin));
	bin->batch = (struct traffic_batch){.length_s = 300,
					    .covered_s = 300,
					    .ports = bin->ports,
					    .port_count = PORTS + 1,
					    .pairs = bin->pairs};
	for (size_t i = 0; i < PORTS; i++)
		bin->ports[i].port = ports[i].id;
	bin->ports[PORTS].port = "gone";
}

static void
add(struct bin *bin, uint32_t from, uint32_t to, uint64_t octets)
{
	bin->pairs[bin->batch.pair_count++] =
		(struct traffic_pair){.from = from, .to = to, .octets = octets, .samples = 4};
	bin->ports[from].flow_in += octets;
	bin->ports[to].flow_out += octets;
	bin->ports[from].state = bin->ports[to].state = TRAFFIC_ESTIMATED;
}

static const struct corridor_matrix_row *
row_of(const struct corridor_matrix_sums *sums, uint32_t member, uint32_t from, uint32_t to)
{
	for (size_t i = 0; i < sums->row_count; i++)
		if (sums->rows[i].member == member && sums->rows[i].from == from &&
		    sums->rows[i].to == to)
			return &sums->rows[i];
	return NULL;
}

/* 3 Mbit/s times the number of the interval, 1 to 100, in an order by chance. */
static void
test_rates(void)
{
	struct arena *arena = arena_new();
	struct corridor_matrix *m = corridor_matrix_new(&hub, INTERVALS);
	struct corridor_matrix_sums sums;
	struct bin bin;
	bool added = true;
	for (uint64_t i = 1; i <= INTERVALS; i++) {
		uint64_t number = i * 37 % 101;
		begin(&bin);
		add(&bin, 0, 1, number * 3000000 / 8 * 300);
		if (i <= 3)
			add(&bin, 3, 2, 8000000ull / 8 * 300);
		add(&bin, 0, 2, 1000000ull / 8 * 300);
		add(&bin, 4, 0, 2000000ull / 8 * 300);
		add(&bin, PORTS, 0, 1000000ull / 8 * 300);
		added &= corridor_matrix_add(m, &bin.batch) == 0;
	}
	ok(added && corridor_matrix_sum(&sums, m, arena) == 0 && sums.intervals == INTERVALS &&
		   sums.row_count == 2,
	   "there is a row for each member, site where it enters and site where it leaves");
	const struct corridor_matrix_row *row = row_of(&sums, 0, 0, 1);
	ok(row && row->rates.mean_bps == 151500000 && row->rates.p95_bps == 285000000 &&
		   row->rates.peak_bps == 300000000 && row->samples == 4 * INTERVALS,
	   "mean, the highest but a twentieth, and the highest");
	row = row_of(&sums, 1, 2, 0);
	ok(row && row->rates.mean_bps == 240000 && row->rates.p95_bps == 0 &&
		   row->rates.peak_bps == 8000000,
	   "where it is not there it counts as nothing");
	ok(sums.within_bps == 1000000 && sums.unplaced_bps == 3000000,
	   "what stays at a site, and what has no site at one end, is told apart");
	ok(sums.heard[0] && sums.heard[1] && sums.members[0].p95_bps == 288000000 &&
		   sums.members[0].peak_bps == 303000000,
	   "a member has the larger direction of its ports together");
	begin(&bin);
	ok(corridor_matrix_add(m, &bin.batch) == 0 && corridor_matrix_sum(&sums, m, arena) == 0 &&
		   sums.intervals == INTERVALS,
	   "no more intervals are taken than were announced");
	corridor_matrix_free(m);
	arena_free(arena);
}

static void
test_coverage(void)
{
	struct arena *arena = arena_new();
	struct corridor_matrix *m = corridor_matrix_new(&hub, 4);
	struct corridor_matrix_sums sums;
	struct bin bin;
	ok(corridor_matrix_sum(&sums, m, arena) == 0 && sums.row_count == 0 &&
		   sums.intervals == 0 && !sums.heard[0],
	   "of no interval there is nothing");
	begin(&bin);
	add(&bin, 0, 1, 300000000);
	bin.batch.covered_s = 149;
	(void)corridor_matrix_add(m, &bin.batch);
	bin.batch.covered_s = 0;
	(void)corridor_matrix_add(m, &bin.batch);
	ok(corridor_matrix_sum(&sums, m, arena) == 0 && sums.intervals == 0,
	   "an interval that was listened to for less than half is left out");
	bin.batch.covered_s = 150;
	bin.ports[0].state = TRAFFIC_COUNTER;
	bin.ports[0].counter_in = 600000000;
	(void)corridor_matrix_add(m, &bin.batch);
	ok(corridor_matrix_sum(&sums, m, arena) == 0 && sums.intervals == 1 &&
		   sums.rows[0].rates.peak_bps == 32000000,
	   "rates are of the time that was listened to, by the counters of where it entered");
	corridor_matrix_free(m);
	arena_free(arena);
}

/* What goes to a member that avoids countries is told apart, but not what goes to it as an upstream. */
static void
test_avoiders(void)
{
	struct country avoided[] = {{"RU"}};
	struct hub_steering_member own = {.member = 0, .avoid = avoided, .avoid_count = 1};
	struct hub_session session = {.member = 0, .port = 1, .transit = HUB_AS_CUSTOMER};
	struct hub steered = hub;
	steered.steering.members = &own;
	steered.steering.member_count = 1;
	steered.sessions = &session;
	steered.session_count = 1;
	for (int upstream = 0; upstream < 2; upstream++) {
		struct arena *arena = arena_new();
		session.transit = upstream ? HUB_AS_UPSTREAM : HUB_AS_CUSTOMER;
		struct corridor_matrix *m = corridor_matrix_new(&steered, 1);
		struct corridor_matrix_sums sums;
		struct bin bin;
		begin(&bin);
		add(&bin, 2, 1, 375000000);
		add(&bin, 0, 3, 375000000);
		if (corridor_matrix_add(m, &bin.batch) < 0 ||
		    corridor_matrix_sum(&sums, m, arena) < 0)
			abort();
		const struct corridor_matrix_row *to = row_of(&sums, 1, 0, 1);
		const struct corridor_matrix_row *from = row_of(&sums, 0, 0, 2);
		ok(to && to->avoider == (upstream ? HUB_NONE : 0), "what goes to %s",
		   upstream ? "an upstream is others' traffic"
			    : "a customer that avoids countries says so");
		ok(from && from->avoider == HUB_NONE,
		   "what goes to a member that avoids nothing does not");
		corridor_matrix_free(m);
		arena_free(arena);
	}
}

int
main(void)
{
	test_rates();
	test_coverage();
	test_avoiders();
	return done_testing();
}
