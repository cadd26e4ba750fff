/* Availability as it was lived, second by second of what was said. */
#include "ledger/ledger_lived.h"

#include <string.h>

#include "tap.h"

enum { HOUR = 3600 };

static struct arena *arena;

/* Two places with a port each of one member, a third that nothing is said of, and one exit. `west`, `east`: whether
 * their ways are open, closed or not told. */
enum told { OPEN, CLOSED, SILENT };

static const struct ways *
said(enum told west, enum told east)
{
	static const char *const ways[][3] = {
		{"{\"site\":\"EAST\",\"asn\":0,\"to\":\"up\",\"segments\":[]}",
		 "{\"site\":\"EAST\",\"asn\":0,\"to\":\"up\",\"segments\":null}", ""},
		{"{\"site\":\"WEST\",\"asn\":0,\"to\":\"up\",\"segments\":[]}",
		 "{\"site\":\"WEST\",\"asn\":0,\"to\":\"up\",\"segments\":null}", ""}};
	const char *a = ways[0][east], *b = ways[1][west], *error;
	struct ways *out = arena_take(arena, sizeof(*out));
	char *json = arena_printf(
		arena,
		"{\"ways_version\":1,\"from\":\"2026-01-01\",\"until\":\"2027-01-01\",\"why\":\"\","
		"\"segments\":[],\"ports\":["
		"{\"id\":\"e\",\"asn\":64501,\"site\":\"EAST\",\"country\":\"PK\"},"
		"{\"id\":\"n\",\"asn\":64501,\"site\":\"\",\"country\":\"\"},"
		"{\"id\":\"u\",\"asn\":64502,\"site\":\"FRA\",\"country\":\"DE\"},"
		"{\"id\":\"w\",\"asn\":64501,\"site\":\"WEST\",\"country\":\"PK\"}],"
		"\"exits\":[{\"session\":\"up\",\"port\":\"u\",\"ipv4\":true,\"ipv6\":true}],"
		"\"ways\":[%s%s%s],\"promises\":[]}",
		a, *a && *b ? "," : "", b);
	if (!out || ways_read(out, arena, json, strlen(json), &error) < 0) {
		printf("Bail out! %s\n", error);
		return NULL;
	}
	return out;
}

static struct ledger_lived
lived(const char *const *ports, size_t count, const struct ledger_way_state *states, size_t all)
{
	struct ledger_lived out;
	struct ledger_way_of of = {ports, count, {64501}};
	ledger_lived_of(&out, (struct utc_s){0}, (struct utc_s){(int64_t)10 * HOUR}, states, all,
			&of);
	return out;
}

static const char *const both[] = {"e", "w"};
static const char *const with_nowhere[] = {"e", "w", "n"};

static void
pieces(void)
{
	/* -1..2 up, 2..3 west closed, 3..4 both, 4..5 both, 5..6 nothing, 6..7 both, 7..8 silent, 9..12 up */
	const struct ledger_way_state states[] = {
		{{-HOUR}, {2 * HOUR}, said(OPEN, OPEN), 11, {{0}}},
		{{2 * HOUR}, {3 * HOUR}, said(CLOSED, OPEN), 12, {{0}}},
		{{3 * HOUR}, {4 * HOUR}, said(CLOSED, CLOSED), 13, {{0}}},
		{{4 * HOUR}, {5 * HOUR}, said(CLOSED, CLOSED), 14, {{0}}},
		{{6 * HOUR}, {7 * HOUR}, said(CLOSED, CLOSED), 16, {{0}}},
		{{7 * HOUR}, {8 * HOUR}, said(SILENT, CLOSED), 15, {{0}}},
		{{9 * HOUR}, {12 * HOUR}, said(OPEN, CLOSED), 17, {{0}}},
	};
	const size_t all = sizeof(states) / sizeof(*states);
	struct ledger_lived l = lived(both, 2, states, all);
	is_int(l.down_s, 3 * HOUR, "down is when each port has ways, and all are closed");
	is_int(l.times, 2, "what goes on is one outage, what was not said in between ends it");
	is_int(l.unknown_s, 3 * HOUR, "what was not said, or not of one port, is not known");
	ok(l.first_entry == 11 && l.last_entry == 17, "by all entries that hold in it");
	const char *words = ledger_lived_words(arena, &l);
	ok(words && strcmp(words,
			   "ways of the ports: all closed for 10800 of 36000 seconds from "
			   "1970-01-01T00:00:00Z to 1970-01-01T10:00:00Z, 2 times, not "
			   "known for 10800, by entries 11 to 17 of the journal of ways") == 0,
	   "in words");
	l = lived(with_nowhere, 3, states, all);
	ok(!l.down_s && l.unknown_s == 6 * HOUR, "a port of which nothing is known may be up");
	l = lived(both, 0, states, all);
	ok(!l.down_s && l.unknown_s == 10 * HOUR, "without ports nothing is known");
	l = lived(both, 2, NULL, 0);
	ok(!l.down_s && l.unknown_s == 10 * HOUR && !l.last_entry &&
		   strstr(ledger_lived_words(arena, &l), "said nothing"),
	   "nor where nothing was said");
}

/* 99.9 % of ten hours are 36 seconds of outage. */
static void
promises(void)
{
	struct ledger_lived l = {.to = {(int64_t)10 * HOUR}, .down_s = 36};
	ok(!ledger_lived_breaks(&l, 999000), "what is as good as promised is kept");
	l.down_s++;
	ok(ledger_lived_breaks(&l, 999000), "a second more is not");
	l = (struct ledger_lived){.to = {(int64_t)30 * 24 * HOUR}, .down_s = 25};
	ok(!ledger_lived_breaks(&l, 999990) && ledger_lived_breaks(&l, 999991),
	   "99.999 %% of a month are 25.92 seconds");
	l.down_s = 26;
	ok(ledger_lived_breaks(&l, 999990) && !ledger_lived_breaks(&l, 999950),
	   "26 are too many, but not for 99.995 %%");
	l.unknown_s = l.to.s - l.down_s;
	l.down_s = 0;
	ok(!ledger_lived_breaks(&l, 999999), "what is not known is no outage");
}

int
main(void)
{
	arena = arena_new();
	if (!arena)
		return 1;
	pieces();
	promises();
	arena_free(arena);
	return done_testing();
}
