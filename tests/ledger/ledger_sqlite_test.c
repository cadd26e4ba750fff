/* What the embedded engine must do besides what every engine must: its file. */
#include "ledger/ledger_sqlite_io.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include "stored.h"
#include "tap.h"

enum { T0 = 1767225600 }; /* 2026-01-01 */

static char *folder;

static char *
path_of(const char *name)
{
	return stored_path(folder, name);
}

static struct ledger_store *
open_store(const char *name)
{
	return stored_open(path_of(name));
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

/* The file of a month of 20 ports, whose rows stand apart as those of hundreds would. */
static void
size_of_a_month(void)
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
	opening();
	migrating();
	size_of_a_month();
	made_up_remove(folder);
	return done_testing();
}
