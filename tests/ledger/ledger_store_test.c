/* What every engine of the store must do. */
#include "ledger/ledger_store.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "ledger/ledger_clickhouse_io.h"
#include "ledger/ledger_sqlite_io.h"
#include "stored.h"
#include "tap.h"

enum { T0 = 1767225600 }; /* 2026-01-01 */

static char *folder;

static const char *
variable(const char *name)
{
	const char *value = getenv(name);
	return value && value[0] ? value : NULL;
}

/* The engine that is asked for in the environment (tests/live/clickhouse.sh does), or SQLite. */
static bool
in_cluster(void)
{
	return variable("SARAI_TEST_CLICKHOUSE") != NULL;
}

static struct ledger_store *
open_store(const char *name)
{
	char path[256], reason[LEDGER_SQLITE_REASON];
	struct ledger_store *store;
	if (in_cluster()) {
		const char *url = variable("SARAI_TEST_CLICKHOUSE");
		(void)snprintf(path, sizeof(path), "sarai_%d_%s", (int)getpid(), name);
		store = ledger_clickhouse_open(
			&(struct ledger_clickhouse_settings){
				.urls = &url,
				.url_count = 1,
				.cluster = variable("SARAI_TEST_CLUSTER"),
				.database = path,
				.timeout_s = 60,
			},
			reason);
	} else {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
		store = ledger_sqlite_open(path, reason);
	}
	if (!store) {
		printf("Bail out! %s\n", reason);
		exit(1);
	}
	return store;
}

static void
putting(void)
{
	struct ledger_store *store = open_store("put");
	struct arena *arena = arena_new();
	struct made_up m = {1};
	struct traffic_batch *one = made_up_batch(&m, arena, T0, 7, 5);
	ok(put(store, one) == LEDGER_PUT_NEW, "a batch is new at first");
	uint64_t octets = all_octets(store, 5);
	ok(octets == ledger_batch_check(one).counter, "all its octets are there");
	ok(put(store, one) == LEDGER_PUT_KNOWN && all_octets(store, 5) == octets,
	   "putting it again changes nothing");
	struct traffic_batch *other = made_up_batch(&m, arena, T0, UINT64_MAX, 5);
	ok(put(store, other) == LEDGER_PUT_NEW &&
		   all_octets(store, 5) == octets + ledger_batch_check(other).counter,
	   "another run of the same bin adds up");
	struct ledger_fact *facts, expected = ledger_fact_of(one, &one->ports[3]);
	struct ledger_fact second = ledger_fact_of(other, &other->ports[3]);
	ledger_fact_add(&expected, &second);
	size_t count;
	ok(bins_of(store, arena, "p3", one->start, (struct utc_s){T0 + 1}, &facts, &count) ==
			   LEDGER_STORE_OK &&
		   count == 1 && same_fact(&facts[0], &expected),
	   "a bin of two runs reads as the sum that the pure code makes");
	ok(bins_of(store, arena, "nobody", one->start, (struct utc_s){T0 + 1}, &facts, &count) ==
			   LEDGER_STORE_OK &&
		   count == 0,
	   "a port that was never seen has no bins");
	is_str(ledger_store_port_name(store, 4), "p3", "ports have numbers in order of arrival");
	ok(!ledger_store_port_name(store, 0) && !ledger_store_port_name(store, 6),
	   "and no others have");
	is_int((long long)faults(store), 0, "the store verifies");
	arena_free(arena);
	ledger_store_close(store);
}

