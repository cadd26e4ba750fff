/* What a bin is worth, and how runs and ports add up. */
#include "ledger/ledger_bin.h"

#include "made_up.h"
#include "tap.h"

static struct ledger_fact
fact(int64_t start, uint64_t counter, uint32_t covered_s, uint64_t flow, enum traffic_state claim)
{
	return (struct ledger_fact){
		.start = {start},
		.length_s = 300,
		.runs = 1,
		.counter_covered_s = covered_s,
		.counter_in = counter,
		.counter_out = counter * 2,
		.flow_in = flow,
		.flow_out = flow * 2,
		.claim = claim,
	};
}

static void
worth(void)
{
	struct ledger_fact f = fact(0, 1000, 300, 900, TRAFFIC_COUNTER);
	struct ledger_octets o = ledger_fact_octets(&f);
	ok(o.in == 1000 && o.out == 2000,
	   "with counters their octets are billed, not the samples'");
	f = fact(0, 0, 0, 900, TRAFFIC_ESTIMATED);
	o = ledger_fact_octets(&f);
	ok(o.in == 900 && o.out == 1800, "without them those of the samples");
	f = fact(0, 1000, 200, 900, TRAFFIC_ESTIMATED);
	o = ledger_fact_octets(&f);
	ok(o.in == 1000 && o.out == 2000, "but never less than the counters saw in a part");
	f = fact(0, 1000, 0, 900, TRAFFIC_MISSING);
	o = ledger_fact_octets(&f);
	ok(o.in == 0 && o.out == 0, "a missing bin is worth nothing");
	f = fact(0, 0, 300, 900, TRAFFIC_COUNTER);
	o = ledger_fact_octets(&f);
	ok(o.in == 0, "counters that stand still are believed");
	struct traffic_batch batch = {.length_s = 300};
	struct traffic_port port = {.counter_covered_s = 4000000000u, .state = TRAFFIC_COUNTER};
	f = ledger_fact_of(&batch, &port);
	is_int(f.counter_covered_s, 300, "counters cover no more than the bin");
}

static void
runs(void)
{
	struct ledger_fact a = fact(0, 400, 120, 390, TRAFFIC_ESTIMATED);
	struct ledger_fact b = fact(0, 600, 180, 610, TRAFFIC_ESTIMATED);
	ok(ledger_fact_state(&a) == TRAFFIC_ESTIMATED, "counters of two minutes are an estimate");
	struct ledger_fact ab = a, ba = b;
	ledger_fact_add(&ab, &b);
	ledger_fact_add(&ba, &a);
	ok(same_fact(&ab, &ba), "the order of the runs does not matter");
	ok(ledger_fact_state(&ab) == TRAFFIC_COUNTER && ledger_fact_octets(&ab).in == 1000,
	   "two runs whose counters cover the bin together are as good as one");
	struct ledger_fact gap = fact(0, 500, 150, 500, TRAFFIC_ESTIMATED);
	ledger_fact_add(&gap, &a);
	ok(ledger_fact_state(&gap) == TRAFFIC_ESTIMATED && gap.counter_covered_s == 270,
	   "with half a minute between them it stays an estimate");
	struct ledger_fact whole = fact(0, 1000, 300, 990, TRAFFIC_COUNTER);
	struct ledger_fact nothing = fact(0, 0, 0, 0, TRAFFIC_MISSING);
	ledger_fact_add(&whole, &nothing);
	ok(ledger_fact_state(&whole) == TRAFFIC_COUNTER,
	   "a run that heard nothing takes nothing away");
	struct ledger_fact lossy = fact(0, 1000, 300, 900, TRAFFIC_ESTIMATED);
	ok(ledger_fact_state(&lossy) == TRAFFIC_ESTIMATED,
	   "one run is believed when it says that it estimated");
	struct ledger_fact huge = fact(0, UINT64_MAX, 10, 0, TRAFFIC_COUNTER);
	ledger_fact_add(&huge, &huge);
	ok(huge.counter_in == UINT64_MAX, "sums stop at the end of 64 bits");
	ab = a;
	b.simulated = true;
	ledger_fact_add(&ab, &b);
	ok(ab.simulated, "simulated in part is simulated");
}

