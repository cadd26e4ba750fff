/* Measured traffic on the segments that contracts name: who adds to what, and in which direction.
 */
#include "corridor/corridor_load.h"

#include <math.h>

#include "tap.h"

/* east ──E── hub ──W── west ──X── far      and a spare between hub and far */
enum { EAST, HUB, WEST, FAR, SITES };
enum { SEG_E, SEG_W, SEG_X, SEG_SPARE, SEGMENTS };
enum { GIGABIT = 1000000000 };

static struct hub_segment segments[SEGMENTS] = {
	{.id = "E", .usable = true, .a = HUB, .b = EAST, .lit_tbps = 0.1, .design_tbps = 1},
	{.id = "W", .usable = true, .a = HUB, .b = WEST, .lit_tbps = NAN, .design_tbps = 0.1},
	{.id = "X", .usable = true, .a = FAR, .b = WEST, .lit_tbps = NAN, .design_tbps = NAN},
	{.id = "S", .usable = true, .a = HUB, .b = FAR, .lit_tbps = NAN, .design_tbps = NAN},
};
static struct hub_port ports[] = {
	{.id = "64601-1", .member = 0, .site = HUB},
	{.id = "64601-2", .member = 0, .site = HUB},
	{.id = "64602-1", .member = 1, .site = HUB},
};
static uint32_t first_ports[] = {0, 1}, second_ports[] = {2};
/* From the east through the hub and on to the far end; and from the hub to the west. */
static uint32_t through[] = {SEG_E, SEG_W, SEG_X}, outward[] = {SEG_W};
static struct hub_contract contracts[] = {
	{.id = "T1",
	 .member = 0,
	 .ports = first_ports,
	 .port_count = 2,
	 .segments = through,
	 .segment_count = 3},
	{.id = "T2",
	 .member = 1,
	 .ports = second_ports,
	 .port_count = 1,
	 .segments = outward,
	 .segment_count = 1},
};
static struct hub hub = {
	.segments = segments,
	.segment_count = SEGMENTS,
	.site_count = SITES,
	.ports = ports,
	.port_count = 3,
	.contracts = contracts,
	.contract_count = 2,
};

/* Octets of 300 s at so many bit/s. */
static uint64_t
octets(double gbps)
{
	return (uint64_t)(gbps * GIGABIT / 8 * 300);
}

static struct traffic_port
counted(const char *id, double in_gbps, double out_gbps)
{
	return (struct traffic_port){.port = id,
				     .counter_in = octets(in_gbps),
				     .counter_out = octets(out_gbps),
				     .counter_covered_s = 300,
				     .flow_in = 1,
				     .flow_out = 1,
				     .state = TRAFFIC_COUNTER};
}

static struct traffic_batch
batch_of(struct traffic_port *list, size_t count)
{
	return (struct traffic_batch){.start = {1000000200},
				      .length_s = 300,
				      .covered_s = 300,
				      .ports = list,
				      .port_count = count};
}

static void
members_add(void)
{
	struct traffic_port list[] = {counted("64601-1", 30, 5), counted("64601-2", 10, 5),
				      counted("64602-1", 2, 70), counted("64999-1", 1, 1)};
	struct traffic_batch batch = batch_of(list, 4);
	struct corridor_load *load = corridor_load_new(&hub, &batch, batch.start);
	const struct corridor_segment_load *s = load->segments;
	is_int((long long)load->in_bps, 43ll * GIGABIT,
	       "all ports add up, also one no longer here");
	is_int((long long)s[SEG_E].ba_bps, 40ll * GIGABIT,
	       "what a member sends runs along its list, on all its ports");
	is_int((long long)s[SEG_E].ab_bps, 10ll * GIGABIT, "what it receives runs against it");
	is_int((long long)s[SEG_W].ab_bps, (40 + 2) * (long long)GIGABIT,
	       "members on one segment add by direction: 40 through, 2 from the other");
	is_int((long long)s[SEG_W].ba_bps, (10 + 70) * (long long)GIGABIT, "and the other way");
	is_int((long long)s[SEG_X].ba_bps, 40ll * GIGABIT,
	       "a segment written the other way round is still travelled onward");
	ok(s[SEG_W].named && !s[SEG_SPARE].named, "only what a contract names is named");
	ok(!corridor_load_known(&s[SEG_SPARE]), "what no contract names has no load, not none");
	is_int((long long)corridor_load_bps(&s[SEG_W]), 80ll * GIGABIT,
	       "the load is the larger direction");
	ok(fabs(corridor_load_utilisation(&s[SEG_E]) - 0.4) < 1e-12,
	   "utilisation is of what is lit");
	ok(fabs(corridor_load_utilisation(&s[SEG_W]) - 0.8) < 1e-12,
	   "or of the design where nobody says what is lit");
	ok(isnan(corridor_load_utilisation(&s[SEG_X])), "and not known without a capacity");
	corridor_load_free(load);
	segments[SEG_W].usable = false;
	load = corridor_load_new(&hub, &batch, batch.start);
	ok(load->segments[SEG_W].named && !corridor_load_known(&load->segments[SEG_W]),
	   "a segment that is out is named, but carries nothing");
	segments[SEG_W].usable = true;
	corridor_load_free(load);
}