static void
refusing(void)
{
	struct ledger_store *store = open_store("refuse");
	struct arena *arena = arena_new();
	struct made_up m = {2};
	struct traffic_batch b = *made_up_batch(&m, arena, T0, 1, 3);
	ok(put(store, &b) == LEDGER_PUT_NEW, "a sound batch");
	struct traffic_batch shorter = b;
	shorter.length_s = 60;
	shorter.start.s = T0 + 240;
	shorter.run = 2;
	ok(put(store, &shorter) == LEDGER_PUT_REFUSED,
	   "bins of another length must not overlap it");
	shorter.start.s = T0 + 300;
	ok(put(store, &shorter) == LEDGER_PUT_NEW, "beside it they may stand");
	struct traffic_batch longer = b;
	longer.length_s = 3600;
	longer.run = 3;
	ok(put(store, &longer) == LEDGER_PUT_REFUSED, "nor may one cover it");
	struct traffic_batch wrong = b;
	wrong.start.s = T0 + 7;
	wrong.run = 4;
	ok(put(store, &wrong) == LEDGER_PUT_REFUSED, "a start between bins is refused");
	wrong.start.s = 300;
	ok(put(store, &wrong) == LEDGER_PUT_REFUSED, "the year 1970 too");
	wrong.start.s = INT64_MAX / 300 * 300;
	ok(put(store, &wrong) == LEDGER_PUT_REFUSED, "and the end of time");
	wrong = b;
	wrong.start.s = T0 + 3000;
	wrong.length_s = 7;
	ok(put(store, &wrong) == LEDGER_PUT_REFUSED, "a length that does not divide a day");
	struct traffic_port ports[2] = {b.ports[0], b.ports[0]};
	wrong = b;
	wrong.start.s = T0 + 3000;
	wrong.ports = ports;
	wrong.port_count = 2;
	wrong.pair_count = wrong.origin_count = 0;
	ok(put(store, &wrong) == LEDGER_PUT_REFUSED, "a port that is in it twice");
	ports[1] = b.ports[1];
	ports[1].counter_in = UINT64_C(1) << LEDGER_OCTETS_LOG2;
	ok(put(store, &wrong) == LEDGER_PUT_REFUSED, "more octets than a port can carry");
	ports[1].counter_in--;
	ok(put(store, &wrong) == LEDGER_PUT_NEW, "one less will do");
	is_int((long long)faults(store), 0, "the store verifies after all that");
	arena_free(arena);
	ledger_store_close(store);
}

static void
many_at_once(void)
{
	enum { BATCHES = 64 };
	struct ledger_store *store = open_store("many");
	struct arena *arena = arena_new();
	struct made_up m = {3};
	const struct traffic_batch *batches[BATCHES];
	enum ledger_put results[BATCHES];
	uint64_t octets = 0;
	for (int i = 0; i < BATCHES; i++) {
		batches[i] = made_up_batch(&m, arena, T0 + i * 300, 1, 4);
		octets += ledger_batch_check(batches[i]).counter;
	}
	batches[BATCHES - 1] = batches[0];
	octets = 0;
	for (int i = 0; i < BATCHES - 1; i++)
		octets += ledger_batch_check(batches[i]).counter;
	ok(ledger_store_put(store, batches, BATCHES, results) == LEDGER_STORE_OK &&
		   results[0] == LEDGER_PUT_NEW && results[BATCHES - 1] == LEDGER_PUT_KNOWN,
	   "many batches in one transaction; one that is in it twice counts once");
	ok(all_octets(store, 4) == octets, "all octets are there");
	struct ledger_store_totals totals;
	ok(ledger_store_totals(store, &totals) == LEDGER_STORE_OK &&
		   totals.batches == BATCHES - 1 && totals.ports == 4 && totals.oldest.s == T0 &&
		   totals.newest_end.s == T0 + (BATCHES - 1) * 300 && totals.bytes > 10000,
	   "the totals say so");
	struct ledger_batch_row *rows;
	size_t count;
	ok(ledger_store_batches(store, arena, (struct utc_s){T0 + 300}, (struct utc_s){T0 + 900},
				&rows, &count) == LEDGER_STORE_OK &&
		   count == 2 && rows[0].start.s == T0 + 300 && rows[1].start.s == T0 + 600 &&
		   rows[0].covered_s == 300 &&
		   rows[0].lost_records == batches[1]->exporters[0].lost_records &&
		   rows[0].refused_datagrams == 1 && rows[0].unattributed == 12000,
	   "batches of a range are listed with what was lost");
	arena_free(arena);
	ledger_store_close(store);
}

