/* The journal of ways: whatever its documents say that their entries do not, and each octet that is changed behind its
 * back, is found, and the entry named. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hub/ways.h"
#include "ledger/ledger_journal_io.h"
#include "ledger/ledger_journal_post.h"
#include "made_up.h"
#include "tap.h"

enum { T0 = 1793491200, HOUR = 3600, OCTETS = 500 };

static char *folder, path[256];
static struct ledger_journal_file *file;
static int64_t clock_s = T0;

/* A text of ways that hold from an hour on, over that segment. */
static char *
text_of(struct arena *arena, int hour, const char *segment)
{
	char from[CLOCK_TEXT];
	return arena_printf(
		arena,
		"{\"ways_version\":1,\"from\":\"%s\",\"until\":\"2026-12-01T00:00:00Z\",\"why\":"
		"\"\","
		"\"segments\":[{\"id\":\"N\",\"length_m\":5,\"latency_us\":2,\"estimated\":false,"
		"\"countries\":[\"RU\"],\"cables\":[],\"risks\":[]},"
		"{\"id\":\"S\",\"length_m\":9,\"latency_us\":4,\"estimated\":false,"
		"\"countries\":[\"EG\"],\"cables\":[\"SMW\"],\"risks\":[]}],\"ports\":["
		"{\"id\":\"p1\",\"asn\":64501,\"site\":\"KHI\",\"country\":\"PK\"},"
		"{\"id\":\"p2\",\"asn\":64502,\"site\":\"FRA\",\"country\":\"DE\"}],\"exits\":["
		"{\"session\":\"up\",\"port\":\"p2\",\"ipv4\":true,\"ipv6\":true}],\"ways\":["
		"{\"site\":\"KHI\",\"asn\":0,\"to\":\"up\",\"segments\":[\"%s\"]}],"
		"\"promises\":[{\"asn\":64501,\"avoid\":[\"RU\"]}]}",
		utc_format(from, (struct utc_s){T0 + (int64_t)hour * HOUR}), segment);
}

/* Puts an entry down as if it were as the next words say: what its document is, is another matter. */
static int
put(int hour, uint64_t since, const char *text)
{
	char number[24], reason[LEDGER_JOURNAL_REASON] = "";
	struct ledger_drafts drafts = {0};
	struct buf body = {0};
	struct utc_s until;
	(void)utc_parse(&until, "2026-12-01T00:00:00Z");
	(void)snprintf(number, sizeof(number), "%d", hour);
	buf_str(&body, text);
	struct ledger_order o = {
		.journal = ledger_journal_of(file),
		.prefix = "T",
		.by = "corridor",
		.reason = "",
		.key = "",
		.now = {clock_s},
		.drafts = &drafts,
	};
	struct ledger_ways_said said = {number, {T0 + (int64_t)hour * HOUR}, until, since, &body};
	int result = ledger_post_ways(&o, &said);
	if (result == 0 && (result = ledger_journal_append(file, &drafts, o.now, reason)) < 0)
		printf("# %s\n", reason);
	ledger_drafts_fini(&drafts);
	buf_fini(&body);
	return result;
}

static char *
delta_of(struct arena *arena, uint64_t since, const char *base, const char *next)
{
	struct ways a, b;
	const char *error;
	struct buf out = {0};
	if (ways_read(&a, arena, base, strlen(base), &error) < 0 ||
	    ways_read(&b, arena, next, strlen(next), &error) < 0)
		abort();
	ways_delta_write(&a, &b, since, &out);
	char *text = arena_copy(arena, (const char *)out.data, out.length);
	buf_fini(&out);
	return text;
}

static const char *
faults(void)
{
	static struct buf out;
	char reason[LEDGER_JOURNAL_REASON];
	buf_clear(&out);
	if (ledger_journal_verify(path, (struct ledger_journal_asked){0}, NULL, &out, reason) < 0)
		buf_printf(&out, "%s", reason);
	buf_u8(&out, 0);
	return (const char *)out.data;
}

