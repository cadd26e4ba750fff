/* The calendar in UTC. */
#include "base/clock.h"

#include "tap.h"

static void
parsing(void)
{
	static const struct {
		const char *name, *text;
		const char *expected; /* NULL: refused */
	} cases[] = {
		{"a second", "2026-11-21T12:34:56Z", "2026-11-21T12:34:56Z"},
		{"a day", "2026-11-21", "2026-11-21T00:00:00Z"},
		{"a month", "2026-11", "2026-11-01T00:00:00Z"},
		{"the epoch", "1970-01-01", "1970-01-01T00:00:00Z"},
		{"before the epoch", "1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"},
		{"29 February of a leap year", "2028-02-29", "2028-02-29T00:00:00Z"},
		{"29 February of a century that is one", "2000-02-29", "2000-02-29T00:00:00Z"},
		{"29 February of a century that is none", "2100-02-29", NULL},
		{"30 February", "2026-02-30", NULL},
		{"the thirteenth month", "2026-13", NULL},
		{"month zero", "2026-00", NULL},
		{"day zero", "2026-01-00", NULL},
		{"24 o'clock", "2026-01-01T24:00:00Z", NULL},
		{"a leap second", "2026-12-31T23:59:60Z", NULL},
		{"a space for a digit", "2026- 1-01", NULL},
		{"a sign for a digit", "+026-01", NULL},
		{"a zone that is not UTC", "2026-01-01T00:00:00+05", NULL},
		{"text behind it", "2026-01-01x", NULL},
		{"a year of five digits", "12026-01", NULL},
		{"nothing", "", NULL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct utc_s t;
		char text[CLOCK_TEXT];
		bool read = utc_parse(&t, cases[i].text) == 0;
		is_str(read ? utc_format(text, t) : NULL, cases[i].expected, cases[i].name);
	}
}

static void
calendar(void)
{
	is_int(utc_month_start(2026, 13).s, utc_month_start(2027, 1).s,
	       "month 13 is January of the next year");
	is_int(utc_month_start(2026, 0).s, utc_month_start(2025, 12).s,
	       "month 0 is December of the year before");
	is_int(utc_month_start(2026, 3).s - utc_month_start(2026, 2).s, 28 * 86400,
	       "February 2026 has 28 days");
	is_int(utc_month_start(2001, 9).s, 999302400, "a known second is the known date");
	/* Each day of 800 years comes back, one after the other. */
	int64_t day = utc_from_date((struct utc_date){.year = 1800, .month = 1, .day = 1}).s;
	bool follows = true;
	struct utc_date before = utc_to_date((struct utc_s){day - 1});
	for (int i = 0; i < 292194 && follows; i++, day += 86400) {
		struct utc_date d = utc_to_date((struct utc_s){day});
		follows = utc_from_date(d).s == day && d.hour == 0 && d.second == 0 &&
			  (d.day == before.day + 1 ||
			   (d.day == 1 && (d.month == before.month + 1 ||
					   (d.month == 1 && d.year == before.year + 1))));
		before = d;
	}
	ok(follows, "every day from 1800 to 2599 follows the one before");
	is_int(mono_add_ms((struct mono_us){5}, 3).us, 3005, "a millisecond is 1000 microseconds");
}

int
main(void)
{
	parsing();
	calendar();
	return done_testing();
}