static bool
same_sums(const struct ledger_sums *a, const struct ledger_sums *b)
{
	return a->count == b->count &&
	       memcmp(a->items, b->items, a->count * sizeof(*a->items)) == 0;
}

static void
read_all(struct ledger_store *store, struct ledger_sums sums[LEDGER_SUM_KINDS])
{
	for (int kind = 1; kind <= LEDGER_SUM_KINDS; kind++) {
		sums[kind - 1] = (struct ledger_sums){0};
		(void)ledger_store_sums(store, (enum ledger_sum_kind)kind, (struct utc_s){0},
					(struct utc_s){INT64_MAX}, &sums[kind - 1]);
		ledger_sums_sort(&sums[kind - 1]);
	}
}

/* Puts `count` batches, one every 300 s from T0, so many together. */
static void
put_days(struct ledger_store *store, struct made_up *m, int count, int together, size_t ports)
{
	const struct traffic_batch **batches = calloc((size_t)together, sizeof(*batches));
	enum ledger_put *results = calloc((size_t)together, sizeof(*results));
	for (int i = 0; i < count; i += together) {
		struct arena *arena = arena_new();
		for (int k = 0; k < together; k++)
			batches[k] = made_up_batch(m, arena, T0 + (i + k) * 300, 1, ports);
		if (ledger_store_put(store, batches, (size_t)together, results))
			printf("# put: %s\n", ledger_store_error_text(store));
		arena_free(arena);
	}
	free(batches);
	free(results);
}

/* The steps that folding takes until there is nothing more to do. */
static int
fold_all(struct ledger_store *store, int64_t days)
{
	bool more = true;
	int steps = 0;
	while (ledger_store_fold(store, (struct utc_s){T0 + days * 86400}, &more) ==
		       LEDGER_STORE_OK &&
	       more)
		steps++;
	return steps;
}

static void
folding(void)
{
	struct ledger_store *store = open_store("fold");
	struct arena *arena = arena_new();
	struct made_up m = {4};
	put_days(store, &m, 3 * 288, 288, 4);
	struct ledger_sums before[LEDGER_SUM_KINDS], after[LEDGER_SUM_KINDS];
	read_all(store, before);
	ok(before[0].count > 10 && before[1].count > 1000 && before[2].count == 2,
	   "pairs, networks and countries add up over days");
	is_int(fold_all(store, 8), 0, "young sums are not folded");
	is_int(fold_all(store, 60), in_cluster() ? 0 : 72 + 3 + 72,
	       "old ones are, in one file: an hour of pairs or a day of networks a step");
	read_all(store, after);
	ok(same_sums(&before[0], &after[0]) && same_sums(&before[1], &after[1]) &&
		   same_sums(&before[2], &after[2]),
	   "their sums stay what they were");
	/* A bin that arrives late joins what was folded. */
	struct traffic_batch *late = made_up_batch(&m, arena, T0 + 600, 9, 4);
	(void)put(store, late);
	(void)fold_all(store, 60);
	uint64_t octets = 0, samples = 0;
	for (size_t i = 0; i < before[0].count; i++)
		octets += before[0].items[i].octets, samples += before[0].items[i].samples;
	for (size_t i = 0; i < late->pair_count; i++)
		octets += late->pairs[i].octets, samples += late->pairs[i].samples;
	struct ledger_sums pairs = {0};
	(void)ledger_store_sums(store, LEDGER_PAIRS, (struct utc_s){0}, (struct utc_s){INT64_MAX},
				&pairs);
	for (size_t i = 0; i < pairs.count; i++)
		octets -= pairs.items[i].octets, samples -= pairs.items[i].samples;
	ok(octets == 0 && samples == 0, "a late bin joins what is there");
	is_int((long long)faults(store), 0, "the store verifies");
	for (int i = 0; i < LEDGER_SUM_KINDS; i++) {
		ledger_sums_fini(&before[i]);
		ledger_sums_fini(&after[i]);
	}
	ledger_sums_fini(&pairs);
	arena_free(arena);
	ledger_store_close(store);
}