static void
open_file(void)
{
	char reason[LEDGER_JOURNAL_REASON];
	file = ledger_journal_open(path, reason);
	if (!file) {
		printf("Bail out! %s\n", reason);
		exit(1);
	}
}

static void
anew(void)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	char name[300];
	ledger_journal_close(file);
	for (size_t i = 0; i < 3; i++) {
		(void)snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		(void)unlink(name);
	}
	open_file();
}

/* 1 whole, 2 and 3 what has changed since, 4 whole, 5 since 1 again. */
static void
sound(struct arena *arena)
{
	const char *north = text_of(arena, 0, "N"), *south = text_of(arena, 3, "S");
	if (put(0, 0, north) < 0 || put(1, 1, delta_of(arena, 1, north, text_of(arena, 1, "S"))) ||
	    put(2, 1, delta_of(arena, 1, north, text_of(arena, 2, "N"))) || put(3, 0, south) < 0 ||
	    put(4, 1, delta_of(arena, 1, north, text_of(arena, 4, "S"))))
		abort();
}

/* Chains that hold, of documents that do not say what their entries do. */
static void
documents(struct arena *arena)
{
	const char *north = text_of(arena, 0, "N"), *later = text_of(arena, 9, "S");
	const struct {
		int hour;
		uint64_t since;
		const char *text, *found, *what;
	} cases[] = {
		{5, 0, "{\"ways_version\":1}",
		 "entry 6: its ways cannot be read: a time is missing",
		 "a document that is no ways"},
		{5, 0, "cut off", "entry 6: its ways cannot be read: these are no ways",
		 "half a document"},
		{5, 0, text_of(arena, 6, "S"), "entry 6: its document says another time",
		 "a document of another time"},
		{5, 0, text_of(arena, 5, "X"),
		 "entry 6: its ways cannot be read: a way names a segment",
		 "a way over what is not there"},
		{9, 1, delta_of(arena, 4, north, later),
		 "entry 6: its document says another time, or since",
		 "a difference to another entry"},
		{9, 1, later, "entry 6: its ways cannot be read",
		 "a whole that is called a difference"},
		{9, 0, delta_of(arena, 1, north, later), "entry 6: its ways cannot be read",
		 "a difference that is called whole"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		anew();
		sound(arena);
		int result = put(cases[i].hour, cases[i].since, cases[i].text);
		const char *found = faults();
		if (!ok(result == 0 && strstr(found, cases[i].found) && !strchr(found, '\n')[1],
			"%s is found, and its entry named", cases[i].what))
			printf("# %s\n", found);
	}
	anew();
	if (put(0, 0, "{}") < 0 || put(1, 1, delta_of(arena, 1, north, text_of(arena, 1, "S"))) < 0)
		abort();
	ok(strstr(faults(), "entry 2: entry 1, which it says the changes since, cannot be read"),
	   "what rests on a bad one is named too");
}

static void
times(struct arena *arena)
{
	anew();
	(void)put(0, 0, text_of(arena, 0, "N"));
	clock_s = T0 - HOUR;
	(void)put(1, 0, text_of(arena, 1, "N"));
	clock_s = T0;
	ok(!*faults(), "a clock that was put back makes no entry older than the one before");
}

static bool
run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* Each octet of each entry. */
static void
entry_octets(void)
{
	static const char *const columns[] = {"text", "hash", "body"};
	unsigned count = 0, missed = 0;
	sqlite3 *db;
	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    !run(db, "PRAGMA synchronous = OFF; DROP TRIGGER entry_changed"))
		abort();
	for (int n = 1; n <= 5; n++)
		for (size_t c = 0; c < 3; c++) {
			char read[100], write[100], named[32];
			uint8_t bytes[4096];
			sqlite3_stmt *row;
			(void)snprintf(read, sizeof(read), "SELECT %s FROM entry WHERE number = %d",
				       columns[c], n);
			(void)snprintf(write, sizeof(write),
				       "UPDATE entry SET %s = ?1 WHERE number = %d", columns[c], n);
			(void)snprintf(named, sizeof(named), "entry %d: ", n);
			if (sqlite3_prepare_v2(db, read, -1, &row, NULL) != SQLITE_OK ||
			    sqlite3_step(row) != SQLITE_ROW)
				abort();
			int length = sqlite3_column_bytes(row, 0);
			memcpy(bytes, sqlite3_column_blob(row, 0), (size_t)length);
			(void)sqlite3_finalize(row);
			if (sqlite3_prepare_v2(db, write, -1, &row, NULL) != SQLITE_OK)
				abort();
			/* Of long documents every third: each is one digest. */
			for (int i = 0; i < length; i += c == 2 ? 3 : 1) {
				for (int restore = 0; restore < 2; restore++) {
					bytes[i] ^= 0x04;
					(void)sqlite3_bind_blob(row, 1, bytes, length,
								SQLITE_STATIC);
					(void)sqlite3_step(row);
					(void)sqlite3_reset(row);
					missed += !restore && !strstr(faults(), named);
				}
				count++;
			}
			(void)sqlite3_finalize(row);
		}
	(void)sqlite3_close(db);
	ok(!missed && count > 1000,
	   "each octet of an entry, changed, is found, and the entry named (%u)", count);
}