static void
which_number(void)
{
	struct traffic_port list[] = {counted("64601-1", 30, 5), counted("64601-2", 10, 5),
				      counted("64602-1", 2, 70)};
	list[0].flow_in = octets(8);
	list[0].counter_covered_s = 100;
	list[1].counter_covered_s = 150;
	list[2].state = TRAFFIC_MISSING;
	struct traffic_batch batch = batch_of(list, 3);
	struct corridor_load *load = corridor_load_new(&hub, &batch, batch.start);
	const struct corridor_segment_load *s = load->segments;
	is_int((long long)s[SEG_E].ba_bps, (8 + 20) * (long long)GIGABIT,
	       "counters over half the time are taken as a rate, over less the samples are");
	ok(s[SEG_W].ports == 3 && s[SEG_W].ports_missing == 1 && corridor_load_known(&s[SEG_W]),
	   "a port that was not measured is counted as missing");
	list[0].state = list[1].state = TRAFFIC_MISSING;
	corridor_load_free(load);
	load = corridor_load_new(&hub, &batch, batch.start);
	ok(!corridor_load_known(&load->segments[SEG_W]) &&
		   isnan(corridor_load_utilisation(&load->segments[SEG_W])),
	   "when all are missing the load is not known");
	corridor_load_free(load);
	batch.covered_s = 0;
	load = corridor_load_new(&hub, &batch, batch.start);
	ok(load && load->in_bps == 0, "an interval nobody listened to divides by nothing");
	corridor_load_free(load);
}

static void
directions(void)
{
	struct traffic_port list[] = {counted("64601-1", 30, 5), counted("64601-2", 0, 0)};
	struct traffic_batch batch = batch_of(list, 2);
	static uint32_t inward[] = {SEG_X, SEG_W}, away[] = {SEG_W, SEG_X}, gap[] = {SEG_X, SEG_E};
	static uint32_t single[] = {SEG_E}, elsewhere[] = {SEG_X};
	static const struct {
		const char *name;
		uint32_t *segments;
		size_t count;
		uint32_t segment;
		uint64_t ab_gbps;
	} cases[] = {
		{"a list that comes to the exchange is travelled towards it", inward, 2, SEG_X, 30},
		{"to its last segment", inward, 2, SEG_W, 5},
		{"a list that goes out from the exchange is travelled away from it", away, 2, SEG_W,
		 30},
		{"to its last segment as well", away, 2, SEG_X, 5},
		{"after a gap a list goes on from end a", gap, 2, SEG_E, 30},
		{"a single segment starts at the member's port", single, 1, SEG_E, 30},
		{"or at end a where there is none", elsewhere, 1, SEG_X, 30},
	};
	struct hub other = hub;
	struct hub_contract contract = contracts[0];
	other.contracts = &contract;
	other.contract_count = 1;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		contract.segments = cases[i].segments;
		contract.segment_count = cases[i].count;
		struct corridor_load *load = corridor_load_new(&other, &batch, batch.start);
		is_int((long long)load->segments[cases[i].segment].ab_bps,
		       (long long)cases[i].ab_gbps * GIGABIT, cases[i].name);
		corridor_load_free(load);
	}
}

