/* A store as CSV and back: the same again, once, and nothing of what cannot be. */
#include "ledger/ledger_export_io.h"

#include <sys/stat.h>
#include <unistd.h>

#include "ledger/ledger_sqlite_io.h"
#include "stored.h"
#include "tap.h"

enum { T0 = 1767225600, BINS = 40, PORTS = 3 }; /* 2026-01-01 */

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

static void
fill(struct ledger_store *store, uint64_t run, int from, int count)
{
	for (int i = from; i < from + count; i++) {
		struct made_up m = {run * 1000 + (uint64_t)i};
		struct arena *arena = arena_new();
		struct traffic_batch *batch = made_up_batch(&m, arena, T0 + i * 300, run, PORTS);
		struct traffic_domain domain = {0, 1, 7, 700, 3, 1, 0, 2};
		struct traffic_exporter exporters[2] = {
			batch->exporters[0],
			{"a \"switch\", in two\nlines", 1, 2, 3, 4},
		};
		batch->exporters = exporters;
		batch->exporter_count = 2;
		batch->domains = &domain;
		batch->domain_count = 1;
		const struct traffic_batch *one = batch;
		enum ledger_put result;
		if (ledger_store_put(store, &one, 1, &result) || result != LEDGER_PUT_NEW)
			printf("# not put\n");
		arena_free(arena);
	}
}

static bool
same_folders(const char *a, const char *b)
{
	char command[700];
	(void)snprintf(command, sizeof(command),
		       "diff -r '%s' '%s' | head -3 | sed 's/^/# /' >&2; diff -rq '%s' '%s' >&2",
		       path_of(a), path_of(b), path_of(a), path_of(b));
	return system(command) == 0;
}

static bool
export_all(struct ledger_store *store, const char *name, struct ledger_exported *done)
{
	char reason[LEDGER_EXPORT_REASON];
	const struct ledger_export_order all = {.to = {INT64_MAX}};
	int status = ledger_export(done, store, path_of(name), &all, reason);
	if (status < 0)
		printf("# %s\n", reason);
	return status == 0;
}

static bool
import_all(struct ledger_store *store, const char *name, struct ledger_exported *done,
	   char reason[LEDGER_EXPORT_REASON])
{
	reason[0] = 0;
	return ledger_import(done, store, path_of(name), NULL, reason) == 0;
}

static uint64_t
batches(struct ledger_store *store)
{
	struct ledger_store_totals totals = {0};
	(void)ledger_store_totals(store, &totals);
	return totals.batches;
}

static void
there_and_back(void)
{
	struct ledger_store *a = open_store("a"), *b = open_store("b");
	struct ledger_exported done;
	char reason[LEDGER_EXPORT_REASON];
	fill(a, 1, 0, BINS);
	fill(a, UINT64_MAX, 3, 5);
	ok(export_all(a, "out", &done) && done.bins == BINS, "a store is written as CSV");
	ok(!export_all(a, "out", &done), "not over a folder that is there");
	ok(import_all(b, "out", &done, reason) && done.bins == BINS && done.known == 0,
	   "and taken in by an empty one");
	ok(export_all(b, "again", &done) && same_folders("out", "again"),
	   "which is written as the same octets");
	ok(!faults(b) && batches(b) == BINS + 5, "it verifies");
	ok(import_all(b, "out", &done, reason) && done.bins == 0 && done.known == BINS &&
		   batches(b) == BINS + 5,
	   "taken in again it changes nothing");
	struct ledger_store *c = open_store("c");
	fill(c, 1, BINS - 4, 8);
	ok(import_all(c, "out", &done, reason) && done.bins == BINS - 4 && done.known == 4 &&
		   !faults(c),
	   "into a store that has some of the bins only the others go");
	ledger_store_close(a);
	ledger_store_close(b);
	ledger_store_close(c);
}

static void
parts_of_a_range(void)
{
	struct ledger_store *a = open_store("a"), *b = open_store("range");
	struct ledger_exported done;
	char reason[LEDGER_EXPORT_REASON];
	const struct ledger_export_order first = {.to = {T0 + 3000}},
					 second = {.from = {T0 + 3000}, .to = {INT64_MAX}};
	ok(ledger_export(&done, a, path_of("first"), &first, reason) == 0 && done.bins == 10 &&
		   ledger_export(&done, a, path_of("second"), &second, reason) == 0 &&
		   done.bins == BINS - 10,
	   "a range is what begins in it");
	ok(import_all(b, "second", &done, reason) && import_all(b, "first", &done, reason) &&
		   export_all(b, "joined", &done) && same_folders("out", "joined"),
	   "parts that are taken in one after the other are the whole");
	ledger_store_close(a);
	ledger_store_close(b);
}

static void
folded(void)
{
	struct ledger_store *a = open_store("folded"), *b = open_store("folded2");
	struct ledger_exported done;
	char reason[LEDGER_EXPORT_REASON];
	bool more = true;
	/* The first bin of the second hour is missing: folded sums without a batch at their start. */
	fill(a, 1, 0, 12);
	fill(a, 1, 13, 20);
	while (ledger_store_fold(a, (struct utc_s){T0 + 60 * 86400}, &more) == LEDGER_STORE_OK &&
	       more)
		;
	ok(export_all(a, "f1", &done) && import_all(b, "f1", &done, reason) && done.bins == 32 &&
		   export_all(b, "f2", &done) && same_folders("f1", "f2"),
	   "sums that were folded go there and back");
	ok(import_all(b, "f1", &done, reason) && done.bins == 0 && done.known == 32,
	   "and are not added a second time");
	struct ledger_store *c = open_store("folded3");
	fill(c, 1, 5, 1);
	ok(!import_all(c, "f1", &done, reason) && strstr(reason, "has a part of it") &&
		   batches(c) == 1,
	   "a store that has some of what they stand for does not take them: %s", reason);
	ledger_store_close(a);
	ledger_store_close(b);
	ledger_store_close(c);
}