/* What all entries come to; false when they cannot be read. */
static bool
contents(struct ledger_hash *out)
{
	sqlite3 *db;
	sqlite3_stmt *rows = NULL;
	struct buf all = {0};
	int code = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_prepare_v2(
			db, "SELECT number, hash, holder, text, body FROM entry ORDER BY number",
			-1, &rows, NULL);
	while (rows && (code = sqlite3_step(rows)) == SQLITE_ROW)
		for (int i = 0; i < 5; i++) {
			const void *bytes = sqlite3_column_blob(rows, i);
			int length = sqlite3_column_bytes(rows, i);
			buf_printf(&all, "%d %d ", sqlite3_column_type(rows, i), length);
			buf_put(&all, length ? bytes : "", (size_t)length);
		}
	(void)sqlite3_finalize(rows);
	(void)sqlite3_close(db);
	*out = ledger_hash_of(all.data, all.length);
	buf_fini(&all);
	return code == SQLITE_DONE;
}

/* Octets of the file, wherever they are. */
static void
file_octets(void)
{
	struct ledger_hash good, got;
	struct made_up m = {7};
	unsigned found = 0, missed = 0;
	ledger_journal_close(file);
	file = NULL;
	int fd = open(path, O_RDWR);
	off_t length = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	ok(length > 0 && contents(&good), "the file is read");
	for (int i = 0; i < OCTETS; i++) {
		off_t at = (off_t)made_up_below(&m, (uint32_t)length);
		uint8_t was = 0, is;
		(void)!pread(fd, &was, 1, at);
		is = (uint8_t)(was ^ (1 + made_up_below(&m, 255)));
		(void)!pwrite(fd, &is, 1, at);
		bool is_sound = !*faults(),
		     same = contents(&got) && !memcmp(&got, &good, sizeof(got));
		if (is_sound && !same)
			printf("# octet %lld\n", (long long)at);
		missed += is_sound && !same;
		found += !is_sound;
		(void)!pwrite(fd, &was, 1, at);
	}
	(void)close(fd);
	ok(!missed && found > 50, "of the file each is found, or bears nothing (%u of %d found)",
	   found, OCTETS);
	ok(!*faults(), "put back it is sound");
}

int
main(void)
{
	struct arena *arena = arena_new();
	folder = made_up_folder();
	(void)snprintf(path, sizeof(path), "%s/ways.sqlite", folder);
	open_file();
	sound(arena);
	ok(!*faults(), "what the corridor said is sound");
	file_octets();
	open_file();
	entry_octets();
	documents(arena);
	times(arena);
	ledger_journal_close(file);
	arena_free(arena);
	char command[300];
	(void)snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command) | done_testing();
}