static void
counted_once(void)
{
	struct traffic_port list[] = {counted("64601-1", 30, 5)};
	struct traffic_batch batch = batch_of(list, 1);
	struct hub other = hub;
	struct hub_contract both[] = {contracts[0], contracts[0]};
	static uint32_t twice[] = {SEG_E, SEG_E};
	other.contracts = both;
	struct corridor_load *load = corridor_load_new(&other, &batch, batch.start);
	is_int((long long)corridor_load_bps(&load->segments[SEG_E]), 30ll * GIGABIT,
	       "a port that two contracts lay on a segment counts once");
	corridor_load_free(load);
	both[0].segments = both[1].segments = twice;
	both[0].segment_count = both[1].segment_count = 2;
	load = corridor_load_new(&other, &batch, batch.start);
	is_int((long long)corridor_load_bps(&load->segments[SEG_E]), 30ll * GIGABIT,
	       "nor does a segment named twice carry it twice");
	corridor_load_free(load);
}

static void
in_force(void)
{
	struct hub_contract c = {.starts = {100}, .ends = {200}};
	ok(corridor_contract_in_force(&c, (struct utc_s){100}), "a contract holds from its start");
	ok(corridor_contract_in_force(&c, (struct utc_s){199}), "to the second before its end");
	ok(!corridor_contract_in_force(&c, (struct utc_s){200}), "not at its end");
	ok(!corridor_contract_in_force(&c, (struct utc_s){99}), "nor before");
	c.ends.s = 0;
	ok(corridor_contract_in_force(&c, (struct utc_s){1 << 30}), "without an end it goes on");
}

static void
choice(void)
{
	struct traffic_batch closed = {.start = {600}, .length_s = 300, .covered_s = 300};
	struct traffic_batch open = {.start = {900}, .length_s = 300, .covered_s = 10};
	struct utc_s now = {910};
	ok(corridor_load_choose(&closed, NULL, &open, now) == &closed,
	   "an interval just opened does not speak for now");
	open.covered_s = 60;
	ok(corridor_load_choose(&closed, NULL, &open, now) == &open, "after a minute it does");
	ok(corridor_load_choose(NULL, NULL, &open, now) == &open, "alone too");
	open.start.s = 300;
	ok(corridor_load_choose(&closed, NULL, &open, now) == &closed,
	   "one that was left behind does not");
	ok(corridor_load_choose(&closed, NULL, NULL, (struct utc_s){1800}) == &closed,
	   "a closed one speaks for three intervals");
	ok(corridor_load_choose(&closed, NULL, NULL, (struct utc_s){1801}) == NULL,
	   "and no longer");
	ok(corridor_load_choose(NULL, NULL, NULL, now) == NULL, "nothing is nothing");
	struct traffic_batch before = {.start = {600}, .length_s = 300, .covered_s = 290};
	open = (struct traffic_batch){.start = {900}, .length_s = 300, .covered_s = 10};
	ok(corridor_load_choose(NULL, &before, &open, now) == &before,
	   "an interval that is over and not closed yet speaks until the next covers a minute");
	ok(corridor_load_choose(&closed, &before, &open, now) == &closed, "closed it goes before");
	closed.start.s = 300;
	ok(corridor_load_choose(&closed, &before, &open, now) == &before,
	   "the one closed before that does not");
	open.covered_s = 60;
	ok(corridor_load_choose(&closed, &before, &open, now) == &open, "and then the next speaks");
	before.covered_s = 59;
	ok(corridor_load_choose(NULL, &before, NULL, now) == NULL,
	   "less than a minute of one is nothing");
	struct corridor_load *load = corridor_load_new(&hub, NULL, now);
	ok(load->segments[SEG_E].named && !corridor_load_known(&load->segments[SEG_E]) &&
		   load->segments[SEG_E].capacity_bps == 100ull * GIGABIT,
	   "without traffic the contracts and capacities are still there");
	corridor_load_free(load);
}

static void
large_numbers(void)
{
	struct traffic_port list[] = {counted("64601-1", 0, 0)};
	list[0].counter_in = UINT64_MAX / 2;
	struct traffic_batch batch = batch_of(list, 1);
	struct corridor_load *load = corridor_load_new(&hub, &batch, batch.start);
	is_int((long long)load->in_bps, (long long)((unsigned __int128)(UINT64_MAX / 2) * 8 / 300),
	       "octets near the end of their range do not wrap");
	corridor_load_free(load);
}

int
main(void)
{
	members_add();
	which_number();
	directions();
	counted_once();
	in_force();
	choice();
	large_numbers();
	return done_testing();
}
