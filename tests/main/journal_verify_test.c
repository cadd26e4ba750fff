/* `ledger verify FOLDER`: the journal of money vouches for that of ways, and an end that was cut off is found. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledger/ledger_journal_io.h"
#include "ledger/ledger_journal_post.h"
#include "ledger/ledger_journal_sqlite.h"
#include "ledger/made_up.h"
#include "main/folders.h"
#include "main/journal_verify.h"
#include "tap.h"
#include "view/view_proof.h"

enum { T0 = 1793491200, DAY = 86400, ENTRIES = 4 };

static char *folder, money_path[256], ways_path[256], aside_path[256];

static struct ledger_journal_file *
open_file(const char *path)
{
	char reason[LEDGER_JOURNAL_REASON];
	struct ledger_journal_file *file = ledger_journal_open(path, reason);
	if (!file) {
		printf("Bail out! %s\n", reason);
		exit(1);
	}
	return file;
}

static void
append(struct ledger_journal_file *file, struct ledger_order *o, int posted)
{
	char reason[LEDGER_JOURNAL_REASON] = "";
	if (posted < 0 || ledger_journal_append(file, o->drafts, o->now, reason) < 0) {
		printf("Bail out! %s %s\n", o->complaint, reason);
		exit(1);
	}
	ledger_drafts_fini(o->drafts);
}

/* An entry a day that says nothing at all; the digest of the last one. */
static struct ledger_hash
say_ways(void)
{
	struct ledger_journal_file *file = open_file(ways_path);
	for (int i = 0; i < ENTRIES; i++) {
		char name[8], from[CLOCK_TEXT], until[CLOCK_TEXT];
		struct buf body = {0};
		struct ledger_drafts drafts = {0};
		struct ledger_order o = {.journal = ledger_journal_of(file),
					 .prefix = "T",
					 .by = "corridor",
					 .reason = "",
					 .key = "",
					 .now = {T0 + (int64_t)i * DAY},
					 .drafts = &drafts};
		struct ledger_ways_said said = {name, o.now, {o.now.s + DAY}, 0, &body};
		(void)snprintf(name, sizeof(name), "%d", i + 1);
		buf_printf(&body,
			   "{\"ways_version\":1,\"from\":\"%s\",\"until\":\"%s\",\"why\":\"\","
			   "\"segments\":[],"
			   "\"ports\":[],\"exits\":[],\"ways\":[],\"promises\":[]}",
			   utc_format(from, said.from), utc_format(until, said.until));
		append(file, &o, ledger_post_ways(&o, &said));
		buf_fini(&body);
	}
	struct ledger_hash last = ledger_journal_of(file)->head.hash;
	ledger_journal_close(file);
	return last;
}

/* An invoice that bears a proof of the way; NULL: it bears none. */
static void
issue(const char *name, const struct ledger_way *way)
{
	struct ledger_journal_file *file = open_file(money_path);
	struct ledger_drafts drafts = {0};
	struct buf body = {0};
	struct json j = json_to(&body);
	json_object(&j, NULL);
	if (way)
		view_proof_json(&j, way);
	json_object_end(&j);
	struct ledger_order o = {.journal = ledger_journal_of(file),
				 .prefix = "T",
				 .by = "auto",
				 .reason = "",
				 .key = "",
				 .now = {T0 + 40LL * DAY},
				 .drafts = &drafts};
	struct ledger_posting sold = {.account = "revenue:transit", .amount = {100, {"USD"}}};
	struct ledger_issue invoice = {.name = name,
				       .holder = "64501",
				       .contract = "c1",
				       .month = {T0},
				       .due = {T0 + 60LL * DAY},
				       .total = {100, {"USD"}},
				       .parts = &sold,
				       .part_count = 1,
				       .body = &body};
	append(file, &o, ledger_post_invoice(&o, &invoice));
	buf_fini(&body);
	ledger_journal_close(file);
}

/* Changes the journal of ways behind the back of its triggers, which are there again afterwards. */
static void
meddle(const char *sql)
{
	sqlite3 *db;
	char *error = NULL;
	bool whole = sqlite3_open(ways_path, &db) == SQLITE_OK &&
		     sqlite3_exec(db, "DROP TRIGGER entry_changed; DROP TRIGGER entry_dropped",
				  NULL, NULL, &error) == SQLITE_OK &&
		     sqlite3_exec(db, sql, NULL, NULL, &error) == SQLITE_OK;
	for (size_t i = 0; i < LEDGER_JOURNAL_OBJECTS && whole; i++)
		if (strcmp(ledger_journal_objects[i].name, "entry_changed") == 0 ||
		    strcmp(ledger_journal_objects[i].name, "entry_dropped") == 0)
			whole = sqlite3_exec(db, ledger_journal_objects[i].sql, NULL, NULL,
					     &error) == SQLITE_OK;
	if (!whole)
		printf("# %s\n", error ? error : "?");
	sqlite3_close(db);
}