static void
is_bin(const struct ledger_series *s, size_t i, uint64_t in, enum traffic_state state,
       const char *what)
{
	if (!ok(s->bins[i].in == in && s->bins[i].state == state, "%s", what))
		printf("# in %llu, state %d\n", (unsigned long long)s->bins[i].in,
		       s->bins[i].state);
}

static void
ports(void)
{
	struct ledger_series s;
	struct ledger_fact one[] = {
		fact(-300, 5, 300, 0, TRAFFIC_COUNTER), fact(0, 10, 300, 0, TRAFFIC_COUNTER),
		fact(300, 10, 300, 0, TRAFFIC_COUNTER), fact(600, 0, 0, 20, TRAFFIC_ESTIMATED),
		fact(900, 10, 300, 0, TRAFFIC_COUNTER), fact(1800, 5, 300, 0, TRAFFIC_COUNTER),
	};
	struct ledger_fact two[] = {
		fact(300, 3, 300, 0, TRAFFIC_COUNTER),
		fact(600, 3, 300, 0, TRAFFIC_COUNTER),
		fact(900, 0, 0, 0, TRAFFIC_MISSING),
		fact(1200, 0, 0, 0, TRAFFIC_MISSING),
	};
	if (!ok(ledger_series_init(&s, (struct utc_s){0}, (struct utc_s){1799}, 300) == 0 &&
			s.count == 5,
		"a bin that would end after the period is left out"))
		return;
	ledger_series_add(&s, one, sizeof(one) / sizeof(one[0]));
	ledger_series_add(&s, two, sizeof(two) / sizeof(two[0]));
	is_bin(&s, 0, 10, TRAFFIC_COUNTER, "a port that was not there yet changes nothing");
	is_bin(&s, 1, 13, TRAFFIC_COUNTER, "ports add up");
	is_bin(&s, 2, 23, TRAFFIC_ESTIMATED, "one estimate makes the sum an estimate");
	is_bin(&s, 3, 10, TRAFFIC_ESTIMATED, "and so does a port that was there and not heard");
	is_bin(&s, 4, 0, TRAFFIC_MISSING, "what nobody heard is missing");
	struct ledger_bin_counts n = ledger_series_counts(&s);
	ok(n.expected == 5 && n.counter == 2 && n.estimated == 2 && n.missing == 1 && !n.simulated,
	   "bins are counted by state");
	ledger_series_fini(&s);
	ok(ledger_series_init(&s, (struct utc_s){1}, (struct utc_s){900}, 300) == 0 &&
		   s.from.s == 300 && s.count == 2,
	   "a period that begins inside a bin has the bins that lie wholly in it");
	ledger_series_fini(&s);
	ok(ledger_series_init(&s, (struct utc_s){-601}, (struct utc_s){0}, 300) == 0 &&
		   s.from.s == -600 && s.count == 2,
	   "also before 1970");
	ledger_series_fini(&s);
	ok(ledger_series_init(&s, (struct utc_s){900}, (struct utc_s){300}, 300) == 0 &&
		   s.count == 0,
	   "a period that ends before it begins has none");
	ledger_series_fini(&s);
	ok(ledger_series_init(&s, (struct utc_s){0}, (struct utc_s){INT64_MAX / 2}, 1) < 0,
	   "a period of ages is refused");
}

static void
lengths(void)
{
	struct ledger_fact minutes[10];
	struct ledger_series s;
	for (int i = 0; i < 10; i++) {
		minutes[i] = fact(i * 60, 7, 60, 0, TRAFFIC_COUNTER);
		minutes[i].length_s = 60;
	}
	is_int(ledger_facts_length(minutes, 10, 300), 300, "the longest bin gives the length");
	is_int(ledger_facts_length(minutes, 10, 30), 60,
	       "also when the hub's bins are shorter now");
	(void)ledger_series_init(&s, (struct utc_s){0}, (struct utc_s){600}, 300);
	ledger_series_add(&s, minutes, 9);
	is_bin(&s, 0, 35, TRAFFIC_COUNTER, "five bins of a minute are one of five");
	is_bin(&s, 1, 28, TRAFFIC_ESTIMATED, "four of them are an estimate");
	ledger_series_fini(&s);
}

