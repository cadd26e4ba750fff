/* Civil time, against the C library's reading of the same files, and where clocks do odd things. */
#include "base/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tap.h"

enum { DAY = 86400, BIN = 300 };

static struct arena *arena;

static uint8_t octets[ZONE_FILE_MAX];

/* The octets of a file of the system's database; 0 if it is not there. */
static size_t
read_octets(const char *name)
{
	char path[200];
	(void)snprintf(path, sizeof(path), ZONE_FOLDER "/%s", name);
	FILE *file = fopen(path, "rb");
	if (!file)
		return 0;
	size_t length = fread(octets, 1, sizeof(octets), file);
	(void)fclose(file);
	return length;
}

static const struct zone *
zone_of(const char *name)
{
	char why[ZONE_COMPLAINT] = "";
	const struct zone *zone = zone_read(arena, name, octets, read_octets(name), why);
	if (!zone) {
		printf("Bail out! %s: %s\n", name, why);
		exit(1);
	}
	return zone;
}

/* How often the civil time is another than the C library's, from 1970 to 2150. */
static unsigned
differences(const char *name, int64_t step_s)
{
	const struct zone *zone = zone_of(name);
	unsigned wrong = 0;
	setenv("TZ", name, 1);
	tzset();
	for (int64_t t = 0; t < utc_month_start(2150, 1).s; t += step_s) {
		time_t at = (time_t)t;
		struct tm tm;
		struct utc_date date = zone_date(zone, (struct utc_s){t});
		if (!localtime_r(&at, &tm) ||
		    tm.tm_gmtoff != zone_offset_s(zone, (struct utc_s){t}) ||
		    tm.tm_year + 1900 != date.year || tm.tm_mon + 1 != date.month ||
		    tm.tm_mday != date.day || tm.tm_hour != date.hour || tm.tm_min != date.minute ||
		    tm.tm_sec != date.second)
			if (!wrong++)
				printf("# %s at %lld\n", name, (long long)t);
	}
	return wrong;
}