/* An import beside the ledger, or two ledgers at one cluster. */
static void
two_writers(void)
{
	struct ledger_store *a = open_store("two"), *b = open_store("two");
	struct arena *arena = arena_new();
	struct made_up m = {8};
	struct traffic_batch *few = made_up_batch(&m, arena, T0, 1, 3);
	struct traffic_batch *many = made_up_batch(&m, arena, T0 + 300, 1, 6);
	struct traffic_batch *all = made_up_batch(&m, arena, T0 + 600, 1, 9);
	ok(put(a, few) == LEDGER_PUT_NEW && put(b, many) == LEDGER_PUT_NEW &&
		   put(a, all) == LEDGER_PUT_NEW,
	   "two may put into one store");
	ok(all_octets(b, 9) == ledger_batch_check(few).counter + ledger_batch_check(many).counter +
				       ledger_batch_check(all).counter,
	   "and each reads what the other put");
	is_str(ledger_store_port_name(a, 5), "p4", "by the same numbers");
	is_int((long long)faults(a), 0, "the store verifies");
	ledger_store_close(a);
	ledger_store_close(b);
	arena_free(arena);
}

/* What a meter may say of its ports: some are estimated, some nothing was heard of, some were
 * listened to for a part of the bin, and by samples there is now more and now less. */
static void
disturb(struct made_up *m, struct traffic_batch *batch)
{
	for (size_t i = 0; i < batch->port_count; i++) {
		struct traffic_port *port = &batch->ports[i];
		port->state = (enum traffic_state)made_up_below(m, 3);
		port->counter_covered_s = (uint32_t)made_up_below(m, 4) * 100;
		port->flow_in = port->flow_in / 1000 * made_up_below(m, 3) * 1000;
		port->flow_out = port->flow_out / 1000 * made_up_below(m, 3) * 1000;
	}
}

/* The same, bin by bin. */
static struct ledger_worth
slow_worth(struct ledger_store *store, const char *port, struct utc_s from, struct utc_s to)
{
	struct arena *arena = arena_new();
	struct ledger_worth sum = {0};
	struct ledger_fact *facts;
	size_t count;
	(void)bins_of(store, arena, port, from, to, &facts, &count);
	for (size_t i = 0; i < count; i++) {
		struct ledger_octets octets = ledger_fact_octets(&facts[i]);
		bool heard = ledger_fact_state(&facts[i]) != TRAFFIC_MISSING;
		sum.heard |= heard;
		sum.in += octets.in;
		sum.out += octets.out;
		sum.flow_in += heard ? facts[i].flow_in : 0;
		sum.flow_out += heard ? facts[i].flow_out : 0;
		sum.samples_in += heard ? facts[i].samples_in : 0;
		sum.samples_out += heard ? facts[i].samples_out : 0;
	}
	arena_free(arena);
	return sum;
}

static bool
same_worth(const struct ledger_worth *a, const struct ledger_worth *b)
{
	return a->heard == b->heard && a->in == b->in && a->out == b->out &&
	       a->flow_in == b->flow_in && a->flow_out == b->flow_out &&
	       a->samples_in == b->samples_in && a->samples_out == b->samples_out;
}