/* A bin seen by one run, or cut in two at any second, is worth the same. */
static void
cutting(void)
{
	struct made_up m = {7};
	unsigned wrong = 0;
	for (int i = 0; i < 20000; i++) {
		uint64_t octets = made_up_below(&m, 1000000), flow = made_up_below(&m, 1000000);
		bool counters = made_up_below(&m, 2);
		uint32_t cut = (uint32_t)made_up_below(&m, 301);
		uint64_t part = octets * cut / 300, flow_part = made_up_below(&m, flow + 1);
		struct ledger_fact whole = fact(0, counters ? octets : 0, counters ? 300 : 0, flow,
						counters ? TRAFFIC_COUNTER : TRAFFIC_ESTIMATED);
		struct ledger_fact a =
			fact(0, counters ? part : 0, counters ? cut : 0, flow_part,
			     counters && cut == 300 ? TRAFFIC_COUNTER : TRAFFIC_ESTIMATED);
		struct ledger_fact b = fact(
			0, counters ? octets - part : 0, counters ? 300 - cut : 0, flow - flow_part,
			counters && cut == 0 ? TRAFFIC_COUNTER : TRAFFIC_ESTIMATED);
		ledger_fact_add(&a, &b);
		struct ledger_octets x = ledger_fact_octets(&whole), y = ledger_fact_octets(&a);
		wrong += x.in != y.in || x.out != y.out ||
			 ledger_fact_state(&whole) != ledger_fact_state(&a);
	}
	is_int(wrong, 0, "20000 bins cut in two runs at any second are worth what they were");
}

/* Bins that were put right by hand: instead of what was measured, or where nothing was. */
static void
adjusted(void)
{
	struct arena *arena = arena_new();
	struct ledger_fact facts[] = {fact(300, 1000, 300, 900, TRAFFIC_COUNTER),
				      fact(600, 0, 0, 0, TRAFFIC_MISSING),
				      fact(1200, 1000, 300, 900, TRAFFIC_COUNTER)};
	facts[2].length_s = 600;
	struct ledger_facts all = {facts, 3};
	static const struct ledger_other_bin by[] = {{{0}, 300, 1, 2},     {{300}, 300, 30, 40},
						     {{600}, 300, 50, 60}, {{900}, 300, 70, 80},
						     {{1200}, 300, 9, 9},  {{1500}, 300, 9, 9},
						     {{1800}, 300, 90, 91}};
	struct ledger_series series;
	ok(ledger_facts_adjust(arena, &all, (struct ledger_other_bins){by, 7}) &&
		   ledger_series_init(&series, (struct utc_s){0}, (struct utc_s){2400}, 300) == 0,
	   "bins are put right");
	is_int((long long)all.count, 6, "those that were, and those that were not there");
	ledger_series_add(&series, all.items, 4);
	struct ledger_bin_counts counts = ledger_series_counts(&series);
	ok(counts.adjusted == 4 && counts.counter == 4 && series.bins[1].in == 30 &&
		   series.bins[2].out == 60 && series.bins[3].in == 70,
	   "each is exact, and counted");
	ok(all.items[4].counter_in == 1000 && !all.items[4].adjusted &&
		   all.items[4].length_s == 600,
	   "one that was measured in another length stays as it is");
	ok(all.items[5].start.s == 1800 && all.items[5].adjusted, "what follows it does not");
	ledger_series_fini(&series);
	struct ledger_facts none = {0};
	ok(ledger_facts_adjust(arena, &none, (struct ledger_other_bins){by, 1}) &&
		   none.count == 1 && none.items[0].counter_out == 2,
	   "a port that was never heard has what is said of it");
	arena_free(arena);
}

int
main(void)
{
	adjusted();
	worth();
	runs();
	ports();
	lengths();
	cutting();
	return done_testing();
}