static void
against_the_library(void)
{
	static const char *const names[] = {
		"Asia/Karachi",      "Asia/Almaty",          "Asia/Baku",
		"Asia/Tbilisi",      "Europe/Berlin",        "America/Sao_Paulo",
		"Pacific/Apia",      "Australia/Lord_Howe",  "America/St_Johns",
		"Africa/Casablanca", "Europe/Dublin",        "Asia/Kathmandu",
		"Asia/Tehran",       "America/Scoresbysund", "Pacific/Chatham",
		"Asia/Gaza",         "Antarctica/Troll",     "Asia/Shanghai",
		"Africa/Cairo",      "Asia/Urumqi"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		is_int(differences(names[i], 31 * 3600 + 1717), 0, names[i]);
}

/* All zones that the database tells apart since 1970, more coarsely. */
static void
all_zones(void)
{
	FILE *table = fopen(ZONE_FOLDER "/zone1970.tab", "r");
	char line[500], name[200];
	unsigned zones = 0, wrong = 0;
	while (table && fgets(line, sizeof(line), table))
		if (line[0] != '#' && sscanf(line, "%*s %*s %199s", name) == 1) {
			zones++;
			wrong += differences(name, 11 * DAY + 12345) > 0;
		}
	if (table)
		(void)fclose(table);
	ok(zones > 300 && !wrong, "%u zones from 1970 to 2150: as the C library has them", zones);
}

/* What a month of the place has. */
struct month {
	const char *zone;
	int year, month;
	int64_t bins;
	uint32_t days;
	const char *begins, *what;
};

static void
months(void)
{
	static const struct month cases[] = {
		{"Asia/Karachi", 2026, 11, 8640, 30, "2026-10-31T19:00:00Z", "five hours ahead"},
		{"Asia/Karachi", 2008, 5, 8928, 31, "2008-04-30T19:00:00Z",
		 "saving time begins as June does"},
		{"Asia/Karachi", 2008, 6, 8628, 30, "2008-05-31T19:00:00Z",
		 "and June lacks its first hour"},
		{"Asia/Almaty", 2024, 2, 8364, 29, "2024-01-31T18:00:00Z",
		 "February got an hour when Kazakhstan joined its zones"},
		{"Asia/Almaty", 2024, 3, 8928, 31, "2024-02-29T19:00:00Z", "March is whole"},
		{"Europe/Berlin", 2026, 3, 8916, 31, "2026-02-28T23:00:00Z", "an hour less"},
		{"Europe/Berlin", 2026, 10, 8940, 31, "2026-09-30T22:00:00Z", "an hour more"},
		{"Europe/Berlin", 2096, 10, 8940, 31, "2096-09-30T22:00:00Z",
		 "by the rule, beyond the table"},
		{"America/Sao_Paulo", 2017, 10, 8916, 31, "2017-10-01T03:00:00Z",
		 "clocks go forward over midnight"},
		{"America/Sao_Paulo", 2018, 2, 8076, 28, "2018-02-01T02:00:00Z",
		 "and back over it"},
		{"Australia/Lord_Howe", 2026, 4, 8646, 30, "2026-03-31T13:00:00Z", "half an hour"},
		{"Australia/Lord_Howe", 2026, 10, 8922, 31, "2026-09-30T13:30:00Z", "and back"},
		{"Pacific/Apia", 2011, 12, 8640, 30, "2011-12-01T10:00:00Z",
		 "Samoa left out the 30th of December"},
		{"America/St_Johns", 2010, 11, 8652, 30, "2010-11-01T02:30:00Z",
		 "a minute past midnight clocks went back to yesterday"},
		{"Asia/Kathmandu", 2026, 1, 8928, 31, "2025-12-31T18:15:00Z", "a quarter hour"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct month *c = &cases[i];
		const struct zone *zone = zone_of(c->zone);
		struct utc_s from = zone_month_start(zone, c->year, c->month);
		struct utc_s to = zone_month_start(zone, c->year, c->month + 1);
		char text[CLOCK_TEXT];
		if (!ok((to.s - from.s) % BIN == 0 && (to.s - from.s) / BIN == c->bins &&
				zone_days(zone, from, to) == c->days &&
				strcmp(utc_format(text, from), c->begins) == 0,
			"%s %d-%02d: %s", c->zone, c->year, c->month, c->what))
			printf("# %lld bins, %u days, from %s\n", (long long)(to.s - from.s) / BIN,
			       zone_days(zone, from, to), text);
	}
}

/* Months of a place follow each other without a gap, each second of a year in one of them; days
 * too. */
static void
tiling(void)
{
	static const char *const names[] = {
		"Asia/Karachi",        "Asia/Almaty",  "Europe/Berlin",    "America/Sao_Paulo",
		"Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns", "Pacific/Kwajalein"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct zone *zone = zone_of(names[i]);
		unsigned wrong = 0;
		for (int year = 1971; year < 2060; year++) {
			int64_t sum = 0;
			for (int month = 1; month <= 12; month++) {
				struct utc_s from = zone_month_start(zone, year, month);
				struct utc_s to = zone_month_start(zone, year, month + 1);
				int64_t days = 0;
				struct utc_s day = from;
				for (; day.s < to.s; day = zone_next_day(zone, day))
					days++;
				wrong += to.s <= from.s || day.s != to.s || days > 31 ||
					 days < 28 || zone_date(zone, from).month != month ||
					 zone_date(zone, (struct utc_s){from.s - 1}).month == month;
				sum += to.s - from.s;
			}
			wrong += zone_month_start(zone, year, 1).s + sum !=
				 zone_month_start(zone, year + 1, 1).s;
		}
		ok(!wrong,
		   "%s: the months of 1971 to 2059 are made of whole days and tile the years",
		   names[i]);
	}
}

static void
moments(void)
{
	const struct zone *berlin = zone_of("Europe/Berlin");
	char text[CLOCK_TEXT];
	struct utc_date gap = {2026, 3, 29, 2, 30, 0}, twice = {2026, 10, 25, 2, 30, 0};
	is_str(utc_format(text, zone_moment(berlin, gap)), "2026-03-29T01:00:00Z",
	       "a time that the clocks skip is the moment of the change");
	is_str(utc_format(text, zone_moment(berlin, twice)), "2026-10-25T00:30:00Z",
	       "of a time that comes twice the first");
	is_str(utc_format(text, zone_moment(NULL, twice)), "2026-10-25T02:30:00Z",
	       "no zone is UTC");
	is_str(zone_name(NULL), "UTC", "and is called so");
	is_str(zone_name(berlin), "Europe/Berlin", "a zone knows its name");
	is_int(zone_days(berlin, (struct utc_s){5}, (struct utc_s){5}), 0, "nothing has no days");
	is_int(zone_days(berlin, zone_moment(berlin, (struct utc_date){2026, 3, 28, 23, 59, 59}),
			 zone_moment(berlin, (struct utc_date){2026, 3, 30, 0, 0, 1})),
	       3, "two seconds at both sides of a day touch three");
}

static void
names(void)
{
	static const struct {
		const char *name;
		bool good;
	} cases[] = {
		{"Asia/Karachi", true},
		{"America/Argentina/Buenos_Aires", true},
		{"Etc/GMT+5", true},
		{"UTC", true},
		{"", false},
		{"/etc/passwd", false},
		{"../etc/passwd", false},
		{"Asia/../../etc/passwd", false},
		{"Asia//Karachi", false},
		{"Asia/", false},
		{"Asia/Kara chi", false},
		{"./UTC", false},
		{"a123456789b123456789c123456789d123456789e123456789f1234567890", false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(zone_name_is_good(cases[i].name) == cases[i].good, "\"%s\" is %s", cases[i].name,
		   cases[i].good ? "a name" : "none");
}

/* Takes the octets of a good file, breaks them, and says what is heard of it. */
static void
refused(size_t at, uint8_t octet, const char *complaint)
{
	char why[ZONE_COMPLAINT] = "nothing";
	size_t length = read_octets("Europe/Berlin");
	octets[at] = octet;
	const struct zone *zone = zone_read(arena, "broken", octets, length, why);
	ok(!zone, "octet %zu: %s", at, complaint);
	is_str(why, complaint, "and so it is said");
}

static void
broken_files(void)
{
	char why[ZONE_COMPLAINT];
	size_t length = read_octets("Europe/Berlin");
	unsigned read = 0;
	for (size_t i = 0; i < length; i++)
		read += zone_read(arena, "cut", octets, i, why) != NULL;
	is_int(read, 0, "a file that is cut anywhere is refused");
	ok(!zone_read(arena, "text", "Europe/Berlin", 13, why), "so is a text");
	is_str(why, "it is no TZif file", "and so it is said");
	refused(0, 'X', "it is no TZif file");
	/* The first block is for old readers: the header that counts stands behind it. */
	size_t second = 44;
	length = read_octets("Europe/Berlin");
	while (second + 4 < length && memcmp(octets + second, "TZif", 4) != 0)
		second++;
	refused(second, 'X', "it ends too early");
	refused(second + 31, 1, "it counts leap seconds");
	refused(second + 39, 0, "it has no kinds of time");
	refused(length - 1, 'x', "its rule has no end");
	refused(length - 2, '!', "its rule makes no sense");
}

int
main(void)
{
	arena = arena_new();
	against_the_library();
	all_zones();
	months();
	tiling();
	moments();
	names();
	broken_files();
	arena_free(arena);
	return done_testing();
}
