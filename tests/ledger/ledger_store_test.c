/* What every engine of the store must do. */
#include "ledger/ledger_store.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ledger/ledger_sqlite_io.h"
#include "made_up.h"
#include "tap.h"

enum { T0 = 1767225600 }; /* 2026-01-01 */

static char *folder;

static char *
path_of(const char *name)
{
	static char path[256];
	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static struct ledger_store *
open_store(const char *name)
{
	char reason[LEDGER_SQLITE_REASON];
	struct ledger_store *store = ledger_sqlite_open(path_of(name), reason);
	if (!store) {
		printf("Bail out! %s\n", reason);
		exit(1);
	}
	return store;
}

static enum ledger_put
put(struct ledger_store *store, const struct traffic_batch *batch)
{
	enum ledger_put result = LEDGER_PUT_REFUSED;
	enum ledger_store_error error = ledger_store_put(store, &batch, 1, &result);
	if (error)
		printf("# put: error %d: %s\n", error, ledger_store_error_text(store));
	return result;
}

static size_t
faults(struct ledger_store *store)
{
	struct buf text = {0};
	enum ledger_store_error error = ledger_store_verify(store, &text);
	size_t length = text.length + (error != LEDGER_STORE_OK);
	if (length)
		printf("# verify: %d %.*s\n", error, (int)text.length, (char *)text.data);
	buf_fini(&text);
	return length;
}

static enum ledger_store_error
bins_of(struct ledger_store *store, struct arena *arena, const char *port, struct utc_s from,
	struct utc_s to, struct ledger_fact **facts, size_t *count)
{
	struct ledger_facts got = {0};
	enum ledger_store_error error = ledger_store_bins(&got, store, arena, port, from, to);
	*facts = got.items;
	*count = got.count;
	return error;
}

/* All octets that the store has of ports p0 to p<ports>, by counters. */
static uint64_t
all_octets(struct ledger_store *store, size_t ports)
{
	struct arena *arena = arena_new();
	uint64_t octets = 0;
	for (size_t i = 0; i < ports; i++) {
		struct ledger_fact *facts;
		size_t count;
		char *name = arena_printf(arena, "p%zu", i);
		if (bins_of(store, arena, name, (struct utc_s){0}, (struct utc_s){INT64_MAX},
			    &facts, &count))
			return 0;
		for (size_t f = 0; f < count; f++)
			octets += facts[f].counter_in + facts[f].counter_out;
	}
	arena_free(arena);
	return octets;
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

static void
folding(void)
{
	enum { BATCHES = 3 * 288 };
	struct ledger_store *store = open_store("fold");
	struct arena *arena = arena_new();
	struct made_up m = {4};
	for (int i = 0; i < BATCHES; i++)
		(void)put(store, made_up_batch(&m, arena, T0 + i * 300, 1, 4));
	struct ledger_sums before[LEDGER_SUM_KINDS], after[LEDGER_SUM_KINDS];
	read_all(store, before);
	ok(before[0].count > 10 && before[1].count > 1000 && before[2].count == 2,
	   "pairs, networks and countries add up over days");
	struct utc_s now = {T0 + 8 * 86400};
	bool more = true;
	unsigned steps = 0;
	while (more && ledger_store_fold(store, now, &more) == LEDGER_STORE_OK)
		steps++;
	is_int(steps, 1, "young sums are not folded");
	now.s = T0 + 60 * 86400;
	for (more = true, steps = 0;
	     more && ledger_store_fold(store, now, &more) == LEDGER_STORE_OK;)
		steps++;
	is_int(steps, 72 + 3 + 72 + 1,
	       "old ones are: an hour of pairs or a day of networks a step");
	read_all(store, after);
	ok(same_sums(&before[0], &after[0]) && same_sums(&before[1], &after[1]) &&
		   same_sums(&before[2], &after[2]),
	   "their sums stay what they were");
	/* A bin that arrives late joins what was folded. */
	struct traffic_batch *late = made_up_batch(&m, arena, T0 + 600, 9, 4);
	(void)put(store, late);
	for (more = true; more && ledger_store_fold(store, now, &more) == LEDGER_STORE_OK;)
		;
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
	ok(octets == 0 && samples == 0, "a late bin is folded into what is there");
	is_int((long long)faults(store), 0, "the store verifies");
	for (int i = 0; i < LEDGER_SUM_KINDS; i++) {
		ledger_sums_fini(&before[i]);
		ledger_sums_fini(&after[i]);
	}
	ledger_sums_fini(&pairs);
	arena_free(arena);
	ledger_store_close(store);
}

/* Runs SQL on a file behind the store's back. */
static void
meddle(const char *name, const char *sql)
{
	sqlite3 *db;
	char *said = NULL;
	if (sqlite3_open(path_of(name), &db) == SQLITE_OK)
		(void)sqlite3_exec(db, sql, NULL, NULL, &said);
	if (said)
		printf("# %s: %s\n", sql, said);
	sqlite3_free(said);
	(void)sqlite3_close(db);
}

static bool
opens(const char *name, char reason[LEDGER_SQLITE_REASON])
{
	struct ledger_store *store = ledger_sqlite_open(path_of(name), reason);
	ledger_store_close(store);
	return store != NULL;
}

static void
opening(void)
{
	char reason[LEDGER_SQLITE_REASON];
	struct ledger_store *store = open_store("open");
	struct arena *arena = arena_new();
	struct made_up m = {5};
	struct traffic_batch *batch = made_up_batch(&m, arena, T0, 1, 5);
	(void)put(store, batch);
	ledger_store_close(store);
	struct stat st;
	ok(stat(path_of("open"), &st) == 0 && (st.st_mode & 07777) == 0640,
	   "the file is not for everybody to read");
	store = open_store("open");
	ok(all_octets(store, 5) == ledger_batch_check(batch).counter &&
		   put(store, batch) == LEDGER_PUT_KNOWN,
	   "what was put is there after closing and opening");
	struct ledger_store_totals before, after;
	(void)ledger_store_totals(store, &before);
	meddle("open", "UPDATE port_bin SET counter_in = counter_in + 1 WHERE port = 2");
	(void)ledger_store_totals(store, &after);
	ok(before.changes != after.changes, "another writer's change is noticed");
	struct buf text = {0};
	ok(ledger_store_verify(store, &text) == LEDGER_STORE_OK && text.length > 0 &&
		   strstr((buf_u8(&text, 0), (char *)text.data), "bin 2026-01-01T00:00:00Z"),
	   "one octet too many is found, with its bin");
	ledger_store_close(store);
	ok(!opens("open", reason) && strstr(reason, "damaged"),
	   "and a store whose newest bins are not right is not opened");
	meddle("open", "UPDATE port_bin SET counter_in = counter_in - 1 WHERE port = 2;"
		       "UPDATE sums SET body = x'00' WHERE kind = 1");
	buf_clear(&text);
	store = open_store("open");
	bool more;
	ok(ledger_store_verify(store, &text) == LEDGER_STORE_OK && text.length > 0,
	   "sums that cannot be read are found");
	for (int i = 0; i < 10; i++)
		(void)ledger_store_fold(store, (struct utc_s){T0 + 99 * 86400}, &more);
	ok(!more, "and folding passes them by");
	ledger_store_close(store);
	meddle("open", "PRAGMA user_version = 9");
	ok(!opens("open", reason) && strstr(reason, "later version"),
	   "a store of a later version is left alone");
	meddle("foreign", "CREATE TABLE x(y)");
	ok(!opens("foreign", reason) && strstr(reason, "another program"),
	   "so is another program's file");
	FILE *f = fopen(path_of("noise"), "w");
	for (int i = 0; f && i < 5000; i++)
		(void)fputs("not a database ", f);
	if (f)
		(void)fclose(f);
	ok(!opens("noise", reason) && reason[0], "a file of noise is not opened");
	ok(!opens("missing/store", reason) && strstr(reason, "No such file"),
	   "nor one in a folder that is not there");
	buf_fini(&text);
	arena_free(arena);
}

/* The tables as version 1 made them. */
static const char version_1[] =
	"CREATE TABLE port(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
	"CREATE TABLE batch(start INTEGER NOT NULL, run INTEGER NOT NULL, length INTEGER NOT NULL,"
	" covered INTEGER NOT NULL, simulated INTEGER NOT NULL, kernel_drops INTEGER NOT NULL,"
	" counter_octets INTEGER NOT NULL, flow_octets INTEGER NOT NULL, octets_in INTEGER NOT "
	"NULL,"
	" octets_out INTEGER NOT NULL, state INTEGER NOT NULL, provenance BLOB NOT NULL,"
	" UNIQUE(start, run)) STRICT;"
	"CREATE TABLE port_bin(port INTEGER NOT NULL, start INTEGER NOT NULL,"
	" length INTEGER NOT NULL, runs INTEGER NOT NULL, claim INTEGER NOT NULL,"
	" simulated INTEGER NOT NULL, covered INTEGER NOT NULL, counter_in INTEGER NOT NULL,"
	" counter_out INTEGER NOT NULL, flow_in INTEGER NOT NULL, flow_out INTEGER NOT NULL,"
	" samples_in INTEGER NOT NULL, samples_out INTEGER NOT NULL,"
	" PRIMARY KEY(port, start)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE sums(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, folded INTEGER NOT NULL,"
	" start INTEGER NOT NULL, run INTEGER NOT NULL, length INTEGER NOT NULL,"
	" body BLOB NOT NULL) STRICT;"
	"CREATE UNIQUE INDEX sums_key ON sums(kind, folded, start, run);"
	"PRAGMA application_id = 1397902407; PRAGMA user_version = 1;"
	"INSERT INTO port VALUES(1, 'p0');"
	"INSERT INTO batch VALUES(1767225600, 9, 300, 300, 0, 0, 30, 27, 10, 20, 1, x'');"
	"INSERT INTO port_bin VALUES(1, 1767225600, 300, 1, 1, 0, 300, 10, 20, 9, 18, 1, 2);"
	/* An origin without next AS: port 1 incoming, AS 64500 of PK, 7 octets. */
	"INSERT INTO sums VALUES(1, 2, 0, 1767225600, 9, 300, x'534c01000700010201cba0d1df0f01');";

static void
migrating(void)
{
	char reason[LEDGER_SQLITE_REASON];
	meddle("old", version_1);
	struct ledger_store *store = open_store("old");
	struct arena *arena = arena_new();
	struct ledger_fact *facts;
	size_t count;
	ok(bins_of(store, arena, "p0", (struct utc_s){0}, (struct utc_s){INT64_MAX}, &facts,
		   &count) == LEDGER_STORE_OK &&
		   count == 1 && facts[0].counter_in == 10 && facts[0].samples_out == 2 &&
		   facts[0].lost_ppm == 0 && facts[0].source == TRAFFIC_BY_NONE,
	   "a store of version 1 is brought up to date: its bins are what they were");
	struct made_up m = {7};
	struct traffic_batch *more = made_up_batch(&m, arena, T0, 10, 2);
	more->ports[0].lost_ppm = 777;
	ok(put(store, more) == LEDGER_PUT_NEW &&
		   bins_of(store, arena, "p0", (struct utc_s){0}, (struct utc_s){INT64_MAX}, &facts,
			   &count) == LEDGER_STORE_OK &&
		   count == 1 && facts[0].runs == 2 && facts[0].lost_ppm == 777 &&
		   facts[0].counter_in == 10 + more->ports[0].counter_in &&
		   facts[0].packets_in == more->ports[0].packets_in,
	   "and take in what version 1 did not know");
	struct ledger_sums sums = {0};
	ok(ledger_store_sums(store, LEDGER_ORIGINS, (struct utc_s){T0}, (struct utc_s){T0 + 1},
			     &sums) == LEDGER_STORE_OK &&
		   sums.count > 1 && sums.items[0].next == 0 && sums.items[0].octets == 7,
	   "sums of version 1 are read beside new ones");
	ledger_sums_fini(&sums);
	is_int((long long)faults(store), 0, "it verifies");
	ledger_store_close(store);
	ok(opens("old", reason), "and opens again");
	arena_free(arena);
}

/* Two processes at one file: an import beside the ledger. */
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
	   "ports that another process brought have their numbers");
	ok(all_octets(b, 9) == ledger_batch_check(few).counter + ledger_batch_check(many).counter +
				       ledger_batch_check(all).counter,
	   "and each process reads what the other put");
	is_str(ledger_store_port_name(a, 5), "p4", "by the same numbers");
	is_int((long long)faults(a), 0, "the store verifies");
	ledger_store_close(a);
	ledger_store_close(b);
	arena_free(arena);
}