/* Each case spoils a copy of the export with sed; nothing of it may be taken in. */
static void
refusing(void)
{
	static const struct {
		const char *file, *script, *said, *name;
	} cases[] = {
		{"ports.csv", "20s/,300,/,x,/", "ports.csv line 20: a number",
		 "a number that is none"},
		{"ports.csv", "20s/,300,/,0300,/", "ports.csv line 20: a number",
		 "a number with a zero before it"},
		{"ports.csv", "20s/,300,/,-300,/", "ports.csv line 20: a number",
		 "a number below zero"},
		{"ports.csv", "20s/$/9/", "line 20: a number", "something after the end of a row"},
		{"ports.csv", "20s/^[^,]*/yesterday/", "line 20: the start is not a time",
		 "a start that is no time"},
		{"ports.csv", "20d", "do not add up", "a row that is missing"},
		{"ports.csv", "20p", "a port is there twice", "a row that is there twice"},
		{"ports.csv", "2{h;d};40{p;x}", "not in order of start", "a row at another place"},
		{"ports.csv", "21s/,0\\r*$/&,0/", "", "a field too many"},
		{"ports.csv", "20s/,[^,]*$//", "too few fields", "a field too few"},
		{"ports.csv", "1s/covered/lid/", "line 1: the header", "another header"},
		{"ports.csv", "1,$d", "line 1: the header", "an empty file"},
		{"ports.csv", "20s/,p[0-9],/,\"p0,/", "line 20: quotes are not closed",
		 "an open quote"},
		{"ports.csv", "20s/,p[0-9],/,p\"0,/", "line 20: ", "a quote inside a field"},
		{"ports.csv", "20s/,p[0-9],/,,/", "a port has no name", "a port without a name"},
		{"ports.csv", "20s/,300,\\([0-9]\\),1,/,300,\\1,9,/",
		 "beyond what its column may hold", "a state that there is none of"},
		{"batches.csv", "9s/,300,300,/,301,300,/", "does not divide a day",
		 "a bin of 301 s"},
		{"batches.csv", "9d", "no such batch", "a batch that is missing"},
		{"batches.csv", "9p", "a batch is there twice", "a batch that is there twice"},
		{"batches.csv", "9s/^[^,]*/1970-01-01T00:00:00Z/", "not in order",
		 "a batch of 1970"},
		{"batches.csv", "$s/,1\\(\\r*\\)$/,7\\1/", "a number", "a state beyond the last"},
		{"pairs.csv", "30s/,[46],/,5,/", "line 30: a family",
		 "a family of addresses that is none"},
		{"pairs.csv", "30p", "line 31: the same sum is there twice",
		 "a sum that is there twice"},
		{"pairs.csv", "30s/Z,[0-9]*,/Z,99,/", "sums without their batch", "sums of nobody"},
		{"origins.csv", "30s/,P[A-Z],/,Pakistan,/", "line 30: a country",
		 "a country of eight letters"},
		{"origins.csv", "30s/,[0-9]*\\(\\r*\\)$/,99999999999999999999\\1/",
		 "line 30: a number", "a number beyond 64 bits"},
		{"domains.csv", "9s/sw1/sw9/", "line 9: there is no such exporter",
		 "a domain of no exporter"},
		{"countries.csv", "3s/Z,/Z;/", "line 3: ", "another separator"},
	};
	struct ledger_store *store = open_store("spoilt");
	fill(store, 5, 100, 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ledger_exported done;
		char command[900], reason[LEDGER_EXPORT_REASON] = "";
		(void)snprintf(command, sizeof(command),
			       "rm -rf '%s' && cp -r '%s' '%s' && sed -i '%s' '%s/%s' && ! cmp -s "
			       "'%s/%s' '%s/%s'",
			       path_of("bad"), path_of("out"), path_of("bad"), cases[i].script,
			       path_of("bad"), cases[i].file, path_of("bad"), cases[i].file,
			       path_of("out"), cases[i].file);
		bool spoilt = system(command) == 0;
		bool taken = !spoilt || import_all(store, "bad", &done, reason);
		ok(spoilt && !taken && strstr(reason, cases[i].said) && batches(store) == 1,
		   "refused whole: %s (%s)", cases[i].name,
		   strstr(reason, "bad") ? strstr(reason, "bad") : reason);
	}
	struct ledger_exported done;
	char reason[LEDGER_EXPORT_REASON];
	ok(!import_all(store, "nowhere", &done, reason), "a folder that is not there");
	ledger_store_close(store);
}

/* A bin of two meters of which the store has one. */
static void
half_there(void)
{
	struct ledger_store *store = open_store("half");
	struct ledger_exported done;
	char reason[LEDGER_EXPORT_REASON];
	fill(store, 1, 4, 1);
	ok(!import_all(store, "out", &done, reason) && strstr(reason, "has a part of it") &&
		   batches(store) == 1,
	   "a bin of which a part is there keeps all of it out: %s", reason);
	ledger_store_close(store);
}

int
main(void)
{
	folder = made_up_folder();
	there_and_back();
	parts_of_a_range();
	folded();
	refusing();
	half_there();
	made_up_remove(folder);
	return done_testing();
}