static int status;

/* What is printed about `where`. */
static const char *
verify(char *where, bool json)
{
	static char said[4096];
	char *argv[] = {(char[]){"ledger"}, (char[]){"verify"}, where, NULL};
	char path[300];
	(void)snprintf(path, sizeof(path), "%s/said", folder);
	fflush(stdout);
	int kept = dup(1), fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (kept < 0 || fd < 0 || dup2(fd, 1) < 0)
		abort();
	status = journal_verify_main(3, argv, json);
	fflush(stdout);
	ssize_t length = pread(fd, said, sizeof(said) - 1, 0);
	if (dup2(kept, 1) < 0)
		abort();
	(void)close(kept);
	(void)close(fd);
	said[length < 0 ? 0 : length] = '\0';
	return said;
}

static void
sound(void)
{
	const char *said = verify(folder, false);
	ok(status == 0 && strstr(said, "sound: 2 entries") &&
		   strstr(said, "ways: sound: 4 entries") &&
		   strstr(said,
			  "1 proof of the way on an invoice: the ways that they rest on are there"),
	   "a folder is both journals, and what was not looked at is told");
	ok(strstr(verify(folder, true), "\"ways\":{\"read\":true,\"entries\":4,\"proofs\":1,"
					"\"reckoned\":false},\"faults\":[]"),
	   "as JSON too");
	ok(strstr(verify(money_path, false), "the ways that they rest on were not read") && !status,
	   "a journal by itself says that its proofs were not looked at");
	ok(strstr(verify(ways_path, false), "sound: 4 entries") && !status,
	   "that of ways may be read by itself");
}

static void
damaged(void)
{
	static const struct {
		const char *sql, *expected, *name;
	} cases[] = {
		{"UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'why', 'wHy') AS BLOB) "
		 "WHERE "
		 "number = 2",
		 "ways: entry 2: its document was changed", "an octet"},
		{"DELETE FROM entry WHERE number = 2", "ways: entry 2 is missing", "an entry"},
		{"UPDATE entry SET number = 9 WHERE number = 2; UPDATE entry SET number = 2 WHERE "
		 "number = 3; "
		 "UPDATE entry SET number = 3 WHERE number = 9",
		 "ways: entry 2: its text has another number", "the order"},
		{"DELETE FROM entry WHERE number = 4",
		 "invoice T-I000001: its proof of the way rests on entry 4 of the ways, which is "
		 "not there",
		 "the end"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char command[600];
		(void)snprintf(command, sizeof(command), "cp '%s' '%s'", ways_path, aside_path);
		ok(system(command) == 0, "a copy is kept");
		meddle(cases[i].sql);
		const char *said = verify(folder, false);
		ok(status == 1 && strncmp(said, cases[i].expected, strlen(cases[i].expected)) == 0,
		   "%s is found", cases[i].name);
		(void)snprintf(command, sizeof(command), "cp '%s' '%s'", aside_path, ways_path);
		ok(system(command) == 0, "and put back");
	}
	ok(strstr(verify(folder, false), "ways: sound") && !status, "put back it is sound");
}

static void
another(struct ledger_way way)
{
	way.last_entry = 3;
	issue("second", &way);
	ok(strstr(verify(folder, false), "invoice T-I000003: its proof of the way rests on entry 3 "
					 "of the ways, which is another one "
					 "now") &&
		   status == 1,
	   "a digest that is another entry's");
	(void)remove(ways_path);
	ok(strstr(verify(folder, false), "entry 4 of the ways, which is not there") && status == 1,
	   "without the journal of ways its proofs rest on nothing");
}

int
main(void)
{
	folder = made_up_folder();
	(void)snprintf(money_path, sizeof(money_path), "%s/%s", folder, FOLDERS_JOURNAL);
	(void)snprintf(ways_path, sizeof(ways_path), "%s/%s", folder, FOLDERS_WAYS);
	(void)snprintf(aside_path, sizeof(aside_path), "%s/aside", folder);
	struct ledger_way way = {.from = {T0},
				 .to = {T0 + 4LL * DAY},
				 .bin_s = 300,
				 .first_entry = 1,
				 .last_entry = ENTRIES,
				 .entries = ENTRIES,
				 .last_hash = say_ways()};
	issue("first", &way);
	issue("plain", NULL);
	sound();
	damaged();
	another(way);
	made_up_remove(folder);
	return done_testing();
}