static double
seconds(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A month of 20 ports; their rows stand apart in the file as those of hundreds would. */
static void
a_month(void)
{
	enum { PORTS = 20, BINS = 8928, TOGETHER = 96 };
	struct ledger_store *store = open_store("month");
	struct made_up m = {6};
	const struct traffic_batch *batches[TOGETHER];
	enum ledger_put results[TOGETHER];
	for (int i = 0; i < BINS; i += TOGETHER) {
		struct arena *arena = arena_new();
		for (int k = 0; k < TOGETHER; k++)
			batches[k] = made_up_batch(&m, arena, T0 + (i + k) * 300, 1, PORTS);
		(void)ledger_store_put(store, batches, TOGETHER, results);
		arena_free(arena);
	}
	struct arena *arena = arena_new();
	struct ledger_fact *facts;
	size_t count;
	double start = seconds();
	(void)bins_of(store, arena, "p7", (struct utc_s){T0},
		      (struct utc_s){utc_month_start(2026, 2).s}, &facts, &count);
	double took = seconds() - start;
	is_int((long long)count, BINS, "a month of one port");
	ok(took < 0.1, "is read in %.1f ms, less than 100", took * 1000);
	arena_free(arena);
	ledger_store_close(store);
	sqlite3 *db;
	sqlite3_stmt *q;
	double each = 1e9;
	if (sqlite3_open(path_of("month"), &db) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, "SELECT sum(pgsize) FROM dbstat WHERE name = 'port_bin'", -1, &q,
			       NULL) == SQLITE_OK) {
		if (sqlite3_step(q) == SQLITE_ROW)
			each = sqlite3_column_double(q, 0) / (PORTS * BINS);
		(void)sqlite3_finalize(q);
	}
	(void)sqlite3_close(db);
	/* 300 ports and 105,120 bins a year. */
	double year_gb = each * 300 * 105120 / 1e9;
	ok(year_gb < 4, "a port's bin takes %.0f octets: a year of 300 ports %.1f GB", each,
	   year_gb);
}

int
main(void)
{
	folder = made_up_folder();
	putting();
	refusing();
	many_at_once();
	folding();
	opening();
	migrating();
	two_writers();
	a_month();
	made_up_remove(folder);
	return done_testing();
}