/* So many ports from the first on; the number of their steps that are wrong. */
static size_t
wrong_worths(struct ledger_store *store, uint32_t first, uint32_t count,
	     const struct ledger_steps *steps)
{
	size_t each = ledger_steps_count(steps), wrong = 0;
	struct ledger_worth *got = calloc(count * each + 1, sizeof(*got));
	uint32_t *ports = calloc(count, sizeof(*ports));
	for (uint32_t i = 0; i < count; i++)
		ports[i] = first + i;
	if (ledger_store_worths(got, store, ports, count, steps))
		printf("# worths: %s\n", ledger_store_error_text(store));
	for (size_t i = 0; i < count * each; i++) {
		const char *name = ledger_store_port_name(store, ports[i / each]);
		int64_t step = steps->from.s / steps->step_s + (int64_t)(i % each);
		struct utc_s begin = {step * steps->step_s}, end = {(step + 1) * steps->step_s};
		struct ledger_worth slow =
			slow_worth(store, name, begin.s < steps->from.s ? steps->from : begin,
				   end.s > steps->to.s ? steps->to : end);
		wrong += !same_worth(&got[i], &slow);
	}
	free(ports);
	free(got);
	return wrong;
}

static void
worths(void)
{
	enum { PORTS = 70, BINS = 40, STEP_S = 4500 };
	struct ledger_store *store = open_store("worths");
	struct made_up m = {9};
	struct arena *arena = arena_new();
	const struct traffic_batch *batches[2 * BINS];
	enum ledger_put results[2 * BINS];
	size_t count = 0;
	for (int i = 0; i < BINS; i++)
		for (uint64_t run = 1; run <= 1 + (uint64_t)(i % 3 == 0); run++) {
			struct traffic_batch *batch =
				made_up_batch(&m, arena, T0 + i * STEP_S, run, PORTS);
			disturb(&m, batch);
			batches[count++] = batch;
		}
	(void)ledger_store_put(store, batches, count, results);
	const struct utc_s from = {T0}, to = {T0 + BINS * STEP_S}, middle = {T0 + 100000};
	struct ledger_worth one = slow_worth(store, "p0", from, to);
	ok(one.heard && one.in && one.flow_out, "ports came to something");
	is_int((long long)wrong_worths(store, 1, PORTS, &(struct ledger_steps){from, to, 86400}), 0,
	       "what all ports came to, day by day, is what their bins come to, one by one");
	is_int((long long)wrong_worths(store, 7, 1, &(struct ledger_steps){from, to, 86400}), 0,
	       "and what one did");
	is_int((long long)wrong_worths(store, 7, 9, &(struct ledger_steps){middle, to, 3600}), 0,
	       "and of a part, hour by hour");
	is_int((long long)wrong_worths(store, 1, PORTS, &(struct ledger_steps){to, to, 86400}), 0,
	       "and of no time at all");
	arena_free(arena);
	ledger_store_close(store);
}

static double
seconds(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A month of 20 ports; their rows stand apart in the file as those of hundreds would. */
static void
a_month(void)
{
	enum { PORTS = 20, BINS = 8928 };
	struct ledger_store *store = open_store("month");
	struct made_up m = {6};
	put_days(store, &m, BINS, in_cluster() ? BINS / 4 : BINS / 93, PORTS);
	struct arena *arena = arena_new();
	struct ledger_fact *facts;
	size_t count;
	double start = seconds();
	(void)bins_of(store, arena, "p7", (struct utc_s){T0},
		      (struct utc_s){utc_month_start(2026, 2).s}, &facts, &count);
	double took = seconds() - start;
	is_int((long long)count, BINS, "a month of one port");
	if (in_cluster())
		printf("# read in %.1f ms\n", took * 1000);
	else
		ok(took < 1, "is read in %.1f ms of processor time", took * 1000);
	arena_free(arena);
	ledger_store_close(store);
}

int
main(void)
{
	folder = made_up_folder();
	putting();
	refusing();
	many_at_once();
	folding();
	two_writers();
	worths();
	a_month();
	made_up_remove(folder);
	return done_testing();
}
